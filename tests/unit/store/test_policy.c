/* SPDX-License-Identifier: ISC */
/* Tests of policy: tables of decisions, thirty days of an absent post office,
 * a poison among good messages, and limits under random sequences. */
#include "unit/unit.h"
#include "base/clock.h"
#include "store/policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1795421700000)

static struct settings settings;

/* A small generator of our own, so that a failure can be seen again. */
static uint64_t seed;

static uint64_t
random_number(void)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return seed >> 33;
}

static void
classes(void **state)
{
	static const struct {
		enum policy_end end;
		int code;
		enum outcome_class class;
	} cases[] = {
		{ POLICY_END_EXIT, 0, CLASS_IMPORTED },
		{ POLICY_END_EXIT, 1, CLASS_REJECTED },
		{ POLICY_END_EXIT, 2, CLASS_UNAVAILABLE },
		{ POLICY_END_EXIT, 3, CLASS_UNAVAILABLE },
		{ POLICY_END_EXIT, 4, CLASS_UNAVAILABLE },
		{ POLICY_END_EXIT, 5, CLASS_UNDELIVERABLE },
		{ POLICY_END_EXIT, 6, CLASS_CRASHED },
		{ POLICY_END_EXIT, 255, CLASS_CRASHED },
		{ POLICY_END_EXIT, 256, CLASS_CRASHED },
		{ POLICY_END_EXIT, -1, CLASS_CRASHED },
		{ POLICY_END_SIGNAL, 0, CLASS_CRASHED },
		{ POLICY_END_TIMEOUT, 0, CLASS_CRASHED },
		{ POLICY_END_DISK, 0, CLASS_INTERRUPTED },
		{ POLICY_END_OWN_FAULT, 0, CLASS_REJECTED },
		{ POLICY_END_DIED, 0, CLASS_CRASHED },
		{ POLICY_END_NOT_RUN, 0, CLASS_UNAVAILABLE },
		{ POLICY_END_INTERRUPTED, 0, CLASS_INTERRUPTED },
	};
	struct settings mapped = settings;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(policy_class(&settings, cases[i].end,
			cases[i].code), cases[i].class);
	mapped.result_class[75] = CLASS_UNAVAILABLE;
	mapped.result_class[0] = CLASS_REJECTED;
	assert_int_equal(policy_class(&mapped, POLICY_END_EXIT, 75),
		CLASS_UNAVAILABLE);
	assert_int_equal(policy_class(&mapped, POLICY_END_EXIT, 0),
		CLASS_REJECTED);
	assert_int_equal(policy_class(&mapped, POLICY_END_SIGNAL, 75),
		CLASS_CRASHED);
}

#define PROBE 1
#define OTHERS 2
#define REQUEST 4

