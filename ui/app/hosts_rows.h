/* SPDX-License-Identifier: ISC */
/*
 * hosts_rows: what the console of many hosts lists: hosts, causes of all of
 * them, and what came of a verb.
 */
#ifndef CCMQ_UI_HOSTS_ROWS_H
#define CCMQ_UI_HOSTS_ROWS_H

#include "list/list.h"
#include "list/list_layout.h"
#include "reach/hosts_work.h"

enum hosts_what { HOSTS_ROWS, HOSTS_CAUSES, HOSTS_RESULTS, HOSTS_WHATS };

#define HOSTS_FILTER_MAX 200

struct hosts_rows {
	struct hosts *hosts;
	struct hosts_causes *causes;
	struct hosts_work *work;
	const int *own;			/* of each host its ROLE_OWN, or -1 */
	const char *filter;		/* "": none */

	/* private: as they were counted */
	struct host *host;
	struct hosts_cause *cause;
	struct hosts_item *item;
	int count[HOSTS_WHATS];
};

/* Its context is a struct hosts_rows. */
extern const struct list_source hosts_sources[HOSTS_WHATS];

const struct list_column *hosts_columns(enum hosts_what what, int width,
	size_t *count_out);

void hosts_rows_release(struct hosts_rows *r);

#endif
