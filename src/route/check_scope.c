/* Which objects are checked: the named ones or those of a namespace, with everything that they
 * refer to; and what of that could not be read. */
#include "config.h"

#include "check.h"

#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>

static const enum ew_kind checked[] = {
    EW_GATEWAYCLASS, EW_GATEWAY,  EW_LISTENERSET, EW_HTTPROUTE,        EW_GRPCROUTE,
    EW_TLSROUTE,     EW_TCPROUTE, EW_UDPROUTE,    EW_BACKENDTLSPOLICY, EW_INGRESS,
};

/* ---- what could not be read ---- */

static void undecided(struct checking *on, const char *want, const char *why)
{
    struct ew_json *row = ew_json_object(on->doc);
    ew_json_set_str(on->doc, row, "want", want);
    ew_json_set_str(on->doc, row, "why", why);
    ew_json_add(on->doc, on->undecided, row);
    on->unread = true;
}

/* In the words of the wants: "list httproutes in commerce". */
static const char *want_text(struct checking *on, enum ew_kind kind, const char *ns,
                             const char *name)
{
    struct ew_wants *wants = ew_wants_new();
    const struct ew_kind_row *row = ew_kind_row(kind);
    if (name)
        ew_want_get(wants, row->resource, ns, name, false, "");
    else
        ew_want_list(wants, row->resource, ns, NULL, false, "");
    const char *text = ew_arena_strdup(on->arena, ew_wants_at(wants, 0)->text);
    ew_wants_free(wants);
    return text;
}

/* Documents of the files that are no objects: what they were meant to be is not judged. */
static void read_documents(struct checking *on)
{
    static const char *const keys[] = {EW_KEY_FILES, EW_KEY_OVERLAY};
    for (size_t i = 0; i < EW_COUNT(keys); i++) {
        const struct ew_fact *fact = ew_snapshot_fact(on->routing->snapshot, keys[i]);
        EW_JSON_EACH(error, ew_json_get(fact ? ew_fact_value(fact) : NULL, "errors"))
        undecided(on, ew_json_get_str(error, "where", "?"), ew_json_get_str(error, "text", "?"));
    }
}

static bool is_checked(enum ew_kind kind)
{
    for (size_t i = 0; i < EW_COUNT(checked); i++)
        if (checked[i] == kind)
            return true;
    return false;
}

/* Objects of our kinds in a version whose fields are others. */
static void read_versions(struct checking *on, const char *ns)
{
    for (size_t i = 0; i < ew_world_count(on->routing->world, EW_KIND_OTHER); i++) {
        const struct ew_obj *obj = ew_world_at(on->routing->world, EW_KIND_OTHER, i);
        if (is_checked(ew_kind_of(obj->group, obj->kind_name)) && (!ns || ew_streq(obj->ns, ns)))
            undecided(on, obj_title(on->arena, obj),
                      ew_arena_fmt(on->arena, "%s is a version that is not read",
                                   ew_json_get_str(obj->json, "apiVersion", "?")));
    }
}

/* Why no read can come at all, with the server's words; NULL: reads come. */
static const char *out_of_reach(struct checking *on)
{
    const struct ew_fact *server = ew_snapshot_fact(on->routing->snapshot, EW_KEY_SERVER);
    if (on->routing->files || !server || server->state != EW_UNKNOWN)
        return NULL;
    const char *text = ew_json_get_str(ew_fact_value(server), "text", NULL);
    return ew_arena_fmt(on->arena, "%s%s%s", server->reason ? server->reason : "unreachable",
                        text ? ": " : "", text ? text : "");
}

bool list_whole(struct checking *on, enum ew_kind kind, const char *ns, const char **why)
{
    struct ew_seen seen =
        ew_world_listed(on->routing->world, kind, ns, routing_ask(on->routing, true, ""));
    if (why)
        *why = seen.reason ? seen.reason : "not read yet";
    return seen.state == EW_ABSENT || (seen.state == EW_KNOWN && !seen.reason);
}

static void read_lists(struct checking *on, const char *ns)
{
    const char *why;
    for (size_t i = 0; i < EW_COUNT(checked); i++)
        if ((!ns || ew_kind_row(checked[i])->namespaced) && !list_whole(on, checked[i], ns, &why))
            undecided(on, want_text(on, checked[i], ns, NULL), why);
}

/* ---- the scope, and what it refers to ---- */

static char *key_of_obj(const struct ew_obj *obj)
{
    return ew_fmt("%d/%s/%s", (int)obj->kind, obj->ns ? obj->ns : "", obj->name);
}

static void choose(struct ew_map *chosen, const struct ew_obj *obj)
{
    char *key = key_of_obj(obj);
    ew_map_set(chosen, key, (void *)obj);
    free(key);
}

