/* SPDX-License-Identifier: ISC */
/* Tests of ccmail_address: what stands before and behind " at ". */
#include "unit/unit.h"
#include "mail/ccmail_address.h"

#include <string.h>

static const struct {
	const char *in;
	enum ccmail_address_kind kind;
	const char *user, *post_office, *last, *first;
	bool has_post_office;
	const char *display;
} cases[] = {
	{ "Grewal, Jeff at Hub", CCMAIL_ADDRESS_USER, "Grewal, Jeff", "Hub",
		"Grewal", "Jeff", true, "" },
	{ "Admin at HUBPO2", CCMAIL_ADDRESS_USER, "Admin", "HUBPO2", "Admin",
		"", true, "" },
	{ "  Doe,Jane   AT\tDEMO ", CCMAIL_ADDRESS_USER, "Doe,Jane", "DEMO",
		"Doe", "Jane", true, "" },
	{ "Look at Me at DEMO", CCMAIL_ADDRESS_USER, "Look at Me", "DEMO",
		"Look at Me", "", true, "" },
	{ "#News at DEMO", CCMAIL_ADDRESS_BOARD, "News", "DEMO", "", "", true, "" },
	{ "# Old News at DEMO", CCMAIL_ADDRESS_BOARD, "Old News", "DEMO", "",
		"", true, "" },
	{ "jane@example.org at internet", CCMAIL_ADDRESS_FOREIGN,
		"jane@example.org", "internet", "", "", true, "" },
	{ "jane@example.org", CCMAIL_ADDRESS_FOREIGN, "jane@example.org", "",
		"", "", false, "" },
	{ " at DEMO", CCMAIL_ADDRESS_BLANK, "", "DEMO", "", "", true, "" },
	{ "at DEMO", CCMAIL_ADDRESS_BLANK, "", "DEMO", "", "", true, "" },
	{ "", CCMAIL_ADDRESS_BLANK, "", "", "", "", false, "" },
	{ "   ", CCMAIL_ADDRESS_BLANK, "", "", "", "", false, "" },
	{ "Admin", CCMAIL_ADDRESS_USER, "Admin", "", "Admin", "", false, "" },
	{ "Stare at", CCMAIL_ADDRESS_USER, "Stare at", "", "Stare at", "",
		false, "" },
	{ "Hatfield, Pat", CCMAIL_ADDRESS_USER, "Hatfield, Pat", "",
		"Hatfield", "Pat", false, "" },
	{ "at", CCMAIL_ADDRESS_USER, "at", "", "at", "", false, "" },
	{ "@x at DEMO", CCMAIL_ADDRESS_USER, "@x", "DEMO", "@x", "", true, "" },
	{ "\"Jane Doe\" <jane@mail.example.org> at internet",
		CCMAIL_ADDRESS_FOREIGN, "jane@mail.example.org", "internet", "",
		"", true, "Jane Doe" },
	{ "Jane Doe <jane@mail.example.org>", CCMAIL_ADDRESS_FOREIGN,
		"jane@mail.example.org", "", "", "", false, "Jane Doe" },
	{ "<jane@mail.example.org> at internet", CCMAIL_ADDRESS_FOREIGN,
		"jane@mail.example.org", "internet", "", "", true, "" },
	{ "\"Jane at Work\" <jane@example.org>", CCMAIL_ADDRESS_FOREIGN,
		"jane@example.org", "", "", "", false, "Jane at Work" },
	{ "Doe, Jane <the \"J\"> <jane@example.org> at internet",
		CCMAIL_ADDRESS_FOREIGN, "jane@example.org", "internet", "", "",
		true, "Doe, Jane <the \"J\">" },
	{ "Jane <Doe> at DEMO", CCMAIL_ADDRESS_USER, "Jane <Doe>", "DEMO",
		"Jane <Doe>", "", true, "" },
	{ "<jane@example.org> Jane at DEMO", CCMAIL_ADDRESS_FOREIGN,
		"<jane@example.org> Jane", "DEMO", "", "", true, "" },
	{ "M\x81ller, J at DEMO", CCMAIL_ADDRESS_USER, "M\x81ller, J", "DEMO",
		"M\x81ller", "J", true, "" },
};

static void
assert_part(struct ccmail_part part, const char *text)
{
	assert_int_equal(part.len, strlen(text));
	assert_memory_equal(part.data, text, part.len);
}

static void
split(void **state)
{
	struct ccmail_address a;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		ccmail_address_split(cases[i].in, strlen(cases[i].in), &a);
		assert_int_equal(a.kind, cases[i].kind);
		assert_part(a.user, cases[i].user);
		assert_part(a.post_office, cases[i].post_office);
		assert_part(a.display, cases[i].display);
		assert_part(a.last, cases[i].last);
		assert_part(a.first, cases[i].first);
		assert_int_equal(a.has_post_office, cases[i].has_post_office);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
