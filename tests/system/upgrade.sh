#!/bin/sh
# A history of an older version is brought up to date by ccmq init --upgrade, and
# by ccmqd at its start, holds what it held, and tells of times before. TAP.
. "$srcdir/tests/system/lib.sh"

# make_old VERSION: the history as that version had it, with what is in it.
make_old()
{
	old=$work/old.db
	rm -f "$old"
	sqlite3 "$old" <"$srcdir/tests/system/history-$1.sql" &&
	for table in $(sqlite3 "$old" "SELECT name FROM sqlite_schema WHERE type =
			'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN
			('tally', 'und_tally')"); do	# triggers fill these
		columns=$(sqlite3 "$old" \
			"SELECT group_concat(name) FROM pragma_table_info('$table')")
		sqlite3 "$old" "ATTACH '$store/history.db' AS new;
			DELETE FROM main.$table;
			INSERT INTO main.$table ($columns)
			SELECT $columns FROM new.$table" || return
	done
	rm -f "$store"/history.db*
	mv "$old" "$store/history.db"
	sqlite3 "$store/history.db" 'PRAGMA journal_mode = WAL' >/dev/null
	chmod 660 "$store"/history.db*
}

settings "$(import_setting)"
program 'printf "Message:\nFrom: x at DEMO\n***  Disk error in creating message item  ***\nContents:\nText item:\nlost\n" >>"$2"
exit 1'
drop one.ccm
drop two.ccm
drop three.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "a store with three failures" 3 "$(count failed)"
# What a table and an index have, not how it was written when it was made.
shape()
{
	sql "SELECT s.type, s.name, group_concat(c.name || ' ' || c.type ||
			c.'notnull' || ifnull(c.dflt_value, '') || c.pk || c.hidden, ', ')
		FROM sqlite_schema s JOIN pragma_table_xinfo(s.name) c
		WHERE s.type IN ('table', 'view') GROUP BY 2
		UNION SELECT type, name, sql FROM sqlite_schema
		WHERE type IN ('index', 'trigger') ORDER BY 2" | tr -s ' \n\t' ' '
}
schema=$(shape)
tally=$(sql "SELECT * FROM und_tally")

for version in 1 2 3; do
	make_old $version
	sqlite3 "$store/history.db" 'UPDATE message SET suspect = 1 WHERE id = 3'
	q retry 1 --reason old 2>&1 | grep -q "init --upgrade"
	ok "version $version: a verb refuses it, and says what helps"
	q init --upgrade >/dev/null
	ok "version $version: init --upgrade"
	is "version $version: the schema is that of a new one" "$schema" "$(shape)"
	is "version $version: since when a suspect is one" "$(sql 'SELECT max(ended_at)
		FROM attempt WHERE message = 3')" \
		"$(sql 'SELECT max(suspect_at) FROM attempt WHERE message = 3')"
	is "version $version: the .und file is counted by reason" "$tally" \
		"$(sql "SELECT * FROM und_tally")"
	is "version $version: what was delivered keeps its key" 0 \
		"$(sql "SELECT count(*) FROM message WHERE key <> ''")"
	q init --upgrade >/dev/null
	ok "version $version: a second time there is nothing to do"
	q retry $version --reason new >/dev/null
	ok "version $version: verbs work again"
	q verify >/dev/null
	ok "version $version: it is sealed from the upgrade on"
	is "version $version: a follower is told each transaction since" \
		"$(seq "$(sql 'SELECT max(id) FROM seal')" | tr '\n' ' ')" \
		"$(q changes --json | jq -r 'select(.kind == "seal").txn' |
			tr '\n' ' ')"
done

make_old 3
sqlite3 "$store/history.db" 'ALTER TABLE attempt ADD COLUMN suspect_at INTEGER;
	CREATE INDEX attempt_suspect ON attempt (suspect_at)
	  WHERE suspect_at IS NOT NULL'
q init --upgrade >/dev/null
ok "version 3 of a build that had a part of version 4"
is "its schema is that of a new one" "$schema" "$(shape)"

make_old 1
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "ccmqd does it by itself" 4 "$(sql 'PRAGMA user_version')"
is "and goes on with its work" 3 "$(count failed)"
q check >/dev/null
ok "check finds nothing"

# --- what old rows tell of changes ----------------------------------------------
# An incident is played; what was true at each of its moments is kept. Then the
# history forgets how: it becomes one of version 2, and is brought up to date.
program 'grep -q BAD "$1" && ! [ -e "'"$work"'/mended" ] && exit 1
grep -q LATER "$1" && ! [ -e "'"$work"'/later" ] && exit 2
exit 0'
settings "$(import_setting)" 'backoff: { first = "1s"; cap = "1s"; };' \
	'breaker: { unavailable = 1000; rejected = 1000; };'

moments=0
look()
{
	date -u +%Y-%m-%dT%H:%M:%S.%3NZ >"$1.at"
	q list --state all --json | jq -cS '{id, state, result_code, class}' \
		>"$1.list"
}

keep()
{
	moments=$((moments + 1))
	look "$work/moment$moments"
	while look "$work/again" &&
	    ! cmp -s "$work/moment$moments.list" "$work/again.list"; do
		look "$work/moment$moments"
	done
	wait_for 5 later_than "$(cat "$work/again.at")"
}

later_than()
{
	[ "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" \> "$1" ]
}

q purge --match state:failed --reason clean --yes >/dev/null
for i in 1 2 3 4; do
	drop "good$i.ccm"
	drop "bad$i.ccm" BAD
