/* SPDX-License-Identifier: ISC */
/* causes: see causes.h for the contract. */
#include "view/causes.h"
#include "history/history_note.h"
#include "list/list_kept.h"
#include "term/bar.h"
#include "term/term.h"
#include "view/mail.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHARE_COLUMNS 16	/* from SHARE_LEAST columns on */
#define SHARE_LEAST 100

enum column {
	CAUSE_MESSAGES, CAUSE_WORDS, CAUSE_FIRST, CAUSE_LAST, CAUSE_SENDERS,
	CAUSE_RETRIED, CAUSE_SHARE
};

static const struct list_column wide[] = {
	[CAUSE_MESSAGES] = { "MESSAGES", 0, 8, 0, true, 0, LIST_GONE_WORDS },
	[CAUSE_WORDS] = { "CAUSE", 0, 14, 60, false, 0, false },
	[CAUSE_FIRST] = { "FIRST", 0, 5, 0, true, 2, false },
	[CAUSE_LAST] = { "LAST", 0, 6, 0, true, 0, false },
	[CAUSE_SENDERS] = { "SENDERS", 0, 8, 0, true, 3, LIST_GONE_BLANK },
	[CAUSE_RETRIED] = { "RETRIED", 0, 7, 0, true, 1, LIST_GONE_BLANK },
	[CAUSE_SHARE] = { "SHARE", 0, SHARE_COLUMNS, 0, false, 4,
		LIST_GONE_BLANK },
};

/* For narrow screens: which columns of those there are. */
static const struct list_column brief[] = {
	{ "MSGS", 0, 4, 0, true, 0, LIST_GONE_WORDS },
	{ "CAUSE", 0, 14, LIST_UNLIMITED, false, 0, false },
	{ "LAST", 0, 5, 0, true, 0, false },
};
static const enum column brief_columns[] = {
	CAUSE_MESSAGES, CAUSE_WORDS, CAUSE_LAST
};

const struct list_column *
causes_layout(struct causes *c, int width, size_t *count_out)
{
	c->brief = width < CAUSES_BRIEF_COLUMNS;
	c->blocks = term_canvas()->blocks;
	*count_out = c->brief ? sizeof brief / sizeof *brief :
		sizeof wide / sizeof *wide - (width < SHARE_LEAST);
	return c->brief ? brief : wide;
}

bool
causes_is_doubt(const struct history_cause_row *row)
{
	return row->cause == HISTORY_CAUSE_DOUBT;
}

struct history_query
causes_query(const struct causes *c, const struct history_cause_row *row)
{
	bool doubt = causes_is_doubt(row);

	return (struct history_query){ .states = STATE_BIT(c->state),
		.cause = doubt ? 0 : row->cause, .doubt = doubt,
		.suspect = doubt ? HISTORY_SUSPECT_ANY : row->suspect ?
			HISTORY_SUSPECT_YES : HISTORY_SUSPECT_NO };
}

int64_t
causes_row_id(const struct history_cause_row *row)
{
	return row->cause * 2 + row->suspect;
}

static void
forget(struct causes *c)
{
	while (c->count > 0)
		history_cause_row_release(&c->rows[--c->count]);
}

void
causes_init(struct causes *c, struct history *history, enum state state)
{
	*c = (struct causes){ .history = history, .state = state,
		.rows = xcalloc(CAUSES_MAX + 1, sizeof *c->rows),
		.looks = xcalloc(CAUSES_MAX, sizeof *c->looks) };
}

void
causes_release(struct causes *c)
{
	forget(c);
	free(c->rows);
	free(c->looks);
	c->rows = NULL;
	c->looks = NULL;
	c->look_count = 0;
}

/* Of one cause it says nothing that the cause does not. 0 or -1. */
static int
add_doubt(struct causes *c, struct error *err)
{
	struct history_cause_row row;
	int rc = history_cause_doubt(c->history, c->state, &row, err);

	if (rc <= 0 || row.code < 2)
		return rc < 0 ? -1 : 0;
	memmove(c->rows + 1, c->rows, (size_t)c->count++ * sizeof row);
	c->rows[0] = row;
	return 0;
}

