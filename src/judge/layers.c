#include "edgewalk/judge.h"

static const char *const statuses[] = {
    [EW_ST_OK] = "ok",           [EW_ST_WARN] = "warn",       [EW_ST_FAIL] = "fail",
    [EW_ST_UNKNOWN] = "unknown", [EW_ST_SKIPPED] = "skipped", [EW_ST_NOT_REACHED] = "not-reached",
    [EW_ST_PENDING] = "pending",
};

static const char *const severities[] = {
    [EW_SEV_INFO] = "info",
    [EW_SEV_WARN] = "warn",
    [EW_SEV_FAIL] = "fail",
};

static const struct ew_layer_row layers[EW_LAYER_COUNT] = {
    [EW_LAYER_DNS] = {"dns", "DNS", "does the name lead to this edge?", 11},
    [EW_LAYER_LB] = {"lb", "load balancer", "does every address accept a connection?", 12},
    [EW_LAYER_TLS] = {"tls", "TLS", "is the right, valid certificate served for this name?", 13},
    [EW_LAYER_HTTP] = {"http", "HTTP", "what does a client get, and who answered it?", 14},
    [EW_LAYER_EDGE] = {"edge", "edge", "is the entry point accepted and programmed?", 15},
    [EW_LAYER_ROUTE] = {"route", "route", "which route serves this request, and is it attached?",
                        16},
    [EW_LAYER_SERVICE] = {"service", "Service", "do its backends exist, port and protocol right?",
                          17},
    [EW_LAYER_ENDPOINTS] = {"endpoints", "endpoints", "is anything ready behind them?", 18},
    [EW_LAYER_POD] = {"pod", "pods", "if not, why not?", 19},
    [EW_LAYER_APP] = {"app", "application", "is it the application itself?", 20},
    [EW_LAYER_API_ACCESS] = {"api-access", "API access", "what could not be read, and why?", 0},
    [EW_LAYER_POLICY] = {"policy", "policy", "are the rules that were switched on kept?", 0},
};

const char *ew_status_name(enum ew_status status)
{
    return statuses[status];
}

const char *ew_severity_name(enum ew_severity severity)
{
    return severities[severity];
}

const struct ew_layer_row *ew_layer_row(enum ew_layer layer)
{
    return &layers[layer];
}
