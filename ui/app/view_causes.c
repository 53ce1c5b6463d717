/* SPDX-License-Identifier: ISC */
/* view_causes: see view_causes.h for the contract. */
#include "app/view_causes.h"
#include "app/attention.h"
#include "app/desk.h"
#include "app/log_tail.h"
#include "app/message_build.h"
#include "app/says.h"
#include "base/text.h"
#include "page/panel.h"
#include "term/term.h"
#include "term/wrap.h"
#include "view/causes.h"
#include "view/mail.h"

#include <string.h>

#define LEAST_BODY 14		/* rows under which there are no words */
#define WORDS_LEAST 11		/* rows for them */
#define MESSAGES_LEAST 6	/* rows under them, for some messages */
#define INDENT 11		/* where values stand, as in a panel */

static struct causes *
causes_of(const struct view *v)
{
	return v->panes[PANE_OUTER].ctx;
}

static const struct list_column *
cause_columns(const struct view *v, int width, size_t *count_out)
{
	return causes_layout(causes_of(v), width, count_out);
}

/* Appends blanks up to a column, at least two. */
static void
pad(struct str *out, size_t column)
{
	str_add(out, "  ");
	while (out->len < column)
		str_add_char(out, ' ');
}

static void
cause_info(struct desk *desk, const struct view *v, struct str *out)
{
	const struct causes *c = causes_of(v);
	char n[TEXT_NUMBER_MAX], m[TEXT_NUMBER_MAX];
	int rows, width;

	(void)desk;
	term_size(&rows, &width);
	if (width > 80)
		width = 80;
	str_addf(out, says_info_causes,
		text_exact(n, (uint64_t)c->cause_count),
		c->cause_count == 1 ? "" : "s",
		text_exact(m, (uint64_t)c->messages),
		c->messages == 1 ? "" : "s");
	if (width >= 72) {
		pad(out, 32);
		str_add(out, c->state == STATE_FAILED ?
			says_info_newest_failure : says_info_newest);
	}
	pad(out, (size_t)width - strlen(says_info_as_list));
	str_add(out, says_info_as_list);
}

static const char *
cause_empty(const struct desk *desk, const struct view *v)
{
	(void)desk;
	return causes_of(v)->state == STATE_FAILED ?
		says_empty_failed : says_empty_deferred;
}

static struct request
cause_open(struct desk *desk, struct view *v, const struct list_row *row)
{
	view_narrow(desk, v, row);
	return (struct request){ REQUEST_NONE, ACTION_NONE, 0, 0 };
}

static int
cause_below_rows(const struct desk *desk, const struct view *v, int body)
{
	int list = (int)causes_of(v)->count + 2;

	(void)desk;
	if (body < LEAST_BODY)
		return 0;
	if (list < 4)
		list = 4;
	if (list > body - WORDS_LEAST)
		list = body - WORDS_LEAST;
	return body - list;
}

/* Its newest messages, on a screen that is high enough; below them, if they are
 * few, what happened last. */
static void
draw_messages(struct desk *desk, struct view *v,
	const struct history_cause_row *cause, int row, int rows, int width)
{
	/* With a title, and a blank line between. */
	int tail = cause->n < rows ? rows - (int)cause->n - 2 : 0;
	struct mail mail = *(const struct mail *)v->panes[PANE_INNER].ctx;
	struct list_view lv = { .top = row, .width = width, .plain = true,
		.columns = mail.kind->layout,
		.count = mail.kind->column_count };
	struct error ignored = ERROR_INIT;
	struct list list;

	mail.query = causes_query(causes_of(v), cause);
	mail.by = HISTORY_BY_SINCE;
	mail.backward = true;
	if (tail < LOG_TAIL_LEAST)
		tail = 0;
	if (tail)
		log_tail_draw(desk, row + rows - tail, tail, width);
	list_init(&list, &mail_source, &mail);
	if (list_resize(&list, (size_t)(rows - tail - 1), &ignored) == 0 &&
	    list_reload(&list, &ignored) == 0)
		list_draw(&list, &lv);
	list_release(&list);
}

/* The site's own line, by the verdict that the cause is about. */
static const char *
site_line(const struct desk *desk, const struct history_cause_row *row)
{
	enum verdict_kind kind = row->suspect ? desk->status.row.breaker_open ?
		VERDICT_TRIPPED : VERDICT_SUSPECTS :
		row->cause == desk->status.storm_cause ? VERDICT_STORM :
		VERDICT_FAILED;

	return settings_advice(desk->settings, verdict_word(kind));
}

/* What the cause was that is under the cursor and has no message any more, if
 * there is one; and what happened last, which tells where they went. */
static void
draw_gone(struct desk *desk, const struct view *v, int row, int rows, int width)
{
	const struct list *list = &v->panes[PANE_OUTER].list;
	const struct history_cause_row *was = !list->count ? NULL :
		list->lines[list->cursor].row.data;
	struct str words = STR_INIT, text = STR_INIT;
	int lines;

	/* How many it had last is not how many it had. */
	if (was) {
		causes_words(was, causes_look(causes_of(v), was), false,
			&words);
		wrap_add(&text, (struct wrap){ "Was", INDENT, (size_t)width },
			words.data);
		wrap_add(&text, (struct wrap){ "Now", INDENT, (size_t)width },
			says_cause_gone);
	}
	lines = (int)text_lines(text.data);
	desk_draw_lines(text.data, row, rows, width);
	/* Without words its title stands in the rule above. */
	row += lines ? lines : -1;
	rows -= lines ? lines : -1;
	if (rows >= LOG_TAIL_LEAST)
		log_tail_draw(desk, row, rows, width);
	str_release(&words);
	str_release(&text);
}

static void
cause_draw_below(struct desk *desk, struct view *v, int row, int rows, int width)
{
	const struct list_row *line = list_current(&v->panes[PANE_OUTER].list);
	struct str text = STR_INIT;
	struct panel panel;
	int lines;

	if (!line) {
		draw_gone(desk, v, row, rows, width);
		return;
	}
	if (desk->then) {
		draw_messages(desk, v, line->data, row, rows, width);
		return;
	}
	message_build_notes(desk, 0, ((const struct history_cause_row *)
		line->data)->cause, (size_t)width, &text);
	lines = (int)text_lines(text.data);
	if (causes_is_doubt(line->data))
		attention_panel(desk, VERDICT_DOUBTFUL, &panel);
	else
		panel_cause(causes_advice(causes_of(v), line->data,
			&desk->status), site_line(desk, line->data), &panel);
	panel_lines(&panel, (struct panel_room){ (size_t)width,
		(size_t)(rows - lines), 0 }, &text);
	lines = (int)text_lines(text.data);
	desk_draw_lines(text.data, row, rows, width);
	panel_release(&panel);
	str_release(&text);
	if (rows >= lines + MESSAGES_LEAST)
		draw_messages(desk, v, line->data, row + lines + 1,
			rows - lines - 1, width);
}

static const struct keymap_label *
cause_labels(const struct view *v, const struct list_row *row)
{
	(void)v, (void)row;
	static const struct keymap_label in_causes[] = {
		{ ACTION_OPEN, "messages" }, { ACTION_NONE, NULL } };

	return in_causes;
}

const struct pane_kind view_causes = {
	.context = KEYMAP_CAUSES,
	.source = &causes_source,
	.columns = cause_columns,
	.info = cause_info,
	.empty = cause_empty,
	.open = cause_open,
	.labels = cause_labels,
	.below_rows = cause_below_rows,
	.draw_below = cause_draw_below,
};
