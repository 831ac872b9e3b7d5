/* Routes that a listener does not take, and listeners that the controller cannot do: each gate has
 * its cause, and none of the others. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"

#include <string.h>

#define URL "https://shop.example.com/"
#define API "gateway.networking.k8s.io/v1"

/* The shop's Gateway again, of these listeners and with this status of them. */
#define GATEWAY(listeners, status)                                                                 \
    "---\n{apiVersion: " API ", kind: Gateway, metadata: {namespace: infra, name: public, "        \
    "generation: 2}, spec: {gatewayClassName: edge, listeners: [" listeners "]}, status: "         \
    "{addresses: [{type: IPAddress, value: " EDGE "}], conditions: [{type: Accepted, status: "     \
    "'True'}, {type: Programmed, status: 'True'}], listeners: [" status "]}}\n"
#define CERT "tls: {certificateRefs: [{name: web-tls}]}"
#define HTTPS(more)                                                                                \
    "{name: https, port: 443, protocol: HTTPS, hostname: '*.example.com', " CERT ", " more "}"
#define ALL "namespaces: {from: All}"
#define GOOD "{name: https, conditions: [{type: Programmed, status: 'True'}]}"
#define CLASS(features)                                                                            \
    "---\n{apiVersion: " API ", kind: GatewayClass, metadata: {name: edge}, spec: "                \
    "{controllerName: example.com/edge}, status: {conditions: [{type: Accepted, status: 'True'}]"  \
    ", supportedFeatures: [" features "]}}\n"

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

