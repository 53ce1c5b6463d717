/* SPDX-License-Identifier: ISC */
/*
 * cells: the one gate through which text goes to the screen.
 *
 * Foreign bytes become characters that are printable, and of which is known
 * how many columns each takes: as the C library says, because curses asks it
 * too (LC_CTYPE must be set). What the library does not know, and in a locale
 * that is not UTF-8 all that is not ASCII, becomes '?'.
 */
#ifndef CCMQ_UI_CELLS_H
#define CCMQ_UI_CELLS_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct cells_window {
	size_t skip;		/* columns left out at the beginning */
	size_t columns;		/* columns there is room for */
	bool utf8;		/* the terminal shows UTF-8 */
	bool mark;		/* a text cut at its end shows '>' there */
};

/* Longer texts are looked at up to here: no screen is wider. */
#define CELLS_BYTES_MAX 65536

/*
 * Appends what the window shows of the text. A wide character that an edge
 * would halve gives way to a blank at the left edge, and to nothing at the
 * right one. Returns the columns that were appended.
 */
size_t cells_clip(struct str *out, const char *bytes, size_t len,
	struct cells_window window);

/* Columns of the whole text. */
size_t cells_width(const char *bytes, size_t len, bool utf8);

#endif
