/* SPDX-License-Identifier: ISC */
/* Tests of causes, causes_advice and history_cause: the words of the pictures
 * as they were drawn first, and where they come from. */
#include "unit/unit.h"
#include "unit/history_file.h"
#include "view/causes.h"
#include "page/panel.h"
#include "base/clock.h"
#include "base/width.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Midnight of a Tuesday, in CET. */
#define DAY INT64_C(1795474800000)
#define AT(hours, minutes) \
	(DAY + (hours) * CLOCK_HOUR + (minutes) * CLOCK_MINUTE)
#define NOW AT(3, 2)

static void
compare(const char *name, const char *text, const char *expected)
{
	if (strcmp(text, expected) != 0)
		print_message("# %s\n", name);
	assert_string_equal(text, expected);
}

/* ---- the words of a cause ---- */

#define C(class_, code_, signal_, reason_, suspect_, n_) \
	{ .class = (char *)class_, .code = code_, .signal = signal_, \
	  .reason = (char *)reason_, .suspect = suspect_, .n = n_ }
#define NONE HISTORY_NO_CODE

static const struct {
	struct history_cause_row row;
	int64_t tries_least, tries_most;
	const char *words, *brief;
} words[] = {
	{ C("rejected", 1, 0, NULL, true, 10), 1, 1,
	  "code 1, all in one row: SUSPECT", "code 1 in a row: SUSPECT" },
	{ C("undeliverable", 5, 0, "Not found in directory", false, 19), 1, 1,
	  "code 5  Not found in directory", "5 Not found in directory" },
	{ C("undeliverable", 5, 0, "Unknown Date Format", false, 8), 1, 1,
	  "code 5  Unknown Date Format", "5 Unknown Date Format" },
	{ C("rejected", 1, 0, NULL, false, 3), 1, 1,
	  "code 1  did not complete", "1 did not complete" },
	{ C("crashed", NONE, 11, NULL, false, 2), 3, 3,
	  "crashed, signal 11, 3 tries each", "crashed, signal 11" },
	{ C("crashed", NONE, 11, NULL, false, 1), 3, 3,
	  "crashed, signal 11, 3 tries", "crashed, signal 11" },
	{ C("crashed", NONE, 11, NULL, false, 5), 1, 3,
	  "crashed, signal 11", "crashed, signal 11" },
	{ C("crashed", NONE, 9, NULL, true, 10), 1, 1,
	  "crashed, signal 9, all in one row: SUSPECT",
	  "crashed, signal 9 in a row: SUSPECT" },
	{ C("crashed", NONE, 0, "timed out", false, 2), 3, 3,
	  "timed out, 3 tries each", "timed out" },
	{ C("crashed", 9, 0, NULL, false, 2), 3, 3,
	  "code 9  not documented, 3 tries each", "9 not documented" },
	{ C("unavailable", 4, 0, NULL, false, 2), 20, 20,
	  "code 4  post office locked", "4 post office locked" },
	{ C("unavailable", NONE, 0, "the import program cannot be executed",
	    false, 2), 1, 4, "the import program cannot be executed",
	  "the import program cannot be executed" },
	{ C("interrupted", NONE, 0, NULL, false, 2), 3, 3, "interrupted",
	  "interrupted" },
	/* Of several causes: their number stands as its code. */
	{ { .cause = HISTORY_CAUSE_DOUBT, .code = 3, .n = 5 }, 1, 1,
	  "may have been delivered, 3 causes", "may have been delivered" },
};

static void
words_of_causes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct history_cause_look look = {
			.tries_least = words[i].tries_least,
			.tries_most = words[i].tries_most };
		struct str out = STR_INIT;

		causes_words(&words[i].row, &look, false, &out);
		compare("words", out.data, words[i].words);
		str_clear(&out);
		causes_words(&words[i].row, &look, true, &out);
		compare("brief", out.data, words[i].brief);
		str_release(&out);
	}
}

/* ---- advice ---- */

#pragma GCC diagnostic ignored "-Woverride-init"
#define FACTS .state = STATE_FAILED, .code = NONE, .waiting = 1204, \
	.last_import_at = AT(2, 41), .imports = 2310, \
	.next_at = HISTORY_NO_TIME, .now = NOW
#define IN_A_ROW FACTS, .class = CLASS_REJECTED, .suspect = true, .n = 10, \
	.code = 1, \
	.importer = "Cannot write to post office HUB: access denied"

