/* SPDX-License-Identifier: ISC */
/* report: the report of a shift. See report.h for the contract. */
#include "work/report_private.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "history/event.h"
#include "history/history_at.h"
#include "history/history_cause.h"
#include "history/history_note.h"
#include "history/history_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 500		/* of a kind in a shift: a page, not a log */
#define FAILURES_MAX 20

static int
tell_flow(struct report *r, struct error *err)
{
	const struct report_spec *spec = r->spec;
	struct history_minute sum;
	char a[TEXT_NUMBER_MAX], b[TEXT_NUMBER_MAX], c[TEXT_NUMBER_MAX];
	char d[TEXT_NUMBER_MAX], back[40] = "";
	struct json_line *j;

	if (history_minute_sum(r->s->history, spec->from, spec->to, &sum,
	    err) < 0 || history_minute_back(r->s->history, spec->from,
	    spec->to, &sum, err) < 0)
		return -1;
	report_section(r, "What came and went", "flow");
	j = report_members(r);
	if (j) {
		json_put_number(j, "arrived", sum.arrived);
		json_put_number(j, "put_back", sum.back);
		json_put_number(j, "imported", sum.imported);
		json_put_number(j, "failed", sum.failed);
		json_put_number(j, "und_bytes", sum.und_bytes);
	}
	if (sum.back)
		snprintf(back, sizeof back, ", %s%s put back", text_exact(b,
			(uint64_t)sum.back), sum.back == HISTORY_BACK_MAX ?
			"+" : "");
	report_line(r, j, "%s arrived%s, %s imported, %s failed; .und +%s",
		text_exact(a, (uint64_t)sum.arrived), back,
		text_exact(b, (uint64_t)sum.imported),
		text_exact(c, (uint64_t)sum.failed),
		text_size(d, (uint64_t)sum.und_bytes));
	return 0;
}

/* From its event to the next one's, or still. */
static void
verdict_line(struct report *r, const struct history_event *e, int64_t end)
{
	char from[TEXT_TIME_MAX], to[TEXT_TIME_MAX], text[300];
	const char *said = strstr(e->text, ": ");
	struct json_line *j;

	if (strncmp(e->text, "ok: ", 4) == 0)
		return;
	j = report_members(r);
	said = said ? said + 2 : e->text;
	text_printable(text, sizeof text, said, strlen(said));
	if (j) {
		json_put_time(j, "at", e->at);
		json_put_time(j, "ended_at", end ? end : HISTORY_NO_TIME);
		json_put_text(j, "verdict_text", said);
	}
	report_time(r, from, e->at);
	if (end)
		report_line(r, j, "%s to %s: %s", from, report_time(r, to,
			end), text);
	else
		report_line(r, j, "%s, still: %s", from, text);
}

/* The one that was true at the beginning, and all that began. */
static int
tell_verdicts(struct report *r, struct error *err)
{
	struct history_event *rows = xcalloc(ROWS_MAX + 1, sizeof *rows);
	struct history *h = r->s->history;
	int first = history_at_event(h, EVENT_VERDICT, r->spec->from - 1,
		&rows[0], err), n = -1;

	report_section(r, "What was wrong, and when", "verdicts");
	if (first >= 0)
		n = history_turns(h, EVENT_VERDICT, r->spec->from, r->spec->to,
			rows + first, ROWS_MAX, err);
	for (int i = 0; n >= 0 && i < first + n; i++)
		verdict_line(r, &rows[i], i + 1 < first + n ? rows[i + 1].at :
			0);
	for (int i = 0; i < (first > 0) + (n > 0 ? n : 0); i++)
		history_event_release(&rows[i]);
	free(rows);
	report_none(r, "nothing that the connector saw");
	return n < 0 ? -1 : 0;
}

static void
failure_line(struct report *r, const struct history_failure_row *f)
{
	struct history_cause_row row = { .class = f->class, .code = f->code,
		.signal = f->signal, .reason = f->reason };
	char from[TEXT_TIME_MAX], to[TEXT_TIME_MAX], words[160];
	struct json_line *j = report_members(r);
	int64_t rest = f->messages - f->failed - f->imported - f->waiting;

	history_cause_words(words, &row);
	if (j) {
		json_put_text(j, "class", f->class);
		json_put_known(j, "result_code", f->code, HISTORY_NO_CODE);
		json_put_text(j, "reason", f->reason);
		json_put_number(j, "count", f->n);
		json_put_number(j, "messages", f->messages);
		json_put_time(j, "first_at", f->first_at);
		json_put_time(j, "last_at", f->last_at);
		json_put_number(j, "failed", f->failed);
		json_put_number(j, "imported", f->imported);
		json_put_number(j, "waiting", f->waiting);
		json_put_number(j, "elsewhere", rest);
	}
	report_line(r, j, "%" PRId64 " %s, %s to %s; of %" PRId64 " message%s "
		"now %" PRId64 " failed, %" PRId64 " imported, %" PRId64
		" waiting, %" PRId64 " elsewhere", f->n, words,
		report_time(r, from, f->first_at),
		report_time(r, to, f->last_at), f->messages,
		f->messages == 1 ? "" : "s", f->failed, f->imported,
		f->waiting, rest);
}

