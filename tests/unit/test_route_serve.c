/* What serves: backends and their endpoints, filters, streams, certificates. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

/* ---- backends ---- */

#define PORTS(ports) "spec: {selector: {app: x}, ports: [" ports "]}"
#define SLICE(name, service, ports, endpoints)                                                     \
    "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, "     \
    "name: " name ", labels: {kubernetes.io/service-name: " service "}}, addressType: IPv4, "      \
    "ports: [" ports "], endpoints: [" endpoints "]}\n"
#define UP(pod)                                                                                    \
    "{addresses: [10.0.0." pod "], conditions: {ready: true}, targetRef: {kind: Pod, name: p" pod  \
    "}}"
#define DOWN(pod)                                                                                  \
    "{addresses: [10.0.0." pod "], conditions: {ready: false}, targetRef: {kind: Pod, name: p" pod \
    "}}"

static const struct backend_case {
    const char *name, *objects, *ref;
    enum ew_backend_fault fault;
    int status, ready, total;
    const char *word;
} backend_cases[] = {
    {"no slices in files: taken as ready", SERVICE("shop", "s"), "{name: s, port: 80}",
     EW_BACKEND_OK, 200, -1, -1, NULL},
    {"ready ones counted",
     SERVICE("shop", "s") SLICE("x", "s", "{name: '', port: 8080}", UP("1") ", " DOWN("2")),
     "{name: s, port: 80}", EW_BACKEND_OK, 200, 1, 2, NULL},
    {"one pod in slices of both families",
     SERVICE("shop", "s") SLICE("x", "s", "{port: 8080}", UP("1")) SLICE(
         "y", "s", "{port: 8080}",
         "{addresses: ['fd00::1'], conditions: {ready: true}, targetRef: {kind: Pod, name: p1}}"),
     "{name: s, port: 80}", EW_BACKEND_OK, 200, 1, 1, NULL},
    {"none ready", SERVICE("shop", "s") SLICE("x", "s", "{port: 8080}", DOWN("1")),
     "{name: s, port: 80}", EW_BACKEND_NONE_READY, 503, 0, 1, "none of the 1 endpoint"},
    {"readiness that is not said is readiness",
     SERVICE("shop", "s") SLICE("x", "s", "{port: 8080}", "{addresses: [10.0.0.1]}"),
     "{name: s, port: 80}", EW_BACKEND_OK, 200, 1, 1, NULL},
    {"empty slice", SERVICE("shop", "s") SLICE("x", "s", "{port: 8080}", ""), "{name: s, port: 80}",
     EW_BACKEND_NO_ENDPOINTS, 503, 0, 0, "no endpoints"},
    {"endpoints without the named targetPort",
     OBJECT("v1", "Service", "shop", "s", PORTS("{name: web, port: 80, targetPort: http}"))
         SLICE("x", "s", "", UP("1") ", " UP("2")),
     "{name: s, port: 80}", EW_BACKEND_NO_ENDPOINTS, 503, 0, 0, "targetPort http"},
    {"slices of another port of the Service",
     OBJECT("v1", "Service", "shop", "s", PORTS("{name: a, port: 80}, {name: b, port: 81}"))
         SLICE("x", "s", "{name: a, port: 8080}", UP("1")),
     "{name: s, port: 81}", EW_BACKEND_NO_ENDPOINTS, 503, 0, 0, NULL},
    {"neither selector nor slices",
     OBJECT("v1", "Service", "shop", "s", "spec: {ports: [{port: 80}]}"), "{name: s, port: 80}",
     EW_BACKEND_NO_ENDPOINTS, 503, 0, 0, NULL},
    {"no such Service", "", "{name: s, port: 80}", EW_BACKEND_NOT_FOUND, 500, -1, -1,
     "Service shop/s does not exist"},
    {"no such port, though the port has no name", SERVICE("shop", "s"), "{name: s, port: 8080}",
     EW_BACKEND_PORT, 500, -1, -1, "no port 8080 (it has: 80)"},
    {"no port given", SERVICE("shop", "s"), "{name: s}", EW_BACKEND_KIND, 500, -1, -1,
     "names no port"},
    {"a UDP port", OBJECT("v1", "Service", "shop", "s", PORTS("{port: 80, protocol: UDP}")),
     "{name: s, port: 80}", EW_BACKEND_PROTOCOL, 500, -1, -1, "is UDP"},
    {"no kind of backend", "", "{group: x.com, kind: Thing, name: s, port: 80}", EW_BACKEND_KIND,
     500, -1, -1, "no kind of backend"},
    {"another namespace without leave", SERVICE("far", "s"), "{name: s, namespace: far, port: 80}",
     EW_BACKEND_NOT_PERMITTED, 500, -1, -1, "no ReferenceGrant in namespace far"},
    {"another namespace with leave",
     SERVICE("far", "s") OBJECT(
         "gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "far", "g",
         "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], "
         "to: [{group: '', kind: Service}]}"),
     "{name: s, namespace: far, port: 80}", EW_BACKEND_OK, 200, -1, -1, NULL},
    {"leave for another Service",
     SERVICE("far", "s") OBJECT(
         "gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "far", "g",
         "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], "
         "to: [{group: '', kind: Service, name: t}]}"),
     "{name: s, namespace: far, port: 80}", EW_BACKEND_NOT_PERMITTED, 500, -1, -1, NULL},
    {"leave for another kind of route",
     SERVICE("far", "s") OBJECT(
         "gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "far", "g",
         "spec: {from: [{group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: shop}], "
         "to: [{group: '', kind: Service}]}"),
     "{name: s, namespace: far, port: 80}", EW_BACKEND_NOT_PERMITTED, 500, -1, -1, NULL},
};

