/* SPDX-License-Identifier: ISC */
/* Tests of json: what is printed is ASCII, one line, and every byte of it. */
#include "unit/unit.h"
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line as it is printed, freed by the caller. */
static char *
printed(struct json_line *j)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	assert_non_null(to);
	json_line_print(j, to);
	assert_int_equal(fclose(to), 0);
	return text;
}

static void
texts(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "plain", "plain" },
		{ "\x1b[2J", "\\u001B[2J" },
		{ "\x7f", "\\u007f" },
		{ "\xC2\x9B" "2J", "\\u009B2J" },
		{ "\xE2\x80\xAE" "abc", "\\u202Eabc" },
		{ "r\xC3\xB8" "d", "r\\u00F8d" },
		{ "\xF0\x9F\x98\x80", "\\uD83D\\uDE00" },
		{ "\xC3", "\\uFFFD" },
		{ "a\"b\\\n", "a\\\"b\\\\\\n" },
	};
	char want[80], *got;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json_line *j = json_line_new();

		json_put_text(j, "t", cases[i].text);
		got = printed(j);
		snprintf(want, sizeof want, "{\"t\":\"%s\"}\n", cases[i].want);
		assert_string_equal(got, want);
		free(got);
	}
}

static void
others(void **state)
{
	struct json_line *j = json_line_new();
	char *got;

	(void)state;
	json_put_number(j, "n", -5);
	json_put_bool(j, "b", true);
	json_put_null(j, "z");
	json_put_text(j, "no", NULL);
	json_put_time(j, "at", INT64_C(1795421700123));
	json_put_time(j, "never", INT64_MIN);
	json_put_lines(j, "to", "a\nb");
	json_put_lines(j, "none", NULL);
	json_put_text(j, "z", "last wins, in its place");
	got = printed(j);
	assert_string_equal(got, "{\"n\":-5,\"b\":true,\"z\":\"last wins, in "
		"its place\",\"no\":null,\"at\":\"2026-11-23T08:15:00.123Z\","
		"\"never\":null,\"to\":[\"a\",\"b\"],\"none\":[]}\n");
	free(got);
}

/* Whole or in pieces, the bytes are the same. */
static void
bytes(void **state)
{
	static const char *const want[] = {
		"", "AA==", "AAH/", "AAH/gA==", "AAH/gH8=", "AAH/gH8g",
		"AAH/gH8gCg==",
	};
	static const unsigned char in[] = { 0, 1, 0xFF, 0x80, 0x7F, 0x20, 10 };
	static const size_t lengths[] = { 0, 1, 3, 4, 5, 6, 7 };
	char line[80], *got;

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct json_line *j = json_line_new(), *k = json_line_new();
		struct json_stream s;
		size_t len = 0;
		FILE *to;

		json_put_number(k, "id", 1);
		json_put_base64(k, "base64", in, lengths[i]);
		snprintf(line, sizeof line, "{\"id\":1,\"base64\":\"%s\"}\n",
			want[i]);
		got = printed(k);
		assert_string_equal(got, line);
		free(got);

		json_put_number(j, "id", 1);
		to = open_memstream(&got, &len);
		json_stream_begin(&s, j, to);
		for (size_t at = 0; at < lengths[i]; at++)
			json_stream_add(&s, in + at, 1);
		json_stream_end(&s);
		assert_int_equal(fclose(to), 0);
		assert_string_equal(got, line);
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(others),
		cmocka_unit_test(bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
