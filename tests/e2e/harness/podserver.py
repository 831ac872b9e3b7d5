"""The application in the pods: one process that answers for them all.

    podserver.py PORT NAME=ADDRESS...

`/` and `/health` are answered 200, anything else 404, both with the name of the pod.
"""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def application(pod):
    class Application(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "orders/1.4.2", ""

        def do_GET(self):
            found = self.path.split("?")[0] in ("/", "/health")
            body = (
                f'{{"pod": "{pod}", "status": "{"ok" if found else "no such thing"}"}}\n'.encode()
            )
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_):
            pass

    return Application


def main(port, pods):
    for pod in pods:
        name, address = pod.split("=")
        server = ThreadingHTTPServer((address, int(port)), application(name))
        threading.Thread(target=server.serve_forever).start()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
