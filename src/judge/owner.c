/* Whose it is: the first label or annotation that names an owner, on the subject of a finding, else
 * on what the subject belongs to. */
#include "verdict.h"

const char *const ew_owner_keys[] = {"owner", "team", "a8r.io/owner", NULL};

struct search {
    struct judging *j;
    const struct ew_finding *finding;
    const char **keys; /* NULL-terminated */
};

static const struct ew_owner *found(struct judging *j, const char *name, const char *kind,
                                    const char *key, const struct ew_obj *obj)
{
    struct ew_owner *owner = ew_arena_alloc(j->arena, sizeof(*owner));
    *owner = (struct ew_owner){clean(j, name), say(j, "%s %s on %s", kind, key, title(j, obj))};
    return owner;
}

static const struct ew_owner *named_by(const struct search *of, const struct ew_obj *obj)
{
    for (size_t i = 0; obj && of->keys[i]; i++) {
        const char *label = ew_obj_label(obj, of->keys[i]);
        const char *note = ew_obj_annotation(obj, of->keys[i]);
        if (label && *label)
            return found(of->j, label, "label", of->keys[i], obj);
        if (note && *note)
            return found(of->j, note, "annotation", of->keys[i], obj);
    }
    return NULL;
}

/* An object of another namespace is somebody else's. */
static const struct ew_owner *neighbour(const struct search *of, const struct ew_obj *obj)
{
    bool near = obj && (!of->finding->ns || ew_streq(obj->ns, of->finding->ns));
    return near ? named_by(of, obj) : NULL;
}

static const struct ew_owner *of_controller(const struct search *of, const struct ew_obj *obj)
{
    for (int depth = 0; obj && depth < 4; depth++) {
        struct ew_ask nothing = {0};
        struct ew_seen seen;
        obj = ew_world_owner(of->j->world, obj, nothing, &seen);
        const struct ew_owner *owner = named_by(of, obj);
        if (owner)
            return owner;
    }
    return NULL;
}

/* The pods behind a workload that was not read itself. */
static const struct ew_owner *of_pods(const struct search *of)
{
    const struct ew_backend *backend = of->j->backend;
    const struct ew_json *selector =
        backend && backend->service ? ew_obj_at(backend->service, "spec.selector") : NULL;
    for (size_t i = 0; i < ew_world_count(of->j->world, EW_POD); i++) {
        const struct ew_obj *pod = ew_world_at(of->j->world, EW_POD, i);
        bool behind = ew_json_count(selector) > 0 && ew_streq(pod->ns, backend->service->ns);
        EW_JSON_EACH(label, selector)
        behind = behind && ew_streq(ew_json_str(label), ew_obj_label(pod, ew_json_key(label)));
        const struct ew_owner *owner = behind ? neighbour(of, pod) : NULL;
        if (owner)
            return owner;
    }
    return NULL;
}

static const struct ew_owner *of_inside(const struct search *of)
{
    const struct ew_decision *decision = of->j->decision;
    enum ew_layer layer = of->finding->cause->layer;
    const struct ew_owner *owner = NULL;
    if (layer == EW_LAYER_POD)
        owner = of_pods(of);
    if (!owner && layer >= EW_LAYER_SERVICE && of->j->backend)
        owner = neighbour(of, of->j->backend->service);
    if (!owner && decision)
        owner = neighbour(of, decision->route ? decision->route : decision->ingress);
    return owner;
}

/* Up to HTTP it is the entry point that answers for what clients meet. */
static const struct ew_owner *of_entry(const struct search *of)
{
    const struct ew_decision *decision = of->j->decision;
    const struct ew_owner *owner = NULL;
    if (decision)
        owner = neighbour(of, decision->gateway ? decision->gateway : decision->ingress);
    for (size_t i = 0; !owner && i < of->j->entry_count; i++)
        owner = neighbour(of, of->j->entries[i].obj);
    return owner;
}

static const struct ew_owner *owner_of(struct judging *j, const struct ew_finding *finding,
                                       const char **keys)
{
    struct search of = {j, finding, keys};
    enum ew_layer layer = finding->cause->layer;
    enum ew_kind kind = ew_kind_of(NULL, finding->kind);
    const struct ew_obj *subject = ew_world_find(j->world, kind, finding->ns, finding->name);
    const struct ew_owner *owner = named_by(&of, subject);
    if (!owner)
        owner = of_controller(&of, subject);
    if (!owner && layer >= EW_LAYER_ROUTE && layer <= EW_LAYER_APP)
        owner = of_inside(&of);
    if (!owner && layer <= EW_LAYER_EDGE)
        owner = of_entry(&of);
    if (!owner && finding->ns)
        owner = named_by(&of, ew_world_find(j->world, EW_NAMESPACE, NULL, finding->ns));
    return owner;
}

void owners_find(struct judging *j)
{
    const struct ew_json *list = ew_json_get(j->options, "owner_keys");
    const char **keys =
        ew_arena_alloc(j->arena, (ew_json_count(list) + EW_COUNT(ew_owner_keys)) * sizeof(*keys));
    size_t count = 0;
    EW_JSON_EACH(item, list)
    keys[count++] = ew_json_str_or(item, "");
    for (size_t i = 0; !list && ew_owner_keys[i]; i++)
        keys[count++] = ew_owner_keys[i];
    keys[count] = NULL;
    for (size_t i = 0; count && i < j->drafts.count; i++) {
        struct ew_draft *draft = j->drafts.at[i];
        draft->out.owner = owner_of(j, &draft->out, keys);
    }
}
