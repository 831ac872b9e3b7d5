/* Wants of get and list, made into requests, and what they bring into objects and facts. */
#include "client.h"
#include "path.h"
#include "prune.h"
#include "served.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 500, PAGES_MAX = 2000, GET_MAX = 8 * 1024 * 1024 };

#define LIST_MAX ((size_t)1024 * 1024 * 1024)

enum stage { QUEUED, ASKING, AWAITING_DISCOVERY, ENDING };

struct fetch {
    struct ew_cluster *cluster;
    struct ew_cluster_sink sink;
    bool list;
    char *key, *resource, *ns, *name, *selector;
    enum ew_kind kind;
    struct served_kind of; /* its names, whether it is one of ours or not; version: see below */

    enum stage stage;
    const char *ending; /* ENDING: the state was clear at once; NULL: absent, else the reason */
    const char *ending_text;
    struct ew_timer *soon;
    char *version; /* the one asked in */
    struct call *call;
    struct ew_list_reader *reader; /* list */
    struct cluster_text body;      /* get */

    struct ew_ptrs objects; /* struct ew_object, until the end */
    size_t others, bytes;
    size_t kept_before, others_before; /* this page: what stood before it, for another try */
    char *token;                       /* continue */
    char *resource_version;
    int pages;
    bool restarted;
    double started_ms;
};

static void ask(struct fetch *fetch);
static void start_queued(struct ew_cluster *cluster);

/* ---- the end ---- */

static void drop_objects(struct fetch *fetch, size_t from)
{
    while (fetch->objects.count > from)
        ew_object_unref(fetch->objects.at[--fetch->objects.count]);
}

void fetch_free(struct fetch *fetch)
{
    struct ew_ptrs *all = &fetch->cluster->fetches;
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i] == fetch) {
            memmove(all->at + i, all->at + i + 1, (all->count - i - 1) * sizeof(void *));
            all->count--;
            break;
        }
    call_cancel(fetch->call);
    ew_timer_stop(fetch->soon);
    ew_list_reader_free(fetch->reader);
    cluster_text_release(&fetch->body);
    drop_objects(fetch, 0);
    ew_ptrs_release(&fetch->objects);
    free(fetch->key);
    free(fetch->resource);
    free(fetch->ns);
    free(fetch->name);
    free(fetch->selector);
    free(fetch->version);
    free(fetch->token);
    free(fetch->resource_version);
    free(fetch);
}

static struct ew_doc *known_value(const struct fetch *fetch)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    ew_doc_set_root(doc, value);
    if (fetch->list) {
        ew_json_set_num(doc, value, "count", (double)fetch->objects.count);
        ew_json_set_num(doc, value, "others", (double)fetch->others);
    }
    ew_json_set_num(doc, value, "bytes", (double)fetch->bytes);
    if (fetch->resource_version)
        ew_json_set_str(doc, value, "resource_version", fetch->resource_version);
    return doc;
}

static struct ew_doc *unknown_value(const struct fetch *fetch, const char *text)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    ew_doc_set_root(doc, value);
    if (text)
        ew_json_set_str(doc, value, "text", text);
    ew_json_set_str(doc, value, "verb", fetch->list ? "list" : "get");
    ew_json_set_str(doc, value, "resource", fetch->resource);
    ew_json_set_str(doc, value, "ns", fetch->ns ? fetch->ns : fetch->list ? "*" : "-");
    return doc;
}

/* The reasons of a read are fewer than those of a server (fact/keys.h). */
static const char *reason_of(const char *failure)
{
    if (strcmp(failure, "tls-untrusted") == 0 || strcmp(failure, "gone") == 0)
        return "unreachable";
    return strcmp(failure, "not-an-api-server") == 0 ? "malformed" : failure;
}

static void finish(struct fetch *fetch, enum ew_state state, const char *failure, const char *text)
{
    struct ew_cluster *cluster = fetch->cluster;
    struct ew_cluster_sink sink = fetch->sink;
    struct ew_doc *value = state == EW_KNOWN     ? known_value(fetch)
                           : state == EW_UNKNOWN ? unknown_value(fetch, text)
                                                 : NULL;
    const char *reason = state == EW_UNKNOWN ? reason_of(failure) : NULL;
    struct ew_fact *fact = ew_fact_new(fetch->key, state, reason, cluster->origin, ew_now_ms(),
                                       ew_monotonic_ms() - fetch->started_ms, value);
    ew_doc_unref(value);
    struct ew_ptrs objects = fetch->objects;
    memset(&fetch->objects, 0, sizeof(fetch->objects));
    fetch_free(fetch);
    for (size_t i = 0; i < objects.count; i++)
        sink.object(sink.ctx, objects.at[i]);
    ew_ptrs_release(&objects);
    sink.fact(sink.ctx, fact);
    start_queued(cluster);
}

