/* ResolvedRefs of a route, and what else the specification leaves to implementations about it. */
#include "config.h"

#include "backend.h"
#include "check.h"
#include "filter.h"
#include "match.h"
#include "policy.h"

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
    bool must;     /* a fault that the specification calls one */
    bool doubtful; /* what is no fault to it may be one to an implementation */
};

/* reason "": the specification names none; must: to it the reference is invalid. */
static void fault(struct refs *refs, const char *reason, const char *why, bool must)
{
    refs->must |= must;
    if (is_true(&refs->out)) {
        refs->out.status = "False";
        refs->out.reason = reason;
        refs->out.why = why;
    } else if (*reason) {
        expect_or(&refs->out, reason);
    } else {
        refs->out.reason = "";
    }
    expect_also(&refs->out, why);
}

/* HTTPBackendRef: a reference is invalid when there is a BackendTLSPolicy for it and "the
 * implementation is unable to meet the requirement". */
static void judge_policy(struct checking *on, const struct route *route,
                         const struct resolved *resolved, struct refs *refs)
{
    enum ew_kind kind = route->obj->kind;
    bool takes = kind == EW_HTTPROUTE || kind == EW_GRPCROUTE || kind == EW_TLSROUTE;
    const struct policy *policy =
        takes ? policy_for(on->routing, resolved->service->ns, resolved->service->name,
                           ew_json_get_str(resolved->port, "name", ""))
              : NULL;
    if (!policy)
        return;
    const struct verdict *bad =
        policy->accepted.ok == EW_NO ? &policy->accepted : &policy->resolved;
    refs->doubtful = true;
    if (bad->ok == EW_NO)
        fault(refs, "",
              ew_arena_fmt(on->arena, "%s cannot be met: %s", obj_title(on->arena, policy->obj),
                           bad->why),
              !bad->own);
}

static void judge_service(struct checking *on, const struct route *route,
                          const struct resolved *resolved, struct refs *refs)
{
    struct endpoints found;
    judge_policy(on, route, resolved, refs);
    if (route->obj->kind == EW_HTTPROUTE || route->obj->kind == EW_GRPCROUTE)
        return;
    /* TLSRouteRule and its kin call a Service without endpoints invalid, and name no condition. */
    endpoints_count(on->routing, resolved->service, resolved->port, &found);
    refs->doubtful |= !found.ready;
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

static void judge_unknown(struct checking *on, const struct route *route, const struct ew_json *ref,
                          const struct resolved *resolved, struct refs *refs)
{
    if (!ew_streq(ew_json_get_str(ref, "kind", "Service"), "Service")) {
        refs->doubtful = true; /* whether it is a kind of backend is the implementation's to say */
        assume_there(on, route, ref, refs);
    } else if (resolved->fault == EW_BACKEND_UNKNOWN && !resolved->service) {
        refs->unknown = true;
        refs->unknown_why = resolved->why;
    }
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
    /* BackendObjectReference.kind: "Support: Implementation-specific (Services with type
     * ExternalName)". */
    refs->doubtful |=
        resolved.service &&
        ew_streq(ew_json_str(ew_obj_at(resolved.service, "spec.type")), "ExternalName");
    if (resolved.fault == EW_BACKEND_OK) {
        judge_service(on, route, &resolved, refs);
        return;
    }
    if (!reason) {
        judge_unknown(on, route, ref, &resolved, refs);
        return;
    }
    /* HTTPBackendRef lists what makes a reference invalid; a port that the Service lacks is not
     * among it. */
    fault(refs, reason, resolved.why, resolved.fault != EW_BACKEND_PORT);
    if (resolved.fault == EW_BACKEND_PORT)
        expect_or(&refs->out, "PortNotFound");
}

static void judge_extension(struct checking *on, const struct route *route,
                            const struct ew_json *ref, struct refs *refs)
{
    struct ew_extension look = extension_look(on->routing, route->obj, ref);
    const char *title = extension_title(on->arena, &look);
    refs->doubtful = true; /* what else the controller asks of it is its own */
    if (look.seen.state == EW_ABSENT)
        fault(refs, "", ew_arena_fmt(on->arena, "the filter %s does not exist", title), false);
    else if (look.seen.state != EW_KNOWN)
        expect_assume(&refs->out, ew_arena_fmt(on->arena, "the filter %s exists", title));
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

static void judge_rule(struct checking *on, const struct route *route, const struct ew_json *rule,
                       struct refs *refs)
{
    EW_JSON_EACH(ref, ew_json_get(rule, "backendRefs"))
    {
        const struct ew_json *filters = ew_json_get(ref, "filters");
        /* HTTPBackendRef.filters: "Support: Implementation-specific". */
        refs->doubtful |= ew_json_count(filters) > 0;
        judge_ref(on, route, ref, refs);
        judge_filters(on, route, filters, refs);
    }
    judge_filters(on, route, ew_json_get(rule, "filters"), refs);
}

struct expected route_refs(struct checking *on, const struct route *route)
{
    struct refs refs = {.out = expect_true("ResolvedRefs", "ResolvedRefs")};
    for (size_t i = 0; i < route->rule_count; i++)
        judge_rule(on, route, route->rules[i].json, &refs);
    if (!is_true(&refs.out)) {
        refs.out.or_status = refs.must ? NULL : "True";
    } else if (refs.unknown) {
        refs.out.status = "Unknown";
        refs.out.unread = true;
        refs.out.reason = "";
        refs.out.why = refs.unknown_why;
    } else if (refs.doubtful) {
        refs.out.or_status = "False";
    }
    return refs.out;
}

/* ---- rules that an implementation may refuse ---- */

/* HTTPRouteRule.filters: "Implementation-specific custom filters have no API guarantees"; "if an
 * implementation cannot support other combinations of filters, they must clearly document that". */
static bool filters_doubtful(const struct ew_json *rule)
{
    const struct ew_json *filters = ew_json_get(rule, "filters");
    EW_JSON_EACH(filter, filters)
    if (ew_json_get(filter, "extensionRef"))
        return true;
    EW_JSON_EACH(ref, ew_json_get(rule, "backendRefs"))
    if (ew_json_count(ew_json_get(ref, "filters")))
        return true;
    return ew_json_count(filters) > 1;
}

bool route_doubtful(const struct route *route)
{
    for (size_t i = 0; i < route->rule_count; i++) {
        const struct rule *rule = &route->rules[i];
        if (filters_doubtful(rule->json))
            return true;
        for (size_t j = 0; j < rule->match_count; j++)
            if (match_beyond_re2(&rule->matches[j]))
                return true;
    }
    return false;
}
