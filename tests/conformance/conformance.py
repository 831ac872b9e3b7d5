#!/usr/bin/env python3
"""Every row of the conformance data through the real binary: requests through `edgewalk route`,
conditions and counts through `edgewalk check`. The folder is $EDGEWALK_CONFORMANCE (its INDEX.md says
what a row asserts), the binary $EDGEWALK. Prints TAP; a row that fails prints the difference.

Arguments are names of files (without .json) to run in place of all."""

import base64
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SHARE_EPSILON = 0.05
GRPC_CODES = {"OK": 0, "Unimplemented": 12, "Unavailable": 14}
WELL_KNOWN = {"http": 80, "https": 443}
NO_HOST = "192.0.2.1"  # a request to the gateway's own address


def schema(verb):
    """The validator of a verb's answers; None where jsonschema is not installed."""
    try:
        import jsonschema
    except ImportError:
        return None
    top = pathlib.Path(os.environ.get("top_srcdir") or pathlib.Path(__file__).parents[2])
    path = top / "doc" / f"edgewalk.{verb}.v1.schema.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text()))


SCHEMAS = {verb: schema(verb) for verb in ("route", "check")}


def run(args, verb=None):
    verb = verb or args[1]
    done = subprocess.run(args, capture_output=True, text=True, timeout=60)
    if done.returncode in (1, 2) or not done.stdout.strip():
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()[:400]} ({' '.join(args)})")
    answer = json.loads(done.stdout)
    for error in SCHEMAS[verb].iter_errors(answer) if SCHEMAS[verb] else []:
        raise RuntimeError(f"against the schema: {error.json_path}: {error.message[:200]}")
    return answer


# ---- the request as a command line ----


def bare(host):
    """A Host without its port."""
    return host.rsplit(":", 1)[0] if ":" in host and not host.endswith("]") else host


def url_of(row):
    protocol, scheme = row["protocol"], row["scheme"]
    if protocol in ("tcp", "udp", "tls"):
        return f"{protocol}://{row.get('sni') or row['host'] or NO_HOST}:{row['port']}"
    if protocol == "grpc":
        scheme = "grpc" if scheme in ("https", "grpc") else "grpc+http"
    host = row.get("sni") or bare(row["host"]) or NO_HOST
    query = "?" + row["query"] if row["query"] else ""
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    return f"{scheme}://{host}:{row['port']}{row['path']}{query}"


def route_args(row, common, folder, secrets):
    args = ["route", *common]
    if row.get("gateway"):
        args += ["--gateway", row["gateway"]]
    if row["method"] and row["method"] != "GET" and row["protocol"] != "grpc":
        args += ["-X", row["method"]]
    for name, value in row["headers"].items():
        args += ["-H", f"{name}: {value}"]
    if row["host"] and row["host"] != (row.get("sni") or bare(row["host"])):
        args += ["-H", f"Host: {row['host']}"]
    if row["protocol"] == "ws":
        args += ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket"]
    if row.get("client_cert"):
        path = folder / (row["client_cert"].replace("/", "_") + ".pem")
        path.write_bytes(secrets[row["client_cert"]])
        args += ["--cert", str(path)]
    return args + [url_of(row)]


# ---- what a row expects of a decision ----


def folded(headers):
    return {name.lower(): value for name, value in (headers or {}).items()}


def sent_headers(row, decision, backend=None):
    """The headers that the backend sees, of those that the row sent or the edge changed."""
    headers = folded(row["headers"])
    for change in (decision.get("forwarded"), (backend or {}).get("forwarded")):
        if change:
            headers.update(folded(change.get("headers")))
            for name in change.get("removed_headers") or []:
                headers.pop(name.lower(), None)
    return headers


def answer_headers(row, decision):
    headers = folded(row.get("backend_response_headers"))
    change = decision.get("response_headers") or {}
    headers.update(folded(change.get("set")))
    for name, value in folded(change.get("add")).items():
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    for name in change.get("remove") or []:
        headers.pop(name.lower(), None)
    return headers


def weighted(decision):
    return [one for one in decision["backends"] if one["weight"] > 0]


class Check:
    """Collects what differs."""

    def __init__(self):
        self.faults = []

    def same(self, what, expected, actual):
        if expected != actual:
            self.faults.append(f"{what}: expected {expected!r}, got {actual!r}")

    def true(self, what, holds):
        if not holds:
            self.faults.append(what)


def squeezed(text, ignore):
    return re.sub(r"\s+", "", text) if ignore and text is not None else text


