/* Questions to resolvers. */
#include "dns.h"

#include <stdlib.h>
#include <string.h>

enum {
    IN_FLIGHT_MAX = 64, /* beyond it answers drown in the socket's buffer (measured) */
    CLASS_IN = 1,
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

static struct dns_channel *channel_for(struct io_dns *service, const char *resolver, int timeout_ms,
                                       bool tcp)
{
    for (size_t i = 0; i < service->channels.count; i++) {
        struct dns_channel *channel = service->channels.at[i];
        if (!strcmp(channel->resolver, resolver) && channel->timeout_ms == timeout_ms &&
            channel->tcp == tcp)
            return channel;
    }
    return dns_channel_new(service, resolver, timeout_ms, tcp);
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

static const char *failure_of(const struct ew_dns *query, int status)
{
    switch (status) {
    case ARES_ETIMEOUT:
        return "timeout";
    case ARES_ECONNREFUSED:
        return dns_channel_refusal(query->channel);
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

void dns_ask_waiting(struct dns_channel *channel)
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
    dns_channel_rearm(channel);
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
        dns_ask_waiting(channel);
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
    while (!io_node_alone(&channel->waiting))
        query_free((struct ew_dns *)channel->waiting.next);
    dns_channel_free(channel);
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
