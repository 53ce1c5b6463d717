#!/bin/sh
# House rules that a script can check: rooms and the arrows between them (the
# table that HACKING.md shows), no circle of files, each third-party header in
# one module, pure modules that read no files and no clock, a README in every
# room, no path of somebody's machine. TAP.

cd "$srcdir" || exit 1

# none WHAT: a case that passes if standard input is empty; what came is shown.
# TAP numbers the cases by itself, as this runs at the end of a pipe.
none()
{
	found=$(cat)
	[ -z "$found" ] && echo "ok - $1" && return
	printf '%s\n' "$found" | sed 's/^/# /'
	echo "not ok - $1"
}

# --- rooms and arrows -------------------------------------------------------

# The picture in HACKING.md, from the top to the ground: rooms of one line do
# not know each other, and a room knows those of the lines below it.
floors()
{
	awk '/^<!-- rooms -->/ { on = 1; next } /^<!-- end of rooms -->/ { on = 0 }
		on && /^    / { print }' HACKING.md
}

# FILE <tab> ROOM of what it includes, for every include of ours.
includes()
{
	grep -HoE '^#include "[a-z_]+/[a-z_]+\.h"' src/*.[ch] src/*/*.[ch] \
		ui/*/*.[ch] | sed -E 's/:#include "([a-z_]+)\/.*/\t\1/'
}

{ floors | sed 's/^/floor /'; includes; } | awk '
	$1 == "floor" {
		line++
		for (i = 2; i <= NF; i++)
			level[$i] = line
		next
	}
	{
		split($1, part, "/")
		room = part[3] == "" ? "mains" : part[2]
		if (!(room in level))
			print $1 ": room " room " is not in the picture"
		else if (!($2 in level))
			print $1 ": room " $2 " is not in the picture"
		else if (room != $2 && level[$2] <= level[room])
			print $1 ": " room " may not know " $2
	}' | none "arrows between rooms point down, as HACKING.md draws them"

