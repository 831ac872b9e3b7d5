#!/usr/bin/env python3
"""The rules of routing and attachment, told in stories: every row of tests/rules/*.yaml through the
real binary, requests through `edgewalk route` and conditions through `edgewalk check`. README.md
beside this says what a file holds. Prints TAP; a row that fails prints the difference.

Arguments are names of files (without .yaml) to run in place of all."""

import base64
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).parent
EDGEWALK = os.environ.get("EDGEWALK", "edgewalk")
DOC = pathlib.Path(os.environ.get("top_srcdir") or HERE.parents[1]) / "doc"
EPSILON = 0.001
STORY_KEYS = {
    "story",
    "features",
    "services",
    "certificates",
    "without",
    "objects",
    "requests",
    "conditions",
}
EDGE_CLASS = """\
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: edge}
spec: {controllerName: example.com/edge}
"""
SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: %s, namespace: %s}
spec: {selector: {app: %s}, ports: [{port: %s}]}
"""


class BadRow(Exception):
    """A file that says what cannot be understood, or a program that does not answer."""


# ---- certificates, made as they are named ----


class Mint:
    """Throw-away certificates: `{names: [DNS names], by: NAME, ca: true}`."""

    def __init__(self, folder):
        self.folder, self.made, self.lock = folder, {}, threading.Lock()

    def have(self, certificates):
        """Each is made once, in order; what signs comes before what it signs."""
        with self.lock:
            for name, how in certificates.items():
                if name not in self.made:
                    self.make(name, how or {})
                    self.made[name] = how

    def make(self, name, how):
        cert, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        names = how.get("names") or []
        args = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        args += ["-nodes", "-days", "3650", "-subj", f"/CN={name}"]
        args += ["-keyout", str(key), "-out", str(cert)]
        if names:
            args += ["-addext", "subjectAltName=" + ",".join(f"DNS:{one}" for one in names)]
        args += ["-addext", f"basicConstraints=critical,CA:{'TRUE' if how.get('ca') else 'FALSE'}"]
        if how.get("by"):
            args += ["-CA", str(self.folder / f"{how['by']}.pem")]
            args += ["-CAkey", str(self.folder / f"{how['by']}.key")]
        done = subprocess.run(args, capture_output=True, text=True)
        if done.returncode:
            raise BadRow(f"certificate {name}: {done.stderr.strip()[-300:]}")

    def fill(self, text):
        """${pem:NAME}, ${cert64:NAME} and ${key64:NAME} replaced by what they stand for."""

        def put(found):
            what, name = found.groups()
            data = (self.folder / f"{name}{'.key' if what == 'key64' else '.pem'}").read_bytes()
            return json.dumps(data.decode()) if what == "pem" else base64.b64encode(data).decode()

        return re.sub(r"\$\{(pem|cert64|key64):([\w-]+)\}", put, text)


# ---- the program ----


def validators():
    """verb → what holds its answers to the schema; none where jsonschema is not installed."""
    try:
        import jsonschema
    except ImportError:
        return {}
    return {
        verb: jsonschema.Draft202012Validator(
            json.loads((DOC / f"edgewalk.{verb}.v1.schema.json").read_text())
        )
        for verb in ("route", "check")
    }


SCHEMAS = validators()


def run(verb, *args):
    done = subprocess.run([EDGEWALK, verb, *args], capture_output=True, text=True, timeout=60)
    if done.returncode in (1, 2) or done.returncode < 0 or not done.stdout.strip():
        raise BadRow(f"exit {done.returncode}: {done.stderr.strip()[:400]}")
    answer = json.loads(done.stdout)
    for error in SCHEMAS[verb].iter_errors(answer) if SCHEMAS else []:
        raise BadRow(f"against the schema: {error.json_path}: {error.message[:200]}")
    return answer


# ---- comparing ----


class Faults(list):
    """What differs."""

    def same(self, what, expected, actual):
        if expected != actual:
            self.append(f"{what}: expected {expected!r}, got {actual!r}")

    def says(self, what, expected, actual):
        for part in [expected] if isinstance(expected, str) else expected:
            if part not in (actual or ""):
                self.append(f"{what}: nothing says {part!r} in {actual!r}")


def part_of(expected, actual):
    """Of actual what expected names: maps member by member."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {key: part_of(value, actual.get(key)) for key, value in expected.items()}
    return actual


