#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <string.h>

#define URL "https://shop.example.com/"

static struct scene *shop(int status, const char *body)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, status, body);
    return scene;
}

/* The edge's own answer to a host that it does not know. */
static void edge_says(struct scene *scene, int status, const char *body)
{
    scene_http(scene, EDGE, "host-control", status, "", body);
    scene_http(scene, EDGE, "path-control", status, "", body);
}

/* ---- healthy ---- */

START_TEST(a_healthy_chain_has_no_finding)
{
    struct scene *scene = shop(200, "hello");
    assert_verdict(scene, "ok", 0, "");
    ck_assert_uint_eq(scene->verdict->finding_count, 0);
    for (int layer = EW_LAYER_DNS; layer <= EW_LAYER_APP; layer++)
        ck_assert_str_eq(ew_status_name(scene_status(scene, (enum ew_layer)layer)), "ok");
    ck_assert_uint_eq(scene->verdict->undecided_count, 0);
    ck_assert_int_eq(scene->verdict->first_failing, -1);
    scene_free(scene);
}
END_TEST

START_TEST(healthy_outside_without_a_cluster)
{
    struct scene *scene = scene_new(URL, "");
    scene_no_cluster(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 200, "hello");
    assert_verdict(scene, "ok", 0, "");
    ck_assert_int_eq(scene_status(scene, EW_LAYER_EDGE), EW_ST_SKIPPED);
    ck_assert_int_eq(scene_status(scene, EW_LAYER_APP), EW_ST_SKIPPED);
    scene_free(scene);
}
END_TEST

START_TEST(healthy_with_pods_forbidden)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 200, "hello");
    scene_denied(scene, "api/list/pods/shop?l=app=web", "forbidden");
    assert_verdict(scene, "ok", 0, "");
    ck_assert_ptr_nonnull(scene_finding(scene, "api-forbidden-partial"));
    ck_assert_int_eq(scene_status(scene, EW_LAYER_POD), EW_ST_UNKNOWN);
    ck_assert_int_eq(scene_status(scene, EW_LAYER_APP), EW_ST_UNKNOWN);
    ck_assert_uint_eq(scene->verdict->undecided_count, 1);
    scene_free(scene);
}
END_TEST

/* ---- names ---- */

START_TEST(a_name_that_does_not_exist)
{
    struct scene *scene = scene_new(URL, "");
    scene_no_cluster(scene);
    assert_verdict(scene, "fail", 11, "dns-nxdomain");
    ck_assert_int_eq(scene->verdict->first_failing, EW_LAYER_DNS);
    ck_assert_int_eq(scene_status(scene, EW_LAYER_LB), EW_ST_NOT_REACHED);
    ck_assert_int_eq(scene_status(scene, EW_LAYER_HTTP), EW_ST_NOT_REACHED);
    scene_free(scene);
}
END_TEST

START_TEST(a_record_that_leads_elsewhere)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", "198.51.100.9");
    scene_serves(scene, "198.51.100.9", 404, "nothing here");
    scene_serves(scene, EDGE, 200, "hello");
    scene_http(scene, "198.51.100.9", "host-control", 404, "", "nothing here");
    scene_http(scene, "198.51.100.9", "path-control", 404, "", "nothing here");
    assert_verdict(scene, "fail", 11, "dns-wrong-target");
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    ck_assert_int_eq(scene_status(scene, EW_LAYER_HTTP), EW_ST_FAIL);
    scene_free(scene);
}
END_TEST

START_TEST(another_address_that_answers_well_is_no_fault)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", "198.51.100.9");
    scene_serves(scene, "198.51.100.9", 200, "hello");
    scene_serves(scene, EDGE, 200, "hello");
    assert_verdict(scene, "ok", 0, "");
    ck_assert_uint_eq(scene->verdict->finding_count, 0);
    scene_free(scene);
}
END_TEST

