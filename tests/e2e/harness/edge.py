"""The edge: Envoy Gateway, which writes the status, and for each Gateway the Envoy it programs.

Envoy Gateway runs outside of the cluster and believes itself inside. For every Gateway it makes a
Deployment, in whose arguments stands the whole configuration of an Envoy, and a Service of type
LoadBalancer. The pods of that Deployment are only played; a real Envoy with that configuration
runs on the Gateway's own host. The Service's address is written by the test, as a cloud would.
"""

import base64
import os
import subprocess

from . import kube, network

SYSTEM = "envoy-gateway-system"
XDS_NAME = f"envoy-gateway.{SYSTEM}.svc.cluster.local."

_CONFIG = """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyGateway
gateway: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
logging: {level: {default: warn}}
provider:
  type: Kubernetes
  kubernetes: {leaderElection: {disable: true}}
"""


class EnvoyGateway:
    def __init__(self, plane, binaries, folder):
        self._plane, self._binaries = plane, binaries
        self._folder = os.path.join(folder, "envoy-gateway")
        self._environment = {
            "ENVOY_GATEWAY_NAMESPACE": SYSTEM,
            "KUBERNETES_CLUSTER_DOMAIN": "cluster.local",
            "HOME": "/tmp",
        }

    def start(self):
        """Start it in a root directory of its own: it looks for its certificates in /certs."""
        for name in ("certs", "tmp", "etc"):
            os.makedirs(os.path.join(self._folder, name))
        program = os.path.join(self._binaries, "envoy-gateway")
        self._write("config.yaml", _CONFIG)
        with open(self._plane.kubeconfig(kube.ADMIN)) as config:
            self._write("kubeconfig", config.read())
        self._write("envoy-gateway", "")
        subprocess.run(
            ["mount", "--bind", program, os.path.join(self._folder, "envoy-gateway")], check=True
        )

        subprocess.run(
            self._plane.netns.command([program, "certgen", "--disable-topology-injector"]),
            env={
                **os.environ,
                **self._environment,
                "KUBECONFIG": self._plane.kubeconfig(kube.ADMIN),
            },
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name, content in self._secret("envoy-gateway").items():
            self._write(f"certs/{name}", content)
        self._plane.processes.start(
            "envoy-gateway",
            ["chroot", self._folder, "/envoy-gateway", "server", "--config-path", "/config.yaml"],
            netns=self._plane.netns,
            env={**self._environment, "KUBECONFIG": "/kubeconfig"},
        )

    def _write(self, name, content):
        with open(os.path.join(self._folder, name), "w") as out:
            out.write(content)

    def _secret(self, name):
        found = self._plane.get(f"/api/v1/namespaces/{SYSTEM}/secrets/{name}")
        return {key: base64.b64decode(value).decode() for key, value in found["data"].items()}

    def await_infrastructure(self, gateway):
        """The Service and the Deployment that Envoy Gateway makes for a Gateway."""
        label = f"labelSelector=gateway.envoyproxy.io/owning-gateway-name%3D{gateway}"
        plane = self._plane

        def both():
            services = plane.items(f"/api/v1/namespaces/{SYSTEM}/services?{label}")
            deployments = plane.items(f"/apis/apps/v1/namespaces/{SYSTEM}/deployments?{label}")
            pods = plane.items(f"/api/v1/namespaces/{SYSTEM}/pods?{label}")
            return services and deployments and pods and (services[0], deployments[0], pods[0])

        return plane.processes.until(f"what Envoy Gateway makes for Gateway {gateway}", both)

    def assign(self, service, address):
        """Write the load balancer's address, as a cloud would."""
        name = service["metadata"]["name"]
        self._plane.patch(
            f"/api/v1/namespaces/{SYSTEM}/services/{name}/status",
            {"status": {"loadBalancer": {"ingress": [{"ip": address, "ipMode": "VIP"}]}}},
        )

    def run_envoy(self, deployment, pod, host):
        """Run on `host` the Envoy that the Deployment describes."""
        name = deployment["metadata"]["name"]
        folder = os.path.join(self._folder, name)
        os.makedirs(folder)
        files = self._plane.get(f"/api/v1/namespaces/{SYSTEM}/configmaps/{name}")["data"]
        for file, content in {**files, **self._secret("envoy")}.items():
            with open(os.path.join(folder, file), "w") as out:
                out.write(content.replace("/certs/", f"{folder}/"))

        container = next(
            each
            for each in deployment["spec"]["template"]["spec"]["containers"]
            if each["name"] == "envoy"
        )
        option = dict(_options(container["args"]))
        bootstrap = (
            option["--config-yaml"].replace("/sds/", f"{folder}/").replace(XDS_NAME, network.NODE)
        )
        config = os.path.join(folder, "envoy.yaml")
        with open(config, "w") as out:
            out.write(bootstrap)
        self._plane.processes.start(
            f"envoy-{name}",
            [
                os.path.join(self._binaries, "envoy"),
                "-c",
                config,
                "--concurrency",
                "1",
                "--disable-hot-restart",
                "--service-cluster",
                option["--service-cluster"],
                "--service-node",
                pod["metadata"]["name"],
                "--log-level",
                "warn",
            ],
            netns=host,
        )


def _options(arguments):
    """Pairs of an argument list, written either way: --name value or --name=value."""
    for each, following in zip(arguments, [*arguments[1:], ""]):
        name, equals, value = each.partition("=")
        if name.startswith("--"):
            yield name, value if equals else following
