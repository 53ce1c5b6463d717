#!/bin/sh
# views.sh: a store in $WORK that looks the same every time, and the console on
# it in the same place at the same time, for views.keys; see elsewhere.c.
#
#	plain			this build can be taken elsewhere (no sanitizer, no
#				longer path than the console cuts)
#	new			the store, of views.sql
#	tripped			15 different messages failed in a row
#	held			by jgrewal
#	watched			another store: of a connector that is watched and
#				loops; then start 127 214 FIVE HOURS AGO
#	past			six had failed, and were retried
#	gone			1042 was retried and imported, and what had
#				crashed, too
#	job			a retry in steps is paused
#	quiet			nothing waits, nothing failed
#	start, stop		something that holds the lock, as ccmqd does
#	console USER WORDS...	the console
set -eu

# Tuesday, 10 March 2026, 14:02:30.
at=1773147750
# Of a long path its end is shown: as long as this, nothing of $WORK.
store=$WORK/a/place/whose/name/is/so/long/that/what/a/console/shows/of
store=$store/it/does/not/tell/anybody/where/this/test/was/run/store

sql()
{
	sed 's/{\(..\) \(........\)}/(1000 * strftime("%s", "2026-03-\1 \2+01:00"))/g
	    s/"/'\''/g; s/SESSION/u'"$(id -u)"' pts\/3/' |
		sqlite3 "$store/history.db"
}

# The file of each message, of about the size of real ones.
files()
{
	sqlite3 -separator '	' "$store/history.db" "SELECT CASE
		WHEN state = 'failed' THEN 'failed'
		WHEN state = 'quarantined' THEN 'quarantine'
		WHEN state = 'purged' THEN 'trash' ELSE 'queue' END ||
		printf('/%012d-%s', id, name), id, from_addr, to_addrs,
		subject, date_text FROM message
		WHERE state <> 'imported'" |
	while IFS='	' read -r path id from to subject date; do
		if [ "$id" = 1042 ]; then
			cat "$SRC/data/samples/attachment.ccm"
		else
			printf 'Message:\r\nFrom: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nContents:\r\nText item:\r\nThe text of message %s.\r\n%*s\r\n' \
				"$from" "$to" "$subject" "$date" "$id" \
				$((id * 37 % 5000)) .
		fi >"$store/$path"
		echo "UPDATE message SET size = $(wc -c <"$store/$path")
			WHERE id = $id;"
	done | transaction
}

transaction()
{
	{
		echo 'BEGIN;'
		cat
		echo 'COMMIT;'
	} | sqlite3 "$store/history.db"
}

# The .und file: the message with its reason, for each entry.
und()
{
	und=$store/import/ccmail.und
	: >"$und"
	end=0
	inode=$(ls -i "$und" | sed 's/ .*//')
	sqlite3 -separator '	' "$store/history.db" "SELECT e.id,
		printf('failed/%012d-%s', m.id, m.name), e.reason
		FROM und_entry e LEFT JOIN message m ON m.id = e.message
		ORDER BY e.at" |
	while IFS='	' read -r id path reason; do
		start=$end
		if [ -n "$reason" ]; then
			sed "s/^From: /***  $reason  ***\r\n&/" "$store/$path"
		else
			printf 'Message:\r\nSubject: nobody knows\r\nContents:\r\n'
		fi >>"$und"
		end=$(wc -c <"$und")
		echo "UPDATE und_entry SET start = $start,
			length = $((end - start)) WHERE id = $id;
			UPDATE und_file SET size = $end,
			inode = $inode;"
	done | transaction
	sql <<-'SQL'
	UPDATE und_tally SET bytes = (SELECT sum(length) FROM und_entry
		WHERE ifnull(und_entry.reason, '') = und_tally.reason);
	UPDATE message SET und_entries = (SELECT count(*) FROM und_entry
		WHERE message = message.id), und_bytes = (SELECT sum(length)
		FROM und_entry WHERE message = message.id)
		WHERE id IN (SELECT message FROM und_entry);
	UPDATE attempt SET und_file = 1, und_entries = 1,
		(und_start, und_end) = (SELECT start, start + length
		FROM und_entry WHERE attempt = attempt.id) WHERE message = 1042;
	INSERT INTO minute SELECT at / 60000 * 60000, 0, 0, 0, sum(length)
		FROM und_entry GROUP BY 1 ON CONFLICT DO UPDATE
		SET und_bytes = excluded.und_bytes;
	SQL
}

