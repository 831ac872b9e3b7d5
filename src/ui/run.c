/* The UI on the loop: walks, keys, signals and timers brought together. Keys and facts only mark
 * the screen as out of date; it is drawn once a turn of the loop, after them. */
#include "browser.h"
#include "term.h"

#include "edgewalk/base/text.h"
#include "edgewalk/ui.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { SPIN_MS = 120, FRAME_MS = 33, WATCH_MS = 10000 };

struct run;

/* A target: what is shown of it, and the walk under way. */
struct slot {
    struct run *run;
    size_t index;
    void *shown; /* finished; NULL: none yet */
    void *live;  /* under way, or finished and held back; NULL: none */
    double started;
    struct ew_timer *next; /* the walk to come, while watching */
    char error[512];
};

struct run {
    struct ew_loop *loop;
    const struct ew_ui_driver *driver;
    struct ui_term *term;
    struct ui_view view;
    struct ui_canvas canvas;
    struct slot *slots;
    struct ui_subject *subjects;
    size_t count;
    struct ew_timer *draw_timer, *spin_timer;
    bool draw_at_once;
    double drawn_at;
    struct ew_watch *keys;
    struct ew_signal *signals[6];
    struct ew_ui_end *end;
};

static void changed(void *ui, void *walk);
static void start_walk(struct slot *slot);

/* ---- drawing ---- */

static void refresh_subject(struct slot *slot)
{
    struct ui_subject *subject = &slot->run->subjects[slot->index];
    void *walk = slot->shown ? slot->shown : slot->live;
    subject->verdict = walk ? slot->run->driver->verdict(walk) : NULL;
    subject->error = slot->error[0] ? slot->error : NULL;
    subject->running = slot->live && !slot->run->driver->finished(slot->live);
    if (subject->running)
        subject->elapsed_ms = ew_monotonic_ms() - slot->started;
}

static void draw(void *ctx)
{
    struct run *run = ctx;
    run->draw_timer = NULL;
    for (size_t i = 0; i < run->count; i++)
        refresh_subject(&run->slots[i]);
    ui_view_draw(&run->view, &run->canvas);
    ui_term_show(run->term, &run->canvas);
    run->drawn_at = ew_monotonic_ms();
    ui_browser_reap();
}

/* Facts come in bursts: a frame is due some time after the last one. A key is answered at once. */
static void draw_soon(struct run *run, bool at_once)
{
    if (run->draw_timer && (run->draw_at_once || !at_once))
        return;
    ew_timer_stop(run->draw_timer);
    double since = ew_monotonic_ms() - run->drawn_at;
    double delay = at_once || since >= FRAME_MS ? 0 : FRAME_MS - since;
    run->draw_at_once = at_once;
    run->draw_timer = ew_timer_start(run->loop, delay, false, EW_PRIO_SCREEN, draw, run);
}

static void spin(void *ctx)
{
    struct run *run = ctx;
    bool running = false;
    for (size_t i = 0; i < run->count; i++) {
        refresh_subject(&run->slots[i]);
        running = running || run->subjects[i].running;
    }
    if (!running) {
        ew_timer_stop(run->spin_timer);
        run->spin_timer = NULL;
        return;
    }
    run->view.spinner++;
    ui_view_spun(&run->view);
    draw_soon(run, false);
}

/* ---- walks ---- */

static void walk_again(void *ctx)
{
    struct slot *slot = ctx;
    slot->next = NULL;
    if (slot->run->view.watching && !slot->run->view.paused && !slot->live)
        start_walk(slot);
}

static void plan_next(struct slot *slot)
{
    struct run *run = slot->run;
    ew_timer_stop(slot->next);
    slot->next = NULL;
    if (run->view.watching && !run->view.paused && !slot->live)
        slot->next =
            ew_timer_start(run->loop, run->view.watch_ms, false, EW_PRIO_SCREEN, walk_again, slot);
}

/* The walk that has finished takes the place of what is shown, unless that is held. */
static void take_finished(struct slot *slot)
{
    struct run *run = slot->run;
    if (!slot->live || !run->driver->finished(slot->live) || (slot->shown && run->view.paused))
        return;
    if (slot->shown)
        run->driver->free(slot->shown);
    slot->shown = slot->live;
    slot->live = NULL;
    refresh_subject(slot);
    ui_view_changed(&run->view, slot->index, true);
    plan_next(slot);
}

static void changed(void *ui, void *walk)
{
    struct slot *slot = ui;
    struct run *run = slot->run;
    if (walk != slot->live)
        return;
    if (!slot->shown) {
        refresh_subject(slot);
        ui_view_changed(&run->view, slot->index, false);
    }
    take_finished(slot);
    draw_soon(run, false);
}

