/* Matching and precedence of HTTPRoute and GRPCRoute, listener isolation, hostnames, 421. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

/* Names of rules tell who won: r0, r1, … */
static void assert_rule(struct place *place, const char *line, const char *const *headers,
                        const char *route, int rule)
{
    const struct ew_decision *decision = put(place, line, headers);
    if (!route) {
        ck_assert_msg(decision->outcome == EW_OUT_NO_ROUTE, "%s: rule %d of %s", line,
                      decision->rule, decision->route ? decision->route->name : "none");
        ck_assert_int_eq(decision->status, 404);
        return;
    }
    ck_assert_msg(decision->route != NULL, "%s: no route: %s", line, decision->why);
    ck_assert_msg(strcmp(decision->route->name, route) == 0 && decision->rule == rule,
                  "%s: rule %d of %s", line, decision->rule, decision->route->name);
}

/* ---- one route, many rules ---- */

#define RULE(match) "{matches: [" match "], " BACKEND("a") "}"

static const char paths[] = BASE ROUTE(
    "r", TO_WEB ", rules: [" RULE("{path: {value: /}}") ", "             /* 0 */
    RULE("{path: {value: /api}}") ", "                                   /* 1 */
    RULE("{path: {value: /api/v2/}}") ", "                               /* 2 */
    RULE("{path: {type: Exact, value: /api/v2}}") ", "                   /* 3 */
    RULE("{path: {value: /api}, method: POST}") ", "                     /* 4 */
    RULE("{path: {value: /api}, headers: [{name: V, value: '1'}]}") ", " /* 5 */
    RULE(
        "{path: {value: /api}, headers: [{name: v, value: '1'}, {name: W, value: x}]}") ", " /* 6 */
    RULE("{path: {value: /api}, queryParams: [{name: q, value: '1'}]}") ", "                 /* 7 */
    RULE("{path: {value: /api}, method: POST, headers: [{name: V, value: '1'}]}")            /* 8 */
    "]");

static const struct {
    const char *line, *header, *second;
    int rule;
} path_cases[] = {
    {"GET http://x/", NULL, NULL, 0},
    {"GET http://x/ap", NULL, NULL, 0},
    {"GET http://x/apix", NULL, NULL, 0}, /* by elements, not by characters */
    {"GET http://x/API", NULL, NULL, 0},
    {"GET http://x/api", NULL, NULL, 1},
    {"GET http://x/api/", NULL, NULL, 1},
    {"GET http://x/api/v1", NULL, NULL, 1},
    {"GET http://x/api/v2", NULL, NULL, 3},
    {"GET http://x/api/v2/", NULL, NULL, 2},
    {"GET http://x/api/v2/a", NULL, NULL, 2},
    {"GET http://x/api/v2a", NULL, NULL, 1},
    {"POST http://x/api", NULL, NULL, 4},
    {"GET http://x/api", "v: 1", NULL, 5},
    {"GET http://x/api", "v: 2", NULL, 1},
    {"GET http://x/api", "V: 1", "w: x", 6},
    {"GET http://x/api?q=1", NULL, NULL, 7},
    {"GET http://x/api?Q=1", NULL, NULL, 1}, /* names of parameters are exact */
    {"GET http://x/api?a=b&q=%31", NULL, NULL, 7},
    {"GET http://x/api?q=2&q=1", NULL, NULL, 1}, /* the first of a repeated one */
    {"GET http://x/api?q=1", "v: 1", NULL, 5},   /* headers before parameters */
    {"POST http://x/api", "v: 1", "w: x", 8},    /* method before headers */
    {"POST http://x/api/v2", NULL, NULL, 3},     /* path before method */
};

START_TEST(rules_of_one_route)
{
    const char *headers[] = {path_cases[_i].header, path_cases[_i].second, NULL};
    struct place *place = place_new(paths, NULL);
    assert_rule(place, path_cases[_i].line, headers[0] ? headers : NULL, "r", path_cases[_i].rule);
    place_free(place);
}
END_TEST

START_TEST(any_match_of_a_rule_is_enough)
{
    struct place *place = place_new(
        BASE ROUTE("r", TO_WEB ", rules: [" RULE("{path: {value: /a}}, {headers: [{name: x, value: "
                                                 "'1'}]}") "]"),
        NULL);
    const char *headers[] = {"x: 1", NULL};
    assert_rule(place, "GET http://x/a/b", NULL, "r", 0);
    ck_assert_int_eq(ask(place, "GET http://x/a")->match, 0);
    assert_rule(place, "GET http://x/z", headers, "r", 0);
    ck_assert_int_eq(put(place, "GET http://x/z", headers)->match, 1);
    assert_rule(place, "GET http://x/z", NULL, NULL, 0);
    place_free(place);
}
END_TEST

