/* Canaries of ingress-nginx: an Ingress marked as one makes no location of its own. Its backend
 * joins that of the Ingress with the same class, host, path and pathType; of several the oldest
 * does, and the others get nothing. A request goes there by header, then cookie, then weight. */
#include "config.h"

#include "ingress.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX "nginx.ingress.kubernetes.io/"

/* Controllers, by a word of their names, that are known not to read these annotations: to them it
 * is an Ingress like any other. */
static bool is_foreign(const char *controller)
{
    static const char *const others[] = {"nginx.org", "traefik",    "haproxy",  "konghq",
                                         "contour",   "aws/alb",    "azure",    "cilium",
                                         "istio",     "ambassador", "pomerium", "cloudflare"};
    for (size_t i = 0; i < EW_COUNT(others); i++)
        if (strstr(controller, others[i]))
            return true;
    return false;
}

bool canary_is_marked(const struct ingress *ingress)
{
    const char *controller =
        ingress->class_obj ? ew_json_str(ew_obj_at(ingress->class_obj, "spec.controller")) : NULL;
    return ew_streq(ew_obj_annotation(ingress->obj, PREFIX "canary"), "true") &&
           !(controller && is_foreign(controller));
}

/* ---- its own rules ---- */

struct terms {
    const char *header, *value, *pattern, *cookie; /* NULL: none */
    const char *weight_text;                       /* NULL: none; it may be no number */
    long weight, total;
};

static const char *term(const struct ingress *ingress, const char *name)
{
    const char *text = ew_obj_annotation(ingress->obj, name);
    return text && *text ? text : NULL;
}

static long number(const char *text, long otherwise)
{
    char *end;
    long value = text ? strtol(text, &end, 10) : otherwise;
    return !text || end == text || *end || value < 0 ? otherwise : value;
}

static struct terms terms_of(const struct ingress *ingress)
{
    struct terms terms = {
        .header = term(ingress, PREFIX "canary-by-header"),
        .value = term(ingress, PREFIX "canary-by-header-value"),
        .pattern = term(ingress, PREFIX "canary-by-header-pattern"),
        .cookie = term(ingress, PREFIX "canary-by-cookie"),
        .weight_text = term(ingress, PREFIX "canary-weight"),
    };
    terms.total = number(term(ingress, PREFIX "canary-weight-total"), 100);
    terms.total = terms.total > 100 ? terms.total : 100;
    terms.weight = number(terms.weight_text, 0);
    terms.weight = terms.weight < terms.total ? terms.weight : terms.total;
    return terms;
}

/* ---- which requests it takes ---- */

enum pick { PICK_CANARY, PICK_OTHER, PICK_BY_WEIGHT };

static enum pick always_or_never(const char *value)
{
    if (ew_streq(value, "always"))
        return PICK_CANARY;
    return ew_streq(value, "never") ? PICK_OTHER : PICK_BY_WEIGHT;
}

static enum pick pick_by_header(struct draft *draft, const struct terms *terms)
{
    const char *sent = terms->header ? ask_header(&draft->ask, terms->header) : NULL;
    const char *error;
    if (!sent)
        return PICK_BY_WEIGHT;
    if (terms->value)
        return strcmp(sent, terms->value) == 0 ? PICK_CANARY : PICK_BY_WEIGHT;
    if (!terms->pattern)
        return always_or_never(sent);
    /* anywhere in the value */
    struct regex *regex = regex_get(
        draft->routing, ew_arena_fmt(draft->arena, "(?s).*(?:%s).*", terms->pattern), &error);
    return regex && regex_takes(regex, sent) == EW_YES ? PICK_CANARY : PICK_BY_WEIGHT;
}

static const char *cookie_value(struct draft *draft, const char *name)
{
    const char *at = ask_header(&draft->ask, "cookie");
    size_t len = strlen(name);
    while (at && *at) {
        at += strspn(at, "; ");
        if (strncmp(at, name, len) == 0 && at[len] == '=')
            return ew_arena_strndup(draft->arena, at + len + 1, strcspn(at + len + 1, "; "));
        at += strcspn(at, ";");
    }
    return NULL;
}

