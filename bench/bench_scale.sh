#!/bin/bash
# What the number of messages in the store costs those who look at one:
# `make bench`. The same commands on a store of 1,000 and of 1,000,000
# imported messages (CCMQ_BENCH_ROWS), each the best of seven, and how much
# memory a list of all of them takes while jq reads it. Run in the build
# directory.
set -eu

bin=$(pwd)
dir=$bin/bench/scale.tmp
many=${CCMQ_BENCH_ROWS:-1000000}

now_us() {
	echo $(($(date +%s%N) / 1000))
}

# best COMMAND…: microseconds of the quickest of seven.
best() {
	local least=999999999 start took

	for _ in 1 2 3 4 5 6 7; do
		[ -z "$before" ] || $before
		start=$(now_us)
		"$@" >/dev/null 2>&1 || true
		took=$(($(now_us) - start))
		[ $took -ge $least ] || least=$took
	done
	echo $least
}

# list_all: the most memory that list --json took while jq read it, in KB, and
# how many lines jq understood.
list_all() {
	local kb peak=0 pid

	mkfifo "$dir/pipe"
	"$bin/ccmq" -c "$dir/conf" list --json --state imported >"$dir/pipe" &
	pid=$!
	# The first page is in memory before the reader comes.
	{ sleep 0.3; jq -r .id; } <"$dir/pipe" | wc -l >"$dir/lines" &
	while kb=$(awk '/^VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null) &&
	    [ -n "$kb" ]; do
		[ "$kb" -le "$peak" ] || peak=$kb
		sleep 0.05
	done
	wait
	rm "$dir/pipe"
	echo "$peak $(cat "$dir/lines")"
}

# measure ROWS: one line: microseconds of status, show, retry, take in, then
# what list_all says.
measure() {
	local n=$1 ccmq ccmqd

	rm -rf "$dir/store"
	cat >"$dir/conf" <<EOF
store = "$dir/store";
import: { program = [ "$bin/bench/exit0", "%f" ]; };
EOF
	ccmq="$bin/ccmq -c $dir/conf" ccmqd="$bin/ccmqd -c $dir/conf --once"
	$ccmq init >/dev/null
	"$bin/bench/bench_fill" failed "$dir/store" 20
	"$bin/bench/bench_fill" imported "$dir/store" "$n"
	drop_one() {
		rm -rf "$dir/drop"
		mkdir "$dir/drop"
		"$bin/bench/bench_fill" drop "$dir/drop" 1
		mv "$dir/drop/Msg0000001.ccm" "$dir/store/submit/"
	}
	next=0
	next_one() {
		next=$((next + 1))
	}
	retry_one() {
		$ccmq retry $next
	}
	before=
	printf '%s ' "$(best $ccmq status)" "$(best $ccmq show $((n / 2)))"
	before=next_one
	printf '%s ' "$(best retry_one)"
	$ccmq hold --reason bench >/dev/null 2>&1
	before=drop_one
	printf '%s ' "$(best $ccmqd)"
	before=
	list_all
}

# row WHAT FEW LOTS
row() {
	printf '%-30s %12s %12s %8s\n' "$1" "$2" "$3" "$(awk -v a="$3" \
		-v b="$2" 'BEGIN { printf "%.2f", a / b }')"
}

rm -rf "$dir"
mkdir -p "$dir"
trap 'rm -rf "$dir"' EXIT
few=($(measure 1000))
lots=($(measure "$many"))
words=("status" "show" "retry of one" "take in one (ccmqd --once)")
printf '%-30s %12s %12s %8s\n' "us with so many messages" 1000 "$many" ratio
for i in 0 1 2 3; do
	row "${words[i]}" "${few[i]}" "${lots[i]}"
done
echo
row "KB of list --json | jq" "${few[4]}" "${lots[4]}"
row "lines of it" "${few[5]}" "${lots[5]}"
