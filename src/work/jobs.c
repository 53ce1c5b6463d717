/* SPDX-License-Identifier: ISC */
/* jobs: their beginning, their turns, and orders to them. See jobs.h. */
#include "work/jobs.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_FEW 6		/* of which none may fail again */
#define BAD_OF 10		/* one in so many of the others may */
#define LOOK_MS 200		/* while outcomes are waited for */
#define HELD_MS CLOCK_SECOND

/* --- steps ---------------------------------------------------------------- */

/* The number at the front, and what follows it; 0: none. */
static int64_t
next_step(const char **p)
{
	char *end;
	int64_t n;

	if (!*p || !**p)
		return 0;
	n = strtoll(*p, &end, 10);
	*p = *end == ',' ? end + 1 : end;
	return n;
}

int
jobs_check_steps(const char *steps, struct error *err)
{
	const char *p = steps;

	if (strspn(steps, "0123456789,") != strlen(steps) ||
	    strlen(steps) >= JOBS_STEPS_MAX)
		return error_set(err, ERROR_INVALID, "steps are numbers with "
			"commas between, as in 1,5,25");
	while (*p) {
		int64_t n = next_step(&p);

		if (n <= 0 || n > OPERATIONS_MAX)
			return error_set(err, ERROR_INVALID, "a step puts back "
				"at least 1 message, as in 1,5,25");
	}
	return 0;
}

/* How many are put back when step `step` is: the rest, after the last one. */
static int64_t
end_of_step(const struct history_action *a, int64_t step)
{
	const char *p = a->steps;
	int64_t end = 0, n = 0;

	for (int64_t i = 0; i <= step; i++) {
		n = next_step(&p);
		if (n == 0 || end + n > a->total)
			return a->total;
		end += n;
	}
	return end;
}

/* May the next step begin, after this one's outcomes? */
static bool
step_was_good(const struct history_action *a)
{
	int64_t bad = a->again + a->deferred - a->step_bad;
	int64_t before = a->step ? end_of_step(a, a->step - 1) : 0;
	int64_t size = a->step_end - before, few;

	few = before < FIRST_FEW ? FIRST_FEW - before : 0;
	if (few >= size)
		return bad == 0;
	return bad <= (size - few) / BAD_OF;
}

/* --- the beginning ---------------------------------------------------------- */

static int
make_job(struct store *s, int64_t id, const struct job_spec *spec,
	struct error *err)
{
	struct history_action a = { 0 };
	int rc;

	if (store_begin(s, err) < 0)
		return -1;
	rc = history_action_get(s->history, id, &a, err);
	if (rc > 0) {
		a.job = true;
		a.job_state = xstrdup("running");
		a.steps = spec->steps ? xstrdup(spec->steps) : NULL;
		a.step_end = end_of_step(&a, 0);
		a.rate = spec->rate;
		a.next_at = spec->rate ? a.at : HISTORY_NO_TIME;
		a.at_once = spec->at_once;
		a.console = spec->console ? xstrdup(spec->console) : NULL;
		rc = history_job_put(s->history, &a, err);
		if (rc == 0)
			rc = store_commit(s, err);
	}
	history_action_release(&a);
	return rc < 0 ? -1 : 0;
}

int
jobs_begin(struct store *s, const struct operation *op,
	const struct operation_target *targets, size_t n,
	const struct job_spec *spec, int64_t *id_out, struct error *err)
{
	size_t at = 0;
	int rc;

	assert(n > 0);
	do {
		if (at > 0)
			store_give_way();
		rc = operations_record(s, op, targets, n, &at, id_out, err);
	} while (rc == 0 && at < n);
	if (rc == 0)
		rc = make_job(s, *id_out, spec, err);
	store_end(s);
	return rc;
}

/* --- a turn ----------------------------------------------------------------- */

static bool
is_over(const struct history_action *a)
{
	return !a->job_state || strcmp(a->job_state, "done") == 0 ||
		strcmp(a->job_state, "stopped") == 0;
}

