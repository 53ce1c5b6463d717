/* SPDX-License-Identifier: ISC */
/*
 * Tests of store and operations: moves from every half-way state, who acts
 * second, and what undo can take back.
 */
#include "unit/unit.h"
#include "base/clock.h"
#include "work/jobs.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char dir[64];
	struct store s;
	struct actor actor;
};

static int
setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof *f);
	struct error err = ERROR_INIT;

	snprintf(f->dir, sizeof f->dir, "store-test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	assert_int_equal(store_create(f->dir, "", &err), 0);
	assert_int_equal(store_open(&f->s, f->dir, "", "ccmq", STORE_WRITE, &err),
		0);
	actor_init(&f->actor, "ccmq");
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	store_close(&f->s);
	actor_release(&f->actor);
	snprintf(command, sizeof command, "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void
touch(const struct fixture *f, const char *dir, const char *name)
{
	char path[200];
	FILE *out;

	snprintf(path, sizeof path, "%s/%s/%s", f->dir, dir, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs("Message:\r\n", out);
	fclose(out);
}

static bool
is_in(const struct fixture *f, const char *dir, int64_t id)
{
	char path[200];

	snprintf(path, sizeof path, "%s/%s/%012lld-M.ccm", f->dir, dir,
		(long long)id);
	return access(path, F_OK) == 0;
}

/* A message of a state, with an open move or none; no file is made. */
static int64_t
add(struct fixture *f, enum state state, enum spool_dir from,
	enum spool_dir to)
{
	struct history_message m = {
		.name = xstrdup("M.ccm"), .true_name = xstrdup("M.ccm"),
		.true_name_len = 5, .state = state, .since = clock_wall(),
		.received_at = clock_wall(), .date_at = HISTORY_NO_TIME,
	};
	struct error err = ERROR_INIT;
	int64_t id;

	if (from != to)
		store_note_move(&m, from, to);
	assert_int_equal(store_begin(&f->s, &err), 0);
	assert_int_equal(history_message_add(f->s.history, &m, &id, &err), 0);
	assert_int_equal(store_commit(&f->s, &err), 0);
	store_end(&f->s);
	history_message_release(&m);
	return id;
}

static void
put_file(struct fixture *f, const char *dir, int64_t id)
{
	char name[SPOOL_FILE_MAX];

	spool_file_name(name, id, "M.ccm");
	touch(f, dir, name);
}

static struct history_message
get(struct fixture *f, int64_t id)
{
	struct history_message m = { 0 };
	struct error err = ERROR_INIT;

	assert_int_equal(history_message_get(f->s.history, id, &m, &err), 1);
	return m;
}

static const struct {
	const char *what;
	bool in_source, in_target;
	bool open_after;
	enum state state;
} halves[] = {
	{ "not begun", true, false, false, STATE_FAILED },
	{ "done, not cleared", false, true, false, STATE_FAILED },
	{ "both there: touched by nobody", true, true, true, STATE_FAILED },
	{ "neither there: lost", false, false, false, STATE_LOST },
};

/* Whoever takes the lock finishes what is open, whoever began it. */
static struct store_moves
take_the_lock(struct fixture *f)
{
	struct store_moves moves = { 0 };
	struct error err = ERROR_INIT;

	f->s.daemon = true;	/* so that it counts them itself */
	assert_int_equal(store_begin(&f->s, &err), 0);
	assert_int_equal(store_finish_moves(&f->s, &moves, &err), 0);
	assert_int_equal(store_commit(&f->s, &err), 0);
	store_end(&f->s);
	f->s.daemon = false;
	return moves;
}

static void
moves_from_every_half(void **state)
{
	struct fixture *f = *state;
	int64_t ids[COUNT(halves)];
	struct store_moves moves;

	f->s.daemon = true;
	for (size_t i = 0; i < COUNT(halves); i++) {
		ids[i] = add(f, STATE_FAILED, SPOOL_QUEUE, SPOOL_FAILED);
		if (halves[i].in_source)
			put_file(f, "queue", ids[i]);
		if (halves[i].in_target)
			put_file(f, "failed", ids[i]);
	}
	moves = take_the_lock(f);
	assert_int_equal(moves.done, 2);
	assert_int_equal(moves.lost, 1);
	assert_int_equal(moves.stuck, 1);
	for (size_t i = 0; i < COUNT(halves); i++) {
		struct history_message m = get(f, ids[i]);

		assert_int_equal(m.state, halves[i].state);
		assert_int_equal(m.move_to != NULL, halves[i].open_after);
		assert_int_equal(m.move_stuck, halves[i].open_after);
		if (halves[i].in_source || halves[i].in_target)
			assert_true(is_in(f, "failed", ids[i]));
		assert_int_equal(is_in(f, "queue", ids[i]),
			halves[i].open_after);
		history_message_release(&m);
	}
}

/* A file that moved on is not lost, whatever its move says. */
static void
elsewhere_is_not_lost(void **state)
{
	struct fixture *f = *state;
	struct history_message m;
	struct store_moves moves;
	int64_t id = add(f, STATE_FAILED, SPOOL_QUEUE, SPOOL_FAILED);

	put_file(f, "quarantine", id);
	moves = take_the_lock(f);
	assert_int_equal(moves.lost, 0);
	assert_int_equal(moves.stuck, 1);
	m = get(f, id);
	assert_int_equal(m.state, STATE_FAILED);
	history_message_release(&m);
}

/* It was imported, whatever became of the copy that should have been kept. */
static void
imported_is_not_lost(void **state)
{
	struct fixture *f = *state;
	struct history_message m;
	int64_t id = add(f, STATE_IMPORTED, SPOOL_QUEUE, SPOOL_IMPORTED);

	assert_int_equal(take_the_lock(f).lost, 0);
	m = get(f, id);
	assert_int_equal(m.state, STATE_IMPORTED);
	assert_false(m.kept);
	assert_null(m.move_to);
	history_message_release(&m);
}

/* Whoever set it aside while it was taken in died before the row said so. */
static void
a_file_that_was_set_aside(void **state)
{
	struct fixture *f = *state;
	struct history_message m;
	struct store_moves moves;
	int64_t id = add(f, STATE_QUEUED, SPOOL_SUBMIT, SPOOL_QUEUE);

	put_file(f, "quarantine", id);
	moves = take_the_lock(f);
	assert_int_equal(moves.done, 1);
	assert_int_equal(moves.stuck, 0);
	m = get(f, id);
	assert_int_equal(m.state, STATE_QUARANTINED);
	assert_null(m.move_to);
	assert_true(is_in(f, "quarantine", id));
	history_message_release(&m);
}

static struct operation_summary
apply(struct fixture *f, enum verb verb, int64_t id, enum state seen)
{
	struct operation op = {
		.actor = &f->actor, .verb = verb_word(verb), .kind = verb,
		.reason = "test",
	};
	struct operation_target t = { id, seen };
	struct operation_summary sum;
	struct error err = ERROR_INIT;

	assert_int_equal(operations_apply(&f->s, &op, &t, 1, &sum, &err), 0);
	return sum;
}

static void
a_verb_finishes_the_open_move_first(void **state)
{
	struct fixture *f = *state;
	int64_t id = add(f, STATE_FAILED, SPOOL_QUEUE, SPOOL_FAILED);
	struct history_message m;

	put_file(f, "queue", id);
	assert_int_equal(apply(f, VERB_QUARANTINE, id, OPERATIONS_ANY).done,
		1);
	assert_true(is_in(f, "quarantine", id));
	m = get(f, id);
	assert_null(m.move_to);
	assert_string_equal(m.action_reason, "test");
	history_message_release(&m);
}

static void
only_the_state_that_was_shown(void **state)
{
	struct fixture *f = *state;
	int64_t id = add(f, STATE_FAILED, SPOOL_FAILED, SPOOL_FAILED);

	put_file(f, "failed", id);
	assert_int_equal(apply(f, VERB_PURGE, id, STATE_FAILED).done, 1);
	/* A second purge of what was shown as failed is not one for good. */
	assert_int_equal(apply(f, VERB_PURGE, id, STATE_FAILED).skipped, 1);
	assert_true(is_in(f, "trash", id));
	assert_int_equal(apply(f, VERB_RESTORE, id, STATE_PURGED).done, 1);
	assert_true(is_in(f, "failed", id));
	assert_int_equal(apply(f, VERB_RELEASE, id, OPERATIONS_ANY).skipped,
		1);
	assert_int_equal(apply(f, VERB_RETRY, 4711, OPERATIONS_ANY).failed, 1);
}

static void
a_running_attempt_notes_one_verb(void **state)
{
	struct fixture *f = *state;
	int64_t id = add(f, STATE_IMPORTING, SPOOL_QUEUE, SPOOL_QUEUE);
	struct history_message m;

	put_file(f, "queue", id);
	assert_int_equal(apply(f, VERB_PURGE, id, OPERATIONS_ANY).noted, 1);
	assert_int_equal(apply(f, VERB_QUARANTINE, id,
		OPERATIONS_ANY).skipped, 1);
	assert_int_equal(apply(f, VERB_RETRY, id, OPERATIONS_ANY).skipped, 1);
	m = get(f, id);
	assert_string_equal(m.noted_verb, "purge");
	history_message_release(&m);
	assert_true(is_in(f, "queue", id));
}

static void
undo_takes_back_what_was_not_touched_since(void **state)
{
	struct fixture *f = *state;
	struct operation op = { .actor = &f->actor, .verb = "undo" };
	struct operation_summary sum;
	struct history_action action;
	struct error err = ERROR_INIT;
	struct operation_target t[2];
	struct operation purge = {
		.actor = &f->actor, .verb = "purge", .kind = VERB_PURGE,
	};

	for (int i = 0; i < 2; i++) {
		t[i].id = add(f, STATE_FAILED, SPOOL_FAILED, SPOOL_FAILED);
		t[i].seen = STATE_FAILED;
		put_file(f, "failed", t[i].id);
	}
	assert_int_equal(operations_apply(&f->s, &purge, t, 2, &sum, &err), 0);
	assert_int_equal(sum.done, 2);
	assert_int_equal(operations_find_undo(&f->s, &f->actor, sum.action,
		&action, &err), 1);
	apply(f, VERB_RESTORE, t[0].id, STATE_PURGED);
	op.undo_of = action.id;
	history_action_release(&action);
	for (int i = 0; i < 2; i++)
		t[i].seen = OPERATIONS_ANY;
	assert_int_equal(operations_apply(&f->s, &op, t, 2, &sum, &err), 0);
	assert_int_equal(sum.done, 1);
	assert_int_equal(sum.skipped, 1);
	assert_true(is_in(f, "failed", t[0].id));
	assert_true(is_in(f, "failed", t[1].id));
}

/* One transaction of n events; the history file's size after it. */
static off_t
write_events(struct fixture *f, int n)
{
	struct error err = ERROR_INIT;
	char path[100];
	struct stat st;

	assert_int_equal(store_begin(&f->s, &err), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(store_event(&f->s, EVENT_STARTED, 0, &err,
			"%0500d", i), 0);
	assert_int_equal(store_commit(&f->s, &err), 0);
	store_end(&f->s);
	snprintf(path, sizeof path, "%s/history.db", f->dir);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* The WAL's file stays long after a checkpoint; that is no reason for one
 * after each commit. */
static void
a_long_wal_is_checkpointed_once(void **state)
{
	struct fixture *f = *state;
	off_t before = write_events(f, 100), after = write_events(f, 10000);

	assert_true(after > before + (4 << 20));
	assert_int_equal(write_events(f, 100), after);
	assert_true(write_events(f, 10000) > after + (4 << 20));
}

/* A statement on messages that fails ends its whole transaction, and the
 * tallies stand for what is there. */
static void
what_fails_takes_its_transaction_with_it(void **state)
{
	struct fixture *f = *state;
	int64_t id = add(f, STATE_FAILED, SPOOL_NOWHERE, SPOOL_NOWHERE);
	struct history_message m = get(f, id);
	struct error err = ERROR_INIT;

	assert_int_equal(store_begin(&f->s, &err), 0);
	m.state = STATE_PURGED;
	assert_int_equal(history_message_update(f->s.history, &m,
		STATE_FAILED, &err), 1);
	assert_int_equal(history_message_put(f->s.history, &m, &err), -1);
	store_end(&f->s);
	history_message_release(&m);
	m = get(f, id);
	assert_int_equal(m.state, STATE_FAILED);
	history_message_release(&m);
	add(f, STATE_FAILED, SPOOL_NOWHERE, SPOOL_NOWHERE);
	assert_int_equal(history_tally_agrees(f->s.history, &err), 1);
}

static bool
stop(void *arg, int64_t done, int64_t total)
{
	(void)arg, (void)done, (void)total;
	return false;
}

static void
copy_result(void *arg, const struct operation_result *r)
{
	*(enum operation_code *)arg = r->result;
}

/* The answer was lost, and meanwhile somebody put it aside and back again. */
static void
a_request_that_is_repeated_does_nothing_twice(void **state)
{
	struct fixture *f = *state;
	int64_t id = add(f, STATE_FAILED, SPOOL_FAILED, SPOOL_FAILED);
	enum operation_code result = OPERATION_PENDING;
	struct operation op = {
		.actor = &f->actor, .verb = "quarantine", .kind =
		VERB_QUARANTINE, .request = "$(a)", .result = copy_result,
		.arg = &result,
	};
	struct operation_target t[2] = { { id, STATE_FAILED }, { 99, 0 } };
	struct operation_summary sum;
	struct error err = ERROR_INIT;
	struct history_message m;
	int64_t action;

	put_file(f, "failed", id);
	assert_int_equal(operations_apply(&f->s, &op, t, 1, &sum, &err), 0);
	action = sum.action;
	apply(f, VERB_RELEASE, id, OPERATIONS_ANY);
	apply(f, VERB_QUARANTINE, id, OPERATIONS_ANY);
	apply(f, VERB_RELEASE, id, OPERATIONS_ANY);
	t[0].seen = STATE_QUEUED;
	assert_int_equal(operations_apply(&f->s, &op, t, 1, &sum, &err), 0);
	assert_int_equal(sum.action, action);
	assert_int_equal(sum.done, 1);
	assert_int_equal(result, OPERATION_DONE);
	m = get(f, id);
	assert_int_equal(m.state, STATE_QUEUED);
	history_message_release(&m);
	/* The same name for something else: nothing, and it says so. */
	assert_int_equal(operations_apply(&f->s, &op, t + 1, 1, &sum, &err),
		0);
	assert_int_equal(sum.failed, 1);
}

/* Stops after the first two of five. The action's id. */
static int64_t
stop_early(struct fixture *f, struct operation *op)
{
	struct operation_target t[5];
	struct operation_summary sum;
	struct error err = ERROR_INIT;

	for (int i = 0; i < 5; i++) {
		t[i].id = add(f, STATE_FAILED, SPOOL_FAILED, SPOOL_FAILED);
		t[i].seen = STATE_FAILED;
		put_file(f, "failed", t[i].id);
	}
	*op = (struct operation){ .actor = &f->actor, .verb = "purge",
		.kind = VERB_PURGE, .batch = 2, .progress = stop };
	assert_int_equal(operations_apply(&f->s, op, t, 5, &sum, &err), 0);
	assert_int_equal(sum.done, 2);
	assert_int_equal(sum.pending, 3);
	op->progress = NULL;
	return sum.action;
}

/* Its list is recorded first, however short, so that it can be gone on with,
 * or dropped. */
static void
what_was_not_reached_is_pending(void **state)
{
	struct fixture *f = *state;
	struct operation op;
	struct operation_target *left;
	struct error err = ERROR_INIT;
	int64_t action = stop_early(f, &op), wait_ms;
	size_t n;

	assert_int_equal(operations_targets(&f->s, action,
		OPERATION_PENDING, &left,
		&n, &err), 0);
	assert_int_equal(n, 3);
	free(left);
	assert_int_equal(jobs_make(&f->s, action, &(struct job_spec){ 0 },
		&err), 0);
	while (jobs_turn(&f->s, action, &wait_ms, &err) > 0)
		;
	assert_int_equal(operations_targets(&f->s, action, OPERATION_DONE,
		&left, &n, &err), 0);
	assert_int_equal(n, 5);
	free(left);
	action = stop_early(f, &op);
	assert_int_equal(jobs_make(&f->s, action, &(struct job_spec){ 0 },
		&err), 0);
	assert_int_equal(jobs_order(&f->s, &f->actor, action, JOB_STOP, NULL,
		&err), 1);
	assert_int_equal(jobs_turn(&f->s, action, &wait_ms, &err), 0);
	assert_int_equal(operations_targets(&f->s, action,
		OPERATION_SKIPPED, &left,
		&n, &err), 0);
	assert_int_equal(n, 3);
	free(left);
}

/* Whoever wrote a list died in its midst: what it has is done, what it has not
 * is counted as not done, and the job ends. */
static void
a_list_that_was_cut_off_ends(void **state)
{
	struct fixture *f = *state;
	struct operation_target t[3];
	struct operation op = { .actor = &f->actor, .verb = "purge",
		.kind = VERB_PURGE, .batch = 2 };
	struct history_action a;
	struct error err = ERROR_INIT;
	int64_t action = 0, wait_ms;
	size_t at = 0;

	for (int i = 0; i < 3; i++) {
		t[i].id = add(f, STATE_FAILED, SPOOL_FAILED, SPOOL_FAILED);
		t[i].seen = STATE_FAILED;
		put_file(f, "failed", t[i].id);
	}
	assert_int_equal(operations_record(&f->s, &op, t, 3, &at, &action,
		&err), 0);
	assert_int_equal(at, 2);
	assert_int_equal(jobs_make(&f->s, action, &(struct job_spec){ 0 },
		&err), 0);
	for (int i = 0; i < 20 && jobs_turn(&f->s, action, &wait_ms, &err) > 0;
	     i++)
		;
	assert_int_equal(history_action_get(f->s.history, action, &a, &err),
		1);
	assert_int_equal(a.done, 2);
	assert_int_equal(a.failed, 1);
	assert_true(a.ended_at != HISTORY_NO_TIME);
	history_action_release(&a);
}

/* A holder died between noting its position and doing what stands before it. */
static void
what_a_dead_holder_had_in_hand_is_done(void **state)
{
	struct fixture *f = *state;
	struct operation op;
	struct history_action a;
	struct error err = ERROR_INIT;
	int64_t action = stop_early(f, &op), wait_ms;

	assert_int_equal(jobs_make(&f->s, action, &(struct job_spec){ 0 },
		&err), 0);
	assert_int_equal(history_action_get(f->s.history, action, &a, &err),
		1);
	a.position = INT64_MAX;
	assert_int_equal(store_begin(&f->s, &err), 0);
	assert_int_equal(history_job_put(f->s.history, &a, &err), 0);
	assert_int_equal(store_commit(&f->s, &err), 0);
	store_end(&f->s);
	history_action_release(&a);
	for (int i = 0; i < 20 && jobs_turn(&f->s, action, &wait_ms, &err) > 0;
	     i++)
		;
	assert_int_equal(history_action_get(f->s.history, action, &a, &err),
		1);
	assert_int_equal(a.done, 5);
	history_action_release(&a);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(moves_from_every_half),
		CASE(a_list_that_was_cut_off_ends),
		CASE(what_a_dead_holder_had_in_hand_is_done),
		CASE(elsewhere_is_not_lost),
		CASE(a_file_that_was_set_aside),
		CASE(imported_is_not_lost),
		CASE(a_verb_finishes_the_open_move_first),
		CASE(a_request_that_is_repeated_does_nothing_twice),
		CASE(only_the_state_that_was_shown),
		CASE(a_running_attempt_notes_one_verb),
		CASE(undo_takes_back_what_was_not_touched_since),
		CASE(a_long_wal_is_checkpointed_once),
		CASE(what_fails_takes_its_transaction_with_it),
		CASE(what_was_not_reached_is_pending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
