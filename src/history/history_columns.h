/* SPDX-License-Identifier: ISC */
/*
 * history_columns: the columns of the rows that are read and written whole.
 *
 * One list a table, a line a column: X(column, TYPE, member). From it come the
 * list of columns of a SELECT, an INSERT and an UPDATE, the binding of values
 * and the reading of a row (history_message.c, history_connector.c): nothing is
 * known by position. TYPE says how a member stands in its column:
 *
 *	INT	int64_t			TEXT	char *, NULL is NULL
 *	NUM	int			TIME	int64_t, HISTORY_NO_TIME is NULL
 *	BOOL	bool			CODE	int, HISTORY_NO_CODE is NULL
 *	STATE	enum state, a word	BLOB	char *, with its member_len
 *	PAST	as STATE, NULL unless the message is purged
 */
#ifndef CCMQ_HISTORY_COLUMNS_H
#define CCMQ_HISTORY_COLUMNS_H

/* The table message, beside its id: what its file is, */
#define HISTORY_MESSAGE_FILE_LIST(X) \
	X(name, TEXT, name) \
	X(true_name, BLOB, true_name) \
	X(key, TEXT, key) \
	X(inode, INT, inode) \
	X(mtime, INT, mtime_ns) \
	X(size, INT, size) \
	X(received_at, INT, received_at) \
	X(from_addr, TEXT, from) \
	X(to_addrs, TEXT, to) \
	X(subject, TEXT, subject) \
	X(date_text, TEXT, date_text) \
	X(date_at, TIME, date_at) \
	X(parent, INT, parent) \
	X(parts, INT, parts) \
	X(content, TEXT, content) \
	X(control, BOOL, control) \
	X(watched, BOOL, watched)

/* and what becomes of it. */
#define HISTORY_MESSAGE_STATE_LIST(X) \
	X(state, STATE, state) \
	X(since, INT, since) \
	X(from_state, PAST, from_state) \
	X(move_from, TEXT, move_from) \
	X(move_to, TEXT, move_to) \
	X(move_stuck, BOOL, move_stuck) \
	X(attempts, INT, attempts) \
	X(tries, INT, tries) \
	X(rejected, INT, rejected) \
	X(crashed, INT, crashed) \
	X(unavailable, INT, unavailable) \
	X(retries, INT, retries) \
	X(failures, INT, failures) \
	X(failed_at, TIME, failed_at) \
	X(result_code, CODE, code) \
	X(signal, NUM, signal) \
	X(class, TEXT, class) \
	X(reason, TEXT, reason) \
	X(cause, INT, cause) \
	X(imports_seen, INT, imports_seen) \
	X(next_attempt_at, TIME, next_attempt_at) \
	X(late, BOOL, late) \
	X(alone, BOOL, alone) \
	X(too_large, BOOL, too_large) \
	X(rereads, INT, rereads) \
	X(suspect, BOOL, suspect) \
	X(maybe_delivered, BOOL, maybe_delivered) \
	X(doubt, BOOL, doubt) \
	X(und_bytes, INT, und_bytes) \
	X(und_entries, INT, und_entries) \
	X(changed_by, INT, changed_by) \
	X(put_back_by, INT, put_back_by) \
	X(action_reason, TEXT, action_reason) \
	X(action_by, TEXT, action_by) \
	X(noted_verb, TEXT, noted_verb) \
	X(noted_action, INT, noted_action) \
	X(kept, BOOL, kept) \
	X(txn, INT, txn)

#define HISTORY_MESSAGE_LIST(X) \
	HISTORY_MESSAGE_FILE_LIST(X) \
	HISTORY_MESSAGE_STATE_LIST(X)

/*
 * What is sealed of a row (seal.h): the columns that are fixed when it is
 * inserted, in the order in which history_insert gets their values.
 */
#define SEALED_ATTEMPT "message, number, lane, why, started_at, probe, " \
	"from_state, from_since"
#define SEALED_ACTION "at, verb, reason, by, uid, euid, user, euser, tty, " \
	"ssh, session, program, pid, total, undo_of"
#define SEALED_CHANGE "at, message, state_from, since_from, state_to, " \
	"attempt, action"
#define SEALED_EVENT "at, number, severity, text, message"
#define SEALED_NOTE "at, by, message, cause, mine, until, text"

/* What the table action has for jobs and outcomes, beside the rest. */
#define HISTORY_JOB_LIST(X) \
	X(job, BOOL, job) \
	X(job_state, TEXT, job_state) \
	X(job_auto, BOOL, job_auto) \
	X(job_by, TEXT, job_by) \
	X(job_why, TEXT, job_why) \
	X(steps, TEXT, steps) \
	X(step, INT, step) \
	X(step_end, INT, step_end) \
	X(step_bad, INT, step_bad) \
	X(rate, INT, rate) \
	X(next_at, TIME, next_at) \
	X(at_once, BOOL, at_once) \
	X(console, TEXT, console) \
	X(position, INT, position) \
	X(txn, INT, txn)

