#include "setup.h"

#include "edgewalk/fact/keys.h"

#include "edgewalk/base/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEADLINE_MS = 20000, CONNECT_MS = 3000, DNS_MS = 3000, TLS_MS = 5000 };

/* A want under way. The texts are copies: the verdict that asked is replaced by the next one. */
struct errand {
    struct ew_walk *walk;
    enum ew_want_kind kind;
    char *key, *address, *what, *url, *method;
    int port;
    bool done;
};

struct ew_walk {
    struct ew_loop *loop;
    struct ew_walk_options options;
    struct ew_snapshot *snapshot; /* grows; judges see clones */
    struct ew_verdict *verdict;
    struct ew_prober *prober;
    struct ew_cluster *cluster;
    struct ew_map *errands; /* by key */
    size_t open;
    char *host;
    char *claimed; /* the Host header's, where it is another one; NULL */
    double started;
    struct ew_timer *judge_timer, *deadline;
    bool unsafe_sent; /* the one request of a method that may change things is out */
    bool finished;
    ew_walk_fn *on_change, *on_done;
    void *ctx;
};

static void judge_soon(struct ew_walk *walk);

/* ---- what comes in ---- */

static void put(struct ew_walk *walk, const char *key, enum ew_state state, const char *reason)
{
    ew_snapshot_put(walk->snapshot, ew_fact_new(key, state, reason, NULL, ew_now_ms(), -1, NULL));
}

static void settle_errand(struct errand *errand)
{
    errand->done = true;
    errand->walk->open--;
}

static bool is_dead(enum ew_want_kind kind, const struct ew_json *value)
{
    const char *outcome = ew_json_get_str(value, "outcome", "open");
    if (kind == EW_WANT_TCP)
        return strcmp(outcome, "open") != 0;
    return kind == EW_WANT_TLS && strcmp(outcome, "timeout") == 0;
}

/* An address that takes no connection, or stays silent to a handshake, has nothing more to say:
 * what is still tried there would only wait for its own deadline. */
static void give_up_address(struct ew_walk *walk, const struct ew_json *value)
{
    const char *address = ew_json_get_str(value, "address", "");
    long port = ew_json_get_int(value, "port", 0);
    for (size_t i = 0; i < ew_map_count(walk->errands); i++) {
        struct errand *errand = ew_map_value(walk->errands, i);
        bool behind = errand->kind == EW_WANT_TLS || errand->kind == EW_WANT_HTTP;
        if (errand->done || !behind || errand->port != port ||
            strcmp(errand->address, address) != 0)
            continue;
        settle_errand(errand);
        put(walk, errand->key, EW_UNKNOWN, "cancelled");
    }
}

static void take_fact(void *ctx, struct ew_fact *fact)
{
    struct ew_walk *walk = ctx;
    struct errand *errand = ew_map_get(walk->errands, fact->key);
    if (errand && errand->done) { /* given up; it comes too late */
        ew_fact_unref(fact);
        return;
    }
    if (errand)
        settle_errand(errand);
    ew_snapshot_put(walk->snapshot, fact);
    if (errand && is_dead(errand->kind, ew_fact_value(fact)))
        give_up_address(walk, ew_fact_value(fact));
    judge_soon(walk);
}

static void take_object(void *ctx, struct ew_object *object)
{
    struct ew_walk *walk = ctx;
    ew_snapshot_put_object(walk->snapshot, object);
}

static bool keep_object(void *ctx, enum ew_kind kind, const struct ew_json *object)
{
    struct ew_walk *walk = ctx;
    return ew_route_concerns(kind, object, walk->host) ||
           (walk->claimed && ew_route_concerns(kind, object, walk->claimed));
}

/* ---- what goes out ---- */

static struct errand *errand_new(struct ew_walk *walk, const struct ew_want *want)
{
    struct errand *errand = ew_alloc(sizeof(*errand));
    errand->walk = walk;
    errand->kind = want->kind;
    errand->key = ew_strdup(want->key);
    errand->address = ew_strdup(want->address);
    errand->what = ew_strdup(want->what);
    errand->url = ew_strdup(want->url);
    errand->method = ew_strdup(want->method);
    errand->port = want->port;
    ew_map_set(walk->errands, errand->key, errand);
    walk->open++;
    return errand;
}

static void errand_free(struct errand *errand)
{
    free(errand->key);
    free(errand->address);
    free(errand->what);
    free(errand->url);
    free(errand->method);
    free(errand);
}

