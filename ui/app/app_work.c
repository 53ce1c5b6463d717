/*
 * app_work: carries out what changes the store, through operations, and goes
 * on answering keys meanwhile; work that was cut off, and work of others. See
 * app.h.
 */
#include "app/app.h"
#include "term/term.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 250		/* ids between two looks at the keys */
#define RESULTS_MAX (1 << 20)	/* bytes of results that are shown at once */

void
app_work_release(struct app_work *w)
{
	free(w->targets);
	free(w->flags);
	str_release(&w->results);
	*w = (struct app_work){ .results = STR_INIT };
}

bool
app_may_write(struct app *app)
{
	if (app->read_only)
		app_note(app, "Read-only: %.200s", app->read_only_why);
	else if (app->working)
		app_note(app, "Work is running: Ctrl-C stops it");
	return !app->read_only && !app->working;
}

/* While the store's lock is waited for: keys, and what they ask. */
static bool
on_waiting(void *arg, const char *holder)
{
	struct app *app = arg;

	app_note(app, "Waiting for the store, which is being written by %.60s. "
		"Ctrl-C gives up", holder);
	app_turn(app, 0);
	return !app->work.stop;
}

void
app_work_begin(struct app *app)
{
	app->working = true;
	app->work.stop = false;
	app->store.waiting = on_waiting;
	app->store.waiting_arg = app;
	app->store.waiting_ms = 0;
}

void
app_work_end(struct app *app)
{
	app->working = false;
	app->store.waiting = NULL;
	if (!app->leave)
		app_refresh(app);
}

/* Without a connector nobody has recovered yet. 0 or -1 (said). */
int
app_work_recover(struct app *app)
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

