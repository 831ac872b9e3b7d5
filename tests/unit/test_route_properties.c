/* What must never change a decision or a check: the order of the objects, objects that have nothing
 * to do with it, the version they are written in, fields of the future. And what the candidates
 * are. Over a world made by hand and over worlds made at random, always the same ones. */
#include "config.h"

#include "random_world.h"
#include "route_world.h"
#include "unit.h"

#include <string.h>

/* ---- a world made by hand ---- */

static const char crowd[] = BASE AGED(
    GW, "HTTPRoute", "shop", "a", "2024-01-01T00:00:00Z",
    "spec: {" TO_WEB
    ", hostnames: [x.com, '*.x.com'], rules: [{matches: [{path: {value: /a}}], " BACKEND(
        "a") "}, {matches: [{path: {value: /a}}], " BACKEND("b") "}]}")
    AGED(GW, "HTTPRoute", "shop", "b", "2024-01-01T00:00:00Z",
         "spec: {" TO_WEB ", hostnames: [x.com], rules: [{matches: [{path: {value: /a}}, {path: "
         "{type: Exact, value: /a/b}}], " BACKEND("b") "}]}") ROUTE("c", TO_WEB
                                                                    ", rules: [{" BACKEND("a") "}]")
        AGED(GW, "GRPCRoute", "shop", "g", "2024-01-01T00:00:00Z",
             "spec: {" TO_WEB ", hostnames: [y.com], rules: [{" BACKEND("a") "}]}")
            OBJECT(
                "networking.k8s.io/v1", "Ingress", "shop", "i",
                "spec: {rules: [{host: x.com, http: {paths: [{pathType: Prefix, path: /, backend: "
                "{service: {name: b, port: {number: 80}}}}]}}]}");

static const char *const lines[] = {
    "GET http://x.com/a",   "GET http://x.com/a/b", "GET http://w.x.com/a",
    "GET http://x.com/z",   "GET http://y.com/a",   "POST grpc+http://y.com/S/M",
    "GET http://x.com:81/", "X tcp://x.com:80",
};

START_TEST(order_of_objects_never_matters)
{
    struct place *first = place_new(crowd, NULL);
    for (unsigned seed = 1; seed <= 24; seed++) {
        struct place *other = place_shuffled(crowd, seed * 2654435761u);
        char *want = put_text(first, lines[_i]), *got = put_text(other, lines[_i]);
        ck_assert_str_eq(got, want);
        free(want);
        free(got);
        place_free(other);
    }
    place_free(first);
}
END_TEST

static const char *const strangers[] = {
    ROUTE("stranger", TO_WEB ", hostnames: [elsewhere.com], rules: [{" BACKEND("b") "}]"),
    GATEWAY("stranger", "{name: h, port: 8081, protocol: HTTP}"),
    SERVICE("far", "stranger"),
    "---\n{apiVersion: v1, kind: Namespace, metadata: {name: stranger}}\n",
    OBJECT("example.com/v1", "Strange", "shop", "stranger", "spec: {a: b}"),
    OBJECT("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "far", "stranger",
           "spec: {from: [], to: []}"),
};

START_TEST(unrelated_object_never_matters)
{
    struct place *first = place_new(crowd, NULL);
    for (size_t i = 0; i < EW_COUNT(strangers); i++) {
        char *yaml = ew_fmt("%s%s", crowd, strangers[i]);
        struct place *other = place_new(yaml, NULL);
        char *want = put_text(first, lines[_i]), *got = put_text(other, lines[_i]);
        ck_assert_str_eq(got, want);
        free(want);
        free(got);
        free(yaml);
        place_free(other);
    }
    place_free(first);
}
END_TEST

static char *replaced(const char *text, const char *from, const char *to)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    for (const char *at; (at = strstr(text, from)); text = at + strlen(from)) {
        ew_buf_add(&out, text, (size_t)(at - text));
        ew_buf_adds(&out, to);
    }
    ew_buf_adds(&out, text);
    return ew_buf_take(&out);
}

START_TEST(older_versions_and_unknown_fields_give_the_same)
{
    char *beta = replaced(crowd, "networking.k8s.io/v1, kind: HTTPRoute",
                          "networking.k8s.io/v1beta1, kind: HTTPRoute");
    char *more = replaced(crowd, "spec: {", "spec: {futureField: {a: [1]}, ");
    struct place *first = place_new(crowd, NULL), *old = place_new(beta, NULL),
                 *newer = place_new(more, NULL);
    char *want = put_text(first, lines[_i]), *got = put_text(old, lines[_i]),
         *got_more = put_text(newer, lines[_i]);
    ck_assert_str_eq(got, want);
    ck_assert_str_eq(got_more, want);
    free(want);
    free(got);
    free(got_more);
    free(beta);
    free(more);
    place_free(first);
    place_free(old);
    place_free(newer);
}
END_TEST

