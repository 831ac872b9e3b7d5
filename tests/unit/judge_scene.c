#include "config.h"

#include "judge_scene.h"

#include "edgewalk/base/url.h"
#include "edgewalk/fact/keys.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define RESOLVER "192.0.2.53:53"
#define GATEWAY_API "gateway.networking.k8s.io/v1"

/* 2026-11-23T12:00:00Z */
static const int64_t noon = 1795435200000;
static const int64_t day = 24LL * 3600 * 1000;

static struct ew_doc *json(const char *text)
{
    struct ew_doc *doc;
    struct ew_err err = {0};
    int code = ew_json_parse(text, strlen(text), &doc, &err);
    ck_assert_msg(code == EW_OK, "%s: %s", err.message, text);
    return doc;
}

static struct ew_doc *json_taken(char *text)
{
    struct ew_doc *doc = json(text);
    free(text);
    return doc;
}

struct scene *scene_new(const char *text, const char *options)
{
    struct scene *scene = ew_alloc(sizeof(*scene));
    struct ew_url url;
    struct ew_err err;
    ck_assert_int_eq(ew_url_parse(text, &url, &err), EW_OK);
    scene->snapshot = ew_snapshot_new();
    scene->url = ew_strdup(text);
    scene->port = url.port;
    scene->tls = strcmp(url.scheme, "https") == 0;
    ew_snapshot_set_clock(scene->snapshot, noon, 100);
    ew_snapshot_set_target(
        scene->snapshot,
        json_taken(
            ew_fmt("{\"url\": \"%s\", \"scheme\": \"%s\", \"host\": \"%s\", \"port\": %d, "
                   "\"path\": \"%s\", \"query\": \"%s\", \"method\": \"GET\", \"headers\": [], "
                   "\"literal\": %s}",
                   text, url.scheme, url.host, url.port, url.path, url.query,
                   url.family ? "true" : "false")));
    ew_snapshot_set_options(
        scene->snapshot,
        json_taken(ew_fmt("{\"resolvers\": [{\"address\": \"" RESOLVER "\", \"system\": true}], "
                          "\"nonce\": \"0badcafe\", \"expect\": [[200, 399]], \"family\": 0%s%s}",
                          *options ? ", " : "", options)));
    ew_snapshot_set_vantage(scene->snapshot, json("{\"hostname\": \"here\", \"ipv4\": true}"));
    ew_url_release(&url);
    return scene;
}

void scene_free(struct scene *scene)
{
    ew_verdict_free(scene->verdict);
    ew_snapshot_unref(scene->snapshot);
    free(scene->url);
    free(scene);
}

static int add_object(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    ew_snapshot_put_object(ctx, ew_object_new(NULL, doc));
    return EW_OK;
}

void scene_add(struct scene *scene, const char *yaml)
{
    struct ew_err err = {0};
    int code = ew_yaml_parse("scene", yaml, strlen(yaml), add_object, scene->snapshot, &err);
    ck_assert_msg(code == EW_OK, "%s", err.message);
}

void scene_fact(struct scene *scene, const char *key, enum ew_state state, const char *reason,
                const char *text)
{
    struct ew_doc *doc = text ? json(text) : NULL;
    ew_snapshot_put(scene->snapshot, ew_fact_new(key, state, reason, "test", noon, 1, doc));
    ew_doc_unref(doc);
}

static void fact_taken(struct scene *scene, char *key, char *text)
{
    scene_fact(scene, key, EW_KNOWN, NULL, text);
    free(key);
    free(text);
}

/* ---- outside ---- */

