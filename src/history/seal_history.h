/* SPDX-License-Identifier: ISC */
/*
 * seal_history: seals in the history (table `seal`), written and read.
 *
 * Who inserts a row that is sealed does it with history_insert, who deletes one
 * says history_removed, and a row that carries its transaction's number gets it
 * from history_txn; history_commit then writes the seal. Nothing else is to be
 * done, and nothing can be forgotten but to use these.
 *
 * What is sealed of a row is SEALED_… in history_columns.h. It is read back by
 * history_sealed_next, for those who check it (seal_verify.h) or tell it
 * (changes.h). Functions return -1 with err as history.h says.
 */
#ifndef CCMQ_SEAL_HISTORY_H
#define CCMQ_SEAL_HISTORY_H

#include "history/history_private.h"
#include "history/seal.h"

/* The number of this transaction; the first asking gives it one, and a seal. */
int history_txn(struct history *h, int64_t *out, struct error *err);

/* Inserts a row with the values that the letters of types say (history_stmt);
 * those before a '|' are sealed: the columns SEALED_… in their order. */
int history_insert(struct history *h, struct error *err, enum seal_kind kind,
	int64_t *id_out, const char *types, ...);

/* Runs a DELETE … RETURNING id, and notes what it removed. Number or -1. */
int history_remove(struct history *h, sqlite3_stmt *st, enum seal_kind kind,
	struct error *err);

/* For history_commit: the seal of this transaction, if it has a number. */
int history_seal(struct history *h, struct error *err);
/* For an upgrade: the first one, that says what is older. */
int history_seal_first(struct history *h, struct error *err);

/* One seal. list belongs to it. */
struct history_seal {
	int64_t txn;
	unsigned char digest[SEAL_BYTES];
	unsigned char *list;
	size_t len;
};
void history_seal_release(struct history_seal *s);
/* The first one with a number above after. 1, 0, -1. */
int history_seal_next(struct history *h, int64_t after,
	struct history_seal *out, struct error *err);

/* The highest number that was ever given; 0 none. 0 or -1. */
int history_seal_highest(struct history *h, int64_t *out, struct error *err);

/* The first row of a kind with an id above after: a statement that stands on
 * it, its id in column 0, SEALED_… behind. 1 (then history_done), 0, -1. */
int history_sealed_next(struct history *h, enum seal_kind kind, int64_t after,
	sqlite3_stmt **out, struct error *err);

#endif
