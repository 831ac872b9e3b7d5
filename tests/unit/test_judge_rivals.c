/* Rules that take the same request as the one that serves it: findings, and their absence. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/fact/keys.h"

#include <string.h>

#define GW "gateway.networking.k8s.io/v1"
#define HERE "/api/x"

/* A route that is older than shop/web ("/" of HOST), in a namespace of its own or not. */
#define ROUTE(ns, hosts, matches, backend)                                                         \
    "---\n{apiVersion: " GW ", kind: HTTPRoute, metadata: {namespace: " ns                         \
    ", name: rival, creationTimestamp: '2024-01-01T00:00:00Z'}, spec: {parentRefs: [{name: "       \
    "public, namespace: infra}], hostnames: [" hosts "], rules: [{matches: [" matches              \
    "], backendRefs: [{name: " backend ", port: 80}]}]}, status: {parents: [{parentRef: {name: "   \
    "public, namespace: infra}, conditions: [{type: Accepted, status: 'True'}]}]}}\n"
#define SERVICE(ns)                                                                                \
    "---\n{apiVersion: v1, kind: Service, metadata: {namespace: " ns ", name: rival}, spec: "      \
    "{selector: {app: rival}, ports: [{port: 80, targetPort: 8080}]}}\n"                           \
    "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: " ns        \
    ", name: rival-1, labels: {kubernetes.io/service-name: rival}}, ports: [{name: '', port: "     \
    "8080}], endpoints: [{addresses: [10.0.0.9], conditions: {ready: true}, targetRef: {kind: "    \
    "Pod, name: rival-a}}]}\n"                                                                     \
    "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " ns ", name: rival-a, labels: {app: " \
    "rival}}, spec: {containers: [{name: rival}]}, status: {phase: Running, podIP: 10.0.0.9, "     \
    "conditions: [{type: Ready, status: 'True'}], containerStatuses: [{name: rival, ready: true, " \
    "restartCount: 0}]}}\n"
#define PREFIX(path) "{path: {type: PathPrefix, value: " path "}}"
#define EXACT(path) "{path: {type: Exact, value: " path "}}"
#define WILD "'*.example.com'"

enum { NOT = -1 };

