#!/bin/sh
# The console's hard tests at length, for `make check-long`: every signal at
# every batch of a job of 5,000 messages, 30 bursts of 10,000 random keys, 20 bad
# lines. In a build with --enable-sanitizers these are the ones to run.
set -u
cd "$builddir" || exit 1
bad=0

run()	# NAME VARIABLE=VALUE...
{
	name=$1
	shift
	env "$@" tests/screen/screen "$srcdir/tests/screen/$name.keys" || bad=1
}

run jobs MANY=5000 SHOWN=5,000 "SIGNALS=HUP TERM INT ABRT KILL" "BATCHES=0 1 2 3 4"
run burst "SEEDS=$(seq -s ' ' 3 32)" PRODUCED=10000 PACED=300
run badline "SEEDS=$(seq -s ' ' 2 21)" COUNT=60
exit $bad
