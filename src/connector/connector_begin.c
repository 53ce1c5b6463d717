/* SPDX-License-Identifier: ISC */
/*
 * connector_begin: which messages are tried next, in which lane, and whether
 * any may be. See connector_private.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xalloc.h"
#include "store/und_account.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE_EACH 8		/* one place in so many */
#define TOO_LARGE_MAX 1000	/* deferred for want of room in one go */

static const char *
why(const struct history_message *m, bool probe, bool test, char buf[96])
{
	if (test)
		return "test";
	if (probe)
		return "probe";
	if (m->attempts == 0)
		return "arrived";
	if (m->tries == 0 && m->retries) {
		snprintf(buf, 96, "retry %s", m->action_by ? m->action_by : "");
		return buf;
	}
	if (m->class && strcmp(m->class, "interrupted") == 0)
		return "after interruption";
	return "backoff";
}

/* --- what may be begun now ----------------------------------------------- */

struct choice {
	bool probe, solo;
	int64_t test_action;
	int room;			/* messages */
	int64_t bytes;			/* … of so many bytes, but for one */
	int64_t disk;			/* bytes free above disk.min_free */
	int64_t now;			/* for what is deferred; NO_TIME: none is due */
};

static bool
test_is_running(const struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++)
		for (int n = 0; n < c->lanes[i].count; n++)
			if (c->lanes[i].hand[n]->test_action &&
			    c->lanes[i].hand[n]->state != HAND_WRITTEN)
				return true;
	return false;
}

/* Somebody in hand is to have no company. */
static bool
has_solo(const struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++)
		for (int n = 0; n < c->lanes[i].count; n++)
			if (c->lanes[i].hand[n]->solo &&
			    c->lanes[i].hand[n]->state != HAND_WRITTEN)
				return true;
	return false;
}

static int
refuse_test(struct connector *c, struct history_action *a, const char *words,
	struct error *err)
{
	a->ended_at = clock_wall();
	a->failed = 1;
	xstrset(&a->detail, words);
	c->news = true;
	return history_action_end(c->store.history, a, err);
}

/* As what may attempts start, by the connector's row? 1, 0, -1. */
static int
may_begin(struct connector *c, const struct history_connector *row,
	struct choice *choice, struct history_action *test, struct error *err)
{
	struct policy_breaker breaker;
	bool busy = connector_any_busy(c);
	int rc;

	if (c->stopping)
		return 0;
	rc = test_is_running(c) ? 0 : history_action_pending(c->store.history,
		"test", test, err);
	if (rc < 0)
		return -1;
	if (rc > 0)
		choice->test_action = test->id;
	if (c->disk_low || row->needs_check ||
	    spool_check_needed(&c->store.spool))
		return rc ? refuse_test(c, test, c->disk_low ? "disk is low" :
			"a check is needed", err) : 0;
	outcome_breaker_get(row, &breaker);
	choice->probe = breaker.open;
	/* While others may be in trouble one message tells enough. */
	choice->solo = breaker.open || choice->test_action;
	if (choice->test_action)
		return !(breaker.open && busy);
	if (row->hold || (breaker.open && (busy ||
	    !policy_breaker_wants_probe(&breaker, &c->settings,
		    clock_wall()))))
		return 0;
	return 1;
}

static bool
is_worn(const struct lane *lane)
{
	return lane->started && lane->handed > 0;
}

/* How many may begin in the lane? A fresh worker is waited for. */
static int
room_in(struct connector *c, struct lane *lane,
	const struct history_connector *row, struct choice *choice)
{
	if (!c->worker)
		return lane_in_hand(lane) == 0 && !lane->started;
	if (choice->solo && lane_in_hand(lane) == 0 && is_worn(lane)) {
		worker_renew(lane);
		return 0;
	}
	if (choice->solo || row->streak_count > 0)
		return lane_in_hand(lane) == 0 && worker_room(c, lane) > 0;
	return worker_room(c, lane);
}