static const struct {
    const char *objects;
    int status; /* of the application's answer */
    const char *verdict;
    int exit_status;
    const char *named, *cause; /* cause: also looked for, with this severity or NOT there */
    int severity;
} cases[] = {
    /* the same match */
    {SERVICE("mail") ROUTE("mail", HOST, PREFIX("/"), "rival"), 200, "warn", 0,
     "route-duplicate-match", "route-precedence-surprise", NOT},
    {SERVICE("shop") ROUTE("shop", HOST, PREFIX("/"), "rival"), 404, "fail", 16,
     "route-duplicate-match", "app-404", EW_SEV_FAIL},
    {ROUTE("shop", HOST, PREFIX("/"), "web"), 200, "ok", 0, "", "route-duplicate-match",
     EW_SEV_INFO},
    {ROUTE("shop", HOST, PREFIX("/"), "web"), 404, "fail", 20, "app-404", "route-duplicate-match",
     EW_SEV_INFO},
    /* a match that asks for more, and loses to the host's own name */
    {SERVICE("mail") ROUTE("mail", WILD, PREFIX("/api"), "rival"), 200, "warn", 0,
     "route-precedence-surprise", "route-duplicate-match", NOT},
    {SERVICE("mail") ROUTE("mail", WILD, PREFIX("/api"), "rival"), 404, "fail", 16,
     "route-precedence-surprise", "app-404", EW_SEV_FAIL},
    {SERVICE("mail") ROUTE("mail", WILD, PREFIX("/api"), "rival"), 403, "fail", 16,
     "route-precedence-surprise", "http-unexplained", NOT},
    {SERVICE("shop") ROUTE("shop", WILD, PREFIX("/api"), "rival"), 200, "ok", 0, "",
     "route-precedence-surprise", NOT},
    {SERVICE("shop") ROUTE("shop", WILD, PREFIX("/api"), "rival"), 404, "fail", 16,
     "route-precedence-surprise", "app-404", EW_SEV_FAIL},
    /* the other one could not serve either: it accounts for nothing */
    {ROUTE("mail", WILD, PREFIX("/api"), "gone"), 404, "fail", 20, "app-404",
     "route-precedence-surprise", EW_SEV_WARN},
    /* nested, as it should be */
    {SERVICE("mail") ROUTE("mail", WILD, PREFIX("/"), "rival"), 200, "ok", 0, "",
     "route-precedence-surprise", NOT},
    {SERVICE("mail") ROUTE("mail", WILD, PREFIX("/"), "rival"), 404, "fail", 20, "app-404",
     "route-precedence-surprise", NOT},
    {SERVICE("mail") ROUTE("mail", HOST, PREFIX("/api"), "rival"), 200, "ok", 0, "",
     "route-precedence-surprise", NOT},
    {SERVICE("mail") ROUTE("mail", HOST, PREFIX("/api"), "rival"), 404, "fail", 20, "app-404",
     "route-precedence-surprise", EW_SEV_INFO},
    {SERVICE("mail") ROUTE("mail", HOST, PREFIX("/api"), "rival"), 500, "fail", 20, "app-5xx",
     "route-precedence-surprise", NOT},
    {SERVICE("shop") ROUTE("shop", HOST, PREFIX("/api"), "rival"), 404, "fail", 20, "app-404",
     "route-precedence-surprise", NOT},
    /* and yet: this very path, and its application does not know it */
    {SERVICE("mail") ROUTE("mail", HOST, EXACT(HERE), "rival"), 404, "fail", 16,
     "route-precedence-surprise", "app-404", EW_SEV_FAIL},
    {SERVICE("mail") ROUTE("mail", HOST, EXACT(HERE), "rival"), 200, "ok", 0, "",
     "route-precedence-surprise", NOT},
    {SERVICE("shop") ROUTE("shop", HOST, EXACT(HERE), "rival"), 404, "fail", 20, "app-404",
     "route-precedence-surprise", NOT},
    /* what does not take the request */
    {SERVICE("mail") ROUTE("mail", HOST, PREFIX("/mail"), "rival"), 404, "fail", 20, "app-404",
     "route-duplicate-match", NOT},
};

static struct scene *scene_of(const char *objects, int status)
{
    struct scene *scene = scene_new("https://" HOST HERE, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_add(scene, objects);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, status, "{}");
    if (status >= 400) {
        scene_http(scene, EDGE, "main", status, "[\"x-powered-by\", \"Express\"]", "{}");
        scene_http(scene, EDGE, "host-control", 404, "", "");
        scene_http(scene, EDGE, "path-control", 404, "", "");
    }
    return scene;
}

START_TEST(rivals_of_the_route_that_serves)
{
    struct scene *scene = scene_of(cases[_i].objects, cases[_i].status);
    assert_verdict(scene, cases[_i].verdict, cases[_i].exit_status, cases[_i].named);
    const struct ew_finding *other = scene_finding(scene, cases[_i].cause);
    ck_assert_int_eq(other ? (int)other->severity : NOT, cases[_i].severity);
    scene_free(scene);
}
END_TEST

/* The older one leads nowhere, the newer one would serve: the edge's error is the older one's. */
START_TEST(the_older_one_leads_nowhere)
{
    struct scene *scene = scene_new("https://" HOST HERE, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_add(scene, ROUTE("mail", HOST, PREFIX("/"), "gone"));
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 500, "");
    scene_http(scene, EDGE, "host-control", 404, "", "");
    scene_http(scene, EDGE, "path-control", 500, "", "");
    assert_verdict(scene, "fail", 16, "route-duplicate-match");
    const struct ew_finding *twice = scene_finding(scene, "route-duplicate-match");
    ck_assert_ptr_nonnull(twice);
    ck_assert_int_eq(twice->severity, EW_SEV_FAIL);
    ck_assert_ptr_null(scene_finding(scene, "http-unexplained"));
    scene_free(scene);
}
END_TEST

