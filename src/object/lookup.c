#include "world.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>

static const struct ew_seen known = {EW_KNOWN, NULL};
static const struct ew_seen absent = {EW_ABSENT, NULL};
static const struct ew_seen pending = {EW_PENDING, NULL};
static const struct ew_seen not_ours = {EW_UNKNOWN, "kind"};

static const struct ew_seen not_in_files = {EW_UNKNOWN, "not-in-files"};

static struct ew_seen missing_in_files(const struct ew_world *world, enum ew_kind kind)
{
    return kind == EW_SECRET && !ew_world_tells_of(world, kind) ? not_in_files : absent;
}

/* What holds for every object at once: files cover all, and a server out of reach nothing. */
static bool covered_by_source(const struct ew_world *world, struct ew_seen on_files,
                              struct ew_seen *seen)
{
    if (world->files)
        *seen = on_files;
    else if (world->offline)
        *seen = (struct ew_seen){EW_UNKNOWN, world->offline};
    return world->files || world->offline;
}

/* Lists of routes leave out what has nothing to do with the host, so that a name can be missing
 * from such a list and yet be there. */
static bool left_some_out(const struct ew_world *world, const char *resource, const char *ns)
{
    char *key = ew_key_list(resource, ns, NULL);
    const struct ew_fact *fact = ew_snapshot_fact(world->snapshot, key);
    free(key);
    return ew_json_get_int(ew_fact_value(fact), "others", 0) > 0;
}

/* A whole list, of ns or of everywhere, that says whether the name is there. */
static bool covered_by_list(const struct ew_world *world, const char *resource, const char *ns,
                            struct ew_seen *seen)
{
    struct ew_seen list;
    if (!ew_world_read(world, ew_key_list(resource, ns, NULL), &list) || list.state == EW_UNKNOWN)
        return false;
    if (list.state == EW_KNOWN && left_some_out(world, resource, ns))
        return false;
    *seen = list.state == EW_PENDING ? pending : absent;
    return true;
}

const struct ew_obj *ew_world_get(const struct ew_world *world, enum ew_kind kind, const char *ns,
                                  const char *name, struct ew_ask ask, struct ew_seen *seen)
{
    const struct ew_kind_row *row = ew_kind_row(kind);
    if (!row || !name) { /* a kind that nobody here can read may well be there */
        *seen = row ? absent : not_ours;
        return NULL;
    }
    ns = row->namespaced ? ns : NULL;
    const struct ew_obj *obj = ew_world_find(world, kind, ns, name);
    if (obj) {
        *seen = known;
        return obj;
    }
    if (covered_by_source(world, missing_in_files(world, kind), seen))
        return NULL;
    if (ew_world_read(world, ew_key_get(row->resource, ns, name), seen)) {
        if (seen->state == EW_KNOWN) /* read, and then left out or of another name */
            *seen = absent;
        return NULL;
    }
    if (covered_by_list(world, row->resource, NULL, seen) ||
        (ns && covered_by_list(world, row->resource, ns, seen)))
        return NULL;
    ew_want_get(ask.wants, row->resource, ns, name, ask.optional, ask.would_decide);
    *seen = pending;
    return NULL;
}

/* ---- what is served ---- */

enum ew_state ew_world_serves(const struct ew_world *world, const char *group)
{
    const struct ew_fact *fact = ew_snapshot_fact(world->snapshot, EW_KEY_DISCOVERY);
    if (!*group)
        return EW_KNOWN;
    if (world->files || !fact || fact->state != EW_KNOWN)
        return fact && fact->state == EW_PENDING ? EW_PENDING : EW_UNKNOWN;
    EW_JSON_EACH(row, ew_json_get(ew_fact_value(fact), "groups"))
    if (ew_streq(ew_json_get_str(row, "name", NULL), group))
        return EW_KNOWN;
    return EW_ABSENT;
}

/* ---- kinds that are none of ours ---- */

static const struct ew_obj *find_other(const struct ew_world *world, const char *group,
                                       const char *kind, const char *ns, const char *name)
{
    for (size_t i = 0; i < ew_world_count(world, EW_KIND_OTHER); i++) {
        const struct ew_obj *obj = ew_world_at(world, EW_KIND_OTHER, i);
        if (ew_streq(obj->group, group) && ew_streq(obj->kind_name, kind) &&
            ew_streq(obj->name, name) && (!obj->ns || ew_streq(obj->ns, ns)))
            return obj;
    }
    return NULL;
}

