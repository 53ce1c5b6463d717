/* SPDX-License-Identifier: ISC */
/*
 * list_draw: a list on the terminal.
 *
 * A row of titles, then the lines: '>' the cursor, three columns of marks, then
 * the columns.
 */
#ifndef CCMQ_UI_LIST_DRAW_H
#define CCMQ_UI_LIST_DRAW_H

#include "list/list.h"
#include "list/list_layout.h"

struct list_view {
	const struct list_column *columns;
	size_t count;			/* of columns */
	int top;			/* the row of the titles */
	int width;			/* columns of the screen, from 0 */
	bool plain;			/* to be looked at: without a cursor */
};

/* Draws list->height lines below the titles, and puts the hardware cursor on
 * the selected one. */
void list_draw(const struct list *list, const struct list_view *view);

#endif
