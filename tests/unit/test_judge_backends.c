/* What is wrong with a reference to a backend, and what is not. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/fact/keys.h"

#include <string.h>

#define URL "https://shop.example.com/"
#define EDGE_500 "no backend"

static struct scene *shop(int status, const char *body)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, status, body);
    if (status >= 500) { /* the edge's own words */
        scene_http(scene, EDGE, "host-control", status, "", body);
        scene_http(scene, EDGE, "path-control", status, "", body);
    }
    return scene;
}

/* The route with these rules, and ResolvedRefs as the controller writes it; "" writes none. */
static void route(struct scene *scene, const char *rules, const char *resolved)
{
    char *yaml = ew_fmt("---\n"
                        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: "
                        "{namespace: shop, name: web, generation: 2}, spec: {parentRefs: [{name: "
                        "public, namespace: infra}], hostnames: [" HOST "], rules: [%s]}, status: "
                        "{parents: [{parentRef: {name: public, namespace: infra}, conditions: "
                        "[{type: Accepted, status: 'True', observedGeneration: 2}%s%s]}]}}\n",
                        rules, *resolved ? ", " : "", resolved);
    scene_add(scene, yaml);
    free(yaml);
}

#define INVALID_KIND                                                                               \
    "{type: ResolvedRefs, status: 'False', reason: InvalidKind, message: 'no such kind', "         \
    "observedGeneration: 2}"
#define RESOLVED "{type: ResolvedRefs, status: 'True', reason: ResolvedRefs, observedGeneration: 2}"
#define STALE                                                                                      \
    "{type: ResolvedRefs, status: 'False', reason: InvalidKind, message: 'no such kind', "         \
    "observedGeneration: 1}"
#define WIDGET "{backendRefs: [{group: widgets.example.net, kind: Widget, name: web, port: 80}]}"

static void serve_widgets(struct scene *scene)
{
    scene_fact(scene, EW_KEY_DISCOVERY, EW_KNOWN, NULL,
               "{\"groups\": [{\"name\": \"gateway.networking.k8s.io\", \"versions\": [\"v1\"]}, "
               "{\"name\": \"widgets.example.net\", \"versions\": [\"v1\"]}], \"families\": [], "
               "\"resources\": []}");
}

/* ---- kinds ---- */

START_TEST(a_kind_that_nobody_serves)
{
    struct scene *scene = shop(500, EDGE_500);
    route(scene, WIDGET, "");
    assert_verdict(scene, "fail", 16, "route-backend-kind-or-port-invalid");
    ck_assert_str_eq(scene->verdict->named->kind, "Widget");
    scene_free(scene);
}
END_TEST

START_TEST(a_kind_that_is_served_is_wrong_only_when_the_controller_says_so)
{
    static const struct {
        const char *resolved, *cause;
        int exit_status;
    } rows[] = {
        {INVALID_KIND, "route-backend-kind-or-port-invalid", 16},
        {"", "http-unexplained", 14},
        {RESOLVED, "http-unexplained", 14},
        {STALE, "http-unexplained", 14},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = shop(500, EDGE_500);
        serve_widgets(scene);
        route(scene, WIDGET, rows[i].resolved);
        assert_verdict(scene, "fail", rows[i].exit_status, rows[i].cause);
        bool unknown = scene_status(scene, EW_LAYER_SERVICE) == EW_ST_UNKNOWN;
        ck_assert_int_eq(unknown, i > 0);
        ck_assert_int_eq(scene->verdict->undecided_count > 0, i > 0);
        scene_free(scene);
    }
}
END_TEST

START_TEST(a_kind_that_files_do_not_hold_is_open)
{
    struct scene *scene = shop(500, EDGE_500);
    scene_fact(scene, EW_KEY_FILES, EW_KNOWN, NULL,
               "{\"paths\": [\"shop.yaml\"], \"objects\": 9, \"errors\": []}");
    route(scene, WIDGET, "");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    ck_assert_int_eq(scene_status(scene, EW_LAYER_SERVICE), EW_ST_UNKNOWN);
    scene_free(scene);
}
END_TEST

