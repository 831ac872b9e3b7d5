"""The control plane: etcd, the Kubernetes programs and kwok, and a small client for their API."""

import base64
import http.client
import json
import os
import ssl
import string
import subprocess

from . import certificates, network

PORT = 6443
ETCD_PORT = 2379
ADMIN = "admin"
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Who may ask the API, by the token that he shows. The rights of all but the administrator, who is
# in the group that may everything, stand in objects/rights.yaml.
USERS = {
    ADMIN: "system:masters",
    "reader": "edgewalk:readers",
    "no-secrets": "edgewalk:no-secrets",
    "one-namespace": "edgewalk:one-namespace",
}


class ControlPlane:
    """An API server and all that makes it a cluster. `binaries`, `data`: of the built cache."""

    def __init__(self, processes, netns, folder, binaries, data):
        self.processes, self.netns, self.folder = processes, netns, folder
        self._binaries, self._data = binaries, data
        self.authority = certificates.Authority(folder, "cluster")
        self._connection = None

    def start_alone(self):
        """The API server and nothing else: what is put into it stays as it was put."""
        self._start_api_server()
        for user in [*USERS, "refused"]:
            self._write_kubeconfig(user)
        self.processes.until("the API server", lambda: self._ready("/readyz"))

    def start(self):
        self.start_alone()
        manager = [
            "--leader-elect=false",
            "--secure-port=0",
            f"--kubeconfig={self.kubeconfig(ADMIN)}",
        ]
        self._run(
            "kube-controller-manager",
            *manager,
            "--use-service-account-credentials=true",
            f"--service-account-private-key-file={self.folder}/service-account.key",
        )
        self._run("kube-scheduler", *manager)
        self._run_kwok()

    def kubeconfig(self, user):
        return os.path.join(self.folder, f"{user}.kubeconfig")

    def _run(self, name, *options, env=None):
        return self.processes.start(
            name, [os.path.join(self._binaries, name), *options], netns=self.netns, env=env
        )

    def _start_api_server(self):
        certificate, key = self.authority.leaf(
            "api-server", f"DNS:kubernetes.default.svc,IP:{network.NODE},IP:127.0.0.1,IP:10.96.0.1"
        )
        account = certificates.service_account_key(self.folder)
        tokens = os.path.join(self.folder, "tokens.csv")
        with open(tokens, "w") as out:
            for user, group in USERS.items():
                out.write(f'{token(user)},{user},{user},"{group}"\n')
        self._run(
            "etcd",
            f"--data-dir={self.folder}/etcd",
            "--unsafe-no-fsync",
            f"--listen-client-urls=http://127.0.0.1:{ETCD_PORT},http://{network.NODE}:{ETCD_PORT}",
            f"--advertise-client-urls=http://127.0.0.1:{ETCD_PORT}",
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--log-level=warn",
        )
        self._run(
            "kube-apiserver",
            f"--etcd-servers=http://127.0.0.1:{ETCD_PORT}",
            f"--secure-port={PORT}",
            "--bind-address=0.0.0.0",
            f"--advertise-address={network.NODE}",
            f"--tls-cert-file={certificate}",
            f"--tls-private-key-file={key}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            f"--service-account-key-file={account}",
            f"--service-account-signing-key-file={account}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-cluster-ip-range={network.SERVICES}",
            f"--cert-dir={self.folder}",
        )

    def _run_kwok(self):
        """kwok plays the kubelet: the stages say what becomes of nodes and pods."""
        ready_made = [
            "node/fast/node-initialize.yaml",
            "pod/fast/pod-ready.yaml",
            "pod/fast/pod-complete.yaml",
            "pod/fast/pod-delete.yaml",
        ]
        own = os.path.join(HERE, "stages")
        stages = [os.path.join(self._data, "stages", stage) for stage in ready_made]
        stages += [os.path.join(own, stage) for stage in sorted(os.listdir(own))]
        self._run(
            "kwok",
            f"--kubeconfig={self.kubeconfig(ADMIN)}",
            "--manage-all-nodes=true",
            f"--cidr={network.PODS}",
            f"--node-ip={network.NODE}",
            "--node-lease-duration-seconds=40",
            *(f"--config={stage}" for stage in stages),
            env={"HOME": self.folder},
        )

    def _write_kubeconfig(self, user):
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "e2e",
            "clusters": [
                {
                    "name": "e2e",
                    "cluster": {
                        "server": f"https://{network.NODE}:{PORT}",
                        "certificate-authority-data": encode_file(self.authority.root),
                    },
                }
            ],
            "users": [{"name": user, "user": {"token": token(user)}}],
            "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": user}}],
        }
        with open(self.kubeconfig(user), "w") as out:
            json.dump(config, out, indent=1)

    # The client

    def _ready(self, path):
        try:
            return self.request("GET", path)[0] == 200
        except OSError:
            return False

    def request(self, method, path, body=None, content_type="application/json"):
        """One request as administrator. Returns (status, parsed answer or text)."""
        for attempt in (1, 2):
            if self._connection is None:
                trust = ssl.create_default_context(cafile=self.authority.root)
                self._connection = http.client.HTTPSConnection(
                    network.NODE, PORT, context=trust, timeout=10
                )
            try:
                self._connection.request(
                    method,
                    path,
                    body=json.dumps(body) if body is not None else None,
                    headers={
                        "Authorization": f"Bearer {token(ADMIN)}",
                        "Content-Type": content_type,
                    },
                )
                answer = self._connection.getresponse()
                text = answer.read().decode()
                break
            except (OSError, http.client.HTTPException) as error:
                self._connection = None
                if attempt == 2:
                    raise OSError(str(error)) from error
        parsed = (
            json.loads(text) if answer.headers.get_content_type() == "application/json" else text
        )
        return answer.status, parsed

    def get(self, path):
        """The object at `path`, or None."""
        status, found = self.request("GET", path)
        return found if status == 200 else None

    def items(self, path):
        return (self.get(path) or {}).get("items", [])

    def patch(self, path, body):
        status, answer = self.request("PATCH", path, body, "application/merge-patch+json")
        if status != 200:
            raise RuntimeError(f"PATCH {path}: {status} {answer}")
        return answer

    def kubectl(self, *arguments, text=None):
        return self.finish(self.begin(*arguments), text)

    def begin(self, *arguments):
        """Start kubectl as administrator; `finish` waits for it and gives what it printed."""
        return subprocess.Popen(
            [
                os.path.join(self._binaries, "kubectl"),
                f"--kubeconfig={self.kubeconfig(ADMIN)}",
                f"--cache-dir={self.folder}/kubectl",
                *arguments,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @staticmethod
    def finish(process, text=None):
        out, error = process.communicate(text)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(process.args)}: {error.strip()}")
        return out

    def create(self, text):
        self.kubectl("create", "-f", "-", text=text)

    def begin_create_from(self, *folders):
        return self.begin(
            "create", *(f"--filename={os.path.join(self._data, folder)}" for folder in folders)
        )


def template(file, /, **values):
    """The text of objects/FILE.yaml with its ${…} filled in."""
    with open(os.path.join(HERE, "objects", f"{file}.yaml")) as source:
        return string.Template(source.read()).substitute(values)


def condition(conditions, kind):
    """(status, reason) of the condition of that type, or (None, None)."""
    for each in conditions or []:
        if each["type"] == kind:
            return each["status"], each["reason"]
    return None, None


def token(user):
    return f"token-of-{user}" if user in USERS else "nobody-knows-this-token"


def _base64(data):
    return base64.b64encode(data).decode()


def encode_file(path):
    """The content of a file as the `data` of a Secret holds it."""
    with open(path, "rb") as source:
        return _base64(source.read())
