#include "http.h"

#include "edgewalk/base/url.h"

#include <stdlib.h>
#include <string.h>

/* ---- looking ---- */

/* Redirects within the host: the request that is answered last is the one to decide. */
static void take_last_hop(struct judging *j)
{
    struct ew_url url;
    if (!j->hop_count || !j->hops[j->hop_count - 1].same_host || !http_chain_bad(j) ||
        ew_url_parse(j->hops[j->hop_count - 1].url, &url, NULL) != EW_OK)
        return;
    j->request.tls = strcmp(url.scheme, "https") == 0;
    j->request.port = url.port;
    j->request.path = ew_arena_strdup(j->arena, url.path);
    j->request.query = ew_arena_strdup(j->arena, url.query);
    ew_url_release(&url);
}

/* The addresses of the record that are published here say which Gateway is asked. */
static const char *const *gateway_at(struct judging *j)
{
    size_t count = 0;
    const char **list = ew_arena_alloc(j->arena, (j->address_count + 1) * sizeof(*list));
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && j->addresses[i].published)
            list[count++] = j->addresses[i].text;
    return count ? list : NULL;
}

static void show_candidates(struct judging *j)
{
    struct ew_json *list = layer_list(j, EW_LAYER_ROUTE, "candidates");
    for (size_t i = 0; i < j->decision->candidate_count; i++) {
        const struct ew_candidate *from = &j->decision->candidates[i];
        struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
        ew_json_set_str(j->doc, row, "route", title(j, from->route));
        ew_json_set_num(j->doc, row, "rule", from->rule);
        ew_json_set_bool(j->doc, row, "attached", from->attached);
        ew_json_set_bool(j->doc, row, "matched", from->matched);
        ew_json_set_bool(j->doc, row, "wins", from->wins);
        ew_json_set_str(j->doc, row, "why_not", from->why_not);
    }
}

static void show_attachments(struct judging *j)
{
    static const char *const yes[] = {"no", "yes", "unknown"};
    struct ew_json *list = layer_list(j, EW_LAYER_ROUTE, "attachments");
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *from = j->attachments[i];
        struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
        ew_json_set_str(j->doc, row, "route", title(j, from->route));
        ew_json_set_str(j->doc, row, "parent",
                        say(j, "%s %s/%s", from->parent_kind, from->parent_ns, from->parent_name));
        ew_json_set_str(j->doc, row, "section", from->section);
        ew_json_set_str(j->doc, row, "attached", yes[from->attached]);
        ew_json_set_str(j->doc, row, "reason", from->reason);
        ew_json_set_str(j->doc, row, "why", from->why);
    }
}

static const struct ew_obj *winner(const struct ew_decision *decision)
{
    return decision->route ? decision->route : decision->ingress;
}

static void settle_unserved(struct judging *j)
{
    if (j->inside == INSIDE_PENDING)
        j->layers[EW_LAYER_ROUTE].pending = true;
    else if (!j->claims_known)
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "routes could not all be read");
    else if (j->foreign)
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "perhaps another cluster's host");
    else if (j->family && !j->claimed_here)
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "perhaps by %s, not read", j->family);
    else
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "no route serves this request");
}

static void settle(struct judging *j)
{
    const struct ew_decision *decision = j->decision;
    const struct ew_obj *route = winner(decision);
    switch (decision->outcome) {
    case EW_OUT_BACKEND:
    case EW_OUT_REDIRECT:
    case EW_OUT_RESPOND:
    case EW_OUT_NO_BACKEND:
        layer_is(j, EW_LAYER_ROUTE, EW_ST_OK, "%s rule %d", route ? route->name : "default backend",
                 decision->rule);
        break;
    default:
        settle_unserved(j);
    }
    for (size_t i = 0; decision->undecided && decision->undecided[i]; i++)
        if (decision->outcome == EW_OUT_UNKNOWN)
            undecided_add(j, decision->undecided[i], "not read", "route-none-for-host");
}

/* The backend that the layers from service on speak of: a faulty one before a good one. */
static void choose_backend(struct judging *j)
{
    const struct ew_decision *decision = j->decision;
    for (size_t i = 0; i < decision->backend_count; i++) {
        const struct ew_backend *backend = &decision->backends[i];
        bool faulty = backend->fault != EW_BACKEND_OK && backend->fault != EW_BACKEND_UNKNOWN;
        if (!j->backend || (faulty && j->backend->fault == EW_BACKEND_OK))
            j->backend = backend;
    }
}

void route_look(struct judging *j)
{
    if (!j->routing)
        return;
    take_last_hop(j);
    j->decision = ew_routing_decide(j->routing, &j->request, gateway_at(j));
    choose_backend(j);
    settle(j);
    show_attachments(j);
    show_candidates(j);
}

/* ---- refused routes ---- */

static bool is_served_by_other(const struct judging *j, const struct ew_obj *route)
{
    const struct ew_obj *by = j->decision ? winner(j->decision) : NULL;
    return by && by != route;
}

static bool any_attached(const struct judging *j, const struct ew_obj *route, enum ew_yes yes)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if ((!route || j->attachments[i]->route == route) && j->attachments[i]->attached == yes)
            return true;
    return false;
}

