#include "runner.h"

#include "expect.h"
#include "play.h"
#include "stage.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NETS 250
#define TRIES 8
#define WALK_TIMEOUT_MS 60000

struct runner {
    const struct lab_run *run;
    struct event_base *base;
    struct match *matches; /* one for each folder, in order */
    size_t started, printed, wrong, todo;
    int running, next_net;
};

/* One scenario on its way to its line of the report. */
struct match {
    struct runner *runner;
    struct lab_scenario *scenario;
    struct lab_stage *stage;
    struct lab_play *play;
    struct event *next; /* goes on outside the callback of the play that ended */
    struct ew_buf differences;
    char *got; /* the verdict in a few words */
    double elapsed_ms;
    size_t wrong;
    char *todo; /* what it waits for; NULL: nothing */
    bool shown, done;
};

static void start_more(struct runner *runner);

static void free_argv(char **argv)
{
    for (char **text = argv; *text; text++)
        free(*text);
    free(argv);
}

static void match_release(struct match *match)
{
    lab_play_free(match->play);
    lab_stage_free(match->stage);
    lab_scenario_free(match->scenario);
    if (match->next)
        event_free(match->next);
    match->play = NULL;
    match->stage = NULL;
    match->scenario = NULL;
    match->next = NULL;
}

static const char *name_of(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    return slash ? slash + 1 : folder;
}

static void print_notes(const struct match *match, const char *lead)
{
    char *copy = ew_strdup(ew_buf_text(&match->differences)), *save = NULL;
    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        printf("%s%s\n", lead, line);
    free(copy);
}

static void print_match(struct runner *runner, size_t at)
{
    const struct match *match = &runner->matches[at];
    const char *name = name_of(runner->run->folders[at]);
    const char *got = match->got ? match->got : "not walked";
    bool late = match->wrong && match->todo;
    if (runner->run->tap)
        printf("%sok %zu - %s: %s%s%s\n", match->wrong ? "not " : "", at + 1, name, got,
               late ? " # TODO " : "", late ? match->todo : "");
    else
        printf("%-6s %-34s %s, %.0f ms\n",
               late           ? "todo"
               : match->wrong ? "WRONG"
                              : "ok",
               name, got, match->elapsed_ms);
    print_notes(match, runner->run->tap ? "# " : "       ");
    fflush(stdout);
}

static void finish(struct match *match)
{
    struct runner *runner = match->runner;
    match->done = true;
    runner->running--;
    if (match->todo)
        runner->todo++;
    else if (match->wrong)
        runner->wrong++;
    match_release(match);
    while (runner->printed < runner->run->count && runner->matches[runner->printed].done)
        print_match(runner, runner->printed++);
    start_more(runner);
    if (runner->printed == runner->run->count)
        event_base_loopbreak(runner->base);
}

static void fail(struct match *match, const char *text)
{
    ew_buf_addf(&match->differences, "%s\n", text);
    match->wrong++;
}

static char *words_of(const struct ew_json *walk, int exit_status)
{
    const struct ew_json *verdict = ew_json_get(walk, "verdict");
    const char *cause = ew_json_get_str(verdict, "cause", NULL);
    return ew_fmt("%s%s%s (exit %d)", ew_json_get_str(verdict, "status", "no status"),
                  cause ? " " : "", cause ? cause : "", exit_status);
}

static void compare(struct match *match, const struct lab_play *play)
{
    const struct ew_json *expect = ew_json_get(lab_stage_spec(match->stage), "expect");
    struct ew_doc *doc = NULL;
    struct ew_err err = {0};
    match->elapsed_ms = play->elapsed_ms;
    if (play->timed_out)
        fail(match, "the walk did not end in time and was killed");
    if (play->err.len) {
        char *text = ew_text_cleaned(ew_buf_text(&play->err));
        ew_buf_addf(&match->differences, "stderr: %.2000s\n", text);
        free(text);
    }
    if (ew_json_parse(ew_buf_text(&play->out), play->out.len, &doc, &err)) {
        ew_buf_addf(&match->differences, "exit %d, and no JSON: %s\n", play->exit_status,
                    err.message);
        match->wrong++;
        return;
    }
    match->got = words_of(ew_doc_root(doc), play->exit_status);
    match->wrong += lab_expect(expect, ew_doc_root(doc), play->exit_status, &match->differences);
    ew_doc_unref(doc);
}

