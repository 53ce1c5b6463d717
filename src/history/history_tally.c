/* SPDX-License-Identifier: ISC */
/*
 * history_tally: counts by state and cause, which triggers keep, and whether
 * they are what the rows say. See history_message.h.
 */
#include "history/history_private.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

int
history_counts(struct history *h, struct history_counts *out,
	struct error *err)
{
	struct history_counts counts = { 0 };
	sqlite3_stmt *st = history_stmt(h, err, SQL_COUNTS, "");
	enum state state;
	int rc;

	while ((rc = history_step(h, st, err)) > 0) {
		if (!state_parse((const char *)sqlite3_column_text(st, 0),
		    &state))
			continue;
		counts.n[state] = sqlite3_column_int64(st, 1);
		counts.bytes[state] = sqlite3_column_int64(st, 2);
	}
	if (rc == 0)
		*out = counts;
	return rc;
}

struct group {
	char state[16];
	int64_t cause, suspect;
	int64_t n, bytes, retried;
};

#define GROUPS_MAX 1000000	/* states times causes */

/* Sorted by the first three. */
struct tally {
	struct group *groups;
	size_t count, cap;
	size_t last;		/* found last: rows come in runs */
};

static int
compare(const struct group *a, const struct group *b)
{
	int order = strcmp(a->state, b->state);

	if (order != 0)
		return order;
	if (a->cause != b->cause)
		return a->cause < b->cause ? -1 : 1;
	return a->suspect < b->suspect ? -1 : a->suspect > b->suspect;
}

/* The group of key, made if it is new. */
static struct group *
find(struct tally *t, const struct group *key)
{
	size_t low = 0, high = t->count;

	if (t->last < t->count && compare(&t->groups[t->last], key) == 0)
		return &t->groups[t->last];
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&t->groups[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == t->count || compare(&t->groups[low], key) != 0) {
		xgrow(&t->groups, &t->cap, t->count + 1, sizeof *t->groups,
			GROUPS_MAX);
		memmove(t->groups + low + 1, t->groups + low,
			(t->count - low) * sizeof *t->groups);
		t->groups[low] = *key;
		t->count++;
	}
	t->last = low;
	return &t->groups[low];
}

static struct group
read_key(sqlite3_stmt *st)
{
	const char *state = (const char *)sqlite3_column_text(st, 0);
	struct group key = { .cause = sqlite3_column_int64(st, 1),
		.suspect = sqlite3_column_int64(st, 2) };

	strncpy(key.state, state ? state : "", sizeof key.state - 1);
	return key;
}

/* Counted here: SQLite would sort all rows for it, in memory. */
static int
count_rows(struct history *h, struct tally *t, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_TALLY_ROWS, "");
	int rc;

	while ((rc = history_step(h, st, err)) > 0) {
		struct group key = read_key(st), *g = find(t, &key);

		g->n++;
		if (__builtin_add_overflow(g->bytes,
		    sqlite3_column_int64(st, 3), &g->bytes))
			g->bytes = INT64_MAX;
		g->retried += sqlite3_column_int(st, 4);
	}
	return rc;
}

/* Takes what the tallies say from what was counted. */
static int
take_tallies(struct history *h, struct tally *t, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_TALLY_ALL, "");
	int rc;

	while ((rc = history_step(h, st, err)) > 0) {
		struct group key = read_key(st), *g = find(t, &key);

		g->n -= sqlite3_column_int64(st, 3);
		g->bytes = g->bytes != sqlite3_column_int64(st, 4);
		g->retried -= sqlite3_column_int64(st, 5);
		/* Of none there may be a row, or not. */
	}
	return rc;
}

/* At one moment: so this reads all rows in one transaction, a second of a
 * million. */
static int
compare_all(struct history *h, struct tally *t, struct error *err)
{
	int rc = sqlite3_exec(h->db, "SAVEPOINT tally", NULL, NULL, NULL) ==
		SQLITE_OK ? 0 : history_fail(h, err, "count messages");

	if (rc == 0)
		rc = count_rows(h, t, err);
	if (rc == 0)
		rc = take_tallies(h, t, err);
	sqlite3_exec(h->db, "RELEASE tally", NULL, NULL, NULL);
	return rc;
}

int
history_tally_agrees(struct history *h, struct error *err)
{
	struct tally t = { 0 };
	int rc = compare_all(h, &t, err);

	for (size_t i = 0; rc == 0 && i < t.count; i++)
		rc = t.groups[i].n || t.groups[i].bytes || t.groups[i].retried;
	free(t.groups);
	return rc < 0 ? -1 : !rc;
}

int
history_tally_anew(struct history *h, struct error *err)
{
	struct tally t = { 0 };
	int rc = count_rows(h, &t, err);

	if (rc == 0)
		rc = history_run(h, history_stmt(h, err, SQL_TALLY_CLEAR, ""),
			err);
	for (size_t i = 0; rc == 0 && i < t.count; i++)
		rc = history_run(h, history_stmt(h, err, SQL_TALLY_PUT,
			"tiiiii", t.groups[i].state, t.groups[i].cause,
			t.groups[i].suspect, t.groups[i].n, t.groups[i].bytes,
			t.groups[i].retried), err);
	free(t.groups);
	return rc;
}
