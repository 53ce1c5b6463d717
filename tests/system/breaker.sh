#!/bin/sh
# A program that exits 1 for everything: the breaker opens, the rest is safe,
# a restart does not close it, and one command puts the suspects back. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)" 'breaker: { rejected = 10; probe = "1h"; probe_cap = "1h"; };'
program 'exit 1'
for i in $(seq 10 40); do drop "M$i.ccm"; done
start
wait_for 15 status_has '.breaker == "open"'
ok "it opens"
is "after ten" 10 "$(starts)"
is "ten have failed" 10 "$(count failed)"
is "the rest waits" 21 "$(count queued)"
is "the ten are suspect" 10 "$(q list --state failed --match suspect:yes --json | wc -l | tr -d ' ')"
is "the verdict says so" tripped "$(q status --json | jq -r .verdict)"
row() { q status --json | jq -r .verdict_text | sed 's/.*: //'; }
is "and how many in a row" "10 in a row, code 1" "$(row)"
q test >/dev/null
is "a test that fails lengthens the row" "11 in a row, code 1" "$(row)"
program 'exit 3'
q test >/dev/null
is "one that ends otherwise takes the code away" "12 in a row" "$(row)"
program 'exit 1'
stop TERM
start --once
wait "$daemon"
is "--once ends with 1" 1 $?
daemon=
is "neither a restart nor --once closes it" "12 open" \
	"$(starts) $(q status --json | jq -r .breaker)"
program 'exit 0'
start
wait_for 5 status_has '.connector == "tripped"'
q resume --reason mended >/dev/null
ok "resume tests at once"
wait_for 60 count_is imported 21
ok "the queue flows again"
q retry --match suspect:yes --reason mended >/dev/null
ok "one command for the suspects"
wait_for 15 count_is imported 31
ok "they are through"
is "31, the ten of before and two tests" 43 "$(starts)"
consistent
finish
