#include "causes.h"

const struct ew_cause ew_causes_service[] = {
    {
        .id = "svc-port-mismatch",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Ingress/route refers to a Service port (number or name) the Service does not "
                 "have",
        .symptom = "503 (ingress-nginx), 500 (Gateway API) or 404 (Traefik) though pods are "
                   "healthy.",
        .evidence = "Ingress backend.service.port.number/name or backendRef.port not in "
                    "Service.spec.ports; route ResolvedRefs=False (Envoy Gateway PortNotFound, "
                    "Istio InvalidDestination, others BackendNotFound); controller log \"does not "
                    "have any active Endpoint\"; the wrong number often equals the targetPort.",
        .discriminator = "svc-targetport-unresolved: Service port exists but its named targetPort "
                         "does not. Endpoints are present in this row.",
        .cause = "Chart renamed the port, number vs name confusion.",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{range .spec.ports[*]}{.name} "
                     "{.port}->{.targetPort}{'\\n'}{end}\"; kubectl get ingress -n <ns> <ing> -o "
                     "jsonpath=\"{..service}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "svc-targetport-unresolved",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Named targetPort matches no container port",
        .symptom = "503 / no endpoints although pods are Ready.",
        .evidence = "targetPort is a name; selected pods have no containerPort with that name; "
                    "EndpointSlice ports list empty or endpoints missing; some pods may have it "
                    "(mixed versions).",
        .discriminator = "Selector mismatch selects no pod at all; here pods match but the port "
                         "is absent.",
        .cause = "Port renamed in the pod template, sidecar ports only.",
        .next_step = "kubectl get pods -n <ns> -l <selector> -o "
                     "jsonpath=\"{..containers[*].ports[*].name}\"; kubectl get endpointslice -n "
                     "<ns> -l kubernetes.io/service-name=<svc> -o wide",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "svc-targetport-not-listening",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "targetPort number is not the port the process listens on",
        .symptom = "502 (nginx/Traefik) or 503 \"connection refused\" (Envoy) for every request.",
        .evidence = "Endpoints ready and TCP connect to podIP:targetPort is refused instantly; "
                    "containerPort declares another port (informational only); probe port differs "
                    "from targetPort, so readiness stays green.",
        .discriminator = "Timeout instead of refusal -> pod-networkpolicy-block. Refused on pod "
                         "IP but OK on 127.0.0.1 -> pod-localhost-bind. Envoy body: \"delayed "
                         "connect error: 111\".",
        .cause = "targetPort typo or app default port changed.",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{.spec.ports[*].targetPort}\"; "
                     "kubectl get pods -n <ns> -l <selector> -o jsonpath=\"{..containerPort}\"; "
                     "kubectl get --raw \"/api/v1/namespaces/<ns>/pods/<pod>:<port>/proxy/\"",
        .decidable = "with probe-backend",
        .frequency = "common",
    },
    {
        .id = "svc-selector-mismatch",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Service selector matches no pods",
        .symptom = "503 no endpoints; running pods look healthy.",
        .evidence = "EndpointSlice empty; selector labels versus pod labels: zero pods match "
                    "while pods of the Deployment are Ready; print the differing key.",
        .discriminator = "ep-all-not-ready: pods match but are unready. ep-none: no pods exist.",
        .cause = "Label renamed (app vs app.kubernetes.io/name), Helm release name in selector, "
                 "wrong namespace.",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{.spec.selector}\"; kubectl get "
                     "pods -n <ns> --show-labels",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "svc-without-selector",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Service has no selector and no (or wrong) manual EndpointSlice",
        .symptom = "503, or traffic to stale hand-written addresses.",
        .evidence = "spec.selector empty; slice missing, lacks label "
                    "kubernetes.io/service-name=<svc>, port name differs from the Service port "
                    "name, or address/condition wrong; managed-by label not "
                    "endpointslice-controller.k8s.io.",
        .discriminator = "ExternalName has no slices by design. Controller-managed custom slices "
                         "-> ep-stale-slice.",
        .cause = "External backend modelled by hand.",
        .next_step = "kubectl get endpointslice -n <ns> -o "
                     "custom-columns=N:.metadata.name,S:.metadata.labels.kubernetes\\.io/"
                     "service-name,M:.metadata.labels.endpointslice\\.kubernetes\\.io/"
                     "managed-by,A:.endpoints[*].addresses",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "svc-selector-too-broad",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Selector also matches other workloads",
        .symptom = "A stable fraction of requests gets a wrong answer (404/500/other app).",
        .evidence = "Pods behind the Service belong to more than one owner "
                    "(ReplicaSet/Deployment/Job); target port refused on some; response "
                    "fingerprint varies.",
        .discriminator = "ep-partially-unready varies by readiness, canary by weight - here all "
                         "are Ready and weights do not explain it.",
        .cause = "Selector uses only a generic label (app: web), canary pods share labels, "
                 "CronJob pods.",
        .next_step = "kubectl get pods -n <ns> -l <selector> -o "
                     "custom-columns=N:.metadata.name,O:.metadata.ownerReferences[0].name",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "svc-externalname-backend",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "ExternalName Service as backend not supported or unresolvable",
        .symptom = "500/503/404 from the edge, or 502.",
        .evidence = "Service type ExternalName: route ResolvedRefs=False UnsupportedValue (Envoy "
                    "Gateway, NGF), Traefik needs allowExternalNameServices, ingress-nginx "
                    "resolves the name itself; or externalName gives NXDOMAIN / is an IP literal; "
                    "upstream host header not what the external site expects.",
        .discriminator = "Other kinds of Service in the same route work.",
        .cause = "Security default (CVE-2021-25740 class of confused deputy) or missing DNS.",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{.spec.type} "
                     "{.spec.externalName}\"; dig <externalName>; use a Backend CR or manual "
                     "EndpointSlice.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "svc-headless-backend",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Headless Service used where ports/VIP are assumed",
        .symptom = "Works on some controllers, fails where the ClusterIP is dialled or port "
                   "translation is expected.",
        .evidence = "clusterIP None; port != targetPort (no translation happens for DNS clients); "
                    "controllers that route to the Service VIP (service-upstream) have nothing to "
                    "dial.",
        .discriminator = "Controllers that use EndpointSlices directly handle it: verify by "
                         "conformance HTTPRouteServiceTypes.",
        .cause = "StatefulSet headless Service reused as public backend.",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{.spec.clusterIP} "
                     "{.spec.ports}\"; add a normal ClusterIP Service.",
        .decidable = "heuristic",
        .frequency = "rare",
    },
    {
        .id = "svc-backend-expects-tls",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "HTTP sent to an HTTPS backend",
        .symptom = "400 \"The plain HTTP request was sent to HTTPS port\" / \"Client sent an HTTP "
                   "request to an HTTPS server\" / 502.",
        .evidence = "Body/log text above with app fingerprint; TLS handshake to podIP:port "
                    "succeeds; no BackendTLSPolicy / backend-protocol: HTTPS / scheme https.",
        .discriminator = "Opposite direction is svc-backend-dialed-with-tls. 502 with refused "
                         "connect is a port fault.",
        .cause = "Backend terminates TLS itself, edge not told (re-encrypt missing).",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{range .spec.ports[*]}{.name} "
                     "{.port} {.appProtocol}{'\\n'}{end}\"; kubectl get backendtlspolicy -n <ns>",
        .decidable = "with probe-backend",
        .frequency = "common",
    },
    {
        .id = "svc-backend-dialed-with-tls",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "TLS used toward a plain-HTTP backend",
        .symptom = "500/502/503 for every request.",
        .evidence = "Traefik 500 with log \"tls: first record does not look like a TLS "
                    "handshake\" because Service port is 443 or named https*; Envoy 503 "
                    "\"TLS_error ... WRONG_VERSION_NUMBER\"; nginx \"SSL_do_handshake() failed "
                    "... wrong version number\".",
        .discriminator = "Certificate verification errors are backendtls-verification-failed.",
        .cause = "Port number/name heuristics, appProtocol https, BackendTLSPolicy on a plain "
                 "port.",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{.spec.ports}\"; rename the "
                     "port or set appProtocol: http.",
        .decidable = "with logs",
        .frequency = "occasional",
    },
    {
        .id = "svc-grpc-h2c-missing",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Backend needs HTTP/2 cleartext but the edge speaks HTTP/1.1",
        .symptom = "gRPC: 502 / \"upstream connect error ... protocol error\" / UNAVAILABLE; "
                   "grpcurl direct works.",
        .evidence = "h2 on the client side, upstream in h1: appProtocol kubernetes.io/h2c (or "
                    "port name grpc/h2c) absent with HTTPRoute; ingress-nginx backend-protocol: "
                    "GRPC absent; log \"upstream sent no valid HTTP/1.0 header\" / \"upstream "
                    "rejected request with error 2\".",
        .discriminator = "tls-alpn-no-h2 fails on the client side first.",
        .cause = "Protocol of the Service port undeclared (GRPCRoute implies h2).",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{range .spec.ports[*]}{.name} "
                     "{.appProtocol}{'\\n'}{end}\"; use GRPCRoute or appProtocol.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "svc-publish-not-ready",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "publishNotReadyAddresses sends traffic to unready pods",
        .symptom = "502/503 for part of traffic during start or failure of pods.",
        .evidence = "spec.publishNotReadyAddresses=true; EndpointSlice ready=true although Pod "
                    "Ready=False (serving also true).",
        .discriminator = "Normal Services never list unready pods as ready=true.",
        .cause = "Copied from a StatefulSet peer-discovery Service.",
        .next_step = "kubectl get svc -n <ns> <svc> -o "
                     "jsonpath=\"{.spec.publishNotReadyAddresses}\"; kubectl get pods -n <ns> -l "
                     "<selector>",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "backendtls-policy-rejected",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "BackendTLSPolicy not applied",
        .symptom = "5xx from the edge (must fail closed) or plain HTTP sent to a TLS backend.",
        .evidence = "Policy ancestor Accepted=False "
                    "NoValidCACertificate/Conflicted/TargetNotFound/Invalid or ResolvedRefs=False "
                    "InvalidCACertificateRef/InvalidKind; no ancestor status at all when the "
                    "Service is not routed or the feature is off; CA ConfigMap without key ca.crt "
                    "or in another namespace; sectionName != Service port name.",
        .discriminator = "backendtls-verification-failed: policy Accepted=True but handshake "
                         "fails. Oldest policy wins a conflict.",
        .cause = "Missing/invalid CA, wrong target, duplicate policies.",
        .next_step = "kubectl get backendtlspolicy -n <ns> -o yaml | grep -A25 status; kubectl "
                     "get cm -n <ns> <ca> -o jsonpath=\"{.data}\" | cut -c1-80",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "backendtls-verification-failed",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Backend certificate does not verify at the edge",
        .symptom = "502/503 after a backend certificate change.",
        .evidence = "Envoy \"TLS_error ... CERTIFICATE_VERIFY_FAILED\" (UF), nginx \"upstream SSL "
                    "certificate verify error\", Traefik \"x509: certificate is valid for X, not "
                    "Y\" / unknown authority / expired; policy conditions True; backend leaf SAN "
                    "not equal to validation.hostname/subjectAltNames.",
        .discriminator = "Client-facing handshake is fine in this row; edge-certificate rows fail "
                         "before HTTP.",
        .cause = "Hostname in policy differs from SAN, CA rotated, backend certificate expired, "
                 "SNI not sent.",
        .next_step = "kubectl get backendtlspolicy -n <ns> <p> -o "
                     "jsonpath=\"{.spec.validation}\"; openssl s_client -connect <podIP>:<port> "
                     "-servername <validation.hostname> </dev/null",
        .decidable = "with logs",
        .frequency = "occasional",
    },
    {
        .id = "mesh-mtls-strict",
        .layer = EW_LAYER_SERVICE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Mesh mTLS STRICT rejects a gateway outside the mesh",
        .symptom = "502/503 \"connection reset by peer\" / \"upstream connect error ... reset "
                   "before headers\".",
        .evidence = "PeerAuthentication STRICT (or Linkerd policy) in backend namespace; gateway "
                    "pod has no sidecar/ambient; reset right after connect to podIP; kubelet HTTP "
                    "probes still pass (rewritten).",
        .discriminator = "NetworkPolicy drops (timeout) instead of reset.",
        .cause = "Gateway not enrolled in the mesh or DestinationRule disables ISTIO_MUTUAL.",
        .next_step = "kubectl get peerauthentication -A; kubectl get pod -n <dp-ns> <gw-pod> -o "
                     "jsonpath=\"{.spec.containers[*].name}\"",
        .decidable = "with mesh-crds",
        .frequency = "occasional",
    },
};
const size_t ew_causes_service_count = EW_COUNT(ew_causes_service);
