/* One request at one Gateway: listener, route, rule. */
#include "config.h"

#include "decide.h"

#include "edgewalk/cert.h"

#include "certificate.h"
#include "filter.h"

#include <string.h>

static bool speaks_http(const struct draft *draft)
{
    return draft->request->protocol == EW_PROTO_HTTP || draft->request->protocol == EW_PROTO_GRPC;
}

/* What the search for a listener passed by. */
struct search {
    struct listener *best, *invalid, *other_protocol, *other_host;
    struct verdict fault;
};

static void consider(struct draft *draft, struct listener *listener, const char *name,
                     struct search *search)
{
    if (listener->port != draft->request->port)
        return;
    if (!protocol_fits(draft->request, listener)) {
        search->other_protocol = listener;
        return;
    }
    struct verdict valid = listener_valid(draft->routing, listener);
    if (valid.ok == EW_NO) {
        if (!search->invalid || ew_hostname_matches(listener->hostname, name)) {
            search->invalid = listener;
            search->fault = valid;
        }
        return;
    }
    if (!ew_hostname_matches(listener->hostname, name)) {
        search->other_host = listener;
        return;
    }
    if (!search->best ||
        host_specificity(listener->hostname) > host_specificity(search->best->hostname))
        search->best = listener;
}

static void no_listener(struct draft *draft, const struct search *search, const char *name)
{
    struct ew_decision *out = draft->out;
    const char *gateway = obj_title(draft->arena, draft->gateway->obj);
    int port = draft->request->port;
    bool plain = speaks_http(draft) && !draft->request->tls;
    bool refuses = search->invalid && ew_hostname_matches(search->invalid->hostname, name);
    out->outcome = EW_OUT_NO_LISTENER;
    out->status = search->other_host && plain ? 404 : 0;
    if (search->invalid && (refuses || !search->other_host))
        out->why = ew_arena_fmt(draft->arena, "%s is not served: %s",
                                listener_title(draft->routing, search->invalid),
                                search->fault.why ? search->fault.why : search->fault.reason);
    else if (search->other_host)
        out->why = ew_arena_fmt(draft->arena, "no listener of %s at port %d takes %s %s", gateway,
                                port, draft->request->tls ? "the server name" : "the host",
                                *name ? name : "(none)");
    else if (search->other_protocol)
        out->why = ew_arena_fmt(draft->arena, "port %d of %s speaks %s", port, gateway,
                                search->other_protocol->protocol_name);
    else
        out->why = ew_arena_fmt(draft->arena, "%s has no listener at port %d", gateway, port);
    if (draft->request->protocol == EW_PROTO_GRPC && out->status)
        out->grpc_status = 12;
}

static struct listener *find_listener(struct draft *draft, const char *name)
{
    struct search search = {0};
    for (size_t i = 0; i < draft->gateway->listeners.count; i++)
        consider(draft, draft->gateway->listeners.at[i], name, &search);
    if (!search.best) {
        no_listener(draft, &search, name);
        return NULL;
    }
    struct verdict valid = listener_valid(draft->routing, search.best);
    if (valid.ok == EW_MAYBE)
        draft_assume(draft, "%s: taken as good", valid.why ? valid.why : "a fact is unknown");
    return search.best;
}

static void take_listener(struct draft *draft, struct listener *listener)
{
    draft->listener = listener;
    draft->out->listener = listener->name;
    draft->out->listener_json = listener->json;
    draft->out->listener_set = listener->set ? listener->set->obj : NULL;
}

/* ---- 421 (Listener.hostname) ---- */

static struct listener *host_owner(struct draft *draft)
{
    struct listener *best = NULL;
    for (size_t i = 0; i < draft->gateway->listeners.count; i++) {
        struct listener *other = draft->gateway->listeners.at[i];
        if (other->port != draft->request->port || other->protocol != LP_HTTPS ||
            !listener_serves(draft->routing, other) ||
            !ew_hostname_matches(other->hostname, draft->host))
            continue;
        if (!best || host_specificity(other->hostname) > host_specificity(best->hostname))
            best = other;
    }
    return best;
}