/* ---- worlds at random ---- */

enum { WORLDS = 60, REQUESTS = 12, ORDERS = 3 };

static char *check_text(struct place *place)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_json_write(&out, checked(place), 1);
    return ew_buf_take(&out);
}

/* Says which world and request, for who has to look. */
static void same(const struct model *model, const char *line, char *got, char *want)
{
    ck_assert_msg(strcmp(got, want) == 0, "%s\n%s\ngives\n%s\nand not\n%s", model->yaml, line, got,
                  want);
    free(got);
    free(want);
}

/* Every request gives the same in both places, and so does check where it is asked for. */
static void same_answers(const struct model *model, unsigned seed, struct place *first,
                         struct place *other, bool check)
{
    struct random random = random_new(seed + 1000);
    for (int i = 0; i < REQUESTS; i++) {
        char *line = random_request(&random);
        same(model, line, put_text(other, line), put_text(first, line));
        free(line);
    }
    if (check)
        same(model, "check", check_text(other), check_text(first));
}

START_TEST(any_order_gives_the_same)
{
    struct model model;
    model_make(&model, (unsigned)_i);
    struct place *first = place_new(model.yaml, NULL);
    for (unsigned order = 1; order <= ORDERS; order++) {
        struct place *other = place_shuffled(model.yaml, (unsigned)_i * 31 + order * 2654435761u);
        same_answers(&model, (unsigned)_i, first, other, true);
        place_free(other);
    }
    place_free(first);
    model_release(&model);
}
END_TEST

START_TEST(unrelated_objects_at_random_worlds)
{
    struct model model;
    model_make(&model, (unsigned)_i);
    struct place *first = place_new(model.yaml, NULL);
    for (size_t i = 0; i < EW_COUNT(strangers); i++) {
        char *yaml = ew_fmt("%s%s", model.yaml, strangers[i]);
        struct place *other = place_new(yaml, NULL);
        same_answers(&model, (unsigned)_i, first, other, false);
        place_free(other);
        free(yaml);
    }
    place_free(first);
    model_release(&model);
}
END_TEST

START_TEST(versions_and_unknown_fields_at_random_worlds)
{
    static const char *const changes[][2] = {
        {"k8s.io/v1, kind: HTTPRoute", "k8s.io/v1beta1, kind: HTTPRoute"},
        {"k8s.io/v1, kind: GRPCRoute", "k8s.io/v1alpha2, kind: GRPCRoute"},
        {"k8s.io/v1, kind: Gateway,", "k8s.io/v1beta1, kind: Gateway,"},
        {"spec: {", "spec: {futureField: {a: [1]}, "},
        {"backendRefs: [{", "backendRefs: [{futureField: [a], "},
        {"parentRefs: [{", "parentRefs: [{futureField: {}, "},
        {"{path: {", "{futureField: 1, path: {"},
    };
    struct model model;
    model_make(&model, (unsigned)_i);
    struct place *first = place_new(model.yaml, NULL);
    for (size_t i = 0; i < EW_COUNT(changes); i++) {
        char *yaml = replaced(model.yaml, changes[i][0], changes[i][1]);
        struct place *other = place_new(yaml, NULL);
        same_answers(&model, (unsigned)_i, first, other, true);
        place_free(other);
        free(yaml);
    }
    place_free(first);
    model_release(&model);
}
END_TEST

/* ---- the candidates ---- */

/* By the words of the specification (HTTPRouteSpec.hostnames), not by the program's function: a
 * wildcard stands for one or more labels. */
static bool route_claims(const struct model_route *route, const char *host)
{
    bool claims = !route->host_count;
    for (size_t i = 0; i < route->host_count; i++) {
        const char *pattern = route->hosts[i];
        size_t tail = strlen(pattern) - 1, len = strlen(host);
        claims |= *pattern == '*' ? len > tail && strcmp(host + len - tail, pattern + 1) == 0
                                  : strcmp(host, pattern) == 0;
    }
    return claims;
}

/* IngressRule.host: a wildcard stands for exactly one label. */
static bool path_claims(const struct model_path *path, const char *host)
{
    const char *dot = strchr(host, '.');
    return !*path->host || strcmp(path->host, host) == 0 ||
           (*path->host == '*' && dot && strcmp(path->host + 1, dot) == 0);
}

