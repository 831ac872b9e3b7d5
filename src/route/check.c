/* Which objects are checked, and the answer as a whole (CONTRACT.md "JSON of edgewalk check"). */
#include "config.h"

#include "check.h"

#include "ingress.h"
#include "shape.h"

#include <stdlib.h>
#include <string.h>

static const enum ew_kind checked[] = {
    EW_GATEWAYCLASS, EW_GATEWAY,  EW_LISTENERSET, EW_HTTPROUTE,        EW_GRPCROUTE,
    EW_TLSROUTE,     EW_TCPROUTE, EW_UDPROUTE,    EW_BACKENDTLSPOLICY, EW_INGRESS,
};

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
    struct ew_json *one = ew_json_object(doc);
    ew_json_set_str(doc, one, "path", path);
    ew_json_set_str(doc, one, "text", text);
    ew_json_set_str(doc, one, "where", where_of(problems, line));
    ew_json_add(doc, problems->list, one);
    problems->on->healthy = false;
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

/* ---- the scope, and what it refers to ---- */

static void choose(struct ew_map *chosen, const struct ew_obj *obj)
{
    char *key = ew_fmt("%d/%s/%s", (int)obj->kind, obj->ns ? obj->ns : "", obj->name);
    ew_map_set(chosen, key, (void *)obj);
    free(key);
}

static bool is_chosen(const struct ew_map *chosen, const struct ew_obj *obj)
{
    char *key = ew_fmt("%d/%s/%s", (int)obj->kind, obj->ns ? obj->ns : "", obj->name);
    bool found = ew_map_get(chosen, key) != NULL;
    free(key);
    return found;
}

static void choose_gateway(struct ew_map *chosen, const struct gateway *gateway)
{
    if (!gateway)
        return;
    choose(chosen, gateway->obj);
    if (gateway->class_)
        choose(chosen, gateway->class_);
}

static void choose_referred(struct ew_routing *routing, struct ew_map *chosen)
{
    for (size_t i = 0; i < routing->route_count; i++) {
        const struct route *route = routing->routes[i];
        if (!is_chosen(chosen, route->obj))
            continue;
        for (size_t j = 0; j < route->attachment_count; j++) {
            if (route->gates[j].set)
                choose(chosen, route->gates[j].set->obj);
            choose_gateway(chosen, route->gates[j].gateway);
        }
    }
    for (size_t i = 0; i < routing->set_count; i++)
        if (is_chosen(chosen, routing->sets[i]->obj))
            choose_gateway(chosen, routing->sets[i]->gateway);
    for (size_t i = 0; i < routing->gateway_count; i++)
        if (is_chosen(chosen, routing->gateways[i]->obj))
            choose_gateway(chosen, routing->gateways[i]);
}

static void choose_by_namespace(struct ew_routing *routing, const char *ns, struct ew_map *chosen)
{
    for (size_t i = 0; i < EW_COUNT(checked); i++) {
        for (size_t j = 0; j < ew_world_count(routing->world, checked[i]); j++) {
            const struct ew_obj *obj = ew_world_at(routing->world, checked[i], j);
            if (!ns || ew_streq(obj->ns, ns))
                choose(chosen, obj);
        }
    }
}

static enum ew_kind kind_named(const char *text, size_t len)
{
    for (size_t i = 0; i < EW_COUNT(checked); i++) {
        const struct ew_kind_row *row = ew_kind_row(checked[i]);
        char *word = ew_strndup(text, len);
        bool same = ew_text_ieq(word, row->kind) || ew_text_ieq(word, row->plural) ||
                    ew_text_ieq(word, row->resource);
        free(word);
        if (same)
            return checked[i];
    }
    return EW_KIND_OTHER;
}

static int choose_name(struct ew_routing *routing, const char *text, const char *ns,
                       struct ew_map *chosen, struct ew_err *err)
{
    size_t len = strcspn(text, "/");
    const char *name = text[len] ? text + len + 1 : "";
    const char *slash = strchr(name, '/');
    enum ew_kind kind = kind_named(text, len);
    if (kind == EW_KIND_OTHER || !*name)
        return ew_fail(err, EW_EUSAGE,
                       "\"%s\" is not KIND/NAME of a Gateway API object or an Ingress", text);
    char *in = slash ? ew_strndup(name, (size_t)(slash - name)) : ew_strdup(ns ? ns : "default");
    const struct ew_obj *obj = ew_world_find(
        routing->world, kind, ew_kind_row(kind)->namespaced ? in : NULL, slash ? slash + 1 : name);
    int code = EW_OK;
    if (obj)
        choose(chosen, obj);
    else
        code = ew_fail(err, EW_EUSAGE, "there is no %s %s in namespace %s", ew_kind_row(kind)->kind,
                       slash ? slash + 1 : name, in);
    free(in);
    return code;
}

static int choose_all(struct ew_routing *routing, const struct ew_check_scope *scope,
                      struct ew_map *chosen, struct ew_err *err)
{
    int code = EW_OK;
    if (scope->names)
        for (size_t i = 0; scope->names[i] && code == EW_OK; i++)
            code = choose_name(routing, scope->names[i], scope->ns, chosen, err);
    else
        choose_by_namespace(routing, scope->ns, chosen);
    if (code == EW_OK)
        choose_referred(routing, chosen);
    return code;
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

int ew_routing_check(struct ew_routing *routing, const struct ew_check_scope *scope,
                     struct ew_doc **out, bool *unread, struct ew_err *err)
{
    struct ew_map *chosen = ew_map_new();
    struct checking on = {.routing = routing, .healthy = true, .agrees = true};
    int code = choose_all(routing, scope, chosen, err);
    if (code != EW_OK) {
        ew_map_free(chosen);
        return code;
    }
    on.arena = ew_arena_new();
    on.doc = ew_doc_new();
    struct ew_json *root = ew_json_object(on.doc), *list = ew_json_array(on.doc);
    add_gateways(&on, list, chosen);
    add_rest(&on, list, chosen);
    ew_json_set_str(on.doc, root, "schema", "edgewalk.check/v1");
    ew_json_set_bool(on.doc, root, "healthy", on.healthy);
    ew_json_set_bool(on.doc, root, "agrees", on.agrees);
    ew_json_set(on.doc, root, "objects", list);
    ew_doc_set_root(on.doc, root);
    ew_arena_free(on.arena);
    ew_map_free(chosen);
    *out = on.doc;
    *unread = on.unread;
    return EW_OK;
}
