#!/usr/bin/env python3
"""`--overlay` and `--wait` against a cluster: the lab's API. TAP."""

import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from playing import EDGEWALK, Lab, Tap, schema_errors

ROUTES = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: taker, namespace: commerce}
spec:
  parentRefs: [{name: public-web, namespace: platform-ingress, sectionName: https}]
  hostnames: [orders.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /api}}]
    backendRefs: [{name: orders-new, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: orders-new, namespace: commerce}
spec: {selector: {app: orders-new}, ports: [{port: 80}]}
"""
# The same rule as one that is there: what is older keeps the requests.
RIVAL = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a-rival, namespace: commerce}
spec:
  parentRefs: [{name: public-web, namespace: platform-ingress, sectionName: https}]
  hostnames: [orders.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /}}]
    backendRefs: [{name: orders-api, port: 80}]
"""
# A namespace loses what a listener selects it by: a route of it is no longer attached.
NAMESPACE = """
apiVersion: v1
kind: Namespace
metadata: {name: commerce}
"""
LATE = """
title: a controller that writes its word late
base: healthy-https-gateway
change:
  - object: HTTPRoute commerce/orders-api
    remove: ["status"]
api:
  later:
    after_ms: 1000
    change:
      - object: HTTPRoute commerce/orders-api
        set:
          "status":
            parents:
              - parentRef: {namespace: platform-ingress, name: public-web, sectionName: https}
                controllerName: gateway.envoyproxy.io/gatewayclass-controller
                conditions:
                  - {type: Accepted, status: "True", reason: Accepted, observedGeneration: 2}
                  - {type: ResolvedRefs, status: "True", reason: ResolvedRefs}
expect: {status: ok, exit: 0}
"""
LOST = """
title: a cluster that cannot be read at first
base: healthy-https-gateway
api:
  fail:
    - {verb: list, resource: httproutes, times: 1, answer: {status: 500}}
expect: {status: ok, exit: 0}
"""


def overlay(tap, folder):
    routes, rival, space = folder / "routes.yaml", folder / "rival.yaml", folder / "ns.yaml"
    routes.write_text(ROUTES)
    rival.write_text(RIVAL)
    space.write_text(NAMESPACE)
    with Lab("healthy-https-gateway") as lab:
        answer = lab.ask("check", "-o", "json", "--overlay", str(routes))
        change = answer.json["overlay"]
        tap.say(answer.status == 0 and answer.json["healthy"], "a good change is well", answer)
        errors = schema_errors("check", answer.json)
        tap.say(not errors, "its answer is as the schema says", *errors)
        tap.say([x["added"] for x in change["objects"]] == [True, True], "what is new", change)
        rows = [(x["name"], x["type"], x["before"], x["after"]) for x in change["changes"]]
        tap.say(
            ("public-web", "attachedRoutes", 2, 3) in rows, "attachedRoutes counted again", rows
        )
        tap.say(
            [x["request"].split(":", 1)[1].split("/", 3)[3] for x in change["requests"]["changes"]]
            == ["api"],
            "the one request that another answers",
            change["requests"],
        )
        url = f"https://orders.example.com:{lab.port}"
        answer = lab.ask("route", "-o", "json", "--overlay", str(routes), url + "/api/1")
        errors = schema_errors("route", answer.json)
        tap.say(not errors, "route's answer is as the schema says", *errors)
        tap.say(
            answer.status == 0
            and answer.json["decision"]["route"]["name"] == "taker"
            and answer.json["overlay"]["before"]["route"]["name"] == "orders-api",
            "who serves after it, and who did before",
            answer,
        )
        tap.say(
            any("not applied yet" in x for x in answer.json["assumes"]),
            "endpoints of a Service that is not there yet are assumed, and said",
            answer,
        )
        answer = lab.ask("route", "-o", "json", "--overlay", str(rival), url + "/api/1")
        tap.say(
            answer.json["overlay"]["changed"] is False,
            "a new route with the match of an older one does not win",
            answer,
        )
        answer = lab.ask("check", "-o", "json", "--overlay", str(space), "-n", "storefront")
        lost = [x for x in answer.json["overlay"]["changes"] if x["name"] == "orders-api"]
        tap.say(
            answer.status == 21 and lost and lost[0]["after"]["reason"] == "NotAllowedByListeners",
            "a change that breaks a route of another namespace is not well",
            answer,
        )
        answer = lab.ask("check", "-n", "commerce", "--overlay", "-", stdin=ROUTES)
        tap.say(answer.status == 0 and "stdin:" in answer.text, "from standard input", answer)


def waits(lab, *args, after=None):
    """Exit status, seconds, and output; interrupted after so many seconds."""
    started = time.monotonic()
    process = subprocess.Popen(
        [EDGEWALK, "check", "--kubeconfig", lab.kubeconfig, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if after:
        time.sleep(after)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
    out, err = process.communicate(timeout=60)
    return process.returncode, time.monotonic() - started, out, err


def wait(tap, folder):
    with Lab("late", folder / "late", LATE) as lab:
        status, _, out, err = waits(lab, "--wait=30s")
        tap.say(
            status == 0 and "every condition is a good one" in out,
            "waits until all is well",
            status,
            out,
            err,
        )
        tap.say(
            "waiting: " in err and "Accepted of HTTPRoute" in err, "says what it waits for", err
        )
    with Lab("late", folder / "late", LATE) as lab:
        status, seconds, out, err = waits(lab, "--wait=200ms")
        tap.say(
            status == 21 and "no controller has reported it" in out and seconds < 5,
            "its time over: the last answer, and its exit status",
            status,
            seconds,
            out,
            err,
        )
    with Lab("route-namespace-not-selected") as lab:
        status, seconds, out, err = waits(lab, "-A", "--wait", "-q", after=1.0)
        tap.say(
            status == 130 and seconds < 1 and not out and not err,
            "ctrl-c ends it at once",
            status,
            seconds,
            out,
            err,
        )
        status, seconds, _, err = waits(lab, "--wait=30s", "HTTPRoute/commerce/nosuch")
        tap.say(status == 2 and seconds < 5, "what is not there is not waited for", status, err)
    with Lab("lost", folder / "lost", LOST) as lab:
        status, _, out, err = waits(lab, "--wait=30s", "-A")
        tap.say(
            status == 0 and "waiting: " in err,
            "what could not be read is read again",
            status,
            out,
            err,
        )
    with Lab("api-unreachable") as lab:
        status, seconds, out, err = waits(lab, "--wait=300ms")
        tap.say(status == 3 and seconds < 5, "out of reach to the end: undecided", status, out, err)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        overlay(tap, pathlib.Path(name))
        wait(tap, pathlib.Path(name))
    tap.end()


sys.exit(main())
