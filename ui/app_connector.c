/* app_connector: hold, drain, resume and test. See app.h. */
#include "app.h"
#include "clock.h"
#include "term.h"
#include "text.h"
#include "xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
app_connector(struct app *app, enum action action)
{
	static const char *const words[] = { "HOLD: takes in, imports nothing",
		"DRAIN: takes nothing in, empties the queue, then holds",
		"RESUME: goes on", "TEST: tries one message now" };

	if (!app_may_write(app))
		return;
	if (action == ACTION_TEST && app->status.connector == STATUS_STOPPED) {
		app_note(app, "No connector runs: systemctl start ccmqd");
		return;
	}
	app->pending = action;
	snprintf(app->question, sizeof app->question, "%s, on %.14s?",
		words[action - ACTION_HOLD], app->status.host);
	app_prompt_open_line(app, ASK_CONNECTOR);
	if (action == ACTION_HOLD || action == ACTION_DRAIN)
		prompt_add_text(&app->prompt, "Until (04:00, 2h)", "", false);
	term_field(false);
}

static int
connector_change(struct app *app, const char *reason, int64_t until,
	struct error *err)
{
	enum connector_verb verb = app->pending == ACTION_HOLD ?
		CONNECTOR_HOLD : app->pending == ACTION_DRAIN ?
		CONNECTOR_DRAIN : CONNECTOR_RESUME;
	int64_t id;

	if (app->pending == ACTION_TEST)
		return operations_test(&app->store, &app->actor, reason, &id,
			err) < 0 ? -1 : 1;
	return operations_connector(&app->store, &app->actor, verb, reason,
		until, err);
}

void
app_connector_done(struct app *app)
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
	app_work_begin(app);
	if (yes)
		rc = connector_change(app, *reason ? reason : NULL, until,
			&err);
	if (rc < 0 || (yes && rc == 0))
		app_fail(app, &err);
	else
		app_note(app, !yes ? "Nothing was done" :
			app->pending == ACTION_TEST ?
			"Asked for a test; see Log (6)" : "Done");
	free(reason);
	app_work_end(app);
}
