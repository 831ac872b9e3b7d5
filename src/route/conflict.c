/* Listeners of one Gateway that are not distinct (GatewaySpec.listeners "Distinct Listeners",
 * ListenerSetSpec.listeners for the precedence). */
#include "config.h"

#include "routing.h"

#include <string.h>

static bool is_l4(enum ew_proto_kind protocol)
{
    return protocol == LP_TCP || protocol == LP_UDP;
}

static bool over_tls(enum ew_proto_kind protocol)
{
    return protocol == LP_HTTPS || protocol == LP_TLS;
}

/* The reason why two listeners cannot be told apart; NULL: they can. */
static const char *clash(const struct ew_routing *routing, const struct listener *a,
                         const struct listener *b)
{
    if (a->port != b->port || !a->port || a->protocol == LP_OTHER || b->protocol == LP_OTHER)
        return NULL;
    if ((a->protocol == LP_UDP) != (b->protocol == LP_UDP))
        return NULL; /* UDP has ports of its own */
    if (is_l4(a->protocol) || is_l4(b->protocol))
        return "ProtocolConflict";
    if (over_tls(a->protocol) != over_tls(b->protocol))
        return NULL; /* told apart by the first bytes */
    if (strcmp(a->hostname, b->hostname) == 0)
        return "HostnameConflict";
    if (a->protocol == LP_TLS && b->protocol == LP_TLS && a->passthrough != b->passthrough &&
        !feature_on(routing, a->gateway, "TLSRouteModeMixed"))
        return "ProtocolConflict";
    return NULL;
}

static const char *differ_text(struct ew_routing *routing, const struct listener *other,
                               const char *reason)
{
    const char *title = listener_title(routing, other);
    if (strcmp(reason, "HostnameConflict") == 0)
        return ew_arena_fmt(routing->arena, "port %d and hostname %s are those of %s too",
                            other->port, *other->hostname ? other->hostname : "(any)", title);
    return ew_arena_fmt(
        routing->arena, "port %d is shared with %s, whose protocol is %s%s", other->port, title,
        other->protocol_name,
        other->protocol == LP_TLS ? other->passthrough ? " (Passthrough)" : " (Terminate)" : "");
}

static void mark(struct ew_routing *routing, struct listener *listener,
                 const struct listener *other, const char *reason)
{
    if (listener->conflict)
        return;
    listener->conflict = reason;
    listener->rival = other;
    listener->conflict_why = differ_text(routing, other, reason);
}

/* A listener whose protocol is not supported takes no part. */
static bool takes_part(const struct listener *listener)
{
    return listener->accepted.ok != EW_NO && listener->port;
}

static void against_pool(struct ew_routing *routing, struct listener *listener,
                         const struct ew_ptrs *pool)
{
    for (size_t i = 0; i < pool->count && !listener->conflict; i++) {
        const char *reason = clash(routing, listener, pool->at[i]);
        if (reason)
            mark(routing, listener, pool->at[i], reason);
    }
}

/* Within one owner nobody wins: "MUST NOT pick one conflicting Listener as the winner". */
static void among(struct ew_routing *routing, struct listener *at, size_t count,
                  const bool *out_of_play)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (out_of_play[i] || out_of_play[j])
                continue;
            const char *reason = clash(routing, &at[i], &at[j]);
            if (!reason)
                continue;
            mark(routing, &at[i], &at[j], reason);
            mark(routing, &at[j], &at[i], reason);
        }
    }
}

/* Earlier owners win over later ones; what lost to them is out of play for all others. */
static void add_owner(struct ew_routing *routing, struct listener *at, size_t count,
                      struct ew_ptrs *pool)
{
    bool *out = ew_arena_alloc(routing->arena, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (takes_part(&at[i]))
            against_pool(routing, &at[i], pool);
        out[i] = at[i].conflict || !takes_part(&at[i]);
    }
    among(routing, at, count, out);
    for (size_t i = 0; i < count; i++)
        if (!out[i])
            ew_ptrs_add(pool, &at[i]);
}

static bool shares_port(const struct listener *a, const struct listener *b)
{
    return a->port && a->port == b->port && a->protocol <= LP_TLS && b->protocol <= LP_TLS &&
           over_tls(a->protocol) != over_tls(b->protocol);
}

static void note_shared(const struct gateway *gateway)
{
    for (size_t i = 0; i < gateway->listeners.count; i++)
        for (size_t j = 0; j < gateway->listeners.count; j++)
            if (shares_port(gateway->listeners.at[i], gateway->listeners.at[j]))
                ((struct listener *)gateway->listeners.at[i])->shares = true;
}

void conflicts_find(struct ew_routing *routing, struct gateway *gateway)
{
    struct ew_ptrs pool = {0};
    add_owner(routing, gateway->own, gateway->own_count, &pool);
    for (size_t i = 0; i < gateway->sets.count; i++) {
        struct listener_set *set = gateway->sets.at[i];
        if (set->allowed.ok != EW_NO)
            add_owner(routing, set->listeners, set->count, &pool);
    }
    ew_ptrs_release(&pool);
    note_shared(gateway);
}
