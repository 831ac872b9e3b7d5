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
};

struct ingress_table {
    struct ingress **at; /* in order of namespace, name */
    size_t count;
    struct ew_map *hosts;    /* host pattern → struct ew_ptrs * of struct ingress_rule * */
    struct ew_ptrs defaults; /* struct ingress * with a default backend */
    size_t default_classes;
};

void ingresses_compile(struct ew_routing *routing);
/* Fills the draft by the Ingresses of one class; false: none claims the host. */
bool ingress_decide(struct draft *draft, const struct ew_obj *class_, const char *class_name);
/* Every class that an Ingress claiming the request's host is of, as struct ingress * (one for
 * each). */
void ingress_classes(struct ew_routing *routing, const char *host, struct ew_ptrs *out);
void ingress_candidates(struct draft *draft, struct ew_ptrs *out);

#endif
