#include "config.h"

#include "candidates.h"

#include "edgewalk/fact/keys.h"

#include "ingress.h"

#include <stdlib.h>
#include <string.h>

static bool kind_concerns(const struct draft *draft, enum ew_kind kind)
{
    switch (draft->request->protocol) {
    case EW_PROTO_HTTP:
    case EW_PROTO_GRPC:
        return kind == EW_HTTPROUTE || kind == EW_GRPCROUTE ||
               (kind == EW_TLSROUTE && draft->request->tls);
    case EW_PROTO_TLS:
        return kind == EW_TLSROUTE || kind == EW_TCPROUTE;
    case EW_PROTO_TCP:
        return kind == EW_TCPROUTE;
    case EW_PROTO_UDP:
        return kind == EW_UDPROUTE;
    }
    return false;
}

/* The most specific host pattern of the route that takes the host; NULL: none does. */
static const char *pattern_of(const struct route *route, const char *host)
{
    const char *best = route->hostname_count ? NULL : "";
    for (size_t i = 0; i < route->hostname_count; i++)
        if (ew_hostname_matches(route->hostnames[i], host) &&
            (!best || host_specificity(route->hostnames[i]) > host_specificity(best)))
            best = route->hostnames[i];
    return best;
}

static const struct gate_fact *fact_at(const struct route *route, const struct listener *listener)
{
    for (size_t i = 0; i < route->attachment_count; i++)
        for (size_t j = 0; j < route->gates[i].count; j++)
            if (route->gates[i].at[j].listener == listener && route->gates[i].at[j].served)
                return &route->gates[i].at[j];
    return NULL;
}

static const char *not_attached_why(struct draft *draft, struct route *route)
{
    const char *why = "the route has no parentRefs";
    const struct listener *chosen = draft->listener;
    if (route->invalid)
        return route->invalid_why;
    for (size_t i = 0; i < route->attachment_count; i++) {
        attachment_explain(draft->routing, route, i);
        const struct ew_attachment *ref = &route->attachments[i];
        if (ref->attached == EW_YES && chosen)
            why = ew_arena_fmt(draft->arena,
                               "it is attached to %s %s/%s, not to listener %s, which "
                               "takes the request",
                               ref->parent_kind, ref->parent_ns, ref->parent_name, chosen->name);
        else if (ref->attached == EW_YES)
            why = "no listener takes the request";
        else if (ref->why)
            why = ref->why;
        for (size_t j = 0; j < ref->gate_count; j++)
            if (chosen && ref->gates[j].owner == chosen->owner &&
                ew_streq(ref->gates[j].listener, chosen->name) && ref->gates[j].why)
                return ref->gates[j].why;
    }
    return why;
}

/* ---- why a match that holds lost ---- */

static const char *title_of(struct draft *draft, const struct match *match)
{
    return ew_arena_fmt(draft->arena, "rule %d of %s", match->rule->index,
                        obj_title(draft->arena, match->rule->route->obj));
}

static const char *const lost_texts[] = {
    [EW_LOST_KIND] = "its path match goes before this kind of path match",
    [EW_LOST_PATH] = "its path is longer",
    [EW_LOST_METHOD] = "it matches the method",
    [EW_LOST_HEADERS] = "it matches more headers",
    [EW_LOST_QUERY] = "it matches more query parameters",
    [EW_LOST_AGE] = "its route is older",
    [EW_LOST_NAME] = "its route comes first by namespace and name",
    [EW_LOST_PLACE] = "it comes first in the route",
};

static const char *lost_to(struct draft *draft, const struct match *match, const char *pattern)
{
    const struct match *win = draft->match;
    const char *title = title_of(draft, win);
    if (strcmp(pattern, draft->pattern) != 0)
        return ew_arena_fmt(draft->arena,
                            "it matches too, and %s goes first: hostname %s is more "
                            "specific than %s",
                            title, *draft->pattern ? draft->pattern : "(any)",
                            *pattern ? pattern : "(any)");
    enum ew_lost by = match_lost_by(match, win);
    bool grpc = match->grpc && win->grpc && by == EW_LOST_KIND;
    return ew_arena_fmt(draft->arena, "it matches too, and %s goes first: %s", title,
                        grpc ? "it names more of service and method" : lost_texts[by]);
}

/* Hostnames are compared as the routes have them. Many data planes compare what is left of them
 * under the listener's hostname: there two that are wider than it are the same. */
