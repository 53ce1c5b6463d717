#!/bin/bash
# ccmq-archive beside PostgreSQL itself, with a server of its own: rows a second
# of a history with so many imports (CCMQ_BENCH_ARCHIVE, 10,000), in turn with one
# bare COPY of the same rows into the same tables; how far it is behind a ccmqd
# that does all it can; and what find --archive takes among so many rows
# (CCMQ_BENCH_ARCHIVE_ROWS, 20,000,000). Run in the build directory.
set -eu

bin=$(pwd)
pg=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
many=${CCMQ_BENCH_ARCHIVE:-10000}
rows=${CCMQ_BENCH_ARCHIVE_ROWS:-20000000}
rounds=${CCMQ_BENCH_ROUNDS:-3}
if [ ! -x "$bin/ccmq-archive" ] || [ ! -x "$pg/initdb" ]; then
	echo "the archive: no libpq, or no PostgreSQL server: left out"
	exit 0
fi

dir=$bin/bench/archive.tmp
rm -rf "$dir"
mkdir -p "$dir"
db=$(mktemp -d "${CCMQ_BENCH_DIR:-/tmp}/ccmq-bench-XXXXXX")
as_server() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid nobody --regid nogroup --clear-groups "$@"
	else
		"$@"
	fi
}
end() {
	as_server "$pg/pg_ctl" -D "$db/data" -m immediate -w stop >/dev/null 2>&1 ||
		true
	rm -rf "$db" "$dir"
}
trap end EXIT
trap 'exit 1' INT TERM
[ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$db"
chmod 700 "$db"
cd "$db"
as_server "$pg/initdb" -D "$db/data" -U owner -A trust -N -E UTF8 --locale=C \
	>/dev/null
as_server "$pg/pg_ctl" -D "$db/data" -w -l "$db/log" -o "-k $db \
	-c listen_addresses= -c shared_buffers=512MB -c max_wal_size=4GB" start \
	>/dev/null

p() {
	psql -X -q -A -t -h "$db" -U owner -v ON_ERROR_STOP=1 "$@"
}
now_ms() {
	echo $(($(date +%s%N) / 1000000))
}
# row WHAT FIGURE UNIT AIM pass|BELOW
row() {
	printf '%-44s %10s %-6s %-14s %s\n' "$@"
}
judge() {
	awk -v a="$1" -v b="$2" 'BEGIN {
		print a == "" || b == "" ? "NOT MEASURED" :
		    a <= b ? "pass" : "BELOW" }'
}

new_store() {
	rm -rf "$dir/store"
	cat >"$dir/conf" <<END
store = "$dir/store";
import: { program = [ "$bin/bench/exit0", "%f" ]; };
intake: { settle = "0s"; };
disk: { min_free = "1M"; };
archive: { database = "host=$db user=owner dbname=ccmq"; };
END
	"$bin/ccmq" -c "$dir/conf" init >/dev/null
	"$bin/bench/bench_fill" drop "$dir/store/submit" "$1"
}
new_database() {
	p -d postgres -c "DROP DATABASE IF EXISTS ccmq" \
		-c "CREATE DATABASE ccmq" 2>/dev/null
	"$bin/ccmq-archive" -c "$dir/conf" --init >/dev/null
	p -d postgres -c CHECKPOINT
	sync
}
archive() {
	"$bin/ccmq-archive" -c "$dir/conf" "$@"
}

tables="message attempt action change event note"
new_store "$many"
"$bin/ccmqd" -c "$dir/conf" --once 2>/dev/null
for round in $(seq "$rounds"); do
	new_database
	rm -f "$dir/store/followers/archive"
	from=$(now_ms)
	{ TIMEFORMAT='%U %S'; time archive --once >/dev/null; } 2>"$dir/cpu"
	took=$(($(now_ms) - from))
	count=0 load="BEGIN;"
	for table in $tables; do
		p -d ccmq -c "\\copy (SELECT * FROM ccmq.$table) TO '$dir/$table'"
		count=$((count + $(wc -l <"$dir/$table")))
		load="$load
\\copy ccmq.$table FROM '$dir/$table'"
	done
	echo "$load
COMMIT;" >"$dir/load"
	new_database
	from=$(now_ms)
	p -d ccmq -f "$dir/load"
	bare=$(($(now_ms) - from))
	echo "$(awk -v a=$took -v b=$bare 'BEGIN { printf "%.2f", b / a }')" \
		$((count * 1000 / took)) $((count * 1000 / bare)) $count \
		$(awk '{ print ($1 + $2) * 1000 }' "$dir/cpu") $took
