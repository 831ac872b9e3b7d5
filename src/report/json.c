#include "edgewalk/report.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>

/* The document being made, and what its parts need. */
struct writer {
    struct ew_doc *doc;
    const struct ew_verdict *verdict;
    const struct ew_report_options *options;
    const struct ew_snapshot *snapshot;
};

static struct ew_json *child(struct writer *w, struct ew_json *parent, const char *key)
{
    return ew_json_set(w->doc, parent, key, ew_json_object(w->doc));
}

static struct ew_json *list(struct writer *w, struct ew_json *parent, const char *key)
{
    return ew_json_set(w->doc, parent, key, ew_json_array(w->doc));
}

static void str(struct writer *w, struct ew_json *object, const char *key, const char *text)
{
    ew_json_set_str(w->doc, object, key, text);
}

static void null(struct writer *w, struct ew_json *object, const char *key)
{
    ew_json_set(w->doc, object, key, ew_json_null(w->doc));
}

/* Milliseconds with one decimal: more would be noise. */
static void ms(struct writer *w, struct ew_json *object, const char *key, double value)
{
    if (value < 0)
        null(w, object, key);
    else
        ew_json_set_num(w->doc, object, key, (double)(int64_t)(value * 10 + 0.5) / 10);
}

static void copy(struct writer *w, struct ew_json *object, const char *key,
                 const struct ew_json *node)
{
    ew_json_set(w->doc, object, key, node ? ew_json_copy(w->doc, node) : ew_json_null(w->doc));
}

/* Blank-separated ids as an array. */
static void ids(struct writer *w, struct ew_json *object, const char *key, const char *text)
{
    struct ew_json *array = list(w, object, key);
    while (text && *text) {
        size_t len = strcspn(text, " ");
        ew_json_add(w->doc, array, ew_json_stringn(w->doc, text, len));
        text += len + strspn(text + len, " ");
    }
}

static void finding_ids(struct writer *w, struct ew_json *object, const char *key,
                        const struct ew_finding *const *findings, size_t count)
{
    struct ew_json *array = list(w, object, key);
    for (size_t i = 0; i < count; i++)
        ew_json_add(w->doc, array, ew_json_string(w->doc, findings[i]->id));
}

static void add_target(struct writer *w, struct ew_json *root)
{
    static const char *const members[] = {"url",  "scheme", "host",  "port",
                                          "path", "query",  "method"};
    const struct ew_json *from = ew_snapshot_target(w->snapshot);
    struct ew_json *target = child(w, root, "target");
    for (size_t i = 0; i < EW_COUNT(members); i++)
        copy(w, target, members[i], ew_json_get(from, members[i]));
}

static void add_vantage(struct writer *w, struct ew_json *root)
{
    static const char *const members[] = {"hostname", "in_cluster", "context", "ipv4", "ipv6"};
    const struct ew_json *from = ew_snapshot_vantage(w->snapshot);
    struct ew_json *vantage = child(w, root, "vantage");
    for (size_t i = 0; i < EW_COUNT(members); i++)
        copy(w, vantage, members[i], ew_json_get(from, members[i]));
    null(w, vantage, "proxy");
    copy(w, vantage, "proxy_env", ew_json_get(ew_snapshot_options(w->snapshot), "proxy_env"));
}

static void add_owner(struct writer *w, struct ew_json *object, const struct ew_finding *finding)
{
    const struct ew_owner *owner = finding ? finding->owner : NULL;
    if (!owner) {
        null(w, object, "owner");
        return;
    }
    struct ew_json *row = child(w, object, "owner");
    str(w, row, "name", owner->name);
    str(w, row, "source", owner->source);
}

static void add_verdict(struct writer *w, struct ew_json *root)
{
    const struct ew_verdict *v = w->verdict;
    struct ew_json *verdict = child(w, root, "verdict");
    str(w, verdict, "status", ew_status_name(v->status));
    str(w, verdict, "first_failing_layer",
        v->first_failing < 0 ? NULL : ew_layer_row((enum ew_layer)v->first_failing)->id);
    str(w, verdict, "layer", v->layer < 0 ? NULL : ew_layer_row((enum ew_layer)v->layer)->id);
    str(w, verdict, "cause", v->named ? v->named->cause->id : NULL);
    str(w, verdict, "finding", v->named ? v->named->id : NULL);
    str(w, verdict, "summary", v->summary);
    finding_ids(w, verdict, "symptoms", v->symptoms, v->symptom_count);
    finding_ids(w, verdict, "independent", v->independent, v->independent_count);
    add_owner(w, verdict, v->named);
}

static void add_subject(struct writer *w, struct ew_json *object, const struct ew_finding *finding)
{
    struct ew_json *subject = child(w, object, "subject");
    str(w, subject, "kind", finding->kind);
    str(w, subject, "namespace", finding->ns);
    str(w, subject, "name", finding->name);
}

