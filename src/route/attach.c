/* Attachment: every gate for every listener of every parentRef. */
#include "config.h"

#include "attach.h"
#include "match.h"

#include <stdlib.h>
#include <string.h>

/* ---- the gates; each says whether it lets pass and, when explaining, why ---- */

#define SAY(gating, ...)                                                                           \
    ((gating)->why = (gating)->explain ? ew_arena_fmt((gating)->routing->arena, __VA_ARGS__) : "")

static enum ew_yes section_gate(struct gating *on, const struct listener *listener)
{
    const struct ew_attachment *ref = on->attachment;
    if (ref->section && *ref->section && strcmp(ref->section, listener->name) != 0) {
        SAY(on, "the parentRef names section %s, and this is listener %s", ref->section,
            listener->name);
        return EW_NO;
    }
    if (ref->parent_port && ref->parent_port != listener->port) {
        SAY(on, "the parentRef names port %d, and listener %s has port %d", ref->parent_port,
            listener->name, listener->port);
        return EW_NO;
    }
    return EW_YES;
}

static const char *kind_why(const struct gating *on, const struct listener *listener)
{
    struct ew_arena *arena = on->routing->arena;
    const char *kind = on->route->obj->kind_name;
    switch (listener_kind_fault(on->routing, listener, on->route->obj->kind)) {
    case EW_KIND_UNSUPPORTED:
        if (listener->accepted.ok == EW_NO)
            return ew_arena_fmt(arena, "listener %s is not valid: %s", listener->name,
                                listener->accepted.why);
        if (listener->bad_kind && !listener->kinds)
            return ew_arena_fmt(arena,
                                "allowedRoutes.kinds of listener %s names %s, which it cannot take",
                                listener->name, listener->bad_kind);
        return ew_arena_fmt(arena, "the controller of listener %s does not support %s",
                            listener->name, kind);
    case EW_KIND_EXCLUDED:
        return ew_arena_fmt(arena, "allowedRoutes.kinds of listener %s does not allow %s",
                            listener->name, kind);
    case EW_KIND_PROTOCOL:
    case EW_KIND_FITS:
        break;
    }
    return ew_arena_fmt(arena, "listener %s has protocol %s%s, to which no %s can attach",
                        listener->name, listener->protocol_name,
                        listener->passthrough ? " with tls.mode Passthrough" : "", kind);
}

static enum ew_yes kind_gate(struct gating *on, const struct listener *listener)
{
    if (listener->kinds & KIND_BIT(on->route->obj->kind))
        return EW_YES;
    if (listener->own_protocol && listener->accepted.ok == EW_MAYBE) {
        SAY(on, "listener %s has protocol %s, and what can attach to it is its implementation's",
            listener->name, listener->protocol_name);
        return EW_MAYBE;
    }
    if (on->explain)
        on->why = kind_why(on, listener);
    return EW_NO;
}

/* One evaluation for each namespace that has routes. */
static const struct verdict *selected(struct gating *on, struct listener *listener,
                                      const struct ew_json *selector, const char *ns)
{
    if (!listener->ns_cache)
        listener->ns_cache = routing_map(on->routing);
    struct verdict *cached = ew_map_get(listener->ns_cache, ns);
    if (cached)
        return cached;
    cached = ew_arena_alloc(on->routing->arena, sizeof(*cached));
    *cached = namespace_selected(on->routing, selector, ns, "NotAllowedByListeners",
                                 "route-namespace-not-selected");
    ew_map_set(listener->ns_cache, ns, cached);
    return cached;
}

static enum ew_yes namespace_gate(struct gating *on, struct listener *listener)
{
    const struct ew_json *rule = ew_json_at(listener->json, "allowedRoutes.namespaces");
    const char *from = ew_json_get_str(rule, "from", "Same");
    const char *ns = on->route->obj->ns ? on->route->obj->ns : "";
    if (strcmp(from, "All") == 0)
        return EW_YES;
    if (strcmp(from, "Same") == 0) {
        if (ew_streq(ns, listener->owner->ns))
            return EW_YES;
        SAY(on,
            "listener %s allows routes of its own namespace %s only (allowedRoutes.namespaces."
            "from: Same), and the route is in %s",
            listener->name, listener->owner->ns ? listener->owner->ns : "-", ns);
        return EW_NO;
    }
    if (strcmp(from, "Selector") == 0) {
        const struct verdict *takes = selected(on, listener, ew_json_get(rule, "selector"), ns);
        on->why = takes->why;
        return takes->ok;
    }
    SAY(on, "listener %s has allowedRoutes.namespaces.from: %s, which allows none", listener->name,
        from);
    return EW_NO;
}

