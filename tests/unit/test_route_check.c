/* check: comparison with what is reported, objects of wrong shape, scope. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include "edgewalk/fact/keys.h"

#include <string.h>

/* ---- expected beside reported ---- */

#define STATUS(controller, accepted, reason, generation)                                           \
    "{parentRef: {name: web, namespace: infra}, controllerName: " controller ", conditions: "      \
    "[{type: Accepted, status: '" accepted "', reason: " reason                                    \
    ", observedGeneration: " generation                                                            \
    "}, {type: ResolvedRefs, status: 'True', reason: ResolvedRefs, observedGeneration: 3}]}"
#define REPORTED(parents)                                                                          \
    CLASS GATEWAY("web", HTTP80) SERVICE(                                                          \
        "shop", "a") "---\n{apiVersion: " GW                                                       \
                     ", kind: HTTPRoute, metadata: {namespace: shop, name: r, generation: "        \
                     "3}, spec: {" TO_WEB                                                          \
                     ", rules: [{" BACKEND("a") "}]}, status: {parents: [" parents "]}}\n"

static const struct report_case {
    const char *name, *parents;
    bool agrees;
    size_t reports;
    const char *note;
} report_cases[] = {
    {"agrees", STATUS("example.com/edge", "True", "Accepted", "3"), true, 1, NULL},
    {"differs", STATUS("example.com/edge", "False", "NotAllowedByListeners", "3"), false, 1, NULL},
    {"unknown is no agreement", STATUS("example.com/edge", "Unknown", "Pending", "3"), false, 1,
     NULL},
    {"stale, though it says the right thing", STATUS("example.com/edge", "True", "Accepted", "2"),
     false, 1, "generation 2"},
    {"nobody has spoken", "", false, 0, "no controller has reported"},
    {"a reason of its own is shown and not judged", STATUS("example.com/edge", "True", "Fine", "3"),
     true, 1, NULL},
    {"two controllers: the class's own counts",
     STATUS("example.com/edge", "True", "Accepted", "3") ", " STATUS("example.com/other", "False",
                                                                     "NotAllowedByListeners", "3"),
     true, 2, "2 controllers"},
    {"another controller's word is not that of the class",
     STATUS("example.com/other", "True", "Accepted", "3"), false, 1, "example.com/other alone"},
};

START_TEST(reported_conditions)
{
    const struct report_case *row = &report_cases[_i];
    char *yaml = ew_fmt(REPORTED("%s"), row->parents);
    struct place *place = place_new(yaml, NULL);
    const struct ew_json *got = condition(place, "HTTPRoute/r", "parents[0]", "Accepted");
    ck_assert_msg(ew_json_get_bool(got, "agrees", !row->agrees) == row->agrees, "%s", row->name);
    ck_assert(ew_json_get_bool(got, "healthy", false));
    ck_assert_uint_eq(ew_json_count(ew_json_get(got, "reported")), row->reports);
    if (row->note)
        ck_assert_ptr_nonnull(strstr(ew_json_get_str(got, "note", ""), row->note));
    ck_assert_int_eq(ew_json_get_bool(checked(place), "agrees", !row->agrees), row->agrees);
    ck_assert(ew_json_get_bool(checked(place), "healthy", false));
    place_free(place);
    free(yaml);
}
END_TEST

/* A route that is rejected as it should be agrees, and is not healthy. */
START_TEST(correctly_rejected_is_not_healthy)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: h, port: 80, protocol: HTTP}") ROUTE("r", TO_WEB), NULL);
    const struct ew_json *got = condition(place, "HTTPRoute/r", "parents[0]", "Accepted");
    ck_assert(!ew_json_get_bool(got, "healthy", true));
    ck_assert(ew_json_get_bool(got, "agrees", false)); /* not applied yet */
    ck_assert(!ew_json_get_bool(checked(place), "healthy", true));
    ck_assert_ptr_nonnull(strstr(ew_json_get_str(got, "why", ""), "Same"));
    place_free(place);
}
END_TEST

