/* SPDX-License-Identifier: ISC */
/* Tests of log_list: what is folded, what is one row, and that the list is the
 * same from both ends and in pieces of any size. */
#include "unit/unit.h"
#include "unit/history_file.h"
#include "base/clock.h"
#include "history/event.h"
#include "view/log_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR INT64_C(1795474800000)		/* midnight, in CET */
#define AT(minutes, seconds) \
	(HOUR + (minutes) * CLOCK_MINUTE + (seconds) * CLOCK_SECOND)
#define NOW AT(47, 30)

static struct error err;

static void
attempt(int64_t at, const char *class, int code)
{
	struct history_minute minute = { .at = at, .imported = 1 };
	struct history_attempt a = {
		.message = 7, .number = 1, .why = (char *)(uintptr_t)"arrived",
		.started_at = at, .ended_at = HISTORY_NO_TIME,
		.code = HISTORY_NO_CODE,
	};

	assert_int_equal(history_attempt_begin(h, &a, &err), 0);
	if (!class)
		return;
	a.ended_at = at + 400;
	a.class = (char *)(uintptr_t)class;
	a.code = code;
	assert_int_equal(history_attempt_end(h, &a, &err), 0);
	if (strcmp(class, "imported") == 0)
		assert_int_equal(history_minute_add(h, &minute, &err), 0);
}

static void
action(int64_t at, const char *verb)
{
	struct history_action a = {
		.at = at, .ended_at = at, .verb = (char *)(uintptr_t)verb,
		.by = (char *)(uintptr_t)"mlopez",
		.user = (char *)(uintptr_t)"mlopez",
		.euser = (char *)(uintptr_t)"root",
		.session = (char *)(uintptr_t)"s",
		.program = (char *)(uintptr_t)"ccmq",
	};

	assert_int_equal(history_action_add(h, &a, &err), 0);
}

static void
event(int64_t at, int number)
{
	struct history_event e = { .at = at, .number = number,
		.severity = SEVERITY_WARNING,
		.text = (char *)(uintptr_t)"something" };

	assert_int_equal(history_event_add(h, &e, &err), 0);
}

/* 12 imported from :10 to :20, 31 from :30 to :40, 5 since :40; two failed,
 * one runs, a hold by a person, one by the connector. */
static int
open_history(void **state)
{
	(void)state;
	clock_freeze(NOW, 0);
	history_file_open(HOUR);
	assert_int_equal(history_begin(h, &err), 0);
	for (int i = 0; i < 12; i++)
		attempt(AT(12, i), "imported", 0);
	attempt(AT(12, 5), "undeliverable", 5);
	for (int i = 0; i < 31; i++)
		attempt(AT(31, i), "imported", 0);
	action(AT(35, 0), "hold");
	event(AT(35, 0), EVENT_HELD);
	event(AT(36, 0), EVENT_HELD);
	attempt(AT(39, 59), "crashed", HISTORY_NO_CODE);
	for (int i = 0; i < 5; i++)
		attempt(AT(41, i), "imported", 0);
	attempt(AT(47, 0), NULL, 0);
	assert_int_equal(history_commit(h, &err), 0);
	return 0;
}

/* Adds result and mark of a row, as "name/words!". */
static void
tell(struct log_list *l, const struct list_row *row, struct str *out)
{
	char marks[LIST_MARKS] = { ' ', ' ', ' ' };
	struct str cell = STR_INIT;

	log_source.cell(l, row, 3, &cell);
	log_source.marks(l, row, marks);
	str_addf(out, "%s%s\n", cell.data, marks[2] == '!' ? " !" : "");
	str_release(&cell);
}

/* The whole list, read in pieces of n, from one end. */
static void
whole(struct log_list *l, bool forward, size_t n, struct str *out)
{
	struct list_row rows[64], last = { 0 };
	struct str piece = STR_INIT, all = STR_INIT;
	int got;

	do {
		got = log_source.fetch(l, last.data ? &last : NULL, forward, n,
			rows, &err);
		assert_in_range(got, 0, n);
		for (int i = 0; i < got; i++) {
			str_clear(&piece);
			tell(l, &rows[i], &piece);
			if (!forward)
				str_add(&piece, all.data);
			else
				str_add(&all, piece.data);
			if (!forward) {
				str_clear(&all);
				str_add(&all, piece.data);
			}
			if (last.data)
				log_source.row_free(l, &last);
			last = rows[i];
		}
	} while (got == (int)n);
	if (last.data)
		log_source.row_free(l, &last);
	str_add(out, all.data);
	str_release(&piece);
	str_release(&all);
}

static const char closed[] =
	"5 imported 00:40 to 00:47\n"
	"31 imported 00:30 to 00:40\n"
	"crashed !\n"
	"something !\n"
	"hold by mlopez !\n"
	"12 imported 00:10 to 00:20\n"
	"code 5 undeliverable !\n";

