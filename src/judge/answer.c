#include "route.h"

#include "edgewalk/base/url.h"

#include <stdlib.h>
#include <string.h>

static const char *const would = "app-404 app-5xx route-none-for-host";

/* ---- which answer the layer speaks of ---- */

static void take(struct judging *j, const struct address *at, struct got got, bool bad)
{
    const char *outcome = outcome_of(got);
    struct answer *answer = &j->answer;
    answer->at = at;
    answer->value = got.value;
    answer->status = (int)http_status(got);
    answer->bad = bad;
    bool broken = ew_json_get_str(got.value, "error", NULL);
    answer->what = answer->status
                       ? say(j, "%s%s", http_status_text(j, got), broken ? ", broken off" : "")
                   : strcmp(outcome, "timeout") == 0
                       ? say(j, "no answer after %.1f s",
                             ew_json_num(ew_json_at(got.value, "times.total_ms"), 0) / 1000)
                       : say(j, "no answer (%s)", outcome);
}

static const struct address *first_with(const struct judging *j, enum test test)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && j->addresses[i].http_test == test)
            return &j->addresses[i];
    return NULL;
}

static const struct address *with_bad_sample(const struct judging *j)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && is_known(j->addresses[i].bad_sample))
            return &j->addresses[i];
    return NULL;
}

void answer_choose(struct judging *j)
{
    const struct address *bad = first_with(j, TEST_FAIL), *good = first_with(j, TEST_PASS);
    const struct address *sampled = with_bad_sample(j);
    if (bad)
        take(j, bad, bad->main, true);
    else if (sampled)
        take(j, sampled, sampled->bad_sample, true);
    else if (http_chain_bad(j))
        take(j, j->first_answer,
             j->hop_count ? j->hops[j->hop_count - 1].answer : j->first_answer->main, true);
    else if (good)
        take(j, good, good->main, false);
}

/* ---- the two controls ---- */

/* "edgewalk-NONCE.PARENT": a sibling of the host. A child of it where the parent would be a suffix
 * that belongs to nobody. */
static const char *sibling(struct judging *j)
{
    const char *nonce = ew_json_get_str(j->options, "nonce", "0");
    const char *dot = strchr(j->host, '.');
    const char *parent = dot && strchr(dot + 1, '.') ? dot + 1 : j->host;
    return j->literal ? say(j, "edgewalk-%s.invalid", nonce)
                      : say(j, "edgewalk-%s.%s", nonce, parent);
}

static const char *url_text(struct judging *j, struct ew_url *url, const char *host,
                            const char *path)
{
    struct ew_url copy = *url;
    copy.host = (char *)host;
    copy.path = (char *)path;
    copy.query = (char *)"";
    copy.family = ew_ip_family(host);
    char *text = ew_url_text(&copy);
    const char *kept = ew_arena_strdup(j->arena, text);
    free(text);
    return kept;
}

/* Only an error that was answered has an author to ask for. */
static void ask_controls(struct judging *j)
{
    struct answer *answer = &j->answer;
    struct ew_url url;
    if (!answer->bad || !answer->status ||
        ew_url_parse(ew_json_get_str(answer->value, "url", j->url), &url, NULL) != EW_OK)
        return;
    const char *path = say(j, "/edgewalk-%s", ew_json_get_str(j->options, "nonce", "0"));
    answer->path_control = need_http(j, answer->at->text, url.port, "path-control", "GET",
                                     url_text(j, &url, url.host, path), would);
    answer->host_control = need_http(j, answer->at->text, url.port, "host-control", "GET",
                                     url_text(j, &url, sibling(j), url.path), would);
    ew_url_release(&url);
}

/* ---- signatures ---- */

static bool is_specific(const struct ew_signature *row)
{
    return row->body_exact || row->body_contains || row->body_regex || row->headers[0].name;
}

static const char *transport_of(const char *outcome)
{
    static const char *const words[][2] = {
        {"empty", "empty-reply"}, {"reset", "tcp-reset"}, {"http09", "http09"}};
    for (size_t i = 0; i < EW_COUNT(words); i++)
        if (strcmp(outcome, words[i][0]) == 0)
            return words[i][1];
    return NULL;
}