/* May this one begin beside what is in hand, and with this worker? */
static bool
fits(struct connector *c, struct lane *lane, const struct history_message *m)
{
	bool fresh = m->alone || (m->put_back_by && m->tries == 0 &&
		m->put_back_by != lane->last_action);

	if (m->alone && connector_any_busy(c))
		return false;
	if (!c->worker || !fresh || !is_worn(lane))
		return true;
	worker_renew(lane);
	return false;
}

/* --- which one ----------------------------------------------------------- */

/* The message to try next. 1, 0, -1. */
static int
choose(struct connector *c, const struct history_connector *row,
	const struct choice *choice, struct history_message *m,
	struct error *err)
{
	int rc;

	if (choice->probe)
		return history_next_probe(c->store.history,
			row->probe_youngest, m, err);
	rc = history_next_due(c->store.history, choice->now,
		c->begun % LATE_EACH == LATE_EACH - 1, m, err);
	if (rc == 0 && choice->test_action)
		rc = history_next_probe(c->store.history, false, m, err);
	return rc;
}

static int
defer_too_large(struct connector *c, struct history_message *m,
	struct error *err)
{
	enum state was = m->state;

	m->state = STATE_DEFERRED;
	m->since = clock_wall();
	m->next_attempt_at = m->since;
	m->too_large = true;
	c->news = true;
	return history_message_update(c->store.history, m, was, err) < 0 ?
		-1 : 0;
}

/* One event for all that a scan brings, but for very many. */
static int
tell_too_large(struct connector *c, struct error *err)
{
	struct too_large *t = &c->too_large;
	char more[32] = "";
	int n = t->count;

	if (n == 0 || (c->scan && n < TOO_LARGE_MAX))
		return 0;
	t->count = 0;
	c->news = true;
	if (n > 1)
		snprintf(more, sizeof more, " and %d more", n - 1);
	return store_event(&c->store, EVENT_TOO_LARGE, t->first, err,
		"%s%s: larger than what is free above disk.min_free; due as "
		"soon as there is room", t->name, more);
}

/* The same, passing over what the disk has no room for. */
static int
choose_fitting(struct connector *c, const struct history_connector *row,
	const struct choice *choice, struct history_message *m,
	struct error *err)
{
	struct too_large *t = &c->too_large;
	int n = 0, rc;

	while ((rc = choose(c, row, choice, m, err)) > 0 &&
	    m->size > choice->disk) {
		n++;
		if (t->count++ == 0) {
			t->first = m->id;
			snprintf(t->name, sizeof t->name, "%s", m->name);
		}
		rc = defer_too_large(c, m, err);
		history_message_release(m);
		if (rc < 0 || n == TOO_LARGE_MAX)
			break;
	}
	if (rc < 0 || tell_too_large(c, err) < 0)
		return -1;
	if (n < TOO_LARGE_MAX)
		return rc;
	c->wake = true;			/* others stand behind them */
	return 0;
}

/* What is free for copies, in bytes; what waited for room and has it is due.
 * 0 or -1. */
static int
look_for_room(struct connector *c, struct choice *choice, struct error *err)
{
	int64_t bytes, inodes;
	int due;

	if (fs_free(c->store.spool.root, &bytes, &inodes, err) < 0)
		return -1;
	choice->disk = bytes - c->settings.disk_min_free_bytes;
	if (choice->disk < 0) {
		c->disk_mono_ms = 0;		/* low: look at once */
		return 0;
	}
	due = history_too_large_due(c->store.history, clock_wall(),
		choice->disk, err);
	c->news = c->news || due > 0;
	return due < 0 ? -1 : 0;
}

/* --- beginning ------------------------------------------------------------ */

static int
begin_one(struct connector *c, struct lane *lane, struct history_message *m,
	const struct choice *choice, struct error *err)
{
	struct in_hand *h = lane_add(lane);
	struct history_attempt *a = &h->attempt;
	enum state was = m->state;
	char buf[96];

	*a = (struct history_attempt){
		.message = m->id, .number = m->attempts + 1,
		.lane = lane->number, .started_at = clock_wall(),
		.ended_at = HISTORY_NO_TIME, .code = HISTORY_NO_CODE,
		.from_state = was, .from_since = m->since,
		.probe = choice->probe,
		.why = xstrdup(why(m, choice->probe, choice->test_action,
			buf)),
	};
	m->state = STATE_IMPORTING;
	m->since = a->started_at;
	m->attempts++;
	m->tries++;
	m->changed_by = 0;
	m->next_attempt_at = HISTORY_NO_TIME;
	h->solo = choice->solo || m->alone;
	h->test_action = choice->test_action;
	h->message = *m;
	memset(m, 0, sizeof *m);
	c->begun++;
	c->news = true;
	return history_attempt_begin(c->store.history, a, err) < 0 ||
		history_message_begin(c->store.history, &h->message, was,
			err) < 0 ? -1 : 0;
}