/* True when the request goes no further. */
static bool misdirected(struct draft *draft)
{
    struct ew_decision *out = draft->out;
    struct listener *owner = host_owner(draft);
    bool ours = ew_hostname_matches(draft->listener->hostname, draft->host);
    bool detects =
        feature_on(draft->routing, draft->gateway, "GatewayHTTPSListenerDetectMisdirectedRequests");
    if (owner == draft->listener)
        return false;
    if (owner && detects) {
        out->outcome = EW_OUT_MISDIRECTED;
        out->status = 421;
        out->why = ew_arena_fmt(draft->arena,
                                "the server name %s leads to listener %s, and host %s "
                                "belongs to listener %s",
                                draft->request->sni ? draft->request->sni : "(none)",
                                draft->listener->name, draft->host, owner->name);
        return true;
    }
    if (ours)
        return false;
    out->outcome = EW_OUT_NO_ROUTE;
    out->status = 404;
    out->why = ew_arena_fmt(draft->arena,
                            "listener %s, to which server name %s leads, does not take "
                            "host %s",
                            draft->listener->name,
                            draft->request->sni ? draft->request->sni : "(none)", draft->host);
    return true;
}

/* ---- client certificates (FrontendTLSValidation) ---- */

static enum ew_yes chain_good(struct draft *draft, const struct ew_json *validation)
{
    const char *client = ew_json_get_str(draft->request->client_cert, "pem", NULL), *pem;
    enum ew_yes good = EW_NO;
    EW_JSON_EACH(ref, ew_json_get(validation, "caCertificateRefs"))
    {
        struct verdict one = ca_ref(draft->routing, draft->gateway->obj, ref, false, &pem);
        if (one.ok == EW_NO)
            continue;
        if (one.ok == EW_MAYBE || !pem || !client)
            good = EW_MAYBE;
        else if (ew_cert_issued_by(client, pem, ew_snapshot_started(draft->routing->snapshot)))
            return EW_YES;
    }
    return good;
}

static bool client_refused(struct draft *draft)
{
    const struct ew_json *validation = listener_validation(draft->listener);
    if (!validation || validation_insecure(validation) ||
        !feature_on(draft->routing, draft->gateway, "GatewayFrontendClientCertificateValidation"))
        return false;
    enum ew_yes good = draft->request->client_cert ? chain_good(draft, validation) : EW_NO;
    if (good == EW_MAYBE)
        draft_assume(draft, "whether the client's certificate is accepted cannot be told: taken as "
                            "accepted");
    if (good != EW_NO)
        return false;
    draft->out->outcome = EW_OUT_REJECTED;
    draft->out->why =
        draft->request->client_cert
            ? ew_arena_fmt(draft->arena,
                           "listener %s: the client's certificate is not issued by a CA "
                           "of the Gateway's frontend validation",
                           draft->listener->name)
            : ew_arena_fmt(draft->arena,
                           "listener %s wants a client certificate, and none is "
                           "presented",
                           draft->listener->name);
    return true;
}

/* ---- routes ---- */

/* Whether the lists that could hold a route for this request were read. */
static bool lists_known(struct draft *draft)
{
    static const enum ew_kind by_protocol[][2] = {
        [EW_PROTO_HTTP] = {EW_HTTPROUTE, EW_HTTPROUTE},
        [EW_PROTO_GRPC] = {EW_GRPCROUTE, EW_HTTPROUTE},
        [EW_PROTO_TLS] = {EW_TLSROUTE, EW_TLSROUTE},
        [EW_PROTO_TCP] = {EW_TCPROUTE, EW_TCPROUTE},
        [EW_PROTO_UDP] = {EW_UDPROUTE, EW_UDPROUTE},
    };
    bool known = true;
    for (size_t i = 0; i < 2; i++) {
        enum ew_kind kind = by_protocol[draft->request->protocol][i];
        struct ew_seen seen =
            ew_world_listed(draft->routing->world, kind, NULL,
                            routing_ask(draft->routing, false, "route-none-for-host"));
        if (seen.state == EW_ABSENT || (seen.state == EW_KNOWN && !seen.reason))
            continue;
        if (i && kind == by_protocol[draft->request->protocol][0])
            continue;
        known = false;
        draft_undecided(draft, "the %ss of the cluster are not known (%s)", ew_kind_row(kind)->kind,
                        seen.reason ? seen.reason : "not read yet");
    }
    return known;
}

