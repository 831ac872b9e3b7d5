#include "causes.h"

const struct ew_cause ew_causes_tls[] = {
    {
        .id = "tls-cert-expired",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Served certificate has expired",
        .symptom = "Browsers: NET::ERR_CERT_DATE_INVALID; API clients fail handshake verification.",
        .evidence = "Leaf notAfter < now (prober clock sanity-checked against the Date header); "
                    "X509_V_ERR_CERT_HAS_EXPIRED at depth 0; if depth>0, an intermediate/root "
                    "expired. Some controllers (Envoy Gateway 1.9) refuse an expired Secret: "
                    "listener ResolvedRefs=False InvalidCertificateRef \"has expired since\", "
                    "Programmed=False, and the port leaves the LoadBalancer Service, so the "
                    "client sees a refused port while the certificate in the Secret is the cause.",
        .discriminator = "Compare serving serial with the Secret: Secret has a newer certificate "
                         "-> tls-renewed-not-served; Secret equally old -> cert-manager rows or "
                         "nobody renews. Also rule out the prober's own clock "
                         "(tls-not-yet-valid-or-clock).",
        .cause = "Renewal failed, is not automated, or the renewed certificate never reached the "
                 "edge.",
        .next_step = "openssl s_client -connect <ip>:443 -servername <host> </dev/null | openssl "
                     "x509 -noout -enddate -serial; kubectl get certificate -A | grep False; "
                     "kubectl get secret -n <ns> <s> -o jsonpath=\"{.data.tls\\.crt}\" | base64 "
                     "-d | openssl x509 -noout -enddate -serial",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "tls-cert-expiring-soon",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_WARN,
        .recognised = true,
        .title = "Certificate expires soon and renewal is late",
        .symptom = "Nothing yet.",
        .evidence = "notAfter within 14 days (or less than 1/3 of lifetime left) while "
                    "Certificate.status.renewalTime is in the past, or no Certificate manages the "
                    "Secret.",
        .discriminator = "With a healthy cert-manager, renewal happens at 2/3 of lifetime: "
                         "passing renewalTime by more than a day is the alarm, not the absolute "
                         "date of a 6-day certificate.",
        .cause = "Silent renewal failure or unmanaged certificate.",
        .next_step = "kubectl describe certificate -n <ns> <c>; kubectl get "
                     "certificaterequest,order,challenge -n <ns>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "tls-not-yet-valid-or-clock",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Certificate not yet valid, or a clock is wrong",
        .symptom = "x509: certificate has expired or is not yet valid, on one machine only.",
        .evidence = "now < notBefore, or the prober's clock differs from the HTTP Date header of "
                    "several unrelated hosts by > 60 s; OIDC/JWT \"not yet valid\" errors at the "
                    "same time.",
        .discriminator = "If the clock offset explains the error for every host, the verdict is "
                         "about the prober/node, not the certificate.",
        .cause = "Node/VM clock skew (suspend, no NTP) or certificate issued with a future "
                 "notBefore.",
        .next_step = "date -u; curl -sI https://<known-good>/ | grep -i ^date; kubectl get nodes "
                     "-o wide; chronyc tracking on the node.",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "tls-name-mismatch",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Certificate does not cover the hostname",
        .symptom = "ERR_CERT_COMMON_NAME_INVALID / \"no alternative certificate subject name "
                   "matches\".",
        .evidence = "Chain is valid but no SAN dNSName matches the requested host; the SANs "
                    "belong to another host of this edge. CN is ignored by modern clients.",
        .discriminator = "A controller default certificate is tls-controller-default-cert; a SAN "
                         "that matches with one more label is tls-wildcard-depth; another "
                         "company's certificate suggests dns-wrong-target.",
        .cause = "Listener references a certificate for another host, host added to the route "
                 "without adding it to the Certificate, or the edge falls back to its first "
                 "certificate.",
        .next_step = "openssl s_client -connect <ip>:443 -servername <host> </dev/null | openssl "
                     "x509 -noout -ext subjectAltName; kubectl get gateway -n <ns> <gw> -o "
                     "jsonpath=\"{range .spec.listeners[*]}{.name} {.hostname} "
                     "{.tls.certificateRefs[*].name}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "tls-wildcard-depth",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Wildcard certificate is one label too shallow",
        .symptom = "a.b.example.com fails name check though *.example.com is installed and the "
                   "Gateway routes it.",
        .evidence = "SAN *.example.com, host has two or more labels in front of example.com, or "
                    "is the apex; Gateway listener hostname *.example.com matches it nevertheless.",
        .discriminator = "Three wildcards, three rules: certificate = exactly one label, Gateway "
                         "API hostname = one or more labels, Ingress host = exactly one label. "
                         "None covers the apex.",
        .cause = "Assuming the listener wildcard and the certificate wildcard have the same depth.",
        .next_step = "Add the deeper SAN: kubectl get certificate -n <ns> <c> -o "
                     "jsonpath=\"{.spec.dnsNames}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-controller-default-cert",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .title = "Edge serves its built-in default certificate",
        .symptom = "Untrusted self-signed certificate from the controller.",
        .evidence = "Subject CN \"Kubernetes Ingress Controller Fake Certificate\" "
                    "(ingress-nginx, O=Acme Co) or \"TRAEFIK DEFAULT CERT\", or a vendor default; "
                    "SNI was sent and matches an Ingress/route host.",
        .discriminator = "Repeat with correct SNI first (tls-no-sni). Then: Secret missing "
                         "(tls-secret-missing), malformed (tls-secret-malformed), host absent "
                         "from tls.hosts (tls-ingress-host-not-in-tls), Secret in other namespace "
                         "(tls-ingress-secret-namespace). This row is the umbrella only when the "
                         "API cannot be read.",
        .cause = "Controller could not load a certificate for the host and fell back.",
        .next_step = "kubectl get ingress -n <ns> <ing> -o jsonpath=\"{.spec.tls}\"; kubectl get "
                     "secret -n <ns> <s> -o jsonpath=\"{.type} {.data}\" | cut -c1-120; kubectl "
                     "logs -n <controller-ns> <controller> | grep -i -E \"secret|certificate\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "tls-no-sni",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_INFO,
        .title = "Default certificate only because the client sent no (or another) SNI",
        .symptom = "Works in the browser, wrong certificate in an IP-based health check, old "
                   "client, or curl -H \"Host:\" test.",
        .evidence = "With servername=<host> the right certificate is served; without SNI or with "
                    "IP literal the default appears.",
        .discriminator = "If the right SNI also gets the default, it is "
                         "tls-controller-default-cert.",
        .cause = "Host header does not influence the handshake; test or client lacks SNI.",
        .next_step = "curl -v --resolve <host>:443:<ip> https://<host>/ instead of curl -H "
                     "\"Host: <host>\" https://<ip>/",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "tls-ingress-host-not-in-tls",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Ingress host missing from spec.tls[].hosts",
        .symptom = "One host of an Ingress has the default certificate, its neighbours are fine.",
        .evidence = "rules[].host is absent from every tls[].hosts; or the Secret's SANs do not "
                    "cover the host (ingress-nginx logs that the certificate is not valid for it "
                    "and uses the default).",
        .discriminator = "Secret exists and loads; if it does not, see tls-secret-missing.",
        .cause = "Host added to rules but not to the tls block, or typed differently.",
        .next_step = "kubectl get ingress -n <ns> <ing> -o jsonpath=\"{.spec.tls[*].hosts} | "
                     "{.spec.rules[*].host}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-intermediate-missing",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Intermediate certificate not sent",
        .symptom = "Browsers work, curl/Java/mobile fail with \"unable to get local issuer "
                   "certificate\".",
        .evidence = "Server sends one certificate (or a chain that stops short) whose issuer is "
                    "neither itself nor any in the store; an AIA extension, or a longer chain in "
                    "the Secret, supports it; X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY / "
                    "\"unable to verify the first certificate\". Nothing is fetched to prove it.",
        .discriminator = "tls-untrusted-ca: self-issued, or a chain that is complete and ends in "
                         "a root that the store does not have. Wrong order or an unrelated "
                         "intermediate behaves like missing on strict clients.",
        .cause = "tls.crt holds only the leaf, or bundle in wrong order.",
        .next_step = "openssl s_client -showcerts -connect <ip>:443 -servername <host> "
                     "</dev/null; kubectl get secret -n <ns> <s> -o "
                     "jsonpath=\"{.data.tls\\.crt}\" | base64 -d | grep -c BEGIN; concatenate "
                     "leaf + intermediates.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-untrusted-ca",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Certificate chains to a CA the client does not trust",
        .symptom = "ERR_CERT_AUTHORITY_INVALID; works on corporate machines only.",
        .evidence = "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN or DEPTH_ZERO_SELF_SIGNED; issuer is an "
                    "internal CA, a cert-manager selfSigned/CA issuer, or \"(STAGING) ...\" from "
                    "Let's Encrypt.",
        .discriminator = "Default controller certificates are also self-signed but have a known "
                         "subject. A public issuer with an incomplete chain is "
                         "tls-intermediate-missing.",
        .cause = "Staging or private issuer used on a public hostname, or client lacks the "
                 "private root.",
        .next_step = "kubectl get certificate -n <ns> <c> -o jsonpath=\"{.spec.issuerRef}\"; "
                     "kubectl get clusterissuer <i> -o jsonpath=\"{.spec.acme.server}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-unrecognized-name",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .recognised = true,
        .title = "Edge rejects the SNI (unrecognized_name alert)",
        .symptom = "Handshake fails right after ClientHello for this host; other hosts on the "
                   "same address work.",
        .evidence = "TLS alert 112 unrecognized_name (or handshake_failure 40 / close on Envoy "
                    "filter-chain miss); no certificate shown; no HTTPS listener or route matches "
                    "the SNI. NGF default server uses ssl_reject_handshake.",
        .discriminator = "tls-listener-no-certificate fails for every SNI of that listener; a "
                         "reset with known SNI points to a bad certificate. ingress-nginx and "
                         "Traefik would show a default certificate instead.",
        .cause = "Host not claimed by any HTTPS/TLS listener, or strict SNI.",
        .next_step = "openssl s_client -connect <ip>:443 -servername <other-known-host>; kubectl "
                     "get gateway -A -o jsonpath=\"{range .items[*]}{.metadata.name}{range "
                     ".spec.listeners[*]} {.port}/{.protocol}/{.hostname}{end}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-listener-no-certificate",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "HTTPS listener has no usable certificate, edge closes the connection",
        .symptom = "curl: (35) SSL_ERROR_SYSCALL / unexpected EOF / connection reset during "
                   "handshake.",
        .evidence = "TCP connects, RST/FIN or alert before ServerHello for the listener's own "
                    "hostname; listener ResolvedRefs=False InvalidCertificateRef (or "
                    "Programmed=False Invalid); Istio: credentialName secret missing.",
        .discriminator = "Alert 112 with other SNI working is tls-unrecognized-name. HTTP spoken "
                         "on the port gives wrong-version errors instead.",
        .cause = "certificateRefs missing/broken and the implementation has no fallback "
                 "certificate.",
        .next_step = "kubectl get gateway -n <ns> <gw> -o jsonpath=\"{range "
                     ".status.listeners[*]}{.name}: {range "
                     ".conditions[*]}{.type}={.status}/{.reason} {end}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "tls-plaintext-mixup",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Plain HTTP and TLS mixed up on a port",
        .symptom = "curl: \"wrong version number\" / \"record overflow\"; or 400 \"The plain HTTP "
                   "request was sent to HTTPS port\".",
        .evidence = "TLS ClientHello to the port is answered by ASCII \"HTTP/1.1 400\" (TLS to an "
                    "HTTP listener), or HTTP GET gets a TLS alert/400 from a TLS listener.",
        .discriminator = "lb-proxy-protocol-unexpected also breaks the first bytes but affects "
                         "only the LB path. A wrong target port on the LB is "
                         "lb-wrong-target-group.",
        .cause = "LB terminates TLS and forwards plain HTTP to the HTTPS port (or the reverse), "
                 "listener protocol set to HTTP on 443.",
        .next_step = "printf \"GET / HTTP/1.0\\r\\n\\r\\n\" | nc <ip> 443 | head -1; kubectl get "
                     "gateway -n <ns> <gw> -o jsonpath=\"{range .spec.listeners[*]}{.port} "
                     "{.protocol}{'\\n'}{end}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-version-or-cipher",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "No common TLS version or cipher",
        .symptom = "Old clients or strict clients fail, modern ones work.",
        .evidence = "Alert 70 protocol_version or 40 handshake_failure; succeeds with another "
                    "version/cipher list; ECDSA-only certificate versus RSA-only client.",
        .discriminator = "Same alert 40 for a missing client certificate under TLS1.2 comes after "
                         "CertificateRequest. Unknown SNI can also give 40: retry with a known "
                         "host.",
        .cause = "TLS policy raised (or never raised) at edge, backend or CDN.",
        .next_step = "for v in 1.0 1.1 1.2 1.3; do curl -so /dev/null --tlsv$v --tls-max $v "
                     "https://<host>/ && echo ok $v; done; compare with policy: kubectl get "
                     "clienttrafficpolicy,sslpolicy -A 2>/dev/null",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-alpn-no-h2",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "ALPN negotiates HTTP/1.1 although HTTP/2 (gRPC) is needed",
        .symptom = "gRPC clients: \"missing selected ALPN property\" / unexpected HTTP status; "
                   "browsers fine.",
        .evidence = "ALPN offer h2,http/1.1 -> server selects http/1.1 or nothing (alert 120 if "
                    "only h2 offered); listener OverlappingTLSConfig=True/OverlappingCertificates "
                    "on Envoy Gateway.",
        .discriminator = "If h2 is negotiated but gRPC still fails look at svc-grpc-h2c-missing.",
        .cause = "TLS terminated by an LB without h2, ingress-nginx without http2/TLS (no h2c), "
                 "or Envoy Gateway downgrading ALPN because certificates overlap.",
        .next_step = "openssl s_client -alpn h2,http/1.1 -connect <ip>:443 -servername <host> "
                     "</dev/null | grep ALPN; kubectl get gateway -n <ns> <gw> -o "
                     "jsonpath=\"{.status.listeners[*].conditions[?(@.type=="
                     "\\\"OverlappingTLSConfig\\\")]}\"",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-overlapping-certs",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Listeners with overlapping hostnames/certificates (OverlappingTLSConfig)",
        .symptom = "Intermittent 404/421 in browsers, gRPC over h1, or nothing yet.",
        .evidence = "Listener condition OverlappingTLSConfig=True, reason OverlappingHostnames or "
                    "OverlappingCertificates (negative polarity: True is the problem).",
        .discriminator = "It is a warning until http-h2-coalescing or tls-alpn-no-h2 is observed.",
        .cause = "Wildcard certificate shared by listeners that route differently.",
        .next_step = "kubectl describe gateway -n <ns> <gw> | grep -A6 OverlappingTLSConfig; use "
                     "one listener or disjoint certificates.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-client-cert-required",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Edge demands a client certificate",
        .symptom = "Handshake failure or 400 \"No required SSL certificate was sent\"; works for "
                   "clients with a certificate.",
        .evidence = "CertificateRequest in handshake; TLS1.3 alert 116 certificate_required or "
                    "TLS1.2 alert 40/42/48 after the client flight; nginx 400 / NGF 444 close / "
                    "403.",
        .discriminator = "tls-unrecognized-name fails before the certificate. If the chosen "
                         "listener has no mTLS configured, see http-h2-coalescing (reused "
                         "connection) or per-port frontend validation.",
        .cause = "mTLS enabled for the listener/port and the caller has no or an untrusted "
                 "certificate.",
        .next_step = "kubectl get gateway -n <ns> <gw> -o jsonpath=\"{.spec.tls.frontend}\"; curl "
                     "--cert c.pem --key k.pem -v https://<host>/",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-client-ca-invalid",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Edge cannot load the CA used to validate clients",
        .symptom = "All clients on the port are refused, even with valid certificates.",
        .evidence = "Listener Accepted=False NoValidCACertificate / ResolvedRefs=False "
                    "InvalidCACertificateRef or InvalidCACertificateKind; Gateway ResolvedRefs "
                    "RefNotPermitted for a cross-namespace CA ConfigMap.",
        .discriminator = "Client-side fault (tls-client-cert-required) leaves these conditions "
                         "True.",
        .cause = "CA ConfigMap missing, lacks key ca.crt, wrong kind, or no ReferenceGrant.",
        .next_step = "kubectl describe gateway -n <ns> <gw>; kubectl get cm -n <ns> <ca> -o "
                     "jsonpath=\"{.data.ca\\.crt}\" | openssl x509 -noout -subject",
        .decidable = "yes",
        .frequency = "rare",
    },
    {
        .id = "tls-renewed-not-served",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Secret holds a new certificate, edge (or one replica) still serves the old one",
        .symptom = "Expired or old certificate although Certificate is Ready; may differ per "
                   "address or per connection.",
        .evidence = "SHA-256 of the served leaf != leaf in Secret.tls.crt (Secret notBefore "
                    "newer); or different leaves on different IPs / repeated connections; "
                    "controller log shows reload/SDS error or no event.",
        .discriminator = "Equal fingerprints -> the Secret itself is old "
                         "(cm-certificate-not-ready). If the served certificate is a CDN/LB "
                         "certificate see tls-terminated-upstream.",
        .cause = "Controller lost its watch or failed to reload; replica stuck; certificate "
                 "copied by hand to a cloud LB/CDN; another Secret is the one actually referenced.",
        .next_step = "Compare fingerprints: kubectl get secret -n <ns> <s> -o "
                     "jsonpath=\"{.data.tls\\.crt}\" | base64 -d | openssl x509 -noout "
                     "-fingerprint -sha256; then kubectl rollout restart -n <dp-ns> deploy/<proxy>",
        .decidable = "with secrets-read",
        .frequency = "occasional",
    },
    {
        .id = "tls-terminated-upstream",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_INFO,
        .title = "TLS ends before the cluster (LB/CDN), certificate is not the Kubernetes one",
        .symptom = "Fixing the Secret changes nothing.",
        .evidence = "Served leaf's issuer/SAN differ from every referenced Secret; LB annotation "
                    "with a certificate ARN/ID or CDN address; Gateway/Ingress has HTTP listener "
                    "only, or re-encrypts.",
        .discriminator = "Not a fault by itself. dns-wrong-target shows a foreign owner; here "
                         "SANs still cover the host.",
        .cause = "Edge-termination design; certificate lifecycle lives in the cloud provider.",
        .next_step = "kubectl get svc -n <dp-ns> <svc> -o jsonpath=\"{.metadata.annotations}\"; "
                     "renew in ACM/CDN.",
        .decidable = "with secrets-read",
        .frequency = "occasional",
    },
    {
        .id = "tls-secret-missing",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Referenced TLS Secret does not exist",
        .symptom = "Default certificate (Ingress) or handshake close (Gateway).",
        .evidence = "certificateRefs / tls.secretName names a Secret that returns 404; listener "
                    "ResolvedRefs=False InvalidCertificateRef; on Traefik the Gateway status also "
                    "becomes Accepted=False ListenersNotValid although its valid listeners keep "
                    "serving. With the Traefik ingress-nginx provider: 404 for the router.",
        .discriminator = "If a cert-manager Certificate targets that Secret and is not Ready, the "
                         "root is the Certificate row. 403 on get secrets means \"cannot tell\" "
                         "(api-secrets-forbidden), not missing.",
        .cause = "Certificate never issued, Secret deleted, or typo.",
        .next_step = "kubectl get secret -n <ns> <s>; kubectl get certificate -A -o "
                     "jsonpath=\"{range "
                     ".items[?(@.spec.secretName==\\\"<s>\\\")]}{.metadata.namespace}/"
                     "{.metadata.name}{end}\"",
        .decidable = "with secrets-read",
        .frequency = "common",
    },
    {
        .id = "tls-secret-malformed",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "TLS Secret exists but is unusable",
        .symptom = "Same as a missing Secret.",
        .evidence = "Type is not kubernetes.io/tls, tls.crt/tls.key absent or empty, PEM not "
                    "parseable (double base64, PKCS#12), private key does not match the leaf, or "
                    "key is passphrase-protected. cert-manager: reason InvalidKeyPair / "
                    "MissingData.",
        .discriminator = "tls-secret-missing gives 404; tls-name-mismatch loads fine. Envoy "
                         "Gateway reports \"No valid secrets exist\" / "
                         "PartiallyInvalidCertificateRef.",
        .cause = "Hand-made Secret, wrong keys, mixed files of two renewals.",
        .next_step = "kubectl get secret -n <ns> <s> -o jsonpath=\"{.type}\"; diff <(openssl x509 "
                     "-pubkey -noout -in tls.crt) <(openssl pkey -pubout -in tls.key)",
        .decidable = "with secrets-read",
        .frequency = "occasional",
    },
    {
        .id = "tls-secret-cross-ns-no-grant",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Gateway references a Secret in another namespace without ReferenceGrant",
        .symptom = "HTTPS listener dead, HTTP may work.",
        .evidence = "Listener ResolvedRefs=False reason RefNotPermitted; "
                    "certificateRefs[].namespace != Gateway namespace; no ReferenceGrant in the "
                    "Secret's namespace with from{group gateway.networking.k8s.io, kind Gateway, "
                    "namespace <gw-ns>} to{kind Secret[, name]}.",
        .discriminator = "A grant that exists but has from.kind HTTPRoute, wrong namespace, or is "
                         "placed in the Gateway's namespace is still a miss. ListenerSets need "
                         "their own grant (from kind ListenerSet).",
        .cause = "Missing/misplaced ReferenceGrant, or explicit same-namespace reference handled "
                 "as cross-namespace by a buggy version.",
        .next_step = "kubectl get referencegrant -n <secret-ns> -o yaml; create the grant there.",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-ingress-secret-namespace",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Ingress TLS Secret lives in another namespace",
        .symptom = "Default certificate though \"the Secret exists\".",
        .evidence = "tls.secretName found in another namespace but not in the Ingress's own; "
                    "Ingress has no cross-namespace syntax.",
        .discriminator = "For a Gateway the cross-namespace form is legal with a grant "
                         "(tls-secret-cross-ns-no-grant).",
        .cause = "Shared wildcard Secret kept in one namespace only.",
        .next_step = "kubectl get secret -A --field-selector metadata.name=<s>; copy/reflect it, "
                     "issue per namespace, or set it as default certificate of the controller.",
        .decidable = "with secrets-read",
        .frequency = "occasional",
    },
    {
        .id = "tls-listener-mode-mismatch",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Terminate/Passthrough mismatch",
        .symptom = "Backend certificate or edge certificate unexpectedly shown; HTTP rules "
                   "ignored; or backend gets plaintext.",
        .evidence = "Listener tls.mode Passthrough with HTTPRoute attached (kind not allowed / "
                    "UnsupportedValue) or Terminate with TLSRoute where not supported; served "
                    "certificate is the backend pod's; HTTPS+Passthrough listener Accepted=False "
                    "UnsupportedProtocol (Traefik).",
        .discriminator = "tls-terminated-upstream: certificate is outside the cluster.",
        .cause = "Route kind does not fit the TLS mode.",
        .next_step = "kubectl get gateway -n <ns> <gw> -o jsonpath=\"{range "
                     ".spec.listeners[*]}{.name} {.protocol} {.tls.mode}{'\\n'}{end}\"; kubectl "
                     "get tlsroute,httproute -A",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "tls-sni-host-mismatch-421",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "SNI and Host header differ",
        .symptom = "421 Misdirected Request (or 404) only for some clients/proxies.",
        .evidence = "status 421 when Host != SNI; disappears when both agree; Traefik snicheck, "
                    "NGF, Contour, Envoy Gateway detect it.",
        .discriminator = "With a browser on a wildcard certificate, the mismatch arises from "
                         "connection reuse: http-h2-coalescing. Domain fronting / health checkers "
                         "set Host only.",
        .cause = "Client or upstream proxy sends another SNI than Host (e.g. CDN origin SNI, ALB "
                 "host rewrite).",
        .next_step = "curl -v --connect-to ::<ip>:443 https://<host>/ versus curl -v --resolve "
                     "other:443:<ip> -H \"Host: <host>\" https://other/; check: kubectl get "
                     "gateway -n <ns> <gw> -o yaml",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "cm-certificate-not-ready",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "cert-manager Certificate is not Ready",
        .symptom = "Secret missing, temporary, or close to expiry.",
        .evidence = "Certificate condition Ready=False (DoesNotExist, MissingData, "
                    "SecretMismatch, IncorrectIssuer, Expired ...), Issuing=True for long, "
                    "failedIssuanceAttempts>0, lastFailureTime; CertificateRequest Denied/Failed; "
                    "Issuer/ClusterIssuer missing or Ready=False (account, credentials).",
        .discriminator = "Walk down: Certificate -> CertificateRequest -> Order -> Challenge; "
                         "name the lowest failing object (cm-http01-blocked, cm-dns01-failed, "
                         "cm-caa-blocks-issuance, cm-rate-limited). Backoff: a fixed cause is "
                         "retried only after 1-32 h.",
        .cause = "Issuance blocked somewhere below, issuer not ready, or request not approved.",
        .next_step = "kubectl describe certificate -n <ns> <c>; kubectl get "
                     "certificaterequest,order,challenge -n <ns>; kubectl describe clusterissuer "
                     "<i>; after the fix: cmctl renew <c> -n <ns>",
        .decidable = "with cert-manager-crds",
        .frequency = "common",
    },
    {
        .id = "cm-http01-blocked",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "ACME HTTP-01 challenge path is shadowed or redirected",
        .symptom = "Certificate stays pending; renewal fails after a redirect/auth/route change.",
        .evidence = "Challenge status.reason \"Waiting for HTTP-01 challenge propagation: wrong "
                    "status code '404', expected '200'\" (or 301/308/401/403/503, or wrong body); "
                    "GET http://<host>/.well-known/acme-challenge/<token> answered by another "
                    "route; solver Ingress has a class no controller serves, or pathType "
                    "Exact/ImplementationSpecific rejected by validation.",
        .discriminator = "cm-http01-selfcheck-unreachable: no HTTP answer at all. An HTTP->HTTPS "
                         "redirect to a bad certificate is followed by Let's Encrypt without "
                         "validation, so redirect alone is harmless - redirecting to a host/app "
                         "that 404s is not.",
        .cause = "Catch-all redirect HTTPRoute/Ingress, auth middleware, precedence, wrong "
                 "ingressClass on the solver, port 80 not exposed.",
        .next_step = "kubectl get challenge -A -o wide; curl -v "
                     "http://<host>/.well-known/acme-challenge/test; kubectl get "
                     "ingress,httproute -n <ns> | grep cm-acme",
        .decidable = "with cert-manager-crds",
        .frequency = "common",
    },
    {
        .id = "cm-http01-selfcheck-unreachable",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "cert-manager self-check cannot reach the public address",
        .symptom = "Challenge pending forever although the URL works from the internet.",
        .evidence = "Challenge reason \"failed to perform self check GET request ... connection "
                    "refused / i/o timeout / EOF / no such host\"; external GET succeeds.",
        .discriminator = "cm-http01-blocked has an HTTP status. If the external GET also fails "
                         "the fault is dns-/lb-.",
        .cause = "Hairpin NAT missing, PROXY protocol short-circuit, split DNS inside the "
                 "cluster, egress NetworkPolicy.",
        .next_step = "kubectl logs -n cert-manager deploy/cert-manager | grep -i \"self check\"; "
                     "kubectl run t --rm -it --image=curlimages/curl -- curl -v "
                     "http://<host>/.well-known/acme-challenge/x (needs write access - ask an "
                     "operator)",
        .decidable = "with cert-manager-crds",
        .frequency = "occasional",
    },
    {
        .id = "cm-dns01-failed",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "ACME DNS-01 challenge fails",
        .symptom = "Wildcard or DNS-validated certificate pending.",
        .evidence = "Challenge type dns-01, reason \"Waiting for DNS-01 challenge propagation\" / "
                    "NXDOMAIN / provider 403; TXT _acme-challenge.<host> absent at the authority "
                    "or hidden by CNAME/split DNS; order state invalid.",
        .discriminator = "TXT present at authority but cert-manager uses an internal resolver -> "
                         "recursive-nameservers flags. Missing TXT -> credentials/zone.",
        .cause = "Wrong credentials/IAM, wrong hosted zone, delegated _acme-challenge, "
                 "split-horizon.",
        .next_step = "dig TXT _acme-challenge.<host> @<auth-ns>; kubectl describe challenge -n "
                     "<ns>",
        .decidable = "with cert-manager-crds",
        .frequency = "occasional",
    },
    {
        .id = "cm-caa-blocks-issuance",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "CAA record forbids the CA",
        .symptom = "Order invalid; no other change.",
        .evidence = "Order/challenge error urn:ietf:params:acme:error:caa; nearest CAA RRset "
                    "(walking up from the host, following CNAME) lacks issue \"<ca>\", or "
                    "issuewild for wildcard; or CAA lookup SERVFAILs.",
        .discriminator = "SERVFAIL during CAA lookup is a DNS fault with the same error class; an "
                         "empty tree (no CAA) never blocks.",
        .cause = "CAA added for another CA, accounturi/validationmethods restriction, or broken "
                 "DNSSEC.",
        .next_step = "dig CAA <host>; dig CAA <parent>; kubectl describe order -n <ns>",
        .decidable = "with cert-manager-crds",
        .frequency = "occasional",
    },
    {
        .id = "cm-rate-limited",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "ACME rate limit hit",
        .symptom = "Issuance stops for up to a week, though configuration is now right.",
        .evidence = "Order errored, 429 urn:ietf:params:acme:error:rateLimited with \"too many "
                    "certificates (5) already issued for this exact set\" / \"too many failed "
                    "authorizations\" and a retry-after time.",
        .discriminator = "cm-certificate-not-ready with backoff retries after hours and has no "
                         "429.",
        .cause = "Secrets not persisted across redeploys, two Certificates fighting, ephemeral "
                 "clusters on one domain, endless failed validations.",
        .next_step = "kubectl describe order -n <ns> | grep -i -A3 429; use the staging issuer "
                     "while debugging, reuse the old Secret, or change the SAN set.",
        .decidable = "with cert-manager-crds",
        .frequency = "occasional",
    },
    {
        .id = "cm-secret-contested",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Two controllers fight over one TLS Secret",
        .symptom = "Certificate keeps flipping, re-issuance loop, then rate limit.",
        .evidence = "Two Certificates (or Ingress-shim + explicit one) share spec.secretName in a "
                    "namespace; or external-secrets/reflector/GitOps owns it; Certificate "
                    "conditions alternate IncorrectCertificate/SecretMismatch; Secret "
                    "managedFields shows several writers.",
        .discriminator = "Without alternation in revision/issuer it is an ordinary renewal.",
        .cause = "Same secretName reused across hosts/environments, or Secret template synced "
                 "from outside.",
        .next_step = "kubectl get certificate -n <ns> -o "
                     "custom-columns=N:.metadata.name,S:.spec.secretName,R:.status.revision; "
                     "kubectl get secret -n <ns> <s> --show-managed-fields -o yaml | grep manager:",
        .decidable = "with cert-manager-crds",
        .frequency = "occasional",
    },
    {
        .id = "cm-shim-skipped",
        .layer = EW_LAYER_TLS,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "cert-manager ignores the Gateway/Ingress annotation",
        .symptom = "No Certificate object is ever created.",
        .evidence = "Annotation cert-manager.io/(cluster-)issuer present but no Certificate owned "
                    "by the object; listener lacks hostname, tls.mode != Terminate, "
                    "certificateRef is not a same-namespace Secret; events BadConfig; "
                    "cert-manager started without gateway API enabled or before CRDs were "
                    "installed; controller deployment down.",
        .discriminator = "cm-certificate-not-ready has an object to describe; here nothing exists.",
        .cause = "Unsupported listener shape, feature switch off, or cert-manager/webhook not "
                 "running.",
        .next_step = "kubectl get events -n <ns> --field-selector involvedObject.name=<gw>; "
                     "kubectl logs -n cert-manager deploy/cert-manager | grep -i -E "
                     "\"skipping|gateway\"; kubectl get pods -n cert-manager",
        .decidable = "with cert-manager-crds",
        .frequency = "occasional",
    },
};
const size_t ew_causes_tls_count = EW_COUNT(ew_causes_tls);
