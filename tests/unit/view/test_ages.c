/* SPDX-License-Identifier: ISC */
/* Tests of ages: the columns are those of the shape, its rows add up, a row's
 * expression means its messages, and nobody waits for the counting. */
#include "unit/unit.h"
#include "unit/history_file.h"
#include "view/ages.h"
#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1795474800000)

static struct error err;

static int
open_history(void **state)
{
	(void)state;
	clock_freeze(NOW, 0);
	history_file_open(NOW - CLOCK_DAY);
	return 0;
}

static void
add(const char *from, int64_t minutes)
{
	struct history_message m = {
		.name = (char *)(uintptr_t)"Msg.ccm",
		.true_name = (char *)(uintptr_t)"Msg.ccm", .true_name_len = 7,
		.key = (char *)(uintptr_t)"", .content = (char *)(uintptr_t)"",
		.state = STATE_QUEUED, .size = 100,
		.from = (char *)(uintptr_t)from,
		.received_at = NOW - minutes * CLOCK_MINUTE,
		.date_at = HISTORY_NO_TIME, .next_attempt_at = HISTORY_NO_TIME,
		.code = HISTORY_NO_CODE,
	};

	assert_int_equal(history_message_add(h, &m, &m.id, &err), 0);
}

static void
begin(void)
{
	assert_int_equal(history_begin(h, &err), 0);
}

static void
commit(void)
{
	assert_int_equal(history_commit(h, &err), 0);
}

static int
count(struct ages *a)
{
	int64_t n;

	assert_int_equal(ages_source.count(a, &n, &err), 0);
	assert_int_equal(n, a->count);
	return a->count;
}

static void
columns(void **state)
{
	struct ages a = { .history = h };
	const struct list_column *c;
	struct list_slot slots[LIST_COLUMNS_MAX];
	size_t n;

	(void)state;
	c = ages_layout(&a, 80, &n);
	assert_int_equal(n, 2 + SHAPE_BANDS);
	for (int i = 0; i < SHAPE_BANDS; i++)
		assert_string_equal(c[2 + i].title, shape_band(i));
	assert_int_equal(list_layout(c, n, 76, slots), n);
	c = ages_layout(&a, 40, &n);
	assert_int_equal(list_layout(c, n, 40, slots), n);
	assert_string_equal(c[n - 1].title, shape_band(SHAPE_BANDS - 1));
}

/* The numbers of a row, as they are shown. */
static void
row_is(struct ages *a, int i, const char *wanted)
{
	struct list_row row = { .data = &a->rows[i] };
	struct str all = STR_INIT, cell = STR_INIT;
	size_t n;

	(void)ages_layout(a, a->brief ? 40 : 80, &n);
	for (size_t k = 0; k < n; k++) {
		str_clear(&cell);
		ages_source.cell(a, &row, k, &cell);
		str_addf(&all, "%s%s", k ? " " : "", cell.data);
	}
	assert_string_equal(all.data, wanted);
	str_release(&cell);
	str_release(&all);
}

/* How many the row's expression means. */
static int64_t
meant(struct ages *a, int i)
{
	struct history_query q = { .states = STATE_BIT(STATE_QUEUED) };
	struct str text = STR_INIT;
	int64_t n;

	ages_expression(&a->rows[i], &text);
	q.match = match_compile(text.data, 0, NOW, &err);
	if (!q.match)
		print_message("# %s: %s\n", text.data, err.text);
	assert_non_null(q.match);
	assert_int_equal(history_count(h, &q, &n, &err), 0);
	match_free(q.match);
	str_release(&text);
	return n;
}

static void
rows_add_up(void **state)
{
	static const char *const odd[] = { "a|b (c)", "-x:~y", "100%_*?",
		"q\"uote\\d", "M\xC3\xB6te \x01 \xFF", "Ops\nNight" };
	struct ages a = { .history = h };

	(void)state;
	assert_int_equal(count(&a), 0);
	begin();
	add("Ops at HUB", 1);
	add("Ops at HUB", 15);
	add("Ops at HUB", 6000);
	add("Ops at HUBPO2", 15);
	add(NULL, 100);
	for (size_t i = 0; i < COUNT(odd); i++)
		add(odd[i], 3);
	commit();
	assert_int_equal(count(&a), 1 + 3 + (int)COUNT(odd));
	row_is(&a, 0, "all of them 11 7 . 2 . . 1 . . . 1");
	row_is(&a, 1, "Ops at HUB 3 1 . 1 . . . . . . 1");
	a.brief = true;
	row_is(&a, 0, "all of them 11 9 1 . 1");
	row_is(&a, 1, "Ops at HUB 3 2 . . 1");
	for (int i = 1; i < a.count; i++)
		assert_int_equal(meant(&a, i), a.rows[i].shape.n);
	ages_release(&a);
}

static void
others_have_a_row(void **state)
{
	struct ages a = { .history = h };
	int64_t sum = 0;

	(void)state;
	begin();
	for (int i = 0; i < AGES_MAX; i++) {
		char from[32];

		snprintf(from, sizeof from, "s%d", i);
		add(from, 1);
	}
	commit();
	assert_int_equal(count(&a), AGES_MAX + 2);
	assert_int_equal(a.rows[AGES_MAX + 1].kind, AGES_OTHERS);
	for (int i = 1; i < a.count; i++)
		sum += a.rows[i].shape.n;
	assert_int_equal(sum, a.rows[0].shape.n);
	ages_release(&a);
}

static void
ids_stay(void **state)
{
	struct ages a = { .history = h };
	struct list list;
	int64_t id;

	(void)state;
	list_init(&list, &ages_source, &a);
	assert_int_equal(list_resize(&list, 10, &err), 0);
	assert_int_equal(list_reload(&list, &err), 0);
	assert_int_equal(list_move(&list, 2, &err), 0);
	id = list_current(&list)->id;
	begin();
	for (int i = 0; i < 5; i++)
		add("s500", 1);
	commit();
	assert_int_equal(list_refresh(&list, &err), 0);
	assert_int_equal(list_current(&list)->id, id);
	list_release(&list);
	ages_release(&a);
}

static bool
not_now(void *arg)
{
	++*(int *)arg;
	return false;
}

#define SLICE 50000		/* rows of one read, as shape.c has it */

static void
nobody_waits(void **state)
{
	int asked = 0;
	struct ages a = { .history = h, .patience = { not_now, &asked, false } };

	(void)state;
	begin();
	for (int i = 0; i < SLICE; i++)
		add("many", 1);
	commit();
	(void)count(&a);
	assert_int_equal(asked, 1);
	assert_true(a.patience.gave_up);
	assert_int_equal(a.rows[0].shape.n, SLICE);
	ages_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns),
		cmocka_unit_test(rows_add_up),
		cmocka_unit_test(others_have_a_row),
		cmocka_unit_test(ids_stay),
		cmocka_unit_test(nobody_waits),
	};

	return cmocka_run_group_tests(tests, open_history, history_file_close);
}
