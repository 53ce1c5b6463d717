/* SPDX-License-Identifier: ISC */
/*
 * follow: the one live line: what came of the last thing that was done here,
 * as the history says it, until nothing more comes of it and a key was
 * pressed, or Ctrl-C ends it. What is followed goes on by itself.
 *
 * What it did comes off the tags; what it did not do stays tagged.
 */
#ifndef CCMQ_UI_FOLLOW_H
#define CCMQ_UI_FOLLOW_H

#include "app/desk.h"

/* Follows another one. subject: of a single message; why: of the first that
 * was not done; or NULL. Both are copied. */
void follow_begin(struct desk *desk, const struct follow *what,
	const char *subject, const char *why);

/* Looks what became of it. */
void follow_look(struct desk *desk);

/* A key was pressed: what is over, and was read, goes. */
void follow_key(struct desk *desk);

void follow_end(struct desk *desk);

#endif
