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

static Suite *suite(void)
{
    Suite *s = suite_create("route: Ingress");
    TCase *ingress = tcase_create("ingress");
    tcase_add_loop_test(ingress, ingress_paths_and_hosts, 0, EW_COUNT(ingress_cases));
    tcase_add_loop_test(ingress, ingress_class, 0, EW_COUNT(class_cases));
    tcase_add_test(ingress, ingress_class_that_is_not_there);
    tcase_add_test(ingress, ingress_duplicates_go_to_the_older);
    tcase_add_test(ingress, ingress_default_backend);
    tcase_add_test(ingress, ingress_backend_faults);
    tcase_add_test(ingress, gateway_and_ingress_side_by_side);
    suite_add_tcase(s, ingress);
    return s;
}
