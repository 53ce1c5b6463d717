/* SPDX-License-Identifier: ISC */
/*
 * history_fill: what a history of before version 3 can tell of changes.
 *
 * No row said then when a message changed its state, but its arrival, its
 * attempts and the items of actions do, for the most part: from them come the
 * rows of `change` and the places that attempts began from, as if they had been
 * written at the time (history_at.h). They are sealed when they are filled in,
 * like every other row. Where nothing tells (what retention or a noted verb
 * did), the message's row says what became of it, and since when.
 *
 * The upgrade notes up to which id messages wait for this; each call does some
 * of them, newest first, in the caller's write transaction, while others go on:
 * what was written of a message since the upgrade is met, and left alone.
 */
#ifndef CCMQ_HISTORY_FILL_H
#define CCMQ_HISTORY_FILL_H

#include "history/history.h"

/* Fills in up to max messages. Their number, 0: nothing is left, or -1. */
int history_fill(struct history *h, int max, struct error *err);

/* Messages with ids up to that wait for it; 0 none. 0 or -1. */
int history_fill_left(struct history *h, int64_t *out, struct error *err);

#endif
