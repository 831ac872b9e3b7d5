/* The route layer: which rule serves, what is refused, what is missed. */
#ifndef JUDGE_ROUTE_H
#define JUDGE_ROUTE_H

#include "http.h"

/* ---- the decision (route.c) ---- */
/* The route or Ingress that serves; NULL: none. */
const struct ew_obj *route_winner(const struct ew_decision *decision);
/* Addresses that say which Gateway is asked, as ew_routing_decide takes them; NULL: any. */
const char *const *route_gateway_at(struct judging *j);

/* ---- what findings about a route have in common (route_judge.c) ---- */
/* Whether another route than this one serves the request. */
bool route_served_by_other(const struct judging *j, const struct ew_obj *route);
/* Whether an attachment of the route (NULL: of any that claims the host) has this state. */
bool route_any_attached(const struct judging *j, const struct ew_obj *route, enum ew_yes yes);
/* Whether a rule of the route takes the request, the route being attached or not. */
bool route_has_rule(const struct judging *j, const struct ew_obj *route);
/* "HTTPRoute shop/web rule 0" */
const char *candidate_title(struct judging *j, const struct ew_candidate *candidate);
/* The Gateway that the route hangs on by this parent, a ListenerSet's too, and its class. */
void route_tag_parent(struct judging *j, struct ew_draft *draft, const struct ew_attachment *ref);

/* ---- gates that refuse a route (route_refusal.c, route_conflict.c, route_value.c) ---- */
/* The listener of the gate. */
const struct ew_json *listener_of(const struct ew_gate_result *gate);
/* Whether the listener has the port and protocol of the request. */
bool listener_has_port(const struct judging *j, const struct ew_json *listener);
/* False: the route is meant for listeners of another port (the redirect on port 80). */
bool route_is_for_request(const struct judging *j, const struct ew_attachment *ref);
/* Routes that their parents do not take, and one that is not taken by this parentRef. */
void route_judge_refusals(struct judging *j);
void route_judge_refusal(struct judging *j, const struct ew_attachment *ref);
/* The gate's rival, of the other kind, has the host names. */
void route_judge_conflict(struct judging *j, const struct ew_attachment *ref,
                          const struct ew_gate_result *gate);
/* False: no route of the other kind is accepted in its place. */
bool route_judge_conflict_reported(struct judging *j, const struct ew_attachment *ref,
                                   const struct ew_cond *refused);
/* Whether an HTTPRoute takes a gRPC call from the GRPCRoute that it is for. */
bool route_is_robbed(const struct judging *j);
/* Refused for what it asks, by our evaluation: false, and nothing said, when it is not. */
bool route_judge_invalid(struct judging *j, const struct ew_attachment *ref);
/* Routes that the controller refuses for what they ask. */
void route_judge_values(struct judging *j);
/* Reasons that speak of the parent, or of what the route refers to, not of what it asks. */
bool route_is_attachment_reason(const char *reason);

/* ---- what controllers report (route_reported.c, route_status.c, route_partial.c) ---- */
/* Whether the answer came by way of a route, whatever status says of the routes. */
bool route_is_in_force(const struct judging *j);
/* Whether the controller accepts it at no parent, and says so of one. */
bool route_is_refused(const struct judging *j, const struct ew_obj *route);
/* Routes that the controller refuses, though by the specification they are attached. */
void route_judge_reported(struct judging *j);
/* The winner, which answers well, and which its status says is not taken. */
void route_judge_status(struct judging *j);
/* Routes of which only some rules are in force. */
void route_judge_partial(struct judging *j);

/* ---- listeners and hosts (route_listeners.c, route_hosts.c) ---- */
/* Routes that hang on another listener than the one that takes the request. */
void route_judge_listeners(struct judging *j);
/* A more specific listener of the port has the host, and this route is not attached to it. */
bool route_is_isolated(const struct judging *j, const struct ew_attachment *ref);
/* Wildcards that do not take the host, and routes that take any. */
void route_judge_hosts(struct judging *j);
/* Whether a route that takes any host is who answers 404. */
bool route_is_caught(const struct judging *j);

/* ---- requests that no rule takes (route_miss.c) ---- */
/* The edge of this cluster said itself that it has no such route. */
bool route_edge_has_none(const struct judging *j);
/* Requests that no rule takes, though the edge is this cluster's. */
void route_judge_misses(struct judging *j);
/* edge-stale-observed-generation, of a route. */
struct ew_draft *route_draft_stale(struct judging *j, const struct ew_obj *route);

/* ---- rules that all but took the request (route_near.c) ---- */
/* The rule that came nearest to a request that none takes; NULL: none came near. */
const struct ew_candidate *route_nearest(const struct judging *j);
/* Says what it misses by. */
void route_judge_nearest(struct judging *j, const struct ew_candidate *near);
/* Another rule took the request, with a path of more than it was meant for. */
void route_judge_fallen(struct judging *j);

/* ---- rules beside the one that serves (route_rivals.c, route_models.c, …) ---- */
/* Rules of others that take it too, and lose. */
void route_judge_rivals(struct judging *j);
/* An Ingress and a Gateway's route that both carry the host. */
void route_judge_models(struct judging *j);
/* Redirects that add or take away the slash at the end (route_slash.c). */
void route_judge_slash(struct judging *j);
/* Canaries that get nothing (route_canary.c). */
void route_judge_canaries(struct judging *j);

#endif
