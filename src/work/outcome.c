/* SPDX-License-Identifier: ISC */
/* outcome: see outcome.h for the contract. */
#include "work/outcome.h"
#include "base/clock.h"
#include "work/operations.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_CODE (-1)	/* tells timeouts from results in the row */
#define REASON_MAX 200

void
outcome_breaker_get(const struct history_connector *row,
	struct policy_breaker *out)
{
	*out = (struct policy_breaker){
		.open = row->breaker_open,
		.tripped_at = row->breaker_at,
		.probe_at = row->probe_at,
		.probe_delay_ms = row->probe_delay_ms,
		.next_probe_youngest = row->probe_youngest,
		.mixed = row->streak_mixed,
		.row = (enum policy_row)row->streak_kind,
		.code = row->streak_code,
		.signal = row->streak_signal,
		.count = row->streak_count,
		.since_at = row->streak_at,
	};
	if (row->streak_class)
		class_parse(row->streak_class, &out->class);
}

void
outcome_breaker_put(struct history_connector *row,
	const struct policy_breaker *b)
{
	row->breaker_open = b->open;
	row->breaker_at = b->tripped_at;
	row->probe_at = b->probe_at;
	row->probe_delay_ms = b->probe_delay_ms;
	row->probe_youngest = b->next_probe_youngest;
	row->streak_mixed = b->mixed;
	row->streak_kind = (int)b->row;
	free(row->streak_class);
	row->streak_class = xstrdup(class_word(b->class));
	row->streak_code = b->code;
	row->streak_signal = b->signal;
	row->streak_count = b->count;
	row->streak_at = b->since_at;
}

/* Where the last line before *end begins; *end becomes its end. The same: there
 * is none. */
static size_t
line_before(const struct history_attempt *a, size_t *end)
{
	size_t start;

	while (*end > 0 && strchr("\r\n\t \x1a", a->output[*end - 1]))
		--*end;
	for (start = *end; start > 0 && a->output[start - 1] != '\n'; start--)
		;
	return start;
}

/*
 * The last line of what the program printed, made printable. "" if none.
 * IMPORT's own last line only repeats the code: why stands before it.
 */
static void
last_line(char out[REASON_MAX], const struct history_attempt *a)
{
	static const char code[] = "IMPORT process ended with error";
	size_t end = a->output_len, start = line_before(a, &end);
	size_t end_before = start, before;

	if (end - start >= sizeof code - 1 &&
	    memcmp(a->output + start, code, sizeof code - 1) == 0) {
		before = line_before(a, &end_before);
		if (end_before > before) {
			start = before;
			end = end_before;
		}
	}
	text_printable(out, REASON_MAX, a->output + start, end - start);
}

/* What the cause is known by: the .und's reason, or our own words. */
static const char *
cause_words(const struct outcome_facts *f)
{
	if (*f->und_reason)
		return f->und_reason;
	if (f->words)
		return f->words;
	if (f->end == POLICY_END_TIMEOUT)
		return "timed out";
	if (f->end == POLICY_END_NOT_RUN)
		return "the import program cannot be executed";
	if (f->end == POLICY_END_DISK)
		return "ended because the disk filled up";
	return NULL;
}

/* code, signal and class of the end; the reason for people. */
static int
set_result(struct store *s, struct history_message *m,
	struct history_attempt *a, enum outcome_class class,
	const struct outcome_facts *f, struct error *err)
{
	char line[REASON_MAX];
	const char *cause = cause_words(f);

	m->code = a->code = f->end == POLICY_END_EXIT ? f->code :
		HISTORY_NO_CODE;
	m->signal = a->signal = f->end == POLICY_END_SIGNAL ? f->signal : 0;
	xstrset(&m->class, class_word(class));
	xstrset(&a->class, class_word(class));
	last_line(line, a);
	if (f->end == POLICY_END_NOT_RUN && f->not_run_errno)
		snprintf(line, sizeof line, "the import program cannot be "
			"executed: %s", strerror(f->not_run_errno));
	else if (cause)
		snprintf(line, sizeof line, "%s", cause);
	xstrset(&m->reason, *line ? line : NULL);
	xstrset(&a->reason, *line ? line : NULL);
	m->cause = 0;
	if (class == CLASS_IMPORTED) {
		/* What a program that succeeded printed explains nothing. */
		xstrset(&m->reason, NULL);
		xstrset(&a->reason, NULL);
		free(a->output);
		a->output = NULL;
		a->output_len = 0;
		return 0;
	}
	return history_cause(s->history, class_word(class), m->code, m->signal,
		cause, &m->cause, err);
}

