/*
 * app_verb: what a verb is about, and the prompt that asks. See CONSOLE
 * section 3 and app.h.
 */
#include "app.h"
#include "clock.h"
#include "term.h"
#include "text.h"
#include "xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOKED_AT_MAX 20000	/* messages that a prompt page looks at */
#define TYPED_FROM 101		/* so many want their number typed */

/* ---- what a verb is about ---- */

static void
add_target(struct app_work *w, size_t *cap, int64_t id, enum state seen)
{
	xgrow(&w->targets, cap, w->n + 1, sizeof *w->targets, OPERATIONS_MAX);
	w->targets[w->n++] = (struct operation_target){ id, seen };
}

static void
take_tagged(struct app *app)
{
	const struct tags *tags = &app_list(app)->tags;
	enum state seen = app->view == VIEW_QUEUE ? OPERATIONS_ANY :
		app_mail(app)->mail.kind->cause_state;
	size_t cap = 0;

	for (size_t i = 0; i < tags->count; i++)
		add_target(&app->work, &cap, tags->ids[i], seen);
	app->work.words = "tagged";
	app->work.tagged = true;
}

/* The ids of a cause at this moment. */
static int
take_cause(struct app *app, const struct history_cause_row *cause,
	struct error *err)
{
	struct history_query q = { .states =
		STATE_BIT(app_mail(app)->causes.state),
		.cause = cause->cause, .suspect = cause->suspect ?
		HISTORY_SUSPECT_YES : HISTORY_SUSPECT_NO };
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct history_message last = { 0 };
	struct history_window w = { .forward = true, .anchor = &last };
	size_t cap = 0;
	int n;

	while ((n = history_window(app->store.history, &q, &w, HISTORY_PAGE,
	    rows, err)) > 0)
		for (int i = 0; i < n; i++) {
			last.id = rows[i].id;
			add_target(&app->work, &cap, rows[i].id,
				rows[i].state);
			history_message_release(&rows[i]);
		}
	free(rows);
	app->work.words = "of this cause";
	return n;
}

static void
take_one(struct app *app, int64_t id, enum state seen)
{
	size_t cap = 0;

	add_target(&app->work, &cap, id, seen);
	app->work.words = "this one";
}

/* ---- the page ---- */

static void
look_at(struct app_work *w, size_t i, const struct history_message *m)
{
	bool able = (verb_from(w->verb) & STATE_BIT(m->state)) &&
		(w->targets[i].seen == OPERATIONS_ANY ||
			w->targets[i].seen == m->state);

	w->able += able || m->state == STATE_IMPORTING;
	w->bytes += m->size;
	w->twice[i] = m->maybe_delivered;
	w->twice_count += m->maybe_delivered;
}

static void
add_example(const char *label, const struct history_message *m,
	struct str *out)
{
	char at[TEXT_TIME_MAX];
	const char *subject = m->subject ? m->subject : m->name;

	str_addf(out, " %-8s %s  %" PRId64 "  ", label, text_time(at,
		m->received_at, clock_wall()), m->id);
	text_add_printable(out, subject, strlen(subject));
	str_add_char(out, '\n');
}

static int
look_at_targets(struct app *app, struct str *examples, struct error *err)
{
	struct app_work *w = &app->work;
	struct history_message m;
	int rc = 0;

	w->twice = xcalloc(w->n, sizeof *w->twice);
	w->looked = w->n < LOOKED_AT_MAX ? w->n : LOOKED_AT_MAX;
	for (size_t i = 0; i < w->looked && rc >= 0; i++) {
		rc = history_message_get(app->store.history, w->targets[i].id,
			&m, err);
		if (rc <= 0)
			continue;
		look_at(w, i, &m);
		if (i == 0 || i + 1 == w->looked)
			add_example(i ? "Newest" : "Oldest", &m, examples);
		history_message_release(&m);
	}
	return rc < 0 ? -1 : 0;
}

