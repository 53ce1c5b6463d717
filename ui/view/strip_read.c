/* SPDX-License-Identifier: ISC */
/* strip: from the history. See strip.h for the contract. */
#include "view/strip.h"
#include "base/clock.h"

#include <time.h>

/* Sums of `count` times of so many ms up to `end`, oldest first. What people
 * moved, a row each, is read up to a bound, the newest first: how long the queue
 * was before is a guess then. */
static int
read_sums(struct history *history, int64_t end, int64_t each_ms, int count,
	struct history_minute *out, struct error *err)
{
	int64_t moved = 0;

	for (int i = count - 1; i >= 0; i--) {
		int64_t from = end - (count - i) * each_ms;

		if (history_minute_sum(history, from, from + each_ms, &out[i],
		    err) < 0 || (moved < HISTORY_BACK_MAX &&
		    history_minute_back(history, from, from + each_ms, &out[i],
			    err) < 0))
			return -1;
		moved += out[i].back + out[i].out;
	}
	return 0;
}

int
strip_read(struct strip *strip, struct history *history, int64_t now,
	int64_t queue, struct error *err)
{
	struct history_minute hour[STRIP_MINUTES], day[STRIP_QUARTERS];
	int64_t minute = now - now % CLOCK_MINUTE + CLOCK_MINUTE;
	time_t t = (time_t)(now / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	if (read_sums(history, minute, CLOCK_MINUTE, STRIP_MINUTES, hour,
	    err) < 0 ||
	    read_sums(history, minute + (14 - tm.tm_min % 15) * CLOCK_MINUTE,
	    15 * CLOCK_MINUTE, STRIP_QUARTERS, day, err) < 0)
		return -1;
	strip_build(strip, tm.tm_hour * 60 + tm.tm_min, hour, day, queue);
	return 0;
}
