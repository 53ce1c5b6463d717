/* SPDX-License-Identifier: ISC */
/* history_note: see history_note.h for the contract. */
#include "history/history_note.h"
#include "history/history_private.h"
#include "history/seal_history.h"

#include <stdlib.h>
#include <string.h>

void
history_note_release(struct history_note *n)
{
	free(n->by);
	free(n->text);
	memset(n, 0, sizeof *n);
}

int
history_note_add(struct history *h, struct history_note *n, struct error *err)
{
	return history_insert(h, err, SEAL_NOTE, &n->id, "itiiint", n->at,
		n->by, n->message, n->cause, (int64_t)n->mine, n->until,
		n->text);
}

static void
read_note(sqlite3_stmt *st, struct history_note *out)
{
	*out = (struct history_note){
		.id = sqlite3_column_int64(st, 0),
		.at = sqlite3_column_int64(st, 1),
		.by = history_text(st, 2),
		.message = sqlite3_column_int64(st, 3),
		.cause = sqlite3_column_int64(st, 4),
		.mine = sqlite3_column_int(st, 5),
		.until = history_time(st, 6),
		.text = history_text(st, 7),
	};
}

static int
read_notes(struct history *h, sqlite3_stmt *st, struct history_note *rows_out,
	struct error *err)
{
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		read_note(st, &rows_out[n++]);
	if (rc == 0)
		return n;
	while (n > 0)
		history_note_release(&rows_out[--n]);
	return -1;
}

int
history_notes(struct history *h, int64_t message, int64_t cause,
	int64_t before, struct history_note *rows_out, int max,
	struct error *err)
{
	enum sql sql = message ? SQL_NOTES_MESSAGE : cause ? SQL_NOTES_CAUSE :
		SQL_NOTES;

	return read_notes(h, history_stmt(h, err, sql, "iii",
		before ? before : INT64_MAX, (int64_t)max,
		message ? message : cause), rows_out, err);
}

int
history_notes_since(struct history *h, int64_t at, int64_t after,
	struct history_note *rows_out, int max, struct error *err)
{
	return read_notes(h, history_stmt(h, err, SQL_NOTES_SINCE, "iii", at,
		(int64_t)max, after), rows_out, err);
}

int
history_notes_any(struct history *h, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_NOTES_ANY, "");
	int rc = history_step(h, st, err);

	if (rc > 0)
		history_done(st);
	return rc;
}

/* The newest row of a message or a cause at a time, of hands or of words. */
static int
newest(struct history *h, enum sql sql, int64_t id, bool mine, int64_t at,
	struct history_note *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, sql, "iii", id, (int64_t)mine,
		at);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		read_note(st, out);
		history_done(st);
	}
	return rc;
}

int
history_hand(struct history *h, int64_t message, int64_t cause, int64_t at,
	struct history_note *out, struct error *err)
{
	enum sql parts[] = { SQL_NOTE_NEWEST_MESSAGE, SQL_NOTE_NEWEST_CAUSE };
	int64_t ids[] = { message, cause };
	struct history_note n;

	for (int i = 0; i < 2; i++) {
		int rc = ids[i] ? newest(h, parts[i], ids[i], true, at, &n,
			err) : 0;

		if (rc < 0)
			return -1;
		if (rc > 0 && n.until > at) {
			*out = n;
			return 1;
		}
		if (rc > 0)
			history_note_release(&n);
	}
	return 0;
}

int
history_note_newest(struct history *h, int64_t message, int64_t cause,
	struct history_note *out, struct error *err)
{
	int rc = message ? newest(h, SQL_NOTE_NEWEST_MESSAGE, message, false,
		INT64_MAX, out, err) : 0;

	return rc || !cause ? rc : newest(h, SQL_NOTE_NEWEST_CAUSE, cause,
		false, INT64_MAX, out, err);
}
