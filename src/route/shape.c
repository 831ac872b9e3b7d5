#include "config.h"

#include "shape.h"

#include <stdio.h>
#include <string.h>

enum type { STRING, INTEGER, OBJECT, ARRAY, MAP, INT_OR_STRING, BOOLEAN };

/* A place and what must stand there. "[]" is every item of an array. */
struct place {
    const char *path;
    enum type type;
    long min, max; /* of integers */
    bool required;
};

static const struct place listener_places[] = {
    {"spec", OBJECT, 0, 0, true},
    {"spec.listeners", ARRAY, 0, 0, true},
    {"spec.listeners[]", OBJECT, 0, 0, false},
    {"spec.listeners[].name", STRING, 0, 0, true},
    {"spec.listeners[].port", INTEGER, 1, 65535, true},
    {"spec.listeners[].protocol", STRING, 0, 0, true},
    {"spec.listeners[].hostname", STRING, 0, 0, false},
    {"spec.listeners[].tls", OBJECT, 0, 0, false},
    {"spec.listeners[].tls.mode", STRING, 0, 0, false},
    {"spec.listeners[].tls.certificateRefs", ARRAY, 0, 0, false},
    {"spec.listeners[].tls.certificateRefs[]", OBJECT, 0, 0, false},
    {"spec.listeners[].tls.certificateRefs[].name", STRING, 0, 0, true},
    {"spec.listeners[].allowedRoutes", OBJECT, 0, 0, false},
    {"spec.listeners[].allowedRoutes.kinds", ARRAY, 0, 0, false},
    {"spec.listeners[].allowedRoutes.kinds[].kind", STRING, 0, 0, true},
    {"spec.listeners[].allowedRoutes.namespaces", OBJECT, 0, 0, false},
    {"spec.listeners[].allowedRoutes.namespaces.from", STRING, 0, 0, false},
    {"spec.listeners[].allowedRoutes.namespaces.selector", OBJECT, 0, 0, false},
    {"spec.listeners[].allowedRoutes.namespaces.selector.matchLabels", MAP, 0, 0, false},
    {"spec.listeners[].allowedRoutes.namespaces.selector.matchExpressions", ARRAY, 0, 0, false},
};

static const struct place gateway_places[] = {
    {"spec.gatewayClassName", STRING, 0, 0, true},
    {"spec.addresses", ARRAY, 0, 0, false},
    {"spec.infrastructure", OBJECT, 0, 0, false},
    {"spec.allowedListeners", OBJECT, 0, 0, false},
    {"spec.allowedListeners.namespaces", OBJECT, 0, 0, false},
    {"spec.allowedListeners.namespaces.selector", OBJECT, 0, 0, false},
    {"spec.tls", OBJECT, 0, 0, false},
};

static const struct place set_places[] = {
    {"spec.parentRef", OBJECT, 0, 0, true},
    {"spec.parentRef.name", STRING, 0, 0, true},
};

