/* A host by the system's own resolver, in a child process: getaddrinfo cannot be cancelled, a child
 * can be killed. The child writes one address a line and ends. */
#include "loop.h"

#include "edgewalk/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { ADDRESSES_MAX = 64, OUTPUT_MAX = 8192, FDS_MAX = 1024 };

struct ew_lookup {
    struct io_node node;
    struct event *ready, *deadline;
    int fd; /* -1: nobody is asked, the answer is in output already */
    pid_t pid;
    struct ew_buf output;
    ew_lookup_fn *fn;
    void *ctx;
};

/* ---- the child ---- */

/* The parent's sockets must not stay open because this process lives. */
static void close_others(int keep)
{
    for (int fd = 3; fd < FDS_MAX; fd++)
        if (fd != keep)
            close(fd);
}

/* The loop's handlers would write into a descriptor that is the parent's. */
static void plain_signals(void)
{
    sigset_t none;
    for (int signo = 1; signo < NSIG; signo++)
        signal(signo, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void print_addresses(int fd, const char *host)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *list = NULL;
    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return;
    for (struct addrinfo *a = list; a; a = a->ai_next) {
        char line[NI_MAXHOST + 1];
        if (getnameinfo(a->ai_addr, a->ai_addrlen, line, NI_MAXHOST, NULL, 0, NI_NUMERICHOST) != 0)
            continue;
        strcat(line, "\n");
        if (write(fd, line, strlen(line)) < 0)
            return;
    }
}

static _Noreturn void child_main(int fd, const char *host)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    plain_signals();
    close_others(fd);
    print_addresses(fd, host);
    _exit(0);
}

static pid_t spawn(const char *host, int *fd)
{
    int pipe_fds[2];
    sigset_t all, old;
    if (pipe2(pipe_fds, O_CLOEXEC) < 0)
        return -1;
    /* A signal between fork and plain_signals would be taken for the parent's. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    pid_t pid = fork();
    if (pid == 0)
        child_main(pipe_fds[1], host);
    sigprocmask(SIG_SETMASK, &old, NULL);
    close(pipe_fds[1]);
    if (pid < 0) {
        close(pipe_fds[0]);
        return -1;
    }
    fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK);
    *fd = pipe_fds[0];
    return pid;
}

/* ---- the parent ---- */

static void lookup_free(struct ew_lookup *lookup)
{
    io_node_unlink(&lookup->node);
    if (lookup->ready)
        event_free(lookup->ready);
    event_free(lookup->deadline);
    if (lookup->fd >= 0)
        close(lookup->fd);
    if (lookup->pid > 0) {
        kill(lookup->pid, SIGKILL);
        while (waitpid(lookup->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    ew_buf_release(&lookup->output);
    free(lookup);
}

/* getaddrinfo names an address once for each protocol on some systems. */
static bool listed(char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i], text))
            return true;
    return false;
}

static void deliver(struct ew_lookup *lookup)
{
    char *addresses[ADDRESSES_MAX + 1] = {NULL}, *rest = NULL;
    char *output = ew_buf_take(&lookup->output);
    size_t count = 0;
    for (char *line = strtok_r(output, "\n", &rest); line && count < ADDRESSES_MAX;
         line = strtok_r(NULL, "\n", &rest))
        if (!listed(addresses, count, line))
            addresses[count++] = line;
    ew_lookup_fn *fn = lookup->fn;
    void *ctx = lookup->ctx;
    lookup_free(lookup);
    fn(ctx, addresses);
    free(output);
}

static void lookup_due(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct ew_lookup *lookup = arg;
    if (lookup->fd >= 0) /* a part of an answer is none */
        ew_buf_clear(&lookup->output);
    deliver(lookup);
}

static void lookup_ready(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct ew_lookup *lookup = arg;
    char buf[1024];
    ssize_t n = read(fd, buf, sizeof(buf));
    if (n > 0)
        ew_buf_add(&lookup->output, buf, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        deliver(lookup);
}

struct ew_lookup *ew_lookup_start(struct ew_loop *loop, const char *host, int timeout_ms,
                                  ew_lookup_fn *fn, void *ctx)
{
    struct ew_lookup *lookup = ew_alloc(sizeof(*lookup));
    lookup->fn = fn;
    lookup->ctx = ctx;
    lookup->fd = -1;
    ew_buf_init(&lookup->output, OUTPUT_MAX);
    io_node_link(&loop->lookups, &lookup->node);
    lookup->deadline = io_event(loop, -1, 0, lookup_due, lookup);
    if (ew_ip_family(host))
        ew_buf_adds(&lookup->output, host);
    else
        lookup->pid = spawn(host, &lookup->fd);
    if (lookup->fd >= 0) {
        lookup->ready = io_event(loop, lookup->fd, EV_READ | EV_PERSIST, lookup_ready, lookup);
        event_add(lookup->ready, NULL);
    }
    io_event_after(lookup->deadline, lookup->fd >= 0 ? timeout_ms : 0);
    return lookup;
}

void ew_lookup_cancel(struct ew_lookup *lookup)
{
    if (lookup)
        lookup_free(lookup);
}

void io_lookups_free(struct ew_loop *loop)
{
    while (!io_node_alone(&loop->lookups))
        lookup_free((struct ew_lookup *)loop->lookups.next);
}
