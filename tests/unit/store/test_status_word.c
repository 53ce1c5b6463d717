/* SPDX-License-Identifier: ISC */
/* Tests of status_word: what is said comes back, whole or not at all; how the
 * ones before ended; that it needs no room once it is there. */
#include "unit/unit.h"
#include "base/clock.h"
#include "store/status_word.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1795529400000)

static int
open_lock(void)
{
	char path[] = "status-word-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	return fd;
}

static void
round_trip(void **state)
{
	struct status_word_writer s = { 0 };
	struct status_word w;
	int fd = open_lock();

	(void)state;
	clock_freeze(NOW, 1000);
	assert_int_equal(status_word_read(fd, &w), 0);
	/* Before it has begun nothing is written. */
	status_word_set_sign(&s);
	assert_int_equal(status_word_read(fd, &w), 0);
	status_word_begin(&s, fd);
	status_word_set_history(&s, 7, 8);
	status_word_set_submit(&s, 3, 4, NOW - 5);
	status_word_set_error(&s, "history: disk I/O error");
	status_word_set_disk(&s, true);
	clock_advance(5000);
	status_word_set_hand(&s, 1042, NOW, 32);
	status_word_set_answer(&s);
	status_word_set_lane(&s, 2, 0, 0);
	assert_int_equal(status_word_read(fd, &w), 1);
	assert_int_equal(w.started_at, NOW);
	assert_int_equal(w.sign_at, NOW);
	assert_int_equal(w.written_at, NOW + 5000);
	assert_int_equal(w.history_device, 7);
	assert_int_equal(w.history_inode, 8);
	assert_int_equal(w.submit_waiting, 3);
	assert_int_equal(w.submit_ignored, 4);
	assert_int_equal(w.submit_oldest_at, NOW - 5);
	assert_string_equal(w.error, "history: disk I/O error");
	assert_int_equal(w.error_at, NOW);
	assert_int_equal(w.disk_low, 1);
	assert_int_equal(w.hand_id, 1042);
	assert_int_equal(w.hand_count, 32);
	assert_int_equal(w.answer_at, NOW + 5000);
	assert_int_equal(w.lane, 2);
	assert_int_equal(w.lane_since, NOW + 5000);
	status_word_set_error(&s, NULL);
	assert_int_equal(status_word_read(fd, &w), 1);
	assert_int_equal(w.error_at, 0);
	assert_string_equal(w.error, "");
	close(fd);
}

/* Who waits for the store lives, and says for whom if that takes long. */
static void
waits(void **state)
{
	struct status_word_writer s = { 0 };
	struct status_word w;
	int fd = open_lock();

	(void)state;
	clock_freeze(NOW, 1000);
	status_word_begin(&s, fd);
	for (int wait = 0; wait < 2; wait++) {
		clock_advance(60000);
		for (int i = 0; i < 20; i++) {
			status_word_set_waiting(&s, "ccmq 77");
			assert_int_equal(status_word_read(fd, &w), 1);
			assert_int_equal(w.sign_at, clock_wall());
			assert_int_equal(w.error_at != 0, i >= 10);
			clock_advance(1000);
		}
		assert_string_equal(w.error,
			"the store is being written by ccmq 77");
		status_word_set_error(&s, NULL);
	}
	close(fd);
}

/* A byte that is not the writer's: no word, rather than a wrong one. */
static void
torn(void **state)
{
	struct status_word_writer s = { 0 };
	struct status_word w;
	int fd = open_lock();

	(void)state;
	status_word_begin(&s, fd);
	for (size_t i = 0; i < sizeof w; i++) {
		off_t at = STATUS_WORD_OFFSET + (off_t)i;
		char was, other;

		assert_int_equal(pread(fd, &was, 1, at), 1);
		other = (char)(was + 1);
		assert_int_equal(pwrite(fd, &other, 1, at), 1);
		assert_int_equal(status_word_read(fd, &w), 0);
		assert_int_equal(pwrite(fd, &was, 1, at), 1);
	}
	assert_int_equal(status_word_read(fd, &w), 1);
	assert_int_equal(ftruncate(fd, STATUS_WORD_OFFSET + 100), 0);
	assert_int_equal(status_word_read(fd, &w), 0);
	close(fd);
}

