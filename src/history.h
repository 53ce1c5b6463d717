/*
 * history: what happened, in SQLite (STORE/history.db, WAL).
 *
 * The one module that knows SQL. It holds the rows: messages, attempts,
 * actions, events, the connector's row, and small tallies kept by triggers so
 * that nothing is ever counted by reading messages. It knows nothing of files
 * in the store's directories but the words that say where they should be.
 *
 * Calling order: history_open; reads at any time; writes between
 * history_begin and history_commit or history_rollback, by a caller who holds
 * STORE/write.lock (store.h does both together, and is what others use).
 * No read transaction outlives one call: rows are copied out.
 *
 * One handle belongs to one thread. Any number of processes may each have
 * one. Errors: functions return -1 with err filled; a failed commit is
 * ERROR_UNKNOWN (it may come true after a restart), a database that cannot be
 * used ERROR_STORE, everything else ERROR_SYSTEM.
 *
 * Tables and columns are described in ccmq-history(5).
 */
#ifndef CCMQ_HISTORY_H
#define CCMQ_HISTORY_H

#include "error.h"
#include "match.h"
#include "state.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTORY_VERSION 2		/* PRAGMA user_version */
#define HISTORY_NO_TIME INT64_MIN	/* a time that is not known: NULL */
#define HISTORY_NO_CODE INT32_MIN	/* no result code: NULL */
#define HISTORY_PAGE 500		/* rows a call copies out at the most */

struct history;

enum history_mode {
	HISTORY_READ,		/* nothing is ever written */
	HISTORY_WRITE,
};

/* Makes the database PATH with its tables and a new store uuid, in one
 * transaction, under another name first. It must not exist. 0 or -1. */
int history_create(const char *path, int64_t now, struct error *err);

/* Opens it. NULL with err: not there, not ours, newer than known, locked. */
struct history *history_open(const char *path, enum history_mode mode,
	struct error *err);
void history_close(struct history *h);		/* NULL does nothing */

/* The store's uuid, 36 characters; belongs to h. */
const char *history_uuid(const struct history *h);
int history_new_uuid(struct history *h, struct error *err);

/*
 * Transactions. begin refuses when user_version is newer than known.
 * history_changes: rows this transaction has changed so far.
 */
int history_begin(struct history *h, struct error *err);
int history_commit(struct history *h, struct error *err);
void history_rollback(struct history *h);

/* PRAGMA data_version: changes when another connection has committed. */
int history_data_version(struct history *h, int64_t *out, struct error *err);

/* How long the WAL was after the last commit of this handle, by what is used
 * of it: the file itself keeps its blocks and does not shrink. 0 if there was
 * none since the last call of history_checkpoint. */
int64_t history_wal_bytes(const struct history *h);
/* A PASSIVE checkpoint; only under write.lock. */
int history_checkpoint(struct history *h, struct error *err);

/* PRAGMA integrity_check; 1 ok, 0 not (words in err), -1. */
int history_integrity(struct history *h, struct error *err);

/* 0, or -1 with words: older (to be upgraded) or newer than known. */
int history_check_version(struct history *h, struct error *err);

/* Migrates an older history in one transaction; only under write.lock. A
 * current one is left alone. 0 or -1. */
int history_upgrade(struct history *h, struct error *err);

/* --- messages ---------------------------------------------------------- */

