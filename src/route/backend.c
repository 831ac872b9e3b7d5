/* backendRefs: to which Service port they lead, and what stands behind it. */
#include "config.h"

#include "backend.h"

#include "filter.h"
#include "policy.h"

#include <string.h>

/* Kinds that implementations know as backends; what is behind them is theirs. */
static const struct {
    const char *group, *kind;
} foreign[] = {
    {"multicluster.x-k8s.io", "ServiceImport"},
    {"inference.networking.k8s.io", "InferencePool"},
    {"inference.networking.x-k8s.io", "InferencePool"},
    {"gateway.envoyproxy.io", "Backend"},
    {"gateway.kgateway.dev", "Backend"},
    {"aigateway.envoyproxy.io", "AIServiceBackend"},
    {"networking.istio.io", "Hostname"},
};

bool object_in_files(const struct ew_routing *routing, const char *group, const char *kind,
                     const char *ns, const char *name)
{
    for (size_t i = 0; i < ew_world_count(routing->world, EW_KIND_OTHER); i++) {
        const struct ew_obj *obj = ew_world_at(routing->world, EW_KIND_OTHER, i);
        if (ew_streq(obj->group, group) && ew_streq(obj->kind_name, kind) &&
            ew_streq(obj->name, name) && (!obj->ns || ew_streq(obj->ns, ns)))
            return true;
    }
    return false;
}

static void fail(struct resolved *out, enum ew_backend_fault fault, const char *why)
{
    out->fault = fault;
    out->why = why;
}

/* A kind that is none of ours may be one that the controller knows, as long as it is there at all.
 */
static bool may_be_backend(const struct ew_routing *routing, const char *group, const char *kind,
                           const char *ns, const char *name)
{
    for (size_t i = 0; i < EW_COUNT(foreign); i++)
        if (strcmp(foreign[i].group, group) == 0 && strcmp(foreign[i].kind, kind) == 0)
            return true;
    if (routing->files)
        return object_in_files(routing, group, kind, ns, name);
    return *group && ew_world_serves(routing->world, group) != EW_ABSENT;
}

static void judge_kind(struct ew_routing *routing, const char *group, const char *kind,
                       const char *ns, const char *name, struct resolved *out)
{
    if (may_be_backend(routing, group, kind, ns, name))
        fail(out, EW_BACKEND_UNKNOWN,
             ew_arena_fmt(routing->arena, "what %s.%s %s/%s leads to is its implementation's", kind,
                          group, ns, name));
    else
        fail(out, EW_BACKEND_KIND,
             ew_arena_fmt(routing->arena, "%s%s%s is no kind of backend%s", kind, *group ? "." : "",
                          group, *group && !routing->files ? ": its API group is not served" : ""));
}

/* ---- ports ---- */

static bool same_transport(const struct ew_json *port, bool udp)
{
    return ew_streq(ew_json_get_str(port, "protocol", "TCP"), "UDP") == udp;
}

static const char *port_list(struct ew_routing *routing, const struct ew_json *ports)
{
    struct ew_buf text;
    ew_buf_init(&text, 200);
    EW_JSON_EACH(port, ports)
    ew_buf_addf(&text, "%s%ld", text.len ? ", " : "", ew_json_get_int(port, "port", 0));
    const char *list = ew_arena_strdup(routing->arena, text.len ? ew_buf_text(&text) : "none");
    ew_buf_release(&text);
    return list;
}