void scene_dns(struct scene *scene, const char *name, const char *rcode, const char *addresses)
{
    struct ew_buf rows;
    ew_buf_init(&rows, 0);
    for (const char *at = addresses; *at;) {
        size_t len = strcspn(at, " ");
        ew_buf_addf(&rows, "%s{\"name\": \"%s\", \"type\": \"A\", \"ttl\": 60, \"data\": \"%.*s\"}",
                    rows.len ? ", " : "", name, (int)len, at);
        at += len + strspn(at + len, " ");
    }
    fact_taken(scene, ew_key_dns(RESOLVER, name, "A"),
               ew_fmt("{\"rcode\": \"%s\", \"answers\": [%s]}", rcode, ew_buf_text(&rows)));
    fact_taken(scene, ew_key_dns(RESOLVER, name, "AAAA"),
               ew_fmt("{\"rcode\": \"%s\", \"answers\": []}", rcode));
    ew_buf_release(&rows);
}

void scene_tcp(struct scene *scene, const char *address, const char *outcome)
{
    fact_taken(scene, ew_key_tcp(address, scene->port),
               ew_fmt("{\"address\": \"%s\", \"port\": %d, \"outcome\": \"%s\"}", address,
                      scene->port, outcome));
}

static const struct {
    const char *how;
    int code; /* 0: verified */
    bool matches;
    int chain;
    bool self;
} handshakes[] = {
    {"ok", 0, true, 2, false},          {"expired", 10, true, 2, false},
    {"other-name", 0, false, 2, false}, {"unknown-issuer", 20, true, 1, false},
    {"self-signed", 18, true, 1, true}, {"self-signed-in-chain", 19, true, 2, true},
};

static char *cert_json(bool expired, bool matches, bool self)
{
    int64_t end = expired ? noon - 3 * day : noon + 61 * day;
    return ew_fmt("{\"subject\": \"CN = leaf\", \"issuer\": \"CN = issuer\", \"serial\": \"0a\", "
                  "\"not_before\": %lld, \"not_after\": %lld, \"sans\": [\"dns:%s\"], "
                  "\"fingerprint\": \"%s\", \"self_issued\": %s}",
                  (long long)(end - 90 * day), (long long)end, matches ? HOST : "www.example.net",
                  matches ? "aa" : "bb", self ? "true" : "false");
}

void scene_tls(struct scene *scene, const char *address, const char *how)
{
    char *value = ew_fmt("{\"outcome\": \"%s\"}", how);
    for (size_t i = 0; i < EW_COUNT(handshakes); i++) {
        if (strcmp(handshakes[i].how, how) != 0)
            continue;
        bool expired = handshakes[i].code == 10;
        char *leaf = cert_json(expired, handshakes[i].matches, handshakes[i].self);
        char *error = handshakes[i].code ? ew_fmt("{\"depth\": 0, \"code\": %d, \"text\": \"%s\"}",
                                                  handshakes[i].code, how)
                                         : ew_strdup("");
        free(value);
        value = ew_fmt("{\"outcome\": \"ok\", \"verified\": %s, \"host_matches\": %s, "
                       "\"verify_errors\": [%s], \"chain\": [%s%s%s]}",
                       handshakes[i].code ? "false" : "true",
                       handshakes[i].matches ? "true" : "false", error, leaf,
                       handshakes[i].chain > 1 ? ", " : "", handshakes[i].chain > 1 ? leaf : "");
        free(leaf);
        free(error);
    }
    fact_taken(scene, ew_key_tls(address, scene->port, HOST), value);
}

void scene_http(struct scene *scene, const char *address, const char *what, int status,
                const char *headers, const char *body)
{
    char *outcome = status ? ew_fmt("\"outcome\": \"answer\", \"status\": %d", status)
                           : ew_fmt("\"outcome\": \"%s\"", body);
    fact_taken(
        scene, ew_key_http(address, scene->port, what),
        ew_fmt("{\"url\": \"%s\", \"what\": \"%s\", %s, \"headers\": [%s], \"body\": \"%s\", "
               "\"body_bytes\": %zu, \"body_hash\": \"%08lx\", \"times\": {\"total_ms\": 12}}",
               scene->url, what, outcome, headers, status ? body : "", strlen(body),
               (unsigned long)ew_hash(body, strlen(body))));
    free(outcome);
}

