#!/bin/sh
# House rules that a script can check: each third-party header is included by
# one module; nothing in src/ knows of ui/; pure modules read no files and no
# clock; each file of src/ and ui/ has its line in CODE-MAP.md; the documents
# name no path of somebody's machine. TAP.

n=0 bad=0
cd "$srcdir" || exit 1

result()	# STATUS WHAT
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
		echo "not ok $n - $2"
		bad=1
	fi
}

# only HEADER FILE-PATTERN: no other file of src/ and ui/ includes it.
only()
{
	others=$(grep -lE "#include <$1>" src/*.[ch] ui/*.[ch] 2>/dev/null |
		grep -vE "^($2)$")
	[ -z "$others" ] || echo "# also included by: $others"
	[ -z "$others" ]
	result $? "<$1> is included by $2 alone"
}

only 'sqlite3\.h' 'src/history_private\.h'
only 'libconfig\.h' 'src/settings[a-z_]*\.[ch]|src/postoffice[a-z_]*\.[ch]'
only 'jansson\.h' 'src/json[a-z_]*\.[ch]'
only 'pcre2\.h' 'src/match[a-z_]*\.[ch]'
only 'gmime/.*' 'src/deliver[a-z_]*\.[ch]|src/convert[a-z_]*\.[ch]'
only '(n?curses|term)\.h' 'ui/term[a-z_]*\.[ch]'
only 'vterm\.h' 'tests/screen/.*'

ui=$(cd ui && ls *.h 2>/dev/null | sed 's/\.h$//' | grep -v '^console$' |
	tr '\n' '|' | sed 's/|$//')
users=$(grep -lE "#include \"($ui)\.h\"" src/*.[ch])
[ -z "$users" ] || echo "# $users"
[ -z "$users" ]
result $? "nothing in src/ knows of ui/"

impure=$(grep -lE '#include <(fcntl|unistd|sys/stat|dirent)\.h>|clock_wall|clock_mono' \
	src/policy.[ch] src/verdict.[ch] src/match*.[ch] src/message*.[ch] \
	src/und.[ch] src/ccmail_*.[ch] src/text.[ch] src/width.[ch])
[ -z "$impure" ] || echo "# $impure"
[ -z "$impure" ]
result $? "pure modules read no files and no clock"

low=$(grep -lE '#include "(store|history|operations|connector|cli|outcome|check|status)\.h"' \
	src/spool.[ch] src/fsutil.[ch] src/text.[ch] src/str.[ch] \
	src/error.[ch] src/settings*.[ch] src/match*.[ch] src/policy.[ch] \
	src/message*.[ch] src/und.[ch] src/clock.[ch] src/log.[ch])
[ -z "$low" ] || echo "# $low"
[ -z "$low" ]
result $? "lower layers do not know the upper ones"

exits=$(grep -lE '[^_a-z]exit\(' src/*.c | grep -vE '_main\.c$|xalloc\.c$|runner\.c$|handoff\.c$')
[ -z "$exits" ] || echo "# $exits"
[ -z "$exits" ]
result $? "the core does not exit"

missing=
for file in src/*.[ch] ui/*.[ch]; do
	name=$(basename "$file")
	base=${name%.[ch]}
	grep -qE "\`($name|$base\.\[ch\])\`" CODE-MAP.md ||
		missing="$missing $file"
done
[ -z "$missing" ] || echo "# not in CODE-MAP.md:$missing"
[ -z "$missing" ]
result $? "every file has its line in CODE-MAP.md"

paths=$(grep -lE '/(work|root)/|/tmp/ccmq' *.md data/*.[158]* data/*.in \
	src/*.[ch] ui/*.[ch] 2>/dev/null)
[ -z "$paths" ] || echo "# $paths"
[ -z "$paths" ]
result $? "no paths of somebody's machine"
echo "1..$n"
exit $bad
