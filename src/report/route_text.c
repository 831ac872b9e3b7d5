/* `edgewalk route` for people, from its JSON (route.h). */
#include "config.h"

#include "sheet.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

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
    const char *query = sheet_text(request, "query"), *sni = ew_json_get_str(request, "sni", NULL);
    sheet_say_made(sheet, BOLD,
                   ew_fmt("%s%s%s://%s:%ld%s%s%s", sheet_text(request, "method"),
                          *sheet_text(request, "method") ? " " : "", sheet_text(request, "scheme"),
                          sheet_text(request, "host"), ew_json_get_int(request, "port", 0),
                          sheet_text(request, "path"), *query ? "?" : "", query));
    if (sni && strcmp(sni, sheet_text(request, "host")) != 0)
        sheet_say_made(sheet, DIM, ew_fmt(" (server name %s)", sni));
    ew_buf_adds(sheet->out, "\n");
}

static void write_outcome(struct sheet *sheet, const struct ew_json *decision)
{
    const char *outcome = sheet_text(decision, "outcome");
    const char *why = ew_json_get_str(decision, "why", NULL);
    long status = ew_json_get_int(decision, "status", 0);
    sheet_label(sheet, "outcome");
    sheet_say(sheet, outcome_tone(outcome), outcome);
    if (status)
        sheet_say_made(sheet, outcome_tone(outcome), ew_fmt(" %ld", status));
    if (why)
        sheet_say_made(sheet, PLAIN, ew_fmt(": %s", why));
    ew_buf_adds(sheet->out, "\n");
}

static void write_place(struct sheet *sheet, const struct ew_json *decision)
{
    const struct ew_json *gateway = ew_json_get(decision, "gateway");
    const struct ew_json *set = ew_json_get(decision, "listener_set");
    const struct ew_json *route = ew_json_get(decision, "route");
    const struct ew_json *ingress = ew_json_get(decision, "ingress");
    if (ew_json_count(gateway))
        sheet_line(sheet, "gateway", sheet_title(gateway, "Gateway"));
    if (ew_json_count(set))
        sheet_line(sheet, "set", sheet_title(set, "ListenerSet"));
    if (ew_json_get_str(decision, "listener", NULL))
        sheet_line(sheet, "listener", ew_strdup(sheet_text(decision, "listener")));
    if (ew_json_count(ingress))
        sheet_line(sheet, "ingress", sheet_title(ingress, "Ingress"));
    if (ew_json_count(route)) {
        char *title = sheet_title(route, "");
        const char *name = ew_json_get_str(decision, "rule_name", NULL);
        sheet_line(sheet, "route",
                   ew_fmt("%s, rule %ld%s%s%s", title, ew_json_get_int(decision, "rule", 0),
                          name ? " (" : "", name ? name : "", name ? ")" : ""));
        free(title);
    }
}

static void write_backend(struct sheet *sheet, const struct ew_json *backend, bool first)
{
    bool usable = ew_json_get_bool(backend, "usable", false);
    char *title = sheet_title(backend, "Service");
    sheet_label(sheet, first ? "backends" : "");
    sheet_say_made(sheet, usable ? GOOD : BAD,
                   ew_fmt("%3.0f %%  %s:%ld", 100 * ew_json_num(ew_json_get(backend, "share"), 0),
                          title, ew_json_get_int(backend, "port", 0)));
    free(title);
    if (ew_json_is(ew_json_get(backend, "total"), EW_JSON_NUMBER))
        sheet_say_made(sheet, PLAIN,
                       ew_fmt("  %ld of %ld ready", ew_json_get_int(backend, "ready", 0),
                              ew_json_get_int(backend, "total", 0)));
    if (ew_json_get_str(backend, "why_not", NULL))
        sheet_say_made(sheet, PLAIN, ew_fmt("  %s", sheet_text(backend, "why_not")));
    const struct ew_json *tls = ew_json_get(backend, "tls");
    if (ew_json_count(tls))
        sheet_say_made(sheet, DIM, ew_fmt("  TLS, server name %s", sheet_text(tls, "sni")));
    ew_buf_adds(sheet->out, "\n");
}

static void write_headers(struct sheet *sheet, const char *name, const struct ew_json *headers)
{
    EW_JSON_EACH(header, headers)
    sheet_line(sheet, name, ew_fmt("%s: %s", ew_json_key(header), ew_json_str_or(header, "")));
}

static void write_names(struct sheet *sheet, const char *name, const struct ew_json *list)
{
    EW_JSON_EACH(entry, list)
    sheet_line(sheet, name, ew_strdup(ew_json_str_or(entry, "")));
}