#define GATEWAY_STATUS(reason)                                                                     \
    CLASS "---\n{apiVersion: " GW                                                                  \
          ", kind: Gateway, metadata: {namespace: infra, name: web}, spec: "                       \
          "{gatewayClassName: edge, listeners: [" HTTP80 "]}, status: {conditions: [{type: "       \
          "Accepted, status: 'True', reason: Accepted}, {type: Programmed, status: 'False', "      \
          "reason: " reason "}], listeners: [{name: http, attachedRoutes: 2, conditions: [{type: " \
          "Accepted, status: 'True', reason: Accepted}, {type: ResolvedRefs, status: 'True', "     \
          "reason: ResolvedRefs}, {type: Programmed, status: 'True', reason: Programmed}]}]}}\n"

/* Want of infrastructure is a finding, no disagreement. */
START_TEST(address_not_assigned)
{
    struct place *place = place_new(GATEWAY_STATUS("AddressNotAssigned"), NULL);
    const struct ew_json *got = condition(place, "Gateway/web", "", "Programmed");
    ck_assert(ew_json_get_bool(got, "agrees", false));
    ck_assert(!ew_json_get_bool(got, "healthy", true));
    place_free(place);
    place = place_new(GATEWAY_STATUS("Invalid"), NULL);
    got = condition(place, "Gateway/web", "", "Programmed");
    ck_assert(!ew_json_get_bool(got, "agrees", true));
    place_free(place);
}
END_TEST

START_TEST(attached_routes_are_compared)
{
    struct place *place = place_new(GATEWAY_STATUS("AddressNotAssigned"), NULL);
    const struct ew_json *count =
        ew_json_at(checked_object(place, "Gateway/web"), "listeners[0].attachedRoutes");
    ck_assert_int_eq((int)ew_json_get_int(count, "expected", -1), 0);
    ck_assert_int_eq((int)ew_json_get_int(count, "reported", -1), 2);
    ck_assert(!ew_json_get_bool(checked(place), "agrees", true));
    place_free(place);
}
END_TEST

/* A condition that speaks ill when True reads as such. */
START_TEST(negative_conditions)
{
    struct place *place = place_new(
        CLASS "---\n{apiVersion: " GW ", kind: Gateway, metadata: {namespace: infra, name: web}, "
              "spec: {gatewayClassName: edge, listeners: [" HTTP80
              "]}, status: {listeners: [{name: "
              "http, attachedRoutes: 0, conditions: [{type: Conflicted, status: 'True', reason: "
              "HostnameConflict}]}]}}\n",
        NULL);
    const struct ew_json *got = condition(place, "Gateway/web", "listeners[0]", "Conflicted");
    ck_assert(ew_json_get_bool(got, "healthy", false)); /* there is no conflict */
    ck_assert(!ew_json_get_bool(got, "agrees", true));
    place_free(place);
}
END_TEST

START_TEST(overlapping_tls_hosts_are_said)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: a, port: 443, protocol: HTTPS, hostname: '*.x.com', tls: "
                             "{options: {a: b}}}, {name: b, port: 443, protocol: HTTPS, hostname: "
                             "h.x.com, tls: {options: {a: b}}}, {name: c, port: 443, protocol: "
                             "HTTPS, hostname: y.com, tls: {options: {a: b}}}"),
        NULL);
    assert_expected(place, "Gateway/web", "listeners[0]", "OverlappingTLSConfig",
                    "True OverlappingHostnames");
    assert_expected(place, "Gateway/web", "listeners[1]", "OverlappingTLSConfig",
                    "True OverlappingHostnames");
    assert_expected(place, "Gateway/web", "listeners[2]", "OverlappingTLSConfig", "absent");
    ck_assert(ew_json_get_bool(checked(place), "healthy", false));
    place_free(place);
}
END_TEST

#define LEAF(name, sans)                                                                           \
    OBJECT("v1", "Secret", "infra", name,                                                          \
           "type: kubernetes.io/tls, certificate: {chain: [{sans: [" sans "]}], has_key: true, "   \
           "key_fits: true}")
#define SERVED(name, host, secret)                                                                 \
    "{name: " name ", port: 443, protocol: HTTPS, hostname: " host                                 \
    ", tls: {certificateRefs: [{name: " secret "}]}}"

