#!/bin/sh
# ccmq-archive, with a PostgreSQL of its own in a folder of its own: killed at
# every batch, its database stopped, full and cut off in a COPY, the store
# restored and rebuilt, a clock in 2087, names with NUL and bad UTF-8:
# at the end the newest versions are the history, row by row. TAP.
. "$srcdir/tests/system/lib.sh"

archive=$builddir/ccmq-archive
pg=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ ! -x "$archive" ] || [ ! -x "$pg/initdb" ]; then
	echo "1..0 # SKIP no libpq, or no PostgreSQL server"
	exit 0
fi
if ! id -un >/dev/null 2>&1; then
	echo "1..0 # SKIP a PostgreSQL server wants a user with a name"
	exit 0
fi

# The server refuses to run as root. Its folder is not in the build tree, which
# its user may not reach; the path of a socket is short.
db=$(mktemp -d /tmp/ccmq-pg-XXXXXX) || exit 1
small=
trap 'pg_stop; [ -z "$small" ] || umount "$small"; stop KILL; rm -rf "$work" "$db"' EXIT
as_server()
{
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid nobody --regid nogroup --clear-groups \
			env HOME="$db" "$@"
	else
		"$@"
	fi
}
[ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$db"
chmod 700 "$db"

pg_start()
{
	as_server "$pg/pg_ctl" -D "$db/data" -w -t 120 -l "$db/log" -o \
		"-k $db -c listen_addresses= -c fsync=off -c shared_buffers=16MB" \
		start >/dev/null 2>&1
}

pg_stop()
{
	[ ! -f "$db/data/postmaster.pid" ] ||
		as_server "$pg/pg_ctl" -D "$db/data" -m immediate -w stop \
			>/dev/null 2>&1
}

p()
{
	psql -X -q -A -t -h "$db" -U owner ccmq -v ON_ERROR_STOP=1 -c "$1"
}

copy()
{
	"$archive" -c "$config" --once >"$work/out" 2>&1
}

cd "$db" || exit 1
as_server "$pg/initdb" -D "$db/data" -U owner -A trust -N -E UTF8 \
	--locale=C >"$work/initdb" 2>&1 && pg_start &&
	psql -X -q -h "$db" -U owner postgres -c 'CREATE DATABASE ccmq' \
	>/dev/null 2>&1
ok "a server of its own"

# database [ROLE]: the settings.
database()
{
	settings "$(import_setting)" \
		"archive: { database = \"host=$db user=${1:-owner} dbname=ccmq\"; };"
}

# The rows of both sides, as text: newest versions of this store, this epoch.
rows_here()
{
	sql "SELECT id, state, size, ifnull(result_code, ''), attempts, retries,
		ifnull(class, ''), hex(true_name), received_at FROM message
		ORDER BY id"
	sql "SELECT id, message, number, ifnull(class, ''), ifnull(code, ''),
		ifnull(took_ms, 0), started_at FROM attempt ORDER BY id"
	sql "SELECT id, verb, done, skipped, failed, undone_by, imported, again
		FROM action ORDER BY id"
	sql "SELECT id, message, state_from, state_to, attempt, action, at
		FROM change ORDER BY id"
	sql "SELECT id, number, severity, message, at FROM event ORDER BY id"
}

ms="(extract(epoch FROM at) * 1000)::bigint"
rows_there()
{
	uuid=$(sql 'SELECT uuid FROM store')
	of="WHERE store = '$uuid' AND epoch = (SELECT epoch FROM ccmq.store
		WHERE store = '$uuid' AND newest)"
	p "SELECT id, state, size, coalesce(result_code::text, ''), attempts,
		retries, coalesce(class, ''), upper(encode(coalesce(name_bytes,
		convert_to(name, 'UTF8')), 'hex')),
		(extract(epoch FROM received_at) * 1000)::bigint
		FROM ccmq.message_newest WHERE store = '$uuid' ORDER BY id"
	p "SELECT id, message, number, coalesce(class, ''),
		coalesce(result_code::text, ''), took_ms, $ms
		FROM ccmq.attempt_newest WHERE store = '$uuid' ORDER BY id"
	p "SELECT id, verb, done, skipped, failed, undone_by, imported, again
		FROM ccmq.action_newest WHERE store = '$uuid' ORDER BY id"
	p "SELECT id, message, state_from, state_to, attempt, action, $ms
		FROM ccmq.change $of ORDER BY id"
	p "SELECT id, number, severity, message, $ms
		FROM ccmq.event $of ORDER BY id"
}