struct history_message {
	int64_t id;
	char *name;			/* reduced: safe in a path */
	char *true_name;		/* as dropped, raw bytes */
	size_t true_name_len;
	enum state state;
	int64_t since;			/* in that state */
	enum state from_state;		/* what restore goes back to */
	char *move_from;		/* open move, or NULL; "" is nowhere */
	char *move_to;
	int64_t inode, mtime_ns;	/* of the file as taken in */
	int64_t size;
	int64_t received_at;
	char *from;			/* UTF-8; NULL unknown, as all four */
	char *to;			/* addresses, a line feed between */
	char *subject;
	char *date_text;
	int64_t date_at;
	int64_t attempts;		/* all of them */
	int64_t tries;			/* since the last retry */
	int64_t rejected, crashed, unavailable;	/* counted, since then */
	int64_t retries;		/* by people, ever */
	int64_t failures;		/* times it came to failed, ever */
	int code;			/* HISTORY_NO_CODE if none */
	int signal;			/* that ended the last attempt, or 0 */
	char *class;			/* word, or NULL before an attempt */
	char *reason;			/* the importer's or the .und's */
	int64_t cause;			/* cause.id, 0 none */
	int64_t imports_seen;		/* imports counter at last attempt */
	int64_t next_attempt_at;	/* HISTORY_NO_TIME unless deferred */
	bool suspect;
	bool maybe_delivered;
	int64_t und_bytes, und_entries;
	int64_t changed_by;		/* action.id of the last change, or 0 */
	char *action_reason;		/* a person's */
	char *action_by;
	char *noted_verb;		/* to be done when the attempt ends */
	int64_t noted_action;
	bool kept;			/* imported, and a copy is in imported/ */
};

void history_message_release(struct history_message *m);

/* 1 got it, 0 no such id, -1. */
int history_message_get(struct history *h, int64_t id,
	struct history_message *out, struct error *err);

/* A new message; every field but id is taken from m; id_out gets the id. */
int history_message_add(struct history *h, const struct history_message *m,
	int64_t *id_out, struct error *err);

/* Puts a message back under its own id (rebuild). */
int history_message_put(struct history *h, const struct history_message *m,
	struct error *err);

/*
 * Writes all that changes in a message's life (state, since, from_state,
 * moves, size, inode, mtime, the counters, the outcome, suspect, noted verb,
 * changed_by, action_*) if it is still in state `was`. 1 done, 0 it is not,
 * -1.
 */
int history_message_update(struct history *h, const struct history_message *m,
	enum state was, struct error *err);

/* The header fields read anew (a file changed while it was taken in). */
int history_message_set_header(struct history *h,
	const struct history_message *m, struct error *err);

/* Ends the open move of id, if it is still the one named. 0 or -1. */
int history_move_clear(struct history *h, int64_t id, const char *from,
	const char *to, struct error *err);

/* The next message with an open move, id > after. 1, 0, -1. */
int history_move_next(struct history *h, int64_t after,
	struct history_message *out, struct error *err);

/* The message to be tried next: the lower id of the oldest queued and the
 * first deferred that is due. 1, 0 none, -1. */
int history_next_due(struct history *h, int64_t now,
	struct history_message *out, struct error *err);

/* For a probe: a never-attempted one, youngest or oldest; else the one whose
 * last attempt is longest ago. 1, 0, -1. */
int history_next_probe(struct history *h, bool youngest,
	struct history_message *out, struct error *err);

/* When the next deferred message is due; HISTORY_NO_TIME if none. */
int history_next_due_at(struct history *h, int64_t *out, struct error *err);

/* Everything deferred with class unavailable is due now. */
int history_unavailable_due(struct history *h, int64_t now,
	struct error *err);

/* What is deferred to later than `latest` (a clock was wrong) is due now.
 * The number of them, or -1. */
int history_cap_due(struct history *h, int64_t now, int64_t latest,
	struct error *err);

/* The highest id ever given, and moving that up. */
int history_highest_id(struct history *h, int64_t *out, struct error *err);
int history_set_highest_id(struct history *h, int64_t id, struct error *err);

/* --- lists ------------------------------------------------------------- */

/* A question that may have to read everything can be given up: go_on is asked
 * every few milliseconds. Given up, the answer is what was found so far. */
struct history_patience {
	bool (*go_on)(void *arg);	/* must not use the history */
	void *arg;
	bool gave_up;			/* set, never cleared, by the history */
};

struct history_query {
	unsigned states;		/* STATE_BITs; 0 means all */
	struct match *match;		/* or NULL */
	int64_t cause;			/* or 0 */
	int64_t before_since;		/* only since < this; 0: no limit */
	enum {
		HISTORY_SUSPECT_ANY,
		HISTORY_SUSPECT_NO,
		HISTORY_SUSPECT_YES,
	} suspect;
	/* Of history_window and _count, with a match; NULL: to the end. */
	struct history_patience *patience;
};

