/* Scenarios played one beside the other, each walked and its verdict compared. */
#ifndef LAB_RUNNER_H
#define LAB_RUNNER_H

#include "edgewalk/base/err.h"

#include <stdbool.h>

struct lab_run {
    char *const *folders;
    size_t count;
    const char *library; /* where bases are looked for; may be NULL */
    const char *edgewalk;
    int jobs;     /* at once */
    bool tap;     /* one TAP line a scenario (tests) */
    bool lenient; /* scenarios that wait for something (`todo`) are counted apart */
    bool show;    /* edgewalk's own report first, as a user sees it */
};

/* Prints one line a scenario, in order, and a count. The number that was not as expected. */
size_t lab_run(const struct lab_run *run);

/* Plays one scenario until interrupted, after printing how to reach it. */
int lab_serve(const char *folder, const char *library, const char *edgewalk, struct ew_err *err);

/* Prints the objects of one scenario as a List, below a comment with its request. */
int lab_print_objects(const char *folder, const char *library, struct ew_err *err);

#endif
