#include "view.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

void ui_view_init(struct ui_view *view, const struct ui_subject *subjects, size_t count)
{
    memset(view, 0, sizeof(*view));
    view->subjects = subjects;
    view->count = count;
    view->watch_ms = 10000;
    ui_keymap_init(&view->keymap);
    ew_buf_init(&view->notice, 1024);
}

void ui_view_stale(struct ui_view *view)
{
    for (int pane = 0; pane < UI_PANE_COUNT; pane++) {
        ui_page_free(view->pages[pane]);
        view->pages[pane] = NULL;
    }
}

void ui_view_release(struct ui_view *view)
{
    ui_view_stale(view);
    ew_buf_release(&view->notice);
    free(view->wanted);
    free(view->explained);
    free(view->runbook);
    free(view->yaml_ns);
    free(view->yaml_name);
}

void ui_view_resize(struct ui_view *view, int rows, int cols)
{
    view->rows = rows;
    view->cols = cols;
    ui_view_stale(view);
}

const struct ui_subject *ui_view_subject(const struct ui_view *view)
{
    return &view->subjects[view->current];
}

enum ui_pane_id ui_view_pane(const struct ui_view *view)
{
    return view->over != UI_OVER_NONE ? UI_PANE_OVERLAY : view->focus;
}

const char *ui_view_spinner(const struct ui_view *view)
{
    static const char *const frames[] = {"|", "/", "-", "\\"};
    return frames[view->spinner % EW_COUNT(frames)];
}

void ui_view_select(struct ui_view *view, enum ew_layer layer)
{
    if (view->layer == layer)
        return;
    view->layer = layer;
    view->scroll[UI_PANE_DETAIL] = (struct ui_scroll){0};
    ui_view_stale(view);
}

void ui_view_spun(struct ui_view *view)
{
    ui_page_free(view->pages[UI_PANE_CHAIN]);
    view->pages[UI_PANE_CHAIN] = NULL;
}

static void select_for_user(struct ui_view *view)
{
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    if (!verdict || view->steered)
        return;
    if (verdict->first_failing >= 0)
        ui_view_select(view, (enum ew_layer)verdict->first_failing);
    else if (verdict->layer >= 0)
        ui_view_select(view, (enum ew_layer)verdict->layer);
}

void ui_view_changed(struct ui_view *view, size_t subject, bool done)
{
    if (subject != view->current)
        return;
    ui_view_stale(view);
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    if (done || (verdict && verdict->status == EW_ST_FAIL))
        select_for_user(view);
}

void ui_view_notice(struct ui_view *view, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *raw = ew_vfmt(format, args);
    va_end(args);
    ew_buf_clear(&view->notice);
    ew_text_clean(&view->notice, raw, strlen(raw), 0);
    free(raw);
}

/* ---- lines ---- */

const struct ui_page *ui_view_page(struct ui_view *view, enum ui_pane_id pane)
{
    if (!view->pages[pane]) {
        ui_view_layout(view);
        int cols = view->areas[pane].cols;
        view->pages[pane] = ui_pane_row(pane)->build(view, cols > 0 ? cols : view->cols);
    }
    return view->pages[pane];
}

size_t *ui_view_lines(struct ui_view *view, enum ui_pane_id pane, size_t *count)
{
    const struct ui_page *page = ui_view_page(view, pane);
    size_t total = page ? page->count : 0;
    size_t *lines = ew_alloc((total + 1) * sizeof(*lines));
    bool faults = view->faults && pane != UI_PANE_OVERLAY;
    const char *filter = pane == ui_view_pane(view) ? view->filter : NULL;
    *count = 0;
    for (size_t i = 0; i < total; i++)
        if (ui_page_shows(page, i, faults, filter))
            lines[(*count)++] = i;
    return lines;
}

const struct ui_line *ui_view_cursor(struct ui_view *view, enum ui_pane_id pane)
{
    size_t count, *lines = ui_view_lines(view, pane, &count);
    size_t at = view->scroll[pane].cursor;
    const struct ui_line *line =
        count ? &view->pages[pane]->lines[lines[at < count ? at : count - 1]] : NULL;
    free(lines);
    return line;
}

/* ---- overlays and targets ---- */

