#include "config.h"

#include "connect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct connect {
    struct ew_watch *watch;
    struct ew_timer *timer;
    int fd, failed; /* failed: before it was begun */
    connect_fn *fn;
    void *ctx;
};

static void attempt_free(struct connect *attempt)
{
    ew_watch_stop(attempt->watch);
    ew_timer_stop(attempt->timer);
    if (attempt->fd >= 0)
        close(attempt->fd);
    free(attempt);
}

static void tell(struct connect *attempt, int os_errno)
{
    connect_fn *fn = attempt->fn;
    void *ctx = attempt->ctx;
    int fd = os_errno ? -1 : attempt->fd;
    if (!os_errno)
        attempt->fd = -1;
    attempt_free(attempt);
    fn(ctx, fd, os_errno);
}

static void ready(void *ctx, int what)
{
    (void)what;
    struct connect *attempt = ctx;
    int os_errno = 0;
    socklen_t len = sizeof(os_errno);
    if (getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &os_errno, &len) < 0)
        os_errno = errno;
    tell(attempt, os_errno);
}

static void due(void *ctx)
{
    struct connect *attempt = ctx;
    attempt->timer = NULL;
    tell(attempt, attempt->failed ? attempt->failed : ETIMEDOUT);
}

/* A socket whose connection is under way; -1 with errno. */
static int open_socket(const char *address, int port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    bool v4 = inet_pton(AF_INET, address, &in.sin_addr) == 1;
    if (!v4 && inet_pton(AF_INET6, address, &in6.sin6_addr) != 1) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    const struct sockaddr *to = v4 ? (struct sockaddr *)&in : (struct sockaddr *)&in6;
    if (connect(fd, to, v4 ? sizeof(in) : sizeof(in6)) == 0 || errno == EINPROGRESS)
        return fd;
    int os_errno = errno;
    close(fd);
    errno = os_errno;
    return -1;
}

struct connect *connect_start(struct ew_loop *loop, const char *address, int port, int timeout_ms,
                              connect_fn *fn, void *ctx)
{
    struct connect *attempt = ew_alloc(sizeof(*attempt));
    attempt->fn = fn;
    attempt->ctx = ctx;
    attempt->fd = open_socket(address, port);
    attempt->failed = attempt->fd < 0 ? errno : 0;
    if (attempt->fd >= 0)
        attempt->watch =
            ew_watch_start(loop, attempt->fd, EW_WRITE, EW_PRIO_SOCKETS, ready, attempt);
    attempt->timer = ew_timer_start(loop, attempt->failed ? 0 : timeout_ms, false, EW_PRIO_SOCKETS,
                                    due, attempt);
    return attempt;
}

void connect_cancel(struct connect *attempt)
{
    if (attempt)
        attempt_free(attempt);
}
