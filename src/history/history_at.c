/* SPDX-License-Identifier: ISC */
/* history_at: see history_at.h for the contract. */
#include "history/history_at.h"
#include "history/event.h"
#include "history/history_private.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ALL_STATES (STATE_BIT(STATE_COUNT) - 1)

/* A message in a state; since is NO_TIME where its row says it. */
struct place {
	int64_t id, since;
	enum state state;
};

struct history_at {
	struct history *h;
	unsigned states;
	int64_t at;
	int64_t version;		/* of the data when left was read */
	struct place *left;		/* rising by id, each once */
	size_t count, cap;
};

static int
by_id(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	return a->id < b->id ? -1 : a->id > b->id;
}

/* As many as were in a state then: no more than there are messages. */
static void
add_left(struct history_at *a, const struct place *p)
{
	if (a->count == a->cap) {
		a->cap = a->cap ? a->cap * 2 : 64;
		a->left = xrealloc(a->left, a->cap * sizeof *a->left);
	}
	a->left[a->count++] = *p;
}

/* Those that one table says have left the state. */
static int
read_left(struct history_at *a, enum sql sql, enum state state,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(a->h, err, sql, "ti",
		state_word(state), a->at);
	int rc;

	while ((rc = history_step(a->h, st, err)) > 0)
		add_left(a, &(struct place){
			.id = sqlite3_column_int64(st, 0),
			.since = sqlite3_column_int64(st, 1),
			.state = state });
	return rc;
}

/* A clock that was set back may have told one twice. */
static void
sort_left(struct history_at *a)
{
	size_t n = 0;

	if (a->count)
		qsort(a->left, a->count, sizeof *a->left, by_id);
	for (size_t i = 0; i < a->count; i++)
		if (n == 0 || a->left[n - 1].id != a->left[i].id)
			a->left[n++] = a->left[i];
	a->count = n;
}

/* Who left, unless nobody has written since it was read. 0 or -1. */
static int
gather(struct history_at *a, struct error *err)
{
	int64_t version;
	int rc = history_data_version(a->h, &version, err);

	if (rc < 0 || version == a->version)
		return rc;
	a->count = 0;
	for (int i = 0; rc == 0 && i < STATE_COUNT; i++) {
		if (!(a->states & STATE_BIT(i)))
			continue;
		rc = read_left(a, SQL_AT_LEFT, (enum state)i, err);
		if (rc == 0)
			rc = read_left(a, SQL_AT_BEGUN, (enum state)i, err);
	}
	if (rc < 0)
		return -1;
	sort_left(a);
	a->version = version;
	return 0;
}

struct history_at *
history_at_open(struct history *h, unsigned states, int64_t at)
{
	struct history_at *a = xcalloc(1, sizeof *a);

	*a = (struct history_at){ .h = h, .at = at, .version = INT64_MIN,
		.states = states ? states : ALL_STATES };
	return a;
}

void
history_at_free(struct history_at *a)
{
	if (a)
		free(a->left);
	free(a);
}

/* The last attempt that had ended by then, and how many had begun. 0 or -1. */
static int
read_result(struct history *h, struct history_message *m, int64_t at,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_RESULT, "ii", m->id, at);
	bool ended = false;
	int rc;

	m->attempts = 0;
	m->code = HISTORY_NO_CODE;
	m->signal = 0;
	xstrset(&m->class, NULL);
	xstrset(&m->reason, NULL);
	while (!ended && (rc = history_step(h, st, err)) > 0) {
		if (m->attempts == 0)
			m->attempts = sqlite3_column_int64(st, 0);
		ended = sqlite3_column_int(st, 1);
		if (!ended)
			continue;
		m->code = history_code(st, 2);
		m->signal = sqlite3_column_int(st, 3);
		m->class = history_text(st, 4);
		m->reason = history_text(st, 5);
	}
	if (ended)
		history_done(st);
	return ended ? 0 : rc;
}

void
history_at_forget(struct history_message *m)
{
	m->next_attempt_at = m->failed_at = HISTORY_NO_TIME;
	m->tries = m->rejected = m->crashed = m->unavailable = 0;
	m->retries = m->failures = m->rereads = 0;
	m->suspect = m->maybe_delivered = m->doubt = m->late = false;
	m->alone = m->too_large = m->kept = m->move_stuck = false;
	m->und_bytes = m->und_entries = m->cause = 0;
	m->changed_by = m->put_back_by = m->noted_action = 0;
	xstrset(&m->action_reason, NULL);
	xstrset(&m->action_by, NULL);
	xstrset(&m->noted_verb, NULL);
	xstrset(&m->move_from, NULL);
	xstrset(&m->move_to, NULL);
}

/* The row as it was at its place. 1, 0 it was deleted, -1. */
static int
read_then(struct history *h, const struct place *p, int64_t at,
	struct history_message *out, struct error *err)
{
	struct history_message m;
	int rc = history_message_get(h, p->id, &m, err);

	if (rc <= 0)
		return rc;
	if (p->since != HISTORY_NO_TIME) {
		m.state = p->state;
		m.since = p->since;
		if (read_result(h, &m, at, err) < 0) {
			history_message_release(&m);
			return -1;
		}
	}
	history_at_forget(&m);
	*out = m;
	return 1;
}

