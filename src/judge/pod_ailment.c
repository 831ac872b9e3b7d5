#include "pod.h"

#include <stdlib.h>
#include <string.h>

static const char *const pull_reasons[] = {"ErrImagePull",      "ImagePullBackOff",
                                           "InvalidImageName",  "ErrImageNeverPull",
                                           "ImageInspectError", "RegistryUnavailable"};

bool pod_is_ready(const struct ew_obj *pod)
{
    struct ew_cond cond;
    return ew_cond_find(ew_obj_at(pod, "status.conditions"), "Ready", &cond) &&
           ew_streq(cond.status, "True");
}

static bool is_pull(const char *reason)
{
    for (size_t i = 0; i < EW_COUNT(pull_reasons); i++)
        if (ew_streq(reason, pull_reasons[i]))
            return true;
    return false;
}

static bool ended_by_memory(const struct ew_json *status)
{
    return ew_streq(ew_json_str(ew_json_at(status, "lastState.terminated.reason")), "OOMKilled") ||
           ew_streq(ew_json_str(ew_json_at(status, "state.terminated.reason")), "OOMKilled");
}

static struct ailment ail(const char *cause, const char *reason, const struct ew_json *status)
{
    return (struct ailment){
        .cause = cause,
        .reason = reason,
        .container = ew_json_get_str(status, "name", NULL),
        .message = ew_json_str(ew_json_at(status, "state.waiting.message")),
        .status = status,
    };
}

static struct ailment ail_restarts(const struct ew_json *status, const char *reason)
{
    struct ailment out = ail("pod-crashloop", reason, status);
    if (ended_by_memory(status))
        out.also = "pod-oomkilled";
    return out;
}

static struct ailment of_waiting(const struct ew_json *status, const char *reason)
{
    if (strcmp(reason, "CrashLoopBackOff") == 0)
        return ail_restarts(status, reason);
    return ail(is_pull(reason) ? "pod-image-pull" : "pod-not-started", reason, status);
}

static bool failed(const struct ew_json *terminated)
{
    return terminated && ew_json_get_int(terminated, "exitCode", 0) != 0;
}

static struct ailment of_container(const struct judging *j, const struct ew_json *status, bool init)
{
    const char *waiting = ew_json_str(ew_json_at(status, "state.waiting.reason"));
    const struct ew_json *ended = ew_json_at(status, "state.terminated");
    const struct ew_json *before = ew_json_at(status, "lastState.terminated");
    long restarts = ew_json_get_int(status, "restartCount", 0);
    /* an init container waits for those before it; the others wait for all init containers */
    if (waiting && (!init || strcmp(waiting, "PodInitializing") != 0))
        return of_waiting(status, waiting);
    if (failed(ended))
        return ail_restarts(status, ew_json_get_str(ended, "reason", "Error"));
    if (init || ew_json_get_bool(status, "ready", false))
        return (struct ailment){0};
    if (ended_by_memory(status))
        return ail("pod-oomkilled", "OOMKilled", status);
    if ((double)restarts >= ew_threshold(j->options, EW_RESTARTS) && failed(before))
        return ail_restarts(status, "restarting");
    return ail("pod-readiness-failing", "not ready", status);
}

/* The container that says most: one that fails before one that waits for it. */
static struct ailment of_containers(const struct judging *j, const struct ew_obj *pod,
                                    const char *list, bool init)
{
    struct ailment waiting = {0};
    EW_JSON_EACH(status, ew_obj_at(pod, list))
    {
        struct ailment found = of_container(j, status, init);
        if (found.cause && strcmp(found.cause, "pod-not-started") != 0)
            return found;
        if (found.cause && !waiting.cause)
            waiting = found;
    }
    return waiting;
}

static struct ailment of_pod(const struct ew_obj *pod)
{
    struct ew_cond cond;
    const struct ew_json *conditions = ew_obj_at(pod, "status.conditions");
    const char *phase = ew_json_str(ew_obj_at(pod, "status.phase"));
    const char *message = ew_json_str(ew_obj_at(pod, "status.message"));
    const char *reason = ew_json_str(ew_obj_at(pod, "status.reason"));
    if (ew_streq(reason, "Evicted"))
        return (struct ailment){.cause = message && strstr(message, "memory") ? "pod-oomkilled"
                                                                              : "pod-not-started",
                                .reason = "Evicted",
                                .message = message};
    if (ew_cond_find(conditions, "PodScheduled", &cond) && ew_streq(cond.status, "False"))
        return (struct ailment){.cause = "pod-not-started",
                                .reason = cond.reason ? cond.reason : "not scheduled",
                                .message = cond.message};
    if (ew_streq(phase, "Pending"))
        return (struct ailment){
            .cause = "pod-not-started", .reason = "Pending", .message = message};
    if (ew_cond_find(conditions, "Ready", &cond) && ew_streq(cond.status, "False"))
        return (struct ailment){.cause = "pod-readiness-failing",
                                .reason = cond.reason ? cond.reason : "not ready",
                                .message = cond.message};
    return (struct ailment){0};
}

/* A ready pod whose container ended minutes ago is ready only between two ends. */
static struct ailment of_ready(const struct judging *j, const struct ew_obj *pod)
{
    EW_JSON_EACH(status, ew_obj_at(pod, "status.containerStatuses"))
    {
        const struct ew_json *before = ew_json_at(status, "lastState.terminated");
        int64_t ended;
        if (failed(before) && ew_time_parse(ew_json_get_str(before, "finishedAt", ""), &ended) &&
            (double)(j->now_ms - ended) < ew_threshold(j->options, EW_RECENT_END))
            return ended_by_memory(status) ? ail("pod-oomkilled", "OOMKilled", status)
                                           : ail_restarts(status, "restarting");
    }
    return (struct ailment){0};
}

struct ailment pod_ailment(const struct judging *j, const struct ew_obj *pod)
{
    bool bad_answer = j->answer.bad && (j->answer.status == 502 || j->answer.status == 503);
    if (pod_is_ready(pod))
        return bad_answer ? of_ready(j, pod) : (struct ailment){0};
    struct ailment found = of_containers(j, pod, "status.initContainerStatuses", true);
    if (!found.cause)
        found = of_containers(j, pod, "status.containerStatuses", false);
    return found.cause ? found : of_pod(pod);
}

/* A ReplicaSet's name is its Deployment's and the pods' template hash (apps/v1). */
void pod_workload(struct judging *j, const struct ew_obj *pod, const char **kind, const char **name)
{
    const char *hash = ew_obj_label(pod, "pod-template-hash");
    *kind = "Pod";
    *name = pod->name;
    EW_JSON_EACH(ref, ew_obj_at(pod, "metadata.ownerReferences"))
    {
        if (!ew_json_get_bool(ref, "controller", false))
            continue;
        *kind = ew_json_get_str(ref, "kind", "Pod");
        *name = ew_json_get_str(ref, "name", pod->name);
    }
    char *suffix = hash ? ew_fmt("-%s", hash) : NULL;
    if (suffix && strcmp(*kind, "ReplicaSet") == 0 && ew_text_suffix(*name, suffix)) {
        *kind = "Deployment";
        *name = say(j, "%.*s", (int)(strlen(*name) - strlen(suffix)), *name);
    }
    free(suffix);
}
