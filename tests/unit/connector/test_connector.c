/* SPDX-License-Identifier: ISC */
/* Tests of the connector as a whole: thirty days in a second or two. */
#include "unit/connector/fixture.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
events_of(struct fixture *f, int number)
{
	struct history *h = connector_store(f->c)->history;
	struct history_event rows[50];
	struct error err = ERROR_INIT;
	int64_t after = 0;
	int found = 0, n;

	while ((n = history_events(h, after, rows, 50, &err)) > 0)
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			found += rows[i].number == number;
			history_event_release(&rows[i]);
		}
	assert_int_equal(n, 0);
	return found;
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
	/* It is tried in vain all day, not anew with each try. */
	assert_int_equal(events_of(f, EVENT_VERDICT), 1);
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
	pass(f, 3 * CLOCK_DAY);
	assert_int_equal(starts, 5);
	assert_int_equal(count(f, STATE_FAILED), 5);
}

static int
odd_is_poison(const char *file)
{
	return atoi(file + 1) % 2;
}

static void
retry_all_failed(struct fixture *f)
{
	struct store *s = connector_store(f->c);
	struct operation op = { .verb = "retry", .kind = VERB_RETRY };
	struct operation_summary sum = { 0 };
	struct operation_target *targets;
	struct error err = ERROR_INIT;
	struct actor actor;
	size_t n = 0, rows = (size_t)count(f, STATE_FAILED);
	struct history_message m;

	targets = xcalloc(rows, sizeof *targets);
	for (int64_t id = 1; n < rows; id++) {
		m = message(f, id);
		if (m.state == STATE_FAILED)
			targets[n++] = (struct operation_target){ id,
				STATE_FAILED };
		history_message_release(&m);
	}
	actor_init(&actor, "ccmq");
	op.actor = &actor;
	assert_int_equal(operations_apply(s, &op, targets, n, &sum, &err), 0);
	assert_int_equal(sum.done, (int64_t)rows);
	actor_release(&actor);
	free(targets);
}

/* Five hundred poisons that a person retried are no reason to stop. */
static void
retried_poisons_do_not_stop_new_mail(void **state)
{
	struct fixture *f = *state;
	struct history_connector row;
	struct error err = ERROR_INIT;
	char name[32];

	answer = odd_is_poison;
	for (int i = 1; i < 1000; i += 2)
		for (int n = i; n <= i + (i % 8 == 7); n++) {
			snprintf(name, sizeof name, "M%04d.ccm", n);
			drop(f, name);
		}
	settle(f);
	assert_int_equal(count(f, STATE_FAILED), 500);
	assert_int_equal(count(f, STATE_QUEUED), 0);
	starts = 0;
	retry_all_failed(f);
	drop(f, "M2000.ccm");
	settle(f);
	assert_int_equal(count(f, STATE_FAILED), 500);
	assert_int_equal(count(f, STATE_QUEUED), 0);
	assert_int_equal(starts, 501);
	assert_int_equal(history_connector_get(
		connector_store(f->c)->history, &row, &err), 0);
	assert_false(row.breaker_open);
	history_connector_release(&row);
}

/* --- what was read is not what is renamed ------------------------------- */

static const struct fixture *at;

static char *
submit(const char *name, char path[128])
{
	snprintf(path, 128, "%s/submit/%s", at->dir, name);
	return path;
}

