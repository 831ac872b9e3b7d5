/* A page: lines of styled text that a pane shows, scrolls and filters. Text from outside is cleaned
 * here, once. A page owns all its memory and holds no pointer into a verdict. */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include "canvas.h"

#include "edgewalk/object.h"

struct ui_span {
    const char *text; /* cleaned */
    int cols;
    enum ui_style style;
};

struct ui_line {
    struct ui_span *spans;
    size_t count, cap;
    int cols;
    const struct ui_span *right; /* NULL: nothing at the right edge */
    int head;                    /* 1 opens a section, 2 a table; up to the next of its kind */
    bool fault;                  /* what ! leaves */
    int layer;                   /* that the line stands for; -1: none */
    const char *finding;         /* id of the finding it belongs to; NULL */
    const char *command;         /* to copy; NULL */
    enum ew_kind kind;           /* the object it is about, when name is not NULL */
    const char *ns, *name;
};

struct ui_page {
    struct ew_arena *arena;
    int cols; /* width that it is made for */
    const char *title;
    struct ui_line *lines;
    size_t count, cap;
    /* what new lines are born with: set by ui_page_about and ui_page_finding */
    enum ew_kind kind;
    const char *ns, *name, *finding;
};

struct ui_page *ui_page_new(int cols);
void ui_page_free(struct ui_page *page); /* NULL is allowed */

void ui_page_title(struct ui_page *page, const char *format, ...) EW_PRINTF(2, 3);
/* Lines that follow are about this object; NULL: about none. */
void ui_page_about(struct ui_page *page, const struct ew_obj *obj);
void ui_page_about_name(struct ui_page *page, enum ew_kind kind, const char *ns, const char *name);
void ui_page_finding(struct ui_page *page, const char *id); /* NULL: none */

/* A new, empty line; valid until the next one. */
struct ui_line *ui_page_line(struct ui_page *page);
void ui_page_blank(struct ui_page *page);
/* A section: a blank line before it unless it is the first, then its name, on as many lines as it
 * needs. */
void ui_page_section(struct ui_page *page, const char *format, ...) EW_PRINTF(2, 3);
/* Adds to the last line. */
void ui_page_add(struct ui_page *page, enum ui_style style, const char *format, ...)
    EW_PRINTF(3, 4);
/* At the right edge of the last line. */
void ui_page_right(struct ui_page *page, enum ui_style style, const char *format, ...)
    EW_PRINTF(3, 4);
/* Text over as many lines as it needs, broken between words; first is what the first line begins
 * with (may be ""), others begin as many blanks further in. */
void ui_page_wrap(struct ui_page *page, enum ui_style style, const char *first, const char *text);
/* The same behind a label in a style of its own. */
void ui_page_label(struct ui_page *page, enum ui_style label_style, const char *label,
                   enum ui_style style, const char *text);
/* "name  value" with the name padded to 12 columns. */
void ui_page_pair(struct ui_page *page, const char *name, enum ui_style style, const char *format,
                  ...) EW_PRINTF(4, 5);
/* Adds a bar of that many columns to the last line, share (0 to 1) of it full. */
void ui_page_bar(struct ui_page *page, enum ui_style style, int cols, double share);
/* Text as it is, a line a line. */
void ui_page_text(struct ui_page *page, enum ui_style style, const char *text, size_t len);

char *ui_page_clean(struct ui_page *page, const char *text, size_t len); /* the page's memory */

/* Whether a line is to be shown: faults only, and a text to be found (ASCII case ignored; NULL or
 * "": any). Heads stay where a line below them stays. */
bool ui_page_shows(const struct ui_page *page, size_t line, bool faults, const char *filter);
/* Draws one line. */
void ui_line_draw(const struct ui_line *line, struct ui_canvas *canvas, int row, int col, int cols);

#endif
