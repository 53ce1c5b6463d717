/* app_keys: from keys to what they do. See app.h. */
#include "app.h"
#include "clock.h"
#include "term.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum keymap_context
app_context(const struct app *app)
{
	if (app->over != OVER_NONE)
		return KEYMAP_MESSAGE;
	if (app->view == VIEW_UND)
		return KEYMAP_UND;
	if (app->view == VIEW_LOG)
		return KEYMAP_LOG;
	return app->mails[app->view].by_cause ? KEYMAP_CAUSES : KEYMAP_LIST;
}

void
app_go(struct app *app, enum app_view view)
{
	app->over = OVER_NONE;
	app->view = view;
	app_refresh(app);
}

/* Failed, by cause, at the newest one. */
static void
go_to_causes(struct app *app)
{
	struct error err = ERROR_INIT;
	struct app_mail *m = &app->mails[MAIL_FAILED];

	m->by_cause = true;
	app_go(app, VIEW_FAILED);
	if (list_reload(&m->cause_list, &err) < 0 ||
	    list_first(&m->cause_list, &err) < 0)
		app_fail(app, &err);
}

void
app_attention(struct app *app)
{
	const struct verdict *v = &app->status.verdict;

	switch (v->opens) {
	case VERDICT_OPENS_QUEUE:
		app_go(app, VIEW_QUEUE);
		break;
	case VERDICT_OPENS_FAILED:
		go_to_causes(app);
		break;
	case VERDICT_OPENS_TRASH:
		app_go(app, VIEW_TRASH);
		break;
	case VERDICT_OPENS_UND:
		app_go(app, VIEW_UND);
		break;
	case VERDICT_OPENS_LOG:
		app_go(app, VIEW_LOG);
		break;
	case VERDICT_OPENS_MESSAGE:
		app_go(app, VIEW_FAILED);
		if (v->opens_id)
			app_message_open(app, v->opens_id);
		break;
	}
}

/* The list of one cause instead of the causes, or all of them again. */
static void
set_cause(struct app *app, const struct history_cause_row *cause)
{
	struct app_mail *m = app_mail(app);
	struct error err = ERROR_INIT;

	m->in_cause = cause != NULL;
	m->by_cause = !cause;
	m->mail.query.states = cause ? STATE_BIT(m->causes.state) :
		m->mail.kind->states;
	m->mail.query.cause = cause ? cause->cause : 0;
	m->mail.query.suspect = !cause ? HISTORY_SUSPECT_ANY :
		cause->suspect ? HISTORY_SUSPECT_YES : HISTORY_SUSPECT_NO;
	if (list_reload(&m->list, &err) < 0 || (cause &&
	    list_first(&m->list, &err) < 0))
		app_fail(app, &err);
}

static void
open_current(struct app *app)
{
	struct list *list = app_list(app);
	const struct list_row *row = list ? list_current(list) : NULL;

	if (app->over != OVER_NONE || !row)
		return;
	if (app_mail(app)->by_cause)
		set_cause(app, row->data);
	else
		app_message_open(app, row->id);
}

/* True: there was something to go back from. */
static bool
go_back(struct app *app)
{
	struct app_mail *m = app_mail(app);

	if (app->over == OVER_TEXT && app->text_over_message)
		app->over = OVER_MESSAGE;
	else if (app->over != OVER_NONE)
		app->over = OVER_NONE;
	else if (m && m->in_cause)
		set_cause(app, NULL);
	else
		return false;
	app_refresh(app);
	return true;
}

static void
toggle_causes(struct app *app)
{
	struct app_mail *m = app_mail(app);
	bool by_cause;

	if (!m || app->over != OVER_NONE)
		return;
	if (m->mail.kind->cause_state == STATE_QUARANTINED ||
	    m->mail.kind->cause_state == STATE_PURGED) {
		app_note(app, "Causes are in Queue and Failed");
		return;
	}
	by_cause = !m->by_cause;
	set_cause(app, NULL);
	m->by_cause = by_cause;
	app_refresh(app);
}

static void
move_in_list(struct list *list, enum action action, struct error *err)
{
	int64_t page = (int64_t)list->height;
	int rc = 0;

	switch ((int)action) {
	case ACTION_UP: rc = list_move(list, -1, err); break;
	case ACTION_DOWN: rc = list_move(list, 1, err); break;
	case ACTION_PAGE_UP: rc = list_page(list, -page, err); break;
	case ACTION_PAGE_DOWN: rc = list_page(list, page, err); break;
	case ACTION_HALF_UP: rc = list_page(list, -page / 2, err); break;
	case ACTION_HALF_DOWN: rc = list_page(list, page / 2, err); break;
	case ACTION_FIRST: rc = list_first(list, err); break;
	case ACTION_LAST: rc = list_last(list, err); break;
	case ACTION_LEFT: list_sideways(list, -8); break;
	case ACTION_RIGHT: list_sideways(list, 8); break;
	case ACTION_TAG: rc = list_tag(list, err); break;
	case ACTION_RANGE: rc = list_range(list, err); break;
	case ACTION_TAG_ALL: rc = list_tag_all(list, err); break;
	case ACTION_UNTAG_ALL: list_untag_all(list); break;
	default: break;
	}
	if (rc == 0)
		err->code = ERROR_NONE;
}