static void on_soon(void *ctx)
{
    struct fetch *fetch = ctx;
    fetch->soon = NULL;
    finish(fetch, fetch->ending ? EW_UNKNOWN : EW_ABSENT, fetch->ending, fetch->ending_text);
}

/* Ends it from the loop, as everything else does. */
static void finish_soon(struct fetch *fetch, const char *failure, const char *text)
{
    fetch->stage = ENDING;
    fetch->ending = failure;
    fetch->ending_text = text;
    fetch->soon = ew_timer_start(fetch->cluster->loop, 0, false, EW_PRIO_SOCKETS, on_soon, fetch);
}

/* ---- which version ---- */

static bool set_version(struct fetch *fetch, const char *version, size_t len)
{
    char *next = ew_strndup(version, len);
    free(fetch->version);
    fetch->version = next;
    return true;
}

/* The one of ours after the one that was asked in; false when there is none. */
static bool next_version(struct fetch *fetch)
{
    const char *at = ew_kind_row(fetch->kind)->versions;
    bool found = !fetch->version;
    while (*at) {
        size_t word = strcspn(at, " ");
        if (found)
            return set_version(fetch, at, word);
        found = strlen(fetch->version) == word && memcmp(at, fetch->version, word) == 0;
        at += word + (at[word] == ' ');
    }
    return false;
}

/* What discovery says; NULL when it has not ended or failed. False: it ended the fetch. */
static bool apply_discovery(struct fetch *fetch, bool *known)
{
    const struct served *served = discovery_served(fetch->cluster);
    bool readable;
    *known = served != NULL;
    if (!served)
        return true;
    const char *version = served_version(served, fetch->kind, &readable);
    if (version && readable) {
        set_version(fetch, version, strlen(version));
        return true;
    }
    finish_soon(fetch, version ? "malformed" : NULL,
                version ? "served only in versions that edgewalk does not read" : NULL);
    return false;
}

static struct served_kind names_of(enum ew_kind kind)
{
    const struct ew_kind_row *row = ew_kind_row(kind);
    if (!row)
        return (struct served_kind){0};
    return (struct served_kind){row->group, row->kind, row->plural, NULL, row->namespaced};
}

/* "Middleware.traefik.io": resources are called in small letters, kinds are not. */
static bool is_by_kind(const char *resource)
{
    return *resource >= 'A' && *resource <= 'Z';
}

/* A kind that is none of ours is what discovery says it is. */
static void start_other(struct fetch *fetch)
{
    const struct served *served = discovery_served(fetch->cluster);
    bool listed = false;
    const struct served_kind *found =
        served ? served_other(served, fetch->resource, &listed) : NULL;
    if (fetch->list || !is_by_kind(fetch->resource)) {
        finish_soon(fetch, "malformed", "a resource that edgewalk does not know");
    } else if (found) {
        fetch->of = *found;
        set_version(fetch, found->version, strlen(found->version));
        ask(fetch);
    } else if (discovery_is_running(fetch->cluster)) {
        fetch->stage = AWAITING_DISCOVERY;
    } else {
        finish_soon(fetch, listed ? NULL : "malformed",
                    listed ? NULL : "which kinds its group has is not known");
    }
}

/* The server does not know the resource in that version. Which one it does know discovery says;
 * where it may not be asked, ours are tried in turn. */
static void not_served(struct fetch *fetch)
{
    bool known;
    if (fetch->kind == EW_KIND_OTHER) {
        finish(fetch, EW_ABSENT, NULL, NULL);
        return;
    }
    char *tried = ew_strdup(fetch->version);
    if (discovery_is_running(fetch->cluster)) {
        fetch->stage = AWAITING_DISCOVERY;
    } else if (apply_discovery(fetch, &known)) {
        bool other = known ? strcmp(fetch->version, tried) != 0 : next_version(fetch);
        if (other)
            ask(fetch);
        else
            finish(fetch, EW_ABSENT, NULL, NULL);
    }
    free(tried);
}

/* One end lets others begin or end: it starts over after each. */
void fetches_resume(struct ew_cluster *cluster)
{
    for (size_t i = 0; i < cluster->fetches.count;) {
        struct fetch *fetch = cluster->fetches.at[i];
        if (fetch->stage != AWAITING_DISCOVERY) {
            i++;
            continue;
        }
        fetch->stage = ASKING;
        if (fetch->kind == EW_KIND_OTHER)
            start_other(fetch);
        else
            not_served(fetch);
        i = 0;
    }
}

