/* SPDX-License-Identifier: ISC */
/*
 * svg: a terminal's picture for documents.
 *
 * Takes the bytes that a program sent to a terminal of that size and writes
 * what the terminal shows after them, as SVG: text in a monospaced font on a
 * dark or a light ground, with colours, bold, underlined and reverse. The same
 * bytes give the same picture.
 */
#ifndef CCMQ_TESTS_SVG_H
#define CCMQ_TESTS_SVG_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct svg_terminal {
	const char *bytes;
	size_t len;
	int columns, rows;
	bool light;		/* its ground */
};

/* Appends to out. */
void svg_draw(const struct svg_terminal *terminal, struct str *out);

#endif