static int
tell_failures(struct report *r, struct error *err)
{
	struct history_failure_row rows[FAILURES_MAX] = { { 0 } };
	int n = history_failures(r->s->history, r->spec->from, r->spec->to,
		rows, FAILURES_MAX, err);

	report_section(r, "What failed, and what became of it", "failures");
	for (int i = 0; i < n; i++) {
		failure_line(r, &rows[i]);
		history_failure_row_release(&rows[i]);
	}
	report_none(r, "nothing failed");
	return n < 0 ? -1 : 0;
}

static int
tell_actions(struct report *r, struct error *err)
{
	struct history_action *rows = xcalloc(ROWS_MAX, sizeof *rows);
	int n = history_actions_in(r->s->history, r->spec->from, r->spec->to,
		rows, ROWS_MAX, err), rc = n < 0 ? -1 : 0;

	report_section(r, "Who did what, and why", "actions");
	for (int i = 0; i < n; i++) {
		if (rc == 0)
			rc = report_action(r, &rows[i], err);
		history_action_release(&rows[i]);
	}
	free(rows);
	report_none(r, "nobody did anything");
	if (n == ROWS_MAX)
		report_line(r, NULL, "and more: only the first %d are here",
			n);
	return rc;
}

static int
tell_notes(struct report *r, struct error *err)
{
	report_section(r, "Notes", "notes");
	if (report_notes(r, 0, 0, err) < 0)
		return -1;
	report_none(r, "none");
	return 0;
}

static int
tell_holds(struct report *r, struct error *err)
{
	struct history_connector c;
	char by[130], why[130], at[TEXT_TIME_MAX];
	struct json_line *j;

	if (history_at_connector(r->s->history, r->spec->to, &c, err) < 0)
		return -1;
	if (c.hold || c.drain) {
		j = report_members(r);
		if (j) {
			json_put_text(j, "text", c.hold ? "held" : "draining");
			json_put_text(j, "by", c.hold_by);
			json_put_text(j, "reason", c.hold_reason);
			json_put_time(j, "hold_until", c.hold_until);
		}
		report_line(r, j, "%s by %s%s%s: %s", c.hold ? "held" :
			"draining", report_foreign(by, c.hold_by),
			c.hold_until == HISTORY_NO_TIME ? ", until somebody "
			"resumes" : " until ", c.hold_until ==
			HISTORY_NO_TIME ? "" : report_time(r, at,
				c.hold_until), report_foreign(why,
				c.hold_reason));
	}
	if (c.breaker_open) {
		j = report_members(r);
		if (j)
			json_put_text(j, "text", "the breaker is open");
		report_line(r, j, "the breaker is open");
	}
	history_connector_release(&c);
	return 0;
}

/* What the next shift finds. */
static int
tell_rest(struct report *r, struct error *err)
{
	static const enum state shown[] = { STATE_QUEUED, STATE_IMPORTING,
		STATE_DEFERRED, STATE_FAILED, STATE_QUARANTINED };
	struct history_at *then = history_at_open(r->s->history, r->spec->to);
	struct history_counts c = { 0 };
	char n[TEXT_NUMBER_MAX];
	int rc;

	report_section(r, "What waits for the next shift", "waits");
	rc = tell_holds(r, err) < 0 ? -1 : history_at_counts(then, &c, err);
	history_at_free(then);
	if (rc < 0)
		return -1;
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		struct json_line *j;

		if (!c.n[shown[i]])
			continue;
		j = report_members(r);
		if (j) {
			json_put_text(j, "state", state_word(shown[i]));
			json_put_number(j, "count", c.n[shown[i]]);
		}
		report_line(r, j, "%s %s", text_exact(n,
			(uint64_t)c.n[shown[i]]), state_word(shown[i]));
	}
	report_none(r, "nothing");
	return 0;
}

int
report_shift(struct store *s, const struct report_spec *spec,
	struct str *out, struct error *err)
{
	char from[TEXT_TIME_MAX], to[TEXT_TIME_MAX], title[120];
	struct report r;
	int rc;

	snprintf(title, sizeof title, "Report from %s to %s",
		text_moment(from, spec->from, spec->now),
		text_moment(to, spec->to, spec->now));
	report_begin(&r, s, spec, out, title);
	if (r.j) {
		json_put_time(r.j, "from", spec->from);
		json_put_time(r.j, "to", spec->to);
	}
	rc = tell_flow(&r, err) < 0 || tell_verdicts(&r, err) < 0 ||
		tell_failures(&r, err) < 0 || tell_actions(&r, err) < 0 ||
		tell_notes(&r, err) < 0 || tell_rest(&r, err) < 0 ? -1 : 0;
	report_end(&r);
	return rc;
}
