#!/usr/bin/env python3
"""Wrong or missing answers that are easily given about routes, Gateways and Ingresses, each with
the right one, through the real binary: references, attachment, endpoints, changes, outputs. TAP."""

import pathlib
import sys
import tempfile

from manifests import backend, bad, BASE, CLASS, EDGE, find, obj, route, service, TO_EDGE, Wrong
from playing import Tap, conditions, run

# ---- references ----


def references(t):
    # "Unknown" beside a reported True: the second condition was read into the first one's place.
    status = """\
        status:
          parents:
          - parentRef: {name: edge}
            controllerName: example.com/edge
            conditions:
            - {type: Accepted, status: "True", reason: Accepted}
            - {type: ResolvedRefs, status: "True", reason: ResolvedRefs}
        """
    answer = t.check(
        BASE
        + route("r", f"{TO_EDGE}, hostnames: [a.shop.example.com], {backend('web')}", more=status),
        "HTTPRoute/shop/r",
    )
    got = find(answer, "HTTPRoute r", "ResolvedRefs")
    t.say(
        got["reported"] and got["reported"][0]["status"] == "True" and got["agrees"],
        "ResolvedRefs is read by itself",
        answer,
    )

    # "Non-existent" of what only has another kind than Service.
    pool = obj("InferencePool", "pool", "{}", api="inference.networking.k8s.io/v1")
    spec = (
        "rules: [{backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, "
        "name: pool, port: 80}]}]"
    )
    answer = t.check(BASE + pool + route("r", f"{TO_EDGE}, {spec}"))
    t.say(not bad(answer), "a backend of another kind that is there is not missing", answer)
    answer = t.check(BASE + route("r", f"{TO_EDGE}, {spec}"))
    got = find(answer, "HTTPRoute r", "ResolvedRefs")
    t.say(
        "InferencePool.inference.networking.k8s.io shop/pool exists" in got["expected"]["assumes"],
        "one that cannot be seen is assumed, and said",
        answer,
    )
    answer = t.check(
        BASE
        + route(
            "r",
            f"{TO_EDGE}, "
            + spec.replace("InferencePool", "ConfigMap").replace(
                "inference.networking.k8s.io", "''"
            ),
        )
    )
    t.say(
        ("HTTPRoute r", "ResolvedRefs", "InvalidKind") in bad(answer),
        "what can be no backend is not passed over",
        answer,
    )

    # "Missing Gateway" of a parentRef that is for a mesh.
    answer = t.check(
        BASE + route("r", "parentRefs: [{group: '', kind: Service, name: web}], " + backend("web"))
    )
    t.say(
        not bad(answer) and "NoMatchingParent" not in answer.text,
        "a parentRef to a Service is not a missing Gateway",
        answer,
    )

    # Never looked at, because the API server writes the group out.
    answer = t.check(
        BASE
        + route(
            "r",
            "parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, "
            f"name: gone}}], {backend('web')}",
        )
    )
    t.say(
        ("HTTPRoute r", "Accepted", "NoMatchingParent") in bad(answer),
        "a missing Gateway is found with its group written out",
        answer,
    )

    # Looked up in the route's own namespace.
    grant = obj(
        "ReferenceGrant",
        "g",
        "{from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, "
        "namespace: shop}], to: [{group: '', kind: Service}]}",
        "far",
        "gateway.networking.k8s.io/v1beta1",
    )
    spec = f"{TO_EDGE}, {backend('only-far', ', namespace: far')}"
    answer = t.check(BASE + grant + service("only-far", "far") + route("r", spec))
    t.say(not bad(answer), "a backend of another namespace is looked up there", answer)
    answer = t.check(BASE + grant + service("only-far", "shop") + route("r", spec))
    t.say(
        ("HTTPRoute r", "ResolvedRefs", "BackendNotFound") in bad(answer),
        "and its namesake at home does not stand in for it",
        answer,
    )
    answer = t.check(BASE + service("only-far", "far") + route("r", spec))
    t.say(
        ("HTTPRoute r", "ResolvedRefs", "RefNotPermitted") in bad(answer),
        "and not without a ReferenceGrant",
        answer,
    )

    # Every Service "does not exist", where routes alone are asked for.
    answer = t.check(
        BASE + route("r", f"{TO_EDGE}, hostnames: [a.shop.example.com], {backend('web')}"),
        "HTTPRoute/shop/r",
    )
    t.say(
        answer.status == 0 and not bad(answer),
        "a route asked for by name: its backends are there",
        answer,
    )