START_TEST(one_address_of_three_is_dead)
{
    struct scene *scene = scene_new(URL, "");
    scene_no_cluster(scene);
    scene_dns(scene, HOST, "NOERROR", "203.0.113.7 203.0.113.8 203.0.113.9");
    scene_serves(scene, "203.0.113.7", 200, "hello");
    scene_serves(scene, "203.0.113.8", 200, "hello");
    scene_tcp(scene, "203.0.113.9", "timeout");
    assert_verdict(scene, "fail", 11, "dns-one-dead-address");
    ck_assert_uint_eq(scene->verdict->symptom_count, 1);
    ck_assert_str_eq(scene->verdict->symptoms[0]->cause->id, "tcp-timeout");
    scene_free(scene);
}
END_TEST

/* ---- connections and certificates ---- */

START_TEST(connections_that_fail)
{
    static const char *const rows[][3] = {{"refused", "tcp-refused", "12"},
                                          {"timeout", "tcp-timeout", "12"}};
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = scene_new(URL, "");
        scene_no_cluster(scene);
        scene_dns(scene, HOST, "NOERROR", EDGE);
        scene_tcp(scene, EDGE, rows[i][0]);
        assert_verdict(scene, "fail", 12, rows[i][1]);
        ck_assert_int_eq(scene_status(scene, EW_LAYER_TLS), EW_ST_NOT_REACHED);
        ck_assert_int_eq(scene_status(scene, EW_LAYER_HTTP), EW_ST_NOT_REACHED);
        scene_free(scene);
    }
}
END_TEST

START_TEST(certificates_that_fail)
{
    static const char *const rows[][2] = {{"expired", "tls-cert-expired"},
                                          {"other-name", "tls-name-mismatch"},
                                          {"unknown-issuer", "tls-intermediate-missing"},
                                          {"self-signed", "tls-untrusted-ca"},
                                          {"not-tls", "tls-plaintext-mixup"}};
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = scene_new(URL, "");
        scene_no_cluster(scene);
        scene_dns(scene, HOST, "NOERROR", EDGE);
        scene_tcp(scene, EDGE, "open");
        scene_tls(scene, EDGE, rows[i][0]);
        scene_http(scene, EDGE, "main", 0, "", "tls");
        assert_verdict(scene, "fail", 13, rows[i][1]);
        ck_assert_int_eq(scene_status(scene, EW_LAYER_HTTP), EW_ST_NOT_REACHED);
        scene_free(scene);
    }
}
END_TEST

