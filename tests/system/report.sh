#!/bin/sh
# The report of a shift says what happened in it, and nothing else; the incident
# note what a ticket needs. ccmqd writes down when the verdict changes.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'case $(cat "$1") in *bad*) echo "Bad thing"; exit 1 ;; esac; exit 0'
from=$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)
is "one page for a quiet night" 19 "$(q report | wc -l | tr -d ' ')"
q report | grep -q 'nothing that the connector saw' &&
	q report | grep -q '0 arrived, 0 imported, 0 failed'
ok "which says that nothing was"
drop one.ccm
drop bad1.ccm 'bad'
drop bad2.ccm 'bad'
start
wait_for 20 count_is failed 2 && wait_for 20 count_is imported 1
ok "two have failed"
stop TERM
start
has_verdict()
{
	q events --json | jq -es 'map(select(.number == 20040)) | length > 0' \
		>/dev/null
}
wait_for 20 has_verdict
ok "an event says that the verdict changed"
is "with its word and sentence" failed \
	"$(q events --json | jq -r 'select(.number == 20040).text' | sed 's/:.*//')"
stop TERM
start
scans 2
is "not again after a restart" 1 \
	"$(q events --json | jq -c 'select(.number == 20040)' | wc -l | tr -d ' ')"
q status --json | jq -e '.verdict == "failed"' >/dev/null
ok "it is the verdict"
is "at that time too" failed "$(q status --at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
	--json | jq -r .verdict)"
poor=$(q list --state failed --limit 1 --json | jq .id)
q retry "$poor" --reason 'mended? *no*' >/dev/null
wait_for 20 listed --match "id:$poor attempts>=2 state:failed"
q note store 'look at [NORTH]' >/dev/null
q hold --reason 'for the day shift' >/dev/null
q report >"$work/report"
for words in '3 arrived, 1 put back, 1 imported, 3 failed' 'still: ' \
	'code 1 Bad thing' 'mended? \*no\*' 'look at \[NORTH\]' \
	'held by .*for the day shift' '2 failed$'; do
	grep -q "$words" "$work/report"
	ok "it has: $words"
done
q report --format markdown >"$work/report"
grep -q '^# Report from' "$work/report" &&
	grep -q '^\* .*look at \\\[NORTH\\\]$' "$work/report" &&
	grep -q 'mended? \\\*no\\\*' "$work/report"
ok "Markdown, and what is foreign is no markup"
q report --json >"$work/report"
is "JSON" "3 1 3" \
	"$(jq -r '.flow[0] | "\(.arrived) \(.imported) \(.failed)"' "$work/report")"
is "the failures: how many, of whom, and what they are now" "3 2 2" \
	"$(jq -r '.failures[0] | "\(.count) \(.messages) \(.failed)"' \
		"$work/report")"
is "who did what" 'retry note? hold' "retry note? $(jq -r '.actions[1].verb' \
	"$work/report")"
is "what waits" '2' \
	"$(jq -r '.waits[] | select(.state == "failed").count' "$work/report")"
q report --from "$from" --to "$from" >/dev/null 2>&1
is "a span that is none" 2 $?
q report --from yesterday >/dev/null 2>&1
is "no time" 2 $?
is "what was before is not in it" 0 \
	"$(q report --from -2h --to "$from" --json | jq -r '.actions | length')"
q report --cause code:1 >"$work/report"
for words in '^code 1 did not complete$' '^  Meaning: did not complete' \
	'Ids: #' 'Now: 2 failed' 'Subject\|bad1.ccm' 'retry of 1'; do
	grep -q "$words" "$work/report"
	ok "the note of the cause has: $words"
done
q report --cause code:1 --private >"$work/report"
if grep -q 'bad1\|Ops' "$work/report"; then false; fi
ok "a private one has no sender and no subject"
q report --message "$poor" | grep -q 'try 2: code 1 Bad thing'
ok "the note of a message"
q report --message 4711 >/dev/null 2>&1
is "which is not there" 1 $?
q report --private >/dev/null 2>&1
is "--private is of a note" 2 $?
consistent
finish
