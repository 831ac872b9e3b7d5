/* Routes read, and the host names that they claim. */
#include "config.h"

#include "routing.h"

#include <stdlib.h>
#include <string.h>

static const enum ew_kind route_kinds[] = {EW_HTTPROUTE, EW_GRPCROUTE, EW_TLSROUTE, EW_TCPROUTE,
                                           EW_UDPROUTE};

static void read_hostnames(struct ew_routing *routing, struct route *route)
{
    const struct ew_json *list = ew_obj_at(route->obj, "spec.hostnames");
    if (route->obj->kind == EW_TCPROUTE || route->obj->kind == EW_UDPROUTE ||
        !ew_json_is(list, EW_JSON_ARRAY))
        return;
    route->hostnames =
        ew_arena_alloc(routing->arena, (ew_json_count(list) + 1) * sizeof(*route->hostnames));
    EW_JSON_EACH(entry, list)
    {
        const char *text = ew_json_str(entry);
        if (text && *text)
            route->hostnames[route->hostname_count++] = host_lower(routing->arena, text);
    }
}

static void claim(struct ew_routing *routing, struct route *route)
{
    if (!route->hostname_count)
        ew_ptrs_add(routing_list(routing, routing->claims, ""), route);
    for (size_t i = 0; i < route->hostname_count; i++) {
        struct ew_ptrs *list = routing_list(routing, routing->claims, route->hostnames[i]);
        if (!list->count || list->at[list->count - 1] != route)
            ew_ptrs_add(list, route);
    }
}

static void compile_route(struct ew_routing *routing, const struct ew_obj *obj)
{
    struct route *route = ew_arena_alloc(routing->arena, sizeof(*route));
    route->obj = obj;
    route->created = ew_obj_created(obj);
    if (!route->created)
        route->created = INT64_MAX;
    read_hostnames(routing, route);
    rules_compile(routing, route);
    claim(routing, route);
    route->place = routing->route_count;
    routing->routes[routing->route_count++] = route;
}

int obj_age_order(const struct ew_obj *a, const struct ew_obj *b)
{
    int64_t left = ew_obj_created(a), right = ew_obj_created(b);
    left = left ? left : INT64_MAX;
    right = right ? right : INT64_MAX;
    if (left != right)
        return left < right ? -1 : 1;
    int order = strcmp(a->ns ? a->ns : "", b->ns ? b->ns : "");
    return order ? order : strcmp(a->name, b->name);
}

/* Age, namespace, name, kind. */
static int route_before(const struct route *a, const struct route *b)
{
    if (a->created != b->created)
        return a->created < b->created ? -1 : 1;
    int order = strcmp(a->obj->ns ? a->obj->ns : "", b->obj->ns ? b->obj->ns : "");
    if (!order)
        order = strcmp(a->obj->name, b->obj->name);
    return order ? order : (int)a->obj->kind - (int)b->obj->kind;
}

static int by_age(const void *left, const void *right)
{
    return route_before(*(struct route *const *)left, *(struct route *const *)right);
}

static void number(struct ew_routing *routing)
{
    struct route **sorted = ew_realloc(NULL, routing->route_count + 1, sizeof(*sorted));
    for (size_t i = 0; i < routing->route_count; i++)
        sorted[i] = routing->routes[i];
    if (routing->route_count)
        qsort(sorted, routing->route_count, sizeof(*sorted), by_age);
    for (size_t i = 0; i < routing->route_count; i++)
        sorted[i]->seq = (int)i;
    free(sorted);
}

void routes_compile(struct ew_routing *routing)
{
    size_t count = 0;
    routing->claims = routing_map(routing);
    for (size_t i = 0; i < EW_COUNT(route_kinds); i++) {
        ew_world_listed(
            routing->world, route_kinds[i], NULL,
            routing_ask(routing, route_kinds[i] != EW_HTTPROUTE, "route-none-for-host"));
        count += ew_world_count(routing->world, route_kinds[i]);
    }
    routing->routes = ew_arena_alloc(routing->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < EW_COUNT(route_kinds); i++)
        for (size_t j = 0; j < ew_world_count(routing->world, route_kinds[i]); j++)
            compile_route(routing, ew_world_at(routing->world, route_kinds[i], j));
    number(routing);
}

