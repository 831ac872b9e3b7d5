/* BackendTLSPolicies of the Services behind the rule: whether the edge can do what they ask. */
#include "backend.h"

enum { ANCESTORS_MAX = 16 }; /* PolicyStatus.ancestors */

struct look {
    const struct ew_backend *backend;
    const struct ew_backend_policy *policy;
    const struct ew_json *entry; /* of status.ancestors; NULL: none for this Gateway */
    struct ew_cond accepted, resolved;
    bool accepted_said, resolved_said; /* of the policy as it is now */
};

static bool said(const struct look *look, const char *type, struct ew_cond *out)
{
    return ew_cond_find(ew_json_get(look->entry, "conditions"), type, out) &&
           !ew_cond_stale(out, look->policy->obj);
}

static struct look look_at(const struct judging *j, const struct ew_backend *backend,
                           const struct ew_backend_policy *policy)
{
    struct look look = {.backend = backend, .policy = policy};
    look.entry = ew_policy_reported(j->routing, policy->obj, j->behind->gateway);
    look.accepted_said = said(&look, "Accepted", &look.accepted);
    look.resolved_said = said(&look, "ResolvedRefs", &look.resolved);
    return look;
}

static bool is_refused(const struct look *look)
{
    return (look->accepted_said && ew_streq(look->accepted.status, "False")) ||
           (look->resolved_said && ew_streq(look->resolved.status, "False"));
}

static bool is_accepted(const struct look *look)
{
    return look->accepted_said && ew_streq(look->accepted.status, "True");
}

/* Another policy does its work: what is wrong with this one does no harm to the request. */
static bool is_replaced(const struct look *look)
{
    for (size_t i = 0; i < look->backend->policy_count; i++) {
        const struct ew_backend_policy *other = &look->backend->policies[i];
        if (other != look->policy && other->in_force && other->usable != EW_NO)
            return true;
    }
    return false;
}

/* ---- the finding ---- */

static void show_said(struct judging *j, struct ew_draft *draft, const struct look *look)
{
    const char *source = say(j, "status of %s", title(j, look->policy->obj));
    const struct ew_cond *conds[] = {look->accepted_said ? &look->accepted : NULL,
                                     look->resolved_said ? &look->resolved : NULL};
    for (size_t i = 0; i < EW_COUNT(conds); i++)
        if (conds[i])
            draft_shows_cond(j, draft, source, conds[i]);
    if (!look->entry && j->inside == INSIDE_API)
        draft_shows(j, draft, source, "status.ancestors has no entry for Gateway %s/%s",
                    j->behind->gateway->ns, j->behind->gateway->name);
}

static void next_steps(struct judging *j, struct ew_draft *draft, const struct ew_obj *policy)
{
    const char *ca = ew_json_str(ew_obj_at(policy, "spec.validation.caCertificateRefs[0].name"));
    draft_next(j, draft, "see what the controller says of the policy",
               "kubectl get backendtlspolicy -n %s %s -o jsonpath='{range "
               ".status.ancestors[*]}{.ancestorRef.name} {range .conditions[*]}{.type}={.status} "
               "{.reason} {end}{\"\\n\"}{end}'",
               policy->ns, policy->name);
    if (ca)
        draft_next(j, draft, "see whether the CA stands under the key ca.crt",
                   "kubectl get configmap -n %s %s -o jsonpath='{.data.ca\\.crt}' | head -3",
                   policy->ns, clean(j, ca));
}

static struct ew_draft *draft_of(struct judging *j, const struct look *look)
{
    const struct ew_obj *gateway = j->behind->gateway;
    struct ew_draft *draft = draft_about(j, "backendtls-policy-rejected", look->policy->obj);
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    tag_gateway(j, draft, gateway);
    show_said(j, draft, look);
    next_steps(j, draft, look->policy->obj);
    if (is_replaced(look))
        draft->out.severity = EW_SEV_WARN;
    else
        backend_tags(j, draft, look->backend);
    return draft;
}

