#!/bin/sh
# The names of a store replaced beside a running ccmqd: nothing is lost,
# nothing goes on in what has lost its name, and check mends it. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'exit 0'

fresh()
{
	stop TERM
	rm -rf "$store"
	"$ccmq" -s "$store" init >/dev/null
	program "${1:-exit 0}"
	start
	wait_for 10 sign_is_not null
}

is_over()
{
	! [ -d "/proc/$daemon" ] || grep -q '^State:.Z' "/proc/$daemon/status"
}

# dies: the daemon has ended by itself; its exit status.
dies()
{
	wait_for 20 is_over || return 99
	wait "$daemon"
	set -- $?
	daemon=
	return "$1"
}

lost()
{
	sql "SELECT count(*) FROM message WHERE state = 'lost'"
}

# submit/ made anew.
fresh
drop first.ccm
wait_for 10 count_is imported 1
mv "$store/submit" "$store/submit.old"
mkdir "$store/submit"
chmod 2770 "$store/submit"
drop second.ccm
wait_for 20 count_is imported 2
ok "submit/ made anew: what is dropped into it is imported"
wait_for 5 sh -c "'$ccmq' -c '$config' events --json | grep -q '\"number\": *20030'"
ok "submit/ made anew: an event"

# queue/ taken away and put back, with messages in it.
fresh 'sleep 0.2; exit 0'
q hold --reason test >/dev/null
for i in 1 2 3 4 5 6; do
	drop "q$i.ccm"
done
wait_for 10 count_is queued 6
mv "$store/queue" "$store/queue.old"
q resume >/dev/null 2>&1
"$ccmqd" -c "$config" --once >/dev/null 2>&1	# a moment
is "queue/ taken away: nothing is called lost" 0 "$(lost)"
q check >"$work/out" 2>&1
is "queue/ taken away: check names it" "1 1" \
	"$? $(grep -c '^queue/: is not there' "$work/out")"
stop TERM
mv "$store/queue.old" "$store/queue"
q check >/dev/null 2>&1
q resume >/dev/null 2>&1
start
wait_for 20 count_is imported 6
ok "queue/ put back: all are imported"
is "queue/ put back: none was lost" 0 "$(lost)"

# trash/ removed: what needs it waits, the rest goes on or stops, none is lost.
fresh 'exit 5'
drop t1.ccm
drop t2.ccm
wait_for 10 count_is failed 2
rmdir "$store/trash"
q purge --yes --reason test 1 >"$work/out" 2>&1
[ $? -ne 0 ] && grep -q 'check --repair' "$work/out"
ok "trash/ removed: purge refuses, and names what mends it"
stop TERM
"$ccmqd" -c "$config" --once >"$work/out" 2>&1
is "trash/ removed: ccmqd does not start, and names what mends it" "3 1" \
	"$? $(grep -c 'check --repair' "$work/out")"
q check --repair >/dev/null 2>&1
is "trash/ removed: --repair" 0 $?
q purge --yes --reason test 1 >/dev/null 2>&1
is "trash/ removed: then purge does" "0 1" "$? $(count purged)"

# lock removed beside a running ccmqd: no second one, no repair.
fresh
drop one.ccm
wait_for 10 count_is imported 1
# It would end by itself as soon as it looks.
kill -STOP "$daemon"
rm "$store/lock"
q check --repair >"$work/out" 2>&1
is "lock removed: --repair refuses while ccmqd lives" "1 1" \
	"$? $(grep -c 'still runs' "$work/out")"
"$ccmqd" -c "$config" --once >"$work/out" 2>&1
is "lock removed: no second ccmqd" 3 $?
kill -CONT "$daemon"
stop TERM
q check --repair >/dev/null 2>&1
is "lock removed: --repair once it has ended" 0 $?
drop two.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "lock removed: it goes on with new ids" "2 2" \
	"$(sql 'SELECT count(*), count(DISTINCT id) FROM message' |
		tr '|' ' ')"

# history.db replaced.
fresh
drop one.ccm
wait_for 10 count_is imported 1
sqlite3 "$store/history.db" ".backup '$work/old'"
chmod 660 "$work/old"
drop two.ccm
wait_for 10 count_is imported 2
mv "$store/history.db" "$work/taken"
mv "$work/old" "$store/history.db"
drop three.ccm
dies
is "history.db replaced: ccmqd ends" 3 $?
is "history.db replaced: nothing was taken in" 1 \
	"$(ls "$store/submit" | wc -l | tr -d ' ')"
rm -f "$store"/history.db-wal "$store"/history.db-shm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "history.db replaced: an old one is not used" 1 \
	"$(ls "$store/submit" | wc -l | tr -d ' ')"
q check --repair >/dev/null 2>&1
is "history.db replaced: --repair" 0 $?
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "history.db replaced: then it goes on" 0 \
	"$(ls "$store/submit" | wc -l | tr -d ' ')"
said=$(q check 2>&1)
is "history.db replaced: then nothing" "" "$said"

# A rebuild beside a running ccmqd is refused.
start
wait_for 10 sign_is_not null
q check --rebuild >"$work/out" 2>&1
is "a rebuild beside a running ccmqd is refused" "1 1" \
	"$? $(grep -c 'in use by' "$work/out")"
finish
