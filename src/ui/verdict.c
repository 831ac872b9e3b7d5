/* The verdict bar: what is broken in a sentence, and what to do next. And the help. */
#include "view.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOMY = 24, FAIR = 20, NEXT_COL = 7 };

const struct ew_finding *ui_verdict_leading(const struct ew_verdict *verdict)
{
    for (size_t i = 0; !verdict->named && i < verdict->finding_count; i++)
        if (verdict->findings[i]->severity != EW_SEV_INFO)
            return verdict->findings[i];
    return verdict->named;
}

const char *ui_verdict_command(const struct ew_verdict *verdict)
{
    const struct ew_finding *leading = ui_verdict_leading(verdict);
    for (size_t i = 0; leading && i < leading->step_count; i++)
        if (leading->steps[i].command)
            return leading->steps[i].command;
    return NULL;
}

struct label {
    const char *word;
    enum ui_style style;
};

static struct label label_of(const struct ui_subject *subject)
{
    static const struct label labels[] = {
        [EW_ST_OK] = {"OK", UI_OK},
        [EW_ST_WARN] = {"WARN", UI_WARN},
        [EW_ST_FAIL] = {"ROOT", UI_ROOT},
        [EW_ST_UNKNOWN] = {"UNDECIDED", UI_UNKNOWN},
        [EW_ST_NOT_REACHED] = {"UNDECIDED", UI_UNKNOWN},
        [EW_ST_SKIPPED] = {"UNDECIDED", UI_UNKNOWN},
        [EW_ST_PENDING] = {"WALKING", UI_DIM},
    };
    if (!subject->verdict)
        return (struct label){subject->error ? "ERROR" : "WALKING",
                              subject->error ? UI_FAIL : UI_DIM};
    return labels[subject->verdict->status];
}

/* The layers that are still looked at, while the walk runs. */
static char *waiting_for(const struct ew_verdict *verdict)
{
    struct ew_buf out;
    ew_buf_init(&out, 512);
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++)
        if (verdict->layers[layer].status == EW_ST_PENDING &&
            ew_layer_row((enum ew_layer)layer)->exit_status)
            ew_buf_addf(&out, "%s%s", out.len ? ", " : "looking at ",
                        ew_layer_row((enum ew_layer)layer)->id);
    if (!out.len)
        ew_buf_adds(&out, "looking");
    return ew_buf_take(&out);
}

static char *sentence(const struct ui_subject *subject)
{
    const struct ew_verdict *verdict = subject->verdict;
    if (!verdict)
        return ew_strdup(subject->error ? subject->error : "");
    if (verdict->status == EW_ST_PENDING)
        return waiting_for(verdict);
    const char *summary = verdict->summary ? verdict->summary : "";
    if (verdict->named && !strstr(summary, verdict->named->cause->id))
        return ew_fmt("%s: %s", verdict->named->cause->id, summary);
    return ew_strdup(summary);
}

static char *next_step(const struct ew_verdict *verdict)
{
    if (!verdict || verdict->status == EW_ST_PENDING)
        return NULL;
    const char *command = verdict->named ? ui_verdict_command(verdict) : NULL;
    if (command)
        return ew_strdup(command);
    if (verdict->named && verdict->named->step_count)
        return ew_strdup(verdict->named->steps[0].text);
    if (verdict->undecided_count)
        return ew_fmt("%s: %s (%s)",
                      verdict->status == EW_ST_OK ? "could not be seen" : "this would decide",
                      verdict->undecided[0].want, verdict->undecided[0].why);
    return NULL;
}

/* The bar on a screen of this width: a page makes the breaks between words. */
struct bar {
    struct label label;
    char word[16];
    int col;              /* where the sentence begins */
    struct ui_page *says; /* the sentence */
    struct ui_page *next; /* the step after it; NULL: none */
    bool step;            /* it is one, and not a note */
};

static struct ui_page *wrapped(const char *text, enum ui_style style, int cols)
{
    struct ui_page *page = ui_page_new(cols);
    ui_page_wrap(page, style, "", text);
    return page;
}

static struct bar bar_of(const struct ui_view *view)
{
    const struct ui_subject *subject = ui_view_subject(view);
    struct bar bar = {.label = label_of(subject)};
    char *text = sentence(subject), *next = next_step(subject->verdict);
    snprintf(bar.word, sizeof(bar.word), " %s ", bar.label.word);
    bar.col = (int)strlen(bar.word) + 1;
    bar.says = wrapped(text, UI_TEXT, view->cols - bar.col - 1);
    bar.step = subject->verdict && subject->verdict->named;
    if (next)
        bar.next = wrapped(next, bar.step ? UI_COMMAND : UI_UNKNOWN, view->cols - NEXT_COL - 1);
    free(text);
    free(next);
    return bar;
}

static void bar_release(struct bar *bar)
{
    ui_page_free(bar->says);
    ui_page_free(bar->next);
}

/* While the walk runs the bar keeps its height, so that nothing jumps; what it ends with is shown
 * whole where there is room. */