static bool
is_paused(const struct history_action *a)
{
	return a->job_state && strcmp(a->job_state, "paused") == 0;
}

static void
set_state(struct history_action *a, const char *state, bool by_itself,
	const char *by, const char *why)
{
	xstrset(&a->job_state, state);
	a->job_auto = by_itself;
	xstrset(&a->job_by, by);
	xstrset(&a->job_why, why);
}

/* What is not the job's own fault and ends by itself, or NULL. */
static const char *
what_stops_all(const struct history_connector *row)
{
	return row->needs_check ? "a check is needed" :
		row->hold ? "the connector is held" :
		row->drain ? "the connector drains" :
		row->breaker_open ? "the breaker is open" : NULL;
}

/* Pauses, or ends the pause, with the connector. True if it has to wait. */
static int
look_at_connector(struct store *s, struct history_action *a,
	struct error *err)
{
	struct history_connector row = { 0 };
	const char *why;

	if (history_connector_get(s->history, &row, err) < 0)
		return -1;
	why = what_stops_all(&row);
	if (why && !is_paused(a))
		set_state(a, "paused", true, NULL, why);
	else if (!why && is_paused(a) && a->job_auto)
		set_state(a, "running", false, NULL, NULL);
	history_connector_release(&row);
	return why != NULL;
}

/* Stopped: what was not reached is skipped. */
static int
end_stopped(struct store *s, struct history_action *a, const char *by,
	const char *why, struct error *err)
{
	char *words = xasprintf("job stopped%s%s", why ? ": " : "",
		why ? why : "");
	int n;

	set_state(a, "stopped", false, by, why);
	do {
		n = history_items_drop(s->history, a->id, words, clock_wall(),
			STORE_BATCH, err);
		a->skipped += n > 0 ? n : 0;
	} while (n == STORE_BATCH);
	free(words);
	a->ended_at = clock_wall();
	return n < 0 ? -1 : history_action_end(s->history, a, err);
}

static int
pause_for_step(struct store *s, struct history_action *a, struct error *err)
{
	int64_t bad = a->again + a->deferred - a->step_bad, n;
	int code = HISTORY_NO_CODE, rc;
	char words[200] = "", number[20] = "";
	char *why;

	rc = history_outcome_reason(s->history, a->id, &code, words,
		sizeof words, &n, err);
	if (rc < 0)
		return -1;
	if (code != HISTORY_NO_CODE)
		snprintf(number, sizeof number, ", code %d", code);
	why = xasprintf("%" PRId64 " failed again%s%s%s", bad, number,
		!*words ? "" : *number ? " " : ", ", words);
	set_state(a, "paused", false, NULL, why);
	free(why);
	return 0;
}

/* Outcomes are waited for: is the step over? */
static int
look_at_step(struct store *s, struct history_action *a, struct error *err)
{
	bool all = a->done + a->skipped + a->failed >= a->total;

	if (a->waits > 0)
		return 0;
	if (all) {
		set_state(a, "done", false, NULL, NULL);
		a->ended_at = clock_wall();
		return history_action_end(s->history, a, err);
	}
	if (a->steps && !step_was_good(a))
		return pause_for_step(s, a, err);
	a->step++;
	a->step_bad = a->again + a->deferred;
	a->step_end = end_of_step(a, a->step);
	set_state(a, "running", false, NULL, NULL);
	return 0;
}

/* How many may be put back now. */
static int64_t
budget(struct history_action *a, int64_t now)
{
	int64_t n = a->step_end - a->done;

	if (a->rate > 0 && n > 0) {
		int64_t due = now < a->next_at ? 0 : 1 +
			(now - a->next_at) * a->rate / CLOCK_MINUTE;

		n = due < n ? due : n;
		if (n > 0)
			a->next_at += n * CLOCK_MINUTE / a->rate;
	}
	return n < STORE_BATCH ? n : STORE_BATCH;
}

