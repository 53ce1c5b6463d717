/*
 * app_verb: what a verb is about, and the prompt that asks. See CONSOLE
 * section 3 and app.h.
 */
#include "app/app.h"
#include "base/clock.h"
#include "term/term.h"
#include "base/text.h"
#include "base/xalloc.h"

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
	snprintf(app->work.which, sizeof app->work.which, "tagged in %s",
		app_view(app)->kind->name);
	app->work.title = "tagged messages";
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
	app->work.title = "all of one cause";
	snprintf(app->work.which, sizeof app->work.which, "of this cause in "
		"%s, as of now", app_view(app)->kind->name);
	return n;
}

static void
take_one(struct app *app, int64_t id, enum state seen)
{
	size_t cap = 0;

	add_target(&app->work, &cap, id, seen);
}

/* ---- the page ---- */

/* Looks at the targets, as they are now. 0 or -1. */
static int
look_at_targets(struct app *app, struct error *err)
{
	struct app_work *w = &app->work;
	struct history_message m;
	int64_t able;
	size_t looked = w->n < LOOKED_AT_MAX ? w->n : LOOKED_AT_MAX;
	int rc;

	w->flags = xcalloc(w->n, sizeof *w->flags);
	for (size_t i = looked; i < w->n; i++)
		w->flags[i].able = true;	/* as far as is known */
	for (size_t i = 0; i < looked; i++) {
		rc = history_message_get(app->store.history, w->targets[i].id,
			&m, err);
		if (rc < 0)
			return -1;
		if (rc == 0) {
			verb_page_missing(&w->page, w->targets[i].id);
			continue;
		}
		able = w->page.able + w->page.noted;
		verb_page_look(&w->page, &m, w->targets[i].seen);
		w->flags[i].able = w->page.able + w->page.noted > able;
		w->flags[i].twice = m.maybe_delivered;
		history_message_release(&m);
	}
	return 0;
}

struct hidden {
	const struct tags *tags;
	int64_t shown;
};

static void
count_shown(void *arg, int64_t id)
{
	struct hidden *h = arg;

	h->shown += tags_has(h->tags, id);
}

/* How many of the targets the filter hides. */
static int64_t
count_hidden(struct app *app, struct error *err)
{
	struct mail_view *m = app_mail(app);
	struct hidden h = { &app_list(app)->tags, 0 };

	if (!app->work.tagged || !m || !m->mail.query.match)
		return 0;
	if (mail_source.ids(&m->mail, NULL, NULL, count_shown, &h, err) < 0)
		return -1;
	return (int64_t)app->work.n - h.shown;
}

static int
look_at_world(struct app *app, struct error *err)
{
	struct app_work *w = &app->work;
	const struct list_row *row = app_by_cause(app) ? NULL :
		list_current(app_list(app));
	struct verb_page_world *world = &w->world;

	*world = (struct verb_page_world){
		.now = clock_wall(), .title = w->title, .which = w->which,
		.targets = (int64_t)w->n,
		.cursor = row && w->tagged &&
			!tags_has(&app_list(app)->tags, row->id) ? row->id : 0,
		.lanes = app->settings->import_lanes,
		.keep_trash_ms = app->settings->keep_trash_ms,
		.connector = app->status.connector,
	};
	world->hidden = count_hidden(app, err);
	if (world->hidden < 0)
		return -1;
	return history_took_ms(app->store.history, &world->took_ms, err);
}

static bool
wants_host(const struct app *app)
{
	return app->work.verb == VERB_PURGE && app->actor.ssh != NULL;
}

