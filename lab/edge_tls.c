#include "edge_tls.h"

#include "http.h"

#include "edgewalk/base/text.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

struct lab_edge_tls {
    SSL_CTX *ctx;
    const struct ew_json *spec;
    const struct lab_certs *certs;
};

/* The server name of a ClientHello (RFC 6066 §3); "" when there is none. */
static char *sni_of(SSL *ssl)
{
    const unsigned char *ext;
    size_t len;
    if (!SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &ext, &len) || len < 5)
        return ew_strdup("");
    size_t name = (size_t)ext[3] << 8 | ext[4];
    if (name > len - 5)
        return ew_strdup("");
    char *text = ew_strndup((const char *)ext + 5, name);
    ew_text_lower(text);
    return text;
}

/* The certificate's name that the `sni` table has for a server name; NULL: none. */
static const char *table_find(const struct ew_json *table, const char *sni)
{
    const char *dot = strchr(sni, '.');
    const char *exact = ew_json_get_str(table, sni, NULL);
    if (exact || !dot)
        return exact;
    char *wild = ew_fmt("*%s", dot);
    const char *found = ew_json_get_str(table, wild, NULL);
    free(wild);
    return found;
}

static int show(SSL *ssl, const struct lab_cert *cert, int *alert)
{
    if (cert && SSL_use_certificate(ssl, cert->leaf) == 1 &&
        SSL_use_PrivateKey(ssl, cert->key) == 1 && SSL_set1_chain(ssl, cert->chain) == 1)
        return SSL_CLIENT_HELLO_SUCCESS;
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_CLIENT_HELLO_ERROR;
}

/* A reset is had by asking OpenSSL to wait, which libevent takes for a failure: no alert is sent.
 */
static int refuse(SSL *ssl, const char *policy, int *alert)
{
    if (strcmp(policy, "reset") == 0) {
        lab_socket_reset(SSL_get_fd(ssl));
        return SSL_CLIENT_HELLO_RETRY;
    }
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_CLIENT_HELLO_ERROR;
}

static int on_hello(SSL *ssl, int *alert, void *ctx)
{
    struct lab_edge_tls *tls = ctx;
    char *sni = sni_of(ssl);
    const struct ew_json *table = ew_json_get(tls->spec, "sni");
    const char *chosen = *sni ? table_find(table, sni) : NULL;
    const char *policy = *sni && !chosen ? ew_json_get_str(tls->spec, "unknown_sni", "default")
                         : !*sni         ? ew_json_get_str(tls->spec, "no_sni", "default")
                                         : "default";
    free(sni);
    if (strcmp(policy, "default") != 0)
        return refuse(ssl, policy, alert);
    if (!chosen)
        chosen = ew_json_get_str(tls->spec, "certificate", "");
    return show(ssl, lab_certs_find(tls->certs, chosen), alert);
}

/* Lets OpenSSL keep the name for SSL_get_servername. */
static int on_servername(SSL *ssl, int *alert, void *ctx)
{
    (void)ssl;
    (void)alert;
    (void)ctx;
    return SSL_TLSEXT_ERR_OK;
}

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                   const unsigned char *in, unsigned int in_len, void *ctx)
{
    static const unsigned char http11[] = "\x08http/1.1";
    unsigned char *chosen;
    (void)ssl;
    (void)ctx;
    if (SSL_select_next_proto(&chosen, out_len, http11, sizeof http11 - 1, in, in_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int version_of(const char *text)
{
    return strcmp(text, "1.0") == 0   ? TLS1_VERSION
           : strcmp(text, "1.1") == 0 ? TLS1_1_VERSION
           : strcmp(text, "1.2") == 0 ? TLS1_2_VERSION
                                      : TLS1_3_VERSION;
}

static void ask_client(SSL_CTX *ctx, const struct lab_certs *certs, bool required)
{
    X509 *root = lab_certs_root(certs);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), root);
    SSL_CTX_add_client_CA(ctx, root);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       NULL);
}

/* Every certificate that the spec names exists. */
static int check_names(const struct ew_json *spec, const struct lab_certs *certs,
                       struct ew_err *err)
{
    const char *name = ew_json_get_str(spec, "certificate", NULL);
    const char *missing = name && !lab_certs_find(certs, name) ? name : NULL;
    EW_JSON_EACH(entry, ew_json_get(spec, "sni"))
    if (!lab_certs_find(certs, ew_json_str_or(entry, "")))
        missing = ew_json_str_or(entry, "");
    return missing ? ew_fail(err, EW_EUSAGE, "tls: no certificate is called \"%s\"", missing) : 0;
}

int lab_edge_tls_new(const struct ew_json *spec, const struct lab_certs *certs,
                     struct lab_edge_tls **out, struct ew_err *err)
{
    int rc = check_names(spec, certs, err);
    if (rc)
        return rc;
    struct lab_edge_tls *tls = ew_alloc(sizeof *tls);
    tls->ctx = SSL_CTX_new(TLS_server_method());
    tls->spec = spec;
    tls->certs = certs;
    SSL_CTX_set_client_hello_cb(tls->ctx, on_hello, tls);
    SSL_CTX_set_tlsext_servername_callback(tls->ctx, on_servername);
    SSL_CTX_set_alpn_select_cb(tls->ctx, on_alpn, NULL);
    SSL_CTX_set_session_id_context(tls->ctx, (const unsigned char *)"lab", 3);
    const char *max = ew_json_get_str(spec, "max_version", "1.3");
    if (version_of(max) < TLS1_2_VERSION)
        SSL_CTX_set_security_level(tls->ctx, 0);
    SSL_CTX_set_min_proto_version(tls->ctx,
                                  version_of(max) < TLS1_2_VERSION ? TLS1_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(tls->ctx, version_of(max));
    const char *client = ew_json_get_str(spec, "client_certificate", NULL);
    if (client)
        ask_client(tls->ctx, certs, strcmp(client, "required") == 0);
    *out = tls;
    return 0;
}

void lab_edge_tls_free(struct lab_edge_tls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->ctx);
    free(tls);
}

SSL *lab_edge_tls_session(struct lab_edge_tls *tls)
{
    ERR_clear_error();
    return SSL_new(tls->ctx);
}

const char *lab_edge_tls_plain(const struct lab_edge_tls *tls)
{
    return ew_json_get_str(tls->spec, "plain", "reset");
}
