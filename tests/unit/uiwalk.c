#include "uiwalk.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *path, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    exit(1);
}

static int keep(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    struct ew_doc **out = ctx;
    (void)err;
    if (!*out)
        *out = ew_doc_ref(doc);
    return 0;
}

static struct ew_doc *read_doc(const char *path)
{
    struct ew_buf text;
    struct ew_doc *doc = NULL;
    struct ew_err err = {0};
    char part[4096];
    FILE *file = fopen(path, "r");
    if (!file)
        die(path, "cannot be read");
    ew_buf_init(&text, 0);
    for (size_t n; (n = fread(part, 1, sizeof(part), file)) > 0;)
        ew_buf_add(&text, part, n);
    fclose(file);
    if (ew_yaml_parse(path, ew_buf_text(&text), text.len, keep, &doc, &err) != EW_OK || !doc)
        die(path, err.message);
    ew_buf_release(&text);
    return doc;
}

/* ---- the snapshot ---- */

static struct ew_doc *copy_doc(const struct ew_json *node)
{
    struct ew_doc *doc = ew_doc_new();
    ew_doc_set_root(doc, ew_json_copy(doc, node));
    return doc;
}

static int64_t time_of(const struct ew_json *node)
{
    int64_t ms = 0;
    ew_time_parse(ew_json_str_or(node, ""), &ms);
    return ms;
}

static void times_to_numbers(struct ew_doc *doc, const struct ew_json *from, struct ew_json *to)
{
    static const char *const names[] = {"not_before", "not_after"};
    for (size_t i = 0; i < EW_COUNT(names); i++)
        if (ew_json_get_str(from, names[i], NULL))
            ew_json_set_num(doc, to, names[i], (double)time_of(ew_json_get(from, names[i])));
}

/* A value, certificates' dates written as dates made numbers as fact/keys.h has them. */
static struct ew_json *value_copy(struct ew_doc *doc, const struct ew_json *node)
{
    struct ew_json *made;
    if (ew_json_type(node) == EW_JSON_ARRAY) {
        made = ew_json_array(doc);
        EW_JSON_EACH(item, node)
        ew_json_add(doc, made, value_copy(doc, item));
    } else if (ew_json_type(node) == EW_JSON_OBJECT) {
        made = ew_json_object(doc);
        EW_JSON_EACH(member, node)
        ew_json_set(doc, made, ew_json_key(member), value_copy(doc, member));
        times_to_numbers(doc, node, made);
    } else {
        made = ew_json_copy(doc, node);
    }
    return made;
}

static void put_fact(struct uiwalk *walk, const struct ew_json *node)
{
    const char *state = ew_json_get_str(node, "state", "known");
    const struct ew_json *value = ew_json_get(node, "value");
    struct ew_doc *doc = ew_doc_new();
    if (value)
        ew_doc_set_root(doc, value_copy(doc, value));
    enum ew_state which = strcmp(state, "known") == 0     ? EW_KNOWN
                          : strcmp(state, "absent") == 0  ? EW_ABSENT
                          : strcmp(state, "pending") == 0 ? EW_PENDING
                                                          : EW_UNKNOWN;
    ew_snapshot_put(walk->snapshot,
                    ew_fact_new(ew_json_get_str(node, "key", "?"), which,
                                ew_json_get_str(node, "reason", NULL), NULL, 0,
                                ew_json_num(ew_json_get(node, "ms"), -1), value ? doc : NULL));
    ew_doc_unref(doc);
}

