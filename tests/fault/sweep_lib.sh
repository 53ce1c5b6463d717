# For sweep_core.sh and sweep_long.sh, which source it.

here=${srcdir:-.}/tests/fault
FAULT_BIN=$(cd "${builddir:-.}/tests/fault" && pwd)
export FAULT_BIN
: "${FAULT_JOBS:=2}"
work=$(pwd)/${0##*/}.tmp.$$
trap 'rm -rf "$work"' EXIT
count=0
failures=0
tried=0

sweep() {		# OPTIONS... SCENARIO
	name=$1
	shift
	"$FAULT_BIN/sweep" --jobs "$FAULT_JOBS" --work "$work" \
		--keep-going "$@" "$here/scenario_$name.sh"
}

# One test: a sweep, what it says as comments, its points in the sum.
try() {			# NAME SCENARIO OPTIONS...
	title=$1
	shift
	count=$((count + 1))
	said=$(sweep "$@" 2>&1)
	status=$?
	echo "$said" | sed 's/^#* */# /'
	n=$(echo "$said" | sed -n 's/.* = \([0-9]*\) tried.*/\1/p')
	tried=$((tried + ${n:-0}))
	if [ $status = 0 ]; then
		echo "ok $count - $title"
	else
		echo "not ok $count - $title: $status"
		failures=$((failures + 1))
	fi
}

# The number of the first point whose call has these words.
point() {		# WORDS SCENARIO OPTIONS...
	words=$1
	shift
	sweep "$@" --list | awk -v words="$words" \
		'index($0, words) { print $1; exit }'
}

# One test: are there so many such points in a row, with none of UNTIL between?
reaches() {		# NAME LEAST POINT UNTIL SCENARIO OPTIONS...
	title=$1 least=$2 words=$3 until=$4
	shift 4
	count=$((count + 1))
	most=$(sweep "$@" --list | awk -v words="$words" -v until="$until" '
		index($0, words) && ++n > most { most = n }
		index($0, until) { n = 0 }
		END { print most + 0 }')
	if [ "$most" -ge "$least" ]; then
		echo "ok $count - $title: $most"
	else
		echo "not ok $count - $title: $most, not $least"
		failures=$((failures + 1))
	fi
}

# Recovery, TWICE=1: ccmqd is killed at a point; each call that the next one
# makes before it tries a message of its own is a point.
recovery() {		# SCENARIO FIRST MODES
	end=$(point "open store/import/m" "$1" --first "$2")
	try "recovery of $1 from $2" "$1" --first "$2" --modes "$3" \
		${end:+--to "$end"}
}

finish() {
	echo "# $tried points tried, $failures sweeps with failures"
	echo "1..$count"
	[ $failures = 0 ]
}
