/* SPDX-License-Identifier: ISC */
/*
 * seal_verify: is the history what was sealed?
 *
 * One pass over the seals and the rows of each kind, both by rising number, a
 * seal at a time: no read transaction stays open, and others go on writing.
 * What it needs to remember is a range for what is missing and for what
 * retention says it removed.
 *
 * Found are: a transaction or a row that is not what was sealed, one that
 * nobody sealed, and what is missing that retention did not remove. Not found
 * is what was sealed anew, all of it from there on: that takes a digest that
 * was kept elsewhere (history_seal_digest).
 */
#ifndef CCMQ_SEAL_VERIFY_H
#define CCMQ_SEAL_VERIFY_H

#include "history/history.h"
#include "history/seal.h"

#define SEAL_FINDING_LIST(X) \
	X(ALTERED, "altered")	/* not what was sealed */ \
	X(UNSEALED, "unsealed")	/* nobody sealed it */ \
	X(MISSING, "missing")

enum seal_finding_kind {
#define X(name, word) SEAL_##name,
	SEAL_FINDING_LIST(X)
#undef X
};

const char *seal_finding_word(enum seal_finding_kind kind);

struct seal_finding {
	enum seal_finding_kind kind;
	const char *table;		/* "seal": a transaction */
	int64_t first, last;		/* ids */
	int64_t txn;			/* that sealed it, or 0 */
	char text[160];
};

struct seal_sum {
	int64_t transactions, rows;	/* looked at */
	int64_t removed;		/* rows, by retention */
	int64_t newest;			/* transaction, and its digest */
	unsigned char digest[SEAL_BYTES];
	int64_t found;			/* findings */
};

/* Findings as they come: rows in the order of their seals, then what is
 * missing. 0 or -1. */
int history_verify(struct history *h,
	void (*found)(void *arg, const struct seal_finding *f), void *arg,
	struct seal_sum *out, struct error *err);

/* The digest that the history has for a transaction. 1, 0 none, -1. */
int history_seal_digest(struct history *h, int64_t txn,
	unsigned char out[SEAL_BYTES], struct error *err);
/* The newest one. 1, 0 there is none, -1. */
int history_seal_newest(struct history *h, int64_t *txn_out,
	unsigned char out[SEAL_BYTES], struct error *err);

#endif
