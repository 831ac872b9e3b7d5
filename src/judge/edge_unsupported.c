/* Listeners that the controller cannot do: their protocol or TLS mode, or a kind of routes that it
 * does not know. What it says of the listener goes before what its class claims. */
#include "route.h"

/* A listener as it is written and as it is reported. */
struct seen {
    const struct ew_obj *owner; /* Gateway or ListenerSet */
    const char *name;
    const struct ew_json *spec, *status; /* status NULL: none, or of an older generation */
};

static struct seen see(const struct ew_obj *owner, const char *name)
{
    struct seen seen = {.owner = owner, .name = name};
    struct ew_cond cond;
    EW_JSON_EACH(listener, ew_obj_at(owner, "spec.listeners"))
    if (ew_streq(ew_json_get_str(listener, "name", NULL), name))
        seen.spec = listener;
    const struct ew_json *status = listener_status(owner, name);
    if (!ew_cond_find(ew_json_get(status, "conditions"), "Accepted", &cond) ||
        !ew_cond_stale(&cond, owner))
        seen.status = status;
    return seen;
}

static bool is_served_elsewhere(const struct judging *j, const struct seen *at)
{
    const struct ew_decision *by = j->decision;
    const struct ew_obj *owner = listener_owner(by);
    return route_winner(by) && !(owner == at->owner && ew_streq(by->listener, at->name));
}

/* Whatever it speaks: an unsupported protocol is no reason to look away. */
static bool is_in_play(const struct judging *j, const struct seen *at)
{
    return ew_json_get_int(at->spec, "port", 0) == j->request.port &&
           ew_hostname_matches(ew_json_get_str(at->spec, "hostname", ""), j->claimed) &&
           !is_served_elsewhere(j, at);
}

/* ---- the finding ---- */

static size_t listeners_with(const struct judging *j, const struct seen *at, bool and_host)
{
    size_t count = 0;
    EW_JSON_EACH(other, ew_obj_at(at->owner, "spec.listeners"))
    count += ew_json_get_int(other, "port", 0) == ew_json_get_int(at->spec, "port", 0) &&
             (!and_host || ew_hostname_matches(ew_json_get_str(other, "hostname", ""), j->claimed));
    return count;
}

static void tag_listener(struct judging *j, struct ew_draft *draft, const struct ew_obj *owner)
{
    const struct ew_obj *gateway = gateway_of(j, owner);
    if (gateway)
        tag_gateway(j, draft, gateway);
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, owner->ns, owner->name));
    tag_host(j, draft);
}

static struct ew_draft *unsupported(struct judging *j, const struct seen *at, const char *why)
{
    struct ew_draft *draft = draft_about(j, "edge-listener-unsupported", at->owner);
    tag_listener(j, draft, at->owner);
    if (listeners_with(j, at, true) == 1)
        draft->marks |= EW_MARK(ONLY_LISTENER_OF_HOST);
    draft->marks |= listeners_with(j, at, false) == 1 ? EW_MARK(PORT_ONLY_OF_LISTENER)
                                                      : EW_MARK(PORT_IN_A_LISTENER);
    draft_says(j, draft, "the controller cannot do listener %s of %s (%s, port %ld): %s", at->name,
               title(j, at->owner), clean(j, ew_json_get_str(at->spec, "protocol", "?")),
               ew_json_get_int(at->spec, "port", 0), why);
    if (draft->out.step_count)
        return draft;
    const char *resource = ew_kind_row(at->owner->kind)->resource;
    draft_next(j, draft, "see what each listener supports, and what the controller claims to",
               "kubectl get %s -n %s %s -o jsonpath='{range .status.listeners[*]}{.name} "
               "{.supportedKinds[*].kind}{\"\\n\"}{end}'; kubectl get gatewayclass -o "
               "jsonpath='{range .items[*]}{.metadata.name} {.status.supportedFeatures[*].name}"
               "{\"\\n\"}{end}'",
               resource, at->owner->ns, at->owner->name);
    return draft;
}

static void show_cond(struct judging *j, struct ew_draft *draft, const struct seen *at,
                      const struct ew_cond *cond)
{
    draft_shows_cond(j, draft, say(j, "listener %s", at->name), cond);
}

/* ---- supportedKinds ---- */

static bool lists_kinds(const struct seen *at)
{
    return ew_json_is(ew_json_get(at->status, "supportedKinds"), EW_JSON_ARRAY);
}

static bool supports(const struct seen *at, const char *kind)
{
    EW_JSON_EACH(row, ew_json_get(at->status, "supportedKinds"))
    if (ew_streq(ew_json_get_str(row, "kind", NULL), kind))
        return true;
    return false;
}

static const char *kinds_text(struct judging *j, const struct seen *at)
{
    struct ew_buf buf;
    ew_buf_init(&buf, 200);
    EW_JSON_EACH(row, ew_json_get(at->status, "supportedKinds"))
    ew_buf_addf(&buf, "%s%s", buf.len ? ", " : "", ew_json_get_str(row, "kind", "?"));
    const char *copy = clean(j, buf.len ? ew_buf_text(&buf) : "none");
    ew_buf_release(&buf);
    return copy;
}

/* ---- what the controller says of the listener ---- */

static bool is_false(const struct seen *at, const char *type, struct ew_cond *out)
{
    return ew_cond_find(ew_json_get(at->status, "conditions"), type, out) &&
           ew_streq(out->status, "False");
}

