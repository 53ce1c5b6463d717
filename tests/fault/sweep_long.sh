#!/bin/sh
# Everything: each scenario and verb in each mode, and recovery from a kill at
# every STEPth (10) place. `make check-long`; PART=kill, fail or recovery does
# a third of it, batch, beside, names or job what stands in sweep_parts.sh.

set -u
. "${srcdir:-.}/tests/fault/sweep_lib.sh"
: "${STEP:=10}" "${PART:=kill fail recovery batch beside names job}"
kill=kill-before,kill-after,kill-mid,power,power-after,power-mid
fail=fail-EIO,fail-EIO+power,fail-EIO+dead,fail-ENOSPC,fail-ENOSPC+stick
fail=$fail,fail-EACCES,short,short+stick
scenarios="intake success failure deferral rotation retention"
verbs="retry quarantine release purge purge-again restore undo hold drain
	resume repair rebuild"

everything() {		# MODES
	for what in $scenarios; do
		try "$what" "$what" --modes "$1"
	done
	try "init" init --modes "$1"
	for MAKER in split replay resend; do
		export MAKER
		try "$MAKER" made --modes "$1"
	done
	for VERB in $verbs first-hold; do
		export VERB
		try "$VERB" verb --modes "$1"
	done
}

# The second one does the same as the first, which was killed on the way.
recoveries() {		# SCENARIO
	last=$(sweep "$1" --list | tail -n 1 | awk '{ print $1 }')
	for n in $(seq 1 "$STEP" "$last"); do
		recovery "$1" "kill-after:$n" kill-before,kill-after,power
	done
}

for part in $PART; do
	case $part in
	kill)
		everything $kill
		for WAY in out back; do
			export WAY
			try "a file of another connector, $WAY" take_out \
				--modes $kill
		done
		;;
	fail)	everything $fail ;;
	recovery)
		TWICE=1
		export TWICE
		for what in success failure rotation; do
			recoveries $what
		done
		for VERB in $verbs; do
			[ $VERB != purge ] || continue
			export VERB
			recoveries verb
		done
		unset TWICE
		;;
	esac
done
sample=1
everything=1
. "${srcdir:-.}/tests/fault/sweep_parts.sh"
finish