static const struct refusal_case {
    const char *name, *yaml, *cause; /* cause "": ok */
    int exit, answer;
    const char *absent; /* NULL: none in particular */
} refusal_cases[] = {
    {"namespaces: Same by default", GATEWAY(HTTPS("allowedRoutes: {}"), GOOD),
     "route-namespace-same-only", 16, 404, "route-namespace-not-selected"},
    {"namespaces: Same in so many words",
     GATEWAY(HTTPS("allowedRoutes: {namespaces: {from: Same}}"), GOOD), "route-namespace-same-only",
     16, 404, "route-kind-not-allowed"},
    {"namespaces: a selector that misses",
     GATEWAY(
         HTTPS("allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {a: b}}}}"),
         GOOD),
     "route-namespace-not-selected", 16, 404, "route-namespace-same-only"},
    {"namespaces: a selector that hits",
     GATEWAY(HTTPS("allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: "
                   "shop}}}}"),
             GOOD),
     "", 0, 200, "route-namespace-not-selected"},
    {"kinds: another one is named",
     GATEWAY(HTTPS("allowedRoutes: {" ALL ", kinds: [{kind: GRPCRoute}]}"), GOOD),
     "route-kind-not-allowed", 16, 404, "edge-listener-unsupported"},
    {"kinds: this one among others",
     GATEWAY(HTTPS("allowedRoutes: {" ALL ", kinds: [{kind: GRPCRoute}, {kind: HTTPRoute}]}"),
             GOOD),
     "", 0, 200, "route-kind-not-allowed"},
    {"kinds: the protocol carries no such route",
     GATEWAY("{name: tls, port: 443, protocol: TLS, hostname: '*.example.com', tls: {mode: "
             "Passthrough}, allowedRoutes: {" ALL "}}",
             ""),
     "route-kind-not-allowed", 16, 404, "edge-listener-unsupported"},
    {"kinds: the only one named is none that can be",
     GATEWAY(HTTPS("allowedRoutes: {" ALL ", kinds: [{kind: Route}]}"),
             "{name: https, supportedKinds: [], conditions: [{type: ResolvedRefs, status: 'False', "
             "reason: InvalidRouteKinds, message: 'Route is not a kind'}]}"),
     "edge-listener-unsupported", 15, 404, "route-kind-not-allowed"},
    {"kinds: the one that cannot be does no harm",
     GATEWAY(HTTPS("allowedRoutes: {" ALL ", kinds: [{kind: Route}, {kind: HTTPRoute}]}"),
             "{name: https, supportedKinds: [{kind: HTTPRoute}], conditions: [{type: Programmed, "
             "status: 'True'}, {type: ResolvedRefs, status: 'False', reason: InvalidRouteKinds}]}"),
     "", 0, 200, "edge-listener-unsupported"},
    {"unsupported: the controller says so of the protocol",
     GATEWAY(HTTPS("allowedRoutes: {" ALL "}"),
             "{name: https, conditions: [{type: Accepted, status: 'False', reason: "
             "UnsupportedProtocol, message: 'HTTPS is switched off'}]}"),
     "edge-listener-unsupported", 15, 404, "route-kind-not-allowed"},
    {"unsupported: said of an older generation",
     GATEWAY(HTTPS("allowedRoutes: {" ALL "}"),
             "{name: https, conditions: [{type: Accepted, status: 'False', observedGeneration: 1, "
             "reason: UnsupportedProtocol}]}"),
     "http-unexplained", 14, 404, "edge-listener-unsupported"},
    {"unsupported: said of a listener at another port",
     GATEWAY(HTTPS("allowedRoutes: {" ALL
                   "}") ", {name: quic, port: 8443, protocol: UDP, allowedRoutes: {" ALL "}}",
             GOOD ", {name: quic, conditions: [{type: Accepted, status: 'False', reason: "
                  "UnsupportedProtocol}]}"),
     "", 0, 200, "edge-listener-unsupported"},
    {"unsupported: said of another listener at this port",
     GATEWAY(HTTPS("allowedRoutes: {" ALL
                   "}") ", {name: quic, port: 443, protocol: UDP, allowedRoutes: {" ALL "}}",
             GOOD ", {name: quic, conditions: [{type: Accepted, status: 'False', reason: "
                  "UnsupportedProtocol}]}"),
     "app-5xx", 20, 500, "edge-listener-unsupported"},
    {"unsupported: by the features of the class", CLASS("{name: Gateway}, {name: GRPCRoute}"),
     "edge-listener-unsupported", 15, 404, "route-kind-not-allowed"},
    {"unsupported: by the features, and served all the same",
     CLASS("{name: Gateway}, {name: GRPCRoute}"), "", 0, 200, "edge-listener-unsupported"},
    {"all is refused, and a GRPCRoute of the host is not at fault",
     GATEWAY(HTTPS("allowedRoutes: {}"),
             GOOD) "---\n{apiVersion: " API
                   ", kind: GRPCRoute, metadata: {namespace: infra, name: rpc}, spec: "
                   "{parentRefs: [{name: public}], hostnames: [rpc.example.com]}}\n",
     "route-namespace-same-only", 16, 404, "route-http-grpc-conflict"},
};

static void check_case(const struct refusal_case *row)
{
    struct scene *scene = shop(row->answer, row->yaml);
    if (!row->answer)
        scene_tls(scene, EDGE, "reset");
    if (row->answer == 500)
        scene_http(scene, EDGE, "main", 500, "[\"x-envoy-upstream-service-time\", \"3\"]", "boom");
    const struct ew_verdict *verdict = scene_judge(scene);
    const char *cause = verdict->named ? verdict->named->cause->id : "";
    ck_assert_msg(strcmp(cause, row->cause) == 0, "%s: %s", row->name, cause);
    ck_assert_msg(verdict->exit_status == row->exit, "%s: exit %d", row->name,
                  verdict->exit_status);
    ck_assert_msg(!row->absent || !scene_finding(scene, row->absent), "%s: %s too", row->name,
                  row->absent);
    scene_free(scene);
}

START_TEST(each_gate_has_its_cause)
{
    check_case(&refusal_cases[_i]);
}
END_TEST

/* ---- a route that is attached elsewhere ---- */

#define BY_PORT(https, http)                                                                       \
    GATEWAY(HTTPS("allowedRoutes: {namespaces: {from: " https                                      \
                  "}}") ", {name: http, port: 80, "                                                \
                        "protocol: HTTP, allowedRoutes: {namespaces: {from: " http "}}}",          \
            GOOD)

