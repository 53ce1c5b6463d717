/* SPDX-License-Identifier: ISC */
/* tags: see tags.h for the contract. */
#include "list/tags.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

void
tags_release(struct tags *tags)
{
	free(tags->ids);
	free(tags->states);
	*tags = (struct tags)TAGS_INIT;
}

void
tags_clear(struct tags *tags)
{
	tags->count = 0;
}

/* The place of the first id that is not below. */
static size_t
place(const struct tags *tags, int64_t id)
{
	size_t low = 0, high = tags->count;

	/* Most ids come in ascending order. */
	if (high && tags->ids[high - 1] < id)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tags->ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
tags_has(const struct tags *tags, int64_t id)
{
	size_t at = place(tags, id);

	return at < tags->count && tags->ids[at] == id;
}

static void
make_room(struct tags *tags, size_t count)
{
	xgrow(&tags->ids, &tags->cap, count, sizeof *tags->ids, TAGS_MAX);
	xgrow(&tags->states, &tags->states_cap, count, sizeof *tags->states,
		TAGS_MAX);
}

/* Room for one more at `at`. */
static void
open_gap(struct tags *tags, size_t at)
{
	make_room(tags, tags->count + 1);
	memmove(tags->ids + at + 1, tags->ids + at,
		(tags->count - at) * sizeof *tags->ids);
	memmove(tags->states + at + 1, tags->states + at, tags->count - at);
	tags->count++;
}

bool
tags_add(struct tags *tags, int64_t id, int state)
{
	size_t at = place(tags, id);

	if (at < tags->count && tags->ids[at] == id)
		return true;
	if (tags->count == TAGS_MAX)
		return false;
	open_gap(tags, at);
	tags->ids[at] = id;
	tags->states[at] = (unsigned char)state;
	return true;
}

void
tags_remove_all(struct tags *tags, const int64_t *ids, size_t n)
{
	size_t kept = n ? place(tags, ids[0]) : tags->count, k = 0;

	for (size_t i = kept; i < tags->count; i++) {
		while (k < n && ids[k] < tags->ids[i])
			k++;
		if (k < n && ids[k] == tags->ids[i])
			continue;
		tags->ids[kept] = tags->ids[i];
		tags->states[kept++] = tags->states[i];
	}
	tags->count = kept;
}

void
tags_remove(struct tags *tags, int64_t id)
{
	tags_remove_all(tags, &id, 1);
}

void
tags_swap(struct tags *a, struct tags *b)
{
	struct tags kept = *a;

	*a = *b;
	*b = kept;
}

bool
tags_append(struct tags *tags, int64_t id, int state)
{
	size_t at = tags->count;

	if (at == TAGS_MAX)
		return false;
	open_gap(tags, at);
	tags->ids[at] = id;
	tags->states[at] = (unsigned char)state;
	return true;
}

struct tag {
	int64_t id;
	unsigned char state;
};

static int
compare_tags(const void *a, const void *b)
{
	const struct tag *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static bool
is_rising(const struct tags *tags)
{
	for (size_t i = 1; i < tags->count; i++)
		if (tags->ids[i - 1] >= tags->ids[i])
			return false;
	return true;
}

void
tags_sort(struct tags *tags)
{
	struct tag *all;
	size_t kept = 0;

	if (is_rising(tags))
		return;
	all = xcalloc(tags->count, sizeof *all);
	for (size_t i = 0; i < tags->count; i++)
		all[i] = (struct tag){ tags->ids[i], tags->states[i] };
	qsort(all, tags->count, sizeof *all, compare_tags);
	for (size_t i = 0; i < tags->count; i++) {
		if (kept && tags->ids[kept - 1] == all[i].id)
			continue;
		tags->ids[kept] = all[i].id;
		tags->states[kept++] = all[i].state;
	}
	tags->count = kept;
	free(all);
}

static void
copy(struct tags *to, const struct tags *from)
{
	memcpy(to->ids + to->count, from->ids, from->count * sizeof *to->ids);
	memcpy(to->states + to->count, from->states, from->count);
	to->count += from->count;
}

/* Two rising lists into one. */
static void
merge(struct tags *to, const struct tags *a, const struct tags *b)
{
	size_t i = 0, k = 0;

	while (i < a->count || k < b->count) {
		bool first = k == b->count || (i < a->count &&
			a->ids[i] <= b->ids[k]);
		const struct tags *from = first ? a : b;
		size_t at = first ? i++ : k++;

		if (to->count && to->ids[to->count - 1] == from->ids[at])
			continue;
		to->ids[to->count] = from->ids[at];
		to->states[to->count++] = from->states[at];
	}
}

bool
tags_add_all(struct tags *tags, const struct tags *more)
{
	struct tags all = TAGS_INIT;

	if (more->count > TAGS_MAX - tags->count)
		return false;
	if (!more->count)
		return true;
	/* What is behind it needs no room beside it. */
	if (!tags->count || more->ids[0] > tags->ids[tags->count - 1]) {
		make_room(tags, tags->count + more->count);
		copy(tags, more);
		return true;
	}
	make_room(&all, tags->count + more->count);
	merge(&all, tags, more);
	tags_release(tags);
	*tags = all;
	return true;
}
