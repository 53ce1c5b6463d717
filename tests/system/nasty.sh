#!/bin/sh
# Import programs that misbehave: bounded, explained, nothing lost. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting 1s)" 'limits: { crashed = 1; };'
program 'case $1 in
*hang*) sleep 600;;
*stay*) (setsid sleep 600 >/dev/null 2>&1 &); exit 0;;
*much*) head -c 100000000 /dev/zero; exit 1;;
*group*) kill -9 $PPID; sleep 5; exit 0;;
*gone*) rm -f "$1"; exit 1;;
*other*) echo rewritten >"$1"; exit 1;;
*fill*) for i in $(seq 200); do : >"${1%/*}/f$i.ccm"; : >"${1%/*}/g$i"; done; exit 1;;
*code*) exit 77;;
*) exit 0;;
esac'
mkdir "$work/kept"
for name in hang stay much group gone other fill code good; do
	drop "$name.ccm"
	cp "$store/submit/$name.ccm" "$work/kept/"
done
start
wait_for 25 sh -c "$ccmq -c $config status --json |
	jq -e '.queued + .importing + .deferred + .submit_waiting == 0 and .failed + .imported == 9'"
ok "all nine came to an end"
result()	# NAME MEMBER
{
	q list --state all --match "name:$1*" --json | jq -r ".$2"
}
is "a program that hangs is ended" "crashed timed out" \
	"$(result hang class) $(result hang reason)"
is "what it left running is killed" 0 \
	"$(ps ax -o args= | grep -c '^sleep 600$')"
is "a runner killed with its program is a crash" crashed "$(result group class)"
is "a code nobody knows is a crash" "crashed 77" \
	"$(result code class) $(result code result_code)"
is "of 100 MB of output 4 KiB are kept" 4096 \
	"$(sql "SELECT max(length(output)) FROM attempt")"
peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$daemon/status")
[ "$peak" -lt 16384 ]
ok "the connector stays under 16 MB ($peak kB)"
is "no .ccm is left in import/" 0 \
	"$(find "$store/import" -name '*.ccm' | wc -l | tr -d ' ')"
is "a copy deleted, rewritten: it is said" "deleted changed" \
	"$(q show "$(result gone id)" --json | jq -r '.attempt_rows[0].copy') $(q show "$(result other id)" --json | jq -r '.attempt_rows[0].copy')"
whole=0
for name in hang much group gone other fill code; do
	cmp -s "$work/kept/$name.ccm" "$store"/failed/*-$name.ccm &&
		whole=$((whole + 1))
done
is "all that failed is whole" 7 $whole

# A connector and its runner killed, the program lives on.
program 'case $1 in *long*) exec sleep 500;; esac; exit 0'
drop long.ccm
wait_for 10 sh -c 'ps ax -o args= | grep -q "^sleep 500$"'
ok "a long attempt runs"
runner=$(ps -o pid= --ppid "$daemon" | tr -d ' ')
kill -STOP $runner
kill -9 "$daemon" $runner
wait "$daemon" 2>/dev/null
daemon=
ps ax -o args= | grep -q '^sleep 500$'
ok "it outlives both"
settings "$(import_setting 1s)" 'limits: { crashed = 1; };'
start
wait_for 15 count_is failed 8
ok "the next connector counts it as interrupted"
is "and has killed it" 0 "$(ps ax -o args= | grep -c '^sleep 500$')"
is "as interrupted" interrupted "$(result long class)"
is "it may have been delivered" true "$(result long maybe_delivered)"

settings 'import: { program = [ "/no/such/program" ]; interval = "1s"; };' \
	'backoff: { first = "1s"; cap = "1s"; };'
stop TERM
start
drop absent.ccm
wait_for 10 sh -c "$ccmq -c $config events --json | jq -e 'select(.number == 43)' | grep -q ."
ok "a program that is not there: event 43"
is "and the message waits" deferred "$(result absent state)"
stop TERM
consistent
finish
