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
echo "1..$n"
