/* SPDX-License-Identifier: ISC */
/* Tests of postoffice: loading with good words for bad files, and lookups. */
#include "unit/unit.h"
#include "base/files.h"
#include "import/postoffice.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char *dir;

static int
make_dir(void **state)
{
	(void)state;
	dir = xasprintf("test_postoffice.%d", (int)getpid());
	return mkdir(dir, 0700);
}

static int
remove_dir(void **state)
{
	struct error err;

	(void)state;
	if (fs_remove_tree(AT_FDCWD, dir, &err) < 0)
		return -1;
	free(dir);
	return 0;
}

static struct postoffice *
load(const char *text, struct error *err)
{
	char *path = xasprintf("%s/%s", dir, POSTOFFICE_FILE);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	free(path);
	return postoffice_load(dir, err);
}

static const char full[] =
	"name = \"HUB\";\n"
	"names = [ \"HUBPO2\" ];\n"
	"domain = \"hub.example\";\n"
	"domains = ( { name = \"OTHER\"; domain = \"other.example\"; },\n"
	"  { name = \"HUBPO2\"; domain = \"po2.example\"; },\n"
	"  { name = \"TWIN\"; domain = \"Hub.Example\"; } );\n"
	"code_page = 850;\n"
	"date_order = \"dmy\";\n"
	"users = ( { name = \"Grewal, Jeff\"; aliases = [ \"jg\" ]; },\n"
	"  { name = \"Admin\"; mailbox = \"root\"; },\n"
	"  { name = \"Doe, Jane\"; address = \"jd@hub.example\"; },\n"
	"  { name = \"M\xC3\xBCller, J\xC3\xB6rg\"; },\n"
	"  { name = \"R@D Team\"; }, { name = \"Q@D.Team\"; },\n"
	"  { name = \"Old, Al\"; aliases = [ \"al@old.example\" ]; },\n"
	"  { name = \"M\xC3\xBCller, Uwe\"; at = \"Other\"; "
	"forward = \"uwe@other.example\"; },\n"
	"  { name = \"Away, Fay\"; forward = \"fay@far.example\"; } );\n"
	"boards = ( { name = \"#Notices\"; } );\n"
	"deliver = [ \"sendmail\", \"-i\" ];\n";

