#!/bin/sh
# Errors: each names the thing, where it stands and the way out, on standard
# error, with the right exit status. A row is "STATUS | WORDS | COMMAND"; the
# words must stand in what it says, together; S is the store. TAP.
. "$srcdir/tests/system/lib.sh"

ccmq()
{
	"$ccmq" "$@"
}
ccmqd()
{
	"$ccmqd" "$@"
}

# told STATUS WORDS COMMAND
told()
{
	wanted=$1 words=$2
	shift 2
	(cd "$work" && eval "$*") >"$work/out" 2>"$work/err" </dev/null
	status=$?
	[ $status -eq "$wanted" ] || echo "# exit status $status"
	head -c 400 "$work/err" | sed 's/^/# /'
	grep -qF -- "$words" "$work/err" && [ $status -eq "$wanted" ] &&
		[ ! -s "$work/out" ]
	ok "$*"
}

# table: rows on standard input. W stands for the directory of the test.
table()
{
	sed 's|-s S\b|-s W/store|g' >"$work/rows"
	while IFS='|' read -r wanted words command; do
		case $words$command in *W/*)
			words=$(printf '%s\n' "$words" | sed "s|W/|$work/|g")
			command=$(printf '%s\n' "$command" |
				sed 's|W/|"$work"/|g') ;;
		esac
		words=${words# }
		[ -z "$command" ] ||
			told "${wanted% }" "${words% }" "${command# }"
	done <"$work/rows"
}

# --- what is typed ----------------------------------------------------------

table <<'ROWS'
2 | there is no command "nonsense": ccmq --help lists all | ccmq nonsense
2 | there is no command "statsu"; did you mean status? | ccmq statsu
2 | there is no command "quar"; did you mean quarantine? | ccmq quar
2 | there is no option -x | ccmq -x
2 | there is no option --nope | ccmq list --nope
2 | there is no option --mach; did you mean --match? | ccmq list --mach a
2 | there is no option --read-onyl; did you mean --read-only? | ccmq list --read-onyl
2 | try: ccmq list --help | ccmq list --nope
2 | --limit wants a value | ccmq list --limit
2 | --limit: "" is not a number | ccmq list --limit=
2 | --limit: "x" is not a number | ccmq list --limit x
2 | --limit: 0 is less than 1 | ccmq list --limit 0
2 | "99999999999999999999" is too large a number | ccmq list --limit 99999999999999999999
2 | id: "99999999999999999999" is too large a number | ccmq show 99999999999999999999
2 | "99999999999999999999K" is too large a number | ccmq list --match 'size>99999999999999999999K'
2 | --for: "999999999999d" is too large a number | ccmq hold --reason x --for 999999999999d
2 | --for: "9999999d" is too large a number | ccmq hold --reason x --for 9999999d
2 | --json takes no value | ccmq list --json=x
2 | --state is given twice | ccmq list --state all --state failed
2 | --for or --until, not both | ccmq hold --reason x --for 1h --until 04:00
2 | --und or --raw, not both | ccmq show 1 --und --raw
2 | --repair or --rebuild, not both | ccmq check --repair --rebuild
2 | takes no arguments; ccmq show ID shows one message | ccmq list 5
2 | wants an id | ccmq show
2 | shows one message at a time | ccmq show 1 2
2 | id: "abc" is not a number | ccmq show abc
2 | status, list, show, resend or rotate? | ccmq und foo
2 | show wants the number of an entry | ccmq und show
2 | takes no arguments; the store is named by -s or the settings | ccmq init here
2 | wants --reason TEXT: whoever comes next must know why nothing is imported | ccmq hold
2 | wants --reason TEXT: whoever comes next must know why nothing is taken in | ccmq drain
2 | --for: "5" is not a duration such as 30s, 5m, 2h or 3d | ccmq hold --reason x --for 5
2 | --until: "yesterday" is not a time such as 14:30, 2026-11-23 14:30 or 2h | ccmq hold --reason x --until yesterday
2 | 2001-01-01 is over already | ccmq hold --reason x --until 2001-01-01
2 | takes no time | ccmq resume --for 1h
2 | --since: "x" is not a duration such as | ccmq events --since x
2 | wants ids, - or --match EXPR | ccmq retry
2 | ids, - or --match: one of them | ccmq retry 1 -
2 | 2 messages want --reason TEXT: nothing was done | ccmq retry 1 2
2 | line 1 of standard input: id: "x" is not a number | echo x | ccmq retry -
3 | standard input cannot be read: Is a directory: nothing was done | ccmq retry - </
2 | there is no state "nope": all, queued, importing | ccmq list --state nope
2 | form:x: unknown key "form"; did you mean "from"? | ccmq list --match form:x
2 | zzz:x: unknown key "zzz": there are age, attempts, class | ccmq list --match zzz:x
2 | state:fail: unknown state "fail"; did you mean "failed"? | ccmq list --match state:fail
2 | state:xyz: unknown state "xyz": there are queued, importing | ccmq list --match state:xyz
2 | class:crash: unknown class "crash"; did you mean "crashed"? | ccmq list --match class:crash
2 | (: parentheses do not group | ccmq list --match 'a ('
2 | the quote is not closed | ccmq list --match '"abc'
2 | ~[: regular expression, at byte 1: missing terminating ] | ccmq list --match '~['
2 | suspect is yes or no | ccmq list --match suspect:maybe
2 | age>x: "x" is not a duration such as | ccmq list --match 'age>x'
2 | from takes : or = | ccmq list --match 'from>x'
2 | the expression is empty | ccmq retry --match ''
2 | the store's name must have from 1 to 3840 bytes | ccmq -s '' status
2 | --store is given twice | ccmqd -s a -s b
2 | --once is given twice | ccmqd --once --once
2 | --store wants a value | ccmqd -s
2 | --store wants a value | ccmqd --store
2 | --once takes no value | ccmqd --once=yes
2 | there is no option --onec; did you mean --once? | ccmqd --onec
2 | there is no option -x | ccmqd -x
2 | --once and --observe exclude each other | ccmqd --once --observe
2 | --to wants a value | ccmq convert a.ccm --to
2 | --limit is given twice | ccmq find a --limit 1 --limit 2
2 | --archive is of a span of time | ccmq report --archive --message 1
2 | --reason is given twice | ccmq replay a --reason a --reason b
2 | --reason wants a value | ccmq replay a --reason
2 | wants files, or directories of them | ccmq replay --again
2 | --to is given twice | ccmq convert --to eml --to text a.ccm
2 | "x" is too much: it takes options only | ccmqd x
2 | try: ccmqd --help | ccmqd --bogus
ROWS

# --- what is not there ------------------------------------------------------

table <<'ROWS'
1 | there is no message #5 | ccmq show 5 -s S
1 | there is no message #5 | ccmq history 5 -s S
1 | #777 failed: there is no such message | ccmq retry 777 -s S
1 | there is no .und entry 5: ccmq und list shows those there are | ccmq und show 5 -s S
1 | there is no action 77: ccmq history lists what was done | ccmq undo 77 -s S
1 | this login session has done nothing that could be undone | ccmq undo -s S
0 | standard input named no ids: nothing was done | ccmq retry - -s S
0 | no message matches: nothing was done | ccmq retry --match from:x -s S
3 | no connector runs: start ccmqd (systemctl start ccmqd) | ccmq test -s S
3 | this is read-only mode (--read-only): nothing was done | ccmq retry 1 -s S --read-only
3 | this is read-only mode (--read-only): nothing was done | ccmq --read-only init -s new
3 | settings file nofile (-c) is not there | ccmq -c nofile status
3 | settings file nofile ($CCMQ_CONFIG) is not there | CCMQ_CONFIG=nofile; export CCMQ_CONFIG; ccmq status
3 | is a directory, not a settings file | ccmq -c / status
3 | settings file nofile (-c) is not there | ccmqd -c nofile
ROWS
[ ! -e "$work/new" ]
ok "read-only made nothing"

# --- what is no store, or a damaged one -------------------------------------

mkdir "$work/empty"
touch "$work/file"
# damaged NAME: a copy of the store with two messages; its history's name.
damaged()
{
	cp -a "$store" "$work/$1"
	touch "$work/$1/failed/000000000001-a.ccm" \
		"$work/$1/queue/000000000002-b.ccm"
	rm -f "$work/$1"/history.db-*
	echo "$work/$1/history.db"
}
rm "$(damaged gone)"
: >"$(damaged zero)"
echo "not a database at all, but a text" >"$(damaged text)"
ln -sf /etc/passwd "$(damaged link)"
chmod 600 "$(damaged mode)"
sqlite3 "$(damaged newer)" 'PRAGMA user_version = 99' >/dev/null
sqlite3 "$(damaged older)" 'PRAGMA user_version = 1' >/dev/null
damaged setgid >/dev/null
chmod g-s "$work/setgid/queue"

table <<'ROWS'
3 | W/empty is no store (it has no history.db): make one with ccmq -s W/empty init, or name another with -s | ccmq -s W/empty status
3 | W/empty is no store (it has no history.db): make one with ccmq -s W/empty init | ccmqd -s W/empty
3 | store W/none: No such file or directory: make one with ccmq -s W/none init | ccmq -s W/none status
3 | store W/none: No such file or directory: make one with ccmq -s W/none init | ccmqd -s W/none
3 | store W/file is not a directory: name another with -s | ccmq -s W/file status
3 | is a store already: nothing was touched (--if-missing makes that no error | ccmq -s S init
3 | W/gone/history.db is gone, 2 message files are there: put back a backup of it, or make it anew with ccmq -s W/gone check --rebuild | ccmq -s W/gone status
3 | W/gone/history.db is gone, 2 message files are there | ccmq -s W/gone retry 1
3 | W/gone/history.db is gone, 2 message files are there | ccmqd -s W/gone
3 | W/gone holds 2 message files and no history.db, an empty one would not know them | ccmq -s W/gone init
3 | W/gone holds 2 message files and no history.db | ccmq -s W/gone init --if-missing
3 | W/zero/history.db is empty (0 bytes): put back a backup of it, or move it away and make it anew with ccmq -s W/zero check --rebuild | ccmq -s W/zero status
3 | W/zero/history.db is empty (0 bytes) | ccmq -s W/zero retry 1
3 | W/text/history.db is not a database of SQLite: put back a backup of it, or move it away | ccmq -s W/text list
3 | W/text/history.db is not a database of SQLite | ccmq -s W/text retry 1
3 | W/text/history.db is not a database of SQLite | ccmqd -s W/text
3 | W/link/history.db is a symbolic link | ccmq -s W/link status
3 | W/mode/history.db has mode 0600, must be 0660: chmod 0660 W/mode/history.db | ccmq -s W/mode retry 1
3 | W/setgid/queue is not setgid, so files would get another group: chmod g+s W/setgid/queue | ccmq -s W/setgid retry 1
3 | W/newer/history.db: the history is of version 99, this program knows up to | ccmq -s W/newer status
3 | W/newer/history.db: the history is of version 99 | ccmq -s W/newer list
3 | W/newer/history.db: the history is of version 99 | ccmq -s W/newer retry 1
3 | W/newer/history.db: the history is of version 99 | ccmq -s W/newer init --upgrade
3 | W/newer/history.db: the history is of version 99 | ccmq -s W/newer init --if-missing
3 | W/older/history.db: the history is of version 1: a ccmqd that starts upgrades it; where none does, run ccmq init --upgrade | ccmq -s W/older status
ROWS
[ ! -s "$work/zero/history.db" ]
ok "what is empty stays empty: nothing was made of it"
[ ! -e "$work/gone/history.db" ]
ok "no empty history was made over files"

# --- settings ---------------------------------------------------------------

# wrong WORDS LINE: a settings file that says that.
wrong()
{
	printf 'store = "%s";\n%s\n' "$store" "$2" >"$work/wrong.conf"
	told 3 "wrong.conf:2: $1" ccmq -c wrong.conf status
}
wrong 'unknown setting "import.timout"; did you mean "import.timeout"?' \
	'import: { timout = "5m"; };'
wrong 'unknown setting "zzz": ccmqd --print-sample shows those there are' \
	'zzz = 1;'
wrong 'import.interval: wants a duration in quotes such as "30s", not a number' \
	'import: { interval = 15; };'
wrong 'import.lanes: 17 is out of range (from 1 to 16)' \
	'import: { lanes = 17; };'
wrong 'a number of more than nine digits' 'limits: { crashed = 4294967299; };'
wrong '@include is refused: the settings are one file' '@include "x"'
wrong 'mail.code_page: ' 'mail: { code_page = "99999"; };'
wrong 'advice: there is no verdict "triped"; did you mean "tripped"?' \
	'advice: { triped = "call"; };'
wrong 'syntax error' 'import = = 1;'
if "$ccmq" --mdoc-keys >/dev/null 2>&1; then	# with the console
	wrong 'console.keys: no key "Nokey"' \
		'console: { keys = ( { key = "Nokey"; action = "quit"; } ); };'
	wrong 'console.keys: key "F9": no action "quti"; did you mean "quit"?' \
		'console: { keys = ( { key = "F9"; action = "quti"; } ); };'
	wrong 'console.host_color: "pinkish" is no colour: black red' \
		'console: { host_color = "pinkish"; };'
fi
printf 'store = "%s";\nimport: { program = [ "x", "--worker", "%%f" ]; };\n' \
	"$store" >"$work/wrong.conf"
told 3 "import.program has an argument with %f" ccmqd -c wrong.conf

# --- who may what -----------------------------------------------------------

settings
chmod 666 "$config"
told 3 "$config can be changed by everybody (mode 0666): chmod o-w $config" \
	ccmqd -c "'$config'"
chmod 644 "$config"
mkdir "$work/loose"
chmod 777 "$work/loose"
printf '#!/bin/sh\n' >"$work/loose/program"
chmod 755 "$work/loose/program"
settings "import: { program = [ \"$work/loose/program\", \"%f\" ]; };"
told 3 "import.program: $work/loose can be changed by everybody (mode 0777)" \
	ccmqd -c "'$config'"
nobody='setpriv --reuid 65533 --clear-groups --regid 65533'
chmod 711 "$work"
if ! can_become 65533; then
	skip "another user" "needs root, and a build that others can enter"
else
	nobody="HOME=/nonexistent $nobody '$ccmq'"
	# What others may write is no home of settings.
	mkdir -p "$work/home/.config/ccmq"
	echo "store = \"$store\";" >"$work/home/.config/ccmq/ccmq.conf"
	chown -R 65533 "$work/home"
	chmod 3777 "$work/home"
	told 3 "settings: $work/home belongs to uid 65533" \
		HOME="'$work/home'" "'$ccmqd'"
	chown 0 "$work/home"
	told 3 "settings: $work/home/.config belongs to uid 65533" \
		HOME="'$work/home'" "'$ccmqd'"
	told 3 "no permission to enter the store $store: operators are in the group" \
		"$nobody" -s "'$store'" status
	chmod -R o+rX "$store"
	told 3 "no permission to write $store/history.db: operators are in the group" \
		"$nobody" -s "'$store'" retry 1
	# What may not be taken out of submit/ is no fault of the history.
	program 'exit 0'
	settings "$(import_setting)"
	drop a.ccm
	chmod -R o-rwx "$store"
	chown -R 65533:65533 "$store"
	chmod 2550 "$store/submit"
	HOME=/nonexistent setpriv --reuid 65533 --clear-groups --regid 65533 \
		"$ccmqd" -c "$config" >>"$work/log" 2>&1 &
	daemon=$!
	told_of_submit()
	{
		q events | grep -qF "rename $store/submit/a.ccm to $store/queue/"
	}
	wait_for 10 told_of_submit
	ok "an event names both directories"
	q status >"$work/out"
	grep '^!' "$work/out" | sed 's/^/# /'
	grep -q 'cannot be moved, submit/' "$work/out" &&
		! grep -q 'history cannot' "$work/out"
	ok "the verdict speaks of submit/, not of the history"
fi

# --- a disk without inodes --------------------------------------------------

stop TERM
mkdir "$work/small"
on_small()
{
	unshare -m sh -c 'mount -t tmpfs -o size=20m,nr_inodes=900 tmpfs "$1" &&
		"$2" -c "$4" init && "$3" -c "$4" --once; "$2" -c "$4" events' \
		sh "$work/small" "$ccmq" "$ccmqd" "$work/small.conf"
}
printf 'store = "%s"; disk: { min_free = "1M"; };\n' "$work/small/s" \
	>"$work/small.conf"
printf 'import: { program = [ "/bin/false", "%%f" ]; };\n' >>"$work/small.conf"
if unshare -m sh -c 'mount -t tmpfs tmpfs "$1"' sh "$work/small" 2>/dev/null
then
	on_small >"$work/out" 2>&1
	grep ' 98 ' "$work/out" | sed 's/^/# /'
	grep -q ' 98 .* free inodes, 1000 are wanted' "$work/out"
	ok "event 98 for want of inodes speaks of inodes"
else
	n=$((n + 1))
	echo "ok $n - event 98 for want of inodes # SKIP no file system of our own"
fi
finish
