/* SPDX-License-Identifier: ISC */
/*
 * The seal: a history in which all kinds of rows come and go is as it was
 * sealed; then any byte of any sealed row is changed, rows and seals are
 * deleted, swapped, added, the newest ten removed, and each time what it was is
 * named. SEAL_TRIES says how often. And: who follows it from anywhere is told
 * each transaction once.
 */
#include "unit/unit.h"
#include "base/xalloc.h"
#include "history/changes.h"
#include "history/event.h"
#include "history/history_note.h"
#include "history/history_private.h"
#include "history/seal_history.h"
#include "history/seal_verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRANSACTIONS 250

static struct history *h;
static char dir[] = "/tmp/sealXXXXXX";
static int64_t clock_ms = 1000;

/* What the last verify found. */
static struct seal_finding findings[2000];
static int found;
static struct seal_sum sum;

static void
must(int rc)
{
	assert_true(rc >= 0);
}

static void
add_message(void)
{
	struct error err = ERROR_INIT;
	struct history_message m = { .name = "a.ccm", .true_name = "a.ccm",
		.true_name_len = 5, .state = STATE_QUEUED, .since = clock_ms,
		.received_at = clock_ms, .code = HISTORY_NO_CODE,
		.failed_at = HISTORY_NO_TIME, .date_at = HISTORY_NO_TIME,
		.next_attempt_at = HISTORY_NO_TIME };

	must(history_message_add(h, &m, &m.id, &err));
}

/* An attempt at a message, which is imported. */
static void
import_one(int64_t id)
{
	struct error err = ERROR_INIT;
	struct history_message m;
	struct history_attempt a = { .message = id, .why = "arrived",
		.number = 1, .lane = 1, .started_at = clock_ms,
		.from_state = STATE_QUEUED, .from_since = clock_ms - 1 };

	if (history_message_get(h, id, &m, &err) <= 0)
		return;
	must(history_attempt_begin(h, &a, &err));
	m.attempt = a.id;
	m.since = clock_ms;
	m.state = m.state == STATE_IMPORTED ? STATE_FAILED : STATE_IMPORTED;
	must(history_message_update(h, &m, m.was, &err));
	history_message_release(&m);
}

static void
add_rest(int n)
{
	struct error err = ERROR_INIT;
	char text[40];
	struct history_event e = { .at = clock_ms, .number = EVENT_STARTED,
		.text = text };
	struct history_action a = { .at = clock_ms, .verb = "hold",
		.by = "op", .session = "s", .program = "test", .reason = text,
		.ended_at = HISTORY_NO_TIME };
	struct history_note note = { .at = clock_ms, .by = "op", .text = text,
		.until = HISTORY_NO_TIME };

	snprintf(text, sizeof text, "number %d", n);
	must(history_event_add(h, &e, &err));
	if (n % 3 == 0)
		must(history_action_add(h, &a, &err));
	if (n % 4 == 0)
		must(history_note_add(h, &note, &err));
}

static int
fill(void **state)
{
	struct error err = ERROR_INIT;
	char path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/history.db", dir);
	must(history_create(path, 1000, &err));
	h = history_open(path, HISTORY_WRITE, &err);
	assert_non_null(h);
	for (int i = 1; i <= TRANSACTIONS; i++) {
		clock_ms += 10;
		must(history_begin(h, &err));
		if (i % 50 == 49) {		/* retention */
			must(history_forget_messages(h, clock_ms - 1500, 5,
				&err));
			must(history_forget_rest(h, clock_ms - 1500, 5, &err));
		}
		add_message();
		import_one(i / 2);
		add_rest(i);
		if (i % 7 == 0)
			history_rollback(h);
		else
			must(history_commit(h, &err));
	}
	return 0;
}

static int
end(void **state)
{
	char command[64];

	(void)state;
	history_close(h);
	snprintf(command, sizeof command, "rm -r %s", dir);
	return system(command);
}

static void
on_found(void *arg, const struct seal_finding *f)
{
	(void)arg;
	if (found < (int)COUNT(findings))
		findings[found++] = *f;
}

static void
verify(void)
{
	struct error err = ERROR_INIT;

	found = 0;
	must(history_verify(h, on_found, NULL, &sum, &err));
}

static bool
is_named(enum seal_finding_kind kind, const char *table, int64_t id)
{
	for (int i = 0; i < found; i++)
		if (findings[i].kind == kind && findings[i].first <= id &&
		    findings[i].last >= id &&
		    strcmp(findings[i].table, table) == 0)
			return true;
	return false;
}

static void
clean(void **state)
{
	(void)state;
	verify();
	if (found)
		fail_msg("%s", findings[0].text);
	assert_int_equal(sum.transactions, TRANSACTIONS - TRANSACTIONS / 7);
	assert_int_equal(sum.newest, sum.transactions);
	assert_true(sum.removed > 10);
	assert_true(sum.rows > 600);
}

