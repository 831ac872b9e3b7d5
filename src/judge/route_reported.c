/* Routes that our evaluation takes and the controller refuses: where the answer does not prove it
 * wrong, its refusal is what counts, and its reason names the cause. */
#include "route.h"

bool route_is_in_force(const struct judging *j)
{
    const struct answer *answer = &j->answer;
    if (j->live_ok)
        return true;
    if (!answer->at)
        return false;
    return !answer->bad || answer->author == AUTHOR_APP ||
           (answer->status && (http_answer_marks(j) & EW_MARK(NOT_A_ROUTE_MISS)));
}

/* A listener of the parent selects namespaces by label. */
static bool selects_namespaces(const struct ew_attachment *ref)
{
    for (size_t i = 0; i < ref->gate_count; i++)
        EW_JSON_EACH(listener, ew_obj_at(ref->gates[i].owner, "spec.listeners"))
    if (ref->gates[i].passes != EW_NO &&
        ew_streq(ew_json_get_str(listener, "name", NULL), ref->gates[i].listener) &&
        ew_streq(ew_json_str(ew_json_at(listener, "allowedRoutes.namespaces.from")), "Selector"))
        return true;
    return false;
}

/* NULL: a reason that none of these rows has. */
static const char *reported_cause(const struct ew_attachment *ref, const char *reason)
{
    bool tls = ref->route->kind == EW_TLSROUTE;
    if (ew_streq(reason, "NotAllowedByListeners"))
        return selects_namespaces(ref) ? "route-namespace-not-selected" : "route-kind-not-allowed";
    if (tls)
        return "route-tlsroute-invalid";
    if (ew_streq(reason, "NoMatchingListenerHostname"))
        return "route-hostname-no-intersection";
    if (ew_streq(reason, "NoMatchingParent") && (ref->section || ref->parent_port))
        return "route-section-not-found";
    return NULL;
}

/* Refused for a reason that no row has: said on the layer, in the controller's words. */
static void not_named(struct judging *j, const struct ew_attachment *ref,
                      const struct ew_cond *cond)
{
    const char *words = say(j, "Accepted=%s %s: %s", clean(j, cond->status), clean(j, cond->reason),
                            clean(j, cond->message));
    layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "%s refused by its controller: %s", ref->route->name,
             clean(j, cond->reason));
    undecided_add(j, say(j, "why the controller refuses %s", title(j, ref->route)), words, "");
}

/* What keeps us from deciding ourselves. */
static const char *unread(struct judging *j, const struct ew_attachment *ref)
{
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].passes == EW_MAYBE && ref->gates[i].why)
            return clean(j, ref->gates[i].why);
    return clean(j, ref->why ? ref->why : "not read");
}

static void judge_reported(struct judging *j, const struct ew_attachment *ref,
                           const struct ew_cond *cond)
{
    const char *id = reported_cause(ref, cond->reason);
    if (route_judge_conflict_reported(j, ref, cond) ||
        (ew_streq(cond->reason, "NoMatchingListenerHostname") && route_is_isolated(j, ref)))
        return;
    if (!id) {
        if (route_is_attachment_reason(cond->reason))
            not_named(j, ref, cond);
        return;
    }
    struct ew_draft *draft = draft_about(j, id, ref->route);
    route_marks(j, draft, ref->route);
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, ref->parent_ns, ref->parent_name));
    draft_tag(j, draft, EW_TAG_CLASS, ew_json_str(ew_obj_at(ref->parent, "spec.gatewayClassName")));
    draft_says(j, draft, "the controller does not take %s at %s %s/%s (%s: %s)",
               title(j, ref->route), ref->parent_kind, ref->parent_ns, ref->parent_name,
               clean(j, cond->reason), clean(j, cond->message));
    draft_shows_cond(j, draft, say(j, "status of %s", title(j, ref->route)), cond);
    if (ref->attached == EW_YES)
        draft_shows(
            j, draft, title(j, ref->route),
            "by the specification it would be attached: see what the controller makes of it");
    else
        draft_shows(j, draft, title(j, ref->route),
                    "what decides could not all be read, and the controller has decided: %s",
                    unread(j, ref));
    draft_next(j, draft, "compare, condition by condition, what is reported with what should be",
               "edgewalk check -n %s %s/%s; kubectl get gateway -n %s %s -o yaml", ref->route->ns,
               ref->route->kind_name, ref->route->name, ref->parent_ns, ref->parent_name);
}

bool route_is_refused(const struct judging *j, const struct ew_obj *route)
{
    struct ew_cond cond;
    bool refused = false;
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->route != route || !ref->parent ||
            !ew_attachment_reported(j->routing, ref, "Accepted", &cond) ||
            ew_cond_stale(&cond, route))
            continue;
        if (!ew_streq(cond.status, "False"))
            return false;
        refused = true;
    }
    return refused;
}

void route_judge_reported(struct judging *j)
{
    struct ew_cond cond;
    for (size_t i = 0; i < j->attachment_count && !route_is_in_force(j); i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->parent && ref->attached != EW_NO && ref_is(j, ref, "Accepted", "False", &cond) &&
            route_is_for_request(j, ref) && !draft_find(j, "edge-listener-unsupported"))
            judge_reported(j, ref, &cond);
    }
}