START_TEST(a_kind_of_the_core_group_is_no_backend)
{
    struct scene *scene = shop(500, EDGE_500);
    route(scene, "{backendRefs: [{kind: Servce, name: web, port: 80}]}", "");
    assert_verdict(scene, "fail", 16, "route-backend-kind-or-port-invalid");
    scene_free(scene);
}
END_TEST

START_TEST(another_rules_kind_is_not_this_requests)
{
    struct scene *scene = shop(500, EDGE_500);
    serve_widgets(scene);
    route(scene,
          "{matches: [{path: {type: PathPrefix, value: /other}}], backendRefs: [{group: "
          "widgets.example.net, kind: Widget, name: web}]}, {backendRefs: [{name: web, port: 80}]}",
          INVALID_KIND);
    scene_judge(scene);
    ck_assert_ptr_null(scene_finding(scene, "route-backend-kind-or-port-invalid"));
    scene_free(scene);
}
END_TEST

START_TEST(a_reference_without_port)
{
    struct scene *scene = shop(500, EDGE_500);
    route(scene, "{backendRefs: [{name: web}]}", "");
    assert_verdict(scene, "fail", 16, "route-backend-kind-or-port-invalid");
    ck_assert_ptr_nonnull(strstr(scene->verdict->named->message, "names no port"));
    ck_assert_ptr_null(scene_finding(scene, "svc-port-mismatch"));
    scene_free(scene);
}
END_TEST

START_TEST(a_port_that_speaks_another_protocol)
{
    struct scene *scene = shop(500, EDGE_500);
    scene_add(scene,
              "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: "
              "{selector: {app: web}, ports: [{port: 80, protocol: UDP}]}}");
    assert_verdict(scene, "fail", 16, "route-backend-kind-or-port-invalid");
    ck_assert_ptr_null(scene_finding(scene, "svc-port-mismatch"));
    scene_free(scene);
}
END_TEST

/* An appProtocol that we know nothing against, and this controller does not speak. */
START_TEST(a_protocol_that_the_controller_refuses)
{
    static const char *const messages[] = {"appProtocol of Service web", "another one"};
    static const char *const causes[] = {"route-backend-kind-or-port-invalid", "http-unexplained"};
    for (size_t i = 0; i < EW_COUNT(messages); i++) {
        struct scene *scene = shop(500, EDGE_500);
        char *resolved = ew_fmt("{type: ResolvedRefs, status: 'False', reason: "
                                "UnsupportedProtocol, message: '%s', observedGeneration: 2}",
                                messages[i]);
        route(scene,
              "{matches: [{path: {type: PathPrefix, value: /other}}], backendRefs: [{name: cart, "
              "port: 80}]}, {backendRefs: [{name: web, port: 80}]}",
              resolved);
        scene_judge(scene);
        ck_assert_str_eq(scene->verdict->named->cause->id, causes[i]);
        free(resolved);
        scene_free(scene);
    }
}
END_TEST

START_TEST(a_wrong_kind_without_weight_is_no_outage)
{
    struct scene *scene = shop(200, "hello");
    route(scene,
          "{backendRefs: [{name: web, port: 80}, {kind: Servce, name: web, port: 80, weight: 0}]}",
          "");
    assert_verdict(scene, "ok", 0, "");
    ck_assert_int_eq(scene_finding(scene, "route-backend-kind-or-port-invalid")->severity,
                     EW_SEV_INFO);
    scene_free(scene);
}
END_TEST

/* ---- nowhere to send to ---- */

