/* SPDX-License-Identifier: ISC */
/* list_layout: see list_layout.h for the contract. */
#include "list/list_layout.h"

#include <assert.h>

#define FULL_TEXT 60	/* width of an unlimited column when shifted */

/* Columns of the screen that the slots take, blanks between included. */
static int
taken(const struct list_slot *slots, size_t n)
{
	int sum = LIST_GUTTER;

	for (size_t i = 0; i < n; i++)
		sum += slots[i].width + (i > 0);
	return sum;
}

/* Takes out the column that goes first. False: none may go. */
static bool
drop_one(const struct list_column *columns, struct list_slot *slots,
	size_t *n)
{
	size_t worst = 0;

	for (size_t i = 1; i < *n; i++)
		if (columns[slots[i].column].drop >=
		    columns[slots[worst].column].drop)
			worst = i;
	if (!*n || columns[slots[worst].column].drop == 0)
		return false;
	for (size_t i = worst + 1; i < *n; i++)
		slots[i - 1] = slots[i];
	(*n)--;
	return true;
}

/* Gives what is left to the columns that may grow, one after the other. */
static void
grow(const struct list_column *columns, struct list_slot *slots, size_t n,
	int left)
{
	bool grew = true;

	while (left > 0 && grew) {
		grew = false;
		for (size_t i = 0; i < n && left > 0; i++) {
			if (slots[i].width >= columns[slots[i].column].most)
				continue;
			slots[i].width++;
			left--;
			grew = true;
		}
	}
}

static void
place(struct list_slot *slots, size_t n, int at)
{
	for (size_t i = 0; i < n; i++) {
		slots[i].at = at;
		at += slots[i].width + 1;
	}
}

size_t
list_layout(const struct list_column *columns, size_t count, int width,
	struct list_slot out[LIST_COLUMNS_MAX])
{
	size_t n = count;

	assert(count <= LIST_COLUMNS_MAX);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct list_slot){
			.column = i, .width = columns[i].least };
	while (taken(out, n) > width && drop_one(columns, out, &n))
		;
	grow(columns, out, n, width - taken(out, n));
	place(out, n, LIST_GUTTER);
	return n;
}

size_t
list_layout_full(const struct list_column *columns, size_t count,
	size_t left, struct list_slot out[LIST_COLUMNS_MAX])
{
	assert(count <= LIST_COLUMNS_MAX);
	for (size_t i = 0; i < count; i++) {
		int full = columns[i].most == LIST_UNLIMITED ? FULL_TEXT :
			columns[i].most;

		if (full < columns[i].least)
			full = columns[i].least;
		out[i] = (struct list_slot){ .column = i, .width = full };
	}
	place(out, count, LIST_GUTTER - (int)left);
	return count;
}
