/* Attachment: each gate, listeners that conflict, ListenerSets, references to other namespaces. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

/* The first attachment of the route of that name. */
static const struct ew_attachment *attachment(struct place *place, const char *route)
{
    size_t count;
    const struct ew_attachment *const *all = ew_routing_attachments(place->routing, NULL, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i]->route->name, route) == 0)
            return all[i];
    ck_abort_msg("no attachment of %s", route);
    return NULL;
}

static void assert_refused(struct place *place, const char *route, const char *reason,
                           const char *word)
{
    const struct ew_attachment *one = attachment(place, route);
    ck_assert_int_eq(one->attached, EW_NO);
    ck_assert_str_eq(one->reason, reason);
    ck_assert_msg(strstr(one->why, word) != NULL, "\"%s\" lacks \"%s\"", one->why, word);
}

/* ---- gates ---- */

static const struct gate_case {
    const char *name, *listeners, *parent, *more; /* of the route's spec */
    enum ew_gate gate;                            /* of the first listener */
    const char *reason, *word;                    /* NULL: attached */
} gate_cases[] = {
    {"everything allowed", HTTP80, "{name: web, namespace: infra}", "", EW_GATE_NONE, NULL, NULL},
    {"section that is not there", HTTP80, "{name: web, namespace: infra, sectionName: https}", "",
     EW_GATE_SECTION, "NoMatchingParent", "has no listener https"},
    {"section and port apart", HTTP80, "{name: web, namespace: infra, sectionName: http, port: 81}",
     "", EW_GATE_SECTION, "NoMatchingParent", "81"},
    {"port alone", HTTP80, "{name: web, namespace: infra, port: 80}", "", EW_GATE_NONE, NULL, NULL},
    {"kind that the protocol does not carry",
     "{name: t, port: 9000, protocol: TCP, allowedRoutes: {namespaces: {from: All}}}",
     "{name: web, namespace: infra}", "", EW_GATE_KIND, "NotAllowedByListeners", "protocol TCP"},
    {"kind that is not named",
     "{name: h, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}, "
     "kinds: [{kind: GRPCRoute}]}}",
     "{name: web, namespace: infra}", "", EW_GATE_KIND, "NotAllowedByListeners", "kinds"},
    {"namespace Same by default", "{name: h, port: 80, protocol: HTTP}",
     "{name: web, namespace: infra}", "", EW_GATE_NAMESPACE, "NotAllowedByListeners",
     "own namespace infra"},
    {"namespace lacks the label",
     "{name: h, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: "
     "{matchLabels: {edge: public}}}}}",
     "{name: web, namespace: infra}", "", EW_GATE_NAMESPACE, "NotAllowedByListeners",
     "lacks label edge=public"},
    {"namespace has another value",
     "{name: h, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: "
     "{matchLabels: {team: pay}}}}}",
     "{name: web, namespace: infra}", "", EW_GATE_NAMESPACE, "NotAllowedByListeners",
     "team=shop, not pay"},
    {"namespace by expression",
     "{name: h, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: "
     "{matchExpressions: [{key: team, operator: In, values: [shop, pay]}]}}}}",
     "{name: web, namespace: infra}", "", EW_GATE_NONE, NULL, NULL},
    {"namespace against expression",
     "{name: h, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: "
     "{matchExpressions: [{key: team, operator: NotIn, values: [shop]}]}}}}",
     "{name: web, namespace: infra}", "", EW_GATE_NAMESPACE, "NotAllowedByListeners", "NotIn"},
    {"namespace by the name that every namespace bears",
     "{name: h, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: "
     "{matchLabels: {kubernetes.io/metadata.name: shop}}}}}",
     "{name: web, namespace: infra}", "", EW_GATE_NONE, NULL, NULL},
    {"hostname apart",
     "{name: h, port: 80, protocol: HTTP, hostname: '*.a.com', allowedRoutes: {namespaces: {from: "
     "All}}}",
     "{name: web, namespace: infra}", "hostnames: [a.com, x.b.com]", EW_GATE_HOSTNAME,
     "NoMatchingListenerHostname", "*.a.com"},
    {"hostname within the wildcard, two labels deep",
     "{name: h, port: 80, protocol: HTTP, hostname: '*.a.com', allowedRoutes: {namespaces: {from: "
     "All}}}",
     "{name: web, namespace: infra}", "hostnames: [x.y.a.com]", EW_GATE_NONE, NULL, NULL},
    {"the group of the parentRef spelled out", HTTP80,
     "{group: gateway.networking.k8s.io, kind: Gateway, name: web, namespace: infra}", "",
     EW_GATE_NONE, NULL, NULL},
};

