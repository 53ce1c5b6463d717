/* SPDX-License-Identifier: ISC */
/* history_connector: the connector's row and its streak. See history.h. */
#include "history/history_private.h"
#include "history/seal_history.h"
#include "history/history_columns.h"

#include <stdlib.h>
#include <string.h>

void
history_connector_release(struct history_connector *c)
{
	free(c->hold_by);
	free(c->hold_reason);
	free(c->streak_class);
	free(c->last_error);
	free(c->host);
	free(c->control_class);
	free(c->control_words);
	memset(c, 0, sizeof *c);
}

int
history_connector_get(struct history *h, struct history_connector *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CONNECTOR_GET, "");
	struct history_connector c = { 0 };
	int i = 1;

	if (history_step(h, st, err) <= 0)
		return -1;
#define X(column, type, member) HISTORY_READ_##type(st, i, &c, member), i++;
	HISTORY_CONNECTOR_LIST(X)
#undef X
	history_done(st);
	*out = c;
	return 0;
}

int
history_connector_put(struct history *h, const struct history_connector *c,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CONNECTOR_PUT, "");
	int i = 1;

	if (!st)
		return -1;
#define X(column, type, member) HISTORY_BIND_##type(st, i, c, member), i++;
	HISTORY_CONNECTOR_LIST(X)
#undef X
	return history_run(h, st, err);
}

int
history_streak_add(struct history *h, int64_t message, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_STREAK_ADD, "i",
		message), err);
}

int
history_streak_has(struct history *h, int64_t message, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_STREAK_HAS, "i", message);
	int rc = history_step(h, st, err);

	if (rc > 0)
		history_done(st);
	return rc;
}

int
history_streak_clear(struct history *h, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_STREAK_CLEAR, ""), err);
}

int
history_streak_suspect(struct history *h, int64_t at, struct error *err)
{
	int64_t txn;

	if (history_txn(h, &txn, err) < 0 || history_run(h, history_stmt(h,
	    err, SQL_STREAK_SUSPECT, "i", txn), err) < 0)
		return -1;
	return history_run(h, history_stmt(h, err, SQL_STREAK_MARK, "i", at),
		err);
}
