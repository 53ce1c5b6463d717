/* SPDX-License-Identifier: ISC */
/*
 * connector_ending: what came of attempts, written down. See
 * connector_private.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "store/und_account.h"
#include "work/operations.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define REREADS_MAX 3	/* changes of a file that is being tried */

static int
mark_lost(struct connector *c, struct in_hand *h, struct history_message *m,
	struct error *err)
{
	struct history_attempt *a = &h->attempt;

	xstrset(&a->class, class_word(CLASS_INTERRUPTED));
	xstrset(&a->reason, "its file disappeared");
	m->state = STATE_LOST;
	m->since = a->ended_at;
	m->attempt = a->id;
	c->lost_in_row++;
	if (history_attempt_end(c->store.history, a, err) < 0 ||
	    history_message_update(c->store.history, m, STATE_IMPORTING,
		    err) < 0)
		return -1;
	return store_event(&c->store, EVENT_LOST, m->id, err, "%s disappeared "
		"from queue/", m->name);
}

/* "#1042 rejected, code 1; it waits again" */
static char *
test_words(const struct history_message *m, int code)
{
	char said[40] = "";

	if (code > 0)
		snprintf(said, sizeof said, ", code %d", code);
	return xasprintf("#%" PRId64 " %s%s%s", m->id, m->class ? m->class :
		state_word(m->state), said, m->state == STATE_QUEUED ||
		m->state == STATE_DEFERRED ? "; it waits again" : "");
}

static int
end_test(struct connector *c, struct in_hand *h,
	const struct history_message *m, struct error *err)
{
	struct history_action a;
	int rc = history_action_get(c->store.history, h->test_action, &a, err);

	if (rc <= 0)
		return rc;
	a.ended_at = clock_wall();
	a.done = m->state == STATE_IMPORTED;
	a.failed = !a.done;
	free(a.detail);
	if (h->control)
		a.detail = xasprintf("#%" PRId64 " control message, %s%s%s",
			h->message.id, h->attempt.class, h->attempt.reason ?
			": " : "", h->attempt.reason ? h->attempt.reason : "");
	else
		a.detail = test_words(m, h->attempt.code);
	rc = history_action_end(c->store.history, &a, err);
	history_action_release(&a);
	return rc;
}

/* --- its file changed meanwhile ------------------------------------------- */

/* Is the file in queue/ still the one that was begun with? 1, 0, -1. */
static int
is_unchanged(struct connector *c, const struct history_message *m,
	struct error *err)
{
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int rc;

	spool_file_name(file, m->id, m->name);
	rc = spool_exists(&c->store.spool, SPOOL_QUEUE, file, &st, err);
	/* That it is gone is for the move to find out. */
	return rc <= 0 ? (rc < 0 ? -1 : 1) : store_is_same_file(m, &st);
}

/* What was imported was not what is there now: it is read anew, under a key
 * of its own; whoever got what, this one is another message. */
static int
read_anew(struct connector *c, struct in_hand *h, struct history_message *m,
	struct error *err)
{
	bool often = ++m->rereads >= REREADS_MAX;
	struct history_attempt *a = &h->attempt;
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int fd, rc;

	spool_file_name(file, m->id, m->name);
	fd = spool_open_file(&c->store.spool, SPOOL_QUEUE, file, &st, err);
	rc = fd < 0 ? 0 : store_read_header(&c->store, m, fd, &st, err);
	if (fd >= 0)
		close(fd);
	if (rc < 0 || history_message_new_key(m, err) < 0)
		return -1;
	xstrset(&a->class, class_word(CLASS_INTERRUPTED));
	xstrset(&a->reason, "its file changed meanwhile");
	xstrset(&m->class, a->class);
	xstrset(&m->reason, a->reason);
	m->attempt = a->id;
	m->since = m->failed_at = a->ended_at;
	m->maybe_delivered = m->doubt = true;
	m->changed_by = 0;
	m->tries--;
	m->state = STATE_DEFERRED;
	m->next_attempt_at = a->ended_at + c->settings.intake_settle_ms;
	if (often || fd < 0) {
		m->state = STATE_QUARANTINED;
		m->next_attempt_at = HISTORY_NO_TIME;
		xstrset(&m->action_reason, fd < 0 ? "its file became "
			"something else during an attempt" : "its file changed "
			"during each of three attempts");
		xstrset(&m->action_by, STORE_CONNECTOR);
		store_note_move(m, SPOOL_QUEUE, SPOOL_QUARANTINE);
	}
	operations_end_note(m, a->ended_at);
	if (history_attempt_end(c->store.history, a, err) < 0 ||
	    history_message_update(c->store.history, m, STATE_IMPORTING,
		    err) < 0)
		return -1;
	return store_event(&c->store, EVENT_CHANGED, m->id, err, "%s changed "
		"during its attempt: whatever the program says, it was not "
		"imported; %s", m->name, m->state == STATE_QUARANTINED ?
		"quarantined" : "it is read again and tried again");
}

