/* SPDX-License-Identifier: ISC */
/*
 * do_time: the screen as it was at a time that is past, and back. What is known
 * of then takes the place of the status and of every list; nothing can be
 * done, and nothing is looked at anew. See do.h.
 */
#include "app/do.h"
#include "app/says.h"
#include "app/views.h"
#include "base/clock.h"
#include "store/status_at.h"

/* Facts and lists are read for the time that is shown now. */
static void
show(struct desk *desk)
{
	struct views *all = views_of(desk);
	struct error err = ERROR_INIT;
	struct status st;
	int rc = desk->then ? status_at(&st, &desk->store, desk->then, &err) :
		status_collect(&st, &desk->store, desk->settings, clock_wall(),
			&err);

	if (rc < 0) {
		desk_fail(desk, &err);
	} else {
		status_release(&desk->status);
		desk->status = st;
	}
	desk->attending = false;
	desk_thaw(desk);
	for (int i = 0; i < VIEW_COUNT; i++)
		for (int k = 0; k < PANE_COUNT; k++)
			if (i != all->at || k != all->views[i].at)
				list_forget(&all->views[i].panes[k].list);
	view_reload_then(desk, views_here(desk));
	screens_refresh(&desk->screens);
	desk->dirty = true;
}

void
do_time_go(struct desk *desk, int64_t at)
{
	if (at >= clock_wall()) {
		do_time_end(desk);
		return;
	}
	if (desk->then)
		history_at_go(desk->then, at);
	else
		desk->then = history_at_open(desk->store.history, at);
	show(desk);
}

/* Whole minutes, as the strip has them. */
void
do_time_step(struct desk *desk, int minutes)
{
	int64_t now = desk_now(desk), minute = now - now % CLOCK_MINUTE;

	if (minutes < 0)
		do_time_go(desk, minute < now ? minute :
			minute - CLOCK_MINUTE);
	else if (desk->then)
		do_time_go(desk, minute + CLOCK_MINUTE);
	else
		desk_note(desk, says_is_now);
}

void
do_time_end(struct desk *desk)
{
	bool past = desk->then != NULL;

	history_at_free(desk->then);
	desk->then = NULL;
	if (past)
		show(desk);
	desk_note(desk, says_is_now);
}
