/* SPDX-License-Identifier: ISC */
/*
 * history_shape: the messages of a state, read as fast as they can be for a
 * count of them by age and by one other thing. Nothing is copied.
 */
#ifndef CCMQ_HISTORY_SHAPE_H
#define CCMQ_HISTORY_SHAPE_H

#include "history/history.h"

enum history_shape {
	HISTORY_SHAPE_SENDER,
	HISTORY_SHAPE_RECIPIENT,	/* all of a message, a line each */
	HISTORY_SHAPE_CAUSE,		/* its id, in digits; "0": none */
};

/*
 * Hands up to max messages of a state with id > *after to `each`: when it was
 * received, and the text, of len bytes, which lives as long as the call (NULL:
 * not known). *after moves on. A read of its own, of a twentieth of a second
 * for 50,000: who wants all of a long queue calls again. Number or -1.
 */
int history_shape(struct history *h, enum history_shape by, enum state state,
	int64_t *after, int max, void (*each)(void *arg, int64_t received_at,
		const char *text, size_t len), void *arg, struct error *err);

#endif
