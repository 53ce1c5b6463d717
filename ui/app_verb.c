/*
 * app_verb: what changes the store: asks first, then does it through
 * operations. See CONSOLE section 3 and app.h.
 */
#include "app.h"
#include "clock.h"
#include "fsutil.h"
#include "term.h"
#include "text.h"
#include "xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOKED_AT_MAX 20000	/* messages that a prompt page looks at */
#define TYPED_FROM 101		/* so many want their number typed */

void
app_work_release(struct app_work *w)
{
	free(w->targets);
	free(w->twice);
	if (w->lines.cap)
		str_release(&w->lines);
	if (w->results.cap)
		str_release(&w->results);
	*w = (struct app_work){ .lines = STR_INIT, .results = STR_INIT };
}

/* Says why not. True: it may change things. */
static bool
may_write(struct app *app)
{
	if (app->read_only)
		app_note(app, "Read-only: %.200s", app->read_only_why);
	else if (app->working)
		app_note(app, "Work is running: Ctrl-C stops it");
	return !app->read_only && !app->working;
}

/* Without a connector nobody has recovered yet. 0 or -1 (said). */
static int
recover(struct app *app)
{
	struct error err = ERROR_INIT;
	char who[128];
	int rc = spool_take_lock(&app->store.spool, "ccmq", who, sizeof who,
		&err);

	if (rc == 0) {
		rc = operations_recover(&app->store, app->settings, &err);
		spool_drop_lock(&app->store.spool);
		if (rc < 0)
			store_end(&app->store);
	}
	if (rc < 0)
		app_fail(app, &err);
	return rc < 0 ? -1 : 0;
}

/* ---- prompts ---- */

void
app_prompt_open(struct app *app, enum app_ask ask)
{
	struct prompt *p = &app->prompt;

	if (ask == ASK_NONE) {
		app_note(app, "The list has a filter: = turns to it");
		return;
	}
	if (app->ask != ASK_NONE)
		app_prompt_close(app);
	prompt_init(p);
	app->ask = ask;
	app->note[0] = '\0';
	if (ask == ASK_FILTER) {
		prompt_add_text(p, "/", app_mail(app)->filter.data, false);
		snprintf(app->question, sizeof app->question, "Filter:  "
			"from:grewal subject:\"x\" code:1 age>2h -word   "
			"Esc: none");
	} else if (ask == ASK_SEARCH) {
		prompt_add_text(p, "/", app->search, false);
		snprintf(app->question, sizeof app->question,
			"Search; then n and N");
	} else if (ask == ASK_COMMAND) {
		prompt_add_text(p, ":", "", false);
		snprintf(app->question, sizeof app->question,
			"The number of a message, or an action (see ?)");
	}
	term_deaf();
	term_field(prompt_is_text(p));
}

void
app_prompt_close(struct app *app)
{
	if (app->ask == ASK_NONE)
		return;
	if (app->ask == ASK_VERB || app->ask == ASK_VERB_PAGE)
		app_work_release(&app->work);
	prompt_release(&app->prompt);
	app->ask = ASK_NONE;
	term_field(false);
	app->stale = true;
}

static void
open_line(struct app *app, enum app_ask ask)
{
	app_prompt_open(app, ask);
	prompt_add_toggle(&app->prompt, "Do it? y n", false);
	prompt_add_text(&app->prompt, "Reason", app->last_reason, false);
}

/* ---- what a verb is about ---- */

static void
add_target(struct app_work *w, size_t *cap, int64_t id, enum state seen)
{
	xgrow(&w->targets, cap, w->n + 1, sizeof *w->targets, OPERATIONS_MAX);
	w->targets[w->n++] = (struct operation_target){ id, seen };
}

static int
take_tagged(struct app *app)
{
	struct app_mail *m = app_mail(app);
	enum state seen = app->view == VIEW_QUEUE ? OPERATIONS_ANY :
		m->mail.kind->cause_state;
	size_t cap = 0;

	for (size_t i = 0; i < m->list.tags.count; i++)
		add_target(&app->work, &cap, m->list.tags.ids[i], seen);
	app->work.which = "tagged";
	app->work.tagged = true;
	return 0;
}

