/* SPDX-License-Identifier: ISC */
/* operations: the verbs on lists of messages. See operations.h for the
 * contract; what a verb does to one is in operations_change.c. */
#include "work/operations_private.h"
#include "work/take_out.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Transactions under one hold of the lock, so that two may share what costs
 * most of a long list: the fsync of the directories. */
#define HOLD_BATCHES 2

void
operations_count(struct operation_summary *sum, enum operation_code result)
{
	int64_t *counts[OPERATION_RESULT_COUNT] = {
		[OPERATION_PENDING] = &sum->pending,
		[OPERATION_DONE] = &sum->done,
		[OPERATION_NOTED] = &sum->noted,
		[OPERATION_UNCHANGED] = &sum->unchanged,
		[OPERATION_SKIPPED] = &sum->skipped,
		[OPERATION_FAILED] = &sum->failed,
		[OPERATION_UNKNOWN] = &sum->unknown,
	};

	sum->pending--;
	++*counts[result];
}

static void
set_counts(struct history_action *a, const struct operation_summary *sum)
{
	a->done = sum->done + sum->noted;
	a->skipped = sum->skipped + sum->unchanged;
	a->failed = sum->failed;
	a->ended_at = sum->pending ? HISTORY_NO_TIME : clock_wall();
}

/* The outcomes of a batch whose moves are carried out. */
struct moving {
	struct work *work;
	struct outcome *outcomes;
	size_t n;
};

static void
move_not_done(void *arg, const struct history_message *m, const char *why)
{
	struct moving *moving = arg;

	for (size_t i = 0; i < moving->n; i++) {
		struct outcome *o = &moving->outcomes[i];

		if (o->id != m->id || !o->moves)
			continue;
		o->result = OPERATION_FAILED;
		xstrset(&o->why, why);
		o->state = m->state;
		moving->work->action->done--;
		moving->work->action->failed++;
		return;
	}
}

/* What failed although it was changed is told in the list, too, and no outcome of
 * it is awaited. */
static int
record_failed(struct work *w, const struct outcome *outcomes, size_t n,
	struct error *err)
{
	struct history *h = w->store->history;

	for (size_t i = 0; i < n; i++) {
		struct history_item none = {
			.action = w->action->id, .message = outcomes[i].id,
			.outcome_code = HISTORY_NO_CODE,
			.outcome_at = HISTORY_NO_TIME,
		};

		if (outcomes[i].moves &&
		    outcomes[i].result == OPERATION_FAILED &&
		    (history_outcome(h, &none, err) < 0 ||
		     operations_record_item(w, &outcomes[i], err) < 0))
			return -1;
	}
	return history_action_end(h, w->action, err);
}

/* What of a batch is in a watched connector's hands, or goes back there. */
static int
do_theirs(struct work *w, struct outcome *outcomes, size_t n,
	struct error *err)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		struct outcome *o = &outcomes[i];
		int rc = o->theirs ? take_out_finish(w->store, o->id, &o->why,
			err) : 0;

		if (rc < 0)
			return -1;
		if (!o->theirs)
			continue;
		any = true;
		o->result = rc ? OPERATION_DONE : OPERATION_FAILED;
		o->state = !rc ? o->from : w->op->kind == VERB_RELEASE ?
			STATE_GONE : STATE_QUARANTINED;
		w->action->done -= !rc;
		w->action->failed += !rc;
	}
	if (!any)
		return 0;
	if (store_begin(w->store, err) < 0 ||
	    history_action_end(w->store->history, w->action, err) < 0)
		return -1;
	return store_commit(w->store, err);
}

/* The moves of a batch, under the same hold of the lock. */
static int
carry_out(struct work *w, struct outcome *outcomes, size_t n,
	struct error *err)
{
	struct moving moving = { w, outcomes, n };
	struct store_moves moves = {
		.not_done = move_not_done, .arg = &moving,
	};
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any = any || outcomes[i].moves;
	if (!any)
		return 0;
	if (store_begin(w->store, err) < 0 ||
	    store_finish_moves(w->store, &moves, err) < 0 ||
	    (moves.lost + moves.stuck > 0 &&
	     record_failed(w, outcomes, n, err) < 0))
		return -1;
	return store_commit(w->store, err);
}

static void
report(struct work *w, const struct outcome *o)
{
	struct operation_result r = {
		.id = o->id, .result = o->result, .why = o->why,
		.from = o->from, .state = o->state, .known = o->known,
		.by = o->by, .at = w->now,
	};

	if (w->op->result)
		w->op->result(w->op->arg, &r);
}

