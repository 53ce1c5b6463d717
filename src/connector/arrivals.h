/* SPDX-License-Identifier: ISC */
/*
 * arrivals: what inotify told of names in submit/: what is whole, and what is
 * still being written.
 *
 * A file that came by rename, or was closed by its writer, is whole at once.
 * One that was created in place waits for its close (creating tells of an open
 * too, in the same breath; a second link has neither open nor close); a scan that finds one it
 * was not told of waits until it has been unchanged for a while (that is the
 * scan's to see). Names are few: beyond ARRIVALS_MAX nothing is remembered, and
 * the scan decides.
 */
#ifndef CCMQ_ARRIVALS_H
#define CCMQ_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#define ARRIVALS_MAX 4096
#define ARRIVALS_EVENTS (IN_MOVED_TO | IN_CREATE | IN_OPEN | \
	IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR)

struct arrivals;

enum arrival {
	ARRIVAL_UNTOLD,		/* nothing is known of it */
	ARRIVAL_WHOLE,
	ARRIVAL_BEING_WRITTEN,
	ARRIVAL_CREATED,	/* never told: see arrivals_end */
};

struct arrivals *arrivals_new(void);
void arrivals_free(struct arrivals *a);		/* NULL does nothing */

/* An event's mask and name. True if it may have made a file whole. */
bool arrivals_note(struct arrivals *a, uint32_t mask, const char *name);

/* No more events for now: what was created and not opened is a link. */
void arrivals_end(struct arrivals *a);

/* Events were lost: nothing is known any more. */
void arrivals_clear(struct arrivals *a);

enum arrival arrivals_ask(const struct arrivals *a, const char *name);

/* Has a file of which nothing was told had this size and mtime for wait_ms of
 * the monotonic clock, as far as was asked here? */
bool arrivals_is_quiet(struct arrivals *a, const char *name,
	const struct stat *st, int64_t now_mono_ms, int64_t wait_ms);

/* It was taken in, or is gone. */
void arrivals_forget(struct arrivals *a, const char *name);

#endif
