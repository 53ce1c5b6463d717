/* SPDX-License-Identifier: ISC */
/* do_undo: takes back the newest action of this operator, as far as it still
 * can be; how far is looked at before it asks. See do.h. */
#include "app/ask.h"
#include "app/do.h"
#include "app/errand.h"
#include "app/follow.h"
#include "app/says.h"
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
	int64_t looked;
	int64_t releases;	/* that a release puts back, and no undo */
	struct operation_target *targets;	/* those that can be taken back */
	int64_t first;		/* that was looked at, and its subject */
	char subject[100];
	size_t able, cap;
};

static void
add_target(struct undo_ask *ua, int64_t id)
{
	xgrow(&ua->targets, &ua->cap, ua->able + 1, sizeof *ua->targets,
		OPERATIONS_MAX);
	ua->targets[ua->able++] = (struct operation_target){ id,
		OPERATIONS_ANY };
}

static void
keep_first(struct undo_ask *ua, const struct history_message *m)
{
	const char *subject = m->subject && *m->subject ? m->subject : m->name;

	if (ua->first)
		return;
	ua->first = m->id;
	text_printable(ua->subject, sizeof ua->subject, subject,
		strlen(subject));
}

static bool
is_of_one(const struct undo_ask *ua)
{
	return ua->looked == 1 && ua->first;
}

static bool
is_open_job(const struct history_action *a)
{
	return a->job && a->ended_at == HISTORY_NO_TIME;
}

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
			keep_first(ua, &m);
			if (jobs_is_undoable(&ua->ask.desk->store,
			    ua->of.id, &items[i], &m))
				add_target(ua, m.id);
			else if (m.changed_by == ua->of.id &&
			    m.state == STATE_QUARANTINED)
				ua->releases++;
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
	text_time(at, a->at, clock_wall());
	str_addf(&page->title, "UNDO the %s of ", a->verb);
	if (is_of_one(ua))
		str_addf(&page->title, "#%" PRId64, ua->first);
	else
		str_add(&page->title, at);
	str_addf(&page->title, " on %s?", width_cut(host, sizeof host,
		desk->status.host, 14));
	if (is_of_one(ua))
		str_add(prompt_page_fact(page, "Subject"), ua->subject);
	out = prompt_page_fact(page, "By");
	text_add_printable(out, a->by, strlen(a->by));
	if (is_of_one(ua))
		str_addf(out, ", %s", at);
	if (a->reason)
		text_add_printable(prompt_page_fact(page, "For"), a->reason,
			strlen(a->reason));
	out = prompt_page_fact_stays(page, "How far");
	if (!a->total)
		str_addf(out, "The %s ends.", a->verb);
	else if (ua->looked == 1)
		str_add(out, "It can be taken back.");
	else if ((int64_t)ua->able == ua->looked)
		str_addf(out, "All %s can be taken back.",
			text_exact(n, (uint64_t)ua->able));
	else
		str_addf(out, "%s of %s can be taken back; the others were tried or "
			"changed since.", text_exact(n, (uint64_t)ua->able),
			text_exact(all, (uint64_t)ua->looked));
	if (is_open_job(a))
		str_addf(prompt_page_fact_stays(page, "Job"), "It is %s, and is "
			"stopped first: what it has not reached stays where "
			"it is.", a->job_state);
}

static void
add_fields(struct undo_ask *ua)
{
	struct prompt *p = &ua->ask.prompt;
	char n[TEXT_NUMBER_MAX], words[48];

	(void)prompt_add_text(p, "Reason", "", false);
	snprintf(words, sizeof words, "%zu", ua->able);
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
				at, ua->of.at, clock_wall()), ua->releases ?
				": r in Quarantine releases" : "");
		return false;
	}
	add_facts(ua);
	add_fields(ua);
	return false;
}

/* What was done to the connector is taken back by its opposite. */
struct back_errand {
	struct errand errand;
	struct history_action of;
	char *reason;
};

static int
take_back(struct errand *e, struct desk *desk, struct error *err)
{
	struct back_errand *b = (struct back_errand *)e;
	struct operation op = { .actor = &desk->actor, .reason = b->reason };
	struct operation_summary sum;

	if (operations_undo_connector(&desk->store, &op, &b->of, &sum,
	    err) < 0)
		return -1;
	if (sum.done)
		desk_note(desk, says_undone, b->of.verb);
	else
		desk_note(desk, says_undone_none, b->of.verb);
	return 0;
}

static void
release_back(struct errand *e)
{
	struct back_errand *b = (struct back_errand *)e;

	history_action_release(&b->of);
	free(b->reason);
}

static void
begin_back(struct desk *desk, struct undo_ask *ua, const char *reason)
{
	struct back_errand *b = xcalloc(1, sizeof *b);

	b->errand = (struct errand){ .verb = "undo", .piece = take_back,
		.release = release_back };
	b->of = ua->of;
	memset(&ua->of, 0, sizeof ua->of);
	b->reason = *reason ? xstrdup(reason) : NULL;
	errand_begin(desk, &b->errand);
}

static bool
done(struct ask *a, struct request *out)
{
	struct undo_ask *ua = (struct undo_ask *)a;
	const char *reason = a->prompt.fields[0].text.data;

	(void)out;
	if (!desk_may_write(a->desk))
		return true;
	if (!ua->of.total) {
		begin_back(a->desk, ua, reason);
		return true;
	}
	errand_mail_begin(a->desk, &(struct errand_mail){
		.word = "undo", .verb = VERB_COUNT, .targets = ua->targets,
		.n = ua->able, .reason = reason, .for_good = true,
		.subject = is_of_one(ua) ? ua->subject : NULL,
		.undo_of = ua->of.id, .stop_first = is_open_job(&ua->of) });
	ua->targets = NULL;
	return true;
}

static void
release(struct ask *a)
{
	struct undo_ask *ua = (struct undo_ask *)a;

	history_action_release(&ua->of);
	free(ua->targets);
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
	str_addf(&ua->ask.page.title, "UNDO: looking at the %s",
		of.verb);
	ask_open(desk, &ua->ask, &kind);
}
