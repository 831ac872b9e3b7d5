/* Rules that would have taken the request but for one thing: the kind of their path, its slash, or
 * what they ask for beside it. */
#include "route.h"

#include "edgewalk/base/url.h"

#include <stdlib.h>
#include <string.h>

static const char *const would = "route-exact-vs-prefix route-trailing-slash";

static bool is_near(const struct ew_candidate *at)
{
    return at->attached && !at->matched && at->miss.part != EW_PART_NONE &&
           (at->miss.part != EW_PART_PATH || at->miss.near != EW_NEAR_NOT);
}

/* An answer that is no route's at all says that the objects are not what decides. */
static bool answers_as_a_miss(const struct judging *j)
{
    return !j->answer.status || !(http_answer_marks(j) & EW_MARK(NOT_A_ROUTE_MISS));
}

/* Not one that takes any host and hangs elsewhere. */
static bool is_for_host(const struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if (j->attachments[i]->route == route)
            return true;
    return false;
}

/* A route that its parents do not take has the rule: what other rules miss by is beside the point.
 */
static bool is_kept_out(const struct judging *j)
{
    for (size_t i = 0; i < j->decision->candidate_count; i++) {
        const struct ew_candidate *at = &j->decision->candidates[i];
        if (at->matched && !at->attached && is_for_host(j, at->route) &&
            !route_any_attached(j, at->route, EW_YES))
            return true;
    }
    return false;
}

const struct ew_candidate *route_nearest(const struct judging *j)
{
    const struct ew_candidate *best = NULL;
    for (size_t i = 0; i < j->decision->candidate_count; i++) {
        const struct ew_candidate *at = &j->decision->candidates[i];
        if (is_near(at) && (!best || ew_miss_order(&at->miss, &best->miss) < 0))
            best = at;
    }
    return answers_as_a_miss(j) && !is_kept_out(j) ? best : NULL;
}

/* ---- the rule that was meant, where another one took the request ---- */

static bool same_backends(const struct ew_decision *a, const struct ew_decision *b)
{
    if (a->backend_count != b->backend_count)
        return false;
    for (size_t i = 0; i < a->backend_count; i++)
        if (!ew_streq(a->backends[i].ns, b->backends[i].ns) ||
            !ew_streq(a->backends[i].name, b->backends[i].name) ||
            a->backends[i].port != b->backends[i].port)
            return false;
    return true;
}

/* Whether a request for what the rule takes would go to it, and so to another backend. */
static bool leads_elsewhere(struct judging *j, const struct ew_candidate *at)
{
    struct ew_request request = j->request;
    if (!is_near(at) || at->miss.part != EW_PART_PATH || !at->miss.would)
        return false;
    request.path = at->miss.would;
    request.method = "GET";
    const struct ew_decision *other = ew_routing_decide(j->routing, &request, route_gateway_at(j));
    return other->outcome == EW_OUT_BACKEND && route_winner(other) == at->route &&
           other->rule == at->rule && !same_backends(other, j->decision);
}

/* NULL where no rule was all but meant, or no other took the request. */
static const struct ew_candidate *fallen_from(struct judging *j)
{
    const struct ew_candidate *best = NULL;
    if (!j->decision || j->decision->outcome != EW_OUT_BACKEND || !j->answer.bad ||
        j->answer.status != 404 || j->answer.author == AUTHOR_EDGE)
        return NULL;
    for (size_t i = 0; i < j->decision->candidate_count; i++) {
        const struct ew_candidate *at = &j->decision->candidates[i];
        if (leads_elsewhere(j, at) && (!best || ew_miss_order(&at->miss, &best->miss) < 0))
            best = at;
    }
    return best;
}

/* ---- the control ---- */

/* What the nearest rule takes, where a GET can ask for it; NULL: nothing that is known. */
static const char *control_path(const struct judging *j, const struct ew_candidate *near)
{
    if (near->miss.part == EW_PART_METHOD && strcmp(near->miss.wanted, "GET") == 0 &&
        j->safe_method)
        return j->request.path;
    return near->miss.part == EW_PART_PATH ? near->miss.would : NULL;
}

