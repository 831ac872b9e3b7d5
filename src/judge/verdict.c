#include "verdict.h"

#include <stdlib.h>
#include <string.h>

/* ---- findings ---- */

static int by_layer(const void *left, const void *right)
{
    const struct ew_finding *a = &(*(struct ew_draft *const *)left)->out;
    const struct ew_finding *b = &(*(struct ew_draft *const *)right)->out;
    int order = (int)a->cause->layer - (int)b->cause->layer;
    order = order ? order : strcmp(a->ns ? a->ns : "", b->ns ? b->ns : "");
    order = order ? order : strcmp(a->name ? a->name : "", b->name ? b->name : "");
    order = order ? order : strcmp(a->cause->id, b->cause->id);
    return order ? order : strcmp(a->kind, b->kind);
}

static void number_findings(struct judging *j, struct ew_verdict *out)
{
    struct ew_draft **drafts = (struct ew_draft **)j->drafts.at;
    const struct ew_finding **list =
        ew_arena_alloc(j->arena, (j->drafts.count + 1) * sizeof(*list));
    if (j->drafts.count)
        qsort(drafts, j->drafts.count, sizeof(*drafts), by_layer);
    for (size_t i = 0; i < j->drafts.count; i++) {
        if (drafts[i]->withdrawn)
            continue;
        drafts[i]->out.id = say(j, "f%zu", out->finding_count + 1);
        list[out->finding_count++] = &drafts[i]->out;
    }
    for (size_t i = 0; i < j->drafts.count; i++)
        if (drafts[i]->explainer)
            drafts[i]->out.explained_by = drafts[i]->explainer->out.id;
    out->findings = list;
}

static const struct ew_finding *const *findings_of(struct judging *j,
                                                   struct ew_draft *const *drafts, size_t count)
{
    const struct ew_finding **list = ew_arena_alloc(j->arena, (count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++)
        list[i] = &drafts[i]->out;
    return list;
}

/* ---- layers ---- */

static void gather(struct judging *j, struct ew_verdict *out, enum ew_layer layer)
{
    struct ew_layer_result *result = &out->layers[layer];
    const struct ew_finding **list =
        ew_arena_alloc(j->arena, (out->finding_count + 1) * sizeof(*list));
    for (size_t i = 0; i < out->finding_count; i++)
        if (out->findings[i]->cause->layer == layer)
            list[result->finding_count++] = out->findings[i];
    result->findings = list;
}

/* What was found weighs with what was seen. `http` stays failed where its finding was withdrawn for
 * the one that explains it (ELECTION.md, rule 5). */
static enum ew_status closed(const struct layer_draft *draft, const struct ew_layer_result *result,
                             bool group)
{
    enum ew_severity worst = EW_SEV_INFO;
    if (draft->pending)
        return EW_ST_PENDING;
    for (size_t i = 0; i < result->finding_count; i++)
        if (result->findings[i]->severity > worst)
            worst = result->findings[i]->severity;
    if (worst == EW_SEV_FAIL)
        return group ? EW_ST_WARN : EW_ST_FAIL;
    if (worst == EW_SEV_WARN && (draft->status == EW_ST_OK || draft->status == EW_ST_FAIL))
        return EW_ST_WARN;
    return draft->status;
}

static void close_layers(struct judging *j, struct ew_verdict *out)
{
    for (int i = 0; i < EW_LAYER_COUNT; i++) {
        const struct layer_draft *draft = &j->layers[i];
        struct ew_layer_result *result = &out->layers[i];
        gather(j, out, (enum ew_layer)i);
        result->status = closed(draft, result, i >= EW_LAYER_API_ACCESS);
        result->summary = draft->summary ? draft->summary : ew_status_name(result->status);
        result->started_ms = draft->timed ? draft->started_ms : -1;
        result->elapsed_ms = draft->timed ? draft->elapsed_ms : -1;
        result->facts = draft->facts;
    }
}

/* ---- the sentence ---- */

static const char *unknown_layers(struct judging *j, const struct ew_verdict *out)
{
    const char *list = "";
    for (int i = 0; i <= EW_LAYER_APP; i++)
        if (out->layers[i].status == EW_ST_UNKNOWN)
            list = say(j, "%s%s%s", list, *list ? ", " : "", ew_layer_row((enum ew_layer)i)->id);
    return list;
}

static const char *sentence(struct judging *j, const struct ew_verdict *out)
{
    const char *unknown = unknown_layers(j, out);
    switch (out->status) {
    case EW_ST_FAIL:
    case EW_ST_WARN:
        return say(j, "%s%s%s%s", out->named->message, out->named->note ? " (" : "",
                   out->named->note ? out->named->note : "", out->named->note ? ")" : "");
    case EW_ST_OK:
        return say(j, "nothing is wrong from DNS to %s%s%s",
                   j->decision && j->backend ? "the pods" : "HTTP", *unknown ? "; not known: " : "",
                   unknown);
    case EW_ST_PENDING:
        return "still looking";
    default:
        return say(j,
                   "nothing failing was seen, and too little could be seen to say healthy: %s "
                   "not known",
                   unknown);
    }
}

/* ---- all together ---- */

static bool any(const struct judging *j, enum ew_status status, bool pending)
{
    for (int i = 0; i <= EW_LAYER_APP; i++)
        if (pending ? j->layers[i].pending : j->layers[i].status == status)
            return true;
    return false;
}

static void elect(struct judging *j, struct ew_verdict *out)
{
    struct ew_ballot ballot = {
        .drafts = (struct ew_draft *const *)j->drafts.at,
        .count = j->drafts.count,
        .edges = ew_edges,
        .edge_count = ew_edges_count,
        .live_ok = j->live_ok,
        .any_unknown = any(j, EW_ST_UNKNOWN, false),
        .arena = j->arena,
    };
    ew_elect(&ballot);
    number_findings(j, out);
    out->status = any(j, EW_ST_PENDING, true) ? EW_ST_PENDING : ballot.status;
    out->exit_status = ballot.exit_status;
    out->first_failing = ballot.first_failing;
    out->named = ballot.named ? &ballot.named->out : NULL;
    out->layer = ballot.named ? (int)ballot.named->out.cause->layer : -1;
    out->symptoms = findings_of(j, ballot.symptoms, ballot.symptom_count);
    out->symptom_count = ballot.symptom_count;
    out->independent = findings_of(j, ballot.independent, ballot.independent_count);
    out->independent_count = ballot.independent_count;
}

static void copy_undecided(struct judging *j, struct ew_verdict *out)
{
    struct ew_undecided *list = ew_arena_alloc(j->arena, (j->undecided.count + 1) * sizeof(*list));
    for (size_t i = 0; i < j->undecided.count; i++)
        list[i] = *(const struct ew_undecided *)j->undecided.at[i];
    out->undecided = list;
    out->undecided_count = j->undecided.count;
}

void verdict_fill(struct judging *j, struct ew_verdict *out)
{
    elect(j, out);
    close_layers(j, out);
    copy_undecided(j, out);
    out->path = path_json(j);
    out->wants = j->wants;
    out->decision = j->decision;
    out->world = j->world;
    out->summary = sentence(j, out);
}
