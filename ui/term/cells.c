/* SPDX-License-Identifier: ISC */
/* cells: see cells.h for the contract. */
#include "term/cells.h"
#include "base/text.h"

#include <string.h>
#include <wchar.h>

#define MARKS_MAX 4	/* a curses cell holds five characters */

struct clip {
	struct str *out;
	struct cells_window window;
	size_t at;		/* columns of the text so far */
	size_t used;		/* columns appended */
	unsigned marks;		/* on the last character */
	bool base;		/* a character that can carry marks was appended */
	bool full;		/* the next character is beyond the window */
};

static int
columns_of(uint32_t cp, bool utf8)
{
	if (cp < 0x80)
		return 1;
	if (!utf8)
		return text_is_combining(cp) ? 0 : -1;
	return wcwidth((wchar_t)cp);
}

/* They choose another form of a character, a wider one on some terminals: all
 * columns behind it would be wrong. Never sent. */
static bool
is_selector(uint32_t cp)
{
	return (cp >= 0xFE00 && cp <= 0xFE0F) ||
		(cp >= 0xE0100 && cp <= 0xE01EF);
}

static void
put_mark(struct clip *clip, const char *s, size_t n)
{
	if (!clip->window.utf8 || !clip->base || ++clip->marks > MARKS_MAX)
		return;
	str_add_bytes(clip->out, s, n);
}

/* A character of so many columns; columns < 0: it cannot be shown. */
static void
put(struct clip *clip, const char *s, size_t n, int columns)
{
	size_t wide = columns < 0 ? 1 : (size_t)columns;

	if (columns == 0) {
		put_mark(clip, s, n);
		return;
	}
	clip->base = false;
	if (clip->at + wide <= clip->window.skip) {
		clip->at += wide;
		return;
	}
	if (clip->at < clip->window.skip) {	/* halved at the left edge */
		clip->at += wide;
		str_add_char(clip->out, ' ');
		clip->used++;
		return;
	}
	if (clip->used + wide > clip->window.columns) {
		clip->full = true;
		return;
	}
	str_add_bytes(clip->out, columns < 0 ? "?" : s, columns < 0 ? 1 : n);
	clip->at += wide;
	clip->used += wide;
	clip->marks = 0;
	clip->base = true;
}

static void
run(struct clip *clip, const char *s, size_t len)
{
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < len && !clip->full; i += n) {
		n = text_decode(s + i, len - i, &cp);
		if (n && !is_selector(cp))
			put(clip, s + i, n,
				columns_of(cp, clip->window.utf8));
		n = n ? n : 1;		/* 0 cannot be: it was made printable */
	}
}

size_t
cells_clip(struct str *out, const char *bytes, size_t len,
	struct cells_window window)
{
	struct str printable = STR_INIT;
	struct clip clip = { .out = out, .window = window };
	size_t start = out->len;

	text_add_printable(&printable, bytes,
		len < CELLS_BYTES_MAX ? len : CELLS_BYTES_MAX);
	run(&clip, printable.data, printable.len);
	if (clip.full && window.mark && window.columns > 0) {
		str_truncate(out, start);
		window.columns--;
		clip = (struct clip){ .out = out, .window = window };
		run(&clip, printable.data, printable.len);
		str_add_char(out, '>');
		clip.used++;
	}
	str_release(&printable);
	return clip.used;
}

size_t
cells_width(const char *bytes, size_t len, bool utf8)
{
	struct str out = STR_INIT;
	struct cells_window window = { .columns = SIZE_MAX, .utf8 = utf8 };
	size_t columns = cells_clip(&out, bytes, len, window);

	str_release(&out);
	return columns;
}