int ui_verdict_rows(const struct ui_view *view)
{
    const struct ew_verdict *verdict = ui_view_subject(view)->verdict;
    int least = view->rows >= ROOMY ? 4 : view->rows >= FAIR ? 3 : 2;
    int most = view->rows >= ROOMY ? 6 : view->rows >= FAIR ? 4 : least;
    if (!verdict || verdict->status == EW_ST_PENDING)
        return least;
    struct bar bar = bar_of(view);
    int wanted = (int)bar.says->count + (bar.next ? (int)bar.next->count : 0);
    bar_release(&bar);
    return wanted < least ? least : wanted > most ? most : wanted;
}

/* What is left of a text from a line on, as one. */
static char *rest_of(const struct ui_page *page, size_t from)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    for (; from < page->count; from++) {
        ew_buf_adds(&text, text.len ? " " : "");
        for (size_t i = 0; i < page->lines[from].count; i++)
            ew_buf_adds(&text, page->lines[from].spans[i].text);
    }
    return ew_buf_take(&text);
}

static void put_lines(struct ui_canvas *canvas, const struct ui_page *page, struct ui_rect area,
                      enum ui_style style)
{
    size_t last = (size_t)area.rows - 1;
    for (size_t i = 0; i <= last && i < page->count; i++)
        ui_line_draw(&page->lines[i], canvas, area.row + (int)i, area.col, area.cols);
    if (page->count <= last + 1)
        return;
    char *rest = rest_of(page, last);
    ui_canvas_put_cut(canvas, area.row + (int)last, area.col, area.cols, style, rest);
    free(rest);
}

void ui_verdict_draw(struct ui_view *view, struct ui_canvas *canvas, struct ui_rect area)
{
    struct bar bar = bar_of(view);
    int says = (int)bar.says->count, most = area.rows - (bar.next ? 1 : 0);
    says = says > most ? most : says;
    struct ui_rect room = {area.row, bar.col, says, view->cols - bar.col - 1};
    ui_canvas_put(canvas, area.row, area.col, bar.col, bar.label.style, bar.word);
    put_lines(canvas, bar.says, room, UI_TEXT);
    if (bar.next) {
        int rows = (int)bar.next->count, left = area.rows - says;
        rows = rows > left ? left : rows;
        room = (struct ui_rect){area.row + area.rows - rows, NEXT_COL, rows,
                                view->cols - NEXT_COL - 1};
        ui_canvas_put(canvas, room.row, area.col, NEXT_COL, UI_DIM, bar.step ? " next" : " note");
        put_lines(canvas, bar.next, room, bar.step ? UI_COMMAND : UI_UNKNOWN);
    }
    bar_release(&bar);
}

/* ---- help ---- */

static void put_help(struct ui_page *page, enum ui_style style, const char *word, const char *text)
{
    char label[64];
    snprintf(label, sizeof(label), "  %-14s", word);
    ui_page_label(page, style, label, UI_TEXT, text);
}

static void put_keys(struct ui_page *page, const struct ui_view *view)
{
    ui_page_section(page, "keys");
    for (int action = 0; action < UI_ACTION_COUNT; action++) {
        struct ew_buf keys;
        ew_buf_init(&keys, 256);
        ui_keymap_names(&view->keymap, (enum ui_action)action, &keys);
        put_help(page, UI_KEY, ew_buf_text(&keys), ui_action_row((enum ui_action)action)->help);
        ew_buf_release(&keys);
    }
    put_help(page, UI_KEY, "mouse", "a click selects, the wheel scrolls");
}

struct ui_page *ui_help_page(const struct ui_view *view, int cols)
{
    static const enum ew_status marks[] = {EW_ST_OK,      EW_ST_WARN,        EW_ST_FAIL,
                                           EW_ST_UNKNOWN, EW_ST_NOT_REACHED, EW_ST_SKIPPED};
    struct ui_page *page = ui_page_new(cols);
    ui_page_title(page, "help");
    put_keys(page, view);
    ui_page_section(page, "marks");
    for (size_t i = 0; i < EW_COUNT(marks); i++) {
        char label[32];
        snprintf(label, sizeof(label), "  %s             ", ui_status_mark(marks[i]));
        ui_page_label(page, ui_status_style(marks[i]), label, UI_TEXT, ew_status_name(marks[i]));
    }
    ui_page_section(page, "layers, from the client to the application");
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++) {
        const struct ew_layer_row *row = ew_layer_row((enum ew_layer)layer);
        put_help(page, UI_NAME, row->id, row->question);
    }
    ui_page_section(page, "words in the chain");
    put_help(page, UI_FAIL, "FIRST", "the first layer that fails, seen from the client");
    put_help(page, UI_FAIL, "ROOT", "where the cause is: nothing else that fails explains it");
    ui_page_label(page, UI_ECHO, "  →layer        ", UI_TEXT,
                  "fails because of something in that layer");
    return page;
}