/* The action's row, and that it takes another back. */
static int
begin_action(struct work *w, struct error *err)
{
	if (history_action_add(w->store->history, w->action, err) < 0)
		return -1;
	return w->op->undo_of ? history_action_mark_undone(w->store->history,
		w->op->undo_of, w->action->id, err) : 0;
}

/* The changes of a batch, in its transaction; outcomes are zero. */
static int
change_batch(struct work *w, const struct operation_target *targets, size_t n,
	struct outcome *outcomes, struct error *err)
{
	struct history_action *a = w->action;
	struct operation_summary after = {
		.done = a->done, .skipped = a->skipped, .failed = a->failed,
		.pending = a->total - a->done - a->skipped - a->failed,
	};

	w->now = clock_wall();
	w->waits = 0;
	if (!a->id && begin_action(w, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (operations_do_one(w, &targets[i], &outcomes[i], err) < 0)
			return -1;
		operations_count(&after, outcomes[i].result);
	}
	if (w->waits > 0 && history_action_waits(w->store->history, a->id,
	    w->waits, err) < 0)
		return -1;
	set_counts(a, &after);
	return history_action_end(w->store->history, a, err);
}

/* Was nothing done to any of them, because all was so already? */
static bool
all_unchanged(const struct outcome *outcomes, size_t n)
{
	size_t i = 0;

	while (i < n && outcomes[i].result == OPERATION_UNCHANGED)
		i++;
	return n > 0 && i == n;
}

/* What the history says became of an id. 1, 0, -1. */
static int
read_outcome(struct work *w, struct outcome *o, struct error *err)
{
	struct history_item item;
	int rc = w->action->id ? history_item_get(w->store->history,
		w->action->id, o->id, &item, err) : 0;

	if (rc <= 0)
		return rc;
	rc = operation_parse(item.result, &o->result);
	xstrset(&o->why, item.why);
	o->known = item.from_state && state_parse(item.from_state, &o->from) &&
		item.to_state && state_parse(item.to_state, &o->state);
	w->now = item.at;
	history_item_release(&item);
	return rc;
}

/* A request that was heard before: what came of it then. 1, 0 it is new, -1. */
static int
heard_before(struct work *w, const struct operation_target *targets, size_t n,
	struct outcome *outcomes, struct error *err)
{
	int rc = w->op->request ? history_action_of_request(
		w->store->history, w->op->request, &w->action->id, err) : 0;

	for (size_t i = 0; i < n && rc > 0; i++) {
		struct outcome *o = &outcomes[i];
		int got;

		o->id = targets[i].id;
		o->by = xstrdup(w->op->actor->by);
		got = read_outcome(w, o, err);
		if (got < 0)
			return -1;
		if (got > 0)
			continue;
		o->result = OPERATION_FAILED;
		o->why = xstrdup("that request was about other messages");
	}
	return rc;
}

/* Changes in transactions of at most STORE_BATCH, then one of moves, all under
 * one hold of the lock: the directories are synced once for it. */
static int
do_batch(struct work *w, const struct operation_target *targets, size_t n,
	struct outcome *outcomes, struct error *err)
{
	int64_t id = w->action->id;	/* as it is on disk */
	struct store_moves moves = { 0 };

	for (size_t at = 0; at < n; at += STORE_BATCH) {
		size_t m = n - at < STORE_BATCH ? n - at : STORE_BATCH;

		/* Others have finished open moves by beginning. */
		if (store_begin(w->store, err) < 0 ||
		    (w->store->daemon && at == 0 &&
		     store_finish_moves(w->store, &moves, err) < 0))
			return -1;
		if (at == 0 && !id) {
			int rc = heard_before(w, targets, n, outcomes, err);

			if (rc != 0)
				return rc < 0 ? -1 : 0;
		}
		if (change_batch(w, targets + at, m, outcomes + at, err) < 0) {
			w->action->id = id;	/* goes with the transaction */
			return -1;
		}
		/* Nothing happened: nothing is recorded, or taken back. */
		if (!id && !w->op->request && m == n && all_unchanged(outcomes, n)) {
			w->action->id = 0;
			return 0;
		}
		/* A commit that failed may come true with its action. */
		if (store_commit(w->store, err) < 0)
			return -1;
		id = w->action->id;
	}
	return carry_out(w, outcomes, n, err) < 0 ? -1 :
		do_theirs(w, outcomes, n, err);
}

/* The write that failed may have come true: what does the history say? */
static void
read_back(struct work *w, struct outcome *o)
{
	struct error ignored;

	if (read_outcome(w, o, &ignored) > 0 && o->result != OPERATION_PENDING)
		return;
	o->result = OPERATION_UNKNOWN;
	xstrset(&o->why, "a write failed: whether it was done is not known "
		"before ccmq check");
}

static int
run_batch(struct work *w, const struct operation_target *targets, size_t n,
	struct operation_summary *sum, struct error *err)
{
	struct outcome *outcomes = xcalloc(n, sizeof *outcomes);
	int rc = do_batch(w, targets, n, outcomes, err);
	bool unknown = rc < 0 && err->code == ERROR_UNKNOWN;

