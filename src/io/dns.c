/* Questions to resolvers by c-ares, one channel a resolver and deadline. Late answers, retries and
 * "slow" are not left to c-ares, whose versions differ in them: a channel asks once. */
#include "loop.h"

#define CARES_NO_DEPRECATED 1
#include <ares.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    IN_FLIGHT_MAX = 64, /* beyond it answers drown in the socket's buffer (measured) */
    EDNS_SIZE = 1232,
    CLASS_IN = 1,
    SERVERS_MAX = 3,
    SLACK_MS = 300, /* c-ares gives up after us, and may round its own limit up to 250 ms */
};

struct dns_channel {
    struct io_dns *service;
    char *resolver;
    int timeout_ms;
    bool tcp;
    ares_channel ares; /* NULL: the resolver's address is none */
    struct event *timer;
    struct io_node sockets, waiting, asked;
    size_t in_flight, forgotten; /* forgotten: of those in flight, nobody waits for them */
};

struct dns_socket {
    struct io_node node;
    struct dns_channel *channel;
    int fd;
    struct event *event;
};

struct ew_dns {
    struct io_node node;
    struct dns_channel *channel;
    char *name;
    int type;
    double began_ms;
    bool asked;               /* c-ares holds it */
    bool forgotten;           /* and nobody waits for it */
    unsigned char *truncated; /* what came over UDP, should TCP fail */
    int truncated_len;
    struct event *deadline;
    ew_dns_fn *fn; /* NULL: cancelled or answered already, c-ares still holds it */
    void *ctx;
};

struct io_dns {
    struct ew_loop *loop;
    struct ew_ptrs channels;
    struct event *kick;
};

static void ask_waiting(struct dns_channel *channel);

/* ---- c-ares on the loop ---- */

static void rearm(struct dns_channel *channel)
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
    ask_waiting(channel);
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

