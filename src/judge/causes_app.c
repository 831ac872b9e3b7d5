#include "causes.h"

const struct ew_cause ew_causes_app[] = {
    {
        .id = "app-5xx",
        .layer = EW_LAYER_APP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Application itself returns 5xx",
        .symptom = "500/502/503 with the app's own body/headers.",
        .evidence = "App fingerprint present (Server/X-Powered-By/trace headers, JSON error), "
                    "Envoy x-envoy-upstream-service-time present, same status direct to pod; pod "
                    "log shows the request; 503 from app often means its dependency (DB, queue) "
                    "is down.",
        .discriminator = "Edge-made 500 (route-no-effective-backend, BackendNotFound) never "
                         "reaches a pod: no upstream header, no pod log, constant latency near 0.",
        .cause = "Bug, bad release, dependency outage.",
        .next_step = "kubectl logs -n <ns> deploy/<app> --since=10m; kubectl get --raw "
                     "\"/api/v1/namespaces/<ns>/services/<svc>:<port>/proxy/<path>\"; kubectl "
                     "rollout history -n <ns> deploy/<app>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "app-slow-or-saturated",
        .layer = EW_LAYER_APP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Application too slow or overloaded",
        .symptom = "Timeouts/504, growing latency.",
        .evidence = "Connect fast, first byte slow both via edge and direct to pod; CPU "
                    "throttling/limits reached, HPA maxed; Envoy UT/nginx upstream timed out "
                    "(110) while reading response.",
        .discriminator = "pod-networkpolicy-block fails at connect. http-edge-timeout-504 shows "
                         "the cut exactly at a configured limit and direct call eventually "
                         "succeeds.",
        .cause = "Saturation, lock, slow dependency, cold start.",
        .next_step = "curl -w \"%{time_connect} %{time_starttransfer}\\n\" ...; kubectl top pod "
                     "-n <ns>; kubectl get hpa -n <ns>",
        .decidable = "with probe-backend",
        .frequency = "common",
    },
    {
        .id = "app-closes-connection",
        .layer = EW_LAYER_APP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Upstream accepts then closes/resets before answering",
        .symptom = "502 bad gateway on specific requests.",
        .evidence = "nginx \"upstream prematurely closed connection while reading response "
                    "header\", Envoy UC/\"connection termination\", Traefik 502 EOF; container "
                    "restart or invalid HTTP response (duplicate "
                    "Content-Length/Transfer-Encoding) at that time.",
        .discriminator = "lb-idle-keepalive-race only after idle; refused = port.",
        .cause = "Worker crash/OOM per request, worker timeout (gunicorn/uwsgi), invalid headers.",
        .next_step = "kubectl logs -n <ns> <pod> --since=10m; kubectl logs -n <dp-ns> <proxy> | "
                     "grep -i prematurely",
        .decidable = "with probe-backend",
        .frequency = "occasional",
    },
    {
        .id = "app-404",
        .layer = EW_LAYER_APP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "404 comes from the application",
        .symptom = "404, routing is fine.",
        .evidence = "App fingerprint/upstream-time header present, pod log shows GET path 404; "
                    "same path direct to pod also 404; base path/context root differs (assets "
                    "under /static while served at /app).",
        .discriminator = "Edge 404: no upstream header, known edge body. Decide by fingerprint or "
                         "by comparing a random path on the same host with a random path on an "
                         "unknown host.",
        .cause = "Wrong path, context root not configured, rewrite needed (route-rewrite-wrong).",
        .next_step = "kubectl logs -n <ns> deploy/<app> | grep \" 404 \"; kubectl get --raw "
                     "\"/api/v1/namespaces/<ns>/services/<svc>:<port>/proxy/<path>\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "app-auth-failure",
        .layer = EW_LAYER_APP,
        .severity = EW_SEV_INFO,
        .root_possible = true,
        .title = "Application rejects credentials",
        .symptom = "401/403 from the app.",
        .evidence = "App headers present; WWW-Authenticate realm of the app; Authorization header "
                    "stripped by edge or Host/X-Forwarded-* mismatch breaks token audience; "
                    "\"token used before issued\" (clock).",
        .discriminator = "http-edge-auth-required never reaches the app. http-waf-block depends "
                         "on payload.",
        .cause = "Expired credentials, header dropped on redirect http->https, wrong audience.",
        .next_step = "curl -v with credentials direct to the Service (kubectl get --raw "
                     ".../proxy/) and via edge; compare.",
        .decidable = "with probe-backend",
        .frequency = "common",
    },
    {
        .id = "app-host-or-proxy-validation",
        .layer = EW_LAYER_APP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Application rejects the Host/forwarded headers",
        .symptom = "400 \"Invalid Host header\"/\"DisallowedHost\", wrong absolute links, CSRF "
                   "origin failure.",
        .evidence = "Same request with an allowed Host header succeeds; app log names the host; "
                    "Host rewritten by URLRewrite/ExternalName or IP used by health checks.",
        .discriminator = "Edge 400 (headers too large, plain HTTP to TLS) has edge fingerprint.",
        .cause = "ALLOWED_HOSTS/trusted proxies not set for the new hostname.",
        .next_step = "kubectl logs -n <ns> deploy/<app> | grep -i -E \"host|forwarded\"; curl -H "
                     "\"Host: <allowed>\" direct to Service",
        .decidable = "with logs",
        .frequency = "occasional",
    },
    {
        .id = "app-db-incompatible-after-rollback",
        .layer = EW_LAYER_APP,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Traffic rolled back but the database was not",
        .symptom = "5xx after rollback to the old version.",
        .evidence = "Route/weights or Deployment image reverted recently, old version's pods log "
                    "schema/migration errors, new version was fine or half-fine.",
        .discriminator = "A plain bad release starts failing at rollout, not at rollback.",
        .cause = "Forward-only migration.",
        .next_step = "kubectl rollout history -n <ns> deploy/<app>; kubectl logs -n <ns> "
                     "deploy/<app> | grep -iE \"schema|column|migration\"; expand-contract "
                     "migrations.",
        .decidable = "with logs",
        .frequency = "rare",
    },
};
const size_t ew_causes_app_count = EW_COUNT(ew_causes_app);
