/* SPDX-License-Identifier: ISC */
/*
 * history_window: messages in an order, forward or back from a place, and how
 * many a question has. See history.h.
 *
 * Each state is asked by itself, so that an index gives the order whatever
 * the store's size; the answers are merged as they come, row by row, and no
 * more of them is read than is wanted. Text of SQL is made here alone, of fixed
 * words and of what match compiled, with every value bound.
 */
#include "history/history_private.h"
#include "history/history_columns.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ID = 1, PLACE, LIMIT, CAUSE, BEFORE, FIRST_MATCH };

static unsigned
states_of(const struct history_query *q)
{
	unsigned states = q->states ? q->states : STATE_BIT(STATE_COUNT) - 1;

	return q->match ? states & match_states(q->match) : states;
}

/* States are words of ours, and stand in the text: of an index that is for
 * some of them alone SQLite must see that it will do. */
static void
add_conditions(struct str *sql, const struct history_query *q,
	enum state state, bool by_since)
{
	char *where;

	str_addf(sql, " FROM message m WHERE m.state = '%s'",
		state_word(state));
	if (q->cause)
		str_addf(sql, " AND m.cause <> 0 AND m.cause = ?%d", CAUSE);
	if (q->cause && (state == STATE_FAILED || state == STATE_DEFERRED))
		str_add(sql, " AND m.state IN ('failed', 'deferred')");
	if (q->suspect != HISTORY_SUSPECT_ANY)
		str_addf(sql, " AND m.suspect = %d",
			q->suspect == HISTORY_SUSPECT_YES);
	/* The order has its index; a range of another would sort them all. */
	if (q->before_since)
		str_addf(sql, " AND %sm.since < ?%d", by_since ? "" : "+",
			BEFORE);
	if (q->match) {
		where = match_where(q->match, FIRST_MATCH);
		str_addf(sql, " AND (%s)", where);
		free(where);
	}
}

static void
bind_match(sqlite3_stmt *st, const struct match *match)
{
	for (size_t i = 0; match && i < match_value_count(match); i++) {
		struct match_value v = match_value(match, i);

		if (v.type == MATCH_VALUE_TEXT)
			sqlite3_bind_text(st, FIRST_MATCH + (int)i, v.text, -1,
				SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(st, FIRST_MATCH + (int)i, v.number);
	}
}

#define PATIENCE_STEPS 20000	/* of SQLite's machine: about a millisecond */

static int
ask_patience(void *arg)
{
	struct history_patience *p = arg;

	if (p->go_on(p->arg))
		return 0;
	p->gave_up = true;
	return 1;
}

/* A question begins, and ends: what all its statements need. */
static void
begin_question(struct history *h, const struct history_query *q)
{
	h->regex = q->match;
	if (q->match && q->patience)
		sqlite3_progress_handler(h->db, PATIENCE_STEPS, ask_patience,
			q->patience);
}

static void
end_question(struct history *h)
{
	sqlite3_progress_handler(h->db, 0, NULL, NULL);
	h->regex = NULL;
}

static bool
gave_up(const struct history_query *q)
{
	return q->patience && q->patience->gave_up;
}

/* One that was kept with that text, which is not kept any more; NULL: none. */
static sqlite3_stmt *
take_kept(struct history *h, const char *sql)
{
	for (size_t i = 0; i < HISTORY_KEPT; i++) {
		sqlite3_stmt *st = h->kept[i];

		if (st && strcmp(sqlite3_sql(st), sql) == 0) {
			h->kept[i] = NULL;
			return st;
		}
	}
	return NULL;
}

/* To make one ready costs ten times what it costs to ask: it is kept for the
 * next time, and the oldest goes. NULL is nothing to keep. */
static void
keep(struct history *h, sqlite3_stmt *st)
{
	size_t i = 0;

	if (!st)
		return;
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	while (i < HISTORY_KEPT - 1 && h->kept[i])
		i++;
	sqlite3_finalize(h->kept[i]);
	memmove(h->kept + 1, h->kept, i * sizeof *h->kept);
	h->kept[0] = st;
}

/* NULL with err. To be kept. */
static sqlite3_stmt *
prepare(struct history *h, const struct str *sql,
	const struct history_query *q, struct error *err)
{
	sqlite3_stmt *st = take_kept(h, sql->data);

	if (!st && sqlite3_prepare_v3(h->db, sql->data, -1,
	    SQLITE_PREPARE_PERSISTENT, &st, NULL) != SQLITE_OK) {
		history_fail(h, err, "look for messages");
		return NULL;
	}
	sqlite3_bind_int64(st, CAUSE, q->cause);
	sqlite3_bind_int64(st, BEFORE, q->before_since);
	bind_match(st, q->match);
	return st;
}

/* 1 a row, 0 the end or the end of patience, -1. */
static int
step(struct history *h, sqlite3_stmt *st, const struct history_query *q,
	struct error *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE || (rc == SQLITE_INTERRUPT && gave_up(q)))
		return 0;
	return history_fail(h, err, "look for messages");
}

