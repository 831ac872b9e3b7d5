/* The index of a listener: host pattern and path lead to the few matches that can win, in order of
 * precedence. A look-up costs as many probes as the host has labels times the path has elements. */
#include "config.h"

#include "match.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 2048 };

/* Sorts of buckets; each key is PATTERN, SEPARATOR, sort, path. */
#define SEPARATOR '\x01'
enum { ANY = '*', EXACT = '=', PREFIX = '/', SUFFIX = '.', REGEX = '~', STREAM = '|' };

struct host_index {
    struct ew_map *buckets; /* → struct ew_ptrs * of struct indexed * */
    size_t longest;         /* prefix */
};

struct probe {
    char key[KEY_MAX];
    size_t host_len;
};

struct host_index *index_new(struct ew_routing *routing)
{
    struct host_index *index = ew_arena_alloc(routing->arena, sizeof(*index));
    index->buckets = routing_map(routing);
    return index;
}

static bool set_host(struct probe *probe, const char *prefix, const char *host)
{
    size_t head = strlen(prefix), len = strlen(host);
    if (head + len + 3 >= KEY_MAX)
        return false;
    memcpy(probe->key, prefix, head);
    memcpy(probe->key + head, host, len);
    probe->host_len = head + len;
    probe->key[probe->host_len] = SEPARATOR;
    return true;
}

static const char *set_path(struct probe *probe, char sort, const char *path, size_t len)
{
    char *at = probe->key + probe->host_len + 1;
    if (probe->host_len + len + 3 > KEY_MAX)
        return NULL;
    *at++ = sort;
    memcpy(at, path, len);
    at[len] = '\0';
    return probe->key;
}

static char sort_of(const struct match *match)
{
    static const char sorts[] = {[MATCH_EXACT] = EXACT,
                                 [MATCH_PREFIX] = PREFIX,
                                 [MATCH_REGEX] = REGEX,
                                 [MATCH_SUFFIX] = SUFFIX};
    return sorts[match->type];
}

static void add(struct ew_routing *routing, struct host_index *index, const char *pattern,
                struct match *match, bool unsure, char sort)
{
    struct probe probe;
    struct indexed *entry = ew_arena_alloc(routing->arena, sizeof(*entry));
    bool keyed = sort != REGEX && sort != STREAM;
    const char *key;
    entry->match = match;
    entry->unsure = unsure;
    if (!set_host(&probe, "", pattern))
        return; /* no host name is that long */
    key = set_path(&probe, sort, keyed ? match->key : "", keyed ? match->key_len : 0);
    if (!key) /* longer than a path may be: looked at one by one */
        key = set_path(&probe, REGEX, "", 0);
    else if (sort == PREFIX && match->key_len > index->longest)
        index->longest = match->key_len;
    ew_ptrs_add(routing_list(routing, index->buckets, key), entry);
    key = set_path(&probe, ANY, "", 0);
    if (!ew_map_get(index->buckets, key))
        routing_list(routing, index->buckets, key);
}

void index_add(struct ew_routing *routing, struct host_index *index, const char *pattern,
               struct match *match, bool unsure)
{
    add(routing, index, pattern, match, unsure, sort_of(match));
}

void index_add_stream(struct ew_routing *routing, struct host_index *index, const char *pattern,
                      struct match *match, bool unsure)
{
    add(routing, index, pattern, match, unsure, STREAM);
}

static int entry_order(const void *left, const void *right)
{
    const struct indexed *a = *(void *const *)left, *b = *(void *const *)right;
    return match_order(a->match, b->match);
}

void index_sort(struct host_index *index)
{
    for (size_t i = 0; i < ew_map_count(index->buckets); i++) {
        struct ew_ptrs *list = ew_map_value(index->buckets, i);
        if (list->count > 1)
            qsort(list->at, list->count, sizeof(void *), entry_order);
    }
}

/* ---- look-up ---- */

