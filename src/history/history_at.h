/* SPDX-License-Identifier: ISC */
/*
 * history_at: how things stood at a time that is past, to the millisecond.
 *
 * In state S at T were: those in S now and since T or before, and those that
 * left S after T and were in it since T or before. Who left stands in `change`
 * and, for the way into importing, in `attempt`. So a question costs what
 * happened since T, beside what it shows: nothing reads all messages. What
 * retention has deleted is not told; of times before the history had `change`
 * (version 3) it is told as far as known.
 *
 * Of a message then: all that is fixed at its intake, its state and since
 * when, how many attempts it had had, and the class, code, signal and reason
 * of the last one that had ended. What else stands in its row is what is now:
 * history_at_forget blanks it.
 *
 * Calling order: history_at_open, any number of pages, history_at_free. The
 * handle keeps the ids of those that left; h must outlive it. Functions return
 * -1 with err as history.h says.
 */
#ifndef CCMQ_HISTORY_AT_H
#define CCMQ_HISTORY_AT_H

#include "history/history.h"

struct history_at;

/* Of the messages in some states (STATE_BITs; 0: all) at that time. */
struct history_at *history_at_open(struct history *h, unsigned states,
	int64_t at);
void history_at_free(struct history_at *a);		/* NULL does nothing */

/* Up to limit (<= HISTORY_PAGE) of them with id > after in rising id order, as
 * they were then; the caller releases them. Number or -1. */
int history_at_page(struct history_at *a, int64_t after, int limit,
	struct history_message *rows_out, struct error *err);

/* One message as it was. 1, 0 it was not there then, -1. */
int history_at_message(struct history *h, int64_t id, int64_t at,
	struct history_message *out, struct error *err);

/* What is not known of a message then, or only of now. */
void history_at_forget(struct history_message *m);

/* An attempt as it was: one that ended later runs. */
void history_at_attempt(struct history_attempt *a, int64_t at);

/* How many were in each state. Bytes are not told (0). 0 or -1. */
int history_at_counts(struct history *h, int64_t at,
	struct history_counts *out, struct error *err);

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

/* Bytes in the .und files that were current then. 0 or -1. */
int history_at_und(struct history *h, int64_t at, int64_t *out,
	struct error *err);

#endif
