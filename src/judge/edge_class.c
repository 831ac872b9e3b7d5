/* A GatewayClass that its controller has refused. */
#include "edge.h"

#include <string.h>

/* "EnvoyProxy.gateway.envoyproxy.io infra/edge": of a kind that is seldom one of ours. */
static const char *parameters(struct judging *j, const struct ew_obj *class)
{
    const struct ew_json *ref = ew_obj_at(class, "spec.parametersRef");
    const char *group = ew_json_get_str(ref, "group", "");
    if (!ref)
        return NULL;
    return say(j, "%s%s%s %s", clean(j, ew_json_get_str(ref, "kind", "?")), *group ? "." : "",
               clean(j, group),
               clean(j, ns_name(j, ew_json_get_str(ref, "namespace", NULL),
                                ew_json_get_str(ref, "name", "?"))));
}

static bool same_controller(const struct ew_obj *a, const struct ew_obj *b)
{
    const char *name = ew_json_str(ew_obj_at(a, "spec.controllerName"));
    return a != b && name && ew_streq(name, ew_json_str(ew_obj_at(b, "spec.controllerName")));
}

/* Several controllers take one class of theirs and refuse the others. */
static void show_siblings(struct judging *j, struct ew_draft *draft, const struct ew_obj *class)
{
    for (size_t i = 0; i < ew_world_count(j->world, EW_GATEWAYCLASS); i++) {
        const struct ew_obj *other = ew_world_at(j->world, EW_GATEWAYCLASS, i);
        char date[32];
        if (!same_controller(class, other))
            continue;
        ew_time_format(ew_obj_created(other), date);
        draft_shows(j, draft, title(j, other), "the same controllerName %s%s%.10s",
                    clean(j, ew_json_str(ew_obj_at(other, "spec.controllerName"))),
                    ew_obj_created(other) ? ", created " : "", ew_obj_created(other) ? date : "");
    }
}

/* A data plane that answers, of a Gateway that is programmed: the refusal has not taken it down. */
static bool still_serves(const struct judging *j, const struct ew_obj *gateway)
{
    struct ew_cond cond;
    const struct address *at = j->answer.at;
    if (!at || !at->published || !at->tag || !j->answer.status ||
        !edge_cond(gateway, "Programmed", &cond) || !ew_streq(cond.status, "True"))
        return false;
    for (size_t i = 0; i < j->entry_count; i++)
        if (j->entries[i].obj == gateway && strcmp(j->entries[i].tag, at->tag) == 0)
            return true;
    return false;
}

/* Its controller has accepted the Gateway since: it goes on without the class's parameters. */
static bool takes_all_the_same(const struct ew_obj *gateway, const struct ew_cond *refused)
{
    struct ew_cond cond;
    return edge_cond(gateway, "Accepted", &cond) && ew_streq(cond.status, "True") &&
           !ew_cond_stale(&cond, gateway) && refused->since_ms && cond.since_ms &&
           cond.since_ms > refused->since_ms;
}

/* An Ingress, or a Gateway of another class. */
static bool other_class_takes(const struct judging *j, const struct ew_obj *class)
{
    const struct ew_obj *by = is_routed(j->decision) ? j->decision->gateway : NULL;
    return is_routed(j->decision) &&
           !ew_streq(ew_json_str(ew_obj_at(by, "spec.gatewayClassName")), class->name);
}

static void next_steps(struct judging *j, struct ew_draft *draft, const struct ew_obj *class)
{
    const struct ew_json *ref = ew_obj_at(class, "spec.parametersRef");
    const char *ns = ew_json_get_str(ref, "namespace", NULL);
    const char *group = ew_json_get_str(ref, "group", "");
    if (ref)
        draft_next(j, draft, "see what the class is refused for, and the parameters that it names",
                   "kubectl describe gatewayclass %s; kubectl get %s%s%s%s%s %s -o yaml",
                   class->name, ew_json_get_str(ref, "kind", "?"), *group ? "." : "", group,
                   ns ? " -n " : "", ns ? ns : "", ew_json_get_str(ref, "name", "?"));
    else
        draft_next(j, draft, "see what the class is refused for, and which others there are",
                   "kubectl describe gatewayclass %s; kubectl get gatewayclass", class->name);
}

/* A version of the CRDs that the controller does not know is another fault (the whole API's, not
 * the class's). */
static bool is_refused(const struct ew_obj *class, struct ew_cond *cond)
{
    return edge_cond(class, "Accepted", cond) && ew_streq(cond->status, "False") &&
           !ew_streq(cond->reason, "UnsupportedVersion");
}

void edge_judge_refused_class(struct judging *j, const struct ew_obj *gateway)
{
    struct ew_cond cond;
    const struct ew_obj *class = ew_world_find(
        j->world, EW_GATEWAYCLASS, NULL, ew_json_str(ew_obj_at(gateway, "spec.gatewayClassName")));
    if (!class || !is_refused(class, &cond))
        return;
    struct ew_draft *draft = draft_about(j, "edge-gwclass-rejected", class);
    const char *named = parameters(j, class);
    bool takes = takes_all_the_same(gateway, &cond);
    if (!takes) /* else it accounts for nothing of that Gateway's */
        edge_tag(j, draft, gateway);
    if (other_class_takes(j, class))
        edge_stand_back(draft);
    if (still_serves(j, gateway) || takes)
        draft->out.severity = EW_SEV_WARN;
    draft_says(j, draft, "GatewayClass %s, which Gateway %s/%s names, is refused: %s", class->name,
               gateway->ns, gateway->name,
               clean(j, cond.message && *cond.message ? cond.message : cond.reason));
    draft_shows_cond(j, draft, title(j, class), &cond);
    if (ew_cond_stale(&cond, class))
        draft_shows(j, draft, title(j, class), "generation %ld, observed %ld: changed since",
                    ew_obj_generation(class), cond.observed);
    if (named)
        draft_shows(j, draft, title(j, class), "spec.parametersRef names %s", named);
    if (takes)
        draft_shows(j, draft, title(j, gateway),
                    "Accepted=True since then: the controller goes on without the parameters");
    show_siblings(j, draft, class);
    if (!draft->out.step_count)
        next_steps(j, draft, class);
}