/* The ids of a cause at this moment. */
static int
take_cause(struct app *app, const struct history_cause_row *cause,
	struct error *err)
{
	struct app_mail *m = app_mail(app);
	struct history_query q = { .states = STATE_BIT(m->causes.state),
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
	app->work.which = "of this cause";
	return n;
}

static void
take_one(struct app *app, int64_t id, enum state seen)
{
	size_t cap = 0;

	add_target(&app->work, &cap, id, seen);
	app->work.which = "this one";
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
	str_addf(out, " Which    %s %s\n", n, w->which);
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
	open_line(app, ASK_VERB);
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
	struct app_mail *m = app_mail(app);
	const struct list_row *row = list_current(&m->cause_list);
	struct error err = ERROR_INIT;
	enum verb verb;

	if (!row || !verb_of(app, action, m->causes.state, &verb))
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
	struct app_mail *m = app_mail(app);
	const struct list_row *row = list_current(&m->list);
	const struct history_message *message = row ? row->data : NULL;
	enum action action = app->connector_verb;

	if (!tagged) {
		if (message)
			begin_one(app, action, row->id, message->state);
		return;
	}
	app_work_release(&app->work);
	app->work.verb = action == ACTION_QUARANTINE ? VERB_QUARANTINE :
		action == ACTION_PURGE ? VERB_PURGE : m->mail.kind->back;
	(void)take_tagged(app);
	ask_verb(app);
}

void
app_verb(struct app *app, enum action action)
{
	struct app_mail *m = app_mail(app);

	if (!may_write(app))
		return;
	app->connector_verb = action;	/* for the key that says which */
	if (app->over == OVER_MESSAGE) {
		begin_one(app, action, app->message, app->message_state);
		return;
	}
	if (app->over != OVER_NONE || !m)
		return;
	if (m->by_cause) {
		begin_cause(app, action);
		return;
	}
	switch (list_which(&m->list)) {
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
			"cursor   Esc nothing", m->list.tags.count);
		break;
	}
}

/* ---- doing ---- */

static void
on_result(void *arg, const struct operation_result *r)
{
	struct app *app = arg;
	struct app_work *w = &app->work;
	bool done = strcmp(r->result, "done") == 0 ||
		strcmp(r->result, "noted") == 0;

	w->done += done;
	w->skipped += strcmp(r->result, "skipped") == 0;
	w->failed += strcmp(r->result, "failed") == 0;
	if (!done && !*w->first_why)
		snprintf(w->first_why, sizeof w->first_why, "%" PRId64
			" %.140s", r->id, r->why ? r->why : "");
	if (done && w->tagged && app_mail(app))
		tags_remove(&app_mail(app)->list.tags, r->id);
	if (!done && w->results.len < (1 << 20)) {
		str_addf(&w->results, " %8" PRId64 "  %-8s ", r->id,
			r->result);
		text_add_printable(&w->results, r->why ? r->why : "",
			strlen(r->why ? r->why : ""));
		str_add_char(&w->results, '\n');
	}
}

/* Between batches: keys, and what they ask. */
static bool
on_progress(void *arg, int64_t done, int64_t total)
{
	struct app *app = arg;
	char a[TEXT_NUMBER_MAX], b[TEXT_NUMBER_MAX];

	if (done < total && total > STORE_BATCH) {
		app_note(app, "%s: %s of %s.  Ctrl-C stops",
			verb_word(app->work.verb), text_exact(a,
				(uint64_t)done), text_exact(b,
				(uint64_t)total));
		app->stale = true;
		app_turn(app, 0);
	}
	return !app->work.stop;
}

static bool
on_waiting(void *arg, const char *holder)
{
	struct app *app = arg;

	app_note(app, "Waiting for the store, which is being written by %.60s. "
		"Ctrl-C gives up", holder);
	app_turn(app, 0);
	return !app->work.stop;
}

static void
say_result(struct app *app, const char *verb, int64_t pending)
{
	struct app_work *w = &app->work;
	struct str text = STR_INIT;
	char title[80];

	app_note(app, "%s: %" PRId64 " done%s", verb, w->done,
		w->skipped || w->failed || pending ? "" : ".  u takes it back");
	if (w->skipped || w->failed || pending)
		snprintf(app->note + strlen(app->note), sizeof app->note -
			strlen(app->note), ", %" PRId64 " skipped, %" PRId64
			" failed, %" PRId64 " not reached%s%s", w->skipped,
			w->failed, pending, *w->first_why ? ": " : "",
			w->first_why);
	if (w->skipped + w->failed > 1) {
		snprintf(title, sizeof title, "%s: %" PRId64 " done, %" PRId64
			" skipped, %" PRId64 " failed", verb, w->done,
			w->skipped, w->failed);
		str_add_bytes(&text, w->results.data, w->results.len);
		app_show_text(app, title, &text);
	}
}

