"""The cases: what is wrong in each, what the cluster and its edge then show, what edgewalk must say.

Every case has a namespace and a host of its own name, and the objects of objects/app.yaml and
objects/httproute.yaml with `values` filled in; what differs from the healthy case is the fault.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Gateway:
    """A Gateway of the cluster. Without an address its load balancer never comes up."""
    name: str
    address: str | None
    certificate: dict = field(default_factory=dict)     # arguments of certificates.Authority.leaf


PUBLIC = Gateway("public", "203.0.113.10")
PENDING = Gateway("pending", None)


@dataclass(frozen=True)
class Expect:
    """The verdict: exit status, verdict.status, .cause, .layer and .first_failing_layer."""
    exit: int
    status: str
    cause: str | None = None
    layer: str | None = None
    first: str | None = None
    echoes: tuple = ()          # causes among the symptoms
    findings: bool = True       # False: there must be no finding at all


HEALTHY = Expect(exit=0, status="ok", findings=False)


@dataclass(frozen=True)
class Case:
    name: str
    story: str
    expect: Expect
    shows: dict                 # what World.observe must see before edgewalk is asked
    values: dict = field(default_factory=dict)
    gateway: Gateway = PUBLIC
    user: str = "reader"
    listening: bool = True      # the pods have an application that answers

    @property
    def namespace(self):
        return self.name

    @property
    def host(self):
        return f"{self.name}.example.com"

    @property
    def url(self):
        return f"https://{self.host}/health"

    def filled_in(self):
        return {"namespace": self.namespace, "host": self.host, "gateway": self.gateway.name,
                "allowed": "true", "state": "running", "selected": "orders", "target_port": "http",
                "backend_port": "80", **self.values}


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
          "route.ResolvedRefs": "True ResolvedRefs", "route.BackendsAvailable": "False EndpointsNotFound",
          "endpoints": "0 of 0 ready", "pods": "running"},
         {"selected": "orders-api"}),

    Case("crash-looping",
         "The pods start, crash, and are in back-off.",
         Expect(19, "fail", "pod-crashloop", "pod", first="endpoints", echoes=("ep-all-not-ready",)),
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
                echoes=("dns-nxdomain", "edge-gateway-no-address")),
         {"dns": "NXDOMAIN", "answer": "no address", "gateway.Programmed": "False AddressNotAssigned",
          "route.Accepted": "True Accepted", "endpoints": "2 of 2 ready", "pods": "running"},
         gateway=PENDING),
]
