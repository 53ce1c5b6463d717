/*
 * history_statement: statements, the binding of values, and reading them. See
 * history_private.h for the contract.
 */
#include "history/history_private.h"
#include "base/xalloc.h"

#include <assert.h>
#include <string.h>

static void
bind_values(sqlite3_stmt *st, const char *types, va_list ap)
{
	for (int i = 1; *types; types++, i++) {
		int64_t n;
		int code;
		const void *bytes;

		switch (*types) {
		case 'i':
			sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
			break;
		case 'n':
			n = va_arg(ap, int64_t);
			if (n != HISTORY_NO_TIME)
				sqlite3_bind_int64(st, i, n);
			break;
		case 'c':
			code = va_arg(ap, int);
			if (code != HISTORY_NO_CODE)
				sqlite3_bind_int(st, i, code);
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
history_stmt(struct history *h, struct error *err, enum sql sql,
	const char *types, ...)
{
	sqlite3_stmt **st = &h->stmts[sql];
	va_list ap;

	if (!*st && sqlite3_prepare_v3(h->db, history_sql[sql], -1,
	    SQLITE_PREPARE_PERSISTENT, st, NULL) != SQLITE_OK) {
		history_fail(h, err, "prepare a statement of the history");
		return NULL;
	}
	sqlite3_reset(*st);
	sqlite3_clear_bindings(*st);
	va_start(ap, types);
	bind_values(*st, types, ap);
	va_end(ap);
	return *st;
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
