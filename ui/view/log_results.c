/* SPDX-License-Identifier: ISC */
/* log_list: what one action did to each of its messages. See log_list.h. */
#include "view/log_list.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { R_MESSAGE, R_RESULT, R_STATE, R_WHY, R_SUBJECT };

const struct list_column result_columns[RESULT_COLUMNS] = {
	[R_MESSAGE] = { "MESSAGE", 0, 7, 9, true, 0, false },
	[R_RESULT] = { "RESULT", 0, 8, 0, false, 0, false },
	[R_STATE] = { "FROM, TO", 0, 24, 0, false, 1, false },
	[R_WHY] = { "WHAT CAME OF IT", 0, 10, LIST_UNLIMITED, false, 2, true },
	[R_SUBJECT] = { "SUBJECT", 0, 10, 36, false, 3, false },
};

size_t
result_columns_of(int width)
{
	return RESULT_COLUMNS - (width < RESULT_WIDE);
}

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

/* What came of it, or why not. */
static void
add_why(const struct history_item *item, struct str *out)
{
	if (!item->outcome) {
		str_add(out, item->why ? item->why : "");
		return;
	}
	str_add(out, item->outcome);
	if (item->outcome_code != HISTORY_NO_CODE)
		str_addf(out, ", code %d", item->outcome_code);
	if (item->outcome_reason)
		str_addf(out, " %s", item->outcome_reason);
}

static void
add_subject(const struct log_results *l, int64_t id, struct str *out)
{
	struct history_message m;
	struct error ignored = ERROR_INIT;

	if (history_message_get(l->history, id, &m, &ignored) > 0) {
		str_add(out, m.subject ? m.subject : m.name);
		history_message_release(&m);
	}
}

static void
results_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct history_item *item = row->data;

	switch (column) {
	case R_MESSAGE: str_addf(out, "%" PRId64, item->message); break;
	case R_RESULT: str_add(out, item->result); break;
	case R_STATE:
		str_add(out, item->from_state ? item->from_state : "");
		if (item->to_state && item->from_state &&
		    strcmp(item->from_state, item->to_state) != 0)
			str_addf(out, ", %s", item->to_state);
		break;
	case R_WHY: add_why(item, out); break;
	case R_SUBJECT: add_subject(ctx, item->message, out); break;
	default: break;
	}
}

/* What is still to come is not what matters. */
static void
results_marks(void *ctx, const struct list_row *row, char out[LIST_MARKS])
{
	const struct history_item *item = row->data;

	(void)ctx;
	if (item->outcome ? strcmp(item->outcome, "failed again") == 0 :
	    strcmp(item->result, "done") != 0 &&
	    strcmp(item->result, "noted") != 0 &&
	    strcmp(item->result, "pending") != 0)
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
