/* SPDX-License-Identifier: ISC */
/* header_rates: the row of rates and the row of views. See header.h. */
#include "app/header_private.h"
#include "term/bar.h"
#include "view/mail.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- the rates ---- */

/* How much the row says, from all to least. */
static const struct rate_words {
	int gap;
	const char *per;
	bool brief, last, disk, queue;
} rate_words[] = {
	{ 2, "/min", false, true, true, true },
	{ 1, "/min", false, true, true, true },
	{ 1, "/m", false, true, true, true },
	{ 1, "/m", true, true, true, true },
	{ 1, "/m", true, false, true, true },
	{ 1, "/m", true, false, false, true },
	{ 1, "/m", true, false, false, false },
};

#define RATE_LEVELS ((int)(sizeof rate_words / sizeof *rate_words))

/* Where the parts stand at the least at 80 columns: so nothing jumps while
 * numbers are no longer than in the pictures. */
static const int rate_columns[] = { 0, 11, 28, 42, 57, 69 };

/* A part: its label dim beside its value. The column behind it. */
static int
add_part(struct header_row *row, int at, const char *label, const char *value)
{
	at = header_add(row, at, ROLE_DIM, label);
	return header_add(row, at, ROLE_NORMAL, value);
}

/* "-38/min": which way the queue goes. */
static const char *
signed_rate(char out[64], int64_t n, const char *per)
{
	char number[TEXT_NUMBER_MAX];

	snprintf(out, 64, "%s%s%s", n > 0 ? "+" : n < 0 ? "-" : "", text_count(
		number, (uint64_t)(n < 0 ? -n : n)), per);
	return out;
}

static int
add_rates(const struct header_facts *f, const struct rate_words *w,
	int columns, struct header_row *row)
{
	const struct history_minute *m = &f->status->last_minute;
	const struct {
		const char *label;
		int64_t n;
	} rates[] = { { "in ", m->arrived },
		{ w->brief ? "imp " : "imported ", m->imported },
		{ w->brief ? "fail " : "failed ", m->failed } };
	char number[TEXT_NUMBER_MAX], words[64];
	int at = -w->gap;

	*row = (struct header_row){ .count = 0 };
#define PLACE(i) (columns == HEADER_COLUMNS && \
		at + w->gap < rate_columns[i] ? rate_columns[i] : at + w->gap)
	for (int i = 0; i < 3; i++) {
		snprintf(words, sizeof words, "%s%s", text_count(number,
			(uint64_t)(rates[i].n > 0 ? rates[i].n : 0)), w->per);
		at = add_part(row, PLACE(i), rates[i].label, words);
	}
	if (w->queue)
		at = add_part(row, PLACE(3), "queue ", signed_rate(words,
			m->arrived + m->back - m->imported - m->failed -
				m->out,
			w->per));
	if (w->last)
		at = add_part(row, PLACE(4), "last ", mail_time(words,
			f->status->row.last_import_at, f->now));
	if (w->disk && !f->as_it_was_at)
		at = add_part(row, PLACE(5), "disk ", text_size(number,
			(uint64_t)f->status->disk_free));
#undef PLACE
	return at;
}

void
header_fill_rates(const struct header_facts *f, int columns,
	struct header_row *row)
{
	for (int i = 0; i < RATE_LEVELS; i++)
		if (add_rates(f, &rate_words[i], columns, row) <= columns)
			break;
}

#define PEAK_LEAST 10	/* of a queue that is worth a meter */

/* Columns of a meter: 6 at the least, 20 at most. */
static int
meter_columns(int columns)
{
	int n = 6 + (columns - HEADER_METERS) / 4;

	return n < 20 ? n : 20;
}

static int
add_meter(struct header_row *row, int at, int columns, int64_t part,
	int64_t whole)
{
	struct str meter = STR_INIT;

	bar_add_meter(&meter, columns, part, whole);
	at = header_add(row, at, ROLE_BAR, meter.data);
	str_release(&meter);
	return at;
}

void
header_fill_meters(const struct header_facts *f, int columns,
	struct header_row *row)
{
	const struct status *st = f->status;
	const int64_t *n = st->counts.n;
	int64_t waits = n[STATE_QUEUED] + n[STATE_IMPORTING] +
		n[STATE_DEFERRED];
	const struct header_piece *last = &row->pieces[row->count - 1];
	int at = last->column + (int)strlen(last->text) + 1;
	int wide = meter_columns(columns);
	char most[TEXT_NUMBER_MAX] = "";

