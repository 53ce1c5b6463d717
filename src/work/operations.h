/* SPDX-License-Identifier: ISC */
/*
 * operations: the verbs, for command line, console and connector alike.
 *
 * A verb acts on exactly the ids given, each only if its state is still the
 * one that was shown or matched; else it is skipped, with who changed it. A
 * list is worked off in write transactions of at most STORE_BATCH ids, one or
 * two of them followed by their moves under the same hold of the lock; between
 * holds others may write. A list that takes more than one transaction is
 * recorded first (action and items, "pending"); what was not reached stays
 * "pending" in the history.
 *
 * Results, for every id: done; noted (an attempt is running: it happens when
 * that ends); unchanged (an id that was named is in that state already: an
 * action of which nothing else came is not recorded); skipped and failed with
 * why; pending when stopped; unknown when a commit failed and what became of
 * it cannot be read back.
 */
#ifndef CCMQ_OPERATIONS_H
#define CCMQ_OPERATIONS_H

#include "base/actor.h"
#include "base/error.h"
#include "history/match.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPERATIONS_MAX 10000000		/* ids of one action: 160 MB */
#define OPERATIONS_ANY ((enum state)-1)	/* any state the verb acts from */

/* name, word: what became of one id */
#define OPERATION_RESULT_LIST(X) \
	X(OPERATION_PENDING, "pending") \
	X(OPERATION_DONE, "done") \
	X(OPERATION_NOTED, "noted") \
	X(OPERATION_UNCHANGED, "unchanged") \
	X(OPERATION_SKIPPED, "skipped") \
	X(OPERATION_FAILED, "failed") \
	X(OPERATION_UNKNOWN, "unknown")

enum operation_code {
#define X(name, word) name,
	OPERATION_RESULT_LIST(X)
#undef X
	OPERATION_RESULT_COUNT
};

const char *operation_word(enum operation_code code);
bool operation_parse(const char *word, enum operation_code *out);

struct operation_target {
	int64_t id;
	enum state seen;		/* as shown or matched, or ..._ANY */
};

struct operation_result {
	int64_t id;
	enum operation_code result;
	const char *why;		/* NULL when done */
	enum state from, state;		/* before, and after */
	bool known;			/* false: there is no such message */
	const char *by;			/* who did it, or was first */
	int64_t at;
};

struct operation {
	const struct actor *actor;
	const char *verb;		/* "retry" …, "undo" */
	enum verb kind;			/* for undo: not used */
	const char *reason;		/* NULL: none given */
	int64_t undo_of;		/* action id, for undo */
	const char *request;		/* a name for it, of somebody who may not
					 * get the answer: asked for again under
					 * it, nothing is done, and the results
					 * are those of then. At most
					 * STORE_BATCH ids. NULL: none */
	bool dry_run;
	bool force;			/* take out what somebody has open */
	bool late;			/* what is put back comes behind new mail:
					 * one place in eight */
	size_t batch;			/* ids a hold of the lock, at most
					 * STORE_BATCH; 0: as is quickest */
	/* Called for every id when its change is durable; may be NULL. */
	void (*result)(void *arg, const struct operation_result *r);
	/* Called after every batch; false stops after it. May be NULL. */
	bool (*progress)(void *arg, int64_t done, int64_t total);
	void *arg;
};

struct operation_summary {
	int64_t action;			/* its id; 0 on a dry run */
	int64_t done, noted, unchanged, skipped, failed, unknown, pending;
};

/* One that was pending has come to that. */
void operations_count(struct operation_summary *sum,
	enum operation_code result);

/* Does a verb to n messages. 0, or -1 with err when it could not go on; the
 * summary is right in both cases. */
int operations_apply(struct store *s, const struct operation *op,
	const struct operation_target *targets, size_t n,
	struct operation_summary *out, struct error *err);

/*
 * The same in pieces, for a caller who does other things between: first
 * operations_record until *at (0 before) is n, then operations_batch with one
 * slice of the targets after the other. Each is one hold of the lock. While
 * somebody else has that, they fail with nothing done, and can be called again.
 * *action gets the id; the summary's counts grow (pending: falls). 0 or -1.
 */
int operations_record(struct store *s, const struct operation *op,
	const struct operation_target *targets, size_t n, size_t *at,
	int64_t *action, struct error *err);
int operations_batch(struct store *s, const struct operation *op,
	int64_t action, const struct operation_target *targets, size_t n,
	struct operation_summary *sum, struct error *err);

/* The ids of an action's items with that result, rising; freed by the caller.
 * Pending ones with the state they were seen in; done has those that were
 * noted, too. 0 or -1. */
int operations_targets(struct store *s, int64_t action,
	enum operation_code result,
	struct operation_target **out, size_t *n_out, struct error *err);

/* Actions on several messages that nobody works on any more: their process is
 * gone, ids are left. The newest that this person began: 1, 0 none, -1. */
int operations_unfinished(struct store *s, const struct actor *actor,
	struct history_action *out, struct error *err);

/* The newest one that a living process other than this works on. 1, 0, -1. */
int operations_running(struct store *s, struct history_action *out,
	struct error *err);

/* The ids a match holds for, with their states, in rising order; freed by the
 * caller. Only states in `states`. 0 or -1. */
int operations_match(struct store *s, struct match *match, unsigned states,
	 struct operation_target **out, size_t *n_out,
	struct error *err);

/* The newest action of this session that can be undone (id 0), or that one; a
 * job that is not over is for whoever asks to stop first. 1 found, 0 none (words in err), -1. */
int operations_find_undo(struct store *s, const struct actor *actor,
	int64_t id, struct history_action *out, struct error *err);

/* Takes back what was done to the connector, if it is still so; what was done
 * to messages is taken back as an operation on them (undo_of). op: actor,
 * reason, dry_run. 0 or -1. */
int operations_undo_connector(struct store *s, const struct operation *op,
	const struct history_action *action, struct operation_summary *out,
	struct error *err);

enum connector_verb {
	CONNECTOR_HOLD,
	CONNECTOR_DRAIN,
	CONNECTOR_RESUME,
};

/* hold, drain, resume; until: HISTORY_NO_TIME for ever. 1 done, 2 it was so
 * already (a hold with the same reason and end), 0 it may not be (words of
 * both in err), -1. */
int operations_connector(struct store *s, const struct actor *actor,
	enum connector_verb verb, const char *reason, int64_t until,
	struct error *err);

/* Asks for a test; its action's id goes to id_out. 0 or -1. */
int operations_test(struct store *s, const struct actor *actor,
	const char *reason, bool control, int64_t *id_out, struct error *err);

/* Asks the connector to rotate the .und file. 0 or -1. */
int operations_rotate(struct store *s, const struct actor *actor,
	struct error *err);

/*
 * An attempt has ended, however: the verb that was noted meanwhile, if any,
 * makes its change where it acts from that state, and is a note no more; in the
 * connector's transaction. m's file is in queue/, or about to leave it: an open
 * move is bent to where it goes. The caller writes m.
 */
void operations_end_note(struct history_message *m, int64_t now);

/* Recovery, with `lock` held by the caller: finishes open moves, ends open
 * attempts as interrupted, empties import/. Counters by settings' limits.
 * 0 or -1. */
struct settings;
int operations_recover(struct store *s, const struct settings *settings,
	struct error *err);

/* Puts a message back as it was before it was ever tried: queued, due now,
 * counters at nought (retry, release). Moves are the caller's. */
void operations_start_again(struct history_message *m);

#endif
