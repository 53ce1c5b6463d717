/* SPDX-License-Identifier: ISC */
/* list: marks, and what the info line says of them. See list.h. */
#include "list/list.h"
#include "base/text.h"

#include <string.h>

void
list_marks(const struct list *list, const struct list_line *line,
	char out[LIST_MARKS])
{
	memset(out, ' ', LIST_MARKS);
	if (list->source->marks)
		list->source->marks(list->ctx, &line->row, out);
	if (line->is_gone)
		out[1] = '~';
	else if (list_is_tagged(list, line))
		out[1] = '*';
}

/* What is on the screen: no mark twice, each column's by line. */
static size_t
seen(const struct list *list, char out[16])
{
	char marks[LIST_MARKS];
	size_t n = 0;

	for (size_t column = 0; column < LIST_MARKS; column++)
		for (size_t i = 0; i < list->count; i++) {
			list_marks(list, &list->lines[i], marks);
			if (marks[column] != ' ' && n < 16 &&
			    !memchr(out, marks[column], n))
				out[n++] = marks[column];
		}
	return n;
}

static const char *
explain(const struct list *list, char mark)
{
	if (mark == '~')
		return "gone";
	if (mark == '*')
		return "tagged";
	return list->source->explain ? list->source->explain(mark) : NULL;
}

void
list_add_legend(const struct list *list, struct str *out)
{
	char marks[16];
	size_t n = seen(list, marks);

	for (size_t i = 0; i < n; i++) {
		const char *words = explain(list, marks[i]);

		if (words)
			str_addf(out, "   %c %s", marks[i], words);
	}
}

void
list_add_position(const struct list *list, struct str *out)
{
	int64_t at = list_position(list);
	char n[TEXT_NUMBER_MAX];

	/* What is gone is not among the total: it has no place in it. */
	for (size_t i = 0; at != LIST_FAR && i < list->cursor; i++)
		at -= list->lines[i].is_gone;
	if (list_current(list) && at != LIST_FAR)
		str_addf(out, "%s of ", text_exact(n, (uint64_t)at));
	str_add(out, list->total ? text_exact(n, (uint64_t)list->total) :
		"none");
}
