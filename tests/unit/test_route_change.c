/* What a change does: conditions before and after, and requests that another answers. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

/* Two worlds, and what lies between them. */
struct both {
    struct place *before, *after;
    struct ew_doc *doc;
    struct ew_ptrs names;
};

static struct both both_new(const char *before, const char *after)
{
    struct both both = {.before = place_new(before, NULL), .after = place_new(after, NULL)};
    both.doc = ew_check_changes(checked(both.before), checked(both.after), &both.names);
    return both;
}

static void both_free(struct both *both)
{
    for (size_t i = 0; i < both->names.count; i++)
        free(both->names.at[i]);
    ew_ptrs_release(&both->names);
    ew_doc_unref(both->doc);
    place_free(both->before);
    place_free(both->after);
}

static const struct ew_json *row(const struct both *both, size_t index)
{
    return ew_json_item(ew_json_get(ew_doc_root(both->doc), "changes"), index);
}

/* Requests of the named object; the caller's. */
static struct ew_doc *winners(struct both *both, const char *name)
{
    const char *names[] = {name, NULL};
    struct ew_doc *doc = ew_doc_new();
    ew_doc_set_root(doc,
                    ew_routing_winners(doc, both->before->routing, both->after->routing, names));
    return doc;
}

#define ONE TO_WEB ", hostnames: [x.com], rules: [{" BACKEND("a") "}]"
#define GONE TO_WEB ", hostnames: [x.com], rules: [{" BACKEND("gone") "}]"
#define MORE(match) TO_WEB ", hostnames: [x.com], rules: [{matches: [" match "], " BACKEND("b") "}]"

START_TEST(nothing_changes)
{
    struct both both = both_new(BASE ROUTE("r", ONE), BASE ROUTE("r", ONE));
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_doc_root(both.doc), "changes")), 0);
    ck_assert_uint_eq(both.names.count, 0);
    both_free(&both);
}
END_TEST

START_TEST(conditions_become_bad_and_good)
{
    struct both both = both_new(BASE ROUTE("bad", ONE) ROUTE("good", GONE),
                                BASE ROUTE("bad", GONE) ROUTE("good", ONE));
    const struct ew_json *root = ew_doc_root(both.doc);
    ck_assert_int_eq((int)ew_json_get_int(root, "worse", 0), 1);
    ck_assert_int_eq((int)ew_json_get_int(root, "better", 0), 1);
    ck_assert_str_eq(ew_json_get_str(row(&both, 0), "type", ""), "ResolvedRefs");
    ck_assert_str_eq(ew_json_get_str(row(&both, 0), "place", ""), "at Gateway infra/web");
    ck_assert_str_eq(ew_json_str_or(ew_json_at(row(&both, 0), "before.status"), ""), "True");
    ck_assert_str_eq(ew_json_str_or(ew_json_at(row(&both, 0), "after.reason"), ""),
                     "BackendNotFound");
    ck_assert_str_eq(ew_json_get_str(row(&both, 0), "why", ""), "Service shop/gone does not exist");
    ck_assert_uint_eq(both.names.count, 2);
    both_free(&both);
}
END_TEST

/* A count changes with every route: that alone does not make its Gateway another. */
START_TEST(a_count_is_a_change_and_no_name)
{
    struct both both = both_new(BASE ROUTE("r", ONE), BASE ROUTE("r", ONE) ROUTE("s", ONE));
    ck_assert_str_eq(ew_json_get_str(row(&both, 0), "type", ""), "attachedRoutes");
    ck_assert_int_eq((int)ew_json_get_int(row(&both, 0), "before", 0), 1);
    ck_assert_int_eq((int)ew_json_get_int(row(&both, 0), "after", 0), 2);
    ck_assert_uint_eq(both.names.count, 1);
    ck_assert_str_eq(both.names.at[0], "HTTPRoute/shop/s");
    ck_assert(ew_json_is(ew_json_get(row(&both, 1), "before"), EW_JSON_NULL));
    both_free(&both);
}
END_TEST

