/* SPDX-License-Identifier: ISC */
/*
 * shape: how old what waits is, by sender, recipient or cause (as Postfix's
 * qshape does): what is young everywhere is a burst, what is old for one is
 * that one's trouble.
 *
 * Reads each message of the queue once (queued, importing, deferred), a second
 * for a million; memory grows with the different senders, up to SHAPE_MAX.
 */
#ifndef CCMQ_SHAPE_H
#define CCMQ_SHAPE_H

#include "history/history_message.h"
#include "history/history_shape.h"

#define SHAPE_BANDS 10		/* under 5, 10, 20 … 1280 min; above */
#define SHAPE_MAX 100000	/* rows; what comes then counts as "others" */

struct shape_row {
	char *name;			/* as in the history: not printable */
	int64_t n;
	int64_t bands[SHAPE_BANDS];
};

struct shape {
	struct shape_row total, others;	/* others.n: 0 mostly */
	struct shape_row *rows;		/* most first */
	size_t count;
};

/* 0 or -1; shape_release afterwards. patience, or NULL, is asked between reads
 * of a twentieth of a second: what was read until it gave up is counted. */
int shape_collect(struct history *h, enum history_shape by, int64_t now,
	struct history_patience *patience, struct shape *out,
	struct error *err);
void shape_release(struct shape *s);

/* "5m" "10m" … "21h" ">21h": the upper end of a band, in words. */
const char *shape_band(int band);

#endif