/* Where listeners are not isolated, a less specific one that takes the host too may serve it. */
static void note_isolation(struct draft *draft, const char *name)
{
    const struct listener *taken = draft->listener;
    if (feature_on(draft->routing, draft->gateway, "GatewayHTTPListenerIsolation"))
        return;
    for (size_t i = 0; i < draft->gateway->listeners.count; i++) {
        const struct listener *other = draft->gateway->listeners.at[i];
        if (other != taken && other->port == taken->port && other->protocol == taken->protocol &&
            other->attached_routes && ew_hostname_matches(other->hostname, name))
            draft_assume(draft,
                         "listener %s alone has %s: GatewayHTTPListenerIsolation is not among the "
                         "features of the class, and routes of listener %s may take it",
                         taken->name, name, other->name);
    }
}

static void no_route(struct draft *draft, const char *name)
{
    struct ew_decision *out = draft->out;
    bool http = speaks_http(draft) && draft->listener->protocol != LP_TLS;
    out->outcome = lists_known(draft) ? EW_OUT_NO_ROUTE : EW_OUT_UNKNOWN;
    if (out->outcome == EW_OUT_UNKNOWN)
        return;
    out->status = http ? 404 : 0;
    if (draft->request->protocol == EW_PROTO_GRPC && http)
        out->grpc_status = 12;
    note_isolation(draft, name);
    out->why = ew_arena_fmt(draft->arena, "no rule of a route attached to listener %s takes %s%s",
                            draft->listener->name, *name ? name : "a request without host",
                            http ? draft->ask.path : "");
}

static void take_match(struct draft *draft, const struct found *found)
{
    struct match *match = found->win->match;
    draft->match = match;
    draft->rule = match->rule;
    draft->pattern = found->pattern;
    draft->out->route = match->rule->route->obj;
    draft->out->rule = match->rule->index;
    draft->out->match = match->index;
    draft->out->host = found->pattern;
    draft->out->rule_json = match->rule->json;
    if (found->passed_over && strcmp(found->passed_over, found->pattern) != 0)
        draft_assume(
            draft,
            "no rule of hostname %s takes the request, and one of %s does: a data plane that "
            "picks one virtual host by name answers 404",
            found->passed_over, *found->pattern ? found->pattern : "(any)");
}

/* Whether the winner's route is attached is not known: who wins is not either. */
static void unsure(struct draft *draft)
{
    struct route *route = draft->rule->route;
    draft->out->outcome = EW_OUT_UNKNOWN;
    for (size_t i = 0; i < route->attachment_count; i++) {
        attachment_explain(draft->routing, route, i);
        const struct ew_attachment *ref = &route->attachments[i];
        for (size_t j = 0; j < ref->gate_count; j++)
            if (ref->gates[j].passes == EW_MAYBE && ref->gates[j].why)
                draft_undecided(draft, "whether %s is attached to listener %s: %s",
                                obj_title(draft->arena, route->obj), ref->gates[j].listener,
                                ref->gates[j].why);
    }
}

static void follow_rule(struct draft *draft, const struct found *found, bool stream)
{
    take_match(draft, found);
    if (!stream)
        filters_apply(draft);
    if (draft->out->outcome == EW_OUT_REDIRECT || draft->out->outcome == EW_OUT_RESPOND) {
        if (found->win->unsure)
            unsure(draft);
        return;
    }
    bool failed = draft->out->why != NULL; /* a filter that does not exist */
    backends_resolve(draft);
    draft->out->timeouts = ew_json_get(draft->rule->json, "timeouts");
    draft->out->retries = ew_json_get(draft->rule->json, "retry");
    if (!failed)
        backends_outcome(draft);
    if (found->win->unsure)
        unsure(draft);
}

