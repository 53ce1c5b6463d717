/* SPDX-License-Identifier: ISC */
/*
 * history_sorted: see history_sorted.h. What is read comes as rising runs, each
 * at least twice as long as the next, so that no slice sorts more than itself;
 * what changed is taken out, read again and merged in.
 */
#include "history/history_sorted.h"
#include "history/history_question.h"
#include "history/history_walk.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define RUNS 64			/* of more messages than there are */
#define CHANGED_SLICE 1000	/* messages, and what one transaction has */

enum { ID = QUESTION_OWN };

struct entry {
	char *text;		/* NULL: a number */
	int64_t number, id;
};

struct history_sorted {
	struct history_query q;
	enum history_order by;
	struct history_walk walk;
	bool gathered, whole;
	int64_t txn;		/* what was written up to it is in here */
	struct entry *entries;
	size_t count, room;
	size_t runs[RUNS];	/* where each begins */
	size_t run_count;
};

static int
compare(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;
	int order = a->text ? strcmp(a->text, b->text) :
		a->number < b->number ? -1 : a->number > b->number;

	return order ? order : a->id < b->id ? -1 : a->id > b->id;
}

static void
append(struct history_sorted *s, struct entry e)
{
	xgrow(&s->entries, &s->room, s->count + 1, sizeof e, SIZE_MAX);
	s->entries[s->count++] = e;
}

/* Merges the last run into the one before it, from their ends. */
static void
merge_last(struct history_sorted *s)
{
	size_t begin = s->runs[s->run_count - 2];
	size_t middle = s->runs[--s->run_count];
	size_t n = s->count - middle, at = s->count, left = middle;
	struct entry *e = s->entries;
	struct entry *last = xmemdup(e + middle, n * sizeof *e);

	while (n > 0) {
		if (left > begin && compare(&e[left - 1], &last[n - 1]) > 0)
			e[--at] = e[--left];
		else
			e[--at] = last[--n];
	}
	free(last);
}

static size_t
run_length(const struct history_sorted *s, size_t run)
{
	return (run + 1 < s->run_count ? s->runs[run + 1] : s->count) -
		s->runs[run];
}

/* What was appended from there on becomes a run; all: the only one. */
static void
end_run(struct history_sorted *s, size_t begin, bool all)
{
	if (begin < s->count) {
		qsort(s->entries + begin, s->count - begin,
			sizeof *s->entries, compare);
		s->runs[s->run_count++] = begin;
	}
	while (s->run_count > 1 && (all || run_length(s, s->run_count - 2) <
	    2 * run_length(s, s->run_count - 1)))
		merge_last(s);
}

int
history_sorted_new(struct history *h, const struct history_query *q,
	enum history_order by, struct history_sorted **out, struct error *err)
{
	struct history_sorted *s = xcalloc(1, sizeof *s);
	sqlite3_stmt *st = history_stmt(h, err, SQL_TXN_HIGHEST, "");

	s->q = *q;
	s->q.patience = NULL;
	s->by = by;
	if (history_step(h, st, err) <= 0 || (s->txn =
	    sqlite3_column_int64(st, 0), history_done(st),
	    history_walk_begin(h, q, HISTORY_BY_ID, NULL, NULL, &s->walk,
	    err)) < 0) {
		history_sorted_free(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
history_sorted_free(struct history_sorted *s)
{
	if (!s)
		return;
	history_walk_release(&s->walk);
	for (size_t i = 0; i < s->count; i++)
		free(s->entries[i].text);
	free(s->entries);
	free(s);
}

bool
history_sorted_is(const struct history_sorted *s,
	const struct history_query *q, enum history_order by)
{
	return s->by == by && s->q.states == q->states &&
		s->q.match == q->match && s->q.cause == q->cause &&
		s->q.doubt == q->doubt && s->q.suspect == q->suspect &&
		s->q.before_since == q->before_since &&
		s->q.marked_at == q->marked_at &&
		s->q.marked_after == q->marked_after;
}

/* ---- what there is ---- */

/* A row of an id and the value that the order is by. */
static void
append_row(struct history_sorted *s, sqlite3_stmt *st)
{
	struct entry e = { .id = sqlite3_column_int64(st, 0) };

	if (sqlite3_column_type(st, 1) == SQLITE_TEXT)
		e.text = history_text(st, 1);
	else
		e.number = sqlite3_column_int64(st, 1);
	append(s, e);
}

static void
add_walked(void *arg, int64_t id, int state)
{
	(void)id, (void)state;
	append_row(arg, ((struct history_sorted *)arg)->walk.row);
}

static int
gather(struct history *h, struct history_sorted *s, struct error *err)
{
	size_t begin = s->count;
	int more;

	s->walk.value = question_orders[s->by];
	more = history_walk_next(h, &s->walk, add_walked, s, err);
	end_run(s, begin, more == 0);
	s->gathered = more == 0;
	return more < 0 ? -1 : 1;
}

/* ---- what changed ---- */

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Up to which transaction the next slice goes. 1 there is more behind it, 0,
 * -1. */
static int
slice_end(struct history *h, int64_t after, int64_t *end, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_TXN_SLICE, "ii", after,
		(int64_t)CHANGED_SLICE);
	int more = history_step(h, st, err), rc = more;

	if (more == 0) {
		st = history_stmt(h, err, SQL_TXN_HIGHEST, "");
		rc = history_step(h, st, err);
	}
	if (rc <= 0)
		return -1;
	*end = sqlite3_column_int64(st, 0);
	history_done(st);
	return more;
}

/* The ids of all messages written since, up to there, rising; to be freed.
 * Number or -1. */
static int64_t
read_changed(struct history *h, int64_t after, int64_t end, int64_t **ids_out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_TXN_IDS, "ii", after, end);
	int64_t *ids = NULL;
	size_t n = 0, room = 0;
	int rc;

	while ((rc = history_step(h, st, err)) > 0) {
		xgrow(&ids, &room, n + 1, sizeof *ids, SIZE_MAX);
		ids[n++] = sqlite3_column_int64(st, 0);
	}
	*ids_out = ids;
	if (n)
		qsort(ids, n, sizeof *ids, compare_ids);
	return rc < 0 ? -1 : (int64_t)n;
}

static void
take_out(struct history_sorted *s, const int64_t *ids, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct entry e = s->entries[i];

		if (bsearch(&e.id, ids, n, sizeof *ids, compare_ids))
			free(e.text);
		else
			s->entries[kept++] = e;
	}
	s->count = kept;
	s->run_count = kept > 0;
}

