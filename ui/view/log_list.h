/* SPDX-License-Identifier: ISC */
/*
 * log_list: all that happened as a list, newest first: attempts, what people
 * did, events; and what one action did to each of its messages.
 *
 * What went well is folded: ten minutes of it are one row ("312 imported 14:10
 * to 14:20"), which opens to its attempts. An attempt that runs is no row yet,
 * and what a person did to the connector is one row, its action, not an event
 * besides.
 *
 * Sources in the sense of list.h. The data of a row of the log is a struct
 * log_row, that of a result a struct history_item, whose row id is the
 * message's.
 */
#ifndef CCMQ_UI_LOG_LIST_H
#define CCMQ_UI_LOG_LIST_H

#include "history/history_at.h"
#include "list/list.h"
#include "list/list_layout.h"

#define LOG_COLUMNS 6
#define RESULT_COLUMNS 5
#define RESULT_WIDE 110	/* narrower screens have no subjects */

extern const struct list_column log_columns[LOG_COLUMNS];
extern const struct list_column result_columns[RESULT_COLUMNS];

#define LOG_FOLD HISTORY_LOG_KINDS	/* kind of a row of ten minutes */
#define LOG_FOLD_MS (INT64_C(10) * 60 * 1000)

struct log_list {
	struct history *history;	/* borrowed */
	int64_t now;
	int64_t open;			/* the ten minutes that are open begin
					 * then; 0: none are */
	struct history_at *const *then;	/* borrowed; if there is one, what had
					 * happened by then */
	struct match *match;		/* borrowed; only what is about messages
					 * for which it holds, without what
					 * went well: that is Done's */
	bool no_folds;			/* only the latter is left out */
	bool partial;			/* … as far as was looked */
};

struct log_row {
	struct history_log_row log;	/* a fold's id is when it begins, its at
					 * the last ms of it */
	int64_t imported;		/* of a fold */
	char *from, *subject;		/* of its message; NULL: none */
};

struct log_results {
	struct history *history;	/* borrowed */
	int64_t action;			/* 0: none */
	int64_t total;			/* of its messages */
	struct str words;		/* what is said of it; the view's */
};

extern const struct list_source log_source, results_source;

/* How many columns results have on a screen so wide. */
size_t result_columns_of(int width);

/* Opens a fold, or closes it; the list is then to be reloaded. False: the row
 * is none. */
bool log_turn(struct log_list *l, const struct log_row *row);

/* The id of a row of the log. */
int64_t log_row_id(enum history_log_kind kind, int64_t id);

/* What happened in words, after when and what: "code 1 did not complete". */
void log_words(const struct history_log_row *row, struct str *out);

/* "retry by mlopez: 1,196 of 1,204 done, 8 skipped". */
void log_action_words(const struct history_action *a, struct str *out);

#endif
