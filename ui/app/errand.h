/* SPDX-License-Identifier: ISC */
/*
 * errand: what the console itself does to the store, one thing at a time: a
 * transaction, or the list of a job, a piece of it each turn of the loop, so
 * that keys are answered between. What takes longer is no errand: it is a job
 * (jobs.h), which another process carries out, and is followed (follow.h).
 *
 * While somebody else has the store's lock it is tried again in the next turn.
 * It can be given up as long as it waits, or between two pieces.
 *
 * Whoever has one embeds a struct errand as the first member, on the heap, and
 * begins it; desk->errand is the one that runs.
 */
#ifndef CCMQ_UI_ERRAND_H
#define CCMQ_UI_ERRAND_H

#include "app/desk.h"
#include "list/tags.h"
#include "work/jobs.h"

struct errand {
	const char *verb;		/* "retry": said while it waits */
	/* A piece. 1 there is more, 0 it is done, and has said what came of
	 * it; -1. */
	int (*piece)(struct errand *e, struct desk *desk, struct error *err);
	/* It was given up: a last piece. NULL: nothing was done by then. */
	int (*give_up)(struct errand *e, struct desk *desk, struct error *err);
	void (*release)(struct errand *e);	/* of what it keeps; or NULL */
	bool recovered, given_up;
};

/* There must be none. */
void errand_begin(struct desk *desk, struct errand *e);
/* A piece of the one that runs, if one does. */
void errand_step(struct desk *desk);
void errand_give_up(struct desk *desk);
void errand_free(struct desk *desk);

#define ERRAND_SHORT 250	/* messages that are done to at once */

/* A verb to messages, or taking one back: at once, or as a job. Members that
 * are not NULL are borrowed, but for the targets, which are taken. */
struct errand_mail {
	const char *word;		/* "retry", "undo" */
	enum verb verb;
	struct operation_target *targets;
	size_t n;
	const char *reason;
	struct job_spec spec;		/* of a job */
	struct tags *tags;		/* what is done comes off these */
	bool for_good;			/* there is no undo */
	const char *subject;		/* of a single message */
	int64_t undo_of;		/* an action, or 0 */
	bool stop_first;		/* … a job that is not over */
};

void errand_mail_begin(struct desk *desk, const struct errand_mail *mail);

#endif