static void
carry_out(struct app *app, const char *reason)
{
	struct app_work *w = &app->work;
	struct operation op = {
		.actor = &app->actor, .verb = verb_word(w->verb),
		.kind = w->verb, .reason = *reason ? reason : NULL,
		.result = on_result, .progress = on_progress, .arg = app,
	};
	struct operation_summary sum = { 0 };
	struct error err = ERROR_INIT;
	int rc;

	app->working = true;
	app->store.waiting = on_waiting;
	app->store.waiting_arg = app;
	rc = recover(app);
	if (rc == 0) {
		rc = operations_apply(&app->store, &op, w->targets, w->n, &sum,
			&err);
		app->note[0] = '\0';
		say_result(app, verb_word(w->verb), sum.pending);
		if (rc < 0)
			app_fail(app, &err);
	}
	app->working = false;
	app_work_release(w);
	app_refresh(app);
}

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
	return typed < 0 ? 0 : typed > all ? 0 : typed;
}

static void
verb_done(struct app *app)
{
	struct prompt *p = &app->prompt;
	bool page = app->ask == ASK_VERB_PAGE;
	int64_t how_many = page ? page_says(app) : p->fields[0].yes;
	bool leave_out = page && p->count > 2 && p->fields[2].yes;
	char reason[FIELD_BYTES_MAX];

	snprintf(reason, sizeof reason, "%s", p->fields[page ? 0 : 1].text.
		data);
	if (how_many == 0) {
		app_prompt_close(app);
		app_note(app, "Nothing was done");
		return;
	}
	memcpy(app->last_reason, reason, sizeof reason);
	narrow(&app->work, leave_out, how_many);
	prompt_release(p);
	app->ask = ASK_NONE;
	term_field(false);
	carry_out(app, reason);
}

/* ---- undo ---- */

void
app_undo(struct app *app)
{
	struct error err = ERROR_INIT;
	char at[TEXT_TIME_MAX];
	int rc;

	if (!may_write(app))
		return;
	history_action_release(&app->undo);
	rc = operations_find_undo(&app->store, &app->actor, 0, &app->undo,
		&err);
	if (rc <= 0) {
		memset(&app->undo, 0, sizeof app->undo);
		app_fail(app, &err);
		return;
	}
	snprintf(app->question, sizeof app->question, "UNDO on %.14s: %s of %"
		PRId64 " messages, %s, by %.60s?  As far as it still can be",
		app->status.host, app->undo.verb, app->undo.total,
		text_time(at, app->undo.at, clock_wall()), app->undo.by);
	open_line(app, ASK_UNDO);
	term_field(false);
}

static void
undo_done(struct app *app)
{
	bool yes = app->prompt.fields[0].yes;
	char *reason = xstrdup(app->prompt.fields[1].text.data);
	struct operation op = { .actor = &app->actor, .reason = *reason ?
		reason : NULL, .result = on_result, .progress = on_progress,
		.arg = app };
	struct operation_summary sum = { 0 };
	struct error err = ERROR_INIT;

	app_prompt_close(app);
	app_work_release(&app->work);
	if (!yes) {
		app_note(app, "Nothing was done");
	} else if (recover(app) == 0) {
		app->working = true;
		if (operations_undo(&app->store, &op, &app->undo, &sum,
		    &err) < 0)
			app_fail(app, &err);
		else
			say_result(app, "undo", sum.pending);
		app->working = false;
		app_refresh(app);
	}
	app_work_release(&app->work);
	free(reason);
}

/* ---- the connector ---- */

void
app_connector(struct app *app, enum action action)
{
	static const char *const words[] = { "HOLD: takes in, imports nothing",
		"DRAIN: takes nothing in, empties the queue, then holds",
		"RESUME: goes on", "TEST: tries one message now" };

	if (!may_write(app))
		return;
	if (action == ACTION_TEST && app->status.connector == STATUS_STOPPED) {
		app_note(app, "No connector runs: systemctl start ccmqd");
		return;
	}
	app->connector_verb = action;
	snprintf(app->question, sizeof app->question, "%s, on %.14s?",
		words[action - ACTION_HOLD], app->status.host);
	open_line(app, ASK_CONNECTOR);
	if (action == ACTION_HOLD || action == ACTION_DRAIN)
		prompt_add_text(&app->prompt, "Until (04:00, 2h)", "", false);
	term_field(false);
}

static int
connector_change(struct app *app, const char *reason, int64_t until,
	struct error *err)
{
	enum connector_verb verb = app->connector_verb == ACTION_HOLD ?
		CONNECTOR_HOLD : app->connector_verb == ACTION_DRAIN ?
		CONNECTOR_DRAIN : CONNECTOR_RESUME;
	int64_t id;

	if (app->connector_verb == ACTION_TEST)
		return operations_test(&app->store, &app->actor, reason, &id,
			err) < 0 ? -1 : 1;
	return operations_connector(&app->store, &app->actor, verb, reason,
		until, err);
}