START_TEST(one_backend)
{
    const struct backend_case *row = &backend_cases[_i];
    char *yaml = ew_fmt(
        CLASS GATEWAY("web", HTTP80) "%s" ROUTE("r", TO_WEB ", rules: [{backendRefs: [%s]}]"),
        row->objects, row->ref);
    struct place *place = place_new(yaml, NULL);
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_uint_eq(decision->backend_count, 1);
    const struct ew_backend *backend = &decision->backends[0];
    ck_assert_msg(backend->fault == row->fault, "%s: fault %d", row->name, backend->fault);
    ck_assert_int_eq(decision->status, row->status);
    ck_assert_int_eq(backend->usable, row->fault == EW_BACKEND_OK);
    ck_assert_int_eq(backend->ready, row->ready);
    ck_assert_int_eq(backend->total, row->total);
    if (row->word)
        ck_assert_msg(strstr(backend->why_not, row->word) != NULL, "%s", backend->why_not);
    if (row->fault == EW_BACKEND_OK && row->total < 0)
        ck_assert_ptr_nonnull(strstr(decision->assumes[0], "no EndpointSlice for Service"));
    place_free(place);
    free(yaml);
}
END_TEST

START_TEST(weights_and_shares)
{
    struct place *place = place_new(
        BASE ROUTE("r", TO_WEB ", rules: [{backendRefs: [{name: a, port: 80, weight: 3}, {name: b, "
                               "port: 80}, {name: gone, port: 80, weight: 0}]}]"),
        NULL);
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_int_eq(decision->outcome, EW_OUT_BACKEND);
    ck_assert_double_eq(decision->backends[0].share, 0.75);
    ck_assert_double_eq(decision->backends[1].share, 0.25);
    ck_assert_double_eq(decision->backends[2].share, 0);
    place_free(place);
}
END_TEST

START_TEST(part_of_the_requests_fails)
{
    struct place *place = place_new(
        BASE ROUTE("r", TO_WEB ", rules: [{backendRefs: [{name: a, port: 80}, {name: gone, port: "
                               "80}]}]"),
        NULL);
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_int_eq(decision->outcome, EW_OUT_BACKEND);
    bool said = false;
    for (size_t i = 0; decision->assumes[i]; i++)
        said |= strstr(decision->assumes[i], "50 % of the requests") != NULL;
    ck_assert(said);
    place_free(place);
}
END_TEST

static const char *const nowhere[] = {"{}", "{backendRefs: []}",
                                      "{backendRefs: [{name: a, port: 80, weight: 0}]}"};

START_TEST(rule_that_leads_nowhere)
{
    char *yaml = ew_fmt(BASE ROUTE("r", TO_WEB ", rules: [%s]"), nowhere[_i]);
    struct place *place = place_new(yaml, NULL);
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_BACKEND);
    ck_assert_int_eq(decision->status, 500);
    assert_expected(place, "HTTPRoute/r", "parents[0]", "ResolvedRefs", "True ResolvedRefs");
    place_free(place);
    free(yaml);
}
END_TEST

/* A kind that an implementation knows is not missing because we cannot look into it. */
START_TEST(foreign_backend_is_unknown)
{
    struct place *place =
        place_new(BASE ROUTE("r", TO_WEB
                             ", rules: [{backendRefs: [{group: inference.networking.k8s.io, kind: "
                             "InferencePool, name: m}]}]"),
                  NULL);
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_int_eq(decision->outcome, EW_OUT_UNKNOWN);
    ck_assert_int_eq(decision->backends[0].fault, EW_BACKEND_UNKNOWN);
    assert_expected(place, "HTTPRoute/r", "parents[0]", "ResolvedRefs", "True ResolvedRefs");
    place_free(place);
}
END_TEST

