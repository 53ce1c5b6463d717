/* SPDX-License-Identifier: ISC */
/* Tests of text: sizes, durations, times, and foreign bytes made harmless. */
#include "unit/unit.h"
#include "base/clock.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
	const char *name;
	const char *in;
	size_t len;
	const char *out;
} printable_cases[] = {
	{ "plain", "Budget", 6, "Budget" },
	{ "umlaut stays", "Gr\xC3\xBC\xC3\x9F", 6, "Gr\xC3\xBC\xC3\x9F" },
	{ "escape", "a\x1b[2Jb", 6, "a\\x1b[2Jb" },
	{ "line feed", "a\nb", 3, "a\\x0ab" },
	{ "NUL", "a\0b", 3, "a\\x00b" },
	{ "C1 as UTF-8", "\xC2\x9B", 2, "\\xc2\\x9b" },
	{ "C1 as a byte", "\x9B", 1, "\\x9b" },
	{ "bidi override", "\xE2\x80\xAE", 3, "\\u{202E}" },
	{ "overlong", "\xC0\xAF", 2, "\\xc0\\xaf" },
	{ "surrogate", "\xED\xA0\x80", 3, "\\xed\\xa0\\x80" },
	{ "torn", "\xE2\x82", 2, "\\xe2\\x82" },
	{ "marks over four", "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
		13, "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81" },
};

static void
printable(void **state)
{
	struct str s = STR_INIT;
	char fixed[64];

	(void)state;
	for (size_t i = 0; i < COUNT(printable_cases); i++) {
		str_clear(&s);
		text_add_printable(&s, printable_cases[i].in,
			printable_cases[i].len);
		assert_string_equal(s.data, printable_cases[i].out);
		text_printable(fixed, sizeof fixed, printable_cases[i].in,
			printable_cases[i].len);
		assert_string_equal(fixed, printable_cases[i].out);
	}
	str_release(&s);
}

static void
printable_is_cut_between_characters(void **state)
{
	char out[4];

	(void)state;
	assert_string_equal(text_printable(out, 4, "ab\xC3\xBC", 4), "ab");
	assert_string_equal(text_printable(out, 1, "ab", 2), "");
	assert_string_equal(text_printable(out, 4, "a\x1b", 2), "a");
}

static void
counts(void **state)
{
	static const struct { uint64_t n; const char *out; } cases[] = {
		{ 0, "0" }, { 999, "999" }, { 9999, "9,999" },
		{ 10000, "10.0k" }, { 12345, "12.3k" }, { 99949, "99.9k" },
		{ 99950, "100k" }, { 113000, "113k" }, { 999499, "999k" },
		{ 999500, "1.00M" }, { 1200000, "1.20M" },
		{ 18400000, "18.4M" }, { 2000000000, "2.00G" },
	};
	char out[TEXT_NUMBER_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_string_equal(text_count(out, cases[i].n), cases[i].out);
		assert_true(strlen(out) <= 5);
	}
	for (uint64_t n = 1; n < UINT64_C(900000000000); n = n * 3 / 2 + 1)
		assert_true(strlen(text_count(out, n)) <= 5);
}

static void
sizes(void **state)
{
	static const struct { uint64_t n; const char *out; } cases[] = {
		{ 0, "0" }, { 999, "999" }, { 1000, "1.0K" }, { 2148, "2.1K" },
		{ 19293798, "18.4M" }, { UINT64_C(4402341478), "4.1G" },
		{ 1023 * 1024, "1.0M" },
	};
	char out[TEXT_NUMBER_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(text_size(out, cases[i].n), cases[i].out);
	for (uint64_t n = 1; n < UINT64_MAX / 8; n = n * 5 / 4 + 1)
		assert_true(strlen(text_size(out, n)) <= 5);
	assert_string_equal(text_exact(out, 2112), "2,112");
	assert_string_equal(text_exact(out, 1234567), "1,234,567");
}

static void
durations(void **state)
{
	static const struct { const char *in; int64_t ms; } good[] = {
		{ "150ms", 150 }, { "30s", 30000 }, { "5m", 300000 },
		{ "2h", 7200000 }, { "400d", INT64_C(34560000000) },
		{ "0s", 0 },
	};
	static const char *const bad[] = {
		"", "5", "s", "-5s", "5 s", "5x", "1h30m", "99999999999999999d",
	};
	struct error err = ERROR_INIT;
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(text_parse_duration(good[i].in, &ms, &err), 0);
		assert_int_equal(ms, good[i].ms);
	}
	ms = 7;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(text_parse_duration(bad[i], &ms, &err), -1);
		assert_int_equal(ms, 7);
		assert_int_equal(err.code, ERROR_INVALID);
	}
}

