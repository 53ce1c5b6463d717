/* SPDX-License-Identifier: ISC */
/*
 * views: the screen at the bottom of the stack: the views, one of which is
 * shown.
 */
#ifndef CCMQ_UI_VIEWS_H
#define CCMQ_UI_VIEWS_H

#include "app/desk.h"
#include "app/view.h"

enum {
	VIEW_QUEUE,			/* the first four show messages */
	VIEW_FAILED,
	VIEW_QUARANTINE,
	VIEW_TRASH,
	VIEW_UND,
	VIEW_LOG,
	VIEW_DONE,			/* messages, too */
	VIEW_WORK,
	VIEW_COUNT,
};

extern const struct view_kind view_und, view_log, view_work;

struct views {
	struct screen screen;
	struct desk *desk;
	struct view views[VIEW_COUNT];
	int at;
};

/* Makes them and puts them on the empty stack. */
void views_open(struct desk *desk);

struct views *views_of(struct desk *desk);
struct view *views_here(struct desk *desk);	/* the one that is shown */

/* Shows one, with nothing over it. */
void views_go(struct desk *desk, int view);

/* The action under the cursor of Work, or 0. */
int64_t views_job(struct desk *desk);

/* The entry under the cursor of .und, or 0. */
int64_t views_und_entry(struct desk *desk);

/* The message under the cursor of a list of messages, or NULL. */
const struct history_message *views_message(struct desk *desk);

#endif
