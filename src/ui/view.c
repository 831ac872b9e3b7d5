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

void ui_view_select_for_user(struct ui_view *view)
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
        ui_view_select_for_user(view);
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
    return wants ? wants : ui_view_act(view, action);
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
            ui_view_focus(view, (enum ui_pane_id)pane);
        if (what == UI_MOUSE_CLICK) {
            view->scroll[pane].cursor = view->scroll[pane].top + (size_t)(row - area.row);
            return ui_pane_row((enum ui_pane_id)pane)->act(view, UI_DO_NOTHING) | UI_WANT_DRAW;
        }
        enum ui_action step = what == UI_MOUSE_UP ? UI_DO_UP : UI_DO_DOWN;
        unsigned wants = 0;
        if (pane != UI_PANE_CHAIN) /* there the cursor is what is looked at */
            return ui_view_wheel(view, (enum ui_pane_id)pane, what == UI_MOUSE_UP ? -3 : 3);
        for (int i = 0; i < 3; i++)
            wants |= ui_pane_row((enum ui_pane_id)pane)->act(view, step);
        return wants;
    }
    return 0;
}
