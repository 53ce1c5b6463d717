/*
 * connector_begin: which message is tried next, in which lane, and whether
 * any may be. See connector.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOO_LARGE_WAIT_MS CLOCK_MINUTE

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

static bool
was_interrupted(const struct history_message *m)
{
	return m->class && strcmp(m->class, "interrupted") == 0;
}

/* Something runs that must run alone, or this one must and others run. */
static bool
must_wait(const struct connector *c, const struct history_message *m)
{
	for (int i = 0; i < c->lane_count; i++) {
		const struct lane *lane = &c->lanes[i];

		if (connector_is_occupied(lane) && (was_interrupted(m) ||
		    was_interrupted(lane->next.set ? &lane->next.message :
			    &lane->message)))
			return true;
	}
	return false;
}

static int
defer_too_large(struct connector *c, struct history_message *m,
	struct error *err)
{
	enum state was = m->state;

	m->state = STATE_DEFERRED;
	m->since = clock_wall();
	m->next_attempt_at = m->since + TOO_LARGE_WAIT_MS;
	if (history_message_update(c->store.history, m, was, err) < 0)
		return -1;
	if (was == STATE_DEFERRED)
		return 0;
	return store_event(&c->store, EVENT_TOO_LARGE, m->id, err, "%s waits: "
		"its %" PRId64 " bytes and disk.min_free are more than is "
		"free", m->name, m->size);
}

struct choice {
	bool probe;
	int64_t test_action;
};

/* The message to try next. 1, 0, -1. */
static int
choose(struct connector *c, const struct history_connector *row,
	const struct choice *choice, struct history_message *m,
	struct error *err)
{
	int64_t now = c->once_at ? c->once_at : clock_wall();
	int rc;

	if (choice->probe)
		return history_next_probe(c->store.history,
			row->probe_youngest, m, err);
	rc = history_next_due(c->store.history, now, false, m, err);
	if (rc == 0 && choice->test_action)
		rc = history_next_probe(c->store.history, false, m, err);
	return rc;
}

/* The same, passing over what the disk has no room for. */
static int
choose_fitting(struct connector *c, const struct history_connector *row,
	const struct choice *choice, struct history_message *m,
	struct error *err)
{
	int64_t bytes, inodes;
	int rc;

	if (fs_free(c->store.spool.root, &bytes, &inodes, err) < 0)
		return -1;
	for (int tries = 0; tries < 100; tries++) {
		rc = choose(c, row, choice, m, err);
		if (rc <= 0 || m->size <= bytes -
		    c->settings.disk_min_free_bytes)
			return rc;
		rc = defer_too_large(c, m, err);
		history_message_release(m);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
begin_one(struct connector *c, struct lane *lane, struct history_message *m,
	const struct choice *choice, struct error *err)
{
	enum state was = m->state;
	struct history_attempt *a = &lane->next.attempt;
	char buf[96];

	*a = (struct history_attempt){
		.message = m->id, .number = m->attempts + 1,
		.lane = lane->number, .started_at = clock_wall(),
		.ended_at = HISTORY_NO_TIME, .code = HISTORY_NO_CODE,
		.from_state = was, .from_since = m->since, .probe = choice->probe,
		.why = xstrdup(why(m, choice->probe, choice->test_action,
			buf)),
	};
	m->state = STATE_IMPORTING;
	m->since = a->started_at;
	m->attempts++;
	m->tries++;
	m->changed_by = 0;
	m->next_attempt_at = HISTORY_NO_TIME;
	if (history_attempt_begin(c->store.history, a, err) < 0 ||
	    history_message_update(c->store.history, m, was, err) < 0) {
		history_attempt_release(a);
		return -1;
	}
	lane->next.message = *m;
	lane->next.test_action = choice->test_action;
	lane->next.set = true;
	memset(m, 0, sizeof *m);
	return 1;
}

static bool
test_is_running(const struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++) {
		const struct lane *lane = &c->lanes[i];

		if (lane->next.set ? lane->next.test_action :
		    lane->busy && !lane->written && lane->test_action)
			return true;
	}
	return false;
}

static int
refuse_test(struct connector *c, struct history_action *a, const char *words,
	struct error *err)
{
	a->ended_at = clock_wall();
	a->failed = 1;
	free(a->detail);
	a->detail = xstrdup(words);
	c->refused = true;
	return history_action_end(c->store.history, a, err);
}

/* May an attempt start, and as what? 1, 0, -1. */
static int
may_begin(struct connector *c, const struct history_connector *row,
	struct choice *choice, struct history_action *test, struct error *err)
{
	struct policy_breaker breaker;
	bool busy = connector_any_busy(c);
	int rc;

	memset(choice, 0, sizeof *choice);
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
	if (choice->test_action)
		return !(breaker.open && busy);
	if (row->hold || (breaker.open && (busy ||
	    !policy_breaker_wants_probe(&breaker, &c->settings,
		    clock_wall()))))
		return 0;
	return 1;
}

int
connector_begin_in(struct connector *c, struct lane *lane,
	struct history_connector *row, struct error *err)
{
	struct history_action test = { 0 };
	struct history_message m = { 0 };
	struct choice choice;
	int rc = may_begin(c, row, &choice, &test, err);

	if (rc > 0)
		rc = choose_fitting(c, row, &choice, &m, err);
	if (rc == 0 && choice.test_action && !test.detail && !c->stopping &&
	    !connector_any_busy(c))
		rc = refuse_test(c, &test, "there is no message to test with",
			err);
	else if (rc > 0 && must_wait(c, &m))
		rc = 0;
	else if (rc > 0)
		rc = begin_one(c, lane, &m, &choice, err);
	if (rc > 0 && choice.probe) {
		/* No second one before this one's end. */
		row->probe_youngest = !row->probe_youngest;
	}
	history_action_release(&test);
	history_message_release(&m);
	return rc;
}
