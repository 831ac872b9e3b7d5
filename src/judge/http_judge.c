#include "http.h"

#include "edgewalk/base/url.h"

#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 8 };

/* ---- marks ---- */

/* Edges that say something else than 404 where they have no route. */
static bool says_other_for_no_route(const struct answer *answer)
{
    return answer->status == 503 &&
           (answer_by_component(answer, "haproxy") || answer_by_component(answer, "openshift"));
}

uint64_t http_answer_marks(const struct judging *j)
{
    const struct answer *answer = &j->answer;
    bool traefik = answer_by_component(answer, "traefik");
    uint64_t marks = 0;
    if (answer->author == AUTHOR_EDGE)
        marks |= EW_MARK(EDGE_MADE);
    if (answer->author == AUTHOR_APP)
        marks |= EW_MARK(APP_MADE);
    if (answer->status != 404 && !says_other_for_no_route(answer))
        marks |= EW_MARK(NOT_A_ROUTE_MISS);
    if ((answer->status < 500 || answer->status > 504) && !(answer->status == 404 && traefik))
        marks |= EW_MARK(NOT_A_BACKEND_MISS);
    if (answer->status == 404 && traefik)
        marks |= EW_MARK(ROUTER_DROPPED);
    return marks;
}

static bool others_pass(const struct judging *j)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && j->addresses[i].http_test == TEST_PASS)
            return true;
    return false;
}

/* ---- candidates ---- */

struct ids {
    const char *at[CANDIDATES_MAX];
    size_t len[CANDIDATES_MAX], count;
};

/* What the inside has shown to be in order is no candidate. */
static bool is_ruled_out(const struct judging *j, const char *id, size_t len)
{
    char *text = ew_strndup(id, len);
    const struct ew_cause *cause = ew_cause_find(text);
    free(text);
    if (!cause || j->inside != INSIDE_API)
        return !cause;
    bool inside = cause->layer >= EW_LAYER_SERVICE && cause->layer <= EW_LAYER_POD;
    return inside && j->layers[cause->layer].status == EW_ST_OK && !j->layers[cause->layer].pending;
}

static void add_id(const struct judging *j, struct ids *ids, const char *id, size_t len)
{
    for (size_t i = 0; i < ids->count; i++)
        if (ids->len[i] == len && strncmp(ids->at[i], id, len) == 0)
            return;
    if (ids->count == CANDIDATES_MAX || is_ruled_out(j, id, len))
        return;
    ids->at[ids->count] = id;
    ids->len[ids->count++] = len;
}

static void add_suggested(const struct judging *j, struct ids *ids, const char *key)
{
    const char *text = ew_signature_suggests(key);
    while (*text) {
        size_t len = strcspn(text, " ");
        add_id(j, ids, text, len);
        text += len + strspn(text + len, " ");
    }
}

/* Rows that hold by their text leave those that hold by a status alone aside. */
static const char *candidates(struct judging *j)
{
    struct ids ids = {0};
    const struct answer *answer = &j->answer;
    const char *outcome = ew_json_get_str(answer->value, "outcome", "");
    struct ew_buf text;
    for (size_t i = 0; i < answer->match_count; i++)
        if (strcmp(answer->matches[i]->cause, "identity") != 0)
            add_suggested(j, &ids, answer->matches[i]->cause);
    if (strcmp(outcome, "timeout") == 0)
        add_suggested(j, &ids, "upstream-timeout");
    if (strcmp(outcome, "empty") == 0)
        add_suggested(j, &ids, "transport:empty-reply");
    if (strcmp(outcome, "reset") == 0)
        add_suggested(j, &ids, "transport:tcp-reset");
    ew_buf_init(&text, 0);
    for (size_t i = 0; i < ids.count; i++)
        ew_buf_addf(&text, "%s%.*s", i ? " " : "", (int)ids.len[i], ids.at[i]);
    const char *copy = ew_arena_strdup(j->arena, ew_buf_text(&text));
    ew_buf_release(&text);
    return copy;
}

/* ---- the answer that nothing names ---- */

