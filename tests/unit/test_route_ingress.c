/* Ingress: classes, paths and hosts, default backends, and side by side with a Gateway. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

#define IC(name, more)                                                                             \
    "---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: " name more      \
    "}, spec: {controller: example.com/i}}\n"
#define INGRESS(name, spec)                                                                        \
    OBJECT("networking.k8s.io/v1", "Ingress", "shop", name, "spec: {" spec "}")
#define PATH(type, path, service)                                                                  \
    "{pathType: " type ", path: " path ", backend: {service: {name: " service                      \
    ", port: {number: 80}}}}"

static const char ingresses[] = IC("edge", "") SERVICE("shop", "a") SERVICE("shop", "b")
    SERVICE("shop", "c") SERVICE("shop", "d") INGRESS(
        "i", "ingressClassName: edge, rules: [{host: x.com, http: {paths: [" PATH(
                 "Prefix", "/",
                 "a") ", " PATH("Prefix", "/foo",
                                "b") ", " PATH("Exact", "/foo",
                                               "c") ", " PATH("Prefix", "/foo/bar/",
                                                              "d") "]}}, {host: '*.x.com', http: "
                                                                   "{paths: [" PATH("Prefix", "/",
                                                                                    "b") "]}}]");

static const struct {
    const char *line, *backend; /* NULL: 404 */
} ingress_cases[] = {
    {"GET http://x.com/", "a"},        {"GET http://x.com/foo", "c"},
    {"GET http://x.com/foo/", "b"},    {"GET http://x.com/foobar", "a"},
    {"GET http://x.com/foo/bar", "d"}, {"GET http://x.com/foo/bar/baz", "d"},
    {"GET http://y.x.com/z", "b"},     {"GET http://z.y.x.com/", NULL}, /* exactly one label */
    {"GET http://y.com/", NULL},
};

START_TEST(ingress_paths_and_hosts)
{
    struct place *place = place_new(ingresses, NULL);
    const struct ew_decision *decision = ask(place, ingress_cases[_i].line);
    if (ingress_cases[_i].backend) {
        ck_assert_int_eq(decision->outcome, EW_OUT_BACKEND);
        ck_assert_str_eq(decision->backends[0].name, ingress_cases[_i].backend);
        ck_assert_str_eq(decision->ingress->name, "i");
    } else {
        ck_assert_int_eq(decision->outcome, EW_OUT_NO_ROUTE);
        ck_assert_int_eq(decision->status, 404);
    }
    place_free(place);
}
END_TEST

/* Without Gateways the controller of Ingresses answers, be its objects of other hosts alone. */
START_TEST(ingresses_of_other_hosts_are_an_edge_too)
{
    static const struct {
        const char *lists;
        enum ew_outcome outcome;
    } rows[] = {
        {"gateways.gateway.networking.k8s.io ingresses.networking.k8s.io+3", EW_OUT_NO_ROUTE},
        {"gateways.gateway.networking.k8s.io ingresses.networking.k8s.io", EW_OUT_NO_LISTENER},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct place *place = place_live(IC("edge", ""), rows[i].lists);
        const struct ew_decision *decision = ask(place, "GET http://x.com/");
        ck_assert_int_eq(decision->outcome, rows[i].outcome);
        ck_assert_int_eq(decision->status, rows[i].outcome == EW_OUT_NO_ROUTE ? 404 : 0);
        place_free(place);
    }
}
END_TEST

#define ALL(service) "rules: [{http: {paths: [" PATH("Prefix", "/", service) "]}}]"

static const struct {
    const char *classes, *meta, *spec, *from;
} class_cases[] = {
    {IC("edge", ""), "", "ingressClassName: edge, ", "spec.ingressClassName"},
    {IC("edge", ""), ", annotations: {kubernetes.io/ingress.class: edge}", "",
     "annotation kubernetes.io/ingress.class"},
    {IC("edge", ", annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}"), "", "",
     "the default IngressClass"},
};

START_TEST(ingress_class)
{
    char *yaml = ew_fmt(
        "%s" SERVICE("shop", "a") "---\n{apiVersion: networking.k8s.io/v1, kind: "
                                  "Ingress, metadata: {namespace: shop, name: i%s}, spec: {%s" ALL(
                                      "a") "}}\n",
        class_cases[_i].classes, class_cases[_i].meta, class_cases[_i].spec);
    struct place *place = place_new(yaml, NULL);
    ck_assert_int_eq(ask(place, "GET http://x.com/")->outcome, EW_OUT_BACKEND);
    const struct ew_json *one = checked_object(place, "Ingress/i");
    ck_assert_str_eq(ew_json_get_str(one, "class", ""), "edge");
    const char *assumed = ew_json_str_or(ew_json_at(one, "conditions[0].expected.assumes[0]"), "");
    ck_assert_msg(strstr(assumed, class_cases[_i].from) != NULL, "%s", assumed);
    place_free(place);
    free(yaml);
}
END_TEST

