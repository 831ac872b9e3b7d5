/* The TLS side of an edge: which certificate a ClientHello is shown, or how it is refused. */
#ifndef LAB_EDGE_TLS_H
#define LAB_EDGE_TLS_H

#include "certs.h"

struct lab_edge_tls;
/* spec: `tls` of an edge (doc/scenario-format.md); it and certs must outlive the result. */
int lab_edge_tls_new(const struct ew_json *spec, const struct lab_certs *certs,
                     struct lab_edge_tls **out, struct ew_err *err);
void lab_edge_tls_free(struct lab_edge_tls *tls);
/* A session for one accepted connection. A refusal "reset" marks its socket for one. */
SSL *lab_edge_tls_session(struct lab_edge_tls *tls);
/* How plain bytes on the TLS port are met: "reset", or the name of an answer. */
const char *lab_edge_tls_plain(const struct lab_edge_tls *tls);

#endif