static bool has_hostnames(enum ew_kind kind)
{
    return kind == EW_HTTPROUTE || kind == EW_GRPCROUTE || kind == EW_TLSROUTE;
}

static enum ew_yes hostname_gate(struct gating *on, const struct listener *listener)
{
    const struct route *route = on->route;
    if (!has_hostnames(route->obj->kind) || !route->hostname_count)
        return EW_YES;
    for (size_t i = 0; i < route->hostname_count; i++)
        if (host_intersects(listener->hostname, route->hostnames[i]))
            return EW_YES;
    if (!on->explain)
        return EW_NO;
    struct ew_buf names;
    ew_buf_init(&names, 400);
    for (size_t i = 0; i < route->hostname_count; i++)
        ew_buf_addf(&names, "%s%s", i ? ", " : "", route->hostnames[i]);
    SAY(on, "no hostname of the route (%s) is within %s of listener %s", ew_buf_text(&names),
        listener->hostname, listener->name);
    ew_buf_release(&names);
    return EW_NO;
}

static enum ew_yes parent_gate(struct gating *on, const struct listener *listener)
{
    const struct verdict *verdict = listener->gateway ? &listener->gateway->classed : NULL;
    if (listener->set && (!verdict || verdict->ok == EW_YES))
        verdict = &listener->set->allowed;
    on->why = verdict->why;
    return verdict->ok;
}

enum ew_yes gate_takes(struct gating *on, struct listener *listener, enum ew_gate gate)
{
    on->why = NULL;
    switch (gate) {
    case EW_GATE_PARENT:
        return parent_gate(on, listener);
    case EW_GATE_SECTION:
        return section_gate(on, listener);
    case EW_GATE_KIND:
        return kind_gate(on, listener);
    case EW_GATE_NAMESPACE:
        return namespace_gate(on, listener);
    case EW_GATE_HOSTNAME:
        return hostname_gate(on, listener);
    case EW_GATE_LISTENER:
    case EW_GATE_NONE:
        break;
    }
    return EW_YES;
}

void gates_pass(struct gating *on, struct gate_fact *fact)
{
    struct listener *listener = fact->listener;
    enum ew_yes maybe = EW_YES;
    enum ew_gate maybe_at = EW_GATE_NONE;
    const char *maybe_why = NULL;
    for (enum ew_gate gate = EW_GATE_PARENT; gate <= EW_GATE_HOSTNAME; gate++) {
        enum ew_yes takes = gate_takes(on, listener, gate);
        if (takes == EW_NO) {
            fact->passes = EW_NO;
            fact->failed = gate;
            return;
        }
        if (takes == EW_MAYBE && maybe == EW_YES) {
            maybe = EW_MAYBE;
            maybe_at = gate;
            maybe_why = on->why;
        }
    }
    fact->passes = maybe;
    fact->failed = maybe_at;
    on->why = maybe_why;
}

/* ---- parentRefs ---- */

static void read_ref(struct ew_attachment *ref, const struct route *route,
                     const struct ew_json *json, size_t index)
{
    const char *ns = ew_json_get_str(json, "namespace", "");
    long port = ew_json_get_int(json, "port", 0);
    ref->route = route->obj;
    ref->parent_index = index;
    ref->parent_kind = ew_json_get_str(json, "kind", "Gateway");
    ref->parent_ns = *ns ? ns : route->obj->ns;
    ref->parent_name = ew_json_get_str(json, "name", "");
    ref->section = ew_json_get_str(json, "sectionName", NULL);
    ref->parent_port = port >= 1 && port <= 65535 ? (int)port : 0;
}

static void not_judged(struct ew_routing *routing, struct ew_attachment *ref, const char *group)
{
    ref->parent_seen = (struct ew_seen){.state = EW_UNKNOWN, .reason = "another kind of parent"};
    ref->attached = EW_MAYBE;
    ref->why = ew_arena_fmt(routing->arena,
                            "a parentRef to a %s%s%s is for a mesh or an implementation and is not "
                            "judged",
                            ref->parent_kind, *group ? "." : "", group);
}

