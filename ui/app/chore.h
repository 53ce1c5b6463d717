/* SPDX-License-Identifier: ISC */
/*
 * chore: what reads much before there is an answer, a few milliseconds of each
 * turn of the loop, so that keys are heard. What is done within one turn shows
 * nothing; else it says in the last lines how far it is, what is under it
 * stands still, and Esc ends it.
 *
 * Whoever has one embeds a struct chore as the first member, on the heap.
 */
#ifndef CCMQ_UI_CHORE_H
#define CCMQ_UI_CHORE_H

#include "app/desk.h"

struct chore;

struct chore_kind {
	/* Does some, at most a few milliseconds. 1 there is more, 0, -1. */
	int (*step)(struct chore *c, struct error *err);
	/* How far it is: a sentence. */
	void (*say)(const struct chore *c, char words[160]);
	/* It ended: 0 done, 1 given up, -1 failed with err. The last call, but
	 * for release. It may open screens. */
	void (*end)(struct chore *c, int how, const struct error *err);
	void (*release)(struct chore *c);	/* of what it keeps; or NULL */
};

struct chore {
	struct screen screen;
	struct desk *desk;
	const struct chore_kind *kind;
	int64_t said_at_mono_ms;
};

/* Begins it; c is taken. */
void chore_run(struct desk *desk, struct chore *c,
	const struct chore_kind *kind);

#endif
