/* SPDX-License-Identifier: ISC */
/* Tests of match: expressions compiled and run by SQLite over a small table,
 * errors, and texts that are too hard. */
#include "unit/unit.h"
#include "history/match.h"
#include "base/str.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1795421700000)
#define HOUR INT64_C(3600000)

static const char schema[] =
	"CREATE TABLE message (id INTEGER PRIMARY KEY, name TEXT, true_name "
	"BLOB, state TEXT, since INTEGER, size INTEGER, received_at INTEGER, "
	"attempts INTEGER, tries INTEGER, result_code INTEGER, class TEXT, "
	"reason TEXT, from_addr TEXT, to_addrs TEXT, subject TEXT, date_text "
	"TEXT, next_attempt_at INTEGER, und_bytes INTEGER, suspect INTEGER, "
	"parent INTEGER DEFAULT 0);"
	"INSERT INTO message SELECT *, column1 % 2 FROM (VALUES"
	"(1, 'Msg4F2C.ccm', CAST('Msg4F2C.ccm' AS BLOB), 'failed', 0, 1000,"
	" 1795421700000 - 1 * 3600000, 1, 1, 1, 'rejected',"
	" 'Not found in directory', 'Grewal, Jeff at Hub',"
	" 'Admin at HUBPO2' || char(10) || 'Zoe at Branch', 'Another message',"
	" '6/2/98 8:39', NULL, 500, 1),"
	"(2, 'Msg4F2D.ccm', CAST('Msg4F2D.ccm' AS BLOB), 'queued', 0, 2097152,"
	" 1795421700000 - 2 * 3600000, 0, 0, NULL, NULL, NULL,"
	" 'Zoe at Branch', 'Admin at HUBPO2', 'Budget 100% (draft)',"
	" '', NULL, 0, 0),"
	"(3, '_x_y.ccm', x'80782F792E63636D', 'deferred', 0, 10240,"
	" 1795421700000 - 3 * 3600000, 4, 2, 4, 'unavailable', NULL,"
	" 'J\xC3\xB6rg at Hub', 'zoe at branch', 'budget_1998 -x a|b', '',"
	" NULL, 0, 0),"
	"(4, 'BUDGET.CCM', CAST('b*dget?.ccm' AS BLOB), 'purged', 0, 0,"
	" 1795421700000, 3, 3, 139, 'crashed', 'Unknown Date Format',"
	" NULL, NULL, NULL, NULL, NULL, 102401, 0));";

