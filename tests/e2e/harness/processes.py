"""Processes of the sandbox: started with a log file, watched while something waits for them."""

import os
import subprocess
import time


class Broken(RuntimeError):
    """The test's own world did not come up; the message says what and shows the log."""


class Processes:
    def __init__(self, folder):
        self.logs = os.path.join(folder, "logs")
        os.makedirs(self.logs)
        self._running = {}

    def start(self, name, argv, netns=None, env=None, cwd=None):
        """Start a program that is to run till the end of the test."""
        log = open(os.path.join(self.logs, name), "wb")
        argv = netns.command(argv) if netns else argv
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=cwd,
            env={**os.environ, **(env or {})},
        )
        log.close()
        self._running[name] = process
        return process

    def pid(self, name):
        return self._running[name].pid

    def check(self):
        for name, process in self._running.items():
            if process.poll() is not None:
                raise Broken(f"{name} ended with {process.returncode}:\n{self.tail(name)}")

    def tail(self, name, lines=20):
        with open(os.path.join(self.logs, name), errors="replace") as log:
            return "".join(log.readlines()[-lines:])

    def last_words(self):
        for name in self._running:
            lines = self.tail(name, 5)
            if lines:
                yield name, lines

    def until(self, what, probe, seconds=30):
        """Ask `probe` again and again until it gives something true, and return that.

        While waiting, every program started so far must stay alive.
        """
        deadline = time.monotonic() + seconds
        pause = 0.02
        while True:
            result = probe()
            if result:
                return result
            self.check()
            if time.monotonic() > deadline:
                raise Broken(f"waited {seconds} s in vain for {what}")
            time.sleep(pause)
            pause = min(pause * 1.3, 0.25)