static struct pager *
open_pager(struct app *app)
{
	if (app->over == OVER_MESSAGE)
		return &app->page;
	if (app->over == OVER_TEXT)
		return &app->text;
	return app->view == VIEW_UND ? &app->und :
		app->view == VIEW_LOG ? &app->log : NULL;
}

static void
move(struct app *app, enum action action)
{
	struct pager *pager = open_pager(app);
	struct error err = ERROR_INIT;

	if (pager) {
		(void)pager_act(pager, action);
		return;
	}
	move_in_list(app_list(app), action, &err);
	if (err.code != ERROR_NONE)
		app_fail(app, &err);
}

static void
step_message(struct app *app, int64_t rows)
{
	struct app_mail *m = app_mail(app);
	struct error err = ERROR_INIT;
	const struct list_row *row;

	if (app->over != OVER_MESSAGE || !m || m->by_cause)
		return;
	if (list_move(&m->list, rows, &err) < 0)
		app_fail(app, &err);
	row = list_current(&m->list);
	if (row)
		app_message_open(app, row->id);
}

static void
switch_view(struct app *app, int to, bool relative)
{
	if (app->over == OVER_MESSAGE) {
		app->tab = (enum app_tab)((relative ? (int)app->tab + to +
			TAB_COUNT : to) % TAB_COUNT);
		app->page.top = 0;
		app_message_refresh(app);
		return;
	}
	if (to < VIEW_COUNT || relative)
		app_go(app, (enum app_view)((relative ? (int)app->view + to +
			VIEW_COUNT : to) % VIEW_COUNT));
}

static void
freeze(struct app *app)
{
	struct error err = ERROR_INIT;

	app->frozen = !app->frozen;
	for (int i = 0; i < MAIL_KINDS; i++)
		if (list_freeze(&app->mails[i].list, app->frozen, &err) < 0 ||
		    list_freeze(&app->mails[i].cause_list, app->frozen,
			    &err) < 0)
			app_fail(app, &err);
	if (!app->frozen)
		app_refresh(app);
}

static void
find_again(struct app *app, bool forward)
{
	struct pager *pager = open_pager(app);

	if (pager && *app->search && !pager_find(pager, app->search, forward))
		app_note(app, "not found: %.100s", app->search);
}

static void
leave(struct app *app)
{
	if (app->working) {
		app->wait = WAIT_LEAVE;
		app_note(app, "Work is running. Stop it and leave? y n");
		return;
	}
	app->leave = true;
}

void
app_act(struct app *app, enum action action)
{
	switch ((int)action) {
	case ACTION_OPEN: open_current(app); break;
	case ACTION_RETRY:
	case ACTION_QUARANTINE:
	case ACTION_PURGE: app_verb(app, action); break;
	case ACTION_WRITE: app_write(app); break;
	case ACTION_FILTER:
		app_prompt_open(app, open_pager(app) ? ASK_SEARCH :
			app_mail(app)->by_cause ? ASK_NONE : ASK_FILTER);
		break;
	case ACTION_CONNECTOR:
		app->wait = WAIT_CONNECTOR;
		app_note(app, "Connector: h hold  d drain  r resume  "
			"t test with one message  Esc nothing");
		break;
	case ACTION_ATTENTION: app_attention(app); break;
	case ACTION_HELP: app_help(app); break;
	case ACTION_BACK:
		if (!go_back(app))
			leave(app);
		break;
	case ACTION_ESCAPE: (void)go_back(app); break;
	case ACTION_QUIT: leave(app); break;
	case ACTION_CANCEL: app->work.stop = app->working; break;
	case ACTION_VIEW_1: case ACTION_VIEW_2: case ACTION_VIEW_3:
	case ACTION_VIEW_4: case ACTION_VIEW_5: case ACTION_VIEW_6:
	case ACTION_VIEW_7:
		switch_view(app, (int)action - ACTION_VIEW_1, false);
		break;
	case ACTION_NEXT: switch_view(app, 1, true); break;
	case ACTION_PREVIOUS: switch_view(app, -1, true); break;
	case ACTION_NEXT_MESSAGE: step_message(app, 1); break;
	case ACTION_PREVIOUS_MESSAGE: step_message(app, -1); break;
	case ACTION_FIND_NEXT: find_again(app, true); break;
	case ACTION_FIND_PREVIOUS: find_again(app, false); break;
	case ACTION_PURGE_HINT:
		app_note(app, "Purge is X (Shift-x), or Del");
		break;
	case ACTION_UNDO: app_undo(app); break;
	case ACTION_GROUP: toggle_causes(app); break;
	case ACTION_SORT:
		if (app_mail(app) && !app_mail(app)->by_cause) {
			app->wait = WAIT_SORT;
			app_note(app, "Sort by: i id   s since   "
				"(again: the other way round)");
		}
		break;
	case ACTION_FREEZE: freeze(app); break;
	case ACTION_COMMAND: app_prompt_open(app, ASK_COMMAND); break;
	case ACTION_REDRAW: term_redraw(); break;
	case ACTION_SUSPEND: term_suspend(); break;
	case ACTION_HOLD: case ACTION_DRAIN: case ACTION_RESUME:
	case ACTION_TEST: app_connector(app, action); break;
	default: move(app, action); break;
	}
}

