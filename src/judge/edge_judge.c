#include "edge.h"

#include <string.h>

bool edge_cond(const struct ew_obj *obj, const char *type, struct ew_cond *out)
{
    return ew_cond_find(ew_obj_at(obj, "status.conditions"), type, out);
}

void edge_tag(struct judging *j, struct ew_draft *draft, const struct ew_obj *gateway)
{
    tag_gateway(j, draft, gateway);
    tag_host(j, draft);
}

void edge_stand_back(struct ew_draft *draft)
{
    draft->marks |= EW_MARK(OTHER_ROUTE_FITS);
    draft->out.severity = EW_SEV_WARN;
}

/* A finding about the Gateway, tagged; it stands back where another entry takes the request. */
static struct ew_draft *gateway_draft(struct judging *j, const char *cause,
                                      const struct ew_obj *gateway)
{
    struct ew_draft *draft = draft_about(j, cause, gateway);
    edge_tag(j, draft, gateway);
    if (is_routed(j->decision) && j->decision->gateway != gateway)
        edge_stand_back(draft);
    return draft;
}

/* ---- the Gateway that routes name ---- */

static bool is_attached(const struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if (j->attachments[i]->route == route && j->attachments[i]->attached != EW_NO)
            return true;
    return false;
}

static void judge_missing(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->parent || ref->parent_seen.state != EW_ABSENT || is_attached(j, ref->route))
            continue;
        if (strcmp(ref->parent_kind, "Gateway") != 0) {
            edge_judge_missing_set(j, ref);
            continue;
        }
        struct ew_draft *draft =
            draft_new(j, "edge-gateway-missing", "Gateway", ref->parent_ns, ref->parent_name);
        draft->from_objects = true;
        draft->out.where = ref->route->where;
        route_marks(j, draft, ref->route);
        draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, ref->parent_ns, ref->parent_name));
        draft_says(j, draft, "Gateway %s/%s, which %s names, does not exist", ref->parent_ns,
                   ref->parent_name, title(j, ref->route));
        draft_shows(j, draft, title(j, ref->route), "spec.parentRefs names Gateway %s/%s",
                    ref->parent_ns, ref->parent_name);
        draft_next(j, draft, "see which Gateways there are, and what the route names",
                   "kubectl get gateway -A; kubectl get %s -n %s %s -o "
                   "jsonpath='{.spec.parentRefs}'",
                   ew_kind_row(ref->route->kind)->resource, ref->route->ns, ref->route->name);
    }
}

static void judge_address(struct judging *j, const struct ew_obj *gateway)
{
    struct ew_cond cond;
    if (unapplied(j, gateway) || ew_json_count(ew_obj_at(gateway, "status.addresses")))
        return;
    struct ew_draft *draft = gateway_draft(j, "edge-gateway-no-address", gateway);
    draft_says(j, draft, "Gateway %s/%s has no address", gateway->ns, gateway->name);
    draft_shows(j, draft, title(j, gateway), "status.addresses is empty");
    if (edge_cond(gateway, "Programmed", &cond))
        draft_shows_cond(j, draft, title(j, gateway), &cond);
    draft_next(j, draft, "see its conditions, and the Service that should give the address",
               "kubectl describe gateway -n %s %s; kubectl get service -A -l "
               "gateway.networking.k8s.io/gateway-name=%s",
               gateway->ns, gateway->name, gateway->name);
}

/* Whether the listener that takes the request is said to be good. */
static bool own_listener_good(const struct judging *j, const struct ew_obj *gateway)
{
    for (size_t i = 0; i < j->listener_count; i++) {
        struct ew_cond cond;
        if (j->listeners[i].owner == gateway &&
            edge_entry_cond(&j->listeners[i], "Programmed", &cond) && ew_streq(cond.status, "True"))
            return true;
    }
    return false;
}

