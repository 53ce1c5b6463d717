/* SPDX-License-Identifier: ISC */
/* view: see view.h for the contract. */
#include "app/view.h"
#include "app/desk.h"
#include "app/gather.h"
#include "app/log_tail.h"
#include "app/make_ready.h"
#include "term/term.h"
#include "term/wrap.h"
#include "view/log_list.h"

#define BESIDE_MOST 72		/* wider lines are not read */

void
view_init(struct desk *desk, struct view *v, const struct view_kind *kind)
{
	*v = (struct view){ .kind = kind };
	v->at = kind->first;
	kind->init(desk, v);
	for (int i = 0; i < PANE_COUNT; i++) {
		v->panes[i].kind = kind->panes[i];
		list_init(&v->panes[i].list, kind->panes[i] ?
			kind->panes[i]->source : NULL, v->panes[i].ctx);
	}
}

void
view_release(struct view *v)
{
	for (int i = 0; i < PANE_COUNT; i++)
		list_release(&v->panes[i].list);
	v->kind->release(v);
}

struct pane *
view_pane(struct view *v)
{
	return &v->panes[v->at];
}

struct list *
view_list(struct view *v)
{
	return &v->panes[v->at].list;
}

static void
reload_now(struct desk *desk, struct view *v)
{
	struct error err = ERROR_INIT;

	if (list_reload(view_list(v), &err) < 0)
		desk_fail(desk, &err);
}

static void
reload_to_first(struct desk *desk, struct view *v)
{
	struct error err = ERROR_INIT;

	if (list_reload(view_list(v), &err) < 0 ||
	    list_first(view_list(v), &err) < 0)
		desk_fail(desk, &err);
}

void
view_reload(struct desk *desk, struct view *v)
{
	make_ready(desk, v, view_list(v), reload_now);
}

static int64_t
current_id(struct view *v)
{
	const struct list_row *row = list_current(view_list(v));

	return row ? row->id : 0;
}

static void
reload_and_find(struct desk *desk, struct view *v)
{
	struct error err = ERROR_INIT;

	reload_now(desk, v);
	if (v->wanted && list_select(view_list(v), v->wanted, &err) < 0)
		desk_fail(desk, &err);
	v->found = current_id(v);
}

void
view_reload_then(struct desk *desk, struct view *v)
{
	int64_t id = current_id(v);

	if (id != v->found)
		v->wanted = id;
	make_ready(desk, v, view_list(v), reload_and_find);
}

void
view_refresh(struct desk *desk, struct view *v)
{
	struct list *list = view_list(v);
	struct error err = ERROR_INIT;

	if (!list->count)
		view_reload(desk, v);
	else if (!make_ready_some(desk, list))
		desk->stale = true;
	else if (list->frozen ? list_freeze(list, false, &err) < 0 :
	    list_refresh(list, &err) < 0)
		desk_fail(desk, &err);
}

/* What is shown next is another list: a range ends where it was begun. */
static void
leave_list(struct view *v)
{
	if (view_list(v)->range)
		list_untag_all(view_list(v));
}

void
view_turn(struct desk *desk, struct view *v, int pane)
{
	leave_list(v);
	if (v->narrowed)
		v->kind->narrow(v, NULL);
	v->narrowed = false;
	v->at = pane;
	view_reload(desk, v);
}

void
view_narrow(struct desk *desk, struct view *v, const struct list_row *row)
{
	leave_list(v);
	v->kind->narrow(v, row);
	v->narrowed = true;
	v->narrowed_from = v->at;
	v->at = PANE_INNER;
	make_ready(desk, v, view_list(v), reload_to_first);
}

bool
view_back(struct desk *desk, struct view *v)
{
	if (!v->narrowed)
		return false;
	view_turn(desk, v, v->narrowed_from);
	return true;
}

/* 0, or -1; 1: the action is none of a list. */
static int
move_in_list(struct list *list, enum action action, struct error *err)
{
	int64_t page = (int64_t)list->height;

	switch ((int)action) {
	case ACTION_UP: return list_move(list, -1, err);
	case ACTION_DOWN: return list_move(list, 1, err);
	case ACTION_PAGE_UP: return list_page(list, -page, err);
	case ACTION_PAGE_DOWN: return list_page(list, page, err);
	case ACTION_HALF_UP: return list_page(list, -page / 2, err);
	case ACTION_HALF_DOWN: return list_page(list, page / 2, err);
	case ACTION_FIRST: return list_first(list, err);
	case ACTION_LAST: return list_last(list, err);
	case ACTION_LEFT: list_sideways(list, -8); return 0;
	case ACTION_RIGHT: list_sideways(list, 8); return 0;
	case ACTION_TAG: return list_tag(list, err);
	case ACTION_UNTAG_ALL: list_untag_all(list); return 0;
	default: return 1;
	}
}

bool
view_move(struct desk *desk, struct view *v, enum action action)
{
	struct list *list = view_list(v);
	struct error err = ERROR_INIT;
	int rc;

	if (action == ACTION_RANGE || action == ACTION_TAG_ALL) {
		rc = action == ACTION_RANGE ? list_range(list, &err) :
			list_tag_all(list, &err);
		gather(desk, list, rc, &err, NULL, 0);
		return true;
	}
	rc = move_in_list(list, action, &err);
	if (rc < 0)
		desk_fail(desk, &err);
	return rc <= 0;
}

static void
draw_list(struct view *v, int row, int rows, int width, struct desk *desk)
{
	struct pane *pane = view_pane(v);
	struct list_view lv = { .top = row, .width = width };
	struct error err = ERROR_INIT;
	struct str words = STR_INIT;
	size_t height = rows > 1 ? (size_t)(rows - 1) : 1;
	int stands = pane->list.height == height ? 0 :
		list_resize(&pane->list, height, &err);

	lv.columns = pane->kind->columns(v, width, &lv.count);
	if (stands < 0)
		desk_fail(desk, &err);
	desk->stale = desk->stale || stands > 0;
	list_draw(&pane->list, &lv);
	if (!pane->list.count) {
		term_cursor(row + 1, 0);
		wrap_add(&words, (struct wrap){ NULL, 4, (size_t)width },
			pane->kind->empty(desk, v));
		desk_draw_lines(words.data, row + 1, rows - 1, width);
	}
	str_release(&words);
}

void
view_draw(struct desk *desk, struct view *v, int row, int rows, int width)
{
	const struct pane_kind *kind = view_pane(v)->kind;
	int above = rows >= kind->above_rows + 4 ? kind->above_rows : 0;
	int below = kind->below_rows ? kind->below_rows(desk, v, rows - above) :
		0;
	bool beside = kind->draw_beside && width >= VIEW_WIDE;
	int list_width = !beside ? width : width * 2 / 3 > width - BESIDE_MOST ?
		width * 2 / 3 : width - BESIDE_MOST;
	int tail = kind->below_rows || kind->source == &log_source ? 0 :
		log_tail_rows(rows - above, view_list(v)->total);

	if (above)
		kind->draw_above(desk, v, row, list_width);
	draw_list(v, row + above, rows - above - below - tail, list_width,
		desk);
	if (tail)
		log_tail_draw(desk, row + rows - tail, tail, list_width);
	if (below) {
		term_rule(row + rows - below);
		kind->draw_below(desk, v, row + rows - below + 1, below - 1,
			width);
	}
	if (beside)
		kind->draw_beside(desk, v, row, rows, list_width,
			width - list_width);
}