START_TEST(of_equal_matches_the_first_rule_wins)
{
    struct place *place =
        place_new(BASE ROUTE("r", TO_WEB ", rules: [" RULE("{path: {value: /a}}") ", " RULE(
                                      "{path: {value: /a}}") "]"),
                  NULL);
    assert_rule(place, "GET http://x/a", NULL, "r", 0);
    place_free(place);
}
END_TEST

/* Of headers with one name only the first counts. */
START_TEST(second_header_of_a_name_is_ignored)
{
    struct place *place = place_new(
        BASE ROUTE("r", TO_WEB ", rules: [" RULE("{headers: [{name: Env, value: a}, {name: env, "
                                                 "value: b}]}") "]"),
        NULL);
    const char *a[] = {"ENV: a", NULL}, *b[] = {"env: b", NULL};
    assert_rule(place, "GET http://x/", a, "r", 0);
    assert_rule(place, "GET http://x/", b, NULL, 0);
    place_free(place);
}
END_TEST

START_TEST(regular_expressions)
{
    struct place *place = place_new(
        BASE ROUTE(
            "r", TO_WEB
            ", rules: [" RULE("{path: {type: RegularExpression, value: '/item/[0-9]+'}}") ", " RULE(
                "{path: {type: Exact, value: /item/7}}") ", " RULE("{path: {value: /h}, headers: "
                                                                   "[{name: v, type: "
                                                                   "RegularExpression, value: "
                                                                   "'a.c'}]}") "]"),
        NULL);
    const char *good[] = {"v: abc", NULL}, *bad[] = {"v: abcd", NULL};
    assert_rule(place, "GET http://x/item/12", NULL, "r", 0);
    assert_rule(place, "GET http://x/item/12/a", NULL, NULL, 0); /* the whole path */
    assert_rule(place, "GET http://x/item/7", NULL, "r", 1);     /* exact goes before */
    assert_rule(place, "GET http://x/h", good, "r", 2);
    assert_rule(place, "GET http://x/h", bad, NULL, 0);
    place_free(place);
}
END_TEST

START_TEST(expression_beyond_its_limits_is_unknown)
{
    struct place *place =
        place_new(BASE ROUTE("r", TO_WEB ", rules: [" RULE(
                                      "{path: {type: RegularExpression, value: '/(a+)+b'}}") "]"),
                  NULL);
    const struct ew_decision *decision =
        ask(place, "GET http://x/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabc");
    ck_assert_int_eq(decision->outcome, EW_OUT_UNKNOWN);
    ck_assert_ptr_nonnull(strstr(decision->undecided[0], "regular expression"));
    place_free(place);
}
END_TEST

static bool assumes(const struct ew_decision *decision, const char *word)
{
    for (size_t i = 0; decision->assumes[i]; i++)
        if (strstr(decision->assumes[i], word))
            return true;
    return false;
}

/* Where the dialect of an implementation decides, it is said. */
START_TEST(dialects_are_said)
{
    struct place *place = place_new(
        BASE ROUTE(
            "r", TO_WEB
            ", rules: [" RULE("{path: {type: RegularExpression, value: '/(?!x).*'}}") ", " RULE(
                "{path: {value: /item}}") ", " RULE("{path: {type: RegularExpression, value: "
                                                    "'/item/[0-9]+'}}") "]"),
        NULL);
    ck_assert(assumes(ask(place, "GET http://x/a"), "look-around, which RE2"));
    ck_assert(assumes(ask(place, "GET http://x/item/1"), "implementations differ"));
    place_free(place);
}
END_TEST

static const struct {
    const char *line, *word; /* NULL: nothing to say */
} path_notes[] = {
    {"GET http://x/public/../admin", "normalises it to /admin takes rule 1"},
    {"GET http://x/public//a", NULL}, /* the same rule either way */
    {"GET http://x/%61dmin", "normalises it to /admin takes rule 1"},
    {"GET http://x//admin", "normalises it to /admin takes rule 1"},
    {"GET http://x/public/a%2Fb", NULL},
    {"GET http://x/admin/./", NULL},
    {"GET http://x/public/..", "normalises it to / takes no rule"},
};

