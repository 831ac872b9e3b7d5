/* Routes refused for what they ask, in whole or in part. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <string.h>

#define URL "https://shop.example.com/"

static struct scene *shop(int status, const char *rules, const char *conditions)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, status, "said here");
    if (status >= 400) { /* the edge's own words */
        scene_http(scene, EDGE, "host-control", status, "", "said here");
        scene_http(scene, EDGE, "path-control", status, "", "said here");
    }
    char *yaml = ew_fmt("---\n"
                        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: "
                        "{namespace: shop, name: web, generation: 2}, spec: {parentRefs: [{name: "
                        "public, namespace: infra}], hostnames: [" HOST "], rules: [%s]}, status: "
                        "{parents: [{parentRef: {name: public, namespace: infra}, conditions: "
                        "[%s]}]}}\n",
                        rules, conditions);
    scene_add(scene, yaml);
    free(yaml);
    return scene;
}

#define GOOD "{backendRefs: [{name: web, port: 80}]}"
#define AT(path, rest) "{matches: [{path: {type: PathPrefix, value: '" path "'}}], " rest "}"
#define BOTH                                                                                       \
    "filters: [{type: URLRewrite, urlRewrite: {hostname: a.example.com}}, {type: "                 \
    "RequestRedirect, requestRedirect: {hostname: b.example.com}}], backendRefs: [{name: web, "    \
    "port: 80}]"
#define TO_WEB "backendRefs: [{name: web, port: 80}]"
#define ACCEPTED "{type: Accepted, status: 'True', reason: Accepted, observedGeneration: 2}"
#define REFUSED(reason, generation)                                                                \
    "{type: Accepted, status: 'False', reason: " reason                                            \
    ", message: 'not like this', observedGeneration: " generation "}"
#define PARTLY(message)                                                                            \
    ACCEPTED                                                                                       \
        ", {type: PartiallyInvalid, status: 'True', reason: UnsupportedValue, message: '" message  \
        "', observedGeneration: 2}"

/* ---- refused whole ---- */

START_TEST(routes_that_are_refused_for_what_they_ask)
{
    static const struct {
        int status;
        const char *rules, *conditions;
        bool found;
    } rows[] = {
        {404, AT("/", BOTH), REFUSED("IncompatibleFilters", "2"), true},
        {404, AT("/", BOTH), ACCEPTED, true},
        {404, GOOD, REFUSED("UnsupportedField", "2"), true},
        {404, GOOD, REFUSED("InvalidConfiguration", "2"), true},
        {500, GOOD, REFUSED("UnsupportedValue", "2"), true},
        {503, GOOD, REFUSED("UnsupportedValue", "2"), false}, /* it is in force */
        {404, GOOD, REFUSED("UnsupportedValue", "1"), false}, /* of an older generation */
        {404, GOOD, REFUSED("NotAllowedByListeners", "2"), false},
        {404, GOOD, REFUSED("Pending", "2"), false},
        {404, GOOD, ACCEPTED, false},
        {200, GOOD, REFUSED("UnsupportedValue", "2"), false},
        {200, AT("/", BOTH), ACCEPTED, false}, /* this controller can do it */
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = shop(rows[i].status, rows[i].rules, rows[i].conditions);
        scene_judge(scene);
        const struct ew_finding *found = scene_finding(scene, "route-value-or-filter-rejected");
        ck_assert_msg((found != NULL) == rows[i].found, "row %zu", i);
        if (found) {
            ck_assert_ptr_eq(scene->verdict->named, found);
            ck_assert_uint_eq(scene->verdict->independent_count, 0);
        }
        scene_free(scene);
    }
}
END_TEST

