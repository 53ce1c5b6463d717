/*
 * Tests of delivered and maildir: once, in one copy, whatever was left by a
 * crash. Crashes at every system call are in tests/system/import_crash.sh.
 */
#include "unit/unit.h"
#include "import/delivered.h"
#include "base/files.h"
#include "import/maildir.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int po;
static char *dir;

static int
make_po(void **state)
{
	struct error err;

	(void)state;
	dir = xasprintf("test_maildir.%d", (int)getpid());
	if (mkdir(dir, 0700) < 0)
		return -1;
	po = fs_open_dir(AT_FDCWD, dir, &err);
	return po < 0 ? -1 : 0;
}

static int
remove_po(void **state)
{
	struct error err;

	(void)state;
	close(po);
	if (fs_remove_tree(AT_FDCWD, dir, &err) < 0)
		return -1;
	free(dir);
	return 0;
}

static size_t
count_in(const char *path)
{
	int fd = openat(po, path, O_RDONLY | O_DIRECTORY);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	size_t count = 0;

	while (d && readdir(d))
		count++;
	if (d)
		closedir(d);
	return d ? count - 2 : 0;
}

static int
stage(const char *key, const char *text)
{
	struct error err = ERROR_INIT;
	int fd = maildir_stage(po, key, &err);

	if (fd < 0)
		fail_msg("%s", err.text);
	assert_int_equal(fs_write_all(fd, text, strlen(text), &err), 0);
	return fd;
}

static void
deliver(const char *key, const char *const *boxes, size_t count)
{
	struct error err = ERROR_INIT;
	int fd = stage(key, "mail\n");

	if (maildir_commit(po, key, fd, boxes, count, &err) < 0)
		fail_msg("%s", err.text);
	close(fd);
}

static bool
is_delivered(const char *key, const char *who)
{
	struct delivered d = DELIVERED_INIT;
	struct error err = ERROR_INIT;
	bool has;

	if (delivered_load(po, key, &d, &err) < 0)
		fail_msg("%s", err.text);
	has = delivered_has(&d, who);
	delivered_release(&d);
	return has;
}

static void
several_mailboxes(void **state)
{
	static const char *const boxes[] = { "jane", "admin", "notices" };
	struct error err = ERROR_INIT;
	struct str text = STR_INIT;

	(void)state;
	deliver("u-1.1", boxes, 3);
	for (int i = 0; i < 3; i++)
		assert_true(is_delivered("u-1.1", boxes[i]));
	assert_false(is_delivered("u-1.1", "jan"));
	assert_false(is_delivered("u-1", "jane"));
	assert_int_equal(fs_read_file(po, "mail/jane/new/u-1.1", 100, &text,
		&err), 1);
	assert_string_equal(text.data, "mail\n");
	assert_int_equal(faccessat(po, "mail/notices/cur", F_OK, 0), 0);
	assert_int_equal(faccessat(po, "mail/notices/tmp", F_OK, 0), 0);
	assert_int_equal(count_in(MAILDIR_STAGING), 0);
	str_release(&text);
}

/* What the record does not know but new/ has stays one copy. */
static void
a_copy_in_new_is_enough(void **state)
{
	static const char *const boxes[] = { "one" };

	(void)state;
	deliver("u-2.1", boxes, 1);
	assert_int_equal(unlinkat(po, "delivered", AT_REMOVEDIR), -1);
	deliver("u-2.1", boxes, 1);
	assert_int_equal(count_in("mail/one/new"), 1);
	assert_int_equal(count_in(MAILDIR_STAGING), 0);
}

static void
put(const char *path, const char *text)
{
	struct error err;
	int fd = openat(po, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fs_write_all(fd, text, strlen(text), &err), 0);
	close(fd);
}

