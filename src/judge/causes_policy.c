#include "causes.h"

const struct ew_cause ew_causes_policy[] = {
    {
        .id = "gov-class-required",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Ingress/Gateway without an explicit, approved class",
        .symptom = "No outage; lands on whatever edge is default.",
        .evidence = "Ingress.spec.ingressClassName empty, or class / gatewayClassName not in the "
                    "configured approved list for the namespace (or its exposure label).",
        .discriminator = "edge-ingressclass-unset is the outage form (nobody serves it).",
        .cause = "No class governance.",
        .next_step =
            "kubectl get ingress -A -o "
            "custom-columns=NS:.metadata.namespace,N:.metadata.name,C:.spec.ingressClassName; "
            "set the class, enforce by ValidatingAdmissionPolicy.",
        .decidable = "with policy-config",
        .frequency = "common",
    },
    {
        .id = "gov-hostname-suffix",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Public hostname outside the approved suffix or wrong environment suffix",
        .symptom = "None or surprise exposure.",
        .evidence = "Hostname on a public Gateway/class not ending in an approved suffix (label "
                    "boundary!), prod host in a staging namespace, preview host not "
                    "pr-*.preview.<domain>.",
        .discriminator = "evil-example.com ends with the string example.com but not with the "
                         "label suffix .example.com.",
        .cause = "Missing admission rule.",
        .next_step =
            "kubectl get httproute,ingress -A -o json | jq -r "
            "'.items[]|.metadata.namespace+\" "
            "\"+(([.spec.hostnames[]?]+[.spec.rules[]?.host])|map(select(.))|join(\",\"))'",
        .decidable = "with policy-config",
        .frequency = "common",
    },
    {
        .id = "gov-host-path-ownership",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Hostname or path prefix is used by a namespace that does not own it",
        .symptom = "Potential takeover or shadowing by another team.",
        .evidence = "Host (or host+prefix) mapped to an owner in configuration but claimed from "
                    "another namespace; several namespaces attach routes for one host on a shared "
                    "Gateway; exact/prefix overlap across owners.",
        .discriminator = "route-duplicate-match / route-ingress-duplicate are the runtime "
                         "collision; this row is raised earlier.",
        .cause = "Any namespace can claim any hostname; no prefix ownership or escalation path.",
        .next_step = "kubectl get httproute -A -o "
                     "custom-columns=NS:.metadata.namespace,N:.metadata.name,H:.spec.hostnames; "
                     "define owners and admission rules.",
        .decidable = "with policy-config",
        .frequency = "common",
    },
    {
        .id = "gov-wildcard-hostname",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Wildcard hostname outside the platform namespace",
        .symptom = "Route may capture other teams' hosts.",
        .evidence = "\"*.\" hostname in HTTPRoute/Ingress in a namespace not marked as platform; "
                    "route without hostnames on a shared listener counts as a wildcard too.",
        .discriminator = "Listener wildcard owned by platform is fine.",
        .cause = "No wildcard policy.",
        .next_step = "kubectl get httproute,ingress -A -o yaml | grep -nB12 \"\\*\\.\"",
        .decidable = "with policy-config",
        .frequency = "occasional",
    },
    {
        .id = "gov-http-not-redirected",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Public HTTP does not redirect to HTTPS",
        .symptom = "Plain HTTP answers 200.",
        .evidence = "GET http://<host>/ returns non-3xx (other than ACME path) while https "
                    "exists; HTTP listener carries a forwarding route; no RequestRedirect scheme "
                    "https / ssl-redirect.",
        .discriminator = "/.well-known/acme-challenge must stay reachable; HSTS alone is not a "
                         "redirect; port 80 closed is acceptable and reported as info.",
        .cause = "Redirect rule missing or attached to the wrong listener.",
        .next_step = "curl -sI http://<host>/; kubectl get httproute -A -o yaml | grep -n -A4 "
                     "requestRedirect",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "gov-cross-ns-backend",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Route uses a Service in another namespace without approval",
        .symptom = "None if granted.",
        .evidence = "backendRef.namespace != route namespace and a ReferenceGrant exists, but the "
                    "pair is not on the approved list; grants with no name restriction or many "
                    "from-namespaces.",
        .discriminator = "route-backend-not-permitted = no grant, traffic fails.",
        .cause = "Over-broad ReferenceGrant.",
        .next_step = "kubectl get referencegrant -A -o yaml",
        .decidable = "with policy-config",
        .frequency = "occasional",
    },
    {
        .id = "gov-attachment-too-open",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Public listener accepts routes from everywhere (or the label rule is bypassed)",
        .symptom = "Any team can publish.",
        .evidence = "Listener allowedRoutes.namespaces.from=All on a public class, or Selector "
                    "label that tenants can set themselves; namespace carries allow-public-routes "
                    "without being on the approved list.",
        .discriminator = "from: Same/Selector with platform-controlled labels is the target state.",
        .cause = "Convenience default.",
        .next_step = "kubectl get gateway -A -o jsonpath=\"{range .items[*]}{.metadata.name} "
                     "{.spec.listeners[*].allowedRoutes.namespaces.from}{'\\n'}{end}\"; kubectl "
                     "get ns -l platform.example.com/allow-public-routes=true",
        .decidable = "with policy-config",
        .frequency = "common",
    },
    {
        .id = "gov-backend-port-unnamed",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_INFO,
        .title = "Backend port is not an approved named port",
        .symptom = "None.",
        .evidence = "Service port behind a public route is unnamed or its name is not in the "
                    "approved set (http, https, grpc); appProtocol missing.",
        .discriminator = "Unresolved names are svc-targetport-unresolved.",
        .cause = "Convention not enforced.",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{range "
                     ".spec.ports[*]}{.name}:{.port}{'\\n'}{end}\"",
        .decidable = "with policy-config",
        .frequency = "occasional",
    },
    {
        .id = "gov-route-metadata-missing",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Public route without owner, data classification, exposure or contact labels",
        .symptom = "Nobody to call during an incident.",
        .evidence = "HTTPRoute/Ingress on a public edge lacks platform.example.com/owner, "
                    "data-classification, exposure (keys configurable) or the exposure value "
                    "contradicts the edge class.",
        .discriminator = "Labels on the namespace may be accepted as inherited if configured.",
        .cause = "No admission rule.",
        .next_step = "kubectl get httproute -A -L "
                     "platform.example.com/owner,platform.example.com/"
                     "exposure,platform.example.com/data-classification",
        .decidable = "with policy-config",
        .frequency = "common",
    },
    {
        .id = "gov-lb-service-public",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Service type LoadBalancer exposes an app directly",
        .symptom = "Bypasses gateway, TLS and WAF.",
        .evidence = "type LoadBalancer with a public address outside the platform namespaces and "
                    "without internal annotation; same pods are also behind a route.",
        .discriminator = "The data-plane Services of gateways are expected.",
        .cause = "Exposure by default.",
        .next_step = "kubectl get svc -A --field-selector spec.type=LoadBalancer -o wide",
        .decidable = "with policy-config",
        .frequency = "common",
    },
    {
        .id = "gov-gateway-sprawl",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_INFO,
        .title = "A Gateway / load balancer per app without reason",
        .symptom = "Cost and drift.",
        .evidence = "More than N Gateways per class with <=1 attached route each; several "
                    "LoadBalancer Services created by Gateways in app namespaces.",
        .discriminator = "Isolation classes (pci, regulated) are legitimate: allow by label.",
        .cause = "No shared-gateway pattern.",
        .next_step = "kubectl get gateway -A -o "
                     "custom-columns=NS:.metadata.namespace,N:.metadata.name,C:.spec."
                     "gatewayClassName,R:.status.listeners[*].attachedRoutes",
        .decidable = "with policy-config",
        .frequency = "occasional",
    },
    {
        .id = "gov-annotation-sprawl",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_INFO,
        .title = "Traffic policy hidden in vendor annotations on a frozen API",
        .symptom = "Hard to audit or migrate.",
        .evidence = "Ingress with > N controller annotations, or any of security class (auth, "
                    "WAF, allowlist, snippet), transport (timeouts, body size), routing (rewrite, "
                    "canary); class of each annotation listed.",
        .discriminator = "Functional loss is route-migration-feature-lost / "
                         "edge-ingress-annotation-ignored.",
        .cause = "Ingress lacks structured fields.",
        .next_step =
            "kubectl get ingress -A -o json | jq -r "
            "'.items[]|[.metadata.namespace,.metadata.name,(.metadata.annotations|length)]|@tsv' "
            "| sort -k3n",
        .decidable = "with policy-config",
        .frequency = "common",
    },
    {
        .id = "gov-tls-key-access",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Shared/wildcard TLS private keys held or readable by app teams",
        .symptom = "Key exposure risk.",
        .evidence = "Same certificate fingerprint (wildcard) in Secrets of several app "
                    "namespaces; Role/ClusterRole with get/list/watch secrets bound broadly in "
                    "the certificate namespace; ReferenceGrant to Secret without name.",
        .discriminator = "Per-host certificates owned by one team may be justified.",
        .cause = "Secret copied/reflected to tenants.",
        .next_step = "kubectl auth can-i get secrets -n <cert-ns> "
                     "--as=system:serviceaccount:<app-ns>:default; kubectl get referencegrant -A",
        .decidable = "with policy-config",
        .frequency = "occasional",
    },
    {
        .id = "gov-tls-policy",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Edge TLS below policy (issuer or minimum version)",
        .symptom = "Works, but out of policy.",
        .evidence = "Served issuer not in approved CA list; TLS 1.0/1.1 accepted; weak key (<2048 "
                    "RSA) or SHA-1; certificate without owner/managed Certificate.",
        .discriminator = "tls-version-or-cipher is the failure form.",
        .cause = "Default cipher policy of controller/LB.",
        .next_step = "curl --tlsv1.0 --tls-max 1.1 -sI https://<host>/; kubectl get certificate "
                     "-A -o custom-columns=N:.metadata.name,I:.spec.issuerRef.name",
        .decidable = "with policy-config",
        .frequency = "occasional",
    },
    {
        .id = "gov-no-networkpolicy",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Backend reachable from more than the gateway (no NetworkPolicy)",
        .symptom = "None.",
        .evidence = "Backend namespace has no ingress NetworkPolicy selecting the pods, or one "
                    "that allows all; expected: only data-plane namespace/pods to targetPort.",
        .discriminator = "pod-networkpolicy-block is the opposite mistake.",
        .cause = "No default-deny baseline.",
        .next_step = "kubectl get networkpolicy -n <ns>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "gov-public-route-unprotected",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Sensitive path or public API exposed without auth/WAF",
        .symptom = "Admin/metrics reachable from the internet.",
        .evidence = "From outside, GET /metrics, /admin, /actuator, /debug/pprof, /.git, /swagger "
                    "on the host returns 200; prefix \"/\" on a public route forwards the metrics "
                    "port; no WAF/auth policy targets the route.",
        .discriminator = "401/403/404 is fine. Probe only a short, configurable list with GET.",
        .cause = "Catch-all path, same port for app and admin.",
        .next_step = "curl -s -o /dev/null -w \"%{http_code}\" https://<host>/metrics; narrow the "
                     "route paths: kubectl get httproute -n <ns> <r> -o yaml",
        .decidable = "with policy-config",
        .frequency = "occasional",
    },
    {
        .id = "gov-create-rights-too-wide",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Everybody may create public routes (RBAC/admission missing)",
        .symptom = "Uncontrolled exposure.",
        .evidence = "can-i create gateways/httproutes/ingresses/referencegrants for ordinary "
                    "accounts; no ValidatingAdmissionPolicy/webhook (Kyverno, Gatekeeper) "
                    "matching these kinds; route creation automatically yields public DNS.",
        .discriminator = "Self-service is fine when admission constrains hostnames and classes.",
        .cause = "Governance not implemented.",
        .next_step = "kubectl auth can-i create gateways --as=system:serviceaccount:<ns>:default "
                     "-n <ns>; kubectl get "
                     "validatingadmissionpolicy,validatingwebhookconfiguration",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "gov-shared-edge-fragile",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Shared edge without redundancy",
        .symptom = "One node/pod failure takes all hosts down.",
        .evidence = "Data-plane Deployment replicas 1 or all pods on one node/zone, no "
                    "PodDisruptionBudget, no HPA; many attached routes (blast radius number "
                    "printed).",
        .discriminator = "lb-no-dataplane-endpoints is the outage.",
        .cause = "Default chart values.",
        .next_step = "kubectl get deploy,pdb,hpa -n <dp-ns>; kubectl get pods -n <dp-ns> -o wide",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "gov-promotion-without-status",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Objects shipped although not Accepted/ResolvedRefs/Programmed",
        .symptom = "Pipeline green, route dead.",
        .evidence = "Route generation deployed with Accepted or ResolvedRefs != True (or "
                    "observedGeneration stale), or zero ready endpoints, at gate time; exit "
                    "code/JSON field usable by CI.",
        .discriminator = "The specific reason has its own row; this is the gate verdict.",
        .cause = "Pipeline stops at kubectl apply.",
        .next_step = "kubectl wait httproute/<r> -n <ns> "
                     "--for=jsonpath=\"{.status.parents[0].conditions[?(@.type==\\\"Accepted\\\")]."
                     "status}\"=True "
                     "--timeout=60s",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "gov-canary-without-guard",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_INFO,
        .title = "Weighted/canary split without metric gate or rollback owner",
        .symptom = "User traffic on an unmeasured version.",
        .evidence = "backendRefs with 0<weight<sum older than N hours and no "
                    "Rollout/Canary/AnalysisTemplate object targeting the workload; no "
                    "per-backend metrics.",
        .discriminator = "route-canary-gets-all is the failure form.",
        .cause = "Gateway API gives the primitive, not the process.",
        .next_step = "kubectl get httproute -A -o json | jq -r "
                     "'.items[]|select([.spec.rules[].backendRefs[]?.weight]|length>1)|.metadata."
                     "namespace+\"/\"+.metadata.name'; "
                     "kubectl get rollouts,canaries -A 2>/dev/null",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "gov-cutover-without-rollback",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "DNS/edge cutover without a rollback path",
        .symptom = "Outage lasts a TTL longer than needed.",
        .evidence = "Host served by two edges (or record changed within the last TTL) while TTL > "
                    "300 s, old edge objects already deleted, or no documented runbook annotation.",
        .discriminator = "dns-stale-cutover is the incident.",
        .cause = "Rollback not designed before migration.",
        .next_step = "dig +norecurse @<ns> <host>; kubectl get ingress,httproute -A | grep "
                     "<host>; keep the old edge until the TTL has passed.",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "gov-edge-observability",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_INFO,
        .title = "Edge signals missing: metrics, expiry alert, reload errors, audit",
        .symptom = "Incidents found by users.",
        .evidence = "No ServiceMonitor/PodMonitor or scrape annotations on data plane/controller; "
                    "no PrometheusRule on certificate expiry or config reload; API audit not "
                    "verifiable from the tool.",
        .discriminator = "Absence of monitoring CRDs = unknown, not failed.",
        .cause = "Monitoring not part of the edge platform.",
        .next_step = "kubectl get servicemonitor,podmonitor,prometheusrule -A 2>/dev/null | grep "
                     "-iE \"gateway|ingress|cert\"",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "gov-controller-lifecycle",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_WARN,
        .title = "Controller retired, outdated or without conformance for used features",
        .symptom = "No patches; surprises on upgrade.",
        .evidence = "Image version of controller versus known end of life (ingress-nginx retired "
                    "March 2026), unsupported Gateway API bundle, features used but not in "
                    "supportedFeatures; nobody named as upgrade owner.",
        .discriminator = "edge-crd-version-skew and edge-feature-unsupported are the failing "
                         "forms.",
        .cause = "No ownership of controller upgrades.",
        .next_step = "kubectl get deploy,ds -A -o jsonpath=\"{range .items[*]}{.metadata.name} "
                     "{..image}{'\\n'}{end}\" | grep -iE \"ingress|gateway|traefik|envoy\"",
        .decidable = "heuristic",
        .frequency = "common",
    },
    {
        .id = "gov-manual-review",
        .layer = EW_LAYER_POLICY,
        .severity = EW_SEV_INFO,
        .title = "Review items no probe can prove",
        .symptom = "None.",
        .evidence = "Checklist printed as \"not verifiable here\": exposure decision and data "
                    "classification agreed, TLS termination point and certificate owner defined, "
                    "escalation path for shared domains, route/certificate changes auditable, "
                    "rollback documented, load test included gateway and backend, canary/DB "
                    "rollback compatibility considered.",
        .discriminator = "Never counted as passed or failed.",
        .cause = "Process, not object state.",
        .next_step = "Record attestations as annotations and let the tool read them: kubectl get "
                     "httproute -n <ns> <r> -o jsonpath=\"{.metadata.annotations}\"",
        .decidable = "checklist",
        .frequency = "common",
    },
};
const size_t ew_causes_policy_count = EW_COUNT(ew_causes_policy);
