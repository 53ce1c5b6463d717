/* view_log: what happened, newest first; an action on several messages opens
 * to what it did to each. See view.h. */
#include "app/app.h"
#include "base/text.h"

#include <stdio.h>

static void
init(struct app *app, struct view *v)
{
	app->log.line.history = app->store.history;
	app->log.results.history = app->store.history;
	v->panes[PANE_OUTER].ctx = &app->log.line;
	v->panes[PANE_INNER].ctx = &app->log.results;
}

static void
release(struct app *app, struct view *v)
{
	(void)v;
	str_release(&app->log.words);
}

static void
narrow(struct app *app, struct view *v, const struct list_row *row)
{
	const struct history_log_row *r = row ? row->data : NULL;

	(void)v;
	app->log.results.action = r ? r->action.id : 0;
	app->log.results.total = r ? r->action.total : 0;
	str_clear(&app->log.words);
	if (r)
		log_action_words(&r->action, &app->log.words);
}

static const struct list_column *
line_columns(const struct view *v, int width, size_t *count_out)
{
	(void)v, (void)width;
	*count_out = LOG_COLUMNS;
	return log_columns;
}

static void
line_info(struct app *app, const struct view *v, struct str *out)
{
	(void)app, (void)v;
	str_add(out, "newest first   ! events that matter   Enter: the "
		"message, or each result");
}

static const char *
line_empty(const struct app *app, const struct view *v)
{
	(void)app, (void)v;
	return "Nothing has happened yet.";
}

static void
line_open(struct app *app, struct view *v, const struct list_row *row)
{
	const struct history_log_row *r = row->data;

	if (r->kind == HISTORY_LOG_ACTION && r->action.total > 1)
		view_narrow(app, v, row);
	else if (r->message)
		app_message_open_at(app, r->message, TAB_LOG);
	else
		app_open_log_row(app, r);
}

static const struct pane_kind line = {
	.context = KEYMAP_LOG,
	.source = &log_source,
	.columns = line_columns,
	.info = line_info,
	.empty = line_empty,
	.open = line_open,
};

static const struct list_column *
item_columns(const struct view *v, int width, size_t *count_out)
{
	(void)v, (void)width;
	*count_out = RESULT_COLUMNS;
	return result_columns;
}

static void
item_info(struct app *app, const struct view *v, struct str *out)
{
	(void)v;
	str_add(out, app->log.words.data);
}

static const char *
item_empty(const struct app *app, const struct view *v)
{
	(void)app, (void)v;
	return "Its messages are forgotten. q goes back.";
}

static void
item_open(struct app *app, struct view *v, const struct list_row *row)
{
	(void)v;
	app_message_open(app, row->id);
}

static const struct pane_kind items = {
	.context = KEYMAP_LOG,
	.source = &results_source,
	.columns = item_columns,
	.info = item_info,
	.empty = item_empty,
	.open = item_open,
};

const struct view_kind view_log = {
	.name = "Log", .brief = "Log",
	.panes = { &line, &items }, .first = PANE_OUTER,
	.init = init, .release = release, .narrow = narrow,
};