same()
{
	rows_here >"$work/here"
	rows_there >"$work/there"
	diff "$work/here" "$work/there" >"$work/difference" ||
		head -n 6 "$work/difference" | sed 's/^/# /'
	[ -s "$work/here" ] && cmp -s "$work/here" "$work/there"
	ok "$1: the newest versions are the history, row by row"
}

says()
{
	grep -q "$2" "$work/out"
	ok "$1" || sed 's/^/# /' "$work/out"
}

# --- what it says -----------------------------------------------------------------

database
copy
is "a database without tables is refused" 1 $?
says "with the way out" 'ccmq-archive --init'
"$archive" -c "$config" --init
ok "--init"
"$archive" -c "$config" --init
ok "--init again"
p "CREATE ROLE stranger LOGIN; CREATE ROLE writer LOGIN IN ROLE ccmq_writer"
database stranger
copy
is "a missing right is refused" 1 $?
says "and what grants it" 'GRANT ccmq_writer'
database writer
p 'UPDATE ccmq.version SET version = 0'
copy
is "old tables are refused" 1 $?
says "and what mends them" 'ccmq-archive --upgrade'
p 'UPDATE ccmq.version SET version = 3'
copy
ok "tables of the next version are written to"
p 'UPDATE ccmq.version SET version = 2'
p "CREATE ROLE locked LOGIN PASSWORD 'x'"
sed -i 's/^local *all *all/local all locked scram-sha-256\n&/' \
	"$db/data/pg_hba.conf"
as_server "$pg/pg_ctl" -D "$db/data" reload >/dev/null 2>&1
database locked
refused_word()
{
	PGPASSWORD=wrong copy
	grep -q 'password authentication failed.*pgpass' "$work/out"
}
wait_for 20 refused_word
ok "a wrong password is said, with where it stands"

# --- it copies -----------------------------------------------------------------------

database writer
program 'case $(cat "$1") in *fail*) exit 5 ;; esac; exit 0'
drop one.ccm
drop fail.ccm fail
odd=$(printf 'b\377\300\tad.ccm')
drop "$odd" fail
printf 'Message:\r\nFrom: N\0ul, A at DEMO\r\nTo: Admin at DEMO\r\nSubject: a\0b\\\377\r\nContents:\r\nText item:\r\nfail\r\n' \
	>"$store/submit/nul.ccm"
# The letters \x0a are no end of an address.
printf 'Message:\r\nFrom: Nul at DEMO\r\nTo: Odd\\x0aName at DEMO\r\nSubject: fail\r\nContents:\r\nText item:\r\nfail\r\n' \
	>"$store/submit/odd.ccm"
printf 'Message:\r\nFrom: Nul at DEMO\r\nTo: Odd\\x0aName at DEMO\r\nTo: Ida at HUB\r\nSubject: fail\r\nContents:\r\nText item:\r\nfail\r\n' \
	>"$store/submit/odder.ccm"
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
q retry --match state:failed --yes --reason "$(printf 'with a \377 byte')" \
	>/dev/null 2>&1
q note store 'look at this' >/dev/null 2>&1
copy
ok "a writer copies" || sed 's/^/# /' "$work/out"
same "names with NUL and bad UTF-8"
is "the place is that of the history" "$(sql 'SELECT max(id) FROM seal')" \
	"$(p 'SELECT place FROM ccmq.store')"