static const struct {
	const char *name;
	struct causes_advice facts;
	size_t width;
	const char *text;
} advice[] = {
	{ "the first screen of that night", { IN_A_ROW, .tripped = true,
	    .tests = 5, .last_test_at = AT(2, 59) }, 80,
" Meaning   15 different messages failed the same way, one after the other: these\n"
"           10, then 5 tests (back in the queue, last 02:59). None was imported\n"
"           since 02:41, 2,310 before that. One bad message does not do that.\n"
" Evidence  \"Cannot write to post office HUB: access denied\"\n"
" Safe      1,204 wait in the queue. Nothing is lost; the 5 tests do not count.\n"
" To do     1  Mend the post office: rights, path, password, disk over there.\n"
"           2  c t  tests now with one message; if it passes, the rest follows.\n"
"           3  r    here, after that: puts these 10 back in the queue.\n"
" Do not    purge or quarantine these 10: nothing is known to be wrong with them.\n" },
	{ "no test yet, nothing ever imported, stopped", { IN_A_ROW,
	    .tripped = true, .stopped = true, .importer = NULL, .waiting = 0,
	    .last_import_at = HISTORY_NO_TIME }, 80,
" Meaning   10 different messages failed the same way, one after the other. None\n"
"           was ever imported here. One bad message does not do that.\n"
" Safe      Nothing waits in the queue, nothing is lost.\n"
" To do     1  Mend the post office: rights, path, password, disk over there.\n"
"           2  systemctl start ccmqd: it tests with one message and goes on if\n"
"           that passes.\n"
"           3  r    here, after that: puts these 10 back in the queue.\n"
" Do not    purge or quarantine these 10: nothing is known to be wrong with them.\n" },
	{ "one left of the row, one test", { IN_A_ROW, .tripped = true, .n = 1,
	    .tests = 1, .last_test_at = AT(2, 45), .waiting = 1 }, 80,
" Meaning   2 different messages failed the same way, one after the other: this\n"
"           one, then 1 test (back in the queue, last 02:45). None was imported\n"
"           since 02:41, 2,310 before that. One bad message does not do that.\n"
" Evidence  \"Cannot write to post office HUB: access denied\"\n"
" Safe      1 waits in the queue. Nothing is lost; the test does not count.\n"
" To do     1  Mend the post office: rights, path, password, disk over there.\n"
"           2  c t  tests now with one message; if it passes, the rest follows.\n"
"           3  r    here, after that: puts this one back in the queue.\n"
" Do not    purge or quarantine this one: nothing is known to be wrong with it.\n" },
	{ "mended", { IN_A_ROW, .imports_since = 1204, .waiting = 3 }, 80,
" Meaning   10 different messages failed the same way, one after the other. Since\n"
"           then 1,204 were imported: the importer works again, and most likely\n"
"           it was not the mail.\n"
" Evidence  \"Cannot write to post office HUB: access denied\"\n"
" Safe      3 wait in the queue. Nothing is lost.\n"
" To do     r  puts these 10 back in the queue.\n"
" Do not    purge or quarantine these 10: nothing is known to be wrong with them.\n" },
	{ "rejected", { FACTS, .class = CLASS_REJECTED, .code = 1, .n = 3,
	    .imports_since_first = 412,
	    .importer = "IMPORT process ended with error: 1." }, 80,
" Meaning   IMPORT gave up on these 3 with code 1. It imported 412 others since\n"
"           the first of them: most likely the fault is in the messages.\n"
" Evidence  \"IMPORT process ended with error: 1.\"\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     1  Enter: what did it print? Look at Headers, Items and Raw.\n"
"           2  r  only after something was mended, one of them first (Enter).\n"
"           3  x  sets aside, with a reason, what cannot be mended.\n"
" Do not    retry unchanged: most likely it fails again.\n" },
	{ "undeliverable, date, /PARTIAL", { FACTS, .code = 5, .n = 1187,
	    .class = CLASS_UNDELIVERABLE, .reason = "Unknown Date Format",
	    .maybe_delivered = true }, 80,
" Meaning   IMPORT could read these 1,187, but not deliver to everybody: Unknown\n"
"           Date Format. What it could not deliver stands in the .und file (5).\n"
"           The recipients that it found may have got theirs (/PARTIAL).\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     1  Enter: compare the Date of one with the date order of the post\n"
"           office.\n"
"           2  r  after that: tries these 1,187 again; who got it before gets it\n"
"           twice.\n"
"           3  x  sets aside, with a reason, what cannot be mended.\n"
" Do not    retry unchanged: each try appends to the .und file again.\n" },
	{ "undeliverable, hostile reason", { FACTS, .code = 5, .n = 1,
	    .class = CLASS_UNDELIVERABLE, .reason = "\x1b[2J" }, 80,
" Meaning   IMPORT could read this one, but not deliver it: \\x1b[2J. What it\n"
"           could not deliver stands in the .und file (5). Nobody has got\n"
"           anything.\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     1  Enter: what stands beside the reason in .und? Mend what it names.\n"
"           2  r  after that: tries this one again.\n"
"           3  x  sets aside, with a reason, what cannot be mended.\n"
" Do not    retry unchanged: each try appends to the .und file again.\n" },
	{ "crashed", { FACTS, .class = CLASS_CRASHED, .signal = 11, .n = 2,
	    .tries_least = 3, .tries_most = 3 }, 80,
" Meaning   The importer died of signal 11 on these 2, 3 times each. Some\n"
"           recipients may have got theirs before it did.\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     1  Enter: what did it print? w there keeps one for whoever mends the\n"
"           importer.\n"
"           2  x  sets them aside until the importer is mended.\n"
"           3  r  after that, one of them first (Enter).\n"
" Do not    retry many at once: each try may reach somebody twice.\n" },
	{ "crashed, and it said that it delivered", { FACTS, .n = 1,
	    .class = CLASS_CRASHED, .reason = "timed out", .delivered = true,
	    .maybe_delivered = true, .importer = "1 message, 1 delivery" }, 80,
" Meaning   The importer had not ended at its time limit on this one. Before that\n"
"           it said that it delivered: most likely it is where it belongs.\n"
" Evidence  \"1 message, 1 delivery\"\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     1  Look into a recipient's mailbox: is it there?\n"
"           2  X  throws away what everybody has, with that reason.\n"
"           3  Only what is not there: Enter, r.\n"
" Do not    retry this one without a look: somebody would get it twice.\n" },
	{ "interrupted", { FACTS, .class = CLASS_INTERRUPTED, .n = 1 }, 80,
" Meaning   The machine or ccmqd went down while this one was in the importer,\n"
"           each time it was tried. That may be what brought it down. Some\n"
"           recipients may have got theirs.\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     1  Log (6): what happened at that time?\n"
"           2  x  sets aside what brings it down.\n"
"           3  r  tries it, while you look, if nobody has it.\n"
" Do not    retry it again and again: each try may reach somebody twice.\n" },
	{ "unavailable too often", { FACTS, .class = CLASS_UNAVAILABLE,
	    .code = 4, .n = 1 }, 80,
" Meaning   IMPORT said code 4 (post office locked) for this one. So it went\n"
"           again and again, while it imported others: it is not the post office\n"
"           alone. Look at what is different about it.\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     1  Enter: to whom, how big, what did it print?\n"
"           2  r  after something was mended.\n"
"           3  x  sets aside, with a reason, what cannot be mended.\n"
" Do not    retry unchanged: most likely it fails again.\n" },
	{ "deferred", { FACTS, .state = STATE_DEFERRED, .code = 3, .n = 2,
	    .class = CLASS_UNAVAILABLE, .next_at = AT(3, 5) }, 80,
" Meaning   IMPORT said code 3 (post office not accessible) for these 2. That is\n"
"           no fault of the mail.\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     Nothing: they are tried again by themselves, the next 03:05. r tries\n"
"           them now, and begins to count anew.\n"
" Do not    purge or quarantine these 2: nothing is known to be wrong with them.\n" },
	{ "deferred, tripped, cannot be executed", { FACTS, .n = 2,
	    .state = STATE_DEFERRED, .class = CLASS_UNAVAILABLE,
	    .reason = "the import program cannot be executed",
	    .tripped = true }, 80,
" Meaning   The importer could not run for these 2: the import program cannot be\n"
"           executed. That is no fault of the mail.\n"
" Safe      1,204 wait in the queue. Nothing is lost.\n"
" To do     Mend the post office; c t tests now with one message. When one passes\n"
"           all are tried again by themselves.\n"
" Do not    purge or quarantine these 2: nothing is known to be wrong with them.\n" },
};

