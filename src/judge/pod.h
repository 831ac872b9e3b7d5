/* What keeps one pod from serving. */
#ifndef JUDGE_POD_H
#define JUDGE_POD_H

#include "judging.h"

struct ailment {
    const char *cause;            /* NULL: nothing */
    const char *also;             /* a second row that explains the first ("pod-oomkilled"); NULL */
    const char *reason;           /* "CrashLoopBackOff", "Unschedulable" */
    const char *container;        /* NULL: the pod as a whole */
    const char *message;          /* the kubelet's or scheduler's own; NULL */
    const struct ew_json *status; /* of the container; NULL */
};
struct ailment pod_ailment(const struct judging *j, const struct ew_obj *pod);
bool pod_is_ready(const struct ew_obj *pod);
/* The workload that made it, without asking: kind and name (the pod itself when nothing did). */
void pod_workload(struct judging *j, const struct ew_obj *pod, const char **kind,
                  const char **name);

#endif
