#include "route.h"

#include <stdlib.h>
#include <string.h>

/* ---- no route ---- */

static bool at_this_cluster(const struct judging *j)
{
    return j->answer.at && j->answer.at->of_cluster;
}

bool route_edge_has_none(const struct judging *j)
{
    return j->answer.bad && j->answer.author == AUTHOR_EDGE && at_this_cluster(j) &&
           !(http_answer_marks(j) & EW_MARK(NOT_A_ROUTE_MISS));
}

static bool listener_names_host(const struct judging *j)
{
    return j->entry_count > 0;
}

static struct ew_draft *none_draft(struct judging *j, const struct address *at)
{
    struct ew_draft *draft = draft_new(j, "route-none-for-host", "Host", NULL, j->claimed);
    tag_host(j, draft);
    draft_tag(j, draft, EW_TAG_GATEWAY, at->tag);
    if (!listener_names_host(j))
        draft->marks |= EW_MARK(NOTHING_CLAIMS_HOST);
    return draft;
}

static void next_for_none(struct judging *j, struct ew_draft *draft)
{
    draft_shows(j, draft, "cluster", "%zu route candidates, none attached for this host",
                j->decision ? j->decision->candidate_count : 0);
    draft_next(j, draft, "look for the host in what is there",
               "kubectl get httproute,grpcroute,tlsroute,ingress -A | grep %s", j->claimed);
}

/* Claimed for this port by more than TLSRoutes, which have no say where the edge itself answers in
 * HTTP: the redirect of port 80 alone claims nothing on 443. */
static bool is_claimed_for_http(const struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if (j->attachments[i]->route->kind != EW_TLSROUTE &&
            route_is_for_request(j, j->attachments[i]))
            return true;
    for (size_t i = 0; i < j->entry_count; i++)
        if (j->entries[i].obj->kind == EW_INGRESS)
            return true;
    return j->claimed_here && !j->attachment_count;
}

/* The route is there, and another listener has it: named already. */
static bool hangs_elsewhere(const struct judging *j)
{
    return draft_find(j, "route-attached-to-one-listener") ||
           draft_find(j, "route-listener-isolation");
}

/* A failure only where an address in play is this cluster's and the edge itself said so. */
static void judge_none(struct judging *j)
{
    if (is_claimed_for_http(j) || !j->claims_known || j->foreign || j->family ||
        !route_edge_has_none(j) || hangs_elsewhere(j))
        return;
    struct ew_draft *draft = none_draft(j, j->answer.at);
    const char *here = j->attachment_count ? say(j, " on port %d", j->request.port) : "";
    draft_says(j, draft,
               "no HTTPRoute, GRPCRoute or Ingress claims %s%s, and the edge at %s says %d",
               j->claimed, here, j->answer.at->text, j->answer.status);
    for (size_t i = 0; i < j->attachment_count; i++)
        draft_shows(j, draft, title(j, j->attachments[i]->route), "is for listener %s",
                    j->attachments[i]->section ? j->attachments[i]->section : "of another port");
    draft_shows(j, draft, say(j, "answer at %s", j->answer.at->text), "%d, the edge's own: %s",
                j->answer.status, j->answer.because);
    next_for_none(j, draft);
}

/* Whether an entry is known to be at other addresses than this one. */
static bool is_elsewhere(const struct judging *j, const struct ew_obj *entry,
                         const struct address *at)
{
    bool found = false;
    for (size_t i = 0; i < j->address_count; i++)
        found = found || (j->addresses[i].published && publishes(entry, &j->addresses[i]));
    return found && !publishes(entry, at);
}

/* The Gateway that has answered, where the host's own are elsewhere. */
static const struct ew_obj *other_answerer(const struct judging *j)
{
    const struct address *at = j->answer.at;
    if (!j->entry_count || draft_find(j, "dns-wrong-target"))
        return NULL;
    for (size_t i = 0; i < j->entry_count; i++)
        if (!is_elsewhere(j, j->entries[i].obj, at))
            return NULL;
    for (size_t i = 0; i < ew_world_count(j->world, EW_GATEWAY); i++)
        if (publishes(ew_world_at(j->world, EW_GATEWAY, i), at))
            return ew_world_at(j->world, EW_GATEWAY, i);
    return NULL;
}

