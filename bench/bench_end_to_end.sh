#!/bin/sh
# The table with which `make bench` ends: ccmqd beside what it is held against,
# each row a ratio of two that were measured in turn, round after round, in one
# run; of each the median, and that of the rounds' ratios. Run in the build
# directory, on the file system that is to be measured, best as root on a quiet
# machine with Postfix installed.
#
# CCMQ_BENCH_E2E is the number of messages of 2 KB (10,000; a fifth of it of
# 100 KB), CCMQ_BENCH_ATTEMPTS of programs started (600), CCMQ_BENCH_RETRY of
# messages retried (100,000), CCMQ_BENCH_ROUNDS that of rounds (5),
# CCMQ_BENCH_COPY what is copied beside (MB, 2048). CCMQ_BENCH_ONLY is a word of
# the rows that are wanted: floor, postfix, program, retry, copy.
#
# What a round leaves is removed at the end of all: ext4 passes over each inode
# that was freed in the last minutes when it makes a file, which would be most of
# what is measured. It takes some GB for that.
set -eu

bin=$(pwd)
src=$(cd "${0%/*}" && pwd)
dir=$bin/bench/e2e.tmp
many=${CCMQ_BENCH_E2E:-10000}
attempts=${CCMQ_BENCH_ATTEMPTS:-600}
retried=${CCMQ_BENCH_RETRY:-100000}
rounds=${CCMQ_BENCH_ROUNDS:-5}
copy_mb=${CCMQ_BENCH_COPY:-2048}
only=${CCMQ_BENCH_ONLY:-floor postfix program retry copy}
trap 'rm -rf "$dir"' EXIT
rm -rf "$dir"

for program in bench/bench_floor bench/bench_spawn; do
	[ -x $program ] || {
		echo "there is no $program: make bench builds it" >&2
		exit 1
	}
done

# aside NAME...: out of the way, and removed later.
aside()
{
	mkdir -p "$dir/left"
	for name in "$@"; do
		[ ! -e "$dir/$name" ] ||
			mv "$dir/$name" "$dir/left/$name.$(date +%s%N)"
	done
}

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

# settings LANES PROGRAM: a store, and a post office of ten.
settings()
{
	aside store po
	mkdir -p "$dir/po"
	{
		printf 'name = "HUB";\nusers = ('
		comma=
		for i in 0 1 2 3 4 5 6 7 8 9; do
			printf '%s{ name = "user%s"; }' "$comma" $i
			comma=', '
		done
		printf ' );\n'
	} >"$dir/po/postoffice.conf"
	cat >"$dir/conf" <<END
store = "$dir/store";
import: { program = [ $2 ]; lanes = $1; };
intake: { settle = "0s"; };
disk: { min_free = "1M"; };
END
	"$bin/ccmq" -c "$dir/conf" init >/dev/null
}

sql()
{
	sqlite3 -readonly "$dir/store/history.db" "$1"
}

# timed COMMAND…: microseconds, from its start to its end, into $took.
timed()
{
	begin=$(date +%s%N)
	"$@" 2>/dev/null || true
	took=$((($(date +%s%N) - begin) / 1000))
}

per_second()
{
	echo $((count * 1000000 / took))
}

