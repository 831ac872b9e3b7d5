#include "route.h"

#include "edgewalk/base/url.h"

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

/* The addresses of the record that are published here say which edge is asked: the one of the
 * answer that is bad, else all of them. */
const char *const *route_gateway_at(struct judging *j)
{
    size_t count = 0;
    const char **list = ew_arena_alloc(j->arena, (2 * j->address_count + 1) * sizeof(*list));
    const struct address *bad = j->answer.bad && j->answer.at->published ? j->answer.at : NULL;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record || !at->published || (bad && bad != at))
            continue;
        list[count++] = at->text;
        if (at->balancer)
            list[count++] = at->balancer;
    }
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

const struct ew_obj *route_winner(const struct ew_decision *decision)
{
    return decision->route ? decision->route : decision->ingress;
}

bool is_routed(const struct ew_decision *by)
{
    return by && (by->outcome == EW_OUT_BACKEND || by->outcome == EW_OUT_REDIRECT ||
                  by->outcome == EW_OUT_RESPOND || by->outcome == EW_OUT_NO_BACKEND);
}

const struct ew_obj *listener_owner(const struct ew_decision *by)
{
    if (!by)
        return NULL;
    return by->listener_set ? by->listener_set : by->gateway;
}

static void settle_unserved(struct judging *j)
{
    if (j->inside == INSIDE_PENDING)
        j->layers[EW_LAYER_ROUTE].pending = true;
    else if (!j->claims_known)
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "not all could be read");
    else if (j->foreign)
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "another cluster's host?");
    else if (j->family && !j->claimed_here)
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "perhaps by %s, not read", j->family);
    else
        layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "none serves it");
}

/* Which rule takes the request is settled, even where what stands behind it is not. */
static bool takes(const struct judging *j)
{
    const struct ew_decision *decision = j->decision;
    if (decision->outcome != EW_OUT_UNKNOWN)
        return is_routed(decision);
    for (size_t i = 0; decision->route && i < j->attachment_count; i++)
        if (j->attachments[i]->route == decision->route && ref_takes_part(j, j->attachments[i]))
            return true;
    return false;
}

static void settle(struct judging *j)
{
    const struct ew_decision *decision = j->decision;
    const struct ew_obj *route = route_winner(decision);
    bool taken = takes(j);
    if (taken && decision->rule < 0)
        layer_is(j, EW_LAYER_ROUTE, EW_ST_OK, "default backend%s%s", route ? " of " : "",
                 route ? route->name : "");
    else if (taken)
        layer_is(j, EW_LAYER_ROUTE, EW_ST_OK, "%s rule %d", route ? route->name : "?",
                 decision->rule);
    else
        settle_unserved(j);
    /* of backends the layer below tells */
    for (size_t i = 0; decision->undecided && decision->undecided[i]; i++)
        if (decision->outcome == EW_OUT_UNKNOWN && !(taken && decision->backend_count))
            undecided_add(j, decision->undecided[i], "not read",
                          taken ? "route-no-effective-backend" : "route-none-for-host");
}

/* A second fault behind a route that is refused shows only once the first is mended: it is looked
 * for at once. */
static const struct ew_decision *look_behind(const struct judging *j)
{
    const struct ew_decision *by = j->decision;
    return by->refused ? ew_routing_decide_as(j->routing, &j->request, by, by->refused) : by;
}

static bool is_faulty(const struct ew_backend *backend)
{
    return backend->fault != EW_BACKEND_OK && backend->fault != EW_BACKEND_UNKNOWN;
}

/* The backend that the layers from service on speak of: a faulty one before a good one. */
static void choose_backend(struct judging *j)
{
    const struct ew_decision *decision = j->behind;
    for (size_t i = 0; i < decision->backend_count; i++) {
        const struct ew_backend *backend = &decision->backends[i];
        if (!j->backend || (is_faulty(backend) && !is_faulty(j->backend)))
            j->backend = backend;
    }
}

void route_look(struct judging *j)
{
    if (!j->routing)
        return;
    take_last_hop(j);
    j->listeners = ew_routing_listeners(j->routing, &j->request, &j->listener_count);
    j->decision = ew_routing_decide(j->routing, &j->request, route_gateway_at(j));
    j->behind = look_behind(j);
    choose_backend(j);
    settle(j);
    show_attachments(j);
    show_candidates(j);
}
