/* SPDX-License-Identifier: ISC */
/*
 * screen_run: a program runs; what it prints becomes a text, and how it ended.
 *
 * Esc or Ctrl-C ends it, with all it started. Nothing under it changes meanwhile.
 */
#ifndef CCMQ_UI_SCREEN_RUN_H
#define CCMQ_UI_SCREEN_RUN_H

#include "app/desk.h"
#include "app/program.h"

/* The program is its own from then on. */
void screen_run_open(struct desk *desk, const char *title,
	const struct program *program);

#endif