static void judge_accepted(struct judging *j, const struct ew_obj *gateway)
{
    struct ew_cond cond;
    if (!edge_cond(gateway, "Accepted", &cond) || !ew_streq(cond.status, "False"))
        return;
    bool listeners = ew_streq(cond.reason, "ListenersNotValid");
    struct ew_draft *draft = gateway_draft(j, "edge-gateway-not-accepted", gateway);
    draft->marks |= listeners ? EW_MARK(LISTENERS_NOT_VALID) : EW_MARK(REJECTED_WHOLE);
    if (listeners && own_listener_good(j, gateway))
        draft->out.severity = EW_SEV_WARN;
    if (j->entry_count == 1)
        draft->marks |= EW_MARK(ONLY_ROUTE_FOR_HOST);
    if (!listeners && !ew_json_count(ew_obj_at(gateway, "status.addresses")))
        draft->marks |= EW_MARK(PROXIES_NEVER_MADE);
    draft_says(j, draft, "Gateway %s/%s is not accepted: %s", gateway->ns, gateway->name,
               clean(j, cond.message));
    draft_shows_cond(j, draft, title(j, gateway), &cond);
    draft_next(j, draft, "see its conditions", "kubectl describe gateway -n %s %s", gateway->ns,
               gateway->name);
}

/* ---- its class ---- */

static void judge_class(struct judging *j, const struct ew_obj *gateway)
{
    const char *name = ew_json_str(ew_obj_at(gateway, "spec.gatewayClassName"));
    struct ew_ask optional = asking(j, true, "edge-gwclass-no-controller");
    struct ew_seen seen;
    struct ew_cond cond;
    const struct ew_obj *class =
        ew_world_get(j->world, EW_GATEWAYCLASS, NULL, name, optional, &seen);
    bool missing = name && seen.state == EW_ABSENT && j->inside != INSIDE_FILES;
    bool said = class && edge_cond(class, "Accepted", &cond);
    bool waiting = class && !unapplied(j, class) && (!said || ew_streq(cond.status, "Unknown"));
    if (!missing && !waiting)
        return;
    struct ew_draft *draft = draft_new(j, "edge-gwclass-no-controller", "GatewayClass", NULL, name);
    draft->from_objects = true;
    draft->out.where = class ? class->where : gateway->where;
    edge_tag(j, draft, gateway);
    draft_says(j, draft,
               missing ? "GatewayClass %s, which Gateway %s/%s names, does not exist"
                       : "no controller has taken GatewayClass %s, which Gateway %s/%s names",
               name, gateway->ns, gateway->name);
    if (said)
        draft_shows_cond(j, draft, title(j, class), &cond);
    if (class)
        draft_shows(j, draft, title(j, class), "controllerName %s",
                    clean(j, ew_json_str(ew_obj_at(class, "spec.controllerName"))));
    draft_next(j, draft, "see the classes, and whether the controller runs",
               "kubectl get gatewayclass; kubectl get deploy -A | grep -i gateway");
}

/* ---- its listeners ---- */

static void judge_unprogrammed(struct judging *j, const struct ew_listener *listener)
{
    const struct ew_json *conditions = ew_json_get(listener->status, "conditions");
    const struct ew_obj *owner = listener->owner;
    struct ew_cond cond, refs;
    if (!ew_cond_find(conditions, "Programmed", &cond) || !ew_streq(cond.status, "False") ||
        !edge_matters(j, listener))
        return;
    struct ew_draft *draft = edge_listener_draft(j, "edge-listener-not-programmed", listener);
    bool first = !draft->out.step_count;
    if (cond.message && strstr(cond.message, "address"))
        draft->marks |= EW_MARK(SAYS_NO_ADDRESS);
    if (first)
        draft_says(j, draft, "%s is not programmed: %s", edge_listener(j, listener),
                   clean(j, cond.message));
    draft_shows_cond(j, draft, say(j, "listener %s", listener->name), &cond);
    if (ew_cond_find(conditions, "ResolvedRefs", &refs) && ew_streq(refs.status, "False"))
        draft_shows_cond(j, draft, say(j, "listener %s", listener->name), &refs);
    if (first)
        draft_next(j, draft, "see the listener's conditions", "kubectl describe %s -n %s %s",
                   owner->kind == EW_GATEWAY ? "gateway" : "listenerset", owner->ns, owner->name);
}

