#include "http.h"

#include "edgewalk/base/text.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX 65536
#define BODY_MAX (1 << 20)
#define LINGER_MS 500

struct lab_http {
    struct event_base *base;
    lab_http_fn *fn;
    void *ctx;
    struct lab_conn *conns;
};

/* While `waiting`, an answer is on its way and what the client sends stays in the buffer. */
struct lab_conn {
    struct lab_http *http;
    struct lab_conn *next, **link;
    struct bufferevent *bev;
    struct event *timer;
    struct event *drain; /* while an alert that was sent is given time to be read */
    struct lab_reply reply;
    size_t sent; /* of the body */
    bool waiting, head_only, started, closing;
    int port;
};

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {409, "Conflict"},
    {410, "Gone"},
    {413, "Payload Too Large"},
    {421, "Misdirected Request"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

const char *lab_reason(int status)
{
    for (size_t i = 0; i < EW_COUNT(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

void lab_reply_header(struct lab_reply *reply, const char *name, const char *value)
{
    ew_buf_addf(&reply->headers, "%s: %s\r\n", name, value);
    if (ew_text_ieq(name, "content-length") || ew_text_ieq(name, "transfer-encoding"))
        reply->own_length = true;
}

void lab_socket_reset(evutil_socket_t fd)
{
    struct linger hard = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

static void reply_release(struct lab_reply *reply)
{
    ew_buf_release(&reply->headers);
    ew_buf_release(&reply->body);
}

static void conn_free(struct lab_conn *conn)
{
    *conn->link = conn->next;
    if (conn->next)
        conn->next->link = conn->link;
    if (conn->timer)
        event_free(conn->timer);
    if (conn->drain)
        event_free(conn->drain);
    bufferevent_free(conn->bev);
    reply_release(&conn->reply);
    free(conn);
}

/* An end that TLS can tell from an attack: close_notify goes first. */
static void conn_close(struct lab_conn *conn)
{
    SSL *ssl = bufferevent_openssl_get_ssl(conn->bev);
    if (ssl && SSL_is_init_finished(ssl)) {
        SSL_set_shutdown(ssl, SSL_RECEIVED_SHUTDOWN);
        SSL_shutdown(ssl);
    }
    conn_free(conn);
}

static void conn_reset(struct lab_conn *conn)
{
    lab_socket_reset(bufferevent_getfd(conn->bev));
    conn_free(conn);
}

static void conn_next(struct lab_conn *conn);

static void write_head(struct lab_conn *conn)
{
    struct lab_reply *reply = &conn->reply;
    struct evbuffer *out = bufferevent_get_output(conn->bev);
    evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\n", reply->status, lab_reason(reply->status));
    evbuffer_add(out, ew_buf_text(&reply->headers), reply->headers.len);
    if (!reply->own_length && reply->status != 204 && reply->status >= 200)
        evbuffer_add_printf(out, "content-length: %zu\r\n", reply->body.len);
    if (reply->end == LAB_CLOSE)
        evbuffer_add_printf(out, "connection: close\r\n");
    evbuffer_add(out, "\r\n", 2);
    conn->started = true;
}

static size_t body_goal(const struct lab_conn *conn)
{
    if (conn->head_only)
        return 0;
    return conn->reply.end == LAB_CUT ? conn->reply.body.len / 2 : conn->reply.body.len;
}

static void timer_in(struct lab_conn *conn, int ms)
{
    struct timeval tv = {ms / 1000, (ms % 1000) * 1000};
    event_add(conn->timer, &tv);
}

/* Writes what is due; the write callback goes on when all of it has left. */
static void write_some(struct lab_conn *conn)
{
    size_t goal = body_goal(conn), piece = goal - conn->sent;
    if (!conn->started)
        write_head(conn);
    if (conn->reply.trickle_ms && piece > goal / 8 + 1)
        piece = goal / 8 + 1;
    bufferevent_write(conn->bev, ew_buf_text(&conn->reply.body) + conn->sent, piece);
    conn->sent += piece;
    if (conn->sent < goal)
        timer_in(conn, conn->reply.trickle_ms);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd;
    (void)what;
    write_some(ctx);
}

static void on_written(struct bufferevent *bev, void *ctx)
{
    struct lab_conn *conn = ctx;
    (void)bev;
    if (!conn->waiting || !conn->started || conn->sent < body_goal(conn))
        return;
    if (conn->reply.end == LAB_CUT) {
        conn_free(conn);
    } else if (conn->reply.end == LAB_CLOSE || conn->closing) {
        conn_close(conn);
    } else {
        conn->waiting = false;
        conn_next(conn);
    }
}

/* Starts the answer that the handler asked for. */
static void answer(struct lab_conn *conn)
{
    struct lab_reply *reply = &conn->reply;
    conn->waiting = true;
    conn->started = false;
    conn->sent = 0;
    if (reply->end == LAB_RESET)
        conn_reset(conn);
    else if (reply->end == LAB_EMPTY)
        conn_close(conn);
    else if (reply->end == LAB_SILENT)
        return;
    else if (reply->delay_ms)
        timer_in(conn, reply->delay_ms);
    else
        write_some(conn);
}

/* The request line in place: method, target and version apart. */
static bool parse_line(char *line, struct lab_request *request, bool *http10)
{
    char *save = NULL;
    request->method = strtok_r(line, " ", &save);
    request->target = strtok_r(NULL, " ", &save);
    const char *version = strtok_r(NULL, " ", &save);
    *http10 = version && strcmp(version, "HTTP/1.0") == 0;
    return request->method && request->target && version && ew_text_prefix(version, "HTTP/1.");
}

static void parse_header(char *line, struct ew_map *headers)
{
    char *colon = strchr(line, ':');
    if (!colon)
        return;
    *colon = '\0';
    ew_text_lower(line);
    char *value = colon + 1;
    value += strspn(value, " \t");
    ew_map_set(headers, line, value);
}

static char *host_of(const struct ew_map *headers)
{
    char *host = ew_strdup(ew_map_get(headers, "host"));
    if (!host)
        return ew_strdup("");
    ew_text_lower(host);
    char *colon = strrchr(host, ':');
    if (colon && !strchr(colon, ']'))
        *colon = '\0';
    return host;
}

static char *peer_name_of(SSL *ssl)
{
    X509 *peer = ssl ? SSL_get0_peer_certificate(ssl) : NULL;
    char name[256];
    if (!peer || X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, name,
                                           sizeof name) < 0)
        return NULL;
    return ew_strdup(name);
}

static void call_handler(struct lab_conn *conn, struct lab_request *request)
{
    SSL *ssl = bufferevent_openssl_get_ssl(conn->bev);
    char *path = ew_strdup(request->target), *host = host_of(request->headers);
    char *peer = peer_name_of(ssl), *query = strchr(path, '?');
    if (query)
        *query++ = '\0';
    request->path = path;
    request->query = query ? query : "";
    request->host = host;
    request->tls = ssl != NULL;
    request->sni = ssl ? SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) : NULL;
    request->peer_name = peer;
    request->port = conn->port;
    reply_release(&conn->reply);
    conn->reply = (struct lab_reply){.status = 200};
    conn->head_only = strcmp(request->method, "HEAD") == 0;
    conn->http->fn(conn->http->ctx, request, &conn->reply);
    free(path);
    free(host);
    free(peer);
}

/* Takes the head apart and asks the handler. false: it was no HTTP request. */
static bool handle_head(struct lab_conn *conn, char *head)
{
    struct lab_request request = {0};
    struct ew_map *headers = ew_map_new();
    char *save = NULL, *line = strtok_r(head, "\r\n", &save);
    bool http10 = false, good = line != NULL;
    char *first = line;
    while (good && (line = strtok_r(NULL, "\r\n", &save)))
        parse_header(line, headers);
    good = good && parse_line(first, &request, &http10);
    if (good) {
        const char *connection = ew_map_get(headers, "connection");
        request.headers = headers;
        conn->closing = http10 || (connection && ew_text_ieq(connection, "close"));
        call_handler(conn, &request);
    }
    ew_map_free(headers);
    return good;
}

/* Bytes of the head, its blank line included; 0: not whole yet. */
static size_t head_length(struct evbuffer *in)
{
    struct evbuffer_ptr at = evbuffer_search(in, "\r\n\r\n", 4, NULL);
    return at.pos < 0 ? 0 : (size_t)at.pos + 4;
}

static long body_length(const char *head)
{
    const char *at = strcasestr(head, "\r\ncontent-length:");
    long length = at ? strtol(at + strlen("\r\ncontent-length:"), NULL, 10) : 0;
    return length < 0 || length > BODY_MAX ? -1 : length;
}

/* What no request can start with, a ClientHello say, is answered at once, as real servers do. */
static bool refuse_noise(struct lab_conn *conn, struct evbuffer *in)
{
    static const char answer_400[] = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n"
                                     "connection: close\r\n\r\n";
    unsigned char first = 'G';
    if (evbuffer_copyout(in, &first, 1) != 1 || (first >= 'A' && first <= 'Z'))
        return false;
    evbuffer_drain(in, evbuffer_get_length(in));
    conn->waiting = conn->started = true;
    conn->sent = 0;
    reply_release(&conn->reply);
    conn->reply = (struct lab_reply){.status = 400, .end = LAB_CLOSE};
    bufferevent_write(conn->bev, answer_400, sizeof answer_400 - 1);
    return true;
}

/* Answers the next request if it has arrived whole. */
static void conn_next(struct lab_conn *conn)
{
    struct evbuffer *in = bufferevent_get_input(conn->bev);
    size_t length = head_length(in);
    if (refuse_noise(conn, in))
        return;
    if (!length) {
        if (evbuffer_get_length(in) > HEAD_MAX)
            conn_close(conn);
        return;
    }
    char *head = ew_alloc(length + 1);
    evbuffer_copyout(in, head, length);
    long body = body_length(head);
    bool whole = body >= 0 && evbuffer_get_length(in) >= length + (size_t)body;
    bool good = body >= 0;
    if (good && whole) {
        evbuffer_drain(in, length + (size_t)body);
        good = handle_head(conn, head);
    }
    free(head);
    if (!good)
        conn_close(conn);
    else if (whole)
        answer(conn);
}

static void on_readable(struct bufferevent *bev, void *ctx)
{
    struct lab_conn *conn = ctx;
    (void)bev;
    if (!conn->waiting)
        conn_next(conn);
}

static void on_drain(evutil_socket_t fd, short what, void *ctx)
{
    char dropped[4096];
    if ((what & EV_TIMEOUT) || read(fd, dropped, sizeof dropped) <= 0)
        conn_free(ctx);
}

static bool reset_wanted(evutil_socket_t fd)
{
    struct linger linger = {0};
    socklen_t len = sizeof linger;
    return getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len) == 0 && linger.l_onoff;
}

/* Closing while bytes of the client lie unread sends a reset, which may overtake our alert. */
static void conn_linger(struct lab_conn *conn)
{
    evutil_socket_t fd = bufferevent_getfd(conn->bev);
    struct timeval tv = {0, LINGER_MS * 1000};
    bufferevent_disable(conn->bev, EV_READ | EV_WRITE);
    shutdown(fd, SHUT_WR);
    conn->drain = event_new(conn->http->base, fd, EV_READ | EV_PERSIST, on_drain, conn);
    event_add(conn->drain, &tv);
}

static void on_event(struct bufferevent *bev, short what, void *ctx)
{
    struct lab_conn *conn = ctx;
    SSL *ssl = bufferevent_openssl_get_ssl(bev);
    bool refused = (what & BEV_EVENT_ERROR) && ssl && !reset_wanted(bufferevent_getfd(bev));
    if (refused && !conn->drain)
        conn_linger(conn);
    else if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT))
        conn_free(conn);
}