START_TEST(a_handshake_that_no_row_names_is_still_broken)
{
    struct scene *scene = scene_new(URL, "");
    scene_no_cluster(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_tcp(scene, EDGE, "open");
    scene_tls(scene, EDGE, "error");
    scene_http(scene, EDGE, "main", 0, "", "tls");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    ck_assert_int_eq(scene_status(scene, EW_LAYER_TLS), EW_ST_FAIL);
    scene_free(scene);
}
END_TEST

START_TEST(a_reset_handshake_is_the_names_fault_where_objects_say_so)
{
    for (int claimed = 0; claimed < 2; claimed++) {
        struct scene *scene = scene_new(URL, "");
        scene_shop(scene);
        scene_pods(scene);
        if (!claimed)
            scene_add(scene, "apiVersion: gateway.networking.k8s.io/v1\n"
                             "kind: Gateway\n"
                             "metadata: {namespace: infra, name: public}\n"
                             "spec: {gatewayClassName: edge, listeners: [{name: https, port: 443, "
                             "protocol: HTTPS, hostname: '*.example.net'}]}\n"
                             "status: {addresses: [{value: 203.0.113.7}]}\n");
        scene_dns(scene, HOST, "NOERROR", EDGE);
        scene_tcp(scene, EDGE, "open");
        scene_tls(scene, EDGE, "reset");
        scene_judge(scene);
        ck_assert_int_eq(scene_finding(scene, "tls-unrecognized-name") != NULL, !claimed);
        ck_assert_int_eq(scene_finding(scene, "http-unexplained") != NULL, claimed);
        ck_assert_str_eq(ew_status_name(scene->verdict->status), "fail");
        scene_free(scene);
    }
}
END_TEST

/* ---- answers ---- */

START_TEST(an_error_without_a_cluster)
{
    struct scene *scene = scene_new(URL, "");
    scene_no_cluster(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 503, "no healthy upstream");
    edge_says(scene, 404, "");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    ck_assert_ptr_nonnull(strstr(scene->verdict->named->candidates, "ep-all-not-ready"));
    ck_assert_int_eq(scene->verdict->first_failing, EW_LAYER_HTTP);
    scene_free(scene);
}
END_TEST

START_TEST(silence_to_the_end)
{
    struct scene *scene = scene_new(URL, "");
    scene_no_cluster(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_tcp(scene, EDGE, "open");
    scene_tls(scene, EDGE, "ok");
    scene_http(scene, EDGE, "main", 0, "", "timeout");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    ck_assert_ptr_nonnull(strstr(scene->verdict->named->candidates, "http-edge-timeout-504"));
    scene_free(scene);
}
END_TEST

START_TEST(one_answer_of_three_is_bad)
{
    struct scene *scene = scene_new(URL, "");
    scene_no_cluster(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 200, "hello");
    scene_http(scene, EDGE, "sample-2", 502, "", "oops");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    scene_free(scene);
}
END_TEST

START_TEST(the_applications_own_404)
{
    struct scene *scene = shop(404, "{}");
    scene_http(scene, EDGE, "main", 404, "[\"x-powered-by\", \"Express\"]", "{}");
    edge_says(scene, 404, "");
    assert_verdict(scene, "fail", 20, "app-404");
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    ck_assert_int_eq(scene->verdict->first_failing, EW_LAYER_APP);
    ck_assert_int_eq(scene_status(scene, EW_LAYER_HTTP), EW_ST_FAIL);
    ck_assert_int_eq(scene_status(scene, EW_LAYER_POD), EW_ST_OK);
    scene_free(scene);
}
END_TEST

START_TEST(a_404_that_is_expected)
{
    struct scene *scene = scene_new(URL, "\"expect\": [[200, 200], [404, 404]]");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 404, "{}");
    assert_verdict(scene, "ok", 0, "");
    scene_free(scene);
}
END_TEST

/* ---- routes ---- */

START_TEST(nothing_claims_the_host)
{
    struct scene *scene = scene_new("https://other.example.com/", "");
    scene_shop(scene);
    scene_dns(scene, "other.example.com", "NOERROR", EDGE);
    scene_tcp(scene, EDGE, "open");
    scene_fact(scene, "tls/203.0.113.7:443/other.example.com", EW_KNOWN, NULL,
               "{\"outcome\": \"ok\", \"verified\": true, \"host_matches\": true, \"chain\": "
               "[{\"not_after\": 1895435200000}]}");
    static const char *const whats[] = {"main", "sample-1", "sample-2"};
    for (size_t i = 0; i < EW_COUNT(whats); i++)
        scene_http(scene, EDGE, whats[i], 404, "", "");
    edge_says(scene, 404, "");
    assert_verdict(scene, "fail", 16, "route-none-for-host");
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    scene_free(scene);
}
END_TEST

START_TEST(a_namespace_that_is_not_selected)
{
    struct scene *scene = shop(404, "");
    scene_add(scene,
              "apiVersion: gateway.networking.k8s.io/v1\n"
              "kind: Gateway\n"
              "metadata: {namespace: infra, name: public}\n"
              "spec:\n"
              "  gatewayClassName: edge\n"
              "  listeners:\n"
              "  - {name: https, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: "
              "{certificateRefs: [{name: web-tls}]}, allowedRoutes: {namespaces: {from: Selector, "
              "selector: {matchLabels: {public: 'true'}}}}}\n"
              "status: {addresses: [{value: 203.0.113.7}], conditions: [{type: Programmed, status: "
              "'True'}]}\n");
    edge_says(scene, 404, "");
    assert_verdict(scene, "fail", 16, "route-namespace-not-selected");
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    ck_assert_int_eq(scene->verdict->first_failing, EW_LAYER_ROUTE);
    scene_free(scene);
}
END_TEST

START_TEST(a_gateway_that_is_not_there)
{
    struct scene *scene = scene_new(URL, "");
    scene_cluster(scene);
    scene_add(scene, "apiVersion: gateway.networking.k8s.io/v1\n"
                     "kind: HTTPRoute\n"
                     "metadata: {namespace: shop, name: web}\n"
                     "spec: {parentRefs: [{name: publik, namespace: infra}], hostnames: "
                     "[shop.example.com], rules: [{backendRefs: [{name: web, port: 80}]}]}\n");
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 404, "");
    edge_says(scene, 404, "");
    assert_verdict(scene, "fail", 15, "edge-gateway-missing");
    scene_free(scene);
}
END_TEST

