/* check: what the specification leaves to implementations is no disagreement, and what it does not
 * leave is one. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

#define RULE(rest) TO_WEB ", rules: [{" rest "}]"
#define EXTENSION(name) "{type: ExtensionRef, extensionRef: {group: x.io, kind: F, name: " name "}}"
#define HTTPS(tls) "{name: s, port: 443, protocol: HTTPS, tls: {" tls "}}"
#define SECRET(type) OBJECT("v1", "Secret", "infra", "s", "type: " type ", data: {a: YQ==}")
#define POLICY(ca)                                                                                 \
    OBJECT(GW, "BackendTLSPolicy", "shop", "p",                                                    \
           "spec: {targetRefs: [{group: '', kind: Service, name: a}], validation: {hostname: "     \
           "a.com, caCertificateRefs: [{group: '', " ca "}]}}")
#define PARAMETERS "parametersRef: {group: '', kind: ConfigMap, name: c, namespace: infra}"

static const struct choice_case {
    const char *name, *yaml, *object, *path, *type;
    const char *expected;  /* "Status Reason" */
    const char *or_status; /* NULL: there is no choice */
    const char *or_reason; /* NULL: not asked */
} choice_cases[] = {
    {"a port that the Service lacks is not among the faults of HTTPBackendRef",
     BASE ROUTE("r", RULE("backendRefs: [{name: a, port: 81}]")), "HTTPRoute/r", "parents[0]",
     "ResolvedRefs", "False BackendNotFound", "True", "PortNotFound"},
    {"a Service that is not there is",
     BASE ROUTE("r", RULE("backendRefs: [{name: a, port: 81}, {name: no, port: 80}]")),
     "HTTPRoute/r", "parents[0]", "ResolvedRefs", "False BackendNotFound", NULL, NULL},
    {"a Service with a name of DNS in place of endpoints",
     BASE OBJECT("v1", "Service", "shop", "e",
                 "spec: {type: ExternalName, externalName: x.com, ports: [{port: 80}]}")
         ROUTE("r", RULE(BACKEND("e"))),
     "HTTPRoute/r", "parents[0]", "ResolvedRefs", "True ResolvedRefs", "False", NULL},
    {"a custom filter that is not there: no condition is named",
     BASE ROUTE("r", RULE("filters: [" EXTENSION("no") "], " BACKEND("a"))), "HTTPRoute/r",
     "parents[0]", "ResolvedRefs", "False ", "True", NULL},
    {"a custom filter may be refused",
     BASE ROUTE("r", RULE("filters: [" EXTENSION("no") "], " BACKEND("a"))), "HTTPRoute/r",
     "parents[0]", "Accepted", "True Accepted", "False", NULL},
    {"filters together may be refused",
     BASE ROUTE("r", RULE("filters: [{type: RequestMirror, requestMirror: {backendRef: {name: b, "
                          "port: 80}}}, {type: RequestRedirect, requestRedirect: {port: 8}}]")),
     "HTTPRoute/r", "parents[0]", "Accepted", "True Accepted", "False", NULL},
    {"one of the standard may not",
     BASE ROUTE("r", RULE("filters: [{type: RequestRedirect, requestRedirect: {port: 8}}]")),
     "HTTPRoute/r", "parents[0]", "Accepted", "True Accepted", NULL, NULL},
    {"each gate that fails gives a true reason",
     CLASS GATEWAY("web", "{name: h, port: 80, protocol: HTTP, hostname: own.com}")
         ROUTE("r", TO_WEB ", hostnames: [r.com]"),
     "HTTPRoute/r", "parents[0]", "Accepted", "False NotAllowedByListeners", NULL,
     "NoMatchingListenerHostname"},
    {"a policy's own kind of CA",
     BASE POLICY("kind: Bundle, name: b") ROUTE("r", RULE(BACKEND("a"))), "BackendTLSPolicy/p",
     "ancestors[0]", "Accepted", "False NoValidCACertificate", "True", NULL},
    {"a ConfigMap that is not there is no choice",
     BASE POLICY("kind: ConfigMap, name: no") ROUTE("r", RULE(BACKEND("a"))), "BackendTLSPolicy/p",
     "ancestors[0]", "Accepted", "False NoValidCACertificate", NULL, NULL},
    {"nor for the route", BASE POLICY("kind: ConfigMap, name: no") ROUTE("r", RULE(BACKEND("a"))),
     "HTTPRoute/r", "parents[0]", "ResolvedRefs", "False ", NULL, NULL},
    {"a Secret type of an implementation",
     CLASS SECRET("x.io/own") GATEWAY("web", HTTPS("certificateRefs: [{name: s}]")), "Gateway/web",
     "listeners[0]", "Programmed", "False Invalid", "True", NULL},
    {"the type of the specification",
     CLASS SECRET("kubernetes.io/tls") GATEWAY("web", HTTPS("certificateRefs: [{name: s}]")),
     "Gateway/web", "listeners[0]", "ResolvedRefs", "False InvalidCertificateRef", NULL, NULL},
    {"no certificate at all: nothing that does not resolve, ",
     CLASS GATEWAY("web", HTTPS("mode: Terminate")), "Gateway/web", "listeners[0]", "ResolvedRefs",
     "False InvalidCertificateRef", "True", NULL},
    {"and nothing to program", CLASS GATEWAY("web", HTTPS("mode: Terminate")), "Gateway/web",
     "listeners[0]", "Programmed", "False Invalid", NULL, NULL},
    {"parameters are their controller's to judge",
     "---\n{apiVersion: " GW ", kind: GatewayClass, metadata: {name: edge}, spec: {controllerName: "
     "example.com/edge, " PARAMETERS "}}\n" GATEWAY("web", HTTP80)
         OBJECT("v1", "ConfigMap", "infra", "c", "data: {}"),
     "Gateway/web", "", "Accepted", "True Accepted", "False", NULL},
    {"without them there is no choice", CLASS GATEWAY("web", HTTP80), "Gateway/web", "", "Accepted",
     "True Accepted", NULL, NULL},
};

