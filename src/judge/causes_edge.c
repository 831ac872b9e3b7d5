#include "causes.h"

const struct ew_cause ew_causes_edge[] = {
    {
        .id = "edge-gwclass-no-controller",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "GatewayClass does not exist or no controller claims it (still Pending)",
        .symptom = "All Gateways of the class are inert.",
        .evidence = "spec.gatewayClassName names no existing GatewayClass; or GatewayClass "
                    "Accepted=Unknown reason Pending, lastTransitionTime 1970-01-01; "
                    "controllerName matches no running controller; or the controller runs but "
                    "CRDs it needs (experimental channel) are missing.",
        .discriminator = "If the class is Accepted=True and only Gateways are Pending, the "
                         "controller died later (edge-controller-down).",
        .cause = "Class name typo or chart not installed, controllerName typo, or disabled "
                 "Gateway API feature flag.",
        .next_step = "kubectl get gatewayclass; kubectl get gatewayclass <c> -o "
                     "jsonpath=\"{.spec.controllerName} {.status.conditions}\"; kubectl get "
                     "deploy -A | grep -iE \"gateway|traefik|nginx|cilium-operator|istiod\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "edge-gwclass-rejected",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "GatewayClass refused by its controller",
        .symptom = "No Gateway of the class is programmed.",
        .evidence = "GatewayClass Accepted=False: InvalidParameters (parametersRef "
                    "missing/invalid), Unsupported, GatewayClassConflict (NGF) or "
                    "OlderGatewayClassExists (Envoy Gateway: two classes share a controllerName).",
        .discriminator = "edge-crd-version-skew reports UnsupportedVersion / "
                         "SupportedVersion=False.",
        .cause = "Broken parametersRef or several classes for a controller that takes one.",
        .next_step = "kubectl describe gatewayclass <c>; kubectl get <paramKind> -n <ns> <name>",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-crd-missing",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Gateway API (or route) CRDs not installed",
        .symptom = "kubectl: \"no matches for kind HTTPRoute\"; controller logs \"failed to "
                   "watch\".",
        .evidence = "GET /apis/gateway.networking.k8s.io returns 404 or lacks the needed "
                    "version/resource (grpcroutes, tlsroutes, listenersets, backendtlspolicies "
                    "only in experimental or newer bundles).",
        .discriminator = "403 on discovery/list is api-forbidden; a 404 for the group is absence.",
        .cause = "CRDs forgotten, removed, or only standard channel installed while objects need "
                 "experimental.",
        .next_step = "kubectl get crd | grep gateway.networking.k8s.io; kubectl api-resources "
                     "--api-group=gateway.networking.k8s.io",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-crd-version-skew",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Gateway API CRD version does not fit the controller",
        .symptom = "After an upgrade routes are silently ignored, attachedRoutes drops to 0, or "
                   "controller crash-loops.",
        .evidence = "CRD annotations gateway.networking.k8s.io/bundle-version and /channel versus "
                    "controller minimum; GatewayClass SupportedVersion=False / Accepted=False "
                    "UnsupportedVersion; Istio filters too-old CRDs quietly; controller log \"no "
                    "matches for kind ... in version\"; storedVersions blocks CRD upgrade.",
        .discriminator = "Status looks untouched (stale observedGeneration) rather than rejected "
                         "- compare with edge-controller-down: here pods run.",
        .cause = "CRDs not upgraded before the controller (or downgraded by another chart that "
                 "bundles them).",
        .next_step = "kubectl get crd httproutes.gateway.networking.k8s.io -o "
                     "jsonpath=\"{.metadata.annotations} {.status.storedVersions}\"; upgrade CRDs "
                     "first.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-controller-down",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Controller is not running (status frozen)",
        .symptom = "Existing routes keep working, new or changed routes have no effect; new "
                   "Gateways stay Pending.",
        .evidence = "Controller Deployment availableReplicas=0 or pods "
                    "CrashLoop/Pending/ImagePull; conditions Unknown/Pending on new objects; "
                    "observedGeneration < metadata.generation on changed ones; data-plane pods "
                    "may be Ready (split control/data plane) or the same pods (ingress-nginx, "
                    "Traefik).",
        .discriminator = "edge-leader-election: pods Ready but no status writes. "
                         "edge-controller-cannot-see: other objects still reconcile.",
        .cause = "Crash, bad upgrade, node loss, resource pressure.",
        .next_step = "kubectl get pods -n <controller-ns> -o wide; kubectl logs -n "
                     "<controller-ns> deploy/<controller> --previous; kubectl get events -n "
                     "<controller-ns>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "edge-stale-observed-generation",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .recognised = true,
        .title = "Status describes an older generation of the object",
        .symptom = "kubectl says Accepted=True, traffic follows the previous spec.",
        .evidence = "Any relevant condition.observedGeneration < metadata.generation for longer "
                    "than ~30 s (or observedGeneration 0/missing on implementations that never "
                    "set it).",
        .discriminator = "Fresh edits are normal for a few seconds. Implementations that omit the "
                         "field (e.g. Linkerd) must not be reported; look for other objects of "
                         "the class that are current.",
        .cause = "Controller down, stuck, not leader, overloaded, or lost the watch.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{.metadata.generation} "
                     "{.status.parents[*].conditions[*].observedGeneration}\"; kubectl get lease "
                     "-n <controller-ns>",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-leader-election",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "No replica holds the leader lease",
        .symptom = "Pods are Ready, status never updates.",
        .evidence = "Lease in controller namespace: renewTime older than leaseDurationSeconds x2, "
                    "or holderIdentity is a pod that no longer exists; log \"leader election "
                    "lost\" / \"failed to acquire lease\"; RBAC on leases missing.",
        .discriminator = "edge-controller-down: pods not Ready. A single object frozen while "
                         "others update is not this.",
        .cause = "API server latency, lost RBAC, dead holder.",
        .next_step = "kubectl get lease -n <controller-ns> -o "
                     "custom-columns=N:.metadata.name,H:.spec.holderIdentity,R:.spec.renewTime",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "edge-controller-cannot-see",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Controller does not watch this namespace/object (scope or RBAC)",
        .symptom = "Object never gets any status while neighbours do.",
        .evidence = "Controller args --watch-namespace / namespace selector / label selector "
                    "exclude it; or controller log \"is forbidden: User system:serviceaccount ... "
                    "cannot list\"; Ingress has no address and no events.",
        .discriminator = "Class mismatch rows are about class names; here class is right. All "
                         "objects unseen = controller down.",
        .cause = "Namespace-scoped install, RBAC trimmed, new CRD kind without ClusterRole update.",
        .next_step = "kubectl get deploy -n <controller-ns> <c> -o jsonpath=\"{..args}\"; kubectl "
                     "auth can-i list httproutes --as=system:serviceaccount:<controller-ns>:<sa> "
                     "-A",
        .decidable = "with logs",
        .frequency = "occasional",
    },
    {
        .id = "edge-config-reload-failed",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Proxy configuration reload is rejected; last good config stays",
        .symptom = "New routes/endpoints not applied; later 502 as pods move; no visible error on "
                   "the object.",
        .evidence = "Log \"Unexpected failure reloading the backend\" / nginx: [emerg]; NGF "
                    "Programmed=False message \"failure to reload\"; xDS NACK; Envoy Gateway "
                    "translation error; metric "
                    "nginx_ingress_controller_config_last_reload_successful=0. Edge dials pod IPs "
                    "that are not in the EndpointSlice.",
        .discriminator = "edge-controller-down: pods down. Here all is Ready and only config age "
                         "gives it away; one bad object poisons all hosts of the edge.",
        .cause = "One invalid snippet/annotation/certificate/regex, or data-plane resource limits.",
        .next_step = "kubectl logs -n <controller-ns> <pod> | grep -iE \"emerg|reload|NACK\"; "
                     "find the last changed object: kubectl get ingress,httproute -A "
                     "--sort-by=.metadata.creationTimestamp",
        .decidable = "with logs",
        .frequency = "occasional",
    },
    {
        .id = "edge-admission-webhook-blocks",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Validating webhook blocks or breaks applies",
        .symptom = "Deployments fail: \"failed calling webhook "
                   "validate.nginx.ingress.kubernetes.io\".",
        .evidence = "Events/CI output with webhook error: x509 unknown authority/expired, context "
                    "deadline exceeded, no endpoints; webhook Service has no endpoints; object in "
                    "cluster is the old revision.",
        .discriminator = "An explicit \"denied the request: host and path already defined\" is a "
                         "working webhook (route-ingress-duplicate).",
        .cause = "Webhook pod down, CA bundle stale, NetworkPolicy/firewall between API server "
                 "and webhook, leftover webhook of a removed controller, clock skew.",
        .next_step = "kubectl get validatingwebhookconfiguration; kubectl get endpointslice -n "
                     "<controller-ns> -l kubernetes.io/service-name=<adm-svc>",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "edge-dataplane-overloaded",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Shared proxy overloaded or OOM-killed (blast radius)",
        .symptom = "All hosts on the edge slow or 502/503 from the LB; resets.",
        .evidence = "Proxy pods OOMKilled/restarting, CPU throttled, active connections at limit, "
                    "HPA at max; LB error signature with zero healthy targets; errors span "
                    "unrelated hosts/backends.",
        .discriminator = "One host only -> its own backend. lb-no-dataplane-endpoints is the end "
                         "state with zero pods.",
        .cause = "Traffic spike, one team's huge config, memory leak, too few replicas.",
        .next_step = "kubectl get pods -n <dp-ns> -o jsonpath=\"{range .items[*]}{.metadata.name} "
                     "{..restartCount} {..lastState.terminated.reason}{'\\n'}{end}\"; kubectl top "
                     "pod -n <dp-ns>",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "edge-empty-routes-after-restart",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Proxy restarted without a usable control plane and serves an empty table",
        .symptom = "404 for every host from freshly started proxies.",
        .evidence = "All hosts 404 with proxy signature; proxy pods younger than the outage "
                    "start; API server or controller unreachable at start; older replicas still "
                    "route.",
        .discriminator = "A single host 404 is a route fault. Mixed 404/200 per connection with "
                         "equal config = some replicas empty.",
        .cause = "Fail-open readiness: proxy becomes Ready before first config sync.",
        .next_step = "kubectl get pods -n <dp-ns> -o wide --sort-by=.status.startTime; kubectl "
                     "logs -n <dp-ns> <new-pod> | head -50",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "edge-gateway-missing",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "The Gateway object named by the route does not exist",
        .symptom = "Route has no status; nothing serves the host.",
        .evidence = "parentRefs[].{namespace,name} returns 404 (namespace defaults to the route's "
                    "own); route.status.parents empty for that parent.",
        .discriminator = "route-parent-status-absent covers an existing Gateway whose controller "
                         "is silent.",
        .cause = "Typo, or namespace omitted for a Gateway in the platform namespace.",
        .next_step = "kubectl get gateway -A; kubectl get httproute -n <ns> <r> -o "
                     "jsonpath=\"{.spec.parentRefs}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "edge-gateway-not-accepted",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Gateway rejected by its controller",
        .symptom = "No listener of the Gateway works.",
        .evidence = "Gateway Accepted=False: Invalid, InvalidParameters, UnsupportedAddress, "
                    "ListenersNotValid, NGF UnsupportedField/UnsupportedValue.",
        .discriminator = "Reason ListenersNotValid with Accepted=True (or, on Traefik, even with "
                         "Accepted=False) means part of the listeners may still work: judge "
                         "listener by listener. Accepted=Unknown -> controller rows.",
        .cause = "Bad infrastructure.parametersRef, unsupported spec.addresses, a broken listener.",
        .next_step = "kubectl describe gateway -n <ns> <gw>",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-gateway-no-address",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Gateway has no address (not Programmed)",
        .symptom = "Nothing to connect to; external-dns publishes nothing.",
        .evidence = "Programmed=False reason AddressNotAssigned / AddressNotUsable / Pending; "
                    "status.addresses empty; generated Service pending.",
        .discriminator = "Root is usually lb-address-pending; edge-gateway-programmed-stale if "
                         "the Service does have an address.",
        .cause = "No LB implementation, static address not available, Service type ClusterIP.",
        .next_step = "kubectl get gateway -n <ns> <gw> -o jsonpath=\"{.status.addresses} "
                     "{.status.conditions[?(@.type==\\\"Programmed\\\")]}\"; kubectl get svc -A "
                     "-l gateway.networking.k8s.io/gateway-name=<gw>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "edge-gateway-programmed-stale",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Gateway says Programmed=False but traffic works",
        .symptom = "None for clients; dashboards, CI gates and external-dns are wrong.",
        .evidence = "Programmed=False AddressNotAssigned while the backing Service has "
                    "status.loadBalancer.ingress and the probe returns the expected response.",
        .discriminator = "Probe success decides: severity warn, not fail. If the probe fails too "
                         "treat the condition as true.",
        .cause = "Controller missed the Service update (seen after a cloud LB resync).",
        .next_step = "kubectl get svc -A -l gateway.networking.k8s.io/gateway-name=<gw>; restart "
                     "the controller or trigger a Service event; upgrade.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-no-listener-for-port",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "No listener for the requested scheme/port/hostname",
        .symptom = "Refused on 443 (or 80), or unknown-host 404/alert.",
        .evidence = "No listener whose port/protocol fits the URL and whose hostname matches the "
                    "host (Gateway wildcard = one or more labels); other listeners exist; LB "
                    "Service lacks the port.",
        .discriminator = "Listener present but unprogrammed -> edge-listener-not-programmed.",
        .cause = "HTTPS listener never added, host outside *.suffix, non-default port.",
        .next_step = "kubectl get gateway -n <ns> <gw> -o jsonpath=\"{range "
                     ".spec.listeners[*]}{.name} {.protocol}:{.port} {.hostname}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "edge-listener-conflict",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Listeners conflict (same port with clashing hostname or protocol)",
        .symptom = "Affected listeners serve nothing or only the first wins.",
        .evidence = "Listener Conflicted=True reason HostnameConflict or ProtocolConflict "
                    "(Accepted/Programmed False); NGF HostnameConflict; Traefik "
                    "\"DuplicateListener\"; two Gateways merged on one data plane claim one port.",
        .discriminator = "Exact duplicates inside one Gateway are already refused by CRD "
                         "validation, so expect it between protocols on a port, across "
                         "ListenerSets, or across Gateways merged on one data plane. "
                         "edge-listener-port-unavailable concerns the implementation's own ports. "
                         "OverlappingTLSConfig is only a warning.",
        .cause = "Duplicate hostname on a port, or HTTP and HTTPS/TLS/TCP on the same port.",
        .next_step = "kubectl get gateway -n <ns> <gw> -o jsonpath=\"{range "
                     ".status.listeners[*]}{.name} "
                     "{.conditions[?(@.type==\\\"Conflicted\\\")]}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-listener-port-unavailable",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Implementation cannot open the listener port",
        .symptom = "Port refused; other listeners fine.",
        .evidence = "Listener Accepted=False PortUnavailable; Traefik \"Cannot find entryPoint "
                    "for Gateway\" (listener port must equal an entryPoint's port, e.g. 8000/8443 "
                    "or mapped); hostNetwork clash.",
        .discriminator = "A conflict between listeners is edge-listener-conflict.",
        .cause = "Listener port does not correspond to an entryPoint / privileged port.",
        .next_step = "kubectl describe gateway -n <ns> <gw>; kubectl get deploy -n <traefik-ns> "
                     "traefik -o jsonpath=\"{..args}\" | tr \" \" \"\\n\" | grep -i entrypoints",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-listener-unsupported",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Listener protocol or route kinds not supported",
        .symptom = "Route kind never attaches.",
        .evidence = "Listener Accepted=False UnsupportedProtocol/UnsupportedValue or "
                    "ResolvedRefs=False InvalidRouteKinds; supportedKinds empty or without the "
                    "route kind; TCP/TLS/UDP need an experimental switch.",
        .discriminator = "route-kind-not-allowed: the listener supports the kind but "
                         "allowedRoutes.kinds excludes it.",
        .cause = "Feature not implemented/enabled in this controller.",
        .next_step = "kubectl get gateway -n <ns> <gw> -o jsonpath=\"{range "
                     ".status.listeners[*]}{.name} {.supportedKinds[*].kind}{'\\n'}{end}\"; "
                     "kubectl get gatewayclass <c> -o "
                     "jsonpath=\"{.status.supportedFeatures[*].name}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-listener-not-programmed",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Listener not programmed for another reason",
        .symptom = "Host/port dead although accepted.",
        .evidence = "Listener Programmed=False Invalid/Pending with Accepted=True and "
                    "ResolvedRefs=True; message text is the only clue.",
        .discriminator = "Use only when no more specific listener row fits (certificate, "
                         "conflict, port, reload).",
        .cause = "Data plane has not applied configuration yet or refuses it.",
        .next_step = "kubectl describe gateway -n <ns> <gw>; kubectl logs -n <controller-ns> "
                     "deploy/<controller> | tail -50",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-listenerset-rejected",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "ListenerSet not admitted to the Gateway",
        .symptom = "Hosts defined in the ListenerSet are dead.",
        .evidence = "ListenerSet Accepted=False NotAllowed (Gateway spec.allowedListeners "
                    "defaults to None), ParentNotAccepted, ListenersNotValid; entry conditions "
                    "HostnameConflict/ProtocolConflict/ListenerConflict/TooManyListeners; NGF "
                    "ParentNotProgrammed.",
        .discriminator = "Same conflict on Gateway listeners is edge-listener-conflict (Gateway "
                         "wins over ListenerSets, then oldest).",
        .cause = "Namespace not allowed by the Gateway, or conflict with an older set.",
        .next_step = "kubectl get listenerset -A; kubectl get gateway -n <ns> <gw> -o "
                     "jsonpath=\"{.spec.allowedListeners}\"",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "edge-feature-unsupported",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Object uses a feature the controller does not implement",
        .symptom = "Filter/match silently absent or route rejected.",
        .evidence = "Route Accepted=False UnsupportedValue, NGF UnsupportedField, or feature name "
                    "missing from GatewayClass.status.supportedFeatures; experimental field "
                    "pruned by a standard-channel CRD (spec lacks what Git has).",
        .discriminator = "edge-crd-version-skew affects whole kinds. A pruned field leaves no "
                         "error at all: compare last-applied with live spec.",
        .cause = "Extended/experimental feature on a controller or channel without it.",
        .next_step = "kubectl get gatewayclass <c> -o "
                     "jsonpath=\"{.status.supportedFeatures[*].name}\"; kubectl get httproute -n "
                     "<ns> <r> -o yaml",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-ingressclass-not-found",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Ingress names a class that does not exist",
        .symptom = "404/default backend; Ingress has no address.",
        .evidence = "spec.ingressClassName set, no such IngressClass; status.loadBalancer empty; "
                    "controller log \"ingress class ... not found / ignoring\".",
        .discriminator = "edge-ingressclass-controller-mismatch: class exists but its controller "
                         "is not running.",
        .cause = "Typo, class removed or renamed on chart upgrade.",
        .next_step = "kubectl get ingressclass; kubectl get ingress -n <ns> <ing> -o "
                     "jsonpath=\"{.spec.ingressClassName}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "edge-ingressclass-unset",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Ingress has no class and there is no default class",
        .symptom = "Ignored by every controller (or picked by several).",
        .evidence = "No ingressClassName, no kubernetes.io/ingress.class annotation, no "
                    "IngressClass with ingressclass.kubernetes.io/is-default-class=true; "
                    "controller without --watch-ingress-without-class.",
        .discriminator = "Default class added later does not fix old objects: defaulting happens "
                         "at CREATE only.",
        .cause = "Class omitted; cluster upgraded from controllers that took class-less Ingresses.",
        .next_step =
            "kubectl get ingressclass -o "
            "custom-columns=N:.metadata.name,D:.metadata.annotations.ingressclass\\.kubernetes\\."
            "io/is-default-class; "
            "kubectl get ingress -A -o "
            "custom-columns=NS:.metadata.namespace,N:.metadata.name,C:.spec.ingressClassName",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "edge-ingressclass-two-defaults",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .recognised = true,
        .title = "More than one default IngressClass",
        .symptom = "Class-less Ingress creation rejected (older API servers) or bound to an "
                   "arbitrary class.",
        .evidence = ">1 IngressClass with is-default-class=true; admission error \"default "
                    "IngressClasses were found, only 1 allowed\" before 1.26, newest/alphabetical "
                    "choice after.",
        .discriminator = "edge-ingressclass-unset has zero defaults.",
        .cause = "Two charts both install a default class.",
        .next_step = "kubectl get ingressclass -o yaml | grep -B8 is-default-class",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-ingressclass-controller-mismatch",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "IngressClass controller string is served by nobody (or by two)",
        .symptom = "Ingress never gets an address; or two edges serve it.",
        .evidence = "IngressClass.spec.controller not among running controllers "
                    "(--controller-class, providers.kubernetesIngress.ingressClass); or two "
                    "deployments with the same controller-class/--ingress-class; legacy "
                    "annotation kubernetes.io/ingress.class conflicts with the field; Ingress "
                    "status address alternates.",
        .discriminator = "edge-ingressclass-not-found has no class object. "
                         "Only-one-controller-down is edge-controller-down.",
        .cause = "Controller replaced (nginx vs. ingress-nginx strings k8s.io/ingress-nginx / "
                 "nginx.org/ingress-controller), second install with default ids, deprecated "
                 "annotation.",
        .next_step = "kubectl get ingressclass -o "
                     "custom-columns=N:.metadata.name,C:.spec.controller; kubectl get deploy,ds "
                     "-A -o jsonpath=\"{range .items[*]}{.metadata.name} {..args}{'\\n'}{end}\" | "
                     "grep -i class",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "edge-wrong-class-exposure",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Route/Ingress landed on the wrong edge (public instead of private, or vice "
                 "versa)",
        .symptom = "Internal app reachable from the internet, or public app only inside.",
        .evidence = "Class/Gateway of the object versus intended exposure label (e.g. "
                    "exposure=internal on a public-internet Gateway); host suffix internal but "
                    "address public.",
        .discriminator = "Raise as policy warning from objects alone (internal-looking host or "
                         "exposure label on a public class); raise as fail when the probe from "
                         "outside gets an answer.",
        .cause = "Default class, copy/paste parentRef, no class governance.",
        .next_step = "kubectl get httproute -n <ns> <r> -o jsonpath=\"{.spec.parentRefs} "
                     "{.metadata.labels}\"; kubectl get ingress -n <ns> <ing> -o "
                     "jsonpath=\"{.spec.ingressClassName}\"",
        .decidable = "with policy-config",
        .frequency = "occasional",
    },
    {
        .id = "edge-ingress-no-address",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Ingress has no status address",
        .symptom = "Often none by itself; external-dns has no target.",
        .evidence = "status.loadBalancer.ingress empty: class problem, controller without "
                    "publish-service/status rights, or data-plane Service pending.",
        .discriminator = "If the probe succeeds it is a warning (status publishing off); if not, "
                         "follow class/controller rows.",
        .cause = "Controller ignores the object or cannot publish status.",
        .next_step = "kubectl describe ingress -n <ns> <ing>; kubectl get svc -n <controller-ns>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "edge-ingress-annotation-ignored",
        .layer = EW_LAYER_EDGE,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Annotation has no effect or makes the Ingress be rejected",
        .symptom = "Rewrite/timeout/auth/canary not applied; or the whole Ingress vanishes from "
                   "config.",
        .evidence = "Annotation prefix belongs to another controller (nginx.ingress.kubernetes.io "
                    "vs nginx.org vs haproxy...), unknown key, invalid value, snippet or "
                    "Critical-risk annotation with annotations-risk-level High (default since "
                    "1.12) -> object dropped, log \"risky annotation\" / denied by webhook.",
        .discriminator = "Compare behaviour with annotation removed; edge-feature-unsupported is "
                         "the Gateway API twin.",
        .cause = "Stringly-typed, controller-specific settings.",
        .next_step = "kubectl get ingress -n <ns> <ing> -o jsonpath=\"{.metadata.annotations}\"; "
                     "kubectl logs -n <controller-ns> <pod> | grep -i annotation",
        .decidable = "heuristic",
        .frequency = "common",
    },
};
const size_t ew_causes_edge_count = EW_COUNT(ew_causes_edge);
