/* Scenarios as folders: found, read, and laid over the scenario they are based on. Format:
 * doc/scenario-format.md. */
#ifndef LAB_SCENARIO_H
#define LAB_SCENARIO_H

#include "edgewalk/json.h"

struct lab_scenario {
    char *name;             /* of the folder */
    struct ew_doc *doc;     /* scenario.yaml, its bases merged in; variables not filled in yet */
    struct ew_doc *objects; /* an array of objects, changes applied */
};

/* The folders that hold a scenario.yaml, in order of name: `dir` itself, or those below it. Texts
 * and array are the caller's. EW_EUSAGE when there is none. */
int lab_scenario_find(const char *dir, char ***folders, size_t *count, struct ew_err *err);
/* Reads a folder. A base is looked for beside it, then in `library` (may be NULL). */
int lab_scenario_load(const char *folder, const char *library, struct lab_scenario **out,
                      struct ew_err *err);
void lab_scenario_free(struct lab_scenario *scenario);
const char *lab_scenario_title(const struct lab_scenario *scenario);

#endif
