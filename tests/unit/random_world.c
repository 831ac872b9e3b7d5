#include "config.h"

#include "random_world.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GATEWAY_API "gateway.networking.k8s.io/v1"

static const char *const spaces[] = {"shop", "blog", "infra"};
static const char *const services[] = {"a", "b", "none"};
static const char *const hosts[] = {"x.com", "*.x.com", "w.x.com", "*.w.x.com", "y.com", "*.com"};
static const char *const paths[] = {"/", "/a", "/a/", "/a/b", "/b", "/a/b/c"};
static const char *const ages[] = {"2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z",
                                   "2024-01-01T00:00:00Z", ""};

struct random random_new(unsigned seed)
{
    return (struct random){seed * 2654435761u + 1};
}

unsigned random_below(struct random *random, unsigned limit)
{
    random->state ^= random->state << 13;
    random->state ^= random->state >> 17;
    random->state ^= random->state << 5;
    return (random->state >> 8) % limit;
}

bool random_chance(struct random *random, unsigned percent)
{
    return random_below(random, 100) < percent;
}

static void begin(struct random *random, struct ew_buf *out, const char *api, const char *kind,
                  const char *ns, const char *name)
{
    const char *age = random_of(random, ages);
    ew_buf_addf(out, "---\n{apiVersion: %s, kind: %s, metadata: {name: %s", api, kind, name);
    if (ns)
        ew_buf_addf(out, ", namespace: %s", ns);
    if (*age)
        ew_buf_addf(out, ", creationTimestamp: '%s'", age);
    ew_buf_adds(out, "}, ");
}

/* ---- Gateways ---- */

static void add_listener(struct random *random, struct ew_buf *out, unsigned index)
{
    static const char *const protocols[] = {"HTTP", "HTTP", "HTTP", "HTTPS", "TCP"};
    static const char *const from[] = {
        "All", "All", "Same",
        "Selector, selector: {matchLabels: {kubernetes.io/metadata.name: shop}}"};
    const char *protocol = random_of(random, protocols);
    bool tls = strcmp(protocol, "HTTPS") == 0;
    ew_buf_addf(out, "%s{name: l%u, protocol: %s, port: %u", index ? ", " : "", index, protocol,
                (tls ? 443 : 80) + (random_chance(random, 20) ? 1 : 0));
    if (random_chance(random, 50) && strcmp(protocol, "TCP") != 0)
        ew_buf_addf(out, ", hostname: '%s'", random_of(random, hosts));
    if (tls)
        ew_buf_adds(out, ", tls: {certificateRefs: [{name: cert}]}");
    ew_buf_addf(out, ", allowedRoutes: {namespaces: {from: %s}}}", random_of(random, from));
}

static void add_gateways(struct random *random, struct ew_buf *out)
{
    unsigned count = 1 + random_below(random, 2);
    ew_buf_adds(out,
                "---\n{apiVersion: " GATEWAY_API ", kind: GatewayClass, metadata: {name: edge}, "
                "spec: {controllerName: example.com/edge}}\n");
    for (unsigned i = 0; i < count; i++) {
        char name[24];
        snprintf(name, sizeof(name), "g%u", i);
        begin(random, out, GATEWAY_API, "Gateway", "infra", name);
        ew_buf_adds(out, "spec: {gatewayClassName: edge, listeners: [");
        unsigned listeners = 1 + random_below(random, 3);
        for (unsigned j = 0; j < listeners; j++)
            add_listener(random, out, j);
        ew_buf_adds(out, "]}}\n");
    }
}

/* ---- routes ---- */

static void add_match(struct random *random, struct ew_buf *out, bool grpc)
{
    static const char *const types[] = {"PathPrefix", "PathPrefix", "Exact"};
    if (grpc) {
        ew_buf_addf(out, "{method: {service: S%s}}",
                    random_chance(random, 50) ? ", method: M" : "");
        return;
    }
    ew_buf_addf(out, "{path: {type: %s, value: %s}", random_of(random, types),
                random_of(random, paths));
    if (random_chance(random, 20))
        ew_buf_adds(out, ", method: POST");
    if (random_chance(random, 20))
        ew_buf_adds(out, ", headers: [{name: x-a, value: '1'}]");
    if (random_chance(random, 20))
        ew_buf_adds(out, ", queryParams: [{name: q, value: '1'}]");
    ew_buf_adds(out, "}");
}

static void add_rule(struct random *random, struct ew_buf *out, bool grpc)
{
    unsigned matches = random_below(random, 3);
    ew_buf_adds(out, "{");
    for (unsigned i = 0; i < matches; i++) {
        ew_buf_adds(out, i ? ", " : "matches: [");
        add_match(random, out, grpc);
    }
    if (!grpc && random_chance(random, 10)) {
        ew_buf_addf(out,
                    "%sfilters: [{type: RequestRedirect, requestRedirect: {statusCode: 302}}]}",
                    matches ? "], " : "");
        return;
    }
    ew_buf_addf(out, "%sbackendRefs: [{name: %s, port: 80}", matches ? "], " : "",
                random_of(random, services));
    if (random_chance(random, 30))
        ew_buf_addf(out, ", {name: %s, port: 80, weight: %u}", random_of(random, services),
                    random_below(random, 4));
    ew_buf_adds(out, "]}");
}

static void add_parents(struct random *random, struct ew_buf *out)
{
    unsigned count = 1 + random_chance(random, 30);
    ew_buf_adds(out, "spec: {parentRefs: [");
    for (unsigned i = 0; i < count; i++) {
        ew_buf_addf(out, "%s{name: g%u, namespace: infra", i ? ", " : "", random_below(random, 3));
        if (random_chance(random, 30))
            ew_buf_addf(out, ", sectionName: l%u", random_below(random, 4));
        ew_buf_adds(out, "}");
    }
    ew_buf_adds(out, "]");
}

