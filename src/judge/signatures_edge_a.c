#include "signature.h"

const struct ew_signature ew_signatures_edge_a[] = {
    {
        .id = "nginx-400",
        .component = "nginx",
        .meaning = "nginx itself rejected a malformed request (bad syntax, missing Host, or TLS "
                   "bytes sent to a plain port).",
        .cause = "bad-request",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){400, 0},
        .body_regex = "<center><h1>400 Bad Request</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-401",
        .component = "nginx",
        .meaning =
            "nginx auth_basic or auth_request refused the request; the application did not see it.",
        .cause = "auth",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){401, 0},
        .body_regex = "<center><h1>401 Authorization Required</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-403",
        .component = "nginx",
        .meaning = "nginx denied access: an allow/deny rule, an auth_request 403, or an unreadable "
                   "file or directory.",
        .cause = "auth",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){403, 0},
        .body_regex = "<center><h1>403 Forbidden</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-404",
        .component = "nginx",
        .meaning = "nginx produced the 404 (no location/file, or an explicit return 404); decide "
                   "edge versus app by checking whether the workload itself is nginx.",
        .cause = "no-route",
        .layer = "route",
        .confidence = EW_WEAK,
        .status = (const short[]){404, 0},
        .body_regex = "<center><h1>404 Not Found</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-405",
        .component = "nginx",
        .meaning = "nginx refused the method, typically a POST to static content or limit_except.",
        .cause = "method-not-allowed",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){405, 0},
        .body_regex = "<center><h1>405 Not Allowed</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-408",
        .component = "nginx",
        .meaning = "nginx gave up waiting for the client to finish sending the request.",
        .cause = "client-timeout",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){408, 0},
        .body_regex = "<center><h1>408 Request Time-out</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-413",
        .component = "nginx",
        .meaning = "Request body is larger than client_max_body_size (1 MB unless configured).",
        .cause = "too-large",
        .layer = "edge",
        .confidence = EW_CERTAIN,
        .status = (const short[]){413, 0},
        .body_regex = "<center><h1>413 Request Entity Too Large</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-414",
        .component = "nginx",
        .meaning = "Request line does not fit in large_client_header_buffers.",
        .cause = "too-large",
        .layer = "edge",
        .confidence = EW_CERTAIN,
        .status = (const short[]){414, 0},
        .body_regex = "<center><h1>414 Request-URI Too Large</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-421",
        .component = "nginx",
        .meaning = "The Host header selects another TLS virtual server that requires client "
                   "certificates than the one negotiated by SNI.",
        .cause = "unknown-host",
        .layer = "tls",
        .confidence = EW_LIKELY,
        .status = (const short[]){421, 0},
        .body_regex = "<center><h1>421 Misdirected Request</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-429",
        .component = "nginx",
        .meaning = "nginx limit_req/limit_conn configured to answer 429.",
        .cause = "rate-limited",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){429, 0},
        .body_regex = "<center><h1>429 Too Many Requests</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-494",
        .component = "nginx",
        .meaning = "A header line or cookie is larger than nginx header buffers (internal code "
                   "494, shown as 400).",
        .cause = "header-too-large",
        .layer = "edge",
        .confidence = EW_CERTAIN,
        .status = (const short[]){400, 0},
        .body_contains = "<center>Request Header Or Cookie Too Large</center>",
    },
    {
        .id = "nginx-495",
        .component = "nginx",
        .meaning = "Client certificate was presented but failed verification (internal code 495).",
        .cause = "client-cert",
        .layer = "tls",
        .confidence = EW_CERTAIN,
        .status = (const short[]){400, 0},
        .body_contains = "<center>The SSL certificate error</center>",
    },
    {
        .id = "nginx-496",
        .component = "nginx",
        .meaning = "The virtual server demands a client certificate and none was sent (internal "
                   "code 496).",
        .cause = "client-cert",
        .layer = "tls",
        .confidence = EW_CERTAIN,
        .status = (const short[]){400, 0},
        .body_contains = "<center>No required SSL certificate was sent</center>",
    },
    {
        .id = "nginx-497",
        .component = "nginx",
        .meaning = "Plain HTTP was sent to a TLS port: scheme or port mismatch in front of (or "
                   "towards) nginx.",
        .cause = "http-on-https",
        .layer = "edge",
        .confidence = EW_CERTAIN,
        .status = (const short[]){400, 0},
        .body_contains = "The plain HTTP request was sent to HTTPS port",
    },
    {
        .id = "nginx-500",
        .component = "nginx",
        .meaning = "nginx internal failure (bad rewrite loop, Lua/njs error, auth_request "
                   "subrequest failed).",
        .cause = "config-error",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){500, 0},
        .body_regex = "<center><h1>500 Internal Server Error</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-502",
        .component = "nginx",
        .meaning = "nginx could not get a usable answer: connection refused or reset, closed "
                   "before headers, TLS handshake to upstream failed, or no live upstreams (all "
                   "give the same page).",
        .cause = "upstream-refused",
        .layer = "endpoints",
        .confidence = EW_LIKELY,
        .status = (const short[]){502, 0},
        .body_regex = "<center><h1>502 Bad Gateway</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-503",
        .component = "nginx",
        .meaning = "Stock nginx only says this for limit_req/limit_conn (default status 503) or an "
                   "explicit return 503; a dead upstream is 502.",
        .cause = "rate-limited",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){503, 0},
        .body_regex = "<center><h1>503 Service Temporarily Unavailable</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-504",
        .component = "nginx",
        .meaning = "Upstream connect or read timeout (proxy_connect_timeout / proxy_read_timeout) "
                   "expired.",
        .cause = "upstream-timeout",
        .layer = "endpoints",
        .confidence = EW_CERTAIN,
        .status = (const short[]){504, 0},
        .body_regex = "<center><h1>504 Gateway Time-out</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
    },
    {
        .id = "nginx-3xx",
        .component = "nginx",
        .meaning = "Redirect generated by nginx itself (https redirect, trailing slash, "
                   "server_name redirect).",
        .cause = "redirect",
        .layer = "edge",
        .confidence = EW_CERTAIN,
        .status = (const short[]){301, 302, 303, 307, 308, 0},
        .body_regex = "<center><h1>30[12378] [A-Za-z ]+</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx(/[0-9.]+)?( \\([^)]*\\))?</center>",
        .headers = {{"location", ".+"}},
    },
    {
        .id = "nginx-closed-444",
        .component = "nginx",
        .meaning = "nginx return 444: connection closed without a response (HAProxy and Envoy also "
                   "produce an empty reply in other cases).",
        .cause = "unknown-host",
        .layer = "edge",
        .confidence = EW_WEAK,
        .transport = "empty-reply",
    },
    {
        .id = "nginx-reject-handshake",
        .component = "nginx",
        .meaning = "ssl_reject_handshake on: no server block claims this SNI (or no SNI was sent) "
                   "so the handshake is refused.",
        .cause = "sni-rejected",
        .layer = "tls",
        .confidence = EW_LIKELY,
        .transport = "tls-alert",
        .tls_alert = "unrecognized_name(112)",
    },
    {
        .id = "nginx-http09-upstream",
        .component = "nginx",
        .meaning = "Upstream answered with something that is not HTTP/1.x; nginx logs 'upstream "
                   "sent no valid HTTP/1.0 header' and streams the raw bytes, curl reports "
                   "HTTP/0.9: wrong port or protocol (TLS, h2c, gRPC) behind nginx.",
        .cause = "upstream-protocol",
        .layer = "pod",
        .confidence = EW_LIKELY,
        .transport = "http09",
    },
    {
        .id = "nginx-50x-page",
        .component = "nginx",
        .meaning =
            "Stock 50x.html of the packaged nginx.conf (error_page 500 502 503 504 /50x.html).",
        .cause = "upstream-refused",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){500, 502, 503, 504, 0},
        .body_contains = "<em>Faithfully yours, nginx.</em>",
    },
    {
        .id = "nginx-identity",
        .component = "nginx",
        .meaning = "nginx is the last hop that set Server; server_tokens on adds the version, off "
                   "leaves plain 'nginx'. Says nothing about who produced the body.",
        .cause = "identity",
        .layer = "edge",
        .confidence = EW_WEAK,
        .headers = {{"server", "^nginx(/[0-9.]+)?$"}},
    },
    {
        .id = "openresty-tail",
        .component = "openresty",
        .meaning =
            "nginx-style page built by OpenResty; typical of APISIX data planes and Lua gateways.",
        .cause = "identity",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .body_regex = "<hr><center>openresty(/[0-9.]+)?</center>",
    },
    {
        .id = "ingress-nginx-fake-cert",
        .component = "ingress-nginx",
        .meaning = "Controller had no certificate for this SNI: the TLS secret is missing, "
                   "invalid, in another namespace, or the host is not in any Ingress tls block. "
                   "SAN is exactly [ingress.local], RSA-2048.",
        .cause = "fake-certificate",
        .layer = "tls",
        .confidence = EW_CERTAIN,
        .cert_subject = "CN ?= ?Kubernetes Ingress Controller Fake Certificate",
        .cert_issuer = "CN ?= ?Kubernetes Ingress Controller Fake Certificate",
        .cert_san = "^ingress[.]local$",
    },
    {
        .id = "ingress-nginx-404-no-rule",
        .component = "ingress-nginx",
        .meaning = "No Ingress host/path matched and no default-backend service is configured: the "
                   "internal default server answers. ingress-nginx removes the Server header, "
                   "unlike stock nginx.",
        .cause = "no-route",
        .layer = "route",
        .confidence = EW_LIKELY,
        .status = (const short[]){404, 0},
        .body_regex = "<center><h1>404 Not Found</h1></center>[ \t\r\n]*<hr><center>nginx</center>",
        .headers_absent = {"server"},
    },
    {
        .id = "ingress-nginx-503-no-endpoints",
        .component = "ingress-nginx",
        .meaning =
            "Rule matched but the backend has no ready endpoints: the Lua balancer is nil and "
            "rewrite() exits 503. Rate limiting gives the same page (both default to 503).",
        .cause = "no-endpoints",
        .layer = "endpoints",
        .confidence = EW_LIKELY,
        .status = (const short[]){503, 0},
        .body_regex = "<center><h1>503 Service Temporarily Unavailable</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx</center>",
        .headers_absent = {"server"},
    },
    {
        .id = "ingress-nginx-503-rate-limit",
        .component = "ingress-nginx",
        .meaning = "limit-rps / limit-rpm / limit-connections annotation exceeded; only "
                   "intermittent under load, which tells it from missing endpoints.",
        .cause = "rate-limited",
        .layer = "edge",
        .confidence = EW_WEAK,
        .status = (const short[]){503, 0},
        .body_regex = "<center><h1>503 Service Temporarily Unavailable</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx</center>",
        .headers_absent = {"server"},
    },
    {
        .id = "ingress-nginx-503-denied-location",
        .component = "ingress-nginx",
        .meaning = "Location was disabled by the controller because an annotation is invalid "
                   "(template prints 'Location denied').",
        .cause = "config-error",
        .layer = "route",
        .confidence = EW_WEAK,
        .status = (const short[]){503, 0},
        .body_regex = "<center><h1>503 Service Temporarily Unavailable</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx</center>",
        .headers_absent = {"server"},
    },
    {
        .id = "ingress-nginx-502",
        .component = "ingress-nginx",
        .meaning = "Endpoints exist but every try failed: refused, reset, wrong backend-protocol, "
                   "or TLS error towards the pod.",
        .cause = "upstream-refused",
        .layer = "pod",
        .confidence = EW_LIKELY,
        .status = (const short[]){502, 0},
        .body_regex =
            "<center><h1>502 Bad Gateway</h1></center>[ \t\r\n]*<hr><center>nginx</center>",
        .headers_absent = {"server"},
    },
    {
        .id = "ingress-nginx-504",
        .component = "ingress-nginx",
        .meaning = "Pod accepted or dropped the connection and did not answer inside "
                   "proxy-connect/read-timeout.",
        .cause = "upstream-timeout",
        .layer = "pod",
        .confidence = EW_LIKELY,
        .status = (const short[]){504, 0},
        .body_regex =
            "<center><h1>504 Gateway Time-out</h1></center>[ \t\r\n]*<hr><center>nginx</center>",
        .headers_absent = {"server"},
    },
    {
        .id = "ingress-nginx-413",
        .component = "ingress-nginx",
        .meaning = "Body exceeds proxy-body-size (1m by default).",
        .cause = "too-large",
        .layer = "edge",
        .confidence = EW_CERTAIN,
        .status = (const short[]){413, 0},
        .body_regex = "<center><h1>413 Request Entity Too Large</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx</center>",
        .headers_absent = {"server"},
    },
    {
        .id = "ingress-nginx-403-client-cert-cn",
        .component = "ingress-nginx",
        .meaning = "auth-tls-match-cn did not match the presented client certificate subject.",
        .cause = "client-cert",
        .layer = "tls",
        .confidence = EW_CERTAIN,
        .status = (const short[]){403, 0},
        .body_exact = "client certificate unauthorized",
    },
    {
        .id = "ingress-nginx-403-authtls-error",
        .component = "ingress-nginx",
        .meaning = "Whole server returns 403: auth-tls-secret could not be loaded, or a "
                   "whitelist/denylist/user-agent block rule matched.",
        .cause = "auth",
        .layer = "edge",
        .confidence = EW_WEAK,
        .status = (const short[]){403, 0},
        .body_regex = "<center><h1>403 Forbidden</h1></center>[ \t\r\n]*<hr><center>nginx</center>",
        .headers_absent = {"server"},
    },
    {
        .id = "ingress-nginx-308-https",
        .component = "ingress-nginx",
        .meaning = "ssl-redirect: the host has TLS configured and the request came over http (308 "
                   "is the controller default).",
        .cause = "redirect",
        .layer = "edge",
        .confidence = EW_CERTAIN,
        .status = (const short[]){308, 0},
        .body_regex =
            "<center><h1>308 Permanent Redirect</h1></center>[ \t\r\n]*<hr><center>nginx</center>",
        .headers = {{"location", "^https://"}},
    },
    {
        .id = "ingress-nginx-302-signin",
        .component = "ingress-nginx",
        .meaning =
            "External auth answered 401 and the auth-signin annotation turned it into a redirect.",
        .cause = "auth",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){302, 0},
        .headers = {{"location", "[?&]rd=|/oauth2/(start|sign_in)"}},
    },
    {
        .id = "ingress-nginx-reject-handshake",
        .component = "ingress-nginx",
        .meaning = "ConfigMap ssl-reject-handshake=true and no certificate for this SNI (default "
                   "is false, giving the fake certificate instead).",
        .cause = "sni-rejected",
        .layer = "tls",
        .confidence = EW_WEAK,
        .transport = "tls-alert",
        .tls_alert = "unrecognized_name(112)",
    },
    {
        .id = "ingress-nginx-hsts",
        .component = "ingress-nginx",
        .meaning =
            "Default HSTS header that ingress-nginx adds on https when a real certificate is "
            "configured for the host; hint that the hop is ingress-nginx even on app responses.",
        .cause = "identity",
        .layer = "edge",
        .confidence = EW_WEAK,
        .headers = {{"strict-transport-security", "^max-age=31536000; includeSubDomains$"}},
    },
    {
        .id = "default-http-backend-404",
        .component = "k8s default-http-backend",
        .meaning =
            "Classic defaultbackend image answered: the request reached an ingress controller but "
            "matched no rule (used by ingress-nginx, GCE ingress and others).",
        .cause = "default-backend",
        .layer = "route",
        .confidence = EW_CERTAIN,
        .status = (const short[]){404, 0},
        .body_contains = "default backend - 404",
    },
    {
        .id = "ingress-nginx-custom-404-html",
        .component = "ingress-nginx custom-error-pages",
        .meaning =
            "Sample custom-error-pages backend answered (custom-http-errors or default backend).",
        .cause = "default-backend",
        .layer = "route",
        .confidence = EW_LIKELY,
        .status = (const short[]){404, 0},
        .body_contains = "<span>The page you're looking for could not be found.</span>",
    },
    {
        .id = "ingress-nginx-custom-404-json",
        .component = "ingress-nginx custom-error-pages",
        .meaning = "JSON variant of the sample custom-error-pages backend.",
        .cause = "default-backend",
        .layer = "route",
        .confidence = EW_LIKELY,
        .status = (const short[]){404, 0},
        .body_contains = "\"message\": \"The page you're looking for could not be found\"",
    },
    {
        .id = "ingress-nginx-custom-5xx",
        .component = "ingress-nginx custom-error-pages",
        .meaning = "Unmodified placeholder text of the sample custom-error-pages image; the "
                   "original upstream status is kept.",
        .cause = "default-backend",
        .layer = "edge",
        .confidence = EW_CERTAIN,
        .status = (const short[]){500, 502, 503, 504, 0},
        .body_regex = "^(5xx html|500 html|5xx json)$",
    },
    {
        .id = "f5-nic-404-default-server",
        .component = "f5-nginx-ingress",
        .meaning = "No Ingress or VirtualServer claims the Host: the built-in default server "
                   "returns 404. server-tokens is on by default so the version is visible, unlike "
                   "ingress-nginx and NGF.",
        .cause = "no-route",
        .layer = "route",
        .confidence = EW_LIKELY,
        .status = (const short[]){404, 0},
        .body_regex =
            "<center><h1>404 Not Found</h1></center>[ \t\r\n]*<hr><center>nginx/[0-9.]+</center>",
        .headers = {{"server", "^nginx/[0-9.]+$"}},
    },
    {
        .id = "f5-nic-502-no-endpoints",
        .component = "f5-nginx-ingress",
        .meaning = "Service has no endpoints: upstream points at an internal 502 socket "
                   "(VirtualServer) or 127.0.0.1:8181 (Ingress), so the answer is 502, not 503. "
                   "Same page as a refused pod.",
        .cause = "no-endpoints",
        .layer = "endpoints",
        .confidence = EW_LIKELY,
        .status = (const short[]){502, 0},
        .body_regex =
            "<center><h1>502 Bad Gateway</h1></center>[ \t\r\n]*<hr><center>nginx/[0-9.]+</center>",
        .headers = {{"server", "^nginx/[0-9.]+$"}},
    },
    {
        .id = "f5-nic-500-policy",
        .component = "f5-nginx-ingress",
        .meaning = "A referenced Policy is missing, invalid or unsupported: the location is "
                   "replaced with return 500.",
        .cause = "config-error",
        .layer = "route",
        .confidence = EW_LIKELY,
        .status = (const short[]){500, 0},
        .body_regex = "<center><h1>500 Internal Server Error</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx/[0-9.]+</center>",
        .headers = {{"server", "^nginx/[0-9.]+$"}},
    },
    {
        .id = "f5-nic-503-policy-rate-limit",
        .component = "f5-nginx-ingress",
        .meaning = "RateLimit policy exceeded (rejectCode defaults to 503 for policies).",
        .cause = "rate-limited",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){503, 0},
        .body_regex = "<center><h1>503 Service Temporarily Unavailable</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx/[0-9.]+</center>",
        .headers = {{"server", "^nginx/[0-9.]+$"}},
    },
    {
        .id = "f5-nic-429-annotation-rate-limit",
        .component = "f5-nginx-ingress",
        .meaning =
            "nginx.org/limit-req-* annotation exceeded (default reject code 429 for annotations).",
        .cause = "rate-limited",
        .layer = "edge",
        .confidence = EW_LIKELY,
        .status = (const short[]){429, 0},
        .body_regex = "<center><h1>429 Too Many Requests</h1></center>[ "
                      "\t\r\n]*<hr><center>nginx/[0-9.]+</center>",
        .headers = {{"server", "^nginx/[0-9.]+$"}},
    },
    {
        .id = "f5-nic-tls-reject",
        .component = "f5-nginx-ingress",
        .meaning = "Host has no TLS secret (or the secret is invalid) or no default-server TLS "
                   "secret is set: ssl_reject_handshake is rendered.",
        .cause = "sni-rejected",
        .layer = "tls",
        .confidence = EW_WEAK,
        .transport = "tls-alert",
        .tls_alert = "unrecognized_name(112)",
    },
    {
        .id = "f5-nic-example-cert",
        .component = "f5-nginx-ingress",
        .meaning = "F5 NGINX Ingress Controller default server secret from its examples: no TLS "
                   "secret matched this SNI.",
        .cause = "fake-certificate",
        .layer = "tls",
        .confidence = EW_LIKELY,
        .cert_subject = "CN ?= ?NGINXIngressController",
    },
};
const size_t ew_signatures_edge_a_count = EW_COUNT(ew_signatures_edge_a);
