/* SPDX-License-Identifier: ISC */
/*
 * operations_change: what a verb does to one message. See operations.h.
 */
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

void
operations_outcome_release(struct outcome *o)
{
	free(o->why);
	free(o->by);
}

void
operations_start_again(struct history_message *m)
{
	m->state = STATE_QUEUED;
	m->tries = m->rejected = m->crashed = m->unavailable = 0;
	m->next_attempt_at = HISTORY_NO_TIME;
	m->alone = m->too_large = m->late = false;
	m->rereads = 0;
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
	    m->state == STATE_REMOVED || m->state == STATE_GONE ||
	    /* It came from a connector that is watched: release gives it
	     * back. */
	    (w->store->their_submit && m->state == STATE_QUARANTINED) ||
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

/* Is an id that was named where the verb would bring it? What was matched or
 * shown in another state was changed by somebody else instead. */
static bool
is_there_already(const struct work *w, const struct history_message *m,
	enum state seen)
{
	static const enum state ends[VERB_COUNT] = {
		[VERB_RETRY] = STATE_QUEUED,
		[VERB_QUARANTINE] = STATE_QUARANTINED,
		[VERB_RELEASE] = STATE_QUEUED,
		[VERB_PURGE] = STATE_COUNT,	/* a second one does more */
		[VERB_RESTORE] = STATE_COUNT,
	};

	return seen == OPERATIONS_ANY && !w->op->undo_of &&
		m->state == ends[w->op->kind];
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
		o->result = OPERATION_SKIPPED;
		o->why = xasprintf("%s is noted already, by %s", m->noted_verb,
			rc ? first.by : "somebody");
		if (rc)
			history_action_release(&first);
		return 0;
	}
	o->result = OPERATION_NOTED;
	o->why = xstrdup("an attempt is running: it happens when that ends, "
		"unless it is imported");
	m->noted_verb = xstrdup(w->op->verb);
	m->noted_action = w->action->id;
	xstrset(&m->action_by, w->op->actor->by);
	xstrset(&m->action_reason, w->op->reason);
	return history_message_update(w->store->history, m, m->state, err) < 0
		? -1 : 0;
}

/* Somebody acts on what another action put back: that one's outcome is told. */
static int
end_outcome(struct work *w, const struct history_message *m,
	struct error *err)
{
	struct history_item item = {
		.action = m->put_back_by, .message = m->id,
		.outcome = (char *)(uintptr_t)"acted on",
		.outcome_code = HISTORY_NO_CODE, .outcome_at = w->now,
		.outcome_reason = w->op->actor->by,
	};

	return m->put_back_by ? history_outcome(w->store->history, &item,
		err) : 0;
}

static bool
puts_back(const struct work *w)
{
	return !w->op->undo_of && (w->op->kind == VERB_RETRY ||
		w->op->kind == VERB_RELEASE);
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
			o->result = OPERATION_SKIPPED;
			return 0;
		}
	} else {
		changes[w->op->kind](m);
	}
	if (end_outcome(w, m, err) < 0)
		return -1;
	m->put_back_by = puts_back(w) ? w->action->id : 0;
	m->late = puts_back(w) && w->op->late;
	m->since = w->now;
	m->doubt = false;		/* somebody has decided */
	m->changed_by = w->action->id;
	xstrset(&m->action_by, w->op->actor->by);
	xstrset(&m->action_reason, w->op->reason);
	to = store_home(m);
	if (to != from)
		store_note_move(m, from, to);
	if (history_message_update_state(w->store->history, m, was, err) < 0)
		return -1;
	o->result = OPERATION_DONE;
	o->state = m->state;
	o->moves = to != from;
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
	o->result = OPERATION_DONE;
	return history_message_update(w->store->history, m, m->state, err) < 0
		? -1 : 0;
}

/* Is it for take_out.h: out of a connector that is watched, or back to it? */
static bool
is_theirs(const struct work *w, const struct history_message *m)
{
	return m->watched || (w->store->their_submit && !w->op->undo_of &&
		w->op->kind == VERB_RELEASE && m->state == STATE_QUARANTINED);
}

/* Why it may not be, or NULL. 0 or -1. */
static int
refuse_theirs(struct work *w, const struct history_message *m,
	enum state seen, char **why, struct error *err)
{
	bool takes = !w->op->undo_of && w->store->their_submit &&
		w->op->kind == VERB_QUARANTINE &&
		(m->state == STATE_QUEUED || m->state == STATE_IMPORTING);

	if (m->watched && !takes)
		*why = xstrdup(OPERATIONS_WATCHED);
	else if (seen != OPERATIONS_ANY && m->state != seen)
		*why = last_change(m, w->now);
	else if (m->noted_verb)
		*why = xasprintf("%s is noted already", m->noted_verb);
	else
		return take_out_look(w->store, m, w->op->force, why, err) < 0 ?
			-1 : 0;
	return 0;
}

