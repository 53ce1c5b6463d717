/* SPDX-License-Identifier: ISC */
/*
 * bench_floor: what durability alone costs for the files that ccmqd imports:
 *
 *	bench_floor FROM MAILDIR DONE COUNT RECIPIENTS
 *
 * takes COUNT files out of the directory FROM in the order of their names, in
 * batches of 32: reads them, writes each to the tmp/ of RECIPIENTS mailboxes
 * below MAILDIR, makes the batch durable by one syncfs, renames it to new/,
 * fsyncs those directories, commits one row a message (WAL, synchronous=FULL,
 * one transaction a batch), and renames the files to the directory DONE. No
 * message is looked at, no state kept: nobody can be faster and keep mail. All
 * directories must be on one file system. Prints messages a second.
 */
#include "base/clock.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH 32
#define BOXES_MAX 64

static int from, done, boxes[BOXES_MAX], box_count;
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
	for (int i = 0; i < box_count; i++) {
		out = openat(boxes[i], path, O_WRONLY | O_CREAT | O_EXCL |
			O_CLOEXEC, 0600);
		if (out < 0 || write(out, buf, (size_t)n) != n)
			fail(path);
		close(out);
	}
}

static void
publish(char **names, int n)
{
	char tmp[300], new[300];

	for (int b = 0; b < box_count; b++) {
		int fd;

		for (int i = 0; i < n; i++) {
			snprintf(tmp, sizeof tmp, "tmp/%s", names[i]);
			snprintf(new, sizeof new, "new/%s", names[i]);
			if (renameat(boxes[b], tmp, boxes[b], new) < 0)
				fail(new);
		}
		fd = openat(boxes[b], "new", O_RDONLY | O_DIRECTORY);
		if (fd < 0 || fsync(fd) < 0)
			fail("fsync");
		close(fd);
	}
}

static void
batch(char **names, int n, char *buf, size_t cap)
{
	for (int i = 0; i < n; i++)
		write_one(names[i], buf, cap);
	if (syncfs(boxes[0]) < 0)
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

int
main(int argc, char **argv)
{
	size_t cap = 16 << 20;
	char *names[BATCH], *buf = xmalloc(cap);
	struct dirent **list;
	int64_t begin;
	int n, count;

	if (argc != 6) {
		fputs("usage: bench_floor FROM MAILDIR DONE COUNT RECIPIENTS\n",
			stderr);
		return 2;
	}
	from = open_dir(argv[1]);
	done = open_dir(argv[3]);
	open_boxes(argv[2], atoi(argv[5]));
	open_history(argv[2]);
	count = atoi(argv[4]);
	begin = clock_mono_ms();
	n = scandir(argv[1], &list, is_message, alphasort);
	if (n < count)
		fail("too few files");
	for (int at = 0; at < count; at += BATCH) {
		int m = count - at < BATCH ? count - at : BATCH;

		for (int i = 0; i < m; i++)
			names[i] = list[at + i]->d_name;
		batch(names, m, buf, cap);
	}
	printf("%.0f\n", count * 1000.0 /
		(double)(clock_mono_ms() - begin + 1));
	free(buf);
	return 0;
}
