/* Gates tried for one listener, with and without their sentences. */
#ifndef ROUTE_ATTACH_H
#define ROUTE_ATTACH_H

#include "routing.h"

struct gating {
    struct ew_routing *routing;
    const struct route *route;
    const struct ew_attachment *attachment;
    const char *why; /* set when asked for */
    bool explain;
};

/* One gate alone; on->why says why it does not let pass. Those from parent to hostname. */
enum ew_yes gate_takes(struct gating *on, struct listener *listener, enum ew_gate gate);
/* Tries the gates in order; a later NO outweighs an earlier MAYBE. */
void gates_pass(struct gating *on, struct gate_fact *fact);
/* How near a failure at that gate came to being attached. */
int gate_reach(enum ew_gate gate);
/* Whether a parentRef of status.parents is that of the attachment (reported.c). */
bool reported_at(const struct ew_json *ref, const struct ew_attachment *mine);
/* Whether an ancestorRef in the status of a policy is the Gateway. */
bool ancestor_is(const struct ew_json *ref, const struct ew_obj *policy,
                 const struct ew_obj *gateway);
/* The controller whose word counts for the parent; NULL: not known. */
const char *parent_controller(const struct ew_routing *routing, const struct ew_attachment *ref);
const char *gate_reason(const struct route *route, const struct gate_fact *fact);
/* Takes the fact's pass away when a route of the other kind has the hosts already; notes the hosts
 * as taken otherwise. Called in order of age. */
void rivals_contend(struct ew_routing *routing, struct route *route, struct gate_fact *fact);

#endif
