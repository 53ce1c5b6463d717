/* SPDX-License-Identifier: ISC */
/* Tests of und_list: rows and sums agree, whatever the file holds. */
#include "unit/unit.h"
#include "unit/history_file.h"
#include "base/clock.h"
#include "view/und_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIDNIGHT INT64_C(1795474800000)
#define NOW (MIDNIGHT + 14 * CLOCK_HOUR + 2 * CLOCK_MINUTE + 45678)

static struct error err;

static int
open_history(void **state)
{
	(void)state;
	clock_freeze(NOW, 0);
	history_file_open(MIDNIGHT);
	return 0;
}

/* An entry, and the growth that it was seen as. */
static void
entry(int64_t file, int64_t at, int64_t length, const char *reason)
{
	struct history_und_entry e = { .at = at, .file = file,
		.length = length, .reason = (char *)(uintptr_t)reason };
	struct history_minute m = { .at = at, .und_bytes = length };

	assert_int_equal(history_und_entry_add(h, &e, &err), 0);
	assert_int_equal(history_minute_add(h, &m, &err), 0);
}

static void
look(struct und_reasons *u, int count, int64_t bytes, int64_t ten,
	int64_t hour)
{
	int64_t n, sum = 0, sum_ten = 0, sum_hour = 0;

	assert_int_equal(und_reasons_source.count(u, &n, &err), 0);
	assert_int_equal(n, count);
	for (int i = 0; i < u->count; i++) {
		sum += u->rows[i].bytes;
		sum_ten += u->rows[i].bytes_10min;
		sum_hour += u->rows[i].bytes_hour;
	}
	assert_int_equal(sum, u->sum.bytes);
	assert_int_equal(sum_ten, u->sum.bytes_10min);
	assert_int_equal(sum_hour, u->sum.bytes_hour);
	assert_int_equal(u->sum.bytes, bytes);
	assert_int_equal(u->sum.bytes_10min, ten);
	assert_int_equal(u->sum.bytes_hour, hour);
}

static void
rows_add_up(void **state)
{
	struct history_minute nobodys = { .at = NOW - 5 * CLOCK_MINUTE,
		.und_bytes = 900 };
	struct history_und_file f = { .lane = 1, .inode = 7, .size = 0 };
	struct history_und_file full = { .lane = 1, .inode = 8, .size = 0 };
	struct und_reasons u;
	struct list_row rows[10];
	struct str cell = STR_INIT;
	int n;

	(void)state;
	assert_int_equal(history_und_add(h, &full, &err), 0);
	full.size = 5000;
	full.number = 1;
	assert_int_equal(history_und_update(h, &full, &err), 0);
	assert_int_equal(history_und_add(h, &f, &err), 0);
	f.size = 1000;
	assert_int_equal(history_und_update(h, &f, &err), 0);
	und_reasons_init(&u, h);
	/* Seconds inside the first minute of ten, of an hour: both agree. */
	entry(f.id, NOW - 9 * CLOCK_MINUTE - 45000, 300, "a");
	entry(f.id, NOW - 59 * CLOCK_MINUTE - 45000, 200, "b");
	entry(f.id, NOW - 30 * CLOCK_HOUR, 500, "");
	entry(full.id, NOW - 40 * CLOCK_HOUR, 5000, "b");
	look(&u, 3, 6000, 300, 500);
	assert_int_equal(u.older_bytes, 5000);
	/* The file grew, and nobody owns it. */
	assert_int_equal(history_minute_add(h, &nobodys, &err), 0);
	f.size = 1900;
	assert_int_equal(history_und_update(h, &f, &err), 0);
	look(&u, 4, 6900, 1200, 1400);
	n = und_reasons_source.fetch(&u, NULL, true, 10, rows, &err);
	assert_int_equal(n, 4);
	assert_true(und_is_nobodys(rows[3].data));
	und_reasons_source.cell(&u, &rows[3], 2, &cell);
	assert_string_equal(cell.data, "900");
	str_clear(&cell);
	und_reasons_source.cell(&u, &rows[3], 1, &cell);
	assert_string_equal(cell.data, "-");
	for (int i = 0; i < n; i++)
		und_reasons_source.row_free(&u, &rows[i]);
	/* An entry of which the file's size is not known yet. */
	f.size = 0;
	assert_int_equal(history_und_update(h, &f, &err), 0);
	look(&u, 4, 6000, 1200, 1400);
	str_release(&cell);
	und_reasons_release(&u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_add_up),
	};

	return cmocka_run_group_tests(tests, open_history, history_file_close);
}
