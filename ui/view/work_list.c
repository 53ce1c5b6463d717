/* SPDX-License-Identifier: ISC */
/* work_list: see work_list.h for the contract. */
#include "view/work_list.h"
#include "view/work_filter.h"
#include "view/log_list.h"
#include "view/mail.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "work/jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_MAX 20
#define PAGE 64
#define LOOK_MOST 2000		/* rows that a filter is asked about */

enum { W_ID, W_STATE, W_AT, W_BY, W_WORDS };

const struct list_column work_columns[WORK_COLUMNS] = {
	[W_ID] = { "JOB", 0, 5, 7, true, 0, false },
	[W_STATE] = { "STATE", 0, 7, 8, false, 0, false },
	[W_AT] = { "BEGUN", 0, 5, 0, true, 1, false },
	[W_BY] = { "BY", 0, 6, 14, false, 2, false },
	[W_WORDS] = { "WHAT CAME OF IT", 0, 20, LIST_UNLIMITED, false, 0, true },
};

static int
take(struct work_list *l, struct history_action *a, struct list_row *out,
	struct error *err)
{
	struct work_row *row = xcalloc(1, sizeof *row);

	row->action = *a;
	str_init(&row->words);
	*out = (struct list_row){ a->id, .data = row };
	if (mail_past(l->then)) {
		history_at_action(&row->action, mail_past(l->then));
		row->action.job = 0;	/* how it stands is of now */
		log_action_words(&row->action, &row->words);
		return 0;
	}
	if (jobs_sentence(l->history, &row->action, &row->words, err) < 0)
		return -1;
	if (a->job && strcmp(a->job_state, "paused") == 0 && a->job_why)
		str_addf(&row->words, "; %s", a->job_why);
	return 0;
}

static void
row_free(void *ctx, struct list_row *row)
{
	struct work_row *w = row->data;

	(void)ctx;
	history_action_release(&w->action);
	str_release(&w->words);
	free(w);
	row->data = NULL;
}

static int
count(void *ctx, int64_t *out, struct error *err)
{
	struct work_list *l = ctx;

	return history_jobs_count(l->history, out, err);
}

static bool
is_open(const struct list_row *row)
{
	const struct work_row *w = row->data;

	return w->action.job && w->action.ended_at == HISTORY_NO_TIME;
}

/* What a fetch has got so far. */
struct got {
	struct work_list *list;
	struct list_row *out;
	size_t n, most;
	size_t looked;
};

/* Takes it, unless the filter leaves it out. 0 or -1. */
static int
take_if(struct got *g, struct history_action *a, struct error *err)
{
	struct list_row *row = &g->out[g->n];
	int rc = take(g->list, a, row, err);

	g->looked++;
	if (rc == 0 && work_filter_holds(g->list->filter, row->data))
		g->n++;
	else
		row_free(g->list, row);
	return rc;
}

/* Takes those that are wanted out of some rows, backwards or not. 0 or -1;
 * all are released or taken. */
static int
take_some(struct got *g, struct history_action *rows, int count, bool turned,
	bool open, int64_t above, int64_t below, struct error *err)
{
	int rc = 0;

	for (int k = 0; k < count; k++) {
		struct history_action *a = &rows[turned ? count - 1 - k : k];
		bool is = a->job && a->ended_at == HISTORY_NO_TIME;

		if (rc < 0 || g->n == g->most || is != open ||
		    a->id <= above || a->id >= below)
			history_action_release(a);
		else
			rc = take_if(g, a, err);
	}
	return rc;
}

/* Those that are not over stand on top. */
static int
fetch_open(struct got *g, bool forward, int64_t above, int64_t below,
	struct error *err)
{
	struct history_action rows[OPEN_MAX];
	int n = history_jobs_open(g->list->history, 0, rows, OPEN_MAX, err);

	return n < 0 ? -1 : take_some(g, rows, n, forward, true, above, below,
		err);
}

/* The others, from an id on. */
static int
fetch_over(struct got *g, bool forward, int64_t from, struct error *err)
{
	struct history_action *rows = xcalloc(PAGE, sizeof *rows);
	int n = 1, rc = 0;

	while (rc == 0 && n > 0 && g->n < g->most && g->looked < LOOK_MOST) {
		n = forward ? history_jobs(g->list->history, from, rows, PAGE,
			err) : history_jobs_after(g->list->history, from, rows,
			PAGE, err);
		if (n > 0)
			from = rows[n - 1].id;
		rc = n < 0 ? -1 : take_some(g, rows, n, false, false, 0,
			INT64_MAX, err);
	}
	g->list->partial = g->looked >= LOOK_MOST;
	free(rows);
	return rc;
}

