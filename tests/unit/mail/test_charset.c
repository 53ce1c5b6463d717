/* SPDX-License-Identifier: ISC */
/* Tests of charset: code pages to UTF-8 and back, never failing. */
#include "unit/unit.h"
#include "mail/charset.h"
#include "base/text.h"

#include <string.h>

static const struct {
	const char *page, *in;
	size_t len;
	const char *out;
	size_t replaced;
} cases[] = {
	{ "437", "M\x81ller", 6, "Müller", 0 },
	{ "CP437", "\xC9\xCD\xBB\xB0\xDB\xB3", 6, "╔═╗░█│", 0 },
	{ "437", "a\tb\r\nc", 6, "a\tb\r\nc", 0 },
	{ "437", "\x01\x02\x07\x1a\x1b\x7f", 6, "☺☻•→←⌂", 0 },
	{ "437", "a\0b", 3, "a b", 0 },
	{ "437", "\x9B\x9E\xE1\xFF", 4, "¢₧ß\u00A0", 0 },
	{ "850", "\x9B\x9E\x01", 3, "ø×☺", 0 },
	{ "1252", "\x80 \x93q\x94", 5, "€ “q”", 0 },
	{ "1252", "\x81\x01", 2, "\uFFFD\uFFFD", 2 },
	{ "ISO-8859-1", "\xFC\x9B", 2, "ü\uFFFD", 1 },
	{ "UTF-8", "M\xC3\xBCller", 7, "Müller", 0 },
	{ "UTF-8", "\xFF" "a\xC3", 3, "\uFFFDa\uFFFD", 2 },
	{ "UTF-8", "\xC2\x9B\x1b", 3, "\uFFFD\uFFFD\uFFFD", 3 },
	{ "932", "\x93\xFA\x96\x7B", 4, "日本", 0 },
	{ "932", "a\x93", 2, "a\uFFFD", 1 },
	/* Pages of which iconv keeps a letter back. */
	{ "1255", "\xF9\xEC\xE5\xED", 4, "שלום", 0 },
	{ "1258", "Vi\xEA\xF2t", 5, "Vi\u00EA\u0323t", 0 },
	{ "BIG5-HKSCS", "\x88\x66" "a", 3, "Êa", 0 },
};

static struct charset *
opened(const char *page)
{
	struct error err = ERROR_INIT;
	struct charset *cs = charset_new(page, &err);

	if (!cs)
		fail_msg("%s", err.text);
	return cs;
}

static void
to_utf8(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct charset *cs = opened(cases[i].page);

		str_clear(&s);
		assert_int_equal(charset_to_utf8(cs, cases[i].in, cases[i].len,
			&s), cases[i].replaced);
		assert_string_equal(s.data, cases[i].out);
		charset_free(cs);
	}
	str_release(&s);
}

static void
in_pieces(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct charset *cs = opened(cases[i].page);
		size_t done = 0;

		str_clear(&s);
		for (size_t end = 1; end <= cases[i].len; end++)
			done += charset_to_utf8_piece(cs, cases[i].in + done,
				end - done, end == cases[i].len, &s);
		assert_int_equal(done, cases[i].len);
		assert_string_equal(s.data, cases[i].out);
		charset_free(cs);
	}
	str_release(&s);
}

/* Whatever the bytes and the page: valid UTF-8 with no other controls. */
static void
always_valid(void **state)
{
	static const char *const pages[] = { "437", "1252", "932", "UTF-8",
		"GB18030", "EUC-JP", "ISO-8859-8" };
	struct str s = STR_INIT;
	char all[512];
	uint32_t cp;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (char)(i * 167 + i / 256);
	for (size_t i = 0; i < COUNT(pages); i++) {
		struct charset *cs = opened(pages[i]);

		str_clear(&s);
		charset_to_utf8(cs, all, sizeof all, &s);
		for (size_t at = 0; at < s.len; at += n) {
			n = text_decode(s.data + at, s.len - at, &cp);
			assert_true(n > 0);
			assert_true(cp >= 0x20 || cp == 9 || cp == 10 ||
				cp == 13);
			assert_true(cp < 0x7F || cp > 0x9F);
		}
		charset_free(cs);
	}
	str_release(&s);
}

static void
unknown_pages(void **state)
{
	static const char *const bad[] = { "", "4711", "no such", "UTF-16",
		"437//IGNORE", "EBCDIC-US",
		/* They shift. */
		"HZ", "UTF-7", "ISO-2022-JP", "ISO-2022-JP-2", "ISO-2022-KR",
		"ISO-2022-CN", "ISO-2022-CN-EXT",
		"a-name-that-is-longer-than-any-name-could-ever-be" };
	struct error err = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_null(charset_new(bad[i], &err));
		assert_int_equal(err.code, ERROR_INVALID);
	}
}

static void
one_line(void **state)
{
	struct charset *cs = opened("437");
	char out[6];

	(void)state;
	assert_string_equal(charset_line(cs, out, 6, "a\r\nb\x81", 5), "a  b");
	assert_string_equal(charset_line(cs, out, 6, "a\r\n\x81", 4), "a  ü");
	assert_string_equal(charset_line(cs, out, 1, "abc", 3), "");
	charset_free(cs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_utf8),
		cmocka_unit_test(in_pieces),
		cmocka_unit_test(always_valid),
		cmocka_unit_test(unknown_pages),
		cmocka_unit_test(one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