START_TEST(paths_that_an_edge_may_normalise)
{
    struct place *place =
        place_new(BASE ROUTE("r", TO_WEB ", rules: [" RULE("{path: {value: /public}}") ", " RULE(
                                      "{path: {value: /admin}}") "]"),
                  NULL);
    const struct ew_decision *decision = ask(place, path_notes[_i].line);
    if (path_notes[_i].word)
        ck_assert_msg(assumes(decision, path_notes[_i].word), "%s", decision->assumes[0]);
    else
        ck_assert(!assumes(decision, "normalises"));
    place_free(place);
}
END_TEST

/* ---- across routes ---- */

#define ONE(name, created, host, match)                                                            \
    AGED(GW, "HTTPRoute", "shop", name, created,                                                   \
         "spec: {" TO_WEB ", hostnames: [" host "], rules: [" RULE(match) "]}")

START_TEST(across_routes_the_better_match_wins)
{
    struct place *place =
        place_new(BASE ONE("old", "2024-01-01T00:00:00Z", "x.com", "{path: {value: /}}")
                      ONE("new", "2024-02-01T00:00:00Z", "x.com", "{path: {value: /a}}"),
                  NULL);
    assert_rule(place, "GET http://x.com/a", NULL, "new", 0);
    assert_rule(place, "GET http://x.com/b", NULL, "old", 0);
    place_free(place);
}
END_TEST

START_TEST(on_a_tie_the_older_route_wins_then_the_name)
{
    struct place *place =
        place_new(BASE ONE("a", "2024-02-01T00:00:00Z", "x.com", "{path: {value: /a}}")
                      ONE("z", "2024-01-01T00:00:00Z", "x.com", "{path: {value: /a}}")
                          ONE("c", "2024-03-01T00:00:00Z", "y.com", "{path: {value: /a}}")
                              ONE("b", "2024-03-01T00:00:00Z", "y.com", "{path: {value: /a}}"),
                  NULL);
    assert_rule(place, "GET http://x.com/a", NULL, "z", 0);
    assert_rule(place, "GET http://y.com/a", NULL, "b", 0);
    place_free(place);
}
END_TEST

/* What is not created yet is younger than everything that is. */
START_TEST(route_without_a_date_comes_last)
{
    struct place *place = place_new(
        BASE ROUTE("a", TO_WEB ", hostnames: [x.com], rules: [" RULE("{path: {value: /a}}") "]")
            ONE("z", "2024-01-01T00:00:00Z", "x.com", "{path: {value: /a}}"),
        NULL);
    assert_rule(place, "GET http://x.com/a", NULL, "z", 0);
    place_free(place);
}
END_TEST

START_TEST(more_specific_hostname_goes_before_a_longer_path)
{
    struct place *place = place_new(
        BASE ONE("any", "2024-01-01T00:00:00Z", "", "{path: {type: Exact, value: /a/b}}")
            ONE("wide", "2024-01-01T00:00:00Z", "'*.com'", "{path: {value: /a/b/c}}")
                ONE("wild", "2024-01-01T00:00:00Z", "'*.x.com'", "{path: {value: /a/b}}")
                    ONE("exact", "2024-01-02T00:00:00Z", "h.x.com", "{path: {value: /a}}"),
        NULL);
    assert_rule(place, "GET http://h.x.com/a/b/c", NULL, "exact", 0);
    assert_rule(place, "GET http://i.x.com/a/b/c", NULL, "wild", 0);
    assert_rule(place, "GET http://h.i.x.com/a/b/c", NULL, "wild", 0);
    assert_rule(place, "GET http://x.com/a/b/c", NULL, "wide", 0);
    assert_rule(place, "GET http://x.org/a/b", NULL, "any", 0);
    place_free(place);
}
END_TEST

/* Precedence is no exclusion: a rule of a less specific hostname still serves, and it is said. */
START_TEST(less_specific_hostname_serves_what_the_other_does_not)
{
    struct place *place =
        place_new(BASE ONE("exact", "2024-01-01T00:00:00Z", "h.x.com", "{path: {value: /a}}")
                      ONE("wild", "2024-01-01T00:00:00Z", "'*.x.com'", "{path: {value: /b}}"),
                  NULL);
    assert_rule(place, "GET http://h.x.com/b", NULL, "wild", 0);
    ck_assert_ptr_nonnull(strstr(ask(place, "GET http://h.x.com/b")->assumes[0], "h.x.com"));
    place_free(place);
}
END_TEST

/* ---- hostnames ---- */