START_TEST(a_listener_that_goes)
{
    struct both both =
        both_new(CLASS GATEWAY("web", HTTP80 ", {name: more, port: 81, protocol: HTTP}"),
                 CLASS GATEWAY("web", HTTP80));
    ck_assert_str_eq(ew_json_get_str(row(&both, 0), "place", ""), "listener more");
    ck_assert(ew_json_is(ew_json_get(row(&both, 0), "after"), EW_JSON_NULL));
    both_free(&both);
}
END_TEST

/* One request for each match that can be turned round into one. */
static const struct winner_case {
    const char *name, *match, *request; /* request NULL: nobody's winner changes */
} winner_cases[] = {
    {"prefix", "{path: {value: /a}}", "GET http://x.com:80/a"},
    {"exact", "{path: {type: Exact, value: /a}}", "GET http://x.com:80/a"},
    {"method", "{method: PUT}", "PUT http://x.com:80/"},
    {"header", "{headers: [{name: a, value: '1'}]}", "GET http://x.com:80/ -H 'a: 1'"},
    {"query", "{queryParams: [{name: a, value: '1'}]}", "GET http://x.com:80/?a=1"},
    {"the same match as of an older one by name", "{path: {value: /}}", NULL},
    {"an expression", "{path: {type: RegularExpression, value: /a.}}", NULL},
};

START_TEST(requests_that_another_answers)
{
    const struct winner_case *one = &winner_cases[_i];
    char *after = ew_fmt(BASE ROUTE("r", ONE) ROUTE("s", MORE("%s")), one->match);
    struct both both = both_new(BASE ROUTE("r", ONE), after);
    struct ew_doc *doc = winners(&both, "HTTPRoute/shop/s");
    const struct ew_json *changes = ew_json_get(ew_doc_root(doc), "changes");
    ck_assert_msg(ew_json_count(changes) == (one->request ? 1 : 0), "%s", one->name);
    if (one->request) {
        const struct ew_json *first = ew_json_item(changes, 0);
        ck_assert_str_eq(ew_json_get_str(first, "request", ""), one->request);
        ck_assert_str_eq(ew_json_str_or(ew_json_at(first, "before.winner"), ""),
                         "HTTPRoute shop/r");
        ck_assert_str_eq(ew_json_str_or(ew_json_at(first, "after.winner"), ""), "HTTPRoute shop/s");
        ck_assert_str_eq(ew_json_str_or(ew_json_at(first, "after.backends[0]"), ""),
                         "Service shop/b:80");
    }
    ew_doc_unref(doc);
    both_free(&both);
    free(after);
}
END_TEST

/* The same backends by another rule of the same route are no other answer. */
START_TEST(a_rule_that_only_moves_is_no_change)
{
    struct both both = both_new(
        BASE ROUTE("r", ONE),
        BASE ROUTE("r", TO_WEB
                   ", hostnames: [x.com], rules: [{matches: [{path: {value: /new}}], " BACKEND(
                       "a") "}, {" BACKEND("a") "}]"));
    struct ew_doc *doc = winners(&both, "HTTPRoute/shop/r");
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_doc_root(doc), "changes")), 0);
    ck_assert_int_eq((int)ew_json_get_int(ew_doc_root(doc), "tried", 0), 2);
    ew_doc_unref(doc);
    both_free(&both);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: change");
    TCase *tc = tcase_create("change");
    tcase_add_test(tc, nothing_changes);
    tcase_add_test(tc, conditions_become_bad_and_good);
    tcase_add_test(tc, a_count_is_a_change_and_no_name);
    tcase_add_test(tc, a_listener_that_goes);
    tcase_add_loop_test(tc, requests_that_another_answers, 0, EW_COUNT(winner_cases));
    tcase_add_test(tc, a_rule_that_only_moves_is_no_change);
    suite_add_tcase(s, tc);
    return s;
}