static void judge_listeners(struct judging *j)
{
    for (size_t i = 0; i < j->listener_count; i++) {
        edge_judge_set(j, &j->listeners[i]);
        edge_judge_conflict(j, &j->listeners[i]);
        judge_unprogrammed(j, &j->listeners[i]);
    }
}

/* Of its own or of a ListenerSet, be it refused, without its Gateway, not there at all, or of a
 * protocol that the controller does not do: then that is what is said. */
static bool has_listener(const struct judging *j, const struct ew_obj *gateway)
{
    for (size_t i = 0; i < j->listener_count; i++)
        if (j->listeners[i].gateway == gateway ||
            (!j->listeners[i].gateway && edge_matters(j, &j->listeners[i])))
            return true;
    return draft_find(j, "edge-listenerset-rejected") || draft_find(j, "edge-listener-unsupported");
}

/* A TLSRoute whose listener has another hostname: said of the route, which is refused for it. */
static bool names_other_host(const struct judging *j, const struct ew_obj *gateway)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        for (size_t k = 0; k < ref->gate_count && ref->route->kind == EW_TLSROUTE; k++)
            if (ref->parent == gateway && ref->gates[k].failed == EW_GATE_HOSTNAME)
                return true;
    }
    return false;
}

/* Ports may be mapped before the Gateway: a walk that goes well shows it. */
static void judge_port(struct judging *j, const struct ew_obj *gateway)
{
    bool same_port = false;
    if (j->live_ok || has_listener(j, gateway) || !j->decision || names_other_host(j, gateway) ||
        entry_is_beside(j, gateway) ||
        (j->decision->outcome != EW_OUT_NO_LISTENER && j->decision->outcome != EW_OUT_NO_ROUTE))
        return;
    struct ew_draft *draft = gateway_draft(j, "edge-no-listener-for-port", gateway);
    draft_says(j, draft, "Gateway %s/%s has no listener for %s on port %d over %s", gateway->ns,
               gateway->name, j->claimed, j->request.port, j->request.tls ? "TLS" : "plain HTTP");
    EW_JSON_EACH(listener, ew_obj_at(gateway, "spec.listeners"))
    {
        same_port = same_port || ew_json_get_int(listener, "port", 0) == j->request.port;
        draft_shows(j, draft, say(j, "listener %s", ew_json_get_str(listener, "name", "?")),
                    "%s port %ld, hostname %s", ew_json_get_str(listener, "protocol", "?"),
                    ew_json_get_int(listener, "port", 0),
                    ew_json_get_str(listener, "hostname", "any"));
    }
    draft->marks |= same_port ? EW_MARK(PORT_IN_A_LISTENER) | EW_MARK(NO_LISTENER_FOR_SNI) : 0;
    draft_next(j, draft, "see its listeners",
               "kubectl get gateway -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
               "{.protocol}:{.port} {.hostname}{\"\\n\"}{end}'",
               gateway->ns, gateway->name);
}

static void judge_stale(struct judging *j, const struct ew_obj *gateway)
{
    struct ew_cond cond;
    if (j->live_ok ||
        ((!edge_cond(gateway, "Programmed", &cond) || !ew_cond_stale(&cond, gateway)) &&
         (!edge_cond(gateway, "Accepted", &cond) || !ew_cond_stale(&cond, gateway))))
        return;
    struct ew_draft *draft = gateway_draft(j, "edge-stale-observed-generation", gateway);
    draft->out.severity = EW_SEV_WARN; /* how long it has been so is not known */
    draft_says(j, draft, "the controller has not seen the last change of Gateway %s/%s",
               gateway->ns, gateway->name);
    draft_shows(j, draft, title(j, gateway), "generation %ld, observed %ld",
                ew_obj_generation(gateway), cond.observed);
    draft_next(j, draft, "see whether the controller runs", "kubectl get lease -A");
}

