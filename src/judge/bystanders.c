/* Entries that could take the host and are not asked for it.
 *
 * A Gateway is an entry by a route that names the host, or else because one of its listeners, or a
 * route without hostnames, would take it. In a cluster with several Gateways whose listeners all
 * have "*.example.com" the latter says little: once the record leads to one of them, or a route
 * names the host at another one, what ails the others has nothing to do with the host. */
#include "route.h"

static bool is_named(const struct judging *j, const struct ew_obj *entry)
{
    if (entry->kind == EW_INGRESS)
        return ew_ingress_names(entry->json, j->claimed);
    for (size_t i = 0; i < j->attachment_count; i++)
        if (gateway_of(j, j->attachments[i]->parent) == entry &&
            ew_json_count(ew_obj_at(j->attachments[i]->route, "spec.hostnames")))
            return true;
    return false;
}

static bool is_led_to(const struct judging *j, const struct ew_obj *entry)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && publishes(entry, &j->addresses[i]))
            return true;
    return false;
}

static bool is_kept(const struct judging *j, const struct ew_obj *entry)
{
    return is_named(j, entry) || is_led_to(j, entry);
}

static bool is_entry(const struct judging *j, const struct ew_obj *obj)
{
    for (size_t i = 0; i < j->entry_count; i++)
        if (j->entries[i].obj == obj)
            return true;
    return false;
}

static void drop_attachments(struct judging *j)
{
    const struct ew_attachment **list =
        ew_arena_alloc(j->arena, (j->attachment_count + 1) * sizeof(*list));
    size_t kept = 0;
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_obj *gateway = gateway_of(j, j->attachments[i]->parent);
        if (!gateway || is_entry(j, gateway))
            list[kept++] = j->attachments[i];
    }
    j->attachments = list;
    j->attachment_count = kept;
}

/* Published by what is left, or not at all. */
static void publish_anew(struct judging *j, struct address *address)
{
    address->published = false;
    address->publisher = address->tag = NULL;
    for (size_t i = 0; i < j->entry_count && !address->published; i++) {
        if (!publishes(j->entries[i].obj, address))
            continue;
        address->published = true;
        address->publisher = title(j, j->entries[i].obj);
        address->tag = j->entries[i].tag;
    }
}

static void drop_addresses(struct judging *j)
{
    size_t kept = 0;
    for (size_t i = 0; i < j->address_count; i++) {
        if (j->addresses[i].published)
            publish_anew(j, &j->addresses[i]);
        if (j->addresses[i].published || j->addresses[i].in_record)
            j->addresses[kept++] = j->addresses[i];
    }
    j->address_count = kept;
}

void edge_look_bystanders(struct judging *j)
{
    struct entry *list = ew_arena_alloc(j->arena, (j->entry_count + 1) * sizeof(*list));
    size_t kept = 0;
    for (size_t i = 0; i < j->entry_count; i++)
        if (is_kept(j, j->entries[i].obj))
            list[kept++] = j->entries[i];
    if (!kept || kept == j->entry_count)
        return;
    j->entries = list;
    j->entry_count = kept;
    drop_attachments(j);
    drop_addresses(j);
}
