#!/usr/bin/env python3
"""The snapshot of a walk, written and read back, gives the same verdict byte for byte, a hundred
times; and every report of a walk is held to the JSON schema. TAP."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

TIMES = 100
SCENARIOS = ["healthy-https-gateway", "pod-crashloop", "dns-wrong-target", "http-unexplained",
             "api-unauthorized", "tls-name-mismatch", "route-namespace-not-selected"]

EDGEWALK = os.environ["EDGEWALK"]
SCHEMA = os.path.join(os.environ["top_srcdir"], "doc", "edgewalk.walk.v1.schema.json")

class Lab:
    """One scenario, played until the end of the block."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.process = subprocess.Popen([EDGEWALK, "lab", "serve", self.name],
                                        stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            match = re.match(r"\s+\S*edgewalk (--.*)$", line)
            if match:
                return match.group(1).split()
        raise RuntimeError(f"lab serve {self.name} printed no command")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.stdout.read()
        self.process.wait()

def walk(options, path):
    result = subprocess.run([EDGEWALK, "-o", "json", "--record", path, *options],
                            capture_output=True, timeout=60)
    return result.returncode, result.stdout

def replay(path):
    result = subprocess.run([EDGEWALK, "replay", "-o", "json", path], capture_output=True,
                            timeout=60)
    return result.returncode, result.stdout

def differing(first, path):
    return sum(replay(path) != first for _ in range(TIMES))

def schema_errors(document):
    try:
        import jsonschema
    except ImportError:
        return None
    with open(SCHEMA, encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
            for e in validator.iter_errors(json.loads(document))]

def leaks(path):
    """Bytes that must never stand in a record: private keys, tokens, Secret data."""
    with open(path, "rb") as file:
        text = file.read()
    return [word for word in (b"PRIVATE KEY", b"tls.key", b"LS0tLS1CRUdJTiB", b"Bearer ")
            if word in text]

def main():
    number = 0

    def say(good, what, *notes):
        nonlocal number
        number += 1
        print(f"{'ok' if good else 'not ok'} {number} - {what}")
        for note in notes:
            print(f"# {note}")

    for name in SCENARIOS:
        with tempfile.TemporaryDirectory() as folder, Lab(name) as options:
            path = os.path.join(folder, "record")
            first = walk(options, path)

            with open(path, "rb") as file:
                say(file.read().count(b"\n") == 1, f"{name}: one snapshot, one line")
            wrong = differing(first, path)
            say(wrong == 0, f"{name}: {TIMES} replays give the bytes of the walk",
                *([f"{wrong} differ"] if wrong else []))
            found = leaks(path)
            say(not found, f"{name}: nothing secret in the record", *found)
        errors = schema_errors(first[1])
        if errors is None:
            say(True, f"{name}: report and schema # SKIP no python3-jsonschema")
        else:
            say(not errors, f"{name}: the report is as the schema says", *errors[:5])
    print(f"1..{number}")

sys.exit(main())
