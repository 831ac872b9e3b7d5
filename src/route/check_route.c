/* Routes: conditions for each parentRef. */
#include "config.h"

#include "attach.h"
#include "check.h"

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

/* Each reason for which a listener that the parentRef names does not take the route is a true one,
 * and no order of them is specified. */
static void other_reasons(const struct ew_attachment *ref, struct expected *out)
{
    for (size_t i = 0; i < ref->gate_count; i++) {
        const struct ew_gate_result *result = &ref->gates[i];
        for (size_t j = 0; j < result->fault_count; j++) {
            enum ew_gate gate =
                result->faults[j].passes == EW_NO ? result->faults[j].gate : EW_GATE_NONE;
            if (gate == EW_GATE_HOSTNAME && !result->rival)
                expect_or(out, "NoMatchingListenerHostname");
            else if (gate == EW_GATE_KIND || gate == EW_GATE_NAMESPACE)
                expect_or(out, "NotAllowedByListeners");
        }
    }
}

/* RouteParentStatus: "Accepted" may not be set when "the Route is of a type that the controller
 * does not support". */
static void leave_open(struct expected *out)
{
    out->or_absent = true;
    out->or_status = "Unknown";
    expect_or(out, "UnsupportedValue");
}

static bool supported(const struct ew_routing *routing, const struct route *route, size_t index)
{
    const struct gate_set *gates = &route->gates[index];
    return kind_supported(routing, gates->set ? gates->set->gateway : gates->gateway,
                          route->obj->kind);
}

static struct expected accepted(const struct route *route, size_t index)
{
    const struct ew_attachment *ref = &route->attachments[index];
    struct expected out = expect_true("Accepted", "Accepted");
    if (ref->attached == EW_YES) {
        out.or_status = route_doubtful(route) ? "False" : NULL;
        return out;
    }
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
    if (!route->invalid)
        other_reasons(ref, &out);
    return out;
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
    attachment_explain(on->routing, route, index);
    struct expected accept = accepted(route, index), partial;
    bool can = supported(on->routing, route, index);
    if (!can)
        leave_open(&accept);
    bool ours = ref->parent || ref->parent_seen.state == EW_ABSENT ||
                ew_streq(ref->parent_kind, "Gateway") || ew_streq(ref->parent_kind, "ListenerSet");
    if (ours)
        ew_json_add(on->doc, list, condition_json(on, &accept, &reports));
    if (ref->parent) {
        struct expected refs = route_refs(on, route);
        refs.or_absent = unattached_set(&route->gates[index]);
        if (!can)
            leave_open(&refs);
        ew_json_add(on->doc, list, condition_json(on, &refs, &reports));
        if (partly_invalid(route, &partial))
            ew_json_add(on->doc, list, condition_json(on, &partial, &reports));
        else
            unexpected_condition(on, list, "PartiallyInvalid", &reports,
                                 route_doubtful(route) ? "True" : NULL);
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
