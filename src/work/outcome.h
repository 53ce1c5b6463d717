/* SPDX-License-Identifier: ISC */
/*
 * outcome: writes the end of an attempt into the history: the attempt, the
 * message's new state and counters, events, breaker and noted verbs, in the
 * caller's write transaction. The move it leads to is noted in the message
 * and carried out by the caller afterwards.
 */
#ifndef CCMQ_OUTCOME_H
#define CCMQ_OUTCOME_H

#include "store/policy.h"
#include "store/store.h"

#include <stdbool.h>

struct outcome_facts {
	enum policy_end end;
	int code;			/* POLICY_END_EXIT */
	int signal;			/* POLICY_END_SIGNAL */
	int not_run_errno;		/* POLICY_END_NOT_RUN */
	bool on_request;		/* interrupted by a request to stop */
	bool several;			/* … among others, nobody knows which:
					 * it comes again alone */
	bool partial;			/* the program was told /PARTIAL */
	const char *und_reason;		/* first reason in the .und, or "" */
	const char *words;		/* a reason of our own, or NULL */
	uint64_t random;
};

/*
 * row is the connector's row as read in this transaction; it is changed, and
 * written by the caller. a has its ended_at, took_ms, copy, output and .und
 * members set. m must be importing. note_out says what the breaker made of
 * it. 0 or -1.
 */
int outcome_record(struct store *s, const struct settings *settings,
	struct history_connector *row, struct history_message *m,
	struct history_attempt *a, const struct outcome_facts *facts,
	enum policy_note *note_out, struct error *err);

/* Whether the program printed that it delivered ("1 delivery", "3 deliveries",
 * among other words): then some may have it, whatever came afterwards. */
bool outcome_says_delivered(const struct history_attempt *a);

/* The breaker as it stands in the row, and back. */
void outcome_breaker_get(const struct history_connector *row,
	struct policy_breaker *out);
void outcome_breaker_put(struct history_connector *row,
	const struct policy_breaker *b);

#endif
