/* SPDX-License-Identifier: ISC */
/*
 * fake_source: a million messages that need no store, as a list_source.
 *
 * For the unit tests of list and for the screen tests' demo. Rows have ids 1
 * to n; their other facts follow from the id. Order by id or by size, both
 * ways; single rows can be taken away and brought back.
 */
#ifndef CCMQ_TESTS_FAKE_SOURCE_H
#define CCMQ_TESTS_FAKE_SOURCE_H

#include "list/list.h"

struct fake_key {
	int64_t key, id;
};

struct fake {
	int64_t n;
	struct fake_key *order;		/* sorted by key, then id */
	bool *absent;			/* by id */
	bool backward;
	bool fail;			/* every call fails */
	int slices;			/* until it is ready */
	int64_t only_multiples_of;	/* the filter; 1: all */
	const char *(*subject)(int64_t id);	/* NULL: a plain one */
	/* What it cost. */
	size_t calls, rows_read, rows_alive;
};

extern const struct list_source fake_source;

enum fake_column {
	FAKE_ID,
	FAKE_SINCE,
	FAKE_SIZE,
	FAKE_RESULT,
	FAKE_FROM,
	FAKE_SUBJECT,
	FAKE_COLUMNS
};

void fake_init(struct fake *fake, int64_t n);
void fake_release(struct fake *fake);
void fake_sort_by_id(struct fake *fake, bool backward);
void fake_sort_by_size(struct fake *fake, bool backward);
int64_t fake_size(int64_t id);

#endif
