/* One scenario being played: its name servers, edges and API are up, its files written. */
#ifndef LAB_STAGE_H
#define LAB_STAGE_H

#include "scenario.h"

#include <event2/event.h>

struct lab_stage;
/* net: third octet of the stage's addresses; two stages at once must differ in it. EW_EFAILED when
 * a port was taken meanwhile: try another net. scenario must outlive the stage. */
int lab_stage_new(struct event_base *base, const struct lab_scenario *scenario, int net,
                  struct lab_stage **out, struct ew_err *err);
void lab_stage_free(struct lab_stage *stage); /* removes its files */
/* The scenario with its variables filled in. */
const struct ew_json *lab_stage_spec(const struct lab_stage *stage);
const struct ew_json *lab_stage_objects(const struct lab_stage *stage); /* an array */
const char *lab_stage_dir(const struct lab_stage *stage);
const char *lab_stage_kubeconfig(const struct lab_stage *stage); /* NULL: a scenario without API */
const char *lab_stage_cacert(const struct lab_stage *stage);
/* The command line that walks it, NULL-terminated; array and texts are the caller's. output: of -o;
 * NULL leaves it out. */
char **lab_stage_command(const struct lab_stage *stage, const char *program, const char *output);

#endif