/* Denied is not missing. */
START_TEST(service_that_is_not_read_is_unknown)
{
    struct place *place =
        place_live(CLASS GATEWAY("web", HTTP80) ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"),
                   "gateways.gateway.networking.k8s.io gatewayclasses.gateway.networking.k8s.io "
                   "httproutes.gateway.networking.k8s.io listenersets.gateway.networking.k8s.io");
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_int_eq(decision->outcome, EW_OUT_UNKNOWN);
    ck_assert_str_eq(decision->route->name, "r");
    ck_assert_ptr_nonnull(strstr(decision->undecided[0], "Service shop/a is not known"));
    place_free(place);
}
END_TEST

/* ---- BackendTLSPolicy ---- */

#define POLICY(name, created, target, ca)                                                          \
    AGED(GW, "BackendTLSPolicy", "shop", name, created,                                            \
         "spec: {targetRefs: [{group: '', kind: Service, name: s" target "}], validation: "        \
         "{hostname: " name ".example.com, " ca "}}")
#define TWO_PORTS                                                                                  \
    OBJECT("v1", "Service", "shop", "s", PORTS("{name: one, port: 443}, {name: two, port: 444}"))
#define SYSTEM "wellKnownCACertificates: System"

START_TEST(policy_for_a_port_goes_before_one_for_all)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", HTTP80) TWO_PORTS POLICY("all", "2024-01-01T00:00:00Z", "", SYSTEM)
            POLICY("one", "2024-01-02T00:00:00Z", ", sectionName: one", SYSTEM)
                POLICY("late", "2024-01-03T00:00:00Z", "", SYSTEM)
                    ROUTE("r", TO_WEB ", rules: [{matches: [{path: {value: /1}}], backendRefs: "
                                      "[{name: s, port: 443}]}, {backendRefs: [{name: s, port: "
                                      "444}]}]"),
        NULL);
    const struct ew_decision *decision = ask(place, "GET http://x/1");
    ck_assert_str_eq(ew_json_get_str(decision->backends[0].tls, "policy", ""), "shop/one");
    ck_assert_str_eq(ew_json_get_str(decision->backends[0].tls, "sni", ""), "one.example.com");
    decision = ask(place, "GET http://x/2");
    ck_assert_str_eq(ew_json_get_str(decision->backends[0].tls, "policy", ""), "shop/all");
    assert_expected(place, "BackendTLSPolicy/late", "ancestors[0]", "Accepted", "False Conflicted");
    assert_expected(place, "BackendTLSPolicy/one", "ancestors[0]", "Accepted", "True Accepted");
    place_free(place);
}
END_TEST

static const struct {
    const char *ca, *accepted, *resolved;
} ca_cases[] = {
    {SYSTEM, "True Accepted", "True ResolvedRefs"},
    {"caCertificateRefs: [{group: '', kind: ConfigMap, name: good}]", "True Accepted",
     "True ResolvedRefs"},
    {"caCertificateRefs: [{group: '', kind: ConfigMap, name: gone}]", "False NoValidCACertificate",
     "False InvalidCACertificateRef"},
    {"caCertificateRefs: [{group: '', kind: ConfigMap, name: bad}]", "False NoValidCACertificate",
     "False InvalidCACertificateRef"},
    {"caCertificateRefs: [{group: '', kind: Pod, name: good}]", "False NoValidCACertificate",
     "False InvalidKind"},
    {"caCertificateRefs: [{group: '', kind: ConfigMap, name: good}, {group: '', kind: ConfigMap, "
     "name: gone}]",
     "True Accepted", "False InvalidCACertificateRef"},
    {"wellKnownCACertificates: Mine", "False Invalid", "True ResolvedRefs"},
};

