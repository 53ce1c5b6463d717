/* SPDX-License-Identifier: ISC */
/*
 * Fuzzer of addresses and of the code pages that they are shown through: parts
 * lie within the text; whatever the bytes, what is shown is valid UTF-8 of one
 * line.
 */
#include "mail/ccmail_address.h"
#include "mail/charset.h"
#include "fuzz.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

static void
check_part(struct ccmail_part part, const char *text, size_t size)
{
	assert(part.data);
	if (part.len)
		assert(part.data >= text && part.data + part.len <= text + size);
}

static void
check_line(struct charset *cs, const char *text, size_t size)
{
	char line[100];
	uint32_t cp;
	size_t n, len;

	charset_line(cs, line, sizeof line, text, size);
	len = strlen(line);
	for (size_t i = 0; i < len; i += n) {
		n = text_decode(line + i, len - i, &cp);
		assert(n && cp >= 0x20 && (cp < 0x7F || cp > 0x9F));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const pages[] = { "437", "850", "1252", "932",
		"UTF-8", "GB18030" };
	static struct charset *opened[sizeof pages / sizeof *pages];
	const char *text = (const char *)data;
	struct ccmail_address a;
	struct str s = STR_INIT;
	struct error err;
	size_t done;

	ccmail_address_split(text, size, &a);
	check_part(a.user, text, size);
	check_part(a.post_office, text, size);
	check_part(a.display, text, size);
	check_part(a.last, text, size);
	check_part(a.first, text, size);
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		if (!opened[i])
			opened[i] = charset_new(pages[i], &err);
		assert(opened[i]);
		check_line(opened[i], text, size);
		str_clear(&s);
		done = charset_to_utf8_piece(opened[i], text, size, false, &s);
		assert(done <= size && size - done < 8);
		charset_to_utf8_piece(opened[i], text + done, size - done,
			true, &s);
	}
	str_release(&s);
	return 0;
}
