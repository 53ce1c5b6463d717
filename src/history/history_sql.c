/* SPDX-License-Identifier: ISC */
/* history_sql: the statements. Tables: history_schema.c, ccmq-history(5). */
#include "history/history_sql.h"
#include "history/history_columns.h"

#define ATTEMPT_COLUMNS \
	"id, message, number, lane, why, started_at, ended_at, took_ms, " \
	"class, code, signal, counted, probe, copy, reason, output, " \
	"und_file, und_start, und_end, und_entries, from_state, from_since"
#define PLACE_COLUMNS \
	"id, name, true_name, state, kept, move_from, move_to, move_stuck, " \
	"size, watched, inode, mtime"

#define ACTION_COLUMNS \
	"a.id, a.at, a.ended_at, a.verb, a.reason, a.by, a.uid, a.euid, " \
	"a.user, a.euser, a.tty, a.ssh, a.session, a.program, a.pid, " \
	"a.total, a.done, a.skipped, a.failed, a.undo_of, a.undone_by, " \
	"a.detail" HISTORY_JOB_LIST(HISTORY_NAME_A) \
	HISTORY_OUTCOME_LIST(HISTORY_NAME_A)
#define ITEM_COLUMNS \
	"action, message, result, from_state, to_state, why, at, outcome, " \
	"outcome_code, outcome_reason, outcome_at"
#define UND_COLUMNS \
	"id, lane, number, inode, size, opened_at, rotated_at, rotating"
#define EVENT_COLUMNS "id, at, number, severity, text, message"
#define ALL_STATES "'queued', 'importing', 'deferred', 'imported', " \
	"'failed', 'quarantined', 'purged', 'removed', 'lost', " \
	"'gone'"
/* In the order of the index, which is that of the table. */
#define SHAPE_OF(column) "SELECT id, received_at, " column " FROM message " \
	"INDEXED BY message_state WHERE state = ?1 AND id > ?2 " \
	"ORDER BY id LIMIT ?3"
#define NOTE_COLUMNS "id, at, by, message, cause, mine, until, text"
#define ENTRY_COLUMNS \
	"id, file, start, length, at, message, attempt, reason, resent"
/* m was as suspect at ?2 as it is now. */
#define WAS_MARKED " AND (m.suspect = 0 OR EXISTS (SELECT 1 FROM attempt a " \
	"WHERE a.message = m.id AND a.suspect_at <= ?2))"
