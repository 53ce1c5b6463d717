/* SPDX-License-Identifier: ISC */
/* Tests of pager: a search goes from match to match, round at the ends, and
 * the match is on the screen. */
#include "unit/unit.h"
#include "page/pager.h"

#include <string.h>

#define LINES 100
#define HEIGHT 10

static void
fill(struct pager *p)
{
	struct str text = STR_INIT;

	pager_init(p);
	for (int i = 0; i < LINES; i++)
		str_addf(&text, i % 30 == 7 || i > 96 ? "line %d match\n" :
			"line %d\n", i);
	pager_set(p, &text);
	p->height = HEIGHT;
}

static void
search(void **state)
{
	/* The last page holds three: the window cannot move between them. */
	static const struct { bool forward; size_t line; int result; } steps[] = {
		{ true, 7, 1 }, { true, 37, 1 }, { true, 67, 1 },
		{ true, 97, 1 }, { true, 98, 1 }, { true, 99, 1 },
		{ true, 7, 2 }, { false, 99, 2 }, { false, 98, 1 },
		{ false, 97, 1 }, { false, 67, 1 }, { true, 97, 1 },
	};
	struct pager p;

	(void)state;
	fill(&p);
	for (size_t i = 0; i < COUNT(steps); i++) {
		assert_int_equal(pager_find(&p, "MATCH", steps[i].forward),
			steps[i].result);
		assert_int_equal(p.found, steps[i].line + 1);
		assert_true(p.top <= steps[i].line &&
			steps[i].line < p.top + p.height);
	}
	/* Moved away: from what is on the screen. */
	pager_act(&p, ACTION_FIRST);
	assert_int_equal(pager_find(&p, "match", true), 1);
	assert_int_equal(p.found, 8);
	assert_int_equal(pager_find(&p, "nothing", true), 0);
	assert_int_equal(p.found, 8);
	pager_release(&p);
}

static void
empty(void **state)
{
	struct pager p;

	(void)state;
	pager_init(&p);
	assert_int_equal(pager_find(&p, "x", true), 0);
	assert_int_equal(pager_find(&p, "x", false), 0);
	pager_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search),
		cmocka_unit_test(empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