START_TEST(policy_that_cannot_be_met)
{
    char *yaml =
        ew_fmt(CLASS GATEWAY("web", HTTP80) TWO_PORTS
               "---\n{apiVersion: v1, kind: ConfigMap, metadata: {namespace: shop, name: good}, "
               "certificate: {chain: [{subject: ca}]}}\n"
               "---\n{apiVersion: v1, kind: ConfigMap, metadata: {namespace: shop, name: bad}, "
               "certificate: {chain: [], error: no certificate}}\n" POLICY(
                   "p", "2024-01-01T00:00:00Z", "", "%s")
                   ROUTE("r", TO_WEB ", rules: [{backendRefs: [{name: s, port: 443}]}]"),
               ca_cases[_i].ca);
    struct place *place = place_new(yaml, NULL);
    bool met = strncmp(ca_cases[_i].accepted, "True", 4) == 0 &&
               strncmp(ca_cases[_i].resolved, "True", 4) == 0;
    assert_expected(place, "BackendTLSPolicy/p", "ancestors[0]", "Accepted", ca_cases[_i].accepted);
    assert_expected(place, "BackendTLSPolicy/p", "ancestors[0]", "ResolvedRefs",
                    ca_cases[_i].resolved);
    ck_assert_int_eq(ask(place, "GET http://x/")->outcome,
                     met ? EW_OUT_BACKEND : EW_OUT_NO_BACKEND);
    place_free(place);
    free(yaml);
}
END_TEST

/* ---- filters ---- */

static struct place *filtered(const char *match, const char *filters)
{
    char *yaml = ew_fmt(
        BASE ROUTE("r", TO_WEB ", rules: [{matches: [%s], filters: [%s], " BACKEND("a") "}]"),
        match, filters);
    struct place *place = place_new(yaml, NULL);
    free(yaml);
    return place;
}

static const struct {
    const char *prefix, *replace, *path, *result; /* the table of HTTPPathModifier */
} rewrites[] = {
    {"/foo", "/xyz", "/foo/bar", "/xyz/bar"},
    {"/foo", "/xyz/", "/foo/bar", "/xyz/bar"},
    {"/foo/", "/xyz", "/foo/bar", "/xyz/bar"},
    {"/foo/", "/xyz/", "/foo/bar", "/xyz/bar"},
    {"/foo", "/xyz", "/foo", "/xyz"},
    {"/foo", "/xyz", "/foo/", "/xyz/"},
    {"/foo", "''", "/foo/bar", "/bar"},
    {"/foo", "''", "/foo/", "/"},
    {"/foo", "''", "/foo", "/"},
    {"/foo", "/", "/foo/", "/"},
    {"/foo", "/", "/foo", "/"},
    {"/", "/xyz", "/bar", "/xyz/bar"},
};

START_TEST(prefix_replaced)
{
    char *match = ew_fmt("{path: {value: %s}}", rewrites[_i].prefix);
    char *filter = ew_fmt("{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, "
                          "replacePrefixMatch: %s}}}",
                          rewrites[_i].replace);
    char *line = ew_fmt("GET http://x%s", rewrites[_i].path);
    struct place *place = filtered(match, filter);
    ck_assert_str_eq(ew_json_get_str(ask(place, line)->forwarded, "path", ""), rewrites[_i].result);
    place_free(place);
    free(match);
    free(filter);
    free(line);
}
END_TEST

static const struct {
    const char *filter, *line, *location;
    int status;
} redirects[] = {
    {"{}", "GET http://x.com/a?b=c", "http://x.com/a?b=c", 302},
    {"{scheme: https}", "GET http://x.com/a", "https://x.com/a", 302},
    {"{scheme: https, port: 8443}", "GET http://x.com/a", "https://x.com:8443/a", 302},
    {"{scheme: http}", "GET http://x.com/a", "http://x.com/a", 302},
    {"{port: 8080}", "GET http://x.com/a", "http://x.com:8080/a", 302},
    {"{hostname: y.com, statusCode: 301}", "GET http://x.com/a", "http://y.com/a", 301},
    {"{path: {type: ReplaceFullPath, replaceFullPath: /z}}", "GET http://x.com/a/b",
     "http://x.com/z", 302},
    {"{path: {type: ReplacePrefixMatch, replacePrefixMatch: /z}}", "GET http://x.com/a/b",
     "http://x.com/z/b", 302},
};

START_TEST(redirected)
{
    char *filter = ew_fmt("{type: RequestRedirect, requestRedirect: %s}", redirects[_i].filter);
    struct place *place = filtered("{path: {value: /a}}", filter);
    const struct ew_decision *decision = ask(place, redirects[_i].line);
    ck_assert_int_eq(decision->outcome, EW_OUT_REDIRECT);
    ck_assert_int_eq(decision->status, redirects[_i].status);
    ck_assert_str_eq(ew_json_get_str(decision->redirect, "location", ""), redirects[_i].location);
    place_free(place);
    free(filter);
}
END_TEST

