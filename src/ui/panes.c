/* The panes: pages that scroll. Layout, and the table of panes at the end. */
#include "view.h"

#include <stdlib.h>

enum { SIDE_BY_SIDE = 76, FEWEST_ROWS = 15, FEWEST_COLS = 60, WIDE = 120, ASIDE = 20 };
/* A blank on either side of the text, and the column of the marks that say there is more. */
enum { MARGIN = 3 };

static const struct ui_pane panes[UI_PANE_COUNT];

const struct ui_pane *ui_pane_row(enum ui_pane_id pane)
{
    return &panes[pane];
}

/* ---- layout: a bar, the panes between two lines, the verdict, the hints ---- */

/* On a narrow screen the chain gives way to the details when they have the keys. */
static int chain_cols(const struct ui_view *view)
{
    int cols = view->cols;
    if (cols >= WIDE)
        return 44 + (cols - WIDE) / 4;
    return view->focus == UI_PANE_DETAIL ? ASIDE : 37 + (cols - SIDE_BY_SIDE) / 6;
}

bool ui_view_layout(struct ui_view *view)
{
    struct ui_rect none = {0};
    for (int pane = 0; pane < UI_PANE_COUNT; pane++)
        view->areas[pane] = none;
    if (view->rows < FEWEST_ROWS || view->cols < FEWEST_COLS)
        return false;
    int rows = view->rows - 4 - ui_verdict_rows(view), chain = chain_cols(view);
    struct ui_rect whole = {2, 0, rows, view->cols};
    if (view->over != UI_OVER_NONE)
        view->areas[UI_PANE_OVERLAY] = whole;
    else if (view->cols < SIDE_BY_SIDE)
        view->areas[view->focus] = whole;
    else {
        view->areas[UI_PANE_CHAIN] = (struct ui_rect){2, 0, rows, chain};
        view->areas[UI_PANE_DETAIL] = (struct ui_rect){2, chain + 1, rows, view->cols - chain - 1};
    }
    return true;
}

/* ---- pages that scroll ---- */

static void keep_in_sight(struct ui_scroll *scroll, size_t count, size_t rows)
{
    if (scroll->cursor >= count)
        scroll->cursor = count ? count - 1 : 0;
    if (scroll->cursor < scroll->top)
        scroll->top = scroll->cursor;
    if (rows && scroll->cursor >= scroll->top + rows)
        scroll->top = scroll->cursor - rows + 1;
    if (scroll->top + rows > count)
        scroll->top = count > rows ? count - rows : 0;
}

static void draw_more(struct ui_canvas *canvas, struct ui_rect area, size_t above, size_t below)
{
    int col = area.col + area.cols - 1;
    if (above)
        ui_canvas_put(canvas, area.row, col, 1, UI_KEY, "^");
    if (below)
        ui_canvas_put(canvas, area.row + area.rows - 1, col, 1, UI_KEY, "v");
}

static void draw_page(struct ui_view *view, struct ui_canvas *canvas, struct ui_rect area,
                      enum ui_pane_id pane, bool cursor)
{
    size_t count, *lines = ui_view_lines(view, pane, &count);
    const struct ui_page *page = ui_view_page(view, pane);
    struct ui_scroll *scroll = &view->scroll[pane];
    size_t rows = (size_t)area.rows;
    keep_in_sight(scroll, count, rows);
    for (size_t i = 0; i < rows && scroll->top + i < count; i++) {
        const struct ui_line *line = &page->lines[lines[scroll->top + i]];
        int row = area.row + (int)i;
        ui_line_draw(line, canvas, row, area.col, page->cols < area.cols ? page->cols : area.cols);
        if (cursor && scroll->top + i == scroll->cursor)
            ui_canvas_select(canvas, row, area.col, area.cols);
    }
    if (!count)
        ui_canvas_put_cut(canvas, area.row, area.col + 1, area.cols - 1, UI_DIM,
                          view->filter[0] ? "no line has this text" : "nothing here is at fault");
    draw_more(canvas, area, scroll->top, count > scroll->top + rows ? 1 : 0);
    free(lines);
}

static size_t moved(size_t at, long by, size_t count)
{
    long to = (long)at + by;
    if (to >= (long)count)
        to = (long)count - 1;
    return to < 0 ? 0 : (size_t)to;
}

/* The text moves and the cursor with it; drawing keeps both within the page. */
static unsigned shift(struct ui_scroll *scroll, size_t count, long by)
{
    scroll->cursor = moved(scroll->cursor, by, count);
    scroll->top = moved(scroll->top, by, count);
    return UI_WANT_DRAW;
}

unsigned ui_view_wheel(struct ui_view *view, enum ui_pane_id pane, long by)
{
    size_t count, *lines = ui_view_lines(view, pane, &count);
    free(lines);
    return shift(&view->scroll[pane], count, by);
}