static void tag_answer(struct judging *j, struct ew_draft *draft)
{
    tag_host(j, draft);
    if (j->answer.at)
        tag_edge(j, draft, j->answer.at);
    for (size_t i = 0; j->decision && i < j->decision->backend_count; i++)
        if (j->decision->backends[i].weight) /* it may be what the answer came from */
            draft_tag(j, draft, EW_TAG_BACKEND,
                      ns_name(j, j->decision->backends[i].ns, j->decision->backends[i].name));
    for (size_t i = 0; i < j->cert_ref_count; i++)
        draft_tag(j, draft, EW_TAG_CERT, ns_name(j, j->cert_refs[i].ns, j->cert_refs[i].name));
}

static void show_answer(struct judging *j, struct ew_draft *draft)
{
    const struct answer *answer = &j->answer;
    const char *server = http_header(answer->value, "server");
    const char *body = ew_json_get_str(answer->value, "body", "");
    const char *error = ew_json_get_str(answer->value, "error", NULL);
    const char *source = say(j, "%s at %s", clean(j, ew_json_get_str(answer->value, "url", j->url)),
                             answer->at->text);
    draft_shows(j, draft, source, "%s%s%s", answer->what, error ? ": " : "",
                error ? clean(j, error) : "");
    if (answer->status)
        draft_shows(j, draft, source, "server: %s; body: %s",
                    server ? clean(j, server) : "not said", *body ? clean(j, body) : "empty");
    if (answer->because)
        draft_shows(j, draft, "who answered", "%s: %s",
                    answer->author == AUTHOR_EDGE ? "the edge" : "the application",
                    answer->because);
    else if (answer->status)
        draft_shows(j, draft, "who answered", "undecided between edge and application");
    for (size_t i = 0; i < answer->match_count && i < 3; i++)
        draft_shows(j, draft, say(j, "signature %s", answer->matches[i]->id), "%s",
                    answer->matches[i]->meaning);
}

static const char *answer_says(struct judging *j)
{
    const struct answer *answer = &j->answer;
    const char *by = answer->author == AUTHOR_EDGE  ? " by the edge"
                     : answer->author == AUTHOR_APP ? " by the application"
                                                    : "";
    if (j->hops_loop)
        return say(j, "%s redirects in a circle", clean(j, j->url));
    if (j->hop_count && http_chain_bad(j))
        return say(j, "%s redirects to %s, which gives %s", clean(j, j->url),
                   clean(j, j->hops[j->hop_count - 1].url), answer->what);
    if (j->mixed && answer->at->http_test == TEST_PASS)
        return say(j, "%s answers %s at times: %zu of %zu more requests to %s failed",
                   clean(j, j->url), answer->what, answer->at->bad_samples, answer->at->samples,
                   answer->at->text);
    return say(j, "%s gives %s%s at %s, and nothing that was seen accounts for it",
               clean(j, j->url), answer->what, by, answer->at->text);
}

static void next_inside(struct judging *j, struct ew_draft *draft)
{
    const char *outcome = ew_json_get_str(j->answer.value, "outcome", "");
    if (strcmp(outcome, "timeout") == 0)
        draft_next(j, draft, "wait longer for the answer", "edgewalk -m 70 %s", j->url_word);
    if (j->inside == INSIDE_NONE && ew_json_get_bool(j->options, "no_api", false))
        draft_next(j, draft, "add the view from inside", "edgewalk %s", j->url_word);
    else if (j->inside == INSIDE_NONE)
        draft_next(j, draft, "add the view from inside: walk again with --context, one of these",
                   "kubectl config get-contexts -o name");
    else if (j->inside == INSIDE_UNKNOWN)
        draft_next(j, draft, "add the view from inside: see why the API cannot be read",
                   "kubectl cluster-info");
    draft_next(j, draft, "see the whole answer, as it is given there",
               "curl -sSik --resolve %s:%d:%s %s", j->host, j->port,
               j->answer.at ? j->answer.at->text : "ADDRESS", j->url_word);
}

