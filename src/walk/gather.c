/* Objects for a question about the inside alone: wants fetched until nothing new is wanted. */
#include "config.h"

#include "edgewalk/walk.h"

#include "edgewalk/fact/keys.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { DEADLINE_MS = 20000, MOST_ROUNDS = 64 };

struct gather {
    struct ew_loop *loop;
    struct ew_cluster *cluster;
    struct ew_snapshot *snapshot;
    const char *host;
    ew_gather_fn *ask;
    void *ctx;
    struct ew_map *asked; /* key → &open or &done of this file */
    size_t open;
    struct ew_timer *turn;
    bool interrupted;
};

static const char under_way = '?', answered = '.'; /* marks in the map */

static void ask_soon(struct gather *gather);

static bool keep(void *ctx, enum ew_kind kind, const struct ew_json *object)
{
    const struct gather *gather = ctx;
    return !gather->host || ew_route_concerns(kind, object, gather->host);
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

/* Asks over a view of its own: the snapshot goes on growing. */
static struct ew_wants *wanted(struct gather *gather)
{
    struct ew_snapshot *view = ew_snapshot_clone(gather->snapshot);
    struct ew_world *world = ew_world_new(view);
    struct ew_wants *wants = ew_wants_new();
    gather->ask(gather->ctx, world, wants);
    ew_world_free(world);
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
    bool late = gather->open > 0;
    if (!late)
        ew_timer_stop(deadline);
    ew_timer_stop(gather->turn);
    gather->turn = NULL;
    ew_signal_stop(interrupt);
    ew_signal_stop(terminate);
    ew_cluster_free(gather->cluster);
    gather->cluster = NULL;
    if (late && !gather->interrupted)
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
    run(gather, options->deadline_ms);
    return EW_OK;
}

int ew_gather(const struct ew_gather_options *options, ew_gather_fn *ask, void *ctx,
              struct ew_snapshot **out, bool *interrupted, struct ew_err *err)
{
    struct gather gather = {.snapshot = ew_snapshot_new(),
                            .host = options->host,
                            .ask = ask,
                            .ctx = ctx,
                            .asked = ew_map_new()};
    int code;
    if (options->files) {
        describe(&gather, options);
        code = ew_cluster_read_files(options->files, gather.snapshot, err);
    } else {
        code = from_api(&gather, options, err);
    }
    ew_cluster_free(gather.cluster);
    ew_loop_free(gather.loop);
    ew_map_free(gather.asked);
    *interrupted = gather.interrupted;
    if (code == EW_OK)
        *out = gather.snapshot;
    else
        ew_snapshot_unref(gather.snapshot);
    return code;
}
