/* SPDX-License-Identifier: ISC */
/* views: see views.h for the contract. */
#include "app/views.h"
#include "app/attention.h"
#include "app/says.h"
#include "app/view_mail.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "base/width.h"
#include "term/term.h"

#include <stdlib.h>
#include <string.h>

static const struct view_kind *const kinds[VIEW_COUNT] = {
	[VIEW_QUEUE] = &view_queue, [VIEW_FAILED] = &view_failed,
	[VIEW_QUARANTINE] = &view_quarantine, [VIEW_TRASH] = &view_trash,
	[VIEW_UND] = &view_und, [VIEW_LOG] = &view_log,
	[VIEW_DONE] = &view_done, [VIEW_WORK] = &view_work,
};

struct views *
views_of(struct desk *desk)
{
	return (struct views *)desk->screens.stack[0];
}

struct view *
views_here(struct desk *desk)
{
	struct views *all = views_of(desk);

	return &all->views[all->at];
}

const struct history_message *
views_message(struct desk *desk)
{
	struct view *v = views_here(desk);
	const struct list_row *row = !view_mail_of(v) || v->at != PANE_INNER ?
		NULL : list_current(view_list(v));

	return row ? row->data : NULL;
}

/* The id under the cursor in a pane of a view, or 0. */
static int64_t
id_in(struct desk *desk, const struct view_kind *kind, int pane)
{
	struct view *v = views_here(desk);
	const struct list_row *row = v->kind != kind || (int)v->at != pane ?
		NULL : list_current(view_list(v));

	return row ? row->id : 0;
}

int64_t
views_job(struct desk *desk)
{
	return id_in(desk, &view_work, PANE_OUTER);
}

int64_t
views_und_entry(struct desk *desk)
{
	return id_in(desk, &view_und, PANE_INNER);
}

void
views_go(struct desk *desk, int view)
{
	screens_clear(&desk->screens);
	desk_thaw(desk);
	desk->attending = false;
	views_of(desk)->at = view;
	view_refresh(desk, views_here(desk));
	desk->dirty = true;
}

/* ---- keys ---- */

static unsigned
context(const struct screen *s)
{
	const struct views *all = (const struct views *)s;
	const struct view *v = &all->views[all->at];

	return v->kind->panes[v->at]->context;
}

/* From the list to what waits by age, where that is known, to causes or reasons,
 * and to the list again. */
static int
next_pane(const struct desk *desk, const struct view *v)
{
	return v->at == PANE_OUTER ? PANE_INNER : v->at == PANE_INNER &&
		v->kind->panes[PANE_AGES] && !desk->then ? PANE_AGES :
		PANE_OUTER;
}

static void
turn_group(struct desk *desk, struct view *v)
{
	if (!v->kind->grouped) {
		desk_note(desk, says_no_groups);
		return;
	}
	desk_thaw(desk);
	view_turn(desk, v, next_pane(desk, v));
}

/* Esc takes away a filter, then a narrowed list; it never leaves. */
static void
escape(struct desk *desk, struct view *v)
{
	struct error ignored = ERROR_INIT;

	if (v->kind->filter && *v->kind->filtered(v) && (v->kind->grouped ?
	    v->at == PANE_INNER && !(v->narrowed && v->narrowed_from ==
	    PANE_AGES) : !v->narrowed)) {
		desk_thaw(desk);
		(void)v->kind->filter(v, "", &ignored);
		view_reload(desk, v);
	} else {
		(void)view_back(desk, v);
	}
}

static void
switch_to(struct desk *desk, enum action action)
{
	int here = views_of(desk)->at;

	views_go(desk, action == ACTION_NEXT ? (here + 1) % VIEW_COUNT :
		(here + VIEW_COUNT - 1) % VIEW_COUNT);
}

/* Its id is all that is asked of a row that is gone. */
static const struct list_row *
to_open(struct view *v)
{
	const struct list *list = view_list(v);

	return list->count && view_pane(v)->kind->opens_gone ?
		&list->lines[list->cursor].row : list_current(list);
}

static bool
act(struct screen *s, enum action action, struct request *out)
{
	struct views *all = (struct views *)s;
	struct view *v = &all->views[all->at];
	const struct list_row *row;

	switch ((int)action) {
	case ACTION_TAG: case ACTION_RANGE: case ACTION_TAG_ALL:
	case ACTION_UNTAG_ALL:
		if (!all->desk->then)
			return view_move(all->desk, v, action);
		desk_note(all->desk, says_as_it_was);
		return true;
	case ACTION_OPEN:
		row = to_open(v);
		if (row)
			*out = view_pane(v)->kind->open(all->desk, v, row);
		return true;
	case ACTION_BACK:
		return view_back(all->desk, v);
	case ACTION_ESCAPE:
		escape(all->desk, v);
		return true;
	case ACTION_GROUP:
		turn_group(all->desk, v);
		return true;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		switch_to(all->desk, action);
		return true;
	case ACTION_FIND_NEXT:
	case ACTION_FIND_PREVIOUS:
		desk_note(all->desk, says_no_search_here);
		return true;
	default:
		return view_move(all->desk, v, action);
	}
}

