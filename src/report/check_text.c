/* `edgewalk check` for people, from its JSON (route.h). */
#include "config.h"

#include "sheet.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

static enum tone condition_tone(const struct ew_json *condition)
{
    const struct ew_json *healthy = ew_json_get(condition, "healthy");
    if (!ew_json_is(healthy, EW_JSON_BOOL))
        return DOUBT;
    return ew_json_bool(healthy, false) && ew_json_get_bool(condition, "agrees", false) ? GOOD
                                                                                        : BAD;
}

static void write_reported(struct sheet *sheet, const struct ew_json *condition)
{
    EW_JSON_EACH(one, ew_json_get(condition, "reported"))
    {
        const char *controller = ew_json_get_str(one, "controller", NULL);
        sheet_say_line(sheet, DIM,
                       ew_fmt("        reported %s %s%s%s%s", sheet_text(one, "status"),
                              sheet_text(one, "reason"), controller ? " by " : "",
                              controller ? controller : "",
                              ew_json_get_bool(one, "stale", false) ? ", stale" : ""));
    }
}

/* Good ones are silent unless everything is asked for. */
static void write_conditions(struct sheet *sheet, const char *place,
                             const struct ew_json *conditions)
{
    EW_JSON_EACH(condition, conditions)
    {
        const struct ew_json *expected = ew_json_get(condition, "expected");
        const char *reason = sheet_text(expected, "reason");
        enum tone tone = condition_tone(condition);
        if (tone == GOOD && !sheet->options->verbose)
            continue;
        ew_buf_adds(sheet->out, "    ");
        sheet_say_made(sheet, tone,
                       ew_fmt("%s%s%s=%s%s%s", place, *place ? " " : "",
                              sheet_text(condition, "type"), sheet_text(expected, "status"),
                              *reason ? " " : "", reason));
        if (ew_json_get_str(condition, "why", NULL))
            sheet_say_made(sheet, PLAIN, ew_fmt(": %s", sheet_text(condition, "why")));
        ew_buf_adds(sheet->out, "\n");
        EW_JSON_EACH(one, ew_json_get(condition, "also"))
        sheet_say_line(sheet, PLAIN, ew_fmt("        also: %s", ew_json_str_or(one, "")));
        if (ew_json_get_str(condition, "note", NULL))
            sheet_say_line(sheet, PLAIN, ew_fmt("        %s", sheet_text(condition, "note")));
        EW_JSON_EACH(one, ew_json_get(expected, "assumes"))
        if (sheet->options->verbose)
            sheet_say_line(sheet, DIM, ew_fmt("        assumes: %s", ew_json_str_or(one, "")));
        write_reported(sheet, condition);
    }
}

/* Listeners that the parentRef does not name are left out, where it names another. */
static bool is_other_section(const struct ew_json *fault, bool named)
{
    return named && strcmp(sheet_text(fault, "gate"), "section") == 0;
}

static size_t count_faults(const struct ew_json *listeners, bool named)
{
    size_t count = 0;
    EW_JSON_EACH(listener, listeners)
    EW_JSON_EACH(fault, ew_json_get(listener, "faults"))
    count += !is_other_section(fault, named);
    return count;
}

/* Every gate that failed at every listener: the condition itself tells of one alone. */
static void write_faults(struct sheet *sheet, const struct ew_json *parent, bool all)
{
    const struct ew_json *listeners = ew_json_get(parent, "listeners");
    bool named = ew_json_get_str(parent, "sectionName", NULL) ||
                 ew_json_is(ew_json_get(parent, "port"), EW_JSON_NUMBER);
    if (count_faults(listeners, named) < (all ? 1 : 2))
        return;
    EW_JSON_EACH(listener, listeners)
    EW_JSON_EACH(fault, ew_json_get(listener, "faults"))
    if (!is_other_section(fault, named))
        sheet_say_line(sheet, PLAIN,
                       ew_fmt("        listener %s, %s: %s", sheet_text(listener, "name"),
                              sheet_text(fault, "gate"), sheet_text(fault, "why")));
}

static bool any_bad(const struct ew_json *conditions, const char *type)
{
    EW_JSON_EACH(condition, conditions)
    {
        if (strcmp(sheet_text(condition, "type"), type) == 0 && condition_tone(condition) != GOOD)
            return true;
    }
    return false;
}

static void write_parents(struct sheet *sheet, const struct ew_json *parents)
{
    EW_JSON_EACH(parent, parents)
    {
        const char *section = ew_json_get_str(parent, "sectionName", NULL);
        long number = ew_json_get_int(parent, "port", 0);
        char *title = sheet_title(parent, "Gateway");
        char *port = number ? ew_fmt(" port %ld", number) : ew_strdup("");
        char *place =
            ew_fmt("at %s%s%s%s:", title, section ? " " : "", section ? section : "", port);
        write_conditions(sheet, place, ew_json_get(parent, "conditions"));
        if (any_bad(ew_json_get(parent, "conditions"), "Accepted") || sheet->options->verbose)
            write_faults(sheet, parent, sheet->options->verbose);
        if (ew_json_get_str(parent, "why", NULL))
            sheet_say_line(sheet, PLAIN, ew_fmt("    %s %s", place, sheet_text(parent, "why")));
        free(place);
        free(port);
        free(title);
    }
}

