#!/bin/sh
# Resident memory of ccmqd and of its worker over many messages
# (CCMQ_BENCH_MEMORY, 1,000,000), a line each twentieth: it must not grow. They
# are short, for a mailbox that keeps nothing, and no copy of them is kept. Run
# in the build directory, or with CCMQ_BENCH_DIR elsewhere.
set -eu

bin=$(pwd)
dir=${CCMQ_BENCH_DIR:-$bin/bench}/memory.tmp
many=${CCMQ_BENCH_MEMORY:-1000000}
piece=$((many / 20))

rm -rf "$dir"
mkdir -p "$dir/po" "$dir/drop"
daemon=
stop() {
	[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
	[ -z "$daemon" ] || wait "$daemon" || true
	daemon=
}
trap 'stop; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
echo 'name = "HUB"; users = ( { name = "user0"; discard = true; } );' \
	>"$dir/po/postoffice.conf"
cat >"$dir/conf" <<END
store = "$dir/store";
import: { program = [ "$bin/ccmq-import", "--worker", "/NHUB", "/D$dir/po" ]; };
intake: { settle = "0s"; };
disk: { min_free = "1M"; };
keep: { imported = "0s"; };
END
"$bin/ccmq" -c "$dir/conf" init >/dev/null
"$bin/ccmqd" -c "$dir/conf" 2>/dev/null &
daemon=$!

imported() {
	sqlite3 -readonly "$dir/store/history.db" 'SELECT imports FROM connector'
}

# The resident KB of a process.
rss() {
	awk '/^VmRSS/ { print $2 }' "/proc/$1/status" 2>/dev/null || echo -
}

# It is a grandchild: its parent is the runner.
worker() {
	for runner in $(pgrep -P "$daemon"); do
		pgrep -P "$runner" && return
	done
	echo 0
}

drop() {	# FROM COUNT
	awk -v from="$1" -v n="$2" -v dir="$dir/drop" 'BEGIN {
		for (i = from; i < from + n; i++) {
			f = sprintf("%s/M%08d.ccm", dir, i)
			printf "Message:\r\nFrom: Ops at HUB\r\nTo: user0\r\n" \
				"Subject: %d\r\nContents:\r\nText item:\r\nx\r\n",
				i >f
			close(f)
		}
	}'
	# It may be gone again before mv looks at what it moved.
	find "$dir/drop" -type f -exec mv -t "$dir/store/submit" {} + \
		2>/dev/null || true
}

printf '%12s %12s %12s\n' imported "ccmqd KB" "worker KB"
for i in $(seq 0 19); do
	drop $((i * piece)) $piece
	until [ "$(imported)" -ge $(((i + 1) * piece)) ]; do
		sleep 1
		pid=$(worker)
		[ "$pid" = 0 ] || last=$(rss "$pid")
	done
	printf '%12s %12s %12s\n' "$(imported)" "$(rss "$daemon")" "${last:--}"
done
