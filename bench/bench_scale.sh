#!/bin/bash
# What the number of messages in the store costs those who look at one, and
# those who look at all: `make bench`.
#
# Each command on a store of 1,000 and of 1,000,000 imported messages
# (CCMQ_BENCH_ROWS), the processor time of each; fifty imports beside deferred ones
# (none, a tenth of them, all); how much memory a list of all of them takes
# while jq reads it; then check and check --rebuild of so many files
# (CCMQ_BENCH_FILES), with their peak of memory. Run in the build directory.
set -eu
TIMEFORMAT='%U %S'

bin=$(pwd)
dir=$bin/bench/scale.tmp
many=${CCMQ_BENCH_ROWS:-1000000}
files=${CCMQ_BENCH_FILES:-100000 1000000}

# best COMMAND…: microseconds of processor time of the cheapest of seven, so that
# what else the machine does counts little.
best() {
	local least=999999999 took

	for _ in 1 2 3 4 5 6 7; do
		[ -z "$before" ] || $before
		took=$({ time "$@" >/dev/null 2>&1 || true; } 2>&1)
		took=$(awk '{ print ($1 + $2) * 1000000 }' <<<"$took")
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

# fresh FILL COUNT: a new store with so many of those.
fresh() {
	rm -rf "$dir/store"
	cat >"$dir/conf" <<EOF
store = "$dir/store";
import: { program = [ "$bin/bench/exit0", "%f" ]; };
disk: { min_free = "1M"; };
intake: { settle = "0s"; };
EOF
	$ccmq init >/dev/null
	[ "$2" = 0 ] || "$bin/bench/bench_fill" "$1" "$dir/store" "$2"
}

# drop COUNT: messages, as files that have been there for a while.
drop() {
	rm -rf "$dir/drop"
	mkdir "$dir/drop"
	"$bin/bench/bench_fill" drop "$dir/drop" "$1"
	find "$dir/drop" -type f -exec touch -d '1 minute ago' {} +
	mv "$dir"/drop/*.ccm "$dir/store/submit/"
}

# What is measured: each line a command, with `next` (one of twenty that failed;
# a verb takes seven of them, its opposite the same) and `middle`.
commands='status
list --state all --limit 20
list --match id:middle
show middle
history middle
history --limit 20
events --since 1s
jobs
und status
und list --limit 20
shape
report --since 1m
note middle seen
mine middle
quarantine next 1
release next 1
purge next 8
restore next 8
retry next 15
undo --dry-run
hold --reason bench
resume'

# one LINE: the microseconds of a command.
one() {
	local line=$1
	set -- $line
	before=
	if [ "${2:-}" = next ]; then
		verb=$1 next=$(($3 - 1)) before=next_one
		best verb_of_next
	else
		best $ccmq ${line//middle/$middle}
	fi
}

next_one() {
	next=$((next + 1))
}

verb_of_next() {
	$ccmq $verb $next
}

drop_one() {
	drop 1
}

# measure ROWS: microseconds of each of the commands and of taking in one, a
# line each, then what list_all says.
measure() {
	middle=$(($1 / 2))
	fresh failed 21
	"$bin/bench/bench_fill" imported "$dir/store" "$1"
	while read -r line; do
		one "$line" </dev/null
	done <<<"$commands"
	$ccmq hold --reason bench >/dev/null 2>&1
	before=drop_one
	best $ccmqd
	before=
	list_all
}

# imports DEFERRED: microseconds of fifty imports, one after the other.
imports() {
	fresh deferred "$1"
	fifty() {
		drop 50
	}
	before=fifty
	best $ccmqd
}

# peak COMMAND…: milliseconds, and the most memory in KB.
peak() {
	/usr/bin/env python3 - "$@" <<'EOF'
import resource, subprocess, sys, time
start = time.time()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(round((time.time() - start) * 1000),
      resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
EOF
}

# row WHAT FEW LOTS
row() {
	printf '%-30s %12s %12s %8s\n' "$1" "$2" "$3" "$(awk -v a="$3" \
		-v b="$2" 'BEGIN { printf "%.2f", a / b }')"
}

ccmq="$bin/ccmq -c $dir/conf" ccmqd="$bin/ccmqd -c $dir/conf --once"
rm -rf "$dir"
mkdir -p "$dir"
trap 'rm -rf "$dir"' EXIT
few=($(measure 1000))
lots=($(measure "$many"))
printf '%-30s %12s %12s %8s\n' "us of processor, of so many" 1000 "$many" ratio
i=0
while read -r line; do
	row "$line" "${few[i]}" "${lots[i]}"
	i=$((i + 1))
done <<<"$commands
take in one (ccmqd --once)"
echo
row "KB of list --json | jq" "${few[i]}" "${lots[i]}"
row "lines of it" "${few[i+1]}" "${lots[i+1]}"
echo
none=$(imports 0)
for n in $((many / 10)) "$many"; do
	printf '%-30s %12s %12s %8s\n' "us beside so many deferred" 0 "$n" ratio
	row "50 imports" "$none" "$(imports "$n")"
done
echo
printf '%-30s %12s %12s\n' "of so many files" ms "KB at most"
for n in $files; do
	fresh failed "$n"
	for how in "" --repair --rebuild; do
		printf '%-30s %12s %12s\n' "$n: check $how" \
			$(peak $ccmq check $how)
	done
done
