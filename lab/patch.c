#include "patch.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

struct ew_json *lab_merge(struct ew_doc *doc, const struct ew_json *base,
                          const struct ew_json *patch)
{
    if (!ew_json_is(patch, EW_JSON_OBJECT))
        return ew_json_copy(doc, patch);
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_line(out, ew_json_line(patch));
    EW_JSON_EACH(member, ew_json_is(base, EW_JSON_OBJECT) ? base : NULL)
    {
        const struct ew_json *newer = ew_json_get(patch, ew_json_key(member));
        if (!newer)
            ew_json_set(doc, out, ew_json_key(member), ew_json_copy(doc, member));
        else if (!ew_json_is(newer, EW_JSON_NULL))
            ew_json_set(doc, out, ew_json_key(member), lab_merge(doc, member, newer));
    }
    EW_JSON_EACH(member, patch)
    if (!ew_json_is(member, EW_JSON_NULL) && !ew_json_get(out, ew_json_key(member)))
        ew_json_set(doc, out, ew_json_key(member), lab_merge(doc, NULL, member));
    return out;
}

/* One step of a path: a key (owned) or an index. */
struct step {
    char *key;
    size_t index;
    const char *rest;
};

static bool step_bracket(const char *path, struct step *out)
{
    char *end;
    if (path[1] == '"') {
        const char *close = strstr(path + 2, "\"]");
        if (!close)
            return false;
        out->key = ew_strndup(path + 2, (size_t)(close - path - 2));
        out->rest = close + 2;
        return true;
    }
    out->index = strtoul(path + 1, &end, 10);
    out->rest = end + 1;
    return end > path + 1 && *end == ']';
}

static bool step_read(const char *path, struct step *out)
{
    *out = (struct step){0};
    if (*path == '.')
        path++;
    if (*path == '[')
        return step_bracket(path, out);
    size_t len = strcspn(path, ".[");
    out->key = ew_strndup(path, len);
    out->rest = path + len;
    return len > 0;
}

static struct ew_json *set_at(struct ew_doc *doc, const struct ew_json *node, const char *path,
                              const struct ew_json *value);

/* The new child: the value itself at the end of the path. NULL: it is to go, or the path is wrong.
 */
static struct ew_json *child_of(struct ew_doc *doc, const struct ew_json *old, const char *rest,
                                const struct ew_json *value)
{
    if (*rest)
        return set_at(doc, old, rest, value);
    return value ? ew_json_copy(doc, value) : NULL;
}

static struct ew_json *set_key(struct ew_doc *doc, const struct ew_json *node,
                               const struct step *step, const struct ew_json *value)
{
    struct ew_json *out = ew_json_object(doc);
    const struct ew_json *old = ew_json_get(node, step->key);
    struct ew_json *child = child_of(doc, old, step->rest, value);
    if (!child && *step->rest)
        return NULL;
    ew_json_set_line(out, ew_json_line(node));
    EW_JSON_EACH(member, node)
    if (member != old)
        ew_json_set(doc, out, ew_json_key(member), ew_json_copy(doc, member));
    else if (child)
        ew_json_set(doc, out, step->key, child);
    if (!old && child)
        ew_json_set(doc, out, step->key, child);
    return out;
}

static struct ew_json *set_item(struct ew_doc *doc, const struct ew_json *node,
                                const struct step *step, const struct ew_json *value)
{
    size_t at = 0;
    struct ew_json *out = ew_json_array(doc);
    const struct ew_json *old = ew_json_item(node, step->index);
    struct ew_json *child = child_of(doc, old, step->rest, value);
    if ((!child && *step->rest) || step->index > ew_json_count(node))
        return NULL;
    ew_json_set_line(out, ew_json_line(node));
    EW_JSON_EACH(member, node)
    if (at++ != step->index)
        ew_json_add(doc, out, ew_json_copy(doc, member));
    else if (child)
        ew_json_add(doc, out, child);
    if (!old && child)
        ew_json_add(doc, out, child);
    return out;
}

static struct ew_json *set_at(struct ew_doc *doc, const struct ew_json *node, const char *path,
                              const struct ew_json *value)
{
    struct step step;
    struct ew_json *out = NULL;
    if (!step_read(path, &step))
        goto done;
    if (step.key && (!node || ew_json_is(node, EW_JSON_OBJECT)))
        out = set_key(doc, node, &step, value);
    else if (!step.key && (!node || ew_json_is(node, EW_JSON_ARRAY)))
        out = set_item(doc, node, &step, value);
done:
    free(step.key);
    return out;
}

struct ew_json *lab_set(struct ew_doc *doc, const struct ew_json *node, const char *path,
                        const struct ew_json *value, struct ew_err *err)
{
    struct ew_json *out = set_at(doc, node, path, value);
    if (!out)
        ew_fail(err, EW_EUSAGE, "path \"%s\" does not fit the object", path);
    return out;
}

