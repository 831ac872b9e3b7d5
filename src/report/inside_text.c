/* `edgewalk route` and `edgewalk check` for people, from their JSON (route.h). */
#include "config.h"

#include "edgewalk/report.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum tone { PLAIN, DIM, GOOD, BAD, DOUBT, BOLD };

struct sheet {
    const struct ew_report_options *options;
    struct ew_buf *out;
};

static const char *const codes[] = {
    [PLAIN] = "",         [DIM] = "\033[2m",    [GOOD] = "\033[32m",
    [BAD] = "\033[1;31m", [DOUBT] = "\033[33m", [BOLD] = "\033[1m",
};

/* All text here may come from objects: cleaned. */
static void say(struct sheet *sheet, enum tone tone, const char *text)
{
    bool on = sheet->options->colour && tone != PLAIN;
    if (on)
        ew_buf_adds(sheet->out, codes[tone]);
    ew_text_clean(sheet->out, text, strlen(text), 0);
    if (on)
        ew_buf_adds(sheet->out, "\033[0m");
}

static void say_made(struct sheet *sheet, enum tone tone, char *text)
{
    say(sheet, tone, text);
    free(text);
}

static void say_line(struct sheet *sheet, enum tone tone, char *text)
{
    say_made(sheet, tone, text);
    ew_buf_adds(sheet->out, "\n");
}

static void label(struct sheet *sheet, const char *name)
{
    ew_buf_adds(sheet->out, "  ");
    say_made(sheet, DIM, ew_fmt("%-10s", name));
}

static void line(struct sheet *sheet, const char *name, char *text)
{
    label(sheet, name);
    say_made(sheet, PLAIN, text);
    ew_buf_adds(sheet->out, "\n");
}

static const char *text_of(const struct ew_json *node, const char *key)
{
    return ew_json_get_str(node, key, "");
}

static char *title_of(const struct ew_json *object, const char *kind)
{
    const char *ns = ew_json_get_str(object, "namespace", NULL);
    const char *own = ew_json_get_str(object, "kind", kind);
    return ew_fmt("%s %s%s%s", own, ns ? ns : "", ns ? "/" : "", text_of(object, "name"));
}

/* ---- route ---- */

static enum tone outcome_tone(const char *outcome)
{
    static const char *const good[] = {"backend", "redirect", "respond"};
    for (size_t i = 0; i < EW_COUNT(good); i++)
        if (strcmp(good[i], outcome) == 0)
            return GOOD;
    return strcmp(outcome, "unknown") == 0 ? DOUBT : BAD;
}

static void write_request(struct sheet *sheet, const struct ew_json *request)
{
    const char *query = text_of(request, "query"), *sni = ew_json_get_str(request, "sni", NULL);
    say_made(sheet, BOLD,
             ew_fmt("%s%s%s://%s:%ld%s%s%s", text_of(request, "method"),
                    *text_of(request, "method") ? " " : "", text_of(request, "scheme"),
                    text_of(request, "host"), ew_json_get_int(request, "port", 0),
                    text_of(request, "path"), *query ? "?" : "", query));
    if (sni && strcmp(sni, text_of(request, "host")) != 0)
        say_made(sheet, DIM, ew_fmt(" (server name %s)", sni));
    ew_buf_adds(sheet->out, "\n");
}

static void write_outcome(struct sheet *sheet, const struct ew_json *decision)
{
    const char *outcome = text_of(decision, "outcome");
    const char *why = ew_json_get_str(decision, "why", NULL);
    long status = ew_json_get_int(decision, "status", 0);
    label(sheet, "outcome");
    say(sheet, outcome_tone(outcome), outcome);
    if (status)
        say_made(sheet, outcome_tone(outcome), ew_fmt(" %ld", status));
    if (why)
        say_made(sheet, PLAIN, ew_fmt(": %s", why));
    ew_buf_adds(sheet->out, "\n");
}

static void write_place(struct sheet *sheet, const struct ew_json *decision)
{
    const struct ew_json *gateway = ew_json_get(decision, "gateway");
    const struct ew_json *set = ew_json_get(decision, "listener_set");
    const struct ew_json *route = ew_json_get(decision, "route");
    const struct ew_json *ingress = ew_json_get(decision, "ingress");
    if (ew_json_count(gateway))
        line(sheet, "gateway", title_of(gateway, "Gateway"));
    if (ew_json_count(set))
        line(sheet, "set", title_of(set, "ListenerSet"));
    if (ew_json_get_str(decision, "listener", NULL))
        line(sheet, "listener", ew_strdup(text_of(decision, "listener")));
    if (ew_json_count(ingress))
        line(sheet, "ingress", title_of(ingress, "Ingress"));
    if (ew_json_count(route)) {
        char *title = title_of(route, "");
        const char *name = ew_json_get_str(decision, "rule_name", NULL);
        line(sheet, "route",
             ew_fmt("%s, rule %ld%s%s%s", title, ew_json_get_int(decision, "rule", 0),
                    name ? " (" : "", name ? name : "", name ? ")" : ""));
        free(title);
    }
}

