/* SPDX-License-Identifier: ISC */
/*
 * screen_run: a program runs; what it prints becomes a text, and how it ended.
 *
 * It gets `in` as its standard input and none of our descriptors, has a session
 * of its own (no terminal) and the operator's own group; Esc or Ctrl-C ends it,
 * with all it started. Nothing under it changes meanwhile.
 */
#ifndef CCMQ_UI_SCREEN_RUN_H
#define CCMQ_UI_SCREEN_RUN_H

#include "app/desk.h"

/* in stays the caller's. 0, or -1 with err. */
int screen_run_open(struct desk *desk, const char *title, char *const *argv,
	int in, struct error *err);

#endif
