#include "signature.h"

#include <string.h>

extern const struct ew_signature ew_signatures_edge_a[];
extern const size_t ew_signatures_edge_a_count;
extern const struct ew_signature ew_signatures_edge_b[];
extern const size_t ew_signatures_edge_b_count;
extern const struct ew_signature ew_signatures_edge_c[];
extern const size_t ew_signatures_edge_c_count;
extern const struct ew_signature ew_signatures_edge_d[];
extern const size_t ew_signatures_edge_d_count;
extern const struct ew_signature ew_signatures_edge_e[];
extern const size_t ew_signatures_edge_e_count;
extern const struct ew_signature ew_signatures_cdn[];
extern const size_t ew_signatures_cdn_count;
extern const struct ew_signature ew_signatures_gateway[];
extern const size_t ew_signatures_gateway_count;
extern const struct ew_signature ew_signatures_balancer[];
extern const size_t ew_signatures_balancer_count;
extern const struct ew_signature ew_signatures_server[];
extern const size_t ew_signatures_server_count;

const struct ew_signature_table ew_signature_tables[] = {
    {ew_signatures_edge_a, &ew_signatures_edge_a_count},
    {ew_signatures_edge_b, &ew_signatures_edge_b_count},
    {ew_signatures_edge_c, &ew_signatures_edge_c_count},
    {ew_signatures_edge_d, &ew_signatures_edge_d_count},
    {ew_signatures_edge_e, &ew_signatures_edge_e_count},
    {ew_signatures_cdn, &ew_signatures_cdn_count},
    {ew_signatures_gateway, &ew_signatures_gateway_count},
    {ew_signatures_balancer, &ew_signatures_balancer_count},
    {ew_signatures_server, &ew_signatures_server_count},
};
const size_t ew_signature_tables_count = EW_COUNT(ew_signature_tables);

