/* EndpointSlices of a Service port: ready and all, each endpoint once. */
#include "config.h"

#include "backend.h"

#include <stdlib.h>
#include <string.h>

#define SERVICE_LABEL "kubernetes.io/service-name"

static const struct ew_ptrs *slices_of(struct ew_routing *routing, const struct ew_obj *service)
{
    struct key_text key;
    if (!routing->slices) {
        routing->slices = routing_map(routing);
        for (size_t i = 0; i < ew_world_count(routing->world, EW_ENDPOINTSLICE); i++) {
            const struct ew_obj *slice = ew_world_at(routing->world, EW_ENDPOINTSLICE, i);
            const char *name = ew_obj_label(slice, SERVICE_LABEL);
            if (name)
                ew_ptrs_add(routing_list(routing, routing->slices, key_of(&key, slice->ns, name)),
                            (void *)slice);
        }
    }
    return ew_map_get(routing->slices, key_of(&key, service->ns, service->name));
}

/* A slice's port goes by the name of the Service's port; unnamed goes with unnamed. */
static bool slice_has_port(const struct ew_obj *slice, const char *name)
{
    EW_JSON_EACH(port, ew_json_get(slice->json, "ports"))
    {
        if (strcmp(ew_json_get_str(port, "name", ""), name) == 0 &&
            ew_json_is(ew_json_get(port, "port"), EW_JSON_NUMBER))
            return true;
    }
    return false;
}

/* One pod stands in a slice for each of its address families. */
static const char *identity(struct ew_arena *arena, const struct ew_json *endpoint)
{
    const struct ew_json *target = ew_json_get(endpoint, "targetRef");
    const char *name = ew_json_get_str(target, "name", NULL);
    if (name)
        return ew_arena_fmt(arena, "%s %s", ew_json_get_str(target, "kind", ""), name);
    return ew_json_str_or(ew_json_item(ew_json_get(endpoint, "addresses"), 0), NULL);
}

static const char is_ready = '+', is_not = '-'; /* marks in the map */

static void count_slice(struct ew_arena *arena, const struct ew_obj *slice, struct ew_map *seen,
                        struct endpoints *out, bool has_port)
{
    EW_JSON_EACH(endpoint, ew_json_get(slice->json, "endpoints"))
    {
        const char *who = identity(arena, endpoint);
        bool ready = ew_json_get_bool(ew_json_get(endpoint, "conditions"), "ready", true);
        const char *state = who ? ew_map_get(seen, who) : NULL;
        if (!has_port) {
            out->portless++;
            continue;
        }
        if (!state) {
            out->total++;
            out->ready += ready;
        } else if (ready && *state == '-') {
            out->ready++;
        }
        if (who && (!state || ready))
            ew_map_set(seen, who, (void *)(ready ? &is_ready : &is_not));
    }
}

static void count_all(const struct ew_obj *const *slices, size_t count, const struct ew_json *port,
                      struct endpoints *out)
{
    struct ew_map *seen = ew_map_new();
    struct ew_arena *arena = ew_arena_new();
    const char *name = ew_json_get_str(port, "name", "");
    for (size_t i = 0; i < count; i++)
        count_slice(arena, slices[i], seen, out, slice_has_port(slices[i], name));
    ew_arena_free(arena);
    ew_map_free(seen);
}

static void count_in_files(struct ew_routing *routing, const struct ew_obj *service,
                           const struct ew_json *port, struct endpoints *out)
{
    const struct ew_ptrs *slices = slices_of(routing, service);
    if (slices && slices->count)
        count_all((const struct ew_obj *const *)slices->at, slices->count, port, out);
    else if (ew_json_count(ew_obj_at(service, "spec.selector"))) {
        out->assumed = true;
        out->ready = out->total = -1;
    }
}

void endpoints_count(struct ew_routing *routing, const struct ew_obj *service,
                     const struct ew_json *port, struct endpoints *out)
{
    memset(out, 0, sizeof(*out));
    if (routing->files) {
        count_in_files(routing, service, port, out);
        return;
    }
    size_t count = 0;
    char *selector = ew_fmt("%s=%s", SERVICE_LABEL, service->name);
    const struct ew_obj **slices =
        ew_world_select(routing->world, EW_ENDPOINTSLICE, service->ns, selector,
                        routing_ask(routing, false, "ep-none"), &out->seen, &count);
    free(selector);
    count_all(slices, count, port, out);
    free(slices);
    if (out->seen.state == EW_PENDING || out->seen.state == EW_UNKNOWN)
        out->ready = out->total = -1;
    else if (!count && service->where && ew_json_count(ew_obj_at(service, "spec.selector")))
        *out = (struct endpoints){.assumed = true, .ready = -1, .total = -1}; /* not applied yet */
}

const char *target_port_text(struct ew_arena *arena, const struct ew_json *port)
{
    const char *name = ew_json_str(ew_json_get(port, "targetPort"));
    return name ? ew_arena_fmt(arena, " (targetPort %s)", name) : "";
}