/* The id behind the newest that had begun then. Or -1. */
static int64_t
behind_then(struct work_list *l, struct error *err)
{
	struct history_action rows[PAGE];
	int64_t before = 0, found = 0;
	int n = 1;

	while (!found && n > 0) {
		n = history_jobs(l->history, before, rows, PAGE, err);
		for (int i = 0; i < n; i++) {
			if (!found && rows[i].at <= mail_past(l->then))
				found = rows[i].id + 1;
			before = rows[i].id;
			history_action_release(&rows[i]);
		}
	}
	return n < 0 ? -1 : found ? found : 1;
}

/* Of a time that is past none stands on top: what was open then is not
 * known. */
static int
fetch_then(struct work_list *l, const struct list_row *anchor, bool forward,
	size_t n, struct list_row *out, struct error *err)
{
	struct history_action *rows;
	int64_t past = mail_past(l->then), place = anchor ? anchor->id :
		forward ? behind_then(l, err) : 0;
	int got, taken = 0, rc;

	if (place < 0)
		return -1;
	rows = xcalloc(n, sizeof *rows);
	got = rc = forward ? history_jobs(l->history, place, rows, (int)n,
		err) : history_jobs_after(l->history, place, rows, (int)n, err);
	for (int i = 0; i < got; i++) {
		if (rc < 0 || rows[i].at > past)
			history_action_release(&rows[i]);
		else if (take(l, &rows[i], &out[taken++], err) < 0)
			rc = -1;
	}
	while (rc < 0 && taken > 0)
		row_free(l, &out[--taken]);
	free(rows);
	return rc < 0 ? -1 : taken;
}

static int
fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct got g = { ctx, out, 0, n, 0 };
	int64_t id = anchor ? anchor->id : 0;
	bool on_top = anchor && is_open(anchor);
	int rc = 0;

	g.list->now = mail_now(g.list->then);
	if (mail_past(g.list->then))
		return fetch_then(ctx, anchor, forward, n, out, err);
	if (forward && (!anchor || on_top))
		rc = fetch_open(&g, true, 0, on_top ? id : INT64_MAX, err);
	if (rc == 0 && (forward || !on_top))
		rc = fetch_over(&g, forward, on_top ? 0 : id, err);
	if (rc == 0 && !forward)
		rc = fetch_open(&g, false, on_top ? id : 0, INT64_MAX, err);
	while (rc < 0 && g.n > 0)
		row_free(ctx, &out[--g.n]);
	return rc < 0 ? -1 : (int)g.n;
}

static int
lookup(void *ctx, int64_t id, struct list_row *out, char gone[LIST_GONE_MAX],
	struct error *err)
{
	struct work_list *l = ctx;
	struct history_action a;
	int rc = history_action_get(l->history, id, &a, err);

	if (rc > 0 && mail_past(l->then) && a.at > mail_past(l->then)) {
		history_action_release(&a);
		snprintf(gone, LIST_GONE_MAX, "not begun then");
		return 0;
	}
	if (rc > 0 && take(l, &a, out, err) < 0) {
		row_free(ctx, out);
		return -1;
	}
	if (rc == 0)
		snprintf(gone, LIST_GONE_MAX, "forgotten");
	if (rc > 0 && !mail_past(l->then) && !work_filter_holds(l->filter,
	    out->data)) {
		snprintf(gone, LIST_GONE_MAX, "%s now", work_state(
			&((const struct work_row *)out->data)->action));
		row_free(ctx, out);
		return 0;
	}
	return rc;
}

static int
compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	(void)ctx;
	if (is_open(a) != is_open(b))
		return is_open(a) ? -1 : 1;
	return a->id > b->id ? -1 : a->id < b->id;
}

static void
cell(void *ctx, const struct list_row *row, size_t column, struct str *out)
{
	const struct work_list *l = ctx;
	const struct work_row *w = row->data;
	char at[16];

	switch (column) {
	case W_ID: str_addf(out, "%" PRId64, w->action.id); break;
	case W_STATE:
		str_add(out, mail_past(l->then) && w->action.ended_at ==
			HISTORY_NO_TIME ? "begun" : work_state(&w->action));
		break;
	case W_AT: str_add(out, mail_time(at, w->action.at, l->now)); break;
	case W_BY: str_add(out, w->action.by); break;
	case W_WORDS: str_add(out, w->words.data); break;
	default: break;
	}
}

static enum role
cell_role(void *ctx, const struct list_row *row, size_t column)
{
	const struct work_list *l = ctx;
	const struct work_row *w = row->data;

	return column == W_AT ? mail_time_role(w->action.at, l->now) :
		column == W_STATE && strcmp(work_state(&w->action),
		"paused") == 0 ? ROLE_LOOK : ROLE_NORMAL;
}

const struct list_source work_source = {
	.count = count,
	.fetch = fetch,
	.lookup = lookup,
	.compare = compare,
	.row_free = row_free,
	.cell = cell,
	.cell_role = cell_role,
};
