#include "marks.h"

#define BIT(kind) (1u << EW_TAG_##kind)

static const unsigned tags_of[] = {
    [EW_REL_SAME_HOST] = BIT(HOST),
    [EW_REL_SAME_OBJECT] = BIT(OBJECT) | BIT(ADDRESS),
    [EW_REL_SAME_EDGE] = BIT(EDGE) | BIT(ADDRESS) | BIT(GATEWAY),
    [EW_REL_ADDRESS_OF_GATEWAY] = BIT(ADDRESS) | BIT(GATEWAY),
    [EW_REL_DATAPLANE_OF_GATEWAY] = BIT(EDGE) | BIT(GATEWAY),
    [EW_REL_CONTROLLER_OF_CLASS] = BIT(CLASS),
    [EW_REL_LISTENER_OF_GATEWAY] = BIT(GATEWAY),
    /* the route names the Gateway; an answer is for a host that the route carries */
    [EW_REL_ROUTE_OF_GATEWAY] = BIT(GATEWAY) | BIT(HOST),
    [EW_REL_RECORD_OF_ROUTE] = BIT(HOST),
    [EW_REL_CERTIFICATE_OF_LISTENER] = BIT(CERT),
    [EW_REL_ISSUANCE_OF_CERTIFICATE] = BIT(CERT),
    [EW_REL_BACKEND_OF] = BIT(BACKEND),
    [EW_REL_OWNER] = BIT(BACKEND) | BIT(OBJECT),
    [EW_REL_DEPENDENCY] = BIT(NEEDS),
};

unsigned ew_relation_tags(enum ew_relation relation)
{
    return tags_of[relation];
}
