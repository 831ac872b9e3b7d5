/* BackendTLSPolicy by ancestor, and Ingress. */
#include "config.h"

#include "attach.h"
#include "backend.h"
#include "check.h"
#include "ingress.h"
#include "policy.h"

#include <stdlib.h>
#include <string.h>

/* ---- which Gateways lead to a Service ---- */

static bool refs_name(const struct ew_json *refs, const char *own_ns, const char *ns,
                      const char *service)
{
    EW_JSON_EACH(ref, refs)
    {
        const char *to = ew_json_get_str(ref, "namespace", "");
        if (ew_streq(*to ? to : own_ns, ns) &&
            ew_streq(ew_json_get_str(ref, "name", NULL), service) &&
            ew_streq(ew_json_get_str(ref, "kind", "Service"), "Service"))
            return true;
    }
    return false;
}

static bool route_names(const struct route *route, const char *ns, const char *service)
{
    for (size_t i = 0; i < route->rule_count; i++) {
        const struct ew_json *rule = route->rules[i].json;
        if (refs_name(ew_json_get(rule, "backendRefs"), route->obj->ns, ns, service))
            return true;
        EW_JSON_EACH(filter, ew_json_get(rule, "filters"))
        {
            const struct ew_json *ref = ew_json_at(filter, "requestMirror.backendRef");
            const char *to = ew_json_get_str(ref, "namespace", "");
            if (ref && ew_streq(*to ? to : route->obj->ns, ns) &&
                ew_streq(ew_json_get_str(ref, "name", NULL), service))
                return true;
        }
    }
    return false;
}

static void add_once(struct ew_ptrs *list, void *item)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i] == item)
            return;
    ew_ptrs_add(list, item);
}

/* The Gateways whose routes lead to a Service. */
static void gateways_using(struct ew_routing *routing, const char *ns, const char *service,
                           struct ew_ptrs *out)
{
    for (size_t i = 0; i < routing->route_count; i++) {
        struct route *route = routing->routes[i];
        if (!route_names(route, ns, service))
            continue;
        for (size_t j = 0; j < route->attachment_count; j++) {
            struct gate_set *gates = &route->gates[j];
            struct gateway *gateway = gates->set ? gates->set->gateway : gates->gateway;
            if (gateway && route->attachments[j].attached == EW_YES)
                add_once(out, gateway);
        }
    }
}

/* ---- BackendTLSPolicy ---- */

static int by_name(const void *left, const void *right)
{
    const struct gateway *a = *(void *const *)left, *b = *(void *const *)right;
    int order = strcmp(a->obj->ns ? a->obj->ns : "", b->obj->ns ? b->obj->ns : "");
    return order ? order : strcmp(a->obj->name, b->obj->name);
}

/* A target that is not there, or taken by an older policy. */
static struct verdict target_fault(struct checking *on, const struct policy *policy,
                                   const char *service_name)
{
    struct verdict out = {.ok = EW_YES};
    struct ew_seen seen;
    const struct ew_obj *service =
        ew_world_get(on->routing->world, EW_SERVICE, policy->obj->ns, service_name,
                     routing_ask(on->routing, true, "backendtls-policy-rejected"), &seen);
    if (!service && seen.state == EW_ABSENT)
        out = (struct verdict){.ok = EW_NO,
                               .reason = "TargetNotFound",
                               .why = ew_arena_fmt(on->arena, "Service %s/%s does not exist",
                                                   policy->obj->ns, service_name)};
    else
        out = policy_target_fault(on->routing, policy, service);
    return out;
}

static const struct policy *policy_of(struct checking *on, const struct ew_obj *obj, size_t target,
                                      const char *service)
{
    const struct ew_ptrs *list = policies_of(on->routing, obj->ns, service);
    for (size_t i = 0; list && i < list->count; i++) {
        const struct policy *policy = list->at[i];
        if (policy->obj == obj && policy->target == target)
            return policy;
    }
    return NULL;
}

struct policy_sum {
    struct verdict accepted, resolved;
    struct ew_ptrs gateways;
};

static void sum_targets(struct checking *on, const struct ew_obj *obj, struct policy_sum *sum)
{
    size_t index = 0;
    sum->accepted.ok = sum->resolved.ok = EW_YES;
    EW_JSON_EACH(target, ew_obj_at(obj, "spec.targetRefs"))
    {
        const char *name = ew_json_get_str(target, "name", "");
        const struct policy *policy = policy_of(on, obj, index++, name);
        if (!policy)
            continue;
        struct verdict fault = target_fault(on, policy, name);
        const struct verdict *worst =
            fault.ok == EW_YES || policy->accepted.ok != EW_YES ? &policy->accepted : &fault;
        if (sum->accepted.ok == EW_YES)
            sum->accepted = *worst;
        sum->resolved = policy->resolved;
        gateways_using(on->routing, obj->ns, name, &sum->gateways);
    }
}

static struct reports ancestor_reports(struct checking *on, const struct ew_obj *obj,
                                       const struct gateway *gateway)
{
    struct reports out = {.obj = obj};
    const struct ew_json *list = ew_obj_at(obj, "status.ancestors");
    out.applied = !on->routing->files || ew_json_get(obj->json, "status");
    out.controller =
        gateway->class_ ? ew_json_str(ew_obj_at(gateway->class_, "spec.controllerName")) : NULL;
    out.at = ew_arena_alloc(on->arena, (ew_json_count(list) + 1) * sizeof(*out.at));
    EW_JSON_EACH(entry, list)
    {
        if (!ancestor_is(ew_json_get(entry, "ancestorRef"), obj, gateway->obj))
            continue;
        out.at[out.count].controller = ew_json_get_str(entry, "controllerName", NULL);
        out.at[out.count++].conditions = ew_json_get(entry, "conditions");
    }
    return out;
}

