"""The application in the pods: one process that answers for them all.

    podserver.py PORT SPEAKS=NAME=ADDRESS...

`/` and `/health` are answered 200, anything else 404, both with the name of the pod. SPEAKS: `http`;
`tls,FILES` the same under TLS, with FILES.chain.crt and FILES.key; `grpc`: every call is answered OK,
over HTTP/2 without TLS.
"""

import socketserver
import ssl
import struct
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

        do_HEAD = do_POST = do_GET

        def log_message(self, *_):
            pass

    return Application


# The little of HTTP/2 that an answer without a message takes (RFC 9113).
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEADERS, SETTINGS, PING = 1, 4, 6
ACK = END_STREAM = 1
END_HEADERS = 4


def literal(name, value):
    """A header field of HPACK that nobody is to remember (RFC 7541, 6.2.2)."""
    return b"\0" + b"".join(bytes([len(text)]) + text for text in (name, value))


ANSWER = b"\x88" + literal(b"content-type", b"application/grpc") + literal(b"grpc-status", b"0")


class Grpc(socketserver.StreamRequestHandler):
    def handle(self):
        if self.rfile.read(len(PREFACE)) != PREFACE:
            return
        self._send(SETTINGS, 0, 0)
        while len(head := self.rfile.read(9)) == 9:
            kind, flags, stream = struct.unpack(">BBI", head[3:])
            content = self.rfile.read(int.from_bytes(head[:3], "big"))
            if kind in (SETTINGS, PING) and not flags & ACK:
                self._send(kind, ACK, 0, content if kind == PING else b"")
            elif kind == HEADERS:
                self._send(HEADERS, END_STREAM | END_HEADERS, stream, ANSWER)

    def _send(self, kind, flags, stream, content=b""):
        head = len(content).to_bytes(3, "big") + struct.pack(">BBI", kind, flags, stream)
        self.wfile.write(head + content)


class GrpcServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


def server(speaks, pod, where):
    kind, _, files = speaks.partition(",")
    if kind == "grpc":
        return GrpcServer(where, Grpc)
    made = ThreadingHTTPServer(where, application(pod))
    if kind == "tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{files}.chain.crt", f"{files}.key")
        made.socket = context.wrap_socket(
            made.socket, server_side=True, do_handshake_on_connect=False
        )
    return made


def main(port, pods):
    for each in pods:
        speaks, pod, address = each.split("=")
        made = server(speaks, pod, (address, int(port)))
        threading.Thread(target=made.serve_forever).start()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
