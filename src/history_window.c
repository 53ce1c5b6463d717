/*
 * history_window: messages in an order, forward or back from a place, and how
 * many a question has; the growth of the .und file. See history.h.
 *
 * Each state is asked by itself, so that an index gives the order whatever
 * the store's size, and the answers are merged here.
 */
#include "history_private.h"
#include "xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ID = 1, SINCE, LIMIT, CAUSE, SUSPECT, STATE, FIRST_MATCH };

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

static void
bind_conditions(sqlite3_stmt *st, const struct history_query *q,
	enum state state)
{
	sqlite3_bind_text(st, STATE, state_word(state), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, CAUSE, q->cause);
	sqlite3_bind_int(st, SUSPECT, q->suspect == HISTORY_SUSPECT_YES);
	for (size_t i = 0; q->match && i < match_value_count(q->match); i++) {
		struct match_value v = match_value(q->match, i);

		if (v.type == MATCH_VALUE_TEXT)
			sqlite3_bind_text(st, FIRST_MATCH + (int)i, v.text, -1,
				SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(st, FIRST_MATCH + (int)i, v.number);
	}
}

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
	return st;
}

static void
add_order(struct str *sql, const struct history_window *w)
{
	const char *way = w->forward ? "" : " DESC";
	char sign = w->forward ? '>' : '<';

	if (!w->by_since) {
		if (w->anchor)
			str_addf(sql, " AND m.id %c ?%d", sign, ID);
		str_addf(sql, " ORDER BY m.id%s LIMIT ?%d", way, LIMIT);
		return;
	}
	if (w->anchor)
		str_addf(sql, " AND (m.since, m.id) %c (?%d, ?%d)", sign,
			SINCE, ID);
	str_addf(sql, " ORDER BY m.since%s, m.id%s LIMIT ?%d", way, way, LIMIT);
}

/* The part of the answer that one state gives. Number or -1. */
static int
ask_state(struct history *h, const struct history_query *q,
	const struct history_window *w, enum state state, int limit,
	struct history_message *rows_out, struct error *err)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *st;
	int n = 0, rc;

	str_add(&sql, "SELECT " MESSAGE_COLUMNS);
	add_conditions(&sql, q);
	add_order(&sql, w);
	st = prepare(h, &sql, q, state, err);
	str_release(&sql);
	if (!st)
		return -1;
	sqlite3_bind_int(st, LIMIT, limit);
	if (w->anchor) {
		sqlite3_bind_int64(st, ID, w->anchor->id);
		sqlite3_bind_int64(st, SINCE, w->anchor->since);
	}
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		history_read_message(st, &rows_out[n++]);
	if (rc != SQLITE_DONE) {
		history_fail(h, err, "look for messages");
		while (n > 0)
			history_message_release(&rows_out[--n]);
		n = -1;
	}
	sqlite3_finalize(st);
	h->regex = NULL;
	return n;
}

int
history_window_compare(const struct history_window *w,
	const struct history_message *a, const struct history_message *b)
{
	int order = 0;

	if (w->by_since)
		order = a->since < b->since ? -1 : a->since > b->since;
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
		if (!(states & STATE_BIT(i)))
			continue;
		n = ask_state(h, q, w, (enum state)i, limit, more, err);
		have = merge(w, rows_out, have, more, n, limit);
	}
	free(more);
	while (n < 0 && have > 0)
		history_message_release(&rows_out[--have]);
	return n < 0 ? -1 : have;
}

static int
count_state(struct history *h, const struct history_query *q, enum state state,
	int64_t *sum, struct error *err)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *st;
	int rc;

	str_add(&sql, "SELECT count(*)");
	add_conditions(&sql, q);
	st = prepare(h, &sql, q, state, err);
	str_release(&sql);
	if (!st)
		return -1;
	rc = sqlite3_step(st) == SQLITE_ROW ? 0 :
		history_fail(h, err, "count messages");
	if (rc == 0)
		*sum += sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	h->regex = NULL;
	return rc;
}

int
history_count(struct history *h, const struct history_query *q, int64_t *out,
	struct error *err)
{
	unsigned states = states_of(q);
	struct history_counts counts;
	int64_t sum = 0;
	int rc = 0;

	if (!q->match && !q->cause && q->suspect == HISTORY_SUSPECT_ANY) {
		rc = history_counts(h, &counts, err);
		for (int i = 0; rc == 0 && i < STATE_COUNT; i++)
			sum += states & STATE_BIT(i) ? counts.n[i] : 0;
	} else {
		for (int i = 0; rc == 0 && i < STATE_COUNT; i++)
			if (states & STATE_BIT(i))
				rc = count_state(h, q, (enum state)i, &sum,
					err);
	}
	if (rc == 0)
		*out = sum;
	return rc;
}

void
history_und_reason_release(struct history_und_reason *r)
{
	free(r->reason);
	memset(r, 0, sizeof *r);
}

int
history_und_reasons(struct history *h, int64_t now,
	struct history_und_reason *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_UND_REASONS, "iii",
		now - INT64_C(600000), now - INT64_C(3600000), (int64_t)max);
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
history_und_newest(struct history *h, struct history_und_entry *rows_out,
	int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_UND_NEWEST, "i",
		(int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0) {
		struct history_und_entry *e = &rows_out[n++];

		memset(e, 0, sizeof *e);
		e->id = sqlite3_column_int64(st, 0);
		e->length = sqlite3_column_int64(st, 1);
		e->at = sqlite3_column_int64(st, 2);
		e->message = sqlite3_column_int64(st, 3);
		e->reason = history_text(st, 4);
	}
	while (rc < 0 && n > 0)
		history_und_entry_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_events_newest(struct history *h, int n, int64_t *after_out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_EVENTS_NEWEST, "i",
		(int64_t)n);

	if (history_step(h, st, err) <= 0)
		return -1;
	*after_out = sqlite3_column_int64(st, 0);
	history_done(st);
	return 0;
}
