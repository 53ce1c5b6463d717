#!/bin/sh
# ccmqd --observe beside CCMQ_BENCH_WATCH (1,000,000) files in somebody else's
# directory: its memory, and the processor time of a look beside that of one
# readdir with a stat of each name, in turn. Run in the build directory, or with
# CCMQ_BENCH_DIR elsewhere.
set -eu

bin=$(pwd)
dir=${CCMQ_BENCH_DIR:-$bin/bench}/watch.tmp
many=${CCMQ_BENCH_WATCH:-1000000}
rounds=${CCMQ_BENCH_ROUNDS:-5}
theirs=$dir/theirs

rm -rf "$dir"
mkdir -p "$theirs/SUBMIT" "$theirs/IMPORT"
daemon=
stop() {
	[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
	[ -z "$daemon" ] || wait "$daemon" || true
	daemon=
}
trap 'stop; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
seq -f "$theirs/SUBMIT/M%08.0f.ccm" "$many" | xargs touch
cat >"$dir/conf" <<END
store = "$dir/store";
disk: { min_free = "1M"; };
foreign: { submit = "$theirs/SUBMIT"; import = "$theirs/IMPORT"; cycle = "1s"; };
END
"$bin/ccmq" -c "$dir/conf" init >/dev/null
"$bin/ccmqd" -c "$dir/conf" --observe 2>/dev/null &
daemon=$!

status() {
	"$bin/ccmq" -c "$dir/conf" status --json | jq -r ".$1"
}

# Its processor time in ms.
spent() {
	awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / hz }' \
		"/proc/$daemon/stat"
}

until [ "$(status queued)" = "$many" ]; do
	sleep 1
done

# The end of the next look. One takes longer than to ask.
until_look() {
	was=$(status last_sign_at)
	while [ "$(status last_sign_at)" = "$was" ]; do
		sleep 0.1
	done
}

floor() {
	for round in 1 2 3; do
		"$bin/bench/bench_look" "$theirs/SUBMIT"
	done | sort -n | head -n 1
}

first=$(floor)
until_look
before=$(spent)
for round in $(seq "$rounds"); do
	until_look
done
after=$(spent)
second=$(floor)
awk -v n="$many" -v a="$before" -v b="$after" -v r="$rounds" -v x="$first" \
	-v y="$second" -v rss="$(awk '/^VmRSS/ { print $2 }' \
	"/proc/$daemon/status")" -v peak="$(awk '/^VmHWM/ { print $2 }' \
	"/proc/$daemon/status")" 'BEGIN {
	look = (b - a) / r
	least = (x + y) / 2
	printf "%-34s %14d\n", "files watched", n
	printf "%-34s %11.0f MB   at most 100\n", "resident", rss / 1024
	printf "%-34s %11.0f MB\n", "… at the most", peak / 1024
	printf "%-34s %11.0f ms\n", "a look", look
	printf "%-34s %11.0f ms\n", "one readdir with stat", least
	printf "%-34s %14.2f   at most 1.5\n", "ratio", look / least
}'
