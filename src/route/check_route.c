/* Routes: conditions for each parentRef. */
#include "config.h"

#include "attach.h"
#include "backend.h"
#include "check.h"
#include "filter.h"
#include "match.h"
#include "policy.h"

#include <string.h>

/* ---- what is reported for one parentRef ---- */

static struct reports route_reports(struct checking *on, const struct route *route, size_t index)
{
    struct reports out = {.obj = route->obj};
    const struct ew_json *parents = ew_obj_at(route->obj, "status.parents");
    size_t count = ew_json_count(parents);
    out.applied = !on->routing->files || ew_json_get(route->obj->json, "status");
    out.controller = parent_controller(on->routing, &route->attachments[index]);
    out.at = ew_arena_alloc(on->arena, (count + 1) * sizeof(*out.at));
    EW_JSON_EACH(entry, parents)
    {
        if (!reported_at(ew_json_get(entry, "parentRef"), &route->attachments[index]))
            continue;
        out.at[out.count].controller = ew_json_get_str(entry, "controllerName", NULL);
        out.at[out.count++].conditions = ew_json_get(entry, "conditions");
    }
    return out;
}

/* ---- expected ---- */

/* A ListenerSet that is part of no Gateway has no controller that speaks for it. */
static bool unattached_set(const struct gate_set *gates)
{
    return gates->set && (!gates->set->gateway || gates->set->allowed.ok == EW_NO);
}

static struct expected accepted(const struct route *route, size_t index)
{
    const struct ew_attachment *ref = &route->attachments[index];
    struct expected out = expect_true("Accepted", "Accepted");
    if (ref->attached == EW_YES)
        return out;
    out.unread = ref->attached == EW_MAYBE;
    out.status = out.unread ? "Unknown" : "False";
    out.reason = ref->reason ? ref->reason : "";
    out.why = ref->why;
    out.or_absent = !ref->parent || unattached_set(&route->gates[index]);
    if (ew_streq(out.reason, "HostnameConflict")) /* the specification names none */
        out.reason = "";
    if (ew_streq(out.reason, "NotAllowedByListeners") && route->obj->kind == EW_TLSROUTE)
        expect_or(&out, "UnsupportedValue");
    if (ew_streq(out.reason, "IncompatibleFilters"))
        expect_or(&out, "UnsupportedValue");
    return out;
}

static const struct {
    enum ew_backend_fault fault;
    const char *reason;
} fault_reasons[] = {
    {EW_BACKEND_NOT_FOUND, "BackendNotFound"},     {EW_BACKEND_PORT, "BackendNotFound"},
    {EW_BACKEND_NOT_PERMITTED, "RefNotPermitted"}, {EW_BACKEND_KIND, "InvalidKind"},
    {EW_BACKEND_PROTOCOL, "UnsupportedProtocol"},
};

struct refs {
    struct expected out;
    bool unknown;
    const char *unknown_why;
};

/* HTTPBackendRef: a reference is invalid when its BackendTLSPolicy cannot be met; no reason is
 * named. */
static void judge_policy(struct checking *on, const struct route *route,
                         const struct resolved *resolved, struct refs *refs)
{
    enum ew_kind kind = route->obj->kind;
    bool takes = kind == EW_HTTPROUTE || kind == EW_GRPCROUTE || kind == EW_TLSROUTE;
    const struct policy *policy =
        takes ? policy_for(on->routing, resolved->service->ns, resolved->service->name,
                           ew_json_get_str(resolved->port, "name", ""))
              : NULL;
    if (!policy || (policy->accepted.ok != EW_NO && policy->resolved.ok != EW_NO))
        return;
    const char *why =
        ew_arena_fmt(on->arena, "%s cannot be met: %s", obj_title(on->arena, policy->obj),
                     policy->accepted.ok == EW_NO ? policy->accepted.why : policy->resolved.why);
    if (is_true(&refs->out)) {
        refs->out.status = "False";
        refs->out.reason = "";
        refs->out.why = why;
    }
    expect_also(&refs->out, why);
}

/* TLSRouteRule and its kin call a Service without endpoints invalid, and name no condition for it.
 */
static void judge_stream_endpoints(struct checking *on, const struct route *route,
                                   const struct resolved *resolved, struct refs *refs)
{
    struct endpoints found;
    if (route->obj->kind == EW_HTTPROUTE || route->obj->kind == EW_GRPCROUTE)
        return;
    endpoints_count(on->routing, resolved->service, resolved->port, &found);
    if (!found.ready && is_true(&refs->out))
        refs->out.or_status = "False";
}