static struct ew_json *check_ancestor(struct checking *on, const struct ew_obj *obj,
                                      const struct gateway *gateway, const struct policy_sum *sum)
{
    struct ew_json *out = ew_json_object(on->doc), *list = ew_json_array(on->doc);
    struct reports reports = ancestor_reports(on, obj, gateway);
    struct expected accepted = expect_verdict("Accepted", "Accepted", &sum->accepted);
    struct expected resolved = expect_verdict("ResolvedRefs", "ResolvedRefs", &sum->resolved);
    ew_json_set_str(on->doc, out, "kind", "Gateway");
    ew_json_set_str(on->doc, out, "namespace", gateway->obj->ns);
    ew_json_set_str(on->doc, out, "name", gateway->obj->name);
    ew_json_add(on->doc, list, condition_json(on, &accepted, &reports));
    resolved.or_absent = is_true(&resolved);
    ew_json_add(on->doc, list, condition_json(on, &resolved, &reports));
    ew_json_set(on->doc, out, "conditions", list);
    return out;
}

/* Nobody reports on it then; what is wrong with it is said all the same. */
static const char *unused_why(struct checking *on, const struct policy_sum *sum)
{
    static const char unused[] = "no route that is attached to a Gateway leads to its targets";
    const struct verdict *fault = sum->accepted.ok == EW_NO   ? &sum->accepted
                                  : sum->resolved.ok == EW_NO ? &sum->resolved
                                                              : NULL;
    return fault && fault->why ? ew_arena_fmt(on->arena, "%s; and %s", unused, fault->why) : unused;
}

struct ew_json *check_policy(struct checking *on, const struct ew_obj *obj)
{
    struct ew_json *out = object_json(on, obj), *list = ew_json_array(on->doc);
    struct policy_sum sum = {0};
    sum_targets(on, obj, &sum);
    if (sum.gateways.count)
        qsort(sum.gateways.at, sum.gateways.count, sizeof(void *), by_name);
    for (size_t i = 0; i < sum.gateways.count; i++)
        ew_json_add(on->doc, list, check_ancestor(on, obj, sum.gateways.at[i], &sum));
    ew_json_set(on->doc, out, "ancestors", list);
    if (!sum.gateways.count)
        ew_json_set_str(on->doc, out, "why", unused_why(on, &sum));
    ew_ptrs_release(&sum.gateways);
    return out;
}

/* ---- Ingress: no conditions of its own; what a controller needs is shown in their form ---- */

static struct verdict backend_fault_of(struct checking *on, const struct ingress *ingress,
                                       const struct ew_json *backend)
{
    struct verdict out = {.ok = EW_YES};
    const struct ew_json *service = ew_json_get(backend, "service");
    const struct ew_json *port = ew_json_get(service, "port");
    struct resolved resolved = {0};
    struct service_ask ask = {.ns = ingress->obj->ns,
                              .name = ew_json_get_str(service, "name", ""),
                              .port = (int)ew_json_get_int(port, "number", 0),
                              .port_name = ew_json_get_str(port, "name", NULL)};
    if (!service)
        return out;
    service_resolve(on->routing, &ask, &resolved);
    if (resolved.fault == EW_BACKEND_OK ||
        (resolved.fault == EW_BACKEND_UNKNOWN && resolved.service))
        return out;
    out.ok = resolved.fault == EW_BACKEND_UNKNOWN ? EW_MAYBE : EW_NO;
    out.reason = resolved.fault == EW_BACKEND_PORT ? "PortNotFound" : "BackendNotFound";
    out.why = resolved.why;
    return out;
}

/* The worst of them in the condition, the others beside it. */
static void judge_backend(struct checking *on, const struct ingress *ingress,
                          const struct ew_json *backend, struct expected *out)
{
    struct verdict one = backend_fault_of(on, ingress, backend);
    bool worse = one.ok == EW_NO ? out->unread || is_true(out) : is_true(out);
    if (one.ok == EW_YES)
        return;
    if (worse) {
        struct expected was = *out;
        *out = expect_verdict("BackendsFound", "BackendsFound", &one);
        expect_also(out, was.why);
    }
    expect_also(out, one.why);
}

static struct expected backends_found(struct checking *on, const struct ingress *ingress)
{
    struct expected out = expect_true("BackendsFound", "BackendsFound");
    if (ingress->default_backend)
        judge_backend(on, ingress, ingress->default_backend, &out);
    for (size_t i = 0; i < ingress->rule_count; i++)
        judge_backend(on, ingress, ingress->rules[i].backend, &out);
    return out;
}

struct ew_json *check_ingress(struct checking *on, size_t index)
{
    const struct ingress *ingress = on->routing->ingresses->at[index];
    struct ew_json *out = object_json(on, ingress->obj), *list = ew_json_array(on->doc);
    struct reports reports = {.obj = ingress->obj};
    struct expected class_ = expect_verdict("ClassFound", "ClassFound", &ingress->classed);
    struct expected found = backends_found(on, ingress);
    if (ingress->class_from)
        expect_assume(&class_, ew_arena_fmt(on->arena, "class by %s", ingress->class_from));
    const char *defaults = ingress_default_note(on->arena, on->routing, ingress);
    if (defaults)
        expect_assume(&class_, defaults);
    ew_json_set_str(on->doc, out, "class", ingress->class_);
    ew_json_add(on->doc, list, condition_json(on, &class_, &reports));
    ew_json_add(on->doc, list, condition_json(on, &found, &reports));
    ew_json_set(on->doc, out, "conditions", list);
    return out;
}
