/* A TLS handshake by OpenSSL without blocking, which goes on past every bad certificate: the chain
 * is verified afterwards, offline, so that the handshake does not wait for the trust store and
 * everything that is wrong with the chain is seen. */
#include "config.h"

#include "tls.h"

#include "edgewalk/base/text.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LATE_MIN_MS = 200, LATE_MAX_MS = 1000, TLS_POST_NEW_SESSION_TICKET = 4 };

static void step(struct tls_probe *tls);
static void next_in_line(struct ew_prober *prober);

/* ---- what OpenSSL calls ---- */

static int accept_any_chain(X509_STORE_CTX *ctx, void *arg)
{
    (void)ctx;
    (void)arg;
    return 1;
}

/* Called only when the server asks for a certificate; we have none. */
static int note_cert_request(SSL *ssl, void *arg)
{
    (void)arg;
    struct tls_probe *tls = SSL_get_app_data(ssl);
    tls->cert_requested = true;
    return 1;
}

static void note_alert(const SSL *ssl, int where, int value)
{
    struct tls_probe *tls = SSL_get_app_data(ssl);
    int level = value >> 8, code = value & 0xff;
    bool closing = code == SSL_AD_CLOSE_NOTIFY || code == SSL_AD_USER_CANCELLED;
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && !closing &&
        (level == SSL3_AL_FATAL || SSL_version(ssl) == TLS1_3_VERSION))
        tls->alert = code;
}

/* A session ticket comes when the server has seen, and taken, our answer to its request. */
static void note_ticket(int outgoing, int version, int type, const void *bytes, size_t len,
                        SSL *ssl, void *arg)
{
    (void)version;
    (void)arg;
    struct tls_probe *tls = SSL_get_app_data(ssl);
    if (!outgoing && type == SSL3_RT_HANDSHAKE && len &&
        *(const unsigned char *)bytes == TLS_POST_NEW_SESSION_TICKET)
        tls->ticket = true;
}

static SSL_CTX *ctx_of(struct ew_prober *prober)
{
    if (prober->tls_ctx)
        return prober->tls_ctx;
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (!ctx)
        abort();
    SSL_CTX_set_security_level(ctx, 0); /* an old server is to be looked at, not refused */
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ctx, accept_any_chain, NULL);
    SSL_CTX_set_cert_cb(ctx, note_cert_request, NULL);
    SSL_CTX_set_info_callback(ctx, note_alert);
    SSL_CTX_set_msg_callback(ctx, note_ticket);
    prober->tls_ctx = ctx;
    return ctx;
}

void probe_tls_forget(struct ew_prober *prober)
{
    SSL_CTX_free(prober->tls_ctx);
}

/* ---- the end ---- */

static void leave_network(struct tls_probe *tls)
{
    ew_watch_stop(tls->watch);
    ew_timer_stop(tls->timer);
    connect_cancel(tls->attempt);
    if (tls->connected)
        close(tls->fd);
    tls->watch = NULL;
    tls->timer = NULL;
    tls->attempt = NULL;
    tls->connected = false;
    if (!tls->running)
        return;
    tls->running = false;
    tls->base.prober->tls_running--;
}

static void tell(void *ctx)
{
    struct tls_probe *tls = ctx;
    tls->timer = NULL;
    probe_known(&tls->base, tls_value(tls));
}

static void end(struct tls_probe *tls, const char *outcome)
{
    struct ew_prober *prober = tls->base.prober;
    bool unheard = !strcmp(outcome, "timeout") || !strcmp(outcome, "error");
    bool lost = !tls->ssl && unheard && probe_no_path(tls->base.address);
    tls->outcome = outcome;
    tls->ended = true;
    if (!tls->shaken)
        tls->base.ended_ms = ew_monotonic_ms();
    leave_network(tls);
    next_in_line(prober);
    if (lost)
        probe_unknown(&tls->base, "no-path");
    else if (prober->trust_known)
        tell(tls);
}

void probe_tls_trust_came(struct ew_prober *prober)
{
    /* Telling may free the prober: each from a timer of its own, which goes with it. */
    for (struct probe *probe = prober->first; probe; probe = probe->next) {
        struct tls_probe *tls = (struct tls_probe *)probe;
        if (probe->ops == &probe_tls && tls->ended && !tls->timer)
            tls->timer = ew_timer_start(prober->loop, 0, false, EW_PRIO_SOCKETS, tell, tls);
    }
}

/* ---- the handshake ---- */

static void due(void *ctx)
{
    struct tls_probe *tls = ctx;
    tls->timer = NULL;
    end(tls, tls->shaken ? "ok" : "timeout");
}

static void ready(void *ctx, int what)
{
    (void)what;
    step(ctx);
}

/* What a server sends first tells TLS from anything else, better than OpenSSL's reasons do. */
static long note_bytes(BIO *bio, int what, const char *bytes, size_t len, int argi, long argl,
                       int result, size_t *processed)
{
    (void)len;
    (void)argi;
    (void)argl;
    struct tls_probe *tls = (struct tls_probe *)BIO_get_callback_arg(bio);
    if (what != (BIO_CB_READ | BIO_CB_RETURN) || result <= 0 || !processed)
        return result;
    size_t room = sizeof(tls->first) - tls->first_len;
    size_t take = *processed < room ? *processed : room;
    memcpy(tls->first + tls->first_len, bytes, take);
    tls->first_len += take;
    return result;
}

/* OpenSSL stops reading at the first five bytes that are no record: the rest of the line. */
static void note_rest(struct tls_probe *tls)
{
    size_t room = sizeof(tls->first) - tls->first_len;
    ssize_t n = room ? recv(tls->fd, tls->first + tls->first_len, room, 0) : 0;
    tls->first_len += n > 0 ? (size_t)n : 0;
}

