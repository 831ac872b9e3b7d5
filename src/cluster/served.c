#include "served.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { UNREADABLE = 100 };

struct best {
    char *version; /* NULL: not served */
    int rank;      /* place in the row's versions; UNREADABLE: none of them */
};

struct served {
    struct best kinds[EW_KIND_COUNT];
    struct ew_arena *arena;
    struct ew_map *others; /* "KIND.GROUP" → struct served_kind * */
    struct ew_doc *doc;
    struct ew_json *groups, *families;
};

struct served *served_new(void)
{
    struct served *served = ew_alloc(sizeof(*served));
    served->arena = ew_arena_new();
    served->others = ew_map_new();
    served->doc = ew_doc_new();
    served->groups = ew_json_array(served->doc);
    served->families = ew_json_array(served->doc);
    for (int kind = 0; kind < EW_KIND_COUNT; kind++)
        if (!*ew_kind_row((enum ew_kind)kind)->group) /* every server has the core group */
            served->kinds[kind].version = ew_strdup("v1");
    return served;
}

void served_free(struct served *served)
{
    if (!served)
        return;
    for (int kind = 0; kind < EW_KIND_COUNT; kind++)
        free(served->kinds[kind].version);
    ew_doc_unref(served->doc);
    ew_map_free(served->others);
    ew_arena_free(served->arena);
    free(served);
}

void served_add_group(struct served *served, const char *name, const char *const *versions,
                      size_t count)
{
    struct ew_doc *doc = served->doc;
    struct ew_json *row = ew_json_add(doc, served->groups, ew_json_object(doc));
    ew_json_set_str(doc, row, "name", name);
    struct ew_json *list = ew_json_set(doc, row, "versions", ew_json_array(doc));
    for (size_t i = 0; i < count; i++)
        ew_json_add(doc, list, ew_json_string(doc, versions[i]));
    ew_json_set_str(doc, row, "preferred", count ? versions[0] : NULL);
}

/* The place of a version in "v1 v1beta1". */
static int rank_of(const char *versions, const char *version)
{
    size_t len = strlen(version);
    int rank = 0;
    for (const char *at = versions; *at; rank++) {
        size_t word = strcspn(at, " ");
        if (word == len && memcmp(at, version, len) == 0)
            return rank;
        at += word + (at[word] == ' ');
    }
    return UNREADABLE;
}

static void note_kind(struct served *served, enum ew_kind kind, const char *version)
{
    struct best *best = &served->kinds[kind];
    int rank = rank_of(ew_kind_row(kind)->versions, version);
    if (best->version && best->rank <= rank)
        return;
    free(best->version);
    *best = (struct best){ew_strdup(version), rank};
}

static void note_family(struct served *served, const char *group, const char *kind)
{
    const char *product = family_product(group, kind);
    if (!product)
        return;
    EW_JSON_EACH(row, served->families)
    if (strcmp(ew_json_get_str(row, "group", ""), group) == 0 &&
        strcmp(ew_json_get_str(row, "kind", ""), kind) == 0)
        return;
    struct ew_json *row = ew_json_add(served->doc, served->families, ew_json_object(served->doc));
    ew_json_set_str(served->doc, row, "group", group);
    ew_json_set_str(served->doc, row, "kind", kind);
    ew_json_set_str(served->doc, row, "product", product);
}

/* Versions come best first. */
static void note_other(struct served *served, const struct served_kind *from)
{
    const char *resource = ew_arena_fmt(served->arena, "%s.%s", from->kind, from->group);
    if (ew_map_get(served->others, resource))
        return;
    struct served_kind *kind = ew_arena_alloc(served->arena, sizeof(*kind));
    *kind = (struct served_kind){ew_arena_strdup(served->arena, from->group),
                                 ew_arena_strdup(served->arena, from->kind),
                                 ew_arena_strdup(served->arena, from->plural),
                                 ew_arena_strdup(served->arena, from->version), from->namespaced};
    ew_map_set(served->others, resource, kind);
}

void served_add_resource(struct served *served, const char *group, const char *version,
                         const char *plural, const char *kind, bool namespaced)
{
    enum ew_kind known = ew_kind_of(group, kind);
    if (known != EW_KIND_OTHER && strcmp(ew_kind_row(known)->plural, plural) == 0)
        note_kind(served, known, version);
    else
        note_other(served, &(struct served_kind){group, kind, plural, version, namespaced});
    note_family(served, group, kind);
}

const struct served_kind *served_other(const struct served *served, const char *resource,
                                       bool *listed)
{
    const struct served_kind *kind = ew_map_get(served->others, resource);
    const char *dot = strchr(resource, '.');
    *listed = kind || !dot;
    for (size_t i = 0; !*listed && i < ew_map_count(served->others); i++) {
        const struct served_kind *other = ew_map_value(served->others, i);
        *listed = strcmp(other->group, dot + 1) == 0;
    }
    return kind;
}

struct ew_doc *served_value(struct served *served)
{
    struct ew_doc *doc = served->doc;
    struct ew_json *value = ew_json_object(doc), *resources = ew_json_array(doc);
    for (int i = 0; i < EW_KIND_COUNT; i++) {
        const struct ew_kind_row *row = ew_kind_row((enum ew_kind)i);
        if (!served->kinds[i].version)
            continue;
        struct ew_json *out = ew_json_add(doc, resources, ew_json_object(doc));
        ew_json_set_str(doc, out, "resource", row->resource);
        ew_json_set_str(doc, out, "version", served->kinds[i].version);
        ew_json_set_str(doc, out, "kind", row->kind);
        ew_json_set_bool(doc, out, "namespaced", row->namespaced);
    }
    ew_json_set(doc, value, "groups", served->groups);
    ew_json_set(doc, value, "families", served->families);
    ew_json_set(doc, value, "resources", resources);
    ew_doc_set_root(doc, value);
    return ew_doc_ref(doc);
}

const char *served_version(const struct served *served, enum ew_kind kind, bool *readable)
{
    const struct best *best = &served->kinds[kind];
    *readable = best->version && best->rank != UNREADABLE;
    return best->version;
}
