/* SPDX-License-Identifier: ISC */
/* chore: see chore.h for the contract. */
#include "app/chore.h"
#include "app/says.h"
#include "base/clock.h"
#include "term/term.h"

#include <stdlib.h>

#define TURN_MS 6		/* of each turn; a key's answer takes the rest */
#define SAY_MS 100		/* between two pictures of how far it is */

static int
some(struct chore *c, struct error *err)
{
	int64_t end = clock_mono_ms() + TURN_MS;
	int more;

	do {
		more = c->kind->step(c, err);
	} while (more > 0 && clock_mono_ms() < end);
	return more;
}

static bool
tick(struct screen *s)
{
	struct chore *c = (struct chore *)s;
	struct error err = ERROR_INIT;
	int more = some(c, &err);
	int64_t now = clock_mono_ms();

	if (more > 0 && now - c->said_at_mono_ms < SAY_MS)
		return true;
	c->said_at_mono_ms = now;
	c->desk->dirty = true;
	if (more > 0)
		return true;
	screens_close(&c->desk->screens, s);
	c->kind->end(c, more, &err);
	return false;
}

static struct request
key(struct screen *s, const struct key_event *event)
{
	struct chore *c = (struct chore *)s;
	struct error err = ERROR_INIT;

	if (event->key == KEY_CTRL('L')) {
		term_redraw();
	} else if (event->key == KEYS_ESC || event->key == 'q' ||
	    event->key == KEY_CTRL('C') || event->key == KEY_CTRL('G')) {
		screens_close(&c->desk->screens, s);
		c->kind->end(c, 1, &err);
	}
	return (struct request){ REQUEST_NONE, ACTION_NONE, 0, 0 };
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	const struct chore *c = (const struct chore *)s;
	char words[160];

	c->kind->say(c, words);
	desk_draw_words(words, ROLE_LOOK, rows - 2, width);
	term_fill(rows - 1, 0, width, ROLE_NORMAL);
	term_put(rows - 1, 0, width, ROLE_KEY, says_keys_chore);
	term_cursor(rows - 2, 0);
}

static void
close_chore(struct screen *s)
{
	struct chore *c = (struct chore *)s;

	if (c->kind->release)
		c->kind->release(c);
	free(c);
}

static const struct screen_kind screen_chore = {
	.name = "chore", .still = true, .key = key, .tick = tick,
	.draw_bottom = draw_bottom, .close = close_chore,
};

void
chore_run(struct desk *desk, struct chore *c, const struct chore_kind *kind)
{
	struct error err = ERROR_INIT;
	int more;

	c->screen.kind = &screen_chore;
	c->desk = desk;
	c->kind = kind;
	more = some(c, &err);
	if (more > 0) {
		c->said_at_mono_ms = clock_mono_ms();
		screens_push(&desk->screens, &c->screen);
		return;
	}
	kind->end(c, more, &err);
	close_chore(&c->screen);
}
