/* SPDX-License-Identifier: ISC */
/*
 * history_at_cause: why messages were in a state at a time that is past. See
 * history_at.h.
 *
 * Of those that are there still the tallies tell, less who came since; of
 * those that left the last attempt before they came there.
 */
#include "history/history_at_private.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define CAUSES_MAX 4096		/* the history keeps no more than 1,000 */

/* The rows that are made, each cause once. */
struct rows {
	struct history_cause_row *rows;
	size_t count, cap;
};

static int
find_id(struct history *h, const char *class, int code, int signal,
	const char *reason, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CAUSE_FIND, "tcit", class,
		code, (int64_t)signal, reason);
	int rc = history_step(h, st, err);

	*out = 0;
	if (rc > 0) {
		*out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

int
history_at_find_cause(struct history *h, struct history_message *m,
	struct error *err)
{
	m->cause = 0;
	return !m->class ? 0 : find_id(h, m->class, m->code, m->signal,
		m->reason, &m->cause, err);
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Most have the cause of the one before. */
int
history_at_cause(struct history_at *a, struct stay *s, struct error *err)
{
	sqlite3_stmt *st;
	const char *class, *reason;
	int64_t id = 0;
	int rc, code, signal;

	if (s->cause != AT_CAUSE_UNKNOWN)
		return 0;
	st = history_stmt(a->h, err, SQL_AT_CAUSE, "ii", s->id, s->since);
	rc = history_step(a->h, st, err);
	if (rc > 0) {
		class = (const char *)sqlite3_column_text(st, 0);
		code = history_code(st, 1);
		signal = sqlite3_column_int(st, 2);
		reason = (const char *)sqlite3_column_text(st, 3);
		s->failed = sqlite3_column_int64(st, 4);
		s->suspect_at = history_time(st, 5);
		if (a->last.cause && code == a->last.code &&
		    signal == a->last.signal && same_text(class,
		    a->last.class) && same_text(reason, a->last.reason)) {
			id = a->last.cause;
		} else if ((rc = find_id(a->h, class, code, signal, reason,
		    &id, err)) == 0) {
			xstrset(&a->last.class, class);
			xstrset(&a->last.reason, reason);
			a->last.code = code;
			a->last.signal = signal;
			a->last.cause = id;
		}
		history_done(st);
	}
	s->cause = (int32_t)id;
	return rc < 0 ? -1 : 0;
}

/* ---- by cause ---- */

bool
history_at_suspect(const struct history_at *a, const struct stay *s)
{
	return s->suspect_at != HISTORY_NO_TIME && s->suspect_at <= a->at;
}

static struct history_cause_row *
row_of(struct rows *r, int64_t cause, bool suspect)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->rows[i].cause == cause && r->rows[i].suspect == suspect)
			return &r->rows[i];
	if (r->count == CAUSES_MAX)
		return NULL;
	xgrow(&r->rows, &r->cap, r->count + 1, sizeof *r->rows, CAUSES_MAX);
	r->rows[r->count] = (struct history_cause_row){ .cause = cause,
		.suspect = suspect, .first_at = INT64_MAX, .last_at = INT64_MIN };
	return &r->rows[r->count++];
}

static void
add_times(struct history_cause_row *row, int64_t first, int64_t last)
{
	if (first < row->first_at)
		row->first_at = first;
	if (last > row->last_at)
		row->last_at = last;
}

/* Those that are there now. 0 or -1. */
static int
add_now(struct history_at *a, enum state state, struct rows *r,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(a->h, err, SQL_AT_CAUSES, "ti",
		state_word(state), a->at);
	int rc;

	while ((rc = history_step(a->h, st, err)) > 0) {
		struct history_cause_row *row = row_of(r,
			sqlite3_column_int64(st, 0),
			sqlite3_column_int(st, 8));

		if (!row)
			continue;
		if (!row->class) {
			row->class = history_text(st, 1);
			row->code = history_code(st, 2);
			row->signal = sqlite3_column_int(st, 3);
			row->reason = history_text(st, 4);
		}
		row->n += sqlite3_column_int64(st, 5);
		if (sqlite3_column_type(st, 7) != SQLITE_NULL)
			add_times(row, sqlite3_column_int64(st, 6),
				sqlite3_column_int64(st, 7));
	}
	return rc;
}

