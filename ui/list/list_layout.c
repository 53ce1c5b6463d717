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

/* Gives what is left to columns that grow to a limit. */
static int
grow_limited(const struct list_column *columns, struct list_slot *slots,
	size_t n, int left)
{
	for (size_t i = 0; i < n && left > 0; i++) {
		const struct list_column *c = &columns[slots[i].column];
		int more = c->most - slots[i].width;

		if (c->most == LIST_UNLIMITED || more <= 0)
			continue;
		more = more < left ? more : left;
		slots[i].width += more;
		left -= more;
	}
	return left;
}

static void
grow_unlimited(const struct list_column *columns, struct list_slot *slots,
	size_t n, int left)
{
	int growing = 0;

	for (size_t i = 0; i < n; i++)
		growing += columns[slots[i].column].most == LIST_UNLIMITED;
	for (size_t i = 0; i < n && growing; i++) {
		int share;

		if (columns[slots[i].column].most != LIST_UNLIMITED)
			continue;
		share = left / growing--;
		slots[i].width += share;
		left -= share;
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
	int left;

	assert(count <= LIST_COLUMNS_MAX);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct list_slot){
			.column = i, .width = columns[i].least };
	while (taken(out, n) > width && drop_one(columns, out, &n))
		;
	left = width - taken(out, n);
	if (left > 0)
		left = grow_limited(columns, out, n, left);
	if (left > 0)
		grow_unlimited(columns, out, n, left);
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
