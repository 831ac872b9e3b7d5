#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"

#include <string.h>

#define GATEWAY_API "apiVersion: gateway.networking.k8s.io/v1\n"

/* A walk of plain HTTP to the one edge, whose answer a random host and path get too. */
static struct scene *plain(const char *host, int status, const char *headers)
{
    char *url = ew_fmt("http://%s/", host);
    struct scene *scene = scene_new(url, "");
    static const char *const whats[] = {"main", "sample-1", "sample-2", "host-control",
                                        "path-control"};
    free(url);
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, host, "NOERROR", EDGE);
    scene_tcp(scene, EDGE, "open");
    for (size_t i = 0; i < EW_COUNT(whats); i++)
        scene_http(scene, EDGE, whats[i], status, headers, "");
    return scene;
}

#define APP "[\"x-powered-by\", \"Express\"]"

static void gateway(struct scene *scene, const char *hostname, const char *address)
{
    char *text = ew_fmt(GATEWAY_API
                        "kind: Gateway\n"
                        "metadata: {namespace: infra, name: public}\n"
                        "spec:\n"
                        "  gatewayClassName: edge\n"
                        "  listeners:\n"
                        "  - {name: http, port: 80, protocol: HTTP, %s allowedRoutes: {namespaces: "
                        "{from: All}}}\n"
                        "status: {addresses: [{value: %s}], conditions: [{type: Programmed, "
                        "status: 'True'}]}\n",
                        hostname, address);
    scene_add(scene, text);
    free(text);
}

static void route(struct scene *scene, const char *ns_name, const char *hostnames)
{
    const char *slash = strchr(ns_name, '/');
    char *text = ew_fmt(
        GATEWAY_API "kind: HTTPRoute\n"
                    "metadata: {namespace: %.*s, name: %s}\n"
                    "spec:\n"
                    "  parentRefs: [{name: public, namespace: infra}]\n"
                    "  hostnames: [%s]\n"
                    "  rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]\n"
                    "status: {parents: [{parentRef: {name: public, namespace: infra}, conditions: "
                    "[{type: Accepted, status: 'True'}]}]}\n",
        (int)(slash - ns_name), ns_name, slash + 1, hostnames);
    scene_add(scene, text);
    free(text);
}

static void ingress(struct scene *scene, const char *host, const char *address)
{
    char *text = ew_fmt("apiVersion: networking.k8s.io/v1\n"
                        "kind: Ingress\n"
                        "metadata: {namespace: shop, name: old}\n"
                        "spec: {ingressClassName: nginx, rules: [{host: '%s', http: {paths: "
                        "[{path: /, pathType: Prefix, backend: {service: {name: web, port: "
                        "{number: 80}}}}]}}]}\n"
                        "status: {loadBalancer: {ingress: [{ip: %s}]}}\n"
                        "---\n"
                        "apiVersion: networking.k8s.io/v1\n"
                        "kind: IngressClass\n"
                        "metadata: {name: nginx}\n"
                        "spec: {controller: k8s.io/ingress-nginx}\n",
                        host, address);
    scene_add(scene, text);
    free(text);
}

/* ---- wildcards ---- */

static const struct {
    const char *host, *wildcard; /* of an Ingress */
    bool confused;
} ingress_cases[] = {
    {"a.b.example.net", "*.example.net", true},
    {"example.net", "*.example.net", true},
    {"a.b.example.net", "*.b.example.org", false},
    {"badexample.net", "*.example.net", false},
};

START_TEST(an_ingress_takes_one_label)
{
    struct scene *scene = plain(ingress_cases[_i].host, 404, "");
    ingress(scene, ingress_cases[_i].wildcard, EDGE);
    assert_verdict(scene, "fail", 16,
                   ingress_cases[_i].confused ? "route-wildcard-label-confusion"
                                              : "route-none-for-host");
    ck_assert_uint_eq(scene->verdict->independent_count, 0);
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    scene_free(scene);
}
END_TEST

/* The wildcard's own edge answers at an address that is not the one asked. */
START_TEST(a_wildcard_of_another_edge_is_not_meant)
{
    struct scene *scene = plain("a.b.example.net", 404, "");
    ingress(scene, "*.example.net", "198.51.100.9");
    assert_verdict(scene, "fail", 16, "route-none-for-host");
    scene_free(scene);
}
END_TEST

START_TEST(a_wildcard_that_is_not_attached_would_not_help)
{
    struct scene *scene = plain("example.net", 404, "");
    gateway(scene, "", EDGE);
    route(scene, "shop/wild", "'*.example.net'");
    assert_verdict(scene, "fail", 16, "route-wildcard-label-confusion");
    scene_free(scene);

    scene = plain("example.net", 404, "");
    gateway(scene, "hostname: '*.example.com',", EDGE);
    route(scene, "shop/wild", "'*.example.net'");
    assert_verdict(scene, "fail", 16, "route-none-for-host");
    scene_free(scene);
}
END_TEST

