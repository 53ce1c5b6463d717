/* SPDX-License-Identifier: ISC */
/*
 * list_kept: what sources share that read all of their rows at each count and
 * keep them, as there are few: causes, reasons. Their fetch and lookup hand
 * their rows over, these do the rest.
 */
#ifndef CCMQ_UI_LIST_KEPT_H
#define CCMQ_UI_LIST_KEPT_H

#include "list/list.h"

struct list_kept {
	size_t size;				/* of a row */
	int (*order)(const void *a, const void *b);
	int64_t (*id)(const void *row);
	void *(*copy)(const void *row);		/* for struct list_row's data */
	const char *gone;			/* of one that is not there */
};

/* As fetch and lookup of struct list_source; puts the rows in order. */
int list_kept_fetch(const struct list_kept *kind, void *rows, int count,
	const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out);
int list_kept_lookup(const struct list_kept *kind, const void *rows, int count,
	int64_t id, struct list_row *out, char gone[LIST_GONE_MAX]);

#endif