/* Takes away those that came since. 0 or -1. */
static int
take_newer(struct history_at *a, enum state state, struct rows *r,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(a->h, err, SQL_AT_CAME, "ti",
		state_word(state), a->at);
	struct history_cause_row *row = NULL;
	int rc;

	while ((rc = history_step(a->h, st, err)) > 0) {
		int64_t cause = sqlite3_column_int64(st, 0);
		bool suspect = sqlite3_column_int(st, 1);

		if (!row || row->cause != cause || row->suspect != suspect)
			row = cause ? row_of(r, cause, suspect) : NULL;
		if (row)
			row->n--;
	}
	return rc;
}

/* Those that became suspect since were not. 0 or -1. */
static int
move_marked(struct history_at *a, enum state state, struct rows *r,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(a->h, err, SQL_AT_MARKED, "ti",
		state_word(state), a->at);
	int rc;

	while ((rc = history_step(a->h, st, err)) > 0) {
		int64_t cause = sqlite3_column_int64(st, 0),
			failed = sqlite3_column_int64(st, 1);
		struct history_cause_row *row = row_of(r, cause, true);

		if (row)
			row->n--;
		row = row_of(r, cause, false);
		if (row) {
			row->n++;
			add_times(row, failed, failed);
		}
	}
	return rc;
}

static int
add_left(struct history_at *a, enum state state, struct rows *r,
	struct error *err)
{
	struct history_cause_row *row = NULL;

	for (size_t i = 0; i < a->left; i++) {
		struct stay *s = &a->stays[a->by_id[i]];

		if (s->state != (uint8_t)state)
			continue;
		if (history_at_cause(a, s, err) < 0)
			return -1;
		if (!row || row->cause != s->cause ||
		    row->suspect != history_at_suspect(a, s))
			row = s->cause ? row_of(r, s->cause,
				history_at_suspect(a, s)) : NULL;
		if (row) {
			row->n++;
			add_times(row, s->failed, s->failed);
		}
	}
	return 0;
}

static int
newest_first(const void *x, const void *y)
{
	const struct history_cause_row *a = x, *b = y;

	return a->last_at != b->last_at ? a->last_at > b->last_at ? -1 : 1 :
		a->cause != b->cause ? a->cause < b->cause ? -1 : 1 :
		a->suspect - b->suspect;
}

/* Hands over those that any message was of, newest first. Number or -1. */
static int
hand_over(struct history_at *a, struct rows *r,
	struct history_cause_row *rows_out, int max, struct error *err)
{
	int n = 0;

	if (r->count)
		qsort(r->rows, r->count, sizeof *r->rows, newest_first);
	for (size_t i = 0; i < r->count && n < max; i++) {
		struct history_cause_row *row = &r->rows[i], get;

		if (row->n <= 0)
			continue;
		if (!row->class) {
			int rc = history_cause_get(a->h, row->cause, &get,
				err);

			if (rc < 0)
				break;
			if (rc == 0)
				continue;
			row->class = get.class;
			row->reason = get.reason;
			row->code = get.code;
			row->signal = get.signal;
		}
		rows_out[n++] = *row;
		row->class = row->reason = NULL;
	}
	return n;
}

int
history_at_causes(struct history_at *a, enum state state,
	struct history_cause_row *rows_out, int max, struct error *err)
{
	struct rows r = { 0 };
	int n = -1;

	if (history_begin_read(a->h, err) < 0)
		return -1;
	if (history_at_gather(a, err) == 0 &&
	    add_now(a, state, &r, err) == 0 &&
	    take_newer(a, state, &r, err) == 0 &&
	    move_marked(a, state, &r, err) == 0 &&
	    add_left(a, state, &r, err) == 0)
		n = hand_over(a, &r, rows_out, max, err);
	history_end_read(a->h);
	for (size_t i = 0; i < r.count; i++)
		history_cause_row_release(&r.rows[i]);
	free(r.rows);
	return n;
}
