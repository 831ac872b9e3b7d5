"""The cases of routing: attachment, matching, precedence, listeners, and what rules lead to."""

from .case import GOOD, HEALTHY, NGINX, PUBLIC, Case, Expect, Gateway

SHARED = Gateway("shared", "203.0.113.16", objects="gateway-shared")
UNSUPPORTED = Gateway("unsupported", "203.0.113.17", objects="gateway-unsupported")
CLASS_REFUSED = Gateway("class-refused", None, objects="gateway-class-refused")

RUNNING = {"dns": "NOERROR", "endpoints": "2 of 2 ready", "pods": "running"}
ATTACHED = {**RUNNING, "route.Accepted": "True Accepted"}
BY_HAND = {**ATTACHED, "endpoints": "3 of 3 ready"}
REFUSED = {**RUNNING, "answer": "404", "route.Accepted": "False NotAllowedByListeners"}
OF_SET = ("{group: gateway.networking.k8s.io, kind: ListenerSet, name: orders,"
          " sectionName: orders}")
GRPC_CALL = ("-X", "POST", "-H", "content-type: application/grpc", "-H", "te: trailers")


def broken(cause, layer="route", first=None, **more):
    exit_status = {"edge": 15, "route": 16, "service": 17}[layer]
    return Expect(exit_status, "fail", cause, layer, first or layer, **more)


