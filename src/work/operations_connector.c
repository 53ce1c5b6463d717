/* SPDX-License-Identifier: ISC */
/*
 * operations_connector: hold, drain, resume, test and undo. See operations.h
 * for the contract.
 */
#include "work/operations.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const verb_words[] = {
	[CONNECTOR_HOLD] = "hold",
	[CONNECTOR_DRAIN] = "drain",
	[CONNECTOR_RESUME] = "resume",
};

static void
fill(struct history_action *a, const struct actor *who, const char *verb,
	const char *reason, int64_t now)
{
	*a = (struct history_action){
		.at = now, .ended_at = now, .verb = xstrdup(verb),
		.reason = xstrdup(reason), .by = xstrdup(who->by),
		.uid = who->uid, .euid = who->euid, .user = xstrdup(who->user),
		.euser = xstrdup(who->euser), .tty = xstrdup(who->tty),
		.ssh = xstrdup(who->ssh), .session = xstrdup(who->session),
		.program = xstrdup(who->program),
	};
}

static void
set_hold(struct history_connector *c, const struct actor *actor,
	const char *reason, int64_t now, int64_t until)
{
	free(c->hold_by);
	free(c->hold_reason);
	c->hold_by = xstrdup(actor->by);
	c->hold_reason = xstrdup(reason);
	c->hold_at = now;
	c->hold_until = until;
}

static int
resume(struct store *s, struct history_connector *c, int64_t now,
	struct error *err)
{
	bool probe = c->breaker_open && c->probe_at > now;

	if (c->needs_check || spool_check_needed(&s->spool)) {
		error_set(err, ERROR_STORE, "held until ccmq check finds "
			"nothing: run ccmq check");
		return 0;
	}
	if (!c->hold && !c->drain && !probe) {
		error_set(err, ERROR_INVALID, c->breaker_open ?
			"is not held, and tests already" : "is not held");
		return 2;
	}
	c->hold = c->drain = false;
	if (c->breaker_open)
		c->probe_at = now;
	return 1;
}

static bool
is_held_so(const struct history_connector *c, enum connector_verb verb,
	const char *reason, int64_t until)
{
	return c->hold == (verb == CONNECTOR_HOLD) &&
		c->drain == (verb == CONNECTOR_DRAIN) &&
		c->hold_until == until && strcmp(reason ? reason : "",
			c->hold_reason ? c->hold_reason : "") == 0;
}

/* Changes the row; 1 changed, 2 it is so already, 0 it may not be (words of
 * both in err), -1. */
static int
change(struct store *s, struct history_connector *c,
	const struct actor *actor, enum connector_verb verb,
	const char *reason, int64_t now, int64_t until, struct error *err)
{
	int rc = 1;

	if (verb == CONNECTOR_RESUME) {
		rc = resume(s, c, now, err);
	} else if (c->needs_check) {
		error_set(err, ERROR_INVALID, "is held already, until ccmq "
			"check finds nothing");
		rc = 0;
	} else if (is_held_so(c, verb, reason, until)) {
		error_set(err, ERROR_INVALID, "is %s already, for that reason "
			"and until then", c->hold ? "held" : "draining");
		rc = 2;
	} else {
		c->hold = verb == CONNECTOR_HOLD;
		c->drain = verb == CONNECTOR_DRAIN;
		set_hold(c, actor, reason, now, until);
	}
	if (rc != 1)
		return rc;
	if (store_event(s, verb == CONNECTOR_HOLD ? EVENT_HELD :
	    verb == CONNECTOR_DRAIN ? EVENT_DRAINING : EVENT_RESUMED, 0, err,
	    "%s by %s%s%s", verb_words[verb], actor->by, reason ? ": " : "",
	    reason ? reason : "") < 0)
		return -1;
	return history_connector_put(s->history, c, err) < 0 ? -1 : 1;
}

/* undo_of: the action that this takes back, for `why`, which is not always the
 * reason of a hold that is back; 0: none. */
static int
connector_transaction(struct store *s, const struct actor *actor,
	enum connector_verb verb, const char *reason, int64_t until,
	int64_t undo_of, const char *why, struct error *err)
{
	struct history_connector c = { 0 };
	struct history_action a;
	char at[TEXT_TIME_MAX];
	int rc = -1;

	fill(&a, actor, undo_of ? "undo" : verb_words[verb], why,
		clock_wall());
	if (until != HISTORY_NO_TIME)
		a.detail = xasprintf("until %s", text_rfc3339(at, until));
	a.total = a.done = 0;
	a.undo_of = undo_of;
	if (store_begin(s, err) == 0 &&
	    history_connector_get(s->history, &c, err) == 0)
		rc = change(s, &c, actor, verb, reason, a.at, until, err);
	if (rc == 1 && (history_action_add(s->history, &a, err) < 0 ||
	    (undo_of && history_action_mark_undone(s->history, undo_of, a.id,
		    err) < 0) || store_commit(s, err) < 0))
		rc = -1;
	store_end(s);
	history_connector_release(&c);
	history_action_release(&a);
	return rc;
}

