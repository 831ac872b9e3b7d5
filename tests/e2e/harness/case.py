"""What a case is made of: its edge, its objects, what must show, and the verdict."""

import string
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Gateway:
    """A Gateway. No address: its load balancer stays pending."""
    name: str
    address: str | None
    hostname: str = "*.example.com"
    certificate: dict | None = field(default_factory=dict)
    """Arguments of certificates.Authority.leaf; None: the Secret does not exist."""
    objects: str = "gateway"    # of objects/


@dataclass(frozen=True, eq=False)
class IngressController:
    """nginx or haproxy at the edge, configured by the test from the Ingresses of its class."""
    name: str
    address: str


PUBLIC = Gateway("public", "203.0.113.10")
NGINX = IngressController("nginx", "203.0.113.21")


@dataclass(frozen=True)
class Expect:
    """The verdict: exit status, verdict.status, .cause, .layer and .first_failing_layer."""
    exit: int
    status: str
    cause: str | None = None
    layer: str | None = None
    first: str | None = None
    symptoms: tuple = ()        # causes among the verdict's symptoms
    mentions: tuple = ()        # causes of findings anywhere
    absent: tuple = ()          # causes that no finding may have
    findings: bool = True       # False: there must be no finding at all


HEALTHY = Expect(exit=0, status="ok", findings=False)

GOOD = {"dns": "NOERROR", "answer": "200", "endpoints": "2 of 2 ready", "pods": "running"}


@dataclass(frozen=True)
class Case:
    name: str
    story: str
    expect: Expect
    shows: dict                 # what World.observe must see before edgewalk is asked
    values: dict = field(default_factory=dict)
    edge: Gateway | IngressController = PUBLIC
    beside: IngressController | None = None     # a second edge that has the host too
    user: str = "reader"        # one of kube.USERS, or "refused"
    listening: bool = True      # the pods have an application that answers
    speaks: str = "http"        # in the pods: http, tls, grpc
    scheme: str = "https"
    at: str = ""                # the host, where it is not NAME.example.com
    path: str = "/health"
    options: tuple = ()         # of the request, as curl and edgewalk both take them
    routes: tuple = ()          # files of objects/ in place of httproute or ingress
    extra: tuple = ()           # more files of objects/
    machine: str | None = None  # an address beside the pods at which the application answers

    @property
    def namespace(self):
        return self.name

    @property
    def host(self):
        return self.at or f"{self.name}.example.com"

    @property
    def url(self):
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def port(self):
        return {"https": 443, "http": 80}[self.scheme]

    @property
    def route(self):
        """The file in objects/, and so the kind, of what leads to the Service."""
        usual = "httproute" if isinstance(self.edge, Gateway) else "ingress"
        return (self.routes or (usual,))[0]

    @property
    def needs_certificate(self):
        """Of its own, as Secret orders-tls."""
        controllers = isinstance(self.edge, IngressController) or self.beside
        return bool(controllers or self.speaks == "tls" or "listenerset" in self.extra)

    def filled_in(self):
        plain = {"namespace": self.namespace, "host": self.host, "edge": self.edge.name,
                 "section": self.scheme, "allowed": "true", "listeners": "false",
                 "state": "running", "selected": "orders", "target_port": "http",
                 "app_namespace": self.namespace, "backend_port": "80", "machine": self.machine,
                 "match": "path: {type: PathPrefix, value: /}", "filters": "", "more": "",
                 "hostnames": "${host}",
                 "backend": "{name: orders, namespace: ${app_namespace}, port: ${backend_port}}",
                 "parent": "{name: ${edge}, namespace: platform-ingress, sectionName: ${section}}",
                 **self.values}
        for _ in range(2):  # values name others, and those again
            plain = {name: string.Template(str(value)).safe_substitute(plain)
                     for name, value in plain.items()}
        return plain