new()
{
	rm -rf "$store"
	mkdir -p "${store%/*}"
	printf 'store = "%s";\n' "$store" >"$WORK/conf"
	"$builddir/ccmq" -c "$WORK/conf" init >/dev/null
	{
		echo 'BEGIN;'
		cat "$srcdir/tests/screen/views.sql"
		echo 'COMMIT;'
	} | sql
	files
	und
}

# Six that are imported failed before, and were retried: by another path than
# the others they come to be there at 13:58.
past()
{
	sql <<-'SQL'
	CREATE TEMP TABLE six AS SELECT id, since FROM message
		WHERE id BETWEEN 1080 AND 1085;
	INSERT INTO attempt (message, number, lane, why, started_at, ended_at,
		took_ms, class, code, counted, copy, reason) SELECT id, 1, 1,
		'arrived', {10 13:50:00} + id, {10 13:50:01} + id, 400,
		'undeliverable', 5, 1, 'left', 'Unknown Date Format' FROM six;
	INSERT INTO change (at, message, state_from, since_from, state_to,
		attempt, action) SELECT {10 14:00:30}, id, 'failed',
		{10 13:50:01} + id, 'queued', 0, 0 FROM six;
	INSERT INTO change (at, message, state_from, since_from, state_to,
		attempt, action) SELECT since, id, 'importing', since - 400,
		'imported', 0, 0 FROM six;
	INSERT INTO event (at, number, severity, text) VALUES
		({10 13:50:02}, 20040, 'warning', "storm: 14 failed from "
		|| "Sun to 13:50 for one reason: Unknown Date Format");
	SQL
}

tripped()
{
	sql <<-'SQL'
	INSERT INTO cause VALUES (6, 'rejected', 1, 0,
		'Cannot write to post office HUB: access denied');
	UPDATE message SET cause = 6, class = 'rejected', result_code = 1,
		reason = (SELECT reason FROM cause WHERE id = 6), suspect = 1,
		since = {10 13:41:10} + id % 100 * 9000 WHERE id > 1009
		AND id < 1020;
	INSERT INTO attempt (message, number, lane, why, started_at, ended_at,
		took_ms, class, code, counted, copy, reason, output)
		SELECT id, 1, 1, 'arrived', since - 400, since, 400, class, 1,
		1, 'left', reason, reason FROM message WHERE suspect = 1;
	INSERT INTO attempt (message, number, lane, why, started_at, ended_at,
		took_ms, class, code, probe, copy, reason)
		SELECT id, 2, 1, 'probe', {10 13:46:00} + id % 100 * 120000,
		{10 13:46:01} + id % 100 * 120000, 400, 'rejected', 1, 1,
		'left', (SELECT reason FROM cause WHERE id = 6)
		FROM message WHERE id BETWEEN 1104 AND 1108;
	UPDATE attempt SET ended_at = started_at + 400, took_ms = 400,
		class = 'unavailable', code = 4 WHERE message = 1100;
	UPDATE message SET state = 'queued', noted_verb = NULL,
		noted_action = 0 WHERE id = 1100;
	UPDATE connector SET hold = 0, breaker_open = 1, breaker_at = {10 13:44:00},
		probe_at = {10 14:14:00}, streak_class = 'rejected',
		streak_code = 1, streak_count = 10, streak_at = {10 13:42:40},
		last_import_at = {10 13:41:02};
	DELETE FROM minute WHERE at > {10 13:41:00};
	INSERT INTO minute VALUES ({10 14:01:00}, 57, 0, 0, 0);
	SQL
}

