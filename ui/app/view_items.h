/* SPDX-License-Identifier: ISC */
/*
 * view_items: what the inner lists of Log and Work have in common: the results
 * of one action, each of which opens its message.
 */
#ifndef CCMQ_UI_VIEW_ITEMS_H
#define CCMQ_UI_VIEW_ITEMS_H

#include "app/view.h"

/* As in struct pane_kind. */
const struct list_column *view_items_columns(const struct view *v, int width,
	size_t *count_out);
const char *view_items_empty(const struct desk *desk, const struct view *v);
struct request view_items_open(struct desk *desk, struct view *v,
	const struct list_row *row);

#endif
