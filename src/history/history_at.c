/* SPDX-License-Identifier: ISC */
/* history_at: see history_at.h for the contract. */
#include "history/history_at_private.h"
#include "base/xalloc.h"

#include <stdlib.h>

#define STAYS_ALL 1000000	/* so many are kept, whenever they began */
#define STAYS_MAX ((size_t)1 << 28)

struct history_at *
history_at_open(struct history *h, int64_t at)
{
	struct history_at *a = xcalloc(1, sizeof *a);

	*a = (struct history_at){ .h = h, .at = at, .low = INT64_MAX,
		.high = INT64_MAX };
	return a;
}

void
history_at_free(struct history_at *a)
{
	if (!a)
		return;
	free(a->stays);
	free(a->by_id);
	free(a->by_since);
	free(a->by_failed);
	history_cause_row_release(&a->last);
	free(a);
}

void
history_at_go(struct history_at *a, int64_t at)
{
	if (at != a->at)
		a->version = 0;
	a->at = at;
}

int64_t
history_at_time(const struct history_at *a)
{
	return a->at;
}

/* ---- who left ---- */

/* More than that are kept only if they were there at the time. */
static void
keep_then(struct history_at *a)
{
	size_t kept = 0;

	a->high = a->at;
	for (size_t i = 0; i < a->count; i++)
		if (a->stays[i].since <= a->high)
			a->stays[kept++] = a->stays[i];
	a->count = kept;
}

/* The rest of what a statement says: message, since, left; then the state (if
 * it is not `state`) and the row's id, the newest of which is kept. */
static int
read_stays(struct history_at *a, sqlite3_stmt *st, enum state state,
	int64_t *newest, struct error *err)
{
	int rc;

	while ((rc = history_step(a->h, st, err)) > 0) {
		struct stay s = { sqlite3_column_int64(st, 0),
			sqlite3_column_int64(st, 1),
			sqlite3_column_int64(st, 2), 0, 0, AT_CAUSE_UNKNOWN,
			(uint8_t)state };

		if (state == STATE_COUNT)
			s.state = (uint8_t)history_state(st, 3);
		if (newest)
			*newest = sqlite3_column_int64(st, 4);
		if (s.left <= a->low && newest)
			continue;
		if (a->count == STAYS_ALL && a->high == INT64_MAX)
			keep_then(a);
		if (s.since > a->high)
			continue;
		xgrow(&a->stays, &a->cap, a->count + 1, sizeof *a->stays,
			STAYS_MAX);
		a->stays[a->count++] = s;
	}
	return rc;
}

/* Those who left from `low` on, up to and with `high`. 0 or -1. */
static int
read_between(struct history_at *a, int64_t low, int64_t high,
	struct error *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < STATE_COUNT; i++)
		rc = read_stays(a, history_stmt(a->h, err, SQL_AT_LEFT, "tii",
			state_word((enum state)i), low, high), (enum state)i,
			NULL, err);
	return rc < 0 ? -1 : read_stays(a, history_stmt(a->h, err,
		SQL_AT_BEGUN, "ii", low, high), STATE_COUNT, NULL, err);
}

/* What was written since it was read last. 0 or -1. */
static int
read_new(struct history_at *a, struct error *err)
{
	if (read_stays(a, history_stmt(a->h, err, SQL_AT_LEFT_NEW, "i",
	    a->change), STATE_COUNT, &a->change, err) < 0)
		return -1;
	return read_stays(a, history_stmt(a->h, err, SQL_AT_BEGUN_NEW, "i",
		a->attempt), STATE_COUNT, &a->attempt, err);
}

static int
read_all(struct history_at *a, struct error *err)
{
	sqlite3_stmt *st = history_stmt(a->h, err, SQL_AT_NEWEST, "");

	if (history_step(a->h, st, err) <= 0)
		return -1;
	a->change = sqlite3_column_int64(st, 0);
	a->attempt = sqlite3_column_int64(st, 1);
	history_done(st);
	a->count = 0;
	a->high = INT64_MAX;
	return read_between(a, a->at, INT64_MAX, err);
}

/* ---- of them, those who were there ---- */

static int
by_id(const void *x, const void *y, void *arg)
{
	const struct stay *s = arg, *a = &s[*(const size_t *)x],
		*b = &s[*(const size_t *)y];

	return a->id < b->id ? -1 : a->id > b->id;
}

static int
by_since(const void *x, const void *y, void *arg)
{
	const struct stay *s = arg, *a = &s[*(const size_t *)x],
		*b = &s[*(const size_t *)y];

	return a->since != b->since ? a->since < b->since ? -1 : 1 :
		by_id(x, y, arg);
}

static void
sort(struct history_at *a)
{
	size_t n = 0, left = 0, room = a->count ? a->count : 1;

	free(a->by_id);
	free(a->by_since);
	a->failed_cause = 0;
	a->by_id = xcalloc(room, sizeof *a->by_id);
	for (size_t i = 0; i < a->count; i++)
		if (a->stays[i].since <= a->at && a->stays[i].left > a->at)
			a->by_id[n++] = i;
	qsort_r(a->by_id, n, sizeof *a->by_id, by_id, a->stays);
	/* A clock that was set back may have told one twice. */
	for (size_t i = 0; i < n; i++)
		if (left == 0 || a->stays[a->by_id[left - 1]].id !=
		    a->stays[a->by_id[i]].id)
			a->by_id[left++] = a->by_id[i];
	a->left = left;
	a->by_since = xmemdup(a->by_id, room * sizeof *a->by_id);
	qsort_r(a->by_since, left, sizeof *a->by_since, by_since, a->stays);
}

/* Those that are there now, less those that came since, and those that
 * left. 0 or -1. */
static int
count(struct history_at *a, struct error *err)
{
	sqlite3_stmt *st = history_stmt(a->h, err, SQL_AT_COUNTS, "i", a->at);
	int rc;

	a->counts = (struct history_counts){ 0 };
	while ((rc = history_step(a->h, st, err)) > 0)
		a->counts.n[history_state(st, 0)] +=
			sqlite3_column_int64(st, 1);
	for (size_t i = 0; i < a->left; i++)
		a->counts.n[a->stays[a->by_id[i]].state]++;
	return rc;
}

int
history_at_gather(struct history_at *a, struct error *err)
{
	int64_t version;
	int rc = history_data_version(a->h, &version, err);

	if (rc < 0 || version == a->version)
		return rc;
	if (a->low == INT64_MAX || a->at > a->high)
		rc = read_all(a, err);
	else if ((rc = read_new(a, err)) == 0 && a->at < a->low)
		rc = read_between(a, a->at, a->low, err);
	if (rc == 0) {
		if (a->at < a->low)
			a->low = a->at;
		sort(a);
		rc = count(a, err);
	}
	a->version = rc == 0 ? version : 0;
	if (rc < 0)
		a->low = INT64_MAX;
	return rc;
}

int
history_at_counts(struct history_at *a, struct history_counts *out,
	struct error *err)
{
	int rc = history_begin_read(a->h, err);

	if (rc == 0) {
		rc = history_at_gather(a, err);
		history_end_read(a->h);
	}
	if (rc == 0)
		*out = a->counts;
	return rc;
}

int
history_at_und(struct history *h, int64_t at, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_UND, "i", at);

	if (history_step(h, st, err) <= 0)
		return -1;
	*out = sqlite3_column_int64(st, 0);
	history_done(st);
	return 0;
}
