/* log_list: see log_list.h for the contract. */
#include "view/log_list.h"
#include "base/clock.h"
#include "view/mail.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { L_WHEN, L_WHAT, L_MESSAGE, L_WORDS };
enum { R_MESSAGE, R_RESULT, R_STATE, R_WHY };

const struct list_column log_columns[LOG_COLUMNS] = {
	[L_WHEN] = { "WHEN", 0, 8, 0, true, 0, false },
	[L_WHAT] = { "WHAT", 0, 7, 0, false, 1, false },
	[L_MESSAGE] = { "MESSAGE", 0, 7, 9, true, 2, false },
	[L_WORDS] = { "", 0, 14, LIST_UNLIMITED, false, 0, true },
};

const struct list_column result_columns[RESULT_COLUMNS] = {
	[R_MESSAGE] = { "MESSAGE", 0, 7, 9, true, 0, false },
	[R_RESULT] = { "RESULT", 0, 8, 0, false, 0, false },
	[R_STATE] = { "FROM, TO", 0, 24, 0, false, 1, false },
	[R_WHY] = { "WHY", 0, 10, LIST_UNLIMITED, false, 2, true },
};

/* ---- the log ---- */

int64_t
log_row_id(enum history_log_kind kind, int64_t id)
{
	return id * HISTORY_LOG_KINDS + (int64_t)kind;
}

static struct list_row
take_row(struct history_log_row *row)
{
	return (struct list_row){ .id = log_row_id(row->kind, row->id),
		.data = xmemdup(row, sizeof *row) };
}

static void
log_row_free(void *ctx, struct list_row *row)
{
	(void)ctx;
	history_log_release(row->data);
	free(row->data);
	row->data = NULL;
}

/* Nobody counts what happened; the list is as long as one likes to look. */
static int
log_count(void *ctx, int64_t *out, struct error *err)
{
	struct log_list *l = ctx;

	(void)err;
	l->now = clock_wall();
	*out = 0;
	return 0;
}

static int
log_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct log_list *l = ctx;
	struct history_log_row *rows = xcalloc(n, sizeof *rows);
	/* Newest first: forward in the list is back in time. */
	int got = history_log(l->history, anchor ? anchor->data : NULL,
		!forward, rows, (int)n, err);

	for (int i = 0; i < got; i++)
		out[i] = take_row(&rows[i]);
	free(rows);
	return got;
}

static int
log_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct log_list *l = ctx;
	struct history_log_row row;
	int rc = history_log_get(l->history, (enum history_log_kind)(id %
		HISTORY_LOG_KINDS), id / HISTORY_LOG_KINDS, &row, err);

	if (rc > 0)
		*out = take_row(&row);
	if (rc == 0)
		snprintf(gone, LIST_GONE_MAX, "forgotten");
	return rc;
}

static int
log_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	(void)ctx;
	return -history_log_compare(a->data, b->data);
}

static void
add_printable(struct str *out, const char *text)
{
	text_add_printable(out, text, strlen(text));
}

static void
attempt_words(const struct history_attempt *a, struct str *out)
{
	const char *meaning = a->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(a->code);
	char took[TEXT_NUMBER_MAX];

	if (!a->class)
		str_add(out, "runs");
	else if (a->signal)
		str_addf(out, "crashed, signal %d", a->signal);
	else if (a->code != HISTORY_NO_CODE)
		str_addf(out, "code %d %s", a->code, meaning ? meaning :
			a->class);
	else
		str_add(out, a->class);
	if (a->took_ms >= CLOCK_SECOND)
		str_addf(out, ", %s", text_duration(took, a->took_ms));
	if (a->reason) {
		str_add(out, ": ");
		add_printable(out, a->reason);
	}
	if (strcmp(a->why, "arrived") != 0)
		str_addf(out, " (%s)", a->why);
}

void
log_action_words(const struct history_action *a, struct str *out)
{
	char n[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];

	str_addf(out, "%s by ", a->verb);
	add_printable(out, a->by);
	if (a->total > 1)
		str_addf(out, ": %s of %s done", text_exact(n,
			(uint64_t)a->done), text_exact(all,
				(uint64_t)a->total));
	if (a->skipped)
		str_addf(out, ", %s skipped", text_exact(n,
			(uint64_t)a->skipped));
	if (a->failed)
		str_addf(out, ", %s failed", text_exact(n,
			(uint64_t)a->failed));
	if (a->total > 1 && a->ended_at == HISTORY_NO_TIME)
		str_add(out, ", not finished");
	if (a->undone_by)
		str_add(out, ", undone");
	if (a->reason) {
		str_add(out, "  \"");
		add_printable(out, a->reason);
		str_add(out, "\"");
	}
	if (a->detail) {
		str_add(out, "  ");
		add_printable(out, a->detail);
	}
}

