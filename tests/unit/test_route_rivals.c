/* Rules that take the same request: which goes first, by what, and what would be if another did. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

#define RULE(match, service) "{matches: [{" match "}], " BACKEND(service) "}"
#define OLD "2024-01-01T00:00:00Z"
#define NEW "2024-06-01T00:00:00Z"
#define AGED_ROUTE(ns, name, created, hosts, rules)                                                \
    AGED(GW, "HTTPRoute", ns, name, created,                                                       \
         "spec: {" TO_WEB ", hostnames: [" hosts "], rules: [" rules "]}")
#define HOST "x.example.com"
#define WILD "'*.example.com'"

static const struct ew_candidate *candidate(const struct ew_decision *decision, const char *name)
{
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (strcmp(decision->candidates[i].route->name, name) == 0)
            return &decision->candidates[i];
    ck_abort_msg("%s is no candidate", name);
}

/* ---- two routes at one listener: "a" of the older, "b" of the newer ---- */

static const struct {
    const char *yaml, *winner;
    enum ew_lost by;
    bool same, asks_more;
} pairs[] = {
    {AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /}", "a"))
         AGED_ROUTE("mail", "b", NEW, HOST, RULE("path: {value: /}", "b")),
     "a", EW_LOST_AGE, true, false},
    {AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /}", "a"))
         AGED_ROUTE("shop", "b", OLD, HOST, RULE("path: {type: PathPrefix, value: /}", "b")),
     "a", EW_LOST_NAME, true, false},
    {AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /}", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /api}", "b")),
     "b", EW_LOST_PATH, false, false},
    {AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /api}", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /api/}", "b")),
     "b", EW_LOST_PATH, true, false},
    {AGED_ROUTE("shop", "a", OLD, WILD, RULE("path: {value: /api}", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /}", "b")),
     "b", EW_LOST_HOST, false, true},
    {AGED_ROUTE("shop", "a", OLD, WILD, RULE("path: {value: /}", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /}", "b")),
     "b", EW_LOST_HOST, false, false},
    {AGED_ROUTE("shop", "a", OLD, HOST,
                RULE("path: {value: /}, headers: [{name: V, value: '1'}]", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /api}", "b")),
     "b", EW_LOST_PATH, false, true},
    {AGED_ROUTE("shop", "a", OLD, HOST,
                RULE("path: {value: /}, headers: [{name: V, value: '1'}]", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST,
                    RULE("path: {value: /}, headers: [{name: v, value: '1'}]", "b")),
     "a", EW_LOST_AGE, true, false},
    {AGED_ROUTE("shop", "a", OLD, HOST,
                RULE("path: {value: /}, headers: [{name: V, value: '1'}]", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST,
                    RULE("path: {value: /}, headers: [{name: W, value: '2'}]", "b")),
     "a", EW_LOST_AGE, false, true},
    {AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /}", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /}, method: GET", "b")),
     "b", EW_LOST_METHOD, false, false},
    {AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {type: Exact, value: /api/x}", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /api/x}", "b")),
     "a", EW_LOST_KIND, false, false},
    {AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /}", "a")) AGED_ROUTE(
         "shop", "b", NEW, HOST, RULE("path: {type: RegularExpression, value: '/api/.*'}", "b")),
     "a", EW_LOST_KIND, false, false},
    /* the best match of the one that loses is what is compared */
    {AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /api}", "a"))
         AGED_ROUTE("shop", "b", NEW, HOST,
                    "{matches: [{path: {value: /}}, {path: {value: /api}}], " BACKEND("b") "}"),
     "a", EW_LOST_AGE, true, false},
};

START_TEST(two_routes)
{
    static const char *const headers[] = {"V: 1", "W: 2", NULL};
    char *yaml = ew_fmt("%s%s", BASE, pairs[_i].yaml);
    struct place *place = place_new(yaml, NULL);
    const struct ew_decision *decision = put(place, "GET http://" HOST "/api/x", headers);
    ck_assert_str_eq(decision->route->name, pairs[_i].winner);
    const struct ew_candidate *lost =
        candidate(decision, strcmp(pairs[_i].winner, "a") == 0 ? "b" : "a");
    ck_assert(lost->matched && lost->attached && !lost->wins);
    ck_assert_int_eq(lost->lost_by, pairs[_i].by);
    ck_assert_int_eq(lost->same, pairs[_i].same);
    ck_assert_int_eq(lost->asks_more, pairs[_i].asks_more);
    ck_assert_ptr_nonnull(lost->asks);
    place_free(place);
    free(yaml);
}
END_TEST

