/* SPDX-License-Identifier: ISC */
/*
 * history_at: how things stood at a time that is past, to the millisecond.
 *
 * In state S at T were: those in S now and since T or before, and those that
 * left S after T and were in it since T or before. Who left stands in `change`
 * and, for the way into importing, in `attempt`. So a question costs what
 * happened since T, beside what it shows: nothing reads all messages; another
 * time near the first costs what lies between. What retention has deleted is
 * not told; of times before the history had `change` (version 3) it is told as
 * far as known.
 *
 * Of a message then: all that is fixed at its intake, its state and since
 * when, how many attempts it had had, and the end, class, code, signal, reason
 * and cause of the last one that had ended. What else stands in its row is what is
 * now: it is blank.
 *
 * Calling order: history_at_open, any number of questions and other times,
 * history_at_free. The handle keeps who left since the earliest time it was
 * asked for, up to 32 MB and as many more as were there at that time; h must
 * outlive it. Functions return -1 with err as history.h says.
 */
#ifndef CCMQ_HISTORY_AT_H
#define CCMQ_HISTORY_AT_H

#include "history/history.h"

struct history_at;

struct history_at *history_at_open(struct history *h, int64_t at);
void history_at_free(struct history_at *a);		/* NULL does nothing */

/* Another time. */
void history_at_go(struct history_at *a, int64_t at);
int64_t history_at_time(const struct history_at *a);

/*
 * As history_window, of then: the states and the cause of q count, and of a
 * cause suspicion; the order is by id or by since, and of a cause
 * HISTORY_BY_FAILED. Number or -1.
 */
int history_at_window(struct history_at *a, const struct history_query *q,
	const struct history_window *w, int limit,
	struct history_message *rows_out, struct error *err);
/* As history_rank. 0 or -1. */
int history_at_rank(struct history_at *a, const struct history_query *q,
	const struct history_window *w, int64_t max, int64_t *out,
	struct error *err);

/* As history_causes: of failed or of deferred ones, but for retries. Number or
 * -1. */
int history_at_causes(struct history_at *a, enum state state,
	struct history_cause_row *rows_out, int max, struct error *err);

/* One message as it was. 1, 0 it was not there then, -1. */
int history_at_message(struct history *h, int64_t id, int64_t at,
	struct history_message *out, struct error *err);

/* An attempt as it was: one that ended later runs. */
void history_at_attempt(struct history_attempt *a, int64_t at);

/* An action as it was: what was done since is not, and how far it had come then
 * nobody knows. */
void history_at_action(struct history_action *a, int64_t at);

/* How many were in each state. Bytes are not told (0). 0 or -1. */
int history_at_counts(struct history_at *a, struct history_counts *out,
	struct error *err);

/*
 * Of the connector: hold, drain, hold_by, hold_reason, hold_at, hold_until and
 * breaker_open; the rest is empty. Told by the events of these and the actions
 * beside them; where none came since, it is as now. 0 or -1; to be released.
 */
int history_at_connector(struct history *h, int64_t at,
	struct history_connector *out, struct error *err);

/* The newest event of a number that history_sql.h calls a turn, until then. 1, 0,
 * -1. */
int history_at_event(struct history *h, int number, int64_t at,
	struct history_event *out, struct error *err);

/* Up to max actions on messages that had begun by then, the newest first, with
 * what they had done and what had come of it. Why one was paused, and by whom,
 * is not told. Costs their messages. Number or -1. */
int history_at_jobs(struct history *h, int64_t at,
	struct history_action *rows_out, int max, struct error *err);

/* Bytes in the .und files that were current then. 0 or -1. */
int history_at_und(struct history *h, int64_t at, int64_t *out,
	struct error *err);

#endif
