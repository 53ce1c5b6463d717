/* SPDX-License-Identifier: ISC */
/*
 * history_look: what the verdict asks of the history, in one look.
 *
 * Each answer comes from an index or is counted up to HISTORY_LOOK_MAX, so that
 * the cost does not grow with the store. See history.h for handles, errors and
 * transactions.
 */
#ifndef CCMQ_HISTORY_LOOK_H
#define CCMQ_HISTORY_LOOK_H

#include "history/history.h"

#define HISTORY_LOOK_MAX 10000	/* then there are "more" … */
#define HISTORY_LOOK_ROWS 1000	/* … of what is read row by row */

#define HISTORY_LOOK_VAIN 3	/* tries since its last retry */

/* Times are HISTORY_NO_TIME where there is none. */
struct history_look {
	int64_t queued_since;		/* of the one that is so the longest */
	int64_t deferred_due;		/* whose next attempt is due */
	int64_t deferred_since;		/* since when the first of them is */
	int64_t vain, vain_since;	/* of the next HISTORY_LOOK_ROWS, and of
					 * what is in the importer: tried
					 * HISTORY_LOOK_VAIN times and more; when
					 * the first of them came */
	int64_t large, large_since;	/* wait for room on the disk */
	int64_t failed_at;		/* the newest failure that stands */
	int64_t aside, aside_at;	/* of the last HISTORY_LOOK_ROWS that
					 * were quarantined: by no person */
	int64_t lost, lost_at;		/* within a day; the newest */
	int64_t stuck;			/* moves that cannot be carried out */
	char stuck_from[16], stuck_to[16];	/* directories, of the first */
	int64_t doubtful;		/* perhaps delivered, nobody decided */
	int64_t doubtful_at;		/* the newest of them became so */
	bool doubtful_failed;		/* one of them is in Failed */
	char doubtful_class[16];	/* of them all; "": of several */
	char doubtful_reason[64];	/* "timed out", or another reason; "" */
};

/* 0 or -1. */
int history_look(struct history *h, int64_t now, struct history_look *out,
	struct error *err);

#endif
