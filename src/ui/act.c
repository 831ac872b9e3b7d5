/* What keys do, wherever they are pressed. */
#include "view.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

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
    ui_view_select_for_user(view);
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
    return verdict ? ui_verdict_leading(verdict) : NULL;
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
            view->scroll[UI_PANE_DETAIL] = (struct ui_scroll){i, i}; /* all of it in sight */
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
        to = ui_verdict_leading(verdict);
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

unsigned ui_view_focus(struct ui_view *view, enum ui_pane_id pane)
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

unsigned ui_view_act(struct ui_view *view, enum ui_action action)
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
        return ui_view_focus(view, UI_PANE_CHAIN);
    case UI_DO_RIGHT:
        return ui_view_focus(view, UI_PANE_DETAIL);
    case UI_DO_FOCUS_NEXT:
        return ui_view_focus(view, view->focus == UI_PANE_CHAIN ? UI_PANE_DETAIL : UI_PANE_CHAIN);
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
