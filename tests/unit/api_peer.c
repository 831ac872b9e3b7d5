#include "config.h"

#include "api_peer.h"

#include "edgewalk/base/buf.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

struct api_peer {
    api_fn *fn;
    void *ctx;
    struct event_base *base;
    struct evhttp *http;
    SSL_CTX *ssl;
    int port, stop[2];
    pthread_t thread;
    pthread_mutex_t lock;
    struct ew_buf heard;
    int count;
    struct ew_map *paths; /* times asked, by path */
};

/* A gzip file of stored blocks (RFC 1951 §3.2.4, RFC 1952). */
static void add_gzip(struct evbuffer *out, const char *text)
{
    static const unsigned char head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    size_t len = strlen(text);
    unsigned crc = ~0u;
    for (size_t i = 0; i < len; i++) {
        crc ^= (unsigned char)text[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    crc = ~crc;
    evbuffer_add(out, head, sizeof(head));
    for (size_t at = 0; at == 0 || at < len;) {
        size_t step = len - at > 60000 ? 60000 : len - at;
        unsigned char block[5] = {at + step == len, step & 255, step >> 8 & 255, ~step & 255,
                                  ~(step >> 8) & 255};
        evbuffer_add(out, block, sizeof(block));
        evbuffer_add(out, text + at, step);
        at += step ? step : 1;
    }
    for (int i = 0; i < 4; i++)
        evbuffer_add(out, &(unsigned char){crc >> (8 * i) & 255}, 1);
    for (int i = 0; i < 4; i++)
        evbuffer_add(out, &(unsigned char){len >> (8 * i) & 255}, 1);
}

static int note(struct api_peer *peer, struct evhttp_request *request)
{
    struct evkeyval *header;
    const char *uri = evhttp_request_get_uri(request);
    pthread_mutex_lock(&peer->lock);
    char *path = ew_strndup(uri, strcspn(uri, "?"));
    uintptr_t nth = (uintptr_t)ew_map_get(peer->paths, path) + 1;
    ew_map_set(peer->paths, path, (void *)nth);
    free(path);
    ew_buf_addf(&peer->heard, "GET %s\n", uri);
    TAILQ_FOREACH(header, evhttp_request_get_input_headers(request), next)
    ew_buf_addf(&peer->heard, "%s: %s\n", header->key, header->value);
    ew_buf_adds(&peer->heard, "\n");
    peer->count++;
    pthread_mutex_unlock(&peer->lock);
    return (int)nth;
}

static void answer(struct evhttp_request *request, void *ctx)
{
    struct api_peer *peer = ctx;
    int nth = note(peer, request);
    struct api_reply reply = peer->fn(peer->ctx, evhttp_request_get_uri(request), nth);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    struct evbuffer *body = evbuffer_new();
    if (!reply.status)
        goto out;
    evhttp_add_header(headers, "Content-Type", reply.type ? reply.type : "application/json");
    if (reply.header)
        evhttp_add_header(headers, reply.header, reply.value);
    if (reply.gzip) {
        evhttp_add_header(headers, "Content-Encoding", "gzip");
        add_gzip(body, reply.body);
    } else if (reply.body) {
        evbuffer_add(body, reply.body, strlen(reply.body));
    }
    evhttp_send_reply(request, reply.status, "Reason", body);
out:
    evbuffer_free(body);
}

static struct bufferevent *secure(struct event_base *base, void *ctx)
{
    struct api_peer *peer = ctx;
    return bufferevent_openssl_socket_new(base, -1, SSL_new(peer->ssl), BUFFEREVENT_SSL_ACCEPTING,
                                          BEV_OPT_CLOSE_ON_FREE);
}

static void told_to_stop(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd;
    (void)what;
    event_base_loopbreak(((struct api_peer *)ctx)->base);
}

static void *run(void *ctx)
{
    struct api_peer *peer = ctx;
    event_base_dispatch(peer->base);
    return NULL;
}

static void listen_on_loopback(struct api_peer *peer)
{
    struct sockaddr_in at;
    socklen_t len = sizeof(at);
    struct evhttp_bound_socket *bound = evhttp_bind_socket_with_handle(peer->http, "127.0.0.1", 0);
    if (!bound || getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&at, &len))
        abort();
    peer->port = ntohs(at.sin_port);
}

struct api_peer *api_peer_start(const struct pki *pki, api_fn *fn, void *ctx)
{
    struct api_peer *peer = ew_alloc(sizeof(*peer));
    peer->fn = fn;
    peer->ctx = ctx;
    peer->paths = ew_map_new();
    ew_buf_init(&peer->heard, 0);
    pthread_mutex_init(&peer->lock, NULL);
    peer->base = event_base_new();
    peer->http = evhttp_new(peer->base);
    evhttp_set_gencb(peer->http, answer, peer);
    if (pki) {
        peer->ssl = SSL_CTX_new(TLS_server_method());
        SSL_CTX_use_certificate(peer->ssl, pki->x509);
        SSL_CTX_use_PrivateKey(peer->ssl, pki->key);
        evhttp_set_bevcb(peer->http, secure, peer);
    }
    listen_on_loopback(peer);
    if (pipe(peer->stop) != 0)
        abort();
    event_base_once(peer->base, peer->stop[0], EV_READ, told_to_stop, peer, NULL);
    if (pthread_create(&peer->thread, NULL, run, peer) != 0)
        abort();
    return peer;
}

void api_peer_stop(struct api_peer *peer)
{
    if (write(peer->stop[1], "x", 1) != 1)
        abort();
    pthread_join(peer->thread, NULL);
    evhttp_free(peer->http);
    event_base_free(peer->base);
    SSL_CTX_free(peer->ssl);
    close(peer->stop[0]);
    close(peer->stop[1]);
    pthread_mutex_destroy(&peer->lock);
    ew_map_free(peer->paths);
    ew_buf_release(&peer->heard);
    free(peer);
}

int api_peer_port(const struct api_peer *peer)
{
    return peer->port;
}

char *api_peer_heard(struct api_peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    char *text = ew_strdup(ew_buf_text(&peer->heard));
    pthread_mutex_unlock(&peer->lock);
    return text;
}

int api_peer_count(struct api_peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    int count = peer->count;
    pthread_mutex_unlock(&peer->lock);
    return count;
}
