/* SPDX-License-Identifier: ISC */
/* gather: see gather.h for the contract. */
#include "app/gather.h"
#include "app/chore.h"
#include "app/says.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdio.h>

struct gathering {
	struct chore chore;
	struct list *list;
	void (*then)(struct desk *desk, int number);
	int number;
};

static int
step(struct chore *c, struct error *err)
{
	return list_gather(((struct gathering *)c)->list, err);
}

static void
say(const struct chore *c, char words[160])
{
	char n[TEXT_NUMBER_MAX];

	snprintf(words, 160, says_tagging, text_exact(n,
		((const struct gathering *)c)->list->gather.found));
}

static void
end(struct chore *c, int how, const struct error *err)
{
	struct gathering *g = (struct gathering *)c;

	if (how > 0)
		list_gather_drop(g->list);
	if (how < 0)
		desk_fail(c->desk, err);
	else if (how > 0)
		desk_note(c->desk, says_none_tagged);
	else if (g->then)
		g->then(c->desk, g->number);
}

static const struct chore_kind kind = {
	.step = step, .say = say, .end = end,
};

void
gather(struct desk *desk, struct list *list, int more,
	const struct error *err, void (*then)(struct desk *desk, int number),
	int number)
{
	struct gathering *g;

	if (more > 0) {
		g = xcalloc(1, sizeof *g);
		g->list = list;
		g->then = then;
		g->number = number;
		chore_run(desk, &g->chore, &kind);
	} else if (more < 0) {
		desk_fail(desk, err);
	} else if (then) {
		then(desk, number);
	}
}
