/* Failures of edgewalk itself (no memory, unreadable kubeconfig). What is observed in the world,
 * a refused connection say, is a fact and never an error. */
#ifndef EDGEWALK_BASE_ERR_H
#define EDGEWALK_BASE_ERR_H

#include "edgewalk/base/mem.h"

enum ew_code {
    EW_OK = 0,
    EW_EFAILED = -1,  /* edgewalk could not do its job: exit status 1 */
    EW_EUSAGE = -2,   /* wrong usage or unreadable configuration: exit status 2 */
    EW_EINPUT = -3,   /* outside data that is not what it should be */
    EW_ELIMIT = -4,   /* outside data beyond a bound of ours */
};

/* The message is one line: what failed, on what, what to do. Written where the failure is first
 * known; empty on success. Control characters are cleaned when it is printed, not here. */
struct ew_err {
    int code;
    char message[512];
};

/* Fills err (which may be NULL) and returns code, so that `return ew_fail(err, EW_EINPUT, …)`. */
int ew_fail(struct ew_err *err, int code, const char *format, ...) EW_PRINTF(3, 4);

#endif
