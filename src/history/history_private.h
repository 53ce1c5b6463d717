/* SPDX-License-Identifier: ISC */
/*
 * history_private: what the files history_*.c share. SQLite's header is
 * included here and nowhere else in the core.
 *
 * Statements are prepared at first use and kept; each is a member of one
 * enum, its text a constant in history_sql.c. run: get a statement with
 * history_stmt (reset, with its values bound), step it, and leave it: the
 * next use resets it. A statement that was stepped to its end holds no read
 * transaction; who stops earlier calls history_done.
 */
#ifndef CCMQ_HISTORY_PRIVATE_H
#define CCMQ_HISTORY_PRIVATE_H

#include "history/history.h"
#include "history/history_sql.h"
#include "history/seal.h"

#include <sqlite3.h>
#include <stdarg.h>

/* A screen asks the same few questions again and again. */
#define HISTORY_KEPT 12

struct history {
	sqlite3 *db;
	enum history_mode mode;
	char uuid[37];
	bool in_transaction;
	unsigned reading;	/* history_begin_read without its end */
	int64_t wal_bytes;	/* in use after the last commit of this handle */
	struct match *regex;	/* for ccmq_regex() in this query */
	/* This transaction's number, 0 until somebody asks for it, and what its
	 * seal will say: seal_history.h. */
	int64_t txn;
	unsigned char seal_before[SEAL_BYTES];
	struct str seal_list, seal_row;
	struct history_minute minute;	/* added up, not written yet */
	sqlite3_stmt *stmts[SQL_COUNT];
	sqlite3_stmt *kept[HISTORY_KEPT];	/* of windows, the newest first */
};

/*
 * The statement, reset, with values bound as the letters of types say:
 *   i  int64_t                      t  const char *, NULL allowed
 *   n  int64_t, HISTORY_NO_TIME is NULL
 *   c  int, HISTORY_NO_CODE is NULL
 *   b  const void *, size_t         |  nothing: see history_insert
 * Values are copied. NULL with err.
 */
sqlite3_stmt *history_stmt(struct history *h, struct error *err, enum sql sql,
	const char *types, ...);
sqlite3_stmt *history_vstmt(struct history *h, struct error *err, enum sql sql,
	const char *types, va_list ap);

/* Steps once. 1 a row, 0 the end, -1. */
int history_step(struct history *h, sqlite3_stmt *st, struct error *err);

/* Writes the minute that this transaction added up. 0 or -1. */
int history_minute_flush(struct history *h, struct error *err);

/* Steps a statement that gives no rows. 0 or -1. */
int history_run(struct history *h, sqlite3_stmt *st, struct error *err);

void history_done(sqlite3_stmt *st);

/* err from SQLite's words. Returns -1. */
int history_fail(struct history *h, struct error *err, const char *what);

/* A column: text or blob copied (NULL gives NULL), or a number. */
char *history_text(sqlite3_stmt *st, int col);
char *history_blob(sqlite3_stmt *st, int col, size_t *len_out);
int64_t history_time(sqlite3_stmt *st, int col);
int history_code(sqlite3_stmt *st, int col);
enum state history_state(sqlite3_stmt *st, int col);

/* Binds one value; HISTORY_NO_TIME, HISTORY_NO_CODE are NULL. */
void history_bind_time(sqlite3_stmt *st, int i, int64_t at);
void history_bind_code(sqlite3_stmt *st, int i, int code);

/* A message from the columns MESSAGE_COLUMNS, from the first on. */
void history_read_message(sqlite3_stmt *st, struct history_message *out);
void history_read_action(sqlite3_stmt *st, int first,
	struct history_action *out);
void history_read_attempt(sqlite3_stmt *st, struct history_attempt *out);
void history_read_event(sqlite3_stmt *st, struct history_event *out);

#endif