static int try_start(struct slot *slot, struct ew_err *err)
{
    struct run *run = slot->run;
    slot->started = ew_monotonic_ms();
    slot->error[0] = '\0';
    slot->live = run->driver->start(run->driver->ctx, slot->index, changed, slot, err);
    if (!slot->live)
        return err->code;
    if (!run->spin_timer)
        run->spin_timer = ew_timer_start(run->loop, SPIN_MS, true, EW_PRIO_SCREEN, spin, run);
    refresh_subject(slot);
    take_finished(slot); /* a recorded walk is finished when it starts */
    return EW_OK;
}

static void start_walk(struct slot *slot)
{
    struct ew_err err = {0};
    if (try_start(slot, &err) != EW_OK) {
        memcpy(slot->error, err.message, sizeof(slot->error));
        ui_view_notice(&slot->run->view, "%s", err.message);
    }
    draw_soon(slot->run, true);
}

/* ---- what keys ask for ---- */

static void again(struct run *run)
{
    struct slot *slot = &run->slots[run->view.current];
    if (run->view.paused)
        ui_view_notice(&run->view, "held: let it go on first");
    else if (slot->live)
        ui_view_notice(&run->view, "a walk is under way");
    else
        start_walk(slot);
}

static void settle(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        take_finished(&run->slots[i]);
        plan_next(&run->slots[i]);
    }
}

static void copy(struct run *run)
{
    if (ui_term_copy(run->term, run->view.wanted))
        ui_view_notice(&run->view, "sent to the clipboard: %s", run->view.wanted);
    else
        ui_view_notice(&run->view, "too long for the clipboard");
}

static void open_runbook(struct run *run)
{
    const char *cause = run->view.wanted;
    char *link = run->driver->runbook ? run->driver->runbook(run->driver->ctx, cause) : NULL;
    if (link && ui_browser_open(link))
        ui_view_notice(&run->view, "opened %s", link);
    else
        ui_view_explain(&run->view, cause, link);
    free(link);
}

static void leave(struct run *run, bool report, int signo)
{
    run->end->report = report;
    run->end->signo = signo;
    ew_loop_stop(run->loop);
}

static void obey(struct run *run, unsigned wants)
{
    if (wants & UI_WANT_QUIT)
        leave(run, (wants & UI_WANT_REPORT) != 0, 0);
    if (wants & UI_WANT_AGAIN)
        again(run);
    if (wants & (UI_WANT_WATCH | UI_WANT_PAUSE))
        settle(run);
    if (wants & UI_WANT_COPY)
        copy(run);
    if (wants & UI_WANT_OPEN)
        open_runbook(run);
    if (wants & UI_WANT_REDRAW)
        ui_term_redraw(run->term);
    if (wants)
        draw_soon(run, true);
}

static void on_keys(void *ctx, int what)
{
    struct run *run = ctx;
    (void)what;
    for (;;) {
        struct ui_event event = ui_term_event(run->term);
        if (event.kind == UI_EVENT_NONE)
            return;
        if (event.kind == UI_EVENT_END) {
            leave(run, false, SIGHUP);
            return;
        }
        if (event.kind == UI_EVENT_MOUSE)
            obey(run, ui_view_mouse(&run->view, event.mouse, event.row, event.col));
        else if (event.key != UI_K_NONE)
            obey(run, ui_view_key(&run->view, event.key));
    }
}

/* ---- signals ---- */

static void fit(struct run *run)
{
    int rows, cols;
    ui_term_size(run->term, &rows, &cols);
    ui_canvas_resize(&run->canvas, rows, cols);
    ui_view_resize(&run->view, rows, cols);
}

static void on_signal(void *ctx, int signo)
{
    struct run *run = ctx;
    if (signo == SIGTSTP) {
        ui_term_suspend(run->term);
    } else if (signo == SIGCONT) {
        ui_term_resumed(run->term);
    } else if (signo == SIGWINCH) {
        ui_term_resized(run->term);
    } else {
        leave(run, false, signo);
        return;
    }
    fit(run);
    draw_soon(run, true);
}

/* ---- beginning and end ---- */

static enum ui_background background_of(const char *name)
{
    const char *hint = getenv("COLORFGBG"), *last = hint ? strrchr(hint, ';') : NULL;
    long number;
    if (name)
        return strcmp(name, "light") == 0 ? UI_BACKGROUND_LIGHT : UI_BACKGROUND_DARK;
    if (!last || !ew_text_number(last + 1, 0, 15, &number))
        return UI_BACKGROUND_UNKNOWN;
    return number == 7 || number == 15 ? UI_BACKGROUND_LIGHT : UI_BACKGROUND_DARK;
}

static int set_keys(struct ui_keymap *map, const struct ew_ui_options *options, size_t *bad,
                    struct ew_err *err)
{
    for (size_t i = 0; i < options->key_count; i++) {
        enum ui_action action;
        *bad = i;
        if (!ui_action_find(options->keys[i].name, &action))
            return ew_fail(err, EW_EUSAGE, "there is no action \"%s\" (see edgewalk config print)",
                           options->keys[i].name);
        int code = ui_keymap_set(map, action, options->keys[i].value, err);
        if (code != EW_OK)
            return code;
    }
    return EW_OK;
}

