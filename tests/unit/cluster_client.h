/* A client and what it brings, for the tests of src/cluster; included once by each. */
#ifndef TESTS_UNIT_CLUSTER_CLIENT_H
#define TESTS_UNIT_CLUSTER_CLIENT_H

#include "edgewalk/base/text.h"
#include "edgewalk/cluster.h"
#include "edgewalk/fact/keys.h"

#include "api_peer.h"
#include "peer.h"
#include "place.h"
#include "unit.h"

#include <signal.h>

static struct place place;
static struct ew_loop *loop;
static struct ew_cluster *cluster;
static struct ew_snapshot *snapshot;
static struct ew_wants *wants;
static struct ew_cluster_config config;
static int waiting;
static const char *keep_name; /* the only one kept of a list; NULL: all */

static inline void setup(void)
{
    char home[256];
    place_make(&place);
    setenv("HOME", place_name(&place, "home", home), 1);
    unsetenv("KUBECONFIG");
    unsetenv("KUBERNETES_SERVICE_HOST");
    unsetenv("HTTPS_PROXY");
    unsetenv("https_proxy");
    unsetenv("HTTP_PROXY");
    unsetenv("http_proxy");
    loop = ew_loop_new();
    snapshot = ew_snapshot_new();
    wants = ew_wants_new();
    memset(&config, 0, sizeof(config));
    config.timeout_ms = 3000;
    waiting = 0;
    keep_name = NULL;
}

static inline void teardown(void)
{
    ew_cluster_free(cluster);
    cluster = NULL;
    ew_loop_free(loop);
    ew_snapshot_unref(snapshot);
    ew_wants_free(wants);
    place_remove(&place);
}

/* ---- asking ---- */

static inline void open_cluster(void)
{
    struct ew_err err = {0};
    ck_assert_msg(ew_cluster_new(loop, &config, &cluster, &err) == EW_OK, "%s", err.message);
    ck_assert_ptr_nonnull(cluster);
}

static inline void open_at(int port)
{
    char *server = ew_fmt("http://127.0.0.1:%d", port);
    config.server = server;
    open_cluster();
    config.server = NULL;
    free(server);
}

static inline bool keep(void *ctx, enum ew_kind kind, const struct ew_json *object)
{
    (void)ctx;
    (void)kind;
    return !keep_name || ew_streq(ew_json_str(ew_json_at(object, "metadata.name")), keep_name);
}

static inline void take_object(void *ctx, struct ew_object *object)
{
    (void)ctx;
    ew_snapshot_put_object(snapshot, object);
}

static inline void take_fact(void *ctx, struct ew_fact *fact)
{
    (void)ctx;
    ew_snapshot_put(snapshot, fact);
    if (--waiting == 0)
        ew_loop_stop(loop);
}

static const struct ew_cluster_sink sink = {NULL, keep, take_object, take_fact};

static inline void late(void *ctx)
{
    (void)ctx;
    ck_abort_msg("%d facts never came", waiting);
}

static inline void wait_for(int facts)
{
    struct ew_timer *timer = ew_timer_start(loop, 15000, false, EW_PRIO_KEYS, late, NULL);
    waiting += facts;
    ew_loop_run(loop);
    ew_timer_stop(timer);
}

static inline void fetch_all(void)
{
    for (size_t i = 0; i < ew_wants_count(wants); i++)
        ew_cluster_fetch(cluster, ew_wants_at(wants, i), &sink);
    wait_for((int)ew_wants_count(wants));
}

static inline const struct ew_fact *list(const char *resource, const char *ns, const char *selector)
{
    const char *key = ew_want_list(wants, resource, ns, selector, false, "");
    fetch_all();
    return ew_snapshot_fact(snapshot, key);
}

static inline const struct ew_fact *get(const char *resource, const char *ns, const char *name)
{
    const char *key = ew_want_get(wants, resource, ns, name, false, "");
    fetch_all();
    return ew_snapshot_fact(snapshot, key);
}

static inline const struct ew_fact *discover(void)
{
    ew_cluster_discover(cluster, &sink);
    wait_for(2);
    return ew_snapshot_fact(snapshot, EW_KEY_SERVER);
}

static inline void assert_unknown(const struct ew_fact *fact, const char *reason, const char *says)
{
    const char *text = ew_json_get_str(ew_fact_value(fact), "text", "");
    ck_assert_ptr_nonnull(fact);
    ck_assert_int_eq(fact->state, EW_UNKNOWN);
    ck_assert_str_eq(fact->reason, reason);
    ck_assert_msg(strstr(text, says), "said: %s", text);
}

