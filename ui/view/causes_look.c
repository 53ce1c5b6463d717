/* SPDX-License-Identifier: ISC */
/* causes_look: the facts of the advice on a cause. See causes.h. */
#include "view/causes.h"
#include "work/outcome.h"
#include "base/text.h"

#include <string.h>

/* What IMPORT ends with whenever it fails: no news. */
static bool
is_news(const char *line, size_t len)
{
	static const char farewell[] = "IMPORT process ended with error";

	return len > 0 && (len < sizeof farewell - 1 ||
		memcmp(line, farewell, sizeof farewell - 1) != 0);
}

/* The last line that the importer printed and that says something. */
static void
last_line(const struct history_attempt *a, char out[CAUSES_LINE_MAX])
{
	size_t end = a->output_len, start = end;

	*out = '\0';
	while (end > 0) {
		while (end > 0 && strchr("\r\n ", a->output[end - 1]))
			end--;
		for (start = end; start > 0 && a->output[start - 1] != '\n';
		    start--)
			;
		if (end > start)
			text_printable(out, CAUSES_LINE_MAX, a->output + start,
				end - start);
		if (is_news(a->output + start, end - start))
			break;
		end = start;
	}
}

/* The newest or the first message of the cause. 1, 0, -1. */
static int
end_of(struct causes *c, const struct history_cause_row *row, bool first,
	struct history_message *out)
{
	struct history_query q = causes_query(c, row);
	struct history_window w = { .by = HISTORY_BY_FAILED,
		.forward = first };
	struct error err = ERROR_INIT;

	return history_window(c->history, &q, &w, 1, out, &err);
}

static void
look_at_ends(struct causes *c, const struct history_cause_row *row,
	char line[CAUSES_LINE_MAX], struct causes_advice *a)
{
	struct error err = ERROR_INIT;
	struct history_attempt attempt;
	struct history_message m;

	*line = '\0';
	if (end_of(c, row, true, &m) == 1) {
		a->imports_since_first = a->imports - m.imports_seen;
		history_message_release(&m);
	}
	if (end_of(c, row, false, &m) != 1)
		return;
	a->imports_since = a->imports - m.imports_seen;
	a->maybe_delivered = a->maybe_delivered || m.maybe_delivered;
	if (history_attempts(c->history, m.id, 0, &attempt, 1, &err) == 1) {
		last_line(&attempt, line);
		a->delivered = outcome_says_delivered(&attempt);
		history_attempt_release(&attempt);
	}
	history_message_release(&m);
}

static void
make_advice(struct causes *c, const struct history_cause_row *row,
	const struct status *st)
{
	const struct history_cause_look *l = causes_look(c, row);
	struct causes_advice a = {
		.state = c->state, .suspect = row->suspect, .n = row->n,
		.class = CLASS_REJECTED, .code = row->code,
		.signal = row->signal, .reason = row->reason,
		.tries_least = l ? l->tries_least : 0,
		.tries_most = l ? l->tries_most : 0,
		.maybe_delivered = l && l->maybe_delivered,
		.stopped = st->connector == STATUS_STOPPED,
		.tripped = st->row.breaker_open,
		.imports = st->row.imports,
		.last_import_at = st->row.last_import_at,
		.waiting = st->counts.n[STATE_QUEUED] +
			st->counts.n[STATE_IMPORTING] +
			st->counts.n[STATE_DEFERRED],
		.next_at = HISTORY_NO_TIME, .now = c->now,
	};
	struct history_tests tests;
	struct error err = ERROR_INIT;

	class_parse(row->class, &a.class);
	look_at_ends(c, row, c->advice_line, &a);
	a.importer = c->advice_line;
	/* Tests that ended otherwise are not of that row. */
	if (a.tripped && !st->facts.breaker_classes &&
	    history_tests_since(c->history, st->row.breaker_at, &tests,
	    &err) == 0) {
		a.tests = tests.n;
		a.last_test_at = tests.last_at;
	}
	if (c->state == STATE_DEFERRED && history_next_due_at(c->history,
	    &a.next_at, &err) < 0)
		a.next_at = HISTORY_NO_TIME;
	c->advice = a;
}

const struct causes_advice *
causes_advice(struct causes *c, const struct history_cause_row *row,
	const struct status *status)
{
	if (c->advice_id != causes_row_id(row) ||
	    c->advice_generation != c->generation) {
		make_advice(c, row, status);
		c->advice_id = causes_row_id(row);
		c->advice_generation = c->generation;
	}
	c->advice.reason = row->reason;
	return &c->advice;
}
