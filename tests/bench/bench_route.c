/* How long the routing takes over many routes: 20,000 routes with 50,000 rules read from a file,
 * and decisions a second at 500, 5,000 and 50,000 rules, for routes with hosts of their own and for
 * routes that share one. Times are of this process on one core; candidates are left out. */
#include "config.h"

#include "edgewalk/cluster.h"
#include "edgewalk/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { RULES_A_ROUTE_X2 = 5, SERVICES = 200, DECISIONS = 40000, FORGET = 500 };

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static double peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* ---- the objects ---- */

static void write_head(FILE *file)
{
    fputs("{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: edge}, "
          "spec: {controllerName: example.com/edge}}\n---\n"
          "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, "
          "namespace: infra}, spec: {gatewayClassName: edge, listeners: [{name: http, port: 80, "
          "protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}}\n",
          file);
    for (int i = 0; i < SERVICES; i++)
        fprintf(
            file,
            "---\n{apiVersion: v1, kind: Service, metadata: {name: s%d, namespace: shop}, spec: "
            "{selector: {app: s%d}, ports: [{port: 80}]}}\n",
            i, i);
}

static void write_rule(FILE *file, int number, int rule)
{
    fprintf(
        file,
        "%s{matches: [{path: {type: PathPrefix, value: /team%d/v%d}, headers: [{name: x-tenant, "
        "value: t%d}]}, {path: {type: PathPrefix, value: /team%d/v%d}}], backendRefs: [{name: "
        "s%d, port: 80}]}",
        rule ? ", " : "", number, rule, number % 7, number, rule, number % SERVICES);
}

/* Two and three rules by turns. */
static void write_routes(FILE *file, int rules, bool one_host)
{
    int written = 0;
    for (int number = 0; written < rules; number++) {
        int count = number % 2 ? 3 : 2;
        char host[64];
        snprintf(host, sizeof(host), one_host ? "shop.example.com" : "r%d.example.com", number);
        fprintf(file,
                "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: "
                "r%d, namespace: shop}, spec: {parentRefs: [{name: web, namespace: infra}], "
                "hostnames: [%s], rules: [",
                number, host);
        for (int rule = 0; rule < count && written < rules; rule++, written++)
            write_rule(file, number, rule);
        fputs("]}}\n", file);
    }
}

static char *objects_file(int rules, bool one_host)
{
    const char *folder = getenv("TMPDIR");
    char *path = ew_fmt("%s/edgewalk-bench-%ld.yaml", folder ? folder : "/tmp", (long)getpid());
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    fputs("---\n", file);
    write_head(file);
    write_routes(file, rules, one_host);
    fclose(file);
    return path;
}

/* ---- the measure ---- */

static void decide(struct ew_routing *routing, int number, bool one_host)
{
    char host[64], path[64];
    snprintf(host, sizeof(host), one_host ? "shop.example.com" : "r%d.example.com", number);
    snprintf(path, sizeof(path), "/team%d/v1/items/17", number);
    struct ew_request request = {.protocol = EW_PROTO_HTTP,
                                 .host = host,
                                 .port = 80,
                                 .path = path,
                                 .query = "",
                                 .method = "GET"};
    const struct ew_decision *decision = ew_routing_decide(routing, &request, NULL);
    if (decision->outcome != EW_OUT_BACKEND) {
        fprintf(stderr, "no backend for %s%s: %s\n", host, path, decision->why);
        exit(1);
    }
}

static double decisions_a_second(struct ew_routing *routing, int rules, bool one_host)
{
    int routes = rules * 2 / RULES_A_ROUTE_X2;
    double begin = now_ms();
    for (int i = 0; i < DECISIONS; i++) {
        decide(routing, (int)((unsigned)i * 2654435761u % (unsigned)routes), one_host);
        if (i % FORGET == 0)
            ew_routing_forget(routing);
    }
    return DECISIONS / (now_ms() - begin) * 1e3;
}

static void measure(int rules, bool one_host)
{
    struct ew_err err = {0};
    struct ew_routing_options options = {.no_candidates = true};
    char *path = objects_file(rules, one_host);
    const char *paths[] = {path, NULL};
    struct ew_snapshot *snapshot = ew_snapshot_new();
    double begin = now_ms();
    if (ew_cluster_read_files(paths, snapshot, &err) != EW_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    double read = now_ms();
    struct ew_world *world = ew_world_new(snapshot);
    struct ew_routing *routing = ew_routing_new(world, &options, NULL);
    double compiled = now_ms();
    double rate = decisions_a_second(routing, rules, one_host);
    printf("%6d rules, %s: read %.0f ms, compiled %.0f ms, peak %.0f MiB, %.0f decisions/s\n",
           rules, one_host ? "one host  " : "many hosts", read - begin, compiled - read, peak_mib(),
           rate);
    fflush(stdout);
    ew_routing_free(routing);
    ew_world_free(world);
    ew_snapshot_unref(snapshot);
    remove(path);
    free(path);
}

int main(void)
{
    static const int sizes[] = {500, 5000, 50000};
    for (size_t i = 0; i < EW_COUNT(sizes); i++)
        for (int one_host = 0; one_host < 2; one_host++)
            measure(sizes[i], one_host != 0);
    return 0;
}
