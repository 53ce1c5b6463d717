/* SPDX-License-Identifier: ISC */
/* history_at_message: one message, or one attempt, as it was. See
 * history_at.h. */
#include "history/history_at_private.h"
#include "base/xalloc.h"

/* The last attempt that had ended by then, when, and how many had begun. 0 or
 * -1. */
static int
read_result(struct history *h, struct history_message *m, int64_t at,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_RESULT, "ii", m->id, at);
	bool ended = false;
	int rc;

	m->attempts = 0;
	m->code = HISTORY_NO_CODE;
	m->failed_at = HISTORY_NO_TIME;
	m->signal = 0;
	xstrset(&m->class, NULL);
	xstrset(&m->reason, NULL);
	while (!ended && (rc = history_step(h, st, err)) > 0) {
		if (m->attempts == 0)
			m->attempts = sqlite3_column_int64(st, 0);
		ended = sqlite3_column_int(st, 1);
		if (!ended)
			continue;
		m->code = history_code(st, 2);
		m->signal = sqlite3_column_int(st, 3);
		m->class = history_text(st, 4);
		m->reason = history_text(st, 5);
		m->failed_at = sqlite3_column_int64(st, 6);
		m->suspect = sqlite3_column_int(st, 7);
	}
	if (ended)
		history_done(st);
	return ended ? 0 : rc;
}

/* What is not known of then, or only of now. */
static void
forget(struct history_message *m)
{
	m->next_attempt_at = HISTORY_NO_TIME;
	m->tries = m->rejected = m->crashed = m->unavailable = 0;
	m->retries = m->failures = m->rereads = 0;
	m->suspect = m->maybe_delivered = m->doubt = m->late = false;
	m->alone = m->too_large = m->kept = m->move_stuck = false;
	m->und_bytes = m->und_entries = 0;
	m->changed_by = m->put_back_by = m->noted_action = 0;
	xstrset(&m->action_reason, NULL);
	xstrset(&m->action_by, NULL);
	xstrset(&m->noted_verb, NULL);
	xstrset(&m->move_from, NULL);
	xstrset(&m->move_to, NULL);
}

int
history_at_stayed(struct history *h, struct history_message *m, int64_t at,
	struct error *err)
{
	bool suspect = m->suspect;

	forget(m);
	return suspect ? read_result(h, m, at, err) : 0;
}

int
history_at_left(struct history *h, const struct stay *s, int64_t at,
	struct history_message *out, struct error *err)
{
	struct history_message m;
	int rc = history_message_get(h, s->id, &m, err);

	if (rc <= 0)
		return rc;
	m.state = (enum state)s->state;
	m.since = s->since;
	forget(&m);
	if (read_result(h, &m, at, err) < 0 ||
	    history_at_find_cause(h, &m, err) < 0) {
		history_message_release(&m);
		return -1;
	}
	*out = m;
	return 1;
}

/* The earliest end, after then, of a stay that had begun by then: 1 with it,
 * 0, -1. */
static int
find_stay(struct history *h, int64_t id, int64_t at, struct stay *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_PLACE, "ii", id, at);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = (struct stay){ .id = id,
			.since = sqlite3_column_int64(st, 1),
			.state = (uint8_t)history_state(st, 0) };
		history_done(st);
	}
	return rc;
}

int
history_at_message(struct history *h, int64_t id, int64_t at,
	struct history_message *out, struct error *err)
{
	struct history_message m;
	struct stay s;
	int rc = history_message_get(h, id, &m, err);

	if (rc <= 0)
		return rc;
	if (m.since <= at && (rc = history_at_stayed(h, &m, at, err)) == 0) {
		*out = m;
		return 1;
	}
	history_message_release(&m);
	if (rc < 0)
		return -1;
	rc = find_stay(h, id, at, &s, err);
	return rc <= 0 ? rc : history_at_left(h, &s, at, out, err);
}

void
history_at_attempt(struct history_attempt *a, int64_t at)
{
	if (a->ended_at == HISTORY_NO_TIME || a->ended_at <= at)
		return;
	a->ended_at = HISTORY_NO_TIME;
	a->took_ms = a->und_entries = a->und_start = a->und_end = 0;
	a->code = HISTORY_NO_CODE;
	a->signal = 0;
	a->counted = false;
	a->output_len = 0;
	xstrset(&a->class, NULL);
	xstrset(&a->copy, NULL);
	xstrset(&a->reason, NULL);
}

void
history_at_action(struct history_action *a, int64_t at)
{
	a->undone_by = 0;
	if (a->ended_at == HISTORY_NO_TIME || a->ended_at <= at)
		return;
	a->ended_at = HISTORY_NO_TIME;
	a->done = a->skipped = a->failed = 0;
}
