/* Facts in, findings out: what refuses classes, listeners and ListenerSets. */
#include "config.h"

#include "judge_scene.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define URL "https://" HOST "/"
#define GW "apiVersion: gateway.networking.k8s.io/v1"

static struct scene *shop(int status)
{
    struct scene *scene = scene_new(URL, "");
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    if (status)
        scene_serves(scene, EDGE, status, "");
    return scene;
}

static bool shows(const struct ew_finding *finding, const char *text)
{
    for (size_t i = 0; i < finding->evidence_count; i++)
        if (strstr(finding->evidence[i].text, text))
            return true;
    return false;
}

/* ---- classes ---- */

static const struct {
    const char *reason;
    int status; /* of the answer; 0: the port is closed */
    bool found;
    enum ew_severity severity;
} class_cases[] = {
    {"InvalidParameters", 0, true, EW_SEV_FAIL},
    {"GatewayClassConflict", 0, true, EW_SEV_FAIL},
    {"OlderGatewayClassExists", 0, true, EW_SEV_FAIL},
    {"Unsupported", 0, true, EW_SEV_FAIL},
    {"SomethingOfItsOwn", 0, true, EW_SEV_FAIL},
    {"UnsupportedVersion", 0, false, EW_SEV_FAIL}, /* the API's fault, not the class's */
    {"InvalidParameters", 503, true, EW_SEV_WARN}, /* and yet the data plane is there */
    {"InvalidParameters", 200, true, EW_SEV_WARN}, /* and serves */
    {"UnsupportedVersion", 200, false, EW_SEV_WARN},
};

START_TEST(a_class_that_is_refused)
{
    struct scene *scene = shop(class_cases[_i].status);
    char *yaml = ew_fmt("{" GW ", kind: GatewayClass, metadata: {name: edge}, spec: "
                        "{controllerName: example.com/edge, parametersRef: {group: example.com, "
                        "kind: Proxy, namespace: infra, name: big}}, status: {conditions: [{type: "
                        "Accepted, status: 'False', reason: %s, message: no}]}}\n",
                        class_cases[_i].reason);
    scene_add(scene, yaml);
    scene_judge(scene);
    const struct ew_finding *found = scene_finding(scene, "edge-gwclass-rejected");
    ck_assert_int_eq(found != NULL, class_cases[_i].found);
    ck_assert_ptr_null(scene_finding(scene, "edge-gwclass-no-controller"));
    if (found) {
        ck_assert_int_eq(found->severity, class_cases[_i].severity);
        ck_assert(shows(found, class_cases[_i].reason));
        ck_assert(shows(found, "Proxy.example.com infra/big"));
    }
    scene_free(scene);
    free(yaml);
}
END_TEST

START_TEST(a_refused_class_of_nobody_here)
{
    struct scene *scene = shop(200);
    scene_add(scene, "{" GW ", kind: GatewayClass, metadata: {name: other}, spec: {controllerName: "
                     "example.com/edge}, status: {conditions: [{type: Accepted, status: 'False', "
                     "reason: GatewayClassConflict}]}}\n");
    assert_verdict(scene, "ok", 0, "");
    ck_assert_uint_eq(scene->verdict->finding_count, 0);
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge: edge");
    TCase *tc = tcase_create("classes");
    tcase_add_loop_test(tc, a_class_that_is_refused, 0, EW_COUNT(class_cases));
    tcase_add_test(tc, a_refused_class_of_nobody_here);
    suite_add_tcase(suite, tc);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
