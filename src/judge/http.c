#include "http.h"

#include "edgewalk/base/url.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLES_ONE = 2, SAMPLES_MANY = 1, MANY_ADDRESSES = 3 };

static const char *const would = "http-unexplained app-404 route-none-for-host";

static bool is_expected(const struct judging *j, long status)
{
    EW_JSON_EACH(range, ew_json_get(j->options, "expect"))
    if (status >= ew_json_int(ew_json_item(range, 0), 0) &&
        status <= ew_json_int(ew_json_item(range, 1), -1))
        return true;
    return false;
}

const char *http_header(const struct ew_json *answer, const char *name)
{
    EW_JSON_EACH(pair, ew_json_get(answer, "headers"))
    if (ew_text_ieq(ew_json_str(ew_json_item(pair, 0)), name))
        return ew_json_str(ew_json_item(pair, 1));
    return NULL;
}

/* What edges and applications turn into a grpc-status, by the mapping of gRPC over HTTP/2
 * (doc/http-grpc-status-mapping.md). The others are a method's own answer. */
static const struct {
    long code, status;
    const char *name;
} grpc_statuses[] = {
    {4, 504, "DEADLINE_EXCEEDED"}, {7, 403, "PERMISSION_DENIED"}, {8, 429, "RESOURCE_EXHAUSTED"},
    {12, 404, "UNIMPLEMENTED"},    {14, 503, "UNAVAILABLE"},      {16, 401, "UNAUTHENTICATED"},
};

/* -1: the answer is none of gRPC, or carries its status behind the body. */
static long grpc_status(const struct ew_json *answer)
{
    const char *type = http_header(answer, "content-type");
    const char *text = http_header(answer, "grpc-status");
    long code;
    bool grpc = type && ew_text_prefix(type, "application/grpc");
    return grpc && text && ew_text_number(text, 0, 16, &code) ? code : -1;
}

long http_status(struct got got)
{
    if (strcmp(outcome_of(got), "answer") != 0)
        return 0;
    long code = grpc_status(got.value);
    for (size_t i = 0; i < EW_COUNT(grpc_statuses); i++)
        if (grpc_statuses[i].code == code)
            return grpc_statuses[i].status;
    return ew_json_get_int(got.value, "status", 0);
}

const char *http_status_text(struct judging *j, struct got got)
{
    long code = grpc_status(got.value);
    for (size_t i = 0; i < EW_COUNT(grpc_statuses); i++)
        if (grpc_statuses[i].code == code)
            return say(j, "gRPC status %ld %s", code, grpc_statuses[i].name);
    return say(j, "%ld", http_status(got));
}

/* A status that is expected, of an answer that came whole. */
static bool is_good(const struct judging *j, struct got got)
{
    return is_expected(j, http_status(got)) && !ew_json_get_str(got.value, "error", NULL);
}

bool http_is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* ---- the request as typed, at each address ---- */

/* A handshake or connection that fails is named by its own layer. */
static enum test test_of(const struct judging *j, const struct address *at)
{
    const char *outcome = outcome_of(at->main);
    if (at->main.state == EW_PENDING)
        return TEST_PENDING;
    if (at->tcp_test == TEST_FAIL)
        return TEST_NONE;
    if (!is_known(at->main) || strcmp(outcome, "aborted") == 0)
        return TEST_UNKNOWN;
    if (at->tls_test == TEST_FAIL && strcmp(outcome, "answer") != 0)
        return TEST_NONE;
    return is_good(j, at->main) ? TEST_PASS : TEST_FAIL;
}

static void show(struct judging *j, const char *list, const char *address, struct got got)
{
    struct ew_json *rows = layer_list(j, EW_LAYER_HTTP, list);
    if (is_known(got)) {
        ew_json_add(j->doc, rows, ew_json_copy(j->doc, got.value));
        return;
    }
    struct ew_json *row = ew_json_add(j->doc, rows, ew_json_object(j->doc));
    ew_json_set_str(j->doc, row, "address", address);
    ew_json_set_str(j->doc, row, "outcome", got.reason);
}

/* A request that may change something goes out once. */
static void ask_main(struct judging *j)
{
    bool sent = false;
    for (size_t i = 0; i < j->address_count; i++) {
        struct address *at = &j->addresses[i];
        at->main = (struct got){EW_UNKNOWN, "budget", NULL};
        if (at->tcp_test == TEST_FAIL) /* and what was asked already is not waited for */
            at->main = (struct got){EW_UNKNOWN, "no connection", NULL};
        else if (j->safe_method || (!sent && at->in_record))
            at->main = need_http(j, at->text, j->port, "main", j->method, j->url, would);
        sent = sent || at->in_record;
        at->http_test = test_of(j, at);
        if (at->main.state != EW_PENDING)
            show(j, "answers", at->text, at->main);
    }
}

/* ---- samples: one good answer is not health ---- */

static void ask_samples(struct judging *j, struct address *at, size_t samples)
{
    bool first = is_good(j, at->main);
    for (size_t i = 1; i <= samples; i++) {
        const char *what = say(j, "sample-%zu", i);
        struct got got = need_http(j, at->text, j->port, what, j->method, j->url, would);
        if (!is_known(got))
            continue;
        show(j, "samples", at->text, got);
        at->samples++;
        bool good = is_good(j, got);
        at->bad_samples += !good;
        if (good != first)
            j->mixed = true;
        if (!good && !is_known(at->bad_sample))
            at->bad_sample = got;
    }
}

