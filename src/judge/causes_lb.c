#include "causes.h"

const struct ew_cause ew_causes_lb[] = {
    {
        .id = "tcp-refused",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "TCP connection refused at the edge address",
        .symptom = "curl: (7) connection refused, instantly.",
        .evidence = "RST to SYN (ECONNREFUSED) on the probed port; other ports on the same "
                    "address may be open; Gateway listeners / Service ports do not contain the "
                    "port, or the data-plane Service has zero ready endpoints (kube-proxy "
                    "rejects).",
        .discriminator = "Silence instead of RST is tcp-timeout (firewall or "
                         "externalTrafficPolicy Local). Refused on 443 only, with 80 open, points "
                         "to a missing/unprogrammed HTTPS listener.",
        .cause = "Port not exposed by LB/Service/listener, no proxy process listening, or no "
                 "endpoints behind a cluster-routed VIP.",
        .next_step = "kubectl get gateway -n <ns> <gw> -o jsonpath=\"{.spec.listeners[*].port}\"; "
                     "kubectl get svc,endpointslice -n <dp-ns> -l <gateway labels>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "tcp-timeout",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "TCP connection times out at the edge address",
        .symptom = "Client hangs until its connect timeout.",
        .evidence = "No SYN-ACK and no RST; or ICMP host/net unreachable "
                    "(EHOSTUNREACH/ENETUNREACH) reported separately; other address families or "
                    "vantage points may connect.",
        .discriminator = "Refused means a live host said no. Timeout from outside but success "
                         "from inside = firewall or LB; timeout everywhere = LB with no healthy "
                         "target, eTP Local without local pods, or dead address.",
        .cause = "Firewall/security group drop, LB without healthy targets, retired address, "
                 "wrong route.",
        .next_step = "Probe each address and also a NodePort/ClusterIP from inside; kubectl get "
                     "svc -n <dp-ns> <svc> -o yaml | grep -E "
                     "\"externalTrafficPolicy|loadBalancerSourceRanges\"; kubectl describe svc -n "
                     "<dp-ns> <svc>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "lb-address-pending",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "LoadBalancer Service never gets an address",
        .symptom = "Nothing to point DNS at; Gateway shows no address.",
        .evidence = "Service type LoadBalancer with empty status.loadBalancer.ingress "
                    "(<pending>): at once where the walk fails otherwise and nobody publishes an "
                    "address, alone only after 5 min (before: warn); events "
                    "SyncLoadBalancerFailed / no pool / quota; Gateway Programmed=False reason "
                    "AddressNotAssigned.",
        .discriminator = "edge-gateway-programmed-stale has an address on the Service while the "
                         "Gateway condition still says none. edge-gateway-no-address is the same "
                         "fact seen on the Gateway; this row is the root.",
        .cause = "No cloud controller / MetalLB / LB-IPAM pool, wrong annotation or subnet tag, "
                 "quota, requested loadBalancerIP not available.",
        .next_step = "kubectl describe svc -n <dp-ns> <svc>; kubectl get events -n <dp-ns> "
                     "--field-selector involvedObject.kind=Service",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "lb-target-unhealthy",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "External LB sees no healthy targets (health check fails)",
        .symptom = "503 or 502 carrying the LB's own signature, or timeouts with an L4 LB, while "
                   "proxies inside the cluster answer.",
        .evidence = "Server: awselb/2.0, Via: 1.1 google, Microsoft-Azure-Application-Gateway or "
                    "similar on the error; in-cluster request to the data-plane pod succeeds; "
                    "health-check path on the node/pod answers non-200 (commonly \"/\" -> 404 or "
                    "301, or an auth redirect) or a closed port.",
        .discriminator = "503 from the proxy itself has server envoy/nginx/none and usually a "
                         "body naming the fault. A 502 with LB signature AND proxy pods "
                         "OOM/CrashLoop is edge-dataplane-overloaded.",
        .cause = "Health check path/port/protocol does not fit what the proxy or app returns "
                 "(host-less GET / gives 404), or health node port blocked.",
        .next_step = "curl -v http://<node-ip>:<healthNodePort>/healthz; kubectl get svc -n "
                     "<dp-ns> <svc> -o jsonpath=\"{.metadata.annotations} "
                     "{.spec.healthCheckNodePort}\"; set an explicit health path that returns 200 "
                     "without Host.",
        .decidable = "with probe-backend",
        .frequency = "common",
    },
    {
        .id = "lb-firewall-blocks",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Firewall / source range blocks this client",
        .symptom = "Times out (or 403 at an L7 LB) from some networks, works from others.",
        .evidence = "loadBalancerSourceRanges set and the prober's egress address outside it; or "
                    "TCP times out only from outside; in-cluster and allowed networks connect.",
        .discriminator = "externalTrafficPolicy Local without local pods times out for everyone. "
                         "WAF 403 (http-waf-block) needs a completed handshake.",
        .cause = "Security group/NSG/allowlist not opened for 80/443 or for node ports.",
        .next_step = "kubectl get svc -n <dp-ns> <svc> -o "
                     "jsonpath=\"{.spec.loadBalancerSourceRanges}\"; check cloud firewall; retry "
                     "from an allowed network.",
        .decidable = "with second-vantage",
        .frequency = "occasional",
    },
    {
        .id = "lb-etp-local-no-local-pod",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "externalTrafficPolicy: Local and the receiving node has no proxy pod",
        .symptom = "Timeouts for all or a fraction of connections, typically right after pods "
                   "were rescheduled or a node was added.",
        .evidence = "spec.externalTrafficPolicy=Local (or internalTrafficPolicy=Local for "
                    "in-cluster callers); EndpointSlice of the data-plane Service lists ready "
                    "endpoints only on nodes outside the LB/announcing set; healthCheckNodePort "
                    "returns 503 (localEndpoints 0) on other nodes; kube-proxy drops (no RST).",
        .discriminator = "With policy Cluster an endpoint-less Service is REJECTed (refused), "
                         "with Local it is DROPped (timeout). The client sees timeout, not "
                         "refused.",
        .cause = "Local preserves source IP but only nodes with local ready endpoints serve; LB "
                 "health check not using healthCheckNodePort or BGP/L2 announcer on the wrong "
                 "node.",
        .next_step = "kubectl get svc -n <dp-ns> <svc> -o "
                     "jsonpath=\"{.spec.externalTrafficPolicy} {.spec.healthCheckNodePort}\"; "
                     "kubectl get endpointslice -n <dp-ns> -l kubernetes.io/service-name=<svc> -o "
                     "jsonpath=\"{range .items[*].endpoints[*]}{.nodeName} "
                     "{.conditions.ready}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "lb-wrong-target-group",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "External LB forwards to the wrong target group, port or node port",
        .symptom = "Wrong application, TLS garbage, or refused behind a healthy-looking LB.",
        .evidence = "Manually managed LB in front (address not in any Service status); response "
                    "fingerprint differs from direct request to the data-plane Service; node port "
                    "in LB config != current spec.ports[].nodePort; 443 forwarded to the "
                    "plain-HTTP node port.",
        .discriminator = "dns-wrong-target: address itself is foreign. Here the address is right "
                         "but what sits behind is not; compare direct-to-Service with through-LB.",
        .cause = "Service recreated with a new nodePort, port mapping copied wrongly (443->http), "
                 "target group of another cluster.",
        .next_step = "kubectl get svc -n <dp-ns> <svc> -o jsonpath=\"{range "
                     ".spec.ports[*]}{.name} {.port} {.nodePort}{'\\n'}{end}\"; compare with the "
                     "LB console; probe http(s) on both ports.",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "lb-no-dataplane-endpoints",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "The gateway/ingress data-plane Service has no ready endpoints",
        .symptom = "Every host on this edge is down: refused, timeout, or LB 503.",
        .evidence = "Service of the proxy has an EndpointSlice with zero ready endpoints, its "
                    "Deployment/DaemonSet has 0 available replicas; Gateway Programmed=False "
                    "NoResources on Envoy Gateway.",
        .discriminator = "If one host fails and others on the same address work it is not this "
                         "row. The app's own Service being empty yields a proxy-made 503 instead.",
        .cause = "Proxy pods not scheduled, crash-looping, image pull error, selector changed by "
                 "chart upgrade, or shared edge has a single replica on a lost node.",
        .next_step = "kubectl get deploy,ds,pods -n <dp-ns> -l <gateway labels>; kubectl get "
                     "endpointslice -n <dp-ns> -l kubernetes.io/service-name=<svc>",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "lb-proxy-protocol-unexpected",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "LB sends PROXY protocol, proxy does not expect it",
        .symptom = "Connection resets, 400 Bad Request, or TLS handshake failure for every "
                   "request through the LB; direct requests work.",
        .evidence = "Through LB: HTTP 400 or immediate close / TLS wrong-version; direct to pod "
                    "or NodePort: fine. Proxy log shows garbage starting with \"PROXY TCP4\" or "
                    "the v2 signature. LB annotation proxy-protocol set, controller option "
                    "use-proxy-protocol / ProxyProtocol policy absent.",
        .discriminator = "Reverse case lb-proxy-protocol-missing fails on direct access and works "
                         "through LB.",
        .cause = "PROXY protocol enabled on one side only.",
        .next_step = "kubectl get svc -n <dp-ns> <svc> -o jsonpath=\"{.metadata.annotations}\"; "
                     "kubectl get cm -n <controller-ns> -o yaml | grep -i proxy-protocol",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "lb-proxy-protocol-missing",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Proxy requires PROXY protocol, the connection carries none",
        .symptom = "Empty reply / reset / handshake EOF for clients that bypass the LB "
                   "(in-cluster probes, cert-manager self-check, health checks).",
        .evidence = "Proxy log \"broken header ... while reading PROXY protocol\"; ingress-nginx "
                    "use-proxy-protocol=true or Envoy ClientTrafficPolicy proxyProtocol; "
                    "through-LB works, direct or in-cluster-to-LB-IP fails (kube-proxy "
                    "short-circuits LB IP when ipMode is VIP).",
        .discriminator = "If external users fail too, the LB does not send it: same root, "
                         "severity fail; if only in-cluster callers fail it is the hairpin "
                         "(lb-hairpin-vantage).",
        .cause = "Enabled on the proxy without LB support, or traffic path that skips the LB.",
        .next_step = "Probe with and without a PROXY v1/v2 header; kubectl get svc -n <dp-ns> "
                     "<svc> -o jsonpath=\"{.status.loadBalancer.ingress[*].ipMode}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "lb-hairpin-vantage",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_INFO,
        .title = "Result depends on where the probe runs (in-cluster hairpin)",
        .symptom = "Tool inside the cluster says up (or down) while outside users see the "
                   "opposite.",
        .evidence = "Prober has a pod/service-CIDR source address; LB IP is programmed in "
                    "kube-proxy (ipMode VIP) so traffic never leaves the node; NAT loopback not "
                    "supported by router.",
        .discriminator = "Run from both vantage points; only agreement proves edge health. Never "
                         "report \"external OK\" from an in-cluster probe.",
        .cause = "kube-proxy/IPVS/Cilium handle LB IPs locally; home/edge routers lack hairpin "
                 "NAT.",
        .next_step = "Repeat outside the cluster; kubectl get svc -n <dp-ns> <svc> -o "
                     "jsonpath=\"{.status.loadBalancer.ingress}\"",
        .decidable = "with second-vantage",
        .frequency = "occasional",
    },
    {
        .id = "lb-idle-keepalive-race",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Keep-alive race between LB/proxy and upstream causes sporadic 502",
        .symptom = "Low steady rate of 502 (or resets), worse on quiet services, never "
                   "reproducible twice in a row.",
        .evidence = "502 with LB or proxy signature, target never returned a status; nginx "
                    "\"upstream prematurely closed connection\"; Envoy UC \"reset reason: "
                    "connection termination\"; repeats after an idle gap equal to the app "
                    "keep-alive (Node default 5 s).",
        .discriminator = "A deterministic 502 is refused/port/TLS; overload shows long processing "
                         "time. Here elapsed time is milliseconds and retry works.",
        .cause = "App or proxy idle timeout shorter than the hop in front.",
        .next_step = "Send two requests on one connection separated by 5, 60 and 65 s; set app "
                     "keepAliveTimeout above the LB idle timeout; kubectl logs -n <dp-ns> "
                     "<proxy-pod> | grep -iE \"prematurely|UC\"",
        .decidable = "with logs",
        .frequency = "common",
    },
    {
        .id = "lb-mtu-blackhole",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Path MTU black hole (large packets vanish)",
        .symptom = "TCP connects, TLS or large responses/uploads hang; small requests succeed.",
        .evidence = "SYN/ACK ok; ClientHello with large key shares or Certificate flight gets no "
                    "reply, or response body stalls after ~1 segment; works with reduced MSS / "
                    "smaller ClientHello; ICMP frag-needed filtered; overlay MTU > underlay.",
        .discriminator = "TLS reset is an answer, this is silence after connect. A slow app sends "
                         "headers late but TLS completes.",
        .cause = "Encapsulation (VXLAN/WireGuard/IPIP) without MTU adjustment or ICMP blocked; "
                 "middlebox dropping big (post-quantum) ClientHello.",
        .next_step = "ping -M do -s 1372 <ip>; curl --tls-max 1.2 -v https://<host>/; compare the "
                     "CNI MTU with the node NIC MTU: kubectl get nodes -o wide, then ip link on "
                     "the node.",
        .decidable = "heuristic",
        .frequency = "rare",
    },
    {
        .id = "lb-cdn-origin-error",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "CDN/WAF in front reports an origin error",
        .symptom = "Branded error 520-527 / 530 (Cloudflare 1016), 502/504 from CDN.",
        .evidence = "Server: cloudflare (or CDN header) + status 521 refused, 522 connect "
                    "timeout, 523 unreachable, 524 read timeout, 525 handshake failed, 526 "
                    "invalid certificate (incl. missing intermediate), 530/1016 origin DNS.",
        .discriminator = "Skip the CDN (curl --resolve to the origin): if the origin works, CDN "
                         "config (SSL mode, origin host, allowlist) is at fault; if it fails, "
                         "diagnose the origin and attribute there.",
        .cause = "Origin down, firewall not allowing CDN ranges, origin certificate not valid "
                 "under Full (strict), origin name dangling.",
        .next_step = "curl -v --resolve <host>:443:<origin-ip> https://<host>/; then fix the "
                     "matching tls-/lb- row; origin addresses: kubectl get gateway,ingress -A -o "
                     "wide",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "lb-source-ip-lost",
        .layer = EW_LAYER_LB,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Client source IP lost, so allowlists or rate limits act on the wrong address",
        .symptom = "403 for everybody (allowlist) or 429 for everybody (shared bucket).",
        .evidence = "403/429 from the edge; externalTrafficPolicy Cluster with L4 LB and no PROXY "
                    "protocol / X-Forwarded-For trust; proxy logs show node or LB addresses as "
                    "client.",
        .discriminator = "A WAF 403 is per request content; a real allowlist miss affects only "
                         "outside clients. Here even allowed clients are refused.",
        .cause = "SNAT by kube-proxy or untrusted forwarded headers.",
        .next_step = "kubectl get svc -n <dp-ns> <svc> -o "
                     "jsonpath=\"{.spec.externalTrafficPolicy}\"; kubectl get ingress -n <ns> "
                     "<ing> -o jsonpath=\"{.metadata.annotations}\" | grep -i -E "
                     "\"whitelist|allowlist|limit\"",
        .decidable = "with logs",
        .frequency = "occasional",
    },
};
const size_t ew_causes_lb_count = EW_COUNT(ew_causes_lb);
