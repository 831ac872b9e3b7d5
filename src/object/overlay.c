/* Objects laid over others, as an apply would change them. */
#include "world.h"

#include "edgewalk/fact/keys.h"

#include <string.h>

/* What an apply leaves alone: who the object is, since when, and what controllers wrote. */
static const char *const kept[] = {"uid", "creationTimestamp", "generation", "resourceVersion"};

static struct ew_json *metadata(struct ew_doc *doc, const struct ew_json *over,
                                const struct ew_obj *obj, const struct ew_json *base)
{
    struct ew_json *out = ew_json_object(doc);
    EW_JSON_EACH(member, over)
    {
        bool own = strcmp(ew_json_key(member), "namespace") != 0;
        for (size_t i = 0; i < EW_COUNT(kept); i++)
            own &= strcmp(ew_json_key(member), kept[i]) != 0;
        if (own)
            ew_json_set(doc, out, ew_json_key(member), ew_json_copy(doc, member));
    }
    for (size_t i = 0; i < EW_COUNT(kept); i++)
        if (ew_json_get(base, kept[i]))
            ew_json_set(doc, out, kept[i], ew_json_copy(doc, ew_json_get(base, kept[i])));
    /* The same text as in the base, so that it is the same object. */
    const char *ns = base ? ew_json_get_str(base, "namespace", NULL) : obj->ns;
    if (ns)
        ew_json_set_str(doc, out, "namespace", ns);
    return out;
}

static struct ew_object *laid(const struct ew_obj *obj, const struct ew_obj *base)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_line(out, ew_json_line(obj->json));
    EW_JSON_EACH(member, obj->json)
    {
        const char *key = ew_json_key(member);
        if (strcmp(key, "status") != 0 && strcmp(key, "metadata") != 0)
            ew_json_set(doc, out, key, ew_json_copy(doc, member));
    }
    ew_json_set(doc, out, "metadata",
                metadata(doc, ew_json_get(obj->json, "metadata"), obj,
                         base ? ew_json_get(base->json, "metadata") : NULL));
    if (base && ew_json_get(base->json, "status"))
        ew_json_set(doc, out, "status", ew_json_copy(doc, ew_json_get(base->json, "status")));
    ew_doc_set_root(doc, out);
    struct ew_object *object = ew_object_new(obj->where, doc);
    ew_doc_unref(doc);
    return object;
}

/* The fact: {paths, objects, errors} of the files, what was laid, and how many of each kind are
 * new.
 */
struct laying {
    struct ew_doc *doc;
    struct ew_json *list, *added;
};

static void note(struct laying *laying, const struct ew_obj *obj, bool added)
{
    struct ew_doc *doc = laying->doc;
    struct ew_json *row = ew_json_object(doc);
    ew_json_set_str(doc, row, "kind", obj->kind_name);
    ew_json_set_str(doc, row, "namespace", obj->ns);
    ew_json_set_str(doc, row, "name", obj->name);
    ew_json_set_str(doc, row, "where", obj->where);
    ew_json_set_bool(doc, row, "added", added);
    ew_json_add(doc, laying->list, row);
    if (added)
        ew_json_set_num(doc, laying->added, obj->kind_name,
                        (double)ew_json_get_int(laying->added, obj->kind_name, 0) + 1);
}

static void put_fact(struct ew_snapshot *out, const struct ew_snapshot *over, struct laying *laying)
{
    const struct ew_fact *files = ew_snapshot_fact(over, EW_KEY_FILES);
    struct ew_doc *doc = laying->doc;
    struct ew_json *value = files && ew_fact_value(files) ? ew_json_copy(doc, ew_fact_value(files))
                                                          : ew_json_object(doc);
    ew_json_set(doc, value, "laid", laying->list);
    ew_json_set(doc, value, "added", laying->added);
    ew_doc_set_root(doc, value);
    ew_snapshot_put(out, ew_fact_new(EW_KEY_OVERLAY, EW_KNOWN, NULL, files ? files->from : NULL,
                                     files ? files->at_ms : 0, -1, doc));
    ew_doc_unref(doc);
}

/* What names no namespace stands in the base's. */
static struct ew_snapshot *placed(const struct ew_snapshot *base, const struct ew_snapshot *over)
{
    struct ew_snapshot *out = ew_snapshot_clone(over);
    struct ew_doc *options = ew_doc_new();
    ew_doc_set_root(options, ew_json_copy(options, ew_snapshot_options(base)));
    ew_snapshot_set_options(out, options);
    return out;
}

struct ew_snapshot *ew_snapshot_overlaid(struct ew_snapshot *base, const struct ew_snapshot *over)
{
    struct ew_snapshot *out = ew_snapshot_clone(base), *upper = placed(base, over);
    struct ew_world *below = ew_world_new(base), *above = ew_world_new(upper);
    struct laying laying = {.doc = ew_doc_new()};
    laying.list = ew_json_array(laying.doc);
    laying.added = ew_json_object(laying.doc);
    for (int kind = 0; kind <= EW_KIND_COUNT; kind++)
        for (size_t i = 0; i < ew_world_count(above, (enum ew_kind)kind); i++) {
            const struct ew_obj *obj = ew_world_at(above, (enum ew_kind)kind, i);
            const struct ew_obj *at = ew_world_find(below, (enum ew_kind)kind, obj->ns, obj->name);
            ew_snapshot_put_object(out, laid(obj, at));
            note(&laying, obj, !at);
        }
    put_fact(out, over, &laying);
    ew_world_free(below);
    ew_world_free(above);
    ew_snapshot_unref(upper);
    return out;
}