static int
causes_count(void *ctx, int64_t *out, struct error *err)
{
	struct causes *c = ctx;
	int n;

	forget(c);
	c->now = mail_now(c->then);
	c->messages = 0;
	c->notes = !mail_past(c->then) && history_notes_any(c->history, err) >
		0;
	n = mail_past(c->then) ? history_at_causes(*c->then, c->state,
		c->rows, CAUSES_MAX, err) : history_causes(c->history,
		c->state, c->rows, CAUSES_MAX, err);
	if (n < 0)
		return -1;
	c->count = c->cause_count = n;
	c->generation++;
	for (int i = 0; i < n; i++)
		c->messages += c->rows[i].n;
	if (!mail_past(c->then) && add_doubt(c, err) < 0)
		return -1;
	*out = c->count;
	return 0;
}

static void *
copy(const void *data)
{
	const struct history_cause_row *from = data;
	struct history_cause_row *row = xmemdup(from, sizeof *from);

	row->class = from->class ? xstrdup(from->class) : NULL;
	row->reason = xstrdup(from->reason);
	return row;
}

static int64_t
id_of(const void *row)
{
	return causes_row_id(row);
}

/* Newest first, as the history gives them; those of several causes on top. */
static int
order(const void *one, const void *other)
{
	const struct history_cause_row *a = one, *b = other;

	if (causes_is_doubt(a) != causes_is_doubt(b))
		return causes_is_doubt(a) ? -1 : 1;
	if (a->last_at != b->last_at)
		return a->last_at > b->last_at ? -1 : 1;
	return causes_row_id(a) < causes_row_id(b) ? -1 :
		causes_row_id(a) > causes_row_id(b);
}

static const struct list_kept kept = {
	.size = sizeof(struct history_cause_row), .order = order, .id = id_of,
	.copy = copy, .gone = "0",	/* messages */
};

static int
causes_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct causes *c = ctx;

	(void)err;
	return list_kept_fetch(&kept, c->rows, c->count, anchor, forward, n,
		out);
}

static int
causes_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct causes *c = ctx;

	(void)err;
	return list_kept_lookup(&kept, c->rows, c->count, id, out, gone);
}

static int
causes_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	(void)ctx;
	return order(a->data, b->data);
}

static void
causes_row_free(void *ctx, struct list_row *row)
{
	(void)ctx;
	history_cause_row_release(row->data);
	free(row->data);
	row->data = NULL;
}

/* ---- words ---- */

const struct history_cause_look *
causes_look(struct causes *c, const struct history_cause_row *row)
{
	struct error err = ERROR_INIT;
	struct causes_look *l;
	int i;

	if (mail_past(c->then) || causes_is_doubt(row))
		return NULL;
	for (i = 0; i < c->look_count; i++)
		if (c->looks[i].id == causes_row_id(row))
			break;
	l = &c->looks[i < CAUSES_MAX ? i : CAUSES_MAX - 1];
	if (i < c->look_count && l->n == row->n && l->last_at == row->last_at)
		return &l->look;
	if (history_cause_look(c->history, c->state, row->cause, row->suspect,
	    &l->look, &err) < 0)
		return NULL;
	l->id = causes_row_id(row);
	l->n = row->n;
	l->last_at = row->last_at;
	if (i == c->look_count && i < CAUSES_MAX)
		c->look_count++;
	return &l->look;
}

/* "9", "999+"; "412+" when not all rows were looked at. */
static void
add_senders(const struct history_cause_row *row,
	const struct history_cause_look *l, struct str *out)
{
	if (!l)
		str_add_char(out, '-');
	else
		str_addf(out, "%d%s", l->senders > 999 ? 999 :
			(int)l->senders, l->senders > 999 ||
			row->n > l->rows ? "+" : "");
}

