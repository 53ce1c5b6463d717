/* SPDX-License-Identifier: ISC */
/*
 * history_cause: what is said about the messages of a cause, and about the
 * attempts of late. See history.h for handles, errors and transactions.
 *
 * Looks, not counts: each reads a bounded number of the newest rows, through
 * an index, so that the cost does not grow with the store.
 */
#ifndef CCMQ_HISTORY_CAUSE_H
#define CCMQ_HISTORY_CAUSE_H

#include "history/history.h"

#define HISTORY_CAUSE_ROWS 1000		/* newest messages looked at */
#define HISTORY_TESTS_ROWS 1000		/* newest attempts looked at */
#define HISTORY_TOOK_ROWS 100

struct history_cause_look {
	int64_t rows;			/* looked at */
	int64_t senders;		/* different ones among them */
	int64_t tries_least, tries_most;	/* since their last retry */
	bool maybe_delivered;		/* one of them */
};

/* A cause: class, code, signal and reason of *out. 1, 0, -1. */
int history_cause_get(struct history *h, int64_t id,
	struct history_cause_row *out, struct error *err);
/* "code 5 Unknown Date Format", "crashed, signal 11": printable. */
const char *history_cause_words(char out[160],
	const struct history_cause_row *row);

/* The newest messages of a cause in state failed or deferred. 0 or -1. */
int history_cause_look(struct history *h, enum state state, int64_t cause,
	bool suspect, struct history_cause_look *out, struct error *err);

/* The breaker's tests that failed since `since`. */
struct history_tests {
	int64_t n, last_at;	/* HISTORY_NO_TIME if there was none */
	int64_t others;		/* messages that the row had not */
};
/* 0 or -1. */
int history_tests_since(struct history *h, int64_t since,
	struct history_tests *out, struct error *err);

/* Whether those all ended as the row did that tripped it: by class, and by code
 * and signal too. True if there was none. 0 or -1. */
int history_tests_alike(struct history *h, const struct history_connector *row,
	bool *class_out, bool *result_out, struct error *err);

/* How long the last attempts took on average; 0 if there was none. 0 or -1. */
int history_took_ms(struct history *h, int64_t *ms_out, struct error *err);

#endif