/* A wildcard certificate that is good for the host of another listener. */
START_TEST(overlapping_certificates_are_said)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", SERVED("a", "a.x.com", "wide") ", " SERVED(
                                 "b", "b.x.com", "b") ", " SERVED("c", "y.com", "c"))
            LEAF("wide", "'dns:*.x.com'") LEAF("b", "'dns:b.x.com'") LEAF("c", "'dns:y.com'"),
        NULL);
    assert_expected(place, "Gateway/web", "listeners[0]", "OverlappingTLSConfig",
                    "True OverlappingCertificates");
    assert_expected(place, "Gateway/web", "listeners[1]", "OverlappingTLSConfig",
                    "True OverlappingCertificates");
    assert_expected(place, "Gateway/web", "listeners[2]", "OverlappingTLSConfig", "absent");
    place_free(place);
}
END_TEST

/* A protocol that only its implementation knows (a mesh's HBONE) is no disagreement. */
START_TEST(protocols_of_an_implementation)
{
    struct place *place = place_new(
        CLASS
        "---\n{apiVersion: " GW ", kind: Gateway, metadata: {namespace: infra, name: web}, "
        "spec: {gatewayClassName: edge, listeners: [{name: mesh, port: 15008, protocol: "
        "HBONE}]}, status: {conditions: [{type: Accepted, status: 'True', reason: Accepted}], "
        "listeners: [{name: mesh, attachedRoutes: 0, conditions: [{type: Accepted, status: "
        "'True', reason: Accepted}, {type: Programmed, status: 'True', reason: "
        "Programmed}]}]}}\n",
        NULL);
    assert_expected(place, "Gateway/web", "listeners[0]", "Accepted", "False UnsupportedProtocol");
    ck_assert(ew_json_get_bool(condition(place, "Gateway/web", "listeners[0]", "Accepted"),
                               "agrees", false));
    ck_assert(ew_json_get_bool(condition(place, "Gateway/web", "listeners[0]", "Programmed"),
                               "agrees", false));
    ck_assert(ew_json_get_bool(condition(place, "Gateway/web", "", "Accepted"), "agrees", false));
    place_free(place);
}
END_TEST

static const struct {
    const char *spec, *accepted;
} gateway_cases[] = {
    {"listeners: [" HTTP80 "]", "True Accepted"},
    {"addresses: [{type: IPAddress, value: 10.0.0.1}], listeners: [" HTTP80 "]", "True Accepted"},
    {"addresses: [{type: x.com/y, value: z}], listeners: [" HTTP80 "]", "False UnsupportedAddress"},
    {"infrastructure: {parametersRef: {group: x.com, kind: P, name: p}}, listeners: [" HTTP80 "]",
     "False InvalidParameters"},
    {"listeners: [" HTTP80 ", {name: g, port: 70, protocol: GOPHER}]", "True ListenersNotValid"},
    {"listeners: [{name: g, port: 70, protocol: GOPHER}]", "False ListenersNotValid"},
};

START_TEST(gateway_conditions)
{
    char *yaml =
        ew_fmt(CLASS OBJECT(GW, "Gateway", "infra", "web", "spec: {gatewayClassName: edge, %s}"),
               gateway_cases[_i].spec);
    struct place *place = place_new(yaml, NULL);
    assert_expected(place, "Gateway/web", "", "Accepted", gateway_cases[_i].accepted);
    assert_expected(place, "Gateway/web", "", "Programmed",
                    strncmp(gateway_cases[_i].accepted, "True", 4) == 0 ? "True Programmed"
                                                                        : "False Invalid");
    place_free(place);
    free(yaml);
}
END_TEST

/* Where no controller is there to speak, what the CRD sets stands, and that is not healthy. */
START_TEST(gateway_of_no_class)
{
    struct place *place = place_live(
        "---\n{apiVersion: " GW ", kind: Gateway, metadata: {namespace: infra, name: web}, spec: "
        "{gatewayClassName: nobody, listeners: [" HTTP80
        "]}, status: {conditions: [{type: Accepted, "
        "status: Unknown, reason: Pending}, {type: Programmed, status: Unknown, reason: "
        "Pending}]}}\n",
        "gateways.gateway.networking.k8s.io gatewayclasses.gateway.networking.k8s.io");
    const struct ew_json *got = condition(place, "Gateway/web", "", "Accepted");
    ck_assert(ew_json_get_bool(got, "agrees", false));
    ck_assert(!ew_json_get_bool(got, "healthy", true));
    assert_expected(place, "Gateway/web", "", "Accepted", "Unknown Pending");
    place_free(place);
}
END_TEST

