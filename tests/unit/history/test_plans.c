/* SPDX-License-Identifier: ISC */
/*
 * Plans: how SQLite answers each statement of the history, held against
 * plans.txt beside this file; and none that is taken per message or per
 * screen scans a table or sorts one. PLANS_UPDATE=1 writes plans.txt anew: look
 * at the difference.
 */
#include "unit/unit.h"
#include "history/history_private.h"
#include "base/str.h"
#include "history/history_sorted.h"
#include "history/history_walk.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What may scan or sort, and why. */
static const struct {
	const char *name, *why;
} allowed[] = {
	{ "SQL_VERSION_MADE", "the columns of one table" },
	{ "SQL_UUID", "one row" },
	{ "SQL_CONNECTOR_", "one row" },
	{ "SQL_HIGHEST_ID", "a row for each table" },
	{ "SQL_SET_HIGHEST_ID", "a row for each table" },
	{ "SQL_SEAL_NEWEST", "a row for each table, and the last of one" },
	{ "SQL_SEALED_BEFORE", "a row for each table" },
	{ "SQL_TXN_HIGHEST", "one row, of two indexes" },
	{ "SQL_CONTENT_UNKNOWN", "the first of an index" },
	{ "SQL_MOVES_OPEN", "counts up to a limit" },
	{ "SQL_LOOK_", "count up to a limit" },
	{ "SQL_JOBS_COUNT", "counts up to a limit" },
	{ "SQL_OUTCOME_REASON", "the messages of one action" },
	{ "SQL_ATTEMPTS_OPEN", "as many as there are lanes" },
	{ "SQL_PROBE_", "the first of an index" },
	{ "SQL_TESTS", "the newest, up to a limit" },
	{ "SQL_TOOK", "the newest, up to a limit" },
	{ "SQL_CAUSE_LOOK", "the newest, up to a limit" },
	{ "SQL_STORM", "the newest, up to a limit" },
	{ "SQL_EVENT_SINCE", "from the newest back: what will be shown" },
	{ "SQL_FORGET_EVENTS", "the oldest, up to a limit" },
	{ "SQL_FORGET_ACTIONS", "the oldest, up to a limit" },
	{ "SQL_ATTEMPT_TALLY", "a row for each class and band" },
	{ "SQL_COUNTS", "a row for each state and cause" },
	{ "SQL_TALLY_ALL", "a row for each state and cause" },
	{ "SQL_CAUSE_COUNT", "at most 1,000 rows" },
	{ "SQL_CAUSES", "a row for each cause" },
	{ "SQL_CAUSE_DOUBT", "those that nobody has decided on" },
	{ "SQL_UND_REASONS", "what came in the last hour" },
	{ "SQL_ACTIONS_OPEN", "the open ones, which are few" },
	{ "SQL_AT_COUNTS", "the tallies, and what was begun since then" },
	{ "SQL_AT_ITEMS", "the messages of one action" },
	{ "SQL_AT_UND", "a row for each .und file" },
	{ "SQL_REPORT_FAILURES", "what failed in a shift" },
	{ "SQL_NOTES_ANY", "one row" },
	{ "SQL_FILL_LEFT", "one row" },
	{ "SQL_FILL_PUT", "one row" },
	{ "SQL_FILL_KNOWN", "what is told of one message" },
	{ "SQL_FILL_STEPS", "what is told of one message" },
	{ "SQL_TALLY_ROWS", "check reads every row" },
	/* A person asks for such an order; it reads a state. */
	{ "window by next", "sorts what it shows" },
	{ "window by attempts", "sorts what it shows" },
	{ "window by size", "sorts what it shows" },
	{ "window by code", "sorts what it shows" },
	{ "window by person", "sorts what it shows" },
	{ "window by reason", "sorts what it shows" },
	{ "window by from", "sorts what it shows" },
	{ "window by subject", "sorts what it shows" },
};

static struct history *h;
static struct str plans;

static void
path_of(char *out, size_t cap, const char *name)
{
	const char *dir = getenv("srcdir");

	snprintf(out, cap, "%s/%s", dir ? dir : ".", name);
}

static char *
read_text(const char *name)
{
	char path[4096];
	struct str text = STR_INIT;
	char buf[4096];
	size_t n;
	FILE *f;

	path_of(path, sizeof path, name);
	f = fopen(path, "r");
	if (!f)
		return NULL;
	while ((n = fread(buf, 1, sizeof buf, f)) > 0)
		str_add_bytes(&text, buf, n);
	fclose(f);
	return str_steal(&text);
}

