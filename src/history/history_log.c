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

/* The part of the answer that one table gives. Number or -1. */
static int
ask_table(struct history *h, enum history_log_kind kind,
	const struct history_log_row *place, bool forward,
	struct history_log_row *rows_out, int max, struct error *err)
{
	int64_t at = forward ? INT64_MIN : INT64_MAX, id = at;
	sqlite3_stmt *st;
	int n = 0, rc;

	if (place) {
		at = place->at;
		/* At one time, lower kinds are before the place, higher ones
		 * behind it. */
		id = kind == place->kind ? place->id :
			kind < place->kind ? INT64_MAX : INT64_MIN;
	}
	st = history_stmt(h, err, forward ? tables[kind].after :
		tables[kind].before, "iii", at, id, (int64_t)max);
	while ((rc = history_step(h, st, err)) > 0)
		read_row(st, kind, &rows_out[n++]);
	if (rc < 0)
		release_rows(rows_out, n);
	return rc < 0 ? -1 : n;
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

int
history_log(struct history *h, const struct history_log_row *place,
	bool forward, struct history_log_row *rows_out, int max,
	struct error *err)
{
	struct history_log_row *more = xcalloc((size_t)max, sizeof *more);
	int have = 0, n = 0;

	assert(max > 0 && max <= HISTORY_PAGE);
	for (int i = 0; i < HISTORY_LOG_KINDS && n >= 0; i++) {
		n = ask_table(h, (enum history_log_kind)i, place, forward,
			more, max, err);
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
