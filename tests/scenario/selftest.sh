#!/bin/sh
# The lab seen by other programs: what it plays is what dig, curl and openssl see, so that a scenario
# is never right by edgewalk's own reading of it alone. Parts whose program is not here are skipped.
folder=$(mktemp -d) || exit 1
lab=
trap 'stop; rm -rf "$folder"' EXIT
count=0

have() {
    command -v "$1" >/dev/null 2>&1
}

stop() {
    [ -z "$lab" ] && return
    kill "$lab"
    wait "$lab" || echo "# the lab ended with $?: $(tail -n 5 "$folder/out")"
    lab=
}

# play NAME: serves a scenario and reads what it prints into url port resolver ca kubeconfig.
play() {
    stop
    : >"$folder/out"
    "$EDGEWALK_LAB" serve "$1" --dir "${2:-$top_srcdir/lab/scenarios}" >"$folder/out" 2>&1 &
    lab=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q '^Ctrl-C' "$folder/out" && break
        sleep 0.1
    done
    url=$(awk '$1 == "url" {print $2}' "$folder/out")
    port=$(expr "$url" : '[a-z]*://[^/]*:\([0-9]*\)')
    resolver=$(awk '$1 == "resolver" {print $2; exit}' "$folder/out")
    kubeconfig=$(awk '$1 == "kubeconfig" {print $2}' "$folder/out")
    ca=$(awk '$1 == "CA" {print $3}' "$folder/out")
}

# is WHAT NEEDS EXPECTED COMMAND...: the command's output holds the text.
is() {
    what=$1 needs=$2 expected=$3
    shift 3
    count=$((count + 1))
    if ! have "$needs"; then
        echo "ok $count - $what # SKIP no $needs here"
        return
    fi
    got=$("$@" 2>&1)
    case $got in
    *"$expected"*) echo "ok $count - $what" ;;
    *)
        echo "not ok $count - $what"
        echo "$got" | sed 's/^/# /' | head -n 20
        ;;
    esac
}

ask() {
    dig +tries=1 +time=2 "@${resolver%:*}" -p "${resolver#*:}" "$@"
}

address_of() {
    ask +short "$1" A | tail -n 1
}

# fetch URL ADDRESS CURL-OPTION...
fetch() {
    target=$1 at=$2
    shift 2
    curl -sS -i -m 5 --noproxy '*' --cacert "$ca" --connect-to "::$at:" "$@" "$target"
}

# read_api PATH: as the kubeconfig says.
read_api() {
    server=$(awk '$1 == "server:" {print $2}' "$kubeconfig" | tr -d '"')
    token=$(awk '$1 == "token:" {print $2}' "$kubeconfig" | tr -d '"')
    awk '$1 == "certificate-authority-data:" {print $2}' "$kubeconfig" | tr -d '"' |
        openssl base64 -d -A >"$folder/api-ca.pem"
    shift_path=$1
    shift
    curl -sS -i -m 5 --noproxy '*' --cacert "$folder/api-ca.pem" -H "Authorization: Bearer $token" "$@" \
        "$server$shift_path"
}

play healthy-https-gateway
is "UDP answers" dig "127.0." ask +short orders.example.com A
is "TCP answers" dig "127.0." ask +tcp +short orders.example.com A
is "a name that is not there is NXDOMAIN" dig "status: NXDOMAIN" ask nothing.example.com A
is "a name without that type is NODATA with SOA" dig "SOA" ask orders.example.com AAAA
edge=$(have dig && address_of orders.example.com)
is "the host is served with a certificate that verifies" curl "200 OK" fetch "$url" "$edge"
is "a host that nobody claims gets the edge's own 404" curl "content-length: 0" \
    fetch "https://x.example.com:$port/" "$edge"
is "an unknown server name is reset" curl "reset" fetch "https://x.example.org:$port/" "$edge"
is "plain HTTP on the TLS port is reset" curl "reset" fetch "http://orders.example.com:$port/" "$edge"
is "the API says its version" curl '"gitVersion":"v1.36.3"' read_api /version
is "discovery is aggregated for who asks" curl '"kind":"APIGroupDiscoveryList"' read_api /apis \
    -H 'Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
is "discovery is plain for who does not" curl '"kind":"APIGroupList"' read_api /apis
is "a labelled list" curl 'orders-api-5f7b9d6c4d-8wq2k' \
    read_api '/api/v1/namespaces/commerce/pods?labelSelector=app%3Dorders-api'
