"""Figures for a report: the cost of a healthy walk, and how soon ctrl-c ends one in each phase."""

import json
import os
import signal
import socket
import ssl
import statistics
import subprocess
import threading
import time

from . import dns, network

WALKS = 10  # of each sort; the median is reported
GNU_TIME = "/usr/bin/time"
INTERRUPTS = 5  # of each phase; the slowest is reported


def report(world, program):
    case = world.cases[0]
    late = world.await_fault(case)
    if late:
        print(f"the cluster is not as it should be: {late}")
        return 1
    print(
        f"{'healthy walk, ' + str(WALKS) + ' times':28}"
        f" {'wall':>9} {'processor':>10} {'peak memory':>12}"
    )
    bad = print_costs("edgewalk", [world.edgewalk(program, case, "-o", "json")]) - {0}
    commands = by_hand(world, case)
    print_costs(f"{len(commands)} commands by hand", commands)
    for tool in ("dig", "openssl", "curl", "kubectl"):
        some = [command for command in commands if os.path.basename(command[0]) == tool]
        print_costs(f"  {len(some)} × {tool}", some)
    if bad:
        print(f"edgewalk ended with {bad}, not 0: its figures mean nothing")
    print(f"\n{'ctrl-c, ' + str(INTERRUPTS) + ' times':28} {'median':>9} {'slowest':>10}   exit")
    for phase, argv, prepared in silent_peers(world, program, case):
        with prepared:
            times = [interrupt(argv) for _ in range(INTERRUPTS)]
        took = [each for each, _ in times]
        print(
            f"{phase:28} {statistics.median(took) * 1000:6.1f} ms {max(took) * 1000:7.1f} ms"
            f"   {', '.join(sorted({str(status) for _, status in times}))}",
            flush=True,
        )
    return 1 if bad else 0


def by_hand(world, case):
    """The commands of a runbook that find the same facts, in its order."""
    address, trust = case.edge.address, world.public.root
    ask = [
        os.path.join(world.binaries, "kubectl"),
        "--kubeconfig",
        world.plane.kubeconfig(case.user),
        f"--cache-dir={world.folder}/kubectl-by-hand",
        "get",
        "-o",
        "yaml",
    ]
    here = ["--namespace", case.namespace]
    return [
        ["dig", f"@{network.RESOLVER}", case.host, "A"],
        ["dig", f"@{network.RESOLVER}", case.host, "AAAA"],
        [
            "openssl",
            "s_client",
            "-connect",
            f"{address}:443",
            "-servername",
            case.host,
            "-CAfile",
            trust,
            "-verify_hostname",
            case.host,
        ],
        ["curl", "-sS", "--cacert", trust, "-D", "-", case.url],
        ["curl", "-sS", "--cacert", trust, "-D", "-", f"https://{case.host}/random-path"],
        [
            "curl",
            "-sS",
            "--cacert",
            trust,
            "-D",
            "-",
            "--resolve",
            f"random.{dns.ZONE}:443:{address}",
            f"https://random.{dns.ZONE}/",
        ],
        [*ask, "gatewayclasses"],
        [*ask, "gateways,httproutes,referencegrants", "--all-namespaces"],
        [*ask, "services", "--namespace", "envoy-gateway-system"],
        [*ask, f"namespaces/{case.namespace}"],
        [*ask, *here, "services/orders"],
        [*ask, *here, "endpointslices", "-l", "kubernetes.io/service-name=orders"],
        [*ask, *here, "pods,replicasets,deployments"],
        [*ask, *here, "events"],
        [*ask, f"secrets/{case.edge.name}-tls", "--namespace", "platform-ingress"],
    ]


def run(commands):
    """Run one after the other. Returns (wall s, processor s, worst exit status)."""
    wall = processor = worst = 0
    for argv in commands:
        started = time.monotonic()
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        wall += time.monotonic() - started
        processor += used.ru_utime + used.ru_stime
        process.returncode = os.waitstatus_to_exitcode(status)  # no second wait
        worst = max(worst, abs(process.returncode))
    return wall, processor, worst


