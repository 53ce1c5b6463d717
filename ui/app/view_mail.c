/* SPDX-License-Identifier: ISC */
/* view_mail: the views of messages: Queue, Failed, Quarantine and Trash. The
 * outer pane is by cause, the inner one is the list. See view.h. */
#include "app/view_mail.h"
#include "app/message_build.h"
#include "app/says.h"
#include "app/view_ages.h"
#include "app/view_causes.h"
#include "base/clock.h"
#include "term/term.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "page/message_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mail_view *
view_mail_of(const struct view *v)
{
	return v->kind->panes[PANE_INNER]->source == &mail_source ? v->own :
		NULL;
}

static void
init(struct desk *desk, struct view *v)
{
	struct mail_view *mv = xcalloc(1, sizeof *mv);
	const struct mail_kind *kind =
		v->kind == &view_queue ? &mail_kinds[MAIL_QUEUE] :
		v->kind == &view_failed ? &mail_kinds[MAIL_FAILED] :
		v->kind == &view_quarantine ? &mail_kinds[MAIL_QUARANTINE] :
		v->kind == &view_trash ? &mail_kinds[MAIL_TRASH] :
		desk->store.their_submit ? &mail_kind_left : &mail_kind_done;

	mail_init(&mv->mail, kind, desk->store.history);
	mv->mail.keep_trash_ms = desk->settings->keep_trash_ms;
	mv->mail.new_after = desk->last_visit_at;
	causes_init(&mv->causes, desk->store.history,
		kind->cause_state);
	mv->mail.then = mv->causes.then = mv->ages.then = &desk->then;
	mv->mail.patience = mv->ages.patience = (struct history_patience){
		desk_go_on_looking, desk, false };
	mv->ages.history = desk->store.history;
	str_init(&mv->filter);
	str_init(&mv->kept_filter);
	str_init(&mv->cause_words);
	v->own = mv;
	v->panes[PANE_OUTER].ctx = &mv->causes;
	v->panes[PANE_INNER].ctx = &mv->mail;
	v->panes[PANE_AGES].ctx = &mv->ages;
}

static void
release(struct view *v)
{
	struct mail_view *mv = v->own;

	causes_release(&mv->causes);
	ages_release(&mv->ages);
	mail_release(&mv->mail);
	str_release(&mv->filter);
	str_release(&mv->kept_filter);
	str_release(&mv->cause_words);
	free(mv);
}

bool
view_mail_filter(struct view *v, const char *text, struct error *err)
{
	struct mail_view *mv = v->own;
	struct match *match = NULL;
	bool blank = !text[strspn(text, " ")], good;

	if (!blank)
		match = match_compile(text, 0, clock_wall(), err);
	good = blank || match;
	mail_set_match(&mv->mail, match);
	str_clear(&mv->filter);
	str_add(&mv->filter, match ? text : "");
	return good;
}

/* The messages of one sender are the list, filtered; going back, the filter is
 * what it was. */
static void
narrow_to_sender(struct view *v, const struct ages_row *row)
{
	struct mail_view *mv = v->own;
	struct str text = STR_INIT;
	struct error ignored = ERROR_INIT;

	if (row) {
		str_clear(&mv->kept_filter);
		str_add(&mv->kept_filter, mv->filter.data);
		ages_expression(row, &text);
	} else {
		str_add(&text, mv->kept_filter.data);
	}
	(void)view_mail_filter(v, text.data, &ignored);
	str_release(&text);
}

static void
narrow(struct view *v, const struct list_row *row)
{
	const struct history_cause_row *cause = row ? row->data : NULL;
	struct mail_view *mv = v->own;
	struct history_query *q = &mv->mail.query, of;

	if (row ? v->at == PANE_AGES : v->narrowed_from == PANE_AGES) {
		narrow_to_sender(v, row ? row->data : NULL);
		return;
	}
	of = cause ? causes_query(&mv->causes, cause) : (struct history_query){
		.states = mv->mail.kind->states };
	q->states = of.states;
	q->cause = of.cause;
	q->doubt = of.doubt;
	q->suspect = of.suspect;
	str_clear(&mv->cause_words);
	if (cause)
		causes_words(cause, NULL, true, &mv->cause_words);
}