START_TEST(a_gateway_without_address)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_add(scene,
              "apiVersion: gateway.networking.k8s.io/v1\n"
              "kind: Gateway\n"
              "metadata: {namespace: infra, name: public}\n"
              "spec: {gatewayClassName: edge, listeners: [{name: https, port: 443, protocol: "
              "HTTPS, hostname: '*.example.com', allowedRoutes: {namespaces: {from: All}}, "
              "tls: {certificateRefs: [{name: web-tls}]}}]}\n"
              "status: {conditions: [{type: Programmed, status: 'False', reason: "
              "AddressNotAssigned, message: no address}]}\n"
              "---\n"
              "{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: dns, name: "
              "external-dns, labels: {app.kubernetes.io/name: external-dns}}}\n");
    assert_verdict(scene, "fail", 15, "edge-gateway-no-address");
    ck_assert_int_eq(scene->verdict->first_failing, EW_LAYER_DNS);
    ck_assert_uint_eq(scene->verdict->symptom_count, 1);
    scene_free(scene);
}
END_TEST

START_TEST(a_load_balancer_that_gets_no_address)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_add(scene,
              "apiVersion: gateway.networking.k8s.io/v1\n"
              "kind: Gateway\n"
              "metadata: {namespace: infra, name: public}\n"
              "spec: {gatewayClassName: edge, listeners: [{name: https, port: 443, protocol: "
              "HTTPS, allowedRoutes: {namespaces: {from: All}}}]}\n"
              "status: {conditions: [{type: Programmed, status: 'False', reason: "
              "AddressNotAssigned, message: no address}]}\n"
              "---\n"
              "{apiVersion: v1, kind: Service, metadata: {namespace: infra, name: envoy-public, "
              "labels: {gateway.networking.k8s.io/gateway-name: public}, creationTimestamp: "
              "'2026-11-23T11:00:00Z'}, spec: {type: LoadBalancer}, status: {loadBalancer: {}}}\n"
              "---\n"
              "{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: dns, name: "
              "external-dns, labels: {app: external-dns}}}\n");
    assert_verdict(scene, "fail", 12, "lb-address-pending");
    ck_assert_int_eq(scene->verdict->first_failing, EW_LAYER_DNS);
    ck_assert_uint_eq(scene->verdict->symptom_count, 2);
    ck_assert_ptr_nonnull(strstr(scene->verdict->named->message, "1 h"));
    scene_free(scene);
}
END_TEST

/* ---- backends ---- */

START_TEST(a_port_that_the_service_has_not)
{
    struct scene *scene = shop(500, "");
    scene_add(scene,
              "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: "
              "{selector: {app: web}, ports: [{port: 8080}]}}\n");
    edge_says(scene, 404, "");
    assert_verdict(scene, "fail", 17, "svc-port-mismatch");
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    scene_free(scene);
}
END_TEST

