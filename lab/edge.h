/* An edge: listeners at addresses and a port, with TLS or without, that answer as a scenario says.
 */
#ifndef LAB_EDGE_H
#define LAB_EDGE_H

#include "certs.h"

#include <event2/event.h>

struct lab_edge;
/* spec: one entry of `edges` (doc/scenario-format.md), filled in; it and certs must outlive the
 * edge. */
int lab_edge_new(struct event_base *base, const struct ew_json *spec, const struct lab_certs *certs,
                 struct lab_edge **out, struct ew_err *err);
void lab_edge_free(struct lab_edge *edge);

#endif
