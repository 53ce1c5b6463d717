/* SPDX-License-Identifier: ISC */
/*
 * listing: the names of a directory, oldest first as far as can be held.
 *
 * A thousand names are read at a time, messages among them (spool_is_message_name)
 * looked at for their times, and given out in that order; what is no message
 * comes first. Names may have gone, or be something else, by then.
 */
#ifndef CCMQ_LISTING_H
#define CCMQ_LISTING_H

#include "base/error.h"

#include <stdbool.h>

#define LISTING_MAX 1000	/* names held at a time */

struct listing;

/* One more descriptor is opened. NULL with err. */
struct listing *listing_open(int dirfd, struct error *err);
void listing_close(struct listing *l);		/* NULL: nothing */

/* The next name, valid until the next call. *message_out: it is a regular
 * file with the name of a message, as far as the directory says. 1, 0 at the
 * end, or -1: what follows cannot be read. */
int listing_next(struct listing *l, const char **name_out, bool *message_out,
	struct error *err);

#endif