static const struct {
	const char *name, *user, *place;
	enum resolved_kind kind;
	const char *box;		/* or NULL */
	const char *address;
} lookups[] = {
	{ "user", "Grewal, Jeff", "HUB", RESOLVED_MAILBOX, "jeff.grewal",
		"jeff.grewal@hub.example" },
	{ "case and blanks", " grewal ,JEFF", "hub", RESOLVED_MAILBOX,
		"jeff.grewal", "jeff.grewal@hub.example" },
	{ "alias", "JG", "Hub", RESOLVED_MAILBOX, "jeff.grewal",
		"jeff.grewal@hub.example" },
	{ "no place", "Admin", "", RESOLVED_MAILBOX, "root",
		"admin@hub.example" },
	{ "other name of it", "Admin", "HUBPO2", RESOLVED_MAILBOX, "root",
		"admin@po2.example" },
	{ "address of its own", "doe, jane", "HUB", RESOLVED_MAILBOX,
		"jane.doe", "jd@hub.example" },
	{ "by address", "jd@hub.example", "internet", RESOLVED_MAILBOX,
		"jane.doe", "jd@hub.example" },
	{ "forward", "Away, Fay", "HUB", RESOLVED_FOREIGN, "fay.away",
		"fay@far.example" },
	{ "board", "#notices", "HUB", RESOLVED_MAILBOX, "notices",
		"notices@hub.example" },
	{ "board without its mark", "Notices", "HUB", RESOLVED_UNKNOWN, NULL,
		"notices@hub.example" },
	{ "nobody", "Grewal, John", "HUB", RESOLVED_UNKNOWN, NULL,
		"john.grewal@hub.example" },
	{ "elsewhere", "Smith, Al", "Other", RESOLVED_FOREIGN, NULL,
		"al.smith@other.example" },
	{ "elsewhere, no domain", "Smith, Al", "FAR PO", RESOLVED_UNKNOWN,
		NULL, "al.smith@far-po.invalid" },
	{ "internet", "a.b@c.example", "internet", RESOLVED_FOREIGN, NULL,
		"a.b@c.example" },
	{ "an option is no address", "-oX@c.example", "internet",
		RESOLVED_UNKNOWN, NULL, NULL },
	{ "two addresses are none", "a@b.example,c@d.example", "internet",
		RESOLVED_UNKNOWN, NULL, NULL },
	{ "case beyond ASCII", "M\xC3\x9CLLER, J\xC3\x96RG", "HUB",
		RESOLVED_MAILBOX, "jorg.muller", "jorg.muller@hub.example" },
	{ "marks written apart", "Mu\xCC\x88ller, Jo\xCC\x88rg", "HUB",
		RESOLVED_MAILBOX, "jorg.muller", "jorg.muller@hub.example" },
	{ "without its marks", "Muller, Jorg", "HUB", RESOLVED_UNKNOWN, NULL,
		"jorg.muller@hub.example" },
	{ "a name with an @", "r@d team", "HUB", RESOLVED_MAILBOX, "r.d.team",
		"r.d.team@hub.example" },
	{ "a name with an @, elsewhere", "R@D Team", "MARS", RESOLVED_UNKNOWN,
		NULL, "r.d.team@mars.invalid" },
	{ "a name with an @, elsewhere with a domain", "R@D.Team", "Other",
		RESOLVED_UNCLEAR, NULL, NULL },
	{ "a name like an address, elsewhere", "Q@D.Team", "MARS",
		RESOLVED_FOREIGN, NULL, "Q@D.Team" },
	{ "a name like an address", "q@d.team", "HUB", RESOLVED_MAILBOX,
		"q.d.team", "q.d.team@hub.example" },
	{ "an alias that is an address", "Al@Old.example", "internet",
		RESOLVED_MAILBOX, "al.old", NULL },
	{ "nobody in our domain", "nobody@HUB.example", "internet",
		RESOLVED_UNKNOWN, NULL, NULL },
	{ "nobody in a domain of another name of ours", "x@po2.example", "",
		RESOLVED_UNKNOWN, NULL, NULL },
	{ "an address at ours", "a.b@c.example", "HUB", RESOLVED_UNKNOWN, NULL,
		"a.b@c.example" },
	{ "a post office that shares our domain", "Doe, John", "TWIN",
		RESOLVED_UNKNOWN, NULL, "john.doe@Hub.Example" },
	{ "marks elsewhere", "M\xC3\xBCller, J\xC3\xB6rg", "Other",
		RESOLVED_UNCLEAR, NULL, "jorg.muller@other.example" },
	{ "no letters elsewhere", "\xD0\x9F\xD1\x91\xD1\x82\xD1\x80", "Other",
		RESOLVED_UNCLEAR, NULL, NULL },
	{ "marks elsewhere, known", "M\xC3\x9CLLER, Uwe", "OTHER",
		RESOLVED_FOREIGN, "uwe.muller", "uwe@other.example" },
	{ "known elsewhere, not here", "M\xC3\xBCller, Uwe", "HUB",
		RESOLVED_UNKNOWN, NULL, NULL },
	{ "two dots", "a..b@x.com", "internet", RESOLVED_UNKNOWN, NULL,
		"a.b.x.com@internet.invalid" },
	{ "dots and dashes", ".a@-x", "internet", RESOLVED_UNKNOWN, NULL,
		"a.x@internet.invalid" },
	{ "blank user", "", "HUB", RESOLVED_UNKNOWN, NULL,
		"no-name@hub.example" },
	{ "blank user elsewhere", "", "Other", RESOLVED_UNKNOWN, NULL,
		"no-name@other.example" },
};

static void
resolving(void **state)
{
	struct error err = ERROR_INIT;
	struct postoffice *po = load(full, &err);
	struct resolved who = RESOLVED_INIT;

	(void)state;
	if (!po)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < COUNT(lookups); i++) {
		postoffice_resolve(po, lookups[i].user, lookups[i].place, &who);
		if (who.kind != lookups[i].kind)
			fail_msg("%s: kind %d", lookups[i].name, who.kind);
		if (lookups[i].box)
			assert_string_equal(who.box->dir, lookups[i].box);
		else
			assert_null(who.box);
		if (lookups[i].address)
			assert_string_equal(who.address.data,
				lookups[i].address);
	}
	/* An answer goes where the mail went. */
	str_clear(&who.address);
	postoffice_address(po, "M\xC3\xBCller, Uwe", "Other", &who.address);
	assert_string_equal(who.address.data, "uwe@other.example");
	assert_string_equal(po->code_page, "850");
	assert_int_equal(po->date_order, CCMAIL_DATE_DMY);
	assert_true(postoffice_is_named(po, "hubpo2"));
	assert_false(postoffice_is_named(po, "other"));
	resolved_release(&who);
	postoffice_free(po);
}

