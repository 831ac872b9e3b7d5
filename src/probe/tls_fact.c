/* What a handshake showed, as a fact. */
#include "config.h"

#include "tls.h"

#include "edgewalk/base/text.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int code;
    const char *name;
} alerts[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
    {121, "ech_required"},
};

const char *tls_alert_name(int code)
{
    for (size_t i = 0; i < EW_COUNT(alerts); i++)
        if (alerts[i].code == code)
            return alerts[i].name;
    return NULL;
}

/* ---- failures ---- */

/* A TLS record begins with its type (20 to 24) and version 3.x; SSLv2's with its length's top bit.
 */
static bool looks_like_tls(const struct tls_probe *tls)
{
    const unsigned char *p = tls->first;
    if (tls->first_len < 2)
        return true; /* nothing speaks against it */
    return (p[0] >= 20 && p[0] <= 24 && p[1] == 3) || p[0] >= 0x80;
}

static void note_not_tls(struct tls_probe *tls)
{
    size_t len = 0;
    while (len < tls->first_len && tls->first[len] != '\r' && tls->first[len] != '\n')
        len++;
    struct ew_buf line;
    ew_buf_init(&line, 120);
    ew_text_clean(&line, (const char *)tls->first, len, 80);
    bool http = tls->first_len >= 5 && !memcmp(tls->first, "HTTP/", 5);
    snprintf(tls->error, sizeof(tls->error), "the server %s: %s",
             http ? "speaks plain HTTP" : "answered", ew_buf_text(&line));
    ew_buf_release(&line);
    tls->outcome = "not-tls";
}

static bool closed(int ssl_error, int os_errno, unsigned long queued)
{
    return ssl_error == SSL_ERROR_ZERO_RETURN || (ssl_error == SSL_ERROR_SYSCALL && !os_errno) ||
           (ssl_error == SSL_ERROR_SSL &&
            ERR_GET_REASON(queued) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
}

static void note_error(struct tls_probe *tls, int os_errno, unsigned long queued)
{
    const char *reason = queued ? ERR_reason_error_string(queued) : NULL;
    if (!reason)
        reason = os_errno ? strerror(os_errno) : "unknown";
    snprintf(tls->error, sizeof(tls->error), "%s", reason);
}

void tls_note_failure(struct tls_probe *tls, int ssl_error, int os_errno)
{
    unsigned long queued = ERR_peek_last_error();
    note_error(tls, os_errno, queued);
    ERR_clear_error();
    if (tls->alert >= 0)
        tls->outcome = "alert";
    else if (!looks_like_tls(tls))
        note_not_tls(tls);
    else if (ssl_error == SSL_ERROR_SYSCALL && (os_errno == ECONNRESET || os_errno == EPIPE))
        tls->outcome = tls->shaken ? "closed" : "reset";
    else if (closed(ssl_error, os_errno, queued))
        tls->outcome = "closed";
    else if (ssl_error == SSL_ERROR_SYSCALL && os_errno == ETIMEDOUT)
        tls->outcome = "timeout";
    else
        tls->outcome = "error";
    /* A server that took the handshake and then just hangs up has still shaken hands. */
    if (tls->shaken && !tls->cert_requested && !strcmp(tls->outcome, "closed")) {
        tls->outcome = "ok";
        tls->error[0] = '\0';
    }
}

/* ---- the value ---- */

static void set_alert(struct ew_doc *doc, struct ew_json *value, int code)
{
    struct ew_json *alert = ew_json_set(doc, value, "alert", ew_json_object(doc));
    const char *name = tls_alert_name(code);
    char *number = ew_fmt("alert_%d", code);
    ew_json_set_num(doc, alert, "code", code);
    ew_json_set_str(doc, alert, "name", name ? name : number);
    free(number);
}

static void set_session(struct ew_doc *doc, struct ew_json *value, SSL *ssl)
{
    const unsigned char *alpn = NULL;
    unsigned int alpn_len = 0;
    int group = (int)SSL_get_negotiated_group(ssl);
    ew_json_set_str(doc, value, "version", SSL_get_version(ssl));
    if (SSL_get_cipher_name(ssl))
        ew_json_set_str(doc, value, "cipher", SSL_get_cipher_name(ssl));
    SSL_get0_alpn_selected(ssl, &alpn, &alpn_len);
    if (alpn_len)
        ew_json_set(doc, value, "alpn", ew_json_stringn(doc, (const char *)alpn, alpn_len));
    if (group && SSL_group_to_name(ssl, group))
        ew_json_set_str(doc, value, "group", SSL_group_to_name(ssl, group));
}

static void set_host_match(struct ew_doc *doc, struct ew_json *value, const struct ew_json *chain,
                           const char *host)
{
    const char *matched = NULL;
    const struct ew_json *sans = ew_json_get(ew_json_item(chain, 0), "sans");
    bool covers = ew_cert_covers(sans, host, &matched);
    ew_json_set_bool(doc, value, "host_matches", covers);
    if (!covers)
        return;
    ew_json_set_str(doc, value, "matched_by",
                    ew_text_prefix(matched, "ip:") ? "san-ip" : "san-dns");
    ew_json_set_str(doc, value, "matched", matched);
}

static void set_trust(struct tls_probe *tls, struct ew_doc *doc, struct ew_json *value,
                      STACK_OF(X509) * sent)
{
    struct ew_prober *prober = tls->base.prober;
    struct ew_json *errors = ew_json_array(doc);
    bool verified = false;
    if (sk_X509_num(sent) > 0 && prober->trust)
        verified = ew_cert_verify_chain(sent, prober->trust, tls->base.at_ms, doc, errors);
    ew_json_set_bool(doc, value, "verified", verified);
    ew_json_set(doc, value, "verify_errors", errors);
    const char *file = prober->config.ca_file;
    ew_json_set_str(doc, value, "store", !prober->trust ? "none" : file ? file : "system");
}

static void set_staple(struct tls_probe *tls, struct ew_doc *doc, struct ew_json *value,
                       STACK_OF(X509) * sent)
{
    const unsigned char *response = NULL;
    long len = SSL_get_tlsext_status_ocsp_resp(tls->ssl, &response);
    struct ew_trust *trust = tls->base.prober->trust;
    const char *status = NULL;
    if (response && len > 0 && trust)
        status = ew_cert_stapled_status(response, (size_t)len, sent, trust);
    if (status)
        ew_json_set_str(doc, value, "ocsp", status);
}

struct ew_doc *tls_value(struct tls_probe *tls)
{
    const struct probe *probe = &tls->base;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    STACK_OF(X509) *sent = tls->ssl ? SSL_get_peer_cert_chain(tls->ssl) : NULL;
    ew_doc_set_root(doc, value);
    ew_json_set_str(doc, value, "address", probe->address);
    ew_json_set_num(doc, value, "port", probe->port);
    if (probe->sni)
        ew_json_set_str(doc, value, "sni", probe->sni);
    ew_json_set_str(doc, value, "outcome", tls->outcome);
    if (tls->alert >= 0)
        set_alert(doc, value, tls->alert);
    if (tls->error[0])
        ew_json_set_str(doc, value, "error", tls->error);
    if (tls->shaken)
        set_session(doc, value, tls->ssl);
    ew_json_set_bool(doc, value, "client_cert_requested", tls->cert_requested);
    struct ew_json *chain = ew_json_set(doc, value, "chain", ew_cert_describe_chain(doc, sent));
    set_trust(tls, doc, value, sent);
    set_host_match(doc, value, chain, probe->sni ? probe->sni : probe->address);
    if (tls->ssl)
        set_staple(tls, doc, value, sent);
    return doc;
}
