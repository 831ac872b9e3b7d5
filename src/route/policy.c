#include "config.h"

#include "policy.h"

#include <stdlib.h>
#include <string.h>

/* ConfigMaps are asked for where a policy matters only. */
static void read_authorities(struct ew_routing *routing, struct policy *policy)
{
    const struct ew_json *validation = ew_obj_at(policy->obj, "spec.validation");
    const struct ew_json *refs = ew_json_get(validation, "caCertificateRefs");
    const char *known = ew_json_get_str(validation, "wellKnownCACertificates", NULL);
    const char *pem;
    bool strict = false; /* a fault that is one to everybody */
    int good = 0;
    policy->read = true;
    policy->resolved.ok = policy->accepted.ok = EW_YES;
    EW_JSON_EACH(ref, refs)
    {
        struct verdict one = ca_ref(routing, policy->obj, ref, true, &pem);
        good += one.ok != EW_NO;
        strict |= one.ok == EW_NO && !one.own;
        if (one.ok != EW_YES && policy->resolved.ok == EW_YES)
            policy->resolved = one;
    }
    policy->resolved.own &= !strict;
    if (ew_json_count(refs)) {
        policy->accepted.own = policy->resolved.ok == EW_MAYBE;
        if (!good)
            policy->accepted = (struct verdict){.ok = EW_NO,
                                                .reason = "NoValidCACertificate",
                                                .why = policy->resolved.why,
                                                .own = policy->resolved.own};
        return;
    }
    if (!known || !*known)
        policy->accepted = (struct verdict){
            .ok = EW_NO,
            .reason = "Invalid",
            .why = "neither caCertificateRefs nor wellKnownCACertificates is given"};
    else if (strcmp(known, "System") != 0)
        policy->accepted = (struct verdict){
            .ok = strchr(known, '/') ? EW_MAYBE : EW_NO,
            .reason = "Invalid",
            .why = ew_arena_fmt(routing->arena, "wellKnownCACertificates %s is not recognised",
                                known)};
}

static void add_policy(struct ew_routing *routing, const struct ew_obj *obj, size_t index,
                       const struct ew_json *target)
{
    struct key_text key;
    const char *group = ew_json_get_str(target, "group", "");
    if (*group || !ew_streq(ew_json_get_str(target, "kind", ""), "Service"))
        return;
    struct policy *policy = ew_arena_alloc(routing->arena, sizeof(*policy));
    policy->obj = obj;
    policy->target = index;
    policy->section = ew_json_get_str(target, "sectionName", "");
    policy->host = ew_json_str_or(ew_obj_at(obj, "spec.validation.hostname"), "");
    key_of(&key, obj->ns, ew_json_get_str(target, "name", ""));
    ew_ptrs_add(routing_list(routing, routing->policies, key.text), policy);
}

static int by_age(const void *left, const void *right)
{
    const struct policy *a = *(void *const *)left, *b = *(void *const *)right;
    return obj_age_order(a->obj, b->obj);
}

static void find_losers(struct ew_ptrs *list)
{
    qsort(list->at, list->count, sizeof(void *), by_age);
    for (size_t i = 0; i < list->count; i++) {
        struct policy *late = list->at[i];
        for (size_t j = 0; j < i && !late->loses_to; j++) {
            struct policy *early = list->at[j];
            if (strcmp(early->section, late->section) == 0 && early->obj != late->obj)
                late->loses_to = early;
        }
    }
}

static void compile(struct ew_routing *routing)
{
    routing->policies = routing_map(routing);
    for (size_t i = 0; i < ew_world_count(routing->world, EW_BACKENDTLSPOLICY); i++) {
        const struct ew_obj *obj = ew_world_at(routing->world, EW_BACKENDTLSPOLICY, i);
        size_t index = 0;
        EW_JSON_EACH(target, ew_obj_at(obj, "spec.targetRefs"))
        add_policy(routing, obj, index++, target);
    }
    for (size_t i = 0; i < ew_map_count(routing->policies); i++)
        find_losers(ew_map_value(routing->policies, i));
}