/* A TLS 1.3 server refuses a missing client certificate only after the handshake. How long it is
 * given is three times what the handshake took. */
static bool may_refuse_late(struct tls_probe *tls)
{
    return tls->cert_requested && !tls->ticket && SSL_version(tls->ssl) == TLS1_3_VERSION;
}

static void wait_for_refusal(struct tls_probe *tls)
{
    double wait = 3 * tls->handshake_ms;
    wait = wait < LATE_MIN_MS ? LATE_MIN_MS : wait > LATE_MAX_MS ? LATE_MAX_MS : wait;
    ew_timer_stop(tls->timer);
    tls->timer = ew_timer_start(tls->base.prober->loop, wait, false, EW_PRIO_SOCKETS, due, tls);
}

/* One call into OpenSSL; its errors of before would change what SSL_get_error says of it. */
static int advance(struct tls_probe *tls, int *os_errno)
{
    char byte;
    ERR_clear_error();
    errno = 0;
    int result = tls->shaken ? SSL_read(tls->ssl, &byte, 1) : SSL_do_handshake(tls->ssl);
    *os_errno = errno;
    return result > 0 ? SSL_ERROR_NONE : SSL_get_error(tls->ssl, result);
}

/* The handshake is done, or data came after it. */
static void shaken(struct tls_probe *tls)
{
    bool first = !tls->shaken;
    tls->shaken = true;
    if (first) {
        tls->base.ended_ms = ew_monotonic_ms();
        tls->handshake_ms = tls->base.ended_ms - tls->handshake_ms;
    }
    if (!first || !may_refuse_late(tls)) {
        SSL_shutdown(tls->ssl);
        end(tls, "ok");
        return;
    }
    wait_for_refusal(tls);
    step(tls);
}

static void step(struct tls_probe *tls)
{
    int os_errno;
    int error = advance(tls, &os_errno);
    if (error == SSL_ERROR_NONE || (tls->shaken && tls->ticket && error == SSL_ERROR_WANT_READ)) {
        shaken(tls);
    } else if (error == SSL_ERROR_WANT_READ) {
        ew_watch_change(tls->watch, EW_READ);
    } else if (error == SSL_ERROR_WANT_WRITE) {
        ew_watch_change(tls->watch, EW_WRITE);
    } else {
        note_rest(tls);
        tls_note_failure(tls, error, os_errno);
        end(tls, tls->outcome);
    }
}

static void set_up(struct tls_probe *tls)
{
    static const unsigned char protocols[] = "\x02h2\x08http/1.1";
    struct probe *probe = &tls->base;
    tls->ssl = SSL_new(ctx_of(probe->prober));
    if (!tls->ssl)
        abort();
    SSL_set_app_data(tls->ssl, tls);
    SSL_set_connect_state(tls->ssl);
    SSL_set_fd(tls->ssl, tls->fd);
    BIO_set_callback_ex(SSL_get_rbio(tls->ssl), note_bytes);
    BIO_set_callback_arg(SSL_get_rbio(tls->ssl), (char *)tls);
    SSL_set_alpn_protos(tls->ssl, protocols, sizeof(protocols) - 1);
    SSL_set_tlsext_status_type(tls->ssl, TLSEXT_STATUSTYPE_ocsp);
    if (probe->sni && !ew_ip_family(probe->sni)) /* RFC 6066 §3: no literals */
        SSL_set_tlsext_host_name(tls->ssl, probe->sni);
}

static void connected(void *ctx, int fd, int os_errno)
{
    struct tls_probe *tls = ctx;
    struct ew_prober *prober = tls->base.prober;
    tls->attempt = NULL;
    tls->fd = fd;
    tls->connected = fd >= 0;
    if (fd < 0) {
        snprintf(tls->error, sizeof(tls->error), "connect: %s", strerror(os_errno));
        end(tls, os_errno == ETIMEDOUT ? "timeout" : os_errno == ECONNRESET ? "reset" : "error");
        return;
    }
    set_up(tls);
    tls->handshake_ms = ew_monotonic_ms();
    tls->timer = ew_timer_start(prober->loop, prober->config.tls_timeout_ms, false, EW_PRIO_SOCKETS,
                                due, tls);
    tls->watch = ew_watch_start(prober->loop, fd, 0, EW_PRIO_SOCKETS, ready, tls);
    step(tls);
}

static void run(struct tls_probe *tls)
{
    struct probe *probe = &tls->base;
    struct ew_prober *prober = probe->prober;
    tls->running = true;
    prober->tls_running++;
    prober->sent++;
    /* What waited for a place is measured without the wait. */
    probe->at_ms = ew_now_ms();
    probe->began_ms = ew_monotonic_ms();
    tls->attempt = connect_start(prober->loop, probe->address, probe->port,
                                 prober->config.connect_timeout_ms, connected, tls);
}

/* Many at once would measure our own queue. */
static void next_in_line(struct ew_prober *prober)
{
    for (struct probe *probe = prober->first;
         probe && prober->tls_running < prober->config.tls_parallel; probe = probe->next) {
        struct tls_probe *tls = (struct tls_probe *)probe;
        if (probe->ops == &probe_tls && !probe->begin && !tls->running && !tls->ended)
            run(tls);
    }
}

static void tls_start(struct probe *probe)
{
    struct tls_probe *tls = (struct tls_probe *)probe;
    tls->alert = -1;
    next_in_line(probe->prober);
}

static void tls_release(struct probe *probe)
{
    struct tls_probe *tls = (struct tls_probe *)probe;
    leave_network(tls);
    SSL_free(tls->ssl);
}

const struct probe_ops probe_tls = {sizeof(struct tls_probe), tls_start, tls_release};
