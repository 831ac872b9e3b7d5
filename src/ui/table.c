#include "table.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, NARROWEST = 6, BAR_COLS = 10 };

static void parse_head(struct ui_table_column *column, char *head)
{
    size_t len = strlen(head);
    for (; len && strchr("<-+~", head[len - 1]); len--) {
        column->right = column->right || head[len - 1] == '<';
        column->droppable = column->droppable || head[len - 1] == '-';
        column->note = column->note || head[len - 1] == '+';
        column->middle = column->middle || head[len - 1] == '~';
    }
    head[len] = '\0';
    column->head = head;
}

void ui_table_init(struct ui_table *table, struct ui_page *page, const char *heads)
{
    memset(table, 0, sizeof(*table));
    table->page = page;
    table->bar_cols = page->cols < 60 ? BAR_COLS / 2 : BAR_COLS;
    char *copy = ew_arena_strdup(page->arena, heads), *rest = copy;
    for (char *head; table->column_count < UI_TABLE_COLUMNS && (head = strsep(&rest, " "));)
        if (*head)
            parse_head(&table->columns[table->column_count++], head);
}

struct ui_table_row *ui_table_row(struct ui_table *table)
{
    if (table->count == table->cap) {
        table->cap = table->cap ? table->cap * 2 : 16;
        table->rows = ew_realloc(table->rows, table->cap, sizeof(*table->rows));
    }
    struct ui_table_row *row = &table->rows[table->count++];
    *row = (struct ui_table_row){
        .kind = table->page->kind, .ns = table->page->ns, .name = table->page->name};
    return row;
}

static void add_cell(struct ui_table *table, enum ui_style style, double bar, const char *format,
                     va_list args) EW_PRINTF(4, 0);
static void add_cell(struct ui_table *table, enum ui_style style, double bar, const char *format,
                     va_list args)
{
    struct ui_table_row *row = &table->rows[table->count - 1];
    if (row->count == table->column_count)
        return;
    char *raw = ew_vfmt(format, args);
    char *text = ui_page_clean(table->page, raw, strlen(raw));
    free(raw);
    row->cells[row->count++] = (struct ui_table_cell){text, style, bar};
}

void ui_table_add(struct ui_table *table, enum ui_style style, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_cell(table, style, -1, format, args);
    va_end(args);
}

void ui_table_add_bar(struct ui_table *table, enum ui_style style, double share, const char *format,
                      ...)
{
    va_list args;
    va_start(args, format);
    add_cell(table, style, share < 0 ? 0 : share, format, args);
    va_end(args);
}

static int cols_of(const char *text)
{
    return (int)ew_text_width(text, strlen(text));
}

static int cell_cols(const struct ui_table *table, const struct ui_table_cell *cell)
{
    return cols_of(cell->text) + (cell->bar >= 0 ? table->bar_cols + 1 : 0);
}

static void measure(struct ui_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        struct ui_table_column *column = &table->columns[i];
        bool empty = true;
        column->cols = cols_of(column->head);
        for (size_t r = 0; r < table->count; r++) {
            const struct ui_table_row *row = &table->rows[r];
            int cols = i < row->count ? cell_cols(table, &row->cells[i]) : 0;
            empty = empty && !cols;
            if (cols > column->cols)
                column->cols = cols;
        }
        if (empty)
            column->cols = 0;
    }
}

static int total_cols(const struct ui_table *table)
{
    int total = table->indent;
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].cols)
            total += table->columns[i].cols + (total > table->indent ? GAP : 0);
    return total;
}

/* Free text goes below its row first, then columns go, then the widest give way, though none below
 * what one can read. */
static void squeeze(struct ui_table *table, int room)
{
    struct ui_table_column *last = &table->columns[table->column_count - 1];
    if (total_cols(table) > room && last->note)
        last->cols = 0;
    for (size_t i = table->column_count; i-- && total_cols(table) > room;)
        if (table->columns[i].droppable)
            table->columns[i].cols = 0;
    while (total_cols(table) > room) {
        struct ui_table_column *widest = last;
        for (size_t i = 0; i < table->column_count; i++)
            if (table->columns[i].cols > widest->cols)
                widest = &table->columns[i];
        if (widest->cols <= NARROWEST)
            return;
        widest->cols--;
    }
}