/* What becomes of a message with these counters. */
static const struct {
	const char *name;
	enum outcome_class class;
	unsigned how;
	struct policy_counters before;
	enum state next;
	bool counted;
	int64_t wait_ms;	/* before jitter */
	const char *why;
} decisions[] = {
	{ "imported", CLASS_IMPORTED, 0, { 5, 0, 2, 19 }, STATE_IMPORTED,
		false, 0, "" },
	{ "imported by a probe", CLASS_IMPORTED, PROBE, { 0, 0, 0, 0 },
		STATE_IMPORTED, false, 0, "" },
	{ "rejected", CLASS_REJECTED, 0, { 0, 0, 0, 0 }, STATE_FAILED, true,
		0, "limit of 1 rejection reached" },
	{ "undeliverable", CLASS_UNDELIVERABLE, 0, { 0, 0, 0, 0 },
		STATE_FAILED, true, 0, "limit of 1 rejection reached" },
	{ "first crash", CLASS_CRASHED, 0, { 0, 0, 0, 0 }, STATE_DEFERRED,
		true, 30000, "crashed, 1 of 3" },
	{ "second crash", CLASS_CRASHED, 0, { 1, 0, 1, 0 }, STATE_DEFERRED,
		true, 60000, "crashed, 2 of 3" },
	{ "third crash", CLASS_CRASHED, 0, { 2, 0, 2, 0 }, STATE_FAILED, true,
		0, "limit of 3 crashes reached" },
	{ "interrupted", CLASS_INTERRUPTED, 0, { 1, 0, 1, 0 }, STATE_DEFERRED,
		true, 0, "interrupted, 2 of 3" },
	{ "interrupted at the limit", CLASS_INTERRUPTED, 0, { 2, 0, 2, 0 },
		STATE_FAILED, true, 0, "limit of 3 crashes reached" },
	{ "interrupted on request", CLASS_INTERRUPTED, REQUEST,
		{ 2, 0, 2, 0 }, STATE_DEFERRED, false, 0,
		"interrupted by no fault of its own, not counted" },
	{ "interrupted probe", CLASS_INTERRUPTED, PROBE, { 2, 0, 2, 0 },
		STATE_FAILED, true, 0, "limit of 3 crashes reached" },
	{ "unavailable", CLASS_UNAVAILABLE, 0, { 0, 0, 0, 19 },
		STATE_DEFERRED, false, 30000, "unavailable, not counted" },
	{ "unavailable, others not", CLASS_UNAVAILABLE, OTHERS,
		{ 2, 0, 0, 18 }, STATE_DEFERRED, true, 120000,
		"unavailable while others were imported, 19 of 20" },
	{ "unavailable at the limit", CLASS_UNAVAILABLE, OTHERS,
		{ 19, 0, 0, 19 }, STATE_FAILED, true, 0, "limit of 20 "
		"unavailable attempts reached" },
	{ "unavailable probe", CLASS_UNAVAILABLE, PROBE | OTHERS,
		{ 0, 0, 0, 19 }, STATE_DEFERRED, false, 30000,
		"probe, not counted" },
	{ "rejected probe", CLASS_REJECTED, PROBE, { 0, 0, 0, 0 },
		STATE_DEFERRED, false, 30000, "probe, not counted" },
	{ "crashed probe", CLASS_CRASHED, PROBE, { 2, 0, 2, 0 },
		STATE_DEFERRED, false, 120000, "probe, not counted" },
	{ "undeliverable probe", CLASS_UNDELIVERABLE, PROBE, { 0, 0, 0, 0 },
		STATE_FAILED, true, 0, "limit of 1 rejection reached" },
	{ "limit lowered meanwhile", CLASS_CRASHED, 0, { 9, 0, 9, 0 },
		STATE_FAILED, true, 0, "limit of 3 crashes reached" },
};

static struct policy_attempt
attempt_of(enum outcome_class class, unsigned how, int64_t ended_at)
{
	return (struct policy_attempt){
		.class = class, .other_imported = how & OTHERS,
		.probe = how & PROBE, .uncounted = how & REQUEST,
		.ended_at = ended_at, .random = random_number(),
	};
}

static void
assert_wait(int64_t wait, int64_t centre)
{
	assert_true(wait >= centre - centre / 10);
	assert_true(wait <= centre + centre / 10);
}

static void
messages(void **state)
{
	struct policy_attempt attempt;
	struct policy_decision d;

	(void)state;
	for (size_t i = 0; i < COUNT(decisions); i++) {
		attempt = attempt_of(decisions[i].class, decisions[i].how,
			NOW);
		attempt.before = decisions[i].before;
		policy_decide(&d, &attempt, &settings);
		if (strcmp(d.why, decisions[i].why) != 0 ||
		    d.next != decisions[i].next)
			fail_msg("%s: %s, \"%s\"", decisions[i].name,
				state_word(d.next), d.why);
		assert_int_equal(d.counted, decisions[i].counted);
		assert_int_equal(d.after.tries, attempt.before.tries + 1);
		assert_int_equal(d.after.rejected + d.after.crashed +
			d.after.unavailable, attempt.before.rejected +
			attempt.before.crashed + attempt.before.unavailable +
			d.counted);
		if (d.next == STATE_DEFERRED)
			assert_wait(d.next_attempt_at - NOW,
				decisions[i].wait_ms);
		else
			assert_int_equal(d.next_attempt_at, 0);
	}
}

static void
higher_limit_of_rejections(void **state)
{
	struct settings two = settings;
	struct policy_attempt attempt = attempt_of(CLASS_REJECTED, 0, NOW);
	struct policy_decision d;

	(void)state;
	two.limits_rejected = 2;
	policy_decide(&d, &attempt, &two);
	assert_int_equal(d.next, STATE_DEFERRED);
	assert_string_equal(d.why, "rejected, 1 of 2");
	assert_wait(d.next_attempt_at - NOW, 30000);
	attempt.before = d.after;
	attempt.class = CLASS_UNDELIVERABLE;
	policy_decide(&d, &attempt, &two);
	assert_int_equal(d.next, STATE_FAILED);
	assert_string_equal(d.why, "limit of 2 rejections reached");
}