/* Manifests without any class say nothing of classes; with others, one that lacks is not there. */
START_TEST(ingress_class_that_is_not_there)
{
    const char *alone = SERVICE("shop", "a") INGRESS("i", "ingressClassName: gone, " ALL("a"));
    char *beside = ew_fmt("%s%s", alone, IC("edge", ""));
    struct place *place = place_new(alone, NULL);
    ck_assert_int_eq(ask(place, "GET http://x.com/")->outcome, EW_OUT_BACKEND);
    place_free(place);
    place = place_new(beside, NULL);
    ck_assert_int_eq(ask(place, "GET http://x.com/")->outcome, EW_OUT_NO_LISTENER);
    assert_expected(place, "Ingress/i", "", "ClassFound", "False ClassNotFound");
    place_free(place);
    free(beside);
}
END_TEST

START_TEST(ingress_duplicates_go_to_the_older)
{
    struct place *place = place_new(
        IC("edge", "") SERVICE("shop", "a") SERVICE("shop", "b")
            AGED("networking.k8s.io/v1", "Ingress", "shop", "a-new", "2024-01-02T00:00:00Z",
                 "spec: {ingressClassName: edge, " ALL("a") "}")
                AGED("networking.k8s.io/v1", "Ingress", "shop", "b-old", "2024-01-01T00:00:00Z",
                     "spec: {ingressClassName: edge, " ALL("b") "}"),
        NULL);
    const struct ew_decision *decision = ask(place, "GET http://x.com/");
    ck_assert_str_eq(decision->ingress->name, "b-old");
    ck_assert_uint_eq(decision->candidate_count, 2);
    ck_assert_ptr_nonnull(strstr(decision->candidates[0].why_not, "Ingress shop/b-old"));
    place_free(place);
}
END_TEST

START_TEST(ingress_default_backend)
{
    struct place *place = place_new(
        IC("edge", "") SERVICE("shop", "a") SERVICE("shop", "b") INGRESS(
            "i",
            "ingressClassName: edge, defaultBackend: {service: {name: b, port: {number: 80}}}, "
            "rules: [{host: x.com, http: {paths: [" PATH("Prefix", "/a", "a") "]}}]"),
        NULL);
    ck_assert_str_eq(ask(place, "GET http://x.com/a")->backends[0].name, "a");
    ck_assert_str_eq(ask(place, "GET http://x.com/b")->backends[0].name, "b");
    ck_assert_str_eq(ask(place, "GET http://y.com/")->backends[0].name, "b");
    place_free(place);
}
END_TEST

/* A missing Service is a missing Service, not a missing port. */
START_TEST(ingress_backend_faults)
{
    struct place *place = place_new(
        IC("edge", "") SERVICE("shop", "a") INGRESS(
            "i",
            "ingressClassName: edge, rules: [{host: x.com, http: {paths: [" PATH(
                "Prefix", "/",
                "gone") "]}}, {host: y.com, http: {paths: [{pathType: "
                        "Prefix, path: /, backend: {service: {name: a, port: {name: web}}}}]}}]"),
        NULL);
    const struct ew_decision *decision = ask(place, "GET http://x.com/");
    ck_assert_int_eq(decision->backends[0].fault, EW_BACKEND_NOT_FOUND);
    ck_assert_int_eq(decision->status, 503);
    decision = ask(place, "GET http://y.com/");
    ck_assert_int_eq(decision->backends[0].fault, EW_BACKEND_PORT);
    place_free(place);
}
END_TEST

START_TEST(gateway_and_ingress_side_by_side)
{
    struct place *place =
        place_new(BASE IC("edge", "") INGRESS("i", "ingressClassName: edge, " ALL("b"))
                      ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"),
                  NULL);
    const struct ew_decision *decision = ask(place, "GET http://x.com/");
    ck_assert_str_eq(decision->route->name, "r");
    ck_assert_ptr_nonnull(decision->next);
    ck_assert_str_eq(decision->next->ingress->name, "i");
    ck_assert_uint_eq(decision->candidate_count, 2);
    place_free(place);
}
END_TEST

/* ---- canaries of ingress-nginx ---- */

#define OF(name, controller)                                                                       \
    "---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: " name           \
    "}, spec: {controller: " controller "}}\n"
#define MARKED(name, created, more, type, path, service)                                           \
    "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop, "          \
    "name: " name ", creationTimestamp: '" created                                                 \
    "', annotations: {nginx.ingress.kubernetes.io/canary: 'true'" more                             \
    "}}, spec: {ingressClassName: edge, rules: [{host: x.com, http: {paths: [" PATH(               \
        type, path, service) "]}}]}}\n"
