/* c-ares on the loop. Late answers, retries and "slow" are not left to it, whose versions differ in
 * them: a channel asks once. */
#include "dns.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EDNS_SIZE = 1232,
    SERVERS_MAX = 3,
    SLACK_MS = 300, /* c-ares gives up after us, and may round its own limit up to 250 ms */
};

struct dns_socket {
    struct io_node node;
    struct dns_channel *channel;
    int fd;
    struct event *event;
};

/* ---- c-ares on the loop ---- */

void dns_channel_rearm(struct dns_channel *channel)
{
    struct timeval tv, *next = ares_timeout(channel->ares, NULL, &tv);
    if (next)
        event_add(channel->timer, next);
    else
        event_del(channel->timer);
}

static void process(struct dns_channel *channel, ares_socket_t readable, ares_socket_t writable)
{
    ares_process_fd(channel->ares, readable, writable);
    dns_ask_waiting(channel);
}

static void timer_due(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    process(arg, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

static void socket_ready(evutil_socket_t fd, short what, void *arg)
{
    struct dns_socket *sock = arg; /* may be gone once c-ares was called */
    process(sock->channel, what & EV_READ ? fd : ARES_SOCKET_BAD,
            what & EV_WRITE ? fd : ARES_SOCKET_BAD);
}

static struct dns_socket *socket_of(struct dns_channel *channel, int fd)
{
    for (struct io_node *n = channel->sockets.next; n != &channel->sockets; n = n->next)
        if (((struct dns_socket *)n)->fd == fd)
            return (struct dns_socket *)n;
    return NULL;
}

static void socket_free(struct dns_socket *sock)
{
    io_node_unlink(&sock->node);
    event_free(sock->event);
    free(sock);
}

static void on_socket_state(void *arg, ares_socket_t fd, int readable, int writable)
{
    struct dns_channel *channel = arg;
    struct dns_socket *sock = socket_of(channel, fd);
    if (sock)
        socket_free(sock);
    if (!readable && !writable)
        return;
    sock = ew_alloc(sizeof(*sock));
    sock->channel = channel;
    sock->fd = fd;
    io_node_link(&channel->sockets, &sock->node);
    short flags = (short)(EV_PERSIST | (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
    sock->event = io_event(channel->service->loop, fd, flags, socket_ready, sock);
    event_add(sock->event, NULL);
}

/* ---- channels ---- */

static int parse_resolver(const char *resolver, struct sockaddr_storage *out)
{
    int len = sizeof(*out);
    return evutil_parse_sockaddr_port(resolver, (struct sockaddr *)out, &len) < 0 ? 0 : len;
}

static ares_channel ares_new(struct dns_channel *channel)
{
    ares_channel ares = NULL;
    char lookups[] = "b";
    struct sockaddr_storage ignored;
    if (!parse_resolver(channel->resolver, &ignored)) /* c-ares 1.18 takes port 99999 */
        return NULL;
    struct ares_options options = {
        /* Without NOCHECKRESP, 1.18 hides SERVFAIL and REFUSED; EDE comes only with EDNS. */
        .flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_EDNS | ARES_FLAG_IGNTC |
                 (channel->tcp ? ARES_FLAG_USEVC : 0),
        .ednspsz = EDNS_SIZE,
        .tries = 1,
        .timeout = channel->timeout_ms + SLACK_MS,
        .lookups = lookups,
        .sock_state_cb = on_socket_state,
        .sock_state_cb_data = channel,
    };
    int mask = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TRIES | ARES_OPT_TIMEOUTMS |
               ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_QUERY_CACHE
    options.qcache_max_ttl = 0;
    mask |= ARES_OPT_QUERY_CACHE;
#endif
    if (ares_init_options(&ares, &options, mask) != ARES_SUCCESS)
        return NULL;
    if (ares_set_servers_ports_csv(ares, channel->resolver) != ARES_SUCCESS) {
        ares_destroy(ares);
        return NULL;
    }
    return ares;
}

struct dns_channel *dns_channel_new(struct io_dns *service, const char *resolver, int timeout_ms,
                                    bool tcp)
{
    struct dns_channel *channel = ew_alloc(sizeof(*channel));
    channel->service = service;
    channel->resolver = ew_strdup(resolver);
    channel->timeout_ms = timeout_ms;
    channel->tcp = tcp;
    io_node_init(&channel->sockets);
    io_node_init(&channel->waiting);
    io_node_init(&channel->asked);
    channel->timer = io_event(service->loop, -1, 0, timer_due, channel);
    channel->ares = ares_new(channel);
    ew_ptrs_add(&service->channels, channel);
    return channel;
}

void dns_channel_free(struct dns_channel *channel)
{
    if (channel->ares)
        ares_destroy(channel->ares);
    while (!io_node_alone(&channel->sockets))
        socket_free((struct dns_socket *)channel->sockets.next);
    event_free(channel->timer);
    free(channel->resolver);
    free(channel);
}

/* Connecting a UDP socket sends
 * nothing, and asks the routing table. */
const char *dns_channel_refusal(const struct dns_channel *channel)
{
    struct sockaddr_storage to = {0};
    int len = parse_resolver(channel->resolver, &to);
    int fd = len ? socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
    if (fd < 0)
        return "unreachable";
    int failed = connect(fd, (struct sockaddr *)&to, (socklen_t)len);
    close(fd);
    return failed ? "unreachable" : "port-closed";
}

/* ---- the system's ---- */

static char *server_text(const struct ares_addr_port_node *server)
{
    char address[INET6_ADDRSTRLEN] = "";
    int port = server->udp_port ? server->udp_port : 53;
    inet_ntop(server->family, &server->addr, address, sizeof(address));
    return ew_fmt(server->family == AF_INET6 ? "[%s]:%d" : "%s:%d", address, port);
}

char **ew_dns_system(size_t *count)
{
    char **list = ew_alloc((SERVERS_MAX + 1) * sizeof(*list));
    struct ares_addr_port_node *servers = NULL;
    ares_channel ares = NULL;
    *count = 0;
    if (ares_init(&ares) != ARES_SUCCESS)
        return list;
    if (ares_get_servers_ports(ares, &servers) == ARES_SUCCESS)
        for (struct ares_addr_port_node *s = servers; s && *count < SERVERS_MAX; s = s->next)
            list[(*count)++] = server_text(s);
    if (servers)
        ares_free_data(servers);
    ares_destroy(ares);
    return list;
}