static void
advice_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(advice); i++) {
		struct str out = STR_INIT;
		struct panel panel;

		panel_cause(&advice[i].facts, NULL, &panel);
		panel_lines(&panel, (struct panel_room){ advice[i].width, 0,
			0 }, &out);
		panel_release(&panel);
		compare(advice[i].name, out.data, advice[i].text);
		str_release(&out);
	}
}

/* ---- the list, out of a history ---- */


struct fill {
	const char *class, *reason;
	int code, signal;
	bool suspect;
	int n, senders, retried;
	int64_t first_at, last_at;
	int tries;
};

static void
add_message(const struct fill *f, int i, int64_t cause)
{
	char from[40];
	struct history_message m = {
		.name = (char *)"Msg.ccm", .true_name = (char *)"Msg.ccm",
		.true_name_len = 7, .key = (char *)(uintptr_t)"",
		.content = (char *)(uintptr_t)"", .state = STATE_QUEUED,
		.size = 100,
		.from = i % f->senders ? from : NULL,
		.date_at = HISTORY_NO_TIME, .next_attempt_at = HISTORY_NO_TIME,
		.code = HISTORY_NO_CODE,
	};
	struct error err = ERROR_INIT;

	snprintf(from, sizeof from, "Ops %d at Hub", i % f->senders);
	assert_int_equal(history_message_add(h, &m, &m.id, &err), 0);
	m.state = STATE_FAILED;
	m.since = m.failed_at = i == 0 ? f->first_at : f->last_at;
	m.class = (char *)f->class;
	m.code = f->code;
	m.signal = f->signal;
	m.suspect = f->suspect;
	m.cause = cause;
	m.tries = f->tries;
	m.retries = i < f->retried;
	m.maybe_delivered = m.doubt = strcmp(f->class, "crashed") == 0 &&
		!f->signal && i == 0;
	m.imports_seen = 2310;
	assert_int_equal(history_message_update(h, &m, STATE_QUEUED, &err), 1);
}

