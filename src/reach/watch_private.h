/* SPDX-License-Identifier: ISC */
/* watch_private: what watch.c (the files) and watch_tries.c (what is known of
 * their tries) share; the second stands on the first. */
#ifndef CCMQ_WATCH_PRIVATE_H
#define CCMQ_WATCH_PRIVATE_H

#include "reach/watch.h"

#include <stddef.h>

struct entry {
	uint64_t name, inode, print;	/* folded name; size and mtime */
	int64_t id;
	uint32_t next;			/* of its bucket, or of the free ones */
	uint32_t trial;			/* index, or WATCH_NONE */
	uint32_t came;			/* cycle in which it was seen first */
	uint32_t size;			/* its lower bits */
	uint8_t place, seen_in;
	bool there, seen, gone;		/* there: the entry is in use */
	bool renumbered;		/* gone to another inode */
	bool heard;			/* gone, and a line told of it */
	bool over;			/* … that it was consumed */
	uint32_t went;			/* cycle in which it was gone */
};

/* What is known of a file that did not pass. */
struct trial {
	uint32_t ref;			/* WATCH_NONE: not in use */
	bool log;			/* the log speaks of it */
	bool in_row;			/* it failed since the last one passed */
	bool refused;			/* it could not be read */
	int code;			/* of its last try, -1: an entry */
	int64_t tries;			/* all of them */
	int64_t counted;		/* towards a loop, before this row */
	int64_t row_counted;		/* … in this row */
	int64_t first, last;
	int64_t und_bytes;
	uint64_t likeness;		/* 0: not known */
};

#define LOOSE_MAX 256

/* An entry of the .und that is nobody's, yet. */
struct loose {
	uint64_t likeness;
	int64_t bytes, at;
	uint32_t cycle, row;
};

struct watch {
	struct entry *entries;
	size_t count, cap;		/* slots: used ones and free ones */
	uint32_t free;
	uint32_t *buckets;
	size_t bucket_count;		/* a power of two */
	int64_t places[WATCH_PLACES];
	bool unread[WATCH_PLACES];
	uint32_t cycle;

	struct trial *trials;
	size_t trial_count, trial_cap, trials_free;
	uint32_t rows;			/* how many there were */
	int64_t row;			/* different files, loops aside */
	int64_t row_loose;		/* … whose entries are nobody's, yet … */
	uint32_t row_loose_at;		/* … as of that cycle */
	bool row_again;			/* one of them failed in it twice */
	int64_t row_failures;		/* since the last one passed */
	int row_code;
	int64_t row_since, row_last;
	bool log_speaks;
	bool passed;			/* something did, in this look */
	bool und_grew;			/* by what is nobody's, in this look */
	struct loose loose[LOOSE_MAX];
	unsigned loose_next;
};

uint64_t watch_fold(const char *name);
/* The first entry of that name, then the next; WATCH_NONE. */
uint32_t watch_first(const struct watch *w, uint64_t name);
uint32_t watch_next(const struct watch *w, uint32_t ref);
void watch_drop_trial(struct watch *w, struct entry *e);

#endif
