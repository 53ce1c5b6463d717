/* SPDX-License-Identifier: ISC */
/* status_at: see status_at.h for the contract. */
#include "store/status_at.h"
#include "history/event.h"
#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
status_read_verdict(const char *text, struct verdict *out)
{
	char word[32];
	const char *said = strstr(text, ": ");
	int n = said ? (int)(said - text) : 0;

	snprintf(word, sizeof word, "%.*s", n, text);
	if (!said || !verdict_parse(word, &out->kind))
		return false;
	out->severity = verdict_severity(out->kind);
	snprintf(out->text, sizeof out->text, "%s", said + 2);
	snprintf(out->brief, sizeof out->brief, "%s", said + 2);
	return true;
}

static int
look_at_verdict(struct status *st, struct store *s, struct error *err)
{
	struct history_event e;
	int rc = history_at_event(s->history, EVENT_VERDICT, st->at, &e, err);

	if (rc <= 0)
		return rc;
	status_read_verdict(e.text, &st->verdict);
	history_event_release(&e);
	return 0;
}

/* What came and went in the whole minute before, and the last import. */
static int
look_at_rates(struct status *st, struct store *s, struct error *err)
{
	int64_t minute = st->at - st->at % CLOCK_MINUTE;

	if (history_minute_sum(s->history, minute - CLOCK_MINUTE, minute,
	    &st->last_minute, err) < 0 || history_minute_back(s->history,
	    minute - CLOCK_MINUTE, minute, &st->last_minute, err) < 0)
		return -1;
	return history_minute_imported(s->history, minute, false,
		&st->row.last_import_at, err) < 0 ? -1 : 0;
}

int
status_at(struct status *out, struct store *s, struct history_at *then,
	struct error *err)
{
	int64_t at = history_at_time(then);

	memset(out, 0, sizeof *out);
	out->at = out->facts.now = at;
	out->oldest_queued_at = HISTORY_NO_TIME;
	gethostname(out->host, sizeof out->host - 1);
	if (history_at_connector(s->history, at, &out->row, err) < 0 ||
	    history_at_counts(then, &out->counts, err) < 0 ||
	    history_at_und(s->history, at, &out->und_bytes, err) < 0 ||
	    look_at_rates(out, s, err) < 0 ||
	    look_at_verdict(out, s, err) < 0) {
		status_release(out);
		return -1;
	}
	out->connector = out->row.breaker_open ? STATUS_TRIPPED :
		out->row.drain ? STATUS_DRAINING :
		out->row.hold ? STATUS_HELD : STATUS_RUNNING;
	return 0;
}