static bool has_rule_for_path(const struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->decision->candidate_count; i++)
        if (j->decision->candidates[i].route == route && j->decision->candidates[i].matched)
            return true;
    return false;
}

void route_marks(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    if (is_served_by_other(j, route)) {
        draft->marks |= EW_MARK(OTHER_ROUTE_FITS);
        draft->out.severity = EW_SEV_WARN;
    }
    if (!any_attached(j, NULL, EW_YES) && !is_served_by_other(j, route))
        draft->marks |= EW_MARK(ONLY_ROUTE_FOR_HOST);
    if (has_rule_for_path(j, route) && !is_served_by_other(j, route))
        draft->marks |= EW_MARK(RULE_FOR_PATH_HERE);
}

/* spec.listeners[name=…].allowedRoutes.namespaces of the listener that refused. */
static const struct ew_json *namespaces_of(const struct ew_gate_result *gate)
{
    EW_JSON_EACH(listener, ew_obj_at(gate->owner, "spec.listeners"))
    if (ew_streq(ew_json_get_str(listener, "name", NULL), gate->listener))
        return ew_json_at(listener, "allowedRoutes.namespaces");
    return NULL;
}

/* The gate that was reached furthest at any listener is the one that refuses. */
static const struct ew_gate_result *furthest(const struct ew_attachment *ref)
{
    const struct ew_gate_result *best = NULL;
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].passes == EW_NO && (!best || ref->gates[i].failed > best->failed))
            best = &ref->gates[i];
    return best;
}

static const char *refusal_cause(const struct ew_attachment *ref, const struct ew_gate_result *gate)
{
    if (!gate || gate->failed == EW_GATE_SECTION)
        return ew_streq(ref->reason, "NoMatchingParent") ? "route-section-not-found" : NULL;
    if (gate->failed == EW_GATE_HOSTNAME)
        return "route-hostname-no-intersection";
    const char *from = ew_json_get_str(namespaces_of(gate), "from", "Same");
    if (gate->failed == EW_GATE_NAMESPACE && strcmp(from, "Selector") == 0)
        return "route-namespace-not-selected";
    return gate->failed == EW_GATE_NAMESPACE ? "route-namespace-same-only" : NULL;
}

static void show_reported(struct judging *j, struct ew_draft *draft,
                          const struct ew_attachment *ref)
{
    EW_JSON_EACH(parent, ew_obj_at(ref->route, "status.parents"))
    {
        struct ew_cond cond;
        if (!ew_streq(ew_json_str(ew_json_at(parent, "parentRef.name")), ref->parent_name) ||
            !ew_cond_find(ew_json_get(parent, "conditions"), "Accepted", &cond))
            continue;
        draft_shows(j, draft, say(j, "status of %s", title(j, ref->route)), "Accepted=%s %s: %s",
                    clean(j, cond.status), clean(j, cond.reason), clean(j, cond.message));
    }
}

static void next_for_refusal(struct judging *j, struct ew_draft *draft,
                             const struct ew_attachment *ref)
{
    if (draft->out.step_count)
        return;
    if (strncmp(draft->out.cause->id, "route-namespace", 15) == 0)
        draft_next(j, draft, "compare the namespace's labels with what the listener selects",
                   "kubectl get namespace %s --show-labels; kubectl get gateway -n %s %s -o "
                   "jsonpath='{.spec.listeners[*].allowedRoutes.namespaces}'",
                   ref->route->ns, ref->parent_ns, ref->parent_name);
    else
        draft_next(j, draft, "compare the route's parentRefs and hostnames with the listeners",
                   "kubectl get gateway -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
                   "{.port} {.hostname}{\"\\n\"}{end}'",
                   ref->parent_ns, ref->parent_name);
}

/* Refused for a reason that no recognised row names: said on the layer, in the router's words. */
static void judge_refusal(struct judging *j, const struct ew_attachment *ref)
{
    const struct ew_gate_result *gate = furthest(ref);
    const char *id = refusal_cause(ref, gate);
    const char *why = clean(j, gate && gate->why ? gate->why : ref->why ? ref->why : "refused");
    if (!id || !ew_cause_find(id)->recognised) {
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "%s is not attached: %s", ref->route->name, why);
        undecided_add(j, say(j, "why %s is not attached", title(j, ref->route)), why, "");
        return;
    }
    struct ew_draft *draft = draft_about(j, id, ref->route);
    route_marks(j, draft, ref->route);
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, ref->parent_ns, ref->parent_name));
    draft_says(j, draft, "%s is not attached to %s %s/%s: %s", title(j, ref->route),
               ref->parent_kind, ref->parent_ns, ref->parent_name, why);
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].passes == EW_NO && ref->gates[i].why)
            draft_shows(j, draft, say(j, "listener %s", ref->gates[i].listener), "%s",
                        clean(j, ref->gates[i].why));
    show_reported(j, draft, ref);
    next_for_refusal(j, draft, ref);
}

