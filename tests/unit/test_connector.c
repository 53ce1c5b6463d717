/*
 * Tests of the connector as a whole, with a clock that jumps and an import
 * program made of C: thirty days in a second or two.
 */
#include "unit.h"
#include "clock.h"
#include "connector.h"
#include "xalloc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START INT64_C(1795421700000)
#define STEP (5 * CLOCK_MINUTE)

/* --- an import program that answers at once ----------------------------- */

struct importer {
	bool running;
};

static int (*answer)(const char *file);
static int starts;
static int last_code;

static struct importer *
fake_open(int lanes_fd, int lane, struct error *err)
{
	(void)lanes_fd;
	(void)lane;
	(void)err;
	return xcalloc(1, sizeof(struct importer));
}

static void
fake_close(struct importer *im)
{
	free(im);
}

static int
fake_clear(struct importer *im, int *killed_out, struct error *err)
{
	(void)im;
	(void)err;
	*killed_out = 0;
	return 1;
}

static int
fake_start(struct importer *im, const struct importer_spec *spec,
	struct error *err)
{
	(void)err;
	starts++;
	im->running = true;
	last_code = answer(spec->argv[0]);
	return 0;
}

static int
fake_fd(const struct importer *im)
{
	(void)im;
	return -1;
}

static int
fake_read(struct importer *im, struct importer_result *out)
{
	if (!im->running)
		return 0;
	im->running = false;
	memset(out, 0, sizeof *out);
	out->end = IMPORTER_EXITED;
	out->value = last_code;
	return 1;
}

static void
fake_stop(struct importer *im)
{
	(void)im;
}

static const struct importer_ops fake = {
	fake_open, fake_close, fake_clear, fake_start, fake_fd, fake_read,
	fake_stop,
};

/* --- a store ------------------------------------------------------------ */

struct fixture {
	char dir[64];
	struct connector *c;
};

static void
drop(const struct fixture *f, const char *name)
{
	char from[128], to[128];
	FILE *out;

	snprintf(from, sizeof from, "%s/submit/new", f->dir);
	snprintf(to, sizeof to, "%s/submit/%s", f->dir, name);
	out = fopen(from, "w");
	assert_non_null(out);
	fprintf(out, "Message:\r\nFrom: Ops, Night at DEMO\r\nTo: Admin at "
		"DEMO\r\nSubject: %s\r\nContents:\r\nText item:\r\nx\r\n",
		name);
	fclose(out);
	assert_int_equal(rename(from, to), 0);
}