/* With no scheme of its own a redirect keeps the listener's port. */
START_TEST(redirect_keeps_the_port_of_the_listener)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: h, port: 8080, protocol: HTTP, allowedRoutes: {namespaces: "
                             "{from: All}}}")
            ROUTE("r", TO_WEB ", rules: [{matches: [{path: {value: /s}}], filters: [{type: "
                              "RequestRedirect, requestRedirect: {scheme: https}}]}, {filters: "
                              "[{type: RequestRedirect, requestRedirect: {hostname: y.com}}]}]"),
        NULL);
    ck_assert_str_eq(
        ew_json_get_str(ask(place, "GET http://x.com:8080/")->redirect, "location", ""),
        "http://y.com:8080/");
    ck_assert_str_eq(
        ew_json_get_str(ask(place, "GET http://x.com:8080/s")->redirect, "location", ""),
        "https://x.com/s");
    place_free(place);
}
END_TEST

START_TEST(headers_changed)
{
    struct place *place = filtered(
        "{path: {value: /}}",
        "{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Set, value: s}], "
        "add: "
        "[{name: X-Add, value: b}, {name: X-New, value: new}], remove: [X-Gone, X-Never]}}, "
        "{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: S, value: s}], add: "
        "[{name: A, value: a}], remove: [R]}}");
    const char *headers[] = {"x-set: old", "x-add: a", "x-gone: here", "x-kept: k", NULL};
    const struct ew_decision *decision = put(place, "GET http://x/", headers);
    const struct ew_json *sent = ew_json_get(decision->forwarded, "headers");
    ck_assert_uint_eq(ew_json_count(sent), 3);
    ck_assert_str_eq(ew_json_get_str(sent, "X-Set", ""), "s");
    ck_assert_str_eq(ew_json_get_str(sent, "X-Add", ""), "a,b");
    ck_assert_str_eq(ew_json_get_str(sent, "X-New", ""), "new");
    const struct ew_json *gone = ew_json_get(decision->forwarded, "removed_headers");
    ck_assert_uint_eq(ew_json_count(gone), 1);
    ck_assert_str_eq(ew_json_str(ew_json_item(gone, 0)), "X-Gone");
    ck_assert_str_eq(ew_json_str_or(ew_json_at(decision->response_headers, "set.S"), ""), "s");
    ck_assert_str_eq(ew_json_str_or(ew_json_at(decision->response_headers, "remove[0]"), ""), "R");
    place_free(place);
}
END_TEST

START_TEST(mirrors)
{
    struct place *place = filtered(
        "{path: {value: /}}",
        "{type: RequestMirror, requestMirror: {backendRef: {name: b, port: 80}, percent: 20}}, "
        "{type: RequestMirror, requestMirror: {backendRef: {name: a, port: 80}, fraction: "
        "{numerator: 1, denominator: 8}}}, {type: RequestMirror, requestMirror: {backendRef: "
        "{name: "
        "gone, port: 80}}}");
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_int_eq(decision->outcome, EW_OUT_BACKEND);
    ck_assert_uint_eq(ew_json_count(decision->mirrors), 2);
    ck_assert_double_eq(ew_json_num(ew_json_at(decision->mirrors, "[0].percent"), 0), 20);
    ck_assert_double_eq(ew_json_num(ew_json_at(decision->mirrors, "[1].percent"), 0), 12.5);
    assert_expected(place, "HTTPRoute/r", "parents[0]", "ResolvedRefs", "False BackendNotFound");
    place_free(place);
}
END_TEST

START_TEST(filter_that_does_not_exist_fails_the_request)
{
    struct place *place =
        filtered("{path: {value: /}}",
                 "{type: ExtensionRef, extensionRef: {group: x.com, kind: Limit, name: l}}");
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_BACKEND);
    ck_assert_int_eq(decision->status, 500);
    ck_assert_ptr_nonnull(strstr(decision->why, "Limit.x.com"));
    place_free(place);
}
END_TEST

START_TEST(filter_of_a_backend_that_does_not_exist_fails_its_share)
{
    struct place *place = place_new(
        BASE ROUTE("r", TO_WEB ", rules: [{backendRefs: [{name: a, port: 80, weight: 1, filters: "
                               "[{type: ExtensionRef, extensionRef: {group: x.com, kind: Limit, "
                               "name: l}}]}, {name: b, port: 80, weight: 3}]}]"),
        NULL);
    const struct ew_decision *decision = ask(place, "GET http://x/");
    ck_assert_int_eq(decision->outcome, EW_OUT_BACKEND);
    ck_assert_int_eq(decision->backends[0].fault, EW_BACKEND_FILTER);
    ck_assert(decision->backends[1].usable);
    ck_assert_uint_eq(decision->extension_count, 1);
    ck_assert_int_eq(decision->extensions[0].backend, 0);
    ck_assert_int_eq(decision->extensions[0].seen.state, EW_ABSENT);
    place_free(place);
}
END_TEST

