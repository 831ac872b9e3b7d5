#include "edgewalk/object.h"

#include <string.h>

#define GATEWAY "gateway.networking.k8s.io"
#define CLUSTER false
#define NAMESPACED true

/* versions: those whose fields we read the same way, best first. */
static const struct ew_kind_row kinds[EW_KIND_COUNT] = {
    [EW_GATEWAYCLASS] = {"GatewayClass", GATEWAY, "gatewayclasses", "v1 v1beta1", CLUSTER,
                         "gatewayclasses." GATEWAY},
    [EW_GATEWAY] = {"Gateway", GATEWAY, "gateways", "v1 v1beta1", NAMESPACED, "gateways." GATEWAY},
    [EW_LISTENERSET] = {"ListenerSet", GATEWAY, "listenersets", "v1", NAMESPACED,
                        "listenersets." GATEWAY},
    [EW_HTTPROUTE] = {"HTTPRoute", GATEWAY, "httproutes", "v1 v1beta1", NAMESPACED,
                      "httproutes." GATEWAY},
    [EW_GRPCROUTE] = {"GRPCRoute", GATEWAY, "grpcroutes", "v1 v1alpha2", NAMESPACED,
                      "grpcroutes." GATEWAY},
    [EW_TLSROUTE] = {"TLSRoute", GATEWAY, "tlsroutes", "v1 v1alpha3 v1alpha2", NAMESPACED,
                     "tlsroutes." GATEWAY},
    [EW_TCPROUTE] = {"TCPRoute", GATEWAY, "tcproutes", "v1 v1alpha2", NAMESPACED,
                     "tcproutes." GATEWAY},
    [EW_UDPROUTE] = {"UDPRoute", GATEWAY, "udproutes", "v1 v1alpha2", NAMESPACED,
                     "udproutes." GATEWAY},
    [EW_REFERENCEGRANT] = {"ReferenceGrant", GATEWAY, "referencegrants", "v1 v1beta1 v1alpha2",
                           NAMESPACED, "referencegrants." GATEWAY},
    [EW_BACKENDTLSPOLICY] = {"BackendTLSPolicy", GATEWAY, "backendtlspolicies", "v1 v1alpha3",
                             NAMESPACED, "backendtlspolicies." GATEWAY},
    [EW_INGRESS] = {"Ingress", "networking.k8s.io", "ingresses", "v1", NAMESPACED,
                    "ingresses.networking.k8s.io"},
    [EW_INGRESSCLASS] = {"IngressClass", "networking.k8s.io", "ingressclasses", "v1", CLUSTER,
                         "ingressclasses.networking.k8s.io"},
    [EW_NAMESPACE] = {"Namespace", "", "namespaces", "v1", CLUSTER, "namespaces"},
    [EW_SERVICE] = {"Service", "", "services", "v1", NAMESPACED, "services"},
    [EW_ENDPOINTSLICE] = {"EndpointSlice", "discovery.k8s.io", "endpointslices", "v1", NAMESPACED,
                          "endpointslices.discovery.k8s.io"},
    [EW_POD] = {"Pod", "", "pods", "v1", NAMESPACED, "pods"},
    [EW_REPLICASET] = {"ReplicaSet", "apps", "replicasets", "v1", NAMESPACED, "replicasets.apps"},
    [EW_DEPLOYMENT] = {"Deployment", "apps", "deployments", "v1", NAMESPACED, "deployments.apps"},
    [EW_STATEFULSET] = {"StatefulSet", "apps", "statefulsets", "v1", NAMESPACED,
                        "statefulsets.apps"},
    [EW_DAEMONSET] = {"DaemonSet", "apps", "daemonsets", "v1", NAMESPACED, "daemonsets.apps"},
    [EW_EVENT] = {"Event", "", "events", "v1", NAMESPACED, "events"},
    [EW_NODE] = {"Node", "", "nodes", "v1", CLUSTER, "nodes"},
    [EW_SECRET] = {"Secret", "", "secrets", "v1", NAMESPACED, "secrets"},
    [EW_CONFIGMAP] = {"ConfigMap", "", "configmaps", "v1", NAMESPACED, "configmaps"},
    [EW_NETWORKPOLICY] = {"NetworkPolicy", "networking.k8s.io", "networkpolicies", "v1", NAMESPACED,
                          "networkpolicies.networking.k8s.io"},
    [EW_CERTIFICATE] = {"Certificate", "cert-manager.io", "certificates", "v1", NAMESPACED,
                        "certificates.cert-manager.io"},
};

const struct ew_kind_row *ew_kind_row(enum ew_kind kind)
{
    return kind < EW_KIND_COUNT ? &kinds[kind] : NULL;
}

enum ew_kind ew_kind_of(const char *group, const char *kind)
{
    for (int i = 0; kind && i < EW_KIND_COUNT; i++)
        if (strcmp(kinds[i].kind, kind) == 0 && (!group || strcmp(kinds[i].group, group) == 0))
            return (enum ew_kind)i;
    return EW_KIND_OTHER;
}

enum ew_kind ew_kind_of_resource(const char *resource)
{
    for (int i = 0; resource && i < EW_KIND_COUNT; i++)
        if (strcmp(kinds[i].resource, resource) == 0)
            return (enum ew_kind)i;
    return EW_KIND_OTHER;
}
