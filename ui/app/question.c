/* SPDX-License-Identifier: ISC */
/* question: see question.h for the contract. */
#include "app/question.h"
#include "app/says.h"
#include "base/xalloc.h"
#include "term/term.h"

#include <stdlib.h>

static struct request
key(struct screen *s, const struct key_event *event)
{
	struct question *q = (struct question *)s;
	struct request out = { REQUEST_NONE, ACTION_NONE, 0, 0 };

	if (event->key == KEY_CTRL('L')) {
		term_redraw();
		return out;
	}
	screens_close(&q->desk->screens, s);
	if (!q->answer(q, event->key, &out) && !*q->desk->note)
		desk_note(q->desk, says_nothing_done);
	return out;
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	struct question *q = (struct question *)s;

	desk_draw_words(q->words, ROLE_LOOK, rows - 2, width);
	term_put(rows - 1, 0, width, ROLE_KEY, says_keys_question);
	term_cursor(rows - 2, 0);
}

static void
close_question(struct screen *s)
{
	struct question *q = (struct question *)s;

	if (q->release)
		q->release(q);
	free(q);
}

const struct screen_kind screen_question = {
	.name = "question", .still = true, .key = key,
	.draw_bottom = draw_bottom, .close = close_question,
};

void
question_open(struct desk *desk, const struct question *from)
{
	struct question *q = xmemdup(from, sizeof *from);

	q->screen.kind = &screen_question;
	q->desk = desk;
	if (!q->chord)
		term_deaf();
	screens_push(&desk->screens, &q->screen);
}