START_TEST(hostname_rule)
{
    ck_assert(ew_hostname_matches(NULL, "a.com"));
    ck_assert(ew_hostname_matches("", ""));
    ck_assert(ew_hostname_matches("A.com", "a.COM"));
    ck_assert(!ew_hostname_matches("a.com", "b.a.com"));
    ck_assert(ew_hostname_matches("*.a.com", "b.a.com"));
    ck_assert(ew_hostname_matches("*.a.com", "c.b.a.com"));
    ck_assert(!ew_hostname_matches("*.a.com", "a.com"));
    ck_assert(!ew_hostname_matches("*.a.com", "ba.com"));
    ck_assert(!ew_hostname_matches("a.com", NULL));
}
END_TEST

static bool concerns(enum ew_kind kind, const char *json, const char *host)
{
    struct ew_doc *doc;
    struct ew_err err;
    ck_assert_int_eq(ew_json_parse(json, strlen(json), &doc, &err), EW_OK);
    bool yes = ew_route_concerns(kind, ew_doc_root(doc), host);
    ew_doc_unref(doc);
    return yes;
}

START_TEST(what_a_list_keeps)
{
    ck_assert(concerns(EW_HTTPROUTE, "{\"spec\":{\"hostnames\":[\"*.a.com\"]}}", "x.a.com"));
    ck_assert(concerns(EW_HTTPROUTE, "{\"spec\":{\"hostnames\":[\"*.a.com\"]}}", "a.com"));
    ck_assert(!concerns(EW_HTTPROUTE, "{\"spec\":{\"hostnames\":[\"*.a.com\"]}}", "ba.com"));
    ck_assert(!concerns(EW_HTTPROUTE, "{\"spec\":{\"hostnames\":[\"*.a.com\"]}}", "b.com"));
    ck_assert(concerns(EW_GRPCROUTE, "{\"spec\":{}}", "a.com"));
    ck_assert(concerns(EW_TLSROUTE, "{\"spec\":5}", "a.com"));
    ck_assert(!concerns(EW_INGRESS, "{\"spec\":{\"rules\":[{\"host\":\"b.com\"}]}}", "a.com"));
    ck_assert(concerns(EW_INGRESS, "{\"spec\":{\"rules\":[{\"host\":\"*.a.com\"}]}}", "c.b.a.com"));
    ck_assert(concerns(EW_INGRESS, "{\"spec\":{\"rules\":[{\"host\":\"*.a.com\"}]}}", "a.com"));
    ck_assert(concerns(EW_INGRESS, "{\"spec\":{\"rules\":[{\"http\":{}}]}}", "a.com"));
    ck_assert(concerns(EW_INGRESS, "{\"spec\":{\"defaultBackend\":{}}}", "a.com"));
    ck_assert(concerns(EW_SERVICE, "{}", "a.com"));
}
END_TEST

/* ---- listeners ---- */

#define ANY "allowedRoutes: {namespaces: {from: All}}"

START_TEST(only_the_most_specific_listener_serves)
{
    struct place *place = place_new(
        CLASS GATEWAY("web",
                      "{name: all, port: 80, protocol: HTTP, " ANY "}, {name: wild, port: "
                      "80, protocol: HTTP, hostname: '*.x.com', " ANY
                      "}, {name: exact, port: 80, protocol: HTTP, hostname: h.x.com, " ANY "}")
            SERVICE("shop", "a") ROUTE(
                "r",
                "parentRefs: [{name: web, namespace: infra, sectionName: all}], rules: [{" BACKEND(
                    "a") "}]"),
        NULL);
    ck_assert_int_eq(ask(place, "GET http://other.com/")->outcome, EW_OUT_BACKEND);
    ck_assert_str_eq(ask(place, "GET http://other.com/")->listener, "all");
    ck_assert_int_eq(ask(place, "GET http://h.x.com/")->outcome, EW_OUT_NO_ROUTE);
    ck_assert_str_eq(ask(place, "GET http://h.x.com/")->listener, "exact");
    ck_assert_str_eq(ask(place, "GET http://i.x.com/")->listener, "wild");
    place_free(place);
}
END_TEST

/* Owner, listener and pattern of every near miss, one a line. */
static void assert_near(struct place *place, const char *host, const char *want)
{
    size_t count;
    const struct ew_near_host *const *near = ew_routing_near_hosts(place->routing, host, &count);
    struct ew_buf text;
    ew_buf_init(&text, 0);
    for (size_t i = 0; i < count; i++)
        ew_buf_addf(&text, "%s %s %s %s\n", near[i]->owner->name,
                    near[i]->listener ? near[i]->listener : "-", near[i]->pattern,
                    near[i]->apex ? "apex" : "deep");
    ck_assert_str_eq(ew_buf_text(&text), want);
    ew_buf_release(&text);
}

