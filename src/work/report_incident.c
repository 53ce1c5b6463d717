/* SPDX-License-Identifier: ISC */
/* report_incident: the note of a cause or a message, for a ticket. See report.h
 * for the contract. */
#include "work/report_private.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "history/event.h"
#include "history/history_at.h"
#include "history/history_cause.h"
#include "history/history_note.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDS_MAX 100		/* named; how many there are is said */
#define SAMPLES 3
#define ACTIONS_MAX 100
#define ATTEMPTS_MAX 20

static void
fact(struct report *r, const char *what, const char *text)
{
	struct json_line *j = report_members(r);

	if (j) {
		json_put_text(j, "fact", what);
		json_put_text(j, "text", text);
	}
	report_line(r, j, "%s: %s", what, text);
}

/* Sender and subject, but for a private note. */
static void
sample(struct report *r, const struct history_message *m)
{
	char at[TEXT_TIME_MAX], size[TEXT_NUMBER_MAX], from[130], subject[130];
	struct json_line *j = report_members(r);
	bool private = r->spec->private;

	if (j) {
		json_put_number(j, "id", m->id);
		json_put_text(j, "state", state_word(m->state));
		json_put_time(j, "received_at", m->received_at);
		json_put_number(j, "size", m->size);
		json_put_text(j, "from", private ? NULL : m->from);
		json_put_text(j, "subject", private ? NULL : m->subject);
	}
	report_time(r, at, m->received_at);
	text_exact(size, (uint64_t)m->size);
	if (private)
		report_line(r, j, "#%" PRId64 " %s, arrived %s, %s bytes",
			m->id, state_word(m->state), at, size);
	else
		report_line(r, j, "#%" PRId64 " %s, arrived %s, %s bytes, "
			"from %s: %s", m->id, state_word(m->state), at, size,
			report_foreign(from, m->from),
			report_foreign(subject, m->subject));
}

/* What people did to one message. 0 or -1. */
static int
tell_actions_on(struct report *r, int64_t id, struct error *err)
{
	struct history_item *items = xcalloc(ACTIONS_MAX, sizeof *items);
	struct history_action *actions = xcalloc(ACTIONS_MAX,
		sizeof *actions);
	int n = history_message_items(r->s->history, id, items, actions,
		ACTIONS_MAX, err), rc = n < 0 ? -1 : 0;

	for (int i = n - 1; i >= 0; i--) {
		if (rc == 0)
			rc = report_action(r, &actions[i], err);
		history_item_release(&items[i]);
		history_action_release(&actions[i]);
	}
	free(items);
	free(actions);
	return rc;
}

static void
tell_attempt(struct report *r, const struct history_attempt *a)
{
	struct history_cause_row row = { .class = a->class, .code = a->code,
		.signal = a->signal, .reason = a->reason };
	char at[TEXT_TIME_MAX], words[160] = "runs";
	struct json_line *j = report_members(r);

	if (a->class)
		history_cause_words(words, &row);
	if (j) {
		json_put_number(j, "number", a->number);
		json_put_time(j, "at", a->started_at);
		json_put_text(j, "text", words);
	}
	report_line(r, j, "%s try %" PRId64 ": %s", report_time(r, at,
		a->started_at), a->number, words);
}

static int
tell_attempts(struct report *r, int64_t id, struct error *err)
{
	struct history_attempt rows[ATTEMPTS_MAX] = { { 0 } };
	int n = history_attempts(r->s->history, id, 0, rows, ATTEMPTS_MAX,
		err);

	report_section(r, "Attempts, newest first", "attempts");
	for (int i = 0; i < n; i++) {
		tell_attempt(r, &rows[i]);
		history_attempt_release(&rows[i]);
	}
	report_none(r, "none");
	return n < 0 ? -1 : 0;
}

/* The verdict that the connector wrote last. */
static int
tell_verdict(struct report *r, struct error *err)
{
	struct history_event e;
	char at[TEXT_TIME_MAX], text[300];
	int rc = history_at_event(r->s->history, EVENT_VERDICT, r->spec->now,
		&e, err);
	const char *said;
	struct json_line *j;

	report_section(r, "Verdict", "verdict");
	if (rc > 0) {
		said = strstr(e.text, ": ") ? strstr(e.text, ": ") + 2 : e.text;
		j = report_members(r);
		if (j) {
			json_put_time(j, "at", e.at);
			json_put_text(j, "verdict_text", said);
		}
		report_line(r, j, "since %s: %s", report_time(r, at, e.at),
			text_printable(text, sizeof text, said, strlen(said)));
		history_event_release(&e);
	}
	report_none(r, "none was written down");
	return rc < 0 ? -1 : 0;
}