/* Expressions and the ids that they match. */
static const struct {
	const char *text, *ids;
} matching[] = {
	{ "budget", "2 3 4" },
	{ "BUDGET", "2 3 4" },
	{ "-budget", "1" },
	{ "subject:budget", "2 3" },
	{ "-subject:budget", "1 4" },
	{ "subject:bud*", "2 3" },
	{ "subject:*draft\")\"", "2" },
	{ "subject:udg*", "" },
	{ "subject:100%", "2" },
	{ "subject:100_", "" },
	{ "subject:t_1", "3" },
	{ "subject:budget?1998*", "3" },
	{ "subject:?*", "1 2 3" },
	{ "-subject:?*", "4" },
	{ "subject:\"another message\"", "1" },
	{ "subject:\"er m\"", "1" },
	{ "subject:\"another m*\"", "1" },
	{ "\"a|b\"", "3" },
	{ "\"-x\"", "3" },
	{ "\"(draft)\"", "2" },
	{ "name:Msg4*", "1 2" },
	{ "name:msg4f2?.ccm", "1 2" },
	{ "name:4F2D", "2" },
	{ "name:x/y", "3" },
	{ "name:_x_y.ccm", "3" },
	{ "name:b\\*dget\\?*", "4" },
	{ "name:b*dget\\?*", "4" },
	{ "name:\\", "" },
	{ "from:grewal", "1" },
	{ "from:j\xC3\xB6rg*", "3" },
	{ "from:J\xC3\x96RG*", "" },
	{ "from:j?rg*", "3" },
	{ "from=\"zoe at branch\"", "2" },
	{ "from=\"zoe at\"", "" },
	{ "from=zoe*", "2" },
	{ "subject=\"budget 100% (draft)\"", "2" },
	{ "subject=budget_1998", "" },
	{ "name=budget.ccm", "4" },
	{ "to=\"zoe at branch\"", "1 3" },
	{ "to=zoe", "" },
	{ "to:hub", "1 2" },
	{ "to:admin*", "1 2" },
	{ "to:zoe*", "1 3" },
	{ "to:ZOE*branch", "1 3" },
	{ "to:admin*branch", "" },
	{ "to:*o*e*at*n*", "1 3" },
	{ "to:\"zo? at branch\"", "1 3" },
	{ "to:*hubpo", "" },
	{ "-to:zoe*", "2 4" },
	{ "zoe*", "1 2 3" },
	{ "reason:directory", "1" },
	{ "-reason:directory", "2 3 4" },
	{ "state:failed", "1" },
	{ "STATE:Failed", "1" },
	{ "state:failed,queued", "1 2" },
	{ "-state:failed,queued", "3 4" },
	{ "state=purged", "4" },
	{ "class:crashed", "4" },
	{ "-class:crashed", "1 2 3" },
	{ "class:rejected,unavailable", "1 3" },
	{ "code:1", "1" },
	{ "code=4", "3" },
	{ "code:1,139", "1 4" },
	{ "-code:1", "2 3 4" },
	{ "code>1", "3 4" },
	{ "code:>=4", "3 4" },
	{ "code:1-4", "1 3" },
	{ "attempts>=3", "3 4" },
	{ "attempts<3", "1 2" },
	{ "attempts<=1", "1 2" },
	{ "tries>2", "4" },
	{ "tries:0", "2" },
	{ "id:2", "2" },
	{ "id:2-3", "2 3" },
	{ "parent:1", "1 3" },
	{ "id:1,3-4,99", "1 3 4" },
	{ "id>2", "3 4" },
	{ "id:9223372036854775807", "" },
	{ "size>1M", "2" },
	{ "size>=2M", "2" },
	{ "size=10K", "3" },
	{ "size:0", "4" },
	{ "size<1K", "1 4" },
	{ "und>100K", "4" },
	{ "und:0", "2 3" },
	{ "age>2h", "3" },
	{ "age>=2h", "2 3" },
	{ "age<2h", "1 4" },
	{ "age<=2h", "1 2 4" },
	{ "age>106751991167d", "" },
	{ "suspect:yes", "1" },
	{ "suspect:NO", "2 3 4" },
	{ "-suspect:yes", "2 3 4" },
	{ "subject:~^budget", "2 3" },
	{ "subject:~\"t.(100|1998)\"", "2 3" },
	{ "subject:~T_", "3" },
	{ "-subject:~^budget", "1 4" },
	{ "subject:~^(another)", "1" },
	{ "to:~^zoe", "1 3" },
	{ "to:~2$", "1 2" },
	{ "name:~^\\x78", "" },
	{ "~\"zoe at\"", "1 2 3" },
	{ "~\\d{3}%", "2" },
	{ "from:~\"^j.rg\"", "3" },
	{ "from:~\\\"", "" },
	{ "state:failed | size>1M", "1 2" },
	{ "state:failed|state:queued", "1 2" },
	{ "budget -state:purged | id:1", "1 2 3" },
	{ "  budget\tsize>1M  ", "2" },
	{ "'; DROP TABLE message; --", "" },
	{ "x'--", "" },
};