START_TEST(attached_at_one_port_and_refused_at_the_one_asked)
{
    struct scene *scene = shop(404, BY_PORT("Same", "All"));
    assert_verdict(scene, "fail", 16, "route-namespace-same-only");
    scene_free(scene);
}
END_TEST

START_TEST(refused_at_a_port_that_is_not_asked)
{
    struct scene *scene = shop(200, BY_PORT("All", "Same"));
    assert_verdict(scene, "ok", 0, "");
    ck_assert_uint_eq(scene->verdict->finding_count, 0);
    scene_free(scene);
}
END_TEST

/* ---- refusals that only the controller knows of ---- */

#define REPORTED(reason)                                                                           \
    "---\n{apiVersion: " API ", kind: HTTPRoute, metadata: {namespace: shop, name: web, "          \
    "generation: 1}, spec: {parentRefs: [{name: public, namespace: infra}], hostnames: [" HOST     \
    "], rules: [{backendRefs: [{name: web, port: 80}]}]}, status: {parents: [{parentRef: {name: "  \
    "public, namespace: infra}, controllerName: example.com/edge, conditions: [{type: Accepted, "  \
    "status: 'False', reason: " reason ", message: 'so it is'}]}]}}\n"
#define SELECTOR                                                                                   \
    GATEWAY(HTTPS("allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: "   \
                  "shop}}}}"),                                                                     \
            GOOD)

static const struct refusal_case reported_cases[] = {
    {"the namespace, where one is selected", SELECTOR REPORTED("NotAllowedByListeners"),
     "route-namespace-not-selected", 16, 404, "route-kind-not-allowed"},
    {"the kind, where every namespace is welcome", REPORTED("NotAllowedByListeners"),
     "route-kind-not-allowed", 16, 404, "route-namespace-not-selected"},
    {"the hostname", REPORTED("NoMatchingListenerHostname"), "route-hostname-no-intersection", 16,
     404, "http-unexplained"},
    {"and the answer proves it wrong", REPORTED("NotAllowedByListeners"),
     "route-status-disagrees-with-traffic", 0, 200, "route-kind-not-allowed"},
    {"and the application's own error proves it wrong", REPORTED("NotAllowedByListeners"),
     "app-5xx", 20, 500, "route-kind-not-allowed"},
    {"by another controller",
     CLASS(
         "") "---\n{apiVersion: " API ", kind: HTTPRoute, metadata: {namespace: shop, name: web}, "
             "spec: {parentRefs: [{name: public, namespace: infra}], hostnames: [" HOST
             "], rules: [{backendRefs: [{name: web, port: 80}]}]}, status: {parents: "
             "[{parentRef: {name: public, namespace: infra}, controllerName: example.com/other, "
             "conditions: [{type: Accepted, status: 'False', reason: NotAllowedByListeners}]}]}}\n",
     "http-unexplained", 14, 404, "route-kind-not-allowed"},
};

START_TEST(a_refusal_that_only_the_controller_knows_of)
{
    check_case(&reported_cases[_i]);
}
END_TEST

/* ---- TLS passed through ---- */

#define ACCEPTED(status)                                                                           \
    ", status: {parents: [{parentRef: {name: public, namespace: infra}, conditions: [{type: "      \
    "Accepted, status: '" status "', reason: X}]}]}"
#define TLS(more)                                                                                  \
    GATEWAY("{name: tls, port: 443, protocol: TLS, tls: {mode: Passthrough}, " more "}", "")
#define TLSROUTE(hosts, more)                                                                      \
    "---\n{apiVersion: " API ", kind: TLSRoute, metadata: {namespace: shop, name: stream}, spec: " \
    "{parentRefs: [{name: public, namespace: infra}], hostnames: [" hosts                          \
    "], rules: [{backendRefs: [{name: web, port: 80}]}]}" more "}\n"
