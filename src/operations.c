/* operations: the verbs on messages. See operations.h for the contract. */
#include "operations.h"
#include "clock.h"
#include "text.h"
#include "xalloc.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One id on its way through an action. */
struct work {
	struct store *store;
	const struct operation *op;
	struct history_action *action;
	int64_t now;
};

/* What became of one id, until its transaction is committed. */
struct outcome {
	int64_t id;
	const char *result;
	char *why;
	char *by;
	enum state from, state;
	bool known;
	struct history_message moving;	/* id 0: no move */
};

static void
outcome_release(struct outcome *o)
{
	free(o->why);
	free(o->by);
	history_message_release(&o->moving);
}

void
operations_start_again(struct history_message *m)
{
	m->state = STATE_QUEUED;
	m->tries = m->rejected = m->crashed = m->unavailable = 0;
	m->next_attempt_at = HISTORY_NO_TIME;
	m->retries++;
}

static void
put_back(struct history_message *m)
{
	operations_start_again(m);
}

static void
set_aside(struct history_message *m)
{
	m->state = STATE_QUARANTINED;
	m->next_attempt_at = HISTORY_NO_TIME;
}

static void
throw_away(struct history_message *m)
{
	if (m->state == STATE_PURGED) {
		m->state = STATE_REMOVED;
		return;
	}
	m->from_state = m->state;
	m->state = STATE_PURGED;
	m->next_attempt_at = HISTORY_NO_TIME;
}

static void
take_out(struct history_message *m)
{
	m->state = m->from_state;
	if (m->state == STATE_DEFERRED)
		m->next_attempt_at = 0;		/* due: it waited enough */
}

static void (*const changes[VERB_COUNT])(struct history_message *) = {
	[VERB_RETRY] = put_back,
	[VERB_QUARANTINE] = set_aside,
	[VERB_RELEASE] = put_back,
	[VERB_PURGE] = throw_away,
	[VERB_RESTORE] = take_out,
};

/* Undo: back to the state that was before. */
static bool
change_back(struct work *w, struct history_message *m, struct error *err,
	struct outcome *o)
{
	struct history_item item = { 0 };
	enum state before;
	int n;

	if (m->changed_by != w->op->undo_of) {
		o->why = xasprintf("changed since: %s", state_word(m->state));
		return false;
	}
	n = history_items(w->store->history, w->op->undo_of, m->id - 1, &item,
		1, err);
	if (n <= 0 || item.message != m->id || !item.from_state ||
	    !state_parse(item.from_state, &before) ||
	    m->state == STATE_REMOVED ||
	    /* Noted, and where the attempt left it is known of a purge only. */
	    (before == STATE_IMPORTING && m->state != STATE_PURGED)) {
		o->why = xstrdup("cannot be taken back");
		if (n > 0)
			history_item_release(&item);
		return false;
	}
	history_item_release(&item);
	if (before == STATE_IMPORTING)
		before = m->from_state;
	if (m->state == STATE_QUEUED && m->retries > 0)
		m->retries--;
	if (before == STATE_PURGED)
		m->from_state = m->state;
	m->state = before;
	m->next_attempt_at = before == STATE_DEFERRED ? 0 : HISTORY_NO_TIME;
	return true;
}

/* Who changed it last, for those who come second. */
static char *
last_change(const struct history_message *m, int64_t now)
{
	char at[TEXT_TIME_MAX];

	text_time(at, m->since, now);
	return xasprintf("is %s since %s, by %s", state_word(m->state), at,
		m->changed_by ? m->action_by : "the connector");
}

static bool
is_allowed(const struct work *w, const struct history_message *m,
	enum state seen)
{
	unsigned from = w->op->undo_of ? ~0u : verb_from(w->op->kind);

	if (seen != OPERATIONS_ANY && m->state != seen)
		return false;
	return from & STATE_BIT(m->state);
}

static void
set_text(char **where, const char *text)
{
	char *copy = xstrdup(text);

	free(*where);
	*where = copy;
}

