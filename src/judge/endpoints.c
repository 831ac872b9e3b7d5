#include "backend.h"

#include <stdlib.h>
#include <string.h>

/* What is written as not ready waits for no pod. */
static bool is_written(const struct judging *j, const struct ew_backend *backend)
{
    for (size_t i = 0; i < j->drafts.count; i++) {
        const struct ew_finding *out = &((const struct ew_draft *)j->drafts.at[i])->out;
        if (strcmp(out->cause->id, "svc-without-selector") == 0 && ew_streq(out->ns, backend->ns) &&
            ew_streq(out->name, backend->name))
            return true;
    }
    return false;
}

static void tag_service(struct judging *j, struct ew_draft *draft, const struct ew_backend *backend)
{
    draft_tag(j, draft, EW_TAG_BACKEND, ns_name(j, backend->ns, backend->name));
    draft_tag(j, draft, EW_TAG_OBJECT, say(j, "Service %s/%s", backend->ns, backend->name));
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
}

static struct ew_draft *service_draft(struct judging *j, const char *cause,
                                      const struct ew_backend *backend)
{
    struct ew_draft *draft = draft_about(j, cause, backend->service);
    tag_service(j, draft, backend);
    if (backend->weight == 0)
        draft->out.severity = EW_SEV_INFO;
    return draft;
}

static void next_slices(struct judging *j, struct ew_draft *draft, const struct ew_backend *backend)
{
    draft_next(j, draft, "see the endpoints of the Service",
               "kubectl get endpointslice -n %s -l kubernetes.io/service-name=%s -o wide",
               backend->ns, backend->name);
}

/* ---- the pods that a Service means ---- */

struct pods {
    const struct ew_obj **at; /* free() */
    size_t count;
    struct ew_seen seen;
    const char *selector; /* "" when it has none */
};

static struct pods pods_of(struct judging *j, const struct ew_backend *backend)
{
    struct pods pods = {.seen = {EW_ABSENT, NULL}};
    char *selector = ew_selector_text(ew_obj_at(backend->service, "spec.selector"));
    pods.selector = ew_arena_strdup(j->arena, selector);
    free(selector);
    struct ew_ask ask =
        asking(j, false, "pod-crashloop pod-readiness-failing svc-selector-mismatch");
    if (*pods.selector)
        pods.at = ew_world_select(j->world, EW_POD, backend->ns, pods.selector, ask, &pods.seen,
                                  &pods.count);
    saw(j, EW_LAYER_POD, pods.seen, ask, "list pods in %s", backend->ns);
    return pods;
}

static bool pod_ready(const struct ew_obj *pod)
{
    struct ew_cond cond;
    return ew_cond_find(ew_obj_at(pod, "status.conditions"), "Ready", &cond) &&
           ew_streq(cond.status, "True");
}

/* ---- selector and pods that miss each other ---- */

/* Labels of the selector that the pod has, and the first that it has not. */
static size_t labels_shared(const struct ew_obj *pod, const struct ew_json *selector,
                            const char **missing)
{
    size_t shared = 0;
    EW_JSON_EACH(label, selector)
    {
        const char *value = ew_obj_label(pod, ew_json_key(label));
        if (value && ew_streq(value, ew_json_str(label)))
            shared++;
        else
            *missing = *missing ? *missing : ew_json_key(label);
    }
    return shared;
}

static bool named_alike(const struct ew_obj *pod, const struct ew_backend *backend)
{
    size_t len = strlen(backend->name);
    return strncmp(pod->name, backend->name, len) == 0 && pod->name[len] == '-';
}

/* A ready pod of the namespace that the Service seems to mean: it has some of its labels, or is
 * named after it. The one nearest to the selector. */
