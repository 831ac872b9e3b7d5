#include "config.h"

#include "fetch.h"

#include "peer.h"

#include <check.h>

struct waiting {
    struct ew_loop *loop;
    struct ew_prober *prober;
    struct ew_fact *fact;
    int count;
};

static void arrived(void *ctx, struct ew_fact *fact)
{
    struct waiting *waiting = ctx;
    waiting->fact = fact;
    waiting->count++;
    ew_loop_stop(waiting->loop);
}

struct ew_fact *fetch_with(struct ew_loop *loop, struct ew_prober *prober,
                           const struct ew_want *want)
{
    struct waiting waiting = {.loop = loop};
    ew_prober_fetch(prober, want, arrived, &waiting);
    ck_assert_int_eq(waiting.count, 0);
    ew_loop_run(loop);
    ck_assert_int_eq(waiting.count, 1);
    ck_assert_str_eq(waiting.fact->key, want->key);
    ck_assert(waiting.fact->elapsed_ms >= 0);
    ck_assert(waiting.fact->at_ms > 0);
    return waiting.fact;
}

struct ew_fact *fetch(const struct ew_probe_config *config, const struct ew_want *want)
{
    static const struct ew_probe_config none;
    struct ew_loop *loop = ew_loop_new();
    struct ew_prober *prober = NULL;
    struct ew_err err = {0};
    int code = ew_prober_new(loop, config ? config : &none, &prober, &err);
    ck_assert_msg(code == EW_OK, "%s", err.message);
    struct ew_fact *fact = fetch_with(loop, prober, want);
    ew_prober_free(prober);
    ew_loop_free(loop);
    return fact;
}

static void free_prober(void *ctx)
{
    struct waiting *waiting = ctx;
    ew_prober_free(waiting->prober);
    waiting->prober = NULL;
}

static void stop(void *ctx)
{
    ew_loop_stop(((struct waiting *)ctx)->loop);
}

static void not_any_more(void *ctx, struct ew_fact *fact)
{
    struct waiting *waiting = ctx;
    ck_assert_ptr_nonnull(waiting->prober);
    ew_fact_unref(fact);
}

void fetch_cancelled(const struct ew_probe_config *config, const struct ew_want *want,
                     double after_ms)
{
    struct waiting waiting = {.loop = ew_loop_new()};
    int before = peer_open_fds();
    ck_assert_int_eq(ew_prober_new(waiting.loop, config, &waiting.prober, NULL), EW_OK);
    ew_prober_fetch(waiting.prober, want, not_any_more, &waiting);
    if (after_ms < 0)
        free_prober(&waiting);
    else
        ew_timer_start(waiting.loop, after_ms, false, EW_PRIO_KEYS, free_prober, &waiting);
    ew_timer_start(waiting.loop, after_ms + 1, false, EW_PRIO_SCREEN, stop, &waiting);
    ew_loop_run(waiting.loop);
    ck_assert_ptr_null(waiting.prober);
    /* The helper thread and the peer may take a moment; what is ours is gone in the next turn. */
    for (int i = 0; i < 500 && peer_open_fds() > before; i++) {
        ew_timer_start(waiting.loop, 20, false, EW_PRIO_SCREEN, stop, &waiting);
        ew_loop_run(waiting.loop);
    }
    ck_assert_int_eq(peer_open_fds(), before);
    ew_loop_free(waiting.loop);
}

const char *fact_text(const struct ew_fact *fact, const char *path)
{
    return ew_json_str_or(ew_json_at(ew_fact_value(fact), path), "");
}

long fact_int(const struct ew_fact *fact, const char *path)
{
    return ew_json_int(ew_json_at(ew_fact_value(fact), path), -1);
}

bool fact_true(const struct ew_fact *fact, const char *path)
{
    return ew_json_bool(ew_json_at(ew_fact_value(fact), path), false);
}