def named(one):
    """"NS/NAME" of an object in an answer."""
    return one and (f"{one['namespace']}/{one['name']}" if one.get("namespace") else one["name"])


def known(row, keys):
    unknown = set(row) - set(keys)
    if unknown:
        raise BadRow(f"nobody reads {sorted(unknown)}")


# ---- a request ----


def headers(one):
    return {name.lower(): value for name, value in (one or {}).items()}


def backends(decision, expected, faults):
    """"NAME" takes all; a map gives the shares of all backends."""
    got = {one["name"]: round(one["share"], 3) for one in decision["backends"]}
    if isinstance(expected, str):
        expected = {expected: 1}
        got = {name: share for name, share in got.items() if share}
    if set(got) != set(expected) or any(abs(got[n] - expected[n]) > EPSILON for n in got):
        faults.append(f"backends: expected {expected}, got {got}")


def sends(decision, expected, faults):
    """What the backend sees otherwise than it was asked: path, host, headers, removed."""
    known(expected, ("path", "host", "headers", "removed"))
    forwarded = decision["forwarded"] or {}
    for key in ("path", "host"):
        if key in expected:
            faults.same(f"sends {key}", expected[key], forwarded.get(key))
    if "headers" in expected:
        faults.same("sends headers", expected["headers"], headers(forwarded.get("headers")))
    if "removed" in expected:
        gone = sorted(name.lower() for name in forwarded.get("removed_headers") or [])
        faults.same("sends without", sorted(expected["removed"]), gone)


def answers(decision, expected, faults):
    """Headers of the response: set, add, remove."""
    known(expected, ("set", "add", "remove"))
    change = decision["response_headers"] or {}
    for key in ("set", "add"):
        if key in expected:
            faults.same(f"answer: {key}", expected[key], headers(change.get(key)))
    if "remove" in expected:
        gone = sorted(name.lower() for name in change.get("remove") or [])
        faults.same("answer: remove", sorted(expected["remove"]), gone)


def each(decision, expected, faults):
    """Backend by backend: unusable (why), sends, ready, tls."""
    found = {one["name"]: one for one in decision["backends"]}
    for name, wants in expected.items():
        one = found.get(name)
        if not one:
            faults.append(f"no backend {name}")
            continue
        known(wants, ("unusable", "headers", "removed", "tls", "ready", "namespace", "port"))
        if "unusable" in wants:
            faults.same(f"{name} usable", False, one["usable"])
            faults.says(f"why {name} is not usable", wants["unusable"], one["why_not"])
        else:
            faults.same(f"{name} usable", True, one["usable"])
        sent = one["forwarded"] or {}
        if "headers" in wants:
            faults.same(f"{name} gets headers", wants["headers"], headers(sent.get("headers")))
        if "removed" in wants:
            faults.same(f"{name} gets without", wants["removed"], sent.get("removed_headers"))
        for key in ("tls", "ready", "namespace", "port"):
            if key in wants:
                faults.same(f"{name} {key}", wants[key], part_of(wants[key], one[key]))


def loses(answer, expected, faults):
    """"NAME RULE" or "NAME": why that rule did not get the request."""
    for who, why in expected.items():
        name, _, rule = who.partition(" ")
        found = [
            one["why_not"] or "it wins"
            for one in answer["candidates"]
            if name in (one["route"]["name"], named(one["route"]))
            and (not rule or one["rule"] == int(rule))
        ]
        if not any(why in one for one in found):
            faults.append(f"{who} loses: nothing says {why!r} in {found}")


def route_of(decision):
    return decision["route"] or (decision["ingress"] and {**decision["ingress"], "kind": "Ingress"})


def redirect(decision):
    one = decision["redirect"]
    return one and f"{one['status']} {one['location']}"


def mirrors(decision):
    return {one["name"]: one["percent"] for one in decision["mirrors"]}


