/* Canaries that get nothing: those of ingress-nginx by what src/route makes of their annotations,
 * and rules that ask for a header which the user all but sends. */
#include "route.h"

#include <ctype.h>
#include <string.h>

#define NGINX "nginx.ingress.kubernetes.io/"

/* own: not that another rule goes before it. */
static struct ew_draft *canary_draft(struct judging *j, const struct ew_candidate *at, bool own,
                                     const char *says)
{
    struct ew_draft *draft = draft_about(j, "route-canary-gets-none", at->route);
    tag_host(j, draft);
    draft_says(j, draft, "%s", says);
    draft->marks |= own ? EW_MARK(CANARY_OWN_FAULT) : 0;
    return draft;
}

/* ---- texts that are meant to be the same ---- */

static size_t plain(const char *text, char *out, size_t size)
{
    size_t len = 0;
    for (; *text && len + 1 < size; text++)
        if (!strchr(" \t\"'", *text))
            out[len++] = *text == '_' ? '-' : (char)tolower((unsigned char)*text);
    out[len] = '\0';
    return len;
}

/* One letter too many, too few or another, or two that changed places. A digit is a number of its
 * own. */
static bool one_letter_apart(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t from = 0, tail = 0, shorter = a_len < b_len ? a_len : b_len;
    while (from < shorter && a[from] == b[from])
        from++;
    while (tail < shorter - from && a[a_len - 1 - tail] == b[b_len - 1 - tail])
        tail++;
    size_t left = a_len - from - tail, right = b_len - from - tail;
    for (size_t i = 0; i < left; i++)
        if (!isalpha((unsigned char)a[from + i]))
            return false;
    for (size_t i = 0; i < right; i++)
        if (!isalpha((unsigned char)b[from + i]))
            return false;
    if (left == 2 && right == 2)
        return a[from] == b[from + 1] && a[from + 1] == b[from];
    return shorter >= 4 && left <= 1 && right <= 1;
}

/* Not the same, and alike but for case, quotes, blanks, _ for -, or one letter. */
static bool are_alike(const char *a, const char *b)
{
    enum { LONGEST = 128 };
    char left[LONGEST], right[LONGEST];
    if (!a || !b || strcmp(a, b) == 0)
        return false;
    size_t a_len = plain(a, left, sizeof(left)), b_len = plain(b, right, sizeof(right));
    if (!a_len || !b_len)
        return false;
    return strcmp(left, right) == 0 || one_letter_apart(left, a_len, right, b_len);
}

/* The header of the request that seems to be meant by this one; NULL: none. */
static const char *const *meant_header(const struct judging *j, const struct ew_miss *miss)
{
    for (const char *const *at = j->request.headers; at && at[0]; at += 2) {
        if (!at[1])
            continue;
        if (ew_text_ieq(at[0], miss->name)
                ? are_alike(at[1], miss->wanted)
                : are_alike(at[0], miss->name) &&
                      (strcmp(at[1], miss->wanted) == 0 || are_alike(at[1], miss->wanted)))
            return at;
    }
    return NULL;
}

static const char *sent_and_wanted(struct judging *j, const char *const *sent,
                                   const struct ew_miss *miss)
{
    return say(j, "\"%s: %s\" is sent, and \"%s: %s\" is asked for", clean(j, sent[0]),
               clean(j, sent[1]), clean(j, miss->name), clean(j, miss->wanted));
}

static void next_header(struct judging *j, struct ew_draft *draft, const struct ew_miss *miss)
{
    draft_next(j, draft, "send what is asked for", "curl -sS -i -H %s %s",
               shell_word(j, say(j, "%s: %s", miss->name, miss->wanted)), j->url_word);
}

/* ---- ingress-nginx ---- */

/* A canary picked by "always" is picked by nothing else; one by a value, by that alone, and other
 * values may be meant for others. */
static bool sent_in_vain(const struct judging *j, const struct ew_candidate *at)
{
    const char *value = ew_obj_annotation(at->route, NGINX "canary-by-header-value");
    const char *pattern = ew_obj_annotation(at->route, NGINX "canary-by-header-pattern");
    if (at->miss.part != EW_PART_HEADER)
        return false;
    return meant_header(j, &at->miss) || (at->miss.sent && !value && !pattern);
}

static bool gets_none(const struct judging *j, const struct ew_candidate *at)
{
    switch (at->canary) {
    case EW_CANARY_NONE:
        return false;
    case EW_CANARY_TAKES:
    case EW_CANARY_NOT_ASKED:
        return sent_in_vain(j, at);
    default:
        return true;
    }
}

