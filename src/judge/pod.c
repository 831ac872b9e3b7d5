#include "pod.h"

#include <stdlib.h>
#include <string.h>

struct crowd {
    size_t total, ready;
    const char *worst; /* reason of the first ailing one */
};

/* ---- what is said of one ---- */

/* "exits 1 after 2 s, 14 restarts" */
static const char *life_of(struct judging *j, const struct ew_json *status)
{
    const struct ew_json *ended = ew_json_at(status, "lastState.terminated");
    ended = ended ? ended : ew_json_at(status, "state.terminated");
    long restarts = ew_json_get_int(status, "restartCount", 0);
    int64_t from, to;
    char span[32] = "";
    if (!ended)
        return restarts ? say(j, "%ld restarts", restarts) : "";
    if (ew_time_parse(ew_json_get_str(ended, "startedAt", ""), &from) &&
        ew_time_parse(ew_json_get_str(ended, "finishedAt", ""), &to) && to >= from)
        ew_time_span(to - from, span);
    return say(j, "exits %ld%s%s, %ld restart%s", ew_json_get_int(ended, "exitCode", 0),
               *span ? " after " : "", span, restarts, restarts == 1 ? "" : "s");
}

/* What the container itself left (terminationMessagePath) is the best line there is. */
static const char *last_words(const struct ew_json *status)
{
    const char *words = ew_json_str(ew_json_at(status, "lastState.terminated.message"));
    words = words ? words : ew_json_str(ew_json_at(status, "state.terminated.message"));
    return words ? words : "";
}

/* Its last line, where the container left a whole page. */
static const char *last_line(struct judging *j, const char *words)
{
    enum { MOST = 100 };
    size_t end = strlen(words), from;
    while (end && strchr(" \t\r\n", words[end - 1]))
        end--;
    for (from = end; from && words[from - 1] != '\n'; from--)
        continue;
    return clean(j, say(j, "%.*s", (int)(end - from > MOST ? MOST : end - from), words + from));
}

static const char *says(struct judging *j, const char *cause, const struct ailment *ailment,
                        const char *workload)
{
    const char *container = ailment->container ? clean(j, ailment->container) : NULL;
    const char *message = ailment->message ? clean(j, ailment->message) : NULL;
    const char *words = last_line(j, last_words(ailment->status));
    if (strcmp(cause, "pod-crashloop") == 0)
        return say(j, "container %s of %s %s%s%s", container, workload, life_of(j, ailment->status),
                   *words ? ", last saying: " : "", words);
    if (strcmp(cause, "pod-oomkilled") == 0)
        return say(j, "%s%s of %s is killed for memory, %s", container ? "container " : "",
                   container ? container : "a pod", workload, life_of(j, ailment->status));
    if (strcmp(cause, "pod-image-pull") == 0)
        return say(j, "the image of container %s of %s cannot be pulled: %s", container, workload,
                   message ? message : ailment->reason);
    if (strcmp(cause, "pod-not-started") == 0)
        return say(j, "pods of %s do not start: %s%s%s", workload, clean(j, ailment->reason),
                   message ? ": " : "", message ? message : "");
    return say(j, "%s%s of %s runs and is not ready%s%s", container ? "container " : "",
               container ? container : "a pod", workload, message ? ": " : "",
               message ? message : "");
}

static void next_pod(struct judging *j, struct ew_draft *draft, const struct ew_obj *pod,
                     const struct ailment *ailment)
{
    const char *cause = draft->out.cause->id;
    if (draft->out.step_count)
        return;
    if (strcmp(cause, "pod-crashloop") == 0)
        draft_next(j, draft, "read the last words of the container",
                   "kubectl logs -n %s %s%s%s --previous", pod->ns, pod->name,
                   ailment->container ? " -c " : "", ailment->container ? ailment->container : "");
    else if (strcmp(cause, "pod-oomkilled") == 0)
        draft_next(
            j, draft, "compare its memory limit with what it takes",
            "kubectl get pod -n %s %s -o jsonpath='{.spec.containers[*].resources}'; kubectl "
            "top pod -n %s %s",
            pod->ns, pod->name, pod->ns, pod->name);
    draft_next(j, draft, "see its events", "kubectl describe pod -n %s %s", pod->ns, pod->name);
}

/* ---- readiness probes that ask for the wrong thing ---- */

static bool declares(const struct ew_json *container, long port)
{
    EW_JSON_EACH(row, ew_json_get(container, "ports"))
    if (ew_json_get_int(row, "containerPort", 0) == port)
        return true;
    return !ew_json_count(ew_json_get(container, "ports"));
}

/* The kubelet's words for a probe that got an answer, only not a good one, or none at a port that
 * the container does not even declare. */
