/* SPDX-License-Identifier: ISC */
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

#include "history/history_message.h"

#define HISTORY_VERSION 4		/* PRAGMA user_version */

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
/* Numbers of transactions are those of an epoch: the next one begins when an
 * older history was restored, whose numbers come again. 0 or -1. */
int history_epoch(struct history *h, int64_t *out, struct error *err);
int history_begin_epoch(struct history *h, struct error *err);

/*
 * Transactions. begin refuses when user_version is newer than known.
 * history_changes: rows this transaction has changed so far.
 */
int history_begin(struct history *h, struct error *err);
int history_commit(struct history *h, struct error *err);
void history_rollback(struct history *h);

/* What is read between them is of one moment, and takes its lock once; inside a
 * transaction that is so already. They nest; no transaction may begin in
 * between. 0 or -1. */
int history_begin_read(struct history *h, struct error *err);
void history_end_read(struct history *h);

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
 * current one is left alone, and so is one for whose new tables free_bytes of
 * its disk may be too few. 0 or -1: nothing was changed, or err says that this
 * is not known, and the room that was taken is given back. */
int history_upgrade(struct history *h, int64_t free_bytes, struct error *err);

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

/* Those of the state that may have been delivered and on which nobody has
 * decided, as one row, of cause HISTORY_CAUSE_DOUBT, with code as the number of
 * their causes. 1, 0 there are none, -1. */
#define HISTORY_CAUSE_DOUBT (-1)
int history_cause_doubt(struct history *h, enum state state,
	struct history_cause_row *out, struct error *err);

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
	enum state from_state;		/* the message's before it, and since */
	int64_t from_since;
};

void history_attempt_release(struct history_attempt *a);
int history_attempt_begin(struct history *h, struct history_attempt *a,
	struct error *err);		/* sets a->id */
int history_attempt_end(struct history *h, const struct history_attempt *a,
	struct error *err);

/* Attempts that have not ended, id > after. 1, 0, -1. */
int history_attempt_open(struct history *h, int64_t after,
	struct history_attempt *out, struct error *err);

/* How many attempts have not ended, counted up to max; or -1. */
int history_attempts_open(struct history *h, int64_t max, struct error *err);

/* Attempts of a message (or of all: message 0) with id < before (0: from the
 * newest), newest first. Number or -1. */
int history_attempts(struct history *h, int64_t message, int64_t before,
	struct history_attempt *rows_out, int max, struct error *err);

/* What attempts took, in bands: up to so many ms; the last has no end (0). */
#define HISTORY_TALLY_BANDS 14
extern const int history_tally_ms[HISTORY_TALLY_BANDS];

/* Attempts that ended since the store was made or upgraded. */
struct history_attempt_tally {
	enum outcome_class class;
	int band;
	int64_t n, took_ms;
};
/* At most CLASS_COUNT * HISTORY_TALLY_BANDS rows. Number or -1. */
int history_attempt_tallies(struct history *h,
	struct history_attempt_tally *rows_out, int max, struct error *err);

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
	char *request;			/* as added; not read again */

	/* a job (jobs.h); changed by history_job_put alone */
	bool job;
	char *job_state;		/* running waiting paused done stopped */
	bool job_auto;			/* paused by what ends by itself */
	char *job_by, *job_why;		/* who paused or stopped it, and why */
	char *steps;			/* "1,5,25", or NULL */
	int64_t step;			/* the one in hand, from 0 on */
	int64_t step_end;		/* done, when it is put back */
	int64_t step_bad;		/* bad ends before it */
	int64_t rate;			/* a minute, or 0 */
	int64_t next_at;		/* with a rate: the next one's time */
	bool at_once;			/* --first: not behind new mail */
	char *console;			/* it stops when that is gone, or NULL */
	int64_t position;		/* message it got to */
	int64_t txn;			/* the transaction that wrote it last */

	/* what came of those it put back; by history_outcome alone */
	int64_t waits, imported, again, deferred, acted;
};

void history_action_release(struct history_action *a);
int history_action_add(struct history *h, struct history_action *a,
	struct error *err);		/* sets a->id */
int history_action_end(struct history *h, const struct history_action *a,
	struct error *err);
int history_action_get(struct history *h, int64_t id,
	struct history_action *out, struct error *err);
/* The action that a request brought about. 1, 0, -1. */
int history_action_of_request(struct history *h, const char *request,
	int64_t *id_out, struct error *err);
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
	char *outcome;		/* waits, imported, failed again, deferred, acted
				 * on; NULL: it was not put back */
	int outcome_code;	/* HISTORY_NO_CODE: none */
	char *outcome_reason;	/* or, acted on, by whom */
	int64_t outcome_at;
};

/* The outcome of an item that was put back, and the counts of its action. One
 * that is not there any more is passed over. 0 or -1. */
int history_outcome(struct history *h, const struct history_item *i,
	struct error *err);
/* The most frequent bad end of an action: its code, its words (cap bytes), how
 * often. 1, 0 none, -1. */
int history_outcome_reason(struct history *h, int64_t action, int *code_out,
	char *words, size_t cap, int64_t *n_out, struct error *err);

