/* Rules of other objects that take the same request as the rule that serves it, and lose.
 *
 * route-duplicate-match, route-ingress-duplicate: both take exactly the same requests at the same
 * listener, or in the same class at the same addresses. A warning, answer good or bad: which one
 * serves hangs on an age. Where both lead to the same backends nobody notices: information.
 *
 * route-precedence-surprise: most sites nest, a "/" of one team and an "/api" of another, a default
 * site for "*.example.com", and the narrower rule wins as it should. So a loss is a surprise only
 * where the loser asks for something that the winner does not (its path is narrower, and the
 * winner's host name goes first; it names a header, and the winner's path goes first), and it
 * is of another namespace, or the winner gives an error. A narrower winner is one only where it is
 * of another namespace, claims this very path, and its application does not know it. Beside other
 * answers that refuse (4xx) of a winner of another namespace the loser is information, and accounts
 * for nothing. */
#include "route.h"

#include <string.h>

struct contest {
    const struct ew_candidate *win, *lost;
    const struct ew_decision *instead; /* what would be, were the loser to win */
};

/* ---- the answer ---- */

/* The answer is of an edge that the objects speak of. */
static bool is_from_here(const struct judging *j)
{
    bool any = false;
    for (size_t i = 0; i < j->address_count; i++)
        any = any || j->addresses[i].published;
    return j->answer.at && (j->answer.at->published || !any);
}

/* The error comes from where the winner leads. */
static bool winner_fails(const struct judging *j)
{
    const struct answer *answer = &j->answer;
    if (!answer->bad || !is_from_here(j))
        return false;
    if (answer->author == AUTHOR_APP)
        return j->decision->outcome == EW_OUT_BACKEND;
    return answer->status >= 500 && j->decision->outcome == EW_OUT_NO_BACKEND;
}

static bool app_refuses(const struct judging *j)
{
    return winner_fails(j) && j->answer.author == AUTHOR_APP && j->answer.status >= 400 &&
           j->answer.status < 500;
}

static bool would_serve(const struct contest *contest)
{
    return contest->instead->outcome == EW_OUT_BACKEND ||
           contest->instead->outcome == EW_OUT_REDIRECT ||
           contest->instead->outcome == EW_OUT_RESPOND;
}

/* ---- words ---- */

static const char *claim(struct judging *j, const struct ew_candidate *candidate)
{
    return say(j, "%s %s", *candidate->host ? candidate->host : "any host",
               clean(j, candidate->asks));
}

static const char *leads_to(struct judging *j, const struct ew_decision *decision)
{
    const struct ew_backend *backend = decision->backends;
    if (decision->outcome == EW_OUT_REDIRECT)
        return "redirects";
    if (!decision->backend_count)
        return "leads nowhere";
    const char *name =
        say(j, "leads to %s %s/%s:%d", backend->kind, backend->ns, backend->name, backend->port);
    if (decision->backend_count > 1)
        return say(j, "%s and %zu more", name, decision->backend_count - 1);
    if (backend->why_not)
        return say(j, "%s, which cannot be used: %s", name, clean(j, backend->why_not));
    return name;
}

static void show_side(struct judging *j, struct ew_draft *draft,
                      const struct ew_candidate *candidate, const struct ew_decision *decision)
{
    const char *created = ew_json_str(ew_obj_at(candidate->route, "metadata.creationTimestamp"));
    draft_shows(j, draft, candidate_title(j, candidate), "%s, created %s: %s", claim(j, candidate),
                created ? clean(j, created) : "(not yet)", leads_to(j, decision));
}

static void show_overlap(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    EW_JSON_EACH(parent, ew_obj_at(route, "status.parents"))
    EW_JSON_EACH(cond, ew_json_get(parent, "conditions"))
    if (strstr(ew_json_get_str(cond, "reason", ""), "Overlap") ||
        strstr(ew_json_get_str(cond, "type", ""), "Overlap"))
        draft_shows(j, draft, say(j, "status of %s", title(j, route)), "%s=%s %s: %s",
                    clean(j, ew_json_get_str(cond, "type", "")),
                    clean(j, ew_json_get_str(cond, "status", "")),
                    clean(j, ew_json_get_str(cond, "reason", "")),
                    clean(j, ew_json_get_str(cond, "message", "")));
}

static void next_by_age(struct judging *j, struct ew_draft *draft, const struct ew_obj *obj,
                        const char *text)
{
    if (draft->out.step_count)
        return;
    if (obj->kind == EW_INGRESS)
        draft_next(j, draft, text,
                   "kubectl get ingress -A --sort-by=.metadata.creationTimestamp -o "
                   "'custom-columns=NS:.metadata.namespace,NAME:.metadata.name,CREATED:.metadata."
                   "creationTimestamp,HOSTS:.spec.rules[*].host,PATHS:.spec.rules[*].http.paths[*]"
                   ".path' | grep -F '%s'",
                   clean(j, j->claimed));
    else
        draft_next(j, draft, text,
                   "kubectl get %s -A --sort-by=.metadata.creationTimestamp -o "
                   "'custom-columns=NS:.metadata.namespace,NAME:.metadata.name,CREATED:.metadata."
                   "creationTimestamp,HOSTS:.spec.hostnames,PATHS:.spec.rules[*].matches[*].path."
                   "value'",
                   ew_kind_row(obj->kind)->resource);
}