PLAIN = {
    "gateway": lambda d: named(d["gateway"]),
    "set": lambda d: named(d["listener_set"]),
    "listener": lambda d: d["listener"],
    "rule": lambda d: d["rule"],
    "rule_name": lambda d: d.get("rule_name"),
    "grpc_status": lambda d: d["grpc_status"],
    "redirect": redirect,
    "mirrors": mirrors,
    "timeouts": lambda d: d["timeouts"],
    "retries": lambda d: d["retries"],
    "certificate": lambda d: d["certificate"] and d["certificate"]["secret"],
}
CLOSER = {"to": backends, "sends": sends, "answer": answers, "each": each}
ROW_KEYS = {"ask", "outcome", "status", "route", "kind", "why", "loses", "also", "assumes",
            "undecided", *PLAIN, *CLOSER}  # fmt: skip


def command(ask, mint):
    """The words of `GET http://…` and options as `edgewalk route` has them."""
    words = shlex.split(ask)
    args = [] if "://" in words[0] else ["-X", words.pop(0)]
    if "--cert" in words:
        at = words.index("--cert") + 1
        words[at] = str(mint.folder / f"{words[at]}.pem")
    return args + words


def also(answer, expected, faults):
    """Who else would take the request: what differs."""
    found = {named(route_of(one)): one["differs"] for one in answer["also"] if route_of(one)}
    faults.same("others that take it", sorted(expected), sorted(found))
    for name, differences in expected.items():
        got = [one["what"] for one in found.get(name, [])]
        for what in differences:
            if what not in got:
                faults.append(f"{name} differs by {got}, not by {what}")


def judge_request(row, answer):
    faults, decision = Faults(), answer["decision"]
    outcome = row.get("outcome", "backend")
    scheme = row["ask"].split("://")[0].split()[-1]
    faults.same("outcome", outcome, decision["outcome"])
    status = row.get("status", {"backend": 200}.get(outcome, "any"))
    if scheme in ("tls", "tcp", "udp"):
        status = None
    if status != "any":
        faults.same("status", status, decision["status"])
    if "route" in row:
        one = route_of(decision)
        name = named(one) if "/" in row["route"] else one and one["name"]
        faults.same("route", row["route"], name)
    if "kind" in row:
        faults.same("kind", row["kind"], (route_of(decision) or {}).get("kind"))
    for key, take in PLAIN.items():
        if key in row:
            faults.same(key, row[key], take(decision))
    for key, compare in CLOSER.items():
        if key in row:
            compare(decision, row[key], faults)
    if "why" in row:
        faults.says("why", row["why"], decision["why"])
    for key, compare in (("loses", loses), ("also", also)):
        if key in row:
            compare(answer, row[key], faults)
    for key in ("assumes", "undecided"):
        if key in row:
            faults.says(key, row[key], "\n".join(answer[key]))
    return faults


# ---- conditions ----

ABOUT = {
    "of", "at", "listener", "attachedRoutes", "supportedKinds", "attachedListenerSets", "problems",
    "where", "class", "gates", "agrees", "healthy", "stale", "reported", "says", "notes", "assumes",
}  # fmt: skip
STATES = ("True", "False", "Unknown")


def find_object(answer, text):
    kind, _, name = text.partition(" ")
    for one in answer["objects"]:
        if one["kind"] == kind and named(one) == name:
            return one
    raise BadRow(f"{text} is not in the answer")


def find_parent(one, text):
    """"NS/NAME[/SECTION][:PORT]" of a Gateway, after "ListenerSet " of that."""
    kind, _, rest = text.rpartition(" ")
    rest, _, port = rest.partition(":")
    parts = rest.split("/")
    for parent in one.get("parents", []) + one.get("ancestors", []):
        if (parent["kind"], named(parent)) != (kind or "Gateway", "/".join(parts[:2])):
            continue
        section = parts[2] if len(parts) > 2 else None
        if parent.get("sectionName") == section and (not port or parent["port"] == int(port)):
            return parent
    raise BadRow(f"no parent {text}")


def find_listener(one, name):
    for listener in one.get("listeners", []):
        if listener["name"] == name:
            return listener
    raise BadRow(f"no listener {name}")