/* A port of that number (or name); one of the right transport before others. */
static void find_port(struct ew_routing *routing, const struct service_ask *ask,
                      struct resolved *out)
{
    const struct ew_json *ports = ew_obj_at(out->service, "spec.ports"), *other = NULL;
    EW_JSON_EACH(port, ports)
    {
        bool same = ask->port_name ? ew_streq(ew_json_get_str(port, "name", ""), ask->port_name)
                                   : ew_json_get_int(port, "port", 0) == ask->port;
        if (!same)
            continue;
        if (same_transport(port, ask->udp)) {
            out->port = port;
            return;
        }
        other = port;
    }
    const char *what =
        ask->port_name ? ask->port_name : ew_arena_fmt(routing->arena, "%d", ask->port);
    if (other)
        fail(out, EW_BACKEND_PROTOCOL,
             ew_arena_fmt(routing->arena, "port %s of Service %s/%s is %s", what, ask->ns,
                          ask->name, ew_json_get_str(other, "protocol", "TCP")));
    else
        fail(out, EW_BACKEND_PORT,
             ew_arena_fmt(routing->arena, "Service %s/%s has no port %s (it has: %s)", ask->ns,
                          ask->name, what, port_list(routing, ports)));
}

/* BackendRef: "honor the appProtocol field"; a gRPC route cannot speak WebSocket. */
static void judge_protocol(struct ew_routing *routing, const struct service_ask *ask,
                           struct resolved *out)
{
    const char *app = ew_json_get_str(out->port, "appProtocol", "");
    bool ws = strcmp(app, "kubernetes.io/ws") == 0 || strcmp(app, "kubernetes.io/wss") == 0;
    if (ask->grpc && ws)
        fail(out, EW_BACKEND_PROTOCOL,
             ew_arena_fmt(routing->arena,
                          "port %d of Service %s/%s has appProtocol %s, and the "
                          "route is a GRPCRoute",
                          ask->port, ask->ns, ask->name, app));
}

void service_resolve(struct ew_routing *routing, const struct service_ask *ask,
                     struct resolved *out)
{
    struct ew_seen seen;
    out->service = ew_world_get(routing->world, EW_SERVICE, ask->ns, ask->name,
                                routing_ask(routing, false, "route-backend-not-found"), &seen);
    if (!out->service && seen.state == EW_ABSENT) {
        fail(out, EW_BACKEND_NOT_FOUND,
             ew_arena_fmt(routing->arena, "Service %s/%s does not exist", ask->ns, ask->name));
        return;
    }
    if (!out->service) {
        fail(out, EW_BACKEND_UNKNOWN,
             ew_arena_fmt(routing->arena, "Service %s/%s is not known (%s)", ask->ns, ask->name,
                          seen.reason ? seen.reason : "not read yet"));
        return;
    }
    find_port(routing, ask, out);
    if (out->port)
        judge_protocol(routing, ask, out);
    if (out->fault == EW_BACKEND_OK &&
        ew_streq(ew_json_str(ew_obj_at(out->service, "spec.type")), "ExternalName"))
        fail(out, EW_BACKEND_UNKNOWN,
             ew_arena_fmt(routing->arena,
                          "Service %s/%s is an ExternalName: not every controller "
                          "forwards to one",
                          ask->ns, ask->name));
}

/* ---- one backendRef of a route ---- */

void ref_resolve(struct ew_routing *routing, const struct ew_obj *from, const struct ew_json *ref,
                 struct resolved *out)
{
    const char *group = ew_json_get_str(ref, "group", "");
    const char *kind = ew_json_get_str(ref, "kind", "Service");
    const char *ns = ew_json_get_str(ref, "namespace", "");
    const char *name = ew_json_get_str(ref, "name", "");
    struct service_ask ask = {.ns = *ns        ? ns
                                    : from->ns ? from->ns
                                               : "",
                              .name = name,
                              .port = (int)ew_json_get_int(ref, "port", 0),
                              .udp = from->kind == EW_UDPROUTE,
                              .grpc = from->kind == EW_GRPCROUTE};
    memset(out, 0, sizeof(*out));
    if (*group || strcmp(kind, "Service") != 0) {
        judge_kind(routing, group, kind, ask.ns, name, out);
        if (out->fault == EW_BACKEND_KIND)
            return;
    }
    struct verdict granted = grant_allows(routing, from, group, kind, ask.ns, name);
    if (granted.ok != EW_YES) {
        fail(out, granted.ok == EW_NO ? EW_BACKEND_NOT_PERMITTED : EW_BACKEND_UNKNOWN, granted.why);
        return;
    }
    if (out->fault != EW_BACKEND_OK)
        return;
    if (!ask.port) {
        fail(out, EW_BACKEND_KIND,
             ew_arena_fmt(routing->arena, "the backendRef to Service %s/%s names no port", ask.ns,
                          name));
        return;
    }
    service_resolve(routing, &ask, out);
}