static const char *
filtered(const struct view *v)
{
	return view_mail_of(v)->filter.data;
}

/* ---- the list ---- */

static const struct list_column *
columns(const struct view *v, int width, size_t *count_out)
{
	const struct mail_kind *kind = view_mail_of(v)->mail.kind;

	(void)width;
	*count_out = kind->column_count;
	return kind->layout;
}

/* How many there would be without the filter. */
static int64_t
of_all(const struct desk *desk, const struct mail_view *mv)
{
	const int64_t *n = desk->status.counts.n;
	int64_t sum = 0;

	for (int i = 0; i < STATE_COUNT; i++)
		if (mv->mail.query.states & STATE_BIT(i))
			sum += n[i];
	return sum;
}

static void
info(struct desk *desk, const struct view *v, struct str *out)
{
	const struct mail_view *mv = view_mail_of(v);
	const struct list *list = &v->panes[PANE_INNER].list;
	char n[TEXT_NUMBER_MAX];

	list_add_position(list, out);
	if (mv->mail.partial)
		str_add_char(out, '+');
	if ((mv->filter.len && !desk->then) || v->narrowed)
		str_addf(out, says_info_shown_of, text_exact(n,
			(uint64_t)of_all(desk, mv)));
	if (list->tags.count)
		str_addf(out, says_info_tagged, text_exact(n,
			list->tags.count));
	if (list->range)
		str_add(out, says_info_range);
	if (mv->cause_words.len)
		str_addf(out, "   %s", mv->cause_words.data);
	if (mv->filter.len && desk->then)
		str_add(out, says_info_filter_then);
	else if (mv->filter.len)
		str_addf(out, says_info_filter, mv->filter.data);
	if (mv->mail.partial)
		str_add(out, says_info_stopped);
	str_addf(out, "   %s", mail_order_words(&mv->mail));
	list_add_legend(list, out);
}

static const char *
empty(const struct desk *desk, const struct view *v)
{
	static const char *const words[STATE_COUNT] = {
		[STATE_DEFERRED] = says_empty_queue,
		[STATE_FAILED] = says_empty_failed,
		[STATE_QUARANTINED] = says_empty_quarantine,
		[STATE_PURGED] = says_empty_trash,
		[STATE_IMPORTED] = says_empty_done };
	const struct mail_view *mv = view_mail_of(v);

	if (v->kind == &view_trash && desk->status.row.disk_low)
		return says_empty_trash_full;
	return mv->mail.partial ? says_empty_looked :
		mv->filter.len ? says_empty_filter :
		v->narrowed ? says_empty_cause : words[mv->mail.kind->cause_state];
}

static struct request
open_message(struct desk *desk, struct view *v, const struct list_row *row)
{
	(void)desk, (void)v;
	return (struct request){ REQUEST_MESSAGE, ACTION_NONE, row->id,
		TAB_TEXT };
}

/* What cannot be done to the row's state has no place in the footer. */
static const struct keymap_label *
row_labels(const struct view *v, const struct list_row *row)
{
	const struct history_message *m = row ? row->data : NULL;

	return view_mail_labels(m ? m->state :
		view_mail_of(v)->mail.kind->cause_state, m && m->watched);
}

/* What was in the importer then, or is in that of a connector that is watched:
 * the first of them. */