	if (st->disk_size && !f->as_it_was_at)
		at = 1 + add_meter(row, at, wide, st->disk_size - st->disk_free,
			st->disk_size);
	/* What a full one means stands behind it, or it means nothing; as little
	 * as beside a peak of one or two. */
	if (f->queue_most >= PEAK_LEAST)
		text_count(most, (uint64_t)f->queue_most);
	if (*most && at + (int)strlen("queue  peak ") + wide +
	    (int)strlen(most) <= columns) {
		at = header_add(row, at, ROLE_DIM, "queue ");
		at = add_meter(row, at, wide, waits, f->queue_most);
		at = header_add(row, at, ROLE_DIM, " peak ");
		header_add(row, at, ROLE_NORMAL, most);
	}
}

/* ---- the views ---- */

struct views_plan {
	int gap;
	bool brief;
	size_t went;		/* counts that do not stand there */
	unsigned shown;		/* bits */
	char last[32];		/* last import, or "" */
};

/* Whose count goes first when the row is full: Trash, Quarantine, .und, by
 * their digits, which always mean these. */
static const size_t counts_go[] = { 4, 3, 5 };

#define COUNTS_GO (sizeof counts_go / sizeof *counts_go)

static bool
count_went(size_t i, size_t went)
{
	for (size_t k = 0; k < went; k++)
		if (counts_go[k] == i + 1)
			return true;
	return false;
}

static int
view_words(const struct header_facts *f, size_t i,
	const struct views_plan *plan, char out[64])
{
	const struct header_view *v = &f->views[i];
	char number[TEXT_NUMBER_MAX] = "";
	uint64_t n = v->number > 0 ? (uint64_t)v->number : 0;

	if (v->shows == HEADER_NOTHING || count_went(i, plan->went))
		;
	else if (v->shows == HEADER_COUNT)
		text_count(number, n);
	else
		text_size(number, n);
	return snprintf(out, 64, "%s%zu %.20s%s%s%s%s", i == f->view ? "[" : "",
		i + 1, plan->brief && v->brief ? v->brief : v->name,
		*number ? " " : "", number, v->level == ALARM_ACT ? "!!" :
		v->level == ALARM_LOOK ? "!" : "", i == f->view ? "]" : "");
}

static int
plan_columns(const struct header_facts *f, const struct views_plan *plan)
{
	int sum = 0;
	char words[64];

	for (size_t i = 0; i < f->view_count; i++)
		if (plan->shown & (1u << i))
			sum += view_words(f, i, plan, words) +
				(sum ? plan->gap : 0);
	return sum + (*plan->last ? 2 + (int)strlen(plan->last) : 0);
}

/* Leaves out the last view that may go. False: none may. */
static bool
drop_view(const struct header_facts *f, struct views_plan *plan, size_t least)
{
	for (size_t i = f->view_count; i-- > least;)
		if (i != f->view && (plan->shown & (1u << i))) {
			plan->shown &= ~(1u << i);
			return true;
		}
	return false;
}

/* On narrow screens the last import comes before the views behind the first
 * two, on wide ones it goes first. */
static void
make_plan(const struct header_facts *f, int columns, bool with_last,
	struct views_plan *plan)
{
	char time[16];

	*plan = (struct views_plan){ .gap = 2,
		.shown = (1u << f->view_count) - 1 };
	if (with_last)
		snprintf(plan->last, sizeof plan->last, "last %s", mail_time(
			time, f->status->row.last_import_at, f->now));
	if (columns >= 60 && plan_columns(f, plan) > columns)
		*plan->last = '\0';
	if (plan_columns(f, plan) > columns)
		plan->gap = 1;
	if (plan_columns(f, plan) > columns)
		plan->brief = true;
	while (columns >= 60 && plan_columns(f, plan) > columns &&
	    plan->went < COUNTS_GO)
		plan->went++;
	while (plan_columns(f, plan) > columns && drop_view(f, plan, 2))
		;
	if (plan_columns(f, plan) > columns)
		*plan->last = '\0';
	while (plan_columns(f, plan) > columns && drop_view(f, plan, 0))
		;
}

static enum role
view_role(const struct header_facts *f, size_t i)
{
	static const enum role roles[] = {
		[ALARM_WELL] = ROLE_NORMAL, [ALARM_LOOK] = ROLE_LOOK,
		[ALARM_ACT] = ROLE_BAD,
	};

	return i == f->view && f->views[i].level == ALARM_WELL ? ROLE_HERE :
		roles[f->views[i].level];
}

void
header_fill_views(const struct header_facts *f, int columns, bool with_last,
	struct header_row *row)
{
	struct views_plan plan;
	char words[64];
	int at = 0;

	make_plan(f, columns, with_last, &plan);
	for (size_t i = 0; i < f->view_count; i++) {
		if (!(plan.shown & (1u << i)))
			continue;
		view_words(f, i, &plan, words);
		at = plan.gap + header_add(row, at, view_role(f, i), words);
	}
	header_add(row, at - plan.gap + 2, ROLE_NORMAL, plan.last);
}
