/* app_keys: from keys to what they do. See app.h. */
#include "app/app.h"
#include "term/term.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum keymap_context
app_context(struct app *app)
{
	return app->over == OVER_MESSAGE ? KEYMAP_MESSAGE :
		app->over == OVER_TEXT ? KEYMAP_TEXT :
		view_pane(app_view(app))->kind->context;
}

struct pager *
app_pager(struct app *app)
{
	return app->over == OVER_MESSAGE ? &app->page :
		app->over == OVER_TEXT ? &app->text : NULL;
}

static void
open_current(struct app *app)
{
	struct view *v = app_view(app);
	const struct list_row *row = list_current(view_list(v));

	if (app->over == OVER_NONE && row)
		view_pane(v)->kind->open(app, v, row);
}

/* True: there was something to go back from. */
static bool
go_back(struct app *app)
{
	if (app->over == OVER_TEXT && app->text_over_message)
		app->over = OVER_MESSAGE;
	else if (app->over != OVER_NONE)
		app->over = OVER_NONE;
	else if (!view_back(app, app_view(app)))
		return false;
	app_refresh(app);
	return true;
}

static void
turn_group(struct app *app)
{
	struct view *v = app_view(app);

	if (app->over != OVER_NONE)
		return;
	if (!v->kind->grouped) {
		app_note(app, "Causes are in Queue and Failed, reasons in .und");
		return;
	}
	view_turn(app, v, v->at == PANE_OUTER ? PANE_INNER : PANE_OUTER);
	app_refresh(app);
}

/* ---- moving ---- */

static int
move_in_list(struct list *list, enum action action, struct error *err)
{
	int64_t page = (int64_t)list->height;

	switch ((int)action) {
	case ACTION_UP: return list_move(list, -1, err);
	case ACTION_DOWN: return list_move(list, 1, err);
	case ACTION_PAGE_UP: return list_page(list, -page, err);
	case ACTION_PAGE_DOWN: return list_page(list, page, err);
	case ACTION_HALF_UP: return list_page(list, -page / 2, err);
	case ACTION_HALF_DOWN: return list_page(list, page / 2, err);
	case ACTION_FIRST: return list_first(list, err);
	case ACTION_LAST: return list_last(list, err);
	case ACTION_LEFT: list_sideways(list, -8); return 0;
	case ACTION_RIGHT: list_sideways(list, 8); return 0;
	case ACTION_TAG: return list_tag(list, err);
	case ACTION_RANGE: return list_range(list, err);
	case ACTION_TAG_ALL: return list_tag_all(list, err);
	case ACTION_UNTAG_ALL: list_untag_all(list); return 0;
	default: return 0;
	}
}

static void
move(struct app *app, enum action action)
{
	struct pager *pager = app_pager(app);
	struct error err = ERROR_INIT;

	if (pager == &app->page && app_message_turn(app, action))
		return;
	if (pager)
		(void)pager_act(pager, action);
	else if (move_in_list(app_list(app), action, &err) < 0)
		app_fail(app, &err);
}

static void
step_message(struct app *app, int64_t rows)
{
	struct view *v = app_view(app);
	struct error err = ERROR_INIT;
	const struct list_row *row;

	if (app->over != OVER_MESSAGE || app->view > VIEW_TRASH)
		return;
	if (v->at == PANE_OUTER) {
		app_note(app, "J and K go through the list: = turns to it");
		return;
	}
	if (list_move(view_list(v), rows, &err) < 0)
		app_fail(app, &err);
	row = list_current(view_list(v));
	if (row && row->id != app->message)
		app_message_open(app, row->id);
	else
		app_note(app, rows > 0 ? "This is the last one" :
			"This is the first one");
}

static void
switch_view(struct app *app, int to, bool relative)
{
	int here = app->over == OVER_MESSAGE ? (int)app->tab : app->view;
	int count = app->over == OVER_MESSAGE ? TAB_COUNT : VIEW_COUNT;

	if (relative)
		to = (here + to + count) % count;
	if (to >= count)
		return;
	if (app->over != OVER_MESSAGE) {
		app_go(app, to);
		return;
	}
	app_message_tab(app, (enum message_tab)to);
}

