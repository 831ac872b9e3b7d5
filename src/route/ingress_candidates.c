/* The paths of Ingresses that claim the host, and why each lost. */
#include "config.h"

#include "ingress.h"

#include <string.h>

/* ---- two Ingresses of one class that do not meet ---- */

/* Annotations by which a controller keeps the same host and path apart. */
static const char *const parting[] = {
    "traefik.ingress.kubernetes.io/router.entrypoints",
    "konghq.com/methods",
    "konghq.com/protocols",
};

static bool has_address(const struct ew_obj *obj, const struct ew_json *wanted)
{
    EW_JSON_EACH(entry, ew_obj_at(obj, "status.loadBalancer.ingress"))
    if (ew_streq(ew_json_get_str(entry, "ip", ""), ew_json_get_str(wanted, "ip", "")) &&
        ew_streq(ew_json_get_str(entry, "hostname", ""), ew_json_get_str(wanted, "hostname", "")))
        return true;
    return false;
}

/* Some controllers make a load balancer of its own for every Ingress. */
static bool published_apart(const struct ew_obj *a, const struct ew_obj *b)
{
    const struct ew_json *list = ew_obj_at(a, "status.loadBalancer.ingress");
    if (!ew_json_count(list) || !ew_json_count(ew_obj_at(b, "status.loadBalancer.ingress")))
        return false;
    EW_JSON_EACH(entry, list)
    if (has_address(b, entry))
        return false;
    return true;
}

static const char *parted_why(const struct ingress *a, const struct ingress *b)
{
    if (!ew_streq(a->class_, b->class_))
        return "it is of another class";
    if (published_apart(a->obj, b->obj))
        return "it is published at other addresses";
    for (size_t i = 0; i < EW_COUNT(parting); i++)
        if (!ew_streq(ew_obj_annotation(a->obj, parting[i]), ew_obj_annotation(b->obj, parting[i])))
            return "an annotation keeps the two apart";
    return NULL;
}

/* ---- a path that takes the request, and lost ---- */

static const char *const lost_texts[] = {
    [EW_LOST_HOST] = "its host is more specific",
    [EW_LOST_KIND] = "its path is exact",
    [EW_LOST_PATH] = "its path is longer",
    [EW_LOST_AGE] = "it is older",
    [EW_LOST_NAME] = "it comes first by namespace and name",
    [EW_LOST_PLACE] = "it comes first in the Ingress",
};

static void contend(const struct draft *draft, const struct ingress *ingress,
                    const struct ingress_rule *rule, struct ew_candidate *out)
{
    const struct ingress_rule *win = draft->path;
    if (!rule || !win) {
        out->lost_by =
            win ? EW_LOST_HOST
                : (ingress->created != draft->ingress->created ? EW_LOST_AGE : EW_LOST_NAME);
        return;
    }
    bool same_host = strcmp(rule->host, win->host) == 0;
    bool alike = rule->exact == win->exact && ingress_by_regex(rule) == ingress_by_regex(win);
    size_t mine = strlen(rule->text), its = strlen(win->text);
    out->lost_by = same_host ? ingress_lost_by(rule, win) : EW_LOST_HOST;
    out->same = same_host && alike && strcmp(rule->text, win->text) == 0;
    out->asks_more = !ingress_by_regex(rule) && !ingress_by_regex(win) &&
                     (mine > its || (mine == its && rule->exact && !win->exact));
}

static const char *elsewhere_why(struct draft *draft, const struct ingress *ingress)
{
    const struct ew_decision *won = draft->out;
    if (won->route)
        return ew_arena_fmt(draft->arena,
                            "it matches too, behind another entry point: "
                            "%s serves the request at %s",
                            obj_title(draft->arena, won->route),
                            won->gateway ? won->gateway->name : "its Gateway");
    const char *why = draft->ingress ? parted_why(ingress, draft->ingress) : NULL;
    return why ? ew_arena_fmt(draft->arena,
                              "it matches too, behind another entry point than %s: %s",
                              obj_title(draft->arena, won->ingress), why)
               : NULL;
}

