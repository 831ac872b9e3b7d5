/* The listeners that fit the request: what the walk has to do with each, and those that cannot be
 * told apart from others. */
#include "edge.h"
#include "http.h"

/* ---- a listener in the walk ---- */

const char *edge_listener(struct judging *j, const struct ew_listener *listener)
{
    return say(j, "listener %s of %s", clean(j, listener->name), title(j, listener->owner));
}

/* The one that takes the request by the objects. */
static bool is_chosen(const struct judging *j, const struct ew_listener *listener)
{
    const struct ew_decision *by = j->decision;
    const struct ew_obj *owner = listener_owner(by);
    return owner && owner == listener->owner && ew_streq(by->listener, listener->name);
}

/* A route of the host names it, and would be served by it. */
static bool is_named(const struct judging *j, const struct ew_listener *listener)
{
    for (size_t i = 0; i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        for (size_t k = 0; k < ref->gate_count; k++) {
            const struct ew_gate_result *gate = &ref->gates[k];
            if (gate->owner == listener->owner && ew_streq(gate->listener, listener->name) &&
                (gate->failed == EW_GATE_PARENT || gate->failed >= EW_GATE_LISTENER))
                return true;
        }
    }
    return false;
}

static bool is_of_entry(const struct judging *j, const struct ew_listener *listener)
{
    for (size_t i = 0; i < j->entry_count; i++)
        if (j->entries[i].obj == listener->gateway)
            return true;
    return false;
}

/* A listener that others stand in for, and that no route of the host names, is nothing to it. */
bool edge_matters(const struct judging *j, const struct ew_listener *listener)
{
    bool nobody = j->decision && j->decision->outcome == EW_OUT_NO_LISTENER;
    return is_named(j, listener) ||
           (is_of_entry(j, listener) && (nobody || is_chosen(j, listener)));
}

/* No other listener of these Gateways is left for the host. */
static bool is_only(const struct judging *j, const struct ew_listener *listener)
{
    for (size_t i = 0; i < j->listener_count; i++) {
        const struct ew_listener *other = &j->listeners[i];
        if (other != listener && other->admitted != EW_NO && !other->conflict &&
            is_of_entry(j, other))
            return false;
    }
    return true;
}

struct ew_draft *edge_listener_draft(struct judging *j, const char *cause,
                                     const struct ew_listener *listener)
{
    struct ew_draft *draft = draft_about(j, cause, listener->owner);
    const struct ew_obj *gateway = listener->gateway;
    if (gateway)
        edge_tag(j, draft, gateway);
    else /* whoever carries the host goes without it */
        for (size_t i = 0; i < j->entry_count; i++)
            draft_tag(j, draft, EW_TAG_GATEWAY, j->entries[i].tag);
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    tag_certificates(j, draft, listener->owner, listener->json);
    if (is_routed(j->decision) && !is_chosen(j, listener))
        edge_stand_back(draft);
    if (is_only(j, listener))
        draft->marks |= EW_MARK(ONLY_LISTENER_OF_HOST);
    if (listener->shared_port)
        draft->marks |= EW_MARK(PORT_IN_A_LISTENER);
    return draft;
}

/* ---- what was written about it ---- */

bool edge_entry_cond(const struct ew_listener *listener, const char *type, struct ew_cond *out)
{
    return ew_cond_find(ew_json_get(listener->status, "conditions"), type, out) &&
           !ew_cond_stale(out, listener->owner);
}

static bool is_clash(const char *reason)
{
    static const char *const reasons[] = {"HostnameConflict", "ProtocolConflict", "Conflicted",
                                          "ListenerConflict", "DuplicateListener"};
    for (size_t i = 0; i < EW_COUNT(reasons); i++)
        if (ew_streq(reason, reasons[i]))
            return true;
    return false;
}

/* Controllers say it by Conflicted, or by the reason of another condition alone. */
bool edge_says_conflict(const struct ew_listener *listener, struct ew_cond *out)
{
    static const char *const types[] = {"Accepted", "Programmed"};
    if (edge_entry_cond(listener, "Conflicted", out) && ew_streq(out->status, "True"))
        return true;
    for (size_t i = 0; i < EW_COUNT(types); i++)
        if (edge_entry_cond(listener, types[i], out) && ew_streq(out->status, "False") &&
            is_clash(out->reason))
            return true;
    return false;
}

