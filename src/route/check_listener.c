/* Conditions of one listener (ListenerConditionType, ListenerEntryConditionType). */
#include "config.h"

#include "certificate.h"
#include "check.h"

#include <string.h>

static void add(struct checking *on, struct ew_json *list, const struct expected *expected,
                const struct reports *reports)
{
    ew_json_add(on->doc, list, condition_json(on, expected, reports));
}

static bool is_tls(const struct listener *listener)
{
    return listener->protocol == LP_HTTPS || listener->protocol == LP_TLS;
}

static struct expected conflicted(const struct listener *listener)
{
    struct expected out = {.type = "Conflicted",
                           .status = "False",
                           .reason = "NoConflicts",
                           .negative = true,
                           .or_absent = true};
    if (listener->shares)
        out.or_status = "True";
    if (!listener->conflict)
        return out;
    out.status = "True";
    out.reason = listener->conflict;
    out.why = listener->conflict_why;
    out.or_absent = false;
    expect_or(&out, "ListenerConflict");
    if (is_tls(listener)) /* HTTPS beside passthrough on one name is both */
        expect_or(&out, "ProtocolConflict");
    return out;
}

static struct expected accepted(const struct listener *listener)
{
    struct expected out = expect_verdict("Accepted", "Accepted", &listener->accepted);
    if (listener->own_protocol)
        out.or_status = "True";
    if (is_true(&out) && listener->shares) {
        out.or_status = "False";
        expect_assume(&out, "plain and TLS protocols may share a port (implementations differ)");
    }
    if (listener->conflict) {
        out = (struct expected){.type = "Accepted",
                                .status = "False",
                                .reason = listener->conflict,
                                .why = listener->conflict_why};
        expect_or(&out, "PortUnavailable");
        expect_or(&out, "Conflicted");
        if (is_tls(listener))
            expect_or(&out, "ProtocolConflict");
    } else if (is_true(&out) && listener->refs.ok == EW_NO && !listener->no_ca) {
        out.or_absent = true;    /* nothing says that it must be there beside ResolvedRefs=False, */
        out.or_status = "False"; /* nor that the listener must be accepted then */
    } else if (is_true(&out) && listener->no_ca) {
        out = (struct expected){.type = "Accepted",
                                .status = "False",
                                .reason = "NoValidCACertificate",
                                .why = listener->refs.why,
                                .or_status = listener->own_refs ? "True" : NULL};
    }
    return out;
}

static struct expected programmed(struct ew_routing *routing, struct listener *listener,
                                  const struct expected *accept)
{
    struct expected out = expect_true("Programmed", "Programmed");
    struct verdict valid = listener_valid(routing, listener);
    out.by_environment = true;
    if (valid.ok == EW_YES && is_true(accept)) {
        expect_assume(&out, "address assigned");
        out.or_status = listener->bad_kind || listener->shares ? "False" : NULL;
        return out;
    }
    out.unread = valid.ok == EW_MAYBE;
    out.status = out.unread ? "Unknown" : "False";
    out.reason = listener->conflict ? listener->conflict : "Invalid";
    out.why = valid.why ? valid.why : accept->why;
    expect_or(&out, "Invalid");
    expect_or(&out, "Pending");
    expect_or(&out, "ListenersNotValid");
    out.or_status = listener->own_protocol || listener->own_refs ||
                            (listener->bad_kind && !listener->kinds && is_true(accept))
                        ? "True"
                        : NULL;
    if (accept->reason)
        expect_or(&out, accept->reason);
    return out;
}

/* Other listeners over TLS at this port: one that takes the same names, one whose certificate is
 * good for a name that this one's is good for. Browsers may reuse one's connection for the other.
 */
struct overlap {
    const struct listener *by_host, *by_certificate;
};

static struct overlap overlaps(const struct ew_routing *routing, const struct listener *listener)
{
    const struct ew_ptrs *all = &listener->gateway->listeners;
    struct overlap found = {0};
    for (size_t i = 0; i < all->count && is_tls(listener) && listener_usable(listener); i++) {
        const struct listener *other = all->at[i];
        if (other == listener || !is_tls(other) || other->port != listener->port ||
            !listener_usable(other))
            continue;
        if (!found.by_host && host_intersects(listener->hostname, other->hostname))
            found.by_host = other;
        if (!found.by_certificate && certificates_overlap(routing, listener, other))
            found.by_certificate = other;
    }
    return found;
}

/* Where both are so the certificates SHOULD be the reason; whoever looks at hostnames alone names
 * those. */
