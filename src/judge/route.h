/* The route layer: which rule serves, what is refused, what is missed. */
#ifndef JUDGE_ROUTE_H
#define JUDGE_ROUTE_H

#include "http.h"

/* The route or Ingress that serves; NULL: none. */
const struct ew_obj *route_winner(const struct ew_decision *decision);
/* Whether another route than this one serves the request. */
bool route_served_by_other(const struct judging *j, const struct ew_obj *route);
/* Whether an attachment of the route (NULL: of any that claims the host) has this state. */
bool route_any_attached(const struct judging *j, const struct ew_obj *route, enum ew_yes yes);
/* The condition that the Gateway's controller reports of the route at this parent. */
bool route_reported(const struct judging *j, const struct ew_attachment *ref, const char *type,
                    struct ew_cond *out);
/* Routes that their parents do not take. */
void route_judge_refusals(struct judging *j);
/* Requests that no rule takes, though the edge is this cluster's. */
void route_judge_misses(struct judging *j);
/* Rules of others that take it too, and lose. */
void route_judge_rivals(struct judging *j);

#endif