START_TEST(each_gate_says_why)
{
    const struct gate_case *row = &gate_cases[_i];
    char *yaml = ew_fmt(CLASS "---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop, "
                              "labels: {team: shop}}}\n" GATEWAY("web", "%s")
                                  ROUTE("r", "parentRefs: [%s]%s%s"),
                        row->listeners, row->parent, *row->more ? ", " : "", row->more);
    struct place *place = place_new(yaml, NULL);
    const struct ew_attachment *one = attachment(place, "r");
    ck_assert_msg(one->gate_count == 1 && one->gates[0].failed == row->gate, "%s: gate %d",
                  row->name, one->gate_count ? (int)one->gates[0].failed : -1);
    if (row->reason)
        assert_refused(place, "r", row->reason, row->word);
    else
        ck_assert_int_eq(one->attached, EW_YES);
    place_free(place);
    free(yaml);
}
END_TEST

static const struct kind_case {
    const char *name, *features, *listener;
    enum ew_kind_fault fault;
    const char *word;
} kind_cases[] = {
    {"the list leaves it out", "", "protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}]}",
     EW_KIND_EXCLUDED, "does not allow HTTPRoute"},
    {"the protocol", "", "protocol: TCP", EW_KIND_PROTOCOL, "protocol TCP"},
    {"the TLS mode", "", "protocol: TLS, tls: {mode: Passthrough}", EW_KIND_PROTOCOL,
     "Passthrough"},
    {"named though the protocol does not carry it", "",
     "protocol: TCP, allowedRoutes: {kinds: [{kind: HTTPRoute}, {kind: TCPRoute}]}",
     EW_KIND_PROTOCOL, "protocol TCP"},
    {"a protocol that is none", "", "protocol: GOPHER", EW_KIND_UNSUPPORTED, "GOPHER"},
    {"nothing that is named can be", "", "protocol: HTTP, allowedRoutes: {kinds: [{kind: Route}]}",
     EW_KIND_UNSUPPORTED, "names Route"},
    {"the class does not claim it", "{name: Gateway}, {name: GRPCRoute}", "protocol: HTTP",
     EW_KIND_UNSUPPORTED, "does not support HTTPRoute"},
    {"the class does not claim it, and the list leaves it out",
     "{name: Gateway}, {name: GRPCRoute}",
     "protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}]}", EW_KIND_UNSUPPORTED,
     "does not support HTTPRoute"},
};

START_TEST(kinds_are_refused_for_one_of_three_reasons)
{
    const struct kind_case *row = &kind_cases[_i];
    char *yaml =
        ew_fmt("{apiVersion: " GW ", kind: GatewayClass, metadata: {name: edge}, spec: "
               "{controllerName: example.com/edge}, status: {supportedFeatures: [%s]}}\n" GATEWAY(
                   "web", "{name: l, port: 80, %s}") ROUTE("r", TO_WEB),
               row->features, row->listener);
    struct place *place = place_new(yaml, NULL);
    const struct ew_gate_result *gate = &attachment(place, "r")->gates[0];
    ck_assert_msg(gate->failed == EW_GATE_KIND && gate->kind_fault == row->fault,
                  "%s: gate %d, fault %d", row->name, (int)gate->failed, (int)gate->kind_fault);
    ck_assert_msg(strstr(gate->why, row->word) != NULL, "%s: \"%s\"", row->name, gate->why);
    place_free(place);
    free(yaml);
}
END_TEST

START_TEST(one_listener_that_takes_it_is_enough)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: a, port: 80, protocol: HTTP, hostname: a.com, allowedRoutes: "
                             "{namespaces: {from: All}}}, {name: b, port: 81, protocol: HTTP, "
                             "hostname: b.com, allowedRoutes: {namespaces: {from: All}}}")
            ROUTE("r", TO_WEB ", hostnames: [b.com]"),
        NULL);
    const struct ew_attachment *one = attachment(place, "r");
    ck_assert_int_eq(one->attached, EW_YES);
    ck_assert_ptr_null(one->reason);
    ck_assert_uint_eq(one->gate_count, 2);
    ck_assert_int_eq(one->gates[0].passes, EW_NO);
    ck_assert_int_eq(one->gates[1].passes, EW_YES);
    place_free(place);
}
END_TEST