static void
connector_done(struct app *app)
{
	struct prompt *p = &app->prompt;
	char *reason = xstrdup(p->fields[1].text.data);
	struct error err = ERROR_INIT;
	int64_t until = HISTORY_NO_TIME;
	bool yes = p->fields[0].yes;
	int rc = 0;

	if (yes && p->count > 2 && *p->fields[2].text.data &&
	    text_parse_time(p->fields[2].text.data, clock_wall(), &until,
		    &err) < 0) {
		p->state = PROMPT_OPEN;
		p->focus = 2;
		p->complaint = "Until when? 04:00, 2h or 2026-11-23 04:00";
		free(reason);
		return;
	}
	app_prompt_close(app);
	if (yes)
		rc = connector_change(app, *reason ? reason : NULL, until,
			&err);
	if (rc < 0 || (yes && rc == 0))
		app_fail(app, &err);
	else
		app_note(app, !yes ? "Nothing was done" :
			app->connector_verb == ACTION_TEST ?
			"Asked for a test; see Log (6)" : "Done");
	free(reason);
	app_refresh(app);
}

/* ---- write, commands ---- */

void
app_write(struct app *app)
{
	if (app->over != OVER_MESSAGE && !app_list(app)) {
		app_note(app, "Write is for lists and messages");
		return;
	}
	app_prompt_open(app, ASK_WRITE);
	prompt_add_text(&app->prompt, "File", "", true);
	snprintf(app->question, sizeof app->question, app->over == OVER_MESSAGE
		? "Write message %" PRId64 " as it is, to a new file"
		: "Write the ids of the list to a new file", app->message);
	term_field(true);
}

static int
copy_message(struct app *app, int to, struct error *err)
{
	struct history_message m;
	struct stat st;
	enum spool_dir dir;
	char buf[65536];
	ssize_t n = 0;
	int from, rc = history_message_get(app->store.history, app->message,
		&m, err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no such message");
	from = store_open_message(&app->store, &m, &st, &dir, err);
	history_message_release(&m);
	if (from < 0)
		return -1;
	for (int64_t at = 0; (n = fs_read_at(from, buf, sizeof buf, at,
	    err)) > 0; at += n)
		if (write(to, buf, (size_t)n) != n) {
			n = error_sys(err, errno, "write");
			break;
		}
	close(from);
	return n < 0 ? -1 : 0;
}

static void
add_line(void *arg, int64_t id)
{
	str_addf(arg, "%" PRId64 "\n", id);
}

static int
copy_list(struct app *app, int to, struct error *err)
{
	struct app_mail *m = app_mail(app);
	struct str out = STR_INIT;
	int rc = mail_source.ids(&m->mail, NULL, NULL, add_line, &out, err);

	if (rc == 0 && write(to, out.data, out.len) != (ssize_t)out.len)
		rc = error_sys(err, errno, "write");
	str_release(&out);
	return rc;
}

static void
write_done(struct app *app)
{
	char *path = xstrdup(app->prompt.fields[0].text.data);
	struct error err = ERROR_INIT;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc = fd < 0 ? error_sys(&err, errno, "make %.200s", path) :
		app->over == OVER_MESSAGE ? copy_message(app, fd, &err) :
		copy_list(app, fd, &err);

	if (fd >= 0 && close(fd) < 0 && rc == 0)
		rc = error_sys(&err, errno, "write");
	app_prompt_close(app);
	if (rc < 0)
		app_fail(app, &err);
	else
		app_note(app, "Written to %.200s", path);
	free(path);
}

static void
command_done(struct app *app)
{
	char *word = xstrdup(app->prompt.fields[0].text.data);
	struct error err = ERROR_INIT;
	enum action action;
	int64_t id;

	app_prompt_close(app);
	if (text_parse_int(word, 1, INT64_MAX, &id, &err) == 0) {
		app_message_open(app, id);
	} else if (*word) {
		action = keymap_parse(word, &err);
		if (action == ACTION_NONE)
			app_fail(app, &err);
		else
			app_act(app, action);
	}
	free(word);
}

static void
search_done(struct app *app)
{
	snprintf(app->search, sizeof app->search, "%.127s",
		app->prompt.fields[0].text.data);
	app_prompt_close(app);
	app_act(app, ACTION_FIND_NEXT);
}

void
app_prompt_done(struct app *app)
{
	switch (app->ask) {
	case ASK_FILTER: app_prompt_close(app); break;
	case ASK_SEARCH: search_done(app); break;
	case ASK_COMMAND: command_done(app); break;
	case ASK_VERB:
	case ASK_VERB_PAGE: verb_done(app); break;
	case ASK_UNDO: undo_done(app); break;
	case ASK_CONNECTOR: connector_done(app); break;
	case ASK_WRITE: write_done(app); break;
	case ASK_NONE: break;
	}
}
