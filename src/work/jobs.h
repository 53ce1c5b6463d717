/* SPDX-License-Identifier: ISC */
/*
 * jobs: work on many messages that belongs to the store, not to a terminal.
 *
 * A job is an action whose list stands in the history before anything is done
 * (operations_record). Its holder carries it out, a batch each hold of
 * write.lock; who has the job's lock file (STORE/jobs/ID) is its holder. The
 * first one is a process of its own, started by whoever began the job; a job
 * whose lock is free is taken by ccmqd. A holder looks in each transaction what
 * is still pending: a dead one, or two of them, act on nothing twice.
 *
 * Steps: a retry or release in steps puts back so many, waits for what becomes
 * of them, and goes on to the next if none of the first 6 and at most 1 in 10
 * of a later step failed again (deferred counts as failed again); else it
 * pauses. With a rate so many are put back a minute. A hold, a drain and a
 * tripped breaker pause both, and they go on by themselves when those end; what
 * has neither is put back at once, and waits in the queue.
 *
 * States: running; waiting (for the outcomes of a step); paused; done: all is
 * put back, and, with steps, has its outcome; stopped. What a job did not put
 * back stays where it is.
 */
#ifndef CCMQ_JOBS_H
#define CCMQ_JOBS_H

#include "work/operations.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOBS_STEPS_MAX 100		/* bytes of their list */

struct job_spec {
	const char *steps;		/* "1,5,25" then the rest; NULL: none */
	int64_t rate;			/* a minute; 0: as fast as it goes */
	bool at_once;			/* not behind new mail */
	const char *console;		/* a name in consoles/: it stops when
					 * nobody has that locked; NULL: never */
};

/* Is that a list of steps? 0, or -1 with words. */
int jobs_check_steps(const char *steps, struct error *err);

/* Records a job; its holder is to be started. *id_out is its action. 0 or -1:
 * what was recorded by then is an action that nobody goes on with. */
int jobs_begin(struct store *s, const struct operation *op,
	const struct operation_target *targets, size_t n,
	const struct job_spec *spec, int64_t *id_out, struct error *err);

/* The same in pieces, for a caller who does other things between: operations_
 * record, until its list is written, then this makes a job of that action. 0
 * or -1. */
int jobs_make(struct store *s, int64_t id, const struct job_spec *spec,
	struct error *err);

/* Takes a job's lock. The descriptor, -1 with err; -2 somebody has it. */
int jobs_take(const struct store *s, int64_t id, struct error *err);
/* Takes one that a holder left locked by nobody when it died, whatever its state
 * is: of one that was stopped, what was not reached is still to be told. The
 * descriptor, -1 there is none. */
int jobs_take_left(const struct store *s, int64_t *id_out);
/* Lets it go, and removes its file: whoever comes next makes another. */
void jobs_drop(const struct store *s, int64_t id, int fd);
/* Has somebody its lock? */
bool jobs_is_held(const struct store *s, int64_t id);

/* The next thing that a holder does. 1 more to do, after *wait_ms_out; 0 it is
 * over, or paused by a person or by its steps; -1. */
int jobs_turn(struct store *s, int64_t id, int64_t *wait_ms_out,
	struct error *err);

/* A holder's whole life: takes the lock, and turns until it is over. 0 (also
 * when somebody else holds it) or -1. */
int jobs_hold(struct store *s, int64_t id, struct error *err);

/* Starts such a life in a process of its own, in a session of its own, without
 * a terminal: `PROGRAM -s STORE [-c CONFIG] job ID hold`. 0 or -1. */
int jobs_start_holder(const char *program, const char *config,
	const struct store *s, int64_t id, struct error *err);

enum job_order {
	JOB_PAUSE,
	JOB_GO_ON,
	JOB_STOP,
};

/* A person's order. 1 done, 0 it was so already or is over (words in err),
 * -1. What was stopped has some turns to come, in which each item that was not
 * reached is told; after `go on` it wants a holder, too. */
int jobs_order(struct store *s, const struct actor *actor, int64_t id,
	enum job_order order, const char *reason, struct error *err);

/* What is to be said of an action on messages, as one sentence: "retry of 50:
 * 12 imported, 30 failed again (code 5 Unknown Date Format), 8 to come". 0 or -1. */
int jobs_sentence(struct history *h, const struct history_action *a,
	struct str *out, struct error *err);

/* Of one of its messages: "failed again, code 5 Unknown Date Format." */
void jobs_item_sentence(const struct history_action *a,
	const struct history_item *i, struct str *out);

/* Was that action the last that changed the message, and would an undo of it
 * do something? And how many such does an action have; above some hundreds, and
 * where nothing is put back, as many as it has done. 0 or -1. */
bool jobs_is_undoable(const struct store *s, int64_t action,
	const struct history_item *item, const struct history_message *m);
int jobs_undoable(struct store *s, const struct history_action *a,
	int64_t *out, struct error *err);

#endif
