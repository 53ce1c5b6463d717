/* SPDX-License-Identifier: ISC */
/*
 * history_at_connector: hold and breaker at a time that is past. See
 * history_at.h.
 */
#include "history/history_at.h"
#include "history/event.h"
#include "history/history_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define BY_CONNECTOR "the connector"	/* as STORE_CONNECTOR */

/* Does a text begin so? What follows, or NULL. */
static const char *
behind(const char *text, const char *begin)
{
	size_t n = strlen(begin);

	return text && strncmp(text, begin, n) == 0 ? text + n : NULL;
}

/* A hold of a person that a hold for a check, or its end, leaves as it is. */
static bool
leaves_it(int number, const char *text)
{
	return (number == EVENT_HELD &&
		behind(text, "held until a check, too")) ||
		(number == EVENT_RESUMED &&
		behind(text, "a check found nothing: held"));
}

/* Who held it, why and until when: the newest action until then, if the event
 * is that one's. 0 or -1. */
static int
read_who(struct history *h, int64_t at, const char *text,
	struct history_connector *c, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_HOLD_ACTION, "i", at);
	const char *until, *by = behind(text, "held: ");
	struct error ignored;
	int rc = 0;

	c->hold_at = at;
	c->hold_until = HISTORY_NO_TIME;
	if (by) {
		xstrset(&c->hold_by, BY_CONNECTOR);
		xstrset(&c->hold_reason, by);
		return 0;
	}
	rc = history_step(h, st, err);
	if (rc <= 0)
		return rc;
	c->hold_at = sqlite3_column_int64(st, 0);
	c->hold_by = history_text(st, 1);
	c->hold_reason = history_text(st, 2);
	until = behind((const char *)sqlite3_column_text(st, 3), "until ");
	if (until)
		text_parse_time(until, at, &c->hold_until, &ignored);
	history_done(st);
	return 0;
}

/* The newest events until then say how it was. 0 or -1. */
static int
read_hold(struct history *h, int64_t at, struct history_connector *c,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_HOLDS, "i", at);
	char *text = NULL;
	int64_t when = at;
	int rc, number = 0;

	while ((rc = history_step(h, st, err)) > 0) {
		int n = sqlite3_column_int(st, 0);

		when = sqlite3_column_int64(st, 1);
		free(text);
		text = history_text(st, 2);
		if (leaves_it(n, text))
			continue;
		number = number ? number : n;
		/* Why it drained stands with its beginning. */
		if (n != EVENT_DRAINED)
			break;
	}
	if (rc > 0)
		history_done(st);
	c->hold = number == EVENT_HELD || number == EVENT_DRAINED;
	c->drain = number == EVENT_DRAINING;
	rc = rc < 0 ? -1 : c->hold || c->drain ? read_who(h, when, text, c,
		err) : 0;
	free(text);
	return rc;
}

/* Of now's row what is as it was then; the rest of it is let go. */
static void
keep_hold(struct history_connector *now, struct history_connector *c)
{
	c->hold = now->hold;
	c->drain = now->drain;
	c->hold_at = now->hold_at;
	c->hold_until = now->hold_until;
	c->hold_by = now->hold_by;
	c->hold_reason = now->hold_reason;
	now->hold_by = now->hold_reason = NULL;
}

/* The first row's number; 0 none, -1. */
static int
first(struct history *h, sqlite3_stmt *st, struct error *err)
{
	int rc = history_step(h, st, err);

	if (rc > 0) {
		rc = sqlite3_column_int(st, 0);
		history_done(st);
	}
	return rc;
}

int
history_at_event(struct history *h, int number, int64_t at,
	struct history_event *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AT_EVENT, "ii",
		(int64_t)number, at);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		history_read_event(st, out);
		history_done(st);
	}
	return rc;
}

int
history_at_connector(struct history *h, int64_t at,
	struct history_connector *out, struct error *err)
{
	struct history_connector now = { 0 }, c = {
		.hold_at = HISTORY_NO_TIME, .hold_until = HISTORY_NO_TIME,
		.breaker_at = HISTORY_NO_TIME, .probe_at = HISTORY_NO_TIME,
		.last_import_at = HISTORY_NO_TIME, .started_at = HISTORY_NO_TIME,
		.ended_at = HISTORY_NO_TIME, .submit_oldest_at = HISTORY_NO_TIME,
	};
	int changed, next, rc = 0;

	if (history_connector_get(h, &now, err) < 0)
		return -1;
	next = first(h, history_stmt(h, err, SQL_AT_BREAKER, "i", at), err);
	changed = first(h, history_stmt(h, err, SQL_AT_HOLDS_SINCE, "i", at),
		err);
	c.upgraded_at = now.upgraded_at;
	c.breaker_open = next == EVENT_CLOSED ||
		(next == 0 && now.breaker_open);
	if (changed > 0)
		rc = read_hold(h, at, &c, err);
	else if (changed == 0 && now.hold_at <= at)
		keep_hold(&now, &c);
	history_connector_release(&now);
	if (next < 0 || changed < 0 || rc < 0) {
		history_connector_release(&c);
		return -1;
	}
	*out = c;
	return 0;
}
