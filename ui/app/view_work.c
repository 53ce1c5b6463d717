/* SPDX-License-Identifier: ISC */
/* view_work: jobs and what came of them, running ones first; one opens to what was
 * done to each of its messages. See view.h. */
#include "app/views.h"
#include "app/log_tail.h"
#include "app/says.h"
#include "app/view_items.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "page/message_part.h"
#include "term/wrap.h"
#include "view/log_list.h"
#include "view/work_filter.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_BODY 14		/* rows under which there are no words */
#define WORDS_ROWS 5		/* for them, with the rule */
#define HIGH_BODY 24
#define INDENT 11		/* where values stand, as in a panel */

struct work_view {
	struct work_list jobs;
	struct log_results results;
	struct str filter;		/* the one in force, or "" */
};

static void
init(struct desk *desk, struct view *v)
{
	struct work_view *wv = xcalloc(1, sizeof *wv);

	wv->jobs.history = wv->results.history = desk->store.history;
	wv->jobs.then = &desk->then;
	str_init(&wv->results.words);
	str_init(&wv->filter);
	wv->jobs.filter = wv->filter.data;
	v->own = wv;
	v->panes[PANE_OUTER].ctx = &wv->jobs;
	v->panes[PANE_INNER].ctx = &wv->results;
}

static void
release(struct view *v)
{
	struct work_view *wv = v->own;

	str_release(&wv->results.words);
	str_release(&wv->filter);
	free(wv);
}

static void
narrow(struct view *v, const struct list_row *row)
{
	const struct work_row *w = row ? row->data : NULL;
	struct work_view *wv = v->own;

	wv->results.action = w ? w->action.id : 0;
	wv->results.total = w ? w->action.total : 0;
	str_clear(&wv->results.words);
	if (w)
		str_add(&wv->results.words, w->words.data);
}

static bool
filter(struct view *v, const char *text, struct error *err)
{
	struct work_view *wv = v->own;
	bool good = work_filter_check(text, err) == 0;

	str_clear(&wv->filter);
	str_add(&wv->filter, good && text[strspn(text, " ")] ? text : "");
	wv->jobs.filter = wv->filter.data;
	return good;
}

static const char *
filtered(const struct view *v)
{
	return ((const struct work_view *)v->own)->filter.data;
}

static const struct list_column *
job_columns(const struct view *v, int width, size_t *count_out)
{
	(void)v, (void)width;
	*count_out = WORK_COLUMNS;
	return work_columns;
}

static void
job_info(struct desk *desk, const struct view *v, struct str *out)
{
	const struct list *list = &v->panes[PANE_OUTER].list;
	const struct work_view *wv = v->own;
	char n[TEXT_NUMBER_MAX];

	(void)desk;
	if (wv->filter.len)
		str_addf(out, says_info_log_filter, text_exact(n, list->count),
			wv->jobs.partial || list->count == list->height ?
			"+" : "", wv->filter.data, wv->jobs.partial ?
			says_info_log_partial : "");
	str_add(out, says_info_jobs);
}

static const char *
job_empty(const struct desk *desk, const struct view *v)
{
	(void)desk;
	return filtered(v)[0] ? says_empty_filter : says_empty_work;
}

static struct request
job_open(struct desk *desk, struct view *v, const struct list_row *row)
{
	if (desk->then)
		desk_note(desk, says_not_known_then);
	else
		view_narrow(desk, v, row);
	return (struct request){ REQUEST_NONE, ACTION_NONE, 0, TAB_TEXT };
}

/* What is no job, or is over, is not paused or stopped. */
static const struct keymap_label *
job_labels(const struct view *v, const struct list_row *row)
{
	static const struct keymap_label over[] = { { ACTION_JOB_PAUSE, "" },
		{ ACTION_JOB_STOP, "" }, { ACTION_NONE, NULL } };
	const struct work_row *w = row ? row->data : NULL;

	(void)v;
	return w && w->action.job && w->action.ended_at == HISTORY_NO_TIME ?
		NULL : over;
}

/* Below the jobs: half of a high screen, or what they leave; else some rows for
 * the words of the one under the cursor. */
static int
job_below_rows(const struct desk *desk, const struct view *v, int body)
{
	int rows = log_tail_rows(body, v->panes[PANE_OUTER].list.total);

	(void)desk;
	return rows ? rows : body >= HIGH_BODY ? body / 2 :
		body >= LEAST_BODY ? WORDS_ROWS : 0;
}

/* All of what came of it, and why it was done: how many rows. */
static int
draw_words(const struct desk *desk, const struct work_row *w, int row,
	int rows, int width)
{
	struct str text = STR_INIT, reason = STR_INIT;
	int lines = 0;

	wrap_add(&text, (struct wrap){ "Result", INDENT, (size_t)width },
		w->words.data);
	/* Of a time that is past the words have it. */
	if (w->action.reason && !desk->then) {
		text_add_printable(&reason, w->action.reason,
			strlen(w->action.reason));
		wrap_add(&text, (struct wrap){ "Reason", INDENT,
			(size_t)width }, reason.data);
	}
	for (const char *c = text.data; *c; c++)
		lines += *c == '\n';
	desk_draw_lines(text.data, row, rows, width);
	str_release(&text);
	str_release(&reason);
	return lines < rows ? lines : rows;
}

static void
draw_results(struct desk *desk, const struct work_row *w, int row, int rows,
	int width)
{
	struct log_results results = { .history = desk->store.history,
		.action = w->action.id, .total = w->action.total };
	struct list_view lv = { .top = row, .width = width, .plain = true,
		.columns = result_columns, .count = result_columns_of(width) };
	struct error err = ERROR_INIT;
	struct list list;

	list_init(&list, &results_source, &results);
	if (list_resize(&list, (size_t)(rows - 1), &err) < 0 ||
	    list_reload(&list, &err) < 0)
		desk_fail(desk, &err);
	list_draw(&list, &lv);
	list_release(&list);
}

/* What came of the job under the cursor, and of each of its messages, which is
 * not known of a time that is past; below them, if they are few, what happened
 * last. */
static void
job_draw_below(struct desk *desk, struct view *v, int row, int rows,
	int width)
{
	const struct list_row *line = list_current(&v->panes[PANE_OUTER].list);
	const struct work_row *w = line ? line->data : NULL;
	int lines = w ? draw_words(desk, w, row, rows, width) : -1;
	int64_t items = w && !desk->then ? w->action.total + 2 : 0;

	/* With no words the title of the log stands in the rule above. */
	row += lines;
	rows -= lines;
	if (items && rows > 2) {
		lines = items < rows - LOG_TAIL_LEAST ? (int)items : rows;
		draw_results(desk, w, row, lines, width);
		row += lines;
		rows -= lines;
	}
	if (rows >= LOG_TAIL_LEAST)
		log_tail_draw(desk, row, rows, width);
}

static const struct pane_kind jobs = {
	.context = KEYMAP_WORK,
	.source = &work_source,
	.columns = job_columns,
	.info = job_info,
	.empty = job_empty,
	.open = job_open,
	.labels = job_labels,
	.below_rows = job_below_rows,
	.draw_below = job_draw_below,
};

const struct view_kind view_work = {
	.name = "Work", .brief = "Work", .word = "work",
	.panes = { &jobs, &view_items }, .first = PANE_OUTER,
	.init = init, .release = release, .narrow = narrow,
	.filter = filter, .filtered = filtered,
};