START_TEST(a_filter_that_is_there_and_of_no_use)
{
    struct scene *scene =
        shop(500,
             "{filters: [{type: ExtensionRef, extensionRef: {group: widgets.example.net, kind: "
             "Limit, name: slow}}], " TO_WEB "}",
             ACCEPTED ", {type: ResolvedRefs, status: 'False', reason: InvalidFilter, message: "
                      "'slow has no unit', observedGeneration: 2}");
    scene_add(scene, "---\n{apiVersion: widgets.example.net/v1, kind: Limit, metadata: {namespace: "
                     "shop, name: slow}}\n");
    assert_verdict(scene, "fail", 16, "route-value-or-filter-rejected");
    ck_assert_ptr_null(scene_finding(scene, "route-filter-ref-missing"));
    scene_free(scene);
}
END_TEST

/* ---- in part ---- */

START_TEST(rules_that_were_dropped)
{
    static const struct {
        int status;
        const char *rules, *conditions;
        const char *says; /* NULL: no finding */
        bool root;
    } rows[] = {
        {404, AT("/", BOTH) ", " AT("/a", TO_WEB), PARTLY("Dropped Rule 0"),
         "the one for this request", true},
        {404, AT("/", BOTH) ", " AT("/a", TO_WEB), ACCEPTED, "the one for this request", true},
        {404, AT("/", TO_WEB) ", " AT("/a", TO_WEB), PARTLY("Dropped Rule(s): spec.rules[0]"),
         "rule 0, which is for this request", true},
        {404, AT("/", TO_WEB) ", " AT("/a", TO_WEB), PARTLY("Dropped Rule"), "is not said", true},
        {404, AT("/", TO_WEB) ", " AT("/a", TO_WEB), PARTLY("Dropped Rule 1"),
         "not for this request", false},
        {503, AT("/", TO_WEB) ", " AT("/a", BOTH), PARTLY("Dropped Rule 1"), "not for this request",
         false},
        {200, AT("/", TO_WEB) ", " AT("/a", BOTH), PARTLY("Fall Back: rule 0 is as it was"),
         "still served as it was before", false},
        {404, AT("/", TO_WEB) ", " AT("/a", BOTH), ACCEPTED, NULL, false},
        {200, AT("/", BOTH) ", " AT("/a", TO_WEB), ACCEPTED, NULL, false},
        {404, AT("/", BOTH) ", " AT("/a", TO_WEB), REFUSED("IncompatibleFilters", "2"), NULL,
         false},
        {404,
         "{matches: [{path: {type: RegularExpression, value: '/('}}], " TO_WEB
         "}, " AT("/a", TO_WEB),
         PARTLY("Dropped Rule"), "may be for this request", true},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = shop(rows[i].status, rows[i].rules, rows[i].conditions);
        scene_judge(scene);
        const struct ew_finding *found = scene_finding(scene, "route-partially-invalid");
        ck_assert_msg((found != NULL) == (rows[i].says != NULL), "row %zu", i);
        if (found) {
            ck_assert_msg(strstr(found->message, rows[i].says), "row %zu: %s", i, found->message);
            ck_assert_msg((scene->verdict->status == EW_ST_FAIL &&
                           scene->verdict->named == found) == rows[i].root,
                          "row %zu: %s", i, scene->verdict->summary);
            if (rows[i].root)
                ck_assert_uint_eq(scene->verdict->independent_count, 0);
        }
        scene_free(scene);
    }
}
END_TEST

START_TEST(a_refusal_of_the_whole_route_is_no_partial_one)
{
    struct scene *scene =
        shop(404, AT("/", BOTH) ", " AT("/a", TO_WEB), REFUSED("IncompatibleFilters", "2"));
    assert_verdict(scene, "fail", 16, "route-value-or-filter-rejected");
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge values");
    TCase *tc = tcase_create("values");
    tcase_add_test(tc, routes_that_are_refused_for_what_they_ask);
    tcase_add_test(tc, a_filter_that_is_there_and_of_no_use);
    tcase_add_test(tc, rules_that_were_dropped);
    tcase_add_test(tc, a_refusal_of_the_whole_route_is_no_partial_one);
    suite_add_tcase(suite, tc);
    return suite;
}
