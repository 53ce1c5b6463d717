/*
 * list_private: what the files of `list` share. Nobody else includes it.
 *
 * A window is built beside the one that is shown and then put in its place.
 */
#ifndef CCMQ_UI_LIST_PRIVATE_H
#define CCMQ_UI_LIST_PRIVATE_H

#include "list/list.h"

/* Lines under construction: gathered apart, so that a failing source leaves
 * the list as it was. */
struct list_window {
	struct list_line *lines;
	size_t count;
	size_t cursor;
	bool at_beginning;	/* its first line is the list's */
};

void list_free_row(const struct list *list, struct list_row *row);
void list_free_lines(const struct list *list, struct list_line *lines,
	size_t count);

void list_window_init(const struct list *list, struct list_window *w);

/* Fills the window around its one line, which is to stand on line `line`. 0,
 * or -1 with what was got still in it. */
int list_fill_around(const struct list *list, struct list_window *w,
	size_t line, struct error *err);

/* Reads what is shown again, into the height the list has now; what went stays
 * as gone. The list shows something. 0 or -1. */
int list_refresh_lines(struct list *list, struct error *err);

/* Shows the window instead of what is shown; takes its lines. */
void list_install(struct list *list, struct list_window *w);

/* Shows the beginning or the end of the list, or that it is empty. */
int list_show_end(struct list *list, bool first, struct error *err);

#endif