/* One of the two hangs on the plain listener alone. */
START_TEST(at_another_listener)
{
    struct scene *scene = scene_of(
        "---\n{apiVersion: " GW ", kind: HTTPRoute, metadata: {namespace: mail, name: rival, "
        "creationTimestamp: '2024-01-01T00:00:00Z'}, spec: {parentRefs: [{name: public, namespace: "
        "infra, sectionName: http}], hostnames: [" HOST "], rules: [{matches: [" PREFIX(
            "/") "], "
                 "filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]}, status: "
                 "{parents: [{parentRef: {name: public, namespace: infra, sectionName: http}, "
                 "conditions: "
                 "[{type: Accepted, status: 'True'}]}]}}\n",
        200);
    assert_verdict(scene, "ok", 0, "");
    ck_assert_ptr_null(scene_finding(scene, "route-duplicate-match"));
    scene_free(scene);
}
END_TEST

/* ---- Ingresses ---- */

#define CLASS(name)                                                                                \
    "---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: " name           \
    "}, spec: {controller: example.com/" name "}}\n"
#define INGRESS(ns, name, metadata, class_, backend, status)                                       \
    "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: " ns             \
    ", name: " name metadata "}, spec: {ingressClassName: " class_ ", rules: [{host: " HOST        \
    ", http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: " backend              \
    ", port: {number: 80}}}}]}}]}, status: {loadBalancer: {ingress: [{ip: " status "}]}}}\n"
#define WEB_SERVICE                                                                                \
    "---\n{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: "          \
    "{selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}\n"                             \
    "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, "     \
    "name: web-1, labels: {kubernetes.io/service-name: web}}, ports: [{name: '', port: 8080}], "   \
    "endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}, targetRef: {kind: Pod, name: " \
    "web-6b-a}}]}\n"
#define MAIN INGRESS("shop", "main", "", "edge", "web", EDGE)
#define OLD ", creationTimestamp: '2024-01-01T00:00:00Z'"

static const struct {
    const char *objects;
    int status;
    const char *verdict;
    int exit_status;
    const char *named;
} ingress_cases[] = {
    {MAIN SERVICE("mail") INGRESS("mail", "rival", OLD, "edge", "rival", EDGE), 200, "warn", 0,
     "route-ingress-duplicate"},
    {MAIN SERVICE("mail") INGRESS("mail", "rival", OLD, "edge", "rival", EDGE), 404, "fail", 16,
     "route-ingress-duplicate"},
    {MAIN SERVICE("mail")
         INGRESS("mail", "rival", OLD ", annotations: {nginx.ingress.kubernetes.io/canary: 'true', "
                     "nginx.ingress.kubernetes.io/canary-weight: '10'}",
                 "edge", "rival", EDGE),
     200, "ok", 0, ""},
    {MAIN SERVICE("mail") CLASS("inner")
         INGRESS("mail", "rival", OLD, "inner", "rival", "198.51.100.7"),
     200, "ok", 0, ""},
    {MAIN SERVICE("mail") INGRESS("mail", "rival", OLD, "edge", "rival", "198.51.100.7"), 200, "ok",
     0, ""},
    {MAIN INGRESS("shop", "rival", OLD, "edge", "web", EDGE), 404, "fail", 20, "app-404"},
};

START_TEST(rivals_of_the_ingress_that_serves)
{
    struct scene *scene = scene_new("https://" HOST HERE, "");
    scene_cluster(scene);
    scene_add(scene, CLASS("edge"));
    scene_add(scene, WEB_SERVICE);
    scene_pods(scene);
    scene_add(scene, ingress_cases[_i].objects);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, ingress_cases[_i].status, "{}");
    scene_serves(scene, "198.51.100.7", 200, "{}");
    if (ingress_cases[_i].status >= 400) {
        scene_http(scene, EDGE, "main", 404, "[\"x-powered-by\", \"Express\"]", "{}");
        scene_http(scene, EDGE, "host-control", 404, "", "");
        scene_http(scene, EDGE, "path-control", 404, "", "");
    }
    assert_verdict(scene, ingress_cases[_i].verdict, ingress_cases[_i].exit_status,
                   ingress_cases[_i].named);
    scene_free(scene);
}
END_TEST

