/* SPDX-License-Identifier: ISC */
/*
 * canvas: where pictures of characters are put: the terminal (term_canvas), or
 * a grid in memory, so that what draws them can be tested as text. Header only.
 */
#ifndef CCMQ_UI_CANVAS_H
#define CCMQ_UI_CANVAS_H

#include "term/theme.h"

#include <stdbool.h>

struct canvas {
	void (*put)(void *arg, int row, int column, enum role role,
		const char *text);
	void *arg;
	bool blocks;		/* U+2581 to U+2588 can be shown */
	bool colors;
};

struct rect {
	int row, column, rows, columns;
};

#endif
