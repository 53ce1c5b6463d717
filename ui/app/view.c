/* view: see view.h for the contract. */
#include "app/app.h"
#include "term/term.h"

#define BESIDE_MOST 72		/* wider lines are not read */

void
view_init(struct app *app, struct view *v, int which)
{
	static const struct view_kind *const kinds[VIEW_COUNT] = {
		[VIEW_QUEUE] = &view_queue, [VIEW_FAILED] = &view_failed,
		[VIEW_QUARANTINE] = &view_quarantine,
		[VIEW_TRASH] = &view_trash, [VIEW_UND] = &view_und,
		[VIEW_LOG] = &view_log,
	};

	*v = (struct view){ .kind = kinds[which] };
	v->at = v->kind->first;
	v->kind->init(app, v);
	for (int i = 0; i < PANE_COUNT; i++) {
		v->panes[i].kind = v->kind->panes[i];
		list_init(&v->panes[i].list, v->panes[i].kind->source,
			v->panes[i].ctx);
	}
}

void
view_release(struct app *app, struct view *v)
{
	for (int i = 0; i < PANE_COUNT; i++)
		list_release(&v->panes[i].list);
	v->kind->release(app, v);
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

int
view_refresh(struct view *v, struct error *err)
{
	struct list *list = view_list(v);

	return list->count ? list_refresh(list, err) : list_reload(list, err);
}

static void
reload(struct app *app, struct list *list, bool from_top)
{
	struct error err = ERROR_INIT;

	if (list_reload(list, &err) < 0 ||
	    (from_top && list_first(list, &err) < 0))
		app_fail(app, &err);
}

void
view_turn(struct app *app, struct view *v, int pane)
{
	if (v->narrowed)
		v->kind->narrow(app, v, NULL);
	v->narrowed = false;
	v->at = pane;
	reload(app, view_list(v), false);
}

void
view_narrow(struct app *app, struct view *v, const struct list_row *row)
{
	v->kind->narrow(app, v, row);
	v->narrowed = true;
	v->at = PANE_INNER;
	reload(app, view_list(v), true);
}

bool
view_back(struct app *app, struct view *v)
{
	if (!v->narrowed)
		return false;
	view_turn(app, v, PANE_OUTER);
	return true;
}

static void
draw_list(struct view *v, int row, int rows, int width, struct app *app)
{
	struct pane *pane = view_pane(v);
	struct list_view lv = { .top = row, .width = width };
	struct error err = ERROR_INIT;
	size_t height = rows > 1 ? (size_t)(rows - 1) : 1;

	lv.columns = pane->kind->columns(v, width, &lv.count);
	if (pane->list.height != height &&
	    list_resize(&pane->list, height, &err) < 0)
		app_fail(app, &err);
	list_draw(&pane->list, &lv);
	if (!pane->list.count) {
		term_cursor(row + 1, 0);
		term_put(row + 1, 4, width - 4, ROLE_NORMAL,
			pane->kind->empty(app, v));
	}
}

void
view_draw(struct app *app, struct view *v, int row, int rows, int width)
{
	const struct pane_kind *kind = view_pane(v)->kind;
	int above = rows >= kind->above_rows + 4 ? kind->above_rows : 0;
	int below = kind->below_rows ? kind->below_rows(app, v, rows - above) :
		0;
	bool beside = kind->draw_beside && width >= VIEW_WIDE;
	int list_width = !beside ? width : width * 2 / 3 > width - BESIDE_MOST ?
		width * 2 / 3 : width - BESIDE_MOST;

	if (above)
		kind->draw_above(app, v, row, width);
	draw_list(v, row + above, rows - above - below, list_width, app);
	if (below) {
		term_rule(row + rows - below);
		kind->draw_below(app, v, row + rows - below + 1, below - 1,
			width);
	}
	if (beside)
		kind->draw_beside(app, v, row, rows, list_width,
			width - list_width);
}
