/* One HTTP request, pinned to an address. A certificate that does not verify is the TLS probe's to
 * tell: the request goes on behind it, so that what stands there is seen too, but never with
 * anything of the user's in it. */
#include "config.h"

#include "prober.h"

#include "http_rules.h"

#include "edgewalk/base/url.h"

#include "edgewalk/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_SEEN = 64 * 1024, BODY_KEPT = 4 * 1024 };

struct http_probe {
    struct probe base;
    struct ew_http *http;
    const char *method;
    const char **headers;
    bool waits;    /* for the trust store */
    bool withheld; /* the user's headers, from a peer that did not verify */
};

static void send_request(struct http_probe *probe);

/* ---- the fact ---- */

/* A session that the server hands out is a credential: its name is kept, its value is not. */
static struct ew_json *header_value(struct ew_doc *doc, const char *name, const char *value)
{
    if (!ew_text_ieq(name, "set-cookie"))
        return ew_json_string(doc, value);
    char *kept = ew_fmt("%.*s=(hidden)", (int)strcspn(value, "=;"), value);
    struct ew_json *node = ew_json_string(doc, kept);
    free(kept);
    return node;
}

static void set_headers(struct ew_doc *doc, struct ew_json *value,
                        const struct ew_http_result *result)
{
    struct ew_json *headers = ew_json_set(doc, value, "headers", ew_json_array(doc));
    for (const char *const *h = result->headers; *h; h += 2) {
        struct ew_json *pair = ew_json_add(doc, headers, ew_json_array(doc));
        ew_json_add(doc, pair, ew_json_string(doc, h[0]));
        ew_json_add(doc, pair, header_value(doc, h[0], h[1]));
    }
}

static void set_body(struct ew_doc *doc, struct ew_json *value, const struct ew_http_result *result)
{
    char hash[17];
    size_t kept = result->body_len < BODY_KEPT ? result->body_len : BODY_KEPT;
    if (kept)
        ew_json_set(doc, value, "body", ew_json_stringn(doc, result->body, kept));
    ew_json_set_num(doc, value, "body_bytes", (double)result->body_len);
    ew_json_set_bool(doc, value, "body_cut", result->cut || strcmp(result->outcome, "answer") != 0);
    snprintf(hash, sizeof(hash), "%016" PRIx64, ew_hash(result->body, result->body_len));
    ew_json_set_str(doc, value, "body_hash", hash);
}

static void set_times(struct ew_doc *doc, struct ew_json *value,
                      const struct ew_http_result *result)
{
    struct ew_json *times = ew_json_set(doc, value, "times", ew_json_object(doc));
    ew_json_set_num(doc, times, "connect_ms", result->connect_ms);
    ew_json_set_num(doc, times, "tls_ms", result->tls_ms);
    ew_json_set_num(doc, times, "first_byte_ms", result->first_byte_ms);
    ew_json_set_num(doc, times, "total_ms", result->total_ms);
}

/* Once a status came it is an answer, however its body ended. */
static const char *outcome_of(const struct ew_http_result *result)
{
    static const char *const words[] = {"answer", "timeout", "reset", "empty", "refused", "tls"};
    if (result->status > 0)
        return "answer";
    if (!strcmp(result->outcome, "tls-untrusted"))
        return "tls";
    for (size_t i = 0; i < EW_COUNT(words); i++)
        if (!strcmp(words[i], result->outcome))
            return words[i];
    return "error";
}

static const char *error_of(const struct ew_http_result *result)
{
    if (!strcmp(result->outcome, "http09"))
        return "the answer is not HTTP";
    return result->error;
}

static struct ew_doc *http_value(struct http_probe *http, const struct ew_http_result *result)
{
    const struct probe *probe = &http->base;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    ew_doc_set_root(doc, value);
    ew_json_set_str(doc, value, "address", probe->address);
    ew_json_set_num(doc, value, "port", probe->port);
    ew_json_set_str(doc, value, "what", probe->what);
    ew_json_set_str(doc, value, "url", probe->url);
    ew_json_set_str(doc, value, "method", http->method);
    ew_json_set_str(doc, value, "outcome", outcome_of(result));
    if (error_of(result))
        ew_json_set_str(doc, value, "error", error_of(result));
    if (result->status > 0)
        ew_json_set_num(doc, value, "status", result->status);
    if (result->version)
        ew_json_set_str(doc, value, "version", result->version);
    set_headers(doc, value, result);
    set_body(doc, value, result);
    if (result->location)
        ew_json_set_str(doc, value, "location", result->location);
    if (http->withheld)
        ew_json_set_bool(doc, value, "withheld", true);
    set_times(doc, value, result);
    return doc;
}

