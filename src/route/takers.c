/* The listeners that fit a request, those included that may not take it, and why they may not. */
#include "config.h"

#include "routing.h"

struct taking {
    struct ew_routing *routing;
    const struct ew_request *request;
    const char *name; /* that listeners are chosen by */
    struct ew_listener *out;
    size_t count;
};

/* Nothing in its status speaks against it. */
static bool is_up(const struct listener *listener)
{
    static const struct {
        const char *type, *bad;
    } against[] = {{"Programmed", "False"}, {"Conflicted", "True"}};
    const struct ew_json *conditions = ew_json_get(listener_reported(listener), "conditions");
    struct ew_cond cond;
    for (size_t i = 0; i < EW_COUNT(against); i++)
        if (ew_cond_find(conditions, against[i].type, &cond) &&
            ew_streq(cond.status, against[i].bad))
            return false;
    return listener_usable(listener);
}

/* Whether the port would stay open without this listener. */
static bool port_is_shared(const struct listener *listener)
{
    const struct ew_ptrs *all = listener->gateway ? &listener->gateway->listeners : NULL;
    for (size_t i = 0; all && i < all->count; i++) {
        const struct listener *other = all->at[i];
        if (other != listener && other->port == listener->port && is_up(other))
            return true;
    }
    return false;
}

/* A set that may not be there at all takes nothing from others for certain. */
static const struct listener *rival_of(const struct listener *listener)
{
    const struct listener *rival = listener->rival;
    return rival && (!rival->set || rival->set->allowed.ok == EW_YES) ? rival : NULL;
}

static void take(struct taking *on, const struct listener *listener)
{
    if (listener->port != on->request->port || !protocol_fits(on->request, listener) ||
        !ew_hostname_matches(listener->hostname, on->name))
        return;
    const struct listener_set *set = listener->set;
    const struct listener *rival = rival_of(listener);
    on->out[on->count++] = (struct ew_listener){
        .gateway = listener->gateway ? listener->gateway->obj : NULL,
        .owner = listener->owner,
        .name = listener->name,
        .json = listener->json,
        .status = listener_reported(listener),
        .admitted = set ? set->allowed.ok : EW_YES,
        .refusal = set ? set->allowed.reason : NULL,
        .refusal_why = set ? set->allowed.why : NULL,
        .conflict = rival ? listener->conflict : NULL,
        .conflict_why = rival ? listener->conflict_why : NULL,
        .rival = rival ? rival->json : NULL,
        .rival_owner = rival ? rival->owner : NULL,
        .mixed_port = listener->shares,
        .shared_port = port_is_shared(listener),
    };
}

static void take_all(struct taking *on, const struct listener *listeners, size_t count)
{
    for (size_t i = 0; i < count; i++)
        take(on, &listeners[i]);
}

static bool is_wanted(const struct ew_routing *routing, const struct gateway *gateway)
{
    struct key_text key;
    return !routing->only_gateway ||
           ew_streq(key_of(&key, gateway->obj->ns, gateway->obj->name), routing->only_gateway);
}

static void of_gateway(struct taking *on, const struct gateway *gateway)
{
    if (!is_wanted(on->routing, gateway))
        return;
    take_all(on, gateway->own, gateway->own_count);
    for (size_t i = 0; i < gateway->sets.count; i++) {
        const struct listener_set *set = gateway->sets.at[i];
        take_all(on, set->listeners, set->count);
    }
}

const struct ew_listener *ew_routing_listeners(struct ew_routing *routing,
                                               const struct ew_request *request, size_t *count)
{
    struct taking on = {
        .routing = routing, .request = request, .name = listener_name_of(routing->arena, request)};
    size_t most = 0;
    for (size_t i = 0; i < routing->gateway_count; i++)
        most += routing->gateways[i]->own_count;
    for (size_t i = 0; i < routing->set_count; i++)
        most += routing->sets[i]->count;
    on.out = ew_arena_alloc(routing->arena, (most + 1) * sizeof(*on.out));
    for (size_t i = 0; i < routing->gateway_count; i++)
        of_gateway(&on, routing->gateways[i]);
    for (size_t i = 0; i < routing->set_count; i++)
        if (!routing->sets[i]->gateway && !routing->only_gateway)
            take_all(&on, routing->sets[i]->listeners, routing->sets[i]->count);
    *count = on.count;
    return on.out;
}
