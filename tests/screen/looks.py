#!/usr/bin/env python3
"""How the screen looks on terminals of different kinds: 256, 16, 8 and no colours, light and dark,
UTF-8 and ASCII, terminals that the system does not know; and that nothing is said by colour alone."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tmux import Terminal, tap  # noqa: E402

TOP = os.environ.get("top_srcdir", ".")
PROGRAM = os.environ.get("EDGEWALK", "./edgewalk")
WALK = os.path.join(TOP, "tests/screen/walks/pod-crashloop.jsonl")

# As ncurses has it; not every system installs the entry.
XTERM_16COLOR = r"""xterm-16color|xterm with 16 colors like aixterm,
	colors#16, pairs#256,
	setab=\E[%?%p1%{8}%<%t%p1%{40}%+%e%p1%{92}%+%;%dm,
	setaf=\E[%?%p1%{8}%<%t%p1%{30}%+%e%p1%{82}%+%;%dm,
	use=xterm,
"""


def check(condition, words):
    if not condition:
        raise AssertionError(words)


class Shown:
    """A recorded walk on a terminal: its text, and the attributes that were set."""

    def __init__(self, settings="", rows=24, cols=80, keys=(), config=None):
        with Terminal(rows, cols) as terminal:
            with open(os.path.join(terminal.folder, "config.yaml"), "w", encoding="utf-8") as file:
                file.write(config or "")
            os.mkdir(os.path.join(terminal.folder, "edgewalk"))
            os.rename(os.path.join(terminal.folder, "config.yaml"),
                      os.path.join(terminal.folder, "edgewalk/config.yaml"))
            run = terminal.run(f"XDG_CONFIG_HOME={terminal.folder} COLORFGBG= {settings} {PROGRAM} "
                               f"replay {WALK}")
            terminal.wait_text("pod-crashloop")
            terminal.keys(*keys)
            if keys:
                terminal.wait_text("pods behind the backends")
            self.text = terminal.screen()
            raw = terminal.tmux("capture-pane", "-p", "-e")
            self.codes = set(re.findall(r"\033\[([0-9;]*)m", raw))
            terminal.keys("q")
            check(run.wait() == 19, "exit status")
            check(run.terminal_is_as_before(), "the terminal's modes are not what they were")

    def colours(self):
        """Codes of foreground and background colours, the terminal's own left out."""
        return {code for code in self.codes if re.match(r"(3[0-8]|4[0-8]|9\d|10\d)(;|$)", code)}

    def has_attributes(self):
        return any(code in ("1", "4", "7", "1;7", "1;4", "0;1;7", "0;7") for code in self.codes)


def two_hundred_and_fifty_six_colours():
    shown = Shown("TERM=screen-256color")
    check(any(code.startswith("38;5;") for code in shown.colours()), shown.codes)


def sixteen_colours():
    folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"edgewalk-terminfo-{os.getpid()}")
    try:
        subprocess.run(["tic", "-x", "-o", folder, "-"], input=XTERM_16COLOR, text=True, check=True,
                       capture_output=True)
        shown = Shown(f"TERM=xterm-16color TERMINFO={folder}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    check(shown.colours(), "no colours at all")
    check(not any(code.startswith(("38;", "48;")) for code in shown.colours()), shown.colours())


def eight_colours():
    shown = Shown("TERM=xterm")
    check(shown.colours(), "no colours at all")
    check(all(re.fullmatch(r"[34][0-7]", code) for code in shown.colours()), shown.colours())


def no_colours_where_none_are_wanted():
    for settings in ("NO_COLOR=1 TERM=screen-256color", "TERM=vt100"):
        shown = Shown(settings)
        check(not shown.colours(), f"{settings}: {shown.colours()}")
        check(shown.has_attributes(), f"{settings}: {shown.codes}")


def nothing_is_said_by_colour_alone():
    colourless, colourful = Shown("NO_COLOR=1"), Shown("")
    check(colourless.text == colourful.text, colourless.text)


def light_and_dark_backgrounds_have_their_own_colours():
    dark, light = Shown("COLORFGBG='15;0'"), Shown("COLORFGBG='0;15'")
    neither = Shown("")
    check(dark.colours() != light.colours(), dark.colours())
    check(neither.colours() not in (dark.colours(), light.colours()), neither.colours())
    check(Shown("", config="background: light\n").colours() == light.colours(), "configured light")
    check(Shown("COLORFGBG='0;15'", config="background: dark\n").colours() == dark.colours(),
          "the configuration goes first")


def ascii_where_the_locale_has_no_more():
    for keys in ((), ("Enter",)):
        shown = Shown("LC_ALL=C", keys=keys)
        check(shown.text.isascii(), shown.text)
        check(">x" in shown.text and "ROOT" in shown.text, shown.text)


def kin_of_a_terminal_that_is_not_known():
    for name in ("xterm-kitty", "xterm-ghostty-new", "screen.unheard-of-256color", "tmux-unheard-of"):
        try:
            Shown(f"TERM={name}")
        except Exception as error:
            raise AssertionError(f"{name}: {error}") from error


def text_where_nothing_can_be_drawn_on():
    for name in ("dumb", "unheard-of", "''"):
        with Terminal(rows=60) as terminal:
            run = terminal.run(f"TERM={name} {PROGRAM} replay {WALK}")
            check(run.wait() == 19, "exit status")
            terminal.wait_text("ROOT CAUSE  pod-crashloop")
            run = terminal.run(f"TERM={name} {PROGRAM} replay -o tui {WALK}")
            check(run.wait() == 2, "exit status")
            terminal.wait_text("edgewalk: TERM is")


def too_small_is_said():
    for rows, cols in ((14, 80), (24, 59), (5, 21)):
        shown = Shown("", rows=rows, cols=cols)
        check("edgewalk needs 60x15" in shown.text, shown.text)
    shown = Shown("", rows=15, cols=60)
    check("edgewalk needs" not in shown.text and "q quit" in shown.text, shown.text)


TESTS = [
    two_hundred_and_fifty_six_colours,
    eight_colours,
    no_colours_where_none_are_wanted,
    nothing_is_said_by_colour_alone,
    light_and_dark_backgrounds_have_their_own_colours,
    ascii_where_the_locale_has_no_more,
    kin_of_a_terminal_that_is_not_known,
    text_where_nothing_can_be_drawn_on,
    too_small_is_said,
]
if shutil.which("tic"):
    TESTS.insert(1, sixteen_colours)

if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("1..0 # SKIP needs tmux")
    else:
        tap(TESTS)