/* ---- objects ---- */

/* Of kinds that are none of ours it matters that the object is there, and what is said of it. */
static struct ew_doc *head_of(const struct ew_json *root)
{
    static const char *const kept[] = {"apiVersion", "kind", "metadata", "status"};
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *out = ew_json_object(doc);
    for (size_t i = 0; i < EW_COUNT(kept); i++)
        if (ew_json_get(root, kept[i]))
            ew_json_set(doc, out, kept[i], ew_json_copy(doc, ew_json_get(root, kept[i])));
    ew_doc_set_root(doc, out);
    return doc;
}

static struct ew_object *prune(const struct fetch *fetch, const struct ew_json *root,
                               struct ew_err *err)
{
    char *api_version = *fetch->of.group ? ew_fmt("%s/%s", fetch->of.group, fetch->version)
                                         : ew_strdup(fetch->version);
    struct cluster_type type = {api_version,
                                fetch->of.kind}; /* items of built-in lists have none */
    struct ew_doc *head = fetch->kind == EW_KIND_OTHER ? head_of(root) : NULL;
    struct ew_object *object = cluster_prune(head ? ew_doc_root(head) : root, type, NULL, err);
    ew_doc_unref(head);
    free(api_version);
    return object;
}

static int add_object(struct fetch *fetch, struct ew_doc *doc, struct ew_err *err)
{
    const struct ew_json *root = ew_doc_root(doc);
    bool wanted =
        !fetch->list || !fetch->sink.keep || fetch->sink.keep(fetch->sink.ctx, fetch->kind, root);
    struct ew_object *object = wanted ? prune(fetch, root, err) : NULL;
    if (fetch->kind == EW_SECRET || fetch->kind == EW_CONFIGMAP)
        ew_doc_wipe(doc);
    if (object)
        ew_ptrs_add(&fetch->objects, object);
    else if (wanted)
        return EW_EINPUT;
    else
        fetch->others++;
    return EW_OK;
}

static int take_item(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    return add_object(ctx, doc, err);
}

static void begin(void *ctx)
{
    struct fetch *fetch = ctx;
    cluster_text_release(&fetch->body);
    if (!fetch->list)
        return;
    ew_list_reader_free(fetch->reader);
    fetch->reader = ew_list_reader_new(take_item, fetch);
    drop_objects(fetch, fetch->kept_before);
    fetch->others = fetch->others_before;
}

static int take(void *ctx, const char *bytes, size_t len, struct ew_err *err)
{
    struct fetch *fetch = ctx;
    if (fetch->list)
        return ew_list_reader_feed(fetch->reader, bytes, len, err);
    if (!cluster_text_add(&fetch->body, bytes, len, GET_MAX))
        return ew_fail(err, EW_ELIMIT, "an object over %d MiB", GET_MAX >> 20);
    return EW_OK;
}

/* ---- answers ---- */

static int read_one(struct fetch *fetch, struct ew_err *err)
{
    struct ew_doc *doc;
    int code = ew_json_parse(fetch->body.data ? fetch->body.data : "", fetch->body.len, &doc, err);
    cluster_text_release(&fetch->body);
    if (code != EW_OK)
        return code;
    const char *kind = ew_json_get_str(ew_doc_root(doc), "kind", "");
    if (strcmp(kind, fetch->of.kind) != 0)
        code = ew_fail(err, EW_EINPUT, "kind \"%.60s\" in place of %s", kind, fetch->of.kind);
    else
        code = add_object(fetch, doc, err);
    ew_doc_unref(doc);
    return code;
}

static int end_page(struct fetch *fetch, struct ew_err *err)
{
    int code = ew_list_reader_end(fetch->reader, err);
    if (code != EW_OK)
        return code;
    const struct ew_json *rest = ew_list_reader_rest(fetch->reader);
    const struct ew_json *meta = ew_json_get(rest, "metadata");
    const char *kind = ew_json_get_str(rest, "kind", "");
    if (!ew_text_suffix(kind, "List"))
        return ew_fail(err, EW_EINPUT, "kind \"%.60s\" in place of a list", kind);
    free(fetch->token);
    free(fetch->resource_version);
    const char *token = ew_json_get_str(meta, "continue", "");
    fetch->token = *token ? ew_strdup(token) : NULL;
    fetch->resource_version = ew_strdup(ew_json_get_str(meta, "resourceVersion", NULL));
    fetch->kept_before = fetch->objects.count;
    fetch->others_before = fetch->others;
    if (fetch->token && ++fetch->pages >= PAGES_MAX)
        return ew_fail(err, EW_ELIMIT, "a list of over %d pages", PAGES_MAX);
    return EW_OK;
}

