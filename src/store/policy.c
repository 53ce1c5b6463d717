/* SPDX-License-Identifier: ISC */
/* policy: see policy.h for the contract. */
#include "store/policy.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* What IMPORT meant by its result codes. */
static enum outcome_class
default_class(int code)
{
	static const enum outcome_class classes[] = {
		CLASS_IMPORTED, CLASS_REJECTED, CLASS_UNAVAILABLE,
		CLASS_UNAVAILABLE, CLASS_UNAVAILABLE, CLASS_UNDELIVERABLE,
	};

	if (code < 0 || code >= (int)(sizeof classes / sizeof *classes))
		return CLASS_CRASHED;
	return classes[code];
}

enum outcome_class
policy_class(const struct settings *settings, enum policy_end end, int code)
{
	switch (end) {
	case POLICY_END_EXIT:
		if (code >= 0 && code <= 255 && settings->result_class[code] !=
		    SETTINGS_CLASS_DEFAULT)
			return (enum outcome_class)
				settings->result_class[code];
		return default_class(code);
	case POLICY_END_NOT_RUN:
		return CLASS_UNAVAILABLE;
	case POLICY_END_OWN_FAULT:
		return CLASS_REJECTED;
	case POLICY_END_DISK:
	case POLICY_END_INTERRUPTED:
		return CLASS_INTERRUPTED;
	case POLICY_END_SIGNAL:
	case POLICY_END_TIMEOUT:
	case POLICY_END_DIED:
		break;
	}
	return CLASS_CRASHED;
}

int64_t
policy_backoff_ms(const struct settings *settings, int64_t tries,
	uint64_t random)
{
	/* So that a tenth more is still within the cap. */
	int64_t most = settings->backoff_cap_ms / 11 * 10;
	int64_t ms = settings->backoff_first_ms;

	for (; tries > 1 && ms < most; tries--)
		ms *= 2;
	if (ms > most)
		ms = most;
	return ms - ms / 10 + (int64_t)(random % (uint64_t)(ms / 5 + 1));
}

/* A limit that an outcome counts towards. */
struct limit {
	int64_t *count;
	int64_t most;
	const char *one, *many;	/* what is counted */
};

static struct limit
limit_of(struct policy_decision *d, enum outcome_class class,
	const struct settings *settings)
{
	switch (class) {
	case CLASS_REJECTED:
	case CLASS_UNDELIVERABLE:
		return (struct limit){ &d->after.rejected,
			settings->limits_rejected, "rejection", "rejections" };
	case CLASS_CRASHED:
	case CLASS_INTERRUPTED:
		return (struct limit){ &d->after.crashed,
			settings->limits_crashed, "crash", "crashes" };
	case CLASS_UNAVAILABLE:
		return (struct limit){ &d->after.unavailable,
			settings->limits_unavailable,
			"unavailable attempt", "unavailable attempts" };
	case CLASS_IMPORTED:
	case CLASS_COUNT:
		break;
	}
	assert(!"a class with a limit");
	return (struct limit){ NULL, 0, "", "" };
}

/* Whether the attempt counts; if not, why in words. */
static bool
counts(const struct policy_attempt *attempt, const char **why)
{
	*why = "interrupted by no fault of its own, not counted";
	if (attempt->class == CLASS_INTERRUPTED)
		return !attempt->uncounted;
	*why = "probe, not counted";
	if (attempt->class != CLASS_UNDELIVERABLE && attempt->probe)
		return false;
	*why = "unavailable, not counted";
	return attempt->class != CLASS_UNAVAILABLE || attempt->other_imported;
}

/* Counts the attempt. True when that reaches the limit. */
static bool
count(struct policy_decision *d, const struct policy_attempt *attempt,
	const struct settings *settings)
{
	struct limit limit = limit_of(d, attempt->class, settings);

	d->counted = true;
	++*limit.count;
	if (*limit.count < limit.most) {
		snprintf(d->why, sizeof d->why, "%s%s, %" PRId64 " of %" PRId64,
			class_word(attempt->class),
			attempt->class == CLASS_UNAVAILABLE ?
			" while others were imported" : "",
			*limit.count, limit.most);
		return false;
	}
	snprintf(d->why, sizeof d->why, "limit of %" PRId64 " %s reached",
		limit.most, limit.most == 1 ? limit.one : limit.many);
	return true;
}

