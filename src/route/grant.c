/* ReferenceGrants: who may refer to what in another namespace. */
#include "config.h"

#include "routing.h"

static bool from_matches(const struct ew_json *spec, const struct ew_obj *from)
{
    EW_JSON_EACH(entry, ew_json_get(spec, "from"))
    {
        if (ew_streq(ew_json_get_str(entry, "group", ""), from->group) &&
            ew_streq(ew_json_get_str(entry, "kind", NULL), from->kind_name) &&
            ew_streq(ew_json_get_str(entry, "namespace", NULL), from->ns))
            return true;
    }
    return false;
}

static bool to_matches(const struct ew_json *spec, const char *group, const char *kind,
                       const char *name)
{
    EW_JSON_EACH(entry, ew_json_get(spec, "to"))
    {
        const char *only = ew_json_get_str(entry, "name", "");
        if (ew_streq(ew_json_get_str(entry, "group", ""), group) &&
            ew_streq(ew_json_get_str(entry, "kind", NULL), kind) &&
            (!*only || ew_streq(only, name)))
            return true;
    }
    return false;
}

static struct ew_map *grant_index(struct ew_routing *routing)
{
    if (routing->grants)
        return routing->grants;
    routing->grants = routing_map(routing);
    for (size_t i = 0; i < ew_world_count(routing->world, EW_REFERENCEGRANT); i++) {
        const struct ew_obj *grant = ew_world_at(routing->world, EW_REFERENCEGRANT, i);
        ew_ptrs_add(routing_list(routing, routing->grants, grant->ns ? grant->ns : ""),
                    (void *)grant);
    }
    return routing->grants;
}

static bool granted(struct ew_routing *routing, const struct ew_obj *from, const char *group,
                    const char *kind, const char *ns, const char *name)
{
    const struct ew_ptrs *grants = ew_map_get(grant_index(routing), ns);
    for (size_t i = 0; grants && i < grants->count; i++) {
        const struct ew_json *spec =
            ew_json_get(((const struct ew_obj *)grants->at[i])->json, "spec");
        if (from_matches(spec, from) && to_matches(spec, group, kind, name))
            return true;
    }
    return false;
}

struct verdict grant_allows(struct ew_routing *routing, const struct ew_obj *from,
                            const char *to_group, const char *to_kind, const char *to_ns,
                            const char *to_name)
{
    struct verdict out = {.ok = EW_YES};
    if (ew_streq(from->ns, to_ns) || granted(routing, from, to_group, to_kind, to_ns, to_name))
        return out;
    struct ew_seen seen =
        ew_world_listed(routing->world, EW_REFERENCEGRANT, to_ns,
                        routing_ask(routing, false, "route-backend-not-permitted"));
    out.reason = "RefNotPermitted";
    if (seen.state == EW_KNOWN || seen.state == EW_ABSENT) {
        out.ok = EW_NO;
        out.why =
            ew_arena_fmt(routing->arena,
                         "no ReferenceGrant in namespace %s lets %ss of namespace %s refer to "
                         "%s %s",
                         to_ns, from->kind_name, from->ns ? from->ns : "-", to_kind, to_name);
        return out;
    }
    out.ok = EW_MAYBE;
    out.why = ew_arena_fmt(routing->arena,
                           "the ReferenceGrants of namespace %s are not known (%s), and %s %s is "
                           "referred to from namespace %s",
                           to_ns, seen.reason ? seen.reason : "not read yet", to_kind, to_name,
                           from->ns ? from->ns : "-");
    return out;
}
