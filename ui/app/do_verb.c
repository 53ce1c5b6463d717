/* SPDX-License-Identifier: ISC */
/* do_verb: which messages a verb is about: that of the page, a cause's, the
 * tagged, or what a question says; verb_ask asks. See do.h. */
#include "app/do.h"
#include "app/gather.h"
#include "app/question.h"
#include "app/says.h"
#include "app/screen_message.h"
#include "app/subject.h"
#include "app/verb_ask.h"
#include "app/view_mail.h"
#include "app/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* False: it cannot be done to a message in that state (said). */
static bool
verb_of(struct desk *desk, enum action action, enum state state,
	enum verb *out)
{
	*out = action == ACTION_QUARANTINE ? VERB_QUARANTINE :
		action == ACTION_PURGE ? VERB_PURGE :
		state == STATE_QUARANTINED ? VERB_RELEASE :
		state == STATE_PURGED ? VERB_RESTORE : VERB_RETRY;
	if ((state == STATE_IMPORTING && *out != VERB_RETRY) ||
	    (verb_from(*out) & STATE_BIT(state)))
		return true;
	if (state == STATE_QUEUED || state == STATE_IMPORTING)
		desk_note(desk, "%s", state == STATE_QUEUED ?
			says_is_queued : says_is_importing);
	else
		desk_note(desk, says_cannot,
			state_word(state), verb_past(*out));
	return false;
}

static void
begin_one(struct desk *desk, enum action action, int64_t id, enum state state)
{
	enum verb verb;
	struct verb_ask *va;

	if (!verb_of(desk, action, state, &verb))
		return;
	va = verb_ask_new(desk, verb, state);
	verb_ask_add(va, id, state);
	verb_ask_open(va, desk);
}

static void
begin_cause(struct desk *desk, enum action action)
{
	struct view *v = views_here(desk);
	const struct list_row *row = list_current(view_list(v));
	const struct history_cause_row *cause = row ? row->data : NULL;
	enum state state = view_mail_of(v)->causes.state;
	enum verb verb;
	struct history_query query;
	struct verb_ask *va;

	if (!cause)
		desk_note(desk, says_no_message);
	if (!cause || !verb_of(desk, action, state, &verb))
		return;
	va = verb_ask_new(desk, verb, state);
	query = causes_query(&view_mail_of(v)->causes, cause);
	verb_ask_of_cause(va, &query);
	verb_ask_open(va, desk);
}

static void
begin_tagged(struct desk *desk, struct view *v, enum action action,
	int64_t cursor)
{
	const struct mail_kind *mk = view_mail_of(v)->mail.kind;
	struct verb_ask *va = verb_ask_new(desk, action == ACTION_QUARANTINE ?
		VERB_QUARANTINE : action == ACTION_PURGE ? VERB_PURGE :
		mk->back, mk->cause_state);

	verb_ask_of_tags(va, &view_list(v)->tags, mk->states, cursor);
	verb_ask_open(va, desk);
}

/* Of a question that is open: what t and c mean. */
struct which {
	struct view *view;
	enum action action;
	int64_t id;
	enum state state;
};

static bool
which(struct question *q, key_code key, struct request *out)
{
	const struct which *w = q->data;

	(void)out;
	if (key == 't')
		begin_tagged(q->desk, w->view, w->action, w->id);
	else if (key == 'c')
		begin_one(q->desk, w->action, w->id, w->state);
	return key == 't' || key == 'c';
}

static void
release_which(struct question *q)
{
	free(q->data);
}

static void
ask_which(struct desk *desk, struct view *v, enum action action,
	const struct history_message *m)
{
	struct question q = { .answer = which, .release = release_which };
	struct which w = { v, action, m->id, m->state };
	char n[TEXT_NUMBER_MAX];

	snprintf(q.words, sizeof q.words, says_which, text_exact(n,
		view_list(v)->tags.count), m->id);
	q.data = xmemdup(&w, sizeof w);
	question_open(desk, &q);
}

/* Not a message that the cursor is on: none is, or it went meanwhile. */
static void
say_none(struct desk *desk, const struct list *list)
{
	const struct list_line *line = list->count ?
		&list->lines[list->cursor] : NULL;

	if (line && line->is_gone)
		desk_note(desk, says_left, line->row.id, line->gone);
	else
		desk_note(desk, says_no_message);
}

static void
begin_in_list(struct desk *desk, int number)
{
	enum action action = (enum action)number;
	struct view *v = views_here(desk);
	struct list *list = view_list(v);
	const struct history_message *m = views_message(desk);

	switch (list_which(list)) {
	case LIST_WHICH_NONE:
		say_none(desk, list);
		break;
	case LIST_WHICH_CURSOR:
		begin_one(desk, action, m->id, m->state);
		break;
	case LIST_WHICH_TAGGED:
		begin_tagged(desk, v, action, 0);
		break;
	case LIST_WHICH_ASK:
		ask_which(desk, v, action, m);
		break;
	}
}

static void
begin(struct desk *desk, enum action action)
{
	struct message_screen *ms = screen_message_top(desk);
	struct view *v = views_here(desk);
	struct list *list = view_list(v);
	struct error err = ERROR_INIT;
	int more;

	if (ms)
		begin_one(desk, action, ms->id, ms->state);
	else if (!view_mail_of(v))
		desk_note(desk, says_no_message_here);
	else if (v->at == PANE_OUTER)
		begin_cause(desk, action);
	else {
		/* An open range is what its marks say. */
		more = list_range_end(list, &err);
		gather(desk, list, more, &err, begin_in_list, action);
	}
}

static bool
all_the_same(struct question *q, key_code key, struct request *out)
{
	(void)out;
	if (key == 'y')
		begin(q->desk, (enum action)q->number);
	return key == 'y';
}

/* What somebody else has in hand is asked about once more: who, since when. */
void
do_verb(struct desk *desk, enum action action)
{
	struct question q = { .answer = all_the_same, .number = action };
	struct history_note hand;
	struct error err = ERROR_INIT;
	char by[48], on[48] = "this cause", at[TEXT_TIME_MAX],
		until[TEXT_TIME_MAX];
	int64_t id = 0;
	int rc;

	if (!desk_may_write(desk))
		return;
	rc = subject_hand(desk, &id, &hand, &err);
	if (rc < 0)
		desk_fail(desk, &err);
	if (rc == 0)
		begin(desk, action);
	if (rc <= 0)
		return;
	if (id)
		snprintf(on, sizeof on, "#%" PRId64, id);
	snprintf(q.words, sizeof q.words, says_in_hand, text_printable(by,
		sizeof by, hand.by, strcspn(hand.by, " ")), on,
		text_time(at, hand.at, clock_wall()), text_time(until,
			hand.until, clock_wall()));
	history_note_release(&hand);
	question_open(desk, &q);
}
