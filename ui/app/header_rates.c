/* header_rates: the row of rates and the row of views. See header.h. */
#include "app/header_private.h"
#include "view/mail.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- the rates ---- */

/* How much the row says, from all to least. */
static const struct rate_words {
	const char *in, *imported, *failed, *per, *last;
	bool disk;
} rate_words[] = {
	{ "in ", "imported ", "failed ", "/min", "last import ", true },
	{ "in ", "imported ", "failed ", "/m", "last import ", true },
	{ "in ", "imported ", "failed ", "/m", "last import ", false },
	{ "in ", "imported ", "failed ", "/m", "last ", false },
	{ "in ", "imp ", "fail ", "/m", "last ", false },
	{ "in ", "imp ", "fail ", "/m", NULL, false },
};

#define RATE_LEVELS ((int)(sizeof rate_words / sizeof *rate_words))

/* Where the parts stand at 80 columns while numbers have three digits. */
static const int rate_columns[] = { 0, 12, 29, 44 };

static int
add_rates(const struct header_facts *f, const struct rate_words *w,
	int columns, struct header_row *row)
{
	const struct history_minute *m = &f->status->last_minute;
	const struct {
		const char *word;
		int64_t n;
	} rates[] = { { w->in, m->arrived }, { w->imported, m->imported },
		{ w->failed, m->failed } };
	char number[TEXT_NUMBER_MAX], words[64], time[16];
	int at = -1;

	*row = (struct header_row){ .count = 0 };
	for (int i = 0; i < 3; i++) {
		snprintf(words, sizeof words, "%s%s%s", rates[i].word,
			text_count(number, (uint64_t)(rates[i].n > 0 ?
				rates[i].n : 0)), w->per);
		at = columns == HEADER_COLUMNS && at < rate_columns[i] ?
			rate_columns[i] : at + 1;
		at = header_add(row, at, ROLE_NORMAL, words);
	}
	if (w->last) {
		snprintf(words, sizeof words, "%s%s", w->last, mail_time(time,
			f->status->row.last_import_at, f->now));
		at = columns == HEADER_COLUMNS && at < rate_columns[3] ?
			rate_columns[3] : at + 1;
		at = header_add(row, at, ROLE_NORMAL, words);
	}
	if (!w->disk)
		return at;
	snprintf(words, sizeof words, "disk %s free", text_size(number,
		(uint64_t)f->status->disk_free));
	header_add(row, columns - (int)strlen(words), ROLE_NORMAL, words);
	return at + 1 + (int)strlen(words);
}

void
header_fill_rates(const struct header_facts *f, int columns,
	struct header_row *row)
{
	for (int i = 0; i < RATE_LEVELS; i++)
		if (add_rates(f, &rate_words[i], columns, row) <= columns)
			break;
}

/* ---- the views ---- */

static int
view_words(const struct header_facts *f, size_t i, bool brief, char out[64])
{
	const struct header_view *v = &f->views[i];
	char number[TEXT_NUMBER_MAX] = "";
	uint64_t n = v->number > 0 ? (uint64_t)v->number : 0;

	if (v->shows == HEADER_COUNT)
		text_count(number, n);
	else if (v->shows == HEADER_SIZE)
		text_size(number, n);
	return snprintf(out, 64, "%s%zu %.20s%s%s%s", i == f->view ? "[" : "",
		i + 1, brief && v->brief ? v->brief : v->name,
		*number ? " " : "", number, i == f->view ? "]" : "");
}

struct views_plan {
	int gap;
	bool brief;
	unsigned shown;		/* bits */
	char last[32];		/* last import, or "" */
};

static int
plan_columns(const struct header_facts *f, const struct views_plan *plan)
{
	int sum = 0;
	char words[64];

	for (size_t i = 0; i < f->view_count; i++)
		if (plan->shown & (1u << i))
			sum += view_words(f, i, plan->brief, words) +
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
	while (plan_columns(f, plan) > columns && drop_view(f, plan, 2))
		;
	if (plan_columns(f, plan) > columns)
		*plan->last = '\0';
	while (plan_columns(f, plan) > columns && drop_view(f, plan, 0))
		;
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
		view_words(f, i, plan.brief, words);
		at = plan.gap + header_add(row, at, i == f->view ? ROLE_HERE :
			ROLE_NORMAL, words);
	}
	header_add(row, at - plan.gap + 2, ROLE_NORMAL, plan.last);
}
