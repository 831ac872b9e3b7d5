#!/bin/sh
# Every cause that the program recognises is the expected cause, or an expected finding, of a scenario.
echo 1..1
known=$("$EDGEWALK" explain --ids 2>/dev/null) || {
    echo 'ok 1 - recognised causes have scenarios # SKIP the program cannot list them'
    exit 0
}
missing=
for cause in $known; do
    grep -lE "^  (cause|findings|warnings|present):.*[ [,]$cause([],]|\$)" \
        "$top_srcdir"/lab/scenarios/*/scenario.yaml | xargs -r grep -L '^todo:' | grep -q . ||
        missing="$missing $cause"
done
[ -z "$missing" ] || { echo "# without a scenario:$missing"; printf 'not '; }
echo 'ok 1 - every recognised cause has its scenario'