/* The numbers and words of the original's event log. */
static int
result_event(struct store *s, const struct history_message *m,
	enum outcome_class class, const struct outcome_facts *f,
	struct error *err)
{
	static const struct {
		enum event number;
		const char *words;
	} codes[] = {
		{ EVENT_IMPORTED, "" },
		{ EVENT_NOT_COMPLETED,
			"Program did not complete successfully." },
		{ EVENT_CODE_2, "Unknown." },
		{ EVENT_CODE_3, "Program is not configured, or the post "
			"office is not accessible." },
		{ EVENT_CODE_4, "Post office is locked by another process." },
		{ EVENT_CODE_5, "Undeliverable message or updates." },
	};
	static const char shape[] = "Lotus cc:Mail IMPORT from file";

	switch (f->end) {
	case POLICY_END_OWN_FAULT:
	case POLICY_END_DIED:
		return store_event(s, EVENT_NOT_COMPLETED, m->id, err,
			"%s %s: %s.", shape, m->name, f->words);
	case POLICY_END_NOT_RUN:
		return store_event(s, EVENT_CANNOT_EXECUTE, m->id, err,
			"%s %s cannot be executed: system error code %d (%s).",
			shape, m->name, f->not_run_errno,
			strerror(f->not_run_errno));
	case POLICY_END_SIGNAL:
		return store_event(s, EVENT_NOT_COMPLETED, m->id, err,
			"%s %s ended by signal %d.", shape, m->name, f->signal);
	case POLICY_END_TIMEOUT:
		return store_event(s, EVENT_NOT_COMPLETED, m->id, err,
			"%s %s timed out.", shape, m->name);
	case POLICY_END_DISK:
		return store_event(s, EVENT_DISK_KILLED, m->id, err,
			"%s %s was ended because the disk filled up.", shape,
			m->name);
	case POLICY_END_INTERRUPTED:
		return store_event(s, EVENT_NOT_COMPLETED, m->id, err,
			"%s %s was interrupted%s.", shape, m->name,
			f->on_request ? " on request" : "");
	case POLICY_END_EXIT:
		break;
	}
	if (class == CLASS_IMPORTED)
		return store_event(s, EVENT_IMPORTED, m->id, err,
			"%s %s completed successfully.", shape, m->name);
	if (f->code >= 0 && f->code <= 5)
		return store_event(s, codes[f->code].number, m->id, err,
			"%s %s returned result code %d. %s", shape, m->name,
			f->code, codes[f->code].words);
	return store_event(s, EVENT_NOT_COMPLETED, m->id, err,
		"%s %s returned result code %d. This code is not documented.",
		shape, m->name, f->code);
}

static void
decide(const struct settings *settings, const struct history_connector *row,
	struct history_message *m, struct history_attempt *a,
	enum outcome_class class, const struct outcome_facts *f,
	struct policy_decision *d)
{
	struct policy_attempt attempt = {
		.class = class,
		.before = {
			/* This attempt was counted when it began. */
			.tries = m->tries - 1, .rejected = m->rejected,
			.crashed = m->crashed, .unavailable = m->unavailable,
		},
		.other_imported = m->tries > 1 &&
			row->imports > m->imports_seen,
		.probe = a->probe,
		.uncounted = f->on_request || f->several ||
			f->end == POLICY_END_DISK,
		.ended_at = a->ended_at, .random = f->random,
	};

	policy_decide(d, &attempt, settings);
	m->tries = d->after.tries;
	m->rejected = d->after.rejected;
	m->crashed = d->after.crashed;
	m->unavailable = d->after.unavailable;
	m->next_attempt_at = d->next == STATE_DEFERRED ? d->next_attempt_at :
		HISTORY_NO_TIME;
	m->imports_seen = row->imports + (class == CLASS_IMPORTED);
	/* One of several comes again alone, until its end is known. */
	m->alone = class == CLASS_INTERRUPTED && (f->several || m->alone);
	a->counted = d->counted;
}

