/* BackendTLSPolicies: which one holds for a Service port, and whether it can be met. */
#ifndef ROUTE_POLICY_H
#define ROUTE_POLICY_H

#include "routing.h"

struct policy {
    const struct ew_obj *obj;
    size_t target;                     /* in spec.targetRefs */
    const char *section;               /* port name; "": all ports */
    const char *host;                  /* SNI */
    struct verdict resolved, accepted; /* conflicts aside */
    const struct policy *loses_to;     /* an earlier one for the same target and section */
};

/* Policies for ns/service, in precedence; NULL: none. */
const struct ew_ptrs *policies_of(struct ew_routing *routing, const char *ns, const char *service);
/* The one in force for a port; NULL: none. */
const struct policy *policy_for(struct ew_routing *routing, const char *ns, const char *service,
                                const char *port_name);

#endif
