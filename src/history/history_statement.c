/* SPDX-License-Identifier: ISC */
/*
 * history_statement: statements, the binding of values, and reading them. See
 * history_private.h for the contract.
 */
#include "history/history_private.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int
history_fail(struct history *h, struct error *err, const char *what)
{
	int rc = h->db ? sqlite3_extended_errcode(h->db) : SQLITE_NOMEM;
	int sys = h->db ? sqlite3_system_errno(h->db) : 0;

	error_set(err, ERROR_SYSTEM, "%s: %s", what,
		h->db ? sqlite3_errmsg(h->db) : "out of memory");
	switch (rc & 0xff) {
	case SQLITE_BUSY:
		err->code = ERROR_BUSY;
		break;
	case SQLITE_READONLY:
		err->code = ERROR_READ_ONLY;
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CANTOPEN:
		err->code = ERROR_STORE;
		break;
	default:
		break;
	}
	if ((rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_FULL) {
		err->sys = sys ? sys : rc == SQLITE_FULL ? ENOSPC : EIO;
		/* As fs_sync: whatever the cause. */
		if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC)
			err->sys = EIO;
		error_prefix(err, "write or read the history");
	}
	return -1;
}

static void
bind_values(sqlite3_stmt *st, const char *types, va_list ap)
{
	for (int i = 1; *types; types++, i++) {
		const void *bytes;

		switch (*types) {
		case '|':
			i--;
			break;
		case 'i':
			sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
			break;
		case 'n':
			history_bind_time(st, i, va_arg(ap, int64_t));
			break;
		case 'c':
			history_bind_code(st, i, va_arg(ap, int));
			break;
		case 't':
			sqlite3_bind_text(st, i, va_arg(ap, const char *), -1,
				SQLITE_TRANSIENT);
			break;
		case 'b':
			bytes = va_arg(ap, const void *);
			sqlite3_bind_blob64(st, i, bytes ? bytes : "",
				va_arg(ap, size_t), SQLITE_TRANSIENT);
			break;
		default:
			assert(!"a letter bind_values knows");
		}
	}
}

sqlite3_stmt *
history_vstmt(struct history *h, struct error *err, enum sql sql,
	const char *types, va_list ap)
{
	sqlite3_stmt **st = &h->stmts[sql];

	if (!*st && sqlite3_prepare_v3(h->db, history_sql[sql], -1,
	    SQLITE_PREPARE_PERSISTENT, st, NULL) != SQLITE_OK) {
		history_fail(h, err, "prepare a statement of the history");
		return NULL;
	}
	sqlite3_reset(*st);
	sqlite3_clear_bindings(*st);
	bind_values(*st, types, ap);
	return *st;
}

sqlite3_stmt *
history_stmt(struct history *h, struct error *err, enum sql sql,
	const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;

	va_start(ap, types);
	st = history_vstmt(h, err, sql, types, ap);
	va_end(ap);
	return st;
}

int
history_step(struct history *h, sqlite3_stmt *st, struct error *err)
{
	if (!st)
		return -1;
	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		sqlite3_reset(st);
		return 0;
	default:
		history_fail(h, err, "history");
		sqlite3_reset(st);
		return -1;
	}
}

int
history_run(struct history *h, sqlite3_stmt *st, struct error *err)
{
	int rc = history_step(h, st, err);

	if (rc > 0)
		history_done(st);
	return rc < 0 ? -1 : 0;
}

void
history_done(sqlite3_stmt *st)
{
	sqlite3_reset(st);
}

char *
history_text(sqlite3_stmt *st, int col)
{
	return xstrdup((const char *)sqlite3_column_text(st, col));
}

char *
history_blob(sqlite3_stmt *st, int col, size_t *len_out)
{
	const void *bytes = sqlite3_column_blob(st, col);
	size_t len = (size_t)sqlite3_column_bytes(st, col);
	char *copy = xmalloc(len + 1);

	if (len)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	*len_out = len;
	return copy;
}

int64_t
history_time(sqlite3_stmt *st, int col)
{
	return sqlite3_column_type(st, col) == SQLITE_NULL ? HISTORY_NO_TIME :
		sqlite3_column_int64(st, col);
}

int
history_code(sqlite3_stmt *st, int col)
{
	return sqlite3_column_type(st, col) == SQLITE_NULL ? HISTORY_NO_CODE :
		sqlite3_column_int(st, col);
}

enum state
history_state(sqlite3_stmt *st, int col)
{
	const char *word = (const char *)sqlite3_column_text(st, col);
	enum state state = STATE_LOST;

	/* A word that is not ours: somebody wrote into the history by hand. */
	if (word)
		state_parse(word, &state);
	return state;
}

void
history_bind_time(sqlite3_stmt *st, int i, int64_t at)
{
	if (at != HISTORY_NO_TIME)
		sqlite3_bind_int64(st, i, at);
}

void
history_bind_code(sqlite3_stmt *st, int i, int code)
{
	if (code != HISTORY_NO_CODE)
		sqlite3_bind_int(st, i, code);
}

int
history_begin_read(struct history *h, struct error *err)
{
	if (!h->in_transaction && !h->reading && history_run(h,
	    history_stmt(h, err, SQL_BEGIN_READ, ""), err) < 0)
		return -1;
	h->reading++;
	return 0;
}

void
history_end_read(struct history *h)
{
	struct error ignored;

	if (--h->reading == 0 && !h->in_transaction)
		history_run(h, history_stmt(h, &ignored, SQL_COMMIT, ""),
			&ignored);
}