static void
backoff(void **state)
{
	struct settings odd = settings;
	int64_t least = INT64_MAX, most = 0, ms;

	(void)state;
	for (int tries = 1; tries <= 6; tries++) {
		assert_wait(policy_backoff_ms(&settings, tries,
			random_number()), 30000LL << (tries - 1));
	}
	for (int i = 0; i < 10000; i++) {
		ms = policy_backoff_ms(&settings, i % 2 ? 7 : INT64_MAX,
			random_number());
		least = ms < least ? ms : least;
		most = ms > most ? ms : most;
	}
	/* At the cap waits still differ, and none is beyond it. */
	assert_true(most <= settings.backoff_cap_ms);
	assert_true(most > settings.backoff_cap_ms * 98 / 100);
	assert_true(least < settings.backoff_cap_ms * 84 / 100);
	assert_true(policy_backoff_ms(&settings, 1, UINT64_MAX) <= 33000);
	assert_true(policy_backoff_ms(&settings, 1, 0) == 27000);
	odd.backoff_first_ms = odd.backoff_cap_ms = 100;
	assert_true(policy_backoff_ms(&odd, 1, UINT64_MAX) <= 100);
}

/* Thirty days of codes 2, 3 and 4 for one message. */
static void
thirty_days_unavailable(void **state)
{
	struct policy_counters counters = { 0, 0, 0, 0 };
	struct policy_attempt attempt;
	struct policy_decision d;
	int64_t now = NOW, wait, before = 0;

	(void)state;
	for (int i = 0; now < NOW + 30 * CLOCK_DAY; i++) {
		attempt = attempt_of(policy_class(&settings, POLICY_END_EXIT,
			2 + i % 3), 0, now);
		attempt.before = counters;
		policy_decide(&d, &attempt, &settings);
		assert_int_equal(d.next, STATE_DEFERRED);
		assert_false(d.counted);
		wait = d.next_attempt_at - now;
		assert_true(wait > 0 && wait <= settings.backoff_cap_ms);
		if (i > 0 && i < 6)
			assert_true(wait > before * 3 / 2);
		before = wait;
		counters = d.after;
		now = d.next_attempt_at;
	}
	assert_true(counters.tries > 30 * 48);
	assert_true(counters.tries < 30 * 70);
}

/* A poison that answers 4 while others are imported. */
static void
poison_ends(void **state)
{
	struct policy_counters counters = { 0, 0, 0, 0 };
	struct policy_attempt attempt;
	struct policy_decision d = { .next = STATE_DEFERRED };
	int attempts;

	(void)state;
	for (attempts = 0; d.next == STATE_DEFERRED && attempts < 99;
	    attempts++) {
		attempt = attempt_of(CLASS_UNAVAILABLE, OTHERS,
			NOW + attempts);
		attempt.before = counters;
		policy_decide(&d, &attempt, &settings);
		counters = d.after;
	}
	assert_int_equal(attempts, 20);
	assert_int_equal(d.next, STATE_FAILED);
	assert_int_equal(counters.unavailable, 20);
}

/* Whatever happens, a message's counted attempts keep its limits, and it ends
 * with the attempt that reaches one. */
static void
limits_hold(void **state)
{
	struct settings s = settings;
	struct policy_attempt attempt;
	struct policy_counters counters;
	struct policy_decision d;
	int64_t counted;

	(void)state;
	for (seed = 1; seed < 200000; seed += 9973) {
		s.limits_rejected = 1 + (int64_t)(random_number() % 5);
		s.limits_crashed = 1 + (int64_t)(random_number() % 5);
		s.limits_unavailable = 1 + (int64_t)(random_number() % 30);
		counters = (struct policy_counters){ 0, 0, 0, 0 };
		counted = 0;
		d.next = STATE_DEFERRED;
		for (int i = 0; i < 500 && d.next == STATE_DEFERRED; i++) {
			attempt = attempt_of(1 + random_number() % 5,
				(unsigned)random_number() % 8, NOW);
			attempt.before = counters;
			policy_decide(&d, &attempt, &s);
			counters = d.after;
			counted += d.counted;
			assert_int_equal(d.next == STATE_FAILED,
				counters.rejected == s.limits_rejected ||
				counters.crashed == s.limits_crashed ||
				counters.unavailable == s.limits_unavailable);
		}
		assert_int_equal(d.next, STATE_FAILED);
		assert_int_equal(counted, counters.rejected +
			counters.crashed + counters.unavailable);
		assert_true(counters.rejected <= s.limits_rejected);
		assert_true(counters.crashed <= s.limits_crashed);
		assert_true(counters.unavailable <= s.limits_unavailable);
	}
}

