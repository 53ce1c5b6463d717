/*
 * view: what the six views of the console have in common, as tables.
 *
 * A view shows one of its two panes: the outer one (causes, reasons, the line
 * of time) or the inner one (messages, entries, results). Each pane is a list
 * (list.h) over a source, with words above, below and beside it. Enter on a
 * row of the outer pane narrows the inner one to that row; going back widens
 * it again. A view is one struct view_kind, in a file view_*.c.
 *
 * Functions of a table get the app and the view. They may change the app's
 * state; none but the ones named draw_* draws.
 */
#ifndef CCMQ_UI_VIEW_H
#define CCMQ_UI_VIEW_H

#include "term/keymap.h"
#include "list/list_draw.h"
#include "base/str.h"

struct app;
struct view;

enum { PANE_OUTER, PANE_INNER, PANE_COUNT };

struct pane_kind {
	enum keymap_context context;
	const struct list_source *source;
	const struct list_column *(*columns)(const struct view *v, int width,
		size_t *count_out);

	/* The line under the list: what is shown, of how much, how sorted. */
	void (*info)(struct app *app, const struct view *v, struct str *out);
	/* What an empty list says. */
	const char *(*empty)(const struct app *app, const struct view *v);
	/* Enter on a row. */
	void (*open)(struct app *app, struct view *v,
		const struct list_row *row);

	/* Words above the list: so many rows. */
	int above_rows;
	void (*draw_above)(struct app *app, struct view *v, int row, int width);
	/* Words below: how many of the body's rows they take (body without
	 * those above); drawn with a rule as their first row. NULL: none. */
	int (*below_rows)(const struct app *app, const struct view *v,
		int body);
	void (*draw_below)(struct app *app, struct view *v, int row, int rows,
		int width);
	/* From VIEW_WIDE columns on, beside the list. NULL: none. */
	void (*draw_beside)(struct app *app, struct view *v, int row, int rows,
		int column, int width);
};

#define VIEW_WIDE 120

struct view_kind {
	const char *name, *brief;	/* "Quarantine", "Quar" */
	const struct pane_kind *panes[PANE_COUNT];
	int first;			/* the pane it begins with */
	bool grouped;			/* `=` turns between the panes */
	/* Fills in the panes' contexts. */
	void (*init)(struct app *app, struct view *v);
	void (*release)(struct app *app, struct view *v);
	/* The inner pane is of one row of the outer one; NULL: of all. */
	void (*narrow)(struct app *app, struct view *v,
		const struct list_row *row);
};

struct pane {
	const struct pane_kind *kind;
	struct list list;
	void *ctx;			/* of its source; not owned */
};

struct view {
	const struct view_kind *kind;
	struct pane panes[PANE_COUNT];
	int at;				/* the pane that is shown */
	bool narrowed;
	bool loaded;			/* was looked at before */
};

enum {
	VIEW_QUEUE,			/* the first four show messages */
	VIEW_FAILED,
	VIEW_QUARANTINE,
	VIEW_TRASH,
	VIEW_UND,
	VIEW_LOG,
	VIEW_COUNT,
};

extern const struct view_kind view_queue, view_failed, view_quarantine,
	view_trash, view_und, view_log;

void view_init(struct app *app, struct view *v, int which);
void view_release(struct app *app, struct view *v);

/* The pane that is shown, and its list. */
struct pane *view_pane(struct view *v);
struct list *view_list(struct view *v);

/* Looks at the store again: what is shown stays. 0 or -1. */
int view_refresh(struct view *v, struct error *err);

/* Shows the other pane, or one, not narrowed. */
void view_turn(struct app *app, struct view *v, int pane);

/* Shows the inner pane for one row of the outer one. */
void view_narrow(struct app *app, struct view *v, const struct list_row *row);

/* Out of a narrowed pane. False: there was nothing to go back from. */
bool view_back(struct app *app, struct view *v);

/* Draws the pane into so many rows from row on. */
void view_draw(struct app *app, struct view *v, int row, int rows, int width);

#endif
