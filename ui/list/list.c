/* SPDX-License-Identifier: ISC */
/* list: the cursor. See list.h for the contract. */
#include "list/list_private.h"

#include <stdlib.h>

void
list_init(struct list *list, const struct list_source *source, void *ctx)
{
	*list = (struct list){ .source = source, .ctx = ctx, .height = 1 };
}

void
list_gather_drop(struct list *list)
{
	struct list_gather *g = &list->gather;

	if (g->walk)
		list->source->ids_end(g->walk);
	for (size_t i = 0; i < g->run_count; i++)
		tags_release(&g->runs[i]);
	*g = (struct list_gather){ .found = g->found };
}

void
list_release(struct list *list)
{
	list_gather_drop(list);
	list_forget(list);
	free(list->lines);
	tags_release(&list->tags);
	tags_release(&list->untagged);
	list_init(list, list->source, list->ctx);
}

void
list_range_drop(struct list *list)
{
	list->range = false;
	list_row_free(list, &list->range_from);
}

void
list_forget(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		list_row_free(list, &list->lines[i].row);
	list->count = list->cursor = 0;
	list->total = list->before = 0;
	list->frozen = false;
	list_range_drop(list);
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
	list_range_drop(list);
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
	return found ? list_show_around(list, row, list->cursor, err) :
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
		list_row_free(list, &got[i]);
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

/* Nothing has to be read for a move among the rows that are shown. */
static bool
stands(const struct list *list)
{
	return list->source->dear && list->source->dear(list->ctx) &&
		!has_gone(list);
}

static int
move(struct list *list, int64_t rows, bool page, struct error *err)
{
	int64_t line = (int64_t)list->cursor;
	struct list_row row;
	int found;

	if (!list->count || !rows)
		return 0;
	if (line + rows >= 0 && line + rows < (int64_t)list->count &&
	    (list->frozen || (!page && stands(list)))) {
		list->cursor = (size_t)(line + rows);
		return 0;
	}
	found = step(list, rows, &row, err);
	if (found < 0)
		return -1;
	if (found == 0)		/* at the end: gone lines still go */
		return has_gone(list) ? list_reload(list, err) : 0;
	if (!page)
		line += rows;
	if (line < 0)
		line = 0;
	return list_show_around(list, row, (size_t)line, err);
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
	return list_show_around(list, row, line, err) < 0 ? -1 : 1;
}

void
list_sideways(struct list *list, int columns)
{
	if (columns < 0 && list->left < (size_t)-columns)
		list->left = 0;
	else
		list->left += (size_t)columns;
}

int64_t
list_position(const struct list *list)
{
	return list->before == LIST_FAR ? LIST_FAR :
		list->before + (int64_t)list->cursor + 1;
}

const struct list_row *
list_current(const struct list *list)
{
	return !list->count || list->lines[list->cursor].is_gone ? NULL :
		&list->lines[list->cursor].row;
}
