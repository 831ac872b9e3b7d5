/* Listeners read from a Gateway or ListenerSet: protocol, kinds of routes, what makes one invalid.
 */
#include "config.h"

#include "routing.h"

#include <string.h>

static const struct {
    const char *name;
    enum ew_proto_kind protocol;
    const char *feature; /* what a controller claims that serves it; NULL: always */
} protocols[] = {
    {"HTTP", LP_HTTP, NULL},     {"HTTPS", LP_HTTPS, NULL},   {"TLS", LP_TLS, "TLSRoute"},
    {"TCP", LP_TCP, "TCPRoute"}, {"UDP", LP_UDP, "UDPRoute"},
};

static const struct {
    enum ew_kind kind;
    const char *feature;
} route_features[] = {
    {EW_HTTPROUTE, "HTTPRoute"}, {EW_GRPCROUTE, "GRPCRoute"}, {EW_TLSROUTE, "TLSRoute"},
    {EW_TCPROUTE, "TCPRoute"},   {EW_UDPROUTE, "UDPRoute"},
};

static unsigned by_protocol(const struct listener *listener)
{
    switch (listener->protocol) {
    case LP_HTTP:
    case LP_HTTPS:
        return KIND_BIT(EW_HTTPROUTE) | KIND_BIT(EW_GRPCROUTE);
    case LP_TLS: /* once TLS is taken off, what is left is TCP */
        return KIND_BIT(EW_TLSROUTE) | (listener->passthrough ? 0 : KIND_BIT(EW_TCPROUTE));
    case LP_TCP:
        return KIND_BIT(EW_TCPROUTE);
    case LP_UDP:
        return KIND_BIT(EW_UDPROUTE);
    case LP_OTHER:
        break;
    }
    return 0;
}

bool kind_supported(const struct ew_routing *routing, const struct gateway *gateway,
                    enum ew_kind kind)
{
    for (size_t i = 0; i < EW_COUNT(route_features); i++)
        if (route_features[i].kind == kind)
            return feature_on(routing, gateway, route_features[i].feature);
    return true;
}

static unsigned protocol_kinds(const struct ew_routing *routing, const struct listener *listener)
{
    unsigned kinds = by_protocol(listener);
    for (size_t i = 0; i < EW_COUNT(route_features); i++)
        if (!kind_supported(routing, listener->gateway, route_features[i].kind))
            kinds &= ~KIND_BIT(route_features[i].kind);
    return kinds;
}

static void read_kinds(struct ew_routing *routing, struct listener *listener)
{
    const struct ew_json *named = ew_json_at(listener->json, "allowedRoutes.kinds");
    unsigned can = protocol_kinds(routing, listener);
    if (!ew_json_count(named)) {
        listener->kinds = can;
        return;
    }
    listener->kinds_named = true;
    EW_JSON_EACH(entry, named)
    {
        const char *name = ew_json_get_str(entry, "kind", "");
        enum ew_kind kind = ew_kind_of(ew_json_get_str(entry, "group", GATEWAY_GROUP), name);
        if (kind < EW_KIND_COUNT && (can & KIND_BIT(kind)))
            listener->kinds |= KIND_BIT(kind);
        else if (!listener->bad_kind)
            listener->bad_kind = name;
    }
}

static bool names_kind(const struct listener *listener, enum ew_kind kind)
{
    EW_JSON_EACH(entry, ew_json_at(listener->json, "allowedRoutes.kinds"))
    if (ew_kind_of(ew_json_get_str(entry, "group", GATEWAY_GROUP),
                   ew_json_get_str(entry, "kind", "")) == kind)
        return true;
    return false;
}

/* A listener without any kind left is at fault itself, whatever it names. */
enum ew_kind_fault listener_kind_fault(const struct ew_routing *routing,
                                       const struct listener *listener, enum ew_kind kind)
{
    if (listener->kinds & KIND_BIT(kind))
        return EW_KIND_FITS;
    if (listener->accepted.ok == EW_NO && !listener->kinds)
        return EW_KIND_UNSUPPORTED;
    if (by_protocol(listener) & KIND_BIT(kind) & ~protocol_kinds(routing, listener))
        return EW_KIND_UNSUPPORTED;
    if (!listener->kinds_named || names_kind(listener, kind))
        return EW_KIND_PROTOCOL;
    return listener->kinds ? EW_KIND_EXCLUDED : EW_KIND_UNSUPPORTED;
}

static void unaccepted(struct listener *listener, enum ew_yes ok, const char *reason,
                       const char *why)
{
    if (listener->accepted.ok == EW_YES)
        listener->accepted = (struct verdict){.ok = ok, .reason = reason, .why = why};
}

static void read_protocol(struct ew_routing *routing, struct listener *listener)
{
    const char *name = ew_json_get_str(listener->json, "protocol", "");
    listener->protocol = LP_OTHER;
    listener->protocol_name = name;
    for (size_t i = 0; i < EW_COUNT(protocols); i++) {
        if (strcmp(protocols[i].name, name) != 0)
            continue;
        listener->protocol = protocols[i].protocol;
        if (protocols[i].feature && !feature_on(routing, listener->gateway, protocols[i].feature))
            unaccepted(
                listener, EW_NO, "UnsupportedProtocol",
                ew_arena_fmt(routing->arena, "the controller does not support protocol %s", name));
        return;
    }
    listener->own_protocol = true;
    if (strchr(name, '/'))
        unaccepted(listener, EW_MAYBE, "UnsupportedProtocol",
                   ew_arena_fmt(routing->arena, "protocol %s is one of an implementation", name));
    else
        unaccepted(listener, EW_NO, "UnsupportedProtocol",
                   ew_arena_fmt(routing->arena, "protocol \"%s\" is none of Gateway API", name));
}

