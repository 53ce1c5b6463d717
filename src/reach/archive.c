/* SPDX-License-Identifier: ISC */
/* archive: see archive.h for the contract. */
#include "reach/archive_private.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "history/seal_verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- a connection ------------------------------------------------------------ */

static void
say_nothing(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

/* Is it of a version that we may write into? Version 1 had no not_imported. 0 or
 * -1. */
static int
check_version(struct archive *a, int version, struct error *err)
{
	PGresult *r = archive_query(a, err, "SELECT version FROM ccmq.version",
		0, NULL);
	int there = r && PQntuples(r) ? atoi(PQgetvalue(r, 0, 0)) : 0;

	PQclear(r);
	if (!r)
		return -1;
	a->version = there;
	if (there >= version - 1 && there <= version + 1)
		return 0;
	return error_set(err, ERROR_STORE, "archive: its tables are of version "
		"%d, and this program's of %d: %s", there, version,
		there < version ? "ccmq-archive --upgrade, as the database's "
		"owner" : "a newer ccmq-archive is needed here");
}

struct archive *
archive_open(const char *database, int version, struct error *err)
{
	struct archive *a = xcalloc(1, sizeof *a);

	for (int t = 0; t < ARCHIVE_TABLE_COUNT; t++)
		str_init(&a->rows[t].text);
	a->db = PQconnectdb(database);
	PQsetNoticeProcessor(a->db, say_nothing, NULL);
	if (PQstatus(a->db) != CONNECTION_OK) {
		archive_fault(a, NULL, err);
	} else if (PQserverVersion(a->db) < 130000) {
		error_set(err, ERROR_STORE, "archive: PostgreSQL 13 or later "
			"is needed");
	} else if (archive_run(a, err, "SET client_encoding = 'UTF8'; SET "
	    "timezone = 'UTC'; SET standard_conforming_strings = on") == 0 &&
	    (!version || check_version(a, version, err) == 0)) {
		return a;
	}
	archive_close(a);
	return NULL;
}

void
archive_close(struct archive *a)
{
	if (!a)
		return;
	PQfinish(a->db);
	archive_rows_release(a);
	free(a);
}

void
archive_counts(const struct archive *a, int64_t *rows_out,
	int64_t *refused_out, int64_t *gap_out)
{
	*rows_out = a->copied;
	*refused_out = a->refused;
	*gap_out = a->gap;
}

/* --- the owner's --------------------------------------------------------------- */

int
archive_init(struct archive *a, struct error *err)
{
	if (archive_run(a, err, "BEGIN") < 0)
		return -1;
	for (const char *const *sql = archive_ddl; *sql; sql++)
		if (archive_run(a, err, *sql) < 0)
			return -1;
	return archive_run(a, err, archive_months) < 0 ? -1 :
		archive_run(a, err, "COMMIT");
}

int
archive_prune(struct archive *a, int64_t before, struct error *err)
{
	char at[TEXT_TIME_MAX];
	const char *values[] = { text_rfc3339(at, before) };
	PGresult *r = archive_query(a, err, archive_prune_sql, 1, values);
	int n = r ? PQntuples(r) : -1, rc = 0;

	for (int i = 0; rc == 0 && i < n; i++)
		rc = archive_run(a, err, PQgetvalue(r, i, 0));
	if (r && rc == 0)
		rc = archive_run(a, err, archive_prune_rest);
	PQclear(r);
	return rc < 0 ? -1 : n;
}

/* --- its place ------------------------------------------------------------------ */

static const char *
number(char out[24], int64_t n)
{
	snprintf(out, 24, "%" PRId64, n);
	return out;
}

/* A store, or an epoch of it, that was never copied. */
static int
add_store(struct archive *a, const struct store *s, struct error *err)
{
	char epoch[24], host[256] = "", path[600];
	const char *values[] = { a->uuid, number(epoch, a->epoch), host, path };
	PGresult *r;

	gethostname(host, sizeof host - 1);
	text_printable(path, sizeof path, s->path, strlen(s->path));
	if (archive_run(a, err, "BEGIN") < 0)
		return -1;
	/* What stood at this place before: a rebuilt store has a new uuid. */
	r = archive_query(a, err, "INSERT INTO ccmq.store (store, epoch, host, "
		"path, place, seal, newest, was) SELECT $1, $2, $3, $4, 0, '', "
		"true, (SELECT store FROM ccmq.store WHERE host = $3 AND "
		"path = $4 AND store <> $1 ORDER BY begun DESC LIMIT 1)", 4,
		values);
	PQclear(r);
	if (!r)
		return -1;
	r = archive_query(a, err, "UPDATE ccmq.store SET newest = false WHERE "
		"store = $1 AND epoch < $2", 2, values);
	PQclear(r);
	return r ? archive_run(a, err, "COMMIT") : -1;
}

/* Its row as it is there: 1, 0 there is none, -1. */
static int
read_place(struct archive *a, struct error *err)
{
	char epoch[24];
	const char *values[] = { a->uuid, number(epoch, a->epoch) };
	PGresult *r = archive_query(a, err, "SELECT place, seal, newest FROM "
		"ccmq.store WHERE store = $1 AND epoch = $2", 2, values);
	int rc = !r ? -1 : PQntuples(r);

	a->place = 0;
	a->seal[0] = '\0';
	if (rc > 0) {
		a->place = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
		snprintf(a->seal, sizeof a->seal, "%s", PQgetvalue(r, 0, 1));
		if (strcmp(PQgetvalue(r, 0, 2), "t") != 0)
			rc = error_set(err, ERROR_INVALID, "archive: it has a "
				"newer epoch of this store than %s: this "
				"history is an old one", epoch);
	}
	PQclear(r);
	return rc;
}

int
archive_begin(struct archive *a, struct store *s, struct error *err)
{
	struct follower place = FOLLOWER_INIT;
	int rc;

	snprintf(a->uuid, sizeof a->uuid, "%s", history_uuid(s->history));
	if (history_epoch(s->history, &a->epoch, err) < 0)
		return -1;
	rc = read_place(a, err);
	if (rc == 0)
		rc = add_store(a, s, err);
	place.txn = a->place;
	memcpy(place.seal, a->seal, sizeof place.seal);
	return rc < 0 ? -1 : follower_check(&place, s, err);
}

/* --- batches ---------------------------------------------------------------------- */

static int
record_refused(struct archive *a, enum archive_table t, size_t i,
	const char *why, struct error *err)
{
	const struct archive_rows *rows = &a->rows[t];
	size_t end = i + 1 < rows->count ? rows->starts[i + 1] : rows->text.len;
	size_t len = end - rows->starts[i];
	unsigned char *hex;
	char epoch[24], place[24];
	const char *values[6];
	size_t hex_len;
	PGresult *r;

	hex = PQescapeByteaConn(a->db, (const unsigned char *)rows->text.data +
		rows->starts[i], len, &hex_len);
	values[0] = a->uuid;
	values[1] = number(epoch, a->epoch);
	values[2] = number(place, a->place);
	values[3] = archive_table_word(t);
	values[4] = why;
	values[5] = (const char *)hex;
	r = archive_query(a, err, "INSERT INTO ccmq.refused (store, epoch, "
		"place, kind, why, line) VALUES ($1, $2, $3, $4, $5, $6)", 6,
		values);
	PQfreemem(hex);
	PQclear(r);
	a->refused++;
	return r ? 0 : -1;
}

/* Lines from..to; what is refused is found by halves. 0 or -1. */
static int
copy_halves(struct archive *a, enum archive_table t, size_t from, size_t to,
	struct error *err)
{
	struct error why = ERROR_INIT;
	int rc;

	if (archive_run(a, err, "SAVEPOINT rows") < 0)
		return -1;
	rc = archive_copy_rows(a, t, from, to, &why);
	if (rc != 0) {
		*err = why;
		return rc < 0 ? -1 : archive_run(a, err,
			"RELEASE SAVEPOINT rows");
	}
	if (archive_run(a, err, "ROLLBACK TO SAVEPOINT rows; "
	    "RELEASE SAVEPOINT rows") < 0)
		return -1;
	if (to - from == 1)
		return record_refused(a, t, from, why.text, err);
	return copy_halves(a, t, from, from + (to - from) / 2, err) < 0 ? -1 :
		copy_halves(a, t, from + (to - from) / 2, to, err);
}

/* All that is buffered, with no savepoint to go back to: those cost as many
 * round trips again. 1, 0 a row is refused, -1. */
static int
copy_all(struct archive *a, struct error *err)
{
	int rc = 1;

	for (int t = 0; rc > 0 && t < ARCHIVE_TABLE_COUNT; t++)
		if (a->rows[t].count)
			rc = archive_copy_rows(a, (enum archive_table)t, 0,
				a->rows[t].count, err);
	return rc;
}

/* The same, and what is refused is recorded and passed. 0 or -1. */
static int
copy_some(struct archive *a, struct error *err)
{
	for (int t = 0; t < ARCHIVE_TABLE_COUNT; t++)
		if (a->rows[t].count && copy_halves(a, (enum archive_table)t, 0,
		    a->rows[t].count, err) < 0)
			return -1;
	return 0;
}

/* What is buffered, in a transaction that stays open. 0 or -1. */
static int
send_rows(struct archive *a, struct error *err)
{
	int rc = archive_run(a, err, "BEGIN") < 0 ? -1 : copy_all(a, err);

	if (rc == 0)
		rc = archive_run(a, err, "ROLLBACK; BEGIN") < 0 ? -1 :
			copy_some(a, err);
	if (rc < 0)
		return -1;
	a->copied += (int64_t)a->buffered;
	archive_rows_clear(a);
	return 0;
}

/* In the transaction that copied: the place, if nobody else has moved it. */
static int
move_place(struct archive *a, int64_t to, const char *seal, struct error *err)
{
	char epoch[24], old[24], new[24];
	const char *values[] = { a->uuid, number(epoch, a->epoch),
		number(old, a->place), number(new, to), seal };
	PGresult *r = archive_query(a, err, "UPDATE ccmq.store SET place = $4, "
		"seal = $5, copied = now() WHERE store = $1 AND epoch = $2 "
		"AND place = $3", 5, values);
	bool moved = r && strcmp(PQcmdTuples(r), "1") == 0;

	PQclear(r);
	if (!r)
		return -1;
	if (!moved)
		return error_set(err, ERROR_BUSY, "archive: somebody else has "
			"moved the place of this store behind transaction %s; "
			"only one may copy it", old);
	if (archive_run(a, err, "COMMIT") < 0)
		return -1;
	a->place = to;
	return 0;
}

/* To the database, then to the store's own file. */
static int
commit(struct archive *a, int64_t to, int64_t at, struct follower *place,
	struct error *err)
{
	if (send_rows(a, err) < 0 || move_place(a, to, a->seal, err) < 0)
		return -1;
	return follower_move(place, to, at, a->seal, err);
}

/* What retention has removed before it was copied. 1, 0 nothing is missing,
 * -1. */
static int
pass_gap(struct archive *a, struct store *s, struct error *err)
{
	unsigned char digest[SEAL_BYTES];
	char epoch[24], first[24], last[24];
	const char *values[] = { a->uuid, number(epoch, a->epoch), first, last };
	int64_t gap;
	PGresult *r;

	if (history_changes_gap(s->history, a->place, &gap, err) < 0)
		return -1;
	if (gap <= a->place)
		return 0;
	number(first, a->place + 1);
	number(last, gap);
	if (history_seal_digest(s->history, gap, digest, err) < 0 ||
	    archive_run(a, err, "BEGIN") < 0)
		return -1;
	seal_hex(a->seal, digest);
	r = archive_query(a, err, "INSERT INTO ccmq.gap (store, epoch, first, "
		"last) VALUES ($1, $2, $3, $4)", 4, values);
	PQclear(r);
	a->gap = gap;
	return !r || move_place(a, gap, a->seal, err) < 0 ? -1 : 1;
}

static void
on_told(void *arg, const struct history_told *t)
{
	archive_add(arg, t);
}

/* The next batch into memory, behind what is missing. 1, 0 there is nothing
 * new, -1. */
static int
read_batch(struct archive *a, struct store *s, int64_t *to, struct error *err)
{
	int rc, passed;

	do {
		struct error why;

		passed = 0;
		*to = a->place;
		rc = history_changes_next(s->history, to, ARCHIVE_BATCH,
			on_told, a, err);
		if (rc < 0 && err->code == ERROR_NOT_FOUND) {
			archive_rows_clear(a);
			passed = pass_gap(a, s, &why);
			if (passed < 0)
				*err = why;
		}
	} while (passed > 0);
	return rc;
}

int
archive_copy(struct archive *a, struct store *s, struct follower *place,
	struct error *err)
{
	int64_t to, looked;
	int rc;

	while ((looked = a->now = clock_wall(),
	    rc = read_batch(a, s, &to, err)) > 0)
		if (commit(a, to, a->buffered < ARCHIVE_BATCH ? looked :
		    a->told_at, place, err) < 0)
			return -1;
	/* Nothing came: retention hears of that now and then. */
	if (rc == 0 && looked - place->at > CLOCK_MINUTE)
		return follower_move(place, a->place, looked, a->seal, err);
	return rc;
}
