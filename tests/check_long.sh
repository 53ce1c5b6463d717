#!/bin/sh
# `make check-long`: what takes longer than a check may. 10,000 round trips of
# the message writer, a minute of two writers, every point and mode of each
# fault scenario, and each fuzzer for a minute where it is a real one. Each part
# is bounded; the exit status is 1 if any failed. LONG_LIMIT: seconds for one part (1800).

limit=${LONG_LIMIT:-1800}
export srcdir builddir
bad=0
cd "$builddir" || exit 1

part()	# NAME COMMAND...: its output is shown only if it fails
{
	name=$1
	shift
	begin=$(date +%s)
	if timeout "$limit" "$@" >"long-$name.log" 2>&1; then
		word=PASS
	else
		word=FAIL bad=1
		tail -n 30 "long-$name.log"
	fi
	echo "$word: $name, $(($(date +%s) - begin)) s (long-$name.log)"
}

part round-trips env MESSAGES=10000 tests/unit/test_message_writer
part two-writers env TWO_WRITERS_SECONDS=60 TWO_WRITERS_WAIT_MS=1000 \
	bash "$srcdir/tests/system/two_writers.sh"
part sweeps "$srcdir/tests/fault/sweep_long.sh"
for fuzzer in tests/fuzz/fuzz_*; do
	[ -x "$fuzzer" ] && [ -f "$fuzzer" ] || continue
	# A replay knows no such option: make check runs those.
	grep -qa LLVMFuzzerRunDriver "$fuzzer" || continue
	name=$(basename "$fuzzer")
	mkdir -p "corpus-$name"
	part "$name" "$fuzzer" -max_total_time=60 "corpus-$name" \
		"$srcdir/tests/fuzz/seeds/${name#fuzz_}"
done
exit $bad
