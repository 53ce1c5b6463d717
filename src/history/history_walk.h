/* SPDX-License-Identifier: ISC */
/*
 * history_walk: the ids of all that a question has, or of what lies between
 * two places of an order, a slice at a time: each costs about the same,
 * whatever a match leaves out, so that nobody waits for more than one.
 *
 * history_walk_begin, history_walk_next until it is 0 or -1, and in any case
 * history_walk_release. Each slice is a read transaction of its own. What came
 * into the store since the beginning is not among them; what changes its state
 * meanwhile may be told twice, or not.
 */
#ifndef CCMQ_HISTORY_WALK_H
#define CCMQ_HISTORY_WALK_H

#include "history/history_message.h"

#define HISTORY_WALK_SLICE 1000	/* messages, a millisecond or a few */

struct history_walk {
	struct history_query q;		/* its match is borrowed */
	enum history_order by;		/* of the two places */
	struct history_walk_place {
		bool is;		/* else it is an end */
		char *text;
		int64_t number, id;
	} from, to;			/* both included */
	int64_t highest;		/* the newest when it began */
	int64_t slice;			/* HISTORY_WALK_SLICE, of tests less */
	/* An expression whose value is wanted with each id, or NULL; the row,
	 * while it is told: the id and the value. */
	const char *value;
	struct sqlite3_stmt *row;
	/* Where it is: a state, and the last place there that was passed. */
	int state;
	int64_t at, at_id;
};

/* Places are copied; NULL: an end. 0 or -1. */
int history_walk_begin(struct history *h, const struct history_query *q,
	enum history_order by, const struct history_message *from,
	const struct history_message *to, struct history_walk *walk,
	struct error *err);

/* A slice: tells each id, with its state. 1 there may be more, 0 the end, -1. */
int history_walk_next(struct history *h, struct history_walk *walk,
	void (*add)(void *arg, int64_t id, int state), void *arg,
	struct error *err);

void history_walk_release(struct history_walk *walk);

#endif