static void read_mode(struct ew_routing *routing, struct listener *listener)
{
    const char *mode = ew_json_get_str(ew_json_get(listener->json, "tls"), "mode", "Terminate");
    bool tls = listener->protocol == LP_TLS;
    listener->passthrough = tls && strcmp(mode, "Passthrough") == 0;
    if (strcmp(mode, "Terminate") != 0 && !listener->passthrough)
        unaccepted(listener, EW_NO, "UnsupportedValue",
                   ew_arena_fmt(routing->arena, "tls.mode %s is not possible with protocol %s",
                                mode, listener->protocol_name));
    if (tls && !listener->passthrough &&
        !feature_on(routing, listener->gateway, "TLSRouteModeTerminate")) {
        unaccepted(listener, EW_NO, "UnsupportedValue",
                   "the controller does not support protocol TLS with mode Terminate");
        listener->kinds = 0;
    }
}

static void read_port(struct listener *listener)
{
    long port = ew_json_get_int(listener->json, "port", 0);
    listener->port = port >= 1 && port <= 65535 ? (int)port : 0;
    if (!listener->port)
        unaccepted(listener, EW_NO, "PortUnavailable",
                   "its port is not a whole number from 1 to 65535");
}

static void compile_one(struct ew_routing *routing, struct listener *listener)
{
    const char *hostname = ew_json_get_str(listener->json, "hostname", "");
    listener->accepted.ok = EW_YES;
    listener->name = ew_json_get_str(listener->json, "name", "");
    read_protocol(routing, listener);
    bool named = listener->protocol != LP_TCP && listener->protocol != LP_UDP;
    listener->hostname = host_lower(routing->arena, named ? hostname : "");
    listener->passthrough = false;
    read_mode(routing, listener);
    read_kinds(routing, listener);
    if (listener->accepted.ok == EW_NO && listener->protocol == LP_TLS && !listener->passthrough)
        listener->kinds = 0;
    read_port(listener);
}

void listeners_compile(struct ew_routing *routing, struct listener *at, const struct ew_json *list,
                       struct gateway *gateway, struct listener_set *set)
{
    size_t index = 0;
    EW_JSON_EACH(entry, list)
    {
        struct listener *listener = &at[index];
        listener->gateway = gateway;
        listener->set = set;
        listener->owner = set ? set->obj : gateway->obj;
        listener->json = entry;
        listener->index = index++;
        compile_one(routing, listener);
    }
}

/* ---- what others ask of a listener ---- */

bool protocol_fits(const struct ew_request *request, const struct listener *listener)
{
    switch (request->protocol) {
    case EW_PROTO_HTTP:
    case EW_PROTO_GRPC:
        if (request->tls)
            return listener->protocol == LP_HTTPS || listener->protocol == LP_TLS;
        return listener->protocol == LP_HTTP;
    case EW_PROTO_TLS:
        return listener->protocol == LP_HTTPS || listener->protocol == LP_TLS;
    case EW_PROTO_TCP:
        return listener->protocol == LP_TCP;
    case EW_PROTO_UDP:
        return listener->protocol == LP_UDP;
    }
    return false;
}

const char *listener_name_of(struct ew_arena *arena, const struct ew_request *request)
{
    bool http = request->protocol == EW_PROTO_HTTP || request->protocol == EW_PROTO_GRPC;
    if (request->tls || request->protocol == EW_PROTO_TLS)
        return request->sni ? host_lower(arena, request->sni) : "";
    return http && request->host ? host_lower(arena, request->host) : "";
}

bool listener_usable(const struct listener *listener)
{
    return listener->accepted.ok != EW_NO && !listener->conflict &&
           (!listener->set || listener->set->allowed.ok != EW_NO) &&
           (!listener->gateway || listener->gateway->classed.ok != EW_NO);
}

struct verdict listener_valid(struct ew_routing *routing, struct listener *listener)
{
    if (!listener->gateway)
        return listener->set->allowed;
    if (listener->gateway->classed.ok == EW_NO)
        return listener->gateway->classed;
    if (listener->set && listener->set->allowed.ok == EW_NO)
        return listener->set->allowed;
    if (listener->conflict)
        return (struct verdict){
            .ok = EW_NO, .reason = listener->conflict, .why = listener->conflict_why};
    if (listener->accepted.ok != EW_YES)
        return listener->accepted;
    listener_refs(routing, listener);
    bool needs_cert =
        listener->protocol == LP_HTTPS || (listener->protocol == LP_TLS && !listener->passthrough);
    bool half =
        listener->refs.ok == EW_NO && (!needs_cert || listener->certs_good) && !listener->no_ca;
    if (half)
        return (struct verdict){.ok = EW_YES};
    return listener->refs;
}

bool listener_serves(struct ew_routing *routing, struct listener *listener)
{
    return listener_valid(routing, listener).ok != EW_NO;
}

const char *listener_title(struct ew_routing *routing, const struct listener *listener)
{
    return ew_arena_fmt(routing->arena, "listener %s of %s %s/%s",
                        *listener->name ? listener->name : "(without name)",
                        listener->owner->kind_name, listener->owner->ns ? listener->owner->ns : "-",
                        listener->owner->name);
}

const struct ew_json *listener_reported(const struct listener *listener)
{
    EW_JSON_EACH(entry, ew_obj_at(listener->owner, "status.listeners"))
    if (ew_streq(ew_json_get_str(entry, "name", NULL), listener->name))
        return entry;
    return NULL;
}