/*
 * Endings as letters: u unavailable, r s rejected with codes 1 and 7, c
 * crashed with a signal, d with another, n undeliverable, x interrupted, i
 * imported; upper case: a message already in the row; after '*' of one that a
 * person retried; after '?' of a probe.
 */
static enum policy_note
note(struct policy_breaker *b, const char **p, int64_t now)
{
	static const struct {
		char letter;
		enum outcome_class class;
		int code, signal;
	} kinds[] = {
		{ 'u', CLASS_UNAVAILABLE, 4, 0 },
		{ 'r', CLASS_REJECTED, 1, 0 }, { 's', CLASS_REJECTED, 7, 0 },
		{ 'c', CLASS_CRASHED, -1, 11 }, { 'd', CLASS_CRASHED, -1, 6 },
		{ 'n', CLASS_UNDELIVERABLE, 5, 0 },
		{ 'x', CLASS_INTERRUPTED, -1, 0 },
		{ 'i', CLASS_IMPORTED, 0, 0 },
	};
	struct policy_ending ending = { .distinct = true };

	for (; **p == '*' || **p == '?'; ++*p) {
		ending.retried = ending.retried || **p == '*';
		ending.probe = ending.probe || **p == '?';
	}
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if ((**p | 0x20) != kinds[i].letter)
			continue;
		ending.class = kinds[i].class;
		ending.code = kinds[i].code;
		ending.signal = kinds[i].signal;
		ending.distinct = **p & 0x20;
	}
	++*p;
	return policy_breaker_note(b, &ending, &settings, now);
}

static const struct {
	const char *endings;
	const char *notes;	/* one for each ending: T C P, or . */
	int64_t count;		/* of the row at the end */
} rows[] = {
	{ "uuu", "..T", 3 },
	{ "uUUuUu", ".....T", 3 },
	{ "uUUUU", ".....", 1 },
	{ "uuiuu", ".....", 2 },
	{ "uunuu", ".....", 2 },
	{ "uuruu", ".....", 2 },
	{ "uuRuu", ".....", 2 },
	{ "uuxu", "...T", 3 },
	{ "xxx", "...", 0 },
	{ "uu*u", "...", 2 },
	{ "*u*u*u*u", "....", 0 },
	{ "uu*ru", "...T", 3 },
	{ "uu*iu", "....", 1 },
	{ "uu*nu", "....", 1 },
	{ "nnnnnnnnnnnn", "............", 0 },
	{ "rrrrrrrrrr", ".........T", 10 },
	{ "cccccccccc", ".........T", 10 },
	{ "rrrrrrrrrs", "..........", 1 },
	{ "cccccccccd", "..........", 1 },
	{ "rrrrrrrrrc", "..........", 1 },
	{ "rrrrrrrrrir", "...........", 1 },
	{ "rrrrrrrrrnr", "...........", 1 },
	{ "rrrrrrrrrRR", "...........", 9 },
	{ "rrrrrrrrr*r", "..........", 9 },
	{ "rrrrrrrrrxr", "..........T", 10 },
	{ "rrrrrrrrru", "..........", 1 },
	{ "uuu?u?r?c", "..TPPP", 3 },
	{ "uuu?i", "..TC", 0 },
	{ "uuui", "..TC", 0 },
	{ "uuuurc", "..T...", 3 },
	{ "uuu?n?x", "..T..", 3 },
	{ "uuu?iuuu", "..TC..T", 3 },
	{ "uu?u", "..T", 3 },
};

static void
breaker_rows(void **state)
{
	struct policy_breaker b;
	const char *p;
	char notes[32];
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		b = (struct policy_breaker)POLICY_BREAKER_INIT;
		n = 0;
		for (p = rows[i].endings; *p; )
			notes[n++] = ".TCP"[note(&b, &p, NOW)];
		notes[n] = '\0';
		if (strcmp(notes, rows[i].notes) != 0 ||
		    b.count != rows[i].count)
			fail_msg("%s: %s, count %" PRId64, rows[i].endings,
				notes, b.count);
		assert_int_equal(b.row == POLICY_ROW_NONE, b.count == 0);
	}
}

