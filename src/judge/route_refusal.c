/* Routes that a parent does not take: the gate that refuses names the cause. Our own evaluation
 * decides; what a controller refuses on top of it, and the edge shows, is said in its words. */
#include "route.h"

#include <string.h>

/* ---- the listener that refuses ---- */

const struct ew_json *listener_of(const struct ew_gate_result *gate)
{
    EW_JSON_EACH(listener, ew_obj_at(gate->owner, "spec.listeners"))
    if (ew_streq(ew_json_get_str(listener, "name", NULL), gate->listener))
        return listener;
    return NULL;
}

/* Ports may be mapped before the Gateway: then no listener has the request's port and protocol, and
 * every one counts. */
bool listener_has_port(const struct judging *j, const struct ew_json *listener)
{
    const char *protocol = ew_json_get_str(listener, "protocol", "");
    bool tls = strcmp(protocol, "HTTPS") == 0 || strcmp(protocol, "TLS") == 0;
    return ew_json_get_int(listener, "port", 0) == j->request.port && tls == j->request.tls;
}

/* Of kinds refused, what somebody wrote down tells most, and a listener of another protocol least.
 */
static int kind_rank(const struct ew_gate_result *gate)
{
    static const int ranks[] = {[EW_KIND_PROTOCOL] = 0,
                                [EW_KIND_FITS] = 1,
                                [EW_KIND_UNSUPPORTED] = 2,
                                [EW_KIND_EXCLUDED] = 3};
    return gate->failed == EW_GATE_KIND ? ranks[gate->kind_fault] : 0;
}

static bool tells_more(const struct judging *j, const struct ew_gate_result *a,
                       const struct ew_gate_result *b)
{
    bool a_meant = a->failed > EW_GATE_SECTION && listener_has_port(j, listener_of(a));
    bool b_meant = b->failed > EW_GATE_SECTION && listener_has_port(j, listener_of(b));
    if (a_meant != b_meant)
        return a_meant;
    if (a->failed != b->failed)
        return a->failed > b->failed;
    return kind_rank(a) > kind_rank(b);
}

/* The listener that the request is for, then the one that was reached furthest. */
static const struct ew_gate_result *refuser(const struct judging *j,
                                            const struct ew_attachment *ref)
{
    const struct ew_gate_result *best = NULL;
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].passes == EW_NO && (!best || tells_more(j, &ref->gates[i], best)))
            best = &ref->gates[i];
    return best;
}

/* ---- the gate's cause ---- */

static const char *namespace_cause(const struct ew_gate_result *gate)
{
    const struct ew_json *rule = ew_json_at(listener_of(gate), "allowedRoutes.namespaces");
    return strcmp(ew_json_get_str(rule, "from", "Same"), "Selector") == 0
               ? "route-namespace-not-selected"
               : "route-namespace-same-only";
}

static const char *kind_cause(const struct ew_attachment *ref, const struct ew_gate_result *gate)
{
    if (gate->kind_fault == EW_KIND_UNSUPPORTED)
        return "edge-listener-unsupported";
    if (gate->kind_fault == EW_KIND_PROTOCOL && ref->route->kind == EW_TLSROUTE)
        return "route-tlsroute-invalid";
    return "route-kind-not-allowed";
}

static const char *hostname_cause(const struct ew_attachment *ref,
                                  const struct ew_gate_result *gate)
{
    if (gate->rival)
        return "route-http-grpc-conflict";
    return ref->route->kind == EW_TLSROUTE ? "route-tlsroute-invalid"
                                           : "route-hostname-no-intersection";
}

/* NULL: none of the gates', or one of the Gateway that the edge layer names. */
static const char *refusal_cause(const struct ew_attachment *ref, const struct ew_gate_result *gate)
{
    enum ew_gate failed = gate ? gate->failed : EW_GATE_SECTION;
    switch (failed) {
    case EW_GATE_SECTION:
        return ew_streq(ref->reason, "NoMatchingParent") ? "route-section-not-found" : NULL;
    case EW_GATE_KIND:
        return kind_cause(ref, gate);
    case EW_GATE_NAMESPACE:
        return namespace_cause(gate);
    case EW_GATE_HOSTNAME:
        return hostname_cause(ref, gate);
    case EW_GATE_PARENT:
    case EW_GATE_LISTENER:
    case EW_GATE_NONE:
        break;
    }
    return NULL;
}