/* The batch of this turn. Number or -1. */
static int
find_targets(struct store *s, struct history_action *a, int64_t n,
	struct operation_target *targets, struct error *err)
{
	struct history_item *rows = xcalloc(STORE_BATCH, sizeof *rows);
	int got = n > 0 ? history_items_pending(s->history, a->id,
		a->position, rows, (int)n, err) : 0;

	for (int i = 0; i < got; i++) {
		targets[i] = (struct operation_target){ rows[i].message,
			OPERATIONS_ANY };
		if (rows[i].from_state)
			state_parse(rows[i].from_state, &targets[i].seen);
		a->position = rows[i].message;
		history_item_release(&rows[i]);
	}
	free(rows);
	return got;
}

/* The first part of a turn, in a transaction: what state it is in, and which
 * messages are next. Their number, or -1. */
static int
prepare(struct store *s, struct history_action *a,
	struct operation_target *targets, struct error *err)
{
	int64_t n;
	int rc;

	if (is_over(a) || (is_paused(a) && !a->job_auto))
		return 0;
	if (a->console && !spool_console_is_held(&s->spool, a->console))
		return end_stopped(s, a, NULL, "the line was lost", err) < 0 ?
			-1 : history_job_put(s->history, a, err);
	rc = look_at_connector(s, a, err);
	if (rc == 0 && strcmp(a->job_state, "waiting") == 0)
		rc = look_at_step(s, a, err);
	if (rc < 0)
		return -1;
	if (strcmp(a->job_state, "running") != 0)
		return history_job_put(s->history, a, err);
	n = budget(a, clock_wall());
	rc = find_targets(s, a, n, targets, err);
	if (rc < 0)
		return -1;
	/* The step is full, or its list has come to an end. */
	if ((n > 0 && rc == 0) || a->done >= a->step_end)
		set_state(a, "waiting", false, NULL, NULL);
	return history_job_put(s->history, a, err) < 0 ? -1 : rc;
}

static int64_t
wait_of(const struct history_action *a, int64_t now)
{
	if (is_paused(a))
		return HELD_MS;
	if (strcmp(a->job_state, "waiting") == 0)
		return LOOK_MS;
	if (a->rate > 0 && a->next_at > now)
		return a->next_at - now < CLOCK_SECOND ? a->next_at - now :
			CLOCK_SECOND;
	return 1;
}

static int
do_targets(struct store *s, const struct history_action *a,
	const struct operation_target *targets, size_t n, struct error *err)
{
	struct actor actor = { .uid = a->uid, .euid = a->euid, .by = a->by };
	struct operation op = {
		.actor = &actor, .verb = a->verb, .reason = a->reason,
		.late = !a->at_once,
	};
	struct operation_summary sum = { .pending = (int64_t)n };

	if (!verb_parse(a->verb, &op.kind))
		return error_set(err, ERROR_INVALID, "%s is no job", a->verb);
	return operations_batch(s, &op, a->id, targets, n, &sum, err);
}

int
jobs_turn(struct store *s, int64_t id, int64_t *wait_ms_out,
	struct error *err)
{
	struct operation_target *targets = xcalloc(STORE_BATCH,
		sizeof *targets);
	struct history_action a = { 0 };
	int rc = -1, n = -1;

	if (store_begin(s, err) == 0)
		rc = history_action_get(s->history, id, &a, err);
	if (rc == 0)
		rc = error_set(err, ERROR_NOT_FOUND, "there is no job %"
			PRId64, id);
	if (rc > 0)
		n = prepare(s, &a, targets, err);
	if (n >= 0 && store_commit(s, err) < 0)
		n = -1;
	if (n > 0 && do_targets(s, &a, targets, (size_t)n, err) < 0)
		n = -1;
	store_end(s);
	rc = n < 0 ? -1 : !is_over(&a) && (!is_paused(&a) || a.job_auto);
	if (rc > 0)
		*wait_ms_out = n > 0 ? 1 : wait_of(&a, clock_wall());
	free(targets);
	history_action_release(&a);
	return rc;
}

/* --- orders ----------------------------------------------------------------- */

