/* Status and traffic side by side: a route that answers, and that its controller does not take. */
#include "route.h"

/* Every address that answers well is the Gateway's own: what answers comes by way of the route. */
static bool came_through(const struct judging *j)
{
    size_t good = 0;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record || at->http_test != TEST_PASS)
            continue;
        if (!publishes(j->decision->gateway, at))
            return false;
        good++;
    }
    return j->live_ok && good > 0;
}

/* Whether the Gateway's own controller has written anything for it, be the section left out. */
static bool names_parent(const struct judging *j, const struct ew_attachment *ref)
{
    const char *class = ew_json_str(ew_obj_at(j->decision->gateway, "spec.gatewayClassName"));
    const char *own = ew_json_str(ew_obj_at(
        ew_world_find(j->world, EW_GATEWAYCLASS, NULL, class ? class : ""), "spec.controllerName"));
    EW_JSON_EACH(parent, ew_obj_at(ref->route, "status.parents"))
    {
        const struct ew_json *named = ew_json_get(parent, "parentRef");
        const char *writer = ew_json_get_str(parent, "controllerName", own);
        if (ew_streq(ew_json_get_str(named, "name", NULL), ref->parent_name) &&
            ew_streq(ew_json_get_str(named, "namespace", ref->route->ns), ref->parent_ns) &&
            (!own || ew_streq(writer, own)))
            return true;
    }
    return false;
}

enum reported { REPORTED_GOOD, REPORTED_REFUSED, REPORTED_NOTHING };

/* What status says of the winner at the listener that serves: one parentRef that is taken there is
 * enough. *ref is the one that is not, *cond its condition. */
static enum reported reported(const struct judging *j, const struct ew_attachment **ref,
                              struct ew_cond *cond)
{
    enum reported worst = REPORTED_GOOD;
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *one = j->attachments[i];
        struct ew_cond seen;
        if (one->route != j->decision->route || !ref_takes_part(j, one))
            continue;
        bool said = ew_attachment_reported(j->routing, one, "Accepted", &seen);
        if (said ? ew_streq(seen.status, "True") : names_parent(j, one))
            return REPORTED_GOOD;
        if (said)
            *cond = seen;
        *ref = one;
        worst = said ? REPORTED_REFUSED : worst == REPORTED_REFUSED ? worst : REPORTED_NOTHING;
    }
    return worst;
}

static void show_traffic(struct judging *j, struct ew_draft *draft)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && j->addresses[i].http_test == TEST_PASS)
            draft_shows(j, draft, say(j, "answer at %s", j->addresses[i].text), "%ld",
                        http_status(j->addresses[i].main));
}

static void judge(struct judging *j, const struct ew_attachment *ref, const struct ew_cond *cond)
{
    const struct ew_obj *route = ref->route;
    struct ew_draft *draft = draft_about(j, "route-status-disagrees-with-traffic", route);
    tag_host(j, draft);
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, ref->parent_ns, ref->parent_name));
    draft_tag(j, draft, EW_TAG_CLASS,
              ew_json_str(ew_obj_at(j->decision->gateway, "spec.gatewayClassName")));
    draft_says(j, draft, "%s serves %s, though its status says %s %s %s/%s%s", title(j, route),
               j->claimed, cond ? "that it is not taken by" : "nothing of", ref->parent_kind,
               ref->parent_ns, ref->parent_name,
               cond ? say(j, " (%s)", clean(j, cond->reason)) : "");
    show_traffic(j, draft);
    if (cond)
        draft_shows(j, draft, say(j, "status of %s", title(j, route)),
                    "Accepted=%s %s: %s (observed generation %ld of %ld)", clean(j, cond->status),
                    clean(j, cond->reason), clean(j, cond->message), cond->observed,
                    ew_obj_generation(route));
    else
        draft_shows(j, draft, title(j, route), "status.parents has no entry for it");
    draft_shows(j, draft, "by the specification", "it is attached to listener %s",
                j->decision->listener);
    draft_next(j, draft,
               "see what the controller logs of it; a proxy that starts now may not have the "
               "route: ask replica by replica",
               "edgewalk check -n %s %s/%s; kubectl get %s -n %s %s -o jsonpath='{range "
               ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
               ".conditions[*]}{.type}={.status}/{.reason} {end}{\"\\n\"}{end}'",
               route->ns, route->kind_name, route->name, ew_kind_row(route->kind)->resource,
               route->ns, route->name);
    if (cond && ew_cond_stale(cond, route))
        route_draft_stale(j, route);
}

void route_judge_status(struct judging *j)
{
    const struct ew_attachment *ref = NULL;
    struct ew_cond cond = {0};
    if (!j->decision->route || !j->decision->gateway || !came_through(j))
        return;
    enum reported what = reported(j, &ref, &cond);
    if (what == REPORTED_REFUSED)
        judge(j, ref, &cond);
    else if (what == REPORTED_NOTHING && j->inside != INSIDE_FILES)
        judge(j, ref, NULL);
}