static void write_backend(struct sheet *sheet, const struct ew_json *backend, bool first)
{
    bool usable = ew_json_get_bool(backend, "usable", false);
    char *title = title_of(backend, "Service");
    label(sheet, first ? "backends" : "");
    say_made(sheet, usable ? GOOD : BAD,
             ew_fmt("%3.0f %%  %s:%ld", 100 * ew_json_num(ew_json_get(backend, "share"), 0), title,
                    ew_json_get_int(backend, "port", 0)));
    free(title);
    if (ew_json_is(ew_json_get(backend, "total"), EW_JSON_NUMBER))
        say_made(sheet, PLAIN,
                 ew_fmt("  %ld of %ld ready", ew_json_get_int(backend, "ready", 0),
                        ew_json_get_int(backend, "total", 0)));
    if (ew_json_get_str(backend, "why_not", NULL))
        say_made(sheet, PLAIN, ew_fmt("  %s", text_of(backend, "why_not")));
    const struct ew_json *tls = ew_json_get(backend, "tls");
    if (ew_json_count(tls))
        say_made(sheet, DIM, ew_fmt("  TLS, server name %s", text_of(tls, "sni")));
    ew_buf_adds(sheet->out, "\n");
}

static void write_headers(struct sheet *sheet, const char *name, const struct ew_json *headers)
{
    EW_JSON_EACH(header, headers)
    line(sheet, name, ew_fmt("%s: %s", ew_json_key(header), ew_json_str_or(header, "")));
}

static void write_names(struct sheet *sheet, const char *name, const struct ew_json *list)
{
    EW_JSON_EACH(entry, list)
    line(sheet, name, ew_strdup(ew_json_str_or(entry, "")));
}

static void write_changes(struct sheet *sheet, const struct ew_json *decision)
{
    const struct ew_json *redirect = ew_json_get(decision, "redirect");
    const struct ew_json *forwarded = ew_json_get(decision, "forwarded");
    const struct ew_json *response = ew_json_get(decision, "response_headers");
    if (ew_json_count(redirect))
        line(sheet, "location",
             ew_strdup(ew_json_get_str(redirect, "location", text_of(redirect, "path"))));
    if (ew_json_count(forwarded))
        line(sheet, "forwarded",
             ew_fmt("host %s, path %s", text_of(forwarded, "host"), text_of(forwarded, "path")));
    write_headers(sheet, "  header", ew_json_get(forwarded, "headers"));
    write_names(sheet, "  removed", ew_json_get(forwarded, "removed_headers"));
    write_headers(sheet, "answer", ew_json_get(response, "set"));
    write_headers(sheet, "  added", ew_json_get(response, "add"));
    write_names(sheet, "  removed", ew_json_get(response, "remove"));
    EW_JSON_EACH(mirror, ew_json_get(decision, "mirrors"))
    line(sheet, "mirror",
         ew_fmt("%s/%s:%ld, %ld %%", text_of(mirror, "namespace"), text_of(mirror, "name"),
                ew_json_get_int(mirror, "port", 0), ew_json_get_int(mirror, "percent", 100)));
}

static void write_also(struct sheet *sheet, const struct ew_json *also)
{
    EW_JSON_EACH(one, also)
    {
        const struct ew_json *ingress = ew_json_get(one, "ingress");
        const struct ew_json *route = ew_json_get(one, "route");
        char *title = title_of(ew_json_count(ingress) ? ingress : route, "Ingress");
        char *gateway = title_of(ew_json_get(one, "gateway"), "Gateway");
        line(sheet, "also",
             ew_fmt("%s%s%s: %s", title, ew_json_count(ingress) ? "" : " at ",
                    ew_json_count(ingress) ? "" : gateway, text_of(one, "outcome")));
        free(title);
        free(gateway);
    }
}

static void write_candidates(struct sheet *sheet, const struct ew_json *root)
{
    const struct ew_json *candidates = ew_json_get(root, "candidates");
    long others = ew_json_get_int(root, "others", 0);
    if (ew_json_count(candidates))
        say(sheet, BOLD, "Rules that claim the host");
    ew_buf_adds(sheet->out, ew_json_count(candidates) ? "\n" : "");
    EW_JSON_EACH(one, candidates)
    {
        bool wins = ew_json_get_bool(one, "wins", false);
        char *title = title_of(ew_json_get(one, "route"), "");
        ew_buf_adds(sheet->out, wins ? "  * " : "    ");
        say_made(sheet, wins ? GOOD : PLAIN,
                 ew_fmt("%s, rule %ld", title, ew_json_get_int(one, "rule", 0)));
        if (!wins)
            say_made(sheet, DIM, ew_fmt(": %s", text_of(one, "why_not")));
        ew_buf_adds(sheet->out, "\n");
        free(title);
    }
    if (others)
        say_line(sheet, DIM,
                 ew_fmt("    %ld other rule%s, for other hosts", others, others == 1 ? "" : "s"));
}