/* Kinds that cannot be leave the listener with those that can, if there are any. */
static bool kinds_are_fatal(const struct seen *at)
{
    struct ew_cond cond;
    return !ew_json_count(ew_json_get(at->status, "supportedKinds")) ||
           is_false(at, "Programmed", &cond) || is_false(at, "Accepted", &cond);
}

static void judge_reported(struct judging *j, const struct seen *at)
{
    struct ew_cond cond;
    if (!is_in_play(j, at))
        return;
    bool refused =
        is_false(at, "Accepted", &cond) &&
        (ew_streq(cond.reason, "UnsupportedProtocol") || ew_streq(cond.reason, "UnsupportedValue"));
    bool kinds = !refused && is_false(at, "ResolvedRefs", &cond) &&
                 ew_streq(cond.reason, "InvalidRouteKinds") && kinds_are_fatal(at);
    if (!refused && !kinds)
        return;
    struct ew_draft *draft =
        unsupported(j, at, say(j, "%s: %s", clean(j, cond.reason), clean(j, cond.message)));
    show_cond(j, draft, at, &cond);
    if (lists_kinds(at))
        draft_shows(j, draft, say(j, "listener %s", at->name), "supportedKinds: %s",
                    kinds_text(j, at));
}

static void judge_owner(struct judging *j, const struct ew_obj *owner)
{
    EW_JSON_EACH(listener, ew_obj_at(owner, "spec.listeners"))
    {
        struct seen at = see(owner, ew_json_get_str(listener, "name", ""));
        judge_reported(j, &at);
    }
}

/* ---- what it cannot do for a route ---- */

static const char *class_claims(struct judging *j, const struct ew_attachment *ref)
{
    const char *name = ew_json_str(ew_obj_at(ref->parent, "spec.gatewayClassName"));
    const struct ew_obj *class = name ? ew_world_find(j->world, EW_GATEWAYCLASS, NULL, name) : NULL;
    struct ew_buf buf;
    ew_buf_init(&buf, 2000);
    EW_JSON_EACH(row, ew_obj_at(class, "status.supportedFeatures"))
    ew_buf_addf(&buf, "%s%s", buf.len ? ", " : "",
                ew_json_str_or(row, ew_json_get_str(row, "name", "?")));
    const char *copy = buf.len ? clean(j, ew_buf_text(&buf)) : NULL;
    ew_buf_release(&buf);
    return copy;
}

/* By our own evaluation: the listener as it is written, and the features of the class. */
static void judge_gate(struct judging *j, const struct ew_attachment *ref,
                       const struct ew_gate_result *gate, const struct seen *at)
{
    bool invalid =
        gate->failed == EW_GATE_LISTENER && (ew_streq(gate->reason, "UnsupportedProtocol") ||
                                             ew_streq(gate->reason, "UnsupportedValue"));
    bool kind = gate->failed == EW_GATE_KIND && gate->kind_fault == EW_KIND_UNSUPPORTED;
    if (gate->passes != EW_NO || (!invalid && !kind))
        return;
    struct ew_draft *draft = unsupported(j, at, clean(j, gate->why));
    const char *claims = class_claims(j, ref);
    draft_shows(j, draft, title(j, ref->route), "%s", clean(j, gate->why));
    if (kind && lists_kinds(at))
        draft_shows(j, draft, say(j, "listener %s", at->name), "supportedKinds: %s",
                    kinds_text(j, at));
    if (claims)
        draft_shows(j, draft, "GatewayClass status.supportedFeatures", "%s", claims);
}

/* The route fits, and the controller lists kinds without it and does not accept it. */
static void judge_kind(struct judging *j, const struct ew_attachment *ref,
                       const struct ew_gate_result *gate, const struct seen *at)
{
    struct ew_cond cond;
    bool answered = ew_attachment_reported(j->routing, ref, "Accepted", &cond);
    if (gate->passes != EW_YES || !lists_kinds(at) || supports(at, ref->route->kind_name) ||
        (answered && ew_streq(cond.status, "True")))
        return;
    struct ew_draft *draft = unsupported(j, at, say(j, "it takes no %s", ref->route->kind_name));
    if (!answered)
        draft->marks |= EW_MARK(ANSWERS_NO_ROUTE);
    draft_shows(j, draft, say(j, "listener %s", at->name), "supportedKinds: %s, not %s",
                kinds_text(j, at), ref->route->kind_name);
    if (answered)
        draft_shows_cond(j, draft, say(j, "status of %s", title(j, ref->route)), &cond);
}

static void judge_ref(struct judging *j, const struct ew_attachment *ref)
{
    for (size_t i = 0; i < ref->gate_count; i++) {
        struct seen at = see(ref->gates[i].owner, ref->gates[i].listener);
        if (!is_in_play(j, &at))
            continue;
        judge_gate(j, ref, &ref->gates[i], &at);
        judge_kind(j, ref, &ref->gates[i], &at);
    }
}

/* A request that gets to an application has a listener, whatever is claimed. */
void edge_judge_unsupported(struct judging *j)
{
    if (j->live_ok || j->answer.author == AUTHOR_APP || !j->decision)
        return;
    for (size_t i = 0; i < j->entry_count; i++)
        if (j->entries[i].obj->kind == EW_GATEWAY)
            judge_owner(j, j->entries[i].obj);
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_obj *parent = j->attachments[i]->parent;
        if (parent && parent->kind == EW_LISTENERSET)
            judge_owner(j, parent);
        judge_ref(j, j->attachments[i]);
    }
}