static const char no_endpoints[] =
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, name: "
    "web-1, "
    "labels: {kubernetes.io/service-name: web}}, endpoints: [], ports: [{name: '', port: 8080}]}\n";

START_TEST(a_selector_that_misses_the_pods)
{
    struct scene *scene = shop(503, "");
    scene_add(scene, no_endpoints);
    scene_add(scene,
              "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: "
              "{selector: {app: webb}, ports: [{port: 80, targetPort: 8080}]}}\n");
    edge_says(scene, 404, "");
    assert_verdict(scene, "fail", 17, "svc-selector-mismatch");
    ck_assert_str_eq(scene_finding(scene, "ep-none")->explained_by, scene->verdict->named->id);
    ck_assert_int_eq(scene->verdict->first_failing, EW_LAYER_SERVICE);
    scene_free(scene);
}
END_TEST

START_TEST(nothing_behind_the_service)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_add(scene, no_endpoints);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 503, "");
    edge_says(scene, 404, "");
    assert_verdict(scene, "fail", 18, "ep-none");
    ck_assert_ptr_null(scene_finding(scene, "svc-selector-mismatch"));
    scene_free(scene);
}
END_TEST

static const char crashing[] =
    "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-6b-a, labels: {app: web, "
    "pod-template-hash: 6b}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: "
    "web-6b, "
    "controller: true}]}, spec: {containers: [{name: api}]}, status: {phase: Running, podIP: "
    "10.0.0.1, conditions: [{type: Ready, status: 'False', reason: ContainersNotReady}], "
    "containerStatuses: [{name: api, ready: false, restartCount: 14, state: {waiting: {reason: "
    "CrashLoopBackOff}}, lastState: {terminated: {reason: Error, exitCode: 1, startedAt: "
    "'2026-11-23T11:59:00Z', finishedAt: '2026-11-23T11:59:02Z'}}}]}}\n";

static struct scene *unready(const char *pods)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_unready(scene);
    scene_add(scene, pods);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 503, "no healthy upstream");
    edge_says(scene, 404, "");
    return scene;
}

START_TEST(pods_that_crash)
{
    struct scene *scene = unready(crashing);
    assert_verdict(scene, "fail", 19, "pod-crashloop");
    ck_assert_str_eq(scene->verdict->named->kind, "Deployment");
    ck_assert_str_eq(scene->verdict->named->name, "web");
    ck_assert_ptr_nonnull(strstr(scene->verdict->named->message, "exits 1 after 2 s, 14 restarts"));
    ck_assert_str_eq(scene->verdict->named->steps[0].command,
                     "kubectl logs -n shop web-6b-a -c api --previous");
    ck_assert_int_eq(scene->verdict->first_failing, EW_LAYER_ENDPOINTS);
    ck_assert_uint_eq(scene->verdict->symptom_count, 1);
    ck_assert_str_eq(scene->verdict->layers[EW_LAYER_POD].summary, "CrashLoopBackOff");
    ck_assert_str_eq(scene->verdict->layers[EW_LAYER_ENDPOINTS].summary, "0/2 ready");
    scene_free(scene);
}
END_TEST

START_TEST(unready_and_the_pods_forbidden)
{
    struct scene *scene = unready("{}");
    scene_denied(scene, "api/list/pods/shop?l=app=web", "forbidden");
    assert_verdict(scene, "fail", 18, "ep-all-not-ready");
    ck_assert_str_eq(scene->verdict->named->note,
                     "cause behind it not seen: list pods in shop: forbidden");
    scene_free(scene);
}
END_TEST

START_TEST(unready_and_yet_answering)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_unready(scene);
    scene_add(scene, crashing);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 200, "hello");
    assert_verdict(scene, "warn", 0, "pod-crashloop");
    ck_assert_int_eq(scene->verdict->first_failing, -1);
    scene_free(scene);
}
END_TEST

/* ---- what cannot be read ---- */