static const struct {
	const char *text, *words;
} refused[] = {
	{ "", "the expression is empty" },
	{ " \t ", "the expression is empty" },
	{ "stat:failed", "stat:failed: unknown key \"stat\"; did you mean "
		"\"state\"?" },
	{ "-sise>1M", "-sise>1M: unknown key \"sise\"; did you mean "
		"\"size\"?" },
	{ "http://example", "unknown key \"http\"" },
	{ "averyveryverylongkey:x", "unknown key \"averyveryverylo\"" },
	{ "state:fail", "state:fail: unknown state \"fail\"; did you mean "
		"\"failed\"?" },
	{ "state:failed,", "unknown state \"\"" },
	{ "class:crash", "unknown class \"crash\"; did you mean \"crashed\"?" },
	{ "state:\x1b[2J", "state:\\x1b[2J: unknown state \"\\x1b[2J\"" },
	{ "state>failed", "state takes a colon" },
	{ "class<failed", "class takes a colon" },
	{ "subject>x", "subject takes : or =" },
	{ "subject=~x", "subject takes a colon before ~" },
	{ "age:2h", "age takes >" },
	{ "age=2h", "age takes >" },
	{ "age>2", "age>2: \"2\" is not a duration" },
	{ "size>1X", "size>1X: \"1X\" is not a size" },
	{ "code:x", "code:x: \"x\" is not a number" },
	{ "code>-1", "-1 is less than 0" },
	{ "id:1,", "id:1,: \"\" is not a number" },
	{ "id:9-7", "the range ends before it begins" },
	{ "id:9223372036854775808", "is too large a number" },
	{ "id>1-2", "\"1-2\" is not a number" },
	{ "suspect:maybe", "suspect is yes or no" },
	{ "suspect>yes", "suspect is yes or no" },
	{ "size:~1", "size takes no regular expression" },
	{ "state:~f", "state takes no regular expression" },
	{ "a |", "nothing stands on one side" },
	{ "| a", "nothing stands on one side" },
	{ "a || b", "nothing stands on one side" },
	{ "|", "nothing stands on one side" },
	{ "-", "-: there is nothing to look for" },
	{ "from:", "from:: there is nothing to look for" },
	{ "from: x", "from:: there is nothing to look for" },
	{ "~", "~: there is nothing to look for" },
	{ "subject:\"\"", "there is nothing to look for" },
	{ "subject:\"x", "the quote is not closed" },
	{ "\"x\\\"", "the quote is not closed" },
	{ "(a | b)", "parentheses do not group" },
	{ "a)", "parentheses do not group" },
	{ "~[", "~[: regular expression, at byte 1: missing terminating ]" },
	{ "~\"\\C\"", "regular expression" },
	{ "~\xFF", "regular expression" },
	{ "subject:~\"((((((((((((((((((((((((((((((((((((((((((((((((((("
		"a)))))))))))))))))))))))))))))))))))))))))))))))))))\"",
		"too deep" },
};

static void
sql_regex(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	const char *text = (const char *)sqlite3_value_text(argv[1]);

	(void)argc;
	sqlite3_result_int(context, match_regex(sqlite3_user_data(context),
		sqlite3_value_int64(argv[0]), text,
		(size_t)sqlite3_value_bytes(argv[1])));
}

static void
bind_values(sqlite3_stmt *stmt, const struct match *m, int first)
{
	struct match_value value;
	int at, rc;

	for (size_t i = 0; i < match_value_count(m); i++) {
		value = match_value(m, i);
		at = first + (int)i;
		rc = value.type != MATCH_VALUE_TEXT ?
			sqlite3_bind_int64(stmt, at, value.number) :
			sqlite3_bind_text(stmt, at, value.text, -1,
				SQLITE_STATIC);
		/* A value that no parameter wants is refused. */
		assert_int_equal(rc, SQLITE_OK);
	}
}

/* The ids that m matches, in words. first: where its parameters begin. */
static void
run(sqlite3 *db, struct match *m, int first, struct str *ids)
{
	char *where = match_where(m, (size_t)first);
	struct str sql = STR_INIT;
	sqlite3_stmt *stmt;

	str_addf(&sql, "SELECT id FROM message WHERE %s ORDER BY id", where);
	assert_int_equal(sqlite3_create_function(db, "ccmq_regex", 2,
		SQLITE_UTF8, m, sql_regex, NULL, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql.data, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql.data, sqlite3_errmsg(db));
	bind_values(stmt, m, first);
	str_clear(ids);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		str_addf(ids, "%s%d", ids->len ? " " : "",
			sqlite3_column_int(stmt, 0));
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	str_release(&sql);
	free(where);
}

static int
open_table(void **state)
{
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return -1;
	*state = db;
	return sqlite3_exec(db, schema, NULL, NULL, NULL);
}

static int
close_table(void **state)
{
	return sqlite3_close(*state);
}

static struct match *
compile(const char *text)
{
	struct error err = ERROR_INIT;
	struct match *m = match_compile(text, 0, NOW, &err);

	if (!m)
		fail_msg("%s", err.text);
	return m;
}

/* What the archive is asked. */
static const struct {
	const char *text, *where;
} archived[] = {
	{ "from:grewal", "(((from_addr ILIKE $3 ESCAPE '\\')))" },
	{ "from:Gre*", "(((from_addr ILIKE $3 ESCAPE '\\' AND "
		"lower(from_addr) LIKE lower($3) ESCAPE '\\')))" },
	{ "from:*wal", "(((from_addr ILIKE $3 ESCAPE '\\')))" },
	{ "from=?rewal", "(((from_addr ILIKE $3 ESCAPE '\\')))" },
	{ "-size>1K id:7,9-11", "((NOT coalesce(size > $3::bigint, false) AND "
		"(id = $4::bigint OR id BETWEEN $5::bigint AND $6::bigint)))" },
	{ "age>2h", "(((received_at < to_timestamp($3::bigint / 1000.0))))" },
	{ "suspect:no | state:failed", "(((NOT suspect)) OR ((state = $3)))" },
	{ "name:~^a", "(((name ~* $3)))" },
	{ "to:zoe", "(((to_addrs ILIKE $3 ESCAPE '\\')))" },
	{ "to:zoe*", "(((EXISTS (SELECT FROM unnest(string_to_array(to_addrs, "
		"chr(10))) AS line WHERE line ILIKE $3 ESCAPE '\\'))))" },
};

static void
archive_is_asked(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(archived); i++) {
		struct match *m = match_compile(archived[i].text, MATCH_ARCHIVE,
			NOW, &err);
		char *where = m ? match_where(m, 3) : NULL;

		if (!m)
			fail_msg("%s: %s", archived[i].text, err.text);
		assert_string_equal(where, archived[i].where);
		free(where);
		match_free(m);
	}
}

