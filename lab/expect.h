/* A verdict compared with the one that a scenario expects. Pure. */
#ifndef LAB_EXPECT_H
#define LAB_EXPECT_H

#include "edgewalk/json.h"

/* expect: of scenario.yaml (doc/scenario-format.md); walk: the JSON of `edgewalk -o json`
 * (doc/edgewalk.walk.v1.schema.json). Adds one line for each difference; returns how many there
 * are. */
size_t lab_expect(const struct ew_json *expect, const struct ew_json *walk, int exit_status,
                  struct ew_buf *differences);
/* Whether expect can be read, for a scenario before it is played. */
int lab_expect_check(const struct ew_json *expect, struct ew_err *err);

#endif
