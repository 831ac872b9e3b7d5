/* Routes that hang on one listener of a Gateway and not on the one that takes the request: another
 * port's (http and https), or a less specific one of the same port. */
#include "route.h"

#include <string.h>

static bool is_listener(const struct ew_gate_result *gate, const struct ew_obj *owner,
                        const char *name)
{
    return gate->owner == owner && ew_streq(gate->listener, name);
}

static bool speaks_tls(const struct ew_json *listener)
{
    return strcmp(ew_json_get_str(listener, "protocol", ""), "HTTPS") == 0;
}

static bool speaks_http(const struct ew_json *listener)
{
    return speaks_tls(listener) || strcmp(ew_json_get_str(listener, "protocol", ""), "HTTP") == 0;
}

static const char *place(struct judging *j, const struct ew_json *listener)
{
    return say(j, "%s (%s, port %ld, hostname %s)", ew_json_get_str(listener, "name", "?"),
               ew_json_get_str(listener, "protocol", "?"), ew_json_get_int(listener, "port", 0),
               ew_json_get_str(listener, "hostname", "any"));
}

static struct ew_draft *listener_draft(struct judging *j, const char *cause,
                                       const struct ew_obj *route)
{
    const struct ew_obj *gateway = j->decision->gateway;
    struct ew_draft *draft = draft_about(j, cause, route);
    tag_host(j, draft);
    tag_gateway(j, draft, gateway);
    tag_certificates(j, draft, listener_owner(j->decision), j->decision->listener_json);
    return draft;
}

static void show_answer(struct judging *j, struct ew_draft *draft)
{
    if (j->answer.bad && j->answer.status)
        draft_shows(j, draft, say(j, "answer at %s", j->answer.at->text), "%d%s%s",
                    j->answer.status, j->answer.because ? ": " : "",
                    j->answer.because ? j->answer.because : "");
}

/* ---- a less specific listener of the same port ---- */

/* The listener that would have the host, were the one that takes it not there. */
static const struct ew_gate_result *less_specific(const struct judging *j,
                                                  const struct ew_attachment *ref)
{
    for (size_t i = 0; i < ref->gate_count; i++) {
        const struct ew_gate_result *gate = &ref->gates[i];
        const struct ew_json *listener = listener_of(gate);
        if (gate->passes == EW_YES && listener_has_port(j, listener) &&
            route_has_rule(j, ref->route) &&
            !is_listener(gate, listener_owner(j->decision), j->decision->listener) &&
            ew_hostname_matches(ew_json_get_str(listener, "hostname", ""), j->claimed))
            return gate;
    }
    return NULL;
}

static enum ew_yes class_isolates(const struct judging *j)
{
    return ew_routing_claims(j->routing, j->decision->gateway, "GatewayHTTPListenerIsolation");
}

static void show_feature(struct judging *j, struct ew_draft *draft, enum ew_yes isolates)
{
    static const char *const texts[] = {
        [EW_NO] = "its supportedFeatures do not have GatewayHTTPListenerIsolation, and yet the "
                  "less specific listener does not answer",
        [EW_YES] = "supportedFeatures: GatewayHTTPListenerIsolation, the most specific listener "
                   "alone has the host",
        [EW_MAYBE] = "it lists no supportedFeatures: where listeners are not isolated, the less "
                     "specific one would answer"};
    draft_shows(j, draft,
                say(j, "GatewayClass %s",
                    ew_json_str_or(ew_obj_at(j->decision->gateway, "spec.gatewayClassName"), "?")),
                "%s", texts[isolates]);
}

static const struct ew_gate_result *isolated_from(const struct judging *j,
                                                  const struct ew_attachment *ref)
{
    const struct ew_decision *by = j->decision;
    if (by->outcome != EW_OUT_NO_ROUTE || !by->listener ||
        (!j->outside && class_isolates(j) != EW_YES))
        return NULL;
    return less_specific(j, ref);
}

/* Some controllers refuse the route for it. */
static void show_refusal(struct judging *j, struct ew_draft *draft, const struct ew_attachment *ref)
{
    struct ew_cond cond;
    if (ew_attachment_reported(j->routing, ref, "Accepted", &cond) &&
        ew_streq(cond.status, "False"))
        draft_shows(j, draft, say(j, "status of %s", title(j, ref->route)), "Accepted=%s %s: %s",
                    clean(j, cond.status), clean(j, cond.reason), clean(j, cond.message));
}

