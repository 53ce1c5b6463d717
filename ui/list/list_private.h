/* SPDX-License-Identifier: ISC */
/*
 * list_private: what the files of `list` share. Nobody else includes it.
 *
 * list.c moves the cursor and asks list_refresh.c, which asks list_window.c.
 * A window is built beside the lines that are shown and then put in their
 * place. Its gone lines borrow their rows from those lines, so that nothing
 * changes hands before nothing can fail any more.
 */
#ifndef CCMQ_UI_LIST_PRIVATE_H
#define CCMQ_UI_LIST_PRIVATE_H

#include "list/list.h"

struct list_window {
	struct list_line *lines;
	size_t count;
	size_t cursor;
	bool at_beginning;	/* its first line is the list's */
};

void list_row_free(const struct list *list, struct list_row *row);

void list_window_init(const struct list *list, struct list_window *w);
void list_window_drop(const struct list *list, struct list_window *w);

/* Fills the window around its one line, which is to stand on line `line`. 0,
 * or -1 with what was got still in it. */
int list_window_fill(const struct list *list, struct list_window *w,
	size_t line, struct error *err);

/* Puts a gone line where it was, if that is on the screen. */
void list_window_keep(const struct list *list, struct list_window *w,
	const struct list_line *gone);

/* Back to the list's height, the cursor on its line where that can be. */
void list_window_trim(const struct list *list, struct list_window *w,
	size_t line);

/* Shows the window instead of what is shown; takes its lines. */
void list_window_install(struct list *list, struct list_window *w);

/* Shows the window around a row, which is taken, on a line of the screen. 0 or
 * -1 with the row freed. */
int list_show_around(struct list *list, struct list_row row, size_t line,
	struct error *err);

/* Shows the beginning or the end of the list, or that it is empty. 0 or -1. */
int list_show_end(struct list *list, bool first, struct error *err);

/* Drops a range under way. */
void list_range_drop(struct list *list);

#endif