def peak_memory(commands):
    """The most that one of them holds at once, in KiB; None without GNU time.

    Not from wait4: what Linux reports there begins with the size of this process.
    """
    if not os.access(GNU_TIME, os.X_OK):
        return None
    peak = 0
    for argv in commands:
        done = subprocess.run(
            [GNU_TIME, "-q", "-f", "\n%M", *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        peak = max(peak, int(done.stderr.split()[-1]))
    return peak


def print_costs(what, commands):
    """Run them WALKS times and print what it costs. Returns the exit statuses."""
    costs = [run(commands) for _ in range(WALKS)]
    wall, processor = (statistics.median(each[n] for each in costs) * 1000 for n in range(2))
    peak = peak_memory(commands)
    memory = f"{peak / 1024:8.1f} MiB" if peak else "no GNU time"
    print(f"{what:28} {wall:6.0f} ms {processor:7.0f} ms {memory}", flush=True)
    return {status for _, _, status in costs}


def interrupt(argv):
    """Start, let it reach the silent peer, send SIGINT. Returns (seconds it took, exit status)."""
    process = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(0.5)  # nothing can be polled for: the point is that nobody answers
    if process.poll() is not None:
        return 0.0, f"{process.returncode} before ctrl-c"
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    try:
        status = process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        status = "none after 30 s"
        process.wait()
    return time.monotonic() - started, status


# Peers that stay silent, one for each phase


def silent_peers(world, program, case):
    """Yields (phase, command line, context in which its peer is silent)."""

    def pinned(port, address=network.CLIENT):
        argv = world.edgewalk(program, case)
        url = f"https://{case.host}:{port}/health"
        return [*argv[:-1], "--resolve", f"{case.host}:{port}:{address}", url]

    yield "dns", world.edgewalk(program, case), Stopped(world.processes.pid("unbound"))
    yield "connect", pinned(443, NOBODY), Blackhole()
    listener = Silent()
    yield "tls", pinned(listener.port), listener
    chain, key = world.public.leaf("silent", f"DNS:{case.host}")
    listener = Silent(chain, key)
    yield "http", pinned(listener.port), listener
    listener = Silent()
    argv = world.edgewalk(program, case)
    where = argv.index("--kubeconfig") + 1
    with open(argv[where]) as source:
        config = json.load(source)
    config["clusters"][0]["cluster"]["server"] = f"https://{network.CLIENT}:{listener.port}"
    argv[where] = os.path.join(world.folder, "silent.kubeconfig")
    with open(argv[where], "w") as out:
        json.dump(config, out)
    yield "api", argv, listener


NOBODY = "192.0.2.250"


class Blackhole:
    """NOBODY's packets leave for a hardware address that no one has."""

    def __enter__(self):
        subprocess.run(
            ["ip", "neigh", "replace", NOBODY, "lladdr", "02:00:00:00:00:fa", "dev", "eth0"],
            check=True,
        )

    def __exit__(self, *_):
        subprocess.run(["ip", "neigh", "del", NOBODY, "dev", "eth0"], check=True)


class Stopped:
    """A server that is stopped: its socket takes packets, and nobody reads them."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)


class Silent:
    """Takes connections and says nothing; with a certificate, nothing after the TLS handshake."""

    def __init__(self, certificate=None, key=None):
        self.listener = socket.create_server((network.CLIENT, 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            threading.Thread(target=self._shake_hands, args=(context,), daemon=True).start()

    def _shake_hands(self, context):
        taken = []
        while True:
            try:
                connection, _ = self.listener.accept()
                connection.settimeout(2)
                taken.append(context.wrap_socket(connection, server_side=True))
            except OSError:
                if self.listener.fileno() < 0:
                    return

    def __enter__(self):
        pass

    def __exit__(self, *_):
        self.listener.close()
