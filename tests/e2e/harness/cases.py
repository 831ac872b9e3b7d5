"""The cases: what is wrong in each, what the cluster then shows, what edgewalk must say.

Every case has a namespace and a host of its own name, and the objects of objects/app.yaml and
objects/httproute.yaml with `values` filled in; what differs from the healthy case is the fault.
The cases of routing stand in cases_routing.py.
"""

from . import cases_routing
from .case import GOOD, HEALTHY, NGINX, Case, Expect, Gateway, IngressController

PENDING = Gateway("pending", None)

EXPIRED = {"not_before": "20240101000000Z", "not_after": "20250101000000Z"}
TLS_FAULT = {"dns": "NOERROR", "route.Accepted": "True Accepted",
             "endpoints": "2 of 2 ready", "pods": "running"}
BROKEN_PODS = {"dns": "NOERROR", "route.Accepted": "True Accepted", "answer": "503",
               "endpoints": "0 of 2 ready"}

WALKS = [
    Case("healthy",
         "Everything is in order.",
         HEALTHY,
         {"dns": "NOERROR", "answer": "200", "gateway.Programmed": "True Programmed",
          "route.Accepted": "True Accepted", "route.ResolvedRefs": "True ResolvedRefs",
          "endpoints": "2 of 2 ready", "pods": "running"}),

    Case("selector-mismatch",
         "The Service selects a label that no pod carries.",
         Expect(17, "fail", "svc-selector-mismatch", "service", first="service"),
         {"dns": "NOERROR", "answer": "503", "route.Accepted": "True Accepted",
          "route.ResolvedRefs": "True ResolvedRefs",
          "route.BackendsAvailable": "False EndpointsNotFound",
          "endpoints": "0 of 0 ready", "pods": "running"},
         {"selected": "orders-api"}),

    Case("crash-looping",
         "The pods start, crash, and are in back-off.",
         Expect(19, "fail", "pod-crashloop", "pod", first="endpoints",
                symptoms=("ep-all-not-ready",)),
         {"dns": "NOERROR", "answer": "503", "route.Accepted": "True Accepted",
          "endpoints": "0 of 2 ready", "pods": "CrashLoopBackOff"},
         {"state": "crashloop"}, listening=False),

    Case("namespace-not-selected",
         "The listener selects namespaces by a label that this one lacks.",
         Expect(16, "fail", "route-namespace-not-selected", "route", first="route"),
         {"dns": "NOERROR", "answer": "404", "route.Accepted": "False NotAllowedByListeners",
          "endpoints": "2 of 2 ready", "pods": "running"},
         {"allowed": "not-yet"}),

    Case("port-mismatch",
         "The route names a port that the Service does not have.",
         Expect(17, "fail", "svc-port-mismatch", "service", first="service"),
         {"dns": "NOERROR", "answer": "500", "route.ResolvedRefs": "False PortNotFound",
          "endpoints": "2 of 2 ready", "pods": "running"},
         {"backend_port": "8080"}),

    Case("address-pending",
         "No load balancer gives the Gateway an address, so nobody publishes the name.",
         Expect(12, "fail", "lb-address-pending", "lb", first="dns",
                symptoms=("dns-nxdomain", "edge-gateway-no-address")),
         {"dns": "NXDOMAIN", "answer": "no address",
          "gateway.Programmed": "False AddressNotAssigned", "route.Accepted": "True Accepted",
          "endpoints": "2 of 2 ready", "pods": "running"},
         edge=PENDING),

    Case("secret-missing",
         "The listener names a Secret that does not exist; the controller closes the port.",
         Expect(13, "fail", "tls-secret-missing", "tls", first="lb", symptoms=("tcp-refused",)),
         {**TLS_FAULT, "answer": "refused", "listener.ResolvedRefs": "False InvalidCertificateRef"},
         edge=Gateway("without-secret", "203.0.113.11", certificate=None)),

    Case("secret-expired",
         "The Secret holds an expired certificate; the controller closes the port.",
         Expect(13, "fail", "tls-cert-expired", "tls", first="lb", symptoms=("tcp-refused",)),
         {**TLS_FAULT, "answer": "refused", "listener.ResolvedRefs": "False InvalidCertificateRef"},
         edge=Gateway("expired", "203.0.113.12", certificate=EXPIRED)),

    Case("other-name",
         "The certificate is for another name, which no controller checks.",
         Expect(13, "fail", "tls-name-mismatch", "tls", first="tls"),
         {**TLS_FAULT, "answer": "certificate", "listener.ResolvedRefs": "True ResolvedRefs"},
         edge=Gateway("misnamed", "203.0.113.13", certificate={"san": "DNS:www.example.net"})),

    Case("intermediate-missing",
         "The Secret holds the leaf without the certificate that issued it.",
         Expect(13, "fail", "tls-intermediate-missing", "tls", first="tls"),
         {**TLS_FAULT, "answer": "certificate", "listener.ResolvedRefs": "True ResolvedRefs"},
         edge=Gateway("leaf-only", "203.0.113.14", certificate={"with_intermediate": False})),

    Case("grant-missing",
         "The route leads to a Service of another namespace that no ReferenceGrant opens.",
         Expect(16, "fail", "route-backend-not-permitted", "route", first="route"),
         {"dns": "NOERROR", "answer": "500", "route.ResolvedRefs": "False RefNotPermitted",
          "endpoints": "2 of 2 ready", "pods": "running"},
         {"app_namespace": "grant-missing-apps"}),

    Case("target-port-unmatched",
         "The Service's targetPort is a name that no container has.",
         Expect(17, "fail", "svc-targetport-unresolved", "service", first="service"),
         {"dns": "NOERROR", "answer": "503", "route.Accepted": "True Accepted",
          "endpoints": "2 of 2 ready", "pods": "running"},
         {"target_port": "web"}),

    Case("image-pull",
         "The image cannot be pulled.",
         Expect(19, "fail", "pod-image-pull", "pod", first="endpoints",
                symptoms=("ep-all-not-ready",)),
         {**BROKEN_PODS, "pods": "ImagePullBackOff"},
         {"state": "image-pull"}, listening=False),

    Case("out-of-memory",
         "The containers are killed for memory again and again.",
         Expect(19, "fail", "pod-oomkilled", "pod", first="endpoints",
                symptoms=("ep-all-not-ready",)),
         {**BROKEN_PODS, "pods": "CrashLoopBackOff"},
         {"state": "out-of-memory"}, listening=False),

    Case("unready",
         "The pods run and are not ready, and nothing listens in them.",
         Expect(19, "fail", "pod-readiness-failing", "pod", first="endpoints",
                symptoms=("ep-all-not-ready",)),
         {**BROKEN_PODS, "pods": "not ready"},
         {"state": "unready"}, listening=False),

    Case("unready-but-answering",
         "No pod is ready, yet the edge asks them in its panic mode, and they answer.",
         Expect(0, "warn", "pod-readiness-failing", "pod"),
         {**BROKEN_PODS, "answer": "200", "pods": "not ready"},
         {"state": "unready"}),

    Case("ingress-nginx-healthy",
         "An Ingress, with nginx at the edge, and all in order.",
         HEALTHY, GOOD,
         edge=NGINX),

    Case("ingress-haproxy-selector-mismatch",
         "An Ingress, with haproxy at the edge, whose Service selects no pod.",
         Expect(17, "fail", "svc-selector-mismatch", "service", first="service"),
         {"dns": "NOERROR", "answer": "503", "endpoints": "0 of 0 ready", "pods": "running"},
         {"selected": "orders-api"},
         edge=IngressController("haproxy", "203.0.113.22")),

    Case("user-without-secrets",
         "All in order, and the user may not read Secrets.",
         Expect(0, "ok", mentions=("api-secrets-forbidden",)), GOOD,
         user="no-secrets"),

    Case("user-of-one-namespace",
         "All in order, and the user may read one namespace only.",
         Expect(0, "ok", mentions=("api-forbidden-partial",)), GOOD,
         user="one-namespace", extra=("one-namespace",)),

    Case("token-refused",
         "All in order, and the API server refuses the user's token.",
         Expect(0, "ok", mentions=("api-unauthorized",)), GOOD,
         user="refused"),

    Case("token-refused-and-broken",
         "The Service selects no pod, and the API server refuses the user's token.",
         Expect(14, "fail", "http-unexplained", "http", first="http",
                mentions=("api-unauthorized",)),
         {"dns": "NOERROR", "answer": "503", "endpoints": "0 of 0 ready"},
         {"selected": "orders-api"}, user="refused"),
    Case("hostname-outside",
         "The listener takes other hostnames than the route's.",
         Expect(16, "fail", "route-hostname-no-intersection", "route", first="edge",
                symptoms=("edge-no-listener-for-port",)),
         {"dns": "NOERROR", "answer": "404", "route.Accepted": "False NoMatchingListenerHostname",
          "endpoints": "2 of 2 ready", "pods": "running"},
         edge=Gateway("narrow", "203.0.113.15", hostname="*.shop.example.com"), scheme="http"),
    *cases_routing.WALKS,
]


# Cases of causes that edgewalk is still to learn. Run with `run --later` or EDGEWALK_E2E_LATER=1.

LATER = [*cases_routing.LATER]
