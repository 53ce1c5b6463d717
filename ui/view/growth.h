/* SPDX-License-Identifier: ISC */
/*
 * growth: the .und over the last day, and the line that leads from it to a full
 * disk, over the next one, at the growth of the last hour.
 *
 * The picture's ground is how large it was a day ago, its top how large it may
 * get, if that is within the next day; else how large it will be in a day. In
 * its first row stands which of the two. Pure.
 */
#ifndef CCMQ_UI_GROWTH_H
#define CCMQ_UI_GROWTH_H

#include "term/canvas.h"

#include <stdint.h>

#define GROWTH_QUARTERS 96
#define GROWTH_LEAST 80		/* columns */

struct growth {
	int64_t quarters[GROWTH_QUARTERS];	/* what came, oldest first */
	int64_t size;			/* now */
	int64_t an_hour;		/* what came in the last hour */
	int64_t disk_free;		/* 0: not known */
	int minute;			/* of the day, now */
};

/* Draws into rect: at least three rows, the last one for the times. */
void growth_draw(const struct canvas *canvas, struct rect rect,
	const struct growth *growth);

#endif