static void no_parent(struct ew_routing *routing, struct ew_attachment *ref)
{
    const char *title = ew_arena_fmt(routing->arena, "%s %s/%s", ref->parent_kind,
                                     ref->parent_ns ? ref->parent_ns : "-", ref->parent_name);
    if (ref->parent_seen.state == EW_ABSENT) {
        ref->attached = EW_NO;
        ref->reason = "NoMatchingParent";
        ref->why = ew_arena_fmt(routing->arena, "%s does not exist%s", title,
                                routing->files ? " in the files" : "");
        return;
    }
    ref->attached = EW_MAYBE;
    ref->why = ew_arena_fmt(routing->arena, "%s is not known (%s)", title,
                            ref->parent_seen.reason ? ref->parent_seen.reason : "not read yet");
}

static void find_parent(struct ew_routing *routing, struct ew_attachment *ref,
                        struct gate_set *gates, const struct ew_json *json)
{
    struct key_text key;
    const char *group = ew_json_get_str(json, "group", GATEWAY_GROUP);
    enum ew_kind kind = ew_kind_of(group, ref->parent_kind);
    if (kind != EW_GATEWAY && kind != EW_LISTENERSET) {
        not_judged(routing, ref, group);
        return;
    }
    key_of(&key, ref->parent_ns, ref->parent_name);
    if (kind == EW_GATEWAY)
        gates->gateway = ew_map_get(routing->gateway_by_name, key.text);
    else
        gates->set = ew_map_get(routing->set_by_name, key.text);
    ref->parent_seen.state = EW_KNOWN;
    if (gates->gateway)
        ref->parent = gates->gateway->obj;
    else if (gates->set)
        ref->parent = gates->set->obj;
    else
        ew_world_get(routing->world, kind, ref->parent_ns, ref->parent_name,
                     routing_ask(routing, false, "edge-gateway-missing"), &ref->parent_seen);
    if (!ref->parent)
        no_parent(routing, ref);
}

static void gates_of_parent(struct ew_routing *routing, struct route *route, size_t at)
{
    struct gate_set *gates = &route->gates[at];
    struct listener *listeners = gates->set       ? gates->set->listeners
                                 : gates->gateway ? gates->gateway->own
                                                  : NULL;
    gates->count = gates->set ? gates->set->count : gates->gateway ? gates->gateway->own_count : 0;
    gates->at = ew_arena_alloc(routing->arena, (gates->count + 1) * sizeof(*gates->at));
    struct gating on = {.routing = routing, .route = route, .attachment = &route->attachments[at]};
    for (size_t i = 0; i < gates->count; i++) {
        gates->at[i].listener = &listeners[i];
        gates_pass(&on, &gates->at[i]);
        gates->at[i].served = gates->at[i].passes != EW_NO && !route->invalid;
    }
}

/* ---- into the listener's index ---- */

static void index_rule(struct ew_routing *routing, const struct gate_fact *fact,
                       const struct rule *rule, const char *pattern, bool stream)
{
    struct host_index *index = fact->listener->hosts;
    bool unsure = fact->passes == EW_MAYBE;
    for (size_t i = 0; i < rule->match_count; i++) {
        if (stream)
            index_add_stream(routing, index, pattern, &rule->matches[i], unsure);
        else
            index_add(routing, index, pattern, &rule->matches[i], unsure);
    }
}

static void index_route(struct ew_routing *routing, const struct route *route,
                        const struct gate_fact *fact)
{
    struct listener *listener = fact->listener;
    bool stream = route->obj->kind != EW_HTTPROUTE && route->obj->kind != EW_GRPCROUTE;
    size_t count = route->hostname_count ? route->hostname_count : 1;
    if (!listener->hosts)
        listener->hosts = index_new(routing);
    for (size_t i = 0; i < count; i++) {
        const char *pattern = route->hostname_count ? route->hostnames[i] : "";
        if (!host_intersects(listener->hostname, pattern))
            continue;
        for (size_t j = 0; j < route->rule_count; j++)
            if (!route->rules[j].invalid)
                index_rule(routing, fact, &route->rules[j], pattern, stream);
    }
}

/* ---- the attachment as a whole ---- */

int gate_reach(enum ew_gate gate)
{
    return gate == EW_GATE_LISTENER ? EW_GATE_NONE : (int)gate;
}

const char *gate_reason(const struct route *route, const struct gate_fact *fact)
{
    switch (fact->failed) {
    case EW_GATE_PARENT:
    case EW_GATE_SECTION:
        return "NoMatchingParent";
    case EW_GATE_KIND:
    case EW_GATE_NAMESPACE:
        return "NotAllowedByListeners";
    case EW_GATE_HOSTNAME:
        return fact->rival ? "HostnameConflict" : "NoMatchingListenerHostname";
    case EW_GATE_LISTENER:
    case EW_GATE_NONE:
        break;
    }
    return route->invalid;
}

