/* SPDX-License-Identifier: ISC */
/* Tests of strip, growth and bar: pictures as text. A cell in ROLE_BAD is told by a
 * second picture, of roles: '!' bad, '%' both, '>' the mark, '.' the rest. */
#include "unit/unit.h"
#include "term/bar.h"
#include "view/growth.h"
#include "view/strip.h"

#include <stdio.h>
#include <string.h>

#define ROWS 9
#define COLUMNS 200

struct grid {
	char cells[ROWS][COLUMNS][4];
	char roles[ROWS][COLUMNS + 1];
};

static void
put(void *arg, int row, int column, enum role role, const char *text)
{
	struct grid *g = arg;

	for (; *text; column++) {
		size_t n = (unsigned char)*text < 0x80 ? 1 : 3;

		assert_in_range(row, 0, ROWS - 1);
		assert_in_range(column, 0, COLUMNS - 1);
		memset(g->cells[row][column], 0, 4);
		memcpy(g->cells[row][column], text, n);
		g->roles[row][column] = role == ROLE_BAD ? '!' :
			role == ROLE_ON_BAD ? '%' :
			role == ROLE_CURSOR ? '>' : '.';
		text += n;
	}
}

/* The picture, blanks at the ends of rows left out; then the roles. */
static void
print(const struct grid *g, int rows, struct str *out, struct str *roles)
{
	for (int row = 0; row < rows; row++) {
		size_t end = 0, start = out->len;

		for (size_t column = 0; column < COLUMNS; column++) {
			const char *cell = g->cells[row][column];

			str_add(out, *cell ? cell : " ");
			if (*cell && *cell != ' ')
				end = out->len - start;
			str_add_char(roles, g->roles[row][column] ?
				g->roles[row][column] : ' ');
		}
		str_truncate(out, start + end);
		str_add_char(out, '\n');
		str_add_char(roles, '\n');
	}
}

/* 14:20. A storm from 13:52 to 14:09: nothing imported, 40 a minute failed; at
 * other times 20 a minute come and go, and some fail from 14:15. */
static void
fill(struct strip *strip, int64_t times)
{
	struct history_minute hour[STRIP_MINUTES] = { { 0 } };
	struct history_minute day[STRIP_QUARTERS] = { { 0 } };

	for (int i = 0; i < STRIP_MINUTES; i++) {
		bool storm = i >= 31 && i <= 48;

		hour[i].arrived = times * (i < 31 ? 20 : 30);
		hour[i].imported = storm ? 0 : times * 20;
		hour[i].failed = storm ? times * 40 : i > 54 ? times * 5 : 0;
		hour[i].und_bytes = hour[i].failed * 1500;
	}
	for (int i = 0; i < STRIP_QUARTERS; i++) {
		day[i].arrived = times * (i % 8) * 30;
		day[i].imported = times * (i % 8) * 30;
		day[i].failed = i > 93 ? times * 200 : 0;
		day[i].und_bytes = day[i].failed * 1500;
	}
	strip_build(strip, 14 * 60 + 20, hour, day, times * 250);
}

/* What people put back waits from then on, and not before; what they take out
 * waited until then. */
static void
moved(void **state)
{
	struct history_minute hour[STRIP_MINUTES] = { { 0 } };
	struct history_minute day[STRIP_QUARTERS] = { { 0 } };
	struct strip strip;

	(void)state;
	hour[39].back = day[94].back = 34;
	hour[49].out = day[95].out = 30;
	strip_build(&strip, 14 * 60 + 59, hour, day, 4);
	assert_int_equal(strip.hour[38].queue, 0);
	assert_int_equal(strip.hour[39].queue, 34);
	assert_int_equal(strip.hour[48].queue, 34);
	assert_int_equal(strip.hour[49].queue, 4);
	assert_int_equal(strip.day[14 * 4 + 1].queue, 0);
	assert_int_equal(strip.day[14 * 4 + 2].queue, 34);
}

static const struct {
	const char *name;
	int64_t times;
	int rows, columns;
	bool blocks;
	const char *picture;
} cases[] = {
#include "unit/view/strip_pictures.h"
};