# ---- namespaces, sections, host names ----


def attachment(t):
    # The selector held against the labels of the route.
    listeners = (
        "listeners: [{name: web, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: "
        "Selector, selector: {matchLabels: {team: a}}}}}]"
    )
    base = CLASS + obj("Gateway", "edge", f"{{gatewayClassName: edge, {listeners}}}", "infra")
    to = "parentRefs: [{name: edge, namespace: infra}]"
    space = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {%s}}\n"
    answer = t.check(
        base + space % "team: a" + service("web") + route("r", f"{to}, {backend('web')}")
    )
    t.say(not bad(answer), "a selector selects by the labels of the namespace", answer)
    answer = t.check(
        base
        + space % "team: b"
        + service("web")
        + route("r", f"{to}, {backend('web')}", labels="team: a")
    )
    got = find(answer, "HTTPRoute r", "Accepted")
    t.say(
        got["expected"].get("reason") == "NotAllowedByListeners"
        and "namespace shop has label team=b, not a" in (got["why"] or ""),
        "the labels of the route itself do not count",
        answer,
    )

    # Judged once for each listener, whichever the parentRef names.
    two = (
        "listeners: [{name: one, port: 80, protocol: HTTP}, {name: two, port: 81, protocol: HTTP, "
        "allowedRoutes: {namespaces: {from: All}}}]"
    )
    base = (
        CLASS
        + obj("Gateway", "edge", f"{{gatewayClassName: edge, {two}}}", "infra")
        + service("web")
    )
    named = "parentRefs: [{name: edge, namespace: infra, sectionName: %s}]"
    answer = t.check(base + route("r", f"{named % 'two'}, {backend('web')}"))
    t.say(
        not bad(answer) and answer.status == 0, "a section that takes the route is enough", answer
    )
    answer = t.check(base + route("r", f"{named % 'one'}, {backend('web')}"))
    t.say(
        bad(answer) == [("HTTPRoute r", "Accepted", "NotAllowedByListeners")],
        "another section that would take it does not help, and it is one finding",
        answer,
    )

    # Silence about host names that cannot meet, namespaces that are not allowed, missing Services.
    three = (
        BASE
        + route("host", f"{TO_EDGE}, hostnames: [shop.elsewhere.org], {backend('web')}")
        + route("gone", f"{TO_EDGE}, hostnames: [a.shop.example.com], {backend('missing')}")
        + route(
            "far",
            "parentRefs: [{name: edge, namespace: shop}], hostnames: [b.shop.example.com], "
            + backend("web"),
            ns="other",
        )
        + service("web", "other")
    )
    answer = t.check(three, "-A")
    t.say(
        bad(answer)
        == [
            ("HTTPRoute far", "Accepted", "NotAllowedByListeners"),
            ("HTTPRoute gone", "ResolvedRefs", "BackendNotFound"),
            ("HTTPRoute host", "Accepted", "NoMatchingListenerHostname"),
        ],
        "the host name, the namespace and the Service are each found",
        answer,
    )

    # Counted: whoever names the Gateway, attached or not.
    gateway = [x for x in answer.json["objects"] if x["kind"] == "Gateway"][0]
    t.say(
        gateway["listeners"][0]["attachedRoutes"]["expected"] == 1,
        "attached are those that are attached",
        gateway,
    )

    # Exit status 0 with findings, and again because the output is JSON.
    texts = run("check", "-f", t.files(three), "-A")
    t.say(
        answer.status == 21 and texts.status == 21,
        "findings have an exit status in every output",
        answer.status,
        texts.status,
    )
    t.say(
        all(
            x in texts.text
            for x in (
                "shop.elsewhere.org",
                "*.shop.example.com",
                "Service shop/missing",
                "from: Same",
            )
        ),
        "the sentences name what decides",
        texts,
    )


# ---- Ingress ----


def ingress(name, host, service_name, port, ns="shop"):
    return obj(
        "Ingress",
        name,
        f"{{ingressClassName: c, rules: [{{host: '{host}', http: {{paths: [{{path: /, "
        f"pathType: Prefix, backend: {{service: {{name: {service_name}, "
        f"port: {{{port}}}}}}}}}]}}}}]}}",
        ns,
        "networking.k8s.io/v1",
    )


