/* Rules that all but took a request, and canaries: the route layer's smaller differences. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <string.h>

#define URL "https://" HOST "/api/orders"

/* HTTPRoute shop/web again, with these rules. */
static void set_rules(struct scene *scene, const char *rules)
{
    char *yaml = ew_fmt(
        "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {namespace: "
        "shop, name: web, generation: 1}, spec: {parentRefs: [{name: public, namespace: infra}], "
        "hostnames: [" HOST "], rules: [%s]}, status: {parents: [{parentRef: {name: public, "
        "namespace: infra}, conditions: [{type: Accepted, status: 'True'}]}]}}\n",
        rules);
    scene_add(scene, yaml);
    free(yaml);
}

#define RULE(match, name) "{matches: [" match "], backendRefs: [{name: " name ", port: 80}]}"
#define EXACT(path) "{path: {type: Exact, value: " path "}}"
#define UNDER(path) "{path: {type: PathPrefix, value: " path "}}"

static const char shop[] =
    "---\n"
    "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: shop}, spec: {selector: "
    "{app: shop}, ports: [{port: 80, targetPort: 8080}]}}\n"
    "---\n"
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, name: "
    "shop-1, labels: {kubernetes.io/service-name: shop}}, ports: [{name: '', port: 8080}], "
    "endpoints: [{addresses: [10.0.0.3], conditions: {ready: true}}]}\n";

/* A request that the edge, or an application, answers with 404. */
static struct scene *missed(const char *url, const char *rules, bool by_app)
{
    struct scene *scene = scene_new(url, "");
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 404, by_app ? "no such page" : "");
    scene_http(scene, EDGE, "host-control", 404, "", "");
    scene_http(scene, EDGE, "path-control", 404, "", by_app ? "no such page" : "");
    scene_shop(scene);
    scene_pods(scene);
    scene_add(scene, shop);
    set_rules(scene, rules);
    return scene;
}

/* ---- no rule takes it ---- */

static const struct {
    const char *path, *rules, *cause, *also; /* also: NULL, or a cause that is not to be there */
} misses[] = {
    {"/api/orders", RULE(UNDER("/shop"), "web"), "route-path-not-matched", NULL},
    {"/orders", RULE(EXACT("/"), "web"), "route-path-not-matched", "route-exact-vs-prefix"},
    {"/api/orders", RULE(EXACT("/api"), "web"), "route-exact-vs-prefix", NULL},
    {"/API", RULE(EXACT("/api"), "web"), "route-exact-vs-prefix", "route-trailing-slash"},
    {"/api/", RULE(EXACT("/api"), "web"), "route-trailing-slash", "route-exact-vs-prefix"},
    {"/api", RULE(EXACT("/api/"), "web"), "route-trailing-slash", "route-exact-vs-prefix"},
    {"/apiary", RULE(UNDER("/api"), "web"), "route-exact-vs-prefix", NULL},
    {"/api/orders", RULE(UNDER("/api/*"), "web"), "route-exact-vs-prefix", NULL},
    /* a path that another part keeps from fitting is not near */
    {"/api/", RULE("{path: {type: Exact, value: /api}, method: POST}", "web"),
     "route-path-not-matched", "route-trailing-slash"},
    {"/api", RULE("{path: {value: /api}, method: POST}", "web"), "route-header-query-method-miss",
     "route-path-not-matched"},
    {"/api", RULE("{headers: [{name: x-a, value: b}]}", "web"), "route-header-query-method-miss",
     "route-canary-gets-none"},
    {"/api?v=1", RULE("{queryParams: [{name: v, value: '2'}]}", "web"),
     "route-header-query-method-miss", "route-path-not-matched"},
    /* the longer path is the one that was meant */
    {"/api/",
     RULE("{path: {value: /}, headers: [{name: x-a, value: b}]}", "web") ", " RULE(EXACT("/api"),
                                                                                   "web"),
     "route-trailing-slash", "route-header-query-method-miss"},
    {"/apiary",
     RULE("{path: {value: /}, headers: [{name: x-a, value: b}]}", "web") ", " RULE(UNDER("/api"),
                                                                                   "web"),
     "route-header-query-method-miss", "route-exact-vs-prefix"},
};

START_TEST(what_a_request_misses_by)
{
    char *url = ew_fmt("https://" HOST "%s", misses[_i].path);
    struct scene *scene = missed(url, misses[_i].rules, false);
    assert_verdict(scene, "fail", 16, misses[_i].cause);
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    if (misses[_i].also)
        ck_assert_ptr_null(scene_finding(scene, misses[_i].also));
    scene_free(scene);
    free(url);
}
END_TEST

