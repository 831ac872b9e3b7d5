/* Gateways and ListenerSets: classes, allowedListeners, the merged list of listeners. */
#include "config.h"

#include "routing.h"

#include <stdlib.h>
#include <string.h>

static void find_class(struct ew_routing *routing, struct gateway *gateway)
{
    const char *name = ew_json_str(ew_obj_at(gateway->obj, "spec.gatewayClassName"));
    gateway->classed.ok = EW_YES;
    if (!name || !*name) {
        gateway->classed = (struct verdict){
            .ok = EW_NO, .reason = "Invalid", .why = "spec.gatewayClassName is missing"};
        return;
    }
    gateway->class_ = ew_world_get(routing->world, EW_GATEWAYCLASS, NULL, name,
                                   routing_ask(routing, true, "edge-gwclass-no-controller"),
                                   &gateway->class_seen);
    if (gateway->class_)
        gateway->features = ew_obj_at(gateway->class_, "status.supportedFeatures");
    else if (gateway->class_seen.state == EW_ABSENT &&
             ew_world_tells_of(routing->world, EW_GATEWAYCLASS))
        gateway->classed = (struct verdict){
            .ok = EW_NO,
            .reason = "Pending",
            .why = ew_arena_fmt(routing->arena,
                                "there is no GatewayClass %s: no controller serves it", name)};
}

static struct gateway *compile_gateway(struct ew_routing *routing, const struct ew_obj *obj)
{
    struct gateway *gateway = ew_arena_alloc(routing->arena, sizeof(*gateway));
    const struct ew_json *list = ew_obj_at(obj, "spec.listeners");
    gateway->obj = obj;
    find_class(routing, gateway);
    gateway->own_count = ew_json_is(list, EW_JSON_ARRAY) ? ew_json_count(list) : 0;
    gateway->own = ew_arena_alloc(routing->arena, (gateway->own_count + 1) * sizeof(*gateway->own));
    if (gateway->own_count)
        listeners_compile(routing, gateway->own, list, gateway, NULL);
    return gateway;
}

/* ---- ListenerSets ---- */

static struct verdict refuse(enum ew_yes ok, const char *why)
{
    return (struct verdict){.ok = ok, .reason = ok == EW_YES ? NULL : "NotAllowed", .why = why};
}

/* GatewaySpec.allowedListeners: nobody unless it says so. */
static struct verdict set_allowed(struct ew_routing *routing, const struct listener_set *set)
{
    const struct gateway *gateway = set->gateway;
    const struct ew_json *rule = ew_obj_at(gateway->obj, "spec.allowedListeners.namespaces");
    const char *from = ew_json_get_str(rule, "from", "None");
    const char *gateway_title = obj_title(routing->arena, gateway->obj);
    struct verdict out = refuse(EW_YES, NULL);
    if (!feature_on(routing, gateway, "ListenerSet"))
        return refuse(EW_NO, "the controller does not support ListenerSets");
    if (strcmp(from, "All") == 0)
        return out;
    if (strcmp(from, "Same") == 0)
        return ew_streq(set->obj->ns, gateway->obj->ns)
                   ? out
                   : refuse(EW_NO, ew_arena_fmt(routing->arena,
                                                "allowedListeners of %s is Same, and the "
                                                "ListenerSet is in namespace %s",
                                                gateway_title, set->obj->ns));
    if (strcmp(from, "Selector") == 0)
        return namespace_selected(routing, ew_json_get(rule, "selector"), set->obj->ns,
                                  "NotAllowed", "edge-listenerset-rejected");
    return refuse(
        EW_NO, ew_arena_fmt(routing->arena, "allowedListeners of %s is %s", gateway_title, from));
}

