#include "judging.h"

#include <stdlib.h>
#include <string.h>

static const char *const would =
    "route-none-for-host edge-gateway-missing route-namespace-not-selected";

static bool readable(const struct judging *j)
{
    return j->inside == INSIDE_API || j->inside == INSIDE_FILES || j->inside == INSIDE_PENDING;
}

bool unapplied(const struct judging *j, const struct ew_obj *obj)
{
    return j->inside == INSIDE_FILES && !ew_json_count(ew_obj_at(obj, "status"));
}

/* ---- lists that the walk starts with ---- */

static bool is_routes(enum ew_kind kind)
{
    return kind == EW_HTTPROUTE || kind == EW_GRPCROUTE || kind == EW_TLSROUTE ||
           kind == EW_INGRESS;
}

/* Rights are often given for HTTPRoutes alone: of the other kinds it only counts whether they were
 * read when nothing else claims the host. */
static bool is_seldom(enum ew_kind kind)
{
    return kind == EW_GRPCROUTE || kind == EW_TLSROUTE;
}

/* All of them at once, together with DNS. Routes or Ingresses that cannot be read leave open
 * whether anything claims the host. */
static void list_all(struct judging *j)
{
    static const enum ew_kind kinds[] = {EW_GATEWAYCLASS,   EW_GATEWAY,     EW_HTTPROUTE,
                                         EW_GRPCROUTE,      EW_TLSROUTE,    EW_INGRESS,
                                         EW_REFERENCEGRANT, EW_INGRESSCLASS};
    j->claims_known = true;
    for (size_t i = 0; i < EW_COUNT(kinds); i++) {
        bool routes = is_routes(kinds[i]);
        bool optional = is_seldom(kinds[i]) || (!routes && kinds[i] != EW_GATEWAY);
        struct ew_ask ask = asking(j, optional, would);
        struct ew_seen seen = ew_world_listed(j->world, kinds[i], NULL, ask);
        saw(j, routes ? EW_LAYER_ROUTE : EW_LAYER_EDGE, seen, ask, "list %s in all namespaces",
            ew_kind_row(kinds[i])->resource);
        bool partial = seen.state == EW_KNOWN && seen.reason;
        if (partial && !ask.optional)
            undecided_add(j, say(j, "list %s in all namespaces", ew_kind_row(kinds[i])->resource),
                          seen.reason, would);
        if (routes && (partial || (seen.state != EW_KNOWN && seen.state != EW_ABSENT)))
            j->claims_known = false;
    }
}

/* Other families of route kinds may carry the host where we cannot see it. */
static void look_for_families(struct judging *j)
{
    const struct ew_fact *fact = ew_snapshot_fact(j->snapshot, EW_KEY_DISCOVERY);
    const struct ew_json *family = ew_json_item(ew_json_get(ew_fact_value(fact), "families"), 0);
    if (family)
        j->family = say(
            j, "%s (%s)", clean(j, ew_json_get_str(family, "kind", "?")),
            clean(j, ew_json_get_str(family, "product", ew_json_get_str(family, "group", "?"))));
}

/* ---- entries ---- */

static void entry_add(struct judging *j, const struct ew_obj *obj)
{
    bool gateway = obj->kind == EW_GATEWAY;
    const char *tag = gateway ? ns_name(j, obj->ns, obj->name) : title(j, obj);
    for (size_t i = 0; i < j->entry_count; i++)
        if (strcmp(j->entries[i].tag, tag) == 0)
            return;
    struct entry *list = ew_arena_alloc(j->arena, (j->entry_count + 1) * sizeof(*list));
    if (j->entry_count)
        memcpy(list, j->entries, j->entry_count * sizeof(*list));
    list[j->entry_count++] = (struct entry){obj, tag};
    j->entries = list;
}

static bool is_wanted(const struct judging *j, const struct ew_obj *gateway)
{
    const char *only = ew_json_get_str(j->options, "gateway", NULL);
    if (!only)
        return true;
    char *name = ew_fmt("%s/%s", gateway->ns, gateway->name);
    bool same = strcmp(name, only) == 0;
    free(name);
    return same;
}

const struct ew_json *listener_status(const struct ew_obj *owner, const char *name)
{
    EW_JSON_EACH(row, ew_obj_at(owner, "status.listeners"))
    if (ew_streq(ew_json_get_str(row, "name", NULL), name))
        return row;
    return NULL;
}

static bool names_host(const struct judging *j, const struct ew_obj *owner)
{
    EW_JSON_EACH(listener, ew_obj_at(owner, "spec.listeners"))
    {
        const char *hostname = ew_json_get_str(listener, "hostname", "");
        if (*hostname && ew_hostname_matches(hostname, j->claimed))
            return true;
    }
    return false;
}

const struct ew_obj *gateway_of(const struct judging *j, const struct ew_obj *parent)
{
    if (!parent || parent->kind == EW_GATEWAY)
        return parent;
    const struct ew_json *ref = ew_obj_at(parent, "spec.parentRef");
    const char *ns = ew_json_get_str(ref, "namespace", "");
    return ew_world_find(j->world, EW_GATEWAY, *ns ? ns : parent->ns,
                         ew_json_get_str(ref, "name", ""));
}