static const struct ew_obj *meant_pod(struct judging *j, const struct ew_backend *backend,
                                      struct ew_seen *seen)
{
    const struct ew_json *selector = ew_obj_at(backend->service, "spec.selector");
    const struct ew_obj *best = NULL;
    size_t best_score = 0;
    struct ew_ask ask = asking(j, false, "svc-selector-mismatch ep-none");
    *seen = ew_world_listed(j->world, EW_POD, backend->ns, ask);
    saw(j, EW_LAYER_SERVICE, *seen, ask, "list pods in %s", backend->ns);
    for (size_t i = 0; i < ew_world_count(j->world, EW_POD); i++) {
        const struct ew_obj *pod = ew_world_at(j->world, EW_POD, i);
        const char *missing = NULL;
        if (!ew_streq(pod->ns, backend->ns) || !pod_ready(pod) || ew_obj_deleting(pod))
            continue;
        size_t score = 2 * labels_shared(pod, selector, &missing) + named_alike(pod, backend);
        if (score > best_score) {
            best = pod;
            best_score = score;
        }
    }
    return best;
}

static void show_difference(struct judging *j, struct ew_draft *draft,
                            const struct ew_backend *backend, const struct ew_obj *pod)
{
    EW_JSON_EACH(label, ew_obj_at(backend->service, "spec.selector"))
    {
        const char *has = ew_obj_label(pod, ew_json_key(label));
        if (ew_streq(has, ew_json_str(label)))
            continue;
        draft_shows(j, draft, title(j, pod), "%s is %s, the selector wants %s",
                    clean(j, ew_json_key(label)), has ? clean(j, has) : "not set",
                    clean(j, ew_json_str(label)));
    }
}

static void judge_selector(struct judging *j, const struct ew_backend *backend,
                           const struct pods *pods, const struct ew_obj *pod)
{
    const char *missing = NULL;
    struct ew_draft *draft = service_draft(j, "svc-selector-mismatch", backend);
    labels_shared(pod, ew_obj_at(backend->service, "spec.selector"), &missing);
    draft_says(
        j, draft, "the selector of Service %s/%s (%s) takes no pod, while %s is ready: %s differs",
        backend->ns, backend->name, clean(j, pods->selector), title(j, pod), clean(j, missing));
    draft_shows(j, draft, title(j, backend->service), "selector %s", clean(j, pods->selector));
    show_difference(j, draft, backend, pod);
    draft_next(
        j, draft, "compare the selector with the pods' labels",
        "kubectl get service -n %s %s -o jsonpath='{.spec.selector}'; kubectl get pods -n %s "
        "--show-labels",
        backend->ns, backend->name, backend->ns);
}

/* ---- a named port that pods lack ---- */

static const char *target_name(const struct ew_backend *backend)
{
    EW_JSON_EACH(port, ew_obj_at(backend->service, "spec.ports"))
    {
        bool same = backend->port_name
                        ? ew_streq(ew_json_get_str(port, "name", NULL), backend->port_name)
                        : ew_json_get_int(port, "port", 0) == backend->port;
        if (same)
            return ew_json_str(ew_json_get(port, "targetPort"));
    }
    return NULL;
}

static bool has_port(const struct ew_obj *pod, const char *name)
{
    EW_JSON_EACH(container, ew_obj_at(pod, "spec.containers"))
    EW_JSON_EACH(port, ew_json_get(container, "ports"))
    if (ew_streq(ew_json_get_str(port, "name", NULL), name))
        return true;
    return false;
}

static bool judge_target(struct judging *j, const struct ew_backend *backend,
                         const struct pods *pods)
{
    const char *name = target_name(backend);
    size_t without = 0;
    for (size_t i = 0; name && i < pods->count; i++)
        without += !has_port(pods->at[i], name);
    if (!without || without < pods->count)
        return false;
    struct ew_draft *draft = service_draft(j, "svc-targetport-unresolved", backend);
    draft_says(j, draft, "Service %s/%s leads to port \"%s\", which none of its %zu pods has",
               backend->ns, backend->name, clean(j, name), pods->count);
    draft_shows(j, draft, title(j, backend->service), "targetPort: %s", clean(j, name));
    draft_shows(j, draft, title(j, pods->at[0]), "no container port of that name");
    draft_next(j, draft, "see the names of the pods' ports",
               "kubectl get pods -n %s -l %s -o jsonpath='{..containers[*].ports[*].name}'",
               backend->ns, pods->selector);
    return true;
}

