/* Routes and Gateways that ask for more than the controller does: refused for it, served without
 * it, or robbed of the field by an API server whose version of the kind does not know it. */
#include "edge.h"
#include "route.h"

#include <stdlib.h>
#include <string.h>

/* ---- whether a message speaks of a feature ---- */

static bool speaks_of(const char *message, const struct ew_feature_use *use)
{
    if (!message)
        return false;
    if (strcasestr(message, use->name))
        return true;
    for (const char *word = use->words; *word;) {
        size_t len = strcspn(word, "|");
        char *text = ew_strndup(word, len);
        bool said = strcasestr(message, text) != NULL;
        free(text);
        if (said)
            return true;
        word += len + (word[len] == '|');
    }
    return false;
}

static bool speaks_of_any(const char *message, const struct ew_feature_use *uses, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (speaks_of(message, &uses[i]))
            return true;
    return false;
}

/* What the controller lacks and its refusal is about: what the message names; where it names none
 * of all that is used, whatever is lacking. */
static const struct ew_feature_use *culprit(const struct ew_feature_use *uses, size_t count,
                                            const char *message)
{
    bool named = speaks_of_any(message, uses, count);
    for (size_t i = 0; i < count; i++)
        if (uses[i].supported == EW_NO && (!named || speaks_of(message, &uses[i])))
            return &uses[i];
    return NULL;
}

static bool is_for_a_feature(const char *reason)
{
    return reason && (ew_text_prefix(reason, "Unsupported") || ew_text_prefix(reason, "Invalid") ||
                      ew_text_prefix(reason, "NotSupported"));
}

/* ---- the finding ---- */

static const char *class_of(const struct ew_obj *gateway)
{
    return ew_json_str_or(ew_obj_at(gateway, "spec.gatewayClassName"), "?");
}

static struct ew_draft *feature_draft(struct judging *j, const struct ew_obj *obj,
                                      const struct ew_obj *gateway)
{
    struct ew_draft *draft = draft_about(j, "edge-feature-unsupported", obj);
    tag_host(j, draft);
    if (gateway)
        tag_gateway(j, draft, gateway);
    return draft;
}

static void next_for_feature(struct judging *j, struct ew_draft *draft, const struct ew_obj *obj,
                             const struct ew_obj *gateway)
{
    if (draft->out.step_count)
        return;
    draft_next(j, draft, "compare what the controller claims with what the object asks for",
               "kubectl get gatewayclass %s -o jsonpath='{.status.supportedFeatures[*].name}'; "
               "kubectl get %s -n %s %s -o yaml",
               class_of(gateway), ew_kind_row(obj->kind)->resource, obj->ns, obj->name);
}

static void show_use(struct judging *j, struct ew_draft *draft, const struct ew_obj *obj,
                     const struct ew_obj *gateway, const struct ew_feature_use *use)
{
    draft_shows(j, draft, title(j, obj), "%s", use->path);
    draft_shows(j, draft, say(j, "GatewayClass %s", class_of(gateway)),
                "status.supportedFeatures does not list %s", use->name);
}

static void refused_for(struct judging *j, struct ew_draft *draft, const struct ew_obj *obj,
                        const struct ew_obj *gateway, const struct ew_feature_use *use,
                        const struct ew_cond *cond)
{
    draft_says(j, draft, "%s asks for what GatewayClass %s does not do (%s, at %s): %s",
               title(j, obj), class_of(gateway), use->name, use->path, clean(j, cond->message));
    draft_shows_cond(j, draft, say(j, "status of %s", title(j, obj)), cond);
    show_use(j, draft, obj, gateway, use);
    next_for_feature(j, draft, obj, gateway);
}

/* ---- refused for it ---- */

/* Accepted=False, or PartiallyInvalid=True, which drops rules and lets the route be. */
static bool is_refused(const struct judging *j, const struct ew_attachment *ref,
                       struct ew_cond *cond)
{
    return (ref_is(j, ref, "Accepted", "False", cond) ||
            ref_is(j, ref, "PartiallyInvalid", "True", cond)) &&
           is_for_a_feature(cond->reason);
}

static void judge_refused(struct judging *j, const struct ew_attachment *ref)
{
    const struct ew_obj *gateway = gateway_of(j, ref->parent);
    struct ew_cond cond;
    size_t count;
    if (!ref->parent || !is_refused(j, ref, &cond))
        return;
    const struct ew_feature_use *uses = ew_routing_uses(j->routing, ref->route, gateway, &count);
    const struct ew_feature_use *use = culprit(uses, count, cond.message);
    if (!use)
        return;
    struct ew_draft *draft = feature_draft(j, ref->route, gateway);
    route_marks(j, draft, ref->route);
    refused_for(j, draft, ref->route, gateway, use, &cond);
}