/* The nearest listener gives the reason: one that failed late rather than one that failed early. */
START_TEST(reason_is_that_of_the_nearest_listener)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: a, port: 80, protocol: HTTP}, {name: b, port: 81, protocol: "
                             "HTTP, hostname: b.com, allowedRoutes: {namespaces: {from: All}}}")
            ROUTE("r", TO_WEB ", hostnames: [c.com]"),
        NULL);
    assert_refused(place, "r", "NoMatchingListenerHostname", "b.com");
    place_free(place);
}
END_TEST

START_TEST(parent_that_does_not_exist)
{
    struct place *place = place_new(ROUTE("r", TO_WEB), NULL);
    assert_refused(place, "r", "NoMatchingParent", "infra/web does not exist");
    ck_assert_ptr_null(attachment(place, "r")->parent);
    place_free(place);
}
END_TEST

/* A parent of another kind is not ours to call missing. */
START_TEST(parent_for_a_mesh_is_not_judged)
{
    struct place *place =
        place_new(ROUTE("r", "parentRefs: [{group: '', kind: Service, name: a}]"), NULL);
    const struct ew_attachment *one = attachment(place, "r");
    ck_assert_int_eq(one->attached, EW_MAYBE);
    ck_assert_ptr_nonnull(strstr(one->why, "not judged"));
    place_free(place);
}
END_TEST

START_TEST(attachments_of_a_host_are_those_that_claim_it)
{
    struct place *place =
        place_new(BASE ROUTE("exact", TO_WEB ", hostnames: [x.a.com]")
                      ROUTE("wild", TO_WEB ", hostnames: ['*.a.com']") ROUTE("all", TO_WEB)
                          ROUTE("other", TO_WEB ", hostnames: [a.com]"),
                  NULL);
    size_t count;
    const struct ew_attachment *const *all =
        ew_routing_attachments(place->routing, "X.A.com", &count);
    ck_assert_uint_eq(count, 3);
    ck_assert_str_eq(all[0]->route->name, "all");
    ck_assert_str_eq(all[1]->route->name, "exact");
    ck_assert_str_eq(all[2]->route->name, "wild");
    place_free(place);
}
END_TEST

/* ---- unknown is an answer ---- */

START_TEST(labels_that_are_not_known_leave_it_open)
{
    struct place *place = place_live(
        CLASS GATEWAY("web", "{name: h, port: 80, protocol: HTTP, allowedRoutes: {namespaces: "
                             "{from: Selector, selector: {matchLabels: {a: b}}}}}")
            ROUTE("r", TO_WEB),
        "gateways.gateway.networking.k8s.io gatewayclasses.gateway.networking.k8s.io "
        "httproutes.gateway.networking.k8s.io");
    const struct ew_attachment *one = attachment(place, "r");
    ck_assert_int_eq(one->attached, EW_MAYBE);
    ck_assert_int_eq(one->gates[0].failed, EW_GATE_NAMESPACE);
    bool asked = false;
    for (size_t i = 0; i < ew_wants_count(place->wants); i++)
        asked |= ew_streq(ew_wants_at(place->wants, i)->object, "shop");
    ck_assert_msg(asked, "namespace shop is not asked for");
    ck_assert_int_eq(ask(place, "GET http://x.com/")->outcome, EW_OUT_UNKNOWN);
    place_free(place);
}
END_TEST

START_TEST(gateway_that_is_not_read_leaves_it_open)
{
    struct place *place = place_live(ROUTE("r", TO_WEB), "httproutes.gateway.networking.k8s.io");
    ck_assert_int_eq(attachment(place, "r")->attached, EW_MAYBE);
    ck_assert_int_eq(ask(place, "GET http://x.com/")->outcome, EW_OUT_UNKNOWN);
    place_free(place);
}
END_TEST

