/* SPDX-License-Identifier: ISC */
/*
 * gather: what a list began to tag is tagged, however much it is, and then
 * something is done that is about the tags. Given up, nothing is tagged and
 * nothing done.
 */
#ifndef CCMQ_UI_GATHER_H
#define CCMQ_UI_GATHER_H

#include "app/desk.h"
#include "list/list.h"

/* more: what the list's function said, with its err; then may be NULL. */
void gather(struct desk *desk, struct list *list, int more,
	const struct error *err, void (*then)(struct desk *desk, int number),
	int number);

#endif
