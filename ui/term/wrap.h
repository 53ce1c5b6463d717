/* SPDX-License-Identifier: ISC */
/*
 * wrap: sentences in lines.
 *
 * A paragraph is a label at column 1 and a text that begins at `indent` and is
 * broken at blanks so that no line is wider than `width` columns; the lines
 * after the first are indented alike. A line feed in the text ends a line. A
 * word that is wider than a line is broken where the line ends. A key stays with
 * what it does ("  y: stop it"). Texts are printable UTF-8 (text_printable) but
 * for the line feeds. Pure.
 */
#ifndef CCMQ_UI_WRAP_H
#define CCMQ_UI_WRAP_H

#include "base/str.h"

#include <stddef.h>

#define WRAP_COLUMNS_MAX 100	/* longer lines are hard to read */

struct wrap {
	const char *label;	/* NULL: none */
	size_t indent;
	size_t width;		/* of the screen; cut at WRAP_COLUMNS_MAX */
};

/* Appends the lines, each with its line feed. */
void wrap_add(struct str *out, struct wrap wrap, const char *text);

/*
 * The same of a text with commands for a shell, so that they can be taken from
 * the screen: a word in quotes is whole, one that is too wide for the paragraph
 * begins further to the left, and words behind a command, which two blanks part
 * from it, are indented more where they begin a line.
 */
void wrap_add_commands(struct str *out, struct wrap wrap, const char *text);

#endif