/* The record leads to one Gateway, and the route hangs on another. */
static void judge_other_gateway(struct judging *j)
{
    const struct ew_obj *route = j->decision ? j->decision->route : NULL;
    if (!route || !j->decision->gateway || j->foreign || !j->claims_known ||
        !route_edge_has_none(j))
        return;
    const struct ew_obj *gateway = other_answerer(j);
    if (!gateway)
        return;
    struct ew_draft *draft = none_draft(j, j->answer.at);
    draft_says(j, draft,
               "%s leads to %s, which has no route for it: %s, which claims it, hangs on %s alone",
               j->claimed, title(j, gateway), title(j, route), title(j, j->decision->gateway));
    draft_shows(j, draft, say(j, "answer at %s", j->answer.at->text), "%d, the edge's own: %s",
                j->answer.status, j->answer.because);
    draft_shows(j, draft, title(j, gateway), "publishes %s", j->answer.at->text);
    EW_JSON_EACH(row, ew_obj_at(j->decision->gateway, "status.addresses"))
    draft_shows(j, draft, title(j, j->decision->gateway), "publishes %s",
                clean(j, ew_json_get_str(row, "value", "?")));
    draft_next(
        j, draft,
        say(j, "attach the route to %s too, or lead the record to the other", title(j, gateway)),
        "kubectl get %s -n %s %s -o jsonpath='{.spec.parentRefs}'",
        ew_kind_row(route->kind)->resource, route->ns, route->name);
}

static const struct address *refusing(const struct judging *j)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && j->addresses[i].of_cluster &&
            j->addresses[i].tls_test == TEST_FAIL)
            return &j->addresses[i];
    return NULL;
}

/* A listener that passes TLS on, and no attached route for the server name. */
static void judge_none_for_name(struct judging *j)
{
    const struct ew_decision *by = j->decision;
    const struct address *at = refusing(j);
    if (!by || by->outcome != EW_OUT_NO_ROUTE || !j->claims_known || !at ||
        !ew_streq(ew_json_get_str(by->listener_json, "protocol", NULL), "TLS") ||
        !draft_find(j, "tls-unrecognized-name"))
        return;
    struct ew_draft *draft = none_draft(j, at);
    draft_says(j, draft,
               "no TLSRoute that is attached to listener %s of %s takes %s, and %s closes the "
               "connection",
               by->listener, title(j, by->gateway), j->claimed, at->text);
    next_for_none(j, draft);
}

/* One whose rule was dropped before others. */
static const struct ew_obj *first_attached(const struct ew_decision *decision)
{
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (decision->candidates[i].dropped != EW_NO)
            return decision->candidates[i].route;
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (decision->candidates[i].attached)
            return decision->candidates[i].route;
    return NULL;
}

static void say_path(struct judging *j, const struct ew_obj *near)
{
    const struct ew_decision *decision = j->decision;
    struct ew_draft *draft = draft_about(j, "route-path-not-matched", near);
    tag_host(j, draft);
    const char *why = NULL;
    for (size_t i = 0; i < decision->candidate_count && !why; i++)
        why = decision->candidates[i].attached ? decision->candidates[i].why_not : NULL;
    draft_says(j, draft, "%s is routed, but no rule takes %s %s%s%s", j->claimed, j->request.method,
               clean(j, j->request.path), why ? ": " : "", why ? clean(j, why) : "");
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (decision->candidates[i].attached && decision->candidates[i].why_not)
            draft_shows(j, draft, candidate_title(j, &decision->candidates[i]), "%s",
                        clean(j, decision->candidates[i].why_not));
    if (near->kind == EW_GRPCROUTE && strcmp(j->request.method, "GET") == 0)
        draft_next(j, draft, "a GRPCRoute takes gRPC calls: ask as a gRPC client does",
                   "edgewalk -X POST -H 'content-type: application/grpc' %s", j->url_word);
    draft_next(j, draft, "see which paths the routes of the host have",
               "kubectl get %s -n %s %s -o yaml", ew_kind_row(near->kind)->resource, near->ns,
               near->name);
}

/* Attached routes take the host, and none of their rules the request. Where a rule has the path,
 * what is said is what else it asks for. */
