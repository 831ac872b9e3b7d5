/* What routes and Gateways use of the API, by the features that a class claims. */
#include "config.h"

#include "route_world.h"
#include "unit.h"

#include <string.h>

#define CLAIMS(features)                                                                           \
    "---\n{apiVersion: " GW ", kind: GatewayClass, metadata: {name: edge}, spec: "                 \
    "{controllerName: example.com/edge}, status: {supportedFeatures: [" features "]}}\n"

/* "NAME PATH SUPPORTED;" of each use of the object in order. */
static char *uses_of(const char *yaml, const char *features, enum ew_kind kind, const char *ns,
                     const char *name)
{
    static const char *const words[] = {[EW_NO] = "no", [EW_YES] = "yes", [EW_MAYBE] = "maybe"};
    struct place *place = place_new(yaml, features);
    const struct ew_obj *obj = ew_world_find(place->world, kind, ns, name);
    const struct ew_obj *gateway = ew_world_find(place->world, EW_GATEWAY, "infra", "web");
    size_t count = 0;
    ck_assert_ptr_nonnull(obj);
    const struct ew_feature_use *uses = ew_routing_uses(place->routing, obj, gateway, &count);
    struct ew_buf out;
    ew_buf_init(&out, 0);
    for (size_t i = 0; i < count; i++)
        ew_buf_addf(&out, "%s %s %s;", uses[i].name, uses[i].path, words[uses[i].supported]);
    char *text = ew_strdup(ew_buf_text(&out));
    ew_buf_release(&out);
    place_free(place);
    return text;
}

static const struct use_case {
    const char *name, *claims, *rule, *want;
} use_cases[] = {
    {"nothing beyond the core", "{name: HTTPRoute}", "backendRefs: [{name: a, port: 80}]", ""},
    {"a path match is of the core", "{name: HTTPRoute}",
     "matches: [{path: {type: Exact, value: /a}}], filters: [{type: RequestHeaderModifier, "
     "requestHeaderModifier: {remove: [x]}}]",
     ""},
    {"a match by method", "{name: HTTPRoute}", "matches: [{path: {value: /}}, {method: GET}]",
     "HTTPRouteMethodMatching spec.rules[0].matches[1].method no;"},
    {"one that is claimed", "{name: HTTPRouteMethodMatching}", "matches: [{method: GET}]",
     "HTTPRouteMethodMatching spec.rules[0].matches[0].method yes;"},
    {"as texts, before v1.2", "HTTPRouteMethodMatching", "matches: [{method: GET}]",
     "HTTPRouteMethodMatching spec.rules[0].matches[0].method yes;"},
    {"a class that lists nothing", "", "timeouts: {request: 1s}",
     "HTTPRouteRequestTimeout spec.rules[0].timeouts.request maybe;"},
    {"statuses of redirects one by one", "{name: HTTPRoute}",
     "filters: [{type: RequestRedirect, requestRedirect: {statusCode: 308}}]",
     "HTTPRoute308RedirectStatusCode spec.rules[0].filters[0].requestRedirect.statusCode no;"},
    {"302 is of the core", "{name: HTTPRoute}",
     "filters: [{type: RequestRedirect, requestRedirect: {statusCode: 302}}]", ""},
    {"the second mirror is more than one", "{name: HTTPRouteRequestMirror}",
     "filters: [{requestMirror: {backendRef: {name: a}}}, {requestMirror: {backendRef: {name: "
     "b}}}]",
     "HTTPRouteRequestMirror spec.rules[0].filters[0].requestMirror yes;"
     "HTTPRouteRequestMirror spec.rules[0].filters[1].requestMirror yes;"
     "HTTPRouteRequestMultipleMirrors spec.rules[0].filters[1].requestMirror no;"},
    {"filters of one backend", "{name: HTTPRoute}",
     "backendRefs: [{name: a}, {name: b, filters: [{requestHeaderModifier: {remove: [x]}}]}]",
     "HTTPRouteBackendRequestHeaderModification "
     "spec.rules[0].backendRefs[1].filters[0].requestHeaderModifier no;"},
    {"of wrong shape it is nothing", "{name: HTTPRoute}", "matches: 7, filters: {cors: 1}", ""},
};

START_TEST(uses_of_a_rule)
{
    const struct use_case *row = &use_cases[_i];
    char *yaml = ew_fmt(CLAIMS("%s") GATEWAY("web", HTTP80) ROUTE("r", TO_WEB ", rules: [{%s}]"),
                        row->claims, row->rule);
    char *got = uses_of(yaml, NULL, EW_HTTPROUTE, "shop", "r");
    ck_assert_msg(strcmp(got, row->want) == 0, "%s: \"%s\"", row->name, got);
    free(got);
    free(yaml);
}
END_TEST

START_TEST(the_command_line_goes_before_the_class)
{
    char *got = uses_of(CLAIMS("{name: HTTPRouteCORS}") GATEWAY("web", HTTP80)
                            ROUTE("r", TO_WEB ", rules: [{filters: [{type: CORS, cors: {}}]}]"),
                        "{\"HTTPRouteCORS\": false}", EW_HTTPROUTE, "shop", "r");
    ck_assert_str_eq(got, "HTTPRouteCORS spec.rules[0].filters[0].cors no;");
    free(got);
}
END_TEST

START_TEST(uses_of_the_whole_object)
{
    char *got = uses_of(CLAIMS("{name: HTTPRoute}") GATEWAY("web", HTTP80)
                            ROUTE("r", "parentRefs: [{name: web, namespace: infra, port: 80}]"),
                        NULL, EW_HTTPROUTE, "shop", "r");
    ck_assert_str_eq(got, "HTTPRouteParentRefPort spec.parentRefs[0].port no;");
    free(got);
    got = uses_of(CLAIMS("{name: Gateway}")
                      OBJECT(GW, "Gateway", "infra", "web",
                             "spec: {gatewayClassName: edge, addresses: [{value: 192.0.2.1}], "
                             "listeners: [" HTTP80 "]}"),
                  NULL, EW_GATEWAY, "infra", "web");
    ck_assert_str_eq(got, "GatewayStaticAddresses spec.addresses no;");
    free(got);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("route: features in use");
    TCase *tc = tcase_create("uses");
    tcase_add_loop_test(tc, uses_of_a_rule, 0, EW_COUNT(use_cases));
    tcase_add_test(tc, the_command_line_goes_before_the_class);
    tcase_add_test(tc, uses_of_the_whole_object);
    suite_add_tcase(s, tc);
    return s;
}
