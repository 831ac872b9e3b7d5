#include "edgewalk/report.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum paint { PLAIN, DIM, OK, WARN, FAIL, BOLD };

/* What text is written with: the options, and the place it goes to. */
struct page {
    const struct ew_report_options *options;
    struct ew_buf *out;
    size_t width;
};

static const char *const codes[] = {
    [PLAIN] = "",        [DIM] = "\033[2m",     [OK] = "\033[32m",
    [WARN] = "\033[33m", [FAIL] = "\033[1;31m", [BOLD] = "\033[1m",
};

static void painted(struct page *page, enum paint paint, const char *text)
{
    bool on = page->options->colour && paint != PLAIN;
    ew_buf_addf(page->out, "%s%s%s", on ? codes[paint] : "", text, on ? "\033[0m" : "");
}

static void padded(struct page *page, enum paint paint, const char *text, size_t columns)
{
    size_t width = ew_text_width(text, strlen(text));
    painted(page, paint, text);
    if (width < columns)
        ew_buf_addf(page->out, "%*s", (int)(columns - width), "");
}

/* Outside text in at most so many columns. The caller's. */
static char *fitted(const char *text, size_t columns)
{
    struct ew_buf buf;
    ew_buf_init(&buf, 0);
    if (text)
        ew_text_clean(&buf, text, strlen(text), columns);
    return buf.data ? ew_buf_take(&buf) : ew_strdup("");
}

static enum paint paint_of(enum ew_status status)
{
    switch (status) {
    case EW_ST_OK:
        return OK;
    case EW_ST_WARN:
    case EW_ST_UNKNOWN:
        return WARN;
    case EW_ST_FAIL:
        return FAIL;
    default:
        return DIM;
    }
}

static const char *mark_of(const struct page *page, enum ew_status status)
{
    bool utf8 = page->options->utf8;
    switch (status) {
    case EW_ST_OK:
        return utf8 ? "\xe2\x9c\x93" : "+";
    case EW_ST_WARN:
        return "!";
    case EW_ST_FAIL:
        return utf8 ? "\xe2\x9c\x97" : "x";
    case EW_ST_UNKNOWN:
        return "?";
    default:
        return utf8 ? "\xc2\xb7" : ".";
    }
}

/* Words wrapped after a hanging indent; outside text is cleaned. A word longer than the line stands
 * on its own: commands and names must stay whole to be copied. */
static void wrapped(struct page *page, size_t indent, const char *text)
{
    char *clean = fitted(text, 0);
    size_t column = indent;
    bool first = true;
    for (const char *at = clean; *at;) {
        size_t len = strcspn(at, " ");
        size_t width = ew_text_width(at, len);
        if (!first && column + 1 + width > page->width) {
            ew_buf_addf(page->out, "\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        if (!first)
            ew_buf_adds(page->out, " ");
        ew_buf_add(page->out, at, len);
        column += width + !first;
        first = false;
        at += len + strspn(at + len, " ");
    }
    ew_buf_adds(page->out, "\n");
    free(clean);
}

static void labelled(struct page *page, const char *label, const char *text)
{
    ew_buf_adds(page->out, "  ");
    padded(page, DIM, label, 10);
    wrapped(page, 12, text);
}

/* The command on a line of its own, whole: it is there to be copied. */
static void command(struct page *page, const char *text)
{
    char *clean = fitted(text, 0);
    ew_buf_adds(page->out, "            ");
    painted(page, BOLD, clean);
    ew_buf_adds(page->out, "\n");
    free(clean);
}

static const char *layer_tag(const struct ew_verdict *verdict, int layer)
{
    bool root = verdict->status == EW_ST_FAIL && verdict->layer == layer;
    bool first = verdict->first_failing == layer;
    return root && first ? "FIRST, ROOT" : root ? "ROOT" : first ? "FIRST" : "";
}

static void layer_line(struct page *page, const struct ew_verdict *verdict, enum ew_layer layer)
{
    const struct ew_layer_result *result = &verdict->layers[layer];
    char elapsed[32] = "";
    size_t room = page->width > 44 ? page->width - 38 : 20;
    const char *summary = result->summary ? result->summary : ew_status_name(result->status);
    char *text = fitted(summary, room);
    if (result->elapsed_ms >= 0)
        snprintf(elapsed, sizeof(elapsed), "%.0f ms", result->elapsed_ms);
    ew_buf_adds(page->out, "  ");
    padded(page, paint_of(result->status), mark_of(page, result->status), 2);
    padded(page, result->status == EW_ST_FAIL ? FAIL : PLAIN, ew_layer_row(layer)->id, 11);
    padded(page, result->status >= EW_ST_NOT_REACHED ? DIM : PLAIN, text, room);
    ew_buf_addf(page->out, "%8s ", elapsed);
    painted(page, FAIL, layer_tag(verdict, (int)layer));
    while (page->out->len && page->out->data[page->out->len - 1] == ' ')
        page->out->data[--page->out->len] = '\0';
    ew_buf_adds(page->out, "\n");
    free(text);
}

static char *subject(const struct ew_finding *finding)
{
    if (!finding->name)
        return ew_strdup("");
    if (finding->ns)
        return ew_fmt(" (%s %s/%s)", finding->kind, finding->ns, finding->name);
    return ew_fmt(" (%s %s)", finding->kind, finding->name);
}

static void finding_steps(struct page *page, const struct ew_finding *finding)
{
    for (size_t i = 0; i < finding->step_count; i++) {
        labelled(page, i ? "" : "next", finding->steps[i].text ? finding->steps[i].text : "");
        if (finding->steps[i].command)
            command(page, finding->steps[i].command);
    }
}

static void finding_block(struct page *page, const char *label, enum paint paint,
                          const struct ew_finding *finding, bool whole)
{
    char *about = subject(finding);
    char *head = ew_fmt("%s%s", finding->cause->id, about);
    char *clean = fitted(head, 0);
    ew_buf_adds(page->out, "\n");
    padded(page, paint, label, 12);
    painted(page, paint, clean);
    ew_buf_adds(page->out, "\n            ");
    wrapped(page, 12, finding->message);
    if (finding->note)
        labelled(page, "note", finding->note);
    for (size_t i = 0; whole && i < finding->evidence_count; i++) {
        char *line = ew_fmt("%s: %s", finding->evidence[i].source, finding->evidence[i].text);
        labelled(page, i ? "" : "seen", line);
        free(line);
    }
    if (whole)
        finding_steps(page, finding);
    if (whole && finding->owner) {
        char *owner = ew_fmt("%s (%s)", finding->owner->name, finding->owner->source);
        labelled(page, "owner", owner);
        free(owner);
    }
    if (finding->where)
        labelled(page, "where", finding->where);
    if (whole) {
        char *link = ew_report_link(page->options, finding->cause->id);
        labelled(page, "runbook", link);
        free(link);
    }
    free(clean);
    free(head);
    free(about);
}

static bool is_listed(const struct ew_finding *const *list, size_t count,
                      const struct ew_finding *finding)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == finding)
            return true;
    return false;
}

