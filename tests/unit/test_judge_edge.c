/* Facts in, findings out: what refuses classes, listeners and ListenerSets. */
#include "config.h"

#include "judge_scene.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define URL "https://" HOST "/"
#define GW "apiVersion: gateway.networking.k8s.io/v1"

static struct scene *shop(int status)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    if (status)
        scene_serves(scene, EDGE, status, "");
    return scene;
}

static bool shows(const struct ew_finding *finding, const char *text)
{
    for (size_t i = 0; i < finding->evidence_count; i++)
        if (strstr(finding->evidence[i].text, text))
            return true;
    return false;
}

/* ---- classes ---- */

static const struct {
    const char *reason;
    int status; /* of the answer; 0: the port is closed */
    bool found;
    enum ew_severity severity;
} class_cases[] = {
    {"InvalidParameters", 0, true, EW_SEV_FAIL},
    {"GatewayClassConflict", 0, true, EW_SEV_FAIL},
    {"OlderGatewayClassExists", 0, true, EW_SEV_FAIL},
    {"Unsupported", 0, true, EW_SEV_FAIL},
    {"SomethingOfItsOwn", 0, true, EW_SEV_FAIL},
    {"UnsupportedVersion", 0, false, EW_SEV_FAIL}, /* the API's fault, not the class's */
    {"InvalidParameters", 503, true, EW_SEV_WARN}, /* and yet the data plane is there */
    {"InvalidParameters", 200, true, EW_SEV_WARN}, /* and serves */
    {"UnsupportedVersion", 200, false, EW_SEV_WARN},
};

START_TEST(a_class_that_is_refused)
{
    struct scene *scene = shop(class_cases[_i].status);
    char *yaml = ew_fmt("{" GW ", kind: GatewayClass, metadata: {name: edge}, spec: "
                        "{controllerName: example.com/edge, parametersRef: {group: example.com, "
                        "kind: Proxy, namespace: infra, name: big}}, status: {conditions: [{type: "
                        "Accepted, status: 'False', reason: %s, message: no}]}}\n",
                        class_cases[_i].reason);
    scene_add(scene, yaml);
    scene_judge(scene);
    const struct ew_finding *found = scene_finding(scene, "edge-gwclass-rejected");
    ck_assert_int_eq(found != NULL, class_cases[_i].found);
    ck_assert_ptr_null(scene_finding(scene, "edge-gwclass-no-controller"));
    if (found) {
        ck_assert_int_eq(found->severity, class_cases[_i].severity);
        ck_assert(shows(found, class_cases[_i].reason));
        ck_assert(shows(found, "Proxy.example.com infra/big"));
    }
    scene_free(scene);
    free(yaml);
}
END_TEST

START_TEST(a_refused_class_of_nobody_here)
{
    struct scene *scene = shop(200);
    scene_add(scene, "{" GW ", kind: GatewayClass, metadata: {name: other}, spec: {controllerName: "
                     "example.com/edge}, status: {conditions: [{type: Accepted, status: 'False', "
                     "reason: GatewayClassConflict}]}}\n");
    assert_verdict(scene, "ok", 0, "");
    ck_assert_uint_eq(scene->verdict->finding_count, 0);
    scene_free(scene);
}
END_TEST

/* ---- listeners that cannot be told apart ---- */

#define NO_FINDING (-1)

static int severity_of(const struct scene *scene, const char *cause)
{
    const struct ew_finding *found = scene_finding(scene, cause);
    return found ? (int)found->severity : NO_FINDING;
}

#define TLS_TOO                                                                                    \
    "{name: tls, port: 443, protocol: TLS, hostname: '*.example.com', tls: {mode: Passthrough}}"
#define PLAIN_TOO "{name: plain, port: 443, protocol: HTTP, hostname: '*.example.com'}"
#define OTHERS                                                                                     \
    "{name: a, port: 9443, protocol: HTTPS, hostname: a.com}, {name: b, port: 9443, protocol: "    \
    "TCP}"
#define CONFLICTED                                                                                 \
    "{type: Conflicted, status: 'True', reason: ProtocolConflict, observedGeneration: "

