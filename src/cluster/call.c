#include "client.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 3000, CONNECT_ONE_OF_MANY_MS = 2000, ERROR_MAX = 64 * 1024, RETRY_MAX = 32 };

struct call {
    struct ew_cluster *cluster;
    struct call_request request;
    char *path;
    struct ew_http *http;
    struct ew_timer *retry, *deadline;
    double ends_ms;                  /* monotonic; 0: not begun */
    size_t attempts;                 /* addresses that gave nothing */
    size_t address_from, address_at; /* indexes: the first that was asked, the one asked now */
    bool renewed;                    /* credentials were, after a 401 */
    /* of the try under way */
    int status;
    bool to_taker;
    char *type, *location;
    int retry_after;
    struct cluster_text error_body;
    struct ew_err taken;
    size_t bytes; /* of tries before */
};

static void launch(struct call *call);

/* ---- the end ---- */

/* Nothing happens to it any more; its texts are still there. */
static void call_detach(struct call *call)
{
    struct ew_ptrs *calls = &call->cluster->calls;
    for (size_t i = 0; i < calls->count; i++)
        if (calls->at[i] == call) {
            memmove(calls->at + i, calls->at + i + 1, (calls->count - i - 1) * sizeof(void *));
            calls->count--;
            break;
        }
    ew_http_cancel(call->http);
    ew_timer_stop(call->retry);
    ew_timer_stop(call->deadline);
}

static void call_destroy(struct call *call)
{
    cluster_text_release(&call->error_body);
    free(call->type);
    free(call->location);
    free(call->path);
    free(call);
}

static void finish(struct call *call, struct call_result *result)
{
    const struct call_request request = call->request;
    char *fault = NULL;
    result->bytes = call->bytes;
    if (ew_streq(result->failure, "unauthorized")) {
        char *known = credentials_fault(call->cluster, ew_now_ms());
        fault = known ? ew_fmt("%s (%s)", result->text ? result->text : "401", known) : NULL;
        free(known);
        result->text = fault ? fault : result->text;
        client_unauthorized(call->cluster, result->text);
    }
    call_detach(call);
    request.done(request.ctx, result);
    call_destroy(call);
    free(fault);
}

static void on_deadline(void *ctx)
{
    struct call *call = ctx;
    struct call_result result = {.failure = "timeout"};
    call->deadline = NULL;
    char *text = ew_fmt("no whole answer after %.1f s", call->cluster->timeout_ms / 1000.0);
    result.text = text;
    finish(call, &result);
    free(text);
}

/* ---- what comes ---- */

static const char *header(const char *const *headers, const char *name)
{
    for (; *headers; headers += 2)
        if (ew_text_ieq(headers[0], name))
            return headers[1];
    return NULL;
}

static void note_head(struct call *call, int status, const char *const *headers)
{
    long seconds = -1;
    const char *after = header(headers, "retry-after");
    call->status = status;
    free(call->type);
    free(call->location);
    call->type = ew_strdup(header(headers, "content-type"));
    call->location = ew_strdup(header(headers, "location"));
    call->retry_after = after && ew_text_number(after, 0, 1000000, &seconds) ? (int)seconds : -1;
    call->to_taker = status == 200 && answer_is_json(call->type);
}

static void on_head(void *ctx, int status, const char *const *headers)
{
    note_head(ctx, status, headers);
}

static int on_body(void *ctx, const char *bytes, size_t len)
{
    struct call *call = ctx;
    if (call->to_taker)
        return call->request.take(call->request.ctx, bytes, len, &call->taken);
    size_t room = ERROR_MAX - call->error_body.len;
    cluster_text_add(&call->error_body, bytes, len > room ? room : len, ERROR_MAX);
    return 0;
}

/* ---- second tries ---- */

static size_t address_count(const struct ew_cluster *cluster)
{
    size_t count = 0;
    while (cluster->addresses && cluster->addresses[count])
        count++;
    return count;
}

static void on_retry(void *ctx)
{
    struct call *call = ctx;
    call->retry = NULL;
    launch(call);
}

/* As Retry-After says, unless that lies beyond the deadline. */
static bool try_later(struct call *call)
{
    bool busy = call->status == 429 || (call->status >= 500 && call->retry_after >= 0);
    double wait = 1000.0 * (call->retry_after > RETRY_MAX ? RETRY_MAX
                            : call->retry_after > 0       ? call->retry_after
                                                          : 1);
    if (!busy || ew_monotonic_ms() + wait >= call->ends_ms)
        return false;
    call->retry = ew_timer_start(call->cluster->loop, wait, false, EW_PRIO_SOCKETS, on_retry, call);
    return true;
}

/* Nothing came back, and there is another address to ask. */
static bool try_elsewhere(struct call *call, const struct ew_http_result *result)
{
    bool no_way = strcmp(result->outcome, "refused") == 0 ||
                  strcmp(result->outcome, "unreachable") == 0 ||
                  strcmp(result->outcome, "timeout") == 0;
    if (!no_way || result->status || ++call->attempts >= address_count(call->cluster))
        return false;
    launch(call);
    return true;
}

static bool try_renewed(struct call *call)
{
    if (call->status != 401 || call->renewed || !credentials_renew(call->cluster))
        return false;
    call->renewed = true;
    if (call->cluster->readiness == CLIENT_READY)
        launch(call);
    return true; /* else it waits for the credentials, like any new call */
}

/* ---- what it means ---- */