/* ---- endpoints ---- */

static void judge_endpoints(struct draft *draft, struct resolved *resolved, struct ew_backend *out)
{
    struct endpoints found;
    const char *title = obj_title(draft->arena, resolved->service);
    endpoints_count(draft->routing, resolved->service, resolved->port, &found);
    out->ready = found.ready;
    out->total = found.total;
    if (found.assumed) {
        draft_assume(draft, "no EndpointSlice for %s %s: taken as ready", title,
                     draft->routing->files ? "in the files" : "(it is not applied yet)");
        return;
    }
    if (found.seen.state == EW_PENDING || found.seen.state == EW_UNKNOWN)
        fail(resolved, EW_BACKEND_UNKNOWN,
             ew_arena_fmt(draft->arena, "the EndpointSlices of %s are not known (%s)", title,
                          found.seen.reason ? found.seen.reason : "not read yet"));
    else if (!found.total && found.portless)
        fail(resolved, EW_BACKEND_NO_ENDPOINTS,
             ew_arena_fmt(draft->arena, "%s has %d endpoint%s, none with its port %s%s", title,
                          found.portless, found.portless == 1 ? "" : "s",
                          ew_json_get_str(resolved->port, "name", ""),
                          target_port_text(draft->arena, resolved->port)));
    else if (!found.total)
        fail(resolved, EW_BACKEND_NO_ENDPOINTS,
             ew_arena_fmt(draft->arena, "%s has no endpoints", title));
    else if (!found.ready)
        fail(resolved, EW_BACKEND_NONE_READY,
             ew_arena_fmt(draft->arena, "none of the %d endpoint%s of %s is ready", found.total,
                          found.total == 1 ? "" : "s", title));
}

/* ---- TLS to the backend ---- */

static struct ew_json *tls_json(struct draft *draft, const struct policy *policy, const char *sni)
{
    struct ew_json *tls = ew_json_object(draft->doc);
    const struct ew_json *ref =
        draft->gateway ? ew_obj_at(draft->gateway->obj, "spec.tls.backend.clientCertificateRef")
                       : NULL;
    const char *policy_name =
        policy ? ew_arena_fmt(draft->arena, "%s/%s", policy->obj->ns, policy->obj->name) : NULL;
    ew_json_set_str(draft->doc, tls, "policy", policy_name);
    ew_json_set_str(draft->doc, tls, "sni", sni);
    ew_json_set_bool(draft->doc, tls, "valid",
                     !policy || (policy->accepted.ok != EW_NO && policy->resolved.ok != EW_NO));
    if (policy && ref && gateway_client_cert(draft->routing, draft->gateway).ok != EW_NO) {
        const char *ns = ew_json_get_str(ref, "namespace", "");
        ew_json_set_str(draft->doc, tls, "client_cert",
                        ew_arena_fmt(draft->arena, "%s/%s", *ns ? ns : draft->gateway->obj->ns,
                                     ew_json_get_str(ref, "name", "")));
    }
    return tls;
}

/* BackendTLSPolicySpec.targetRefs: HTTPRoute, GRPCRoute, TLSRoute with termination. */
static bool takes_policy(const struct draft *draft)
{
    enum ew_kind kind = draft->rule ? draft->rule->route->obj->kind : EW_INGRESS;
    return kind == EW_HTTPROUTE || kind == EW_GRPCROUTE || kind == EW_TLSROUTE;
}