const struct ew_ptrs *policies_of(struct ew_routing *routing, const char *ns, const char *service)
{
    struct key_text key;
    if (!routing->policies)
        compile(routing);
    const struct ew_ptrs *list = ew_map_get(routing->policies, key_of(&key, ns, service));
    for (size_t i = 0; list && i < list->count; i++)
        if (!((struct policy *)list->at[i])->read)
            read_authorities(routing, list->at[i]);
    return list;
}

const struct policy *policy_for(struct ew_routing *routing, const char *ns, const char *service,
                                const char *port_name)
{
    const struct policy *best = NULL;
    const struct ew_ptrs *list = policies_of(routing, ns, service);
    ew_world_listed(routing->world, EW_BACKENDTLSPOLICY, ns,
                    routing_ask(routing, true, "backendtls-policy-rejected"));
    for (size_t i = 0; list && i < list->count; i++) {
        const struct policy *policy = list->at[i];
        bool named = *policy->section != '\0';
        if (policy->loses_to || (named && !ew_streq(policy->section, port_name)))
            continue;
        if (!best || (named && !*best->section))
            best = policy;
    }
    return best;
}

/* ---- targets ---- */

static bool port_named(const struct ew_obj *service, const char *name)
{
    EW_JSON_EACH(port, ew_obj_at(service, "spec.ports"))
    {
        if (ew_streq(ew_json_get_str(port, "name", ""), name))
            return true;
    }
    return false;
}

struct verdict policy_target_fault(struct ew_routing *routing, const struct policy *policy,
                                   const struct ew_obj *service)
{
    struct verdict out = {.ok = EW_YES};
    if (service && *policy->section && !port_named(service, policy->section))
        out = (struct verdict){.ok = EW_NO,
                               .reason = "TargetNotFound",
                               .why = ew_arena_fmt(routing->arena,
                                                   "Service %s/%s has no port named %s",
                                                   service->ns, service->name, policy->section)};
    else if (policy->loses_to)
        out = (struct verdict){
            .ok = EW_NO,
            .reason = "Conflicted",
            .why = ew_arena_fmt(routing->arena,
                                "%s is older (or first by name) and has the same target",
                                obj_title(routing->arena, policy->loses_to->obj))};
    return out;
}

/* ---- what is shown of them ---- */

static struct verdict fault_of(struct ew_routing *routing, const struct policy *policy,
                               const struct ew_obj *service)
{
    struct verdict target = policy_target_fault(routing, policy, service);
    if (policy->accepted.ok == EW_NO)
        return policy->accepted;
    if (target.ok == EW_NO)
        return target;
    return policy->resolved.ok != EW_YES ? policy->resolved : policy->accepted;
}

void policies_show(struct draft *draft, struct ew_backend *out, const char *port_name)
{
    struct ew_routing *routing = draft->routing;
    const struct ew_obj *service = out->service;
    const struct ew_ptrs *list = policies_of(routing, service->ns, service->name);
    const struct policy *chosen = policy_for(routing, service->ns, service->name, port_name);
    size_t count = list ? list->count : 0;
    struct ew_backend_policy *shown = ew_arena_alloc(draft->arena, (count + 1) * sizeof(*shown));
    for (size_t i = 0; i < count; i++) {
        const struct policy *policy = list->at[i];
        struct verdict fault = fault_of(routing, policy, service);
        shown[i] = (struct ew_backend_policy){
            .obj = policy->obj,
            .section = policy->section,
            .for_port = !*policy->section || ew_streq(policy->section, port_name),
            .in_force = policy == chosen,
            .usable = fault.ok,
            .reason = fault.reason,
            .why = fault.why,
        };
    }
    out->policies = shown;
    out->policy_count = count;
    out->policies_ignored = !feature_on(routing, draft->gateway, "BackendTLSPolicy");
}
