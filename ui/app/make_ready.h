/* SPDX-License-Identifier: ISC */
/*
 * make_ready: a list is made ready for an order that is dear (list_ready),
 * however long it takes, and then something is done with it. Given up, the list
 * has the order again that it begins with, and the same is done.
 */
#ifndef CCMQ_UI_MAKE_READY_H
#define CCMQ_UI_MAKE_READY_H

#include "app/desk.h"
#include "list/list.h"

struct view;

/* The list is of the view, which outlives it; then must not use the event
 * loop. */
void make_ready(struct desk *desk, struct view *v, struct list *list,
	void (*then)(struct desk *desk, struct view *v));

/* Some of it, for one turn. Whether it is ready; what fails is said. */
bool make_ready_some(struct desk *desk, struct list *list);

#endif