static void
draw_importer_first(struct desk *desk, int row, int width)
{
	struct history_query q = { .states = STATE_BIT(STATE_IMPORTING) };
	struct history_window w = { .by = HISTORY_BY_ID, .forward = true };
	struct history_message m;
	struct error err = ERROR_INIT;
	struct str line = STR_INIT;
	char at[16];
	int rc = desk->then ? history_at_window(desk->then, &q, &w, 1, &m,
		&err) : history_page(desk->store.history, &q, 0, 1, &m, &err);

	if (rc > 0) {
		const char *subject = m.subject ? m.subject : m.name;

		str_addf(&line, says_importer_at, desk->then ? "the" : "their",
			mail_moment(at, m.since, desk_now(desk)), m.id);
		text_add_printable(&line, subject, strlen(subject));
		history_message_release(&m);
	} else {
		str_add(&line, desk->then ? says_importer_none_then :
			says_importer_none_theirs);
	}
	term_put(row, 0, width, ROLE_NORMAL, line.data);
	str_release(&line);
}

/* What is in the importer, and since when; and what is noted of it. */
static void
queue_draw_above(struct desk *desk, struct view *v, int row, int width)
{
	struct history_attempt a;
	struct history_message m;
	struct error err = ERROR_INIT;
	struct str line = STR_INIT;
	char at[16], limit[TEXT_NUMBER_MAX];
	int rc;

	(void)v;
	if (desk->then || desk->status.connector == STATUS_WATCHES) {
		draw_importer_first(desk, row, width);
		return;
	}
	rc = history_attempt_open(desk->store.history, 0, &a, &err);
	if (rc > 0) {
		str_addf(&line, says_importer, mail_moment(at, a.started_at, clock_wall()),
			text_duration(limit, desk->settings->import_timeout_ms),
			a.message);
		if (history_message_get(desk->store.history, a.message, &m,
		    &err) > 0) {
			const char *subject = m.subject ? m.subject : m.name;

			if (m.noted_verb)
				str_addf(&line, says_importer_then,
					m.noted_verb, m.action_by ?
					(int)strcspn(m.action_by, " ") : 8,
					m.action_by ? m.action_by :
					"somebody");
			text_add_printable(&line, subject, strlen(subject));
			history_message_release(&m);
		}
		history_attempt_release(&a);
	} else {
		str_add(&line, says_importer_none);
	}
	term_put(row, 0, width, ROLE_NORMAL, line.data);
	str_release(&line);
}

/* The newest that was imported. 1, 0 none, -1. */
static int
last_imported(struct desk *desk, struct history_message *out,
	struct error *err)
{
	struct history_query q = { .states = STATE_BIT(STATE_IMPORTED) };
	struct history_window w = { .by = HISTORY_BY_SINCE };

	return history_window(desk->store.history, &q, &w, 1, out, err);
}

/*
 * The message under the cursor; one that has left the list as it is by now, or
 * was then; where nothing waits the last that was imported. 1: *out is to be
 * released; 0: it is the row's own; -1: there is none, or it is forgotten.
 */
static int
message_here(struct desk *desk, struct view *v, struct history_message *out)
{
	const struct list *list = view_list(v);
	const struct list_line *line = list->count ?
		&list->lines[list->cursor] : NULL;
	struct error err = ERROR_INIT;
	int rc;

	if (line && !line->is_gone) {
		*out = *(const struct history_message *)line->row.data;
		return 0;
	}
	if (!line)
		rc = v->kind != &view_queue || desk->then ||
			*v->kind->filtered(v) ? 0 :
			last_imported(desk, out, &err);
	else
		rc = desk->then ? history_at_message(desk->store.history,
			line->row.id, history_at_time(desk->then), out, &err) :
			history_message_get(desk->store.history, line->row.id,
			out, &err);
	return rc > 0 ? 1 : -1;
}

static void
draw_page(const char *text, int row, int rows, int at, int width)
{
	for (int i = 0; i < rows && *text; i++) {
		size_t n = strcspn(text, "\n");
		bool is_title = n > 3 && strncmp(text, "-- ", 3) == 0;

		term_put_bytes(row + i, at + 1, width - 1, is_title ?
			ROLE_TITLE : ROLE_NORMAL, text, n, 0);
		desk_dim_label(text, n, 1, row + i, at + 2);
		text += n + (text[n] == '\n');
	}
}

