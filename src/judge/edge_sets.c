/* ListenerSets that are not admitted to their Gateway. */
#include "edge.h"

#include <string.h>

static const char *const cause = "edge-listenerset-rejected";

/* The Gateway that it names, be it there or not. */
static const char *parent_of(struct judging *j, const struct ew_obj *set)
{
    const struct ew_json *ref = ew_obj_at(set, "spec.parentRef");
    const char *ns = ew_json_get_str(ref, "namespace", "");
    return clean(j, ns_name(j, *ns ? ns : set->ns, ew_json_get_str(ref, "name", "?")));
}

/* ---- who refuses it ---- */

struct refusal {
    bool by_rule;          /* by the Gateway's allowedListeners, or for want of the Gateway */
    bool said, entry_said; /* by the controller: of the set; of its listener */
    bool lost;             /* to another listener */
    bool unanswered;       /* by a controller that answers for its Gateway */
    struct ew_cond set, entry;
};

/* What a controller says of an entry that it has no room for. */
static bool says_no_room(const struct ew_listener *listener, struct ew_cond *out)
{
    return edge_entry_cond(listener, "Accepted", out) && ew_streq(out->status, "False") &&
           ew_streq(out->reason, "TooManyListeners");
}

static bool is_unanswered(const struct judging *j, const struct ew_listener *listener)
{
    struct ew_cond set, gateway;
    return !j->live_ok && !unapplied(j, listener->owner) && listener->admitted == EW_YES &&
           (!edge_cond(listener->owner, "Accepted", &set) || ew_streq(set.status, "Unknown")) &&
           edge_cond(listener->gateway, "Accepted", &gateway) && ew_streq(gateway.status, "True");
}

static bool refused(const struct judging *j, const struct ew_listener *listener,
                    struct refusal *out)
{
    *out = (struct refusal){0};
    out->by_rule = listener->admitted == EW_NO;
    out->said = edge_cond(listener->owner, "Accepted", &out->set) &&
                ew_streq(out->set.status, "False") && !ew_cond_stale(&out->set, listener->owner);
    out->entry_said = edge_says_conflict(listener, &out->entry);
    out->lost = out->entry_said || listener->conflict;
    out->entry_said = out->entry_said || says_no_room(listener, &out->entry);
    out->unanswered = is_unanswered(j, listener);
    return out->by_rule || out->said || out->entry_said || out->lost || out->unanswered;
}

/* ---- the finding ---- */

static const char *why(struct judging *j, const struct ew_listener *listener,
                       const struct refusal *refusal)
{
    const struct ew_cond *cond = refusal->said ? &refusal->set : &refusal->entry;
    const char *words = cond->message && *cond->message ? cond->message : cond->reason;
    if (refusal->by_rule)
        return clean(j, listener->refusal_why);
    if (listener->conflict)
        return say(j, "listener %s goes after another: %s", clean(j, listener->name),
                   clean(j, listener->conflict_why));
    if (refusal->said || refusal->entry_said)
        return clean(j, words);
    return "no controller has answered for it";
}

/* Whether routes of the host name it, and none of them got an answer for it. */
static bool answers_no_route(const struct judging *j, const struct ew_obj *set)
{
    bool named = false;
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->parent != set)
            continue;
        named = true;
        EW_JSON_EACH(parent, ew_obj_at(ref->route, "status.parents"))
        if (ew_streq(ew_json_str(ew_json_at(parent, "parentRef.kind")), "ListenerSet") &&
            ew_streq(ew_json_str(ew_json_at(parent, "parentRef.name")), set->name))
            return false;
    }
    return named;
}