/*
 * Up to limit (<= HISTORY_PAGE) messages with id > after in rising id order,
 * copied to rows_out, which has room for them and whose elements the caller
 * releases. Returns the number, or -1. Each call is a read transaction of its
 * own.
 */
int history_page(struct history *h, const struct history_query *q,
	int64_t after, int limit, struct history_message *rows_out,
	struct error *err);

/* The ids alone, up to n. Number or -1. */
int history_page_ids(struct history *h, const struct history_query *q,
	int64_t after, int n, int64_t *ids_out, struct error *err);

/* name, expression, what an anchor has there; the id breaks ties. */
#define HISTORY_ORDER_LIST(X) \
	X(HISTORY_BY_ID, "m.id", NUMBER(m->id)) \
	X(HISTORY_BY_SINCE, "m.since", NUMBER(m->since)) \
	X(HISTORY_BY_NEXT, "ifnull(m.next_attempt_at, 0)", \
		NUMBER(m->next_attempt_at == HISTORY_NO_TIME ? 0 : \
			m->next_attempt_at)) \
	X(HISTORY_BY_ATTEMPTS, "m.attempts", NUMBER(m->attempts)) \
	X(HISTORY_BY_SIZE, "m.size", NUMBER(m->size)) \
	X(HISTORY_BY_CODE, "ifnull(m.result_code, -1)", \
		NUMBER(m->code == HISTORY_NO_CODE ? -1 : m->code)) \
	X(HISTORY_BY_PERSON, "ifnull(m.action_by, '')", TEXT(m->action_by)) \
	X(HISTORY_BY_REASON, "ifnull(m.action_reason, '')", \
		TEXT(m->action_reason)) \
	X(HISTORY_BY_FROM, "ifnull(m.from_addr, '')", TEXT(m->from)) \
	X(HISTORY_BY_SUBJECT, "ifnull(m.subject, m.name)", \
		TEXT(m->subject ? m->subject : m->name))

enum history_order {
#define X(name, expression, value) name,
	HISTORY_ORDER_LIST(X)
#undef X
	HISTORY_ORDER_COUNT
};

/* A place in an order, and which way from there. */
struct history_window {
	enum history_order by;
	bool forward;			/* rising */
	const struct history_message *anchor;	/* its id and what the order
					 * is by count, it need not exist;
					 * NULL: an end */
};

/* Up to limit (<= HISTORY_PAGE) messages behind the anchor, in the window's
 * order (before_since is not looked at). By id and since it costs what the
 * rows cost, not what the store holds, unless a match leaves most of them
 * out; the other orders read all of the states asked for. Number or -1. */
int history_window(struct history *h, const struct history_query *q,
	const struct history_window *w, int limit,
	struct history_message *rows_out, struct error *err);

/* How many messages are before the anchor in the window's order, counted up to
 * max; a match is not looked at. 0 or -1. */
int history_rank(struct history *h, const struct history_query *q,
	const struct history_window *w, int64_t max, int64_t *out,
	struct error *err);

/* <0, 0, >0: the order of two messages in the window's order. */
int history_window_compare(const struct history_window *w,
	const struct history_message *a, const struct history_message *b);

/* How many there are: from the tallies without a match, else by reading. 0 or
 * -1. */
int history_count(struct history *h, const struct history_query *q,
	int64_t *out, struct error *err);

struct history_counts {
	int64_t n[STATE_COUNT];
	int64_t bytes[STATE_COUNT];
};

int history_counts(struct history *h, struct history_counts *out,
	struct error *err);

/* Do the tallies agree with the rows? Reads every row. 1, 0, -1. */
int history_tally_agrees(struct history *h, struct error *err);
/* Counts them anew, in a write transaction. 0 or -1. */
int history_tally_anew(struct history *h, struct error *err);

/* --- causes ------------------------------------------------------------ */

/* The id of a cause, made if it is new. reason may be NULL. */
int history_cause(struct history *h, const char *class, int code, int signal,
	const char *reason, int64_t *id_out, struct error *err);

struct history_cause_row {
	int64_t cause;
	char *class, *reason;
	int code, signal;
	bool suspect;
	int64_t n, bytes, retried;
	int64_t first_at, last_at;
};

