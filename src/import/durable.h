/* SPDX-License-Identifier: ISC */
/*
 * durable: many new files on the disk at once.
 *
 * There are two ways. One syncfs serves them all, and waits for whatever
 * others wrote on that file system too. Or each gets an fsync, the write-out of
 * all of them begun first. Which is quicker depends on how many they are and
 * on what the neighbours do, so it is chosen by what was seen: how long the
 * last of each took. A syncfs that took long is not tried again for twenty
 * times as long, so that finding out never costs more than a twentieth.
 *
 * Large files get an fsync each, unless a syncfs was seen to be twice as quick: it
 * writes the working copies of what comes next, too, which are as long and need
 * not be on the disk, and makes everybody wait for them. A large file begins its
 * way there when it is made, beside the making of the next.
 *
 * Few files get an fsync each in any case. A program that makes one batch and
 * ends learns nothing: for it more are few (DURABLE_ONCE).
 */
#ifndef CCMQ_DURABLE_H
#define CCMQ_DURABLE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct durable {
	size_t few;		/* under this, an fsync each */
	bool large;		/* they are: a syncfs is tried second */
	int64_t each_us;	/* of one file, by fsync; 0: not known */
	int64_t all_us;		/* of the last syncfs; 0: not known */
	int64_t not_before_us;	/* monotonic: no syncfs until then */
	size_t by_each, by_all;	/* how often each way was taken */
};

#define DURABLE_INIT { .few = 4 }
#define DURABLE_ONCE { .few = 16 }
#define DURABLE_LARGE { .few = 4, .large = true }

/* Is that file large? Then its write-out begins. */
bool durable_begin(int fd);

/* Would one syncfs be the quicker way for count files now? now_us is the
 * monotonic clock. Pure. */
bool durable_prefers_all(const struct durable *d, size_t count,
	int64_t now_us);

/* Would one be quick enough now, for something that can wait? */
bool durable_prefers_all_now(const struct durable *d);

/* What came of it. Pure. */
void durable_saw_all(struct durable *d, int64_t took_us, int64_t now_us);
void durable_saw_each(struct durable *d, size_t count, int64_t took_us);

/* Makes count files, or directories, and the names in directory dir_fd
 * durable. 0; -1 (ERROR_UNKNOWN): what is on disk is not known. */
int durable_sync(struct durable *d, int dir_fd, const int *fds, size_t count,
	struct error *err);

#endif
