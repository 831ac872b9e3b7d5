#include "route.h"

#include <string.h>

/* ---- refused routes ---- */

static bool is_served_by_other(const struct judging *j, const struct ew_obj *route)
{
    const struct ew_obj *by = j->decision ? route_winner(j->decision) : NULL;
    return by && by != route;
}

static bool any_attached(const struct judging *j, const struct ew_obj *route, enum ew_yes yes)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if ((!route || j->attachments[i]->route == route) && j->attachments[i]->attached == yes)
            return true;
    return false;
}

static bool has_rule_for_path(const struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->decision->candidate_count; i++)
        if (j->decision->candidates[i].route == route && j->decision->candidates[i].matched)
            return true;
    return false;
}

void route_marks(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    if (is_served_by_other(j, route)) {
        draft->marks |= EW_MARK(OTHER_ROUTE_FITS);
        draft->out.severity = EW_SEV_WARN;
    }
    if (!any_attached(j, NULL, EW_YES) && !is_served_by_other(j, route))
        draft->marks |= EW_MARK(ONLY_ROUTE_FOR_HOST);
    if (has_rule_for_path(j, route) && !is_served_by_other(j, route))
        draft->marks |= EW_MARK(RULE_FOR_PATH_HERE);
}

static const struct ew_json *listener_of(const struct ew_gate_result *gate)
{
    EW_JSON_EACH(listener, ew_obj_at(gate->owner, "spec.listeners"))
    if (ew_streq(ew_json_get_str(listener, "name", NULL), gate->listener))
        return listener;
    return NULL;
}

/* spec.listeners[name=…].allowedRoutes.namespaces of the listener that refused. */
static const struct ew_json *namespaces_of(const struct ew_gate_result *gate)
{
    return ew_json_at(listener_of(gate), "allowedRoutes.namespaces");
}

/* The gate that was reached furthest at any listener is the one that refuses. */
static const struct ew_gate_result *furthest(const struct ew_attachment *ref)
{
    const struct ew_gate_result *best = NULL;
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].passes == EW_NO && (!best || ref->gates[i].failed > best->failed))
            best = &ref->gates[i];
    return best;
}

static const char *refusal_cause(const struct ew_attachment *ref, const struct ew_gate_result *gate)
{
    if (!gate || gate->failed == EW_GATE_SECTION)
        return ew_streq(ref->reason, "NoMatchingParent") ? "route-section-not-found" : NULL;
    if (gate->failed == EW_GATE_HOSTNAME)
        return "route-hostname-no-intersection";
    const char *from = ew_json_get_str(namespaces_of(gate), "from", "Same");
    if (gate->failed == EW_GATE_NAMESPACE && strcmp(from, "Selector") == 0)
        return "route-namespace-not-selected";
    return gate->failed == EW_GATE_NAMESPACE ? "route-namespace-same-only" : NULL;
}

static void show_reported(struct judging *j, struct ew_draft *draft,
                          const struct ew_attachment *ref)
{
    EW_JSON_EACH(parent, ew_obj_at(ref->route, "status.parents"))
    {
        struct ew_cond cond;
        if (!ew_streq(ew_json_str(ew_json_at(parent, "parentRef.name")), ref->parent_name) ||
            !ew_cond_find(ew_json_get(parent, "conditions"), "Accepted", &cond))
            continue;
        draft_shows(j, draft, say(j, "status of %s", title(j, ref->route)), "Accepted=%s %s: %s",
                    clean(j, cond.status), clean(j, cond.reason), clean(j, cond.message));
    }
}

static void next_for_refusal(struct judging *j, struct ew_draft *draft,
                             const struct ew_attachment *ref)
{
    if (draft->out.step_count)
        return;
    if (strncmp(draft->out.cause->id, "route-namespace", 15) == 0)
        draft_next(j, draft, "compare the namespace's labels with what the listener selects",
                   "kubectl get namespace %s --show-labels; kubectl get gateway -n %s %s -o "
                   "jsonpath='{.spec.listeners[*].allowedRoutes.namespaces}'",
                   ref->route->ns, ref->parent_ns, ref->parent_name);
    else
        draft_next(j, draft, "compare the route's parentRefs and hostnames with the listeners",
                   "kubectl get gateway -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
                   "{.port} {.hostname}{\"\\n\"}{end}'",
                   ref->parent_ns, ref->parent_name);
}