void ew_report_route_text(const struct ew_json *route, const struct ew_report_options *options,
                          struct ew_buf *out)
{
    struct sheet sheet = {options, out};
    const struct ew_json *decision = ew_json_get(route, "decision");
    bool first = true;
    write_request(&sheet, ew_json_get(route, "request"));
    write_outcome(&sheet, decision);
    if (options->quiet)
        return;
    write_place(&sheet, decision);
    EW_JSON_EACH(backend, ew_json_get(decision, "backends"))
    {
        write_backend(&sheet, backend, first);
        first = false;
    }
    write_changes(&sheet, decision);
    write_names(&sheet, "assumes", ew_json_get(route, "assumes"));
    write_names(&sheet, "undecided", ew_json_get(route, "undecided"));
    write_also(&sheet, ew_json_get(route, "also"));
    write_candidates(&sheet, route);
}

/* ---- check ---- */

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
        say_line(sheet, DIM,
                 ew_fmt("        reported %s %s%s%s%s", text_of(one, "status"),
                        text_of(one, "reason"), controller ? " by " : "",
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
        enum tone tone = condition_tone(condition);
        if (tone == GOOD && !sheet->options->verbose)
            continue;
        ew_buf_adds(sheet->out, "    ");
        say_made(sheet, tone,
                 ew_fmt("%s%s%s=%s %s", place, *place ? " " : "", text_of(condition, "type"),
                        text_of(expected, "status"), text_of(expected, "reason")));
        if (ew_json_get_str(condition, "why", NULL))
            say_made(sheet, PLAIN, ew_fmt(": %s", text_of(condition, "why")));
        ew_buf_adds(sheet->out, "\n");
        if (ew_json_get_str(condition, "note", NULL))
            say_line(sheet, PLAIN, ew_fmt("        %s", text_of(condition, "note")));
        write_reported(sheet, condition);
    }
}

static void write_parents(struct sheet *sheet, const struct ew_json *parents)
{
    EW_JSON_EACH(parent, parents)
    {
        const char *section = ew_json_get_str(parent, "sectionName", NULL);
        char *title = title_of(parent, "Gateway");
        char *place = ew_fmt("at %s%s%s:", title, section ? " " : "", section ? section : "");
        write_conditions(sheet, place, ew_json_get(parent, "conditions"));
        free(place);
        free(title);
    }
}

static void write_listeners(struct sheet *sheet, const struct ew_json *listeners)
{
    EW_JSON_EACH(listener, listeners)
    {
        const struct ew_json *count = ew_json_get(listener, "attachedRoutes");
        const struct ew_json *reported = ew_json_get(count, "reported");
        char *place = ew_fmt("listener %s:", text_of(listener, "name"));
        write_conditions(sheet, place, ew_json_get(listener, "conditions"));
        if (ew_json_is(reported, EW_JSON_NUMBER) &&
            !ew_json_equal(reported, ew_json_get(count, "expected")))
            say_line(sheet, BAD,
                     ew_fmt("    %s attachedRoutes %ld, reported %ld", place,
                            ew_json_get_int(count, "expected", -1), ew_json_int(reported, -1)));
        free(place);
    }
}

static void write_object(struct sheet *sheet, const struct ew_json *object)
{
    const char *where = ew_json_get_str(object, "where", NULL);
    say_made(sheet, BOLD, title_of(object, ""));
    if (where)
        say_made(sheet, DIM, ew_fmt("  %s", where));
    ew_buf_adds(sheet->out, "\n");
    EW_JSON_EACH(problem, ew_json_get(object, "problems"))
    say_line(sheet, BAD,
             ew_fmt("    %s %s (%s)", text_of(problem, "path"), text_of(problem, "text"),
                    text_of(problem, "where")));
    if (ew_json_get_str(object, "why", NULL))
        say_line(sheet, PLAIN, ew_fmt("    %s", text_of(object, "why")));
    write_conditions(sheet, "", ew_json_get(object, "conditions"));
    write_listeners(sheet, ew_json_get(object, "listeners"));
    write_parents(sheet, ew_json_get(object, "parents"));
    write_parents(sheet, ew_json_get(object, "ancestors"));
}

void ew_report_check_text(const struct ew_json *check, const struct ew_report_options *options,
                          struct ew_buf *out)
{
    struct sheet sheet = {options, out};
    bool healthy = ew_json_get_bool(check, "healthy", false);
    bool agrees = ew_json_get_bool(check, "agrees", false);
    if (!options->quiet)
        EW_JSON_EACH(object, ew_json_get(check, "objects"))
    write_object(&sheet, object);
    say(&sheet, healthy ? GOOD : BAD,
        healthy ? "every condition is a good one" : "not every condition is a good one");
    ew_buf_adds(out, ", ");
    say(&sheet, agrees ? GOOD : BAD,
        agrees ? "and what is reported agrees" : "and what is reported differs");
    ew_buf_adds(out, "\n");
}
