#include "causes.h"

const struct ew_cause ew_causes_api[] = {
    {
        .id = "api-unreachable",
        .layer = EW_LAYER_API_ACCESS,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "Kubernetes API not reachable (or too overloaded) from the tool",
        .symptom = "Tool can only report outside layers.",
        .evidence = "TCP/TLS to the server URL fails (refused, timeout, proxy error, DNS of the "
                    "API host); in-cluster: KUBERNETES_SERVICE_HOST unset; or the server answers "
                    "only 429/504/5xx, or drops pages (410 on a continue token).",
        .discriminator = "401/403 are answers. Report object layers as \"unknown\", never as "
                         "failed; keep edge verdicts.",
        .cause = "VPN off, private endpoint, wrong server in kubeconfig, HTTP(S)_PROXY.",
        .next_step = "kubectl cluster-info; kubectl config view --minify -o "
                     "jsonpath=\"{.clusters[0].cluster.server}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "api-unauthorized",
        .layer = EW_LAYER_API_ACCESS,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "Credentials rejected (401)",
        .symptom = "\"You must be logged in to the server (Unauthorized)\".",
        .evidence = "HTTP 401 on any call; client certificate notAfter < now; bearer token "
                    "expired (exp) or projected token rotated; exec credential plugin "
                    "missing/failing (stderr).",
        .discriminator = "403 means authenticated. TLS failure happens before HTTP "
                         "(api-tls-untrusted).",
        .cause = "One-year kubeadm/k3s certificate expired, SSO token expired, clock skew.",
        .next_step = "kubectl config view --minify --raw -o "
                     "jsonpath=\"{.users[0].user.client-certificate-data}\" | base64 -d | openssl "
                     "x509 -noout -enddate; kubectl auth whoami",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "api-forbidden-partial",
        .layer = EW_LAYER_API_ACCESS,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "RBAC denies some reads (403)",
        .symptom = "Some layers cannot be examined.",
        .evidence = "HTTP 403 with \"cannot list resource X in API group Y in the namespace Z\"; "
                    "other lists work; cluster-wide list denied but namespaced list allowed.",
        .discriminator = "404 for a group = CRD absent (edge-crd-missing). Never conclude \"no "
                         "routes\" from a denied list; fall back to namespaced lists.",
        .cause = "Read-only role lacks gateway.networking.k8s.io, endpointslices, or cluster "
                 "scope.",
        .next_step = "kubectl auth can-i list httproutes.gateway.networking.k8s.io -A; kubectl "
                     "auth can-i --list -n <ns>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "api-secrets-forbidden",
        .layer = EW_LAYER_API_ACCESS,
        .severity = EW_SEV_INFO,
        .recognised = true,
        .title = "Secrets unreadable: certificate checks limited to what is served",
        .symptom = "Cannot compare served certificate with Secret.",
        .evidence = "403 on get secrets; certificate chain from handshake and Certificate.status "
                    "still available.",
        .discriminator = "Right by design (seed: restrict Secret access) -> info, downgrade "
                         "tls-secret-* to \"cannot verify\".",
        .cause = "Least-privilege role.",
        .next_step = "kubectl auth can-i get secrets -n <ns>; use kubectl get certificate -n <ns> "
                     "<c> -o jsonpath=\"{.status.notAfter}\" instead",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "api-tls-untrusted",
        .layer = EW_LAYER_API_ACCESS,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "API server certificate not trusted or for another name",
        .symptom = "x509 errors on every call.",
        .evidence = "TLS verify failure against certificate-authority-data (unknown authority "
                    "after CA rotation), SAN lacks the address used (SSH tunnel, LB name), server "
                    "certificate expired, clock skew.",
        .discriminator = "401 occurs after TLS.",
        .cause = "Rotated cluster CA, tunnelled endpoint, expired serving certificate.",
        .next_step = "openssl s_client -connect <api>:6443 </dev/null | openssl x509 -noout "
                     "-dates -ext subjectAltName; kubectl config view --minify",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "api-wrong-cluster",
        .layer = EW_LAYER_API_ACCESS,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "kubeconfig context is not the cluster that serves this host",
        .symptom = "Tool says \"no route\" although the site works.",
        .evidence = "No resolved address is one of this cluster's load balancers, Gateways, "
                    "Ingresses or Nodes, no object in it claims the host, whatever the probe got; "
                    "or the namespace given does not exist.",
        .discriminator = "dns-wrong-target: objects of this cluster claim the host. Here nothing "
                         "in the cluster knows the host.",
        .cause = "Wrong context selected, multi-cluster DNS.",
        .next_step = "kubectl config current-context; kubectl get svc,gateway,ingress -A -o wide "
                     "| grep <ip>",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
};
const size_t ew_causes_api_count = EW_COUNT(ew_causes_api);