/* Nor is it known what an implementation's own protocol takes; one that is none takes nothing. */
START_TEST(protocol_of_an_implementation_leaves_it_open)
{
    static const struct {
        const char *protocol;
        enum ew_yes attached;
    } rows[] = {{"x.com/OWN", EW_MAYBE}, {"GOPHER", EW_NO}};
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        char *yaml = ew_fmt(CLASS GATEWAY("web", "{name: a, port: 80, protocol: %s, allowedRoutes: "
                                                 "{namespaces: {from: All}}}") ROUTE("r", TO_WEB),
                            rows[i].protocol);
        struct place *place = place_new(yaml, NULL);
        size_t count;
        const struct ew_attachment *const *refs =
            ew_routing_attachments(place->routing, NULL, &count);
        ck_assert_uint_eq(count, 1);
        ck_assert_int_eq(refs[0]->attached, rows[i].attached);
        place_free(place);
        free(yaml);
    }
}
END_TEST

START_TEST(class_that_does_not_exist_serves_nothing)
{
    struct place *place =
        place_live(GATEWAY("web", HTTP80) ROUTE("r", TO_WEB),
                   "gateways.gateway.networking.k8s.io gatewayclasses.gateway.networking.k8s.io "
                   "httproutes.gateway.networking.k8s.io");
    ck_assert_int_eq(attachment(place, "r")->gates[0].failed, EW_GATE_PARENT);
    const struct ew_decision *decision = ask(place, "GET http://x.com/");
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_LISTENER);
    ck_assert_ptr_nonnull(strstr(decision->why, "no GatewayClass edge"));
    place_free(place);
}
END_TEST

/* ---- listeners ---- */

#define ANY "allowedRoutes: {namespaces: {from: All}}"

static const struct {
    const char *name, *listeners;
    const char *first, *second; /* Accepted of each */
    const char *features;
} pair_cases[] = {
    {"distinct by hostname",
     "{name: a, port: 80, protocol: HTTP, hostname: a.com}, "
     "{name: b, port: 80, protocol: HTTP, hostname: b.com}",
     "True Accepted", "True Accepted", NULL},
    {"the same hostname: nobody wins",
     "{name: a, port: 80, protocol: HTTP, hostname: a.com}, "
     "{name: b, port: 80, protocol: HTTP, hostname: A.com}",
     "False HostnameConflict", "False HostnameConflict", NULL},
    {"TCP beside HTTP",
     "{name: a, port: 80, protocol: HTTP, hostname: a.com}, {name: b, port: 80, protocol: TCP}",
     "False ProtocolConflict", "False ProtocolConflict", NULL},
    {"TCP where it is not supported",
     "{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: TCP}", "True Accepted",
     "False UnsupportedProtocol", "{\"TCPRoute\": false}"},
    {"UDP has ports of its own",
     "{name: a, port: 53, protocol: TCP}, {name: b, port: 53, protocol: UDP}", "True Accepted",
     "True Accepted", NULL},
    {"a protocol of nobody's",
     "{name: a, port: 80, protocol: GOPHER}, {name: b, port: 81, "
     "protocol: HTTP}",
     "False UnsupportedProtocol", "True Accepted", NULL},
    {"plain and TLS at one port differ by their first bytes",
     "{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTPS, tls: {options: {x: "
     "y}}}",
     "True Accepted", "True Accepted", NULL},
    {"HTTPS and TLS for one name",
     "{name: a, port: 443, protocol: HTTPS, hostname: a.com, tls: {options: {x: y}}}, "
     "{name: b, port: 443, protocol: TLS, hostname: a.com, tls: {mode: Passthrough}}",
     "False HostnameConflict", "False HostnameConflict", NULL},
    {"both modes of TLS at one port",
     "{name: a, port: 443, protocol: TLS, hostname: a.com, tls: {mode: Passthrough}}, "
     "{name: b, port: 443, protocol: TLS, hostname: b.com, tls: {mode: Terminate, options: {x: "
     "y}}}",
     "True Accepted", "True Accepted", NULL},
    {"both modes of TLS where they cannot be mixed",
     "{name: a, port: 443, protocol: TLS, hostname: a.com, tls: {mode: Passthrough}}, "
     "{name: b, port: 443, protocol: TLS, hostname: b.com, tls: {mode: Terminate, options: {x: "
     "y}}}",
     "False ProtocolConflict", "False ProtocolConflict", "{\"TLSRouteModeMixed\": false}"},
};