static const struct {
    const char *name, *more, *conditions; /* of listener https; the Gateway's generation is 2 */
    int status;                           /* of the answer; 0: the port is closed */
    int severity;
    const char *shown;
} conflict_cases[] = {
    {"by the objects", TLS_TOO, "", 0, EW_SEV_FAIL, "HostnameConflict by its spec"},
    {"and the controller says so", TLS_TOO, CONFLICTED "2}", 0, EW_SEV_FAIL, "Conflicted=True"},
    {"the controller took it, and the port is closed", TLS_TOO,
     "{type: Programmed, status: 'True'}", 0, EW_SEV_FAIL, "Programmed=True"},
    {"the controller took it, and a backend fails", TLS_TOO, "{type: Programmed, status: 'True'}",
     503, EW_SEV_WARN, "Programmed=True"},
    {"the controller took it, and all is well", TLS_TOO, "{type: Programmed, status: 'True'}", 200,
     EW_SEV_WARN, "Programmed=True"},
    {"distinct, and the controller cannot", PLAIN_TOO, CONFLICTED "2}", 0, EW_SEV_FAIL,
     "plain HTTP and TLS share its port"},
    {"distinct, said before the last change", PLAIN_TOO, CONFLICTED "1}", 0, NO_FINDING, NULL},
    {"distinct, and served", PLAIN_TOO, "{type: Programmed, status: 'True'}", 200, NO_FINDING,
     NULL},
    {"of another Gateway on one data plane", OTHERS, CONFLICTED "2}", 0, EW_SEV_FAIL,
     "another Gateway on the same data plane"},
    {"said by a reason alone", OTHERS,
     "{type: Accepted, status: 'False', reason: HostnameConflict, message: taken}", 0, EW_SEV_FAIL,
     "Accepted=False HostnameConflict"},
    {"refused for another reason", OTHERS,
     "{type: Accepted, status: 'False', reason: PortUnavailable, message: no}", 0, NO_FINDING,
     NULL},
    {"others' conflict", OTHERS, "{type: Programmed, status: 'True'}", 0, NO_FINDING, NULL},
    {"names that overlap", OTHERS,
     "{type: OverlappingTLSConfig, status: 'True', reason: OverlappingHostnames}", 200, NO_FINDING,
     NULL},
};

START_TEST(a_listener_in_conflict)
{
    struct scene *scene = shop(conflict_cases[_i].status);
    char *yaml = ew_fmt(
        "{" GW ", kind: Gateway, metadata: {namespace: infra, name: public, generation: 2}, spec: "
        "{gatewayClassName: edge, listeners: [{name: https, port: 443, protocol: HTTPS, hostname: "
        "'*.example.com', tls: {certificateRefs: [{name: web-tls}]}, allowedRoutes: {namespaces: "
        "{from: All}}}, %s]}, status: {addresses: [{value: " EDGE "}], conditions: [{type: "
        "Accepted, status: 'True'}, {type: Programmed, status: 'True'}], listeners: [{name: https, "
        "conditions: [%s]}, {name: plain, conditions: [%s]}]}}\n",
        conflict_cases[_i].more, conflict_cases[_i].conditions, conflict_cases[_i].conditions);
    scene_add(scene, yaml);
    scene_judge(scene);
    ck_assert_msg(severity_of(scene, "edge-listener-conflict") == conflict_cases[_i].severity, "%s",
                  conflict_cases[_i].name);
    if (conflict_cases[_i].shown)
        ck_assert_msg(
            shows(scene_finding(scene, "edge-listener-conflict"), conflict_cases[_i].shown), "%s",
            conflict_cases[_i].name);
    if (conflict_cases[_i].severity == EW_SEV_FAIL)
        ck_assert_str_eq(scene->verdict->named->cause->id, "edge-listener-conflict");
    ck_assert_ptr_null(scene_finding(scene, "edge-listenerset-rejected"));
    scene_free(scene);
    free(yaml);
}
END_TEST

/* ---- ListenerSets ---- */