static void
add_plan(const char *name, const char *sql)
{
	char *text = xasprintf("EXPLAIN QUERY PLAN %s", sql);
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(h->db, text, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", name, sqlite3_errmsg(h->db));
	str_addf(&plans, "%s\n", name);
	while (sqlite3_step(st) == SQLITE_ROW)
		str_addf(&plans, "\t%s\n", sqlite3_column_text(st, 3));
	sqlite3_finalize(st);
	free(text);
}

/* --- the statements by name ---------------------------------------------- */

static bool
has_plan(const char *sql)
{
	return strncmp(sql, "PRAGMA", 6) != 0 &&
		strncmp(sql, "BEGIN", 5) != 0 &&
		strcmp(sql, "COMMIT") != 0 && strcmp(sql, "ROLLBACK") != 0;
}

/* The names stand in the header, in the order of the texts. */
static void
add_statements(void)
{
	char *header = read_text("src/history/history_sql.h");
	char *p = header ? strstr(header, "\tSQL_") : NULL;
	char name[64];

	assert_non_null(p);
	for (int i = 0; i < SQL_COUNT; i++) {
		assert_int_equal(sscanf(p, " %63[A-Z0-9_]", name), 1);
		assert_non_null(history_sql[i]);
		if (has_plan(history_sql[i]))
			add_plan(name, history_sql[i]);
		p = strchr(p, '\n') + 1;
	}
	free(header);
}

/* --- the questions of lists ---------------------------------------------- */

static const char *asking, *again = "";

/* Each text that is made while somebody asks. */
static int
on_statement(unsigned type, void *ctx, void *st, void *text)
{
	const char *sql = sqlite3_sql(st);

	(void)type;
	(void)ctx;
	(void)text;
	if (!strstr(sql, "FROM message m") || !*asking)
		return 0;
	add_plan(asking, sql);
	asking = again;
	again = "";
	return 0;
}

static void
add_none(void *arg, int64_t id, int state)
{
	(void)arg;
	(void)id;
	(void)state;
}

/* Where a slice ends, and what is in it. */
static void
ask_walk(const char *what, const struct history_query *q,
	const struct history_window *w)
{
	struct history_walk walk;
	struct error err = ERROR_INIT;
	char name[200];

	snprintf(name, sizeof name, "walk %s", what);
	assert_int_equal(history_walk_begin(h, q, w->by, w->anchor, w->anchor,
		&walk, &err), 0);
	asking = again = name;
	assert_int_equal(history_walk_next(h, &walk, add_none, NULL, &err), 1);
	again = "";
	history_walk_release(&walk);
}

/* A slice of it, and what changed since. */
static void
ask_sorted(const char *what, const struct history_query *q)
{
	struct history_sorted *s;
	struct error err = ERROR_INIT;
	char name[200];

	assert_int_equal(history_sorted_new(h, q, HISTORY_BY_SIZE, &s, &err),
		0);
	snprintf(name, sizeof name, "sorted %s", what);
	asking = again = name;
	while (history_sorted_next(h, s, &err) > 0)
		;
	history_sorted_free(s);
	again = "";
}

static void
ask(const char *what, const struct history_query *q,
	const struct history_window *w)
{
	struct history_message rows[2];
	struct error err = ERROR_INIT;
	struct history_query page = *q;
	char name[200];
	int64_t n;

	asking = name;
	snprintf(name, sizeof name, "window %s", what);
	assert_true(history_window(h, q, w, 2, rows, &err) == 0);
	assert_true(history_rank(h, q, w, 2, &n, &err) == 0);
	if (w->forward && w->by <= HISTORY_BY_FAILED && !q->before_since)
		ask_walk(what, q, w);
	if (w->forward && w->by == HISTORY_BY_SIZE && !w->anchor)
		ask_sorted(what, q);
	if (w->by != HISTORY_BY_ID || !w->forward)
		return;
	if (w->anchor)
		return;
	asking = name;
	snprintf(name, sizeof name, "page %s", what);
	assert_true(history_page(h, &page, 7, 2, rows, &err) == 0);
	asking = name;
	snprintf(name, sizeof name, "count %s", what);
	assert_true(history_count(h, q, &n, &err) == 0);
}

static const struct {
	const char *name;
	enum history_order by;
} orders[] = {
	{ "by id", HISTORY_BY_ID },
	{ "by since", HISTORY_BY_SINCE },
	{ "by failed", HISTORY_BY_FAILED },
	{ "by next", HISTORY_BY_NEXT },
	{ "by attempts", HISTORY_BY_ATTEMPTS },
	{ "by size", HISTORY_BY_SIZE },
	{ "by code", HISTORY_BY_CODE },
	{ "by person", HISTORY_BY_PERSON },
	{ "by reason", HISTORY_BY_REASON },
	{ "by from", HISTORY_BY_FROM },
	{ "by subject", HISTORY_BY_SUBJECT },
};

/* When it failed is asked of a cause alone; what sorts, once each way; of a
 * time that is past the orders that have an index. */
static bool
is_asked(const struct history_query *q, const struct history_window *w)
{
	if (q->before_since && (q->match || w->by > HISTORY_BY_FAILED))
		return false;
	if (w->by == HISTORY_BY_FAILED)
		return q->cause;
	return w->by <= HISTORY_BY_SINCE || !(q->cause || q->match);
}

static void
add_questions(void)
{
	struct history_message anchor = { .id = 7, .name = xstrdup("a") };
	struct error err = ERROR_INIT;
	struct match *match = match_compile("subject:x", 0, 0, &err);
	char what[160];

	sqlite3_trace_v2(h->db, SQLITE_TRACE_STMT, on_statement, NULL);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		for (unsigned bits = 0; bits < 32; bits++) {
			struct history_query q = {
				.states = STATE_BIT(STATE_FAILED),
				.cause = bits & 1 ? 3 : 0,
				.suspect = bits & 1 ? HISTORY_SUSPECT_NO :
					HISTORY_SUSPECT_ANY,
				.match = bits & 2 ? match : NULL,
				.before_since = bits & 16 ? 1000 : 0 };
			struct history_window w = { .by = orders[i].by,
				.forward = bits & 8,
				.anchor = bits & 4 ? &anchor : NULL };

			snprintf(what, sizeof what, "%s%s%s%s%s%s",
				orders[i].name, bits & 8 ? "" : " back",
				bits & 4 ? " from a place" : "",
				bits & 1 ? " of a cause" : "",
				bits & 2 ? " match" : "",
				bits & 16 ? " as it was" : "");
			if (is_asked(&q, &w))
				ask(what, &q, &w);
		}
	sqlite3_trace_v2(h->db, 0, NULL, NULL);
	match_free(match);
	history_message_release(&anchor);
}

/* --- what is held against what -------------------------------------------- */

static bool
may(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (strncmp(allowed[i].name, name, strlen(allowed[i].name)) ==
		    0 && strlen(allowed[i].name) <= len)
			return true;
	return false;
}

static void
nothing_scans(void **state)
{
	const char *name = plans.data;
	int red = 0;

	(void)state;
	for (const char *p = plans.data; *p; p = strchr(p, '\n') + 1) {
		int len = (int)strcspn(p, "\n");

		if (*p != '\t') {
			name = p;
			continue;
		}
		/* What is in a subquery has a line of its own. */
		if (((strncmp(p, "\tSCAN", 5) == 0 &&
		    strncmp(p, "\tSCAN (", 7) != 0 &&
		    strncmp(p, "\tSCAN CONSTANT", 14) != 0) ||
		    strncmp(p, "\tUSE TEMP", 9) == 0) && !may(name, strcspn(name, "\n"))) {
			print_message("# %.*s:%.*s\n",
				(int)strcspn(name, "\n"), name, len, p);
			red++;
		}
	}
	assert_int_equal(red, 0);
}

static void
as_pinned(void **state)
{
	char path[4096];
	char *pinned = read_text("tests/unit/history/plans.txt");
	FILE *f;

	(void)state;
	if (getenv("PLANS_UPDATE")) {
		path_of(path, sizeof path, "tests/unit/history/plans.txt");
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(plans.data, f);
		fclose(f);
	} else if (strncmp(sqlite3_libversion(), "3.40.", 5) == 0) {
		assert_non_null(pinned);
		assert_string_equal(plans.data, pinned);
	}
	free(pinned);
}

static int
open_history(void **state)
{
	char dir[] = "plansXXXXXX", path[64];
	struct error err = ERROR_INIT;

	(void)state;
	str_init(&plans);
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof path, "%s/history.db", dir);
	if (history_create(path, 1, &err) < 0)
		return -1;
	h = history_open(path, HISTORY_WRITE, &err);
	if (!h)
		return -1;
	add_statements();
	add_questions();
	for (const char *const *end = (const char *const[]){ "", "-wal", "-shm",
	    NULL }; *end; end++) {
		snprintf(path, sizeof path, "%s/history.db%s", dir, *end);
		unlink(path);
	}
	rmdir(dir);
	return 0;
}

static int
close_history(void **state)
{
	(void)state;
	history_close(h);
	str_release(&plans);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_scans),
		cmocka_unit_test(as_pinned),
	};

	return cmocka_run_group_tests(tests, open_history, close_history);
}
