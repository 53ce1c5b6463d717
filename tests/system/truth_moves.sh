#!/bin/sh
# Moves have an owner: a verb that is cut off beside ccmqd leaves none open, and
# one that cannot be carried out is marked, told, and tried again. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)" 'limits: { rejected = 1; };' \
	'breaker: { rejected = 1000; };'
program 'exit 1'

open_moves()
{
	sql 'SELECT count(*) FROM message WHERE move_to IS NOT NULL'
}

none_open()
{
	[ "$(open_moves)" = 0 ]
}

for i in $(seq 40); do drop "M$i.ccm"; done
start
wait_for 20 count_is failed 40
ok "forty have failed"
q hold --reason test >/dev/null
wait_for 5 none_open
cut=0 left=0
for i in $(seq 30); do
	timeout "0.0$((i % 6 + 1))" "$ccmq" -c "$config" retry \
		--match state:failed --reason "cut $i" >/dev/null 2>&1
	[ $? -eq 124 ] && cut=$((cut + 1))
	wait_for 5 none_open || left=$((left + 1))
	q quarantine --match state:queued --reason back >/dev/null 2>&1
	q release --match state:quarantined --reason back >/dev/null 2>&1
	q resume >/dev/null
	wait_for 10 status_has '.queued + .importing + .deferred == 0'
	q hold --reason test >/dev/null
done
echo "# cut off $cut times"
is "no move stays open" 0 $left
is "all are where they were" 40 "$(ls "$store/failed" | wc -l | tr -d ' ')"
q resume >/dev/null
stop TERM
consistent

# A rename that fails: by a directory that takes nothing.
start
wait_for 10 status_has '.connector == "running"'
q hold --reason test >/dev/null
q purge --yes --match 'name:M1.ccm' --reason test >/dev/null 2>&1
cat >"$work/fail.sh" <<'X'
exec strace -qq -o /dev/null -e trace=renameat2 -e inject=renameat2:error=EIO "$@"
X
if strace -qq -o /dev/null true 2>/dev/null && ! sanitized; then
	sh "$work/fail.sh" "$ccmq" -c "$config" retry 2 3 --reason test \
		>"$work/words" 2>&1
	is "a rename that fails: the verb fails" 1 $?
	grep -q '#2.*Input/output error' "$work/words"
	ok "and says of which, and why"
	! grep -q '2 done' "$work/words"
	ok "and not that it was done"
	wait_for 20 none_open
	ok "ccmqd tries it again, and it is done"
	is "they are queued" "queued queued" "$(q show 2 --json |
		jq -r .state) $(q show 3 --json | jq -r .state)"
	is "each is one event" 2 "$(q events --json | jq -r \
		'select(.text | test("cannot be moved")) .number' | wc -l |
		tr -d ' ')"
else
	for i in 1 2 3 4 5; do
		n=$((n + 1))
		echo "ok $n - # SKIP strace cannot be used"
	done
fi
stop TERM
consistent

# --once says why not all was done: a file that cannot go where it belongs, and
# one that is larger than what may be used of the disk.
again()
{
	rm -rf "$store"
	"$ccmq" -s "$store" init >/dev/null
	settings "$(import_setting)"
}

again
program ': >"'"$store"'/failed/000000000001-M1.ccm"; exit 1'
drop M1.ccm
"$ccmqd" -c "$config" --once >"$work/words" 2>&1
is "--once, a move that is stuck" 1 $?
grep -q 'a file could not be moved to where it belongs: see ccmq check' \
	"$work/words"
ok "is said"
again
free=$(df --output=avail -B1 "$store" | tail -n 1)
sed -i "s/\"1M\"/\"$(((free >> 20) - 4096))M\"/" "$config"
truncate -s 16G "$store/submit/.large" &&
	mv "$store/submit/.large" "$store/submit/Large.ccm"
"$ccmqd" -c "$config" --once >"$work/words" 2>&1
is "--once, a message too large for the disk" 1 $?
grep -q 'a message is larger than what is free above disk.min_free' \
	"$work/words"
ok "is said"
is "and it waits" 1 "$(count deferred)"
finish
