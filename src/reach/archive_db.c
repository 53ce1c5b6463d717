/* SPDX-License-Identifier: ISC */
/* archive_db: PostgreSQL's client; what it says, and the way out. See archive.h. */
#include "reach/archive_private.h"
#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *word, *columns;
} tables[] = {
#define X(name, word, columns) [ARCHIVE_##name] = { word, columns },
	ARCHIVE_TABLES(X)
#undef X
};

const char *
archive_table_word(enum archive_table t)
{
	return tables[t].word;
}

/* What helps, by SQLSTATE; the longest beginning that fits comes first. */
static const struct {
	const char *state, *help;
} helps[] = {
	{ "28", "the role and its password: archive.database, ~/.pgpass" },
	{ "3D000", "createdb, then ccmq-archive --init as its owner" },
	{ "3F000", "ccmq-archive --init, as the database's owner" },
	{ "42P01", "ccmq-archive --init, as the database's owner" },
	{ "42703", "ccmq-archive --upgrade, as the database's owner" },
	{ "42501", "GRANT ccmq_writer TO this role, as the database's owner" },
	{ "23505", "it is copied already: two stores of one uuid, or somebody "
		"else writes here; nothing is copied until that is known" },
	{ "53100", "the database's disk is full" },
};

#define TOO_LONG "57014"
#define LOOK_AT_LESS "look at less: a shorter time (age<7d, --since), a state " \
	"other than imported, or the beginning of a sender"

static const char *
help_for(const char *state, const char *words)
{
	for (size_t i = 0; state && i < sizeof helps / sizeof *helps; i++)
		if (strncmp(state, helps[i].state, strlen(helps[i].state)) == 0)
			return helps[i].help;
	if (strstr(words, "password authentication failed") ||
	    strstr(words, "no password supplied"))
		return helps[0].help;
	return strstr(words, "does not exist") ? helps[1].help : "";
}

int
archive_fault(struct archive *a, const PGresult *r, struct error *err)
{
	const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	const char *words = r ? PQresultErrorField(r,
		PG_DIAG_MESSAGE_PRIMARY) : NULL;
	char shown[300];
	const char *help;

	if (!words)
		words = PQerrorMessage(a->db);
	text_printable(shown, sizeof shown, words, strcspn(words, "\n"));
	help = a->asks && state && strcmp(state, TOO_LONG) == 0 ? LOOK_AT_LESS :
		help_for(state, words);
	return error_set(err, state && strcmp(state, "23505") == 0 ?
		ERROR_INVALID : ERROR_SYSTEM, "archive: %s%s%s", shown,
		*help ? "; " : "", help);
}

PGresult *
archive_query(struct archive *a, struct error *err, const char *sql, int count,
	const char *const *values)
{
	PGresult *r = PQexecParams(a->db, sql, count, NULL, values, NULL, NULL,
		0);
	ExecStatusType status = PQresultStatus(r);

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return r;
	archive_fault(a, r, err);
	PQclear(r);
	return NULL;
}

int
archive_run(struct archive *a, struct error *err, const char *sql)
{
	PGresult *r = PQexec(a->db, sql);
	ExecStatusType status = PQresultStatus(r);
	int rc = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? 0 :
		archive_fault(a, r, err);

	PQclear(r);
	return rc;
}

int
archive_limit_next(struct archive *a, struct error *err)
{
	int64_t left = a->ends_at - clock_mono_ms();
	char sql[80];

	if (a->ends_at == 0)
		return 0;
	snprintf(sql, sizeof sql, "SET statement_timeout = %" PRId64,
		left < 1 ? 1 : left);
	return archive_run(a, err, sql);
}

int
archive_limit(struct archive *a, int64_t ms, struct error *err)
{
	PGresult *r = archive_query(a, err,
		"SELECT current_setting('statement_timeout')", 0, NULL);

	a->asks = true;
	if (r && strcmp(PQgetvalue(r, 0, 0), "0") == 0)
		a->ends_at = clock_mono_ms() + ms;
	PQclear(r);
	if (!r || archive_limit_next(a, err) < 0)
		return -1;
	/* What is asked takes less than machine code for all partitions does. */
	return archive_run(a, err, PQserverVersion(a->db) < 140000 ?
		"SET jit = off" : "SET jit = off; "
		"SET client_connection_check_interval = '2s'");
}

/* A row that no database of this kind will take: its data, or a rule of the
 * owner's. That a key is there is none of these. */
static bool
is_of_the_row(const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	return state && strcmp(state, "23505") != 0 &&
		(strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0 ||
			strncmp(state, "54", 2) == 0);
}

/* All results of a COPY that was begun. */
static int
end_copy(struct archive *a, struct error *err)
{
	PGresult *r;
	int rc = 1;

	while ((r = PQgetResult(a->db))) {
		if (PQresultStatus(r) != PGRES_COMMAND_OK && rc > 0) {
			rc = is_of_the_row(r) ? 0 : -1;
			archive_fault(a, r, err);
		}
		PQclear(r);
	}
	return rc;
}

int
archive_copy_rows(struct archive *a, enum archive_table t, size_t from,
	size_t to, struct error *err)
{
	const struct archive_rows *rows = &a->rows[t];
	size_t start = rows->starts[from], end = to < rows->count ?
		rows->starts[to] : rows->text.len;
	char sql[1200];
	PGresult *r;
	bool sent;

	snprintf(sql, sizeof sql, "COPY ccmq.%s (store, epoch, txn, %s) FROM "
		"STDIN", tables[t].word, tables[t].columns);
	r = PQexec(a->db, sql);
	if (PQresultStatus(r) != PGRES_COPY_IN) {
		archive_fault(a, r, err);
		PQclear(r);
		return -1;
	}
	PQclear(r);
	sent = PQputCopyData(a->db, rows->text.data + start,
		(int)(end - start)) == 1 && PQputCopyEnd(a->db, NULL) == 1;
	if (!sent)
		archive_fault(a, NULL, err);
	return sent ? end_copy(a, err) : (end_copy(a, &(struct error){ 0 }), -1);
}