static void
pictures(void **state)
{
	struct str out = STR_INIT, roles = STR_INIT;
	static struct grid g;
	struct strip strip;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct canvas canvas = { put, &g, cases[i].blocks, true };

		memset(&g, 0, sizeof g);
		str_clear(&out);
		str_clear(&roles);
		fill(&strip, cases[i].times);
		strip_draw(&canvas, (struct rect){ 0, 0, cases[i].rows,
			cases[i].columns }, &strip);
		print(&g, cases[i].rows, &out, &roles);
		if (strcmp(out.data, cases[i].picture) != 0)
			printf("# case: %s\n%s", cases[i].name, out.data);
		fflush(stdout);
		assert_string_equal(out.data, cases[i].picture);
		if (cases[i].times)
			assert_non_null(strstr(roles.data, "!!!!"));
		else
			assert_null(strstr(roles.data, "!"));
		for (int row = 0; row < cases[i].rows; row++)
			for (int c = cases[i].columns; c < COLUMNS; c++)
				assert_int_equal(g.cells[row][c][0], 0);
	}
	str_release(&out);
	str_release(&roles);
}

/* What differs between two minutes of nothing: '^' moves. */
static void
a_minute_of_nothing_costs_two_cells(void **state)
{
	struct history_minute none[STRIP_QUARTERS] = { { 0 } };
	static struct grid g[2];
	int changed = 0;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct canvas canvas = { put, &g[i], true, true };
		struct strip strip;

		strip_build(&strip, 607 + i, none, none, 0);
		strip_draw(&canvas, (struct rect){ 0, 0, 5, 132 }, &strip);
	}
	for (int row = 0; row < 5; row++)
		for (int c = 0; c < COLUMNS; c++)
			changed += strcmp(g[0].cells[row][c],
				g[1].cells[row][c]) != 0;
	assert_int_equal(changed, 2);
}

/* One row a graph, so many of 56 in a minute beside a peak of 64: what failed
 * is seen, and does not look like more than half where it is less. */
static void
what_failed(void **state)
{
	static const struct {
		int failed;
		bool blocks, colors;
		const char *cell;
		char role;
	} c[] = {
		{ 0, true, true, "\xE2\x96\x87", '.' },
		{ 1, true, true, "\xE2\x96\x87", '%' },
		{ 20, true, true, "\xE2\x96\x86", '%' },
		{ 40, true, true, "\xE2\x96\x87", '!' },
		{ 56, true, true, "\xE2\x96\x87", '!' },
		{ 1, true, false, "x", '!' },
		{ 1, false, true, "x", '!' },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct history_minute hour[STRIP_MINUTES] = { { 0 } };
		struct history_minute day[STRIP_QUARTERS] = { { 0 } };
		static struct grid g;
		struct canvas canvas = { put, &g, c[i].blocks, c[i].colors };
		struct strip strip;

		memset(&g, 0, sizeof g);
		hour[58].imported = 64;
		hour[59].imported = 56 - c[i].failed;
		hour[59].failed = c[i].failed;
		strip_build(&strip, 20, hour, day, 0);
		strip_draw(&canvas, (struct rect){ 0, 0, 5, 80 }, &strip);
		assert_string_equal(g.cells[0][20 + 20], c[i].cell);
		assert_int_equal(g.roles[0][20 + 20], c[i].role);
	}
}

static void
the_mark(void **state)
{
	struct str out = STR_INIT, roles = STR_INIT;
	static struct grid g;
	struct canvas canvas = { put, &g, false, true };
	struct strip strip;

	(void)state;
	fill(&strip, 1);
	strip.mark = 55;
	strip_draw(&canvas, (struct rect){ 0, 0, 5, 80 }, &strip);
	for (int row = 0; row < 4; row++)
		assert_int_equal(g.roles[row][20 + 55], '>');
	str_release(&out);
	str_release(&roles);
}

