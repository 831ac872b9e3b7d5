/* Host names: wildcards that were meant to take the host and do not, routes that take any. */
#include "route.h"

#include <string.h>

static const struct ew_obj *edge_of(const struct ew_decision *by)
{
    return by->gateway ? by->gateway : by->ingress;
}

static void tag_edge_of(struct judging *j, struct ew_draft *draft, const struct ew_decision *by)
{
    tag_host(j, draft);
    if (by->gateway)
        draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, by->gateway->ns, by->gateway->name));
    else if (by->ingress)
        draft_tag(j, draft, EW_TAG_GATEWAY, title(j, by->ingress));
}

static const char *listener_title(struct judging *j, const struct ew_obj *owner, const char *name)
{
    return say(j, "listener %s of %s", name, title(j, owner));
}

/* ---- wildcards that nearly take the host ---- */

/* What the same request gets for a host that the wildcard does take, and who serves that. */
struct taken {
    const struct ew_near_host *near;
    const char *host;
    const struct ew_decision *by;
};

static bool is_published(const struct judging *j, const struct address *address)
{
    static const enum ew_kind kinds[] = {EW_GATEWAY, EW_INGRESS};
    for (size_t i = 0; i < EW_COUNT(kinds); i++)
        for (size_t k = 0; k < ew_world_count(j->world, kinds[i]); k++)
            if (publishes(ew_world_at(j->world, kinds[i], k), address))
                return true;
    return false;
}

/* Whether that is served at the address that is spoken of, as far as addresses are published. */
static bool is_in_play(const struct judging *j, const struct ew_decision *by)
{
    const struct address *address = j->answer.at;
    return !address || publishes(edge_of(by), address) || !is_published(j, address);
}

static const struct ew_decision *served_by(const struct judging *j, const struct ew_decision *first,
                                           const struct ew_near_host *near)
{
    for (const struct ew_decision *by = first; by; by = by->next)
        if (is_routed(by) && route_winner(by) == near->owner && ew_streq(by->host, near->pattern) &&
            is_in_play(j, by))
            return by;
    return NULL;
}

/* Only a wildcard that works is what the labels keep the host from. */
static bool find_taken(struct judging *j, struct taken *out)
{
    const char *nonce = ew_json_get_str(j->options, "nonce", "0");
    for (size_t i = 0; i < j->near_count; i++) {
        const struct ew_near_host *near = j->near[i];
        if (near->listener)
            continue;
        struct ew_request request = j->request;
        request.host = say(j, "edgewalk-%s%s", nonce, near->pattern + 1);
        request.sni = j->request.sni ? request.host : NULL;
        const struct ew_decision *by =
            served_by(j, ew_routing_decide(j->routing, &request, NULL), near);
        *out = (struct taken){near, request.host, by};
        if (by)
            return true;
    }
    return false;
}

static size_t labels_before(const char *host, const char *pattern)
{
    size_t count = 0, len = strlen(host) - strlen(pattern + 1);
    for (size_t i = 0; i < len; i++)
        count += host[i] == '.';
    return count + 1;
}

static const char *label_rule(struct judging *j, const struct ew_near_host *near)
{
    const char *zone = near->pattern + 2, *owner = title(j, near->owner);
    const char *takes =
        near->owner->kind == EW_INGRESS ? "exactly one label" : "one or more labels";
    if (near->apex)
        return say(j, "%s of %s takes %s before %s, never %s itself", near->pattern, owner, takes,
                   zone, j->claimed);
    return say(j, "%s of %s takes %s before %s, and %s has %zu", near->pattern, owner, takes, zone,
               j->claimed, labels_before(j->claimed, near->pattern));
}

static void next_for_wildcard(struct judging *j, struct ew_draft *draft, const struct ew_obj *owner)
{
    draft_next(j, draft, say(j, "name %s in full beside the wildcard", j->claimed),
               "kubectl get %s -n %s %s -o jsonpath='{%s}'", ew_kind_row(owner->kind)->resource,
               owner->ns, owner->name,
               owner->kind == EW_INGRESS ? ".spec.rules[*].host" : ".spec.hostnames");
}

static void show_listeners_over(struct judging *j, struct ew_draft *draft)
{
    for (size_t i = 0; i < j->near_count; i++)
        if (j->near[i]->listener)
            draft_shows(j, draft, listener_title(j, j->near[i]->owner, j->near[i]->listener),
                        "hostname %s does not take %s either", j->near[i]->pattern, j->claimed);
}

