/* SPDX-License-Identifier: ISC */
/* history_attempt: the rows of attempts. See history.h for the contract. */
#include "history/history_private.h"
#include "history/seal_history.h"

#include <stdlib.h>
#include <string.h>

void
history_attempt_release(struct history_attempt *a)
{
	free(a->why);
	free(a->class);
	free(a->copy);
	free(a->reason);
	free(a->output);
	memset(a, 0, sizeof *a);
}

void
history_read_attempt(sqlite3_stmt *st, struct history_attempt *out)
{
	struct history_attempt a = { 0 };

	a.id = sqlite3_column_int64(st, 0);
	a.message = sqlite3_column_int64(st, 1);
	a.number = sqlite3_column_int64(st, 2);
	a.lane = sqlite3_column_int(st, 3);
	a.why = history_text(st, 4);
	a.started_at = sqlite3_column_int64(st, 5);
	a.ended_at = history_time(st, 6);
	a.took_ms = sqlite3_column_int64(st, 7);
	a.class = history_text(st, 8);
	a.code = history_code(st, 9);
	a.signal = sqlite3_column_int(st, 10);
	a.counted = sqlite3_column_int(st, 11);
	a.probe = sqlite3_column_int(st, 12);
	a.copy = history_text(st, 13);
	a.reason = history_text(st, 14);
	a.output = history_blob(st, 15, &a.output_len);
	a.und_file = sqlite3_column_int64(st, 16);
	a.und_start = sqlite3_column_int64(st, 17);
	a.und_end = sqlite3_column_int64(st, 18);
	a.und_entries = sqlite3_column_int64(st, 19);
	a.from_state = history_state(st, 20);
	a.from_since = sqlite3_column_int64(st, 21);
	*out = a;
}

int
history_attempt_begin(struct history *h, struct history_attempt *a,
	struct error *err)
{
	return history_insert(h, err, SEAL_ATTEMPT, &a->id, "iiitiiti",
		a->message, a->number, (int64_t)a->lane, a->why,
		a->started_at, (int64_t)a->probe, state_word(a->from_state),
		a->from_since);
}

int
history_attempt_open(struct history *h, int64_t after,
	struct history_attempt *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_ATTEMPT_OPEN, "i", after);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		history_read_attempt(st, out);
		history_done(st);
	}
	return rc;
}

int
history_attempts_open(struct history *h, int64_t max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_ATTEMPTS_OPEN, "i", max);
	int n = -1;

	if (history_step(h, st, err) > 0) {
		n = sqlite3_column_int(st, 0);
		history_done(st);
	}
	return n;
}

int
history_attempts(struct history *h, int64_t message, int64_t before,
	struct history_attempt *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st;
	int n = 0, rc;

	if (before == 0)
		before = INT64_MAX;
	if (message)
		st = history_stmt(h, err, SQL_ATTEMPTS, "iii", message, before,
			(int64_t)max);
	else
		st = history_stmt(h, err, SQL_ATTEMPTS_ALL, "ii", before,
			(int64_t)max);
	while ((rc = history_step(h, st, err)) > 0)
		history_read_attempt(st, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_attempt_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

const int history_tally_ms[HISTORY_TALLY_BANDS] = {
	5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 120000, 0,
};

static int
band_of(int64_t took_ms)
{
	int i = 0;

	while (history_tally_ms[i] && took_ms > history_tally_ms[i])
		i++;
	return i;
}

/* Its row in the tally; a counter that anybody may read, and nobody counts. */
static int
add_to_tally(struct history *h, const struct history_attempt *a,
	struct error *err)
{
	int64_t took = a->took_ms > 0 ? a->took_ms : 0;

	return a->class ? history_run(h, history_stmt(h, err,
		SQL_ATTEMPT_TALLY_ADD, "tii", a->class, (int64_t)band_of(took),
		took), err) : 0;
}

int
history_attempt_end(struct history *h, const struct history_attempt *a,
	struct error *err)
{
	if (history_run(h, history_stmt(h, err, SQL_ATTEMPT_END,
	    "iiitciittbiiii", a->id, a->ended_at, a->took_ms, a->class,
	    a->code, (int64_t)a->signal, (int64_t)a->counted, a->copy,
	    a->reason, (const void *)a->output, a->output_len, a->und_file,
	    a->und_start, a->und_end, a->und_entries), err) < 0)
		return -1;
	return add_to_tally(h, a, err);
}

int
history_attempt_tallies(struct history *h,
	struct history_attempt_tally *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_ATTEMPT_TALLY, "i",
		(int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0) {
		struct history_attempt_tally *t = &rows_out[n];

		t->band = sqlite3_column_int(st, 1);
		t->n = sqlite3_column_int64(st, 2);
		t->took_ms = sqlite3_column_int64(st, 3);
		n += class_parse((const char *)sqlite3_column_text(st, 0),
			&t->class) && t->band >= 0 &&
			t->band < HISTORY_TALLY_BANDS;
	}
	return rc < 0 ? -1 : n;
}
