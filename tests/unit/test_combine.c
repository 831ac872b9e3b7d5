/* Two faults at once, from different layers: both are roots, whatever the pair. Pairs, their order
 * and the answers are drawn by a seeded generator; the matrix of what was found, and each pair that
 * was taken for something else, are printed. */
#include "config.h"

#include "judge_scene.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { COMBINATIONS = 500, ENOUGH_PERCENT = 95 };

/* A fault changes the healthy shop. status: what the edge then answers, 0 for no answer at all. */
struct fault {
    const char *cause;
    void (*apply)(struct scene *scene);
    int status;
};

#define GATEWAY_OF(listener, status)                                                               \
    "apiVersion: gateway.networking.k8s.io/v1\n"                                                   \
    "kind: Gateway\n"                                                                              \
    "metadata: {namespace: infra, name: public}\n"                                                 \
    "spec: {gatewayClassName: edge, listeners: [" listener "]}\n"                                  \
    "status: {" status "}\n"
#define ADDRESS                                                                                    \
    "addresses: [{value: 203.0.113.7}], conditions: [{type: Programmed, status: 'True'}]"
#define SERVICE_OF(selector, port)                                                                 \
    "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: {selector: "    \
    "{app: " selector "}, ports: [{port: " port ", targetPort: 8080}]}}\n"
#define EMPTY                                                                                      \
    "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: shop, "     \
    "name: web-1, labels: {kubernetes.io/service-name: web}}, endpoints: [], ports: [{name: '', "  \
    "port: 8080}]}\n"
#define POD_OF(name, status)                                                                       \
    "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: " name ", labels: {app: "  \
    "web}}, spec: {containers: [{name: web}]}, status: {" status "}}\n"
#define CONTAINER(state)                                                                           \
    "phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: 'False'}], "              \
    "containerStatuses: [{name: web, ready: false, " state "}]"
#define BOTH(status) POD_OF("web-6b-a", status) POD_OF("web-6b-b", status)

/* ---- outside ---- */

static void no_name(struct scene *scene)
{
    scene_dns(scene, HOST, "NXDOMAIN", "");
}

static void broken_zone(struct scene *scene)
{
    scene_dns(scene, HOST, "SERVFAIL", "");
}

static void no_record(struct scene *scene)
{
    scene_dns(scene, HOST, "NOERROR", "");
}

static void refused(struct scene *scene)
{
    scene_tcp(scene, EDGE, "refused");
}

static void silent(struct scene *scene)
{
    scene_tcp(scene, EDGE, "timeout");
}

static void leaf(struct scene *scene, const char *how)
{
    scene_tls(scene, EDGE, how);
    scene_http(scene, EDGE, "main", 0, "", "tls-untrusted");
}

static void expired(struct scene *scene)
{
    leaf(scene, "expired");
}

static void other_name(struct scene *scene)
{
    leaf(scene, "other-name");
}

static void short_chain(struct scene *scene)
{
    leaf(scene, "unknown-issuer");
}

static void own_ca(struct scene *scene)
{
    leaf(scene, "self-signed-in-chain");
}

static const struct fault outside[] = {
    {"dns-nxdomain", no_name, 0},         {"dns-servfail", broken_zone, 0},
    {"dns-nodata", no_record, 0},         {"tcp-refused", refused, 0},
    {"tcp-timeout", silent, 0},           {"tls-cert-expired", expired, 0},
    {"tls-name-mismatch", other_name, 0}, {"tls-intermediate-missing", short_chain, 0},
    {"tls-untrusted-ca", own_ca, 0},
};

/* ---- inside ---- */

static void not_selected(struct scene *scene)
{
    scene_add(scene,
              GATEWAY_OF("{name: https, port: 443, protocol: HTTPS, hostname: '*.example.com', "
                         "tls: {certificateRefs: [{name: web-tls}]}, allowedRoutes: {namespaces: "
                         "{from: Selector, selector: {matchLabels: {public: 'true'}}}}}",
                         ADDRESS));
}

