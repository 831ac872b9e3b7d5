/* HTTPRoute against GRPCRoute: at one listener, of two routes of different kind whose host names
 * intersect, the older is accepted (GRPCRouteSpec.hostnames). */
#include "config.h"

#include "attach.h"

#include <string.h>

/* Names under which a pattern can be found by another that meets it: itself, and for each of its
 * suffixes a mark. */
static void note_hosts(struct ew_map *taken, const char *pattern, void *route)
{
    char mark[300];
    if (!ew_map_get(taken, pattern))
        ew_map_set(taken, pattern, route);
    for (const char *dot = strchr(pattern, '.'); dot; dot = strchr(dot + 1, '.')) {
        if (strlen(dot) + 2 > sizeof(mark))
            continue;
        memcpy(mark, "<", 1);
        memcpy(mark + 1, dot, strlen(dot) + 1);
        if (dot > pattern && !ew_map_get(taken, mark))
            ew_map_set(taken, mark, route);
    }
    if (!ew_map_get(taken, "<"))
        ew_map_set(taken, "<", route);
}

static const struct route *rival_of(const struct ew_map *taken, const char *pattern)
{
    char text[300];
    const struct route *rival = ew_map_get(taken, "");
    if (!rival && !*pattern)
        rival = ew_map_get(taken, "<");
    if (!rival)
        rival = ew_map_get(taken, pattern);
    for (const char *dot = strchr(pattern, '.'); dot && !rival; dot = strchr(dot + 1, '.')) {
        if (strlen(dot) + 2 > sizeof(text) || dot == pattern)
            continue;
        memcpy(text, "*", 1);
        memcpy(text + 1, dot, strlen(dot) + 1);
        rival = ew_map_get(taken, text);
    }
    if (!rival && host_is_wildcard(pattern) && strlen(pattern) < sizeof(text)) {
        memcpy(text, "<", 1);
        memcpy(text + 1, pattern + 1, strlen(pattern));
        rival = ew_map_get(taken, text);
    }
    return rival;
}

/* What the listener leaves of a pattern of the route: the narrower of the two; NULL: nothing. */
static const char *narrowed(const struct listener *listener, const char *pattern)
{
    if (!host_intersects(listener->hostname, pattern))
        return NULL;
    return host_specificity(pattern) >= host_specificity(listener->hostname) ? pattern
                                                                             : listener->hostname;
}

void rivals_contend(struct ew_routing *routing, struct route *route, struct gate_fact *fact)
{
    struct listener *listener = fact->listener;
    size_t mine = route->obj->kind == EW_GRPCROUTE;
    size_t count = route->hostname_count ? route->hostname_count : 1;
    for (size_t i = 0; i < 2 && !listener->rivals[i]; i++)
        listener->rivals[i] = routing_map(routing);
    for (size_t i = 0; i < count && !fact->rival; i++) {
        const char *name = narrowed(listener, route->hostname_count ? route->hostnames[i] : "");
        if (name)
            fact->rival = rival_of(listener->rivals[!mine], name);
    }
    if (fact->rival) {
        fact->passes = EW_NO;
        fact->failed = EW_GATE_HOSTNAME;
        fact->served = false;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = narrowed(listener, route->hostname_count ? route->hostnames[i] : "");
        if (name)
            note_hosts(listener->rivals[mine], name, route);
    }
}
