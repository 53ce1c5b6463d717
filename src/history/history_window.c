/* SPDX-License-Identifier: ISC */
/*
 * history_window: messages in an order, forward or back from a place, and how
 * many a question has. See history.h.
 *
 * Each state is asked by itself, so that an index gives the order whatever
 * the store's size; the answers are merged as they come, row by row, and no
 * more of them is read than is wanted.
 */
#include "history/history_question.h"
#include "history/history_columns.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ID = QUESTION_OWN, PLACE, LIMIT };

/* ---- orders ---- */

static int
compare_values(struct history_value a, struct history_value b)
{
	if (a.text)
		return strcmp(a.text, b.text);
	return a.number < b.number ? -1 : a.number > b.number;
}

static void
add_order(struct str *sql, const struct history_window *w)
{
	const char *way = w->forward ? "" : " DESC";
	const char *by = question_orders[w->by];
	char sign = w->forward ? '>' : '<';

	if (w->by == HISTORY_BY_ID) {
		if (w->anchor)
			str_addf(sql, " AND m.id %c ?%d", sign, ID);
		str_addf(sql, " ORDER BY m.id%s LIMIT ?%d", way, LIMIT);
		return;
	}
	if (w->anchor)
		str_addf(sql, " AND (%s, m.id) %c (?%d, ?%d)", by, sign,
			PLACE, ID);
	/* In an index of expressions SQLite finds no pair. */
	if (w->anchor && w->by == HISTORY_BY_FAILED)
		str_addf(sql, " AND %s %c= ?%d", by, sign, PLACE);
	str_addf(sql, " ORDER BY %s%s, m.id%s LIMIT ?%d", by, way, way, LIMIT);
}