void history_cause_row_release(struct history_cause_row *row);

/* The causes of the messages in a state, newest first, up to max; rows to be
 * released by the caller. Number or -1. */
int history_causes(struct history *h, enum state state,
	struct history_cause_row *rows_out, int max, struct error *err);

/* The cause that failed the most messages since `since`, if it is at least
 * 20: how many (counted up to 10,000), from when to when, in words. 1, 0,
 * -1. */
struct history_storm {
	int64_t cause, n, first_at, last_at;
	char reason[100];
};
int history_storm(struct history *h, int64_t since, struct history_storm *out,
	struct error *err);

/* The newest message that failed after a retry, since `since`: its id, when,
 * and how often (0 if none). 0 or -1. */
int history_again(struct history *h, int64_t since, int64_t *id_out,
	int64_t *at_out, unsigned *times_out, struct error *err);

/* --- attempts ---------------------------------------------------------- */

struct history_attempt {
	int64_t id;
	int64_t message;
	int64_t number;			/* n-th of its message */
	int lane;
	char *why;			/* arrived, retry, backoff, probe … */
	int64_t started_at, ended_at;	/* ended_at HISTORY_NO_TIME: runs */
	int64_t took_ms;
	char *class;			/* NULL: runs, or nobody saw its end */
	int code, signal;
	bool counted, probe;
	char *copy;			/* left, deleted, changed */
	char *reason;
	char *output;			/* tail of what it printed, raw */
	size_t output_len;
	int64_t und_file, und_start, und_end, und_entries;
};

void history_attempt_release(struct history_attempt *a);
int history_attempt_begin(struct history *h, struct history_attempt *a,
	struct error *err);		/* sets a->id */
int history_attempt_end(struct history *h, const struct history_attempt *a,
	struct error *err);

/* Attempts that have not ended, id > after. 1, 0, -1. */
int history_attempt_open(struct history *h, int64_t after,
	struct history_attempt *out, struct error *err);

/* Attempts of a message (or of all: message 0) with id < before (0: from the
 * newest), newest first. Number or -1. */
int history_attempts(struct history *h, int64_t message, int64_t before,
	struct history_attempt *rows_out, int max, struct error *err);

/* --- actions ----------------------------------------------------------- */

struct history_action {
	int64_t id;
	int64_t at, ended_at;
	char *verb, *reason;
	char *by;			/* the name shown: "mlopez (as root)" */
	int64_t uid, euid;		/* uid is the login uid where known */
	char *user, *euser, *tty, *ssh, *session;
	char *program;
	int64_t pid;
	int64_t total, done, skipped, failed;
	int64_t undo_of, undone_by;	/* action ids, or 0 */
	char *detail;			/* test: its result; hold: until */
};

void history_action_release(struct history_action *a);
int history_action_add(struct history *h, struct history_action *a,
	struct error *err);		/* sets a->id */
int history_action_end(struct history *h, const struct history_action *a,
	struct error *err);
int history_action_get(struct history *h, int64_t id,
	struct history_action *out, struct error *err);
int history_action_mark_undone(struct history *h, int64_t id, int64_t by,
	struct error *err);

/* The newest action of a session that can still be undone. 1, 0, -1. */
int history_action_undoable(struct history *h, const char *session,
	struct history_action *out, struct error *err);

/* The oldest action of that verb (test, rotate …) that has not ended. 1, 0,
 * -1. */
int history_action_pending(struct history *h, const char *verb,
	struct history_action *out, struct error *err);

/* Actions on several messages that have not ended, newest first. Number or
 * -1. */
int history_actions_open(struct history *h, struct history_action *rows_out,
	int max, struct error *err);

/* Newest first, id < before (0: newest). Number or -1. */
int history_actions(struct history *h, int64_t before,
	struct history_action *rows_out, int max, struct error *err);

struct history_item {
	int64_t action, message;
	char *result;		/* pending, done, noted, skipped, failed */
	char *from_state, *to_state;
	char *why;
	int64_t at;
};

