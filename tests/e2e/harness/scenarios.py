"""The objects of the project's own scenarios, admitted and defaulted by a real API server: `route`
and `check` must say of them what they say of the same objects from a file.

The API server is alone: no controller answers for the objects, whose status is the scenario's, and
none writes EndpointSlices or takes away what has no owner. What reading and routing never look at
(pods and what makes them, events) stays out.
"""

import base64
import concurrent.futures
import http.client
import json
import os
import shlex
import subprocess
import time

from . import kube, network

UNREAD = {"Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Node", "Event"}
OPTIONS = {"-X", "-H", "--gateway", "--ingress-class"}  # of a scenario's, that `route` takes
CUSTOM = ("gateway.networking.k8s.io", "gateway.envoyproxy.io")
OF_SERVER = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields")


class Refused(Exception):
    pass


class Objects:
    """Objects put into the API server, and taken out again."""

    def __init__(self, plane):
        self._plane = plane
        self._etcd = http.client.HTTPConnection(network.NODE, kube.ETCD_PORT, timeout=10)
        self._kinds = dict(self._served())
        self._there, self._namespaces = [], set()

    def _served(self):
        groups = self._plane.get("/apis")["groups"]
        versions = ["v1", *(each["groupVersion"] for group in groups for each in group["versions"])]
        for version in versions:
            top = "/api/v1" if version == "v1" else f"/apis/{version}"
            for each in self._plane.get(top)["resources"]:
                if "/" not in each["name"]:
                    yield (version, each["kind"]), (top, each["name"], each["namespaced"])

    def is_served(self, one):
        return (one["apiVersion"], one["kind"]) in self._kinds

    def path(self, one):
        top, plural, namespaced = self._kinds[one["apiVersion"], one["kind"]]
        return f"{top}/namespaces/{one['metadata']['namespace']}/{plural}" if namespaced else (
            f"{top}/{plural}"
        )

    def _ask(self, method, path, body=None):
        status, answer = self._plane.request(method, path, body)
        if status >= 300:
            raise Refused(answer.get("message", status) if isinstance(answer, dict) else answer)
        return answer

    def create(self, one):
        """Raises Refused in the words of the API server."""
        meta = {key: value for key, value in one["metadata"].items() if key not in OF_SERVER}
        meta.pop("finalizers", None)
        name, path = meta["name"], self.path(one)
        if one["kind"] == "Namespace" and name in self._namespaces:
            self._plane.patch(f"{path}/{name}", {"metadata": {"labels": None}})
            self._plane.patch(f"{path}/{name}", {"metadata": {"labels": meta.get("labels")}})
            return
        body = {key: value for key, value in one.items() if key != "status"}
        made = self._ask("POST", path, {**body, "metadata": meta})
        if one["kind"] == "Namespace":
            self._namespaces.add(name)
        else:
            self._there.append(f"{path}/{name}")
        if one.get("status"):
            try:
                self._ask("PUT", f"{path}/{name}/status", {**made, "status": one["status"]})
            except Refused:
                self._plane.request("DELETE", self._there.pop())
                raise
        self._date(one)

    def _date(self, one):
        """Custom resources lie in etcd as JSON: with the age and generation that they had, as in a
        cluster brought back from a backup."""
        group = one["apiVersion"].partition("/")[0]
        _, plural, namespaced = self._kinds[one["apiVersion"], one["kind"]]
        if group not in CUSTOM:
            return
        key = "/".join(
            ["/registry", group, plural]
            + ([one["metadata"]["namespace"]] if namespaced else [])
            + [one["metadata"]["name"]]
        )
        found = self._store("range", {"key": _base64(key)})["kvs"][0]
        stored = json.loads(base64.b64decode(found["value"]))
        for field in ("creationTimestamp", "generation"):
            if field in one["metadata"]:
                stored["metadata"][field] = one["metadata"][field]
        self._store("put", {"key": _base64(key), "value": _base64(json.dumps(stored))})

    def _store(self, verb, body):
        self._etcd.request("POST", f"/v3/kv/{verb}", json.dumps(body))
        return json.loads(self._etcd.getresponse().read())

    def clear(self):
        for path in self._there:
            self._plane.request("DELETE", path)
        self._there = []


def _base64(text):
    return base64.b64encode(text.encode()).decode()


# ---- one scenario ----


class Scenario:
    def __init__(self, program, name):
        done = subprocess.run([program, "lab", "objects", name], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stderr.strip()}")
        first, _, text = done.stdout.partition("\n")
        words = shlex.split(first)[2:]
        self.name, self.url, self.options = name, words[-1], []
        for option, value in zip(words, words[1:]):
            if option in OPTIONS:
                self.options += [option, value]
        self.objects = [one for one in json.loads(text)["items"] if one["kind"] not in UNREAD]