static void other_hostname(struct scene *scene)
{
    scene_add(scene,
              GATEWAY_OF("{name: https, port: 443, protocol: HTTPS, hostname: '*.example.net', "
                         "tls: {certificateRefs: [{name: web-tls}]}, allowedRoutes: {namespaces: "
                         "{from: All}}}",
                         ADDRESS));
}

static void not_accepted(struct scene *scene)
{
    scene_add(scene,
              GATEWAY_OF("{name: https, port: 443, protocol: HTTPS, hostname: '*.example.com', "
                         "tls: {certificateRefs: [{name: web-tls}]}, allowedRoutes: {namespaces: "
                         "{from: All}}}",
                         "addresses: [{value: 203.0.113.7}], conditions: [{type: Accepted, status: "
                         "'False', reason: InvalidParameters, message: no such parameters}]"));
}

static void wrong_port(struct scene *scene)
{
    scene_add(scene, SERVICE_OF("web", "8080"));
}

static void wrong_selector(struct scene *scene)
{
    scene_add(scene, SERVICE_OF("webb", "80") EMPTY);
}

static void no_service(struct scene *scene)
{
    scene_add(scene, "apiVersion: gateway.networking.k8s.io/v1\n"
                     "kind: HTTPRoute\n"
                     "metadata: {namespace: shop, name: web}\n"
                     "spec: {parentRefs: [{name: public, namespace: infra}], hostnames: "
                     "[shop.example.com], rules: [{backendRefs: [{name: webb, port: 80}]}]}\n"
                     "status: {parents: [{parentRef: {name: public, namespace: infra}}]}\n");
}

static void unready_with(struct scene *scene, const char *pods)
{
    scene_unready(scene);
    scene_add(scene, pods);
}

static void crashing(struct scene *scene)
{
    unready_with(scene,
                 BOTH(CONTAINER("restartCount: 9, state: {waiting: {reason: "
                                "CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}")));
}

static void killed(struct scene *scene)
{
    unready_with(scene,
                 BOTH(CONTAINER("restartCount: 2, state: {running: {}}, lastState: {terminated: "
                                "{reason: OOMKilled, exitCode: 137}}")));
}

static void no_image(struct scene *scene)
{
    unready_with(scene,
                 BOTH(CONTAINER("restartCount: 0, state: {waiting: {reason: ImagePullBackOff}}")));
}

static void not_ready(struct scene *scene)
{
    unready_with(scene, BOTH(CONTAINER("restartCount: 0, state: {running: {}}")));
}

static void not_started(struct scene *scene)
{
    unready_with(scene, BOTH("phase: Pending, conditions: [{type: PodScheduled, status: 'False', "
                             "reason: Unschedulable, message: no node fits}]"));
}

static const struct fault inside[] = {
    {"route-namespace-not-selected", not_selected, 404},
    {"route-hostname-no-intersection", other_hostname, 404},
    {"edge-gateway-not-accepted", not_accepted, 404},
    {"svc-port-mismatch", wrong_port, 500},
    {"route-backend-not-found", no_service, 500},
    {"svc-selector-mismatch", wrong_selector, 503},
    {"pod-crashloop", crashing, 503},
    {"pod-oomkilled", killed, 503},
    {"pod-image-pull", no_image, 503},
    {"pod-readiness-failing", not_ready, 503},
    {"pod-not-started", not_started, 503},
};

/* ---- drawing ---- */

static unsigned draw(unsigned *seed, size_t below)
{
    *seed = *seed * 1103515245u + 12345u;
    return (unsigned)((*seed >> 16) % below);
}

static struct scene *combined(const struct fault *first, const struct fault *second)
{
    struct scene *scene = scene_new("https://" HOST "/", "");
    const struct fault *answering = second->status ? second : first;
    scene_shop(scene);
    scene_pods(scene);
    scene_dns(scene, HOST, "NOERROR", EDGE);
    scene_serves(scene, EDGE, answering->status, "");
    scene_http(scene, EDGE, "host-control", 404, "", "");
    scene_http(scene, EDGE, "path-control", answering->status, "", "");
    first->apply(scene);
    second->apply(scene);
    return scene;
}

