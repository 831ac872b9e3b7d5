/* BackendTLSPolicies: which one holds for a Service port, and whether it can be met. */
#ifndef ROUTE_POLICY_H
#define ROUTE_POLICY_H

#include "decide.h"

struct policy {
    const struct ew_obj *obj;
    size_t target;       /* in spec.targetRefs */
    const char *section; /* port name; "": all ports */
    const char *host;    /* SNI */
    bool read;
    struct verdict resolved, accepted; /* conflicts aside; valid when read */
    const struct policy *loses_to;     /* an earlier one for the same target and section */
};

/* Policies for ns/service, in precedence; NULL: none. */
const struct ew_ptrs *policies_of(struct ew_routing *routing, const char *ns, const char *service);
/* A target that the Service does not have, or that an older policy has taken; service NULL: not
 * known. */
struct verdict policy_target_fault(struct ew_routing *routing, const struct policy *policy,
                                   const struct ew_obj *service);
/* What is shown of the policies for a backend. */
void policies_show(struct draft *draft, struct ew_backend *out, const char *port_name);
/* The one in force for a port; NULL: none. */
const struct policy *policy_for(struct ew_routing *routing, const char *ns, const char *service,
                                const char *port_name);

#endif
