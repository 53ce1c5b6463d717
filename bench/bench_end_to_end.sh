#!/bin/sh
# From submit/ to Maildirs: ccmqd with ccmq-import as a worker beside what
# durability alone costs (bench_floor), alternating, in one run. Prints a row a
# size: messages a second of both, their ratio, the aim. Run in the build
# directory, on the file system that is to be measured. CCMQ_BENCH_E2E is the
# number of messages (2,000), CCMQ_BENCH_ROUNDS that of rounds (5).
set -eu

bin=$(pwd)
dir=$bin/bench/e2e.tmp
count=${CCMQ_BENCH_E2E:-2000}
rounds=${CCMQ_BENCH_ROUNDS:-5}
trap 'rm -rf "$dir"' EXIT

# messages TO SIZE RECIPIENTS
messages()
{
	mkdir -p "$1"
	awk -v to="$1" -v n="$count" -v size="$2" -v r="$3" 'BEGIN {
		line = "The quick brown fox jumps over the lazy dog, again and again.\r\n"
		while (length(body) < size)
			body = body line
		for (i = 0; i < n; i++) {
			f = sprintf("%s/M%07d.ccm", to, i)
			printf "Message:\r\nFrom: Ops, Night at HUB\r\n" >f
			for (k = 0; k < r; k++)
				printf "To: user%d at HUB\r\n", k >f
			printf "Subject: %d\r\nContents:\r\nText item:\r\n%s", i, body >f
			close(f)
		}
	}'
}

settings()	# LANES
{
	{
		printf 'name = "HUB";\nusers = ('
		for i in 0 1 2 3 4 5 6 7 8 9; do
			printf '%s{ name = "user%s"; }' "$comma" $i
			comma=', '
		done
		printf ' );\n'
	} >"$dir/po/postoffice.conf"
	cat >"$dir/conf" <<END
store = "$dir/store";
import: { program = [ "$bin/ccmq-import", "--worker", "/NHUB", "/D$dir/po",
    "/ITEMSIZE", "/PARTIAL", "/BATCH" ]; lanes = $1; };
intake: { settle = "0s"; };
disk: { min_free = "1M"; };
END
}

ccmqd_rate()	# LANES
{
	rm -rf "$dir/store" "$dir/po"
	mkdir -p "$dir/po"
	comma=
	settings "$1"
	"$bin/ccmq" -c "$dir/conf" init >/dev/null
	cp "$dir"/messages/* "$dir/store/submit"
	sync -f "$dir"
	begin=$(date +%s%N)
	"$bin/ccmqd" -c "$dir/conf" --once 2>/dev/null || true
	end=$(date +%s%N)
	n=$(sqlite3 -readonly "$dir/store/history.db" \
		"SELECT count(*) FROM message WHERE state = 'imported'")
	[ "$n" = "$count" ] || echo "only $n of $count were imported" >&2
	echo $((count * 1000000000 / (end - begin)))
}

floor_rate()	# RECIPIENTS
{
	rm -rf "$dir/from" "$dir/mail" "$dir/done"
	mkdir -p "$dir/mail" "$dir/done"
	cp -r "$dir/messages" "$dir/from"
	sync -f "$dir"
	bench/bench_floor "$dir/from" "$dir/mail" "$dir/done" "$count" "$1"
}

median()
{
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

row()	# WHAT SIZE RECIPIENTS LANES AIM
{
	rm -rf "$dir"
	mkdir -p "$dir"
	messages "$dir/messages" "$2" "$3"
	for round in $(seq 1 "$rounds"); do
		a=$(ccmqd_rate "$4")
		b=$(floor_rate "$3")
		echo "$a" >>"$dir/a"
		echo "$b" >>"$dir/b"
		awk -v a="$a" -v b="$b" 'BEGIN { print a / b }' >>"$dir/ratio"
	done
	awk -v what="$1" -v a="$(median <"$dir/a")" -v b="$(median <"$dir/b")" \
		-v r="$(median <"$dir/ratio")" -v aim="$5" 'BEGIN {
		printf "%-34s %6d/s %6d/s %6.2f   aim %s %s\n", what, a, b, r,
			aim, (r >= aim) ? "pass" : "BELOW" }'
}

printf '%-34s %8s %8s %6s\n' "end to end, medians of $rounds" ccmqd floor ratio
row "2 KB, 1 recipient, 1 lane" 2000 1 1 0.5
row "2 KB, 1 recipient, 2 lanes" 2000 1 2 0.5
row "100 KB, 1 recipient, 1 lane" 100000 1 1 0.5
row "2 KB, 10 recipients, 1 lane" 2000 10 1 0.5
