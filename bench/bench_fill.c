/* SPDX-License-Identifier: ISC */
/*
 * bench_fill: what benchmarks start from.
 *
 *	bench_fill drop DIRECTORY COUNT		messages of 2 KB, as files *.ccm
 *	bench_fill failed STORE COUNT		failed messages with their files
 *	bench_fill rows STORE COUNT		the same without files
 *	bench_fill changed STORE COUNT		rows, of which a tenth was put into
 *						quarantine in the last hour
 *	bench_fill retried STORE COUNT		every twentieth of those rows, COUNT
 *						in the last 50 minutes, retried and
 *						imported: two changes each
 *	bench_fill imported STORE COUNT		imported ones, no file is kept
 *	bench_fill deferred STORE COUNT		deferred for twenty minutes, without
 *						files; of 90,000 senders
 *
 * The store must be new; what is put into it (but for what has no files)
 * agrees with ccmq check. The rows
 * of messages are written by SQL of its own, without the price of durability;
 * the tallies come from the history's triggers.
 */
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_BYTES 2048

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "bench_fill: %s: %s\n", what, why);
	exit(1);
}

/* A message of exactly MESSAGE_BYTES. */
static void
compose(char out[MESSAGE_BYTES], int64_t number)
{
	int n = snprintf(out, MESSAGE_BYTES, "Message:\n"
		"From: Mara Quill at NORTH\nTo: Edwin Sorrel at HUB\n"
		"To: Ida Lorn at HUB\nSubject: Report %" PRId64 "\n"
		"Date: 11-20-94 10:%02d\nContents:\nText item:\n", number,
		(int)(number % 60));

	for (; n < MESSAGE_BYTES; n++)
		out[n] = n % 72 == 71 ? '\n' : 'x';
	out[MESSAGE_BYTES - 1] = '\n';
}

static void
write_file(int dir, const char *name, int64_t number)
{
	char text[MESSAGE_BYTES];
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0660);

	compose(text, number);
	if (fd < 0 || write(fd, text, sizeof text) != (ssize_t)sizeof text ||
	    close(fd) < 0)
		fail(name, strerror(errno));
}

static int
open_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		fail(path, strerror(errno));
	return fd;
}

static void
drop(const char *path, int64_t n)
{
	int dir = open_dir(path);
	char name[64];

	for (int64_t i = 1; i <= n; i++) {
		snprintf(name, sizeof name, "Msg%07" PRId64 ".ccm", i);
		write_file(dir, name, i);
	}
	syncfs(dir);
	close(dir);
}

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail(sql, sqlite3_errmsg(db));
}

static const char failed_rows[] =
	"INSERT INTO cause (class, code, reason) VALUES ('rejected', 1, "
	"'no such user');"
	"INSERT INTO message (name, true_name, state, since, inode, mtime, "
	"size, received_at, from_addr, to_addrs, subject, attempts, tries, "
	"rejected, failures, result_code, class, reason, cause) "
	"SELECT printf('Msg%07d.ccm', value), "
	"CAST(printf('Msg%07d.ccm', value) AS BLOB), 'failed', at + value, "
	"0, 0, bytes, at + value, printf('Quill, Mara at N%03d', value * "
	"7919 % 1000), 'Edwin Sorrel at HUB', printf('Report %d of %08x', "
	"value, value * 2654435761 % 4294967296), 1, 1, 1, 1, 1, "
	"'rejected', 'no such user', (SELECT max(id) FROM cause) "
	"FROM counter;"
	"INSERT INTO attempt (message, number, lane, why, started_at, "
	"ended_at, took_ms, class, code, counted, copy, reason) "
	"SELECT id, 1, 1, 'arrived', since, since, 1, 'rejected', 1, 1, "
	"'left', 'no such user' FROM message";

static const char imported_rows[] =
	"INSERT INTO message (name, true_name, state, since, inode, mtime, "
	"size, received_at, from_addr, to_addrs, subject, attempts, tries, "
	"result_code, class) "
	"SELECT printf('Msg%07d.ccm', value), "
	"CAST(printf('Msg%07d.ccm', value) AS BLOB), 'imported', at + value, "
	"0, 0, bytes, at + value, 'Mara Quill at NORTH', "
	"'Edwin Sorrel at HUB', 'Report ' || value, 1, 1, 0, 'imported' "
	"FROM counter;"
	"INSERT INTO attempt (message, number, lane, why, started_at, "
	"ended_at, took_ms, class, code, copy) "
	"SELECT id, 1, 1, 'arrived', since, since, 1, 'imported', 0, "
	"'deleted' FROM message";

/* Evenly over the hour. */
static const char changes[] =
	"INSERT INTO change (at, message, state_from, since_from, state_to, "
	"attempt, action) SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000 "
	"- 3600000 + id * 3600000 / (SELECT max(id) FROM message), id, "
	"'failed', since, 'quarantined', 0, 1 FROM message "
	"WHERE id % 10 = 0;"
	"UPDATE message SET state = 'quarantined', since = (SELECT at FROM "
	"change WHERE message = message.id) WHERE id % 10 = 0";

