/* The catalogue of causes: one table a layer, all rows of it, recognised yet or not. */
#ifndef JUDGE_CAUSES_H
#define JUDGE_CAUSES_H

#include "edgewalk/judge.h"

#define CAUSE_TABLE(layer)                                                                         \
    extern const struct ew_cause ew_causes_##layer[];                                              \
    extern const size_t ew_causes_##layer##_count

CAUSE_TABLE(dns);
CAUSE_TABLE(lb);
CAUSE_TABLE(tls);
CAUSE_TABLE(http);
CAUSE_TABLE(edge);
CAUSE_TABLE(route);
CAUSE_TABLE(service);
CAUSE_TABLE(endpoints);
CAUSE_TABLE(pod);
CAUSE_TABLE(app);
CAUSE_TABLE(api);
CAUSE_TABLE(policy);

#endif
