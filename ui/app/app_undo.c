/* app_undo: takes back the newest action of this operator, as far as it still
 * can be. See app.h. */
#include "app/app.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many of the action's messages can still be taken back: those that
 * nobody, and no attempt, has changed since; -1: not known, as there are more
 * than HISTORY_PAGE. */
static int64_t
add_how_many(struct app *app, const struct history_action *a, char *out,
	size_t cap)
{
	struct history_item *items;
	struct error err = ERROR_INIT;
	struct history_message m;
	char n[TEXT_NUMBER_MAX];
	int64_t able = 0;
	int got;

	*out = '\0';
	if (!a->total || a->total > HISTORY_PAGE)
		return -1;
	items = xcalloc(HISTORY_PAGE, sizeof *items);
	got = history_items(app->store.history, a->id, 0, items, HISTORY_PAGE,
		&err);
	for (int i = 0; i < got; i++) {
		if (history_message_get(app->store.history, items[i].message,
		    &m, &err) > 0) {
			able += m.changed_by == a->id ||
				m.noted_action == a->id;
			history_message_release(&m);
		}
		history_item_release(&items[i]);
	}
	free(items);
	snprintf(out, cap, " %s can be taken back.", text_exact(n,
		(uint64_t)able));
	return able;
}

void
app_undo(struct app *app)
{
	struct error err = ERROR_INIT;
	char at[TEXT_TIME_MAX], able[64], n[TEXT_NUMBER_MAX], many[48] = "";
	int rc;

	if (!app_may_write(app))
		return;
	history_action_release(&app->undo);
	rc = operations_find_undo(&app->store, &app->actor, 0, &app->undo,
		&err);
	if (rc <= 0) {
		memset(&app->undo, 0, sizeof app->undo);
		app_fail(app, &err);
		return;
	}
	if (add_how_many(app, &app->undo, able, sizeof able) == 0) {
		app_note(app, "Nothing of your %.12s %s can be taken back any "
			"more", app->undo.verb, text_time(at, app->undo.at,
				clock_wall()));
		return;
	}
	if (app->undo.total)
		snprintf(many, sizeof many, " of %s message%s", text_exact(n,
			(uint64_t)app->undo.total),
			app->undo.total == 1 ? "" : "s");
	snprintf(app->question, sizeof app->question, "UNDO on %.14s: %s%s, "
		"%s, %.16s?%s", app->status.host, app->undo.verb, many,
		text_time(at, app->undo.at, clock_wall()), app->undo.by, able);
	app_prompt_open_line(app, ASK_UNDO);
}

void
app_undo_done(struct app *app)
{
	bool yes = app->prompt.fields[1].yes;
	char *reason = xstrdup(app->prompt.fields[0].text.data);
	struct operation_summary sum = { 0 };
	struct operation op;
	struct error err = ERROR_INIT;

	app_prompt_close(app);
	app_work_release(&app->work);
	if (!yes) {
		app_note(app, "Nothing was done");
	} else {
		app_work_begin(app);
		app_work_op(app, &op, reason);
		if (app_work_recover(app) == 0) {
			if (operations_undo(&app->store, &op, &app->undo, &sum,
			    &err) < 0)
				app_fail(app, &err);
			else
				app_work_say(app, "undo", &sum);
		}
		app_work_end(app);
	}
	app_work_release(&app->work);
	free(reason);
}