/* Why a want is not fetched at all; NULL when it is. */
static const char *refusal(struct ew_walk *walk, const struct ew_want *want)
{
    bool api = want->kind == EW_WANT_GET || want->kind == EW_WANT_LIST;
    if (api)
        return walk->cluster ? NULL : "off";
    if (walk->options.no_probe)
        return "off";
    if (want->kind == EW_WANT_HTTP && !ew_method_is_safe(want->method)) {
        if (walk->unsafe_sent)
            return "budget";
        walk->unsafe_sent = true;
    }
    return NULL;
}

static void start_want(struct ew_walk *walk, const struct ew_want *want)
{
    const char *reason = refusal(walk, want);
    if (reason) {
        errand_new(walk, want)->done = true;
        walk->open--;
        put(walk, want->key, EW_UNKNOWN, reason);
        judge_soon(walk);
        return;
    }
    struct ew_cluster_sink sink = {walk, keep_object, take_object, take_fact};
    errand_new(walk, want);
    put(walk, want->key, EW_PENDING, NULL);
    if (want->kind == EW_WANT_GET || want->kind == EW_WANT_LIST)
        ew_cluster_fetch(walk->cluster, want, &sink);
    else
        ew_prober_fetch(walk->prober, want, take_fact, walk);
}

/* Starts what is wanted and not under way yet; says how many those were. */
static size_t start_wants(struct ew_walk *walk)
{
    size_t started = 0;
    const struct ew_wants *wants = walk->verdict->wants;
    for (size_t i = 0; i < ew_wants_count(wants); i++) {
        const struct ew_want *want = ew_wants_at(wants, i);
        if (ew_map_get(walk->errands, want->key))
            continue;
        start_want(walk, want);
        started++;
    }
    return started;
}

/* ---- judging ---- */

/* Once the collectors are gone, what was counted last stands. */
static void put_usage(struct ew_walk *walk)
{
    struct ew_cluster_usage api = {0};
    if (!walk->prober && !walk->cluster)
        return;
    if (walk->cluster)
        api = ew_cluster_usage(walk->cluster);
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *usage = ew_json_object(doc);
    ew_doc_set_root(doc, usage);
    ew_json_set_num(doc, usage, "api_requests", (double)api.requests);
    ew_json_set_num(doc, usage, "api_bytes", (double)api.bytes);
    ew_json_set_num(doc, usage, "probes", walk->prober ? (double)ew_prober_count(walk->prober) : 0);
    ew_snapshot_put(walk->snapshot,
                    ew_fact_new(EW_KEY_USAGE, EW_KNOWN, NULL, NULL, ew_now_ms(), -1, doc));
    ew_doc_unref(doc);
}

static void judge(struct ew_walk *walk)
{
    put_usage(walk);
    ew_snapshot_set_clock(walk->snapshot, ew_snapshot_started(walk->snapshot),
                          ew_monotonic_ms() - walk->started);
    struct ew_snapshot *view = ew_snapshot_clone(walk->snapshot);
    struct ew_verdict *verdict = ew_judge(view);
    ew_snapshot_unref(view);
    ew_verdict_free(walk->verdict);
    walk->verdict = verdict;
}

static void stop_timers(struct ew_walk *walk)
{
    ew_timer_stop(walk->judge_timer);
    ew_timer_stop(walk->deadline);
    walk->judge_timer = walk->deadline = NULL;
}

static void release_collectors(struct ew_walk *walk)
{
    ew_prober_free(walk->prober);
    ew_cluster_free(walk->cluster);
    walk->prober = NULL;
    walk->cluster = NULL;
}

static void finish(struct ew_walk *walk)
{
    stop_timers(walk);
    release_collectors(walk);
    walk->finished = true;
    walk->on_done(walk->ctx, walk);
}

static void on_judge(void *ctx)
{
    struct ew_walk *walk = ctx;
    walk->judge_timer = NULL;
    judge(walk);
    size_t started = start_wants(walk);
    /* What is under way and would tell nothing more (a request to an address that does not even
     * connect) is not waited for. */
    bool told = !walk->open || walk->verdict->status != EW_ST_PENDING;
    if (!started && told && !walk->judge_timer) {
        finish(walk);
        return;
    }
    if (walk->on_change)
        walk->on_change(walk->ctx, walk);
}

