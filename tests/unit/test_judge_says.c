/* What findings say beside their cause: commands that ask where the walk asked, and the words that
 * help most. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"

#include <string.h>

#define URL "https://shop.example.com/?a=1&b=2"

/* A pod that crashes, with what it said last as YAML text. */
static struct scene *crashing(const char *options, const char *words)
{
    struct scene *scene = scene_new(URL, options);
    scene_shop(scene);
    scene_unready(scene);
    char *pod = ew_fmt(
        "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-6b-a, labels: {app: "
        "web}}, spec: {containers: [{name: api}]}, status: {phase: Running, podIP: 10.0.0.1, "
        "conditions: [{type: Ready, status: 'False', reason: ContainersNotReady}], "
        "containerStatuses: [{name: api, ready: false, restartCount: 14, state: {waiting: {reason: "
        "CrashLoopBackOff}}, lastState: {terminated: {reason: Error, exitCode: 1, message: "
        "%s}}}]}}\n",
        words);
    scene_add(scene, pod);
    free(pod);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 503, "no healthy upstream");
    scene_http(scene, EDGE, "host-control", 404, "", "");
    scene_http(scene, EDGE, "path-control", 404, "", "");
    return scene;
}

START_TEST(commands_ask_where_the_walk_asked)
{
    struct scene *scene = crashing(
        "\"tools\": {\"kubectl\": \"--context 'prod eu'\", \"curl\": \"--cacert ca.pem\"}", "''");
    assert_verdict(scene, "fail", 19, "pod-crashloop");
    ck_assert_str_eq(scene->verdict->named->steps[0].command,
                     "kubectl --context 'prod eu' logs -n shop web-6b-a -c api --previous");
    scene_free(scene);

    scene = scene_new(URL, "\"tools\": {\"kubectl\": \"--context x\", \"curl\": \"-k\"}");
    scene_no_cluster(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 503, "odd");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    ck_assert_str_eq(scene->verdict->named->steps[0].command,
                     "kubectl --context x config get-contexts -o name");
    ck_assert_str_eq(scene->verdict->named->steps[1].command,
                     "curl -k -sSik --resolve shop.example.com:443:" EDGE " '" URL "'");
    scene_free(scene);
}
END_TEST

START_TEST(every_command_of_a_line_asks_there)
{
    struct scene *scene = scene_new(URL, "\"tools\": {\"kubectl\": \"--context x\"}");
    scene_shop(scene);
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
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 404, "");
    scene_judge(scene);
    const struct ew_finding *found = scene_finding(scene, "route-namespace-not-selected");
    ck_assert_ptr_nonnull(found);
    const char *command = found->steps[0].command;
    const char *first = strstr(command, "kubectl --context x get namespace");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(strstr(first + 1, "; kubectl --context x get gateway"));
    scene_free(scene);
}
END_TEST

static const struct {
    const char *yaml, *end; /* of the message */
} last_words[] = {
    {"''", "14 restarts"},
    {"'config: DB_URL is not set'", "14 restarts, last saying: config: DB_URL is not set"},
    {"\"goroutine 1\\npanic: no\\n \\n\"", "14 restarts, last saying: panic: no"},
    {"\"a\\u001b[2Jb\"", "last saying: a\\x1b[2Jb"},
};

START_TEST(what_a_container_said_last_is_said)
{
    struct scene *scene = crashing("", last_words[_i].yaml);
    const char *end = last_words[_i].end;
    assert_verdict(scene, "fail", 19, "pod-crashloop");
    const char *message = scene->verdict->named->message;
    size_t len = strlen(message), end_len = strlen(end);
    ck_assert_msg(len >= end_len && strcmp(message + len - end_len, end) == 0, "said: %s", message);
    scene_free(scene);
}
END_TEST

/* ---- thresholds ---- */

static struct scene *shop(const char *options, int status)
{
    struct scene *scene = scene_new(URL, options);
    scene_shop(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, status, status == 200 ? "hello" : "no healthy upstream");
    scene_http(scene, EDGE, "host-control", 404, "", "");
    scene_http(scene, EDGE, "path-control", 404, "", "");
    return scene;
}

/* The leaf has 61 days to live. */
static struct scene *certificate(const char *options)
{
    struct scene *scene = shop(options, 200);
    scene_pods(scene);
    return scene;
}

static struct scene *failed_twice(const char *options)
{
    struct scene *scene = shop(options, 503);
    scene_unready(scene);
    scene_add(scene, "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-a, labels: "
                     "{app: web}}, spec: {containers: [{name: api}]}, status: {phase: Running, "
                     "podIP: 10.0.0.1, conditions: [{type: Ready, status: 'False'}], "
                     "containerStatuses: [{name: api, ready: false, restartCount: 2, state: "
                     "{running: {}}, lastState: {terminated: {exitCode: 1}}}]}}\n");
    return scene;
}