void history_item_release(struct history_item *i);
/* Adds or replaces. */
int history_item_put(struct history *h, const struct history_item *i,
	struct error *err);
/* Items of an action with message > after. Number or -1. */
int history_items(struct history *h, int64_t action, int64_t after,
	struct history_item *rows_out, int max, struct error *err);
/* The same back from message < before, falling. */
int history_items_before(struct history *h, int64_t action, int64_t before,
	struct history_item *rows_out, int max, struct error *err);
/* 1 got it, 0 none, -1. */
int history_item_get(struct history *h, int64_t action, int64_t message,
	struct history_item *out, struct error *err);
/* Up to n pending items of an action become skipped. Number or -1. */
int history_items_drop(struct history *h, int64_t action, const char *why,
	int64_t at, int n, struct error *err);
/* Items of a message, newest first, with their actions. Number or -1. */
int history_message_items(struct history *h, int64_t message,
	struct history_item *rows_out, struct history_action *actions_out,
	int max, struct error *err);

/* --- events ------------------------------------------------------------ */

enum history_severity {
	SEVERITY_INFO,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
};

const char *history_severity_word(enum history_severity s);

struct history_event {
	int64_t id, at;
	int number;
	enum history_severity severity;
	char *text;
	int64_t message;		/* or 0 */
};

void history_event_release(struct history_event *e);
int history_event_add(struct history *h, const struct history_event *e,
	struct error *err);
/* id > after, rising. Number or -1. */
int history_events(struct history *h, int64_t after,
	struct history_event *rows_out, int max, struct error *err);
/* The newest event with that number, 0 if there is none among the newest
 * 10,000. 0 or -1. */
int history_event_newest(struct history *h, int number, int64_t *id_out,
	struct error *err);
/* The highest id whose event is older than `at` (0 none): where --since
 * starts. 0 or -1. */
int history_event_since(struct history *h, int64_t at, int64_t *after_out,
	struct error *err);

/* The id behind which the n newest events are. 0 or -1. */

/* --- the connector's row ----------------------------------------------- */

struct history_connector {
	bool hold, drain;
	bool needs_check;		/* resume is refused until check is 0 */
	char *hold_by, *hold_reason;
	int64_t hold_at, hold_until;	/* HISTORY_NO_TIME: for ever */
	bool breaker_open;
	int64_t breaker_at;		/* opened */
	int64_t probe_at, probe_delay_ms;
	bool probe_youngest;
	int streak_kind;		/* policy.h */
	char *streak_class;
	int streak_code, streak_signal;
	int64_t streak_count;
	int64_t streak_at;
	int64_t imports;		/* messages imported, ever */
	int64_t last_import_at;
	int64_t started_at, ended_at;	/* of the last ccmqd */
	bool clean_end;
	bool disk_low;
	int64_t submit_waiting, submit_ignored, submit_oldest_at;
	int64_t foreign_files;		/* not ours, in import/ */
	char *last_error;		/* of the last failed write, or NULL */
	char *host;
	int64_t pid;
	int64_t newest_at;		/* newest row's time seen (retention) */
};

void history_connector_release(struct history_connector *c);
int history_connector_get(struct history *h, struct history_connector *out,
	struct error *err);
int history_connector_put(struct history *h,
	const struct history_connector *c, struct error *err);

/* The streak of different messages that failed alike. */
int history_streak_add(struct history *h, int64_t message, struct error *err);
int history_streak_has(struct history *h, int64_t message, struct error *err);
int history_streak_clear(struct history *h, struct error *err);
/* Marks the failed messages of the streak suspect. */
int history_streak_suspect(struct history *h, struct error *err);

/* --- per minute, and the .und ------------------------------------------ */

struct history_minute {
	int64_t at;			/* start of the minute */
	int64_t arrived, imported, failed, und_bytes;
};

/* Adds to the minute that holds m->at. */
int history_minute_add(struct history *h, const struct history_minute *m,
	struct error *err);
/* Sums over [from, to). */
int history_minute_sum(struct history *h, int64_t from, int64_t to,
	struct history_minute *out, struct error *err);

