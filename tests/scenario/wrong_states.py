#!/usr/bin/env python3
"""Wrong or missing answers, continued: what is asked for and is not there, what may not be read,
and what is reported. Each with the right one, through the real binary. TAP."""

import pathlib
import sys
import tempfile
import textwrap

from manifests import backend, bad, BASE, CLASS, EDGE, find, obj, route, service, TO_EDGE, Wrong
from playing import Lab, Tap

# ---- scopes ----


def scopes(t):
    # A misspelt namespace is fine, with a full score.
    answer = t.check(BASE, "-n", "nosuch")
    t.say(
        answer.status == 2 and "no namespace nosuch" in answer.errors and not answer.text,
        "a namespace that is not there is an error",
        answer,
    )
    with Lab("healthy-https-gateway") as lab:
        answer = lab.ask("check", "-n", "nosuch")
        t.say(
            answer.status == 2 and "no namespace nosuch" in answer.errors,
            "in a cluster too",
            answer,
        )
        answer = lab.ask("check", "HTTPRoute/commerce/nosuch")
        t.say(
            answer.status == 2 and "there is no HTTPRoute nosuch" in answer.errors,
            "so is an object that is not there",
            answer,
        )
        # Nothing scanned in a namespace that has routes; or the whole cluster in its place.
        answer = lab.ask("check", "-o", "json", "-n", "commerce")
        names = {(x["kind"], x.get("namespace"), x["name"]) for x in answer.json["objects"]}
        t.say(
            names
            == {
                ("GatewayClass", None, "envoy"),
                ("Gateway", "platform-ingress", "public-web"),
                ("HTTPRoute", "commerce", "orders-api"),
                ("HTTPRoute", "commerce", "orders-redirect"),
            },
            "-n is the namespace and what it refers to, no less and no more",
            names,
        )
        # A Secret that a listener uses is "not used by anything".
        answer = lab.ask("check", "-A", "-o", "json")
        t.say(
            answer.status == 0 and not bad(answer),
            "nothing is said against a healthy cluster",
            answer,
        )
    # Nothing there: a perfect score.
    answer = t.check(service("web"))
    t.say(
        answer.status == 3 and answer.json["healthy"] is None and answer.json["undecided"],
        "where there is nothing to check nothing is well",
        answer,
    )
    # Kinds that are left out without a word.
    answer = t.check(obj("Ingress", "old", "{}", api="networking.k8s.io/v1beta1") + BASE)
    t.say(
        answer.status == 3
        and any("Ingress shop/old" in x["want"] for x in answer.json["undecided"]),
        "what is not judged is said",
        answer,
    )


# ---- rights ----