static const char deferred_rows[] =
	"INSERT INTO cause (class, code, reason) VALUES ('unavailable', 4, "
	"'locked');"
	"INSERT INTO message (name, true_name, state, since, inode, mtime, "
	"size, received_at, from_addr, to_addrs, subject, attempts, tries, "
	"unavailable, failed_at, result_code, class, reason, cause, "
	"next_attempt_at) "
	"SELECT printf('Msg%07d.ccm', value), "
	"CAST(printf('Msg%07d.ccm', value) AS BLOB), 'deferred', at + value, "
	"0, 0, bytes, at + value, "
	"printf('Quill, Mara at N%05d', value * 7919 % 90000), "
	"'Edwin Sorrel at HUB', 'Report ' || value, 1, 1, 1, at + value, 4, "
	"'unavailable', 'locked', (SELECT max(id) FROM cause), "
	"CAST(strftime('%s', 'now') AS INTEGER) * 1000 + 1200000 "
	"FROM counter";

/* In the order in which they happened. */
static const char retried_rows[] =
	"CREATE TEMP TABLE step (id INTEGER PRIMARY KEY, was, at);"
	"INSERT INTO step SELECT c.value * 20, m.since, CAST(strftime('%s', 'now') AS INTEGER) * 1000 - 3000000 + "
	"c.value * 3000000 / (SELECT count(*) FROM counter) "
	"FROM counter c JOIN message m ON m.id = c.value * 20;"
	"INSERT INTO attempt (message, number, lane, why, started_at, "
	"ended_at, took_ms, class, code, counted, copy, from_state, "
	"from_since) SELECT id, 2, 1, 'retry', at + 1000, at + 1500, 500, "
	"'imported', 0, 1, 'deleted', 'queued', at FROM step ORDER BY at;"
	"INSERT INTO change (at, message, state_from, since_from, state_to, "
	"attempt, action) SELECT at, id, 'failed', was, 'queued', 0, 1 "
	"FROM step UNION ALL SELECT at + 1500, id, 'importing', at + 1000, "
	"'imported', 0, 0 FROM step ORDER BY 1;"
	"UPDATE message SET state = 'imported', since = (SELECT at + 1500 "
	"FROM step WHERE step.id = message.id), attempts = 2, cause = 0, "
	"class = 'imported', result_code = 0, reason = NULL "
	"WHERE id IN (SELECT id FROM step)";

static void
add_rows(const char *store, const char *rows, int64_t n)
{
	int64_t at = ((int64_t)time(NULL) - 3600) * 1000 - n;
	char *path = xasprintf("%s/history.db", store);
	char *counter = xasprintf("CREATE TEMP TABLE counter AS WITH RECURSIVE "
		"c(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c "
		"LIMIT %" PRId64 ") SELECT value, %" PRId64 " AS at, "
		"%d AS bytes FROM c", n, at, MESSAGE_BYTES);
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) !=
	    SQLITE_OK)
		fail(path, sqlite3_errmsg(db));
	run(db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; "
		"PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -200000");
	run(db, counter);
	run(db, "BEGIN");
	run(db, rows);
	run(db, "COMMIT");
	run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_close(db);
	free(path);
	free(counter);
}

static void
add_files(const char *store, int64_t n)
{
	char *path = xasprintf("%s/failed", store);
	int dir = open_dir(path);
	char name[64];

	for (int64_t i = 1; i <= n; i++) {
		snprintf(name, sizeof name, "%012" PRId64 "-Msg%07" PRId64
			".ccm", i, i);
		write_file(dir, name, i);
	}
	syncfs(dir);
	close(dir);
	free(path);
}

int
main(int argc, char **argv)
{
	int64_t n = argc == 4 ? strtoll(argv[3], NULL, 10) : 0;

	if (n <= 0) {
		fprintf(stderr, "usage: bench_fill drop|failed|rows|changed|"
			"retried|"
			"imported|deferred DIRECTORY COUNT\n");
		return 2;
	}
	if (strcmp(argv[1], "drop") == 0) {
		drop(argv[2], n);
	} else if (strcmp(argv[1], "failed") == 0) {
		add_rows(argv[2], failed_rows, n);
		add_files(argv[2], n);
	} else if (strcmp(argv[1], "rows") == 0) {
		add_rows(argv[2], failed_rows, n);
	} else if (strcmp(argv[1], "changed") == 0) {
		add_rows(argv[2], failed_rows, n);
		add_rows(argv[2], changes, n);
	} else if (strcmp(argv[1], "retried") == 0) {
		add_rows(argv[2], retried_rows, n);
	} else if (strcmp(argv[1], "imported") == 0) {
		add_rows(argv[2], imported_rows, n);
	} else if (strcmp(argv[1], "deferred") == 0) {
		add_rows(argv[2], deferred_rows, n);
	} else {
		fail(argv[1], "drop, failed, rows, changed, retried, imported "
			"or deferred");
	}
	return 0;
}
