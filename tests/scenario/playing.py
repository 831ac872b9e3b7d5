"""What tests of `edgewalk check` and `edgewalk route` share: the lab, the program, TAP."""

import json
import os
import pathlib
import re
import signal
import subprocess

EDGEWALK = os.environ["EDGEWALK"]
LAB = os.environ["EDGEWALK_LAB"]
SCENARIOS = pathlib.Path(os.environ["top_srcdir"]) / "lab" / "scenarios"
SCHEMAS = pathlib.Path(os.environ["top_srcdir"]) / "doc"


class Tap:
    """Numbered results."""

    def __init__(self):
        self.number = 0

    def say(self, good, what, *notes):
        self.number += 1
        print(f"{'ok' if good else 'not ok'} {self.number} - {what}")
        for note in notes if not good else ():
            for line in str(note).splitlines() or [""]:
                print(f"# {line}")

    def end(self):
        print(f"1..{self.number}")


class Lab:
    """A scenario played until the end of the block; `folder` holds it, or its text does."""

    def __init__(self, name, folder=None, text=None, objects=None):
        self.name, self.folder = name, pathlib.Path(folder) if folder else SCENARIOS
        if text:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "scenario.yaml").write_text(text)
        if objects:
            (self.folder / "objects.yaml").write_text(objects)

    def __enter__(self):
        self.process = subprocess.Popen(
            [LAB, "serve", self.name, "--dir", str(self.folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        seen = ""
        self.kubeconfig = self.port = None
        for line in self.process.stdout:
            seen += line
            found = re.match(r"\s+kubeconfig\s+(\S+)", line)
            self.kubeconfig = found.group(1) if found else self.kubeconfig
            found = re.match(r"\s+url\s+\w+://[^:/]*:(\d+)", line)
            self.port = found.group(1) if found else self.port
            if line.startswith("Ctrl-C"):
                return self
        raise RuntimeError(f"the lab does not play {self.name}: {seen}")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.stdout.read()
        self.process.wait()

    def ask(self, verb, *args, **more):
        return run(verb, "--kubeconfig", self.kubeconfig, *args, **more)


class Answer:
    """Exit status, text and JSON of one question."""

    def __init__(self, status, text, errors):
        self.status, self.text, self.errors = status, text, errors

    @property
    def json(self):
        return json.loads(self.text)

    def __str__(self):
        return f"exit {self.status}\n{self.text[:3000]}{self.errors[:1000]}"


def run(*args, stdin=None, timeout=60):
    done = subprocess.run(
        [EDGEWALK, *args], input=stdin, capture_output=True, text=True, timeout=timeout
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def schema_errors(verb, document):
    """What is not as the schema says; [] as well where jsonschema is not installed."""
    try:
        import jsonschema
    except ImportError:
        return []
    schema = json.loads((SCHEMAS / f"edgewalk.{verb}.v1.schema.json").read_text())
    return [
        f"{error.json_path}: {error.message[:200]}"
        for error in jsonschema.Draft202012Validator(schema).iter_errors(document)
    ]


def conditions(check):
    """(object name, place, condition) of every condition of a check's answer."""
    for one in check["objects"]:
        name = f"{one['kind']} {one['name']}"
        places = [("", one)]
        places += [(f"listener {x['name']}", x) for x in one.get("listeners", [])]
        places += [
            (f"at {x['name']}", x) for x in one.get("parents", []) + one.get("ancestors", [])
        ]
        for place, holder in places:
            for condition in holder.get("conditions", []):
                yield name, place, condition