static void judge_annotated(struct judging *j, const struct ew_candidate *at)
{
    static const char *const terms[] = {NGINX "canary-weight", NGINX "canary-by-header",
                                        NGINX "canary-by-header-value",
                                        NGINX "canary-by-header-pattern", NGINX "canary-by-cookie"};
    if (!at->attached || !gets_none(j, at))
        return;
    bool this_one = at->canary == EW_CANARY_TAKES || at->canary == EW_CANARY_NOT_ASKED;
    struct ew_draft *draft = canary_draft(
        j, at, true,
        say(j, "%s %s: %s", title(j, at->route),
            this_one ? "does not get the request" : "gets no request", clean(j, at->why_not)));
    if (at->canary == EW_CANARY_ZERO)
        draft->out.severity = EW_SEV_INFO;
    for (size_t i = 0; i < EW_COUNT(terms); i++)
        if (ew_obj_annotation(at->route, terms[i]))
            draft_shows(j, draft, title(j, at->route), "%s: %s", terms[i],
                        clean(j, ew_obj_annotation(at->route, terms[i])));
    draft_shows(j, draft, candidate_title(j, at), "%s", clean(j, at->why_not));
    draft_next(j, draft, "compare it with the Ingress that it should join",
               "kubectl get ingress -A -o wide | grep -F %s; kubectl get ingress -n %s %s -o "
               "yaml",
               shell_word(j, j->claimed), at->route->ns, at->route->name);
    if (at->miss.part == EW_PART_HEADER && meant_header(j, &at->miss))
        draft_shows(j, draft, "the request", "%s",
                    sent_and_wanted(j, meant_header(j, &at->miss), &at->miss));
    if (at->miss.part == EW_PART_HEADER)
        next_header(j, draft, &at->miss);
}

/* ---- rules by header ---- */

/* Whether the rule would serve, were the header sent as it asks for. */
static bool would_win(struct judging *j, const struct ew_candidate *at, const char *const *sent)
{
    size_t count = 0;
    while (j->request.headers[count])
        count += 2;
    const char **list = ew_arena_alloc(j->arena, (count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i += 2) {
        bool meant = &j->request.headers[i] == sent;
        list[i] = meant ? at->miss.name : j->request.headers[i];
        list[i + 1] = meant ? at->miss.wanted : j->request.headers[i + 1];
    }
    struct ew_request request = j->request;
    request.headers = list;
    const struct ew_decision *other = ew_routing_decide(j->routing, &request, route_gateway_at(j));
    return route_winner(other) == at->route && other->rule == at->rule;
}

static void judge_misspelt(struct judging *j, const struct ew_candidate *at)
{
    const char *const *sent = at->attached && !at->matched && at->miss.part == EW_PART_HEADER
                                  ? meant_header(j, &at->miss)
                                  : NULL;
    if (!sent || !would_win(j, at, sent))
        return;
    struct ew_draft *draft =
        canary_draft(j, at, true,
                     say(j, "rule %d of %s does not get the request: %s", at->rule,
                         title(j, at->route), sent_and_wanted(j, sent, &at->miss)));
    draft_shows(j, draft, candidate_title(j, at), "%s", clean(j, at->miss.why));
    next_header(j, draft, &at->miss);
}

/* The headers that its rule asks for are sent, and it does not serve: its route is not attached, or
 * another route goes first though it asks for none. */
static void judge_passed_over(struct judging *j, const struct ew_candidate *at,
                              const struct ew_candidate *winner)
{
    if (!at->matched || !at->headers || at->route == winner->route || winner->headers)
        return;
    struct ew_draft *draft = canary_draft(
        j, at, !at->attached,
        say(j, "rule %d of %s has the headers that are sent, and does not get the request: %s",
            at->rule, title(j, at->route), clean(j, at->why_not)));
    if (!at->attached)
        draft->marks |= EW_MARK(CANARY_REFUSED);
    draft_shows(j, draft, candidate_title(j, at), "%s", clean(j, at->why_not));
    draft_next(j, draft, "ask which rule serves, and why the others do not", "edgewalk route %s",
               j->url_word);
}

static const struct ew_candidate *winner_of(const struct ew_decision *decision)
{
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (decision->candidates[i].wins)
            return &decision->candidates[i];
    return NULL;
}

void route_judge_canaries(struct judging *j)
{
    const struct ew_decision *decision = j->decision;
    const struct ew_candidate *winner = decision ? winner_of(decision) : NULL;
    for (size_t i = 0; decision && i < decision->candidate_count; i++) {
        const struct ew_candidate *at = &decision->candidates[i];
        if (at->route->kind == EW_INGRESS && !decision->route)
            judge_annotated(j, at);
        if (at->route->kind == EW_INGRESS || !winner || at == winner)
            continue;
        if (!winner->headers)
            judge_misspelt(j, at);
        judge_passed_over(j, at, winner);
    }
}