#define REFUSED                                                                                    \
    ", status: {parents: [{parentRef: {name: public, namespace: infra}, conditions: [{type: "      \
    "Accepted, status: 'False', reason: UnsupportedValue, message: 'no SNI'}]}]}"
#define NO_HTTPROUTE                                                                               \
    "---\n{apiVersion: " API ", kind: HTTPRoute, metadata: {namespace: shop, name: web}, spec: "   \
    "{parentRefs: [{name: public, namespace: infra}], hostnames: [other.example.com]}}\n"

/* answer 0: the connection is closed after the ClientHello */
static const struct refusal_case tls_cases[] = {
    {"a TLSRoute that serves", TLS("allowedRoutes: {" ALL "}") TLSROUTE(HOST, ACCEPTED("True")), "",
     0, 200, "route-tlsroute-invalid"},
    {"the application behind it says 404",
     TLS("allowedRoutes: {" ALL "}") TLSROUTE(HOST, ACCEPTED("True")), "app-404", 20, 404,
     "route-tlsroute-invalid"},
    {"the hostname lies outside",
     TLS("hostname: '*.example.net', allowedRoutes: {" ALL "}") TLSROUTE(HOST, ACCEPTED("True")),
     "route-tlsroute-invalid", 16, 0, "route-hostname-no-intersection"},
    {"the protocol takes TLS off",
     GATEWAY(HTTPS("allowedRoutes: {" ALL "}"), GOOD) TLSROUTE(HOST, ACCEPTED("True")),
     "route-tlsroute-invalid", 16, 404, "route-kind-not-allowed"},
    {"the namespace is not welcome", TLS("allowedRoutes: {}") TLSROUTE(HOST, ACCEPTED("True")),
     "route-namespace-same-only", 16, 0, "route-tlsroute-invalid"},
    {"the controller refuses it", TLS("allowedRoutes: {" ALL "}") TLSROUTE(HOST, REFUSED),
     "route-tlsroute-invalid", 16, 0, "http-unexplained"},
    {"the controller refuses it, and it is served all the same",
     TLS("allowedRoutes: {" ALL "}") TLSROUTE(HOST, REFUSED), "route-status-disagrees-with-traffic",
     0, 200, "route-tlsroute-invalid"},
    {"the controller does not know TLSRoutes",
     CLASS("{name: HTTPRoute}, {name: Gateway}") TLS("allowedRoutes: {" ALL "}")
         TLSROUTE(HOST, ACCEPTED("True")),
     "edge-listener-unsupported", 15, 0, "route-tlsroute-invalid"},
    {"nothing claims the name", TLS("allowedRoutes: {" ALL "}") TLSROUTE("a.example.net", ""),
     "route-none-for-host", 16, 0, "route-tlsroute-invalid"},
    {"the Service is not there",
     TLS("allowedRoutes: {" ALL
         "}") "---\n{apiVersion: " API
              ", kind: TLSRoute, metadata: {namespace: shop, name: stream}, spec: "
              "{parentRefs: [{name: public, namespace: infra}], hostnames: [" HOST
              "], rules: [{backendRefs: [{name: gone, port: 443}]}]}" ACCEPTED("True") "}\n",
     "route-backend-not-found", 16, 0, "tls-unrecognized-name"},
};

START_TEST(tls_that_is_passed_through)
{
    const struct refusal_case *row = &tls_cases[_i];
    char *yaml = ew_fmt(NO_HTTPROUTE "%s", row->yaml);
    struct refusal_case all = *row;
    all.yaml = yaml;
    check_case(&all);
    free(yaml);
}
END_TEST

/* ---- gRPC and HTTP on one host ---- */

#define RPC(created, more)                                                                         \
    "---\n{apiVersion: " API ", kind: GRPCRoute, metadata: {namespace: shop, name: rpc, "          \
    "creationTimestamp: '" created "'}, spec: {parentRefs: [{name: public, namespace: infra}], "   \
    "hostnames: [" HOST "], rules: [{backendRefs: [{name: web, port: 80}]}]}" more "}\n"
