/* SPDX-License-Identifier: ISC */
/* Tests of cells: what must never reach a terminal. */
#include "unit/unit.h"
#include "term/cells.h"

#include <locale.h>
#include <string.h>

static void
selectors(void **state)
{
	static const struct { const char *in, *out; size_t columns; } c[] = {
		{ "\xE2\x9D\xA4\xEF\xB8\x8F!", "\xE2\x9D\xA4!", 2 },
		{ "\xEF\xB8\x8F" "a", "a", 1 },
		{ "a\xEF\xB8\x80" "b", "ab", 2 },
		{ "\xE8\x91\x9B\xF3\xA0\x84\x80x", "\xE8\x91\x9Bx", 3 },
		{ "e\xEF\xB8\x8F\xCC\x81", "e\xCC\x81", 1 },
	};
	struct str out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		str_clear(&out);
		assert_int_equal(cells_clip(&out, c[i].in, strlen(c[i].in),
			(struct cells_window){ .columns = 9, .utf8 = true }),
			c[i].columns);
		assert_string_equal(out.data, c[i].out);
		assert_int_equal(cells_width(c[i].in, strlen(c[i].in), true),
			c[i].columns);
	}
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selectors),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