void
log_words(const struct history_log_row *row, struct str *out)
{
	if (row->kind == HISTORY_LOG_ATTEMPT)
		attempt_words(&row->attempt, out);
	else if (row->kind == HISTORY_LOG_ACTION)
		log_action_words(&row->action, out);
	else
		add_printable(out, row->event.text);
}

static void
add_what(const struct history_log_row *row, struct str *out)
{
	if (row->kind == HISTORY_LOG_ATTEMPT)
		str_add(out, row->attempt.probe ? "test" : "attempt");
	else if (row->kind == HISTORY_LOG_ACTION)
		str_add(out, "action");
	else
		str_add(out, "event");
}

static void
log_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct log_list *l = ctx;
	const struct history_log_row *r = row->data;
	char at[16];

	switch (column) {
	case L_WHEN: str_add(out, mail_moment(at, r->at, l->now)); break;
	case L_WHAT: add_what(r, out); break;
	case L_MESSAGE:
		if (r->message)
			str_addf(out, "%" PRId64, r->message);
		else if (r->kind == HISTORY_LOG_ACTION && r->action.total > 1)
			str_add(out, "many");
		break;
	case L_WORDS: log_words(r, out); break;
	default: break;
	}
}

static enum history_severity
severity(const struct history_log_row *r)
{
	return r->kind == HISTORY_LOG_EVENT ? r->event.severity :
		SEVERITY_INFO;
}

static void
log_marks(void *ctx, const struct list_row *row, char out[LIST_MARKS])
{
	const struct history_log_row *r = row->data;
	bool bad = r->kind == HISTORY_LOG_ATTEMPT ? r->attempt.class &&
		strcmp(r->attempt.class, class_word(CLASS_IMPORTED)) != 0 :
		severity(r) != SEVERITY_INFO;

	(void)ctx;
	if (bad)
		out[2] = '!';
}

static enum role
log_role(void *ctx, const struct list_row *row)
{
	enum history_severity s = severity(row->data);

	(void)ctx;
	return s == SEVERITY_ERROR ? ROLE_BAD : s == SEVERITY_WARNING ?
		ROLE_LOOK : ROLE_NORMAL;
}

const struct list_source log_source = {
	.count = log_count,
	.fetch = log_fetch,
	.lookup = log_lookup,
	.compare = log_compare,
	.row_free = log_row_free,
	.cell = log_cell,
	.marks = log_marks,
	.role = log_role,
};

/* ---- what one action did ---- */

static struct list_row
take_item(struct history_item *item)
{
	return (struct list_row){ item->message,
		.data = xmemdup(item, sizeof *item) };
}

static void
results_row_free(void *ctx, struct list_row *row)
{
	(void)ctx;
	history_item_release(row->data);
	free(row->data);
	row->data = NULL;
}

static int
results_count(void *ctx, int64_t *out, struct error *err)
{
	struct log_results *l = ctx;

	(void)err;
	*out = l->total;
	return 0;
}

static int
results_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct log_results *l = ctx;
	struct history_item *rows = xcalloc(n, sizeof *rows);
	int64_t place = anchor ? anchor->id : forward ? 0 : INT64_MAX;
	int got = forward ? history_items(l->history, l->action, place, rows,
		(int)n, err) : history_items_before(l->history, l->action,
			place, rows, (int)n, err);

	for (int i = 0; i < got; i++)
		out[i] = take_item(&rows[i]);
	free(rows);
	return got;
}

static int
results_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct log_results *l = ctx;
	struct history_item item;
	int rc = history_item_get(l->history, l->action, id, &item, err);

	if (rc > 0)
		*out = take_item(&item);
	if (rc == 0)
		snprintf(gone, LIST_GONE_MAX, "forgotten");
	return rc;
}

static int
results_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	(void)ctx;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void
results_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct history_item *item = row->data;

	(void)ctx;
	switch (column) {
	case R_MESSAGE: str_addf(out, "%" PRId64, item->message); break;
	case R_RESULT: str_add(out, item->result); break;
	case R_STATE:
		str_add(out, item->from_state ? item->from_state : "");
		if (item->to_state && item->from_state &&
		    strcmp(item->from_state, item->to_state) != 0)
			str_addf(out, ", %s", item->to_state);
		break;
	case R_WHY: str_add(out, item->why ? item->why : ""); break;
	default: break;
	}
}

static void
results_marks(void *ctx, const struct list_row *row, char out[LIST_MARKS])
{
	const struct history_item *item = row->data;

	(void)ctx;
	if (strcmp(item->result, "done") != 0 &&
	    strcmp(item->result, "noted") != 0)
		out[2] = '!';
}

const struct list_source results_source = {
	.count = results_count,
	.fetch = results_fetch,
	.lookup = results_lookup,
	.compare = results_compare,
	.row_free = results_row_free,
	.cell = results_cell,
	.marks = results_marks,
};