/* An attempt is running: the verb waits for its end. */
static int
note_for_later(struct work *w, struct history_message *m, struct outcome *o,
	struct error *err)
{
	if (m->noted_verb) {
		struct history_action first;
		int rc = history_action_get(w->store->history, m->noted_action,
			&first, err);

		if (rc < 0)
			return -1;
		o->result = "skipped";
		o->why = xasprintf("%s is noted already, by %s", m->noted_verb,
			rc ? first.by : "somebody");
		if (rc)
			history_action_release(&first);
		return 0;
	}
	o->result = "noted";
	o->why = xstrdup("an attempt is running: it happens when that ends, "
		"unless it is imported");
	m->noted_verb = xstrdup(w->op->verb);
	m->noted_action = w->action->id;
	set_text(&m->action_by, w->op->actor->by);
	set_text(&m->action_reason, w->op->reason);
	return history_message_update(w->store->history, m, m->state, err) < 0
		? -1 : 0;
}

/* Changes m, which is in a state the verb acts from. */
static int
change(struct work *w, struct history_message *m, struct outcome *o,
	struct error *err)
{
	enum state was = m->state;
	enum spool_dir from = store_home(m), to;

	if (w->op->undo_of) {
		if (!change_back(w, m, err, o)) {
			o->result = "skipped";
			return 0;
		}
	} else {
		changes[w->op->kind](m);
	}
	m->since = w->now;
	m->changed_by = w->action->id;
	set_text(&m->action_by, w->op->actor->by);
	set_text(&m->action_reason, w->op->reason);
	to = store_home(m);
	if (to != from)
		store_note_move(m, from, to);
	if (history_message_update(w->store->history, m, was, err) < 0)
		return -1;
	o->result = "done";
	o->state = m->state;
	if (to != from) {
		o->moving = *m;
		memset(m, 0, sizeof *m);
	}
	return 0;
}

/* Undo of what is noted and has not happened yet. */
static int
forget_note(struct work *w, struct history_message *m, struct outcome *o,
	struct error *err)
{
	free(m->noted_verb);
	m->noted_verb = NULL;
	m->noted_action = 0;
	o->result = "done";
	return history_message_update(w->store->history, m, m->state, err) < 0
		? -1 : 0;
}

/* The message is there and no move of it is open. */
static int
act(struct work *w, struct history_message *m, enum state seen,
	struct outcome *o, struct error *err)
{
	o->known = true;
	o->from = o->state = m->state;
	if (m->state == STATE_IMPORTING && !w->op->undo_of &&
	    (w->op->kind == VERB_QUARANTINE || w->op->kind == VERB_PURGE))
		return note_for_later(w, m, o, err);
	if (w->op->undo_of && m->noted_verb &&
	    m->noted_action == w->op->undo_of)
		return forget_note(w, m, o, err);
	if (is_allowed(w, m, seen))
		return change(w, m, o, err);
	o->result = "skipped";
	o->why = last_change(m, w->now);
	set_text(&o->by, m->changed_by ? m->action_by : "the connector");
	return 0;
}

static int
record_item(struct work *w, const struct outcome *o, struct error *err)
{
	struct history_item item = {
		.action = w->action->id, .message = o->id,
		.result = (char *)(uintptr_t)o->result, .why = o->why,
		.at = w->now,
	};

	if (o->known) {
		item.from_state = (char *)(uintptr_t)state_word(o->from);
		item.to_state = (char *)(uintptr_t)state_word(o->state);
	}
	return history_item_put(w->store->history, &item, err);
}

static int
do_one(struct work *w, const struct operation_target *t, struct outcome *o,
	struct error *err)
{
	struct history_message m = { 0 };
	int rc = history_message_get(w->store->history, t->id, &m, err);

	memset(o, 0, sizeof *o);
	o->id = t->id;
	o->by = xstrdup(w->op->actor->by);
	if (rc == 0) {
		o->result = "failed";
		o->why = xstrdup("there is no such message");
	} else if (rc > 0 && m.move_to) {
		rc = store_finish_move(w->store, &m, err);
		if (rc > 0 && store_sync(w->store, err) < 0)
			rc = -1;
		if (rc == 0) {
			o->result = "failed";
			o->why = xstrdup(err->text);
		}
	}
	if (rc > 0)
		rc = act(w, &m, t->seen, o, err);
	history_message_release(&m);
	if (rc < 0)
		return -1;
	return w->op->dry_run ? 0 : record_item(w, o, err);
}

static void
count(struct operation_summary *sum, const char *result, int64_t n)
{
	if (strcmp(result, "done") == 0)
		sum->done += n;
	else if (strcmp(result, "noted") == 0)
		sum->noted += n;
	else if (strcmp(result, "skipped") == 0)
		sum->skipped += n;
	else
		sum->failed += n;
	sum->pending -= n;
}