def rights(t):
    # No rights at all: nothing scanned, best score, exit 0.
    with t.scenario("no-rights", "deny: [{}]\n") as lab:
        for args in (["-A"], ["-n", "commerce"], [], ["HTTPRoute/commerce/orders-api"]):
            answer = lab.ask("check", "-o", "json", *args)
            t.say(
                answer.status == 3 and answer.json["healthy"] is None and answer.json["undecided"],
                f"no rights at all: undecided (check {' '.join(args)})",
                answer,
            )
            texts = lab.ask("check", *args)
            t.say(
                texts.status == 3
                and "forbidden" in texts.text
                and "is a good one" not in texts.text,
                "and the text says so",
                texts,
            )
        answer = lab.ask("route", "-o", "json", f"https://orders.example.com:{lab.port}/")
        t.say(
            answer.status == 3 and answer.json["decision"]["outcome"] == "unknown",
            "route without rights decides nothing",
            answer,
        )
    # Rights in one namespace: the same, or a refusal to start.
    with t.scenario("one-namespace", "allow: [{namespace: commerce}]\n") as lab:
        answer = lab.ask("check", "-o", "json", "-n", "commerce")
        routes = [x["name"] for x in answer.json["objects"] if x["kind"] == "HTTPRoute"]
        got = find(answer, "HTTPRoute orders-api", "ResolvedRefs")
        t.say(
            answer.status == 3 and routes == ["orders-api", "orders-redirect"],
            "rights in one namespace: its routes are judged as far as they can be",
            answer,
        )
        t.say(
            find(answer, "HTTPRoute orders-api", "Accepted")["healthy"] is None
            and "is not known (forbidden)"
            in find(answer, "HTTPRoute orders-api", "Accepted")["why"],
            "a Gateway that may not be read is not missing",
            answer,
        )
        t.say(got["expected"] == {} or got["healthy"] is not False, "nor are its backends", answer)
        # Forbidden as a remark, then "no problems detected".
        answer = lab.ask("check", "-A")
        t.say(
            answer.status == 3
            and "list gateways.gateway.networking.k8s.io everywhere: forbidden" in answer.text,
            "what may not be listed is named",
            answer,
        )
    # Forbidden read as "does not exist": Secrets, Services.
    with Lab("api-secrets-forbidden") as lab:
        answer = lab.ask("check", "-A", "-o", "json")
        got = find(answer, "Gateway public-web", "ResolvedRefs", "listener https")
        t.say(
            answer.status == 3
            and got["healthy"] is None
            and got["expected"]["status"] == "Unknown"
            and "forbidden" in got["why"],
            "a Secret that may not be read does exist, as far as one knows",
            answer,
        )
    with t.scenario("no-services", "deny: [{resource: services}]\n") as lab:
        answer = lab.ask("check", "-n", "commerce", "-o", "json")
        got = find(answer, "HTTPRoute orders-api", "ResolvedRefs")
        t.say(
            answer.status == 3 and got["healthy"] is None and "BackendNotFound" not in answer.text,
            "a Service that may not be read is not missing",
            answer,
        )
    # A list that failed counts as empty.
    with Lab("api-forbidden-routes") as lab:
        answer = lab.ask("check", "-A", "-o", "json")
        gateway = [x for x in answer.json["objects"] if x["kind"] == "Gateway"][0]
        t.say(
            answer.status == 3 and gateway["listeners"][0]["attachedRoutes"]["expected"] is None,
            "routes that may not be listed are not counted as none",
            answer,
        )
    for name in ("api-unauthorized", "api-unreachable", "api-not-an-api-server"):
        with Lab(name) as lab:
            answer = lab.ask("check", "-A", "-o", "json")
            t.say(
                answer.status == 3 and answer.json["healthy"] is None, f"{name}: undecided", answer
            )


# ---- status ----

PARENT = """\
    status:
      parents:
      - parentRef: {name: edge}
        controllerName: example.com/edge
        conditions:
        - {type: Accepted, status: "%s", reason: %s%s}
        - {type: ResolvedRefs, status: "True", reason: ResolvedRefs}
"""


