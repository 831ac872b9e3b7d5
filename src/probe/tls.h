/* One handshake: tls.c makes it, tls_fact.c tells what was seen. */
#ifndef EW_PROBE_TLS_H
#define EW_PROBE_TLS_H

#include "prober.h"

#include "connect.h"

#include <openssl/ssl.h>

enum { TLS_FIRST = 64 };

struct tls_probe {
    struct probe base;
    struct connect *attempt;
    struct ew_watch *watch;
    struct ew_timer *timer;
    int fd; /* open while connected */
    SSL *ssl;
    double handshake_ms; /* when it began; then how long it took */
    bool connected;
    bool running; /* holds a place among the handshakes */
    bool shaken;  /* the handshake is done: waiting for a late refusal */
    bool ended;   /* the network's part is over: waiting for the trust store */

    /* what was seen */
    const char *outcome;
    int alert; /* -1: none */
    bool cert_requested, ticket;
    char error[160];
    unsigned char first[TLS_FIRST]; /* what the server sent first */
    size_t first_len;
};

/* The name of an alert by its number (IANA TLS Alerts); "alert-N" style numbers have none: NULL. */
const char *tls_alert_name(int code);
/* Sets outcome and error of a handshake that ended with this result of SSL_get_error. */
void tls_note_failure(struct tls_probe *tls, int ssl_error, int os_errno);
/* The value of the fact. */
struct ew_doc *tls_value(struct tls_probe *tls);

#endif
