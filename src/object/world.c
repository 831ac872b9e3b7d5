#include "world.h"

#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>

static const char *group_of(struct ew_arena *arena, const char *api_version)
{
    const char *slash = strchr(api_version, '/');
    return slash ? ew_arena_strndup(arena, api_version, (size_t)(slash - api_version)) : "";
}

/* A kind of ours in a version of other fields (networking.k8s.io/v1beta1 Ingress) is none of ours.
 */
static enum ew_kind readable_kind(const char *group, const char *kind, const char *api_version)
{
    const char *slash = strchr(api_version, '/');
    const char *version = slash ? slash + 1 : api_version;
    const struct ew_kind_row *row = ew_kind_row(ew_kind_of(group, kind));
    for (const char *at = row ? row->versions : ""; *at;) {
        size_t len = strcspn(at, " ");
        if (strlen(version) == len && strncmp(at, version, len) == 0)
            return ew_kind_of(group, kind);
        at += len + (at[len] == ' ');
    }
    return EW_KIND_OTHER;
}

static void add_object(struct ew_world *world, const struct ew_object *object)
{
    const struct ew_json *root = ew_doc_root(object->doc);
    const struct ew_json *meta = ew_json_get(root, "metadata");
    struct ew_obj *obj = ew_arena_alloc(world->arena, sizeof(*obj));
    obj->group = group_of(world->arena, ew_json_get_str(root, "apiVersion", ""));
    obj->kind_name = ew_json_get_str(root, "kind", "");
    obj->kind = readable_kind(obj->group, obj->kind_name, ew_json_get_str(root, "apiVersion", ""));
    obj->name = ew_json_get_str(meta, "name", "");
    obj->ns = ew_json_get_str(meta, "namespace", NULL);
    if (obj->kind != EW_KIND_OTHER)
        obj->ns = !ew_kind_row(obj->kind)->namespaced ? NULL : obj->ns ? obj->ns : world->own_ns;
    obj->where = object->where;
    obj->json = root;
    ew_ptrs_add(&world->kinds[obj->kind], obj);
}

static int compare(const char *a_ns, const char *a_name, const char *b_ns, const char *b_name)
{
    int order = strcmp(a_ns ? a_ns : "", b_ns ? b_ns : "");
    return order ? order : strcmp(a_name, b_name);
}

/* By namespace, name, and for kinds that are none of ours by kind and group: a whole order, so that
 * the order in which objects came never shows. */
static int by_name(const void *left, const void *right)
{
    const struct ew_obj *a = *(const struct ew_obj *const *)left;
    const struct ew_obj *b = *(const struct ew_obj *const *)right;
    int order = compare(a->ns, a->name, b->ns, b->name);
    order = order ? order : strcmp(a->kind_name, b->kind_name);
    return order ? order : strcmp(a->group, b->group);
}

/* Why nothing can be read any more, from the fact about the server. */
static const char *offline_reason(const struct ew_snapshot *snapshot)
{
    const struct ew_fact *server = ew_snapshot_fact(snapshot, EW_KEY_SERVER);
    if (!server)
        return "off";
    if (server->state == EW_ABSENT)
        return "no-cluster";
    if (server->state != EW_UNKNOWN)
        return NULL;
    return server->reason ? server->reason : "unreachable";
}

struct ew_world *ew_world_new(struct ew_snapshot *snapshot)
{
    struct ew_world *world = ew_alloc(sizeof(*world));
    const struct ew_fact *files = ew_snapshot_fact(snapshot, EW_KEY_FILES);
    world->snapshot = ew_snapshot_ref(snapshot);
    world->arena = ew_arena_new();
    world->files = files && files->state == EW_KNOWN;
    world->offline = world->files ? NULL : offline_reason(snapshot);
    world->own_ns = ew_json_get_str(ew_snapshot_options(snapshot), "namespace", "default");
    for (size_t i = 0; i < ew_snapshot_object_count(snapshot); i++)
        add_object(world, ew_snapshot_object_at(snapshot, i));
    for (int kind = 0; kind <= EW_KIND_COUNT; kind++)
        if (world->kinds[kind].count)
            qsort(world->kinds[kind].at, world->kinds[kind].count, sizeof(void *), by_name);
    return world;
}

void ew_world_free(struct ew_world *world)
{
    if (!world)
        return;
    for (int kind = 0; kind <= EW_KIND_COUNT; kind++)
        ew_ptrs_release(&world->kinds[kind]);
    ew_arena_free(world->arena);
    ew_snapshot_unref(world->snapshot);
    free(world);
}

const struct ew_snapshot *ew_world_snapshot(const struct ew_world *world)
{
    return world->snapshot;
}

bool ew_world_from_files(const struct ew_world *world)
{
    return world->files;
}

bool ew_world_tells_of(const struct ew_world *world, enum ew_kind kind)
{
    const struct ew_fact *over = ew_snapshot_fact(world->snapshot, EW_KEY_OVERLAY);
    const struct ew_json *added = over ? ew_json_get(ew_fact_value(over), "added") : NULL;
    long laid = ew_json_get_int(added, ew_kind_row(kind)->kind, 0);
    return !world->files || (long)ew_world_count(world, kind) > laid;
}

size_t ew_world_count(const struct ew_world *world, enum ew_kind kind)
{
    return world->kinds[kind].count;
}

const struct ew_obj *ew_world_at(const struct ew_world *world, enum ew_kind kind, size_t index)
{
    return world->kinds[kind].at[index];
}

const struct ew_obj *ew_world_find(const struct ew_world *world, enum ew_kind kind, const char *ns,
                                   const char *name)
{
    const struct ew_ptrs *list = &world->kinds[kind];
    size_t low = 0, high = list->count;
    if (!name || kind == EW_KIND_OTHER)
        return NULL;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct ew_obj *obj = list->at[mid];
        int order = compare(ns, name, obj->ns, obj->name);
        if (!order)
            return obj;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

bool ew_world_read(const struct ew_world *world, char *key, struct ew_seen *seen)
{
    const struct ew_fact *fact = ew_snapshot_fact(world->snapshot, key);
    free(key);
    if (fact)
        *seen = (struct ew_seen){fact->state, fact->reason};
    return fact != NULL;
}
