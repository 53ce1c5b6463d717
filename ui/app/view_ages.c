/* SPDX-License-Identifier: ISC */
/* view_ages: see view_ages.h for the contract. */
#include "app/view_ages.h"
#include "app/desk.h"
#include "app/says.h"
#include "base/clock.h"
#include "base/text.h"
#include "page/message_part.h"
#include "term/term.h"
#include "view/ages.h"
#include "view/mail.h"

static const struct list_column *
columns(const struct view *v, int width, size_t *count_out)
{
	return ages_layout(v->panes[PANE_AGES].ctx, width, count_out);
}

static void
info(struct desk *desk, const struct view *v, struct str *out)
{
	const struct ages *a = v->panes[PANE_AGES].ctx;
	char n[TEXT_NUMBER_MAX], m[TEXT_NUMBER_MAX], at[16];
	int64_t all = a->count ? a->rows[0].shape.n : 0;

	if (desk->then || !a->count)
		return;
	str_addf(out, says_info_ages, text_exact(m, (uint64_t)all),
		a->patience.gave_up ? "+" : "", all == 1 ? "" : "s",
		text_exact(n, (uint64_t)a->senders), a->senders == 1 ? "" :
		"s", mail_time(at, a->now, a->now));
}

static const char *
empty(const struct desk *desk, const struct view *v)
{
	(void)v;
	return desk->then ? says_empty_ages_then : says_empty_queue;
}

static struct request
open_sender(struct desk *desk, struct view *v, const struct list_row *row)
{
	const struct ages_row *r = row->data;
	struct error err = ERROR_INIT;
	struct str text = STR_INIT;
	struct match *match = NULL;

	if (r->kind == AGES_SENDER) {
		ages_expression(r, &text);
		match = match_compile(text.data, 0, clock_wall(), &err);
		if (match)
			view_narrow(desk, v, row);
		else
			desk_fail(desk, &err);
	} else if (r->kind == AGES_ALL) {
		view_turn(desk, v, PANE_INNER);
	} else {
		desk_note(desk, says_ages_others);
	}
	match_free(match);
	str_release(&text);
	return (struct request){ REQUEST_NONE, ACTION_NONE, 0, TAB_TEXT };
}

static const struct keymap_label *
labels(const struct view *v, const struct list_row *row)
{
	static const struct keymap_label in_ages[] = {
		{ ACTION_OPEN, "messages" }, { ACTION_NONE, NULL } };

	(void)v, (void)row;
	return in_ages;
}

const struct pane_kind view_ages = {
	.context = KEYMAP_AGES,
	.source = &ages_source,
	.columns = columns,
	.info = info,
	.empty = empty,
	.open = open_sender,
	.labels = labels,
};
