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

START_TEST(each_gate_has_its_cause)
{
    const struct refusal_case *row = &refusal_cases[_i];
    struct scene *scene = shop(row->answer, row->yaml);
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

static Suite *suite(void)
{
    Suite *suite = suite_create("judge: attachment");
    TCase *tc = tcase_create("gates");
    tcase_add_loop_test(tc, each_gate_has_its_cause, 0, EW_COUNT(refusal_cases));
    tcase_add_test(tc, attached_at_one_port_and_refused_at_the_one_asked);
    tcase_add_test(tc, refused_at_a_port_that_is_not_asked);
    suite_add_tcase(suite, tc);
    return suite;
}
