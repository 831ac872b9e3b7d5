/* route-two-models-active: the host stands in an Ingress and in a route of a Gateway, and both
 * would take the request. Expected while one is replaced by the other, so it is information: which
 * of the two the client uses (whose status has an address of the record) and what the other does
 * otherwise.
 *
 * The one that is not used must mean this host: by its name, or by the very pattern of the other. A
 * wildcard or an entry without host beside the host's own is no second model of it.
 *
 * It is a warning where the client is led to the one that cannot serve, or gives an error, and the
 * other would serve. What fails there is a finding of its own, and the root; this one says why the
 * client is there at all. */
#include "route.h"

#include <string.h>

struct side {
    const struct ew_decision *by;
    const struct ew_obj *entry;  /* Gateway or Ingress, whose status has the addresses */
    const struct ew_obj *claims; /* HTTPRoute, GRPCRoute or Ingress */
    const struct address *used;  /* of the record; NULL: the client is not led here */
    const struct address *live;  /* published, and tried */
};

/* ---- the two sides ---- */

static bool has_entries_of_both(const struct judging *j)
{
    bool gateway = false, ingress = false;
    for (size_t i = 0; i < j->entry_count; i++) {
        gateway = gateway || j->entries[i].obj->kind == EW_GATEWAY;
        ingress = ingress || j->entries[i].obj->kind == EW_INGRESS;
    }
    return gateway && ingress;
}

static void take_side(struct judging *j, struct side *side, const struct ew_decision *by)
{
    side->by = by;
    side->entry = by->ingress ? by->ingress : by->gateway;
    side->claims = by->ingress ? by->ingress : by->route;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!publishes(side->entry, at))
            continue;
        if (at->in_record && (!side->used || at == j->answer.at))
            side->used = at;
        if (!side->live || at == side->used)
            side->live = at;
    }
}

/* The decision of the walk, and the first at an entry of the other model. */
static bool find_sides(struct judging *j, struct side *gateway, struct side *ingress)
{
    if (!has_entries_of_both(j))
        return false;
    const struct ew_decision *at = j->decision;
    for (int round = 0; round < 2; round++) {
        for (; at; at = at->next) {
            struct side *side = at->ingress ? ingress : gateway;
            if (!side->by && (at->ingress || (at->route && at->gateway)))
                take_side(j, side, at);
        }
        at = ew_routing_decide(j->routing, &j->request, NULL);
    }
    return gateway->by && ingress->by;
}

/* A class, or a controller that has answered, stands behind the Ingress. */
static bool is_taken(const struct ew_obj *ingress)
{
    return ew_json_str(ew_obj_at(ingress, "spec.ingressClassName")) ||
           ew_obj_annotation(ingress, "kubernetes.io/ingress.class") ||
           ew_json_count(ew_obj_at(ingress, "status.loadBalancer.ingress"));
}

static bool means_host(const struct side *side, const struct side *other)
{
    const char *host = side->by->host;
    return host && *host && (*host != '*' || ew_streq(host, other->by->host));
}

static bool serves(const struct side *side)
{
    return side->by->outcome == EW_OUT_BACKEND || side->by->outcome == EW_OUT_REDIRECT ||
           side->by->outcome == EW_OUT_RESPOND;
}

/* The client is led here, in vain, and the other one would serve. */
static bool is_stale(const struct judging *j, const struct side *side, const struct side *other)
{
    bool error = j->answer.bad && j->answer.at == side->used;
    bool other_answers = other->live && other->live->http_test == TEST_PASS;
    if (!side->used || side->used == other->used || !serves(other))
        return false;
    return side->by->outcome == EW_OUT_NO_BACKEND || (error && other_answers);
}

/* ---- the finding ---- */

static const char *named(struct judging *j, const struct side *side)
{
    if (side->entry == side->claims)
        return title(j, side->claims);
    return say(j, "%s at %s", title(j, side->claims), title(j, side->entry));
}

static const char *state(struct judging *j, const struct side *side)
{
    const struct ew_decision *by = side->by;
    const char *why = by->backend_count ? by->backends[0].why_not : by->why;
    const char *live =
        !side->live                          ? ""
        : side->live->http_test == TEST_PASS ? say(j, "; %s answers well", side->live->text)
        : side->live->http_test == TEST_FAIL ? say(j, "; %s gives an error", side->live->text)
                                             : "";
    if (serves(side))
        return say(j, "would serve%s", live);
    return say(j, "cannot serve%s%s%s", why ? ": " : "", why ? clean(j, why) : "", live);
}

static const char *who_is_used(struct judging *j, const struct side *gateway,
                               const struct side *ingress)
{
    if (gateway->used && gateway->used == ingress->used)
        return say(j, "both are published at %s, and which one takes a request is the controller's",
                   gateway->used->text);
    if (gateway->used && ingress->used)
        return say(j, "the record leads to both, %s and %s", gateway->used->text,
                   ingress->used->text);
    if (gateway->used || ingress->used)
        return say(j, "by name the client uses %s (%s)",
                   named(j, gateway->used ? gateway : ingress),
                   gateway->used ? gateway->used->text : ingress->used->text);
    return "which one the client uses cannot be told from addresses";
}

static void show_differences(struct judging *j, struct ew_draft *draft, const struct side *gateway,
                             const struct side *ingress)
{
    struct ew_difference rows[EW_DIFFERENCES_MAX];
    size_t count = ew_decisions_compare(gateway->by, ingress->by, j->arena, rows);
    for (size_t i = 0; i < count; i++)
        draft_shows(j, draft,
                    say(j, "%s differ%s", rows[i].what,
                        rows[i].what[strlen(rows[i].what) - 1] == 's' ? "" : "s"),
                    "%s: %s; %s: %s", gateway->claims->kind_name, clean(j, rows[i].a), "Ingress",
                    clean(j, rows[i].b));
}

void route_judge_models(struct judging *j)
{
    struct side gateway = {0}, ingress = {0};
    if (!find_sides(j, &gateway, &ingress) || !is_taken(ingress.entry))
        return;
    bool gateway_means = means_host(&gateway, &ingress),
         ingress_means = means_host(&ingress, &gateway);
    if ((!gateway_means && !gateway.used) || (!ingress_means && !ingress.used) ||
        (!gateway_means && !ingress_means))
        return;
    bool old_stale = is_stale(j, &ingress, &gateway), new_stale = is_stale(j, &gateway, &ingress);
    struct ew_draft *draft = draft_about(j, "route-two-models-active", ingress.entry);
    draft_tag(j, draft, EW_TAG_OBJECT, title(j, gateway.claims));
    if (old_stale || new_stale)
        draft->out.severity = EW_SEV_WARN;
    draft_says(j, draft, "%s stands in %s and in %s: %s%s", j->claimed, title(j, ingress.claims),
               title(j, gateway.claims), who_is_used(j, &gateway, &ingress),
               old_stale   ? ", and the Ingress, left behind, does not serve it"
               : new_stale ? ", and the Ingress that it replaces would still serve"
                           : "");
    draft_shows(j, draft, named(j, &gateway), "%s", state(j, &gateway));
    draft_shows(j, draft, named(j, &ingress), "%s", state(j, &ingress));
    show_differences(j, draft, &gateway, &ingress);
    draft_next(j, draft, "see both side by side", "edgewalk route '%s'", clean(j, j->url));
    draft_next(j, draft, "end the parallel run: move the record, then delete the one left behind",
               "kubectl get ingress,httproute -A | grep -F '%s'", clean(j, j->claimed));
}
