/* The chain: a line a layer. Also groups that are no layers of it, where they have something to
 * say. */
#include "view.h"

#include "edgewalk/base/text.h"

#include <string.h>

enum { NAME_COLS = 10, SUMMARY_FROM = 30 };

/* Whether the layer fails only because another does: all its failing findings are explained, or it
 * has none (an answer that the root accounts for). first: of its failing findings; NULL when none.
 */
static bool is_echo(const struct ew_verdict *verdict, enum ew_layer layer,
                    const struct ew_finding **first)
{
    const struct ew_layer_result *result = &verdict->layers[layer];
    *first = NULL;
    if (result->status != EW_ST_FAIL || !verdict->named || verdict->layer == (int)layer)
        return false;
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct ew_finding *finding = result->findings[i];
        if (finding->severity != EW_SEV_FAIL)
            continue;
        if (!finding->explained_by)
            return false;
        *first = *first ? *first : finding;
    }
    return true;
}

static bool is_symptom(const struct ew_verdict *verdict, const struct ew_finding *finding)
{
    for (size_t i = 0; i < verdict->symptom_count; i++)
        if (verdict->symptoms[i] == finding)
            return true;
    return false;
}

/* The layer that an echo comes from: of the root when it is a symptom of it, else of its explainer.
 */
static enum ew_layer echo_source(const struct ew_verdict *verdict, const struct ew_finding *echo)
{
    for (size_t i = 0; echo && !is_symptom(verdict, echo) && i < verdict->finding_count; i++)
        if (ew_streq(verdict->findings[i]->id, echo->explained_by))
            return verdict->findings[i]->cause->layer;
    return (enum ew_layer)verdict->layer;
}

static bool is_root(const struct ew_verdict *verdict, enum ew_layer layer)
{
    return verdict->status == EW_ST_FAIL && verdict->layer == (int)layer;
}

/* How long it took, where the summary leaves room for it. */
static void put_time(struct ui_page *page, double ms)
{
    const char *text = ui_ms(page, ms);
    if (page->lines[page->count - 1].cols + 1 + (int)strlen(text) <= page->cols)
        ui_page_right(page, UI_DIM, "%s", text);
}

static void put_tag(struct ui_page *page, const struct ew_verdict *verdict, enum ew_layer layer)
{
    const struct ew_finding *echo;
    bool first = verdict->first_failing == (int)layer, wide = page->cols >= SUMMARY_FROM;
    if (is_root(verdict, layer))
        ui_page_right(page, UI_ROOT, " ROOT ");
    else if (is_echo(verdict, layer, &echo) && echo_source(verdict, echo) != layer)
        ui_page_right(page, first ? UI_FAIL : UI_ECHO, "%s→%s", first && wide ? "FIRST" : "",
                      ew_layer_row(echo_source(verdict, echo))->id);
    else if (first)
        ui_page_right(page, UI_FAIL, "FIRST");
    else if (wide)
        put_time(page, verdict->layers[layer].elapsed_ms);
}

static const char *summary_of(const struct ui_view *view, const struct ew_layer_result *result)
{
    bool running = ui_view_subject(view)->running;
    if (result->status == EW_ST_PENDING)
        return running ? "…" : "";
    if (result->summary && *result->summary)
        return result->summary;
    return result->status == EW_ST_NOT_REACHED ? "not reached"
           : result->status == EW_ST_SKIPPED   ? "skipped"
                                               : "";
}

static enum ui_style row_style(const struct ew_verdict *verdict, enum ew_layer layer)
{
    const struct ew_finding *echo;
    if (is_echo(verdict, layer, &echo))
        return UI_ECHO;
    return ui_status_style(verdict->layers[layer].status);
}

static void put_layer(struct ui_page *page, const struct ui_view *view,
                      const struct ew_verdict *verdict, enum ew_layer layer)
{
    const struct ew_layer_result *result = &verdict->layers[layer];
    bool pending = result->status == EW_ST_PENDING && ui_view_subject(view)->running;
    bool quiet = result->status >= EW_ST_NOT_REACHED;
    struct ui_line *line = ui_page_line(page);
    line->layer = (int)layer;
    line->fault = result->status == EW_ST_FAIL || result->status == EW_ST_WARN ||
                  result->status == EW_ST_UNKNOWN;
    ui_page_add(page, UI_TEXT, "%s", view->layer == layer ? "▶" : " ");
    ui_page_add(page, row_style(verdict, layer), "%s ",
                pending ? ui_view_spinner(view) : ui_status_mark(result->status));
    ui_page_add(page, quiet ? UI_DIM : row_style(verdict, layer), "%s", ew_layer_row(layer)->id);
    if (page->cols >= SUMMARY_FROM)
        ui_page_add(page, quiet || row_style(verdict, layer) == UI_ECHO ? UI_DIM : UI_TEXT, "%*s%s",
                    NAME_COLS + 1 - (int)strlen(ew_layer_row(layer)->id), "",
                    summary_of(view, result));
    put_tag(page, verdict, layer);
}

static bool has_to_say(const struct ew_layer_result *group)
{
    return group->finding_count > 0 || group->status == EW_ST_FAIL || group->status == EW_ST_WARN ||
           group->status == EW_ST_UNKNOWN;
}

struct ui_page *ui_chain_page(const struct ui_view *view, int cols)
{
    struct ui_page *page = ui_page_new(cols);
    const struct ui_subject *subject = ui_view_subject(view);
    ui_page_title(page, "chain");
    if (!subject->verdict) {
        if (subject->error)
            ui_page_wrap(page, UI_FAIL, " ", subject->error);
        return page;
    }
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++) {
        const struct ew_layer_result *result = &subject->verdict->layers[layer];
        bool group = ew_layer_row((enum ew_layer)layer)->exit_status == 0;
        if (!group || has_to_say(result) || (int)view->layer == layer)
            put_layer(page, view, subject->verdict, (enum ew_layer)layer);
    }
    return page;
}