held()
{
	sql <<-'SQL'
	UPDATE connector SET hold = 1, hold_by = 'jgrewal',
		hold_at = {10 13:50:00}, hold_until = {10 16:00:00},
		hold_reason = 'post office maintenance';
	SQL
}

gone()
{
	sql <<-'SQL'
	INSERT INTO attempt (message, number, lane, why, started_at, ended_at,
		took_ms, class, code, copy) SELECT id, attempts + 1, 1,
		'retry mlopez', {10 14:02:23}, {10 14:02:24}, 400, 'imported',
		0, 'deleted' FROM message WHERE id = 1042 OR cause = 4;
	UPDATE message SET state = 'imported', since = {10 14:02:24},
		attempts = attempts + 1, class = 'imported', result_code = 0
		WHERE id = 1042 OR cause = 4;
	SQL
}

job()
{
	sql <<-'SQL'
	INSERT INTO action (id, at, verb, reason, by, uid, euid, user, euser,
		tty, session, program, pid, total, done, job, job_state,
		job_auto, job_why, steps, step, step_end, step_bad, acted,
		imported, again) VALUES (8, {10 14:01:10}, 'retry',
		'the other date order, ticket 4711', 'mlopez', 0, 0, 'mlopez',
		'mlopez', 'pts/2', 's2', 'ccmq', 1, 19, 6, 1, 'paused', 1,
		'3 of its first 6 failed again (5 Not found in directory)',
		'1,5,25', 2, 6, 3, 0, 3, 3);
	INSERT INTO item (action, message, result, from_state, to_state, at,
		outcome, outcome_code, outcome_reason, outcome_at)
		SELECT 8, id, CASE WHEN id < 1007 THEN 'done' ELSE 'pending' END,
		'failed', CASE WHEN id < 1007 THEN 'queued' END, {10 14:01:10},
		CASE WHEN id < 1004 THEN 'imported' WHEN id < 1007 THEN
		'failed again' END, CASE WHEN id BETWEEN 1004 AND 1006 THEN 5
		END, CASE WHEN id BETWEEN 1004 AND 1006 THEN reason END,
		{10 14:01:20}
		FROM message WHERE cause = 1;
	SQL
}

quiet()
{
	sql <<-'SQL'
	UPDATE attempt SET ended_at = {10 14:02:27}, class = 'imported',
		code = 0, took_ms = 400 WHERE ended_at IS NULL;
	UPDATE message SET state = 'imported', since = {10 14:02:27},
		noted_verb = NULL, noted_action = 0, class = 'imported',
		result_code = 0 WHERE state IN ('failed', 'queued', 'deferred',
		'importing');
	SQL
}