def put(objects, scenario):
    """Those that the API server takes, and its words on the others."""
    taken, refused = [], []
    order = {"Namespace": 0, "GatewayClass": 1, "IngressClass": 1}
    before = None
    wanted = sorted(
        (one for one in scenario.objects if objects.is_served(one)),
        key=lambda one: (
            order.get(one["kind"], 2),
            one["metadata"].get("creationTimestamp", "9") if one["kind"] == "Ingress" else "",
        ),
    )
    for one in wanted:
        if one["kind"] == "Ingress":  # the server sets the date, to the second
            date = one["metadata"].get("creationTimestamp")
            if before not in (None, date):
                time.sleep(1.1)
            before = date
        try:
            objects.create(one)
            taken.append(one)
        except Refused as words:
            refused.append(f"{one['kind']} {one['metadata']['name']}: {words}")
    return taken, refused


def ask(program, verb, *words):
    done = subprocess.run(
        [program, verb, "-o", "json", *words], capture_output=True, text=True, timeout=60
    )
    if not done.stdout.strip():
        raise RuntimeError(f"{verb} {' '.join(words)}: exit {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


# What an answer from files says of objects that files need not hold: Secrets, EndpointSlices.
OPEN = ("not-in-files", "in the files: taken as")

# Left out of what is compared: where an object was read, the words (they say where it was looked for),
# and the comparison with a status, for an object without one is not applied yet in a file, and not
# answered in a cluster.
APART = {"where", "why", "why_not", "also", "assumes", "undecided", "reported", "agrees", "note"}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key not in APART}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def differences(a, b, path=""):
    if type(a) is not type(b) or not isinstance(a, (dict, list)):
        return [] if a == b else [f"{path}: {json.dumps(a)}, from the API {json.dumps(b)}"]
    keys = sorted({*a, *b}) if isinstance(a, dict) else range(max(len(a), len(b)))
    if isinstance(a, list):
        a, b = dict(enumerate(a)), dict(enumerate(b))
    return [
        line for key in keys for line in differences(a.get(key), b.get(key), f"{path}/{key}")
    ]


def named(answer):
    """The objects of a check by their names, for the order of files is their own."""
    objects = {
        f"{one['kind']} {one.get('namespace')}/{one['name']}": one for one in answer["objects"]
    }
    return plain({**answer, "objects": objects})


def compare(program, kubeconfig, scenario, file):
    """What differs; and whether the answers from the file say that they leave something open, which
    the cluster settles."""
    live = ["--kubeconfig", kubeconfig]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = [
            pool.submit(ask, program, *words)
            for words in (
                ["check", "-f", file, "-A"],
                ["check", *live, "-A"],
                ["route", "-f", file, *scenario.options, scenario.url],
                ["route", *live, *scenario.options, scenario.url],
            )
        ]
        check, live_check, route, live_route = [each.result() for each in answers]
    wrong = differences(named(check), named(live_check), "check")
    wrong += differences(plain(route), plain(live_route), "route")
    return wrong, any(words in json.dumps([check, route]) for words in OPEN)


def tap(world, program, names):
    objects = Objects(world.plane)
    failed = left_open = count = 0
    print("TAP version 13")
    for number, name in enumerate(names, 1):
        scenario = Scenario(program, name)
        taken, refused = put(objects, scenario)
        file = os.path.join(world.folder, "objects.json")
        with open(file, "w") as out:
            json.dump({"apiVersion": "v1", "kind": "List", "items": taken}, out)
        wrong, is_open = compare(program, world.plane.kubeconfig(kube.ADMIN), scenario, file)
        objects.clear()
        count += len(taken)
        left_open += bool(wrong) and is_open
        failed += bool(wrong) and not is_open
        print(
            f"{'not ok' if wrong and not is_open else 'ok'} {number} - {name}:"
            f" {len(taken)} objects{', left open by files' if wrong and is_open else ''}"
        )
        for line in wrong + [f"refused: {line}" for line in refused]:
            print(f"# {line}")
    print(f"1..{len(names)}")
    print(
        f"# {count} objects of {len(names)} scenarios: {failed} answer otherwise from the API than"
        f" from files, {left_open} are left open by files",
        flush=True,
    )
    return 1 if failed else 0


def every(program):
    done = subprocess.run([program, "lab", "list"], capture_output=True, text=True, check=True)
    return [line.split()[0] for line in done.stdout.splitlines() if line]
