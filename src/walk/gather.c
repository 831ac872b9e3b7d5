/* Objects for a question about the inside alone: wants fetched until nothing new is wanted. */
#include "config.h"

#include "edgewalk/walk.h"

#include "edgewalk/fact/keys.h"

#include <signal.h>
#include <stdlib.h>

enum { DEADLINE_MS = 20000, MOST_ROUNDS = 64 };

struct gather {
    struct ew_loop *loop;
    struct ew_cluster *cluster;
    struct ew_snapshot *snapshot, *over; /* over: objects to lay over it; NULL */
    struct ew_map *laid;                 /* those by laid_key; NULL */
    const char *host;
    ew_gather_fn *ask;
    void *ctx;
    struct ew_map *asked; /* key → &open or &done of this file */
    size_t open;
    struct ew_timer *turn;
    bool interrupted, late;
};

static const char under_way = '?', answered = '.'; /* marks in the map */

static void ask_soon(struct gather *gather);

/* "HTTPRoute/NS/NAME" of {namespace, name}. */
static char *laid_key(const char *kind, const struct ew_json *named)
{
    return ew_fmt("%s/%s/%s", kind, ew_json_get_str(named, "namespace", ""),
                  ew_json_get_str(named, "name", ""));
}

/* Of an object that is laid over, what is there now is kept whatever its hosts are: its age. */
static bool is_laid(const struct gather *gather, enum ew_kind kind, const struct ew_json *object)
{
    const struct ew_kind_row *row = ew_kind_row(kind);
    if (!gather->laid || !row)
        return false;
    char *key = laid_key(row->kind, ew_json_get(object, "metadata"));
    bool laid = ew_map_get(gather->laid, key) != NULL;
    free(key);
    return laid;
}

static bool keep(void *ctx, enum ew_kind kind, const struct ew_json *object)
{
    const struct gather *gather = ctx;
    return !gather->host || ew_route_concerns(kind, object, gather->host) ||
           is_laid(gather, kind, object);
}

static void take_object(void *ctx, struct ew_object *object)
{
    struct gather *gather = ctx;
    ew_snapshot_put_object(gather->snapshot, object);
}

static void take_fact(void *ctx, struct ew_fact *fact)
{
    struct gather *gather = ctx;
    if (ew_map_get(gather->asked, fact->key) == &under_way) {
        ew_map_set(gather->asked, fact->key, (void *)&answered);
        gather->open--;
    }
    ew_snapshot_put(gather->snapshot, fact);
    ask_soon(gather);
}

static void put(struct gather *gather, const char *key, enum ew_state state, const char *reason)
{
    ew_snapshot_put(gather->snapshot, ew_fact_new(key, state, reason, NULL, ew_now_ms(), -1, NULL));
}

static void begin(struct gather *gather, const char *key)
{
    ew_map_set(gather->asked, key, (void *)&under_way);
    gather->open++;
    put(gather, key, EW_PENDING, NULL);
}

static void ask_over(struct gather *gather, struct ew_snapshot *view, struct ew_wants *wants)
{
    struct ew_world *world = ew_world_new(view);
    gather->ask(gather->ctx, world, wants);
    ew_world_free(world);
}

/* Asks over a view of its own: the snapshot goes on growing. */
static struct ew_wants *wanted(struct gather *gather)
{
    struct ew_snapshot *view = ew_snapshot_clone(gather->snapshot);
    struct ew_wants *wants = ew_wants_new();
    ask_over(gather, view, wants);
    if (gather->over) {
        struct ew_snapshot *overlaid = ew_snapshot_overlaid(view, gather->over);
        ask_over(gather, overlaid, wants);
        ew_snapshot_unref(overlaid);
    }
    ew_snapshot_unref(view);
    return wants;
}

