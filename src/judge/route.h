/* The route layer: which rule serves, what is refused, what is missed. */
#ifndef JUDGE_ROUTE_H
#define JUDGE_ROUTE_H

#include "http.h"

/* The route or Ingress that serves; NULL: none. */
const struct ew_obj *route_winner(const struct ew_decision *decision);
/* Requests that no rule takes, though the edge is this cluster's. */
void route_judge_misses(struct judging *j);

#endif
