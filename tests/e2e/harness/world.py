"""The world of a run: network, DNS, cluster, edge, and the objects of the cases in it."""

import json
import os
import subprocess
import sys

from . import certificates, dns, edge, ingress, kube, network, sandbox
from .case import Gateway, IngressController
from .processes import Processes

APP_PORT = 9080


class World:
    def __init__(self, folder, cache, cases):
        self.folder, self.cases = folder, cases
        self.binaries, data = os.path.join(cache, "bin"), os.path.join(cache, "data")
        self.processes = Processes(folder)
        self.network = network.Network(self.processes)
        self.public = certificates.Authority(folder, "public")
        self.plane = kube.ControlPlane(
            self.processes, self.network.cluster, folder, self.binaries, data
        )
        self._patience = 60  # seconds, till the controllers have taken up everything
        self.edge = edge.EnvoyGateway(self.plane, self.binaries, folder)

    @property
    def resolver(self):
        return f"{network.RESOLVER}:53"

    def start_alone(self):
        """Nothing but an API server that knows the kinds."""
        self.plane.start_alone()
        self.plane.finish(
            self.plane.begin_create_from("crds/gateway-api", "crds/envoy-gateway/generated")
        )
        self.processes.until("the resource definitions", self._established)

    def start(self):
        sandbox.overlay(dns.resolv_conf(self.folder), "/etc/resolv.conf")
        dns.start(self.processes, self.network.cluster, self.folder, self._records())
        self.plane.start()
        definitions = self.plane.begin_create_from(
            "crds/gateway-api", "crds/envoy-gateway/generated"
        )
        self.plane.create(self._texts("cluster", "rights", "external-dns") + self._namespaces())
        self.plane.create("".join(self._filled(case, "app") for case in self.cases))
        self.plane.finish(definitions)
        self.processes.until("the resource definitions", self._established)
        self.edge.start()
        self.plane.create(
            self._texts("gatewayclass")
            + self._edges()
            + "".join(
                self._filled(case, *case.extra, *(case.routes or (case.route,)))
                for case in self.cases
            )
        )
        for gateway in self._edges_of(Gateway):
            self._run_gateway(gateway)
        self._run_pods()
        for controller in self._edges_of(IngressController):
            self._run_ingress(controller)

    def _records(self):
        records = []
        for case in self.cases:
            if case.edge.address:
                records += dns.published(
                    case.host, case.edge.address, f"{case.route}/{case.namespace}/orders"
                )
        return records

    def _edges_of(self, kind):
        return [
            each
            for each in dict.fromkeys(
                edge for case in self.cases for edge in (case.edge, case.beside)
            )
            if isinstance(each, kind)
        ]

    def _texts(self, *names):
        return "".join(kube.template(name) + "---\n" for name in names)

    def _filled(self, case, *names):
        return "".join(kube.template(name, **case.filled_in()) + "---\n" for name in names)

    def _namespaces(self):
        text = ""
        for case in self.cases:
            values = case.filled_in()
            for namespace in dict.fromkeys((values["namespace"], values["app_namespace"])):
                text += kube.template("namespace", **{**values, "namespace": namespace}) + "---\n"
        return text

    def _edges(self):
        """The Gateways and IngressClasses, and the Secrets that hold their certificates."""
        texts = []
        for gateway in self._edges_of(Gateway):
            texts.append(
                kube.template(gateway.objects, gateway=gateway.name, hostname=gateway.hostname)
            )
            if gateway.certificate is not None:
                texts.append(self._secret(gateway.name, "platform-ingress", **gateway.certificate))
        for controller in self._edges_of(IngressController):
            texts.append(kube.template("ingressclass", controller=controller.name))
        for case in self.cases:
            if case.needs_certificate:
                texts.append(self._secret("orders", case.namespace, san=f"DNS:{case.host}"))
            if "backend-tls-policy" in case.extra:
                texts.append(self._trust(case.namespace))
        return "---\n".join(texts) + "---\n"

    def _secret(self, name, namespace, san="DNS:*.example.com", **options):
        chain, key = self.public.leaf(f"{namespace}-{name}", san, **options)
        return kube.template(
            "secret",
            name=f"{name}-tls",
            namespace=namespace,
            certificate=kube.encode_file(chain),
            key=kube.encode_file(key),
        )

    def _trust(self, namespace):
        with open(self.public.root) as root:
            data = {"ca.crt": root.read()}
        found = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "authority", "namespace": namespace},
            "data": data,
        }
        return json.dumps(found) + "\n"

    def _established(self):
        found = self.plane.items("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
        return found and all(
            kube.condition(each.get("status", {}).get("conditions"), "Established")[0] == "True"
            for each in found
        )

    def _run_gateway(self, gateway):
        service, deployment, pod = self.edge.await_infrastructure(gateway.name)
        if gateway.address:
            self.edge.assign(service, gateway.address)
            host = self.network.add_edge(f"edge-{gateway.name}", gateway.address)
            self.edge.run_envoy(deployment, pod, host)

    def _run_ingress(self, controller):
        host = self.network.add_edge(f"edge-{controller.name}", controller.address)
        own = [case for case in self.cases if controller in (case.edge, case.beside)]
        sites = [
            ingress.Site(
                case.host,
                f"{self.public.folder}/{case.namespace}-orders",
                self._ready_addresses(case),
            )
            for case in own
        ]
        ingress.start(self.processes, host, self.folder, controller, sites)
        ingress.write_status(self.plane, controller, [case.namespace for case in own])

    def _run_pods(self):
        """One process is the application of them all."""
        serving = []
        for case in self.cases:
            pods = self._await_pods(case)
            if not case.listening:
                continue
            speaks = case.speaks
            if speaks == "tls":
                speaks += f",{self.public.folder}/{case.namespace}-orders"
            serving += [
                f"{speaks}={pod['metadata']['name']}={pod['status']['podIP']}" for pod in pods
            ]
            if case.machine:
                serving.append(f"http={case.name}-machine={case.machine}")
        program = os.path.join(os.path.dirname(__file__), "podserver.py")
        self.processes.start(
            "pods",
            [sys.executable, program, str(APP_PORT), *serving],
            netns=self.network.cluster,
        )

    def _await_pods(self, case):
        def addressed():
            pods = self._pods(case)
            return (
                len(pods) == 2 and all(pod.get("status", {}).get("podIP") for pod in pods) and pods
            )

        return self.processes.until(f"the pods of {case.namespace}", addressed)

    def _pods(self, case):
        return self.plane.items(f"/api/v1/namespaces/{case.filled_in()['app_namespace']}/pods")

    # What can be seen of a case without edgewalk

    def observe(self, case):
        """What DNS, the edge and the status show of a case, in the words of cases.Case.shows."""
        seen = {"dns": dns.ask(case.host)[0], "answer": self._answer(case)}
        for prefix, conditions in self._reported(case):
            for condition in conditions:
                seen[f"{prefix}.{condition['type']}"] = (
                    f"{condition['status']} {condition['reason']}"
                )
        seen["endpoints"] = self._endpoints(case)
        seen["pods"] = ", ".join(sorted({_state(pod) for pod in self._pods(case)}))
        return seen

    def _reported(self, case):
        """(prefix, conditions) of what leads to the application, as far as it is there."""
        group = "/apis/gateway.networking.k8s.io/v1"
        own, shared = f"{group}/namespaces/{case.namespace}", f"{group}/namespaces/platform-ingress"

        def get(path):
            return self.plane.get(path) or {}

        def status(path):
            return get(path).get("status", {})

        def conditions(prefix, rows):
            return [(prefix, row.get("conditions", [])) for row in rows[:1]]

        found = []
        if isinstance(case.edge, Gateway):
            gateway = get(f"{shared}/gateways/{case.edge.name}")
            listeners = [
                row
                for row in gateway.get("status", {}).get("listeners", [])
                if row["name"] == case.filled_in()["section"]
            ]
            class_name = gateway.get("spec", {}).get("gatewayClassName")
            found += conditions("gateway", [gateway.get("status", {})])
            found += conditions("listener", listeners)
            found += conditions("class", [status(f"{group}/gatewayclasses/{class_name}")])
            found += conditions("route", status(f"{own}/{case.route}s/orders").get("parents", []))
        if "listenerset" in case.extra:
            listenerset = status(f"{own}/listenersets/orders")
            found += conditions("set", [listenerset])
            found += conditions("set.listener", listenerset.get("listeners", []))
        if "backend-tls-policy" in case.extra:
            policy = status(f"{own}/backendtlspolicies/orders")
            found += conditions("policy", policy.get("ancestors", []))
        return found

    def _answer(self, case):
        done = subprocess.run(
            [
                "curl",
                "--silent",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}",
                "--max-time",
                "5",
                "--cacert",
                self.public.root,
                *case.options,
                case.url,
            ],
            capture_output=True,
            text=True,
        )
        return {
            0: done.stdout,
            6: "no address",
            7: "refused",
            28: "silence",
            35: "TLS broken",
            60: "certificate",
        }.get(done.returncode, f"curl {done.returncode}")

    def _every_endpoint(self, case):
        namespace = case.filled_in()["app_namespace"]
        slices = self.plane.items(
            f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
        )
        return [end for each in slices for end in each.get("endpoints") or []]

    def _ready_addresses(self, case):
        return [
            f"{address}:{APP_PORT}"
            for end in self._every_endpoint(case)
            if end["conditions"].get("ready")
            for address in end["addresses"]
        ]

    def _endpoints(self, case):
        every = self._every_endpoint(case)
        return f"{sum(bool(end['conditions'].get('ready')) for end in every)} of {len(every)} ready"

    def await_fault(self, case):
        """Wait till everything that the case says shows. Returns None, or how it differs."""
        differs = {}

        def shows():
            seen = self.observe(case)
            differs.clear()
            differs.update(
                {
                    key: (seen.get(key), wanted)
                    for key, wanted in case.shows.items()
                    if seen.get(key) != wanted
                }
            )
            return not differs

        try:
            self.processes.until(case.name, shows, seconds=self._patience)
        except RuntimeError:
            return "; ".join(
                f"{key} is {seen!r}, not {wanted!r}" for key, (seen, wanted) in differs.items()
            )
        finally:
            self._patience = 20
        return None

    def outside_view(self, case):
        """Commands that show what a client sees."""
        address, trust = case.edge.address, self.public.root
        commands = [["dig", f"@{network.RESOLVER}", case.host]]
        if address and case.scheme == "https":
            commands.append(
                [
                    "openssl",
                    "s_client",
                    "-connect",
                    f"{address}:{case.port}",
                    "-servername",
                    case.host,
                    "-CAfile",
                    trust,
                    "-verify_hostname",
                    case.host,
                ]
            )
        if address:
            commands.append(
                [
                    "curl",
                    "-sSi",
                    "--max-time",
                    "5",
                    "--cacert",
                    trust,
                    "--resolve",
                    f"{case.host}:{case.port}:{address}",
                    *case.options,
                    case.url,
                ]
            )
        return commands

    def edgewalk(self, program, case, *options):
        """The command line that walks the case's URL."""
        return [
            program,
            *options,
            "--kubeconfig",
            self.plane.kubeconfig(case.user),
            "--resolver",
            self.resolver,
            "--cacert",
            self.public.root,
            *case.options,
            case.url,
        ]


def _state(pod):
    for container in pod.get("status", {}).get("containerStatuses", []):
        for word in (container["state"].get("waiting"), container["state"].get("terminated")):
            if word:
                return word.get("reason", "?")
        if not container["ready"]:
            return "not ready"
    return pod.get("status", {}).get("phase", "?").lower()