#define WEIGHT(n) ", nginx.ingress.kubernetes.io/canary-weight: '" n "'"
#define HEADER(name) ", nginx.ingress.kubernetes.io/canary-by-header: " name
#define VALUE(value) ", nginx.ingress.kubernetes.io/canary-by-header-value: " value
#define COOKIE(name) ", nginx.ingress.kubernetes.io/canary-by-cookie: " name
#define CANARY(more) MARKED("next", "2024-01-01T00:00:00Z", more, "Prefix", "/app", "b")
#define PLAIN(type, path)                                                                          \
    INGRESS("now", "ingressClassName: edge, rules: [{host: x.com, http: {paths: [" PATH(           \
                       type, path, "a") "]}}]")
#define READY(name)                                                                                \
    "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, "     \
    "name: " name ", labels: {kubernetes.io/service-name: " name                                   \
    "}}, ports: [{port: 80}], endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]}\n"

static const struct {
    const char *canary, *header, *shares; /* "a 90, b 10" */
    enum ew_canary is;
} canaries[] = {
    {CANARY(WEIGHT("10")), NULL, "a 90, b 10", EW_CANARY_TAKES},
    {CANARY(WEIGHT("250") ", nginx.ingress.kubernetes.io/canary-weight-total: '1000'"), NULL,
     "a 750, b 250", EW_CANARY_TAKES},
    {CANARY(WEIGHT("0")), NULL, "a 1", EW_CANARY_ZERO},
    {CANARY(WEIGHT("ten")), NULL, "a 1", EW_CANARY_NEVER},
    {CANARY(""), NULL, "a 1", EW_CANARY_NEVER},
    {CANARY(VALUE("beta")), "v: beta", "a 1", EW_CANARY_NEVER}, /* a value of no header */
    {CANARY(HEADER("x-next")), NULL, "a 1", EW_CANARY_TAKES},
    {CANARY(HEADER("x-next")), "X-Next: always", "b 100", EW_CANARY_TAKES},
    {CANARY(HEADER("x-next") WEIGHT("10")), "x-next: never", "a 1", EW_CANARY_TAKES},
    {CANARY(HEADER("x-next")), "x-next: 1", "a 1", EW_CANARY_NOT_ASKED},
    {CANARY(HEADER("x-next") WEIGHT("10")), "x-next: 1", "a 90, b 10", EW_CANARY_TAKES},
    {CANARY(HEADER("x-next") VALUE("beta")), "x-next: beta", "b 100", EW_CANARY_TAKES},
    {CANARY(HEADER("x-next") VALUE("beta")), "x-next: always", "a 1", EW_CANARY_NOT_ASKED},
    {CANARY(HEADER("x-next") ", nginx.ingress.kubernetes.io/canary-by-header-pattern: 'be.a'"),
     "x-next: the beta", "b 100", EW_CANARY_TAKES},
    {CANARY(COOKIE("next")), "Cookie: a=b; next=always", "b 100", EW_CANARY_TAKES},
    {CANARY(COOKIE("next")), "Cookie: anext=always", "a 1", EW_CANARY_TAKES},
    {MARKED("next", "2024-01-01T00:00:00Z", WEIGHT("10"), "Prefix", "/app/", "b"), NULL, "a 1",
     EW_CANARY_ORPHAN},
    {MARKED("next", "2024-01-01T00:00:00Z", WEIGHT("10"), "ImplementationSpecific", "/app", "b"),
     NULL, "a 1", EW_CANARY_ORPHAN},
    {MARKED("next", "2024-01-01T00:00:00Z", WEIGHT("10"), "Prefix", "/app", "a"), NULL, "a 1",
     EW_CANARY_ITSELF},
    {MARKED("next", "2024-01-01T00:00:00Z", WEIGHT("10"), "Prefix", "/app", "c"), NULL, "a 1",
     EW_CANARY_NO_BACKEND},
    {MARKED("first", "2023-01-01T00:00:00Z", WEIGHT("5"), "Prefix", "/app", "b")
         CANARY(WEIGHT("10")),
     NULL, "a 95, b 5", EW_CANARY_SECOND},
};

static const struct ew_candidate *candidate_of(const struct ew_decision *decision, const char *name)
{
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (strcmp(decision->candidates[i].route->name, name) == 0)
            return &decision->candidates[i];
    return NULL;
}