struct history_und_file {
	int64_t id;
	int lane;
	int64_t number;			/* 0: current; N: ccmail.und.N */
	int64_t inode, size;
	int64_t opened_at, rotated_at;
	int64_t rotating;		/* N while it is being renamed, or 0 */
};

int history_und_add(struct history *h, struct history_und_file *f,
	struct error *err);		/* sets f->id */
int history_und_update(struct history *h, const struct history_und_file *f,
	struct error *err);
int history_und_remove(struct history *h, int64_t id, struct error *err);
/* The current file of a lane. 1, 0, -1. */
int history_und_current(struct history *h, int lane,
	struct history_und_file *out, struct error *err);
/* The highest number a rotated file of the lane ever had. 0 or -1. */
int history_und_highest(struct history *h, int lane, int64_t *out,
	struct error *err);
/* id > after, rising. 1, 0, -1. */
int history_und_next(struct history *h, int64_t after,
	struct history_und_file *out, struct error *err);

struct history_und_entry {
	int64_t id;
	int64_t file, start, length;
	int64_t at;
	int64_t message, attempt;
	char *reason;
};

void history_und_entry_release(struct history_und_entry *e);
int history_und_entry_add(struct history *h,
	const struct history_und_entry *e, struct error *err);
/* id > after, rising; of one message, or of all (0). Number or -1. */
int history_und_entries(struct history *h, int64_t message, int64_t after,
	struct history_und_entry *rows_out, int max, struct error *err);
int history_und_entry_get(struct history *h, int64_t id,
	struct history_und_entry *out, struct error *err);

/* Entries by reason, newest first, with what came in the last 10 minutes and
 * the last hour. Costs what came in that hour. Number or -1. */
struct history_und_reason {
	char *reason;			/* "": none given */
	int64_t entries, bytes, bytes_10min, bytes_hour, last_at;
};
void history_und_reason_release(struct history_und_reason *r);
int history_und_reasons(struct history *h, int64_t now,
	struct history_und_reason *rows_out, int max, struct error *err);

/* Up to max entries with an id above (forward) or below one, nearest first;
 * of one reason ("": of none), or of all (NULL). Number or -1. */
int history_und_window(struct history *h, const char *reason, int64_t id,
	bool forward, struct history_und_entry *rows_out, int max,
	struct error *err);

/* --- the log: all that happened, in one line of time --------------------- */

enum history_log_kind {
	HISTORY_LOG_ATTEMPT,
	HISTORY_LOG_ACTION,
	HISTORY_LOG_EVENT,
	HISTORY_LOG_KINDS
};

/* Ordered by at, then kind, then id. Events that repeat what an attempt says
 * (54, 58 to 63) are not in it. */
struct history_log_row {
	enum history_log_kind kind;
	int64_t id, at;
	int64_t message;		/* 0: none, or several */
	union {
		struct history_attempt attempt;
		struct history_action action;
		struct history_event event;
	};
};

void history_log_release(struct history_log_row *row);
int history_log_compare(const struct history_log_row *a,
	const struct history_log_row *b);

/* Up to max (<= HISTORY_PAGE) rows behind a place, going forward or back in
 * time, nearest first; the place's kind, id and at count, it need not exist.
 * NULL: from an end. Costs what the rows cost. Number or -1. */
int history_log(struct history *h, const struct history_log_row *place,
	bool forward, struct history_log_row *rows_out, int max,
	struct error *err);

/* 1 got it, 0 no such row, -1. */
int history_log_get(struct history *h, enum history_log_kind kind, int64_t id,
	struct history_log_row *out, struct error *err);

/* --- retention --------------------------------------------------------- */

/* The oldest message whose file may go: imported with a kept copy, or purged,
 * since before `before`. 1, 0 none, -1. */
int history_next_expired(struct history *h, enum state state, int64_t before,
	struct history_message *out, struct error *err);

/* Deletes up to n messages that have no file and came to their state before
 * `before`, with their attempts and items. Number deleted or -1. */
int history_forget_messages(struct history *h, int64_t before, int n,
	struct error *err);
/* Likewise events, actions without messages, minutes, .und entries. */
int history_forget_rest(struct history *h, int64_t before, int n,
	struct error *err);

#endif