static void judge_attachments(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->attached == EW_MAYBE && ref->parent_seen.state == EW_UNKNOWN)
            undecided_add(
                j, say(j, "get %s %s/%s", ref->parent_kind, ref->parent_ns, ref->parent_name),
                ref->parent_seen.reason, "route-namespace-not-selected");
        if (ref->attached == EW_NO && ref->parent && !any_attached(j, ref->route, EW_YES) &&
            !any_attached(j, ref->route, EW_MAYBE))
            judge_refusal(j, ref);
    }
}

/* A parent that exists and has not answered for the route at all. */
static bool has_answered(const struct ew_attachment *ref)
{
    EW_JSON_EACH(parent, ew_obj_at(ref->route, "status.parents"))
    {
        const struct ew_json *named = ew_json_get(parent, "parentRef");
        if (ew_streq(ew_json_get_str(named, "name", NULL), ref->parent_name) &&
            ew_streq(ew_json_get_str(named, "namespace", ref->route->ns), ref->parent_ns))
            return true;
    }
    return false;
}

static void judge_silent_parents(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (!ref->parent || ref->attached != EW_YES || j->live_ok || j->inside == INSIDE_FILES ||
            has_answered(ref))
            continue;
        struct ew_draft *draft = draft_about(j, "route-parent-status-absent", ref->route);
        route_marks(j, draft, ref->route);
        draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, ref->parent_ns, ref->parent_name));
        draft_tag(j, draft, EW_TAG_CLASS,
                  ew_json_str(ew_obj_at(ref->parent, "spec.gatewayClassName")));
        draft_says(j, draft, "no controller has answered for %s at %s %s/%s", title(j, ref->route),
                   ref->parent_kind, ref->parent_ns, ref->parent_name);
        draft_shows(j, draft, title(j, ref->route), "status.parents has no entry for it");
        draft_next(j, draft, "see what the route names and what was answered",
                   "kubectl get %s -n %s %s -o jsonpath='{.spec.parentRefs} {.status.parents}'",
                   ew_kind_row(ref->route->kind)->resource, ref->route->ns, ref->route->name);
    }
}

/* ---- no route ---- */

static bool at_this_cluster(const struct judging *j)
{
    return j->answer.at && j->answer.at->of_cluster;
}

static bool edge_has_no_route(const struct judging *j)
{
    return j->answer.bad && j->answer.author == AUTHOR_EDGE && at_this_cluster(j) &&
           !(http_answer_marks(j) & EW_MARK(NOT_A_ROUTE_MISS));
}

static bool listener_names_host(const struct judging *j)
{
    return j->entry_count > 0;
}

/* A failure only where an address in play is this cluster's and the edge itself said so. */
static void judge_none(struct judging *j)
{
    if (j->claimed_here || !j->claims_known || j->foreign || j->family || !edge_has_no_route(j))
        return;
    struct ew_draft *draft = draft_new(j, "route-none-for-host", "Host", NULL, j->claimed);
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    draft_tag(j, draft, EW_TAG_GATEWAY, j->answer.at->tag);
    if (!listener_names_host(j))
        draft->marks |= EW_MARK(NOTHING_CLAIMS_HOST);
    draft_says(j, draft, "no HTTPRoute, GRPCRoute or Ingress claims %s, and the edge at %s says %d",
               j->claimed, j->answer.at->text, j->answer.status);
    draft_shows(j, draft, say(j, "answer at %s", j->answer.at->text), "%d, the edge's own: %s",
                j->answer.status, j->answer.because);
    draft_shows(j, draft, "cluster", "%zu route candidates, none attached for this host",
                j->decision ? j->decision->candidate_count : 0);
    draft_next(j, draft, "look for the host in what is there",
               "kubectl get httproute,grpcroute,tlsroute,ingress -A | grep %s", j->claimed);
}

/* Attached routes take the host, and none of their rules the request. */
static void judge_path(struct judging *j)
{
    const struct ew_decision *decision = j->decision;
    const struct ew_obj *near = NULL;
    if (!decision || decision->outcome != EW_OUT_NO_ROUTE || j->live_ok)
        return;
    for (size_t i = 0; i < decision->candidate_count && !near; i++)
        if (decision->candidates[i].attached)
            near = decision->candidates[i].route;
    if (!near || (j->answer.bad && j->answer.author == AUTHOR_APP))
        return;
    struct ew_draft *draft = draft_about(j, "route-path-not-matched", near);
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    draft_says(j, draft, "%s is routed, but no rule takes %s %s", j->claimed, j->request.method,
               clean(j, j->request.path));
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (decision->candidates[i].attached && decision->candidates[i].why_not)
            draft_shows(j, draft,
                        say(j, "%s rule %d", title(j, decision->candidates[i].route),
                            decision->candidates[i].rule),
                        "%s", clean(j, decision->candidates[i].why_not));
    draft_next(j, draft, "see which paths the routes of the host have",
               "kubectl get %s -n %s %s -o yaml", ew_kind_row(near->kind)->resource, near->ns,
               near->name);
}

void route_judge(struct judging *j)
{
    if (!j->routing || !j->decision)
        return;
    judge_attachments(j);
    judge_silent_parents(j);
    judge_none(j);
    judge_path(j);
}
