#!/bin/sh
# Everything: each scenario and verb, killed, without power and with each call
# failing, and recovery from a kill at every STEPth (10) place. `make
# check-long`; it takes long.

set -u
here=${srcdir:-.}/tests/fault
FAULT_BIN=$(cd "${builddir:-.}/tests/fault" && pwd)
export FAULT_BIN
: "${FAULT_JOBS:=2}" "${STEP:=10}"
work=$(pwd)/sweep_long.tmp.$$
trap 'rm -rf "$work"' EXIT
failures=0

try() {			# OPTIONS...
	"$FAULT_BIN/sweep" --jobs "$FAULT_JOBS" --work "$work" --keep-going \
		"$@"
}

for what in intake success failure deferral rotation retention; do
	echo "# $what"
	try "$here/scenario_$what.sh" || failures=$((failures + 1))
done
for VERB in retry quarantine release purge purge-again restore undo hold \
    repair; do
	export VERB
	echo "# $VERB"
	try "$here/scenario_verb.sh" || failures=$((failures + 1))
done
TWICE=1
export TWICE
for what in success failure; do
	n=1
	status=0
	while [ $status != 3 ] && [ $n -lt 2000 ]; do
		echo "# recovery of $what from a kill after call $n"
		try --first "kill-after:$n" "$here/scenario_$what.sh"
		status=$?
		case $status in
		0|3) ;;
		*) failures=$((failures + 1)) ;;
		esac
		n=$((n + STEP))
	done
done
echo "$failures sweeps with failures"
[ $failures = 0 ]