static void expect(struct ew_map *left, const char *kind, const char *ns, const char *name,
                   int rule)
{
    char *key = ew_fmt("%s %s/%s %d", kind, ns, name, rule);
    ew_map_set(left, key, left);
    free(key);
}

static struct ew_map *expected_candidates(const struct model *model, const char *host)
{
    struct ew_map *left = ew_map_new();
    for (size_t i = 0; i < model->route_count; i++) {
        const struct model_route *route = &model->routes[i];
        for (size_t j = 0; route_claims(route, host) && j < route->rule_count; j++)
            expect(left, route->grpc ? "GRPCRoute" : "HTTPRoute", route->ns, route->name, (int)j);
    }
    for (size_t i = 0; i < model->ingress_count; i++) {
        const struct model_ingress *ingress = &model->ingresses[i];
        for (size_t j = 0; j < ingress->path_count; j++)
            if (path_claims(&ingress->paths[j], host))
                expect(left, "Ingress", ingress->ns, ingress->name, ingress->paths[j].rule);
        if (ingress->fallback)
            expect(left, "Ingress", ingress->ns, ingress->name, -1);
    }
    return left;
}

static char *host_of(const char *line)
{
    const char *host = strstr(line, "://") + 3;
    return ew_strndup(host, strcspn(host, ":/"));
}

static size_t total_rules(const struct model *model)
{
    size_t count = 0;
    for (size_t i = 0; i < model->route_count; i++)
        count += model->routes[i].rule_count;
    for (size_t i = 0; i < model->ingress_count; i++)
        count += model->ingresses[i].path_count + model->ingresses[i].fallback;
    return count;
}

/* Each exactly once, each that lost with its reason, the winner among them; all others counted. */
static void judge_candidates(const struct model *model, const char *line,
                             const struct ew_decision *decision)
{
    char *host = host_of(line);
    struct ew_map *left = expected_candidates(model, host);
    size_t wins = 0;
    ck_assert_msg(decision->candidate_count == ew_map_count(left), "%s%s: %zu candidates, not %zu",
                  model->yaml, line, decision->candidate_count, ew_map_count(left));
    for (size_t i = 0; i < decision->candidate_count; i++) {
        const struct ew_candidate *one = &decision->candidates[i];
        char *key = ew_fmt("%s %s/%s %d", one->route->kind_name, one->route->ns, one->route->name,
                           one->rule);
        ck_assert_msg(ew_map_get(left, key) == left, "%s%s: %s is none", model->yaml, line, key);
        ew_map_set(left, key, &wins); /* it stands there once */
        ck_assert_msg(one->wins || one->why_not, "%s%s: %s has no reason", model->yaml, line, key);
        ck_assert(!one->wins || (one->attached && one->matched && !one->why_not));
        wins += one->wins;
        free(key);
    }
    ck_assert_uint_eq(decision->others, total_rules(model) - decision->candidate_count);
    ck_assert_msg(wins == (decision->route || decision->ingress ? 1 : 0), "%s%s: %zu winners",
                  model->yaml, line, wins);
    ew_map_free(left);
    free(host);
}

START_TEST(candidates_are_the_rules_that_claim_the_host)
{
    struct model model;
    struct random random = random_new((unsigned)_i + 1000);
    model_make(&model, (unsigned)_i);
    struct place *place = place_new(model.yaml, NULL);
    for (int i = 0; i < REQUESTS; i++) {
        char *line = random_request(&random);
        judge_candidates(&model, line, ask(place, line));
        free(line);
    }
    place_free(place);
    model_release(&model);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: properties");
    TCase *one = tcase_create("by hand");
    tcase_set_timeout(one, 60);
    tcase_add_loop_test(one, order_of_objects_never_matters, 0, EW_COUNT(lines));
    tcase_add_loop_test(one, unrelated_object_never_matters, 0, EW_COUNT(lines));
    tcase_add_loop_test(one, older_versions_and_unknown_fields_give_the_same, 0, EW_COUNT(lines));
    suite_add_tcase(s, one);
    TCase *many = tcase_create("at random");
    tcase_set_timeout(many, 60);
    tcase_add_loop_test(many, any_order_gives_the_same, 0, WORLDS);
    tcase_add_loop_test(many, unrelated_objects_at_random_worlds, 0, WORLDS);
    tcase_add_loop_test(many, versions_and_unknown_fields_at_random_worlds, 0, WORLDS);
    tcase_add_loop_test(many, candidates_are_the_rules_that_claim_the_host, 0, WORLDS);
    suite_add_tcase(s, many);
    return s;
}