	store_end(w->store);
	for (size_t i = 0; i < n; i++) {
		outcomes[i].id = targets[i].id;
		if (unknown)
			read_back(w, &outcomes[i]);
		if (rc == 0 || unknown) {
			operations_count(sum, outcomes[i].result);
			report(w, &outcomes[i]);
		}
		operations_outcome_release(&outcomes[i]);
	}
	free(outcomes);
	return rc;
}

/* So many ids are done to under one hold of the lock. */
static size_t
ids_a_hold(const struct operation *op)
{
	return op->batch ? op->batch : HOLD_BATCHES * STORE_BATCH;
}

static int
run_all(struct work *w, const struct operation_target *targets, size_t n,
	struct operation_summary *sum, struct error *err)
{
	size_t batch = ids_a_hold(w->op);

	for (size_t at = 0; at < n; at += batch) {
		size_t m = n - at < batch ? n - at : batch;

		if (at > 0)
			store_give_way();
		if (run_batch(w, targets + at, m, sum, err) < 0)
			return -1;
		if (w->op->progress && !w->op->progress(w->op->arg,
		    (int64_t)(at + m), (int64_t)n))
			break;
	}
	return 0;
}

void
operations_fill_action(struct history_action *a, const struct actor *who,
	const char *verb, const char *reason, size_t n)
{
	*a = (struct history_action){
		.at = clock_wall(), .ended_at = HISTORY_NO_TIME,
		.verb = xstrdup(verb), .reason = xstrdup(reason),
		.by = xstrdup(who->by), .uid = who->uid, .euid = who->euid,
		.user = xstrdup(who->user), .euser = xstrdup(who->euser),
		.tty = xstrdup(who->tty), .ssh = xstrdup(who->ssh),
		.session = xstrdup(who->session),
		.program = xstrdup(who->program), .pid = getpid(),
		.total = (int64_t)n,
	};
}

static void
fill_action(struct history_action *a, const struct operation *op, size_t n)
{
	operations_fill_action(a, op->actor, op->verb, op->reason, n);
	a->undo_of = op->undo_of;
	a->request = xstrdup(op->request);
}

/* The action, with its row if *at is 0, and the next ids of its list, in one
 * transaction. 0, or -1 with nothing recorded. */
static int
record_some(struct work *w, const struct operation_target *targets, size_t n,
	size_t *at, struct error *err)
{
	struct history_item item = { .result = (char *)(uintptr_t)"pending",
		.at = w->action->at };
	size_t most = w->op->batch && w->op->batch < STORE_BATCH ?
		w->op->batch : STORE_BATCH;
	size_t i = *at, end = n - i < most ? n : i + most;

	if (store_begin(w->store, err) < 0 ||
	    (i == 0 && begin_action(w, err) < 0))
		return -1;
	item.action = w->action->id;
	for (; i < end; i++) {
		item.message = targets[i].id;
		item.from_state = targets[i].seen == OPERATIONS_ANY ? NULL :
			(char *)(uintptr_t)state_word(targets[i].seen);
		if (history_item_put(w->store->history, &item, err) < 0)
			return -1;
	}
	if (store_commit(w->store, err) < 0)
		return -1;
	*at = end;
	return 0;
}

/* The action and its whole list beforehand, in batches. */
static int
record_list(struct work *w, const struct operation_target *targets, size_t n,
	struct error *err)
{
	size_t at = 0;
	int rc;

	do {
		if (at > 0)
			store_give_way();
		rc = record_some(w, targets, n, &at, err);
		store_end(w->store);
	} while (rc == 0 && at < n);
	return rc;
}

/* What would be done, without a write. */
static int
rehearse(struct work *w, const struct operation_target *targets, size_t n,
	struct operation_summary *sum, struct error *err)
{
	struct outcome o;