/* What does not take the request, or hangs on another listener, has not lost to anything. */
START_TEST(rules_that_do_not_meet)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", HTTP80
                      ", {name: other, port: 81, protocol: HTTP, allowedRoutes: {namespaces: "
                      "{from: All}}}") SERVICE("shop", "a")
            AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /}", "a"))
                AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /mail}", "a"))
                    AGED(GW, "HTTPRoute", "shop", "c", OLD,
                         "spec: {parentRefs: [{name: web, namespace: infra, sectionName: other}], "
                         "hostnames: [" HOST "], rules: [" RULE("path: {value: /}", "a") "]}"),
        NULL);
    const struct ew_decision *decision = ask(place, "GET http://" HOST "/api");
    ck_assert_str_eq(decision->route->name, "a");
    ck_assert_str_eq(decision->host, HOST);
    ck_assert_int_eq(candidate(decision, "b")->lost_by, EW_LOST_NOT);
    ck_assert(!candidate(decision, "b")->same);
    ck_assert(!candidate(decision, "c")->attached);
    ck_assert_int_eq(candidate(decision, "c")->lost_by, EW_LOST_NOT);
    ck_assert(!candidate(decision, "c")->same);
    place_free(place);
}
END_TEST

/* ---- Ingresses ---- */

#define IC(name)                                                                                   \
    "---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: " name           \
    "}, spec: {controller: example.com/" name "}}\n"
#define PATHS(type, path, service)                                                                 \
    "rules: [{host: " HOST ", http: {paths: [{pathType: " type ", path: " path                     \
    ", backend: {service: {name: " service ", port: {number: 80}}}}]}}]"
#define INGRESS(ns, name, created, metadata, spec, status)                                         \
    "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: " ns             \
    ", name: " name ", creationTimestamp: '" created "'" metadata "}, spec: {" spec                \
    "}, status: {loadBalancer: {" status "}}}\n"
#define CLASSED "ingressClassName: edge, "
#define SERVICES SERVICE("shop", "a") SERVICE("shop", "b") SERVICE("mail", "b")
#define CANARY ", annotations: {nginx.ingress.kubernetes.io/canary: 'true'}"
#define POINTS(name) ", annotations: {traefik.ingress.kubernetes.io/router.entrypoints: " name "}"
#define AT(address) "ingress: [{ip: " address "}]"

static const struct {
    const char *yaml, *winner;
    enum ew_lost by;
    bool same, asks_more;
} ingress_pairs[] = {
    {INGRESS("shop", "a", OLD, "", CLASSED PATHS("Prefix", "/", "a"), "")
         INGRESS("mail", "b", NEW, "", CLASSED PATHS("Prefix", "/", "b"), ""),
     "a", EW_LOST_AGE, true, false},
    {INGRESS("shop", "a", OLD, "", CLASSED PATHS("Prefix", "/", "a"), "")
         INGRESS("shop", "b", OLD, "", CLASSED PATHS("ImplementationSpecific", "/", "b"), ""),
     "a", EW_LOST_NAME, true, false},
    {INGRESS("shop", "a", OLD, "", CLASSED PATHS("Prefix", "/", "a"), "")
         INGRESS("shop", "b", NEW, "", CLASSED PATHS("Prefix", "/api", "b"), ""),
     "b", EW_LOST_PATH, false, false},
    {INGRESS("shop", "a", OLD, "", CLASSED PATHS("Exact", "/api/x", "a"), "")
         INGRESS("shop", "b", NEW, "", CLASSED PATHS("Prefix", "/api/x", "b"), ""),
     "a", EW_LOST_KIND, false, false},
    /* the canary is the older one, and serves nothing by itself */
    {INGRESS("shop", "a", NEW, "", CLASSED PATHS("Prefix", "/", "a"), "")
         INGRESS("shop", "b", OLD, CANARY, CLASSED PATHS("Prefix", "/", "b"), ""),
     "a", EW_LOST_CANARY, false, false},
    {INGRESS("shop", "a", OLD, POINTS("web"), CLASSED PATHS("Prefix", "/", "a"), "")
         INGRESS("shop", "b", NEW, POINTS("websecure"), CLASSED PATHS("Prefix", "/", "b"), ""),
     "a", EW_LOST_ENTRY, false, false},
    {INGRESS("shop", "a", OLD, "", CLASSED PATHS("Prefix", "/", "a"), AT("203.0.113.1"))
         INGRESS("shop", "b", NEW, "", CLASSED PATHS("Prefix", "/", "b"), AT("203.0.113.2")),
     "a", EW_LOST_ENTRY, false, false},
    {INGRESS("shop", "a", OLD, "", CLASSED PATHS("Prefix", "/", "a"), AT("203.0.113.1"))
         INGRESS("shop", "b", NEW, "", CLASSED PATHS("Prefix", "/", "b"), AT("203.0.113.1")),
     "a", EW_LOST_AGE, true, false},
    {INGRESS("shop", "a", OLD, "", CLASSED PATHS("Prefix", "/", "a"), "") INGRESS(
         "shop", "b", NEW, "", "ingressClassName: other-edge, " PATHS("Prefix", "/", "b"), ""),
     "a", EW_LOST_ENTRY, false, false},
};

