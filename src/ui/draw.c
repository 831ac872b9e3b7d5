/* The screen around the panes: the bar at the top, the lines, the verdict, the hints. */
#include "view.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int cols_of(const char *text)
{
    return (int)ew_text_width(text, strlen(text));
}

/* ---- the bar ---- */

static void clock_text(const struct ew_verdict *verdict, char out[16])
{
    const struct ew_snapshot *snapshot =
        verdict && verdict->world ? ew_world_snapshot(verdict->world) : NULL;
    time_t seconds = snapshot ? (time_t)(ew_snapshot_started(snapshot) / 1000) : 0;
    struct tm local;
    out[0] = '\0';
    if (seconds && localtime_r(&seconds, &local))
        strftime(out, 16, "%H:%M:%S", &local);
}

static const char *context_of(const struct ew_verdict *verdict)
{
    const struct ew_snapshot *snapshot =
        verdict && verdict->world ? ew_world_snapshot(verdict->world) : NULL;
    return snapshot ? ew_json_get_str(ew_snapshot_vantage(snapshot), "context", "") : "";
}

static void elapsed_text(const struct ui_subject *subject, struct ew_buf *out)
{
    double ms = subject->elapsed_ms;
    if (!subject->running && subject->verdict && subject->verdict->world)
        ms = ew_snapshot_elapsed(ew_world_snapshot(subject->verdict->world));
    if (ms >= 999.5 || subject->running)
        ew_buf_addf(out, "%.1f s", ms / 1000);
    else if (ms > 0)
        ew_buf_addf(out, "%.0f ms", ms);
}

static char *bar_right(const struct ui_view *view)
{
    const struct ui_subject *subject = ui_view_subject(view);
    struct ew_buf out;
    char when[16];
    clock_text(subject->verdict, when);
    ew_buf_init(&out, 512);
    if (view->paused)
        ew_buf_adds(&out, "HELD  ");
    if (view->watching)
        ew_buf_addf(&out, "every %g s  ", view->watch_ms / 1000.0);
    ew_text_clean(&out, context_of(subject->verdict), strlen(context_of(subject->verdict)), 24);
    ew_buf_addf(&out, "%s%s  ", out.len ? "  " : "", when);
    elapsed_text(subject, &out);
    if (subject->running)
        ew_buf_addf(&out, " %s", ui_view_spinner(view));
    return ew_buf_take(&out);
}

static void draw_bar(const struct ui_view *view, struct ui_canvas *canvas)
{
    const struct ui_subject *subject = ui_view_subject(view);
    char *right = bar_right(view), *url = ew_text_cleaned(subject->url);
    int right_cols = right ? cols_of(right) : 0;
    int col = 1 + ui_canvas_put(canvas, 0, 1, 10, UI_FOCUS, "edgewalk") + 2;
    if (view->count > 1) {
        char place[32];
        snprintf(place, sizeof(place), "%zu/%zu ", view->current + 1, view->count);
        col += ui_canvas_put(canvas, 0, col, 12, UI_KEY, place);
    }
    ui_canvas_put_cut(canvas, 0, col, view->cols - col - right_cols - 3, UI_BAR, url);
    if (right)
        ui_canvas_put(canvas, 0, view->cols - right_cols - 1, right_cols, UI_DIM, right);
    free(right);
    free(url);
}

/* ---- lines and titles ---- */

static void draw_title(struct ui_view *view, struct ui_canvas *canvas, enum ui_pane_id pane)
{
    struct ui_rect area = view->areas[pane];
    if (!area.rows)
        return;
    bool focus = ui_view_pane(view) == pane;
    const char *title = ui_view_page(view, pane)->title;
    struct ew_buf text;
    ew_buf_init(&text, 1024);
    ew_buf_addf(&text, " %s%s%s ", focus ? "▸ " : "", title,
                view->faults && pane != UI_PANE_OVERLAY ? " · faults only" : "");
    if (focus && view->filter[0] && !view->typing)
        ew_buf_addf(&text, "· only \"%s\" ", view->filter);
    ui_canvas_put_cut(canvas, area.row - 1, area.col + 1, area.cols - 2,
                      focus ? UI_FOCUS : UI_TITLE, ew_buf_text(&text));
    ew_buf_release(&text);
}