	for (size_t i = 0; i < n; i++) {
		if (operations_would_do(w, &targets[i], &o, err) < 0)
			return -1;
		operations_count(sum, o.result);
		report(w, &o);
		operations_outcome_release(&o);
	}
	return 0;
}

int
operations_apply(struct store *s, const struct operation *op,
	const struct operation_target *targets, size_t n,
	struct operation_summary *out, struct error *err)
{
	struct history_action action;
	struct work w = { s, op, &action, clock_wall(), 0 };
	struct operation_summary sum = { .pending = (int64_t)n };
	int rc;

	assert(n <= (op->request ? STORE_BATCH : OPERATIONS_MAX));
	fill_action(&action, op, n);
	if (op->dry_run) {
		rc = rehearse(&w, targets, n, &sum, err);
	} else {
		/* One batch is one transaction, its action included. */
		rc = n > 0 && n <= STORE_BATCH && n <= ids_a_hold(op) ? 0 :
			record_list(&w, targets, n, err);
		store_end(s);
		if (rc == 0)
			rc = run_all(&w, targets, n, &sum, err);
		sum.action = action.id;
	}
	history_action_release(&action);
	*out = sum;
	return rc;
}

int
operations_targets(struct store *s, int64_t action,
	enum operation_code result, struct operation_target **out, size_t *n_out, struct error *err)
{
	struct history_item *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct operation_target *targets = NULL;
	enum operation_code code;
	size_t n = 0, cap = 0;
	int64_t after = 0;
	int got;

	while ((got = history_items(s->history, action, after, rows,
	    HISTORY_PAGE, err)) > 0) {
		for (int i = 0; i < got; i++) {
			enum state seen = OPERATIONS_ANY;

			after = rows[i].message;
			if (operation_parse(rows[i].result, &code) &&
			    (code == result || (result == OPERATION_DONE &&
			    code == OPERATION_NOTED))) {
				if (code == OPERATION_PENDING &&
				    rows[i].from_state)
					state_parse(rows[i].from_state, &seen);
				xgrow(&targets, &cap, n + 1, sizeof *targets,
					OPERATIONS_MAX);
				targets[n++] = (struct operation_target){
					after, seen };
			}
			history_item_release(&rows[i]);
		}
	}
	free(rows);
	if (got < 0) {
		free(targets);
		return -1;
	}
	*out = targets;
	*n_out = n;
	return 0;
}

int
operations_record(struct store *s, const struct operation *op,
	const struct operation_target *targets, size_t n, size_t *at,
	int64_t *action_out, struct error *err)
{
	struct history_action action;
	struct work w = { s, op, &action, clock_wall(), 0 };
	int rc;

	assert(n <= OPERATIONS_MAX);
	fill_action(&action, op, n);
	action.id = *at ? *action_out : 0;
	rc = record_some(&w, targets, n, at, err);
	store_end(s);
	if (rc == 0)
		*action_out = action.id;
	history_action_release(&action);
	return rc;
}

int
operations_batch(struct store *s, const struct operation *op, int64_t id,
	const struct operation_target *targets, size_t n,
	struct operation_summary *sum, struct error *err)
{
	struct history_action action;
	struct work w = { s, op, &action, clock_wall(), 0 };
	int rc = history_action_get(s->history, id, &action, err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no action %" PRId64, id);
	rc = run_batch(&w, targets, n, sum, err);
	history_action_release(&action);
	return rc;
}

int
operations_match(struct store *s, struct match *match, unsigned states,
	struct operation_target **out, size_t *n_out, struct error *err)
{
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct history_query q = { .states = states, .match = match };
	struct operation_target *targets = NULL;
	size_t n = 0, cap = 0;
	int64_t after = 0;
	int got;

	while ((got = history_page(s->history, &q, after, HISTORY_PAGE, rows,
	    err)) > 0) {
		if (n + (size_t)got > OPERATIONS_MAX) {
			got = error_set(err, ERROR_INVALID,
				"more than %d messages match", OPERATIONS_MAX);
			break;
		}
		xgrow(&targets, &cap, n + (size_t)got, sizeof *targets,
			OPERATIONS_MAX);
		for (int i = 0; i < got; i++) {
			after = rows[i].id;
			targets[n++] = (struct operation_target){
				rows[i].id, rows[i].state };
			history_message_release(&rows[i]);
		}
	}
	free(rows);
	if (got < 0) {
		free(targets);
		return -1;
	}
	*out = targets;
	*n_out = n;
	return 0;
}