static struct ew_seen other_state(const struct ew_world *world, const char *group, const char *kind,
                                  const char *ns, const char *name, struct ew_ask ask)
{
    struct ew_seen seen;
    enum ew_state served = ew_world_serves(world, group);
    if (covered_by_source(world, absent, &seen))
        return seen;
    if (!*group || !*kind || !*name || served == EW_ABSENT)
        return absent;
    if (served != EW_KNOWN)
        return served == EW_PENDING ? pending : not_ours;
    char *resource = ew_fmt("%s.%s", kind, group);
    if (!ew_world_read(world, ew_key_get(resource, ns, name), &seen)) {
        ew_want_get(ask.wants, resource, ns, name, ask.optional, ask.would_decide);
        seen = pending;
    }
    free(resource);
    return seen;
}

const struct ew_obj *ew_world_get_any(const struct ew_world *world, const char *group,
                                      const char *kind, const char *ns, const char *name,
                                      struct ew_ask ask, struct ew_seen *seen)
{
    enum ew_kind ours = ew_kind_of(group, kind);
    if (ours != EW_KIND_OTHER)
        return ew_world_get(world, ours, ns, name, ask, seen);
    const struct ew_obj *obj = find_other(world, group, kind, ns, name);
    *seen = obj ? known : other_state(world, group, kind, ns, name, ask);
    return obj;
}

static struct ew_seen list_state(const struct ew_world *world, const char *resource, const char *ns,
                                 const char *selector, struct ew_ask ask)
{
    struct ew_seen seen;
    if (ew_world_read(world, ew_key_list(resource, ns, selector), &seen))
        return seen;
    ew_want_list(ask.wants, resource, ns, selector, ask.optional, ask.would_decide);
    return pending;
}

/* Whether a list of everywhere, where one was read or is on its way, answers for ns too. */
static bool covered_everywhere(const struct ew_world *world, const char *resource,
                               struct ew_seen *seen)
{
    return ew_world_read(world, ew_key_list(resource, NULL, NULL), seen) &&
           seen->state != EW_UNKNOWN;
}

struct ew_seen ew_world_listed(const struct ew_world *world, enum ew_kind kind, const char *ns,
                               struct ew_ask ask)
{
    const struct ew_kind_row *row = ew_kind_row(kind);
    struct ew_seen seen;
    if (!row)
        return not_ours;
    if (covered_by_source(world, known, &seen))
        return seen;
    ns = row->namespaced ? ns : NULL;
    if (ns)
        return covered_everywhere(world, row->resource, &seen)
                   ? seen
                   : list_state(world, row->resource, ns, NULL, ask);
    seen = list_state(world, row->resource, NULL, NULL, ask);
    if (seen.state != EW_UNKNOWN || !row->namespaced || !ew_streq(seen.reason, "forbidden"))
        return seen;
    struct ew_seen own = list_state(world, row->resource, world->own_ns, NULL, ask);
    return own.state == EW_KNOWN ? (struct ew_seen){EW_KNOWN, "forbidden"} : own;
}

/* ---- selections ---- */

static bool carries(const struct ew_obj *obj, const char *selector)
{
    while (*selector) {
        size_t len = strcspn(selector, ","), key = strcspn(selector, "=");
        char *name = ew_strndup(selector, key < len ? key : len);
        const char *value = ew_obj_label(obj, name);
        const char *wanted = key < len ? selector + key + 1 : "";
        size_t wanted_len = key < len ? len - key - 1 : 0;
        bool same = value && strlen(value) == wanted_len && strncmp(value, wanted, wanted_len) == 0;
        free(name);
        if (!same)
            return false;
        selector += len + (selector[len] == ',');
    }
    return true;
}

typedef bool take_fn(const struct ew_obj *obj, const void *ctx);

static const struct ew_obj **take(const struct ew_world *world, enum ew_kind kind, const char *ns,
                                  take_fn *wanted, const void *ctx, size_t *count)
{
    const struct ew_obj **out = NULL;
    *count = 0;
    for (size_t i = 0; i < ew_world_count(world, kind); i++) {
        const struct ew_obj *obj = ew_world_at(world, kind, i);
        if ((ns && !ew_streq(ns, obj->ns)) || !wanted(obj, ctx))
            continue;
        out = ew_realloc(out, *count + 1, sizeof(*out));
        out[(*count)++] = obj;
    }
    return out;
}

static bool carries_all(const struct ew_obj *obj, const void *selector)
{
    return carries(obj, selector);
}

/* A whole list of ns, or of everywhere, that left nothing out. */
static bool covered_whole(const struct ew_world *world, const char *resource, const char *ns,
                          struct ew_seen *seen)
{
    return ew_world_read(world, ew_key_list(resource, ns, NULL), seen) &&
           seen->state != EW_UNKNOWN && !left_some_out(world, resource, ns);
}