static void match_signatures(struct judging *j)
{
    struct answer *answer = &j->answer;
    const char *outcome = ew_json_get_str(answer->value, "outcome", "");
    struct ew_sighting seen = {
        .answer = answer->status ? answer->value : NULL,
        .transport = transport_of(outcome),
        .leaf = ew_json_item(ew_json_get(answer->at->tls.value, "chain"), 0),
    };
    answer->match_count = ew_signatures_match(&seen, answer->matches);
}

static const struct ew_signature *best_of(const struct answer *answer)
{
    for (size_t i = 0; i < answer->match_count; i++)
        if (is_specific(answer->matches[i]) && strcmp(answer->matches[i]->cause, "identity") != 0)
            return answer->matches[i];
    return NULL;
}

bool answer_by_component(const struct answer *answer, const char *component)
{
    for (size_t i = 0; i < answer->match_count; i++)
        if (is_specific(answer->matches[i]) && strstr(answer->matches[i]->component, component))
            return true;
    return false;
}

static bool edge_says(const struct ew_signature *row)
{
    return row && row->confidence == EW_CERTAIN && strcmp(row->cause, "app") != 0 &&
           strcmp(row->layer, "app") != 0;
}

const char *http_app_mark(const struct ew_json *value)
{
    static const char *const marks[] = {"x-powered-by",
                                        "x-envoy-upstream-service-time",
                                        "x-kong-upstream-latency",
                                        "x-apisix-upstream-status",
                                        "x-aspnet-version",
                                        "x-runtime"};
    EW_JSON_EACH(pair, ew_json_get(value, "headers"))
    for (size_t i = 0; i < EW_COUNT(marks); i++)
        if (ew_text_ieq(ew_json_str(ew_json_item(pair, 0)), marks[i]))
            return marks[i];
    return NULL;
}

/* ---- who answered ---- */

static void by(struct judging *j, enum author author, const char *because)
{
    j->answer.author = author;
    j->answer.because = because;
}

/* The control is no gRPC request: an edge says to it in HTTP what it said in a grpc-status, and
 * what an application has to say stands in its grpc-message. */
static bool same_page(const struct answer *a, struct got b)
{
    return is_known(b) && a->status && a->status == http_status(b) &&
           ew_streq(http_header(a->value, "grpc-message"), http_header(b.value, "grpc-message")) &&
           ew_streq(ew_json_get_str(a->value, "body_hash", ""),
                    ew_json_get_str(b.value, "body_hash", ""));
}

/* A random host that a route serves all the same tells nothing about the edge. */
static bool host_control_void(struct judging *j)
{
    struct ew_request request = j->request;
    if (!j->routing)
        return false;
    request.host = sibling(j);
    request.sni = j->request.sni ? request.host : NULL;
    const struct ew_decision *decision =
        ew_routing_decide(j->routing, &request, route_gateway_at(j));
    return decision && decision->outcome != EW_OUT_NO_ROUTE &&
           decision->outcome != EW_OUT_NO_LISTENER && decision->outcome != EW_OUT_UNKNOWN &&
           decision->outcome != EW_OUT_REJECTED && decision->outcome != EW_OUT_MISDIRECTED;
}

static enum ew_outcome outcome(const struct judging *j)
{
    return j->decision ? j->decision->outcome : EW_OUT_UNKNOWN;
}

/* Nothing behind this cluster's edge could have said it. */
static bool no_route_leads_on(const struct judging *j)
{
    return outcome(j) == EW_OUT_NO_ROUTE ||
           (outcome(j) == EW_OUT_NO_LISTENER && j->decision->status == 404 &&
            j->answer.at->of_cluster);
}

/* A TLSRoute or TCPRoute serves: what the stream holds is between client and backend. */
static bool decided_by_stream(const struct judging *j)
{
    const struct ew_obj *route = j->decision ? j->decision->route : NULL;
    return route && (route->kind == EW_TLSROUTE || route->kind == EW_TCPROUTE) &&
           outcome(j) == EW_OUT_BACKEND;
}