static void
on_result(void *arg, const struct operation_result *r)
{
	struct app *app = arg;
	struct app_work *w = &app->work;
	bool noted = r->result == OPERATION_NOTED;
	bool done = noted || r->result == OPERATION_DONE;

	w->done += done && !noted;
	w->noted += noted;
	w->skipped += r->result == OPERATION_SKIPPED;
	w->failed += r->result == OPERATION_FAILED;
	if (!done && !*w->first_why)
		snprintf(w->first_why, sizeof w->first_why, "%" PRId64
			" %.140s", r->id, r->why ? r->why : "");
	if (done && w->tagged && app_mail(app))
		tags_remove(&app_list(app)->tags, r->id);
	if (!done && w->results.len < RESULTS_MAX) {
		str_addf(&w->results, " %8" PRId64 "  %-8s ", r->id,
			operation_word(r->result));
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

	if (done < total) {
		app_note(app, "%s: %s of %s.  Ctrl-C stops",
			verb_word(app->work.verb), text_exact(a,
				(uint64_t)done), text_exact(b,
				(uint64_t)total));
		app->stale = true;
		app_turn(app, 0);
	}
	return !app->work.stop;
}

void
app_work_op(struct app *app, struct operation *op, const char *reason)
{
	*op = (struct operation){
		.actor = &app->actor, .reason = *reason ? reason : NULL,
		.batch = BATCH, .result = on_result, .progress = on_progress,
		.arg = app,
	};
}

static void add_to_note(struct app *app, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void
add_to_note(struct app *app, const char *fmt, ...)
{
	size_t used = strlen(app->note);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(app->note + used, sizeof app->note - used, fmt, ap);
	va_end(ap);
}

void
app_work_say(struct app *app, const char *verb,
	const struct operation_summary *sum)
{
	struct app_work *w = &app->work;
	struct str text = STR_INIT;
	char title[80];

	app_note(app, "%s: %" PRId64 " done", verb, w->done);
	if (w->noted)
		add_to_note(app, ", %" PRId64 " noted: when the attempt ends",
			w->noted);
	if (w->skipped)
		add_to_note(app, ", %" PRId64 " skipped", w->skipped);
	if (w->failed)
		add_to_note(app, ", %" PRId64 " failed", w->failed);
	if (sum->pending)
		add_to_note(app, ", %" PRId64 " not reached", sum->pending);
	if (*w->first_why)
		add_to_note(app, ": %s", w->first_why);
	else
		add_to_note(app, ".  u takes it back");
	if (w->skipped + w->failed > 1) {
		snprintf(title, sizeof title, "%s: %" PRId64 " done, %" PRId64
			" skipped, %" PRId64 " failed", verb, w->done,
			w->skipped, w->failed);
		str_add_bytes(&text, w->results.data, w->results.len);
		app_show_text(app, title, &text);
	}
}

void
app_work_carry_out(struct app *app, const char *reason)
{
	struct app_work *w = &app->work;
	struct operation op;
	struct operation_summary sum = { 0 };
	struct error err = ERROR_INIT;
	int rc;

	app_work_begin(app);
	app_work_op(app, &op, reason);
	op.verb = verb_word(w->verb);
	op.kind = w->verb;
	if (app_work_recover(app) == 0) {
		rc = operations_apply(&app->store, &op, w->targets, w->n, &sum,
			&err);
		app->note[0] = '\0';
		app_work_say(app, verb_word(w->verb), &sum);
		if (rc < 0)
			app_fail(app, &err);
	}
	app_work_end(app);
	app_work_release(w);
}

/* ---- work that was cut off ---- */

void
app_unfinished_ask(struct app *app)
{
	struct history_action *a = &app->undo;
	struct error err = ERROR_INIT;
	char n[TEXT_NUMBER_MAX], at[TEXT_NUMBER_MAX], left[TEXT_NUMBER_MAX];
	int64_t reached;
	int rc;

	if (app->read_only)
		return;
	history_action_release(a);
	rc = operations_unfinished(&app->store, &app->actor, a, &err);
	if (rc < 0)
		app_fail(app, &err);
	if (rc <= 0) {
		memset(a, 0, sizeof *a);
		return;
	}
	reached = a->done + a->skipped + a->failed;
	app->wait = WAIT_UNFINISHED;
	term_deaf();		/* what was typed ahead is no answer */
	app_note(app, "Your %s of %s stopped at %s, %s left: g go on, d drop "
		"the rest, Esc later", a->verb, text_exact(n,
			(uint64_t)a->total), text_exact(at,
			(uint64_t)reached), text_exact(left,
			(uint64_t)(a->total - reached)));
}

static void
go_on(struct app *app, const struct history_action *a)
{
	struct operation op;
	struct operation_summary sum = { 0 };
	struct error err = ERROR_INIT;
	int rc;

	app_work_op(app, &op, a->reason ? a->reason : "");
	op.verb = a->verb;
	op.undo_of = a->undo_of;
	if (!verb_parse(a->verb, &op.kind))
		op.kind = VERB_RETRY;	/* an undo: not looked at */
	app->work.verb = op.kind;
	rc = operations_continue(&app->store, &op, a->id, &sum, &err);
	app->note[0] = '\0';
	app_work_say(app, a->verb, &sum);
	if (rc < 0)
		app_fail(app, &err);
}

void
app_unfinished_key(struct app *app, key_code key)
{
	struct error err = ERROR_INIT;

	if ((key != 'g' && key != 'd') || !app_may_write(app)) {
		app_note(app, "It stays as it is; it is in the Log (6), and "
			"asked for at the next start");
		return;
	}
	app_work_release(&app->work);
	app_work_begin(app);
	/* The moves that were under way are finished in either case. */
	if (app_work_recover(app) < 0)
		;			/* said */
	else if (key == 'g')
		go_on(app, &app->undo);
	else if (operations_drop(&app->store, &app->actor, app->undo.id,
	    &err) < 0)
		app_fail(app, &err);
	else
		app_note(app, "Dropped: what was not reached stays as it was");
	app_work_end(app);
	app_work_release(&app->work);
}

/* ---- work of others ---- */

void
app_running_look(struct app *app)
{
	struct history_action a;
	struct error err = ERROR_INIT;
	char n[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];
	int rc = operations_running(&app->store, &a, &err);

	app->running[0] = '\0';
	if (rc < 0)
		app_fail(app, &err);
	if (rc <= 0)
		return;
	snprintf(app->running, sizeof app->running, "%.20s: %.12s, %s of %s",
		a.by, a.verb, text_exact(n, (uint64_t)(a.done + a.skipped +
			a.failed)), text_exact(all, (uint64_t)a.total));
	history_action_release(&a);
}
