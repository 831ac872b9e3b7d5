#include "judging.h"

static struct ew_json *named(struct judging *j, const struct ew_obj *obj)
{
    if (!obj)
        return ew_json_null(j->doc);
    struct ew_json *out = ew_json_object(j->doc);
    ew_json_set_str(j->doc, out, "namespace", obj->ns);
    ew_json_set_str(j->doc, out, "name", obj->name);
    return out;
}

static struct ew_json *route_json(struct judging *j)
{
    const struct ew_obj *route = j->decision->route;
    if (!route)
        return ew_json_null(j->doc);
    struct ew_json *out = ew_json_object(j->doc);
    ew_json_set_str(j->doc, out, "kind", route->kind_name);
    ew_json_set_str(j->doc, out, "namespace", route->ns);
    ew_json_set_str(j->doc, out, "name", route->name);
    return out;
}

static void add_backend(struct judging *j, struct ew_json *list, const struct ew_backend *from)
{
    struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
    ew_json_set_str(j->doc, row, "kind", from->kind);
    ew_json_set_str(j->doc, row, "namespace", from->ns);
    ew_json_set_str(j->doc, row, "name", from->name);
    ew_json_set_num(j->doc, row, "port", from->port);
    ew_json_set_num(j->doc, row, "weight", from->weight);
    ew_json_set(j->doc, row, "ready",
                from->ready < 0 ? ew_json_null(j->doc) : ew_json_number(j->doc, from->ready));
    ew_json_set(j->doc, row, "total",
                from->total < 0 ? ew_json_null(j->doc) : ew_json_number(j->doc, from->total));
}

/* "path" of doc/edgewalk.walk.v1.schema.json. */
struct ew_json *path_json(struct judging *j)
{
    const struct ew_decision *by = j->decision;
    if (!by || (j->inside != INSIDE_API && j->inside != INSIDE_FILES))
        return NULL;
    struct ew_json *out = ew_json_object(j->doc);
    ew_json_set(j->doc, out, "gateway", named(j, by->gateway));
    ew_json_set_str(j->doc, out, "listener", by->listener);
    ew_json_set(j->doc, out, "ingress", named(j, by->ingress));
    ew_json_set(j->doc, out, "route", route_json(j));
    ew_json_set(j->doc, out, "rule",
                by->rule < 0 ? ew_json_null(j->doc) : ew_json_number(j->doc, by->rule));
    struct ew_json *list = ew_json_set(j->doc, out, "backends", ew_json_array(j->doc));
    for (size_t i = 0; i < by->backend_count; i++)
        add_backend(j, list, &by->backends[i]);
    return out;
}
