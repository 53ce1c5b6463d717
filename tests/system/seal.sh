#!/bin/sh
# The seal, on a real store: verify finds nothing, and names what somebody wrote
# into the history; with the lines that syslog kept also what was cut off so that
# no trace is left. changes tells each transaction once. TAP.
. "$srcdir/tests/system/lib.sh"

# forge SQL: somebody writes into the history; verify's output and status.
forge()
{
	sqlite3 "$store/history.db" "$1"
	q verify >"$work/out" 2>&1
	status=$?
}

# numbers COMMAND...: the transactions whose end it told.
numbers()
{
	"$@" | jq -r 'select(.kind == "seal").txn' | tr '\n' ' '
}

# The first numbers up to $1.
up_to()
{
	seq "${2:-1}" "$1" | tr '\n' ' '
}

settings "$(import_setting)"
program 'case $(cat "$1") in *fail*) exit 5 ;; esac; exit 0'
drop one.ccm
drop fail.ccm fail
"$ccmqd" -c "$config" --once >"$work/log" 2>&1
q retry --match state:failed --yes --reason again >/dev/null 2>&1
q note store 'look at this' >/dev/null 2>&1
q verify >"$work/out"
is "a store that worked is as sealed" 0 $?
newest=$(q verify --json | jq -r .newest)
is "ccmqd ended with a line for syslog" 1 \
	"$(grep -c "seal $(sql 'SELECT uuid FROM store') [0-9]* [0-9a-f]\{64\}\$" "$work/log" |
		sed 's/^[1-9].*/1/')"
q verify --against "$work/log" >"$work/out"
is "which agrees" 0 $?
echo 'nothing of ours' >"$work/empty"
q verify --against "$work/empty" >/dev/null 2>&1
is "lines without a seal prove nothing" 1 $?

is "every transaction is told once, in order" "$(up_to "$newest")" \
	"$(numbers q changes --json)"
is "those after one" "$(up_to "$newest" 4)" \
	"$(numbers q changes --from 3 --json)"
is "none after the newest" "" "$(numbers q changes --from "$newest" --json)"
q changes --from 1000 >/dev/null 2>"$work/out"
is "one that this history never had" 1 $?
"$ccmq" -c "$config" changes --from "$newest" --follow --json >"$work/followed" &
follower=$!
q note store 'and this' >/dev/null 2>&1
told()
{
	[ "$(numbers cat "$work/followed")" = "$((newest + 1)) " ]
}
wait_for 10 told
ok "a follower is told what comes"
kill $follower
newest=$((newest + 1))

sqlite3 "$store/history.db" ".backup '$work/good.db'"
back()
{
	rm -f "$store"/history.db*
	cp "$work/good.db" "$store/history.db"
	sqlite3 "$store/history.db" 'PRAGMA journal_mode = WAL' >/dev/null
	chmod 660 "$store"/history.db*
}
forge "UPDATE event SET text = 'nothing happened' WHERE id = 2"
is "another text of an event" "1 event 2 is not what was sealed" \
	"$status $(sed -n '1s/ (trans.*//p' "$work/out")"
back
forge 'DELETE FROM action WHERE id = 1'
is "an action that is gone" "1 action 1 is missing" \
	"$status $(sed -n '1s/ (trans.*//p' "$work/out")"
back
kept=$(sed -n 's/.*seal [^ ]* \([0-9]*\) .*/\1/p' "$work/log" | tail -n 1)
forge "DELETE FROM seal WHERE id >= $kept"
is "seals that are gone" 1 "$status"
forge "DELETE FROM event WHERE id = (SELECT max(id) FROM event);
	DELETE FROM action; DELETE FROM note;
	DELETE FROM change WHERE action <> 0;
	UPDATE message SET txn = 1; UPDATE sqlite_sequence SET seq = $kept - 1
		WHERE name = 'seal'"
is "the end, cut off with every trace: not found" 0 "$status"
q verify --against "$work/log" >"$work/out"
is "but by what syslog kept" 1 $?
grep -q "transaction $kept is missing: syslog kept its seal" "$work/out"
ok "which names it"
back

sqlite3 "$store/history.db" 'DELETE FROM event WHERE id = 1'
q changes --from 0 >/dev/null 2>"$work/out"
is "what is not whole is not told" 1 $?
grep -q 'transaction 1 is not whole.*--from 1 goes on' "$work/out"
ok "the gap is named"
is "without --from it begins behind it" "$(up_to "$newest" 2)" \
	"$(numbers q changes --json)"
finish
