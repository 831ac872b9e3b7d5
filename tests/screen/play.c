/* Plays hand-made walks (fixtures) on the real terminal UI: for tests of the terminal, where walks
 * of real hosts would only be in the way.
 *
 *   play [--delay MS] [--watch MS] [--count FILE] [--ascii] FIXTURE...
 *
 * A walk is finished after the delay. FILE holds how many have been. Prints what the UI ended with.
 */
#include "../unit/uiwalk.h"
#include "edgewalk/base/text.h"
#include "edgewalk/ui.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stage {
    struct ew_loop *loop;
    char **fixtures;
    int delay_ms;
    const char *count_file;
    long count;
};

struct play {
    struct stage *stage;
    struct uiwalk *walk;
    struct ew_timer *timer;
    ew_ui_changed_fn *changed;
    void *ui;
    bool finished;
};

static void count_up(struct stage *stage)
{
    FILE *file = stage->count_file ? fopen(stage->count_file, "w") : NULL;
    stage->count++;
    if (!file)
        return;
    fprintf(file, "%ld\n", stage->count);
    fclose(file);
}

static void on_timer(void *ctx)
{
    struct play *play = ctx;
    play->timer = NULL;
    play->finished = true;
    count_up(play->stage);
    play->changed(play->ui, play);
}

static void *start(void *ctx, size_t target, ew_ui_changed_fn *changed, void *ui,
                   struct ew_err *err)
{
    struct stage *stage = ctx;
    struct play *play = ew_alloc(sizeof(*play));
    (void)err;
    play->stage = stage;
    play->walk = uiwalk_load(stage->fixtures[target]);
    play->changed = changed;
    play->ui = ui;
    play->timer =
        ew_timer_start(stage->loop, stage->delay_ms, false, EW_PRIO_SOCKETS, on_timer, play);
    return play;
}

static const struct ew_verdict *verdict(void *walk)
{
    return &((struct play *)walk)->walk->verdict;
}

static bool finished(void *walk)
{
    return ((struct play *)walk)->finished;
}

static void cancel(void *walk)
{
    struct play *play = walk;
    ew_timer_stop(play->timer);
    play->timer = NULL;
}

static void release(void *walk)
{
    cancel(walk);
    uiwalk_free(((struct play *)walk)->walk);
    free(walk);
}

static char *runbook(void *ctx, const char *cause)
{
    (void)ctx;
    return ew_fmt("https://runbook.example.com/#%s", cause);
}

static long number(const char *text)
{
    long value = 0;
    if (!text || !ew_text_number(text, 0, 1000000, &value)) {
        fputs("play: a number is missing\n", stderr);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    struct stage stage = {.loop = ew_loop_new(), .delay_ms = 20};
    struct ew_ui_options options = {.colour = true, .utf8 = true, .mouse = true};
    struct ew_ui_end end;
    struct ew_err err = {0};
    const char *urls[8] = {"https://orders.example.com/health", "https://other.example.com/"};
    int at = 1;
    setlocale(LC_CTYPE, "");
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--ascii") == 0)
            options.utf8 = false;
        else if (strcmp(argv[at], "--delay") == 0)
            stage.delay_ms = (int)number(argv[++at]);
        else if (strcmp(argv[at], "--watch") == 0)
            options.watch = (options.watch_ms = (int)number(argv[++at])) > 0;
        else if (strcmp(argv[at], "--count") == 0)
            stage.count_file = argv[++at];
    }
    stage.fixtures = argv + at;
    struct ew_ui_driver driver = {
        &stage, urls, (size_t)(argc - at), start, verdict, finished, cancel, release, runbook};
    int code = ew_ui_run(stage.loop, &driver, &options, &end, &err);
    for (int i = 0; i < argc - at; i++)
        if (end.walks[i])
            release(end.walks[i]);
    free(end.walks);
    ew_loop_free(stage.loop);
    printf("end: code %d signal %d report %d walks %ld %s\n", code, end.signo, end.report,
           stage.count, err.message);
    return code ? 1 : 0;
}