static const struct {
    const char *cors, *line, *headers[4];
    enum ew_outcome outcome;
    const char *origin, *methods, *allowed; /* NULL: not set */
} cors_cases[] = {
    {"allowOrigins: ['https://a.com'], allowMethods: [GET, PUT], allowHeaders: [X]",
     "OPTIONS http://x/",
     {"Origin: https://a.com", "Access-Control-Request-Method: PUT"},
     EW_OUT_RESPOND,
     "https://a.com",
     "GET, PUT",
     NULL},
    {"allowOrigins: ['https://*.a.com'], allowMethods: ['*'], allowCredentials: true, "
     "allowHeaders: ['*']",
     "OPTIONS http://x/",
     {"Origin: https://b.c.a.com", "Access-Control-Request-Method: PUT",
      "Access-Control-Request-Headers: x-y"},
     EW_OUT_RESPOND,
     "https://b.c.a.com",
     "PUT",
     "x-y"},
    {"allowOrigins: ['https://*.a.com']",
     "OPTIONS http://x/",
     {"Origin: https://a.com", "Access-Control-Request-Method: PUT"},
     EW_OUT_RESPOND,
     NULL,
     NULL,
     NULL},
    {"allowOrigins: ['http://a.com']",
     "OPTIONS http://x/",
     {"Origin: https://a.com", "Access-Control-Request-Method: PUT"},
     EW_OUT_RESPOND,
     NULL,
     NULL,
     NULL},
    {"allowOrigins: ['https://a.com:443']",
     "GET http://x/",
     {"Origin: https://a.com"},
     EW_OUT_BACKEND,
     "https://a.com",
     NULL,
     NULL},
    {"allowOrigins: ['*']",
     "GET http://x/",
     {"Origin: https://a.com"},
     EW_OUT_BACKEND,
     "https://a.com",
     NULL,
     NULL},
    {"allowOrigins: ['*']", "GET http://x/", {NULL}, EW_OUT_BACKEND, NULL, NULL, NULL},
    {"allowOrigins: ['*']",
     "OPTIONS http://x/",
     {"Origin: https://a.com"},
     EW_OUT_BACKEND,
     "https://a.com",
     NULL,
     NULL}, /* no preflight without a method to ask for */
};

START_TEST(cors)
{
    char *filter = ew_fmt("{type: CORS, cors: {%s}}", cors_cases[_i].cors);
    struct place *place = filtered("{path: {value: /}}", filter);
    const struct ew_decision *decision = put(place, cors_cases[_i].line, cors_cases[_i].headers);
    const struct ew_json *set = ew_json_get(decision->response_headers, "set");
    ck_assert_int_eq(decision->outcome, cors_cases[_i].outcome);
    ck_assert_pstr_eq(ew_json_get_str(set, "Access-Control-Allow-Origin", NULL),
                      cors_cases[_i].origin);
    ck_assert_pstr_eq(ew_json_get_str(set, "Access-Control-Allow-Methods", NULL),
                      cors_cases[_i].methods);
    ck_assert_pstr_eq(ew_json_get_str(set, "Access-Control-Allow-Headers", NULL),
                      cors_cases[_i].allowed);
    place_free(place);
    free(filter);
}
END_TEST

START_TEST(cors_exposes_headers_to_preflights_too)
{
    static const char *const headers[] = {"Origin: https://a.com",
                                          "Access-Control-Request-Method: GET", NULL};
    static const char *const lines[] = {"OPTIONS http://x/", "GET http://x/"};
    struct place *place =
        filtered("{path: {value: /}}",
                 "{type: CORS, cors: {allowOrigins: ['https://a.com'], exposeHeaders: [X, Z]}}");
    const struct ew_decision *decision = put(place, lines[_i], headers);
    ck_assert_str_eq(ew_json_get_str(ew_json_get(decision->response_headers, "set"),
                                     "Access-Control-Expose-Headers", ""),
                     "X, Z");
    place_free(place);
}
END_TEST

/* ---- streams ---- */

#define ANY "allowedRoutes: {namespaces: {from: All}}"

