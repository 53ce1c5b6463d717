/* SPDX-License-Identifier: ISC */
/* dispatch: see dispatch.h for the contract. */
#include "app/dispatch.h"
#include "app/do.h"
#include "app/errand.h"
#include "app/follow.h"
#include "app/question.h"
#include "app/says.h"
#include "app/screen_message.h"
#include "app/views.h"
#include "base/text.h"
#include "term/term.h"

#include <stdio.h>
#include <string.h>

#define JOBS_LOOKED_AT 20

void
dispatch_leave(struct desk *desk)
{
	desk->leave = !desk->errand;
	desk->leave_then = true;
	if (desk->errand)
		desk_note(desk, says_leave_then);
}

static bool
leave_answer(struct question *q, key_code key, struct request *out)
{
	(void)out;
	if (key == 'y')
		dispatch_leave(q->desk);
	return key == 'y';
}

/* The newest job that stops when this console goes. 1, 0, -1. */
static int
find_bound(struct desk *desk, struct history_action *out, struct error *err)
{
	struct history_action rows[JOBS_LOOKED_AT];
	int n = history_jobs_open(desk->store.history, 0, rows,
		JOBS_LOOKED_AT, err), found = -1;

	for (int i = 0; i < n; i++)
		if (rows[i].console &&
		    strcmp(rows[i].console, desk->presence) == 0)
			found = i;
	for (int i = 0; i < n; i++)
		if (i != found)
			history_action_release(&rows[i]);
	if (found >= 0)
		*out = rows[found];
	return n < 0 ? -1 : found >= 0;
}

static void
leave(struct desk *desk)
{
	struct question q = { .answer = leave_answer };
	struct history_action a;
	struct error ignored = ERROR_INIT;
	char left[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];

	if (!*desk->presence || find_bound(desk, &a, &ignored) <= 0) {
		dispatch_leave(desk);
		return;
	}
	snprintf(q.words, sizeof q.words, says_leave, a.id, a.verb,
		text_exact(left, (uint64_t)(a.total - a.done - a.skipped -
			a.failed)), text_exact(all, (uint64_t)a.total));
	history_action_release(&a);
	question_open(desk, &q);
}

static void
cancel(struct desk *desk)
{
	bool follows = desk->followed.action != 0;

	if (desk->errand)
		errand_give_up(desk);
	else if (follows)
		follow_end(desk);
	if (!desk->errand)
		desk_note(desk, "%s", follows ? says_not_followed :
			says_nothing_runs);
}

static void
freeze(struct desk *desk)
{
	struct error err = ERROR_INIT;

	if (desk->then)
		desk_note(desk, says_as_it_was);
	else if (desk->frozen)
		desk_thaw(desk);
	else if (list_freeze(view_list(views_here(desk)), true, &err) < 0)
		desk_fail(desk, &err);
	else
		desk->frozen = true;
	desk->stale = desk->dirty = true;
}

/* What no screen does itself. */
static void
do_action(struct desk *desk, enum action action)
{
	switch ((int)action) {
	case ACTION_RETRY: case ACTION_QUARANTINE: case ACTION_PURGE:
		do_verb(desk, action);
		break;
	case ACTION_NOTE: do_note(desk); break;
	case ACTION_MINE: do_mine(desk); break;
	case ACTION_WRITE: do_write(desk); break;
	case ACTION_INCIDENT: do_write_note(desk); break;
	case ACTION_PIPE: do_pipe(desk); break;
	case ACTION_FILTER: do_filter(desk); break;
	case ACTION_SORT: do_sort(desk); break;
	case ACTION_CONNECTOR: do_connector(desk); break;
	case ACTION_JOB_PAUSE: do_job_pause(desk); break;
	case ACTION_JOB_STOP: do_job_stop(desk); break;
	case ACTION_RESEND: do_resend(desk); break;
	case ACTION_HOLD: case ACTION_DRAIN: case ACTION_RESUME:
	case ACTION_TEST:
		do_connector_verb(desk, action);
		break;
	case ACTION_ATTENTION: go_attention(desk, false); break;
	case ACTION_HELP: do_help(desk); break;
	case ACTION_BACK:
	case ACTION_QUIT: leave(desk); break;
	case ACTION_CANCEL: cancel(desk); break;
	case ACTION_VIEW_1: case ACTION_VIEW_2: case ACTION_VIEW_3:
	case ACTION_VIEW_4: case ACTION_VIEW_5: case ACTION_VIEW_6:
	case ACTION_VIEW_7: case ACTION_VIEW_8:
		views_go(desk, (int)action - ACTION_VIEW_1);
		break;
	case ACTION_NEXT_MESSAGE: go_neighbour(desk, 1); break;
	case ACTION_PREVIOUS_MESSAGE: go_neighbour(desk, -1); break;
	case ACTION_PURGE_HINT:
		desk_note(desk, says_purge_is);
		break;
	case ACTION_UNDO: do_undo(desk); break;
	case ACTION_EARLIER: do_time_step(desk, -1); break;
	case ACTION_LATER: do_time_step(desk, 1); break;
	case ACTION_NOW: do_time_end(desk); break;
	case ACTION_FREEZE: freeze(desk); break;
	case ACTION_COMMAND: do_command(desk); break;
	case ACTION_REDRAW: term_redraw(); break;
	case ACTION_SUSPEND: term_suspend(); break;
	default: break;
	}
}

void
dispatch(struct desk *desk, struct request r)
{
	if (r.kind == REQUEST_WORD &&
	    !screens_act(&desk->screens, r.action, &r))
		/* What follows `c` has its word everywhere. */
		r.kind = keymap_means(r.action, KEYMAP_CONNECTOR) ?
			REQUEST_ACTION : REQUEST_NONE;
	switch (r.kind) {
	case REQUEST_ACTION:
		if (r.action == ACTION_NONE)
			do_program_key(desk, (key_code)r.id);
		else
			do_action(desk, r.action);
		break;
	case REQUEST_PROGRAM:
		do_program(desk, &desk->settings->commands.of[r.id]);
		break;
	case REQUEST_MESSAGE:
		screen_message_open(desk, r.id, (enum message_tab)r.part);
		break;
	case REQUEST_VIEW:
		views_go(desk, (int)r.id);
		break;
	case REQUEST_TIME:
		do_time_go(desk, r.id);
		break;
	case REQUEST_WORD:
	case REQUEST_NONE:
		break;
	}
	go_place(desk);
}
