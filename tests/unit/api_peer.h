/* An HTTP(S) server for tests, in a thread of its own, that answers as the test says. */
#ifndef TESTS_UNIT_API_PEER_H
#define TESTS_UNIT_API_PEER_H

#include "pki.h"

#include <stdbool.h>
#include <stddef.h>

/* status 0: never answered. Texts are copied. */
struct api_reply {
    int status;
    const char *type;           /* NULL: application/json */
    const char *body;           /* NULL: none */
    const char *header, *value; /* one more; NULL: none */
    bool gzip;
};
struct api_peer;
/* In the server's thread: uri with its query, accept as sent, nth request (from 1) of that path. */
typedef struct api_reply api_fn(void *ctx, const char *uri, int nth);
/* pki NULL: plain HTTP. */
struct api_peer *api_peer_start(const struct pki *pki, api_fn *fn, void *ctx);
void api_peer_stop(struct api_peer *peer);
int api_peer_port(const struct api_peer *peer);
/* Every request so far: "GET URI\nNAME: VALUE\n…\n\n"; the caller's to free. */
char *api_peer_heard(struct api_peer *peer);
int api_peer_count(struct api_peer *peer);

#endif