static void add_overlap(struct checking *on, struct ew_json *list, const struct listener *listener,
                        const struct reports *reports)
{
    struct expected out = {
        .type = "OverlappingTLSConfig", .status = "True", .harmless = true, .or_absent = true};
    struct overlap found = overlaps(on->routing, listener);
    const struct listener *other = found.by_certificate ? found.by_certificate : found.by_host;
    if (!other) {
        unexpected_condition(on, list, "OverlappingTLSConfig", reports, NULL);
        return;
    }
    out.reason = found.by_certificate ? "OverlappingCertificates" : "OverlappingHostnames";
    if (found.by_host)
        expect_or(&out, found.by_certificate ? "OverlappingHostnames" : "OverlappingCertificates");
    out.why =
        ew_arena_fmt(on->arena, "%s of %s overlap with it at port %d",
                     found.by_certificate ? "certificates" : "hosts", other->name, other->port);
    add(on, list, &out, reports);
}

static struct ew_json *kinds_json(struct checking *on, const struct listener *listener)
{
    static const enum ew_kind kinds[] = {EW_HTTPROUTE, EW_GRPCROUTE, EW_TLSROUTE, EW_TCPROUTE,
                                         EW_UDPROUTE};
    struct ew_json *out = ew_json_array(on->doc);
    bool none = listener->accepted.ok == EW_NO || listener->conflict;
    for (size_t i = 0; i < EW_COUNT(kinds) && !none; i++) {
        if (!(listener->kinds & KIND_BIT(kinds[i])))
            continue;
        struct ew_json *one = ew_json_object(on->doc);
        ew_json_set_str(on->doc, one, "group", GATEWAY_GROUP);
        ew_json_set_str(on->doc, one, "kind", ew_kind_row(kinds[i])->kind);
        ew_json_add(on->doc, out, one);
    }
    return out;
}

static struct ew_json *conditions_json(struct checking *on, struct listener *listener,
                                       const struct reports *reports)
{
    struct ew_json *list = ew_json_array(on->doc);
    listener_refs(on->routing, listener);
    struct expected conflict = conflicted(listener), accept = accepted(listener);
    struct expected refs = expect_verdict("ResolvedRefs", "ResolvedRefs", &listener->refs);
    struct expected program = programmed(on->routing, listener, &accept);
    add(on, list, &accept, reports);
    add(on, list, &conflict, reports);
    add(on, list, &refs, reports);
    add(on, list, &program, reports);
    add_overlap(on, list, listener, reports);
    return list;
}

/* Whether every route that could attach was read, so that they can be counted. */
static bool routes_read(struct checking *on, const struct listener *listener)
{
    const char *from =
        ew_json_str_or(ew_json_at(listener->json, "allowedRoutes.namespaces.from"), "Same");
    const char *ns = strcmp(from, "Same") == 0 ? listener->owner->ns : NULL;
    bool read = true;
    for (int kind = 0; kind < EW_KIND_COUNT && kind < 32; kind++) {
        if (!(listener->kinds & ROUTE_KINDS & KIND_BIT(kind)))
            continue;
        read &= list_whole(on, (enum ew_kind)kind, ns, NULL);
    }
    return read;
}

static bool attaches(const struct route *route, const struct listener *listener)
{
    for (size_t i = 0; i < route->attachment_count; i++)
        for (size_t j = 0; j < route->gates[i].count; j++)
            if (route->gates[i].at[j].listener == listener && route->gates[i].at[j].served)
                return true;
    return false;
}

/* Whether the count of routes can be told: routes that the controller may accept or not are in it
 * or not. */
static bool countable(struct checking *on, const struct listener *listener, int reported)
{
    int fewest = listener->attached_routes;
    if (listener->unsure_routes || !routes_read(on, listener))
        return false;
    if (reported < 0 || reported >= fewest)
        return true;
    for (size_t i = 0; i < on->routing->route_count; i++) {
        const struct route *route = on->routing->routes[i];
        fewest -= route_doubtful(route) && attaches(route, listener);
    }
    return reported < fewest;
}

struct ew_json *check_listener(struct checking *on, struct listener *listener, bool owner_accepted)
{
    struct ew_json *out = ew_json_object(on->doc);
    const struct ew_json *entry = listener_reported(listener);
    struct reports reports = status_reports(on, listener->owner, ew_json_get(entry, "conditions"));
    reports.applied &= owner_accepted || entry; /* of a refused owner nothing need be said */
    bool attached = listener->gateway && listener->gateway->classed.ok != EW_NO &&
                    (!listener->set || listener->set->allowed.ok != EW_NO);
    ew_json_set_str(on->doc, out, "name", listener->name);
    const struct ew_json *routes = ew_json_get(entry, "attachedRoutes");
    ew_json_set(on->doc, out, "attachedRoutes",
                count_json(on, listener->attached_routes,
                           countable(on, listener, (int)ew_json_int(routes, -1)), routes));
    ew_json_set(on->doc, out, "supportedKinds", kinds_json(on, listener));
    ew_json_set(on->doc, out, "conditions",
                attached ? conditions_json(on, listener, &reports) : ew_json_array(on->doc));
    return out;
}