/* ---- findings ---- */

static void next_for_namespace(struct judging *j, struct ew_draft *draft,
                               const struct ew_attachment *ref)
{
    if (strcmp(draft->out.cause->id, "route-namespace-same-only") == 0)
        draft_next(
            j, draft,
            say(j,
                "allow routes of namespace %s at the listener (allowedRoutes.namespaces.from: "
                "Selector or All), or move the route into %s",
                ref->route->ns, ref->parent_ns),
            "kubectl get gateway -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
            "{.allowedRoutes}{\"\\n\"}{end}'",
            ref->parent_ns, ref->parent_name);
    else
        draft_next(j, draft, "compare the namespace's labels with what the listener selects",
                   "kubectl get namespace %s --show-labels; kubectl get gateway -n %s %s -o "
                   "jsonpath='{.spec.listeners[*].allowedRoutes.namespaces}'",
                   ref->route->ns, ref->parent_ns, ref->parent_name);
}

static void next_for_refusal(struct judging *j, struct ew_draft *draft,
                             const struct ew_attachment *ref)
{
    const char *id = draft->out.cause->id;
    if (draft->out.step_count)
        return;
    if (strncmp(id, "route-namespace", 15) == 0)
        next_for_namespace(j, draft, ref);
    else if (strcmp(id, "route-kind-not-allowed") == 0)
        draft_next(j, draft, "see which kinds of routes each listener takes",
                   "kubectl get gateway -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
                   "{.protocol} {.allowedRoutes.kinds}{\"\\n\"}{end}{range "
                   ".status.listeners[*]}{.name} {.supportedKinds[*].kind}{\"\\n\"}{end}'",
                   ref->parent_ns, ref->parent_name);
    else if (ref->route->kind == EW_TLSROUTE)
        draft_next(
            j, draft, "a TLSRoute needs a listener of protocol TLS whose hostname meets its own",
            "kubectl get gateway -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
            "{.protocol} {.tls.mode} {.port} {.hostname}{\"\\n\"}{end}'; kubectl get tlsroute "
            "-n %s %s -o jsonpath='{.spec.parentRefs} {.spec.hostnames}'",
            ref->parent_ns, ref->parent_name, ref->route->ns, ref->route->name);
    else
        draft_next(j, draft, "compare the route's parentRefs and hostnames with the listeners",
                   "kubectl get gateway -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
                   "{.port} {.hostname}{\"\\n\"}{end}'",
                   ref->parent_ns, ref->parent_name);
}

static struct ew_draft *refusal_draft(struct judging *j, const char *id,
                                      const struct ew_attachment *ref)
{
    struct ew_draft *draft = draft_about(j, id, ref->route);
    route_marks(j, draft, ref->route);
    route_tag_parent(j, draft, ref);
    if (j->live_ok && route_served_by_other(j, ref->route) && !route_has_rule(j, ref->route))
        draft->out.severity = EW_SEV_INFO; /* it would not take this request, were it attached */
    return draft;
}

static void not_named(struct judging *j, const struct ew_attachment *ref, const char *why)
{
    layer_is(j, EW_LAYER_ROUTE, EW_ST_UNKNOWN, "%s is not attached: %s", ref->route->name, why);
    undecided_add(j, say(j, "why %s is not attached", title(j, ref->route)), why, "");
}

/* What is wrong with the parent itself, or with its class, is the edge's, and has been said there.
 */
static bool is_said_of_parent(struct judging *j, const struct ew_attachment *ref,
                              const struct ew_gate_result *gate)
{
    const struct ew_obj *gateway = gateway_of(j, ref->parent);
    const char *class = ew_json_str_or(ew_obj_at(gateway, "spec.gatewayClassName"), "");
    if (!gate || gate->failed != EW_GATE_PARENT)
        return false;
    for (size_t i = 0; i < j->drafts.count; i++) {
        const struct ew_draft *draft = j->drafts.at[i];
        if (draft->out.cause->layer == EW_LAYER_EDGE &&
            (draft_tagged(draft, EW_TAG_OBJECT, title(j, ref->parent)) ||
             draft_tagged(draft, EW_TAG_OBJECT, say(j, "GatewayClass %s", class))))
            return true;
    }
    return false;
}

/* Refused for a reason that no recognised row names: said on the layer, in the router's words. What
 * the listener itself cannot do is the edge layer's to say. */