static int set_theme(struct ui_theme *theme, int colours, const struct ew_ui_options *options,
                     size_t *bad, struct ew_err *err)
{
    for (size_t i = 0; i < options->theme_count; i++) {
        enum ui_style style;
        *bad = options->key_count + i;
        if (!ui_style_find(options->theme[i].name, &style))
            return ew_fail(err, EW_EUSAGE, "there is no style \"%s\" (see edgewalk config print)",
                           options->theme[i].name);
        int code = ui_theme_set(theme, colours, style, options->theme[i].value, err);
        if (code != EW_OK)
            return code;
    }
    return EW_OK;
}

int ew_ui_check(const struct ew_ui_options *options, size_t *bad, struct ew_err *err)
{
    struct ui_keymap map;
    struct ui_theme theme;
    ui_keymap_init(&map);
    ui_theme_init(&theme, 256, UI_BACKGROUND_UNKNOWN);
    int code = set_keys(&map, options, bad, err);
    return code == EW_OK ? set_theme(&theme, 256, options, bad, err) : code;
}

static int open_terminal(struct run *run, const struct ew_ui_options *options, struct ew_err *err)
{
    struct ui_term_options wanted = {options->colour, options->mouse,
                                     background_of(options->background)};
    struct ui_theme theme;
    size_t bad;
    int code = set_keys(&run->view.keymap, options, &bad, err);
    if (code == EW_OK)
        code = ui_term_open(&wanted, &run->term, err);
    if (code != EW_OK)
        return code;
    ui_theme_init(&theme, ui_term_colours(run->term), wanted.background);
    code = set_theme(&theme, ui_term_colours(run->term), options, &bad, err);
    ui_term_theme(run->term, &theme);
    ui_canvas_init(&run->canvas, 1, 1, !options->utf8);
    fit(run);
    return code;
}

static void listen(struct run *run)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
    for (size_t i = 0; i < EW_COUNT(signals); i++)
        run->signals[i] = ew_signal_start(run->loop, signals[i], on_signal, run);
    run->keys = ew_watch_start(run->loop, 0, EW_READ, EW_PRIO_KEYS, on_keys, run);
}

static void deafen(struct run *run)
{
    for (size_t i = 0; i < EW_COUNT(run->signals); i++)
        if (run->signals[i])
            ew_signal_stop(run->signals[i]);
    if (run->keys)
        ew_watch_stop(run->keys);
    ew_timer_stop(run->draw_timer);
    ew_timer_stop(run->spin_timer);
    for (size_t i = 0; i < run->count; i++)
        ew_timer_stop(run->slots[i].next);
}

static void hand_over(struct run *run)
{
    run->end->walks = ew_alloc((run->count + 1) * sizeof(*run->end->walks));
    for (size_t i = 0; i < run->count; i++) {
        struct slot *slot = &run->slots[i];
        if (slot->live && !run->driver->finished(slot->live))
            run->driver->cancel(slot->live);
        if (slot->live && slot->shown)
            run->driver->free(slot->live);
        run->end->walks[i] = slot->shown ? slot->shown : slot->live;
    }
}

static void init(struct run *run, const struct ew_ui_options *options)
{
    run->count = run->driver->target_count;
    run->slots = ew_alloc(run->count * sizeof(*run->slots));
    run->subjects = ew_alloc(run->count * sizeof(*run->subjects));
    for (size_t i = 0; i < run->count; i++) {
        run->slots[i].run = run;
        run->slots[i].index = i;
        run->subjects[i].url = run->driver->targets[i];
    }
    ui_view_init(&run->view, run->subjects, run->count);
    run->view.ascii = !options->utf8;
    run->view.watching = options->watch;
    run->view.watch_ms = options->watch_ms > 0 ? options->watch_ms : WATCH_MS;
}

int ew_ui_run(struct ew_loop *loop, const struct ew_ui_driver *driver,
              const struct ew_ui_options *options, struct ew_ui_end *end, struct ew_err *err)
{
    struct run run = {.loop = loop, .driver = driver, .end = end};
    int code = EW_OK;
    memset(end, 0, sizeof(*end));
    init(&run, options);
    for (size_t i = 0; code == EW_OK && i < run.count; i++)
        code = try_start(&run.slots[i], err);
    if (code == EW_OK)
        code = open_terminal(&run, options, err);
    if (code == EW_OK) {
        listen(&run);
        draw(&run);
        ew_loop_run(loop);
    }
    deafen(&run);
    ui_term_close(run.term);
    ui_browser_reap();
    hand_over(&run);
    ui_view_release(&run.view);
    ui_canvas_release(&run.canvas);
    free(run.slots);
    free(run.subjects);
    return code;
}
