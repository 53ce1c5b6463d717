/* SPDX-License-Identifier: ISC */
/*
 * pager: a text of many lines that is looked at through a window. The lines
 * are made printable by whoever draws (cells); the text is bounded by its
 * maker. Searching is plain, without case.
 */
#ifndef CCMQ_UI_PAGER_H
#define CCMQ_UI_PAGER_H

#include "term/keymap.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct pager {
	struct str text;
	size_t *starts;		/* of lines; starts[count] is the end */
	size_t count, cap;
	size_t top, height;
	size_t left;
	size_t found;		/* the line that was found last, plus 1 */
};

#define PAGER_LINES_MAX ((size_t)4 << 20)

void pager_init(struct pager *p);
void pager_release(struct pager *p);

/* Takes the text over (it is empty then); the window stays where it is, as
 * far as the text goes. */
void pager_set(struct pager *p, struct str *text);

/* True if the action was one that moves. */
bool pager_act(struct pager *p, enum action action);

/* Goes to the next or previous line that holds the words, from the one that was
 * found last, or from the top; at the ends it goes round. The line is on the
 * screen then, and is drawn as the one that was found. 1 there, 2 there and it
 * went round, 0 none. */
int pager_find(struct pager *p, const char *words, bool forward);

/* Draws height lines from row on. Lines that begin with "-- " become rules. */
void pager_draw(struct pager *p, int row, size_t height, int width);

#endif
