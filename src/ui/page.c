#include "page.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 20000, PAIR_COLS = 12 };

struct ui_page *ui_page_new(int cols)
{
    struct ui_page *page = ew_alloc(sizeof(*page));
    page->arena = ew_arena_new();
    page->cols = cols < 8 ? 8 : cols;
    page->title = "";
    return page;
}

void ui_page_free(struct ui_page *page)
{
    if (!page)
        return;
    for (size_t i = 0; i < page->count; i++)
        free(page->lines[i].spans);
    free(page->lines);
    ew_arena_free(page->arena);
    free(page);
}

char *ui_page_clean(struct ui_page *page, const char *text, size_t len)
{
    struct ew_buf out;
    ew_buf_init(&out, 64 * 1024);
    ew_text_clean(&out, text, len, 0);
    char *kept = ew_arena_strndup(page->arena, ew_buf_text(&out), out.len);
    ew_buf_release(&out);
    return kept;
}

static char *format_clean(struct ui_page *page, const char *format, va_list args) EW_PRINTF(2, 0);
static char *format_clean(struct ui_page *page, const char *format, va_list args)
{
    char *raw = ew_vfmt(format, args);
    char *kept = ui_page_clean(page, raw, strlen(raw));
    free(raw);
    return kept;
}

void ui_page_title(struct ui_page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    page->title = format_clean(page, format, args);
    va_end(args);
}

void ui_page_about_name(struct ui_page *page, enum ew_kind kind, const char *ns, const char *name)
{
    page->kind = kind;
    page->ns = ew_arena_strdup(page->arena, ns);
    page->name = ew_arena_strdup(page->arena, name);
}

void ui_page_about(struct ui_page *page, const struct ew_obj *obj)
{
    ui_page_about_name(page, obj ? obj->kind : EW_KIND_OTHER, obj ? obj->ns : NULL,
                       obj ? obj->name : NULL);
}

void ui_page_finding(struct ui_page *page, const char *id)
{
    page->finding = ew_arena_strdup(page->arena, id);
}

struct ui_line *ui_page_line(struct ui_page *page)
{
    if (page->count == LINES_MAX) /* the last one is written over: nobody reads that far */
        free(page->lines[--page->count].spans);
    if (page->count == page->cap) {
        page->cap = page->cap ? page->cap * 2 : 32;
        page->lines = ew_realloc(page->lines, page->cap, sizeof(*page->lines));
    }
    struct ui_line *line = &page->lines[page->count++];
    *line = (struct ui_line){
        .layer = -1,
        .finding = page->finding,
        .kind = page->kind,
        .ns = page->ns,
        .name = page->name,
    };
    return line;
}

void ui_page_blank(struct ui_page *page)
{
    ui_page_line(page);
}

static struct ui_line *last_line(struct ui_page *page)
{
    return page->count ? &page->lines[page->count - 1] : ui_page_line(page);
}

static void add_span(struct ui_page *page, enum ui_style style, const char *clean)
{
    struct ui_line *line = last_line(page);
    if (line->count == line->cap) {
        line->cap = line->cap ? line->cap * 2 : 4;
        line->spans = ew_realloc(line->spans, line->cap, sizeof(*line->spans));
    }
    int cols = (int)ew_text_width(clean, strlen(clean));
    line->spans[line->count++] = (struct ui_span){clean, cols, style};
    line->cols += cols;
}

void ui_page_add(struct ui_page *page, enum ui_style style, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_span(page, style, format_clean(page, format, args));
    va_end(args);
}

void ui_page_right(struct ui_page *page, enum ui_style style, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = format_clean(page, format, args);
    va_end(args);
    struct ui_span *span = ew_arena_alloc(page->arena, sizeof(*span));
    *span = (struct ui_span){text, (int)ew_text_width(text, strlen(text)), style};
    last_line(page)->right = span;
}

void ui_page_section(struct ui_page *page, const char *format, ...)
{
    va_list args;
    if (page->count)
        ui_page_blank(page);
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    size_t from = page->count;
    ui_page_wrap(page, UI_HEAD, "", text);
    for (size_t i = from; i < page->count; i++)
        page->lines[i].head = 1;
    free(text);
}

/* Bytes of text that fit into cols, up to the last blank where there is one. */
static size_t fitting(const char *text, int cols)
{
    size_t at = 0, blank = 0, left = strlen(text);
    int used = 0;
    while (left) {
        uint32_t ch;
        size_t len = ew_text_decode(text + at, left, &ch);
        int width = len ? ew_char_width(ch) : 1;
        len = len ? len : 1;
        if (used + width > cols)
            return blank ? blank : at ? at : len;
        if (text[at] == ' ')
            blank = at;
        used += width;
        at += len;
        left -= len;
    }
    return at;
}

