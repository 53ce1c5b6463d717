/* SPDX-License-Identifier: ISC */
/* view_items: see view_items.h for the contract. */
#include "app/view_items.h"

#include "app/says.h"
#include "page/message_part.h"
#include "view/log_list.h"

static const struct list_column *
columns(const struct view *v, int width, size_t *count_out)
{
	(void)v;
	*count_out = result_columns_of(width);
	return result_columns;
}

static void
info(struct desk *desk, const struct view *v, struct str *out)
{
	const struct log_results *results = v->panes[PANE_INNER].ctx;

	(void)desk;
	str_add(out, results->words.data);
}

static const char *
empty(const struct desk *desk, const struct view *v)
{
	(void)desk, (void)v;
	return says_empty_items;
}

static struct request
open_message(struct desk *desk, struct view *v, const struct list_row *row)
{
	(void)desk, (void)v;
	return (struct request){ REQUEST_MESSAGE, ACTION_NONE, row->id,
		TAB_TEXT };
}

const struct pane_kind view_items = {
	.context = KEYMAP_LOG,
	.source = &results_source,
	.columns = columns,
	.info = info,
	.empty = empty,
	.open = open_message,
};
