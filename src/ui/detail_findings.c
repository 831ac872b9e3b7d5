/* Findings, and what the catalogue says of a cause. */
#include "detail.h"

#include "edgewalk/base/text.h"

#include <string.h>

static enum ui_style severity_style(const struct ew_finding *finding, bool root)
{
    if (root)
        return UI_ROOT;
    if (finding->severity == EW_SEV_FAIL)
        return finding->explained_by ? UI_ECHO : UI_FAIL;
    return finding->severity == EW_SEV_WARN ? UI_WARN : UI_DIM;
}

static const char *severity_mark(const struct ew_finding *finding)
{
    return finding->severity == EW_SEV_FAIL ? "✗" : finding->severity == EW_SEV_WARN ? "!" : "·";
}

static const struct ew_finding *find_finding(const struct ew_verdict *verdict, const char *id)
{
    for (size_t i = 0; id && i < verdict->finding_count; i++)
        if (ew_streq(verdict->findings[i]->id, id))
            return verdict->findings[i];
    return NULL;
}

/* Lines of a finding are faults, save those that are information only. */
static void mark_lines(struct ui_page *page, size_t from, const struct ew_finding *finding)
{
    for (size_t i = from; i < page->count; i++)
        page->lines[i].fault = finding->severity != EW_SEV_INFO && page->lines[i].count > 0;
}

static void put_steps(struct ui_page *page, const struct ew_finding *finding)
{
    for (size_t i = 0; i < finding->step_count; i++) {
        const struct ew_step *step = &finding->steps[i];
        size_t from = page->count;
        if (step->text && *step->text)
            ui_page_wrap(page, UI_TEXT, "  → ", step->text);
        if (step->command)
            ui_page_wrap(page, UI_COMMAND, "    $ ", step->command);
        for (size_t line = from; step->command && line < page->count; line++)
            page->lines[line].command = ew_arena_strdup(page->arena, step->command);
    }
}

static void put_about(struct ui_page *page, const struct ew_finding *finding)
{
    enum ew_kind kind = finding->kind ? ew_kind_of(NULL, finding->kind) : EW_KIND_OTHER;
    if (kind != EW_KIND_OTHER)
        ui_page_about_name(page, kind, finding->ns, finding->name);
    else
        ui_page_about(page, NULL);
}

/* The object, where the message does not name it already; an address or a certificate at one is no
 * object that one could look up. */
static void put_subject(struct ui_page *page, const struct ew_finding *finding)
{
    bool object = finding->kind && ew_kind_of(NULL, finding->kind) != EW_KIND_OTHER &&
                  !strpbrk(finding->name ? finding->name : "", " :");
    if (!finding->name || (!finding->where && (!object || strstr(finding->message, finding->name))))
        return;
    ui_page_line(page);
    ui_page_add(page, UI_NAME, "  %s %s%s%s", finding->kind ? finding->kind : "",
                finding->ns ? finding->ns : "", finding->ns ? "/" : "", finding->name);
    if (finding->where)
        ui_page_add(page, UI_DIM, "  %s", finding->where);
}

static void put_candidates(struct ui_page *page, const char *ids)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    for (; *ids; ids++)
        ew_buf_add(&text, *ids == ' ' ? ", " : ids, *ids == ' ' ? 2 : 1);
    ui_page_wrap(page, UI_UNKNOWN, "  could be: ", ew_buf_text(&text));
    ew_buf_release(&text);
}