static void add_route(struct random *random, struct ew_buf *out, struct model_route *route)
{
    route->grpc = random_chance(random, 20);
    route->ns = random_of(random, spaces);
    route->host_count = random_below(random, MOST_HOSTS);
    route->rule_count = 1 + random_below(random, MOST_RULES);
    begin(random, out, GATEWAY_API, route->grpc ? "GRPCRoute" : "HTTPRoute", route->ns,
          route->name);
    add_parents(random, out);
    for (size_t i = 0; i < route->host_count; i++) {
        route->hosts[i] = random_of(random, hosts);
        ew_buf_addf(out, "%s'%s'", i ? ", " : ", hostnames: [", route->hosts[i]);
    }
    ew_buf_addf(out, "%s, rules: [", route->host_count ? "]" : "");
    for (size_t i = 0; i < route->rule_count; i++) {
        ew_buf_adds(out, i ? ", " : "");
        add_rule(random, out, route->grpc);
    }
    ew_buf_adds(out, "]}}\n");
}

/* ---- Ingresses ---- */

/* Each rule has one path. */
static void add_ingress(struct random *random, struct ew_buf *out, struct model_ingress *ingress)
{
    static const char *const types[] = {"Prefix", "Exact", "ImplementationSpecific"};
    ingress->ns = random_of(random, spaces);
    ingress->path_count = random_below(random, MOST_PATHS + 1);
    ingress->fallback = !ingress->path_count || random_chance(random, 20);
    begin(random, out, "networking.k8s.io/v1", "Ingress", ingress->ns, ingress->name);
    ew_buf_addf(out, "spec: {ingressClassName: %s", random_chance(random, 80) ? "c" : "d");
    if (ingress->fallback)
        ew_buf_adds(out, ", defaultBackend: {service: {name: a, port: {number: 80}}}");
    ew_buf_adds(out, ", rules: [");
    for (size_t i = 0; i < ingress->path_count; i++) {
        struct model_path *path = &ingress->paths[i];
        *path =
            (struct model_path){.host = random_chance(random, 10) ? "" : random_of(random, hosts),
                                .path = random_of(random, paths),
                                .rule = (int)i};
        ew_buf_addf(out, "%s{", i ? ", " : "");
        if (*path->host)
            ew_buf_addf(out, "host: '%s', ", path->host);
        ew_buf_addf(out,
                    "http: {paths: [{path: %s, pathType: %s, backend: {service: {name: %s, port: "
                    "{number: 80}}}}]}}",
                    path->path, random_of(random, types), random_of(random, services));
    }
    ew_buf_adds(out, "]}}\n");
}

/* ---- the rest ---- */

static void add_services(struct random *random, struct ew_buf *out)
{
    ew_buf_adds(out,
                "---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: c}, "
                "spec: {controller: example.com/c}}\n");
    for (size_t i = 0; i < EW_COUNT(spaces); i++)
        for (size_t j = 0; j < 2; j++) {
            ew_buf_addf(out,
                        "---\n{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: %s}, "
                        "spec: {selector: {app: x}, ports: [{port: 80}]}}\n",
                        services[j], spaces[i]);
            if (random_chance(random, 40))
                ew_buf_addf(
                    out,
                    "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: "
                    "{name: %s-1, namespace: %s, labels: {kubernetes.io/service-name: %s}}, "
                    "addressType: IPv4, ports: [{port: 8080}], endpoints: [{addresses: "
                    "[10.0.0.1], conditions: {ready: %s}}]}\n",
                    services[j], spaces[i], services[j],
                    random_chance(random, 70) ? "true" : "false");
        }
}

void model_make(struct model *model, unsigned seed)
{
    struct random random = random_new(seed);
    struct ew_buf out;
    memset(model, 0, sizeof(*model));
    ew_buf_init(&out, 0);
    add_gateways(&random, &out);
    model->route_count = 1 + random_below(&random, MOST_ROUTES);
    for (size_t i = 0; i < model->route_count; i++) {
        snprintf(model->routes[i].name, sizeof(model->routes[i].name), "r%zu", i);
        add_route(&random, &out, &model->routes[i]);
    }
    model->ingress_count = random_below(&random, MOST_INGRESSES + 1);
    for (size_t i = 0; i < model->ingress_count; i++) {
        snprintf(model->ingresses[i].name, sizeof(model->ingresses[i].name), "i%zu", i);
        add_ingress(&random, &out, &model->ingresses[i]);
    }
    add_services(&random, &out);
    model->yaml = ew_buf_take(&out);
}

void model_release(struct model *model)
{
    free(model->yaml);
}

char *random_request(struct random *random)
{
    static const char *const asked[] = {"x.com",   "w.x.com", "v.w.x.com",
                                        "u.x.com", "y.com",   "z.org"};
    static const char *const places[] = {"/", "/a", "/a/b", "/ab", "/a/b/c/d", "/b?q=1", "/a?q=1"};
    unsigned kind = random_below(random, 10);
    const char *host = random_of(random, asked);
    if (kind == 0)
        return ew_fmt("POST grpc+http://%s:80/S/M", host);
    if (kind == 1)
        return ew_fmt("GET https://%s:443%s", host, random_of(random, places));
    return ew_fmt("%s http://%s:%u%s", kind == 2 ? "POST" : "GET", host,
                  80 + random_chance(random, 15), random_of(random, places));
}
