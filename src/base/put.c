/* SPDX-License-Identifier: ISC */
/* put: see put.h for the contract. */
#include "base/put.h"
#include "base/text.h"

#include <string.h>
#include <wchar.h>

size_t
put_encode(char out[MB_LEN_MAX], uint32_t cp)
{
	mbstate_t state;
	size_t n;

	memset(&state, 0, sizeof state);
	n = wcrtomb(out, (wchar_t)cp, &state);
	return n == (size_t)-1 ? 0 : n;
}

void
put_text(FILE *to, const char *text, size_t len)
{
	char bytes[MB_LEN_MAX];
	size_t n, m;
	uint32_t cp;

	for (size_t i = 0; i < len; i += n) {
		n = text_decode(text + i, len - i, &cp);
		m = !n ? 0 : cp < 0x80 ? 1 : put_encode(bytes, cp);
		if (cp < 0x80 && n)
			putc((int)cp, to);
		else if (m)
			fwrite(bytes, 1, m, to);
		else
			putc('?', to);
		n = n ? n : 1;
	}
}

void
put_printable(FILE *to, const void *bytes, size_t len)
{
	struct str s = STR_INIT;

	text_add_printable(&s, bytes, len);
	put_text(to, s.data, s.len);
	str_release(&s);
}
