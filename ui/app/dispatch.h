/* SPDX-License-Identifier: ISC */
/*
 * dispatch: does what is asked for that no screen does itself: the one place
 * that knows all of them, and what each action is.
 */
#ifndef CCMQ_UI_DISPATCH_H
#define CCMQ_UI_DISPATCH_H

#include "app/desk.h"

void dispatch(struct desk *desk, struct request request);

/* The console is left, when the errand that runs is done. */
void dispatch_leave(struct desk *desk);

#endif
