#include "config.h"

#include "routing.h"

#include "edgewalk/fact/keys.h"

#include "decide.h"
#include "ingress.h"
#include "match.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

struct ew_map *routing_map(struct ew_routing *routing)
{
    struct ew_map *map = ew_map_new();
    ew_ptrs_add(&routing->maps, map);
    return map;
}

struct ew_ptrs *routing_list(struct ew_routing *routing, struct ew_map *map, const char *key)
{
    struct ew_ptrs *list = ew_map_get(map, key);
    if (list)
        return list;
    list = ew_arena_alloc(routing->arena, sizeof(*list));
    ew_ptrs_add(&routing->lists, list);
    ew_map_set(map, key, list);
    return list;
}

struct ew_ask routing_ask(const struct ew_routing *routing, bool optional, const char *causes)
{
    return (struct ew_ask){.wants = routing->wants, .optional = optional, .would_decide = causes};
}

size_t routing_left_out(const struct ew_routing *routing, enum ew_kind kind)
{
    char *key = routing->files ? NULL : ew_key_list(ew_kind_row(kind)->resource, "*", NULL);
    const struct ew_fact *fact = key ? ew_snapshot_fact(routing->snapshot, key) : NULL;
    long others = fact ? ew_json_get_int(ew_fact_value(fact), "others", 0) : 0;
    free(key);
    return others > 0 ? (size_t)others : 0;
}

const char *key_of(struct key_text *key, const char *ns, const char *name)
{
    size_t head = ns ? strnlen(ns, 255) : 0, tail = strnlen(name, 260);
    memcpy(key->text, ns ? ns : "", head);
    key->text[head] = '/';
    memcpy(key->text + head + 1, name, tail);
    key->text[head + 1 + tail] = '\0';
    return key->text;
}

const char *obj_title(struct ew_arena *arena, const struct ew_obj *obj)
{
    if (!obj->ns)
        return ew_arena_fmt(arena, "%s %s", obj->kind_name, obj->name);
    return ew_arena_fmt(arena, "%s %s/%s", obj->kind_name, obj->ns, obj->name);
}

/* ---- life ---- */

struct ew_routing *ew_routing_new(const struct ew_world *world,
                                  const struct ew_routing_options *options, struct ew_wants *wants)
{
    struct ew_routing *routing = ew_alloc(sizeof(*routing));
    routing->arena = ew_arena_new();
    routing->world = world;
    routing->wants = wants;
    routing->snapshot = ew_world_snapshot(world);
    routing->files = ew_world_from_files(world);
    if (options) {
        routing->only_gateway = options->gateway;
        routing->only_class = options->ingress_class;
        routing->features = options->features;
        routing->no_candidates = options->no_candidates;
    }
    routing->regexes = routing_map(routing);
    gateways_compile(routing);
    routes_compile(routing);
    attachments_compile(routing);
    ingresses_compile(routing);
    return routing;
}

static void free_gateways(struct ew_routing *routing)
{
    for (size_t i = 0; i < routing->gateway_count; i++) {
        ew_ptrs_release(&routing->gateways[i]->sets);
        ew_ptrs_release(&routing->gateways[i]->listeners);
    }
}

void ew_routing_free(struct ew_routing *routing)
{
    if (!routing)
        return;
    ew_routing_forget(routing);
    ew_ptrs_release(&routing->decisions);
    free_gateways(routing);
    for (size_t i = 0; i < ew_map_count(routing->regexes); i++)
        regex_free(ew_map_value(routing->regexes, i));
    for (size_t i = 0; i < routing->lists.count; i++)
        ew_ptrs_release(routing->lists.at[i]);
    ew_ptrs_release(&routing->lists);
    for (size_t i = 0; i < routing->maps.count; i++)
        ew_map_free(routing->maps.at[i]);
    ew_ptrs_release(&routing->maps);
    ew_arena_free(routing->arena);
    free(routing);
}

void ew_routing_forget(struct ew_routing *routing)
{
    for (size_t i = 0; i < routing->decisions.count; i++)
        decision_free(routing->decisions.at[i]);
    routing->decisions.count = 0;
}

/* ---- attachments ---- */

const struct ew_attachment *const *ew_routing_attachments(struct ew_routing *routing,
                                                          const char *host, size_t *count)
{
    struct ew_ptrs routes = {0};
    const struct ew_attachment **out;
    size_t total = 0, at = 0;
    if (host)
        routes_claiming(routing, host_lower(routing->arena, host), &routes);
    else
        for (size_t i = 0; i < routing->route_count; i++)
            ew_ptrs_add(&routes, routing->routes[i]);
    for (size_t i = 0; i < routes.count; i++)
        total += ((struct route *)routes.at[i])->attachment_count;
    out = ew_arena_alloc(routing->arena, (total + 1) * sizeof(*out));
    for (size_t i = 0; i < routes.count; i++) {
        struct route *route = routes.at[i];
        for (size_t j = 0; j < route->attachment_count; j++) {
            attachment_explain(routing, route, j);
            out[at++] = &route->attachments[j];
        }
    }
    ew_ptrs_release(&routes);
    *count = total;
    return out;
}