START_TEST(wildcards_that_nearly_take_a_host)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: wild, port: 80, protocol: HTTP, hostname: '*.x.com', " ANY "}")
            ROUTE("r", TO_WEB ", hostnames: ['*.x.com', '*.b.x.com', y.com]")
                ROUTE("both", TO_WEB ", hostnames: ['*.x.com', x.com]")
                    OBJECT("networking.k8s.io/v1", "Ingress", "shop", "i",
                           "spec: {rules: [{host: '*.x.com', http: {paths: [{path: /, pathType: "
                           "Prefix}, {path: /a, pathType: Prefix}]}}]}"),
        NULL);
    assert_near(place, "x.com", "r - *.x.com apex\ni - *.x.com apex\nweb wild *.x.com apex\n");
    assert_near(place, "X.com.", "r - *.x.com apex\ni - *.x.com apex\nweb wild *.x.com apex\n");
    assert_near(place, "a.x.com", "");
    assert_near(place, "c.a.x.com", "i - *.x.com deep\n");
    assert_near(place, "b.x.com", ""); /* *.x.com takes it */
    assert_near(place, "ax.com", "");
    assert_near(place, "", "");
    place_free(place);
}
END_TEST

START_TEST(which_name_the_host_is_had_by)
{
    struct place *place =
        place_new(BASE ROUTE("any", TO_WEB ", rules: [{" BACKEND("a") "}]")
                      ROUTE("wild", TO_WEB ", hostnames: ['*.x.com'], rules: [{" BACKEND("a") "}]"),
                  NULL);
    ck_assert_str_eq(ask(place, "GET http://y.com/")->host, "");
    const struct ew_decision *decision = ask(place, "GET http://a.x.com/");
    ck_assert_str_eq(decision->host, "*.x.com");
    ck_assert_uint_eq(decision->candidate_count, 2);
    ck_assert_str_eq(decision->candidates[0].host, "");
    ck_assert_str_eq(decision->candidates[1].host, "*.x.com");
    place_free(place);
}
END_TEST

START_TEST(host_that_no_listener_takes)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: h, port: 80, protocol: HTTP, hostname: a.com}"), NULL);
    const struct ew_decision *decision = ask(place, "GET http://b.com/");
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_LISTENER);
    ck_assert_int_eq(decision->status, 404); /* plain HTTP: somebody listens */
    decision = ask(place, "GET http://b.com:81/");
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_LISTENER);
    ck_assert_int_eq(decision->status, 0);
    place_free(place);
}
END_TEST

#define PAIR "tls: {options: {example.com/certs: here}}"

START_TEST(server_name_and_host_apart)
{
    struct place *place = place_new(
        CLASS GATEWAY("web", "{name: a, port: 443, protocol: HTTPS, hostname: a.com, " PAIR ", " ANY
                             "}, {name: b, port: 443, protocol: HTTPS, hostname: b.com, " PAIR
                             ", " ANY "}") SERVICE("shop", "a")
            ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"),
        NULL);
    const char *b[] = {"Host: b.com", NULL}, *c[] = {"Host: c.com", NULL};
    ck_assert_int_eq(ask(place, "GET https://a.com/")->status, 200);
    const struct ew_decision *decision = put(place, "GET https://a.com/", b);
    ck_assert_int_eq(decision->outcome, EW_OUT_MISDIRECTED);
    ck_assert_int_eq(decision->status, 421);
    decision = put(place, "GET https://a.com/", c);
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_ROUTE);
    ck_assert_int_eq(decision->status, 404);
    decision = ask(place, "GET https://c.com/"); /* no listener for the server name: no handshake */
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_LISTENER);
    ck_assert_int_eq(decision->status, 0);
    place_free(place);

    place = place_new(CLASS GATEWAY("web", "{name: all, port: 443, protocol: HTTPS, " PAIR ", " ANY
                                           "}, {name: b, "
                                           "port: 443, protocol: HTTPS, hostname: b.com, " PAIR
                                           ", " ANY "}") SERVICE("shop", "a")
                          ROUTE("r", TO_WEB ", rules: [{" BACKEND("a") "}]"),
                      "{\"GatewayHTTPSListenerDetectMisdirectedRequests\": false}");
    ck_assert_int_eq(put(place, "GET https://z.com/", b)->outcome, EW_OUT_BACKEND);
    place_free(place);
}
END_TEST