# One that loops since 01:12, five seconds a try.
watched()
{
	rm -rf "$store"
	cat >"$WORK/conf" <<-END
	store = "$store";
	foreign: { submit = "/srv/ccmc/SUBMIT"; import = "/srv/ccmc/IMPORT";
	  bad = "/srv/ccmc/BAD"; und = "$WORK/ccmail.und"; };
	END
	head -c $((214 * 2148)) /dev/zero >"$WORK/ccmail.und"
	"$builddir/ccmq" -c "$WORK/conf" init >/dev/null
	sql <<-'SQL'
	CREATE TEMP TABLE i AS WITH RECURSIVE c(n) AS
		(SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 214) SELECT n FROM c;
	INSERT INTO cause VALUES (1, "rejected", 1, 0,
		"Disk error in creating message item");
	INSERT INTO message (id, name, true_name, state, since, inode, mtime,
		size, received_at, from_addr, to_addrs, subject, date_text,
		attempts, tries, rejected, result_code, class, reason, cause,
		und_bytes, und_entries, watched, failed_at) VALUES (127,
		"Msg4F2C.ccm", CAST("Msg4F2C.ccm" AS BLOB), "importing",
		{10 01:12:04}, 1, 1, 2112, {10 01:11:52}, "Grewal, Jeff at HUB",
		"Admin at HUBPO2", "Budget for Q3", "3/10/26 1:11", 214, 214,
		214, 1, "rejected", "Disk error in creating message item", 1,
		214 * 2148, 214, 1, {10 14:02:20});
	INSERT INTO message (id, name, true_name, state, since, inode, mtime,
		size, received_at, watched) SELECT 200 + n, "Msg" || n,
		CAST("Msg" || n AS BLOB), "queued", {10 14:02:20}, n + 1, 1, 900,
		{10 14:02:20}, 1 FROM i WHERE n < 3;
	INSERT INTO attempt (message, number, lane, why, started_at, ended_at,
		class, code, counted, reason, und_file, und_start, und_end,
		und_entries) SELECT 127, n, 0, "watched", {10 14:02:20} -
		(214 - n) * 216000, {10 14:02:20} - (214 - n) * 216000,
		"rejected", 1, 1, "Disk error in creating message item", 1,
		(n - 1) * 2148, n * 2148, 1 FROM i;
	INSERT INTO und_file (id, lane, number, inode, size, opened_at)
		VALUES (1, 1, 0, 1, 214 * 2148, {10 01:00:00});
	INSERT INTO und_entry (file, start, length, at, message, attempt, reason)
		SELECT 1, und_start, 2148, ended_at, 127, id, reason FROM attempt;
	INSERT INTO minute SELECT {10 13:02:00} + n * 60000, 57, 57, 0, 4000000
		FROM i WHERE n < 60;
	UPDATE connector SET started_at = {08 02:00:00}, imports = 10204,
		last_import_at = {10 14:02:04}, host = "hq-mail01";
	SQL
}

# start [ID TRIES SINCE]: of a loop.
start()
{
	ELSEWHERE_AT=$at LD_PRELOAD=elsewhere.so \
		LD_LIBRARY_PATH="$builddir/tests/screen" \
		"$builddir/tests/screen/stand_in" "$store" $at "$@" \
		>"$WORK/log" 2>&1 \
		</dev/null &
	echo $! >"$WORK/stand_in.pid"
	tries=200
	until "$builddir/ccmq" -c "$WORK/conf" status --json |
	    grep -q '"pid": *[1-9]'; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || exit 1
		sleep 0.05
	done
}

# The last visit was half an hour before: what is younger is new.
console()
{
	user=$1
	shift
	visits=$XDG_STATE_HOME/ccmq/visits
	mkdir -p "$visits"
	echo "$((at - 1800))000" >"$visits/$(sqlite3 "$store/history.db" \
		'SELECT uuid FROM store')"
	unset SSH_CONNECTION
	export ELSEWHERE_AT=$at ELSEWHERE_FREE=4400000000 ELSEWHERE_USER="$user"
	# By its name: a blank in LD_PRELOAD ends a name.
	export TZ=CET-1 LD_PRELOAD=elsewhere.so
	export LD_LIBRARY_PATH="$builddir/tests/screen"
	exec "$builddir/ccmq" -c "$WORK/conf" "$@"
}

case $1 in
plain)
	! grep -q __asan_init "$builddir/ccmq" && [ ${#store} -lt 200 ] &&
		[ -e "$builddir/tests/screen/elsewhere.so" ]
	;;
new | past | gone | job | quiet | tripped | held | watched | start | console)
	"$@"
	;;
stop)
	kill "$(cat "$WORK/stand_in.pid")"
	rm "$WORK/stand_in.pid"
	# As ccmqd would, had it been told to end.
	sql <<-'SQL'
	UPDATE connector SET clean_end = 1, ended_at = {10 14:02:20};
	SQL
	;;
*)
	echo "views.sh: no such word: $1"
	exit 1
	;;
esac