static struct dns_channel *channel_new(struct io_dns *service, const char *resolver, int timeout_ms,
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

static struct dns_channel *channel_for(struct io_dns *service, const char *resolver, int timeout_ms,
                                       bool tcp)
{
    for (size_t i = 0; i < service->channels.count; i++) {
        struct dns_channel *channel = service->channels.at[i];
        if (!strcmp(channel->resolver, resolver) && channel->timeout_ms == timeout_ms &&
            channel->tcp == tcp)
            return channel;
    }
    return channel_new(service, resolver, timeout_ms, tcp);
}

/* ---- questions ---- */

/* What c-ares holds cannot be taken from it one by one, and not from inside one of its callbacks,
 * which this may well be. Once nobody waits for any of it, the kick has all of it dropped, and with
 * it the sockets. */
static bool is_forgotten(const struct dns_channel *channel)
{
    return channel->in_flight && channel->forgotten == channel->in_flight;
}

static void query_forget(struct ew_dns *query)
{
    struct dns_channel *channel = query->channel;
    query->forgotten = true;
    channel->forgotten++;
    if (is_forgotten(channel))
        io_event_after(channel->service->kick, 0);
}

/* c-ares has given it back. */
static void query_returned(struct ew_dns *query)
{
    struct dns_channel *channel = query->channel;
    query->asked = false;
    channel->in_flight--;
    channel->forgotten -= query->forgotten;
    if (is_forgotten(channel))
        io_event_after(channel->service->kick, 0);
}

static void query_free(struct ew_dns *query)
{
    io_node_unlink(&query->node);
    event_free(query->deadline);
    free(query->truncated);
    free(query->name);
    free(query);
}

static void deliver(struct ew_dns *query, const char *failure, const unsigned char *packet, int len)
{
    ew_dns_fn *fn = query->fn;
    if (!fn)
        return;
    query->fn = NULL;
    event_del(query->deadline);
    if (failure && query->truncated) { /* better than nothing, and says so itself */
        failure = NULL;
        packet = query->truncated;
        len = query->truncated_len;
    }
    struct ew_dns_result result = {.failure = failure,
                                   .packet = failure ? NULL : packet,
                                   .packet_len = failure ? 0 : (size_t)len,
                                   .elapsed_ms = ew_monotonic_ms() - query->began_ms};
    fn(query->ctx, &result);
}

/* c-ares has one status for a closed port and for no way there. Connecting a UDP socket sends
 * nothing, and asks the routing table. */
static const char *connection_failure(const char *resolver)
{
    struct sockaddr_storage to = {0};
    int len = parse_resolver(resolver, &to);
    int fd = len ? socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
    if (fd < 0)
        return "unreachable";
    int failed = connect(fd, (struct sockaddr *)&to, (socklen_t)len);
    close(fd);
    return failed ? "unreachable" : "port-closed";
}

static const char *failure_of(const struct ew_dns *query, int status)
{
    switch (status) {
    case ARES_ETIMEOUT:
        return "timeout";
    case ARES_ECONNREFUSED:
        return connection_failure(query->channel->resolver);
    case ARES_EBADRESP:
    case ARES_EFORMERR:
        return "malformed";
    case ARES_EBADNAME:
        return "bad-name";
    default:
        return "unreachable";
    }
}

static bool is_truncated(const unsigned char *packet, int len)
{
    return len > 2 && packet[2] & 0x02;
}

/* Asks once more, over TCP, within the same deadline. Not left to c-ares, which would then say of a
 * resolver without TCP that nobody listens there. */
static void ask_over_tcp(struct ew_dns *query, const unsigned char *packet, int len)
{
    struct dns_channel *udp = query->channel;
    query->truncated = ew_alloc((size_t)len);
    query->truncated_len = len;
    memcpy(query->truncated, packet, (size_t)len);
    query->channel = channel_for(udp->service, udp->resolver, udp->timeout_ms, true);
    io_node_unlink(&query->node);
    io_node_link(&query->channel->waiting, &query->node);
    io_event_after(udp->service->kick, 0);
}

static void on_answer(void *arg, int status, int timeouts, unsigned char *packet, int len)
{
    (void)timeouts;
    struct ew_dns *query = arg;
    struct dns_channel *channel = query->channel;
    bool whole = packet && len > 0;
    query_returned(query);
    if (query->fn && whole && !channel->tcp && is_truncated(packet, len)) {
        ask_over_tcp(query, packet, len);
        return;
    }
    deliver(query, whole ? NULL : failure_of(query, status), packet, len);
    query_free(query);
}

/* The deadline counts from the start and is ours: c-ares' differs between its versions. */
static void query_due(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct ew_dns *query = arg;
    const char *failure = query->channel->ares ? "timeout" : "unreachable";
    if (query->asked)
        query_forget(query);
    bool asked = query->asked;
    deliver(query, failure, NULL, 0);
    if (!asked)
        query_free(query);
}

static void ask_waiting(struct dns_channel *channel)
{
    while (!io_node_alone(&channel->waiting) && channel->in_flight < IN_FLIGHT_MAX) {
        struct ew_dns *query = (struct ew_dns *)channel->waiting.next;
        io_node_unlink(&query->node);
        io_node_link(&channel->asked, &query->node);
        channel->in_flight++;
        query->asked = true;
        if (!channel->tcp) {
            query->began_ms = ew_monotonic_ms();
            io_event_after(query->deadline, channel->timeout_ms);
        }
        ares_query(channel->ares, query->name, CLASS_IN, query->type, on_answer, query);
    }
    rearm(channel);
}

/* From the loop, so that no answer, however quick, comes from inside ew_dns_start. */
static void kicked(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct io_dns *service = arg;
    for (size_t i = 0; i < service->channels.count; i++) {
        struct dns_channel *channel = service->channels.at[i];
        if (!channel->ares)
            continue;
        if (is_forgotten(channel))
            ares_cancel(channel->ares);
        ask_waiting(channel);
    }
}

static struct io_dns *service_of(struct ew_loop *loop)
{
    if (loop->dns)
        return loop->dns;
    ares_library_init(ARES_LIB_INIT_ALL);
    struct io_dns *service = ew_alloc(sizeof(*service));
    service->loop = loop;
    service->kick = io_event(loop, -1, 0, kicked, service);
    loop->dns = service;
    return service;
}

struct ew_dns *ew_dns_start(struct ew_loop *loop, const char *resolver, const char *name, int type,
                            int timeout_ms, ew_dns_fn *fn, void *ctx)
{
    struct io_dns *service = service_of(loop);
    struct ew_dns *query = ew_alloc(sizeof(*query));
    query->channel = channel_for(service, resolver, timeout_ms, false);
    query->name = ew_strdup(name);
    query->type = type;
    query->fn = fn;
    query->ctx = ctx;
    query->deadline = io_event(loop, -1, 0, query_due, query);
    io_node_link(&query->channel->waiting, &query->node);
    if (query->channel->ares)
        io_event_after(service->kick, 0);
    else
        io_event_after(query->deadline, 0);
    return query;
}

void ew_dns_cancel(struct ew_dns *query)
{
    if (!query || !query->fn)
        return;
    query->fn = NULL;
    event_del(query->deadline);
    if (query->asked)
        query_forget(query);
    else
        query_free(query);
}

static void channel_free(struct dns_channel *channel)
{
    for (struct io_node *n = channel->asked.next; n != &channel->asked; n = n->next)
        ((struct ew_dns *)n)->fn = NULL;
    if (channel->ares)
        ares_destroy(channel->ares); /* gives back every question asked */
    while (!io_node_alone(&channel->waiting))
        query_free((struct ew_dns *)channel->waiting.next);
    while (!io_node_alone(&channel->sockets))
        socket_free((struct dns_socket *)channel->sockets.next);
    event_free(channel->timer);
    free(channel->resolver);
    free(channel);
}

void io_dns_free(struct io_dns *service)
{
    if (!service)
        return;
    for (size_t i = 0; i < service->channels.count; i++)
        channel_free(service->channels.at[i]);
    ew_ptrs_release(&service->channels);
    event_free(service->kick);
    free(service);
    ares_library_cleanup();
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
