/* Fields that were applied and that the API server does not give back: it drops, without a word,
 * what the installed version of the kind does not know. */
#include "prune.h"

#include "edgewalk/base/text.h"

#include <stdio.h>

/* Finding a member costs a look at those before it. */
enum { FIELDS_MAX = 16, DEPTH_MAX = 24, MEMBERS_MAX = 256, APPLIED_MAX = 256 * 1024 };

/* The object whole, as it was applied. */
static const char *const applied_annotations[] = {
    "kubectl.kubernetes.io/last-applied-configuration",
    "kapp.k14s.io/original",
};

struct losing {
    struct ew_doc *doc;
    struct ew_json *out;
    char path[400];
};

static bool is_nothing(const struct ew_json *value)
{
    bool holds = ew_json_is(value, EW_JSON_ARRAY) || ew_json_is(value, EW_JSON_OBJECT);
    return ew_json_is(value, EW_JSON_NULL) || (holds && !ew_json_count(value));
}

static void lose(struct losing *on, const struct ew_json *applied, const struct ew_json *live,
                 size_t len, int depth);

static void lose_members(struct losing *on, const struct ew_json *applied,
                         const struct ew_json *live, size_t len, int depth)
{
    EW_JSON_EACH(member, applied)
    {
        const char *key = ew_json_key(member);
        const struct ew_json *kept = ew_json_get(live, key);
        size_t room = sizeof(on->path) - len, wrote;
        wrote = (size_t)snprintf(on->path + len, room, "%s%s", len ? "." : "", key);
        if (wrote >= room || is_nothing(member))
            continue;
        if (kept)
            lose(on, member, kept, len + wrote, depth + 1);
        else if (ew_json_count(on->out) < FIELDS_MAX)
            ew_json_add(on->doc, on->out, ew_json_string(on->doc, on->path));
    }
}

/* Items are told apart by their place; where some were added or taken away since, by nothing. */
static void lose_items(struct losing *on, const struct ew_json *applied, const struct ew_json *live,
                       size_t len, int depth)
{
    size_t index = 0, room = sizeof(on->path) - len;
    if (ew_json_count(applied) != ew_json_count(live))
        return;
    EW_JSON_EACH(item, applied)
    {
        size_t wrote = (size_t)snprintf(on->path + len, room, "[%zu]", index);
        if (wrote < room)
            lose(on, item, ew_json_item(live, index), len + wrote, depth + 1);
        index++;
    }
}

static void lose(struct losing *on, const struct ew_json *applied, const struct ew_json *live,
                 size_t len, int depth)
{
    if (depth > DEPTH_MAX || ew_json_count(applied) > MEMBERS_MAX ||
        ew_json_count(live) > MEMBERS_MAX)
        return;
    if (ew_json_is(applied, EW_JSON_OBJECT) && ew_json_is(live, EW_JSON_OBJECT))
        lose_members(on, applied, live, len, depth);
    else if (ew_json_is(applied, EW_JSON_ARRAY) && ew_json_is(live, EW_JSON_ARRAY))
        lose_items(on, applied, live, len, depth);
}

static struct ew_doc *applied_of(const struct ew_json *object)
{
    const struct ew_json *annotations = ew_json_at(object, "metadata.annotations");
    for (size_t i = 0; i < EW_COUNT(applied_annotations); i++) {
        const struct ew_json *text = ew_json_get(annotations, applied_annotations[i]);
        struct ew_doc *doc = NULL;
        if (ew_json_str(text) && ew_json_strlen(text) <= APPLIED_MAX &&
            ew_json_parse(ew_json_str(text), ew_json_strlen(text), &doc, NULL) == EW_OK)
            return doc;
    }
    return NULL;
}

struct ew_json *cluster_lost_fields(struct ew_doc *doc, const struct ew_json *object)
{
    struct ew_doc *applied = applied_of(object);
    struct losing on = {.doc = doc, .out = ew_json_array(doc)};
    const struct ew_json *spec = ew_json_get(applied ? ew_doc_root(applied) : NULL, "spec");
    size_t len = (size_t)snprintf(on.path, sizeof(on.path), "spec");
    lose(&on, spec, ew_json_get(object, "spec"), len, 0);
    ew_doc_unref(applied);
    return ew_json_count(on.out) ? on.out : NULL;
}
