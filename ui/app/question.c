/* question: see question.h for the contract. */
#include "app/question.h"
#include "base/xalloc.h"
#include "term/term.h"
#include "term/wrap.h"

#include <stdlib.h>
#include <string.h>

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
		desk_note(q->desk, "Nothing was done");
	return out;
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	struct question *q = (struct question *)s;
	struct str text = STR_INIT;
	int lines = 0;

	wrap_add(&text, (struct wrap){ NULL, 0, (size_t)width }, q->words);
	for (const char *c = text.data; *c; c++)
		lines += *c == '\n';
	for (int i = 0; i < lines; i++)
		term_fill(rows - 1 - lines + i, 0, width, ROLE_NORMAL);
	for (const char *c = text.data; lines > 0; lines--) {
		size_t n = strcspn(c, "\n");

		term_put_bytes(rows - 1 - lines, 0, width, ROLE_LOOK, c, n, 0);
		c += n + 1;
	}
	str_release(&text);
	term_put(rows - 1, 0, width, ROLE_KEY,
		"One of these keys; any other does nothing");
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
