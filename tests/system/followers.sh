#!/bin/sh
# Who follows the history is told each transaction once, in order: while it and
# ccmqd are killed and started again, over an upgrade; retention waits for it, and
# where it does not any more both sides name the gap. TAP.
. "$srcdir/tests/system/lib.sh"

follower=
follow_on()
{
	from=$(seals | tail -n 1)
	"$ccmq" -c "$config" changes --from "${from:-0}" --follow --json >>"$work/told" &
	follower=$!
}

# What is cut off in the middle of a line or a transaction is not taken: the
# consumer goes on behind the last whole one.
lose_follower()
{
	kill -KILL $follower
	wait $follower 2>/dev/null
	whole=$(grep -n '"kind":"seal"' "$work/told" | tail -n 1 | cut -d: -f1)
	head -n "${whole:-0}" "$work/told" >"$work/kept"
	mv "$work/kept" "$work/told"
}

seals()
{
	jq -r 'select(.kind == "seal").txn' "$work/told" 2>/dev/null
}

newest()
{
	sql 'SELECT max(id) FROM seal'
}

told_all()
{
	[ "$(seals | tail -n 1)" = "$(newest)" ]
}

imported()
{
	[ "$(count imported)" -ge "$1" ]
}

: >"$work/told"
settings "$(import_setting)" 'keep: { imported = "0s"; };'
program 'exit 0'
start
follow_on
for round in 1 2 3 4; do
	drop "a$round.ccm"
	drop "b$round.ccm"
	wait_for 20 imported $((2 * round - 1)) || echo "# round $round: slow"
	[ $round != 2 ] || { stop KILL; start; }
	lose_follower
	wait_for 20 imported $((2 * round))
	[ $round != 3 ] || { stop KILL; start; }
	follow_on
done
stop TERM
wait_for 20 told_all
lose_follower
is "over restarts of both sides each transaction is told once, in order" \
	"$(seq "$(newest)" | tr '\n' ' ')" "$(seals | tr '\n' ' ')"
is "and each change in it" "$(sql 'SELECT count(*) FROM change')" \
	"$(jq -r 'select(.kind == "change").change' "$work/told" | sort -u | wc -l)"
is "none twice" "" \
	"$(jq -r 'select(.kind == "change").change' "$work/told" | sort | uniq -d)"
is "the states they tell are those of the history" \
	"$(sql 'SELECT id, state FROM message ORDER BY id' | tr '|' ' ')" \
	"$(jq -r 'select(.kind == "message") | "\(.id) \(.state)"' "$work/told" |
		sort -k1,1n -s | awk '{ is[$1] = $0 } END { for (i in is) print is[i] }' |
		sort -n)"

# --- a place in the store ----------------------------------------------------

last=$(q changes --as archive --json | jq -r 'select(.kind == "seal").txn' |
	tail -n 1)
is "a follower with a name begins at the beginning" "$(newest)" "$last"
is "its place is in the store" "$last" \
	"$(cut -d' ' -f1 "$store/followers/archive")"
q note store 'one more' >/dev/null 2>&1
is "it goes on where it was" "$((last + 1))" "$(q changes --as archive --json |
	jq -r 'select(.kind == "seal").txn')"
"$ccmq" -c "$config" changes --as archive --follow --json >"$work/out" &
follower=$!
is_taken()
{
	ls -l "/proc/$follower/fd" | grep -q inotify
}
wait_for 20 is_taken
q changes --as archive 2>&1 | grep -q 'somebody follows as archive already'
ok "nobody else follows under its name"
kill $follower
wait $follower 2>/dev/null
q changes --as ../history.db >/dev/null 2>&1
is "a name is no path" 2 $?

# --- retention ---------------------------------------------------------------

is_forgotten()
{
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
	[ "$(sql "SELECT count(*) FROM message WHERE name GLOB '[ab]?.ccm'")" = 0 ]
}
at=$(cut -d' ' -f1 "$store/followers/archive")
echo "$at 1000" >"$store/followers/archive"
wait_keep='keep: { imported = "0s"; history = "1s"; };'
settings "$(import_setting)" "$wait_keep" 'archive: { keep = "36500d"; };'
drop late.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
old_enough()
{
	[ "$(sql "SELECT unixepoch() - max(since) / 1000 FROM message")" -gt 2 ]
}
wait_for 20 old_enough
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "retention waits for a follower" 8 \
	"$(sql "SELECT count(*) FROM message WHERE name GLOB '[ab]?.ccm'")"