/* ---- gRPC ---- */

static const char grpc[] = BASE OBJECT(
    GW, "GRPCRoute", "shop", "g",
    "spec: {" TO_WEB ", rules: [" RULE("{method: {service: pkg.S}}") ", " RULE(
        "{method: {service: pkg.S, method: "
        "M}}") ", " RULE("{method: {method: M}}") ", " RULE("{method: {service: pkg.S, method: M}, "
                                                            "headers: [{name: "
                                                            "v, value: '1'}]}") ", " RULE("{method:"
                                                                                          " {type: "
                                                                                          "RegularE"
                                                                                          "xpressio"
                                                                                          "n, "
                                                                                          "service:"
                                                                                          " 'p.*T',"
                                                                                          " method:"
                                                                                          " "
                                                                                          "'Get.*'}"
                                                                                          "}") "]"
                                                                                               "}");

static const struct {
    const char *line, *header;
    int rule;
} grpc_cases[] = {
    {"POST grpc+http://x/pkg.S/M", NULL, 1},     {"POST grpc+http://x/pkg.S/M", "v: 1", 3},
    {"POST grpc+http://x/pkg.S/N", NULL, 0},     {"POST grpc+http://x/pkg.T/M", NULL, 2},
    {"POST grpc+http://x/pkg.T/GetIt", NULL, 4}, {"POST grpc+http://x/pkg.T/Put", NULL, -1},
    {"POST grpc+http://x/pkg.Sub/N", NULL, -1},  {"GET http://x/pkg.S/M", NULL, -1},
};

START_TEST(grpc_methods)
{
    const char *headers[] = {grpc_cases[_i].header, NULL};
    struct place *place = place_new(grpc, NULL);
    const struct ew_decision *decision =
        put(place, grpc_cases[_i].line, headers[0] ? headers : NULL);
    if (grpc_cases[_i].rule < 0) {
        ck_assert_int_eq(decision->outcome, EW_OUT_NO_ROUTE);
        ck_assert_int_eq(decision->grpc_status,
                         strncmp(grpc_cases[_i].line, "GET", 3) == 0 ? -1 : 12);
    } else {
        ck_assert_int_eq(decision->rule, grpc_cases[_i].rule);
        ck_assert_int_eq(decision->grpc_status, 0);
    }
    place_free(place);
}
END_TEST

/* ---- rules that cannot be ---- */

static const struct {
    const char *rule, *accepted;
} broken_cases[] = {
    {"{matches: [{path: {type: Fuzzy, value: /}}]}", "False UnsupportedValue"},
    {"{matches: [{path: {type: RegularExpression, value: '('}}]}", "False UnsupportedValue"},
    {"{matches: [{headers: [{name: a, type: Nearly, value: b}]}]}", "False UnsupportedValue"},
    {"{matches: [{method: FETCH}]}", "False UnsupportedValue"},
    {"{filters: [{type: Teleport}]}", "False UnsupportedValue"},
    {"{filters: [{type: RequestRedirect, requestRedirect: {statusCode: 300}}]}",
     "False UnsupportedValue"},
    {"{filters: [{type: RequestRedirect, requestRedirect: {}}, {type: URLRewrite, urlRewrite: "
     "{hostname: a.com}}]}",
     "False IncompatibleFilters"},
    {"{matches: [{path: {type: Exact, value: /a}}], filters: [{type: URLRewrite, urlRewrite: "
     "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}}]}",
     "False UnsupportedValue"},
};

START_TEST(route_whose_only_rule_cannot_be)
{
    char *yaml = ew_fmt(BASE ROUTE("r", TO_WEB ", rules: [%s]"), broken_cases[_i].rule);
    struct place *place = place_new(yaml, NULL);
    assert_expected(place, "HTTPRoute/r", "parents[0]", "Accepted", broken_cases[_i].accepted);
    ck_assert_int_eq(ask(place, "GET http://x/")->outcome, EW_OUT_NO_ROUTE);
    place_free(place);
    free(yaml);
}
END_TEST

START_TEST(route_with_one_bad_rule_serves_the_others)
{
    struct place *place = place_new(
        BASE ROUTE("r", TO_WEB
                   ", rules: [{matches: [{path: {type: Fuzzy, value: /a}}]}, {" BACKEND("a") "}]"),
        NULL);
    assert_expected(place, "HTTPRoute/r", "parents[0]", "Accepted", "True Accepted");
    assert_expected(place, "HTTPRoute/r", "parents[0]", "PartiallyInvalid",
                    "True UnsupportedValue");
    assert_rule(place, "GET http://x/a", NULL, "r", 1);
    place_free(place);
}
END_TEST

