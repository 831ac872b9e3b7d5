#include "canvas.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

/* Our own glyphs and what stands for them where only ASCII can be shown. */
static const struct {
    uint32_t glyph;
    char ascii;
} likeness[] = {
    {0x2713, '+'},  /* ✓ */ {0x2717, 'x'}, /* ✗ */ {0x25b6, '>'}, /* ▶ */
    {0x25b8, '*'},  /* ▸ */ {0x00b7, '.'}, /* · */ {0x2190, '<'}, /* ← */
    {0x2192, '>'},  /* → */ {0x2026, '~'}, /* … */ {0x2500, '-'}, /* ─ */
    {0x2502, '|'},  /* │ */ {0x252c, '+'}, /* ┬ */ {0x2534, '+'}, /* ┴ */
    {0x2588, '#'},  /* █ */ {0x2591, '.'}, /* ░ */ {0x2581, '_'}, /* ▁ */
    {0x2014, '-'},  /* — */ {0x2013, '-'}, /* – */ {0x00d7, 'x'}, /* × */
    {0x2018, '\''}, {0x2019, '\''},        {0x201c, '"'},
    {0x201d, '"'},  {0x2022, '*'}, /* • */
};

static uint32_t to_ascii(uint32_t ch)
{
    if (ch < 0x80)
        return ch;
    for (size_t i = 0; i < EW_COUNT(likeness); i++)
        if (likeness[i].glyph == ch)
            return (unsigned char)likeness[i].ascii;
    return '?';
}

void ui_canvas_init(struct ui_canvas *canvas, int rows, int cols, bool ascii)
{
    memset(canvas, 0, sizeof(*canvas));
    canvas->ascii = ascii;
    ui_canvas_resize(canvas, rows, cols);
}

void ui_canvas_release(struct ui_canvas *canvas)
{
    free(canvas->cells);
    memset(canvas, 0, sizeof(*canvas));
}

void ui_canvas_resize(struct ui_canvas *canvas, int rows, int cols)
{
    canvas->rows = rows < 1 ? 1 : rows;
    canvas->cols = cols < 1 ? 1 : cols;
    free(canvas->cells);
    canvas->cells = ew_alloc((size_t)canvas->rows * (size_t)canvas->cols * sizeof(*canvas->cells));
    ui_canvas_clear(canvas);
}

void ui_canvas_clear(struct ui_canvas *canvas)
{
    size_t count = (size_t)canvas->rows * (size_t)canvas->cols;
    for (size_t i = 0; i < count; i++)
        canvas->cells[i] = (struct ui_cell){.ch = ' '};
}

struct ui_cell *ui_canvas_at(struct ui_canvas *canvas, int row, int col)
{
    if (row < 0 || col < 0 || row >= canvas->rows || col >= canvas->cols)
        return NULL;
    return &canvas->cells[(size_t)row * (size_t)canvas->cols + (size_t)col];
}

bool ui_cell_equal(const struct ui_cell *a, const struct ui_cell *b)
{
    return a->ch == b->ch && a->marks[0] == b->marks[0] && a->marks[1] == b->marks[1] &&
           a->style == b->style && a->selected == b->selected;
}

/* Overwriting one half of a wide character leaves no other half behind. */
static void set_cell(struct ui_canvas *canvas, int row, int col, enum ui_style style, uint32_t ch)
{
    struct ui_cell *cell = ui_canvas_at(canvas, row, col);
    struct ui_cell *before = ui_canvas_at(canvas, row, col - 1);
    struct ui_cell *after = ui_canvas_at(canvas, row, col + 1);
    if (!cell)
        return;
    if (cell->ch == 0 && ch != 0 && before)
        before->ch = ' ';
    if (cell->ch != 0 && after && after->ch == 0)
        after->ch = ' ';
    *cell = (struct ui_cell){.ch = ch, .style = (uint8_t)style};
}

static void add_mark(struct ui_cell *cell, uint32_t mark)
{
    if (!cell)
        return;
    uint32_t *slot = cell->marks[0] ? &cell->marks[1] : &cell->marks[0];
    if (!*slot)
        *slot = mark;
}

struct glyph {
    uint32_t ch;
    int width;
    size_t len; /* bytes */
};

static struct glyph next_glyph(const struct ui_canvas *canvas, const char *text, size_t len)
{
    struct glyph glyph = {.ch = '?', .width = 1, .len = 1};
    size_t bytes = ew_text_decode(text, len, &glyph.ch);
    if (!bytes)
        return (struct glyph){'?', 1, 1};
    glyph.len = bytes;
    glyph.width = ew_char_width(glyph.ch);
    if (canvas->ascii && glyph.width == 1)
        glyph.ch = to_ascii(glyph.ch);
    return glyph;
}