static void judge_gateway(struct judging *j, const struct ew_obj *gateway)
{
    struct ew_cond cond;
    size_t count;
    if (!ew_cond_find(ew_obj_at(gateway, "status.conditions"), "Accepted", &cond) ||
        !ew_streq(cond.status, "False") || ew_cond_stale(&cond, gateway) ||
        !is_for_a_feature(cond.reason))
        return;
    const struct ew_feature_use *uses = ew_routing_uses(j->routing, gateway, gateway, &count);
    const struct ew_feature_use *use = culprit(uses, count, cond.message);
    if (use)
        refused_for(j, feature_draft(j, gateway, gateway), gateway, gateway, use, &cond);
}

/* A ListenerSet in play whose Gateway's controller does not do ListenerSets. */
static void judge_set(struct judging *j, const struct ew_attachment *ref)
{
    const struct ew_obj *set = ref->parent, *gateway = gateway_of(j, ref->parent);
    size_t count = 0;
    if (!set || set->kind != EW_LISTENERSET || !gateway || ref->attached != EW_NO)
        return;
    const struct ew_feature_use *uses = ew_routing_uses(j->routing, set, gateway, &count);
    const struct ew_feature_use *use = culprit(uses, count, NULL);
    if (!use)
        return;
    struct ew_draft *draft = feature_draft(j, set, gateway);
    draft->marks |= EW_MARK(REJECTED_WHOLE);
    draft_says(j, draft, "%s adds listeners to %s, and GatewayClass %s does not claim to do %ss",
               title(j, set), title(j, gateway), class_of(gateway), use->name);
    show_use(j, draft, set, gateway, use);
    next_for_feature(j, draft, set, gateway);
}

/* ---- served without it ---- */

static bool backends_are_good(const struct ew_decision *by)
{
    for (size_t i = 0; i < by->backend_count; i++)
        if (by->backends[i].fault != EW_BACKEND_OK)
            return false;
    return true;
}

bool edge_lacks_rule(const struct judging *j)
{
    const struct ew_decision *by = j->decision;
    const struct answer *answer = &j->answer;
    bool served = by->outcome == EW_OUT_BACKEND || by->outcome == EW_OUT_REDIRECT ||
                  by->outcome == EW_OUT_RESPOND;
    return served && backends_are_good(by) && answer->bad && answer->author == AUTHOR_EDGE &&
           (answer->status == 404 || answer->status == 500);
}

/* The controller itself says that the route, or a part of it, is left out. */
static bool is_left_out(const struct judging *j, const struct ew_obj *route)
{
    struct ew_cond cond;
    for (size_t i = 0; i < j->attachment_count; i++)
        if (j->attachments[i]->route == route &&
            ew_attachment_reported(j->routing, j->attachments[i], "PartiallyInvalid", &cond) &&
            ew_streq(cond.status, "True"))
            return true;
    return route_is_refused(j, route);
}

static void judge_winner(struct judging *j)
{
    const struct ew_decision *by = j->decision;
    struct ew_draft *draft = NULL;
    size_t count = 0;
    if (!by->gateway || !by->route || !edge_lacks_rule(j) || is_left_out(j, by->route))
        return;
    const struct ew_feature_use *uses = ew_routing_uses(j->routing, by->route, by->gateway, &count);
    for (size_t i = 0; i < count; i++) {
        if (uses[i].supported != EW_NO || (uses[i].rule >= 0 && uses[i].rule != by->rule))
            continue;
        if (!draft) {
            draft = feature_draft(j, by->route, by->gateway);
            route_marks(j, draft, by->route);
            draft_says(j, draft,
                       "rule %d of %s asks for %s (%s), which GatewayClass %s does not claim to "
                       "do, and the edge answers %s",
                       by->rule, title(j, by->route), uses[i].name, uses[i].path,
                       class_of(by->gateway), j->answer.what);
            next_for_feature(j, draft, by->route, by->gateway);
        }
        show_use(j, draft, by->route, by->gateway, &uses[i]);
    }
}

void edge_judge_features(struct judging *j)
{
    if (!j->decision)
        return;
    for (size_t i = 0; i < j->attachment_count && !route_is_in_force(j); i++) {
        if (route_is_for_request(j, j->attachments[i])) {
            judge_refused(j, j->attachments[i]);
            judge_set(j, j->attachments[i]);
        }
    }
    for (size_t i = 0; i < j->entry_count; i++)
        if (j->entries[i].obj->kind == EW_GATEWAY && !j->live_ok)
            judge_gateway(j, j->entries[i].obj);
    judge_winner(j);
    edge_judge_lost(j);
}
