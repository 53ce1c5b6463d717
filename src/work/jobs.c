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
#define DEBT_MS (2 * CLOCK_SECOND)	/* of a rate, that is made up for */
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

int
jobs_make(struct store *s, int64_t id, const struct job_spec *spec,
	struct error *err)
{
	struct history_action a = { 0 };
	int rc = store_begin(s, err);

	if (rc == 0)
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
	store_end(s);
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
	return rc < 0 ? -1 : jobs_make(s, *id_out, spec, err);
}

/* --- a turn ----------------------------------------------------------------- */

static bool
is_stopped(const struct history_action *a)
{
	return a->job_state && strcmp(a->job_state, "stopped") == 0;
}

static bool
is_waiting(const struct history_action *a)
{
	return a->job_state && strcmp(a->job_state, "waiting") == 0;
}

static bool
is_over(const struct history_action *a)
{
	return !a->job_state || strcmp(a->job_state, "done") == 0 ||
		is_stopped(a);
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

/* What is put back at once waits in the queue as all do; only what comes after
 * it has to wait for the connector. */
static int
connector_stops(struct store *s, const struct history_action *a,
	const char **why_out, struct error *err)
{
	struct history_connector row = { 0 };

	*why_out = NULL;
	if (!a->steps && !a->rate)
		return 0;
	if (history_connector_get(s->history, &row, err) < 0)
		return -1;
	*why_out = what_stops_all(&row);
	history_connector_release(&row);
	return 0;
}

/* Pauses, or ends the pause, with the connector. True if it has to wait. */
static int
look_at_connector(struct store *s, struct history_action *a,
	struct error *err)
{
	const char *why;

	if (connector_stops(s, a, &why, err) < 0)
		return -1;
	if (why && !is_paused(a))
		set_state(a, "paused", true, NULL, why);
	else if (!why && is_paused(a) && a->job_auto)
		set_state(a, "running", false, NULL, NULL);
	return why != NULL;
}

/* What was not reached is skipped from here on; that each of them says so
 * comes in the turns that follow. */
static int
end_stopped(struct store *s, struct history_action *a, const char *by,
	const char *why, struct error *err)
{
	set_state(a, "stopped", false, by, why);
	a->skipped = a->total - a->done - a->failed;
	a->ended_at = clock_wall();
	return history_action_end(s->history, a, err) < 0 ? -1 :
		history_job_put(s->history, a, err);
}

/* Some of those, of a job that was stopped. 1 there may be more, 0, -1. */
static int
skip_some(struct store *s, const struct history_action *a, struct error *err)
{
	char *words = xasprintf("job stopped%s%s", a->job_why ? ": " : "",
		a->job_why ? a->job_why : "");
	int n = history_items_drop(s->history, a->id, words, clock_wall(),
		STORE_BATCH, err);

	free(words);
	return n < 0 ? -1 : n == STORE_BATCH;
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

/* Outcomes are waited for, where there are steps: is this one over? */
static int
look_at_step(struct store *s, struct history_action *a, struct error *err)
{
	bool all = a->done + a->skipped + a->failed >= a->total;

	if (a->waits > 0 && (a->steps || !all))
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

/* With a rate: when the next one is due. What a pause left undone does not come
 * all at once after it, nor does a clock that was set make a rush or a wait. */
static int64_t
due_at(const struct history_action *a, int64_t now)
{
	int64_t each = CLOCK_MINUTE / a->rate;

	return a->next_at > now + each || a->next_at < now - each - DEBT_MS ?
		now : a->next_at;
}

/* How many may be put back now. */
static int64_t
budget(struct history_action *a, int64_t now)
{
	int64_t n = a->step_end - a->done;

	if (a->rate > 0 && n > 0) {
		int64_t at = due_at(a, now), due = now < at ? 0 : 1 +
			(now - at) * a->rate / CLOCK_MINUTE;

		n = due < n ? due : n;
		if (n > 0)
			a->next_at = at + n * CLOCK_MINUTE / a->rate;
	}
	return n < STORE_BATCH ? n : STORE_BATCH;
}

/* What is pending behind the position, else anywhere: a holder that died after
 * it had noted its position has not done what stands before it. */
static int
find_pending(struct store *s, struct history_action *a, int most,
	struct history_item *rows, struct error *err)
{
	int got = history_items_pending(s->history, a->id, a->position, rows,
		most, err);

	if (got != 0 || a->position == 0)
		return got;
	a->position = 0;
	return history_items_pending(s->history, a->id, 0, rows, most, err);
}

/* The batch of this turn. Number or -1. */
static int
find_targets(struct store *s, struct history_action *a, int64_t n,
	struct operation_target *targets, struct error *err)
{
	struct history_item *rows = xcalloc(STORE_BATCH, sizeof *rows);
	int got = n > 0 ? find_pending(s, a, (int)n, rows, err) : 0;

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

/* The console that began it was to stay, and has gone before all was done. */
static bool
is_lost(struct store *s, const struct history_action *a)
{
	return a->console && a->ended_at == HISTORY_NO_TIME &&
		!spool_console_is_held(&s->spool, a->console);
}

/* Would a turn change nothing? 1, 0, -1. */
static int
has_to_wait(struct store *s, const struct history_action *a, struct error *err)
{
	int64_t now = clock_wall();
	const char *why;

	if (is_over(a) || is_lost(s, a))
		return 0;
	if (store_look_at_names(s, err) < 0 ||
	    connector_stops(s, a, &why, err) < 0)
		return -1;
	if (is_paused(a))
		return a->job_auto && why;
	return !why && (is_waiting(a) ? a->steps && a->waits > 0 : a->rate > 0 &&
		due_at(a, now) > now);
}

/* What is in no list, as whoever wrote it was cut off, is not done. 0 or -1. */
static int
give_up_rest(struct store *s, struct history_action *a, struct error *err)
{
	a->failed = a->total - a->done - a->skipped;
	return history_action_end(s->history, a, err);
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
	if (is_lost(s, a))
		return end_stopped(s, a, NULL, "the line was lost", err);
	rc = look_at_connector(s, a, err);
	if (rc == 0 && is_waiting(a))
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
	if (n > 0 && rc == 0 && a->step_end == a->total &&
	    give_up_rest(s, a, err) < 0)
		return -1;
	return history_job_put(s->history, a, err) < 0 ? -1 : rc;
}

static int64_t
wait_of(const struct history_action *a, int64_t now)
{
	if (is_paused(a))
		return HELD_MS;
	if (is_waiting(a))
		return LOOK_MS;
	if (a->rate > 0 && due_at(a, now) > now)
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
		.undo_of = a->undo_of, .late = !a->at_once,
	};
	struct operation_summary sum = { .pending = (int64_t)n };

	if (!a->undo_of && !verb_parse(a->verb, &op.kind))
		return error_set(err, ERROR_INVALID, "%s is no job", a->verb);
	return operations_batch(s, &op, a->id, targets, n, &sum, err);
}

static int
get_job(struct store *s, int64_t id, struct history_action *a,
	struct error *err)
{
	int rc = history_action_get(s->history, id, a, err);

	return rc ? rc : error_set(err, ERROR_NOT_FOUND, "there is no job %"
		PRId64, id);
}

/* The transactions of a turn. 1 there is more to do, 0, -1. */
static int
turn(struct store *s, int64_t id, struct history_action *a, int *n_out,
	struct error *err)
{
	struct operation_target *targets = xcalloc(STORE_BATCH,
		sizeof *targets);
	int more = 0, n = -1;

	if (store_begin(s, err) == 0 && get_job(s, id, a, err) > 0)
		n = prepare(s, a, targets, err);
	if (n >= 0 && is_stopped(a) && (more = skip_some(s, a, err)) < 0)
		n = -1;
	if (n >= 0 && store_commit(s, err) < 0)
		n = -1;
	if (n > 0 && do_targets(s, a, targets, (size_t)n, err) < 0)
		n = -1;
	store_end(s);
	free(targets);
	*n_out = n;
	return n < 0 ? -1 : more || (!is_over(a) &&
		(!is_paused(a) || a->job_auto));
}

int
jobs_turn(struct store *s, int64_t id, int64_t *wait_ms_out,
	struct error *err)
{
	struct history_action a = { 0 };
	int rc = get_job(s, id, &a, err), n = 0;

	if (rc > 0)
		rc = has_to_wait(s, &a, err);
	if (rc == 0) {
		history_action_release(&a);
		rc = turn(s, id, &a, &n, err);
	}
	if (rc > 0)
		*wait_ms_out = n > 0 || is_stopped(&a) ? 1 :
			wait_of(&a, clock_wall());
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
		return end_stopped(s, a, actor->by, reason, err) < 0 ||
			skip_some(s, a, err) < 0 ? -1 : 1;
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
		rc = get_job(s, id, &a, err);
	if (rc > 0)
		rc = order(s, actor, &a, what, reason, err);
	if (rc > 0 && store_commit(s, err) < 0)
		rc = -1;
	store_end(s);
	history_action_release(&a);
	return rc;
}