static void judge_tls(struct draft *draft, struct resolved *resolved, struct ew_backend *out)
{
    struct ew_routing *routing = draft->routing;
    if (draft->listener && draft->listener->protocol == LP_TLS && draft->listener->passthrough) {
        out->tls = tls_json(draft, NULL, draft->request->sni);
        return;
    }
    const char *port_name = ew_json_get_str(resolved->port, "name", "");
    if (!takes_policy(draft))
        return;
    policies_show(draft, out, port_name);
    if (out->policies_ignored)
        return;
    const struct policy *policy =
        policy_for(routing, resolved->service->ns, resolved->service->name, port_name);
    if (!policy)
        return;
    out->tls = tls_json(draft, policy, policy->host);
    const struct verdict *bad =
        policy->accepted.ok == EW_NO ? &policy->accepted : &policy->resolved;
    if (bad->ok == EW_NO)
        fail(resolved, EW_BACKEND_TLS_POLICY,
             ew_arena_fmt(draft->arena, "%s cannot be met: %s",
                          obj_title(draft->arena, policy->obj), bad->why ? bad->why : bad->reason));
}

/* ---- the backends of the rule that won ---- */

void backend_finish(struct draft *draft, struct resolved *resolved, struct ew_backend *out)
{
    out->ready = out->total = -1;
    out->service = resolved->service;
    if (resolved->fault == EW_BACKEND_OK)
        judge_endpoints(draft, resolved, out);
    if (resolved->service && resolved->port &&
        (resolved->fault == EW_BACKEND_OK || resolved->fault == EW_BACKEND_UNKNOWN))
        judge_tls(draft, resolved, out);
    out->fault = resolved->fault;
    out->usable = resolved->fault == EW_BACKEND_OK;
    out->why_not = out->usable ? NULL : resolved->why;
}

static void judge_filters(struct draft *draft, int index, struct ew_backend *out)
{
    const char *missing = extension_missing(draft, index);
    if (!missing || !out->usable)
        return;
    out->usable = false;
    out->fault = EW_BACKEND_FILTER;
    out->why_not = missing;
}

static long weight_of(const struct ew_json *ref)
{
    long weight = ew_json_get_int(ref, "weight", 1);
    return weight < 0 ? 0 : weight > 1000000 ? 1000000 : weight;
}

static void fill(struct draft *draft, const struct ew_json *ref, long sum, struct ew_backend *out,
                 int index)
{
    const struct ew_obj *from = draft->rule->route->obj;
    const char *ns = ew_json_get_str(ref, "namespace", "");
    struct resolved resolved;
    out->ref = ref;
    out->group = ew_json_get_str(ref, "group", "");
    out->kind = ew_json_get_str(ref, "kind", "Service");
    out->ns = *ns ? ns : from->ns;
    out->name = ew_json_get_str(ref, "name", "");
    long port = ew_json_get_int(ref, "port", 0);
    out->port = port >= 1 && port <= 65535 ? (int)port : 0;
    out->weight = (int)weight_of(ref);
    out->share = sum ? (double)out->weight / (double)sum : 0;
    ref_resolve(draft->routing, from, ref, &resolved);
    backend_finish(draft, &resolved, out);
    judge_filters(draft, index, out);
    out->forwarded = backend_headers(draft, ew_json_get(ref, "filters"));
}

void backends_resolve(struct draft *draft)
{
    const struct ew_json *refs = ew_json_get(draft->rule->json, "backendRefs");
    size_t count = ew_json_is(refs, EW_JSON_ARRAY) ? ew_json_count(refs) : 0, at = 0;
    struct ew_backend *backends = ew_arena_alloc(draft->arena, (count + 1) * sizeof(*backends));
    long sum = 0;
    draft->out->backends = backends;
    draft->out->backend_count = count;
    if (!count)
        return;
    EW_JSON_EACH(ref, refs)
    sum += weight_of(ref);
    EW_JSON_EACH(ref, refs)
    {
        fill(draft, ref, sum, &backends[at], (int)at);
        at++;
    }
}