static unsigned close_overlay(struct ui_view *view)
{
    view->over = UI_OVER_NONE;
    view->filter[0] = '\0';
    ui_view_stale(view);
    return UI_WANT_DRAW;
}

static unsigned open_overlay(struct ui_view *view, enum ui_overlay over)
{
    if (view->over == over)
        return close_overlay(view);
    view->over = over;
    view->filter[0] = '\0';
    view->scroll[UI_PANE_OVERLAY] = (struct ui_scroll){0};
    ui_view_stale(view);
    return UI_WANT_DRAW;
}

void ui_view_explain(struct ui_view *view, const char *cause, const char *runbook)
{
    free(view->explained);
    free(view->runbook);
    view->explained = ew_strdup(cause);
    view->runbook = ew_strdup(runbook);
    view->over = UI_OVER_NONE;
    open_overlay(view, UI_OVER_EXPLAIN);
}

static unsigned step_target(struct ui_view *view, int by)
{
    if (view->count < 2) {
        ui_view_notice(view, "there is one target only");
        return UI_WANT_DRAW;
    }
    view->current = (view->current + view->count + (size_t)(by + (int)view->count)) % view->count;
    view->steered = false;
    view->over = UI_OVER_NONE;
    memset(view->scroll, 0, sizeof(view->scroll));
    ui_view_stale(view);
    select_for_user(view);
    return UI_WANT_DRAW;
}

/* ---- what keys do wherever they are ---- */

static bool is_known(const struct ui_view *view, const struct ui_line *line)
{
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    return line && line->name && verdict && verdict->world &&
           ew_world_find(verdict->world, line->kind, line->ns, line->name);
}

/* The object of the line; where that was not read, of the first line below it that has one. */
static const struct ui_line *object_line(struct ui_view *view)
{
    const struct ui_page *page = ui_view_page(view, UI_PANE_DETAIL);
    const struct ui_line *line = ui_view_cursor(view, UI_PANE_DETAIL);
    const struct ui_line *end = page->lines + page->count;
    if (!line || view->focus == UI_PANE_CHAIN)
        line = page->lines;
    while (line && line < end && !is_known(view, line))
        line++;
    return line && line < end ? line : NULL;
}

static unsigned show_yaml(struct ui_view *view)
{
    if (view->over == UI_OVER_YAML)
        return close_overlay(view);
    const struct ui_line *line = object_line(view);
    if (!line) {
        ui_view_notice(view, "no object that was read is below this line");
        return UI_WANT_DRAW;
    }
    free(view->yaml_ns);
    free(view->yaml_name);
    view->yaml_kind = line->kind;
    view->yaml_ns = ew_strdup(line->ns);
    view->yaml_name = ew_strdup(line->name);
    return open_overlay(view, UI_OVER_YAML);
}

static unsigned copy_command(struct ui_view *view)
{
    const struct ui_line *line = ui_view_cursor(view, ui_view_pane(view));
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    const char *command = line ? line->command : NULL;
    if (!command && verdict)
        command = ui_verdict_command(verdict);
    free(view->wanted);
    /* Cleaned: what is pasted into a shell must be what was seen here, and one line. */
    view->wanted = command ? ew_text_cleaned(command) : NULL;
    if (command)
        return UI_WANT_COPY | UI_WANT_DRAW;
    ui_view_notice(view, "there is no command to copy");
    return UI_WANT_DRAW;
}

static const struct ew_finding *finding_by_id(const struct ew_verdict *verdict, const char *id)
{
    for (size_t i = 0; verdict && id && i < verdict->finding_count; i++)
        if (ew_streq(verdict->findings[i]->id, id))
            return verdict->findings[i];
    return NULL;
}

/* The finding that a key is about: of the line, else the leading one of the layer, else the root.
 */
static const struct ew_finding *finding_here(struct ui_view *view)
{
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    const struct ui_line *line = ui_view_cursor(view, UI_PANE_DETAIL);
    if (view->focus == UI_PANE_DETAIL && line && line->finding)
        return finding_by_id(verdict, line->finding);
    if (view->focus == UI_PANE_DETAIL && verdict && verdict->layers[view->layer].finding_count)
        return verdict->layers[view->layer].findings[0];
    return verdict ? verdict->named : NULL;
}

