/* SPDX-License-Identifier: ISC */
/*
 * work_list: actions on messages as a list: jobs that are not over, then all
 * else, each newest first; with what came of what they put back. A source in the sense of
 * list.h; the data of a row is a struct work_row.
 */
#ifndef CCMQ_UI_WORK_LIST_H
#define CCMQ_UI_WORK_LIST_H

#include "history/history_at.h"
#include "list/list.h"
#include "list/list_layout.h"

#define WORK_COLUMNS 5

extern const struct list_column work_columns[WORK_COLUMNS];

struct work_list {
	struct history *history;	/* borrowed */
	struct history_at *const *then;	/* borrowed; if there is one, what had
					 * begun by then */
	int64_t now;
	const char *filter;		/* borrowed, see work_filter.h; "" none */
	bool partial;			/* it was not asked about all of them */
};

struct work_row {
	struct history_action action;
	struct str words;		/* what came of it */
};

extern const struct list_source work_source;

#endif
