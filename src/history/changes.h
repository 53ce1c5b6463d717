/* SPDX-License-Identifier: ISC */
/*
 * changes: what each transaction wrote, for those who follow the history.
 *
 * A transaction is known by its number, which rises by one (seal.h): who has
 * seen all up to a number asks for what is newer, and misses nothing and gets
 * nothing twice. Told are the rows that a transaction inserted, the messages
 * and actions that no later one has written (the later one tells them), and
 * what retention removed; rows as they are now. Its seal comes last: then all
 * of it was told.
 *
 * Retention leaves gaps: a transaction of which it removed a row is not told.
 * history_changes_gap says up to which number there are such.
 */
#ifndef CCMQ_CHANGES_H
#define CCMQ_CHANGES_H

#include "history/history.h"
#include "history/history_note.h"
#include "history/seal.h"

#include <stdbool.h>

enum history_told_kind {
	TOLD_ATTEMPT,		/* that began, or whose end a change is */
	TOLD_ACTION,
	TOLD_CHANGE,
	TOLD_EVENT,
	TOLD_NOTE,
	TOLD_MESSAGE,
	TOLD_REMOVED,		/* by retention */
	TOLD_SEAL,		/* the end of the transaction */
};

struct history_change {
	int64_t id, at, message;
	char *state_from, *state_to;
	int64_t since_from;
	int64_t attempt, action;	/* or 0 */
};

/* The rows belong to history_changes_next. */
struct history_told {
	enum history_told_kind kind;
	int64_t txn;
	union {
		struct history_attempt attempt;
		struct history_action action;
		struct history_change change;
		struct history_event event;
		struct history_note note;
		struct history_message message;
		struct {
			const char *table;
			int64_t first, last;
		} removed;
		char seal[SEAL_HEX];
	};
};

/* The highest transaction above `after` that is not whole any more, 0 none.
 * Reads what is newer than `after`. 0 or -1. */
int history_changes_gap(struct history *h, int64_t after, int64_t *gap_out,
	struct error *err);

/* Tells the first transactions above *after, and moves that on, until those were
 * so many rows (1: one transaction); all of one moment. 1, 0 there is none, -1:
 * ERROR_NOT_FOUND if the next is not whole; then its seal was not told. */
int history_changes_next(struct history *h, int64_t *after, int64_t rows,
	void (*tell)(void *arg, const struct history_told *t), void *arg,
	struct error *err);

#endif
