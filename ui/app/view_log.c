/* SPDX-License-Identifier: ISC */
/* view_log: what happened, newest first; an action on several messages opens
 * to what it did to each. See view.h. */
#include "app/views.h"
#include "app/view_items.h"
#include "app/attention.h"
#include "app/says.h"
#include "app/screen_text.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "page/message_part.h"
#include "view/log_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PANEL_COLUMNS 80	/* narrower screens wrap its lines */

struct log_view {
	struct log_list line;
	struct log_results results;
	struct str filter;		/* the one in force, or "" */
};

static void
init(struct desk *desk, struct view *v)
{
	struct log_view *lv = xcalloc(1, sizeof *lv);

	lv->line.history = lv->results.history = desk->store.history;
	lv->line.then = &desk->then;
	str_init(&lv->results.words);
	str_init(&lv->filter);
	v->own = lv;
	v->panes[PANE_OUTER].ctx = &lv->line;
	v->panes[PANE_INNER].ctx = &lv->results;
}

static void
release(struct view *v)
{
	struct log_view *lv = v->own;

	str_release(&lv->results.words);
	str_release(&lv->filter);
	match_free(lv->line.match);
	free(lv);
}

#define NO_SUCCESS "-class:imported"

/* Takes that word out of words that must all hold. False: it is none of them. */
static bool
take_no_success(struct str *words)
{
	size_t n = strlen(NO_SUCCESS);
	char *at = strstr(words->data, NO_SUCCESS);

	if (!at || strchr(words->data, '|') || (at > words->data &&
	    at[-1] != ' ') || (at[n] && at[n] != ' '))
		return false;
	memset(at, ' ', n);
	return true;
}

/* What went well any filter leaves out; alone, its word leaves out no more. */
static bool
filter(struct view *v, const char *text, struct error *err)
{
	struct log_view *lv = v->own;
	struct match *match = NULL;
	struct str words = STR_INIT;
	bool blank, alone;

	str_add(&words, text);
	alone = take_no_success(&words);
	blank = !words.data[strspn(words.data, " ")];
	if (!blank)
		match = match_compile(words.data, 0, clock_wall(), err);
	match_free(lv->line.match);
	lv->line.match = match;
	lv->line.no_folds = blank && alone;
	str_clear(&lv->filter);
	str_add(&lv->filter, match || lv->line.no_folds ? text : "");
	str_release(&words);
	return blank || match;
}

static const char *
filtered(const struct view *v)
{
	const struct log_view *lv = v->own;

	return lv->filter.data;
}

static void
narrow(struct view *v, const struct list_row *row)
{
	const struct log_row *line = row ? row->data : NULL;
	const struct history_log_row *r = line ? &line->log : NULL;
	struct log_view *lv = v->own;

	lv->results.action = r ? r->action.id : 0;
	lv->results.total = r ? r->action.total : 0;
	str_clear(&lv->results.words);
	if (r)
		log_action_words(&r->action, &lv->results.words);
}

/* One entry that leads nowhere else, in full. */
static void
open_entry(struct desk *desk, const struct history_log_row *row)
{
	struct str text = STR_INIT;
	char at[TEXT_TIME_MAX], title[80];

	str_addf(&text, " %s\n\n ", text_rfc3339(at, row->at));
	log_words(row, &text);
	str_add(&text, "\n\n");
	if (row->kind == HISTORY_LOG_EVENT)
		attention_event(desk, &row->event, PANEL_COLUMNS, &text);
	snprintf(title, sizeof title, "%s %" PRId64,
		row->kind == HISTORY_LOG_EVENT ? "Event" : "Action",
		row->kind == HISTORY_LOG_EVENT ? (int64_t)row->event.number :
		row->id);
	screen_text_open(desk, title, &text);
}

static const struct list_column *
line_columns(const struct view *v, int width, size_t *count_out)
{
	(void)v, (void)width;
	*count_out = LOG_COLUMNS;
	return log_columns;
}

static void
line_info(struct desk *desk, const struct view *v, struct str *out)
{
	const struct list *list = &v->panes[PANE_OUTER].list;
	const struct log_view *lv = v->own;
	int64_t at = list_position(list);
	char n[TEXT_NUMBER_MAX];

	(void)desk;
	if (list->count && at == LIST_FAR)
		str_add(out, says_info_many_newer);
	else if (at > 1)
		str_addf(out, says_info_newer, text_exact(n,
			(uint64_t)at - 1));
	if (lv->filter.len)
		str_addf(out, says_info_log_filter, text_exact(n, list->count),
			lv->line.partial || list->count == list->height ?
			"+" : "", lv->filter.data, lv->line.partial ?
			says_info_log_partial : "");
	str_add(out, says_info_log);
}

static const char *
line_empty(const struct desk *desk, const struct view *v)
{
	const struct log_view *lv = v->own;

	(void)desk;
	return lv->filter.len ? says_empty_log_filter :
		says_empty_log;
}

static struct request
line_open(struct desk *desk, struct view *v, const struct list_row *row)
{
	const struct log_row *line = row->data;
	const struct history_log_row *r = &line->log;
	struct request out = { REQUEST_NONE, ACTION_NONE, r->message, TAB_LOG };
	struct log_view *lv = v->own;
	struct error err = ERROR_INIT;

	if (log_turn(&lv->line, line)) {
		if (list_reload(view_list(v), &err) < 0)
			desk_fail(desk, &err);
	} else if (r->kind == HISTORY_LOG_ACTION && r->action.total > 1 &&
	    desk->then)
		desk_note(desk, says_not_known_then);
	else if (r->kind == HISTORY_LOG_ACTION && r->action.total > 1)
		view_narrow(desk, v, row);
	else if (r->message)
		out.kind = REQUEST_MESSAGE;
	else
		open_entry(desk, r);
	return out;
}

static const struct pane_kind line = {
	.context = KEYMAP_LOG,
	.source = &log_source,
	.columns = line_columns,
	.info = line_info,
	.empty = line_empty,
	.open = line_open,
};

const struct view_kind view_log = {
	.name = "Log", .brief = "Log", .word = "log",
	.panes = { &line, &view_items }, .first = PANE_OUTER,
	.init = init, .release = release, .narrow = narrow,
	.filter = filter, .filtered = filtered,
};