static void mark(struct judging *j, struct ew_draft *draft, const struct ew_listener *listener,
                 const struct refusal *refusal)
{
    struct ew_cond programmed;
    if (refusal->lost)
        draft->marks |= EW_MARK(LISTENER_LOST);
    if (refusal->said && ew_streq(refusal->set.reason, "ListenersNotValid"))
        draft->marks |= EW_MARK(LISTENERS_NOT_VALID);
    if (refusal->said && refusal->set.reason && ew_text_prefix(refusal->set.reason, "Parent"))
        draft->marks |= EW_MARK(PARENT_REFUSED);
    if (answers_no_route(j, listener->owner))
        draft->marks |= EW_MARK(ANSWERS_NO_ROUTE);
    /* Refused for another of its listeners, as far as its own says anything. */
    if ((draft->marks & EW_MARK(LISTENERS_NOT_VALID)) && !refusal->by_rule && !refusal->lost &&
        edge_entry_cond(listener, "Programmed", &programmed) && ew_streq(programmed.status, "True"))
        draft->out.severity = EW_SEV_WARN;
    if (refusal->unanswered)
        draft->out.severity = EW_SEV_WARN; /* raised by what it accounts for */
    if (edge_let_through(j, refusal->by_rule && refusal->said))
        edge_stand_back(draft);
}

static void show(struct judging *j, struct ew_draft *draft, const struct ew_listener *listener,
                 const struct refusal *refusal)
{
    const char *set = title(j, listener->owner);
    const struct ew_json *allowed =
        ew_obj_at(listener->gateway, "spec.allowedListeners.namespaces");
    struct ew_cond accepted;
    if (refusal->by_rule && listener->gateway)
        draft_shows(
            j, draft, title(j, listener->gateway), "spec.allowedListeners.namespaces.from: %s%s",
            clean(j, ew_json_get_str(allowed, "from", "None")), allowed ? "" : " (not set)");
    if (refusal->by_rule && listener->refusal_why)
        draft_shows(j, draft, set, "%s: %s", listener->refusal, clean(j, listener->refusal_why));
    if (refusal->said)
        draft_shows_cond(j, draft, set, &refusal->set);
    if (refusal->entry_said)
        draft_shows_cond(j, draft, edge_listener(j, listener), &refusal->entry);
    if (listener->conflict)
        draft_shows(j, draft, edge_listener(j, listener), "%s: %s", listener->conflict,
                    clean(j, listener->conflict_why));
    if (refusal->said && !refusal->by_rule && !refusal->lost && listener->admitted == EW_YES)
        draft_shows(j, draft, title(j, listener->gateway),
                    "its allowedListeners lets the set in: the refusal is the controller's");
    if (refusal->by_rule && edge_cond(listener->owner, "Accepted", &accepted) &&
        ew_streq(accepted.status, "True"))
        draft_shows(j, draft, set, "the controller differs: Accepted=True %s",
                    clean(j, accepted.reason));
    if (refusal->unanswered)
        draft_shows(j, draft, set, "status has no answer, and Gateway %s has one",
                    parent_of(j, listener->owner));
}

static void next_step(struct judging *j, struct ew_draft *draft, const struct ew_listener *listener,
                      const struct refusal *refusal)
{
    const struct ew_obj *set = listener->owner;
    const struct ew_json *ref = ew_obj_at(set, "spec.parentRef");
    const char *ns = ew_json_get_str(ref, "namespace", ""),
               *name = ew_json_get_str(ref, "name", "?");
    ns = *ns ? ns : set->ns;
    if (refusal->by_rule && listener->gateway)
        draft_next(j, draft,
                   "let the namespace in by the Gateway's allowedListeners, or move the set",
                   "kubectl get gateway -n %s %s -o jsonpath='{.spec.allowedListeners}'; kubectl "
                   "get namespace %s --show-labels",
                   ns, name, set->ns);
    else if (refusal->by_rule)
        draft_next(j, draft, "see which Gateways there are, and what the set names",
                   "kubectl get gateway -A; kubectl get listenerset -n %s %s -o "
                   "jsonpath='{.spec.parentRef}'",
                   set->ns, set->name);
    else if (refusal->lost)
        draft_next(j, draft,
                   "find the listener that has the port and hostname, and free one of them",
                   "kubectl get gateway -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
                   "{.protocol}:{.port} {.hostname}{\"\\n\"}{end}'; kubectl get listenerset -A",
                   ns, name);
    else
        draft_next(j, draft, "see what its controller says of it, and of its Gateway",
                   "kubectl describe listenerset -n %s %s; kubectl describe gateway -n %s %s",
                   set->ns, set->name, ns, name);
}

