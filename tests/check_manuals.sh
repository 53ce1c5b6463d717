#!/bin/sh
# The manuals: mandoc has nothing to say of them; every command, every setting
# and every table of the history is in its manual; every command can be
# completed. TAP.

n=0 bad=0
result()	# STATUS WHAT
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
		echo "not ok $n - $2"
		bad=1
	fi
}

# all_in FILE WORD...: each word stands in the file.
all_in()
{
	file=$1 missing=
	shift
	for word in "$@"; do
		grep -qw -- "$word" "$file" || missing="$missing $word"
	done
	[ -z "$missing" ] && return 0
	echo "# not in $file:$missing"
	return 1
}

if command -v mandoc >/dev/null 2>&1; then
	for page in "$builddir"/data/*.[1578] "$srcdir"/data/*.[1578]; do
		[ -e "$page" ] || continue
		words=$(mandoc -T lint -W warning "$page" 2>&1)
		[ -z "$words" ] || echo "# $words"
		[ -z "$words" ]
		result $? "lint $(basename "$page")"
	done
else
	n=$((n + 1))
	echo "ok $n - lint # SKIP there is no mandoc"
fi

commands=$("$builddir/ccmq" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p')
all_in "$srcdir/data/ccmq.1" $commands
result $? "every command is in ccmq(1)"
all_in "$srcdir/data/completion/ccmq.bash" $commands
result $? "every command can be completed in bash"
all_in "$srcdir/data/completion/_ccmq" $commands
result $? "every command can be completed in zsh"

tables=$(sed -n 's/^"CREATE TABLE \([a-z_]*\).*/\1/p' \
	"$srcdir/src/history/history_schema.c")
columns=$(sed -n '/^"CREATE TABLE/,/^");/s/^"  \([a-z_]*\) .*/\1/p' \
	"$srcdir/src/history/history_schema.c" | grep -v '^PRIMARY$\|^AND$\|^one$' |
	sort -u)
all_in "$srcdir/data/ccmq-history.5" $tables
result $? "every table is in ccmq-history(5)"
all_in "$srcdir/data/ccmq-history.5" $columns
result $? "every column is in ccmq-history(5)"
settings=$("$builddir/ccmqd" --print-sample |
	sed -n 's/^ *#\([a-z_]*\) = .*/\1/p' | sort -u)
all_in "$builddir/data/ccmq.conf.5" $settings
result $? "every setting is in ccmq.conf(5)"
[ -n "$commands" ] && [ -n "$tables" ] && [ -n "$columns" ]
result $? "there were commands, tables and columns to look for"
echo "1..$n"
exit $bad