/* ---- the request ---- */

static bool lost(const struct ew_http_result *result)
{
    bool unconnected = !strcmp(result->outcome, "timeout") && result->connect_ms <= 0;
    return unconnected || !strcmp(result->outcome, "unreachable");
}

static void answered(void *ctx, const struct ew_http_result *result)
{
    struct http_probe *http = ctx;
    struct probe *probe = &http->base;
    http->http = NULL;
    bool untrusted = !strcmp(result->outcome, "tls-untrusted");
    if (untrusted && ew_method_is_safe(http->method)) {
        http->withheld = true;
        send_request(http);
        return;
    }
    if (lost(result) && probe_no_path(probe->address))
        probe_unknown(probe, "no-path");
    else
        probe_known(probe, http_value(http, result));
}

static bool is_https(const char *url)
{
    return ew_text_prefix(url, "https:");
}

/* Whether the peer must verify: where the user's words, or more than a look, would be sent. */
static bool must_verify(const struct http_probe *http)
{
    if (http->base.prober->config.insecure || !is_https(http->base.url) || http->withheld)
        return false;
    return http->headers[0] || !ew_method_is_safe(http->method);
}

static void send_request(struct http_probe *http)
{
    struct probe *probe = &http->base;
    struct ew_prober *prober = probe->prober;
    const struct ew_probe_config *config = &prober->config;
    bool verify = must_verify(http), https = is_https(probe->url);
    int handshake = https ? config->tls_timeout_ms : 0;
    struct ew_http_request request = {
        .url = probe->url,
        .method = http->method,
        .headers = http->withheld ? NULL : http->headers,
        .address = probe->address,
        .insecure = !verify,
        .trust = verify ? prober->trust : NULL,
        .connect_timeout_ms = config->connect_timeout_ms + handshake,
        .timeout_ms = config->http_timeout_ms,
        .body_max = BODY_SEEN,
        .http2 = true,
    };
    prober->sent++;
    http->http = ew_http_start(prober->loop, &request, answered, http);
}

static bool spend(struct ew_prober *prober, const char *address)
{
    size_t spent = (size_t)(uintptr_t)ew_map_get(prober->spent, address);
    if (spent >= (size_t)prober->config.budget)
        return false;
    ew_map_set(prober->spent, address, (void *)(uintptr_t)(spent + 1));
    return true;
}

static void http_start(struct probe *probe)
{
    struct http_probe *http = (struct http_probe *)probe;
    struct ew_prober *prober = probe->prober;
    bool hop = ew_text_prefix(probe->what, "hop-");
    if (hop && ew_ip_is_link_local(probe->address)) {
        probe_unknown(probe, "link-local");
        return;
    }
    if (!spend(prober, probe->address)) {
        probe_unknown(probe, "budget");
        return;
    }
    if (!strcmp(probe->what, "main") && !prober->main_url)
        prober->main_url = ew_strdup(probe->url);
    http->method = http_method(probe->what, probe->method);
    http->headers = http_headers(prober->config.headers, probe->what, probe->url, prober->main_url);
    http->waits = must_verify(http) && !prober->trust_known;
    if (!http->waits)
        send_request(http);
}

void probe_http_trust_came(struct ew_prober *prober)
{
    for (struct probe *probe = prober->first; probe; probe = probe->next) {
        struct http_probe *http = (struct http_probe *)probe;
        if (probe->ops != &probe_http || !http->waits)
            continue;
        http->waits = false;
        send_request(http);
    }
}

static void http_release(struct probe *probe)
{
    struct http_probe *http = (struct http_probe *)probe;
    ew_http_cancel(http->http);
    free(http->headers);
}

const struct probe_ops probe_http = {sizeof(struct http_probe), http_start, http_release};