void ui_page_label(struct ui_page *page, enum ui_style label_style, const char *label,
                   enum ui_style style, const char *text)
{
    const char *clean = ui_page_clean(page, text, strlen(text));
    int indent = (int)ew_text_width(label, strlen(label));
    int room = page->cols - indent;
    bool begun = false;
    do {
        size_t len = fitting(clean, room < 8 ? 8 : room);
        ui_page_line(page);
        if (begun)
            ui_page_add(page, label_style, "%*s", indent, "");
        else
            ui_page_add(page, label_style, "%s", label);
        add_span(page, style, ew_arena_strndup(page->arena, clean, len));
        begun = true;
        clean += len;
        clean += strspn(clean, " ");
    } while (*clean);
}

void ui_page_wrap(struct ui_page *page, enum ui_style style, const char *first, const char *text)
{
    ui_page_label(page, style, first, style, text);
}

void ui_page_pair(struct ui_page *page, const char *name, enum ui_style style, const char *format,
                  ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    ui_page_label(page, UI_DIM, ew_arena_fmt(page->arena, "%-*s ", PAIR_COLS, name), style, text);
    free(text);
}

void ui_page_bar(struct ui_page *page, enum ui_style style, int cols, double share)
{
    struct ew_buf full, rest;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    int filled = (int)(share * cols + 0.5);
    if (share > 0 && !filled)
        filled = 1; /* a little is not nothing */
    ew_buf_init(&full, 4096);
    ew_buf_init(&rest, 4096);
    for (int i = 0; i < cols; i++)
        ew_buf_adds(i < filled ? &full : &rest, i < filled ? "█" : "░");
    add_span(page, style, ew_arena_strdup(page->arena, ew_buf_text(&full)));
    add_span(page, UI_DIM, ew_arena_strdup(page->arena, ew_buf_text(&rest)));
    ew_buf_release(&full);
    ew_buf_release(&rest);
}

void ui_page_text(struct ui_page *page, enum ui_style style, const char *text, size_t len)
{
    while (len) {
        const char *end = memchr(text, '\n', len);
        size_t part = end ? (size_t)(end - text) : len;
        ui_page_line(page);
        add_span(page, style, ui_page_clean(page, text, part));
        part += end ? 1 : 0;
        text += part;
        len -= part;
    }
}

/* ---- what is shown ---- */

static bool contains(const char *text, const char *part)
{
    size_t len = strlen(part);
    for (; *text; text++) {
        size_t i = 0;
        while (i < len && text[i]) {
            char a = text[i], b = part[i];
            a = a >= 'A' && a <= 'Z' ? (char)(a + 32) : a;
            b = b >= 'A' && b <= 'Z' ? (char)(b + 32) : b;
            if (a != b)
                break;
            i++;
        }
        if (i == len)
            return true;
    }
    return false;
}

static bool line_contains(const struct ui_line *line, const char *filter)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    for (size_t i = 0; i < line->count; i++)
        ew_buf_adds(&text, line->spans[i].text);
    if (line->right) {
        ew_buf_adds(&text, " ");
        ew_buf_adds(&text, line->right->text);
    }
    bool found = contains(ew_buf_text(&text), filter);
    ew_buf_release(&text);
    return found;
}

static bool shown_itself(const struct ui_line *line, bool faults, const char *filter)
{
    if (!line->count)
        return !faults && !(filter && *filter);
    if (faults && !line->fault)
        return false;
    return !filter || !*filter || line_contains(line, filter);
}

bool ui_page_shows(const struct ui_page *page, size_t line, bool faults, const char *filter)
{
    const struct ui_line *at = &page->lines[line];
    if (shown_itself(at, faults, filter))
        return true;
    if (!at->head)
        return false;
    size_t first = line + 1;
    while (first < page->count && page->lines[first].head == at->head) /* the rest of this head */
        first++;
    for (size_t i = first; i < page->count; i++) {
        const struct ui_line *below = &page->lines[i];
        if (below->head && below->head <= at->head)
            break;
        if (shown_itself(below, faults, filter))
            return true;
    }
    return false;
}

void ui_line_draw(const struct ui_line *line, struct ui_canvas *canvas, int row, int col, int cols)
{
    int right = line->right ? line->right->cols : 0;
    int room = right && right + 1 < cols ? cols - right - 1 : cols;
    int used = 0;
    for (size_t i = 0; i < line->count && used < room; i++) {
        const struct ui_span *span = &line->spans[i];
        bool last = used + span->cols >= room && line->cols > room;
        used += (last ? ui_canvas_put_cut : ui_canvas_put)(canvas, row, col + used, room - used,
                                                           span->style, span->text);
    }
    if (right && right < cols)
        ui_canvas_put(canvas, row, col + cols - right, right, line->right->style,
                      line->right->text);
}
