#!/bin/sh
# store.sh: the store beside the console, for scripts of keys. Everything is
# in $WORK: conf, store/, log, starts (one line an attempt that began).
#
#	new [SETTING...]	an empty store and its settings
#	failed N, imported N	so many messages
#	program TEXT		the import program: what sh does with "$1"
#	start [OPTION], stop	the connector
#	theirs			settings and directories of one to be watched, in
#				theirs/
#	theirs_start, theirs_stop	that one; "bad" in it is poison
#	put NAME SUBJECT	a message for that one
#	commands		F6 tells what it got, F7 mends causes and writes
#	drop NAME...		as a producer should
#	produce N		drops N without end of line, in the background
#	with NAME=VALUE...	the console with elsewhere.c, which see
#	kill			the connector, so that it can do nothing more
#	keep, same		every file of the store is what it was
#	judge			the store can be trusted (see below)
#	half			the newest action on many is half done, or done
#	nasty_drop, hostile	messages full of escape sequences; so the history
#	cut			a retry of all that was killed when one was done
#	holder			of a job has nothing of a terminal
#	stopped N		a job stopped behind batch N, with the one in hand
#	batches N		so many batches of a job are done
#	recover			finishes what a killed writer left
#	is WHAT WANTED QUERY	its answer; some, none QUERY: rows or no rows
#	ccmq, sql WORDS...	with this store
set -u

store=$WORK/store
conf=$WORK/conf

ccmq()
{
	"$builddir/ccmq" -c "$conf" "$@"
}

sql()
{
	sqlite3 -readonly -cmd '.timeout 5000' "$store/history.db" "$1"
}

die()
{
	echo "$*"
	exit 1
}

# is WHAT WANTED GOT
is()
{
	[ "$2" = "$3" ] || die "$1: wanted \"$2\", got \"$3\""
}

