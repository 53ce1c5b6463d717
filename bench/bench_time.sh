#!/bin/bash
# What looking back, a report and the shape of the queue cost: `make bench`. 1,000,000
# messages (CCMQ_BENCH_ROWS), a tenth as many changes in the last hour. Counted
# is the processor's time: what else the machine does is not in it. Run in the
# build directory.
set -eu

bin=$(pwd)
dir=$bin/bench/time.tmp
many=${CCMQ_BENCH_ROWS:-1000000}

ccmq() {
	"$bin/ccmq" -c "$dir/conf" "$@"
}

new_store() {
	rm -rf "$dir/store"
	cat >"$dir/conf" <<END
store = "$dir/store";
disk: { min_free = "1M"; };
import: { program = [ "$bin/bench/exit0", "%f" ]; };
END
	ccmq init >/dev/null
}

# row WHAT FIGURE UNIT MOST: a figure beside its aim.
row() {
	printf '%-44s %10s %-3s at most %-6s %s\n' "$1" "$2" "$3" "$4" \
		"$(awk -v a="$2" -v b="$4" 'BEGIN {
			print a == "" ? "NOT MEASURED" :
			    a <= b ? "pass" : "BELOW" }')"
}

# least COLUMN COMMAND...: the least of five runs' numbers there.
least() {
	local column=$1
	shift
	for _ in 1 2 3 4 5; do
		"$@"
	done | awk -v c="$column" 'NR == 1 || $c < n { n = $c } END { print n }'
}

command_ms() {
	TIMEFORMAT='%3U %3S'
	{ time ccmq "$@" >/dev/null; } 2>&1 |
		awk '{ print ($1 + $2) * 1000 }'
}

rm -rf "$dir"
mkdir -p "$dir"
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

new_store
"$bin/bench/bench_fill" changed "$dir/store" "$many"
row "first picture of an hour ago, $many messages" "$(least 1 \
	"$bin/bench/bench_at" "$dir/store/history.db" 59)" ms 300
row "  a minute further" "$(least 2 \
	"$bin/bench/bench_at" "$dir/store/history.db" 58)" ms 50
row "report of that hour" "$(least 1 command_ms report --since 1h)" ms 999
new_store
"$bin/bench/bench_fill" deferred "$dir/store" "$many"
row "shape of $many by 90,000 senders" "$(least 1 command_ms shape --limit 3)" ms 999