static unsigned open_runbook(struct ui_view *view)
{
    const struct ew_finding *finding = finding_here(view);
    free(view->wanted);
    view->wanted = finding ? ew_strdup(finding->cause->id) : NULL;
    if (finding)
        return UI_WANT_OPEN | UI_WANT_DRAW;
    ui_view_notice(view, "nothing is found that a runbook would speak of");
    return UI_WANT_DRAW;
}

/* Puts the cursor of the details on a finding of the selected layer. */
static void aim_at(struct ui_view *view, const struct ew_finding *finding)
{
    size_t count, *lines = ui_view_lines(view, UI_PANE_DETAIL, &count);
    for (size_t i = 0; i < count; i++) {
        const struct ui_line *line = &view->pages[UI_PANE_DETAIL]->lines[lines[i]];
        if (ew_streq(line->finding, finding->id)) {
            view->scroll[UI_PANE_DETAIL].cursor = i;
            break;
        }
    }
    free(lines);
}

static unsigned go_to_cause(struct ui_view *view)
{
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    const struct ew_finding *here = finding_here(view);
    const struct ew_finding *to = here ? finding_by_id(verdict, here->explained_by) : NULL;
    if (!to && verdict)
        to = verdict->named;
    if (!to) {
        ui_view_notice(view, "no cause is known%s",
                       verdict && verdict->status == EW_ST_OK ? ": all is well" : "");
        return UI_WANT_DRAW;
    }
    if (to == here && view->focus == UI_PANE_DETAIL && view->layer == to->cause->layer)
        ui_view_notice(view, "this is the cause");
    ui_view_select(view, to->cause->layer);
    ui_view_stale(view);
    view->steered = true;
    view->filter[0] = '\0';
    view->focus = UI_PANE_DETAIL;
    aim_at(view, to);
    return UI_WANT_DRAW;
}

static unsigned start_filter(struct ui_view *view)
{
    view->typing = true;
    view->filter[0] = '\0';
    view->scroll[ui_view_pane(view)] = (struct ui_scroll){0};
    return UI_WANT_DRAW;
}

static unsigned toggle_watch(struct ui_view *view)
{
    view->watching = !view->watching;
    if (view->watching)
        ui_view_notice(view, "walking again every %g s", view->watch_ms / 1000.0);
    else
        ui_view_notice(view, "not watching any more");
    return UI_WANT_WATCH | UI_WANT_DRAW;
}

static unsigned toggle_pause(struct ui_view *view)
{
    view->paused = !view->paused;
    ui_view_notice(view, view->paused ? "held: what is shown stays until you press it again"
                                      : "going on");
    return UI_WANT_PAUSE | UI_WANT_DRAW;
}

static unsigned close_or_clear(struct ui_view *view)
{
    if (view->filter[0]) {
        view->filter[0] = '\0';
        return UI_WANT_DRAW;
    }
    if (view->over != UI_OVER_NONE)
        return close_overlay(view);
    if (view->focus == UI_PANE_DETAIL)
        view->focus = UI_PANE_CHAIN;
    ui_view_stale(view);
    return UI_WANT_DRAW;
}

static unsigned set_focus(struct ui_view *view, enum ui_pane_id pane)
{
    view->filter[0] = '\0';
    view->focus = pane;
    ui_view_stale(view);
    return UI_WANT_DRAW;
}

static unsigned toggle_faults(struct ui_view *view)
{
    view->faults = !view->faults;
    view->scroll[UI_PANE_CHAIN].top = view->scroll[UI_PANE_DETAIL].top = 0;
    ui_view_notice(view, view->faults ? "faults only" : "everything");
    return UI_WANT_DRAW;
}