START_TEST(an_api_that_cannot_be_used)
{
    static const char *const rows[][2] = {{"unreachable", "api-unreachable"},
                                          {"timeout", "api-unreachable"},
                                          {"not-an-api-server", "api-unreachable"},
                                          {"unauthorized", "api-unauthorized"}};
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = scene_new(URL, "");
        scene_fact(scene, EW_KEY_SERVER, EW_UNKNOWN, rows[i][0], "{\"server\": \"https://x\"}");
        scene_dns(scene, HOST, "NOERROR", EDGE);
        scene_serves(scene, EDGE, 200, "hello");
        assert_verdict(scene, "ok", 0, "");
        ck_assert_ptr_nonnull(scene_finding(scene, rows[i][1]));
        ck_assert_int_eq(scene_status(scene, EW_LAYER_POD), EW_ST_UNKNOWN);
        scene_free(scene);
    }
}
END_TEST

START_TEST(the_context_of_another_cluster)
{
    struct scene *scene = scene_new("https://else.example.org/", "");
    scene_shop(scene);
    scene_dns(scene, "else.example.org", "NOERROR", "198.51.100.9");
    scene_tcp(scene, "198.51.100.9", "open");
    scene_fact(scene, "tls/198.51.100.9:443/else.example.org", EW_KNOWN, NULL,
               "{\"outcome\": \"ok\", \"verified\": true, \"host_matches\": true, \"chain\": "
               "[{\"not_after\": 1895435200000}]}");
    static const char *const whats[] = {"main", "sample-1", "sample-2", "host-control"};
    for (size_t i = 0; i < EW_COUNT(whats); i++)
        scene_http(scene, "198.51.100.9", whats[i], 404, "", "");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    ck_assert_ptr_nonnull(scene_finding(scene, "api-wrong-cluster"));
    ck_assert_int_eq(scene_status(scene, EW_LAYER_EDGE), EW_ST_UNKNOWN);
    ck_assert_int_eq(scene_status(scene, EW_LAYER_APP), EW_ST_UNKNOWN);
    scene_free(scene);
}
END_TEST

START_TEST(nothing_fails_and_too_little_is_seen)
{
    struct scene *scene = scene_new(URL, "\"no_probe\": true");
    scene_cluster(scene);
    scene_denied(scene, "api/list/httproutes.gateway.networking.k8s.io/*", "forbidden");
    scene_denied(scene, "api/list/httproutes.gateway.networking.k8s.io/default", "forbidden");
    assert_verdict(scene, "unknown", 3, "");
    ck_assert_int_eq(scene_status(scene, EW_LAYER_DNS), EW_ST_SKIPPED);
    ck_assert_int_eq(scene_status(scene, EW_LAYER_ROUTE), EW_ST_UNKNOWN);
    scene_free(scene);
}
END_TEST

/* ---- promises over all ---- */

START_TEST(the_same_bytes_a_hundred_times)
{
    struct scene *scene = unready(crashing);
    scene_judge(scene);
    struct ew_buf file;
    struct ew_snapshot *again;
    struct ew_err err;
    ew_buf_init(&file, 0);
    ew_snapshot_write(scene->snapshot, &file);
    ck_assert_int_eq(ew_snapshot_read(file.data, file.len, &again, &err), EW_OK);
    for (int i = 0; i < 100; i++) {
        struct ew_verdict *verdict = ew_judge(again);
        ck_assert_uint_eq(verdict->finding_count, scene->verdict->finding_count);
        for (size_t f = 0; f < verdict->finding_count; f++) {
            const struct ew_finding *a = verdict->findings[f], *b = scene->verdict->findings[f];
            ck_assert_str_eq(a->id, b->id);
            ck_assert_ptr_eq(a->cause, b->cause);
            ck_assert_str_eq(a->message, b->message);
        }
        for (int layer = 0; layer < EW_LAYER_COUNT; layer++)
            ck_assert_str_eq(verdict->layers[layer].summary, scene->verdict->layers[layer].summary);
        ew_verdict_free(verdict);
    }
    ew_buf_release(&file);
    ew_snapshot_unref(again);
    scene_free(scene);
}
END_TEST

