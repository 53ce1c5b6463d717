/* SPDX-License-Identifier: ISC */
/* make_ready: see make_ready.h for the contract. */
#include "app/make_ready.h"
#include "app/chore.h"
#include "app/says.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <stdio.h>

#define TURN_MS 10

struct sorting {
	struct chore chore;
	struct view *view;
	struct list *list;
	void (*then)(struct desk *desk, struct view *v);
};

static int
step(struct chore *c, struct error *err)
{
	return list_ready(((struct sorting *)c)->list, err);
}

static void
say(const struct chore *c, char words[160])
{
	(void)c;
	snprintf(words, 160, "%s", says_sorting);
}

static void
end(struct chore *c, int how, const struct error *err)
{
	struct sorting *s = (struct sorting *)c;

	if (how != 0)
		s->list->source->give_up(s->list->ctx);
	if (how < 0)
		desk_fail(c->desk, err);
	else if (how > 0)
		desk_note(c->desk, says_not_sorted);
	s->then(c->desk, s->view);
}

static const struct chore_kind kind = {
	.step = step, .say = say, .end = end,
};

void
make_ready(struct desk *desk, struct view *v, struct list *list,
	void (*then)(struct desk *desk, struct view *v))
{
	struct sorting *s;

	if (!list->source->ready) {
		then(desk, v);
		return;
	}
	s = xcalloc(1, sizeof *s);
	s->view = v;
	s->list = list;
	s->then = then;
	chore_run(desk, &s->chore, &kind);
}

bool
make_ready_some(struct desk *desk, struct list *list)
{
	int64_t end = clock_mono_ms() + TURN_MS;
	struct error err = ERROR_INIT;
	int more;

	do {
		more = list_ready(list, &err);
	} while (more > 0 && clock_mono_ms() < end);
	if (more < 0)
		desk_fail(desk, &err);
	return more <= 0;
}