static struct scene *ended_20_minutes_ago(const char *options)
{
    struct scene *scene = shop(options, 503);
    scene_add(scene, "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-a, labels: "
                     "{app: web}}, spec: {containers: [{name: api}]}, status: {phase: Running, "
                     "podIP: 10.0.0.1, conditions: [{type: Ready, status: 'True'}], "
                     "containerStatuses: [{name: api, ready: true, restartCount: 2, state: "
                     "{running: {}}, lastState: {terminated: {exitCode: 1, finishedAt: "
                     "'2026-11-23T11:40:00Z'}}}]}}\n");
    return scene;
}

static const struct {
    struct scene *(*make)(const char *options);
    const char *options, *cause;
    bool found;
} thresholds[] = {
    {certificate, "", "tls-cert-expiring-soon", false},
    {certificate, "\"thresholds\": {\"certificate-expires\": 6048000000}", "tls-cert-expiring-soon",
     true},
    {failed_twice, "", "pod-crashloop", false},
    {failed_twice, "\"thresholds\": {\"restarts\": 2}", "pod-crashloop", true},
    {ended_20_minutes_ago, "", "pod-crashloop", false},
    {ended_20_minutes_ago, "\"thresholds\": {\"recent-end\": 1800000}", "pod-crashloop", true},
};

START_TEST(thresholds_decide)
{
    struct scene *scene = thresholds[_i].make(thresholds[_i].options);
    scene_judge(scene);
    bool found = scene_finding(scene, thresholds[_i].cause) != NULL;
    ck_assert_msg(found == thresholds[_i].found, "%s: %s", thresholds[_i].options,
                  thresholds[_i].cause);
    scene_free(scene);
}
END_TEST

START_TEST(an_address_may_take_its_time)
{
    static const char *const options[] = {
        "\"no_probe\": true", "\"no_probe\": true, \"thresholds\": {\"address-pending\": 7200000}"};
    for (size_t i = 0; i < EW_COUNT(options); i++) {
        struct scene *scene = scene_new(URL, options[i]);
        scene_cluster(scene);
        scene_add(
            scene,
            "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, "
            "spec: {controller: k8s.io/ingress-nginx}}\n"
            "---\n"
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop, name: "
            "web}, spec: {ingressClassName: nginx, rules: [{host: shop.example.com, http: {paths: "
            "[{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: "
            "80}}}}]}}]}}\n"
            "---\n"
            "{apiVersion: v1, kind: Service, metadata: {namespace: infra, name: nginx, labels: "
            "{app.kubernetes.io/name: ingress-nginx}, creationTimestamp: '2026-11-23T11:00:00Z'}, "
            "spec: {type: LoadBalancer}, status: {loadBalancer: {}}}\n");
        scene_judge(scene);
        const struct ew_finding *found = scene_finding(scene, "lb-address-pending");
        ck_assert_ptr_nonnull(found);
        ck_assert_int_eq(found->severity, i ? EW_SEV_WARN : EW_SEV_FAIL);
        scene_free(scene);
    }
}
END_TEST

/* ---- owners ---- */

#define ROUTE_OF(metadata)                                                                         \
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {namespace: shop, "     \
    "name: web, " metadata "}, spec: {parentRefs: [{name: public, namespace: infra}], hostnames: " \
    "[shop.example.com], rules: [{backendRefs: [{name: web, port: 80}]}]}}\n"
#define SERVICE_OF(metadata)                                                                       \
    "---\n{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, " metadata        \
    "}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}\n"
#define NAMESPACE_OF(metadata)                                                                     \
    "---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop, " metadata "}}\n"
#define GATEWAY_OF(metadata)                                                                       \
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {namespace: infra, " \
    "name: public, " metadata "}, spec: {gatewayClassName: edge, listeners: [{name: https, port: " \
    "443, protocol: HTTPS, hostname: '*.example.com', tls: {certificateRefs: [{name: web-tls}]}, " \
    "allowedRoutes: {namespaces: {from: All}}}]}, status: {addresses: [{value: 203.0.113.7}], "    \
    "conditions: [{type: Programmed, status: 'True'}]}}\n"

