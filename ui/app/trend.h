/* SPDX-License-Identifier: ISC */
/*
 * trend: the strip (strip.h) under the views and the page of a message: read
 * at each minute, and when what it shows has changed, not oftener than every five
 * seconds. Of a time that is past its mark is that minute.
 */
#ifndef CCMQ_UI_TREND_H
#define CCMQ_UI_TREND_H

#include "app/desk.h"
#include "view/strip.h"

struct trend {
	struct strip strip;
	int64_t at_mono_ms;		/* when it was read; 0: not */
	int64_t end;			/* the time it goes up to */
	int64_t of;			/* … and of what (see trend.c) */
};

/* The longest the queue was in that hour. */
int64_t trend_queue_most(struct trend *t, struct desk *desk);

/* Draws it so that it ends above that row, of a screen of that size: how many
 * rows it took, 0 where there is no room. */
int trend_draw(struct trend *t, struct desk *desk, int row, int screen_rows,
	int width);

#endif