START_TEST(kinds_that_a_listener_supports)
{
    struct place *place = place_new(
        CLASS GATEWAY("web",
                      "{name: a, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: "
                      "HTTPRoute}, {kind: TCPRoute}]}}, {name: b, port: 81, protocol: HTTP}"),
        NULL);
    const struct ew_json *gateway = checked_object(place, "Gateway/web");
    ck_assert_uint_eq(ew_json_count(ew_json_at(gateway, "listeners[0].supportedKinds")), 1);
    ck_assert_uint_eq(ew_json_count(ew_json_at(gateway, "listeners[1].supportedKinds")), 2);
    assert_expected(place, "Gateway/web", "listeners[0]", "ResolvedRefs",
                    "False InvalidRouteKinds");
    assert_expected(place, "Gateway/web", "listeners[1]", "ResolvedRefs", "True ResolvedRefs");
    place_free(place);
}
END_TEST

/* ---- wrong shape ---- */

static const struct {
    const char *yaml, *object, *path;
} shape_cases[] = {
    {CLASS OBJECT(GW, "Gateway", "infra", "web", "spec: 7"), "Gateway/web", "spec"},
    {CLASS GATEWAY("web", "{name: a, port: 70000, protocol: HTTP}, " HTTP80), "Gateway/web",
     "spec.listeners[0].port"},
    {CLASS GATEWAY("web", "5, " HTTP80), "Gateway/web", "spec.listeners[0]"},
    {CLASS GATEWAY("web", "{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: "
                          "Selector, selector: [a]}}}"),
     "Gateway/web", "spec.listeners[0].allowedRoutes.namespaces.selector"},
    {BASE ROUTE("r", "parentRefs: web"), "HTTPRoute/r", "spec.parentRefs"},
    {BASE ROUTE("r", TO_WEB ", hostnames: [{a: b}]"), "HTTPRoute/r", "spec.hostnames[0]"},
    {BASE ROUTE("r", TO_WEB ", rules: [{matches: [{path: /a}]}]"), "HTTPRoute/r",
     "spec.rules[0].matches[0].path"},
    {BASE ROUTE("r", TO_WEB ", rules: [{backendRefs: [{name: a, port: http}]}]"), "HTTPRoute/r",
     "spec.rules[0].backendRefs[0].port"},
    {BASE ROUTE("r", TO_WEB ", rules: {a: b}"), "HTTPRoute/r", "spec.rules"},
    {OBJECT("networking.k8s.io/v1", "Ingress", "shop", "i",
            "spec: {rules: [{http: {paths: [{path: /, backend: {}}]}}]}"),
     "Ingress/i", "spec.rules[0].http.paths[0].pathType"},
};

START_TEST(wrong_shape_is_a_finding_and_no_end)
{
    char *yaml = ew_fmt("%s" OBJECT(GW, "HTTPRoute", "shop", "sound",
                                    "spec: {parentRefs: [{name: "
                                    "gone}]}"),
                        shape_cases[_i].yaml);
    struct place *place = place_new(yaml, NULL);
    const struct ew_json *problem =
        ew_json_at(checked_object(place, shape_cases[_i].object), "problems[0]");
    ck_assert_str_eq(ew_json_get_str(problem, "path", "none"), shape_cases[_i].path);
    ck_assert_ptr_nonnull(strstr(ew_json_get_str(problem, "where", ""), "t.yaml:"));
    ck_assert(!ew_json_get_bool(checked(place), "healthy", true));
    assert_expected(place, "HTTPRoute/sound", "parents[0]", "Accepted", "False NoMatchingParent");
    ask(place, "GET http://x.com/");
    place_free(place);
    free(yaml);
}
END_TEST

/* ---- scope ---- */

