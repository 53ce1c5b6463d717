/* SPDX-License-Identifier: ISC */
/* history_und: .und files, their rotation, and their entries. See history.h. */
#include "history/history_private.h"

#include <stdlib.h>
#include <string.h>

int
history_und_add(struct history *h, struct history_und_file *f,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_UND_ADD, "iiiii",
		(int64_t)f->lane, f->number, f->inode, f->size, f->opened_at);

	if (history_step(h, st, err) <= 0)
		return -1;
	f->id = sqlite3_column_int64(st, 0);
	history_done(st);
	return 0;
}

int
history_und_update(struct history *h, const struct history_und_file *f,
	struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_UND_UPDATE, "iiiini",
		f->id, f->number, f->inode, f->size, f->rotated_at,
		f->rotating), err);
}

int
history_und_remove(struct history *h, int64_t id, struct error *err)
{
	if (history_run(h, history_stmt(h, err, SQL_UND_REMOVE_ENTRIES, "i",
	    id), err) < 0)
		return -1;
	return history_run(h, history_stmt(h, err, SQL_UND_REMOVE, "i", id),
		err);
}

static int
one_file(struct history *h, sqlite3_stmt *st, struct history_und_file *out,
	struct error *err)
{
	int rc = history_step(h, st, err);

	if (rc > 0) {
		out->id = sqlite3_column_int64(st, 0);
		out->lane = sqlite3_column_int(st, 1);
		out->number = sqlite3_column_int64(st, 2);
		out->inode = sqlite3_column_int64(st, 3);
		out->size = sqlite3_column_int64(st, 4);
		out->opened_at = sqlite3_column_int64(st, 5);
		out->rotated_at = history_time(st, 6);
		out->rotating = sqlite3_column_int64(st, 7);
		history_done(st);
	}
	return rc;
}

int
history_und_current(struct history *h, int lane, struct history_und_file *out,
	struct error *err)
{
	return one_file(h, history_stmt(h, err, SQL_UND_CURRENT, "i",
		(int64_t)lane), out, err);
}

int
history_und_highest(struct history *h, int lane, int64_t *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_UND_HIGHEST, "i",
		(int64_t)lane);

	if (history_step(h, st, err) <= 0)
		return -1;
	*out = sqlite3_column_int64(st, 0);
	history_done(st);
	return 0;
}

int
history_und_next(struct history *h, int64_t after,
	struct history_und_file *out, struct error *err)
{
	return one_file(h, history_stmt(h, err, SQL_UND_NEXT, "i", after), out,
		err);
}

void
history_und_entry_release(struct history_und_entry *e)
{
	free(e->reason);
	memset(e, 0, sizeof *e);
}

int
history_und_entry_add(struct history *h, const struct history_und_entry *e,
	struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_UND_ENTRY_ADD,
		"iiiiiit", e->file, e->start, e->length, e->at, e->message,
		e->attempt, e->reason), err);
}

static void
read_entry(sqlite3_stmt *st, struct history_und_entry *out)
{
	out->id = sqlite3_column_int64(st, 0);
	out->file = sqlite3_column_int64(st, 1);
	out->start = sqlite3_column_int64(st, 2);
	out->length = sqlite3_column_int64(st, 3);
	out->at = sqlite3_column_int64(st, 4);
	out->message = sqlite3_column_int64(st, 5);
	out->attempt = sqlite3_column_int64(st, 6);
	out->reason = history_text(st, 7);
	out->resent = sqlite3_column_int64(st, 8);
}

int
history_und_entries(struct history *h, int64_t message, int64_t after,
	struct history_und_entry *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st;
	int n = 0, rc;

	if (message)
		st = history_stmt(h, err, SQL_UND_ENTRIES_MESSAGE, "iii",
			message, after, (int64_t)max);
	else
		st = history_stmt(h, err, SQL_UND_ENTRIES, "ii", after,
			(int64_t)max);
	while ((rc = history_step(h, st, err)) > 0)
		read_entry(st, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_und_entry_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_und_entry_get(struct history *h, int64_t id,
	struct history_und_entry *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_UND_ENTRY_GET, "i", id);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		read_entry(st, out);
		history_done(st);
	}
	return rc;
}

int
history_und_entry_resent(struct history *h, int64_t id, int64_t message,
	struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_UND_ENTRY_RESENT, "ii",
		id, message), err);
}

void
history_und_reason_release(struct history_und_reason *r)
{
	free(r->reason);
	memset(r, 0, sizeof *r);
}

int
history_und_reasons(struct history *h, int64_t now, int64_t past,
	struct history_und_reason *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, past ? SQL_AT_UND_REASONS :
		SQL_UND_REASONS, past ? "iiii" : "iii", now - INT64_C(600000),
		now - INT64_C(3600000), (int64_t)max, past);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0) {
		struct history_und_reason *r = &rows_out[n++];

		r->reason = history_text(st, 0);
		r->entries = sqlite3_column_int64(st, 1);
		r->bytes = sqlite3_column_int64(st, 2);
		r->bytes_10min = sqlite3_column_int64(st, 3);
		r->bytes_hour = sqlite3_column_int64(st, 4);
		r->last_at = sqlite3_column_int64(st, 5);
	}
	while (rc < 0 && n > 0)
		history_und_reason_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_und_place(struct history *h, int64_t at, int64_t *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_UND_PLACE, "i", at);
	int rc = history_step(h, st, err);

	*out = 0;
	if (rc > 0) {
		*out = sqlite3_column_int64(st, 0) + 1;
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

int
history_und_window(struct history *h, const char *reason, int64_t id,
	bool forward, struct history_und_entry *rows_out, int max,
	struct error *err)
{
	sqlite3_stmt *st;
	int n = 0, rc;

	if (reason)
		st = history_stmt(h, err, forward ? SQL_UND_REASON_AFTER :
			SQL_UND_REASON_BEFORE, "iit", id, (int64_t)max,
			*reason ? reason : NULL);
	else
		st = history_stmt(h, err, forward ? SQL_UND_AFTER :
			SQL_UND_BEFORE, "ii", id, (int64_t)max);
	while ((rc = history_step(h, st, err)) > 0)
		read_entry(st, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_und_entry_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}