START_TEST(rules_that_lead_nowhere)
{
    static const char *const rules[] = {
        "{matches: [{path: {type: PathPrefix, value: /}}]}",
        "{backendRefs: []}",
        "{backendRefs: [{name: web, port: 80, weight: 0}]}",
        "{backendRefs: [{name: web, port: 80, weight: 0}, {name: gone, port: 80, weight: 0}]}",
    };
    for (size_t i = 0; i < EW_COUNT(rules); i++) {
        struct scene *scene = shop(500, EDGE_500);
        route(scene, rules[i], RESOLVED);
        assert_verdict(scene, "fail", 16, "route-no-effective-backend");
        ck_assert_uint_eq(scene->verdict->independent_count, 0);
        scene_free(scene);
    }
}
END_TEST

START_TEST(rules_that_need_no_backend)
{
    static const char *const rules[] = {
        "{filters: [{type: RequestRedirect, requestRedirect: {hostname: other.example.com}}]}",
        "{filters: [{type: ExtensionRef, extensionRef: {group: widgets.example.net, kind: Page, "
        "name: maintenance}}]}",
        "{backendRefs: [{name: web, port: 80}, {name: web, port: 80, weight: 0}]}",
    };
    for (size_t i = 0; i < EW_COUNT(rules); i++) {
        struct scene *scene = shop(503, "busy");
        serve_widgets(scene);
        route(scene, rules[i], RESOLVED);
        scene_judge(scene);
        ck_assert_ptr_null(scene_finding(scene, "route-no-effective-backend"));
        scene_free(scene);
    }
}
END_TEST

/* ---- endpoints written by hand ---- */

#define PLAIN_SERVICE                                                                              \
    "---\n{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: {ports: "  \
    "[{name: http, port: 80}]}}\n"
#define SLICE(labels, owners, port, ready)                                                         \
    "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, "     \
    "name: web-1, labels: {" labels "}, ownerReferences: [" owners "]}, ports: [{name: " port      \
    ", port: 8080}], endpoints: [{addresses: [198.51.100.9], conditions: {ready: " ready "}}]}\n"
#define OWN "kubernetes.io/service-name: web"
#define MIRRORED "{kind: Endpoints, name: web, controller: true}"
#define MADE "{kind: Importer, name: web, controller: true}"

START_TEST(slices_that_a_service_without_selector_cannot_use)
{
    static const struct {
        const char *slice, *says;
    } rows[] = {
        {SLICE("", "", "http", "true"), "is not labelled"},
        {SLICE("kubernetes.io/service-name: other", "", "http", "true"), "is not labelled"},
        {SLICE(OWN, "", "web", "true"), "called web"},
        {SLICE(OWN, MIRRORED, "web", "true"), "called web"},
        {SLICE(OWN, "", "http", "false"), "not ready"},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = shop(503, "nobody there");
        scene_add(scene, PLAIN_SERVICE);
        scene_add(scene, rows[i].slice);
        assert_verdict(scene, "fail", 17, "svc-without-selector");
        ck_assert_msg(strstr(scene->verdict->named->message, rows[i].says), "%s: %s", rows[i].says,
                      scene->verdict->named->message);
        ck_assert_uint_eq(scene->verdict->independent_count, 0);
        scene_free(scene);
    }
}
END_TEST

START_TEST(slices_that_a_controller_writes_are_not_hand_written)
{
    struct scene *scene = shop(503, "nobody there");
    scene_add(scene, PLAIN_SERVICE);
    scene_add(scene, SLICE(OWN, MADE, "web", "true"));
    assert_verdict(scene, "fail", 18, "ep-none");
    scene_free(scene);
}
END_TEST

START_TEST(written_addresses_that_nobody_answers_at)
{
    static const struct {
        int status;
        const char *owners, *cause;
    } rows[] = {
        {503, "", "svc-without-selector"},
        {504, MIRRORED, "svc-without-selector"},
        {503, MADE, "http-unexplained"},
        {404, "", "app-404"},
        {200, "", NULL},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        char *slice = ew_fmt(SLICE(OWN, "%s", "http", "true"), rows[i].owners);
        struct scene *scene = shop(rows[i].status, "nobody there");
        scene_add(scene, PLAIN_SERVICE);
        scene_add(scene, slice);
        scene_judge(scene);
        const struct ew_finding *named = scene->verdict->named;
        ck_assert_str_eq(named ? named->cause->id : "", rows[i].cause ? rows[i].cause : "");
        ck_assert_int_eq(scene_finding(scene, "svc-without-selector") != NULL,
                         rows[i].cause && strcmp(rows[i].cause, "svc-without-selector") == 0);
        free(slice);
        scene_free(scene);
    }
}
END_TEST

