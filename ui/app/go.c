/* SPDX-License-Identifier: ISC */
/* go: to what the verdict is about, to the neighbour of a message, and which of
 * how many it is. See do.h. */
#include "app/do.h"
#include "app/attention.h"
#include "app/header.h"
#include "app/says.h"
#include "app/screen_message.h"
#include "app/screen_text.h"
#include "app/view_mail.h"
#include "app/views.h"
#include "base/text.h"
#include "term/term.h"
#include "view/log_list.h"

#include <stdio.h>
#include <string.h>

/* By cause, at the one the verdict is about: the suspect one, the one that may
 * have been delivered, or the one that took so many. What the post office did
 * not take waits in Queue. */
static void
go_to_cause(struct desk *desk, enum verdict_kind kind)
{
	struct error err = ERROR_INIT;
	const struct verdict_facts *f = &desk->status.facts;
	bool tripped = kind == VERDICT_TRIPPED || kind == VERDICT_SUSPECTS;
	bool doubtful = kind == VERDICT_DOUBTFUL;
	const char *class = doubtful ? class_word(f->doubtful_class) :
		desk->status.row.streak_class;
	bool waits = doubtful ? f->doubtful_wait : tripped && class &&
		strcmp(class, class_word(CLASS_UNAVAILABLE)) == 0;
	int view = waits ? VIEW_QUEUE : VIEW_FAILED;
	struct view *v = &views_of(desk)->views[view];
	const struct causes *c = &view_mail_of(v)->causes;

	views_go(desk, view);
	view_turn(desk, v, PANE_OUTER);
	if (list_first(view_list(v), &err) < 0)
		desk_fail(desk, &err);
	for (int i = 0; i < c->count; i++) {
		const struct history_cause_row *row = &c->rows[i];

		if (causes_is_doubt(row) ? !doubtful : waits || doubtful ? strcmp(row->class, class) != 0 :
		    tripped ? !row->suspect : row->suspect ||
		    row->cause != desk->status.storm_cause)
			continue;
		if (list_select(view_list(v), causes_row_id(row), &err) < 0)
			desk_fail(desk, &err);
		break;
	}
}

/* The Log, at the event that the verdict is about. */
static void
go_to_event(struct desk *desk, enum verdict_kind kind)
{
	static const enum event events[VERDICT_COUNT] = {
		[VERDICT_STORE] = EVENT_WRITE_FAILED,
		[VERDICT_BACKLOG] = EVENT_IGNORED,
		[VERDICT_LEFTOVER] = EVENT_FOREIGN,
	};
	struct view *v = &views_of(desk)->views[VIEW_LOG];
	struct error err = ERROR_INIT;
	int64_t id = 0;

	views_go(desk, VIEW_LOG);
	view_turn(desk, v, PANE_OUTER);
	if (list_first(view_list(v), &err) < 0 ||
	    history_event_newest(desk->store.history,
		    (int)events[kind], &id, &err) < 0 ||
	    (id && list_select(view_list(v),
		    log_row_id(HISTORY_LOG_EVENT, id), &err) < 0))
		desk_fail(desk, &err);
}

/* The view a message is in now. */
static int
view_of(struct desk *desk, int64_t id)
{
	struct history_message m;
	struct error err = ERROR_INIT;
	int view = VIEW_QUEUE;

	if (history_message_get(desk->store.history, id, &m, &err) <= 0)
		return views_of(desk)->at;
	for (int i = 0; i < MAIL_KINDS; i++)
		if (mail_kinds[i].states & STATE_BIT(m.state))
			view = i;
	history_message_release(&m);
	return view;
}

static void
go_to_message(struct desk *desk, int64_t id)
{
	struct error err = ERROR_INIT;

	views_go(desk, view_of(desk, id));
	desk->attending = true;
	view_turn(desk, views_here(desk), PANE_INNER);
	if (list_select(view_list(views_here(desk)), id, &err) < 0)
		desk_fail(desk, &err);
	screen_message_open(desk, id, TAB_TEXT);
}

/* Where the panel has no room below the rows it is a text of its own. Causes
 * have theirs below them: a text only where somebody asks. */
static void
open_panel(struct desk *desk, const struct verdict *v, bool at_start)
{
	struct str text = STR_INIT;
	struct panel panel;
	int rows, width;

	term_size(&rows, &width);
	if (rows - header_rows(rows) - 2 - ATTENTION_LIST_ROWS - 1 >=
	    ATTENTION_LEAST)
		return;
	attention_lines(desk, views_of(desk)->at, (size_t)width, 0, &text);
	if (v->opens == VERDICT_OPENS_FAILED && !at_start) {
		attention_panel(desk, v->kind, &panel);
		panel_lines(&panel, (struct panel_room){ (size_t)width, 0, 0 },
			&text);
		panel_release(&panel);
	}
	if (text.len)
		screen_text_open(desk, v->brief, &text);
	str_release(&text);
}

/* The worst first; again: the next that is true as well. */
void
go_attention(struct desk *desk, bool at_start)
{
	unsigned i = attention_next(desk);
	struct verdict verdict = desk->status.verdict, *v = &verdict;

	if (desk->then) {
		desk_note(desk, says_as_it_was);
		return;
	}
	if (i > 0)
		status_verdict(&desk->status, i, v);
	/* Before what is opened is drawn: a message's page says it. */
	desk->attended = !at_start;
	desk->attention = v->kind;
	desk->attention_worst = desk->status.verdict.kind;
	if (v->opens == VERDICT_OPENS_FAILED)
		go_to_cause(desk, v->kind);
	else if (v->opens == VERDICT_OPENS_LOG)
		go_to_event(desk, v->kind);
	else if (v->opens == VERDICT_OPENS_MESSAGE)
		go_to_message(desk, v->opens_id);
	else
		views_go(desk, attention_view(v->opens));
	desk->attending = true;
	open_panel(desk, v, at_start);
	if (at_start)
		return;
	if (v->kind == VERDICT_OK)
		desk_note(desk, says_all_well);
	else if (i > 0)
		desk_note(desk, "%.250s", v->text);
	else if (desk->status.verdict_count > 1)
		desk_note(desk, says_a_again, desk->status.verdict_count - 1);
	desk->note_attends = i > 0;
}

void
go_neighbour(struct desk *desk, int64_t rows)
{
	struct message_screen *ms = screen_message_top(desk);
	struct view *v = views_here(desk);
	const struct history_message *m;
	struct error err = ERROR_INIT;

	if (!ms)
		return;
	if (!view_mail_of(v) || v->at != PANE_INNER) {
		desk_note(desk, says_neighbours);
		return;
	}
	if (list_move(view_list(v), rows, &err) < 0)
		desk_fail(desk, &err);
	m = views_message(desk);
	if (m && m->id != ms->id)
		screen_message_open(desk, m->id, ms->tab);
	else
		desk_note(desk, "%s", rows > 0 ? says_last_one :
			says_first_one);
}

void
go_place(struct desk *desk)
{
	struct message_screen *ms = screen_message_top(desk);
	const struct history_message *m = views_message(desk);
	struct view *v = views_here(desk);
	struct str at = STR_INIT;

	if (!ms)
		return;
	ms->place[0] = '\0';
	if (!m || m->id != ms->id)
		return;
	list_add_position(view_list(v), &at);
	snprintf(ms->place, sizeof ms->place, "%s in %s%s  J K next", at.data,
		v->kind->name, v->narrowed ? ", this cause" :
		view_mail_of(v)->mail.query.match && !desk->then ?
		", filtered" : "");
	str_release(&at);
}