char *lab_object_title(const struct ew_json *object)
{
    const char *ns = ew_json_str(ew_json_at(object, "metadata.namespace"));
    return ew_fmt("%s %s%s%s", ew_json_get_str(object, "kind", "?"), ns ? ns : "", ns ? "/" : "",
                  ew_json_str_or(ew_json_at(object, "metadata.name"), "?"));
}

static bool same_object(const struct ew_json *a, const struct ew_json *b)
{
    char *title_a = lab_object_title(a), *title_b = lab_object_title(b);
    bool same = strcmp(title_a, title_b) == 0 && ew_streq(ew_json_get_str(a, "apiVersion", ""),
                                                          ew_json_get_str(b, "apiVersion", ""));
    free(title_a);
    free(title_b);
    return same;
}

static const struct ew_json *namesake(const struct ew_json *objects, const struct ew_json *object)
{
    EW_JSON_EACH(other, objects)
    if (same_object(other, object))
        return other;
    return NULL;
}

struct ew_json *lab_overlay(struct ew_doc *doc, const struct ew_json *objects,
                            const struct ew_json *own)
{
    struct ew_json *out = ew_json_array(doc);
    EW_JSON_EACH(object, objects)
    {
        const struct ew_json *newer = namesake(own, object);
        ew_json_add(doc, out, ew_json_copy(doc, newer ? newer : object));
    }
    EW_JSON_EACH(object, own)
    if (!namesake(objects, object))
        ew_json_add(doc, out, ew_json_copy(doc, object));
    return out;
}

static int by_place(const void *a, const void *b)
{
    static const char *const keys[] = {"metadata.namespace", "metadata.name"};
    int order = 0;
    for (size_t i = 0; !order && i < EW_COUNT(keys); i++)
        order = strcmp(ew_json_str_or(ew_json_at(*(const struct ew_json *const *)a, keys[i]), ""),
                       ew_json_str_or(ew_json_at(*(const struct ew_json *const *)b, keys[i]), ""));
    return order;
}

struct ew_json *lab_sorted(struct ew_doc *doc, const struct ew_json *objects)
{
    struct ew_json *out = ew_json_array(doc);
    struct ew_ptrs list = {0};
    EW_JSON_EACH(object, objects)
    ew_ptrs_add(&list, (void *)(uintptr_t)object);
    if (list.count)
        qsort(list.at, list.count, sizeof *list.at, by_place);
    for (size_t i = 0; i < list.count; i++)
        ew_json_add(doc, out, ew_json_copy(doc, list.at[i]));
    ew_ptrs_release(&list);
    return out;
}

/* One object changed as `change` says; NULL with err set, or when it is dropped. */
static struct ew_json *changed(struct ew_doc *doc, const struct ew_json *object,
                               const struct ew_json *change, struct ew_err *err)
{
    struct ew_json *out = lab_merge(doc, object, ew_json_get(change, "merge"));
    if (!ew_json_get(change, "merge"))
        out = ew_json_copy(doc, object);
    EW_JSON_EACH(member, ew_json_get(change, "set"))
    if (out)
        out = lab_set(doc, out, ew_json_key(member), member, err);
    EW_JSON_EACH(path, ew_json_get(change, "remove"))
    if (out)
        out = lab_set(doc, out, ew_json_str_or(path, ""), NULL, err);
    return out;
}

static int change_one(struct ew_doc *doc, const struct ew_json *objects,
                      const struct ew_json *change, struct ew_json **out, struct ew_err *err)
{
    const char *pattern = ew_json_get_str(change, "object", "");
    bool drop = ew_json_get_bool(change, "drop", false), met = false;
    struct ew_json *list = ew_json_array(doc);
    EW_JSON_EACH(object, objects)
    {
        char *title = lab_object_title(object);
        bool hit = fnmatch(pattern, title, 0) == 0;
        struct ew_json *next =
            hit && !drop ? changed(doc, object, change, err) : ew_json_copy(doc, object);
        free(title);
        met |= hit;
        if (!next)
            return EW_EUSAGE;
        if (!hit || !drop)
            ew_json_add(doc, list, next);
    }
    if (!met)
        return ew_fail(err, EW_EUSAGE, "line %d: change meets no object \"%s\"",
                       ew_json_line(change), pattern);
    *out = list;
    return 0;
}

struct ew_json *lab_change(struct ew_doc *doc, const struct ew_json *objects,
                           const struct ew_json *changes, struct ew_err *err)
{
    struct ew_json *out = ew_json_copy(doc, objects);
    EW_JSON_EACH(change, changes)
    if (change_one(doc, out, change, &out, err))
        return NULL;
    return out;
}
