/* SPDX-License-Identifier: ISC */
/* list: tags. See list.h for the contract. */
#include "list/list_private.h"

/* Whether a row lies between the range's beginning and the cursor. */
static bool
in_range(const struct list *list, const struct list_row *row)
{
	const struct list_row *from = &list->range_from;
	const struct list_row *to;
	int a, b;

	if (!list->range || !list->count)
		return false;
	to = &list->lines[list->cursor].row;
	a = list->source->compare(list->ctx, row, from);
	b = list->source->compare(list->ctx, row, to);
	return (a >= 0 && b <= 0) || (a <= 0 && b >= 0);
}

bool
list_is_tagged(const struct list *list, const struct list_line *line)
{
	return tags_has(&list->tags, line->row.id) ||
		(!line->is_gone && in_range(list, &line->row));
}

int
list_tag(struct list *list, struct error *err)
{
	const struct list_row *row = list_current(list);

	if (!list->source->ids)
		return 0;
	if (row && tags_has(&list->tags, row->id))
		tags_remove(&list->tags, row->id);
	else if (row && !tags_add(&list->tags, row->id, row->state))
		return error_set(err, ERROR_INVALID, "too many tags");
	return list_move(list, 1, err);
}

static void
add_id(void *arg, int64_t id, int state)
{
	(void)tags_append(arg, id, state);
}

/* Tags all from one row to another. 0 or -1. */
static int
tag_between(struct list *list, const struct list_row *from,
	const struct list_row *to, struct error *err)
{
	struct tags all = TAGS_INIT;
	int rc;

	if (!list->source->ids)
		return 0;
	rc = list->source->ids(list->ctx, from, to, add_id, &all, err);
	if (rc == 0) {
		tags_sort(&all);
		if (!list->tags.count)
			tags_swap(&list->tags, &all);
		else if (!tags_add_all(&list->tags, &all))
			rc = error_set(err, ERROR_INVALID, "too many tags");
	}
	tags_release(&all);
	return rc;
}

int
list_range(struct list *list, struct error *err)
{
	const struct list_row *from = &list->range_from, *to, *swap;
	char gone[LIST_GONE_MAX];
	int status;

	to = list_current(list);
	if (!to || !list->source->ids)
		return 0;
	if (!list->range) {
		status = list->source->lookup(list->ctx, to->id,
			&list->range_from, gone, err);
		list->range = status > 0;
		return status < 0 ? -1 : 0;
	}
	if (list->source->compare(list->ctx, from, to) > 0) {
		swap = from;
		from = to;
		to = swap;
	}
	status = tag_between(list, from, to, err);
	list_range_drop(list);
	return status;
}

int
list_tag_all(struct list *list, struct error *err)
{
	return tag_between(list, NULL, NULL, err);
}

void
list_untag_all(struct list *list)
{
	if (list->range) {
		list_range_drop(list);
		return;
	}
	if (!list->tags.count) {
		tags_swap(&list->tags, &list->untagged);
		return;
	}
	tags_swap(&list->tags, &list->untagged);
	tags_clear(&list->tags);
}

int
list_range_end(struct list *list, struct error *err)
{
	const struct list_row *from = &list->range_from;
	int rc;

	if (!list->range)
		return 0;
	if (list_current(list))
		return list_range(list, err);
	/* On a gone row the cursor ends nothing: where it began counts. */
	rc = tag_between(list, from, from, err);
	list_range_drop(list);
	return rc;
}

enum list_which
list_which(const struct list *list)
{
	const struct list_row *row = list_current(list);

	if (!list->tags.count)
		return row ? LIST_WHICH_CURSOR : LIST_WHICH_NONE;
	if (!row || tags_has(&list->tags, row->id))
		return LIST_WHICH_TAGGED;
	return LIST_WHICH_ASK;
}
