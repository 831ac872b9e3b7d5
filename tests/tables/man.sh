#!/bin/sh
# The man page's option tables are those of the program, and every verb and exit status stands in it.
page=$top_srcdir/man/edgewalk.1
n=0
result() { n=$((n + 1)); if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi; }

python3 "$top_srcdir/man/update" --check "$page" "$top_builddir/src/cli/tables"
result $? "option tables (make update-man writes them)"

"$EDGEWALK" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' >verbs.$$
[ -s verbs.$$ ]
result $? "--help names verbs"
while read -r verb; do
    grep -q "edgewalk $verb" "$page" || [ "$verb" = walk ]
    result $? "man page has the verb $verb"
    "$EDGEWALK" "$verb" --help >/dev/null
    result $? "edgewalk $verb --help"
done <verbs.$$
rm -f verbs.$$

man -l --warnings "$page" >/dev/null 2>man.$$ || : >man.$$
[ ! -s man.$$ ]
result $? "man page formats without warnings"
rm -f man.$$

"$EDGEWALK" --nonsense x >out.$$ 2>err.$$
[ $? = 2 ] && [ ! -s out.$$ ] && [ "$(wc -l <err.$$)" = 1 ]
result $? "an unknown option: one line on stderr, exit 2"
rm -f out.$$ err.$$
"$top_builddir/src/cli/tables" runbook >runbook.$$
"$EDGEWALK" explain | sed -n 's/^  [* ] \([a-z0-9-]*\) .*/\1/p' >causes.$$
[ -s causes.$$ ]
result $? "explain lists causes"
missing=$(while read -r cause; do grep -q "id=\"$cause\"" runbook.$$ || echo "$cause"; done <causes.$$)
[ -z "$missing" ]
result $? "the runbook has an anchor for every cause${missing:+: lacks }$missing"
dead=$(sed -n 's/.*href="#\([^"]*\)".*/\1/p' runbook.$$ | while read -r anchor; do
    grep -q "id=\"$anchor\"" runbook.$$ || echo "$anchor"; done)
[ -z "$dead" ]
result $? "every link of the runbook leads somewhere"
rm -f runbook.$$ causes.$$

for shell in bash zsh; do
    "$EDGEWALK" completion $shell >completion.$$
    bash -n completion.$$ 2>/dev/null
    result $? "completion for $shell is sound shell"
    "$EDGEWALK" --help | sed -n 's/^ .*--\([a-z-]*\).*/\1/p' | while read -r option; do
        grep -q -- "--$option" completion.$$ || echo "$option"; done >lacking.$$
    [ ! -s lacking.$$ ]
    result $? "completion for $shell has every option of the walk"
done
"$EDGEWALK" completion fish | grep -q "complete -c edgewalk -l resolver"
result $? "completion for fish"
"$EDGEWALK" completion tcsh >/dev/null 2>&1
[ $? = 2 ]
result $? "no completion for another shell, exit 2"
rm -f completion.$$ lacking.$$
echo "1..$n"
