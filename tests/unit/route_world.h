/* A world out of YAML text, and requests put to it. */
#ifndef TESTS_UNIT_ROUTE_WORLD_H
#define TESTS_UNIT_ROUTE_WORLD_H

#include "edgewalk/route.h"

#define GW "gateway.networking.k8s.io/v1"

/* Objects in flow style, each a document. */
#define OBJECT(api, kind, ns, name, rest)                                                          \
    "---\n{apiVersion: " api ", kind: " kind ", metadata: {namespace: " ns ", name: " name         \
    "}, " rest "}\n"
#define AGED(api, kind, ns, name, created, rest)                                                   \
    "---\n{apiVersion: " api ", kind: " kind ", metadata: {namespace: " ns ", name: " name         \
    ", creationTimestamp: '" created "'}, " rest "}\n"
#define CLASS                                                                                      \
    "---\n{apiVersion: " GW ", kind: GatewayClass, metadata: {name: edge}, "                       \
    "spec: {controllerName: example.com/edge}}\n"
#define GATEWAY(name, listeners)                                                                   \
    OBJECT(GW, "Gateway", "infra", name,                                                           \
           "spec: {gatewayClassName: edge, listeners: [" listeners "]}")
#define HTTP80 "{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}"
#define ROUTE(name, spec) OBJECT(GW, "HTTPRoute", "shop", name, "spec: {" spec "}")
#define TO_WEB "parentRefs: [{name: web, namespace: infra}]"
#define SERVICE(ns, name)                                                                          \
    OBJECT("v1", "Service", ns, name, "spec: {selector: {app: " name "}, ports: [{port: 80}]}")
#define BACKEND(name) "backendRefs: [{name: " name ", port: 80}]"
#define BASE CLASS GATEWAY("web", HTTP80) SERVICE("shop", "a") SERVICE("shop", "b")

struct place {
    struct ew_snapshot *snapshot;
    struct ew_world *world;
    struct ew_routing *routing;
    struct ew_doc *features, *checked;
    struct ew_wants *wants;
};

/* As from files; features: JSON or NULL. */
struct place *place_new(const char *yaml, const char *features);
/* As from an API where everything that is listed in `lists` (resources, blank-separated) was read
 * whole, and nothing else was; "RESOURCE+N": N that claim other hosts were left out;
 * "!RESOURCE/NS/NAME": that one was asked for, and is not there; "@GROUP": is served, alone. */
struct place *place_live(const char *yaml, const char *lists);
/* Takes the objects in another order, by seed. */
struct place *place_shuffled(const char *yaml, unsigned seed);
void place_free(struct place *place);

/* "GET http://host:port/path?query" ("grpc://…", "grpc+http://…", "tls://…", "tcp://…"), then
 * headers as "Name: value", NULL-terminated. */
const struct ew_decision *put(struct place *place, const char *line, const char *const *headers);
#define ask(place, line) put(place, line, NULL)
/* The decision as JSON text, without what only counts others; the caller's. */
char *put_text(struct place *place, const char *line);

/* The condition of the check's answer: object "KIND/NAME"; path "parents[0]", "listeners[0]" or "".
 */
const struct ew_json *condition(struct place *place, const char *object, const char *path,
                                const char *type);
/* Its expected status and reason as "Status Reason". The caller's. */
char *expected(struct place *place, const char *object, const char *path, const char *type);
const struct ew_json *checked_object(struct place *place, const char *object);
const struct ew_json *checked(struct place *place);

#define assert_expected(place, object, path, type, text)                                           \
    do {                                                                                           \
        char *got_ = expected(place, object, path, type);                                          \
        ck_assert_str_eq(got_, text);                                                              \
        free(got_);                                                                                \
    } while (0)

#endif
