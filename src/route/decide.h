/* A decision being made: one request at one Gateway, or at the Ingresses of one class. */
#ifndef ROUTE_DECIDE_H
#define ROUTE_DECIDE_H

#include "routing.h"

#include "match.h"

/* What ew_routing_decide hands out, with its memory. */
struct decision {
    struct ew_decision *first; /* public; its `next` are the others */
    struct ew_arena *arena;
    struct ew_doc *doc;
};
void decision_free(void *decision);

struct draft {
    struct ew_routing *routing;
    struct ew_arena *arena;
    struct ew_doc *doc;
    const struct ew_request *request;
    const char *host; /* lower case, no trailing dot; "" */
    struct ask ask;
    struct ew_decision *out;
    struct gateway *gateway; /* NULL for Ingresses */
    struct listener *listener;
    const struct rule *rule;
    const struct match *match;
    const char *pattern;               /* the winner's host pattern */
    const struct ingress *ingress;     /* the Ingress that wins, and its path */
    const struct ingress_rule *path;   /* NULL: its default backend */
    const char *const *addresses;      /* where the request arrives; NULL: not known */
    bool gateway_there;                /* a Gateway publishes one of them */
    struct ew_ptrs assumes, undecided; /* const char *, of the arena */
    const struct match *refused;       /* of a route that is attached nowhere; NULL */
    const char *refused_pattern;
    size_t refused_at; /* its candidate */
};

void draft_assume(struct draft *draft, const char *format, ...) EW_PRINTF(2, 3);
void draft_undecided(struct draft *draft, const char *format, ...) EW_PRINTF(2, 3);

/* Listener, route and rule at the draft's gateway, then what the rule does (gateway_decide.c). */
void gateway_decide(struct draft *draft);
/* As if this candidate, of a route, won at the Gateway and listener of the decision. */
void gateway_decide_as(struct draft *draft, const struct ew_decision *decision,
                       const struct ew_candidate *candidate);

/* ---- the rule that won (backend.c, filter.c) ---- */
void backends_resolve(struct draft *draft);
void filters_apply(struct draft *draft);
/* Status and outcome from the backends that are usable. */
void backends_outcome(struct draft *draft);

#endif
