/* Which objects are checked, and the answer as a whole (doc/edgewalk.check.v1.schema.json). */
#include "config.h"

#include "check.h"

#include "ingress.h"
#include "shape.h"

#include <string.h>

/* ---- an object's head ---- */

struct problems {
    struct checking *on;
    struct ew_json *list;
    const struct ew_obj *obj;
};

/* "orders.yaml:12" with the line of the fault itself, where it is known. */
static const char *where_of(struct problems *problems, int line)
{
    const char *where = problems->obj->where;
    const char *colon = where ? strrchr(where, ':') : NULL;
    if (!colon || !line)
        return where;
    return ew_arena_fmt(problems->on->arena, "%.*s:%d", (int)(colon - where), where, line);
}

static void add_problem(void *ctx, const char *path, const char *text, int line)
{
    struct problems *problems = ctx;
    struct ew_doc *doc = problems->on->doc;
    problems->on->healthy = false;
    EW_JSON_EACH(said, problems->list)
    {
        if (ew_streq(ew_json_get_str(said, "path", NULL), path) &&
            ew_streq(ew_json_get_str(said, "text", NULL), text))
            return;
    }
    struct ew_json *one = ew_json_object(doc);
    ew_json_set_str(doc, one, "path", path);
    ew_json_set_str(doc, one, "text", text);
    ew_json_set_str(doc, one, "where", where_of(problems, line));
    ew_json_add(doc, problems->list, one);
}

struct ew_json *object_json(struct checking *on, const struct ew_obj *obj)
{
    struct ew_json *out = ew_json_object(on->doc);
    struct problems problems = {on, ew_json_array(on->doc), obj};
    ew_json_set_str(on->doc, out, "kind", obj->kind_name);
    if (obj->ns)
        ew_json_set_str(on->doc, out, "namespace", obj->ns);
    ew_json_set_str(on->doc, out, "name", obj->name);
    ew_json_set_str(on->doc, out, "where", obj->where);
    shape_check(obj, add_problem, &problems);
    if (ew_json_count(problems.list))
        ew_json_set(on->doc, out, "problems", problems.list);
    return out;
}

/* ---- the answer ---- */

static void add_gateways(struct checking *on, struct ew_json *list, const struct ew_map *chosen)
{
    struct ew_routing *routing = on->routing;
    for (size_t i = 0; i < ew_world_count(routing->world, EW_GATEWAYCLASS); i++) {
        const struct ew_obj *obj = ew_world_at(routing->world, EW_GATEWAYCLASS, i);
        if (is_chosen(chosen, obj))
            ew_json_add(on->doc, list, check_class(on, obj));
    }
    for (size_t i = 0; i < routing->gateway_count; i++)
        if (is_chosen(chosen, routing->gateways[i]->obj))
            ew_json_add(on->doc, list, check_gateway(on, routing->gateways[i]));
    for (size_t i = 0; i < routing->set_count; i++)
        if (is_chosen(chosen, routing->sets[i]->obj))
            ew_json_add(on->doc, list, check_set(on, routing->sets[i]));
}

static void add_rest(struct checking *on, struct ew_json *list, const struct ew_map *chosen)
{
    struct ew_routing *routing = on->routing;
    for (size_t i = 0; i < routing->route_count; i++)
        if (is_chosen(chosen, routing->routes[i]->obj))
            ew_json_add(on->doc, list, check_route(on, routing->routes[i]));
    for (size_t i = 0; i < ew_world_count(routing->world, EW_BACKENDTLSPOLICY); i++) {
        const struct ew_obj *obj = ew_world_at(routing->world, EW_BACKENDTLSPOLICY, i);
        if (is_chosen(chosen, obj))
            ew_json_add(on->doc, list, check_policy(on, obj));
    }
    for (size_t i = 0; i < routing->ingresses->count; i++)
        if (is_chosen(chosen, routing->ingresses->at[i]->obj))
            ew_json_add(on->doc, list, check_ingress(on, i));
}

/* Nothing bad was seen, and not all of it could be: neither true nor false. */
static void set_verdict(struct checking *on, struct ew_json *root, const char *key, bool good)
{
    if (good && on->unread)
        ew_json_set(on->doc, root, key, ew_json_null(on->doc));
    else
        ew_json_set_bool(on->doc, root, key, good);
}

int ew_routing_check(struct ew_routing *routing, const struct ew_check_scope *scope,
                     struct ew_doc **out, bool *unread, struct ew_err *err)
{
    struct ew_map *chosen = ew_map_new();
    struct checking on = {.routing = routing,
                          .arena = ew_arena_new(),
                          .doc = ew_doc_new(),
                          .healthy = true,
                          .agrees = true,
                          .proposed = scope->proposed};
    struct ew_json *root = ew_json_object(on.doc), *list = ew_json_array(on.doc);
    on.undecided = ew_json_array(on.doc);
    int code = scope_choose(&on, scope, chosen, err);
    if (code == EW_OK) {
        add_gateways(&on, list, chosen);
        add_rest(&on, list, chosen);
        ew_json_set_str(on.doc, root, "schema", "edgewalk.check/v1");
        set_verdict(&on, root, "healthy", on.healthy);
        set_verdict(&on, root, "agrees", on.agrees);
        ew_json_set(on.doc, root, "objects", list);
        ew_json_set(on.doc, root, "undecided", on.undecided);
        ew_doc_set_root(on.doc, root);
        *out = ew_doc_ref(on.doc);
        *unread = on.unread;
    }
    ew_doc_unref(on.doc);
    ew_arena_free(on.arena);
    ew_map_free(chosen);
    return code;
}