static bool first_of(const struct host_index *index, const char *key, const struct ask *ask,
                     struct found *out)
{
    const struct ew_ptrs *list = key ? ew_map_get(index->buckets, key) : NULL;
    for (size_t i = 0; list && i < list->count; i++) {
        const struct indexed *entry = list->at[i];
        enum ew_yes takes = match_takes(entry->match, ask, NULL);
        if (takes == EW_MAYBE)
            out->limited = true;
        if (takes != EW_YES)
            continue;
        out->win = entry;
        return true;
    }
    return false;
}

/* Every prefix of the path at an element's end, longest first, down to "". */
static bool find_prefix(const struct host_index *index, struct probe *probe, const struct ask *ask,
                        struct found *out)
{
    size_t len = ask->path_len;
    for (;;) {
        if (len <= index->longest &&
            first_of(index, set_path(probe, PREFIX, ask->path, len), ask, out))
            return true;
        if (!len)
            return false;
        while (len && ask->path[--len] != '/')
            continue;
    }
}

static bool find_grpc(const struct host_index *index, struct probe *probe, const struct ask *ask,
                      struct found *out)
{
    const char *slash = strchr(ask->path + 1, '/');
    size_t service = slash ? (size_t)(slash - ask->path) : ask->path_len;
    return first_of(index, set_path(probe, PREFIX, ask->path, service), ask, out) ||
           first_of(index, set_path(probe, SUFFIX, ask->method, strlen(ask->method)), ask, out) ||
           first_of(index, set_path(probe, REGEX, "", 0), ask, out) ||
           first_of(index, set_path(probe, PREFIX, "", 0), ask, out);
}

static bool find_path(const struct host_index *index, struct probe *probe, const struct ask *ask,
                      struct found *out)
{
    if (first_of(index, set_path(probe, EXACT, ask->path, strlen(ask->path)), ask, out))
        return true;
    if (ask->grpc && find_grpc(index, probe, ask, out))
        return true;
    return find_prefix(index, probe, ask, out) ||
           first_of(index, set_path(probe, REGEX, "", 0), ask, out);
}

typedef bool find_fn(const struct host_index *index, struct probe *probe, const struct ask *ask,
                     struct found *out);

static bool find_stream(const struct host_index *index, struct probe *probe, const struct ask *ask,
                        struct found *out)
{
    (void)ask;
    const struct ew_ptrs *list = ew_map_get(index->buckets, set_path(probe, STREAM, "", 0));
    if (!list || !list->count)
        return false;
    out->win = list->at[0];
    return true;
}

static bool try_pattern(const struct host_index *index, const char *prefix, const char *host,
                        const struct ask *ask, find_fn *find, struct found *out)
{
    struct probe probe;
    if (!set_host(&probe, prefix, host))
        return false;
    const char *key = set_path(&probe, ANY, "", 0);
    size_t at;
    if (!ew_map_get(index->buckets, key))
        return false;
    if (find(index, &probe, ask, out)) {
        const struct route *route = out->win->match->rule->route;
        for (at = 0; at < route->hostname_count; at++) /* the pattern's own memory */
            if (strlen(route->hostnames[at]) == probe.host_len &&
                memcmp(route->hostnames[at], probe.key, probe.host_len) == 0)
                out->pattern = route->hostnames[at];
        if (!out->pattern)
            out->pattern = "";
        return true;
    }
    if (!out->passed_over && ask) {
        probe.key[probe.host_len] = '\0';
        out->passed_over = ew_arena_strdup(ask->arena, probe.key);
    }
    return false;
}

/* Exact, then wildcards from the longest, then routes that name no host. */
static void find(const struct host_index *index, const char *host, const struct ask *ask,
                 find_fn *how, struct found *out)
{
    memset(out, 0, sizeof(*out));
    if (*host && try_pattern(index, "", host, ask, how, out))
        return;
    for (const char *dot = strchr(host, '.'); dot; dot = strchr(dot + 1, '.'))
        if (dot > host && try_pattern(index, "*", dot, ask, how, out))
            return;
    try_pattern(index, "", "", ask, how, out);
}

void index_find(const struct host_index *index, const struct ask *ask, const char *host,
                struct found *out)
{
    find(index, host, ask, find_path, out);
}

void index_find_stream(const struct host_index *index, const char *host, struct found *out)
{
    find(index, host, NULL, find_stream, out);
}
