#include "causes.h"

const struct ew_cause ew_causes_route[] = {
    {
        .id = "route-none-for-host",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "No route or Ingress claims this hostname",
        .symptom = "404 from the edge on every path (gRPC: UNIMPLEMENTED).",
        .evidence = "Edge-made 404 (Envoy: empty body, no x-envoy-upstream-service-time, flag NR; "
                    "nginx default backend \"default backend - 404\"; Traefik text \"404 page not "
                    "found\"); no HTTPRoute/GRPCRoute/TLSRoute/Ingress whose hostnames match "
                    "exactly or by wildcard.",
        .discriminator = "dns-wildcard-catchall explains why it even connects; rows with an "
                         "object that claims the host name its rejection reason. If \"Host: "
                         "name\" works but \"Host: name:port\" is 404, the data plane compares "
                         "the authority including the port (envoyproxy/envoy#886).",
        .cause = "Route never deployed, deleted, in another cluster, or host typo.",
        .next_step = "kubectl get httproute,grpcroute,tlsroute,ingress -A | grep <host>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-parent-status-absent",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Route has no status entry for its parent",
        .symptom = "404; kubectl describe shows an empty status.",
        .evidence = "route.status.parents lacks an entry for a parentRef although the Gateway "
                    "exists; either Gateway/controller never processed it (Unknown Pending) or "
                    "parentRef group/kind/namespace resolves to something the controller does not "
                    "own.",
        .discriminator = "Gateway missing -> edge-gateway-missing. If the probe succeeds, status "
                         "was lost under churn -> route-status-disagrees-with-traffic.",
        .cause = "Wrong parentRef namespace/kind, controller not reconciling, or class owned by "
                 "another controller.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{.spec.parentRefs} "
                     "{.status.parents}\"; kubectl logs -n <controller-ns> deploy/<controller> | "
                     "grep <r>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-section-not-found",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "parentRef.sectionName or port matches no listener",
        .symptom = "404; route rejected.",
        .evidence = "Accepted=False reason NoMatchingParent; sectionName not among "
                    "spec.listeners[].name, or port differs from that listener's port.",
        .discriminator = "NotAllowedByListeners = listener found but refuses; "
                         "NoMatchingListenerHostname = found but host differs. An unset "
                         "sectionName cannot cause this.",
        .cause = "Listener renamed (http -> https), case/typo, port changed.",
        .next_step = "kubectl get gateway -n <gw-ns> <gw> -o jsonpath=\"{range "
                     ".spec.listeners[*]}{.name}:{.port} {end}\"; kubectl get httproute -n <ns> "
                     "<r> -o jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-namespace-not-selected",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Namespace lacks the label the listener selects",
        .symptom = "404; route rejected.",
        .evidence = "Accepted=False NotAllowedByListeners; listener "
                    "allowedRoutes.namespaces.from=Selector and the route namespace's labels do "
                    "not satisfy matchLabels/matchExpressions.",
        .discriminator = "from: Same (or unset) is route-namespace-same-only; kind refusal is "
                         "route-kind-not-allowed. Evaluate the selector yourself and print the "
                         "missing label.",
        .cause = "Namespace label missing, misspelt value (\"true\" vs true), or removed by "
                 "GitOps.",
        .next_step = "kubectl get ns <ns> --show-labels; kubectl get gateway -n <gw-ns> <gw> -o "
                     "jsonpath=\"{.spec.listeners[*].allowedRoutes.namespaces}\"; ask the "
                     "platform team to add: kubectl label ns <ns> "
                     "platform.example.com/allow-public-routes=true",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-namespace-same-only",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Listener only accepts routes from its own namespace (default)",
        .symptom = "404; route rejected.",
        .evidence = "Accepted=False NotAllowedByListeners; allowedRoutes unset or from: Same and "
                    "route namespace != Gateway namespace.",
        .discriminator = "Selector case names a label; here no label can help.",
        .cause = "allowedRoutes default is Same; people expect All.",
        .next_step = "kubectl get gateway -n <gw-ns> <gw> -o "
                     "jsonpath=\"{.spec.listeners[*].allowedRoutes}\"; kubectl get httproute -n "
                     "<ns> <r> -o jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-kind-not-allowed",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Listener does not admit this route kind",
        .symptom = "404/UNIMPLEMENTED or TLS reject; route rejected.",
        .evidence = "Accepted=False NotAllowedByListeners (or NoMatchingParent on some); "
                    "allowedRoutes.kinds excludes GRPCRoute/TLSRoute/TCPRoute; supportedKinds "
                    "lists others.",
        .discriminator = "edge-listener-unsupported: implementation cannot do the kind at all "
                         "(InvalidRouteKinds on the listener).",
        .cause = "Listener restricted to HTTPRoute.",
        .next_step = "kubectl get gateway -n <gw-ns> <gw> -o "
                     "jsonpath=\"{.spec.listeners[*].allowedRoutes.kinds} "
                     "{.status.listeners[*].supportedKinds}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-hostname-no-intersection",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Route hostnames do not intersect the listener hostname",
        .symptom = "404; route rejected.",
        .evidence = "Accepted=False NoMatchingListenerHostname; for every attached listener no "
                    "route hostname equals/suffix-matches (listener *.example.com does not match "
                    "example.com).",
        .discriminator = "If only some hostnames intersect the route is Accepted and just the "
                         "others are ignored: check per hostname, not per route.",
        .cause = "Host outside the listener suffix, apex on wildcard listener, other environment "
                 "suffix.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{.spec.hostnames}\"; "
                     "kubectl get gateway -n <gw-ns> <gw> -o "
                     "jsonpath=\"{.spec.listeners[*].hostname}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-wildcard-label-confusion",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Wildcard host matches fewer (Ingress) or more (Gateway) labels than assumed",
        .symptom = "a.b.example.com 404 on Ingress but routed on Gateway API, or unexpected host "
                   "is served.",
        .evidence = "Ingress rule host *.example.com vs request with 2+ labels -> no match; "
                    "HTTPRoute/listener *.example.com matches one or more labels; apex never "
                    "matches.",
        .discriminator = "tls-wildcard-depth is the certificate half of the same confusion.",
        .cause = "Different wildcard rules of Ingress, Gateway API, X.509 and DNS; surfaces in "
                 "migrations.",
        .next_step = "kubectl get ingress,httproute -A -o yaml | grep -nE \"\\*\\.\"; add "
                     "explicit hosts.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-catchall-hostname",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .recognised = true,
        .title = "Route without hostnames captures hosts of others",
        .symptom = "Unexpected app answers unknown hosts; or a foreign host gets 200.",
        .evidence = "HTTPRoute.spec.hostnames empty (or Ingress rule without host) on a shared "
                    "listener without hostname; request host has no more specific route.",
        .discriminator = "Not a fault when it is the intended default backend owned by platform.",
        .cause = "hostnames omitted.",
        .next_step =
            "kubectl get httproute -A -o json | jq -r "
            "'.items[]|select((.spec.hostnames//[])==[])|.metadata.namespace+\"/\"+.metadata.name'",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-attached-to-one-listener",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Accepted by one listener, rejected or absent on the other",
        .symptom = "http works and https does not (or reverse).",
        .evidence = "status.parents has entries with different Accepted values, or sectionName "
                    "pins the http listener only; https listener attachedRoutes=0.",
        .discriminator = "If https fails in TLS already, see tls rows. Condition is per "
                         "parentRef, so a route-level True can hide a dead listener.",
        .cause = "sectionName limited to one listener, hostname/namespace rules differ per "
                 "listener.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"; kubectl get "
                     "gateway -n <gw-ns> <gw> -o jsonpath=\"{range "
                     ".status.listeners[*]}{.name}={.attachedRoutes} {end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-listener-isolation",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "A more specific listener owns the host but has no route (listener isolation)",
        .symptom = "404 for one host although a wildcard route covers it.",
        .evidence = "Host matches listener A exactly (or longer wildcard) and listener B by "
                    "wildcard; the route is attached only to B; implementation supports "
                    "GatewayHTTPListenerIsolation.",
        .discriminator = "Without isolation support the wildcard route answers: behaviour depends "
                         "on supportedFeatures.",
        .cause = "New exact listener added (often for its own certificate) without attaching the "
                 "route.",
        .next_step = "kubectl get gatewayclass <c> -o "
                     "jsonpath=\"{.status.supportedFeatures[*].name}\" | grep -i isolation; "
                     "attach the route to the specific listener.",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "route-status-disagrees-with-traffic",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "Route status is wrong or empty while traffic flows",
        .symptom = "None for clients.",
        .evidence = "Accepted=False (e.g. stale NoMatchingListenerHostname) or parents empty, but "
                    "the probe returns the expected backend and observedGeneration may even be "
                    "current.",
        .discriminator = "Probe success lowers severity to warn. If only an older replica still "
                         "routes, new proxies will 404 - check per replica.",
        .cause = "Controller status bug or race under churn.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"; compare "
                     "with the probe; restart/upgrade the controller.",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "route-value-or-filter-rejected",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Route rejected for an unsupported value or incompatible filters",
        .symptom = "404 or old behaviour.",
        .evidence = "Accepted=False UnsupportedValue or IncompatibleFilters (e.g. URLRewrite + "
                    "RequestRedirect), NGF UnsupportedField/InvalidFilter, Istio "
                    "InvalidFilter/InvalidConfiguration.",
        .discriminator = "PartiallyInvalid=True keeps good rules (route-partially-invalid).",
        .cause = "Illegal combination or implementation limit.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-partially-invalid",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Only some rules of the route are active",
        .symptom = "Some paths work, others 404/500 or follow an older version of the rule.",
        .evidence = "PartiallyInvalid=True with message starting \"Dropped Rule\" or \"Fall "
                    "Back\"; Accepted stays True.",
        .discriminator = "Everything failing is Accepted=False.",
        .cause = "One rule invalid; implementation drops it or keeps the previous generation.",
        .next_step = "kubectl get httproute -n <ns> <r> -o "
                     "jsonpath=\"{.status.parents[*].conditions[?(@.type==\\\"PartiallyInvalid\\\")"
                     "].message}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-filter-ref-missing",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "ExtensionRef filter target missing",
        .symptom = "500 or 404 for the rule (some versions: the whole route).",
        .evidence = "ResolvedRefs=False / InvalidFilter naming the "
                    "HTTPRouteFilter/Middleware/SnippetsFilter; object 404.",
        .discriminator = "Spec: must not skip the filter, so an error is correct behaviour. "
                         "Backend missing reads BackendNotFound.",
        .cause = "Filter CR not created or other namespace.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{..extensionRef}\"; kubectl "
                     "get <kind> -n <ns> <name>",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-backend-not-found",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Backend Service does not exist",
        .symptom = "HTTPRoute: 500 for its share of traffic (gRPC UNAVAILABLE). Ingress: 503 "
                   "(ingress-nginx) or 404 (Traefik).",
        .evidence = "ResolvedRefs=False BackendNotFound; Service GET 404 in the backendRef "
                    "namespace (default: route namespace).",
        .discriminator = "Service exists with zero endpoints gives 503 and ResolvedRefs=True "
                         "(ep-none). Name exists in another namespace -> suggest namespace + "
                         "grant.",
        .cause = "Typo, Service renamed/deleted, preview environment removed, wrong namespace.",
        .next_step = "kubectl get svc -A | grep <svc>; kubectl get httproute -n <ns> <r> -o "
                     "jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-backend-not-permitted",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Cross-namespace backend without ReferenceGrant",
        .symptom = "500 for the affected share.",
        .evidence = "ResolvedRefs=False RefNotPermitted; backendRef.namespace != route namespace; "
                    "no ReferenceGrant in the Service namespace with from{HTTPRoute, <route-ns>} "
                    "to{group \"\", kind Service}.",
        .discriminator = "BackendNotFound if the Service is absent too: grant is checked first, "
                         "so fix the grant then look again. gov-cross-ns-backend is the policy "
                         "view when a grant exists.",
        .cause = "Grant missing, in wrong namespace, wrong kind (GRPCRoute vs HTTPRoute) or name.",
        .next_step = "kubectl get referencegrant -n <svc-ns> -o yaml",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-backend-kind-or-port-invalid",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "backendRef kind unknown, port omitted, or port protocol unsupported",
        .symptom = "500 for the share.",
        .evidence = "ResolvedRefs=False InvalidKind (or UnsupportedValue for a custom Backend CR "
                    "that is switched off); port omitted for a Service (Envoy Gateway "
                    "PortNotSpecified); UnsupportedProtocol because the Service port "
                    "protocol/appProtocol cannot be served by this route kind.",
        .discriminator = "A port that is given but absent from the Service is svc-port-mismatch.",
        .cause = "Port left out or a name put where a number is needed, unknown group/kind, "
                 "UDP/odd appProtocol, custom Backend CR not enabled.",
        .next_step = "kubectl get svc -n <ns> <svc> -o jsonpath=\"{.spec.ports}\"; kubectl get "
                     "httproute -n <ns> <r> -o jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-no-effective-backend",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "All weights are zero or the rule has no backendRefs",
        .symptom = "500 on the rule with every condition True.",
        .evidence = "Matched rule: sum(weight)=0, or backendRefs empty without RequestRedirect; "
                    "ResolvedRefs=True.",
        .discriminator = "BackendNotFound has ResolvedRefs=False. App 500 has app headers and a "
                         "pod log line.",
        .cause = "Canary rollback set 0/0, template rendered an empty list.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{range "
                     ".spec.rules[*]}{.backendRefs[*].name} {.backendRefs[*].weight}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-canary-gets-all",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Canary receives all (or far too much) traffic",
        .symptom = "New version takes everybody.",
        .evidence = "Weights: canary>0 with stable 0/missing/invalid (invalid backend share "
                    "becomes 500, but an omitted weight means 1); a header-less duplicate "
                    "rule/route with higher precedence points to canary; stable endpoints empty "
                    "and implementation redistributes.",
        .discriminator = "With N fresh requests estimate the share and compare with weight/sum; a "
                         "deviation within binomial noise is fine. Sticky cookies distort "
                         "single-client tests.",
        .cause = "Weights are relative, not percent; rule order/age; header rule without the "
                 "header match.",
        .next_step = "kubectl get httproute -n <ns> <r> -o yaml | grep -nE "
                     "\"weight|name:|headers\" ; kubectl get endpointslice -n <ns> -l "
                     "kubernetes.io/service-name=<stable>",
        .decidable = "with samples",
        .frequency = "occasional",
    },
    {
        .id = "route-canary-gets-none",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "Canary receives nothing",
        .symptom = "Header/weight canary has no effect.",
        .evidence = "Ingress canary annotations without a primary Ingress of same "
                    "host+path+class, more than one canary, or unsupported annotations on it; "
                    "HTTPRoute header match misspelt/value differs (Exact by default); canary in "
                    "another route that loses precedence.",
        .discriminator = "Canary Service empty -> ep-none for that share.",
        .cause = "Orphan canary Ingress, header name/value mismatch, weight 0.",
        .next_step = "kubectl get ingress -A -o json | jq -r "
                     "'.items[]|select(.metadata.annotations[\"nginx.ingress.kubernetes.io/"
                     "canary\"]==\"true\")|.metadata.namespace+\"/\"+.metadata.name'; "
                     "curl -H \"x-release-track: canary\" https://<host>/",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-path-not-matched",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Host is routed but no rule matches this path",
        .symptom = "404 from the edge for this path only.",
        .evidence = "Edge-made 404; a known sibling path returns an app response; no match in any "
                    "rule of attached routes for the path.",
        .discriminator = "app-404: response carries app fingerprint or appears in pod logs. "
                         "route-none-for-host: all paths 404.",
        .cause = "Path missing, prefix typo, rule in a route that was not accepted.",
        .next_step = "kubectl get httproute,ingress -A -o yaml | grep -nE \"value: /|path: /\"; "
                     "curl -i https://<host>/<known>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-exact-vs-prefix",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Path type means something else than assumed (Exact / Prefix / "
                 "ImplementationSpecific, element boundary, case)",
        .symptom = "/api works, /api/ or /api/x or /API is 404; or /apiary unexpectedly lands on "
                   "/api.",
        .evidence = "match.type=Exact (or pathType Exact/ImplementationSpecific) and the request "
                    "differs by suffix, case or trailing slash; Prefix is element-wise by spec "
                    "(/api does not match /apiary) but character-wise in Traefik Ingress without "
                    "strictPrefixMatching and in ingress-nginx regex locations.",
        .discriminator = "Only the slash differs -> route-trailing-slash; host-wide regex side "
                         "effects -> route-regex-semantics.",
        .cause = "Exact chosen, ImplementationSpecific interpreted differently (GKE needs /*, "
                 "nginx regex).",
        .next_step = "kubectl get ingress -n <ns> <ing> -o jsonpath=\"{range "
                     ".spec.rules[*].http.paths[*]}{.pathType} {.path}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "route-trailing-slash",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .recognised = true,
        .title = "Trailing slash handling differs",
        .symptom = "/app -> 404 or 301 to /app/, relative links break.",
        .evidence = "Status differs between /p and /p/; PathPrefix ignores the trailing slash, "
                    "Exact does not; ingress-nginx adds a 301 for prefix locations ending in "
                    "\"/\".",
        .discriminator = "If the app sends the 301 (app headers) it is an app convention.",
        .cause = "Different trailing-slash semantics across Ingress controllers and Gateway API.",
        .next_step = "curl -sI https://<host>/<p>; curl -sI https://<host>/<p>/; kubectl get "
                     "httproute -n <ns> <r> -o jsonpath=\"{..path}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-regex-semantics",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Regex path behaves differently than expected",
        .symptom = "Path rule matches too much or nothing after adding a regex/rewrite.",
        .evidence = "ingress-nginx: any use-regex or rewrite-target on one Ingress turns every "
                    "path of that host into case-insensitive prefix regex; HTTPRoute "
                    "RegularExpression is implementation-specific (RE2, full vs. partial match) "
                    "or unsupported.",
        .discriminator = "Literal-looking paths with \".\" or \"(\" count too.",
        .cause = "Host-wide side effect of another object, dialect differences.",
        .next_step = "kubectl get ingress -A -o json | jq -r "
                     "'.items[]|select(.spec.rules[]?.host==\"<host>\")|select(.metadata."
                     "annotations|tostring|test(\"use-regex|rewrite-target\"))|.metadata.namespace+"
                     "\"/\"+.metadata.name'",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "route-percent-encoding",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Encoded or non-normalised path is matched/forwarded differently",
        .symptom = "404/400 for paths with %2F, //, .., spaces or +.",
        .evidence = "Same resource via decoded path works; Envoy normalises and may reject %2F, "
                    "Traefik blocks encoded characters unless allowed, nginx decodes+merges "
                    "slashes when a URI is given in proxy_pass.",
        .discriminator = "WAF traversal rules also 403 on ../ or %2e: http-waf-block.",
        .cause = "Path normalisation policy; Exact/PathPrefix values cannot contain %2F or //.",
        .next_step = "curl --path-as-is -sI \"https://<host>/a%2Fb\"; kubectl get "
                     "clienttrafficpolicy -A -o yaml 2>/dev/null | grep -A5 path",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "route-precedence-surprise",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .recognised = true,
        .title = "Another legal route wins by precedence",
        .symptom = "Right objects, wrong backend for some requests.",
        .evidence = "Several accepted routes match: exact host beats wildcard, Exact beats longer "
                    "PathPrefix beats shorter, then method, number of headers, query, oldest "
                    "creationTimestamp, then namespace/name; evaluate and print winner + loser.",
        .discriminator = "Identical match = route-duplicate-match; different host specificity = "
                         "also this row.",
        .cause = "Broader prefix or wildcard owned by another team, or a \"/\" rule in an older "
                 "route.",
        .next_step = "kubectl get httproute -A --sort-by=.metadata.creationTimestamp -o "
                     "custom-columns=NS:.metadata.namespace,N:.metadata.name,H:.spec.hostnames,P:."
                     "spec.rules[*].matches[*].path.value",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-duplicate-match",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .recognised = true,
        .title = "Two routes claim the same hostname and path",
        .symptom = "Older object wins silently; deleting it flips traffic; one team breaks "
                   "another.",
        .evidence = "Same listener, same host, same match in two HTTPRoutes (oldest wins, ties by "
                    "ns/name); both Accepted=True; Envoy Gateway may add RouteRulesOverlap.",
        .discriminator = "Ingress duplicates have their own row.",
        .cause = "No hostname/path ownership governance, copy of a route left from migration.",
        .next_step = "kubectl get httproute -A -o json | jq -r "
                     "'.items[]|.metadata.namespace+\"/\"+.metadata.name+\" "
                     "\"+.metadata.creationTimestamp+\" "
                     "\"+((.spec.hostnames//[\"*\"])|join(\",\"))'",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-ingress-duplicate",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .recognised = true,
        .title = "Same host+path in several Ingresses (often across namespaces)",
        .symptom = "Wrong backend, flapping, or admission denial.",
        .evidence = "Same class, host, path in >1 Ingress; ingress-nginx: oldest wins, webhook "
                    "says \"host ... and path ... is already defined in ingress ns/name\"; TLS "
                    "blocks of the losers may still be used.",
        .discriminator = "Different classes on different edges are not duplicates.",
        .cause = "Tenants share a host, old release left behind.",
        .next_step = "kubectl get ingress -A -o json | jq -r '.items[]|.metadata as "
                     "$m|.spec.rules[]?|.host as "
                     "$h|.http.paths[]?|[$h,.path,$m.namespace+\"/\"+$m.name]|@tsv' | sort | awk "
                     "-F\"\\t\" 'c[$1 FS $2]++'",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-header-query-method-miss",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Rule requires a header, query parameter or method the request lacks",
        .symptom = "404 (or falls to another rule) only for some clients.",
        .evidence = "Only rules for the path have headers/queryParams/method matches not "
                    "satisfied; HEAD/OPTIONS probe versus GET; name matching case-insensitive, "
                    "value Exact by default.",
        .discriminator = "A probing tool using HEAD may create this falsely: repeat with GET. In "
                         "browsers a method-restricted match shows up as a failed CORS preflight "
                         "(OPTIONS 404) while curl GET works.",
        .cause = "No fallback rule.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{range "
                     ".spec.rules[*]}{.matches}{'\\n'}{end}\"; curl -H \"x-release-track: "
                     "canary\" -i https://<host>/",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-rewrite-wrong",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Path/host rewrite sends the wrong path upstream",
        .symptom = "404 from the app, though direct URL works; or double slashes.",
        .evidence = "App-made 404; URLRewrite ReplacePrefixMatch / rewrite-target yields e.g. "
                    "\"//x\" or strips too much; capture group without regex; hostname rewrite "
                    "breaks app vhost.",
        .discriminator = "Edge 404 has no app fingerprint. app-404: no rewrite configured but one "
                         "is needed.",
        .cause = "Rewrite semantics differ (\"/foo\" + \"/\" cases), annotation migrated "
                 "literally.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{..urlRewrite}\"; kubectl "
                     "get ingress -n <ns> <ing> -o yaml | grep rewrite; kubectl logs -n <ns> "
                     "deploy/<app> | tail",
        .decidable = "with probe-backend",
        .frequency = "occasional",
    },
    {
        .id = "route-http-grpc-conflict",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "HTTPRoute and GRPCRoute claim the same host on one listener",
        .symptom = "gRPC calls 404/UNIMPLEMENTED (or HTTP ones fail).",
        .evidence = "Both kinds intersect on a listener; exactly one must be accepted (oldest); "
                    "other Accepted=False or silently unused.",
        .discriminator = "route-kind-not-allowed is decided by the listener, not by competition.",
        .cause = "Same hostname used for REST and gRPC through two kinds.",
        .next_step = "kubectl get httproute,grpcroute -A | grep <host>; kubectl get grpcroute -n "
                     "<ns> <r> -o jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "route-tlsroute-invalid",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "TLSRoute cannot attach or routes nothing",
        .symptom = "Connection closed after ClientHello.",
        .evidence = "TLSRoute Accepted=False "
                    "UnsupportedValue/NoMatchingParent/NoMatchingListenerHostname (needs protocol "
                    "TLS listener with hostname intersection and SNI); backend invalid -> "
                    "connection rejected.",
        .discriminator = "HTTP 404s are impossible here: passthrough has no HTTP layer at the "
                         "edge.",
        .cause = "HTTPS instead of TLS listener, missing hostnames, mixed termination "
                 "unsupported, old CRDs.",
        .next_step = "kubectl get tlsroute -n <ns> <r> -o jsonpath=\"{range "
                     ".status.parents[*]}{.parentRef.name}/{.parentRef.sectionName} {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"; openssl "
                     "s_client -servername <host> -connect <ip>:443 </dev/null",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-two-models-active",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_INFO,
        .recognised = true,
        .title = "Ingress and HTTPRoute both serve the host (migration in progress)",
        .symptom = "Behaviour depends on which edge DNS points to; edits to one object have no "
                   "effect.",
        .evidence = "Host present in Ingress (edge A) and HTTPRoute (edge B) with different "
                    "addresses or different backends/timeouts.",
        .discriminator = "Expected during migration: report info with which one the client uses; "
                         "fail only if the un-migrated one is stale.",
        .cause = "Parallel run without a documented end.",
        .next_step = "kubectl get ingress,httproute -A | grep <host>; dig +short <host>; diff "
                     "backends.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "route-migration-feature-lost",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Annotation behaviour lost in Ingress-to-Gateway migration",
        .symptom = "After cutover: no auth/WAF/rate limit/redirect, other timeout or body size, "
                   "different path semantics.",
        .evidence = "Old Ingress annotations (auth-url, whitelist, limit-rps, proxy-read-timeout, "
                    "proxy-body-size, ssl-redirect, use-regex) have no counterpart filter/policy "
                    "on the HTTPRoute.",
        .discriminator = "Compare responses of both edges (curl --resolve) - differences in "
                         "status/headers prove it.",
        .cause = "Not every annotation maps to a structured field; security ones fail open.",
        .next_step = "kubectl get ingress -n <ns> <ing> -o jsonpath=\"{.metadata.annotations}\"; "
                     "kubectl get httproute -n <ns> <r> -o yaml; ingress2gateway print "
                     "--namespace <ns>",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "route-switched-before-ready",
        .layer = EW_LAYER_ROUTE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Traffic switched to a backend that is not ready (blue-green / canary / route "
                 "ahead of rollout)",
        .symptom = "503/500 burst right after a route change.",
        .evidence = "Route generation changed minutes ago and a newly referenced backend has zero "
                    "or few ready endpoints, younger than the route; old backend still healthy.",
        .discriminator = "ep-none without recent route change is its own row; here the quickest "
                         "fix is reverting the route.",
        .cause = "Route update is faster than backend readiness; no gate.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{.metadata.generation} "
                     "{.metadata.managedFields[-1:].time}\"; kubectl rollout status -n <ns> "
                     "deploy/<new>",
        .decidable = "yes",
        .frequency = "occasional",
    },
};
const size_t ew_causes_route_count = EW_COUNT(ew_causes_route);
