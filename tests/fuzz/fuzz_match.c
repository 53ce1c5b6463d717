/* SPDX-License-Identifier: ISC */
/*
 * fuzz_match: any text as a match expression. It is refused with words, or
 * its WHERE is one that SQLite takes and runs, matching only messages in the
 * states that it said.
 */
#include "history/match.h"
#include "base/str.h"

#include <assert.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1795421700000)
#define FIRST 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rows[] =
	"CREATE TABLE message (id INTEGER PRIMARY KEY, name TEXT, true_name "
	"BLOB, state TEXT, size INTEGER, received_at INTEGER, attempts "
	"INTEGER, tries INTEGER, result_code INTEGER, class TEXT, reason TEXT, "
	"from_addr TEXT, to_addrs TEXT, subject TEXT, und_bytes INTEGER, "
	"suspect INTEGER);"
	"INSERT INTO message VALUES"
	"(1, 'a.ccm', x'61FF2E63636D', 'failed', 9, 0, 1, 1, 1, 'rejected',"
	" 'no', 'a at b', 'c at d' || char(10) || 'e at f', 'aaaaaaaaaaaaaaab',"
	" 1, 1),"
	"(2, 'b.ccm', x'622E63636D', 'queued', 9, 0, 0, 0, NULL, NULL, NULL,"
	" NULL, NULL, NULL, NULL, 0),"
	"(3, 'c.ccm', x'632E63636D', 'lost', 9, 0, 0, 0, 4, 'unavailable', '',"
	" '', '', '', 0, 0);";

static sqlite3 *
table(void)
{
	static sqlite3 *db;

	if (db)
		return db;
	if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
	    sqlite3_exec(db, rows, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	return db;
}

static void
sql_regex(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	const char *text = (const char *)sqlite3_value_text(argv[1]);

	assert(argc == 2);
	sqlite3_result_int(context, match_regex(sqlite3_user_data(context),
		sqlite3_value_int64(argv[0]), text,
		(size_t)sqlite3_value_bytes(argv[1])));
}

static void
bind_values(sqlite3_stmt *stmt, const struct match *m)
{
	struct match_value value;
	int rc;

	for (size_t i = 0; i < match_value_count(m); i++) {
		value = match_value(m, i);
		rc = value.type != MATCH_VALUE_TEXT ?
			sqlite3_bind_int64(stmt, FIRST + (int)i,
				value.number) :
			sqlite3_bind_text(stmt, FIRST + (int)i, value.text, -1,
				SQLITE_STATIC);
		assert(rc == SQLITE_OK);
	}
}

static void
run(struct match *m)
{
	sqlite3 *db = table();
	char *where = match_where(m, FIRST);
	struct str sql = STR_INIT;
	sqlite3_stmt *stmt = NULL;
	enum state state;
	int rc;

	str_addf(&sql, "SELECT state FROM message WHERE %s", where);
	sqlite3_create_function(db, "ccmq_regex", 2, SQLITE_UTF8, m, sql_regex,
		NULL, NULL);
	rc = sqlite3_prepare_v2(db, sql.data, -1, &stmt, NULL);
	assert(rc == SQLITE_OK);
	bind_values(stmt, m);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		rc = state_parse((const char *)sqlite3_column_text(stmt, 0),
			&state);
		assert(rc && (match_states(m) & STATE_BIT(state)));
	}
	assert(rc == SQLITE_DONE);
	sqlite3_finalize(stmt);
	str_release(&sql);
	free(where);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_INIT;
	struct str text = STR_INIT;
	struct match *m;

	str_add_bytes(&text, data, size);
	m = match_compile(text.data, MATCH_ALLOW_EMPTY, NOW, &err);
	if (m)
		run(m);
	else
		assert(err.code == ERROR_INVALID && *err.text);
	match_free(m);
	str_release(&text);
	return 0;
}