static void
change_them(void)
{
	char path[128], other[128];
	FILE *longer = fopen(submit("Longer.ccm", path), "a");

	meanwhile = NULL;
	assert_non_null(longer);
	fputs("more\r\n", longer);
	fclose(longer);
	assert_int_equal(unlink(submit("Link.ccm", path)), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(unlink(submit("Dir.ccm", path)), 0);
	assert_int_equal(mkdir(path, 0770), 0);
	assert_int_equal(unlink(submit("Fifo.ccm", path)), 0);
	assert_int_equal(mkfifo(path, 0660), 0);
	assert_int_equal(link(submit("Twice.ccm", path),
		submit("other", other)), 0);
	assert_int_equal(unlink(submit("Gone.ccm", path)), 0);
}

static void
files_that_change_while_taken_in(void **state)
{
	static const struct {
		const char *name;
		enum state state;
	} wanted[] = {
		{ "Longer.ccm", STATE_IMPORTED }, { "Same.ccm", STATE_IMPORTED },
		{ "Link.ccm", STATE_QUARANTINED },
		{ "Dir.ccm", STATE_QUARANTINED },
		{ "Fifo.ccm", STATE_QUARANTINED },
		{ "Twice.ccm", STATE_QUARANTINED }, { "Gone.ccm", STATE_LOST },
	};
	const size_t n = sizeof wanted / sizeof *wanted;
	struct fixture *f = *state;
	int64_t same = 0, longer = 0;

	at = f;
	answer = same_code;
	code_now = 0;
	for (size_t i = 0; i < n; i++)
		drop(f, wanted[i].name);
	meanwhile = change_them;
	settle(f);
	for (int64_t id = 1; id <= (int64_t)n; id++) {
		struct history_message m = message(f, id);
		size_t i = 0;

		while (strcmp(wanted[i].name, m.name) != 0)
			assert_true(++i < n);
		if (m.state != wanted[i].state)
			fail_msg("%s is %s", m.name, state_word(m.state));
		if (i == 0)
			longer = m.size;
		if (i == 1)
			same = m.size;
		history_message_release(&m);
	}
	/* Two bytes of the names' lengths, and what was added: read anew. */
	assert_int_equal(longer, same + 2 + 6);
	assert_int_equal(starts, 2);
}

/* --- what does not fit ----------------------------------------------------- */

static void
drop_large(const struct fixture *f, const char *name, off_t size)
{
	char path[128];

	drop(f, name);
	snprintf(path, sizeof path, "%s/submit/%s", f->dir, name);
	assert_int_equal(truncate(path, size), 0);
}

/* However many they are, they hide nobody; each takes its turn as soon as there
 * is room, and nobody has to ring for that. */
static void
too_large_hides_nobody(void **state)
{
	struct fixture *f = *state;
	char name[32];

	answer = same_code;
	code_now = 0;
	room = 1 << 20;
	for (int i = 0; i < 1101; i++) {
		snprintf(name, sizeof name, "A%04d.ccm", i);
		drop_large(f, name, 2 << 20);
	}
	settle(f);
	clock_advance(CLOCK_SECOND);
	drop(f, "Small.ccm");
	settle(f);
	assert_int_equal(count(f, STATE_IMPORTED), 1);
	assert_int_equal(count(f, STATE_QUEUED), 0);
	assert_int_equal(count(f, STATE_DEFERRED), 1101);
	assert_in_range(events_of(f, EVENT_TOO_LARGE), 1, 3);
	for (int i = 0; i < 60; i++) {
		clock_advance(CLOCK_SECOND);
		settle(f);
	}
	assert_int_equal(starts, 1);
	assert_in_range(events_of(f, EVENT_TOO_LARGE), 1, 3);
	room = UINT64_C(1) << 30;
	clock_advance(2 * CLOCK_SECOND);
	settle(f);
	assert_int_equal(count(f, STATE_IMPORTED), 1102);
}

/* --- its file changes during its attempt ----------------------------------- */

static const char *note_verb;

static int
grow(const char *file)
{
	struct operation op = { .verb = note_verb };
	struct operation_target target = { 1, OPERATIONS_ANY };
	struct operation_summary sum = { 0 };
	struct error err = ERROR_INIT;
	struct actor actor;
	char path[160];
	FILE *out;

	snprintf(path, sizeof path, "%s/queue/000000000001-%s", at->dir, file);
	out = fopen(path, "a");
	assert_non_null(out);
	fputs("more\r\n", out);
	fclose(out);
	if (!note_verb)
		return 0;
	actor_init(&actor, "ccmq");
	op.actor = &actor;
	assert_true(verb_parse(note_verb, &op.kind));
	assert_int_equal(operations_apply(connector_store(at->c), &op,
		&target, 1, &sum, &err), 0);
	assert_int_equal(sum.noted, 1);
	actor_release(&actor);
	note_verb = NULL;
	return 0;
}

/* Whatever the program says, it was not imported: read anew under another key,
 * and at the third time set aside. */
static void
changed_during_its_attempts(void **state)
{
	struct fixture *f = *state;
	struct history_message m;
	char *key;

	at = f;
	answer = same_code;
	code_now = 4;
	note_verb = NULL;
	drop(f, "M1.ccm");
	settle(f);
	m = message(f, 1);
	key = xstrdup(m.key);
	history_message_release(&m);
	answer = grow;
	pass(f, CLOCK_HOUR);
	m = message(f, 1);
	assert_string_not_equal(m.key, key);
	assert_int_equal(m.state, STATE_QUARANTINED);
	assert_true(m.maybe_delivered);
	assert_int_equal(starts, 4);
	assert_int_equal(m.tries, 1);
	history_message_release(&m);
	free(key);
	assert_int_equal(events_of(f, EVENT_CHANGED), 3);
	assert_int_equal(count(f, STATE_IMPORTED), 0);
}

/* What an operator asked for meanwhile is done when it ends. */
static void
changed_and_noted(void **state)
{
	struct fixture *f = *state;
	struct history_message m;

	at = f;
	answer = grow;
	note_verb = "purge";
	drop(f, "M1.ccm");
	settle(f);
	m = message(f, 1);
	assert_int_equal(m.state, STATE_PURGED);
	assert_null(m.noted_verb);
	history_message_release(&m);
	pass(f, CLOCK_HOUR);
	assert_int_equal(starts, 1);
}

/* --- the clock ---------------------------------------------------------------- */

static void
purge_first(struct fixture *f)
{
	struct operation op = { .verb = "purge", .kind = VERB_PURGE };
	struct operation_target target = { 1, OPERATIONS_ANY };
	struct operation_summary sum = { 0 };
	struct error err = ERROR_INIT;
	struct actor actor;

	answer = same_code;
	code_now = 5;
	drop(f, "M1.ccm");
	settle(f);
	actor_init(&actor, "ccmq");
	op.actor = &actor;
	assert_int_equal(operations_apply(connector_store(f->c), &op,
		&target, 1, &sum, &err), 0);
	actor_release(&actor);
	code_now = 0;
	drop(f, "M2.ccm");
	pass(f, 20 * CLOCK_MINUTE);
	assert_int_equal(count(f, STATE_PURGED), 1);
}

/* A start with a clock that is wrong by that much. */
static void
restart_off_by(struct fixture *f, int64_t ms)
{
	struct error err = ERROR_INIT;
	int64_t now = clock_wall();

	assert_int_equal(connector_end(f->c, &err), 0);
	connector_free(f->c);
	clock_freeze(now + ms, 5000);
	open_connector(f);
}

/* Three years ahead at a start: nothing goes for a day of running, over a
 * restart, too; then what is old by that clock does. */
static void
a_clock_ahead_empties_no_trash(void **state)
{
	struct fixture *f = *state;

	purge_first(f);
	restart_off_by(f, 3 * 365 * CLOCK_DAY);
	pass(f, 12 * CLOCK_HOUR);
	restart_off_by(f, 2 * CLOCK_SECOND);
	pass(f, 11 * CLOCK_HOUR);
	assert_int_equal(count(f, STATE_PURGED), 1);
	assert_int_equal(events_of(f, EVENT_CLOCK), 1);
	pass(f, 2 * CLOCK_HOUR);
	assert_int_equal(count(f, STATE_PURGED), 0);
	assert_int_equal(count(f, STATE_REMOVED), 1);
}

static void
a_clock_behind_empties_none(void **state)
{
	struct fixture *f = *state;

	purge_first(f);
	restart_off_by(f, -3 * 365 * CLOCK_DAY);
	pass(f, 12 * CLOCK_HOUR);
	assert_int_equal(events_of(f, EVENT_CLOCK), 1);
	restart_off_by(f, 3 * 365 * CLOCK_DAY);
	pass(f, 11 * CLOCK_HOUR);
	assert_int_equal(count(f, STATE_PURGED), 1);
	assert_int_equal(count(f, STATE_IMPORTED), 1);
}

/* A history of before this was kept knows when it ran last. */
static void
a_clock_ahead_after_an_upgrade(void **state)
{
	struct fixture *f = *state;
	struct store *s = connector_store(f->c);
	struct history_connector row = { 0 };
	struct error err = ERROR_INIT;

	purge_first(f);
	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(history_connector_get(s->history, &row, &err), 0);
	row.newest_at = 0;
	assert_int_equal(history_connector_put(s->history, &row, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
	store_end(s);
	history_connector_release(&row);
	restart_off_by(f, 3 * 365 * CLOCK_DAY);
	pass(f, 12 * CLOCK_HOUR);
	assert_int_equal(count(f, STATE_PURGED), 1);
}

/* A host that sleeps each night, when the monotonic clock stands. */
static void
who_sleeps_each_night_retires_mail(void **state)
{
	struct fixture *f = *state;
	int64_t wall, mono;

	purge_first(f);
	for (int day = 0; day < 12; day++) {
		pass(f, 16 * CLOCK_HOUR);
		wall = clock_wall();
		mono = clock_mono_ms();
		clock_freeze(wall + 8 * CLOCK_HOUR, mono);
		settle(f);
	}
	pass(f, 16 * CLOCK_HOUR);
	assert_int_equal(count(f, STATE_PURGED), 0);
	assert_int_equal(count(f, STATE_REMOVED), 1);
}

/* --- a disk that fails --------------------------------------------------- */

/* A submit/ that nothing can be moved out of: its files are not taken in one
 * after the other, and all come when it is mended. */
static void
a_submit_that_stands(void **state)
{
	struct fixture *f = *state;
	char name[32];

	answer = same_code;
	code_now = 0;
	settle(f);
	rename_fails = EACCES;
	for (int i = 0; i < 3500; i++) {
		snprintf(name, sizeof name, "M%d.ccm", i);
		drop(f, name);
	}
	for (int i = 0; i < 20; i++)
		pass(f, 20 * CLOCK_SECOND);
	assert_in_range(count(f, STATE_QUEUED), 1, 2000);
	rename_fails = 0;
	pass(f, CLOCK_HOUR);
	assert_int_equal(count(f, STATE_IMPORTED), 3500);
	assert_int_equal(starts, 3500);
}

/* A move that cannot be carried out is marked and tried again with a growing
 * pause; its message is taken in once, and others go on. */
static void
a_failed_rename_is_tried_again(void **state)
{
	struct fixture *f = *state;
	struct error err = ERROR_INIT;
	struct history_message m;

	answer = same_code;
	code_now = 0;
	settle(f);
	rename_fails = EIO;
	drop(f, "M1.ccm");
	for (int i = 0; i < 5; i++)
		pass(f, 20 * CLOCK_SECOND);
	assert_int_equal(starts, 0);
	m = message(f, 1);
	assert_true(m.move_stuck);
	assert_int_equal(m.state, STATE_QUEUED);
	history_message_release(&m);
	assert_int_equal(history_message_get(connector_store(f->c)->history,
		2, &m, &err), 0);
	rename_fails = 0;
	drop(f, "M2.ccm");
	settle(f);
	assert_int_equal(starts, 1);
	pass(f, 6 * CLOCK_MINUTE);
	assert_int_equal(count(f, STATE_IMPORTED), 2);
	assert_int_equal(starts, 2);
}

/* Who asked for its end does not wait for the disk. */
static void
a_disk_that_stays_broken_does_not_keep_it(void **state)
{
	struct fixture *f = *state;
	struct error err = ERROR_INIT;
	int turns = 0;

	answer = same_code;
	settle(f);
	statvfs_fails = EIO;
	clock_advance(2 * CLOCK_SECOND);
	connector_stop(f->c, false);
	while (connector_turn(f->c, &err) == 0) {
		assert_true(++turns < 20);
		clock_advance(2 * CLOCK_SECOND);
	}
	assert_int_equal(err.sys, EIO);
}

/* A failed fsync may say 0 the next time: nothing starts before a check. */
static void
a_failed_fsync_ends_it_and_holds(void **state)
{
	struct fixture *f = *state;
	struct history_connector row;
	struct error err = ERROR_INIT;

	answer = same_code;
	code_now = 0;
	settle(f);
	syncfs_fails = ENOSPC;
	drop(f, "M1.ccm");
	assert_int_equal(connector_turn(f->c, &err), -1);
	assert_int_equal(err.code, ERROR_UNKNOWN);
	connector_free(f->c);
	syncfs_fails = 0;
	open_connector(f);
	pass(f, CLOCK_HOUR);
	assert_int_equal(starts, 0);
	assert_int_equal(history_connector_get(
		connector_store(f->c)->history, &row, &err), 0);
	assert_true(row.hold && row.needs_check);
	history_connector_release(&row);
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
		cmocka_unit_test_setup_teardown(
			retried_poisons_do_not_stop_new_mail, setup, teardown),
		cmocka_unit_test_setup_teardown(
			files_that_change_while_taken_in, setup, teardown),
		cmocka_unit_test_setup_teardown(too_large_hides_nobody,
			setup, teardown),
		cmocka_unit_test_setup_teardown(changed_during_its_attempts,
			setup, teardown),
		cmocka_unit_test_setup_teardown(changed_and_noted,
			setup, teardown),
		cmocka_unit_test_setup_teardown(a_clock_ahead_empties_no_trash,
			setup, teardown),
		cmocka_unit_test_setup_teardown(a_clock_behind_empties_none,
			setup, teardown),
		cmocka_unit_test_setup_teardown(a_clock_ahead_after_an_upgrade,
			setup, teardown),
		cmocka_unit_test_setup_teardown(who_sleeps_each_night_retires_mail,
			setup, teardown),
		cmocka_unit_test_setup_teardown(a_submit_that_stands,
			setup, teardown),
		cmocka_unit_test_setup_teardown(a_failed_rename_is_tried_again,
			setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_disk_that_stays_broken_does_not_keep_it, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			a_failed_fsync_ends_it_and_holds, setup, teardown),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