/* One finding about the one that serves, for all that lose to it: as grave as the gravest, whose
 * message it has. Information accounts for nothing and so has no host; nor does a loser account for
 * the answer that would fail as well. *leads says that the message is this one's. */
static struct ew_draft *rival_draft(struct judging *j, const char *cause,
                                    const struct contest *contest, bool grave, bool *leads)
{
    struct ew_draft *draft = draft_about(j, cause, contest->win->route);
    bool first = !draft->out.evidence_count;
    *leads = first || (grave && draft->out.severity == EW_SEV_INFO);
    if (*leads)
        draft->out.severity = grave ? EW_SEV_WARN : EW_SEV_INFO;
    draft_tag(j, draft, EW_TAG_OBJECT, title(j, contest->lost->route));
    if (grave && contest->instead->outcome != EW_OUT_NO_BACKEND) {
        tag_host(j, draft);
    }
    if (grave && winner_fails(j) && would_serve(contest))
        draft->marks |= EW_MARK(RIVAL_WOULD_SERVE);
    return draft;
}

/* ---- the same match twice ---- */

static bool same_backends(const struct ew_decision *a, const struct ew_decision *b)
{
    bool same = a->backend_count == b->backend_count;
    for (size_t i = 0; same && i < a->backend_count; i++)
        same = ew_streq(a->backends[i].ns, b->backends[i].ns) &&
               ew_streq(a->backends[i].name, b->backends[i].name) &&
               ew_streq(a->backends[i].kind, b->backends[i].kind) &&
               a->backends[i].port == b->backends[i].port &&
               a->backends[i].weight == b->backends[i].weight;
    return same;
}

/* Whichever of the two wins, the same comes of it. */
static bool same_effect(const struct judging *j, const struct contest *contest)
{
    static const char *const parts[] = {"filters", "timeouts", "retry", "sessionPersistence"};
    const struct ew_decision *a = j->decision, *b = contest->instead;
    for (size_t i = 0; i < EW_COUNT(parts); i++)
        if (!ew_json_equal(ew_json_get(a->rule_json, parts[i]),
                           ew_json_get(b->rule_json, parts[i])))
            return false;
    return same_backends(a, b);
}

static const char *goes_first(const struct ew_candidate *lost)
{
    return lost->lost_by == EW_LOST_AGE    ? "the older one"
           : lost->lost_by == EW_LOST_NAME ? "of the same age, the first by namespace and name"
                                           : "the one with the longer text";
}

static const struct ew_json *leaf_for(const struct judging *j, const struct ew_obj *ingress,
                                      const char **secret)
{
    for (size_t i = 0; i < j->cert_ref_count; i++) {
        const struct cert_ref *ref = &j->cert_refs[i];
        if (ref->entry->obj != ingress)
            continue;
        *secret = ref->name;
        return ew_json_item(ew_obj_at(ref->secret, "certificate.chain"), 0);
    }
    *secret = NULL;
    return NULL;
}

static bool is_served(const struct judging *j, const struct ew_json *leaf)
{
    const char *print = ew_json_get_str(leaf, "fingerprint", NULL);
    for (size_t i = 0; print && i < j->address_count; i++) {
        const struct ew_json *shown =
            ew_json_item(ew_json_get(j->addresses[i].tls.value, "chain"), 0);
        if (j->addresses[i].in_record && ew_streq(ew_json_get_str(shown, "fingerprint", ""), print))
            return true;
    }
    return false;
}

/* Of two tls blocks for the host one is served. */
static void compare_certificates(struct judging *j, struct ew_draft *draft,
                                 const struct contest *contest)
{
    const char *mine, *its;
    const struct ew_json *win = leaf_for(j, contest->win->route, &mine);
    const struct ew_json *lost = leaf_for(j, contest->lost->route, &its);
    if (!j->tls || (!mine && !its))
        return;
    draft_shows(j, draft, title(j, contest->win->route), "tls block for the host: %s",
                mine ? mine : "none");
    draft_shows(j, draft, title(j, contest->lost->route), "tls block for the host: %s",
                its ? its : "none");
    if (win && lost && is_served(j, win) && !is_served(j, lost))
        draft->marks |= EW_MARK(RIVAL_CERTIFICATE);
}

