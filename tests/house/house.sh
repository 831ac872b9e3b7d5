#!/bin/sh
# Holds the tree to its order: which room may use which, what stays pure, what stays in its room, and
# how long things may be. Then plants one breach of each rule in a house of its own and sees it found.
top=${top_srcdir:-.}
awk=${AWK:-awk}
rules=$(cd "$(dirname "$0")" && pwd)/house.awk
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
number=0

result() { # ok|"not ok" WHAT [FILE of diagnostics]
	number=$((number + 1))
	echo "$1 $number - $2"
	[ -z "$3" ] || sed 's/^/# /' "$3"
}

breaches() { # of the tree at $1
	(cd "$1" && find src include/edgewalk lab -name '*.[ch]' 2>/dev/null | LC_ALL=C sort |
		LC_ALL=C xargs "$awk" -f "$rules")
}

# ---- the tree ----
breaches "$top" >"$work/all" 2>&1
[ -s "$work/all" ] && grep -v '^[a-z]* [^ ]*: ' "$work/all" >"$work/odd" && {
	result "not ok" "the rules can be read" "$work/odd"
}
for rule in order doors libraries pure size functions width; do
	case $rule in
	order) says="includes point downwards only" ;;
	doors) says="rooms are entered by their doors" ;;
	libraries) says="libraries stay in the rooms that wrap them" ;;
	pure) says="pure rooms have no socket, no clock, no system" ;;
	size) says="no file is over 800 lines" ;;
	functions) says="no function is over 80 lines" ;;
	width) says="no line is over 100 columns" ;;
	esac
	if grep "^$rule " "$work/all" >"$work/of"; then
		result "not ok" "$says" "$work/of"
	else
		result ok "$says" ""
	fi
done

# ---- a house of its own, with one breach ----
house() { # makes a sound one
	rm -rf "$work/house"
	mkdir -p "$work/house/src/judge" "$work/house/src/cert" "$work/house/src/ui" \
		"$work/house/src/base" "$work/house/include/edgewalk/base"
	cat >"$work/house/include/edgewalk/judge.h" <<'EOF'
#include "edgewalk/route.h"
int ew_judge(void);
EOF
	cat >"$work/house/src/judge/judge.c" <<'EOF'
#include "config.h"

#include "edgewalk/base/text.h"
#include "edgewalk/judge.h"
#include "own.h"

#include <string.h>

/* What time (now) is stands in the snapshot: no call of time(NULL). */
int ew_judge(void)
{
    return ew_snapshot_time(0) + local_time(0);
}
EOF
	echo '#include <curses.h>' >"$work/house/src/ui/ui.c"
	echo '#include <openssl/ssl.h>' >"$work/house/src/cert/cert.c"
	echo '#include "edgewalk/cli.h"' >"$work/house/src/main.c"
	echo '#include <stdint.h>' >"$work/house/include/edgewalk/base/text.h"
}

planted() { # RULE FILE TEXT: TEXT put into FILE is a breach of RULE, and the only one
	house
	printf '%s\n' "$3" >>"$work/house/$2"
	breaches "$work/house" >"$work/found"
	if [ "$(grep -c "^$1 $2" "$work/found")" = 1 ] && [ "$(wc -l <"$work/found")" -eq 1 ]; then
		result ok "found: $1: $(printf '%s' "$3" | head -n 1 | cut -c 1-50)" ""
	else
		result "not ok" "found: $1: $3" "$work/found"
	fi
}

many() { # N lines of text
	"$awk" -v n="$1" 'BEGIN { while (n-- > 0) print "    x();" }'
}

house
breaches "$work/house" >"$work/found"
if [ -s "$work/found" ]; then
	result "not ok" "a sound house is left alone" "$work/found"
else
	result ok "a sound house is left alone" ""
fi
planted order src/judge/judge.c '#include "edgewalk/walk.h"'
planted order src/judge/judge.c '#  include "edgewalk/ui.h"'
planted order include/edgewalk/judge.h '#include "edgewalk/probe.h"'
planted order src/base/arena.c '#include "edgewalk/json.h"'
planted order src/ui/ui.c '#include "edgewalk/cluster.h"'
planted order src/main.c '#include "edgewalk/unheard.h"'
planted order src/judge/judge.c '#include "edgewalk/io.h"'
planted doors src/judge/judge.c '#include "../route/routing.h"'
planted doors src/judge/judge.c '#include "route/routing.h"'
planted doors include/edgewalk/judge.h '#include "own.h"'
planted libraries src/judge/judge.c '#include <ncurses.h>'
planted libraries src/judge/judge.c '#include <openssl/x509.h>'
planted libraries src/ui/ui.c '#include <event2/event.h>'
planted libraries src/ui/ui.c '#include <curl/curl.h>'
planted libraries src/ui/ui.c '#include <ares.h>'
planted libraries src/ui/ui.c '#include <cJSON.h>'
planted libraries src/ui/ui.c '#include <yaml.h>'
planted libraries src/ui/ui.c '#include <pcre2.h>'
planted libraries include/edgewalk/judge.h '#include <cJSON.h>'
planted pure src/judge/judge.c '#include <sys/socket.h>'
planted pure src/judge/judge.c '#include <arpa/inet.h>'
planted pure src/judge/judge.c '#include <time.h>'
planted pure src/cert/cert.c '#include <unistd.h>'
planted pure src/judge/judge.c 'static long now = time(NULL);'
planted pure src/base/arena.c '    if (clock_gettime(CLOCK_REALTIME, &at))'
planted size src/ui/ui.c "$(many 800)"
planted functions src/ui/ui.c "$(printf 'int f(void)\n{\n'; many 79; printf '}\n')"
planted width src/ui/ui.c "/* $(many 30 | tr -d '\n ') */"
echo "1..$number"
