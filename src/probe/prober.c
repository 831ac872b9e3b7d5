/* A prober: takes wants, starts probes, tells facts. */
#include "config.h"

#include "prober.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>

enum { BUDGET = 8, TLS_PARALLEL = 16, DNS_MS = 3000, CONNECT_MS = 3000, TLS_MS = 5000 };

/* The system's roots, loaded on the helper thread. Outlives its prober when that goes first. */
struct trust_job {
    struct ew_prober *prober; /* NULL: gone */
    struct ew_job *job;
};

/* ---- the trust store ---- */

static void *load_trust(void *ctx)
{
    (void)ctx;
    struct ew_trust *trust = NULL;
    ew_trust_load(NULL, &trust, NULL);
    return trust;
}

static void trust_loaded(void *ctx, void *result)
{
    struct trust_job *job = ctx;
    struct ew_prober *prober = job->prober;
    free(job);
    prober->trust_job = NULL;
    prober->trust = result;
    prober->trust_known = true;
    probe_tls_trust_came(prober);
    probe_http_trust_came(prober);
}

static void trust_dropped(void *ctx, void *result)
{
    free(ctx);
    ew_trust_unref(result);
}

static int find_trust(struct ew_prober *prober, struct ew_err *err)
{
    if (prober->config.ca_file) {
        prober->trust_known = true;
        return ew_trust_load(prober->config.ca_file, &prober->trust, err);
    }
    struct trust_job *job = ew_alloc(sizeof(*job));
    job->prober = prober;
    job->job = ew_job_start(prober->loop, load_trust, trust_loaded, trust_dropped, job);
    prober->trust_job = job;
    return EW_OK;
}

/* ---- the prober ---- */

static const char *const *copy_headers(const char *const *headers)
{
    size_t count = 0;
    while (headers && headers[count])
        count++;
    char **copy = ew_alloc((count + 1) * sizeof(*copy));
    for (size_t i = 0; i < count; i++)
        copy[i] = ew_strdup(headers[i]);
    return (const char *const *)copy;
}

/* Credentials may stand among them. */
static void free_headers(const char *const *headers)
{
    char **own = (char **)headers;
    for (size_t i = 0; own && own[i]; i++) {
        ew_wipe(own[i], strlen(own[i]));
        free(own[i]);
    }
    free(own);
}

static int or_else(int value, int fallback)
{
    return value > 0 ? value : fallback;
}

int ew_prober_new(struct ew_loop *loop, const struct ew_probe_config *config,
                  struct ew_prober **out, struct ew_err *err)
{
    struct ew_prober *prober = ew_alloc(sizeof(*prober));
    struct ew_probe_config *own = &prober->config;
    prober->loop = loop;
    *own = *config;
    own->headers = copy_headers(config->headers);
    own->ca_file = ew_strdup(config->ca_file);
    own->budget = or_else(own->budget, BUDGET);
    own->tls_parallel = or_else(own->tls_parallel, TLS_PARALLEL);
    own->dns_timeout_ms = or_else(own->dns_timeout_ms, DNS_MS);
    own->connect_timeout_ms = or_else(own->connect_timeout_ms, CONNECT_MS);
    own->tls_timeout_ms = or_else(own->tls_timeout_ms, TLS_MS);
    prober->spent = ew_map_new();
    int code = find_trust(prober, err);
    if (code == EW_OK)
        *out = prober;
    else
        ew_prober_free(prober);
    return code;
}

static void probe_free(struct probe *probe)
{
    struct ew_prober *prober = probe->prober;
    *(probe->prev ? &probe->prev->next : &prober->first) = probe->next;
    *(probe->next ? &probe->next->prev : &prober->last) = probe->prev;
    ew_timer_stop(probe->begin);
    probe->ops->release(probe);
    char *texts[] = {probe->key, probe->resolver, probe->name, probe->type,  probe->address,
                     probe->sni, probe->what,     probe->url,  probe->method};
    for (size_t i = 0; i < EW_COUNT(texts); i++)
        free(texts[i]);
    free(probe);
}

void ew_prober_free(struct ew_prober *prober)
{
    if (!prober)
        return;
    while (prober->first)
        probe_free(prober->last); /* the newest first: none that waits takes a freed place */
    if (prober->trust_job)
        ew_job_cancel(prober->trust_job->job);
    probe_tls_forget(prober);
    ew_trust_unref(prober->trust);
    ew_map_free(prober->spent);
    free(prober->main_url);
    free_headers(prober->config.headers);
    free((char *)prober->config.ca_file);
    free(prober);
}

size_t ew_prober_count(const struct ew_prober *prober)
{
    return prober->sent;
}

/* ---- probes ---- */

static void begin(void *ctx)
{
    struct probe *probe = ctx;
    probe->begin = NULL;
    probe->at_ms = ew_now_ms();
    probe->began_ms = ew_monotonic_ms();
    probe->ops->start(probe);
}

static const struct probe_ops *ops_for(enum ew_want_kind kind)
{
    static const struct probe_ops *const kinds[] = {[EW_WANT_DNS] = &probe_dns,
                                                    [EW_WANT_TCP] = &probe_tcp,
                                                    [EW_WANT_TLS] = &probe_tls,
                                                    [EW_WANT_HTTP] = &probe_http};
    return (size_t)kind < EW_COUNT(kinds) ? kinds[kind] : NULL;
}

void ew_prober_fetch(struct ew_prober *prober, const struct ew_want *want, ew_fact_fn *done,
                     void *ctx)
{
    const struct probe_ops *ops = ops_for(want->kind);
    if (!ops)
        abort(); /* a get or list is not the outside's to answer */
    struct probe *probe = ew_alloc(ops->size);
    probe->ops = ops;
    probe->prober = prober;
    probe->done = done;
    probe->ctx = ctx;
    probe->key = ew_strdup(want->key);
    probe->resolver = ew_strdup(want->resolver);
    probe->name = ew_strdup(want->name);
    probe->type = ew_strdup(want->type);
    probe->address = ew_strdup(want->address);
    probe->sni = ew_strdup(want->sni);
    probe->what = ew_strdup(want->what);
    probe->url = ew_strdup(want->url);
    probe->method = ew_strdup(want->method);
    probe->port = want->port;
    probe->prev = prober->last;
    *(prober->last ? &prober->last->next : &prober->first) = probe;
    prober->last = probe;
    /* From the loop even when it fails at once. */
    probe->begin = ew_timer_start(prober->loop, 0, false, EW_PRIO_SOCKETS, begin, probe);
}

static void finish(struct probe *probe, enum ew_state state, const char *reason,
                   struct ew_doc *value)
{
    double ended = probe->ended_ms > 0 ? probe->ended_ms : ew_monotonic_ms();
    struct ew_fact *fact = ew_fact_new(probe->key, state, reason, "this host", probe->at_ms,
                                       ended - probe->began_ms, value);
    ew_fact_fn *done = probe->done;
    void *ctx = probe->ctx;
    ew_doc_unref(value);
    probe_free(probe);
    done(ctx, fact); /* may free the prober */
}

void probe_known(struct probe *probe, struct ew_doc *value)
{
    finish(probe, EW_KNOWN, NULL, value);
}

void probe_unknown(struct probe *probe, const char *reason)
{
    finish(probe, EW_UNKNOWN, reason, NULL);
}
