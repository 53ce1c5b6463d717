/* SPDX-License-Identifier: ISC */
/* wrap: see wrap.h for the contract. */
#include "term/wrap.h"
#include "base/text.h"
#include "base/width.h"

#include <string.h>

#define ROOM_LEAST 10	/* columns of text, however narrow the screen */

/* Bytes of the line that s begins with, without blanks at its end. */
static size_t
line_bytes(const char *s, size_t room)
{
	size_t len = strcspn(s, "\n"), at = 0, columns = 0, last = 0, n;
	uint32_t cp;

	while (at < len) {
		n = text_decode(s + at, len - at, &cp);
		columns += n ? (size_t)width_of(cp) : 1;
		if (s[at] == ' ' && at > 0 && s[at - 1] != ' ')
			last = at;
		if (columns > room && s[at] != ' ')
			return last ? last : at;
		at += n ? n : 1;
	}
	while (at > 0 && s[at - 1] == ' ')
		at--;
	return at;
}

static void
add_indent(struct str *out, const char *label, size_t indent)
{
	size_t used = 0;

	if (label) {
		str_add_char(out, ' ');
		str_add(out, label);
		used = 1 + width_text(label);
	}
	for (; used < indent; used++)
		str_add_char(out, ' ');
}

void
wrap_add(struct str *out, struct wrap w, const char *text)
{
	size_t width = w.width < WRAP_COLUMNS_MAX ? w.width : WRAP_COLUMNS_MAX;
	size_t room = width > w.indent + ROOM_LEAST ? width - w.indent :
		ROOM_LEAST;
	const char *label = w.label;

	do {
		size_t n = line_bytes(text, room);

		add_indent(out, label, w.indent);
		str_add_bytes(out, text, n);
		str_add_char(out, '\n');
		label = NULL;
		text += n + strspn(text + n, " ");
		text += *text == '\n';
	} while (*text);
}