/* ---- none, and none ready ---- */

static void judge_none(struct judging *j, const struct ew_backend *backend, const struct pods *pods)
{
    struct ew_seen seen = {EW_ABSENT, NULL};
    const struct ew_obj *pod = NULL;
    if (pods->count && judge_target(j, backend, pods))
        return;
    if (!pods->count && *pods->selector && pods->seen.state != EW_UNKNOWN &&
        pods->seen.state != EW_PENDING)
        pod = meant_pod(j, backend, &seen);
    if (pod)
        judge_selector(j, backend, pods, pod);
    struct ew_draft *draft = service_draft(j, "ep-none", backend);
    draft_says(j, draft, "nothing stands behind Service %s/%s: %s", backend->ns, backend->name,
               *pods->selector ? say(j, "no pod for its selector %s", clean(j, pods->selector))
                               : "it has no selector and no endpoints");
    draft_shows(j, draft, title(j, backend->service), "%s",
                backend->why_not ? clean(j, backend->why_not) : "no endpoints");
    if (seen.state == EW_UNKNOWN || pods->seen.state == EW_UNKNOWN)
        draft->unseen = say(j, "list pods in %s: %s", backend->ns,
                            seen.reason ? seen.reason : pods->seen.reason);
    next_slices(j, draft, backend);
    if (*pods->selector)
        draft_next(j, draft, "see whether the workload is scaled to zero or cannot make pods",
                   "kubectl get deploy,rs,hpa -n %s; kubectl get events -n %s | grep FailedCreate",
                   backend->ns, backend->ns);
}

static void judge_unready(struct judging *j, const struct ew_backend *backend,
                          const struct pods *pods)
{
    struct ew_draft *draft = service_draft(j, "ep-all-not-ready", backend);
    draft_says(j, draft, "none of the %d endpoints of Service %s/%s is ready", backend->total,
               backend->ns, backend->name);
    draft_shows(j, draft, title(j, backend->service), "%d of %d endpoints ready", backend->ready,
                backend->total);
    if (pods->seen.state == EW_UNKNOWN)
        draft->unseen = say(j, "list pods in %s: %s", backend->ns, pods->seen.reason);
    next_slices(j, draft, backend);
    draft_next(j, draft, "see why its pods are not ready", "kubectl get pods -n %s -l %s",
               backend->ns, *pods->selector ? pods->selector : "app");
}

static void judge_some(struct judging *j, const struct ew_backend *backend)
{
    struct ew_draft *draft = service_draft(j, "ep-partially-unready", backend);
    draft_says(j, draft, "%d of %d endpoints of Service %s/%s are ready", backend->ready,
               backend->total, backend->ns, backend->name);
    draft_shows(j, draft, title(j, backend->service), "%d of %d endpoints ready", backend->ready,
                backend->total);
    next_slices(j, draft, backend);
}

/* ---- only dying ones ---- */

static bool slice_of(const struct ew_obj *slice, const struct ew_backend *backend)
{
    return ew_streq(slice->ns, backend->ns) &&
           ew_streq(ew_obj_label(slice, "kubernetes.io/service-name"), backend->name);
}

static bool all_terminating(const struct judging *j, const struct ew_backend *backend)
{
    size_t total = 0, dying = 0;
    for (size_t i = 0; i < ew_world_count(j->world, EW_ENDPOINTSLICE); i++) {
        const struct ew_obj *slice = ew_world_at(j->world, EW_ENDPOINTSLICE, i);
        if (!slice_of(slice, backend))
            continue;
        EW_JSON_EACH(endpoint, ew_obj_at(slice, "endpoints"))
        {
            total++;
            dying += ew_json_bool(ew_json_at(endpoint, "conditions.terminating"), false);
        }
    }
    return total && dying == total;
}

static void judge_dying(struct judging *j, const struct ew_backend *backend)
{
    struct ew_draft *draft = service_draft(j, "ep-only-terminating", backend);
    draft_says(j, draft, "every endpoint of Service %s/%s is being shut down", backend->ns,
               backend->name);
    draft_shows(j, draft, title(j, backend->service), "%d endpoints, all terminating",
                backend->total);
    draft_next(j, draft, "see whether the replacements come",
               "kubectl get pods -n %s; kubectl rollout status -n %s deploy/%s", backend->ns,
               backend->ns, backend->name);
}