static void
add(const struct fill *f)
{
	struct error err = ERROR_INIT;
	int64_t cause;

	assert_int_equal(history_begin(h, &err), 0);
	assert_int_equal(history_cause(h, f->class, f->code, f->signal,
		f->reason, &cause, &err), 0);
	for (int i = 0; i < f->n; i++)
		add_message(f, i, cause);
	assert_int_equal(history_commit(h, &err), 0);
}

static int
open_history(void **state)
{
	static const struct fill fills[] = {
		{ "rejected", NULL, 1, 0, true, 10, 9, 0, AT(2, 41), AT(2, 44),
		  1 },
		{ "undeliverable", "Not found in directory", 5, 0, false, 19,
		  3, 2, AT(-20, 0), AT(1, 12), 1 },
		{ "undeliverable", "Unknown Date Format", 5, 0, false, 8, 1, 0,
		  AT(-40, 0), AT(-1, 0), 1 },
		{ "rejected", NULL, 1, 0, false, 3, 3, 1, AT(-40, 0),
		  AT(0, 20), 1 },
		{ "crashed", NULL, NONE, 11, false, 2, 1, 0, AT(-50, 0),
		  AT(-30, 0), 3 },
	};

	(void)state;
	clock_freeze(NOW, 0);
	history_file_open(AT(-100, 0));
	for (size_t i = 0; i < COUNT(fills); i++)
		add(&fills[i]);
	return 0;
}

static void
put(char *line, int at, int width, bool right, const char *text)
{
	char cut[200];
	int columns;

	width_cut(cut, sizeof cut, text, (size_t)width);
	columns = (int)strlen(cut);
	memcpy(line + at + (right ? width - columns : 0), cut,
		(size_t)columns);
}