/* A list by selector, unless a wider one tells already. */
static struct ew_seen selected(const struct ew_world *world, enum ew_kind kind, const char *ns,
                               const char *selector, struct ew_ask ask)
{
    const struct ew_kind_row *row = ew_kind_row(kind);
    struct ew_seen seen;
    if (!row)
        return not_ours;
    const char *resource = row->resource;
    if (covered_by_source(world, known, &seen) || covered_whole(world, resource, NULL, &seen) ||
        (ns && covered_whole(world, resource, ns, &seen)))
        return seen;
    return list_state(world, resource, ns, selector, ask);
}

const struct ew_obj **ew_world_select(const struct ew_world *world, enum ew_kind kind,
                                      const char *ns, const char *selector, struct ew_ask ask,
                                      struct ew_seen *seen, size_t *count)
{
    char *query = *selector ? ew_fmt("l=%s", selector) : NULL;
    *seen = selected(world, kind, ns, query, ask);
    free(query);
    return take(world, kind, ns, carries_all, selector, count);
}

/* Both give their UIDs and these differ: one of the same name that was there before. */
static bool is_another(const char *uid, const struct ew_obj *obj)
{
    const char *own = ew_json_str(ew_obj_at(obj, "metadata.uid"));
    return uid && *uid && own && strcmp(uid, own) != 0;
}

static bool involves(const struct ew_obj *event, const void *ctx)
{
    const struct ew_obj *about = ctx;
    const struct ew_json *involved = ew_json_get(event->json, "involvedObject");
    /* The kubelet gives a Node's name as its UID. */
    if (about->kind != EW_NODE && is_another(ew_json_get_str(involved, "uid", NULL), about))
        return false;
    return ew_streq(ew_json_get_str(involved, "kind", ""), about->kind_name) &&
           ew_streq(ew_json_get_str(involved, "name", ""), about->name);
}

/* core/v1 Event: which of these is set depends on the API that wrote it. */
static int64_t event_time(const struct ew_obj *event)
{
    static const char *const paths[] = {"series.lastObservedTime", "lastTimestamp", "eventTime",
                                        "firstTimestamp", "metadata.creationTimestamp"};
    int64_t ms;
    for (size_t i = 0; i < EW_COUNT(paths); i++)
        if (ew_time_parse(ew_json_str(ew_obj_at(event, paths[i])), &ms))
            return ms;
    return 0;
}

static int by_time(const void *left, const void *right)
{
    const struct ew_obj *a = *(const struct ew_obj *const *)left;
    const struct ew_obj *b = *(const struct ew_obj *const *)right;
    int64_t a_time = event_time(a), b_time = event_time(b);
    return a_time != b_time ? (a_time > b_time) - (a_time < b_time) : strcmp(a->name, b->name);
}

const struct ew_obj **ew_world_events(const struct ew_world *world, const struct ew_obj *about,
                                      struct ew_ask ask, struct ew_seen *seen, size_t *count)
{
    const char *ns = about->ns ? about->ns : "default";
    char *query =
        ew_fmt("f=involvedObject.kind=%s,involvedObject.name=%s", about->kind_name, about->name);
    *seen = selected(world, EW_EVENT, ns, query, ask);
    free(query);
    const struct ew_obj **events = take(world, EW_EVENT, ns, involves, about, count);
    if (events)
        qsort(events, *count, sizeof(*events), by_time);
    return events;
}

const struct ew_obj *ew_world_owner(const struct ew_world *world, const struct ew_obj *obj,
                                    struct ew_ask ask, struct ew_seen *seen)
{
    EW_JSON_EACH(ref, ew_obj_at(obj, "metadata.ownerReferences"))
    {
        if (!ew_json_get_bool(ref, "controller", false))
            continue;
        const char *version = ew_json_get_str(ref, "apiVersion", "");
        const char *slash = strchr(version, '/');
        char *group = ew_strndup(version, slash ? (size_t)(slash - version) : 0);
        enum ew_kind kind = ew_kind_of(group, ew_json_get_str(ref, "kind", NULL));
        free(group);
        const struct ew_obj *owner =
            ew_world_get(world, kind, obj->ns, ew_json_get_str(ref, "name", NULL), ask, seen);
        if (owner && is_another(ew_json_get_str(ref, "uid", NULL), owner)) {
            *seen = absent;
            return NULL;
        }
        return owner;
    }
    *seen = absent;
    return NULL;
}
