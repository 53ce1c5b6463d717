/* SPDX-License-Identifier: ISC */
/* list_draw: see list_draw.h for the contract. */
#include "list/list_draw.h"
#include "term/cells.h"
#include "term/term.h"

#include <string.h>

/* Puts a text into a slot, which may begin left of the columns or end right
 * of the screen. */
static void
put_slot(int row, const struct list_slot *slot, const struct list_view *view,
	bool right, enum role role, const struct str *text)
{
	int at = slot->at, width = slot->width, skip = 0;
	int columns = (int)cells_width(text->data, text->len, term_is_utf8());

	if (right && columns < width) {
		at += width - columns;
		width = columns;
	}
	if (at < LIST_GUTTER) {
		skip = LIST_GUTTER - at;
		width -= skip;
		at = LIST_GUTTER;
	}
	if (at + width > view->width)
		width = view->width - at;
	if (width <= 0)
		return;
	if (columns - skip > width && !skip)
		term_put(row, at, width, role, text->data);
	else
		term_put_bytes(row, at, width, role, text->data, text->len,
			(size_t)skip);
}

static enum role
line_role(const struct list *list, const struct list_view *view, size_t i)
{
	const struct list_line *line = &list->lines[i];

	if (i == list->cursor && !view->plain)
		return ROLE_CURSOR;
	if (line->is_gone)
		return ROLE_DIM;
	if (list_is_tagged(list, line))
		return ROLE_TAGGED;
	return list->source->role ?
		list->source->role(list->ctx, &line->row) : ROLE_NORMAL;
}

static void
cell_text(const struct list *list, const struct list_view *view,
	const struct list_line *line, size_t column, struct str *out)
{
	str_clear(out);
	if (line->is_gone && view->columns[column].gone == LIST_GONE_WORDS)
		str_add(out, line->gone);
	else if (!line->is_gone ||
	    view->columns[column].gone == LIST_GONE_AS_IT_WAS)
		list->source->cell(list->ctx, &line->row, column, out);
}

static enum role
cell_role(const struct list *list, const struct list_row *row, enum role role,
	size_t column)
{
	return role != ROLE_NORMAL || !list->source->cell_role ? role :
		list->source->cell_role(list->ctx, row, column);
}

/* A text has its slot, and those behind it that are empty. */
static void
draw_cells(const struct list *list, const struct list_view *view, size_t i,
	const struct list_slot *slots, size_t n)
{
	const struct list_line *line = &list->lines[i];
	enum role role = line_role(list, view, i);
	struct str text = STR_INIT, next = STR_INIT;

	cell_text(list, view, line, slots[0].column, &text);
	for (size_t k = 0, end; k < n; k = end) {
		const struct list_column *c = &view->columns[slots[k].column];
		struct list_slot wide = slots[k];

		for (end = k + 1; end < n; end++) {
			cell_text(list, view, line, slots[end].column, &next);
			if (next.len || c->right)
				break;
			wide.width = slots[end].at + slots[end].width -
				wide.at;
		}
		put_slot(view->top + 1 + (int)i, &wide, view, c->right,
			cell_role(list, &line->row, role, wide.column), &text);
		str_clear(&text);
		str_add_bytes(&text, next.data, next.len);
	}
	str_release(&text);
	str_release(&next);
}

static void
draw_line(const struct list *list, const struct list_view *view, size_t i,
	const struct list_slot *slots, size_t n)
{
	const struct list_line *line = &list->lines[i];
	enum role role = line_role(list, view, i);
	bool here = i == list->cursor && !view->plain;
	int row = view->top + 1 + (int)i;
	char gutter[LIST_GUTTER + 1] = "     ";

	gutter[0] = here ? '>' : ' ';
	list_marks(list, line, gutter + 1);
	/* One role from edge to edge: what changes is a row, not its words. */
	if (role != ROLE_NORMAL)
		term_fill(row, 0, view->width, role);
	term_put(row, 0, LIST_GUTTER, role, gutter);
	draw_cells(list, view, i, slots, n);
}

void
list_draw(const struct list *list, const struct list_view *view)
{
	struct list_slot slots[LIST_COLUMNS_MAX];
	struct str title = STR_INIT;
	size_t n;

	if (list->left)
		n = list_layout_full(view->columns, view->count, list->left,
			slots);
	else
		n = list_layout(view->columns, view->count, view->width,
			slots);
	for (size_t k = 0; k < n; k++) {
		const struct list_column *c = &view->columns[slots[k].column];

		str_clear(&title);
		str_add(&title, c->title);
		put_slot(view->top, &slots[k], view, c->right, ROLE_TITLE,
			&title);
	}
	str_release(&title);
	for (size_t i = 0; i < list->count; i++)
		draw_line(list, view, i, slots, n);
	if (list->count && !view->plain)
		term_cursor(view->top + 1 + (int)list->cursor, 0);
}
