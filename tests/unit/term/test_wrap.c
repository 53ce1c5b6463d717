/* SPDX-License-Identifier: ISC */
/* Tests of wrap: where lines end. */
#include "unit/unit.h"
#include "term/wrap.h"

#include <string.h>

static const struct {
	const char *name;
	struct wrap wrap;
	const char *text, *lines;
} cases[] = {
	{ "one line", { "Size", 10, 40 }, "1.9M", " Size     1.9M\n" },
	{ "empty", { "Size", 10, 40 }, "", " Size     \n" },
	{ "a line that is just full", { NULL, 1, 21 },
	  "12345678901234567890", " 12345678901234567890\n" },
	{ "broken at a blank", { "Which", 10, 30 },
	  "1,204 tagged in Failed. Not the one",
	  " Which    1,204 tagged in\n"
	  "          Failed. Not the one\n" },
	{ "a full line, then a blank", { NULL, 1, 16 },
	  "123456789 123456 1234",
	  " 123456789\n 123456 1234\n" },
	{ "a long word", { NULL, 1, 12 }, "12345678901234567890",
	  " 12345678901\n 234567890\n" },
	{ "a long word behind a short one", { NULL, 1, 12 },
	  "ab 12345678901234", " ab\n 12345678901\n 234\n" },
	{ "line feeds", { "To do", 11, 40 }, "1  Mend it.\n2  Test.",
	  " To do     1  Mend it.\n           2  Test.\n" },
	{ "double blanks stay within a line", { NULL, 1, 40 },
	  "c t  tests now", " c t  tests now\n" },
	{ "wide characters", { NULL, 1, 12 },
	  "\u65e5\u672c\u8a9e\u65e5\u672c \u8a9e",
	  " \u65e5\u672c\u8a9e\u65e5\u672c\n \u8a9e\n" },
	{ "a screen narrower than the indent", { "Meaning", 11, 8 },
	  "12345 67890 12345", " Meaning   12345\n           67890\n"
	  "           12345\n" },
	{ "no line is longer than 100", { NULL, 1, 200 },
	  "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 "
	  "1234567890 1234567890 1234567890 1234567890",
	  " 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 "
	  "1234567890 1234567890 1234567890\n 1234567890\n" },
};

static void
lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str out = STR_INIT;

		wrap_add(&out, cases[i].wrap, cases[i].text);
		if (strcmp(out.data, cases[i].lines) != 0)
			print_message("# %s\n", cases[i].name);
		assert_string_equal(out.data, cases[i].lines);
		str_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