static struct ew_doc *scoped(struct place *place, const char *const *names, const char *ns,
                             int code)
{
    struct ew_check_scope scope = {.names = names, .ns = ns};
    struct ew_err err = {0};
    struct ew_doc *doc = NULL;
    bool unread;
    ck_assert_int_eq(ew_routing_check(place->routing, &scope, &doc, &unread, &err), code);
    if (code != EW_OK)
        ck_assert_str_ne(err.message, "");
    return doc;
}

START_TEST(scope_brings_what_is_referred_to)
{
    struct place *place =
        place_new(BASE GATEWAY("apart", HTTP80) ROUTE("r", TO_WEB) ROUTE("q", TO_WEB), NULL);
    const char *one[] = {"httproute/shop/r", NULL};
    struct ew_doc *doc = scoped(place, one, NULL, EW_OK);
    const struct ew_json *objects = ew_json_get(ew_doc_root(doc), "objects");
    ck_assert_uint_eq(ew_json_count(objects), 3);
    ck_assert_str_eq(ew_json_get_str(ew_json_item(objects, 0), "kind", ""), "GatewayClass");
    ck_assert_str_eq(ew_json_get_str(ew_json_item(objects, 1), "name", ""), "web");
    ck_assert_str_eq(ew_json_get_str(ew_json_item(objects, 2), "name", ""), "r");
    ew_doc_unref(doc);
    doc = scoped(place, NULL, "shop", EW_OK);
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_doc_root(doc), "objects")), 4);
    ew_doc_unref(doc);
    const char *gone[] = {"HTTPRoute/shop/gone", NULL}, *strange[] = {"Pod/shop/x", NULL};
    scoped(place, gone, NULL, EW_EUSAGE);
    scoped(place, strange, NULL, EW_EUSAGE);
    scoped(place, NULL, "nosuch", EW_EUSAGE);
    place_free(place);
}
END_TEST

/* Nothing to look at is no health. */
START_TEST(nothing_is_not_well)
{
    struct place *place =
        place_new("---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n", NULL);
    struct ew_doc *doc = scoped(place, NULL, "shop", EW_OK);
    ck_assert_int_eq(ew_json_type(ew_json_get(ew_doc_root(doc), "healthy")), EW_JSON_NULL);
    ck_assert_str_eq(ew_json_str_or(ew_json_at(ew_doc_root(doc), "undecided[0].why"), ""),
                     "there is none in namespace shop");
    ew_doc_unref(doc);
    place_free(place);
}
END_TEST

#define ALL_LISTS                                                                                  \
    "gatewayclasses.gateway.networking.k8s.io gateways.gateway.networking.k8s.io "                 \
    "listenersets.gateway.networking.k8s.io httproutes.gateway.networking.k8s.io "                 \
    "grpcroutes.gateway.networking.k8s.io tlsroutes.gateway.networking.k8s.io "                    \
    "tcproutes.gateway.networking.k8s.io udproutes.gateway.networking.k8s.io "                     \
    "backendtlspolicies.gateway.networking.k8s.io ingresses.networking.k8s.io "                    \
    "ingressclasses.networking.k8s.io"

/* In a cluster the object is looked up, whatever its kind. */
START_TEST(parameters_of_any_kind_are_looked_up)
{
    static const struct {
        const char *lists, *accepted;
        bool may_differ;
    } rows[] = {
        {ALL_LISTS, "True Accepted", true},
        {ALL_LISTS " @x.com", "True Accepted", true},
        {ALL_LISTS " @x.com !P.x.com/infra/p", "False InvalidParameters", false},
        {ALL_LISTS " @y.com", "False InvalidParameters", false},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct place *place = place_live(
            CLASS OBJECT(GW, "Gateway", "infra", "web",
                         "spec: {gatewayClassName: edge, infrastructure: {parametersRef: {group: "
                         "x.com, kind: P, name: p}}, listeners: [" HTTP80 "]}"),
            rows[i].lists);
        assert_expected(place, "Gateway/web", "", "Accepted", rows[i].accepted);
        const struct ew_json *got = condition(place, "Gateway/web", "", "Accepted");
        ck_assert_int_eq(ew_json_at(got, "expected.or_status") != NULL, rows[i].may_differ);
        place_free(place);
    }
}
END_TEST