/* ---- what comes of them ---- */

static bool is_endpoint_fault(enum ew_backend_fault fault)
{
    return fault == EW_BACKEND_NO_ENDPOINTS || fault == EW_BACKEND_NONE_READY;
}

struct tally {
    size_t weighted, usable, unknown, endless;
    double lost;
    const struct ew_backend *first_bad;
};

static struct tally count_up(const struct ew_decision *out)
{
    struct tally tally = {0};
    for (size_t i = 0; i < out->backend_count; i++) {
        const struct ew_backend *backend = &out->backends[i];
        if (!backend->weight)
            continue;
        tally.weighted++;
        tally.usable += backend->usable;
        tally.unknown += backend->fault == EW_BACKEND_UNKNOWN;
        tally.endless += is_endpoint_fault(backend->fault);
        if (!backend->usable) {
            tally.lost += backend->share;
            tally.first_bad = tally.first_bad ? tally.first_bad : backend;
        }
    }
    return tally;
}

static void no_backend(struct draft *draft, const struct tally *tally, bool http)
{
    struct ew_decision *out = draft->out;
    out->outcome = EW_OUT_NO_BACKEND;
    out->status = !http ? 0 : tally->weighted && tally->endless == tally->weighted ? 503 : 500;
    if (draft->request->protocol == EW_PROTO_GRPC)
        out->grpc_status = 14;
    if (!out->backend_count)
        out->why = "the rule has no backendRefs";
    else if (!tally->weighted)
        out->why = "the weights of all backendRefs are 0";
    else
        out->why = tally->first_bad->why_not;
}

/* RFC 9110 §7.8: a backend that is well answers an upgrade by 101. */
static bool wants_upgrade(struct draft *draft)
{
    const char *upgrade = ask_header(&draft->ask, "upgrade");
    const char *connection = ask_header(&draft->ask, "connection");
    return upgrade && connection && strcasestr(connection, "upgrade");
}

/* A rule may lead nowhere because a filter of the implementation answers by itself. */
static const struct ew_json *own_filter(const struct draft *draft)
{
    EW_JSON_EACH(filter, draft->rule ? ew_json_get(draft->rule->json, "filters") : NULL)
    {
        if (ew_streq(ew_json_get_str(filter, "type", ""), "ExtensionRef"))
            return ew_json_get(filter, "extensionRef");
    }
    return NULL;
}

void backends_outcome(struct draft *draft)
{
    struct ew_decision *out = draft->out;
    struct tally tally = count_up(out);
    const struct ew_json *filter = out->backend_count ? NULL : own_filter(draft);
    bool http =
        draft->request->protocol == EW_PROTO_HTTP || draft->request->protocol == EW_PROTO_GRPC;
    if (tally.usable) {
        out->outcome = EW_OUT_BACKEND;
        out->status = !http ? 0 : wants_upgrade(draft) ? 101 : 200;
        if (draft->request->protocol == EW_PROTO_GRPC)
            out->grpc_status = 0;
        if (tally.lost > 0)
            draft_assume(draft, "%.0f %% of the requests go to backends that fail: %s",
                         tally.lost * 100, tally.first_bad->why_not);
        return;
    }
    if (filter) {
        out->outcome = EW_OUT_UNKNOWN;
        draft_undecided(draft, "whether the filter %s %s answers by itself",
                        ew_json_get_str(filter, "kind", "?"), ew_json_get_str(filter, "name", "?"));
        return;
    }
    if (!tally.unknown) {
        no_backend(draft, &tally, http);
        return;
    }
    out->outcome = EW_OUT_UNKNOWN;
    for (size_t i = 0; i < out->backend_count; i++)
        if (out->backends[i].fault == EW_BACKEND_UNKNOWN && out->backends[i].weight)
            draft_undecided(draft, "%s", out->backends[i].why_not);
}
