#include "edgewalk/fact/thresholds.h"

#include <string.h>

#define MINUTE 60e3
#define DAY (24 * 60 * MINUTE)

static const struct ew_threshold_row rows[EW_THRESHOLD_COUNT] = {
    [EW_CERTIFICATE_EXPIRES] = {"certificate-expires",
                                "a certificate with no longer to live is warned of", true, 14 * DAY,
                                MINUTE, 3650 * DAY},
    [EW_ADDRESS_PENDING] = {"address-pending",
                            "a load balancer's address that comes no sooner has failed", true,
                            5 * MINUTE, 1e3, DAY},
    [EW_RESTARTS] = {"restarts", "a container that failed so often is in a crash loop", false, 3, 1,
                     1000},
    [EW_RECENT_END] = {"recent-end",
                       "a ready pod whose container failed no longer ago is under suspicion of a "
                       "502 or 503",
                       true, 10 * MINUTE, 1e3, 7 * DAY},
};

const struct ew_threshold_row *ew_threshold_row(enum ew_threshold id)
{
    return &rows[id];
}

bool ew_threshold_find(const char *name, enum ew_threshold *out)
{
    for (int id = 0; id < EW_THRESHOLD_COUNT; id++)
        if (strcmp(rows[id].name, name) == 0) {
            *out = (enum ew_threshold)id;
            return true;
        }
    return false;
}

double ew_threshold(const struct ew_json *options, enum ew_threshold id)
{
    return ew_json_num(ew_json_get(ew_json_get(options, "thresholds"), rows[id].name),
                       rows[id].standard);
}