/* The reason is that of the listener that came nearest to taking it. */
static void sum_up(const struct route *route, size_t at)
{
    struct ew_attachment *ref = &route->attachments[at];
    const struct gate_set *gates = &route->gates[at];
    const struct gate_fact *nearest = NULL;
    enum ew_yes attached = EW_NO;
    if (!ref->parent)
        return;
    for (size_t i = 0; i < gates->count; i++) {
        const struct gate_fact *fact = &gates->at[i];
        bool taken = fact->passes == EW_YES || fact->failed == EW_GATE_LISTENER;
        if (taken)
            attached = EW_YES;
        else if (fact->passes == EW_MAYBE && attached == EW_NO)
            attached = EW_MAYBE;
        if (!nearest || gate_reach(fact->failed) > gate_reach(nearest->failed))
            nearest = fact;
    }
    ref->attached = route->invalid ? EW_NO : attached;
    if (ref->attached == EW_YES)
        return;
    ref->reason = route->invalid ? route->invalid
                  : nearest      ? gate_reason(route, nearest)
                                 : "NoMatchingParent";
    if (ref->attached == EW_MAYBE)
        ref->reason = NULL;
}

static void count_route(const struct route *route, struct gate_fact *fact)
{
    if (!fact->served)
        return;
    if (fact->passes == EW_YES)
        fact->listener->attached_routes++;
    else
        fact->listener->unsure_routes++;
    (void)route;
}

static bool taken_before(const struct route *route, size_t at, const struct listener *listener)
{
    for (size_t i = 0; i < at; i++)
        for (size_t j = 0; j < route->gates[i].count; j++)
            if (route->gates[i].at[j].listener == listener && route->gates[i].at[j].served)
                return true;
    return false;
}

static void settle(struct ew_routing *routing, struct route *route)
{
    bool http = route->obj->kind == EW_HTTPROUTE || route->obj->kind == EW_GRPCROUTE;
    for (size_t i = 0; i < route->attachment_count; i++) {
        for (size_t j = 0; j < route->gates[i].count; j++) {
            struct gate_fact *fact = &route->gates[i].at[j];
            if (!fact->served)
                continue;
            bool again = taken_before(route, i, fact->listener);
            if (http && !again)
                rivals_contend(routing, route, fact);
            if (!again && fact->served) {
                count_route(route, fact);
                index_route(routing, route, fact);
            }
            if (fact->passes == EW_YES && !listener_usable(fact->listener)) {
                fact->passes = EW_NO;
                fact->failed = EW_GATE_LISTENER;
            }
        }
        sum_up(route, i);
    }
}

static void compile_route(struct ew_routing *routing, struct route *route)
{
    const struct ew_json *refs = ew_obj_at(route->obj, "spec.parentRefs");
    size_t index = 0, count = ew_json_is(refs, EW_JSON_ARRAY) ? ew_json_count(refs) : 0;
    route->attachments = ew_arena_alloc(routing->arena, (count + 1) * sizeof(*route->attachments));
    route->gates = ew_arena_alloc(routing->arena, (count + 1) * sizeof(*route->gates));
    route->attachment_count = count;
    if (!count)
        return;
    EW_JSON_EACH(json, refs)
    {
        read_ref(&route->attachments[index], route, json, index);
        find_parent(routing, &route->attachments[index], &route->gates[index], json);
        gates_of_parent(routing, route, index);
        index++;
    }
}

static int by_seq(const void *left, const void *right)
{
    return (*(struct route *const *)left)->seq - (*(struct route *const *)right)->seq;
}

static void sort_indexes(struct ew_routing *routing)
{
    for (size_t i = 0; i < routing->gateway_count; i++) {
        struct gateway *gateway = routing->gateways[i];
        for (size_t j = 0; j < gateway->listeners.count; j++) {
            struct listener *listener = gateway->listeners.at[j];
            if (listener->hosts)
                index_sort(listener->hosts);
        }
    }
}

void attachments_compile(struct ew_routing *routing)
{
    struct route **sorted = ew_realloc(NULL, routing->route_count + 1, sizeof(*sorted));
    for (size_t i = 0; i < routing->route_count; i++) {
        compile_route(routing, routing->routes[i]);
        sorted[i] = routing->routes[i];
    }
    if (routing->route_count)
        qsort(sorted, routing->route_count, sizeof(*sorted), by_seq);
    for (size_t i = 0; i < routing->route_count; i++)
        settle(routing, sorted[i]);
    free(sorted);
    sort_indexes(routing);
}