START_TEST(tls_by_server_name)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: t, port: 443, protocol: TLS, tls: {mode: Passthrough}, " ANY
                             "}") SERVICE("shop", "a") SERVICE("shop", "b")
            OBJECT(GW, "TLSRoute", "shop", "exact",
                   "spec: {" TO_WEB ", hostnames: [a.com], rules: [{" BACKEND("a") "}]}")
                OBJECT(GW, "TLSRoute", "shop", "wild",
                       "spec: {" TO_WEB ", hostnames: ['*.com'], rules: [{" BACKEND("b") "}]}"),
        NULL);
    const struct ew_decision *decision = ask(place, "X tls://a.com:443");
    ck_assert_str_eq(decision->route->name, "exact");
    ck_assert_int_eq(decision->outcome, EW_OUT_BACKEND);
    ck_assert_int_eq(decision->status, 0);
    ck_assert_str_eq(ew_json_get_str(decision->backends[0].tls, "sni", ""), "a.com");
    ck_assert_str_eq(ask(place, "X tls://b.com:443")->route->name, "wild");
    ck_assert_int_eq(ask(place, "X tls://a.org:443")->outcome, EW_OUT_NO_ROUTE);
    ck_assert_int_eq(ask(place, "GET https://a.com/")->status, 200); /* HTTPS passes through */
    ck_assert_int_eq(ask(place, "X tcp://a.com:443")->outcome, EW_OUT_NO_LISTENER);
    place_free(place);
}
END_TEST

START_TEST(oldest_stream_route_has_the_port)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: t, port: 5432, protocol: TCP, " ANY "}") SERVICE("shop", "a")
            AGED(GW, "TCPRoute", "shop", "a-new", "2024-01-02T00:00:00Z",
                 "spec: {" TO_WEB ", rules: [{" BACKEND("a") "}]}")
                AGED(GW, "TCPRoute", "shop", "b-old", "2024-01-01T00:00:00Z",
                     "spec: {" TO_WEB ", rules: [{" BACKEND("a") "}]}"),
        NULL);
    ck_assert_str_eq(ask(place, "X tcp://x:5432")->route->name, "b-old");
    ck_assert_int_eq(ask(place, "X udp://x:5432")->outcome, EW_OUT_NO_LISTENER);
    place_free(place);
}
END_TEST

/* ---- Secrets of listeners ---- */

#define HTTPS(ref)                                                                                 \
    "{name: s, port: 443, protocol: HTTPS, " ANY ", tls: {certificateRefs: [" ref "]}}"
#define SECRET(name, rest)                                                                         \
    OBJECT("v1", "Secret", "infra", name, "type: kubernetes.io/tls, certificate: {" rest "}")

static const struct {
    const char *ref, *resolved;
} secret_cases[] = {
    {"{name: good}", "True ResolvedRefs"},
    {"{name: gone}", "False InvalidCertificateRef"},
    {"{name: keyless}", "False InvalidCertificateRef"},
    {"{name: broken}", "False InvalidCertificateRef"},
    {"{name: foreign}", "False InvalidCertificateRef"},
    {"{kind: Certificate, name: good}", "False InvalidCertificateRef"},
    {"{name: good, namespace: far}", "False RefNotPermitted"},
};

START_TEST(certificate_of_a_listener)
{
    char *yaml = ew_fmt(
        CLASS GATEWAY("web", HTTPS("%s"))
            SECRET("good", "chain: [{}], has_key: true, key_fits: true")
                SECRET("keyless", "chain: [{}], has_key: false, key_fits: false")
                    SECRET("foreign", "chain: [{}], has_key: true, key_fits: false")
                        SECRET("broken",
                               "chain: [], has_key: true, key_fits: false, error: no certificate")
                            SERVICE("shop", "a") ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"),
        secret_cases[_i].ref);
    struct place *place = place_new(yaml, NULL);
    bool good = strncmp(secret_cases[_i].resolved, "True", 4) == 0;
    const struct ew_decision *decision = ask(place, "GET https://x.com/");
    ck_assert_int_eq(decision->outcome, good ? EW_OUT_BACKEND : EW_OUT_NO_LISTENER);
    ck_assert_int_eq(decision->status, good ? 200 : 0);
    assert_expected(place, "Gateway/web", "listeners[0]", "ResolvedRefs",
                    secret_cases[_i].resolved);
    assert_expected(place, "Gateway/web", "listeners[0]", "Programmed",
                    good ? "True Programmed" : "False Invalid");
    assert_expected(place, "HTTPRoute/r", "parents[0]", "Accepted", "True Accepted");
    place_free(place);
    free(yaml);
}
END_TEST

