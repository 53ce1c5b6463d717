#!/bin/sh
# ccmq status --check, a monitoring plugin: its exit status and its one line, for
# each limit, from options and from settings, and for each error. TAP.
. "$srcdir/tests/system/lib.sh"

# plugin STATUS BEGINNING OPTIONS...: one line, that begins so.
plugin()
{
	wanted=$1 begins=$2
	shift 2
	"$ccmq" -c "$config" status --check "$@" >"$work/out" 2>/dev/null
	status=$?
	[ $status -eq "$wanted" ] &&
		[ "$(wc -l <"$work/out" | tr -d ' ')" = 1 ] &&
		grep -qF -- "$begins" "$work/out" || {
		echo "# exit status $status"
		sed 's/^/# /' "$work/out"
		false
	}
	ok "$* -> $wanted $begins"
}

settings "$(import_setting)"
program 'case $(cat "$1") in *bad*) exit 1;; esac; exit 0'
plugin 2 'CCMQ CRITICAL: No connector has run yet'
q hold --reason later >/dev/null
start
wait_for 15 status_has '.pid != null'
plugin 1 'CCMQ WARNING: Held by'
for i in 1 2 3; do drop "m$i.ccm" bad; done
wait_for 15 count_is queued 3
q resume >/dev/null
wait_for 15 count_is failed 3
wait_for 15 status_has '.severity == "ok"'
plugin 0 'CCMQ OK: '
plugin 0 '| queue=0;;;0 oldest=0s;;;0 failed=3;;;0 und=0B;;;0'

# Each limit, at it and above it.
plugin 0 'failed=3;3;;0' --failed 3
plugin 1 '; failed 3 is above 2 |' --failed 2
plugin 1 'failed=3;2;5;0' --failed 2,5
plugin 2 '; failed 3 is above 1 |' --failed 0,1
stop TERM
q hold --reason look >/dev/null
start
wait_for 15 status_has '.pid != null'
drop m4.ccm
wait_for 15 count_is queued 1
plugin 1 '; queue 1 is above 0 |' --queue 0
plugin 1 'queue=1;1;;0' --queue 1
wait_for 15 status_has '.oldest_queued_age_s >= 2'
plugin 1 's is above 1 s |' --oldest 1s
plugin 2 ';1;1;0 failed' --oldest 1s,1s
plugin 1 ';3600;;0 failed' --oldest 1h
q resume >/dev/null
wait_for 15 count_is imported 1
head -c 5000 /dev/zero >>"$store/import/ccmail.und"
plugin 1 '; und 4.9K is above 4.0K |' --und 4K,1M
plugin 0 'und=5000B;5120;;0' --und 5K

# Of the settings; an option wins.
settings "$(import_setting)" 'alarm: { failed = "0,2"; oldest = "1h"; };'
plugin 2 'failed=3;0;2;0'
plugin 1 'failed=3;2;;0' --failed 2
settings "$(import_setting)" 'alarm: { failed = "2,x"; };'
plugin 3 'CCMQ UNKNOWN: '
settings "$(import_setting)" 'alarm: { oldest = "2h,1h"; };'
plugin 3 'the second limit is below the first'
settings "$(import_setting)"

# Whatever is wrong is unknown, also what is typed wrongly.
plugin 3 'CCMQ UNKNOWN: ' --failed many
plugin 3 'the first limit is too long' --failed 00000000000000000000000000000000005
plugin 3 'CCMQ UNKNOWN: there is no option --fialed' --fialed 3
plugin 3 'CCMQ UNKNOWN: ' --failed
plugin 3 'CCMQ UNKNOWN: ' --failed 1 --failed 2
plugin 3 'CCMQ UNKNOWN: ' --at -1h
plugin 3 'CCMQ UNKNOWN: ' 12
"$ccmq" -s "$work/nowhere" status --check >"$work/out" 2>/dev/null
is "no store is unknown" 3 $?
"$ccmq" --bogus status --check >"$work/out" 2>/dev/null
is "so is what stands before it" 3 $?
q status --check >/dev/full 2>/dev/null
is "and what cannot be written" 3 $?
q status --failed 3 >/dev/null 2>&1
is "limits alone are wrong use" 2 $?
finish
