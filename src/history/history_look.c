/* SPDX-License-Identifier: ISC */
/* history_look: see history_look.h for the contract. */
#include "history/history_look.h"
#include "history/history_private.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

/* One row: a number of rows and a time. */
static int
count_and_time(struct history *h, sqlite3_stmt *st, int64_t *n_out,
	int64_t *at_out, struct error *err)
{
	if (history_step(h, st, err) <= 0)
		return -1;
	*n_out = sqlite3_column_int64(st, 0);
	*at_out = history_time(st, 1);
	history_done(st);
	return 0;
}

static void
copy_text(char *out, size_t cap, sqlite3_stmt *st, int col)
{
	const char *text = (const char *)sqlite3_column_text(st, col);

	snprintf(out, cap, "%s", text ? text : "");
}

static int
look_at_stuck(struct history *h, struct history_look *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_LOOK_STUCK, "i",
		(int64_t)HISTORY_LOOK_MAX);

	if (history_step(h, st, err) <= 0)
		return -1;
	out->stuck = sqlite3_column_int64(st, 0);
	copy_text(out->stuck_from, sizeof out->stuck_from, st, 1);
	copy_text(out->stuck_to, sizeof out->stuck_to, st, 2);
	history_done(st);
	return 0;
}

static int
look_at_doubt(struct history *h, struct history_look *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_LOOK_DOUBT, "i",
		(int64_t)HISTORY_LOOK_ROWS);

	if (history_step(h, st, err) <= 0)
		return -1;
	out->doubtful = sqlite3_column_int64(st, 0);
	out->doubtful_at = history_time(st, 1);
	out->doubtful_failed = sqlite3_column_int64(st, 2) > 0;
	copy_text(out->doubtful_class, sizeof out->doubtful_class, st, 3);
	copy_text(out->doubtful_reason, sizeof out->doubtful_reason, st, 4);
	history_done(st);
	return 0;
}

int
history_look(struct history *h, int64_t now, struct history_look *out,
	struct error *err)
{
	const int64_t max = HISTORY_LOOK_MAX;
	int64_t n;

	memset(out, 0, sizeof *out);
	if (count_and_time(h, history_stmt(h, err, SQL_LOOK_QUEUED, ""), &n,
	    &out->queued_since, err) < 0 ||
	    count_and_time(h, history_stmt(h, err, SQL_LOOK_DUE, "ii", now,
		    max), &out->deferred_due, &out->deferred_since, err) < 0 ||
	    count_and_time(h, history_stmt(h, err, SQL_LOOK_VAIN, "ii",
		    (int64_t)HISTORY_LOOK_VAIN, (int64_t)HISTORY_LOOK_ROWS),
		    &out->vain, &out->vain_since, err) < 0 ||
	    count_and_time(h, history_stmt(h, err, SQL_LOOK_LARGE, "i", max),
		    &out->large, &out->large_since, err) < 0 ||
	    count_and_time(h, history_stmt(h, err, SQL_LOOK_FAILED, ""), &n,
		    &out->failed_at, err) < 0 ||
	    count_and_time(h, history_stmt(h, err, SQL_LOOK_ASIDE, "i",
		    (int64_t)HISTORY_LOOK_ROWS), &out->aside, &out->aside_at,
		    err) < 0 ||
	    count_and_time(h, history_stmt(h, err, SQL_LOOK_LOST, "ii",
		    now - CLOCK_DAY, max), &out->lost, &out->lost_at, err) < 0)
		return -1;
	return look_at_stuck(h, out, err) < 0 ? -1 :
		look_at_doubt(h, out, err);
}