static void
freeze(struct app *app)
{
	struct error err = ERROR_INIT;

	app->frozen = !app->frozen;
	for (int i = 0; i < VIEW_COUNT; i++)
		for (int k = 0; k < PANE_COUNT; k++)
			if (list_freeze(&app->views[i].panes[k].list,
			    app->frozen, &err) < 0)
				app_fail(app, &err);
	if (!app->frozen)
		app_refresh(app);
}

static void
find_again(struct app *app, bool forward)
{
	struct pager *pager = app_pager(app);

	if (!pager)
		app_note(app, "n and N search in texts; / filters a list");
	else if (*app->search && !pager_find(pager, app->search, forward))
		app_note(app, "Not found: %.100s", app->search);
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

/* ---- asking ---- */

/* Search in a text, filter a list; by cause there is nothing to filter, so
 * the list comes first. */
static void
ask_filter(struct app *app)
{
	struct view *v = app_view(app);

	if (app_pager(app)) {
		app_prompt_open(app, ASK_SEARCH);
	} else if (app->view > VIEW_TRASH) {
		app_note(app, "Only lists of messages have a filter");
	} else {
		if (v->at == PANE_OUTER)
			view_turn(app, v, PANE_INNER);
		app_prompt_open(app, ASK_FILTER);
	}
}

static void
ask_sort(struct app *app)
{
	struct str words = STR_INIT;
	struct pane *pane = view_pane(app_view(app));
	size_t count;
	const struct list_column *c = pane->kind->columns(app_view(app),
		VIEW_WIDE, &count);

	for (size_t i = 0; i < count; i++)
		if (c[i].letter)
			str_addf(&words, "  %c %s", c[i].letter, c[i].title);
	if (words.len && app->over == OVER_NONE) {
		app->wait = WAIT_SORT;
		app_note(app, "Sort by%s   again: the other way",
			words.data);
	} else {
		app_note(app, "This list has one order: newest first");
	}
	str_release(&words);
}

static void
ask_connector(struct app *app)
{
	app->wait = WAIT_CONNECTOR;
	app_note(app, "Connector: h hold  d drain  r resume  t test with one "
		"message  Esc nothing");
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
	case ACTION_FILTER: ask_filter(app); break;
	case ACTION_CONNECTOR: ask_connector(app); break;
	case ACTION_ATTENTION: app_attention(app); break;
	case ACTION_HELP: app_help(app); break;
	case ACTION_BACK:
		if (!go_back(app))
			leave(app);
		break;
	case ACTION_ESCAPE: (void)go_back(app); break;
	case ACTION_QUIT: leave(app); break;
	case ACTION_CANCEL:
		app->work.stop = app->working;
		if (!app->working)
			app_note(app, "Nothing runs. q leaves");
		break;
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
	case ACTION_GROUP: turn_group(app); break;
	case ACTION_SORT: ask_sort(app); break;
	case ACTION_FREEZE: freeze(app); break;
	case ACTION_COMMAND: app_prompt_open(app, ASK_COMMAND); break;
	case ACTION_REDRAW: term_redraw(); break;
	case ACTION_SUSPEND: term_suspend(); break;
	case ACTION_HOLD: case ACTION_DRAIN: case ACTION_RESUME:
	case ACTION_TEST: app_connector(app, action); break;
	default: move(app, action); break;
	}
}

/* ---- the one key that an earlier key asked for ---- */

static void
sort(struct app *app, key_code key)
{
	struct mail_view *m = app_mail(app);
	struct error err = ERROR_INIT;

	if (m && mail_sort(&m->mail, key) &&
	    list_reload(app_list(app), &err) < 0)
		app_fail(app, &err);
}

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
	case WAIT_UNFINISHED:
		app_unfinished_key(app, key);
		break;
	case WAIT_TEST:
		app_test_key(app, key);
		break;
	case WAIT_NONE:
		break;
	}
}

void
app_key(struct app *app, const struct key_event *event)
{
	enum action action;

	if (app->ask == ASK_NONE)
		app->note[0] = '\0';
	if (app->wait != WAIT_NONE) {
		waited_key(app, event->key);
	} else if (app->ask != ASK_NONE) {
		app_prompt_typed(app, event);
	} else {
		action = keymap_find(&app->keys, app_context(app), event->key);
		if (action != ACTION_NONE)
			app_act(app, action);
	}
}
