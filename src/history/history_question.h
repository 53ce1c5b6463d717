/* SPDX-License-Identifier: ISC */
/*
 * history_question: SQL of a question about messages, of one state at a time:
 * fixed words and what match compiled, with every value bound. Text of SQL is
 * made here, and in the files history_*.c that ask; nobody else includes it.
 *
 * question_begin, then for each state: question_add to "SELECT ...", an order,
 * question_prepare, bind what is one's own, question_step until it is not 1,
 * question_keep; question_end.
 */
#ifndef CCMQ_HISTORY_QUESTION_H
#define CCMQ_HISTORY_QUESTION_H

#include "history/history_private.h"

/* Parameters of SQL: those of a question, and from QUESTION_OWN on, below
 * the match's, those of whoever asks. */
enum {
	QUESTION_CAUSE = 1,
	QUESTION_BEFORE,
	QUESTION_MARKED,
	QUESTION_OWN,
	QUESTION_FIRST_MATCH = QUESTION_OWN + 10,
};

/* Which states it can be about. */
unsigned question_states(const struct history_query *q);

/* Appends FROM and WHERE. */
void question_add(struct str *sql, const struct history_query *q,
	enum state state, bool by_since);

/* What all statements of a question need. */
void question_begin(struct history *h, const struct history_query *q);
void question_end(struct history *h);

/* NULL with err. To be kept. */
sqlite3_stmt *question_prepare(struct history *h, const struct str *sql,
	const struct history_query *q, struct error *err);

/* To make one ready costs ten times what it costs to ask: it is kept for the
 * next time, and the oldest goes. NULL is nothing to keep. */
void question_keep(struct history *h, sqlite3_stmt *st);

/* 1 a row, 0 the end or the end of patience, -1. */
int question_step(struct history *h, sqlite3_stmt *st,
	const struct history_query *q, struct error *err);

bool question_gave_up(const struct history_query *q);

/* What an order is by, as SQL, and the value that a message has there. */
extern const char *const question_orders[HISTORY_ORDER_COUNT];

struct history_value {
	const char *text;	/* NULL: a number */
	int64_t number;
};

struct history_value question_value(enum history_order by,
	const struct history_message *m);

#endif
