/* What was reported of a route at one of its parentRefs, and by whom. */
#include "config.h"

#include "attach.h"

#include <string.h>

bool reported_at(const struct ew_json *ref, const struct ew_attachment *mine)
{
    const char *ns = ew_json_get_str(ref, "namespace", "");
    const char *section = ew_json_get_str(ref, "sectionName", "");
    return ew_streq(ew_json_get_str(ref, "kind", "Gateway"), mine->parent_kind) &&
           ew_streq(*ns ? ns : mine->route->ns, mine->parent_ns) &&
           ew_streq(ew_json_get_str(ref, "name", ""), mine->parent_name) &&
           strcmp(section, mine->section ? mine->section : "") == 0 &&
           ew_json_get_int(ref, "port", 0) == mine->parent_port;
}

static const struct gateway *gateway_of(const struct ew_routing *routing,
                                        const struct ew_attachment *ref)
{
    struct key_text key;
    key_of(&key, ref->parent_ns, ref->parent_name);
    if (!ref->parent)
        return NULL;
    if (ref->parent->kind == EW_GATEWAY)
        return ew_map_get(routing->gateway_by_name, key.text);
    const struct listener_set *set = ew_map_get(routing->set_by_name, key.text);
    return set ? set->gateway : NULL;
}

const char *parent_controller(const struct ew_routing *routing, const struct ew_attachment *ref)
{
    const struct gateway *gateway = gateway_of(routing, ref);
    return gateway && gateway->class_
               ? ew_json_str(ew_obj_at(gateway->class_, "spec.controllerName"))
               : NULL;
}

bool ew_attachment_reported(const struct ew_routing *routing, const struct ew_attachment *ref,
                            const char *type, struct ew_cond *out)
{
    const char *whose = parent_controller(routing, ref);
    EW_JSON_EACH(entry, ew_obj_at(ref->route, "status.parents"))
    {
        const char *writer = ew_json_get_str(entry, "controllerName", NULL);
        if (reported_at(ew_json_get(entry, "parentRef"), ref) &&
            (!whose || !writer || strcmp(whose, writer) == 0) &&
            ew_cond_find(ew_json_get(entry, "conditions"), type, out))
            return true;
    }
    return false;
}

/* ---- policies ---- */

bool ancestor_is(const struct ew_json *ref, const struct ew_obj *policy,
                 const struct ew_obj *gateway)
{
    const char *ns = ew_json_get_str(ref, "namespace", "");
    return ew_streq(ew_json_get_str(ref, "kind", "Gateway"), "Gateway") &&
           ew_streq(*ns ? ns : policy->ns, gateway->ns) &&
           ew_streq(ew_json_get_str(ref, "name", NULL), gateway->name);
}

const struct ew_json *ew_policy_reported(const struct ew_routing *routing,
                                         const struct ew_obj *policy, const struct ew_obj *gateway)
{
    struct key_text key;
    const struct gateway *at =
        ew_map_get(routing->gateway_by_name, key_of(&key, gateway->ns, gateway->name));
    const char *whose =
        at && at->class_ ? ew_json_str(ew_obj_at(at->class_, "spec.controllerName")) : NULL;
    EW_JSON_EACH(entry, ew_obj_at(policy, "status.ancestors"))
    {
        const char *writer = ew_json_get_str(entry, "controllerName", NULL);
        if (ancestor_is(ew_json_get(entry, "ancestorRef"), policy, gateway) &&
            (!whose || !writer || strcmp(whose, writer) == 0))
            return entry;
    }
    return NULL;
}
