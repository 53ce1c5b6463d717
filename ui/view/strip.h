/* SPDX-License-Identifier: ISC */
/*
 * strip: the last hour, and the last day, as a picture of a few rows.
 *
 * Four graphs one below the other: imported with failed on top, taken in, the
 * length of the queue, growth of the .und; under them the times. The columns
 * of the hour are the minutes 00 to 59 of the clock, like a heart monitor: a
 * new minute costs a column, not a picture. '^' stands under the present one
 * and moves to the right; behind it one to four columns are blank, and what is
 * to the right of them is an hour ago. A minute in which nothing comes and
 * goes moves '^' and no more, and every fourth makes blanks. From
 * STRIP_DAY_COLUMNS on the last day stands beside it in the same way, at so many
 * columns as there is room for (24, 32, 48 or 96). At the left of a graph stands
 * what a full column means: its peak.
 *
 * What failed is seen, however little of a column it is: in its colour, without
 * colours as "x".
 *
 * strip_build and strip_draw are pure; strip_read asks the history. A console
 * calls strip_read once a minute and whenever the store changed, and
 * strip_draw with term_canvas() at each picture.
 */
#ifndef CCMQ_UI_STRIP_H
#define CCMQ_UI_STRIP_H

#include "history/history.h"
#include "term/canvas.h"

#define STRIP_GRAPHS 4
#define STRIP_MINUTES 60
#define STRIP_QUARTERS 96
#define STRIP_COLUMNS 80	/* the least */
#define STRIP_DAY_COLUMNS 120
#define STRIP_SCREEN_ROWS 30	/* of the screen: lower ones have no room */

struct strip_point {
	int64_t in, imported, failed, und;	/* in that time */
	int64_t moved;				/* … into the queue by people,
						 * less what out of it */
	int64_t queue;				/* at its end */
};

struct strip {
	int minute;			/* of the day, now: 0 to 1439 */
	int mark;			/* a minute of the hour that is looked
					 * at (`,` `.`), or -1 */
	struct strip_point hour[STRIP_MINUTES];	/* by minute of the clock */
	struct strip_point day[STRIP_QUARTERS];	/* by quarter of the day */
};

/* Sums of the last 60 minutes and 96 quarters, oldest first, the present ones
 * last; `queue` is what waits now. */
void strip_build(struct strip *strip, int minute_of_day,
	const struct history_minute hour[STRIP_MINUTES],
	const struct history_minute day[STRIP_QUARTERS], int64_t queue);

/* The same from the history, at `now`. 0 or -1. */
int strip_read(struct strip *strip, struct history *history, int64_t now,
	int64_t queue, struct error *err);

/* How many rows it wants of a screen of that size: 0, 5, or where half of the
 * screen would be blank 9. */
int strip_rows(int screen_rows, int screen_columns);

/* Draws into rect: rows a multiple of four and one, at least STRIP_COLUMNS
 * columns. */
void strip_draw(const struct canvas *canvas, struct rect rect,
	const struct strip *strip);

#endif