static bool is_root(const struct ew_verdict *verdict, const char *cause)
{
    if (verdict->named && strcmp(verdict->named->cause->id, cause) == 0)
        return true;
    for (size_t i = 0; i < verdict->independent_count; i++)
        if (strcmp(verdict->independent[i]->cause->id, cause) == 0)
            return true;
    return false;
}

static void print_roots(const char *a, const char *b, const struct ew_verdict *verdict)
{
    fprintf(stderr, "%-30s + %-30s got %s", a, b,
            verdict->named ? verdict->named->cause->id : "none");
    for (size_t i = 0; i < verdict->independent_count; i++)
        fprintf(stderr, ", %s", verdict->independent[i]->cause->id);
    fputc('\n', stderr);
}

/* Neither more nor less than the two. */
static bool both_roots(const struct fault *a, const struct fault *b, bool swapped)
{
    struct scene *scene = swapped ? combined(b, a) : combined(a, b);
    const struct ew_verdict *verdict = scene_judge(scene);
    bool good = verdict->status == EW_ST_FAIL && is_root(verdict, a->cause) &&
                is_root(verdict, b->cause) && verdict->independent_count == 1;
    if (!good)
        print_roots(a->cause, b->cause, verdict);
    scene_free(scene);
    return good;
}

/* How often each pair was drawn, and how often both its roots were found. */
struct tally {
    int good, drawn;
};

/* Rows: faults outside; columns: faults inside, in the order of their list below it. */
static void print_matrix(struct tally matrix[EW_COUNT(outside)][EW_COUNT(inside)])
{
    for (size_t a = 0; a < EW_COUNT(outside); a++) {
        fprintf(stderr, "# %-26s", outside[a].cause);
        for (size_t b = 0; b < EW_COUNT(inside); b++)
            fprintf(stderr, " %2d/%-2d", matrix[a][b].good, matrix[a][b].drawn);
        fputc('\n', stderr);
    }
    for (size_t b = 0; b < EW_COUNT(inside); b++)
        fprintf(stderr, "# column %zu: %s\n", b + 1, inside[b].cause);
}

START_TEST(two_roots_are_two_roots)
{
    struct tally matrix[EW_COUNT(outside)][EW_COUNT(inside)] = {0};
    unsigned seed = 20261123;
    int good = 0;
    for (int i = 0; i < COMBINATIONS; i++) {
        size_t a = draw(&seed, EW_COUNT(outside)), b = draw(&seed, EW_COUNT(inside));
        bool both = both_roots(&outside[a], &inside[b], draw(&seed, 2));
        matrix[a][b].good += both;
        matrix[a][b].drawn++;
        good += both;
    }
    print_matrix(matrix);
    fprintf(stderr, "# both roots in %d of %d\n", good, COMBINATIONS);
    ck_assert_msg(good * 100 >= COMBINATIONS * ENOUGH_PERCENT, "%d of %d", good, COMBINATIONS);
}
END_TEST

/* Each by itself is the one root, so that the pairs above are made of faults that are understood.
 */
START_TEST(one_root_is_one_root)
{
    static const struct fault none = {"", scene_pods, 0};
    const struct fault *fault =
        _i < (int)EW_COUNT(outside) ? &outside[_i] : &inside[_i - (int)EW_COUNT(outside)];
    struct fault only = *fault;
    only.status = fault->status ? fault->status : 200;
    struct scene *scene = combined(&none, &only);
    const struct ew_verdict *verdict = scene_judge(scene);
    ck_assert_str_eq(verdict->named ? verdict->named->cause->id : "none", fault->cause);
    ck_assert_uint_eq(verdict->independent_count, 0);
    scene_free(scene);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("combine");
    TCase *tc = tcase_create("combine");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, one_root_is_one_root, 0, (int)(EW_COUNT(outside) + EW_COUNT(inside)));
    tcase_add_test(tc, two_roots_are_two_roots);
    suite_add_tcase(suite, tc);
    return suite;
}