static const struct {
    const char *options, *objects, *name, *source; /* of the owner; NULL: none */
} owners[] = {
    {"", ROUTE_OF("labels: {team: web}"), "web", "label team on HTTPRoute shop/web"},
    {"", ROUTE_OF("labels: {team: web}") SERVICE_OF("labels: {owner: orders}"), "orders",
     "label owner on Service shop/web"},
    {"", ROUTE_OF("labels: {}") NAMESPACE_OF("annotations: {a8r.io/owner: 'the shop'}"), "the shop",
     "annotation a8r.io/owner on Namespace shop"},
    {"", ROUTE_OF("labels: {team: a, owner: b}"), "b", "label owner on HTTPRoute shop/web"},
    {"", ROUTE_OF("labels: {team: '', other: x}") NAMESPACE_OF("labels: {}"), NULL, NULL},
    {"", ROUTE_OF("labels: {}") NAMESPACE_OF("labels: {}") GATEWAY_OF("labels: {team: edge}"), NULL,
     NULL},
    {"\"owner_keys\": [\"example.com/of\", \"team\"]",
     ROUTE_OF("labels: {team: a, owner: c}, annotations: {example.com/of: b}"), "b",
     "annotation example.com/of on HTTPRoute shop/web"},
    {"\"owner_keys\": []", ROUTE_OF("labels: {team: a}"), NULL, NULL},
    {"", ROUTE_OF("annotations: {owner: \"x\\e[2J\"}"), "x\\x1b[2J",
     "annotation owner on HTTPRoute shop/web"},
};

static void check_owner(const struct ew_finding *finding, const char *name, const char *source)
{
    ck_assert_ptr_nonnull(finding);
    ck_assert_msg((finding->owner != NULL) == (name != NULL), "owner %s of %s",
                  finding->owner ? finding->owner->source : "none", finding->cause->id);
    if (!name)
        return;
    ck_assert_str_eq(finding->owner->name, name);
    ck_assert_str_eq(finding->owner->source, source);
}

START_TEST(the_objects_say_whose_it_is)
{
    struct scene *scene = crashing(owners[_i].options, "''");
    scene_add(scene, owners[_i].objects);
    assert_verdict(scene, "fail", 19, "pod-crashloop");
    check_owner(scene->verdict->named, owners[_i].name, owners[_i].source);
    scene_free(scene);
}
END_TEST

START_TEST(a_pod_names_its_owner_before_all_others)
{
    struct scene *scene = crashing("", "''");
    scene_add(scene, ROUTE_OF("labels: {team: web}") SERVICE_OF("labels: {team: service}"));
    scene_add(scene, "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-6b-a, "
                     "labels: {app: web, team: pods, pod-template-hash: 6b}, ownerReferences: "
                     "[{apiVersion: apps/v1, kind: ReplicaSet, name: web-6b, controller: true}]}, "
                     "spec: {containers: [{name: api}]}, status: {phase: Running, conditions: "
                     "[{type: Ready, status: 'False'}], containerStatuses: [{name: api, ready: "
                     "false, state: {waiting: {reason: CrashLoopBackOff}}}]}}\n");
    assert_verdict(scene, "fail", 19, "pod-crashloop");
    ck_assert_str_eq(scene->verdict->named->kind, "Deployment");
    check_owner(scene->verdict->named, "pods", "label team on Pod shop/web-6b-a");
    scene_free(scene);
}
END_TEST

START_TEST(the_entry_point_answers_for_what_clients_meet)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_add(scene, ROUTE_OF("labels: {team: web}") GATEWAY_OF("labels: {team: edge}"));
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 200, "hello");
    scene_tls(scene, EDGE, "expired");
    assert_verdict(scene, "fail", 13, "tls-cert-expired");
    check_owner(scene->verdict->named, "edge", "label team on Gateway infra/public");
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge_says");
    TCase *tc = tcase_create("steps");
    tcase_add_test(tc, commands_ask_where_the_walk_asked);
    tcase_add_test(tc, every_command_of_a_line_asks_there);
    tcase_add_loop_test(tc, what_a_container_said_last_is_said, 0, (int)EW_COUNT(last_words));
    suite_add_tcase(suite, tc);
    tc = tcase_create("thresholds");
    tcase_add_loop_test(tc, thresholds_decide, 0, (int)EW_COUNT(thresholds));
    tcase_add_test(tc, an_address_may_take_its_time);
    suite_add_tcase(suite, tc);
    tc = tcase_create("owners");
    tcase_add_loop_test(tc, the_objects_say_whose_it_is, 0, (int)EW_COUNT(owners));
    tcase_add_test(tc, a_pod_names_its_owner_before_all_others);
    tcase_add_test(tc, the_entry_point_answers_for_what_clients_meet);
    suite_add_tcase(suite, tc);
    return suite;
}