/* --- somebody writes into the history ---------------------------------------- */

static void
sql(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = sqlite3_vmprintf(fmt, ap);
	va_end(ap);
	if (sqlite3_exec(h->db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(h->db));
	sqlite3_free(text);
}

static int64_t
number(const char *fmt, ...)
{
	sqlite3_stmt *st = NULL;
	int64_t n = 0;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = sqlite3_vmprintf(fmt, ap);
	va_end(ap);
	assert_int_equal(sqlite3_prepare_v2(h->db, text, -1, &st, NULL),
		SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_free(text);
	return n;
}

static int64_t
some_row(const char *table)
{
	return number("SELECT id FROM %s ORDER BY id LIMIT 1 OFFSET %d", table,
		rand() % (int)number("SELECT count(*) FROM %s", table));
}

static const char *
some_table(void)
{
	return seal_kind_word((enum seal_kind)(rand() % SEAL_MESSAGE));
}

static const struct {
	const char *table, *columns;
} sealed[] = {
	{ "attempt", "message number lane why started_at probe from_state "
		"from_since" },
	{ "action", "at verb reason by uid euid user euser tty ssh session "
		"program pid total undo_of" },
	{ "change", "at message state_from since_from state_to attempt "
		"action" },
	{ "event", "at number severity text message" },
	{ "note", "at by message cause mine until text" },
	{ "seal", "digest rows" },
};

/* One of the words. */
static void
some_word(const char *text, char out[32])
{
	int n = 1;

	for (const char *p = text; *p; p++)
		n += *p == ' ';
	for (n = rand() % n; n > 0; n--)
		text = strchr(text, ' ') + 1;
	snprintf(out, 32, "%.*s", (int)strcspn(text, " "), text);
}

/* A bit of a value; NULL becomes a value. */
static void
change_value(const char *table, const char *column, int64_t id)
{
	char *select = sqlite3_mprintf("SELECT %s FROM %s WHERE id = %lld",
		column, table, (long long)id);
	char *update = sqlite3_mprintf("UPDATE %s SET %s = ? WHERE id = %lld",
		table, column, (long long)id);
	sqlite3_stmt *from = NULL, *to = NULL;
	char bytes[65536] = "";
	int len, type;

	assert_int_equal(sqlite3_prepare_v2(h->db, select, -1, &from, NULL), 0);
	assert_int_equal(sqlite3_prepare_v2(h->db, update, -1, &to, NULL), 0);
	assert_int_equal(sqlite3_step(from), SQLITE_ROW);
	type = sqlite3_column_type(from, 0);
	if (type == SQLITE_INTEGER) {
		sqlite3_bind_int64(to, 1, sqlite3_column_int64(from, 0) ^
			(int64_t)1 << rand() % 62);
	} else {
		len = sqlite3_column_bytes(from, 0);
		assert_true(len < (int)sizeof bytes);
		if (len)
			memcpy(bytes, type == SQLITE_BLOB ?
				sqlite3_column_blob(from, 0) : (const void *)
				sqlite3_column_text(from, 0), (size_t)len);
		if (len)
			bytes[rand() % len] ^= (char)(1 << rand() % 7);
		if (type == SQLITE_BLOB)
			sqlite3_bind_blob(to, 1, bytes, len, SQLITE_STATIC);
		else
			sqlite3_bind_text(to, 1, bytes, len, SQLITE_STATIC);
	}
	assert_int_equal(sqlite3_step(to), SQLITE_DONE);
	sqlite3_finalize(from);
	sqlite3_finalize(to);
	sqlite3_free(select);
	sqlite3_free(update);
}

static bool
try_change(void)
{
	int t = rand() % (int)COUNT(sealed);
	int64_t id = some_row(sealed[t].table);
	char column[32];

	some_word(sealed[t].columns, column);
	change_value(sealed[t].table, column, id);
	verify();
	return is_named(SEAL_ALTERED, sealed[t].table, id);
}

static bool
try_delete(void)
{
	const char *table = some_table();
	int64_t id = some_row(table);

	sql("DELETE FROM %s WHERE id = %lld", table, id);
	verify();
	return found == 1 && is_named(SEAL_MISSING, table, id);
}

static bool
try_swap(void)
{
	const char *table = some_table();
	int64_t a = some_row(table), b = some_row(table);

	if (a == b)
		return true;
	sql("UPDATE %s SET id = -1 WHERE id = %lld", table, a);
	sql("UPDATE %s SET id = %lld WHERE id = %lld", table, a, b);
	sql("UPDATE %s SET id = %lld WHERE id = -1", table, b);
	verify();
	return found == 2 && is_named(SEAL_ALTERED, table, a) &&
		is_named(SEAL_ALTERED, table, b);
}

static bool
try_newest_rows(void)
{
	const char *table = some_table();
	int64_t last = number("SELECT max(id) FROM %s", table);

	sql("DELETE FROM %s WHERE id > %lld", table, last - 10);
	verify();
	return is_named(SEAL_MISSING, table, last - 9) &&
		is_named(SEAL_MISSING, table, last);
}

/* With their rows, and even so that no row speaks of them. */
static bool
try_newest_transactions(void)
{
	int64_t last = number("SELECT max(id) FROM seal");
	int n = 1 + rand() % 10;

	sql("DELETE FROM seal WHERE id > %lld", last - n);
	verify();
	return is_named(SEAL_MISSING, "seal", last) &&
		is_named(SEAL_MISSING, "seal", last - n + 1);
}

static bool
try_seal(void)
{
	int64_t id = some_row("seal");

	sql("DELETE FROM seal WHERE id = %lld", id);
	verify();
	return findings[0].kind == SEAL_MISSING &&
		is_named(SEAL_MISSING, "seal", id);
}

static bool
try_add(void)
{
	sql("INSERT INTO event (at, number, severity, text) "
		"VALUES (5, 20000, 'info', 'nothing happened')");
	verify();
	return found == 1 && is_named(SEAL_UNSEALED, "event",
		number("SELECT max(id) FROM event"));
}

/* One that others follow: it is not the newest any more. */
static bool
try_add_before(void)
{
	struct error err = ERROR_INIT;
	struct history_event e = { .at = clock_ms, .text = "after it",
		.number = EVENT_STARTED };

	sql("INSERT INTO event (at, number, severity, text) "
		"VALUES (5, 20000, 'info', 'nothing happened')");
	must(history_event_add(h, &e, &err));
	must(history_seal(h, &err));
	h->txn = 0;
	verify();
	return found == 1 && is_named(SEAL_UNSEALED, "event",
		number("SELECT max(id) - 1 FROM event"));
}

static void
forged(void **state)
{
	static const struct {
		const char *what;
		bool (*try)(void);
	} tries[] = {
		{ "a changed byte", try_change },
		{ "a row deleted", try_delete },
		{ "two rows swapped", try_swap },
		{ "the newest ten rows", try_newest_rows },
		{ "the newest transactions", try_newest_transactions },
		{ "a seal deleted", try_seal },
		{ "a row added", try_add },
		{ "a row added before others", try_add_before },
	};
	const char *asked = getenv("SEAL_TRIES");
	int n = asked ? atoi(asked) : 300;

	(void)state;
	for (int i = 0; i < n; i++) {
		bool named;
		int t;

		srand((unsigned)i);
		t = rand() % 3 ? 0 : rand() % (int)COUNT(tries);
		sql("BEGIN");
		named = tries[t].try();
		sql("ROLLBACK");
		if (!named)
			fail_msg("try %d, %s: %d found, first: %s", i,
				tries[t].what, found,
				found ? findings[0].text : "-");
	}
}

/* --- who follows --------------------------------------------------------------- */

struct follower {
	int64_t txn, seals, rows;
	int64_t message[TRANSACTIONS + 1];	/* told with its last number */
};

static void
on_told(void *arg, const struct history_told *t)
{
	struct follower *f = arg;

	assert_true(t->txn == f->txn || t->txn == f->txn + 1);
	f->txn = t->txn;
	f->rows++;
	if (t->kind == TOLD_MESSAGE) {
		assert_int_equal(f->message[t->message.id], 0);
		f->message[t->message.id] = t->txn;
	}
	if (t->kind == TOLD_SEAL)
		f->seals++;
}

static void
followed(void **state)
{
	struct error err = ERROR_INIT;
	int64_t gap = 0, after = 0;
	struct follower f = { 0 };
	int rc;

	(void)state;
	verify();
	must(history_changes_gap(h, 0, &gap, &err));
	assert_true(gap > 3 && gap < sum.newest);
	assert_int_equal(number("SELECT count(*) FROM message WHERE txn = 0"),
		0);
	/* Below the gap it fails, and what it named is where it goes on. */
	while ((rc = history_changes_next(h, &after, 1, on_told, &f, &err)) > 0)
		;
	assert_int_equal(rc, -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	memset(&f, 0, sizeof f);
	after = f.txn = gap;
	while ((rc = history_changes_next(h, &after, 1, on_told, &f, &err)) > 0)
		assert_int_equal(f.txn, after);
	assert_int_equal(rc, 0);
	assert_int_equal(after, sum.newest);
	assert_int_equal(f.seals, sum.newest - gap);
	for (int64_t id = 1; id <= TRANSACTIONS; id++) {
		int64_t txn = number("SELECT txn FROM message WHERE id = %lld",
			id);

		assert_int_equal(f.message[id], txn > gap ? txn : 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean),
		cmocka_unit_test(forged),
		cmocka_unit_test(followed),
	};

	return cmocka_run_group_tests(tests, fill, end);
}