def judge_one(row, condition, faults):
    """What is said of a condition beyond its state."""
    what = condition["type"]
    for key in ("agrees", "healthy"):
        if key in row:
            faults.same(f"{what} {key}", row[key], condition[key])
    if "says" in row:
        faults.says(f"why {what}", row["says"], condition["why"])
    if "notes" in row:
        faults.says(f"note of {what}", row["notes"], condition["note"])
    if "assumes" in row:
        faults.says(f"{what} assumes", row["assumes"], "\n".join(condition["expected"]["assumes"]))
    if "stale" in row:
        faults.same(f"{what} stale", row["stale"], [one["stale"] for one in condition["reported"]])
    if "reported" in row:
        got = [f"{one['status']} {one['reason']}" for one in condition["reported"]]
        faults.same(f"{what} reported", row["reported"], got)


def judge_states(row, place, faults):
    found = {one["type"]: one for one in place.get("conditions", [])}
    for kind in set(row) - ABOUT:
        expected, condition = row[kind], found.get(kind)
        if expected == "none":
            faults.same(kind, None, condition and condition["expected"]["status"])
            continue
        if not isinstance(expected, str) or expected.split()[0] not in STATES:
            raise BadRow(f"{kind}: {expected!r} is none of True, False, Unknown with a reason")
        status, _, reason = expected.partition(" ")
        if not condition:
            faults.append(f"{kind}: no such condition")
            continue
        got = condition["expected"]
        faults.same(f"{kind} ({condition['why']})", (status, reason or got["reason"]),
                    (got["status"], got["reason"]))  # fmt: skip
        judge_one(row, condition, faults)


def judge_gates(row, place, faults):
    """listener → the gates that do not let the route pass, in order; [] all do."""
    found = {
        one["name"]: [fault["gate"] for fault in one["faults"]] for one in place["listeners"]
    }
    for name, gates in row["gates"].items():
        faults.same(f"gates of listener {name}", gates, found.get(name))


def judge_problems(row, one, faults):
    """path → text; every problem of the object is named."""
    found = {each["path"]: each for each in one.get("problems", [])}
    faults.same("problems", sorted(row["problems"]), sorted(found))
    for path, says in row["problems"].items():
        if path in found:
            text = f"{found[path]['where']}: {found[path]['text']}"
            faults.says(path, says, text)


def judge_condition(row, answer):
    faults, one = Faults(), find_object(answer, row["of"])
    place = one
    if "at" in row:
        place = find_parent(one, row["at"])
    elif "listener" in row:
        place = find_listener(one, row["listener"])
    judge_states(row, place, faults)
    for key in ("attachedRoutes", "attachedListenerSets"):
        if key in row:
            faults.same(key, row[key], place[key]["expected"])
    if "supportedKinds" in row:
        got = [kind["kind"] for kind in place["supportedKinds"]]
        faults.same("supportedKinds", sorted(row["supportedKinds"]), sorted(got))
    if "gates" in row:
        judge_gates(row, place, faults)
    if "problems" in row:
        judge_problems(row, one, faults)
    if "where" in row:
        faults.says("where", row["where"], one["where"])
    if "class" in row:
        faults.same("class", row["class"], one["class"])
    return faults


# ---- one story ----