/* The host lives in ListenerSet shop/own of Gateway infra/public alone. */
static void add_set(struct scene *scene, const char *allowed, const char *conditions,
                    const char *entry)
{
    char *yaml = ew_fmt(
        "---\n{" GW ", kind: Gateway, metadata: {namespace: infra, name: public}, spec: "
        "{gatewayClassName: edge, %s listeners: [{name: other, port: 443, protocol: HTTPS, "
        "hostname: other.example.com, tls: {certificateRefs: [{name: web-tls}]}}]}, status: "
        "{addresses: [{value: " EDGE "}], conditions: [{type: Accepted, status: 'True'}, {type: "
        "Programmed, status: 'True'}]}}\n"
        "---\n{" GW ", kind: ListenerSet, metadata: {namespace: shop, name: own, generation: 2}, "
        "spec: {parentRef: {namespace: infra, name: public}, listeners: [{name: https, port: 443, "
        "protocol: HTTPS, hostname: " HOST ", tls: {certificateRefs: [{name: own-tls}]}}]}, "
        "status: {conditions: [%s], listeners: [{name: https, conditions: [%s]}]}}\n"
        "---\n{" GW ", kind: HTTPRoute, metadata: {namespace: shop, name: web}, spec: {parentRefs: "
        "[{kind: ListenerSet, name: own}], hostnames: [" HOST "], rules: [{backendRefs: [{name: "
        "web, port: 80}]}]}, status: {parents: [{parentRef: {kind: ListenerSet, name: own}, "
        "conditions: [{type: Accepted, status: 'True'}]}]}}\n"
        "---\n{apiVersion: v1, kind: Secret, metadata: {namespace: shop, name: own-tls}, type: "
        "kubernetes.io/tls, certificate: {key_fits: true, has_key: true, chain: [{serial: '0a', "
        "fingerprint: aa, not_before: 1792929600000, not_after: 1800705600000, sans: ['dns:" HOST
        "']}]}}\n",
        allowed, conditions, entry);
    scene_add(scene, yaml);
    free(yaml);
}

#define FROM(who) "allowedListeners: {namespaces: {from: " who "}},"
#define TRUE(type) "{type: " type ", status: 'True', reason: " type "}"
#define REFUSED(reason, generation)                                                                \
    "{type: Accepted, status: 'False', reason: " reason                                            \
    ", message: no, observedGeneration: " generation "}"

static const struct {
    const char *name, *allowed, *conditions, *entry;
    int status; /* of the answer; 0: the handshake is refused */
    int severity;
    const char *shown;
} set_cases[] = {
    {"nobody is let in", "", REFUSED("NotAllowed", "2"), "", 0, EW_SEV_FAIL, "None (not set)"},
    {"before anybody said so", "", "", "", 0, EW_SEV_FAIL, "NotAllowed: allowedListeners"},
    {"another namespace", FROM("Same"), "", "", 0, EW_SEV_FAIL, "Same"},
    {"in its place", FROM("All"), TRUE("Accepted"), TRUE("Programmed"), 200, NO_FINDING, NULL},
    {"a backend fails", FROM("All"), TRUE("Accepted"), TRUE("Programmed"), 503, NO_FINDING, NULL},
    {"refused by the controller", FROM("All"), REFUSED("NotAllowed", "2"), "", 0, EW_SEV_FAIL,
     "the refusal is the controller's"},
    {"refused before the last change", FROM("All"), REFUSED("NotAllowed", "1"), "", 0, NO_FINDING,
     NULL},
    {"for its parent", FROM("All"), REFUSED("ParentNotAccepted", "2"), "", 0, EW_SEV_FAIL,
     "ParentNotAccepted"},
    {"for another of its listeners", FROM("All"), REFUSED("ListenersNotValid", "2"),
     TRUE("Programmed"), 200, EW_SEV_WARN, "ListenersNotValid"},
    {"no room for the listener", FROM("All"), TRUE("Accepted"), REFUSED("TooManyListeners", "2"), 0,
     EW_SEV_FAIL, "TooManyListeners"},
    {"the controller differs, and it works", "", TRUE("Accepted"), TRUE("Programmed"), 200,
     EW_SEV_WARN, "the controller differs"},
    {"not answered", FROM("All"), "", "", 0, EW_SEV_FAIL, "status has no answer"},
    {"not answered, and it works", FROM("All"), "", "", 200, NO_FINDING, NULL},
};

START_TEST(a_set_that_is_not_admitted)
{
    struct scene *scene = shop(set_cases[_i].status);
    if (!set_cases[_i].status)
        scene_tcp(scene, EDGE, "open");
    add_set(scene, set_cases[_i].allowed, set_cases[_i].conditions, set_cases[_i].entry);
    scene_judge(scene);
    ck_assert_msg(severity_of(scene, "edge-listenerset-rejected") == set_cases[_i].severity, "%s",
                  set_cases[_i].name);
    if (set_cases[_i].shown)
        ck_assert_msg(shows(scene_finding(scene, "edge-listenerset-rejected"), set_cases[_i].shown),
                      "%s", set_cases[_i].name);
    if (set_cases[_i].severity == EW_SEV_FAIL)
        ck_assert_str_eq(scene->verdict->named->cause->id, "edge-listenerset-rejected");
    ck_assert_ptr_null(scene_finding(scene, "edge-no-listener-for-port"));
    ck_assert_ptr_null(scene_finding(scene, "route-section-not-found"));
    scene_free(scene);
}
END_TEST

