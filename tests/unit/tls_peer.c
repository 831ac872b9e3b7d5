#include "config.h"

#include "tls_peer.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tls_peer {
    struct tls_peer_spec spec;
    struct peer *peer;
    SSL_CTX *ctx;
    char sni[256], heard[8192];
};

static int on_sni(SSL *ssl, int *alert, void *arg)
{
    struct tls_peer *peer = arg;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    snprintf(peer->sni, sizeof(peer->sni), "%s", name ? name : "");
    if (!peer->spec.only_sni || !strcmp(peer->spec.only_sni, peer->sni))
        return SSL_TLSEXT_ERR_OK;
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                   const unsigned char *in, unsigned int in_len, void *arg)
{
    const char *wanted = ((struct tls_peer *)arg)->spec.alpn;
    (void)ssl;
    for (unsigned int i = 0; wanted && i < in_len; i += in[i] + 1u) {
        if (in[i] != strlen(wanted) || memcmp(in + i + 1, wanted, in[i]) != 0)
            continue;
        *out = in + i + 1;
        *out_len = in[i];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

static int accept_any(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    (void)ctx;
    return 1;
}

static SSL_CTX *ctx_new(struct tls_peer *peer)
{
    const struct tls_peer_spec *spec = &peer->spec;
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_min_proto_version(ctx, spec->version ? spec->version : TLS1_VERSION);
    SSL_CTX_set_max_proto_version(ctx, spec->version);
    SSL_CTX_use_certificate(ctx, spec->certs[0]);
    SSL_CTX_use_PrivateKey(ctx, spec->key);
    for (int i = 1; i < 4 && spec->certs[i]; i++)
        SSL_CTX_add1_chain_cert(ctx, spec->certs[i]);
    SSL_CTX_set_tlsext_servername_callback(ctx, on_sni);
    SSL_CTX_set_tlsext_servername_arg(ctx, peer);
    SSL_CTX_set_alpn_select_cb(ctx, on_alpn, peer);
    if (spec->wants_cert || spec->needs_cert)
        SSL_CTX_set_verify(
            ctx, SSL_VERIFY_PEER | (spec->needs_cert ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
            accept_any);
    return ctx;
}

static void hear(struct tls_peer *peer, SSL *ssl)
{
    size_t len = 0;
    peer->heard[0] = '\0';
    while (len + 1 < sizeof(peer->heard) && !strstr(peer->heard, "\r\n\r\n")) {
        int n = SSL_read(ssl, peer->heard + len, (int)(sizeof(peer->heard) - 1 - len));
        if (n <= 0)
            return;
        len += (size_t)n;
        peer->heard[len] = '\0';
    }
    if (!peer->spec.answer)
        return;
    SSL_write(ssl, peer->spec.answer, (int)strlen(peer->spec.answer));
    SSL_shutdown(ssl);
}

/* RFC 9113: the client's preface of 24 bytes, then frames of a 9 byte header; HEADERS is type 1. */
static bool has_headers_frame(const unsigned char *bytes, size_t len)
{
    for (size_t at = 24; at + 9 <= len;) {
        if (bytes[at + 3] == 1)
            return true;
        at += 9u + ((size_t)bytes[at] << 16 | (size_t)bytes[at + 1] << 8 | bytes[at + 2]);
    }
    return false;
}

static void hear_http2(SSL *ssl)
{
    static const unsigned char settings[9] = {0, 0, 0, 4};
    static const unsigned char status_200[10] = {0, 0, 1, 1, 5, 0, 0, 0, 1, 0x88};
    unsigned char buf[8192];
    size_t len = 0;
    while (len < sizeof(buf) && !has_headers_frame(buf, len)) {
        int n = SSL_read(ssl, buf + len, (int)(sizeof(buf) - len));
        if (n <= 0)
            return;
        len += (size_t)n;
    }
    SSL_write(ssl, settings, sizeof(settings));
    SSL_write(ssl, status_200, sizeof(status_200));
    SSL_read(ssl, buf, sizeof(buf));
}

static void serve(int fd, void *ctx)
{
    struct tls_peer *peer = ctx;
    SSL *ssl = SSL_new(peer->ctx);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1 && !peer->spec.hang_up) {
        if (peer->spec.http2)
            hear_http2(ssl);
        else
            hear(peer, ssl);
    }
    SSL_free(ssl);
    ERR_clear_error();
}

struct tls_peer *tls_peer_start(const struct tls_peer_spec *spec)
{
    struct tls_peer *peer = calloc(1, sizeof(*peer));
    peer->spec = *spec;
    peer->ctx = ctx_new(peer);
    peer->peer = peer_start(serve, peer);
    return peer;
}

int tls_peer_port(const struct tls_peer *peer)
{
    return peer_port(peer->peer);
}

int tls_peer_served(const struct tls_peer *peer)
{
    return peer_served(peer->peer);
}

const char *tls_peer_sni(const struct tls_peer *peer)
{
    return peer->sni;
}

const char *tls_peer_heard(const struct tls_peer *peer)
{
    return peer->heard;
}

void tls_peer_stop(struct tls_peer *peer)
{
    peer_stop(peer->peer);
    SSL_CTX_free(peer->ctx);
    free(peer);
}
