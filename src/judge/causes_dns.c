#include "causes.h"

const struct ew_cause ew_causes_dns[] = {
    {
        .id = "dns-nxdomain",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Hostname does not exist",
        .symptom = "Client reports \"could not resolve host\" (NXDOMAIN) immediately; no TCP "
                   "attempt is made.",
        .evidence = "rcode=NXDOMAIN for A and AAAA, SOA of the closest enclosing zone in "
                    "AUTHORITY; the same from an authoritative server asked directly; a Gateway "
                    "listener/HTTPRoute/Ingress does claim the host.",
        .discriminator = "NODATA has rcode NOERROR with an empty answer; SERVFAIL has no SOA; "
                         "dns-negative-cache answers NXDOMAIN only at the recursor while the "
                         "authoritative server already has the record; "
                         "dns-externaldns-not-eligible explains an NXDOMAIN produced by a "
                         "rejected route.",
        .cause = "No record (and no covering wildcard) was ever created, was created in another "
                 "zone, or was deleted.",
        .next_step = "Ask an authoritative server: dig +norecurse @<ns> <host>; then create the "
                     "record toward the edge address: kubectl get gateway -n <ns> <gw> -o "
                     "jsonpath=\"{.status.addresses}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "dns-nodata",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Name exists but has no address record",
        .symptom = "Resolution fails with \"no address associated with hostname\"; tools that "
                   "only look at the rcode call it a success.",
        .evidence = "rcode=NOERROR, ANSWER empty (or only a CNAME whose target has no A/AAAA), "
                    "SOA in AUTHORITY; other types (TXT, CAA, MX) may exist at the name.",
        .discriminator = "NXDOMAIN says the name itself is absent; NODATA often means only a TXT "
                         "ownership record or an empty non-terminal is left. For AAAA only, "
                         "NODATA beside a good A answer is normal, not a failure.",
        .cause = "Record set emptied by automation, only the TXT registry record written, wrong "
                 "record type, or a wildcard blocked by an existing name.",
        .next_step = "dig <host> A; dig <host> AAAA; dig <host> TXT; re-create the A/CNAME; see "
                     "who removed it: kubectl logs -n <ext-dns-ns> deploy/external-dns --since=1h "
                     "| grep <host>",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-servfail",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "SERVFAIL or REFUSED: authority unreachable, lame or refusing",
        .symptom = "Intermittent or total \"temporary failure in name resolution\".",
        .evidence = "rcode=SERVFAIL from the recursor (EDE code when present: 6 DNSSEC bogus, 22 "
                    "no reachable authority, 23 network error); or REFUSED; asking each NS "
                    "directly shows REFUSED/NOTAUTH, NOERROR without AA, or silence; parent NS "
                    "set differs from child NS set.",
        .discriminator = "SERVFAIL that turns into an answer with +cd is dns-dnssec-bogus; one "
                         "that persists is delegation/authority. REFUSED from the first resolver "
                         "only is a resolver ACL, not the zone. No packet at all is dns-timeout. "
                         "Only some NS bad = intermittent.",
        .cause = "Zone moved without updating the delegation, authority down or malformed data, "
                 "resolver ACL, recursor overloaded (e.g. CoreDNS OOM).",
        .next_step = "dig +trace <host>; dig +cd <host>; for ns in $(dig +short NS <zone>); do "
                     "dig +norecurse @$ns <host> SOA; done; cluster DNS: kubectl -n kube-system "
                     "get pods -l k8s-app=kube-dns",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-timeout",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "DNS query gets no answer",
        .symptom = "Lookup hangs 5-15 s then fails with EAI_AGAIN.",
        .evidence = "No UDP response from any configured resolver within the timeout; TCP/53 "
                    "refused or also silent; no ICMP or port-unreachable ICMP.",
        .discriminator = "SERVFAIL is an answer and therefore not a timeout; if only one of "
                         "several resolvers is silent the verdict is a warning.",
        .cause = "Resolver down, UDP/53 blocked by firewall/egress NetworkPolicy, or resolv.conf "
                 "points to a retired server.",
        .next_step = "dig @<resolver> <host> +tcp; from a pod: kubectl exec <pod> -- cat "
                     "/etc/resolv.conf; kubectl -n kube-system get endpointslice -l "
                     "kubernetes.io/service-name=kube-dns",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-wrong-target",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Record points to an address that is not this edge",
        .symptom = "Host answers but with another site's certificate, a 404 from another gateway, "
                   "or a dead IP.",
        .evidence = "Resolved addresses share nothing with Gateway.status.addresses / "
                    "Ingress.status.loadBalancer.ingress / the data-plane Service addresses, and "
                    "there is a positive difference: the resolved address is dead, shows another "
                    "certificate or another answerer, while the published one passes the same "
                    "test with the same SNI and Host. Unequal addresses alone (NAT, CDN, node "
                    "addresses) are context, not a fault.",
        .discriminator = "dns-stale-cutover: authoritative data is right and only some recursors "
                         "are old. dns-split-horizon-mismatch: the difference depends on the "
                         "resolver's view. A CDN/proxy in front also differs legitimately (look "
                         "for CDN address or Server header) and downgrades this to info.",
        .cause = "Wrong record value, copy/paste from another environment, LB was recreated and "
                 "got a new address.",
        .next_step = "dig +short <host>; kubectl get gateway -n <ns> <gw> -o "
                     "jsonpath=\"{.status.addresses[*].value}\"; confirm with: curl --resolve "
                     "<host>:443:<gw-ip> https://<host>/",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "dns-stale-cutover",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Old edge still served from caches or from one authority after a cutover",
        .symptom = "A shrinking share of clients hits the old edge after a DNS change (old "
                   "certificate, 404, timeouts), others are fine.",
        .evidence = "Authoritative answer = new address, at least one recursor = old address with "
                    "TTL counting down; or two authoritative servers disagree (different SOA "
                    "serial).",
        .discriminator = "dns-wrong-target is wrong at the authority itself; long-lived client "
                         "pools (http-old-connections-persist) keep hitting the old edge even "
                         "when every resolver agrees.",
        .cause = "TTL was not lowered before the change; JVM/OS/CDN caches; zone transfer lag.",
        .next_step = "Compare: dig @<auth-ns> <host>; dig @1.1.1.1 <host>; dig @8.8.8.8 <host>; "
                     "current edge: kubectl get gateway -n <ns> <gw> -o "
                     "jsonpath=\"{.status.addresses}\"; keep the old edge serving until max(TTL) "
                     "has passed, roll back by restoring the old record.",
        .decidable = "with authoritative",
        .frequency = "common",
    },
    {
        .id = "dns-cname-dangling",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "CNAME chain ends nowhere (deleted load balancer)",
        .symptom = "NXDOMAIN although the zone has a record for the host.",
        .evidence = "ANSWER contains CNAME(s) and the final target is NXDOMAIN/NODATA (e.g. "
                    "*.elb.amazonaws.com removed); or the chain loops / exceeds the resolver "
                    "limit.",
        .discriminator = "dns-nxdomain has no CNAME in ANSWER. Warn separately about takeover "
                         "risk: the dangling name may be claimable by a third party.",
        .cause = "Load balancer or Service was deleted/recreated while a hand-made CNAME kept the "
                 "old provider name.",
        .next_step = "dig <host> CNAME +short; kubectl get svc -A -o wide | grep LoadBalancer; "
                     "point the CNAME to the current LB hostname or delete it.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-aaaa-no-v6-path",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .recognised = true,
        .title = "AAAA is published but IPv6 does not work",
        .symptom = "Slow first connection or failures for IPv6 clients only; IPv4-only tests are "
                   "fine.",
        .evidence = "AAAA present; TCP to every AAAA address refused/timeout/unreachable while A "
                    "addresses connect; data-plane Service ipFamilies lacks IPv6 or the LB has no "
                    "v6 listener.",
        .discriminator = "If the prober itself has no IPv6 route (ENETUNREACH at once for every "
                         "v6 target) report \"not testable from here\", never a failure.",
        .cause = "external-dns on AWS writes alias A+AAAA for every LB; leftover AAAA after "
                 "moving to a v4-only LB.",
        .next_step = "curl -6 -v https://<host>/; kubectl get svc -n <ns> <dataplane-svc> -o "
                     "jsonpath=\"{.spec.ipFamilies} {.spec.ipFamilyPolicy}\"; remove the AAAA or "
                     "make the edge dual-stack.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-one-dead-address",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "One of several published addresses is dead",
        .symptom = "Intermittent connection failures, roughly 1/N of attempts, retry usually "
                   "succeeds.",
        .evidence = "A/AAAA set has N addresses; per-address TCP/TLS/HTTP results differ: at "
                    "least one fails while the others succeed.",
        .discriminator = "lb-target-unhealthy with cross-zone off looks the same per address; "
                         "tell apart by asking whether the address still belongs to the LB/node "
                         "set. All addresses failing is not this row.",
        .cause = "Round-robin record lists a removed node/LB; MetalLB/NodePort style records "
                 "maintained by hand; an LB zone without healthy targets.",
        .next_step = "for ip in $(dig +short <host>); do curl -sS -o /dev/null -w \"$ip "
                     "%{http_code}\\n\" --resolve <host>:443:$ip https://<host>/; done; kubectl "
                     "get nodes -o wide",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-split-horizon-mismatch",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Internal and public views give different answers",
        .symptom = "Works internally, fails externally (or the reverse).",
        .evidence = "Resolver A and resolver B return disjoint address sets for the same name; "
                    "the public view has a private address (RFC1918, ULA, 100.64/10) or nothing, "
                    "or a local override (/etc/hosts, search domain) answers first.",
        .discriminator = "dns-stale-cutover converges when TTL runs out, this one does not. "
                         "Intentional split-horizon is fine when both views end on an edge that "
                         "serves the host - probe both.",
        .cause = "Second zone of the same name (VPC/private zone, AD DNS) not kept in step; "
                 "internal LB address published publicly.",
        .next_step = "dig @<internal-resolver> <host>; dig @1.1.1.1 <host>; getent hosts <host>; "
                     "fix the view that lacks the record; addresses to expect: kubectl get svc -n "
                     "<dp-ns> -o wide",
        .decidable = "with resolver",
        .frequency = "occasional",
    },
    {
        .id = "dns-ttl-unsuitable",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_WARN,
        .title = "TTL too high for planned moves (or so low it hurts)",
        .symptom = "No failure now; cutovers and failovers take hours, or resolver load/latency "
                   "is high.",
        .evidence = "Authoritative TTL of the address record > 3600 s (warn) or < 20 s (info); "
                    "SOA minimum (negative TTL) > 900 s noted for new names.",
        .discriminator = "Take the TTL from an authoritative answer - a cached TTL is only the "
                         "remainder.",
        .cause = "Provider default kept; TTL not lowered ahead of a migration or left at an "
                 "emergency value afterwards.",
        .next_step = "dig +norecurse @<ns> <host>; set 60-300 s at least one old-TTL before the "
                     "cutover.",
        .decidable = "with authoritative",
        .frequency = "common",
    },
    {
        .id = "dns-negative-cache",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Freshly created name still negative-cached",
        .symptom = "Record was created minutes ago, still NXDOMAIN for some users.",
        .evidence = "Authoritative server returns the record, recursor returns NXDOMAIN/NODATA "
                    "with an SOA whose remaining TTL counts down.",
        .discriminator = "Same symptom as dns-nxdomain but the authority proves the record "
                         "exists; same shape as dns-stale-cutover for the positive case.",
        .cause = "Name was queried before creation; resolvers keep the negative answer for "
                 "min(SOA TTL, SOA minimum).",
        .next_step = "dig @<auth-ns> <host> (must answer) then wait for the SOA TTL shown by dig "
                     "<host>, or flush the resolver.",
        .decidable = "with authoritative",
        .frequency = "occasional",
    },
    {
        .id = "dns-dnssec-bogus",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "DNSSEC validation fails",
        .symptom = "Validating resolvers (most public ones) return SERVFAIL, non-validating ones "
                   "work.",
        .evidence = "SERVFAIL with CD=0, NOERROR with CD=1; EDE 6/7/9/10; DS present at the "
                    "parent without matching DNSKEY, expired RRSIG, or a wrong NSEC/NSEC3 type "
                    "bitmap.",
        .discriminator = "Plain SERVFAIL also fails with CD=1. Users of an internal resolver may "
                         "see nothing wrong.",
        .cause = "Key rollover or provider move while DS stays at the registrar; wildcard NSEC "
                 "bug at the provider.",
        .next_step = "dig +dnssec <host>; dig +cd <host>; dig DS <zone> @<parent-ns>; remove or "
                     "correct the DS, then wait for its TTL.",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "dns-wildcard-blocked-by-ent",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Wildcard record does not apply because a more specific name exists",
        .symptom = "Other hosts under *.zone resolve, this one gives NODATA or NXDOMAIN.",
        .evidence = "A random sibling label resolves through the wildcard; the failing name owns "
                    "another record (TXT, _acme-challenge child, NS) or has children (empty "
                    "non-terminal).",
        .discriminator = "The sibling probe is the discriminator: if a random label fails too, "
                         "there is no wildcard at all. Not to be mixed up with the TLS or Gateway "
                         "wildcard, which follow other rules.",
        .cause = "RFC 4592: a wildcard is not used for names that exist, including empty "
                 "non-terminals; external-dns TXT or ACME TXT records create such names.",
        .next_step = "dig random-$RANDOM.<zone>; dig <host> TXT; dig _acme-challenge.<host> TXT; "
                     "add an explicit A/CNAME for the host.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-wildcard-catchall",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_INFO,
        .title = "Catch-all wildcard hides that the host was never configured",
        .symptom = "Host resolves and connects, edge answers 404 or the default certificate; "
                   "looks like a routing fault.",
        .evidence = "A random label under the same parent returns the identical address; no "
                    "Gateway listener/route/Ingress claims the exact host.",
        .discriminator = "If an object does claim the host, look at the route rows instead; a "
                         "typo in the URL gives exactly this picture.",
        .cause = "Wildcard DNS sends every name to the shared edge, so an unknown or mistyped "
                 "host is only refused at HTTP.",
        .next_step = "dig random-$RANDOM.<parent>; kubectl get httproute,ingress -A -o "
                     "jsonpath=\"{range .items[*]}{.metadata.namespace}/{.metadata.name} "
                     "{.spec.hostnames}{.spec.rules[*].host}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-externaldns-not-eligible",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .recognised = true,
        .title = "external-dns publishes nothing because the route/Gateway is not eligible",
        .symptom = "NXDOMAIN for a host that has an HTTPRoute.",
        .evidence = "No record and no ownership TXT; the route's parent is Accepted=False or "
                    "absent, no listener hostname matches, or Gateway.status.addresses is empty "
                    "and no target annotation is set.",
        .discriminator = "Root cause is the route/Gateway row, DNS is only where it shows first. "
                         "If the route is Accepted and addresses exist, see "
                         "dns-externaldns-filtered or -owner-conflict.",
        .cause = "external-dns builds endpoints only from accepted routes on a matching listener "
                 "with a published address.",
        .next_step = "kubectl get httproute -n <ns> <r> -o "
                     "jsonpath=\"{.status.parents[*].conditions}\"; kubectl get gateway -n <ns> "
                     "<gw> -o jsonpath=\"{.status.addresses}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-externaldns-owner-conflict",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "external-dns refuses to touch a record it does not own",
        .symptom = "Record keeps an old value (or stays missing) though objects are right.",
        .evidence = "TXT registry record has another external-dns/owner= value, or an address "
                    "record exists without any heritage=external-dns TXT; log line about owner id "
                    "not matching / skipping.",
        .discriminator = "dns-externaldns-filtered logs nothing about the name at all.",
        .cause = "Two clusters manage one zone, cluster renamed its --txt-owner-id, or the record "
                 "was made by hand.",
        .next_step = "dig TXT <host>; dig TXT a-<host>; kubectl logs -n <ext-dns-ns> "
                     "deploy/external-dns | grep -i \"<host>\"; migrate the TXT owner or delete "
                     "the foreign record.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "dns-externaldns-filtered",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "external-dns is not looking at this object or zone",
        .symptom = "No record is created or stale records are never removed.",
        .evidence = "external-dns args lack source gateway-httproute/ingress, or domain-filter / "
                    "namespace / gateway label / annotation-filter / ingress-class excludes the "
                    "object; policy=upsert-only keeps old values; annotation uses a prefix this "
                    "version ignores; RBAC misses the route kind.",
        .discriminator = "Owner conflict leaves explicit log lines; here the host never appears "
                         "in the log.",
        .cause = "Filter set for another environment, source not enabled, annotation prefix "
                 "changed between versions.",
        .next_step = "kubectl get deploy -A -l app.kubernetes.io/name=external-dns -o "
                     "jsonpath=\"{..args}\"; kubectl auth can-i list httproutes "
                     "--as=system:serviceaccount:<ns>:external-dns",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
    {
        .id = "dns-record-removed-by-status-flap",
        .layer = EW_LAYER_DNS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Records deleted because the edge briefly cleared its address",
        .symptom = "Several hosts of one edge become NXDOMAIN at the same minute, then return.",
        .evidence = "Many hosts on the same Gateway/class vanish together; external-dns log shows "
                    "DELETE for all; Ingress.status.loadBalancer or Gateway.status.addresses is "
                    "empty or changed recently; controller pods restarted just before.",
        .discriminator = "A single missing host is not this row. Root cause = controller/LB "
                         "event, not DNS.",
        .cause = "Controller clears status on shutdown or LB was recreated, external-dns "
                 "policy=sync removes the records, negative caching prolongs it.",
        .next_step = "kubectl logs -n <ext-dns-ns> deploy/external-dns --since=2h | grep -i "
                     "delete; kubectl get events -n <controller-ns> --sort-by=.lastTimestamp; use "
                     "policy=upsert-only or keep status on shutdown.",
        .decidable = "with logs",
        .frequency = "rare",
    },
};
const size_t ew_causes_dns_count = EW_COUNT(ew_causes_dns);
