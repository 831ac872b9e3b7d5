/* A program run beside the lab, its output gathered without stopping the lab's loop. */
#ifndef LAB_PLAY_H
#define LAB_PLAY_H

#include "edgewalk/base/buf.h"
#include "edgewalk/base/err.h"

#include <event2/event.h>

#define LAB_OUTPUT_MAX (16 << 20)

struct lab_play {
    struct ew_buf out, err; /* what it wrote; each up to LAB_OUTPUT_MAX */
    int exit_status;        /* 128 + signal when it was killed */
    bool timed_out;
    double elapsed_ms;
    struct play_room *room;
};

/* Starts argv. home: its HOME; it gets neither the user's kubeconfig nor proxies. show: its output
 * is ours instead of being gathered. After timeout_ms it is killed. done runs once, from the loop.
 */
typedef void lab_play_fn(void *ctx, struct lab_play *play);
int lab_play_start(struct event_base *base, char *const *argv, const char *home, bool show,
                   int timeout_ms, lab_play_fn *done, void *ctx, struct lab_play **out,
                   struct ew_err *err);
void lab_play_free(struct lab_play *play); /* kills it if it still runs */

#endif
