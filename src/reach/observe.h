/* SPDX-License-Identifier: ISC */
/*
 * observe: `ccmqd --observe`, beside a connector that is not ours.
 *
 * It looks at the directories of `foreign`, its .und file and its log, and
 * writes what it sees into a history of its own: a message a file (queued: it
 * waits in submit; importing: it was handed over; failed: it is in bad; gone),
 * an attempt a try, an event a loop. It writes nothing there (but what a person
 * began to take out or give back, and was killed at: take_out.h), makes nothing,
 * locks nothing, and leaves times of access alone where that is allowed; files
 * are read only when a loop is suspected (watch.h).
 *
 * Calling order: observer_new, then again and again observer_poll_fds, poll,
 * observer_turn; at the end observer_end, observer_free. A turn blocks for the
 * directories and for write.lock. Looks are made each foreign.cycle, and soon
 * after inotify tells of a change, where it works; their cost bounds how often.
 *
 * A store is for the one or the other: one with messages of its own is not
 * observed from, and ccmqd does not start on one that holds watched ones.
 */
#ifndef CCMQ_OBSERVE_H
#define CCMQ_OBSERVE_H

#include "base/error.h"
#include "settings/settings.h"

#include <poll.h>
#include <stdbool.h>

struct observer;

struct observer_options {
	const char *program;		/* "ccmqd" */
	bool (*waiting)(void *arg, const char *holder);	/* for write.lock */
	void *arg;
};

/* Takes `lock`; takes over settings (moved out of *settings). NULL with err. */
struct observer *observer_new(struct settings *settings,
	const struct observer_options *options, struct error *err);
/* Writes down that it ended by itself. 0 or -1. */
int observer_end(struct observer *o, struct error *err);
void observer_free(struct observer *o);

/* What to poll; the number of entries, at most 1. */
int observer_poll_fds(struct observer *o, struct pollfd fds[1],
	int *timeout_ms_out);
/* 0; -1: it cannot go on (err). What may pass is said and tried again. */
int observer_turn(struct observer *o, struct error *err);

/* How often something was seen since it began that only their connector does:
 * a try, a file handed over or gone. */
int64_t observer_stirs(const struct observer *o);
/* How many looks it made since then that a cycle asked for. */
int64_t observer_cycles(const struct observer *o);

#endif