def load_all(text):
    return list(yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def load(text):
    return (load_all(text) or [None])[0]


def identity(document):
    meta = document.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    return document.get("kind"), meta.get("namespace"), meta.get("name")


def taken_out(text, names):
    """The documents of text but those named "KIND NS/NAME"."""
    kept = []
    for part in re.split(r"^---.*\n", text, flags=re.M):
        one = load(part)
        if not isinstance(one, dict):
            continue
        kind, space, name = identity(one)
        if f"{kind} {space}/{name}" in names or f"{kind} {name}" in names:
            names.discard(f"{kind} {space}/{name}")
            names.discard(f"{kind} {name}")
            continue
        kept.append(part)
    return "---\n".join(kept)


def replaced(text, more):
    """Of text what more does not put in another way."""
    names = set()
    for one in load_all(more):
        if isinstance(one, dict):
            kind, space, name = identity(one)
            names.add(f"{kind} {space}/{name}" if space else f"{kind} {name}")
    return taken_out(text, names)


class Story:
    """A document of a file: a world, and what holds in it."""

    def __init__(self, name, number, text, first, folder):
        self.name, self.data = name, text
        known(text, STORY_KEYS)
        if not text.get("story"):
            raise BadRow("a story has a sentence")
        folder.mkdir()
        self.folder, self.first = folder, first or self
        self.mint = first.mint if first else Mint(folder)

    def member(self, key, empty):
        """Of this story laid over the first one of the file."""
        if self.first is self:
            return self.data.get(key) or empty
        both = self.first.data.get(key) or empty, self.data.get(key) or empty
        return {**both[0], **both[1]} if isinstance(empty, dict) else both[0] + both[1]

    def files(self):
        self.mint.have(self.member("certificates", {}))
        own = self.mint.fill(self.data.get("objects") or "")
        before = self.mint.fill(self.first.data.get("objects") or "")
        if self.first is self:
            before = ""
        names = set(self.data.get("without") or [])
        before = taken_out(replaced(before, own), names)
        more = "" if "GatewayClass edge" in names else EDGE_CLASS
        names.discard("GatewayClass edge")
        if names:
            raise BadRow(f"without {sorted(names)}: there is none")
        for one in self.member("services", []):
            space, _, rest = one.partition("/")
            name, _, port = rest.partition(":")
            more += SERVICE % (name, space, name, port or 80)
        args = []
        for name, text in (("objects", own), ("first", before), ("more", replaced(more, own))):
            path = self.folder / f"{name}.yaml"
            path.write_text(text)
            if text.strip():
                args += ["-f", str(path)]
        return args

    def options(self):
        for name, on in self.member("features", {}).items():
            yield from ("--feature", f"{name}={'yes' if on else 'no'}")

    def results(self):
        """(what, faults) of every row."""
        try:
            common = [*self.files(), *self.options(), "-o", "json"]
        except BadRow as bad:
            yield "the story", [str(bad)]
            return
        for row in self.data.get("requests") or []:
            try:
                known(row, ROW_KEYS)
                answer = run("route", *common, *command(row["ask"], self.mint))
                yield row["ask"], judge_request(row, answer)
            except (BadRow, KeyError, TypeError, ValueError) as bad:
                yield row.get("ask", "?"), [f"{type(bad).__name__}: {bad}"]
        yield from self.states(common)

    def states(self, common):
        rows = self.data.get("conditions") or []
        try:
            answer = run("check", *common, "-A") if rows else None
        except (BadRow, ValueError) as bad:
            yield "check", [str(bad)]
            return
        for row in rows:
            what = " ".join(f"{row[key]}" for key in ("of", "listener", "at") if key in row)
            try:
                yield what, judge_condition(row, answer)
            except (BadRow, KeyError, TypeError, ValueError) as bad:
                yield what, [f"{type(bad).__name__}: {bad}"]


def stories(path, work):
    first, number = None, 0
    for number, document in enumerate(load_all(path.read_text())):
        story = Story(path.stem, number, document, first, work / f"{path.stem}-{number}")
        first = first or story
        yield story


def play(story):
    return story, list(story.results())


def main():
    names = sys.argv[1:]
    paths = [p for p in sorted(HERE.glob("*.yaml")) if not names or p.stem in names]
    number = failed = 0
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(
        os.cpu_count() or 1
    ) as pool:
        every = [story for path in paths for story in stories(path, pathlib.Path(work))]
        for story, rows in pool.map(play, every):
            print(f"# {story.name}: {' '.join(story.data['story'].split())}")
            for what, faults in rows:
                number += 1
                failed += bool(faults)
                what = what.replace("#", "\\#")
                print(f"{'not ok' if faults else 'ok'} {number} - {story.name}: {what}")
                for fault in faults:
                    print(f"# {fault}")
    print(f"1..{number}")
    print(f"# {number - failed} of {number} rows pass, in {len(paths)} files")
    return 1 if failed and not os.environ.get("AM_TAP_AWK") else 0


if __name__ == "__main__":
    try:
        import yaml
    except ImportError:
        print("1..0 # SKIP PyYAML is not installed")
        sys.exit(0)
    sys.exit(main())
