/* A small HTTP/1.1 server for the lab, on libevent's bufferevents. It is our own because a lab must
 * be able to misbehave to order: evhttp adds headers of its own, and can neither break an answer
 * off nor be handed a connection whose first byte was looked at. */
#ifndef LAB_HTTP_H
#define LAB_HTTP_H

#include "edgewalk/base/buf.h"

#include <event2/event.h>
#include <openssl/ssl.h>

/* What comes after the answer. KEEP: the next request. CLOSE: an orderly end. CUT: half the body,
 * then the end. EMPTY: the end without an answer. RESET: the same with a TCP reset. SILENT:
 * nothing, ever. */
enum lab_end { LAB_KEEP, LAB_CLOSE, LAB_CUT, LAB_EMPTY, LAB_RESET, LAB_SILENT };

/* Texts live for the call of the handler. */
struct lab_request {
    const char *method, *target; /* as sent */
    const char *path, *query;    /* of the target, not decoded; query "" when there is none */
    const char *host; /* the Host header, lower case, without port; "" when there is none */
    const struct ew_map *headers; /* lower-case name → char * */
    const char *sni;              /* NULL: none, or no TLS */
    const char *peer_name;        /* CN of the client's certificate; NULL: none */
    bool tls;
    int port; /* on which it came */
};

struct lab_reply {
    int status;
    struct ew_buf headers; /* whole lines, each ended by CRLF */
    struct ew_buf body;
    enum lab_end end;
    int delay_ms;    /* before the first byte */
    int trickle_ms;  /* between eighths of the body; 0: at once */
    bool own_length; /* the headers say how long the body is */
};
void lab_reply_header(struct lab_reply *reply, const char *name, const char *value);
const char *lab_reason(int status); /* "Not Found"; "Unknown" for a status without a name */

/* Fills reply, which starts as 200, empty, KEEP. */
typedef void lab_http_fn(void *ctx, const struct lab_request *request, struct lab_reply *reply);

struct lab_http;
struct lab_http *lab_http_new(struct event_base *base, lab_http_fn *fn, void *ctx);
void lab_http_free(struct lab_http *http); /* closes every connection */
/* Takes the socket, and the TLS session that is to be accepted on it (NULL: plain). */
void lab_http_accept(struct lab_http *http, evutil_socket_t fd, SSL *ssl, int port);

/* Closes with a reset instead of an orderly end. */
void lab_socket_reset(evutil_socket_t fd);

#endif