/* --- what does not fit on the disk --------------------------------------- */

static void
wait_for_room(struct history_message *m)
{
	if (m->state == STATE_DEFERRED)
		m->too_large = true;
}

/* --- one end ---------------------------------------------------------------- */

static int
measure_und(struct connector *c, struct lane *lane, struct in_hand *h,
	char reason[81], struct error *err)
{
	struct history_attempt *a = &h->attempt;

	if (!c->worker)
		return und_account_measure(&c->store, lane->number,
			lane->und_path, a, reason, err);
	if (h->und_end > h->und_start)
		return und_account_link(&c->store, lane->number,
			lane->und_path, &lane->ahead, h->und_start, h->und_end,
			a, reason, err);
	/* What is nobody else's can only be its. */
	if (lane->count == 1)
		return und_account_rest(&c->store, lane->number,
			lane->und_path, &lane->ahead, a, reason, err);
	return 0;
}

static int
end_with(struct connector *c, struct lane *lane, struct in_hand *h,
	struct history_connector *row, struct history_message *m,
	struct error *err)
{
	enum policy_note note = POLICY_NOTE_NOTHING;
	char reason[81] = "";
	/* What no program had says nothing of what it got. */
	bool had_it = h->facts.end != POLICY_END_OWN_FAULT &&
		h->facts.end != POLICY_END_NOT_RUN;
	int same = had_it ? is_unchanged(c, m, err) : 1;

	if (same < 0)
		return -1;
	c->lost_in_row = 0;
	if (measure_und(c, lane, h, reason, err) < 0)
		return -1;
	if (!same)
		return read_anew(c, h, m, err);
	h->facts.und_reason = reason;
	h->facts.partial = c->partial;
	if (getrandom(&h->facts.random, sizeof h->facts.random, 0) < 0)
		h->facts.random = (uint64_t)clock_mono_ms();
	if (outcome_record(&c->store, &c->settings, row, m, &h->attempt,
	    &h->facts, &note, err) < 0)
		return -1;
	if (!h->too_large)
		return 0;
	wait_for_room(m);
	return history_message_update(c->store.history, m, m->state,
		err) < 0 ? -1 : 0;
}

static int
end_one(struct connector *c, struct lane *lane, struct in_hand *h,
	struct history_connector *row, struct error *err)
{
	struct history_message *m = &h->after;
	int rc;

	if (h->control) {
		rc = connector_end_control(c, h, row, err);
		return rc == 0 && h->test_action ? end_test(c, h, &h->after,
			err) : rc;
	}
	rc = history_message_get(c->store.history, h->attempt.message, m, err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_STORE, "message #%"
			PRId64 " is not in the history any more",
			h->attempt.message);
	rc = h->lost ? mark_lost(c, h, m, err) :
		end_with(c, lane, h, row, m, err);
	if (rc == 0 && h->test_action)
		rc = end_test(c, h, m, err);
	if (rc == 0 && lane->result.killed && !c->worker)
		rc = store_event(&c->store, EVENT_SURVIVOR, m->id, err,
			"the import of %s left something running: %d killed%s",
			m->name, lane->result.killed, lane->result.alive ?
			"; some live on" : "");
	return rc;
}

int
connector_end_some(struct connector *c, struct lane *lane,
	struct history_connector *row, struct error *err)
{
	int n = 0;

	for (int i = 0; i < lane->count; i++) {
		struct in_hand *h = lane->hand[i];

		if (h->state != HAND_ENDED)
			continue;
		if (end_one(c, lane, h, row, err) < 0)
			return -1;
		h->state = HAND_WRITTEN;
		n++;
	}
	/* Nobody is left whose it could be. */
	if (n > 0 && c->worker && lane_count_in(lane, HAND_RUNNING) == 0 &&
	    und_account_rest(&c->store, lane->number, lane->und_path,
		    &lane->ahead, NULL, NULL, err) < 0)
		return -1;
	lane->result.killed = 0;
	return n > 0;
}
