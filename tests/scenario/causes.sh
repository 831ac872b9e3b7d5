#!/bin/sh
# Causes and scenarios: every cause that the program says it recognises is the expected cause, or an
# expected finding, of a scenario; and every cause that a scenario expects is one that it recognises.
# Scenarios that wait for something do not count.
echo 1..2
known=$("$EDGEWALK" explain | sed -n 's/^  \* \([a-z0-9-]*\).*/\1/p')
expected=$(for file in "$top_srcdir"/lab/scenarios/*/scenario.yaml; do
    grep -q '^todo:' "$file" ||
        sed -n 's/^  \(cause\|findings\|warnings\|present\): *//p' "$file"
done | tr -d '[]' | tr ', ' '\n\n' | grep -v '^\(null\)\{0,1\}$' | sort -u)

# told WHAT NUMBER LIST: "ok" when the list is empty.
told() {
    [ -z "$3" ] || { echo "#$3"; printf 'not '; }
    echo "ok $2 - $1"
}

missing= unknown=
for cause in $known; do
    echo "$expected" | grep -qx "$cause" || missing="$missing $cause"
done
for cause in $expected; do
    echo "$known" | grep -qx "$cause" || unknown="$unknown $cause"
done
[ -n "$known" ] || missing=" the program names none"
told "every recognised cause has its scenario" 1 "$missing"
told "every cause that a scenario expects is a recognised one" 2 "$unknown"
