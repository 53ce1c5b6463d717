/* SPDX-License-Identifier: ISC */
/*
 * made: messages that are made of what is here: the children of a split file,
 * saved files that are replayed, entries of the .und that are resent.
 *
 * Each is written into making/ first, and made durable. Then, in one write
 * transaction, it gets its row, with an open move from making/ to queue/, which
 * is carried out as every other (store.h). So it is a message from that commit
 * on, whole, once, in the order in which it was added; before it is nothing.
 * What a killed maker left in making/ the next one removes. There is one at a
 * time: it has making/ locked.
 *
 * Not by way of submit/: there the number of a message is given by the scan
 * that meets it, which is not the order of a replay; and between the file that
 * lies there and the note that it does a kill would make two of one. So, too,
 * it takes no right to enter submit/.
 *
 * Calling order: made_begin, made_add for each (a full batch is committed by
 * the next), made_commit, made_end. After a failure only made_end.
 */
#ifndef CCMQ_MADE_H
#define CCMQ_MADE_H

#include "work/operations.h"

#define MADE_BATCH 200			/* files in one transaction */
#define MADE_BYTES (INT64_C(64) << 20)	/* … and their bytes, but for one */

/* One that is to be a message. */
struct made_one {
	struct history_message m;	/* parent, key and alone are for the
					 * caller to set */
	int64_t number;			/* the caller's */
	char *from;			/* the caller's, freed with it */
	enum operation_code result;	/* DONE; else why tells */
	char *why;
};

struct made_spec {
	struct store *store;
	const struct actor *actor;
	const char *verb, *reason;
	int64_t total;			/* for the action's row */
	int64_t min_free;		/* disk.min_free, in bytes */
	/* Both in the transaction. decide: 1 it becomes a message, 0 it does
	 * not (result and why are set), -1; may be NULL. done: it has its row,
	 * 0 or -1; may be NULL. */
	int (*decide)(void *arg, struct made_one *one, struct error *err);
	int (*done)(void *arg, struct made_one *one, struct error *err);
	/* When that is durable. */
	void (*result)(void *arg, const struct made_one *one);
	void *arg;
};

struct made {
	struct made_spec spec;
	struct history_action action;	/* its counts */
	/* private */
	int lock;
	struct made_one *rows;
	int n;
	int64_t bytes;
};

/* 0, or -1: somebody else makes some, the disk is low, a check is needed. */
int made_begin(struct made *d, const struct made_spec *spec,
	struct error *err);

/* The file that write writes, as if dropped under name (which ends in .ccm).
 * *out is valid until the next call. 0 or -1. */
int made_add(struct made *d, const char *name,
	int (*write)(void *arg, int fd, struct error *err), void *arg,
	struct made_one **out, struct error *err);

int made_commit(struct made *d, struct error *err);
void made_end(struct made *d);

/* A message_sink whose arg is a descriptor. */
int made_sink(void *fd, const void *bytes, size_t len, struct error *err);

#endif