ccmqd_rate()	# LANES
{
	settings "$1" "\"$bin/ccmq-import\", \"--worker\", \"/NHUB\",
		\"/D$dir/po\", \"/ITEMSIZE\", \"/PARTIAL\", \"/BATCH\""
	cp "$dir"/messages/* "$dir/store/submit"
	sync -f "$dir"
	[ -z "$beside" ] || $beside
	timed "$bin/ccmqd" -c "$dir/conf" --once
	n=$(sql "SELECT count(*) FROM message WHERE state = 'imported'")
	[ "$n" = "$count" ] || echo "only $n of $count were imported" >&2
	per_second
}

floor_rate()	# RECIPIENTS [each]
{
	aside from mail done
	mkdir -p "$dir/mail" "$dir/done"
	cp -r "$dir/messages" "$dir/from"
	sync -f "$dir"
	[ -z "$beside" ] || $beside
	timed bench/bench_floor "$dir/from" "$dir/mail" "$dir/done" "$count" "$@"
	per_second
}

median()
{
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# note A B: one round of both.
note()
{
	echo "$1" >>"$dir/a"
	echo "$2" >>"$dir/b"
	awk -v a="$1" -v b="$2" 'BEGIN { print a / (b ? b : 1) }' >>"$dir/ratio"
}

# row WHAT UNIT AIM [most]: a ratio of at least AIM, or at most; "" for none.
row()
{
	awk -v what="$1" -v unit="$2" -v a="$(median <"$dir/a")" \
		-v b="$(median <"$dir/b")" -v r="$(median <"$dir/ratio")" \
		-v aim="$3" -v most="${4:-}" 'BEGIN {
		good = most ? r <= aim : r >= aim
		words = (most ? "at most " : "at least ") aim
		words = words (good ? " pass" : " BELOW")
		printf "%-40s %7d%-3s %7d%-3s %6.2f   %s\n", what, a, unit, b,
			unit, r, aim == "" ? "" : words }'
	rm -f "$dir/a" "$dir/b" "$dir/ratio"
}

wanted()
{
	case " $only " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
	aside messages
	beside=
}

beside_floor()	# WHAT SIZE RECIPIENTS LANES
{
	messages "$dir/messages" "$2" "$3"
	for round in $(seq "$rounds"); do
		note "$(ccmqd_rate "$4")" "$(floor_rate "$3")"
	done
	row "$1" /s 0.5
	aside messages
}

beside_postfix()
{
	count=$((many / 2))
	messages "$dir/messages" 2000 1
	for round in $(seq "$rounds"); do
		pf=$("$src/bench_postfix.sh" rate "$dir" "$count" 2000) ||
			{ echo "Postfix: not installed, or not root: left out"
			return 0; }
		note "$(ccmqd_rate 1)" "$pf"
	done
	row "2 KB, 1 lane, beside Postfix" /s 4
}

# A program a message, beside starting it and two commits.
beside_spawn()
{
	count=$attempts
	messages "$dir/messages" 2000 1
	for round in $(seq "$rounds"); do
		set -- $(bench/bench_spawn "$bin/bench/exit0" "$dir" "$count")
		settings 1 "\"$bin/bench/exit0\", \"%f\""
		cp "$dir"/messages/* "$dir/store/submit"
		sync -f "$dir"
		timed "$bin/ccmqd" -c "$dir/conf" --once
		took=$(sql 'SELECT 1000 * (max(ended_at) - min(started_at))
			FROM attempt')
		note "$(per_second)" "$2"
	done
	row "a program a message, beside spawn+commits" /s 0.9
}

# retry of many: ours and another's ms.
retry_ms()
{
	settings 1 "\"$bin/bench/exit0\", \"%f\""
	bench/bench_fill failed "$dir/store" "$retried"
	sync -f "$dir"
	timed "$bin/ccmq" -c "$dir/conf" retry --match state:failed --yes \
		--reason bench >/dev/null
	[ "$(sql "SELECT count(*) FROM message WHERE state = 'queued'
	    AND move_to IS NULL")" = "$retried" ] ||
		echo "not all were retried" >&2
	echo $((took / 1000))
}

rename_ms()
{
	aside from to
	mkdir "$dir/from" "$dir/to"
	bench/bench_fill drop "$dir/from" "$retried"
	sync -f "$dir"
	timed bench/bench_floor "$dir/from" "$dir/to"
	echo $((took / 1000))
}

beside_postsuper()
{
	for round in $(seq "$rounds"); do
		ours=$(retry_ms)
		alone=$(rename_ms)
		if pf=$("$src/bench_postfix.sh" release "$dir" "$retried"); then
			note "$ours" "$pf"
			echo "$alone" >>"$dir/alone"
		fi
	done
	[ -s "$dir/a" ] || {
		echo "postsuper: not installed, or not root: left out"
		return 0
	}
	cp "$dir/a" "$dir/ours"
	row "retry of $retried, beside postsuper -H" ms 1.2 most
	paste "$dir/ours" "$dir/alone" >"$dir/both"
	while read -r ours alone; do
		note "$ours" "$alone"
	done <"$dir/both"
	row "  beside its renames and fsyncs alone" ms ""
}

# Somebody copies a large file to the same file system, over and over.
copy_beside()
{
	( while [ -e "$dir/copying" ]; do
		dd if=/dev/zero of="$dir/large" bs=1M count="$copy_mb" \
			conv=fsync 2>/dev/null
	done; rm -f "$dir/large" ) >/dev/null 2>&1 &
}

while_copying()
{
	: >"$dir/copying"
	copy_beside
	copier=$!
	"$@"
	rm -f "$dir/copying"
	wait "$copier" || true
}

# The two ways of making a batch durable, as it is and beside the copy, and what
# the worker makes of it, which chooses by what it sees.
both_ways()	# WORD
{
	for round in $(seq "$rounds"); do
		note "$(floor_rate 1)" "$(floor_rate 1 each)"
	done
	row "floor: a syncfs beside an fsync each$1" /s ""
	for round in $(seq "$rounds"); do
		note "$(ccmqd_rate 1)" "$(floor_rate 1 each)"
	done
	row "ccmqd beside an fsync each$1" /s ""
}

beside_copy()
{
	count=$((many / 5))
	messages "$dir/messages" 2000 1
	both_ways ""
	while_copying both_ways ", a copy beside"
}

printf '%-40s %9s %9s %7s\n' "medians of $rounds rounds" this other ratio
if wanted floor; then
	for lanes in 1 2; do
		count=$many
		beside_floor "2 KB, 1 recipient, $lanes lanes" 2000 1 $lanes
		count=$((many / 5))
		beside_floor "100 KB, 1 recipient, $lanes lanes" 100000 1 $lanes
		count=$((many / 2))
		beside_floor "2 KB, 10 recipients, $lanes lanes" 2000 10 $lanes
	done
fi
! wanted postfix || beside_postfix
! wanted program || beside_spawn
! wanted retry || beside_postsuper
! wanted copy || beside_copy
