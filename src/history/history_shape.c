/* SPDX-License-Identifier: ISC */
/* history_shape: see history_shape.h for the contract. */
#include "history/history_shape.h"
#include "history/history_private.h"

int
history_shape(struct history *h, enum history_shape by, enum state state,
	int64_t *after, int max, void (*each)(void *arg, int64_t received_at,
		const char *text, size_t len), void *arg, struct error *err)
{
	static const enum sql sql[] = {
		[HISTORY_SHAPE_SENDER] = SQL_SHAPE_SENDER,
		[HISTORY_SHAPE_RECIPIENT] = SQL_SHAPE_RECIPIENT,
		[HISTORY_SHAPE_CAUSE] = SQL_SHAPE_CAUSE,
	};
	sqlite3_stmt *st = history_stmt(h, err, sql[by], "tii",
		state_word(state), *after, (int64_t)max);
	int rc, n = 0;

	while ((rc = history_step(h, st, err)) > 0) {
		const char *text = (const char *)sqlite3_column_text(st, 2);

		*after = sqlite3_column_int64(st, 0);
		each(arg, sqlite3_column_int64(st, 1), text,
			(size_t)sqlite3_column_bytes(st, 2));
		n++;
	}
	return rc < 0 ? -1 : n;
}