static const char *control_url(struct judging *j, const char *path)
{
    struct ew_url url;
    if (ew_url_parse(ew_json_get_str(j->answer.value, "url", j->url), &url, NULL) != EW_OK)
        return NULL;
    struct ew_url copy = url;
    copy.path = (char *)path;
    char *text = ew_url_text(&copy);
    const char *kept = ew_arena_strdup(j->arena, text);
    free(text);
    ew_url_release(&url);
    return kept;
}

void near_look(struct judging *j)
{
    const struct ew_candidate *near = NULL;
    if (!j->decision || !j->answer.bad || !j->answer.status)
        return;
    near = j->decision->outcome == EW_OUT_NO_ROUTE ? route_nearest(j) : fallen_from(j);
    const char *path = near ? control_path(j, near) : NULL;
    const char *url = path ? control_url(j, path) : NULL;
    if (!url)
        return;
    j->answer.near_path = path;
    j->answer.near_control =
        need_http(j, j->answer.at->text, j->request.port, "near-control", "GET", url, would);
}

/* Whatever it says, it does not say that there is nothing. */
static bool control_answers(const struct judging *j)
{
    long status = http_status(j->answer.near_control);
    return status && status != 404 && status < 500;
}

/* ---- what is said ---- */

static struct ew_draft *near_draft(struct judging *j, const char *cause,
                                   const struct ew_candidate *near)
{
    struct ew_draft *draft = draft_about(j, cause, near->route);
    tag_host(j, draft);
    if (j->answer.bad && j->answer.at)
        draft_tag(j, draft, EW_TAG_ADDRESS, j->answer.at->text);
    return draft;
}

static void show_answers(struct judging *j, struct ew_draft *draft)
{
    const struct answer *answer = &j->answer;
    if (answer->bad && answer->status)
        draft_shows(j, draft, say(j, "answer at %s", answer->at->text), "%s %s: %d",
                    j->request.method, clean(j, j->request.path), answer->status);
    if (http_status(answer->near_control))
        draft_shows(j, draft, say(j, "answer at %s", answer->at->text), "GET %s: %ld",
                    clean(j, answer->near_path), http_status(answer->near_control));
}

static void next_matches(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    if (route->kind == EW_INGRESS)
        draft_next(j, draft, "see its paths and their types",
                   "kubectl get ingress -n %s %s -o jsonpath='{range "
                   ".spec.rules[*].http.paths[*]}{.pathType} {.path}{\"\\n\"}{end}'",
                   route->ns, route->name);
    else
        draft_next(j, draft, "see what its rules ask for",
                   "kubectl get %s -n %s %s -o jsonpath='{range "
                   ".spec.rules[*]}{.matches}{\"\\n\"}{end}'",
                   ew_kind_row(route->kind)->resource, route->ns, route->name);
}

/* ---- paths ---- */

static const char *path_says(struct judging *j, const struct ew_candidate *near)
{
    const char *rule = candidate_title(j, near), *of = clean(j, near->miss.path);
    const char *path = clean(j, j->request.path);
    switch (near->miss.near) {
    case EW_NEAR_SLASH:
        return say(j,
                   "%s takes %s alone (%s), and %s is asked for: they differ by the slash at the "
                   "end",
                   rule, of, near->miss.type, path);
    case EW_NEAR_CASE:
        return say(j, "%s takes %s, and %s is asked for: letters of the other case do not match",
                   rule, of, path);
    case EW_NEAR_STAR:
        return say(j,
                   "%s takes %s with the * as it stands (%s has no wildcards here), and %s is "
                   "asked for",
                   rule, of, near->miss.type, path);
    case EW_NEAR_BELOW:
        return say(j, "%s takes %s alone (%s), and %s, below it, is asked for", rule, of,
                   near->miss.type, path);
    default:
        return say(j, "%s takes %s and what is below it by whole elements (%s): %s is not", rule,
                   of, near->miss.type, path);
    }
}

