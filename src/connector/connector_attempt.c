/*
 * connector_attempt: the transaction that carries the ends of some attempts
 * and the beginnings of the next. See connector.h.
 *
 * Programs start after it is committed (connector_program.c); what is tried
 * next is chosen in connector_begin.c, an end written in connector_ending.c.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "work/operations.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define LOST_MAX 10

/* --- the transaction -------------------------------------------------- */

/* Holds and drains that are over. 1 changed, 0, -1. */
static int
look_at_hold(struct connector *c, struct history_connector *row,
	struct error *err)
{
	struct history_counts counts;
	int64_t now = clock_wall();

	if ((row->hold || row->drain) && !row->needs_check &&
	    row->hold_until != HISTORY_NO_TIME && row->hold_until <= now) {
		row->hold = row->drain = false;
		return store_event(&c->store, EVENT_RESUMED, 0, err,
			"the time of the hold by %s is over",
			row->hold_by ? row->hold_by : "somebody") < 0 ? -1 : 1;
	}
	if (!row->drain || connector_any_busy(c) || c->scan)
		return 0;
	if (history_counts(c->store.history, &counts, err) < 0)
		return -1;
	if (counts.n[STATE_QUEUED] || counts.n[STATE_IMPORTING])
		return 0;
	row->drain = false;
	row->hold = true;
	return store_event(&c->store, EVENT_DRAINED, 0, err,
		"the queue is empty: held") < 0 ? -1 : 1;
}

static int
hold_if_lost(struct connector *c, struct history_connector *row,
	struct error *err)
{
	if (c->lost_in_row < LOST_MAX || row->needs_check)
		return 0;
	return store_hold_for_check(&c->store, row, "ten messages in a "
		"row had lost their files: run ccmq check", err);
}

/* Ends and beginnings. 1 something changed, 0, -1. */
static int
end_and_begin(struct connector *c, struct history_connector *row,
	struct history_message *ended, struct error *err)
{
	int changed = 0, rc;

	c->refused = false;
	for (int i = 0; i < c->lane_count; i++) {
		if (!c->lanes[i].ended)
			continue;
		if (connector_end_one(c, &c->lanes[i], row, &ended[i], err) < 0)
			return -1;
		c->lanes[i].written = true;
		changed = 1;
	}
	rc = look_at_hold(c, row, err);
	if (rc < 0 || hold_if_lost(c, row, err) < 0)
		return -1;
	changed |= rc;
	rc = connector_hold_if_marked(c, row, err);
	if (rc < 0)
		return -1;
	changed |= rc;
	for (int i = 0; i < c->lane_count; i++) {
		if (connector_is_occupied(&c->lanes[i]) || c->lanes[i].blocked)
			continue;
		rc = connector_begin_in(c, &c->lanes[i], row, err);
		if (rc < 0)
			return -1;
		changed |= rc;
	}
	return changed || c->refused;
}

static void
note_row(struct connector *c, const struct history_connector *row)
{
	c->probe_at = row->breaker_open && !row->hold ? row->probe_at :
		HISTORY_NO_TIME;
	c->hold_until = row->hold || row->drain ? row->hold_until :
		HISTORY_NO_TIME;
}

/* What is due and was not begun may not begin now (tripped, held, disk low,
 * nothing there): looking again at once would not change that. Whatever does
 * wakes the connector. */
static void
wait_for_news(struct connector *c)
{
	int64_t now = clock_wall();

	if (c->next_due_at <= now)
		c->next_due_at = HISTORY_NO_TIME;
	if (c->probe_at <= now)
		c->probe_at = HISTORY_NO_TIME;
}

/* What has happened and what begins, in the open transaction; *settled_out is
 * set if moves were finished in it. 1 changed, 0, -1. */
static int
write_turn(struct connector *c, struct history_connector *row,
	struct history_message *ended, bool *settled_out, struct error *err)
{
	int settled = connector_settle(c, false, err), changed;

	if (settled < 0 ||
	    history_connector_get(c->store.history, row, err) < 0)
		return -1;
	changed = end_and_begin(c, row, ended, err);
	if (changed > 0 && history_connector_put(c->store.history, row,
	    err) < 0)
		return -1;
	if (changed == 0 && !settled && !connector_any_busy(c))
		settled = connector_settle(c, true, err);
	if (changed < 0 || settled < 0 ||
	    history_next_due_at(c->store.history, &c->next_due_at, err) < 0)
		return -1;
	*settled_out = settled > 0;
	return changed;
}

static int
transaction(struct connector *c, struct history_message *ended,
	struct error *err)
{
	struct history_connector row = { 0 };
	bool settled = false;
	int changed = -1;

	if (store_begin(&c->store, err) == 0)
		changed = write_turn(c, &row, ended, &settled, err);
	if (changed >= 0 && (changed > 0 || settled) &&
	    store_commit(&c->store, err) < 0)
		changed = -1;
	if (changed >= 0)
		note_row(c, &row);
	if (changed == 0)
		wait_for_news(c);
	history_connector_release(&row);
	return changed;
}

/* --- what it said has come true, or not ------------------------------- */

static void
free_lane(struct lane *lane)
{
	history_message_release(&lane->message);
	history_attempt_release(&lane->attempt);
	lane->busy = lane->started = lane->ended = lane->written = false;
	lane->stop = STOP_NONE;
	lane->test_action = 0;
	lane->facts = (struct outcome_facts){ .und_reason = "" };
	lane->result.killed = 0;
}

/* What the transaction said has come true. */
static void
adopt(struct connector *c, struct lane *lane, struct history_message *ended)
{
	if (lane->written) {
		if (ended->state != STATE_IMPORTED)
			c->once_failed++;
		connector_note_move(c, ended);
		history_message_release(ended);
		free_lane(lane);
	}
	if (!lane->next.set)
		return;
	lane->message = lane->next.message;
	lane->attempt = lane->next.attempt;
	lane->test_action = lane->next.test_action;
	memset(&lane->next, 0, sizeof lane->next);
	lane->busy = true;
}

static void
forget(struct lane *lane, struct history_message *ended)
{
	lane->written = false;
	history_message_release(ended);
	history_message_release(&lane->next.message);
	history_attempt_release(&lane->next.attempt);
	lane->next.test_action = 0;
	lane->next.set = false;
}

int
connector_work(struct connector *c, struct error *err)
{
	struct history_message ended[CONNECTOR_LANES_MAX] = { { 0 } };
	int changed = transaction(c, ended, err);

	store_end(&c->store);
	for (int i = 0; i < c->lane_count; i++) {
		if (changed >= 0)
			adopt(c, &c->lanes[i], &ended[i]);
		else
			forget(&c->lanes[i], &ended[i]);
	}
	return changed;
}