START_TEST(two_ingresses)
{
    char *yaml = ew_fmt("%s%s%s%s", IC("edge"), IC("other-edge"), SERVICES, ingress_pairs[_i].yaml);
    struct place *place = place_new(yaml, NULL);
    const struct ew_decision *decision = ask(place, "GET http://" HOST "/api/x");
    ck_assert_str_eq(decision->ingress->name, ingress_pairs[_i].winner);
    const struct ew_candidate *lost =
        candidate(decision, strcmp(ingress_pairs[_i].winner, "a") == 0 ? "b" : "a");
    ck_assert(lost->matched && lost->attached && !lost->wins);
    ck_assert_int_eq(lost->lost_by, ingress_pairs[_i].by);
    ck_assert_int_eq(lost->same, ingress_pairs[_i].same);
    ck_assert_int_eq(lost->asks_more, ingress_pairs[_i].asks_more);
    place_free(place);
    free(yaml);
}
END_TEST

/* ---- where the request arrives ---- */

static const struct ew_decision *decide_at(struct place *place, const char *address)
{
    const char *const at[] = {address, NULL};
    struct ew_request request = {.protocol = EW_PROTO_HTTP,
                                 .host = HOST,
                                 .port = 80,
                                 .path = "/",
                                 .query = "",
                                 .method = "GET"};
    return ew_routing_decide(place->routing, &request, at);
}

START_TEST(the_address_says_which_edge)
{
    struct place *place = place_new(
        CLASS SERVICES
        "---\n{apiVersion: " GW ", kind: Gateway, metadata: {namespace: infra, name: web}, spec: "
        "{gatewayClassName: edge, listeners: [" HTTP80 "]}, status: {addresses: [{type: IPAddress, "
        "value: 203.0.113.1}]}}\n" IC("edge") IC("other-edge")
            AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /}", "gone"))
                INGRESS("shop", "b", NEW, "", CLASSED PATHS("Prefix", "/", "b"), AT("203.0.113.2"))
                    INGRESS("shop", "c", OLD, "",
                            "ingressClassName: other-edge, " PATHS("Prefix", "/", "a"),
                            "ingress: [{hostname: lb.example.net}]"),
        NULL);
    /* the Gateway's route leads nowhere, and still it is what this client gets */
    const struct ew_decision *decision = decide_at(place, "203.0.113.1");
    ck_assert_str_eq(decision->route->name, "a");
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_BACKEND);
    ck_assert_ptr_null(decision->next);
    decision = decide_at(place, "203.0.113.2");
    ck_assert_str_eq(decision->ingress->name, "b");
    ck_assert_ptr_null(decision->next);
    ck_assert_str_eq(decide_at(place, "lb.example.net")->ingress->name, "c");
    /* not known where: all of them, the one that serves first */
    decision = ask(place, "GET http://" HOST "/");
    ck_assert_ptr_nonnull(decision->ingress);
    ck_assert_ptr_nonnull(decision->next);
    place_free(place);
}
END_TEST

/* ---- as if another one won ---- */

START_TEST(what_the_other_one_leads_to)
{
    struct place *place =
        place_new(BASE AGED_ROUTE("shop", "a", OLD, HOST, RULE("path: {value: /}", "gone"))
                      AGED_ROUTE("shop", "b", NEW, HOST, RULE("path: {value: /}", "b")),
                  NULL);
    struct ew_request request = {.protocol = EW_PROTO_HTTP,
                                 .host = HOST,
                                 .port = 80,
                                 .path = "/",
                                 .query = "",
                                 .method = "GET"};
    const struct ew_decision *decision = ew_routing_decide(place->routing, &request, NULL);
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_BACKEND);
    const struct ew_decision *other =
        ew_routing_decide_as(place->routing, &request, decision, candidate(decision, "b"));
    ck_assert_int_eq(other->outcome, EW_OUT_BACKEND);
    ck_assert_str_eq(other->route->name, "b");
    ck_assert_str_eq(other->backends[0].name, "b");
    ck_assert_uint_eq(other->candidate_count, 0);
    place_free(place);
}
END_TEST

