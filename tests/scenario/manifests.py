"""Manifests made from few words, and the program asked about them."""

import textwrap

from playing import Lab, conditions, run

GATEWAY_API = "gateway.networking.k8s.io/v1"


def obj(kind, name, spec, ns="shop", api=GATEWAY_API, more="", labels=""):
    """One object as YAML; spec and more are YAML of its members."""
    where = f", namespace: {ns}" if ns else ""
    labels = f", labels: {{{labels}}}" if labels else ""
    text = f"---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}{where}{labels}}}\n"
    text += f"spec: {spec}\n" if spec else ""
    return text + textwrap.dedent(more)


def service(name, ns="shop", ports="{port: 80}"):
    return obj("Service", name, f"{{selector: {{app: {name}}}, ports: [{ports}]}}", ns, "v1")


def route(name, spec, ns="shop", **more):
    return obj("HTTPRoute", name, f"{{{spec}}}", ns, **more)


def backend(name, more=""):
    return f"rules: [{{backendRefs: [{{name: {name}, port: 80{more}}}]}}]"


CLASS = obj("GatewayClass", "edge", "{controllerName: example.com/edge}", None)
TO_EDGE = "parentRefs: [{name: edge}]"
EDGE = obj(
    "Gateway",
    "edge",
    "{gatewayClassName: edge, listeners: [{name: web, port: 80, protocol: "
    "HTTP, hostname: '*.shop.example.com'}]}",
)
BASE = CLASS + EDGE + service("web")


class Wrong:
    """The tests, with what they share."""

    def __init__(self, tap, folder):
        self.tap, self.folder, self.count = tap, folder, 0

    def files(self, text):
        self.count += 1
        path = self.folder / f"{self.count}.yaml"
        path.write_text(text)
        return str(path)

    def check(self, text, *args):
        return run("check", "-f", self.files(text), "-o", "json", *args)

    def decide(self, text, *args):
        return run("route", "-f", self.files(text), "-o", "json", *args)

    def say(self, good, what, *notes):
        self.tap.say(good, what, *notes)

    def scenario(self, name, api, change=""):
        """The healthy cluster with another API."""
        text = (
            f"title: {name}\nbase: healthy-https-gateway\napi:\n"
            + textwrap.indent(textwrap.dedent(api), "  ")
            + textwrap.dedent(change)
            + "expect: {status: ok, exit: 0}\n"
        )
        return Lab(name, self.folder / name, text)


def find(answer, name, type_, place=""):
    """The one condition of an object, or an empty one."""
    for object_name, where, condition in conditions(answer.json):
        if object_name == name and condition["type"] == type_ and place in where:
            return condition
    return {"expected": {}, "reported": [], "agrees": None, "healthy": None, "why": "", "note": ""}


def bad(answer):
    """(object, type, reason) of every condition that is not good."""
    return sorted(
        (name, c["type"], c["expected"]["reason"])
        for name, _, c in conditions(answer.json)
        if c["healthy"] is False
    )