static void
bind_place(sqlite3_stmt *st, const struct history_window *w)
{
	struct history_value v;

	if (!w->anchor)
		return;
	v = question_value(w->by, w->anchor);
	sqlite3_bind_int64(st, ID, w->anchor->id);
	if (v.text)
		sqlite3_bind_text(st, PLACE, v.text, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_int64(st, PLACE, v.number);
}

int
history_window_compare(const struct history_window *w,
	const struct history_message *a, const struct history_message *b)
{
	int order = compare_values(question_value(w->by, a),
		question_value(w->by, b));

	if (!order)
		order = a->id < b->id ? -1 : a->id > b->id;
	return w->forward ? order : -order;
}

/* ---- the merge ---- */

/* What one state has, from a place on. */
struct stream {
	sqlite3_stmt *st;		/* NULL: no more */
	struct history_message head;	/* read, and not yet handed over */
	int64_t taken;			/* id of the last that was */
};

struct merge {
	struct history *h;
	const struct history_query *q;
	const struct history_window *w;
	bool ids_only;
	struct stream streams[STATE_COUNT];
};

/* Reads the next head. 0 or -1. */
static int
advance(struct merge *m, struct stream *s, struct error *err)
{
	int rc = question_step(m->h, s->st, m->q, err);

	if (rc > 0 && m->ids_only)
		s->head.id = sqlite3_column_int64(s->st, 0);
	else if (rc > 0)
		history_read_message(s->st, &s->head);
	if (rc > 0)
		return 0;
	question_keep(m->h, s->st);
	s->st = NULL;
	return rc;
}

/* 0 or -1. */
static int
open_stream(struct merge *m, enum state state, int limit, struct error *err)
{
	struct stream *s = &m->streams[state];
	struct str sql = STR_INIT;

	str_add(&sql, m->ids_only ? "SELECT m.id" : "SELECT " MESSAGE_COLUMNS);
	question_add(&sql, m->q, state, m->w->by == HISTORY_BY_SINCE);
	add_order(&sql, m->w);
	s->st = question_prepare(m->h, &sql, m->q, err);
	str_release(&sql);
	if (!s->st)
		return -1;
	sqlite3_bind_int(s->st, LIMIT, limit);
	bind_place(s->st, m->w);
	return 0;
}

static struct stream *
first_stream(struct merge *m)
{
	struct stream *first = NULL;

	for (int i = 0; i < STATE_COUNT; i++) {
		struct stream *s = &m->streams[i];

		if (s->st && (!first || history_window_compare(m->w, &s->head,
		    &first->head) < 0))
			first = s;
	}
	return first;
}

/* What was not handed over. */
static void
close_streams(struct merge *m)
{
	for (int i = 0; i < STATE_COUNT; i++) {
		if (!m->streams[i].st)
			continue;
		history_message_release(&m->streams[i].head);
		question_keep(m->h, m->streams[i].st);
	}
}

/* The first row of each state that is asked for; after, if not NULL, has for
 * each the id behind which it has any. 0 or -1. */
static int
open_streams(struct merge *m, const int64_t *after, int limit,
	struct error *err)
{
	unsigned states = question_states(m->q);

	for (int i = 0; i < STATE_COUNT; i++) {
		struct stream *s = &m->streams[i];

		if (!(states & STATE_BIT(i)) || question_gave_up(m->q))
			continue;
		if (open_stream(m, (enum state)i, limit, err) < 0)
			return -1;
		if (after)
			sqlite3_bind_int64(s->st, ID, after[i]);
		if (advance(m, s, err) < 0)
			return -1;
	}
	return 0;
}

/* Up to limit rows, or ids; behind the last one nothing is looked for. Number
 * or -1. */
static int
take(struct merge *m, int limit, struct history_message *rows_out,
	int64_t *ids_out, struct error *err)
{
	struct stream *s = NULL;
	int n = 0, rc = 0;

	while (n < limit) {
		if (s)
			rc = advance(m, s, err);
		s = rc < 0 ? NULL : first_stream(m);
		if (!s)
			break;
		s->taken = s->head.id;
		if (m->ids_only) {
			ids_out[n++] = s->head.id;
			s->head.id = 0;
		} else {
			rows_out[n++] = s->head;
			s->head = (struct history_message){ 0 };
		}
	}
	while (rc < 0 && !m->ids_only && n > 0)
		history_message_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_window(struct history *h, const struct history_query *q,
	const struct history_window *w, int limit,
	struct history_message *rows_out, struct error *err)
{
	struct merge m = { .h = h, .q = q, .w = w };
	int n = -1;

	assert(limit > 0 && limit <= HISTORY_PAGE);
	question_begin(h, q);
	if (open_streams(&m, NULL, limit, err) == 0)
		n = take(&m, limit, rows_out, NULL, err);
	close_streams(&m);
	question_end(h);
	return n;
}

/* ---- pages, by id ---- */

/*
 * A page after a page: of each state is known where it goes on, so that what a
 * match leaves out is read once, and not once for each page.
 */
static int
page(struct history *h, struct history_query *q, int64_t after, int limit,
	struct history_message *rows_out, int64_t *ids_out, struct error *err)
{
	struct history_message anchor = { .id = after };
	struct history_window w = { .forward = true, .anchor = &anchor };
	struct merge m = { .h = h, .q = q, .w = &w,
		.ids_only = ids_out != NULL };
	int n = -1;

	for (int i = 0; i < STATE_COUNT; i++)
		if (q->page_end != after || q->page_after[i] < after)
			q->page_after[i] = after;
	question_begin(h, q);
	if (open_streams(&m, q->page_after, limit, err) == 0)
		n = take(&m, limit, rows_out, ids_out, err);
	if (n > 0)
		q->page_end = ids_out ? ids_out[n - 1] : rows_out[n - 1].id;
	for (int i = 0; n > 0 && i < STATE_COUNT; i++) {
		const struct stream *s = &m.streams[i];

		q->page_after[i] = !s->st ? INT64_MAX : s->head.id ?
			s->head.id - 1 : s->taken;
	}
	close_streams(&m);
	question_end(h);
	return n;
}

int
history_page(struct history *h, struct history_query *q, int64_t after,
	int limit, struct history_message *rows_out, struct error *err)
{
	assert(limit > 0 && limit <= HISTORY_PAGE);
	return page(h, q, after, limit, rows_out, NULL, err);
}

int
history_page_ids(struct history *h, struct history_query *q, int64_t after,
	int n, int64_t *ids_out, struct error *err)
{
	return page(h, q, after, n, NULL, ids_out, err);
}

/* ---- how many ---- */

/* Counted row by row, so that what was found is known when patience ends. */
static int
count_rows(struct history *h, const struct str *sql,
	const struct history_query *q, const struct history_window *w,
	int64_t max, int64_t *sum, struct error *err)
{
	sqlite3_stmt *st = question_prepare(h, sql, q, err);
	int rc;

	if (!st)
		return -1;
	sqlite3_bind_int64(st, LIMIT, max);
	if (w)
		bind_place(st, w);
	while ((rc = question_step(h, st, q, err)) > 0)
		++*sum;
	question_keep(h, st);
	return rc;
}

static int
count_state(struct history *h, const struct history_query *q, enum state state,
	int64_t *sum, struct error *err)
{
	struct str sql = STR_INIT;
	int rc;

	str_add(&sql, "SELECT 1");
	question_add(&sql, q, state, true);
	question_begin(h, q);
	rc = count_rows(h, &sql, q, NULL, 0, sum, err);
	question_end(h);
	str_release(&sql);
	return rc;
}

int
history_rank(struct history *h, const struct history_query *q,
	const struct history_window *w, int64_t max, int64_t *out,
	struct error *err)
{
	struct history_query all = *q;
	struct history_window back = *w;
	struct str sql = STR_INIT;
	int rc = 0;

	back.forward = !w->forward;
	*out = 0;
	question_begin(h, &all);
	for (int i = 0; i < STATE_COUNT && rc == 0 && *out < max; i++) {
		if (!(question_states(&all) & STATE_BIT(i)))
			continue;
		str_clear(&sql);
		str_add(&sql, "SELECT 1");
		question_add(&sql, &all, (enum state)i,
			w->by == HISTORY_BY_SINCE);
		add_order(&sql, &back);
		rc = count_rows(h, &sql, &all, &back, max - *out, out, err);
	}
	question_end(h);
	str_release(&sql);
	return rc;
}

static int
ask_tally(struct history *h, const struct history_query *q, enum state state,
	int64_t *sum, struct error *err)
{
	int64_t suspect = q->suspect == HISTORY_SUSPECT_ANY ? -1 :
		q->suspect == HISTORY_SUSPECT_YES;
	sqlite3_stmt *st = history_stmt(h, err, SQL_TALLY_COUNT, "tii",
		state_word(state), q->cause, suspect);

	if (history_step(h, st, err) <= 0)
		return -1;
	*sum += sqlite3_column_int64(st, 0);
	history_done(st);
	return 0;
}

int
history_count(struct history *h, const struct history_query *q, int64_t *out,
	struct error *err)
{
	unsigned states = question_states(q);
	int64_t sum = 0;
	int rc = 0;

	for (int i = 0; rc == 0 && i < STATE_COUNT; i++)
		if (states & STATE_BIT(i))
			rc = q->match || q->doubt ? count_state(h, q, (enum state)i, &sum,
				err) : ask_tally(h, q, (enum state)i, &sum,
				err);
	if (rc == 0)
		*out = sum;
	return rc;
}