/* What a job's row says of it. 0 or -1. */
int history_job_put(struct history *h, const struct history_action *a,
	struct error *err);
/* Jobs that are not over, id > after, rising; actions on messages, id < before
 * (0: newest), falling. Number or -1. */
int history_jobs_open(struct history *h, int64_t after,
	struct history_action *rows_out, int max, struct error *err);
int history_jobs(struct history *h, int64_t before,
	struct history_action *rows_out, int max, struct error *err);
/* The same the other way: id > after, rising. Number or -1. */
int history_jobs_after(struct history *h, int64_t after,
	struct history_action *rows_out, int max, struct error *err);
/* How many actions on messages there are, counted up to 10,000. 0 or -1. */
int history_jobs_count(struct history *h, int64_t *out, struct error *err);
/* Items that are pending, message > after, rising. Number or -1. */
int history_items_pending(struct history *h, int64_t action, int64_t after,
	struct history_item *rows_out, int max, struct error *err);

void history_item_release(struct history_item *i);
/* Adds or replaces. Of those whose outcome "waits" history_action_waits says
 * how many there are more. */
int history_item_put(struct history *h, const struct history_item *i,
	struct error *err);
int history_action_waits(struct history *h, int64_t action, int64_t n,
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
	bool streak_mixed;		/* … of more than one result */
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
	int64_t control_at;		/* the newest control message's end, or
					 * NO_TIME; what came of it */
	char *control_class, *control_words;
	int control_code;
	bool control_passed;		/* since it tripped: a real message is
					 * the next probe */
	int64_t retention_wait_ms;	/* of running time, before anything is
					 * thrown away: the clock was set */
	int64_t upgraded_at;		/* the history, from an older version:
					 * of before less is known; NO_TIME */
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
/* Marks the failed messages of the streak suspect, and their last attempts with
 * the time of it. */
int history_streak_suspect(struct history *h, int64_t at, struct error *err);

/* --- per minute, and the .und ------------------------------------------ */

struct history_minute {
	int64_t at;			/* start of the minute */
	int64_t arrived, imported, failed, und_bytes;
	/* For who asks history_minute_back: put back into the queue by people,
	 * and taken out of it, so that
	 * queue = arrived + back - imported - failed - out. */
	int64_t back, out;
};

/* Adds to the minute that holds m->at; of a transaction all is written at its
 * end. */
int history_minute_add(struct history *h, const struct history_minute *m,
	struct error *err);
/* Sums over [from, to), without what people did. */
int history_minute_sum(struct history *h, int64_t from, int64_t to,
	struct history_minute *out, struct error *err);
/* Fills in what was put back in that time and what taken out, each up to
 * HISTORY_BACK_MAX; it reads a row for each. 0 or -1. */
#define HISTORY_BACK_MAX 10000
int history_minute_back(struct history *h, int64_t from, int64_t to,
	struct history_minute *io, struct error *err);

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
	int64_t resent;			/* the message that was made of it, or
					 * 0 */
};

void history_und_entry_release(struct history_und_entry *e);
int history_und_entry_add(struct history *h,
	const struct history_und_entry *e, struct error *err);
/* id > after, rising; of one message, or of all (0). Number or -1. */
int history_und_entries(struct history *h, int64_t message, int64_t after,
	struct history_und_entry *rows_out, int max, struct error *err);
int history_und_entry_get(struct history *h, int64_t id,
	struct history_und_entry *out, struct error *err);
/* A message was made of it. 0 or -1. */
int history_und_entry_resent(struct history *h, int64_t id, int64_t message,
	struct error *err);

/* Entries by reason, newest first, with what came in the last 10 minutes and
 * the last hour; past: as it was then (0: now). Costs what came in that hour,
 * and since then. Number or -1. */
struct history_und_reason {
	char *reason;			/* "": none given */
	int64_t entries, bytes, bytes_10min, bytes_hour, last_at;
};
void history_und_reason_release(struct history_und_reason *r);
int history_und_reasons(struct history *h, int64_t now, int64_t past,
	struct history_und_reason *rows_out, int max, struct error *err);

/* Up to max entries with an id above (forward) or below one, nearest first;
 * of one reason ("": of none), or of all (NULL). Number or -1. */
int history_und_window(struct history *h, const char *reason, int64_t id,
	bool forward, struct history_und_entry *rows_out, int max,
	struct error *err);
/* The id behind the newest entry of a time that is past. 0 or -1. */
int history_und_place(struct history *h, int64_t at, int64_t *out,
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

/* The same without attempts that imported. */
int history_log_rest(struct history *h, const struct history_log_row *place,
	bool forward, struct history_log_row *rows_out, int max,
	struct error *err);

/* Only attempts that imported, and began in [from, to). */
int history_log_imported(struct history *h,
	const struct history_log_row *place, bool forward, int64_t from,
	int64_t to, struct history_log_row *rows_out, int max,
	struct error *err);

/* The nearest minute in which something was imported, from a time on (forward)
 * or before it. 1, 0 none, -1. */
int history_minute_imported(struct history *h, int64_t at, bool forward,
	int64_t *out, struct error *err);

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
