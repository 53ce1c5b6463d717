#!/bin/bash
# What the seal costs an import: `make bench`. So many messages (CCMQ_BENCH_SEALED,
# 500) go from submit/ to a Maildir, by ccmqd, in turn with one that seals nothing
# (unsealed.c); what their worker does is counted once. Counted are instructions,
# by valgrind: what the kernel does is not in it. Nor has valgrind the instructions
# for SHA-256 that processors have (sha_ni in /proc/cpuinfo): what these would save
# at the most is a row of its own. Run in the build directory.
set -euo pipefail
shopt -s inherit_errexit

bin=$(pwd)
dir=$bin/bench/seal.tmp
many=${CCMQ_BENCH_SEALED:-500}

command -v valgrind >/dev/null || {
	echo "what the seal costs: valgrind is not installed: left out"
	exit 0
}
rm -rf "$dir"
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
mkdir -p "$dir/po"
cat >"$dir/po/postoffice.conf" <<END
name = "HUB"; users = ( { name = "Edwin Sorrel"; }, { name = "Ida Lorn"; } );
END
cat >"$dir/conf" <<END
store = "$dir/store";
import: { program = [ "$bin/ccmq-import", "--worker", "/NHUB", "/D$dir/po",
	"/ITEMSIZE", "/PARTIAL", "/BATCH" ]; };
intake: { settle = "0s"; };
disk: { min_free = "1M"; };
END

# counted COMMAND...: its instructions.
counted() {
	rm -f "$dir/log"
	valgrind --tool=callgrind --callgrind-out-file="$dir/calls" \
		--trace-children=yes --trace-children-skip-by-arg=--runner \
		--log-file="$dir/log" "$@" >"$dir/said" 2>&1 ||
		{ tail -n 5 "$dir/said" >&2; exit 1; }
	awk '/Collected :/ { print $4 }' "$dir/log"
}

# by_ccmqd CCMQD COUNT: of so many imports, with its start and its end.
by_ccmqd() {
	rm -rf "$dir/store" "$dir/po/mail"
	"$bin/ccmq" -c "$dir/conf" init >/dev/null
	"$bin/bench/bench_fill" drop "$dir/store/submit" "$2"
	counted "$bin/bench/$1" -c "$dir/conf" --once
}

by_worker() {	# COUNT
	rm -rf "$dir/drop" "$dir/po/mail"
	mkdir "$dir/drop"
	"$bin/bench/bench_fill" drop "$dir/drop" "$1"
	for file in "$dir"/drop/*; do
		echo "{\"id\":1,\"key\":\"$file\",\"file\":\"$file\"}"
	done >"$dir/requests"
	counted "$bin/ccmq-import" --worker "/D$dir/po" "--und=$dir/und" \
		<"$dir/requests"
}

# one_more COMMAND...: of one message more; the least of three.
one_more() {
	for _ in 1 2 3; do
		few=$("$@" 20)
		all=$("$@" $((many + 20)))
		echo $(((all - few) / many))
	done | sort -n | head -n 1
}

worker=$(one_more by_worker)
with=$(($(one_more by_ccmqd ccmqd_sealed) + worker))
without=$(($(one_more by_ccmqd ccmqd_unsealed) + worker))
by_ccmqd ccmqd_sealed "$many" >/dev/null
hash=$(callgrind_annotate "$dir/calls" | awk -v n="$many" '
	/sha256_compress/ && !seen++ { gsub(",", ""); print int($1 / n) }')

# row WHAT INSTRUCTIONS: beside an import that is not sealed.
row() {
	awk -v what="$1" -v n="$2" -v all="$without" 'BEGIN {
		share = sprintf("%.1f", n * 100 / all)
		printf "%-44s %10s %-3s at most %-6s %s\n", what, share, "%",
			3, share + 0 <= 3 ? "pass" : "BELOW" }'
}

echo "an import is $with instructions, $without unsealed"
row "seal of an import, SHA-256 in software" $((with - without))
row "  without the blocks of SHA-256" $((with - without - hash))