static void
the_same_from_both_ends(void **state)
{
	struct log_list l = { .history = h, .now = NOW };
	struct str forward = STR_INIT, back = STR_INIT, first = STR_INIT;

	(void)state;
	for (int open = 0; open < 3; open++) {
		l.open = open == 0 ? 0 : open == 1 ? AT(10, 0) : AT(30, 0);
		for (size_t n = 1; n <= 40; n += n < 8 ? 1 : 16) {
			str_clear(&forward);
			str_clear(&back);
			whole(&l, true, n, &forward);
			whole(&l, false, n, &back);
			if (n == 1) {
				str_clear(&first);
				str_add(&first, forward.data);
			}
			assert_string_equal(forward.data, back.data);
			assert_string_equal(forward.data, first.data);
		}
	}
	str_release(&forward);
	str_release(&back);
	str_release(&first);
}

static void
folds(void **state)
{
	struct log_list l = { .history = h, .now = NOW };
	struct str out = STR_INIT;
	struct log_row fold = { .log = { .kind = LOG_FOLD, .id = AT(10, 0) } };
	size_t lines;

	(void)state;
	whole(&l, true, 64, &out);
	assert_string_equal(out.data, closed);
	assert_true(log_turn(&l, &fold));
	str_clear(&out);
	whole(&l, true, 64, &out);
	for (lines = 0; strstr(out.data, "code 0"); lines++)
		memcpy(strstr(out.data, "code 0"), "code x", 6);
	assert_int_equal(lines, 12);
	assert_true(log_turn(&l, &fold));
	assert_int_equal(l.open, 0);
	fold.log.kind = HISTORY_LOG_EVENT;
	assert_false(log_turn(&l, &fold));
	str_release(&out);
}

/* A filter: what is about such messages, and did not go well. */
static void
filters(void **state)
{
	struct history_message m = {
		.name = (char *)(uintptr_t)"Msg.ccm", .key = (char *)(uintptr_t)"",
		.true_name = (char *)(uintptr_t)"Msg.ccm", .true_name_len = 7,
		.state = STATE_FAILED, .from = (char *)(uintptr_t)"Ops",
		.date_at = HISTORY_NO_TIME, .next_attempt_at = HISTORY_NO_TIME,
		.code = HISTORY_NO_CODE, .failed_at = HISTORY_NO_TIME,
	};
	struct log_list l = { .history = h, .now = NOW };
	struct str out = STR_INIT;
	struct list list;
	int64_t id = 0;

	(void)state;
	assert_int_equal(history_begin(h, &err), 0);
	while (id < 7)		/* the attempts are of the seventh */
		assert_int_equal(history_message_add(h, &m, &id, &err), 0);
	assert_int_equal(history_commit(h, &err), 0);
	list_init(&list, &log_source, &l);
	assert_int_equal(list_resize(&list, 5, &err), 0);
	assert_int_equal(list_reload(&list, &err), 0);
	l.match = match_compile("from:ops", 0, NOW, &err);
	assert_non_null(l.match);
	whole(&l, true, 2, &out);
	assert_string_equal(out.data, "crashed !\ncode 5 undeliverable !\n");
	/* The cursor was on a fold. */
	assert_int_equal(list_reload(&list, &err), 0);
	assert_int_equal(list.count, 2);
	match_free(l.match);
	l.match = match_compile("from:nobody", 0, NOW, &err);
	assert_int_equal(list_reload(&list, &err), 0);
	assert_int_equal(list.count, 0);
	match_free(l.match);
	list_release(&list);
	str_release(&out);
}

/* In a transaction of its own. */
static void
crash(int64_t at)
{
	assert_int_equal(history_begin(h, &err), 0);
	attempt(at, "crashed", HISTORY_NO_CODE);
	assert_int_equal(history_commit(h, &err), 0);
}

/* As a list: the first row is followed, others keep their place. */
static void
follows(void **state)
{
	struct log_list l = { .history = h, .now = NOW };
	struct list list;
	int64_t id;

	(void)state;
	list_init(&list, &log_source, &l);
	assert_int_equal(list_resize(&list, 5, &err), 0);
	assert_int_equal(list_reload(&list, &err), 0);
	assert_int_equal(list.cursor, 0);
	id = list.lines[0].row.id;
	crash(AT(58, 0));
	assert_int_equal(list_refresh(&list, &err), 0);
	assert_int_equal(list.cursor, 0);
	assert_int_not_equal(list.lines[0].row.id, id);
	assert_int_equal(list_select(&list, id, &err), 1);
	crash(AT(59, 0));
	assert_int_equal(list_refresh(&list, &err), 0);
	assert_int_equal(list.lines[list.cursor].row.id, id);
	assert_int_equal(list_position(&list), 3);
	for (int i = 0; i < 10; i++)
		crash(AT(59, i + 1));
	assert_int_equal(list_refresh(&list, &err), 0);
	assert_int_equal(list.lines[list.cursor].row.id, id);
	assert_int_equal(list_position(&list), 13);
	list_release(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_from_both_ends),
		cmocka_unit_test(folds),
		cmocka_unit_test(filters),
		cmocka_unit_test(follows),
	};

	setenv("TZ", "CET-1", 1);
	return cmocka_run_group_tests(tests, open_history, history_file_close);
}