static int
of_message(struct report *r, const struct history_message *m,
	struct error *err)
{
	report_section(r, "The message", "samples");
	sample(r, m);
	if (tell_attempts(r, m->id, err) < 0)
		return -1;
	report_section(r, "What was done", "actions");
	if (tell_actions_on(r, m->id, err) < 0)
		return -1;
	report_none(r, "nothing");
	report_section(r, "Notes", "notes");
	if (report_notes(r, m->id, 0, err) < 0 ||
	    (m->cause && report_notes(r, 0, m->cause, err) < 0))
		return -1;
	report_none(r, "none");
	return 0;
}

/* Its ids in one state, and of the first of them a sample and what was done.
 * How many were named, or -1. */
static int
tell_ids(struct report *r, enum state state, int64_t *ids, struct error *err)
{
	struct history_query q = { .states = STATE_BIT(state),
		.cause = r->spec->cause };

	return history_page_ids(r->s->history, &q, 0, IDS_MAX, ids, err);
}

static void
facts_of_cause(struct report *r, const struct history_cause_row *row,
	enum state state)
{
	char first[TEXT_TIME_MAX], last[TEXT_TIME_MAX], line[200];

	snprintf(line, sizeof line, "%" PRId64 " %s%s, first %s, last %s, "
		"%" PRId64 " of them put back before", row->n,
		state_word(state), row->suspect ? " (suspect)" : "",
		report_time(r, first, row->first_at), report_time(r, last,
			row->last_at), row->retried);
	fact(r, "Now", line);
}

static int
tell_counts(struct report *r, enum state state, struct error *err)
{
	enum { MAX = 1000 };
	struct history_cause_row *rows = xcalloc(MAX, sizeof *rows);
	int n = history_causes(r->s->history, state, rows, MAX, err);

	for (int i = 0; i < n; i++) {
		if (rows[i].cause == r->spec->cause)
			facts_of_cause(r, &rows[i], state);
		history_cause_row_release(&rows[i]);
	}
	free(rows);
	return n < 0 ? -1 : 0;
}

static int
tell_samples(struct report *r, const int64_t *ids, int n, struct error *err)
{
	struct history_message m;

	report_section(r, "Samples", "samples");
	for (int i = 0; i < n && i < SAMPLES; i++) {
		int rc = history_message_get(r->s->history, ids[i], &m, err);

		if (rc < 0)
			return -1;
		if (rc > 0) {
			sample(r, &m);
			history_message_release(&m);
		}
	}
	report_none(r, "none is left");
	report_section(r, "What was done to the first of them", "actions");
	if (n > 0 && tell_actions_on(r, ids[0], err) < 0)
		return -1;
	report_none(r, "nothing");
	return 0;
}

static void
name_ids(struct report *r, const int64_t *ids, int n)
{
	struct str list = STR_INIT;

	for (int i = 0; i < n; i++)
		str_addf(&list, "%s#%" PRId64, i ? " " : "", ids[i]);
	if (n > 0)
		fact(r, n == IDS_MAX ? "The first hundred" : "Ids", list.data);
	str_release(&list);
}

static int
of_cause(struct report *r, const struct history_cause_row *row,
	struct error *err)
{
	const char *meaning = row->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(row->code);
	int64_t ids[IDS_MAX];
	int n;

	report_section(r, "The cause", "facts");
	fact(r, "Class", row->class);
	if (meaning)
		fact(r, "Meaning", meaning);
	if (tell_counts(r, STATE_FAILED, err) < 0 ||
	    tell_counts(r, STATE_DEFERRED, err) < 0)
		return -1;
	n = tell_ids(r, STATE_FAILED, ids, err);
	if (n == 0)
		n = tell_ids(r, STATE_DEFERRED, ids, err);
	if (n < 0)
		return -1;
	name_ids(r, ids, n);
	if (tell_samples(r, ids, n, err) < 0)
		return -1;
	report_section(r, "Notes", "notes");
	if (report_notes(r, 0, row->cause, err) < 0)
		return -1;
	report_none(r, "none");
	return 0;
}

int
report_incident(struct store *s, const struct report_spec *spec,
	struct str *out, struct error *err)
{
	struct history_message m;
	struct history_cause_row row;
	struct report r;
	char title[200], words[160];
	int rc = spec->message ? history_message_get(s->history,
		spec->message, &m, err) : history_cause_get(s->history,
		spec->cause, &row, err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND, "there is "
			"no such %s", spec->message ? "message" : "cause");
	if (spec->message)
		snprintf(title, sizeof title, "Message #%" PRId64 ": %s", m.id,
			state_word(m.state));
	else
		snprintf(title, sizeof title, "%s", history_cause_words(words,
			&row));
	report_begin(&r, s, spec, out, title);
	if (r.j)
		json_put_text(r.j, "title", title);
	rc = tell_verdict(&r, err);
	if (rc == 0)
		rc = spec->message ? of_message(&r, &m, err) :
			of_cause(&r, &row, err);
	report_end(&r);
	if (spec->message)
		history_message_release(&m);
	else
		history_cause_row_release(&row);
	return rc;
}