static bool judge_isolation(struct judging *j, const struct ew_attachment *ref)
{
    const struct ew_decision *by = j->decision;
    const struct ew_gate_result *other = isolated_from(j, ref);
    if (!other)
        return false;
    struct ew_draft *draft = listener_draft(j, "route-listener-isolation", ref->route);
    draft->marks |= EW_MARK(ONLY_LISTENER_OF_HOST);
    draft_says(j, draft,
               "%s belongs to listener %s of %s, the most specific one, which has no route for "
               "it: %s is attached to listener %s",
               j->claimed, by->listener, title(j, listener_owner(by)), title(j, ref->route),
               other->listener);
    draft_shows(j, draft, "takes the host", "listener %s", place(j, by->listener_json));
    draft_shows(j, draft, "has the route", "listener %s", place(j, listener_of(other)));
    for (size_t i = 0; i < ref->gate_count; i++)
        if (is_listener(&ref->gates[i], listener_owner(by), by->listener) && ref->gates[i].why)
            draft_shows(j, draft, say(j, "listener %s", by->listener), "%s",
                        clean(j, ref->gates[i].why));
    show_refusal(j, draft, ref);
    show_answer(j, draft);
    show_feature(j, draft, class_isolates(j));
    draft_next(
        j, draft,
        say(j, "attach the route to listener %s too, or take the listener away", by->listener),
        "kubectl get %s -n %s %s -o jsonpath='{.spec.parentRefs}'",
        ew_kind_row(ref->route->kind)->resource, ref->route->ns, ref->route->name);
    return true;
}

/* ---- a listener of another port ---- */

/* The same request there, where this very route serves it. */
static const struct ew_decision *served_at(struct judging *j, const struct ew_attachment *ref,
                                           const struct ew_json *listener)
{
    struct ew_request request = j->request;
    request.tls = speaks_tls(listener);
    request.port = (int)ew_json_get_int(listener, "port", 0);
    request.sni = request.tls && !j->literal ? j->host : NULL;
    const struct ew_decision *by = ew_routing_decide(j->routing, &request, route_gateway_at(j));
    for (; by; by = by->next)
        if (by->gateway == j->decision->gateway && by->route == ref->route &&
            (by->outcome == EW_OUT_BACKEND || by->outcome == EW_OUT_NO_BACKEND))
            return by;
    return NULL;
}

static const struct ew_gate_result *of_other_port(struct judging *j,
                                                  const struct ew_attachment *ref)
{
    for (size_t i = 0; i < ref->gate_count; i++) {
        const struct ew_gate_result *gate = &ref->gates[i];
        const struct ew_json *listener = listener_of(gate);
        if (gate->passes == EW_YES && speaks_http(listener) && !listener_has_port(j, listener) &&
            served_at(j, ref, listener))
            return gate;
    }
    return NULL;
}

/* Gates of this port's listeners, by any parentRef of the route: why it is not there. */
static size_t show_gates(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    size_t count = 0;
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        for (size_t k = 0; ref->route == route && k < ref->gate_count; k++) {
            const struct ew_gate_result *gate = &ref->gates[k];
            if (!listener_has_port(j, listener_of(gate)) || gate->passes == EW_YES)
                continue;
            count++;
            if (draft && gate->why)
                draft_shows(j, draft, say(j, "listener %s", gate->listener), "%s",
                            clean(j, gate->why));
        }
    }
    return count;
}

static void show_parents(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    struct ew_cond cond;
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->route == route && ew_attachment_reported(j->routing, ref, "Accepted", &cond))
            draft_shows(j, draft, say(j, "status of %s", title(j, route)), "%s%s%s: Accepted=%s %s",
                        ref->parent_name, ref->section ? "/" : "", ref->section ? ref->section : "",
                        clean(j, cond.status), clean(j, cond.reason));
    }
    const struct ew_json *status = listener_status(j->decision->gateway, j->decision->listener);
    if (ew_json_get(status, "attachedRoutes"))
        draft_shows(j, draft, say(j, "status of listener %s", j->decision->listener),
                    "attachedRoutes %ld", ew_json_get_int(status, "attachedRoutes", 0));
}

/* Edges that offer a server name only where a route has it refuse the handshake itself. */
static bool sni_is_refused(const struct judging *j)
{
    return j->decision->outcome == EW_OUT_NO_ROUTE && draft_find(j, "tls-unrecognized-name");
}

static const char *here(struct judging *j)
{
    const struct ew_decision *by = j->decision;
    if (by->listener)
        return say(j, "listener %s", by->listener);
    return say(j, "a listener of port %d that speaks %s", j->request.port,
               j->request.tls ? "TLS" : "plain HTTP");
}