/* ---- an Ingress beside the Gateway ---- */

#define BESIDE "198.51.100.7"
#define MODEL(host, backend, status)                                                               \
    CLASS("edge")                                                                                  \
    "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop, name: "    \
    "web}, spec: {ingressClassName: edge, rules: [{host: " host ", http: {paths: [{path: /, "      \
    "pathType: Prefix, backend: {service: {name: " backend ", port: {number: 80}}}}]}}]}, "        \
    "status: {loadBalancer: {" status "}}}\n"
#define AT(address) "ingress: [{ip: " address "}]"

static const struct {
    const char *objects, *record; /* where the name leads */
    int status;                   /* answered there; 200 at the other address */
    const char *verdict, *named;
    int severity; /* of route-two-models-active, or NOT there */
    const char *says;
} models[] = {
    {MODEL(HOST, "web", AT(BESIDE)), EDGE, 200, "ok", "", EW_SEV_INFO, "uses HTTPRoute shop/web"},
    {MODEL(HOST, "web", AT(BESIDE)), BESIDE, 200, "ok", "", EW_SEV_INFO, "uses Ingress shop/web"},
    {MODEL(HOST, "web", AT(EDGE)), EDGE, 200, "ok", "", EW_SEV_INFO, "both are published at"},
    {MODEL(HOST, "web", ""), EDGE, 200, "ok", "", EW_SEV_INFO, "uses HTTPRoute shop/web"},
    {MODEL(HOST, "gone", AT(BESIDE)), EDGE, 200, "ok", "", EW_SEV_INFO, "uses HTTPRoute shop/web"},
    {MODEL(HOST, "gone", AT(BESIDE)), BESIDE, 503, "fail", "route-backend-not-found", EW_SEV_WARN,
     "left behind"},
    /* no second model of this host */
    {MODEL("'*.example.com'", "web", AT(BESIDE)), EDGE, 200, "ok", "", NOT, NULL},
    {MODEL("other.example.com", "web", AT(BESIDE)), EDGE, 200, "ok", "", NOT, NULL},
    /* the wildcard is what the client uses, and the route means the host */
    {MODEL("'*.example.com'", "web", AT(BESIDE)), BESIDE, 200, "ok", "", EW_SEV_INFO,
     "uses Ingress shop/web"},
};

START_TEST(an_ingress_beside_the_gateway)
{
    struct scene *scene = scene_new("https://" HOST HERE, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_add(scene, models[_i].objects);
    scene_dns(scene, HOST, "NOERROR", models[_i].record);
    scene_serves(scene, EDGE, strcmp(models[_i].record, EDGE) == 0 ? models[_i].status : 200, "{}");
    scene_serves(scene, BESIDE, strcmp(models[_i].record, BESIDE) == 0 ? models[_i].status : 200,
                 "{}");
    const struct ew_verdict *verdict = scene_judge(scene);
    const struct ew_finding *found = scene_finding(scene, "route-two-models-active");
    ck_assert_str_eq(ew_status_name(verdict->status), models[_i].verdict);
    ck_assert_str_eq(verdict->named ? verdict->named->cause->id : "", models[_i].named);
    ck_assert_int_eq(found ? (int)found->severity : NOT, models[_i].severity);
    if (found)
        ck_assert_msg(strstr(found->message, models[_i].says) != NULL, "%s", found->message);
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("judge: rivals");
    TCase *routes = tcase_create("routes");
    tcase_add_loop_test(routes, rivals_of_the_route_that_serves, 0, EW_COUNT(cases));
    tcase_add_test(routes, the_older_one_leads_nowhere);
    tcase_add_test(routes, at_another_listener);
    tcase_add_loop_test(routes, rivals_of_the_ingress_that_serves, 0, EW_COUNT(ingress_cases));
    tcase_add_loop_test(routes, an_ingress_beside_the_gateway, 0, EW_COUNT(models));
    suite_add_tcase(s, routes);
    return s;
}