/* Over a stream the edge has no say in HTTP: it takes no part, or closes the connection. */
static void name_by_objects(struct judging *j)
{
    if (decided_by_stream(j) && j->answer.status)
        by(j, AUTHOR_APP, "the edge passes the stream through, and HTTP begins behind it");
    else if (outcome(j) == EW_OUT_NO_BACKEND && j->answer.status >= 500)
        by(j, AUTHOR_EDGE, "the objects leave it no usable backend");
    else if (no_route_leads_on(j) && j->answer.status == 404 && !http_app_mark(j->answer.value))
        by(j, AUTHOR_EDGE, "the objects have no route for the request");
}

static void name_by_controls(struct judging *j)
{
    const struct answer *answer = &j->answer;
    bool answered =
        is_known(answer->host_control) && strcmp(outcome_of(answer->host_control), "answer") == 0;
    if (!answered || host_control_void(j))
        return;
    if (same_page(answer, answer->host_control)) {
        if (!http_app_mark(answer->value))
            by(j, AUTHOR_EDGE, "a random host at the same address gets the same answer");
    } else if (answer->status == 404 && outcome(j) == EW_OUT_BACKEND) {
        by(j, AUTHOR_APP, "a random host at the same address gets another answer");
    }
}

/* Where a random host is served too, or gets no answer, no control tells the edge's own 404. It is
 * known by its text, then: no edge that is known says this, and the rule leads on. */
static void name_by_text(struct judging *j)
{
    const struct answer *answer = &j->answer;
    if (is_known(answer->host_control) && answer->status == 404 && answer->at->of_cluster &&
        outcome(j) == EW_OUT_BACKEND && !route_is_refused(j, j->decision->route) &&
        !best_of(answer) && ew_json_get_int(answer->value, "body_bytes", 0) > 0)
        by(j, AUTHOR_APP, "it is the text of no edge, and the rule leads to usable backends");
}

static void name_author(struct judging *j)
{
    const char *mark = http_app_mark(j->answer.value);
    name_by_objects(j);
    if (j->answer.author == AUTHOR_UNDECIDED)
        name_by_controls(j);
    if (j->answer.author == AUTHOR_UNDECIDED && mark && outcome(j) == EW_OUT_BACKEND)
        by(j, AUTHOR_APP, say(j, "it carries %s and the rule leads to usable backends", mark));
    if (j->answer.author == AUTHOR_UNDECIDED && !mark && edge_says(best_of(&j->answer)))
        by(j, AUTHOR_EDGE, say(j, "it is the text of %s", best_of(&j->answer)->component));
    if (j->answer.author == AUTHOR_UNDECIDED)
        name_by_text(j);
}

static const char *author_text(const struct answer *answer)
{
    return answer->author == AUTHOR_EDGE  ? ", by edge"
           : answer->author == AUTHOR_APP ? ", by app"
                                          : "";
}

static void show_author(struct judging *j)
{
    const struct answer *answer = &j->answer;
    struct ew_json *facts = layer_facts(j, EW_LAYER_HTTP);
    struct ew_json *list = layer_list(j, EW_LAYER_HTTP, "signatures");
    ew_json_set_str(j->doc, facts, "answered_by",
                    answer->author == AUTHOR_EDGE  ? "edge"
                    : answer->author == AUTHOR_APP ? "application"
                                                   : "undecided");
    ew_json_set_str(j->doc, facts, "answered_by_evidence", answer->because);
    for (size_t i = 0; i < answer->match_count; i++)
        ew_json_add(j->doc, list, ew_json_string(j->doc, answer->matches[i]->id));
}

void answer_look(struct judging *j)
{
    if (!j->answer.at)
        return;
    ask_controls(j);
    if (!j->answer.bad)
        return;
    match_signatures(j);
    name_author(j);
    show_author(j);
    layer_is(j, EW_LAYER_HTTP, EW_ST_FAIL, "%s%s", j->answer.what, author_text(&j->answer));
}
