"""An Ingress edge: nginx or haproxy on a host of its own, and the status of its controller."""

import os
from dataclasses import dataclass

from . import dns


@dataclass(frozen=True)
class Site:
    host: str
    certificate: str  # path of the files without their .chain.crt and .key
    backends: list  # ADDRESS:PORT


_NGINX = """\
daemon off;
worker_processes 1;
user root;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 80 default_server;
        listen 443 ssl http2 default_server;
        ssl_certificate {first}.chain.crt;
        ssl_certificate_key {first}.key;
        location / {{ return 404; }}
    }}
{sites}
}}
"""

_NGINX_SITE = """\
    {upstream}
    server {{
        listen 80;
        listen 443 ssl http2;
        server_name {site.host};
        ssl_certificate {site.certificate}.chain.crt;
        ssl_certificate_key {site.certificate}.key;
        location / {{
            {action}
        }}
    }}
"""

_HAPROXY = """\
defaults
    mode http
    timeout connect 3s
    timeout client 30s
    timeout server 30s
frontend edge
    bind :80
    bind :443 ssl crt {folder}/certificates/ alpn h2,http/1.1
{rules}
    default_backend none
backend none
    http-request return status 404
{backends}
"""


def _nginx(folder, sites):
    text = ""
    for site in sites:
        name = site.host.replace(".", "_")
        servers = "".join(f"server {address}; " for address in site.backends)
        text += _NGINX_SITE.format(
            site=site,
            upstream=f"upstream {name} {{ {servers}}}" if servers else "",
            action=(
                f"proxy_pass http://{name}; proxy_set_header Host $host;"
                if servers
                else "return 503;"
            ),
        )
    return _NGINX.format(folder=folder, first=sites[0].certificate, sites=text)


def _haproxy(folder, sites):
    os.makedirs(os.path.join(folder, "certificates"))
    rules, backends = "", ""
    for site in sites:
        with open(os.path.join(folder, "certificates", f"{site.host}.pem"), "w") as out:
            for part in (".chain.crt", ".key"):
                with open(site.certificate + part) as source:
                    out.write(source.read())
        rules += f"    use_backend {site.host} if {{ hdr(host),field(1,:) -i {site.host} }}\n"
        backends += f"backend {site.host}\n"
        backends += "".join(
            f"    server s{n} {address}\n" for n, address in enumerate(site.backends)
        )
    return _HAPROXY.format(folder=folder, rules=rules, backends=backends)


def start(processes, netns, folder, controller, sites):
    folder = os.path.join(folder, f"ingress-{controller.name}")
    os.makedirs(folder)
    write, command = {
        "nginx": (_nginx, ["-p", folder, "-c"]),
        "haproxy": (_haproxy, ["-db", "-f"]),
    }[controller.name]
    config = os.path.join(folder, "config")
    with open(config, "w") as out:
        out.write(write(folder, sites))
    processes.start(
        f"edge-{controller.name}", [dns.program(controller.name), *command, config], netns=netns
    )


def write_status(plane, controller, namespaces):
    """As the cloud writes the Service's address, and the controller then that of its Ingresses."""
    status = {"status": {"loadBalancer": {"ingress": [{"ip": controller.address}]}}}
    plane.patch(f"/api/v1/namespaces/ingress-{controller.name}/services/controller/status", status)
    for namespace in namespaces:
        plane.patch(
            f"/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses/orders/status", status
        )