/* The state and the move it needs. */
static void
set_state(const struct settings *settings, struct history_message *m,
	enum state next, int64_t now)
{
	m->state = next;
	m->since = now;
	m->changed_by = 0;
	m->suspect = false;
	m->kept = next == STATE_IMPORTED && settings->keep_imported_ms > 0;
	if (next == STATE_FAILED) {
		m->failures++;
		store_note_move(m, SPOOL_QUEUE, SPOOL_FAILED);
	}
	if (next == STATE_IMPORTED)
		store_note_move(m, SPOOL_QUEUE, m->kept ? SPOOL_IMPORTED :
			SPOOL_NOWHERE);
	operations_end_note(m, now);
}

/* Another message in the row that the breaker watches. */
static int
note_streak(struct store *s, const struct policy_breaker *before,
	const struct policy_breaker *after, int64_t id, struct error *err)
{
	if (after->row == before->row && after->count == before->count &&
	    after->since_at == before->since_at &&
	    after->class == before->class && after->code == before->code &&
	    after->signal == before->signal && after->mixed == before->mixed)
		return 0;
	if (after->count <= 1 && history_streak_clear(s->history, err) < 0)
		return -1;
	return after->count > 0 ? history_streak_add(s->history, id, err) : 0;
}

static int
breaker_events(struct store *s, struct history_connector *row,
	const struct policy_breaker *b, enum policy_note note, int64_t now,
	struct error *err)
{
	char at[TEXT_TIME_MAX];

	/* A real probe that failed: the control message is asked again. */
	row->control_passed = false;
	if (note == POLICY_NOTE_TRIPPED) {
		if (history_streak_suspect(s->history, now, err) < 0)
			return -1;
		return store_event(s, EVENT_TRIPPED, 0, err, "%" PRId64
			" different messages in a row ended %s: likely the "
			"post office or the importer, not the mail. The next "
			"test is at %s", b->count, class_word(b->class),
			text_time(at, b->probe_at, now));
	}
	if (note != POLICY_NOTE_CLOSED)
		return 0;
	if (history_streak_clear(s->history, err) < 0 ||
	    history_unavailable_due(s->history, now, err) < 0)
		return -1;
	row->probe_at = HISTORY_NO_TIME;
	return store_event(s, EVENT_CLOSED, 0, err, "a message was imported: "
		"the breaker is closed, and all that waited is due");
}

static int
note_breaker(struct store *s, const struct settings *settings,
	struct history_connector *row, const struct history_message *m,
	const struct history_attempt *a, enum outcome_class class,
	const struct outcome_facts *f, enum policy_note *note_out,
	struct error *err)
{
	struct policy_breaker before, after;
	struct policy_ending ending = {
		.class = class,
		.code = f->end == POLICY_END_EXIT ? f->code : TIMEOUT_CODE,
		.signal = m->signal, .retried = m->retries > 0,
		.suspected = f->end == POLICY_END_OWN_FAULT ||
			m->unavailable > 0,
		.probe = a->probe,
	};
	/* Without a count, and closed, nobody is in that list. */
	int has = row->streak_count == 0 && !row->breaker_open ? 0 :
		history_streak_has(s->history, m->id, err);

	if (has < 0)
		return -1;
	ending.distinct = !has;
	outcome_breaker_get(row, &before);
	after = before;
	*note_out = policy_breaker_note(&after, &ending, settings,
		a->ended_at);
	outcome_breaker_put(row, &after);
	if (!before.open && note_streak(s, &before, &after, m->id, err) < 0)
		return -1;
	return 0;
}

static int
count_minute(struct store *s, const struct history_message *m,
	const struct history_attempt *a, struct error *err)
{
	struct history_minute minute = {
		.at = a->ended_at,
		.imported = m->state == STATE_IMPORTED,
		.failed = m->state == STATE_FAILED,
	};

	if (!minute.imported && !minute.failed)
		return 0;
	return history_minute_add(s->history, &minute, err);
}

static int
write_message(struct store *s, const struct history_message *m,
	struct error *err)
{
	int rc = history_message_update_state(s->history, m,
		STATE_IMPORTING, err);

