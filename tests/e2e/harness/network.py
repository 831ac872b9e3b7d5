"""The network: three kinds of hosts on one wire.

    client   where edgewalk runs: the network namespace that the sandbox starts in
    cluster  control plane, node, pods (10.244.0.0/24 is local to it), DNS servers
    edge     one host for each Gateway: its Envoy, with the public address on its loopback

All addresses are from ranges for documentation and private use, and no interface leads out of the
sandbox. The client has a default route, as clients have; it ends at the cluster's host, which
forwards nothing.
"""

import os
import subprocess

NODE = "192.0.2.1"
RESOLVER = "192.0.2.53"
AUTHORITY = "192.0.2.54"
CLIENT = "192.0.2.100"
PODS = "10.244.0.0/24"
SERVICES = "10.96.0.0/16"
PREFIX = 24


def _ip(*arguments, netns=None):
    argv = ["ip", *arguments]
    subprocess.run(netns.command(argv) if netns else argv, check=True)


class NetworkNamespace:
    """Lives as long as a process that does nothing but hold it."""

    def __init__(self, name, processes):
        self.name = name
        self._holder = processes.start(f"netns-{name}", ["unshare", "--net", "sleep", "infinity"])
        own = _inode("self")
        processes.until(
            f"network namespace {name}", lambda: _inode(self._holder.pid) not in (None, own)
        )
        _ip("link", "set", "lo", "up", netns=self)

    @property
    def pid(self):
        return self._holder.pid

    def command(self, argv):
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", *argv]


def _inode(pid):
    try:
        return os.stat(f"/proc/{pid}/ns/net").st_ino
    except OSError:
        return None


class Network:
    def __init__(self, processes):
        self._processes = processes
        self._ports = 0
        self.cluster = NetworkNamespace("cluster", processes)
        # Its own hardware address: one taken from the ports would change as edges come, and what
        # neighbours remember of it would lead nowhere.
        address = ["address", "02:00:00:00:00:01"]
        _ip("link", "add", "wire", *address, "type", "bridge", netns=self.cluster)
        for address in (NODE, RESOLVER, AUTHORITY):
            _ip("address", "add", f"{address}/{PREFIX}", "dev", "wire", netns=self.cluster)
        _ip("link", "set", "wire", "up", netns=self.cluster)
        _ip("route", "add", "local", PODS, "dev", "lo", netns=self.cluster)
        _ip("link", "set", "lo", "up")
        self._plug(None, CLIENT)
        _ip("route", "add", "default", "via", NODE)

    def add_edge(self, name, public):
        """A host of its own that answers at `public`, and at nothing if that is None."""
        host = NetworkNamespace(name, self._processes)
        address = f"192.0.2.{10 + self._ports}"
        self._plug(host, address)
        _ip("route", "add", PODS, "via", NODE, netns=host)
        if public:
            _ip("address", "add", f"{public}/32", "dev", "lo", netns=host)
            _ip("route", "add", f"{public}/32", "via", address)
            _ip("route", "add", f"{public}/32", "via", address, netns=self.cluster)
        return host

    def _plug(self, host, address):
        """Join a host (None: the client) to the wire."""
        port = f"port{self._ports}"
        self._ports += 1
        peer = str(host.pid) if host else "1"
        _ip(
            "link",
            "add",
            port,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            peer,
            netns=self.cluster,
        )
        _ip("link", "set", port, "master", "wire", "up", netns=self.cluster)
        _ip("address", "add", f"{address}/{PREFIX}", "dev", "eth0", netns=host)
        _ip("link", "set", "eth0", "up", netns=host)