static void go_on(evutil_socket_t fd, short what, void *ctx);

static void on_played(void *ctx, struct lab_play *play)
{
    struct match *match = ctx;
    struct timeval now = {0, 0};
    if (match->shown)
        compare(match, play);
    event_add(match->next, &now);
}

static int walk(struct match *match, const char *output, bool show, struct ew_err *err)
{
    const struct lab_run *run = match->runner->run;
    char **argv = lab_stage_command(match->stage, run->edgewalk, output);
    int rc = lab_play_start(match->runner->base, argv, lab_stage_dir(match->stage), show,
                            WALK_TIMEOUT_MS, on_played, match, &match->play, err);
    free_argv(argv);
    return rc;
}

/* After the walk for the eye comes the one for the comparison; after that the end. */
static void go_on(evutil_socket_t fd, short what, void *ctx)
{
    struct match *match = ctx;
    struct ew_err err = {0};
    (void)fd;
    (void)what;
    lab_play_free(match->play);
    match->play = NULL;
    if (match->shown) {
        finish(match);
        return;
    }
    match->shown = true;
    if (walk(match, "json", false, &err)) {
        fail(match, err.message);
        finish(match);
    }
}

/* Ports may be taken between being picked and being used: another net has others. */
static int raise_stage(struct match *match, struct ew_err *err)
{
    struct runner *runner = match->runner;
    int rc = EW_EFAILED;
    for (int i = 0; rc == EW_EFAILED && i < TRIES; i++) {
        runner->next_net = runner->next_net % NETS + 1;
        rc = lab_stage_new(runner->base, match->scenario, runner->next_net, &match->stage, err);
    }
    return rc;
}

static void match_start(struct runner *runner, size_t at)
{
    struct match *match = &runner->matches[at];
    struct ew_err err = {0};
    bool show = runner->run->show;
    match->runner = runner;
    match->shown = !show;
    ew_buf_init(&match->differences, 1 << 20);
    match->next = evtimer_new(runner->base, go_on, match);
    runner->running++;
    int rc =
        lab_scenario_load(runner->run->folders[at], runner->run->library, &match->scenario, &err);
    const struct ew_json *spec = rc ? NULL : ew_doc_root(match->scenario->doc);
    match->todo = runner->run->lenient ? ew_strdup(ew_json_get_str(spec, "todo", NULL)) : NULL;
    if (!rc)
        rc = lab_expect_check(ew_json_get(spec, "expect"), &err);
    if (!rc)
        rc = raise_stage(match, &err);
    if (!rc)
        rc = walk(match, show ? NULL : "json", show, &err);
    if (rc) {
        fail(match, err.message);
        match->shown = true;
        event_add(match->next, &(struct timeval){0, 0});
    }
}

static void start_more(struct runner *runner)
{
    while (runner->running < runner->run->jobs && runner->started < runner->run->count)
        match_start(runner, runner->started++);
}

size_t lab_run(const struct lab_run *run)
{
    struct runner runner = {.run = run, .base = event_base_new(), .next_net = getpid() % NETS};
    runner.matches = ew_alloc(run->count * sizeof *runner.matches);
    if (run->tap)
        printf("1..%zu\n", run->count);
    start_more(&runner);
    event_base_dispatch(runner.base);
    size_t due = run->count - runner.todo;
    if (!run->tap)
        printf("%zu of %zu scenarios as expected\n", due - runner.wrong, due);
    if (!run->tap && runner.todo)
        printf("%zu more wait for what the program does not do yet\n", runner.todo);
    for (size_t i = 0; i < run->count; i++) {
        ew_buf_release(&runner.matches[i].differences);
        free(runner.matches[i].got);
        free(runner.matches[i].todo);
    }
    free(runner.matches);
    event_base_free(runner.base);
    return runner.wrong;
}