START_TEST(an_alias_has_no_selector_and_needs_none)
{
    struct scene *scene = shop(503, "nobody there");
    scene_add(scene,
              "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: "
              "{type: ExternalName, externalName: web.example.net, ports: [{port: 80}]}}");
    scene_judge(scene);
    ck_assert_ptr_null(scene_finding(scene, "svc-without-selector"));
    scene_free(scene);
}
END_TEST

/* ---- TLS to the backend ---- */

#define ACCEPTED "{type: Accepted, status: 'True', observedGeneration: 1}"
#define REFUSED                                                                                    \
    "{type: Accepted, status: 'False', reason: Invalid, message: 'not so', observedGeneration: 1}"

static void policy(struct scene *scene, const char *name, const char *section, const char *ca,
                   const char *gateway, const char *condition)
{
    char *yaml = ew_fmt("---\n"
                        "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, "
                        "metadata: {namespace: shop, name: %s, generation: 1}, spec: {targetRefs: "
                        "[{group: '', kind: Service, name: web%s}], validation: {hostname: web, "
                        "caCertificateRefs: [{group: '', %s}]}}, status: {ancestors: "
                        "[{ancestorRef: {kind: Gateway, namespace: infra, name: %s}, conditions: "
                        "[%s]}]}}\n",
                        name, section, ca, gateway, condition);
    scene_add(scene, yaml);
    free(yaml);
    scene_add(scene,
              "---\n{apiVersion: v1, kind: ConfigMap, metadata: {namespace: shop, name: ca}, "
              "certificate: {pem: x, chain: [{serial: '0a'}]}}\n");
}

START_TEST(policies_that_cannot_be_met_or_are_refused)
{
    static const struct {
        const char *section, *ca, *gateway, *condition, *says; /* says NULL: no finding */
    } rows[] = {
        {"", "kind: ConfigMap, name: ca", "public", ACCEPTED, NULL},
        {"", "kind: ConfigMap, name: gone", "public", ACCEPTED, "does not exist"},
        {"", "kind: ConfigMap, name: ca", "public", REFUSED, "not so"},
        {"", "kind: ConfigMap, name: ca", "other", REFUSED, "no controller has answered"},
        {", sectionName: https", "kind: ConfigMap, name: ca", "public", ACCEPTED, "no port named"},
        {"", "kind: Secret, name: ca", "public", ACCEPTED, NULL}, /* this controller takes it */
        {"", "kind: Secret, name: ca", "public", REFUSED, "not so"},
        {"", "kind: Pod, name: ca", "public", ACCEPTED, "cannot come from"},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = shop(503, "no backend");
        policy(scene, "web", rows[i].section, rows[i].ca, rows[i].gateway, rows[i].condition);
        scene_judge(scene);
        const struct ew_finding *found = scene_finding(scene, "backendtls-policy-rejected");
        ck_assert_int_eq(found != NULL, rows[i].says != NULL);
        if (!found) {
            scene_free(scene);
            continue;
        }
        ck_assert_msg(strstr(found->message, rows[i].says), "%zu: %s", i, found->message);
        ck_assert_str_eq(scene->verdict->named->cause->id, "backendtls-policy-rejected");
        ck_assert_int_eq(scene->verdict->exit_status, 17);
        scene_free(scene);
    }
}
END_TEST

