/* list: the window, the cursor and the refresh. See list.h for the contract. */
#include "list.h"
#include "xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Lines under construction: gathered apart, so that a failing source leaves
 * the list as it was. */
struct window {
	struct list_line *lines;
	size_t count;
	size_t cursor;
};

static void
free_row(const struct list *list, struct list_row *row)
{
	if (row->data)
		list->source->row_free(list->ctx, row);
	*row = (struct list_row){ 0, NULL };
}

static void
free_lines(const struct list *list, struct list_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free_row(list, &lines[i].row);
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
	free_lines(list, list->lines, list->count);
	free_row(list, &list->range_from);
	tags_release(&list->tags);
	tags_release(&list->untagged);
	list_init(list, list->source, list->ctx);
}

/* Fetches up to n rows behind (forward) or before the window's end. The
 * number got, or -1. */
static int
extend(const struct list *list, struct window *w, bool forward, size_t n,
	struct error *err)
{
	struct list_row rows[LIST_HEIGHT_MAX];
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

/* Fills the window around its one line, which is to stand on line `line`. */
static int
fill_around(const struct list *list, struct window *w, size_t line,
	struct error *err)
{
	size_t height = list->height;

	if (line >= height)
		line = height - 1;
	if (extend(list, w, false, line, err) < 0 ||
	    extend(list, w, true, height - w->count, err) < 0)
		return -1;
	/* The end came before the screen was full. */
	return extend(list, w, false, height - w->count, err) < 0 ? -1 : 0;
}

static void
window_init(const struct list *list, struct window *w)
{
	/* Gone lines may come on top of a full window. */
	*w = (struct window){
		.lines = xcalloc(list->height + LIST_HEIGHT_MAX,
			sizeof *w->lines),
	};
}

static void
install(struct list *list, struct window *w)
{
	free_lines(list, list->lines, list->count);
	list->lines = w->lines;
	list->count = w->count;
	list->cursor = w->cursor;
}

/* Shows the window around a row, which is taken. line: of the screen. */
static int
show_around(struct list *list, struct list_row row, size_t line,
	struct error *err)
{
	struct window w;

	window_init(list, &w);
	w.lines[w.count++] = (struct list_line){ .row = row };
	if (fill_around(list, &w, line, err) < 0) {
		free_lines(list, w.lines, w.count);
		return -1;
	}
	install(list, &w);
	return 0;
}

/* Shows the beginning or the end of the list, or that it is empty. */
static int
show_end(struct list *list, bool first, struct error *err)
{
	struct window w;

	window_init(list, &w);
	if (extend(list, &w, first, list->height, err) < 0) {
		free_lines(list, w.lines, w.count);
		return -1;
	}
	w.cursor = first || !w.count ? 0 : w.count - 1;
	install(list, &w);
	return 0;
}

int
list_resize(struct list *list, size_t height, struct error *err)
{
	struct list_row row;
	char gone[LIST_GONE_MAX];
	int found;

	list->height = height < 1 ? 1 :
		height > LIST_HEIGHT_MAX ? LIST_HEIGHT_MAX : height;
	if (!list->count)
		return 0;
	found = list->source->lookup(list->ctx,
		list->lines[list->cursor].row.id, &row, gone, err);
	if (found < 0)
		return -1;
	return found ? show_around(list, row, list->cursor, err) :
		list_reload(list, err);
}

/* Makes a line of what became of an old one (a gone one may have come back).
 * 0 or -1. */
static int
look_again(const struct list *list, const struct list_line *old,
	struct list_line *out, struct error *err)
{
	int found;

