#include "causes.h"

#include <string.h>

struct table {
    const struct ew_cause *rows;
    const size_t *count;
};

/* In order of layer. */
static const struct table tables[] = {
    {ew_causes_dns, &ew_causes_dns_count},
    {ew_causes_lb, &ew_causes_lb_count},
    {ew_causes_tls, &ew_causes_tls_count},
    {ew_causes_http, &ew_causes_http_count},
    {ew_causes_edge, &ew_causes_edge_count},
    {ew_causes_route, &ew_causes_route_count},
    {ew_causes_service, &ew_causes_service_count},
    {ew_causes_endpoints, &ew_causes_endpoints_count},
    {ew_causes_pod, &ew_causes_pod_count},
    {ew_causes_app, &ew_causes_app_count},
    {ew_causes_api, &ew_causes_api_count},
    {ew_causes_policy, &ew_causes_policy_count},
};

size_t ew_cause_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < EW_COUNT(tables); i++)
        count += *tables[i].count;
    return count;
}

const struct ew_cause *ew_cause_at(size_t index)
{
    for (size_t i = 0; i < EW_COUNT(tables); i++) {
        if (index < *tables[i].count)
            return &tables[i].rows[index];
        index -= *tables[i].count;
    }
    return NULL;
}

const struct ew_cause *ew_cause_find(const char *id)
{
    const struct ew_cause *cause;
    for (size_t i = 0; id && (cause = ew_cause_at(i)); i++)
        if (strcmp(cause->id, id) == 0)
            return cause;
    return NULL;
}