def check_status(row, expect, decision, check):
    status = decision["status"]
    if expect.get("no_match"):
        check.true(f"a rule matches: {decision['route']}", decision["route"] is None)
    elif "statuses" in expect:
        check.true(f"status {status} is none of {expect['statuses']}", status in expect["statuses"])
    elif "status" in expect:
        check.same("status", expect["status"], status)
    if "not_statuses" in expect:
        check.true(f"status {status}", status is not None and status not in expect["not_statuses"])
    if "grpc_code" in expect:
        check.same("grpc_status", GRPC_CODES[expect["grpc_code"]], decision["grpc_status"])
    if expect.get("no_response"):
        check.same("status", None, status)
        check.true(f"outcome {decision['outcome']}", decision["outcome"] != "backend")
    if "served" in expect:
        check.same("served", expect["served"], decision["outcome"] == "backend")


def check_backends(expect, decision, deployments, check):
    live = weighted(decision)
    wanted = expect.get("service") or expect.get("backend")
    if wanted:
        names = {wanted} if expect.get("service") else deployments.get(wanted, {wanted})
        check.true(f"backend {[one['name'] for one in live]}, not {wanted}",
                   bool(live) and all(one["name"] in names and one["usable"] for one in live))
    if "namespace" in expect and live:
        check.same("namespace", {expect["namespace"]}, {one["namespace"] for one in live})
    if "weights" in expect:
        shares = {one["name"]: one["share"] for one in decision["backends"]}
        for name, share in expect["weights"].items():
            mine = sum(shares.get(one, 0) for one in deployments.get(name, {name}))
            check.true(f"share of {name}: {mine}, not {share}",
                       abs(mine - share) <= SHARE_EPSILON)


def check_tls(expect, decision, check):
    first = (weighted(decision) or [{}])[0].get("tls")
    if "backend_tls" in expect:
        check.same("TLS to the backend", expect["backend_tls"], first is not None)
    if "backend_sni" in expect:
        check.same("SNI to the backend", expect["backend_sni"], (first or {}).get("sni"))
    if "backend_client_cert" in expect:
        check.same("client certificate", expect["backend_client_cert"],
                   (first or {}).get("client_cert"))


def check_certificate(expect, decision, check):
    if "certificate_hostname" not in expect:
        return
    names = (decision.get("certificate") or {}).get("names") or [None]
    check.same("first name of the certificate", expect["certificate_hostname"], names[0])


def check_redirect(expect, decision, check):
    redirect, wanted = decision.get("redirect") or {}, expect.get("redirect")
    if not wanted:
        return
    for key in ("scheme", "path", "host"):
        if wanted.get(key):
            check.same(f"redirect {key}", wanted[key], redirect.get(key))
    port = redirect.get("port")
    if port in (None, WELL_KNOWN.get(redirect.get("scheme"))):
        port = ""
    if "port" in wanted:
        known = str(WELL_KNOWN.get(redirect.get("scheme"), ""))
        check.same("redirect port", "" if wanted["port"] == known else wanted["port"], str(port))


def check_forwarded(row, expect, decision, check):
    forwarded = decision.get("forwarded")
    if decision["outcome"] != "backend" or row["protocol"] not in ("http", "https", "h2", "h2c", "ws"):
        return
    if not forwarded:
        return check.true("nothing is forwarded", False)
    path = expect.get("rewritten_path", row["path"])
    check.same("path to the backend", path.split("?")[0], forwarded["path"])
    host = expect.get("rewritten_host", expect.get("request_host", bare(row["host"]) or NO_HOST))
    check.same("host to the backend", host, forwarded["host"])


def check_headers(row, expect, decision, check):
    ignore = expect.get("ignore_whitespace")
    backends = weighted(decision) or [None]
    wanted = {**folded(row["headers"]), **folded(expect.get("request_headers"))}
    gone = {name.lower() for name in expect.get("request_absent_headers") or []}
    if decision["outcome"] == "backend":
        for backend in backends:
            sent = sent_headers(row, decision, backend)
            per = (expect.get("per_backend_request_headers") or {}).get((backend or {}).get("name"))
            for name, value in {**wanted, **folded(per)}.items():
                if name not in gone:
                    check.same(f"request header {name}", value, sent.get(name))
            for name in gone:
                check.true(f"request header {name} is sent", name not in sent)
    answer = answer_headers(row, decision)
    for name, value in folded(expect.get("response_headers")).items():
        check.same(f"response header {name}", squeezed(value, ignore),
                   squeezed(answer.get(name), ignore))
    for name, values in folded(expect.get("response_header_values")).items():
        check.true(f"response header {name} is {answer.get(name)!r}, none of {values}",
                   squeezed(answer.get(name), ignore) in [squeezed(one, ignore) for one in values])
    for name in expect.get("response_absent_headers") or []:
        check.true(f"response header {name} is set", name.lower() not in answer)


