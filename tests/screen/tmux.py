"""A program under a real pseudo-terminal, kept by tmux, read as a screen. Waits are on what the
screen or a file shows, with a deadline; never a sleep that hopes."""
import os
import shutil
import subprocess
import tempfile
import time


class Deadline(Exception):
    pass


def wait_for(what, predicate, seconds=30.0):
    end = time.monotonic() + seconds
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > end:
            raise Deadline(f"{what} within {seconds} s")
        time.sleep(0.01)  # between two looks


class Terminal:
    """A shell in a terminal of its own; programs are started in it as a person would."""

    def __init__(self, rows=24, cols=80, env=None, term="screen-256color"):
        self.folder = tempfile.mkdtemp(prefix="edgewalk-screen-")
        self.socket = os.path.join(self.folder, "tmux")
        config = os.path.join(self.folder, "tmux.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("set -g escape-time 0\nset -g status off\nset -g set-clipboard on\n"
                       f"set -g default-terminal {term}\n")
        settings = dict(os.environ, LC_ALL="C.UTF-8", PS1="$ ", TZ="UTC", **(env or {}))
        settings.pop("TMUX", None)
        self.rows, self.cols = rows, cols
        self.tmux("-f", config, "new-session", "-d", "-x", str(cols), "-y", str(rows),
                  "bash", "--norc", "--noprofile", environment=settings)
        self.tmux("set-option", "-g", "window-size", "manual")
        self.count = 0
        self.wait_text("$")

    def tmux(self, *args, environment=None):
        return subprocess.run(["tmux", "-S", self.socket, *args], check=True, env=environment,
                              capture_output=True, text=True).stdout

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False,
                       capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait_text(self, text, seconds=30.0):
        try:
            return wait_for(f"\"{text}\" on the screen",
                            lambda: text in self.screen() and self.screen(), seconds)
        except Deadline as late:
            raise Deadline(f"{late}; there is:\n{self.screen()}") from None

    def wait_gone(self, text, seconds=30.0):
        return wait_for(f"\"{text}\" gone", lambda: text not in self.screen(), seconds)

    def wait_line(self, row, start, seconds=30.0):
        def look():
            lines = self.screen().split("\n")
            return len(lines) > row and lines[row].startswith(start)
        try:
            wait_for(f"\"{start}\" in row {row}", look, seconds)
        except Deadline as late:
            raise Deadline(f"{late}; there is:\n{self.screen()}") from None

    def says(self, command):
        """What a command prints, started at the prompt."""
        self.count += 1
        out = os.path.join(self.folder, f"out{self.count}")
        self.type(f"{command} >{out}.new; mv {out}.new {out}\n")
        wait_for(command, lambda: os.path.exists(out))
        with open(out, encoding="utf-8") as file:
            return file.read().strip()

    def resize(self, rows, cols):
        self.tmux("resize-window", "-x", str(cols), "-y", str(rows))

    def run(self, command):
        """Starts a command line; its exit status will stand in a file."""
        self.count += 1
        status = os.path.join(self.folder, f"status{self.count}")
        before = os.path.join(self.folder, f"before{self.count}")
        after = os.path.join(self.folder, f"after{self.count}")
        pid = os.path.join(self.folder, f"pid{self.count}")
        script = os.path.join(self.folder, f"run{self.count}")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"stty -g >{before}\n{command}\ncode=$?\nstty -g >{after}\n"
                       f"echo $code >{status}.new; mv {status}.new {status}\n")
        launcher = os.path.join(self.folder, f"launch{self.count}")
        with open(launcher, "w", encoding="utf-8") as file:
            file.write(f"echo $$ >{pid}\n")
        self.type(f". {script}\n")
        return Run(self, status, before, after)

    def child(self):
        """The program in the foreground: the youngest child of the shell."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()

        def look():
            found = subprocess.run(["pgrep", "-P", shell], check=False, capture_output=True,
                                   text=True).stdout.split()
            return int(found[-1]) if found else None
        return wait_for("the program", look)


class Run:
    def __init__(self, terminal, status, before, after):
        self.terminal = terminal
        self.status_file, self.before_file, self.after_file = status, before, after

    def wait(self, seconds=30.0):
        try:
            wait_for("the end of the program", lambda: os.path.exists(self.status_file), seconds)
        except Deadline as late:
            raise Deadline(f"{late}; there is:\n{self.terminal.screen()}") from None
        with open(self.status_file, encoding="utf-8") as file:
            return int(file.read())

    def terminal_is_as_before(self):
        with open(self.before_file, encoding="utf-8") as before, \
                open(self.after_file, encoding="utf-8") as after:
            return before.read() == after.read()


def tap(tests):
    """Runs functions as a TAP stream; a failed one says why."""
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            test()
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:  # a test that breaks is a test that fails
            print(f"not ok {number} - {name}", flush=True)
            for line in f"{type(error).__name__}: {error}".splitlines():
                print(f"# {line}", flush=True)