static void
rows_match(void **state)
{
	struct str ids = STR_INIT;
	struct match *m;

	for (size_t i = 0; i < COUNT(matching); i++) {
		m = compile(matching[i].text);
		run(*state, m, 1 + (int)i % 7, &ids);
		if (strcmp(ids.data, matching[i].ids) != 0)
			fail_msg("%s: \"%s\"", matching[i].text, ids.data);
		match_free(m);
	}
	str_release(&ids);
}

/* Message 4 is purged: only a group that says so means it. */
static void
purged_if_named(void **state)
{
	static const struct {
		const char *text, *ids;
		bool can_be_purged;
	} cases[] = {
		{ "id>0", "1 2 3", false },
		{ "state:purged", "4", true },
		{ "state:failed,purged", "1 4", true },
		{ "-state:failed", "2 3", false },
		{ "-state:purged", "1 2 3", false },
		{ "state:purged id:1 | id>2", "3", true },
		{ "id:4 | state:purged id:4", "4", true },
		{ "state:purged | name:budget*", "4", true },
		{ "state:failed | name:budget*", "1", false },
	};
	struct str ids = STR_INIT;
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct match *m = match_compile(cases[i].text,
			MATCH_PURGED_IF_NAMED, NOW, &err);

		run(*state, m, 1, &ids);
		if (strcmp(ids.data, cases[i].ids) != 0)
			fail_msg("%s: \"%s\"", cases[i].text, ids.data);
		assert_int_equal(!!(match_states(m) & STATE_BIT(STATE_PURGED)),
			cases[i].can_be_purged);
		match_free(m);
	}
	str_release(&ids);
}

static void
errors_name_the_word(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		if (match_compile(refused[i].text, 0, NOW, &err))
			fail_msg("%s: was accepted", refused[i].text);
		if (!strstr(err.text, refused[i].words))
			fail_msg("%s: \"%s\"", refused[i].text, err.text);
		assert_int_equal(err.code, ERROR_INVALID);
	}
}

static void
empty_on_request(void **state)
{
	struct error err = ERROR_INIT;
	struct match *m = match_compile(" ", MATCH_ALLOW_EMPTY, NOW, &err);
	struct str ids = STR_INIT;

	run(*state, m, 1, &ids);
	assert_string_equal(ids.data, "1 2 3 4");
	assert_int_equal(match_states(m), MATCH_STATES_ALL);
	assert_false(match_names_state(m));
	match_free(m);
	match_free(NULL);
	str_release(&ids);
}

/* COUNT times piece: the words of the error, "" if it compiles and runs. */
static void
repeated(sqlite3 *db, const char *start, const char *piece, int count,
	char words[ERROR_TEXT_MAX])
{
	struct str text = STR_INIT, ids = STR_INIT;
	struct error err = ERROR_INIT;
	struct match *m;

	str_add(&text, start);
	for (int i = 0; i < count; i++)
		str_add(&text, piece);
	m = match_compile(text.data, 0, NOW, &err);
	memcpy(words, err.text, sizeof err.text);
	if (m)
		run(db, m, 100, &ids);
	match_free(m);
	str_release(&text);
	str_release(&ids);
}

