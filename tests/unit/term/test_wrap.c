/* SPDX-License-Identifier: ISC */
/* Tests of wrap: where lines end. */
#include "unit/unit.h"
#include "term/wrap.h"

#include <stdbool.h>
#include <string.h>

static const struct wrap_case {
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
	{ "a key stays with what it does", { NULL, 0, 40 },
	  "Stop job 17?  It stays where it is.  y: stop it   Esc: nothing",
	  "Stop job 17?  It stays where it is.\n"
	  "y: stop it   Esc: nothing\n" },
	{ "so does one of a letter", { NULL, 0, 22 },
	  "  s SINCE  t TRIES  z SIZE", "  s SINCE  t TRIES\nz SIZE\n" },
	{ "… anywhere", { NULL, 0, 20 }, "mend the others; x  sets it aside",
	  "mend the others;\nx  sets it aside\n" },
	{ "quotes are letters", { NULL, 1, 12 }, "it's 'so it is'",
	  " it's 'so it\n is'\n" },
}, commands[] = {
	{ "a word in quotes is whole", { "To do", 11, 40 },
	  "2  mv -v '/srv/mail store'/old /var/tmp/",
	  " To do     2  mv -v\n"
	  "           '/srv/mail store'/old\n           /var/tmp/\n" },
	{ "so is one with a quote in it", { NULL, 1, 24 },
	  "mv 'it'\\''s mine.tmp' $'a\\'s b' x",
	  " mv 'it'\\''s mine.tmp'\n $'a\\'s b' x\n" },
	{ "an apostrophe is no quote", { NULL, 1, 20 },
	  "somebody else's and theirs' or 'so", " somebody else's and\n"
	  " theirs' or 'so\n" },
	{ "a wide word begins further to the left", { "To do", 11, 40 },
	  "2  mv /var/lib/ccmq/import/ccmail.und.[0-9]* DIR",
	  " To do     2  mv\n"
	  " /var/lib/ccmq/import/ccmail.und.[0-9]*\n"
	  "           DIR\n" },
	{ "what no line has room for is broken", { NULL, 5, 20 },
	  "a 12345678901234567890123", "     a\n 1234567890123456789\n"
	  "     0123\n" },
	{ "words behind a command", { "To do", 11, 40 },
	  "1  journalctl -u ccmqd -n 50  what ended it, then?\n2  c t  tests",
	  " To do     1  journalctl -u ccmqd -n 50\n"
	  "             what ended it, then?\n"
	  "           2  c t  tests\n" },
	{ "… of several lines", { NULL, 5, 20 },
	  "12345 7890123  is it the one you want?",
	  "     12345 7890123\n       is it the one\n       you want?\n" },
	{ "blanks at its end", { NULL, 1, 12 }, "1234567890   ",
	  " 1234567890\n" },
};

static void
lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases) + COUNT(commands); i++) {
		bool plain = i < COUNT(cases);
		const struct wrap_case *c = plain ? &cases[i] :
			&commands[i - COUNT(cases)];
		struct str out = STR_INIT;

		(plain ? wrap_add : wrap_add_commands)(&out, c->wrap, c->text);
		if (strcmp(out.data, c->lines) != 0)
			print_message("# %s\n%s", c->name, out.data);
		assert_string_equal(out.data, c->lines);
		str_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
