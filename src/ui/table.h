/* A table on a page: columns as wide as what stands in them, the wide ones giving way where the
 * page is too narrow. Lines are made when the table ends. */
#ifndef UI_TABLE_H
#define UI_TABLE_H

#include "page.h"

enum { UI_TABLE_COLUMNS = 10 };

struct ui_table_cell {
    char *text; /* cleaned; the page's */
    enum ui_style style;
    double bar; /* a bar of this share in front of the text; negative: none */
};

struct ui_table_row {
    struct ui_table_cell cells[UI_TABLE_COLUMNS];
    size_t count;
    bool fault;
    enum ew_kind kind;
    const char *ns, *name, *command;
};

struct ui_table {
    struct ui_page *page;
    struct ui_table_column {
        const char *head;
        bool right, droppable, note, middle;
        int cols; /* 0: left out */
    } columns[UI_TABLE_COLUMNS];
    size_t column_count, count, cap;
    int indent;
    int bar_cols; /* width of bars */
    struct ui_table_row *rows;
};

/* heads: blank-separated names of columns in capitals. What a name ends in says how it is set: '<'
 * to the right; '-' left out where the page is too narrow, the rightmost first; '+' (the last
 * column only) free text, on lines of its own under the row where the page is too narrow; '~' cut
 * in the middle, for names that differ at their end. */
void ui_table_init(struct ui_table *table, struct ui_page *page, const char *heads);
/* A new row; about what ui_page_about said last. */
struct ui_table_row *ui_table_row(struct ui_table *table);
/* The next cell of the last row. */
void ui_table_add(struct ui_table *table, enum ui_style style, const char *format, ...)
    EW_PRINTF(3, 4);
void ui_table_add_bar(struct ui_table *table, enum ui_style style, double share, const char *format,
                      ...) EW_PRINTF(4, 5);
/* Puts head and rows on the page; nothing when there are no rows. Releases the table. */
void ui_table_end(struct ui_table *table);

#endif
