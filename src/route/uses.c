/* What of the API an object uses that a controller may do without: each by the name under which
 * GatewayClass.status.supportedFeatures claims it (pkg/features of Gateway API). */
#include "config.h"

#include "routing.h"

#include <string.h>

/* path: from the rule of a route, or from the spec where `whole`; "[]" stands for every item.
 * words: how messages speak of it, in lower case, separated by '|'. */
static const struct use_row {
    enum ew_kind kind;
    bool whole;
    const char *name, *path;
    long value;  /* that it has to have; 0: any */
    size_t from; /* counts from the n-th on; 0: the first */
    const char *words;
} rows[] = {
    {EW_HTTPROUTE, false, "HTTPRouteMethodMatching", "matches[].method", 0, 0, "method"},
    {EW_HTTPROUTE, false, "HTTPRouteQueryParamMatching", "matches[].queryParams", 0, 0,
     "queryparam|query param"},
    {EW_HTTPROUTE, false, "HTTPRouteResponseHeaderModification", "filters[].responseHeaderModifier",
     0, 0, "responseheader|response header"},
    {EW_HTTPROUTE, false, "HTTPRouteBackendRequestHeaderModification",
     "backendRefs[].filters[].requestHeaderModifier", 0, 0,
     "backend request header|backendref filter|backendrefs filter"},
    {EW_HTTPROUTE, false, "HTTPRoutePortRedirect", "filters[].requestRedirect.port", 0, 0,
     "redirect.port|redirect port|port redirect"},
    {EW_HTTPROUTE, false, "HTTPRouteSchemeRedirect", "filters[].requestRedirect.scheme", 0, 0,
     "scheme"},
    {EW_HTTPROUTE, false, "HTTPRoutePathRedirect", "filters[].requestRedirect.path", 0, 0,
     "redirect.path|redirect path|path redirect"},
    {EW_HTTPROUTE, false, "HTTPRoute303RedirectStatusCode", "filters[].requestRedirect.statusCode",
     303, 0, "303|statuscode|status code"},
    {EW_HTTPROUTE, false, "HTTPRoute307RedirectStatusCode", "filters[].requestRedirect.statusCode",
     307, 0, "307|statuscode|status code"},
    {EW_HTTPROUTE, false, "HTTPRoute308RedirectStatusCode", "filters[].requestRedirect.statusCode",
     308, 0, "308|statuscode|status code"},
    {EW_HTTPROUTE, false, "HTTPRouteHostRewrite", "filters[].urlRewrite.hostname", 0, 0,
     "urlrewrite|hostname|host rewrite"},
    {EW_HTTPROUTE, false, "HTTPRoutePathRewrite", "filters[].urlRewrite.path", 0, 0,
     "urlrewrite|rewrite path|path rewrite"},
    {EW_HTTPROUTE, false, "HTTPRouteRequestMirror", "filters[].requestMirror", 0, 0, "mirror"},
    {EW_HTTPROUTE, false, "HTTPRouteRequestMultipleMirrors", "filters[].requestMirror", 0, 2,
     "mirror"},
    {EW_HTTPROUTE, false, "HTTPRouteRequestPercentageMirror", "filters[].requestMirror.percent", 0,
     0, "percent"},
    {EW_HTTPROUTE, false, "HTTPRouteRequestPercentageMirror", "filters[].requestMirror.fraction", 0,
     0, "fraction"},
    {EW_HTTPROUTE, false, "HTTPRouteCORS", "filters[].cors", 0, 0, "cors"},
    {EW_HTTPROUTE, false, "HTTPRouteExternalAuth", "filters[].externalAuth", 0, 0,
     "externalauth|external auth"},
    {EW_HTTPROUTE, false, "HTTPRouteRequestTimeout", "timeouts.request", 0, 0, "timeout"},
    {EW_HTTPROUTE, false, "HTTPRouteBackendTimeout", "timeouts.backendRequest", 0, 0,
     "backendrequest|backend timeout|timeout"},
    {EW_HTTPROUTE, false, "HTTPRouteRetry", "retry", 0, 0, "retry|retries"},
    {EW_HTTPROUTE, false, "HTTPRouteSessionPersistence", "sessionPersistence", 0, 0,
     "sessionpersistence|session persistence"},
    {EW_HTTPROUTE, false, "HTTPRouteNamedRouteRule", "name", 0, 0, ".name|rule name|named rule"},
    {EW_HTTPROUTE, true, "HTTPRouteParentRefPort", "parentRefs[].port", 0, 0,
     "parentref port|parentrefs.port|parentref.port"},
    {EW_GRPCROUTE, false, "GRPCRouteNamedRouteRule", "name", 0, 0, ".name|rule name|named rule"},
    {EW_LISTENERSET, true, "ListenerSet", "parentRef", 0, 0, "listenerset"},
    {EW_GATEWAY, true, "GatewayStaticAddresses", "addresses", 0, 0, "address"},
    {EW_GATEWAY, true, "GatewayInfrastructurePropagation", "infrastructure.labels", 0, 0,
     "infrastructure"},
    {EW_GATEWAY, true, "GatewayInfrastructurePropagation", "infrastructure.annotations", 0, 0,
     "infrastructure"},
    {EW_GATEWAY, true, "GatewayBackendClientCertificate", "tls.backend.clientCertificateRef", 0, 0,
     "backendtls|tls.backend|clientcertificateref|client certificate"},
    {EW_GATEWAY, true, "GatewayFrontendClientCertificateValidation", "tls.frontend", 0, 0,
     "frontend|client certificate"},
};