/* Its Gateway, or the labels of its namespace, could not be read. */
static void leave_open(struct judging *j, const struct ew_listener *listener)
{
    if (listener->admitted == EW_MAYBE && !j->live_ok && edge_matters(j, listener))
        undecided_add(j,
                      say(j, "whether %s is admitted to Gateway %s", title(j, listener->owner),
                          parent_of(j, listener->owner)),
                      listener->refusal_why, cause);
}

void edge_judge_set(struct judging *j, const struct ew_listener *listener)
{
    struct refusal refusal;
    if (listener->owner->kind != EW_LISTENERSET)
        return;
    if (!refused(j, listener, &refusal)) {
        leave_open(j, listener);
        return;
    }
    if (!edge_matters(j, listener))
        return;
    struct ew_draft *draft = edge_listener_draft(j, cause, listener);
    draft_tag(j, draft, EW_TAG_GATEWAY, parent_of(j, listener->owner));
    mark(j, draft, listener, &refusal);
    draft_says(j, draft, "%s is not admitted to Gateway %s: %s", title(j, listener->owner),
               parent_of(j, listener->owner), why(j, listener, &refusal));
    show(j, draft, listener, &refusal);
    if (!draft->out.step_count)
        next_step(j, draft, listener, &refusal);
}

/* ---- sets that are not there ---- */

static bool has_port(const struct judging *j)
{
    for (size_t i = 0; i < j->entry_count; i++) {
        EW_JSON_EACH(listener, ew_obj_at(j->entries[i].obj, "spec.listeners"))
        {
            if (ew_json_get_int(listener, "port", 0) == j->request.port)
                return true;
        }
    }
    return false;
}

static void tag_missing(struct judging *j, struct ew_draft *draft, const struct ew_attachment *ref)
{
    draft->from_objects = true;
    draft->out.where = ref->route->where;
    route_marks(j, draft, ref->route);
    for (size_t i = 0; i < j->entry_count; i++) {
        draft_tag(j, draft, EW_TAG_GATEWAY, j->entries[i].tag);
        draft_tag(j, draft, EW_TAG_CLASS,
                  ew_json_str(ew_obj_at(j->entries[i].obj, "spec.gatewayClassName")));
    }
}

/* Its listeners would come with the kind. */
static void judge_kind(struct judging *j, const struct ew_attachment *ref)
{
    const char *resource = ew_kind_row(EW_LISTENERSET)->resource;
    struct ew_draft *draft =
        draft_new(j, "edge-crd-missing", "CustomResourceDefinition", NULL, resource);
    tag_missing(j, draft, ref);
    draft->marks |= EW_MARK(WAITS_FOR_KINDS);
    draft_says(j, draft, "the cluster does not serve ListenerSets, and %s names one",
               title(j, ref->route));
    draft_shows(j, draft, "API discovery", "%s is not among what is served", resource);
    if (!draft->out.step_count)
        draft_next(j, draft, "see which kinds there are, then install a bundle that has it",
                   "kubectl get crd | grep gateway.networking.k8s.io");
}

void edge_judge_missing_set(struct judging *j, const struct ew_attachment *ref)
{
    const char *kind = ew_kind_row(EW_LISTENERSET)->kind;
    if (strcmp(ref->parent_kind, kind) != 0)
        return;
    struct ew_draft *draft = draft_new(j, cause, kind, ref->parent_ns, ref->parent_name);
    tag_missing(j, draft, ref);
    draft->marks |=
        EW_MARK(ONLY_LISTENER_OF_HOST) | (has_port(j) ? EW_MARK(PORT_IN_A_LISTENER) : 0);
    draft_says(j, draft, "ListenerSet %s/%s, which %s names, does not exist", ref->parent_ns,
               ref->parent_name, title(j, ref->route));
    draft_shows(j, draft, title(j, ref->route), "spec.parentRefs names ListenerSet %s/%s",
                ref->parent_ns, ref->parent_name);
    if (!draft->out.step_count)
        draft_next(j, draft, "see which ListenerSets there are, and what the route names",
                   "kubectl get listenerset -A; kubectl get %s -n %s %s -o "
                   "jsonpath='{.spec.parentRefs}'",
                   ew_kind_row(ref->route->kind)->resource, ref->route->ns, ref->route->name);
    if (ew_world_listed(j->world, EW_LISTENERSET, NULL, asking(j, true, cause)).state == EW_ABSENT)
        judge_kind(j, ref);
}
