/* SPDX-License-Identifier: ISC */
/* Tests of spool: names that are dropped, names in the store, locks. */
#include "unit/unit.h"
#include "base/clock.h"
#include "base/files.h"
#include "store/follower.h"
#include "store/spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *what, *in, *out;
} names[] = {
	{ "plain", "Msg4F2C.ccm", "Msg4F2C.ccm" },
	{ "upper case ending", "A.CCM", "A.ccm" },
	{ "blank and slash-like", "a b\\c.ccm", "a_b_c.ccm" },
	{ "line feed and escape", "a\n\x1b[2J.ccm", "a___2J.ccm" },
	{ "leading dash", "-rf.ccm", "_rf.ccm" },
	{ "only dots", "..ccm", "_.ccm" },
	{ "nothing before the ending", ".ccm", "_.ccm" },
	{ "not UTF-8", "\xff\xfe.ccm", "__.ccm" },
	{ "64 bytes", "0123456789012345678901234567890123456789012345678901"
		"234567890123ZZZ.ccm", "01234567890123456789012345678901234567"
		"89012345678901234567890123.ccm" },
};

/* Since when a file is there, by its times and the clock's. */
static const struct {
	const char *what;
	int64_t written, changed, came;
} times[] = {
	{ "written there", 100, 100, 100 },
	{ "moved there", 50, 100, 100 },
	{ "by another clock, ahead", 900, 100, 100 },
	{ "before the clock was set back", 50, 900, 50 },
	{ "both", 900, 901, 900 },
};

static void
came_at(void **state)
{
	struct stat st = { 0 };

	(void)state;
	clock_freeze(200 * CLOCK_SECOND, 1000);
	for (size_t i = 0; i < COUNT(times); i++) {
		st.st_mtim.tv_sec = times[i].written;
		st.st_ctim.tv_sec = times[i].changed;
		assert_int_equal(spool_came_at(&st), times[i].came *
			CLOCK_SECOND);
	}
	clock_use_system();
}

static void
reduced_names(void **state)
{
	char out[SPOOL_NAME_MAX + 5];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		spool_reduce_name(out, names[i].in, strlen(names[i].in));
		assert_string_equal(out, names[i].out);
	}
}

static void
message_names(void **state)
{
	(void)state;
	assert_true(spool_is_message_name("a.ccm"));
	assert_true(spool_is_message_name("a.CcM"));
	assert_false(spool_is_message_name(".a.ccm"));
	assert_false(spool_is_message_name("a.ccm.tmp"));
	assert_false(spool_is_message_name("ccm"));
}

static void
file_names(void **state)
{
	char out[SPOOL_FILE_MAX];
	int64_t id = 7;

	(void)state;
	spool_file_name(out, 1042, "Msg.ccm");
	assert_string_equal(out, "000000001042-Msg.ccm");
	assert_true(spool_parse_file_name(out, &id));
	assert_int_equal(id, 1042);
	spool_file_name(out, SPOOL_ID_MAX, "Msg.ccm");
	assert_true(spool_parse_file_name(out, &id));
	assert_true(id == SPOOL_ID_MAX);
	id = 7;
	assert_false(spool_parse_file_name("1042-Msg.ccm", &id));
	assert_false(spool_parse_file_name("000000001042-Msg.txt", &id));
	assert_false(spool_parse_file_name("000000000000-Msg.ccm", &id));
	assert_false(spool_parse_file_name("99999999999999999999-a.ccm", &id));
	/* Nothing could come after it. */
	assert_false(spool_parse_file_name("9223372036854775807-a.ccm", &id));
	assert_int_equal(id, 7);
}

/* A second process sees who holds the lock, and does not get it. */
static void
one_lock(void **state)
{
	char dir[] = "spool-test.XXXXXX", who[128], command[64];
	struct error err = ERROR_INIT;
	struct spool a, b;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(spool_create(dir, "", &err), 0);
	assert_int_equal(spool_open(&a, dir, "", true, &err), 0);
	assert_int_equal(spool_open(&b, dir, "", true, &err), 0);
	assert_int_equal(spool_ask_lock(&b, who, sizeof who, &err), 0);
	assert_int_equal(spool_take_lock(&a, "ccmqd", who, sizeof who, &err),
		0);
	assert_int_equal(spool_take_lock(&b, "ccmq", who, sizeof who, &err),
		1);
	assert_int_equal(strncmp(who, "ccmqd ", 6), 0);
	assert_int_equal(spool_ask_lock(&b, who, sizeof who, &err), 1);
	spool_drop_lock(&a);
	assert_int_equal(spool_ask_lock(&b, who, sizeof who, &err), 0);
	spool_set_check_needed(&a, true, &err);
	assert_true(spool_check_needed(&b));
	spool_close(&a);
	spool_close(&b);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

/* A directory that is not setgid would lock people out of their own files. */
static void
refuses_wrong_modes(void **state)
{
	char dir[] = "spool-test.XXXXXX", command[96];
	struct error err = ERROR_INIT;
	struct spool s;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(spool_create(dir, "", &err), 0);
	snprintf(command, sizeof command, "chmod g-s %s/failed", dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(spool_open(&s, dir, "", true, &err), -1);
	assert_non_null(strstr(err.text, "setgid"));
	assert_int_equal(spool_open(&s, dir, "", false, &err), 0);
	spool_close(&s);
	snprintf(command, sizeof command,
		"chmod g+s %s/failed; chmod 0666 %s/write.lock", dir, dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(spool_open(&s, dir, "", true, &err), -1);
	assert_non_null(strstr(err.text, "0660"));
	snprintf(command, sizeof command, "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

/* What cannot be read is not the end of a directory. */
static void
names_that_cannot_be_read(void **state)
{
	struct error err = ERROR_INIT;
	const struct dirent *d;
	DIR *dir = fs_open_names(AT_FDCWD, ".", &err);

	(void)state;
	assert_non_null(dir);
	assert_int_equal(fs_next(dir, &d, &err), 1);
	while (fs_next(dir, &d, &err) > 0)
		assert_string_not_equal(d->d_name, ".");
	assert_int_equal(err.code, ERROR_NONE);
	rewinddir(dir);
	close(dirfd(dir));
	assert_int_equal(fs_next(dir, &d, &err), -1);
	assert_non_null(strstr(err.text, "read the names"));
	closedir(dir);
}

static void
nobody_is_lost(void *arg, const char *name, int64_t txn)
{
	(void)name;
	(void)txn;
	*(bool *)arg = true;
}

/* Where it is not known who follows, what any may still need is kept. */
static void
followers_that_cannot_be_read(void **state)
{
	struct store s = { 0 };
	bool lost = false;
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	s.spool.dirs[SPOOL_FOLLOWERS] = fd;
	assert_int_equal(followers_before(&s, 5000, 1000, nobody_is_lost,
		&lost), 4000);
	s.spool.dirs[SPOOL_FOLLOWERS] = -1;
	assert_int_equal(followers_before(&s, 5000, 1000, nobody_is_lost,
		&lost), 5000);
	assert_false(lost);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reduced_names),
		cmocka_unit_test(came_at),
		cmocka_unit_test(message_names),
		cmocka_unit_test(file_names),
		cmocka_unit_test(one_lock),
		cmocka_unit_test(refuses_wrong_modes),
		cmocka_unit_test(names_that_cannot_be_read),
		cmocka_unit_test(followers_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