static enum pick pick(struct draft *draft, const struct terms *terms)
{
    enum pick by = pick_by_header(draft, terms);
    if (by == PICK_BY_WEIGHT && terms->cookie)
        by = always_or_never(cookie_value(draft, terms->cookie));
    return by;
}

static bool leads_somewhere(const struct terms *terms)
{
    return terms->weight || terms->header || terms->cookie;
}

/* ---- what it joins ---- */

static const struct ew_ptrs *rules_of_host(struct draft *draft, const char *host)
{
    return ew_map_get(draft->routing->ingresses->hosts, host);
}

static bool same_place(const struct ingress_rule *a, const struct ingress_rule *b)
{
    return ew_streq(a->ingress->class_, b->ingress->class_) && strcmp(a->text, b->text) == 0 &&
           strcmp(a->type, b->type) == 0;
}

static const struct ingress_rule *oldest_at(struct draft *draft, const struct ingress_rule *rule,
                                            bool canary)
{
    const struct ew_ptrs *list = rules_of_host(draft, rule->host);
    const struct ingress_rule *best = NULL;
    for (size_t i = 0; list && i < list->count; i++) {
        const struct ingress_rule *one = list->at[i];
        if (one->ingress->canary != canary || one->ingress->classed.ok == EW_NO ||
            !same_place(one, rule))
            continue;
        if (!best || obj_age_order(one->ingress->obj, best->ingress->obj) < 0)
            best = one;
    }
    return best;
}

/* The one that it may have been meant to join. */
static const struct ingress_rule *other_path(struct draft *draft, const struct ingress_rule *canary)
{
    const struct ew_ptrs *list = rules_of_host(draft, canary->host);
    const struct ingress_rule *found = NULL;
    for (size_t i = 0; list && i < list->count; i++) {
        const struct ingress_rule *one = list->at[i];
        if (one->ingress->canary || !ew_streq(one->ingress->class_, canary->ingress->class_))
            continue;
        if (strcmp(one->text, canary->text) == 0)
            return one;
        found = found ? found : one;
    }
    return found;
}

static const char *orphan_why(struct draft *draft, const struct ingress_rule *canary)
{
    const struct ingress_rule *other = other_path(draft, canary);
    const char *beside =
        other ? ew_arena_fmt(draft->arena, "; %s has %s %s",
                             obj_title(draft->arena, other->ingress->obj), other->type, other->text)
              : "";
    return ew_arena_fmt(draft->arena,
                        "it is a canary, and no other Ingress of its class has host %s with %s %s "
                        "for it to join%s",
                        *canary->host ? canary->host : "(any)", canary->type, canary->text, beside);
}

static bool same_backend(const struct ingress_rule *a, const struct ingress_rule *b)
{
    return ew_streq(a->ingress->obj->ns, b->ingress->obj->ns) &&
           ew_json_get(a->backend, "service") && ew_json_equal(a->backend, b->backend);
}

/* ---- the judgement ---- */

static const char *never_why(struct draft *draft, const struct terms *terms)
{
    if (terms->weight_text && !leads_somewhere(terms))
        return ew_arena_fmt(draft->arena, "it is a canary with weight %s", terms->weight_text);
    return "it is a canary, and no canary-weight, canary-by-header or canary-by-cookie sends "
           "anything to it";
}

static bool is_zero(const struct terms *terms)
{
    return terms->weight_text && strspn(terms->weight_text, "0") == strlen(terms->weight_text);
}

/* The header that is sent, or missed, as a part that did not fit. */
static void header_misses(struct draft *draft, const struct terms *terms, struct ew_miss *miss)
{
    const char *sent = ask_header(&draft->ask, terms->header);
    miss->part = EW_PART_HEADER;
    miss->name = terms->header;
    miss->wanted = terms->value ? terms->value : terms->pattern ? terms->pattern : "always";
    miss->sent = ew_arena_strdup(draft->arena, sent);
    miss->why =
        sent ? ew_arena_fmt(draft->arena, "it is a canary, and header %s is \"%s\", not %s\"%s\"",
                            terms->header, sent,
                            !terms->value && terms->pattern ? "matched by " : "", miss->wanted)
             : ew_arena_fmt(draft->arena, "it is a canary, and header %s is not sent",
                            terms->header);
}

