#!/bin/sh
# What a hostile edge answers reaches the terminal as text: no escape sequence, no control character.
echo 1..2
out=$("$EDGEWALK_LAB" run http-unexplained-hostile-answer --dir "$top_srcdir/lab/scenarios" 2>&1)
kept=$(printf '%s\n' "$out" | LC_ALL=C tr -d '\n -~\200-\377')
[ -z "$kept" ] || printf 'not '
echo 'ok 1 - no control character'
case $out in
*'\x1b[2Jnginx'*'\u202e'*'\u200b'*) ;;
*) printf 'not ' ;;
esac
echo 'ok 2 - they are shown as what they are'