static void finish_broken(struct call *call, const struct ew_http_result *http)
{
    struct call_result result = {.status = http->status};
    bool aborted = strcmp(http->outcome, "aborted") == 0;
    bool cut = http->cut;
    result.failure = aborted || cut ? "malformed" : answer_of_transport(http);
    result.text = aborted ? call->taken.message : cut ? "the answer is too long" : http->error;
    finish(call, &result);
}

static void finish_answered(struct call *call)
{
    struct call_result result = {.status = call->status};
    char *text = NULL;
    if (!call->to_taker) {
        struct answer answer = {call->status, call->type, call->location, call->error_body.data,
                                call->error_body.len};
        answer_classify(&answer, &result, &text);
        result.text = text;
    }
    finish(call, &result);
    free(text);
}

static void on_answer(void *ctx, const struct ew_http_result *http)
{
    struct call *call = ctx;
    struct ew_cluster *cluster = call->cluster;
    call->http = NULL;
    cluster->usage.bytes += http->wire_bytes;
    call->bytes += http->wire_bytes;
    bool answered = strcmp(http->outcome, "answer") == 0 && !http->cut;
    if (http->status)
        cluster->address_at = call->address_at;
    if (answered && http->headers)
        note_head(call, http->status, http->headers); /* an empty body has told no head */
    if (answered && (try_later(call) || try_renewed(call)))
        return;
    if (answered) {
        finish_answered(call);
        return;
    }
    if (!try_elsewhere(call, http))
        finish_broken(call, http);
}

/* ---- what goes out ---- */

static const char *address_of(struct call *call, bool *more)
{
    struct ew_cluster *cluster = call->cluster;
    size_t count = address_count(cluster);
    *more = call->attempts + 1 < count;
    if (!call->attempts)
        call->address_from = cluster->address_at;
    call->address_at = count ? (call->address_from + call->attempts) % count : 0;
    return count ? cluster->addresses[call->address_at] : NULL;
}

static void reset_try(struct call *call)
{
    call->status = 0;
    call->to_taker = false;
    call->retry_after = -1;
    cluster_text_release(&call->error_body);
    memset(&call->taken, 0, sizeof(call->taken));
    if (call->request.begin)
        call->request.begin(call->request.ctx);
}

static void begin_clock(struct call *call)
{
    struct ew_cluster *cluster = call->cluster;
    if (call->ends_ms)
        return;
    call->ends_ms = ew_monotonic_ms() + cluster->timeout_ms;
    call->deadline = ew_timer_start(cluster->loop, cluster->timeout_ms, false, EW_PRIO_SOCKETS,
                                    on_deadline, call);
}

static void launch(struct call *call)
{
    struct ew_cluster *cluster = call->cluster;
    const struct access *access = &cluster->access;
    bool more = false, secure = strcmp(access->url.scheme, "https") == 0;
    begin_clock(call);
    reset_try(call);
    char *url = ew_fmt("%s%s", access->server, call->path);
    char **headers = credentials_headers(cluster, call->request.accept);
    const char *address = address_of(call, &more);
    char *proxy = access->via.host ? proxy_url(&access->via, address) : NULL;
    struct ew_http_request request = {
        .url = url,
        .headers = (const char *const *)headers,
        .address = address,
        .proxy = proxy,
        .server_name = access->server_name,
        .insecure = access->insecure,
        .trust = cluster->trust,
        .client_cert_pem = secure ? access->cert_pem : NULL,
        .client_key_pem = secure ? access->key_pem : NULL,
        .connect_timeout_ms = more ? CONNECT_ONE_OF_MANY_MS : CONNECT_MS,
        .body_max = call->request.body_max,
        .gzip = !access->no_gzip,
        .http2 = true,
        .keep = true,
        .body = on_body,
        .head = on_head,
    };
    cluster->usage.requests++;
    call->http = ew_http_start(cluster->loop, &request, on_answer, call);
    access_list_free(headers);
    ew_wipe(proxy, proxy ? strlen(proxy) : 0);
    free(proxy);
    free(url);
}

/* ---- the beginning ---- */

static void resume(struct call *call)
{
    struct ew_cluster *cluster = call->cluster;
    if (call->http || call->retry)
        return;
    if (cluster->readiness == CLIENT_READY) {
        launch(call);
    } else if (cluster->readiness == CLIENT_FAILED) {
        struct call_result result = {.failure = cluster->failed, .text = cluster->failed_text};
        finish(call, &result);
    }
}

/* Calls begin and end while this runs: it goes by a copy, and asks whether each is still there. */
void calls_resume(struct ew_cluster *cluster)
{
    size_t count = cluster->calls.count;
    void **copy = ew_realloc(NULL, count ? count : 1, sizeof(void *));
    if (count)
        memcpy(copy, cluster->calls.at, count * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < cluster->calls.count; k++)
            if (cluster->calls.at[k] == copy[i]) {
                resume(copy[i]);
                break;
            }
    free(copy);
}

struct call *call_start(struct ew_cluster *cluster, const struct call_request *request)
{
    struct call *call = ew_alloc(sizeof(*call));
    call->cluster = cluster;
    call->request = *request;
    call->path = ew_strdup(request->path);
    ew_ptrs_add(&cluster->calls, call);
    client_prepare(cluster);
    if (cluster->readiness == CLIENT_READY && !credentials_ready(cluster))
        cluster->readiness = CLIENT_PREPARING;
    if (cluster->readiness == CLIENT_READY)
        launch(call);
    else if (cluster->readiness == CLIENT_FAILED)
        client_wake(cluster);
    return call;
}

void call_cancel(struct call *call)
{
    if (!call)
        return;
    call_detach(call);
    call_destroy(call);
}