grep -nE '^#include "[^/"]+"' src/*.[ch] src/*/*.[ch] ui/*/*.[ch] |
	none "an include of ours names the room"

for room in src/*/ ui/*/; do
	lines=$(wc -l <"${room}README.md" 2>/dev/null || echo 0)
	[ "$lines" -ge 3 ] && [ "$lines" -le 25 ] ||
		echo "${room}README.md has $lines lines"
done 2>/dev/null | none "every room says in at most 25 lines what it is for"

# Files that call each other in a circle are one thing cut in the wrong place.
# What each object defines and what it asks for is the compiler's word.
for archive in libcore.a libdeliver.a libui.a; do
	[ -e "$builddir/$archive" ] || continue
	nm -A "$builddir/$archive" 2>/dev/null
done | awk '
	{
		split($1, at, ":")
		file = at[2]
		sub(/^lib[a-z]*_a-/, "", file)
		sub(/\.o$/, "", file)
		asks[file] = asks[file] ""
		if ($2 == "U")
			asks[file] = asks[file] " " $3
		else if ($2 ~ /^[TDBRVWC]$/)
			home[$3] = file
	}
	function visit(f, i, n, names, to) {
		number[f] = low[f] = ++count
		stack[++top] = f
		on[f] = 1
		n = split(asks[f], names, " ")
		for (i = 1; i <= n; i++) {
			to = home[names[i]]
			if (to == "" || to == f)
				continue
			if (!(to in number)) {
				visit(to)
				if (low[to] < low[f])
					low[f] = low[to]
			} else if (on[to] && number[to] < low[f])
				low[f] = number[to]
		}
		if (low[f] != number[f])
			return
		line = ""
		size = 0
		do {
			to = stack[top--]
			on[to] = 0
			line = line " " to
			size++
		} while (to != f)
		if (size > 1)
			print "a circle:" line
	}
	END {
		for (f in asks)
			if (!(f in number))
				visit(f)
	}' | none "no files call each other in a circle"

# A function that is longer does several things.
awk 'FNR == 1 { at = 0 }
	/^[a-z_][a-z0-9_]*\(/ { at = FNR; name = $0 }
	/^}$/ { if (at && FNR - at + 1 > 60)
			print FILENAME ": " FNR - at + 1 " lines: " name
		at = 0 }' src/*.c src/*/*.c ui/*/*.c |
	none "no function is longer than 60 lines"

# A file that is longer holds more than one idea. Known: the table of
# statements.
wc -l src/*.[ch] src/*/*.[ch] ui/*/*.[ch] | awk '$1 > 600 && $2 != "total" &&
	$2 != "src/history/history_sql.c" { print $2 ": " $1 " lines" }' |
	none "no file is longer than 600 lines"

# A function that nobody calls is gone, or stands in the tests. Known: what
# tests alone turn (the clock, a connector's store), and names that a table
# puts together.
{
	nm "$builddir"/*.a 2>/dev/null |
		awk '$2 == "T" { print "defined", $3 }'
	cat src/*.c src/*/*.c ui/*/*.c | grep -oE '[a-z_][a-z0-9_]+'
} | awk '$1 == "defined" { home[$2] = 1; next } { named[$1]++ }
	END { for (f in home) if (named[f] == 1) print f }' |
	grep -vE '^(clock_(advance|freeze|use_system)|connector_store|verdict_[a-z]+_(holds|say))$' |
	none "no function is without a caller"

# --- what is known by one module alone --------------------------------------

# only HEADER FILE-PATTERN: no other file of src/ and ui/ includes it.
only()
{
	grep -rlE "#include <$1>" src ui tests 2>/dev/null |
		grep -vE "^($2)$" | none "<$1> is included by $2 alone"
}

# The end of a directory and one that cannot be read on look alike to it.
grep -lE '\<readdir\(' -r src ui | grep -v '^src/base/files_dir.c$' |
	none "names of a directory are read by fs_next alone"

only 'sqlite3\.h' 'src/history/history_private\.h|tests/.*'
only 'libconfig\.h' 'src/settings/settings[a-z_]*\.[ch]|src/import/postoffice[a-z_]*\.[ch]'
only 'jansson\.h' 'src/base/json[a-z_]*\.[ch]'
only 'pcre2\.h' 'src/history/match[a-z_]*\.[ch]'
only 'nettle/.*' 'src/history/seal[a-z_]*\.[ch]'
only 'glib\.h' 'src/import/fold\.c|src/convert/convert[a-z_]*\.[ch]'
only 'gmime/.*' 'src/import/deliver[a-z_]*\.[ch]|src/convert/convert[a-z_]*\.[ch]|tests/.*'
only '(n?curses|term)\.h' 'ui/term/term[a-z_]*\.[ch]|tests/.*'
only 'histedit\.h' 'ui/term/line\.c'
only 'libpq-fe\.h' 'src/reach/archive[a-z_]*\.[ch]'
only 'vterm\.h' 'tests/screen/.*'

grep -lE '#include <(fcntl|unistd|sys/stat|dirent)\.h>|clock_wall|clock_mono' \
	src/store/policy.[ch] src/store/verdict.[ch] src/history/match*.[ch] \
	src/mail/message*.[ch] src/mail/und.[ch] src/mail/ccmail_*.[ch] \
	src/base/text.[ch] src/base/width.[ch] src/reach/watch*.[ch] \
	src/reach/likeness.[ch] src/reach/original_log.[ch] |
	none "pure modules read no files and no clock"

grep -lE '[^_a-z]exit\(' src/*/*.c |
	grep -vE 'xalloc\.c$|runner\.c$|handoff\.c$' |
	none "the core does not exit"

grep -rlE '(^|[^_a-z])(renameat2|close_range|pidfd_open)\(' --include='*.c' \
	src ui | xargs grep -L '#include "base/compat\.h"' |
	none "what musl does not declare comes from base/compat.h"

grep -lE '(^|[^a-z])/(work|root)/|/tmp/ccmq' *.md data/*.[158]* data/*.in \
	src/*.[ch] src/*/*.[ch] ui/*/*.[ch] 2>/dev/null |
	none "no paths of somebody's machine"
grep -rnE '(DESIGN|CONSOLE|DOMAIN|REACH|WORK|STYLE|HOUSE)(\.md| section)' \
	*.md src ui tests data bench --include='*.[ch]' --include='*.md' \
	--include='*.sh' --include='*.in' --include='*.[1578]' 2>/dev/null |
	grep -v 'check_house' | none "no document is named that is not in the tree"
grep -rL '^/\* SPDX-License-Identifier: ISC \*/' --include='*.[ch]' \
	src ui tests bench | none "every source names its licence"
echo 1..25