static void put_finding(struct ui_page *page, const struct ew_verdict *verdict,
                        const struct ew_finding *finding)
{
    const struct ew_finding *by = find_finding(verdict, finding->explained_by);
    bool root = finding == verdict->named && finding->severity == EW_SEV_FAIL;
    size_t from = page->count;
    ui_page_finding(page, finding->id);
    put_about(page, finding);
    ui_page_line(page);
    ui_page_add(page, severity_style(finding, root), "%s %s", severity_mark(finding),
                finding->cause->id);
    if (by)
        ui_page_add(page, UI_ECHO, "  ← %s", by->cause->id);
    if (root)
        ui_page_add(page, UI_FAIL, "  ROOT");
    put_subject(page, finding);
    ui_page_wrap(page, UI_TEXT, "  ", finding->message);
    if (finding->note)
        ui_page_wrap(page, UI_UNKNOWN, "  ", finding->note);
    if (finding->candidates && *finding->candidates)
        put_candidates(page, finding->candidates);
    put_steps(page, finding);
    if (finding->owner && !by) {
        ui_page_line(page);
        ui_page_add(page, UI_NAME, "  owner: %s", finding->owner->name);
        ui_page_add(page, UI_DIM, "  %s", finding->owner->source);
    }
    mark_lines(page, from, finding);
    ui_page_finding(page, NULL);
}

/* The cause first, then what stands for itself, then what another explains. */
enum { RANKS = 5 };

static int rank_of(const struct ew_verdict *verdict, const struct ew_finding *finding)
{
    if (finding == verdict->named)
        return RANKS - 1;
    if (finding->severity == EW_SEV_FAIL)
        return finding->explained_by ? 2 : 3;
    return finding->severity == EW_SEV_WARN ? 1 : 0;
}

void ui_findings_put(struct ui_page *page, const struct ew_verdict *verdict, enum ew_layer layer)
{
    enum ew_kind kind = page->kind;
    const char *ns = page->ns, *name = page->name;
    for (int rank = RANKS; rank--;)
        for (size_t i = 0; i < verdict->layers[layer].finding_count; i++) {
            const struct ew_finding *finding = verdict->layers[layer].findings[i];
            if (rank_of(verdict, finding) != rank)
                continue;
            if (page->count)
                ui_page_blank(page);
            put_finding(page, verdict, finding);
        }
    page->kind = kind;
    page->ns = ns;
    page->name = name;
}

static void put_evidence(struct ui_page *page, const struct ew_finding *finding)
{
    size_t from = page->count;
    ui_page_finding(page, finding->id);
    put_about(page, finding);
    ui_page_section(page, "evidence of %s", finding->cause->id);
    for (size_t i = 0; i < finding->evidence_count; i++)
        ui_page_wrap(page, UI_TEXT, "  ",
                     ew_arena_fmt(page->arena, "%s: %s", finding->evidence[i].source,
                                  finding->evidence[i].text));
    mark_lines(page, from + 1, finding);
    ui_page_finding(page, NULL);
}

void ui_evidence_put(struct ui_page *page, const struct ew_verdict *verdict, enum ew_layer layer)
{
    const struct ew_layer_result *result = &verdict->layers[layer];
    for (size_t i = 0; i < result->finding_count; i++)
        if (result->findings[i]->evidence_count)
            put_evidence(page, result->findings[i]);
    ui_page_about(page, NULL);
}

static void put_words(struct ui_page *page, const char *head, const char *text)
{
    if (!text || !*text)
        return;
    ui_page_section(page, "%s", head);
    ui_page_wrap(page, UI_TEXT, "", text);
}

struct ui_page *ui_explain_page(const char *id, const char *runbook, int cols)
{
    const struct ew_cause *cause = ew_cause_find(id);
    if (!cause)
        return NULL;
    struct ui_page *page = ui_page_new(cols);
    ui_page_title(page, "%s", cause->id);
    ui_page_wrap(page, UI_BAR, "", cause->title);
    if (runbook) {
        ui_page_wrap(page, UI_COMMAND, "", runbook);
        page->lines[page->count - 1].command = ew_arena_strdup(page->arena, runbook);
    }
    put_words(page, "what one sees", cause->symptom);
    put_words(page, "why", cause->cause);
    put_words(page, "what shows it", cause->evidence);
    put_words(page, "what it is easily taken for", cause->discriminator);
    put_words(page, "what to do", cause->next_step);
    return page;
}