static void note_common(struct draft *draft, const struct match *match, const char *pattern)
{
    size_t own = host_specificity(draft->listener->hostname);
    if (host_specificity(pattern) > own || host_specificity(draft->pattern) > own ||
        match_order(match, draft->match) > 0)
        return;
    draft_assume(draft,
                 "a data plane that keeps of hostnames %s and %s what they share with listener %s "
                 "(%s) takes rule %d of %s",
                 *draft->pattern ? draft->pattern : "(any)", *pattern ? pattern : "(any)",
                 draft->listener->name, draft->listener->hostname, match->rule->index,
                 obj_title(draft->arena, match->rule->route->obj));
}

/* How a match that holds at the winner's listener stands to the winner's. */
static void contend(struct draft *draft, const struct match *match, struct ew_candidate *out)
{
    const struct match *win = draft->match;
    bool same_host = strcmp(out->host, draft->pattern) == 0;
    if (!same_host)
        note_common(draft, match, out->host);
    out->lost_by = same_host ? match_lost_by(match, win) : EW_LOST_HOST;
    out->same = same_host && match_same(match, win);
    out->asks_more = match_asks_more(match, win);
}

/* Of a rule that cannot be made: whether it would go before the one that wins. */
static enum ew_yes would_win(const struct draft *draft, const struct match *match,
                             const char *pattern)
{
    bool first = !draft->match;
    if (draft->match && strcmp(pattern, draft->pattern) != 0)
        first = host_specificity(pattern) > host_specificity(draft->pattern);
    else if (draft->match)
        first = match_order(match, draft->match) < 0;
    return first ? match_takes(match, &draft->ask, NULL) : EW_NO;
}

/* ---- routes that are refused ---- */

static bool attached_nowhere(const struct route *route)
{
    bool any = false;
    for (size_t i = 0; i < route->attachment_count; i++) {
        if (route->attachments[i].attached != EW_NO)
            return false;
        any = any || route->attachments[i].parent;
    }
    return any;
}

/* By this parentRef the route is meant for the listener that takes the request, or for one that
 * does not exist. */
static bool is_meant(const struct draft *draft, const struct gate_set *gates)
{
    const struct gateway *at = gates->set ? gates->set->gateway : gates->gateway;
    bool none = gates->count > 0;
    for (size_t i = 0; at == draft->gateway && i < gates->count; i++) {
        const struct gate_fact *fact = &gates->at[i];
        bool past = fact->passes != EW_NO || fact->failed > EW_GATE_SECTION;
        if (past && fact->listener == draft->listener)
            return true;
        none = none && !past;
    }
    return at == draft->gateway && none;
}

static bool is_meant_here(const struct draft *draft, const struct route *route)
{
    for (size_t i = 0; i < route->attachment_count; i++)
        if (is_meant(draft, &route->gates[i]))
            return true;
    return false;
}

/* The first, in precedence, of the rules that would take it. */
static void note_refused(struct draft *draft, const struct match *match, const char *pattern,
                         size_t at)
{
    const struct route *route = match->rule->route;
    const char *other = draft->refused_pattern;
    if (draft->rule || !draft->gateway || !draft->listener || match->rule->invalid ||
        !attached_nowhere(route) || !is_meant_here(draft, route) ||
        match_takes(match, &draft->ask, NULL) != EW_YES)
        return;
    bool same = other && strcmp(other, pattern) == 0;
    if (draft->refused && (same ? match_order(draft->refused, match) < 0
                                : host_specificity(other) >= host_specificity(pattern)))
        return;
    draft->refused = match;
    draft->refused_pattern = pattern;
    draft->refused_at = at;
}

/* ---- one rule ---- */

static void note_regex(struct draft *draft, const struct match *match)
{
    if (match->type != MATCH_REGEX || match->grpc || !draft->match ||
        draft->match->type != MATCH_PREFIX)
        return;
    draft_assume(draft,
                 "rule %d of %s matches by regular expression too: here PathPrefix goes first, and "
                 "implementations differ",
                 match->rule->index, obj_title(draft->arena, match->rule->route->obj));
}

/* The first in precedence of the rule's matches that hold; NULL, with the first reason: none does.
 * *near is the miss of the one that came nearest. */
static const struct match *holding(struct draft *draft, const struct rule *rule, const char **why,
                                   struct ew_miss *near)
{
    const struct match *best = NULL;
    for (size_t i = 0; i < rule->match_count; i++) {
        const struct match *match = &rule->matches[i];
        struct ew_miss miss = {0};
        if (match_takes(match, &draft->ask, &miss) != EW_NO) {
            best = !best || match_order(match, best) < 0 ? match : best;
            continue;
        }
        *why = *why ? *why : miss.why;
        if (!near->part || ew_miss_order(&miss, near) < 0)
            *near = miss;
    }
    return best;
}

