/* tags: see tags.h for the contract. */
#include "list/tags.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

void
tags_release(struct tags *tags)
{
	free(tags->ids);
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

bool
tags_add(struct tags *tags, int64_t id)
{
	size_t at = place(tags, id);

	if (at < tags->count && tags->ids[at] == id)
		return true;
	if (tags->count == TAGS_MAX)
		return false;
	xgrow(&tags->ids, &tags->cap, tags->count + 1, sizeof *tags->ids,
		TAGS_MAX);
	memmove(tags->ids + at + 1, tags->ids + at,
		(tags->count - at) * sizeof *tags->ids);
	tags->ids[at] = id;
	tags->count++;
	return true;
}

void
tags_remove(struct tags *tags, int64_t id)
{
	size_t at = place(tags, id);

	if (at == tags->count || tags->ids[at] != id)
		return;
	tags->count--;
	memmove(tags->ids + at, tags->ids + at + 1,
		(tags->count - at) * sizeof *tags->ids);
}

void
tags_swap(struct tags *a, struct tags *b)
{
	struct tags kept = *a;

	*a = *b;
	*b = kept;
}

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
is_rising(const int64_t *ids, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (ids[i - 1] >= ids[i])
			return false;
	return true;
}

/* Two rising lists into one; what is in both is in it once. */
static void
merge(struct tags *tags, const int64_t *ids, size_t n)
{
	size_t old = tags->count, i = 0, k = 0, count = 0;
	int64_t *all = xcalloc(old + n, sizeof *all);

	while (i < old || k < n) {
		int64_t id = k == n || (i < old && tags->ids[i] <= ids[k]) ?
			tags->ids[i++] : ids[k++];

		if (!count || all[count - 1] != id)
			all[count++] = id;
	}
	free(tags->ids);
	*tags = (struct tags){ .ids = all, .count = count, .cap = old + n };
}

bool
tags_take_all(struct tags *tags, int64_t *ids, size_t n)
{
	bool fits = n <= TAGS_MAX - tags->count;

	if (fits && n && !is_rising(ids, n))
		qsort(ids, n, sizeof *ids, compare_ids);
	if (fits && n && !tags->count && is_rising(ids, n)) {
		free(tags->ids);
		*tags = (struct tags){ .ids = ids, .count = n, .cap = n };
		return true;
	}
	if (fits && n)
		merge(tags, ids, n);
	free(ids);
	return fits;
}
