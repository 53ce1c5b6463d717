/* list: the window and the cursor. See list.h for the contract. */
#include "list/list_private.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
list_free_row(const struct list *list, struct list_row *row)
{
	if (row->data)
		list->source->row_free(list->ctx, row);
	*row = (struct list_row){ 0, NULL };
}

void
list_free_lines(const struct list *list, struct list_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		list_free_row(list, &lines[i].row);
	free(lines);
}

void
list_init(struct list *list, const struct list_source *source, void *ctx)
{
	*list = (struct list){ .source = source, .ctx = ctx, .height = 1 };
}

void
list_release(struct list *list)
{
	list_free_lines(list, list->lines, list->count);
	list_free_row(list, &list->range_from);
	tags_release(&list->tags);
	tags_release(&list->untagged);
	list_init(list, list->source, list->ctx);
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
	if (!w->at_beginning) {
		list_free_row(list, &w->lines[0].row);
		memmove(w->lines, w->lines + 1, --w->count * sizeof *w->lines);
		w->cursor--;
	}
	return 0;
}

/* Fills the window around its one line, which is to stand on line `line`. */
int
list_fill_around(const struct list *list, struct list_window *w, size_t line,
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
list_window_init(const struct list *list, struct list_window *w)
{
	/* Gone lines may come on top of a full window. */
	*w = (struct list_window){
		.lines = xcalloc(list->height + LIST_HEIGHT_MAX,
			sizeof *w->lines),
	};
}

void
list_install(struct list *list, struct list_window *w)
{
	list_free_lines(list, list->lines, list->count);
	list->lines = w->lines;
	list->count = w->count;
	list->cursor = w->cursor;
	list->at_beginning = w->at_beginning;
}

/* Shows the window around a row, which is taken. line: of the screen. */
static int
show_around(struct list *list, struct list_row row, size_t line,
	struct error *err)
{
	struct list_window w;

	list_window_init(list, &w);
	w.lines[w.count++] = (struct list_line){ .row = row };
	if (list_fill_around(list, &w, line, err) < 0) {
		list_free_lines(list, w.lines, w.count);
		return -1;
	}
	list_install(list, &w);
	return 0;
}

/* Shows the beginning or the end of the list, or that it is empty. */
int
list_show_end(struct list *list, bool first, struct error *err)
{
	struct list_window w;

	list_window_init(list, &w);
	if (extend(list, &w, first, list->height, err) < 0) {
		list_free_lines(list, w.lines, w.count);
		return -1;
	}
	w.cursor = first || !w.count ? 0 : w.count - 1;
	w.at_beginning = first || w.count < list->height;
	list_install(list, &w);
	return 0;
}

int
list_resize(struct list *list, size_t height, struct error *err)
{
	list->height = height < 1 ? 1 :
		height > LIST_HEIGHT_MAX ? LIST_HEIGHT_MAX : height;
	return list->count ? list_refresh_lines(list, err) : 0;
}

/* One row beside the place of a row that is no more. 1, 0 or -1. */
static int
nearest(struct list *list, const struct list_row *place, struct list_row *out,
	struct error *err)
{
	int got = list->source->fetch(list->ctx, place, true, 1, out, err);

	return got ? got :
		list->source->fetch(list->ctx, place, false, 1, out, err);
}

int
list_reload(struct list *list, struct error *err)
{
	char gone[LIST_GONE_MAX];
	struct list_row row;
	int found;

	if (list->source->count(list->ctx, &list->total, err) < 0)
		return -1;
	list->frozen = false;
	list->changes = 0;
	if (!list->count)
		return list_show_end(list, true, err);
	found = list->source->lookup(list->ctx,
		list->lines[list->cursor].row.id, &row, gone, err);
	if (found == 0)
		found = nearest(list, &list->lines[list->cursor].row, &row,
			err);
	if (found < 0)
		return -1;
	return found ? show_around(list, row, list->cursor, err) :
		list_show_end(list, true, err);
}

int
list_freeze(struct list *list, bool frozen, struct error *err)
{
	list->frozen = frozen;
	list->changes = 0;
	return frozen ? 0 : list_refresh(list, err);
}

/* The row `rows` away from the cursor's place, or as near to it as there is
 * one. 1, 0 there is none that way, -1. */
static int
step(struct list *list, int64_t rows, struct list_row *out, struct error *err)
{
	struct list_row got[LIST_HEIGHT_MAX];
	size_t n = (size_t)(rows < 0 ? -rows : rows);
	int count;

	if (n > LIST_HEIGHT_MAX)
		n = LIST_HEIGHT_MAX;
	count = list->source->fetch(list->ctx,
		&list->lines[list->cursor].row, rows > 0, n, got, err);
	for (int i = 0; i < count - 1; i++)
		list_free_row(list, &got[i]);
	if (count <= 0)
		return count;
	*out = got[count - 1];
	return 1;
}

static bool
has_gone(const struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->lines[i].is_gone)
			return true;
	return false;
}

static int
move(struct list *list, int64_t rows, bool page, struct error *err)
{
	int64_t line = (int64_t)list->cursor;
	struct list_row row;
	int found;

	if (!list->count || !rows)
		return 0;
	found = step(list, rows, &row, err);
	if (found < 0)
		return -1;
	if (found == 0)		/* at the end: gone lines still go */
		return has_gone(list) ? list_reload(list, err) : 0;
	if (!page)
		line += rows;
	if (line < 0)
		line = 0;
	return show_around(list, row, (size_t)line, err);
}

int
list_move(struct list *list, int64_t rows, struct error *err)
{
	return move(list, rows, false, err);
}

int
list_page(struct list *list, int64_t rows, struct error *err)
{
	return move(list, rows, true, err);
}

int
list_first(struct list *list, struct error *err)
{
	return list_show_end(list, true, err);
}

int
list_last(struct list *list, struct error *err)
{
	return list_show_end(list, false, err);
}

int
list_select(struct list *list, int64_t id, struct error *err)
{
	char gone[LIST_GONE_MAX];
	struct list_row row;
	size_t line = list->height / 2;
	int found = list->source->lookup(list->ctx, id, &row, gone, err);

	if (found <= 0)
		return found;
	for (size_t i = 0; i < list->count; i++)
		if (list->lines[i].row.id == id)
			line = i;
	return show_around(list, row, line, err) < 0 ? -1 : 1;
}

void
list_sideways(struct list *list, int columns)
{
	if (columns < 0 && list->left < (size_t)-columns)
		list->left = 0;
	else
		list->left += (size_t)columns;
}

const struct list_row *
list_current(const struct list *list)
{
	return !list->count || list->lines[list->cursor].is_gone ? NULL :
		&list->lines[list->cursor].row;
}
