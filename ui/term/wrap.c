/* SPDX-License-Identifier: ISC */
/* wrap: see wrap.h for the contract. */
#include "term/wrap.h"
#include "base/text.h"
#include "base/width.h"

#include <stdbool.h>
#include <string.h>

#define ROOM_LEAST 10	/* columns of text, however narrow the screen */
#define HANG 2		/* columns, of words behind a command */

/* Of a shell's word in quotes, as far as it is read. */
struct quotes {
	bool word, open;
};

static void
read_quote(struct quotes *q, const char *s, size_t len, size_t at)
{
	if (at == 0 || (s[at - 1] == ' ' && !q->open))
		q->word = s[at] == '\'' || strncmp(s + at, "$'", 2) == 0;
	if (s[at] == '\'' && q->word && !(at > 0 && s[at - 1] == '\\'))
		q->open = !q->open && memchr(s + at + 1, '\'', len - at - 1);
}

/* "  y: stop it", "; x  sets it aside": a key stays with what it does. */
static bool
is_behind_key(const char *s, size_t at)
{
	size_t word = at;
	bool apart, letter;

	while (word > 0 && s[word - 1] != ' ')
		word--;
	apart = word >= 2 && s[word - 2] == ' ';
	letter = at - word == 1;
	return (apart && (letter || s[at - 1] == ':')) ||
		(letter && s[at + 1] == ' ');
}

/* Bytes of the line that s begins with, without blanks at its end. */
static size_t
line_bytes(const char *s, size_t room, bool commands)
{
	size_t len = strcspn(s, "\n"), at = 0, columns = 0, last = 0, n;
	struct quotes quotes = { false, false };
	uint32_t cp;

	while (at < len) {
		n = text_decode(s + at, len - at, &cp);
		columns += n ? (size_t)width_of(cp) : 1;
		if (commands)
			read_quote(&quotes, s, len, at);
		if (s[at] == ' ' && at > 0 && s[at - 1] != ' ' &&
		    !quotes.open && !is_behind_key(s, at))
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

static void
add_lines(struct str *out, struct wrap w, const char *text, bool commands)
{
	size_t width = w.width < WRAP_COLUMNS_MAX ? w.width : WRAP_COLUMNS_MAX;
	size_t room = width > w.indent + ROOM_LEAST ? width - w.indent :
		ROOM_LEAST;
	const char *label = w.label;
	size_t hang = 0;

	do {
		size_t indent = w.indent + hang;
		size_t n = line_bytes(text, room - hang, commands), blanks;

		if (commands && !label && !strchr(" \n", text[n])) {
			indent = 1;
			n = line_bytes(text, width - indent, true);
		}
		add_indent(out, label, indent);
		str_add_bytes(out, text, n);
		str_add_char(out, '\n');
		label = NULL;
		blanks = strspn(text + n, " ");
		text += n + blanks;
		if (commands && blanks > 1)
			hang = HANG;
		if (*text == '\n') {
			hang = 0;
			text++;
		}
	} while (*text);
}

void
wrap_add(struct str *out, struct wrap w, const char *text)
{
	add_lines(out, w, text, false);
}

void
wrap_add_commands(struct str *out, struct wrap w, const char *text)
{
	add_lines(out, w, text, true);
}