static void enter_parents(struct judging *j)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_obj *gateway = gateway_of(j, j->attachments[i]->parent);
        if (gateway && is_wanted(j, gateway))
            entry_add(j, gateway);
    }
}

static void enter_ingresses(struct judging *j)
{
    for (size_t i = 0; i < ew_world_count(j->world, EW_INGRESS); i++) {
        const struct ew_obj *ingress = ew_world_at(j->world, EW_INGRESS, i);
        if (ew_ingress_claims(ingress->json, j->claimed))
            entry_add(j, ingress);
    }
}

static void enter_by_listener(struct judging *j)
{
    static const enum ew_kind owners[] = {EW_GATEWAY, EW_LISTENERSET};
    for (size_t k = 0; k < EW_COUNT(owners); k++) {
        for (size_t i = 0; i < ew_world_count(j->world, owners[k]); i++) {
            const struct ew_obj *owner = ew_world_at(j->world, owners[k], i);
            const struct ew_obj *gateway = gateway_of(j, owner);
            if (gateway && is_wanted(j, gateway) && names_host(j, owner))
                entry_add(j, gateway);
        }
    }
}

/* ---- what they publish ---- */

static const struct ew_json *published_list(const struct ew_obj *obj)
{
    if (obj->kind == EW_GATEWAY)
        return ew_obj_at(obj, "status.addresses");
    return ew_obj_at(obj, "status.loadBalancer.ingress");
}

static const char *published_text(const struct ew_json *row)
{
    const char *text = ew_json_get_str(row, "value", NULL);
    text = text ? text : ew_json_get_str(row, "ip", NULL);
    return text ? text : ew_json_get_str(row, "hostname", "");
}

/* name: what stands in the status, NULL where that is the address itself. */
static void publish(struct judging *j, const struct entry *entry, const char *text,
                    const char *name)
{
    struct address *address = address_add(j, text);
    if (!address)
        return;
    address->published = address->of_cluster = true;
    if (name)
        address->balancer = name;
    if (!address->publisher) {
        address->publisher = title(j, entry->obj);
        address->tag = entry->tag;
    }
}

/* Load balancers known by name: its addresses are the published ones. */
static void publish_name(struct judging *j, const struct entry *entry, const char *name)
{
    static const char *const types[] = {"A", "AAAA"};
    const char *resolver = ew_json_str(ew_json_at(j->options, "resolvers[0].address"));
    for (size_t i = 0; j->outside && resolver && *name && i < EW_COUNT(types); i++) {
        struct got got = need_dns(j, EW_LAYER_LB, resolver, name, types[i], "dns-wrong-target");
        EW_JSON_EACH(row, ew_json_get(got.value, "answers"))
        {
            const char *data = ew_json_get_str(row, "data", "");
            if (ew_ip_family(data))
                publish(j, entry, data, name);
        }
    }
}

bool publishes(const struct ew_obj *entry, const struct address *address)
{
    char canonical[46];
    EW_JSON_EACH(row, published_list(entry))
    {
        const char *text = published_text(row);
        if (ew_streq(ew_ip_canonical(text, canonical) ? canonical : text, address->text) ||
            ew_streq(text, address->balancer))
            return true;
    }
    return false;
}

bool entry_is_beside(const struct judging *j, const struct ew_obj *entry)
{
    size_t others = 0;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record || !at->published)
            continue;
        if (publishes(entry, at))
            return false;
        others++;
    }
    return others > 0;
}

static void publish_entry(struct judging *j, const struct entry *entry)
{
    EW_JSON_EACH(row, published_list(entry->obj))
    {
        const char *text = published_text(row);
        if (ew_ip_family(text))
            publish(j, entry, text, NULL);
        else
            publish_name(j, entry, text);
    }
}

static bool has_listener(const struct judging *j, const struct ew_gate_result *gate)
{
    for (size_t k = 0; k < j->listener_count; k++)
        if (gate->owner == j->listeners[k].owner && ew_streq(gate->listener, j->listeners[k].name))
            return true;
    return false;
}

/* A route for streams claims no host, and has to do with this one only by a listener that does. One
 * that takes any host has not where its parent has a listener for the request and it hangs at
 * others. */
static bool is_for_host(const struct judging *j, const struct ew_attachment *ref)
{
    bool stream = ref->route->kind == EW_TCPROUTE || ref->route->kind == EW_UDPROUTE;
    bool any = false, meant = false, fits = false, passes = false;
    if (!stream && ew_json_count(ew_obj_at(ref->route, "spec.hostnames")))
        return true;
    for (size_t i = 0; i < ref->gate_count; i++) {
        bool here = has_listener(j, &ref->gates[i]);
        bool past = ref->gates[i].failed != EW_GATE_SECTION;
        any = any || here;
        meant = meant || past;
        fits = fits || (here && past);
        passes = passes || (here && ref->gates[i].passes == EW_YES);
    }
    return stream ? passes : !any || !meant || fits;
}

