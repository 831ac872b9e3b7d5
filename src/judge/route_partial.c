/* Routes of which only some rules are in force: those that the controller dropped, or holds at what
 * they were before, and whether the request is for one of them. */
#include "route.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum hit {
    HIT_NO,
    HIT_YES,
    HIT_MAY_BE, /* the rule may take the request: what it asks for cannot be read */
    HIT_NOT_SAID,
};

/* The number of a rule that the text names next ("rule 2", "rules[2]", "Dropped Rule(s) 2"), which
 * is read on from *at; -1: none. */
static int next_rule(const char **at)
{
    while ((*at = strcasestr(*at, "rule"))) {
        const char *to = *at + strlen("rule");
        *at = to;
        to += strspn(to, "sS()[]#: ");
        if (isdigit((unsigned char)*to)) {
            *at = to;
            return (int)strtol(to, (char **)at, 10);
        }
    }
    return -1;
}

static bool names_rule(const char *message, int rule, bool *any)
{
    const char *at = message ? message : "";
    for (int found = next_rule(&at); found >= 0; found = next_rule(&at)) {
        *any = true;
        if (found == rule)
            return true;
    }
    return false;
}

/* What is known of one route at the listener that takes the request. */
struct partial {
    const struct ew_attachment *ref;
    struct ew_cond cond;
    bool said, own; /* by the controller; by our evaluation */
    enum hit hit;
    const struct ew_candidate *dropped; /* the rule of the request; NULL: not known, or none */
};

static void find_dropped(const struct judging *j, struct partial *partial)
{
    for (size_t i = 0; i < j->decision->candidate_count; i++) {
        const struct ew_candidate *at = &j->decision->candidates[i];
        if (at->route != partial->ref->route)
            continue;
        partial->own = partial->own || at->invalid;
        if (at->dropped == EW_YES || (at->dropped == EW_MAYBE && !partial->dropped))
            partial->dropped = at;
    }
}

static enum hit find_hit(const struct judging *j, struct partial *partial)
{
    const struct ew_decision *by = j->decision;
    bool named = false;
    find_dropped(j, partial);
    if (partial->dropped)
        return partial->dropped->dropped == EW_YES ? HIT_YES : HIT_MAY_BE;
    if (partial->said && by->route == partial->ref->route &&
        names_rule(partial->cond.message, by->rule, &named))
        return HIT_YES;
    if (partial->said)
        names_rule(partial->cond.message, -1, &named);
    return named || partial->own ? HIT_NO : HIT_NOT_SAID;
}

static struct partial look_at(const struct judging *j, const struct ew_attachment *ref)
{
    struct partial out = {.ref = ref};
    out.said = ref_is(j, ref, "PartiallyInvalid", "True", &out.cond);
    out.hit = find_hit(j, &out);
    return out;
}

/* An answer of the edge itself that a dropped rule gives. */
static bool may_be_for_it(const struct judging *j)
{
    return j->answer.bad && j->answer.author != AUTHOR_APP &&
           (j->answer.status == 404 || j->answer.status == 500);
}

/* ---- the finding ---- */

static const char *falls_back(const struct partial *partial)
{
    bool back =
        partial->said && partial->cond.message && strcasestr(partial->cond.message, "fall back");
    return back ? "still served as it was before" : "not in force";
}

static const char *whose(struct judging *j, const struct partial *partial)
{
    const char *state = falls_back(partial);
    const char *why = partial->dropped ? clean(j, partial->dropped->why_not) : NULL;
    switch (partial->hit) {
    case HIT_YES:
        return why ? say(j, "the one for this request is %s: %s", state, why)
                   : say(j, "rule %d, which is for this request, is %s", j->decision->rule, state);
    case HIT_NO:
        return say(j, "a rule that is not for this request is %s", state);
    case HIT_MAY_BE:
        return say(j, "one that may be for this request is %s: %s", state, why);
    case HIT_NOT_SAID:
        break;
    }
    return say(j, "a rule is %s, and which one is not said", state);
}

static void show_rules(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->decision->candidate_count; i++) {
        const struct ew_candidate *at = &j->decision->candidates[i];
        if (at->route == route && at->invalid)
            draft_shows(j, draft, candidate_title(j, at), "%s: %s", at->invalid,
                        clean(j, at->why_not));
    }
}

static void weigh(struct judging *j, struct ew_draft *draft, const struct partial *partial)
{
    bool mine = partial->hit == HIT_YES || partial->hit == HIT_MAY_BE;
    bool open = partial->hit == HIT_MAY_BE || partial->hit == HIT_NOT_SAID;
    if (partial->hit != HIT_YES)
        draft->out.severity = EW_SEV_WARN; /* raised by an answer that it may account for */
    if (mine && !route_served_by_other(j, partial->ref->route))
        draft->marks |= EW_MARK(RULE_FOR_PATH_HERE);
    if (partial->hit == HIT_YES || (open && may_be_for_it(j)))
        tag_request(j, draft);
    if (open && j->answer.bad)
        undecided_add(j, say(j, "which rules of %s are in force", title(j, partial->ref->route)),
                      "what was dropped is not said in full", "route-partially-invalid");
}

static void say_partial(struct judging *j, const struct partial *partial)
{
    const struct ew_obj *route = partial->ref->route;
    struct ew_draft *draft = draft_about(j, "route-partially-invalid", route);
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    route_tag_parent(j, draft, partial->ref);
    weigh(j, draft, partial);
    draft_says(j, draft, "only some rules of %s are in force: %s", title(j, route),
               whose(j, partial));
    if (partial->said)
        draft_shows_cond(j, draft, say(j, "status of %s", title(j, route)), &partial->cond);
    show_rules(j, draft, route);
    draft_next(
        j, draft, "see which rules the controller has dropped, and why",
        "kubectl get %s -n %s %s -o "
        "jsonpath='{.status.parents[*].conditions[?(@.type==\"PartiallyInvalid\")].message}'",
        ew_kind_row(route->kind)->resource, route->ns, route->name);
}

/* A controller that says nothing of it, and an answer that came through: it can do more than
 * others. */
static void judge(struct judging *j, const struct ew_attachment *ref)
{
    struct ew_cond refused;
    struct partial partial = look_at(j, ref);
    bool whole = ew_attachment_reported(j->routing, ref, "Accepted", &refused) &&
                 ew_streq(refused.status, "False");
    bool through = j->live_ok || j->answer.author == AUTHOR_APP;
    if (whole || (!partial.said && (!partial.dropped || through)))
        return;
    say_partial(j, &partial);
}

void route_judge_partial(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if (j->attachments[i]->attached == EW_YES && ref_takes_part(j, j->attachments[i]))
            judge(j, j->attachments[i]);
}
