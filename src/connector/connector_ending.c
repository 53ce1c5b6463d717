/*
 * connector_ending: what came of an attempt, written down. See connector.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "store/und_account.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>

static int
mark_lost(struct connector *c, struct lane *lane, struct history_message *m,
	struct error *err)
{
	struct history_attempt *a = &lane->attempt;

	free(a->class);
	a->class = xstrdup(class_word(CLASS_INTERRUPTED));
	free(a->reason);
	a->reason = xstrdup("its file disappeared");
	m->state = STATE_LOST;
	m->since = a->ended_at;
	c->lost_in_row++;
	if (history_attempt_end(c->store.history, a, err) < 0 ||
	    history_message_update(c->store.history, m, STATE_IMPORTING,
		    err) < 0)
		return -1;
	return store_event(&c->store, EVENT_LOST, m->id, err, "%s disappeared "
		"from queue/", m->name);
}

static int
end_test(struct connector *c, struct lane *lane,
	const struct history_message *m, struct error *err)
{
	struct history_action a;
	int rc = history_action_get(c->store.history, lane->test_action, &a,
		err);

	if (rc <= 0)
		return rc;
	a.ended_at = clock_wall();
	a.done = m->state == STATE_IMPORTED;
	a.failed = !a.done;
	free(a.detail);
	a.detail = xasprintf("%" PRId64 " %s", m->id, m->class ? m->class :
		state_word(m->state));
	rc = history_action_end(c->store.history, &a, err);
	history_action_release(&a);
	return rc;
}

int
connector_end_one(struct connector *c, struct lane *lane,
	struct history_connector *row, struct history_message *m_out,
	struct error *err)
{
	struct history_message m;
	enum policy_note note = POLICY_NOTE_NOTHING;
	char reason[81] = "";
	int rc;

	rc = history_message_get(c->store.history, lane->attempt.message, &m,
		err);
	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_STORE,
			"message %" PRId64 " is not in the history any more",
			lane->attempt.message);
	if (lane->message.state == STATE_LOST) {
		rc = mark_lost(c, lane, &m, err);
	} else {
		c->lost_in_row = 0;
		rc = und_account_measure(&c->store, lane->number,
			lane->und_path, &lane->attempt, reason, err);
		lane->facts.und_reason = reason;
		lane->facts.partial = c->partial;
		if (rc == 0)
			rc = outcome_record(&c->store, &c->settings, row, &m,
				&lane->attempt, &lane->facts, &note, err);
	}
	if (rc == 0 && lane->test_action)
		rc = end_test(c, lane, &m, err);
	if (rc == 0 && lane->result.killed && lane->started)
		rc = store_event(&c->store, EVENT_SURVIVOR, m.id, err,
			"%d processes that the import of %s left running were "
			"killed%s", lane->result.killed, m.name,
			lane->result.alive ? "; some live on" : "");
	if (rc < 0) {
		history_message_release(&m);
		return -1;
	}
	*m_out = m;
	return 0;
}