done | sort -n >"$dir/rounds"
set -- $(sed -n "$((rounds / 2 + 1))p" "$dir/rounds")
row "archive, $4 rows of $many imports" "$2" "rows/s" "" ""
row "  one bare COPY of them" "$3" "rows/s" "" ""
row "  beside it (all: $(cut -d' ' -f1 "$dir/rounds" | tr '\n' ' '))" "$1" "" \
	"at least 0.5" "$(judge 0.5 "$1")"
row "  its own processor time, of $6 ms" "$5" ms "" ""

# Behind a busy one: the age of the oldest change that is not copied.
new_store $((many * 2))
new_database
archive 2>/dev/null >&2 &
follows=$!
"$bin/ccmqd" -c "$dir/conf" --once 2>/dev/null &
busy=$!
lag=0
while kill -0 $busy 2>/dev/null; do
	copied=$(p -d ccmq -c "SELECT coalesce(max(id), 0) FROM ccmq.change")
	oldest=$(sqlite3 -readonly "$dir/store/history.db" "SELECT at FROM change
		WHERE id > $copied ORDER BY id LIMIT 1")
	ms=$(($(now_ms) - ${oldest:-$(now_ms)}))
	[ "$ms" -le $lag ] || lag=$ms
	sleep 0.1
done
from=$(now_ms)
until [ "$(p -d ccmq -c "SELECT max(place) FROM ccmq.store")" = "$(sqlite3 \
    -readonly "$dir/store/history.db" 'SELECT max(id) FROM seal')" ]; do
	sleep 0.1
done
kill $follows
wait $follows || true
row "behind a ccmqd under full load, at most" "$lag" ms "at most 5000" \
	"$(judge "$lag" 5000)"
row "  caught up when that had ended" "$(($(now_ms) - from))" ms "" ""

# Many rows, as others' stores would have brought them.
[ "$rows" -gt 0 ] || exit 0
p -d ccmq <<END
INSERT INTO ccmq.store (store, epoch, host, path, place, seal, newest) SELECT
	('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 1,
	'host' || n, '/var/lib/ccmq', 1, '', true FROM generate_series(0, 99) n;
-- Each came, was tried, and ended: three versions. One in a hundred failed.
DO \$\$ BEGIN FOR part IN 0..99 LOOP
INSERT INTO ccmq.message (store, epoch, txn, id, at, state, size, received_at,
	name, from_addr, to_addrs, subject, attempts, tries, result_code, signal,
	class, suspect, maybe_delivered, retries, failures, und_bytes, parent,
	control)
	SELECT ('00000000-0000-4000-8000-' || lpad((n % 100)::text, 12, '0'))::uuid,
	1, n * 3 + v, n / 100, received + v * interval '1 second', CASE WHEN v = 0
	THEN 'queued' WHEN v = 1 THEN 'importing' WHEN n / 100 % 100 = 7 THEN
	'failed' ELSE 'imported' END, 2048, received, 'Msg' || n || '.ccm',
	'Sender ' || n * 7919 % 200000 || ' at N' || n % 1000, 'Ida Lorn at HUB',
	'Report ' || n, v / 2, v / 2, v / 2 - 1, 0,
	CASE WHEN v = 2 THEN 'imported' END, false, false, 0, 0, 0, 0, false
	FROM (SELECT n, v, now() - (1 - n / ($rows / 3.0)) * interval '81 days'
		AS received FROM generate_series($rows / 300 * part + 1,
		$rows / 300::bigint * (part + 1)) n, generate_series(0, 2) v
		ORDER BY 1, 2) m;
END LOOP; END \$\$;
ANALYZE ccmq.message;
END
p -d postgres -c CHECKPOINT
# The median of five, each of which starts ccmq.
ask() {	# WHAT MOST EXPR
	for round in 1 2 3 4 5; do
		from=$(now_ms)
		"$bin/ccmq" -c "$dir/conf" find --archive --limit 20 \
			-- "$3" >"$dir/found"
		echo $(($(now_ms) - from))
	done | sort -n | sed -n 3p >"$dir/ms"
	row "find $1 in $rows rows ($(wc -l <"$dir/found") found)" \
		"$(cat "$dir/ms")" ms "${2:+at most $2}" \
		"${2:+$(judge "$(cat "$dir/ms")" "${2:-0}")}"
}
ask "by sender" 100 'from:"sender 4711 at*"'
ask "by sender, of 3 days" 100 'from:"sender 4711 at*" age<3d'
ask "by part of a sender" 100 'from:4711'
ask "the newest of an hour" 100 'age<1h'
ask "of a state that is none's" 100 'state:queued'
ask "of a state that few have" 100 'state:failed'
ask "by subject, of 3 days" "" 'subject:"report 4711" age<3d'
