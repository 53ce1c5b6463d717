#!/bin/sh
# A delivery that dies at every system call, whose power goes, or which a disk
# stops: tests/import/scenario_deliver.sh at every point of it. One message,
# every mode; several in a file, one with a hand-off to a mail system, and a
# batch of four of a worker, the modes that kill (LONG=1: every mode).

set -u
FAULT_BIN=$(cd "${builddir:-.}/tests/fault" && pwd)
export FAULT_BIN
: "${FAULT_JOBS:=2}"
work=$(pwd)/import_crash.tmp.$$
trap 'rm -rf "$work"' EXIT
count=0
bad=0

try() {			# NAME OPTIONS...
	name=$1
	shift
	count=$((count + 1))
	said=$("$FAULT_BIN/sweep" --jobs "$FAULT_JOBS" --work "$work" \
		--keep-going "$@" \
		"${srcdir:-.}/tests/import/scenario_deliver.sh" 2>&1)
	status=$?
	echo "$said" | sed 's/^#* */# /'
	if [ $status = 0 ]; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name: $status"
		bad=1
	fi
}

some="--modes kill-before,kill-mid,power"
[ -z "${LONG:-}" ] || some=
try "one message"
# shellcheck disable=SC2086
(
	export MANY=1
	try "three messages in a file, of which one is for nobody" $some
	exit $bad
) || bad=1
# shellcheck disable=SC2086
(
	export HANDOFF=1
	count=2
	try "a hand-off to a mail system" $some
	exit $bad
) || bad=1
# shellcheck disable=SC2086
(
	export WORKER=1
	count=3
	try "a batch of four of a worker, the books being spread" $some
	BOOKS=100 try "a batch of four of a worker" ${some:+--modes fail-EIO+power}
	exit $bad
) || bad=1
count=5
echo "1..$count"
exit $bad
