/* SPDX-License-Identifier: ISC */
/* cli_job: see cli_job.h for the contract. */
#include "command/cli_job.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define ALONE_MS (2 * CLOCK_SECOND)	/* a holder has begun by then */

static volatile sig_atomic_t interrupted;

struct waiting {
	struct cli *cli;
	const struct operation *op;
	struct operation_summary *sum;
	struct history_action a;	/* as it was looked at last */
	int64_t id, told;		/* the last message that was told */
	int64_t batch;			/* the last of the batch in hand … */
	int64_t settled;		/* … and of what was done before it:
					 * of that, moves have failed, too */
	int64_t held_mono_ms;		/* when somebody had it last */
};

int
cli_job_begin(struct cli_job *j, struct cli *cli, const struct operation *op,
	const struct operation_target *targets, size_t n, struct job_spec spec,
	bool waits, struct error *err)
{
	*j = (struct cli_job){ .line = -1 };
	if (waits && cli->settings.console_on_lost == SETTINGS_ON_LOST_STOP) {
		j->line = spool_hold_console(&cli->store.spool, j->name, err);
		if (j->line < 0)
			return -1;
		spec.console = j->name;
	}
	return jobs_begin(&cli->store, op, targets, n, &spec, &j->id,
		err) < 0 ? -1 : jobs_start_holder("ccmq", cli->config,
		&cli->store, j->id, err);
}

void
cli_job_release(struct cli_job *j, struct cli *cli)
{
	spool_drop_console(&cli->store.spool, j->name, j->line);
	j->line = -1;
}

/* What the item knows, and the message of one that was not changed. */
static int
tell(struct waiting *w, const struct history_item *i, struct error *err)
{
	struct operation_result r = {
		.id = i->message, .why = i->why, .at = i->at, .by = w->a.by,
		.known = i->to_state != NULL,
	};
	struct history_message m = { 0 };
	int rc = 0;

	operation_parse(i->result, &r.result);
	if (r.known) {
		state_parse(i->from_state, &r.from);
		state_parse(i->to_state, &r.state);
	}
	if (r.result == OPERATION_SKIPPED || r.result == OPERATION_UNCHANGED)
		rc = history_message_get(w->cli->store.history, r.id, &m, err);
	if (rc > 0)
		r.by = m.changed_by ? m.action_by : "the connector";
	if (rc >= 0) {
		operations_count(w->sum, r.result);
		w->op->result(w->op->arg, &r);
		w->told = r.id;
	}
	history_message_release(&m);
	return rc < 0 ? -1 : 0;
}

static bool
is_so(const struct waiting *w, const char *state)
{
	return strcmp(w->a.job_state, state) == 0;
}

static bool
is_over(const struct waiting *w)
{
	return is_so(w, "done") || is_so(w, "stopped") ||
		(is_so(w, "paused") && !w->a.job_auto);
}

/* Not reached, or not settled; nor is what was dropped when it was stopped. */
static bool
is_left(const struct waiting *w, const struct history_item *i)
{
	return strcmp(i->result, "pending") == 0 ||
		(i->message > w->settled && !is_over(w)) ||
		(is_so(w, "stopped") && strcmp(i->result, "skipped") == 0 &&
		 i->at >= w->a.ended_at);
}

/* A page of those that came to their end. 1 there may be more, 0, -1. */
static int
tell_page(struct waiting *w, struct history_item *rows, struct error *err)
{
	int n = history_items(w->cli->store.history, w->id, w->told, rows,
		HISTORY_PAGE, err);
	int rc = n < 0 ? -1 : n == HISTORY_PAGE;
	bool over = rc < 0;

	for (int i = 0; i < n; i++) {
		over = over || is_left(w, &rows[i]);
		if (!over && tell(w, &rows[i], err) < 0)
			rc = -1;
		over = over || rc < 0;
		history_item_release(&rows[i]);
	}
	return rc > 0 && over ? 0 : rc;
}

