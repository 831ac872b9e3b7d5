/* A screen kept as data: cells with a character and a style by meaning. Everything is drawn here;
 * a terminal (term.h) or a test shows it. Rows and columns count from 0; what lies outside is not
 * drawn. */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include "style.h"

#include "edgewalk/base/buf.h"

/* ch 0 is the right half of the wide character before it. */
struct ui_cell {
    uint32_t ch;
    uint32_t marks[2]; /* combining characters over ch, 0: none; more than two are not kept */
    uint8_t style;     /* enum ui_style */
    bool selected;
};

struct ui_canvas {
    int rows, cols;
    bool ascii; /* only ASCII is stored: our own glyphs have a likeness, others become '?' */
    struct ui_cell *cells;
};

struct ui_rect {
    int row, col, rows, cols;
};

void ui_canvas_init(struct ui_canvas *canvas, int rows, int cols, bool ascii);
void ui_canvas_release(struct ui_canvas *canvas);
void ui_canvas_resize(struct ui_canvas *canvas, int rows, int cols); /* blank afterwards */
void ui_canvas_clear(struct ui_canvas *canvas);
/* NULL outside. */
struct ui_cell *ui_canvas_at(struct ui_canvas *canvas, int row, int col);
bool ui_cell_equal(const struct ui_cell *a, const struct ui_cell *b);

/* Text that ui_page or ew_text_clean has cleaned, at most cols columns of it; returns the columns
 * taken. A wide character that would not fit whole is left out. */
int ui_canvas_put(struct ui_canvas *canvas, int row, int col, int cols, enum ui_style style,
                  const char *text);
/* The same, an ellipsis in the last column where the text is longer. */
int ui_canvas_put_cut(struct ui_canvas *canvas, int row, int col, int cols, enum ui_style style,
                      const char *text);
void ui_canvas_fill(struct ui_canvas *canvas, struct ui_rect area, enum ui_style style,
                    uint32_t ch);
void ui_canvas_select(struct ui_canvas *canvas, int row, int col, int cols);

/* The text of the screen, a line a row, blanks at the ends left out: for tests and pipes. */
void ui_canvas_text(const struct ui_canvas *canvas, struct ew_buf *out);
/* The same of the styles: a letter a cell (ui_style_letter), '#' where selected. */
void ui_canvas_styles(const struct ui_canvas *canvas, struct ew_buf *out);

/* Adds a character as UTF-8. */
void ui_utf8_add(struct ew_buf *out, uint32_t ch);

#endif
