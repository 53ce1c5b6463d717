/* SPDX-License-Identifier: ISC */
/*
 * history: the handle and transactions. See history.h for the contract; the
 * rows are in the files history_*.c.
 */
#include "history/history_private.h"
#include "history/seal_history.h"
#include "base/compat.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x63636d71	/* "ccmq" */
#define FIRST_SEALED 3			/* the version with seals */
#define PAGE_BYTES 4096
#define WAL_FRAME_BYTES (PAGE_BYTES + 24)	/* a page and its header */
#define WAL_KEEP "16777216"		/* bytes the WAL keeps when empty */

/* A random version 4 uuid (RFC 4122 4.4). */
static int
make_uuid(char out[37], struct error *err)
{
	unsigned char b[16];

	if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
		return error_sys(err, errno, "random numbers");
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
		"%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5],
		b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		b[15]);
	return 0;
}

/* One-time statements, where nothing is worth keeping. */
static int
exec(struct history *h, const char *sql, const char *what, struct error *err)
{
	if (sqlite3_exec(h->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return history_fail(h, err, what);
	return 0;
}

/* What makes version i + 2 of version i + 1. */
static const char *const steps[HISTORY_VERSION - 1] = {
	history_schema_2, history_schema_3, history_schema_4,
};

/* From that version on to the newest. */
static int
make_newer(struct history *h, int64_t version, const char *what,
	struct error *err)
{
	int rc = 0;

	for (; rc == 0 && version < HISTORY_VERSION; version++)
		rc = exec(h, steps[version - 1], what, err);
	return rc;
}

static int
build_database(struct history *h, int64_t now, struct error *err)
{
	char uuid[37];
	char *tail;
	int rc;

	if (make_uuid(uuid, err) < 0)
		return -1;
	tail = xasprintf("INSERT INTO store (one, uuid, created_at) VALUES "
		"(1, '%s', %lld);"
		"PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
		uuid, (long long)now, APPLICATION_ID, HISTORY_VERSION);
	rc = exec(h, "PRAGMA synchronous = FULL; BEGIN", "make history", err)
		|| exec(h, history_schema_1, "make history", err)
		|| make_newer(h, 1, "make history", err)
		|| exec(h, tail, "make history", err) ? -1 : 0;
	free(tail);
	return rc;
}

/* Our programs have one thread and need no account of SQLite's memory: a
 * tenth of the time of each statement. Refused once SQLite is in use, which is
 * as well. */
static void
configure_sqlite(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* The mode is on disk before the name is, or nobody could open it. */
static int
set_mode(const char *path, struct error *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW), rc;

	if (fd < 0)
		return error_sys(err, errno, "open %s", path);
	rc = fchmod(fd, 0660) < 0 ?
		error_sys(err, errno, "set mode of the history") :
		fs_sync(fd, path, err);
	close(fd);
	return rc;
}

int
history_create(const char *path, int64_t now, struct error *err)
{
	struct history h = { .mode = HISTORY_WRITE };
	char *temporary = xasprintf("%s.new", path);
	int rc = -1;

	configure_sqlite();
	unlink(temporary);
	if (sqlite3_open_v2(temporary, &h.db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK)
		history_fail(&h, err, "make history");
	else
		rc = build_database(&h, now, err);
	sqlite3_close(h.db);
	if (rc == 0)
		rc = set_mode(temporary, err);
	if (rc == 0 && renameat2(AT_FDCWD, temporary, AT_FDCWD, path,
	    RENAME_NOREPLACE) < 0)
		rc = error_sys(err, errno, "rename to %s", path);
	if (rc < 0)
		unlink(temporary);
	free(temporary);
	return rc;
}

static void
regex_function(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct history *h = sqlite3_user_data(context);
	const char *text = (const char *)sqlite3_value_text(argv[1]);

	(void)argc;
	sqlite3_result_int(context, text && h->regex &&
		match_regex(h->regex, sqlite3_value_int(argv[0]), text,
			(size_t)sqlite3_value_bytes(argv[1])));
}

/* One number that a statement without values gives. */
static int
ask_number(struct history *h, enum sql sql, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, sql, "");
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

static int
check_version(struct history *h, struct error *err)
{
	int64_t version = 0;

	if (ask_number(h, SQL_VERSION, &version, err) < 0)
		return -1;
	if (version > HISTORY_VERSION)
		return error_set(err, ERROR_STORE, "the history is of version "
			"%lld, this program knows up to %d: use the newer ccmq",
			(long long)version, HISTORY_VERSION);
	if (version < HISTORY_VERSION)
		return error_set(err, ERROR_STORE, "the history is of version "
			"%lld: a ccmqd that starts upgrades it; where none "
			"does, run ccmq init --upgrade", (long long)version);
	return 0;
}

/* SQLite says after each commit how many frames the WAL has. */
static int
on_commit(void *arg, sqlite3 *db, const char *name, int frames)
{
	struct history *h = arg;

	(void)db;
	(void)name;
	h->wal_bytes = (int64_t)frames * WAL_FRAME_BYTES;
	return SQLITE_OK;
}

/* What holds for every connection: one writer. */
static int
set_up(struct history *h, struct error *err)
{
	sqlite3_stmt *st;
	int on = 1, rc;

	sqlite3_extended_result_codes(h->db, 1);
	sqlite3_busy_timeout(h->db, 5000);
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* A plan does not change with what is bound; nor is it made anew. */
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_file_control(h->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
	sqlite3_create_function(h->db, "ccmq_regex", 2,
		SQLITE_UTF8 | SQLITE_DIRECTONLY, h, regex_function, NULL, NULL);
	if (exec(h, "PRAGMA synchronous = FULL;"
	    "PRAGMA wal_autocheckpoint = 0;"
	    "PRAGMA journal_size_limit = " WAL_KEEP ";"
	    "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
	    "PRAGMA cache_size = -4000", "open history", err) < 0)
		return -1;
	/* After wal_autocheckpoint, which takes the place of any hook. */
	sqlite3_wal_hook(h->db, on_commit, h);
	if (h->mode == HISTORY_WRITE && exec(h, "PRAGMA journal_mode = WAL",
	    "open history", err) < 0)
		return -1;
	st = history_stmt(h, err, SQL_UUID, "");
	rc = history_step(h, st, err);
	if (rc > 0) {
		snprintf(h->uuid, sizeof h->uuid, "%s",
			(const char *)sqlite3_column_text(st, 0));
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

struct history *
history_open(const char *path, enum history_mode mode, struct error *err)
{
	struct history *h = xcalloc(1, sizeof *h);
	int flags = SQLITE_OPEN_NOFOLLOW | (mode == HISTORY_READ ?
		SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);

	configure_sqlite();
	h->mode = mode;
	str_init(&h->seal_list);
	str_init(&h->seal_row);
	if (sqlite3_open_v2(path, &h->db, flags, NULL) != SQLITE_OK) {
		history_fail(h, err, path);
		history_close(h);
		return NULL;
	}
	if (set_up(h, err) < 0) {
		history_close(h);
		return NULL;
	}
	return h;
}

void
history_close(struct history *h)
{
	if (!h)
		return;
	for (int i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(h->stmts[i]);
	for (int i = 0; i < HISTORY_KEPT; i++)
		sqlite3_finalize(h->kept[i]);
	sqlite3_close(h->db);
	str_release(&h->seal_list);
	str_release(&h->seal_row);
	free(h);
}

const char *
history_uuid(const struct history *h)
{
	return h->uuid;
}

int
history_epoch(struct history *h, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_EPOCH, "");
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

int
history_begin_epoch(struct history *h, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_EPOCH_NEXT, ""), err);
}

int
history_begin(struct history *h, struct error *err)
{
	assert(!h->in_transaction && !h->reading);
	assert(h->mode == HISTORY_WRITE);
	if (history_run(h, history_stmt(h, err, SQL_BEGIN, ""), err) < 0)
		return -1;
	h->in_transaction = true;
	h->txn = 0;
	h->minute = (struct history_minute){ 0 };
	if (check_version(h, err) < 0) {
		history_rollback(h);
		return -1;
	}
	return 0;
}

int
history_commit(struct history *h, struct error *err)
{
	assert(h->in_transaction);
	if (history_minute_flush(h, err) < 0 || history_seal(h, err) < 0) {
		history_rollback(h);
		return -1;
	}
	if (history_run(h, history_stmt(h, err, SQL_COMMIT, ""), err) < 0) {
		history_rollback(h);
		error_prefix(err, "commit, outcome unknown");
		err->code = ERROR_UNKNOWN;
		return -1;
	}
	h->in_transaction = false;
	h->txn = 0;
	return 0;
}

void
history_rollback(struct history *h)
{
	struct error ignored;

	if (!h->in_transaction)
		return;
	h->in_transaction = false;
	h->txn = 0;
	/* A failed statement may have rolled back by itself already. */
	if (!sqlite3_get_autocommit(h->db))
		history_run(h, history_stmt(h, &ignored, SQL_ROLLBACK, ""),
			&ignored);
}

int
history_data_version(struct history *h, int64_t *out, struct error *err)
{
	return ask_number(h, SQL_DATA_VERSION, out, err);
}

int64_t
history_wal_bytes(const struct history *h)
{
	return h->wal_bytes;
}

int
history_checkpoint(struct history *h, struct error *err)
{
	h->wal_bytes = 0;
	return history_run(h, history_stmt(h, err, SQL_CHECKPOINT, ""), err);
}

int
history_integrity(struct history *h, struct error *err)
{
	sqlite3_stmt *st = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(h->db, "PRAGMA integrity_check(1)", -1, &st,
	    NULL) != SQLITE_OK || sqlite3_step(st) != SQLITE_ROW)
		history_fail(h, err, "integrity check");
	else if (strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0)
		rc = 1;
	else {
		error_set(err, ERROR_STORE, "integrity check: %s",
			(const char *)sqlite3_column_text(st, 0));
		rc = 0;
	}
	sqlite3_finalize(st);
	return rc;
}

int
history_check_version(struct history *h, struct error *err)
{
	return check_version(h, err);
}

/* What indexes of an older history took, in the WAL and then in place, was a
 * third of it, where it had least in it. */
static int
look_for_room(struct history *h, int64_t free_bytes, struct error *err)
{
	char wants[TEXT_NUMBER_MAX], has[TEXT_NUMBER_MAX];
	int64_t pages = 0, need;

	if (ask_number(h, SQL_PAGES, &pages, err) < 0)
		return -1;
	need = pages * PAGE_BYTES / 2 + (1 << 20);
	if (free_bytes >= need)
		return 0;
	return error_set(err, ERROR_STORE, "upgrade the history: it may take "
		"%s, and %s are free: nothing was changed",
		text_size(wants, (uint64_t)need),
		text_size(has, (uint64_t)free_bytes));
}

static int
upgrade(struct history *h, int64_t free_bytes, struct error *err)
{
	int64_t version = 0, made = 0;
	char *set;
	int rc;

	if (ask_number(h, SQL_VERSION, &version, err) < 0 ||
	    ask_number(h, SQL_VERSION_MADE, &made, err) < 0)
		return -1;
	if (version >= HISTORY_VERSION)		/* nothing is written */
		return check_version(h, err);
	if (version < 1)
		return error_set(err, ERROR_STORE, "the history is of no known "
			"version (%lld)", (long long)version);
	if (version < FIRST_SEALED && look_for_room(h, free_bytes, err) < 0)
		return -1;
	rc = make_newer(h, made, "upgrade the history", err);
	set = xasprintf("PRAGMA user_version = %d", HISTORY_VERSION);
	if (rc == 0)
		rc = exec(h, set, "upgrade the history", err);
	free(set);
	if (rc == 0 && version < FIRST_SEALED)
		rc = history_seal_first(h, err);
	if (rc == 0 && exec(h, "COMMIT", "upgrade the history", err) < 0) {
		err->code = ERROR_UNKNOWN;
		rc = -1;
	}
	return rc;
}

int
history_upgrade(struct history *h, int64_t free_bytes, struct error *err)
{
	int rc = exec(h, "BEGIN IMMEDIATE", "upgrade the history", err);

	if (rc == 0)
		rc = upgrade(h, free_bytes, err);
	if (!sqlite3_get_autocommit(h->db))
		sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	if (rc < 0 && err->code != ERROR_UNKNOWN)
		sqlite3_exec(h->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL,
			NULL, NULL);
	return rc;
}