static struct ew_draft *judge_near_path(struct judging *j, const struct ew_candidate *near,
                                        const char *then)
{
    bool slash = near->miss.near == EW_NEAR_SLASH;
    struct ew_draft *draft =
        near_draft(j, slash ? "route-trailing-slash" : "route-exact-vs-prefix", near);
    draft_says(j, draft, "%s%s", path_says(j, near), then);
    draft_shows(j, draft, candidate_title(j, near), "%s %s", near->miss.type,
                clean(j, near->miss.path));
    show_answers(j, draft);
    next_matches(j, draft, near->route);
    return draft;
}

void route_judge_fallen(struct judging *j)
{
    const struct ew_candidate *near = fallen_from(j);
    const struct ew_decision *by = j->decision;
    if (!near || !control_answers(j))
        return;
    struct ew_draft *draft = judge_near_path(
        j, near, say(j, "; rule %d of %s takes it", by->rule, title(j, route_winner(by))));
    draft->marks |= EW_MARK(NEAR_RULE_ANSWERS);
}

/* ---- all but the path ---- */

static const char *asks_for(struct judging *j, const struct ew_miss *miss)
{
    const char *what = miss->part == EW_PART_HEADER ? "header" : "query parameter";
    if (miss->part == EW_PART_PROTOCOL)
        return "as gRPC (a POST with content-type application/grpc), which this is not";
    if (miss->part == EW_PART_METHOD)
        return say(j, "with method %s, and this is %s", clean(j, miss->wanted),
                   clean(j, miss->sent));
    if (!miss->sent)
        return say(j, "with %s \"%s: %s\", which is not sent", what, clean(j, miss->name),
                   clean(j, miss->wanted));
    return say(j, "with %s \"%s: %s\", and \"%s\" is sent", what, clean(j, miss->name),
               clean(j, miss->wanted), clean(j, miss->sent));
}

/* Requests that are not what users send. */
static const char *caution(const struct judging *j, const struct ew_miss *miss)
{
    if (miss->part != EW_PART_METHOD)
        return "";
    if (strcmp(j->request.method, "HEAD") == 0)
        return "; only GET tells what users get";
    return strcmp(j->request.method, "OPTIONS") == 0
               ? "; as a preflight this keeps browsers from what curl gets"
               : "";
}

static void next_fitting(struct judging *j, struct ew_draft *draft, const struct ew_miss *miss)
{
    if (miss->part == EW_PART_PROTOCOL)
        draft_next(j, draft, "ask as a gRPC client does",
                   "edgewalk -X POST -H 'content-type: application/grpc' %s", j->url_word);
    else if (miss->part == EW_PART_METHOD)
        draft_next(j, draft, "walk with the method it asks for", "edgewalk -X %s %s",
                   shell_word(j, miss->wanted), j->url_word);
    else if (miss->part == EW_PART_HEADER)
        draft_next(j, draft, "walk with the header it asks for", "edgewalk -H %s %s",
                   shell_word(j, say(j, "%s: %s", miss->name, miss->wanted)), j->url_word);
}

static void judge_fields(struct judging *j, const struct ew_candidate *near)
{
    struct ew_draft *draft = near_draft(j, "route-header-query-method-miss", near);
    draft_says(j, draft, "%s takes %s only %s%s", candidate_title(j, near),
               clean(j, j->request.path), asks_for(j, &near->miss), caution(j, &near->miss));
    for (size_t i = 0; i < j->decision->candidate_count; i++) {
        const struct ew_candidate *at = &j->decision->candidates[i];
        if (is_near(at) && at->miss.part != EW_PART_PATH)
            draft_shows(j, draft, candidate_title(j, at), "%s", clean(j, at->miss.why));
    }
    show_answers(j, draft);
    next_matches(j, draft, near->route);
    next_fitting(j, draft, &near->miss);
}

void route_judge_nearest(struct judging *j, const struct ew_candidate *near)
{
    if (near->miss.part == EW_PART_PATH)
        judge_near_path(j, near, "");
    else
        judge_fields(j, near);
}