/* Those of them that the question has in that state. 0 or -1. */
static int
read_again(struct history *h, struct history_sorted *s, enum state state,
	const int64_t *ids, size_t n, struct error *err)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *st;
	int rc = 0;

	str_addf(&sql, "SELECT m.id, %s", question_orders[s->by]);
	question_add(&sql, &s->q, state, false);
	str_addf(&sql, " AND m.id = ?%d", ID);
	st = question_prepare(h, &sql, &s->q, err);
	str_release(&sql);
	if (!st)
		return -1;
	for (size_t i = 0; i < n && rc >= 0; i++) {
		sqlite3_bind_int64(st, ID, ids[i]);
		while ((rc = question_step(h, st, &s->q, err)) > 0)
			append_row(s, st);
		sqlite3_reset(st);
	}
	question_keep(h, st);
	return rc;
}

static int
take_in(struct history *h, struct history_sorted *s, const int64_t *ids,
	size_t n, struct error *err)
{
	size_t begin = s->count;
	int rc = 0;

	question_begin(h, &s->q);
	for (int i = 0; i < STATE_COUNT && rc == 0; i++)
		if (question_states(&s->q) & STATE_BIT(i))
			rc = read_again(h, s, (enum state)i, ids, n, err);
	question_end(h);
	end_run(s, begin, true);
	return rc;
}

/* What fails is read again by the next: the transaction is not passed. */
static int
catch_up(struct history *h, struct history_sorted *s, struct error *err)
{
	int64_t end, *ids, n;
	int more = slice_end(h, s->txn, &end, err), rc = 0;

	if (more < 0 || end == s->txn)
		return more;
	n = read_changed(h, s->txn, end, &ids, err);
	if (n > 0) {
		take_out(s, ids, (size_t)n);
		rc = take_in(h, s, ids, (size_t)n, err);
	}
	free(ids);
	if (n < 0 || rc < 0)
		return -1;
	s->txn = end;
	return more;
}

int
history_sorted_next(struct history *h, struct history_sorted *s,
	struct error *err)
{
	int more = s->gathered ? catch_up(h, s, err) : gather(h, s, err);

	s->whole = s->whole || more == 0;
	return more;
}

/* ---- what is asked ---- */

bool
history_sorted_whole(const struct history_sorted *s)
{
	return s->whole;
}

int64_t
history_sorted_count(const struct history_sorted *s)
{
	return (int64_t)s->count;
}

/* How many come before the window's anchor in rising order; after: or are it. */
static size_t
below(const struct history_sorted *s, const struct history_window *w,
	bool after)
{
	struct history_value v = question_value(s->by, w->anchor);
	/* Only read. */
	struct entry place = { (char *)(uintptr_t)v.text, v.number,
		w->anchor->id };
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(&s->entries[middle], &place);

		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int
history_sorted_window(struct history *h, const struct history_sorted *s,
	const struct history_window *w, int limit,
	struct history_message *rows_out, struct error *err)
{
	size_t at = !w->anchor ? w->forward ? 0 : s->count :
		below(s, w, w->forward);
	unsigned states = question_states(&s->q);
	int n = 0, rc = 0;

	while (n < limit && (w->forward ? at < s->count : at > 0)) {
		size_t i = w->forward ? at++ : --at;

		rc = history_message_get(h, s->entries[i].id, &rows_out[n],
			err);
		if (rc < 0)
			break;
		if (rc > 0 && states & STATE_BIT(rows_out[n].state))
			n++;
		else if (rc > 0)
			history_message_release(&rows_out[n]);
	}
	while (rc < 0 && n > 0)
		history_message_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int64_t
history_sorted_rank(const struct history_sorted *s,
	const struct history_window *w, int64_t max)
{
	int64_t n = (int64_t)(w->forward ? below(s, w, false) :
		s->count - below(s, w, true));

	return n < max ? n : max;
}
