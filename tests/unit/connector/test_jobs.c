/* SPDX-License-Identifier: ISC */
/*
 * Jobs on a connector whose clock jumps: steps that stop by themselves, a rate,
 * and that neither new mail nor what is put back waits for the other.
 */
#include "unit/connector/fixture.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "work/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ORDER_MAX 4000

static struct fixture *fix;
static bool mended;			/* else all fail */
static int bad[ORDER_MAX];		/* ids that fail nevertheless */
static int order[ORDER_MAX];		/* ids, as they were tried … */
static int order_n;
static int64_t takes_ms;		/* a try, by the clock that jumps */
static int drop_at;			/* one more comes at that try … */
static int64_t came_at, took_ms;	/* … and how long it waited */

static int
id_of(const char *file)
{
	return atoi(file + 1);		/* "m17.ccm", the 17th to come */
}

static int
program(const char *file)
{
	int id = id_of(file);

	if (id == 3000)
		took_ms = clock_wall() - came_at;
	clock_advance(takes_ms);
	assert_true(order_n < ORDER_MAX);
	order[order_n++] = id;
	if (order_n == drop_at) {
		came_at = clock_wall();
		drop(fix, "m3000.ccm");
	}
	return mended && !bad[id] ? 0 : 1;
}

static void
no_breaker(struct settings *s)
{
	s->breaker_rejected = 100000;
}

static int
begin(void **state)
{
	with = no_breaker;
	answer = program;
	mended = false;
	takes_ms = order_n = drop_at = 0;
	memset(bad, 0, sizeof bad);
	if (setup(state) < 0)
		return -1;
	fix = *state;
	return 0;
}

static void
drop_some(int first, int last)
{
	char name[32];

	for (int i = first; i <= last; i++) {
		snprintf(name, sizeof name, "m%d.ccm", i);
		drop(fix, name);
	}
}

/* So many have failed, their ids are their names. */
static void
fail_some(int n)
{
	drop_some(1, n);
	settle(fix);
	assert_int_equal(count(fix, STATE_FAILED), n);
	order_n = 0;
}

static int64_t
begin_job(int n, const char *steps, int64_t rate)
{
	struct operation_target *targets = xcalloc((size_t)n,
		sizeof *targets);
	struct job_spec spec = { .steps = steps, .rate = rate };
	struct operation op = { .verb = "retry", .kind = VERB_RETRY,
		.reason = "date order set" };
	struct error err = ERROR_INIT;
	struct actor actor;
	int64_t id;

	actor_init(&actor, "ccmq");
	op.actor = &actor;
	for (int i = 0; i < n; i++)
		targets[i] = (struct operation_target){ i + 1, STATE_FAILED };
	assert_int_equal(jobs_begin(connector_store(fix->c), &op, targets,
		(size_t)n, &spec, &id, &err), 0);
	actor_release(&actor);
	free(targets);
	return id;
}

static struct history_action
job(int64_t id)
{
	struct history_action a = { 0 };
	struct error err = ERROR_INIT;

	assert_int_equal(history_action_get(connector_store(fix->c)->history,
		id, &a, &err), 1);
	return a;
}

/* Lets the clock go on, a second at a time, until the job is in that state, for
 * so many seconds at most. */
static struct history_action
wait_until(int64_t id, const char *state, int seconds)
{
	struct history_action a = job(id);

	while (strcmp(a.job_state, state) != 0 && seconds-- > 0) {
		history_action_release(&a);
		clock_advance(CLOCK_SECOND);
		settle(fix);
		a = job(id);
	}
	assert_string_equal(a.job_state, state);
	return a;
}

static void
says(const struct history_action *a, const char *words)
{
	struct error err = ERROR_INIT;
	struct str s = STR_INIT;

	assert_int_equal(jobs_sentence(connector_store(fix->c)->history, a, &s,
		&err), 0);
	assert_string_equal(s.data, words);
	str_release(&s);
}

static void
go_on(int64_t id)
{
	struct error err = ERROR_INIT;
	struct actor actor;

	actor_init(&actor, "ccmq");
	assert_int_equal(jobs_order(connector_store(fix->c), &actor, id,
		JOB_GO_ON, NULL, &err), 1);
	actor_release(&actor);
}

