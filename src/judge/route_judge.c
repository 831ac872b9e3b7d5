#include "backend.h"

/* ---- marks ---- */

bool route_served_by_other(const struct judging *j, const struct ew_obj *route)
{
    const struct ew_obj *by = j->decision ? route_winner(j->decision) : NULL;
    return by && by != route;
}

bool route_any_attached(const struct judging *j, const struct ew_obj *route, enum ew_yes yes)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if ((!route || j->attachments[i]->route == route) && j->attachments[i]->attached == yes)
            return true;
    return false;
}

bool route_has_rule(const struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->decision->candidate_count; i++)
        if (j->decision->candidates[i].route == route && j->decision->candidates[i].matched)
            return true;
    return false;
}

static bool names_host(const struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->decision->candidate_count; i++)
        if (j->decision->candidates[i].route == route && *j->decision->candidates[i].host)
            return true;
    return false;
}

const char *candidate_title(struct judging *j, const struct ew_candidate *candidate)
{
    return say(j, "%s rule %d", title(j, candidate->route), candidate->rule);
}

void route_marks(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    tag_host(j, draft);
    /* who takes any host is no stand-in for a route that names it */
    bool caught = j->decision && route_is_caught(j) && names_host(j, route);
    if (route_served_by_other(j, route) && !caught) {
        draft->marks |= EW_MARK(OTHER_ROUTE_FITS);
        draft->out.severity = EW_SEV_WARN;
    }
    if (!route_any_attached(j, NULL, EW_YES) && !route_served_by_other(j, route))
        draft->marks |= EW_MARK(ONLY_ROUTE_FOR_HOST);
    if (route_has_rule(j, route) && !route_served_by_other(j, route))
        draft->marks |= EW_MARK(RULE_FOR_PATH_HERE);
}

void route_tag_parent(struct judging *j, struct ew_draft *draft, const struct ew_attachment *ref)
{
    const struct ew_obj *gateway = gateway_of(j, ref->parent);
    draft_tag(j, draft, EW_TAG_GATEWAY,
              gateway ? ns_name(j, gateway->ns, gateway->name)
                      : ns_name(j, ref->parent_ns, ref->parent_name));
    draft_tag(j, draft, EW_TAG_CLASS, ew_json_str(ew_obj_at(gateway, "spec.gatewayClassName")));
}

/* ---- parents that do not answer ---- */

enum heard { HEARD_NOTHING, HEARD_PENDING, HEARD_ANSWER };

/* What a controller has written of the route for its parent, be the section left out. An entry that
 * somebody filled in and that says nothing yet (Unknown, Pending) is no answer. */
static enum heard heard_of(const struct ew_attachment *ref, struct ew_cond *pending)
{
    enum heard heard = HEARD_NOTHING;
    EW_JSON_EACH(parent, ew_obj_at(ref->route, "status.parents"))
    {
        const struct ew_json *named = ew_json_get(parent, "parentRef");
        struct ew_cond cond;
        if (!ew_streq(ew_json_get_str(named, "name", NULL), ref->parent_name) ||
            !ew_streq(ew_json_get_str(named, "namespace", ref->route->ns), ref->parent_ns))
            continue;
        if (!ew_cond_find(ew_json_get(parent, "conditions"), "Accepted", &cond) ||
            !ew_streq(cond.status, "Unknown"))
            return HEARD_ANSWER;
        *pending = cond;
        heard = HEARD_PENDING;
    }
    return heard;
}

static void judge_silent_parents(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        struct ew_cond pending;
        if (!ref->parent || ref->attached != EW_YES || route_is_in_force(j) ||
            j->inside == INSIDE_FILES)
            continue;
        enum heard heard = heard_of(ref, &pending);
        if (heard == HEARD_ANSWER)
            continue;
        struct ew_draft *draft = draft_about(j, "route-parent-status-absent", ref->route);
        route_marks(j, draft, ref->route);
        route_tag_parent(j, draft, ref);
        draft_says(j, draft, "no controller has answered for %s at %s %s/%s", title(j, ref->route),
                   ref->parent_kind, ref->parent_ns, ref->parent_name);
        if (heard == HEARD_PENDING)
            draft_shows(j, draft, say(j, "status of %s", title(j, ref->route)),
                        "Accepted=%s %s: %s", clean(j, pending.status), clean(j, pending.reason),
                        clean(j, pending.message));
        else
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
    route_judge_refusals(j);
    route_judge_reported(j);
    route_judge_values(j);
    route_judge_partial(j);
    judge_silent_parents(j);
    route_judge_listeners(j);
    backends_judge_none(j);
    route_judge_filters(j);
    route_judge_misses(j);
    route_judge_rivals(j);
    route_judge_hosts(j);
    route_judge_models(j);
    route_judge_status(j);
}