static void find_gateway(struct ew_routing *routing, struct listener_set *set)
{
    struct key_text key;
    const struct ew_json *ref = ew_obj_at(set->obj, "spec.parentRef");
    const char *ns = ew_json_get_str(ref, "namespace", "");
    const char *name = ew_json_get_str(ref, "name", "");
    const char *kind = ew_json_get_str(ref, "kind", "Gateway");
    const char *group = ew_json_get_str(ref, "group", GATEWAY_GROUP);
    ns = *ns ? ns : set->obj->ns;
    set->gateway_seen = (struct ew_seen){.state = EW_ABSENT};
    if (ew_kind_of(group, kind) != EW_GATEWAY) {
        set->allowed = (struct verdict){
            .ok = EW_NO,
            .reason = "Invalid",
            .why = ew_arena_fmt(routing->arena, "parentRef is a %s, not a Gateway", kind)};
        return;
    }
    set->gateway = ew_map_get(routing->gateway_by_name, key_of(&key, ns, name));
    if (set->gateway) {
        set->gateway_seen.state = EW_KNOWN;
        set->allowed = set_allowed(routing, set);
        return;
    }
    ew_world_get(routing->world, EW_GATEWAY, ns, name,
                 routing_ask(routing, false, "edge-listenerset-rejected"), &set->gateway_seen);
    set->allowed = refuse(
        set->gateway_seen.state == EW_ABSENT ? EW_NO : EW_MAYBE,
        ew_arena_fmt(routing->arena, "Gateway %s/%s %s", ns, name,
                     set->gateway_seen.state == EW_ABSENT ? "does not exist" : "is not known"));
    set->allowed.reason = "ParentNotAccepted";
}

static void compile_set(struct ew_routing *routing, const struct ew_obj *obj)
{
    struct key_text key;
    struct listener_set *set = ew_arena_alloc(routing->arena, sizeof(*set));
    const struct ew_json *list = ew_obj_at(obj, "spec.listeners");
    set->obj = obj;
    find_gateway(routing, set);
    ew_map_set(routing->set_by_name, key_of(&key, obj->ns, obj->name), set);
    routing->sets[routing->set_count++] = set;
    set->count = ew_json_is(list, EW_JSON_ARRAY) ? ew_json_count(list) : 0;
    set->listeners = ew_arena_alloc(routing->arena, (set->count + 1) * sizeof(*set->listeners));
    if (set->count)
        listeners_compile(routing, set->listeners, list, set->gateway, set);
    if (set->gateway)
        ew_ptrs_add(&set->gateway->sets, set);
}

static int set_order(const void *left, const void *right)
{
    const struct listener_set *a = *(void *const *)left, *b = *(void *const *)right;
    return obj_age_order(a->obj, b->obj);
}

static void merge(struct gateway *gateway)
{
    for (size_t i = 0; i < gateway->own_count; i++)
        ew_ptrs_add(&gateway->listeners, &gateway->own[i]);
    if (gateway->sets.count)
        qsort(gateway->sets.at, gateway->sets.count, sizeof(void *), set_order);
    for (size_t i = 0; i < gateway->sets.count; i++) {
        struct listener_set *set = gateway->sets.at[i];
        for (size_t j = 0; set->allowed.ok != EW_NO && j < set->count; j++)
            ew_ptrs_add(&gateway->listeners, &set->listeners[j]);
    }
}

/* Who does not list Gateways still asks for those that routes name. */
static void ask_lists(struct ew_routing *routing)
{
    static const enum ew_kind kinds[] = {EW_GATEWAY, EW_GATEWAYCLASS, EW_LISTENERSET};
    for (size_t i = 0; i < EW_COUNT(kinds); i++)
        ew_world_listed(routing->world, kinds[i], NULL,
                        routing_ask(routing, true, "edge-gateway-missing"));
}

void gateways_compile(struct ew_routing *routing)
{
    struct key_text key;
    size_t count = ew_world_count(routing->world, EW_GATEWAY);
    ask_lists(routing);
    routing->gateway_by_name = routing_map(routing);
    routing->set_by_name = routing_map(routing);
    routing->gateways = ew_arena_alloc(routing->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        const struct ew_obj *obj = ew_world_at(routing->world, EW_GATEWAY, i);
        struct gateway *gateway = compile_gateway(routing, obj);
        routing->gateways[routing->gateway_count++] = gateway;
        ew_map_set(routing->gateway_by_name, key_of(&key, obj->ns, obj->name), gateway);
    }
    count = ew_world_count(routing->world, EW_LISTENERSET);
    routing->sets = ew_arena_alloc(routing->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        compile_set(routing, ew_world_at(routing->world, EW_LISTENERSET, i));
    for (size_t i = 0; i < routing->gateway_count; i++) {
        merge(routing->gateways[i]);
        conflicts_find(routing, routing->gateways[i]);
    }
}
