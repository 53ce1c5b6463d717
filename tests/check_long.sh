#!/bin/sh
# `make check-long`: what takes longer than a check may. 10,000 round trips of
# the message writer and of messages that become mail, the incident and
# two writers for a minute each, every point and mode of each fault scenario,
# the console cut off and pestered, the units under valgrind, each fuzzer for a
# minute where it is a real one, and all tests in other builds and places
# (check_matrix.sh). Each part is bounded; the exit status
# is 1 if any failed. LONG_LIMIT: seconds for one part (3600). PARTS: only
# these.

limit=${LONG_LIMIT:-3600}
export srcdir builddir
bad=0
cd "$builddir" || exit 1

part()	# NAME COMMAND...: its output is shown only if it fails
{
	name=$1
	shift
	case " ${PARTS:-$name} " in
	*" $name "*) ;;
	*) return ;;
	esac
	begin=$(date +%s)
	timeout "$limit" "$@" >"long-$name.log" 2>&1
	case $? in
	0)	word=PASS ;;
	77)	word=SKIP ;;
	*)	word=FAIL bad=1
		tail -n 30 "long-$name.log" ;;
	esac
	echo "$word: $name, $(($(date +%s) - begin)) s (long-$name.log)"
}

part round-trips env MESSAGES=10000 tests/unit/mail/test_message_writer
part mail-round-trips env MESSAGES=10000 tests/import/round_trip
part deliveries env LONG=1 "$srcdir/tests/system/import_crash.sh"
part forgeries env SEAL_TRIES=10000 tests/unit/history/test_seal
part archive env LONG=1 ARCHIVE_STEP=1 ARCHIVE_KILLS=100 KILL_STEP=1 \
	sh "$srcdir/tests/system/archive.sh"
part incident env SCANS=60 sh "$srcdir/tests/system/incident.sh"
part hosts env ACCOUNTS=10 bash "$srcdir/tests/system/hosts_sshd.sh"
for sweeps in kill fail recovery batch beside names job; do
	part "sweeps-$sweeps" env PART=$sweeps \
		sh "$srcdir/tests/fault/sweep_long.sh"
done
part untouched env UNTOUCHED=5760 sh "$srcdir/tests/system/untouched.sh"
part lost-line env MANY=5000 EVERY=1 sh "$srcdir/tests/system/lost_line.sh"
part soak bash "$srcdir/tests/soak.sh"
part console sh "$srcdir/tests/screen/long.sh"
part valgrind sh "$srcdir/tests/unit/valgrind.sh"
part large-messages env BIG=2147483648 WHOLE=1 \
	"$srcdir/tests/system/import_big.sh"
part two-writers env TWO_WRITERS_SECONDS=60 TWO_WRITERS_WAIT_MS=1000 \
	bash "$srcdir/tests/system/two_writers.sh"
for fuzzer in tests/fuzz/fuzz_*; do
	[ -x "$fuzzer" ] && [ -f "$fuzzer" ] || continue
	# A replay knows no such option: make check runs those.
	grep -qa LLVMFuzzerRunDriver "$fuzzer" || continue
	name=$(basename "$fuzzer")
	mkdir -p "corpus-$name"
	part "$name" "$fuzzer" -max_total_time=60 "corpus-$name" \
		"$srcdir/tests/fuzz/seeds/${name#fuzz_}"
done
for build in o3 clang noconsole user blanks i386; do
	part "matrix-$build" sh "$srcdir/tests/check_matrix.sh" $build
done
sh "$srcdir/tests/check_matrix.sh" table 2>/dev/null
exit $bad