START_TEST(listeners_at_one_port)
{
    char *yaml = ew_fmt(CLASS GATEWAY("web", "%s"), pair_cases[_i].listeners);
    struct place *place = place_new(yaml, pair_cases[_i].features);
    assert_expected(place, "Gateway/web", "listeners[0]", "Accepted", pair_cases[_i].first);
    assert_expected(place, "Gateway/web", "listeners[1]", "Accepted", pair_cases[_i].second);
    place_free(place);
    free(yaml);
}
END_TEST

/* Attached and counted all the same; but nothing is served there. */
START_TEST(route_of_a_conflicted_listener_is_accepted_and_not_served)
{
    struct place *place =
        place_new(CLASS GATEWAY("web", "{name: a, port: 80, protocol: HTTP, " ANY "}, "
                                       "{name: b, port: 80, protocol: HTTP, " ANY "}")
                      SERVICE("shop", "a") ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"),
                  NULL);
    const struct ew_attachment *one = attachment(place, "r");
    ck_assert_int_eq(one->attached, EW_YES);
    ck_assert_int_eq(one->gates[0].failed, EW_GATE_LISTENER);
    ck_assert_str_eq(one->gates[0].reason, "HostnameConflict");
    ck_assert_int_eq(ask(place, "GET http://x.com/")->outcome, EW_OUT_NO_LISTENER);
    ck_assert_int_eq((int)ew_json_get_int(ew_json_at(checked_object(place, "Gateway/web"),
                                                     "listeners[0].attachedRoutes"),
                                          "expected", -1),
                     1);
    place_free(place);
}
END_TEST

#define LISTENER_SET(ns, name, created, listeners)                                                 \
    AGED(GW, "ListenerSet", ns, name, created,                                                     \
         "spec: {parentRef: {name: web, namespace: infra}, listeners: [" listeners "]}")
#define OPEN_GATEWAY(from)                                                                         \
    OBJECT(GW, "Gateway", "infra", "web",                                                          \
           "spec: {gatewayClassName: edge, allowedListeners: {namespaces: " from                   \
           "}, listeners: [{name: own, port: 80, protocol: HTTP, hostname: own.com}]}")

static const struct {
    const char *from, *accepted;
} set_cases[] = {
    {"{from: None}", "False NotAllowed"},
    {"{from: Same}", "False NotAllowed"},
    {"{from: All}", "True Accepted"},
    {"{from: Selector, selector: {matchLabels: {a: b}}}", "True Accepted"},
    {"{from: Selector, selector: {matchLabels: {a: c}}}", "False NotAllowed"},
    {"{}", "False NotAllowed"},
};

START_TEST(listener_set_needs_leave)
{
    char *yaml = ew_fmt(
        CLASS OPEN_GATEWAY("%s") "---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop, "
                                 "labels: {a: b}}}\n" LISTENER_SET(
                                     "shop", "s", "2024-01-01T00:00:00Z",
                                     "{name: l, port: 80, protocol: HTTP, hostname: s.com}"),
        set_cases[_i].from);
    struct place *place = place_new(yaml, NULL);
    bool in = strncmp(set_cases[_i].accepted, "True", 4) == 0;
    assert_expected(place, "ListenerSet/s", "", "Accepted", set_cases[_i].accepted);
    ck_assert_int_eq((int)ew_json_get_int(
                         ew_json_get(checked_object(place, "Gateway/web"), "attachedListenerSets"),
                         "expected", -1),
                     in);
    place_free(place);
    free(yaml);
}
END_TEST

/* The Gateway's own listener first, then the older set; who loses is out of play for the others. */
START_TEST(conflict_goes_to_the_later_set)
{
    struct place *place =
        place_new(CLASS OPEN_GATEWAY("{from: All}")
                      LISTENER_SET("shop", "a-late", "2024-02-01T00:00:00Z",
                                   "{name: l, port: 80, protocol: HTTP, hostname: s.com}, "
                                   "{name: free, port: 80, protocol: HTTP, hostname: free.com}")
                          LISTENER_SET("shop", "b-early", "2024-01-01T00:00:00Z",
                                       "{name: l, port: 80, protocol: HTTP, hostname: s.com}, "
                                       "{name: t, port: 80, protocol: TCP}"),
                  NULL);
    assert_expected(place, "Gateway/web", "listeners[0]", "Accepted", "True Accepted");
    assert_expected(place, "ListenerSet/b-early", "listeners[0]", "Accepted", "True Accepted");
    assert_expected(place, "ListenerSet/b-early", "listeners[1]", "Conflicted",
                    "True ProtocolConflict");
    assert_expected(place, "ListenerSet/a-late", "listeners[0]", "Accepted",
                    "False HostnameConflict");
    assert_expected(place, "ListenerSet/a-late", "listeners[1]", "Accepted", "True Accepted");
    assert_expected(place, "ListenerSet/a-late", "", "Accepted", "True ListenersNotValid");
    place_free(place);
}
END_TEST