static void say_one_listener(struct judging *j, struct ew_draft *draft,
                             const struct ew_attachment *ref, const struct ew_gate_result *gate)
{
    draft->marks |= sni_is_refused(j) ? EW_MARK(SNI_BY_ROUTE) : 0;
    draft_says(j, draft, "%s serves %s at listener %s alone: it is not attached to %s",
               title(j, ref->route), j->claimed, place(j, listener_of(gate)), here(j));
    show_gates(j, draft, ref->route);
    show_answer(j, draft);
    show_parents(j, draft, ref->route);
    draft_next(j, draft,
               say(j, "name the listeners that it is for in its parentRefs, or leave sectionName "
                      "and port out"),
               "kubectl get %s -n %s %s -o jsonpath='{range "
               ".spec.parentRefs[*]}{.name}/{.sectionName}:{.port}{\"\\n\"}{end}{range "
               ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
               ".conditions[*]}{.type}={.status}/{.reason} {end}{\"\\n\"}{end}'",
               ew_kind_row(ref->route->kind)->resource, ref->route->ns, ref->route->name);
}

/* Of the parentRefs that were to bring it here, one may name a listener that is not there. */
static void judge_other_refs(struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->route == route && ref->attached == EW_NO && ref->parent &&
            ew_streq(ref->reason, "NoMatchingParent"))
            route_judge_refusal(j, ref);
    }
}

/* It hangs on a listener of this port: which of them has the host is another matter. */
static bool is_on_this_port(const struct judging *j, const struct ew_obj *route)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        if (j->attachments[i]->route == route && less_specific(j, j->attachments[i]))
            return true;
    return false;
}

static bool judge_one_listener(struct judging *j, const struct ew_attachment *ref)
{
    bool here = is_on_this_port(j, ref->route) || !show_gates(j, NULL, ref->route);
    const struct ew_gate_result *gate = here ? NULL : of_other_port(j, ref);
    if (!gate)
        return false;
    say_one_listener(j, listener_draft(j, "route-attached-to-one-listener", ref->route), ref, gate);
    judge_other_refs(j, ref->route);
    return true;
}

/* ---- parents that are answered for differently ---- */

static const struct ew_attachment *accepted_elsewhere(const struct judging *j,
                                                      const struct ew_attachment *not_this)
{
    struct ew_cond cond;
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->route == not_this->route && ref->parent == not_this->parent && ref != not_this &&
            ew_attachment_reported(j->routing, ref, "Accepted", &cond) &&
            ew_streq(cond.status, "True"))
            return ref;
    }
    return NULL;
}

/* By the specification it is attached here, and its controller takes it at other parents only. */
static void judge_split(struct judging *j, const struct ew_attachment *ref)
{
    struct ew_cond cond;
    if (ref->route != j->decision->route || !route_edge_has_none(j) || !ref_takes_part(j, ref) ||
        !ref_is(j, ref, "Accepted", "False", &cond) || !accepted_elsewhere(j, ref))
        return;
    struct ew_draft *draft = listener_draft(j, "route-attached-to-one-listener", ref->route);
    draft_says(j, draft, "the controller takes %s at listener %s, and not at %s (%s: %s)",
               title(j, ref->route), accepted_elsewhere(j, ref)->section, here(j),
               clean(j, cond.reason), clean(j, cond.message));
    show_answer(j, draft);
    show_parents(j, draft, ref->route);
    draft_next(j, draft, "compare, condition by condition, what is reported with what should be",
               "edgewalk check -n %s %s/%s", ref->route->ns, ref->route->kind_name,
               ref->route->name);
}

/* ---- which of them ---- */

/* Nothing serves the request where it should be, or who takes any host answers in its place. */
static bool is_missed(const struct judging *j)
{
    const struct ew_decision *by = j->decision;
    bool none = by->outcome == EW_OUT_NO_ROUTE || by->outcome == EW_OUT_NO_LISTENER;
    if (!by->gateway || j->live_ok)
        return false;
    if (!none)
        return route_is_caught(j);
    return !j->outside || route_edge_has_none(j) || sni_is_refused(j);
}

bool route_is_isolated(const struct judging *j, const struct ew_attachment *ref)
{
    return is_missed(j) && isolated_from(j, ref);
}

void route_judge_listeners(struct judging *j)
{
    bool isolated = false;
    for (size_t i = 0; is_missed(j) && i < j->attachment_count; i++)
        isolated = judge_isolation(j, j->attachments[i]) || isolated;
    for (size_t i = 0; is_missed(j) && !isolated && i < j->attachment_count; i++)
        if (judge_one_listener(j, j->attachments[i]))
            break;
    for (size_t i = 0; i < j->attachment_count; i++)
        judge_split(j, j->attachments[i]);
}