is "a page" curl '"continue":"lab-1"' read_api '/api/v1/pods?limit=1'
is "the next page" curl 'orders-api-5f7b9d6c4d-tz5nn' read_api '/api/v1/pods?limit=1&continue=lab-1'
is "a field that cannot be selected by" curl '400 Bad Request' \
    read_api '/apis/discovery.k8s.io/v1/endpointslices?fieldSelector=spec.x%3D1'
is "an object that is not there" curl '"reason":"NotFound"' \
    read_api /api/v1/namespaces/commerce/services/nothing
is "a group that is not served" curl '404 page not found' read_api /apis/nothing.example.com/v1/things
is "Secrets come with their key, as from a real server" curl '"tls.key"' \
    read_api /api/v1/namespaces/platform-ingress/secrets/public-web-tls
is "kubectl reads it" kubectl 'orders-api' \
    kubectl --kubeconfig "$kubeconfig" --cache-dir "$folder/cache" get svc -n commerce

play tls-cert-expired
edge=$(have dig && address_of orders.example.com)
is "an expired certificate" curl "expired" fetch "$url" "$edge"
play tls-name-mismatch
edge=$(have dig && address_of orders.example.com)
is "a certificate for another host" curl "orders.example.com" fetch "$url" "$edge"
play tcp-refused
edge=$(have dig && address_of orders.example.com)
is "a refused port" curl "connect to server" fetch "$url" "$edge"
play api-unauthorized
is "a wrong token" curl '401 Unauthorized' read_api /api/v1/pods
play api-forbidden-partial
is "a denied list" curl 'cannot list resource \"pods\" in API group \"\" at the cluster scope' \
    read_api /api/v1/pods

own=$folder/own
mkdir -p "$own"
cat >"$own/scenario.yaml" <<'YAML'
title: every way of not answering
base: healthy-https-gateway
url: "https://orders.example.com:${port:https}/"
resolvers:
  lab:
    records:
      "orders.example.com": {A: ["${addr:edge}"]}
      "alert.example.com": {A: ["${addr:alert}"]}
      "client.example.com": {A: ["${addr:client}"]}
      "black.example.com": {A: ["${addr:black}"]}
      "servfail.example.com": {rcode: SERVFAIL, ede: {code: 7, text: signature expired}}
      "loop.example.com": {CNAME: loop.example.com}
      "wide.example.com": {A: ["${addr:edge}"], truncate: true}
      "silent.example.com": {silent: true}
certificates:
  bare: {names: ["*.example.com"], chain: false}
  own: {names: ["*.example.com"], issuer: self}
edges:
  https:
    tls: {sni: {"*.example.com": site, bare.example.com: bare, own.example.com: own}}
    answers:
      orders: null
      empty: {path: /empty, end: empty}
      reset: {path: /reset, end: reset}
      cut: {path: /cut, body: "0123456789", end: cut}
      silent: {path: /silent, end: silent}
      slow: {path: /slow, delay_ms: 300, as: app-200}
      turns: {path: /turns, cycle: [{as: app-200}, {as: envoy-503}]}
      post: {path: /post, method: POST, status: 201}
  alert:
    address: "${addr:alert}"
    port: "${port:https}"
    tls: {certificate: site, sni: {x.example.com: site}, unknown_sni: alert, plain: nginx-497}
  client:
    address: "${addr:client}"
    port: "${port:https}"
    tls: {certificate: site, client_certificate: required}
  black:
    address: "${addr:black}"
    port: "${port:https}"
    tcp: blackhole
expect: {status: ok, exit: 0}
YAML
play own "$own"
edge=$(have dig && address_of orders.example.com)
is "SERVFAIL with its reason" dig "signature expired" ask servfail.example.com A
is "silence" dig "timed out" ask silent.example.com A
is "a truncated answer comes whole over TCP" dig "retrying in TCP" ask wide.example.com A
is "an alias of itself ends" dig "status: NOERROR" ask loop.example.com A
is "an empty reply" curl "Empty reply" fetch "https://orders.example.com:$port/empty" "$edge"
is "a reset" curl "reset" fetch "https://orders.example.com:$port/reset" "$edge"
is "half a body" curl "01234" fetch "https://orders.example.com:$port/cut" "$edge"
is "an answer that never comes" curl "(28)" \
    fetch "https://orders.example.com:$port/silent" "$edge" -m 0.5
