/* list: the refresh, and lines that are gone. See list.h for the contract. */
#include "list/list_private.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

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
insert(struct list_window *w, size_t at, struct list_line line)
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
keep_gone(const struct list *list, struct list_window *w, struct list_line line)
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
trim(const struct list *list, struct list_window *w, size_t line)
{
	while (w->count > list->height) {
		if (w->cursor > line) {
			list_free_row(list, &w->lines[0].row);
			memmove(w->lines, w->lines + 1,
				--w->count * sizeof *w->lines);
			w->cursor--;
		} else {
			list_free_row(list, &w->lines[--w->count].row);
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
			list_free_row(list, &out[k].row);
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
	/* New rows at the beginning come into sight and push the cursor. */
	size_t last = list->height - 1;
	size_t most = list->at_beginning || line > last ? last : line;
	struct list_window w;

	list_window_init(list, &w);
	/* The anchor is copied flat: on failure its data goes back. */
	w.lines[w.count++] = now[line].is_gone ?
		take_gone(list, line, &now[line]) : now[line];
	if (list_fill_around(list, &w, most, err) < 0) {
		if (now[line].is_gone)
			list->lines[line].row = w.lines[w.cursor].row;
		if (now[line].is_gone)
			w.lines[w.cursor].row.data = NULL;
		list_free_lines(list, w.lines, w.count);
		return -1;
	}
	for (size_t i = 0; i < list->count; i++) {
		struct list_line gone;

		if (i == line || !now[i].is_gone)
			continue;
		gone = take_gone(list, i, &now[i]);
		if (list->forget_gone || !keep_gone(list, &w, gone))
			list_free_row(list, &gone.row);
	}
	trim(list, &w, most);
	list_install(list, &w);
	return 0;
}

int
list_refresh_lines(struct list *list, struct error *err)
{
	struct list_line *now = xcalloc(list->count, sizeof *now);
	size_t count = list->count, cursor = list->cursor;
	int status = look_at_all(list, now, err);

	if (status == 0) {
		status = rebuild(list, now, err);
		/* Live rows were fetched anew; the cursor's was taken. */
		for (size_t i = 0; i < count; i++)
			if (!now[i].is_gone && i != cursor)
				list_free_row(list, &now[i].row);
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
		return list_show_end(list, true, err);
	}
	if (list_refresh_lines(list, err) < 0)
		return -1;
	list->total = total;
	return 0;
}