static void judge_path(struct judging *j)
{
    const struct ew_decision *decision = j->decision;
    const struct ew_obj *first;
    if (!decision || decision->outcome != EW_OUT_NO_ROUTE || j->live_ok)
        return;
    if (!(first = first_attached(decision)) || (j->answer.bad && j->answer.author == AUTHOR_APP))
        return;
    const struct ew_candidate *near = route_nearest(j);
    if (!near || near->miss.part == EW_PART_PATH)
        say_path(j, near ? near->route : first);
    if (near)
        route_judge_nearest(j, near);
}

/* ---- a change that the controller has not seen ---- */

static bool is_stale(const struct ew_obj *route)
{
    struct ew_cond cond;
    EW_JSON_EACH(parent, ew_obj_at(route, "status.parents"))
    if (ew_cond_find(ew_json_get(parent, "conditions"), "Accepted", &cond) &&
        ew_cond_stale(&cond, route))
        return true;
    return false;
}

struct ew_draft *route_draft_stale(struct judging *j, const struct ew_obj *route)
{
    struct ew_draft *stale = draft_about(j, "edge-stale-observed-generation", route);
    stale->out.severity = EW_SEV_WARN; /* raised by what it accounts for */
    stale->unseen = "why the controller does not read the change";
    draft_tag(j, stale, EW_TAG_HOST, j->claimed);
    draft_says(j, stale, "the controller has not seen the last change of %s", title(j, route));
    draft_shows(j, stale, title(j, route), "generation %ld, and its conditions are of an older one",
                ew_obj_generation(route));
    draft_next(j, stale, "see whether the controller runs, and what it logs of the route",
               "kubectl get lease -A; kubectl get %s -n %s %s -o jsonpath='{.metadata.generation} "
               "{.status.parents[*].conditions[*].observedGeneration}'",
               ew_kind_row(route->kind)->resource, route->ns, route->name);
    return stale;
}

/* The rule that should serve is in the object, and the edge, which serves the generation before,
 * says 404. */
static void judge_unseen_rule(struct judging *j)
{
    const struct ew_obj *route = j->decision->route;
    if (!route || !is_stale(route) || !route_edge_has_none(j))
        return;
    route_draft_stale(j, route);
    struct ew_draft *path = draft_about(j, "route-path-not-matched", route);
    path->marks |= EW_MARK(NEWER_GENERATION_HAS_RULE);
    draft_tag(j, path, EW_TAG_HOST, j->claimed);
    draft_says(j, path, "the edge has no rule for %s %s, which %s has", j->request.method,
               clean(j, j->request.path), title(j, route));
    draft_shows(j, path, say(j, "answer at %s", j->answer.at->text), "%d, the edge's own",
                j->answer.status);
}

/* ---- the kinds themselves ---- */

/* Whether the cluster has Ingresses at all, those of other hosts counted. */
static bool has_ingresses(const struct judging *j)
{
    char *key = ew_key_list(ew_kind_row(EW_INGRESS)->resource, NULL, NULL);
    const struct ew_json *value = ew_fact_value(ew_snapshot_fact(j->snapshot, key));
    free(key);
    return ew_world_count(j->world, EW_INGRESS) || ew_world_count(j->world, EW_INGRESSCLASS) ||
           ew_json_get_int(value, "others", 0) > 0;
}

/* Matters where something of this cluster answers, knows no such host, and no Ingress of it does.
 */
static void judge_kinds(struct judging *j)
{
    if (j->inside != INSIDE_API ||
        ew_world_serves(j->world, "gateway.networking.k8s.io") != EW_ABSENT ||
        !draft_find(j, "route-none-for-host") || has_ingresses(j))
        return;
    struct ew_draft *draft = draft_new(j, "edge-crd-missing", "CustomResourceDefinition", NULL,
                                       "gateway.networking.k8s.io");
    draft->from_objects = true;
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_says(j, draft,
               "the Gateway API is not installed here: no gateway.networking.k8s.io is "
               "served");
    draft_shows(j, draft, "API discovery", "the group is not among those served");
    draft_next(j, draft, "see which kinds there are, then install the standard channel",
               "kubectl get crd | grep gateway.networking.k8s.io");
}

void route_judge_misses(struct judging *j)
{
    judge_none(j);
    judge_other_gateway(j);
    judge_none_for_name(j);
    judge_kinds(j);
    if (!hangs_elsewhere(j))
        judge_path(j);
    judge_unseen_rule(j);
    route_judge_fallen(j);
    route_judge_slash(j);
    route_judge_canaries(j);
}
