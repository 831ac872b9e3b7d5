#include "dns.h"

#include "sockets.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct lab_dns {
    struct event_base *base;
    const struct ew_json *spec;
    int udp;
    struct event *readable;
    struct evconnlistener *listener;
    struct late *late;
    struct stream *streams;
};

/* A UDP answer that waits for its time. */
struct late {
    struct late *next, **link;
    struct lab_dns *dns;
    struct event *timer;
    struct sockaddr_storage to;
    socklen_t to_len;
    size_t len;
    unsigned char bytes[];
};

struct stream {
    struct stream *next, **link;
    struct lab_dns *dns;
    struct bufferevent *bev;
};

static void late_free(struct late *late)
{
    *late->link = late->next;
    if (late->next)
        late->next->link = late->link;
    event_free(late->timer);
    free(late);
}

static void on_late(evutil_socket_t fd, short what, void *ctx)
{
    struct late *late = ctx;
    (void)fd;
    (void)what;
    sendto(late->dns->udp, late->bytes, late->len, 0, (struct sockaddr *)&late->to, late->to_len);
    late_free(late);
}

static void send_late(struct lab_dns *dns, const struct lab_dns_answer *answer,
                      const struct sockaddr_storage *to, socklen_t to_len)
{
    struct timeval tv = {answer->delay_ms / 1000, (answer->delay_ms % 1000) * 1000};
    struct late *late = ew_alloc(sizeof *late + answer->len);
    late->dns = dns;
    late->to = *to;
    late->to_len = to_len;
    late->len = answer->len;
    memcpy(late->bytes, answer->bytes, answer->len);
    late->next = dns->late;
    late->link = &dns->late;
    if (late->next)
        late->next->link = &late->next;
    dns->late = late;
    late->timer = evtimer_new(dns->base, on_late, late);
    event_add(late->timer, &tv);
}

static void on_datagram(evutil_socket_t fd, short what, void *ctx)
{
    struct lab_dns *dns = ctx;
    struct lab_dns_answer *answer = ew_alloc(sizeof *answer);
    struct sockaddr_storage from;
    socklen_t from_len = sizeof from;
    unsigned char query[4096];
    ssize_t len;
    (void)what;
    while ((len = recvfrom(fd, query, sizeof query, 0, (struct sockaddr *)&from, &from_len)) >= 0) {
        lab_dns_answer(dns->spec, query, (size_t)len, true, answer);
        if (answer->len && answer->delay_ms)
            send_late(dns, answer, &from, from_len);
        else if (answer->len)
            sendto(fd, answer->bytes, answer->len, 0, (struct sockaddr *)&from, from_len);
        from_len = sizeof from;
    }
    free(answer);
}

static void stream_free(struct stream *stream)
{
    *stream->link = stream->next;
    if (stream->next)
        stream->next->link = stream->link;
    bufferevent_free(stream->bev);
    free(stream);
}

static void on_stream(struct bufferevent *bev, void *ctx)
{
    struct stream *stream = ctx;
    struct evbuffer *in = bufferevent_get_input(bev);
    struct lab_dns_answer *answer = ew_alloc(sizeof *answer);
    unsigned char size[2];
    while (evbuffer_copyout(in, size, 2) == 2) {
        size_t len = (size_t)size[0] << 8 | size[1];
        if (evbuffer_get_length(in) < len + 2)
            break;
        evbuffer_drain(in, 2);
        lab_dns_answer(stream->dns->spec, evbuffer_pullup(in, (ev_ssize_t)len), len, false, answer);
        evbuffer_drain(in, len);
        size[0] = (unsigned char)(answer->len >> 8);
        size[1] = (unsigned char)answer->len;
        if (answer->len) {
            bufferevent_write(bev, size, 2);
            bufferevent_write(bev, answer->bytes, answer->len);
        }
    }
    free(answer);
}

static void on_stream_end(struct bufferevent *bev, short what, void *ctx)
{
    (void)bev;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        stream_free(ctx);
}

static void on_connection(struct evconnlistener *listener, evutil_socket_t fd,
                          struct sockaddr *from, int from_len, void *ctx)
{
    struct lab_dns *dns = ctx;
    struct stream *stream = ew_alloc(sizeof *stream);
    (void)listener;
    (void)from;
    (void)from_len;
    stream->dns = dns;
    stream->bev = bufferevent_socket_new(dns->base, fd, BEV_OPT_CLOSE_ON_FREE);
    stream->next = dns->streams;
    stream->link = &dns->streams;
    if (stream->next)
        stream->next->link = &stream->next;
    dns->streams = stream;
    bufferevent_setcb(stream->bev, on_stream, NULL, on_stream_end, stream);
    bufferevent_enable(stream->bev, EV_READ | EV_WRITE);
}

int lab_dns_new(struct event_base *base, const struct ew_json *spec, const char *address, int port,
                struct lab_dns **out, struct ew_err *err)
{
    struct lab_dns *dns = ew_alloc(sizeof *dns);
    dns->base = base;
    dns->spec = spec;
    dns->udp = lab_socket(address, port, SOCK_DGRAM, err);
    int tcp = dns->udp < 0 ? -1 : lab_socket(address, port, SOCK_STREAM, err);
    if (tcp < 0) {
        lab_dns_free(dns);
        return EW_EFAILED;
    }
    dns->readable = event_new(base, dns->udp, EV_READ | EV_PERSIST, on_datagram, dns);
    event_add(dns->readable, NULL);
    dns->listener = evconnlistener_new(base, on_connection, dns,
                                       LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 16, tcp);
    *out = dns;
    return 0;
}

void lab_dns_free(struct lab_dns *dns)
{
    if (!dns)
        return;
    while (dns->late)
        late_free(dns->late);
    while (dns->streams)
        stream_free(dns->streams);
    if (dns->listener)
        evconnlistener_free(dns->listener);
    if (dns->readable)
        event_free(dns->readable);
    if (dns->udp >= 0)
        close(dns->udp);
    free(dns);
}
