/* SPDX-License-Identifier: ISC */
/*
 * bench_spawn: the two rates that ccmqd is held against:
 *
 *	bench_spawn PROGRAM DIRECTORY COUNT
 *
 * prints how often a second PROGRAM can be started and waited for from C, and
 * how often that and two durable commits can be done: a row added and the same
 * row changed, each a transaction of its own, in a new SQLite database in
 * DIRECTORY (WAL, synchronous=FULL, no checkpoint). DIRECTORY must be on the
 * file system of the store. One line: "SPAWNS SPAWNS_WITH_COMMITS".
 */
#include "base/clock.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "bench_spawn: %s: %s\n", what, why);
	exit(1);
}

static void
spawn(char *program)
{
	char *argv[] = { program, NULL };
	int status, rc;
	pid_t pid;

	rc = posix_spawn(&pid, program, NULL, NULL, argv, environ);
	if (rc != 0)
		fail(program, strerror(rc));
	if (waitpid(pid, &status, 0) != pid || status != 0)
		fail(program, "did not exit with 0");
}

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail(sql, sqlite3_errmsg(db));
}

/* BEGIN IMMEDIATE, the statement, COMMIT. */
static void
commit(sqlite3 *db, sqlite3_stmt *const st[3], int64_t id)
{
	sqlite3_bind_int64(st[1], 1, id);
	for (int i = 0; i < 3; i++) {
		if (sqlite3_step(st[i]) != SQLITE_DONE)
			fail("commit", sqlite3_errmsg(db));
		sqlite3_reset(st[i]);
	}
}

static sqlite3 *
open_database(const char *path)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		fail(path, sqlite3_errmsg(db));
	run(db, "PRAGMA journal_mode = WAL");
	run(db, "PRAGMA synchronous = FULL");
	run(db, "PRAGMA wal_autocheckpoint = 0");
	run(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)");
	return db;
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail(sql, sqlite3_errmsg(db));
	return st;
}

static double
rate_with_commits(char *program, const char *dir, int64_t n)
{
	char *path = xasprintf("%s/bench_spawn.db", dir);
	char *wal = xasprintf("%s-wal", path), *shm = xasprintf("%s-shm", path);
	sqlite3 *db = open_database(path);
	sqlite3_stmt *begin = prepare(db, "BEGIN IMMEDIATE");
	sqlite3_stmt *end = prepare(db, "COMMIT");
	sqlite3_stmt *add[3] = { begin,
		prepare(db, "INSERT INTO t VALUES (?1, 0)"), end };
	sqlite3_stmt *change[3] = { begin,
		prepare(db, "UPDATE t SET n = 1 WHERE id = ?1"), end };
	int64_t start = clock_mono_ms(), took;

	for (int64_t i = 1; i <= n; i++) {
		commit(db, add, i);
		spawn(program);
		commit(db, change, i);
	}
	took = clock_mono_ms() - start;
	sqlite3_finalize(begin);
	sqlite3_finalize(end);
	sqlite3_finalize(add[1]);
	sqlite3_finalize(change[1]);
	sqlite3_close(db);
	unlink(path);
	unlink(wal);
	unlink(shm);
	free(path);
	free(wal);
	free(shm);
	return (double)n * 1000 / (double)(took ? took : 1);
}

int
main(int argc, char **argv)
{
	int64_t n = argc == 4 ? strtoll(argv[3], NULL, 10) : 0;
	int64_t start, took;

	if (n <= 0) {
		fprintf(stderr, "usage: bench_spawn PROGRAM DIRECTORY "
			"COUNT\n");
		return 2;
	}
	start = clock_mono_ms();
	for (int64_t i = 0; i < n; i++)
		spawn(argv[1]);
	took = clock_mono_ms() - start;
	printf("%.0f %.0f\n", (double)n * 1000 / (double)(took ? took : 1),
		rate_with_commits(argv[1], argv[2], n));
	return 0;
}