/* Neither the line of the lock nor the store's numbers are its. */
static void
its_place(void **state)
{
	struct status_word_writer s = { 0 };
	char before[STATUS_WORD_OFFSET], after[STATUS_WORD_OFFSET];
	int fd = open_lock();

	(void)state;
	memset(before, 'x', sizeof before);
	assert_int_equal(pwrite(fd, before, sizeof before, 0), sizeof before);
	status_word_begin(&s, fd);
	status_word_set_hand(&s, 1, 2, 3);
	assert_int_equal(pread(fd, after, sizeof after, 0), sizeof after);
	assert_memory_equal(before, after, sizeof before);
	close(fd);
}

static void
ends(void **state)
{
	struct status_word_writer s = { 0 };
	char why[STATUS_WORD_TEXT];
	struct status_word w;
	int fd = open_lock();

	(void)state;
	clock_freeze(NOW, 1000);
	status_word_begin(&s, fd);
	status_word_end(&s, STATUS_WORD_ASKED, "on request");
	status_word_end(&s, STATUS_WORD_FAILED, "too late");
	assert_int_equal(status_word_read(fd, &w), 1);
	assert_int_equal(w.end, STATUS_WORD_ASKED);
	assert_string_equal(w.end_why, "on request");
	/* One that was told to end is no bad one. */
	status_word_begin(&s, fd);
	assert_int_equal(s.w.bad_end_at[0], 0);

	/* It is killed, and says by what; or by what it cannot say. */
	status_word_note_signal(SIGSEGV);
	status_word_how_ended(fd, &s.w, why);
	assert_string_equal(why, "killed by signal 11");
	clock_advance(1000);
	status_word_begin(&s, fd);
	assert_int_equal(s.w.bad_end_at[0], NOW);
	assert_string_equal(s.w.bad_end_why, "killed by signal 11");
	status_word_how_ended(fd, &s.w, why);
	assert_string_equal(why, "killed by signal 9");
	clock_advance(1000);
	status_word_set_sign(&s);
	status_word_begin(&s, fd);
	assert_int_equal(s.w.bad_end_at[0], NOW + 2000);
	assert_int_equal(s.w.bad_end_at[1], NOW);

	/* A machine that was started anew since. */
	memset(s.w.boot, '0', 36);
	status_word_set_sign(&s);
	status_word_how_ended(fd, &s.w, why);
	assert_string_equal(why, "the machine went down");
	status_word_end(&s, STATUS_WORD_REPLACED, "history.db was replaced");
	status_word_how_ended(fd, &s.w, why);
	assert_string_equal(why, "history.db was replaced");
	/* A signal that comes then is not said of the one that has ended. */
	status_word_note_signal(SIGTERM);
	status_word_begin(&s, fd);
	assert_string_equal(s.w.bad_end_why, "history.db was replaced");
	for (int i = 0; i < 3 * STATUS_WORD_ENDS; i++)
		status_word_begin(&s, fd);
	assert_true(s.w.bad_end_at[STATUS_WORD_ENDS - 1] > 0);
	status_word_end(&s, STATUS_WORD_ASKED, "");
	close(fd);
}

/* Once it has begun `lock` does not grow. */
static void
needs_no_room(void **state)
{
	struct status_word_writer s = { 0 };
	struct rlimit old, none;
	struct stat before, after;
	struct status_word w;
	int fd = open_lock();

	(void)state;
	status_word_begin(&s, fd);
	assert_int_equal(fstat(fd, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none = old;
	none.rlim_cur = (rlim_t)before.st_size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	status_word_set_error(&s, "No space left on device");
	status_word_note_signal(SIGABRT);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(fstat(fd, &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(before.st_blocks, after.st_blocks);
	assert_int_equal(status_word_read(fd, &w), 1);
	assert_string_equal(w.error, "No space left on device");
	status_word_end(&s, STATUS_WORD_ASKED, "");
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(waits),
		cmocka_unit_test(torn),
		cmocka_unit_test(its_place),
		cmocka_unit_test(ends),
		cmocka_unit_test(needs_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