START_TEST(the_older_of_two_policies_counts)
{
    struct scene *scene = shop(503, "no backend");
    policy(scene, "web", "", "kind: ConfigMap, name: ca", "public", ACCEPTED);
    policy(scene, "web-2", "", "kind: ConfigMap, name: gone", "public", REFUSED);
    assert_verdict(scene, "fail", 14, "http-unexplained");
    const struct ew_finding *found = scene_finding(scene, "backendtls-policy-rejected");
    ck_assert_str_eq(found->name, "web-2");
    ck_assert_int_eq(found->severity, EW_SEV_WARN);
    scene_free(scene);
}
END_TEST

START_TEST(policies_that_may_not_be_read)
{
    static const int statuses[] = {503, 200};
    for (size_t i = 0; i < EW_COUNT(statuses); i++) {
        struct scene *scene = shop(statuses[i], "hm");
        char *key = ew_key_list("backendtlspolicies.gateway.networking.k8s.io", "shop", NULL);
        scene_denied(scene, key, "forbidden");
        free(key);
        scene_judge(scene);
        ck_assert_ptr_null(scene_finding(scene, "backendtls-policy-rejected"));
        ck_assert_int_eq(scene->verdict->undecided_count > 0, statuses[i] != 200);
        scene_free(scene);
    }
}
END_TEST

/* ---- filters by reference ---- */

#define BY_FILTER(more)                                                                            \
    "{filters: [{type: ExtensionRef, extensionRef: {group: widgets.example.net, kind: Limit, "     \
    "name: slow}}], backendRefs: [{name: web, port: 80" more "}]}"
#define FILTER_KEY "api/get/Limit.widgets.example.net/shop/slow"
#define INVALID_FILTER                                                                             \
    "{type: ResolvedRefs, status: 'False', reason: InvalidFilter, message: 'Limit slow', "         \
    "observedGeneration: 2}"

START_TEST(filters_that_are_not_there_or_cannot_be_used)
{
    static const struct {
        enum ew_state seen;
        const char *resolved, *cause;
    } rows[] = {
        {EW_ABSENT, INVALID_FILTER, "route-filter-ref-missing"},
        {EW_ABSENT, "", "route-filter-ref-missing"},
        {EW_ABSENT, RESOLVED, "route-filter-ref-missing"},
        {EW_UNKNOWN, INVALID_FILTER, "route-filter-ref-missing"},
        {EW_UNKNOWN, RESOLVED, "http-unexplained"},
        {EW_UNKNOWN, "", "http-unexplained"},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = shop(500, EDGE_500);
        serve_widgets(scene);
        route(scene, BY_FILTER(""), rows[i].resolved);
        scene_fact(scene, FILTER_KEY, rows[i].seen, rows[i].seen == EW_UNKNOWN ? "forbidden" : NULL,
                   NULL);
        scene_judge(scene);
        ck_assert_str_eq(scene->verdict->named->cause->id, rows[i].cause);
        ck_assert_int_eq(scene->verdict->undecided_count > 0, i > 3);
        scene_free(scene);
    }
}
END_TEST

START_TEST(a_filter_that_is_there_is_no_fault)
{
    struct scene *scene = shop(500, EDGE_500);
    serve_widgets(scene);
    route(scene, BY_FILTER(""), RESOLVED);
    scene_add(scene, "---\n{apiVersion: widgets.example.net/v1, kind: Limit, metadata: {namespace: "
                     "shop, name: slow}}\n");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    scene_free(scene);
}
END_TEST

/* Its group is no group of the API: an implementation may have such names of its own. */
START_TEST(a_filter_that_only_the_controller_knows_is_no_fault)
{
    struct scene *scene = shop(500, EDGE_500);
    route(scene, BY_FILTER(""), RESOLVED);
    assert_verdict(scene, "fail", 14, "http-unexplained");
    scene_free(scene);
}
END_TEST

/* ---- behind a route that is refused ---- */