static void on_turn(void *ctx)
{
    struct gather *gather = ctx;
    gather->turn = NULL;
    struct ew_wants *wants = wanted(gather);
    struct ew_cluster_sink sink = {gather, keep, take_object, take_fact};
    for (size_t i = 0; i < ew_wants_count(wants); i++) {
        const struct ew_want *want = ew_wants_at(wants, i);
        if (ew_map_get(gather->asked, want->key))
            continue;
        begin(gather, want->key);
        ew_cluster_fetch(gather->cluster, want, &sink);
    }
    ew_wants_free(wants);
    if (!gather->open && !gather->turn)
        ew_loop_stop(gather->loop);
}

/* Facts that come in one turn of the loop are looked at together. */
static void ask_soon(struct gather *gather)
{
    if (!gather->turn)
        gather->turn = ew_timer_start(gather->loop, 0, false, EW_PRIO_SOCKETS, on_turn, gather);
}

static void on_deadline(void *ctx)
{
    struct gather *gather = ctx;
    ew_loop_stop(gather->loop);
}

static void on_signal(void *ctx, int signo)
{
    struct gather *gather = ctx;
    (void)signo;
    gather->interrupted = true;
    ew_loop_stop(gather->loop);
}

/* What is open, and what would be asked for next, is unknown now. */
static void close_open(struct gather *gather)
{
    bool again = true;
    for (size_t i = 0; i < ew_map_count(gather->asked); i++)
        if (ew_map_value(gather->asked, i) == &under_way)
            put(gather, ew_map_key(gather->asked, i), EW_UNKNOWN, "deadline");
    for (int round = 0; again && round < MOST_ROUNDS; round++) {
        struct ew_wants *wants = wanted(gather);
        again = false;
        for (size_t i = 0; i < ew_wants_count(wants); i++) {
            const char *key = ew_wants_at(wants, i)->key;
            if (ew_map_get(gather->asked, key))
                continue;
            ew_map_set(gather->asked, key, (void *)&answered);
            put(gather, key, EW_UNKNOWN, "deadline");
            again = true;
        }
        ew_wants_free(wants);
    }
}

static void run(struct gather *gather, int deadline_ms)
{
    struct ew_cluster_sink sink = {gather, keep, take_object, take_fact};
    begin(gather, EW_KEY_SERVER);
    begin(gather, EW_KEY_DISCOVERY);
    ew_cluster_discover(gather->cluster, &sink);
    ask_soon(gather);
    struct ew_signal *interrupt = ew_signal_start(gather->loop, SIGINT, on_signal, gather);
    struct ew_signal *terminate = ew_signal_start(gather->loop, SIGTERM, on_signal, gather);
    struct ew_timer *deadline =
        ew_timer_start(gather->loop, deadline_ms > 0 ? deadline_ms : DEADLINE_MS, false,
                       EW_PRIO_SCREEN, on_deadline, gather);
    ew_loop_run(gather->loop);
    gather->late = gather->open > 0;
    if (!gather->late)
        ew_timer_stop(deadline);
    ew_timer_stop(gather->turn);
    gather->turn = NULL;
    ew_signal_stop(interrupt);
    ew_signal_stop(terminate);
    ew_cluster_free(gather->cluster);
    gather->cluster = NULL;
    if (gather->late && !gather->interrupted)
        close_open(gather);
}

static void describe(struct gather *gather, const struct ew_gather_options *options)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *out = ew_json_object(doc);
    const char *ns =
        gather->cluster ? ew_cluster_namespace(gather->cluster) : options->cluster.namespace_;
    if (ns)
        ew_json_set_str(doc, out, "namespace", ns);
    if (gather->cluster && ew_cluster_context(gather->cluster))
        ew_json_set_str(doc, out, "context", ew_cluster_context(gather->cluster));
    ew_doc_set_root(doc, out);
    ew_snapshot_set_options(gather->snapshot, doc);
    ew_snapshot_set_clock(gather->snapshot, ew_now_ms(), 0);
}

/* ---- objects to lay over ---- */

static int read_overlay(struct gather *gather, const char *const *paths, struct ew_err *err)
{
    if (!paths)
        return EW_OK;
    gather->over = ew_snapshot_new();
    return ew_cluster_read_files(paths, gather->over, err);
}