/* Its row says what is to be done; when that is on disk it is done. */
static int
note_theirs(struct work *w, struct history_message *m, enum state seen,
	struct outcome *o, struct error *err)
{
	o->result = OPERATION_SKIPPED;
	if (refuse_theirs(w, m, seen, &o->why, err) < 0)
		return -1;
	if (o->why)
		return 0;
	o->result = OPERATION_NOTED;
	o->theirs = true;
	xstrset(&m->noted_verb, w->op->verb);
	m->noted_action = w->action->id;
	xstrset(&m->action_by, w->op->actor->by);
	xstrset(&m->action_reason, w->op->reason);
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
	if (is_theirs(w, m))
		return note_theirs(w, m, seen, o, err);
	if (m->state == STATE_IMPORTING && !w->op->undo_of &&
	    (w->op->kind == VERB_QUARANTINE || w->op->kind == VERB_PURGE))
		return note_for_later(w, m, o, err);
	if (w->op->undo_of && m->noted_verb &&
	    m->noted_action == w->op->undo_of)
		return forget_note(w, m, o, err);
	if (is_allowed(w, m, seen))
		return change(w, m, o, err);
	o->result = is_there_already(w, m, seen) ? OPERATION_UNCHANGED :
		OPERATION_SKIPPED;
	o->why = last_change(m, w->now);
	xstrset(&o->by, m->changed_by ? m->action_by : "the connector");
	return 0;
}

int
operations_record_item(struct work *w, const struct outcome *o, struct error *err)
{
	struct history_item item = {
		.action = w->action->id, .message = o->id,
		.result = (char *)(uintptr_t)operation_word(o->result), .why = o->why,
		.at = w->now,
	};

	if (o->result == OPERATION_DONE && puts_back(w)) {
		item.outcome = (char *)(uintptr_t)"waits";
		w->waits++;
	}
	if (o->known) {
		item.from_state = (char *)(uintptr_t)state_word(o->from);
		item.to_state = (char *)(uintptr_t)state_word(o->state);
	}
	return history_item_put(w->store->history, &item, err);
}

int
operations_do_one(struct work *w, const struct operation_target *t, struct outcome *o,
	struct error *err)
{
	struct history_message m = { 0 };
	int rc = history_message_get(w->store->history, t->id, &m, err);

	memset(o, 0, sizeof *o);
	o->id = t->id;
	o->by = xstrdup(w->op->actor->by);
	if (rc == 0) {
		o->result = OPERATION_FAILED;
		o->why = xstrdup("there is no such message");
	} else if (rc > 0 && m.move_to) {
		/* Whoever has the lock finished what can be finished. */
		o->result = OPERATION_FAILED;
		o->why = xasprintf("its file is on its way from %s/ to %s/%s",
			m.move_from, m.move_to, m.move_stuck ? ", and cannot "
			"be moved: see ccmq check" : "");
		rc = 0;
	}
	if (rc > 0)
		rc = act(w, &m, t->seen, o, err);
	history_message_release(&m);
	if (rc < 0)
		return -1;
	return operations_record_item(w, o, err);
}

/* Would undo do something to m? */
static bool
can_undo(const struct work *w, const struct history_message *m)
{
	return m->changed_by == w->op->undo_of ||
		m->noted_action == w->op->undo_of;
}

int
operations_would_do(struct work *w, const struct operation_target *t,
	struct outcome *o, struct error *err)
{
	bool undo = w->op->undo_of != 0;
	struct history_message m;
	int rc = history_message_get(w->store->history, t->id, &m, err);

	*o = (struct outcome){ .id = t->id, .result = OPERATION_FAILED };
	if (rc < 0)
		return -1;
	o->by = xstrdup(w->op->actor->by);
	if (rc == 0) {
		o->why = xstrdup("there is no such message");
		return 0;
	}
	o->known = true;
	o->from = o->state = m.state;
	if (is_theirs(w, &m)) {
		if (refuse_theirs(w, &m, t->seen, &o->why, err) < 0) {
			history_message_release(&m);
			return -1;
		}
		o->result = o->why ? OPERATION_SKIPPED : OPERATION_DONE;
	} else if (m.state == STATE_IMPORTING && !undo &&
	    (w->op->kind == VERB_QUARANTINE || w->op->kind == VERB_PURGE)) {
		o->result = OPERATION_NOTED;
	} else if (is_allowed(w, &m, t->seen) && (!undo || can_undo(w, &m))) {
		o->result = OPERATION_DONE;
	} else {
		o->result = is_there_already(w, &m, t->seen) ?
			OPERATION_UNCHANGED : OPERATION_SKIPPED;
		o->why = last_change(&m, w->now);
		xstrset(&o->by, m.changed_by ? m.action_by : "the connector");
	}
	history_message_release(&m);
	return 0;
}

static void
apply_noted(struct history_message *m, int64_t now)
{
	enum verb verb;

	if (!verb_parse(m->noted_verb, &verb) ||
	    !(verb_from(verb) & STATE_BIT(m->state)))
		return;
	free(m->move_from);
	free(m->move_to);
	m->move_from = m->move_to = NULL;
	changes[verb](m);
	m->doubt = false;
	m->since = now;
	m->changed_by = m->noted_action;
	store_note_move(m, SPOOL_QUEUE, store_home(m));
}

void
operations_end_note(struct history_message *m, int64_t now)
{
	if (m->noted_verb)
		apply_noted(m, now);
	free(m->noted_verb);
	m->noted_verb = NULL;
	m->noted_action = 0;
}