#define HISTORY_OUTCOME_LIST(X) \
	X(waits, INT, waits) \
	X(imported, INT, imported) \
	X(again, INT, again) \
	X(deferred, INT, deferred) \
	X(acted, INT, acted)

/* The table connector, which has one row. */
#define HISTORY_CONNECTOR_LIST(X) \
	X(hold, BOOL, hold) \
	X(drain, BOOL, drain) \
	X(needs_check, BOOL, needs_check) \
	X(hold_by, TEXT, hold_by) \
	X(hold_reason, TEXT, hold_reason) \
	X(hold_at, TIME, hold_at) \
	X(hold_until, TIME, hold_until) \
	X(breaker_open, BOOL, breaker_open) \
	X(breaker_at, TIME, breaker_at) \
	X(probe_at, TIME, probe_at) \
	X(probe_delay_ms, INT, probe_delay_ms) \
	X(probe_youngest, BOOL, probe_youngest) \
	X(streak_kind, NUM, streak_kind) \
	X(streak_class, TEXT, streak_class) \
	X(streak_code, CODE, streak_code) \
	X(streak_signal, NUM, streak_signal) \
	X(streak_mixed, BOOL, streak_mixed) \
	X(streak_count, INT, streak_count) \
	X(streak_at, INT, streak_at) \
	X(imports, INT, imports) \
	X(last_import_at, TIME, last_import_at) \
	X(started_at, TIME, started_at) \
	X(ended_at, TIME, ended_at) \
	X(clean_end, BOOL, clean_end) \
	X(disk_low, BOOL, disk_low) \
	X(submit_waiting, INT, submit_waiting) \
	X(submit_ignored, INT, submit_ignored) \
	X(submit_oldest_at, TIME, submit_oldest_at) \
	X(foreign_files, INT, foreign_files) \
	X(last_error, TEXT, last_error) \
	X(host, TEXT, host) \
	X(pid, INT, pid) \
	X(newest_at, INT, newest_at) \
	X(retention_wait_ms, INT, retention_wait_ms) \
	X(control_at, TIME, control_at) \
	X(control_class, TEXT, control_class) \
	X(control_code, CODE, control_code) \
	X(control_words, TEXT, control_words) \
	X(control_passed, BOOL, control_passed) \
	X(upgraded_at, TIME, upgraded_at)

#define HISTORY_NAME(column, type, member) ", " #column
#define HISTORY_NAME_M(column, type, member) ", m." #column
#define HISTORY_NAME_A(column, type, member) ", a." #column
#define HISTORY_MARK(column, type, member) ", ?"
#define HISTORY_SET(column, type, member) ", " #column " = ?"

#define MESSAGE_COLUMNS "m.id" HISTORY_MESSAGE_LIST(HISTORY_NAME_M)

/* Binding a member as the i-th value, and reading it from the i-th column. The
 * row must live until the statement has been stepped. */
#define HISTORY_BIND_INT(st, i, r, m) sqlite3_bind_int64(st, i, (r)->m)
#define HISTORY_BIND_NUM(st, i, r, m) sqlite3_bind_int(st, i, (r)->m)
#define HISTORY_BIND_BOOL(st, i, r, m) sqlite3_bind_int(st, i, (r)->m)
#define HISTORY_BIND_TEXT(st, i, r, m) \
	sqlite3_bind_text(st, i, (r)->m, -1, SQLITE_STATIC)
#define HISTORY_BIND_BLOB(st, i, r, m) \
	sqlite3_bind_blob64(st, i, (r)->m ? (r)->m : "", (r)->m##_len, \
		SQLITE_STATIC)
#define HISTORY_BIND_TIME(st, i, r, m) history_bind_time(st, i, (r)->m)
#define HISTORY_BIND_CODE(st, i, r, m) history_bind_code(st, i, (r)->m)
#define HISTORY_BIND_STATE(st, i, r, m) \
	sqlite3_bind_text(st, i, state_word((r)->m), -1, SQLITE_STATIC)
#define HISTORY_BIND_PAST(st, i, r, m) \
	sqlite3_bind_text(st, i, (r)->state == STATE_PURGED ? \
		state_word((r)->m) : NULL, -1, SQLITE_STATIC)

#define HISTORY_READ_INT(st, i, r, m) \
	((r)->m = sqlite3_column_int64(st, i))
#define HISTORY_READ_NUM(st, i, r, m) ((r)->m = sqlite3_column_int(st, i))
#define HISTORY_READ_BOOL(st, i, r, m) \
	((r)->m = sqlite3_column_int(st, i) != 0)
#define HISTORY_READ_TEXT(st, i, r, m) ((r)->m = history_text(st, i))
#define HISTORY_READ_BLOB(st, i, r, m) \
	((r)->m = history_blob(st, i, &(r)->m##_len))
#define HISTORY_READ_TIME(st, i, r, m) ((r)->m = history_time(st, i))
#define HISTORY_READ_CODE(st, i, r, m) ((r)->m = history_code(st, i))
#define HISTORY_READ_STATE(st, i, r, m) ((r)->m = history_state(st, i))
#define HISTORY_READ_PAST(st, i, r, m) ((r)->m = history_state(st, i))

#endif
