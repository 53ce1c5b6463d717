/* SPDX-License-Identifier: ISC */
/* do_sort: sorts by the column with a letter. See do.h. */
#include "app/do.h"
#include "app/question.h"
#include "app/says.h"
#include "app/view_mail.h"
#include "app/views.h"

#include <stdio.h>

static bool
sort(struct question *q, key_code key, struct request *out)
{
	struct view *v = q->data;

	(void)out;
	if (key == KEYS_ESC || key == KEY_CTRL('C') || key == KEY_CTRL('G'))
		return false;
	if (!mail_sort(&view_mail_of(v)->mail, key)) {
		desk_note(q->desk, says_no_column);
		return true;
	}
	desk_thaw(q->desk);
	view_reload(q->desk, v);
	return true;
}

void
do_sort(struct desk *desk)
{
	struct question q = { .answer = sort, .chord = true };
	struct view *v = views_here(desk);
	struct str words = STR_INIT;
	size_t count;
	const struct list_column *c = view_pane(v)->kind->columns(v,
		VIEW_WIDE, &count);

	for (size_t i = 0; i < count; i++)
		if (c[i].letter)
			str_addf(&words, "  %c %s", c[i].letter, c[i].title);
	if (desk->then) {
		desk_note(desk, says_as_it_was);
	} else if (words.len && view_mail_of(v) && v->at == PANE_INNER) {
		snprintf(q.words, sizeof q.words, says_sort, words.data);
		q.data = v;
		question_open(desk, &q);
	} else {
		desk_note(desk, says_one_order);
	}
	str_release(&words);
}
