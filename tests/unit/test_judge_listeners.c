#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"

#include <string.h>

#define GATEWAY_API "apiVersion: gateway.networking.k8s.io/v1\n"
#define ANY "allowedRoutes: {namespaces: {from: All}}"
#define CERT "tls: {certificateRefs: [{name: web-tls}]}"
#define HTTP "{name: http, port: 80, protocol: HTTP, " ANY "}"
#define HTTPS                                                                                      \
    "{name: https, port: 443, protocol: HTTPS, hostname: '*.example.com', " CERT ", " ANY "}"
#define OWN "{name: own, port: 443, protocol: HTTPS, hostname: " HOST ", " CERT ", " ANY "}"

static struct scene *shop(int status, const char *options)
{
    struct scene *scene = scene_new("https://" HOST "/", options);
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, status, "");
    scene_http(scene, EDGE, "host-control", status, "", "");
    scene_http(scene, EDGE, "path-control", status, "", "");
    return scene;
}

static void gateway(struct scene *scene, const char *listeners)
{
    char *text = ew_fmt(GATEWAY_API "kind: Gateway\n"
                                    "metadata: {namespace: infra, name: public}\n"
                                    "spec: {gatewayClassName: edge, listeners: [%s]}\n"
                                    "status: {addresses: [{value: " EDGE "}], conditions: [{type: "
                                    "Programmed, status: 'True'}]}\n",
                        listeners);
    scene_add(scene, text);
    free(text);
}

#define TO(section) "{name: public, namespace: infra, sectionName: " section "}"
#define SAYS(section, status, reason)                                                              \
    "{controllerName: example.com/edge, parentRef: " TO(                                           \
        section) ", conditions: [{type: Accepted, status: '" status "', reason: " reason           \
                 ", message: m}]}"
#define SERVED(path) "{matches: [{path: {value: " path "}}], backendRefs: [{name: web, port: 80}]}"
#define REDIRECT "{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}"

static void route(struct scene *scene, const char *name, const char *refs, const char *rules,
                  const char *parents)
{
    char *text = ew_fmt(GATEWAY_API "kind: HTTPRoute\n"
                                    "metadata: {namespace: shop, name: %s, generation: 2}\n"
                                    "spec: {parentRefs: [%s], hostnames: [" HOST "], rules: [%s]}\n"
                                    "status: {parents: [%s]}\n",
                        name, refs, rules, parents);
    scene_add(scene, text);
    free(text);
}

/* ---- one of two ports ---- */

static const struct {
    const char *refs, *rules, *cause;
} pinned[] = {
    {TO("http"), SERVED("/"), "route-attached-to-one-listener"},
    {TO("http"), REDIRECT, "route-none-for-host"},
    {TO("http"), SERVED("/api"), "route-none-for-host"}, /* it would not serve this path anyway */
    {TO("http") ", " TO("htps"), SERVED("/"), "route-section-not-found"},
    {TO("https"), SERVED("/api"), "route-path-not-matched"},
};

START_TEST(a_route_that_is_pinned_to_a_listener)
{
    struct scene *scene = shop(404, "");
    gateway(scene, HTTPS ", " HTTP);
    route(scene, "web", pinned[_i].refs, pinned[_i].rules, SAYS("http", "True", "Accepted"));
    assert_verdict(scene, "fail", 16, pinned[_i].cause);
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    ck_assert_uint_eq(scene->verdict->independent_count, 0);
    scene_free(scene);
}
END_TEST

/* What another route has on this listener does not make up for the rule that is on the other. */
START_TEST(the_rule_is_on_the_other_listener)
{
    struct scene *scene = shop(404, "");
    gateway(scene, HTTPS ", " HTTP);
    route(scene, "web", TO("http"), SERVED("/"), SAYS("http", "True", "Accepted"));
    route(scene, "api", TO("https"), SERVED("/api"), SAYS("https", "True", "Accepted"));
    assert_verdict(scene, "fail", 16, "route-attached-to-one-listener");
    ck_assert_ptr_null(scene_finding(scene, "route-path-not-matched"));
    scene_free(scene);
}
END_TEST

START_TEST(an_edge_that_offers_names_by_route)
{
    struct scene *scene = shop(404, "");
    gateway(scene, HTTPS ", " HTTP);
    route(scene, "web", TO("http"), SERVED("/"), SAYS("http", "True", "Accepted"));
    scene_fact(
        scene, "tls/" EDGE ":443/" HOST, EW_KNOWN, NULL,
        "{\"outcome\": \"alert\", \"alert\": {\"code\": 112, \"name\": \"unrecognized_name\"}}");
    assert_verdict(scene, "fail", 16, "route-attached-to-one-listener");
    ck_assert_uint_eq(scene->verdict->symptom_count, 1);
    ck_assert_str_eq(scene->verdict->symptoms[0]->cause->id, "tls-unrecognized-name");
    scene_free(scene);
}
END_TEST

/* A condition for each parentRef: one that is True hides the other. */
START_TEST(a_controller_that_takes_it_at_one_listener)
{
    struct scene *scene = shop(404, "");
    gateway(scene, HTTPS ", " HTTP);
    route(scene, "web", TO("http") ", " TO("https"), SERVED("/"),
          SAYS("http", "True", "Accepted") ", " SAYS("https", "False", "NoReadyListeners"));
    assert_verdict(scene, "fail", 16, "route-attached-to-one-listener");
    scene_free(scene);
}
END_TEST

/* ---- two of one port ---- */

