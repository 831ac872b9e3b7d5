#include "api_room.h"

#include <stdlib.h>
#include <string.h>

#define GATEWAY "gateway.networking.k8s.io"

static const struct lab_kind standard[] = {
    {"", "v1", "namespaces", "Namespace", false, false},
    {"", "v1", "nodes", "Node", false, false},
    {"", "v1", "services", "Service", true, false},
    {"", "v1", "endpoints", "Endpoints", true, false},
    {"", "v1", "pods", "Pod", true, false},
    {"", "v1", "events", "Event", true, false},
    {"", "v1", "secrets", "Secret", true, false},
    {"", "v1", "configmaps", "ConfigMap", true, false},
    {"", "v1", "serviceaccounts", "ServiceAccount", true, false},
    {"apps", "v1", "deployments", "Deployment", true, false},
    {"apps", "v1", "replicasets", "ReplicaSet", true, false},
    {"apps", "v1", "statefulsets", "StatefulSet", true, false},
    {"apps", "v1", "daemonsets", "DaemonSet", true, false},
    {"batch", "v1", "jobs", "Job", true, false},
    {"autoscaling", "v2 v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true, false},
    {"discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true, false},
    {"networking.k8s.io", "v1", "ingresses", "Ingress", true, false},
    {"networking.k8s.io", "v1", "ingressclasses", "IngressClass", false, false},
    {"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true, false},
    {"coordination.k8s.io", "v1", "leases", "Lease", true, false},
    {GATEWAY, "v1 v1beta1", "gatewayclasses", "GatewayClass", false, true},
    {GATEWAY, "v1 v1beta1", "gateways", "Gateway", true, true},
    {GATEWAY, "v1 v1beta1", "httproutes", "HTTPRoute", true, true},
    {GATEWAY, "v1", "grpcroutes", "GRPCRoute", true, true},
    {GATEWAY, "v1", "tlsroutes", "TLSRoute", true, true},
    {GATEWAY, "v1", "listenersets", "ListenerSet", true, true},
    {GATEWAY, "v1", "backendtlspolicies", "BackendTLSPolicy", true, true},
    {GATEWAY, "v1 v1beta1", "referencegrants", "ReferenceGrant", true, true},
    {GATEWAY, "v1alpha2", "tcproutes", "TCPRoute", true, true},
    {GATEWAY, "v1alpha2", "udproutes", "UDPRoute", true, true},
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