	*out = (struct list_line){ .row = { old->row.id, NULL } };
	found = list->source->lookup(list->ctx, old->row.id, &out->row,
		out->gone, err);
	out->is_gone = !found;
	return found < 0 ? -1 : 0;
}

static void
insert(struct window *w, size_t at, struct list_line line)
{
	memmove(w->lines + at + 1, w->lines + at,
		(w->count - at) * sizeof *w->lines);
	w->lines[at] = line;
	w->count++;
	if (at <= w->cursor)
		w->cursor++;
}

/* Puts a gone line where it was, if that is on the screen. True: taken. */
static bool
keep_gone(const struct list *list, struct window *w, struct list_line line)
{
	size_t at = 0;

	while (at < w->count && list->source->compare(list->ctx,
	    &w->lines[at].row, &line.row) < 0)
		at++;
	if (w->count >= list->height && (at == 0 || at == w->count))
		return false;
	insert(w, at, line);
	return true;
}

/* Back to the screen's height, the cursor on its line where that can be. */
static void
trim(const struct list *list, struct window *w, size_t line)
{
	while (w->count > list->height) {
		if (w->cursor > line) {
			free_row(list, &w->lines[0].row);
			memmove(w->lines, w->lines + 1,
				--w->count * sizeof *w->lines);
			w->cursor--;
		} else {
			free_row(list, &w->lines[--w->count].row);
		}
	}
}

/* What became of the lines on the screen; out has room for all. Gone lines
 * take their old row along, so the old lines must be dropped then. */
static int
look_at_all(const struct list *list, struct list_line *out, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		if (look_again(list, &list->lines[i], &out[i], err) == 0)
			continue;
		for (size_t k = 0; k < i; k++)
			free_row(list, &out[k].row);
		return -1;
	}
	return 0;
}

static struct list_line
take_gone(struct list *list, size_t i, const struct list_line *now)
{
	struct list_line line = *now;

	line.row = list->lines[i].row;
	list->lines[i].row.data = NULL;
	return line;
}

/* The refresh of a list that shows something. now[i] is what became of
 * lines[i]; all rows of now are taken. */
static int
rebuild(struct list *list, struct list_line *now, struct error *err)
{
	size_t line = list->cursor;
	struct window w;

	window_init(list, &w);
	/* The anchor is copied flat: on failure its data goes back. */
	w.lines[w.count++] = now[line].is_gone ?
		take_gone(list, line, &now[line]) : now[line];
	if (fill_around(list, &w, line, err) < 0) {
		if (now[line].is_gone)
			list->lines[line].row = w.lines[w.cursor].row;
		if (now[line].is_gone)
			w.lines[w.cursor].row.data = NULL;
		free_lines(list, w.lines, w.count);
		return -1;
	}
	for (size_t i = 0; i < list->count; i++) {
		struct list_line gone;

		if (i == line || !now[i].is_gone)
			continue;
		gone = take_gone(list, i, &now[i]);
		if (!keep_gone(list, &w, gone))
			free_row(list, &gone.row);
	}
	trim(list, &w, line);
	install(list, &w);
	return 0;
}

static int
refresh_lines(struct list *list, struct error *err)
{
	struct list_line *now = xcalloc(list->count, sizeof *now);
	size_t count = list->count, cursor = list->cursor;
	int status = look_at_all(list, now, err);

	if (status == 0) {
		status = rebuild(list, now, err);
		/* Live rows were fetched anew; the cursor's was taken. */
		for (size_t i = 0; i < count; i++)
			if (!now[i].is_gone && i != cursor)
				free_row(list, &now[i].row);
	}
	free(now);
	return status;
}

int
list_refresh(struct list *list, struct error *err)
{
	int64_t total;

	if (list->frozen) {
		list->changes++;
		return 0;
	}
	if (list->source->count(list->ctx, &total, err) < 0)
		return -1;
	if (!list->count) {
		list->total = total;
		return show_end(list, true, err);
	}
	if (refresh_lines(list, err) < 0)
		return -1;
	list->total = total;
	return 0;
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
		return show_end(list, true, err);
	found = list->source->lookup(list->ctx,
		list->lines[list->cursor].row.id, &row, gone, err);
	if (found == 0)
		found = nearest(list, &list->lines[list->cursor].row, &row,
			err);
	if (found < 0)
		return -1;
	return found ? show_around(list, row, list->cursor, err) :
		show_end(list, true, err);
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
		free_row(list, &got[i]);
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
	return show_end(list, true, err);
}

int
list_last(struct list *list, struct error *err)
{
	return show_end(list, false, err);
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
