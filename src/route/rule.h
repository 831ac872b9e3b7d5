/* Rules read: their matches, and what makes one impossible to implement. */
#ifndef ROUTE_RULE_H
#define ROUTE_RULE_H

#include "routing.h"

/* The first thing about the filters of a rule that cannot be implemented, as a reason; NULL: none.
 */
const char *filters_fault(struct ew_routing *routing, const struct rule *rule, const char **why);

#endif
