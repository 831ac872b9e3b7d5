/* ExtensionRef: filters of an implementation, of which only whether they are there is known. */
#include "config.h"

#include "filter.h"

#include <string.h>

static bool is_extension(const struct ew_json *filter)
{
    return strcmp(ew_json_get_str(filter, "type", ""), "ExtensionRef") == 0;
}

static size_t count_in(const struct ew_json *filters)
{
    size_t count = 0;
    EW_JSON_EACH(filter, filters)
    count += is_extension(filter);
    return count;
}

struct ew_extension extension_look(struct ew_routing *routing, const struct ew_obj *route,
                                   const struct ew_json *ref)
{
    struct ew_extension out = {
        .group = ew_json_get_str(ref, "group", ""),
        .kind = ew_json_get_str(ref, "kind", ""),
        .ns = route->ns,
        .name = ew_json_get_str(ref, "name", ""),
        .backend = -1,
        .ref = ref,
    };
    ew_world_get_any(routing->world, out.group, out.kind, out.ns, out.name,
                     routing_ask(routing, true, "route-filter-ref-missing"), &out.seen);
    return out;
}

const char *extension_title(struct ew_arena *arena, const struct ew_extension *extension)
{
    return ew_arena_fmt(arena, "%s%s%s %s/%s", extension->kind, *extension->group ? "." : "",
                        extension->group, extension->ns, extension->name);
}

static size_t add_from(struct draft *draft, const struct ew_json *filters, int backend,
                       struct ew_extension *list, size_t count)
{
    EW_JSON_EACH(filter, filters)
    {
        if (!is_extension(filter))
            continue;
        list[count] = extension_look(draft->routing, draft->rule->route->obj,
                                     ew_json_get(filter, "extensionRef"));
        list[count++].backend = backend;
    }
    return count;
}

void extensions_find(struct draft *draft)
{
    const struct ew_json *rule = draft->rule->json, *own = ew_json_get(rule, "filters");
    const struct ew_json *refs = ew_json_get(rule, "backendRefs");
    size_t most = count_in(own), count;
    int backend = 0;
    EW_JSON_EACH(ref, refs)
    most += count_in(ew_json_get(ref, "filters"));
    if (!most)
        return;
    struct ew_extension *list = ew_arena_alloc(draft->arena, most * sizeof(*list));
    count = add_from(draft, own, -1, list, 0);
    EW_JSON_EACH(ref, refs)
    count = add_from(draft, ew_json_get(ref, "filters"), backend++, list, count);
    draft->out->extensions = list;
    draft->out->extension_count = count;
}

/* "the filter MUST NOT be skipped": without its object the request gets an error. */
const char *extension_missing(struct draft *draft, int backend)
{
    const char *why = NULL;
    for (size_t i = 0; i < draft->out->extension_count; i++) {
        const struct ew_extension *at = &draft->out->extensions[i];
        if (at->backend != backend)
            continue;
        const char *title = extension_title(draft->arena, at);
        if (at->seen.state != EW_ABSENT)
            draft_assume(draft, "the filter %s lets the request pass", title);
        else if (!why)
            why = ew_arena_fmt(draft->arena, "the filter %s does not exist", title);
    }
    return why;
}
