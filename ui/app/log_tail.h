/* SPDX-License-Identifier: ISC */
/*
 * log_tail: the newest of the log, below a view that leaves half of the
 * screen blank: what happened last is always known.
 */
#ifndef CCMQ_UI_LOG_TAIL_H
#define CCMQ_UI_LOG_TAIL_H

#include "app/desk.h"

#define LOG_TAIL_LEAST 5	/* rows; fewer are not worth it */

/* How many of a body's rows it takes, when the list above it has so many
 * lines: from a quarter to three, so that nothing jumps while the list grows a
 * little; 0 if it has no room. */
int log_tail_rows(int body, int64_t lines);

/* Draws it, a rule in the first row. */
void log_tail_draw(struct desk *desk, int row, int rows, int width);

#endif
