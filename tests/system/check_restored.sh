#!/bin/sh
# A backup of history.db is put back, taken at each point of a small run: until
# check --repair nothing is taken in and nothing starts; after it each message
# is somewhere, once or set aside, and no CCMQ_ID was ever seen before. TAP.
. "$srcdir/tests/system/lib.sh"

# What it imports lands in delivered/, under its key: as a post office would
# have it. What names itself bad comes to failed/.
program 'grep -q "Subject: bad" "$1" && exit 5
mkdir -p "'"$work"'/delivered"
cp "$1" "'"$work"'/delivered/$CCMQ_ID"'

once()
{
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
}

points=0
# A backup as an administrator takes it.
backup()
{
	points=$((points + 1))
	sqlite3 "$store/history.db" ".backup '$work/backup-$points'"
	chmod 660 "$work/backup-$points"
}

# The run: what is imported, failed, quarantined, purged, waits, is not yet
# taken in; a backup after each step.
run()
{
	rm -rf "$store" "$work/delivered" "$work/starts" "$work"/backup-*
	points=0
	"$ccmq" -s "$store" init >/dev/null
	backup
	drop ok-1.ccm
	q hold --reason test >/dev/null
	once
	backup
	q resume >/dev/null
	once
	backup
	for name in bad-1 bad-2 bad-3 ok-2; do
		drop "$name.ccm"
	done
	once
	backup
	q quarantine --reason test 3 >/dev/null 2>&1
	backup
	id=$(sql "SELECT max(id) FROM message WHERE state = 'failed'")
	q purge --yes --reason test "$id" >/dev/null 2>&1
	backup
	q hold --reason test >/dev/null
	drop bad-4.ccm
	sleep 0.01		# their order; the last id leaves no file
	drop ok-3.ccm
	once
	backup
	q resume >/dev/null
	once
	rm -rf "$work/final"
	cp -a "$store" "$work/final"
	cp -a "$work/delivered" "$work/final-delivered"
	cp "$work/starts" "$work/final-starts"
}

# The same store with the history of a point.
restore()
{
	rm -rf "$store" "$work/delivered"
	cp -a "$work/final" "$store"
	cp -a "$work/final-delivered" "$work/delivered"
	cp "$work/final-starts" "$work/starts"
	rm -f "$store"/history.db*
	cp -p "$work/backup-$1" "$store/history.db"
}

# Every subject that was dropped, in how many files of the store and of the
# post office it is: none may be nowhere.
nowhere()
{
	for s in ok-1 bad-1 bad-2 bad-3 ok-2 ok-3 bad-4 new; do
		grep -rlq "Subject: $s" "$store/queue" "$store/failed" \
			"$store/quarantine" "$store/trash" \
			"$store/imported" "$work/delivered" || echo "$s"
	done
}

# What waits to be imported, or was, twice: without a mark on it.
unmarked_twice()
{
	for f in "$work"/delivered/*; do
		grep -h "^Subject: " "$f"
	done | sort | uniq -d
}

# Does the history that is there know the last id that was given?
knows_all()
{
	[ "$(sql "SELECT seq FROM sqlite_sequence WHERE name = 'message'")" -ge \
		"$(sqlite3 -readonly "$work/final/history.db" \
			'SELECT max(id) FROM message')" ]
}

# Only the last one knows all ids: it can give none again, and its files are
# not where it says.
look()
{
	q check >"$work/out" 2>&1
	checked=$?
	if knows_all; then
		is "$2, point $1: check sees it" 1 $checked
		once
		return
	fi
	is "$2, point $1: check says why" "1 1" \
		"$checked $(grep -c 'an old one was restored' "$work/out")"
	once
	is "$2, point $1: nothing is taken in, nothing starts" "$before 1" \
		"$(starts) $(ls "$store/submit" | wc -l | tr -d ' ')"
	is "$2, point $1: it is not well" act \
		"$(q status --json | jq -r .severity)"
}

try_point()
{
	restore "$1"
	before=$(starts)
	drop new.ccm
	look "$1" "$2"
	q check --repair >"$work/out" 2>&1
	is "$2, point $1: --repair mends all" 0 $?
	said=$(q check 2>&1)
	is "$2, point $1: then nothing" "" "$said"
	q resume >/dev/null 2>&1
	once
	once
	is "$2, point $1: no message is nowhere" "" "$(nowhere)"
	is "$2, point $1: the new one is imported" 1 \
		"$(grep -l 'Subject: new' "$work"/delivered/* | wc -l |
			tr -d ' ')"
	is "$2, point $1: no key of a new message was seen before" "" \
		"$(tail -n +$((before + 1)) "$work/starts" | sort -u |
			grep -Fxf "$work/final-starts" | while read -r key; do
			id=${key#*-*-*-*-*-}
			sqlite3 "$work/backup-$1" "SELECT CASE WHEN count(*) =
				0 THEN '$key' END FROM message WHERE
				id = ${id%-*}" | sed '/^$/d'
		done)"
	twice=$(unmarked_twice)
	is "$2, point $1: what was delivered twice says perhaps" "" \
		"$(for s in $twice; do
			[ "$s" = Subject: ] || sql "SELECT '$s' WHERE NOT
				EXISTS (SELECT 1 FROM message WHERE subject =
				'$s' AND maybe_delivered)"
		done)"
}

settings "$(import_setting)" 'keep: { imported = "1d"; };'
run
last=$points
for point in $(seq 1 $((last))); do
	try_point "$point" "kept"
done
settings "$(import_setting)" 'keep: { imported = "0s"; };'
run
for point in $(seq 1 $last); do
	try_point "$point" "not kept"
done
finish