static void judge_match(struct draft *draft, const struct ingress *ingress,
                        const struct ingress_rule *rule, struct ew_candidate *out)
{
    const struct ew_decision *won = draft->out;
    out->why_not = elsewhere_why(draft, ingress);
    if (out->why_not) {
        out->lost_by = EW_LOST_ENTRY;
    } else if (ingress->canary) {
        out->lost_by = EW_LOST_CANARY;
        out->why_not = "it is a canary, and takes nothing for which there is no path";
        if (rule)
            out->canary = canary_judge(draft, rule, &out->why_not, &out->miss);
    } else if (draft->ingress) {
        contend(draft, ingress, rule, out);
        out->why_not =
            ew_arena_fmt(draft->arena, "it matches too, and %s goes first: %s",
                         obj_title(draft->arena, won->ingress), lost_texts[out->lost_by]);
    } else {
        out->why_not = won->why;
    }
}

static void add_candidate(struct draft *draft, const struct ingress *ingress,
                          const struct ingress_rule *rule, struct ew_ptrs *out)
{
    struct ew_candidate *candidate = ew_arena_alloc(draft->arena, sizeof(*candidate));
    candidate->route = ingress->obj;
    candidate->rule = rule ? rule->rule : -1;
    candidate->match = rule ? rule->path : -1;
    candidate->host = rule ? rule->host : "";
    candidate->attached = ingress->classed.ok != EW_NO;
    candidate->matched = !rule || ingress_path_takes(draft, rule, &candidate->miss) == EW_YES;
    candidate->wins = draft->ingress == ingress && draft->path == rule;
    if (candidate->matched)
        candidate->asks = rule ? ew_arena_fmt(draft->arena, "%s %s", rule->type, rule->text)
                               : "the default backend";
    ew_ptrs_add(out, candidate);
    if (candidate->wins)
        return;
    if (!candidate->attached)
        candidate->why_not = ingress->classed.why;
    else if (!candidate->matched)
        candidate->why_not = candidate->miss.why;
    else
        judge_match(draft, ingress, rule, candidate);
}

void ingress_candidates(struct draft *draft, struct ew_ptrs *out)
{
    const struct ingress_table *table = draft->routing->ingresses;
    const char *patterns[INGRESS_PATTERNS];
    if (draft->request->protocol != EW_PROTO_HTTP && draft->request->protocol != EW_PROTO_GRPC)
        return;
    ingress_patterns(draft->arena, draft->host, patterns);
    for (size_t i = 0; i < table->count; i++) {
        const struct ingress *ingress = table->at[i];
        for (size_t j = 0; j < ingress->rule_count; j++) {
            const struct ingress_rule *rule = &ingress->rules[j];
            for (size_t k = 0; k < INGRESS_PATTERNS; k++)
                if (patterns[k] && strcmp(patterns[k], rule->host) == 0)
                    add_candidate(draft, ingress, rule, out);
        }
        if (ingress->default_backend)
            add_candidate(draft, ingress, NULL, out);
    }
}

/* ---- as if it won ---- */

static const struct ingress *ingress_of(const struct draft *draft, const struct ew_obj *obj)
{
    const struct ingress_table *table = draft->routing->ingresses;
    for (size_t i = 0; i < table->count; i++)
        if (table->at[i]->obj == obj)
            return table->at[i];
    return NULL;
}

void ingress_decide_as(struct draft *draft, const struct ew_candidate *candidate)
{
    const struct ingress *ingress = ingress_of(draft, candidate->route);
    for (size_t i = 0; ingress && i < ingress->rule_count; i++)
        if (ingress->rules[i].rule == candidate->rule && ingress->rules[i].path == candidate->match)
            ingress_take(draft, ingress, &ingress->rules[i]);
    if (ingress && candidate->rule < 0 && ingress->default_backend)
        ingress_take(draft, ingress, NULL);
}
