/* The certificate that answers a handshake, and what a request's path would be on another edge. */
#ifndef ROUTE_CERTIFICATE_H
#define ROUTE_CERTIFICATE_H

#include "decide.h"

/* Sets the decision's certificate for its listener, which takes TLS off. */
void listener_certificate(struct draft *draft);
/* {secret, names} of a Secret that was read; its name alone when it was not. */
const struct ew_json *certificate_json(struct draft *draft, const char *ns, const char *name);
/* Whether certificates of both listeners are good for one name
 * (ListenerConditionOverlappingTLSConfig). */
bool certificates_overlap(const struct ew_routing *routing, const struct listener *a,
                          const struct listener *b);

/* Says it when an edge that normalises paths (dot segments, doubled slashes, needless escapes)
 * would choose another rule. */
void note_path(struct draft *draft);

#endif
