/* SPDX-License-Identifier: ISC */
/* Tests of what the connector says of itself in its word, where nothing of it
 * can be said in the history, or where it waits for something for long. */
#include "unit/connector/fixture.h"
#include "base/clock.h"
#include "store/status.h"
#include "store/status_word.h"

static const struct importer_ops *quick;
static bool runs;

static int
code_0(const char *file)
{
	(void)file;
	return 0;
}

static int
read_slowly(struct importer *im, struct importer_result *out)
{
	return runs ? 0 : quick->read(im, out);
}

static struct status_word
word(struct fixture *f)
{
	struct status_word w = { 0 };

	assert_int_equal(status_word_read(connector_store(f->c)->spool.lock,
		&w), 1);
	return w;
}

static void
turns(struct fixture *f, int seconds)
{
	struct error err = ERROR_INIT;

	for (int i = 0; i < seconds; i++) {
		clock_advance(CLOCK_SECOND);
		assert_int_equal(connector_turn(f->c, &err), 0);
	}
}

static int
setup_slow(void **state)
{
	static struct importer_ops slow;

	quick = importer;
	slow = *importer;
	slow.read = read_slowly;
	importer = &slow;
	answer = code_0;
	runs = true;
	return setup(state);
}

static int
teardown_slow(void **state)
{
	importer = quick;
	return teardown(state);
}

static void
in_the_importer(struct fixture *f)
{
	drop(f, "M1.ccm");
	hangs = true;
	settle(f);
	assert_int_equal(count(f, STATE_IMPORTING), 1);
	assert_int_equal(word(f).hand_id, 1);
}

/* It takes nothing in any more, and waits for what runs. */
static void
it_lives_while_it_is_to_end(void **state)
{
	struct fixture *f = *state;

	in_the_importer(f);
	connector_stop(f->c, false);
	for (int i = 0; i < 10; i++) {
		turns(f, 11);
		assert_true(clock_wall() - word(f).sign_at < CLOCK_MINUTE);
	}
}

/* What the program has ended is in no importer, though that cannot be written. */
static void
an_end_that_cannot_be_written(void **state)
{
	struct fixture *f = *state;
	struct error err = ERROR_INIT;
	struct settings s = SETTINGS_INIT;
	struct status st;

	settings_init(&s);
	in_the_importer(f);
	full = true;
	runs = false;
	turns(f, 20);
	assert_int_equal(count(f, STATE_IMPORTING), 1);
	assert_int_equal(word(f).hand_id, 0);
	assert_true(word(f).error_at != 0);
	assert_int_equal(status_collect(&st, connector_store(f->c), &s,
		clock_wall(), &err), 0);
	assert_int_equal(st.facts.hand_id, 0);
	assert_int_equal(st.verdict.kind, VERDICT_STORE);
	status_release(&st);
	settings_release(&s);
	full = false;
	turns(f, 20);
	assert_int_equal(count(f, STATE_IMPORTED), 1);
	assert_int_equal(word(f).error_at, 0);
}

/* That the disk is low is known without a row: no turn fails for that. */
static void
a_full_disk_is_no_failed_write(void **state)
{
	struct fixture *f = *state;

	settle(f);
	full = true;
	room = 0;
	for (int i = 0; i < 30; i++) {
		turns(f, 1);
		assert_int_equal(word(f).error_at, 0);
	}
	assert_int_equal(word(f).disk_low, 1);
	full = false;
	turns(f, 2);
	room = UINT64_C(1) << 40;
	turns(f, 2);
	assert_int_equal(word(f).disk_low, 0);
}

/* Its end came true: no write fails any more. */
static void
mended_as_it_ends(void **state)
{
	struct fixture *f = *state;
	struct error err = ERROR_INIT;

	in_the_importer(f);
	full = true;
	runs = false;
	turns(f, 5);
	assert_true(word(f).error_at != 0);
	full = false;
	connector_stop(f->c, false);
	assert_int_equal(connector_end(f->c, &err), 0);
	assert_int_equal(word(f).end, STATUS_WORD_ASKED);
	assert_int_equal(word(f).error_at, 0);
}

static int
code_3(const char *file)
{
	(void)file;
	return 3;
}

static void
set_back(int64_t ms)
{
	clock_freeze(clock_wall() - ms, clock_mono_ms());
}

/* What waits for a time does not wait for the one of before. */
static void
a_clock_set_back_delays_nothing(void **state)
{
	struct fixture *f = *state;

	runs = false;
	answer = code_3;
	drop(f, "M1.ccm");
	settle(f);
	assert_int_equal(count(f, STATE_DEFERRED), 1);
	assert_int_equal(starts, 1);
	set_back(CLOCK_DAY);
	pass(f, CLOCK_HOUR);
	assert_true(starts > 1);
}

/* Nor is what stands well because it came in the future. */
static void
a_clock_set_back_hides_nothing(void **state)
{
	struct fixture *f = *state;
	struct error err = ERROR_INIT;
	struct settings s = SETTINGS_INIT;
	struct status st;

	settings_init(&s);
	in_the_importer(f);
	drop(f, "M2.ccm");
	settle(f);
	set_back(CLOCK_DAY);
	turns(f, 100);
	assert_int_equal(status_collect(&st, connector_store(f->c), &s,
		clock_wall(), &err), 0);
	assert_int_equal(st.verdict.kind, VERDICT_WAITING);
	status_release(&st);
	settings_release(&s);
}

static void
least(struct settings *s)
{
	s->disk_min_free_bytes = 1 << 20;
}

static int
setup_least(void **state)
{
	with = least;
	return setup_slow(state);
}

static int
teardown_least(void **state)
{
	with = NULL;
	return teardown_slow(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_lives_while_it_is_to_end,
			setup_slow, teardown_slow),
		cmocka_unit_test_setup_teardown(an_end_that_cannot_be_written,
			setup_slow, teardown_slow),
		cmocka_unit_test_setup_teardown(a_full_disk_is_no_failed_write,
			setup_least, teardown_least),
		cmocka_unit_test_setup_teardown(mended_as_it_ends,
			setup_slow, teardown_slow),
		cmocka_unit_test_setup_teardown(a_clock_set_back_delays_nothing,
			setup_slow, teardown_slow),
		cmocka_unit_test_setup_teardown(a_clock_set_back_hides_nothing,
			setup_slow, teardown_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