/* Is anything deferred due? It is asked once: a beginning makes none so. */
static int
look_at_deferred(struct connector *c, struct choice *choice, struct error *err)
{
	int64_t due;

	choice->now = c->once_at ? c->once_at : clock_wall();
	if (history_next_due_at(c->store.history, &due, err) < 0)
		return -1;
	if (due == HISTORY_NO_TIME || due > choice->now)
		choice->now = HISTORY_NO_TIME;
	return 0;
}

/* As many as there is room for. 1 some, 0 none, -1. */
static int
begin_some(struct connector *c, struct lane *lane,
	const struct history_connector *row, struct choice *choice,
	struct error *err)
{
	struct history_message m = { 0 };
	int n = 0, rc = 1;

	while (n < choice->room && (rc = choose_fitting(c, row, choice, &m,
	    err)) > 0) {
		if (!fits(c, lane, &m) || (n > 0 && (m.alone ||
		    m.size > choice->bytes)))
			break;
		choice->disk -= m.size;
		choice->bytes -= m.size;
		rc = begin_one(c, lane, &m, choice, err);
		if (rc < 0)
			break;
		n++;
		if (lane->hand[lane->count - 1]->solo)
			break;
	}
	c->ran_dry = rc == 0 && !c->scan;
	history_message_release(&m);
	return rc < 0 ? -1 : n > 0;
}

int
connector_begin_in(struct connector *c, struct lane *lane,
	struct history_connector *row, struct error *err)
{
	struct choice choice = { .bytes = BATCH_BYTES };
	struct history_action test = { 0 };
	int rc = may_begin(c, row, &choice, &test, err);

	if (rc > 0 && (lane->rotate || c->anew || has_solo(c)))
		rc = 0;
	if (rc > 0) {
		choice.room = room_in(c, lane, row, &choice);
		if (choice.solo && choice.room > 1)
			choice.room = 1;
		if (choice.room == 0)
			rc = 0;
	}
	/* Bytes that came before belong to nobody in hand. */
	if (rc > 0 && lane_in_hand(lane) == 0 && und_account_measure(&c->store,
	    lane->number, lane->und_path, NULL, NULL, err) < 0)
		rc = -1;
	if (rc > 0 && lane_in_hand(lane) == 0 && !connector_any_busy(c) &&
	    connector_wants_control(c, row, choice.test_action ? &test : NULL,
		    choice.probe)) {
		if (c->worker && lane->started && lane->handed > 0) {
			worker_renew(lane);
			rc = 0;
		} else if (!*c->settings.control_to) {
			rc = refuse_test(c, &test, "control.to is not set",
				err);
		} else {
			rc = connector_begin_control(c, lane,
				choice.test_action, choice.probe, err) < 0 ?
				-1 : 1;
		}
		history_action_release(&test);
		return rc;
	}
	if (rc > 0 && (look_for_room(c, &choice, err) < 0 ||
	    look_at_deferred(c, &choice, err) < 0))
		rc = -1;
	if (rc > 0 && choice.disk >= 0) {
		rc = begin_some(c, lane, row, &choice, err);
		/* What it has goes to it first; then the next, behind that. */
		if (rc > 0 && c->worker && !choice.solo &&
		    worker_room(c, lane) > 0)
			c->wake = true;
		if (rc == 0 && choice.test_action && !lane->renew &&
		    !connector_any_busy(c))
			rc = refuse_test(c, &test, "there is no message to "
				"test with", err);
	}
	history_action_release(&test);
	return rc;
}