def check_mirrors(expect, decision, check):
    if "mirrored_to" not in expect:
        return
    mirrors = {(one["namespace"], one["name"]): one["percent"] for one in decision["mirrors"]}
    for target in expect["mirrored_to"]:
        key = (target["namespace"], target["name"])
        check.same(f"mirror {key}", target.get("percent", 100), mirrors.get(key))


def judge_request(row, answer, deployments):
    check, expect, decision = Check(), row["expect"], answer["decision"]
    if "depends_on" in row:  # only where it goes
        if decision["outcome"] not in ("backend", "no-backend"):
            check.true(f"outcome {decision['outcome']}", False)
        return check.faults
    check_status(row, expect, decision, check)
    check_backends(expect, decision, deployments, check)
    check_tls(expect, decision, check)
    check_certificate(expect, decision, check)
    check_redirect(expect, decision, check)
    check_forwarded(row, expect, decision, check)
    check_headers(row, expect, decision, check)
    check_mirrors(expect, decision, check)
    if expect.get("from_backend") is False:
        check.same("outcome", "respond", decision["outcome"])
    return check.faults


# ---- what a row expects of a status ----


def find_object(answer, kind, namespace, name):
    for one in answer["objects"]:
        if (one["kind"], one.get("namespace"), one["name"]) == (kind, namespace or None, name):
            return one
    return None


def split_parent(text):
    parts = text.split("/")
    return parts[0], parts[1], parts[2] if len(parts) > 2 else None


def parents_of(one, row):
    namespace, name, section = split_parent(row["parent"])
    kind = row.get("parentKind") or "Gateway"
    for parent in one.get("parents", []) + one.get("ancestors", []):
        if (parent["kind"], parent["namespace"], parent["name"]) != (kind, namespace, name):
            continue
        if section is None or parent.get("sectionName") == section:
            yield parent


def condition_lists(one, row):
    if row.get("parent"):
        return [parent["conditions"] for parent in parents_of(one, row)]
    if row.get("listener"):
        return [entry["conditions"] for entry in one.get("listeners", [])
                if entry["name"] == row["listener"]]
    return [one["conditions"]]


def condition_fits(condition, row):
    expected = condition["expected"]
    reasons = [expected["reason"], *expected["or_reasons"]]
    return (condition["type"] == row["type"]
            and row["status"] in ("", expected["status"])
            and (not row["reason"] or row["reason"] in reasons))


def judge_condition(row, answer):
    one = find_object(answer, row["kind"], row.get("namespace"), row["name"])
    if one is None:
        return ["the object is not in the answer"]
    lists = condition_lists(one, row)
    if not lists and row.get("or_absent"):
        return []
    if any(condition_fits(condition, row) for conditions in lists for condition in conditions):
        return []
    seen = [(c["type"], c["expected"]["status"], c["expected"]["reason"], c.get("why"))
            for conditions in lists for c in conditions]
    return [f"expected {row['type']}={row['status']} {row['reason']}, got {seen}"]


def listener_of(answer, row):
    kind = "Gateway" if row.get("gateway") else "ListenerSet"
    namespace, name = (row.get("gateway") or row["listenerSet"]).split("/")
    one = find_object(answer, kind, namespace, name)
    for entry in (one or {}).get("listeners", []):
        if entry["name"] == row["listener"]:
            return entry
    return None


def judge_attached(row, answer):
    entry = listener_of(answer, row)
    got = entry and entry["attachedRoutes"]["expected"]
    return [] if got == row["count"] else [f"attachedRoutes: expected {row['count']}, got {got}"]


def judge_kinds(row, answer):
    entry = listener_of(answer, row)
    got = [one["kind"] for one in entry["supportedKinds"]] if entry else None
    if row["match"] == "empty":
        return [] if got == [] else [f"supportedKinds: expected none, got {got}"]
    missing = [kind for kind in row["kinds"] if kind not in (got or [])]
    return [f"supportedKinds: {missing} not in {got}"] if missing else []


def judge_sets(row, answer):
    namespace, name = row["gateway"].split("/")
    one = find_object(answer, "Gateway", namespace, name)
    got = one and one["attachedListenerSets"]["expected"]
    return [] if got == row["count"] else [f"attachedListenerSets: expected {row['count']}, got {got}"]