/* A Gateway beside it may well take the host: half way through a migration. */
static void show_served_elsewhere(struct judging *j, struct ew_draft *draft)
{
    const struct ew_decision *by = ew_routing_decide(j->routing, &j->request, NULL);
    if (is_routed(by))
        draft_shows(j, draft, title(j, route_winner(by)), "takes %s, behind %s", j->claimed,
                    title(j, edge_of(by)));
}

static void judge_wildcard(struct judging *j)
{
    struct taken taken;
    if (!route_edge_has_none(j) || !j->claims_known || j->family || is_routed(j->decision) ||
        !find_taken(j, &taken))
        return;
    const struct ew_near_host *near = taken.near;
    struct ew_draft *draft = draft_about(j, "route-wildcard-label-confusion", near->owner);
    tag_edge_of(j, draft, taken.by);
    draft_tag(j, draft, EW_TAG_GATEWAY, j->answer.at->tag);
    draft_says(j, draft, "%s gets the edge's own %d: %s", j->claimed, j->answer.status,
               label_rule(j, near));
    draft_shows(j, draft, say(j, "answer at %s", j->answer.at->text), "%d, the edge's own: %s",
                j->answer.status, j->answer.because);
    draft_shows(j, draft, say(j, "the same request for %s", taken.host), "taken by rule %d of %s",
                taken.by->rule, title(j, near->owner));
    if (!near->apex)
        draft_shows(j, draft, "Gateway API", "there %s takes one or more labels: %s too",
                    near->pattern, j->claimed);
    show_served_elsewhere(j, draft);
    show_listeners_over(j, draft);
    next_for_wildcard(j, draft, near->owner);
}

/* ---- the apex of a listener's wildcard ---- */

static const struct ew_near_host *over_listener(const struct judging *j,
                                                const struct ew_gate_result *gate)
{
    for (size_t i = 0; i < j->near_count; i++)
        if (gate->failed == EW_GATE_HOSTNAME && j->near[i]->owner == gate->owner &&
            ew_streq(j->near[i]->listener, gate->listener))
            return j->near[i];
    return NULL;
}

/* Why the hostname of the refused route is outside, where the wildcard looks as if it covered it.
 */
static void judge_apex(struct judging *j, const struct ew_attachment *ref)
{
    for (size_t i = 0; i < ref->gate_count; i++) {
        const struct ew_near_host *near = over_listener(j, &ref->gates[i]);
        if (!near || !draft_find_about(j, "route-hostname-no-intersection", ref->route))
            continue;
        struct ew_draft *draft = draft_about(j, "route-wildcard-label-confusion", ref->route);
        draft->marks |= EW_MARK(LISTENER_APEX);
        route_marks(j, draft, ref->route);
        draft_says(j, draft,
                   "%s names %s, and %s of %s takes one or more labels before it, never %s "
                   "itself",
                   title(j, ref->route), j->claimed, near->pattern,
                   listener_title(j, near->owner, near->listener), j->claimed);
        draft_shows(j, draft, listener_title(j, near->owner, near->listener), "hostname %s",
                    near->pattern);
        draft_next(j, draft, say(j, "add a listener for %s itself", j->claimed),
                   "kubectl get %s -n %s %s -o jsonpath='{.spec.listeners[*].hostname}'",
                   ew_kind_row(near->owner->kind)->resource, near->owner->ns, near->owner->name);
    }
}

/* ---- routes that take any host ---- */

/* A route that names the host, and does not get it. */
static const struct ew_candidate *naming_host(const struct judging *j)
{
    for (size_t i = 0; i < j->decision->candidate_count; i++)
        if (*j->decision->candidates[i].host)
            return &j->decision->candidates[i];
    return NULL;
}

static bool is_listed_before(const struct ew_decision *by, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (by->candidates[i].route == by->candidates[at].route)
            return true;
    return false;
}

/* Whether routes of other hosts hang there too: by the listener's own count, where it has one. */
static bool is_shared(const struct judging *j)
{
    const struct ew_decision *by = j->decision;
    const struct ew_json *status = by->gateway ? listener_status(by->gateway, by->listener) : NULL;
    long attached = ew_json_get_int(status, "attachedRoutes", -1), own = 0;
    if (attached < 0 || by->listener_set)
        return by->others > 0;
    for (size_t i = 0; i < by->candidate_count; i++)
        own += by->candidates[i].attached && !is_listed_before(by, i);
    return attached > own;
}

/* Whether the application behind it answers this host otherwise than a host that nobody has. */
static bool knows_host(const struct judging *j)
{
    return j->answer.bad && is_known(j->answer.host_control) &&
           http_status(j->answer.host_control) != j->answer.status;
}