/* After the snapshot's options are known, which give a namespace to what names none. */
static void index_overlay(struct gather *gather)
{
    if (!gather->over || !gather->host)
        return;
    struct ew_snapshot *overlaid = ew_snapshot_overlaid(gather->snapshot, gather->over);
    const struct ew_fact *fact = ew_snapshot_fact(overlaid, EW_KEY_OVERLAY);
    gather->laid = ew_map_new();
    EW_JSON_EACH(one, ew_json_get(ew_fact_value(fact), "laid"))
    {
        char *key = laid_key(ew_json_get_str(one, "kind", ""), one);
        ew_map_set(gather->laid, key, (void *)&answered);
        free(key);
    }
    ew_snapshot_unref(overlaid);
}

/* ---- all of it ---- */

static int from_api(struct gather *gather, const struct ew_gather_options *options,
                    struct ew_err *err)
{
    gather->loop = ew_loop_new();
    if (!gather->loop)
        return ew_fail(err, EW_EFAILED, "the system gives no event loop");
    int code = ew_cluster_new(gather->loop, &options->cluster, &gather->cluster, err);
    if (code != EW_OK)
        return code;
    if (!gather->cluster)
        return ew_fail(err, EW_EUSAGE,
                       "no cluster is configured: give --kubeconfig FILE, or "
                       "manifests with -f");
    describe(gather, options);
    index_overlay(gather);
    run(gather, options->deadline_ms);
    return EW_OK;
}

static int from_files(struct gather *gather, const struct ew_gather_options *options,
                      struct ew_err *err)
{
    describe(gather, options);
    return ew_cluster_read_files(options->files, gather->snapshot, err);
}

int ew_gather(const struct ew_gather_options *options, ew_gather_fn *ask, void *ctx,
              struct ew_gathered *out, struct ew_err *err)
{
    struct gather gather = {.snapshot = ew_snapshot_new(),
                            .host = options->host,
                            .ask = ask,
                            .ctx = ctx,
                            .asked = ew_map_new()};
    int code = read_overlay(&gather, options->overlay, err);
    if (code == EW_OK)
        code = options->files ? from_files(&gather, options, err) : from_api(&gather, options, err);
    ew_cluster_free(gather.cluster);
    ew_loop_free(gather.loop);
    ew_map_free(gather.asked);
    ew_map_free(gather.laid);
    if (code == EW_OK)
        *out = (struct ew_gathered){
            .snapshot = ew_snapshot_ref(gather.snapshot),
            .overlaid = gather.over ? ew_snapshot_overlaid(gather.snapshot, gather.over) : NULL,
            .interrupted = gather.interrupted,
            .late = gather.late};
    ew_snapshot_unref(gather.snapshot);
    ew_snapshot_unref(gather.over);
    return code;
}

void ew_gathered_release(struct ew_gathered *gathered)
{
    ew_snapshot_unref(gathered->snapshot);
    ew_snapshot_unref(gathered->overlaid);
    *gathered = (struct ew_gathered){0};
}

/* ---- a pause ---- */

static void on_wake(void *ctx)
{
    ew_loop_stop(ctx);
}

struct pause {
    struct ew_loop *loop;
    bool interrupted;
};

static void on_break(void *ctx, int signo)
{
    struct pause *pause = ctx;
    (void)signo;
    pause->interrupted = true;
    ew_loop_stop(pause->loop);
}

bool ew_gather_pause(int ms)
{
    struct pause pause = {.loop = ew_loop_new()};
    if (!pause.loop)
        return false;
    struct ew_signal *interrupt = ew_signal_start(pause.loop, SIGINT, on_break, &pause);
    struct ew_signal *terminate = ew_signal_start(pause.loop, SIGTERM, on_break, &pause);
    struct ew_timer *wake =
        ew_timer_start(pause.loop, ms, false, EW_PRIO_SCREEN, on_wake, pause.loop);
    ew_loop_run(pause.loop);
    if (pause.interrupted)
        ew_timer_stop(wake);
    ew_signal_stop(interrupt);
    ew_signal_stop(terminate);
    ew_loop_free(pause.loop);
    return !pause.interrupted;
}
