#!/bin/sh
# The breaker counts what tells of the post office, and nothing else: not what
# a message is to blame for itself, not a few that nobody can import. Waits are
# spread, probes alternate, and when a message failed stays what it was. TAP.
. "$srcdir/tests/system/lib.sh"

again()
{
	stop KILL
	rm -rf "$store" "$work/starts" "$work/names"
	"$ccmq" -s "$store" init >/dev/null
	settings "$(import_setting)" "$@"
}

trips()
{
	q events --json | jq -r 'select(.number == 20003).number' | wc -l |
		tr -d ' '
}

probed()
{
	[ "$(wc -l <"$work/names")" -ge "$1" ]
}

# Messages with a second link, as cp -al makes them: their own fault.
again
program 'exit 0'
q hold --reason test >/dev/null
for i in 1 2 3 4; do drop "Linked$i.ccm"; done
start
wait_for 10 count_is queued 4
mkdir "$work/backup"
ln "$store"/queue/* "$work/backup/"
drop Good.ccm
wait_for 10 count_is queued 5
q resume >/dev/null
wait_for 20 status_has '.queued + .importing == 0'
is "four that have a second link fail, and the good one is imported" "4 1" \
	"$(count failed) $(count imported)"
is "and the breaker is closed" "closed 0" "$(count breaker) $(trips)"
is "and nobody says that one may have been delivered" 0 \
	"$(sql 'SELECT count(*) FROM message WHERE maybe_delivered')"

# A few that always answer "unavailable", among good mail.
again 'backoff: { first = "1s"; cap = "2s"; };' 'limits: { unavailable = 1000; };'
program 'case $1 in *Never*) exit 4;; esac; exit 0'
start
for i in 1 2 3 4; do
	drop "Never$i.ccm"
	wait_for 10 listed --match "name:Never$i state:deferred"
	drop "Before$i.ccm"
	wait_for 10 count_is imported "$i"
done
for i in $(seq 40); do
	drop "Good$i.ccm"
	wait_for 10 count_is imported $((4 + i))
done
is "a few that are never imported do not trip the breaker" 0 "$(trips)"
is "and the good mail flows" 44 "$(count imported)"
never_tried()
{
	[ "$(sql "SELECT sum(attempts) FROM message WHERE name LIKE 'Never%'")" \
		-ge "$1" ]
}
tries=$(sql "SELECT sum(attempts) FROM message WHERE name LIKE 'Never%'")
wait_for 60 never_tried $((tries + 12))
ok "they are tried on, one after the other, and nothing between"
is "nor do they then: it is known what they are" 0 "$(trips)"

# How long twelve wait after their first attempt: spread by a tenth.
again 'backoff: { first = "10m"; cap = "1h"; };' \
	'breaker: { unavailable = 1000; };'
program 'exit 4'
for i in $(seq 12); do drop "M$i.ccm"; done
start
wait_for 15 count_is deferred 12
sql "SELECT m.next_attempt_at - a.ended_at FROM message m JOIN attempt a
	ON a.message = m.id" >"$work/waits"
awk '$1 < 540000 || $1 > 660000 { bad = 1 }
	$1 < 600000 { less = 1 } $1 > 600000 { more = 1 }
	END { exit bad || !less || !more }' "$work/waits" &&
	[ "$(sort -u "$work/waits" | wc -l)" -ge 10 ]
ok "waits are spread within a tenth, to both sides"

# Probes: the youngest and the oldest of those never tried, in turn.
again 'breaker: { unavailable = 3; probe = "1s"; probe_cap = "1s"; };' \
	'backoff: { first = "1h"; cap = "1h"; };'
program 'echo "${1##*/}" >>"'"$work"'/names"; exit 4'
q hold --reason test >/dev/null
for i in $(seq 10 25); do
	drop "M$i.ccm"
	sleep 0.01		# their order
done
start
wait_for 10 count_is queued 16
q resume >/dev/null
wait_for 20 probed 7
is "probes alternate" "M25.ccm M13.ccm M24.ccm M14.ccm" \
	"$(sed -n 4,7p "$work/names" | tr '\n' ' ' | sed 's/ $//')"

# When it failed, and when its state last changed, are two facts.
again 'breaker: { rejected = 1000; };'
program 'exit 1'
drop M1.ccm
start
wait_for 10 count_is failed 1
failed=$(sql 'SELECT failed_at FROM message')
since=$(sql 'SELECT since FROM message')
for verb in quarantine purge restore; do
	q $verb 1 --yes --reason test >/dev/null
	is "$verb: it failed when it failed" "$failed" \
		"$(sql 'SELECT failed_at FROM message')"
done
q undo >/dev/null
is "undo: it failed when it failed" "$failed" \
	"$(sql 'SELECT failed_at FROM message')"
[ "$(sql 'SELECT since FROM message')" -gt "$since" ]
ok "and when its state changed is another fact"
stop TERM
consistent
finish
