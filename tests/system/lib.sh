# What the system tests share: a private store, dropping, waiting, TAP.
# Sourced; $builddir is the build tree. Nothing here sleeps as a proof.

# Whole paths: programs are started in other directories.
builddir=$(cd "$builddir" && pwd) srcdir=$(cd "$srcdir" && pwd)
ccmq=$builddir/ccmq
ccmqd=$builddir/ccmqd
n=0 bad=0 daemon=
unset CCMQ_CONFIG XDG_CONFIG_HOME

work=$(mktemp -d "$builddir/tests/system-XXXXXX") || exit 1
store=$work/store
config=$work/ccmq.conf
trap 'stop KILL; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# ok WHAT: the status of the command before is the result.
ok()
{
	status=$?
	n=$((n + 1))
	if [ $status -eq 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		[ -f "$work/log" ] && tail -n 6 "$work/log" | sed 's/^/# /'
		bad=1
	fi
}

finish()
{
	stop TERM
	echo "1..$n"
	exit $bad
}

# is WHAT WANTED GOT
is()
{
	[ "$2" = "$3" ] || echo "# wanted \"$2\", got \"$3\""
	[ "$2" = "$3" ]
	ok "$1"
}

# skip WHAT WHY
skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# can_become UID: whether root can become that user and still reach what is
# tested, which is not so below a closed home directory. setpriv looks up what
# it starts while it still may all: hence not ccmq itself.
can_become()
{
	[ "$(id -u)" -eq 0 ] && setpriv --reuid "$1" --regid "$1" \
		--clear-groups test -x "$ccmq" -a -x "$work" 2>/dev/null
}

# settings LINE...: the settings file; the store is in it already.
settings()
{
	{
		printf 'store = "%s";\n' "$store"
		printf 'disk: { min_free = "1M"; };\n'
		printf 'intake: { settle = "%s"; };\n' "${settle:-0s}"
		printf '%s\n' "$@"
	} >"$config"
}

# program BODY: the import program, a script; $1 is the copy, $2 the .und
# file. Each start is logged first.
program()
{
	printf '#!/bin/sh\necho "$CCMQ_ID" >>"%s/starts"\n%s\n' "$work" "$1" \
		>"$work/import.new"
	chmod +x "$work/import.new"
	mv "$work/import.new" "$work/import"
}

starts()
{
	[ -f "$work/starts" ] && wc -l <"$work/starts" | tr -d ' ' || echo 0
}

import_setting()
{
	printf 'import: { program = [ "%s/import", "%%f", "%%u" ]; interval = "1s"; timeout = "%s"; lanes = %s; };' \
		"$work" "${1:-20s}" "${2:-1}"
}

# drop NAME [TEXT]: as a producer should.
drop()
{
	printf 'Message:\r\nFrom: Ops, Night at DEMO\r\nTo: Admin at DEMO\r\nSubject: %s\r\nContents:\r\nText item:\r\n%s\r\n' \
		"$1" "${2:-text}" >"$store/submit/.new"
	mv "$store/submit/.new" "$store/submit/$1"
}

q()
{
	"$ccmq" -c "$config" "$@"
}

start()
{
	"$ccmqd" -c "$config" "$@" >>"$work/log" 2>&1 &
	daemon=$!
}

# stop [SIGNAL]: ends the daemon and waits for it; its exit status.
stop()
{
	[ -n "$daemon" ] || return 0
	kill -"${1:-TERM}" "$daemon" 2>/dev/null
	wait "$daemon" 2>/dev/null
	set -- $?
	daemon=
	return $1
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for()
{
	tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# count STATE: how many, as the status says.
count()
{
	q status --json | jq -r ".$1"
}

# status_has FILTER: what jq makes of the status is true.
status_has()
{
	q status --json | jq -e "$1" >/dev/null
}

# listed WORDS...: list has something to show.
listed()
{
	q list "$@" --json | grep -q .
}

count_is()
{
	[ "$(count "$1")" = "$2" ]
}

# holder JOB: as pgrep -f finds it, among those of other stores.
holder()
{
	echo "^ccmq .*/${work##*/}/.* job $1 hold\$"
}

# Whether this build's memory says nothing.
sanitized()
{
	grep -q __asan_init "$ccmqd"
}

sign_is_not()
{
	[ "$(count last_sign_at)" != "$1" ]
}

# scans N: waits until the connector has looked into submit/ N times more.
scans()
{
	left=$1
	while [ "$left" -gt 0 ]; do
		wait_for 15 sign_is_not "$(count last_sign_at)" || return 1
		left=$((left - 1))
	done
}

sql()
{
	sqlite3 -readonly "$store/history.db" "$1"
}

consistent()
{
	words=$(q check 2>&1)
	is "check has nothing to say" "" "$words"
	is "the history is sound" "ok" "$(sql 'PRAGMA integrity_check')"
}

"$ccmq" -s "$store" init >/dev/null || exit 1
