/* SPDX-License-Identifier: ISC */
/* history_fill: see history_fill.h for the contract. */
#include "history/history_fill.h"
#include "history/history_private.h"
#include "history/seal_history.h"
#include "base/xalloc.h"

#include <stdlib.h>

/* Where a message is, and since when. */
struct stay {
	enum state state;
	int64_t since;
};

/* A message on its way from its arrival to what is known of it. */
struct walk {
	int64_t id;
	struct stay at;
	struct stay known;		/* the first one that a row tells */
	int64_t failed_at;
};

/* What an old row tells: an attempt, or an item of an action. */
struct step {
	bool is_attempt;
	int64_t row;			/* id of the attempt, or action */
	int64_t at, ended_at;
	bool imported, interrupted;
	enum state from, to;		/* of an item */
};

/* Behind those that are not later: few are not the last one. */
static void
put_step(struct step *steps, size_t n, const struct step *s)
{
	for (; n > 0 && steps[n - 1].at > s->at; n--)
		steps[n] = steps[n - 1];
	steps[n] = *s;
}

static int
read_steps(struct history *h, int64_t id, struct step **out, size_t *n_out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_FILL_STEPS, "i", id);
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n_out = 0;
	while ((rc = history_step(h, st, err)) > 0) {
		xgrow(out, &cap, *n_out + 1, sizeof **out, SIZE_MAX);
		put_step(*out, (*n_out)++, &(struct step){
			.is_attempt = sqlite3_column_int(st, 0),
			.row = sqlite3_column_int64(st, 1),
			.at = sqlite3_column_int64(st, 2),
			.ended_at = history_time(st, 3),
			.imported = sqlite3_column_int(st, 4),
			.interrupted = sqlite3_column_int(st, 5),
			.from = history_state(st, 6),
			.to = history_state(st, 7),
		});
	}
	return rc;
}

/* A row of change, and the walk goes on from there. */
static int
go_to(struct history *h, struct walk *w, enum state state, int64_t at,
	int64_t attempt, int64_t action, struct error *err)
{
	int64_t id;

	if (history_insert(h, err, SEAL_CHANGE, &id, "iititii", at, w->id,
	    state_word(w->at.state), w->at.since, state_word(state), attempt,
	    action) < 0)
		return -1;
	w->at = (struct stay){ state, at };
	return 0;
}

/* The state that an attempt ended in: what comes next began from there. */
static enum state
end_of(const struct walk *w, const struct step *s, const struct step *next)
{
	if (s->imported)
		return STATE_IMPORTED;
	if (next)
		return next->is_attempt ? STATE_DEFERRED : next->from;
	return w->known.state;
}

static int
take_step(struct history *h, struct walk *w, const struct step *s,
	const struct step *next, struct error *err)
{
	if (!s->is_attempt)
		return go_to(h, w, s->to, s->at, 0, s->row, err);
	if (history_run(h, history_stmt(h, err, SQL_FILL_ATTEMPT, "iti",
	    s->row, state_word(w->at.state), w->at.since), err) < 0)
		return -1;
	w->at = (struct stay){ STATE_IMPORTING, s->at };
	if (s->ended_at == HISTORY_NO_TIME)
		return 0;
	if (!s->imported && !s->interrupted)
		w->failed_at = s->ended_at;
	return go_to(h, w, end_of(w, s, next), s->ended_at, s->row, 0, err);
}

/* The first place that a row of its own tells. */
static int
read_known(struct history *h, struct walk *w, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_FILL_KNOWN, "i", w->id);
	bool first = true;
	int rc;

	while ((rc = history_step(h, st, err)) > 0) {
		int64_t since = sqlite3_column_int64(st, 1);

		if (first || since < w->known.since)
			w->known = (struct stay){ history_state(st, 0), since };
		first = false;
	}
	return rc;
}

static int
fill_one(struct history *h, struct walk *w, struct error *err)
{
	struct step *steps = NULL;
	size_t n = 0;
	int64_t txn;
	int rc = read_known(h, w, err) < 0 ||
		read_steps(h, w->id, &steps, &n, err) < 0 ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = take_step(h, w, &steps[i], i + 1 < n ? &steps[i + 1] :
			NULL, err);
	free(steps);
	if (rc == 0 && w->at.since < w->known.since)
		rc = go_to(h, w, w->known.state, w->known.since, 0, 0, err);
	if (rc == 0 && w->failed_at && (rc = history_txn(h, &txn, err)) == 0)
		rc = history_run(h, history_stmt(h, err, SQL_FILL_FAILED,
			"iii", w->id, w->failed_at, txn), err);
	return rc;
}

int
history_fill_left(struct history *h, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_FILL_LEFT, "");
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

/* The highest one up to an id, at its arrival. 1, 0 none, -1. */
static int
read_next(struct history *h, int64_t up_to, struct walk *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_FILL_NEXT, "i", up_to);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = (struct walk){ .id = sqlite3_column_int64(st, 0),
			.at = { STATE_QUEUED, sqlite3_column_int64(st, 1) },
			.known = { history_state(st, 2),
				sqlite3_column_int64(st, 3) } };
		history_done(st);
	}
	return rc;
}

int
history_fill(struct history *h, int max, struct error *err)
{
	struct walk w;
	int64_t left = 0;
	int rc = history_fill_left(h, &left, err), n = 0;

	if (rc < 0 || left == 0)
		return rc;
	while (n < max && (rc = read_next(h, left, &w, err)) > 0) {
		if (fill_one(h, &w, err) < 0)
			return -1;
		left = w.id - 1;
		n++;
	}
	if (rc < 0 || history_run(h, history_stmt(h, err, SQL_FILL_PUT, "i",
	    n < max ? 0 : left), err) < 0)
		return -1;
	return n;
}