static const struct place route_places[] = {
    {"spec", OBJECT, 0, 0, true},
    {"spec.parentRefs", ARRAY, 0, 0, false},
    {"spec.parentRefs[]", OBJECT, 0, 0, false},
    {"spec.parentRefs[].name", STRING, 0, 0, true},
    {"spec.parentRefs[].kind", STRING, 0, 0, false},
    {"spec.parentRefs[].namespace", STRING, 0, 0, false},
    {"spec.parentRefs[].sectionName", STRING, 0, 0, false},
    {"spec.parentRefs[].port", INTEGER, 1, 65535, false},
    {"spec.hostnames", ARRAY, 0, 0, false},
    {"spec.hostnames[]", STRING, 0, 0, false},
    {"spec.rules", ARRAY, 0, 0, false},
    {"spec.rules[]", OBJECT, 0, 0, false},
    {"spec.rules[].matches", ARRAY, 0, 0, false},
    {"spec.rules[].matches[]", OBJECT, 0, 0, false},
    {"spec.rules[].matches[].path", OBJECT, 0, 0, false},
    {"spec.rules[].matches[].path.type", STRING, 0, 0, false},
    {"spec.rules[].matches[].path.value", STRING, 0, 0, false},
    {"spec.rules[].matches[].headers", ARRAY, 0, 0, false},
    {"spec.rules[].matches[].headers[]", OBJECT, 0, 0, false},
    {"spec.rules[].matches[].headers[].name", STRING, 0, 0, true},
    {"spec.rules[].matches[].headers[].value", STRING, 0, 0, true},
    {"spec.rules[].matches[].queryParams", ARRAY, 0, 0, false},
    {"spec.rules[].matches[].queryParams[].name", STRING, 0, 0, true},
    {"spec.rules[].matches[].queryParams[].value", STRING, 0, 0, true},
    {"spec.rules[].filters", ARRAY, 0, 0, false},
    {"spec.rules[].filters[]", OBJECT, 0, 0, false},
    {"spec.rules[].filters[].type", STRING, 0, 0, true},
    {"spec.rules[].backendRefs", ARRAY, 0, 0, false},
    {"spec.rules[].backendRefs[]", OBJECT, 0, 0, false},
    {"spec.rules[].backendRefs[].name", STRING, 0, 0, true},
    {"spec.rules[].backendRefs[].namespace", STRING, 0, 0, false},
    {"spec.rules[].backendRefs[].port", INTEGER, 1, 65535, false},
    {"spec.rules[].backendRefs[].weight", INTEGER, 0, 1000000, false},
    {"spec.rules[].backendRefs[].filters", ARRAY, 0, 0, false},
};

static const struct place ingress_places[] = {
    {"spec", OBJECT, 0, 0, true},
    {"spec.ingressClassName", STRING, 0, 0, false},
    {"spec.rules", ARRAY, 0, 0, false},
    {"spec.rules[]", OBJECT, 0, 0, false},
    {"spec.rules[].host", STRING, 0, 0, false},
    {"spec.rules[].http", OBJECT, 0, 0, false},
    {"spec.rules[].http.paths", ARRAY, 0, 0, false},
    {"spec.rules[].http.paths[]", OBJECT, 0, 0, false},
    {"spec.rules[].http.paths[].path", STRING, 0, 0, false},
    {"spec.rules[].http.paths[].pathType", STRING, 0, 0, true},
    {"spec.rules[].http.paths[].backend", OBJECT, 0, 0, true},
    {"spec.rules[].http.paths[].backend.service", OBJECT, 0, 0, false},
    {"spec.rules[].http.paths[].backend.service.name", STRING, 0, 0, true},
    {"spec.rules[].http.paths[].backend.service.port", OBJECT, 0, 0, false},
    {"spec.rules[].http.paths[].backend.service.port.number", INTEGER, 1, 65535, false},
    {"spec.rules[].http.paths[].backend.service.port.name", STRING, 0, 0, false},
    {"spec.defaultBackend", OBJECT, 0, 0, false},
    {"spec.tls", ARRAY, 0, 0, false},
    {"spec.tls[].hosts", ARRAY, 0, 0, false},
    {"spec.tls[].secretName", STRING, 0, 0, false},
};

static const struct place service_places[] = {
    {"spec", OBJECT, 0, 0, true},
    {"spec.selector", MAP, 0, 0, false},
    {"spec.ports", ARRAY, 0, 0, false},
    {"spec.ports[]", OBJECT, 0, 0, false},
    {"spec.ports[].port", INTEGER, 1, 65535, true},
    {"spec.ports[].name", STRING, 0, 0, false},
    {"spec.ports[].targetPort", INT_OR_STRING, 1, 65535, false},
};

