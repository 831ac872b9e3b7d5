/* What a change does, for people: the "overlay" of `edgewalk check` and `edgewalk route`. */
#include "config.h"

#include "sheet.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- values ---- */

static char *list_text(const struct ew_json *list);

/* "True Accepted" of a condition, "shop/a" of what has a name, a list with commas. */
static char *value_text(const struct ew_json *value)
{
    struct ew_buf out;
    if (!value || ew_json_is(value, EW_JSON_NULL))
        return ew_strdup("none");
    if (ew_json_str(value))
        return ew_strdup(ew_json_str(value));
    if (ew_json_is(value, EW_JSON_ARRAY))
        return list_text(value);
    if (ew_json_get(value, "status") && ew_json_get(value, "reason"))
        return ew_fmt("%s%s%s", sheet_text(value, "status"),
                      *sheet_text(value, "reason") ? " " : "", sheet_text(value, "reason"));
    if (ew_json_get_str(value, "location", NULL))
        return ew_strdup(sheet_text(value, "location"));
    if (ew_json_get(value, "kind") && !ew_json_get(value, "name"))
        return ew_strdup(sheet_text(value, "kind"));
    if (ew_json_get_str(value, "name", NULL)) {
        char *title = sheet_title(value, "");
        char *text = ew_json_get(value, "port")
                         ? ew_fmt("%s:%ld", title, ew_json_get_int(value, "port", 0))
                         : ew_strdup(title + strspn(title, " "));
        free(title);
        return text;
    }
    ew_buf_init(&out, 4096);
    ew_json_write(&out, value, 0);
    return ew_buf_take(&out);
}

static char *list_text(const struct ew_json *list)
{
    struct ew_buf out;
    ew_buf_init(&out, 4096);
    EW_JSON_EACH(one, list)
    {
        char *text = value_text(one);
        ew_buf_addf(&out, "%s%s", out.len ? ", " : "", text);
        free(text);
    }
    if (!out.len)
        ew_buf_adds(&out, "none");
    return ew_buf_take(&out);
}

static void from_to(struct sheet *sheet, enum tone tone, const char *what,
                    const struct ew_json *row)
{
    char *was = value_text(ew_json_get(row, "before")), *is = value_text(ew_json_get(row, "after"));
    const char *why = ew_json_get_str(row, "why", NULL);
    sheet_say_made(sheet, tone, ew_fmt("    %s: %s -> %s", what, was, is));
    sheet_say_made(sheet, PLAIN, ew_fmt("%s%s", why ? ": " : "", why ? why : ""));
    ew_buf_adds(sheet->out, "\n");
    free(was);
    free(is);
}

/* ---- check ---- */

static enum tone tone_of(const struct ew_json *row)
{
    const struct ew_json *healthy = ew_json_get(ew_json_get(row, "after"), "healthy");
    return !ew_json_is(healthy, EW_JSON_BOOL) ? PLAIN : ew_json_bool(healthy, true) ? GOOD : BAD;
}

static bool is_added(const struct ew_json *overlay, const char *title)
{
    bool added = false;
    EW_JSON_EACH(one, ew_json_get(overlay, "objects"))
    {
        char *own = sheet_title(one, "");
        added |= strcmp(own, title) == 0 && ew_json_get_bool(one, "added", false);
        free(own);
    }
    return added;
}

static void write_changes(struct sheet *sheet, const struct ew_json *overlay)
{
    char *last = NULL;
    EW_JSON_EACH(row, ew_json_get(overlay, "changes"))
    {
        char *title = sheet_title(row, "");
        const char *place = sheet_text(row, "place");
        if (!last || strcmp(last, title) != 0)
            sheet_say_line(sheet, BOLD,
                           ew_fmt("  %s%s", title, is_added(overlay, title) ? " (new)" : ""));
        free(last);
        last = title;
        char *what = ew_fmt("%s%s%s", place, *place ? ": " : "", sheet_text(row, "type"));
        from_to(sheet, tone_of(row), what, row);
        free(what);
    }
    free(last);
}

static char *answer_text(const struct ew_json *answer)
{
    const char *location = ew_json_get_str(answer, "location", NULL);
    char *backends = list_text(ew_json_get(answer, "backends"));
    bool rule = ew_json_get_int(answer, "rule", -1) >= 0;
    char *number = rule ? ew_fmt(", rule %ld", ew_json_get_int(answer, "rule", 0)) : ew_strdup("");
    bool to = location || ew_json_count(ew_json_get(answer, "backends"));
    char *text = ew_fmt("%s%s%s%s%s", sheet_text(answer, "winner"), number, to ? " (" : "",
                        !to        ? ""
                        : location ? location
                                   : backends,
                        to ? ")" : "");
    free(backends);
    free(number);
    return text;
}

static void write_requests(struct sheet *sheet, const struct ew_json *requests)
{
    const struct ew_json *changes = ew_json_get(requests, "changes");
    if (ew_json_count(changes))
        sheet_say_line(sheet, BOLD, ew_strdup("  Requests that another answers"));
    EW_JSON_EACH(row, changes)
    {
        char *was = answer_text(ew_json_get(row, "before"));
        char *is = answer_text(ew_json_get(row, "after"));
        sheet_say_line(sheet, PLAIN,
                       ew_fmt("    %s: %s -> %s", sheet_text(row, "request"), was, is));
        free(was);
        free(is);
    }
    if (ew_json_get_bool(requests, "cut", false))
        sheet_say_line(sheet, DOUBT,
                       ew_fmt("    (the first %ld requests were tried)",
                              ew_json_get_int(requests, "tried", 0)));
}

void sheet_overlay(struct sheet *sheet, const struct ew_json *overlay, bool all_read)
{
    const struct ew_json *requests = ew_json_get(overlay, "requests");
    bool nothing = !ew_json_count(ew_json_get(overlay, "changes")) &&
                   !ew_json_count(ew_json_get(requests, "changes"));
    sheet_say_line(sheet, BOLD,
                   ew_strdup(!nothing   ? "What the change does"
                             : all_read ? "The change changes no condition and no winner"
                                        : "No change is seen, and not everything could be read"));
    write_changes(sheet, overlay);
    write_requests(sheet, requests);
    ew_buf_adds(sheet->out, "\n");
}

/* ---- route ---- */

void sheet_decision_overlay(struct sheet *sheet, const struct ew_json *overlay)
{
    bool changed = ew_json_get_bool(overlay, "changed", true);
    sheet_say_line(sheet, BOLD,
                   ew_strdup(changed ? "What the change does" : "The change changes nothing here"));
    EW_JSON_EACH(row, ew_json_get(overlay, "changes"))
    from_to(sheet, PLAIN, sheet_text(row, "what"), row);
}