/* Facts that come in one turn of the loop are judged together. */
static void judge_soon(struct ew_walk *walk)
{
    if (!walk->judge_timer && !walk->finished)
        walk->judge_timer = ew_timer_start(walk->loop, 0, false, EW_PRIO_SOCKETS, on_judge, walk);
}

/* ---- the end of patience ---- */

/* An edge that took the request and said nothing until now has been observed: that is a timeout,
 * not something that was not looked at. */
static struct ew_fact *silent_answer(const struct errand *errand, double waited_ms)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    ew_doc_set_root(doc, value);
    ew_json_set_str(doc, value, "address", errand->address);
    ew_json_set_num(doc, value, "port", errand->port);
    ew_json_set_str(doc, value, "what", errand->what);
    ew_json_set_str(doc, value, "url", errand->url);
    ew_json_set_str(doc, value, "method", errand->method);
    ew_json_set_str(doc, value, "outcome", "timeout");
    struct ew_json *times = ew_json_set(doc, value, "times", ew_json_object(doc));
    ew_json_set_num(doc, times, "total_ms", waited_ms);
    struct ew_fact *fact =
        ew_fact_new(errand->key, EW_KNOWN, NULL, NULL, ew_now_ms(), waited_ms, doc);
    ew_doc_unref(doc);
    return fact;
}

static void give_up(struct ew_walk *walk, const char *reason)
{
    double waited = ew_monotonic_ms() - walk->started;
    for (size_t i = 0; i < ew_map_count(walk->errands); i++) {
        struct errand *errand = ew_map_value(walk->errands, i);
        if (errand->done)
            continue;
        errand->done = true;
        if (errand->kind == EW_WANT_HTTP && strcmp(reason, "deadline") == 0)
            ew_snapshot_put(walk->snapshot, silent_answer(errand, waited));
        else
            put(walk, errand->key, EW_UNKNOWN, reason);
    }
    walk->open = 0;
}

/* What is asked for now comes too late: said to be unknown, until nothing new is asked. */
static void judge_without_asking(struct ew_walk *walk, const char *reason)
{
    bool again = true;
    for (int round = 0; again && round < 64; round++) {
        judge(walk);
        again = false;
        for (size_t i = 0; i < ew_wants_count(walk->verdict->wants); i++) {
            const struct ew_want *want = ew_wants_at(walk->verdict->wants, i);
            if (ew_map_get(walk->errands, want->key))
                continue;
            errand_new(walk, want)->done = true;
            put(walk, want->key, EW_UNKNOWN, reason);
            again = true;
        }
    }
}

static void stop_with(struct ew_walk *walk, const char *reason)
{
    ew_timer_stop(walk->judge_timer);
    walk->judge_timer = NULL;
    put_usage(walk);
    release_collectors(walk);
    give_up(walk, reason);
    judge_without_asking(walk, reason);
}

static void on_deadline(void *ctx)
{
    struct ew_walk *walk = ctx;
    walk->deadline = NULL;
    stop_with(walk, "deadline");
    finish(walk);
}

void ew_walk_cancel(struct ew_walk *walk)
{
    if (walk->finished)
        return;
    stop_with(walk, "cancelled");
    stop_timers(walk);
    walk->finished = true;
}

/* ---- the beginning ---- */

static int or_default(int value, int fallback)
{
    return value > 0 ? value : fallback;
}

/* -m bounds one request and lifts the walk's deadline with it. */
static int deadline_of(const struct ew_walk_options *options)
{
    int deadline = or_default(options->deadline_ms, DEADLINE_MS);
    int lifted = options->max_time_ms + or_default(options->connect_timeout_ms, CONNECT_MS) +
                 or_default(options->dns_timeout_ms, DNS_MS);
    return options->max_time_ms > 0 && lifted > deadline ? lifted : deadline;
}

static int start_prober(struct ew_walk *walk, struct ew_err *err)
{
    const struct ew_walk_options *from = &walk->options;
    int connect = or_default(from->connect_timeout_ms, CONNECT_MS);
    struct ew_probe_config config = {
        .dns_timeout_ms = or_default(from->dns_timeout_ms, DNS_MS),
        .connect_timeout_ms = connect,
        .tls_timeout_ms = or_default(from->tls_timeout_ms, connect > TLS_MS ? connect : TLS_MS),
        .http_timeout_ms = from->max_time_ms,
        .headers = from->headers,
        .insecure = from->insecure,
        .ca_file = from->ca_file,
    };
    if (from->no_probe)
        return EW_OK;
    return ew_prober_new(walk->loop, &config, &walk->prober, err);
}

