#include "edge.h"

#include "answers.h"
#include "edge_tls.h"
#include "sockets.h"

#include "edgewalk/base/text.h"

#include <event2/listener.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PEEK_TLS 0x16 /* a handshake record, RFC 8446 §5.1 */

enum mode { MODE_SERVE, MODE_REFUSE, MODE_RESET, MODE_CLOSE, MODE_SILENT, MODE_BLACKHOLE };
static const char *const modes[] = {"serve", "refuse", "reset", "close", "silent", "blackhole"};

struct lab_edge {
    struct event_base *base;
    const struct ew_json *spec;
    enum mode mode;
    int port;
    struct lab_edge_tls *tls;
    struct lab_http *http;
    struct ew_map *turns;     /* answer → how often it was given, in the pointer */
    struct ew_ptrs listeners; /* struct evconnlistener * */
    struct ew_ptrs held;      /* descriptors kept open, in the pointer */
    struct peek *peeks;
};

/* A connection on a TLS port of which no byte was seen yet. */
struct peek {
    struct peek *next, **link;
    struct lab_edge *edge;
    struct event *event;
    int fd;
};

static void peek_free(struct peek *peek)
{
    *peek->link = peek->next;
    if (peek->next)
        peek->next->link = peek->link;
    event_free(peek->event);
    free(peek);
}

static void on_first_byte(evutil_socket_t fd, short what, void *ctx)
{
    struct peek *peek = ctx;
    struct lab_edge *edge = peek->edge;
    unsigned char byte = 0;
    ssize_t got = recv(fd, &byte, 1, MSG_PEEK);
    (void)what;
    peek_free(peek);
    if (got == 1 && byte == PEEK_TLS) {
        lab_http_accept(edge->http, fd, lab_edge_tls_session(edge->tls), edge->port);
    } else if (got == 1 && strcmp(lab_edge_tls_plain(edge->tls), "reset") != 0) {
        lab_http_accept(edge->http, fd, NULL, edge->port);
    } else {
        lab_socket_reset(fd);
        evutil_closesocket(fd);
    }
}

static void peek_start(struct lab_edge *edge, int fd)
{
    struct peek *peek = ew_alloc(sizeof *peek);
    evutil_make_socket_nonblocking(fd);
    peek->edge = edge;
    peek->fd = fd;
    peek->event = event_new(edge->base, fd, EV_READ, on_first_byte, peek);
    peek->next = edge->peeks;
    peek->link = &edge->peeks;
    if (peek->next)
        peek->next->link = &peek->next;
    edge->peeks = peek;
    event_add(peek->event, NULL);
}

static void hold(struct lab_edge *edge, int fd)
{
    ew_ptrs_add(&edge->held, (void *)(intptr_t)fd);
}

static void on_connection(struct evconnlistener *listener, evutil_socket_t fd,
                          struct sockaddr *from, int from_len, void *ctx)
{
    struct lab_edge *edge = ctx;
    (void)listener;
    (void)from;
    (void)from_len;
    if (edge->mode == MODE_RESET)
        lab_socket_reset(fd);
    if (edge->mode == MODE_RESET || edge->mode == MODE_CLOSE)
        evutil_closesocket(fd);
    else if (edge->mode == MODE_SILENT)
        hold(edge, fd);
    else if (edge->tls)
        peek_start(edge, fd);
    else
        lab_http_accept(edge->http, fd, NULL, edge->port);
}

/* Of an answer with a `cycle`, the one whose turn it is. */
static const struct ew_json *take_turn(struct lab_edge *edge, const struct ew_json *answer,
                                       const char *name)
{
    const struct ew_json *cycle = ew_json_get(answer, "cycle");
    if (!ew_json_count(cycle))
        return answer;
    size_t turn = (size_t)(uintptr_t)ew_map_get(edge->turns, name);
    ew_map_set(edge->turns, name, (void *)(uintptr_t)(turn + 1));
    return ew_json_item(cycle, turn % ew_json_count(cycle));
}

/* An answer given by its name alone. */
static void answer_named(const char *name, const struct lab_request *request,
                         struct lab_reply *reply)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *spec = ew_json_object(doc);
    struct ew_err err = {0};
    ew_json_set_str(doc, spec, "as", name);
    if (lab_answer(spec, request, time(NULL), reply, &err))
        reply->status = 500;
    ew_doc_unref(doc);
}

