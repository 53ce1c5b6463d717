#!/bin/bash
# Two ccmq and one ccmqd at the same 1,000 messages at once, some of them
# stopped and continued in the middle: every message is acted on once, each
# loser is told who was first, and nobody waits long for another's list. TAP.
#
# TWO_WRITERS_SECONDS: for how long (5); TWO_WRITERS_WAIT_MS: the longest that
# a short command may take meanwhile (10,000: other tests run beside this one;
# alone 1,000).
. "$srcdir/tests/system/lib.sh"

messages=1000
seconds=${TWO_WRITERS_SECONDS:-5}
wait_ms=${TWO_WRITERS_WAIT_MS:-10000}
settings "$(import_setting)" 'limits: { rejected = 1; };' \
	'breaker: { rejected = 1000; };'
program 'case $1 in *[02468].ccm) exit 1;; esac; exit 0'
q hold --reason "the test fills the store" >/dev/null
start
mkdir "$work/drop"
for i in $(seq $messages); do
	printf 'Message:\r\nFrom: Ops, Night at DEMO\r\nTo: Admin at DEMO\r\n' \
		>"$work/drop/M$i.ccm"
done
mv "$work"/drop/*.ccm "$store/submit/"
wait_for 30 count_is queued $messages
ok "$messages messages are queued"
q resume >/dev/null

# Each writer goes over all messages with each verb.
writer()
{
	local until=$((SECONDS + seconds)) verb code
	while [ $SECONDS -lt $until ]; do
		for verb in quarantine release purge restore retry; do
			seq $messages | timeout 60 "$ccmq" -c "$config" \
				"$verb" - --yes --json --reason "$1" \
				>>"$work/results.$1" 2>>"$work/notices.$1"
			code=$?
			[ $code -le 1 ] || echo "$verb: $code" >>"$work/faults"
		done
	done
}

# While it holds write.lock itself, nobody else may write.
holds_the_lock()
{
	flock "$store/write.lock" sh -c '
		before=$(stat -c "%y %s" "$1/history.db-wal")
		sleep 0.1
		echo x >>"$2/held"
		[ "$(stat -c "%y %s" "$1/history.db-wal")" = "$before" ]' \
		sh "$store" "$work" || echo "written without write.lock" \
		>>"$work/faults"
}

# A third, who wants little: how long each of its commands takes, in ms.
passer_by()
{
	local start
	while [ ! -e "$work/over" ]; do
		start=$(date +%s%N)
		q retry 999999 --reason "passing by" >/dev/null 2>&1
		echo $((($(date +%s%N) - start) / 1000000)) >>"$work/waits"
		holds_the_lock
	done
}

# Stops what runs a verb, and ccmqd, for a moment, again and again. INT, TSTP
# and their like wait while write.lock is held; STOP cannot.
disturb()
{
	local pid signal=TSTP
	while [ ! -e "$work/over" ]; do
		for pid in $daemon \
		    $(pgrep -f "^$ccmq -c $config .*--reason (one|two)$"); do
			kill -$signal "$pid" 2>/dev/null || continue
			echo $signal >>"$work/stops"
			sleep 0.1
			kill -CONT "$pid" 2>/dev/null
			[ $signal = TSTP ] && signal=STOP || signal=TSTP
		done
		sleep 0.1
	done
}

: >"$work/faults"
writer one & one=$!
writer two & two=$!
disturb & third=$!
passer_by & fourth=$!
wait $one $two
: >"$work/over"
wait $third $fourth
is "no command failed, and none wrote without the lock" "" \
	"$(sort "$work/faults" | uniq -c)"
stops=$(wc -l <"$work/stops") tries=$(wc -l <"$work/waits")
[ "$stops" -ge "$seconds" ]
ok "they were stopped $stops times"
longest=$(sort -n "$work/waits" | tail -n 1)
[ "$longest" -le "$wait_ms" ]
ok "a short command took $longest ms at most ($tries tries)"
acted=$(cat "$work"/results.* | jq -r 'select(.result == "done") | .id' | wc -l)
[ "$acted" -gt $messages ]
ok "they have acted ($acted times)"
is "what they were told is what the history says" "$acted" "$(sql \
	"SELECT count(*) FROM item WHERE result = 'done'")"
# Each change begins where the one before it ended; only what was queued may
# have been moved by the connector in between.
is "every message was acted on once at a time" 0 "$(sql "SELECT count(*)
	FROM (SELECT from_state, lag(to_state) OVER (PARTITION BY message
	ORDER BY at, action) AS before FROM item WHERE result = 'done')
	WHERE before <> from_state AND before <> 'queued'")"
lost=$(cat "$work"/results.* | jq -r 'select(.result == "skipped" and
	(.by == null or (.why | test(", by [^ ]") | not))) | .id' | wc -l)
is "every loser is told who was first" 0 "$lost"
# A tenth of what is left is tried now: a start of a program for each of 1,000
# takes minutes where many want to run, and as long as it is fewer it goes on.
left=$messages
fewer()
{
	now=$(q status --json | jq '.queued + .importing + .deferred')
	[ "$now" -lt "$left" ]
}
q restore --match 'state:purged' --reason 'the end' >/dev/null 2>&1
q quarantine --match 'state:queued | state:deferred' --reason 'the end' \
	>/dev/null 2>&1
q release --match 'state:quarantined name:M1*' --reason 'the end' >/dev/null 2>&1
while [ "$left" -gt 0 ] && wait_for 60 fewer; do
	left=$now
done
is "the connector comes to an end" 0 "$left"
stop TERM
is "and ends in order" 0 $?
is "every message is in one state" $messages \
	"$(sql 'SELECT count(*) FROM message')"
is "none is lost" 0 "$(sql "SELECT count(*) FROM event WHERE number IN
	(20010, 20011)")"
consistent
finish