static void
set_counts(struct history_action *a, const struct operation_summary *sum)
{
	a->done = sum->done + sum->noted;
	a->skipped = sum->skipped;
	a->failed = sum->failed;
	a->ended_at = sum->pending ? HISTORY_NO_TIME : clock_wall();
}

/* The moves of a batch, under the same hold of the lock. */
static int
carry_out(struct work *w, struct outcome *outcomes, size_t n,
	struct error *err)
{
	bool any = store_unsettled(w->store) > 0;

	for (size_t i = 0; i < n; i++)
		any = any || outcomes[i].moving.id;
	if (!any)
		return 0;
	if (store_begin(w->store, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct outcome *o = &outcomes[i];
		int rc = o->moving.id ? store_finish_move(w->store, &o->moving,
			err) : 1;

		if (rc < 0)
			return -1;
		if (rc > 0)
			continue;
		o->result = "failed";
		set_text(&o->why, err->text);
		o->state = o->moving.state;
		w->action->done--;
		w->action->failed++;
		if (record_item(w, o, err) < 0 ||
		    history_action_end(w->store->history, w->action, err) < 0)
			return -1;
	}
	if (store_settle(w->store, err) < 0)
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

/* One transaction of changes, then one of moves. */
static int
do_batch(struct work *w, const struct operation_target *targets, size_t n,
	struct outcome *outcomes, size_t *n_out, struct error *err)
{
	struct operation_summary after = { 0 };
	size_t i;

	*n_out = 0;
	if (store_begin(w->store, err) < 0)
		return -1;
	w->now = clock_wall();
	after.done = w->action->done;
	after.skipped = w->action->skipped;
	after.failed = w->action->failed;
	after.pending = w->action->total - after.done - after.skipped -
		after.failed;
	for (i = 0; i < n; i++) {
		*n_out = i + 1;
		if (do_one(w, &targets[i], &outcomes[i], err) < 0)
			return -1;
		count(&after, outcomes[i].result, 1);
	}
	set_counts(w->action, &after);
	if (history_action_end(w->store->history, w->action, err) < 0 ||
	    store_commit(w->store, err) < 0)
		return -1;
	return carry_out(w, outcomes, n, err);
}

static int
run_batch(struct work *w, const struct operation_target *targets, size_t n,
	struct operation_summary *sum, struct error *err)
{
	struct outcome *outcomes = xcalloc(n, sizeof *outcomes);
	size_t reached;
	int rc = do_batch(w, targets, n, outcomes, &reached, err);

	store_end(w->store);
	for (size_t i = 0; i < reached; i++) {
		if (rc == 0) {
			count(sum, outcomes[i].result, 1);
			report(w, &outcomes[i]);
		}
		outcome_release(&outcomes[i]);
	}
	free(outcomes);
	return rc;
}

static int
run_all(struct work *w, const struct operation_target *targets, size_t n,
	struct operation_summary *sum, struct error *err)
{
	size_t batch = w->op->batch ? w->op->batch : STORE_BATCH;

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

static void
fill_action(struct history_action *a, const struct operation *op, size_t n)
{
	const struct actor *who = op->actor;

	*a = (struct history_action){
		.at = clock_wall(), .ended_at = HISTORY_NO_TIME,
		.verb = xstrdup(op->verb), .reason = xstrdup(op->reason),
		.by = xstrdup(who->by), .uid = who->uid, .euid = who->euid,
		.user = xstrdup(who->user), .euser = xstrdup(who->euser),
		.tty = xstrdup(who->tty), .ssh = xstrdup(who->ssh),
		.session = xstrdup(who->session),
		.program = xstrdup(who->program), .pid = getpid(),
		.total = (int64_t)n,
		.undo_of = op->undo_of,
	};
}

/* The action and, for more than one batch, its whole list beforehand. */
static int
record_list(struct work *w, const struct operation_target *targets, size_t n,
	struct error *err)
{
	struct history_item item = { .result = (char *)(uintptr_t)"pending" };
	size_t at = 0, end;

	do {
		end = n - at < STORE_BATCH ? n : at + STORE_BATCH;
		if (at > 0)
			store_give_way();
		if (store_begin(w->store, err) < 0)
			return -1;
		if (at == 0 && (history_action_add(w->store->history,
		    w->action, err) < 0 || (w->op->undo_of &&
		    history_action_mark_undone(w->store->history,
			    w->op->undo_of, w->action->id, err) < 0)))
			return -1;
		item.action = w->action->id;
		item.at = w->action->at;
		for (; n > 1 && at < end; at++) {
			item.message = targets[at].id;
			item.from_state = targets[at].seen == OPERATIONS_ANY ?
				NULL : (char *)(uintptr_t)
				state_word(targets[at].seen);
			if (history_item_put(w->store->history, &item, err) < 0)
				return -1;
		}
		if (store_commit(w->store, err) < 0)
			return -1;
		store_end(w->store);
	} while (at < n && n > 1);
	return 0;
}

/* What would be done, without a write. */
static int
rehearse(struct work *w, const struct operation_target *targets, size_t n,
	struct operation_summary *sum, struct error *err)
{
	struct history_message m;
	struct outcome o;
	int rc;

	for (size_t i = 0; i < n; i++) {
		memset(&o, 0, sizeof o);
		o.id = targets[i].id;
		rc = history_message_get(w->store->history, o.id, &m, err);
		if (rc < 0)
			return -1;
		o.result = rc == 0 ? "failed" : "skipped";
		if (rc == 0) {
			o.why = xstrdup("there is no such message");
		} else {
			o.known = true;
			o.from = o.state = m.state;
			if (m.state == STATE_IMPORTING && !w->op->undo_of &&
			    (verb_from(w->op->kind) & STATE_BIT(STATE_QUEUED)))
				o.result = "noted";
			else if (is_allowed(w, &m, targets[i].seen) &&
			    (!w->op->undo_of || m.changed_by == w->op->undo_of ||
			     m.noted_action == w->op->undo_of))
				o.result = "done";
			else
				o.why = last_change(&m, w->now);
			history_message_release(&m);
		}
		count(sum, o.result, 1);
		report(w, &o);
		outcome_release(&o);
	}
	return 0;
}

int
operations_apply(struct store *s, const struct operation *op,
	const struct operation_target *targets, size_t n,
	struct operation_summary *out, struct error *err)
{
	struct history_action action;
	struct work w = { s, op, &action, clock_wall() };
	struct operation_summary sum = { .pending = (int64_t)n };
	int rc;

	assert(n <= OPERATIONS_MAX);
	fill_action(&action, op, n);
	if (op->dry_run) {
		rc = rehearse(&w, targets, n, &sum, err);
	} else {
		rc = record_list(&w, targets, n, err);
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
operations_targets(struct store *s, int64_t action, const char *result,
	struct operation_target **out, size_t *n_out, struct error *err)
{
	struct history_item *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct operation_target *targets = NULL;
	bool pending = strcmp(result, "pending") == 0;
	bool done = strcmp(result, "done") == 0;
	size_t n = 0, cap = 0;
	int64_t after = 0;
	int got;

	while ((got = history_items(s->history, action, after, rows,
	    HISTORY_PAGE, err)) > 0) {
		for (int i = 0; i < got; i++) {
			enum state seen = OPERATIONS_ANY;

			after = rows[i].message;
			if (strcmp(rows[i].result, result) == 0 || (done &&
			    strcmp(rows[i].result, "noted") == 0)) {
				if (pending && rows[i].from_state)
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
operations_continue(struct store *s, const struct operation *op,
	int64_t id, struct operation_summary *out, struct error *err)
{
	struct history_action action;
	struct work w = { s, op, &action, clock_wall() };
	struct operation_summary sum = { .action = id };
	struct operation_target *targets = NULL;
	size_t n = 0;
	int rc = history_action_get(s->history, id, &action, err);

	if (rc == 0)
		return error_set(err, ERROR_NOT_FOUND,
			"there is no action %" PRId64, id);
	if (rc > 0)
		rc = operations_targets(s, id, "pending", &targets, &n, err);
	if (rc == 0) {
		sum.pending = (int64_t)n;
		rc = run_all(&w, targets, n, &sum, err);
	}
	free(targets);
	history_action_release(&action);
	*out = sum;
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

bool
operations_apply_noted(struct history_message *m, int64_t now)
{
	enum verb verb;

	if (!m->noted_verb || !verb_parse(m->noted_verb, &verb) ||
	    !(verb_from(verb) & STATE_BIT(m->state)))
		return false;
	free(m->move_from);
	free(m->move_to);
	m->move_from = m->move_to = NULL;
	changes[verb](m);
	m->since = now;
	m->changed_by = m->noted_action;
	store_note_move(m, SPOOL_QUEUE, store_home(m));
	return true;
}
