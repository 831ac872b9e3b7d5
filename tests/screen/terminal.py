#!/usr/bin/env python3
"""The screen on a real pseudo-terminal: started, resized, stopped, killed, refreshed; and the
terminal is given back as it was each time."""
import os
import shutil
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tmux import Terminal, tap, wait_for  # noqa: E402

TOP = os.environ.get("top_srcdir", ".")
PLAY = os.path.join(os.environ.get("top_builddir", "."), "tests/screen/play")
FIXTURE = os.path.join(TOP, "tests/screen/fixtures/crashloop.yaml")


def check(condition, words):
    if not condition:
        raise AssertionError(words)


def ended(run, code, words=None):
    status = run.wait()
    check(status == code, f"exit status {status}, wanted {code}")
    check(run.terminal_is_as_before(), "the terminal's modes are not what they were")
    if words:
        run.terminal.wait_text(words)


def shown(terminal):
    terminal.wait_text("pod-crashloop: container api exits")
    terminal.wait_text("q quit")


def opens_and_leaves():
    with Terminal() as terminal:
        run = terminal.run(f"{PLAY} {FIXTURE}")
        shown(terminal)
        terminal.keys("q")
        ended(run, 0, "end: code 0 signal 0 report 0")
        check("edgewalk  https" not in terminal.screen(), "the screen was not given back")


def every_key_of_the_table_is_taken():
    with Terminal() as terminal:
        run = terminal.run(f"{PLAY} {FIXTURE} {FIXTURE}")
        shown(terminal)
        terminal.keys("?")
        terminal.wait_text("this help, made from the table of keys")
        terminal.keys("End")
        terminal.wait_text("fails because of something in that layer")
        terminal.keys("F1")
        terminal.wait_text("endpoints · commerce/orders-api")
        terminal.keys("Enter")
        terminal.wait_text("pods behind the backends")
        terminal.keys("y")
        terminal.wait_text("apiVersion: v1")
        terminal.keys("Escape")
        terminal.wait_gone("apiVersion: v1")
        terminal.keys("c")
        terminal.wait_text("sent to the clipboard: kubectl logs")
        buffer = wait_for("the clipboard", lambda: terminal.tmux("list-buffers"))
        check("kubectl logs -n commerce" in buffer, f"clipboard: {buffer}")
        terminal.keys("o")
        terminal.wait_text("https://runbook.example.com/#pod-crashloop")
        terminal.keys("q")
        terminal.keys("Tab", "Home")
        terminal.wait_text("▶✓ dns")
        terminal.keys("Down", "j")
        terminal.wait_text("▶✓ tls")
        terminal.keys("End")
        terminal.wait_text("▶? api-access")
        terminal.keys("PageUp")
        terminal.wait_text("▶✓ dns")
        terminal.keys("PageDown")
        terminal.wait_text("▶? api-access")
        terminal.keys("g")
        terminal.wait_text("▶✓ dns")
        terminal.keys("G", "k")
        terminal.wait_text("▶· app")
        terminal.keys("Up", "C-b")
        terminal.wait_text("▶✓ dns")
        terminal.keys("C-f")
        terminal.wait_text("▶? api-access")
        for there, back in (("Right", "Left"), ("l", "h"), ("BTab", "BTab"), ("Tab", "Escape")):
            terminal.keys(there)
            terminal.wait_text("▸ api-access")
            terminal.keys(back)
            terminal.wait_text("▸ chain")
        terminal.keys("!")
        terminal.wait_text("faults only")
        terminal.keys("!")
        terminal.wait_text("✓ dns")
        terminal.keys("/")
        terminal.type("events")
        terminal.wait_text("/events_")
        terminal.keys("Enter")
        terminal.wait_text("only \"events\"")
        terminal.keys("Escape")
        terminal.keys("]")
        terminal.wait_text("2/2 https://other.example.com/")
        terminal.keys("[")
        terminal.wait_text("1/2 https://orders.example.com/health")
        terminal.keys("w")
        terminal.wait_text("walking again every 10 s")
        terminal.keys("w")
        terminal.wait_text("not watching any more")
        terminal.keys("Space")
        terminal.wait_text("HELD")
        terminal.keys("Space")
        terminal.wait_gone("HELD")
        terminal.keys("r")
        terminal.keys("C-l")
        shown(terminal)
        terminal.keys("Q")
        ended(run, 0, "end: code 0 signal 0 report 1")


