"""DNS as a client meets it: Knot holds the zone, Unbound resolves for the client."""

import os
import shutil
import subprocess

from . import network

ZONE = "example.com"

_KNOT = """\
server:
    rundir: "{folder}"
    listen: {authority}@53
database:
    storage: "{folder}"
log:
  - target: stderr
    any: warning
zone:
  - domain: {zone}
    storage: "{folder}"
    file: zone
"""

_UNBOUND = """\
server:
    interface: {resolver}
    access-control: 0.0.0.0/0 allow
    outgoing-interface: {resolver}
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    do-daemonize: no
    num-threads: 1
    module-config: "iterator"
    local-zone: "." refuse
    local-zone: "{zone}." transparent
remote-control:
    control-enable: no
stub-zone:
    name: "{zone}"
    stub-addr: {authority}
"""


def zone_file(records):
    """records: lines of a zone file, names relative to the zone."""
    return "\n".join(
        [
            "$TTL 300",
            f"@ SOA ns1.{ZONE}. hostmaster.{ZONE}. 1 3600 600 86400 60",
            f"@ NS ns1.{ZONE}.",
            f"ns1 A {network.AUTHORITY}",
            *records,
            "",
        ]
    )


def published(host, address, owner):
    """What external-dns publishes for a host: its address, and the record that says whose it is."""
    name = host.removesuffix(f".{ZONE}")
    return [
        f"{name} A {address}",
        f'a-{name} TXT "heritage=external-dns,external-dns/owner=e2e,'
        f'external-dns/resource={owner}"',
    ]


def start(processes, netns, folder, records):
    folder = os.path.join(folder, "dns")
    os.makedirs(folder)
    values = {
        "folder": folder,
        "zone": ZONE,
        "resolver": network.RESOLVER,
        "authority": network.AUTHORITY,
    }
    for name, text in (
        ("knot.conf", _KNOT.format(**values)),
        ("unbound.conf", _UNBOUND.format(**values)),
        ("zone", zone_file(records)),
    ):
        with open(os.path.join(folder, name), "w") as out:
            out.write(text)
    processes.start("knot", [program("knotd"), "-c", f"{folder}/knot.conf"], netns=netns)
    processes.start(
        "unbound", [program("unbound"), "-d", "-c", f"{folder}/unbound.conf"], netns=netns
    )


def resolv_conf(folder):
    path = os.path.join(folder, "resolv.conf")
    with open(path, "w") as out:
        out.write(f"nameserver {network.RESOLVER}\n")
    return path


def program(name):
    """Daemons often lie in a folder that is not in an ordinary user's PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def ask(name, kind="A"):
    """The answer of the client's resolver: (rcode, [records])."""
    done = subprocess.run(
        ["dig", f"@{network.RESOLVER}", "+time=2", "+tries=1", name, kind],
        capture_output=True,
        text=True,
    )
    lines = done.stdout.splitlines()
    rcode = next(
        (line.split("status: ")[1].split(",")[0] for line in lines if "status: " in line), None
    )
    return rcode, [line.split()[-1] for line in lines if line and not line.startswith(";")]