static void on_request(void *ctx, const struct lab_request *request, struct lab_reply *reply)
{
    struct lab_edge *edge = ctx;
    struct ew_err err = {0};
    const char *name = NULL;
    if (edge->tls && !request->tls) {
        answer_named(lab_edge_tls_plain(edge->tls), request, reply);
        reply->end = LAB_CLOSE;
        return;
    }
    const struct ew_json *answer =
        lab_answer_pick(ew_json_get(edge->spec, "answers"), request, &name);
    if (!answer)
        answer_named(ew_json_get_str(edge->spec, "otherwise", "envoy-404"), request, reply);
    else if (lab_answer(take_turn(edge, answer, name), request, time(NULL), reply, &err))
        reply->status = 500;
}

static int mode_of(const char *text, enum mode *out, struct ew_err *err)
{
    for (size_t i = 0; i < EW_COUNT(modes); i++)
        if (strcmp(modes[i], text) == 0) {
            *out = (enum mode)i;
            return 0;
        }
    return ew_fail(err, EW_EUSAGE,
                   "edge: tcp \"%s\": serve, refuse, reset, close, silent, blackhole", text);
}

static int listen_black(struct lab_edge *edge, int fd, const char *address, struct ew_err *err)
{
    hold(edge, fd);
    if (listen(fd, 0) != 0)
        return ew_fail(err, EW_EFAILED, "cannot listen at %s", address);
    int filler = lab_socket_fill(address, edge->port, err);
    if (filler < 0)
        return EW_EFAILED;
    hold(edge, filler);
    return 0;
}

static int listen_at(struct lab_edge *edge, const char *address, struct ew_err *err)
{
    if (edge->mode == MODE_REFUSE)
        return 0;
    if (!ew_ip_family(address))
        return ew_fail(err, EW_EUSAGE, "edge: \"%s\" is no address", address);
    int fd = lab_socket(address, edge->port, SOCK_STREAM, err);
    if (fd < 0)
        return EW_EFAILED;
    if (edge->mode == MODE_BLACKHOLE)
        return listen_black(edge, fd, address, err);
    ew_ptrs_add(&edge->listeners,
                evconnlistener_new(edge->base, on_connection, edge,
                                   LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 128, fd));
    return 0;
}

static int check_answers(const struct ew_json *spec, struct ew_err *err)
{
    int rc = 0;
    EW_JSON_EACH(answer, ew_json_get(spec, "answers"))
    {
        if (!rc)
            rc = lab_answer_check(answer, err);
        EW_JSON_EACH(turn, ew_json_get(answer, "cycle"))
        if (!rc)
            rc = lab_answer_check(turn, err);
    }
    return rc;
}

int lab_edge_new(struct event_base *base, const struct ew_json *spec, const struct lab_certs *certs,
                 struct lab_edge **out, struct ew_err *err)
{
    struct lab_edge *edge = ew_alloc(sizeof *edge);
    const struct ew_json *addresses = ew_json_get(spec, "address");
    const struct ew_json *tls = ew_json_get(spec, "tls");
    edge->base = base;
    edge->spec = spec;
    edge->port = (int)ew_json_get_int(spec, "port", 0);
    edge->http = lab_http_new(base, on_request, edge);
    edge->turns = ew_map_new();
    int rc = edge->port > 0 ? mode_of(ew_json_get_str(spec, "tcp", "serve"), &edge->mode, err)
                            : ew_fail(err, EW_EUSAGE, "edge: port: ${port:NAME} is missing");
    if (!rc)
        rc = check_answers(spec, err);
    if (!rc && ew_json_is(tls, EW_JSON_OBJECT))
        rc = lab_edge_tls_new(tls, certs, &edge->tls, err);
    if (!rc && ew_json_str(addresses))
        rc = listen_at(edge, ew_json_str(addresses), err);
    EW_JSON_EACH(address, addresses)
    if (!rc)
        rc = listen_at(edge, ew_json_str_or(address, ""), err);
    if (rc)
        lab_edge_free(edge);
    else
        *out = edge;
    return rc;
}

void lab_edge_free(struct lab_edge *edge)
{
    if (!edge)
        return;
    for (size_t i = 0; i < edge->listeners.count; i++)
        evconnlistener_free(edge->listeners.at[i]);
    ew_ptrs_release(&edge->listeners);
    while (edge->peeks) {
        evutil_closesocket(edge->peeks->fd);
        peek_free(edge->peeks);
    }
    lab_http_free(edge->http);
    for (size_t i = 0; i < edge->held.count; i++)
        close((int)(intptr_t)edge->held.at[i]);
    ew_ptrs_release(&edge->held);
    lab_edge_tls_free(edge->tls);
    ew_map_free(edge->turns);
    free(edge);
}
