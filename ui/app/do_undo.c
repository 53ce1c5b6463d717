/* SPDX-License-Identifier: ISC */
/* do_undo: takes back the newest action of this operator, as far as it still
 * can be; how far is looked at before it asks. See do.h. */
#include "app/ask.h"
#include "app/do.h"
#include "app/says.h"
#include "app/task.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/width.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPED_FROM 101

struct undo_ask {
	struct ask ask;
	struct history_action of;
	int64_t after;		/* messages up to this id were looked at */
	int64_t looked, able, gone;
};

/* Those that nobody, and no attempt, has changed since. 1 more, 0, -1. */
static int
look_at_items(struct undo_ask *ua, struct error *err)
{
	struct history *h = ua->ask.desk->store.history;
	struct history_item *items = xcalloc(HISTORY_PAGE, sizeof *items);
	struct history_message m;
	int n = history_items(h, ua->of.id, ua->after, items, HISTORY_PAGE,
		err);

	for (int i = 0; i < n; i++) {
		bool done = strcmp(items[i].result, "done") == 0 ||
			strcmp(items[i].result, "noted") == 0;

		ua->after = items[i].message;
		ua->looked += done;
		if (done && history_message_get(h, items[i].message, &m,
		    err) > 0) {
			ua->able += m.changed_by == ua->of.id ||
				m.noted_action == ua->of.id;
			history_message_release(&m);
		}
		history_item_release(&items[i]);
	}
	free(items);
	return n < 0 ? -1 : n > 0;
}

static void
add_facts(struct undo_ask *ua)
{
	struct prompt_page *page = &ua->ask.page;
	const struct history_action *a = &ua->of;
	struct desk *desk = ua->ask.desk;
	char n[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX],
		host[64];
	struct str *out;

	prompt_page_release(page);
	str_addf(&page->title, "UNDO the %s of %s on %s?", a->verb,
		text_time(at, a->at, clock_wall()), width_cut(host,
			sizeof host, desk->status.host, 14));
	text_add_printable(prompt_page_fact(page, "By"), a->by, strlen(a->by));
	if (a->reason)
		text_add_printable(prompt_page_fact(page, "Reason"), a->reason,
			strlen(a->reason));
	out = prompt_page_fact_stays(page, "How far");
	if (!a->total)
		str_addf(out, "The %s ends.", a->verb);
	else if (ua->looked == 1)
		str_add(out, "It can be taken back.");
	else if (ua->able == ua->looked)
		str_addf(out, "All %s can be taken back.",
			text_exact(n, (uint64_t)ua->able));
	else
		str_addf(out, "%s of %s can be taken back; the others were tried or "
			"changed since.", text_exact(n, (uint64_t)ua->able),
			text_exact(all, (uint64_t)ua->looked));
}

static void
add_fields(struct undo_ask *ua)
{
	struct prompt *p = &ua->ask.prompt;
	char n[TEXT_NUMBER_MAX], words[48];

	(void)prompt_add_text(p, "Reason", "", false);
	snprintf(words, sizeof words, "%" PRId64, ua->able);
	if (ua->able >= TYPED_FROM) {
		p->focus = prompt_add_word(p, words);
		return;
	}
	if (ua->of.total)
		snprintf(words, sizeof words, "y: take back %s", text_exact(n,
			(uint64_t)ua->able));
	p->focus = prompt_add_key(p, 'y', ua->of.total ? words :
		"y: take it back");
}

static bool
look(struct ask *a)
{
	struct undo_ask *ua = (struct undo_ask *)a;
	struct error err = ERROR_INIT;
	char at[TEXT_TIME_MAX];
	int more = ua->of.total ? look_at_items(ua, &err) : 0;

	if (more > 0)
		return true;
	if (more < 0 || (ua->of.total && !ua->able)) {
		screens_close(&a->desk->screens, &a->screen);
		if (more < 0)
			desk_fail(a->desk, &err);
		else
			desk_note(a->desk, says_undo_none, ua->of.verb, text_time(
				at, ua->of.at, clock_wall()));
		return false;
	}
	add_facts(ua);
	add_fields(ua);
	return false;
}

static bool
done(struct ask *a, struct request *out)
{
	struct undo_ask *ua = (struct undo_ask *)a;

	(void)out;
	if (desk_may_write(a->desk))
		task_begin_undo(a->desk->task, &ua->of,
			a->prompt.fields[0].text.data);
	return true;
}

static void
release(struct ask *a)
{
	history_action_release(&((struct undo_ask *)a)->of);
}

static const struct ask_kind kind = {
	.done = done, .look = look, .release = release,
};

void
do_undo(struct desk *desk)
{
	struct history_action of;
	struct error err = ERROR_INIT;
	struct undo_ask *ua;

	if (!desk_may_write(desk))
		return;
	if (operations_find_undo(&desk->store, &desk->actor, 0, &of, &err) <=
	    0) {
		desk_fail(desk, &err);
		return;
	}
	ua = xcalloc(1, sizeof *ua);
	ua->of = of;
	str_init(&ua->ask.page.title);
	str_addf(&ua->ask.page.title, "UNDO: looking at %s messages",
		of.verb);
	ask_open(desk, &ua->ask, &kind);
}
