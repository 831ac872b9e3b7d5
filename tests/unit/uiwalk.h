/* A walk written by hand: a snapshot and the verdict on it from one YAML file, so that screens are
 * tested as data, whatever the judges say in other words tomorrow. */
#ifndef TESTS_UNIT_UIWALK_H
#define TESTS_UNIT_UIWALK_H

#include "edgewalk/judge.h"

struct uiwalk {
    char *url;
    struct ew_verdict verdict;
    struct ew_snapshot *snapshot;
    struct ew_doc *doc;
    struct ew_arena *arena;
};

/* Ends the test program with a message when the file is not as it should be. */
struct uiwalk *uiwalk_load(const char *path);
void uiwalk_free(struct uiwalk *walk);

#endif
