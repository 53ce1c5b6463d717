/* SPDX-License-Identifier: ISC */
/* do_filter: filters a list as it is typed, searches a text. What is no
 * expression filters nothing. See do.h. */
#include "app/ask.h"
#include "app/do.h"
#include "app/says.h"
#include "app/screen_message.h"
#include "app/screen_text.h"
#include "app/view_mail.h"
#include "app/views.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <string.h>

struct filter_ask {
	struct ask ask;
	struct view *view;
	bool aside;			/* the order to go back to: */
	enum history_order by;
	bool backward;
};

/* Each letter is another question: of an order that no index has all would be
 * read for it. It waits until the field is left. */
static void
put_order_aside(struct filter_ask *fa)
{
	struct mail_view *mv = view_mail_of(fa->view);

	if (!mv || fa->aside || mail_has_index(&mv->mail))
		return;
	fa->aside = true;
	fa->by = mv->mail.by;
	fa->backward = mv->mail.backward;
	mail_give_up(&mv->mail);
}

static void
put_order_back(struct filter_ask *fa)
{
	struct mail_view *mv = view_mail_of(fa->view);

	if (!fa->aside)
		return;
	fa->aside = false;
	mv->mail.by = fa->by;
	mv->mail.backward = fa->backward;
	view_reload(fa->ask.desk, fa->view);
}

static void
say_shown(struct filter_ask *fa)
{
	const struct mail_view *mv = view_mail_of(fa->view);
	const struct list *list = view_list(fa->view);
	char n[TEXT_NUMBER_MAX];
	/* Nobody counts the log: what is on the screen. */
	const char *more = (mv && mv->mail.partial) || (!mv && list->count ==
		list->height) ? "+" : "";

	text_exact(n, mv ? (uint64_t)list->total : list->count);
	if (fa->view->kind == &view_work)
		snprintf(fa->ask.hint, sizeof fa->ask.hint,
			says_hint_filter_work, n, more);
	else
		snprintf(fa->ask.hint, sizeof fa->ask.hint, says_hint_filter,
			n, more);
	fa->ask.hint_bad = false;
}

/* True: it is an expression, and in force. */
static bool
apply(struct filter_ask *fa)
{
	struct error err = ERROR_INIT;
	bool good = fa->view->kind->filter(fa->view,
		fa->ask.prompt.fields[0].text.data, &err);

	view_reload(fa->ask.desk, fa->view);
	say_shown(fa);
	if (!good) {
		snprintf(fa->ask.hint, sizeof fa->ask.hint, says_hint_no_filter, err.text);
		fa->ask.hint_bad = true;
	}
	return good;
}

static void
typed(struct ask *a)
{
	put_order_aside((struct filter_ask *)a);
	(void)apply((struct filter_ask *)a);
}

static bool
done(struct ask *a, struct request *out)
{
	struct filter_ask *fa = (struct filter_ask *)a;

	(void)out;
	if (!apply(fa)) {
		prompt_refuse(&a->prompt, 0, a->hint);
		return false;
	}
	put_order_back(fa);
	return true;
}

static void
cancelled(struct ask *a)
{
	struct filter_ask *fa = (struct filter_ask *)a;
	struct error ignored = ERROR_INIT;

	(void)fa->view->kind->filter(fa->view, "", &ignored);
	if (fa->aside)
		put_order_back(fa);
	else
		view_reload(a->desk, fa->view);
}

static const struct ask_kind filter = {
	.line = true, .live = true, .hears = true, .done = done, .typed = typed,
	.cancelled = cancelled,
};

static void
filter_list(struct desk *desk, struct view *v)
{
	struct filter_ask *fa = xcalloc(1, sizeof *fa);

	desk_thaw(desk);
	/* By cause there is nothing to filter, so the list comes first. */
	if (v->at != PANE_INNER && v->kind->grouped)
		view_turn(desk, v, PANE_INNER);
	fa->view = v;
	str_init(&fa->ask.page.title);
	prompt_add_text(&fa->ask.prompt, "/", v->kind->filtered(v), false);
	say_shown(fa);
	ask_open(desk, &fa->ask, &filter);
}

/* ---- a text ---- */

static bool
search_done(struct ask *a, struct request *out)
{
	snprintf(a->desk->search, sizeof a->desk->search, "%.127s",
		a->prompt.fields[0].text.data);
	*out = (struct request){ REQUEST_WORD, ACTION_FIND_NEXT, 0, 0 };
	return true;
}

static const struct ask_kind search = {
	.line = true, .hears = true, .done = search_done,
};

void
do_filter(struct desk *desk)
{
	const struct screen_kind *top = screens_top(&desk->screens)->kind;
	struct ask *a;

	if (top != &screen_message && top != &screen_text) {
		if (desk->then)
			desk_note(desk, says_as_it_was);
		else if (views_here(desk)->kind->filter)
			filter_list(desk, views_here(desk));
		else
			desk_note(desk, says_no_filter_here);
		return;
	}
	a = xcalloc(1, sizeof *a);
	str_init(&a->page.title);
	prompt_add_text(&a->prompt, "/", "", false);
	snprintf(a->hint, sizeof a->hint, says_hint_search);
	ask_open(desk, a, &search);
}