START_TEST(references_of_a_listener_that_cannot_be_read)
{
    struct place *place =
        place_live(CLASS GATEWAY("web", HTTP80 ", {name: s, port: 443, protocol: HTTPS, tls: "
                                               "{certificateRefs: [{name: c}]}}"),
                   ALL_LISTS);
    assert_expected(place, "Gateway/web", "listeners[1]", "ResolvedRefs",
                    "Unknown InvalidCertificateRef");
    assert_expected(place, "Gateway/web", "", "ResolvedRefs", "Unknown ");
    place_free(place);
}
END_TEST

static void denied(struct place *place, const char *resource)
{
    char *key = ew_key_list(resource, "*", NULL), *own = ew_key_list(resource, "default", NULL);
    ew_snapshot_put(place->snapshot, ew_fact_new(key, EW_UNKNOWN, "forbidden", NULL, 0, -1, NULL));
    ew_snapshot_put(place->snapshot, ew_fact_new(own, EW_UNKNOWN, "forbidden", NULL, 0, -1, NULL));
    free(key);
    free(own);
}

/* A list that is denied leaves its count open and the verdict undecided. */
START_TEST(denied_routes_are_not_none)
{
    struct place *place = place_live(CLASS GATEWAY("web", HTTP80), ALL_LISTS);
    denied(place, "httproutes.gateway.networking.k8s.io");
    const struct ew_json *root = checked(place);
    const struct ew_json *count =
        ew_json_at(checked_object(place, "Gateway/web"), "listeners[0].attachedRoutes");
    ck_assert_int_eq(ew_json_type(ew_json_get(count, "expected")), EW_JSON_NULL);
    ck_assert_int_eq(ew_json_type(ew_json_get(root, "healthy")), EW_JSON_NULL);
    ck_assert_str_eq(ew_json_str_or(ew_json_at(root, "undecided[0].want"), ""),
                     "list httproutes.gateway.networking.k8s.io everywhere");
    ck_assert_uint_eq(ew_json_count(ew_json_get(root, "undecided")), 1);
    place_free(place);
}
END_TEST

/* A name in a list that is denied may well be there. */
START_TEST(denied_name_is_not_absent)
{
    const char *one[] = {"HTTPRoute/shop/r", NULL};
    struct place *place = place_live(CLASS GATEWAY("web", HTTP80), ALL_LISTS);
    char *key = ew_key_get("httproutes.gateway.networking.k8s.io", "shop", "r");
    denied(place, "httproutes.gateway.networking.k8s.io");
    ew_snapshot_put(place->snapshot, ew_fact_new(key, EW_UNKNOWN, "forbidden", NULL, 0, -1, NULL));
    struct ew_doc *doc = scoped(place, one, NULL, EW_OK);
    ck_assert_str_eq(ew_json_str_or(ew_json_at(ew_doc_root(doc), "undecided[0].why"), ""),
                     "forbidden");
    ew_doc_unref(doc);
    free(key);
    place_free(place);
}
END_TEST

/* Mending the first fault alone would not be enough. */
START_TEST(every_reference_that_fails_is_said)
{
    struct place *place =
        place_new(BASE ROUTE("r", TO_WEB
                             ", rules: [{backendRefs: [{name: gone, port: 80}, {name: a, port: "
                             "81}]}, {backendRefs: [{name: far, namespace: far, port: 80}, {name: "
                             "gone, port: 80}]}]"),
                  NULL);
    const struct ew_json *got = condition(place, "HTTPRoute/r", "parents[0]", "ResolvedRefs");
    ck_assert_str_eq(ew_json_get_str(got, "why", ""), "Service shop/gone does not exist");
    ck_assert_uint_eq(ew_json_count(ew_json_get(got, "also")), 2); /* each once */
    ck_assert_str_eq(ew_json_str_or(ew_json_at(got, "also[0]"), ""),
                     "Service shop/a has no port 81 (it has: 80)");
    place_free(place);
}
END_TEST

/* ---- gates ---- */