bool route_is_caught(const struct judging *j)
{
    const struct ew_decision *by = j->decision;
    return by->outcome == EW_OUT_BACKEND && by->host && !*by->host && j->answer.bad &&
           j->answer.status == 404 && j->answer.author != AUTHOR_EDGE;
}

/* A default backend that its platform means to have is none of this: that of an Ingress, and a
 * route beside the Gateway. */
static bool is_meant(const struct ew_decision *by)
{
    if (by->ingress)
        return by->rule < 0;
    const char *hostname = ew_json_get_str(by->listener_json, "hostname", "");
    return *hostname || ew_streq(by->route->ns, by->gateway->ns);
}

static void show_catching(struct judging *j, struct ew_draft *draft)
{
    const struct ew_decision *by = j->decision;
    const char *source = title(j, route_winner(by));
    if (by->route)
        draft_shows(j, draft, source, "spec.hostnames is empty");
    else if (by->rule < 0)
        draft_shows(j, draft, source, "spec.defaultBackend takes what no rule does");
    else
        draft_shows(j, draft, source, "spec.rules[%d] has no host", by->rule);
    if (by->listener_json) {
        const struct ew_json *from = ew_json_at(by->listener_json, "allowedRoutes.namespaces");
        const struct ew_obj *owner = listener_owner(by);
        draft_shows(j, draft, listener_title(j, owner, by->listener),
                    "hostname %s, routes from namespaces: %s",
                    ew_json_get_str(by->listener_json, "hostname", "any"),
                    ew_json_get_str(from, "from", "Same"));
    }
    if (j->answer.at)
        draft_shows(j, draft, say(j, "answer at %s", j->answer.at->text), "%s", j->answer.what);
    if (j->answer.bad && is_known(j->answer.host_control))
        draft_shows(j, draft, "a random host at the same address", "%ld",
                    http_status(j->answer.host_control));
}

static void judge_caught(struct judging *j, const struct taken *taken)
{
    const struct ew_decision *by = j->decision;
    const struct ew_obj *winner = route_winner(by);
    struct ew_draft *draft = draft_about(j, "route-catchall-hostname", winner);
    tag_edge_of(j, draft, by);
    for (size_t i = 0; i < by->backend_count; i++)
        draft_tag(j, draft, EW_TAG_BACKEND, ns_name(j, by->backends[i].ns, by->backends[i].name));
    if (route_is_caught(j))
        draft->marks |= EW_MARK(ANSWER_OF_BACKEND);
    draft_says(j, draft, "no route names %s, so %s, which takes any host, gets it%s%s", j->claimed,
               title(j, winner), j->answer.at ? ": " : "", j->answer.at ? j->answer.what : "");
    show_catching(j, draft);
    if (taken)
        draft_shows(j, draft, title(j, taken->near->owner), "%s", label_rule(j, taken->near));
    draft_next(j, draft,
               say(j,
                   "name %s in the route that it belongs to, and in this one the hosts that are "
                   "its own",
                   j->claimed),
               "kubectl get %s -n %s %s -o yaml", ew_kind_row(winner->kind)->resource, winner->ns,
               winner->name);
}

static void show_in_its_place(struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->drafts.count; i++) {
        struct ew_draft *draft = j->drafts.at[i];
        if (draft->out.cause->layer == EW_LAYER_ROUTE &&
            ew_streq(draft->out.kind, route->kind_name) && ew_streq(draft->out.ns, route->ns) &&
            ew_streq(draft->out.name, route->name))
            draft_shows(j, draft, title(j, route_winner(j->decision)),
                        "takes any host, and so %s in its place", j->claimed);
    }
}

static void judge_catchall(struct judging *j)
{
    struct taken taken;
    const struct ew_decision *by = j->decision;
    if ((by->outcome != EW_OUT_BACKEND && by->outcome != EW_OUT_NO_BACKEND) || !by->host ||
        *by->host || ew_ip_family(j->claimed) || route_edge_has_none(j))
        return;
    const struct ew_candidate *naming = naming_host(j);
    if (naming && !naming->attached)
        show_in_its_place(j, naming->route);
    if (naming || knows_host(j) || (is_meant(by) && !route_is_caught(j)))
        return;
    bool near = find_taken(j, &taken);
    if (near || is_shared(j))
        judge_caught(j, near ? &taken : NULL);
}

void route_judge_hosts(struct judging *j)
{
    judge_wildcard(j);
    for (size_t i = 0; route_edge_has_none(j) && i < j->attachment_count; i++)
        judge_apex(j, j->attachments[i]);
    judge_catchall(j);
}
