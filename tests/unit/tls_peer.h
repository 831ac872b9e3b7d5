/* A TLS server for tests, in a thread of its own. */
#ifndef TESTS_UNIT_TLS_PEER_H
#define TESTS_UNIT_TLS_PEER_H

#include "mint.h"
#include "peer.h"

struct tls_peer_spec {
    X509 *certs[4]; /* leaf first */
    EVP_PKEY *key;
    bool wants_cert, needs_cert; /* of the client */
    int version;                 /* TLS1_VERSION, …; 0: any */
    const char *alpn;            /* the one it takes */
    const char *only_sni;        /* any other, and none, is refused with alert 112 */
    bool hang_up;                /* right after the handshake, without a word */
    const char *answer;          /* to a request; NULL: none */
    bool http2;                  /* answers 200 without a body, in frames */
};

struct tls_peer;
struct tls_peer *tls_peer_start(const struct tls_peer_spec *spec);
int tls_peer_port(const struct tls_peer *peer);
int tls_peer_served(const struct tls_peer *peer);
const char *tls_peer_sni(const struct tls_peer *peer);   /* of the last one; "" none */
const char *tls_peer_heard(const struct tls_peer *peer); /* the last request; "" none */
void tls_peer_stop(struct tls_peer *peer);

#endif
