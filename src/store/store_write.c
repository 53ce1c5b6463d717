/* SPDX-License-Identifier: ISC */
/*
 * store_write: what is written in a transaction of the store beside the
 * changes of messages: events, new messages, a hold until a check. See
 * store.h for the contract.
 */
#include "store/store.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LOG_LINES_MAX 100000	/* events of one transaction */

bool
store_mark_if_unknown(struct store *s, const struct error *err)
{
	struct error why = ERROR_INIT;

	if (err->code != ERROR_UNKNOWN || err->sys == ENOSPC)
		return false;
	if (spool_set_check_needed(&s->spool, true, &why) < 0)
		log_line(LOG_LEVEL_ERROR, "%s", why.text);
	if (!s->unknown.code)
		s->unknown = *err;
	return true;
}

int
store_is_known(const struct store *s, struct error *err)
{
	if (!s->unknown.code)
		return 0;
	*err = s->unknown;
	return -1;
}

static enum history_severity
event_severity(enum event number)
{
	switch (number) {
#define X(name, n, severity, sentence) \
	case name: return SEVERITY_##severity;
	EVENT_LIST(X)
#undef X
	}
	return SEVERITY_ERROR;
}

int
store_event(struct store *s, enum event number, int64_t message,
	struct error *err, const char *fmt, ...)
{
	struct history_event e = {
		.at = clock_wall(), .number = (int)number,
		.severity = event_severity(number), .message = message,
	};
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	e.text = text;
	if (history_event_add(s->history, &e, err) < 0)
		return -1;
	if (s->log_events) {
		xgrow(&s->log_lines, &s->log_cap, s->log_count + 1,
			sizeof *s->log_lines, LOG_LINES_MAX);
		s->log_lines[s->log_count++] = xasprintf("%cevent %d: %s",
			"IWE"[e.severity], (int)number, text);
	}
	return 0;
}

void
store_new_message(struct history_message *m, const char *name, size_t len)
{
	char reduced[SPOOL_NAME_MAX + 5];

	spool_reduce_name(reduced, name, len);
	m->name = xstrdup(reduced);
	m->true_name = xstrdup(name);
	m->true_name_len = len;
	m->state = STATE_QUEUED;
	m->code = HISTORY_NO_CODE;
	m->next_attempt_at = m->failed_at = HISTORY_NO_TIME;
	m->received_at = m->since = clock_wall();
}

char *
store_message_key(const struct store *s, const struct history_message *m)
{
	bool old = !m->key || !*m->key;

	if (!old && strchr(m->key, '.'))
		return xasprintf("%s-%s", history_uuid(s->history), m->key);
	return xasprintf("%s-%" PRId64 "%s%s", history_uuid(s->history), m->id,
		old ? "" : "-", old ? "" : m->key);
}

char *
store_part_key(const struct history_message *of, int64_t part)
{
	bool has_key = of->key && *of->key;

	if (has_key && strchr(of->key, '.'))
		return part == 1 ? xstrdup(of->key) :
			xasprintf("%s.%" PRId64, of->key, part);
	return xasprintf("%" PRId64 "%s%s.%" PRId64, of->id,
		has_key ? "-" : "", has_key ? of->key : "", part);
}

#define IDS_AHEAD STORE_BATCH	/* one fsync of `lock` gives so many */

int
store_add_message(struct store *s, struct history_message *m,
	struct error *err)
{
	struct spool_ids ids;
	int64_t highest = s->highest;

	assert(s->in_transaction);
	if (!highest && history_highest_id(s->history, &highest, err) < 0)
		return -1;
	if (highest + 1 > s->given) {
		spool_read_ids(&s->spool, &ids);
		s->given = ids.given;
		s->committed = ids.committed;
	}
	/* Into the open file, as sqlite3's .restore does: no id twice. */
	if (highest < s->committed)
		return error_set(err, ERROR_REPLACED, "an old history was put "
			"into %s/history.db: run ccmq check --repair",
			s->path);
	if (highest + 1 > s->given) {
		if (spool_write_given(&s->spool, highest + IDS_AHEAD,
		    err) < 0) {
			store_mark_if_unknown(s, err);
			return -1;
		}
		s->given = highest + IDS_AHEAD;
	}
	if (history_message_add(s->history, m, &m->id, err) < 0)
		return -1;
	s->highest = m->id;
	return 0;
}

int
store_hold_for_check(struct store *s, struct history_connector *row,
	const char *why, struct error *err)
{
	bool by_person = row->hold && row->hold_by &&
		strcmp(row->hold_by, STORE_CONNECTOR) != 0;

	if (row->needs_check)
		return 0;
	row->needs_check = true;
	if (!by_person) {	/* else that one stays after the check */
		row->hold = true;
		row->hold_at = clock_wall();
		row->hold_until = HISTORY_NO_TIME;
		xstrset(&row->hold_by, STORE_CONNECTOR);
		xstrset(&row->hold_reason, why);
	}
	if (history_connector_put(s->history, row, err) < 0)
		return -1;
	return store_event(s, EVENT_HELD, 0, err, by_person ?
		"held until a check, too: %s" : "held: %s", why);
}
