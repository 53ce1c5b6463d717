#!/bin/bash
# Two ccmq and one ccmqd at the same messages at once, some of them stopped
# and continued in the middle: each change once, the loser told. TAP.
. "$srcdir/tests/system/lib.sh"

messages=300
settings "$(import_setting)" 'limits: { rejected = 1; };' \
	'breaker: { rejected = 1000; };'
program 'case $1 in *[02468].ccm) exit 1;; esac; exit 0'
q hold --reason "the test fills the store" >/dev/null
start
for i in $(seq 1 $messages); do drop "M$i.ccm"; done
wait_for 20 count_is queued $messages
ok "$messages messages are queued"
q resume >/dev/null

# Each writer goes over all messages with each verb, for some seconds.
writer()
{
	local until=$((SECONDS + 5)) verb code
	while [ $SECONDS -lt $until ]; do
		for verb in quarantine release purge restore retry; do
			seq 1 $messages | timeout 60 "$ccmq" -c "$config" \
				"$verb" - --yes --json --reason "$1" \
				>>"$work/results.$1" 2>>"$work/notices.$1"
			code=$?
			[ $code -le 1 ] || echo "$verb: $code" >>"$work/faults"
		done
	done
}

# Stops what runs a verb for a moment, again and again: INT, TSTP and their
# like wait while write.lock is held.
disturb()
{
	local pid
	while [ ! -e "$work/over" ]; do
		for pid in $(pgrep -f "^$ccmq -c $config " | head -n 1); do
			kill -TSTP "$pid" 2>/dev/null
			sleep 0.1
			kill -CONT "$pid" 2>/dev/null
		done
		sleep 0.1
	done
}

: >"$work/faults"
writer one & one=$!
writer two & two=$!
disturb & third=$!
wait $one $two
: >"$work/over"
wait $third
is "no command failed but for what it said" "" "$(cat "$work/faults")"
acted=$(cat "$work"/results.* | jq -r 'select(.result == "done") | .id' | wc -l)
[ "$acted" -gt $messages ]
ok "they have acted ($acted times)"
is "what they were told is what the history says" "$acted" "$(sql \
	"SELECT count(*) FROM item WHERE result = 'done'")"
lost=$(cat "$work"/results.* | jq -r 'select(.result != "done" and
	.result != "noted" and (.why == null or .why == "")) | .id' | wc -l)
is "every loser is told why" 0 "$lost"
q release --match 'state:quarantined' >/dev/null 2>&1
q restore --match 'state:purged' >/dev/null 2>&1
wait_for 15 sh -c "$ccmq -c $config status --json |
	jq -e '.queued + .importing + .deferred == 0'"
ok "the connector comes to an end"
stop TERM
is "and ends in order" 0 $?
is "every message is in one state" $messages \
	"$(sql 'SELECT count(*) FROM message')"
is "none is lost" 0 "$(sql "SELECT count(*) FROM event WHERE number IN
	(20010, 20011)")"
consistent
finish
