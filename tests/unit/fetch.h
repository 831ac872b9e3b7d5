/* One want, asked and waited for. */
#ifndef TESTS_UNIT_FETCH_H
#define TESTS_UNIT_FETCH_H

#include "edgewalk/probe.h"

/* Runs a loop and a prober of its own until the fact is there; the caller's to unref. */
struct ew_fact *fetch(const struct ew_probe_config *config, const struct ew_want *want);
/* The same with a loop and prober that the test has. */
struct ew_fact *fetch_with(struct ew_loop *loop, struct ew_prober *prober,
                           const struct ew_want *want);
/* Starts it, frees the prober after so many milliseconds (negative: at once), runs a little on, and
 * * asserts that no fact came after that and no descriptor is left, the loop's aside. */
void fetch_cancelled(const struct ew_probe_config *config, const struct ew_want *want,
                     double after_ms);

/* A text member of the fact's value by its path; "" when there is none. */
const char *fact_text(const struct ew_fact *fact, const char *path);
long fact_int(const struct ew_fact *fact, const char *path); /* -1 when there is none */
bool fact_true(const struct ew_fact *fact, const char *path);

#endif
