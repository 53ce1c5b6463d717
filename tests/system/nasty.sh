#!/bin/sh
# Import programs that misbehave: bounded, explained, nothing lost. TAP.
. "$srcdir/tests/system/lib.sh"

# Seconds that no other run on this machine sleeps.
long=600.$$ longer=500.$$

alive()		# SECONDS: how many of those sleeps live
{
	ps ax -o args= | grep -c "^sleep $1\$"
}

settings "$(import_setting 5s)" 'limits: { crashed = 1; };'
program 'case $1 in
*hang*) sleep '$long';;
*stay*) (setsid sleep '$long' >/dev/null 2>&1 &); exit 0;;
*group*) kill -9 -- -$PPID $PPID; sleep '$long'; exit 0;;
*gone*) rm -f "$1"; exit 1;;
*other*) echo rewritten >"$1"; exit 1;;
*fill*) for i in $(seq 20); do : >"${1%/*}/f$i.ccm"; : >"${1%/*}/g$i"; done; exit 1;;
*code*) exit 77;;
*) exit 0;;
esac'
mkdir "$work/kept"
for name in hang stay group gone other fill code good; do
	drop "$name.ccm"
	cp "$store/submit/$name.ccm" "$work/kept/"
done
start
wait_for 60 status_has '.queued + .importing + .deferred +
	.submit_waiting == 0 and .failed + .imported == 8'
ok "all eight came to an end"
is "each was started once" 8 "$(starts)"
result()	# NAME MEMBER
{
	q list --state all --match "name:$1*" --json | jq -r ".$2"
}
is "a program that hangs is ended" "crashed timed out" \
	"$(result hang class) $(result hang reason)"
is "what it left running is killed" 0 "$(alive "$long")"
is "a runner killed with its program is a crash" crashed "$(result group class)"
is "a code nobody knows is a crash" "crashed 77" \
	"$(result code class) $(result code result_code)"
is "no .ccm is left in import/" 0 \
	"$(find "$store/import" -name '*.ccm' | wc -l | tr -d ' ')"
is "a copy deleted, rewritten: it is said" "deleted changed" \
	"$(q show "$(result gone id)" --json | jq -r '.attempt_rows[0].copy') $(q show "$(result other id)" --json | jq -r '.attempt_rows[0].copy')"
# The file follows what the history says, a moment later.
is_whole()	# NAME
{
	cmp -s "$work/kept/$1.ccm" "$store"/failed/*-"$1".ccm
}
whole=0
for name in hang group gone other fill code; do
	wait_for 5 is_whole $name && whole=$((whole + 1))
done
is "all that failed is whole" 6 $whole
is "what the connector does not know stays in import/" 20 \
	"$(find "$store/import" -name 'g*' | wc -l | tr -d ' ')"
stop TERM

# 1 GB of output: read, and its end kept.
settings "$(import_setting 2m)"
program 'head -c 1000000000 /dev/zero; echo; echo the end; exit 1'
drop much.ccm
cp "$store/submit/much.ccm" "$work/kept/"
start
wait_for 60 listed --state failed --match name:much
ok "a program that prints 1 GB comes to an end"
is "4 KiB of it are kept, the last ones" "4096 the end" \
	"$(sql "SELECT max(length(output)) FROM attempt") $(result much reason)"
peak=$(for pid in "$daemon" $(ps -o pid= --ppid "$daemon"); do
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status"
done | sort -n | tail -n 1)
[ "$peak" -lt 16384 ] || sanitized
ok "the connector and its runner stay under 16 MB ($peak kB)"
wait_for 5 is_whole much
ok "and the message is whole"
stop TERM

# A connector and its runner killed, the program lives on.
settings "$(import_setting 60s)" 'limits: { crashed = 1; };'
program 'ps ax -o args= | grep -c "^sleep '$longer'\$" >"'"$work"'/beside"
case $1 in *long*) exec sleep '$longer';; esac; exit 0'
start
drop long.ccm
runs() { [ "$(alive $longer)" = 1 ]; }
wait_for 10 runs
ok "a long attempt runs"
runner=$(ps -o pid= --ppid "$daemon" | tr -d ' ')
kill -STOP $runner
kill -9 "$daemon" $runner
wait "$daemon" 2>/dev/null
daemon=
is "it outlives both" 1 "$(alive $longer)"
drop next.ccm
start
wait_for 15 count_is failed 8
ok "the next connector counts it as interrupted"
is "and has killed it" 0 "$(alive $longer)"
wait_for 10 count_is imported 3
ok "the next message is imported"
is "not beside it" 0 "$(cat "$work/beside")"
is "as interrupted" interrupted "$(result long class)"
is "it may have been delivered" true "$(result long maybe_delivered)"

settings 'import: { program = [ "/no/such/program" ]; interval = "1s"; };' \
	'backoff: { first = "1s"; cap = "1s"; };'
stop TERM
start
drop absent.ccm
said_43() { q events --json | jq -e 'select(.number == 43)' | grep -q .; }
wait_for 10 said_43
ok "a program that is not there: event 43"
is "and the message waits" deferred "$(result absent state)"
stop TERM
consistent
finish
