#include "causes.h"

const struct ew_cause ew_causes_http[] = {
    {
        .id = "http-redirect-loop-proto",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "HTTPS redirect loop behind a TLS-terminating LB",
        .symptom = "ERR_TOO_MANY_REDIRECTS.",
        .evidence = "301/302/307/308 with Location equal to the requested https URL (same "
                    "scheme+host+path) on every hop; TLS terminated before the proxy; proxy sees "
                    "http because X-Forwarded-Proto is absent/untrusted (use-forwarded-headers "
                    "off, numTrustedHops 0) or the CDN is in \"flexible\" mode.",
        .discriminator = "Loop between two different hosts/paths is http-redirect-loop-auth; if "
                         "the backend (Server/app header, cookies) sends the redirect the app's "
                         "own force-https is to blame with the same cause.",
        .cause = "Redirect decision is taken by a hop that only ever sees plain HTTP.",
        .next_step = "curl -sIL --max-redirs 5 http://<host>/ | grep -iE "
                     "\"^HTTP|^location|^server\"; kubectl get cm -n <controller-ns> -o yaml | "
                     "grep -E \"use-forwarded-headers|ssl-redirect\"; kubectl get httproute -n "
                     "<ns> <r> -o yaml | grep -A6 requestRedirect",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "http-redirect-loop-auth",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Login redirect loop (auth proxy / cookie)",
        .symptom = "Browser bounces between app and identity provider.",
        .evidence = "Redirect cycle spans >1 URL including an /oauth2/ or IdP host; Set-Cookie "
                    "rejected (Secure on http, wrong Domain/SameSite, >4 KB); callback URL has "
                    "http:// or a wrong host; state/nonce mismatch.",
        .discriminator = "http-redirect-loop-proto repeats one URL without cookies.",
        .cause = "Callback built from an untrusted scheme/host, cookie not stored, clock skew on "
                 "token.",
        .next_step = "curl -sIL -c jar -b jar --max-redirs 8 https://<host>/; kubectl logs -n "
                     "<ns> deploy/oauth2-proxy; kubectl get ingress -n <ns> <ing> -o yaml | grep "
                     "auth-",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "http-redirect-wrong-target",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Redirect sends the client to a wrong scheme, host or port",
        .symptom = "Browser lands on :8080/:8443, on http, or on an internal hostname.",
        .evidence = "Location host/port not reachable or not equal to the public authority; comes "
                    "from a RequestRedirect filter with port/hostname, ssl-redirect behind a "
                    "port-mapping LB, or an app building absolute URLs from Host/X-Forwarded-*.",
        .discriminator = "No cycle; the second request fails (refused/NXDOMAIN/404).",
        .cause = "RequestRedirect without the right port on a listener that is mapped, app "
                 "ignorant of the proxy.",
        .next_step = "curl -sI http://<host>/ | grep -i location; kubectl get httproute -n <ns> "
                     "<r> -o jsonpath=\"{..requestRedirect}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "http-hsts-pinned",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_WARN,
        .title = "HSTS makes the browser refuse what curl accepts",
        .symptom = "Browser insists on https or shows a non-bypassable certificate error; curl "
                   "http:// works.",
        .evidence = "Strict-Transport-Security seen on this host or on a parent with "
                    "includeSubDomains (ingress-nginx sends it by default); http listener answers "
                    "without redirect; certificate invalid.",
        .discriminator = "A server redirect is visible to curl (Location); HSTS upgrade is "
                         "internal to the browser (307 Internal Redirect in dev tools).",
        .cause = "Host once served HSTS and now has no valid HTTPS; preload list.",
        .next_step = "curl -sI https://<host>/ -k | grep -i strict-transport; fix the "
                     "certificate, lower max-age; kubectl get cm -n <controller-ns> -o yaml | "
                     "grep hsts",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "http-h2-coalescing",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "HTTP/2 connection coalescing sends a request to the wrong listener/route set",
        .symptom = "Browser gets 404 (or 421) on b.example.com after visiting a.example.com; "
                   "private window or curl works.",
        .evidence = "a and b share IP and a certificate valid for both; b alone on a fresh "
                    "connection returns 200; replaying b over the connection opened with SNI a "
                    "gives 404/421 (Envoy NR). Listener OverlappingTLSConfig often True.",
        .discriminator = "A true missing route also fails on a fresh connection. Test both ways: "
                         "that is the only discriminator.",
        .cause = "Client reuses a connection whose SNI selected another filter chain/listener "
                 "which lacks the host.",
        .next_step = "nghttp/curl: curl --resolve a:443:<ip> --resolve b:443:<ip> https://a/ "
                     "https://b/ ; use disjoint certificates, one shared listener, or a data "
                     "plane that answers 421: kubectl get gateway -n <ns> <gw> -o yaml",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "http-413-body-limit",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Request body too large",
        .symptom = "413 on upload.",
        .evidence = "413 with nginx/openresty body and no app headers; client_max_body_size "
                    "default 1m in ingress-nginx; annotation proxy-body-size absent or on an "
                    "object this controller does not read; Envoy buffer limit gives 413 too.",
        .discriminator = "App-made 413 (e.g. Node PayloadTooLargeError) carries app headers/JSON. "
                         "More than one nginx in the path: the innermost or outermost may be the "
                         "one refusing - compare Server headers.",
        .cause = "Edge limit below payload; annotation lost in migration.",
        .next_step = "kubectl get ingress -n <ns> <ing> -o yaml | grep body-size; kubectl get "
                     "clienttrafficpolicy,clientsettingspolicy -A 2>/dev/null; head -c 2M "
                     "/dev/zero | curl -s -o /dev/null -w \"%{http_code}\" --data-binary @- "
                     "https://<host>/<path> (only with consent)",
        .decidable = "with client-request",
        .frequency = "common",
    },
    {
        .id = "http-request-headers-too-large",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Request headers/cookies too large",
        .symptom = "400 \"Request Header Or Cookie Too Large\", 431, or H2 stream reset; only for "
                   "logged-in users.",
        .evidence = "400/494/431 by the edge; succeeds without cookies; Cookie header > 8 KB "
                    "(nginx large_client_header_buffers 4x8k; Envoy 60 KB).",
        .discriminator = "http-response-headers-too-large is a 502 and concerns what the app "
                         "sends back.",
        .cause = "Cookie/JWT growth, several auth cookies on the parent domain.",
        .next_step = "curl -s -o /dev/null -w \"%{http_code}\" -H \"Cookie: x=$(head -c 9000 "
                     "/dev/zero | tr '\\0' a)\" https://<host>/; kubectl get cm -n "
                     "<controller-ns> -o yaml | grep header-buffers",
        .decidable = "with client-request",
        .frequency = "occasional",
    },
    {
        .id = "http-response-headers-too-large",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Upstream response headers exceed the proxy buffer",
        .symptom = "502 only on login/callback URLs.",
        .evidence = "502 from nginx; log \"upstream sent too big header while reading response "
                    "header from upstream\"; proxy-buffer-size 4k default; same request direct to "
                    "the pod returns 200 with large Set-Cookie.",
        .discriminator = "Other 502s: refused (svc-targetport-not-listening) fail for all URLs.",
        .cause = "Large cookies/CSP headers versus small buffer.",
        .next_step = "kubectl logs -n <controller-ns> <pod> | grep \"too big header\"; kubectl "
                     "annotate is a write - propose "
                     "nginx.ingress.kubernetes.io/proxy-buffer-size: 16k",
        .decidable = "with probe-backend",
        .frequency = "occasional",
    },
    {
        .id = "http-edge-timeout-504",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Edge gives up waiting (504) at a round timeout",
        .symptom = "504 after exactly 15/30/60/... s on slow URLs; fast URLs fine.",
        .evidence = "504 with edge signature (\"upstream request timeout\" Envoy, nginx 504 page, "
                    "ALB idle timeout) and elapsed equal to a configured limit: HTTPRoute "
                    "rules[].timeouts.request/backendRequest, proxy-read-timeout (60 s), LB idle "
                    "timeout.",
        .discriminator = "Elapsed near connect timeout (3-10 s) on every URL means the backend "
                         "cannot be connected (pod-networkpolicy-block). Which hop: the smallest "
                         "limit in the chain that equals the elapsed time.",
        .cause = "Handler slower than the shortest timeout on the path.",
        .next_step = "curl -s -o /dev/null -w \"%{http_code} %{time_total}\\n\" "
                     "https://<host>/<slow>; kubectl get httproute -n <ns> <r> -o "
                     "jsonpath=\"{.spec.rules[*].timeouts}\"; kubectl get ingress -n <ns> <ing> "
                     "-o yaml | grep timeout",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "http-websocket-broken",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "WebSocket upgrade fails or dies when idle",
        .symptom = "ws connection gets 400/404/502, or drops every ~60 s.",
        .evidence = "GET with Upgrade: websocket does not return 101 while plain GET works; or "
                    "101 then close at proxy-read-timeout / LB idle timeout; Service appProtocol "
                    "kubernetes.io/ws needed by some implementations; h2-only hop without "
                    "extended CONNECT.",
        .discriminator = "Periodic close at a fixed age = timeout; immediate 4xx = Upgrade "
                         "stripped or route/method mismatch.",
        .cause = "Hop without upgrade support, idle timeout, sticky session needed by socket.io.",
        .next_step = "curl -i -N --http1.1 -H \"Connection: Upgrade\" -H \"Upgrade: websocket\" "
                     "-H \"Sec-WebSocket-Version: 13\" -H \"Sec-WebSocket-Key: "
                     "x3JJHMbDL1EzLkh9GBhXDw==\" https://<host>/ws; kubectl get svc -n <ns> <svc> "
                     "-o jsonpath=\"{.spec.ports[*].appProtocol}\"",
        .decidable = "with websocket",
        .frequency = "occasional",
    },
    {
        .id = "http-rate-limited",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Edge rate limit or circuit breaker",
        .symptom = "429 (or 503 with ingress-nginx defaults) under load or from shared NAT.",
        .evidence = "429 with Retry-After/x-ratelimit-*; ingress-nginx "
                    "limit-rps/limit-connections returns 503 by default with nginx body while "
                    "endpoints are ready; x-envoy-ratelimited header; circuit breaker: "
                    "x-envoy-overloaded, body \"reset reason: overflow\" (UO), or outlier "
                    "detection ejected every host (\"no healthy upstream\" though the "
                    "EndpointSlice has ready endpoints).",
        .discriminator = "A 503 with zero endpoints is ep-*; a rate-limit 503 comes and goes with "
                         "request rate and the Service has ready endpoints.",
        .cause = "Limit annotation/policy too small, or all clients share one address "
                 "(lb-source-ip-lost).",
        .next_step = "kubectl get ingress -n <ns> <ing> -o yaml | grep limit-; kubectl get "
                     "backendtrafficpolicy,destinationrule -A 2>/dev/null; slow down and retry "
                     "once.",
        .decidable = "with samples",
        .frequency = "occasional",
    },
    {
        .id = "http-waf-block",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "WAF refuses the request",
        .symptom = "403/406 for certain payloads, paths or user agents.",
        .evidence = "403 from edge/CDN (Server cloudflare/awselb/nginx, block page, cf-ray, "
                    "modsecurity audit id); harmless GET / passes; same request direct to Service "
                    "passes.",
        .discriminator = "RBAC/auth 403 is independent of payload; IP allowlist 403 hits every "
                         "request.",
        .cause = "CRS false positive, managed rule, bot rule hitting the probe's user agent.",
        .next_step = "Retry with a browser user agent and minimal payload; kubectl logs -n "
                     "<controller-ns> <pod> | grep -i modsecurity",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "http-edge-auth-required",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_INFO,
        .root_possible = true,
        .title = "Edge authentication answers instead of the app",
        .symptom = "401 / 302 to login for every path, also for health checks.",
        .evidence = "401 with WWW-Authenticate or 302 to IdP, no app header; ingress "
                    "auth-url/auth-type annotation, SecurityPolicy/ExternalAuth filter, IAP; app "
                    "direct returns 200.",
        .discriminator = "app-auth-failure shows app headers. Not a fault if expected: report "
                         "info unless the URL was meant to be public.",
        .cause = "Auth policy applied to a wider scope than intended (host instead of path).",
        .next_step = "kubectl get ingress -n <ns> <ing> -o yaml | grep auth; kubectl get "
                     "securitypolicy -A 2>/dev/null; curl -sI https://<host>/",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "http-ext-auth-broken",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "External auth service itself fails",
        .symptom = "500/503/403 for every request although the app is healthy.",
        .evidence = "ingress-nginx: auth-url subrequest not 2xx/401/403 -> 500 (\"auth request "
                    "unexpected status\"); Envoy ext_authz error -> 403 by default fail-closed; "
                    "Gateway API ExternalAuth MUST fail closed.",
        .discriminator = "Every path fails incl. static; app direct works; removing auth on a "
                         "test path works. App 500 would carry app headers.",
        .cause = "Auth Service missing/empty endpoints, wrong URL, TLS or NetworkPolicy.",
        .next_step = "kubectl logs -n <controller-ns> <pod> | grep \"auth request\"; kubectl get "
                     "endpointslice -n <auth-ns> -l kubernetes.io/service-name=<auth-svc>",
        .decidable = "with logs",
        .frequency = "occasional",
    },
    {
        .id = "http-200-wrong-app",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .title = "200 OK but from the wrong backend",
        .symptom = "Wrong site, default page, or another team's app.",
        .evidence = "Status 200 with fingerprint (title, header, version) different from a direct "
                    "request to the expected Service; a default backend, broader prefix, "
                    "catch-all hostname or older duplicate route wins.",
        .discriminator = "dns-wrong-target: other edge. Here the edge is ours and route selection "
                         "is the cause (route-precedence-surprise, route-duplicate-match, "
                         "route-catchall-hostname, svc-selector-too-broad).",
        .cause = "Ambiguous ownership of host/path.",
        .next_step = "kubectl get httproute,ingress -A -o wide | grep <host>; curl -s "
                     "https://<host>/<p> | head; compare: kubectl get --raw "
                     "/api/v1/namespaces/<ns>/services/<svc>:<port>/proxy/<p>",
        .decidable = "with probe-backend",
        .frequency = "occasional",
    },
    {
        .id = "http-sticky-masks-failure",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_WARN,
        .title = "Session affinity hides which backend is failing",
        .symptom = "Some users permanently broken, others never; averages look fine.",
        .evidence = "Set-Cookie affinity (INGRESSCOOKIE, route, AWSALB, sessionPersistence) or "
                    "Service sessionAffinity ClientIP; repeated probe with one cookie jar "
                    "constant, with fresh jars mixed results.",
        .discriminator = "ep-partially-unready without stickiness gives random errors per request.",
        .cause = "One bad replica/version keeps its pinned users.",
        .next_step = "for i in $(seq 20); do curl -s -o /dev/null -w \"%{http_code} \" "
                     "https://<host>/; done (no cookie jar); kubectl get svc -n <ns> <svc> -o "
                     "jsonpath=\"{.spec.sessionAffinity}\"",
        .decidable = "with samples",
        .frequency = "occasional",
    },
    {
        .id = "http-old-connections-persist",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Long-lived connections keep using the old backend/edge after a switch",
        .symptom = "After cutover/rollback a tail of traffic still reaches the old version.",
        .evidence = "DNS and routes are right; old pods/edge still log requests; "
                    "gRPC/h2/websocket clients or keep-alive pools; terminating endpoints still "
                    "serving.",
        .discriminator = "dns-stale-cutover is about resolvers; here even new lookups are right, "
                         "only existing connections are old.",
        .cause = "No max connection age / drain.",
        .next_step = "kubectl get pods -n <old-ns> -o wide; watch proxy active connections; "
                     "restart or limit client pool age; kubectl get endpointslice -n <ns> -l "
                     "kubernetes.io/service-name=<svc> -o yaml | grep -B2 -A4 terminating",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "http-unexplained",
        .layer = EW_LAYER_HTTP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Client gets an error that nothing seen explains",
        .symptom = "The URL answers with a status that is not accepted as good, or the connection "
                   "ends after the handshake without an answer, and no finding accounts for it.",
        .evidence = "A live answer outside --expect (200-399 unless told otherwise), or an empty "
                    "or broken reply after TLS; no other http-* or app-* row fits it; no failing "
                    "finding of another layer reaches it along the explains edges, or the inside "
                    "view was skipped, denied or of another cluster. The finding carries who "
                    "answered, the signature rows that matched, and the candidate causes that "
                    "they leave, best first.",
        .discriminator = "Withdrawn as soon as one finding accounts for the answer: the http "
                         "layer then stays failing, but only as the place where it shows. A 404 "
                         "here never becomes route-none-for-host unless an address in play "
                         "belongs to this cluster and the edge itself answered. A connection that "
                         "never opens is tcp-refused or tcp-timeout, a handshake that fails is a "
                         "tls-* row.",
        .cause = "Unknown from here: the failing part lies in a layer that could not be looked "
                 "at, or outside what the facts show.",
        .next_step = "Add the inside view: edgewalk --context <ctx> https://<host><path>; without "
                     "one compare authors: curl -sSi https://<host>/.edgewalk-$RANDOM and curl "
                     "-sSik -H \"Host: $RANDOM.invalid\" https://<address>/ ; the missing reads "
                     "are listed under undecided",
        .decidable = "yes",
        .frequency = "common",
    },
};
const size_t ew_causes_http_count = EW_COUNT(ew_causes_http);
