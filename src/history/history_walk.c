/* SPDX-License-Identifier: ISC */
/*
 * history_walk: see history_walk.h. It goes through each state along an index:
 * by id, since, or, of a cause, by failed. How far a slice goes is asked first,
 * of all that is there; then the ids in it for which the rest holds. Another
 * order's places are a condition then, and no way.
 */
#include "history/history_question.h"
#include "history/history_walk.h"
#include "base/xalloc.h"

#include <stdlib.h>

enum { PLACE = QUESTION_OWN, ID, END, END_ID, SKIP, FROM, FROM_ID, TO, TO_ID,
	HIGHEST };

static struct history_walk_place
place_of(enum history_order by, const struct history_message *m)
{
	struct history_walk_place p = { .is = m != NULL };
	struct history_value v;

	if (!m)
		return p;
	v = question_value(by, m);
	p.text = v.text ? xstrdup(v.text) : NULL;
	p.number = v.number;
	p.id = m->id;
	return p;
}

/* The order it goes by: one in which an index has no more than is asked for. */
static enum history_order
way(const struct history_walk *walk)
{
	return walk->q.cause && walk->q.suspect != HISTORY_SUSPECT_ANY ?
		HISTORY_BY_FAILED : walk->by == HISTORY_BY_SINCE ?
		HISTORY_BY_SINCE : HISTORY_BY_ID;
}

/* A state from its beginning, or from the first place. */
static void
enter(struct history_walk *walk)
{
	bool placed = walk->from.is && way(walk) == walk->by;

	walk->at = placed ? walk->from.number : INT64_MIN;
	walk->at_id = placed ? walk->from.id - 1 : INT64_MIN;
}

int
history_walk_begin(struct history *h, const struct history_query *q,
	enum history_order by, const struct history_message *from,
	const struct history_message *to, struct history_walk *walk,
	struct error *err)
{
	*walk = (struct history_walk){ .q = *q, .by = by,
		.slice = HISTORY_WALK_SLICE, .from = place_of(by, from), .to = place_of(by, to) };
	walk->q.patience = NULL;
	enter(walk);
	return history_highest_id(h, &walk->highest, err);
}

void
history_walk_release(struct history_walk *walk)
{
	free(walk->from.text);
	free(walk->to.text);
	walk->from.text = walk->to.text = NULL;
}

/* What lies behind the last place, up to the slice's end. In an index of
 * expressions SQLite finds no pair. */
static void
add_slice(struct str *sql, const struct history_walk *walk)
{
	const char *by = question_orders[way(walk)];

	if (way(walk) == HISTORY_BY_ID) {
		str_addf(sql, " AND m.id > ?%d AND m.id <= ?%d", ID, END_ID);
		return;
	}
	str_addf(sql, " AND (%s, m.id) > (?%d, ?%d) AND (%s, m.id) <= "
		"(?%d, ?%d)", by, PLACE, ID, by, END, END_ID);
	if (way(walk) == HISTORY_BY_FAILED)
		str_addf(sql, " AND %s BETWEEN ?%d AND ?%d", by, PLACE, END);
}

static void
add_order(struct str *sql, const struct history_walk *walk)
{
	if (way(walk) == HISTORY_BY_ID)
		str_add(sql, " ORDER BY m.id");
	else
		str_addf(sql, " ORDER BY %s, m.id", question_orders[way(walk)]);
}

/* The places, as a condition. */
static void
add_places(struct str *sql, const struct history_walk *walk)
{
	const char *by = question_orders[walk->by];

	str_addf(sql, " AND m.id <= ?%d", HIGHEST);
	if (walk->from.is)
		str_addf(sql, " AND (%s, m.id) >= (?%d, ?%d)", by, FROM,
			FROM_ID);
	if (walk->to.is)
		str_addf(sql, " AND (%s, m.id) <= (?%d, ?%d)", by, TO, TO_ID);
}

