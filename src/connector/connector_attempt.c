/* SPDX-License-Identifier: ISC */
/*
 * connector_attempt: the transaction that carries the ends of some attempts
 * and the beginnings of the next. See connector_private.h.
 *
 * Programs start after it is committed (connector_program.c); what is tried
 * next is chosen in connector_begin.c, an end written in connector_ending.c.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define LOST_MAX 10

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

/* A hold that ends: the post office may be another one now. */
static void
note_resumed(struct connector *c, const struct history_connector *row)
{
	if (c->held && !row->hold)
		for (int i = 0; i < c->lane_count; i++)
			worker_renew(&c->lanes[i]);
	c->held = row->hold;
}

/* Ends and beginnings. 0 or -1; c->news says whether something changed. */
static int
end_and_begin(struct connector *c, struct history_connector *row,
	struct error *err)
{
	int rc;

	for (int i = 0; i < c->lane_count; i++) {
		rc = connector_end_some(c, &c->lanes[i], row, err);
		if (rc < 0)
			return -1;
		c->news = c->news || rc;
	}
	rc = look_at_hold(c, row, err);
	if (rc < 0 || hold_if_lost(c, row, err) < 0)
		return -1;
	c->news = c->news || rc;
	rc = connector_hold_if_marked(c, row, err);
	if (rc < 0)
		return -1;
	c->news = c->news || rc;
	note_resumed(c, row);
	for (int i = 0; i < c->lane_count; i++)
		if (!c->lanes[i].blocked && connector_begin_in(c,
		    &c->lanes[i], row, err) < 0)
			return -1;
	return 0;
}

static void
note_row(struct connector *c, const struct history_connector *row)
{
	c->probe_at = row->breaker_open && !row->hold ? row->probe_at :
		HISTORY_NO_TIME;
	c->control_due_at = connector_control_due_at(c, row);
	/* A hold for a check does not end with its time. */
	c->hold_until = (row->hold || row->drain) && !row->needs_check ?
		row->hold_until : HISTORY_NO_TIME;
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
	if (c->control_due_at <= now)
		c->control_due_at = HISTORY_NO_TIME;
}

/* What has happened and what begins, in the open transaction; *settled_out is
 * set if moves were finished in it. 0 or -1. */
static int
write_turn(struct connector *c, struct history_connector *row,
	bool *settled_out, struct error *err)
{
	int settled = connector_settle(c, false, err);

	if (settled < 0 ||
	    history_connector_get(c->store.history, row, err) < 0 ||
	    end_and_begin(c, row, err) < 0)
		return -1;
	if (c->news && history_connector_put(c->store.history, row, err) < 0)
		return -1;
	if (!c->news && !settled && !connector_any_busy(c))
		settled = connector_settle(c, true, err);
	if (settled < 0 || history_next_due_at(c->store.history,
	    &c->next_due_at, err) < 0)
		return -1;
	*settled_out = settled > 0;
	return 0;
}

static int
transaction(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	bool settled = false;
	int rc = -1;

	c->news = false;
	if (store_begin(&c->store, err) == 0)
		rc = write_turn(c, &row, &settled, err);
	if (rc == 0 && (c->news || settled))
		rc = store_commit(&c->store, err);
	if (rc == 0)
		note_row(c, &row);
	if (rc == 0 && !c->news)
		wait_for_news(c);
	history_connector_release(&row);
	return rc;
}

/* --- what it said has come true, or not ------------------------------- */

static void
adopt(struct connector *c, struct lane *lane)
{
	for (int i = lane->count - 1; i >= 0; i--) {
		struct in_hand *h = lane->hand[i];

		if (h->state == HAND_BEGUN) {
			h->state = HAND_RECORDED;
		} else if (h->state == HAND_WRITTEN) {
			if (h->after.state != STATE_IMPORTED)
				c->once_failed++;
			connector_note_move(c, &h->after);
			lane_remove(lane, i);
		}
	}
}

static void
forget(struct lane *lane)
{
	for (int i = lane->count - 1; i >= 0; i--) {
		struct in_hand *h = lane->hand[i];

		if (h->state == HAND_BEGUN) {
			lane_remove(lane, i);
		} else if (h->state == HAND_WRITTEN) {
			h->state = HAND_ENDED;
			history_message_release(&h->after);
		}
	}
}

int
connector_work(struct connector *c, struct error *err)
{
	int rc = transaction(c, err);

	if (rc < 0) {
		c->too_large.count = 0;		/* they come again */
		store_end(&c->store);
	}
	for (int i = 0; i < c->lane_count; i++) {
		if (rc == 0)
			adopt(c, &c->lanes[i]);
		else
			forget(&c->lanes[i]);
		if (c->ran_dry)
			copy_keep_few(&c->lanes[i]);
		if (rc == 0 && !c->news && !lane_is_occupied(&c->lanes[i]))
			copy_remove_spares(&c->lanes[i]);
	}
	if (rc == 0)
		rc = connector_settle_many(c, err);
	store_end(&c->store);
	return rc < 0 ? -1 : c->news;
}
