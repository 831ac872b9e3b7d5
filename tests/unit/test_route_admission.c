/* Values and fields beside each other that an API server refuses, one row each, and sound objects
 * that it takes. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

#define RULE(text) BASE ROUTE("r", TO_WEB ", rules: [{" text "}]")
#define PATH(text) RULE("matches: [{path: {" text "}}]")
#define FILTER(text) RULE("filters: [{" text "}]")
#define LISTENER(text) CLASS GATEWAY("web", text)
#define POLICY(text)                                                                               \
    OBJECT(GW, "BackendTLSPolicy", "shop", "p",                                                    \
           "spec: {targetRefs: [{group: '', kind: Service, name: a}], validation: {" text "}}")
#define REDIRECT "type: RequestRedirect, requestRedirect: "
#define REWRITE "type: URLRewrite, urlRewrite: "

static const struct {
    const char *yaml, *object, *path, *says;
} refused[] = {
    {LISTENER("{name: a, port: 80, protocol: HTTP, tls: {mode: Terminate}}"), "Gateway/web",
     "spec.listeners[0]", "tls"},
    {LISTENER("{name: a, port: 443, protocol: HTTPS, tls: {mode: Passthrough}}"), "Gateway/web",
     "spec.listeners[0]", "Terminate"},
    {LISTENER("{name: a, port: 443, protocol: TLS}"), "Gateway/web", "spec.listeners[0]",
     "tls.mode"},
    {LISTENER("{name: a, port: 443, protocol: HTTPS, tls: {mode: Terminate}}"), "Gateway/web",
     "spec.listeners[0]", "certificateRefs"},
    {LISTENER("{name: a, port: 9000, protocol: TCP, hostname: a.example}"), "Gateway/web",
     "spec.listeners[0]", "hostname"},
    {LISTENER(HTTP80 ", {name: http, port: 81, protocol: HTTP}"), "Gateway/web", "spec.listeners",
     "one name"},
    {LISTENER(HTTP80 ", {name: other, port: 80, protocol: HTTP}"), "Gateway/web", "spec.listeners",
     "same port"},
    {LISTENER("{name: a, port: 80, protocol: HTTP, hostname: '*'}"), "Gateway/web",
     "spec.listeners[0].hostname", "host name"},
    {LISTENER("{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: None}}}"),
     "Gateway/web", "spec.listeners[0].allowedRoutes.namespaces.from", "All Selector Same"},
    {LISTENER("{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector}}}"),
     "Gateway/web", "spec.listeners[0].allowedRoutes.namespaces", "without selector"},
    {LISTENER("{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, "
              "selector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}}}"),
     "Gateway/web", "spec.listeners[0].allowedRoutes.namespaces", "Exists"},
    {BASE ROUTE("r", "parentRefs: [{name: web, namespace: infra}, {name: web, namespace: infra}]"),
     "HTTPRoute/r", "spec.parentRefs", "twice"},
    {BASE ROUTE("r", TO_WEB ", hostnames: [Shop.example.com]"), "HTTPRoute/r", "spec.hostnames[0]",
     "lower case"},
    {BASE ROUTE("r", TO_WEB ", hostnames: ['192.0.2.1']"), "HTTPRoute/r", "spec.hostnames[0]",
     "addresses"},
    {BASE ROUTE("r", TO_WEB ", rules: []"), "HTTPRoute/r", "spec.rules", "empty"},
    {PATH("type: Prefix, value: /a"), "HTTPRoute/r", "spec.rules[0].matches[0].path.type",
     "PathPrefix"},
    {PATH("value: a"), "HTTPRoute/r", "spec.rules[0].matches[0].path", "start with"},
    {PATH("value: /a//b"), "HTTPRoute/r", "spec.rules[0].matches[0].path", "//"},
    {PATH("value: /a/.."), "HTTPRoute/r", "spec.rules[0].matches[0].path", "dot segment"},
    {PATH("value: /a b"), "HTTPRoute/r", "spec.rules[0].matches[0].path", "characters"},
    {RULE("matches: [{method: FETCH}]"), "HTTPRoute/r", "spec.rules[0].matches[0].method", "GET"},
    {RULE("matches: [{headers: [{name: 'a:b', value: c}]}]"), "HTTPRoute/r",
     "spec.rules[0].matches[0].headers[0].name", "HTTP"},
    {RULE("backendRefs: [{name: a}]"), "HTTPRoute/r", "spec.rules[0].backendRefs[0]",
     "without port"},
    {RULE("timeouts: {request: 1s, backendRequest: 2s}"), "HTTPRoute/r", "spec.rules[0].timeouts",
     "longer"},
    {RULE("timeouts: {request: 1.5s}"), "HTTPRoute/r", "spec.rules[0].timeouts.request",
     "duration"},
    {FILTER("type: CORS"), "HTTPRoute/r", "spec.rules[0].filters[0]", "without cors"},
    {FILTER("type: Redirect"), "HTTPRoute/r", "spec.rules[0].filters[0].type", "RequestRedirect"},
    {FILTER(REDIRECT "{scheme: ftp}"), "HTTPRoute/r",
     "spec.rules[0].filters[0].requestRedirect.scheme", "https"},
    {FILTER(REDIRECT "{statusCode: 200}"), "HTTPRoute/r",
     "spec.rules[0].filters[0].requestRedirect.statusCode", "301"},
    {FILTER(REDIRECT "{}, urlRewrite: {}"), "HTTPRoute/r", "spec.rules[0].filters[0]",
     "and urlRewrite"},
    {FILTER(REDIRECT "{}}, {" REWRITE "{hostname: a.example}"), "HTTPRoute/r",
     "spec.rules[0].filters", "both"},
    {FILTER(REWRITE "{hostname: a.example}}, {" REWRITE "{hostname: b.example}"), "HTTPRoute/r",
     "spec.rules[0].filters", "twice"},
    {FILTER(REWRITE "{path: {type: ReplaceFullPath}}"), "HTTPRoute/r",
     "spec.rules[0].filters[0].urlRewrite.path", "without replaceFullPath"},
    {RULE("filters: [{" REDIRECT "{}}], backendRefs: [{name: a, port: 80}]"), "HTTPRoute/r",
     "spec.rules[0]", "redirects"},
    {RULE("matches: [{path: {type: Exact, value: /a}}], filters: [{" REWRITE
          "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]"),
     "HTTPRoute/r", "spec.rules[0]", "PathPrefix"},
    {FILTER("type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: ''}]}"),
     "HTTPRoute/r", "spec.rules[0].filters[0].requestHeaderModifier.set[0].value", "empty"},
    {FILTER("type: RequestMirror, requestMirror: {backendRef: {name: a}}"), "HTTPRoute/r",
     "spec.rules[0].filters[0].requestMirror.backendRef", "without port"},
    {FILTER("type: CORS, cors: {allowOrigins: ['*', 'https://a.example']}"), "HTTPRoute/r",
     "spec.rules[0].filters[0].cors.allowOrigins", "beside"},
    {OBJECT(GW, "GRPCRoute", "shop", "g",
            "spec: {rules: [{matches: [{method: {service: 'a/b'}}]}]}"),
     "GRPCRoute/g", "spec.rules[0].matches[0].method", "package.Service"},
    {OBJECT(GW, "TCPRoute", "shop", "t",
            "spec: {rules: [{backendRefs: [{name: a, port: 1}]}, {backendRefs: [{name: b, port: "
            "1}]}]}"),
     "TCPRoute/t", "spec.rules", "more than one"},
    {POLICY("hostname: a.example"), "BackendTLSPolicy/p", "spec.validation", "neither"},
    {POLICY("hostname: '*.example', wellKnownCACertificates: System"), "BackendTLSPolicy/p",
     "spec.validation.hostname", "wildcard"},
    {OBJECT("networking.k8s.io/v1", "Ingress", "shop", "i",
            "spec: {rules: [{http: {paths: [{path: /, pathType: prefix, backend: {service: {name: "
            "a, port: {number: 80}}}}]}}]}"),
     "Ingress/i", "spec.rules[0].http.paths[0].pathType", "Prefix"},
};

START_TEST(what_an_api_server_refuses_is_said)
{
    struct place *place = place_new(refused[_i].yaml, NULL);
    const struct ew_json *object = checked_object(place, refused[_i].object);
    const struct ew_json *problem = ew_json_at(object, "problems[0]");
    ck_assert_str_eq(ew_json_get_str(problem, "path", "none"), refused[_i].path);
    ck_assert_msg(strstr(ew_json_get_str(problem, "text", ""), refused[_i].says), "%s",
                  ew_json_get_str(problem, "text", ""));
    ck_assert_ptr_nonnull(strstr(ew_json_get_str(problem, "where", ""), "t.yaml:"));
    ck_assert_uint_eq(ew_json_count(ew_json_get(object, "problems")), 1);
    place_free(place);
}
END_TEST

static const struct {
    const char *yaml, *object;
} sound[] = {
    {LISTENER("{name: a.b, port: 443, protocol: HTTPS, hostname: '*.a.example', tls: "
              "{certificateRefs: [{name: s}]}, allowedRoutes: {namespaces: {from: Selector, "
              "selector: {matchExpressions: [{key: a, operator: In, values: [b]}]}}}}, "
              "{name: c, port: 443, protocol: HTTPS, hostname: b.example, tls: {options: {x: y}}}, "
              "{name: d, port: 53, protocol: UDP}, {name: e, port: 53, protocol: TCP}"),
     "Gateway/web"},
    {CLASS GATEWAY("web", HTTP80)
         OBJECT(GW, "ListenerSet", "shop", "s",
                "spec: {parentRef: {name: web, namespace: infra}, listeners: [" HTTP80 "]}"),
     "ListenerSet/s"},
    {BASE ROUTE("r", "parentRefs: [{name: web, sectionName: a}, {name: web, sectionName: b}], "
                     "hostnames: [a.example, '*.b.example'], rules: [{matches: [{path: {value: "
                     "/a-%20z, type: PathPrefix}, method: GET, headers: [{name: X-A, value: b}]}], "
                     "filters: [{" REWRITE "{path: {type: ReplacePrefixMatch, replacePrefixMatch: "
                     "/}}}], timeouts: {request: 1h30m, backendRequest: 0s}, backendRefs: [{name: "
                     "a, port: 80, weight: 0}, {group: x.example, kind: Pool, name: p}]}]"),
     "HTTPRoute/r"},
    {RULE("matches: [{path: {type: RegularExpression, value: '^//+'}}]"), "HTTPRoute/r"},
    {OBJECT(GW, "GRPCRoute", "shop", "g",
            "spec: {rules: [{matches: [{method: {service: a.b_1.C, method: Do}}]}]}"),
     "GRPCRoute/g"},
    {OBJECT("gateway.networking.k8s.io/v1alpha2", "TCPRoute", "shop", "t",
            "spec: {rules: [{backendRefs: [{name: a, port: 1}]}, {backendRefs: [{name: b, port: "
            "1}]}]}"),
     "TCPRoute/t"},
    {POLICY("hostname: a.example, wellKnownCACertificates: System, subjectAltNames: [{type: URI, "
            "uri: 'spiffe://a/b'}]"),
     "BackendTLSPolicy/p"},
};

START_TEST(what_it_takes_is_no_problem)
{
    struct place *place = place_new(sound[_i].yaml, NULL);
    const struct ew_json *object = checked_object(place, sound[_i].object);
    ck_assert_ptr_nonnull(object);
    ck_assert_msg(!ew_json_get(object, "problems"), "%s",
                  ew_json_get_str(ew_json_at(object, "problems[0]"), "path", ""));
    place_free(place);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("admission");
    TCase *tc = tcase_create("admission");
    tcase_add_loop_test(tc, what_an_api_server_refuses_is_said, 0, EW_COUNT(refused));
    tcase_add_loop_test(tc, what_it_takes_is_no_problem, 0, EW_COUNT(sound));
    suite_add_tcase(s, tc);
    return s;
}
