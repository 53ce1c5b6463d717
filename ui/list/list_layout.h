/* SPDX-License-Identifier: ISC */
/*
 * list_layout: which columns of a list are shown, where, and how wide. Pure.
 *
 * Every column has its least width. Too narrow a screen loses columns, the
 * highest `drop` first (0 never goes); too wide a one gives what is left to
 * the columns that may grow, evenly until they have what they want. Shifted
 * sideways all columns are there, at their full width.
 */
#ifndef CCMQ_UI_LIST_LAYOUT_H
#define CCMQ_UI_LIST_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#define LIST_COLUMNS_MAX 16
#define LIST_UNLIMITED 9999
#define LIST_GUTTER 5		/* cursor, three marks and a blank */

struct list_column {
	const char *title;	/* "SINCE" */
	char letter;		/* after `o`: sort by it; 0 cannot be */
	int least;		/* columns */
	int most;		/* may grow so far; 0: as least */
	bool right;		/* numbers stand at the right */
	int drop;
	enum list_gone {	/* what a gone row says here: */
		LIST_GONE_AS_IT_WAS,	/* false */
		LIST_GONE_WORDS,	/* true: what became of it */
		LIST_GONE_BLANK,	/* it is not so any more */
	} gone;
};

struct list_slot {
	size_t column;		/* index into the columns */
	int at;			/* from the screen's left edge */
	int width;
};

/* Returns the number of slots. */
size_t list_layout(const struct list_column *columns, size_t count, int width,
	struct list_slot out[LIST_COLUMNS_MAX]);

/* All columns at full width, shifted: at may be negative, or beyond. */
size_t list_layout_full(const struct list_column *columns, size_t count,
	size_t left, struct list_slot out[LIST_COLUMNS_MAX]);

#endif