static int
order(struct store *s, const struct actor *actor, struct history_action *a,
	enum job_order what, const char *reason, struct error *err)
{
	if (!a->job)
		return error_set(err, ERROR_INVALID, "action %" PRId64
			" is no job: it was done at once", a->id), 0;
	if (is_over(a))
		return error_set(err, ERROR_INVALID, "job %" PRId64 " is %s "
			"already", a->id, a->job_state), 0;
	switch (what) {
	case JOB_PAUSE:
		if (is_paused(a) && !a->job_auto)
			return error_set(err, ERROR_INVALID, "job %" PRId64
				" is paused already", a->id), 0;
		set_state(a, "paused", false, actor->by, reason);
		break;
	case JOB_GO_ON:
		if (!is_paused(a) || a->job_auto)
			return error_set(err, ERROR_INVALID, "job %" PRId64
				" is not paused by a person or its steps: %s",
				a->id, a->job_why ? a->job_why :
				a->job_state), 0;
		/* What failed has been looked at: the next step is what
		 * counts. */
		if (a->done >= a->step_end && a->step_end < a->total) {
			a->step++;
			a->step_end = end_of_step(a, a->step);
		}
		a->step_bad = a->again + a->deferred;
		set_state(a, "running", false, NULL, NULL);
		break;
	case JOB_STOP:
		if (end_stopped(s, a, actor->by, reason, err) < 0)
			return -1;
		break;
	}
	return history_job_put(s->history, a, err) < 0 ? -1 : 1;
}

int
jobs_order(struct store *s, const struct actor *actor, int64_t id,
	enum job_order what, const char *reason, struct error *err)
{
	struct history_action a = { 0 };
	int rc = -1;

	if (store_begin(s, err) == 0)
		rc = history_action_get(s->history, id, &a, err);
	if (rc == 0)
		rc = error_set(err, ERROR_NOT_FOUND, "there is no job %"
			PRId64, id);
	else if (rc > 0)
		rc = order(s, actor, &a, what, reason, err);
	if (rc > 0 && store_commit(s, err) < 0)
		rc = -1;
	store_end(s);
	history_action_release(&a);
	return rc;
}

/* --- in words ----------------------------------------------------------------- */

static void
add_count(struct str *out, const char **comma, int64_t n, const char *words)
{
	char count[TEXT_NUMBER_MAX];

	if (n == 0)
		return;
	str_addf(out, "%s%s %s", *comma, text_exact(count, (uint64_t)n),
		words);
	*comma = ", ";
}

int
jobs_sentence(struct history *h, const struct history_action *a,
	struct str *out, struct error *err)
{
	int64_t left = a->total - a->done - a->skipped - a->failed, n;
	char count[TEXT_NUMBER_MAX], words[160] = "";
	const char *comma = "";
	int code = HISTORY_NO_CODE, rc = 0;

	str_addf(out, "%s of %s: ", a->verb, text_exact(count,
		(uint64_t)a->total));
	if (a->again + a->deferred > 0)
		rc = history_outcome_reason(h, a->id, &code, words,
			sizeof words, &n, err);
	if (rc < 0)
		return -1;
	if (!a->waits && !a->imported && !a->again && !a->deferred && !a->acted)
		add_count(out, &comma, a->done, "done");
	add_count(out, &comma, a->imported, "imported");
	add_count(out, &comma, a->again, "failed again");
	if (a->again > 0 && rc > 0) {
		str_add(out, " (");
		if (code != HISTORY_NO_CODE)
			str_addf(out, "%d%s", code, *words ? " " : "");
		str_addf(out, "%s)", words);
	}
	add_count(out, &comma, a->deferred, "deferred");
	add_count(out, &comma, a->acted, "acted on since");
	add_count(out, &comma, a->skipped, "skipped");
	add_count(out, &comma, a->failed, "not done");
	add_count(out, &comma, a->waits + left, "to come");
	if (!*comma)
		str_add(out, "nothing done");
	return 0;
}
