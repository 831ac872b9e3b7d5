#!/usr/bin/env python3
"""The whole program on a terminal, walking hosts of the lab: what it opens with, what its keys lead
to, and what it leaves with."""
import os
import re
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tmux import Terminal, tap, wait_for  # noqa: E402

TOP = os.environ.get("top_srcdir", ".")
PROGRAM = os.environ.get("EDGEWALK", "./edgewalk")
LAB = os.environ.get("EDGEWALK_LAB", "./edgewalk-lab")


def check(condition, words):
    if not condition:
        raise AssertionError(words)


class Scenario:
    """A scenario being played; its command line without the program."""

    def __init__(self, name):
        self.lab = subprocess.Popen([LAB, "serve", "--dir", os.path.join(TOP, "lab/scenarios"), name],
                                    stdout=subprocess.PIPE, text=True)
        for line in self.lab.stdout:
            found = re.search(r"edgewalk\s+(--.*|http.*)", line)
            if found:
                self.options = found[1]
                break

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.lab.terminate()
        self.lab.wait()
        self.lab.stdout.close()


def finished(terminal):
    return wait_for("a verdict", lambda: re.search(r"^ (ROOT|OK|WARN|UNDECIDED) ", terminal.screen(),
                                                   re.MULTILINE))


def left(run, status):
    got = run.wait()
    check(got == status, f"exit status {got}, wanted {status}")
    check(run.terminal_is_as_before(), "the terminal's modes are not what they were")


def opens_by_itself_on_a_terminal():
    with Scenario("pod-crashloop") as lab, Terminal() as terminal:
        run = terminal.run(f"{PROGRAM} {lab.options}")
        finished(terminal)
        screen = terminal.screen()
        check("▶✗ endpoints" in screen, f"the first failing layer is not selected:\n{screen}")
        check("FIRST→pod" in screen and "ROOT" in screen, f"marks are missing:\n{screen}")
        check("pod-crashloop:" in screen and " logs -n" in screen, f"verdict:\n{screen}")
        terminal.keys("Enter")
        terminal.wait_text("▶✗ pod")
        terminal.wait_text("owner: commerce-team")
        terminal.keys("y")
        terminal.wait_text("kind:")
        terminal.keys("q", "q")
        left(run, 19)


def healthy_leaves_with_zero_and_prints_on_request():
    with Scenario("healthy-https-gateway") as lab, Terminal() as terminal:
        run = terminal.run(f"{PROGRAM} {lab.options}")
        finished(terminal)
        terminal.wait_text(" OK ")
        terminal.keys("Q")
        left(run, 0)
        terminal.wait_text("healthy")


def configured(terminal, text):
    folder = os.path.join(terminal.folder, "edgewalk")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "config.yaml"), "w", encoding="utf-8") as file:
        file.write(text)
    return f"XDG_CONFIG_HOME={terminal.folder}"


def walks_again_and_watches():
    with Scenario("healthy-https-gateway") as lab, Terminal() as terminal:
        settings = configured(terminal, "watch: 300ms\nkeys: {again: \"F5\"}\n")
        run = terminal.run(f"{settings} {PROGRAM} {lab.options}")
        finished(terminal)
        clock = re.search(r"\d\d:\d\d:\d\d", terminal.screen())[0]

        def later():  # the clock shows when the walk began, in seconds
            terminal.keys("F5")
            return clock not in terminal.screen().split("\n")[0]
        wait_for("a later walk", later)
        clock = re.search(r"\d\d:\d\d:\d\d", terminal.screen())[0]
        terminal.keys("w")
        terminal.wait_text("every 0.3 s")
        wait_for("a later walk", lambda: clock not in terminal.screen().split("\n")[0])
        terminal.keys("Home", "Down", "Down", "Tab")
        terminal.wait_text("served: leaf")
        terminal.keys("q")
        left(run, 0)


def the_configuration_reaches_the_judges():
    with Scenario("healthy-https-gateway") as lab, Terminal() as terminal:
        settings = configured(terminal, "thresholds: {certificate-expires: 90d}\n"
                                        "owner-keys: [app.kubernetes.io/managed-by]\n")
        run = terminal.run(f"{settings} {PROGRAM} {lab.options}")
        finished(terminal)
        terminal.wait_text(" WARN  tls-cert-expiring-soon:")
        terminal.keys("Enter")
        terminal.wait_text("owner: argocd  label app.kubernetes.io/managed-by on")
        terminal.keys("q")
        left(run, 0)
        settings = configured(terminal, "mouse: true\nthresholds:\n  certificate-expire: 90d\n")
        run = terminal.run(f"{settings} {PROGRAM} {lab.options}")
        check(run.wait() == 2, "exit status")
        said = terminal.wait_text("did you mean").replace("\n", "")
        check("config.yaml:3: there is no threshold \"certificate-expire\"" in said, said)


def several_targets():
    with Scenario("tls-cert-expired") as lab, Terminal() as terminal:
        run = terminal.run(f"{PROGRAM} {lab.options} https://127.0.0.1:1/")
        finished(terminal)
        terminal.wait_text("1/2 https://orders.example.com")
        terminal.wait_text("tls-cert-expired")
        terminal.keys("]")
        terminal.wait_text("2/2 https://127.0.0.1:1/")
        terminal.wait_text("tcp-refused")
        terminal.keys("[")
        terminal.wait_text("1/2")
        terminal.keys("q")
        left(run, 12)


def killed_while_it_walks():
    with Scenario("tcp-timeout") as lab, Terminal() as terminal:
        run = terminal.run(f"{PROGRAM} {lab.options}")
        terminal.wait_text("WALKING")
        os.kill(terminal.child(), signal.SIGTERM)
        left(run, 128 + int(signal.SIGTERM))


def interrupted_while_it_walks():
    with Scenario("tcp-timeout") as lab, Terminal() as terminal:
        run = terminal.run(f"{PROGRAM} {lab.options}")
        terminal.wait_text("WALKING")
        terminal.keys("C-c")
        left(run, 130)


def wrong_usage_never_opens_it():
    with Terminal() as terminal:
        run = terminal.run(f"{PROGRAM} --cacert /no/such/file https://127.0.0.1:1/")
        check(run.wait() == 2, "exit status")
        terminal.wait_text("/no/such/file")


def a_recorded_walk_is_shown():
    walk = os.path.join(TOP, "tests/screen/walks/pod-crashloop.jsonl")
    with Terminal() as terminal:
        run = terminal.run(f"{PROGRAM} replay {walk}")
        finished(terminal)
        terminal.wait_text("pod-crashloop:")
        terminal.keys("r")
        terminal.keys("Enter")
        terminal.wait_text("pods behind the backends")
        terminal.keys("q")
        left(run, 19)


TESTS = [
    opens_by_itself_on_a_terminal,
    healthy_leaves_with_zero_and_prints_on_request,
    walks_again_and_watches,
    the_configuration_reaches_the_judges,
    several_targets,
    killed_while_it_walks,
    interrupted_while_it_walks,
    wrong_usage_never_opens_it,
    a_recorded_walk_is_shown,
]

if __name__ == "__main__":
    if not shutil.which("tmux") or not os.path.exists(LAB):
        print("1..0 # SKIP needs tmux and the lab")
    else:
        tap(TESTS)
