#!/bin/sh
# Exit statuses and messages of `edgewalk route` and `edgewalk check`, from manifests.
n=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/shop.yaml" <<'EOF'
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: edge}
spec: {controllerName: example.com/edge}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: infra}
spec:
  gatewayClassName: edge
  listeners:
  - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: web, namespace: infra}]
  hostnames: [shop.example.com]
  rules:
  - matches: [{path: {value: /good}}]
    backendRefs: [{name: a, port: 80}]
  - matches: [{path: {value: /gone}}]
    backendRefs: [{name: gone, port: 80}]
  - matches: [{path: {value: /port}}]
    backendRefs: [{name: a, port: 81}]
  - matches: [{path: {value: /idle}}]
    backendRefs: [{name: idle, port: 80}]
  - matches: [{path: {value: /old}}]
    filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec: {selector: {app: a}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: idle, namespace: shop}
spec: {ports: [{port: 80}]}
EOF
printf 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: bad, namespace: infra}\nspec:\n  gatewayClassName: edge\n  listeners:\n  - name: x\n    port: 70000\n    protocol: HTTP\n' >"$work/bad.yaml"

# status expected, what, command...
exits() {
    n=$((n + 1))
    want=$1 what=$2
    shift 2
    "$EDGEWALK" "$@" >"$work/out" 2>"$work/err"
    got=$?
    if [ "$got" = "$want" ]; then echo "ok $n - $what"; else
        echo "not ok $n - $what: exit $got, not $want"
        sed 's/^/# /' "$work/err"
    fi
}
cat >"$work/old.yaml" <<'EOF'
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: old}
spec: {controller: example.com/old}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: old
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: idle, port: {number: 80}}}}]}
EOF
# text, what: in the last answer
says() {
    n=$((n + 1))
    if grep -qF -- "$1" "$work/out" "$work/err"; then echo "ok $n - $2"; else
        echo "not ok $n - $2: nothing says \"$1\""
        sed 's/^/# /' "$work/out" "$work/err"
    fi
}
route() { want=$1 what=$2; shift 2; exits "$want" "route: $what" route -f "$work/shop.yaml" "$@"; }

route 0 "served by a backend" http://shop.example.com/good
says "HTTPRoute shop/shop, rule 0" "it names the rule"
route 0 "redirected" http://shop.example.com/old
says "https://shop.example.com/old" "it names the location"
route 0 "an Ingress beside it" -f "$work/old.yaml" http://shop.example.com/good
says "also      Ingress shop/shop: " "it names the Ingress"
says "path        PathPrefix /good                         | Prefix /" "side by side with what differs"
route 16 "no route" http://shop.example.com/none
route 16 "no Service" http://shop.example.com/gone
route 17 "no such port" http://shop.example.com/port
route 18 "no endpoints" http://shop.example.com/idle
route 15 "no listener" https://shop.example.com/good
route 2 "not a URL" ftp://shop.example.com/
route 2 "tcp without a port" tcp://shop.example.com
route 2 "a feature without an answer" --feature GRPCRoute http://shop.example.com/
route 2 "a certificate that is not there" --cert "$work/none.pem" http://shop.example.com/
route 0 "a header that a script gives" -H 'Host: shop.example.com:8080' http://192.0.2.1/good
exits 2 "route: a file that is not there" route -f "$work/none.yaml" http://x/
exits 21 "check: what is refused is not good" check -f "$work/shop.yaml" -A
says "BackendNotFound" "it names the reason"
exits 21 "check: a port that cannot be" check -f "$work/bad.yaml" -A
says "spec.listeners[0].port is 70000" "it names the path"
says "bad.yaml:8" "it names the line"
exits 0 "check: what is good" check -f "$work/shop.yaml" Gateway/infra/web
exits 2 "check: an object that is not there" check -f "$work/shop.yaml" Gateway/infra/gone
exits 2 "check: a namespace that is not there" check -f "$work/shop.yaml" -n gone
exits 2 "check: a kind that has no such status" check -f "$work/shop.yaml" Pod/shop/a

# What a change would do: laid over the files as over a cluster.
cat >"$work/more.yaml" <<'YAML'
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: taker, namespace: shop}
spec:
  parentRefs: [{name: web, namespace: infra}]
  hostnames: [shop.example.com]
  rules:
  - matches: [{path: {value: /good/more}}, {path: {type: Exact, value: /good}}]
    backendRefs: [{name: idle, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: gone, namespace: shop}
spec: {selector: {app: gone}, ports: [{port: 80}]}
YAML
cat >"$work/less.yaml" <<'YAML'
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: infra}
spec:
  gatewayClassName: edge
  listeners:
  - {name: http, port: 80, protocol: HTTP}
YAML
exits 21 "check: a change that mends one of two faults" check -f "$work/shop.yaml" --overlay "$work/more.yaml"
says "HTTPRoute shop/taker (new)" "it names what is new"
says "listener http: attachedRoutes: 1 -> 2" "it counts again"
says "at Gateway infra/web: Accepted: none -> True Accepted" "it says what becomes of it"
says "GET http://shop.example.com:80/good: HTTPRoute shop/shop, rule 0 (Service shop/a:80) -> HTTPRoute shop/taker, rule 0 (Service shop/idle:80)" \
    "it names a request that another answers"
exits 21 "check: a change that takes a route away" check -f "$work/shop.yaml" -n infra --overlay "$work/less.yaml"
says "at Gateway infra/web: Accepted: True Accepted -> False NotAllowedByListeners: listener http allows routes of its own namespace infra only" \
    "it says what is lost, outside the scope too"
says "less.yaml:1" "it says where the change stands"
sed '/^---/,$d' "$work/shop.yaml" >"$work/same.yaml"
exits 0 "check: a change of nothing" check -f "$work/shop.yaml" Gateway/infra/web --overlay "$work/same.yaml"
says "The change changes no condition and no winner" "it says so"
route 0 "a change that does not reach the request" --overlay "$work/more.yaml" http://shop.example.com/good/x
says "The change changes nothing here" "it says so"
route 18 "a change that sends the request elsewhere" --overlay "$work/more.yaml" http://shop.example.com/good
says "route: HTTPRoute shop/shop -> HTTPRoute shop/taker" "it names both"
route 16 "a change that takes the route away" --overlay "$work/less.yaml" http://shop.example.com/good
route 0 "a change that mends a backend" --overlay "$work/more.yaml" http://shop.example.com/gone
exits 2 "an overlay that is not there" check -f "$work/shop.yaml" --overlay "$work/none.yaml"
exits 2 "both from standard input" check -f - --overlay -
exits 2 "waiting for files" check -f "$work/shop.yaml" --wait
exits 2 "a time that is none" check --wait=soon
exits 2 "an overlay of a walk" --overlay "$work/more.yaml" http://x/

echo "1..$n"