/* The rule stands in a route that is refused: what others miss by is beside the point. */
START_TEST(a_rule_that_is_kept_out)
{
    struct scene *scene = missed("https://" HOST "/api/", RULE(EXACT("/api"), "web"), false);
    scene_add(scene, "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: "
                     "{namespace: shop, name: lost, generation: 1}, spec: {parentRefs: [{name: "
                     "public, namespace: infra, sectionName: gone}], hostnames: [" HOST
                     "], rules: [" RULE(UNDER("/api"), "web") "]}}\n");
    assert_verdict(scene, "fail", 16, "route-section-not-found");
    ck_assert_ptr_null(scene_finding(scene, "route-trailing-slash"));
    ck_assert_ptr_nonnull(scene_finding(scene, "route-path-not-matched"));
    scene_free(scene);
}
END_TEST

/* A rule of a route that is not attached was not missed. */
START_TEST(rules_that_are_not_attached_are_not_near)
{
    struct scene *scene = missed("https://" HOST "/api/", RULE(UNDER("/shop"), "web"), false);
    scene_add(scene, "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: "
                     "{namespace: shop, name: lost, generation: 1}, spec: {parentRefs: [{name: "
                     "public, namespace: infra, sectionName: gone}], hostnames: [" HOST
                     "], rules: [" RULE(EXACT("/api"), "web") "]}}\n");
    scene_judge(scene);
    ck_assert_ptr_null(scene_finding(scene, "route-trailing-slash"));
    scene_free(scene);
}
END_TEST

/* Another answer than 404 is not for want of a rule. */
START_TEST(an_answer_that_is_no_miss)
{
    struct scene *scene = missed("https://" HOST "/api/", RULE(EXACT("/api"), "web"), false);
    scene_http(scene, EDGE, "main", 403, "", "blocked");
    scene_http(scene, EDGE, "sample-1", 403, "", "blocked");
    scene_http(scene, EDGE, "sample-2", 403, "", "blocked");
    scene_judge(scene);
    ck_assert_ptr_null(scene_finding(scene, "route-trailing-slash"));
    scene_free(scene);
}
END_TEST

/* From objects alone a slash is a failure too: the request gets 404. */
START_TEST(a_slash_without_a_probe)
{
    struct scene *scene = scene_new("https://" HOST "/api/", "\"no_probe\": true");
    scene_shop(scene);
    set_rules(scene, RULE(EXACT("/api"), "web"));
    assert_verdict(scene, "fail", 16, "route-trailing-slash");
    scene_free(scene);
}
END_TEST

/* ---- another rule takes it ---- */

#define TWO RULE(EXACT("/api"), "web") ", " RULE(UNDER("/"), "shop")

START_TEST(the_rule_that_was_meant_answers)
{
    struct scene *scene = missed(URL, TWO, true);
    scene_http(scene, EDGE, "near-control", 200, "", "orders");
    assert_verdict(scene, "fail", 16, "route-exact-vs-prefix");
    ck_assert_ptr_nonnull(scene_finding(scene, "app-404"));
    scene_free(scene);
}
END_TEST

START_TEST(the_rule_that_was_meant_has_nothing_either)
{
    struct scene *scene = missed(URL, TWO, true);
    scene_http(scene, EDGE, "near-control", 404, "", "no such page");
    assert_verdict(scene, "fail", 20, "app-404");
    ck_assert_ptr_null(scene_finding(scene, "route-exact-vs-prefix"));
    scene_free(scene);
}
END_TEST

START_TEST(both_rules_lead_to_one_application)
{
    struct scene *scene =
        missed(URL, RULE(EXACT("/api"), "web") ", " RULE(UNDER("/"), "web"), true);
    assert_verdict(scene, "fail", 20, "app-404");
    ck_assert_ptr_null(scene_finding(scene, "route-exact-vs-prefix"));
    scene_free(scene);
}
END_TEST

/* ---- canaries by header ---- */