static int
setup(void **state)
{
	static const struct connector_options options = {
		.program = "ccmqd", .importer = &fake,
	};
	struct fixture *f = xcalloc(1, sizeof *f);
	struct settings settings = SETTINGS_INIT;
	struct error err = ERROR_INIT;

	clock_freeze(START, 1000000);
	starts = 0;
	snprintf(f->dir, sizeof f->dir, "connector-test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	assert_int_equal(store_create(f->dir, &err), 0);
	settings_init(&settings);
	free(settings.store);
	settings.store = realpath(f->dir, NULL);
	free(settings.import_program[0]);
	settings.import_program[0] = xstrdup("%n");
	settings.disk_min_free_bytes = 0;
	f->c = connector_new(&settings, &options, &err);
	assert_non_null(f->c);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	connector_free(f->c);
	clock_use_system();
	snprintf(command, sizeof command, "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

/* Lets it do all that is to be done now. */
static void
settle(struct fixture *f)
{
	struct pollfd fds[CONNECTOR_FDS_MAX];
	struct error err = ERROR_INIT;
	int timeout = 0;

	for (int i = 0; i < 1000; i++) {
		assert_int_equal(connector_turn(f->c, &err), 0);
		connector_poll_fds(f->c, fds, &timeout);
		if (timeout > 0 && connector_idle(f->c))
			return;
	}
	fail_msg("it never came to rest");
}

static void
pass(struct fixture *f, int64_t ms)
{
	for (int64_t t = 0; t < ms; t += STEP) {
		clock_advance(STEP);
		settle(f);
	}
}

static struct history_message
message(struct fixture *f, int64_t id)
{
	struct history_message m = { 0 };
	struct error err = ERROR_INIT;

	assert_int_equal(history_message_get(connector_store(f->c)->history,
		id, &m, &err), 1);
	return m;
}

static int64_t
count(struct fixture *f, enum state state)
{
	struct history_counts counts;
	struct error err = ERROR_INIT;

	assert_int_equal(history_counts(connector_store(f->c)->history,
		&counts, &err), 0);
	return counts.n[state];
}

/* --- the cases ---------------------------------------------------------- */

static int code_now;

static int
same_code(const char *file)
{
	(void)file;
	return code_now;
}

/* A post office that is down for thirty days costs no message its place. */
static void
unavailable_for_30_days(void **state)
{
	struct fixture *f = *state;
	int64_t wait, longest = 0;
	struct history_message m;
	char name[32];

	answer = same_code;
	for (code_now = 2; code_now <= 4; code_now++)
		for (int i = 0; i < 3; i++) {
			snprintf(name, sizeof name, "M%d%d.ccm", code_now, i);
			drop(f, name);
		}
	for (code_now = 2; code_now <= 4; code_now++)
		for (int day = 0; day < 10; day++) {
			pass(f, CLOCK_DAY);
			assert_int_equal(count(f, STATE_FAILED), 0);
			assert_int_equal(count(f, STATE_QUEUED) +
				count(f, STATE_DEFERRED), 9);
		}
	assert_true(starts > 1000);
	for (int64_t id = 1; id <= 9; id++) {
		m = message(f, id);
		assert_int_equal(m.unavailable, 0);
		assert_int_equal(m.rejected, 0);
		if (m.state == STATE_DEFERRED) {
			wait = m.next_attempt_at - m.since;
			longest = wait > longest ? wait : longest;
			assert_true(wait <= 30 * CLOCK_MINUTE);
		}
		history_message_release(&m);
	}
	assert_true(longest >= 20 * CLOCK_MINUTE);
	code_now = 0;
	pass(f, CLOCK_HOUR);
	assert_int_equal(count(f, STATE_IMPORTED), 9);
}

static int
poison_is_locked(const char *file)
{
	return strcmp(file, "Poison.ccm") == 0 ? 4 : 0;
}

/* Q223772 in slow motion: one message says 4 for ever, the others go. */
static void
poison_among_others(void **state)
{
	struct fixture *f = *state;
	struct history_message m;
	char name[32];

	answer = poison_is_locked;
	drop(f, "Poison.ccm");
	settle(f);
	for (int i = 0; i < 200 && count(f, STATE_FAILED) == 0; i++) {
		snprintf(name, sizeof name, "Good%d.ccm", i);
		drop(f, name);
		pass(f, 40 * CLOCK_MINUTE);
	}
	m = message(f, 1);
	assert_int_equal(m.state, STATE_FAILED);
	assert_int_equal(m.unavailable, 20);
	assert_true(m.attempts <= 60);	/* those that did not count */
	history_message_release(&m);
	assert_int_equal(count(f, STATE_DEFERRED), 0);
}

/* One poison on an idle night does not trip the breaker. */
static void
poison_alone(void **state)
{
	struct fixture *f = *state;
	struct history_connector row;
	struct error err = ERROR_INIT;

	answer = poison_is_locked;
	drop(f, "Poison.ccm");
	pass(f, CLOCK_DAY);
	assert_true(starts > 20);
	assert_int_equal(history_connector_get(
		connector_store(f->c)->history, &row, &err), 0);
	assert_false(row.breaker_open);
	history_connector_release(&row);
	assert_int_equal(count(f, STATE_DEFERRED), 1);
}

/* Twenty different rejections: ten fail, the breaker opens, the rest waits
 * safely, and all goes on once the program is mended. */
static void
breaker_saves_the_rest(void **state)
{
	struct fixture *f = *state;
	struct history_connector row;
	struct error err = ERROR_INIT;
	char name[32];

	answer = same_code;
	code_now = 1;
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "M%d.ccm", i);
		drop(f, name);
	}
	pass(f, CLOCK_DAY);
	assert_int_equal(count(f, STATE_FAILED), 10);
	assert_int_equal(count(f, STATE_QUEUED) + count(f, STATE_DEFERRED),
		10);
	assert_int_equal(history_connector_get(
		connector_store(f->c)->history, &row, &err), 0);
	assert_true(row.breaker_open);
	history_connector_release(&row);
	code_now = 0;
	pass(f, CLOCK_HOUR);
	assert_int_equal(count(f, STATE_IMPORTED), 10);
	assert_int_equal(count(f, STATE_FAILED), 10);
}

/* The limit of rejections is the number of starts, for ever. */
static void
rejected_once_and_never_again(void **state)
{
	struct fixture *f = *state;

	answer = same_code;
	code_now = 1;
	for (int i = 0; i < 5; i++) {
		char name[32];

		snprintf(name, sizeof name, "M%d.ccm", i);
		drop(f, name);
	}
	pass(f, 30 * CLOCK_DAY);
	assert_int_equal(starts, 5);
	assert_int_equal(count(f, STATE_FAILED), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(unavailable_for_30_days,
			setup, teardown),
		cmocka_unit_test_setup_teardown(poison_among_others, setup,
			teardown),
		cmocka_unit_test_setup_teardown(poison_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(breaker_saves_the_rest, setup,
			teardown),
		cmocka_unit_test_setup_teardown(rejected_once_and_never_again,
			setup, teardown),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
