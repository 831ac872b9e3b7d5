/* Features that a controller does not do: refused by it, left out by it, dropped on the way. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"

#include <string.h>

#define URL "https://shop.example.com/"
#define API "gateway.networking.k8s.io/v1"
#define CLASS(features)                                                                            \
    "---\n{apiVersion: " API ", kind: GatewayClass, metadata: {name: edge}, spec: "                \
    "{controllerName: example.com/edge}, status: {conditions: [{type: Accepted, status: 'True'}]"  \
    ", supportedFeatures: [" features "]}}\n"
#define SOME CLASS("{name: Gateway}, {name: HTTPRoute}, {name: HTTPRouteMethodMatching}")
#define ROUTE(rule, status, more)                                                                  \
    "---\n{apiVersion: " API ", kind: HTTPRoute, metadata: {namespace: shop, name: web, "          \
    "generation: 2" more                                                                           \
    "}, spec: {parentRefs: [{name: public, namespace: infra}], hostnames: [" HOST                  \
    "], rules: [{backendRefs: [{name: web, port: 80}], " rule "}]}, status: {parents: "            \
    "[{parentRef: {name: public, namespace: infra}, controllerName: example.com/edge, "            \
    "conditions: [" status "]}]}}\n"
#define ACCEPTED "{type: Accepted, status: 'True', reason: Accepted}"
#define REFUSED(reason, message)                                                                   \
    "{type: Accepted, status: 'False', reason: " reason ", message: '" message "'}"
#define CORS "filters: [{type: CORS, cors: {allowOrigins: ['*']}}]"

static struct scene *shop(int status, const char *yaml)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, status, "");
    scene_http(scene, EDGE, "host-control", 404, "", "");
    scene_http(scene, EDGE, "path-control", 404, "", "");
    scene_add(scene, yaml);
    return scene;
}

static const char *const us = "edge-feature-unsupported";

static const struct feature_case {
    const char *name, *yaml;
    int answer;
    bool found;
} feature_cases[] = {
    {"refused, and the message names it",
     SOME ROUTE(CORS, REFUSED("UnsupportedValue", "Unsupported filter type: CORS"), ""), 404, true},
    {"refused, and the message names nothing",
     SOME ROUTE(CORS, REFUSED("UnsupportedField", "not supported"), ""), 404, true},
    {"refused for what the controller claims",
     SOME ROUTE("matches: [{method: GET}]", REFUSED("UnsupportedValue", "method GET"), ""), 404,
     false},
    {"refused for another thing that it uses, and claims",
     SOME ROUTE("matches: [{method: GET}], " CORS, REFUSED("UnsupportedValue", "bad method"), ""),
     404, false},
    {"refused for the namespace", SOME ROUTE(CORS, REFUSED("NotAllowedByListeners", "no"), ""), 404,
     false},
    {"refused, and the class lists nothing",
     ROUTE(CORS, REFUSED("UnsupportedValue", "Unsupported filter type: CORS"), ""), 404, false},
    {"refused, and served all the same",
     SOME ROUTE(CORS, REFUSED("UnsupportedValue", "Unsupported filter type: CORS"), ""), 200,
     false},
    {"refused, and the answer is no route miss",
     SOME ROUTE(CORS, REFUSED("UnsupportedValue", "Unsupported filter type: CORS"), ""), 503,
     false},
    {"a rule left out",
     SOME ROUTE(CORS,
                ACCEPTED ", {type: PartiallyInvalid, status: 'True', reason: UnsupportedValue, "
                         "message: 'Dropped Rule 0: CORS'}",
                ""),
     404, true},
    {"accepted, and not there", SOME ROUTE(CORS, ACCEPTED, ""), 404, true},
    {"accepted, and the edge fails it", SOME ROUTE(CORS, ACCEPTED, ""), 500, true},
    {"accepted and at work", SOME ROUTE(CORS, ACCEPTED, ""), 200, false},
    {"accepted and claimed",
     CLASS("{name: HTTPRoute}, {name: HTTPRouteCORS}") ROUTE(CORS, ACCEPTED, ""), 404, false},
};

START_TEST(a_feature_and_what_becomes_of_it)
{
    const struct feature_case *row = &feature_cases[_i];
    struct scene *scene = shop(row->answer, row->yaml);
    if (row->answer >= 500) { /* the edge's own, to any host */
        scene_http(scene, EDGE, "host-control", row->answer, "", "");
        scene_http(scene, EDGE, "path-control", row->answer, "", "");
    }
    const struct ew_verdict *verdict = scene_judge(scene);
    bool found = scene_finding(scene, us) != NULL;
    ck_assert_msg(found == row->found, "%s: %s", row->name,
                  verdict->named ? verdict->named->cause->id : "nothing");
    if (row->found)
        ck_assert_msg(verdict->named == scene_finding(scene, us), "%s: the root is %s", row->name,
                      verdict->named->cause->id);
    scene_free(scene);
}
END_TEST

