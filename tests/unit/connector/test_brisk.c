/* SPDX-License-Identifier: ISC */
/*
 * Programs that get one message and end: the next one waits, recorded, behind
 * a brisk one, and begins while that one's end is written down; but only if
 * that end asks nothing.
 */
#include "unit/connector/fixture.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture *now;

/* What the history says of M2 and M3 when M3 is started. */
static struct {
	enum state second, third;
	int64_t attempts;		/* of M3, recorded */
} seen;

static int second_code;		/* what M2 answers … */
static const char *second_und;	/* … and appends to the .und file */
static bool second_stops;	/* meanwhile ccmqd is asked to end … */
static bool second_stays;	/* … and something of it cannot be killed */

static int
clear_lane(struct importer *im, int *killed_out, struct error *err)
{
	(void)im;
	error_set(err, ERROR_BUSY, "it lives on");
	*killed_out = 0;
	return !(second_stays && starts >= 2);
}

static void
append_und(const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/import/ccmail.und", now->dir);
	f = fopen(path, "a");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
look_at_third(void)
{
	struct history_message second = message(now, 2);
	struct history_message third = message(now, 3);
	struct history_attempt a[4];
	struct error err = ERROR_INIT;

	seen.second = second.state;
	seen.third = third.state;
	seen.attempts = history_attempts(connector_store(now->c)->history, 3,
		0, a, 4, &err);
	for (int i = 0; i < seen.attempts; i++)
		history_attempt_release(&a[i]);
	history_message_release(&second);
	history_message_release(&third);
}

static int
answer_of(const char *name)
{
	if (strcmp(name, "M2.ccm") == 0) {
		if (second_und)
			append_und(second_und);
		if (second_stops)
			connector_stop(now->c, false);
		return second_code;
	}
	if (strcmp(name, "M3.ccm") == 0 && seen.attempts == 0)
		look_at_third();
	return 0;
}

static void
run(struct fixture *f, int code, const char *und)
{
	char name[16];

	now = f;
	memset(&seen, 0, sizeof seen);
	answer = answer_of;
	second_code = code;
	second_und = und;
	settle(f);
	for (int i = 1; i <= 5; i++) {
		snprintf(name, sizeof name, "M%d.ccm", i);
		drop(f, name);
	}
	settle(f);
	pass(f, CLOCK_HOUR);
}

static void
the_next_begins_meanwhile(void **state)
{
	struct fixture *f = *state;

	run(f, 0, NULL);
	assert_int_equal(count(f, STATE_IMPORTED), 5);
	assert_int_equal(starts, 5);
	/* Its attempt is on disk, and the end of the one before is not. */
	assert_int_equal(seen.attempts, 1);
	assert_int_equal(seen.third, STATE_IMPORTING);
	assert_int_equal(seen.second, STATE_IMPORTING);
}

/* What failed may have tripped the breaker, or have more to say. */
static void
a_failure_is_written_first(void **state)
{
	struct fixture *f = *state;

	run(f, 4, NULL);
	assert_int_equal(seen.attempts, 1);
	assert_int_equal(seen.second, STATE_DEFERRED);
	assert_int_equal(count(f, STATE_IMPORTED), 4);
}

/* Bytes of the .und file are measured before the next one can add its own. */
static void
what_wrote_und_is_measured_first(void **state)
{
	static const char words[] = "something\r\n";
	struct fixture *f = *state;
	struct history_message m;

	run(f, 0, words);
	assert_int_equal(seen.attempts, 1);
	assert_int_equal(seen.second, STATE_IMPORTED);
	m = message(f, 2);
	assert_int_equal(m.und_bytes, sizeof words - 1);
	history_message_release(&m);
	m = message(f, 3);
	assert_int_equal(m.und_bytes, 0);
	history_message_release(&m);
}

/* Nobody waits behind a program that takes its time: what is not begun can be
 * acted on. */
static void
a_slow_one_has_nobody_behind_it(void **state)
{
	struct fixture *f = *state;

	program_took_ms = 60;
	run(f, 0, NULL);
	program_took_ms = 0;
	assert_int_equal(seen.attempts, 1);
	assert_int_equal(seen.second, STATE_IMPORTED);
	assert_int_equal(count(f, STATE_IMPORTED), 5);
}

/* What waits behind the running attempt does not begin when that is the last. */
static void
ends_with_the_second(struct fixture *f)
{
	struct history_message m;

	second_stops = true;
	run(f, 0, NULL);
	second_stops = second_stays = false;
	assert_int_equal(starts, 2);
	assert_true(connector_idle(f->c));
	assert_int_equal(count(f, STATE_IMPORTED), 2);
	assert_int_equal(count(f, STATE_IMPORTING), 0);
	m = message(f, 3);
	assert_int_equal(m.state, STATE_DEFERRED);
	assert_int_equal(m.crashed, 0);
	assert_false(m.alone);
	history_message_release(&m);
}

static void
nothing_begins_at_the_end(void **state)
{
	ends_with_the_second(*state);
}

static void
nor_is_a_lane_waited_for(void **state)
{
	second_stays = true;
	ends_with_the_second(*state);
}

static int
setup_with_clear(void **state)
{
	static struct importer_ops ops;

	ops = *importer;
	ops.clear_lane = clear_lane;
	importer = &ops;
	return setup(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_next_begins_meanwhile,
			setup, teardown),
		cmocka_unit_test_setup_teardown(a_failure_is_written_first,
			setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_wrote_und_is_measured_first, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_slow_one_has_nobody_behind_it, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_begins_at_the_end,
			setup, teardown),
		cmocka_unit_test_setup_teardown(nor_is_a_lane_waited_for,
			setup_with_clear, teardown),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