INGRESS_CLASS = obj(
    "IngressClass", "c", "{controller: example.com/c}", None, "networking.k8s.io/v1"
)


def ingresses(t):
    # Any port number passes where the Service's ports have no names.
    objects = INGRESS_CLASS + service("web") + ingress("i", "a.com", "web", "number: 8080")
    answer = t.check(objects)
    t.say(
        answer.status == 21 and "has no port 8080" in answer.text,
        "a port number that the Service lacks is found, though its ports have no names",
        answer,
    )
    t.say(t.decide(objects, "http://a.com/").status == 17, "and route says which layer")
    answer = t.check(INGRESS_CLASS + service("web") + ingress("i", "a.com", "web", "number: 80"))
    t.say(answer.status == 0, "the right one passes", answer)
    # A missing Service is told as a missing port, or every Service is.
    answer = t.check(INGRESS_CLASS + ingress("i", "a.com", "gone", "number: 80"))
    t.say(
        "Service shop/gone does not exist" in answer.text and "has no port" not in answer.text,
        "a Service that is not there is not a port that is not there",
        answer,
    )
    # A host below a wildcard finds nothing: compared letter by letter.
    objects = INGRESS_CLASS + service("web") + ingress("i", "*.a.com", "web", "number: 80")
    answer = t.decide(objects, "http://b.a.com/")
    t.say(
        answer.status == 0 and answer.json["decision"]["ingress"]["name"] == "i",
        "a host below a wildcard is that Ingress's",
        answer,
    )
    t.say(
        t.decide(objects, "http://c.b.a.com/").status == 16
        and t.decide(objects, "http://a.com/").status == 16,
        "of exactly one label",
    )


# ---- endpoints ----

SLICE = """\
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{%sport: 8080}]
endpoints:
- {addresses: [10.0.0.1], conditions: {ready: true}}
- {addresses: [10.0.0.2], conditions: {ready: false}}
- {addresses: [10.0.0.3], conditions: {ready: false, serving: true, terminating: true}}
"""


def endpoints(t):
    objects = (
        CLASS + EDGE + route("r", f"{TO_EDGE}, hostnames: [a.shop.example.com], {backend('web')}")
    )
    # Addresses that are not ready are counted.
    answer = t.decide(objects + service("web") + SLICE % "", "http://a.shop.example.com/")
    got = answer.json["decision"]["backends"][0]
    t.say((got["ready"], got["total"]) == (1, 3), "ready endpoints are counted apart", answer)
    answer = t.decide(
        objects + service("web") + (SLICE % "").replace("ready: true", "ready: false"),
        "http://a.shop.example.com/",
    )
    t.say(
        answer.status == 18 and answer.json["decision"]["status"] == 503,
        "none of three ready is none",
        answer,
    )
    # A port without a name goes with a slice's port without a name, and with no other.
    answer = t.decide(
        objects + service("web") + SLICE % "name: http, ", "http://a.shop.example.com/"
    )
    t.say(answer.status == 18, "a named port of the slice is not the Service's unnamed one", answer)
    # An endpoint "there" because an address is, in the slice of another Service.
    answer = t.decide(
        objects + service("web") + (SLICE % "").replace("service-name: web", "service-name: other"),
        "http://a.shop.example.com/",
    )
    t.say(
        "no EndpointSlice for Service shop/web" in answer.text,
        "slices of another Service are its own",
        answer,
    )
    # A pod whose containers declare no port is called broken: the declaration is for people.
    with t.scenario(
        "undeclared",
        "{}\n",
        """\
        change:
          - object: Pod commerce/orders-api-*
            remove: ["spec.containers[0].ports"]
        """,
    ) as lab:
        answer = lab.ask("route", "-o", "json", f"https://orders.example.com:{lab.port}/")
        t.say(
            answer.status == 0 and answer.json["decision"]["backends"][0]["ready"] == 2,
            "ports that a pod does not declare are open all the same",
            answer,
        )


# ---- what a change would do ----


