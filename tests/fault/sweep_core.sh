#!/bin/sh
# ccmqd killed, and the power lost, at every call that changes the disk: while
# it takes in, imports, fails, and recovers from an earlier kill at three
# places (FIRST). sweep_long.sh does the rest.

set -u
here=${srcdir:-.}/tests/fault
FAULT_BIN=$(cd "${builddir:-.}/tests/fault" && pwd)
export FAULT_BIN
: "${FAULT_JOBS:=2}" "${FIRST:=60 110 150}"
work=$(pwd)/sweep_core.tmp.$$
trap 'rm -rf "$work"' EXIT
count=0

try() {			# NAME OPTIONS...
	name=$1
	shift
	count=$((count + 1))
	said=$("$FAULT_BIN/sweep" --jobs "$FAULT_JOBS" --work "$work" \
		--keep-going "$@" 2>&1)
	status=$?
	echo "$said" | sed 's/^#* */# /'
	if [ $status = 0 ]; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name: $status"
	fi
}

for what in intake success failure; do
	try $what --modes kill-before,kill-after,power \
		"$here/scenario_$what.sh"
done
TWICE=1
export TWICE
for n in $FIRST; do
	try "recovery from a kill after call $n" --modes kill-before,power \
		--first "kill-after:$n" "$here/scenario_success.sh"
done
echo "1..$count"