static const char *subject(struct judging *j, const struct look *look)
{
    return say(j, "%s of Service %s/%s", title(j, look->policy->obj), look->backend->ns,
               look->backend->name);
}

/* ---- what can be the matter ---- */

static void judge_fault(struct judging *j, const struct look *look)
{
    struct ew_draft *draft = draft_of(j, look);
    draft_says(j, draft, "%s is not applied: %s", subject(j, look), clean(j, look->policy->why));
    draft_shows(j, draft, title(j, look->policy->obj), "%s: %s", look->policy->reason,
                clean(j, look->policy->why));
}

static void judge_refused(struct judging *j, const struct look *look)
{
    bool first = look->accepted_said && ew_streq(look->accepted.status, "False");
    const struct ew_cond *cond = first ? &look->accepted : &look->resolved;
    struct ew_draft *draft = draft_of(j, look);
    draft_says(j, draft, "%s is refused by the controller: %s, %s", subject(j, look),
               clean(j, cond->reason), clean(j, cond->message));
}

/* Nobody has answered for it: the edge speaks plain HTTP to the Service, as if it were not there.
 */
static void judge_unanswered(struct judging *j, const struct look *look)
{
    struct ew_draft *draft = draft_of(j, look);
    const struct ew_obj *gateway = j->behind->gateway;
    draft->out.severity = EW_SEV_WARN; /* raised by an answer that it accounts for */
    if (look->backend->policies_ignored) {
        draft_says(j, draft, "%s is not applied: GatewayClass %s does not support BackendTLSPolicy",
                   subject(j, look), ew_json_str(ew_obj_at(gateway, "spec.gatewayClassName")));
        draft_shows(j, draft, "status of the GatewayClass",
                    "BackendTLSPolicy is not among its supportedFeatures");
    } else {
        draft_says(j, draft, "no controller has answered for %s at Gateway %s/%s", subject(j, look),
                   gateway->ns, gateway->name);
    }
}

static bool is_unanswered(const struct judging *j, const struct look *look)
{
    const struct ew_json *list = ew_obj_at(look->policy->obj, "status.ancestors");
    return reaches_backends(j) && look->policy->for_port && !look->entry &&
           j->inside == INSIDE_API && ew_json_count(list) < ANCESTORS_MAX && !is_replaced(look);
}

static void judge_policy(struct judging *j, const struct look *look)
{
    const struct ew_backend_policy *policy = look->policy;
    bool misses = ew_streq(policy->reason, "TargetNotFound");
    if (!policy->for_port && !misses) /* that of another port */
        return;
    if (look->backend->policies_ignored && !is_accepted(look))
        judge_unanswered(j, look);
    else if (policy->usable == EW_NO)
        judge_fault(j, look);
    else if (is_refused(look))
        judge_refused(j, look);
    else if (is_unanswered(j, look))
        judge_unanswered(j, look);
    else if (policy->usable == EW_MAYBE && !is_accepted(look) && j->answer.bad)
        undecided_add(j, say(j, "whether %s can be met", title(j, policy->obj)),
                      clean(j, policy->why), "backendtls-policy-rejected");
}

/* Policies that may not be read matter where the edge itself fails to reach a backend. */
static void judge_unread(struct judging *j, const struct ew_backend *backend)
{
    struct ew_ask ask = asking(j, true, "backendtls-policy-rejected");
    struct ew_seen seen = ew_world_listed(j->world, EW_BACKENDTLSPOLICY, backend->ns, ask);
    if (seen.state == EW_UNKNOWN && j->answer.bad && j->answer.author != AUTHOR_APP &&
        j->answer.status >= 500)
        undecided_add(j, say(j, "list backendtlspolicies in %s", backend->ns), seen.reason,
                      "backendtls-policy-rejected");
}

void backend_judge_tls(struct judging *j, const struct ew_backend *backend)
{
    if (!backend->policies || !j->behind->gateway)
        return;
    for (size_t i = 0; i < backend->policy_count; i++) {
        struct look look = look_at(j, backend, &backend->policies[i]);
        judge_policy(j, &look);
    }
    judge_unread(j, backend);
}
