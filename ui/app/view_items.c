/* SPDX-License-Identifier: ISC */
/* view_items: see view_items.h for the contract. */
#include "app/view_items.h"

#include "page/message_part.h"
#include "view/log_list.h"

const struct list_column *
view_items_columns(const struct view *v, int width, size_t *count_out)
{
	(void)v, (void)width;
	*count_out = RESULT_COLUMNS;
	return result_columns;
}

const char *
view_items_empty(const struct desk *desk, const struct view *v)
{
	(void)desk, (void)v;
	return "Its messages are forgotten. q goes back.";
}

struct request
view_items_open(struct desk *desk, struct view *v, const struct list_row *row)
{
	(void)desk, (void)v;
	return (struct request){ REQUEST_MESSAGE, ACTION_NONE, row->id,
		TAB_TEXT };
}