static bool probe_is_wrong(const struct ew_obj *pod, const struct ailment *ailment,
                           const char *message)
{
    static const char *const wrong[] = {"statuscode: 3",   "statuscode: 400", "statuscode: 401",
                                        "statuscode: 403", "statuscode: 404", "statuscode: 405"};
    for (size_t i = 0; i < EW_COUNT(wrong); i++)
        if (strstr(message, wrong[i]))
            return true;
    EW_JSON_EACH(container, ew_obj_at(pod, "spec.containers"))
    {
        const struct ew_json *probe = ew_json_get(container, "readinessProbe");
        long port = ew_json_int(ew_json_at(probe, "httpGet.port"),
                                ew_json_int(ew_json_at(probe, "tcpSocket.port"), 0));
        if (ew_streq(ew_json_get_str(container, "name", NULL), ailment->container) && port &&
            !declares(container, port) && strstr(message, "connection refused"))
            return true;
    }
    return false;
}

static void judge_probe(struct judging *j, const struct ew_draft *of, const struct ew_obj *pod,
                        const struct ailment *ailment, const char *message)
{
    if (strcmp(of->out.cause->id, "pod-readiness-failing") != 0 || !strstr(message, "Readiness") ||
        !probe_is_wrong(pod, ailment, message))
        return;
    struct ew_draft *draft =
        draft_new(j, "pod-probe-misconfigured", of->out.kind, of->out.ns, of->out.name);
    draft->from_objects = true;
    draft->out.severity = of->out.severity;
    draft->out.where = of->out.where;
    draft->marks |= of->marks;
    for (size_t i = 0; i < of->tag_count; i++)
        draft_tag(j, draft, of->tags[i].kind, of->tags[i].text);
    draft_says(j, draft, "the readiness probe of container %s asks for what it does not serve: %s",
               ailment->container ? clean(j, ailment->container) : "?", clean(j, message));
    draft_shows(j, draft, say(j, "event of %s", title(j, pod)), "%s", clean(j, message));
    draft_next(j, draft, "compare the probe with what the container serves",
               "kubectl get pod -n %s %s -o jsonpath='{.spec.containers[*].readinessProbe}'",
               pod->ns, pod->name);
}

static void show_events(struct judging *j, struct ew_draft *draft, const struct ew_obj *pod,
                        const struct ailment *ailment)
{
    struct ew_seen seen;
    size_t count, shown = 0;
    const struct ew_obj **events =
        ew_world_events(j->world, pod, asking(j, true, draft->out.cause->id), &seen, &count);
    for (size_t i = count; i > 0 && shown < 3; i--) {
        const struct ew_json *event = events[i - 1]->json;
        const char *message = ew_json_get_str(event, "message", "");
        if (!ew_streq(ew_json_get_str(event, "type", "Warning"), "Warning"))
            continue;
        draft_shows(j, draft, say(j, "event of %s", title(j, pod)), "%s: %s",
                    clean(j, ew_json_get_str(event, "reason", "")), clean(j, message));
        judge_probe(j, draft, pod, ailment, message);
        shown++;
    }
    free(events);
}

/* ---- findings ---- */

static void show_last_words(struct judging *j, struct ew_draft *draft, const struct ew_obj *pod,
                            const struct ew_json *status)
{
    const char *words = last_words(status);
    if (*words)
        draft_shows(j, draft, say(j, "last words of %s", title(j, pod)), "%s", clean(j, words));
}

/* Pods that nothing made are one crowd where one Service leads to them. */
static struct ew_draft *of_sibling(const struct judging *j, const char *cause,
                                   const struct ew_backend *backend)
{
    struct ew_draft *found = NULL;
    char *service = ew_fmt("%s/%s", backend->ns, backend->name);
    for (size_t i = 0; i < j->drafts.count; i++) {
        struct ew_draft *draft = j->drafts.at[i];
        if (strcmp(draft->out.cause->id, cause) == 0 && strcmp(draft->out.kind, "Pod") == 0 &&
            draft_tagged(draft, EW_TAG_BACKEND, service))
            found = draft;
    }
    free(service);
    return found;
}

static struct ew_draft *raise(struct judging *j, const char *cause, const struct ew_obj *pod,
                              const struct ailment *ailment, const struct ew_backend *backend)
{
    const char *kind, *name;
    pod_workload(j, pod, &kind, &name);
    struct ew_draft *draft = strcmp(kind, "Pod") == 0 ? of_sibling(j, cause, backend) : NULL;
    draft = draft ? draft : draft_new(j, cause, kind, pod->ns, name);
    const char *message = says(j, cause, ailment, say(j, "%s %s/%s", kind, pod->ns, name));
    bool first = !draft->out.evidence_count;
    draft->from_objects = true;
    if (first) {
        draft->out.where = pod->where;
        draft_says(j, draft, "%s", message);
    }
    draft_tag(j, draft, EW_TAG_BACKEND, ns_name(j, backend->ns, backend->name));
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    if (backend->ready > 0) { /* the others serve */
        draft->marks |= EW_MARK(OTHER_PODS_READY);
        draft->out.severity = EW_SEV_WARN;
    }
    if (!backend->weight)
        draft->out.severity = EW_SEV_INFO;
    if (!ew_json_str(ew_obj_at(pod, "status.podIP")))
        draft->marks |= EW_MARK(PODS_WITHOUT_ADDRESS);
    draft_shows(j, draft, title(j, pod), "%s%s%s", clean(j, ailment->reason),
                ailment->status ? ", " : "", ailment->status ? life_of(j, ailment->status) : "");
    show_last_words(j, draft, pod, ailment->status);
    next_pod(j, draft, pod, ailment);
    if (first)
        show_events(j, draft, pod, ailment);
    return draft;
}