static void write_listeners(struct sheet *sheet, const struct ew_json *listeners)
{
    EW_JSON_EACH(listener, listeners)
    {
        const struct ew_json *count = ew_json_get(listener, "attachedRoutes");
        const struct ew_json *reported = ew_json_get(count, "reported");
        char *place = ew_fmt("listener %s:", sheet_text(listener, "name"));
        write_conditions(sheet, place, ew_json_get(listener, "conditions"));
        if (ew_json_is(reported, EW_JSON_NUMBER) &&
            ew_json_is(ew_json_get(count, "expected"), EW_JSON_NUMBER) && !sheet->proposed &&
            !ew_json_equal(reported, ew_json_get(count, "expected")))
            sheet_say_line(sheet, BAD,
                           ew_fmt("    %s attachedRoutes %ld, reported %ld", place,
                                  ew_json_get_int(count, "expected", -1),
                                  ew_json_int(reported, -1)));
        free(place);
    }
}

static void write_object(struct sheet *sheet, const struct ew_json *object)
{
    const char *where = ew_json_get_str(object, "where", NULL);
    sheet_say_made(sheet, BOLD, sheet_title(object, ""));
    if (where)
        sheet_say_made(sheet, DIM, ew_fmt("  %s", where));
    ew_buf_adds(sheet->out, "\n");
    EW_JSON_EACH(problem, ew_json_get(object, "problems"))
    sheet_say_line(sheet, BAD,
                   ew_fmt("    %s %s%s%s%s", sheet_text(problem, "path"),
                          sheet_text(problem, "text"), *sheet_text(problem, "where") ? " (" : "",
                          sheet_text(problem, "where"), *sheet_text(problem, "where") ? ")" : ""));
    if (ew_json_get_str(object, "why", NULL))
        sheet_say_line(sheet, PLAIN, ew_fmt("    %s", sheet_text(object, "why")));
    write_conditions(sheet, "", ew_json_get(object, "conditions"));
    write_listeners(sheet, ew_json_get(object, "listeners"));
    write_parents(sheet, ew_json_get(object, "parents"));
    write_parents(sheet, ew_json_get(object, "ancestors"));
}

static void write_undecided(struct sheet *sheet, const struct ew_json *list)
{
    EW_JSON_EACH(one, list)
    {
        sheet_say(sheet, DOUBT, "undecided ");
        sheet_say_line(sheet, PLAIN,
                       ew_fmt("%s: %s", sheet_text(one, "want"), sheet_text(one, "why")));
    }
}

/* true, false, or null: nothing bad was seen, and not everything could be. */
static enum tone verdict_tone(const struct ew_json *value)
{
    return !ew_json_is(value, EW_JSON_BOOL) ? DOUBT : ew_json_bool(value, false) ? GOOD : BAD;
}

static void write_verdict(struct sheet *sheet, const struct ew_json *check)
{
    static const char *const health[] = {
        [GOOD] = "every condition is a good one",
        [BAD] = "not every condition is a good one",
        [DOUBT] = "no bad condition was seen, and not everything could be read"};
    static const char *const agreement[] = {[GOOD] = ", and what is reported agrees",
                                            [BAD] = ", and what is reported differs",
                                            [DOUBT] = ""};
    enum tone healthy = verdict_tone(ew_json_get(check, "healthy"));
    enum tone agrees = verdict_tone(ew_json_get(check, "agrees"));
    bool none = healthy == DOUBT && !ew_json_count(ew_json_get(check, "objects"));
    if (sheet->proposed)
        ew_buf_adds(sheet->out, "after the change: ");
    sheet_say(sheet, healthy, none ? "nothing was checked" : health[healthy]);
    if (!sheet->proposed)
        sheet_say(sheet, agrees, agreement[agrees]);
    ew_buf_adds(sheet->out, "\n");
}

/* ---- in one line ---- */

struct bad {
    size_t count;
    char *first;
};

static void count_bad(struct bad *bad, const struct ew_json *object,
                      const struct ew_json *conditions)
{
    EW_JSON_EACH(condition, conditions)
    {
        if (condition_tone(condition) == GOOD)
            continue;
        char *title = sheet_title(object, "");
        if (!bad->count++)
            bad->first = ew_fmt("%s of %s", sheet_text(condition, "type"), title);
        free(title);
    }
}

char *ew_report_check_line(const struct ew_json *check)
{
    static const char *const places[] = {"listeners", "parents", "ancestors"};
    struct bad bad = {0};
    EW_JSON_EACH(object, ew_json_get(check, "objects"))
    {
        count_bad(&bad, object, ew_json_get(object, "conditions"));
        for (size_t i = 0; i < EW_COUNT(places); i++)
            EW_JSON_EACH(place, ew_json_get(object, places[i]))
        count_bad(&bad, object, ew_json_get(place, "conditions"));
    }
    const struct ew_json *undecided = ew_json_item(ew_json_get(check, "undecided"), 0);
    char *text =
        bad.count == 1 ? ew_fmt("%s is not good, or not as reported", bad.first)
        : bad.count    ? ew_fmt("%zu conditions are not good, or not as reported, the first: %s",
                                bad.count, bad.first)
        : undecided ? ew_fmt("%s: %s", sheet_text(undecided, "want"), sheet_text(undecided, "why"))
                    : ew_strdup("what is counted differs from what is reported");
    free(bad.first);
    return text;
}

void ew_report_check_text(const struct ew_json *check, const struct ew_report_options *options,
                          struct ew_buf *out)
{
    const struct ew_json *overlay = ew_json_get(check, "overlay");
    struct sheet sheet = {options, out, .proposed = overlay != NULL};
    if (overlay && !options->quiet)
        sheet_overlay(&sheet, overlay, !ew_json_count(ew_json_get(check, "undecided")));
    if (!options->quiet)
        EW_JSON_EACH(object, ew_json_get(check, "objects"))
    write_object(&sheet, object);
    if (!options->quiet)
        write_undecided(&sheet, ew_json_get(check, "undecided"));
    write_verdict(&sheet, check);
}
