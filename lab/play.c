#include "play.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REAP_MS 2

extern char **environ;

struct stream {
    int fd; /* -1: closed */
    struct event *event;
    struct ew_buf *into;
    struct lab_play *play;
};

struct play_room {
    struct event_base *base;
    lab_play_fn *done;
    void *ctx;
    pid_t pid; /* 0: ended */
    struct stream streams[2];
    struct event *reaper, *killer;
    struct timespec started;
};

static double since(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - from->tv_sec) * 1e3 + (double)(now.tv_nsec - from->tv_nsec) / 1e6;
}

static void reap_in(struct play_room *room, int ms)
{
    struct timeval tv = {0, ms * 1000};
    event_add(room->reaper, &tv);
}

/* Both streams are at their end; the program is gone, or will be in a moment. */
static void on_reap(evutil_socket_t fd, short what, void *ctx)
{
    struct lab_play *play = ctx;
    struct play_room *room = play->room;
    int status = 0;
    (void)fd;
    (void)what;
    if (waitpid(room->pid, &status, WNOHANG) == 0) {
        reap_in(room, REAP_MS);
        return;
    }
    room->pid = 0;
    event_del(room->killer);
    play->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    play->elapsed_ms = since(&room->started);
    room->done(room->ctx, play);
}

static void on_output(evutil_socket_t fd, short what, void *ctx)
{
    struct stream *stream = ctx;
    struct play_room *room = stream->play->room;
    char piece[65536];
    ssize_t got = read(fd, piece, sizeof piece);
    (void)what;
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0) {
        ew_buf_add(stream->into, piece, (size_t)got);
        return;
    }
    event_free(stream->event);
    stream->event = NULL;
    close(stream->fd);
    stream->fd = -1;
    if (room->streams[0].fd < 0 && room->streams[1].fd < 0)
        reap_in(room, 0);
}

static void on_timeout(evutil_socket_t fd, short what, void *ctx)
{
    struct lab_play *play = ctx;
    (void)fd;
    (void)what;
    play->timed_out = true;
    kill(play->room->pid, SIGKILL);
}

/* What of our environment would bear on the walk is left out. */
static bool kept(const char *entry)
{
    static const char *const dropped[] = {
        "HOME=",      "KUBECONFIG=", "KUBERNETES_SERVICE_", "http_proxy=", "https_proxy=",
        "all_proxy=", "HTTP_PROXY=", "HTTPS_PROXY=",        "ALL_PROXY=",  "XDG_CONFIG_HOME="};
    for (size_t i = 0; i < EW_COUNT(dropped); i++)
        if (strncmp(entry, dropped[i], strlen(dropped[i])) == 0)
            return false;
    return true;
}

static char **environment(const char *home)
{
    struct ew_ptrs out = {0};
    for (char **entry = environ; *entry; entry++)
        if (kept(*entry))
            ew_ptrs_add(&out, ew_strdup(*entry));
    ew_ptrs_add(&out, ew_fmt("HOME=%s", home));
    ew_ptrs_add(&out, NULL);
    return (char **)out.at;
}

static void free_texts(char **texts)
{
    for (char **text = texts; *text; text++)
        free(*text);
    free(texts);
}

/* Starts it with out and err as its outputs; those of ours that are negative stay as they are. */
static int spawn(char *const *argv, const char *home, int out, int err_fd, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    char **env = environment(home);
    posix_spawn_file_actions_init(&actions);
    if (out >= 0) {
        posix_spawn_file_actions_adddup2(&actions, out, 1);
        posix_spawn_file_actions_adddup2(&actions, err_fd, 2);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    }
    posix_spawnattr_init(&attributes);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int rc = posix_spawnp(pid, argv[0], &actions, &attributes, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free_texts(env);
    return rc;
}

static void stream_open(struct lab_play *play, int index, int fd, struct ew_buf *into)
{
    struct stream *stream = &play->room->streams[index];
    evutil_make_socket_nonblocking(fd);
    *stream = (struct stream){.fd = fd, .into = into, .play = play};
    stream->event = event_new(play->room->base, fd, EV_READ | EV_PERSIST, on_output, stream);
    event_add(stream->event, NULL);
}

static struct lab_play *play_new(struct event_base *base, lab_play_fn *done, void *ctx)
{
    struct lab_play *play = ew_alloc(sizeof *play);
    struct play_room *room = play->room = ew_alloc(sizeof *room);
    room->base = base;
    room->done = done;
    room->ctx = ctx;
    room->streams[0].fd = room->streams[1].fd = -1;
    room->reaper = evtimer_new(base, on_reap, play);
    room->killer = evtimer_new(base, on_timeout, play);
    ew_buf_init(&play->out, LAB_OUTPUT_MAX);
    ew_buf_init(&play->err, LAB_OUTPUT_MAX);
    clock_gettime(CLOCK_MONOTONIC, &room->started);
    return play;
}

static void close_both(int pair[2])
{
    if (pair[0] >= 0)
        close(pair[0]);
    if (pair[1] >= 0)
        close(pair[1]);
}

int lab_play_start(struct event_base *base, char *const *argv, const char *home, bool show,
                   int timeout_ms, lab_play_fn *done, void *ctx, struct lab_play **out,
                   struct ew_err *err)
{
    int outs[2] = {-1, -1}, errs[2] = {-1, -1};
    struct lab_play *play = play_new(base, done, ctx);
    struct timeval tv = {timeout_ms / 1000, (timeout_ms % 1000) * 1000};
    int rc = show || (pipe2(outs, O_CLOEXEC) == 0 && pipe2(errs, O_CLOEXEC) == 0) ? 0 : errno;
    if (!rc)
        rc = spawn(argv, home, outs[1], errs[1], &play->room->pid);
    if (rc) {
        close_both(outs);
        close_both(errs);
        play->room->pid = 0;
        lab_play_free(play);
        return ew_fail(err, EW_EFAILED, "cannot run %s: %s", argv[0], strerror(rc));
    }
    event_add(play->room->killer, &tv);
    if (show) {
        reap_in(play->room, REAP_MS);
    } else {
        close(outs[1]);
        close(errs[1]);
        stream_open(play, 0, outs[0], &play->out);
        stream_open(play, 1, errs[0], &play->err);
    }
    *out = play;
    return 0;
}

void lab_play_free(struct lab_play *play)
{
    if (!play)
        return;
    struct play_room *room = play->room;
    if (room->pid) {
        kill(room->pid, SIGKILL);
        waitpid(room->pid, NULL, 0);
    }
    for (size_t i = 0; i < EW_COUNT(room->streams); i++) {
        if (room->streams[i].event)
            event_free(room->streams[i].event);
        if (room->streams[i].fd >= 0)
            close(room->streams[i].fd);
    }
    event_free(room->reaper);
    event_free(room->killer);
    ew_buf_release(&play->out);
    ew_buf_release(&play->err);
    free(room);
    free(play);
}