/* The rows as list_draw would draw them, without the gutter's marks. */
static void
picture(struct causes *c, int width, char lines[][200], int max)
{
	struct list_slot slots[LIST_COLUMNS_MAX];
	struct list_row rows[20];
	struct error err = ERROR_INIT;
	int64_t total;
	size_t count, n;
	const struct list_column *columns = causes_layout(c, width, &count);
	int got;

	assert_int_equal(causes_source.count(c, &total, &err), 0);
	got = causes_source.fetch(c, NULL, true, 20, rows, &err);
	assert_int_equal(got, total);
	n = list_layout(columns, count, width, slots);
	for (int i = 0; i <= got; i++) {
		struct str cell = STR_INIT;

		assert_true(i < max);
		memset(lines[i], ' ', 199);
		for (size_t k = 0; k < n; k++) {
			const struct list_column *col =
				&columns[slots[k].column];

			str_clear(&cell);
			if (i)
				causes_source.cell(c, &rows[i - 1],
					slots[k].column, &cell);
			put(lines[i], slots[k].at, slots[k].width, col->right,
				i ? cell.data : col->title);
		}
		lines[i][width] = '\0';
		str_release(&cell);
		if (i)
			causes_source.row_free(c, &rows[i - 1]);
	}
}

/* From each row the next one, down and up again. */
static void
one_after_the_other(void **state)
{
	struct list_row all[20], got;
	struct error err = ERROR_INIT;
	struct causes c;
	int64_t total;

	(void)state;
	causes_init(&c, h, STATE_FAILED);
	assert_int_equal(causes_source.count(&c, &total, &err), 0);
	assert_in_range(total, 3, 20);
	assert_int_equal(causes_source.fetch(&c, NULL, true, 20, all, &err),
		total);
	for (int i = 0; i + 1 < total; i++) {
		assert_int_equal(causes_source.fetch(&c, &all[i], true, 1,
			&got, &err), 1);
		assert_int_equal(got.id, all[i + 1].id);
		causes_source.row_free(&c, &got);
		assert_int_equal(causes_source.fetch(&c, &all[i + 1], false, 1,
			&got, &err), 1);
		assert_int_equal(got.id, all[i].id);
		causes_source.row_free(&c, &got);
	}
	for (int i = 0; i < total; i++)
		causes_source.row_free(&c, &all[i]);
	causes_release(&c);
}

static void
lists(void **state)
{
	static const char *const wide[] = {
"     MESSAGES CAUSE                                FIRST   LAST  SENDERS RETRIED",
"           10 code 1, all in one row: SUSPECT      02:41  02:44        9       0",
"           19 code 5  Not found in directory         Mon  01:12        3       2",
"            3 code 1  did not complete               Sun  00:20        3       1",
"            8 code 5  Unknown Date Format            Sun    Mon        1       0",
"            2 crashed, signal 11, 3 tries each       Sat    Sun        1       0",
	};
	static const char *const narrow[] = {
"     MSGS CAUSE                     LAST",
"       10 code 1 in a row: SUSPECT 02:44",
"       19 5 Not found in directory 01:12",
"        3 1 did not complete       00:20",
"        8 5 Unknown Date Format      Mon",
"        2 crashed, signal 11         Sun",
	};
	struct causes c;
	char lines[10][200];

	(void)state;
	causes_init(&c, h, STATE_FAILED);
	picture(&c, 80, lines, 10);
	for (size_t i = 0; i < COUNT(wide); i++)
		assert_string_equal(lines[i], wide[i]);
	assert_int_equal(c.messages, 42);
	picture(&c, 40, lines, 10);
	for (size_t i = 0; i < COUNT(narrow); i++)
		assert_string_equal(lines[i], narrow[i]);
	causes_release(&c);
}

/* Senders are looked for among the newest thousand, and only when the row
 * changed. */
static void
many_senders(void **state)
{
	static const struct {
		int n, senders;
		const char *shown;
	} steps[] = {
		{ 300, 300, "300" }, { 1000, 300, "300+" },
		{ 2000, 2000, "999+" },
	};
	struct fill f = { "rejected", "many", 1, 0, false, 0, 1, 0,
		AT(2, 50), AT(2, 50), 1 };
	struct causes c;
	char lines[10][200];

	(void)state;
	causes_init(&c, h, STATE_FAILED);
	for (size_t i = 0; i < COUNT(steps); i++) {
		f.n = steps[i].n;
		f.senders = steps[i].senders;
		f.first_at = f.last_at = AT(2, 50 + (int)i);
		add(&f);
		picture(&c, 80, lines, 10);
		assert_non_null(strstr(lines[1], "code 1  many"));
		lines[1][72] = '\0';
		assert_string_equal(lines[1] + 72 - strlen(steps[i].shown),
			steps[i].shown);
	}
	assert_int_equal(c.look_count, 6);
	for (int i = 0; i < c.look_count; i++)
		if (c.looks[i].n == 3300)
			c.looks[i].look.senders = 7;
	picture(&c, 80, lines, 10);
	assert_memory_equal(lines[1] + 70, "7+", 2);
	causes_release(&c);
}