static void other_findings(struct page *page, const struct ew_verdict *v)
{
    for (size_t i = 0; i < v->symptom_count; i++)
        finding_block(page, "symptom", PLAIN, v->symptoms[i], page->options->verbose);
    for (size_t i = 0; i < v->independent_count; i++)
        finding_block(page, "also wrong", FAIL, v->independent[i], true);
    for (size_t i = 0; i < v->finding_count; i++) {
        const struct ew_finding *finding = v->findings[i];
        if (finding == v->named || is_listed(v->symptoms, v->symptom_count, finding) ||
            is_listed(v->independent, v->independent_count, finding))
            continue;
        finding_block(page, ew_severity_name(finding->severity),
                      finding->severity == EW_SEV_INFO ? DIM : WARN, finding,
                      page->options->verbose);
    }
}

static void undecided(struct page *page, const struct ew_verdict *v)
{
    if (!v->undecided_count)
        return;
    ew_buf_adds(page->out, "\n");
    painted(page, WARN, "not known");
    ew_buf_adds(page->out, "\n");
    for (size_t i = 0; i < v->undecided_count; i++) {
        const struct ew_undecided *row = &v->undecided[i];
        char *line = ew_fmt("%s: %s%s%s", row->want, row->why,
                            *row->would_decide ? "; would decide " : "", row->would_decide);
        ew_buf_adds(page->out, "            ");
        wrapped(page, 12, line);
        free(line);
    }
}

static const char *verdict_word(const struct ew_verdict *v)
{
    switch (v->status) {
    case EW_ST_OK:
        return "HEALTHY";
    case EW_ST_WARN:
        return "WARNING";
    case EW_ST_FAIL:
        return "BROKEN";
    default:
        return "UNDECIDED";
    }
}

static void head(struct page *page, const struct ew_verdict *v)
{
    const struct ew_json *target = ew_snapshot_target(ew_world_snapshot(v->world));
    char *url = fitted(ew_json_get_str(target, "url", ""), 0);
    painted(page, BOLD, url);
    ew_buf_adds(page->out, "\n");
    padded(page, paint_of(v->status), verdict_word(v), 12);
    wrapped(page, 12, v->summary ? v->summary : "");
    free(url);
}

static void cost(struct page *page, const struct ew_snapshot *snapshot)
{
    const struct ew_json *usage = ew_fact_value(ew_snapshot_fact(snapshot, EW_KEY_USAGE));
    ew_buf_addf(page->out, "\n%.0f ms, %ld probes, %ld API requests (%ld bytes)\n",
                ew_snapshot_elapsed(snapshot), ew_json_get_int(usage, "probes", 0),
                ew_json_get_int(usage, "api_requests", 0), ew_json_get_int(usage, "api_bytes", 0));
}

void ew_report_text(const struct ew_verdict *verdict, const struct ew_report_options *options,
                    struct ew_buf *out)
{
    struct page page = {options, out, options->width ? (size_t)options->width : 80};
    head(&page, verdict);
    if (options->quiet)
        return;
    ew_buf_adds(out, "\n");
    for (int layer = 0; layer <= EW_LAYER_APP; layer++)
        layer_line(&page, verdict, (enum ew_layer)layer);
    if (verdict->named)
        finding_block(&page, verdict->status == EW_ST_FAIL ? "ROOT CAUSE" : "warning",
                      paint_of(verdict->status), verdict->named, true);
    other_findings(&page, verdict);
    undecided(&page, verdict);
    cost(&page, ew_world_snapshot(verdict->world));
}
