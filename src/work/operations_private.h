/* SPDX-License-Identifier: ISC */
/* operations_private: what the files operations*.c share. */
#ifndef CCMQ_OPERATIONS_PRIVATE_H
#define CCMQ_OPERATIONS_PRIVATE_H

#include "work/operations.h"

/* Why nothing is done to what another connector has. */
#define OPERATIONS_WATCHED "another connector has it: it is only watched"

/* One id on its way through an action. */
struct work {
	struct store *store;
	const struct operation *op;
	struct history_action *action;
	int64_t now;
	int64_t waits;			/* items of this transaction whose
					 * outcome is awaited */
};

/* What became of one id, until its transaction is committed. */
struct outcome {
	int64_t id;
	enum operation_code result;
	char *why;
	char *by;
	enum state from, state;
	bool known;
	bool moves;			/* its file is to be moved */
	bool theirs;			/* … out of a watched connector, or
					 * back */
};

void operations_outcome_release(struct outcome *o);

/* Does the verb to one message, in a write transaction, and records what came
 * of it; the move is left to be carried out. 0 or -1. */
int operations_do_one(struct work *w, const struct operation_target *t,
	struct outcome *o, struct error *err);

/* What would be done, without a write. 0 or -1. */
int operations_would_do(struct work *w, const struct operation_target *t,
	struct outcome *o, struct error *err);

/* The row of o in the action's list. 0 or -1. */
int operations_record_item(struct work *w, const struct outcome *o,
	struct error *err);

/* The row of an action on n messages that begins now. */
void operations_fill_action(struct history_action *a, const struct actor *who,
	const char *verb, const char *reason, size_t n);

#endif