new()
{
	rm -rf "$store"
	: >"$WORK/starts"
	{
		echo "store = \"$store\";"
		echo 'disk: { min_free = "1M"; };'
		echo "import: { program = [ \"$WORK/import\", \"%f\", \"%u\" ];" \
			'interval = "1s"; };'
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$conf"
	program 'exit 0'
	ccmq init >/dev/null
}

program()
{
	printf '#!/bin/sh\necho "$CCMQ_ID" >>"%s/starts"\n%s\n' "$WORK" "$1" \
		>"$WORK/import.new"
	chmod +x "$WORK/import.new"
	mv "$WORK/import.new" "$WORK/import"
}

# A program of the site's notes what it got, and what it has of ours.
commands()
{
	printf '#!/bin/sh\ncat >"%s/got.new"; mv "%s/got.new" "%s/got"\necho "ticket of $1"; ls /proc/self/fd | wc -l; tty; ps -o sid= -p $$ | grep -qx " *$$" && echo own session\nexit 3\n' \
		"$WORK" "$WORK" "$WORK" >"$WORK/ticket"
	chmod 755 "$WORK/ticket"
	echo "commands: ( { key = \"F6\"; name = \"open ticket\";
		run = [ \"$WORK/ticket\", \"hq\" ]; where = \"message cause\"; },
		{ key = \"F7\"; name = \"mend it\"; where = \"cause\";
		run = [ \"$WORK/ticket\", \"it\" ]; writes = true; } );" >>"$conf"
}

start()
{
	setsid "$builddir/ccmqd" -c "$conf" "$@" >>"$WORK/log" 2>&1 </dev/null &
	echo $! >"$WORK/ccmqd.pid"
	tries=200
	until ccmq status --json | grep -q '"pid": *[1-9]'; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || die "ccmqd does not start"
		sleep 0.05
	done
}

stop()
{
	end "$WORK/ccmqd.pid" ccmqd
}

# end FILE WHAT: the process whose id is in the file.
end()
{
	pid=$(cat "$1")
	kill -TERM "$pid"
	tries=400
	# Where nobody waits for orphans, as in some containers, it stays as a
	# zombie.
	while grep -q '^State:.*[^Z] (' "/proc/$pid/status" 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || die "$2 does not end"
		sleep 0.05
	done
	rm -f "$1"
}

# No cycle but the first comes while a script runs: what is seen is seen
# because something changed.
theirs()
{
	t=$WORK/theirs
	rm -rf "$t"
	mkdir -p "$t/SUBMIT" "$t/IMPORT" "$t/BAD" "$t/PO"
	: >"$t/ccmc.log"
	new "foreign: { submit = \"$t/SUBMIT\"; import = \"$t/IMPORT\";
		bad = \"$t/BAD\"; und = \"$t/IMPORT/ccmail.und\";
		log = \"$t/ccmc.log\"; cycle = \"1h\"; };"
}

theirs_start()
{
	setsid sh "$srcdir/data/demo/original.sh" -c 0.3 -p '^Subject: bad' \
		"$WORK/theirs" >>"$WORK/log" 2>&1 </dev/null &
	echo $! >"$WORK/theirs.pid"
}

theirs_stop()
{
	end "$WORK/theirs.pid" "the other connector"
}

put()
{
	printf 'Message:\r\nFrom: Ops, Night at HUB\r\nSubject: %s\r\nContents:\r\nText item:\r\ntext\r\n' \
		"$2" >"$WORK/theirs/.new"
	mv "$WORK/theirs/.new" "$WORK/theirs/SUBMIT/$1"
}

drop()
{
	for name in "$@"; do
		printf 'Message:\r\nFrom: Ops, Night at DEMO\r\nTo: Admin at DEMO\r\nSubject: %s\r\nContents:\r\nText item:\r\ntext of %s\r\n' \
			"$name" "$name" >"$store/submit/.$name"
		mv "$store/submit/.$name" "$store/submit/$name"
	done
}

# Odd ones are good and even ones bad, for a program that looks.
produce()
{
	(
		i=0
		while [ $i -lt "$1" ]; do
			i=$((i + 1))
			drop "M$i.ccm"
		done
		echo $i >"$WORK/produced"
	) >/dev/null 2>&1 </dev/null &
	echo $! >"$WORK/producer.pid"
}

# SQLite's shared memory is not the store: readers note there what they read.
fingerprint()
{
	(cd "$store" && find . -type f ! -name '*-shm' | LC_ALL=C sort |
		xargs -d '\n' sha256sum)
}

same()
{
	fingerprint | diff "$WORK/kept" -
}

# ccmq check is silent; each attempt is recorded and began once; every action
# on two or more says why and is finished; every item of one says what became
# of it; a message that a person changed names the action.
judge()
{
	is "check" "" "$(ccmq check 2>&1)"
	is "integrity" ok "$(sql 'PRAGMA integrity_check')"
	is "open attempts" 0 \
		"$(sql 'SELECT count(*) FROM attempt WHERE ended_at IS NULL')"
	sed 's/-[0-9a-f]\{16\}$//; s/.*-//' "$WORK/starts" | sort -n >"$WORK/began"
	sql "SELECT message FROM attempt ORDER BY message" >"$WORK/recorded"
	is "attempts" "" "$(diff "$WORK/began" "$WORK/recorded" |
		head -n 5)"
	is "counted attempts" 0 "$(sql 'SELECT count(*) FROM message WHERE
		attempts <> (SELECT count(*) FROM attempt WHERE message =
		message.id)')"
	is "actions on many without a reason" 0 "$(sql "SELECT count(*)
		FROM action WHERE total > 1 AND undo_of = 0 AND
		ifnull(trim(reason), '') = ''")"
	is "messages that nobody knows how they came there" 0 "$(sql "SELECT
		count(*) FROM message WHERE state IN ('quarantined', 'purged')
		AND NOT EXISTS (SELECT 1 FROM item WHERE message = message.id
		AND result IN ('done', 'noted'))")"
	is "open moves" 0 "$(sql 'SELECT count(*) FROM message
		WHERE move_to IS NOT NULL')"
}

# Each of its ids is done or pending, the sum is right, done is done.
half()
{
	action=$(sql 'SELECT max(id) FROM action WHERE total > 1000')
	[ -n "$action" ] || die "no action on many"
	is "neither done nor pending" "" "$(sql "SELECT DISTINCT result FROM
		item WHERE action = $action AND result NOT IN
		('done', 'pending')")"
	is "items" "$(sql "SELECT total FROM action WHERE id = $action")" \
		"$(sql "SELECT count(*) FROM item WHERE action = $action")"
	is "done, but still failed" 0 "$(sql "SELECT count(*) FROM item JOIN
		message m ON m.id = item.message WHERE action = $action AND
		item.result = 'done' AND m.state = 'failed'")"
	is "pending, but not failed" 0 "$(sql "SELECT count(*) FROM item JOIN
		message m ON m.id = item.message WHERE action = $action AND
		item.result = 'pending' AND m.state <> 'failed'")"
	sql "SELECT count(*) || ' were done' FROM item WHERE action = $action
		AND result = 'done'" >>"$WORK/half"
}

# Who carries the job out has a session of its own, and nothing of a terminal's
# or of anybody's files.
holder()
{
	pid=$(pgrep -f -- "-s $store .*hold\$")
	[ -n "$pid" ] || die "no holder"
	is "its session and terminal" "$pid ?" \
		"$(ps -o sid=,tty= -p "$pid" | tr -s ' ' | sed 's/^ //')"
	is "descriptors" "" "$(readlink /proc/"$pid"/fd/* |
		grep -v -e "^/dev/null" -e "^$store" -e "^anon_inode:")"
}

# As a history of a time in which the command did the work itself.
cut()
{
	ccmq retry --match state:failed --rate 1/m --reason cut >/dev/null &&
		ccmq job 1 pause >/dev/null || exit 1
	until [ -z "$(ls "$store/jobs")" ]; do
		sleep 0.05
	done
	sqlite3 "$store/history.db" 'UPDATE action SET job = 0,
		job_state = NULL, job_by = NULL, rate = 0, next_at = NULL'
}

# stopped N: the newest job stopped after the batch in hand when N were done,
# or was through.
stopped()
{
	is "stopped after the batch in hand" 1 "$(sql "SELECT (job_state =
		'stopped' AND done <= ($1 + 2) * 1000) OR done = total
		FROM action WHERE job = 1 ORDER BY id DESC LIMIT 1")"
}

# What must never reach a terminal: titles, the clipboard, paste marks,
# reports, attributes, controls, C1 in both forms, directions, bytes that are
# no UTF-8, a thousand marks on one letter.
nasties()
{
	marks=$(printf '\314\201%.0s' $(seq 1000))
	printf '\033]0;OWNED\007\n'
	printf '\033]52;c;b3duZWQ=\007\n'
	printf '\033[200~rX\033[201~\n'
	printf '\033[6n\033[c\033[5n\033[21t\n'
	printf '\033[1;31;5;8mred\033P+q544e\033\\\n'
	printf '\302\2332J\302\2350;OWNED\302\234\n'
	printf '\2332J\2350;OWNED\234\n'
	printf '\342\200\256txt.exe\342\201\246x\342\200\213\n'
	printf '\377\376\300\257\355\240\200\n'
	printf 'e%s\n' "$marks"
	printf 'a\r\b\t\013\014\016\017\177b\033c\n'
}

# A message and an entry of the .und file that are full of them.
nasty_drop()
{
	i=0
	nasties | while IFS= read -r n; do
		i=$((i + 1))
		printf 'Message:\r\nFrom: %s at DEMO\r\nTo: %s at HUB\r\nSubject: %s\r\nOwner: %s\r\nContents:\r\nText item: %s\r\nbody %s end\r\nFile item: %s.txt\r\nfile %s\r\n' \
			"$n" "$n" "$n" "$n" "$n" "$n" "$n" "$n" \
			>"$store/submit/.nasty"
		mv "$store/submit/.nasty" \
			"$store/submit/N$(printf %s "$n" | tr -d '/' |
			head -c 200).ccm"
	done
}

# The texts of the history, too, each row with another one.
hostile()
{
	i=0
	nasties | while IFS= read -r n; do
		hex=$(printf %s "$n" | od -An -v -tx1 | tr -d ' \n')
		t="CAST(x'$hex' AS TEXT)"
		echo "UPDATE message SET subject = $t, from_addr = $t,
			to_addrs = $t, date_text = $t, reason = $t,
			action_reason = $t, action_by = $t
			WHERE id % 11 = $i;
		UPDATE cause SET reason = $t WHERE id % 11 = $i;
		UPDATE attempt SET reason = $t, output = x'$hex'
			WHERE id % 11 = $i;
		UPDATE event SET text = $t WHERE id % 11 = $i;
		UPDATE action SET reason = $t, by = $t, tty = $t
			WHERE id % 11 = $i;
		UPDATE item SET why = $t WHERE message % 11 = $i;
		UPDATE und_entry SET reason = $t WHERE id % 11 = $i;
		UPDATE connector SET hold_by = $t, hold_reason = $t,
			last_error = NULL WHERE $i = ${1:-0};"
		i=$((i + 1))
	done | sqlite3 "$store/history.db"
}

word=$1
shift
case $word in
new | program | commands | start | stop | drop | produce | same | judge | half | \
	theirs | theirs_start | theirs_stop | put | cut | holder | stopped | nasty_drop | hostile | ccmq | sql)
	$word "$@"
	;;
is)
	is "$1" "$2" "$(sql "$3")"
	;;
some)
	[ -n "$(sql "$1 LIMIT 1")" ]
	;;
none)
	is "rows" "" "$(sql "$1 LIMIT 1")"
	;;
batches)
	[ "$(sql "SELECT count(*) / 1000 FROM item WHERE result = 'done' AND
		action = (SELECT max(id) FROM action WHERE job = 1)")" -ge \
		"$1" ] && [ -n "$(sql 'SELECT 1 FROM action WHERE job = 1')" ]
	;;
recover)
	# What a killed writer left is finished by the next one.
	ccmq hold --reason look >/dev/null && ccmq resume >/dev/null
	;;
with)
	exec env LD_PRELOAD=elsewhere.so "$@" \
		LD_LIBRARY_PATH="$builddir/tests/screen" \
		"$builddir/ccmq" -c "$conf"
	;;
kill)
	kill -KILL "$(cat "$WORK/ccmqd.pid")"
	;;
failed | imported)
	"$builddir/bench/bench_fill" $word "$store" "$1" && seq "$1" >>"$WORK/starts"
	;;
keep)
	fingerprint >"$WORK/kept"
	;;
*)
	die "store.sh: no such word: $word"
	;;
esac