static void
sizes_are_bounded(void **state)
{
	char words[ERROR_TEXT_MAX];

	repeated(*state, "id:1", ",1", 499, words);
	assert_string_equal(words, "");
	repeated(*state, "id:1", ",1", 500, words);
	assert_non_null(strstr(words, "more than 500 values"));
	repeated(*state, "", " suspect:yes", 200, words);
	assert_string_equal(words, "");
	repeated(*state, "a", "| a", 199, words);
	assert_string_equal(words, "");
	repeated(*state, "", "x ", 201, words);
	assert_non_null(strstr(words, "more than 200 words"));
	repeated(*state, "", " ~x", 32, words);
	assert_string_equal(words, "");
	repeated(*state, "", " ~x", 33, words);
	assert_non_null(strstr(words, "more than 32 regular"));
	repeated(*state, "", "x", 4096, words);
	assert_string_equal(words, "");
	repeated(*state, "", "x", 4097, words);
	assert_non_null(strstr(words, "longer than 4096 bytes"));
	repeated(*state, "~", "x", 1001, words);
	assert_non_null(strstr(words, "regular expression"));
	repeated(*state, "suspect:no id:1", ",1", 499, words);
	assert_string_equal(words, "");
}

static void
names_and_states(void **state)
{
	static const struct {
		const char *text;
		bool names;
		unsigned states;
	} cases[] = {
		{ "x", false, MATCH_STATES_ALL },
		{ "state:failed x", true, STATE_BIT(STATE_FAILED) },
		{ "state:failed | x", true, MATCH_STATES_ALL },
		{ "state:failed | state:queued", true,
			STATE_BIT(STATE_FAILED) | STATE_BIT(STATE_QUEUED) },
		{ "state:failed state:queued", true, 0 },
		{ "-state:failed", true,
			MATCH_STATES_ALL & ~STATE_BIT(STATE_FAILED) },
		{ "state:failed,lost -state:lost", true,
			STATE_BIT(STATE_FAILED) },
	};
	struct match *m;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		m = compile(cases[i].text);
		assert_int_equal(match_names_state(m), cases[i].names);
		assert_int_equal(match_states(m), cases[i].states);
		match_free(m);
	}
}

/* (a+)+$ over many a and a b takes for ever, but for the limits. */
static void
too_hard_texts(void **state)
{
	static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	struct match *m = compile("subject:~\"^(a+)+$\" -subject:~\"^(a+)+$\"");

	(void)state;
	assert_int_equal(match_limit_hits(m), 0);
	assert_false(match_regex(m, 0, text, strlen(text)));
	assert_int_equal(match_limit_hits(m), 1);
	/* Negated, the word must not hold either. */
	assert_true(match_regex(m, 1, text, strlen(text)));
	assert_int_equal(match_limit_hits(m), 2);
	assert_true(match_regex(m, 0, "aaa", 3));
	assert_false(match_regex(m, 1, "b", 1));
	assert_false(match_regex(m, 0, NULL, 0));
	assert_false(match_regex(m, 2, text, strlen(text)));
	assert_false(match_regex(m, -1, text, strlen(text)));
	assert_int_equal(match_limit_hits(m), 2);
	match_free(m);
}

/* Stars in a text of `to` cost time that grows with the text only. */
static void
stars_are_cheap(void **state)
{
	struct match *m = compile("to:*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b?");
	struct str text = STR_INIT;

	(void)state;
	for (int i = 0; i < 20000; i++)
		str_add_char(&text, 'a');
	assert_false(match_regex(m, 0, text.data, text.len));
	assert_int_equal(match_limit_hits(m), 0);
	str_add_char(&text, 'b');
	assert_false(match_regex(m, 0, text.data, text.len));
	assert_int_equal(match_limit_hits(m), 0);
	str_add_char(&text, 'c');
	assert_true(match_regex(m, 0, text.data, text.len));
	str_release(&text);
	match_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_match),
		cmocka_unit_test(archive_is_asked),
		cmocka_unit_test(purged_if_named),
		cmocka_unit_test(errors_name_the_word),
		cmocka_unit_test(empty_on_request),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(names_and_states),
		cmocka_unit_test(too_hard_texts),
		cmocka_unit_test(stars_are_cheap),
	};

	return cmocka_run_group_tests(tests, open_table, close_table);
}