static const struct place policy_places[] = {
    {"spec", OBJECT, 0, 0, true},
    {"spec.targetRefs", ARRAY, 0, 0, true},
    {"spec.targetRefs[]", OBJECT, 0, 0, false},
    {"spec.targetRefs[].name", STRING, 0, 0, true},
    {"spec.targetRefs[].sectionName", STRING, 0, 0, false},
    {"spec.validation", OBJECT, 0, 0, true},
    {"spec.validation.hostname", STRING, 0, 0, true},
    {"spec.validation.caCertificateRefs", ARRAY, 0, 0, false},
};

static const struct place grant_places[] = {
    {"spec", OBJECT, 0, 0, true},
    {"spec.from", ARRAY, 0, 0, true},
    {"spec.from[]", OBJECT, 0, 0, false},
    {"spec.from[].kind", STRING, 0, 0, true},
    {"spec.from[].namespace", STRING, 0, 0, true},
    {"spec.to", ARRAY, 0, 0, true},
    {"spec.to[]", OBJECT, 0, 0, false},
    {"spec.to[].kind", STRING, 0, 0, true},
};

static const struct place class_places[] = {
    {"spec", OBJECT, 0, 0, true},
    {"spec.controllerName", STRING, 0, 0, true},
    {"spec.parametersRef", OBJECT, 0, 0, false},
};

static const struct {
    enum ew_kind kind;
    const struct place *places;
    size_t count;
} shapes[] = {
    {EW_GATEWAYCLASS, class_places, EW_COUNT(class_places)},
    {EW_GATEWAY, listener_places, EW_COUNT(listener_places)},
    {EW_GATEWAY, gateway_places, EW_COUNT(gateway_places)},
    {EW_LISTENERSET, listener_places, EW_COUNT(listener_places)},
    {EW_LISTENERSET, set_places, EW_COUNT(set_places)},
    {EW_HTTPROUTE, route_places, EW_COUNT(route_places)},
    {EW_GRPCROUTE, route_places, EW_COUNT(route_places)},
    {EW_TLSROUTE, route_places, EW_COUNT(route_places)},
    {EW_TCPROUTE, route_places, EW_COUNT(route_places)},
    {EW_UDPROUTE, route_places, EW_COUNT(route_places)},
    {EW_REFERENCEGRANT, grant_places, EW_COUNT(grant_places)},
    {EW_BACKENDTLSPOLICY, policy_places, EW_COUNT(policy_places)},
    {EW_INGRESS, ingress_places, EW_COUNT(ingress_places)},
    {EW_SERVICE, service_places, EW_COUNT(service_places)},
};

enum { PATH_MAX_LEN = 240 };

struct walk {
    shape_visit_fn *visit;
    void *ctx;
    char path[PATH_MAX_LEN];
};

/* One place of one object under judgement. */
struct judging {
    const struct place *place;
    shape_fn *each;
    void *ctx;
};

static const char *const names[] = {
    [STRING] = "a text",        [INTEGER] = "a whole number", [OBJECT] = "an object",
    [ARRAY] = "a list",         [MAP] = "a map of texts",     [INT_OR_STRING] = "a number or text",
    [BOOLEAN] = "true or false"};

static const char *const got_names[] = {
    [EW_JSON_NULL] = "null",     [EW_JSON_BOOL] = "true or false", [EW_JSON_NUMBER] = "a number",
    [EW_JSON_STRING] = "a text", [EW_JSON_ARRAY] = "a list",       [EW_JSON_OBJECT] = "an object"};

static bool is_map(const struct ew_json *node)
{
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return false;
    EW_JSON_EACH(member, node)
    {
        if (!ew_json_str(member))
            return false;
    }
    return true;
}

static bool is_whole(const struct ew_json *node)
{
    return ew_json_is(node, EW_JSON_NUMBER) && ew_json_int(node, -1) == ew_json_int(node, -2);
}

