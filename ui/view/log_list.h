/*
 * log_list: all that happened as a list, newest first: attempts, what people
 * did, events; and what one action did to each of its messages.
 *
 * Sources in the sense of list.h. The data of a row of the log is a struct
 * history_log_row, that of a result a struct history_item, whose row id is
 * the message's.
 */
#ifndef CCMQ_UI_LOG_LIST_H
#define CCMQ_UI_LOG_LIST_H

#include "history/history.h"
#include "list/list.h"
#include "list/list_layout.h"

#define LOG_COLUMNS 4
#define RESULT_COLUMNS 4

extern const struct list_column log_columns[LOG_COLUMNS];
extern const struct list_column result_columns[RESULT_COLUMNS];

struct log_list {
	struct history *history;	/* borrowed */
	int64_t now;
};

struct log_results {
	struct history *history;	/* borrowed */
	int64_t action;			/* 0: none */
	int64_t total;			/* of its messages */
};

extern const struct list_source log_source, results_source;

/* The id of a row of the log. */
int64_t log_row_id(enum history_log_kind kind, int64_t id);

/* What happened in words, after when and what: "code 1 did not complete". */
void log_words(const struct history_log_row *row, struct str *out);

/* "retry by mlopez: 1,196 of 1,204 done, 8 skipped". */
void log_action_words(const struct history_action *a, struct str *out);

#endif
