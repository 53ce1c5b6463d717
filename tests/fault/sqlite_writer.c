/* SPDX-License-Identifier: ISC */
/*
 * sqlite_writer: commits rows and says which; for the harness's own test.
 *
 *   sqlite_writer write DB WITNESS FULL|NORMAL|OFF N
 *   sqlite_writer check DB WITNESS
 *
 * write opens the database (WAL), commits N rows one by one and after each
 * COMMIT that returned success appends a line to WITNESS (which lies outside
 * of the root and so is never lost). Half way it checkpoints. It goes on with
 * the next row after a failure.
 * check: integrity_check passes and all witnessed rows are there. Exit 0, or 1
 * with the reason.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
run(sqlite3 *db, const char *sql)
{
	char *why = NULL;
	int rc = sqlite3_exec(db, sql, NULL, NULL, &why);

	if (rc != SQLITE_OK)
		printf("%s: %s\n", sql, why ? why : sqlite3_errstr(rc));
	sqlite3_free(why);
	return rc;
}

static int
write_rows(const char *path, const char *witness, const char *how, int n)
{
	int out = open(witness, O_WRONLY | O_CREAT | O_APPEND, 0666);
	char sql[128], line[16];
	int failed = 0;
	sqlite3 *db;

	if (out < 0 || sqlite3_open(path, &db) != SQLITE_OK)
		return 1;
	snprintf(sql, sizeof sql, "PRAGMA synchronous=%s", how);
	if (run(db, "PRAGMA journal_mode=WAL") || run(db, sql) ||
	    run(db, "PRAGMA wal_autocheckpoint=0") ||
	    run(db, "CREATE TABLE IF NOT EXISTS t(n INTEGER PRIMARY KEY, "
		"x TEXT)"))
		return 1;
	for (int i = 1; i <= n; i++) {
		snprintf(sql, sizeof sql,
			"INSERT OR REPLACE INTO t VALUES(%d, hex(randomblob(900)))", i);
		if (run(db, sql) == SQLITE_OK) {
			int len = snprintf(line, sizeof line, "%d\n", i);

			if (write(out, line, (size_t)len) != len)
				return 1;
		} else {
			failed = 1;
		}
		if (i == n / 2 && run(db, "PRAGMA wal_checkpoint(PASSIVE)"))
			failed = 1;
	}
	sqlite3_close(db);
	close(out);
	return failed;
}

static int
scalar(sqlite3 *db, const char *sql, char *out, size_t size)
{
	sqlite3_stmt *st = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW) {
		snprintf(out, size, "%s",
			(const char *)sqlite3_column_text(st, 0));
		rc = 0;
	} else {
		printf("%s: %s\n", sql, sqlite3_errmsg(db));
	}
	sqlite3_finalize(st);
	return rc;
}

static int
check_rows(const char *path, const char *witness)
{
	char line[64], sql[128], got[256];
	sqlite3 *db;
	FILE *f;
	int rc = 0;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    scalar(db, "PRAGMA integrity_check", got, sizeof got) < 0)
		return 1;
	if (strcmp(got, "ok") != 0) {
		printf("integrity_check: %s\n", got);
		rc = 1;
	}
	f = fopen(witness, "r");
	while (f && fgets(line, sizeof line, f)) {
		snprintf(sql, sizeof sql,
			"SELECT count(*) FROM t WHERE n = %d", atoi(line));
		if (scalar(db, sql, got, sizeof got) < 0 || *got != '1') {
			printf("row %d was committed and is gone\n",
				atoi(line));
			rc = 1;
		}
	}
	if (f)
		fclose(f);
	sqlite3_close(db);
	return rc;
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 6 && strcmp(argv[1], "write") == 0)
		return write_rows(argv[2], argv[3], argv[4], atoi(argv[5]));
	if (argc == 4 && strcmp(argv[1], "check") == 0)
		return check_rows(argv[2], argv[3]);
	fprintf(stderr, "usage: sqlite_writer write DB WITNESS HOW N | "
		"check DB WITNESS\n");
	return 2;
}