START_TEST(canary_joins_or_gets_nothing)
{
    char *yaml = ew_fmt("%s%s",
                        OF("edge", "k8s.io/ingress-nginx") SERVICE("shop", "a") SERVICE("shop", "b")
                            READY("a") READY("b") PLAIN("Prefix", "/app"),
                        canaries[_i].canary);
    const char *headers[] = {canaries[_i].header, NULL};
    struct place *place = place_new(yaml, NULL);
    const struct ew_decision *decision = put(place, "GET http://x.com/app/1", headers);
    struct ew_buf shares;
    ew_buf_init(&shares, 0);
    for (size_t i = 0; i < decision->backend_count; i++)
        ew_buf_addf(&shares, "%s%s %d", i ? ", " : "", decision->backends[i].name,
                    decision->backends[i].weight);
    ck_assert_str_eq(ew_buf_text(&shares), canaries[_i].shares);
    ck_assert_str_eq(decision->ingress->name, "now");
    const struct ew_candidate *next = candidate_of(decision, "next");
    ck_assert_int_eq(next->canary, canaries[_i].is);
    ck_assert_ptr_nonnull(strstr(next->why_not, "canary"));
    ew_buf_release(&shares);
    place_free(place);
    free(yaml);
}
END_TEST

/* A controller that does not read the annotation sees two Ingresses. */
START_TEST(canary_of_another_controller_is_none)
{
    struct place *place =
        place_new(OF("edge", "traefik.io/ingress-controller") SERVICE("shop", "a")
                      SERVICE("shop", "b") PLAIN("Prefix", "/app") CANARY(WEIGHT("10")),
                  NULL);
    const struct ew_decision *decision = ask(place, "GET http://x.com/app");
    ck_assert_str_eq(decision->ingress->name, "next"); /* it is the older one */
    ck_assert_int_eq(candidate_of(decision, "next")->canary, EW_CANARY_NONE);
    place_free(place);
}
END_TEST

START_TEST(canary_alone_serves_nothing)
{
    struct place *place = place_new(
        OF("edge", "k8s.io/ingress-nginx") SERVICE("shop", "b") CANARY(WEIGHT("100")), NULL);
    const struct ew_decision *decision = ask(place, "GET http://x.com/app");
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_ROUTE);
    ck_assert_int_eq(decision->candidates[0].canary, EW_CANARY_ORPHAN);
    place_free(place);
}
END_TEST

/* ---- paths that are left to the controller ---- */

static const struct {
    const char *controller, *path, *line;
    bool taken;
} own_paths[] = {
    {"ingress.k8s.aws/alb", "/app", "GET http://x.com/app", true},
    {"ingress.k8s.aws/alb", "/app", "GET http://x.com/app/1", false},
    {"ingress.k8s.aws/alb", "/app/*", "GET http://x.com/app/1/2", true},
    {"ingress.k8s.aws/alb", "/app/*", "GET http://x.com/app", false},
    {"ingress.k8s.aws/alb", "/*/img", "GET http://x.com/a/b/img", true},
    {"ingress.k8s.aws/alb", "/*/img", "GET http://x.com/a/b/img2", false},
    {"k8s.io/ingress-nginx", "/app", "GET http://x.com/app/1", true},
    {"k8s.io/ingress-nginx", "/app/*", "GET http://x.com/app/1", false},
};

START_TEST(paths_left_to_the_controller)
{
    char *yaml =
        ew_fmt(OF("edge", "%s") SERVICE("shop", "a")
                   INGRESS("i", "ingressClassName: edge, rules: [{host: x.com, http: "
                                "{paths: [" PATH("ImplementationSpecific", "'%s'", "a") "]}}]"),
               own_paths[_i].controller, own_paths[_i].path);
    struct place *place = place_new(yaml, NULL);
    ck_assert_int_eq(ask(place, own_paths[_i].line)->outcome == EW_OUT_BACKEND ||
                         ask(place, own_paths[_i].line)->outcome == EW_OUT_NO_BACKEND,
                     own_paths[_i].taken);
    place_free(place);
    free(yaml);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: Ingress");
    TCase *ingress = tcase_create("ingress");
    tcase_add_loop_test(ingress, ingress_paths_and_hosts, 0, EW_COUNT(ingress_cases));
    tcase_add_test(ingress, ingresses_of_other_hosts_are_an_edge_too);
    tcase_add_loop_test(ingress, ingress_class, 0, EW_COUNT(class_cases));
    tcase_add_test(ingress, ingress_class_that_is_not_there);
    tcase_add_test(ingress, ingress_duplicates_go_to_the_older);
    tcase_add_test(ingress, ingress_default_backend);
    tcase_add_test(ingress, ingress_backend_faults);
    tcase_add_test(ingress, gateway_and_ingress_side_by_side);
    tcase_add_loop_test(ingress, paths_left_to_the_controller, 0, EW_COUNT(own_paths));
    suite_add_tcase(s, ingress);
    TCase *canary = tcase_create("canaries");
    tcase_add_loop_test(canary, canary_joins_or_gets_nothing, 0, EW_COUNT(canaries));
    tcase_add_test(canary, canary_of_another_controller_is_none);
    tcase_add_test(canary, canary_alone_serves_nothing);
    suite_add_tcase(s, canary);
    return s;
}