static void fill_snapshot(struct uiwalk *walk, const struct ew_json *root)
{
    walk->snapshot = ew_snapshot_new();
    ew_snapshot_set_target(walk->snapshot, copy_doc(ew_json_get(root, "target")));
    ew_snapshot_set_options(walk->snapshot, copy_doc(ew_json_get(root, "options")));
    ew_snapshot_set_vantage(walk->snapshot, copy_doc(ew_json_get(root, "vantage")));
    ew_snapshot_set_clock(walk->snapshot, time_of(ew_json_get(root, "started")),
                          ew_json_num(ew_json_get(root, "ms"), 0));
    EW_JSON_EACH(fact, ew_json_get(root, "facts"))
    put_fact(walk, fact);
    EW_JSON_EACH(object, ew_json_get(root, "objects"))
    {
        struct ew_doc *doc = ew_doc_new();
        ew_doc_set_root(doc, value_copy(doc, object));
        ew_snapshot_put_object(walk->snapshot, ew_object_new(NULL, doc));
        ew_doc_unref(doc);
    }
}

/* ---- the verdict ---- */

static int layer_of(const char *id)
{
    for (int layer = 0; id && layer < EW_LAYER_COUNT; layer++)
        if (strcmp(ew_layer_row((enum ew_layer)layer)->id, id) == 0)
            return layer;
    return -1;
}

static enum ew_status status_of(const char *name)
{
    for (int status = 0; status <= EW_ST_PENDING; status++)
        if (name && strcmp(ew_status_name((enum ew_status)status), name) == 0)
            return (enum ew_status)status;
    return EW_ST_NOT_REACHED;
}

static void *many(struct uiwalk *walk, size_t count, size_t size)
{
    return ew_arena_alloc(walk->arena, (count + 1) * size);
}

static enum ew_severity severity_of(const char *name)
{
    return strcmp(name, "warn") == 0   ? EW_SEV_WARN
           : strcmp(name, "info") == 0 ? EW_SEV_INFO
                                       : EW_SEV_FAIL;
}

static const struct ew_finding *make_finding(struct uiwalk *walk, const struct ew_json *node)
{
    struct ew_finding *finding = many(walk, 1, sizeof(*finding));
    const struct ew_json *evidence = ew_json_get(node, "evidence");
    const struct ew_json *steps = ew_json_get(node, "steps");
    struct ew_evidence *shown = many(walk, ew_json_count(evidence), sizeof(*shown));
    struct ew_step *next = many(walk, ew_json_count(steps), sizeof(*next));
    EW_JSON_EACH(pair, evidence)
    shown[finding->evidence_count++] = (struct ew_evidence){
        ew_json_str_or(ew_json_item(pair, 0), ""), ew_json_str_or(ew_json_item(pair, 1), "")};
    EW_JSON_EACH(pair, steps)
    next[finding->step_count++] = (struct ew_step){ew_json_str_or(ew_json_item(pair, 0), ""),
                                                   ew_json_str(ew_json_item(pair, 1))};
    finding->id = ew_json_get_str(node, "id", "?");
    finding->cause = ew_cause_find(ew_json_get_str(node, "cause", ""));
    if (!finding->cause)
        die(ew_json_get_str(node, "cause", "?"), "no such cause");
    finding->severity = severity_of(ew_json_get_str(node, "severity", "fail"));
    finding->kind = ew_json_get_str(node, "kind", NULL);
    finding->ns = ew_json_get_str(node, "ns", NULL);
    finding->name = ew_json_get_str(node, "name", NULL);
    finding->message = ew_json_get_str(node, "message", "");
    finding->evidence = shown;
    finding->steps = next;
    finding->where = ew_json_get_str(node, "where", NULL);
    finding->explained_by = ew_json_get_str(node, "explained_by", NULL);
    finding->candidates = ew_json_get_str(node, "candidates", "");
    finding->note = ew_json_get_str(node, "note", NULL);
    return finding;
}

static void fill_layers(struct uiwalk *walk, const struct ew_json *node)
{
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++) {
        struct ew_layer_result *result = &walk->verdict.layers[layer];
        const struct ew_json *from = ew_json_get(node, ew_layer_row((enum ew_layer)layer)->id);
        const struct ew_finding **own =
            many(walk, walk->verdict.finding_count, sizeof(struct ew_finding *));
        for (size_t i = 0; i < walk->verdict.finding_count; i++)
            if ((int)walk->verdict.findings[i]->cause->layer == layer)
                own[result->finding_count++] = walk->verdict.findings[i];
        result->findings = own;
        result->status = status_of(ew_json_get_str(from, "status", NULL));
        result->summary = ew_json_get_str(from, "summary", "");
        result->elapsed_ms = ew_json_num(ew_json_get(from, "ms"), -1);
    }
}