int
operations_connector(struct store *s, const struct actor *actor,
	enum connector_verb verb, const char *reason, int64_t until,
	struct error *err)
{
	return connector_transaction(s, actor, verb, reason, until, 0, reason,
		err);
}

int
operations_test(struct store *s, const struct actor *actor,
	const char *reason, bool control, int64_t *id_out, struct error *err)
{
	struct history_action a;
	int rc = -1;

	fill(&a, actor, "test", reason, clock_wall());
	a.detail = control ? xstrdup("control") : NULL;
	a.ended_at = HISTORY_NO_TIME;
	if (store_begin(s, err) == 0 &&
	    history_action_add(s->history, &a, err) == 0 &&
	    store_event(s, EVENT_TEST, 0, err, "test asked for by %s",
		    actor->by) == 0)
		rc = store_commit(s, err);
	store_end(s);
	if (rc == 0)
		*id_out = a.id;
	history_action_release(&a);
	return rc;
}

int
operations_find_undo(struct store *s, const struct actor *actor, int64_t id,
	struct history_action *out, struct error *err)
{
	int rc;

	rc = id ? history_action_get(s->history, id, out, err) :
		history_action_undoable(s->history, actor->session, out, err);
	if (rc <= 0) {
		if (rc == 0 && id)
			error_set(err, ERROR_NOT_FOUND,
				"there is no action %" PRId64, id);
		else if (rc == 0)
			error_set(err, ERROR_NOT_FOUND, "this login session "
				"has done nothing that could be undone");
		return rc;
	}
	if (!id || (out->undo_of == 0 && out->undone_by == 0 &&
	    strcmp(out->verb, "test") != 0))
		return 1;
	error_set(err, ERROR_INVALID, "action %" PRId64 " (%s) %s", id,
		out->verb, out->undone_by ? "is undone already" :
		"cannot be undone");
	history_action_release(out);
	return 0;
}

#define HOLDS_MAX 100		/* actions that are looked through */

/* What was in force before it was resumed: the row keeps whose, why and until
 * when, and the action of that time says which. */
static enum connector_verb
held_before(struct store *s, const struct history_connector *c,
	int64_t resumed)
{
	struct history_action *rows = xcalloc(HOLDS_MAX, sizeof *rows);
	enum connector_verb verb = CONNECTOR_HOLD;
	struct error ignored;
	int n = history_actions(s->history, resumed, rows, HOLDS_MAX, &ignored);

	for (int i = 0; i < n; i++) {
		if (rows[i].at == c->hold_at && strcmp(rows[i].verb,
		    verb_words[CONNECTOR_DRAIN]) == 0)
			verb = CONNECTOR_DRAIN;
		history_action_release(&rows[i]);
	}
	free(rows);
	return verb;
}

/* hold, drain and resume are undone by their opposite. */
int
operations_undo_connector(struct store *s, const struct operation *op,
	const struct history_action *action, struct operation_summary *out,
	struct error *err)
{
	bool was_resume = strcmp(action->verb, "resume") == 0;
	struct history_connector c;
	int64_t until = HISTORY_NO_TIME;
	int rc;

	memset(out, 0, sizeof *out);
	if (history_connector_get(s->history, &c, err) < 0)
		return -1;
	if (was_resume ? c.hold || c.drain : (!c.hold && !c.drain) ||
	    c.hold_at != action->at)
		rc = 2;
	else if (op->dry_run)
		rc = 1;
	else if (was_resume)
		rc = connector_transaction(s, op->actor, held_before(s, &c,
			action->id), c.hold_reason, c.hold_until > clock_wall() ?
			c.hold_until : until, action->id, op->reason, err);
	else
		rc = connector_transaction(s, op->actor, CONNECTOR_RESUME,
			op->reason, until, action->id, op->reason, err);
	history_connector_release(&c);
	out->done = rc == 1;
	out->skipped = rc == 0 || rc == 2;
	return rc < 0 ? -1 : 0;
}

int
operations_rotate(struct store *s, const struct actor *actor,
	struct error *err)
{
	struct history_action a;
	int rc = -1;

	fill(&a, actor, "rotate", NULL, clock_wall());
	a.ended_at = HISTORY_NO_TIME;
	if (store_begin(s, err) == 0 &&
	    history_action_add(s->history, &a, err) == 0)
		rc = store_commit(s, err);
	store_end(s);
	history_action_release(&a);
	return rc;
}
