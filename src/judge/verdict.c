#include "verdict.h"

#include <stdlib.h>
#include <string.h>

/* Handshakes and requests at an address that does not even connect tell nothing more. */
static bool is_moot(struct judging *j, const struct ew_fact *fact)
{
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        const char *where = at_port(j, at->text, j->port);
        const char *slash = strchr(fact->key, '/');
        if (at->tcp_test == TEST_FAIL && slash && ew_text_prefix(slash + 1, where) &&
            (ew_text_prefix(fact->key, "tls/") || ew_text_prefix(fact->key, "http/")))
            return true;
    }
    return false;
}

/* Facts not there yet: asked for now, or under way. */
static bool is_pending(struct judging *j)
{
    if (ew_wants_count(j->wants))
        return true;
    for (size_t i = 0; i < ew_snapshot_fact_count(j->snapshot); i++) {
        const struct ew_fact *fact = ew_snapshot_fact_at(j->snapshot, i);
        if (fact->state == EW_PENDING && !is_moot(j, fact))
            return true;
    }
    return j->inside == INSIDE_PENDING;
}

/* ---- the verdict ---- */

static int by_layer(const void *left, const void *right)
{
    const struct ew_draft *a = *(struct ew_draft *const *)left;
    const struct ew_draft *b = *(struct ew_draft *const *)right;
    int order = (int)a->out.cause->layer - (int)b->out.cause->layer;
    return order ? order : ew_draft_compare(a, b);
}

static void number(struct judging *j, struct ew_verdict *out)
{
    const struct ew_finding **list =
        ew_arena_alloc(j->arena, (j->drafts.count + 1) * sizeof(*list));
    if (j->drafts.count)
        qsort(j->drafts.at, j->drafts.count, sizeof(void *), by_layer);
    for (size_t i = 0; i < j->drafts.count; i++) {
        struct ew_draft *draft = j->drafts.at[i];
        if (draft->withdrawn)
            continue;
        list[out->finding_count++] = &draft->out;
        draft->out.id = say(j, "f%zu", out->finding_count);
    }
    for (size_t i = 0; i < j->drafts.count; i++) {
        struct ew_draft *draft = j->drafts.at[i];
        draft->out.explained_by = draft->explainer ? draft->explainer->out.id : NULL;
    }
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

static enum ew_status worse(enum ew_status base, enum ew_severity severity)
{
    if (severity == EW_SEV_FAIL || base == EW_ST_FAIL)
        return EW_ST_FAIL;
    return severity == EW_SEV_WARN && (base == EW_ST_OK || base == EW_ST_SKIPPED) ? EW_ST_WARN
                                                                                  : base;
}

static bool settled(enum ew_status status)
{
    return status == EW_ST_OK || status == EW_ST_WARN || status == EW_ST_FAIL ||
           status == EW_ST_SKIPPED;
}

/* While facts are under way, what is not known yet is not called unknown. */
static void fill_layer(struct judging *j, struct ew_verdict *out, enum ew_layer layer, bool pending)
{
    const struct layer_draft *from = &j->layers[layer];
    struct ew_layer_result *to = &out->layers[layer];
    const struct ew_finding **list =
        ew_arena_alloc(j->arena, (out->finding_count + 1) * sizeof(*list));
    to->status = from->status;
    for (size_t i = 0; i < out->finding_count; i++) {
        if (out->findings[i]->cause->layer != layer)
            continue;
        list[to->finding_count++] = out->findings[i];
        to->status = worse(to->status, out->findings[i]->severity);
    }
    if (pending && (from->pending || !settled(to->status)))
        to->status = EW_ST_PENDING;
    to->findings = list;
    to->summary = from->summary ? from->summary : "";
    to->started_ms = from->timed ? from->started_ms : 0;
    to->elapsed_ms = from->timed ? from->elapsed_ms : -1;
    to->facts = from->facts;
}

static const char *summary_of(struct judging *j, const struct ew_ballot *ballot, bool pending)
{
    const char *url = clean(j, j->url);
    if (ballot->named && ballot->status != EW_ST_UNKNOWN)
        return ballot->named->out.message;
    if (pending)
        return say(j, "walking %s", url);
    if (ballot->status == EW_ST_UNKNOWN)
        return say(j, "nothing failing was seen at %s, and too little could be seen to say healthy",
                   url);
    if (j->live_ok && j->answer.what)
        return say(j, "%s is healthy: %s", url, j->answer.what);
    return say(j, "nothing is wrong with %s as far as it was looked at", url);
}

static bool any_unknown(const struct judging *j)
{
    bool looked = false;
    for (int layer = EW_LAYER_DNS; layer <= EW_LAYER_APP; layer++) {
        if (j->layers[layer].status == EW_ST_UNKNOWN)
            return true;
        looked = looked || settled(j->layers[layer].status);
    }
    return !looked;
}

static void fill(struct judging *j, const struct ew_ballot *ballot, struct ew_verdict *out)
{
    bool pending = is_pending(j);
    number(j, out);
    out->status = pending ? EW_ST_PENDING : ballot->status;
    out->exit_status = ballot->exit_status;
    out->first_failing = ballot->first_failing;
    out->layer = ballot->named ? (int)ballot->named->out.cause->layer : -1;
    out->named = ballot->named ? &ballot->named->out : NULL;
    out->summary = summary_of(j, ballot, pending);
    out->symptoms = findings_of(j, ballot->symptoms, ballot->symptom_count);
    out->symptom_count = ballot->symptom_count;
    out->independent = findings_of(j, ballot->independent, ballot->independent_count);
    out->independent_count = ballot->independent_count;
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++)
        fill_layer(j, out, (enum ew_layer)layer, pending);
    struct ew_undecided *rows = ew_arena_alloc(j->arena, (j->undecided.count + 1) * sizeof(*rows));
    for (size_t i = 0; i < j->undecided.count; i++)
        rows[i] = *(struct ew_undecided *)j->undecided.at[i];
    out->undecided = rows;
    out->undecided_count = j->undecided.count;
    out->path = path_json(j);
    out->wants = j->wants;
    out->decision = j->decision;
    out->world = j->world;
}

void verdict_fill(struct judging *j, struct ew_verdict *out)
{
    struct ew_ballot ballot = {
        .drafts = (struct ew_draft *const *)j->drafts.at,
        .count = j->drafts.count,
        .edges = ew_edges,
        .edge_count = ew_edges_count,
        .live_ok = j->live_ok,
        .any_unknown = any_unknown(j),
        .arena = j->arena,
    };
    ew_elect(&ballot);
    fill(j, &ballot, out);
}
