/* SPDX-License-Identifier: ISC */
/* Tests of what json reads: one object a line, and members by name. */
#include "unit/unit.h"
#include "base/json.h"

#include <string.h>

static const struct {
	const char *name, *text;
	bool good;
} lines[] = {
	{ "an object", "{\"id\":1}", true },
	{ "blanks around it", " {\"id\":1}\r\n", true },
	{ "unknown members", "{\"id\":1,\"x\":[{},null,1e3]}", true },
	{ "nothing", "", false },
	{ "an array", "[{\"id\":1}]", false },
	{ "two", "{\"id\":1}{\"id\":2}", false },
	{ "torn", "{\"id\":1", false },
	{ "a member twice", "{\"id\":1,\"id\":1}", false },
	{ "a NUL in a text", "{\"id\":\"a\\u0000b\"}", false },
	{ "half a surrogate", "{\"id\":\"\\ud800\"}", false },
	{ "no UTF-8", "{\"id\":\"\xC3\"}", false },
	{ "a number too large", "{\"id\":99999999999999999999}", false },
};

static void
objects(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct error err = ERROR_INIT;
		struct json_line *j = json_line_read(lines[i].text,
			strlen(lines[i].text), &err);

		if ((j != NULL) != lines[i].good)
			fail_msg("%s: %s", lines[i].name, err.text);
		if (!j)
			assert_int_equal(err.code, ERROR_INVALID);
		json_line_free(j);
	}
}

static void
members(void **state)
{
	static const char text[] = "{\"id\":9007199254740993,\"key\":\"k\\u00fc\","
		"\"none\":null,\"und\":[12,34],\"three\":[1,2,3],"
		"\"mixed\":[1,\"2\"],\"half\":1.5}";
	struct error err;
	struct json_line *j = json_line_read(text, strlen(text), &err);
	const char *got = "as it was";
	int64_t n = -7, pair[2] = { -7, -7 };

	(void)state;
	assert_non_null(j);
	assert_int_equal(json_get_number(j, "nobody", &n), 0);
	assert_int_equal(json_get_number(j, "none", &n), 0);
	assert_int_equal(json_get_number(j, "key", &n), -1);
	assert_int_equal(json_get_number(j, "half", &n), -1);
	assert_true(n == -7);
	assert_int_equal(json_get_number(j, "id", &n), 1);
	assert_true(n == INT64_C(9007199254740993));
	assert_int_equal(json_get_text(j, "id", &got), -1);
	assert_int_equal(json_get_text(j, "none", &got), 0);
	assert_string_equal(got, "as it was");
	assert_int_equal(json_get_text(j, "key", &got), 1);
	assert_string_equal(got, "k\xC3\xBC");
	assert_int_equal(json_get_numbers(j, "three", pair, 2), -1);
	assert_int_equal(json_get_numbers(j, "mixed", pair, 2), -1);
	assert_int_equal(json_get_numbers(j, "id", pair, 2), -1);
	assert_int_equal(json_get_numbers(j, "none", pair, 2), 0);
	assert_true(pair[0] == -7 && pair[1] == -7);
	assert_int_equal(json_get_numbers(j, "und", pair, 2), 1);
	assert_true(pair[0] == 12 && pair[1] == 34);
	json_line_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects),
		cmocka_unit_test(members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