/* The cause was not mended: it stops after the first one, and goes to its end
 * when it was. Nothing is tried more often than it has to be. */
static void
stops_by_itself(void **state)
{
	struct history_action a;
	int64_t id;

	(void)state;
	fail_some(1196);
	id = begin_job(1196, "1,5,25", 0);
	a = wait_until(id, "paused", 20);
	assert_int_equal(order_n, 1);
	assert_string_equal(a.job_why, "1 failed again, code 1");
	says(&a, "retry of 1,196: 1 failed again (code 1), 1,195 to come");
	history_action_release(&a);
	assert_int_equal(count(fix, STATE_FAILED), 1196);
	pass(fix, CLOCK_HOUR);
	assert_int_equal(order_n, 1);
	mended = true;
	go_on(id);
	a = wait_until(id, "done", 60);
	says(&a, "retry of 1,196: 1,195 imported, 1 failed again (code 1)");
	assert_int_equal(order_n, 1196);
	history_action_release(&a);
}

/* What cannot be written for long is a line in the log, not one a turn. */
static void
a_full_disk_is_told_once(void **state)
{
	FILE *log = tmpfile();
	int old = dup(STDERR_FILENO), lines = 0;
	struct error err = ERROR_INIT;
	char line[300];

	(void)state;
	fail_some(3);
	pass(fix, STEP);		/* no move is open */
	begin_job(3, NULL, 1);
	assert_true(log && old >= 0);
	dup2(fileno(log), STDERR_FILENO);
	full = true;
	for (int i = 0; i < 300; i++) {
		clock_advance(CLOCK_SECOND);
		assert_int_equal(connector_turn(fix->c, &err), 0);
	}
	full = false;
	dup2(old, STDERR_FILENO);
	close(old);
	rewind(log);
	while (fgets(line, sizeof line, log))
		lines += strstr(line, ": job 1: ") != NULL;
	fclose(log);
	assert_int_equal(lines, 1);
}

/* The first one was another fault: it stops with the six. */
static void
stops_after_six(void **state)
{
	struct history_action a;
	int64_t id;

	(void)state;
	fail_some(100);
	mended = true;
	for (int i = 2; i <= 100; i++)
		bad[i] = 1;
	id = begin_job(100, "1,5,25", 0);
	a = wait_until(id, "paused", 20);
	assert_int_equal(order_n, 6);
	assert_string_equal(a.job_why, "5 failed again, code 1");
	history_action_release(&a);
}

/* So many of each 25 behind the first six are bad. */
static int64_t
with_bad(int of_25)
{
	fail_some(131);
	mended = true;
	for (int i = 7; i <= 131; i++)
		bad[i] = (i - 7) % 25 < of_25;
	return begin_job(131, "1,5,25,25,25,25", 0);
}

static void
goes_on_with_two_of_25(void **state)
{
	struct history_item items[200];
	struct history_action a;
	struct error err = ERROR_INIT;
	int64_t id = with_bad(2);
	int n, named = 0;

	(void)state;
	a = wait_until(id, "done", 60);
	says(&a, "retry of 131: 121 imported, 10 failed again (code 1)");
	history_action_release(&a);
	n = history_items(connector_store(fix->c)->history, id, 0, items, 200,
		&err);
	assert_int_equal(n, 131);
	for (int i = 0; i < n; i++) {
		bool again = strcmp(items[i].outcome, "failed again") == 0;

		assert_int_equal(again, bad[items[i].message]);
		named += again;
		history_item_release(&items[i]);
	}
	assert_int_equal(named, 10);
}

static void
pauses_with_four_of_25(void **state)
{
	struct history_action a;
	int64_t id = with_bad(4);

	(void)state;
	a = wait_until(id, "paused", 60);
	assert_int_equal(order_n, 31);
	assert_string_equal(a.job_why, "4 failed again, code 1");
	says(&a, "retry of 131: 27 imported, 4 failed again (code 1), 100 to come");
	history_action_release(&a);
}