START_TEST(what_the_other_ingress_leads_to)
{
    struct place *place = place_new(
        IC("edge") SERVICES INGRESS("shop", "a", OLD, "", CLASSED PATHS("Prefix", "/", "gone"), "")
            INGRESS("mail", "b", NEW, "", CLASSED PATHS("Prefix", "/", "b"), ""),
        NULL);
    struct ew_request request = {.protocol = EW_PROTO_HTTP,
                                 .host = HOST,
                                 .port = 80,
                                 .path = "/",
                                 .query = "",
                                 .method = "GET"};
    const struct ew_decision *decision = ew_routing_decide(place->routing, &request, NULL);
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_BACKEND);
    const struct ew_decision *other =
        ew_routing_decide_as(place->routing, &request, decision, candidate(decision, "b"));
    ck_assert_int_eq(other->outcome, EW_OUT_BACKEND);
    ck_assert_str_eq(other->backends[0].ns, "mail");
    place_free(place);
}
END_TEST

/* ---- side by side ---- */

#define MODELS(route, ingress)                                                                     \
    CLASS GATEWAY("web", HTTP80) IC("edge") SERVICES AGED_ROUTE("shop", "r", OLD, HOST, route)     \
    ingress

static const struct {
    const char *yaml;
    const char *what; /* that differ, blank-separated */
} models[] = {
    /* the same in other words */
    {MODELS(RULE("path: {value: /api/}", "a"),
            INGRESS("shop", "i", OLD, "", CLASSED PATHS("Prefix", "/api", "a"), "")),
     ""},
    {MODELS("{matches: [{path: {value: /}}], timeouts: {request: 1m}, " BACKEND("a") "}",
            INGRESS("shop", "i", OLD,
                    ", annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: '60'}",
                    CLASSED PATHS("Prefix", "/", "a"), "")),
     ""},
    {MODELS(RULE("path: {value: /}", "a"),
            INGRESS("shop", "i", OLD, "", CLASSED PATHS("ImplementationSpecific", "/", "b"),
                    AT("203.0.113.1"))),
     "addresses path backends"},
    {MODELS(RULE("path: {value: /}", "a"),
            INGRESS("shop", "i", OLD,
                    ", annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: '60', "
                    "nginx.ingress.kubernetes.io/rewrite-target: /}",
                    CLASSED PATHS("Prefix", "/", "gone"), "")),
     "outcome path-sent backends timeout"},
    {MODELS("{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}",
            INGRESS("shop", "i", OLD, "", CLASSED PATHS("Prefix", "/", "a"), "")),
     "outcome path-sent backends redirect"},
};

START_TEST(two_models_side_by_side)
{
    struct place *place = place_new(models[_i].yaml, NULL);
    const struct ew_decision *decision = ask(place, "GET http://" HOST "/api/x");
    ck_assert_str_eq(decision->route->name, "r");
    ck_assert_str_eq(decision->next->ingress->name, "i");
    struct ew_arena *arena = ew_arena_new();
    struct ew_difference rows[EW_DIFFERENCES_MAX];
    char got[200] = "";
    size_t count = ew_decisions_compare(decision, decision->next, arena, rows);
    for (size_t i = 0; i < count; i++) {
        strcat(got, i ? " " : "");
        strcat(got, strcmp(rows[i].what, "path sent") == 0 ? "path-sent" : rows[i].what);
        ck_assert_str_ne(rows[i].a, rows[i].b);
    }
    ck_assert_str_eq(got, models[_i].what);
    ck_assert_uint_eq(ew_decisions_compare(decision, decision, arena, rows), 0);
    ew_arena_free(arena);
    place_free(place);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: rivals");
    TCase *rivals = tcase_create("rivals");
    tcase_add_loop_test(rivals, two_routes, 0, EW_COUNT(pairs));
    tcase_add_test(rivals, rules_that_do_not_meet);
    tcase_add_loop_test(rivals, two_ingresses, 0, EW_COUNT(ingress_pairs));
    tcase_add_test(rivals, the_address_says_which_edge);
    tcase_add_test(rivals, what_the_other_one_leads_to);
    tcase_add_test(rivals, what_the_other_ingress_leads_to);
    tcase_add_loop_test(rivals, two_models_side_by_side, 0, EW_COUNT(models));
    suite_add_tcase(s, rivals);
    return s;
}
