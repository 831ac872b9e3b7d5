#include "causes.h"

const struct ew_cause ew_causes_pod[] = {
    {
        .id = "pod-readiness-failing",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Readiness probe fails (app or dependency not ready)",
        .symptom = "503 from the edge.",
        .evidence = "Pod Running, Ready=False reason ContainersNotReady, event \"Readiness probe "
                    "failed: HTTP probe failed with statuscode: 5xx\" / timeout / connection "
                    "refused; unsatisfied readinessGates (e.g. target-health.elbv2) count too.",
        .discriminator = "Refused on the probe port while the app listens elsewhere -> "
                         "pod-probe-misconfigured. Restarts rising -> pod-crashloop.",
        .cause = "App starting slowly, dependency down, deep readiness check.",
        .next_step = "kubectl describe pod -n <ns> <pod> | sed -n \"/Events/,$p\"; kubectl logs "
                     "-n <ns> <pod>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "pod-probe-misconfigured",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Probe itself is wrong (port, path, scheme, host, timeout)",
        .symptom = "503 although the app answers when called directly.",
        .evidence = "Probe port/path/scheme differs from what the container serves: "
                    "404/301/400/401 in event or refused; direct GET on targetPort through the "
                    "API proxy returns 200; timeoutSeconds 1 with slow endpoint.",
        .discriminator = "pod-readiness-failing: the app's own endpoint says not ready (503).",
        .cause = "Copy/paste probe, framework path change, HTTPS app with HTTP probe, auth on "
                 "health path.",
        .next_step = "kubectl get pod -n <ns> <pod> -o "
                     "jsonpath=\"{.spec.containers[*].readinessProbe}\"; kubectl get --raw "
                     "\"/api/v1/namespaces/<ns>/pods/<pod>:<port>/proxy/<path>\"",
        .decidable = "with probe-backend",
        .frequency = "common",
    },
    {
        .id = "pod-readiness-too-shallow",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_WARN,
        .title = "Pod is Ready but cannot serve",
        .symptom = "5xx/timeouts while every Kubernetes object is green.",
        .evidence = "All conditions True, endpoints ready, direct request to pod fails the same "
                    "way; readinessProbe absent or tcpSocket only; restarts 0.",
        .discriminator = "Difference to app-5xx is only that a readiness probe would have caught "
                         "it: warn alongside.",
        .cause = "No or trivial readiness check; ready before warm-up.",
        .next_step = "kubectl get deploy -n <ns> <d> -o "
                     "jsonpath=\"{.spec.template.spec.containers[*].readinessProbe}\"",
        .decidable = "with probe-backend",
        .frequency = "common",
    },
    {
        .id = "pod-crashloop",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Container crash-loops (or is killed by liveness)",
        .symptom = "503, or flapping 502/503.",
        .evidence = "waiting.reason CrashLoopBackOff, restartCount rising, lastState.terminated "
                    "exitCode/ reason Error; event \"Liveness probe failed ... will be "
                    "restarted\" when liveness kills a healthy-but-slow app (exit 137/143 without "
                    "OOM).",
        .discriminator = "reason OOMKilled -> pod-oomkilled. Never started -> "
                         "pod-not-started/pod-image-pull.",
        .cause = "Bad config/secret, migration failure, missing dependency, aggressive liveness.",
        .next_step = "kubectl logs -n <ns> <pod> --previous; kubectl get pod -n <ns> <pod> -o "
                     "jsonpath=\"{.status.containerStatuses[*].lastState}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "pod-image-pull",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Image cannot be pulled",
        .symptom = "503 or old version stays.",
        .evidence = "waiting.reason ImagePullBackOff/ErrImagePull/InvalidImageName; event text: "
                    "not found, unauthorized, 429 too many requests, x509.",
        .discriminator = "A rollout with old pods still Ready is degraded (pod-rollout-stuck), "
                         "not down.",
        .cause = "Tag missing, registry auth, rate limit.",
        .next_step = "kubectl describe pod -n <ns> <pod> | grep -A3 -i \"failed to pull\"; "
                     "kubectl get sa -n <ns> default -o jsonpath=\"{.imagePullSecrets}\"",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "pod-oomkilled",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Container killed for memory",
        .symptom = "Flapping 502/503 under load.",
        .evidence = "lastState.terminated.reason OOMKilled exitCode 137; or node MemoryPressure "
                    "eviction (status.reason Evicted).",
        .discriminator = "Exit 137 without OOMKilled = SIGKILL after grace period/liveness.",
        .cause = "Limit too low, leak, traffic peak.",
        .next_step = "kubectl get pods -n <ns> -o jsonpath=\"{range .items[*]}{.metadata.name} "
                     "{..lastState.terminated.reason}{'\\n'}{end}\"; kubectl top pod -n <ns>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "pod-not-started",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .recognised = true,
        .title = "Pod exists but containers never start (Pending, init, config, volume, sandbox)",
        .symptom = "503.",
        .evidence = "Phase Pending: condition PodScheduled=False Unschedulable (resources, "
                    "taints, affinity, PVC); or waiting.reason "
                    "CreateContainerConfigError/ContainerCreating/PodInitializing; events "
                    "FailedScheduling, FailedMount, FailedCreatePodSandBox.",
        .discriminator = "No pod object at all is ep-none.",
        .cause = "Capacity, missing ConfigMap/Secret, failing init container, CNI fault.",
        .next_step = "kubectl describe pod -n <ns> <pod>; kubectl get events -n <ns> "
                     "--sort-by=.lastTimestamp | tail",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "pod-rollout-stuck",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_WARN,
        .title = "Rollout stalled; traffic still on the old version or on too few pods",
        .symptom = "New version never appears; capacity reduced.",
        .evidence = "Deployment Progressing=False ProgressDeadlineExceeded; updatedReplicas < "
                    "replicas; new RS pods failing (see their row) while old ones are Ready.",
        .discriminator = "Zero ready pods overall is ep-all-not-ready.",
        .cause = "Any pod row on the new ReplicaSet.",
        .next_step = "kubectl rollout status -n <ns> deploy/<d>; kubectl get rs -n <ns>; kubectl "
                     "rollout undo is a write - propose only",
        .decidable = "yes",
        .frequency = "occasional",
    },
    {
        .id = "pod-no-drain",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_WARN,
        .root_possible = true,
        .title = "Pods stop before the edge has removed them (no preStop/drain)",
        .symptom = "Short burst of 502/504/resets on every deploy or scale-down.",
        .evidence = "Errors align with pod deletionTimestamp; no preStop sleep, "
                    "terminationGracePeriod short, app exits on SIGTERM at once; proxy still "
                    "dials the IP for seconds.",
        .discriminator = "lb-idle-keepalive-race happens without rollouts.",
        .cause = "Endpoint removal is asynchronous to SIGTERM.",
        .next_step = "kubectl get deploy -n <ns> <d> -o "
                     "jsonpath=\"{.spec.template.spec.terminationGracePeriodSeconds} "
                     "{..lifecycle}\"; kubectl get events -n <ns> | grep Killing",
        .decidable = "heuristic",
        .frequency = "common",
    },
    {
        .id = "pod-networkpolicy-block",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "NetworkPolicy (or mesh authz/CNI) blocks gateway-to-backend traffic",
        .symptom = "504/503 after connect timeout, while pods are Ready.",
        .evidence = "An ingress NetworkPolicy selects the pod and no rule admits namespace/labels "
                    "of the data-plane pods (or the targetPort); connect from edge times out, "
                    "kubelet probe passes (node traffic allowed); egress policy in gateway "
                    "namespace likewise.",
        .discriminator = "Refused = nothing listening. Timeout for all ports and all clients may "
                         "be a CNI/node fault: test another pod on the node. Evaluate policies "
                         "from the API and print the missing peer.",
        .cause = "Default-deny without a gateway exception, label of the gateway namespace "
                 "changed, policy written for service port instead of pod port.",
        .next_step = "kubectl get networkpolicy -n <ns> -o yaml; kubectl get ns <dp-ns> "
                     "--show-labels; add an ingress rule from namespaceSelector "
                     "kubernetes.io/metadata.name=<dp-ns> to port <targetPort>",
        .decidable = "yes",
        .frequency = "common",
    },
    {
        .id = "pod-localhost-bind",
        .layer = EW_LAYER_POD,
        .severity = EW_SEV_FAIL,
        .root_possible = true,
        .title = "Process listens on 127.0.0.1 only",
        .symptom = "502/503 refused for all, exec probe or kubectl port-forward works.",
        .evidence = "TCP refused on podIP:port, accepted on 127.0.0.1 inside the pod; exec/none "
                    "readiness keeps it Ready; IPv6-only bind gives the same on IPv4.",
        .discriminator = "svc-targetport-not-listening: nothing on that port inside either. "
                         "port-forward success is the giveaway because it enters via loopback.",
        .cause = "App default bind address localhost.",
        .next_step = "kubectl port-forward works but kubectl get --raw "
                     "\"/api/v1/namespaces/<ns>/pods/<pod>:<port>/proxy/\" fails; check app bind "
                     "setting (0.0.0.0/::).",
        .decidable = "heuristic",
        .frequency = "occasional",
    },
};
const size_t ew_causes_pod_count = EW_COUNT(ew_causes_pod);
