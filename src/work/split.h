/* SPDX-License-Identifier: ISC */
/*
 * split: a file of several messages becomes several files of one, so that the
 * one that stops the import stops it alone (the bisection of Q168556).
 *
 * Each child holds exactly the bytes of its message, and is tried alone. It
 * goes by the key and the number that its message had in the file: what the
 * import program delivered of that before is not delivered again. The original
 * is set aside in quarantine, and stays there whole.
 *
 * A file is cut only where it is certain where its messages end; else nothing
 * is done, and why is told. A split that was cut off goes on where it was
 * (parts, in the original's row).
 */
#ifndef CCMQ_SPLIT_H
#define CCMQ_SPLIT_H

#include "work/made.h"

struct split {
	int64_t id;
	int64_t count;			/* messages in the file */
	int64_t done;			/* messages of their own already */
	enum state state;
};

/* What is in the file of a message. 1 it can be split; 0 it cannot (words in
 * err); -1. */
int split_look(struct store *s, int64_t id, struct split *out,
	struct error *err);

/* Sets the message aside, if it is not, and makes those that are still to be
 * made. spec: store, actor, reason, min_free, result and arg. 0 or -1. */
int split_do(const struct split *split, const struct made_spec *spec,
	struct error *err);

#endif
