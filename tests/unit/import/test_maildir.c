/* SPDX-License-Identifier: ISC */
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
stage(const char *key, const char *box, const char *text)
{
	struct error err = ERROR_INIT;
	int fd = maildir_stage(po, key, box, &err);

	if (fd < 0)
		fail_msg("%s", err.text);
	assert_int_equal(fs_write_all(fd, text, strlen(text), &err), 0);
	return fd;
}

/* One message through all of the steps. */
static void
deliver(const char *key, const char *const *boxes, size_t count)
{
	struct error err = ERROR_INIT;
	struct delivered_books books = DELIVERED_BOOKS_INIT;
	struct durable durable = DURABLE_INIT;
	int staging = maildir_open_staging(po, &err);
	int fd = stage(key, boxes[0], "mail\n"), rc;

	rc = delivered_open(&books, po, NULL, &err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = maildir_need(po, boxes[i], &err) < 0 ? -1 : 0;
	if (rc == 0)
		rc = maildir_keep(po, boxes, count, &err);
	if (rc == 0)
		rc = maildir_link(po, key, boxes, count, &err);
	if (rc == 0)
		rc = durable_sync(&durable, staging, &fd, 1, &err);
	delivered_note(&books, key, boxes, count);
	if (rc == 0)
		rc = delivered_commit(&books, &err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = maildir_move(po, key, boxes[i], false, &err);
	if (rc < 0)
		fail_msg("%s", err.text);
	delivered_close(&books);
	close(staging);
	close(fd);
}

static bool
is_delivered(const char *key, const char *who)
{
	struct delivered d = DELIVERED_INIT;
	struct error err = ERROR_INIT;
	struct delivered_books books = DELIVERED_BOOKS_INIT;
	bool has;

	if (delivered_open(&books, po, NULL, &err) < 0 ||
	    delivered_load(&books, key, &d, &err) < 0)
		fail_msg("%s", err.text);
	has = delivered_has(&d, who);
	delivered_release(&d);
	delivered_close(&books);
	return has;
}

static void
record(const char *key, const char *const *who, size_t count)
{
	struct delivered_books books = DELIVERED_BOOKS_INIT;
	struct error err;

	if (delivered_open(&books, po, NULL, &err) < 0)
		fail_msg("%s", err.text);
	delivered_note(&books, key, who, count);
	if (delivered_commit(&books, &err) < 0)
		fail_msg("%s", err.text);
	delivered_close(&books);
}

static int
recover(struct postoffice *office)
{
	struct delivered_books books = DELIVERED_BOOKS_INIT;
	struct error err = ERROR_INIT;
	int rc = delivered_open(&books, po, NULL, &err);

	if (rc == 0)
		rc = maildir_recover(&books, office, &err);
	if (rc < 0)
		fail_msg("%s", err.text);
	delivered_close(&books);
	return rc;
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

/* Thrown away, at whatever step, nothing is left of it. */
static void
an_abort_leaves_nothing(void **state)
{
	static const char *const boxes[] = { "ann", "bob" };
	struct error err = ERROR_INIT;

	(void)state;
	close(stage("u-9.1", NULL, "to a command\n"));
	assert_int_equal(count_in(MAILDIR_STAGING), 1);
	maildir_abort(po, "u-9.1", NULL, 0);
	assert_int_equal(count_in(MAILDIR_STAGING), 0);
	close(stage("u-9.2", boxes[0], "mail\n"));
	assert_int_equal(maildir_link(po, "u-9.2", boxes, 2, &err), 0);
	assert_int_equal(count_in(MAILDIR_STAGING), 2);
	maildir_abort(po, "u-9.2", boxes, 2);
	assert_int_equal(count_in(MAILDIR_STAGING), 0);
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
	struct postoffice *office;

	(void)state;
	/* Recorded, but not moved: goes on. */
	put(MAILDIR_STAGING "/u-3.1=rec", "three\n");
	record("u-3.1", boxes, 1);
	/* Neither recorded nor complete: goes away. */
	put(MAILDIR_STAGING "/u-4.1=rec", "four\n");
	put(MAILDIR_STAGING "/u-4.1.part", "fo");
	office = postoffice_new("A");
	recover(office);
	assert_int_equal(count_in("mail/rec/new"), 1);
	assert_int_equal(faccessat(po, "mail/rec/new/u-3.1", F_OK, 0), 0);
	assert_int_equal(count_in(MAILDIR_STAGING), 0);
	assert_false(is_delivered("u-4.1", "rec"));
	recover(office);
	postoffice_free(office);
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
	record("u-5.1", who, 1);
	path = file_of("u-5.1 ");
	assert_non_null(path);
	put(path, "u-5.1 jane");
	assert_false(is_delivered("u-5.1", "jane"));
	record("u-5.1", who + 1, 1);
	assert_true(is_delivered("u-5.1", "janet"));
	assert_false(is_delivered("u-5.1", "jane"));
	assert_int_equal(fs_read_file(po, path, 100, &text, &err), 1);
	assert_string_equal(text.data, "u-5.1 janet\n");
	str_release(&text);
	free(path);
}

/* Fills `recent`, so that the next record spreads it, and records key. */
static void
spread(const char *key, const char *const *who, size_t count)
{
	struct str big = STR_INIT;

	for (int i = 0; big.len <= DELIVERED_RECENT_MAX; i++)
		str_addf(&big, "other-%d.1 somebody\n", i % 20);
	str_addf(&big, "%s", key);
	for (size_t i = 0; i < count; i++)
		str_addf(&big, " %s", who[i]);
	str_add(&big, "\n");
	put("delivered/recent", big.data);
	record("next-1.1", who, 1);
	str_release(&big);
}

/* What is recent finds its place, and is known before and after. */
static void
recent_records_are_spread(void **state)
{
	static const char *const who[] = { "jane", "admin", "ann" };
	struct error err = ERROR_INIT;
	struct str text = STR_INIT;
	struct stat st;
	char *path;

	(void)state;
	record("u-7.1", who, 3);
	assert_int_equal(fs_read_file(po, "delivered/recent", 1 << 20, &text,
		&err), 1);
	assert_non_null(strstr(text.data, "\nu-7.1 jane admin ann\n"));
	assert_true(is_delivered("u-7.1", "admin"));
	spread("u-7.1", who, 3);
	for (int i = 0; i < 3; i++)
		assert_true(is_delivered("u-7.1", who[i]));
	assert_true(is_delivered("other-15.1", "somebody"));
	assert_false(is_delivered("u-7.1", "jane admin"));
	assert_int_equal(fstatat(po, "delivered/recent", &st, 0), 0);
	assert_int_equal(st.st_size, strlen("next-1.1 jane\n"));
	path = file_of("u-7.1 ");
	str_clear(&text);
	assert_int_equal(fs_read_file(po, path, 1 << 20, &text, &err), 1);
	assert_non_null(strstr(text.data, "u-7.1 jane\nu-7.1 admin\n"));
	str_release(&text);
	free(path);
}

/* A hole that a crash left, or bytes of somebody else, hide nothing. */
static void
a_nul_hides_nothing(void **state)
{
	static const char recent[] = "x\0y\n\0\0\0u-8.1 jane\nu-8.2 a\0b\n"
		"u-8.3 ann\n\0\0";
	static const char *const who[] = { "new" };
	struct error err;
	int fd;

	(void)state;
	fd = openat(po, "delivered/recent", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(fs_write_all(fd, recent, sizeof recent - 1, &err), 0);
	close(fd);
	assert_true(is_delivered("u-8.1", "jane"));
	assert_true(is_delivered("u-8.3", "ann"));
	record("u-8.4", who, 1);
	assert_true(is_delivered("u-8.1", "jane"));
	assert_true(is_delivered("u-8.4", "new"));
}

/* Bounded, and the newest, whole keys, stay. */
static void
records_are_bounded(void **state)
{
	static const char *const who[] = { "a", "b" };
	struct str big = STR_INIT;
	struct stat st;
	char *path;

	(void)state;
	spread("u-6.1", who, 1);
	path = file_of("u-6.1 ");
	for (int i = 0; big.len <= DELIVERED_FILE_MAX; i++)
		str_addf(&big, "old-%07d.1 somebody\n", i);
	str_add(&big, "u-6.1 a\nu-6.1 b\n");
	put(path, big.data);
	spread("u-6.1", who, 1);
	assert_true(is_delivered("u-6.1", "b"));
	assert_int_equal(fstatat(po, path, &st, 0), 0);
	assert_true(st.st_size > (off_t)DELIVERED_FILE_MAX / 2);
	assert_true(st.st_size < (off_t)DELIVERED_FILE_MAX / 2 + 200);

	/* A key longer than half is not cut in two. */
	str_clear(&big);
	while (big.len <= DELIVERED_FILE_MAX)
		str_add(&big, "u-6.1 a\n");
	put(path, "x 1\n");
	put(path, big.data);
	spread("u-6.1", who, 1);
	assert_int_equal(fstatat(po, path, &st, 0), 0);
	assert_true(st.st_size >= (off_t)big.len + 8);
	str_release(&big);
	free(path);
}

/* How a batch becomes durable, by what was seen. */
static void
ways_to_the_disk(void **state)
{
	struct durable d = DURABLE_INIT;

	(void)state;
	assert_false(durable_prefers_all(&d, 1, 0));
	assert_true(durable_prefers_all(&d, 32, 0));
	/* Somebody copies 2 GB: a second instead of some milliseconds. */
	durable_saw_all(&d, 1000000, 5000000);
	assert_false(durable_prefers_all(&d, 32, 5000001));
	durable_saw_each(&d, 32, 32 * 5000);
	assert_false(durable_prefers_all(&d, 32, 24999999));
	/* Looked at again after twenty times as long. */
	assert_true(durable_prefers_all(&d, 32, 25000000));
	durable_saw_all(&d, 8000, 25000000);
	assert_true(durable_prefers_all(&d, 32, 25000001));
	/* For few files what it costs others counts more. */
	assert_false(durable_prefers_all(&d, 2, 25000001));
}

/* A syncfs would write their working copies, too. */
static void
the_way_of_large_mail(void **state)
{
	struct durable d = DURABLE_LARGE;

	(void)state;
	assert_false(durable_prefers_all(&d, 32, 0));
	durable_saw_each(&d, 32, 32 * 1000);
	assert_true(durable_prefers_all(&d, 32, 0));
	/* Quicker, and not enough. */
	durable_saw_all(&d, 20000, 1000000);
	assert_false(durable_prefers_all(&d, 32, 1000001));
	assert_true(durable_prefers_all(&d, 32, 1400000));
	durable_saw_all(&d, 15000, 1400000);
	assert_true(durable_prefers_all(&d, 32, 1400001));
}

/* Its write-out begins, of what is large and of nothing else. */
static void
large_begins_early(void **state)
{
	FILE *f = tmpfile();
	int fd;

	(void)state;
	assert_non_null(f);
	fd = fileno(f);
	assert_int_equal(ftruncate(fd, (32 << 10) - 1), 0);
	assert_false(durable_begin(fd));
	assert_int_equal(ftruncate(fd, 32 << 10), 0);
	assert_true(durable_begin(fd));
	fclose(f);
	assert_false(durable_begin(-1));
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
		cmocka_unit_test(an_abort_leaves_nothing),
		cmocka_unit_test(a_copy_in_new_is_enough),
		cmocka_unit_test(recovery),
		cmocka_unit_test(a_torn_record_is_none),
		cmocka_unit_test(recent_records_are_spread),
		cmocka_unit_test(a_nul_hides_nothing),
		cmocka_unit_test(records_are_bounded),
		cmocka_unit_test(ways_to_the_disk),
		cmocka_unit_test(the_way_of_large_mail),
		cmocka_unit_test(large_begins_early),
		cmocka_unit_test(keys),
	};

	return cmocka_run_group_tests(tests, make_po, remove_po);
}
