/*
 * tags: a set of message ids, sorted.
 *
 * `struct tags t = TAGS_INIT;` … tags_release. Sorted, so that it is a list of
 * ids, oldest first, as the operations want it.
 */
#ifndef CCMQ_UI_TAGS_H
#define CCMQ_UI_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More messages than any store holds; 128 MB of ids. */
#define TAGS_MAX ((size_t)16 << 20)

struct tags {
	int64_t *ids;		/* ascending, no two alike */
	size_t count;
	size_t cap;
};

#define TAGS_INIT { NULL, 0, 0 }

void tags_release(struct tags *tags);
void tags_clear(struct tags *tags);
bool tags_has(const struct tags *tags, int64_t id);

/* Adding ids in ascending order costs least. What is over TAGS_MAX is left
 * out: false. */
bool tags_add(struct tags *tags, int64_t id);
void tags_remove(struct tags *tags, int64_t id);

/* Puts each in the other's place. */
void tags_swap(struct tags *a, struct tags *b);

/* Adds n ids in any order, and takes their array over (malloc). False: too many,
 * none was added. */
bool tags_take_all(struct tags *tags, int64_t *ids, size_t n);

#endif