static void
without_command_nobody_is_foreign(void **state)
{
	struct error err = ERROR_INIT;
	struct postoffice *po = load("name = \"A\"; users = (); "
		"domains = ( { name = \"B\"; domain = \"b.example\"; } );",
		&err);
	struct resolved who = RESOLVED_INIT;

	(void)state;
	assert_non_null(po);
	postoffice_resolve(po, "x@y.example", "internet", &who);
	assert_int_equal(who.kind, RESOLVED_UNKNOWN);
	postoffice_resolve(po, "X", "B", &who);
	assert_int_equal(who.kind, RESOLVED_UNKNOWN);
	assert_string_equal(who.address.data, "x@b.example");
	postoffice_resolve(po, "X", "", &who);
	assert_string_equal(who.address.data, "x@a.invalid");
	resolved_release(&who);
	postoffice_free(po);
}

static const struct {
	const char *name, *text, *words;
} bad_files[] = {
	{ "empty", "", ":1: name: missing" },
	{ "syntax", "name = \"A\";\nusers = (;", ":2: syntax error" },
	{ "unknown", "name = \"A\";\nuser = ();",
		":2: unknown setting \"user\" (did you mean \"users\"?)" },
	{ "unknown, like none", "name = \"A\"; frobnicate = 1;",
		":1: unknown setting \"frobnicate\"" },
	{ "unknown in a user", "name = \"A\";\nusers = (\n { name = \"B\";\n"
		"  alias = [ \"b\" ]; } );",
		":4: unknown setting \"alias\" (did you mean \"aliases\"?)" },
	{ "wrong type", "name = 5;", ":1: name: must be a text" },
	{ "empty text", "name = \"\";", ":1: name: must be a text" },
	{ "control", "name = \"A\\x1b\";", "is not plain UTF-8" },
	{ "not a list", "name = \"A\"; users = { };",
		":1: users: must be a list of groups" },
	{ "list of texts", "name = \"A\"; users = ( \"b\" );",
		":1: users: must be a list of groups" },
	{ "code page", "name = \"A\"; code_page = 4370;", ":1: code_page: " },
	{ "code page, 64 bit", "name = \"A\"; code_page = 4294967733L;",
		":1: code_page: " },
	{ "date order", "name = \"A\"; date_order = 1;",
		":1: date_order: must be" },
	{ "nameless user", "name = \"A\"; users = ( { aliases = [ ]; } );",
		":1: name: missing" },
	{ "mailbox outside", "name = \"A\";\n"
		"users = ( { name = \"B\"; mailbox = \"../B\"; } );",
		":2: mailbox: \"../B\" must be" },
	{ "forward", "name = \"A\";\n"
		"users = ( { name = \"B\"; forward = \"-x@y\"; } );",
		":2: forward: \"-x@y\" is not an address" },
	{ "one name for two", "name = \"A\";\nusers = ( { name = \"B\"; },\n"
		" { name = \"C\"; aliases = [ \"b\" ]; } );", "names both" },
	{ "one Maildir for two", "name = \"A\";\nusers = ( { name = \"B, C\"; "
		"},\n { name = \"c.b\"; } );", "would share the mailbox" },
	{ "domain", "name = \"A\"; domain = \"a b\";", "is not a domain" },
	{ "domain, empty label", "name = \"A\"; domain = \"a..b\";",
		"is not a domain" },
	{ "two domains for one", "name = \"A\"; domains = (\n"
		" { name = \"B\"; domain = \"b.example\"; },\n"
		" { name = \"b\"; domain = \"c.example\"; } );",
		":3: domains: \"b\" has two" },
	{ "time zone", "name = \"A\";\ntime_zone = \"Europe/Berln\";",
		":2: time_zone: \"Europe/Berln\" is not a time zone" },
	{ "time zone outside", "name = \"A\"; time_zone = \"../passwd\";",
		"is not a time zone" },
	{ "discard", "name = \"A\"; users = ( { name = \"B\"; discard = 1; } );",
		":1: discard: must be true or false" },
};

static void
bad_files_say_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad_files); i++) {
		struct error err = ERROR_INIT;

		assert_null(load(bad_files[i].text, &err));
		assert_int_equal(err.code, ERROR_STORE);
		if (!strstr(err.text, bad_files[i].words) ||
		    strncmp(err.text, dir, strlen(dir)) != 0)
			fail_msg("%s: %s", bad_files[i].name, err.text);
	}
}

static void
time_zones(void **state)
{
	static const char *const good[] = { "UTC", "EST5EDT", "<-03>3",
		"CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin" };
	struct error err = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		char *text = xasprintf("name = \"A\"; time_zone = \"%s\";",
			good[i]);
		struct postoffice *po = load(text, &err);

		if (!po)
			fail_msg("%s", err.text);
		postoffice_free(po);
		free(text);
	}
}