static void add_evidence(struct writer *w, struct ew_json *object, const struct ew_finding *finding)
{
    struct ew_json *evidence = list(w, object, "evidence");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        struct ew_json *row = ew_json_add(w->doc, evidence, ew_json_object(w->doc));
        str(w, row, "source", finding->evidence[i].source);
        str(w, row, "text", finding->evidence[i].text);
    }
    struct ew_json *steps = list(w, object, "next_steps");
    for (size_t i = 0; i < finding->step_count; i++) {
        struct ew_json *row = ew_json_add(w->doc, steps, ew_json_object(w->doc));
        str(w, row, "text", finding->steps[i].text);
        str(w, row, "command", finding->steps[i].command);
    }
}

static void add_link(struct writer *w, struct ew_json *object, const char *anchor)
{
    char *link = ew_report_link(w->options, anchor);
    str(w, object, "runbook_url", link);
    free(link);
}

static void add_finding(struct writer *w, struct ew_json *array, const struct ew_finding *finding)
{
    struct ew_json *row = ew_json_add(w->doc, array, ew_json_object(w->doc));
    str(w, row, "id", finding->id);
    str(w, row, "cause", finding->cause->id);
    str(w, row, "severity", ew_severity_name(finding->severity));
    str(w, row, "explained_by", finding->explained_by);
    add_subject(w, row, finding);
    str(w, row, "message", finding->message);
    add_evidence(w, row, finding);
    ids(w, row, "candidates", finding->candidates);
    str(w, row, "note", finding->note);
    add_link(w, row, finding->cause->id);
    add_owner(w, row, finding);
    null(w, row, "changed_at");
    null(w, row, "changed_by");
    str(w, row, "where", finding->where);
}

static void add_layer(struct writer *w, struct ew_json *array, enum ew_layer layer)
{
    const struct ew_layer_result *result = &w->verdict->layers[layer];
    struct ew_json *row = ew_json_add(w->doc, array, ew_json_object(w->doc));
    char *anchor = ew_fmt("layer-%s", ew_layer_row(layer)->id);
    str(w, row, "layer", ew_layer_row(layer)->id);
    str(w, row, "status", ew_status_name(result->status));
    str(w, row, "summary", result->summary ? result->summary : "");
    ms(w, row, "started_ms", result->started_ms);
    ms(w, row, "elapsed_ms", result->elapsed_ms);
    if (result->facts)
        copy(w, row, "facts", result->facts);
    else
        child(w, row, "facts");
    add_link(w, row, anchor);
    struct ew_json *findings = list(w, row, "findings");
    for (size_t i = 0; i < result->finding_count; i++)
        add_finding(w, findings, result->findings[i]);
    free(anchor);
}

static void add_undecided(struct writer *w, struct ew_json *root)
{
    struct ew_json *array = list(w, root, "undecided");
    for (size_t i = 0; i < w->verdict->undecided_count; i++) {
        const struct ew_undecided *from = &w->verdict->undecided[i];
        struct ew_json *row = ew_json_add(w->doc, array, ew_json_object(w->doc));
        str(w, row, "want", from->want);
        str(w, row, "why", from->why);
        ids(w, row, "would_decide", from->would_decide);
    }
}

static void add_requests(struct writer *w, struct ew_json *root)
{
    const struct ew_json *usage = ew_fact_value(ew_snapshot_fact(w->snapshot, EW_KEY_USAGE));
    struct ew_json *requests = child(w, root, "requests");
    struct ew_json *api = child(w, requests, "api");
    ew_json_set_num(w->doc, api, "count", (double)ew_json_get_int(usage, "api_requests", 0));
    ew_json_set_num(w->doc, api, "bytes", (double)ew_json_get_int(usage, "api_bytes", 0));
    ew_json_set_num(w->doc, requests, "probes", (double)ew_json_get_int(usage, "probes", 0));
}

void ew_report_json(const struct ew_verdict *verdict, const struct ew_report_options *options,
                    struct ew_buf *out)
{
    struct writer w = {ew_doc_new(), verdict, options, ew_world_snapshot(verdict->world)};
    struct ew_json *root = ew_json_object(w.doc);
    char started[32];
    ew_doc_set_root(w.doc, root);
    str(&w, root, "schema", "edgewalk.walk/v1");
    struct ew_json *tool = child(&w, root, "tool");
    str(&w, tool, "name", "edgewalk");
    str(&w, tool, "version", PACKAGE_VERSION);
    add_target(&w, root);
    add_vantage(&w, root);
    ew_time_format(ew_snapshot_started(w.snapshot), started);
    str(&w, root, "started_at", started);
    ms(&w, root, "elapsed_ms", ew_snapshot_elapsed(w.snapshot));
    add_verdict(&w, root);
    copy(&w, root, "path", verdict->path);
    struct ew_json *layers = list(&w, root, "layers");
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++)
        add_layer(&w, layers, (enum ew_layer)layer);
    add_undecided(&w, root);
    add_requests(&w, root);
    ew_json_write(out, root, 2);
    ew_doc_unref(w.doc);
}