static bool type_fits(const struct ew_json *node, enum type type)
{
    switch (type) {
    case STRING:
        return ew_json_is(node, EW_JSON_STRING);
    case INTEGER:
        return is_whole(node);
    case OBJECT:
        return ew_json_is(node, EW_JSON_OBJECT);
    case ARRAY:
        return ew_json_is(node, EW_JSON_ARRAY);
    case MAP:
        return is_map(node);
    case INT_OR_STRING:
        return is_whole(node) || ew_json_is(node, EW_JSON_STRING);
    case BOOLEAN:
        return ew_json_is(node, EW_JSON_BOOL);
    }
    return true;
}

static void judge(void *ctx, const char *path, const struct ew_json *node,
                  const struct ew_json *parent)
{
    const struct judging *on = ctx;
    const struct place *place = on->place;
    char text[160];
    long number = ew_json_int(node, 0);
    if (!node || ew_json_is(node, EW_JSON_NULL)) {
        if (place->required && parent)
            on->each(on->ctx, path, "is missing", ew_json_line(parent));
        return;
    }
    if (!type_fits(node, place->type)) {
        snprintf(text, sizeof(text), "is %s, and must be %s", got_names[ew_json_type(node)],
                 names[place->type]);
        on->each(on->ctx, path, text, ew_json_line(node));
    } else if (place->max && ew_json_is(node, EW_JSON_NUMBER) &&
               (number < place->min || number > place->max)) {
        snprintf(text, sizeof(text), "is %ld, and must be from %ld to %ld", number, place->min,
                 place->max);
        on->each(on->ctx, path, text, ew_json_line(node));
    }
}

static size_t clipped(size_t len, int wrote)
{
    size_t now = len + (size_t)(wrote > 0 ? wrote : 0);
    return now < PATH_MAX_LEN ? now : PATH_MAX_LEN - 1;
}

static size_t append_key(struct walk *walk, size_t len, const char *key)
{
    return clipped(len,
                   snprintf(walk->path + len, PATH_MAX_LEN - len, "%s%s", len ? "." : "", key));
}

static size_t append_index(struct walk *walk, size_t len, size_t index)
{
    return clipped(len, snprintf(walk->path + len, PATH_MAX_LEN - len, "[%zu]", index));
}

/* rest is what of the path is still to go below node, whose own path is len long. */
static void descend(struct walk *walk, const struct ew_json *node, const char *rest, size_t len)
{
    size_t word = strcspn(rest, ".[");
    char key[64];
    if (rest[0] == '[') {
        size_t index = 0;
        const char *after = rest + 2;
        if (!ew_json_is(node, EW_JSON_ARRAY))
            return;
        EW_JSON_EACH(item, node)
        {
            size_t now = append_index(walk, len, index++);
            if (*after)
                descend(walk, item, after + (*after == '.'), now);
            else
                walk->visit(walk->ctx, walk->path, item, node);
        }
        return;
    }
    if (!ew_json_is(node, EW_JSON_OBJECT) || word >= sizeof(key))
        return;
    memcpy(key, rest, word);
    key[word] = '\0';
    const struct ew_json *member = ew_json_get(node, key);
    size_t now = append_key(walk, len, key);
    if (!rest[word])
        walk->visit(walk->ctx, walk->path, member, node);
    else if (member)
        descend(walk, member, rest + word + (rest[word] == '.'), now);
}

void shape_visit(const struct ew_json *root, const char *path, shape_visit_fn *visit, void *ctx)
{
    struct walk walk = {.visit = visit, .ctx = ctx};
    descend(&walk, root, path, 0);
}

void shape_check(const struct ew_obj *obj, shape_fn *each, void *ctx)
{
    for (size_t i = 0; i < EW_COUNT(shapes); i++) {
        if (shapes[i].kind != obj->kind)
            continue;
        for (size_t j = 0; j < shapes[i].count; j++) {
            struct judging on = {&shapes[i].places[j], each, ctx};
            shape_visit(obj->json, on.place->path, judge, &on);
        }
    }
    admission_check(obj, each, ctx);
}
