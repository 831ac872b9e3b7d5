/* Wildcards that nearly take a host: one that stands over the host itself, and an Ingress's over
 * a host with more labels than one. */
#include "config.h"

#include "ingress.h"

#include <string.h>

struct near {
    struct ew_routing *routing;
    const char *host;
    struct ew_ptrs found; /* struct ew_near_host * */
};

static void add(struct near *near, const struct ew_obj *owner, const char *listener,
                const char *pattern)
{
    struct ew_near_host *one = ew_arena_alloc(near->routing->arena, sizeof(*one));
    *one = (struct ew_near_host){.owner = owner,
                                 .listener = listener,
                                 .pattern = pattern,
                                 .apex = host_stands_under(pattern, near->host)};
    for (size_t i = 0; i < near->found.count; i++) {
        const struct ew_near_host *old = near->found.at[i];
        if (old->owner == owner && old->listener == listener && strcmp(old->pattern, pattern) == 0)
            return;
    }
    ew_ptrs_add(&near->found, one);
}

static bool route_takes(const struct route *route, const char *host)
{
    for (size_t i = 0; i < route->hostname_count; i++)
        if (ew_hostname_matches(route->hostnames[i], host))
            return true;
    return false;
}

static void add_routes(struct near *near)
{
    for (size_t i = 0; i < near->routing->route_count; i++) {
        const struct route *route = near->routing->routes[i];
        if (route_takes(route, near->host))
            continue;
        for (size_t k = 0; k < route->hostname_count; k++)
            if (host_stands_under(route->hostnames[k], near->host))
                add(near, route->obj, NULL, route->hostnames[k]);
    }
}

static void add_ingresses(struct near *near)
{
    const struct ingress_table *table = near->routing->ingresses;
    for (size_t i = 0; i < table->count; i++) {
        const struct ingress *ingress = table->at[i];
        if (ew_ingress_names(ingress->obj->json, near->host))
            continue;
        for (size_t k = 0; k < ingress->rule_count; k++) {
            const char *pattern = ingress->rules[k].host;
            if (host_is_wildcard(pattern) && (host_stands_under(pattern, near->host) ||
                                              ew_hostname_matches(pattern, near->host)))
                add(near, ingress->obj, NULL, pattern);
        }
    }
}

static void add_listeners(struct near *near)
{
    for (size_t i = 0; i < near->routing->gateway_count; i++) {
        const struct gateway *gateway = near->routing->gateways[i];
        for (size_t k = 0; k < gateway->listeners.count; k++) {
            const struct listener *listener = gateway->listeners.at[k];
            if (host_stands_under(listener->hostname, near->host))
                add(near, listener->owner, listener->name, listener->hostname);
        }
    }
}

const struct ew_near_host *const *ew_routing_near_hosts(struct ew_routing *routing,
                                                        const char *host, size_t *count)
{
    struct near near = {.routing = routing, .host = host_lower(routing->arena, host)};
    add_routes(&near);
    add_ingresses(&near);
    add_listeners(&near);
    const struct ew_near_host **out =
        ew_arena_alloc(routing->arena, (near.found.count + 1) * sizeof(*out));
    if (near.found.count)
        memcpy(out, near.found.at, near.found.count * sizeof(*out));
    *count = near.found.count;
    ew_ptrs_release(&near.found);
    return out;
}
