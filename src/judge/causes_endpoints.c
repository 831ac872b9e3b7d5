#include "causes.h"

const struct ew_cause ew_causes_endpoints[] = {
    {
        .id = "ep-none",
        .layer = EW_LAYER_ENDPOINTS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Service has no endpoints because no pods exist (scaled to zero / never created)",
        .symptom = "503 from the edge (\"no healthy upstream\", \"no available server\", nginx "
                   "503); Traefik Ingress 404.",
        .evidence = "EndpointSlices empty or absent, zero pods match and the owning Deployment "
                    "has replicas 0 / HPA or KEDA at 0 / ReplicaSet FailedCreate (quota, "
                    "PodSecurity, webhook); Accepted and ResolvedRefs stay True (Envoy Gateway "
                    "adds BackendsAvailable=False reason EndpointsNotFound).",
        .discriminator = "svc-selector-mismatch: Ready pods exist with other labels. "
                         "ep-all-not-ready: pods exist but unready. On the edge, 500 instead of "
                         "503 means backendRef invalid.",
        .cause = "Scaled down, deployment deleted, pod creation denied.",
        .next_step = "kubectl get endpointslice -n <ns> -l kubernetes.io/service-name=<svc> -o "
                     "wide; kubectl get deploy,rs,hpa -n <ns>; kubectl get events -n <ns> | grep "
                     "FailedCreate",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "ep-all-not-ready",
        .layer = EW_LAYER_ENDPOINTS,
        .severity = EW_SEV_FAIL,
        .recognised = true,
        .title = "All endpoints are not ready",
        .symptom = "503 from the edge.",
        .evidence = "EndpointSlice endpoints present, every conditions.ready=false "
                    "(serving=false, terminating=false); pods Running with Ready=False.",
        .discriminator = "Name the pod row below (pod-readiness-failing, pod-crashloop ...) as "
                         "root; this is the hinge between Service and Pod.",
        .cause = "Readiness fails on every replica.",
        .next_step = "kubectl get endpointslice -n <ns> -l kubernetes.io/service-name=<svc> -o "
                     "wide; kubectl get pods -n <ns> -l <selector>; kubectl describe pod -n <ns> "
                     "<pod> | grep -A3 Readiness",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "ep-only-terminating",
        .layer = EW_LAYER_ENDPOINTS,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .recognised = true,
        .title = "Only terminating endpoints are left",
        .symptom = "Errors during rollout or node drain, then recovery.",
        .evidence = "Every endpoint terminating=true (serving true or false); kube-proxy falls "
                    "back to serving+terminating, Envoy Gateway/nginx may drop them -> 503 or "
                    "dial dying pods.",
        .discriminator = "Persistent for minutes = stuck termination (finalizer, long grace) or "
                         "surge missing (maxSurge 0 with 1 replica).",
        .cause = "Rollout without overlap.",
        .next_step = "kubectl get endpointslice -n <ns> -l kubernetes.io/service-name=<svc> -o "
                     "jsonpath=\"{range .items[*].endpoints[*]}{.addresses[0]} "
                     "{.conditions}{'\\n'}{end}\"; kubectl rollout status -n <ns> deploy/<d>",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "ep-partially-unready",
        .layer = EW_LAYER_ENDPOINTS,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "Only part of the replicas is ready (degraded)",
        .symptom = "Higher latency/overload, or nothing visible.",
        .evidence = "ready < desired replicas; some endpoints ready=false; PDB/HPA condition.",
        .discriminator = "If errors are proportional to unready pods the edge is still dialling "
                         "them: ep-edge-dials-old-ip or svc-publish-not-ready.",
        .cause = "Some replicas fail readiness or one zone is down.",
        .next_step = "kubectl get deploy -n <ns> <d>; kubectl get endpointslice -n <ns> -l "
                     "kubernetes.io/service-name=<svc> -o wide",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "ep-stale-slice",
        .layer = EW_LAYER_ENDPOINTS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "EndpointSlice lists addresses of pods that no longer exist",
        .symptom = "A share of requests times out/502 (or reaches another workload that reused "
                   "the IP).",
        .evidence = "Address in a slice matches no running pod IP (or a pod of another Service); "
                    "slice managed-by is a custom controller or a removed Service; "
                    "endpointslice-controller behind; Endpoints mirrored object orphaned; node "
                    "NotReady keeps pods listed.",
        .discriminator = "Here the API data is wrong; in ep-edge-dials-old-ip the slice is right "
                         "and the proxy is stale.",
        .cause = "Custom controller died, kube-controller-manager down, node partition.",
        .next_step = "kubectl get endpointslice -n <ns> -l kubernetes.io/service-name=<svc> -o "
                     "yaml | grep -E \"managed-by|addresses|- 1\"; kubectl get pods -A -o wide | "
                     "grep <ip>; kubectl get nodes",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "ep-edge-dials-old-ip",
        .layer = EW_LAYER_ENDPOINTS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Proxy still dials endpoints that already left the slice",
        .symptom = "502/504 bursts after rollouts; affected IPs are gone.",
        .evidence = "Proxy error/access log upstream address not in current EndpointSlice; config "
                    "reload failing, watch lost, or propagation slower than termination; "
                    "upstream_addr differs per replica.",
        .discriminator = "If the address is in the slice it is ep-stale-slice. Only in the "
                         "seconds after a rollout it is pod-no-drain.",
        .cause = "Frozen configuration (edge-config-reload-failed), API watch lost, DNS-cached "
                 "upstream.",
        .next_step = "kubectl logs -n <dp-ns> <proxy-pod> | grep -oE "
                     "\"([0-9]+\\.){3}[0-9]+:[0-9]+\" | sort | uniq -c; kubectl get endpointslice "
                     "-n <ns> -l kubernetes.io/service-name=<svc> -o wide",
        .decidable = "with logs",
        .frequency = "occasional",
    },
};
const size_t ew_causes_endpoints_count = EW_COUNT(ew_causes_endpoints);