static void draw_lines(struct ui_view *view, struct ui_canvas *canvas)
{
    struct ui_rect chain = view->areas[UI_PANE_CHAIN], detail = view->areas[UI_PANE_DETAIL];
    struct ui_rect any = chain.rows ? chain : detail.rows ? detail : view->areas[UI_PANE_OVERLAY];
    struct ui_rect top = {1, 0, 1, view->cols}, bottom = {any.row + any.rows, 0, 1, view->cols};
    ui_canvas_fill(canvas, top, UI_FRAME, 0x2500);
    ui_canvas_fill(canvas, bottom, UI_FRAME, 0x2500);
    if (chain.rows && detail.rows) {
        struct ui_rect between = {chain.row, chain.cols, chain.rows, 1};
        ui_canvas_fill(canvas, between, UI_FRAME, 0x2502);
        ui_canvas_put(canvas, top.row, chain.cols, 1, UI_FRAME, "┬");
        ui_canvas_put(canvas, bottom.row, chain.cols, 1, UI_FRAME, "┴");
    }
    for (int pane = 0; pane < UI_PANE_COUNT; pane++)
        draw_title(view, canvas, (enum ui_pane_id)pane);
}

/* ---- hints ---- */

/* Puts a hint where it ends before a column; where the next one may stand. */
static int draw_hint(const struct ui_view *view, struct ui_canvas *canvas, int col, int end,
                     enum ui_action action)
{
    bool closes = action == UI_DO_QUIT && view->over != UI_OVER_NONE;
    const char *hint = closes ? "close" : ui_action_row(action)->hint;
    struct ew_buf key;
    ew_buf_init(&key, 64);
    if (view->keymap.keys[action][0])
        ui_key_name(view->keymap.keys[action][0], &key);
    int cols = cols_of(ew_buf_text(&key)) + 1 + cols_of(hint);
    if (key.len && col + cols <= end) {
        int used = ui_canvas_put(canvas, view->rows - 1, col, cols, UI_KEY, ew_buf_text(&key));
        ui_canvas_put(canvas, view->rows - 1, col + used + 1, cols, UI_DIM, hint);
        col += cols + 2;
    }
    ew_buf_release(&key);
    return col;
}

/* How to leave is never left out: it comes first where it closes what is open, else last. */
static void draw_action_hints(const struct ui_view *view, struct ui_canvas *canvas)
{
    enum { QUIT_COLS = 8 };
    unsigned where = ui_pane_row(ui_view_pane(view))->where;
    bool over = view->over != UI_OVER_NONE;
    int col = over ? draw_hint(view, canvas, 1, view->cols, UI_DO_QUIT) : 1;
    int end = over ? view->cols : view->cols - QUIT_COLS;
    for (int action = 0; action < UI_ACTION_COUNT; action++)
        if (action != UI_DO_QUIT && *ui_action_row((enum ui_action)action)->hint &&
            (ui_action_row((enum ui_action)action)->where & where))
            col = draw_hint(view, canvas, col, end, (enum ui_action)action);
    if (!over)
        draw_hint(view, canvas, col, view->cols, UI_DO_QUIT);
}

static void draw_hints(const struct ui_view *view, struct ui_canvas *canvas)
{
    int row = view->rows - 1;
    if (view->typing) {
        int col = ui_canvas_put(canvas, row, 1, 2, UI_KEY, "/");
        col += ui_canvas_put(canvas, row, 1 + col, view->cols - 4, UI_TEXT, view->filter);
        ui_canvas_put(canvas, row, 1 + col, 1, UI_KEY, "_");
        return;
    }
    if (view->notice.len) {
        ui_canvas_put_cut(canvas, row, 1, view->cols - 2, UI_NOTICE, ew_buf_text(&view->notice));
        return;
    }
    draw_action_hints(view, canvas);
}

/* ---- all of it ---- */

static void draw_too_small(const struct ui_view *view, struct ui_canvas *canvas)
{
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    ui_canvas_put_cut(canvas, 0, 0, view->cols, UI_WARN, "edgewalk needs 60x15");
    ui_canvas_put_cut(canvas, 1, 0, view->cols, UI_DIM, "make the window larger; q leaves");
    if (verdict && verdict->named)
        ui_canvas_put_cut(canvas, 2, 0, view->cols, UI_FAIL, verdict->named->cause->id);
}

void ui_view_draw(struct ui_view *view, struct ui_canvas *canvas)
{
    ui_canvas_clear(canvas);
    if (!ui_view_layout(view)) {
        draw_too_small(view, canvas);
        return;
    }
    draw_bar(view, canvas);
    draw_lines(view, canvas);
    for (int pane = 0; pane < UI_PANE_COUNT; pane++)
        if (view->areas[pane].rows)
            ui_pane_row((enum ui_pane_id)pane)->draw(view, canvas, view->areas[pane]);
    int rows = ui_verdict_rows(view);
    ui_verdict_draw(view, canvas, (struct ui_rect){view->rows - 1 - rows, 0, rows, view->cols});
    draw_hints(view, canvas);
}