static void close_gateway(struct scene *scene)
{
    scene_add(
        scene,
        "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {namespace: "
        "infra, name: public, generation: 1}, spec: {gatewayClassName: edge, listeners: "
        "[{name: https, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: "
        "{certificateRefs: [{name: web-tls}]}}]}, status: {addresses: [{value: " EDGE
        "}], conditions: [{type: Accepted, status: 'True'}, {type: Programmed, status: "
        "'True'}], listeners: [{name: https, conditions: [{type: Programmed, status: "
        "'True'}]}]}}\n");
}

START_TEST(a_second_fault_behind_a_refused_route_is_seen)
{
    static const struct {
        const char *rules, *cause;
    } rows[] = {
        {"{backendRefs: [{name: web, port: 80}]}", NULL},
        {"{backendRefs: [{name: web, port: 81}]}", "svc-port-mismatch"},
        {"{backendRefs: [{name: gone, port: 80}]}", "route-backend-not-found"},
        /* the rule for this request is the one that counts */
        {"{matches: [{path: {type: PathPrefix, value: /other}}], backendRefs: [{name: gone, port: "
         "80}]}, {backendRefs: [{name: web, port: 80}]}",
         NULL},
        {"{backendRefs: [{name: gone, port: 80}]}, {matches: [{path: {type: Exact, value: /}}], "
         "backendRefs: [{name: web, port: 80}]}",
         NULL},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct scene *scene = shop(404, "no route");
        close_gateway(scene);
        route(scene, rows[i].rules, "");
        assert_verdict(scene, "fail", 16, "route-namespace-same-only");
        ck_assert_uint_eq(scene->verdict->independent_count, rows[i].cause != NULL);
        if (rows[i].cause)
            ck_assert_str_eq(scene->verdict->independent[0]->cause->id, rows[i].cause);
        ck_assert_int_eq(scene_status(scene, EW_LAYER_ENDPOINTS), EW_ST_NOT_REACHED);
        scene_free(scene);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge backends");
    TCase *tc = tcase_create("kinds");
    tcase_add_test(tc, a_kind_that_nobody_serves);
    tcase_add_test(tc, a_kind_that_is_served_is_wrong_only_when_the_controller_says_so);
    tcase_add_test(tc, a_kind_that_files_do_not_hold_is_open);
    tcase_add_test(tc, a_kind_of_the_core_group_is_no_backend);
    tcase_add_test(tc, another_rules_kind_is_not_this_requests);
    tcase_add_test(tc, a_reference_without_port);
    tcase_add_test(tc, a_port_that_speaks_another_protocol);
    tcase_add_test(tc, a_protocol_that_the_controller_refuses);
    tcase_add_test(tc, a_wrong_kind_without_weight_is_no_outage);
    suite_add_tcase(suite, tc);
    tc = tcase_create("nowhere");
    tcase_add_test(tc, rules_that_lead_nowhere);
    tcase_add_test(tc, rules_that_need_no_backend);
    suite_add_tcase(suite, tc);
    tc = tcase_create("written by hand");
    tcase_add_test(tc, slices_that_a_service_without_selector_cannot_use);
    tcase_add_test(tc, slices_that_a_controller_writes_are_not_hand_written);
    tcase_add_test(tc, written_addresses_that_nobody_answers_at);
    tcase_add_test(tc, an_alias_has_no_selector_and_needs_none);
    suite_add_tcase(suite, tc);
    tc = tcase_create("backend tls");
    tcase_add_test(tc, policies_that_cannot_be_met_or_are_refused);
    tcase_add_test(tc, the_older_of_two_policies_counts);
    tcase_add_test(tc, policies_that_may_not_be_read);
    suite_add_tcase(suite, tc);
    tc = tcase_create("behind");
    tcase_add_test(tc, a_second_fault_behind_a_refused_route_is_seen);
    suite_add_tcase(suite, tc);
    tc = tcase_create("filters");
    tcase_add_test(tc, filters_that_are_not_there_or_cannot_be_used);
    tcase_add_test(tc, a_filter_that_is_there_is_no_fault);
    tcase_add_test(tc, a_filter_that_only_the_controller_knows_is_no_fault);
    suite_add_tcase(suite, tc);
    return suite;
}
