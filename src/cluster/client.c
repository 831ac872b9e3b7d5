#include "client.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 10000, LOOKUP_MS = 5000 };

/* ---- getting ready ---- */

static void free_addresses(struct ew_cluster *cluster)
{
    for (size_t i = 0; cluster->addresses && cluster->addresses[i]; i++)
        free(cluster->addresses[i]);
    free(cluster->addresses);
    cluster->addresses = NULL;
}

void client_fail(struct ew_cluster *cluster, const char *reason, const char *text)
{
    free(cluster->failed_text);
    cluster->readiness = CLIENT_FAILED;
    cluster->failed = reason;
    cluster->failed_text = ew_strdup(text);
    client_wake(cluster);
}

void client_progress(struct ew_cluster *cluster)
{
    if (cluster->readiness != CLIENT_PREPARING || cluster->lookup || cluster->trust_job ||
        !cluster->addresses || !credentials_ready(cluster))
        return;
    cluster->readiness = CLIENT_READY;
    client_wake(cluster);
}

static void on_wake(void *ctx)
{
    struct ew_cluster *cluster = ctx;
    cluster->wake = NULL;
    calls_resume(cluster);
}

void client_wake(struct ew_cluster *cluster)
{
    if (!cluster->wake)
        cluster->wake = ew_timer_start(cluster->loop, 0, false, EW_PRIO_SOCKETS, on_wake, cluster);
}

/* The host that we connect to ourselves. */
static const char *first_host(const struct ew_cluster *cluster)
{
    const struct access *access = &cluster->access;
    return access->via.host ? access->via.host : access->url.host;
}

static void on_addresses(void *ctx, char *const *addresses)
{
    struct ew_cluster *cluster = ctx;
    cluster->lookup = NULL;
    for (size_t i = 0; addresses[i]; i++)
        cluster->addresses = access_list_add(cluster->addresses, ew_strdup(addresses[i]));
    if (cluster->addresses) {
        client_progress(cluster);
        return;
    }
    char *text = ew_fmt("no address is known for %s%s",
                        cluster->access.via.host ? "the proxy " : "", first_host(cluster));
    client_fail(cluster, "unreachable", text);
    free(text);
}

/* ---- the system's CA bundle, on a helper thread ---- */

struct loaded {
    struct ew_trust *trust;
    struct ew_err err;
};

static void *load_trust(void *ctx)
{
    (void)ctx;
    struct loaded *loaded = ew_alloc(sizeof(*loaded));
    ew_trust_load(NULL, &loaded->trust, &loaded->err);
    return loaded;
}

static void drop_trust(void *ctx, void *result)
{
    (void)ctx;
    struct loaded *loaded = result;
    if (loaded)
        ew_trust_unref(loaded->trust);
    free(loaded);
}

static void on_trust(void *ctx, void *result)
{
    struct ew_cluster *cluster = ctx;
    struct loaded *loaded = result;
    cluster->trust_job = NULL;
    if (loaded->trust) {
        cluster->trust = ew_trust_ref(loaded->trust);
        client_progress(cluster);
    } else {
        client_fail(cluster, "tls-untrusted", loaded->err.message);
    }
    drop_trust(NULL, loaded);
}

static void start_trust(struct ew_cluster *cluster)
{
    const struct access *access = &cluster->access;
    if (access->insecure || strcmp(access->url.scheme, "https") != 0)
        return;
    if (access->trust)
        cluster->trust = ew_trust_ref(access->trust);
    else
        cluster->trust_job = ew_job_start(cluster->loop, load_trust, on_trust, drop_trust, cluster);
}

void client_prepare(struct ew_cluster *cluster)
{
    if (cluster->readiness != CLIENT_IDLE)
        return;
    cluster->readiness = CLIENT_PREPARING;
    cluster->lookup =
        ew_lookup_start(cluster->loop, first_host(cluster), LOOKUP_MS, on_addresses, cluster);
    start_trust(cluster);
    credentials_ready(cluster); /* a plugin takes longest: it runs beside the rest */
}

/* ---- the door ---- */

int ew_cluster_new(struct ew_loop *loop, const struct ew_cluster_config *config,
                   struct ew_cluster **out, struct ew_err *err)
{
    struct access access;
    bool found;
    int code = access_resolve(&access, config, &found, err);
    if (code != EW_OK)
        return code;
    if (!found) {
        *out = NULL;
        return EW_OK;
    }
    struct ew_cluster *cluster = ew_alloc(sizeof(*cluster));
    cluster->loop = loop;
    cluster->access = access;
    cluster->timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : TIMEOUT_MS;
    cluster->origin = ew_fmt("api %s", access.server);
    cluster->credentials.token_read_ms = ew_monotonic_ms();
    *out = cluster;
    return EW_OK;
}

void ew_cluster_free(struct ew_cluster *cluster)
{
    if (!cluster)
        return;
    while (cluster->fetches.count)
        fetch_free(cluster->fetches.at[cluster->fetches.count - 1]);
    discovery_free(cluster->discovery);
    while (cluster->calls.count)
        call_cancel(cluster->calls.at[cluster->calls.count - 1]);
    ew_lookup_cancel(cluster->lookup);
    ew_job_cancel(cluster->trust_job);
    ew_timer_stop(cluster->wake);
    credentials_release(cluster);
    ew_trust_unref(cluster->trust);
    free_addresses(cluster);
    access_release(&cluster->access);
    ew_ptrs_release(&cluster->fetches);
    ew_ptrs_release(&cluster->calls);
    free(cluster->failed_text);
    free(cluster->origin);
    free(cluster);
}

const char *ew_cluster_context(const struct ew_cluster *cluster)
{
    return cluster->access.context;
}

const char *ew_cluster_namespace(const struct ew_cluster *cluster)
{
    return cluster->access.namespace_;
}

const char *ew_cluster_server(const struct ew_cluster *cluster)
{
    return cluster->access.server;
}

struct ew_cluster_usage ew_cluster_usage(const struct ew_cluster *cluster)
{
    return cluster->usage;
}