/* How long 5,000 recipients take in a directory of that many post offices. */
static double
resolve_5000(int places)
{
	struct error err = ERROR_INIT;
	struct resolved who = RESOLVED_INIT;
	struct str text = STR_INIT;
	struct postoffice *po;
	char user[64], place[64];
	clock_t start;

	str_add(&text, "name = \"A\"; deliver = [ \"x\" ]; domains = (\n");
	for (int i = 0; i < places; i++)
		str_addf(&text, "%s{name=\"PO %d\";domain=\"p%d.example\";}\n",
			i ? "," : "", i, i);
	str_add(&text, ");\n");
	po = load(text.data, &err);
	if (!po)
		fail_msg("%s", err.text);
	start = clock();
	for (int i = 0; i < 5000; i++) {
		snprintf(user, sizeof user, "Doe %d, Jane", i);
		snprintf(place, sizeof place, "po  %d", i % 1000 * places / 1000);
		postoffice_resolve(po, user, place, &who);
		assert_int_equal(who.kind, RESOLVED_FOREIGN);
	}
	start = clock() - start;
	assert_non_null(strstr(who.made_from.data, "doe 4999,jane\npo "));
	resolved_release(&who);
	postoffice_free(po);
	str_release(&text);
	return (double)start * 1000 / CLOCKS_PER_SEC;
}

/* The lock of ours is held meanwhile. */
static void
a_large_directory_is_quick(void **state)
{
	double small = resolve_5000(1000), large = resolve_5000(200000);

	(void)state;
	print_message("# 5,000 in 1,000: %.1f ms; in 200,000: %.1f ms\n", small,
		large);
	/* Under valgrind both are slow. */
	assert_true(large < 50 || large < 5 * small);
}

static void
no_file(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	assert_null(postoffice_load("no-such-directory", &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_non_null(strstr(err.text, "No such file"));
}

static void
addresses(void **state)
{
	static const char *const good[] = { "a@b", "a.b@c.example",
		"x+y=z@1.example", "o'hara@x.co", "a@xn--mller-kva.example",
		"{a}@b-c.d" };
	static const char *const bad[] = { "", "a", "@", "a@", "@b", "a@b@c",
		"a..b@x.com", ".a@x.com", "a.@x.com", "a@-x", "a@x-", "a@x-.y",
		"a@.x", "a@x.", "a@x..y", "a@b_c", "-f@x.com", "a b@x.com",
		"a\n@x.com", "a@x.com\n", "\"a\"@x.com", "a@[127.0.0.1]",
		"<a@x.com>", "a@x.com,b@x.com", "\xC3\xBC@x.com",
		"a@\xC3\xBC.com" };
	char address[400];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!postoffice_is_address(good[i]))
			fail_msg("%s is one", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (postoffice_is_address(bad[i]))
			fail_msg("%s is none", bad[i]);
	snprintf(address, sizeof address, "%064d@x.com", 0);
	assert_true(postoffice_is_address(address));
	snprintf(address, sizeof address, "%065d@x.com", 0);
	assert_false(postoffice_is_address(address));
	snprintf(address, sizeof address, "a@%063d.com", 0);
	assert_true(postoffice_is_address(address));
	snprintf(address, sizeof address, "a@%064d.com", 0);
	assert_false(postoffice_is_address(address));
	snprintf(address, sizeof address, "a@%060d.%060d.%060d.%060d", 0, 0, 0,
		0);
	assert_false(postoffice_is_address(address));
}

static void
local_parts(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "Grewal, Jeff", "jeff.grewal" },
		{ "Admin", "admin" },
		{ "M\xC3\xBCller, J\xC3\xB6rg", "jorg.muller" },
		{ "Stra\xC3\x9F" "e, \xC3\x86ra", "aera.strasse" },
		{ "O'Hara, Scarlett", "scarlett.ohara" },
		{ "a\r\nBcc: x", "a.bcc.x" },
		{ "-f, -x", "x.f" },
		{ "\"quoted\" (x) <y>", "quoted.x.y" },
		{ "\xE5\xB1\xB1", "_" },
		{ ", ", "no-name" },
		{ "", "no-name" },
	};
	struct str s = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		str_clear(&s);
		postoffice_add_local_part(cases[i].in, &s);
		assert_string_equal(s.data, cases[i].out);
	}
	str_clear(&s);
	for (int i = 0; i < 300; i++)
		str_add(&s, "long ");
	{
		struct str part = STR_INIT;

		postoffice_add_local_part(s.data, &part);
		assert_true(part.len <= 64);
		str_release(&part);
	}
	str_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolving),
		cmocka_unit_test(without_command_nobody_is_foreign),
		cmocka_unit_test(bad_files_say_where),
		cmocka_unit_test(time_zones),
		cmocka_unit_test(a_large_directory_is_quick),
		cmocka_unit_test(no_file),
		cmocka_unit_test(addresses),
		cmocka_unit_test(local_parts),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
