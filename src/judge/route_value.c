/* Routes that are refused for what they ask, not for where they hang: values that cannot be,
 * filters that do not go together, limits of an implementation. */
#include "backend.h"

bool route_is_attachment_reason(const char *reason)
{
    static const char *const reasons[] = {
        "NotAllowedByListeners",
        "NoMatchingListenerHostname",
        "NoMatchingParent",
        "NoMatchingListenerPort",
        "NoReadyListeners",
        "NotAllowedByParent",
        "InvalidParentReference",
        "ReferenceNotAllowedByParent",
        "InvalidListener",
        "InvalidGateway",
        "GatewayNotProgrammed",
        "GatewayIgnored",
        "HostnameConflict",
        "RouteConflict",
        "Conflicted",
        "Pending",
        "BackendNotFound",
        "RefNotPermitted",
        "InvalidKind",
        "UnsupportedProtocol",
    };
    for (size_t i = 0; i < EW_COUNT(reasons); i++)
        if (ew_streq(reason, reasons[i]))
            return true;
    return false;
}

/* By our evaluation it would hang on some listener, but for what it asks. */
static bool is_invalid(const struct ew_attachment *ref)
{
    bool hangs = false;
    for (size_t i = 0; i < ref->gate_count; i++)
        hangs = hangs || ref->gates[i].passes == EW_YES;
    return hangs && ref->attached == EW_NO &&
           (ew_streq(ref->reason, "UnsupportedValue") ||
            ew_streq(ref->reason, "IncompatibleFilters"));
}

/* Kong accepts a route first, and says by Programmed whether it could be translated. */
static bool is_refused(const struct judging *j, const struct ew_attachment *ref,
                       struct ew_cond *cond)
{
    return ref_is(j, ref, "Accepted", "False", cond) || ref_is(j, ref, "Programmed", "False", cond);
}

/* The answer shows that the route is in force all the same. An error 500 of the edge does not: that
 * is what some edges say for a rule that they could not make. */
static bool is_in_force(const struct judging *j)
{
    bool direct = j->answer.bad && j->answer.status == 500 && j->answer.author != AUTHOR_APP;
    return route_is_in_force(j) && !direct;
}

static struct ew_draft *value_draft(struct judging *j, const struct ew_attachment *ref)
{
    struct ew_draft *draft = draft_about(j, "route-value-or-filter-rejected", ref->route);
    struct ew_cond cond;
    route_marks(j, draft, ref->route);
    route_tag_parent(j, draft, ref);
    if (is_refused(j, ref, &cond))
        draft_shows_cond(j, draft, say(j, "status of %s", title(j, ref->route)), &cond);
    else
        ref_shows_accepted(j, draft, ref);
    if (!draft->out.step_count)
        draft_next(j, draft, "see what the controller says, and what the rules ask",
                   "kubectl get %s -n %s %s -o jsonpath='{range "
                   ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                   ".conditions[*]}{.type}={.status}/{.reason} {.message} {end}{\"\\n\"}{end}'; "
                   "kubectl get %s -n %s %s -o yaml",
                   ew_kind_row(ref->route->kind)->resource, ref->route->ns, ref->route->name,
                   ew_kind_row(ref->route->kind)->resource, ref->route->ns, ref->route->name);
    return draft;
}

/* A controller that takes it, and the URL answers: it can do more than others. */
bool route_judge_invalid(struct judging *j, const struct ew_attachment *ref)
{
    struct ew_cond cond;
    if (!is_invalid(ref))
        return false;
    if (j->live_ok && ref_is(j, ref, "Accepted", "True", &cond))
        return true;
    struct ew_draft *draft = value_draft(j, ref);
    draft_says(j, draft, "%s cannot be taken by %s %s/%s: %s", title(j, ref->route),
               ref->parent_kind, ref->parent_ns, ref->parent_name, clean(j, ref->why));
    draft_shows(j, draft, title(j, ref->route), "%s: %s", ref->reason, clean(j, ref->why));
    return true;
}

static void judge_refused(struct judging *j, const struct ew_attachment *ref)
{
    struct ew_cond cond;
    if (!ref->parent || ref->attached != EW_YES || ref->route->kind == EW_TLSROUTE ||
        !is_refused(j, ref, &cond) || route_is_attachment_reason(cond.reason) ||
        !route_is_for_request(j, ref) ||
        draft_find_about(j, "route-http-grpc-conflict", ref->route) ||
        route_misses_filter(j, ref->route, cond.message))
        return;
    struct ew_draft *draft = value_draft(j, ref);
    draft_says(j, draft, "the controller refuses %s at %s %s/%s for what it asks: %s, %s",
               title(j, ref->route), ref->parent_kind, ref->parent_ns, ref->parent_name,
               clean(j, cond.reason), clean(j, cond.message));
}

void route_judge_values(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count && !is_in_force(j); i++)
        judge_refused(j, j->attachments[i]);
}
