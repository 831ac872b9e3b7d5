# Reads sources and prints every breach of the house's rules (doc of the map: HACKING.md), one a line:
# RULE FILE:LINE: what. Files are named relative to the top: src/ROOM/…, include/edgewalk/….
BEGIN {
	# What a room may use beside itself and what these may use, lowest first.
	uses["base"] = ""
	uses["json"] = "base"
	uses["fact"] = "json"
	uses["cert"] = "json"
	uses["object"] = "fact"
	uses["io"] = "base cert"
	uses["route"] = "object cert"
	uses["judge"] = "route"
	uses["probe"] = "fact cert io"
	uses["cluster"] = "object cert io"
	uses["walk"] = "cluster probe judge"
	uses["report"] = "judge"
	uses["ui"] = "judge io"
	uses["cli"] = "ui report walk"
	uses["main"] = "cli"
	for (room in uses)
		open_doors(room, room)

	words("base json fact cert object route judge", pure)
	# Libraries: a pattern of the header's name, and the rooms that wrap it.
	library("(curses|term|ncurses|panel|form|menu)[.]h$|^ncursesw/", "ui")
	library("^event2/|^event[.]h$", "io")
	library("^openssl/", "cert probe cluster io")
	library("^curl/", "io probe cluster")
	library("^cJSON[.]h$|^cjson/", "json")
	library("^ares", "io probe")
	library("^yaml[.]h$", "json")
	library("^pcre2", "route")
	library("^idn2[.]h$", "walk")
	sockets = "^(sys/socket|sys/un|netdb|resolv|poll|sys/select|sys/epoll)[.]h$|^(netinet|arpa|net)/"
	clocks = "^(time|sys/time|sys/times|sys/timeb)[.]h$"
	system_io = "^(unistd|fcntl|dirent|spawn|pthread|signal|threads)[.]h$|^sys/"
	# OpenSSL gives dates as struct tm; the door of cert promises to read a bundle from a file.
	excused["src/cert/describe.c time.h"] = 1
	excused["src/cert/trust.c unistd.h"] = 1
	clock_call = "(^|[^A-Za-z0-9_])(time|clock|clock_gettime|gettimeofday|timespec_get|ftime)[(]"
}

function words(text, set,    list, n, i) {
	n = split(text, list, " ")
	for (i = 1; i <= n; i++)
		set[list[i]] = 1
}

function open_doors(room, other,    list, n, i) {
	may[room, other] = 1
	n = split(uses[other], list, " ")
	for (i = 1; i <= n; i++)
		open_doors(room, list[i])
}

function library(pattern, rooms) {
	patterns[++libraries] = pattern
	wrappers[libraries] = " " rooms " "
}

function breach(rule, what) {
	print rule " " FILENAME ":" FNR ": " what
}

# The room of a file, and whether it is a door.
function room_of(file,    parts, n) {
	n = split(file, parts, "/")
	door = parts[1] == "include"
	if (door)
		return n == 3 ? substr(parts[3], 1, length(parts[3]) - 2) : parts[3]
	return parts[1] == "src" ? (n == 2 ? "main" : parts[2]) : ""
}

function check_door(name,    parts, n, other) {
	n = split(name, parts, "/")
	other = parts[2]
	sub(/[.]h$/, "", other)
	if (!(other in uses))
		breach("order", name " is the door of no known room")
	else if (!((room, other) in may))
		breach("order", room " may not use " other " (" name ")")
}

function check_own(name) {
	if (name == "config.h")
		return
	if (door)
		breach("doors", "a door includes doors and the C library only, not \"" name "\"")
	else if (name ~ /\//)
		breach("doors", "\"" name "\" is not beside its source and no door")
}

function check_system(name,    i) {
	for (i = 1; i <= libraries; i++)
		if (name ~ patterns[i] && (door || !index(wrappers[i], " " room " ")))
			breach("libraries", "<" name "> belongs to" wrappers[i] "(sources only)")
	if (!(room in pure) || (FILENAME " " name) in excused)
		return
	if (name ~ sockets)
		breach("pure", room " is pure: no <" name ">")
	else if (name ~ clocks)
		breach("pure", room " is pure: the clock is a fact, no <" name ">")
	else if (name ~ system_io)
		breach("pure", room " is pure: no <" name ">")
}

FNR == 1 {
	if (lines > 800)
		print "size " file ": " lines " lines, more than 800"
	room = room_of(FILENAME)
	file = FILENAME
	lines = body = 0
	if (room != "" && !(room in uses))
		breach("order", "no known room: " room)
}

{
	lines = FNR
	visible = $0
	gsub(/[\200-\277]/, "", visible) # continuation bytes of UTF-8
	if (length(visible) > 100)
		breach("width", length(visible) " columns, more than 100")
}

room != "" && /^[ \t]*#[ \t]*include[ \t]*["<]/ {
	name = $0
	sub(/^[^"<]*["<]/, "", name)
	sub(/[">].*/, "", name)
	if (name ~ /^edgewalk\//)
		check_door(name)
	else if ($0 ~ /include[ \t]*"/)
		check_own(name)
	else
		check_system(name)
}

room in pure && $0 !~ /^[ \t]*([*]|\/[*])/ && $0 ~ clock_call {
	breach("pure", room " is pure: the clock is a fact: " $0)
}

# By the house's format a function's braces stand in the first column, alone.
/^[A-Za-z].*[(]/ { signature = $0 }
/^[{]$/ { body = FNR }
/^[}]$/ && body {
	if (FNR - body + 1 > 80)
		print "functions " FILENAME ":" body ": " FNR - body + 1 " lines, more than 80: " signature
	body = 0
}

END {
	if (lines > 800)
		print "size " file ": " lines " lines, more than 800"
}
