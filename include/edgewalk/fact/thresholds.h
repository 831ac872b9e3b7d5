/* Thresholds of the judges: one table, from which the configuration file, the snapshot's options
 * (fact/keys.h "options": thresholds) and the judges read names and standard values. */
#ifndef EDGEWALK_FACT_THRESHOLDS_H
#define EDGEWALK_FACT_THRESHOLDS_H

#include "edgewalk/json.h"

enum ew_threshold {
    EW_CERTIFICATE_EXPIRES,
    EW_ADDRESS_PENDING,
    EW_RESTARTS,
    EW_RECENT_END,
    EW_THRESHOLD_COUNT,
};

/* Times are in milliseconds. */
struct ew_threshold_row {
    const char *name, *help;
    bool time;
    double standard, least, most;
};
const struct ew_threshold_row *ew_threshold_row(enum ew_threshold id);
bool ew_threshold_find(const char *name, enum ew_threshold *out);
/* The one in force by a snapshot's options (may be NULL), else the standard. */
double ew_threshold(const struct ew_json *options, enum ew_threshold id);

#endif