/* A Gateway's parentRef reaches its own listeners only. */
START_TEST(parent_ref_to_the_gateway_does_not_reach_the_set)
{
    struct place *place =
        place_new(CLASS OPEN_GATEWAY("{from: All}") LISTENER_SET(
                      "infra", "s", "2024-01-01T00:00:00Z",
                      "{name: l, port: 80, protocol: HTTP, hostname: s.com}") SERVICE("infra", "a")
                      OBJECT(GW, "HTTPRoute", "infra", "r",
                             "spec: {parentRefs: [{name: web}], rules: [{" BACKEND("a") "}]}")
                          OBJECT(GW, "HTTPRoute", "infra", "q",
                                 "spec: {parentRefs: [{kind: ListenerSet, name: s}], rules: "
                                 "[{matches: [{path: {value: /q}}], " BACKEND("a") "}]}"),
                  NULL);
    ck_assert_int_eq(ask(place, "GET http://own.com/")->outcome, EW_OUT_BACKEND);
    ck_assert_int_eq(ask(place, "GET http://s.com/")->outcome, EW_OUT_NO_ROUTE);
    const struct ew_decision *decision = ask(place, "GET http://s.com/q");
    ck_assert_int_eq(decision->outcome, EW_OUT_BACKEND);
    ck_assert_str_eq(decision->listener_set->name, "s");
    place_free(place);
}
END_TEST

/* A set whose Gateway cannot be read leaves its routes open; one whose Gateway is not there takes
 * none. */
START_TEST(set_without_its_gateway)
{
    static const char lists[] = "httproutes.gateway.networking.k8s.io "
                                "listenersets.gateway.networking.k8s.io "
                                "gateways.gateway.networking.k8s.io";
    static const char yaml[] = LISTENER_SET("shop", "s", "2024-01-01T00:00:00Z", HTTP80)
        OBJECT(GW, "HTTPRoute", "shop", "r", "spec: {parentRefs: [{kind: ListenerSet, name: s}]}");
    for (int known = 0; known < 2; known++) {
        struct place *place =
            place_live(yaml, known ? lists : "listenersets.gateway.networking.k8s.io");
        const struct ew_attachment *one = attachment(place, "r");
        ck_assert_int_eq(one->attached, known ? EW_NO : EW_MAYBE);
        ck_assert_ptr_nonnull(strstr(one->why, known ? "does not exist" : "is not known"));
        ck_assert_int_eq(one->gates[0].failed, EW_GATE_PARENT);
        place_free(place);
    }
}
END_TEST

/* ---- the listeners that fit a request ---- */

static const struct ew_listener *fitting(struct place *place, const char *host, int port, bool tls,
                                         size_t *count)
{
    const struct ew_request request = {
        .tls = tls, .sni = tls ? host : NULL, .host = host, .port = port, .path = "/"};
    return ew_routing_listeners(place->routing, &request, count);
}

