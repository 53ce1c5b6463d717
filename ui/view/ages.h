/* SPDX-License-Identifier: ISC */
/*
 * ages: how old what waits is, by sender, as a list (see work/shape.h): a row
 * for all, one for each of the senders who wrote most of it, one for the
 * others.
 *
 * A struct ages is the source's ctx; the data of its rows is a struct ages_row.
 * All of what waits is read at each count, as long as patience has it; the
 * rows stand as they were counted then.
 */
#ifndef CCMQ_UI_AGES_H
#define CCMQ_UI_AGES_H

#include "history/history_at.h"
#include "list/list.h"
#include "list/list_layout.h"
#include "work/shape.h"

#define AGES_MAX 1000		/* senders with a row of their own */

enum ages_kind { AGES_ALL, AGES_SENDER, AGES_OTHERS };

struct ages_row {
	enum ages_kind kind;
	struct shape_row shape;		/* its name is NULL but of a sender */
};

struct ages {
	struct history *history;	/* borrowed */
	struct history_at *const *then;	/* borrowed; if there is one, nothing
					 * is known */
	struct history_patience patience;	/* gave_up: not all was counted */
	struct ages_row *rows;
	int count;
	int64_t senders;
	int64_t now;			/* when they were counted */
	bool brief;			/* the screen is narrow */
};

extern const struct list_source ages_source;

void ages_release(struct ages *ages);

/* The columns for a screen so wide; the cells are made to fit them. */
const struct list_column *ages_layout(struct ages *ages, int width,
	size_t *count_out);

/* Appends what matches the messages of that sender, and of nobody else. */
void ages_expression(const struct ages_row *row, struct str *out);

#endif
