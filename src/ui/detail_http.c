/* http: the answer, its phases as a waterfall, its headers, and the controls beside it. */
#include "detail.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <string.h>

enum { BODY_LINES = 12 };

static enum ui_style answer_style(long status)
{
    return status >= 500 || status == 0 ? UI_FAIL : status >= 400 ? UI_WARN : UI_OK;
}

static void requests(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_fact *fact;
    struct ui_table table;
    ui_page_section(page, "requests");
    ui_table_init(&table, page, "WHAT ADDRESS ANSWER TIME<- URL+");
    for (size_t at = 0; (fact = ui_fact_next(facts->snapshot, "http/", &at));) {
        const struct ew_json *value = ew_fact_value(fact);
        const char *where = fact->key + strlen("http/"), *slash = strchr(where, '/');
        size_t len = slash ? (size_t)(slash - where) : strlen(where);
        const char *what = slash ? slash + 1 : "?";
        long status = ew_json_get_int(value, "status", 0);
        const char *outcome = ew_json_get_str(value, "outcome", "?");
        ui_table_row(&table)->fault = ew_streq(what, "main") && status >= 400;
        ui_table_add(&table, UI_TEXT, "%s", what);
        ui_table_add(&table, UI_NAME, "%.*s", (int)len, where);
        if (fact->state != EW_KNOWN)
            ui_table_add(&table, UI_UNKNOWN, "%s", ui_fact_state(page, fact));
        else if (status)
            ui_table_add(&table, answer_style(status), "%ld", status);
        else
            ui_table_add(&table, UI_FAIL, "%s", outcome);
        ui_table_add(&table, UI_DIM, "%s",
                     ui_ms(page, ew_json_num(ew_json_at(value, "times.total_ms"), 0)));
        ui_table_add(&table, UI_DIM, "%s", ew_json_get_str(value, "url", ""));
    }
    ui_table_end(&table);
}

/* ---- the waterfall ---- */

static void phase(struct ui_page *page, const char *name, double from, double to, double total)
{
    enum { LABEL = 12, NUMBER = 10 };
    int room = page->cols - LABEL - NUMBER - 2;
    if (to <= from || total <= 0 || room < 8)
        return;
    int begin = (int)(from / total * room + 0.5), end = (int)(to / total * room + 0.5);
    if (begin >= room)
        begin = room - 1;
    if (end <= begin)
        end = begin + 1;
    ui_page_line(page);
    ui_page_add(page, UI_DIM, "  %-*s%*s", LABEL - 2, name, begin, "");
    ui_page_bar(page, UI_NAME, end - begin, 1);
    ui_page_right(page, UI_TEXT, "%s", ui_ms(page, to - from));
}

static void waterfall(struct ui_page *page, const struct ew_json *times)
{
    double connect = ew_json_num(ew_json_get(times, "connect_ms"), 0);
    double tls = ew_json_num(ew_json_get(times, "tls_ms"), 0);
    double first = ew_json_num(ew_json_get(times, "first_byte_ms"), 0);
    double total = ew_json_num(ew_json_get(times, "total_ms"), 0);
    double ready = tls > connect ? tls : connect;
    ui_page_section(page, "phases");
    phase(page, "connect", 0, connect, total);
    phase(page, "tls", connect, tls, total);
    phase(page, "waiting", ready, first > 0 ? first : total, total);
    if (first > 0)
        phase(page, "receiving", first, total, total);
}

/* ---- one answer ---- */

void ui_body_put(struct ui_page *page, const struct ew_json *value)
{
    const char *text = ew_json_get_str(value, "body", "");
    size_t len = strlen(text), lines = 0, at = 0;
    if (!len)
        return;
    ui_page_section(page, "body, %ld bytes%s", ew_json_get_int(value, "body_bytes", (long)len),
                    ew_json_get_bool(value, "body_cut", false) ? " and more" : "");
    while (at < len && lines < BODY_LINES) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t part = end ? (size_t)(end - text) - at : len - at;
        const char *clean = ui_page_clean(page, text + at, part);
        ui_page_wrap(page, UI_TEXT, "  ", clean);
        at += part + 1;
        lines++;
    }
    if (at < len) {
        ui_page_line(page);
        ui_page_add(page, UI_DIM, "  …");
    }
}

static void headers(struct ui_page *page, const struct ew_json *list)
{
    if (!ew_json_count(list))
        return;
    ui_page_section(page, "headers");
    EW_JSON_EACH(pair, list)
    {
        const char *name = ew_json_str_or(ew_json_item(pair, 0), "?");
        ui_page_wrap(page, UI_TEXT,
                     ew_arena_fmt(page->arena, "  %s: ", ui_page_clean(page, name, strlen(name))),
                     ew_json_str_or(ew_json_item(pair, 1), ""));
    }
}

static void answer(struct ui_page *page, const struct ew_fact *fact)
{
    const struct ew_json *value = ew_fact_value(fact);
    long status = ew_json_get_int(value, "status", 0);
    ui_page_section(page, "answer of %s:%ld", ew_json_get_str(value, "address", "?"),
                    ew_json_get_int(value, "port", 0));
    ui_page_line(page)->fault = status >= 400 || !status;
    ui_page_add(page, UI_TEXT, "  %s %s  ", ew_json_get_str(value, "method", "GET"),
                ew_json_get_str(value, "url", ""));
    ui_page_line(page)->fault = status >= 400 || !status;
    if (status)
        ui_page_add(page, answer_style(status), "  HTTP/%s %ld",
                    ew_json_get_str(value, "version", "?"), status);
    else
        ui_page_add(page, UI_FAIL, "  no answer: %s %s", ew_json_get_str(value, "outcome", "?"),
                    ew_json_get_str(value, "error", ""));
    if (ew_json_get_str(value, "location", NULL))
        ui_page_add(page, UI_NAME, "  → %s", ew_json_get_str(value, "location", ""));
    waterfall(page, ew_json_get(value, "times"));
    headers(page, ew_json_get(value, "headers"));
    ui_body_put(page, value);
}

/* The request as typed, at its first address; other answers of it follow when they differ. */
void ui_detail_http(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_fact *fact;
    size_t at = 0;
    long shown = -1;
    if (!ui_fact_next(facts->snapshot, "http/", &at))
        return;
    requests(page, facts);
    for (at = 0; (fact = ui_fact_next(facts->snapshot, "http/", &at));) {
        long status = ew_json_get_int(ew_fact_value(fact), "status", 0);
        if (fact->state != EW_KNOWN || !ew_text_suffix(fact->key, "/main") || status == shown)
            continue;
        shown = status;
        answer(page, fact);
    }
}