is "a slow answer" curl "200 OK" fetch "https://orders.example.com:$port/slow" "$edge"
is "answers in turn: the first" curl "200 OK" fetch "https://orders.example.com:$port/turns" "$edge"
is "answers in turn: the second" curl "503 Service" \
    fetch "https://orders.example.com:$port/turns" "$edge"
is "an answer by method" curl "201 Created" \
    fetch "https://orders.example.com:$port/post" "$edge" -X POST -d hello
is "a missing intermediate" curl "unable to get local issuer" \
    fetch "https://bare.example.com:$port/" "$edge"
is "a self-signed certificate" curl "self-signed" fetch "https://own.example.com:$port/" "$edge"
at=$(have dig && address_of alert.example.com)
is "an alert for an unknown server name" curl "unrecognized name" \
    fetch "https://alert.example.com:$port/" "$at"
is "an answer to plain HTTP on the TLS port" curl "plain HTTP request was sent" \
    fetch "http://alert.example.com:$port/" "$at"
at=$(have dig && address_of client.example.com)
is "a client certificate is demanded" curl "certificate required" \
    fetch "https://client.example.com:$port/" "$at"
at=$(have dig && address_of black.example.com)
is "a black hole" curl "(28)" \
    fetch "https://black.example.com:$port/" "$at" --connect-timeout 0.5

cat >"$own/scenario.yaml" <<'YAML'
title: a slip of the pen
base: healthy-https-gateway
edges: {https: {answers: {orders: {as: envoy-405}}}}
expect: {status: ok, exit: 0}
YAML
is "an answer that is not in the table is named" sed 'no answer is called "envoy-405"' \
    "$EDGEWALK_LAB" run --dir "$own"
is "an unknown scenario gets the nearest name" sed 'did you mean pod-crashloop?' \
    "$EDGEWALK_LAB" run pod-crashlop --dir "$top_srcdir/lab/scenarios"

# The comparison, with a program in edgewalk's place that says what it is told to.
fake=$folder/fake
cat >"$fake" <<'SH'
#!/bin/sh
case "$*" in
*"-o json"*) echo '{"verdict": {"status": "ok", "cause": null}, "layers": []}' ;;
*) echo "report of $*" ;;
esac
exit 0
SH
chmod +x "$fake"
cat >"$own/scenario.yaml" <<'YAML'
title: what the other program says
base: healthy-https-gateway
options: [--expect, "200"]
expect: {status: ok, exit: 0, cause: null}
YAML
ran() {
    EDGEWALK=$fake "$EDGEWALK_LAB" run "$@" --dir "$own"
    echo "exit $?"
}
is "run shows the report, with the scenario's options" sed "-- expect 200 https://orders" \
    sh -c "$(command -v env) EDGEWALK='$fake' '$EDGEWALK_LAB' run --dir '$own' | sed 's/--expect/-- expect/'"
is "run ends well when the verdict is the expected one" sed "exit 0" ran
is "run counts" sed "1 of 1 scenarios as expected" ran --all
sed -i 's/exit: 0/exit: 19/' "$own/scenario.yaml"
is "run says what differs" sed "exit: expected 19, got 0" ran
is "run ends badly when something differs" sed "exit 1" ran
is "run speaks TAP" sed "not ok 1 - own" ran --all --tap
printf '#!/bin/sh\necho broken; exit 1\n' >"$fake"
is "no JSON is a failure" sed "no JSON" ran
rm "$fake"
is "no program is a failure" sed "cannot run" ran
stop

printed() {
    "$EDGEWALK_LAB" objects "$1" --dir "$top_srcdir/lab/scenarios" >"$folder/objects.yaml" && sed -n "$2" "$folder/objects.yaml"
}
is "objects names the request above them" sed "edgewalk -H 'x-canary: true' 'https://" printed route-canary-gets-none-always 1p
is "objects gives what edgewalk and kubectl read" sed '"kind": "List"' printed healthy-https-gateway 1,5p

undocumented=
for name in $(sed -n 's/^    {"\([a-z0-9-]*\)", [0-9].*/\1/p' "$top_srcdir/lab/answers.c"); do
    grep -q "\(^\|[ \`]\)$name\([ \`]\|\$\)" "$top_srcdir/doc/scenario-format.md" || undocumented="$undocumented $name"
done
is "every answer that has a name is documented" sed "undocumented:." echo "undocumented:$undocumented."
echo "1..$count"