/* The end of a text, as much as cols take. */
static const char *tail_of(const char *text, int cols)
{
    while (*text && cols_of(text) > cols) {
        uint32_t ch;
        size_t len = ew_text_decode(text, strlen(text), &ch);
        text += len ? len : 1;
    }
    return text;
}

/* Text cut to cols, with an ellipsis where something was left out. */
static void cut(struct ew_buf *out, const char *text, int cols, bool middle)
{
    int tail = middle && cols > NARROWEST ? cols / 2 : 0;
    ew_text_clean(out, text, strlen(text), (size_t)(cols - tail));
    if (tail)
        ew_buf_adds(out, tail_of(text, tail));
}

/* Text that takes cols; padded unless it stands last. */
static const char *fit(struct ui_page *page, const char *text, int cols,
                       const struct ui_table_column *column, bool last)
{
    struct ew_buf out;
    int have = cols_of(text);
    if (cols < 1)
        return "";
    ew_buf_init(&out, 0);
    if (have > cols) {
        cut(&out, text, cols, column->middle);
        have = cols_of(ew_buf_text(&out));
    }
    const char *kept = out.data ? out.data : text;
    int pad = cols > have ? cols - have : 0;
    const char *made = column->right ? ew_arena_fmt(page->arena, "%*s%s", pad, "", kept)
                                     : ew_arena_fmt(page->arena, "%s%*s", kept, last ? 0 : pad, "");
    ew_buf_release(&out);
    return made;
}

static bool is_last(const struct ui_table *table, size_t column)
{
    for (size_t i = column + 1; i < table->column_count; i++)
        if (table->columns[i].cols)
            return false;
    return true;
}

static void put_cell(struct ui_table *table, const struct ui_table_cell *cell, size_t column)
{
    struct ui_page *page = table->page;
    int cols = table->columns[column].cols;
    bool last = is_last(table, column);
    if (!cols)
        return;
    if (cell->bar >= 0) {
        ui_page_bar(page, cell->style, table->bar_cols, cell->bar);
        ui_page_add(page, UI_TEXT, " ");
        cols -= table->bar_cols + 1;
    }
    ui_page_add(page, cell->style, "%s",
                fit(page, cell->text, cols, &table->columns[column], last));
    if (!last)
        ui_page_add(page, UI_TEXT, "%*s", GAP, "");
}

static void put_heads(struct ui_table *table)
{
    ui_page_line(table->page)->head = 2;
    ui_page_add(table->page, UI_TEXT, "%*s", table->indent, "");
    for (size_t i = 0; i < table->column_count; i++) {
        struct ui_table_cell head = {(char *)table->columns[i].head, UI_DIM, -1};
        put_cell(table, &head, i);
    }
}

static void put_note(struct ui_table *table, const struct ui_table_row *row)
{
    size_t last = table->column_count - 1;
    if (!table->columns[last].note || table->columns[last].cols || row->count <= last ||
        !*row->cells[last].text)
        return;
    const char *indent = ew_arena_fmt(table->page->arena, "%*s", table->indent + 4, "");
    ui_page_wrap(table->page, row->cells[last].style, indent, row->cells[last].text);
}

static void put_row(struct ui_table *table, const struct ui_table_row *row)
{
    size_t from = table->page->count;
    ui_page_line(table->page);
    ui_page_add(table->page, UI_TEXT, "%*s", table->indent, "");
    for (size_t i = 0; i < row->count; i++)
        put_cell(table, &row->cells[i], i);
    put_note(table, row);
    for (size_t i = from; i < table->page->count; i++) {
        struct ui_line *line = &table->page->lines[i];
        line->fault = row->fault;
        line->kind = row->kind;
        line->ns = row->ns;
        line->name = row->name;
        line->command = row->command;
    }
}

void ui_table_end(struct ui_table *table)
{
    if (table->count) {
        measure(table);
        squeeze(table, table->page->cols);
        put_heads(table);
        for (size_t i = 0; i < table->count; i++)
            put_row(table, &table->rows[i]);
    }
    free(table->rows);
    memset(table, 0, sizeof(*table));
}