is "and stands in the store" "$(sql 'SELECT max(id) FROM seal')" \
	"$(cut -d' ' -f1 "$store/followers/archive")"
copy
same "a second time"

# --- it is asked --------------------------------------------------------------------

# The same answer as the store's own, by the same words.
found()
{
	q --json "$@" 2>"$work/said" | jq -rc '[.id, .name_b64, .state, .size,
		.received_at, .tries, .result_code, .class, .since, .retries,
		.from, .to, .subject, .reason, .action_reason] |
		map(tostring) | join(" ")' | sort
}
asked=0 alike=0
while read -r expr; do
	asked=$((asked + 1))
	found list --state all --match "$expr" >"$work/here"
	found find --archive -- "$expr" >"$work/there"
	if cmp -s "$work/here" "$work/there"; then
		alike=$((alike + 1))
	else
		echo "# $expr"
		diff "$work/here" "$work/there" | head -n 4 | sed 's/^/# /'
		sed 's/^/# /' "$work/said"
	fi
done <<'EXPRS'
from:demo
-from:demo
FAIL
state:imported,queued
state:failed | size<1K
-state:imported
state:failed
state:failed,quarantined from:nul
-state:imported,gone
state:queued
age<1h
-age>2h
to:admin*
to:~^admin
to:*hub
to:odd*
to:name*
to:*odd
to:"ida*"
name:*.ccm
name:~^(one|fail)
subject:one
suspect:no
attempts>=1
tries:0-1,5
id:1,3-4
code:5
-code:5
class:undeliverable
und=0
EXPRS
is "find --archive answers as the store does" "$asked of $asked" \
	"$alike of $asked"
is "of all that match the newest" 1 "$(q find --archive from:demo --limit 1 |
	wc -l)"
# Forty versions before, of others, match as well: more than are looked at first.
p "CREATE TEMP TABLE old AS SELECT m.*, n FROM ccmq.message m,
		generate_series(1, 8) n WHERE name <> 'fail.ccm';
	UPDATE old SET txn = txn - n * 1000, attempts = 7;
	ALTER TABLE old DROP n;
	INSERT INTO ccmq.message SELECT * FROM old"
is "and one behind many that are not the newest" fail.ccm "$(q --json find \
	--archive --limit 1 -- 'attempts:7 | name:fail.ccm' | jq -r .name)"
p 'DELETE FROM ccmq.message WHERE txn < 0'
# by_index WHAT INDEX EXPR: where reading all is dear, as with millions.
by_index()
{
	p "SELECT pg_stat_reset()" >/dev/null
	q find --archive --limit 1 -- "$3" >/dev/null 2>&1
	index=$2
	wait_for 20 was_used
	ok "$1 by an index"
}
was_used()
{
	[ "$(p "SELECT sum(idx_scan) FROM pg_stat_user_indexes WHERE
		indexrelname ~ '^(message_.*_${index}_idx|not_imported_$index)'"
		)" -gt 0 ]
}
p 'ALTER ROLE writer SET enable_seqscan = off'
by_index "a sender whose beginning is known is found" lower 'from:"demo a*"'
by_index "the newest are found" received_at -from:nobody
by_index "a state that few have is found" state state:quarantined
if p "SELECT extname FROM pg_extension" | grep -q pg_trgm; then
	by_index "a part of a sender is found" from_addr from:emo
	p "$(sed -n 's/^\.Dl \(CREATE INDEX\)/\1/p' "$srcdir/data/ccmq-archive.5")"
	by_index "with that of the manual a part of a subject is" subject \
		subject:ail
else
	skip "a part of a sender is found by an index" "no pg_trgm"
	skip "a part of a subject, too" "no pg_trgm"