	if (rc == 0)
		return error_set(err, ERROR_STORE, "message %" PRId64
			" is not being imported any more", m->id);
	return rc < 0 ? -1 : 0;
}

bool
outcome_says_delivered(const struct history_attempt *a)
{
	static const char word[] = " deliver";
	const char *p = a->output, *end = p ? p + a->output_len : NULL;

	while (p && (p = memmem(p, (size_t)(end - p), word,
	    sizeof word - 1))) {
		const char *digit = p;

		while (digit > a->output && digit[-1] >= '0' &&
		    digit[-1] <= '9')
			digit--;
		if (digit < p && (*digit != '0' || p - digit > 1))
			return true;
		p += sizeof word - 1;
	}
	return false;
}

/*
 * May some have got it? Where nobody saw the end, or the program said that it
 * delivered and failed, somebody should decide, unless it was imported. One of
 * several recipients that could not be found (/PARTIAL) leaves no doubt: the
 * .und says who has not got it.
 */
static void
note_doubt(struct history_message *m, const struct history_attempt *a,
	enum outcome_class class, const struct outcome_facts *f)
{
	bool several = !m->to || strchr(m->to, '\n');
	bool unseen = class == CLASS_CRASHED || class == CLASS_INTERRUPTED ||
		((class == CLASS_REJECTED || class == CLASS_UNAVAILABLE) &&
		 outcome_says_delivered(a));

	m->maybe_delivered = m->maybe_delivered || unseen ||
		(class == CLASS_UNDELIVERABLE && f->partial && several);
	m->doubt = class != CLASS_IMPORTED && (m->doubt || unseen);
}

/* Tells the action that put it back last what came of that. */
static int
tell_action(struct store *s, const struct history_message *m,
	const struct history_attempt *a, struct error *err)
{
	struct history_item item = {
		.action = m->put_back_by, .message = m->id,
		.outcome_code = a->code, .outcome_reason = m->reason,
		.outcome_at = a->ended_at,
	};
	const char *word = m->state == STATE_IMPORTED ? "imported" :
		m->state == STATE_FAILED ? "failed again" :
		m->state == STATE_DEFERRED && a->counted ? "deferred" :
		m->state == STATE_DEFERRED && strcmp(a->class,
		    class_word(CLASS_INTERRUPTED)) != 0 ? "deferred" :
		m->state == STATE_DEFERRED ? NULL : "acted on";

	item.outcome = (char *)(uintptr_t)word;
	return m->put_back_by && word ? history_outcome(s->history, &item,
		err) : 0;
}

int
outcome_record(struct store *s, const struct settings *settings,
	struct history_connector *row, struct history_message *m,
	struct history_attempt *a, const struct outcome_facts *f,
	enum policy_note *note_out, struct error *err)
{
	enum outcome_class class = policy_class(settings, f->end, f->code);
	struct policy_breaker breaker;
	struct policy_decision d;
	enum state next;

	assert(m->state == STATE_IMPORTING);
	if (set_result(s, m, a, class, f, err) < 0)
		return -1;
	decide(settings, row, m, a, class, f, &d);
	next = d.next;
	m->attempt = a->id;
	note_doubt(m, a, class, f);
	if (class != CLASS_IMPORTED)
		m->failed_at = a->ended_at;
	m->und_bytes += a->und_end - a->und_start;
	m->und_entries += a->und_entries;
	set_state(settings, m, next, a->ended_at);
	if (class == CLASS_IMPORTED) {
		row->imports++;
		row->last_import_at = a->ended_at;
	}
	if (history_attempt_end(s->history, a, err) < 0 ||
	    write_message(s, m, err) < 0 ||
	    tell_action(s, m, a, err) < 0 ||
	    result_event(s, m, class, f, err) < 0 ||
	    (next == STATE_FAILED && store_event(s, EVENT_MOVED_TO_BAD, m->id,
		    err, "%s was set aside in failed/: %s", m->name,
		    d.why) < 0) ||
	    note_breaker(s, settings, row, m, a, class, f, note_out, err) < 0)
		return -1;
	outcome_breaker_get(row, &breaker);
	if (breaker_events(s, row, &breaker, *note_out, a->ended_at, err) < 0)
		return -1;
	return count_minute(s, m, a, err);
}