/* What may have been delivered is a row on top where it has several causes. One
 * that may have been makes it true of its cause, be it the newest or not. */
static void
doubtful_ones(void **state)
{
	struct fill f = { "crashed", "timed out", NONE, 0, false, 2, 1, 0,
		AT(2, 55), AT(2, 56), 1 };
	struct status st = { .row.last_import_at = HISTORY_NO_TIME };
	struct error err = ERROR_INIT;
	struct causes c;
	int64_t before, n;

	(void)state;
	causes_init(&c, h, STATE_FAILED);
	assert_int_equal(causes_source.count(&c, &before, &err), 0);
	add(&f);
	assert_int_equal(causes_source.count(&c, &n, &err), 0);
	assert_int_equal(n, before + 1);
	assert_false(causes_is_doubt(&c.rows[0]));
	assert_true(causes_advice(&c, &c.rows[0], &st)->maybe_delivered);
	assert_false(causes_advice(&c, &c.rows[1], &st)->maybe_delivered);
	f.reason = "stopped";
	add(&f);
	assert_int_equal(causes_source.count(&c, &n, &err), 0);
	assert_int_equal(n, before + 3);
	assert_true(causes_is_doubt(&c.rows[0]));
	assert_int_equal(c.rows[0].n, 2);
	causes_release(&c);
}

static void
advice_out_of_the_history(void **state)
{
	struct status st = { .row = { .breaker_open = true,
		.breaker_at = AT(2, 44), .imports = 2310,
		.last_import_at = AT(2, 41) } };
	struct causes c;
	struct list_row row;
	struct error err = ERROR_INIT;
	struct history_tests tests;
	int64_t total, n;
	struct panel panel;

	(void)state;
	st.counts.n[STATE_QUEUED] = 1204;
	assert_int_equal(history_begin(h, &err), 0);
	for (int i = 0; i < 7; i++) {
		struct history_attempt a = { .message = 1, .number = 1,
			.why = (char *)(i ? "probe" : "arrived"), .probe = i > 0,
			.started_at = AT(2, 43 + i), .took_ms = 400 };

		assert_int_equal(history_attempt_begin(h, &a, &err), 0);
		a.ended_at = a.started_at + 400;
		a.class = (char *)"rejected";
		a.code = 1;
		a.output = (char *)"one\r\nCannot write\r\n";
		a.output_len = strlen(a.output);
		assert_int_equal(history_attempt_end(h, &a, &err), 0);
	}
	assert_int_equal(history_commit(h, &err), 0);
	assert_int_equal(history_tests_since(h, AT(2, 46), &tests,
		&err), 0);
	assert_int_equal(tests.n, 4);
	assert_int_equal(tests.others, 1);	/* the same, each time */
	assert_int_equal(tests.last_at, AT(2, 49));
	assert_int_equal(history_tests_since(h, AT(2, 55), &tests,
		&err), 0);
	assert_int_equal(tests.n, 0);
	assert_true(tests.last_at == HISTORY_NO_TIME);
	assert_int_equal(history_took_ms(h, &n, &err), 0);
	assert_int_equal(n, 400);

	causes_init(&c, h, STATE_FAILED);
	assert_int_equal(causes_source.count(&c, &total, &err), 0);
	for (int i = 0; i < c.count; i++) {
		if (!c.rows[i].suspect)
			continue;
		row.data = &c.rows[i];
		panel_cause(causes_advice(&c, row.data, &st), NULL, &panel);
		assert_non_null(strstr(panel.parts[PANEL_MEANING].data,
			"16 different messages failed the same way, one after "
			"the other: these 10, then 6 tests (back in the queue, "
			"last 02:49). None was imported"));
		panel_release(&panel);
	}
	causes_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_causes),
		cmocka_unit_test(advice_texts),
		cmocka_unit_test(lists),
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(many_senders),
		cmocka_unit_test(advice_out_of_the_history),
		cmocka_unit_test(doubtful_ones),
	};

	setenv("TZ", "CET-1", 1);
	tzset();
	return cmocka_run_group_tests(tests, open_history, history_file_close);
}