static const char *fault_at(struct place *place, size_t listener, size_t fault)
{
    const struct ew_json *one = ew_json_item(
        ew_json_at(checked_object(place, "HTTPRoute/r"), "parents[0].listeners"), listener);
    return ew_json_get_str(ew_json_item(ew_json_get(one, "faults"), fault), "gate", "none");
}

START_TEST(every_gate_that_fails_is_said)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: tcp, port: 1, protocol: TCP}, {name: own, port: 80, protocol: "
                             "HTTP, hostname: own.com}, {name: all, port: 81, protocol: HTTP, "
                             "allowedRoutes: {namespaces: {from: All}}}")
            ROUTE("r", TO_WEB ", hostnames: [r.com]"),
        NULL);
    ck_assert_str_eq(fault_at(place, 0, 0), "kind");
    ck_assert_str_eq(fault_at(place, 0, 1), "namespace");
    ck_assert_str_eq(fault_at(place, 0, 2), "none");
    ck_assert_str_eq(fault_at(place, 1, 0), "namespace");
    ck_assert_str_eq(fault_at(place, 1, 1), "hostname");
    ck_assert_str_eq(fault_at(place, 2, 0), "none");
    place_free(place);
}
END_TEST

START_TEST(another_section_is_its_only_fault)
{
    struct place *place =
        place_new(CLASS GATEWAY("web", "{name: own, port: 80, protocol: HTTP, hostname: own.com}")
                      ROUTE("r", "parentRefs: [{name: web, namespace: infra, sectionName: else}], "
                                 "hostnames: [r.com]"),
                  NULL);
    ck_assert_str_eq(fault_at(place, 0, 0), "section");
    ck_assert_str_eq(fault_at(place, 0, 1), "none");
    place_free(place);
}
END_TEST

START_TEST(what_cannot_be_read_is_said)
{
    struct place *place =
        place_live(CLASS GATEWAY("web", HTTP80) ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"),
                   "gateways.gateway.networking.k8s.io gatewayclasses.gateway.networking.k8s.io "
                   "httproutes.gateway.networking.k8s.io");
    struct ew_check_scope scope = {0};
    struct ew_err err = {0};
    struct ew_doc *doc = NULL;
    bool unread = false;
    ck_assert_int_eq(ew_routing_check(place->routing, &scope, &doc, &unread, &err), EW_OK);
    ck_assert(unread);
    ew_doc_unref(doc);
    assert_expected(place, "HTTPRoute/r", "parents[0]", "ResolvedRefs", "Unknown ");
    place_free(place);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: check");
    TCase *status = tcase_create("status");
    tcase_add_loop_test(status, reported_conditions, 0, EW_COUNT(report_cases));
    tcase_add_test(status, correctly_rejected_is_not_healthy);
    tcase_add_test(status, address_not_assigned);
    tcase_add_test(status, attached_routes_are_compared);
    tcase_add_test(status, negative_conditions);
    tcase_add_test(status, overlapping_tls_hosts_are_said);
    tcase_add_test(status, overlapping_certificates_are_said);
    tcase_add_test(status, protocols_of_an_implementation);
    tcase_add_loop_test(status, gateway_conditions, 0, EW_COUNT(gateway_cases));
    tcase_add_test(status, gateway_of_no_class);
    tcase_add_test(status, parameters_of_any_kind_are_looked_up);
    tcase_add_test(status, references_of_a_listener_that_cannot_be_read);
    tcase_add_test(status, kinds_that_a_listener_supports);
    tcase_add_loop_test(status, wrong_shape_is_a_finding_and_no_end, 0, EW_COUNT(shape_cases));
    tcase_add_test(status, scope_brings_what_is_referred_to);
    tcase_add_test(status, what_cannot_be_read_is_said);
    tcase_add_test(status, nothing_is_not_well);
    tcase_add_test(status, denied_routes_are_not_none);
    tcase_add_test(status, denied_name_is_not_absent);
    tcase_add_test(status, every_reference_that_fails_is_said);
    tcase_add_test(status, every_gate_that_fails_is_said);
    tcase_add_test(status, another_section_is_its_only_fault);
    suite_add_tcase(s, status);
    return s;
}