done
drop later.ccm LATER
start
wait_for 20 count_is failed 4 && wait_for 20 listed --match 'state:deferred attempts>=2'
q hold --reason 'that it stands still' >/dev/null
wait_for 20 count_is importing 0
keep
drop behind.ccm
wait_for 20 count_is queued 1
keep
one=$(q list --state failed --match name:bad1 --json | jq .id)
two=$(q list --state failed --match name:bad2 --json | jq .id)
q quarantine "$one" >/dev/null
keep
q purge "$two" --yes >/dev/null
keep
touch "$work/mended" "$work/later"
q retry --match state:deferred --reason mended >/dev/null
keep
q release "$one" >/dev/null
keep
q restore "$two" >/dev/null
keep
failed_at=$(sql "SELECT failed_at FROM message WHERE id = $two")
q resume >/dev/null
wait_for 20 count_is imported 7
q hold --reason 'again' >/dev/null
keep
stop TERM
keep
changes=$(sql "SELECT at, message, state_from, since_from, state_to, attempt, action FROM change ORDER BY message, at")
begun=$(sql "SELECT id, from_state, from_since FROM attempt")
make_old 2
start
filled()
{
	[ "$(sql 'SELECT fill_below FROM connector')" = 0 ]
}
wait_for 30 filled
ok "ccmqd fills in what attempts and actions tell of changes"
is "and comes to the same rows" "$changes" \
	"$(sql "SELECT at, message, state_from, since_from, state_to, attempt, action FROM change ORDER BY message, at")"
is "so it does for where attempts began" "$begun" \
	"$(sql "SELECT id, from_state, from_since FROM attempt")"
is "a message failed when it failed, whatever was done since" "$failed_at" \
	"$(sql "SELECT failed_at FROM message WHERE id = $two")"
i=0
while [ $i -lt $moments ]; do
	i=$((i + 1))
	q list --state all --at "$(cat "$work/moment$i.at")" --json |
		jq -cS '{id, state, result_code, class}' >"$work/list"
	diff "$work/moment$i.list" "$work/list" | sed 's/^/# /'
	cmp -s "$work/moment$i.list" "$work/list"
	ok "moment $i of before the upgrade is told"
done
q status --at "$(cat "$work/moment1.at")" | grep -q 'AS IT WAS AT .*, as far as known$'
ok "as far as known"
stop TERM
q verify >/dev/null
ok "what was filled in is sealed"

q check
ok "check still finds nothing"

# --- on a disk that is nearly full ------------------------------------------------
# What the tables take is given back if they cannot be made; what fills in waits
# while there is less room than mail wants, and nothing is lost.
left_is()
{
	[ "$(sql 'SELECT fill_below FROM connector')" = "$1" ]
}

# fill_up KILOBYTES: what is left on the small disk.
fill_up()
{
	rm -f "$work/small/filler"
	free=$(df -k --output=avail "$work/small" | tail -n 1)
	head -c $(((free - $1) * 1024)) /dev/zero >"$work/small/filler"
}

# make_large N: a store with a history of version 2 with so many messages.
make_large()
{
	"$ccmq" -s "$store" init >/dev/null
	settings "$(import_setting)"
	sed 's/min_free = "1M"/min_free = "8M"/' "$config" >"$config.new"
	mv "$config.new" "$config"
	"$builddir/bench/bench_fill" rows "$store" "$1"
	make_old 2
}

refuses()
{
	q init --upgrade 2>"$work/said" && return 1
	grep -q "$1" "$work/said" && [ "$(sql 'PRAGMA user_version')" = 2 ]
}

# More than SQLite keeps in memory, and a file that may not grow.
store=$work/large
make_large 100000
(trap '' XFSZ; ulimit -f 2048; refuses 'upgrade the history')
ok "tables that cannot be made are not"
is "and what they took is given back" 0 "$(stat -c %s "$store/history.db-wal")"
q init --upgrade >/dev/null
ok "later they can"
rm -rf "$store"

on_a_small_disk()
{
	mkdir "$work/small"
	mount -t tmpfs -o size=40m tmpfs "$work/small" 2>/dev/null || return 1
	trap 'stop KILL; umount "$work/small"; rm -rf "$work"' EXIT
	store=$work/small/store
	make_large 2000
	fill_up 1000
	refuses 'free: nothing was changed'
	ok "there is no room for the tables: init --upgrade says so first"
	"$ccmqd" -c "$config" --once >"$work/said" 2>&1
	is "and so does ccmqd" "3 1" "$? $(grep -c 'nothing was changed' "$work/said")"
	fill_up 10000
	drop before.ccm
	start
	wait_for 60 left_is 2000 && wait_for 20 count_is imported 1
	ok "there is little: the tables are brought up to date, mail goes on"
	scans 7			# no step of what fills in is further away
	left_is 2000 && grep -q 'told once one and a half' "$work/log"
	ok "what is filled in waits, and says so"
	fill_up 5000
	wait_for 30 status_has '.verdict == "disk"'
	drop meanwhile.ccm
	scans 2
	left_is 2000 && count_is imported 1
	ok "there is too little: so does mail"
	rm "$work/small/filler"
	wait_for 60 left_is 0 && wait_for 20 count_is imported 2
	ok "there is room: both go on"
	is "nothing is missing" "2002 2000" "$(sql 'SELECT count(*) FROM message') $(sql "SELECT
		count(DISTINCT message) FROM change WHERE state_to = 'failed'")"
	stop TERM
	q verify >/dev/null
	ok "and all of it is sealed"
	umount "$work/small"
	trap 'stop KILL; rm -rf "$work"' EXIT
	store=$work/store
}
on_a_small_disk || echo "# no small disk can be mounted here"
finish
