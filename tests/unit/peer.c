#include "config.h"

#include "peer.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer {
    int tcp, udp, stop[2], port;
    atomic_int served;
    peer_fn *serve;
    peer_udp_fn *serve_udp;
    void *ctx;
    pthread_t thread;
};

static int bound(int type, int port, int *actual)
{
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons((unsigned short)port)};
    socklen_t len = sizeof(in);
    if (fd < 0 || bind(fd, (struct sockaddr *)&in, len) < 0 ||
        getsockname(fd, (struct sockaddr *)&in, &len) < 0)
        abort();
    *actual = ntohs(in.sin_port);
    return fd;
}

/* -1: no IPv6 here. */
static int bound_v6(int *actual)
{
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in6 in = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    socklen_t len = sizeof(in);
    if (fd < 0 || bind(fd, (struct sockaddr *)&in, len) < 0 ||
        getsockname(fd, (struct sockaddr *)&in, &len) < 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *actual = ntohs(in.sin6_port);
    return fd;
}

static void accept_one(struct peer *peer)
{
    int fd = accept4(peer->tcp, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    atomic_fetch_add(&peer->served, 1);
    /* A test that ends must not wait for what serve waits for. */
    struct timeval limit = {.tv_sec = 20};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    peer->serve(fd, peer->ctx);
    close(fd);
}

static void answer_one(struct peer *peer)
{
    unsigned char in[4096], out[4096];
    struct sockaddr_storage from;
    socklen_t from_len = sizeof(from);
    ssize_t n = recvfrom(peer->udp, in, sizeof(in), 0, (struct sockaddr *)&from, &from_len);
    if (n < 0)
        return;
    atomic_fetch_add(&peer->served, 1);
    size_t len = peer->serve_udp(in, (size_t)n, out, sizeof(out), peer->ctx);
    if (len)
        sendto(peer->udp, out, len, 0, (struct sockaddr *)&from, from_len);
}

static void *peer_main(void *arg)
{
    struct peer *peer = arg;
    for (;;) {
        struct pollfd fds[] = {{.fd = peer->stop[0], .events = POLLIN},
                               {.fd = peer->tcp, .events = POLLIN},
                               {.fd = peer->udp, .events = POLLIN}};
        poll(fds, 3, -1);
        if (fds[0].revents)
            return NULL;
        if (fds[1].revents)
            accept_one(peer);
        if (fds[2].revents)
            answer_one(peer);
    }
}

static struct peer *peer_new(peer_fn *serve, peer_udp_fn *serve_udp, void *ctx)
{
    struct peer *peer = calloc(1, sizeof(*peer));
    if (!peer || pipe2(peer->stop, O_CLOEXEC) < 0)
        abort();
    peer->serve = serve;
    peer->serve_udp = serve_udp;
    peer->ctx = ctx;
    peer->tcp = peer->udp = -1;
    return peer;
}

static struct peer *start(peer_fn *serve, peer_udp_fn *serve_udp, void *ctx)
{
    struct peer *peer = peer_new(serve, serve_udp, ctx);
    if (serve) {
        peer->tcp = bound(SOCK_STREAM, 0, &peer->port);
        listen(peer->tcp, 64);
    }
    if (serve_udp)
        peer->udp = bound(SOCK_DGRAM, peer->port, &peer->port);
    pthread_create(&peer->thread, NULL, peer_main, peer);
    return peer;
}

struct peer *peer_start(peer_fn *serve, void *ctx)
{
    return start(serve, NULL, ctx);
}

struct peer *peer_v6_start(peer_fn *serve, void *ctx)
{
    int port, fd = bound_v6(&port);
    if (fd < 0)
        return NULL;
    struct peer *peer = peer_new(serve, NULL, ctx);
    peer->tcp = fd;
    peer->port = port;
    listen(fd, 64);
    pthread_create(&peer->thread, NULL, peer_main, peer);
    return peer;
}

struct peer *peer_udp_start(peer_udp_fn *serve, void *ctx)
{
    return start(NULL, serve, ctx);
}

struct peer *peer_both_start(peer_udp_fn *serve, peer_fn *serve_tcp, void *ctx)
{
    return start(serve_tcp, serve, ctx);
}

int peer_port(const struct peer *peer)
{
    return peer->port;
}

int peer_served(const struct peer *peer)
{
    return peer->served;
}

void peer_stop(struct peer *peer)
{
    close(peer->stop[1]);
    pthread_join(peer->thread, NULL);
    close(peer->stop[0]);
    if (peer->tcp >= 0)
        close(peer->tcp);
    if (peer->udp >= 0)
        close(peer->udp);
    free(peer);
}

int peer_closed_port(void)
{
    int port, fd = bound(SOCK_STREAM, 0, &port);
    close(fd);
    return port;
}

int peer_black_hole(int keep[3])
{
    int port;
    keep[0] = bound(SOCK_STREAM, 0, &port);
    listen(keep[0], 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons((unsigned short)port)};
    for (int i = 1; i < 3; i++) {
        keep[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(keep[i], (struct sockaddr *)&to, sizeof(to));
    }
    return port;
}

size_t peer_read_head(int fd, char *buf, size_t max)
{
    size_t len = 0;
    buf[0] = '\0';
    while (len + 1 < max && !strstr(buf, "\r\n\r\n")) {
        ssize_t n = read(fd, buf + len, max - 1 - len);
        if (n <= 0)
            break;
        len += (size_t)n;
        buf[len] = '\0';
    }
    return len;
}

void peer_write(int fd, const char *text)
{
    size_t len = strlen(text);
    while (len) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

void peer_reset(int fd)
{
    struct linger linger = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

void peer_wait_closed(int fd)
{
    char buf[4096];
    while (read(fd, buf, sizeof(buf)) > 0)
        continue;
}

int peer_open_fds(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count;
}