def changes(t):
    before = (
        BASE
        + route("kept", f"{TO_EDGE}, hostnames: [a.shop.example.com], {backend('missing')}")
        + route("mended", f"{TO_EDGE}, hostnames: [b.shop.example.com], {backend('missing')}")
        + route("broken", f"{TO_EDGE}, hostnames: [c.shop.example.com], {backend('web')}")
    )
    after = route(
        "mended", f"{TO_EDGE}, hostnames: [b.shop.example.com], {backend('web')}"
    ) + route("broken", f"{TO_EDGE}, hostnames: [c.elsewhere.org], {backend('web')}")
    # "Before" seen with the new version of what changes.
    answer = t.check(before, "--overlay", t.files(after))
    rows = {
        (x["name"], x["type"]): (x["before"]["healthy"], x["after"]["healthy"])
        for x in answer.json["overlay"]["changes"]
        if isinstance(x["after"], dict)
    }
    t.say(
        rows == {("mended", "ResolvedRefs"): (False, True), ("broken", "Accepted"): (True, False)},
        "what a change mends, what it breaks, and nothing of what stays",
        answer,
    )
    t.say(
        (answer.json["overlay"]["better"], answer.json["overlay"]["worse"]) == (1, 1),
        "each is counted",
        answer,
    )


# ---- options, outputs ----


def outputs(t):
    # An option that is taken and never read.
    two = (
        CLASS
        + obj(
            "Gateway",
            "one",
            "{gatewayClassName: edge, listeners: [{name: web, port: 80, protocol: " "HTTP}]}",
        )
        + obj(
            "Gateway",
            "two",
            "{gatewayClassName: edge, listeners: [{name: web, " "port: 80, protocol: HTTP}]}",
        )
        + service("a")
        + service("b")
        + route("a", f"parentRefs: [{{name: one}}], {backend('a')}")
        + route("b", f"parentRefs: [{{name: two}}], {backend('b')}")
    )
    got = [
        t.decide(two, "--gateway", f"shop/{name}", "http://x.com/").json["decision"]["route"][
            "name"
        ]
        for name in ("one", "two")
    ]
    t.say(got == ["a", "b"], "--gateway narrows", got)
    classes = (
        INGRESS_CLASS
        + INGRESS_CLASS.replace("name: c", "name: d")
        + service("a")
        + service("b")
        + ingress("i", "x.com", "a", "number: 80")
        + ingress("j", "x.com", "b", "number: 80").replace(
            "ingressClassName: c", "ingressClassName: d"
        )
    )
    got = [
        t.decide(classes, "--ingress-class", name, "http://x.com/").json["decision"]["ingress"][
            "name"
        ]
        for name in ("c", "d")
    ]
    t.say(got == ["i", "j"], "--ingress-class narrows", got)
    grpc = CLASS + EDGE + service("a") + obj("GRPCRoute", "g", f"{{{TO_EDGE}, {backend('a')}}}")
    got = [t.check(grpc, *args).status for args in ([], ["--feature", "GRPCRoute=no"])]
    t.say(got == [0, 21], "--feature is heard", got)
    got = t.check(three_namespaces(), "-n", "b")
    t.say({x.get("namespace") for x in got.json["objects"]} == {None, "b"}, "-n narrows", got)
    # Not run and passed look the same.
    with t.scenario("skips", "deny: [{resource: secrets}]\n") as lab:
        answer = lab.ask("check", "-A", "-o", "json")
        states = {c["healthy"] for _, _, c in conditions(answer.json)}
        t.say(
            states == {True, None},
            "a condition that could not be judged is there, and is not a passed one",
            states,
        )
        walked = run(
            "-o",
            "json",
            "--kubeconfig",
            lab.kubeconfig,
            "--no-probe",
            f"https://orders.example.com:{lab.port}/",
        )
        layers = {x["layer"]: x["status"] for x in walked.json["layers"]}
        t.say(
            layers["http"] in ("skipped", "unknown") and layers["route"] == "ok",
            "in a walk a layer that was skipped is no layer that is well",
            layers,
        )
    # Where it stands is left out, or the first line of the file.
    answer = t.check(BASE + route("r", f"{TO_EDGE}, {backend('gone')}"))
    where = [x["where"] for x in answer.json["objects"] if x["name"] == "r"][0]
    t.say(
        where.endswith(f"{t.count}.yaml:{(BASE + '---').count(chr(10)) + 2}"),
        "file and line are the object's",
        where,
    )


def three_namespaces():
    listeners = "{gatewayClassName: edge, listeners: [{name: web, port: 80, protocol: HTTP}]}"
    return CLASS + "".join(obj("Gateway", "g", listeners, ns) for ns in "abc")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        t = Wrong(tap, pathlib.Path(name))
        for part in (references, attachment, ingresses, endpoints, changes, outputs):
            part(t)
    tap.end()


sys.exit(main())