static void judge_gateway(struct judging *j, const struct ew_obj *gateway)
{
    judge_class(j, gateway);
    edge_judge_refused_class(j, gateway);
    judge_accepted(j, gateway);
    judge_address(j, gateway);
    judge_stale(j, gateway);
}

/* ---- the layer ---- */

static void show_owner(struct judging *j, const char *list_name, const struct ew_obj *owner)
{
    struct ew_json *list = layer_list(j, EW_LAYER_EDGE, list_name);
    struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
    static const char *const parts[][2] = {{"addresses", "status.addresses"},
                                           {"conditions", "status.conditions"},
                                           {"listeners", "spec.listeners"},
                                           {"listener_status", "status.listeners"}};
    bool gateway = owner->kind == EW_GATEWAY;
    ew_json_set_str(j->doc, row, "namespace", owner->ns);
    ew_json_set_str(j->doc, row, "name", owner->name);
    if (gateway)
        ew_json_set_str(j->doc, row, "class",
                        ew_json_str(ew_obj_at(owner, "spec.gatewayClassName")));
    for (size_t i = gateway ? 0 : 1; i < EW_COUNT(parts); i++) {
        const struct ew_json *from = ew_obj_at(owner, parts[i][1]);
        ew_json_set(j->doc, row, parts[i][0],
                    from ? ew_json_copy(j->doc, from) : ew_json_array(j->doc));
    }
}

/* Those with a listener for the request, each once: a set's listeners stand together. */
static void show_sets(struct judging *j)
{
    for (size_t i = 0; i < j->listener_count; i++) {
        const struct ew_obj *owner = j->listeners[i].owner;
        if (owner->kind == EW_LISTENERSET && (!i || j->listeners[i - 1].owner != owner) &&
            edge_matters(j, &j->listeners[i]))
            show_owner(j, "listener_sets", owner);
    }
}

static void settle(struct judging *j)
{
    const struct ew_decision *by = j->decision;
    if (j->foreign)
        layer_is(j, EW_LAYER_EDGE, EW_ST_UNKNOWN, "another cluster's host?");
    else if (by && by->gateway)
        layer_is(j, EW_LAYER_EDGE, EW_ST_OK, "%s%s%s", by->gateway->name, by->listener ? "/" : "",
                 by->listener ? by->listener : "");
    else if (by && by->ingress)
        layer_is(j, EW_LAYER_EDGE, EW_ST_OK, "Ingress %s", by->ingress->name);
    else if (j->entry_count)
        layer_is(j, EW_LAYER_EDGE, EW_ST_OK, "%s", j->entries[0].obj->name);
    else if (j->claims_known && !j->foreign && j->answer.at && j->answer.at->of_cluster)
        layer_is(j, EW_LAYER_EDGE, EW_ST_OK, "%s is of this cluster", j->answer.at->text);
    else
        layer_is(j, EW_LAYER_EDGE, EW_ST_UNKNOWN, "no entry point known");
}

void edge_judge(struct judging *j)
{
    if (!j->routing)
        return;
    if (j->inside == INSIDE_API || j->inside == INSIDE_FILES)
        settle(j);
    judge_missing(j);
    for (size_t i = 0; i < j->entry_count; i++) {
        const struct ew_obj *obj = j->entries[i].obj;
        if (obj->kind == EW_GATEWAY) {
            show_owner(j, "gateways", obj);
            judge_gateway(j, obj);
        }
    }
    show_sets(j);
    judge_listeners(j);
    edge_judge_unsupported(j);
    for (size_t i = 0; i < j->entry_count; i++)
        if (j->entries[i].obj->kind == EW_GATEWAY)
            judge_port(j, j->entries[i].obj);
    edge_judge_features(j);
    ingress_judge(j);
}