static const char *takes_why(struct draft *draft, const struct terms *terms, enum pick by,
                             const struct ingress_rule *primary)
{
    const char *of = obj_title(draft->arena, primary->ingress->obj);
    if (by == PICK_CANARY)
        return ew_arena_fmt(draft->arena, "it is the canary of %s, and takes this request", of);
    if (by == PICK_BY_WEIGHT && terms->weight)
        return ew_arena_fmt(draft->arena, "it is the canary of %s, for %ld of %ld requests", of,
                            terms->weight, terms->total);
    return ew_arena_fmt(draft->arena, "it is the canary of %s, for other requests", of);
}

static enum ew_canary judge_terms(struct draft *draft, const struct terms *terms,
                                  const struct ingress_rule *primary, const char **why,
                                  struct ew_miss *miss)
{
    enum pick by = pick(draft, terms);
    *why = takes_why(draft, terms, by, primary);
    if (!leads_somewhere(terms)) {
        *why = never_why(draft, terms);
        return is_zero(terms) ? EW_CANARY_ZERO : EW_CANARY_NEVER;
    }
    if (by != PICK_BY_WEIGHT || terms->weight || !terms->header)
        return EW_CANARY_TAKES;
    header_misses(draft, terms, miss);
    *why = miss->why;
    return miss->sent ? EW_CANARY_NOT_ASKED : EW_CANARY_TAKES;
}

static void backend_of(struct draft *draft, const struct ingress_rule *rule, struct ew_backend *out)
{
    memset(out, 0, sizeof(*out));
    ingress_backend(draft, rule->ingress, rule->backend, out);
}

enum ew_canary canary_judge(struct draft *draft, const struct ingress_rule *rule, const char **why,
                            struct ew_miss *miss)
{
    const struct ingress_rule *primary = oldest_at(draft, rule, false);
    const struct ingress_rule *first = oldest_at(draft, rule, true);
    const struct terms terms = terms_of(rule->ingress);
    struct ew_backend backend;
    if (!primary) {
        *why = orphan_why(draft, rule);
        return EW_CANARY_ORPHAN;
    }
    if (same_backend(primary, rule)) {
        *why =
            ew_arena_fmt(draft->arena, "it is a canary, and leads to the Service that %s leads to",
                         obj_title(draft->arena, primary->ingress->obj));
        return EW_CANARY_ITSELF;
    }
    if (first && first->ingress != rule->ingress) {
        *why = ew_arena_fmt(draft->arena,
                            "it is a canary, and %s is one for the same path and older: only one "
                            "counts",
                            obj_title(draft->arena, first->ingress->obj));
        return EW_CANARY_SECOND;
    }
    enum ew_canary is = judge_terms(draft, &terms, primary, why, miss);
    backend_of(draft, rule, &backend);
    if (is == EW_CANARY_TAKES && !backend.usable && backend.fault != EW_BACKEND_UNKNOWN) {
        *why = ew_arena_fmt(draft->arena, "it is the canary of %s, which gets its requests too: %s",
                            obj_title(draft->arena, primary->ingress->obj), backend.why_not);
        return EW_CANARY_NO_BACKEND;
    }
    return is;
}

/* ---- the backends of the rule that won ---- */

void canary_join(struct draft *draft, const struct ingress_rule *primary)
{
    const struct ingress_rule *rule = oldest_at(draft, primary, true);
    const char *why;
    struct ew_miss miss;
    if (!rule || canary_judge(draft, rule, &why, &miss) != EW_CANARY_TAKES)
        return;
    const struct terms terms = terms_of(rule->ingress);
    enum pick by = pick(draft, &terms);
    long weight = by == PICK_CANARY ? terms.total : by == PICK_OTHER ? 0 : terms.weight;
    struct ew_backend *backends = ew_arena_alloc(draft->arena, 2 * sizeof(*backends));
    if (!weight)
        return;
    backends[0] = draft->out->backends[0];
    backends[0].weight = (int)(terms.total - weight);
    backends[0].share = (double)backends[0].weight / (double)terms.total;
    backend_of(draft, rule, &backends[1]);
    backends[1].weight = (int)weight;
    backends[1].share = (double)weight / (double)terms.total;
    draft->out->backends = weight < terms.total ? backends : backends + 1;
    draft->out->backend_count = weight < terms.total ? 2 : 1;
}
