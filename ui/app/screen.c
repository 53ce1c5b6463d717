/* SPDX-License-Identifier: ISC */
/* screen: see screen.h for the contract. */
#include "app/screen.h"

#include <assert.h>
#include <string.h>

static void
take_out(struct screens *all, size_t at)
{
	assert(all->closed_count < sizeof all->closed / sizeof *all->closed);
	all->closed[all->closed_count++] = all->stack[at];
	all->count--;
	memmove(all->stack + at, all->stack + at + 1,
		(all->count - at) * sizeof *all->stack);
	screens_cover(all);
}

void
screens_push(struct screens *all, struct screen *s)
{
	if (all->closed_count > SCREENS_MAX)
		screens_sweep(all);
	if (all->count == SCREENS_MAX)
		take_out(all, 1);
	s->drawn = false;
	all->stack[all->count++] = s;
	all->changed = true;
}

void
screens_close(struct screens *all, struct screen *s)
{
	for (size_t i = 1; i < all->count; i++)
		if (all->stack[i] == s) {
			take_out(all, i);
			return;
		}
}

void
screens_clear(struct screens *all)
{
	while (all->count > 1)
		take_out(all, all->count - 1);
}

void
screens_sweep(struct screens *all)
{
	while (all->closed_count > 0) {
		struct screen *s = all->closed[--all->closed_count];

		s->kind->close(s);
	}
}

void
screens_release(struct screens *all)
{
	screens_clear(all);
	if (all->count)
		all->closed[all->closed_count++] = all->stack[0];
	all->count = 0;
	screens_sweep(all);
}

struct screen *
screens_top(const struct screens *all)
{
	return all->stack[all->count - 1];
}

bool
screens_is_still(const struct screens *all, const struct screen *s)
{
	for (size_t i = all->count; i-- > 0 && all->stack[i] != s;)
		if (all->stack[i]->kind->still)
			return true;
	return false;
}

/* The lowest that is seen. */
static size_t
seen_from(const struct screens *all)
{
	size_t seen = all->count - 1;

	while (!all->stack[seen]->kind->draw)
		seen--;
	return seen;
}

bool
screens_trend(const struct screens *all)
{
	return all->stack[seen_from(all)]->kind->trend;
}

void
screens_draw(struct screens *all, int row, int rows, int taken, int width)
{
	struct screen *top = screens_top(all);

	for (size_t i = seen_from(all); i < all->count; i++)
		if (all->stack[i]->kind->draw)
			all->stack[i]->kind->draw(all->stack[i], row,
				rows - row - 2 - taken, width);
	top->kind->draw_bottom(top, rows, width);
	top->drawn = true;
	all->changed = false;
}

bool
screens_hear(const struct screens *all)
{
	return screens_top(all)->drawn && !all->changed;
}

void
screens_cover(struct screens *all)
{
	for (size_t i = 0; i < all->count; i++)
		all->stack[i]->drawn = false;
	all->changed = true;
}

bool
screens_act(struct screens *all, enum action action, struct request *out)
{
	struct screen *top = screens_top(all);
	unsigned context = top->kind->context ? top->kind->context(top) : 0;

	*out = (struct request){ REQUEST_NONE, action, 0, 0 };
	if (!keymap_means(action, context))
		return false;
	if (!top->kind->act(top, action, out))
		*out = (struct request){ REQUEST_ACTION, action, 0, 0 };
	return true;
}

struct request
screens_key(struct screens *all, const struct keymap *keys,
	const struct key_event *event)
{
	struct screen *top = screens_top(all);
	unsigned context = top->kind->context ? top->kind->context(top) : 0;
	struct request out = { REQUEST_ACTION, ACTION_NONE, event->key, 0 };
	enum action action;

	assert(screens_hear(all));
	if (!context)
		return top->kind->key(top, event);
	action = keymap_find(keys, (enum keymap_context)context, event->key);
	if (action != ACTION_NONE)
		(void)screens_act(all, action, &out);
	return out;
}

void
screens_refresh(struct screens *all)
{
	struct screen *now[SCREENS_MAX];
	size_t count = all->count;

	memcpy(now, all->stack, count * sizeof *now);
	for (size_t i = 0; i < count; i++)
		if (now[i]->kind->refresh && !screens_is_still(all, now[i]))
			now[i]->kind->refresh(now[i]);
}

bool
screens_tick(struct screens *all)
{
	struct screen *top = screens_top(all);

	return top->kind->tick && top->kind->tick(top);
}