/* 30 a minute, over three minutes: one each two seconds, no bursts. */
static void
rate_of_30_a_minute(void **state)
{
	int most = 0, before = 0;

	(void)state;
	fail_some(200);
	mended = true;
	begin_job(200, NULL, 30);
	for (int i = 0; order_n == 0 && i < 10; i++) {
		clock_advance(CLOCK_SECOND);
		settle(fix);
	}
	before = order_n;
	for (int second = 1; second <= 180; second++) {
		int n = order_n;

		clock_advance(CLOCK_SECOND);
		settle(fix);
		most = order_n - n > most ? order_n - n : most;
		assert_in_range(2 * (order_n - before), second - 1,
			second + 1);
	}
	assert_int_equal(most, 1);
	assert_int_equal(order_n - before, 90);
}

static void
hold(enum connector_verb verb)
{
	struct error err = ERROR_INIT;
	struct actor actor;

	actor_init(&actor, "ccmq");
	assert_int_equal(operations_connector(connector_store(fix->c), &actor,
		verb, "a while", HISTORY_NO_TIME, &err), 1);
	actor_release(&actor);
}

static void
seconds_pass(int n)
{
	while (n-- > 0) {
		clock_advance(CLOCK_SECOND);
		settle(fix);
	}
}

/* What it might have put back during a hold of an hour, or while a clock was
 * ahead, it does not put back all at once; a clock that is set back does not
 * keep it for so long. */
static void
a_rate_has_no_debts(void **state)
{
	int before;

	(void)state;
	fail_some(400);
	mended = true;
	begin_job(400, NULL, 30);
	seconds_pass(20);
	hold(CONNECTOR_HOLD);
	before = order_n;
	assert_in_range(before, 5, 11);
	seconds_pass(5);
	pass(fix, CLOCK_HOUR);
	hold(CONNECTOR_RESUME);
	seconds_pass(20);
	assert_in_range(order_n - before, 5, 12);
	before = order_n;
	clock_freeze(clock_wall() + CLOCK_DAY, clock_mono_ms());
	seconds_pass(20);
	assert_in_range(order_n - before, 9, 12);
	before = order_n;
	clock_freeze(clock_wall() - 2 * CLOCK_DAY, clock_mono_ms());
	seconds_pass(20);
	assert_in_range(order_n - before, 9, 12);
}

static int
takes_a_file(const char *file)
{
	char path[160];

	snprintf(path, sizeof path, "%s/queue/000000000002-m2.ccm", fix->dir);
	unlink(path);
	return program(file);
}

/* One whose file disappears fails again, so that the step ends. */
static void
does_not_wait_for_a_lost_one(void **state)
{
	struct history_action a;

	(void)state;
	fail_some(3);
	mended = true;
	answer = takes_a_file;
	a = wait_until(begin_job(3, "3", 0), "done", 60);
	says(&a, "retry of 3: 2 imported, 1 failed again (its file "
		"disappeared)");
	history_action_release(&a);
}

/* Its holder dies when somebody has stopped it: what was not reached is told all
 * the same, and its lock goes. */
static void
a_stopped_one_is_told_to_its_end(void **state)
{
	struct store *s = connector_store(fix->c);
	struct history_item left;
	struct error err = ERROR_INIT;
	struct actor actor;
	int64_t id;
	int fd;

	(void)state;
	fail_some(2100);
	id = begin_job(2100, NULL, 0);
	fd = jobs_take(s, id, &err);
	assert_true(fd >= 0);
	actor_init(&actor, "ccmq");
	assert_int_equal(jobs_order(s, &actor, id, JOB_STOP, "enough", &err),
		1);
	actor_release(&actor);
	close(fd);
	seconds_pass(10);
	assert_int_equal(history_items_pending(s->history, id, 0, &left, 1,
		&err), 0);
	assert_int_equal(count(fix, STATE_FAILED), 2100);
	assert_int_equal(faccessat(s->spool.dirs[SPOOL_JOBS], "1", F_OK, 0),
		-1);
}

/* After a failed fsync of what a job has moved it ends, as after its own: it is
 * not known what is on disk. */