/* The page of the message under the cursor, but for its parts. */
static void
draw_preview(struct desk *desk, struct view *v, int row, int rows, int at,
	int width)
{
	struct history_message m;
	struct str text = STR_INIT, title = STR_INIT;
	int here = message_here(desk, v, &m);
	const char *subject;

	for (int i = 0; i < rows; i++)
		term_put(row + i, at, 1, ROLE_RULE, "|");
	if (here < 0)
		return;
	str_addf(&title, "#%" PRId64 "  ", m.id);
	subject = m.subject ? m.subject : m.name;
	text_add_printable(&title, subject, strlen(subject));
	term_put(row, at + 2, width - 2, ROLE_TITLE, title.data);
	message_build_page(desk, &m, (size_t)(width - 1), false, &text);
	draw_page(text.data, row + 1, rows - 1, at, width);
	str_release(&title);
	str_release(&text);
	if (here > 0)
		history_message_release(&m);
}

#define LIST_PANE \
	.context = KEYMAP_LIST, \
	.source = &mail_source, \
	.columns = columns, \
	.info = info, \
	.empty = empty, \
	.open = open_message, \
	.opens_gone = true, \
	.labels = row_labels, \
	.draw_beside = draw_preview

static const struct pane_kind queue_list = {
	LIST_PANE, .above_rows = 1, .draw_above = queue_draw_above,
};

static const struct pane_kind plain_list = { LIST_PANE };

#define MAIL_VIEW .init = init, .release = release, .narrow = narrow, \
	.filter = view_mail_filter, .filtered = filtered

const struct keymap_label *
view_mail_labels(enum state state, bool watched)
{
	static const struct keymap_label
		none[] = { { ACTION_RETRY, "" }, { ACTION_QUARANTINE, "" },
			{ ACTION_PURGE, "" }, { ACTION_NONE, NULL } },
		queued[] = { { ACTION_RETRY, "" }, { ACTION_NONE, NULL } },
		release[] = { { ACTION_RETRY, "release" },
			{ ACTION_QUARANTINE, "" }, { ACTION_NONE, NULL } },
		take[] = { { ACTION_RETRY, "" },
			{ ACTION_QUARANTINE, "take out" },
			{ ACTION_PURGE, "" }, { ACTION_NONE, NULL } },
		restore[] = { { ACTION_RETRY, "restore" },
			{ ACTION_QUARANTINE, "" }, { ACTION_NONE, NULL } };

	if (watched)
		return take;
	switch (state) {
	case STATE_QUEUED: case STATE_IMPORTING: return queued;
	case STATE_QUARANTINED: return release;
	case STATE_PURGED: return restore;
	case STATE_FAILED: case STATE_DEFERRED: return NULL;
	case STATE_IMPORTED: case STATE_REMOVED: case STATE_LOST:
	case STATE_GONE: case STATE_COUNT: break;
	}
	return none;
}

const struct view_kind view_queue = {
	.name = "Queue", .brief = "Queue", .word = "queue",
	.panes = { &view_causes, &queue_list, &view_ages }, .first = PANE_INNER,
	.grouped = true, MAIL_VIEW
};
const struct view_kind view_failed = {
	.name = "Failed", .brief = "Failed", .word = "failed",
	.panes = { &view_causes, &plain_list }, .first = PANE_OUTER,
	.grouped = true, MAIL_VIEW
};
const struct view_kind view_quarantine = {
	.name = "Quarantine", .brief = "Quar", .word = "quarantine",
	.panes = { &view_causes, &plain_list }, .first = PANE_INNER, MAIL_VIEW
};
const struct view_kind view_trash = {
	.name = "Trash", .brief = "Trash", .word = "trash",
	.panes = { &view_causes, &plain_list }, .first = PANE_INNER, MAIL_VIEW
};

/* There is nothing to put back in what was imported. */
const struct view_kind view_done = {
	.name = "Done", .brief = "Done", .word = "done",
	.panes = { &view_causes, &plain_list }, .first = PANE_INNER, MAIL_VIEW
};