fi
p 'ALTER ROLE writer RESET enable_seqscan'
# Tables of the program before had no such indexes.
indexes()
{
	p "SELECT count(*) FROM pg_indexes WHERE schemaname = 'ccmq' AND indexname
		IN ('message_begins', 'message_received', 'attempt_at', 'change_at')"
}
# kept WHAT: not_imported has the newest versions, but those that were imported.
kept()
{
	columns='store, epoch, txn, id, at, state, received_at'
	is "$1: not_imported is true" 0 "$(p "WITH n AS (SELECT * FROM (SELECT
		DISTINCT ON (store, epoch, id) $columns FROM ccmq.message
		ORDER BY store, epoch, id, txn DESC) m WHERE
		state NOT IN ('imported', 'gone')), k AS (SELECT $columns FROM
		ccmq.not_imported) SELECT count(*) FROM ((TABLE n EXCEPT TABLE
		k) UNION ALL (TABLE k EXCEPT TABLE n)) d")"
}
kept "copied"
p "DELETE FROM ccmq.not_imported WHERE id = (SELECT min(id) FROM
	ccmq.not_imported)"
is "for a state only that is looked at" "4 5" "$(q find --archive state:queued |
	wc -l) $(q find --archive "state:queued,imported -class:imported" | wc -l)"
p 'DROP INDEX ccmq.message_begins, ccmq.message_received, ccmq.attempt_at,
	ccmq.change_at; DROP TRIGGER keep_not_imported ON ccmq.message;
	DROP FUNCTION ccmq.keep_not_imported; DROP TABLE ccmq.not_imported;
	UPDATE ccmq.version SET version = 1'
drop old.ccm fail
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
copy
ok "tables of the version before are written to" || sed 's/^/# /' "$work/out"
is "and answer" "7 6" "$(q find --archive age\<1h | wc -l) $(q find \
	--archive state:failed | wc -l)"
database owner
"$archive" -c "$config" --upgrade
is "--upgrade makes what is missing of them" "0 4" "$? $(indexes)"
database writer
kept "upgraded"
is "and answers again" 6 "$(q find --archive state:failed | wc -l)"
q find --archive 'subject:~(' >"$work/out" 2>&1
is "an expression that PostgreSQL does not know is refused" 3 $?
says "with its words" 'parentheses () not balanced'
q find --archive 'nonsense:x' >"$work/out" 2>&1
is "one that is none is wrong use" 2 $?
q report --archive --since 99999d >"$work/out" 2>&1
ok "a report of all there is" || sed 's/^/# /' "$work/out"
says "has all" "^  .* $store: 7 arrived, 1 imported, 11 failed"
q report --archive --since 1h >"$work/out" 2>&1
ok "a report" || sed 's/^/# /' "$work/out"
says "tells what came" "^  .* $store: 7 arrived, 1 imported, 11 failed"
says "and what failed" 'of 1 stores from .*code 5 undeliverable'
says "and who did what" 'retry of 5, 5 done: with a'
is "as JSON, too" "1 7 retry" "$(q report --archive --since 1h --json |
	jq -r '[(.flow | length), .flow[0].arrived, .actions[0].verb] |
	map(tostring) | join(" ")')"