def status(t):
    spec = f"{TO_EDGE}, hostnames: [a.shop.example.com], {backend('web')}"

    def of(more):
        return t.check(BASE + route("r", spec, more=more), "HTTPRoute/shop/r")

    # Only False counts: Unknown, absent conditions and absent parents pass as clean.
    answer = of(PARENT % ("Unknown", "Pending", ""))
    t.say(
        answer.status == 21 and not find(answer, "HTTPRoute r", "Accepted")["agrees"],
        "Unknown is not True",
        answer,
    )
    answer = of("status: {parents: []}\n")
    got = find(answer, "HTTPRoute r", "Accepted")
    t.say(
        answer.status == 21 and got["note"] == "no controller has reported it",
        "a route that no controller has reported on is not current",
        answer,
    )
    answer = of(
        "status: {parents: [{parentRef: {name: edge}, controllerName: example.com/edge, "
        "conditions: []}]}\n"
    )
    t.say(answer.status == 21, "nor is one whose conditions are not there", answer)
    answer = of(PARENT % ("False", "NotAllowedByListeners", ""))
    t.say(
        answer.status == 21 and not find(answer, "HTTPRoute r", "Accepted")["agrees"],
        "a refusal that has no ground is a difference",
        answer,
    )

    # An old generation shown as current: it stands in each condition, not beside them.
    with Lab("edge-stale-observed-generation") as lab:
        answer = lab.ask("check", "HTTPRoute/commerce/orders-api", "-o", "json")
        got = find(answer, "HTTPRoute orders-api", "Accepted")
        t.say(
            answer.status == 21
            and got["reported"][0]["stale"]
            and not got["agrees"]
            and "generation 2" in got["note"],
            "a condition of an old generation is stale",
            answer,
        )
        answer = lab.ask("check", "HTTPRoute/commerce/orders-api")
        t.say(", stale" in answer.text, "and shown as such", answer)
    with Lab("route-parent-status-absent") as lab:
        answer = lab.ask("check", "-n", "commerce")
        t.say(
            answer.status == 21 and "no controller has reported it" in answer.text,
            "live: no status is said to be none",
            answer,
        )

    # "Waiting for controller" of the API's default, for decades; or an error of the Gateway.
    default = """\
        status:
          conditions:
          - type: Accepted
            status: Unknown
            reason: Pending
            message: Waiting for controller
            lastTransitionTime: "1970-01-01T00:00:00Z"
          - type: Programmed
            status: Unknown
            reason: Pending
            message: Waiting for controller
            lastTransitionTime: "1970-01-01T00:00:00Z"
        """
    gateway = EDGE + textwrap.dedent(default)
    answer = t.check(CLASS + gateway, "Gateway/shop/edge")
    got = find(answer, "Gateway edge", "Accepted")
    t.say(
        answer.status == 21 and "no controller has reported it" in got["note"],
        "the API's default is no controller's word",
        answer,
    )

    # Conditions of listeners are not looked at; one that speaks ill when True reads as good.
    listener = """\
        status:
          conditions:
          - {type: Accepted, status: "True", reason: Accepted}
          - {type: Programmed, status: "True", reason: Programmed}
          listeners:
          - name: web
            attachedRoutes: 0
            conditions:
            - {type: Accepted, status: "%s", reason: %s}
            - {type: ResolvedRefs, status: "True", reason: ResolvedRefs}
            - {type: Programmed, status: "True", reason: Programmed}
            - {type: Conflicted, status: "%s", reason: %s}
        """
    for values, what in (
        (("False", "PortUnavailable", "False", "NoConflicts"), "a listener's refusal"),
        (("True", "Accepted", "True", "HostnameConflict"), "Conflicted=True"),
    ):
        answer = t.check(CLASS + EDGE + textwrap.dedent(listener % values), "Gateway/shop/edge")
        t.say(answer.status == 21, f"{what} is seen", answer)
    answer = t.check(
        CLASS + EDGE + textwrap.dedent(listener % ("True", "Accepted", "False", "NoConflicts")),
        "Gateway/shop/edge",
    )
    t.say(answer.status == 0, "Conflicted=False is good", answer)
    answer = t.check(
        BASE
        + route(
            "r",
            spec,
            more=PARENT % ("True", "Accepted", "")
            + "        - {type: PartiallyInvalid, status: 'True', reason: UnsupportedValue}\n",
        ),
        "HTTPRoute/shop/r",
    )
    got = find(answer, "HTTPRoute r", "PartiallyInvalid")
    t.say(
        answer.status == 21 and got["reported"] and not got["agrees"],
        "PartiallyInvalid=True of a route that is whole is a difference",
        answer,
    )

    # The word of a controller that has nothing to do with the class.
    answer = of(PARENT.replace("example.com/edge", "example.com/other") % ("True", "Accepted", ""))
    got = find(answer, "HTTPRoute r", "Accepted")
    t.say(
        answer.status == 21 and "example.com/other alone" in got["note"],
        "another controller's word is not that of the class's",
        answer,
    )
    both = textwrap.dedent(PARENT % ("True", "Accepted", "")) + (
        "  - parentRef: {name: edge}\n    controllerName: example.com/other\n    conditions:\n"
        "    - {type: Accepted, status: 'False', reason: NoMatchingParent}\n"
    )
    answer = of(both)
    got = find(answer, "HTTPRoute r", "Accepted")
    t.say(
        answer.status == 0 and len(got["reported"]) == 2 and "2 controllers" in got["note"],
        "two controllers on one route are both shown",
        answer,
    )
    # A reason of one implementation.
    answer = of(PARENT % ("True", "Sparkling", ""))
    got = find(answer, "HTTPRoute r", "Accepted")
    t.say(
        answer.status == 0 and got["reported"][0]["reason"] == "Sparkling",
        "a reason of one implementation is shown and not judged",
        answer,
    )


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        t = Wrong(tap, pathlib.Path(name))
        for part in (scopes, rights, status):
            part(t)
    tap.end()


sys.exit(main())
