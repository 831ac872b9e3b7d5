#!/usr/bin/env python3
"""Records walks of lab scenarios for the golden screens: tests/screen/record.py SCENARIO...

Wants EDGEWALK and EDGEWALK_LAB, and top_srcdir as `make check` has it. What would tell of the machine
(its name, where the lab kept its files) is replaced. Afterwards write the golden files anew and look
at the difference: UI_GOLDEN=write tests/unit/test_ui_screen
"""
import json
import os
import re
import subprocess
import sys
import tempfile

TOP = os.environ.get("top_srcdir", ".")
PROGRAM = os.environ.get("EDGEWALK", "./edgewalk")
LAB = os.environ.get("EDGEWALK_LAB", "./edgewalk-lab")


def record(scenario, folder):
    raw = os.path.join(folder, scenario)
    with subprocess.Popen([LAB, "serve", "--dir", os.path.join(TOP, "lab/scenarios"), scenario],
                          stdout=subprocess.PIPE, text=True) as lab:
        try:
            for line in lab.stdout:
                found = re.search(r"edgewalk\s+(--.*|http.*)", line)
                if found:
                    break
            subprocess.run(f"{PROGRAM} {found[1]} --record {raw} -o json", shell=True, check=False,
                           stdout=subprocess.DEVNULL)
        finally:
            lab.terminate()
    with open(raw, encoding="utf-8") as file:
        text = re.sub(r'/[^"]*/(ca\.pem|kubeconfig)', r"/home/me/lab/\1", file.read())
    snapshot = json.loads(text)
    snapshot["vantage"]["hostname"] = "laptop"
    path = os.path.join(TOP, "tests/screen/walks", scenario + ".jsonl")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(snapshot, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


def main(scenarios):
    with tempfile.TemporaryDirectory() as folder:
        for scenario in scenarios:
            record(scenario, folder)


main(sys.argv[1:])