/* Programmed all the same, and nothing said against it. */
static bool is_programmed(const struct ew_listener *listener, struct ew_cond *out)
{
    struct ew_cond conflicted;
    return !(edge_entry_cond(listener, "Conflicted", &conflicted) &&
             ew_streq(conflicted.status, "True")) &&
           edge_entry_cond(listener, "Programmed", out) && ew_streq(out->status, "True");
}

bool edge_let_through(const struct judging *j, bool agreed)
{
    const struct answer *answer = &j->answer;
    if (!answer->at || !answer->at->of_cluster || !answer->bad)
        return false;
    return answer->author == AUTHOR_APP ||
           (!agreed && answer->status >= 500 && (http_answer_marks(j) & EW_MARK(NOT_A_ROUTE_MISS)));
}

/* ---- conflicts ---- */

/* Within one owner nobody wins; a Gateway's own goes before its ListenerSets', older sets before
 * younger ones. */
static void say_conflict(struct judging *j, struct ew_draft *draft,
                         const struct ew_listener *listener)
{
    bool equals = listener->rival_owner == listener->owner;
    draft_says(j, draft, "%s is in conflict: %s; %s", edge_listener(j, listener),
               clean(j, listener->conflict_why),
               equals ? "neither may be served" : "the other one goes first");
    draft_shows(j, draft, edge_listener(j, listener), "%s by its spec: %s port %ld, hostname %s",
                listener->conflict, clean(j, ew_json_get_str(listener->json, "protocol", "?")),
                ew_json_get_int(listener->json, "port", 0),
                clean(j, ew_json_get_str(listener->json, "hostname", "any")));
    draft_shows(j, draft,
                say(j, "listener %s of %s", clean(j, ew_json_get_str(listener->rival, "name", "?")),
                    title(j, listener->rival_owner)),
                "%s port %ld, hostname %s",
                clean(j, ew_json_get_str(listener->rival, "protocol", "?")),
                ew_json_get_int(listener->rival, "port", 0),
                clean(j, ew_json_get_str(listener->rival, "hostname", "any")));
}

static void say_reported(struct judging *j, struct ew_draft *draft,
                         const struct ew_listener *listener, const struct ew_cond *cond)
{
    draft_says(j, draft, "its controller holds %s to be in conflict: %s",
               edge_listener(j, listener),
               clean(j, cond->message && *cond->message ? cond->message : cond->reason));
    draft_shows(j, draft, edge_listener(j, listener), "%s",
                listener->mixed_port
                    ? "plain HTTP and TLS share its port, which this controller does not do"
                    : "no other listener of its Gateway is like it: look for one of another "
                      "Gateway on the same data plane");
}

static void next_step(struct judging *j, struct ew_draft *draft, const struct ew_listener *listener)
{
    const struct ew_obj *owner = listener->owner;
    draft_next(j, draft, "compare the listeners, and give one of them another port or hostname",
               "kubectl get %s -n %s %s -o jsonpath='{range .spec.listeners[*]}{.name} "
               "{.protocol}:{.port} {.hostname}{\"\\n\"}{end}{range .status.listeners[*]}{.name} "
               "{.conditions[?(@.type==\"Conflicted\")]}{\"\\n\"}{end}'",
               ew_kind_row(owner->kind)->resource, owner->ns, owner->name);
}

void edge_judge_conflict(struct judging *j, const struct ew_listener *listener)
{
    struct ew_cond cond, programmed;
    bool said = edge_says_conflict(listener, &cond);
    if ((!listener->conflict && !said) || !edge_matters(j, listener))
        return;
    struct ew_draft *draft = edge_listener_draft(j, "edge-listener-conflict", listener);
    bool first = !draft->out.step_count;
    if (edge_let_through(j, listener->conflict && said))
        edge_stand_back(draft);
    if (listener->conflict && first)
        say_conflict(j, draft, listener);
    else if (first)
        say_reported(j, draft, listener, &cond);
    if (said)
        draft_shows_cond(j, draft, say(j, "status of %s", edge_listener(j, listener)), &cond);
    else if (is_programmed(listener, &programmed)) {
        draft->out.severity = EW_SEV_WARN; /* raised by what it accounts for */
        draft_shows(j, draft, say(j, "status of %s", edge_listener(j, listener)),
                    "the controller says nothing of it, and Programmed=True");
    }
    if (first)
        next_step(j, draft, listener);
}
