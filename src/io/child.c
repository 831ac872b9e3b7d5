/* Child processes: nothing but two pipes is theirs, and they end when they are told to. */
#include "config.h"

#include "edgewalk/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { OUT_MAX = 1024 * 1024, ERR_MAX = 8 * 1024 };

/* One size from the start: what is read may be secret, and growing would leave copies. */
struct stream {
    struct ew_child *child;
    struct ew_watch *watch;
    int fd; /* -1: closed */
    char *data;
    size_t len, max;
    bool cut;
};

struct ew_child {
    struct ew_signal *chld;
    struct ew_timer *deadline, *soon; /* soon: it could not be started */
    pid_t pid;                        /* 0: none (any more) */
    int spawn_errno, status;
    bool timed_out;
    struct stream out, err;
    ew_child_fn *fn;
    void *ctx;
};

/* ---- pipes ---- */

static void stream_close(struct stream *stream)
{
    ew_watch_stop(stream->watch);
    stream->watch = NULL;
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
}

static void stream_release(struct stream *stream)
{
    stream_close(stream);
    ew_wipe(stream->data, stream->len);
    free(stream->data);
}

/* What is there now; the end of it closes the stream. */
static void stream_read(struct stream *stream)
{
    char rest[512];
    while (stream->fd >= 0) {
        bool full = stream->len == stream->max;
        ssize_t n = full ? read(stream->fd, rest, sizeof(rest))
                         : read(stream->fd, stream->data + stream->len, stream->max - stream->len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0)
            stream_close(stream);
        else if (full)
            stream->cut = true;
        else
            stream->len += (size_t)n;
    }
}

static void on_readable(void *ctx, int what)
{
    (void)what;
    stream_read(ctx);
}

/* Returns the end that is the child's, -1 when there are no descriptors. */
static int stream_open(struct ew_loop *loop, struct ew_child *child, struct stream *stream,
                       size_t max)
{
    int fds[2];
    stream->child = child;
    stream->fd = -1;
    stream->max = max;
    stream->data = ew_alloc(max + 1);
    if (pipe2(fds, O_CLOEXEC) < 0)
        return -1;
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    stream->fd = fds[0];
    stream->watch = ew_watch_start(loop, fds[0], EW_READ, EW_PRIO_SOCKETS, on_readable, stream);
    return fds[1];
}

/* ---- the end ---- */

static void child_free(struct ew_child *child)
{
    ew_signal_stop(child->chld);
    ew_timer_stop(child->deadline);
    ew_timer_stop(child->soon);
    if (child->pid > 0) {
        kill(-child->pid, SIGKILL);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    stream_release(&child->out);
    stream_release(&child->err);
    free(child);
}

static void deliver(struct ew_child *child)
{
    struct ew_child_result result = {
        .spawn_errno = child->spawn_errno,
        .timed_out = child->timed_out,
        .exit_status =
            WIFSIGNALED(child->status) ? 128 + WTERMSIG(child->status) : WEXITSTATUS(child->status),
        .out = child->out.data,
        .out_len = child->out.len,
        .err = child->err.data,
        .err_len = child->err.len,
        .cut = child->out.cut,
    };
    ew_child_fn *fn = child->fn;
    void *ctx = child->ctx;
    child->fn = NULL; /* what fn cancels is not this one any more */
    fn(ctx, &result);
    child_free(child);
}

static void on_chld(void *ctx, int signo)
{
    (void)signo;
    struct ew_child *child = ctx;
    if (waitpid(child->pid, &child->status, WNOHANG) != child->pid)
        return;
    /* Whom it left behind in its group would hold the pipes open. */
    kill(-child->pid, SIGKILL);
    child->pid = 0;
    stream_read(&child->out);
    stream_read(&child->err);
    deliver(child);
}

static void on_deadline(void *ctx)
{
    struct ew_child *child = ctx;
    child->deadline = NULL;
    child->timed_out = true;
    stream_read(&child->err);
    deliver(child);
}

static void on_soon(void *ctx)
{
    struct ew_child *child = ctx;
    child->soon = NULL;
    deliver(child);
}

/* ---- the beginning ---- */

static char **merged_environment(const char *const *more)
{
    size_t count = 0, added = 0;
    while (environ[count])
        count++;
    while (more && more[added])
        added++;
    char **env = ew_alloc((count + added + 1) * sizeof(*env));
    size_t at = 0;
    for (size_t i = 0; i < added; i++)
        env[at++] = (char *)(uintptr_t)more[i];
    for (size_t i = 0; i < count; i++) {
        size_t name = strcspn(environ[i], "=") + 1;
        bool replaced = false;
        for (size_t k = 0; k < added && !replaced; k++)
            replaced = strncmp(environ[i], more[k], name) == 0;
        if (!replaced)
            env[at++] = environ[i];
    }
    return env;
}

static int spawn(struct ew_child *child, const struct ew_child_spec *spec, int out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t all, none;
    char **env = merged_environment(spec->env);
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    /* libcurl opens descriptors without CLOEXEC. */
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#endif
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                        POSIX_SPAWN_SETPGROUP);
    int code = posix_spawnp(&child->pid, spec->argv[0], &actions, &attr,
                            (char *const *)(uintptr_t)spec->argv, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    free(env);
    return code;
}

struct ew_child *ew_child_start(struct ew_loop *loop, const struct ew_child_spec *spec,
                                ew_child_fn *fn, void *ctx)
{
    struct ew_child *child = ew_alloc(sizeof(*child));
    child->fn = fn;
    child->ctx = ctx;
    child->chld = ew_signal_start(loop, SIGCHLD, on_chld, child);
    int out = stream_open(loop, child, &child->out, OUT_MAX);
    int err = stream_open(loop, child, &child->err, ERR_MAX);
    child->spawn_errno = out < 0 || err < 0 ? EMFILE : spawn(child, spec, out, err);
    if (out >= 0)
        close(out);
    if (err >= 0)
        close(err);
    if (child->spawn_errno) {
        child->pid = 0;
        child->soon = ew_timer_start(loop, 0, false, EW_PRIO_SOCKETS, on_soon, child);
    } else if (spec->timeout_ms > 0) {
        child->deadline =
            ew_timer_start(loop, spec->timeout_ms, false, EW_PRIO_SOCKETS, on_deadline, child);
    }
    return child;
}

void ew_child_cancel(struct ew_child *child)
{
    if (child && child->fn)
        child_free(child);
}