static const struct match *judge_rule(struct draft *draft, const struct rule *rule,
                                      struct ew_candidate *out)
{
    const char *why = NULL;
    struct ew_miss near = {0};
    const struct match *match = holding(draft, rule, &why, &near);
    out->match = match ? match->index : rule->matches[0].index;
    out->matched = match != NULL;
    if (!match) {
        out->why_not = why;
        out->miss = near;
    }
    if (match && draft->match)
        note_regex(draft, match);
    return match;
}

static void add_rule(struct draft *draft, struct route *route, const struct rule *rule,
                     const char *pattern, struct ew_ptrs *out)
{
    struct ew_candidate *candidate = ew_arena_alloc(draft->arena, sizeof(*candidate));
    const struct gate_fact *fact = draft->listener ? fact_at(route, draft->listener) : NULL;
    bool stream = route->obj->kind != EW_HTTPROUTE && route->obj->kind != EW_GRPCROUTE;
    const struct match *match = rule->matches;
    candidate->route = route->obj;
    candidate->rule = rule->index;
    candidate->host = pattern;
    candidate->attached = fact != NULL;
    ew_ptrs_add(out, candidate);
    if (draft->rule == rule) {
        candidate->matched = candidate->wins = true;
        candidate->match = draft->match->index;
        candidate->asks = match_text(draft->arena, draft->match);
        candidate->headers = draft->match->header_count;
        return;
    }
    candidate->matched = true;
    candidate->match = -1;
    if (!stream)
        match = judge_rule(draft, rule, candidate);
    if (match && !stream)
        note_refused(draft, match, pattern, out->count - 1);
    if (match) {
        candidate->asks = match_text(draft->arena, match);
        candidate->headers = match->header_count;
    }
    if (match && draft->match)
        candidate->why_not = lost_to(draft, match, pattern);
    if (match && draft->match && fact && fact->passes == EW_YES && !rule->invalid)
        contend(draft, match, candidate);
    if (rule->invalid) {
        candidate->why_not = rule->invalid_why;
        candidate->invalid = rule->invalid;
        if (match && fact && fact->passes == EW_YES)
            candidate->dropped = would_win(draft, match, pattern);
    }
    if (!fact)
        candidate->why_not = not_attached_why(draft, route);
    else if (!candidate->why_not)
        candidate->why_not = draft->out->why;
}

static size_t left_out(const struct draft *draft)
{
    static const enum ew_kind kinds[] = {EW_HTTPROUTE, EW_GRPCROUTE, EW_TLSROUTE,
                                         EW_TCPROUTE,  EW_UDPROUTE,  EW_INGRESS};
    size_t count = 0;
    for (size_t i = 0; i < EW_COUNT(kinds); i++)
        count += routing_left_out(draft->routing, kinds[i]);
    return count;
}

void candidates_list(struct draft *draft)
{
    struct ew_ptrs routes = {0}, found = {0};
    size_t total = 0;
    bool tls = draft->request->protocol == EW_PROTO_TLS;
    const char *host =
        tls && draft->request->sni ? host_lower(draft->arena, draft->request->sni) : draft->host;
    routes_claiming(draft->routing, host, &routes);
    for (size_t i = 0; i < routes.count; i++) {
        struct route *route = routes.at[i];
        const char *pattern = pattern_of(route, host);
        for (size_t j = 0;
             pattern && kind_concerns(draft, route->obj->kind) && j < route->rule_count; j++)
            add_rule(draft, route, &route->rules[j], pattern, &found);
    }
    ingress_candidates(draft, &found);
    for (size_t i = 0; i < draft->routing->route_count; i++)
        total += draft->routing->routes[i]->rule_count;
    total += draft->routing->ingress_rules + left_out(draft);
    struct ew_candidate *list = ew_arena_alloc(draft->arena, (found.count + 1) * sizeof(*list));
    for (size_t i = 0; i < found.count; i++) {
        list[i] = *(struct ew_candidate *)found.at[i];
        if (!list[i].wins && !list[i].why_not)
            list[i].why_not = "whether the request gets as far as this rule is not known";
    }
    draft->out->candidates = list;
    if (draft->refused && draft->out->outcome == EW_OUT_NO_ROUTE)
        draft->out->refused = &list[draft->refused_at];
    draft->out->candidate_count = found.count;
    draft->out->others = total > found.count ? total - found.count : 0;
    ew_ptrs_release(&routes);
    ew_ptrs_release(&found);
}
