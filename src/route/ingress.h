/* Ingresses: which controller's class each is of, its rules, and the decision among them. */
#ifndef ROUTE_INGRESS_H
#define ROUTE_INGRESS_H

#include "routing.h"

#include "decide.h"

struct ingress_rule {
    struct ingress *ingress;
    int rule, path; /* path -1: the rule or Ingress as a whole (default backend) */
    const char *host;
    const char *type; /* "Exact", "Prefix", "ImplementationSpecific" */
    const char *text; /* "/" when it names none */
    const struct ew_json *backend;
    bool exact;
};

struct ingress {
    const struct ew_obj *obj;
    int64_t created;
    const char *class_; /* name; NULL: none */
    const struct ew_obj *class_obj;
    struct verdict classed;     /* a class stands behind it */
    const char *class_from;     /* "spec.ingressClassName", "annotation", "the default class" */
    struct ingress_rule *rules; /* paths of all rules, in order */
    size_t rule_count;
    const struct ew_json *default_backend;
    bool canary;   /* it takes part of what another Ingress with its hosts and paths gets */
    bool patterns; /* its controller reads ImplementationSpecific paths as patterns with "*" */
};

struct ingress_table {
    struct ingress **at; /* in order of namespace, name */
    size_t count;
    struct ew_map *hosts;    /* host pattern → struct ew_ptrs * of struct ingress_rule * */
    struct ew_ptrs defaults; /* struct ingress * with a default backend */
    size_t default_classes;
};

void ingresses_compile(struct ew_routing *routing);
/* What is assumed of the Ingress's class where several are the default; NULL: nothing. */
const char *ingress_default_note(struct ew_arena *arena, const struct ew_routing *routing,
                                 const struct ingress *ingress);
/* Fills the draft by the Ingresses of one class; false: none claims the host. */
bool ingress_decide(struct draft *draft, const struct ew_obj *class_, const char *class_name);
/* Every class that an Ingress claiming the request's host is of, as struct ingress * (one for
 * each). */
void ingress_classes(struct ew_routing *routing, const char *host, struct ew_ptrs *out);
void ingress_candidates(struct draft *draft, struct ew_ptrs *out);
/* As if this candidate, of an Ingress, won. */
void ingress_decide_as(struct draft *draft, const struct ew_candidate *candidate);

/* ---- between the two (ingress_decide.c) ---- */
enum { INGRESS_PATTERNS = 3 };
/* The host itself, its wildcard of exactly one label, and rules without host. */
void ingress_patterns(struct ew_arena *arena, const char *host, const char *out[INGRESS_PATTERNS]);
/* The first criterion by which one goes before the other, for the same host pattern. */
enum ew_lost ingress_lost_by(const struct ingress_rule *lost, const struct ingress_rule *win);
/* The rule (NULL: the default backend) serves the request. */
void ingress_take(struct draft *draft, const struct ingress *ingress,
                  const struct ingress_rule *rule);
/* Where a path or the default backend of an Ingress leads. */
void ingress_backend(struct draft *draft, const struct ingress *ingress, const struct ew_json *json,
                     struct ew_backend *out);

/* ---- paths (ingress_path.c) ---- */
/* Whether the path is an expression by an annotation. */
bool ingress_by_regex(const struct ingress_rule *rule);
/* How an ImplementationSpecific path is read: "Prefix", … */
const char *ingress_path_reading(const struct ingress_rule *rule);
/* Whether the rule takes the request's path; *miss, when not NULL, gets the reason against it. */
enum ew_yes ingress_path_takes(struct draft *draft, const struct ingress_rule *rule,
                               struct ew_miss *miss);

/* ---- canaries of ingress-nginx (ingress_canary.c) ---- */
bool canary_is_marked(const struct ingress *ingress);
/* What becomes of a canary's rule and, in *why and *miss, why nothing of this request does. */
enum ew_canary canary_judge(struct draft *draft, const struct ingress_rule *rule, const char **why,
                            struct ew_miss *miss);
/* Puts the canary that joins this rule beside or in place of its backend, which is the first. */
void canary_join(struct draft *draft, const struct ingress_rule *primary);

#endif