/* Whatever the deadline cut off, there is an end, and no silent ok. */
START_TEST(a_deadline_ends_it)
{
    struct scene *scene = scene_new(URL, "");
    for (int round = 0; round < 20; round++) {
        ew_verdict_free(scene->verdict);
        scene->verdict = ew_judge(scene->snapshot);
        const struct ew_wants *wants = scene->verdict->wants;
        for (size_t i = 0; i < ew_wants_count(wants); i++)
            scene_fact(scene, ew_wants_at(wants, i)->key, EW_UNKNOWN, "deadline", NULL);
        if (!ew_wants_count(wants))
            scene_fact(scene, EW_KEY_SERVER, EW_UNKNOWN, "deadline", NULL);
    }
    ck_assert_uint_eq(ew_wants_count(scene->verdict->wants), 0);
    ck_assert_str_eq(ew_status_name(scene->verdict->status), "fail");
    ck_assert_str_eq(scene->verdict->named->cause->id, "dns-timeout");
    scene_free(scene);
}
END_TEST

static void add_outside(Suite *suite)
{
    TCase *tc = tcase_create("outside");
    tcase_add_test(tc, a_name_that_does_not_exist);
    tcase_add_test(tc, a_record_that_leads_elsewhere);
    tcase_add_test(tc, another_address_that_answers_well_is_no_fault);
    tcase_add_test(tc, one_address_of_three_is_dead);
    tcase_add_test(tc, connections_that_fail);
    tcase_add_test(tc, certificates_that_fail);
    tcase_add_test(tc, a_handshake_that_no_row_names_is_still_broken);
    tcase_add_test(tc, a_reset_handshake_is_the_names_fault_where_objects_say_so);
    tcase_add_test(tc, an_error_without_a_cluster);
    tcase_add_test(tc, silence_to_the_end);
    tcase_add_test(tc, one_answer_of_three_is_bad);
    suite_add_tcase(suite, tc);
}

static void add_inside(Suite *suite)
{
    TCase *tc = tcase_create("inside");
    tcase_add_test(tc, the_applications_own_404);
    tcase_add_test(tc, a_404_that_is_expected);
    tcase_add_test(tc, nothing_claims_the_host);
    tcase_add_test(tc, a_namespace_that_is_not_selected);
    tcase_add_test(tc, a_gateway_that_is_not_there);
    tcase_add_test(tc, a_gateway_without_address);
    tcase_add_test(tc, a_load_balancer_that_gets_no_address);
    tcase_add_test(tc, a_port_that_the_service_has_not);
    tcase_add_test(tc, a_selector_that_misses_the_pods);
    tcase_add_test(tc, nothing_behind_the_service);
    tcase_add_test(tc, pods_that_crash);
    tcase_add_test(tc, unready_and_the_pods_forbidden);
    tcase_add_test(tc, unready_and_yet_answering);
    suite_add_tcase(suite, tc);
}

static Suite *suite(void)
{
    Suite *suite = suite_create("judge");
    TCase *tc = tcase_create("whole");
    tcase_add_test(tc, a_healthy_chain_has_no_finding);
    tcase_add_test(tc, healthy_outside_without_a_cluster);
    tcase_add_test(tc, healthy_with_pods_forbidden);
    tcase_add_test(tc, an_api_that_cannot_be_used);
    tcase_add_test(tc, the_context_of_another_cluster);
    tcase_add_test(tc, nothing_fails_and_too_little_is_seen);
    tcase_add_test(tc, the_same_bytes_a_hundred_times);
    tcase_add_test(tc, a_deadline_ends_it);
    suite_add_tcase(suite, tc);
    add_outside(suite);
    add_inside(suite);
    return suite;
}