/* ---- candidates ---- */

START_TEST(candidates_are_the_rules_that_claim_the_host)
{
    struct place *place = place_new(
        BASE ONE("wins", "2024-01-01T00:00:00Z", "x.com", "{path: {value: /a}}")
            ONE("late", "2024-01-02T00:00:00Z", "x.com", "{path: {value: /a}}")
                ONE("wild", "2024-01-02T00:00:00Z", "'*.com'", "{path: {value: /a}}")
                    ONE("misses", "2024-01-01T00:00:00Z", "x.com", "{path: {value: /b}}")
                        ONE("other", "2024-01-01T00:00:00Z", "y.com", "{path: {value: /a}}") ROUTE(
                            "loose", "parentRefs: [{name: gone, namespace: infra}], hostnames: "
                                     "[x.com], rules: [{" BACKEND("a") "}]"),
        NULL);
    static const struct {
        const char *name, *word;
        bool attached, matched;
    } want[] = {
        {"late", "its route is older", true, true},
        {"loose", "infra/gone does not exist", false, true},
        {"misses", "path /a is not under /b", true, false},
        {"wild", "more specific", true, true},
        {"wins", NULL, true, true},
    };
    const struct ew_decision *decision = ask(place, "GET http://x.com/a");
    ck_assert_uint_eq(decision->candidate_count, EW_COUNT(want));
    ck_assert_uint_eq(decision->others, 1);
    for (size_t i = 0; i < EW_COUNT(want); i++) {
        const struct ew_candidate *one = &decision->candidates[i];
        ck_assert_str_eq(one->route->name, want[i].name);
        ck_assert_int_eq(one->attached, want[i].attached);
        ck_assert_int_eq(one->matched, want[i].matched);
        ck_assert_int_eq(one->wins, want[i].word == NULL);
        if (want[i].word)
            ck_assert_msg(strstr(one->why_not, want[i].word) != NULL, "%s", one->why_not);
    }
    place_free(place);
}
END_TEST

/* ---- misses ---- */

static const struct {
    const char *rule, *line;
    enum ew_part part;
    enum ew_near near;
    const char *would; /* NULL: none */
} misses[] = {
    {RULE("{path: {value: /shop}}"), "GET http://x/api", EW_PART_PATH, EW_NEAR_NOT, NULL},
    {RULE("{path: {type: Exact, value: /api}}"), "GET http://x/api/", EW_PART_PATH, EW_NEAR_SLASH,
     "/api"},
    {RULE("{path: {type: Exact, value: /api/}}"), "GET http://x/api", EW_PART_PATH, EW_NEAR_SLASH,
     "/api/"},
    {RULE("{path: {type: Exact, value: /}}"), "GET http://x/api", EW_PART_PATH, EW_NEAR_NOT, NULL},
    {RULE("{path: {type: Exact, value: /api}}"), "GET http://x/api/v1/x", EW_PART_PATH,
     EW_NEAR_BELOW, "/api"},
    {RULE("{path: {type: Exact, value: /api}}"), "GET http://x/apis", EW_PART_PATH, EW_NEAR_NOT,
     NULL},
    {RULE("{path: {type: Exact, value: /Api}}"), "GET http://x/api", EW_PART_PATH, EW_NEAR_CASE,
     "/Api"},
    {RULE("{path: {value: /Api/}}"), "GET http://x/api/v1", EW_PART_PATH, EW_NEAR_CASE, "/Api/v1"},
    {RULE("{path: {value: /api}}"), "GET http://x/apiary", EW_PART_PATH, EW_NEAR_CHARACTERS, NULL},
    {RULE("{path: {value: '/api/*'}}"), "GET http://x/api/v1", EW_PART_PATH, EW_NEAR_STAR, NULL},
    {RULE("{path: {type: RegularExpression, value: '/api'}}"), "GET http://x/api/", EW_PART_PATH,
     EW_NEAR_NOT, NULL},
    {RULE("{path: {type: Exact, value: /api}, method: POST}"), "GET http://x/api/", EW_PART_PATH,
     EW_NEAR_NOT, NULL},
    {RULE("{path: {value: /api}, method: POST, headers: [{name: v, value: '1'}]}"),
     "GET http://x/api", EW_PART_METHOD, EW_NEAR_NOT, NULL},
    {RULE("{headers: [{name: v, value: '1'}]}"), "GET http://x/api", EW_PART_HEADER, EW_NEAR_NOT,
     NULL},
    {RULE("{queryParams: [{name: v, value: '1'}]}"), "GET http://x/api?v=2", EW_PART_QUERY,
     EW_NEAR_NOT, NULL},
    /* of several matches the nearest */
    {RULE("{path: {value: /shop}}, {path: {type: Exact, value: /api}}, {path: {value: /ap}}"),
     "GET http://x/api/", EW_PART_PATH, EW_NEAR_SLASH, "/api"},
};

