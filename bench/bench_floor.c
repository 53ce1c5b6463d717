/* SPDX-License-Identifier: ISC */
/*
 * bench_floor: what durability alone costs for the files that ccmqd imports:
 *
 *	bench_floor FROM MAILDIR DONE COUNT RECIPIENTS [each]
 *	bench_floor FROM TO
 *
 * takes COUNT files out of the directory FROM in the order of their names, in
 * batches of 32: reads them, writes each to the tmp/ of the first mailbox below
 * MAILDIR, makes the batch durable by one syncfs, links it into the new/ of the
 * other RECIPIENTS and renames it to that of the first, makes these names
 * durable (an fsync of each directory, or of many one syncfs), commits one row
 * a message (WAL, synchronous=FULL, one transaction a batch), and renames the
 * files to the directory DONE. No message is looked at, no state kept: nobody
 * can be faster and keep mail. All directories must be on one file system. With
 * `each`, every file gets an fsync, their write-out begun first, and no syncfs.
 *
 * The second form renames all files of FROM to TO, a thousand at a time, with an
 * fsync of both directories: what a retry of so many cannot do without.
 */
#include "base/xalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH 32
#define BOXES_MAX 64
#define FEW 4		/* directories: up to here an fsync each is quicker */

static int from, done, boxes[BOXES_MAX], box_count;
static bool each;
static sqlite3 *db;
static sqlite3_stmt *add;

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static int
open_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		fail(path);
	return fd;
}

static void
open_boxes(const char *maildir, int n)
{
	for (box_count = 0; box_count < n; box_count++) {
		char *box = xasprintf("%s/user%d", maildir, box_count);
		char *tmp = xasprintf("%s/tmp", box);
		char *new = xasprintf("%s/new", box);

		mkdir(box, 0700);
		mkdir(tmp, 0700);
		mkdir(new, 0700);
		boxes[box_count] = open_dir(box);
		free(box);
		free(tmp);
		free(new);
	}
}

static void
open_history(const char *maildir)
{
	char *path = xasprintf("%s/floor.db", maildir);

	if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db,
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	    "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, name TEXT)",
	    NULL, NULL, NULL) != SQLITE_OK || sqlite3_prepare_v2(db,
	    "INSERT INTO t (name) VALUES (?1)", -1, &add, NULL) != SQLITE_OK)
		fail(path);
	free(path);
}

static void
write_one(const char *name, char *buf, size_t cap)
{
	char path[300];
	int in = openat(from, name, O_RDONLY | O_CLOEXEC), out;
	ssize_t n = in < 0 ? -1 : read(in, buf, cap);

	if (n < 0)
		fail(name);
	close(in);
	snprintf(path, sizeof path, "tmp/%s", name);
	out = openat(boxes[0], path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		0600);
	if (out < 0 || write(out, buf, (size_t)n) != n)
		fail(path);
	close(out);
}

static void
publish_one(const char *name)
{
	char tmp[300], new[300];

	snprintf(tmp, sizeof tmp, "tmp/%s", name);
	snprintf(new, sizeof new, "new/%s", name);
	for (int b = 1; b < box_count; b++)
		if (linkat(boxes[0], tmp, boxes[b], new, 0) < 0)
			fail(new);
	if (renameat(boxes[0], tmp, boxes[0], new) < 0)
		fail(new);
}

static void
publish(char **names, int n)
{
	for (int i = 0; i < n; i++)
		publish_one(names[i]);
	if (box_count > FEW && !each && syncfs(boxes[0]) < 0)
		fail("syncfs");
	for (int b = 0; b < box_count && (each || box_count <= FEW); b++) {
		int fd = openat(boxes[b], "new", O_RDONLY | O_DIRECTORY);

		if (fd < 0 || fsync(fd) < 0)
			fail("fsync");
		close(fd);
	}
}

static void
sync_files(char **names, int n)
{
	char path[300];
	int fds[BATCH], tmp = openat(boxes[0], "tmp", O_RDONLY | O_DIRECTORY);

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof path, "tmp/%s", names[i]);
		fds[i] = openat(boxes[0], path, O_WRONLY | O_CLOEXEC);
		sync_file_range(fds[i], 0, 0, SYNC_FILE_RANGE_WRITE);
	}
	for (int i = 0; i < n; i++) {
		if (fds[i] < 0 || fsync(fds[i]) < 0)
			fail(names[i]);
		close(fds[i]);
	}
	if (tmp < 0 || fsync(tmp) < 0)
		fail("fsync");
	close(tmp);
}

static void
batch(char **names, int n, char *buf, size_t cap)
{
	for (int i = 0; i < n; i++)
		write_one(names[i], buf, cap);
	if (each)
		sync_files(names, n);
	else if (syncfs(boxes[0]) < 0)
		fail("syncfs");
	publish(names, n);
	sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	for (int i = 0; i < n; i++) {
		sqlite3_bind_text(add, 1, names[i], -1, SQLITE_STATIC);
		sqlite3_step(add);
		sqlite3_reset(add);
	}
	if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		fail("commit");
	for (int i = 0; i < n; i++)
		if (renameat(from, names[i], done, names[i]) < 0)
			fail(names[i]);
}

static int
is_message(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
move_all(const char *from_path, const char *to_path)
{
	struct dirent **list;
	int n;

	from = open_dir(from_path);
	done = open_dir(to_path);
	n = scandir(from_path, &list, is_message, alphasort);
	for (int i = 0; i < n; i++) {
		if (renameat(from, list[i]->d_name, done, list[i]->d_name) < 0)
			fail(list[i]->d_name);
		if (i % 1000 < 999 && i < n - 1)
			continue;
		if (fsync(from) < 0 || fsync(done) < 0)
			fail("fsync");
	}
	return n < 0;
}

int
main(int argc, char **argv)
{
	size_t cap = 16 << 20;
	char *names[BATCH], *buf = xmalloc(cap);
	struct dirent **list;
	int n, count;

	if (argc == 3)
		return move_all(argv[1], argv[2]);
	if (argc != 6 && argc != 7) {
		fputs("usage: bench_floor FROM MAILDIR DONE COUNT RECIPIENTS "
			"[each] | FROM TO\n", stderr);
		return 2;
	}
	each = argc == 7;
	from = open_dir(argv[1]);
	done = open_dir(argv[3]);
	open_boxes(argv[2], atoi(argv[5]));
	open_history(argv[2]);
	count = atoi(argv[4]);
	n = scandir(argv[1], &list, is_message, alphasort);
	if (n < count)
		fail("too few files");
	for (int at = 0; at < count; at += BATCH) {
		int m = count - at < BATCH ? count - at : BATCH;

		for (int i = 0; i < m; i++)
			names[i] = list[at + i]->d_name;
		batch(names, m, buf, cap);
	}
	free(buf);
	return 0;
}