static void
recovery(void **state)
{
	static const char *const boxes[] = { "rec" };
	struct error err = ERROR_INIT;

	(void)state;
	/* Recorded, but not moved: goes on. */
	put(MAILDIR_STAGING "/u-3.1=rec", "three\n");
	assert_int_equal(delivered_add(po, "u-3.1", boxes, 1, &err), 0);
	/* Neither recorded nor complete: goes away. */
	put(MAILDIR_STAGING "/u-4.1=rec", "four\n");
	put(MAILDIR_STAGING "/u-4.1.part", "fo");
	if (maildir_recover(po, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(count_in("mail/rec/new"), 1);
	assert_int_equal(faccessat(po, "mail/rec/new/u-3.1", F_OK, 0), 0);
	assert_int_equal(count_in(MAILDIR_STAGING), 0);
	assert_false(is_delivered("u-4.1", "rec"));
	assert_int_equal(maildir_recover(po, &err), 0);
}

/* The file that holds the lines of a key. */
static char *
file_of(const char *key)
{
	DIR *d = fdopendir(openat(po, "delivered", O_RDONLY | O_DIRECTORY));
	struct dirent *e;
	char *found = NULL;

	while ((e = readdir(d))) {
		char *path = xasprintf("delivered/%s", e->d_name);
		struct str text = STR_INIT;
		struct error err;

		if (e->d_name[0] != '.' &&
		    fs_read_file(po, path, 1 << 20, &text, &err) == 1 &&
		    strstr(text.data, key))
			found = xstrdup(path);
		str_release(&text);
		free(path);
	}
	closedir(d);
	return found;
}

static void
a_torn_record_is_none(void **state)
{
	static const char *const who[] = { "jane", "janet" };
	struct error err = ERROR_INIT;
	struct str text = STR_INIT;
	char *path;

	(void)state;
	assert_int_equal(delivered_add(po, "u-5.1", who, 1, &err), 0);
	path = file_of("u-5.1 ");
	assert_non_null(path);
	put(path, "u-5.1 jane");
	assert_false(is_delivered("u-5.1", "jane"));
	assert_int_equal(delivered_add(po, "u-5.1", who + 1, 1, &err), 0);
	assert_true(is_delivered("u-5.1", "janet"));
	assert_false(is_delivered("u-5.1", "jane"));
	assert_int_equal(fs_read_file(po, path, 100, &text, &err), 1);
	assert_string_equal(text.data, "u-5.1 janet\n");
	str_release(&text);
	free(path);
}

/* Bounded, and the newest, whole keys, stay. */
static void
records_are_bounded(void **state)
{
	static const char *const who[] = { "a", "b" };
	struct error err = ERROR_INIT;
	struct str big = STR_INIT;
	struct stat st;
	char *path;

	(void)state;
	assert_int_equal(delivered_add(po, "u-6.1", who, 1, &err), 0);
	path = file_of("u-6.1 ");
	for (int i = 0; big.len <= DELIVERED_FILE_MAX; i++)
		str_addf(&big, "old-%07d.1 somebody\n", i);
	str_add(&big, "u-6.1 a\nu-6.1 b\n");
	put(path, big.data);
	assert_int_equal(delivered_add(po, "u-6.1", who, 1, &err), 0);
	assert_true(is_delivered("u-6.1", "b"));
	assert_int_equal(fstatat(po, path, &st, 0), 0);
	assert_true(st.st_size > (off_t)DELIVERED_FILE_MAX / 2);
	assert_true(st.st_size < (off_t)DELIVERED_FILE_MAX / 2 + 100);

	/* A key longer than half is not cut in two. */
	str_clear(&big);
	while (big.len <= DELIVERED_FILE_MAX)
		str_add(&big, "u-6.1 a\n");
	str_add(&big, "u-6.2 b\n");
	put(path, "x 1\n");
	put(path, big.data);
	assert_int_equal(delivered_add(po, "u-6.1", who, 1, &err), 0);
	assert_int_equal(fstatat(po, path, &st, 0), 0);
	assert_int_equal(st.st_size, big.len + 8);
	str_release(&big);
	free(path);
}

static void
keys(void **state)
{
	(void)state;
	assert_true(delivered_is_key("6f1f2e6a-1042.1"));
	assert_false(delivered_is_key(""));
	assert_false(delivered_is_key("../x"));
	assert_false(delivered_is_key("a/b"));
	assert_false(delivered_is_key("a=b"));
	assert_false(delivered_is_key("-a"));
	assert_false(delivered_is_key("a\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_mailboxes),
		cmocka_unit_test(a_copy_in_new_is_enough),
		cmocka_unit_test(recovery),
		cmocka_unit_test(a_torn_record_is_none),
		cmocka_unit_test(records_are_bounded),
		cmocka_unit_test(keys),
	};

	return cmocka_run_group_tests(tests, make_po, remove_po);
}