#define WEB(created, status)                                                                       \
    "---\n{apiVersion: " API ", kind: HTTPRoute, metadata: {namespace: shop, name: web, "          \
    "creationTimestamp: '" created "'}, spec: {parentRefs: [{name: public, namespace: infra}], "   \
    "hostnames: [" HOST                                                                            \
    "], rules: [{backendRefs: [{name: web, port: 80}]}]}" ACCEPTED(status) "}\n"
#define OLD "2026-01-01T00:00:00Z"
#define NEW "2026-06-01T00:00:00Z"

static const struct refusal_case kind_cases[] = {
    {"the GRPCRoute is older", RPC(OLD, ACCEPTED("True")) WEB(NEW, "False"),
     "route-http-grpc-conflict", 16, 404, "route-hostname-no-intersection"},
    {"the HTTPRoute is older, and it serves", RPC(NEW, ACCEPTED("False")) WEB(OLD, "True"),
     "route-http-grpc-conflict", 0, 200, "route-path-not-matched"},
    {"both are accepted and served", RPC(NEW, ACCEPTED("True")) WEB(OLD, "True"), "", 0, 200,
     "route-http-grpc-conflict"},
    {"the controller refuses the older one", RPC(NEW, ACCEPTED("True")) WEB(OLD, "False"),
     "route-http-grpc-conflict", 16, 404, "route-kind-not-allowed"},
};

START_TEST(http_and_grpc_on_one_host)
{
    check_case(&kind_cases[_i]);
}
END_TEST

/* ---- kinds that were not read, and kinds that have no part in it ---- */

START_TEST(tls_routes_that_may_not_be_read_leave_it_open)
{
    struct scene *scene = shop(404, NO_HTTPROUTE);
    scene_denied(scene, "api/list/tlsroutes.gateway.networking.k8s.io/*", "forbidden");
    scene_denied(scene, "api/list/tlsroutes.gateway.networking.k8s.io/default", "forbidden");
    const struct ew_verdict *verdict = scene_judge(scene);
    ck_assert_ptr_null(scene_finding(scene, "route-none-for-host"));
    bool said = false;
    for (size_t i = 0; i < verdict->undecided_count; i++)
        said = said || strstr(verdict->undecided[i].want, "list tlsroutes") != NULL;
    ck_assert(said);
    scene_free(scene);
}
END_TEST

START_TEST(a_refused_tcp_route_is_none_of_this_host)
{
    struct scene *scene =
        shop(200, "---\n{apiVersion: " API ", kind: TCPRoute, metadata: {namespace: shop, name: "
                  "db}, spec: {parentRefs: [{name: public, namespace: infra}], rules: "
                  "[{backendRefs: [{name: db, port: 5432}]}]}}\n");
    assert_verdict(scene, "ok", 0, "");
    ck_assert_uint_eq(scene->verdict->finding_count, 0);
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge: attachment");
    TCase *tc = tcase_create("gates");
    tcase_add_loop_test(tc, each_gate_has_its_cause, 0, EW_COUNT(refusal_cases));
    tcase_add_test(tc, attached_at_one_port_and_refused_at_the_one_asked);
    tcase_add_test(tc, refused_at_a_port_that_is_not_asked);
    tcase_add_loop_test(tc, a_refusal_that_only_the_controller_knows_of, 0,
                        EW_COUNT(reported_cases));
    tcase_add_test(tc, tls_routes_that_may_not_be_read_leave_it_open);
    tcase_add_test(tc, a_refused_tcp_route_is_none_of_this_host);
    suite_add_tcase(suite, tc);
    tc = tcase_create("kinds");
    tcase_add_loop_test(tc, tls_that_is_passed_through, 0, EW_COUNT(tls_cases));
    tcase_add_loop_test(tc, http_and_grpc_on_one_host, 0, EW_COUNT(kind_cases));
    suite_add_tcase(suite, tc);
    return suite;
}
