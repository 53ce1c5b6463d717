/* SPDX-License-Identifier: ISC */
/* list: the window. See list_private.h for the contract. */
#include "list/list_private.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

void
list_row_free(const struct list *list, struct list_row *row)
{
	if (row->data)
		list->source->row_free(list->ctx, row);
	*row = (struct list_row){ 0 };
}

void
list_window_init(const struct list *list, struct list_window *w)
{
	/* Gone lines may come on top of a full window. */
	*w = (struct list_window){
		.lines = xcalloc(list->height + LIST_HEIGHT_MAX,
			sizeof *w->lines),
	};
}

/* Lets go of a line of a window; a gone one is only borrowed. */
static void
drop_line(const struct list *list, struct list_line *line)
{
	if (!line->is_gone)
		list_row_free(list, &line->row);
}

void
list_window_drop(const struct list *list, struct list_window *w)
{
	for (size_t i = 0; i < w->count; i++)
		drop_line(list, &w->lines[i]);
	free(w->lines);
	w->lines = NULL;
}

static void
drop_first(const struct list *list, struct list_window *w)
{
	drop_line(list, &w->lines[0]);
	memmove(w->lines, w->lines + 1, --w->count * sizeof *w->lines);
	w->cursor--;
	w->at_beginning = false;
}

/* Fetches up to n rows behind (forward) or before the window's end. The
 * number got, or -1. */
static int
extend(const struct list *list, struct list_window *w, bool forward, size_t n,
	struct error *err)
{
	struct list_row rows[LIST_HEIGHT_MAX + 1];
	const struct list_row *anchor = NULL;
	int got;

	if (!n)
		return 0;
	if (w->count)
		anchor = &w->lines[forward ? w->count - 1 : 0].row;
	got = list->source->fetch(list->ctx, anchor, forward, n, rows, err);
	if (got <= 0)
		return got;
	if (!forward) {
		memmove(w->lines + got, w->lines,
			w->count * sizeof *w->lines);
		w->cursor += (size_t)got;
	}
	for (int i = 0; i < got; i++) {
		size_t at = forward ? w->count + (size_t)i :
			(size_t)(got - 1 - i);

		w->lines[at] = (struct list_line){ .row = rows[i] };
	}
	w->count += (size_t)got;
	return got;
}

/* Puts up to n rows before the window; one more is asked for, so that it is
 * known whether the list begins there. */
static int
look_back(const struct list *list, struct list_window *w, size_t n,
	struct error *err)
{
	int got = extend(list, w, false, n + 1, err);

	if (got < 0)
		return -1;
	w->at_beginning = (size_t)got <= n;
	if (!w->at_beginning)
		drop_first(list, w);
	return 0;
}

int
list_window_fill(const struct list *list, struct list_window *w, size_t line,
	struct error *err)
{
	size_t height = list->height;

	if (line >= height)
		line = height - 1;
	if (look_back(list, w, line, err) < 0 ||
	    extend(list, w, true, height - w->count, err) < 0)
		return -1;
	/* The end came before the screen was full. */
	return w->count == height || w->at_beginning ? 0 :
		look_back(list, w, height - w->count, err);
}

void
list_window_keep(const struct list *list, struct list_window *w,
	const struct list_line *gone)
{
	size_t at = 0;

	while (at < w->count && list->source->compare(list->ctx,
	    &w->lines[at].row, &gone->row) < 0)
		at++;
	if (w->count >= list->height && (at == 0 || at == w->count))
		return;
	memmove(w->lines + at + 1, w->lines + at,
		(w->count - at) * sizeof *w->lines);
	w->lines[at] = *gone;
	w->count++;
	if (at <= w->cursor)
		w->cursor++;
}

void
list_window_trim(const struct list *list, struct list_window *w, size_t line)
{
	while (w->count > list->height) {
		if (w->cursor > line)
			drop_first(list, w);
		else
			drop_line(list, &w->lines[--w->count]);
	}
}

static int64_t
rank(const struct list *list, size_t line, bool before)
{
	struct error ignored = ERROR_INIT;
	int64_t n;

	return list->source->rank && list->source->rank(list->ctx,
		&list->lines[line].row, before, LIST_RANK_MAX, &n,
		&ignored) == 0 ? n : LIST_FAR;
}

/* How many rows are before the first line, told from the end that is nearer. */
static int64_t
count_before(const struct list *list)
{
	size_t last = list->count;
	int64_t n, here = 0;

	if (!list->count || list->at_beginning)
		return 0;
	if ((n = rank(list, 0, true)) != LIST_FAR)
		return n;
	while (last > 0 && list->lines[last - 1].is_gone)
		last--;
	if (!last || (n = rank(list, last - 1, false)) == LIST_FAR)
		return LIST_FAR;
	for (size_t i = 0; i < last; i++)
		here += !list->lines[i].is_gone;
	return list->total > n + here ? list->total - n - here : 0;
}

void
list_window_install(struct list *list, struct list_window *w)
{
	for (size_t i = 0; i < list->count; i++) {
		struct list_row *old = &list->lines[i].row;

		for (size_t k = 0; k < w->count; k++)
			if (w->lines[k].is_gone && w->lines[k].row.id ==
			    old->id)
				old->data = NULL;	/* was borrowed */
		list_row_free(list, old);
	}
	free(list->lines);
	list->lines = w->lines;
	list->count = w->count;
	list->cursor = w->cursor;
	list->at_beginning = w->at_beginning;
	list->before = count_before(list);
}

int
list_show_around(struct list *list, struct list_row row, size_t line,
	struct error *err)
{
	struct list_window w;

	list_window_init(list, &w);
	w.lines[w.count++] = (struct list_line){ .row = row };
	if (list_window_fill(list, &w, line, err) < 0) {
		list_window_drop(list, &w);
		return -1;
	}
	list_window_install(list, &w);
	return 0;
}

int
list_show_end(struct list *list, bool first, struct error *err)
{
	struct list_window w;

	list_window_init(list, &w);
	if (extend(list, &w, first, list->height, err) < 0) {
		list_window_drop(list, &w);
		return -1;
	}
	w.cursor = first || !w.count ? 0 : w.count - 1;
	w.at_beginning = first || w.count < list->height;
	list_window_install(list, &w);
	return 0;
}
