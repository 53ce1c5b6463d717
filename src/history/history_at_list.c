/* SPDX-License-Identifier: ISC */
/*
 * history_at_list: messages as they were, in an order, forward or back from a
 * place. See history_at.h.
 *
 * Those that stayed come from history_window, those that left from what is
 * kept of them; the two are merged, and of the second no more rows are read
 * than are handed over.
 */
#include "history/history_at_private.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Those that left, in an order, from a place on. */
struct walk {
	struct history_at *a;
	unsigned states;
	const size_t *order;
	size_t count;
	enum history_order by;
	bool forward;
	size_t next;			/* in the order */
};

static int64_t
place_of(enum history_order by, const struct history_message *m)
{
	return by == HISTORY_BY_ID ? 0 : by == HISTORY_BY_FAILED &&
		m->failed_at != HISTORY_NO_TIME ? m->failed_at : m->since;
}

/* <0, 0, >0: the order of one that left and a place. */
static int
compare(enum history_order by, const struct stay *s,
	const struct history_message *m)
{
	int64_t a = by == HISTORY_BY_ID ? 0 : by == HISTORY_BY_FAILED ?
		s->failed : s->since, b = place_of(by, m);

	if (a != b)
		return a < b ? -1 : 1;
	return s->id < m->id ? -1 : s->id > m->id;
}

