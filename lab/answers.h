/* How known components answer, by name, so that scenarios need not spell out an nginx page. */
#ifndef LAB_ANSWERS_H
#define LAB_ANSWERS_H

#include "http.h"

#include "edgewalk/json.h"

/* Fills reply as the answer spec says (doc/scenario-format.md, "answers"): `as` names a row of the
 * table, other members override it. EW_EUSAGE for a name that is not in the table. `now` is for the
 * Date header, seconds since 1970; 0 leaves it out. */
int lab_answer(const struct ew_json *spec, const struct lab_request *request, int64_t now,
               struct lab_reply *reply, struct ew_err *err);
/* Whether lab_answer would take it: for scenarios, before they are played. */
int lab_answer_check(const struct ew_json *spec, struct ew_err *err);
/* The first of the map `answers` whose host, path, method, sni and headers fit the request; its key
 * in *name. NULL: none. */
const struct ew_json *lab_answer_pick(const struct ew_json *answers,
                                      const struct lab_request *request, const char **name);

#endif
