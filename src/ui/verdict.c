/* The verdict bar: what is broken in a sentence, and what to do next. And the help. */
#include "view.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOMY = 24, FAIR = 20 };

int ui_verdict_rows(const struct ui_view *view)
{
    return view->rows >= ROOMY ? 4 : view->rows >= FAIR ? 3 : 2;
}

const char *ui_verdict_command(const struct ew_verdict *verdict)
{
    const struct ew_finding *named = verdict->named;
    for (size_t i = 0; named && i < named->step_count; i++)
        if (named->steps[i].command)
            return named->steps[i].command;
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
    const char *command = ui_verdict_command(verdict);
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

/* Text over several rows of the canvas: a page makes the breaks between words. */
static int put_wrapped(struct ui_canvas *canvas, struct ui_rect area, int rows, const char *text)
{
    struct ui_page *page = ui_page_new(area.cols);
    ui_page_wrap(page, UI_TEXT, "", text);
    int used = 0;
    for (size_t i = 0; i < page->count && used < rows; i++, used++) {
        bool cut = used + 1 == rows && i + 1 < page->count;
        ui_line_draw(&page->lines[i], canvas, area.row + used, area.col, area.cols);
        if (cut)
            ui_canvas_put(canvas, area.row + used, area.col + area.cols - 1, 1, UI_DIM, "…");
    }
    ui_page_free(page);
    return used;
}

void ui_verdict_draw(struct ui_view *view, struct ui_canvas *canvas, struct ui_rect area)
{
    const struct ui_subject *subject = ui_view_subject(view);
    struct label label = label_of(subject);
    char *text = sentence(subject), *next = next_step(subject->verdict);
    char *clean = next ? ew_text_cleaned(next) : NULL;
    char word[16];
    snprintf(word, sizeof(word), " %s ", label.word);
    int col = ui_canvas_put(canvas, area.row, area.col, 12, label.style, word) + 1;
    struct ui_rect room = {area.row, col, area.rows, area.cols - col - 1};
    put_wrapped(canvas, room, clean ? area.rows - 1 : area.rows, text);
    if (clean) {
        int row = area.row + area.rows - 1;
        bool step = subject->verdict->named != NULL;
        ui_canvas_put(canvas, row, area.col, 8, UI_DIM, step ? " next" : " note");
        ui_canvas_put_cut(canvas, row, 7, area.cols - 8, step ? UI_COMMAND : UI_UNKNOWN, clean);
    }
    free(text);
    free(next);
    free(clean);
}

/* ---- help ---- */

static void put_keys(struct ui_page *page, const struct ui_view *view)
{
    ui_page_section(page, "keys");
    for (int action = 0; action < UI_ACTION_COUNT; action++) {
        struct ew_buf keys;
        ew_buf_init(&keys, 256);
        ui_keymap_names(&view->keymap, (enum ui_action)action, &keys);
        ui_page_line(page);
        ui_page_add(page, UI_KEY, "  %-14s", ew_buf_text(&keys));
        ui_page_add(page, UI_TEXT, "%s", ui_action_row((enum ui_action)action)->help);
        ew_buf_release(&keys);
    }
    ui_page_line(page);
    ui_page_add(page, UI_KEY, "  %-14s", "mouse");
    ui_page_add(page, UI_TEXT, "a click selects, the wheel scrolls");
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
        ui_page_line(page);
        ui_page_add(page, ui_status_style(marks[i]), "  %-14s", ui_status_mark(marks[i]));
        ui_page_add(page, UI_TEXT, "%s", ew_status_name(marks[i]));
    }
    ui_page_section(page, "layers, from the client to the application");
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++) {
        const struct ew_layer_row *row = ew_layer_row((enum ew_layer)layer);
        ui_page_line(page);
        ui_page_add(page, UI_NAME, "  %-14s", row->id);
        ui_page_add(page, UI_TEXT, "%s", row->question);
    }
    ui_page_section(page, "words in the chain");
    ui_page_wrap(page, UI_TEXT, "  FIRST         ",
                 "the first layer that fails, seen from the client");
    ui_page_wrap(page, UI_TEXT, "  ROOT          ",
                 "where the cause is: nothing else that fails explains it");
    ui_page_wrap(page, UI_TEXT, "  →layer        ", "fails because of something in that layer");
    return page;
}
