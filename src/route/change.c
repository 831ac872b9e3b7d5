/* What a change does, from the answers before it and after it (route.h). */
#include "config.h"

#include "edgewalk/base/text.h"
#include "edgewalk/route.h"

#include <stdlib.h>
#include <string.h>

struct changes {
    struct ew_doc *doc;
    struct ew_json *rows;
    struct ew_ptrs names; /* char *, "KIND/NS/NAME" of objects whose conditions change */
    size_t better, worse;
};

/* One object, before and after; before NULL: it is new. named: it stands in the names. */
struct pair {
    struct changes *to;
    const struct ew_json *before, *after;
    bool named;
};

/* ---- rows ---- */

static char *name_of(const struct ew_json *object)
{
    const char *ns = ew_json_get_str(object, "namespace", NULL);
    return ew_fmt("%s/%s%s%s", ew_json_get_str(object, "kind", ""), ns ? ns : "", ns ? "/" : "",
                  ew_json_get_str(object, "name", ""));
}

static struct ew_json *row_of(struct pair *pair, const char *place, const char *type)
{
    struct ew_doc *doc = pair->to->doc;
    static const char *const head[] = {"kind", "namespace", "name", "where"};
    struct ew_json *row = ew_json_object(doc);
    for (size_t i = 0; i < EW_COUNT(head); i++)
        ew_json_set(doc, row, head[i],
                    ew_json_get(pair->after, head[i])
                        ? ew_json_copy(doc, ew_json_get(pair->after, head[i]))
                        : ew_json_null(doc));
    ew_json_set_str(doc, row, "place", place);
    ew_json_set_str(doc, row, "type", type);
    return ew_json_add(doc, pair->to->rows, row);
}

static struct ew_json *state_of(struct ew_doc *doc, const struct ew_json *condition)
{
    const struct ew_json *expected = ew_json_get(condition, "expected");
    if (!condition)
        return ew_json_null(doc);
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_str(doc, out, "status", ew_json_get_str(expected, "status", ""));
    ew_json_set_str(doc, out, "reason", ew_json_get_str(expected, "reason", ""));
    ew_json_set(doc, out, "healthy", ew_json_copy(doc, ew_json_get(condition, "healthy")));
    return out;
}

static const struct ew_json *of_type(const struct ew_json *conditions, const char *type)
{
    EW_JSON_EACH(condition, conditions)
    {
        if (strcmp(ew_json_get_str(condition, "type", ""), type) == 0)
            return condition;
    }
    return NULL;
}

static void compare_condition(struct pair *pair, const char *place, const char *type,
                              const struct ew_json *before, const struct ew_json *after)
{
    struct ew_doc *doc = pair->to->doc;
    struct ew_json *was = state_of(doc, before), *is = state_of(doc, after);
    if (ew_json_equal(was, is))
        return;
    bool bad_before = !ew_json_get_bool(before, "healthy", true);
    bool bad_after = !ew_json_get_bool(after, "healthy", true);
    struct ew_json *row = row_of(pair, place, type);
    if (!pair->named)
        ew_ptrs_add(&pair->to->names, name_of(pair->after));
    pair->named = true;
    ew_json_set(doc, row, "before", was);
    ew_json_set(doc, row, "after", is);
    ew_json_set_str(doc, row, "why", ew_json_get_str(after, "why", NULL));
    pair->to->better += bad_before && !bad_after;
    pair->to->worse += bad_after && !bad_before;
}

static void compare_conditions(struct pair *pair, const char *place, const struct ew_json *before,
                               const struct ew_json *after)
{
    const struct ew_json *old = ew_json_get(before, "conditions");
    const struct ew_json *new = ew_json_get(after, "conditions");
    EW_JSON_EACH(condition, new)
    {
        const char *type = ew_json_get_str(condition, "type", "");
        compare_condition(pair, place, type, of_type(old, type), condition);
    }
    EW_JSON_EACH(condition, old)
    {
        const char *type = ew_json_get_str(condition, "type", "");
        if (!of_type(new, type))
            compare_condition(pair, place, type, condition, NULL);
    }
}

/* Counts and lists: only where both are known, or one is not there at all. */
static void compare_value(struct pair *pair, const char *place, const char *type,
                          const struct ew_json *before, const struct ew_json *after)
{
    struct ew_doc *doc = pair->to->doc;
    bool unknown =
        (before && ew_json_is(before, EW_JSON_NULL)) || (after && ew_json_is(after, EW_JSON_NULL));
    if (unknown || (!before && !after) || (before && after && ew_json_equal(before, after)))
        return;
    struct ew_json *row = row_of(pair, place, type);
    ew_json_set(doc, row, "before", before ? ew_json_copy(doc, before) : ew_json_null(doc));
    ew_json_set(doc, row, "after", after ? ew_json_copy(doc, after) : ew_json_null(doc));
    ew_json_set(doc, row, "why", ew_json_null(doc));
}

/* ---- places of an object ---- */

static const struct ew_json *of_name(const struct ew_json *listeners, const char *name)
{
    EW_JSON_EACH(one, listeners)
    {
        if (strcmp(ew_json_get_str(one, "name", ""), name) == 0)
            return one;
    }
    return NULL;
}