const char *const history_sql[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_BEGIN_READ] = "BEGIN",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_VERSION] = "PRAGMA user_version",
	/* Before 0.2.0 was out, 3 had for a day what is 4's now. */
	[SQL_VERSION_MADE] = "SELECT user_version + (user_version = 3 AND EXISTS "
		"(SELECT 1 FROM pragma_table_info('attempt') "
		"WHERE name = 'suspect_at')) FROM pragma_user_version",
	[SQL_DATA_VERSION] = "PRAGMA data_version",
	[SQL_PAGES] = "PRAGMA page_count",
	[SQL_CHECKPOINT] = "PRAGMA wal_checkpoint(PASSIVE)",
	[SQL_UUID] = "SELECT uuid FROM store",
	[SQL_EPOCH] = "SELECT epoch FROM store WHERE one = 1",
	[SQL_EPOCH_NEXT] = "UPDATE store SET epoch = epoch + 1 WHERE one = 1",
	/* The sequence has a row since the first seal: see seal_history.c. */
	[SQL_SEAL_NEWEST] = "SELECT seq, (SELECT digest FROM seal "
		"ORDER BY id DESC LIMIT 1) FROM sqlite_sequence "
		"WHERE name = 'seal'",
	[SQL_SEAL_ADD] = "INSERT INTO seal (id, digest, rows) "
		"VALUES (?1, ?2, ?3)",
	[SQL_SEAL_NEXT] = "SELECT id, digest, rows FROM seal WHERE id > ?1 "
		"ORDER BY id LIMIT 1",
	/* The numbers of enum seal_kind. */
	[SQL_SEALED_BEFORE] = "SELECT CASE name WHEN 'attempt' THEN 0 "
		"WHEN 'action' THEN 1 ELSE 3 END, seq FROM sqlite_sequence "
		"WHERE name IN ('attempt', 'action', 'event')",
	[SQL_SEALED_ATTEMPT] = "SELECT id, " SEALED_ATTEMPT " FROM attempt "
		"WHERE id > ?1 ORDER BY id LIMIT 1",
	[SQL_SEALED_ACTION] = "SELECT id, " SEALED_ACTION " FROM action "
		"WHERE id > ?1 ORDER BY id LIMIT 1",
	[SQL_SEALED_CHANGE] = "SELECT id, " SEALED_CHANGE " FROM change "
		"WHERE id > ?1 ORDER BY id LIMIT 1",
	[SQL_SEALED_EVENT] = "SELECT id, " SEALED_EVENT " FROM event "
		"WHERE id > ?1 ORDER BY id LIMIT 1",
	[SQL_SEALED_NOTE] = "SELECT id, " SEALED_NOTE " FROM note "
		"WHERE id > ?1 ORDER BY id LIMIT 1",
	[SQL_TXN_HIGHEST] = "SELECT max(ifnull((SELECT max(txn) FROM message), "
		"0), ifnull((SELECT max(txn) FROM action), 0))",
	[SQL_TXN_MESSAGES] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"INDEXED BY message_txn WHERE m.txn = ?1 AND m.id > ?2 "
		"ORDER BY m.id LIMIT ?3",
	[SQL_TXN_ACTIONS] = "SELECT " ACTION_COLUMNS " FROM action a "
		"INDEXED BY action_txn WHERE a.txn = ?1 AND a.id > ?2 "
		"ORDER BY a.id LIMIT ?3",
	[SQL_TXN_SLICE] = "SELECT txn FROM message INDEXED BY message_txn "
		"WHERE txn > ?1 ORDER BY txn LIMIT 1 OFFSET ?2",
	[SQL_TXN_IDS] = "SELECT id FROM message INDEXED BY message_txn "
		"WHERE txn > ?1 AND txn <= ?2",

	[SQL_MESSAGE_GET] = "SELECT " MESSAGE_COLUMNS
		" FROM message m WHERE m.id = ?1",
	[SQL_MESSAGE_CONTENT] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"WHERE m.content = ?1 AND m.content > '' AND m.id > ?2 "
		"ORDER BY m.id LIMIT 1",
	[SQL_CONTENT_UNKNOWN] = "SELECT 1 FROM message "
		"INDEXED BY message_no_content WHERE content = '' "
		"AND state = 'imported' AND control = 0 UNION ALL "
		"SELECT 1 FROM message WHERE state = 'gone' "
		"AND content = '' LIMIT 1",
	[SQL_CHILD_NEXT] = "SELECT id FROM message WHERE parent = ?1 "
		"AND parent > 0 AND id > ?2 ORDER BY id LIMIT 1",
	[SQL_MESSAGE_PLACES] = "SELECT " PLACE_COLUMNS " FROM message "
		"WHERE id > ?1 ORDER BY id LIMIT ?2",
	[SQL_NOTED] = "SELECT id FROM message INDEXED BY message_noted "
		"WHERE noted_action <> 0 AND id > 0 ORDER BY id LIMIT ?1",
	[SQL_WATCHED] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"INDEXED BY message_watched WHERE m.watched = 1 "
		"AND m.id > ?1 ORDER BY m.id LIMIT ?2",
	[SQL_MESSAGE_ADD] = "INSERT OR ROLLBACK INTO message (id"
		HISTORY_MESSAGE_LIST(HISTORY_NAME) ") VALUES (?"
		HISTORY_MESSAGE_LIST(HISTORY_MARK) ")",
	/* Of a column that is named twice the second value counts: so the
	 * list may begin with a comma. */
	[SQL_MESSAGE_UPDATE] = "UPDATE OR ROLLBACK message SET kept = 0"
		HISTORY_MESSAGE_LIST(HISTORY_SET) " WHERE id = ? AND state = ?",
	[SQL_MESSAGE_UPDATE_STATE] = "UPDATE OR ROLLBACK message SET kept = 0"
		HISTORY_MESSAGE_STATE_LIST(HISTORY_SET)
		" WHERE id = ? AND state = ?",
	/* The way into importing, which is short. */
	[SQL_MESSAGE_BEGIN] = "UPDATE OR ROLLBACK message SET state = ?3, "
		"since = ?4, attempts = ?5, tries = ?6, changed_by = 0, "
		"next_attempt_at = NULL, txn = ?7 "
		"WHERE id = ?1 AND state = ?2",
	[SQL_MOVE_CLEAR] = "UPDATE OR ROLLBACK message SET move_from = NULL, "
		"move_to = NULL, move_stuck = 0 WHERE id = ?1",
	[SQL_MOVES_CLEAR] = "UPDATE OR ROLLBACK message INDEXED BY "
		"message_move SET move_from = NULL, move_to = NULL "
		"WHERE move_to IS NOT NULL AND move_stuck = 0 AND id <= ?1 "
		"AND (?2 OR move_from <> 'submit')",
	[SQL_MOVE_STUCK] = "UPDATE OR ROLLBACK message SET move_stuck = 1, "
		"txn = ?2 "
		"WHERE id = ?1",
	[SQL_MOVES] = "SELECT " PLACE_COLUMNS " FROM message "
		"INDEXED BY message_move WHERE move_to IS NOT NULL "
		"AND move_stuck = 0 AND id > ?1 ORDER BY id LIMIT ?2",
	[SQL_MOVES_STUCK] = "SELECT " PLACE_COLUMNS " FROM message "
		"INDEXED BY message_stuck WHERE move_stuck = 1 "
		"AND id > ?1 ORDER BY id LIMIT ?2",
	[SQL_MOVES_OPEN] = "SELECT count(*) FROM (SELECT 1 FROM message "
		"INDEXED BY message_move WHERE move_to IS NOT NULL "
		"AND move_stuck = 0 LIMIT ?1)",
	/* The oldest of those that are not late, and of those that are. */
	[SQL_NEXT_QUEUED] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"INDEXED BY message_turn WHERE m.state = 'queued' "
		"AND m.move_to IS NULL AND m.late = 0 ORDER BY m.id LIMIT 1",
	[SQL_NEXT_LATE] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"INDEXED BY message_turn WHERE m.state = 'queued' "
		"AND m.move_to IS NULL AND m.late = 1 ORDER BY m.id LIMIT 1",
	[SQL_NEXT_DEFERRED] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"INDEXED BY message_due WHERE m.state = 'deferred' "
		"AND m.move_to IS NULL AND m.too_large = 0 "
		"AND m.next_attempt_at <= ?1 ORDER BY m.next_attempt_at, m.id "
		"LIMIT 1",
	[SQL_NEXT_DUE_AT] = "SELECT min(next_attempt_at) FROM message "
		"INDEXED BY message_due WHERE state = 'deferred' "
		"AND move_to IS NULL AND too_large = 0",
	[SQL_UNAVAILABLE_DUE] = "UPDATE message SET next_attempt_at = ?1, "
		"txn = ?2 "
		"WHERE state = 'deferred' AND class = 'unavailable' "
		"AND next_attempt_at > ?1",
	[SQL_TOO_LARGE_DUE] = "UPDATE message INDEXED BY message_large "
		"SET too_large = 0, next_attempt_at = ?1, txn = ?3 "
		"WHERE too_large = 1 AND size <= ?2",
	[SQL_TOO_LARGE_LEAST] = "SELECT size FROM message "
		"INDEXED BY message_large WHERE too_large = 1 "
		"AND size >= 0 ORDER BY size LIMIT 1",
	[SQL_CAP_DUE] = "UPDATE message INDEXED BY message_due "
		"SET next_attempt_at = ?1, txn = ?3 "
		"WHERE state = 'deferred' "
		"AND move_to IS NULL AND too_large = 0 "
		"AND next_attempt_at > ?2",
	[SQL_PROBE_YOUNGEST] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"INDEXED BY message_fresh WHERE m.state = 'queued' "
		"AND m.attempts = 0 AND m.move_to IS NULL "
		"ORDER BY m.id DESC LIMIT 1",
	[SQL_PROBE_OLDEST] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"INDEXED BY message_fresh WHERE m.state = 'queued' "
		"AND m.attempts = 0 AND m.move_to IS NULL "
		"ORDER BY m.id LIMIT 1",
	/* The deferred one with the earliest next attempt was tried longest
	 * ago, near enough. */
	[SQL_PROBE_OTHER] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"INDEXED BY message_due WHERE m.state = 'deferred' "
		"AND m.move_to IS NULL AND m.too_large = 0 "
		"ORDER BY m.next_attempt_at, m.id LIMIT 1",
	[SQL_HIGHEST_ID] = "SELECT max(seq, (SELECT ifnull(max(id), 0) "
		"FROM message)) FROM (SELECT ifnull((SELECT seq FROM "
		"sqlite_sequence WHERE name = 'message'), 0) AS seq)",
	[SQL_SET_HIGHEST_ID] = "INSERT OR REPLACE INTO sqlite_sequence "
		"(rowid, name, seq) VALUES ((SELECT rowid FROM "
		"sqlite_sequence WHERE name = 'message'), 'message', ?1)",

	[SQL_COUNTS] = "SELECT state, sum(n), "
		"CAST(total(bytes) AS INTEGER) FROM tally "
		"GROUP BY state",
	[SQL_TALLY_COUNT] = "SELECT ifnull(sum(n), 0) FROM tally "
		"WHERE state = ?1 AND (?2 = 0 OR cause = ?2) "
		"AND (?3 < 0 OR suspect = ?3)",
	[SQL_TALLY_ROWS] = "SELECT state, cause, suspect, size, retries > 0 "
		"FROM message",
	[SQL_TALLY_ALL] = "SELECT state, cause, suspect, n, bytes, retried "
		"FROM tally",
	[SQL_TALLY_CLEAR] = "DELETE FROM tally",
	[SQL_TALLY_PUT] = "INSERT INTO tally VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[SQL_CAUSE_FIND] = "SELECT id FROM cause WHERE class = ?1 "
		"AND code IS ?2 AND signal = ?3 AND reason IS ?4",
	[SQL_CAUSE_ADD] = "INSERT INTO cause (class, code, signal, reason) "
		"VALUES (?1, ?2, ?3, ?4) RETURNING id",
	[SQL_CAUSE_COUNT] = "SELECT count(*) FROM cause",
	[SQL_CAUSES] = "SELECT t.cause, c.class, c.code, c.signal, c.reason, "
		"t.suspect, t.n, t.bytes, t.retried, "
		"(SELECT min(ifnull(failed_at, since)) FROM message m "
		"WHERE m.cause <> 0 "
		"AND m.state = ?1 AND m.state IN ('failed', 'deferred') "
		"AND m.cause = t.cause AND m.suspect = t.suspect) AS first, "
		"(SELECT max(ifnull(failed_at, since)) FROM message m "
		"WHERE m.cause <> 0 "
		"AND m.state = ?1 AND m.state IN ('failed', 'deferred') "
		"AND m.cause = t.cause AND m.suspect = t.suspect) AS last "
		"FROM tally t JOIN cause c ON c.id = t.cause "
		"WHERE t.state = ?1 AND t.n > 0 ORDER BY last DESC LIMIT ?2",

	/* Looks at the newest: see history_cause.h. */
	[SQL_CAUSE_LOOK] = "SELECT count(*), "
		"count(DISTINCT ifnull(from_addr, '')), "
		"ifnull(min(tries), 0), ifnull(max(tries), 0), "
		"ifnull(max(maybe_delivered), 0) FROM "
		"(SELECT from_addr, tries, maybe_delivered FROM message "
		"INDEXED BY message_cause WHERE cause <> 0 "
		"AND state IN ('failed', 'deferred') AND state = ?1 "
		"AND cause = ?2 AND suspect = ?3 "
		"ORDER BY ifnull(failed_at, since) DESC LIMIT ?4)",
	[SQL_TESTS] = "SELECT started_at, probe AND class IN ('rejected', "
		"'crashed', 'unavailable'), class, code, signal "
		"FROM attempt ORDER BY id DESC LIMIT ?1",
	[SQL_TESTS_SINCE] = "SELECT count(*), count(DISTINCT CASE WHEN "
		"message NOT IN (SELECT message FROM streak) THEN message END), "
		"max(started_at) FROM (SELECT message, started_at, probe, "
		"class FROM attempt ORDER BY id DESC LIMIT ?2) "
		"WHERE started_at >= ?1 AND probe "
		"AND class IN ('rejected', 'crashed', 'unavailable')",
	[SQL_TOOK] = "SELECT ifnull(CAST(avg(took_ms) AS INTEGER), 0) "
		"FROM (SELECT took_ms FROM attempt "
		"WHERE ended_at IS NOT NULL AND class IS NOT NULL "
		"ORDER BY id DESC LIMIT ?1)",
	/* At most the 10,000 newest: a look, not a count. */
	[SQL_STORM] = "SELECT f.cause, count(*) AS n, min(f.failed_at), "
		"max(f.failed_at), ifnull(c.reason, c.class || ifnull(' ' || "
		"c.code, '')) FROM (SELECT cause, failed_at FROM message "
		"INDEXED BY message_failed WHERE state = 'failed' "
		"AND failed_at >= ?1 ORDER BY failed_at DESC LIMIT 10000) f "
		"JOIN cause c ON c.id = f.cause GROUP BY f.cause "
		"ORDER BY n DESC LIMIT 1",
	[SQL_AGAIN] = "SELECT id, again_at, failures - 1 FROM message "
		"INDEXED BY message_again "
		"WHERE again_at >= ?1 AND state = 'failed' "
		"ORDER BY again_at DESC LIMIT 1",
	[SQL_LOOK_QUEUED] = "SELECT 0, min(since) FROM message "
		"INDEXED BY message_since WHERE state = 'queued'",
	[SQL_LOOK_DUE] = "SELECT count(*), min(next_attempt_at) FROM "
		"(SELECT next_attempt_at FROM message "
		"INDEXED BY message_due WHERE state = 'deferred' "
		"AND move_to IS NULL AND too_large = 0 "
		"AND next_attempt_at <= ?1 ORDER BY next_attempt_at LIMIT ?2)",
	/* One that is in the importer just now is still tried in vain: its try
	 * counts when it has ended. */
	[SQL_LOOK_VAIN] = "SELECT count(*), min(received_at) FROM (SELECT * "
		"FROM (SELECT received_at, tries FROM message "
		"INDEXED BY message_due WHERE state = 'deferred' "
		"AND move_to IS NULL AND too_large = 0 "
		"ORDER BY next_attempt_at LIMIT ?2) UNION ALL "
		"SELECT received_at, tries - 1 FROM message "
		"INDEXED BY message_since WHERE state = 'importing' "
		"AND watched = 0) "
		"WHERE tries >= ?1",
	[SQL_LOOK_LARGE] = "SELECT count(*), min(since) FROM (SELECT since "
		"FROM message INDEXED BY message_large WHERE too_large = 1 "
		"LIMIT ?1)",
	[SQL_LOOK_FAILED] = "SELECT 0, max(failed_at) FROM message "
		"INDEXED BY message_failed WHERE state = 'failed'",
	[SQL_LOOK_STUCK] = "SELECT count(*), min(move_from), min(move_to) "
		"FROM (SELECT move_from, move_to FROM message "
		"INDEXED BY message_stuck WHERE move_stuck = 1 LIMIT ?1)",
	/* Beside one max() SQLite gives the other columns of its row; what they
	 * do not have in common is no reason of them all. */
	[SQL_LOOK_DOUBT] = "SELECT count(*), max(ifnull(failed_at, since)), "
		"sum(state = 'failed'), iif(count(DISTINCT ifnull(class, '') "
		"|| ifnull(reason = 'timed out', 0)) = 1, class, NULL), reason "
		"FROM (SELECT failed_at, since, state, class, reason "
		"FROM message "
		"INDEXED BY message_doubt WHERE doubt = 1 "
		"ORDER BY id DESC LIMIT ?1)",
	[SQL_CAUSE_DOUBT] = "SELECT count(*), count(DISTINCT cause), "
		"sum(size), sum(retries > 0), min(ifnull(failed_at, since)), "
		"max(ifnull(failed_at, since)) FROM message "
		"INDEXED BY message_doubt WHERE doubt = 1 AND state = ?1",
	[SQL_LOOK_ASIDE] = "SELECT count(*), max(since) FROM (SELECT since, "
		"action_by, doubt FROM message INDEXED BY message_since "
		"WHERE state = 'quarantined' ORDER BY since DESC LIMIT ?1) "
		"WHERE action_by = 'the connector' AND doubt = 0",
	[SQL_LOOK_LOST] = "SELECT count(*), max(since) FROM (SELECT since "
		"FROM message INDEXED BY message_since WHERE state = 'lost' "
		"AND since >= ?1 ORDER BY since DESC LIMIT ?2)",
	[SQL_ATTEMPT_BEGIN] = "INSERT INTO attempt (" SEALED_ATTEMPT ") "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[SQL_ATTEMPT_END] = "UPDATE attempt SET ended_at = ?2, took_ms = ?3, "
		"class = ?4, code = ?5, signal = ?6, counted = ?7, copy = ?8, "
		"reason = ?9, output = ?10, und_file = ?11, und_start = ?12, "
		"und_end = ?13, und_entries = ?14 "
		"WHERE id = ?1 AND ended_at IS NULL",
	[SQL_ATTEMPT_TALLY_ADD] = "INSERT INTO attempt_tally "
		"VALUES (?1, ?2, 1, ?3) ON CONFLICT DO UPDATE SET n = n + 1, "
		"took_ms = took_ms + excluded.took_ms",
	[SQL_ATTEMPT_TALLY] = "SELECT class, band, n, took_ms "
		"FROM attempt_tally LIMIT ?1",
	[SQL_ATTEMPT_OPEN] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE ended_at IS NULL AND id > ?1 ORDER BY id LIMIT 1",
	[SQL_ATTEMPTS_OPEN] = "SELECT count(*) FROM (SELECT 1 FROM attempt "
		"WHERE ended_at IS NULL LIMIT ?1)",
	[SQL_ATTEMPTS] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE message = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
	[SQL_ATTEMPTS_ALL] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE id < ?1 ORDER BY id DESC LIMIT ?2",

	[SQL_ACTION_ADD] = "INSERT INTO action (" SEALED_ACTION ", ended_at, "
		"detail, txn, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
		"?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
	[SQL_ACTION_REQUEST] = "SELECT id FROM action WHERE request = ?1",
	[SQL_ACTION_END] = "UPDATE action SET ended_at = ?2, done = ?3, "
		"skipped = ?4, failed = ?5, detail = ?6, txn = ?7 "
		"WHERE id = ?1",
	[SQL_ACTION_GET] = "SELECT " ACTION_COLUMNS " FROM action a "
		"WHERE a.id = ?1",
	[SQL_ACTION_MARK_UNDONE] = "UPDATE action SET undone_by = ?2, txn = ?3 "
		"WHERE id = ?1",
	[SQL_ACTION_UNDOABLE] = "SELECT " ACTION_COLUMNS " FROM action a "
		"WHERE a.session = ?1 AND a.undo_of = 0 AND a.undone_by = 0 "
		"AND a.verb IN ('retry', 'quarantine', 'release', 'purge', "
		"'restore', 'hold', 'drain', 'resume') "
		/* The connector's have no messages; one that did nothing
		 * must not hide the one before it. */
		"AND (a.done > 0 OR a.total = 0) "
		"ORDER BY a.id DESC LIMIT 1",
	[SQL_ACTION_PENDING] = "SELECT " ACTION_COLUMNS " FROM action a "
		"WHERE a.verb = ?1 AND a.ended_at IS NULL "
		"ORDER BY a.id LIMIT 1",
	[SQL_ACTIONS] = "SELECT " ACTION_COLUMNS " FROM action a "
		"WHERE a.id < ?1 ORDER BY a.id DESC LIMIT ?2",
	[SQL_ITEM_PUT] = "INSERT INTO item (action, message, result, "
		"from_state, to_state, why, at, outcome) VALUES (?1, ?2, ?3, "
		"?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET "
		"result = excluded.result, from_state = excluded.from_state, "
		"to_state = excluded.to_state, why = excluded.why, "
		"at = excluded.at, outcome = excluded.outcome",
	[SQL_ITEM_OUTCOME] = "UPDATE item SET outcome = ?3, "
		"outcome_code = ?4, outcome_reason = ?5, outcome_at = ?6 "
		"WHERE action = ?1 AND message = ?2",
	/* The word of before loses one, the new one gets it. */
	[SQL_OUTCOME_COUNT] = "UPDATE action SET "
		"waits = waits - (?2 IS 'waits') + (?3 IS 'waits'), "
		"imported = imported - (?2 IS 'imported') + "
		"(?3 IS 'imported'), again = again - (?2 IS 'failed again') + "
		"(?3 IS 'failed again'), deferred = deferred - "
		"(?2 IS 'deferred') + (?3 IS 'deferred'), acted = acted - "
		"(?2 IS 'acted on') + (?3 IS 'acted on'), txn = ?4 "
		"WHERE id = ?1",
	[SQL_OUTCOME_WAITS] = "UPDATE action SET waits = waits + ?2, "
		"txn = ?3 WHERE id = ?1",
	[SQL_OUTCOME_REASON] = "SELECT outcome_code, outcome_reason, "
		"count(*) AS n FROM item WHERE action = ?1 "
		"AND outcome IN ('failed again', 'deferred') "
		"GROUP BY 1, 2 ORDER BY n DESC LIMIT 1",
	[SQL_JOB_PUT] = "UPDATE action SET job = 0"
		HISTORY_JOB_LIST(HISTORY_SET) " WHERE id = ?",
	[SQL_JOBS_OPEN] = "SELECT " ACTION_COLUMNS " FROM action a "
		"INDEXED BY action_job WHERE a.job = 1 AND a.job_state IN "
		"('running', 'waiting', 'paused') AND a.id > ?1 "
		"ORDER BY a.id LIMIT ?2",
	[SQL_JOBS] = "SELECT " ACTION_COLUMNS " FROM action a "
		"WHERE a.total > 0 AND a.id < ?1 ORDER BY a.id DESC LIMIT ?2",
	[SQL_JOBS_AFTER] = "SELECT " ACTION_COLUMNS " FROM action a "
		"WHERE a.total > 0 AND a.id > ?1 ORDER BY a.id LIMIT ?2",
	/* A look, not a count: at most 10,000. */
	[SQL_JOBS_COUNT] = "SELECT count(*) FROM (SELECT 1 FROM action "
		"WHERE total > 0 ORDER BY id DESC LIMIT 10000)",
	[SQL_ITEMS_PENDING] = "SELECT " ITEM_COLUMNS " FROM item "
		"WHERE action = ?1 AND message > ?2 AND result = 'pending' "
		"ORDER BY message LIMIT ?3",
	[SQL_ITEMS] = "SELECT " ITEM_COLUMNS " FROM item WHERE action = ?1 AND message > ?2 "
		"ORDER BY message LIMIT ?3",
	[SQL_MESSAGE_ITEMS] = "SELECT i.action, i.message, i.result, "
		"i.from_state, i.to_state, i.why, i.at, i.outcome, "
		"i.outcome_code, i.outcome_reason, i.outcome_at, "
		ACTION_COLUMNS
		" FROM item i JOIN action a ON a.id = i.action "
		"WHERE i.message = ?1 ORDER BY i.action DESC LIMIT ?2",

	[SQL_CHANGE_ADD] = "INSERT INTO change (" SEALED_CHANGE ") "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	/* What old rows tell: history_fill.h. */
	[SQL_FILL_LEFT] = "SELECT fill_below FROM connector",
	[SQL_FILL_PUT] = "UPDATE connector SET fill_below = ?1",
	[SQL_FILL_NEXT] = "SELECT id, received_at, state, since FROM message "
		"WHERE id <= ?1 ORDER BY id DESC LIMIT 1",
	/* Both without an order, which would cost more than all the rest. */
	[SQL_FILL_KNOWN] = "SELECT state_from, since_from FROM change "
		"WHERE message = ?1 UNION ALL "
		"SELECT from_state, from_since FROM attempt "
		"WHERE message = ?1 AND from_state IS NOT NULL",
	[SQL_FILL_STEPS] = "SELECT 1, id, started_at, ended_at, "
		"class = 'imported', class = 'interrupted', NULL, NULL "
		"FROM attempt WHERE message = ?1 AND from_state IS NULL "
		"UNION ALL SELECT 0, action, at, NULL, 0, 0, from_state, "
		"to_state FROM item i WHERE message = ?1 "
		"AND result = 'done' AND to_state IS NOT NULL "
		"AND NOT EXISTS (SELECT 1 FROM change c "
		"WHERE c.message = ?1 AND c.action = i.action)",
	[SQL_FILL_ATTEMPT] = "UPDATE attempt SET from_state = ?2, "
		"from_since = ?3 WHERE id = ?1",
	[SQL_FILL_FAILED] = "UPDATE message SET failed_at = ?2, txn = ?3 "
		"WHERE id = ?1 AND failed_at IS NULL AND state IN ('failed', "
		"'deferred', 'quarantined', 'purged')",
	/* How it was: history_at.h. */
	[SQL_AT_NEWEST] = "SELECT ifnull((SELECT max(id) FROM change), 0), "
		"ifnull((SELECT max(id) FROM attempt), 0)",
	[SQL_AT_LEFT] = "SELECT message, since_from, at FROM change "
		"INDEXED BY change_left "
		"WHERE state_from = ?1 AND at > ?2 AND at <= ?3",
	[SQL_AT_BEGUN] = "SELECT message, from_since, started_at, from_state "
		"FROM attempt INDEXED BY attempt_started "
		"WHERE started_at > ?1 AND started_at <= ?2 "
		"AND from_state IS NOT NULL",
	[SQL_AT_LEFT_NEW] = "SELECT message, since_from, at, state_from, id "
		"FROM change WHERE id > ?1 ORDER BY id",
	[SQL_AT_BEGUN_NEW] = "SELECT message, from_since, started_at, "
		"from_state, id FROM attempt WHERE id > ?1 "
		"AND from_state IS NOT NULL ORDER BY id",
	[SQL_AT_PLACE] = "SELECT state_from, since_from FROM change "
		"WHERE message = ?1 AND at > ?2 AND since_from <= ?2 "
		"UNION ALL SELECT from_state, from_since FROM attempt "
		"WHERE message = ?1 AND started_at > ?2 AND from_since <= ?2 "
		"LIMIT 1",
	[SQL_AT_RESULT] = "SELECT number, class IS NOT NULL "
		"AND ended_at <= ?2, code, signal, class, reason, ended_at, "
		"ifnull(suspect_at <= ?2, 0) "
		"FROM attempt "
		"WHERE message = ?1 AND started_at <= ?2 ORDER BY id DESC",
	[SQL_AT_COUNTS] = "SELECT state, n FROM tally "
		"UNION ALL SELECT state, -count(*) FROM message "
		"INDEXED BY message_since WHERE state IN (" ALL_STATES ") "
		"AND since > ?1 GROUP BY state",
	[SQL_AT_CAUSE] = "SELECT class, code, signal, reason, ended_at, "
		"suspect_at "
		"FROM attempt INDEXED BY attempt_message WHERE message = ?1 "
		"AND started_at <= ?2 AND class IS NOT NULL "
		"ORDER BY id DESC LIMIT 1",
	/* Those that are there now; SQL_AT_CAME takes away who came since. */
	[SQL_AT_CAUSES] = "SELECT t.cause, c.class, c.code, c.signal, "
		"c.reason, t.n, "
		"(SELECT min(ifnull(failed_at, since)) FROM message m "
		"WHERE m.cause <> 0 "
		"AND m.state = ?1 AND m.state IN ('failed', 'deferred') "
		"AND m.cause = t.cause AND m.suspect = t.suspect "
		"AND m.since <= ?2" WAS_MARKED "), "
		"(SELECT max(ifnull(failed_at, since)) FROM message m "
		"WHERE m.cause <> 0 "
		"AND m.state = ?1 AND m.state IN ('failed', 'deferred') "
		"AND m.cause = t.cause AND m.suspect = t.suspect "
		"AND ifnull(failed_at, since) <= ?2 AND m.since <= ?2"
		WAS_MARKED "), t.suspect "
		"FROM tally t JOIN cause c ON c.id = t.cause "
		"WHERE t.state = ?1 AND t.n > 0",
	[SQL_AT_CAME] = "SELECT cause, suspect FROM message "
		"INDEXED BY message_since WHERE state = ?1 AND since > ?2",
	/* There then, and suspect since. */
	[SQL_AT_MARKED] = "SELECT m.cause, ifnull(m.failed_at, m.since) "
		"FROM attempt a INDEXED BY attempt_suspect "
		"CROSS JOIN message m ON m.id = a.message WHERE a.suspect_at > ?2 "
		"AND m.state = ?1 AND m.suspect = 1 AND m.since <= ?2",
	[SQL_AT_JOBS] = "SELECT " ACTION_COLUMNS " FROM action a "
		"INDEXED BY action_at WHERE a.at <= ?1 AND a.total > 0 "
		"ORDER BY a.at DESC, a.id DESC LIMIT ?2",
	/* An outcome that came later took the place of an earlier one. */
	[SQL_AT_ITEMS] = "SELECT result, CASE WHEN outcome IS NULL THEN '' "
		"WHEN outcome_at <= ?2 THEN outcome ELSE ifnull((SELECT "
		"CASE state_to WHEN 'imported' THEN 'imported' "
		"WHEN 'failed' THEN 'failed again' "
		"WHEN 'deferred' THEN 'deferred' ELSE 'waits' END "
		"FROM change c WHERE c.message = i.message "
		"AND state_from = 'importing' AND c.at > i.at "
		"AND c.at <= ?2 ORDER BY c.id DESC LIMIT 1), 'waits') END "
		"AS o, count(*) FROM item i WHERE action = ?1 AND i.at <= ?2 "
		"AND result <> 'pending' GROUP BY result, o",
	/* What the files that were current hold, less what came since. */
	[SQL_AT_UND] = "SELECT ifnull((SELECT sum(size) FROM und_file "
		"WHERE opened_at <= ?1 AND (rotated_at IS NULL "
		"OR rotated_at > ?1)), 0) - ifnull((SELECT sum(length) "
		"FROM und_entry e INDEXED BY und_entry_at JOIN und_file f "
		"ON f.id = e.file WHERE e.at > ?1 AND f.opened_at <= ?1), 0)",
	[SQL_AT_UND_REASONS] = "SELECT t.reason, t.entries - ifnull(l.n, 0), "
		"t.bytes - ifnull(l.sum, 0), ifnull(g.ten, 0), "
		"ifnull(g.hour, 0), iif(l.n, ifnull((SELECT at FROM "
		"und_entry WHERE reason IS nullif(t.reason, '') "
		"AND at <= ?4 ORDER BY id DESC LIMIT 1), 0), t.last_at) AS last "
		"FROM und_tally t LEFT JOIN (SELECT ifnull(reason, '') AS r, "
		"CAST(total(iif(at >= ?1, length, 0)) AS INTEGER) AS ten, "
		"CAST(total(length) AS INTEGER) AS hour FROM und_entry "
		"WHERE at >= ?2 AND at <= ?4 GROUP BY r) g "
		"ON g.r = t.reason LEFT JOIN (SELECT ifnull(reason, '') AS r, "
		"count(*) AS n, CAST(total(length) AS INTEGER) AS sum "
		"FROM und_entry WHERE at > ?4 GROUP BY r) l "
		"ON l.r = t.reason WHERE t.entries > ifnull(l.n, 0) "
		"ORDER BY last DESC LIMIT ?3",
	[SQL_AT_UND_PLACE] = "SELECT id FROM und_entry WHERE at <= ?1 "
		"ORDER BY at DESC LIMIT 1",
	[SQL_AT_BREAKER] = "SELECT number FROM event INDEXED BY event_turn "
		"WHERE " IS_TURN " AND number IN (20003, 20004) AND at > ?1 "
		"ORDER BY at, id LIMIT 1",
	[SQL_AT_HOLDS_SINCE] = "SELECT 1 FROM event INDEXED BY event_turn "
		"WHERE " IS_TURN " AND number BETWEEN 20005 AND 20008 "
		"AND at > ?1 LIMIT 1",
	[SQL_AT_HOLDS] = "SELECT number, at, text FROM event "
		"INDEXED BY event_turn WHERE " IS_TURN
		" AND number BETWEEN 20005 AND 20008 AND at <= ?1 "
		"ORDER BY at DESC, id DESC",
	[SQL_AT_HOLD_ACTION] = "SELECT at, by, reason, detail FROM action "
		"INDEXED BY action_hold WHERE " IS_HOLD " AND at <= ?1 "
		"ORDER BY at DESC, id DESC LIMIT 1",
	[SQL_AT_EVENT] = "SELECT " EVENT_COLUMNS " FROM event "
		"INDEXED BY event_turn WHERE " IS_TURN " AND number = ?1 "
		"AND at <= ?2 ORDER BY at DESC, id DESC LIMIT 1",
	[SQL_REPORT_FAILURES] = "SELECT a.class, a.code, a.signal, a.reason, "
		"count(*) AS n, min(c.at), max(c.at), "
		"count(DISTINCT iif(m.state = 'failed', m.id, NULL)), "
		"count(DISTINCT iif(m.state = 'imported', m.id, NULL)), "
		"count(DISTINCT iif(m.state IN ('queued', 'importing', "
		"'deferred'), m.id, NULL)), count(DISTINCT m.id) FROM change c "
		"INDEXED BY change_left JOIN attempt a ON a.id = c.attempt "
		"JOIN message m ON m.id = c.message "
		"WHERE c.state_from = 'importing' AND c.at >= ?1 "
		"AND c.at < ?2 AND c.state_to = 'failed' "
		"GROUP BY 1, 2, 3, 4 ORDER BY n DESC, 6 LIMIT ?3",
	[SQL_REPORT_ACTIONS] = "SELECT " ACTION_COLUMNS " FROM action a "
		"INDEXED BY action_at WHERE a.at >= ?1 AND a.at < ?2 "
		"ORDER BY a.at, a.id LIMIT ?3",
	[SQL_REPORT_TURNS] = "SELECT " EVENT_COLUMNS " FROM event "
		"INDEXED BY event_turn WHERE " IS_TURN " AND number = ?1 "
		"AND at >= ?2 AND at < ?3 ORDER BY at, id LIMIT ?4",
	[SQL_SHAPE_SENDER] = SHAPE_OF("from_addr"),
	[SQL_SHAPE_RECIPIENT] = SHAPE_OF("to_addrs"),
	[SQL_SHAPE_CAUSE] = SHAPE_OF("cause"),
	[SQL_NOTE_ADD] = "INSERT INTO note (" SEALED_NOTE ") "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[SQL_NOTES] = "SELECT " NOTE_COLUMNS " FROM note WHERE id < ?1 "
		"ORDER BY id DESC LIMIT ?2",
	[SQL_NOTES_MESSAGE] = "SELECT " NOTE_COLUMNS " FROM note "
		"INDEXED BY note_message WHERE message <> 0 AND message = ?3 "
		"AND id < ?1 ORDER BY id DESC LIMIT ?2",
	[SQL_NOTES_CAUSE] = "SELECT " NOTE_COLUMNS " FROM note "
		"INDEXED BY note_cause WHERE cause <> 0 AND cause = ?3 "
		"AND id < ?1 ORDER BY id DESC LIMIT ?2",
	[SQL_NOTES_SINCE] = "SELECT " NOTE_COLUMNS " FROM note "
		"INDEXED BY note_at WHERE (at, id) > (?1, ?3) "
		"ORDER BY at, id LIMIT ?2",
	[SQL_NOTES_ANY] = "SELECT 1 FROM note ORDER BY id LIMIT 1",
	[SQL_NOTE_NEWEST_MESSAGE] = "SELECT " NOTE_COLUMNS " FROM note "
		"INDEXED BY note_message WHERE message <> 0 AND message = ?1 "
		"AND mine = ?2 AND at <= ?3 ORDER BY id DESC LIMIT 1",
	[SQL_NOTE_NEWEST_CAUSE] = "SELECT " NOTE_COLUMNS " FROM note "
		"INDEXED BY note_cause WHERE cause <> 0 AND cause = ?1 "
		"AND mine = ?2 AND at <= ?3 ORDER BY id DESC LIMIT 1",
	[SQL_CAUSE_GET] = "SELECT class, code, signal, reason FROM cause "
		"WHERE id = ?1",
	[SQL_EVENT_ADD] = "INSERT INTO event (" SEALED_EVENT ") "
		"VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_EVENTS] = "SELECT id, at, number, severity, text, message "
		"FROM event WHERE id > ?1 ORDER BY id LIMIT ?2",
	/* From the newest back: the cost is that of what will be shown. */
	[SQL_EVENT_SINCE] = "SELECT id FROM event WHERE at < ?1 "
		"ORDER BY id DESC LIMIT 1",

	[SQL_EVENT_NEWEST] = "SELECT id FROM event WHERE number = ?1 "
		"AND id > (SELECT max(id) FROM event) - 10000 "
		"ORDER BY id DESC LIMIT 1",

	/* A constant ahead, as the id of the others. */
	[SQL_CONNECTOR_GET] = "SELECT 1" HISTORY_CONNECTOR_LIST(HISTORY_NAME)
		" FROM connector",
	[SQL_CONNECTOR_PUT] = "UPDATE connector SET hold = 0"
		HISTORY_CONNECTOR_LIST(HISTORY_SET),
	[SQL_STREAK_ADD] = "INSERT OR IGNORE INTO streak VALUES (?1)",
	[SQL_STREAK_HAS] = "SELECT 1 FROM streak WHERE message = ?1",
	[SQL_STREAK_CLEAR] = "DELETE FROM streak",
	[SQL_STREAK_SUSPECT] = "UPDATE message SET suspect = 1, txn = ?1 "
		"WHERE id IN "
		"(SELECT message FROM streak) AND state = 'failed'",
	[SQL_STREAK_MARK] = "UPDATE attempt SET suspect_at = ?1 WHERE id IN "
		"(SELECT (SELECT max(id) FROM attempt a WHERE a.message = m.id) "
		"FROM message m WHERE m.id IN (SELECT message FROM streak) "
		"AND m.state = 'failed') AND suspect_at IS NULL",

	[SQL_MINUTE_ADD] = "INSERT INTO minute VALUES (?1 - ?1 % 60000, ?2, "
		"?3, ?4, ?5) ON CONFLICT DO UPDATE SET "
		"arrived = arrived + excluded.arrived, "
		"imported = imported + excluded.imported, "
		"failed = failed + excluded.failed, "
		"und_bytes = und_bytes + excluded.und_bytes",
	[SQL_MINUTE_SUM] = "SELECT ifnull(sum(arrived), 0), "
		"ifnull(sum(imported), 0), ifnull(sum(failed), 0), "
		"CAST(total(und_bytes) AS INTEGER) FROM minute "
		"WHERE at >= ?1 AND at < ?2",
	[SQL_MINUTE_BACK] = "SELECT (SELECT count(*) FROM (SELECT 1 FROM change "
		"INDEXED BY change_left WHERE state_from IN ('failed', "
		"'quarantined', 'purged') AND at >= ?1 AND at < ?2 "
		"AND state_to IN ('queued', 'deferred') LIMIT ?3)), "
		"(SELECT count(*) FROM (SELECT 1 FROM change "
		"INDEXED BY change_left WHERE state_from IN ('queued', "
		"'deferred') AND at >= ?1 AND at < ?2 "
		"AND state_to IN ('failed', 'quarantined', 'purged') "
		"LIMIT ?3))",
	[SQL_UND_ADD] = "INSERT INTO und_file (lane, number, inode, size, "
		"opened_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
	[SQL_UND_UPDATE] = "UPDATE und_file SET number = ?2, inode = ?3, "
		"size = ?4, rotated_at = ?5, rotating = ?6 WHERE id = ?1",
	[SQL_UND_REMOVE] = "DELETE FROM und_file WHERE id = ?1",
	[SQL_UND_REMOVE_ENTRIES] = "DELETE FROM und_entry WHERE file = ?1",
	[SQL_UND_CURRENT] = "SELECT " UND_COLUMNS " FROM und_file "
		"WHERE lane = ?1 AND number = 0 ORDER BY id DESC LIMIT 1",
	[SQL_UND_HIGHEST] = "SELECT max(ifnull(max(number), 0), "
		"ifnull(max(rotating), 0)) FROM und_file WHERE lane = ?1",
	[SQL_UND_NEXT] = "SELECT " UND_COLUMNS " FROM und_file "
		"WHERE id > ?1 ORDER BY id LIMIT 1",
	[SQL_UND_ENTRY_ADD] = "INSERT INTO und_entry (file, start, length, "
		"at, message, attempt, reason) VALUES (?1, ?2, ?3, ?4, ?5, "
		"?6, ?7)",
	[SQL_UND_ENTRIES] = "SELECT " ENTRY_COLUMNS " FROM und_entry "
		"WHERE id > ?1 ORDER BY id LIMIT ?2",
	[SQL_UND_ENTRIES_MESSAGE] = "SELECT " ENTRY_COLUMNS " FROM und_entry "
		"WHERE message = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
	[SQL_UND_ENTRY_GET] = "SELECT " ENTRY_COLUMNS " FROM und_entry "
		"WHERE id = ?1",
	[SQL_UND_ENTRY_RESENT] = "UPDATE und_entry SET resent = ?2 "
		"WHERE id = ?1",

	[SQL_FORGET_FIND] = "SELECT id FROM message WHERE since < ?2 "
		"AND state = ?1 AND kept = 0 AND move_to IS NULL "
		"ORDER BY since LIMIT ?3",
	[SQL_UND_REASONS] = "SELECT t.reason, t.entries, t.bytes, "
		"ifnull(g.ten, 0), ifnull(g.hour, 0), t.last_at "
		"FROM und_tally t LEFT JOIN (SELECT ifnull(reason, '') AS r, "
		"CAST(total(iif(at >= ?1, length, 0)) AS INTEGER) AS ten, "
		"CAST(total(length) AS INTEGER) AS hour "
		"FROM und_entry WHERE at >= ?2 GROUP BY r) g "
		"ON g.r = t.reason ORDER BY t.last_at DESC LIMIT ?3",
	[SQL_UND_BEFORE] = "SELECT " ENTRY_COLUMNS " FROM und_entry "
		"WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
	[SQL_UND_AFTER] = "SELECT " ENTRY_COLUMNS " FROM und_entry "
		"WHERE id > ?1 ORDER BY id LIMIT ?2",
	[SQL_UND_REASON_BEFORE] = "SELECT " ENTRY_COLUMNS " FROM und_entry "
		"WHERE id < ?1 AND reason IS ?3 ORDER BY id DESC LIMIT ?2",
	[SQL_UND_REASON_AFTER] = "SELECT " ENTRY_COLUMNS " FROM und_entry "
		"WHERE id > ?1 AND reason IS ?3 ORDER BY id LIMIT ?2",
	[SQL_LOG_ATTEMPTS_BEFORE] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE (started_at, id) < (?1, ?2) "
		"ORDER BY started_at DESC, id DESC LIMIT ?3",
	[SQL_LOG_ATTEMPTS_AFTER] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE (started_at, id) > (?1, ?2) "
		"ORDER BY started_at, id LIMIT ?3",
	[SQL_LOG_ACTIONS_BEFORE] = "SELECT " ACTION_COLUMNS " FROM action a "
		"WHERE (a.at, a.id) < (?1, ?2) "
		"ORDER BY a.at DESC, a.id DESC LIMIT ?3",
	[SQL_LOG_ACTIONS_AFTER] = "SELECT " ACTION_COLUMNS " FROM action a "
		"WHERE (a.at, a.id) > (?1, ?2) ORDER BY a.at, a.id LIMIT ?3",
	[SQL_LOG_EVENTS_BEFORE] = "SELECT " EVENT_COLUMNS " FROM event "
		"WHERE " NOT_REPEATED " AND (at, id) < (?1, ?2) "
		"ORDER BY at DESC, id DESC LIMIT ?3",
	[SQL_LOG_EVENTS_AFTER] = "SELECT " EVENT_COLUMNS " FROM event "
		"WHERE " NOT_REPEATED " AND (at, id) > (?1, ?2) "
		"ORDER BY at, id LIMIT ?3",
	/* The words of the index attempt_rest. */
	[SQL_LOG_REST_BEFORE] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE ifnull(class, '') <> 'imported' "
		"AND (started_at, id) < (?1, ?2) "
		"ORDER BY started_at DESC, id DESC LIMIT ?3",
	[SQL_LOG_REST_AFTER] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE ifnull(class, '') <> 'imported' "
		"AND (started_at, id) > (?1, ?2) "
		"ORDER BY started_at, id LIMIT ?3",
	[SQL_LOG_IMPORTED_BEFORE] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE class = 'imported' AND (started_at, id) < (?1, ?2) "
		"AND started_at >= ?4 "
		"ORDER BY started_at DESC, id DESC LIMIT ?3",
	[SQL_LOG_IMPORTED_AFTER] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE class = 'imported' AND (started_at, id) > (?1, ?2) "
		"AND started_at < ?4 ORDER BY started_at, id LIMIT ?3",
	[SQL_MINUTE_BEFORE] = "SELECT at FROM minute WHERE at < ?1 "
		"AND imported > 0 ORDER BY at DESC LIMIT 1",
	[SQL_MINUTE_AFTER] = "SELECT at FROM minute WHERE at >= ?1 "
		"AND imported > 0 ORDER BY at LIMIT 1",
	[SQL_ATTEMPT_GET] = "SELECT " ATTEMPT_COLUMNS " FROM attempt "
		"WHERE id = ?1",
	[SQL_EVENT_GET] = "SELECT " EVENT_COLUMNS " FROM event WHERE id = ?1",
	[SQL_ACTIONS_OPEN] = "SELECT " ACTION_COLUMNS " FROM action a "
		"INDEXED BY action_open WHERE a.ended_at IS NULL AND a.total > 1 "
		"ORDER BY a.id DESC LIMIT ?1",
	[SQL_ITEMS_BEFORE] = "SELECT " ITEM_COLUMNS " FROM item WHERE action = ?1 "
		"AND message < ?2 ORDER BY message DESC LIMIT ?3",
	[SQL_ITEM_GET] = "SELECT " ITEM_COLUMNS " FROM item WHERE action = ?1 "
		"AND message = ?2",
	[SQL_ITEMS_DROP] = "UPDATE item SET result = 'skipped', why = ?2, "
		"at = ?3 WHERE action = ?1 AND message IN (SELECT message "
		"FROM item WHERE action = ?1 AND result = 'pending' "
		"ORDER BY message LIMIT ?4)",
	[SQL_NEXT_KEPT] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"WHERE m.kept = 1 AND m.since < ?1 AND m.move_to IS NULL "
		"ORDER BY m.since LIMIT 1",
	[SQL_NEXT_TRASH] = "SELECT " MESSAGE_COLUMNS " FROM message m "
		"WHERE m.state = 'purged' AND m.since < ?1 "
		"AND m.move_to IS NULL ORDER BY m.since LIMIT 1",
	[SQL_FORGET_MESSAGE] = "DELETE FROM message WHERE id = ?1 "
		"RETURNING id",
	[SQL_FORGET_ATTEMPTS] = "DELETE FROM attempt WHERE message = ?1 "
		"RETURNING id",
	[SQL_FORGET_ITEMS] = "DELETE FROM item WHERE message = ?1",
	[SQL_FORGET_CHANGES] = "DELETE FROM change WHERE message = ?1 "
		"RETURNING id",
	/* Oldest rows first; ids and times rise together. */
	[SQL_FORGET_EVENTS] = "DELETE FROM event WHERE id IN (SELECT id FROM "
		"(SELECT id, at FROM event ORDER BY id LIMIT ?2) "
		"WHERE at < ?1) RETURNING id",
	[SQL_FORGET_ACTIONS] = "DELETE FROM action WHERE id IN (SELECT id "
		"FROM (SELECT id, at FROM action ORDER BY id LIMIT ?2) "
		"WHERE at < ?1) AND NOT EXISTS (SELECT 1 FROM item "
		"WHERE item.action = action.id) RETURNING id",
	[SQL_FORGET_MINUTES] = "DELETE FROM minute WHERE at IN (SELECT at "
		"FROM minute WHERE at < ?1 ORDER BY at LIMIT ?2)",
};
