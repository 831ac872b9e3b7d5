#include "detail.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

static ui_detail_fn *const builders[EW_LAYER_COUNT];
static const struct status_row {
    enum ui_style style;
    const char *mark;
} statuses[];

enum ui_style ui_status_style(enum ew_status status)
{
    return statuses[status].style;
}

const char *ui_status_mark(enum ew_status status)
{
    return statuses[status].mark;
}

const struct ew_fact *ui_fact_next(const struct ew_snapshot *snapshot, const char *prefix,
                                   size_t *at)
{
    size_t count = ew_snapshot_fact_count(snapshot);
    while (*at < count) {
        const struct ew_fact *fact = ew_snapshot_fact_at(snapshot, (*at)++);
        if (ew_text_prefix(fact->key, prefix))
            return fact;
    }
    return NULL;
}

const char *ui_ms(struct ui_page *page, double ms)
{
    if (ms <= 0)
        return "";
    if (ms >= 999.5)
        return ew_arena_fmt(page->arena, "%.1f s", ms / 1000);
    return ew_arena_fmt(page->arena, ms < 9.95 ? "%.1f ms" : "%.0f ms", ms);
}

const char *ui_fact_state(struct ui_page *page, const struct ew_fact *fact)
{
    switch (fact->state) {
    case EW_PENDING:
        return "being fetched …";
    case EW_ABSENT:
        return "not there";
    case EW_UNKNOWN:
        return ew_arena_fmt(page->arena, "unknown: %s", fact->reason ? fact->reason : "no reason");
    case EW_KNOWN:
        break;
    }
    return "known";
}

const char *ui_join(struct ui_page *page, const struct ew_json *list, const char *otherwise)
{
    struct ew_buf out;
    ew_buf_init(&out, 16 * 1024);
    EW_JSON_EACH(item, list)
    {
        if (out.len)
            ew_buf_adds(&out, ", ");
        ew_buf_adds(&out, ew_json_str_or(item, "?"));
    }
    const char *text = out.len ? ew_arena_strdup(page->arena, ew_buf_text(&out)) : otherwise;
    ew_buf_release(&out);
    return text;
}

const char *ui_title(struct ui_page *page, const struct ew_obj *obj)
{
    char *title = ew_obj_title(obj);
    const char *kept = ew_arena_strdup(page->arena, title);
    free(title);
    return kept;
}

/* Conditions of which True is the bad state (Gateway API: Conflicted, OverlappingTLSConfig; pods:
 * DisruptionTarget). Only for the colour; what is judged stands in the findings. */
static bool is_negative(const char *type)
{
    static const char *const negative[] = {"Conflicted", "OverlappingTLSConfig", "PartiallyInvalid",
                                           "DisruptionTarget", "ReplicaFailure"};
    for (size_t i = 0; i < EW_COUNT(negative); i++)
        if (ew_streq(type, negative[i]))
            return true;
    return false;
}

void ui_conditions_put(struct ui_page *page, const struct ew_obj *obj,
                       const struct ew_json *conditions)
{
    struct ui_table table;
    ui_table_init(&table, page, "CONDITION STATUS REASON MESSAGE+");
    table.indent = 2;
    EW_JSON_EACH(item, conditions)
    {
        const char *type = ew_json_get_str(item, "type", "?");
        const char *status = ew_json_get_str(item, "status", "?");
        long observed = ew_json_get_int(item, "observedGeneration", 0);
        bool stale = observed && obj && observed < ew_obj_generation(obj);
        bool good = ew_streq(status, is_negative(type) ? "False" : "True");
        struct ui_table_row *row = ui_table_row(&table);
        row->fault = !good || stale;
        ui_table_add(&table, UI_TEXT, "%s", type);
        ui_table_add(&table,
                     good                          ? UI_OK
                     : ew_streq(status, "Unknown") ? UI_UNKNOWN
                                                   : UI_FAIL,
                     "%s%s", status, stale ? " (stale)" : "");
        ui_table_add(&table, UI_TEXT, "%s", ew_json_get_str(item, "reason", ""));
        ui_table_add(&table, UI_DIM, "%s", ew_json_get_str(item, "message", ""));
    }
    ui_table_end(&table);
}

/* What a layer with neither findings nor facts has to say. */
static void put_emptiness(struct ui_page *page, enum ew_status status, enum ew_layer layer)
{
    static const char *const words[] = {
        [EW_ST_OK] = "Nothing to report.",
        [EW_ST_WARN] = "Nothing more was seen.",
        [EW_ST_FAIL] = "Nothing more was seen.",
        [EW_ST_UNKNOWN] = "This could not be seen.",
        [EW_ST_NOT_REACHED] = "Not reached: a layer before this one left nothing to look at.",
        [EW_ST_SKIPPED] = "Skipped: there is nothing here to look at, or it was switched off.",
        [EW_ST_PENDING] = "Waiting for the first facts …",
    };
    ui_page_wrap(page, UI_DIM, "", ew_layer_row(layer)->question);
    ui_page_blank(page);
    ui_page_wrap(page, UI_DIM, "", words[status]);
}

