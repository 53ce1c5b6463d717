/*
 * history_window: messages in an order, forward or back from a place, and how
 * many a question has. See history.h.
 *
 * Each state is asked by itself, so that an index gives the order whatever
 * the store's size, and the answers are merged here.
 */
#include "history/history_private.h"
#include "history/history_columns.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ID = 1, PLACE, LIMIT, CAUSE, SUSPECT, STATE, FIRST_MATCH };

static unsigned
states_of(const struct history_query *q)
{
	unsigned states = q->states ? q->states : STATE_BIT(STATE_COUNT) - 1;

	return q->match ? states & match_states(q->match) : states;
}

static void
add_conditions(struct str *sql, const struct history_query *q)
{
	char *where;

	str_addf(sql, " FROM message m WHERE m.state = ?%d", STATE);
	if (q->cause)
		str_addf(sql, " AND m.cause <> 0 AND m.cause = ?%d", CAUSE);
	if (q->suspect != HISTORY_SUSPECT_ANY)
		str_addf(sql, " AND m.suspect = ?%d", SUSPECT);
	if (q->match) {
		where = match_where(q->match, FIRST_MATCH);
		str_addf(sql, " AND (%s)", where);
		free(where);
	}
}

void
history_bind_match(sqlite3_stmt *st, const struct match *match, int first)
{
	for (size_t i = 0; match && i < match_value_count(match); i++) {
		struct match_value v = match_value(match, i);

		if (v.type == MATCH_VALUE_TEXT)
			sqlite3_bind_text(st, first + (int)i, v.text, -1,
				SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(st, first + (int)i, v.number);
	}
}

static void
bind_conditions(sqlite3_stmt *st, const struct history_query *q,
	enum state state)
{
	sqlite3_bind_text(st, STATE, state_word(state), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, CAUSE, q->cause);
	sqlite3_bind_int(st, SUSPECT, q->suspect == HISTORY_SUSPECT_YES);
	history_bind_match(st, q->match, FIRST_MATCH);
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

static void
done(struct history *h, sqlite3_stmt *st)
{
	sqlite3_finalize(st);
	sqlite3_progress_handler(h->db, 0, NULL, NULL);
	h->regex = NULL;
}

/* To be ended by done(). */
static sqlite3_stmt *
prepare(struct history *h, struct str *sql, const struct history_query *q,
	enum state state, struct error *err)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(h->db, sql->data, -1, &st, NULL) != SQLITE_OK) {
		history_fail(h, err, "look for messages");
		return NULL;
	}
	bind_conditions(st, q, state);
	h->regex = q->match;
	if (q->match && q->patience)
		sqlite3_progress_handler(h->db, PATIENCE_STEPS, ask_patience,
			q->patience);
	return st;
}

/* The end of an answer, or the end of patience. */
static bool
is_end(const struct history_query *q, int rc)
{
	return rc == SQLITE_DONE || (rc == SQLITE_INTERRUPT && q->patience &&
		q->patience->gave_up);
}

int
history_read_messages(struct history *h, sqlite3_stmt *st,
	const struct history_query *q, struct history_message *rows_out,
	struct error *err)
{
	int n = 0, rc;

	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		history_read_message(st, &rows_out[n++]);
	if (!is_end(q, rc)) {
		history_fail(h, err, "look for messages");
		while (n > 0)
			history_message_release(&rows_out[--n]);
		n = -1;
	}
	done(h, st);
	return n;
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

/* The part of the answer that one state gives. Number or -1. */
static int
ask_state(struct history *h, const struct history_query *q,
	const struct history_window *w, enum state state, int limit,
	struct history_message *rows_out, struct error *err)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *st;

	str_add(&sql, "SELECT " MESSAGE_COLUMNS);
	add_conditions(&sql, q);
	add_order(&sql, w);
	st = prepare(h, &sql, q, state, err);
	str_release(&sql);
	if (!st)
		return -1;
	sqlite3_bind_int(st, LIMIT, limit);
	bind_place(st, w);
	return history_read_messages(h, st, q, rows_out, err);
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

/* Merges n rows of `more` into the `have` rows of out; what is over limit
 * is released. The new number. */
static int
merge(const struct history_window *w, struct history_message *out, int have,
	struct history_message *more, int n, int limit)
{
	for (int i = 0; i < n; i++) {
		int at = have;

		while (at > 0 && history_window_compare(w, &out[at - 1],
		    &more[i]) > 0)
			at--;
		if (at == limit) {
			history_message_release(&more[i]);
			continue;
		}
		if (have == limit)
			history_message_release(&out[--have]);
		memmove(out + at + 1, out + at,
			(size_t)(have - at) * sizeof *out);
		out[at] = more[i];
		have++;
	}
	return have;
}

int
history_window(struct history *h, const struct history_query *q,
	const struct history_window *w, int limit,
	struct history_message *rows_out, struct error *err)
{
	struct history_message *more = xcalloc((size_t)limit, sizeof *more);
	unsigned states = states_of(q);
	int have = 0, n = 0;

	assert(limit > 0 && limit <= HISTORY_PAGE);
	for (int i = 0; i < STATE_COUNT && n >= 0; i++) {
		if (!(states & STATE_BIT(i)) ||
		    (q->patience && q->patience->gave_up))
			continue;
		n = ask_state(h, q, w, (enum state)i, limit, more, err);
		have = merge(w, rows_out, have, more, n, limit);
	}
	free(more);
	while (n < 0 && have > 0)
		history_message_release(&rows_out[--have]);
	return n < 0 ? -1 : have;
}

/* Counted row by row, so that what was found is known when patience ends. */
static int
count_state(struct history *h, const struct history_query *q, enum state state,
	int64_t *sum, struct error *err)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *st;
	int rc;

	str_add(&sql, "SELECT 1");
	add_conditions(&sql, q);
	st = prepare(h, &sql, q, state, err);
	str_release(&sql);
	if (!st)
		return -1;
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		++*sum;
	rc = is_end(q, rc) ? 0 : history_fail(h, err, "count messages");
	done(h, st);
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
	sqlite3_stmt *st;
	int rc = SQLITE_DONE;

	all.match = NULL;
	back.forward = !w->forward;
	*out = 0;
	for (int i = 0; i < STATE_COUNT && rc == SQLITE_DONE; i++) {
		if (!(states_of(&all) & STATE_BIT(i)))
			continue;
		str_clear(&sql);
		str_add(&sql, "SELECT 1");
		add_conditions(&sql, &all);
		add_order(&sql, &back);
		st = prepare(h, &sql, &all, (enum state)i, err);
		rc = SQLITE_ERROR;
		if (!st)
			break;
		sqlite3_bind_int64(st, LIMIT, max - *out);
		bind_place(st, &back);
		while ((rc = sqlite3_step(st)) == SQLITE_ROW)
			++*out;
		if (rc != SQLITE_DONE)
			history_fail(h, err, "count messages");
		done(h, st);
	}
	str_release(&sql);
	return rc == SQLITE_DONE ? 0 : -1;
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
