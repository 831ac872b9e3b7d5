#include "edgewalk/fact.h"

#include "fact.h"

#include <stdlib.h>
#include <string.h>

struct ew_snapshot {
    size_t refs;
    struct ew_doc *target, *options, *vantage;
    int64_t started_ms;
    double elapsed_ms;
    struct ew_map *facts;   /* key -> struct ew_fact * */
    struct ew_map *objects; /* "group/kind/ns/name" -> struct ew_object * */
};

struct ew_snapshot *ew_snapshot_new(void)
{
    struct ew_snapshot *snapshot = ew_alloc(sizeof(*snapshot));
    snapshot->refs = 1;
    snapshot->facts = ew_map_new();
    snapshot->objects = ew_map_new();
    return snapshot;
}

struct ew_snapshot *ew_snapshot_ref(struct ew_snapshot *snapshot)
{
    snapshot->refs++;
    return snapshot;
}

void ew_snapshot_unref(struct ew_snapshot *snapshot)
{
    if (!snapshot || --snapshot->refs)
        return;
    for (size_t i = 0; i < ew_map_count(snapshot->facts); i++)
        ew_fact_unref(ew_map_value(snapshot->facts, i));
    for (size_t i = 0; i < ew_map_count(snapshot->objects); i++)
        ew_object_unref(ew_map_value(snapshot->objects, i));
    ew_map_free(snapshot->facts);
    ew_map_free(snapshot->objects);
    ew_doc_unref(snapshot->target);
    ew_doc_unref(snapshot->options);
    ew_doc_unref(snapshot->vantage);
    free(snapshot);
}

static struct ew_doc *ref_or_null(struct ew_doc *doc)
{
    return doc ? ew_doc_ref(doc) : NULL;
}

struct ew_snapshot *ew_snapshot_clone(const struct ew_snapshot *from)
{
    struct ew_snapshot *clone = ew_snapshot_new();
    clone->target = ref_or_null(from->target);
    clone->options = ref_or_null(from->options);
    clone->vantage = ref_or_null(from->vantage);
    clone->started_ms = from->started_ms;
    clone->elapsed_ms = from->elapsed_ms;
    for (size_t i = 0; i < ew_map_count(from->facts); i++)
        ew_map_set(clone->facts, ew_map_key(from->facts, i),
                   ew_fact_ref(ew_map_value(from->facts, i)));
    for (size_t i = 0; i < ew_map_count(from->objects); i++)
        ew_map_set(clone->objects, ew_map_key(from->objects, i),
                   ew_object_ref(ew_map_value(from->objects, i)));
    return clone;
}

static void replace(struct ew_doc **place, struct ew_doc *doc)
{
    ew_doc_unref(*place);
    *place = doc;
}

void ew_snapshot_set_target(struct ew_snapshot *snapshot, struct ew_doc *target)
{
    replace(&snapshot->target, target);
}

void ew_snapshot_set_options(struct ew_snapshot *snapshot, struct ew_doc *options)
{
    replace(&snapshot->options, options);
}

void ew_snapshot_set_vantage(struct ew_snapshot *snapshot, struct ew_doc *vantage)
{
    replace(&snapshot->vantage, vantage);
}

static const struct ew_json *root_or_null(const struct ew_doc *doc)
{
    return doc ? ew_doc_root(doc) : NULL;
}

const struct ew_json *ew_snapshot_target(const struct ew_snapshot *snapshot)
{
    return root_or_null(snapshot->target);
}

const struct ew_json *ew_snapshot_options(const struct ew_snapshot *snapshot)
{
    return root_or_null(snapshot->options);
}

const struct ew_json *ew_snapshot_vantage(const struct ew_snapshot *snapshot)
{
    return root_or_null(snapshot->vantage);
}

void ew_snapshot_set_clock(struct ew_snapshot *snapshot, int64_t started_ms, double elapsed_ms)
{
    snapshot->started_ms = started_ms;
    snapshot->elapsed_ms = ew_fact_round(elapsed_ms);
}

int64_t ew_snapshot_started(const struct ew_snapshot *snapshot)
{
    return snapshot->started_ms;
}

double ew_snapshot_elapsed(const struct ew_snapshot *snapshot)
{
    return snapshot->elapsed_ms;
}

void ew_snapshot_put(struct ew_snapshot *snapshot, struct ew_fact *fact)
{
    struct ew_fact *old = ew_map_get(snapshot->facts, fact->key);
    ew_map_set(snapshot->facts, fact->key, fact);
    ew_fact_unref(old);
}

const struct ew_fact *ew_snapshot_fact(const struct ew_snapshot *snapshot, const char *key)
{
    return ew_map_get(snapshot->facts, key);
}

size_t ew_snapshot_fact_count(const struct ew_snapshot *snapshot)
{
    return ew_map_count(snapshot->facts);
}

const struct ew_fact *ew_snapshot_fact_at(const struct ew_snapshot *snapshot, size_t index)
{
    return ew_map_value(snapshot->facts, index);
}

/* The same object whatever version of its API it was read by. */
static char *identity(const struct ew_object *object)
{
    const struct ew_json *root = ew_doc_root(object->doc);
    const struct ew_json *meta = ew_json_get(root, "metadata");
    const char *version = ew_json_get_str(root, "apiVersion", "");
    const char *slash = strchr(version, '/');
    return ew_fmt("%.*s/%s/%s/%s", slash ? (int)(slash - version) : 0, version,
                  ew_json_get_str(root, "kind", ""), ew_json_get_str(meta, "namespace", ""),
                  ew_json_get_str(meta, "name", ""));
}

void ew_snapshot_put_object(struct ew_snapshot *snapshot, struct ew_object *object)
{
    char *key = identity(object);
    struct ew_object *old = ew_map_get(snapshot->objects, key);
    ew_map_set(snapshot->objects, key, object);
    ew_object_unref(old);
    free(key);
}

size_t ew_snapshot_object_count(const struct ew_snapshot *snapshot)
{
    return ew_map_count(snapshot->objects);
}

const struct ew_object *ew_snapshot_object_at(const struct ew_snapshot *snapshot, size_t index)
{
    return ew_map_value(snapshot->objects, index);
}
