#!/bin/sh
# ccmqd killed before, and the power lost at, every call that changes the disk
# while it takes in, imports and fails. Behind one call is before the next:
# sweep_long.sh does that, too, and the rest; sweep_recovery.sh does the calls of
# recovery.

set -u
. "${srcdir:-.}/tests/fault/sweep_lib.sh"
modes=kill-before,power

try intake intake --modes $modes
# From the first attempt on: what comes before it is an intake.
for what in success failure; do
	try $what $what --modes $modes \
		--from "$(point "open store/import/m" $what)"
done
try "a disk that fails while messages fail" failure --modes fail-EIO
VERB=first-hold
export VERB
try "the first writer, with a broken disk" verb --modes fail-EIO+power
MAKER=split
export MAKER
try "a split" made --modes kill-before,power --step 2
for WAY in out back; do
	export WAY
	first=$(point "rename " take_out)
	try "a file of another connector, $WAY" take_out --modes kill-before \
		--from $((first - 1)) --to $((first + 4))
done
finish