static void judge_refusal(struct judging *j, const struct ew_attachment *ref,
                          const struct ew_gate_result *gate)
{
    const char *id = refusal_cause(ref, gate);
    bool past = gate && gate->failed > EW_GATE_SECTION; /* others were not meant, then */
    const char *why = clean(j, gate && gate->why ? gate->why : ref->why ? ref->why : "refused");
    if ((id && strcmp(id, "edge-listener-unsupported") == 0) || is_said_of_parent(j, ref, gate))
        return;
    if (!id || !ew_cause_find(id)->recognised) {
        not_named(j, ref, why);
        return;
    }
    if (strcmp(id, "route-http-grpc-conflict") == 0) {
        route_judge_conflict(j, ref, gate);
        return;
    }
    struct ew_draft *draft = refusal_draft(j, id, ref);
    draft_says(j, draft, "%s is not attached to %s %s/%s: %s", title(j, ref->route),
               ref->parent_kind, ref->parent_ns, ref->parent_name, why);
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].passes == EW_NO && ref->gates[i].why &&
            (past == (ref->gates[i].failed > EW_GATE_SECTION)))
            draft_shows(j, draft, say(j, "listener %s", ref->gates[i].listener), "%s",
                        clean(j, ref->gates[i].why));
    ref_shows_accepted(j, draft, ref);
    next_for_refusal(j, draft, ref);
}

/* ---- which refusals matter ---- */

/* A route that is meant for another port alone (the redirect on port 80) has no part in this. */
bool route_is_for_request(const struct judging *j, const struct ew_attachment *ref)
{
    bool meant = false, fits = false, any = false;
    for (size_t i = 0; i < ref->gate_count; i++) {
        bool here = listener_has_port(j, listener_of(&ref->gates[i]));
        bool past = ref->gates[i].failed > EW_GATE_SECTION;
        any = any || here;
        meant = meant || past;
        fits = fits || (past && here);
    }
    return !any || !meant || fits;
}

/* Nothing serves the request, and the listener that took it refuses the route, which may well be
 * attached elsewhere. */
static const struct ew_gate_result *refused_where_it_counts(const struct judging *j,
                                                            const struct ew_attachment *ref)
{
    const struct ew_decision *by = j->decision;
    const struct ew_obj *owner = listener_owner(by);
    for (size_t i = 0; by->listener && !route_winner(by) && i < ref->gate_count; i++) {
        const struct ew_gate_result *gate = &ref->gates[i];
        if (gate->owner == owner && ew_streq(gate->listener, by->listener) &&
            gate->passes == EW_NO && gate->failed > EW_GATE_SECTION)
            return gate;
    }
    return NULL;
}

/* Whoever serves this request, one of the other kind is lost there. */
static void judge_rivals(struct judging *j, const struct ew_attachment *ref)
{
    const struct ew_decision *by = j->decision;
    const struct ew_obj *owner = listener_owner(by);
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].rival && ref->gates[i].owner == owner &&
            ew_streq(ref->gates[i].listener, by->listener))
            route_judge_conflict(j, ref, &ref->gates[i]);
}

static void judge_attachment(struct judging *j, const struct ew_attachment *ref)
{
    if (ref->attached == EW_MAYBE && ref->parent_seen.state == EW_UNKNOWN)
        undecided_add(j, say(j, "get %s %s/%s", ref->parent_kind, ref->parent_ns, ref->parent_name),
                      ref->parent_seen.reason, "route-namespace-not-selected");
    if (!ref->parent)
        return;
    judge_rivals(j, ref);
    if (ref->attached == EW_NO && route_is_for_request(j, ref) && route_judge_invalid(j, ref))
        return;
    const struct ew_gate_result *here = refused_where_it_counts(j, ref);
    if (here)
        judge_refusal(j, ref, here);
    else if (ref->attached == EW_NO && route_is_for_request(j, ref) &&
             !route_any_attached(j, ref->route, EW_YES) &&
             !route_any_attached(j, ref->route, EW_MAYBE))
        judge_refusal(j, ref, refuser(j, ref));
}

void route_judge_refusal(struct judging *j, const struct ew_attachment *ref)
{
    judge_refusal(j, ref, NULL);
}

void route_judge_refusals(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        judge_attachment(j, j->attachments[i]);
}
