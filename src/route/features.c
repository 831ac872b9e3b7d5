/* What the controller supports: --feature before GatewayClass.status.supportedFeatures before "all
 * of the standard channel". */
#include "config.h"

#include "routing.h"

#include <string.h>

/* Features that are not of the standard channel: off unless somebody claims them. */
static const char *const experimental[] = {
    "HTTPRouteRetry",
    "HTTPRouteRetryBackendTimeout",
    "HTTPRouteRetryConnectionError",
    "HTTPRouteSessionPersistence",
    "HTTPRouteExternalAuth",
};

/* Names of v1.5 and later: a controller whose list does not know them may support them all the
 * same. */
static const char *const young[] = {
    "TCPRoute",
    "UDPRoute",
    "TLSRouteModeTerminate",
    "TLSRouteModeMixed",
    "GatewayBackendClientCertificate",
    "GatewayFrontendClientCertificateValidation",
};

static bool is_young(const char *name)
{
    for (size_t i = 0; i < EW_COUNT(young); i++)
        if (strcmp(young[i], name) == 0)
            return true;
    return false;
}

static bool is_experimental(const char *name)
{
    for (size_t i = 0; i < EW_COUNT(experimental); i++)
        if (strcmp(experimental[i], name) == 0)
            return true;
    return false;
}

/* v1: objects with a name; before v1.2: plain texts. */
bool feature_claimed(const struct ew_json *features, const char *name)
{
    EW_JSON_EACH(item, features)
    {
        const char *text = ew_json_str(item);
        if (!text)
            text = ew_json_get_str(item, "name", NULL);
        if (text && strcmp(text, name) == 0)
            return true;
    }
    return false;
}

bool feature_on(const struct ew_routing *routing, const struct gateway *gateway, const char *name)
{
    const struct ew_json *own = ew_json_get(routing->features, name);
    if (ew_json_is(own, EW_JSON_BOOL))
        return ew_json_bool(own, true);
    if (gateway && ew_json_count(gateway->features))
        return is_young(name) || feature_claimed(gateway->features, name);
    return !is_experimental(name);
}