static void write_changes(struct sheet *sheet, const struct ew_json *decision)
{
    const struct ew_json *redirect = ew_json_get(decision, "redirect");
    const struct ew_json *forwarded = ew_json_get(decision, "forwarded");
    const struct ew_json *response = ew_json_get(decision, "response_headers");
    if (ew_json_count(redirect))
        sheet_line(sheet, "location",
                   ew_strdup(ew_json_get_str(redirect, "location", sheet_text(redirect, "path"))));
    if (ew_json_count(forwarded))
        sheet_line(sheet, "forwarded",
                   ew_fmt("host %s, path %s", sheet_text(forwarded, "host"),
                          sheet_text(forwarded, "path")));
    write_headers(sheet, "  header", ew_json_get(forwarded, "headers"));
    write_names(sheet, "  removed", ew_json_get(forwarded, "removed_headers"));
    write_headers(sheet, "answer", ew_json_get(response, "set"));
    write_headers(sheet, "  added", ew_json_get(response, "add"));
    write_names(sheet, "  removed", ew_json_get(response, "remove"));
    EW_JSON_EACH(mirror, ew_json_get(decision, "mirrors"))
    sheet_line(sheet, "mirror",
               ew_fmt("%s/%s:%ld, %ld %%", sheet_text(mirror, "namespace"),
                      sheet_text(mirror, "name"), ew_json_get_int(mirror, "port", 0),
                      ew_json_get_int(mirror, "percent", 100)));
}

/* Who serves at an entry point: "Ingress ns/name", "HTTPRoute ns/name at Gateway ns/name". */
static char *entry_of(const struct ew_json *decision)
{
    const struct ew_json *ingress = ew_json_get(decision, "ingress");
    const struct ew_json *route = ew_json_get(decision, "route");
    if (ew_json_count(ingress))
        return sheet_title(ingress, "Ingress");
    if (!ew_json_count(route))
        return ew_strdup("nothing");
    char *title = sheet_title(route, "");
    char *gateway = sheet_title(ew_json_get(decision, "gateway"), "Gateway");
    char *text = ew_fmt("%s at %s", title, gateway);
    free(title);
    free(gateway);
    return text;
}

static void write_row(struct sheet *sheet, const char *what, const char *left, const char *right,
                      size_t width)
{
    sheet_label(sheet, "");
    sheet_say_made(sheet, DIM, ew_fmt("%-12s", what));
    sheet_say(sheet, PLAIN, left);
    sheet_say_made(sheet, DIM, ew_fmt("%*s | ", (int)(width - strlen(left)), ""));
    sheet_say(sheet, PLAIN, right);
    ew_buf_adds(sheet->out, "\n");
}

/* Side by side, as far as they differ. */
static void write_differences(struct sheet *sheet, const char *left, const char *right,
                              const struct ew_json *differs)
{
    size_t width = strlen(left);
    EW_JSON_EACH(row, differs)
    {
        size_t len = strlen(sheet_text(row, "decision"));
        width = len > width ? len : width;
    }
    if (ew_json_count(differs))
        write_row(sheet, "", left, right, width);
    EW_JSON_EACH(row, differs)
    write_row(sheet, sheet_text(row, "what"), sheet_text(row, "decision"), sheet_text(row, "also"),
              width);
}

static void write_also(struct sheet *sheet, const struct ew_json *root)
{
    char *served = entry_of(ew_json_get(root, "decision"));
    EW_JSON_EACH(one, ew_json_get(root, "also"))
    {
        char *title = entry_of(one);
        sheet_line(sheet, "also", ew_fmt("%s: %s", title, sheet_text(one, "outcome")));
        write_differences(sheet, served, title, ew_json_get(one, "differs"));
        free(title);
    }
    free(served);
}

static void write_candidates(struct sheet *sheet, const struct ew_json *root)
{
    const struct ew_json *candidates = ew_json_get(root, "candidates");
    long others = ew_json_get_int(root, "others", 0);
    if (ew_json_count(candidates))
        sheet_say(sheet, BOLD, "Rules that claim the host");
    ew_buf_adds(sheet->out, ew_json_count(candidates) ? "\n" : "");
    EW_JSON_EACH(one, candidates)
    {
        bool wins = ew_json_get_bool(one, "wins", false);
        char *title = sheet_title(ew_json_get(one, "route"), "");
        ew_buf_adds(sheet->out, wins ? "  * " : "    ");
        sheet_say_made(sheet, wins ? GOOD : PLAIN,
                       ew_fmt("%s, rule %ld", title, ew_json_get_int(one, "rule", 0)));
        if (!wins)
            sheet_say_made(sheet, DIM, ew_fmt(": %s", sheet_text(one, "why_not")));
        ew_buf_adds(sheet->out, "\n");
        free(title);
    }
    if (others)
        sheet_say_line(
            sheet, DIM,
            ew_fmt("    %ld other rule%s, for other hosts", others, others == 1 ? "" : "s"));
}

void ew_report_route_text(const struct ew_json *route, const struct ew_report_options *options,
                          struct ew_buf *out)
{
    struct sheet sheet = {options, out, .proposed = false};
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
    write_also(&sheet, route);
    write_candidates(&sheet, route);
    if (ew_json_get(route, "overlay"))
        sheet_decision_overlay(&sheet, ew_json_get(route, "overlay"));
}
