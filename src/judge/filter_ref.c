/* Filters of an implementation that the rule names, and that are not there. */
#include "backend.h"

#include <string.h>

static const char *filter_title(struct judging *j, const struct ew_extension *at)
{
    return say(j, "%s%s%s %s/%s", at->kind, *at->group ? "." : "", at->group, at->ns, at->name);
}

static bool is_of_backend(const char *reason)
{
    return ew_streq(reason, "BackendNotFound") || ew_streq(reason, "RefNotPermitted") ||
           ew_streq(reason, "UnsupportedProtocol");
}

/* ResolvedRefs is one word for all references of a route: it speaks of the filter when it says so,
 * or names it. */
static bool is_refused(const struct judging *j, const struct ew_extension *at, struct ew_cond *cond)
{
    bool named = false;
    if (!winner_reported(j, "ResolvedRefs", cond) || !ew_streq(cond->status, "False"))
        return false;
    named = cond->message && *at->name && strstr(cond->message, at->name);
    return ew_streq(cond->reason, "InvalidFilter") || (named && !is_of_backend(cond->reason));
}

static bool is_route_refused(const struct judging *j, struct ew_cond *cond)
{
    return winner_reported(j, "Accepted", cond) && ew_streq(cond->status, "False");
}

/* A kind that the API does not serve, and that the controller takes all the same, is its own. */
static bool is_its_own(const struct judging *j, const struct ew_extension *at)
{
    struct ew_cond cond;
    return *at->group && ew_world_serves(j->world, at->group) != EW_KNOWN &&
           backend_refs_taken(j) && !is_route_refused(j, &cond) && j->inside == INSIDE_API;
}

static bool is_missing(const struct judging *j, const struct ew_extension *at)
{
    return at->seen.state == EW_ABSENT && !is_its_own(j, at);
}

bool route_misses_filter(const struct judging *j, const struct ew_obj *route, const char *words)
{
    const struct ew_decision *by = j->decision;
    for (size_t i = 0; by->route == route && words && i < by->extension_count; i++)
        if (*by->extensions[i].name && strstr(words, by->extensions[i].name) &&
            is_missing(j, &by->extensions[i]))
            return true;
    return false;
}

static void next_steps(struct judging *j, struct ew_draft *draft, const struct ew_extension *at)
{
    const struct ew_obj *route = j->decision->route;
    draft_next(j, draft, "see what the route names, and what there is of the kind",
               "kubectl get %s -n %s %s -o jsonpath='{..extensionRef}'; kubectl get %s%s%s -A",
               ew_kind_row(route->kind)->resource, route->ns, route->name, clean(j, at->kind),
               *at->group ? "." : "", clean(j, at->group));
}

static struct ew_draft *draft_of(struct judging *j, const char *cause,
                                 const struct ew_extension *at)
{
    const struct ew_decision *by = j->decision;
    struct ew_draft *draft = draft_about(j, cause, by->route);
    bool weightless = at->backend >= 0 && (size_t)at->backend < by->backend_count &&
                      !by->backends[at->backend].weight;
    tag_request(j, draft);
    if (by->gateway)
        tag_gateway(j, draft, by->gateway);
    if (weightless)
        draft->out.severity = EW_SEV_INFO;
    backend_refs_said(j, draft);
    next_steps(j, draft, at);
    return draft;
}

static void judge_missing(struct judging *j, const struct ew_extension *at)
{
    struct ew_draft *draft = draft_of(j, "route-filter-ref-missing", at);
    bool served = ew_world_serves(j->world, at->group) != EW_ABSENT;
    struct ew_cond cond;
    draft_says(j, draft, "%s names the filter %s, which does not exist", rule_title(j),
               filter_title(j, at));
    draft_shows(j, draft, filter_title(j, at), "%s",
                served ? "not found" : "not found: its API group is not served");
    if (is_route_refused(j, &cond))
        draft_shows(j, draft, say(j, "status of %s", title(j, j->decision->route)),
                    "Accepted=False %s: %s", clean(j, cond.reason), clean(j, cond.message));
}

/* It is there, and is not as the controller would have it; or it could not be read from here. */
static void judge_refused(struct judging *j, const struct ew_extension *at,
                          const struct ew_cond *cond)
{
    bool there = at->seen.state == EW_KNOWN;
    struct ew_draft *draft =
        draft_of(j, there ? "route-value-or-filter-rejected" : "route-filter-ref-missing", at);
    draft_says(j, draft, "the controller cannot use the filter %s of %s: %s, %s",
               filter_title(j, at), rule_title(j), clean(j, cond->reason), clean(j, cond->message));
    draft_shows(j, draft, filter_title(j, at), "%s", there ? "is there" : "could not be read");
}

static void judge_filter(struct judging *j, const struct ew_extension *at)
{
    struct ew_cond cond;
    enum ew_state state = at->seen.state;
    if (is_missing(j, at))
        judge_missing(j, at);
    else if ((state == EW_UNKNOWN || state == EW_KNOWN) && is_refused(j, at, &cond))
        judge_refused(j, at, &cond);
    else if (state == EW_UNKNOWN && j->answer.bad)
        undecided_add(j, say(j, "get %s", filter_title(j, at)), at->seen.reason,
                      "route-filter-ref-missing");
}

void route_judge_filters(struct judging *j)
{
    for (size_t i = 0; j->decision->route && i < j->decision->extension_count; i++)
        judge_filter(j, &j->decision->extensions[i]);
}