static const struct ew_finding *find(const struct uiwalk *walk, const char *id)
{
    for (size_t i = 0; id && i < walk->verdict.finding_count; i++)
        if (strcmp(walk->verdict.findings[i]->id, id) == 0)
            return walk->verdict.findings[i];
    return NULL;
}

static void fill_undecided(struct uiwalk *walk, const struct ew_json *list)
{
    struct ew_undecided *open = many(walk, ew_json_count(list), sizeof(*open));
    EW_JSON_EACH(item, list)
    open[walk->verdict.undecided_count++] =
        (struct ew_undecided){ew_json_get_str(item, "want", ""), ew_json_get_str(item, "why", ""),
                              ew_json_get_str(item, "would_decide", "")};
    walk->verdict.undecided = open;
}

static void fill_verdict(struct uiwalk *walk, const struct ew_json *node)
{
    struct ew_verdict *verdict = &walk->verdict;
    const struct ew_json *findings = ew_json_get(node, "findings");
    const struct ew_json *symptoms = ew_json_get(node, "symptoms");
    const struct ew_finding **all = many(walk, ew_json_count(findings), sizeof(*all));
    const struct ew_finding **echoes = many(walk, ew_json_count(symptoms), sizeof(*echoes));
    EW_JSON_EACH(finding, findings)
    all[verdict->finding_count++] = make_finding(walk, finding);
    verdict->findings = all;
    EW_JSON_EACH(id, symptoms)
    echoes[verdict->symptom_count++] = find(walk, ew_json_str(id));
    verdict->symptoms = echoes;
    verdict->status = status_of(ew_json_get_str(node, "status", "unknown"));
    verdict->first_failing = layer_of(ew_json_get_str(node, "first", NULL));
    verdict->named = find(walk, ew_json_get_str(node, "named", NULL));
    verdict->layer = verdict->named ? (int)verdict->named->cause->layer : -1;
    verdict->summary = ew_json_get_str(node, "summary", "");
    fill_layers(walk, ew_json_get(node, "layers"));
    fill_undecided(walk, ew_json_get(node, "undecided"));
    verdict->world = ew_world_new(walk->snapshot);
}

/* ---- the decision ---- */

/* "Kind ns/name" as an object of the world. */
static const struct ew_obj *object_of(const struct uiwalk *walk, const char *title)
{
    char kind[64], rest[200];
    if (!title || sscanf(title, "%63s %199s", kind, rest) != 2)
        return NULL;
    char *slash = strchr(rest, '/');
    if (slash)
        *slash = '\0';
    const struct ew_obj *obj = ew_world_find(walk->verdict.world, ew_kind_of(NULL, kind),
                                             slash ? rest : NULL, slash ? slash + 1 : rest);
    if (!obj)
        die(title, "no such object");
    return obj;
}

static void fill_backends(struct uiwalk *walk, struct ew_decision *decision,
                          const struct ew_json *list)
{
    struct ew_backend *made = many(walk, ew_json_count(list), sizeof(*made));
    EW_JSON_EACH(item, list)
    {
        struct ew_backend *backend = &made[decision->backend_count++];
        backend->kind = "Service";
        backend->ns = ew_json_get_str(item, "ns", NULL);
        backend->name = ew_json_get_str(item, "name", NULL);
        backend->port = (int)ew_json_get_int(item, "port", 0);
        backend->weight = (int)ew_json_get_int(item, "weight", 1);
        backend->share = ew_json_num(ew_json_get(item, "share"), 1);
        backend->fault = (enum ew_backend_fault)ew_json_get_int(item, "fault", 0);
        backend->usable = backend->fault == EW_BACKEND_OK;
        backend->why_not = ew_json_get_str(item, "why_not", NULL);
        backend->ready = (int)ew_json_get_int(item, "ready", -1);
        backend->total = (int)ew_json_get_int(item, "total", -1);
        backend->service = object_of(walk, ew_json_get_str(item, "service", NULL));
    }
    decision->backends = made;
}

