/* SPDX-License-Identifier: ISC */
/* list: the refresh, and lines that are gone. See list.h for the contract. */
#include "list/list_private.h"

#include <stdlib.h>

/* What became of a row. 1 it is in the list, 0 it is gone: *out borrows the old
 * row, -1. */
static int
look_up(const struct list *list, const struct list_line *old,
	struct list_line *out, struct error *err)
{
	int found;

	*out = (struct list_line){ .row = { 0 } };
	found = list->source->lookup(list->ctx, old->row.id, &out->row,
		out->gone, err);
	if (found == 0) {
		out->is_gone = true;
		out->row = old->row;
	}
	return found;
}

static bool
holds(const struct list_window *w, int64_t id)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->lines[i].row.id == id)
			return true;
	return false;
}

/* Of the lines that were shown and are in the window no more, those that left
 * the list stay as gone. 0 or -1. */
static int
keep_gone(const struct list *list, struct list_window *w, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		struct list_line now;
		int found;

		if (holds(w, list->lines[i].row.id))
			continue;
		found = look_up(list, &list->lines[i], &now, err);
		if (found < 0)
			return -1;
		if (found)		/* elsewhere, off the screen */
			list_row_free(list, &now.row);
		else
			list_window_keep(list, w, &now);
	}
	return 0;
}

/* Reads what is shown again, into the height the list has now. */
static int
read_again(struct list *list, struct error *err)
{
	size_t line = list->cursor, last = list->height - 1;
	/* New rows at the beginning come into sight and push the cursor. */
	size_t most = list->at_beginning || line > last ? last : line;
	struct list_window w;
	int status;

	list_window_init(list, &w);
	status = look_up(list, &list->lines[line], &w.lines[0], err);
	if (status >= 0) {
		w.count = 1;
		status = list_window_fill(list, &w, most, err);
	}
	if (status == 0 && !list->forget_gone)
		status = keep_gone(list, &w, err);
	if (status < 0) {
		list_window_drop(list, &w);
		return -1;
	}
	list_window_trim(list, &w, most);
	list_window_install(list, &w);
	return 0;
}

static bool
follows(const struct list *list)
{
	return list->source->follows && list->at_beginning && !list->cursor;
}

int
list_refresh(struct list *list, struct error *err)
{
	if (list->frozen) {
		list->changes++;
		return 0;
	}
	if (list->source->count(list->ctx, &list->total, err) < 0)
		return -1;
	return !list->count || follows(list) ?
		list_show_end(list, true, err) : read_again(list, err);
}

/* A list that stands and got lower: lines go, the cursor's does not. */
static void
cut_off(struct list *list)
{
	while (list->count > list->height) {
		bool first = list->cursor >= list->height;
		size_t at = first ? 0 : list->count - 1;

		list_row_free(list, &list->lines[at].row);
		for (size_t i = at; i + 1 < list->count; i++)
			list->lines[i] = list->lines[i + 1];
		list->count--;
		list->cursor -= first;
		list->at_beginning = list->at_beginning && !first;
		if (first && list->before != LIST_FAR)
			list->before++;
	}
}

int
list_ready(struct list *list, struct error *err)
{
	const struct list_source *source = list->source;

	return source->ready ? source->ready(list->ctx, err) : 0;
}

int
list_resize(struct list *list, size_t height, struct error *err)
{
	int stands;

	list->height = height < 1 ? 1 :
		height > LIST_HEIGHT_MAX ? LIST_HEIGHT_MAX : height;
	if (!list->count)
		return 0;
	stands = list->frozen ? 1 : list_ready(list, err);
	if (stands <= 0)
		return stands < 0 ? -1 : read_again(list, err);
	cut_off(list);
	return !list->frozen;
}
