#!/bin/sh
# store.sh: the store beside the console, for scripts of keys. Everything is
# in $WORK: conf, store/, log, starts (one line an attempt that began).
#
#	new [SETTING...]	an empty store and its settings
#	failed N, imported N	so many messages
#	program TEXT		the import program: what sh does with "$1"
#	start, stop		the connector
#	drop NAME...		as a producer should
#	produce N		drops N without end of line, in the background
#	keep, same		every file of the store is what it was
#	judge			the store can be trusted (see below)
#	half			the newest action on many is half done, or done
#	hostile			makes all texts of the history hostile
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

start()
{
	setsid "$builddir/ccmqd" -c "$conf" >>"$WORK/log" 2>&1 </dev/null &
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
	pid=$(cat "$WORK/ccmqd.pid")
	kill -TERM "$pid"
	tries=400
	while kill -0 "$pid" 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || die "ccmqd does not end"
		sleep 0.05
	done
	rm -f "$WORK/ccmqd.pid"
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
	sed 's/.*-//' "$WORK/starts" | sort -n >"$WORK/began"
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

word=$1
shift
case $word in
new | program | start | stop | drop | produce | same | judge | half | ccmq | sql)
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
recover)
	# What a killed writer left is finished by the next one.
	ccmq hold >/dev/null && ccmq resume >/dev/null
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
