/* list: tags. See list.h for the contract. */
#include "list/list.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

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

	if (row && tags_has(&list->tags, row->id))
		tags_remove(&list->tags, row->id);
	else if (row && !tags_add(&list->tags, row->id))
		return error_set(err, ERROR_INVALID, "too many tags");
	return list_move(list, 1, err);
}

struct ids {
	int64_t *ids;
	size_t count, cap;
};

static void
add_id(void *arg, int64_t id)
{
	struct ids *all = arg;

	xgrow(&all->ids, &all->cap, all->count + 1, sizeof *all->ids,
		TAGS_MAX + 1);
	if (all->count < TAGS_MAX)
		all->ids[all->count++] = id;
}

/* Tags all from one row to another. 0 or -1. */
static int
tag_between(struct list *list, const struct list_row *from,
	const struct list_row *to, struct error *err)
{
	struct ids all = { NULL, 0, 0 };
	int rc = list->source->ids(list->ctx, from, to, add_id, &all, err);

	if (rc < 0)
		free(all.ids);
	else if (!tags_take_all(&list->tags, all.ids, all.count))
		rc = error_set(err, ERROR_INVALID, "too many tags");
	return rc;
}

static void
end_range(struct list *list)
{
	list->range = false;
	if (list->range_from.data)
		list->source->row_free(list->ctx, &list->range_from);
	list->range_from = (struct list_row){ 0, NULL };
}

int
list_range(struct list *list, struct error *err)
{
	const struct list_row *from = &list->range_from, *to, *swap;
	char gone[LIST_GONE_MAX];
	int status;

	to = list_current(list);
	if (!to)
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
	end_range(list);
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
		end_range(list);
		return;
	}
	if (!list->tags.count) {
		tags_swap(&list->tags, &list->untagged);
		return;
	}
	tags_swap(&list->tags, &list->untagged);
	tags_clear(&list->tags);
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