/* Of several the one that covers the server name answers. */
START_TEST(certificate_by_server_name)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", HTTPS("{name: one}, {name: two}"))
            SECRET("one", "chain: [{sans: ['dns:a.com']}], has_key: true, key_fits: true")
                SECRET("two", "chain: [{sans: ['dns:b.com', 'dns:*.b.com']}], has_key: true, "
                              "key_fits: true"),
        NULL);
    ck_assert_str_eq(ew_json_get_str(ask(place, "GET https://x.b.com/")->certificate, "secret", ""),
                     "infra/two");
    ck_assert_str_eq(ew_json_get_str(ask(place, "GET https://z.com/")->certificate, "secret", ""),
                     "infra/one");
    place_free(place);
}
END_TEST

START_TEST(upgrade_is_answered_as_one)
{
    struct place *place = place_new(BASE ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"), NULL);
    const char *headers[] = {"Connection: keep-alive, Upgrade", "Upgrade: websocket", NULL};
    ck_assert_int_eq(put(place, "GET http://x/", headers)->status, 101);
    ck_assert_int_eq(ask(place, "GET http://x/")->status, 200);
    place_free(place);
}
END_TEST

START_TEST(client_certificate_is_wanted)
{
    struct place *place = place_new(
        CLASS OBJECT(
            GW, "Gateway", "infra", "web",
            "spec: {gatewayClassName: edge, tls: {frontend: {default: {validation: "
            "{caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}}, perPort: [{port: "
            "8443, "
            "tls: {validation: {mode: AllowInsecureFallback, caCertificateRefs: [{group: '', kind: "
            "ConfigMap, name: ca}]}}}]}}, listeners: [{name: s, port: 443, protocol: HTTPS, " ANY
            ", tls: {options: {a: b}}}, {name: t, port: 8443, protocol: HTTPS, " ANY
            ", tls: {options: {a: b}}}]}") "---\n{apiVersion: v1, kind: ConfigMap, metadata: "
                                           "{namespace: infra, name: ca}, "
                                           "certificate: {chain: [{}], pem: x}}\n" SERVICE("shop",
                                                                                           "a")
                                               ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"),
        NULL);
    const struct ew_decision *decision = ask(place, "GET https://x.com/");
    ck_assert_int_eq(decision->outcome, EW_OUT_REJECTED);
    ck_assert_int_eq(decision->status, 0);
    ck_assert_int_eq(ask(place, "GET https://x.com:8443/")->outcome, EW_OUT_BACKEND);
    assert_expected(place, "Gateway/web", "", "InsecureFrontendValidationMode",
                    "True ConfigurationChanged");
    place_free(place);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: serving");
    TCase *backends = tcase_create("backends");
    tcase_add_loop_test(backends, one_backend, 0, EW_COUNT(backend_cases));
    tcase_add_test(backends, weights_and_shares);
    tcase_add_test(backends, part_of_the_requests_fails);
    tcase_add_loop_test(backends, rule_that_leads_nowhere, 0, EW_COUNT(nowhere));
    tcase_add_test(backends, foreign_backend_is_unknown);
    tcase_add_test(backends, service_that_is_not_read_is_unknown);
    tcase_add_test(backends, policy_for_a_port_goes_before_one_for_all);
    tcase_add_loop_test(backends, policy_that_cannot_be_met, 0, EW_COUNT(ca_cases));
    suite_add_tcase(s, backends);
    TCase *filters = tcase_create("filters");
    tcase_add_loop_test(filters, prefix_replaced, 0, EW_COUNT(rewrites));
    tcase_add_loop_test(filters, redirected, 0, EW_COUNT(redirects));
    tcase_add_test(filters, redirect_keeps_the_port_of_the_listener);
    tcase_add_test(filters, headers_changed);
    tcase_add_test(filters, mirrors);
    tcase_add_test(filters, filter_that_does_not_exist_fails_the_request);
    tcase_add_test(filters, filter_of_a_backend_that_does_not_exist_fails_its_share);
    tcase_add_loop_test(filters, cors, 0, EW_COUNT(cors_cases));
    tcase_add_loop_test(filters, cors_exposes_headers_to_preflights_too, 0, 2);
    suite_add_tcase(s, filters);
    TCase *streams = tcase_create("streams");
    tcase_add_test(streams, tls_by_server_name);
    tcase_add_test(streams, oldest_stream_route_has_the_port);
    tcase_add_loop_test(streams, certificate_of_a_listener, 0, EW_COUNT(secret_cases));
    tcase_add_test(streams, certificate_by_server_name);
    tcase_add_test(streams, upgrade_is_answered_as_one);
    tcase_add_test(streams, client_certificate_is_wanted);
    suite_add_tcase(s, streams);
    return s;
}