static void
add_then(const struct app_work *w, struct str *out)
{
	switch (w->verb) {
	case VERB_RETRY:
	case VERB_RELEASE:
		str_add(out, " Then     they go back into the queue, oldest "
			"first.\n Undo     u, for those not tried yet. What is "
			"delivered cannot be taken back.\n");
		break;
	case VERB_PURGE:
		str_add(out, w->targets[0].seen == STATE_PURGED ?
			" Then     their files are removed FOR GOOD.\n"
			" Undo     none.\n" :
			" Then     they go to the trash. The disk is freed only "
			"when that is emptied.\n Undo     u, or r in Trash.\n");
		break;
	case VERB_QUARANTINE:
		str_add(out, " Then     they are not tried until someone "
			"releases them.\n Undo     u, or r in Quarantine.\n");
		break;
	case VERB_RESTORE:
		str_add(out, " Then     they go back to where they came from."
			"\n Undo     u.\n");
		break;
	case VERB_COUNT:
		break;
	}
}

static void
upper_verb(enum verb verb, struct str *out)
{
	for (const char *s = verb_word(verb); *s; s++)
		str_add_char(out, (char)(*s - ('a' - 'A')));
}

static void
write_page(struct app *app, const struct str *examples)
{
	struct app_work *w = &app->work;
	struct str *out = &w->lines;
	char n[TEXT_NUMBER_MAX], able[TEXT_NUMBER_MAX];

	str_add_char(out, ' ');
	upper_verb(w->verb, out);
	str_addf(out, " %s messages on %.14s?        you: %s\n\n",
		text_exact(n, (uint64_t)w->n), app->status.host,
		app->actor.by);
	str_addf(out, " Which    %s %s\n", n, w->words);
	if (w->looked < w->n)
		str_addf(out, "          (looked at the oldest %s of them)\n",
			text_exact(able, w->looked));
	str_addf(out, " Of them  %s can be done; what changed since is "
		"skipped, with who did it\n", text_exact(able, w->able));
	str_addf(out, " Size     %s\n", text_size(n, (uint64_t)w->bytes));
	str_add(out, examples->data);
	if (w->twice_count && w->verb == VERB_RETRY)
		str_addf(out, " Twice?   %zu may have reached some recipients "
			"before\n", w->twice_count);
	add_then(w, out);
	str_add_char(out, '\n');
}

static bool
wants_host(const struct app *app)
{
	return app->work.verb == VERB_PURGE && app->actor.ssh != NULL;
}

static void
ask_page(struct app *app)
{
	struct app_work *w = &app->work;
	struct prompt *p = &app->prompt;
	struct str examples = STR_INIT;
	struct error err = ERROR_INIT;

	if (look_at_targets(app, &examples, &err) < 0) {
		app_fail(app, &err);
		app_work_release(w);
		str_release(&examples);
		return;
	}
	write_page(app, &examples);
	str_release(&examples);
	app_prompt_open(app, ASK_VERB_PAGE);
	prompt_add_text(p, "Reason  ", app->last_reason, true);
	if (w->n < TYPED_FROM)
		prompt_add_toggle(p, "Do it? y n", false);
	else if (wants_host(app))
		prompt_add_text(p, "The name of this host, to purge all:", "",
			false);
	else
		prompt_add_number(p, "How many, oldest first? (empty = none)");
	if (w->twice_count && w->verb == VERB_RETRY)
		prompt_add_toggle(p, "Leave out those that may arrive twice",
			false);
	term_field(true);
}

static void
ask_line(struct app *app)
{
	struct app_work *w = &app->work;
	struct str verb = STR_INIT;

	upper_verb(w->verb, &verb);
	snprintf(app->question, sizeof app->question, "%s %" PRId64
		" on %.14s?%s", verb.data, w->targets[0].id, app->status.host,
		w->verb != VERB_PURGE ? "" : w->targets[0].seen == STATE_PURGED
		? "  FOR GOOD: this cannot be undone" :
		"  It goes to the trash");
	str_release(&verb);
	app_prompt_open_line(app, ASK_VERB);
	term_field(false);
}

static void
ask_verb(struct app *app)
{
	if (app->work.n == 0) {
		app_note(app, "No message there");
		app_work_release(&app->work);
	} else if (app->work.n == 1) {
		ask_line(app);
	} else {
		ask_page(app);
	}
}

/* ---- beginning ---- */

static bool
verb_of(struct app *app, enum action action, enum state state,
	enum verb *out)
{
	if (action == ACTION_QUARANTINE)
		*out = VERB_QUARANTINE;
	else if (action == ACTION_PURGE)
		*out = VERB_PURGE;
	else
		*out = state == STATE_QUARANTINED ? VERB_RELEASE :
			state == STATE_PURGED ? VERB_RESTORE : VERB_RETRY;
	if (state == STATE_IMPORTING || (verb_from(*out) & STATE_BIT(state)))
		return true;
	app_note(app, state == STATE_QUEUED ? "It waits in the queue already" :
		"A message that is %s cannot be %s", state_word(state),
		verb_past(*out));
	return false;
}