static void decide_stream(struct draft *draft, const char *name)
{
    struct found found = {0};
    if (draft->listener->hosts)
        index_find_stream(draft->listener->hosts, name, &found);
    if (!found.win) {
        no_route(draft, name);
        return;
    }
    follow_rule(draft, &found, true);
    if (speaks_http(draft) && draft->out->outcome == EW_OUT_BACKEND) {
        draft->out->status = 200; /* what the backend itself answers */
        forward_unchanged(draft);
    }
}

/* What the winner owes to a dialect of expressions. */
static void note_dialect(struct draft *draft)
{
    const struct regex *regex = match_beyond_re2(draft->match);
    if (regex)
        draft_assume(draft, "the expression %s uses %s, which RE2 (Envoy and others) refuses",
                     regex_text(regex), regex_beyond_re2(regex));
}

static void decide_http(struct draft *draft)
{
    struct found found = {0};
    if (draft->listener->hosts)
        index_find(draft->listener->hosts, &draft->ask, draft->host, &found);
    if (found.limited)
        draft_undecided(draft, "whether a rule matches is not known: %s",
                        ask_hides(&draft->ask)
                            ? "it asks for a header whose value is kept secret"
                            : "its regular expression needs more steps than allowed");
    if (found.win) {
        follow_rule(draft, &found, false);
        note_dialect(draft);
    } else {
        no_route(draft, draft->host);
        if (found.limited)
            draft->out->outcome = EW_OUT_UNKNOWN;
    }
    note_path(draft);
}

void gateway_decide(struct draft *draft)
{
    const struct ew_request *request = draft->request;
    bool http = speaks_http(draft);
    const char *sni = request->sni ? host_lower(draft->arena, request->sni) : "";
    bool by_sni = request->tls || request->protocol == EW_PROTO_TLS;
    const char *name = listener_name_of(draft->arena, request);
    draft->out->gateway = draft->gateway->obj;
    struct listener *listener = find_listener(draft, name);
    if (!listener)
        return;
    take_listener(draft, listener);
    if (by_sni)
        listener_certificate(draft);
    if (!http || listener->protocol == LP_TLS) {
        if (by_sni && listener->protocol == LP_HTTPS)
            no_route(draft, name);
        else
            decide_stream(draft, by_sni ? sni : "");
        return;
    }
    if (listener->protocol == LP_HTTPS && (client_refused(draft) || misdirected(draft)))
        return;
    decide_http(draft);
}

/* ---- as if another one won ---- */

static struct match *match_of(struct draft *draft, const struct ew_candidate *candidate)
{
    const struct ew_routing *routing = draft->routing;
    for (size_t i = 0; i < routing->route_count; i++) {
        const struct route *route = routing->routes[i];
        if (route->obj != candidate->route || (size_t)candidate->rule >= route->rule_count)
            continue;
        const struct rule *rule = &route->rules[candidate->rule];
        for (size_t k = 0; k < rule->match_count; k++)
            if (rule->matches[k].index == candidate->match || candidate->match < 0)
                return &rule->matches[k];
    }
    return NULL;
}

void gateway_decide_as(struct draft *draft, const struct ew_decision *decision,
                       const struct ew_candidate *candidate)
{
    struct key_text key;
    struct match *match = match_of(draft, candidate);
    draft->gateway = ew_map_get(draft->routing->gateway_by_name,
                                key_of(&key, decision->gateway->ns, decision->gateway->name));
    if (!match || !draft->gateway)
        return;
    draft->out->gateway = decision->gateway;
    for (size_t i = 0; i < draft->gateway->listeners.count; i++) {
        struct listener *listener = draft->gateway->listeners.at[i];
        if (listener->json == decision->listener_json)
            take_listener(draft, listener);
    }
    bool stream = candidate->route->kind != EW_HTTPROUTE && candidate->route->kind != EW_GRPCROUTE;
    struct indexed win = {match, false};
    follow_rule(draft, &(struct found){.win = &win, .pattern = candidate->host}, stream);
}