static const struct {
    const char *asked, *sent; /* "name", "value" */
    bool warns;
} headers[] = {
    {"{name: x-track, value: canary}", "[\"x-track\", \"Canary\"]", true},
    {"{name: x-track, value: canary}", "[\"x-track\", \" canary\"]", true},
    {"{name: x-track, value: canary}", "[\"X-Track\", \"canray\"]", true},
    {"{name: x-track, value: canary}", "[\"x_track\", \"canary\"]", true},
    {"{name: x-track, value: canary}", "[\"x-trak\", \"canary\"]", true},
    {"{name: x-track, value: canary}", "[\"x-track\", \"canary\"]", false}, /* it serves */
    {"{name: x-track, value: canary}", "[\"x-track\", \"beta\"]", false},
    {"{name: x-track, value: canary}", "[\"x-trak\", \"beta\"]", false},
    {"{name: x-tenant, value: t1}", "[\"x-tenant\", \"t2\"]", false}, /* numbers differ for good */
    {"{name: x-tenant, value: tenant1}", "[\"x-tenant\", \"tenant2\"]", false},
    {"{name: x-tenant, value: eu}", "[\"x-tenant\", \"us\"]", false},
    {"{name: cookie, value: a=b}", "[\"cookie\", \"(hidden)\"]", false}, /* not known */
};

static struct scene *sending(const char *header, const char *rules)
{
    struct scene *scene = scene_new("https://" HOST "/health", "");
    char *target = ew_fmt("{\"url\": \"https://" HOST "/health\", \"scheme\": \"https\", \"host\": "
                          "\"" HOST "\", \"port\": 443, \"path\": \"/health\", \"query\": \"\", "
                          "\"method\": \"GET\", \"headers\": [%s], \"literal\": false}",
                          header);
    struct ew_doc *doc = NULL;
    struct ew_err err;
    ck_assert_int_eq(ew_json_parse(target, strlen(target), &doc, &err), EW_OK);
    ew_snapshot_set_target(scene->snapshot, doc);
    free(target);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 200, "fine");
    scene_shop(scene);
    scene_pods(scene);
    scene_add(scene, shop);
    set_rules(scene, rules);
    return scene;
}

START_TEST(headers_that_are_all_but_right)
{
    char *rules = ew_fmt("{matches: [{headers: [%s]}], backendRefs: [{name: shop, port: 80}]}, %s",
                         headers[_i].asked, RULE(UNDER("/"), "web"));
    struct scene *scene = sending(headers[_i].sent, rules);
    assert_verdict(scene, headers[_i].warns ? "warn" : "ok", 0,
                   headers[_i].warns ? "route-canary-gets-none" : "");
    scene_free(scene);
    free(rules);
}
END_TEST

/* The header is that of another rule, which serves. */
START_TEST(headers_that_choose_among_rules)
{
    struct scene *scene =
        sending("[\"x-track\", \"greens\"]",
                RULE("{headers: [{name: x-track, value: green}]}",
                     "shop") ", " RULE("{headers: [{name: x-track, value: greens}]}", "web"));
    assert_verdict(scene, "ok", 0, "");
    scene_free(scene);
}
END_TEST

/* What is kept secret is not missed: whether the rule takes it is open. */
START_TEST(a_secret_header_is_not_known)
{
    struct scene *scene = sending("[\"authorization\", \"(hidden)\"]",
                                  RULE("{headers: [{name: authorization, value: x}]}", "web"));
    scene_http(scene, EDGE, "main", 404, "", "");
    scene_http(scene, EDGE, "sample-1", 404, "", "");
    scene_http(scene, EDGE, "sample-2", 404, "", "");
    scene_http(scene, EDGE, "host-control", 404, "", "");
    scene_judge(scene);
    ck_assert_ptr_null(scene_finding(scene, "route-header-query-method-miss"));
    ck_assert_ptr_null(scene_finding(scene, "route-path-not-matched"));
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge: near misses");
    TCase *tc = tcase_create("near");
    tcase_add_loop_test(tc, what_a_request_misses_by, 0, EW_COUNT(misses));
    tcase_add_test(tc, a_rule_that_is_kept_out);
    tcase_add_test(tc, rules_that_are_not_attached_are_not_near);
    tcase_add_test(tc, an_answer_that_is_no_miss);
    tcase_add_test(tc, a_slash_without_a_probe);
    tcase_add_test(tc, the_rule_that_was_meant_answers);
    tcase_add_test(tc, the_rule_that_was_meant_has_nothing_either);
    tcase_add_test(tc, both_rules_lead_to_one_application);
    suite_add_tcase(suite, tc);
    tc = tcase_create("canaries");
    tcase_add_loop_test(tc, headers_that_are_all_but_right, 0, EW_COUNT(headers));
    tcase_add_test(tc, headers_that_choose_among_rules);
    tcase_add_test(tc, a_secret_header_is_not_known);
    suite_add_tcase(suite, tc);
    return suite;
}