/* Some controllers take the labels all the same. */
START_TEST(labels_that_are_served_are_no_fault)
{
    struct scene *scene = plain("a.b.example.net", 200, "");
    ingress(scene, "*.example.net", EDGE);
    assert_verdict(scene, "ok", 0, "");
    ck_assert_uint_eq(scene->verdict->finding_count, 0);
    scene_free(scene);
}
END_TEST

/* ---- routes that take any host ---- */

static struct scene *caught(int status, const char *ns_name, const char *hostname)
{
    struct scene *scene = plain("checkout.example.com", status, status == 404 ? APP : "");
    gateway(scene, hostname, EDGE);
    route(scene, ns_name, "");
    return scene;
}

START_TEST(a_404_of_who_takes_any_host)
{
    struct scene *scene = caught(404, "shop/any", "");
    route(scene, "shop/web", "'*.example.net'"); /* there are others on this listener */
    assert_verdict(scene, "fail", 16, "route-catchall-hostname");
    ck_assert_uint_eq(scene->verdict->symptom_count, 1);
    ck_assert_str_eq(scene->verdict->symptoms[0]->cause->id, "app-404");
    scene_free(scene);
}
END_TEST

START_TEST(the_only_route_of_an_edge_catches_nothing)
{
    struct scene *scene = caught(404, "shop/web", "");
    assert_verdict(scene, "fail", 20, "app-404");
    ck_assert_ptr_null(scene_finding(scene, "route-catchall-hostname"));
    scene_free(scene);
}
END_TEST

static const struct {
    const char *ns_name, *hostname;
    bool warns;
} good_cases[] = {
    {"shop/any", "", true},
    {"infra/any", "", false},                          /* the platform's own */
    {"shop/any", "hostname: '*.example.com',", false}, /* the listener says whose hosts they are */
};

START_TEST(a_good_answer_of_who_takes_any_host)
{
    struct scene *scene = caught(200, good_cases[_i].ns_name, good_cases[_i].hostname);
    scene_add(scene, "apiVersion: gateway.networking.k8s.io/v1beta1\n"
                     "kind: ReferenceGrant\n"
                     "metadata: {namespace: shop, name: all}\n"
                     "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, "
                     "namespace: infra}], to: [{group: '', kind: Service}]}\n");
    assert_verdict(scene, good_cases[_i].warns ? "warn" : "ok", 0,
                   good_cases[_i].warns ? "route-catchall-hostname" : "");
    scene_free(scene);
}
END_TEST

/* The wildcard that was meant is told of beside the route that has the host in its place. */
START_TEST(the_apex_of_a_wildcard_is_caught)
{
    struct scene *scene = plain("example.net", 404, APP);
    gateway(scene, "", EDGE);
    route(scene, "infra/any", "");
    scene_add(scene, "apiVersion: gateway.networking.k8s.io/v1beta1\n"
                     "kind: ReferenceGrant\n"
                     "metadata: {namespace: shop, name: all}\n"
                     "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, "
                     "namespace: infra}], to: [{group: '', kind: Service}]}\n");
    route(scene, "shop/wild", "'*.example.net'");
    assert_verdict(scene, "fail", 16, "route-catchall-hostname");
    const struct ew_finding *finding = scene_finding(scene, "route-catchall-hostname");
    bool told = false;
    for (size_t i = 0; i < finding->evidence_count; i++)
        told |= strstr(finding->evidence[i].text, "never example.net itself") != NULL;
    ck_assert(told);
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge: hosts");
    TCase *tc = tcase_create("wildcards");
    tcase_add_loop_test(tc, an_ingress_takes_one_label, 0, (int)EW_COUNT(ingress_cases));
    tcase_add_test(tc, a_wildcard_of_another_edge_is_not_meant);
    tcase_add_test(tc, a_wildcard_that_is_not_attached_would_not_help);
    tcase_add_test(tc, labels_that_are_served_are_no_fault);
    suite_add_tcase(suite, tc);
    tc = tcase_create("any host");
    tcase_add_test(tc, a_404_of_who_takes_any_host);
    tcase_add_test(tc, the_only_route_of_an_edge_catches_nothing);
    tcase_add_loop_test(tc, a_good_answer_of_who_takes_any_host, 0, (int)EW_COUNT(good_cases));
    tcase_add_test(tc, the_apex_of_a_wildcard_is_caught);
    suite_add_tcase(suite, tc);
    return suite;
}