/* Refused for a reason that no recognised row names: said on the layer, in the router's words. */
static void judge_refusal(struct judging *j, const struct ew_attachment *ref)
{
    const struct ew_gate_result *gate = furthest(ref);
    const char *id = refusal_cause(ref, gate);
    const char *why = clean(j, gate && gate->why ? gate->why : ref->why ? ref->why : "refused");
    if (!id || !ew_cause_find(id)->recognised) {
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "%s is not attached: %s", ref->route->name, why);
        undecided_add(j, say(j, "why %s is not attached", title(j, ref->route)), why, "");
        return;
    }
    struct ew_draft *draft = draft_about(j, id, ref->route);
    route_marks(j, draft, ref->route);
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, ref->parent_ns, ref->parent_name));
    draft_says(j, draft, "%s is not attached to %s %s/%s: %s", title(j, ref->route),
               ref->parent_kind, ref->parent_ns, ref->parent_name, why);
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].passes == EW_NO && ref->gates[i].why)
            draft_shows(j, draft, say(j, "listener %s", ref->gates[i].listener), "%s",
                        clean(j, ref->gates[i].why));
    show_reported(j, draft, ref);
    next_for_refusal(j, draft, ref);
}

/* Whether a listener of the parent has the request's port and protocol at all: ports may be mapped
 * before the Gateway, and then every listener counts. */
static bool has_port(const struct judging *j, const struct ew_json *listener)
{
    const char *protocol = ew_json_get_str(listener, "protocol", "");
    bool tls = strcmp(protocol, "HTTPS") == 0 || strcmp(protocol, "TLS") == 0;
    return ew_json_get_int(listener, "port", 0) == j->request.port && tls == j->request.tls;
}

/* A route that is meant for another port alone (the redirect on port 80) has no part in this. */
static bool is_for_request(const struct judging *j, const struct ew_attachment *ref)
{
    bool meant = false, fits = false, any = false;
    for (size_t i = 0; i < ref->gate_count; i++) {
        bool here = has_port(j, listener_of(&ref->gates[i]));
        bool past = ref->gates[i].failed > EW_GATE_SECTION;
        any = any || here;
        meant = meant || past;
        fits = fits || (past && here);
    }
    return !any || !meant || fits;
}

static void judge_attachments(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->attached == EW_MAYBE && ref->parent_seen.state == EW_UNKNOWN)
            undecided_add(
                j, say(j, "get %s %s/%s", ref->parent_kind, ref->parent_ns, ref->parent_name),
                ref->parent_seen.reason, "route-namespace-not-selected");
        if (ref->attached == EW_NO && ref->parent && is_for_request(j, ref) &&
            !any_attached(j, ref->route, EW_YES) && !any_attached(j, ref->route, EW_MAYBE))
            judge_refusal(j, ref);
    }
}

/* A parent that exists and has not answered for the route at all. */
static bool has_answered(const struct ew_attachment *ref)
{
    EW_JSON_EACH(parent, ew_obj_at(ref->route, "status.parents"))
    {
        const struct ew_json *named = ew_json_get(parent, "parentRef");
        if (ew_streq(ew_json_get_str(named, "name", NULL), ref->parent_name) &&
            ew_streq(ew_json_get_str(named, "namespace", ref->route->ns), ref->parent_ns))
            return true;
    }
    return false;
}

static void judge_silent_parents(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (!ref->parent || ref->attached != EW_YES || j->live_ok || j->inside == INSIDE_FILES ||
            has_answered(ref))
            continue;
        struct ew_draft *draft = draft_about(j, "route-parent-status-absent", ref->route);
        route_marks(j, draft, ref->route);
        draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, ref->parent_ns, ref->parent_name));
        draft_tag(j, draft, EW_TAG_CLASS,
                  ew_json_str(ew_obj_at(ref->parent, "spec.gatewayClassName")));
        draft_says(j, draft, "no controller has answered for %s at %s %s/%s", title(j, ref->route),
                   ref->parent_kind, ref->parent_ns, ref->parent_name);
        draft_shows(j, draft, title(j, ref->route), "status.parents has no entry for it");
        draft_next(j, draft, "see what the route names and what was answered",
                   "kubectl get %s -n %s %s -o jsonpath='{.spec.parentRefs} {.status.parents}'",
                   ew_kind_row(ref->route->kind)->resource, ref->route->ns, ref->route->name);
    }
}

void route_judge(struct judging *j)
{
    if (!j->routing || !j->decision)
        return;
    judge_attachments(j);
    judge_silent_parents(j);
    route_judge_misses(j);
}
