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

all_in "$srcdir/data/completion/ccmq.fish" $commands
result $? "every command can be completed in fish"

# The words in quotes from a line that has BEGIN to one that has END.
quoted()	# BEGIN END FILE...
{
	begin=$1 end=$2
	shift 2
	awk -v begin="$begin" -v end="$end" '$0 ~ begin { on = 1 }
		on { print } $0 ~ end { on = 0 }' "$@" |
		grep -o '"[|a-z_-]*=*"' |
		tr -d '"|=' | sort -u
}
options=$(quoted 'const names[[][]]' '};' "$srcdir"/src/command/cmd_*.c
	quoted 'const struct cli_option options[[][]]' '};' \
		"$srcdir"/src/command/cmd_*.c
	quoted '^static const char [*]const global_names' '};' \
		"$srcdir/src/command/cli_options.c"
	"$builddir/ccmq" convert --help | sed -n 's/^  --\([a-z-]*\).*/\1/p')
keys=$(quoted '^static const struct key keys' '};' \
	"$srcdir/src/history/match_key.c" | grep -v '_')
for shell in ccmq.bash _ccmq ccmq.fish; do
	all_in "$srcdir/data/completion/$shell" $options $keys
	result $? "every option and match key can be completed: $shell"
done
all_in "$srcdir/data/ccmq.1" $(quoted 'const names[[][]]' '};' \
	"$srcdir"/src/command/cmd_*.c
	quoted 'const struct cli_option options[[][]]' '};' \
		"$srcdir"/src/command/cmd_*.c) $keys
result $? "every option and match key is in ccmq(1)"
members=$(grep -ho 'json_put_[a-z0-9]*([a-z]*, "[a-z0-9_]*"' \
	"$srcdir"/src/command/*.c "$srcdir/src/work/row_json.c" | sed 's/.*"\(.*\)"/\1/' | sort -u)
all_in "$srcdir/data/ccmq.1" $members
result $? "every member of JSON is in ccmq(1)"
verdicts=$(sed -n '/^#define VERDICT_LIST/,/^$/s/.*X([A-Z_]*, [a-z_]*, "\([a-z_]*\)".*/\1/p' \
	"$srcdir/src/store/verdict.h")
all_in "$srcdir/data/ccmq.1" $verdicts
result $? "every verdict is in ccmq(1)"
[ -n "$options" ] && [ -n "$keys" ] && [ -n "$members" ] &&
	[ -n "$verdicts" ]
result $? "there were options, keys, members and verdicts to look for"

# Each page has what its readers look for.
for page in "$srcdir"/data/*.[158] "$srcdir"/data/*.[158].in; do
	case $page in
	*.5 | *.5.in) wanted="FILES EXAMPLES" ;;
	*/ccmq-convert.1) wanted="ENVIRONMENT EXIT EXAMPLES" ;;
	*) wanted="ENVIRONMENT FILES EXIT EXAMPLES" ;;
	esac
	sed -n 's/^\.Sh //p' "$page" >"$builddir/manuals.part"
	all_in "$builddir/manuals.part" $wanted
	result $? "$(basename "$page") has its chapters"
done
cat "$srcdir"/data/*.[158] "$srcdir"/data/*.[158].in >"$builddir/manuals.part"
all_in "$builddir/manuals.part" $(cd "$srcdir" && grep -hro 'getenv("[A-Z_]*")' \
	src ui | tr -dc 'A-Z_\n' | sort -u)
result $? "every variable of the environment is in a manual"
rm -f "$builddir/manuals.part"

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

missing=$(ls "$srcdir"/data/*.[1578] "$srcdir"/data/*.[1578].in |
	sed -n 's|.*/\([a-z.-]*\)[.]\([1578]\)\([.]in\)*$|`\1(\2)`|p' |
	while read -r page; do
		grep -qF "$page" "$srcdir/README.md" || printf " %s" "$page"
	done)
[ -z "$missing" ]
result $? "every page is named in README$missing"

# Commands that documents show, from quotes, examples and lines to type: each has
# the options that stand behind it.
shown=$(grep -hoE '(`|^|^    |[|;&(] *|^[$] |^[.](Dl|Ql) )(build/)?ccmq( -[cs] [^ ]+)* [a-z]+ [^`|;&)#>]*' \
	"$srcdir"/*.md "$srcdir"/data/*.[1578] "$srcdir"/data/*.[1578].in |
	sed 's/.*ccmq\( -[cs] [^ ]*\)* \([a-z]\)/\2/' | grep -e ' --[a-z]' |
	sort -u)
wrong=$(for command in $commands; do
	"$builddir/ccmq" "$command" --help >"$builddir/manuals.part"
	"$builddir/ccmq" --help >>"$builddir/manuals.part"
	printf '%s\n' "$shown" | grep "^$command " | grep -oe ' --[a-z-]*' |
		sort -u | while read -r option; do
			grep -qwe "$option" "$builddir/manuals.part" ||
				printf " %s %s," "$command" "$option"
		done
done)
rm -f "$builddir/manuals.part"
[ -n "$shown" ] && [ -z "$wrong" ]
result $? "every command in a document has the options that it shows$wrong"

# number MACRO FILE PAGE WORDS: the page says what the code does; @ is the
# macro's first number, as people write it.
number()
{
	value=$(sed -n "s/^#define $1[^0-9]*\([0-9]*\).*/\1/p" "$srcdir/src/$2" \
		"$srcdir/ui/$2" 2>/dev/null |
		sed -e ':again' -e 's/\([0-9]\)\([0-9]\{3\}\)\(,\|$\)/\1,\2\3/' \
			-e 't again')
	words=$(printf '%s\n' "$4" | sed "s/@/$value/")
	[ -n "$value" ] && tr -s '\n' ' ' <"$srcdir/data/$3" | grep -qF -- "$words"
	result $? "$3: $words"
}
while IFS='|' read -r macro file page words; do
	number "$macro" "$file" "$page" "$words"
done <<'END'
IMPORT_BATCH_MAX|import/import_batch.h|ccmq-import.1|up to @ requests
HANDED_ON_MAX|import/import_worker.c|ccmq-import.1|up to @ where
IMPORT_LINE_MAX|import/import_worker.h|ccmq-import.1|longer than @ bytes
LOCK_WAIT|import/import_office.c|ccmq-import.1|up to @ seconds
WORKER_WAIT|import/import_office.c|ccmq-import.1|a worker up to @
HANDOFF_RECIPIENTS_MAX|import/handoff.h|ccmq-import.1|limits them to @
HANDOFF_RECIPIENTS_MAX|import/handoff.h|ccmq-postoffice.5|at most @
IMPORT_BATCH_MAX|import/import_batch.h|ccmqd.8.in|up to @ messages before
RENEW_AFTER|connector/connector_worker.c|ccmqd.8.in|after @ messages
OPEN_AGE_MS|connector/connector_intake.c|ccmqd.8.in|quiet for @ minutes
SERVE_LINE_MAX|reach/serve.h|ccmq-serve.7|at most @ bytes
SERVE_LIST_MAX|reach/serve.h|ccmq-serve.7|at most @)
SERVE_IDS_MAX|reach/serve.h|ccmq-serve.7|(@ at the most
SERVE_REQUEST_MAX|reach/serve.h|ccmq-serve.7|at most @ bytes
PREFACE_MAX|reach/hosts.c|ccmq-serve.7|up to @ bytes
ERRAND_SHORT|app/errand.h|ccmq-console.1.in|More than @ messages
END
echo "1..$n"
exit $bad
