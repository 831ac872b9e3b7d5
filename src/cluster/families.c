#include "served.h"

#include <string.h>

/* Kinds by which other products route by host: where one is served, a host that no Ingress and no
 * Gateway API route claims may be claimed there. */
static const struct {
    const char *group, *kind, *product;
} families[] = {
    {"traefik.io", "IngressRoute", "Traefik"},
    {"traefik.io", "IngressRouteTCP", "Traefik"},
    {"traefik.containo.us", "IngressRoute", "Traefik"},
    {"traefik.containo.us", "IngressRouteTCP", "Traefik"},
    {"networking.istio.io", "VirtualService", "Istio"},
    {"networking.istio.io", "Gateway", "Istio"},
    {"projectcontour.io", "HTTPProxy", "Contour"},
    {"route.openshift.io", "Route", "OpenShift"},
    {"configuration.konghq.com", "TCPIngress", "Kong"},
    {"configuration.konghq.com", "KongIngress", "Kong"},
    {"apisix.apache.org", "ApisixRoute", "APISIX"},
    {"getambassador.io", "Mapping", "Ambassador / Emissary-ingress"},
    {"getambassador.io", "Host", "Ambassador / Emissary-ingress"},
    {"x.getambassador.io", "AmbassadorMapping", "Ambassador / Emissary-ingress"},
    {"gateway.solo.io", "VirtualService", "Gloo"},
    {"gateway.solo.io", "RouteTable", "Gloo"},
    {"k8s.nginx.org", "VirtualServer", "NGINX Ingress Controller (F5)"},
    {"k8s.nginx.org", "TransportServer", "NGINX Ingress Controller (F5)"},
    {"zalando.org", "RouteGroup", "Skipper"},
    {"networking.gke.io", "MultiClusterIngress", "GKE"},
    {"networking.internal.knative.dev", "Ingress", "Knative"},
    {"serving.knative.dev", "DomainMapping", "Knative"},
    {"consul.hashicorp.com", "IngressGateway", "Consul"},
    {"consul.hashicorp.com", "ServiceRouter", "Consul"},
    {"appmesh.k8s.aws", "GatewayRoute", "AWS App Mesh"},
    {"elbv2.k8s.aws", "TargetGroupBinding", "AWS Load Balancer Controller"},
    {"kuma.io", "MeshHTTPRoute", "Kuma"},
    {"kuma.io", "MeshGatewayRoute", "Kuma"},
    {"policy.linkerd.io", "HTTPRoute", "Linkerd"},
    {"voyager.appscode.com", "Ingress", "Voyager"},
    {"tyk.tyk.io", "ApiDefinition", "Tyk"},
    {"cilium.io", "CiliumEnvoyConfig", "Cilium"},
    {"cilium.io", "CiliumClusterwideEnvoyConfig", "Cilium"},
    {"ingress.v3.haproxy.org", "TCP", "HAProxy"},
};

const char *family_product(const char *group, const char *kind)
{
    for (size_t i = 0; i < EW_COUNT(families); i++)
        if (strcmp(families[i].group, group) == 0 && strcmp(families[i].kind, kind) == 0)
            return families[i].product;
    return NULL;
}

bool family_has_group(const char *group)
{
    for (size_t i = 0; i < EW_COUNT(families); i++)
        if (strcmp(families[i].group, group) == 0)
            return true;
    return false;
}