static void
add_result(const struct history_cause_row *row, bool short_, struct str *out)
{
	if (row->signal)
		str_addf(out, "crashed, signal %d", row->signal);
	else if (row->code != HISTORY_NO_CODE)
		str_addf(out, "%s%d", short_ ? "" : "code ", row->code);
	else
		str_add(out, row->reason && *row->reason ? row->reason :
			row->class);
}

void
causes_words(const struct history_cause_row *row,
	const struct history_cause_look *l, bool short_, struct str *out)
{
	const char *meaning = row->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(row->code);
	const char *blanks = short_ ? " " : "  ";

	if (causes_is_doubt(row)) {
		str_addf(out, short_ ? "may have been delivered" :
			"may have been delivered, %d causes",
			row->code);
		return;
	}
	add_result(row, short_ && !row->suspect, out);
	if (row->suspect) {
		str_add(out, short_ ? " in a row: SUSPECT" :
			", all in one row: SUSPECT");
		return;
	}
	if (row->code == HISTORY_NO_CODE && !row->signal)
		;
	else if (row->reason)
		str_addf(out, "%s%s", blanks, row->reason);
	else if (!row->signal)
		str_addf(out, "%s%s", blanks, meaning ? meaning :
			"not documented");
	if (!short_ && l && strcmp(row->class, class_word(CLASS_CRASHED)) == 0
	    && l->tries_most > 1 && l->tries_least == l->tries_most)
		str_addf(out, ", %" PRId64 " tries%s", l->tries_most,
			row->n == 1 ? "" : " each");
}

static void
causes_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	struct causes *c = ctx;
	const struct history_cause_row *r = row->data;
	char number[TEXT_NUMBER_MAX], at[16];

	switch (c->brief ? brief_columns[column] : (enum column)column) {
	case CAUSE_MESSAGES:
		str_add(out, c->brief ? text_brief_count(number,
			(uint64_t)r->n) : text_count(number, (uint64_t)r->n));
		break;
	case CAUSE_WORDS:
		causes_words(r, c->brief ? NULL : causes_look(c, r), c->brief, out);
		break;
	case CAUSE_FIRST:
		str_add(out, mail_time(at, r->first_at, c->now));
		break;
	case CAUSE_LAST:
		str_add(out, mail_time(at, r->last_at, c->now));
		break;
	case CAUSE_SENDERS:
		add_senders(r, causes_look(c, r), out);
		break;
	case CAUSE_RETRIED:
		str_add(out, mail_past(c->then) ? "-" : text_count(number,
			(uint64_t)r->retried));
		break;
	case CAUSE_SHARE:
		bar_add(out, SHARE_COLUMNS, r->n, c->messages, c->blocks);
		break;
	}
}

static void
causes_marks(void *ctx, const struct list_row *row, char out[LIST_MARKS])
{
	const struct history_cause_row *r = row->data;
	const struct causes *c = ctx;

	if (causes_is_doubt(r))
		out[0] = 'D';
	else if (r->suspect)
		out[2] = '?';
	else if (c->notes)
		out[2] = mail_note_mark(c->history, 0, r->cause, c->now);
}

static enum role
causes_role(void *ctx, const struct list_row *row)
{
	const struct history_cause_row *r = row->data;

	return mail_fresh_role(r->last_at, ((const struct causes *)ctx)->now);
}

static enum role
causes_cell_role(void *ctx, const struct list_row *row, size_t column)
{
	const struct causes *c = ctx;
	const struct history_cause_row *r = row->data;

	enum column what = c->brief ? brief_columns[column] :
		(enum column)column;

	return what == CAUSE_LAST ? mail_time_role(r->last_at, c->now) :
		what == CAUSE_SHARE ? ROLE_BAR : ROLE_NORMAL;
}

const struct list_source causes_source = {
	.count = causes_count,
	.fetch = causes_fetch,
	.lookup = causes_lookup,
	.compare = causes_compare,
	.row_free = causes_row_free,
	.cell = causes_cell,
	.cell_role = causes_cell_role,
	.role = causes_role,
	.marks = causes_marks,
	.explain = mail_mark_words,
};
