#!/bin/sh
# The console's hard tests at length, for `make check-long`: every signal in the
# middle of work on 12,000 messages, 30 bursts of 10,000 random keys, 20 bad
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

run lost MANY=12000 SHOWN=12,000 "SIGNALS=HUP TERM INT ABRT KILL"
run burst "SEEDS=$(seq -s ' ' 3 32)" PRODUCED=10000 PACED=300
run badline "SEEDS=$(seq -s ' ' 2 21)" COUNT=60
exit $bad
