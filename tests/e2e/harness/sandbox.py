"""The sandbox: namespaces of the kernel in which everything runs, and with which everything ends.

The launcher starts the test again as process 1 of a new PID namespace, with its own mounts and its
own network. When that process ends, however it ends, the kernel kills every process in there and
drops the mounts and networks: nothing is left to clean up, not even after SIGKILL.
"""

import ctypes
import os
import signal
import subprocess
import sys

INSIDE = "EDGEWALK_E2E_INSIDE"
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True)


def _namespaces():
    wanted = ["--net", "--mount", "--pid", "--fork", "--kill-child=KILL"]
    if os.geteuid() != 0:
        wanted += ["--user", "--map-root-user"]
    return ["unshare", *wanted]


def allowed():
    """None when this user may make such namespaces, otherwise why not."""
    try:
        probe = subprocess.run(
            [
                *_namespaces(),
                "sh",
                "-c",
                "ip link add probe0 type veth peer name probe1 && ip link add probe2 type bridge"
                " && mount -t proc proc /proc && mount -t tmpfs probe /tmp",
            ],
            capture_output=True,
            text=True,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if probe.returncode == 0 else probe.stderr.strip() or "unshare failed"


def inside():
    return INSIDE in os.environ


def enter(argv, folder):
    """Run argv inside a new sandbox and wait for it. Returns its exit status.

    folder: an existing empty folder; inside, a private file system of the sandbox lies over it.
    """
    os.makedirs(folder, exist_ok=True)
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = subprocess.Popen(
        [*_namespaces(), *argv],
        env={**os.environ, INSIDE: folder},
        preexec_fn=lambda: _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0),
    )

    ended_by = []

    def end(signum, _frame):
        ended_by.append(signum)
        os.kill(child.pid, signal.SIGKILL)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    # Ctrl-c reaches process 1 of the sandbox too, which then ends in good order by itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status = _reap_all(child.pid)
    if ended_by:
        return 128 + ended_by[0]
    return 128 - status if status < 0 else status


def _reap_all(wanted):
    """Wait till the last process of the sandbox is gone, process 1 included; returns `wanted`'s."""
    result = 0
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return result
        if pid == wanted:
            result = os.waitstatus_to_exitcode(status)


def settle():
    """First thing inside: own /proc, own working folder. Returns (folder, outer process id)."""
    outer = int(os.readlink("/proc/self"))  # /proc is still that of the world outside
    folder = os.environ[INSIDE]
    _mount("-t", "proc", "proc", "/proc")
    _mount("-t", "tmpfs", "-o", "mode=755", "edgewalk-e2e", folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    return folder, outer


def overlay(source, target):
    """Let `source` stand in the place of the file `target`, inside the sandbox only."""
    _mount("--bind", source, os.path.realpath(target))


def _mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)
