/* SPDX-License-Identifier: ISC */
/*
 * status_word: what a ccmqd says of itself where no write can fail.
 *
 * A record of fixed size at a fixed place in `lock`, made once at the start
 * (so its blocks are there when the disk is full) and overwritten in place by
 * one pwrite. Only the ccmqd that holds `lock` writes it; anybody reads it,
 * without a lock: a record that was caught half-way is known by its sum and
 * read again. It says nothing that the history says: it is for what must be
 * true when the history cannot be written, and for how a ccmqd ended.
 *
 *	offset 0	the text line of spool.h
 *	offset 128	the store's numbers
 *	offset 256	this record
 *	offset 1020	the signal that ended it, if it could still say so
 *
 * Order: status_word_begin at the start, then the setters, status_word_end.
 * The setters write at once if something changed, never fail loudly and never
 * wait: nothing rests on them but what people are told. Times are wall times
 * in ms, 0 is never. Its layout is this machine's: a store is on one.
 */
#ifndef CCMQ_STATUS_WORD_H
#define CCMQ_STATUS_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATUS_WORD_OFFSET 256
#define STATUS_WORD_SIGNAL_OFFSET 1020
#define STATUS_WORD_VERSION 2
#define STATUS_WORD_ENDS 16	/* bad ends that are remembered */
#define STATUS_WORD_TEXT 120
#define STATUS_WORD_UNUSABLE (-1)	/* for a pid: nobody holds the lane */

enum status_word_end {
	STATUS_WORD_RUNS,	/* it has not said that it ended */
	STATUS_WORD_ASKED,	/* it was told to */
	STATUS_WORD_FAILED,	/* it could not go on; end_why says why */
	STATUS_WORD_REPLACED,	/* history.db was replaced under it */
};

struct status_word {
	uint32_t magic, version;
	uint64_t sum;			/* of all behind it */

	int64_t started_at, written_at;
	int64_t ended_at;		/* unless it runs */
	int64_t sign_at;		/* of life: looks into submit/, turns, waits */
	int64_t error_at;		/* since it cannot go on, 0: it can */
	int64_t hand_id, hand_since, hand_count;	/* in the importer */
	int64_t answer_at;		/* its last answer */
	int64_t submit_waiting, submit_ignored, submit_oldest_at;
	int64_t bad_end_at[STATUS_WORD_ENDS];	/* newest first */
	uint64_t history_device, history_inode;	/* of the history it has open */
	int32_t end;			/* enum status_word_end */
	int32_t disk_low;		/* it takes nothing in for that */
	int32_t lane, lane_pid;		/* one that cannot be cleared, or 0 */
	int64_t lane_since, lane_id;
	int32_t watches;		/* it is ccmqd --observe, and … */
	int32_t alike_code;		/* result of what fails alike, or -1 */
	int64_t alike, alike_since;	/* files that fail alike, or 0 */
	int64_t loops, loop_id, loop_tries, loop_since;	/* 0: none; the worst */
	char boot[40];			/* the machine's, when it started */
	char error[STATUS_WORD_TEXT];
	char end_why[STATUS_WORD_TEXT];
	char bad_end_why[STATUS_WORD_TEXT];	/* of the newest bad end */
};

/* 1 got it, 0 there is none (a store that no such ccmqd ran on). */
int status_word_read(int lock_fd, struct status_word *out);

/* The end of the ccmqd before, if that has not said how it ended: what is
 * known of it, in words ("killed by signal 11"). For a reader, when nobody
 * holds `lock`. */
void status_word_how_ended(int lock_fd, const struct status_word *w,
	char out[STATUS_WORD_TEXT]);

struct status_word_writer {
	int fd;				/* of `lock` */
	struct status_word w;
	int64_t waits_mono_ms, waited_mono_ms;	/* for the store: since; heard */
};

/* A ccmqd has the lock: reads what the one before left, counts its end, and
 * begins anew. Before that the setters do nothing. */
void status_word_begin(struct status_word_writer *s, int lock_fd);

/* The setters. */
void status_word_set_history(struct status_word_writer *s, uint64_t device,
	uint64_t inode);
void status_word_set_sign(struct status_word_writer *s);
void status_word_set_submit(struct status_word_writer *s, int64_t waiting,
	int64_t ignored, int64_t oldest_at);
/* A write failed; NULL: one came true. */
void status_word_set_error(struct status_word_writer *s, const char *words);
/* It waits for write.lock, which that one holds; to be said each second. It
 * lives; and cannot go on, if that takes long: that ends with set_error. */
void status_word_set_waiting(struct status_word_writer *s, const char *holder);
void status_word_set_disk(struct status_word_writer *s, bool low);
/* What is in the importer: the oldest, since when, how many; 0, 0, 0 none. */
void status_word_set_hand(struct status_word_writer *s, int64_t id,
	int64_t since, int64_t count);
void status_word_set_answer(struct status_word_writer *s);
/* A lane that cannot be cleared, and what stands in it (STATUS_WORD_UNUSABLE:
 * nothing, but its lock or files will not do); 0, 0, 0: none. */
void status_word_set_lane(struct status_word_writer *s, int lane, int pid,
	int64_t id);
/* It watches another connector; what it has found: the worst loop of `loops`, or
 * what fails alike. All 0: nothing. */
struct status_word_found {
	int64_t loops, id, tries, since;
	int64_t alike, alike_since;
	int alike_code;
};
void status_word_set_watch(struct status_word_writer *s,
	const struct status_word_found *found);
/* How it ended. The first that is said holds. */
void status_word_end(struct status_word_writer *s, enum status_word_end how,
	const char *why);

/* For handlers of signals that end the process: leaves the number, if a word
 * has begun and not ended. Safe in a handler. */
void status_word_note_signal(int signal);

#endif