static void propose(struct judging *j)
{
    struct ew_draft *draft = draft_new(j, "http-unexplained", "Answer", NULL, j->url);
    draft->marks |= http_answer_marks(j) | published_marks(j, j->answer.at, EW_LAYER_HTTP);
    if (j->answer.at->http_test == TEST_FAIL && others_pass(j))
        draft->marks |= EW_MARK(BY_DEAD_ADDRESS);
    tag_answer(j, draft);
    draft_says(j, draft, "%s", answer_says(j));
    show_answer(j, draft);
    next_inside(j, draft);
    draft->out.candidates = candidates(j);
}

/* ---- redirects to itself ---- */

/* The same https URL again and again: what ends TLS before the edge does not say so. */
static bool loops_on_itself(const struct judging *j)
{
    for (size_t i = 0; i < j->hop_count; i++)
        if (!j->hops[i].same_host)
            return false;
    const char *main = strstr(j->url, "://");
    for (size_t i = 0; i < j->hop_count; i++) {
        const char *hop = strstr(j->hops[i].url, "://");
        if (!hop || !main || strcmp(hop, main) != 0)
            return false;
    }
    return j->hops_loop;
}

static bool judge_loop(struct judging *j)
{
    if (!loops_on_itself(j))
        return false;
    struct ew_draft *draft = draft_new(j, "http-redirect-loop-proto", "Answer", NULL, j->url);
    draft->marks |= http_answer_marks(j) | published_marks(j, j->answer.at, EW_LAYER_HTTP);
    tag_answer(j, draft);
    bool by_rule = j->decision && j->decision->outcome == EW_OUT_REDIRECT && j->decision->route;
    draft_says(j, draft, "%s redirects to itself: %s", clean(j, j->url),
               by_rule ? say(j, "%s rule %d redirects, and takes the https requests too",
                             title(j, j->decision->route), j->decision->rule)
                       : "whoever redirects does not see that it is https");
    draft_shows(j, draft, say(j, "answer at %s", j->first_answer->text), "%ld to %s",
                http_status(j->first_answer->main),
                clean(j, ew_json_get_str(j->first_answer->main.value, "location", "?")));
    draft_next(j, draft, "see the chain of redirects",
               "curl -sIL --max-redirs 5 %s | grep -iE '^HTTP|^location|^server'", j->url_word);
    return true;
}

/* ---- failures before HTTP that no row names ---- */

static bool is_named(const struct judging *j, enum ew_layer layer)
{
    for (size_t i = 0; i < j->drafts.count; i++) {
        const struct ew_draft *draft = j->drafts.at[i];
        if (draft->out.cause->layer == layer && !draft->from_objects)
            return true;
    }
    return false;
}

/* An edge that passes a stream on has only one word for a backend that it cannot reach: it closes
 * the connection. */
static bool is_stream(const struct ew_obj *route)
{
    return route && (route->kind == EW_TLSROUTE || route->kind == EW_TCPROUTE);
}

/* Broken is broken: the raw state is shown under the one row that promises no cause. */
static void propose_raw(struct judging *j, enum ew_layer layer)
{
    const struct layer_draft *at = &j->layers[layer];
    if (at->status != EW_ST_FAIL || at->pending || is_named(j, layer))
        return;
    struct ew_draft *draft = draft_new(j, "http-unexplained", "Answer", NULL, j->url);
    if (!j->decision || !is_stream(j->decision->route))
        draft->marks |= EW_MARK(NOT_A_ROUTE_MISS) | EW_MARK(NOT_A_BACKEND_MISS);
    tag_answer(j, draft);
    draft_says(j, draft, "%s gives no good answer: %s fails (%s)", clean(j, j->url),
               ew_layer_row(layer)->title, at->summary);
    draft_shows(j, draft, ew_layer_row(layer)->title, "%s", at->summary);
    next_inside(j, draft);
}

void http_judge(struct judging *j)
{
    if (!j->outside)
        return;
    bool looped = j->answer.bad && judge_loop(j);
    if (j->answer.bad && !looped && !j->layers[EW_LAYER_HTTP].pending)
        propose(j);
    propose_raw(j, EW_LAYER_DNS);
    propose_raw(j, EW_LAYER_LB);
    propose_raw(j, EW_LAYER_TLS);
}
