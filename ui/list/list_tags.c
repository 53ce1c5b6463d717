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

static bool
is_behind(const struct tags *before, const struct tags *run)
{
	return run->count && before->count &&
		run->ids[0] > before->ids[before->count - 1];
}

/* What is behind the last run is put there; else two runs of about one length
 * become one, so that each id is moved a few times and no turn moves all of
 * them more often than that. */
static bool
add_run(struct list_gather *g, struct tags *run, bool last)
{
	bool fits = true;

	while (g->run_count && (last || is_behind(&g->runs[g->run_count - 1],
	    run) || g->runs[g->run_count - 1].count < 2 * run->count)) {
		struct tags *before = &g->runs[--g->run_count];

		fits = fits && tags_add_all(before, run);
		tags_release(run);
		*run = *before;
	}
	g->runs[g->run_count++] = *run;
	return fits;
}

/* What was gathered becomes tags. 0 or -1. */
static int
take_gathered(struct list *list, struct error *err)
{
	struct tags all = TAGS_INIT;
	bool fits = add_run(&list->gather, &all, true);

	all = list->gather.runs[0];
	list->gather.run_count = 0;
	if (!list->tags.count)
		tags_swap(&list->tags, &all);
	else
		fits = fits && tags_add_all(&list->tags, &all);
	tags_release(&all);
	return fits ? 0 : error_set(err, ERROR_INVALID, "too many tags");
}

int
list_gather(struct list *list, struct error *err)
{
	struct list_gather *g = &list->gather;
	struct tags run = TAGS_INIT;
	bool ends_range = g->ends_range;
	int more;

	if (!g->walk)
		return 0;
	more = list->source->ids(list->ctx, g->walk, add_id, &run, err);
	g->found += run.count;
	tags_sort(&run);
	if (run.count && !add_run(g, &run, false))
		more = error_set(err, ERROR_INVALID, "too many tags");
	if (more == 0)
		more = take_gathered(list, err);
	if (more <= 0)
		list_gather_drop(list);
	if (more <= 0 && ends_range)
		list_range_drop(list);
	return more;
}

/* Begins to tag all from one row to another. 1 there is more, 0, -1. */
static int
tag_between(struct list *list, const struct list_row *from,
	const struct list_row *to, struct error *err)
{
	struct list_gather *g = &list->gather;

	if (!list->source->ids)
		return 0;
	list_gather_drop(list);
	g->found = 0;
	g->ends_range = from != NULL;
	g->walk = list->source->ids_begin(list->ctx, from, to, err);
	return g->walk ? list_gather(list, err) : -1;
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
	return tag_between(list, from, to, err);
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

	if (!list->range)
		return 0;
	if (list_current(list))
		return list_range(list, err);
	/* On a gone row the cursor ends nothing: where it began counts. */
	return tag_between(list, from, from, err);
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