static unsigned scroll_by(struct ui_view *view, enum ui_pane_id pane, enum ui_action action)
{
    size_t count, *lines = ui_view_lines(view, pane, &count);
    struct ui_scroll *scroll = &view->scroll[pane];
    int rows = view->areas[pane].rows;
    long by = rows > 1 ? rows - 1 : 1, to = (long)scroll->cursor;
    free(lines);
    switch (action) {
    case UI_DO_UP:
        to--;
        break;
    case UI_DO_DOWN:
        to++;
        break;
    case UI_DO_PAGE_UP:
        to -= by;
        break;
    case UI_DO_PAGE_DOWN:
        to += by;
        break;
    case UI_DO_HOME:
        to = 0;
        break;
    case UI_DO_END:
        to = (long)count;
        break;
    default:
        return 0;
    }
    if (action == UI_DO_PAGE_UP || action == UI_DO_PAGE_DOWN)
        return shift(scroll, count, to - (long)scroll->cursor);
    scroll->cursor = moved(0, to, count);
    return UI_WANT_DRAW;
}

/* ---- the chain: its cursor is the selected layer ---- */

static void cursor_from_layer(struct ui_view *view)
{
    size_t count, *lines = ui_view_lines(view, UI_PANE_CHAIN, &count);
    const struct ui_page *page = view->pages[UI_PANE_CHAIN];
    for (size_t i = 0; i < count; i++)
        if (page->lines[lines[i]].layer == (int)view->layer)
            view->scroll[UI_PANE_CHAIN].cursor = i;
    free(lines);
}

/* Where not all of it is in sight the last column is left to the marks. */
static struct ui_page *build_chain(const struct ui_view *view, int cols)
{
    enum { LAYERS_SHOWN = 11 };
    return ui_chain_page(view, view->areas[UI_PANE_CHAIN].rows < LAYERS_SHOWN ? cols - 1 : cols);
}

static unsigned act_chain(struct ui_view *view, enum ui_action action)
{
    if (action != UI_DO_NOTHING) /* a click has set the cursor itself */
        cursor_from_layer(view);
    unsigned wants = scroll_by(view, UI_PANE_CHAIN, action);
    const struct ui_line *line = ui_view_cursor(view, UI_PANE_CHAIN);
    if ((wants || action == UI_DO_NOTHING) && line && line->layer >= 0) {
        view->steered = true;
        ui_view_select(view, (enum ew_layer)line->layer);
        wants |= UI_WANT_DRAW;
    }
    return wants;
}

static void draw_chain(struct ui_view *view, struct ui_canvas *canvas, struct ui_rect area)
{
    cursor_from_layer(view);
    draw_page(view, canvas, area, UI_PANE_CHAIN, view->focus == UI_PANE_CHAIN);
}

/* ---- details ---- */

static struct ui_page *build_detail(const struct ui_view *view, int cols)
{
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    return verdict ? ui_detail_page(verdict, view->layer, cols - MARGIN) : ui_page_new(cols);
}

static void draw_detail(struct ui_view *view, struct ui_canvas *canvas, struct ui_rect area)
{
    struct ui_rect inner = {area.row, area.col + 1, area.rows, area.cols - 1};
    draw_page(view, canvas, inner, UI_PANE_DETAIL, view->focus == UI_PANE_DETAIL);
}

static unsigned act_detail(struct ui_view *view, enum ui_action action)
{
    return scroll_by(view, UI_PANE_DETAIL, action);
}

/* ---- what lies over them ---- */

static struct ui_page *build_overlay(const struct ui_view *view, int cols)
{
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    struct ui_page *page = NULL;
    if (view->over == UI_OVER_HELP)
        page = ui_help_page(view, cols - MARGIN);
    if (view->over == UI_OVER_EXPLAIN)
        page = ui_explain_page(view->explained, view->runbook, cols - MARGIN);
    if (view->over == UI_OVER_YAML && verdict)
        page =
            ui_yaml_page(verdict, view->yaml_kind, view->yaml_ns, view->yaml_name, cols - MARGIN);
    if (page)
        return page;
    page = ui_page_new(cols);
    ui_page_wrap(page, UI_UNKNOWN, "", "This is not there any more.");
    return page;
}

static void draw_overlay(struct ui_view *view, struct ui_canvas *canvas, struct ui_rect area)
{
    struct ui_rect inner = {area.row, area.col + 1, area.rows, area.cols - 1};
    draw_page(view, canvas, inner, UI_PANE_OVERLAY, true);
}

static unsigned act_overlay(struct ui_view *view, enum ui_action action)
{
    return scroll_by(view, UI_PANE_OVERLAY, action);
}

static const struct ui_pane panes[UI_PANE_COUNT] = {
    [UI_PANE_CHAIN] = {"chain", UI_IN_CHAIN, 30, 10, build_chain, draw_chain, act_chain},
    [UI_PANE_DETAIL] = {"detail", UI_IN_DETAIL, 40, 10, build_detail, draw_detail, act_detail},
    [UI_PANE_OVERLAY] = {"overlay", UI_IN_OVERLAY, 40, 10, build_overlay, draw_overlay,
                         act_overlay},
};