static void compare_listener(struct pair *pair, const struct ew_json *before,
                             const struct ew_json *after)
{
    char *place = ew_fmt("listener %s", ew_json_get_str(after ? after : before, "name", ""));
    compare_conditions(pair, place, before, after);
    compare_value(pair, place, "attachedRoutes", ew_json_at(before, "attachedRoutes.expected"),
                  ew_json_at(after, "attachedRoutes.expected"));
    compare_value(pair, place, "supportedKinds", ew_json_get(before, "supportedKinds"),
                  ew_json_get(after, "supportedKinds"));
    free(place);
}

static void compare_listeners(struct pair *pair)
{
    const struct ew_json *old = ew_json_get(pair->before, "listeners");
    const struct ew_json *new = ew_json_get(pair->after, "listeners");
    EW_JSON_EACH(listener, new)
    compare_listener(pair, of_name(old, ew_json_get_str(listener, "name", "")), listener);
    EW_JSON_EACH(listener, old)
    {
        if (!of_name(new, ew_json_get_str(listener, "name", "")))
            compare_listener(pair, listener, NULL);
    }
}

/* "at Gateway infra/web https": a parentRef or ancestor. */
static char *place_of(const struct ew_json *parent)
{
    const char *ns = ew_json_get_str(parent, "namespace", NULL);
    const char *section = ew_json_get_str(parent, "sectionName", NULL);
    long port = ew_json_get_int(parent, "port", 0);
    char *at = port ? ew_fmt(" port %ld", port) : ew_strdup("");
    char *text = ew_fmt("at %s %s%s%s%s%s%s", ew_json_get_str(parent, "kind", ""), ns ? ns : "",
                        ns ? "/" : "", ew_json_get_str(parent, "name", ""), section ? " " : "",
                        section ? section : "", at);
    free(at);
    return text;
}

static const struct ew_json *of_place(const struct ew_json *parents, const char *place)
{
    const struct ew_json *found = NULL;
    EW_JSON_EACH(one, parents)
    {
        char *own = place_of(one);
        if (strcmp(own, place) == 0)
            found = one;
        free(own);
    }
    return found;
}

static void compare_parents(struct pair *pair, const char *member)
{
    const struct ew_json *old = ew_json_get(pair->before, member);
    const struct ew_json *new = ew_json_get(pair->after, member);
    EW_JSON_EACH(parent, new)
    {
        char *place = place_of(parent);
        compare_conditions(pair, place, of_place(old, place), parent);
        free(place);
    }
    EW_JSON_EACH(parent, old)
    {
        char *place = place_of(parent);
        if (!of_place(new, place))
            compare_conditions(pair, place, parent, NULL);
        free(place);
    }
}

/* ---- all objects ---- */

static struct ew_map *by_name(const struct ew_json *check)
{
    struct ew_map *map = ew_map_new();
    EW_JSON_EACH(object, ew_json_get(check, "objects"))
    {
        char *name = name_of(object);
        ew_map_set(map, name, (void *)object);
        free(name);
    }
    return map;
}

static void compare_object(struct pair *pair)
{
    compare_conditions(pair, "", pair->before, pair->after);
    compare_value(pair, "", "attachedListenerSets",
                  ew_json_at(pair->before, "attachedListenerSets.expected"),
                  ew_json_at(pair->after, "attachedListenerSets.expected"));
    compare_listeners(pair);
    compare_parents(pair, "parents");
    compare_parents(pair, "ancestors");
}

struct ew_doc *ew_check_changes(const struct ew_json *before, const struct ew_json *after,
                                struct ew_ptrs *names)
{
    struct changes changes = {.doc = ew_doc_new()};
    struct ew_map *old = by_name(before);
    changes.rows = ew_json_array(changes.doc);
    EW_JSON_EACH(object, ew_json_get(after, "objects"))
    {
        char *name = name_of(object);
        struct pair pair = {.to = &changes, .before = ew_map_get(old, name), .after = object};
        compare_object(&pair);
        free(name);
    }
    struct ew_json *out = ew_json_object(changes.doc);
    ew_json_set_num(changes.doc, out, "better", (double)changes.better);
    ew_json_set_num(changes.doc, out, "worse", (double)changes.worse);
    ew_json_set(changes.doc, out, "changes", changes.rows);
    ew_doc_set_root(changes.doc, out);
    ew_map_free(old);
    *names = changes.names;
    return changes.doc;
}

/* ---- one decision ---- */

struct ew_json *ew_decision_changes(struct ew_doc *doc, const struct ew_json *before,
                                    const struct ew_json *after)
{
    struct ew_json *out = ew_json_object(doc), *rows = ew_json_array(doc);
    const struct ew_json *old = ew_json_get(before, "decision");
    EW_JSON_EACH(member, ew_json_get(after, "decision"))
    {
        const struct ew_json *was = ew_json_get(old, ew_json_key(member));
        if (ew_json_equal(was, member))
            continue;
        struct ew_json *row = ew_json_object(doc);
        ew_json_set_str(doc, row, "what", ew_json_key(member));
        ew_json_set(doc, row, "before", was ? ew_json_copy(doc, was) : ew_json_null(doc));
        ew_json_set(doc, row, "after", ew_json_copy(doc, member));
        ew_json_add(doc, rows, row);
    }
    ew_json_set_bool(doc, out, "changed", ew_json_count(rows) > 0);
    ew_json_set(doc, out, "before", ew_json_copy(doc, old));
    ew_json_set(doc, out, "changes", rows);
    return out;
}
