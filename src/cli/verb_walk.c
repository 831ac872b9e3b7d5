#include "screen.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The run of one command line: every target walked at the same time, reported in their order. */
struct run {
    const struct ew_cli *cli;
    struct ew_loop *loop;
    struct ew_walk **walks;
    size_t count, open;
    bool interrupted, progress;
    int signo; /* that ended the screen */
    struct ew_timer *spinner;
};

static void one_done(void *ctx, struct ew_walk *walk)
{
    struct run *run = ctx;
    (void)walk;
    if (--run->open == 0)
        ew_loop_stop(run->loop);
}

static void on_signal(void *ctx, int signo)
{
    struct run *run = ctx;
    (void)signo;
    run->interrupted = true;
    ew_loop_stop(run->loop);
}

/* One line on stderr, so that it never mixes with a report in a pipe. */
static void show_progress(void *ctx)
{
    struct run *run = ctx;
    size_t waiting = 0;
    const char *layer = "";
    for (size_t i = 0; i < run->count; i++) {
        const struct ew_verdict *verdict = ew_walk_verdict(run->walks[i]);
        for (int l = 0; l < EW_LAYER_COUNT; l++)
            if (verdict && verdict->layers[l].status == EW_ST_PENDING) {
                layer = waiting++ ? layer : ew_layer_row((enum ew_layer)l)->id;
            }
    }
    fprintf(stderr, "\r\033[Kedgewalk: looking at %s (%zu layers open)", layer, waiting);
    fflush(stderr);
}

static void clear_progress(const struct run *run)
{
    if (run->progress)
        fputs("\r\033[K", stderr);
}

static int start(struct run *run, const struct ew_target *targets,
                 const struct ew_walk_options *options, struct ew_err *err)
{
    for (; run->open < run->count; run->open++) {
        int code = ew_walk_start(run->loop, &targets[run->open], options, NULL, one_done, run,
                                 &run->walks[run->open], err);
        if (code != EW_OK)
            return code;
    }
    return EW_OK;
}

/* One snapshot a line, added at the end: several walks of one incident may share a file. */
static int record(const struct run *run, const char *path, struct ew_err *err)
{
    FILE *file = fopen(path, "a");
    struct ew_buf lines;
    if (!file)
        return ew_fail(err, EW_EFAILED, "--record %s: %s", path, strerror(errno));
    ew_buf_init(&lines, 0);
    for (size_t i = 0; i < run->count; i++)
        ew_snapshot_write(ew_world_snapshot(ew_walk_verdict(run->walks[i])->world), &lines);
    bool whole = fwrite(ew_buf_text(&lines), 1, lines.len, file) == lines.len;
    whole = fclose(file) == 0 && whole;
    ew_buf_release(&lines);
    return whole ? EW_OK : ew_fail(err, EW_EFAILED, "--record %s: %s", path, strerror(errno));
}

/* The exit status, after the report unless the screen has shown it all. */
static int report(const struct run *run, bool print, bool json)
{
    const struct ew_verdict **verdicts = ew_alloc((run->count + 1) * sizeof(*verdicts));
    for (size_t i = 0; i < run->count; i++)
        verdicts[i] = ew_walk_verdict(run->walks[i]);
    int status = print ? ew_cli_print(run->cli, verdicts, run->count, json)
                       : ew_cli_status(run->cli, verdicts, run->count);
    free(verdicts);
    return status;
}

/* 130 stands for the user's interrupt; other signals end us as they end everybody. */
static int interrupted(const struct run *run)
{
    if (run->signo && run->signo != SIGINT) {
        signal(run->signo, SIG_DFL);
        raise(run->signo);
    }
    return 130;
}

static int walk_all(struct run *run, const struct ew_target *targets,
                    const struct ew_walk_options *options, struct ew_err *err)
{
    int code = start(run, targets, options, err);
    if (code != EW_OK)
        return code;
    struct ew_signal *interrupt = ew_signal_start(run->loop, SIGINT, on_signal, run);
    struct ew_signal *terminate = ew_signal_start(run->loop, SIGTERM, on_signal, run);
    if (run->progress)
        run->spinner = ew_timer_start(run->loop, 200, true, EW_PRIO_SCREEN, show_progress, run);
    ew_loop_run(run->loop);
    ew_timer_stop(run->spinner);
    ew_signal_stop(interrupt);
    ew_signal_stop(terminate);
    clear_progress(run);
    return EW_OK;
}

/* The same on the screen; a walk that was broken off has no verdict to leave with. */
static int show_all(struct run *run, const struct ew_target *targets,
                    const struct ew_walk_options *options, bool *print, struct ew_err *err)
{
    struct ew_cli_screen end;
    int code = ew_cli_screen_walk(run->cli, run->loop, targets, options, run->walks, &end, err);
    run->interrupted = end.broken_off || end.signo;
    run->signo = end.signo;
    *print = end.report;
    return code;
}

static int run_targets(const struct ew_cli *cli, struct ew_target *targets,
                       const struct ew_walk_options *options, const char *output)
{
    struct ew_err err = {0};
    struct run run = {.cli = cli, .loop = ew_loop_new(), .count = cli->arg_count};
    bool json = output && strcmp(output, "json") == 0, print = true;
    run.walks = ew_alloc(run.count * sizeof(*run.walks));
    run.progress = isatty(STDERR_FILENO) && !ew_cli_has(cli, OPT_QUIET);
    const char *path = ew_cli_value(cli, OPT_RECORD);
    int status, code = ew_cli_screen_wanted(output) ? show_all(&run, targets, options, &print, &err)
                                                    : walk_all(&run, targets, options, &err);
    if (code == EW_OK && path && !run.interrupted)
        code = record(&run, path, &err);
    if (code != EW_OK) {
        status = ew_cli_fail(&err);
    } else if (run.interrupted) {
        status = interrupted(&run);
    } else {
        status = report(&run, print, json);
    }
    for (size_t i = 0; i < run.count; i++)
        ew_walk_free(run.walks[i]);
    free(run.walks);
    ew_loop_free(run.loop);
    return status;
}

static int parse_all(const struct ew_cli *cli, struct ew_target *targets, struct ew_cli_walk *walk,
                     const char **output, struct ew_err *err)
{
    if (!cli->arg_count)
        return ew_fail(err, EW_EUSAGE, "no URL or host given (see edgewalk --help)");
    int code = ew_cli_output(cli, output, err);
    for (size_t i = 0; code == EW_OK && i < cli->arg_count; i++)
        code = ew_target_parse(cli->args[i], &targets[i], err);
    return code == EW_OK ? ew_cli_walk_options(cli, walk, err) : code;
}

int ew_verb_walk(const struct ew_cli *cli)
{
    struct ew_err err = {0};
    struct ew_cli_walk walk = {0};
    const char *output = NULL;
    struct ew_target *targets = ew_alloc((cli->arg_count + 1) * sizeof(*targets));
    int code = parse_all(cli, targets, &walk, &output, &err);
    int status =
        code == EW_OK ? run_targets(cli, targets, &walk.options, output) : ew_cli_fail(&err);
    ew_cli_walk_release(&walk);
    for (size_t i = 0; i < cli->arg_count; i++)
        ew_target_release(&targets[i]);
    free(targets);
    return status;
}