/* The fields: a reason, how many, and whether to leave some out. */
static void
add_fields(struct app *app)
{
	struct app_work *w = &app->work;
	struct prompt *p = &app->prompt;
	bool put_back = w->verb == VERB_RETRY || w->verb == VERB_RELEASE;

	prompt_add_text(p, "Reason  ", app->last_reason, true);
	if (w->n < TYPED_FROM)
		prompt_add_toggle(p, "Do it?  ", false);
	else if (wants_host(app))
		prompt_add_text(p, "Purge all? Then type the name of this "
			"host:", "", false);
	else
		prompt_add_number(p, "How many, oldest first?");
	if (w->page.twice && put_back)
		prompt_add_toggle(p, "Leave them out:", false);
	p->decides = 1;
}

static void
ask_page(struct app *app)
{
	struct app_work *w = &app->work;
	struct error err = ERROR_INIT;

	verb_page_init(&w->page, w->verb, w->verb == VERB_PURGE &&
		app->view == VIEW_TRASH, app->status.host, &app->actor);
	if (look_at_targets(app, &err) < 0 || look_at_world(app, &err) < 0) {
		app_fail(app, &err);
		app_work_release(w);
		return;
	}
	app_prompt_open(app, ASK_VERB_PAGE);
	add_fields(app);
	term_field(true);
}

static void
upper_verb(enum verb verb, struct str *out)
{
	for (const char *s = verb_word(verb); *s; s++)
		str_add_char(out, (char)(*s - ('a' - 'A')));
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

/* Leaves what is to be done: without those that may arrive twice, and the
 * oldest `how_many` of those that can be done. For all of these also what
 * cannot be done stays, to be told why. */
static void
narrow(struct app_work *w, bool leave_out, int64_t how_many)
{
	size_t kept = 0;
	int64_t able = 0, all = 0;

	for (size_t i = 0; i < w->n; i++)
		all += w->flags[i].able && !(leave_out && w->flags[i].twice);
	for (size_t i = 0; i < w->n; i++) {
		if (leave_out && w->flags[i].twice)
			continue;
		if (!w->flags[i].able ? how_many < all : able++ >= how_many)
			continue;
		w->targets[kept++] = w->targets[i];
	}
	w->n = kept;
}

/* How many the page's second field says: 0 none. */
static int64_t
page_says(const struct app *app)
{
	const struct field *field = &app->prompt.fields[1];
	int64_t all = (int64_t)app->work.n, typed;

	if (field->kind == FIELD_TOGGLE)
		return field->yes ? all : 0;
	if (field->kind == FIELD_TEXT)
		return strcmp(field->text.data, app->status.host) == 0 ? all :
			0;
	typed = prompt_number(&app->prompt, 1);
	return typed < 0 || typed > all ? 0 : typed;
}

/* What was answered is no answer: says so and stays open. */
static bool
is_unclear(struct app *app)
{
	struct prompt *p = &app->prompt;
	const struct field *field = &p->fields[1];
	bool number = field->kind == FIELD_NUMBER && field->text.len &&
		page_says(app) == 0 && prompt_number(p, 1) != 0;
	bool host = field->kind == FIELD_TEXT && field->text.len &&
		page_says(app) == 0;

	if (!number && !host)
		return false;
	p->state = PROMPT_OPEN;
	p->focus = 1;
	p->complaint = number ? "There are not so many" :
		"That is not the name of this host";
	return true;
}

void
app_verb_done(struct app *app)
{
	struct prompt *p = &app->prompt;
	bool page = app->ask == ASK_VERB_PAGE;
	int64_t how_many = page ? page_says(app) : p->fields[1].yes;
	bool leave_out = page && p->count > 2 && p->fields[2].yes;
	char reason[FIELD_BYTES_MAX + 1];

	if (page && is_unclear(app))
		return;
	snprintf(reason, sizeof reason, "%s", p->fields[0].text.data);
	snprintf(app->last_reason, sizeof app->last_reason, "%s", reason);
	if (how_many == 0) {
		app_prompt_close(app);
		app_note(app, "Nothing was done");
		return;
	}
	if (page)
		narrow(&app->work, leave_out, how_many);
	prompt_release(p);
	app->ask = ASK_NONE;
	term_field(false);
	app_work_carry_out(app, reason);
}