static void take_attachments(struct judging *j)
{
    size_t count, kept = 0;
    const struct ew_attachment *const *all = ew_routing_attachments(j->routing, j->claimed, &count);
    const struct ew_attachment **list = ew_arena_alloc(j->arena, (count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++)
        if (is_for_host(j, all[i]))
            list[kept++] = all[i];
    j->attachments = list;
    j->attachment_count = kept;
}

/* What claims the host elsewhere makes up for kinds that were not read. */
static void name_unread_kinds(struct judging *j)
{
    static const enum ew_kind kinds[] = {EW_GRPCROUTE, EW_TLSROUTE};
    struct ew_ask ask = asking(j, false, would);
    for (size_t i = 0; i < EW_COUNT(kinds) && !j->claimed_here; i++)
        saw(j, EW_LAYER_ROUTE, ew_world_listed(j->world, kinds[i], NULL, ask), ask,
            "list %s in all namespaces", ew_kind_row(kinds[i])->resource);
}

void edge_look(struct judging *j)
{
    if (!readable(j))
        return;
    struct ew_routing_options options = {.gateway = ew_json_get_str(j->options, "gateway", NULL)};
    list_all(j);
    look_for_families(j);
    j->routing = ew_routing_new(j->world, &options, j->wants);
    j->listeners = ew_routing_listeners(j->routing, &j->request, &j->listener_count);
    take_attachments(j);
    j->near = ew_routing_near_hosts(j->routing, j->claimed, &j->near_count);
    enter_parents(j);
    enter_ingresses(j);
    j->claimed_here = j->attachment_count || j->entry_count;
    name_unread_kinds(j);
    if (!j->entry_count)
        enter_by_listener(j);
    for (size_t i = 0; i < j->entry_count; i++)
        publish_entry(j, &j->entries[i]);
}

/* ---- whose addresses ---- */

static void own(struct judging *j, const char *text)
{
    struct address *address = ew_ip_family(text) ? address_find(j, text) : NULL;
    if (address)
        address->of_cluster = true;
}

static void own_published(struct judging *j, enum ew_kind kind)
{
    for (size_t i = 0; i < ew_world_count(j->world, kind); i++) {
        const struct ew_obj *obj = ew_world_at(j->world, kind, i);
        EW_JSON_EACH(row, published_list(obj))
        own(j, published_text(row));
    }
}

static void own_nodes(struct judging *j)
{
    for (size_t i = 0; i < ew_world_count(j->world, EW_NODE); i++)
        EW_JSON_EACH(row, ew_obj_at(ew_world_at(j->world, EW_NODE, i), "status.addresses"))
    own(j, ew_json_get_str(row, "address", ""));
}

/* Of an Ingress whose wildcard does not take the host after all: its edge is asked all the same. */
static void own_near(struct judging *j)
{
    for (size_t i = 0; i < j->near_count; i++) {
        const struct ew_obj *ingress = j->near[i]->owner;
        for (size_t k = 0; ingress->kind == EW_INGRESS && k < j->address_count; k++) {
            struct address *address = &j->addresses[k];
            if (address->published || !publishes(ingress, address))
                continue;
            address->published = true;
            address->publisher = address->tag = title(j, ingress);
        }
    }
}

/* Load balancers of all Services; asked for only where nothing else told. */
static struct ew_seen list_balancers(struct judging *j)
{
    static const char *const selector = "f=spec.type=LoadBalancer";
    struct ew_seen seen = {EW_PENDING, NULL};
    if (j->inside == INSIDE_FILES)
        return (struct ew_seen){EW_KNOWN, NULL};
    char *key = ew_key_list("services", NULL, selector);
    const struct ew_fact *fact = ew_snapshot_fact(j->snapshot, key);
    free(key);
    if (fact)
        seen = (struct ew_seen){fact->state, fact->reason};
    else
        ew_want_list(j->wants, "services", NULL, selector, true, "api-wrong-cluster");
    return seen;
}

static bool any_of_cluster(const struct judging *j)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && j->addresses[i].of_cluster)
            return true;
    return false;
}

/* Nothing claims the host: is it perhaps the host of another cluster? */
void edge_look_foreign(struct judging *j)
{
    if (!readable(j))
        return;
    own_published(j, EW_GATEWAY);
    own_published(j, EW_INGRESS);
    own_published(j, EW_SERVICE);
    own_nodes(j);
    own_near(j);
    if (j->inside != INSIDE_API || j->claimed_here || j->near_count || !j->claims_known ||
        !j->dns_done || !record_count(j) || any_of_cluster(j))
        return;
    struct ew_ask optional = asking(j, true, "api-wrong-cluster");
    struct ew_seen balancers = list_balancers(j);
    struct ew_seen nodes = ew_world_listed(j->world, EW_NODE, NULL, optional);
    bool looked = balancers.state != EW_PENDING && nodes.state != EW_PENDING;
    own_published(j, EW_SERVICE);
    own_nodes(j);
    if (!looked)
        j->layers[EW_LAYER_ROUTE].pending = true;
    j->foreign = looked && !any_of_cluster(j);
}