/* ---- who claims a host ---- */

static int by_place(const void *left, const void *right)
{
    const struct route *a = *(void *const *)left, *b = *(void *const *)right;
    return a->place < b->place ? -1 : a->place > b->place;
}

static void add_claims(const struct ew_routing *routing, const char *pattern, struct ew_ptrs *out)
{
    const struct ew_ptrs *list = ew_map_get(routing->claims, pattern);
    for (size_t i = 0; list && i < list->count; i++)
        ew_ptrs_add(out, list->at[i]);
}

void routes_claiming(const struct ew_routing *routing, const char *host, struct ew_ptrs *out)
{
    char pattern[300];
    size_t kept = 0;
    if (*host)
        add_claims(routing, host, out);
    for (const char *dot = strchr(host, '.'); dot; dot = strchr(dot + 1, '.')) {
        if (dot == host || strlen(dot) + 2 > sizeof(pattern))
            continue;
        pattern[0] = '*';
        memcpy(pattern + 1, dot, strlen(dot) + 1);
        add_claims(routing, pattern, out);
    }
    add_claims(routing, "", out);
    if (!out->count)
        return;
    qsort(out->at, out->count, sizeof(void *), by_place);
    for (size_t i = 0; i < out->count; i++)
        if (!i || out->at[i] != out->at[i - 1])
            out->at[kept++] = out->at[i];
    out->count = kept;
}

/* ---- what the walk keeps of a list ---- */

static bool claims_host(const struct ew_json *list, const char *host)
{
    if (!ew_json_is(list, EW_JSON_ARRAY) || !ew_json_count(list))
        return true;
    EW_JSON_EACH(entry, list)
    {
        const char *text = ew_json_str(entry);
        if (!text || ew_hostname_matches(text, host) || host_stands_under(text, host))
            return true;
    }
    return false;
}

bool ew_ingress_host_matches(const char *pattern, const char *host)
{
    const char *dot = strchr(host, '.');
    if (!host_is_wildcard(pattern))
        return ew_text_ieq(pattern, host);
    return dot && dot > host && ew_text_ieq(pattern + 1, dot);
}

bool ew_ingress_names(const struct ew_json *ingress, const char *host)
{
    EW_JSON_EACH(rule, ew_json_at(ingress, "spec.rules"))
    {
        const char *pattern = ew_json_get_str(rule, "host", "");
        if (*pattern && ew_ingress_host_matches(pattern, host))
            return true;
    }
    return false;
}

static bool takes_all(const struct ew_json *spec)
{
    const struct ew_json *rules = ew_json_get(spec, "rules");
    if (!ew_json_is(rules, EW_JSON_ARRAY) || !ew_json_count(rules) ||
        ew_json_get(spec, "defaultBackend"))
        return true;
    EW_JSON_EACH(rule, rules)
    if (!*ew_json_get_str(rule, "host", ""))
        return true;
    return false;
}

bool ew_ingress_claims(const struct ew_json *ingress, const char *host)
{
    return takes_all(ew_json_get(ingress, "spec")) || ew_ingress_names(ingress, host);
}

static bool ingress_concerns(const struct ew_json *ingress, const char *host)
{
    if (ew_ingress_claims(ingress, host))
        return true;
    EW_JSON_EACH(rule, ew_json_at(ingress, "spec.rules"))
    {
        const char *pattern = ew_json_get_str(rule, "host", "");
        if (ew_hostname_matches(pattern, host) || host_stands_under(pattern, host))
            return true;
    }
    return false;
}

bool ew_route_concerns(enum ew_kind kind, const struct ew_json *object, const char *host)
{
    const struct ew_json *spec = ew_json_get(object, "spec");
    switch (kind) {
    case EW_HTTPROUTE:
    case EW_GRPCROUTE:
    case EW_TLSROUTE:
        return claims_host(ew_json_get(spec, "hostnames"), host);
    case EW_INGRESS:
        return ingress_concerns(object, host);
    default:
        return true;
    }
}