static void answered(struct fetch *fetch)
{
    struct ew_err err = {0};
    int code = fetch->list ? end_page(fetch, &err) : read_one(fetch, &err);
    if (code != EW_OK)
        finish(fetch, EW_UNKNOWN, "malformed", err.message);
    else if (fetch->token)
        ask(fetch);
    else
        finish(fetch, EW_KNOWN, NULL, NULL);
}

/* The rest of a list is gone (compaction): from its beginning, once. */
static bool restart(struct fetch *fetch)
{
    if (!fetch->token || fetch->restarted)
        return false;
    fetch->restarted = true;
    free(fetch->token);
    fetch->token = NULL;
    fetch->kept_before = fetch->others_before = 0;
    ask(fetch);
    return true;
}

static void on_done(void *ctx, const struct call_result *result)
{
    struct fetch *fetch = ctx;
    fetch->call = NULL;
    fetch->bytes += result->bytes;
    if (!result->failure)
        answered(fetch);
    else if (strcmp(result->failure, "gone") == 0 && restart(fetch))
        return;
    else if (result->not_served && !fetch->token)
        not_served(fetch);
    else if (strcmp(result->failure, "absent") == 0)
        finish(fetch, EW_ABSENT, NULL, NULL);
    else
        finish(fetch, EW_UNKNOWN, result->failure, result->text);
}

/* ---- questions ---- */

static char *query(const struct fetch *fetch, char *path)
{
    if (!fetch->list)
        return path;
    const char *selector = fetch->selector;
    char *limit = ew_fmt("%d", PAGE);
    path_add_query(&path, "limit", limit);
    free(limit);
    if (selector && ew_text_prefix(selector, "l="))
        path_add_query(&path, "labelSelector", selector + 2);
    else if (selector && ew_text_prefix(selector, "f="))
        path_add_query(&path, "fieldSelector", selector + 2);
    if (fetch->token)
        path_add_query(&path, "continue", fetch->token);
    return path;
}

static void ask(struct fetch *fetch)
{
    const struct served_kind *of = &fetch->of;
    char *path = path_of(of->group, fetch->version, of->plural, of->namespaced ? fetch->ns : NULL,
                         fetch->name);
    if (!path) {
        finish_soon(fetch, NULL, NULL); /* nothing can be called so */
        return;
    }
    path = query(fetch, path);
    struct call_request request = {.path = path,
                                   .accept = "application/json",
                                   .body_max = fetch->list ? LIST_MAX : GET_MAX + 1,
                                   .ctx = fetch,
                                   .begin = begin,
                                   .take = take,
                                   .done = on_done};
    fetch->stage = ASKING;
    fetch->call = call_start(fetch->cluster, &request);
    free(path);
}

static void start(struct fetch *fetch)
{
    bool known;
    if (fetch->kind == EW_KIND_OTHER)
        start_other(fetch);
    else if (apply_discovery(fetch, &known) && (known || next_version(fetch)))
        ask(fetch);
}

static size_t lists_running(const struct ew_cluster *cluster)
{
    size_t count = 0;
    for (size_t i = 0; i < cluster->fetches.count; i++) {
        const struct fetch *fetch = cluster->fetches.at[i];
        count += fetch->list && fetch->stage == ASKING;
    }
    return count;
}

static void start_queued(struct ew_cluster *cluster)
{
    for (size_t i = 0; i < cluster->fetches.count; i++) {
        struct fetch *fetch = cluster->fetches.at[i];
        if (fetch->stage == QUEUED && lists_running(cluster) < LISTS_AT_ONCE)
            start(fetch);
    }
}

void ew_cluster_fetch(struct ew_cluster *cluster, const struct ew_want *want,
                      const struct ew_cluster_sink *sink)
{
    struct fetch *fetch = ew_alloc(sizeof(*fetch));
    fetch->cluster = cluster;
    fetch->sink = *sink;
    fetch->list = want->kind == EW_WANT_LIST;
    fetch->key = ew_strdup(want->key);
    fetch->resource = ew_strdup(want->resource);
    fetch->ns = ew_strdup(want->ns);
    fetch->name = fetch->list ? NULL : ew_strdup(want->object ? want->object : "");
    fetch->selector = ew_strdup(want->selector);
    fetch->kind = ew_kind_of_resource(want->resource);
    fetch->of = names_of(fetch->kind);
    fetch->started_ms = ew_monotonic_ms();
    ew_ptrs_add(&cluster->fetches, fetch);
    if (!fetch->list || lists_running(cluster) < LISTS_AT_ONCE)
        start(fetch);
}
