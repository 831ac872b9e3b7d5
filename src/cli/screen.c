#include "screen.h"

#include "config.h"

#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct screen {
    struct ew_loop *loop;
    const struct ew_target *targets;
    const struct ew_walk_options *options;
    const struct ew_verdict *const *verdicts; /* of recorded walks */
    struct ew_report_options report;
};

/* A walk as the UI holds it. */
struct shown {
    struct ew_walk *walk;
    ew_ui_changed_fn *changed;
    void *ui;
};

static void on_change(void *ctx, struct ew_walk *walk)
{
    struct shown *shown = ctx;
    (void)walk;
    shown->changed(shown->ui, shown);
}

static void *start(void *ctx, size_t target, ew_ui_changed_fn *changed, void *ui,
                   struct ew_err *err)
{
    const struct screen *screen = ctx;
    struct shown *shown = ew_alloc(sizeof(*shown));
    shown->changed = changed;
    shown->ui = ui;
    if (ew_walk_start(screen->loop, &screen->targets[target], screen->options, on_change, on_change,
                      shown, &shown->walk, err) == EW_OK)
        return shown;
    free(shown);
    return NULL;
}

static const struct ew_verdict *verdict(void *walk)
{
    return ew_walk_verdict(((struct shown *)walk)->walk);
}

static bool finished(void *walk)
{
    return ew_walk_finished(((struct shown *)walk)->walk);
}

static void cancel(void *walk)
{
    ew_walk_cancel(((struct shown *)walk)->walk);
}

static void release(void *walk)
{
    ew_walk_free(((struct shown *)walk)->walk);
    free(walk);
}

static char *runbook(void *ctx, const char *cause)
{
    const struct screen *screen = ctx;
    return ew_report_link(&screen->report, cause);
}

bool ew_cli_screen_wanted(const char *output)
{
    return output ? strcmp(output, "tui") == 0 : ew_ui_possible();
}

static void ui_options(const struct ew_cli *cli, struct screen *screen, struct ew_ui_options *ui)
{
    ew_cli_report_options(cli, STDOUT_FILENO, &screen->report);
    *ui = (struct ew_ui_options){.colour = screen->report.colour, .utf8 = screen->report.utf8};
    ew_cli_config_ui(cli->config, ui);
}

static bool is_broken_off(const struct ew_walk *walk)
{
    return !walk || ew_walk_verdict(walk)->status == EW_ST_PENDING;
}

int ew_cli_screen_walk(const struct ew_cli *cli, struct ew_loop *loop,
                       const struct ew_target *targets, const struct ew_walk_options *options,
                       struct ew_walk **walks, struct ew_cli_screen *out, struct ew_err *err)
{
    struct screen screen = {.loop = loop, .targets = targets, .options = options};
    const char **urls = ew_alloc((cli->arg_count + 1) * sizeof(*urls));
    struct ew_ui_options ui;
    struct ew_ui_end end;
    ui_options(cli, &screen, &ui);
    for (size_t i = 0; i < cli->arg_count; i++)
        urls[i] = targets[i].url;
    struct ew_ui_driver driver = {&screen,  urls,   cli->arg_count, start,  verdict,
                                  finished, cancel, release,        runbook};
    int code = ew_ui_run(loop, &driver, &ui, &end, err);
    *out = (struct ew_cli_screen){.report = end.report, .signo = end.signo};
    for (size_t i = 0; i < cli->arg_count; i++) {
        struct shown *shown = end.walks[i];
        walks[i] = shown ? shown->walk : NULL;
        out->broken_off = out->broken_off || is_broken_off(walks[i]);
        free(shown);
    }
    free(end.walks);
    free(urls);
    return code;
}

/* ---- recorded walks: finished when they start ---- */

static void *replay_start(void *ctx, size_t target, ew_ui_changed_fn *changed, void *ui,
                          struct ew_err *err)
{
    const struct screen *screen = ctx;
    (void)changed;
    (void)ui;
    (void)err;
    return (void *)screen->verdicts[target];
}

static const struct ew_verdict *replay_verdict(void *walk)
{
    return walk;
}

static bool replay_finished(void *walk)
{
    (void)walk;
    return true;
}

static void replay_nothing(void *walk)
{
    (void)walk;
}

int ew_cli_screen_replay(const struct ew_cli *cli, const struct ew_verdict *const *verdicts,
                         size_t count, struct ew_cli_screen *out, struct ew_err *err)
{
    struct screen screen = {.verdicts = verdicts};
    const char **urls = ew_alloc((count + 1) * sizeof(*urls));
    struct ew_loop *loop = ew_loop_new();
    struct ew_ui_options ui;
    struct ew_ui_end end;
    ui_options(cli, &screen, &ui);
    for (size_t i = 0; i < count; i++) {
        const struct ew_snapshot *snapshot = ew_world_snapshot(verdicts[i]->world);
        urls[i] = ew_json_get_str(ew_snapshot_target(snapshot), "url", "?");
    }
    struct ew_ui_driver driver = {&screen,        urls,           count,
                                  replay_start,   replay_verdict, replay_finished,
                                  replay_nothing, replay_nothing, runbook};
    int code = ew_ui_run(loop, &driver, &ui, &end, err);
    *out = (struct ew_cli_screen){.report = end.report, .signo = end.signo};
    free(end.walks);
    free(urls);
    ew_loop_free(loop);
    return code;
}
