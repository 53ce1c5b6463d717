#!/bin/sh
# make bench: how fast the connector is, against what the machine can do in
# the same run. Usage: bench/run.sh BUILDDIR. Only ratios travel.

build=$(cd "${1:?usage: run.sh BUILDDIR}" && pwd -P) || exit 1
N=${N:-1000}			# attempts
FILES=${FILES:-100000}		# intake and retry
work=$(mktemp -d "$build/bench-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

now() { date +%s.%N; }
calc() { awk "BEGIN { printf \"$1\", $2 }"; }
row() { printf '%-44s %12s   %s\n' "$1" "$2" "$3"; }

store() {		# NAME [SETTINGS LINE]: a new store
	"$build/ccmq" -s "$work/$1" init >/dev/null || exit 1
	printf 'store = "%s";\nimport: { program = [ "%s/bench/exit0" ]; };\n%s\n' \
		"$work/$1" "$build" "${2:-}" >"$work/$1.conf"
}

watch_rss() {		# PID: its peak, in kB, as long as it lives
	peak=0
	while kill -0 "$1" 2>/dev/null; do
		kb=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' \
			"/proc/$1/status" 2>/dev/null)
		[ "${kb:-0}" -gt "$peak" ] && peak=$kb
		sleep 0.1
	done
	echo "$peak"
}

mkdir "$work/spawn"
set -- $("$build/bench/bench_spawn" "$build/bench/exit0" "$work/spawn" "$N")
spawns=$1 durable=$2

store attempts
"$build/bench/bench_fill" drop "$work/attempts/submit" "$N" || exit 1
"$build/ccmqd" -c "$work/attempts.conf" --once 2>/dev/null &
daemon=$!
peak_attempts=$(watch_rss $daemon)
rate=$(sqlite3 "$work/attempts/history.db" \
	"SELECT count(*) * 1000.0 / (max(ended_at) - min(started_at)) FROM attempt")

row "bare spawn of a program that exits 0" "$(calc %.0f "$spawns")/s" ""
row "the same and two FULL commits" "$(calc %.0f "$durable")/s" ""
row "attempts of ccmqd" "$(calc %.0f "$rate")/s" \
	"$(calc %.2f "$rate / $spawns") of bare spawn"
row "attempts against spawn and two commits" \
	"$(calc %.2f "$rate / $durable")" "aim: at least 0.7"

store intake
"$build/ccmq" -c "$work/intake.conf" hold --reason bench >/dev/null
"$build/bench/bench_fill" drop "$work/intake/submit" "$FILES" || exit 1
start=$(now)
"$build/ccmqd" -c "$work/intake.conf" --once 2>/dev/null &
daemon=$!
peak_intake=$(watch_rss $daemon)
took=$(calc %.1f "$(now) - $start")
row "intake of $FILES files" "$took s" "aim: 10 s for 100,000"
[ "$("$build/ccmq" -c "$work/intake.conf" status --json |
	jq .queued)" = "$FILES" ] || row "intake" WRONG "not all were taken in"

store retry
"$build/bench/bench_fill" failed "$work/retry" "$FILES" || exit 1
start=$(now)
"$build/ccmq" -c "$work/retry.conf" retry --match state:failed \
	--reason bench >/dev/null 2>&1 || row retry FAILED ""
row "retry of $FILES messages" "$(calc %.1f "$(now) - $start") s" \
	"aim: 6 s for 100,000"
row "peak memory of ccmqd" "$(calc %.1f "$peak_attempts / 1024") MB" \
	"attempts; aim: under 16 MB"
row "" "$(calc %.1f "$peak_intake / 1024") MB" "intake"