static const struct {
    const char *key, *suggests;
} suggestions[] = {
    {"app", "app-404 app-5xx route-rewrite-wrong app-host-or-proxy-validation "
            "app-auth-failure http-200-wrong-app route-precedence-surprise "
            "svc-selector-too-broad dns-wrong-target"},
    {"auth", "http-edge-auth-required http-ext-auth-broken app-auth-failure "
             "lb-source-ip-lost http-waf-block tls-client-ca-invalid "
             "edge-ingress-annotation-ignored"},
    {"bad-request", "tls-plaintext-mixup lb-proxy-protocol-unexpected "
                    "http-request-headers-too-large app-host-or-proxy-validation "
                    "svc-backend-expects-tls route-percent-encoding"},
    {"circuit-open", "svc-targetport-not-listening app-5xx app-slow-or-saturated "
                     "pod-networkpolicy-block ep-all-not-ready http-rate-limited"},
    {"client-cert", "http-h2-coalescing tls-client-ca-invalid tls-client-cert-required"},
    {"client-timeout", "http-edge-timeout-504 http-websocket-broken app-slow-or-saturated "
                       "lb-mtu-blackhole"},
    {"config-error", "route-backend-not-found route-backend-not-permitted "
                     "route-backend-kind-or-port-invalid svc-port-mismatch "
                     "route-no-effective-backend route-filter-ref-missing "
                     "edge-ingress-annotation-ignored http-ext-auth-broken "
                     "edge-feature-unsupported backendtls-policy-rejected "
                     "http-websocket-broken edge-config-reload-failed"},
    {"default-backend", "route-none-for-host route-path-not-matched edge-ingressclass-not-found "
                        "edge-ingressclass-unset edge-ingressclass-controller-mismatch ep-none "
                        "ep-all-not-ready http-200-wrong-app dns-wrong-target"},
    {"dns-origin", "dns-cname-dangling dns-nxdomain dns-servfail dns-wrong-target "
                   "lb-cdn-origin-error"},
    {"fake-certificate", "tls-no-sni cm-certificate-not-ready tls-secret-missing "
                         "tls-ingress-secret-namespace tls-secret-malformed "
                         "tls-secret-cross-ns-no-grant tls-ingress-host-not-in-tls "
                         "route-none-for-host edge-ingressclass-not-found "
                         "edge-ingressclass-unset edge-empty-routes-after-restart "
                         "tls-untrusted-ca dns-wrong-target tls-controller-default-cert"},
    {"fault-injected", "route-none-for-host route-path-not-matched edge-config-reload-failed"},
    {"header-too-large", "http-request-headers-too-large edge-ingress-annotation-ignored "
                         "route-migration-feature-lost"},
    {"http-on-https", "tls-plaintext-mixup svc-backend-expects-tls lb-wrong-target-group "
                      "lb-proxy-protocol-unexpected"},
    {"lb-no-targets", "lb-no-dataplane-endpoints edge-dataplane-overloaded "
                      "lb-etp-local-no-local-pod ep-none ep-all-not-ready "
                      "lb-proxy-protocol-unexpected lb-wrong-target-group lb-firewall-blocks "
                      "lb-target-unhealthy"},
    {"maintenance", "app-5xx http-rate-limited"},
    {"method-not-allowed", "route-header-query-method-miss http-waf-block app-5xx"},
    {"no-endpoints", "ep-all-not-ready ep-none svc-selector-mismatch "
                     "svc-targetport-unresolved svc-port-mismatch svc-without-selector "
                     "ep-only-terminating route-backend-not-found svc-externalname-backend "
                     "http-rate-limited edge-config-reload-failed ep-edge-dials-old-ip "
                     "edge-ingress-annotation-ignored"},
    {"no-route", "route-none-for-host route-path-not-matched "
                 "route-namespace-not-selected route-namespace-same-only "
                 "route-hostname-no-intersection route-section-not-found "
                 "route-parent-status-absent edge-gateway-missing route-kind-not-allowed "
                 "route-value-or-filter-rejected route-attached-to-one-listener "
                 "route-listener-isolation route-exact-vs-prefix route-trailing-slash "
                 "route-regex-semantics route-header-query-method-miss "
                 "route-wildcard-label-confusion edge-ingressclass-not-found "
                 "edge-ingressclass-unset edge-ingressclass-controller-mismatch "
                 "edge-no-listener-for-port edge-config-reload-failed "
                 "edge-controller-down edge-empty-routes-after-restart "
                 "http-h2-coalescing ep-none ep-all-not-ready tls-secret-missing app-404 "
                 "dns-wrong-target"},
    {"overload", "edge-dataplane-overloaded app-slow-or-saturated http-rate-limited"},
    {"rate-limited", "http-rate-limited lb-source-ip-lost ep-none ep-all-not-ready "
                     "api-unreachable"},
    {"redirect", "http-redirect-loop-proto http-redirect-loop-auth "
                 "http-redirect-wrong-target http-edge-auth-required "
                 "route-trailing-slash cm-http01-blocked"},
    {"sni-rejected", "edge-no-listener-for-port route-none-for-host tls-secret-missing "
                     "tls-secret-malformed tls-secret-cross-ns-no-grant "
                     "tls-listener-no-certificate edge-listener-conflict "
                     "edge-listenerset-rejected edge-listener-not-programmed "
                     "tls-ingress-host-not-in-tls route-tlsroute-invalid "
                     "lb-proxy-protocol-unexpected dns-wrong-target tls-unrecognized-name"},
    {"too-large", "http-413-body-limit http-request-headers-too-large "
                  "edge-ingress-annotation-ignored route-migration-feature-lost "
                  "http-waf-block"},
    {"unknown-host", "tls-sni-host-mismatch-421 http-h2-coalescing dns-wrong-target "
                     "dns-cname-dangling dns-stale-cutover lb-cdn-origin-error "
                     "route-none-for-host"},
    {"upstream-protocol", "svc-grpc-h2c-missing svc-backend-dialed-with-tls "
                          "svc-backend-expects-tls app-closes-connection "
                          "http-response-headers-too-large"},
    {"upstream-refused", "svc-targetport-not-listening ep-none ep-all-not-ready "
                         "svc-selector-mismatch pod-localhost-bind pod-crashloop pod-no-drain "
                         "ep-stale-slice ep-edge-dials-old-ip svc-publish-not-ready "
                         "mesh-mtls-strict backendtls-verification-failed svc-headless-backend "
                         "lb-cdn-origin-error tcp-refused lb-no-dataplane-endpoints"},
    {"upstream-reset", "app-closes-connection svc-backend-expects-tls mesh-mtls-strict "
                       "svc-grpc-h2c-missing lb-idle-keepalive-race pod-oomkilled pod-no-drain "
                       "http-response-headers-too-large lb-cdn-origin-error"},
    {"upstream-timeout", "pod-networkpolicy-block app-slow-or-saturated http-edge-timeout-504 "
                         "ep-stale-slice ep-edge-dials-old-ip svc-without-selector "
                         "svc-externalname-backend lb-mtu-blackhole edge-dataplane-overloaded "
                         "lb-firewall-blocks tcp-timeout lb-cdn-origin-error"},
    {"upstream-tls", "svc-backend-expects-tls svc-backend-dialed-with-tls "
                     "backendtls-verification-failed backendtls-policy-rejected "
                     "tls-cert-expired tls-controller-default-cert tls-name-mismatch "
                     "tls-intermediate-missing tls-unrecognized-name lb-cdn-origin-error"},
    {"waf", "http-waf-block http-edge-auth-required lb-source-ip-lost "
            "http-rate-limited"},
    {"transport:tls-alert", "tls-client-cert-required tls-version-or-cipher tls-alpn-no-h2 "
                            "tls-unrecognized-name tls-listener-no-certificate"},
    {"tls_alert:unrecognized_name(112)",
     "edge-no-listener-for-port route-none-for-host "
     "tls-ingress-host-not-in-tls tls-secret-missing tls-secret-malformed "
     "tls-no-sni dns-wrong-target tls-unrecognized-name"},
    {"tls_alert:internal_error(80)", "tls-listener-no-certificate route-none-for-host "
                                     "cm-certificate-not-ready tls-no-sni tls-unrecognized-name"},
    {"transport:tcp-reset",
     "tls-listener-no-certificate tls-unrecognized-name "
     "edge-no-listener-for-port lb-target-unhealthy "
     "lb-no-dataplane-endpoints lb-proxy-protocol-missing lb-firewall-blocks "
     "app-closes-connection"},
    {"transport:empty-reply",
     "tls-plaintext-mixup tls-client-cert-required lb-proxy-protocol-missing "
     "http-waf-block app-closes-connection"},
    {"transport:http09", "svc-grpc-h2c-missing svc-backend-expects-tls app-closes-connection "
                         "svc-port-mismatch"},
    {"transport:tls-wrong-version", "lb-wrong-target-group lb-proxy-protocol-unexpected "
                                    "edge-no-listener-for-port tls-plaintext-mixup"},
};

const char *ew_signature_suggests(const char *key)
{
    for (size_t i = 0; i < EW_COUNT(suggestions); i++)
        if (strcmp(suggestions[i].key, key) == 0)
            return suggestions[i].suggests;
    return "";
}