static void put_glyph(struct ui_canvas *canvas, int row, int col, enum ui_style style,
                      struct glyph glyph)
{
    bool wide = glyph.width == 2;
    set_cell(canvas, row, col, style, canvas->ascii && wide ? '?' : glyph.ch);
    if (wide)
        set_cell(canvas, row, col + 1, style, canvas->ascii ? '?' : 0);
}

int ui_canvas_put(struct ui_canvas *canvas, int row, int col, int cols, enum ui_style style,
                  const char *text)
{
    size_t left = strlen(text);
    int used = 0, last = -1;
    if (row < 0 || row >= canvas->rows || col < 0)
        return 0;
    if (cols > canvas->cols - col)
        cols = canvas->cols - col;
    while (left) {
        struct glyph glyph = next_glyph(canvas, text, left);
        if (used + glyph.width > cols)
            break;
        text += glyph.len;
        left -= glyph.len;
        if (glyph.width == 0) {
            if (last >= 0 && !canvas->ascii)
                add_mark(ui_canvas_at(canvas, row, last), glyph.ch);
            continue;
        }
        put_glyph(canvas, row, col + used, style, glyph);
        last = col + used;
        used += glyph.width;
    }
    return used;
}

int ui_canvas_put_cut(struct ui_canvas *canvas, int row, int col, int cols, enum ui_style style,
                      const char *text)
{
    if (cols <= 0)
        return 0;
    if (ew_text_width(text, strlen(text)) <= (size_t)cols)
        return ui_canvas_put(canvas, row, col, cols, style, text);
    int used = ui_canvas_put(canvas, row, col, cols - 1, style, text);
    return used + ui_canvas_put(canvas, row, col + used, 1, style, "…");
}

void ui_canvas_fill(struct ui_canvas *canvas, struct ui_rect area, enum ui_style style, uint32_t ch)
{
    uint32_t shown = canvas->ascii ? to_ascii(ch) : ch;
    for (int row = area.row; row < area.row + area.rows; row++)
        for (int col = area.col; col < area.col + area.cols; col++)
            set_cell(canvas, row, col, style, shown);
}

void ui_canvas_select(struct ui_canvas *canvas, int row, int col, int cols)
{
    for (int at = col; at < col + cols; at++) {
        struct ui_cell *cell = ui_canvas_at(canvas, row, at);
        if (cell)
            cell->selected = true;
    }
}

void ui_utf8_add(struct ew_buf *out, uint32_t ch)
{
    char bytes[4];
    size_t len = 0;
    if (ch < 0x80) {
        bytes[len++] = (char)ch;
    } else if (ch < 0x800) {
        bytes[len++] = (char)(0xc0 | ch >> 6);
        bytes[len++] = (char)(0x80 | (ch & 0x3f));
    } else if (ch < 0x10000) {
        bytes[len++] = (char)(0xe0 | ch >> 12);
        bytes[len++] = (char)(0x80 | (ch >> 6 & 0x3f));
        bytes[len++] = (char)(0x80 | (ch & 0x3f));
    } else {
        bytes[len++] = (char)(0xf0 | ch >> 18);
        bytes[len++] = (char)(0x80 | (ch >> 12 & 0x3f));
        bytes[len++] = (char)(0x80 | (ch >> 6 & 0x3f));
        bytes[len++] = (char)(0x80 | (ch & 0x3f));
    }
    ew_buf_add(out, bytes, len);
}

static void trim_row(struct ew_buf *out, size_t start)
{
    while (out->len > start && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    ew_buf_adds(out, "\n");
}

void ui_canvas_text(const struct ui_canvas *canvas, struct ew_buf *out)
{
    for (int row = 0; row < canvas->rows; row++) {
        size_t start = out->len;
        for (int col = 0; col < canvas->cols; col++) {
            const struct ui_cell *cell =
                &canvas->cells[(size_t)row * (size_t)canvas->cols + (size_t)col];
            if (!cell->ch)
                continue;
            ui_utf8_add(out, cell->ch);
            for (size_t i = 0; i < EW_COUNT(cell->marks) && cell->marks[i]; i++)
                ui_utf8_add(out, cell->marks[i]);
        }
        trim_row(out, start);
    }
}

void ui_canvas_styles(const struct ui_canvas *canvas, struct ew_buf *out)
{
    for (int row = 0; row < canvas->rows; row++) {
        size_t start = out->len;
        for (int col = 0; col < canvas->cols; col++) {
            const struct ui_cell *cell =
                &canvas->cells[(size_t)row * (size_t)canvas->cols + (size_t)col];
            char letter = cell->selected ? '#' : ui_style_letter((enum ui_style)cell->style);
            ew_buf_add(out, &letter, 1);
        }
        trim_row(out, start);
    }
}