static void
moments(void **state)
{
	const int64_t now = INT64_C(1795421700000);	/* 2026-11-23 08:15 UTC */
	static const struct { const char *in; int64_t away_s; } cases[] = {
		{ "2h", 7200 }, { "08:20", 300 }, { "08:15", 86400 },
		{ "2026-11-23 09:15", 3600 }, { "2026-11-24", 56700 },
		{ "2026-11-23T08:16:00Z", 60 },
		{ "2026-11-23T08:16:00.5Z", 60 },
		{ "2026-11-23T09:16:00+01:00", 60 },
	};
	struct error err = ERROR_INIT;
	char out[TEXT_TIME_MAX];
	int64_t at;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(text_parse_time(cases[i].in, now, &at, &err), 0);
		assert_int_equal((at - now) / 1000, cases[i].away_s);
	}
	assert_int_equal(text_parse_time("later", now, &at, &err), -1);
	assert_int_equal(text_parse_time("25:00", now, &at, &err), -1);
	assert_string_equal(text_rfc3339(out, now + 7),
		"2026-11-23T08:15:00.007Z");
	assert_string_equal(text_rfc3339(out, -1), "1969-12-31T23:59:59.999Z");
	assert_string_equal(text_ago(out, now - 180000, now), "3m ago");
	assert_string_equal(text_ago(out, now + 5000, now), "in 5s");
	assert_string_equal(text_ago(out, now, now), "just now");
	assert_string_equal(text_time(out, now - 60000, now), "08:14");
}

static void
past_moments(void **state)
{
	const int64_t now = INT64_C(1795421700000);	/* 2026-11-23 08:15 UTC */
	static const struct { const char *in; int64_t ago_s; } cases[] = {
		{ "08:14", 60 }, { "08:14:50", 10 }, { "08:15", 0 },
		{ "08:16", 86340 }, { "yesterday 08:15", 86400 },
		{ "Yesterday 08:14:59", 86401 }, { "2026-11-23 08:14:58", 2 },
		{ "2026-11-23 08:10", 300 }, { "2026-11-23", 29700 },
		{ "2026-11-23T08:14:00.000Z", 60 }, { "-2h", 7200 },
		{ "90s", 90 }, { "-1d", 86400 },
	};
	static const char *const bad[] = {
		"later", "25:00", "yesterday", "yesterday x", "2026-11-24",
		"2026-11-23T08:16:00Z", "--2h", "",
	};
	struct error err = ERROR_INIT;
	char out[TEXT_TIME_MAX];
	int64_t at = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(text_parse_past(bad[i], now, &at, &err), -1);
		assert_int_equal(at, 7);
	}
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(text_parse_past(cases[i].in, now, &at, &err),
			0);
		assert_int_equal((now - at) / 1000, cases[i].ago_s);
	}
	assert_int_equal(text_parse_past("2026-11-23T08:14:00.123Z", now, &at,
		&err), 0);
	assert_int_equal(at % 1000, 123);
	assert_string_equal(text_moment(out, now + 7000, now), "08:15:07");
	assert_string_equal(text_moment(out, now - 86400000, now),
		"Sun 08:15:00");
	assert_string_equal(text_moment(out, now - 864000000, now),
		"2026-11-13 08:15:00");
}

static void
utf8_for_json(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	text_add_utf8(&s, "a\xFF\x00\xC3\xBC", 5);
	assert_string_equal(s.data, "a\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xBC");
	str_release(&s);
}

static void
words_without_case(void **state)
{
	(void)state;
	assert_true(text_equal_nocase("MESSAGE", "message"));
	assert_false(text_equal_nocase("mess", "message"));
}

/* The nearest of a few words to what was typed, or "-". */
static const char *
guess(const char *typed)
{
	static const char *const words[] = {
		"from", "reason", "status", "quarantined", "queued", "und",
	};
	struct text_guess g = { .typed = typed };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		text_guess_try(&g, words[i]);
	return g.best ? g.best : "-";
}

static void
guesses_are_near(void **state)
{
	static const char *const cases[][2] = {
		{ "form", "from" }, { "FROM", "from" }, { "frm", "from" },
		{ "statsu", "status" }, { "quar", "quarantined" },
		{ "statuses", "status" }, { "queud", "queued" },
		{ "resaon", "reason" }, { "uns", "und" },
		{ "x", "-" }, { "", "-" }, { "nonsense", "-" },
		{ "fr", "-" }, { "stop", "-" }, { "season", "reason" },
		{ "undo it all by yesterday evening, if that is not too much to"
			" ask of you", "-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(guess(cases[i][0]), cases[i][1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable),
		cmocka_unit_test(printable_is_cut_between_characters),
		cmocka_unit_test(counts),
		cmocka_unit_test(sizes),
		cmocka_unit_test(durations),
		cmocka_unit_test(moments),
		cmocka_unit_test(past_moments),
		cmocka_unit_test(utf8_for_json),
		cmocka_unit_test(words_without_case),
		cmocka_unit_test(guesses_are_near),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
