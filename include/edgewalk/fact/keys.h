/* clang-format off */
/* Every fact: its key and the shape of its value. Collectors write them, judges and screens read
 * them, nothing else is passed between them. Keys are made here and nowhere else. Members named
 * "…?" may be missing. Texts are as they came from outside: cleaned only when shown.
 *
 * target   {url, scheme "https|http", host (lower case, no trailing dot, no brackets), port, path,
 *           query, method, headers [[name, value]] (values of credentials replaced by "(hidden)"),
 *           literal (host is an IP address)}
 * options  {resolvers [{address "ADDR:PORT", system bool}], nonce (8 hex digits, for the controls),
 *           expect [[low, high]], no_probe, no_api, insecure, family 0|4|6, namespace?, gateway?
 *           "NS/NAME", context?, resolve? [{host, port, addresses [..]}], deadline_ms, files? [..],
 *           proxy_env? (a proxy is set in the environment: its variable's name),
 *           thresholds? {NAME: number} (fact/thresholds.h; what is left out is the standard),
 *           owner_keys? [..] (labels and annotations that name an owner),
 *           tools? {kubectl?, edgewalk?, curl?} (flags that make these programs ask as the walk
 *           does, as a shell takes them)}
 * vantage  {hostname, in_cluster, context?, ipv4 bool, ipv6 bool (a route to the Internet exists),
 *           proxy?}
 *
 * dns/RESOLVER/NAME/TYPE     one question. known for every well-formed answer, whatever its rcode:
 *   {resolver, name, type, rcode "NOERROR|NXDOMAIN|SERVFAIL|REFUSED|FORMERR|NOTIMP|…", aa, ad, tc,
 *    answers [{name, type, ttl, data}], soa? {name, ttl, minimum}, ede? [{code, text}], slow}
 *   unknown: "timeout", "port-closed" (nobody listens at the resolver), "unreachable",
 *   "malformed", "bad-name" (a name or type that cannot be asked for)
 * tcp/ADDR:PORT              {address, port, outcome, errno?}
 *   outcome "open|refused|reset|unreachable|timeout"
 *   unknown: "no-path" (no route for this address family from here), "cancelled"
 * tls/ADDR:PORT/SNI          SNI "-" when none is sent
 *   {address, port, sni?, outcome "ok|alert|reset|closed|timeout|not-tls|error",
 *    alert? {code, name}, error?, version?, cipher?, alpn?, group?,
 *    client_cert_requested bool, chain [CERT], verified bool,
 *    verify_errors [{depth, code, name, text}], host_matches bool,
 *    matched_by? "san-dns|san-ip", matched? (the SAN), ocsp? "good|revoked|unknown",
 *    store "system|PATH|none" (the system's cannot be loaded)}
 *   unknown: "no-path", "cancelled"
 *   CERT {subject, issuer, serial (hex), not_before (ms), not_after (ms), sans [text: "dns:NAME",
 *         "ip:ADDR"], fingerprint (sha256 hex), self_issued bool, ca bool,
 *         key "EC P-256|RSA 2048|…", signature, aia bool}
 * http/ADDR:PORT/WHAT        WHAT: "main" (the request as typed), "path-control" (random path, this
 *   host), "host-control" (random sibling host, SNI too), "near-control" (this host, what the rule
 *   that came nearest to the request takes), "sample-N", "hop-N" (after N redirects)
 *   {address, port, what, url, method, outcome "answer|timeout|reset|empty|refused|tls|error",
 *    error?, status?, version? "1.1|2", headers [[name, value]], body? (up to 4 KiB, as UTF-8),
 *    body_bytes (seen, at most 64 KiB), body_cut bool, body_hash (hex of what was seen),
 *    location? (absolute), withheld? (true: the certificate does not verify, so the user's headers
 *    were left out), times {connect_ms, tls_ms, first_byte_ms, total_ms}}
 *   unknown: "no-path", "cancelled", "budget", "link-local" (a redirect there is never followed)
 *
 * api/server                 {server, version?, context?, user?, kind "kubeconfig|in-cluster"}
 *   absent: no cluster configured. unknown: "unreachable", "timeout", "tls-untrusted",
 *   "unauthorized", "forbidden", "not-an-api-server", "off" (--no-api), "config"; value {text?}
 * api/discovery              {groups [{name, versions [..], preferred}], families [{group, kind,
 *   product}] (other families of route kinds that are served), resources [{resource, version,
 *   kind, namespaced}]}
 * api/list/RESOURCE/NS[?l=LABELSELECTOR|?f=FIELDSELECTOR]   NS "*" for all namespaces
 *   {count, others (read and left out: nothing to do with the host), bytes, resource_version?}
 *   the objects themselves are in the snapshot. absent: the resource is not served.
 *   unknown: "forbidden", "unauthorized", "timeout", "throttled" (429), "unreachable", "malformed",
 *   "off"; value {text? (the server's message), verb, resource, ns}
 * api/get/RESOURCE/NS/NAME   NS "-" for a cluster-wide kind; {bytes}; absent: 404; unknown as above
 *   RESOURCE "KIND.GROUP" for a kind that is none of ours: of such an object only its names and its
 *   status are kept
 * files                      {paths [..], objects N, errors [{where, text}]}; in place of api/…
 * overlay                    the same of files laid over the rest; laid [{kind, namespace, name,
 *   where, added (it was not there before)}], added {KIND: how many were not}
 * usage                      what the walk cost: {api_requests, api_bytes, probes}
 *
 * A Secret in a snapshot: {apiVersion, kind, metadata, type, certificate? {chain [CERT], key_fits
 * bool, has_key bool, error? text}}. Nothing else of it is ever kept. A ConfigMap: {…,
 * certificate?} the same way for "ca.crt", with pem (those certificates, to verify by).
 * A kind of Gateway API: {…, lost_fields? [path]}: what was applied, as an annotation has it, and
 * the API server does not give back ("spec.rules[0].retry").
 */
/* clang-format on */
#ifndef EDGEWALK_FACT_KEYS_H
#define EDGEWALK_FACT_KEYS_H

#include "edgewalk/base/buf.h"

#define EW_KEY_SERVER "api/server"
#define EW_KEY_DISCOVERY "api/discovery"
#define EW_KEY_FILES "files"
#define EW_KEY_OVERLAY "overlay"
#define EW_KEY_USAGE "usage"

/* Each returns text that is the caller's. */
char *ew_key_dns(const char *resolver, const char *name, const char *type);
char *ew_key_tcp(const char *address, int port);
char *ew_key_tls(const char *address, int port, const char *sni);
char *ew_key_http(const char *address, int port, const char *what);
char *ew_key_get(const char *resource, const char *ns, const char *name);
/* selector is "l=…" or "f=…" or NULL. */
char *ew_key_list(const char *resource, const char *ns, const char *selector);

#endif
