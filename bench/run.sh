#!/bin/sh
# The figures of the connector, each beside its aim: `make bench`. Run in the
# build directory. CCMQ_BENCH_N is the number of messages of the large ones
# (100,000), CCMQ_BENCH_ATTEMPTS that of attempts (3,000). The store is made
# in the build directory: its file system is what is measured.
set -eu

bin=$(pwd)
dir=$bin/bench/store.tmp
many=${CCMQ_BENCH_N:-100000}
attempts=${CCMQ_BENCH_ATTEMPTS:-600}
rounds=${CCMQ_BENCH_ROUNDS:-5}
store=$dir/store

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

ccmq() {
	"$bin/ccmq" -c "$dir/conf" "$@"
}

new_store() {
	rm -rf "$store"
	ccmq init >/dev/null
}

sql() {
	sqlite3 -readonly "$store/history.db" "$1"
}

# row WHAT FIGURE AIM pass|below
row() {
	printf '%-34s %14s   %-16s %s\n' "$1" "$2" "$3" "$4"
}

# True when $1 is at most $2; both may have decimals.
at_most() {
	awk -v a="$1" -v b="$2" 'BEGIN { exit !(a <= b) }'
}

judge() {
	if at_most "$1" "$2"; then echo pass; else echo BELOW; fi
}

# Runs ccmqd --once; its greatest resident memory goes to $peak (KB).
peak=0
run_ccmqd() {
	status=0
	"$bin/ccmqd" -c "$dir/conf" --once 2>"$dir/log" &
	pid=$!
	while kb=$(awk '/^VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null) &&
	    [ -n "$kb" ]; do
		[ "$kb" -le "$peak" ] || peak=$kb
		sleep 0.05
	done
	wait $pid || status=$?
	pid=
}

rm -rf "$dir"
mkdir -p "$dir"
pid=
trap 'rm -rf "$dir"' EXIT
trap '[ -z "$pid" ] || kill $pid 2>/dev/null; exit 1' INT TERM
cat >"$dir/conf" <<EOF
store = "$store";
import: { program = [ "$bin/bench/exit0", "%f" ]; };
EOF

# A round: "RATIO SPAWN COMMITS CCMQD", messages a second, one after another
# so that what else the machine does meets them alike.
attempts_round() {
	set -- $("$bin/bench/bench_spawn" "$bin/bench/exit0" "$dir" "$attempts")
	new_store
	"$bin/bench/bench_fill" drop "$store/submit" "$attempts"
	sync -f "$store"
	run_ccmqd
	[ $status = 0 ] || { cat "$dir/log" >&2; exit 1; }
	took=$(sql 'SELECT max(ended_at) - min(started_at) FROM attempt')
	awk -v n="$attempts" -v took="$took" -v spawn="$1" -v commits="$2" '
		BEGIN { rate = n * 1000 / took
		printf "%.2f %d %d %d\n", rate / commits, spawn, commits,
			rate }' >>"$dir/rounds"
}

for round in $(seq "$rounds"); do
	attempts_round
done
# The round in the middle, by its ratio.
set -- $(sort -n "$dir/rounds" | sed -n "$((rounds / 2 + 1))p")

row "what" "figure" "aim" ""
row "bare spawn" "$2 /s" "" ""
row "spawn and two FULL commits" "$3 /s" "" ""
row "ccmqd" "$4 /s" "" ""
row "  of bare spawn" "$(awk -v a="$4" -v b="$2" \
	'BEGIN { printf "%.2f", a / b }')" "" ""
row "  of spawn and commits" "$1" "at least 0.7" "$(judge 0.7 "$1")"
row "  in each round" "$(sort -n "$dir/rounds" | cut -d' ' -f1 |
	tr '\n' ' ')" "" ""

new_store
ccmq hold --reason bench >/dev/null 2>&1
"$bin/bench/bench_fill" drop "$store/submit" "$many"
sync -f "$store"
start=$(now_ms)
run_ccmqd
took=$(($(now_ms) - start))
[ "$(sql "SELECT count(*) FROM message WHERE state = 'queued'
    AND move_to IS NULL")" = "$many" ]
row "intake of $many files" "$took ms" "within $((many / 10)) ms" \
	"$(judge $took $((many / 10)))"
row "resident memory of ccmqd" "$peak KB" "under 16384 KB" \
	"$(judge $peak 16383)"

new_store
"$bin/bench/bench_fill" failed "$store" "$many"
sync -f "$store"
start=$(now_ms)
ccmq retry --match state:failed --yes --reason bench >/dev/null 2>&1
took=$(($(now_ms) - start))
[ "$(sql "SELECT count(*) FROM message WHERE state = 'queued'
    AND move_to IS NULL")" = "$many" ]
row "retry of $many messages" "$took ms" "within $((many * 6 / 100)) ms" \
	"$(judge $took $((many * 6 / 100)))"