p 'GRANT ccmq_reader TO stranger'
database stranger
q find --archive from:demo >"$work/out" 2>&1
ok "a reader may ask" || sed 's/^/# /' "$work/out"
database writer
mkdir -p "$work/bin"
cp "$ccmq" "$work/bin/ccmq"
"$work/bin/ccmq" -c "$config" find --archive x >"$work/out" 2>&1
is "without ccmq-archive it says what is missing" 3 $?
says "by name" 'needs the program ccmq-archive.*libpq'
mkdir -p "$work/sbin"
ln -s "$archive" "$work/sbin/ccmq-archive"
"$work/bin/ccmq" -c "$config" find --archive from:demo >"$work/out" 2>&1
ok "which may stand in sbin" || sed 's/^/# /' "$work/out"
# What it answers cannot be read to its end.
rm "$work/sbin/ccmq-archive"
printf '#!/bin/sh\necho "{\\"id\\":1}"\nexec 1>&-\n' >"$work/sbin/ccmq-archive"
chmod 755 "$work/sbin/ccmq-archive"
if strace -o "$work/trace" -e trace=read "$work/bin/ccmq" -c "$config" \
    find --archive x >"$work/out" 2>&1; then
	at=$(awk '/^read/ { n++ } /{.*id/ { told = 1 }
		told && / = 0$/ { print n; exit }' "$work/trace")
	strace -o "$work/trace" -e trace=read -e \
		inject=read:error=EIO:when=$at "$work/bin/ccmq" \
		-c "$config" find --archive x >"$work/out" 2>&1
	is "an answer that cannot be read is none" 3 $?
	says "and that is said" 'did not answer to its end'
else
	skip "an answer that cannot be read" "strace may not trace"
fi
for wrong in '--once --once' '--prune' '--find a --limit' '--once=1' '--onec' \
	'--init --once' '--limit 3' '--from 1' x; do
	"$archive" -c "$config" $wrong >"$work/out" 2>&1
	is "$wrong is wrong use" 2 $?
done
# --- it hangs -----------------------------------------------------------------------

hangs()
{
	psql -X -q -h "$db" -U owner ccmq -c "BEGIN; LOCK ccmq.$1; SELECT
		pg_sleep(30)" >/dev/null 2>&1 &
	holder=$!
	wait_for 20 locked
}
lets_go()
{
	kill $holder
	wait $holder 2>/dev/null
	p "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE
		mode = 'AccessExclusiveLock'" >/dev/null 2>&1
}
locked()
{
	p "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'
		AND relation::regclass::text LIKE 'ccmq.%'" | grep -qv '^0$'
}
waits()
{
	p 'SELECT count(*) FROM pg_locks WHERE NOT granted' | grep -qv '^0$'
}
nobody_waits()
{
	! waits
}
hangs change
drop hangs.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
"$archive" -c "$config" >"$work/out" 2>&1 &
pid=$!
wait_for 20 waits
kill $pid
wait $pid
is "told to end while the database hangs it ends" "0 yes" \
	"$? $(kill -0 $holder && echo yes)"
lets_go
hangs message
PGOPTIONS='-c statement_timeout=200' q find --archive from:demo \
	>"$work/out" 2>&1
is "a question that takes too long is ended" 3 $?
says "with the way out" 'statement timeout; look at less: .*age<7d'
if strace -o "$work/trace" -e trace=none true 2>/dev/null; then
	strace -f -s 200 -o "$work/trace" -e trace=sendto timeout 5 "$archive" \
		-c "$config" --find x >"$work/out" 2>&1
	grep -q 'statement_timeout = \(60000\|5[0-9]\{4\}\)' "$work/trace"
	ok "in any case after a minute"
else
	skip "in any case after a minute" "strace may not trace"
fi
"$archive" -c "$config" --find x >"$work/out" 2>&1 &
pid=$!
wait_for 20 waits
kill $pid
wait $pid
is "and so does a question" "143 yes" \
	"$? $(kill -0 $holder && echo yes)"
if [ "$(p 'SHOW server_version_num')" -ge 140000 ]; then
	wait_for 15 nobody_waits
	is "on its server, too" "0 yes" "$? $(kill -0 $holder && echo yes)"
else
	skip "on its server, too" "it looks whether it is asked from 14 on"
fi
lets_go
# --- killed -------------------------------------------------------------------------

# At its calls to the database and to the place in the store: at each, or, with
# KILL_STEP, at some.
if strace -o "$work/trace" -e trace=none true 2>/dev/null; then
	kills=0
	for call in sendto recvfrom pwrite64; do
		at=1
		while :; do
			drop "$call-$at.ccm"
			"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
			strace -f -qq -o "$work/trace" -e trace=$call \
				-e inject=$call:signal=KILL:when=$at \
				"$archive" -c "$config" --once >"$work/out" 2>&1
			[ $? -eq 137 ] || break
			kills=$((kills + 1))
			at=$((at + ${KILL_STEP:-5}))
		done
	done
	echo "# killed at $kills calls"
	[ $kills -ge 3 ]
	ok "it was killed at its calls"
	copy
	ok "and goes on" || sed 's/^/# /' "$work/out"
	same "killed at its calls"
	# 30 messages: with a read for each row it would be twenty of each.
	at=0
	while [ $at -lt 30 ]; do
		at=$((at + 1))
		drop "read$at.ccm"
	done
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
	strace -o "$work/trace" -e trace=fcntl "$archive" -c "$config" --once \
		>"$work/out" 2>&1
	locks=$(grep -c F_SETLK "$work/trace")
	[ "$locks" -gt 0 ] && [ "$locks" -lt 200 ]
	ok "it locks the history once a batch" || echo "# $locks locks"
else
	skip "killed at its calls" "strace may not trace"
fi
# --- what goes wrong: for a night ---------------------------------------------------------------

if [ -n "${LONG:-}" ]; then

# At each statement: the backend ends, by what the owner put there.
p "CREATE SEQUENCE ccmq.calls; GRANT USAGE ON ccmq.calls TO ccmq_writer;
	CREATE TABLE ccmq.dies (at bigint); INSERT INTO ccmq.dies VALUES (0);
	GRANT SELECT ON ccmq.dies TO ccmq_writer;
	CREATE FUNCTION ccmq.die() RETURNS trigger SECURITY DEFINER LANGUAGE
	plpgsql AS \$\$ BEGIN
		IF nextval('ccmq.calls') = (SELECT at FROM ccmq.dies) THEN
			PERFORM pg_terminate_backend(pg_backend_pid());
			PERFORM pg_sleep(0.01);
		END IF; RETURN NEW; END \$\$"
for table in message attempt action change event; do
	p "CREATE TRIGGER die BEFORE INSERT ON ccmq.$table FOR EACH ROW
		EXECUTE FUNCTION ccmq.die()"
done
p "CREATE TRIGGER die BEFORE UPDATE ON ccmq.store FOR EACH ROW
	EXECUTE FUNCTION ccmq.die()"
# ARCHIVE_STEP=1: at each one there is.
cuts=0 call=1
drop cut.ccm
drop cut2.ccm fail
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
while [ $call -lt 400 ]; do
	p "UPDATE ccmq.dies SET at = $call; ALTER SEQUENCE ccmq.calls RESTART"
	! copy || break
	cuts=$((cuts + 1))
	call=$((call + ${ARCHIVE_STEP:-8}))
done
[ $cuts -ge 2 ]
ok "its connection was cut at $cuts places"
p "UPDATE ccmq.dies SET at = 0"
copy
same "cut off in the middle of a COPY"
p "CREATE FUNCTION ccmq.full() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
		RAISE EXCEPTION 'could not extend file: No space left on device'
		USING ERRCODE = '53100'; END \$\$;
	CREATE TRIGGER a_full BEFORE INSERT ON ccmq.change FOR EACH ROW
		EXECUTE FUNCTION ccmq.full()"
drop full.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
copy
is "a full disk of the database is no row's fault" 1 $?
says "and is said" "the database's disk is full"
p 'DROP TRIGGER a_full ON ccmq.change'
copy
same "its disk was full"

# One that is full.
mkdir "$db/small"
if mount -t tmpfs -o size=32m,mode=700 ccmq "$db/small" 2>/dev/null; then
	small=$db/small
	chown nobody:nogroup "$small"
	as_server mkdir "$small/space"
	p "CREATE TABLESPACE small LOCATION '$small/space'"
	p 'ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE small'
	copy
	ok "a small disk" || sed 's/^/# /' "$work/out"
	as_server dd if=/dev/zero of="$small/rest" bs=1M >/dev/null 2>&1
	i=0
	while [ $i -lt 200 ]; do
		i=$((i + 1))
		drop "small$i.ccm"
	done
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
	copy
	is "is full" 1 $?
	says "and is said to be" "the database's disk is full"
	as_server rm "$small/rest"
	copy
	ok "with room again it goes on" || sed 's/^/# /' "$work/out"
	same "its disk was really full"
	p 'ALTER TABLE ALL IN TABLESPACE small SET TABLESPACE pg_default'
	p 'DROP TABLESPACE small'
	umount "$small"
	small=
else
	skip "a disk that is full" "nobody may mount one here"
fi

at_end()
{
	[ "$(p 'SELECT max(place) FROM ccmq.store')" = \
		"$(sql 'SELECT max(id) FROM seal')" ]
}

# The owner's work while it writes.
"$archive" -c "$config" >"$work/out" 2>&1 &
pid=$!
database owner
cp "$config" "$work/owner.conf"
database writer
i=0
while [ $i -lt 10 ]; do
	i=$((i + 1))
	drop "upgrade$i.ccm"
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
	"$archive" -c "$work/owner.conf" --upgrade >"$work/owner" 2>&1 ||
		sed 's/^/# /' "$work/owner"
done
wait_for 60 at_end
ok "it writes on while its tables are upgraded"
kill $pid
wait $pid
same "upgraded under it"

# Killed itself, while it follows.
i=0
while [ $i -lt ${ARCHIVE_KILLS:-4} ]; do
	"$archive" -c "$config" >>"$work/out" 2>&1 &
	pid=$!
	drop "k$i.ccm"
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
	kill -KILL $pid
	wait $pid 2>/dev/null
	i=$((i + 1))
done
copy
same "killed while it follows"

"$archive" -c "$config" >"$work/out" 2>&1 &
pid=$!
drop live.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
wait_for 30 at_end
ok "it follows"
"$archive" -c "$config" --once >"$work/second" 2>&1
is "a second one of one store is refused" 1 $?
pg_stop		# soon after it began: it goes on all the same
drop away.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
pg_start
wait_for 90 at_end
ok "it goes on when the database is there again"
kill $pid
wait $pid
is "told to end it ends" 0 $?
same "the database stopped"

p "ALTER TABLE ccmq.event ADD CONSTRAINT no CHECK (text NOT LIKE '%refuse.ccm%')"
drop refuse.ccm
drop taken.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
copy
says "a row that is refused is passed, and said" 'rows that were refused: [0-9]*, see ccmq.refused'
is "it is recorded, and only it" "event|1" \
	"$(p "SELECT kind, count(*) FROM ccmq.refused GROUP BY 1")"
is "what was beside it is there" 1 \
	"$(p "SELECT count(*) FROM ccmq.event WHERE text LIKE '%taken.ccm%'")"
p "ALTER TABLE ccmq.event DROP CONSTRAINT no; TRUNCATE ccmq.refused;
	DELETE FROM ccmq.store; DELETE FROM ccmq.message; DELETE FROM ccmq.attempt;
	DELETE FROM ccmq.action; DELETE FROM ccmq.change; DELETE FROM ccmq.event;
	DELETE FROM ccmq.note; DELETE FROM ccmq.removed"
rm "$store/followers/archive"
copy
same "from the beginning"
p "UPDATE ccmq.store SET place = place - 1, seal = ''"
copy
is "a key that is there is an alarm" 1 $?
says "which says so" 'it is copied already'
p "UPDATE ccmq.store SET place = place + 1, seal = '$(cut -d' ' -f3 \
	"$store/followers/archive")'"

# --- restored, from 2087, rebuilt ------------------------------------------------------

sqlite3 "$store/history.db" ".backup '$work/old.db'"
drop after.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
copy
place=$(p 'SELECT place FROM ccmq.store')
rm -f "$store"/history.db*
cp "$work/old.db" "$store/history.db"
sqlite3 "$store/history.db" 'PRAGMA journal_mode = WAL' >/dev/null
chmod 660 "$store"/history.db*
copy
is "a history that was restored is not copied" 1 $?
says "and both seals are named" \
	"transaction $place was told with the seal [0-9a-f]*, and now has"
q check --repair >/dev/null 2>&1
is "check --repair begins an epoch" 2 "$(sql 'SELECT epoch FROM store')"
copy
ok "which is copied" || sed 's/^/# /' "$work/out"
same "restored"
is "the epoch before is kept" 2 "$(p 'SELECT count(*) FROM ccmq.store')"
sqlite3 "$store/history.db" "UPDATE message SET since = 3692390400000,
	txn = (SELECT max(id) FROM seal) + 1 WHERE id = 1"
q note store 'the clock is wrong' >/dev/null 2>&1
copy
ok "a row of 2087 is copied" || sed 's/^/# /' "$work/out"
is "into the default partition" 1 \
	"$(p "SELECT count(*) FROM ccmq.message_default WHERE at > '2087-01-01'")"
was=$(sql 'SELECT uuid FROM store')
rm -f "$store"/history.db*
q check --rebuild >/dev/null 2>&1
copy
ok "a rebuilt store is copied" || sed 's/^/# /' "$work/out"
same "rebuilt"
is "its row says what it was" "$was" "$(p "SELECT was FROM ccmq.store
	WHERE store = '$(sql 'SELECT uuid FROM store')'")"

fi

kept "after all that"

# --- a gap -----------------------------------------------------------------------------

first=$(($(sql 'SELECT max(id) FROM seal') + 1))
q note store 'nobody will see this' >/dev/null 2>&1
sqlite3 "$store/history.db" 'DELETE FROM note'
copy
says "a gap is said" "up to transaction $first retention had removed rows"
is "and is a row" "$first|$first" "$(p 'SELECT first, last FROM ccmq.gap')"
q note store 'whose seal somebody takes' >/dev/null 2>&1
q note store 'this one is whole' >/dev/null 2>&1
sqlite3 "$store/history.db" "DELETE FROM seal WHERE id = $((first + 1))"
copy
ok "a seal that is not there stops nothing" || sed 's/^/# /' "$work/out"
is "it is a gap" "$((first + 1))|$((first + 1))" \
	"$(p "SELECT first, last FROM ccmq.gap WHERE first > $first")"
is "what is behind it is copied" 'this one is whole' \
	"$(p 'SELECT text FROM ccmq.note ORDER BY id DESC LIMIT 1')"

# The questions of the manual, as they stand there.
sed -n '/^\.Bd/,/^\.Ed/{/^\.Bd/d;/^\.Ed/d;p}' "$srcdir/data/ccmq-archive.5" \
	>"$work/questions"
is "the manual's questions are answered" "4 0" "$(grep -c ';$' "$work/questions"
	) $(psql -X -q -h "$db" -U owner ccmq -v ON_ERROR_STOP=1 \
	-f "$work/questions" >"$work/answers" 2>&1; echo $?)"
database owner
is "--prune drops whole months" "18 partitions dropped" \
	"$("$archive" -c "$config" --prune 0s)"
p "INSERT INTO ccmq.not_imported SELECT store, epoch, 1, 1, '1999-01-01',
	'failed', '1999-01-01' FROM ccmq.store LIMIT 1 ON CONFLICT (store,
	epoch, id) DO UPDATE SET at = EXCLUDED.at"
"$archive" -c "$config" --prune 0s >"$work/out" 2>&1
kept "what was dropped is no more"
cd "$srcdir" || exit 1
finish