static void
begin_one(struct app *app, enum action action, int64_t id, enum state state)
{
	enum verb verb;

	if (!verb_of(app, action, state, &verb))
		return;
	app_work_release(&app->work);
	app->work.verb = verb;
	take_one(app, id, state);
	ask_verb(app);
}

static void
begin_cause(struct app *app, enum action action)
{
	const struct list_row *row = list_current(app_list(app));
	struct error err = ERROR_INIT;
	enum verb verb;

	if (!row || !verb_of(app, action, app_mail(app)->causes.state, &verb))
		return;
	app_work_release(&app->work);
	app->work.verb = verb;
	if (take_cause(app, row->data, &err) < 0)
		app_fail(app, &err);
	else
		ask_verb(app);
}

void
app_verb_which(struct app *app, bool tagged)
{
	const struct history_message *m = app_current(app);
	enum action action = app->pending;

	if (!tagged) {
		if (m)
			begin_one(app, action, m->id, m->state);
		return;
	}
	app_work_release(&app->work);
	app->work.verb = action == ACTION_QUARANTINE ? VERB_QUARANTINE :
		action == ACTION_PURGE ? VERB_PURGE :
		app_mail(app)->mail.kind->back;
	take_tagged(app);
	ask_verb(app);
}

void
app_verb(struct app *app, enum action action)
{
	struct list *list = app_list(app);

	if (!app_may_write(app))
		return;
	app->pending = action;		/* for the key that says which */
	if (app->over == OVER_MESSAGE) {
		begin_one(app, action, app->message, app->message_state);
		return;
	}
	if (app->over != OVER_NONE || !app_mail(app))
		return;
	if (app_by_cause(app)) {
		begin_cause(app, action);
		return;
	}
	switch (list_which(list)) {
	case LIST_WHICH_NONE:
		app_note(app, "No message there");
		break;
	case LIST_WHICH_CURSOR:
		app_verb_which(app, false);
		break;
	case LIST_WHICH_TAGGED:
		app_verb_which(app, true);
		break;
	case LIST_WHICH_ASK:
		app->wait = WAIT_WHICH;
		app_note(app, "Which? t the %zu tagged   c the one under the "
			"cursor   Esc nothing", list->tags.count);
		break;
	}
}

/* ---- the answer ---- */

/* Drops the targets that may arrive twice, and those beyond how many. */
static void
narrow(struct app_work *w, bool leave_out, int64_t how_many)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n; i++)
		if (!(leave_out && w->twice[i]) && (int64_t)kept < how_many)
			w->targets[kept++] = w->targets[i];
	w->n = kept;
}

/* How many the page's second field says: 0 none. */
static int64_t
page_says(const struct app *app)
{
	const struct prompt *p = &app->prompt;
	int64_t all = (int64_t)app->work.n, typed;

	if (p->fields[1].kind == FIELD_TOGGLE)
		return p->fields[1].yes ? all : 0;
	if (p->fields[1].kind == FIELD_TEXT)
		return strcmp(p->fields[1].text.data, app->status.host) == 0 ?
			all : 0;
	typed = prompt_number(p, 1);
	return typed < 0 || typed > all ? 0 : typed;
}

void
app_verb_done(struct app *app)
{
	struct prompt *p = &app->prompt;
	bool page = app->ask == ASK_VERB_PAGE;
	int64_t how_many = page ? page_says(app) : p->fields[0].yes;
	bool leave_out = page && p->count > 2 && p->fields[2].yes;
	char reason[FIELD_BYTES_MAX + 1];

	snprintf(reason, sizeof reason, "%s",
		p->fields[page ? 0 : 1].text.data);
	if (how_many == 0) {
		app_prompt_close(app);
		app_note(app, "Nothing was done");
		return;
	}
	snprintf(app->last_reason, sizeof app->last_reason, "%s", reason);
	narrow(&app->work, leave_out, how_many);
	prompt_release(p);
	app->ask = ASK_NONE;
	term_field(false);
	app_work_carry_out(app, reason);
}