/* ---- orders ---- */

static const char *const expressions[HISTORY_ORDER_COUNT] = {
#define X(name, expression, value) [name] = expression,
	HISTORY_ORDER_LIST(X)
#undef X
};

struct value {
	const char *text;	/* NULL: a number */
	int64_t number;
};

#define NUMBER(n) ((struct value){ NULL, (n) })
#define TEXT(t) ((struct value){ (t) ? (t) : "", 0 })

static struct value
value_of(enum history_order by, const struct history_message *m)
{
	switch (by) {
#define X(name, expression, value) case name: return value;
	HISTORY_ORDER_LIST(X)
#undef X
	case HISTORY_ORDER_COUNT: break;
	}
	return NUMBER(0);
}

static int
compare_values(struct value a, struct value b)
{
	if (a.text)
		return strcmp(a.text, b.text);
	return a.number < b.number ? -1 : a.number > b.number;
}

static void
add_order(struct str *sql, const struct history_window *w)
{
	const char *way = w->forward ? "" : " DESC";
	const char *by = expressions[w->by];
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
	struct value v;

	if (!w->anchor)
		return;
	v = value_of(w->by, w->anchor);
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
	int order = compare_values(value_of(w->by, a), value_of(w->by, b));

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
	int rc = step(m->h, s->st, m->q, err);

	if (rc > 0 && m->ids_only)
		s->head.id = sqlite3_column_int64(s->st, 0);
	else if (rc > 0)
		history_read_message(s->st, &s->head);
	if (rc > 0)
		return 0;
	keep(m->h, s->st);
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
	add_conditions(&sql, m->q, state, m->w->by == HISTORY_BY_SINCE);
	add_order(&sql, m->w);
	s->st = prepare(m->h, &sql, m->q, err);
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
		keep(m->h, m->streams[i].st);
	}
}

/* The first row of each state that is asked for; after, if not NULL, has for
 * each the id behind which it has any. 0 or -1. */
static int
open_streams(struct merge *m, const int64_t *after, int limit,
	struct error *err)
{
	unsigned states = states_of(m->q);

	for (int i = 0; i < STATE_COUNT; i++) {
		struct stream *s = &m->streams[i];

		if (!(states & STATE_BIT(i)) || gave_up(m->q))
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
	begin_question(h, q);
	if (open_streams(&m, NULL, limit, err) == 0)
		n = take(&m, limit, rows_out, NULL, err);
	close_streams(&m);
	end_question(h);
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
	begin_question(h, q);
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
	end_question(h);
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
	sqlite3_stmt *st = prepare(h, sql, q, err);
	int rc;

	if (!st)
		return -1;
	sqlite3_bind_int64(st, LIMIT, max);
	if (w)
		bind_place(st, w);
	while ((rc = step(h, st, q, err)) > 0)
		++*sum;
	keep(h, st);
	return rc;
}

static int
count_state(struct history *h, const struct history_query *q, enum state state,
	int64_t *sum, struct error *err)
{
	struct str sql = STR_INIT;
	int rc;

	str_add(&sql, "SELECT 1");
	add_conditions(&sql, q, state, true);
	begin_question(h, q);
	rc = count_rows(h, &sql, q, NULL, 0, sum, err);
	end_question(h);
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

	all.match = NULL;
	back.forward = !w->forward;
	*out = 0;
	for (int i = 0; i < STATE_COUNT && rc == 0; i++) {
		if (!(states_of(&all) & STATE_BIT(i)))
			continue;
		str_clear(&sql);
		str_add(&sql, "SELECT 1");
		add_conditions(&sql, &all, (enum state)i,
			w->by == HISTORY_BY_SINCE);
		add_order(&sql, &back);
		rc = count_rows(h, &sql, &all, &back, max - *out, out, err);
	}
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
	unsigned states = states_of(q);
	int64_t sum = 0;
	int rc = 0;

	for (int i = 0; rc == 0 && i < STATE_COUNT; i++)
		if (states & STATE_BIT(i))
			rc = q->match ? count_state(h, q, (enum state)i, &sum,
				err) : ask_tally(h, q, (enum state)i, &sum,
				err);
	if (rc == 0)
		*out = sum;
	return rc;
}
