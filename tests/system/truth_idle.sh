#!/bin/sh
# Nothing spins: ccmqd is put into every state it can wait in, and its processor
# time of two seconds is read. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/tests/system/idle.sh"

told()
{
	q events --json | jq -e 'select(.number == 20032)'
}

again
drop M1.ccm
wait_for 10 count_is imported 1
idles "nothing to do"
q hold --reason test >/dev/null
drop M2.ccm
wait_for 10 count_is queued 1
idles "held"
q resume >/dev/null
wait_for 10 count_is imported 2
q drain --reason test >/dev/null
wait_for 10 status_has .held
drop M3.ccm
idles "drained"

# A hold that ends with its time while a check is needed.
again
printf '!' | dd of="$store/write.lock" bs=1 seek=65 conv=notrunc 2>/dev/null
q hold --reason test --for 1s >/dev/null 2>&1
drop M1.ccm
wait_for 10 status_has '.connector == "held"'
idles "a hold that is over, and a check is needed"

body='exit 1' again 'breaker: { rejected = 2; probe = "1s"; probe_cap = "1h"; };'
for i in 1 2 3 4 5; do drop "M$i.ccm"; done
wait_for 10 status_has '.breaker == "open"'
idles "tripped, probes now and then"

body='sleep 60' again
drop M1.ccm
wait_for 10 has_started 1
idles "an attempt runs"
q hold --reason test --for 1s >/dev/null
idles "… and a hold ends"
kill -TERM "$daemon"
idles "stopping, and the attempt runs on"

# Something that cannot be killed holds the lane: it is in a room of processes
# that ccmqd does not see.
again
stop TERM
if unshare -pf --mount-proc true 2>/dev/null; then
	sh -c 'exec 9<"$1"; flock -s 9; exec sleep 60' sh "$store/lanes/1" &
	pid=$!
	unshare -pf --mount-proc --kill-child "$ccmqd" -c "$config" \
		>>"$work/log" 2>&1 &
	room=$!
	wait_for 10 pgrep -P $room
	daemon=$(pgrep -P $room)
	drop M1.ccm
	wait_for 15 status_has '.verdicts | index("lane")'
	ok "a lane that cannot be cleared is said"
	idles "a lane that cannot be cleared"
	wait_for 30 told
	is "it is one event" 1 "$(q events --json |
		jq -r 'select(.number == 20032) .number' |
		wc -l | tr -d ' ')"
	kill -KILL "$pid"
	wait_for 35 count_is imported 1
	ok "and it goes on when that is over"
	kill -KILL "$daemon"
	wait $room 2>/dev/null
	daemon= pid=
else
	for i in 1 2 3 4; do
		n=$((n + 1))
		echo "ok $n - # SKIP a room of processes needs root"
	done
fi

finish
