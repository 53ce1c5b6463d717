/* SPDX-License-Identifier: ISC */
/* history_event: events, minutes, and what retention takes. See history.h. */
#include "history/history_private.h"
#include "history/seal_history.h"

#include <stdlib.h>
#include <string.h>

static const char *const severities[] = {
	[SEVERITY_INFO] = "info",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

const char *
history_severity_word(enum history_severity s)
{
	return severities[s];
}

void
history_event_release(struct history_event *e)
{
	free(e->text);
	memset(e, 0, sizeof *e);
}

int
history_event_add(struct history *h, const struct history_event *e,
	struct error *err)
{
	int64_t id;

	return history_insert(h, err, SEAL_EVENT, &id, "iitti", e->at,
		(int64_t)e->number, severities[e->severity], e->text,
		e->message);
}

static enum history_severity
parse_severity(const char *word)
{
	for (int i = 0; word && i <= SEVERITY_ERROR; i++)
		if (strcmp(severities[i], word) == 0)
			return (enum history_severity)i;
	return SEVERITY_ERROR;
}

void
history_read_event(sqlite3_stmt *st, struct history_event *out)
{
	out->id = sqlite3_column_int64(st, 0);
	out->at = sqlite3_column_int64(st, 1);
	out->number = sqlite3_column_int(st, 2);
	out->severity = parse_severity(
		(const char *)sqlite3_column_text(st, 3));
	out->text = history_text(st, 4);
	out->message = sqlite3_column_int64(st, 5);
}

int
history_events(struct history *h, int64_t after,
	struct history_event *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_EVENTS, "ii", after,
		(int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		history_read_event(st, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_event_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_event_since(struct history *h, int64_t at, int64_t *after_out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_EVENT_SINCE, "i", at);
	int rc = history_step(h, st, err);

	if (rc < 0)
		return -1;
	*after_out = rc ? sqlite3_column_int64(st, 0) : 0;
	if (rc)
		history_done(st);
	return 0;
}

int
history_event_newest(struct history *h, int number, int64_t *id_out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_EVENT_NEWEST, "i",
		(int64_t)number);
	int rc = history_step(h, st, err);

	if (rc < 0)
		return -1;
	*id_out = rc ? sqlite3_column_int64(st, 0) : 0;
	if (rc)
		history_done(st);
	return 0;
}

int
history_minute_flush(struct history *h, struct error *err)
{
	struct history_minute m = h->minute;

	h->minute = (struct history_minute){ 0 };
	return m.at == 0 ? 0 : history_run(h, history_stmt(h, err,
		SQL_MINUTE_ADD, "iiiii", m.at, m.arrived, m.imported, m.failed,
		m.und_bytes), err);
}

int
history_minute_add(struct history *h, const struct history_minute *m,
	struct error *err)
{
	struct history_minute *sum = &h->minute;

	if (sum->at / 60000 != m->at / 60000 &&
	    history_minute_flush(h, err) < 0)
		return -1;
	sum->at = m->at;
	sum->arrived += m->arrived;
	sum->imported += m->imported;
	sum->failed += m->failed;
	sum->und_bytes += m->und_bytes;
	return h->in_transaction ? 0 : history_minute_flush(h, err);
}

int
history_minute_sum(struct history *h, int64_t from, int64_t to,
	struct history_minute *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_MINUTE_SUM, "ii", from, to);

	if (history_step(h, st, err) <= 0)
		return -1;
	*out = (struct history_minute){ .at = from,
		.arrived = sqlite3_column_int64(st, 0),
		.imported = sqlite3_column_int64(st, 1),
		.failed = sqlite3_column_int64(st, 2),
		.und_bytes = sqlite3_column_int64(st, 3) };
	history_done(st);
	return 0;
}

int
history_minute_back(struct history *h, int64_t from, int64_t to,
	struct history_minute *io, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_MINUTE_BACK, "iii", from, to,
		(int64_t)HISTORY_BACK_MAX);

	if (history_step(h, st, err) <= 0)
		return -1;
	io->back = sqlite3_column_int64(st, 0);
	io->out = sqlite3_column_int64(st, 1);
	history_done(st);
	return 0;
}

/* Deletes one message and what belongs to it. */
static int
forget_one(struct history *h, int64_t id, struct error *err)
{
	static const struct {
		enum sql sql;
		enum seal_kind kind;
	} parts[] = {
		{ SQL_FORGET_ATTEMPTS, SEAL_ATTEMPT },
		{ SQL_FORGET_CHANGES, SEAL_CHANGE },
		{ SQL_FORGET_MESSAGE, SEAL_MESSAGE },
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (history_remove(h, history_stmt(h, err, parts[i].sql, "i",
		    id), parts[i].kind, err) < 0)
			return -1;
	return history_run(h, history_stmt(h, err, SQL_FORGET_ITEMS, "i", id),
		err);
}

#define FORGET_MAX 500

int
history_forget_messages(struct history *h, int64_t before, int n,
	struct error *err)
{
	/* Only what has no file: the query leaves out kept copies. */
	static const enum state states[] = {
		STATE_IMPORTED, STATE_REMOVED, STATE_LOST, STATE_GONE,
	};
	int64_t ids[FORGET_MAX];
	int got = 0, rc = 0;
	sqlite3_stmt *st;

	if (n > FORGET_MAX)
		n = FORGET_MAX;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		st = history_stmt(h, err, SQL_FORGET_FIND, "tii",
			state_word(states[i]), before, (int64_t)(n - got));
		while (got < n && (rc = history_step(h, st, err)) > 0)
			ids[got++] = sqlite3_column_int64(st, 0);
		if (st)
			history_done(st);
		if (rc < 0)
			return -1;
	}
	for (int i = 0; i < got; i++)
		if (forget_one(h, ids[i], err) < 0)
			return -1;
	return got;
}

int
history_forget_rest(struct history *h, int64_t before, int n,
	struct error *err)
{
	int events, actions;

	events = history_remove(h, history_stmt(h, err, SQL_FORGET_EVENTS,
		"ii", before, (int64_t)n), SEAL_EVENT, err);
	actions = events < 0 ? -1 : history_remove(h, history_stmt(h, err,
		SQL_FORGET_ACTIONS, "ii", before, (int64_t)n), SEAL_ACTION,
		err);
	if (actions < 0 || history_run(h, history_stmt(h, err,
	    SQL_FORGET_MINUTES, "ii", before, (int64_t)n), err) < 0)
		return -1;
	return events + actions + sqlite3_changes(h->db);
}