START_TEST(what_a_request_misses_by)
{
    char *all = ew_fmt("%s" ROUTE("r", TO_WEB ", rules: [%s]"), BASE, misses[_i].rule);
    struct place *place = place_new(all, NULL);
    const struct ew_decision *decision = ask(place, misses[_i].line);
    const struct ew_miss *miss = &decision->candidates[0].miss;
    ck_assert_int_eq(decision->outcome, EW_OUT_NO_ROUTE);
    ck_assert_int_eq(miss->part, misses[_i].part);
    ck_assert_int_eq(miss->near, misses[_i].near);
    ck_assert_str_eq(miss->would ? miss->would : "", misses[_i].would ? misses[_i].would : "");
    ck_assert_ptr_nonnull(miss->why);
    place_free(place);
    free(all);
}
END_TEST

/* A request that is not gRPC, at the very method that a GRPCRoute takes. */
START_TEST(a_request_that_is_not_grpc)
{
    struct place *place = place_new(
        BASE OBJECT(GW, "GRPCRoute", "shop", "g",
                    "spec: {" TO_WEB ", rules: [{matches: [{method: {service: a.B, method: "
                    "C}}], " BACKEND("a") "}]}"),
        NULL);
    ck_assert_int_eq(ask(place, "GET http://x/a.B/C")->candidates[0].miss.part, EW_PART_PROTOCOL);
    ck_assert_int_eq(ask(place, "GET http://x/a.B/D")->candidates[0].miss.part, EW_PART_PATH);
    place_free(place);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: matching");
    TCase *rules = tcase_create("rules");
    tcase_add_loop_test(rules, rules_of_one_route, 0, EW_COUNT(path_cases));
    tcase_add_test(rules, any_match_of_a_rule_is_enough);
    tcase_add_test(rules, of_equal_matches_the_first_rule_wins);
    tcase_add_test(rules, second_header_of_a_name_is_ignored);
    tcase_add_test(rules, regular_expressions);
    tcase_add_test(rules, expression_beyond_its_limits_is_unknown);
    tcase_add_test(rules, dialects_are_said);
    tcase_add_loop_test(rules, paths_that_an_edge_may_normalise, 0, EW_COUNT(path_notes));
    tcase_add_test(rules, across_routes_the_better_match_wins);
    tcase_add_test(rules, on_a_tie_the_older_route_wins_then_the_name);
    tcase_add_test(rules, route_without_a_date_comes_last);
    tcase_add_test(rules, more_specific_hostname_goes_before_a_longer_path);
    tcase_add_test(rules, less_specific_hostname_serves_what_the_other_does_not);
    tcase_add_loop_test(rules, grpc_methods, 0, EW_COUNT(grpc_cases));
    tcase_add_loop_test(rules, route_whose_only_rule_cannot_be, 0, EW_COUNT(broken_cases));
    tcase_add_test(rules, route_with_one_bad_rule_serves_the_others);
    tcase_add_loop_test(rules, what_a_request_misses_by, 0, EW_COUNT(misses));
    tcase_add_test(rules, a_request_that_is_not_grpc);
    tcase_add_test(rules, candidates_are_the_rules_that_claim_the_host);
    suite_add_tcase(s, rules);
    TCase *hosts = tcase_create("hosts");
    tcase_add_test(hosts, hostname_rule);
    tcase_add_test(hosts, what_a_list_keeps);
    tcase_add_test(hosts, only_the_most_specific_listener_serves);
    tcase_add_test(hosts, wildcards_that_nearly_take_a_host);
    tcase_add_test(hosts, which_name_the_host_is_had_by);
    tcase_add_test(hosts, host_that_no_listener_takes);
    tcase_add_test(hosts, server_name_and_host_apart);
    suite_add_tcase(s, hosts);
    return s;
}