static void fill_candidates(struct uiwalk *walk, struct ew_decision *decision,
                            const struct ew_json *list)
{
    struct ew_candidate *made = many(walk, ew_json_count(list), sizeof(*made));
    EW_JSON_EACH(item, list)
    {
        struct ew_candidate *one = &made[decision->candidate_count++];
        one->route = object_of(walk, ew_json_get_str(item, "route", NULL));
        one->rule = (int)ew_json_get_int(item, "rule", 0);
        one->match = (int)ew_json_get_int(item, "match", -1);
        one->attached = ew_json_get_bool(item, "attached", true);
        one->matched = ew_json_get_bool(item, "matched", false);
        one->wins = ew_json_get_bool(item, "wins", false);
        one->why_not = ew_json_get_str(item, "why_not", NULL);
    }
    decision->candidates = made;
}

static const struct ew_json *listener_of(const struct ew_decision *decision)
{
    EW_JSON_EACH(listener,
                 decision->gateway ? ew_obj_at(decision->gateway, "spec.listeners") : NULL)
    if (ew_streq(ew_json_get_str(listener, "name", NULL), decision->listener))
        return listener;
    return NULL;
}

static void fill_decision(struct uiwalk *walk, const struct ew_json *node)
{
    if (!node)
        return;
    struct ew_decision *decision = many(walk, 1, sizeof(*decision));
    decision->outcome = (enum ew_outcome)ew_json_get_int(node, "outcome", EW_OUT_BACKEND);
    decision->status = (int)ew_json_get_int(node, "status", 0);
    decision->grpc_status = -1;
    decision->gateway = object_of(walk, ew_json_get_str(node, "gateway", NULL));
    decision->ingress = object_of(walk, ew_json_get_str(node, "ingress", NULL));
    decision->route = object_of(walk, ew_json_get_str(node, "route", NULL));
    decision->listener = ew_json_get_str(node, "listener", NULL);
    decision->listener_json = listener_of(decision);
    decision->rule = (int)ew_json_get_int(node, "rule", -1);
    decision->match = -1;
    decision->why = ew_json_get_str(node, "why", NULL);
    decision->others = (size_t)ew_json_get_int(node, "others", 0);
    if (decision->route && decision->rule >= 0)
        decision->rule_json =
            ew_json_item(ew_obj_at(decision->route, "spec.rules"), (size_t)decision->rule);
    fill_backends(walk, decision, ew_json_get(node, "backends"));
    fill_candidates(walk, decision, ew_json_get(node, "candidates"));
    walk->verdict.decision = decision;
}

struct uiwalk *uiwalk_load(const char *path)
{
    struct uiwalk *walk = ew_alloc(sizeof(*walk));
    walk->doc = read_doc(path);
    walk->arena = ew_arena_new();
    const struct ew_json *root = ew_doc_root(walk->doc);
    walk->url = ew_strdup(ew_json_str_or(ew_json_at(root, "target.url"), "?"));
    fill_snapshot(walk, root);
    fill_verdict(walk, ew_json_get(root, "verdict"));
    fill_decision(walk, ew_json_get(root, "decision"));
    return walk;
}

void uiwalk_free(struct uiwalk *walk)
{
    ew_world_free((struct ew_world *)walk->verdict.world);
    ew_snapshot_unref(walk->snapshot);
    ew_doc_unref(walk->doc);
    ew_arena_free(walk->arena);
    free(walk->url);
    free(walk);
}
