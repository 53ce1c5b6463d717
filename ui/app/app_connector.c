/* app_connector: hold, drain, resume and test. See app.h. */
#include "app/app.h"
#include "base/clock.h"
#include "term/term.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
app_connector(struct app *app, enum action action)
{
	static const char *const words[] = { 
		"HOLD: mail is taken in, nothing is imported",
		"DRAIN: nothing is taken in, the queue is emptied, then held",
		"RESUME: goes on" };

	if (!app_may_write(app))
		return;
	app->pending = action;
	if (action == ACTION_TEST) {
		app->wait = app->status.connector == STATUS_STOPPED ?
			WAIT_NONE : WAIT_TEST;
		app_note(app, app->wait == WAIT_TEST ? "Test now with one "
			"message on %.14s? y n" : "No connector runs on %.14s: "
			"systemctl start ccmqd", app->status.host);
		if (app->wait == WAIT_TEST)
			term_deaf();
		return;
	}
	app_prompt_open(app, ASK_CONNECTOR);
	snprintf(app->question, sizeof app->question, "%s, on %.14s?",
		words[action - ACTION_HOLD], app->status.host);
	prompt_add_text(&app->prompt, "Reason", app->last_reason, false);
	if (action != ACTION_RESUME)
		prompt_add_text(&app->prompt, "Until (04:00, 2h)", "", false);
	prompt_add_toggle(&app->prompt, "Do it? y n", false);
	term_field(true);
}

/* ---- a test ---- */

void
app_test_key(struct app *app, key_code key)
{
	struct error err = ERROR_INIT;

	if (key != 'y') {
		app_note(app, "Nothing was done");
		return;
	}
	app_work_begin(app);
	if (operations_test(&app->store, &app->actor, NULL, &app->test,
	    &err) < 0)
		app_fail(app, &err);
	else
		app_note(app, "Asked for a test; its result comes here");
	app_work_end(app);
}

void
app_test_look(struct app *app)
{
	struct history_action a;
	struct error err = ERROR_INIT;
	int rc;

	if (!app->test)
		return;
	rc = history_action_get(app->store.history, app->test, &a, &err);
	if (rc < 0)
		app_fail(app, &err);
	if (rc > 0 && a.ended_at != HISTORY_NO_TIME)
		app_note(app, "Test: %.200s", a.detail ? a.detail : "done");
	if (rc <= 0 || a.ended_at != HISTORY_NO_TIME)
		app->test = 0;
	if (rc > 0)
		history_action_release(&a);
}

/* ---- hold, drain, resume ---- */

void
app_connector_done(struct app *app)
{
	struct prompt *p = &app->prompt;
	const struct field *until_field = p->count > 2 ? &p->fields[1] : NULL;
	enum connector_verb verb = app->pending == ACTION_HOLD ?
		CONNECTOR_HOLD : app->pending == ACTION_DRAIN ?
		CONNECTOR_DRAIN : CONNECTOR_RESUME;
	struct error err = ERROR_INIT;
	int64_t until = HISTORY_NO_TIME;
	bool yes = p->fields[p->count - 1].yes;
	char *reason;
	int rc = 0;

	if (yes && until_field && until_field->text.len &&
	    text_parse_time(until_field->text.data, clock_wall(), &until,
		    &err) < 0) {
		p->state = PROMPT_OPEN;
		p->focus = 1;
		p->complaint = "Until when? 04:00, 2h or 2026-11-23 04:00";
		return;
	}
	reason = xstrdup(p->fields[0].text.data);
	snprintf(app->last_reason, sizeof app->last_reason, "%s", reason);
	app_prompt_close(app);
	if (!yes) {
		app_note(app, "Nothing was done");
		free(reason);
		return;
	}
	app_work_begin(app);
	rc = operations_connector(&app->store, &app->actor, verb,
		*reason ? reason : NULL, until, &err);
	if (rc <= 0)
		app_fail(app, &err);
	else if (rc == 2)
		app_note(app, "Nothing to do: it %s", err.text);
	else
		app_note(app, "Done.  u takes it back");
	free(reason);
	app_work_end(app);
}
