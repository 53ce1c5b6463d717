/* SPDX-License-Identifier: ISC */
/* archive_private: what archive*.c share. See archive.h. */
#ifndef CCMQ_ARCHIVE_PRIVATE_H
#define CCMQ_ARCHIVE_PRIVATE_H

#include "reach/archive.h"

#include <libpq-fe.h>

/* Tables, each with its columns for COPY behind store, epoch and txn. Foreign
 * text is two columns, of which the second is its bytes. */
#define ARCHIVE_TABLES(X) \
	X(MESSAGE, "message", "id, at, state, size, received_at, name, " \
		"name_bytes, from_addr, from_bytes, to_addrs, to_bytes, " \
		"subject, subject_bytes, date_text, date_bytes, attempts, " \
		"tries, result_code, signal, class, reason, reason_bytes, " \
		"suspect, maybe_delivered, retries, failures, failed_at, " \
		"und_bytes, parent, content, control, key, action_by, " \
		"action_reason, action_reason_bytes") \
	X(ATTEMPT, "attempt", "id, at, message, number, lane, why, ended_at, " \
		"took_ms, class, result_code, signal, counted, probe, copy, " \
		"reason, reason_bytes, output, output_bytes, und_bytes, " \
		"und_entries") \
	X(ACTION, "action", "id, at, verb, by, reason, reason_bytes, tty, " \
		"ssh, ended_at, total, done, skipped, failed, undo_of, " \
		"undone_by, job_state, imported, again, deferred, acted, " \
		"waits, detail, detail_bytes") \
	X(CHANGE, "change", "id, at, message, state_from, since_from, " \
		"state_to, attempt, action") \
	X(EVENT, "event", "id, at, number, severity, text, text_bytes, " \
		"message") \
	X(NOTE, "note", "id, at, by, message, cause, mine, until, text, " \
		"text_bytes") \
	X(REMOVED, "removed", "at, kind, first, last")

enum archive_table {
#define X(name, word, columns) ARCHIVE_##name,
	ARCHIVE_TABLES(X)
#undef X
	ARCHIVE_TABLE_COUNT
};

/* Rows of one table, as COPY wants them: a line each. */
struct archive_rows {
	struct str text;
	size_t *starts, count, cap;	/* of each line */
};

struct archive {
	PGconn *db;
	int version;			/* of its tables, if it was asked */
	bool asks;			/* archive_limit */
	int64_t ends_at;		/* clock_mono_ms, or 0: not by us */
	char uuid[40];
	int64_t epoch, place;
	int64_t now;			/* of this batch */
	struct archive_rows rows[ARCHIVE_TABLE_COUNT];
	size_t buffered;
	int64_t *seen;			/* attempts told in this transaction */
	size_t seen_count, seen_cap;
	int64_t seen_txn;
	char seal[SEAL_HEX];
	int64_t told_at;		/* the newest time of what was told */
	int64_t copied, refused, gap;
};

/* --- archive_db: one statement, or what went wrong --- */

/* Runs SQL with text parameters, NULL ones NULL. The result (PQclear) or NULL
 * with err. */
PGresult *archive_query(struct archive *a, struct error *err, const char *sql,
	int count, const char *const *values);
int archive_run(struct archive *a, struct error *err, const char *sql);
/* The next statement has what is left of archive_limit's time. 0 or -1. */
int archive_limit_next(struct archive *a, struct error *err);
/* Words and a way out for what a result or the connection says. -1. */
int archive_fault(struct archive *a, const PGresult *r, struct error *err);

/* COPY of the lines from..to of rows into a table. 1 done; 0 a row of it is
 * refused (err says why); -1. */
int archive_copy_rows(struct archive *a, enum archive_table t, size_t from,
	size_t to, struct error *err);
const char *archive_table_word(enum archive_table t);

/* --- archive_rows: what was told, into rows --- */
void archive_add(struct archive *a, const struct history_told *t);
void archive_rows_clear(struct archive *a);
void archive_rows_release(struct archive *a);

/* --- archive_schema: the owner's SQL --- */
extern const char *const archive_ddl[];		/* NULL-terminated */
extern const char archive_months[], archive_prune_sql[], archive_prune_rest[];

#endif