WALKS = [
    # Gates of attachment

    Case("kind-not-allowed",
         "The listener takes GRPCRoutes only.",
         broken("route-kind-not-allowed"),
         REFUSED, {"section": "grpc-only"}, edge=SHARED),

    Case("same-namespace-only",
         "The listener says nothing of namespaces, and so takes routes of its own only.",
         broken("route-namespace-same-only"),
         REFUSED, {"section": "own-only"}, edge=SHARED),

    Case("section-missing",
         "The route names a listener that the Gateway does not have.",
         broken("route-section-not-found"),
         {**RUNNING, "answer": "404", "route.Accepted": "False NoMatchingParent"},
         {"section": "web"}),

    Case("tls-passthrough",
         "TLS is passed on to the pods, and all is in order.",
         HEALTHY,
         {**GOOD, "route.Accepted": "True Accepted"}, {"section": "passthrough"},
         edge=SHARED, routes=("tlsroute",), speaks="tls"),

    Case("tlsroute-at-https",
         "A TLSRoute names a listener that terminates TLS.",
         broken("route-tlsroute-invalid", symptoms=("route-none-for-host",)),
         REFUSED, edge=SHARED, routes=("tlsroute",), speaks="tls"),

    Case("one-listener",
         "The route hangs at the http listener only, and the URL is https.",
         broken("route-attached-to-one-listener"),
         {**ATTACHED, "answer": "404"}, {"section": "http"}),

    Case("listener-isolation",
         "The route hangs at the listener of the wildcard, and the host has one of its own.",
         broken("route-listener-isolation"),
         {**REFUSED, "route.Accepted": "False NoMatchingListenerHostname"}, edge=SHARED),

    # Listeners, and sets of them

    Case("listenerset",
         "The host has a ListenerSet of its own, and all is in order.",
         HEALTHY,
         {**GOOD, "set.Accepted": "True Accepted", "route.Accepted": "True Accepted"},
         {"listeners": "true", "set_hostname": "${host}", "parent": OF_SET},
         edge=SHARED, extra=("listenerset",)),

    Case("listenerset-not-allowed",
         "The Gateway lets no ListenerSet of this namespace in.",
         broken("edge-listenerset-rejected", "edge"),
         {**RUNNING, "answer": "404", "set.Accepted": "False NotAllowed"},
         {"set_hostname": "${host}", "parent": OF_SET},
         edge=SHARED, extra=("listenerset",)),

    Case("listener-conflict",
         "The ListenerSet's listener has port and hostname of one that the Gateway has itself.",
         broken("edge-listener-conflict", "edge"),
         {**RUNNING, "answer": "404", "set.listener.Conflicted": "True HostnameConflict"},
         {"listeners": "true", "set_hostname": "*.example.com", "parent": OF_SET},
         edge=SHARED, extra=("listenerset",)),

    Case("listener-unsupported",
         "The listener has a protocol that this controller does not do.",
         broken("edge-listener-unsupported", "edge", first="lb", symptoms=("tcp-refused",)),
         {**RUNNING, "answer": "refused", "listener.Accepted": "False UnsupportedProtocol"},
         edge=UNSUPPORTED),

    Case("class-refused",
         "The GatewayClass names parameters that do not exist; this controller takes its Gateways "
         "all the same, and what is missing is the load balancer.",
         Expect(12, "fail", "lb-address-pending", "lb", first="dns",
                symptoms=("dns-nxdomain", "edge-gateway-no-address"),
                mentions=("edge-gwclass-rejected",)),
         {"dns": "NXDOMAIN", "class.Accepted": "False InvalidParameters",
          "gateway.Accepted": "True Accepted", "endpoints": "2 of 2 ready", "pods": "running"},
         edge=CLASS_REFUSED),

    # Host names

    Case("wildcard-apex",
         "The route's wildcard stands over the host, and never takes the host itself.",
         broken("route-wildcard-label-confusion", symptoms=("route-none-for-host",)),
         {**ATTACHED, "answer": "404"}, {"parent": "{name: ${edge}, namespace: platform-ingress}",
                                         "hostnames": '"*.${host}"'}),

    Case("catchall",
         "Nobody names the host, and a route that takes any host leads to an application that "
         "does not know it.",
         broken("route-catchall-hostname", symptoms=("app-404",)),
         {**ATTACHED, "answer": "404"}, {"section": "any-host", "hostnames": ""},
          edge=SHARED, scheme="http", path="/cart"),

    # Rules of several objects

    Case("duplicate-match",
         "An older route of another namespace has the same host and path.",
         Expect(0, "warn", "route-duplicate-match", "route"),
         {**ATTACHED, "answer": "200"},
         {"rival": "a-duplicate", "rival_hosts": "${host}", "rival_path": "/"},
         extra=("rival",), machine="10.244.0.240"),

    Case("precedence",
         "A wildcard route of another namespace has the longer path, and the host goes first.",
         broken("route-precedence-surprise", symptoms=("app-404",)),
         {**ATTACHED, "answer": "404"},
         {"rival": "a-precedence", "rival_hosts": '"*.precedence.example.com"',
          "rival_path": "/cart", "section": "any-host"},
         edge=SHARED, scheme="http", at="shop.precedence.example.com", path="/cart",
         extra=("rival",), machine="10.244.0.241"),

    Case("two-models",
         "An Ingress has the host beside the route, and would serve it too.",
         Expect(0, "ok", mentions=("route-two-models-active",)),
         {**GOOD, "route.Accepted": "True Accepted"},
         beside=NGINX, extra=("ingress-beside",)),

    # What a rule asks for

    Case("exact-path",
         "The rule takes one path exactly, and the URL is below it.",
         broken("route-exact-vs-prefix", symptoms=("route-path-not-matched",)),
         {**ATTACHED, "answer": "404"}, {"match": "path: {type: Exact, value: /health}"},
         path="/health/live"),

    Case("trailing-slash",
         "The rule takes one path exactly, and the URL has a slash more.",
         broken("route-trailing-slash", symptoms=("route-path-not-matched",)),
         {**ATTACHED, "answer": "404"}, {"match": "path: {type: Exact, value: /health}"},
         path="/health/"),

    Case("header-missing",
         "The only rule asks for a header that the request does not have.",
         broken("route-header-query-method-miss"),
         {**ATTACHED, "answer": "404"}, {"match": "headers: [{name: x-tenant, value: north}]"}),

    Case("header-sent",
         "The only rule asks for a header, and the request has it.",
         HEALTHY,
         {**GOOD, "route.Accepted": "True Accepted"},
         {"match": "headers: [{name: x-tenant, value: north}]"},
         options=("-H", "x-tenant: north")),

    Case("filter-missing",
         "The rule names a filter that does not exist.",
         broken("route-filter-ref-missing"),
         {**RUNNING, "answer": "500"},
         {"filters": "{type: ExtensionRef, extensionRef: {group: gateway.envoyproxy.io,"
                     " kind: HTTPRouteFilter, name: renamed}}"}),

    Case("regex-refused",
         "The rule has a regular expression that the proxy does not know.",
         broken("route-value-or-filter-rejected"),
         {**RUNNING, "answer": "404", "route.Accepted": "False UnsupportedValue"},
         {"match": 'path: {type: RegularExpression, value: "/(?!admin).*"}'}),

    Case("rule-dropped",
         "A bracket is missing in one of the rule's two matches, and the controller leaves the rule "
         "out.",
         broken("route-partially-invalid", symptoms=("route-path-not-matched",)),
         {**RUNNING, "answer": "404", "route.PartiallyInvalid": "True UnsupportedValue"},
         {"match": 'path: {type: RegularExpression, value: "/(a|b"}}, {path: {value: /health}',
          "more": "- {matches: [{path: {value: /orders}}], backendRefs: [${backend}]}"}),

    # HTTPRoute and GRPCRoute

    Case("grpc",
         "A gRPC service behind a GRPCRoute, and all is in order.",
         HEALTHY,
         {**GOOD, "route.Accepted": "True Accepted"}, routes=("grpcroute",), speaks="grpc",
         path="/orders.v1.Orders/List", options=GRPC_CALL),

    Case("http-and-grpc",
         "An HTTPRoute and a younger GRPCRoute have one host, and this controller serves both.",
         HEALTHY,
         {**GOOD, "route.Accepted": "True Accepted"}, routes=("httproute", "grpcroute")),

    # What a rule leads to

    Case("backend-kind",
         "The rule leads to a ConfigMap.",
         broken("route-backend-kind-or-port-invalid"),
         {**ATTACHED, "answer": "500", "route.ResolvedRefs": "False InvalidKind"},
         {"backend": "{kind: ConfigMap, name: orders}"}),

    Case("backend-missing",
         "The rule leads to a Service that does not exist.",
         broken("route-backend-not-found"),
         {**ATTACHED, "answer": "500", "route.ResolvedRefs": "False BackendNotFound"},
         {"backend": "{name: orders-v2, port: 80}"}),

    Case("weights-zero",
         "The only backend has weight 0.",
         broken("route-no-effective-backend"),
         {**ATTACHED, "answer": "500", "route.ResolvedRefs": "True ResolvedRefs"},
         {"backend": "{name: orders, port: 80, weight: 0}"}),

    Case("without-selector",
         "The Service has no selector; the address is written by hand, and answers.",
         HEALTHY,
         {**BY_HAND, "answer": "200"},
         {"backend": "{name: machine, port: 80}", "slice_address": "${machine}",
          "slice_labels": "kubernetes.io/service-name: machine"},
         extra=("without-selector",), machine="10.244.0.242"),

    Case("without-selector-stale",
         "The address that was written by hand answers no more.",
         broken("svc-without-selector", "service"),
         {**BY_HAND, "answer": "503"},
         {"backend": "{name: machine, port: 80}", "slice_address": "10.244.0.243",
          "slice_labels": "kubernetes.io/service-name: machine"},
         extra=("without-selector",)),

    Case("without-selector-label",
         "The hand-written EndpointSlice does not say which Service it belongs to.",
         broken("svc-without-selector", "service", symptoms=("ep-none",)),
         {**BY_HAND, "answer": "503", "route.BackendsAvailable": "False EndpointsNotFound"},
         {"backend": "{name: machine, port: 80}", "slice_address": "${machine}",
          "slice_labels": ""},
         extra=("without-selector",), machine="10.244.0.244"),

    Case("backend-tls",
         "The edge speaks TLS to the pods, and all is in order.",
         HEALTHY,
         {**GOOD, "policy.Accepted": "True Accepted"}, {"authority": "authority"},
         extra=("backend-tls-policy",), speaks="tls"),

    Case("backend-tls-authority-missing",
         "The BackendTLSPolicy names a ConfigMap that is not there.",
         broken("backendtls-policy-rejected", "service"),
         {**ATTACHED, "answer": "500", "policy.Accepted": "False NoValidCACertificate"},
         {"authority": "renamed"}, extra=("backend-tls-policy",), speaks="tls"),
]

LATER = []
