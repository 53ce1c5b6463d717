/* SPDX-License-Identifier: ISC */
/*
 * history_log: all that happened, in one line of time. See history.h.
 *
 * Attempts, actions and events are asked each from the place on, by an index
 * on their time, and the answers merged here.
 */
#include "history/history_private.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What is different from table to table. */
static const struct {
	enum sql before, after, get;
} tables[HISTORY_LOG_KINDS] = {
	[HISTORY_LOG_ATTEMPT] = { SQL_LOG_ATTEMPTS_BEFORE,
		SQL_LOG_ATTEMPTS_AFTER, SQL_ATTEMPT_GET },
	[HISTORY_LOG_ACTION] = { SQL_LOG_ACTIONS_BEFORE,
		SQL_LOG_ACTIONS_AFTER, SQL_ACTION_GET },
	[HISTORY_LOG_EVENT] = { SQL_LOG_EVENTS_BEFORE,
		SQL_LOG_EVENTS_AFTER, SQL_EVENT_GET },
};

void
history_log_release(struct history_log_row *row)
{
	switch (row->kind) {
	case HISTORY_LOG_ATTEMPT:
		history_attempt_release(&row->attempt);
		break;
	case HISTORY_LOG_ACTION:
		history_action_release(&row->action);
		break;
	case HISTORY_LOG_EVENT:
		history_event_release(&row->event);
		break;
	case HISTORY_LOG_KINDS:
		break;
	}
}

int
history_log_compare(const struct history_log_row *a,
	const struct history_log_row *b)
{
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void
read_row(sqlite3_stmt *st, enum history_log_kind kind,
	struct history_log_row *out)
{
	out->kind = kind;
	if (kind == HISTORY_LOG_ATTEMPT) {
		history_read_attempt(st, &out->attempt);
		out->id = out->attempt.id;
		out->at = out->attempt.started_at;
		out->message = out->attempt.message;
	} else if (kind == HISTORY_LOG_ACTION) {
		history_read_action(st, 0, &out->action);
		out->id = out->action.id;
		out->at = out->action.at;
		out->message = 0;
	} else {
		history_read_event(st, &out->event);
		out->id = out->event.id;
		out->at = out->event.at;
		out->message = out->event.message;
	}
}

/* An action on one message is named by that. 0 or -1. */
static int
look_up_message(struct history *h, struct history_log_row *row,
	struct error *err)
{
	struct history_item item;
	int rc;

	if (row->kind != HISTORY_LOG_ACTION || row->action.total != 1)
		return 0;
	rc = history_items(h, row->id, 0, &item, 1, err);
	if (rc > 0) {
		row->message = item.message;
		history_item_release(&item);
	}
	return rc < 0 ? -1 : 0;
}

static void
release_rows(struct history_log_row *rows, int n)
{
	while (n > 0)
		history_log_release(&rows[--n]);
}

/* Reads what a statement finds. Number or -1. */
static int
read_rows(struct history *h, sqlite3_stmt *st, enum history_log_kind kind,
	struct history_log_row *rows_out, struct error *err)
{
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		read_row(st, kind, &rows_out[n++]);
	if (rc < 0)
		release_rows(rows_out, n);
	return rc < 0 ? -1 : n;
}

/* What of a place counts for one table: at one time, lower kinds are before
 * it, higher ones behind it. */
static void
place_of(const struct history_log_row *place, enum history_log_kind kind,
	bool forward, int64_t *at_out, int64_t *id_out)
{
	*at_out = *id_out = forward ? INT64_MIN : INT64_MAX;
	if (!place)
		return;
	*at_out = place->at;
	*id_out = kind == place->kind ? place->id :
		kind < place->kind ? INT64_MAX : INT64_MIN;
}

/* The part of the answer that one table gives. Number or -1. */
static int
ask_table(struct history *h, enum history_log_kind kind, bool rest,
	const struct history_log_row *place, bool forward,
	struct history_log_row *rows_out, int max, struct error *err)
{
	enum sql sql = forward ? tables[kind].after : tables[kind].before;
	int64_t at, id;

	if (rest && kind == HISTORY_LOG_ATTEMPT)
		sql = forward ? SQL_LOG_REST_AFTER : SQL_LOG_REST_BEFORE;
	place_of(place, kind, forward, &at, &id);
	return read_rows(h, history_stmt(h, err, sql, "iii", at, id,
		(int64_t)max), kind, rows_out, err);
}

int
history_log_imported(struct history *h, const struct history_log_row *place,
	bool forward, int64_t from, int64_t to,
	struct history_log_row *rows_out, int max, struct error *err)
{
	int64_t at, id;

	place_of(place, HISTORY_LOG_ATTEMPT, forward, &at, &id);
	if (forward && at < from) {
		at = from;
		id = INT64_MIN;
	} else if (!forward && at >= to) {
		at = to;
		id = INT64_MIN;
	}
	return read_rows(h, history_stmt(h, err, forward ?
		SQL_LOG_IMPORTED_AFTER : SQL_LOG_IMPORTED_BEFORE, "iiii", at,
		id, (int64_t)max, forward ? to : from), HISTORY_LOG_ATTEMPT,
		rows_out, err);
}

int
history_minute_imported(struct history *h, int64_t at, bool forward,
	int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, forward ? SQL_MINUTE_AFTER :
		SQL_MINUTE_BEFORE, "i", at);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc;
}

/* Merges n rows of `more` into the `have` rows of out; what is over max is
 * released. The new number. */
static int
merge(struct history_log_row *out, int have, struct history_log_row *more,
	int n, bool forward, int max)
{
	for (int i = 0; i < n; i++) {
		int at = have;

		while (at > 0 && (history_log_compare(&out[at - 1],
		    &more[i]) > 0) == forward)
			at--;
		if (at == max) {
			history_log_release(&more[i]);
			continue;
		}
		if (have == max)
			history_log_release(&out[--have]);
		memmove(out + at + 1, out + at,
			(size_t)(have - at) * sizeof *out);
		out[at] = more[i];
		have++;
	}
	return have;
}

static int
ask_all(struct history *h, bool rest, const struct history_log_row *place,
	bool forward, struct history_log_row *rows_out, int max,
	struct error *err)
{
	struct history_log_row *more = xcalloc((size_t)max, sizeof *more);
	int have = 0, n = 0;

	assert(max > 0 && max <= HISTORY_PAGE);
	for (int i = 0; i < HISTORY_LOG_KINDS && n >= 0; i++) {
		n = ask_table(h, (enum history_log_kind)i, rest, place,
			forward, more, max, err);
		have = merge(rows_out, have, more, n, forward, max);
	}
	free(more);
	for (int i = 0; i < have && n >= 0; i++)
		n = look_up_message(h, &rows_out[i], err);
	if (n < 0)
		release_rows(rows_out, have);
	return n < 0 ? -1 : have;
}

int
history_log(struct history *h, const struct history_log_row *place,
	bool forward, struct history_log_row *rows_out, int max,
	struct error *err)
{
	return ask_all(h, false, place, forward, rows_out, max, err);
}

int
history_log_rest(struct history *h, const struct history_log_row *place,
	bool forward, struct history_log_row *rows_out, int max,
	struct error *err)
{
	return ask_all(h, true, place, forward, rows_out, max, err);
}

int
history_log_get(struct history *h, enum history_log_kind kind, int64_t id,
	struct history_log_row *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, tables[kind].get, "i", id);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		read_row(st, kind, out);
		history_done(st);
		if (look_up_message(h, out, err) < 0) {
			history_log_release(out);
			rc = -1;
		}
	}
	return rc;
}