static int start_inside(struct ew_walk *walk, struct ew_err *err)
{
    const struct ew_walk_options *from = &walk->options;
    if (from->files || from->no_api)
        return EW_OK;
    return ew_cluster_new(walk->loop, &from->cluster, &walk->cluster, err);
}

static int fill_inside(struct ew_walk *walk, struct ew_err *err)
{
    struct ew_cluster_sink sink = {walk, keep_object, take_object, take_fact};
    if (walk->options.files)
        return ew_cluster_read_files(walk->options.files, walk->snapshot, err);
    if (!walk->cluster) {
        bool off = walk->options.no_api;
        put(walk, EW_KEY_SERVER, off ? EW_UNKNOWN : EW_ABSENT, off ? "off" : NULL);
        return EW_OK;
    }
    const struct ew_want asked[] = {{.kind = EW_WANT_GET, .key = EW_KEY_SERVER},
                                    {.kind = EW_WANT_GET, .key = EW_KEY_DISCOVERY}};
    for (size_t i = 0; i < EW_COUNT(asked); i++) {
        errand_new(walk, &asked[i]);
        put(walk, asked[i].key, EW_PENDING, NULL);
    }
    ew_cluster_discover(walk->cluster, &sink);
    return EW_OK;
}

static int begin(struct ew_walk *walk, const struct ew_target *target, struct ew_err *err)
{
    int deadline = deadline_of(&walk->options);
    int code = start_inside(walk, err);
    if (code == EW_OK)
        code = start_prober(walk, err);
    if (code == EW_OK)
        code =
            ew_walk_describe(walk->snapshot, target, &walk->options, walk->cluster, deadline, err);
    if (code == EW_OK)
        code = fill_inside(walk, err);
    if (code != EW_OK)
        return code;
    walk->deadline = ew_timer_start(walk->loop, deadline, false, EW_PRIO_SCREEN, on_deadline, walk);
    judge(walk); /* there is a verdict, pending, to show from the first moment on */
    judge_soon(walk);
    return EW_OK;
}

/* What routes are chosen by; NULL when no Host header is given. */
static char *host_header(const char *const *headers)
{
    for (size_t i = 0; headers && headers[i]; i++)
        if (strncasecmp(headers[i], "host:", strlen("host:")) == 0)
            return ew_host_header(headers[i] + strlen("host:"));
    return NULL;
}

int ew_walk_start(struct ew_loop *loop, const struct ew_target *target,
                  const struct ew_walk_options *options, ew_walk_fn *on_change, ew_walk_fn *on_done,
                  void *ctx, struct ew_walk **out, struct ew_err *err)
{
    struct ew_walk *walk = ew_alloc(sizeof(*walk));
    walk->loop = loop;
    walk->options = *options;
    walk->snapshot = ew_snapshot_new();
    walk->errands = ew_map_new();
    walk->host = ew_strdup(target->host);
    walk->claimed = host_header(options->headers);
    walk->on_change = on_change;
    walk->on_done = on_done;
    walk->ctx = ctx;
    walk->started = ew_monotonic_ms();
    ew_snapshot_set_clock(walk->snapshot, ew_now_ms(), 0);
    int code = begin(walk, target, err);
    if (code != EW_OK) {
        ew_walk_free(walk);
        return code;
    }
    *out = walk;
    return EW_OK;
}

void ew_walk_free(struct ew_walk *walk)
{
    if (!walk)
        return;
    stop_timers(walk);
    release_collectors(walk);
    for (size_t i = 0; i < ew_map_count(walk->errands); i++)
        errand_free(ew_map_value(walk->errands, i));
    ew_map_free(walk->errands);
    ew_verdict_free(walk->verdict);
    ew_snapshot_unref(walk->snapshot);
    free(walk->host);
    free(walk->claimed);
    free(walk);
}

bool ew_walk_finished(const struct ew_walk *walk)
{
    return walk->finished;
}

const struct ew_verdict *ew_walk_verdict(const struct ew_walk *walk)
{
    return walk->verdict;
}

struct ew_snapshot *ew_walk_snapshot(const struct ew_walk *walk)
{
    return walk->snapshot;
}
