/* SPDX-License-Identifier: ISC */
/* do_connector: hold, drain, resume and test. See do.h. */
#include "app/ask.h"
#include "app/do.h"
#include "app/errand.h"
#include "app/follow.h"
#include "app/question.h"
#include "app/says.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/width.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON, UNTIL };		/* fields of hold and drain */

struct connector_ask {
	struct ask ask;
	enum action action;
};

static const struct {
	const char *title, *then, *end, *does;
} words[] = {
	{ "HOLD the connector", says_hold_then, says_hold_end, "y: hold" },
	{ "DRAIN the connector", says_drain_then, says_hold_end, "y: drain" },
	{ "RESUME the connector", says_resume_then, says_resume_end,
		"y: resume" },
	{ "TEST the connector", says_test_then, says_test_end, "y: test" },
};

struct connector_errand {
	struct errand errand;
	enum connector_verb verb;
	char *reason;
	int64_t until;
};

static int
do_it(struct errand *e, struct desk *desk, struct error *err)
{
	struct connector_errand *ce = (struct connector_errand *)e;
	int rc = operations_connector(&desk->store, &desk->actor, ce->verb,
		ce->reason, ce->until, err);

	if (rc == 2)
		desk_note(desk, says_nothing_to_do, err->text);
	else if (rc > 0)
		desk_note(desk, says_connector_done, e->verb);
	return rc > 0 ? 0 : -1;
}

static int
do_test(struct errand *e, struct desk *desk, struct error *err)
{
	int64_t id;

	(void)e;
	if (operations_test(&desk->store, &desk->actor, NULL, false, &id,
	    err) < 0)
		return -1;
	follow_begin(desk, &(struct follow){ .action = id, .for_good = true },
		NULL, NULL);
	return 0;
}

static void
release(struct errand *e)
{
	free(((struct connector_errand *)e)->reason);
}

static void
begin(struct desk *desk, enum action action, const char *reason, int64_t until)
{
	static const char *const verbs[] = { "hold", "drain", "resume",
		"test" };
	struct connector_errand *ce = xcalloc(1, sizeof *ce);
	size_t i = (size_t)(action - ACTION_HOLD);

	ce->errand = (struct errand){ .verb = verbs[i], .piece = action ==
		ACTION_TEST ? do_test : do_it, .release = release };
	ce->verb = action == ACTION_HOLD ? CONNECTOR_HOLD : action ==
		ACTION_DRAIN ? CONNECTOR_DRAIN : CONNECTOR_RESUME;
	ce->reason = reason && reason[strspn(reason, " ")] ? xstrdup(reason) :
		NULL;
	ce->until = until;
	errand_begin(desk, &ce->errand);
}

static bool
done(struct ask *a, struct request *out)
{
	struct connector_ask *ca = (struct connector_ask *)a;
	struct prompt *p = &a->prompt;
	struct error err = ERROR_INIT;
	int64_t until = HISTORY_NO_TIME;

	(void)out;
	if (p->count > UNTIL + 1 && p->fields[UNTIL].text.len &&
	    text_parse_time(p->fields[UNTIL].text.data, clock_wall(), &until,
		    &err) < 0) {
		prompt_refuse(p, UNTIL, says_until_so);
		return false;
	}
	if (!desk_may_write(a->desk))
		return true;
	if (ca->action != ACTION_TEST)
		desk_add_reason(a->desk, p->fields[REASON].text.data);
	begin(a->desk, ca->action, ca->action == ACTION_TEST ? NULL :
		p->fields[REASON].text.data, until);
	return true;
}

static const struct ask_kind kind = { .done = done };

void
do_connector_verb(struct desk *desk, enum action action)
{
	size_t i = (size_t)(action - ACTION_HOLD);
	struct connector_ask *ca;
	struct prompt *p;
	char host[64];

	if (!desk_may_write(desk))
		return;
	width_cut(host, sizeof host, desk->status.host, 14);
	if (action == ACTION_TEST &&
	    desk->status.connector == STATUS_STOPPED) {
		desk_note(desk, says_no_connector, host);
		return;
	}
	ca = xcalloc(1, sizeof *ca);
	ca->action = action;
	str_init(&ca->ask.page.title);
	str_addf(&ca->ask.page.title, "%s on %s?", words[i].title, host);
	str_add(prompt_page_fact(&ca->ask.page, "Then"), words[i].then);
	str_add(prompt_page_fact(&ca->ask.page, "End"), words[i].end);
	p = &ca->ask.prompt;
	if (action != ACTION_TEST)
		prompt_add_text(p, "Reason", "", action != ACTION_RESUME);
	if (action == ACTION_HOLD || action == ACTION_DRAIN)
		prompt_add_text(p, "Until", "", false);
	p->focus = prompt_add_key(p, 'y', words[i].does);
	if (action == ACTION_HOLD || action == ACTION_DRAIN)
		p->focus = REASON;
	if (action != ACTION_TEST) {
		p->offers = (const char *const *)desk->reasons;
		p->offer_count = desk->reason_count;
	}
	ask_open(desk, &ca->ask, &kind);
}

/* ---- the chord ---- */

static bool
chord(struct question *q, key_code key, struct request *out)
{
	enum action action = keymap_find(&q->desk->keys, KEYMAP_CONNECTOR,
		key);

	if (action != ACTION_NONE)
		*out = (struct request){ REQUEST_ACTION, action, 0, 0 };
	return action != ACTION_NONE;
}

void
do_connector(struct desk *desk)
{
	struct question q = { .answer = chord, .chord = true };

	snprintf(q.words, sizeof q.words, says_connector);
	question_open(desk, &q);
}