static void ask_all_samples(struct judging *j)
{
    size_t samples = record_count(j) >= MANY_ADDRESSES ? SAMPLES_MANY : SAMPLES_ONE;
    for (size_t i = 0; j->safe_method && i < j->address_count; i++)
        if (j->addresses[i].in_record && http_status(j->addresses[i].main))
            ask_samples(j, &j->addresses[i], samples);
}

/* ---- redirects, followed by our own hand ---- */

/* Where another host leads: the first address of its first answer. */
static const char *resolve_hop(struct judging *j, const char *host)
{
    static const char *const types[] = {"A", "AAAA"};
    const char *resolver = ew_json_str(ew_json_at(j->options, "resolvers[0].address"));
    if (ew_ip_family(host))
        return host;
    for (size_t i = 0; resolver && i < EW_COUNT(types); i++) {
        struct got got = need_dns(j, EW_LAYER_HTTP, resolver, host, types[i], "");
        if (got.state == EW_PENDING)
            return NULL;
        EW_JSON_EACH(row, ew_json_get(got.value, "answers"))
        if (ew_ip_family(ew_json_get_str(row, "data", "")))
            return ew_json_get_str(row, "data", "");
    }
    return NULL;
}

static bool seen_before(const struct judging *j, const char *url)
{
    if (strcmp(url, j->url) == 0)
        return true;
    for (size_t i = 0; i < j->hop_count; i++)
        if (strcmp(j->hops[i].url, url) == 0)
            return true;
    return false;
}

/* One hop; false where the chain ends or has to wait. */
static bool follow(struct judging *j, const char *location, const char *from_address)
{
    struct ew_url url;
    char *text;
    if (!location || j->hop_count == HOPS_MAX || ew_url_parse(location, &url, NULL) != EW_OK)
        return false;
    text = ew_url_text(&url);
    struct hop hop = {.url = ew_arena_strdup(j->arena, text), .port = url.port};
    free(text);
    hop.same_host = strcmp(url.host, j->host) == 0;
    hop.address = hop.same_host ? from_address : resolve_hop(j, url.host);
    hop.address = ew_arena_strdup(j->arena, hop.address);
    ew_url_release(&url);
    if (seen_before(j, hop.url)) {
        j->hops_loop = true;
        return false;
    }
    if (!hop.address)
        return false;
    hop.answer = need_http(j, hop.address, hop.port, say(j, "hop-%zu", j->hop_count + 1), j->method,
                           hop.url, would);
    if (hop.answer.state == EW_PENDING)
        return false;
    show(j, "hops", hop.address, hop.answer);
    j->hops[j->hop_count++] = hop;
    return true;
}

static void follow_all(struct judging *j)
{
    const struct address *at = NULL;
    for (size_t i = 0; i < j->address_count && !at; i++)
        if (j->addresses[i].in_record && http_status(j->addresses[i].main))
            at = &j->addresses[i];
    if (!at || !j->safe_method || !http_is_redirect(http_status(at->main)))
        return;
    j->first_answer = at;
    struct got last = at->main;
    const char *address = at->text;
    while (http_is_redirect(http_status(last)) &&
           follow(j, ew_json_get_str(last.value, "location", NULL), address)) {
        last = j->hops[j->hop_count - 1].answer;
        if (j->hops[j->hop_count - 1].same_host)
            address = j->hops[j->hop_count - 1].address;
    }
}

/* A loop, or an end that is not as expected; a first answer that the user asked for is good. What
 * could not be followed is not judged. */
bool http_chain_bad(const struct judging *j)
{
    if (j->hops_loop || j->hop_count == HOPS_MAX)
        return true;
    if (!j->hop_count)
        return false;
    const struct hop *last = &j->hops[j->hop_count - 1];
    return is_known(last->answer) && !is_expected(j, http_status(last->answer)) &&
           !(http_status(last->answer) >= 200 && http_status(last->answer) < 400);
}

/* ---- what is said of the layer ---- */

static void settle(struct judging *j)
{
    const struct address *bad = NULL, *good = NULL, *unsure = NULL;
    bool open = false;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record)
            continue;
        bad = bad || at->http_test != TEST_FAIL ? bad : at;
        good = good || at->http_test != TEST_PASS ? good : at;
        unsure = unsure || at->http_test != TEST_UNKNOWN ? unsure : at;
        open = open || at->http_test == TEST_PENDING;
    }
    if (bad || j->mixed || http_chain_bad(j))
        layer_is(j, EW_LAYER_HTTP, EW_ST_FAIL, "no good answer");
    else if (good)
        layer_is(j, EW_LAYER_HTTP, EW_ST_OK, "%s%s%s", http_status_text(j, good->main),
                 good->tls_test == TEST_FAIL ? ", not verified" : "",
                 j->hop_count ? say(j, ", then %ld", http_status(j->hops[j->hop_count - 1].answer))
                              : "");
    else if (unsure)
        layer_is(j, EW_LAYER_HTTP, EW_ST_UNKNOWN, "not asked: %s",
                 unsure->main.reason ? unsure->main.reason : "unknown");
    else
        layer_is(j, EW_LAYER_HTTP, EW_ST_NOT_REACHED, "no connection%s",
                 record_count(j) ? "" : " by name");
    if (!bad && !good && (open || !j->dns_done || j->layers[EW_LAYER_LB].pending))
        j->layers[EW_LAYER_HTTP].pending = true;
}

void http_look(struct judging *j)
{
    if (!j->outside) {
        layer_is(j, EW_LAYER_HTTP, EW_ST_SKIPPED, "--no-probe");
        return;
    }
    ask_main(j);
    ask_all_samples(j);
    follow_all(j);
    settle(j);
}