static unsigned act_everywhere(struct ui_view *view, enum ui_action action)
{
    switch (action) {
    case UI_DO_HELP:
        return open_overlay(view, UI_OVER_HELP);
    case UI_DO_YAML:
        return show_yaml(view);
    case UI_DO_COPY:
        return copy_command(view);
    case UI_DO_RUNBOOK:
        return open_runbook(view);
    case UI_DO_CAUSE:
        return go_to_cause(view);
    case UI_DO_FILTER:
        return start_filter(view);
    case UI_DO_FAULTS:
        return toggle_faults(view);
    case UI_DO_WATCH:
        return toggle_watch(view);
    case UI_DO_PAUSE:
        return toggle_pause(view);
    case UI_DO_AGAIN:
        return UI_WANT_AGAIN | UI_WANT_DRAW;
    case UI_DO_CLOSE:
        return close_or_clear(view);
    case UI_DO_LEFT:
        return set_focus(view, UI_PANE_CHAIN);
    case UI_DO_RIGHT:
        return set_focus(view, UI_PANE_DETAIL);
    case UI_DO_FOCUS_NEXT:
        return set_focus(view, view->focus == UI_PANE_CHAIN ? UI_PANE_DETAIL : UI_PANE_CHAIN);
    case UI_DO_PREV_TARGET:
        return step_target(view, -1);
    case UI_DO_NEXT_TARGET:
        return step_target(view, 1);
    case UI_DO_REDRAW:
        return UI_WANT_REDRAW | UI_WANT_DRAW;
    case UI_DO_REPORT:
        return UI_WANT_QUIT | UI_WANT_REPORT;
    case UI_DO_QUIT:
        return view->over != UI_OVER_NONE ? close_overlay(view) : UI_WANT_QUIT;
    default:
        return 0;
    }
}

/* ---- keys ---- */

static void drop_character(char *text)
{
    size_t len = strlen(text);
    while (len && ((unsigned char)text[--len] & 0xc0) == 0x80)
        continue;
    text[len] = '\0';
}

static unsigned type_key(struct ui_view *view, uint32_t key)
{
    size_t len = strlen(view->filter);
    struct ew_buf utf8;
    if (key == UI_K_ESC)
        view->filter[0] = '\0';
    if (key == UI_K_ESC || key == UI_K_ENTER) {
        view->typing = false;
        return UI_WANT_DRAW;
    }
    if (key == UI_K_BACKSPACE || key == 0x7f || key == 8) {
        drop_character(view->filter);
        return UI_WANT_DRAW;
    }
    if (key < ' ' || key >= UI_K_NONE || ew_char_width(key) < 1)
        return 0;
    ew_buf_init(&utf8, 8);
    ui_utf8_add(&utf8, key);
    if (len + utf8.len < sizeof(view->filter))
        memcpy(view->filter + len, ew_buf_text(&utf8), utf8.len + 1);
    ew_buf_release(&utf8);
    return UI_WANT_DRAW;
}

unsigned ui_view_key(struct ui_view *view, uint32_t key)
{
    ew_buf_clear(&view->notice);
    if (view->typing)
        return type_key(view, key);
    const struct ui_pane *pane = ui_pane_row(ui_view_pane(view));
    enum ui_action action = ui_keymap_find(&view->keymap, key, pane->where);
    if (action == UI_DO_NOTHING)
        return UI_WANT_DRAW; /* the notice is gone */
    unsigned wants = pane->act(view, action);
    return wants ? wants : act_everywhere(view, action);
}

static bool is_inside(struct ui_rect area, int row, int col)
{
    return row >= area.row && row < area.row + area.rows && col >= area.col &&
           col < area.col + area.cols;
}

unsigned ui_view_mouse(struct ui_view *view, enum ui_mouse what, int row, int col)
{
    for (int pane = 0; pane < UI_PANE_COUNT; pane++) {
        struct ui_rect area = view->areas[pane];
        bool over = view->over != UI_OVER_NONE;
        if (!is_inside(area, row, col) || over != (pane == UI_PANE_OVERLAY))
            continue;
        if (!over && view->focus != (enum ui_pane_id)pane)
            set_focus(view, (enum ui_pane_id)pane);
        if (what == UI_MOUSE_CLICK) {
            view->scroll[pane].cursor = view->scroll[pane].top + (size_t)(row - area.row);
            return ui_pane_row((enum ui_pane_id)pane)->act(view, UI_DO_NOTHING) | UI_WANT_DRAW;
        }
        enum ui_action step = what == UI_MOUSE_UP ? UI_DO_UP : UI_DO_DOWN;
        unsigned wants = 0;
        for (int i = 0; i < 3; i++)
            wants |= ui_pane_row((enum ui_pane_id)pane)->act(view, step);
        return wants;
    }
    return 0;
}