START_TEST(listeners_that_fit_are_there_whether_served_or_not)
{
    struct place *place = place_new(
        CLASS OPEN_GATEWAY("{from: Same}")
            LISTENER_SET("infra", "late", "2024-02-01T00:00:00Z",
                         "{name: l, port: 80, protocol: HTTP, hostname: s.com}, "
                         "{name: tls, port: 443, protocol: HTTPS, hostname: '*.com'}")
                LISTENER_SET("infra", "early", "2024-01-01T00:00:00Z",
                             "{name: l, port: 80, protocol: HTTP, hostname: s.com}")
                    LISTENER_SET("shop", "other", "2023-01-01T00:00:00Z",
                                 "{name: l, port: 80, protocol: HTTP, hostname: '*.com'}"),
        NULL);
    size_t count;
    const struct ew_listener *at = fitting(place, "own.com", 80, false, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(at[0].owner->name, "web");
    ck_assert(at[0].shared_port && at[0].admitted == EW_YES && !at[0].conflict);
    ck_assert_str_eq(at[1].owner->name, "other");
    ck_assert_int_eq(at[1].admitted, EW_NO);
    ck_assert_str_eq(at[1].refusal, "NotAllowed");
    at = fitting(place, "s.com", 80, false, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert_str_eq(at[1].owner->name, "early");
    ck_assert_ptr_null(at[1].conflict);
    ck_assert_str_eq(at[2].owner->name, "late");
    ck_assert_str_eq(at[2].conflict, "HostnameConflict");
    ck_assert_str_eq(at[2].rival_owner->name, "early");
    at = fitting(place, "x.com", 443, true, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(at[0].name, "tls");
    ck_assert(!at[0].shared_port);
    fitting(place, "x.com", 443, false, &count);
    ck_assert_uint_eq(count, 0);
    fitting(place, "x.com", 8443, true, &count);
    ck_assert_uint_eq(count, 0);
    place_free(place);
}
END_TEST

/* ---- HTTPRoute against GRPCRoute ---- */

START_TEST(older_of_http_and_grpc_has_the_host)
{
    struct place *place =
        place_new(BASE AGED(GW, "HTTPRoute", "shop", "web", "2024-01-02T00:00:00Z",
                            "spec: {" TO_WEB ", hostnames: ['*.a.com']}")
                      AGED(GW, "GRPCRoute", "shop", "rpc", "2024-01-01T00:00:00Z",
                           "spec: {" TO_WEB ", hostnames: [x.a.com]}")
                          AGED(GW, "HTTPRoute", "shop", "apart", "2024-01-03T00:00:00Z",
                               "spec: {" TO_WEB ", hostnames: [y.b.com]}"),
                  NULL);
    ck_assert_int_eq(attachment(place, "rpc")->attached, EW_YES);
    ck_assert_int_eq(attachment(place, "apart")->attached, EW_YES);
    ck_assert_int_eq(attachment(place, "web")->attached, EW_NO);
    ck_assert_ptr_nonnull(strstr(attachment(place, "web")->why, "GRPCRoute shop/rpc is older"));
    ck_assert_str_eq(attachment(place, "web")->gates[0].rival->name, "rpc");
    ck_assert_ptr_null(attachment(place, "rpc")->gates[0].rival);
    place_free(place);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: attachment");
    TCase *gates = tcase_create("gates");
    tcase_add_loop_test(gates, each_gate_says_why, 0, EW_COUNT(gate_cases));
    tcase_add_loop_test(gates, kinds_are_refused_for_one_of_three_reasons, 0, EW_COUNT(kind_cases));
    tcase_add_test(gates, one_listener_that_takes_it_is_enough);
    tcase_add_test(gates, reason_is_that_of_the_nearest_listener);
    tcase_add_test(gates, parent_that_does_not_exist);
    tcase_add_test(gates, parent_for_a_mesh_is_not_judged);
    tcase_add_test(gates, attachments_of_a_host_are_those_that_claim_it);
    tcase_add_test(gates, labels_that_are_not_known_leave_it_open);
    tcase_add_test(gates, gateway_that_is_not_read_leaves_it_open);
    tcase_add_test(gates, protocol_of_an_implementation_leaves_it_open);
    tcase_add_test(gates, class_that_does_not_exist_serves_nothing);
    suite_add_tcase(s, gates);
    TCase *listeners = tcase_create("listeners");
    tcase_add_loop_test(listeners, listeners_at_one_port, 0, EW_COUNT(pair_cases));
    tcase_add_test(listeners, route_of_a_conflicted_listener_is_accepted_and_not_served);
    tcase_add_loop_test(listeners, listener_set_needs_leave, 0, EW_COUNT(set_cases));
    tcase_add_test(listeners, conflict_goes_to_the_later_set);
    tcase_add_test(listeners, parent_ref_to_the_gateway_does_not_reach_the_set);
    tcase_add_test(listeners, set_without_its_gateway);
    tcase_add_test(listeners, listeners_that_fit_are_there_whether_served_or_not);
    tcase_add_test(listeners, older_of_http_and_grpc_has_the_host);
    suite_add_tcase(s, listeners);
    return s;
}