/* ---- picture ---- */

/* The panel of what is attended to, below the rows: how many it took. */
static int
draw_panel(struct desk *desk, int view, int row, int rows, int width)
{
	struct str text = STR_INIT;
	int lines = 0, room = rows - ATTENTION_LIST_ROWS - 1;

	if (room >= ATTENTION_LEAST)
		attention_lines(desk, view, (size_t)width, (size_t)room, &text);
	for (const char *c = text.data; *c; c++)
		lines += *c == '\n';
	if (lines) {
		term_rule(row + rows - lines - 1);
		desk_draw_lines(text.data, row + rows - lines, lines, width);
	}
	str_release(&text);
	return lines ? lines + 1 : 0;
}

static void
draw(struct screen *s, int row, int rows, int width)
{
	struct views *all = (struct views *)s;
	int panel = draw_panel(all->desk, all->at, row, rows, width);

	view_draw(all->desk, &all->views[all->at], row, rows - panel, width);
}

/* Pieces stand three blanks apart: those that have no room are left out, from
 * the end, but for a filter, which is cut. */
static void
fit(struct str *line, size_t room)
{
	while (width_text(line->data) > room) {
		size_t last = 0;

		for (const char *p = line->data; (p = strstr(p, "   ")); p++)
			last = (size_t)(p - line->data);
		while (last && line->data[last - 1] == ' ')
			last--;
		if (!last || strncmp(line->data + last + 3, "filter:", 7) == 0)
			return;
		str_truncate(line, last);
	}
}

/* An empty list, or a row that is gone: no verb; and nothing that opens. */
static const struct keymap_label no_row[] = {
	{ ACTION_OPEN, "" }, { ACTION_RETRY, "" }, { ACTION_QUARANTINE, "" },
	{ ACTION_PURGE, "" }, { ACTION_RESEND, "" }, { ACTION_JOB_PAUSE, "" },
	{ ACTION_JOB_STOP, "" }, { ACTION_NONE, NULL } };

static const struct keymap_label *
footer_labels(struct view *v)
{
	const struct pane_kind *kind = view_pane(v)->kind;
	const struct list_row *row = list_current(view_list(v));

	if (!row)
		return to_open(v) ? no_row + 1 : no_row;
	return kind->labels ? kind->labels(v, row) : NULL;
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	struct views *all = (struct views *)s;
	struct view *v = &all->views[all->at];
	const struct pane_kind *kind = view_pane(v)->kind;
	struct desk *desk = all->desk;
	struct str line = STR_INIT;
	char n[TEXT_NUMBER_MAX];
	int room = width, right = (int)strlen(desk->running);

	desk_draw_keys(desk, rows - 1, width, kind->context, footer_labels(v));
	if (desk_draw_note(desk, rows - 2, width))
		return;
	if (desk->frozen)
		str_addf(&line, says_info_frozen,
			text_exact(n, (uint64_t)desk->changes),
			desk->changes == 1 ? "" : "s");
	if (desk->then)
		str_add(&line, says_info_then);
	kind->info(desk, v, &line);
	if (right && right + 20 < width) {
		term_put(rows - 2, width - right, right, ROLE_LOOK,
			desk->running);
		room -= right + 2;
	}
	fit(&line, (size_t)room);
	term_put(rows - 2, 0, room, ROLE_NORMAL, line.data);
	str_release(&line);
}

static void
refresh(struct screen *s)
{
	struct views *all = (struct views *)s;

	view_refresh(all->desk, &all->views[all->at]);
}

static void
close_views(struct screen *s)
{
	struct views *all = (struct views *)s;

	for (int i = 0; i < VIEW_COUNT; i++)
		view_release(&all->views[i]);
	free(all);
}

static const struct screen_kind screen_views = {
	.name = "views", .context = context, .act = act, .draw = draw,
	.draw_bottom = draw_bottom, .refresh = refresh, .close = close_views,
	.trend = true,
};

void
views_open(struct desk *desk)
{
	struct views *all = xcalloc(1, sizeof *all);

	all->screen.kind = &screen_views;
	all->desk = desk;
	for (int i = 0; i < VIEW_COUNT; i++)
		view_init(desk, &all->views[i], kinds[i]);
	screens_push(&desk->screens, &all->screen);
}
