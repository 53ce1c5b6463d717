/* SPDX-License-Identifier: ISC */
/*
 * history_report: what happened in a span of time [from, to), for the report
 * of a shift. Each asks an index for that span and costs what happened in it.
 */
#ifndef CCMQ_HISTORY_REPORT_H
#define CCMQ_HISTORY_REPORT_H

#include "history/history.h"

/* What set messages aside in the span, one class, code and reason a row, most
 * first: how many, the first and last time, and what they are now. */
struct history_failure_row {
	char *class, *reason;
	int code, signal;
	int64_t n, first_at, last_at;
	int64_t messages;		/* … that failed so often */
	int64_t failed, imported, waiting;	/* of these; the rest is
						 * elsewhere */
};
void history_failure_row_release(struct history_failure_row *row);
int history_failures(struct history *h, int64_t from, int64_t to,
	struct history_failure_row *rows_out, int max, struct error *err);

/* Actions of the span, oldest first, up to max. Number or -1. */
int history_actions_in(struct history *h, int64_t from, int64_t to,
	struct history_action *rows_out, int max, struct error *err);

/* Events of a number that is a turn (history_sql.h), oldest first. Number or -1. */
int history_turns(struct history *h, int number, int64_t from, int64_t to,
	struct history_event *rows_out, int max, struct error *err);

#endif
