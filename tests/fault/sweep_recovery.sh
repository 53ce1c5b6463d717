#!/bin/sh
# ccmqd killed before, and the power lost at, every call that changes the disk
# while it recovers from a kill at each kind of place. Behind one call is before
# the next: sweep_long.sh does that, too, and the rest; sweep_core.sh does the
# calls of a first run.

set -u
. "${srcdir:-.}/tests/fault/sweep_lib.sh"
modes=kill-before,power
TWICE=1
export TWICE

# A kill where the words stand: rows without their files; half of the files;
# an attempt without an end, with a copy; one with bytes in the .und file; and
# ends that are written without their files, beside the next attempt.
from() {		# SCENARIO HOW WORDS
	n=$(point "$3" "$1")
	[ -n "$n" ] || { echo "Bail out! no call $3"; exit 1; }
	recovery "$1" "$2:$n" $modes
}
from success kill-before "rename store/submit/m1"
from success kill-after "rename store/submit/m2"
from success kill-after "write store/import/m1"
from failure kill-before "rename store/import/m1"
from failure kill-before "rename store/queue/000000000001"
from success kill-before "rename store/queue/000000000001"
finish