def judge_exposed(row, answer):
    one = find_object(answer, "Ingress", row["namespace"], row["name"])
    found = [c for c in (one or {}).get("conditions", []) if c["type"] == "ClassFound"]
    got = bool(found) and found[0]["expected"]["status"] == "True"
    return [] if got == row["exposed"] else [f"served by its class: expected {row['exposed']}, got {got}"]


STATUS_ROWS = (("conditions", judge_condition), ("attachedRoutes", judge_attached),
               ("supportedKinds", judge_kinds), ("attachedListenerSets", judge_sets),
               ("ingressStatus", judge_exposed))


# ---- one file ----


def deployments_of(objects):
    """Deployment → names of the Services that select its pods (or have its name)."""
    found = {}
    pods = {one["metadata"]["name"]: one["spec"]["template"]["metadata"].get("labels", {})
            for one in objects if one["kind"] == "Deployment"}
    for one in objects:
        if one["kind"] != "Service":
            continue
        name = one["metadata"]["name"]
        found.setdefault(name, set()).add(name)
        for pod, labels in pods.items():
            selector = one["spec"].get("selector") or {}
            if selector and all(labels.get(key) == value for key, value in selector.items()):
                found.setdefault(pod, set()).add(name)
    return found


def label(row):
    keys = ("kind", "namespace", "name", "parent", "listener", "type", "gateway", "ingress",
            "listenerSet", "method", "scheme", "host", "port", "path", "headers", "sni", "client_cert")
    return " ".join(str(row[key]) for key in keys if row.get(key)).replace("#", "\\#")


class File:
    def __init__(self, binary, folder, path, work):
        self.name = path.stem
        self.data = json.loads(path.read_text())
        self.objects = list(self.data["objects"])
        if self.data.get("base"):
            self.objects += json.loads((folder / self.data["base"]).read_text())["objects"]
        self.work = work / self.name
        self.work.mkdir()
        manifest = self.work / "objects.json"
        manifest.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": self.objects}))
        self.binary = binary
        self.common = ["-f", str(manifest), "-o", "json"]
        for feature in self.data.get("unsupported_features") or []:
            self.common += ["--feature", f"{feature}=no"]
        self.secrets = {
            f"{one['metadata'].get('namespace')}/{one['metadata']['name']}":
                base64.b64decode(one["data"]["tls.crt"])
            for one in self.objects if one["kind"] == "Secret" and one["data"].get("tls.crt")}

    def requests(self):
        deployments = deployments_of(self.objects)
        for row in self.data["requests"]:
            args = [self.binary, *route_args(row, self.common, self.work, self.secrets)]
            try:
                yield row, judge_request(row, run(args), deployments)
            except (RuntimeError, KeyError, TypeError, ValueError) as error:
                yield row, [f"{type(error).__name__}: {error}"]

    def statuses(self):
        if not any(self.data.get(key) for key, _ in STATUS_ROWS):
            return
        try:
            answer = run([self.binary, "check", *self.common, "-A"])
        except (RuntimeError, ValueError) as error:
            yield {"name": "check"}, [str(error)]
            return
        for key, judge in STATUS_ROWS:
            for row in self.data.get(key) or []:
                try:
                    yield row, judge(row, answer)
                except (KeyError, TypeError, ValueError) as error:
                    yield row, [f"{type(error).__name__}: {error}"]

    def results(self):
        return self.name, [*self.requests(), *self.statuses()]


def main():
    folder = os.environ.get("EDGEWALK_CONFORMANCE")
    if not folder:
        print("1..0 # SKIP EDGEWALK_CONFORMANCE does not name the folder of the conformance data")
        return 0
    binary, folder = os.environ.get("EDGEWALK", "edgewalk"), pathlib.Path(folder)
    names = sys.argv[1:]
    paths = [path for path in sorted(folder.glob("*.json")) if not names or path.stem in names]
    number = failed = 0
    with tempfile.TemporaryDirectory() as work, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        files = [File(binary, folder, path, pathlib.Path(work)) for path in paths]
        for name, rows in pool.map(File.results, files):
            for row, faults in rows:
                number += 1
                failed += bool(faults)
                print(f"{'not ok' if faults else 'ok'} {number} - {name}: {label(row)}")
                for fault in faults:
                    print(f"# {fault}")
    print(f"1..{number}")
    print(f"# {number - failed} of {number} rows pass")
    return 1 if failed and not os.environ.get("AM_TAP_AWK") else 0


if __name__ == "__main__":
    sys.exit(main())