/* An object of another's kind is seen in files only. */
static void assume_there(struct checking *on, const struct route *route, const struct ew_json *ref,
                         struct refs *refs)
{
    const char *group = ew_json_get_str(ref, "group", "");
    const char *kind = ew_json_get_str(ref, "kind", "");
    const char *name = ew_json_get_str(ref, "name", "");
    const char *ns = ew_json_get_str(ref, "namespace", "");
    ns = *ns ? ns : route->obj->ns;
    if (!object_in_files(on->routing, group, kind, ns, name))
        expect_assume(&refs->out,
                      ew_arena_fmt(on->arena, "%s.%s %s/%s exists", kind, group, ns, name));
}

static void judge_ref(struct checking *on, const struct route *route, const struct ew_json *ref,
                      struct refs *refs)
{
    struct resolved resolved;
    const char *reason = NULL;
    ref_resolve(on->routing, route->obj, ref, &resolved);
    for (size_t i = 0; i < EW_COUNT(fault_reasons); i++)
        if (fault_reasons[i].fault == resolved.fault)
            reason = fault_reasons[i].reason;
    if (resolved.fault == EW_BACKEND_OK) {
        judge_stream_endpoints(on, route, &resolved, refs);
        judge_policy(on, route, &resolved, refs);
        return;
    }
    if (!reason) {
        bool unread = resolved.fault == EW_BACKEND_UNKNOWN && !resolved.service;
        bool ours = ew_streq(ew_json_get_str(ref, "kind", "Service"), "Service");
        if (unread && ours) {
            refs->unknown = true;
            refs->unknown_why = resolved.why;
        }
        if (!ours) { /* whether it is a kind of backend is the implementation's to say */
            refs->out.or_status = "False";
            assume_there(on, route, ref, refs);
        }
        return;
    }
    if (is_true(&refs->out)) {
        refs->out.status = "False";
        refs->out.reason = reason;
        refs->out.why = resolved.why;
    } else {
        expect_or(&refs->out, reason);
        expect_also(&refs->out, resolved.why);
    }
    if (resolved.fault == EW_BACKEND_PORT)
        expect_or(&refs->out, "PortNotFound");
}

static void judge_extension(struct checking *on, const struct route *route,
                            const struct ew_json *ref, struct refs *refs)
{
    struct ew_extension look = extension_look(on->routing, route->obj, ref);
    const char *title = extension_title(on->arena, &look);
    if (look.seen.state != EW_ABSENT) { /* what else the controller asks of it is its own */
        refs->out.or_status = on->routing->files ? refs->out.or_status : "False";
        if (look.seen.state != EW_KNOWN)
            expect_assume(&refs->out, ew_arena_fmt(on->arena, "the filter %s exists", title));
        return;
    }
    const char *why = ew_arena_fmt(on->arena, "the filter %s does not exist", title);
    if (is_true(&refs->out)) {
        refs->out.reason = ""; /* the specification names none */
        refs->out.why = why;
    }
    refs->out.status = "False";
    expect_also(&refs->out, why);
}

static void judge_filters(struct checking *on, const struct route *route,
                          const struct ew_json *filters, struct refs *refs)
{
    EW_JSON_EACH(filter, filters)
    {
        const struct ew_json *mirror = ew_json_at(filter, "requestMirror.backendRef");
        const struct ew_json *auth = ew_json_at(filter, "externalAuth.backendRef");
        const struct ew_json *extension = ew_json_get(filter, "extensionRef");
        if (mirror)
            judge_ref(on, route, mirror, refs);
        if (auth)
            judge_ref(on, route, auth, refs);
        if (extension)
            judge_extension(on, route, extension, refs);
    }
}

static struct expected resolved_refs(struct checking *on, const struct route *route)
{
    struct refs refs = {.out = expect_true("ResolvedRefs", "ResolvedRefs")};
    for (size_t i = 0; i < route->rule_count; i++) {
        const struct ew_json *rule = route->rules[i].json;
        EW_JSON_EACH(ref, ew_json_get(rule, "backendRefs"))
        {
            judge_ref(on, route, ref, &refs);
            judge_filters(on, route, ew_json_get(ref, "filters"), &refs);
        }
        judge_filters(on, route, ew_json_get(rule, "filters"), &refs);
    }
    if (refs.unknown && is_true(&refs.out)) {
        refs.out.status = "Unknown";
        refs.out.unread = true;
        refs.out.reason = "";
        refs.out.why = refs.unknown_why;
    }
    return refs.out;
}

static bool partly_invalid(const struct route *route, struct expected *out)
{
    *out = expect_true("PartiallyInvalid", "UnsupportedValue");
    out->negative = true;
    expect_or(out, "IncompatibleFilters");
    for (size_t i = 0; i < route->rule_count && !route->invalid; i++) {
        if (!route->rules[i].invalid)
            continue;
        out->why = out->why ? out->why : route->rules[i].invalid_why;
        expect_also(out, route->rules[i].invalid_why);
    }
    return out->why != NULL;
}

