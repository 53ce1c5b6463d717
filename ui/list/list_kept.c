/* SPDX-License-Identifier: ISC */
/* list_kept: see list_kept.h for the contract. */
#include "list/list_kept.h"

#include <stdio.h>
#include <stdlib.h>

static struct list_row
take(const struct list_kept *kind, const void *row)
{
	return (struct list_row){ .id = kind->id(row), .data = kind->copy(row) };
}

int
list_kept_fetch(const struct list_kept *kind, void *rows, int count,
	const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out)
{
	size_t got = 0;

	if (count > 0)
		qsort(rows, (size_t)count, kind->size, kind->order);
	for (int k = 0; k < count && got < n; k++) {
		size_t i = (size_t)(forward ? k : count - 1 - k);
		const char *row = (const char *)rows + i * kind->size;
		int rc = anchor ? kind->order(row, anchor->data) : 0;

		if (!anchor || (forward ? rc > 0 : rc < 0))
			out[got++] = take(kind, row);
	}
	return (int)got;
}

int
list_kept_lookup(const struct list_kept *kind, const void *rows, int count,
	int64_t id, struct list_row *out, char gone[LIST_GONE_MAX])
{
	const char *row = rows;

	for (int i = 0; i < count; i++, row += kind->size)
		if (kind->id(row) == id) {
			*out = take(kind, row);
			return 1;
		}
	snprintf(gone, LIST_GONE_MAX, "%s", kind->gone);
	return 0;
}
