/* SPDX-License-Identifier: ISC */
/*
 * tags: a set of message ids, sorted, each with the state it was seen in.
 *
 * `struct tags t = TAGS_INIT;` … tags_release. Sorted, so that it is a list of
 * ids, oldest first, as the operations want it.
 */
#ifndef CCMQ_UI_TAGS_H
#define CCMQ_UI_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More messages than any store holds; 144 MB. */
#define TAGS_MAX ((size_t)16 << 20)

struct tags {
	int64_t *ids;		/* ascending, no two alike */
	unsigned char *states;	/* what list_row.state was, one for each */
	size_t count;
	size_t cap, states_cap;
};

#define TAGS_INIT { NULL, NULL, 0, 0, 0 }

void tags_release(struct tags *tags);
void tags_clear(struct tags *tags);
bool tags_has(const struct tags *tags, int64_t id);

/* Adding ids in ascending order costs least. What is over TAGS_MAX is left
 * out: false. */
bool tags_add(struct tags *tags, int64_t id, int state);
void tags_remove(struct tags *tags, int64_t id);
/* So many rising ids, in one pass. */
void tags_remove_all(struct tags *tags, const int64_t *ids, size_t n);

/* Puts each in the other's place. */
void tags_swap(struct tags *a, struct tags *b);

/* Adds all of another set; an id that is in both keeps the state it has. False:
 * too many, none was added. */
bool tags_add_all(struct tags *tags, const struct tags *more);

/* To gather ids in any order: append, then tags_sort, before anything else is
 * asked of it. False: too many. */
bool tags_append(struct tags *tags, int64_t id, int state);
void tags_sort(struct tags *tags);

#endif