static void
when_it_is_shown(void **state)
{
	static const struct { int rows, columns, want; } c[] = {
		{ 24, 80, 0 }, { 29, 200, 0 }, { 30, 79, 0 }, { 30, 80, 5 },
		{ 47, 132, 5 }, { 50, 132, 9 }, { 60, 200, 9 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		assert_int_equal(strip_rows(c[i].rows, c[i].columns),
			c[i].want);
}

/* At 14:20, 4.0M came in the last quarter, 1.0M in each of twelve before. */
static const struct {
	const char *name;
	int columns;
	int64_t an_hour, disk_free;
	const char *picture;
} days[] = {
	{ "full within the day", 80, 4 << 20, 40 << 20,
	"  80.0M  !: the disk is full            ..!\n"
	"                                     ...\n"
	"                                  ...\n"
	"                                -.\n"
	"  24.0M                      .-+#\n"
	"            18:00 00:00 06:00   now 18:00 00:00 06:00\n" },
	{ "not within the day", 80, 4 << 20, INT64_C(1) << 40,
	"   136M  at the last hour's rate                   ......\n"
	"                                              .....\n"
	"                                        ......\n"
	"                                  ......\n"
	"  24.0M                      .:-+.\n"
	"            18:00 00:00 06:00   now 18:00 00:00 06:00\n" },
	{ "nothing comes", 120, 0, 1 << 20,
	"  40.0M\n"
	"\n"
	"\n"
	"\n"
	"  40.0M                                                  ................................................\n"
	"                18:00       00:00       06:00           now     18:00       00:00       06:00       12:00\n" },
};

static void
growth(void **state)
{
	struct str out = STR_INIT, roles = STR_INIT;
	static struct grid g;

	(void)state;
	for (size_t i = 0; i < COUNT(days); i++) {
		struct canvas canvas = { put, &g, false, true };
		struct growth day = { .size = 40 << 20,
			.an_hour = days[i].an_hour, .minute = 14 * 60 + 20,
			.disk_free = days[i].disk_free };

		for (int k = 0; k < 13 && day.an_hour; k++)
			day.quarters[GROWTH_QUARTERS - 1 - k] = (k ? 1 : 4) <<
				20;
		memset(&g, 0, sizeof g);
		str_clear(&out);
		str_clear(&roles);
		growth_draw(&canvas, (struct rect){ 0, 0, 6,
			days[i].columns }, &day);
		print(&g, 6, &out, &roles);
		if (strcmp(out.data, days[i].picture) != 0)
			printf("# case: %s\n%s", days[i].name, out.data);
		fflush(stdout);
		assert_string_equal(out.data, days[i].picture);
		assert_int_equal(strchr(roles.data, '!') != NULL, i == 0);
	}
	str_release(&out);
	str_release(&roles);
}

static void
bars(void **state)
{
	static const struct {
		int64_t part, whole;
		const char *ascii, *meter;
	} c[] = {
		{ 0, 100, "          ", "[........]" },
		{ 1, 100, "#         ", "[........]" },
		{ 50, 100, "#####     ", "[####....]" },
		{ 100, 100, "##########", "[########]" },
		{ 200, 100, "##########", "[########]" },
		{ 3, 0, "          ", "[........]" },
		{ INT64_MAX / 2, INT64_MAX, "#####     ", "[####....]" },
	};
	struct str s = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		str_clear(&s);
		bar_add(&s, 10, c[i].part, c[i].whole, false);
		assert_string_equal(s.data, c[i].ascii);
		str_clear(&s);
		bar_add_meter(&s, 10, c[i].part, c[i].whole);
		assert_string_equal(s.data, c[i].meter);
	}
	str_clear(&s);
	bar_add(&s, 4, 47, 100, true);		/* 15 of 32 eighths */
	assert_string_equal(s.data, "\xE2\x96\x88\xE2\x96\x89  ");
	str_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moved),
		cmocka_unit_test(pictures),
		cmocka_unit_test(a_minute_of_nothing_costs_two_cells),
		cmocka_unit_test(what_failed),
		cmocka_unit_test(the_mark),
		cmocka_unit_test(when_it_is_shown),
		cmocka_unit_test(growth),
		cmocka_unit_test(bars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