settings "$(import_setting)" "$wait_keep" 'archive: { keep = "0s"; };'
wait_for 20 is_forgotten
ok "but no longer than archive.keep"
is "that is an event, once, with its name and place" 1 \
	"$(grep 'event 20070: ' "$work/log" |
		grep -c "archive was told nothing after transaction $at, ")"
q changes --as archive >/dev/null 2>"$work/out"
is "it fails when it comes back" 1 $?
grep -q "transactions* $((at + 1)) .*not whole.* --from [0-9]* goes on" "$work/out"
ok "and names the gap"
from=$(sed -n 's/.*--from \([0-9]*\) goes.*/\1/p' "$work/out")
is "behind it it goes on" "$((from + 1))" \
	"$(q changes --as archive --from "$from" --json |
		jq -r 'select(.kind == "seal").txn' | head -n 1)"
is "and has a place again" "$(newest)" \
	"$(cut -d' ' -f1 "$store/followers/archive")"

# --- the store goes away ------------------------------------------------------

# follow NAME WORDS...: with a standard input that stays open.
followers=
follow()
{
	name=$1
	shift
	mkfifo "$work/in.$name"
	"$ccmq" -c "$config" "$@" <>"$work/in.$name" >"$work/out.$name" 2>&1 &
	followers="$followers $name:$!"
}

# Each has said something; watch has nothing to say.
all_follow()
{
	for pair in $followers; do
		[ -s "$work/out.${pair%:*}" ] || [ "${pair%:*}" = watch ] ||
			return 1
	done
	[ -s "$work/metrics" ] && grep -q "$store" "$work/out.hosts"
}

all_run()
{
	for pair in $followers; do
		kill -0 "${pair#*:}" || return 1
	done
}

has_ended()
{
	! kill -0 "$1"
}

answers()
{
	grep -q '"end":true' "$work/out.serve"
}

host_says_so()
{
	grep -q "its store cannot be used: .*$1" "$work/out.hosts"
}

# all_end WORDS: all but hosts, which says so in its row.
all_end()
{
	for pair in $followers; do
		name=${pair%:*} pid=${pair#*:}
		[ "$name" != hosts ] || continue
		wait_for 60 has_ended "$pid" || echo "# it lives on"
		kill -KILL "$pid" 2>/dev/null
		wait "$pid"
		is "$name ends" 3 $?
		grep -q "^ccmq.*: .*$1" "$work/out.$name"
		ok "and says why" || tail -n 3 "$work/out.$name" | sed 's/^/# /'
	done
	wait_for 60 host_says_so "$1"
	ok "hosts says so in its row" || sed 's/^/# /' "$work/out.hosts"
	kill "$pid_of_hosts"
	wait "$pid_of_hosts" 2>/dev/null
}

follow_all()
{
	followers=
	rm -f "$work"/in.* "$work"/out.* "$work/metrics"
	follow events events --follow
	follow changes changes --follow
	follow jobs jobs --follow
	follow watch watch
	follow serve --read-only serve
	! "$ccmq" --print-features | grep -q '^console *yes' ||
		follow plain --plain
	follow hosts --json hosts --follow
	pid_of_hosts=$!
	wait_for 60 all_follow
	ok "they follow" || ls -l "$work" | sed 's/^/# /'
}

settings "$(import_setting)" "metrics: { file = \"$work/metrics\"; };"
follow_all
rmdir "$store/quarantine"
mkdir -m 2770 "$store/quarantine"
echo '{"id":"look","ask":"causes"}' >"$work/in.serve"
wait_for 60 answers && all_run
ok "a directory that is made anew ends none"
mv "$store" "$store.away"
all_end 'was moved or replaced'
mv "$store.away" "$store"
follow_all
rm -rf "$store"
# Not at once: what is missed first depends.
all_end "$store"
finish
