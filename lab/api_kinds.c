#include "api_room.h"

#include <stdlib.h>
#include <string.h>

#define GATEWAY "gateway.networking.k8s.io"

static const struct lab_kind standard[] = {
    {"", "v1", "namespaces", "Namespace", "ns", false, false},
    {"", "v1", "nodes", "Node", "no", false, false},
    {"", "v1", "services", "Service", "svc", true, false},
    {"", "v1", "endpoints", "Endpoints", "ep", true, false},
    {"", "v1", "pods", "Pod", "po", true, false},
    {"", "v1", "events", "Event", "ev", true, false},
    {"", "v1", "secrets", "Secret", NULL, true, false},
    {"", "v1", "configmaps", "ConfigMap", "cm", true, false},
    {"", "v1", "serviceaccounts", "ServiceAccount", "sa", true, false},
    {"apps", "v1", "deployments", "Deployment", "deploy", true, false},
    {"apps", "v1", "replicasets", "ReplicaSet", "rs", true, false},
    {"apps", "v1", "statefulsets", "StatefulSet", "sts", true, false},
    {"apps", "v1", "daemonsets", "DaemonSet", "ds", true, false},
    {"batch", "v1", "jobs", "Job", NULL, true, false},
    {"autoscaling", "v2 v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", true,
     false},
    {"discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", NULL, true, false},
    {"networking.k8s.io", "v1", "ingresses", "Ingress", "ing", true, false},
    {"networking.k8s.io", "v1", "ingressclasses", "IngressClass", NULL, false, false},
    {"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol", true, false},
    {"coordination.k8s.io", "v1", "leases", "Lease", NULL, true, false},
    {GATEWAY, "v1 v1beta1", "gatewayclasses", "GatewayClass", "gc", false, true},
    {GATEWAY, "v1 v1beta1", "gateways", "Gateway", "gtw", true, true},
    {GATEWAY, "v1 v1beta1", "httproutes", "HTTPRoute", NULL, true, true},
    {GATEWAY, "v1", "grpcroutes", "GRPCRoute", NULL, true, true},
    {GATEWAY, "v1", "tlsroutes", "TLSRoute", NULL, true, true},
    {GATEWAY, "v1", "listenersets", "ListenerSet", "lset", true, true},
    {GATEWAY, "v1", "backendtlspolicies", "BackendTLSPolicy", "btlspolicy", true, true},
    {GATEWAY, "v1 v1beta1", "referencegrants", "ReferenceGrant", "refgrant", true, true},
    {GATEWAY, "v1alpha2", "tcproutes", "TCPRoute", NULL, true, true},
    {GATEWAY, "v1alpha2", "udproutes", "UDPRoute", NULL, true, true},
};

static bool left_out(const struct ew_json *spec, const struct lab_kind *kind)
{
    EW_JSON_EACH(entry, ew_json_get(spec, "without"))
    if (ew_streq(ew_json_str(entry), kind->group) || ew_streq(ew_json_str(entry), kind->plural))
        return true;
    return false;
}

struct lab_kind *lab_kinds_make(const struct ew_json *spec, size_t *count)
{
    const struct ew_json *extra = ew_json_get(spec, "resources");
    struct lab_kind *kinds = ew_alloc((EW_COUNT(standard) + ew_json_count(extra)) * sizeof *kinds);
    size_t n = 0;
    for (size_t i = 0; i < EW_COUNT(standard); i++)
        if (!left_out(spec, &standard[i]))
            kinds[n++] = standard[i];
    EW_JSON_EACH(row, extra)
    kinds[n++] = (struct lab_kind){.group = ew_json_get_str(row, "group", ""),
                                   .versions = ew_json_get_str(row, "versions", "v1"),
                                   .plural = ew_json_get_str(row, "plural", ""),
                                   .kind = ew_json_get_str(row, "kind", ""),
                                   .namespaced = ew_json_get_bool(row, "namespaced", true),
                                   .crd = true};
    *count = n;
    return kinds;
}

void lab_kinds_free(struct lab_kind *kinds)
{
    free(kinds);
}

bool lab_kind_has_version(const struct lab_kind *kind, const char *version)
{
    size_t len = strlen(version);
    const char *at = kind->versions;
    while ((at = strstr(at, version))) {
        bool starts = at == kind->versions || at[-1] == ' ';
        if (starts && (at[len] == ' ' || at[len] == '\0'))
            return true;
        at += len;
    }
    return false;
}

char *lab_first_word(const char *words)
{
    return ew_strndup(words, strcspn(words, " "));
}

/* The next segment, in place; NULL at the end. */
static const char *segment(char **at)
{
    while (**at == '/')
        (*at)++;
    if (!**at)
        return NULL;
    char *start = *at;
    *at += strcspn(*at, "/");
    if (**at)
        *(*at)++ = '\0';
    return start;
}

void lab_path_read(const char *path, struct lab_path *out)
{
    *out = (struct lab_path){.copy = ew_strdup(path)};
    char *at = out->copy;
    const char *first = segment(&at);
    out->core = first && strcmp(first, "api") == 0;
    out->groups = first && strcmp(first, "apis") == 0;
    if (!out->core && !out->groups)
        return;
    out->group = out->core ? "" : segment(&at);
    out->version = out->group ? segment(&at) : NULL;
    out->plural = segment(&at);
    if (!out->plural)
        return;
    out->name = segment(&at);
    const char *below = out->name ? segment(&at) : NULL;
    if (strcmp(out->plural, "namespaces") == 0 && below && strcmp(below, "status") != 0) {
        out->ns = out->name;
        out->plural = below;
        out->name = segment(&at);
        below = out->name ? segment(&at) : NULL;
    }
    out->sub = below;
}

void lab_path_release(struct lab_path *path)
{
    free(path->copy);
}