static int
by_failed(const void *x, const void *y, void *arg)
{
	const struct stay *s = arg, *a = &s[*(const size_t *)x],
		*b = &s[*(const size_t *)y];

	if (a->failed != b->failed)
		return a->failed < b->failed ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static bool
is_asked(const struct history_at *a, const struct history_query *q,
	const struct stay *s)
{
	return s->cause == q->cause && (q->suspect == HISTORY_SUSPECT_ANY ||
		history_at_suspect(a, s) ==
		(q->suspect == HISTORY_SUSPECT_YES));
}

/* Those of one cause, by when they failed. 0 or -1. */
static int
sort_cause(struct history_at *a, unsigned states,
	const struct history_query *q, struct error *err)
{
	if (a->failed_cause == q->cause && a->failed_states == states &&
	    a->failed_suspect == (int)q->suspect)
		return 0;
	free(a->by_failed);
	a->by_failed = xcalloc(a->left ? a->left : 1, sizeof *a->by_failed);
	a->failed_cause = a->failed = 0;
	for (size_t i = 0; i < a->left; i++) {
		struct stay *s = &a->stays[a->by_id[i]];

		if (!(states & STATE_BIT(s->state)))
			continue;
		if (history_at_cause(a, s, err) < 0)
			return -1;
		if (is_asked(a, q, s))
			a->by_failed[a->failed++] = a->by_id[i];
	}
	qsort_r(a->by_failed, a->failed, sizeof *a->by_failed, by_failed,
		a->stays);
	a->failed_cause = q->cause;
	a->failed_suspect = (int)q->suspect;
	a->failed_states = states;
	return 0;
}

/* How many of the order are before a place. */
static size_t
before(const struct walk *k, const struct history_message *place, bool or_there)
{
	size_t low = 0, high = k->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int rc = compare(k->by, &k->a->stays[k->order[middle]], place);

		if (rc < 0 || (rc == 0 && or_there))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* 0 or -1. */
static int
begin(struct walk *k, struct history_at *a, const struct history_query *q,
	const struct history_window *w, struct error *err)
{
	*k = (struct walk){ .a = a, .by = w->by, .forward = w->forward,
		.order = w->by == HISTORY_BY_ID ? a->by_id : a->by_since,
		.count = a->left, .states = q->states ? q->states :
		STATE_BIT(STATE_COUNT) - 1 };
	if (w->by == HISTORY_BY_FAILED) {
		if (sort_cause(a, k->states, q, err) < 0)
			return -1;
		k->order = a->by_failed;
		k->count = a->failed;
	}
	k->next = w->anchor ? before(k, w->anchor, w->forward) :
		w->forward ? 0 : k->count;
	return 0;
}

/* The next that is asked for, or NULL. */
static struct stay *
step(struct walk *k)
{
	while (k->forward ? k->next < k->count : k->next > 0) {
		size_t i = k->forward ? k->next++ : --k->next;
		struct stay *s = &k->a->stays[k->order[i]];

		if (k->states & STATE_BIT(s->state))
			return s;
	}
	return NULL;
}

/* What is to be asked of those that stayed, in up to two parts: of a cause an
 * index has the order of the suspects and of the others, each by itself. Who is
 * suspect since was not. */
static int
ask_of_stayed(const struct history_at *a, const struct history_query *q,
	struct history_query out[2])
{
	int n = 0;

	out[0] = (struct history_query){ .states = q->states,
		.cause = q->cause, .before_since = a->at + 1 };
	out[1] = out[0];
	if (!q->cause)
		return 1;
	if (q->suspect != HISTORY_SUSPECT_YES)
		out[n++].suspect = HISTORY_SUSPECT_NO;
	out[n].suspect = HISTORY_SUSPECT_YES;
	if (q->suspect != HISTORY_SUSPECT_ANY) {
		out[n].marked_at = a->at;
		out[n].marked_after = q->suspect == HISTORY_SUSPECT_NO;
	}
	return n + 1;
}

/* Puts m rows of `more` between the n of rows, up to limit. The new n. */
static int
put_between(const struct history_window *w, struct history_message *rows,
	int n, struct history_message *more, int m, int limit)
{
	for (int i = 0; i < m; i++) {
		int at = n;

		while (at > 0 && history_window_compare(w, &rows[at - 1],
		    &more[i]) > 0)
			at--;
		if (n == limit)
			history_message_release(at < n ? &rows[--n] : &more[i]);
		if (at > n || n == limit)
			continue;
		memmove(rows + at + 1, rows + at,
			(size_t)(n - at) * sizeof *rows);
		rows[at] = more[i];
		n++;
	}
	return n;
}

/* Those that stayed. Number or -1. */
static int
read_stayed(struct history_at *a, const struct history_query *q,
	const struct history_window *w, int limit,
	struct history_message *rows, struct error *err)
{
	struct history_query now[2];
	struct history_message *more;
	int parts = ask_of_stayed(a, q, now), n, m;

	n = history_window(a->h, &now[0], w, limit, rows, err);
	if (n < 0 || parts < 2)
		return n;
	more = xcalloc((size_t)limit, sizeof *more);
	m = history_window(a->h, &now[1], w, limit, more, err);
	if (m >= 0)
		n = put_between(w, rows, n, more, m, limit);
	while (m < 0 && n > 0)
		history_message_release(&rows[--n]);
	free(more);
	return m < 0 ? -1 : n;
}

/* Merges n rows that stayed, which are taken, with those that left, up to
 * limit. Number or -1. */
static int
merge(struct walk *k, struct history_message *stayed, int n, int limit,
	struct history_message *rows_out, struct error *err)
{
	struct stay *s = step(k);
	int i = 0, got = 0, rc = 0;

	while (rc >= 0 && got < limit && (i < n || s)) {
		if (!s || (i < n && (compare(k->by, s, &stayed[i]) < 0) !=
		    k->forward)) {
			rc = history_at_stayed(k->a->h, &stayed[i], k->a->at,
				err);
			rows_out[got++] = stayed[i++];
			continue;
		}
		rc = history_at_left(k->a->h, s, k->a->at, &rows_out[got],
			err);
		got += rc > 0;
		s = step(k);
	}
	while (i < n)
		history_message_release(&stayed[i++]);
	while (rc < 0 && got > 0)
		history_message_release(&rows_out[--got]);
	return rc < 0 ? -1 : got;
}

int
history_at_window(struct history_at *a, const struct history_query *q,
	const struct history_window *w, int limit,
	struct history_message *rows_out, struct error *err)
{
	struct history_message *stayed;
	struct walk k;
	int n = -1;

	assert(w->by <= HISTORY_BY_FAILED);
	assert((w->by == HISTORY_BY_FAILED) == (q->cause != 0));
	/* Of one moment, or who leaves meanwhile is in neither. */
	if (history_begin_read(a->h, err) < 0)
		return -1;
	stayed = xcalloc((size_t)limit, sizeof *stayed);
	if (history_at_gather(a, err) == 0 && begin(&k, a, q, w, err) == 0)
		n = read_stayed(a, q, w, limit, stayed, err);
	if (n >= 0)
		n = merge(&k, stayed, n, limit, rows_out, err);
	history_end_read(a->h);
	free(stayed);
	return n;
}

int
history_at_rank(struct history_at *a, const struct history_query *q,
	const struct history_window *w, int64_t max, int64_t *out,
	struct error *err)
{
	struct history_window back = *w;
	struct history_query now[2];
	struct walk k;
	int64_t more;
	int parts = ask_of_stayed(a, q, now);
	int rc = history_begin_read(a->h, err);

	if (rc < 0)
		return -1;
	back.forward = !w->forward;
	rc = history_at_gather(a, err) < 0 ? -1 : begin(&k, a, q, &back, err);
	*out = 0;
	for (int i = 0; rc == 0 && i < parts && *out < max; i++) {
		rc = history_rank(a->h, &now[i], w, max - *out, &more, err);
		*out += more;
	}
	while (rc == 0 && *out < max && step(&k))
		++*out;
	history_end_read(a->h);
	return rc;
}