/* Notes one letter. */
static enum policy_note
note_one(struct policy_breaker *b, const char *ending, int64_t now)
{
	return note(b, &ending, now);
}

static void
probes(void **state)
{
	static const int64_t delays_s[] = {
		60, 120, 240, 480, 900, 900, 900,
	};
	struct policy_breaker b = POLICY_BREAKER_INIT;
	int64_t now = NOW;

	(void)state;
	assert_false(policy_breaker_wants_probe(&b, &settings, now));
	note_one(&b, "u", now - 20);
	note_one(&b, "u", now - 10);
	assert_int_equal(note_one(&b, "u", now), POLICY_NOTE_TRIPPED);
	assert_int_equal(b.since_at, now - 20);
	assert_int_equal(b.tripped_at, now);
	assert_int_equal(b.row, POLICY_ROW_UNAVAILABLE);
	assert_int_equal(b.probe_at, now + 30000);
	assert_true(b.next_probe_youngest);
	assert_false(policy_breaker_wants_probe(&b, &settings, now + 29999));
	assert_true(policy_breaker_wants_probe(&b, &settings, now + 30000));
	/* A clock that was set back must not put it off for ever. */
	assert_true(policy_breaker_wants_probe(&b, &settings,
		now + 30000 - 900001));
	now = b.probe_at;
	assert_int_equal(note_one(&b, "?n", now), POLICY_NOTE_NOTHING);
	assert_int_equal(b.probe_at, now + 30000);
	assert_false(b.next_probe_youngest);
	for (size_t i = 0; i < COUNT(delays_s); i++) {
		now = b.probe_at;
		assert_int_equal(note_one(&b, "?u", now),
			POLICY_NOTE_PROBE_FAILED);
		assert_int_equal(b.probe_at - now, delays_s[i] * 1000);
		assert_int_equal(b.next_probe_youngest, i % 2 == 0);
	}
	assert_true(b.open);
	assert_int_equal(note_one(&b, "?i", b.probe_at), POLICY_NOTE_CLOSED);
	assert_false(b.open);
	assert_false(policy_breaker_wants_probe(&b, &settings, b.probe_at));
}

/* What a post office that is away for thirty days does to a queue: the breaker
 * trips, probes go on at the cap, nothing fails, and it closes again. */
static void
thirty_days_tripped(void **state)
{
	struct policy_breaker b = POLICY_BREAKER_INIT;
	struct policy_counters counters = { 0, 0, 0, 0 };
	struct policy_attempt attempt;
	struct policy_decision d;
	int64_t now = NOW;
	int count = 0;

	(void)state;
	note_one(&b, "u", now);
	note_one(&b, "u", now);
	assert_int_equal(note_one(&b, "u", now), POLICY_NOTE_TRIPPED);
	for (; now < NOW + 30 * CLOCK_DAY; count++) {
		now = b.probe_at;
		attempt = attempt_of(CLASS_UNAVAILABLE, PROBE, now);
		attempt.before = counters;
		policy_decide(&d, &attempt, &settings);
		assert_int_equal(d.next, STATE_DEFERRED);
		assert_false(d.counted);
		counters = d.after;
		assert_int_equal(note_one(&b, "?u", now),
			POLICY_NOTE_PROBE_FAILED);
		assert_true(b.probe_at - now <= 900000);
	}
	assert_in_range(count, 30 * 96, 30 * 96 + 10);
	assert_int_equal(note_one(&b, "?i", now), POLICY_NOTE_CLOSED);
}

static int
load_defaults(void **state)
{
	(void)state;
	settings_init(&settings);
	seed = 1;
	return 0;
}

static int
release(void **state)
{
	(void)state;
	settings_release(&settings);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes),
		cmocka_unit_test(messages),
		cmocka_unit_test(higher_limit_of_rejections),
		cmocka_unit_test(backoff),
		cmocka_unit_test(thirty_days_unavailable),
		cmocka_unit_test(poison_ends),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(breaker_rows),
		cmocka_unit_test(probes),
		cmocka_unit_test(thirty_days_tripped),
	};

	return cmocka_run_group_tests(tests, load_defaults, release);
}