static void put_undecided(struct ui_page *page, const struct ew_verdict *verdict,
                          enum ew_layer layer)
{
    bool headed = false;
    for (size_t i = 0; i < verdict->undecided_count; i++) {
        const struct ew_undecided *open = &verdict->undecided[i];
        char *ids = ew_strdup(open->would_decide ? open->would_decide : "");
        bool here = false;
        char *rest = ids;
        for (char *id; (id = strsep(&rest, " "));) {
            const struct ew_cause *cause = *id ? ew_cause_find(id) : NULL;
            here = here || (cause && cause->layer == layer);
        }
        free(ids);
        if (!here)
            continue;
        if (!headed)
            ui_page_section(page, "would decide");
        headed = true;
        ui_page_wrap(page, UI_UNKNOWN, "? ",
                     ew_arena_fmt(page->arena, "%s: %s", open->want, open->why));
        page->lines[page->count - 1].fault = true;
    }
}

/* The subject of a layer, for its title: what the walk found to be the thing that is looked at. */
static const struct ew_obj *subject_of(const struct ew_verdict *verdict, enum ew_layer layer)
{
    const struct ew_decision *decision = verdict->decision;
    if (!decision)
        return NULL;
    if (layer == EW_LAYER_EDGE)
        return decision->gateway ? decision->gateway : decision->ingress;
    if (layer == EW_LAYER_ROUTE)
        return decision->route ? decision->route : decision->ingress;
    if (layer >= EW_LAYER_SERVICE && layer <= EW_LAYER_APP && decision->backend_count)
        return decision->backends[0].service;
    return NULL;
}

/* A layer without an object says what it asks, where that fits; of an object the kind goes first
 * where there is too little room. */
static void put_title(struct ui_page *page, const struct ew_verdict *verdict, enum ew_layer layer)
{
    enum { AROUND = 6 }; /* blanks, the mark of the focus, the dot */
    const struct ew_obj *subject = subject_of(verdict, layer);
    const char *id = ew_layer_row(layer)->id, *question = ew_layer_row(layer)->question;
    ui_page_about(page, subject);
    const char *title = subject ? ui_title(page, subject) : "";
    if (subject && strlen(id) + strlen(title) + AROUND > (size_t)page->cols && subject->ns)
        ui_page_title(page, "%s · %s/%s", id, subject->ns, subject->name);
    else if (subject)
        ui_page_title(page, "%s · %s", id, title);
    else if (strlen(id) + strlen(question) + AROUND <= (size_t)page->cols)
        ui_page_title(page, "%s · %s", id, question);
    else
        ui_page_title(page, "%s", id);
}

struct ui_page *ui_detail_page(const struct ew_verdict *verdict, enum ew_layer layer, int cols)
{
    struct ui_page *page = ui_page_new(cols);
    const struct ew_snapshot *snapshot = verdict->world ? ew_world_snapshot(verdict->world) : NULL;
    put_title(page, verdict, layer);
    ui_findings_put(page, verdict, layer);
    if (snapshot && builders[layer]) {
        struct ui_facts facts = {verdict, snapshot, verdict->world, ew_snapshot_started(snapshot)};
        builders[layer](page, &facts);
    }
    ui_evidence_put(page, verdict, layer);
    put_undecided(page, verdict, layer);
    if (!page->count)
        put_emptiness(page, verdict->layers[layer].status, layer);
    return page;
}

struct ui_page *ui_yaml_page(const struct ew_verdict *verdict, enum ew_kind kind, const char *ns,
                             const char *name, int cols)
{
    const struct ew_obj *obj =
        verdict->world ? ew_world_find(verdict->world, kind, ns, name) : NULL;
    if (!obj)
        return NULL;
    struct ui_page *page = ui_page_new(cols);
    struct ew_buf text;
    ew_buf_init(&text, 4 * 1024 * 1024);
    ew_yaml_write(&text, obj->json);
    ui_page_about(page, obj);
    ui_page_title(page, "%s%s%s", ui_title(page, obj), obj->where ? " · " : "",
                  obj->where ? obj->where : "");
    ui_page_text(page, UI_TEXT, ew_buf_text(&text), text.len);
    ew_buf_release(&text);
    return page;
}

static const struct status_row statuses[] = {
    [EW_ST_OK] = {UI_OK, "✓"},           [EW_ST_WARN] = {UI_WARN, "!"},
    [EW_ST_FAIL] = {UI_FAIL, "✗"},       [EW_ST_UNKNOWN] = {UI_UNKNOWN, "?"},
    [EW_ST_NOT_REACHED] = {UI_DIM, "·"}, [EW_ST_SKIPPED] = {UI_DIM, "-"},
    [EW_ST_PENDING] = {UI_DIM, " "},
};

static ui_detail_fn *const builders[EW_LAYER_COUNT] = {
    [EW_LAYER_DNS] = ui_detail_dns,
    [EW_LAYER_LB] = ui_detail_lb,
    [EW_LAYER_TLS] = ui_detail_tls,
    [EW_LAYER_HTTP] = ui_detail_http,
    [EW_LAYER_EDGE] = ui_detail_edge,
    [EW_LAYER_ROUTE] = ui_detail_route,
    [EW_LAYER_SERVICE] = ui_detail_service,
    [EW_LAYER_ENDPOINTS] = ui_detail_endpoints,
    [EW_LAYER_POD] = ui_detail_pod,
    [EW_LAYER_APP] = ui_detail_app,
    [EW_LAYER_API_ACCESS] = ui_detail_api_access,
};