bool is_chosen(const struct ew_map *chosen, const struct ew_obj *obj)
{
    char *key = key_of_obj(obj);
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

/* A namespace that nothing lives in and nobody has heard of is a slip of the keyboard. */
static int namespace_there(struct checking *on, const char *ns, struct ew_err *err)
{
    const struct ew_world *world = on->routing->world;
    struct ew_seen seen;
    if (ew_world_get(world, EW_NAMESPACE, NULL, ns, routing_ask(on->routing, true, ""), &seen) ||
        seen.state != EW_ABSENT)
        return EW_OK;
    for (int kind = 0; kind <= EW_KIND_COUNT; kind++)
        for (size_t i = 0; i < ew_world_count(world, (enum ew_kind)kind); i++)
            if (ew_streq(ew_world_at(world, (enum ew_kind)kind, i)->ns, ns))
                return EW_OK;
    return ew_fail(err, EW_EUSAGE, "there is no namespace %s%s", ns,
                   on->routing->files ? " in the files" : "");
}

static void choose_by_namespace(struct checking *on, const char *ns, struct ew_map *chosen)
{
    const struct ew_world *world = on->routing->world;
    for (size_t i = 0; i < EW_COUNT(checked); i++) {
        for (size_t j = 0; j < ew_world_count(world, checked[i]); j++) {
            const struct ew_obj *obj = ew_world_at(world, checked[i], j);
            if (!ns || ew_streq(obj->ns, ns))
                choose(chosen, obj);
        }
    }
    read_versions(on, ns);
    read_lists(on, ns);
}

static enum ew_kind kind_named(const char *text, size_t len)
{
    char *word = ew_strndup(text, len);
    enum ew_kind kind = EW_KIND_OTHER;
    for (size_t i = 0; i < EW_COUNT(checked); i++) {
        const struct ew_kind_row *row = ew_kind_row(checked[i]);
        if (ew_text_ieq(word, row->kind) || ew_text_ieq(word, row->plural) ||
            ew_text_ieq(word, row->resource))
            kind = checked[i];
    }
    free(word);
    return kind;
}

/* "KIND/NAME" or "KIND/NS/NAME" taken apart; texts are the caller's to free. */
struct named {
    enum ew_kind kind;
    char *ns;
    const char *name;
};

static bool read_name(const char *text, const char *ns, struct named *out)
{
    size_t len = strcspn(text, "/");
    const char *name = text[len] ? text + len + 1 : "";
    const char *slash = strchr(name, '/');
    out->kind = kind_named(text, len);
    if (out->kind == EW_KIND_OTHER || !*name)
        return false;
    out->ns = !ew_kind_row(out->kind)->namespaced ? NULL
              : slash                             ? ew_strndup(name, (size_t)(slash - name))
                                                  : ew_strdup(ns ? ns : "default");
    out->name = slash ? slash + 1 : name;
    return true;
}

static int choose_name(struct checking *on, const char *text, const char *ns, struct ew_map *chosen,
                       struct ew_err *err)
{
    struct named named;
    struct ew_seen seen;
    int code = EW_OK;
    if (!read_name(text, ns, &named))
        return ew_fail(err, EW_EUSAGE,
                       "\"%s\" is not KIND/NAME of a Gateway API object or an Ingress", text);
    const struct ew_obj *obj = ew_world_get(on->routing->world, named.kind, named.ns, named.name,
                                            routing_ask(on->routing, false, ""), &seen);
    if (obj)
        choose(chosen, obj);
    else if (seen.state == EW_ABSENT)
        code = ew_fail(err, EW_EUSAGE, "there is no %s %s%s%s", ew_kind_row(named.kind)->kind,
                       named.name, named.ns ? " in namespace " : "", named.ns ? named.ns : "");
    else
        undecided(on, want_text(on, named.kind, named.ns, named.name),
                  seen.reason ? seen.reason : "not read yet");
    free(named.ns);
    return code;
}

static void choose_also(struct checking *on, const char *text, struct ew_map *chosen)
{
    struct named named;
    if (!read_name(text, NULL, &named))
        return;
    const struct ew_obj *obj = ew_world_find(on->routing->world, named.kind, named.ns, named.name);
    if (obj)
        choose(chosen, obj);
    free(named.ns);
}

/* Nothing at all is no proof of health. */
static void nothing_there(struct checking *on, const char *ns)
{
    struct ew_seen seen =
        ew_world_listed(on->routing->world, EW_GATEWAY, NULL, routing_ask(on->routing, true, ""));
    bool unserved = seen.state == EW_ABSENT;
    undecided(on, "an object to check",
              ew_arena_fmt(on->arena, "there is none%s%s%s", ns ? " in namespace " : "",
                           ns ? ns : "",
                           unserved ? ", and the cluster does not serve Gateway API" : ""));
}

int scope_choose(struct checking *on, const struct ew_check_scope *scope, struct ew_map *chosen,
                 struct ew_err *err)
{
    int code = EW_OK;
    const char *away = out_of_reach(on);
    if (away) {
        undecided(on, "the API server", away);
        return EW_OK;
    }
    read_documents(on);
    for (size_t i = 0; scope->names && scope->names[i] && code == EW_OK; i++)
        code = choose_name(on, scope->names[i], scope->ns, chosen, err);
    if (!scope->names && scope->ns)
        code = namespace_there(on, scope->ns, err);
    if (!scope->names && code == EW_OK)
        choose_by_namespace(on, scope->ns, chosen);
    for (size_t i = 0; scope->also && scope->also[i] && code == EW_OK; i++)
        choose_also(on, scope->also[i], chosen);
    if (code == EW_OK)
        choose_referred(on->routing, chosen);
    if (code == EW_OK && !ew_map_count(chosen) && !on->unread)
        nothing_there(on, scope->ns);
    return code;
}