static void
bind_place(sqlite3_stmt *st, int value, int id,
	const struct history_walk_place *p)
{
	if (!p->is)
		return;
	if (p->text)
		sqlite3_bind_text(st, value, p->text, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_int64(st, value, p->number);
	sqlite3_bind_int64(st, id, p->id);
}

/* What all its statements have; the slice ends at a place. */
static void
bind(sqlite3_stmt *st, const struct history_walk *walk, int64_t end,
	int64_t end_id)
{
	sqlite3_bind_int64(st, PLACE, walk->at);
	sqlite3_bind_int64(st, ID, walk->at_id);
	sqlite3_bind_int64(st, END, end);
	sqlite3_bind_int64(st, END_ID, end_id);
	sqlite3_bind_int64(st, SKIP, walk->slice - 1);
	sqlite3_bind_int64(st, HIGHEST, walk->highest);
	bind_place(st, FROM, FROM_ID, &walk->from);
	bind_place(st, TO, TO_ID, &walk->to);
}

/* Where the slice ends. 1, 0 with the end of the state, -1. */
static int
find_end(struct history *h, const struct history_walk *walk, int64_t *end,
	int64_t *end_id, struct error *err)
{
	bool placed = walk->to.is && way(walk) == walk->by;
	struct history_query q = walk->q;
	struct str sql = STR_INIT;
	sqlite3_stmt *st;
	int rc = -1;

	q.match = NULL;
	*end = placed ? walk->to.number : INT64_MAX;
	*end_id = placed ? walk->to.id : INT64_MAX;
	str_addf(&sql, "SELECT %s, m.id", question_orders[way(walk)]);
	question_add(&sql, &q, (enum state)walk->state, true);
	add_slice(&sql, walk);
	add_order(&sql, walk);
	str_addf(&sql, " LIMIT 1 OFFSET ?%d", SKIP);
	st = question_prepare(h, &sql, &q, err);
	str_release(&sql);
	if (!st)
		return -1;
	bind(st, walk, *end, *end_id);
	rc = question_step(h, st, &q, err);
	if (rc > 0) {
		*end = sqlite3_column_int64(st, 0);
		*end_id = sqlite3_column_int64(st, 1);
	}
	question_keep(h, st);
	return rc;
}

/* 0 or -1. */
static int
tell_slice(struct history *h, struct history_walk *walk, int64_t end,
	int64_t end_id, void (*add)(void *arg, int64_t id, int state),
	void *arg, struct error *err)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *st;
	int rc;

	str_addf(&sql, "SELECT m.id%s%s", walk->value ? ", " : "",
		walk->value ? walk->value : "");
	question_add(&sql, &walk->q, (enum state)walk->state, true);
	add_slice(&sql, walk);
	add_places(&sql, walk);
	add_order(&sql, walk);
	st = question_prepare(h, &sql, &walk->q, err);
	str_release(&sql);
	if (!st)
		return -1;
	bind(st, walk, end, end_id);
	walk->row = st;
	while ((rc = question_step(h, st, &walk->q, err)) > 0)
		add(arg, sqlite3_column_int64(st, 0), walk->state);
	question_keep(h, st);
	return rc;
}

int
history_walk_next(struct history *h, struct history_walk *walk,
	void (*add)(void *arg, int64_t id, int state), void *arg,
	struct error *err)
{
	int64_t end, end_id;
	int more;

	while (walk->state < STATE_COUNT && !(question_states(&walk->q) &
	    STATE_BIT(walk->state)))
		walk->state++;
	if (walk->state == STATE_COUNT)
		return 0;
	question_begin(h, &walk->q);
	more = find_end(h, walk, &end, &end_id, err);
	if (more >= 0 && tell_slice(h, walk, end, end_id, add, arg, err) < 0)
		more = -1;
	question_end(h);
	walk->at = end;
	walk->at_id = end_id;
	if (more == 0) {
		walk->state++;
		enter(walk);
	}
	return more < 0 ? -1 : 1;
}