struct listing {
    struct ew_routing *routing;
    const struct gateway *gateway;
    const struct use_row *row;
    int rule;
    size_t seen;
    struct ew_feature_use *out;
    size_t count, cap;
};

/* Only a list that was written can leave something out. */
static enum ew_yes claims(const struct ew_routing *routing, const struct gateway *gateway,
                          const char *name)
{
    const struct ew_json *own = ew_json_get(routing->features, name);
    if (ew_json_is(own, EW_JSON_BOOL))
        return ew_json_bool(own, true) ? EW_YES : EW_NO;
    if (!gateway || !ew_json_count(gateway->features))
        return EW_MAYBE;
    return feature_claimed(gateway->features, name) ? EW_YES : EW_NO;
}

static void add_use(struct listing *on, const char *path)
{
    struct ew_arena *arena = on->routing->arena;
    if (on->count == on->cap) {
        struct ew_feature_use *old = on->out;
        on->cap = on->cap ? 2 * on->cap : 8;
        on->out = ew_arena_alloc(arena, on->cap * sizeof(*on->out));
        if (old)
            memcpy(on->out, old, on->count * sizeof(*old));
    }
    on->out[on->count++] =
        (struct ew_feature_use){.name = on->row->name,
                                .words = on->row->words,
                                .path = path,
                                .rule = on->rule,
                                .supported = claims(on->routing, on->gateway, on->row->name)};
}

/* Every node at `path` below `node`; `at` is how it got there. */
static void follow(struct listing *on, const struct ew_json *node, const char *path, const char *at)
{
    struct ew_arena *arena = on->routing->arena;
    size_t len = strcspn(path, ".[");
    const char *key = ew_arena_strndup(arena, path, len);
    const struct ew_json *next = ew_json_get(node, key);
    const char *here = ew_arena_fmt(arena, "%s.%s", at, key);
    path += len;
    if (!next)
        return;
    if (strncmp(path, "[]", 2) == 0) {
        size_t index = 0;
        path += 2 + (path[2] == '.');
        if (!ew_json_is(next, EW_JSON_ARRAY))
            return;
        EW_JSON_EACH(item, next)
        follow(on, item, path, ew_arena_fmt(arena, "%s[%zu]", here, index++));
    } else if (*path == '.') {
        follow(on, next, path + 1, here);
    } else if (!on->row->value || ew_json_int(next, 0) == on->row->value) {
        if (++on->seen >= on->row->from)
            add_use(on, here);
    }
}

static void list_row(struct listing *on, const struct ew_json *spec)
{
    size_t index = 0;
    on->rule = -1;
    if (on->row->whole) {
        follow(on, spec, on->row->path, "spec");
        return;
    }
    const struct ew_json *rules = ew_json_get(spec, "rules");
    if (!ew_json_is(rules, EW_JSON_ARRAY))
        return;
    EW_JSON_EACH(rule, rules)
    {
        on->rule = (int)index;
        on->seen = 0;
        follow(on, rule, on->row->path,
               ew_arena_fmt(on->routing->arena, "spec.rules[%zu]", index++));
    }
}

static const struct gateway *gateway_of(const struct ew_routing *routing,
                                        const struct ew_obj *gateway)
{
    struct key_text key;
    return gateway ? ew_map_get(routing->gateway_by_name, key_of(&key, gateway->ns, gateway->name))
                   : NULL;
}

enum ew_yes ew_routing_claims(const struct ew_routing *routing, const struct ew_obj *gateway,
                              const char *feature)
{
    return claims(routing, gateway_of(routing, gateway), feature);
}

const struct ew_feature_use *ew_routing_uses(struct ew_routing *routing, const struct ew_obj *obj,
                                             const struct ew_obj *gateway, size_t *count)
{
    struct listing on = {.routing = routing, .gateway = gateway_of(routing, gateway)};
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        on.row = &rows[i];
        on.seen = 0;
        if (rows[i].kind == obj->kind)
            list_row(&on, ew_obj_at(obj, "spec"));
    }
    *count = on.count;
    return on.out;
}