static void judge_backend(struct judging *j, const struct ew_backend *backend)
{
    if (!backend->service ||
        ew_streq(ew_json_str(ew_obj_at(backend->service, "spec.type")), "ExternalName"))
        return;
    struct pods pods = pods_of(j, backend);
    if (backend->fault == EW_BACKEND_NO_ENDPOINTS)
        judge_none(j, backend, &pods);
    else if (backend->total > 0 && backend->ready < backend->total && all_terminating(j, backend))
        judge_dying(j, backend);
    else if (backend->fault == EW_BACKEND_NONE_READY && !is_written(j, backend))
        judge_unready(j, backend, &pods);
    else if (backend->ready > 0 && backend->ready < backend->total)
        judge_some(j, backend);
    free(pods.at);
}

/* ---- the layer ---- */

static void show_slices(struct judging *j, const struct ew_backend *backend)
{
    struct ew_json *list = layer_list(j, EW_LAYER_ENDPOINTS, "endpoints");
    for (size_t i = 0; i < ew_world_count(j->world, EW_ENDPOINTSLICE); i++) {
        const struct ew_obj *slice = ew_world_at(j->world, EW_ENDPOINTSLICE, i);
        if (!slice_of(slice, backend))
            continue;
        EW_JSON_EACH(endpoint, ew_obj_at(slice, "endpoints"))
        {
            struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
            ew_json_set_str(j->doc, row, "service", backend->name);
            ew_json_set_str(j->doc, row, "address",
                            ew_json_str(ew_json_at(endpoint, "addresses[0]")));
            ew_json_set_bool(j->doc, row, "ready",
                             ew_json_bool(ew_json_at(endpoint, "conditions.ready"), true));
            ew_json_set_bool(j->doc, row, "terminating",
                             ew_json_bool(ew_json_at(endpoint, "conditions.terminating"), false));
            ew_json_set_str(j->doc, row, "pod",
                            ew_json_str(ew_json_at(endpoint, "targetRef.name")));
        }
    }
}

static void settle(struct judging *j)
{
    const struct ew_backend *at = j->backend;
    if (at->fault == EW_BACKEND_NONE_READY && is_written(j, at)) /* no finding of this layer */
        layer_is(j, EW_LAYER_ENDPOINTS, j->live_ok ? EW_ST_WARN : EW_ST_FAIL,
                 "0/%d ready, as written", at->total);
    else if (at->total >= 0 && at->service)
        layer_is(j, EW_LAYER_ENDPOINTS, EW_ST_OK, "%d/%d ready", at->ready, at->total);
    else if (at->fault == EW_BACKEND_OK)
        layer_is(j, EW_LAYER_ENDPOINTS, EW_ST_OK, "taken as ready, no EndpointSlice in the files");
    else if (at->service && at->fault == EW_BACKEND_UNKNOWN)
        layer_is(j, EW_LAYER_ENDPOINTS, EW_ST_UNKNOWN, "%s",
                 at->why_not ? at->why_not : "not read");
    else
        layer_is(j, EW_LAYER_ENDPOINTS, EW_ST_NOT_REACHED, "no port leads here");
    if (j->layers[EW_LAYER_ENDPOINTS].status == EW_ST_UNKNOWN)
        undecided_add(j, say(j, "list endpointslices of Service %s/%s", at->ns, at->name),
                      at->why_not ? clean(j, at->why_not) : "not read", "ep-none ep-all-not-ready");
}

void endpoints_judge(struct judging *j)
{
    if (!reached_backend(j, EW_LAYER_ENDPOINTS))
        return;
    if (reaches_backends(j))
        settle(j);
    for (size_t i = 0; i < j->behind->backend_count; i++) {
        const struct ew_backend *backend = &j->behind->backends[i];
        if (backend->service && reaches_backends(j))
            show_slices(j, backend);
        judge_backend(j, backend);
    }
}
