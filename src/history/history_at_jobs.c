/* SPDX-License-Identifier: ISC */
/* history_at_jobs: work on messages at a time that is past. See history_at.h. */
#include "history/history_at.h"
#include "history/history_private.h"
#include "base/xalloc.h"

#include <string.h>

/* So many items of a result, and with an outcome if it put them back. */
static void
add(struct history_action *a, const char *result, const char *outcome,
	int64_t n)
{
	struct {
		const char *word;
		int64_t *count;
	} words[] = {
		{ "done", &a->done }, { "noted", &a->done },
		{ "skipped", &a->skipped }, { "failed", &a->failed },
		{ "waits", &a->waits }, { "imported", &a->imported },
		{ "failed again", &a->again }, { "deferred", &a->deferred },
		{ "acted on", &a->acted },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].word, result) == 0 ||
		    strcmp(words[i].word, outcome) == 0)
			*words[i].count += n;
}

/* From what it is now to what it was. */
static int
go_back(struct history *h, struct history_action *a, int64_t at,
	struct error *err)
{
	sqlite3_stmt *st;
	int rc;

	a->done = a->skipped = a->failed = a->undone_by = 0;
	a->waits = a->imported = a->again = a->deferred = a->acted = 0;
	if (a->ended_at > at)
		a->ended_at = HISTORY_NO_TIME;
	xstrset(&a->job_state, a->ended_at == HISTORY_NO_TIME ? "running" :
		a->job_state);
	xstrset(&a->job_by, NULL);
	xstrset(&a->job_why, NULL);
	st = history_stmt(h, err, SQL_AT_ITEMS, "ii", a->id, at);
	while ((rc = history_step(h, st, err)) > 0)
		add(a, (const char *)sqlite3_column_text(st, 0),
			(const char *)sqlite3_column_text(st, 1),
			sqlite3_column_int64(st, 2));
	return rc;
}

int
history_at_jobs(struct history *h, int64_t at,
	struct history_action *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_JOBS, "ii", at,
		(int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		history_read_action(st, 0, &rows_out[n++]);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = go_back(h, &rows_out[i], at, err);
	while (rc < 0 && n > 0)
		history_action_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}