static bool holds(const struct ew_json *list, const char *text)
{
    EW_JSON_EACH(one, list)
    {
        if (strcmp(ew_json_str_or(one, ""), text) == 0)
            return true;
    }
    return false;
}

START_TEST(choices)
{
    const struct choice_case *row = &choice_cases[_i];
    struct place *place = place_new(row->yaml, NULL);
    assert_expected(place, row->object, row->path, row->type, row->expected);
    const struct ew_json *got =
        ew_json_get(condition(place, row->object, row->path, row->type), "expected");
    const char *other = ew_json_get_str(got, "or_status", NULL);
    ck_assert_msg(other && row->or_status ? strcmp(other, row->or_status) == 0
                                          : other == row->or_status,
                  "%s: or_status %s", row->name, other ? other : "(none)");
    if (row->or_reason)
        ck_assert_msg(holds(ew_json_get(got, "or_reasons"), row->or_reason), "%s", row->name);
    place_free(place);
}
END_TEST

#define SAID(status)                                                                               \
    "status: {parents: [{parentRef: {name: web, namespace: infra}, controllerName: "               \
    "example.com/edge, conditions: [{type: Accepted, status: '" status "', reason: Own}, {type: "  \
    "ResolvedRefs, status: 'True', reason: ResolvedRefs}]}]}"

/* Refused by choice: as specified, and not well. */
START_TEST(what_is_refused_by_choice_is_not_healthy)
{
    static const char *const statuses[] = {"True", "False"};
    for (size_t i = 0; i < EW_COUNT(statuses); i++) {
        char *yaml = ew_fmt(
            BASE OBJECT("x.io/v1", "F", "shop", "f", "spec: {}") OBJECT(
                GW, "HTTPRoute", "shop", "r",
                "spec: {" RULE("filters: [" EXTENSION("f") "], " BACKEND("a")) "}, " SAID("%s")),
            statuses[i]);
        struct place *place = place_new(yaml, NULL);
        const struct ew_json *got = condition(place, "HTTPRoute/r", "parents[0]", "Accepted");
        ck_assert(ew_json_get_bool(got, "agrees", false));
        ck_assert_int_eq(ew_json_get_bool(got, "healthy", i != 0), i == 0);
        place_free(place);
        free(yaml);
    }
}
END_TEST

/* RouteParentStatus: of a kind that it does not support a controller may say nothing. */
START_TEST(kinds_that_are_not_supported)
{
    struct place *place =
        place_new(BASE OBJECT(GW, "TCPRoute", "shop", "t", "spec: {" RULE(BACKEND("no")) "}"),
                  "{\"TCPRoute\": false}");
    const char *const types[] = {"Accepted", "ResolvedRefs"};
    for (size_t i = 0; i < EW_COUNT(types); i++) {
        const struct ew_json *got =
            ew_json_get(condition(place, "TCPRoute/t", "parents[0]", types[i]), "expected");
        ck_assert_str_eq(ew_json_get_str(got, "status", ""), "False");
        ck_assert(ew_json_get_bool(got, "or_absent", false));
    }
    place_free(place);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: choices");
    TCase *tests = tcase_create("choices");
    tcase_add_loop_test(tests, choices, 0, EW_COUNT(choice_cases));
    tcase_add_test(tests, what_is_refused_by_choice_is_not_healthy);
    tcase_add_test(tests, kinds_that_are_not_supported);
    suite_add_tcase(s, tests);
    return s;
}