static void judge_pod(struct judging *j, const struct ew_obj *pod, const struct ew_backend *backend,
                      struct crowd *crowd)
{
    const char *phase = ew_json_str(ew_obj_at(pod, "status.phase"));
    if (ew_obj_deleting(pod) || ew_streq(phase, "Succeeded") || unapplied(j, pod))
        return;
    struct ailment ailment = pod_ailment(j, pod);
    crowd->total++;
    crowd->ready += pod_is_ready(pod);
    if (!ailment.cause)
        return;
    crowd->worst = crowd->worst ? crowd->worst : ailment.reason;
    raise(j, ailment.cause, pod, &ailment, backend);
    if (ailment.also)
        raise(j, ailment.also, pod, &ailment, backend);
}

static void show_pod(struct judging *j, const struct ew_obj *pod)
{
    struct ew_json *list = layer_list(j, EW_LAYER_POD, "pods");
    struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
    struct ailment ailment = pod_ailment(j, pod);
    long restarts = 0;
    EW_JSON_EACH(status, ew_obj_at(pod, "status.containerStatuses"))
    restarts += ew_json_get_int(status, "restartCount", 0);
    ew_json_set_str(j->doc, row, "namespace", pod->ns);
    ew_json_set_str(j->doc, row, "name", pod->name);
    ew_json_set_str(j->doc, row, "address", ew_json_str(ew_obj_at(pod, "status.podIP")));
    ew_json_set_str(j->doc, row, "phase", ew_json_str(ew_obj_at(pod, "status.phase")));
    ew_json_set_bool(j->doc, row, "ready", pod_is_ready(pod));
    ew_json_set_num(j->doc, row, "restarts", (double)restarts);
    ew_json_set_str(j->doc, row, "reason", ailment.reason);
}

/* Pods behind the matched rule; of each backend's Service. */
static void judge_service(struct judging *j, const struct ew_backend *backend, struct crowd *crowd,
                          struct ew_seen *seen)
{
    char *selector = ew_selector_text(ew_obj_at(backend->service, "spec.selector"));
    struct ew_ask ask = asking(j, false, "pod-crashloop pod-readiness-failing");
    size_t count = 0;
    const struct ew_obj **pods = NULL;
    *seen = (struct ew_seen){EW_ABSENT, NULL};
    if (*selector)
        pods = ew_world_select(j->world, EW_POD, backend->ns, selector, ask, seen, &count);
    for (size_t i = 0; i < count; i++) {
        show_pod(j, pods[i]);
        judge_pod(j, pods[i], backend, crowd);
    }
    saw(j, EW_LAYER_POD, *seen, ask, "list pods in %s", backend->ns);
    free(pods);
    free(selector);
}

static void settle(struct judging *j, const struct crowd *crowd, struct ew_seen seen)
{
    if (seen.state == EW_UNKNOWN)
        layer_is(j, EW_LAYER_POD, EW_ST_UNKNOWN, "not read: %s", seen.reason);
    else if (crowd->worst)
        layer_is(j, EW_LAYER_POD, EW_ST_OK, "%s", crowd->worst);
    else if (crowd->total)
        layer_is(j, EW_LAYER_POD, EW_ST_OK, "%zu of %zu ready", crowd->ready, crowd->total);
    else
        layer_is(j, EW_LAYER_POD, EW_ST_NOT_REACHED, "no pod stands behind it");
}

void pod_judge(struct judging *j)
{
    struct crowd crowd = {0};
    struct ew_seen seen = {EW_ABSENT, NULL}, last;
    if (!reached_backend(j, EW_LAYER_POD))
        return;
    for (size_t i = 0; i < j->behind->backend_count; i++) {
        if (!j->behind->backends[i].service)
            continue;
        judge_service(j, &j->behind->backends[i], &crowd, &last);
        if (last.state == EW_UNKNOWN || last.state == EW_PENDING || seen.state == EW_ABSENT)
            seen = last;
    }
    if (reaches_backends(j))
        settle(j, &crowd, seen);
}