static void
a_failed_fsync_ends_it(void **state)
{
	struct error err = ERROR_INIT;
	int turns = 0;

	(void)state;
	fail_some(3);
	seconds_pass(1);		/* and are moved */
	mended = true;
	begin_job(3, "3", 0);
	fsync_fails = EIO;
	while (connector_turn(fix->c, &err) == 0) {
		assert_true(++turns < 20);
		clock_advance(CLOCK_SECOND);
	}
	assert_int_equal(err.code, ERROR_UNKNOWN);
	assert_int_equal(fsync_fails, 0);
	assert_int_equal(order_n, 0);
}

static int
place_of(int id)
{
	for (int i = 0; i < order_n; i++)
		if (order[i] == id)
			return i;
	fail_msg("%d was not tried", id);
	return -1;
}

/* How long mail waits that comes at the end of a try, with nothing put back. */
static int64_t
latency_without(void)
{
	drop_at = 1;
	drop(fix, "m2000.ccm");
	settle(fix);
	assert_int_equal(order_n, 2);
	order_n = 0;
	return took_ms;
}

/* Mail that comes while 500 are put back is tried next but one. */
static void
new_mail_is_not_behind(void **state)
{
	struct history_action a;
	int64_t without;

	(void)state;
	fail_some(500);
	mended = true;
	takes_ms = 100;
	without = latency_without();
	drop_at = 50;
	a = wait_until(begin_job(500, NULL, 0), "done", 100);
	history_action_release(&a);
	assert_int_equal(order_n, 501);
	assert_in_range(place_of(3000), 50, 51);
	assert_in_range(took_ms - without, 0, takes_ms);
}

/* Nor does it wait longer beside 30 a minute, thirty times. */
static void
new_mail_beside_a_rate(void **state)
{
	int64_t without;

	(void)state;
	fail_some(200);
	mended = true;
	takes_ms = 100;
	without = latency_without();
	begin_job(200, NULL, 30);
	for (int round = 0; round < 30; round++) {
		drop_at = order_n + 1;
		took_ms = -1;
		while (took_ms < 0)
			seconds_pass(1);
		assert_in_range(took_ms - without, 0, takes_ms);
	}
	assert_in_range(order_n, 60, 64);
}

/* What is put back comes to its turn behind a queue that never ends: one in
 * eight. */
static void
none_starves(void **state)
{
	struct history_action a;
	int last, first;

	(void)state;
	fail_some(40);
	mended = true;
	takes_ms = 100;
	begin_job(40, NULL, 0);
	drop_some(1000, 1999);
	clock_advance(CLOCK_SECOND);
	settle(fix);
	a = wait_until(1, "done", 10);
	history_action_release(&a);
	assert_int_equal(order_n, 1040);
	first = place_of(1);
	last = place_of(40);
	assert_in_range(last - first, 39 * 8 - 8, 39 * 8 + 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stops_by_itself, begin,
			teardown),
		cmocka_unit_test_setup_teardown(a_full_disk_is_told_once, begin,
			teardown),
		cmocka_unit_test_setup_teardown(stops_after_six, begin,
			teardown),
		cmocka_unit_test_setup_teardown(goes_on_with_two_of_25, begin,
			teardown),
		cmocka_unit_test_setup_teardown(pauses_with_four_of_25, begin,
			teardown),
		cmocka_unit_test_setup_teardown(rate_of_30_a_minute, begin,
			teardown),
		cmocka_unit_test_setup_teardown(a_rate_has_no_debts, begin,
			teardown),
		cmocka_unit_test_setup_teardown(does_not_wait_for_a_lost_one,
			begin, teardown),
		cmocka_unit_test_setup_teardown(
			a_stopped_one_is_told_to_its_end, begin, teardown),
		cmocka_unit_test_setup_teardown(a_failed_fsync_ends_it, begin,
			teardown),
		cmocka_unit_test_setup_teardown(new_mail_is_not_behind, begin,
			teardown),
		cmocka_unit_test_setup_teardown(new_mail_beside_a_rate, begin,
			teardown),
		cmocka_unit_test_setup_teardown(none_starves, begin, teardown),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