void lab_http_accept(struct lab_http *http, evutil_socket_t fd, SSL *ssl, int port)
{
    struct lab_conn *conn = ew_alloc(sizeof *conn);
    int on = 1;
    evutil_make_socket_nonblocking(fd);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    conn->http = http;
    conn->port = port;
    conn->bev = ssl ? bufferevent_openssl_socket_new(http->base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                                     BEV_OPT_CLOSE_ON_FREE)
                    : bufferevent_socket_new(http->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (!conn->bev) {
        free(conn);
        evutil_closesocket(fd);
        return;
    }
    conn->timer = evtimer_new(http->base, on_timer, conn);
    conn->next = http->conns;
    conn->link = &http->conns;
    if (conn->next)
        conn->next->link = &conn->next;
    http->conns = conn;
    bufferevent_setcb(conn->bev, on_readable, on_written, on_event, conn);
    bufferevent_enable(conn->bev, EV_READ | EV_WRITE);
}

struct lab_http *lab_http_new(struct event_base *base, lab_http_fn *fn, void *ctx)
{
    struct lab_http *http = ew_alloc(sizeof *http);
    http->base = base;
    http->fn = fn;
    http->ctx = ctx;
    return http;
}

void lab_http_free(struct lab_http *http)
{
    if (!http)
        return;
    while (http->conns)
        conn_free(http->conns);
    free(http);
}
