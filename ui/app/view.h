/* SPDX-License-Identifier: ISC */
/*
 * view: what the views of the console have in common, as tables.
 *
 * A view shows one of its panes: the outer one (causes, reasons, the line of
 * time) or the inner one (messages, entries, results); where what is listed
 * waits, there is one by age, too. Each pane is a list (list.h) over a source,
 * with words above, below and beside it. Enter on a row of another pane narrows
 * the inner one to that row; going back widens it again. A view is one struct
 * view_kind, in a file view_*.c.
 *
 * Functions of a table get the desk and the view, whose `own` is theirs; none but
 * the ones named draw_* draws.
 */
#ifndef CCMQ_UI_VIEW_H
#define CCMQ_UI_VIEW_H

#include "app/screen.h"
#include "list/list_draw.h"
#include "base/str.h"

struct desk;
struct view;

enum { PANE_OUTER, PANE_INNER, PANE_AGES, PANE_COUNT };

struct pane_kind {
	enum keymap_context context;
	const struct list_source *source;
	const struct list_column *(*columns)(const struct view *v, int width,
		size_t *count_out);

	/* The line under the list: what is shown, of how much, how sorted. */
	void (*info)(struct desk *desk, const struct view *v, struct str *out);
	/* What an empty list says. */
	const char *(*empty)(const struct desk *desk, const struct view *v);
	/* Enter on a row: what it opens that is not the view's own. */
	struct request (*open)(struct desk *desk, struct view *v,
		const struct list_row *row);
	bool opens_gone;		/* … and what it opens is still there
					 * when the row has left the list */
	/* What the footer says instead, for the row under the cursor (NULL:
	 * none); as keymap_footer_parts. NULL: as the table. */
	const struct keymap_label *(*labels)(const struct view *v,
		const struct list_row *row);

	/* Words above the list: so many rows. */
	int above_rows;
	void (*draw_above)(struct desk *desk, struct view *v, int row, int width);
	/* Words below: how many of the body's rows they take (body without
	 * those above); drawn with a rule as their first row. NULL: none. */
	int (*below_rows)(const struct desk *desk, const struct view *v,
		int body);
	void (*draw_below)(struct desk *desk, struct view *v, int row, int rows,
		int width);
	/* From VIEW_WIDE columns on, beside the list. NULL: none. */
	void (*draw_beside)(struct desk *desk, struct view *v, int row, int rows,
		int column, int width);
};

#define VIEW_WIDE 120

struct view_kind {
	const char *name, *brief;	/* "Quarantine", "Quar" */
	const char *word;		/* after `:`: "quarantine" */
	const struct pane_kind *panes[PANE_COUNT];	/* by age, or NULL */
	int first;			/* the pane it begins with */
	bool grouped;			/* `=` turns through the panes */
	/* Fills in `own` and the panes' contexts. */
	void (*init)(struct desk *desk, struct view *v);
	void (*release)(struct view *v);
	/* The inner pane is of one row of the pane that is shown; NULL: of
	 * all. */
	void (*narrow)(struct view *v, const struct list_row *row);
	/* Puts a filter in force, "" for none; what is no expression is none
	 * (false, and err says why). The list is to be reloaded. NULL: there
	 * are no filters here. */
	bool (*filter)(struct view *v, const char *text, struct error *err);
	const char *(*filtered)(const struct view *v);	/* in force, or "" */
};

struct pane {
	const struct pane_kind *kind;
	struct list list;
	void *ctx;			/* of its source; not owned */
};

struct view {
	const struct view_kind *kind;
	void *own;
	struct pane panes[PANE_COUNT];
	int at;				/* the pane that is shown */
	bool narrowed;
	int narrowed_from;		/* the pane to go back to */
	bool loaded;			/* was looked at before */
	int64_t wanted, found;		/* of a time that is past: the row that
					 * was left, and the one it led to */
};

void view_init(struct desk *desk, struct view *v,
	const struct view_kind *kind);
void view_release(struct view *v);

/* The pane that is shown, and its list. */
struct pane *view_pane(struct view *v);
struct list *view_list(struct view *v);

/* Looks at the store again: what is shown stays. */
void view_refresh(struct desk *desk, struct view *v);
/* The same after order or filter changed. */
void view_reload(struct desk *desk, struct view *v);

/* The same for another time: the cursor stays on the row that it was put on,
 * also over times in which there was no such row. */
void view_reload_then(struct desk *desk, struct view *v);

/* A move or a tag. False: the action is none of those. */
bool view_move(struct desk *desk, struct view *v, enum action action);

/* Shows the other pane, or one, not narrowed. */
void view_turn(struct desk *desk, struct view *v, int pane);

/* Shows the inner pane for one row of the pane that is shown. */
void view_narrow(struct desk *desk, struct view *v, const struct list_row *row);

/* Out of a narrowed pane. False: there was nothing to go back from. */
bool view_back(struct desk *desk, struct view *v);

/* Draws the pane into so many rows from row on. */
void view_draw(struct desk *desk, struct view *v, int row, int rows, int width);

#endif