static void
sort(struct app *app, key_code key)
{
	struct app_mail *m = app_mail(app);
	struct error err = ERROR_INIT;
	bool by_since = key == 's';

	if (!m || (key != 's' && key != 'i'))
		return;
	m->mail.backward = by_since == m->mail.by_since ?
		!m->mail.backward : by_since;
	m->mail.by_since = by_since;
	if (list_reload(&m->list, &err) < 0)
		app_fail(app, &err);
}

/* The one key that an earlier key asked for. */
static void
waited_key(struct app *app, key_code key)
{
	enum app_wait wait = app->wait;
	enum action action;

	app->wait = WAIT_NONE;
	switch (wait) {
	case WAIT_CONNECTOR:
		action = keymap_find(&app->keys, KEYMAP_CONNECTOR, key);
		if (action != ACTION_NONE)
			app_connector(app, action);
		break;
	case WAIT_SORT:
		sort(app, key);
		break;
	case WAIT_WHICH:
		if (key == 't' || key == 'c')
			app_verb_which(app, key == 't');
		else
			app_note(app, "Nothing was done");
		break;
	case WAIT_LEAVE:
		if (key == 'y')
			app->leave = app->work.stop = true;
		break;
	case WAIT_NONE:
		break;
	}
}

/* The filter is in force as it is typed; what is not an expression (yet)
 * leaves the last one in force and says why. */
static void
filter_typed(struct app *app)
{
	struct app_mail *m = app_mail(app);
	const char *text = app->prompt.fields[0].text.data;
	struct error err = ERROR_INIT;
	struct match *match = NULL;

	m->complaint[0] = '\0';
	if (text[strspn(text, " ")]) {
		match = match_compile(text, 0, clock_wall(), &err);
		if (!match) {
			snprintf(m->complaint, sizeof m->complaint, " (%.100s)",
				err.text);
			snprintf(app->question, sizeof app->question, "%.190s",
				err.text);
			return;
		}
	}
	match_free(m->mail.query.match);
	m->mail.query.match = match;
	str_clear(&m->filter);
	str_add(&m->filter, match ? text : "");
	if (list_reload(&m->list, &err) < 0)
		app_fail(app, &err);
	snprintf(app->question, sizeof app->question, "Filter: %" PRId64
		" shown.  from:grewal subject:\"x\" code:1 age>2h -word",
		m->list.total);
}

static void
prompt_typed(struct app *app, const struct key_event *event)
{
	enum prompt_state state = prompt_key(&app->prompt, event);

	if (app->ask == ASK_FILTER && state == PROMPT_CANCELLED) {
		str_clear(&app->prompt.fields[0].text);
		filter_typed(app);
	} else if (app->ask == ASK_FILTER) {
		filter_typed(app);
	}
	if (state == PROMPT_DONE)
		app_prompt_done(app);
	else if (state == PROMPT_CANCELLED)
		app_prompt_close(app);
	term_field(app->ask != ASK_NONE && prompt_is_text(&app->prompt));
}

void
app_key(struct app *app, const struct key_event *event)
{
	enum action action;
	bool frozen_note = app->ask != ASK_NONE;

	if (!frozen_note)
		app->note[0] = '\0';
	if (app->wait != WAIT_NONE) {
		waited_key(app, event->key);
	} else if (app->ask != ASK_NONE) {
		prompt_typed(app, event);
	} else {
		action = keymap_find(&app->keys, app_context(app), event->key);
		if (action != ACTION_NONE)
			app_act(app, action);
	}
}