void
policy_decide(struct policy_decision *out,
	const struct policy_attempt *attempt, const struct settings *settings)
{
	const char *why;

	*out = (struct policy_decision){ .after = attempt->before };
	out->after.tries++;
	if (attempt->class == CLASS_IMPORTED) {
		out->next = STATE_IMPORTED;
		return;
	}
	if (!counts(attempt, &why)) {
		snprintf(out->why, sizeof out->why, "%s", why);
	} else if (count(out, attempt, settings)) {
		out->next = STATE_FAILED;
		return;
	}
	out->next = STATE_DEFERRED;
	out->next_attempt_at = attempt->ended_at;
	if (attempt->class != CLASS_INTERRUPTED)
		out->next_attempt_at += policy_backoff_ms(settings,
			out->after.tries, attempt->random);
}

/* Adds an ending to a closed breaker's row, or begins a new one. */
static void
extend_row(struct policy_breaker *b, const struct policy_ending *ending,
	int64_t now)
{
	bool unavailable = ending->class == CLASS_UNAVAILABLE;
	enum policy_row row = unavailable ? POLICY_ROW_UNAVAILABLE :
		POLICY_ROW_RESULT;
	bool alike = b->class == ending->class && b->code == ending->code &&
		b->signal == ending->signal;

	if (b->row == row && (unavailable || alike)) {
		b->count += ending->distinct;
		b->mixed = b->mixed || !alike;
		return;
	}
	b->mixed = false;
	b->row = row;
	b->class = ending->class;
	b->code = ending->code;
	b->signal = ending->signal;
	b->count = 1;
	b->since_at = now;
}

static enum policy_note
note_closed(struct policy_breaker *b, const struct policy_ending *ending,
	const struct settings *settings, int64_t now)
{
	if (ending->class == CLASS_INTERRUPTED)
		return POLICY_NOTE_NOTHING;
	if (ending->class == CLASS_IMPORTED ||
	    ending->class == CLASS_UNDELIVERABLE) {
		*b = (struct policy_breaker)POLICY_BREAKER_INIT;
		return POLICY_NOTE_NOTHING;
	}
	if (ending->retried || ending->suspected)
		return POLICY_NOTE_NOTHING;
	extend_row(b, ending, now);
	if (b->count < (b->row == POLICY_ROW_UNAVAILABLE ?
	    settings->breaker_unavailable : settings->breaker_rejected))
		return POLICY_NOTE_NOTHING;
	b->open = true;
	b->tripped_at = now;
	b->probe_delay_ms = settings->breaker_probe_ms;
	b->probe_at = now + b->probe_delay_ms;
	b->next_probe_youngest = true;
	return POLICY_NOTE_TRIPPED;
}

static enum policy_note
note_open(struct policy_breaker *b, const struct policy_ending *ending,
	const struct settings *settings, int64_t now)
{
	bool failed = ending->class != CLASS_UNDELIVERABLE &&
		ending->class != CLASS_INTERRUPTED;

	if (ending->class == CLASS_IMPORTED) {
		*b = (struct policy_breaker)POLICY_BREAKER_INIT;
		return POLICY_NOTE_CLOSED;
	}
	if (!ending->probe)
		return POLICY_NOTE_NOTHING;
	if (failed)
		b->probe_delay_ms *= 2;
	if (b->probe_delay_ms > settings->breaker_probe_cap_ms)
		b->probe_delay_ms = settings->breaker_probe_cap_ms;
	b->probe_at = now + b->probe_delay_ms;
	b->next_probe_youngest = !b->next_probe_youngest;
	return failed ? POLICY_NOTE_PROBE_FAILED : POLICY_NOTE_NOTHING;
}

enum policy_note
policy_breaker_note(struct policy_breaker *breaker,
	const struct policy_ending *ending, const struct settings *settings,
	int64_t now)
{
	assert(ending->class < CLASS_COUNT);
	return breaker->open ? note_open(breaker, ending, settings, now) :
		note_closed(breaker, ending, settings, now);
}

bool
policy_breaker_wants_probe(const struct policy_breaker *breaker,
	const struct settings *settings, int64_t now)
{
	return breaker->open && (breaker->probe_at <= now ||
		breaker->probe_at > now + settings->breaker_probe_cap_ms);
}