static void class_with(struct scene *scene, const char *features)
{
    char *text = ew_fmt(GATEWAY_API "kind: GatewayClass\n"
                                    "metadata: {name: edge}\n"
                                    "spec: {controllerName: example.com/edge}\n"
                                    "status: {conditions: [{type: Accepted, status: 'True'}], "
                                    "supportedFeatures: [%s]}\n",
                        features);
    scene_add(scene, text);
    free(text);
}

static const struct {
    const char *features, *options;
    int status;
    const char *verdict, *cause;
} owned[] = {
    {"{name: Gateway}, {name: HTTPRoute}, {name: GatewayHTTPListenerIsolation}", "", 404, "fail",
     "route-listener-isolation"},
    {"Gateway, HTTPRoute, GatewayHTTPListenerIsolation", "", 404, "fail",
     "route-listener-isolation"},
    {"{name: Gateway}, {name: HTTPRoute}", "", 404, "fail", "route-listener-isolation"},
    {"", "", 404, "fail", "route-listener-isolation"},
    {"{name: Gateway}, {name: HTTPRoute}", "", 200, "ok", ""},
    {"{name: Gateway}, {name: HTTPRoute}, {name: GatewayHTTPListenerIsolation}",
     "\"no_probe\": true", 404, "fail", "route-listener-isolation"},
    {"{name: Gateway}, {name: HTTPRoute}", "\"no_probe\": true", 404, "unknown", ""},
};

START_TEST(a_listener_of_the_hosts_own)
{
    struct scene *scene = shop(owned[_i].status, owned[_i].options);
    class_with(scene, owned[_i].features);
    gateway(scene, HTTPS ", " OWN ", " HTTP);
    route(scene, "web", TO("https") ", " TO("http"), SERVED("/"),
          SAYS("https", "True", "Accepted") ", " SAYS("http", "True", "Accepted"));
    const struct ew_verdict *verdict = scene_judge(scene);
    ck_assert_str_eq(ew_status_name(verdict->status), owned[_i].verdict);
    ck_assert_str_eq(verdict->named ? verdict->named->cause->id : "", owned[_i].cause);
    ck_assert_ptr_null(scene_finding(scene, "route-attached-to-one-listener"));
    scene_free(scene);
}
END_TEST

/* ---- status and traffic ---- */

#define OLD_NEWS                                                                                   \
    "{controllerName: example.com/edge, parentRef: " TO(                                           \
        "https") ", conditions: [{type: Accepted, status: 'False', reason: NoMatchingParent, "     \
                 "observedGeneration: 1}]}"
#define FOREIGN                                                                                    \
    "{controllerName: example.com/other, parentRef: " TO(                                          \
        "https") ", conditions: [{type: Accepted, status: 'False', reason: NoMatchingParent}]}"

static const struct {
    const char *parents, *verdict, *named, *also;
} said[] = {
    {SAYS("https", "True", "Accepted"), "ok", "", NULL},
    {SAYS("https", "True", "Accepted") ", " FOREIGN, "ok", "", NULL},
    {SAYS("https", "False", "NoMatchingParent"), "warn", "route-status-disagrees-with-traffic",
     NULL},
    {SAYS("https", "Unknown", "Pending"), "warn", "route-status-disagrees-with-traffic", NULL},
    {"", "warn", "route-status-disagrees-with-traffic", NULL},
    {FOREIGN, "warn", "route-status-disagrees-with-traffic", NULL},
    /* it is of the time before the last change: that the controller has not read it comes first */
    {OLD_NEWS, "warn", "edge-stale-observed-generation", "route-status-disagrees-with-traffic"},
};

START_TEST(a_route_that_answers_all_the_same)
{
    struct scene *scene = shop(200, "");
    gateway(scene, HTTPS ", " HTTP);
    route(scene, "web", TO("https"), SERVED("/"), said[_i].parents);
    assert_verdict(scene, said[_i].verdict, 0, said[_i].named);
    ck_assert_ptr_null(scene_finding(scene, "route-section-not-found"));
    if (said[_i].also)
        ck_assert_ptr_nonnull(scene_finding(scene, said[_i].also));
    scene_free(scene);
}
END_TEST

/* The answer is another edge's: nothing is known of this one's traffic. */
START_TEST(an_answer_that_came_another_way)
{
    struct scene *scene = scene_new("https://" HOST "/", "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", "198.51.100.9");
    scene_serves(scene, "198.51.100.9", 200, "");
    scene_serves(scene, EDGE, 404, "");
    gateway(scene, HTTPS ", " HTTP);
    route(scene, "web", TO("https"), SERVED("/"), "");
    scene_judge(scene);
    ck_assert_ptr_null(scene_finding(scene, "route-status-disagrees-with-traffic"));
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge: listeners");
    TCase *tc = tcase_create("ports");
    tcase_add_loop_test(tc, a_route_that_is_pinned_to_a_listener, 0, (int)EW_COUNT(pinned));
    tcase_add_test(tc, the_rule_is_on_the_other_listener);
    tcase_add_test(tc, an_edge_that_offers_names_by_route);
    tcase_add_test(tc, a_controller_that_takes_it_at_one_listener);
    suite_add_tcase(suite, tc);
    tc = tcase_create("one port");
    tcase_add_loop_test(tc, a_listener_of_the_hosts_own, 0, (int)EW_COUNT(owned));
    suite_add_tcase(suite, tc);
    tc = tcase_create("status");
    tcase_add_loop_test(tc, a_route_that_answers_all_the_same, 0, (int)EW_COUNT(said));
    tcase_add_test(tc, an_answer_that_came_another_way);
    suite_add_tcase(suite, tc);
    return suite;
}
