/* What findings say beside their cause: commands that ask where the walk asked, and the words that
 * help most. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include "edgewalk/base/text.h"

#include <string.h>

#define URL "https://shop.example.com/?a=1&b=2"

/* A pod that crashes, with what it said last as YAML text. */
static struct scene *crashing(const char *options, const char *words)
{
    struct scene *scene = scene_new(URL, options);
    scene_shop(scene);
    scene_unready(scene);
    char *pod = ew_fmt(
        "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-6b-a, labels: {app: "
        "web}}, spec: {containers: [{name: api}]}, status: {phase: Running, podIP: 10.0.0.1, "
        "conditions: [{type: Ready, status: 'False', reason: ContainersNotReady}], "
        "containerStatuses: [{name: api, ready: false, restartCount: 14, state: {waiting: {reason: "
        "CrashLoopBackOff}}, lastState: {terminated: {reason: Error, exitCode: 1, message: "
        "%s}}}]}}\n",
        words);
    scene_add(scene, pod);
    free(pod);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 503, "no healthy upstream");
    scene_http(scene, EDGE, "host-control", 404, "", "");
    scene_http(scene, EDGE, "path-control", 404, "", "");
    return scene;
}

START_TEST(commands_ask_where_the_walk_asked)
{
    struct scene *scene = crashing(
        "\"tools\": {\"kubectl\": \"--context 'prod eu'\", \"curl\": \"--cacert ca.pem\"}", "''");
    assert_verdict(scene, "fail", 19, "pod-crashloop");
    ck_assert_str_eq(scene->verdict->named->steps[0].command,
                     "kubectl --context 'prod eu' logs -n shop web-6b-a -c api --previous");
    scene_free(scene);

    scene = scene_new(URL, "\"tools\": {\"kubectl\": \"--context x\", \"curl\": \"-k\"}");
    scene_no_cluster(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 503, "odd");
    assert_verdict(scene, "fail", 14, "http-unexplained");
    ck_assert_str_eq(scene->verdict->named->steps[0].command,
                     "kubectl --context x config get-contexts -o name");
    ck_assert_str_eq(scene->verdict->named->steps[1].command,
                     "curl -k -sSik --resolve shop.example.com:443:" EDGE " '" URL "'");
    scene_free(scene);
}
END_TEST

START_TEST(every_command_of_a_line_asks_there)
{
    struct scene *scene = scene_new(URL, "\"tools\": {\"kubectl\": \"--context x\"}");
    scene_shop(scene);
    scene_add(scene,
              "apiVersion: gateway.networking.k8s.io/v1\n"
              "kind: Gateway\n"
              "metadata: {namespace: infra, name: public}\n"
              "spec:\n"
              "  gatewayClassName: edge\n"
              "  listeners:\n"
              "  - {name: https, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: "
              "{certificateRefs: [{name: web-tls}]}, allowedRoutes: {namespaces: {from: Selector, "
              "selector: {matchLabels: {public: 'true'}}}}}\n"
              "status: {addresses: [{value: 203.0.113.7}], conditions: [{type: Programmed, status: "
              "'True'}]}\n");
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, 404, "");
    scene_judge(scene);
    const struct ew_finding *found = scene_finding(scene, "route-namespace-not-selected");
    ck_assert_ptr_nonnull(found);
    const char *command = found->steps[0].command;
    const char *first = strstr(command, "kubectl --context x get namespace");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(strstr(first + 1, "; kubectl --context x get gateway"));
    scene_free(scene);
}
END_TEST

static const struct {
    const char *yaml, *end; /* of the message */
} last_words[] = {
    {"''", "14 restarts"},
    {"'config: DB_URL is not set'", "14 restarts, last saying: config: DB_URL is not set"},
    {"\"goroutine 1\\npanic: no\\n \\n\"", "14 restarts, last saying: panic: no"},
    {"\"a\\u001b[2Jb\"", "last saying: a\\x1b[2Jb"},
};

START_TEST(what_a_container_said_last_is_said)
{
    struct scene *scene = crashing("", last_words[_i].yaml);
    const char *end = last_words[_i].end;
    assert_verdict(scene, "fail", 19, "pod-crashloop");
    const char *message = scene->verdict->named->message;
    size_t len = strlen(message), end_len = strlen(end);
    ck_assert_msg(len >= end_len && strcmp(message + len - end_len, end) == 0, "said: %s", message);
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("judge_says");
    TCase *tc = tcase_create("steps");
    tcase_add_test(tc, commands_ask_where_the_walk_asked);
    tcase_add_test(tc, every_command_of_a_line_asks_there);
    tcase_add_loop_test(tc, what_a_container_said_last_is_said, 0, (int)EW_COUNT(last_words));
    suite_add_tcase(suite, tc);
    return suite;
}