void scene_serves(struct scene *scene, const char *address, int status, const char *body)
{
    static const char *const whats[] = {"main", "sample-1", "sample-2"};
    scene_tcp(scene, address, "open");
    if (scene->tls)
        scene_tls(scene, address, "ok");
    for (size_t i = 0; i < EW_COUNT(whats); i++)
        scene_http(scene, address, whats[i], status, "", body);
}

/* ---- inside ---- */

void scene_no_cluster(struct scene *scene)
{
    scene_fact(scene, EW_KEY_SERVER, EW_ABSENT, NULL, NULL);
}

void scene_cluster(struct scene *scene)
{
    scene_fact(scene, EW_KEY_SERVER, EW_KNOWN, NULL,
               "{\"server\": \"https://10.0.0.1:6443\", \"context\": \"prod\"}");
    scene_fact(scene, EW_KEY_DISCOVERY, EW_KNOWN, NULL,
               "{\"groups\": [{\"name\": \"gateway.networking.k8s.io\", \"versions\": [\"v1\"], "
               "\"preferred\": \"v1\"}], \"families\": [], \"resources\": []}");
}

static const char shop[] =
    "---\n"
    "{apiVersion: " GATEWAY_API ", kind: GatewayClass, metadata: {name: edge}, spec: "
    "{controllerName: example.com/edge}, status: {conditions: [{type: Accepted, status: "
    "'True'}]}}\n"
    "---\n"
    "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: shop}}}\n"
    "---\n"
    "{apiVersion: v1, kind: Namespace, metadata: {name: infra}}\n"
    "---\n"
    "{apiVersion: v1, kind: Secret, metadata: {namespace: infra, name: web-tls}, type: "
    "kubernetes.io/tls, certificate: {key_fits: true, has_key: true, chain: [{serial: '0a', "
    "fingerprint: aa, not_before: 1792929600000, not_after: 1800705600000, sans: "
    "['dns:shop.example.com']}]}}\n"
    "---\n"
    "apiVersion: " GATEWAY_API "\n"
    "kind: Gateway\n"
    "metadata: {namespace: infra, name: public, generation: 1}\n"
    "spec:\n"
    "  gatewayClassName: edge\n"
    "  listeners:\n"
    "  - {name: https, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: "
    "{certificateRefs: [{name: web-tls}]}, allowedRoutes: {namespaces: {from: All}}}\n"
    "  - {name: http, port: 80, protocol: HTTP, hostname: '*.example.com', allowedRoutes: "
    "{namespaces: {from: All}}}\n"
    "status:\n"
    "  addresses: [{type: IPAddress, value: " EDGE "}]\n"
    "  conditions: [{type: Accepted, status: 'True'}, {type: Programmed, status: 'True'}]\n"
    "  listeners:\n"
    "  - {name: https, conditions: [{type: Programmed, status: 'True'}]}\n"
    "---\n"
    "apiVersion: " GATEWAY_API "\n"
    "kind: HTTPRoute\n"
    "metadata: {namespace: shop, name: web, generation: 1}\n"
    "spec:\n"
    "  parentRefs: [{name: public, namespace: infra}]\n"
    "  hostnames: [" HOST "]\n"
    "  rules:\n"
    "  - {matches: [{path: {type: PathPrefix, value: /}}], backendRefs: [{name: web, port: 80}]}\n"
    "status:\n"
    "  parents: [{parentRef: {name: public, namespace: infra}, conditions: [{type: Accepted, "
    "status: 'True'}]}]\n"
    "---\n"
    "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: {selector: "
    "{app: web}, ports: [{port: 80, targetPort: 8080}]}}\n"
    "---\n"
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, name: "
    "web-1, labels: {kubernetes.io/service-name: web}}, ports: [{name: '', port: 8080}], "
    "endpoints: "
    "[{addresses: [10.0.0.1], conditions: {ready: true}, targetRef: {kind: Pod, name: web-6b-a}}, "
    "{addresses: [10.0.0.2], conditions: {ready: true}, targetRef: {kind: Pod, name: "
    "web-6b-b}}]}\n";