static void judge_duplicate(struct judging *j, const struct contest *contest)
{
    const struct ew_obj *win = contest->win->route, *lost = contest->lost->route;
    bool ingress = win->kind == EW_INGRESS, harmless = same_effect(j, contest);
    bool leads;
    struct ew_draft *draft =
        rival_draft(j, ingress ? "route-ingress-duplicate" : "route-duplicate-match", contest,
                    !harmless, &leads);
    if (leads)
        draft_says(j, draft, "%s and %s both claim %s: %s, %s, serves%s", title(j, win),
                   title(j, lost), claim(j, contest->win), goes_first(contest->lost), title(j, win),
                   harmless ? ", and both lead to the same" : ", and the other gets nothing");
    show_side(j, draft, contest->win, j->decision);
    show_side(j, draft, contest->lost, contest->instead);
    show_overlap(j, draft, win);
    show_overlap(j, draft, lost);
    if (ingress)
        compare_certificates(j, draft, contest);
    next_by_age(j, draft, win, "take the match out of one of the two");
}

/* ---- another one by precedence ---- */

static bool other_owner(const struct contest *contest)
{
    return !ew_streq(contest->win->route->ns, contest->lost->route->ns);
}

static const char *path_of(struct judging *j, const struct ew_candidate *candidate)
{
    const char *at =
        say(j,
            candidate->route->kind == EW_INGRESS ? "spec.rules[%d].http.paths[%d].path"
                                                 : "spec.rules[%d].matches[%d].path.value",
            candidate->rule, candidate->match);
    const char *text = ew_json_str(ew_obj_at(candidate->route, at));
    return candidate->match >= 0 && text ? text : "/";
}

/* Exactly, or as the very prefix; "/" claims all. */
static bool claims_this_path(struct judging *j, const struct ew_candidate *candidate)
{
    const char *path = path_of(j, candidate), *asked = j->request.path;
    size_t len = strlen(path), asked_len = strlen(asked);
    len -= len && path[len - 1] == '/';
    asked_len -= asked_len && asked[asked_len - 1] == '/';
    return len && len == asked_len && strncmp(path, asked, len) == 0;
}

static bool by_path(const struct ew_candidate *lost)
{
    return lost->lost_by == EW_LOST_KIND || lost->lost_by == EW_LOST_PATH;
}

static bool is_surprise(struct judging *j, const struct contest *contest)
{
    if (contest->lost->asks_more)
        return other_owner(contest) || winner_fails(j);
    return other_owner(contest) && by_path(contest->lost) && app_refuses(j) &&
           j->answer.status == 404 && claims_this_path(j, contest->win) && would_serve(contest);
}

/* A default site that loses to the host's own is no news. */
static bool is_worth_a_word(const struct judging *j, const struct contest *contest)
{
    return app_refuses(j) && other_owner(contest) && contest->lost->lost_by != EW_LOST_HOST;
}

static void judge_precedence(struct judging *j, const struct contest *contest)
{
    const struct ew_obj *win = contest->win->route, *lost = contest->lost->route;
    bool surprise = is_surprise(j, contest);
    if (!surprise && !is_worth_a_word(j, contest))
        return;
    bool leads;
    struct ew_draft *draft = rival_draft(j, "route-precedence-surprise", contest, surprise, &leads);
    if (leads)
        draft_says(j, draft, "%s (%s) takes %s %s before %s (%s), which claims it too",
                   title(j, win), claim(j, contest->win), j->request.method,
                   clean(j, j->request.path), title(j, lost), claim(j, contest->lost));
    show_side(j, draft, contest->win, j->decision);
    show_side(j, draft, contest->lost, contest->instead);
    draft_shows(j, draft, "precedence", "%s rule %d: %s", title(j, lost), contest->lost->rule,
                clean(j, contest->lost->why_not));
    next_by_age(j, draft, win, "see which routes claim the host and its paths, and who owns them");
}

/* ---- all of them ---- */

static const struct ew_candidate *winner(const struct ew_decision *decision)
{
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (decision->candidates[i].wins)
            return &decision->candidates[i];
    return NULL;
}

static bool has_lost(const struct ew_candidate *candidate)
{
    return candidate->matched && candidate->attached && !candidate->wins &&
           candidate->lost_by > EW_LOST_CANARY;
}

/* Not merely perhaps. */
static bool is_attached(const struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if (j->attachments[i]->route == route && j->attachments[i]->attached == EW_YES)
            return true;
    return route->kind == EW_INGRESS;
}

void route_judge_rivals(struct judging *j)
{
    const struct ew_candidate *win = winner(j->decision);
    if (!win || !is_attached(j, win->route))
        return;
    for (size_t i = 0; i < j->decision->candidate_count; i++) {
        struct contest contest = {.win = win, .lost = &j->decision->candidates[i]};
        if (!has_lost(contest.lost) || contest.lost->route == win->route)
            continue;
        bool matters = contest.lost->same || contest.lost->asks_more || app_refuses(j);
        if (!matters)
            continue;
        contest.instead = ew_routing_decide_as(j->routing, &j->request, j->decision, contest.lost);
        if (contest.lost->same)
            judge_duplicate(j, &contest);
        else
            judge_precedence(j, &contest);
    }
}