/* ---- fields that were dropped ---- */

#define LOST(rule, fields)                                                                         \
    "---\n{apiVersion: " API ", kind: HTTPRoute, metadata: {namespace: shop, name: web" rule       \
    "}, spec: {parentRefs: [{name: public, namespace: infra}], hostnames: [" HOST "], rules: "     \
    "[{backendRefs: [{name: web, port: 80}]}]}, lost_fields: [" fields "], status: {parents: "     \
    "[{parentRef: {name: public, namespace: infra}, conditions: [" ACCEPTED "]}]}}\n"
#define WRITERS(applied, edited)                                                                   \
    ", managedFields: [{manager: kubectl-client-side-apply, operation: Update, time: '" applied    \
    "'}, {manager: kubectl-edit, operation: Update, time: '" edited "'}, {manager: edge, "         \
    "operation: Update, subresource: status, time: '2026-11-20T00:00:00Z'}]"

static const struct lost_case {
    const char *name, *yaml;
    bool found;
} lost_cases[] = {
    {"of the rule that serves", LOST("", "'spec.rules[0].retry'"), true},
    {"of another rule", LOST("", "'spec.rules[3].retry'"), false},
    {"of the route as a whole", LOST("", "spec.useDefaultGateways"), true},
    {"applied last",
     LOST(WRITERS("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z"), "'spec.rules[0].retry'"), true},
    {"edited since",
     LOST(WRITERS("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"), "'spec.rules[0].retry'"), false},
};

START_TEST(a_field_that_was_dropped_is_a_warning)
{
    const struct lost_case *row = &lost_cases[_i];
    struct scene *scene = shop(200, row->yaml);
    const struct ew_verdict *verdict = scene_judge(scene);
    ck_assert_msg((scene_finding(scene, us) != NULL) == row->found, "%s", row->name);
    ck_assert_str_eq(ew_status_name(verdict->status), row->found ? "warn" : "ok");
    ck_assert_int_eq(verdict->exit_status, 0);
    scene_free(scene);
}
END_TEST

/* What else is broken stays the root. */
START_TEST(a_dropped_field_beside_a_fault)
{
    struct scene *scene = shop(503, LOST("", "'spec.rules[0].retry'"));
    scene_unready(scene);
    assert_verdict(scene, "fail", 18, "ep-all-not-ready");
    ck_assert_int_eq(scene_finding(scene, us)->severity, EW_SEV_WARN);
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge: features");
    TCase *tc = tcase_create("features");
    tcase_add_loop_test(tc, a_feature_and_what_becomes_of_it, 0, EW_COUNT(feature_cases));
    tcase_add_loop_test(tc, a_field_that_was_dropped_is_a_warning, 0, EW_COUNT(lost_cases));
    tcase_add_test(tc, a_dropped_field_beside_a_fault);
    suite_add_tcase(suite, tc);
    return suite;
}