static const char pods[] =
    "---\n"
    "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-6b-a, labels: {app: web}}, "
    "spec: {containers: [{name: web}]}, status: {phase: Running, podIP: 10.0.0.1, conditions: "
    "[{type: Ready, status: 'True'}], containerStatuses: [{name: web, ready: true, restartCount: "
    "0}]}}\n"
    "---\n"
    "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-6b-b, labels: {app: web}}, "
    "spec: {containers: [{name: web}]}, status: {phase: Running, podIP: 10.0.0.2, conditions: "
    "[{type: Ready, status: 'True'}], containerStatuses: [{name: web, ready: true, restartCount: "
    "0}]}}\n";

static const char unready[] =
    "---\n"
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, name: "
    "web-1, labels: {kubernetes.io/service-name: web}}, ports: [{name: '', port: 8080}], "
    "endpoints: "
    "[{addresses: [10.0.0.1], conditions: {ready: false}, targetRef: {kind: Pod, name: web-6b-a}}, "
    "{addresses: [10.0.0.2], conditions: {ready: false}, targetRef: {kind: Pod, name: "
    "web-6b-b}}]}\n";

void scene_shop(struct scene *scene)
{
    scene_cluster(scene);
    scene_add(scene, shop);
}

void scene_pods(struct scene *scene)
{
    scene_add(scene, pods);
}

void scene_unready(struct scene *scene)
{
    scene_add(scene, unready);
}

void scene_denied(struct scene *scene, const char *key, const char *reason)
{
    scene_fact(scene, key, EW_UNKNOWN, reason, NULL);
}

/* ---- the walk ---- */

static void answer(struct scene *scene, const struct ew_want *want)
{
    switch (want->kind) {
    case EW_WANT_DNS:
        scene_fact(scene, want->key, EW_KNOWN, NULL, "{\"rcode\": \"NXDOMAIN\", \"answers\": []}");
        break;
    case EW_WANT_TCP:
        scene_fact(scene, want->key, EW_KNOWN, NULL, "{\"outcome\": \"refused\"}");
        break;
    case EW_WANT_TLS:
        scene_fact(scene, want->key, EW_KNOWN, NULL, "{\"outcome\": \"reset\"}");
        break;
    case EW_WANT_HTTP:
        scene_fact(scene, want->key, EW_KNOWN, NULL, "{\"outcome\": \"reset\"}");
        break;
    case EW_WANT_GET:
        scene_fact(scene, want->key, EW_ABSENT, NULL, NULL);
        break;
    case EW_WANT_LIST:
        scene_fact(scene, want->key, EW_KNOWN, NULL, "{\"count\": 0, \"others\": 0}");
        break;
    }
}

const struct ew_verdict *scene_judge(struct scene *scene)
{
    for (int round = 0; !scene->settled; round++) {
        ck_assert_msg(round < 20, "asks without end");
        ew_verdict_free(scene->verdict);
        scene->verdict = ew_judge(scene->snapshot);
        const struct ew_wants *wants = scene->verdict->wants;
        scene->settled = !ew_wants_count(wants);
        for (size_t i = 0; i < ew_wants_count(wants); i++) {
            const struct ew_want *want = ew_wants_at(wants, i);
            ck_assert_msg(!ew_snapshot_fact(scene->snapshot, want->key), "asks again for %s",
                          want->key);
            answer(scene, want);
        }
        ck_assert(scene->settled || scene->verdict->status == EW_ST_PENDING);
    }
    return scene->verdict;
}

const struct ew_finding *scene_finding(const struct scene *scene, const char *cause)
{
    for (size_t i = 0; i < scene->verdict->finding_count; i++)
        if (strcmp(scene->verdict->findings[i]->cause->id, cause) == 0)
            return scene->verdict->findings[i];
    return NULL;
}

enum ew_status scene_status(const struct scene *scene, enum ew_layer layer)
{
    return scene->verdict->layers[layer].status;
}