def resizes_at_any_moment():
    with Terminal() as terminal:
        run = terminal.run(f"{PLAY} --watch 1 --delay 5 {FIXTURE}")
        shown(terminal)
        for step in range(60):
            terminal.resize(5 + step * 7 % 60, 20 + step * 37 % 200)
        terminal.resize(10, 40)
        terminal.wait_text("edgewalk needs 60x15")
        terminal.resize(43, 132)
        terminal.wait_text("FIRST→pod")
        wait_for("the width", lambda: any(len(line) == 132 for line in terminal.screen().split("\n")))
        terminal.resize(15, 60)
        terminal.wait_text("▸ chain")
        terminal.keys("q")
        ended(run, 0)


def stops_and_goes_on():
    with Terminal() as terminal:
        run = terminal.run(f"{PLAY} {FIXTURE}")
        shown(terminal)
        terminal.keys("C-z")
        terminal.wait_text("Stopped")
        run.wait()  # the shell has gone on behind it and is at its prompt
        check(run.terminal_is_as_before(), "the terminal's modes while stopped")
        check("FIRST→pod" not in terminal.screen(), "the screen is still there while stopped")
        terminal.resize(30, 100)
        # tmux tells the terminal its new size when it has time to
        wait_for("the new size", lambda: terminal.says("stty size") == "30 100")
        terminal.type("clear; fg >/dev/null\n")
        terminal.wait_text("FIRST→pod")
        terminal.wait_line(29, " ? help")
        terminal.keys("q")
        terminal.wait_text("end: code 0 signal 0")


def goes_on_after_somebody_elses_stop():
    with Terminal() as terminal:
        run = terminal.run(f"{PLAY} {FIXTURE}")
        shown(terminal)
        os.kill(terminal.child(), signal.SIGSTOP)
        terminal.wait_text("Stopped")
        run.wait()
        terminal.type("clear; fg >/dev/null\n")
        terminal.wait_text("FIRST→pod")
        terminal.keys("q")
        terminal.wait_text("end: code 0 signal 0")


def by_signal(number, code, words):
    def test():
        with Terminal() as terminal:
            run = terminal.run(f"{PLAY} {FIXTURE}")
            shown(terminal)
            os.kill(terminal.child(), number)
            ended(run, code, words)
            check("FIRST→pod" not in terminal.screen(), "the screen was not given back")
            terminal.type("echo typed\n")
            terminal.wait_text("typed")
    test.__name__ = f"given_back_after_{signal.Signals(number).name}"
    return test


def interrupted_by_the_key():
    with Terminal() as terminal:
        run = terminal.run(f"{PLAY} {FIXTURE}")
        shown(terminal)
        terminal.keys("C-c")
        ended(run, 0, f"signal {int(signal.SIGINT)}")


def two_hundred_refreshes():
    with Terminal() as terminal:
        count = os.path.join(terminal.folder, "count")
        run = terminal.run(f"{PLAY} --watch 1 --delay 1 --count {count} {FIXTURE}")
        shown(terminal)

        def walked():
            try:
                with open(count, encoding="utf-8") as file:
                    return int(file.read() or 0) >= 200
            except OSError:
                return False
        terminal.keys("Enter")
        wait_for("200 walks", walked, 60)
        terminal.wait_text("pods behind the backends")
        terminal.keys("q")
        ended(run, 0, "end: code 0 signal 0")


def held_while_walks_go_on():
    with Terminal() as terminal:
        run = terminal.run(f"{PLAY} --watch 20 --delay 5 {FIXTURE}")
        shown(terminal)
        terminal.keys("Space")
        terminal.wait_text("HELD")
        terminal.keys("Enter", "y")
        terminal.wait_text("apiVersion: v1")
        terminal.keys("q", "Space")
        terminal.wait_gone("HELD")
        terminal.keys("q")
        ended(run, 0)


def pressed(term, button, col, row):
    """What a terminal of that kind sends for a button (0; 64 and 65 are the wheel) at a place."""
    if term.startswith("xterm"):
        return f"\033[<{button};{col};{row}M" + ("" if button >= 64 else f"\033[<{button};{col};{row}m")
    place = chr(32 + col) + chr(32 + row)
    return f"\033[M{chr(32 + button)}{place}" + ("" if button >= 64 else f"\033[M#{place}")


def the_mouse_selects_and_scrolls():
    for term in ("screen-256color", "xterm-256color"):
        with Terminal() as terminal:
            run = terminal.run(f"TERM={term} {PLAY} {FIXTURE}")
            shown(terminal)
            terminal.type(pressed(term, 0, 6, 5))
            terminal.wait_text("▶✓ tls")
            terminal.type(pressed(term, 65, 60, 8) * 9)
            terminal.wait_text("▸ tls")
            terminal.wait_text("^\n")  # there is more above
            terminal.type(pressed(term, 64, 60, 8) * 9)
            terminal.wait_text("│ handshakes")
            terminal.type(pressed(term, 64, 6, 8))
            terminal.wait_text("▶✓ dns")
            terminal.keys("q")
            ended(run, 0)