/* How far it is, and what is new. 1 it goes on, 0 it is over, -1. */
static int
look(struct waiting *w, struct error *err)
{
	struct history_item *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	int rc;

	history_action_release(&w->a);
	w->a = (struct history_action){ 0 };
	rc = history_action_get(w->cli->store.history, w->id, &w->a, err);
	if (rc == 0)
		error_set(err, ERROR_NOT_FOUND, "there is no job %" PRId64,
			w->id);
	if (w->a.position != w->batch)
		w->settled = w->a.position > w->batch ? w->batch : w->told;
	w->batch = w->a.position;
	rc = rc > 0 ? 1 : -1;
	while (rc > 0)
		rc = tell_page(w, rows, err);
	free(rows);
	if (rc < 0)
		return -1;
	w->op->progress(w->op->arg, w->a.total - w->sum->pending,
		w->a.total);
	return !is_over(w);
}

/* Nobody has had it for a while: a turn of it here says why. 0 or -1. */
static int
lend_a_hand(struct waiting *w, struct error *err)
{
	struct store *s = &w->cli->store;
	int64_t now = clock_mono_ms(), wait_ms;
	int fd, rc;

	if (jobs_is_held(s, w->id))
		w->held_mono_ms = now;
	if (now - w->held_mono_ms < ALONE_MS)
		return 0;
	fd = jobs_take(s, w->id, err);
	if (fd < 0)
		return fd == -2 ? 0 : -1;
	rc = jobs_turn(s, w->id, &wait_ms, err);
	jobs_drop(s, w->id, fd);
	return rc < 0 ? -1 : 0;
}

/* Between two looks. 0 or -1. */
static int
pass_time(struct waiting *w, struct cli_bell *bell, struct error *err)
{
	if (interrupted) {
		interrupted = 0;
		return jobs_order(&w->cli->store, &w->cli->actor, w->id,
			JOB_STOP, "interrupted", err) < 0 ? -1 : 0;
	}
	return lend_a_hand(w, err) < 0 ? -1 : cli_bell_wait(bell, err);
}

/* Why something is left. */
static void
say_why(const struct waiting *w)
{
	const struct history_action *a = &w->a;

	if (!is_so(w, "done"))
		cli_notice(w->cli, "job %" PRId64 " is %s%s%s%s%s", w->id,
			a->job_state, a->job_by ? " by " : "", a->job_by ?
			a->job_by : "", a->job_why ? ": " : "", a->job_why ?
			a->job_why : "");
}

static void
on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

/* Results, as they come. 0 or -1. */
static int
wait_for(struct waiting *w, struct error *err)
{
	/* The second one ends the command at once. */
	struct sigaction old, sa = { .sa_handler = on_interrupt,
		.sa_flags = (int)SA_RESETHAND };
	struct cli_bell bell;
	int rc;

	w->held_mono_ms = clock_mono_ms();
	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(SIGINT, &sa, NULL);
	cli_bell_open(&bell, &w->cli->store);
	while ((rc = look(w, err)) > 0 && (rc = pass_time(w, &bell, err)) == 0)
		;
	cli_bell_close(&bell);
	if (rc == 0)
		say_why(w);
	history_action_release(&w->a);
	return rc;
}

int
cli_job_apply(struct cli *cli, const struct operation *op,
	const struct operation_target *targets, size_t n,
	struct operation_summary *out, struct error *err)
{
	struct waiting w = { .cli = cli, .op = op, .sum = out };
	struct cli_job j;
	int rc;

	/* A job takes out of a watched connector nothing that is open. */
	if (op->dry_run || n <= STORE_BATCH ||
	    (op->force && cli->store.their_submit))
		return operations_apply(&cli->store, op, targets, n, out, err);
	rc = cli_job_begin(&j, cli, op, targets, n, (struct job_spec){ 0 },
		true, err);
	*out = (struct operation_summary){ .action = j.id,
		.pending = (int64_t)n };
	w.id = j.id;
	if (rc == 0)
		rc = wait_for(&w, err);
	cli_job_release(&j, cli);
	return rc;
}