/* What the walk could not read is left open, and never a finding. */
START_TEST(a_set_that_cannot_be_read)
{
    struct scene *scene = shop(0);
    scene_tcp(scene, EDGE, "open");
    scene_add(scene, "{" GW ", kind: HTTPRoute, metadata: {namespace: shop, name: web}, spec: "
                     "{parentRefs: [{kind: ListenerSet, name: own, namespace: faraway}], "
                     "hostnames: [" HOST "], rules: [{}]}}\n");
    scene_denied(scene, "api/list/listenersets.gateway.networking.k8s.io/*", "forbidden");
    scene_denied(scene, "api/list/listenersets.gateway.networking.k8s.io/default", "forbidden");
    scene_denied(scene, "api/get/listenersets.gateway.networking.k8s.io/faraway/own", "forbidden");
    scene_judge(scene);
    ck_assert_int_eq(severity_of(scene, "edge-listenerset-rejected"), NO_FINDING);
    ck_assert_uint_gt(scene->verdict->undecided_count, 0);
    scene_free(scene);
}
END_TEST

START_TEST(a_set_whose_namespace_cannot_be_read)
{
    struct scene *scene = shop(0);
    scene_tcp(scene, EDGE, "open");
    add_set(scene,
            "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: "
            "shop}}}},",
            TRUE("Accepted"), TRUE("Programmed"));
    scene_add(scene,
              "---\n{" GW ", kind: ListenerSet, metadata: {namespace: faraway, name: own}, "
              "spec: {parentRef: {namespace: infra, name: public}, listeners: [{name: https, "
              "port: 443, protocol: HTTPS, hostname: " HOST "}]}}\n"
              "---\n{" GW ", kind: HTTPRoute, metadata: {namespace: shop, name: web}, spec: "
              "{parentRefs: [{kind: ListenerSet, name: own, namespace: faraway}], "
              "hostnames: [" HOST "], rules: [{}]}}\n");
    scene_denied(scene, "api/get/namespaces/-/faraway", "forbidden");
    scene_judge(scene);
    bool open = false;
    for (size_t i = 0; i < scene->verdict->undecided_count; i++)
        open = open || strstr(scene->verdict->undecided[i].want, "ListenerSet faraway/own");
    ck_assert(open);
    ck_assert_int_eq(severity_of(scene, "edge-listenerset-rejected"), NO_FINDING);
    scene_free(scene);
}
END_TEST

START_TEST(a_set_of_a_gateway_that_is_not_there)
{
    struct scene *scene = shop(0);
    scene_tcp(scene, EDGE, "open");
    add_set(scene, FROM("All"), "", "");
    scene_add(scene, "{" GW ", kind: ListenerSet, metadata: {namespace: shop, name: own}, spec: "
                     "{parentRef: {namespace: infra, name: gone}, listeners: [{name: https, port: "
                     "443, protocol: HTTPS, hostname: " HOST "}]}}\n");
    assert_verdict(scene, "fail", 15, "edge-listenerset-rejected");
    ck_assert_ptr_nonnull(strstr(scene->verdict->named->message, "infra/gone does not exist"));
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge: edge");
    TCase *tc = tcase_create("classes");
    tcase_add_loop_test(tc, a_class_that_is_refused, 0, EW_COUNT(class_cases));
    tcase_add_test(tc, a_refused_class_of_nobody_here);
    tcase_add_loop_test(tc, a_listener_in_conflict, 0, EW_COUNT(conflict_cases));
    tcase_add_loop_test(tc, a_set_that_is_not_admitted, 0, EW_COUNT(set_cases));
    tcase_add_test(tc, a_set_that_cannot_be_read);
    tcase_add_test(tc, a_set_whose_namespace_cannot_be_read);
    tcase_add_test(tc, a_set_of_a_gateway_that_is_not_there);
    suite_add_tcase(suite, tc);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
