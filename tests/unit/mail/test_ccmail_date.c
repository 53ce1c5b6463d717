/* SPDX-License-Identifier: ISC */
/* Tests of ccmail_date: three orders, two- and four-digit years, suffixes. */
#include "unit/unit.h"
#include "mail/ccmail_date.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MDY CCMAIL_DATE_MDY
#define DMY CCMAIL_DATE_DMY
#define YMD CCMAIL_DATE_YMD

static const struct {
	const char *in;
	enum ccmail_date_order order;
	struct ccmail_date out;
} good[] = {
	{ "6/2/98 8:39", MDY, { 1998, 6, 2, 8, 39, 0, true } },
	{ "6/2/98 8:39", DMY, { 1998, 2, 6, 8, 39, 0, true } },
	{ "98/6/2 8:39", YMD, { 1998, 6, 2, 8, 39, 0, true } },
	{ "9-11-1998", MDY, { 1998, 9, 11, 0, 0, 0, false } },
	{ "2.6.98 20.39", DMY, { 1998, 6, 2, 20, 39, 0, true } },
	{ "1998-06-02 20:39:07", MDY, { 1998, 6, 2, 20, 39, 7, true } },
	{ " 5/6/97 3:10PM ", MDY, { 1997, 5, 6, 15, 10, 0, true } },
	{ "5/6/97 3:10 pm", MDY, { 1997, 5, 6, 15, 10, 0, true } },
	{ "5/6/97 12:10am", MDY, { 1997, 5, 6, 0, 10, 0, true } },
	{ "5/6/97 12:10 p.m.", MDY, { 1997, 5, 6, 12, 10, 0, true } },
	{ "5/6/97 1:05a", MDY, { 1997, 5, 6, 1, 5, 0, true } },
	{ "1/1/69", MDY, { 2069, 1, 1, 0, 0, 0, false } },
	{ "1/1/70", MDY, { 1970, 1, 1, 0, 0, 0, false } },
	{ "2/29/00", MDY, { 2000, 2, 29, 0, 0, 0, false } },
	{ "31/12/99", DMY, { 1999, 12, 31, 0, 0, 0, false } },
	{ "12/31/9999 23:59:59", MDY, { 9999, 12, 31, 23, 59, 59, true } },
};

static const struct {
	const char *in;
	enum ccmail_date_order order;
} bad[] = {
	{ "", MDY }, { "x", MDY }, { "31/31/98", MDY }, { "13/1/98", MDY },
	{ "2/29/99", MDY }, { "2/29/1900", MDY }, { "6/31/98", MDY },
	{ "0/1/98", MDY }, { "6/0/98", MDY }, { "6/2-98", MDY },
	{ "6/2", MDY }, { "6/2/", MDY }, { "6/2/198", MDY },
	{ "6/2/19980", MDY }, { "6/2/0000", MDY }, { "6/2/98x", MDY },
	{ "6/2/98 8", MDY }, { "6/2/98 8:3", MDY }, { "6/2/98 24:00", MDY },
	{ "6/2/98 8:60", MDY }, { "6/2/98 8:39:60", MDY },
	{ "6/2/98 13:00 pm", MDY }, { "6/2/98 0:10am", MDY },
	{ "6/2/98 8:39 x", MDY }, { "6/2/98 8:39 pm x", MDY },
	{ "31/12/98", MDY }, { "12/31/98", DMY }, { "1998/13/1", DMY },
	{ "123/1/98", MDY }, { "-6/2/98", MDY }, { "6//98", MDY },
	{ "99999999999/1/98", MDY },
};

static void
assert_date(const struct ccmail_date *a, const struct ccmail_date *b)
{
	assert_int_equal(a->year, b->year);
	assert_int_equal(a->month, b->month);
	assert_int_equal(a->day, b->day);
	assert_int_equal(a->hour, b->hour);
	assert_int_equal(a->minute, b->minute);
	assert_int_equal(a->second, b->second);
	assert_int_equal(a->has_time, b->has_time);
}

static void
parse(void **state)
{
	struct ccmail_date d;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(ccmail_date_parse(good[i].in, strlen(good[i].in),
			good[i].order, &d));
		assert_date(&d, &good[i].out);
	}
}

static void
parse_refuses(void **state)
{
	const struct ccmail_date before = { .year = 7 };
	struct ccmail_date d = before;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (ccmail_date_parse(bad[i].in, strlen(bad[i].in),
				bad[i].order, &d))
			fail_msg("taken for a date: %s", bad[i].in);
		assert_date(&d, &before);
	}
}

static void
suffix(void **state)
{
	static const struct {
		const char *in, *name;	/* name NULL: no date */
		int year;
	} cases[] = {
		{ "Abc.wk4 5/6/97 3:10PM", "Abc.wk4", 1997 },
		{ "Abc.wk4 5/6/97 3:10 PM", "Abc.wk4", 1997 },
		{ "Att.txt 9-11-1998", "Att.txt", 1998 },
		{ "My plan 2.doc  1/2/03  ", "My plan 2.doc", 2003 },
		{ "Att.txt", NULL, 0 }, { "9-11-1998", NULL, 0 },
		{ "Att.txt 31/31/98", NULL, 0 }, { "", NULL, 0 },
		{ "Minutes 1/2/03.doc", NULL, 0 },
	};
	struct ccmail_date d;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool found = ccmail_date_split_suffix(cases[i].in,
			strlen(cases[i].in), MDY, &n, &d);

		assert_int_equal(found, cases[i].name != NULL);
		if (!found)
			continue;
		assert_int_equal(n, strlen(cases[i].name));
		assert_int_equal(d.year, cases[i].year);
	}
}

static void
moment(void **state)
{
	const struct ccmail_date d = { 1998, 6, 2, 8, 39, 0, true };
	const struct ccmail_date minus_one = { 1969, 12, 31, 23, 59, 59, true };

	(void)state;
	assert_int_equal(ccmail_date_at(&d), INT64_C(896776740000));
	assert_int_equal(ccmail_date_at(&minus_one), -1000);
}

static void
written_is_read(void **state)
{
	char text[CCMAIL_DATE_TEXT_MAX];
	struct ccmail_date d;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		for (int order = MDY; order <= YMD; order++) {
			ccmail_date_format(text, &good[i].out,
				(enum ccmail_date_order)order);
			assert_true(ccmail_date_parse(text, strlen(text),
				(enum ccmail_date_order)order, &d));
			assert_date(&d, &good[i].out);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse),
		cmocka_unit_test(parse_refuses),
		cmocka_unit_test(suffix),
		cmocka_unit_test(moment),
		cmocka_unit_test(written_is_read),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