static inline long number(const struct ew_fact *fact, const char *key)
{
    return ew_json_get_int(ew_fact_value(fact), key, -1);
}

/* ---- a good server ---- */

#define STATUS(code, reason, message, details)                                                     \
    {                                                                                              \
        .status = code, .body = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":"           \
                                "\"Failure\",\"message\":\"" message "\",\"reason\":\"" reason     \
                                "\",\"details\":{" details "},\"code\":0}"                         \
    }
#define OK(text)                                                                                   \
    {                                                                                              \
        .status = 200, .body = text                                                                \
    }
#define PAGE_404                                                                                   \
    {                                                                                              \
        .status = 404, .type = "text/plain; charset=utf-8", .body = "404 page not found\n"         \
    }
#define PODS                                                                                       \
    "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"42\"},"       \
    "\"items\":[{\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\"}},"                           \
    "{\"metadata\":{\"name\":\"b\",\"namespace\":\"shop\",\"managedFields\":[{\"manager\":"        \
    "\"m\",\"fieldsV1\":{}}]}}]}"

struct row {
    const char *path; /* with or without the query */
    struct api_reply reply;
};

/* ctx: rows, ended by one without a path. */
static inline struct api_reply by_table(void *ctx, const char *uri, int nth)
{
    (void)nth;
    size_t len = strcspn(uri, "?");
    for (const struct row *row = ctx; row->path; row++)
        if (strcmp(row->path, uri) == 0 ||
            (strlen(row->path) == len && memcmp(row->path, uri, len) == 0))
            return row->reply;
    return (struct api_reply)PAGE_404;
}

static inline struct api_peer *serve(const struct row *rows)
{
    struct api_peer *peer = api_peer_start(NULL, by_table, (void *)(uintptr_t)rows);
    open_at(api_peer_port(peer));
    return peer;
}

static const struct row good[] = {
    {"/version", OK("{\"major\":\"1\",\"gitVersion\":\"v1.36.3\"}")},
    {"/apis",
     OK("{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/"
        "v2\",\"metadata\":"
        "{},\"items\":[{\"metadata\":{\"name\":\"gateway.networking.k8s.io\"},\"versions\":["
        "{\"version\":\"v1\",\"resources\":[{\"resource\":\"gateways\",\"responseKind\":{\"kind\":"
        "\"Gateway\"},\"scope\":\"Namespaced\"}]},{\"version\":\"v1beta1\",\"resources\":["
        "{\"resource\":\"gateways\",\"responseKind\":{\"kind\":\"Gateway\"}},"
        "{\"resource\":\"referencegrants\",\"responseKind\":{\"kind\":\"ReferenceGrant\"}}]},"
        "{\"version\":\"v1alpha1\",\"resources\":[{\"resource\":\"tcproutes\",\"responseKind\":"
        "{\"kind\":\"TCPRoute\"}}]}]},"
        "{\"metadata\":{\"name\":\"traefik.io\"},\"versions\":[{\"version\":\"v1alpha1\","
        "\"resources\":[{\"resource\":\"ingressroutes\",\"responseKind\":{\"kind\":"
        "\"IngressRoute\"}},{\"resource\":\"middlewares\",\"responseKind\":{\"kind\":"
        "\"Middleware\"},\"scope\":\"Namespaced\"}]}]}]}")},
    {"/apis/traefik.io/v1alpha1/namespaces/shop/middlewares/auth",
     OK("{\"kind\":\"Middleware\",\"apiVersion\":\"traefik.io/v1alpha1\",\"metadata\":{\"name\":"
        "\"auth\",\"namespace\":\"shop\"},\"spec\":{\"basicAuth\":{\"secret\":\"s\"}},\"status\":"
        "{\"fine\":true}}")},
    {"/api/v1/namespaces/shop/pods", OK(PODS)},
    {"/api/v1/namespaces/shop/services/s",
     OK("{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\",\"namespace\":"
        "\"shop\"},\"spec\":{\"ports\":[{\"port\":80}]}}")},
    {"/api/v1/namespaces/shop/services/none",
     STATUS(404, "NotFound", "services \\\"none\\\" not found", "\"name\":\"none\"")},
    {"/apis/gateway.networking.k8s.io/v1beta1/referencegrants",
     OK("{\"kind\":\"ReferenceGrantList\",\"metadata\":{},\"items\":[]}")},
    {NULL, {0}},
};

#endif
