/* SPDX-License-Identifier: ISC */
/*
 * history_sorted: all that a question has, in an order that no index has (by
 * size, sender, subject, …), in memory: read once, a slice at a time, then kept
 * current by the numbers of the transactions that wrote since. What is beside
 * a place then costs what the rows cost, whatever the store holds. A message
 * takes 24 bytes, and its text if the order is by one.
 *
 * history_sorted_new; history_sorted_next until it is 0: then all of it is
 * there, as of that moment, and again after each change of the store. What the
 * others say is of the last time. history_sorted_free.
 */
#ifndef CCMQ_HISTORY_SORTED_H
#define CCMQ_HISTORY_SORTED_H

#include "history/history_message.h"

struct history_sorted;

/* The question is copied, its match borrowed; its patience does not count. 0
 * or -1. */
int history_sorted_new(struct history *h, const struct history_query *q,
	enum history_order by, struct history_sorted **out, struct error *err);
void history_sorted_free(struct history_sorted *s);	/* NULL is fine */

/* Whether it is of that question, with that very match. */
bool history_sorted_is(const struct history_sorted *s,
	const struct history_query *q, enum history_order by);

/* A slice, a few milliseconds: 1 there may be more, 0 it is as the store is,
 * -1 with what it had. */
int history_sorted_next(struct history *h, struct history_sorted *s,
	struct error *err);

/* Whether it was whole once; else the rest must not be asked. */
bool history_sorted_whole(const struct history_sorted *s);

/* How many there are, or until now. */
int64_t history_sorted_count(const struct history_sorted *s);

/* As history_window and history_rank; the window is of this order. What was
 * forgotten or left the states meanwhile is passed over by the first, and
 * counted by the second. */
int history_sorted_window(struct history *h, const struct history_sorted *s,
	const struct history_window *w, int limit,
	struct history_message *rows_out, struct error *err);
int64_t history_sorted_rank(const struct history_sorted *s,
	const struct history_window *w, int64_t max);

#endif