/* Expressions that most implementations refuse, and the specification leaves to them. */
static bool beyond_re2(const struct route *route)
{
    for (size_t i = 0; i < route->rule_count; i++)
        for (size_t j = 0; j < route->rules[i].match_count; j++)
            if (match_beyond_re2(&route->rules[i].matches[j]))
                return true;
    return false;
}

/* ---- one parentRef ---- */

static struct ew_json *parent_json(struct checking *on, const struct ew_attachment *ref)
{
    struct ew_json *out = ew_json_object(on->doc);
    ew_json_set_str(on->doc, out, "kind", ref->parent_kind);
    ew_json_set_str(on->doc, out, "namespace", ref->parent_ns);
    ew_json_set_str(on->doc, out, "name", ref->parent_name);
    ew_json_set_str(on->doc, out, "sectionName", ref->section);
    ew_json_set(on->doc, out, "port",
                ref->parent_port ? ew_json_number(on->doc, ref->parent_port)
                                 : ew_json_null(on->doc));
    return out;
}

static const char *const gate_names[] = {
    [EW_GATE_PARENT] = "parent",     [EW_GATE_SECTION] = "section",
    [EW_GATE_KIND] = "kind",         [EW_GATE_NAMESPACE] = "namespace",
    [EW_GATE_HOSTNAME] = "hostname", [EW_GATE_LISTENER] = "listener",
    [EW_GATE_NONE] = "none"};
static const char *const passes[] = {[EW_NO] = "no", [EW_YES] = "yes", [EW_MAYBE] = "unknown"};

static struct ew_json *faults_json(struct checking *on, const struct ew_gate_result *result)
{
    struct ew_json *out = ew_json_array(on->doc);
    for (size_t i = 0; i < result->fault_count; i++) {
        const struct ew_gate_fault *fault = &result->faults[i];
        struct ew_json *one = ew_json_object(on->doc);
        ew_json_set_str(on->doc, one, "gate", gate_names[fault->gate]);
        ew_json_set_str(on->doc, one, "passes", passes[fault->passes]);
        ew_json_set_str(on->doc, one, "why", fault->why);
        ew_json_add(on->doc, out, one);
    }
    return out;
}

static struct ew_json *gates_json(struct checking *on, const struct ew_attachment *ref)
{
    struct ew_json *out = ew_json_array(on->doc);
    for (size_t i = 0; i < ref->gate_count; i++) {
        const struct ew_gate_result *gate = &ref->gates[i];
        struct ew_json *one = ew_json_object(on->doc);
        ew_json_set_str(on->doc, one, "name", gate->listener);
        ew_json_set_str(on->doc, one, "passes", passes[gate->passes]);
        if (gate->failed != EW_GATE_NONE)
            ew_json_set_str(on->doc, one, "gate", gate_names[gate->failed]);
        ew_json_set_str(on->doc, one, "reason", gate->reason);
        ew_json_set_str(on->doc, one, "why", gate->why);
        ew_json_set(on->doc, one, "faults", faults_json(on, gate));
        ew_json_add(on->doc, out, one);
    }
    return out;
}

static struct ew_json *check_parent(struct checking *on, struct route *route, size_t index)
{
    const struct ew_attachment *ref = &route->attachments[index];
    struct ew_json *out = parent_json(on, ref), *list = ew_json_array(on->doc);
    struct reports reports = route_reports(on, route, index);
    struct expected accept = accepted(route, index), partial;
    attachment_explain(on->routing, route, index);
    accept.why = ref->why;
    bool ours = ref->parent || ref->parent_seen.state == EW_ABSENT ||
                ew_streq(ref->parent_kind, "Gateway") || ew_streq(ref->parent_kind, "ListenerSet");
    if (ours)
        ew_json_add(on->doc, list, condition_json(on, &accept, &reports));
    if (ref->parent) {
        struct expected refs = resolved_refs(on, route);
        refs.or_absent = unattached_set(&route->gates[index]);
        ew_json_add(on->doc, list, condition_json(on, &refs, &reports));
        if (partly_invalid(route, &partial))
            ew_json_add(on->doc, list, condition_json(on, &partial, &reports));
        else
            unexpected_condition(on, list, "PartiallyInvalid", &reports,
                                 beyond_re2(route) ? "True" : NULL);
    }
    ew_json_set(on->doc, out, "conditions", list);
    ew_json_set(on->doc, out, "listeners", gates_json(on, ref));
    if (!ours)
        ew_json_set_str(on->doc, out, "why", ref->why);
    return out;
}

struct ew_json *check_route(struct checking *on, struct route *route)
{
    struct ew_json *out = object_json(on, route->obj), *parents = ew_json_array(on->doc);
    for (size_t i = 0; i < route->attachment_count; i++)
        ew_json_add(on->doc, parents, check_parent(on, route, i));
    ew_json_set(on->doc, out, "parents", parents);
    return out;
}