/* Up to limit that stayed in a state, behind the n places. The new n, or
 * -1. */
static int
add_stayed(struct history_at *a, enum state state, int64_t after, int limit,
	struct place *places, int n, struct error *err)
{
	sqlite3_stmt *st = history_stmt(a->h, err, SQL_AT_STAYED, "tiii",
		state_word(state), a->at, after, (int64_t)limit);
	int rc;

	while ((rc = history_step(a->h, st, err)) > 0)
		places[n++] = (struct place){ sqlite3_column_int64(st, 0),
			HISTORY_NO_TIME, state };
	return rc < 0 ? -1 : n;
}

/* The lowest ids behind `after` of each source; the lowest of all are among
 * them. How many, sorted, or -1. */
static int
next_places(struct history_at *a, int64_t after, int limit,
	struct place *places, struct error *err)
{
	size_t low = 0, high = a->count;
	int n = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (a->left[middle].id <= after)
			low = middle + 1;
		else
			high = middle;
	}
	while (n < limit && low < a->count)
		places[n++] = a->left[low++];
	for (int i = 0; n >= 0 && i < STATE_COUNT; i++)
		if (a->states & STATE_BIT(i))
			n = add_stayed(a, (enum state)i, after, limit, places,
				n, err);
	if (n > 0)
		qsort(places, (size_t)n, sizeof *places, by_id);
	return n;
}

/* The rows of n places, each once, up to limit; *after becomes the last id that
 * was looked at. How many, or -1. */
static int
read_places(struct history_at *a, const struct place *places, int n, int limit,
	int64_t *after, struct history_message *rows_out, struct error *err)
{
	int got = 0, rc = 0;

	for (int i = 0; rc >= 0 && i < n && got < limit; i++) {
		if (i > 0 && places[i].id == *after)
			continue;
		*after = places[i].id;
		rc = read_then(a->h, &places[i], a->at, &rows_out[got], err);
		got += rc > 0;
	}
	while (rc < 0 && got > 0)
		history_message_release(&rows_out[--got]);
	return rc < 0 ? -1 : got;
}

int
history_at_page(struct history_at *a, int64_t after, int limit,
	struct history_message *rows_out, struct error *err)
{
	struct place *places;
	int n, got = -1;

	assert(limit > 0 && limit <= HISTORY_PAGE);
	/* Of one moment, or who leaves meanwhile is in neither. */
	if (history_begin_read(a->h, err) < 0)
		return -1;
	places = xcalloc((size_t)limit * (STATE_COUNT + 1), sizeof *places);
	n = gather(a, err);
	do {
		if (n >= 0)
			n = next_places(a, after, limit, places, err);
		if (n >= 0)
			got = read_places(a, places, n, limit, &after,
				rows_out, err);
	} while (n > 0 && got == 0);
	free(places);
	history_end_read(a->h);
	return n < 0 ? -1 : got;
}

/* The earliest end, after then, of a stay that had begun by then: 1 with its
 * place, 0, -1. */
static int
find_place(struct history *h, int64_t id, int64_t at, struct place *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_PLACE, "ii", id, at);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = (struct place){ id, sqlite3_column_int64(st, 1),
			history_state(st, 0) };
		history_done(st);
	}
	return rc;
}

int
history_at_message(struct history *h, int64_t id, int64_t at,
	struct history_message *out, struct error *err)
{
	struct place p = { .id = id, .since = HISTORY_NO_TIME };
	struct history_message m;
	int rc = history_message_get(h, id, &m, err);
	bool stayed = rc > 0 && m.since <= at;

	if (rc <= 0)
		return rc;
	history_message_release(&m);
	if (!stayed && (rc = find_place(h, id, at, &p, err)) <= 0)
		return rc;
	return read_then(h, &p, at, out, err);
}

void
history_at_attempt(struct history_attempt *a, int64_t at)
{
	if (a->ended_at == HISTORY_NO_TIME || a->ended_at <= at)
		return;
	a->ended_at = HISTORY_NO_TIME;
	a->took_ms = a->und_entries = a->und_start = a->und_end = 0;
	a->code = HISTORY_NO_CODE;
	a->signal = 0;
	a->counted = false;
	a->output_len = 0;
	xstrset(&a->class, NULL);
	xstrset(&a->copy, NULL);
	xstrset(&a->reason, NULL);
}

static int
one_number(struct history *h, sqlite3_stmt *st, int64_t *out,
	struct error *err)
{
	if (history_step(h, st, err) <= 0)
		return -1;
	*out = sqlite3_column_int64(st, 0);
	history_done(st);
	return 0;
}

/* Those that are there now, less those that came, and those that left. */
int
history_at_counts(struct history *h, int64_t at, struct history_counts *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_COUNTS, "i", at);
	struct history_counts c = { 0 };
	int rc;

	while ((rc = history_step(h, st, err)) > 0)
		if (sqlite3_column_type(st, 0) != SQLITE_NULL)
			c.n[history_state(st, 0)] +=
				sqlite3_column_int64(st, 1);
	if (rc == 0)
		*out = c;
	return rc;
}

int
history_at_und(struct history *h, int64_t at, int64_t *out, struct error *err)
{
	return one_number(h, history_stmt(h, err, SQL_AT_UND, "i", at), out,
		err);
}