def a_browser_opens_the_runbook():
    with Terminal() as terminal:
        opened = os.path.join(terminal.folder, "opened")
        browser = os.path.join(terminal.folder, "browser")
        with open(browser, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho noise; echo \"$1\" >{opened}.new; mv {opened}.new {opened}\n")
        os.chmod(browser, 0o755)
        run = terminal.run(f"BROWSER={browser} {PLAY} {FIXTURE}")
        shown(terminal)
        terminal.keys("o")
        terminal.wait_text("opened https://runbook.example.com/#pod-crashloop")
        wait_for("the browser", lambda: os.path.exists(opened))
        with open(opened, encoding="utf-8") as file:
            check(file.read() == "https://runbook.example.com/#pod-crashloop\n", "another link")
        check("noise" not in terminal.screen(), "the browser writes over the screen")
        terminal.keys("q")
        ended(run, 0)
        run = terminal.run(f"BROWSER=no-such-browser {PLAY} {FIXTURE}")
        shown(terminal)
        terminal.keys("o")
        terminal.wait_text("what one sees")
        terminal.wait_text("https://runbook.example.com/#pod-crashloop")
        terminal.keys("q", "q")
        ended(run, 0)


def what_is_finished_stays_while_the_next_walk_runs():
    with Terminal() as terminal:
        count = os.path.join(terminal.folder, "count")
        run = terminal.run(f"{PLAY} --watch 1 --delay 700 --count {count} {FIXTURE}")
        shown(terminal)
        wait_for("a finished walk", lambda: os.path.exists(count))
        for _ in range(3):
            terminal.keys("Enter", "y")
            terminal.wait_text("apiVersion: v1")
            terminal.keys("End")
            terminal.wait_gone("apiVersion: v1")
            with open(count, encoding="utf-8") as file:
                before = int(file.read() or 0)

            def later():
                with open(count, encoding="utf-8") as file:
                    return int(file.read() or 0) > before
            wait_for("the next walk", later)
            check("apiVersion: v1" not in terminal.screen(), "the place was lost")
            terminal.keys("q")
            terminal.wait_text("pods behind the backends")
        terminal.keys("q")
        ended(run, 0)


def draws_in_few_colours_and_in_ascii():
    for term, more in (("vt100", ""), ("xterm", ""), ("screen-256color", "NO_COLOR=1 ")):
        with Terminal(env={}) as terminal:
            run = terminal.run(f"TERM={term} {more}{PLAY} --ascii {FIXTURE}")
            terminal.wait_text(">x endpoints")
            terminal.wait_text("FIRST>pod")
            terminal.keys("q")
            ended(run, 0)


def says_what_it_needs_where_there_is_no_terminal():
    with Terminal() as terminal:
        run = terminal.run(f"TERM=dumb {PLAY} {FIXTURE}")
        ended(run, 1, "TERM is dumb")
        run = terminal.run(f"TERM=no-such-terminal {PLAY} {FIXTURE}")
        ended(run, 1, "TERM is no-such-terminal")
        run = terminal.run(f"{PLAY} {FIXTURE} </dev/null")
        ended(run, 1, "must be a terminal")


TESTS = [
    opens_and_leaves,
    every_key_of_the_table_is_taken,
    resizes_at_any_moment,
    stops_and_goes_on,
    goes_on_after_somebody_elses_stop,
    by_signal(signal.SIGTERM, 0, f"signal {int(signal.SIGTERM)}"),
    by_signal(signal.SIGHUP, 0, f"signal {int(signal.SIGHUP)}"),
    by_signal(signal.SIGSEGV, 128 + int(signal.SIGSEGV), None),
    by_signal(signal.SIGABRT, 128 + int(signal.SIGABRT), None),
    by_signal(signal.SIGQUIT, 128 + int(signal.SIGQUIT), None),
    interrupted_by_the_key,
    two_hundred_refreshes,
    held_while_walks_go_on,
    the_mouse_selects_and_scrolls,
    a_browser_opens_the_runbook,
    what_is_finished_stays_while_the_next_walk_runs,
    draws_in_few_colours_and_in_ascii,
    says_what_it_needs_where_there_is_no_terminal,
]

if __name__ == "__main__":
    if not shutil.which("tmux") or not os.path.exists(PLAY):
        print("1..0 # SKIP needs tmux and tests/screen/play")
    else:
        tap(TESTS)
